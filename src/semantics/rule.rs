//! Rules and groups: clauses put together, conditions typed.

use crate::base::codes::{find as find_code, lint, names as codes};
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::quantity::Period;
use crate::syntax::ast::{self, Clause, ClauseKind, Deadline, Name};
use crate::syntax::keywords;

use super::Compiler;
use super::collect::Meaning;
use super::expr::{Cx, MAX_PERIODS, Scope};
use super::hir::{self, Accept, DatasetId, DimId, Kind, Requirement, Rule, RuleId, Type};

/// The clauses of a rule or group, sorted by kind.
#[derive(Default)]
struct Clauses<'a> {
    cites: Vec<&'a Name>,
    for_each: Option<(&'a [Name], Span)>,
    period: Option<(&'a [ast::PeriodSpan], Span)>,
    each_row: Option<(&'a Name, Span)>,
    when: Option<(&'a ast::Expr, Span)>,
    require: Vec<(&'a ast::Expr, Span)>,
    kind: Option<(Kind, Span)>,
    belongs_to: Option<(&'a Name, Span)>,
    owner: Option<(&'a str, Span)>,
    note: Option<(&'a str, Span)>,
    deadline: Option<(Deadline, Span)>,
    accepts: Vec<(&'a Name, &'a ast::Text)>,
}

/// Puts a clause that may stand once in its place; the place of the first if there is one already.
fn once<T>(slot: &mut Option<(T, Span)>, value: T, span: Span) -> Option<Span> {
    match slot {
        Some((_, first)) => Some(*first),
        None => {
            *slot = Some((value, span));
            None
        }
    }
}

impl<'a> Compiler<'a> {
    /// Checks all groups, then compiles all rules.
    pub fn rules(&mut self) {
        for (group, own) in self.names.groups.clone() {
            self.check_group(group, own);
        }
        let rules = self.names.rules.clone();
        for (at, rule) in rules.into_iter().enumerate() {
            let rule = self.rule(RuleId(at), rule);
            self.suite.rules.push(rule);
        }
    }

    fn sort(&mut self, clauses: &'a [Clause], report: bool) -> Clauses<'a> {
        let mut sorted = Clauses::default();
        for Clause { kind, span } in clauses {
            let first = match kind {
                ClauseKind::Cites(names) => {
                    sorted.cites.extend(names);
                    None
                }
                ClauseKind::Require(expr) => {
                    sorted.require.push((expr, *span));
                    None
                }
                ClauseKind::Accept(code, reason) => {
                    sorted.accepts.push((code, reason));
                    None
                }
                ClauseKind::ForEach(names) => once(&mut sorted.for_each, names.as_slice(), *span),
                ClauseKind::Period(spans) => once(&mut sorted.period, spans.as_slice(), *span),
                ClauseKind::EachRow(name) => once(&mut sorted.each_row, name, *span),
                ClauseKind::When(expr) => once(&mut sorted.when, expr, *span),
                ClauseKind::Kind(kind) => once(&mut sorted.kind, *kind, *span),
                ClauseKind::BelongsTo(name) => once(&mut sorted.belongs_to, name, *span),
                ClauseKind::Owner(text) => once(&mut sorted.owner, text.text.as_str(), *span),
                ClauseKind::Note(text) => once(&mut sorted.note, text.text.as_str(), *span),
                ClauseKind::Deadline(date) => once(&mut sorted.deadline, *date, *span),
            };
            if let (Some(first), true) = (first, report) {
                let (zh, en) = clause_word(kind);
                self.report.add(
                    Diagnostic::rule(
                        &codes::DUPLICATE_CLAUSE,
                        *span,
                        Bi::new(
                            format!("`{zh}` 在一条声明里只能写一次"),
                            format!("`{en}` stands once in a declaration"),
                        ),
                    )
                    .label(Place::Rule(first), Bi::new("第一次写在这里", "the first is here"))
                    .help(match kind {
                        ClauseKind::ForEach(_) | ClauseKind::Period(_) => {
                            Bi::new("并成一处，用逗号隔开", "make them one, with commas between")
                        }
                        ClauseKind::When(_) => Bi::new("并成一处，用 `且` 连起来", "make them one, joined by `and`"),
                        _ => Bi::new("删去其中一处", "take one of them out"),
                    }),
                );
            }
        }
        sorted
    }

    fn check_group(&mut self, group: &'a ast::Group, own: bool) {
        for Clause { kind, span } in &group.clauses {
            let allowed = matches!(
                kind,
                ClauseKind::Cites(_)
                    | ClauseKind::Period(_)
                    | ClauseKind::Kind(_)
                    | ClauseKind::Owner(_)
                    | ClauseKind::Note(_)
                    | ClauseKind::Deadline(_)
            );
            if !allowed {
                let (zh, en) = clause_word(kind);
                self.report.error(
                    &codes::FORBIDDEN_CLAUSE,
                    *span,
                    Bi::new(format!("套件里不能写 `{zh}`"), format!("a group has no `{en}`")),
                    Bi::new(
                        "套件里只写 `期间`、`性质`、`负责`、`依据`、`截止`、`说明`；其余写在各条规则里",
                        "a group has `period`, `kind`, `owner`, `cites`, `deadline` and `note`; the rest goes in its rules",
                    ),
                );
            }
        }
        let clauses = self.sort(&group.clauses, true);
        if own {
            self.check_cites(&clauses.cites);
        }
    }

    fn check_cites(&mut self, cites: &[&Name]) {
        let Some(register) = self.register else { return };
        for name in cites {
            if register.contains(&name.text) {
                continue;
            }
            let nearest = self.report.nearest(&name.text, register.ids()).map(str::to_owned);
            let help = match nearest {
                Some(nearest) => Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")),
                None => Bi::new(
                    "写承诺清单里的编号，或先把它登记进清单",
                    "write an id of the register, or enter it there first",
                ),
            };
            self.report.error(
                &codes::UNKNOWN_CITATION,
                name.span,
                Bi::new(
                    format!("承诺清单里没有 `{}`", name.text),
                    format!("the register of commitments has no `{}`", name.text),
                ),
                help,
            );
        }
    }

    fn rule(&mut self, id: RuleId, rule: &'a ast::Rule) -> Rule {
        let mut clauses = self.sort(&rule.clauses, true);
        self.check_cites(&clauses.cites);
        self.inherit(&mut clauses);
        self.expanded = 0;
        let (for_each, known) = self.for_each(clauses.for_each.map_or(&[], |(names, _)| names));
        if !known {
            self.vague_rules.insert(id);
        }
        let requirement = self.requirement(rule, &clauses, &for_each, known);
        let (when, requirement) = match requirement {
            Some(found) => found,
            None => {
                self.failed_rules.insert(id);
                let kind = hir::ExprKind::Boolean(true);
                let holds = hir::Expr { kind, ty: Type::Boolean, span: rule.name.span };
                (None, Requirement::Case(holds))
            }
        };
        let mut cites: Vec<String> = Vec::new();
        for name in &clauses.cites {
            if !cites.contains(&name.text) {
                cites.push(name.text.clone());
            }
        }
        Rule {
            id: rule.name.text.clone(),
            title: rule.title.as_ref().map_or_else(|| rule.name.text.clone(), |title| title.text.clone()),
            cites,
            kind: clauses.kind.map_or(Kind::Binding, |(kind, _)| kind),
            owner: clauses.owner.map(|(text, _)| text.to_owned()),
            note: clauses.note.map(|(text, _)| text.to_owned()),
            accepts: self.accepts(&clauses.accepts),
            deadline: clauses.deadline.map(|(deadline, _)| deadline),
            for_each,
            periods: self.rule_periods(clauses.period.map_or(&[], |(spans, _)| spans)),
            when,
            requirement,
            text: self.text_of(&clauses),
            span: rule.span,
        }
    }

    /// The remarks that a rule accepts: only those on rules that compile, each once, and each with a reason.
    fn accepts(&mut self, clauses: &[(&Name, &ast::Text)]) -> Vec<Accept> {
        let mut accepts: Vec<Accept> = Vec::new();
        for (code, reason) in clauses {
            let text = code.text.to_ascii_uppercase();
            let own = &lint::ACCEPTED_NOTHING;
            if find_code(&text).is_none_or(|info| !info.code.starts_with("W06") || info == own) {
                self.report.error(
                    &lint::ACCEPTED_CODE,
                    code.span,
                    Bi::new(
                        format!("`{}` 不是可以认可的提示", code.text),
                        format!("`{}` is no remark that can be accepted", code.text),
                    ),
                    Bi::new(
                        "写 `check` 对规则给出的代码，如 `认可 W0607 \"理由\"`；其他的要改正，不能认可",
                        "write a code that `check` gave of the rule, as in `accept W0607 \"reason\"`; anything else has to be put right",
                    ),
                );
                continue;
            }
            if reason.text.trim().is_empty() {
                self.report.error(
                    &lint::ACCEPTED_CODE,
                    reason.span,
                    Bi::new("认可没有写理由", "the reason for accepting it is not given"),
                    Bi::new("写明为什么这样是对的", "say why it is as it should be"),
                );
                continue;
            }
            if let Some(first) = accepts.iter().find(|accept| accept.code == text) {
                self.report.add(
                    Diagnostic::rule(
                        &codes::DUPLICATE_CLAUSE,
                        code.span,
                        Bi::new(format!("`{text}` 认可了两次"), format!("`{text}` is accepted twice")),
                    )
                    .label(Place::Rule(first.span), Bi::new("第一次写在这里", "the first is here"))
                    .help(Bi::new("两条理由并成一条", "make one reason of the two")),
                );
                continue;
            }
            accepts.push(Accept { code: text, reason: reason.text.trim().to_owned(), span: code.span.to(reason.span) });
        }
        accepts
    }

    /// Fills in what the rule's group says and the rule itself does not.
    fn inherit(&mut self, clauses: &mut Clauses<'a>) {
        let Some((name, _)) = clauses.belongs_to else { return };
        let group = match self.look_up(&name.text) {
            Some(Meaning::Group(group)) => group,
            None if self.is_broken(&name.text) => return,
            other => {
                let known: Vec<&str> = self.names.groups.iter().map(|(group, _)| group.name.text.as_str()).collect();
                let nearest = self.report.nearest(&name.text, known).map(str::to_owned);
                let help = match nearest {
                    Some(nearest) => Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")),
                    None => Bi::new(
                        format!("先声明：`套件 {}`", name.text),
                        format!("declare it first: `group {}`", name.text),
                    ),
                };
                let code = if other.is_some() { &codes::WRONG_KIND } else { &codes::UNKNOWN_NAME };
                self.report.error(
                    code,
                    name.span,
                    Bi::new(format!("没有套件 `{}`", name.text), format!("there is no group `{}`", name.text)),
                    help,
                );
                return;
            }
        };
        let Some((group, _)) = self.names.groups.get(group).copied() else { return };
        let inherited = self.sort(&group.clauses, false);
        if clauses.cites.is_empty() {
            clauses.cites = inherited.cites;
        }
        clauses.period = clauses.period.or(inherited.period);
        clauses.kind = clauses.kind.or(inherited.kind);
        clauses.owner = clauses.owner.or(inherited.owner);
        clauses.note = clauses.note.or(inherited.note);
        clauses.deadline = clauses.deadline.or(inherited.deadline);
    }

    /// The dimensions of 对每个, and whether all of them are known.
    fn for_each(&mut self, names: &[Name]) -> (Vec<DimId>, bool) {
        let mut dims = Vec::new();
        let mut known = true;
        for name in names {
            let Some(dim) = self.dimension(name) else {
                known = false;
                continue;
            };
            if dims.contains(&dim) {
                self.report.error(
                    &codes::DUPLICATE,
                    name.span,
                    Bi::new(
                        format!("维度 `{}` 写了两次", name.text),
                        format!("dimension `{}` stands twice", name.text),
                    ),
                    Bi::new("删去其中一个", "take one of them out"),
                );
            } else {
                dims.push(dim);
            }
        }
        (dims, known)
    }

    /// Every dimension of 对每个 must make a difference to some figure of the rule, or all of its members are judged on one
    /// and the same figure.
    fn check_dims_used(&mut self, dims: &[DimId], names: &[Name], when: Option<&hir::Expr>, condition: &hir::Expr) {
        let mut used = std::collections::HashSet::new();
        for expr in when.into_iter().chain([condition]) {
            self.dims_used(expr, &mut used);
        }
        for (dim, name) in dims.iter().zip(names).filter(|(dim, _)| !used.contains(*dim)) {
            let (_, name) = (dim, &name.text);
            self.report.error(
                &codes::NO_DATASET,
                names.first().map_or(condition.span, |first| first.span),
                Bi::new(
                    format!("规则里没有一个数随 `{name}` 而变：每个 `{name}` 都会用同一个数评判"),
                    format!(
                        "no figure of the rule depends on `{name}`: all would be judged on one and the same figure"
                    ),
                ),
                Bi::new(
                    format!("让指标按它计算，例如 `指标 X({name}): …`，或去掉 `对每个 {name}`"),
                    format!(
                        "compute an indicator by it, as in `indicator X({name}): …`, or take out `for each {name}`"
                    ),
                ),
            );
        }
    }

    fn dims_used(&self, expr: &hir::Expr, used: &mut std::collections::HashSet<DimId>) {
        match &expr.kind {
            hir::ExprKind::Aggregate(aggregate) => used.extend(aggregate.scope.iter().map(|(_, dim)| *dim)),
            hir::ExprKind::Indicator(id) => {
                used.extend(self.suite.indicators.get(id.0).iter().flat_map(|indicator| &indicator.params));
            }
            _ => {}
        }
        expr.for_each_child(&mut |child| self.dims_used(child, used));
    }

    fn rule_periods(&mut self, spans: &[ast::PeriodSpan]) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for span in spans {
            let more = self.periods(span).unwrap_or_default();
            periods.extend(more.into_iter().filter(|period| seen.insert(*period)));
            if periods.len() > MAX_PERIODS {
                self.report.error(
                    &crate::base::codes::types::RANGE,
                    span.span,
                    Bi::new(
                        format!("一条规则至多 {MAX_PERIODS} 期"),
                        format!("a rule has at most {MAX_PERIODS} periods"),
                    ),
                    Bi::new("分成几条规则，或换成更长的期间", "make several rules of it, or use longer periods"),
                );
                break;
            }
        }
        periods
    }

    fn requirement(
        &mut self,
        rule: &'a ast::Rule,
        clauses: &Clauses<'a>,
        for_each: &[DimId],
        known: bool,
    ) -> Option<(Option<hir::Expr>, Requirement)> {
        if clauses.require.is_empty() {
            let name = &rule.name.text;
            self.report.error(
                &codes::MISSING_CLAUSE,
                rule.name.span,
                Bi::new(format!("规则 `{name}` 没有写 `要求`"), format!("rule `{name}` has no `require`")),
                Bi::new("加上 `要求 …`，说明什么必须成立", "add `require …`, which says what must hold"),
            );
        }
        let dataset = match clauses.each_row {
            Some((name, _)) => {
                let dataset = self.dataset(name)?;
                self.check_row_dims(dataset, for_each, clauses.for_each.map_or(&[], |(names, _)| names));
                Some(dataset)
            }
            None => None,
        };
        // When a dimension of 对每个 is unknown, all are taken as known, so that nothing follows from that one mistake.
        let all: Vec<DimId>;
        let dims = if known {
            for_each
        } else {
            all = (0..self.suite.dims.len()).map(DimId).collect();
            &all
        };
        let (in_when, in_require) = match dataset {
            Some(dataset) => (Scope::RowWhen(dataset), Scope::Row(dataset)),
            None => (Scope::Rule, Scope::Rule),
        };
        let when = clauses.when.map(|(when, _)| self.condition(Cx::new(in_when, dims), when));
        let conditions: Vec<Option<hir::Expr>> =
            clauses.require.iter().map(|(expr, _)| self.condition(Cx::new(in_require, dims), expr)).collect();
        let mut conditions: Vec<hir::Expr> = conditions.into_iter().collect::<Option<_>>()?;
        let when = when.map_or(Some(None), |when| when.map(Some))?;
        let last = conditions.pop()?;
        let condition = if conditions.is_empty() {
            last
        } else {
            // From clause to clause: no condition within has the same place.
            let spans = || clauses.require.iter().map(|(_, span)| *span);
            let span = spans().reduce(Span::to).unwrap_or(last.span);
            conditions.push(last);
            hir::Expr { kind: hir::ExprKind::And(conditions), ty: Type::Boolean, span }
        };
        if dataset.is_none() && known {
            self.check_dims_used(for_each, clauses.for_each.map_or(&[], |(names, _)| names), when.as_ref(), &condition);
        }
        Some(match dataset {
            Some(dataset) => (None, Requirement::Rows { dataset, when, condition }),
            None => (when, Requirement::Case(condition)),
        })
    }

    fn check_row_dims(&mut self, dataset: DatasetId, for_each: &[DimId], names: &[Name]) {
        for dim in for_each {
            if self.dimension_column(dataset, *dim).is_some() {
                continue;
            }
            let (dim, dataset) = (self.dim_name(*dim).to_owned(), self.dataset_name(dataset).to_owned());
            let Some(name) = names.iter().find(|name| name.text == dim) else { continue };
            self.report.error(
                &codes::NO_DATASET,
                name.span,
                Bi::new(
                    format!("数据集 `{dataset}` 没有维度 `{dim}`"),
                    format!("dataset `{dataset}` has no dimension `{dim}`"),
                ),
                Bi::new(
                    format!("去掉 `{dim}`，或在 `{dataset}` 里声明 `维度 {dim}: 文本`"),
                    format!("take `{dim}` out, or declare `dimension {dim}: text` in `{dataset}`"),
                ),
            );
        }
    }

    /// The requirements as written: without the keyword, comments left out, white space folded.
    fn text_of(&self, clauses: &Clauses<'_>) -> String {
        let spellings = || keywords::of_role("require").into_iter().flat_map(|keyword| keyword.spellings());
        let texts: Vec<String> = clauses
            .require
            .iter()
            .map(|(_, span)| {
                let text = folded(self.sources.text(*span));
                let rest = spellings().find_map(|word| text.strip_prefix(word));
                rest.unwrap_or(&text).trim().to_owned()
            })
            .collect();
        texts.join("；")
    }
}

/// A text without comments, its white space folded.
fn folded(text: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    let mut comment = false;
    for c in text.chars() {
        if comment {
            comment = c != '\n';
        } else if let Some(end) = quote {
            out.push(c);
            if c == end {
                quote = None;
            }
            continue;
        } else {
            match c {
                '#' | '＃' => comment = true,
                '"' | '＂' | '`' => {
                    quote = Some(c);
                    out.push(c);
                }
                c if c.is_whitespace() || c == '\u{feff}' => {}
                c => {
                    out.push(c);
                    continue;
                }
            }
            if quote.is_some() {
                continue;
            }
        }
        if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

/// How a clause is spelled.
fn clause_word(kind: &ClauseKind) -> (&'static str, &'static str) {
    match kind {
        ClauseKind::Cites(_) => ("依据", "cites"),
        ClauseKind::ForEach(_) => ("对每个", "for each"),
        ClauseKind::Period(_) => ("期间", "period"),
        ClauseKind::EachRow(_) => ("每行", "each row of"),
        ClauseKind::When(_) => ("当", "when"),
        ClauseKind::Require(_) => ("要求", "require"),
        ClauseKind::Kind(_) => ("性质", "kind"),
        ClauseKind::BelongsTo(_) => ("归属", "belongs to"),
        ClauseKind::Owner(_) => ("负责", "owner"),
        ClauseKind::Note(_) => ("说明", "note"),
        ClauseKind::Accept(..) => ("认可", "accept"),
        ClauseKind::Deadline(_) => ("截止", "deadline"),
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn requirements_read_as_written_without_comments() {
        assert_eq!(folded("要求  公用经费\n    压减 # 比上年\n  ≥ 10%"), "要求 公用经费 压减 ≥ 10%");
        assert_eq!(folded("科目 = \"a  # b\"  且\t x"), "科目 = \"a  # b\" 且 x");
    }
}
