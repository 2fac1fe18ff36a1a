//! A rule or a formula in, every change that a test should notice out.

mod compare;
mod series;

use regex::Regex;

use crate::base::{Bi, Sources, Span};
use crate::quantity::{Number, Scalar};
use crate::semantics::hir::{
    Arithmetic, ColumnId, DatasetId, DimId, Expr, ExprKind, List, REGION, Requirement, Rule, ScaleId, Suite, Type,
};

use super::edit::Edit;
use super::literal::neighbours;
use super::words::{self, Told, becomes, without};

/// A change, and where.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The expression that is changed.
    pub at: Span,
    /// Is it a clause of the rule, rather than an expression that may stand in a function?
    pub clause: bool,
    /// What is changed.
    pub edit: Edit,
    /// What is said of it.
    pub told: Told,
    /// Why no data can tell it from the original, if that is certain.
    pub same: Option<Bi>,
}

/// Gathers changes.
pub(super) struct Sites<'a> {
    pub suite: &'a Suite,
    pub sources: &'a Sources,
    /// The suite's own region.
    pub region: &'a str,
    pub found: Vec<Site>,
    /// Of a row rule.
    dataset: Option<DatasetId>,
}

/// Is it about the rows of a dataset, or about the figures of a case?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Case,
    Rows,
}

/// The longest quotation of a rule.
const QUOTED: usize = 40;

impl<'a> Sites<'a> {
    pub fn new(suite: &'a Suite, sources: &'a Sources, region: &'a str) -> Self {
        Sites { suite, sources, region, found: Vec::new(), dataset: None }
    }

    /// The changes to a rule, whose 期间 stands at `periods`.
    pub fn rule(&mut self, rule: &Rule, periods: Span) {
        self.rule_periods(rule, periods);
        let (when, condition, over) = match &rule.requirement {
            Requirement::Case(condition) => (rule.when.as_ref(), condition, Over::Case),
            Requirement::Rows { dataset, when, condition } => {
                self.dataset = Some(*dataset);
                (when.as_ref(), condition, Over::Rows)
            }
        };
        if let Some(when) = when {
            let text = self.quote(when.span);
            let change = Bi::new(format!("去掉 当 {text}"), format!("without when {text}"));
            let kill = match over {
                Over::Case => Bi::new(
                    "这一条件不成立、期望“不适用”的测试",
                    "a test in which this condition is false, and `not applicable` is expected",
                ),
                Over::Rows => Bi::new(
                    "有一行不符合这一条件、又不满足要求的测试",
                    "a test with a row that this condition leaves out and that does not meet the requirement",
                ),
            };
            self.found.push(Site {
                at: when.span,
                clause: true,
                edit: Edit::DropWhen,
                told: Told::new(change, kill),
                same: None,
            });
            self.walk(when, over);
        }
        self.walk(condition, over);
        let text = self.quote(condition.span);
        let change = Bi::new(format!("去掉 要求 {text}"), format!("without require {text}"));
        let kill = Bi::new(
            "要求不成立、期望“不合格”的测试",
            "a test that does not meet the requirement, and `fail` is expected",
        );
        self.found.push(Site {
            at: condition.span,
            clause: true,
            edit: Edit::DropRequirement,
            told: Told::new(change, kill),
            same: None,
        });
        self.dataset = None;
    }

    /// The changes to the formula of an indicator.
    pub fn formula(&mut self, body: &Expr) {
        self.walk(body, Over::Case);
    }

    fn add(&mut self, at: &Expr, edit: Edit, told: Told) {
        self.add_unless(at, edit, told, None);
    }

    fn add_unless(&mut self, at: &Expr, edit: Edit, told: Told, same: Option<Bi>) {
        self.found.push(Site { at: at.span, clause: false, edit, told, same });
    }

    fn walk(&mut self, expr: &Expr, over: Over) {
        match &expr.kind {
            ExprKind::Compare { .. } => return self.compare(expr, over),
            ExprKind::Near { left, right, margin, .. } => {
                self.walk(left, over);
                self.walk(right, over);
                return self.margin(margin, over);
            }
            ExprKind::And(parts) => self.parts(expr, parts, true, over),
            ExprKind::Or(parts) => self.parts(expr, parts, false, over),
            ExprKind::Not(of) => {
                let of = self.quote(of.span);
                let change = Bi::new(format!("非 {of} → {of}"), format!("not {of} → {of}"));
                self.add(expr, Edit::Affirm, Told::new(change, self.decides(over)));
            }
            ExprKind::Implies(condition, _) => {
                let text = self.quote(condition.span);
                let change = Bi::new(format!("去掉 如果 {text} 则"), format!("without if {text} then"));
                let kill = Bi::new(
                    "“如果”的条件不成立、“则”的要求也不成立的测试",
                    "a test in which neither the condition behind `if` nor the one behind `then` holds",
                );
                self.add(expr, Edit::Consequence, Told::new(change, kill));
            }
            ExprKind::Arithmetic { operator, .. } => self.arithmetic(expr, *operator, over),
            ExprKind::In { list: List::Values(values), .. } => self.listed(expr, values, over),
            ExprKind::Matches { .. } => self.pattern(expr),
            ExprKind::Unique(columns) => self.unique(expr, columns),
            ExprKind::Aggregate(aggregate) => {
                if let Some(filter) = &aggregate.filter {
                    self.filter(expr, filter);
                    self.walk(filter, Over::Rows);
                }
            }
            ExprKind::Number(_) | ExprKind::Date(_) | ExprKind::Period(_) | ExprKind::Level(..) => {
                self.literal(expr);
            }
            _ => self.series(expr),
        }
        expr.for_each_child(&mut |child| self.walk(child, over));
    }

