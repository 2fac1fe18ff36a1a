//! Do two values go together? One of them may still bend: a bare 0 goes with every unit, a bare 2021 may be a year.
//!
//! What comes in: typed values. What goes out: the same, bent to each other, or an error that says what to write.

use crate::base::codes::types as codes;
use crate::base::{Bi, CodeInfo, Diagnostic, Place, Span};
use crate::quantity::{Dimension, Granularity, Unit};
use crate::semantics::Compiler;
use crate::semantics::describe::describe_unit;
use crate::semantics::hir::{self, Type};
use crate::syntax::ast::{Arithmetic, Change};

use super::literal::{as_year, bare, written};
use super::{Cx, typed};

/// Quoted input longer than this is left out of messages.
const MAX_QUOTED: usize = 40;

impl Compiler<'_> {
    /// Two values that are to be compared, bent to each other.
    pub(super) fn unify(&mut self, cx: Cx<'_>, left: hir::Expr, right: hir::Expr) -> Option<(hir::Expr, hir::Expr)> {
        if bends(&left) && !bends(&right) {
            let left = self.bend(cx, left, &right.ty, Some(&right))?;
            Some((left, right))
        } else {
            let right = self.bend(cx, right, &left.ty, Some(&left))?;
            Some((left, right))
        }
    }

    /// A value that is to be of a given type.
    pub fn fit(&mut self, cx: Cx<'_>, value: hir::Expr, wanted: &Type) -> Option<hir::Expr> {
        self.bend(cx, value, wanted, None)
    }

    fn bend(
        &mut self,
        cx: Cx<'_>,
        mut value: hir::Expr,
        wanted: &Type,
        other: Option<&hir::Expr>,
    ) -> Option<hir::Expr> {
        match (&value.ty, wanted) {
            (Type::Quantity(given), Type::Quantity(unit)) => {
                if given.dimension().comparable(unit.dimension()) {
                    return Some(value);
                }
                if let Some(number) = bare(&value) {
                    if number.is_zero() {
                        value.ty = wanted.clone();
                        return Some(value);
                    }
                    self.bare_number(cx, &value, unit, other);
                    return None;
                }
                if let Some(number) = other.and_then(bare) {
                    if !number.is_zero() {
                        let given = given.clone();
                        self.bare_number(cx, other?, &given, Some(&value));
                    }
                    return number.is_zero().then_some(value);
                }
                self.mixed_units(cx, &value, unit, other);
                None
            }
            (Type::Quantity(_), Type::Period(granularity)) => {
                let Some(year) = as_year(&value) else {
                    self.mixed_types(cx, &value, wanted, other);
                    return None;
                };
                if granularity.is_none_or(|granularity| granularity == Granularity::Year) {
                    return Some(typed(hir::ExprKind::Period(year), Type::Period(Some(Granularity::Year)), value.span));
                }
                self.mixed_types(cx, &value, wanted, other);
                None
            }
            (Type::Level(a), Type::Level(b)) if a != b => {
                let (a, b) = (self.scale_name(*a).to_owned(), self.scale_name(*b).to_owned());
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::LEVEL,
                        value.span,
                        Bi::new(
                            format!("`{a}` 与 `{b}` 是两个标度，级别不能比较"),
                            format!("`{a}` and `{b}` are two scales; their levels do not compare"),
                        ),
                    )
                    .help(Bi::new("两边要用同一个标度", "both sides must be on one scale")),
                );
                None
            }
            (given, wanted) if self.same_kind(given, wanted) => Some(value),
            _ => {
                self.mixed_types(cx, &value, wanted, other);
                None
            }
        }
    }

    fn bare_number(&mut self, cx: Cx<'_>, value: &hir::Expr, unit: &Unit, other: Option<&hir::Expr>) {
        let Some(number) = bare(value) else { return };
        let text = self.quoted(value.span).unwrap_or_else(|| number.exact());
        let (message, help) = match unit.dimension() {
            Dimension::Ratio => {
                let (percent, times) = (format!("{text}%"), format!("{text} 倍"));
                (
                    Bi::new(
                        format!("`{text}` 没有写明是百分数还是倍数"),
                        format!("`{text}` does not say whether it is a percentage or a multiple"),
                    ),
                    Bi::new(
                        format!("写 `{percent}`；若是倍数，写 `{times}`"),
                        format!("write `{percent}`, or `{times}` for a multiple"),
                    ),
                )
            }
            _ => {
                let shown = if unit.name().is_empty() { text.clone() } else { format!("{text} {}", unit.name()) };
                let kind = describe_unit(unit);
                (
                    Bi::new(
                        format!("`{text}` 没有单位，而另一边是{}", kind.zh),
                        format!("`{text}` has no unit, and the other side is {}", kind.en),
                    ),
                    Bi::new(format!("写 `{shown}`"), format!("write `{shown}`")),
                )
            }
        };
        let diagnostic = Diagnostic::rule(&codes::BARE_NUMBER, value.span, message).help(help);
        let diagnostic = self.with_other(diagnostic, other);
        self.fault(cx, diagnostic);
    }

    fn mixed_units(&mut self, cx: Cx<'_>, value: &hir::Expr, unit: &Unit, other: Option<&hir::Expr>) {
        let Type::Quantity(given) = &value.ty else { return };
        let dimensions = (given.dimension(), unit.dimension());
        let diagnostic = match dimensions {
            (Dimension::Points, Dimension::Ratio) => self.points(value, Some(value), other),
            (Dimension::Ratio, Dimension::Points) => self.points(value, other, Some(value)),
            _ => {
                let (a, b) = (describe_unit(given), describe_unit(unit));
                Diagnostic::rule(
                    &codes::MIXED_UNITS,
                    value.span,
                    Bi::new(
                        format!("{}与{}不能比较", a.zh, b.zh),
                        format!("{} does not compare with {}", a.en, b.en),
                    ),
                )
                .help(Bi::new(
                    "两边要是同一种量；不同的量可以先相除（如 元/人），再与同样的单位比较",
                    "both sides must be one kind of quantity; different ones may be divided first (元/人) and compared in that unit",
                ))
            }
        };
        let diagnostic = self.with_other(diagnostic, other);
        self.fault(cx, diagnostic);
    }

    /// 百分点 on one side, a ratio on the other.
    fn points(&self, at: &hir::Expr, points: Option<&hir::Expr>, ratio: Option<&hir::Expr>) -> Diagnostic {
        let message = Bi::new(
            "百分点是两个比率之差，不能与百分数比较",
            "percentage points are a difference of two ratios, and do not compare with a percentage",
        );
        let figure = |expr: Option<&hir::Expr>| match expr.map(|expr| (&expr.kind, &expr.ty)) {
            Some((hir::ExprKind::Number(number), Type::Quantity(unit))) => Some(unit.from_base(number)),
            _ => None,
        };
        let help = match (figure(points), ratio.map(|ratio| &ratio.kind)) {
            (Some(number), Some(hir::ExprKind::Change { kind, .. })) => {
                let absolute =
                    if matches!(kind, Change::Growth) { ("增加", "increases") } else { ("减少", "decreases") };
                let percent = written(&number, &Unit::percent());
                let points = written(&number, &Unit::points());
                Bi::new(
                    format!("相对变化用 %：写 `{percent}`；百分点用于两个比率之差：写 `X {} ≥ {points}`", absolute.0),
                    format!(
                        "a relative change is in %: write `{percent}`; 百分点 are for a difference of two ratios: write `X {} ≥ {points}`",
                        absolute.1
                    ),
                )
            }
            (Some(number), _) => {
                let percent = written(&number, &Unit::percent());
                Bi::new(format!("比率用 %：写 `{percent}`"), format!("a ratio is in %: write `{percent}`"))
            }
            (None, _) => match figure(ratio) {
                Some(number) => {
                    let points = written(&number, &Unit::points());
                    Bi::new(
                        format!("比率之差用百分点：写 `{points}`"),
                        format!("a difference of ratios is in 百分点: write `{points}`"),
                    )
                }
                None => Bi::new(
                    "比率与比率比较；比率之差与百分点比较，如 `X 增加 ≥ 7 百分点`",
                    "compare a ratio with a ratio, and a difference of ratios with 百分点, as in `X increases ≥ 7 百分点`",
                ),
            },
        };
        Diagnostic::rule(&codes::POINTS, at.span, message).help(help)
    }

    fn mixed_types(&mut self, cx: Cx<'_>, value: &hir::Expr, wanted: &Type, other: Option<&hir::Expr>) {
        let (given, want) = (self.describe(&value.ty), self.describe(wanted));
        let text = self.quoted(value.span);
        let mut code: &'static CodeInfo = &codes::MIXED_TYPES;
        let help = match (&value.kind, wanted) {
            (hir::ExprKind::Text(text), Type::Level(scale)) => {
                code = &codes::LEVEL;
                let known = self
                    .suite
                    .scales
                    .get(scale.0)
                    .is_some_and(|scale| scale.levels.iter().any(|level| **level == **text));
                if known {
                    Bi::new(format!("级别不加引号：写 `{text}`"), format!("a level has no quotes: write `{text}`"))
                } else {
                    let list = self.level_list(*scale);
                    Bi::new(format!("写一个级别，不加引号：{list}"), format!("write a level, without quotes: {list}"))
                }
            }
            (hir::ExprKind::Text(text), Type::Quantity(unit)) => Bi::new(
                format!("数不加引号：写 `{text}`，单位如 `{unit}`"),
                format!("a figure has no quotes: write `{text}`, with a unit such as `{unit}`"),
            ),
            (_, Type::Date) => Bi::new("日期不加引号，写作 `2021-03-15`", "write a date without quotes: `2021-03-15`"),
            (_, Type::Period(granularity)) => match granularity {
                Some(Granularity::Year) => Bi::new("写年度，如 `2021`", "write a year, such as `2021`"),
                None => Bi::new(
                    "写期间，如 `2021`、`2021Q1`，不加引号",
                    "write a period, such as `2021` or `2021Q1`, without quotes",
                ),
                Some(Granularity::Half) => Bi::new("写半年，如 `2021H1`", "write a half-year, such as `2021H1`"),
                Some(Granularity::Quarter) => Bi::new("写季度，如 `2021Q1`", "write a quarter, such as `2021Q1`"),
                Some(Granularity::Month) => Bi::new("写月份，如 `2021-03`", "write a month, such as `2021-03`"),
            },
            (_, Type::Text) => {
                let text = text.clone().unwrap_or_else(|| "…".to_owned());
                Bi::new(format!("若是文本，写在引号里：`\"{text}\"`"), format!("a text goes in quotes: `\"{text}\"`"))
            }
            (_, Type::Boolean) => Bi::new("写 `是` 或 `否`", "write `true` or `false`"),
            (_, Type::Level(scale)) => {
                let list = self.level_list(*scale);
                Bi::new(format!("写一个级别：{list}"), format!("write a level: {list}"))
            }
            (_, Type::Quantity(unit)) => {
                let unit = unit.name();
                Bi::new(format!("写一个数，单位如 `{unit}`"), format!("write a figure, with a unit such as `{unit}`"))
            }
        };
        let (zh, en) = match &text {
            Some(text) => (format!("`{text}` 是{}", given.zh), format!("`{text}` is {}", given.en)),
            None => (format!("这里是{}", given.zh), format!("this is {}", given.en)),
        };
        let message = if other.is_some() {
            Bi::new(format!("{zh}，不能与{}比较", want.zh), format!("{en}, and does not compare with {}", want.en))
        } else {
            Bi::new(format!("{zh}，这里要的是{}", want.zh), format!("{en}; what is wanted is {}", want.en))
        };
        let diagnostic = self.with_other(Diagnostic::rule(code, value.span, message).help(help), other);
        self.fault(cx, diagnostic);
    }

    fn with_other(&self, diagnostic: Diagnostic, other: Option<&hir::Expr>) -> Diagnostic {
        let Some(other) = other else { return diagnostic };
        let kind = self.describe(&other.ty);
        let change = match &other.kind {
            hir::ExprKind::Change { kind: Change::Growth | Change::Reduction, .. } => {
                Bi::new("这一边是相对变化，是比率", "this side is a relative change, a ratio")
            }
            hir::ExprKind::Arithmetic { operator: Arithmetic::Subtract, .. }
                if other.ty.dimension() == Some(&Dimension::Points) =>
            {
                Bi::new("这一边是两个比率之差", "this side is a difference of two ratios")
            }
            _ => Bi::new(format!("这一边是{}", kind.zh), format!("this side is {}", kind.en)),
        };
        diagnostic.label(Place::Rule(other.span), change)
    }

    /// The text of a place, to be quoted in a message; `None` if it is long.
    pub fn quoted(&self, span: Span) -> Option<String> {
        let text = self.sources.text(span).trim();
        let short = !text.is_empty() && text.chars().count() <= MAX_QUOTED && !text.contains(['\n', '`']);
        short.then(|| text.to_owned())
    }
}

/// Is it a literal, so that it is the side to be put right?
fn bends(expr: &hir::Expr) -> bool {
    matches!(
        expr.kind,
        hir::ExprKind::Number(_)
            | hir::ExprKind::Text(_)
            | hir::ExprKind::Boolean(_)
            | hir::ExprKind::Date(_)
            | hir::ExprKind::Period(_)
            | hir::ExprKind::Level(..)
    )
}