    /// Each part of 且 or 或 left out.
    fn parts(&mut self, whole: &Expr, parts: &[Expr], and: bool, over: Over) {
        let kill = match (and, over) {
            (true, Over::Case) => Bi::new("只有这一项条件不成立的测试", "a test in which only this condition fails"),
            (true, Over::Rows) => Bi::new(
                "有一行只差这一项条件、结论取决于这一行的测试",
                "a test decided by a row that fails only this condition",
            ),
            (false, Over::Case) => Bi::new("只有这一项条件成立的测试", "a test in which only this condition holds"),
            (false, Over::Rows) => Bi::new(
                "有一行只符合这一项条件、结论取决于这一行的测试",
                "a test decided by a row that meets only this condition",
            ),
        };
        for (index, part) in parts.iter().enumerate() {
            // The two ends of 在 … 之间 stand in one place.
            let text = match &part.kind {
                ExprKind::Compare { operator, right, .. } if part.span == whole.span => {
                    format!("{} {}", operator.sign(), self.quote(right.span))
                }
                _ => self.quote(part.span),
            };
            let edit = Edit::DropPart { index, of: parts.len() };
            if parts.len() > 1 {
                self.add(whole, edit, Told::new(without(&text), kill.clone()));
            }
        }
    }

    /// An aggregate without its filter; of one of several conditions, each is left out by itself.
    fn filter(&mut self, aggregate: &Expr, filter: &Expr) {
        if matches!(filter.kind, ExprKind::And(_)) {
            return;
        }
        let text = self.quote(filter.span);
        let change = Bi::new(format!("去掉 当 {text}"), format!("without where {text}"));
        let kill = Bi::new(
            "有筛选之外的行、计入它们结论就会不同的测试",
            "a test with rows outside the filter that would change the outcome",
        );
        self.add(aggregate, Edit::DropFilter, Told::new(change, kill));
    }

    fn arithmetic(&mut self, expr: &Expr, operator: Arithmetic, over: Over) {
        let to = match operator {
            Arithmetic::Add => Arithmetic::Subtract,
            Arithmetic::Subtract if expr.ty.dimension().is_some() => Arithmetic::Add,
            Arithmetic::Subtract => return,
            Arithmetic::Multiply => Arithmetic::Divide,
            Arithmetic::Divide => Arithmetic::Multiply,
        };
        let ExprKind::Arithmetic { right, .. } = &expr.kind else { return };
        let text = self.part(expr, right);
        let (from, other) = (words::arithmetic(operator), words::arithmetic(to));
        let change = becomes(&format!("{from} {text}"), &format!("{other} {text}"));
        let neutral = match operator {
            Arithmetic::Add | Arithmetic::Subtract => Number::zero(),
            Arithmetic::Multiply | Arithmetic::Divide => Number::one(),
        };
        let same = matches!(&right.kind, ExprKind::Number(number) if *number == neutral).then(|| {
            Bi::new(
                format!("{from} {neutral} 与 {other} {neutral} 相同"),
                format!("{from} {neutral} is {other} {neutral}"),
            )
        });
        let told = Told::new(change, self.decides(over));
        self.add_unless(expr, Edit::Arithmetic { from: operator, to }, told, same);
    }

    /// A literal that is not the threshold of a comparison.
    fn literal(&mut self, literal: &Expr) {
        let text = self.quote(literal.span);
        for other in neighbours(self.suite, literal, &text) {
            let kill = Bi::new(
                format!("取 `{text}` 与取 `{}` 结论不同的测试", other.text),
                format!("a test that comes out otherwise with `{}` for `{text}`", other.text),
            );
            self.add(literal, Edit::Literal(other.kind), Told::new(becomes(&text, &other.text), kill));
        }
    }

    /// The margin of ± and 左右.
    fn margin(&mut self, margin: &Expr, over: Over) {
        let text = self.quote(margin.span);
        if !matches!(margin.kind, ExprKind::Number(_)) {
            return self.walk(margin, over);
        }
        for other in neighbours(self.suite, margin, &text) {
            let at = if other.greater { &other.text } else { &text };
            let kill = match over {
                Over::Case => Bi::new(
                    format!("相差恰为 `{at}` 的测试"),
                    format!("a test in which the difference is exactly `{at}`"),
                ),
                Over::Rows => Bi::new(
                    format!("有一行相差恰为 `{at}`、结论取决于这一行的测试"),
                    format!("a test decided by a row in which the difference is exactly `{at}`"),
                ),
            };
            self.add(margin, Edit::Literal(other.kind), Told::new(becomes(&text, &other.text), kill));
        }
    }

    fn listed(&mut self, expr: &Expr, values: &[Scalar], over: Over) {
        for (index, value) in values.iter().enumerate() {
            let text = self.shown(value, expr);
            let mut to = values.to_vec();
            to.remove(index);
            let change = Bi::new(format!("名单里去掉 {text}"), format!("the list without {text}"));
            let kill = words::exactly(&text, over == Over::Rows);
            self.add(expr, Edit::Listed { from: values.to_vec(), to }, Told::new(change, kill));
        }
    }

    fn shown(&self, value: &Scalar, expr: &Expr) -> String {
        let ty = match &expr.kind {
            ExprKind::In { of, .. } => &of.ty,
            _ => &expr.ty,
        };
        match (value, ty) {
            (Scalar::Number(number), Type::Quantity(unit)) => format!("{}{unit}", unit.from_base(number)),
            (Scalar::Number(number), _) => number.to_string(),
            (Scalar::Text(text), _) => format!("\"{text}\""),
            (Scalar::Boolean(value), _) => value.to_string(),
            (Scalar::Date(date), _) => date.to_string(),
            (Scalar::Period(period), _) => period.to_string(),
            (Scalar::Level(level), Type::Level(ScaleId(scale))) => {
                let levels = self.suite.scales.get(*scale).map(|scale| &scale.levels);
                levels.and_then(|levels| levels.get(*level)).cloned().unwrap_or_default()
            }
            (Scalar::Level(level), _) => level.to_string(),
        }
    }

    fn pattern(&mut self, expr: &Expr) {
        let Ok(nothing) = Regex::new(r"[^\s\S]") else { return };
        let text = self.quote(expr.span);
        let change = Bi::new(format!("{text} → 什么都不匹配"), format!("{text} → matches nothing"));
        let kill = Bi::new("有一行匹配、结论取决于这一行的测试", "a test decided by a row that matches");
        self.add(expr, Edit::Pattern(nothing), Told::new(change, kill));
    }

    fn unique(&mut self, expr: &Expr, columns: &[ColumnId]) {
        let dataset = self.dataset.and_then(|dataset| self.suite.datasets.get(dataset.0));
        for (index, column) in columns.iter().enumerate().filter(|_| columns.len() > 1) {
            let name = dataset.and_then(|dataset| dataset.columns.get(column.0)).map_or("?", |c| c.name.as_str());
            let mut to = columns.to_vec();
            to.remove(index);
            let kill = Bi::new(
                format!("有两行只有 `{name}` 不同、期望合格的测试"),
                format!("a test with two rows that differ in `{name}` only, and that passes"),
            );
            self.add(expr, Edit::Unique { from: columns.to_vec(), to }, Told::new(without(name), kill));
        }
    }

    /// The test that any change of this kind would show in.
    fn decides(&self, over: Over) -> Bi {
        match over {
            Over::Case => Bi::new("结论取决于这一处的测试", "a test whose outcome rests on this"),
            Over::Rows => Bi::new("有一行的结论取决于这一处的测试", "a test with a row whose outcome rests on this"),
        }
    }

    /// The other member that stands in for one in brackets.
    fn other_member(&self, dim: DimId, member: &str) -> String {
        if dim == REGION && self.region != member && !self.region.is_empty() {
            self.region.to_owned()
        } else {
            format!("{member}′")
        }
    }

    /// The text of a part of an expression; `…` for what a function is given, which stands elsewhere, and for what is cut
    /// off from its parentheses.
    fn part(&self, whole: &Expr, part: &Expr) -> String {
        let inside =
            whole.span.file == part.span.file && whole.span.start <= part.span.start && part.span.end <= whole.span.end;
        let text = self.sources.text(part.span);
        let count = |parentheses: [char; 2]| text.matches(parentheses).count();
        if inside && count(['(', '（']) == count([')', '）']) { self.quote(part.span) } else { "…".to_owned() }
    }

    /// The text of a place, on one line, cut short if it is long.
    fn quote(&self, span: Span) -> String {
        let text = self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "");
        match text.char_indices().nth(QUOTED) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
            None => text,
        }
    }
}
