//! What shows only when every body is typed: cycles of indicators, what has periods, which datasets a rule rests on.

use std::collections::{BTreeSet, HashSet};

use crate::base::codes::{names as codes, types};
use crate::base::{Bi, Diagnostic, Place, Span};

use super::Compiler;
use super::hir::{self, DatasetId, DimId, Expr, ExprKind, INDICATOR_TABLE, IndicatorId, Requirement, RuleId};
use super::walk;

/// The longest chain of indicators that rest on each other.
const MAX_CHAIN: usize = 100;

/// What an expression rests on.
#[derive(Clone, Debug, Default)]
struct Facts {
    /// Something in it differs from period to period.
    periodic: bool,
    datasets: BTreeSet<DatasetId>,
    /// Part of it is wrong, so that nothing is to be concluded.
    vague: bool,
}

impl Facts {
    fn join(&mut self, other: &Facts) {
        self.periodic |= other.periodic;
        self.vague |= other.vague;
        self.datasets.extend(&other.datasets);
    }
}

impl Compiler<'_> {
    /// All checks of this file.
    pub fn check_facts(&mut self) {
        let uses: Vec<Vec<usize>> = self
            .suite
            .indicators
            .iter()
            .map(|indicator| indicator.body.as_ref().map_or_else(Vec::new, used_indicators))
            .collect();
        let (order, cyclic) = self.order(&uses);
        self.check_chains(&uses, &order, &cyclic);
        let facts = self.indicator_facts(&order, &cyclic);
        let mut wrong: Vec<Span> = Vec::new();
        for indicator in &self.suite.indicators {
            if let Some(body) = &indicator.body {
                self.without_periods(body, &facts, &mut wrong);
            }
        }
        let mut rules: Vec<(RuleId, Facts)> = Vec::new();
        for (at, rule) in self.suite.rules.iter().enumerate() {
            let mut all = Facts::default();
            let conditions: Vec<&Expr> = match &rule.requirement {
                Requirement::Case(condition) => rule.when.iter().chain([condition]).collect(),
                Requirement::Rows { .. } => continue,
            };
            for condition in conditions {
                self.without_periods(condition, &facts, &mut wrong);
                all.join(&self.facts_of(condition, &facts));
            }
            rules.push((RuleId(at), all));
        }
        for span in wrong {
            self.no_periods(span);
        }
        for (rule, facts) in rules {
            self.check_datasets(rule, &facts);
        }
    }

    /// Indicators in the order in which they rest on each other, and those that rest on themselves.
    fn order(&mut self, uses: &[Vec<usize>]) -> (Vec<usize>, HashSet<usize>) {
        let mut state = vec![State::New; uses.len()];
        let (mut order, mut cyclic) = (Vec::new(), HashSet::new());
        for start in 0..uses.len() {
            if state.get(start) != Some(&State::New) {
                continue;
            }
            // The path from `start` down, with how many uses of each have been followed.
            let mut path: Vec<(usize, usize)> = vec![(start, 0)];
            set(&mut state, start, State::Open);
            while let Some((at, followed)) = path.last_mut() {
                let (at, next) = (*at, uses.get(*at).and_then(|uses| uses.get(*followed)).copied());
                *followed += 1;
                match next {
                    None => {
                        set(&mut state, at, State::Done);
                        order.push(at);
                        path.pop();
                    }
                    Some(next) => match state.get(next) {
                        Some(State::New) => {
                            set(&mut state, next, State::Open);
                            path.push((next, 0));
                        }
                        Some(State::Open) => {
                            let from = path.iter().position(|(at, _)| *at == next).unwrap_or(0);
                            let cycle: Vec<usize> = path.iter().skip(from).map(|(at, _)| *at).collect();
                            cyclic.extend(&cycle);
                            self.cycle(&cycle);
                        }
                        _ => {}
                    },
                }
            }
        }
        (order, cyclic)
    }

    fn cycle(&mut self, cycle: &[usize]) {
        let indicators: Vec<&hir::Indicator> = cycle.iter().filter_map(|at| self.suite.indicators.get(*at)).collect();
        let Some(first) = indicators.first() else { return };
        let mut chain: Vec<&str> = indicators.iter().take(10).map(|indicator| indicator.name.as_str()).collect();
        if indicators.len() > 10 {
            chain.push("…");
        }
        chain.push(&first.name);
        let chain = chain.join(" → ");
        let mut diagnostic = Diagnostic::rule(
            &codes::CYCLE,
            first.span,
            Bi::new(
                format!("指标绕了一圈又用到自己：`{chain}`"),
                format!("the indicator is computed from itself: `{chain}`"),
            ),
        )
        .help(Bi::new(
            "断开其中一处；上一期的数由数据提供，用 `X[上年]` 引用没有算式的指标",
            "break the chain; figures of earlier periods come from the data, as `X[last year]` of an indicator without a formula",
        ));
        for indicator in indicators.iter().skip(1).take(9) {
            diagnostic = diagnostic.label(
                Place::Rule(indicator.span),
                Bi::new(format!("经过 `{}`", indicator.name), format!("by way of `{}`", indicator.name)),
            );
        }
        self.report.add(diagnostic);
    }

    fn check_chains(&mut self, uses: &[Vec<usize>], order: &[usize], cyclic: &HashSet<usize>) {
        let mut length = vec![1usize; uses.len()];
        let mut long: Vec<usize> = Vec::new();
        for at in order.iter().filter(|at| !cyclic.contains(at)) {
            let below = uses.get(*at).into_iter().flatten().filter_map(|used| length.get(*used)).max();
            let total = below.copied().unwrap_or(0) + 1;
            if let Some(length) = length.get_mut(*at) {
                *length = total;
            }
            // Those above it are too long for the same reason.
            if total == MAX_CHAIN + 1 {
                long.push(*at);
            }
        }
        for at in long {
            let Some(indicator) = self.suite.indicators.get(at) else { continue };
            self.report.error(
                &codes::CHAIN,
                indicator.span,
                Bi::new(
                    format!("`{}` 所依的指标一个接一个，超过 {MAX_CHAIN} 层", indicator.name),
                    format!("`{}` rests on a chain of more than {MAX_CHAIN} indicators", indicator.name),
                ),
                Bi::new("合并其中几层", "put some of them together"),
            );
        }
    }

    fn indicator_facts(&self, order: &[usize], cyclic: &HashSet<usize>) -> Vec<Facts> {
        let mut facts = vec![Facts::default(); self.suite.indicators.len()];
        for at in order {
            let (Some(indicator), Some((declared, _))) =
                (self.suite.indicators.get(*at), self.names.indicators.get(*at))
            else {
                continue;
            };
            let found = match (&indicator.body, &declared.body) {
                _ if cyclic.contains(at) => Facts { vague: true, ..Facts::default() },
                (Some(body), _) => self.facts_of(body, &facts),
                (None, None) => Facts { periodic: true, datasets: BTreeSet::from([INDICATOR_TABLE]), vague: false },
                (None, Some(_)) => Facts { vague: true, ..Facts::default() },
            };
            if let Some(slot) = facts.get_mut(*at) {
                *slot = found;
            }
        }
        facts
    }

    fn facts_of(&self, expr: &Expr, indicators: &[Facts]) -> Facts {
        let mut facts = Facts::default();
        walk::each(expr, &mut |expr| match &expr.kind {
            ExprKind::Aggregate(aggregate) => {
                facts.datasets.insert(aggregate.dataset);
                facts.periodic |=
                    self.suite.datasets.get(aggregate.dataset.0).is_some_and(|dataset| dataset.period.is_some());
            }
            ExprKind::Indicator(IndicatorId(at)) => {
                if let Some(below) = indicators.get(*at) {
                    facts.join(below);
                }
            }
            ExprKind::Standard(_) | ExprKind::ThisPeriod => facts.periodic = true,
            _ => {}
        });
        facts
    }

    /// Finds what is asked for another period and has no periods.
    fn without_periods(&self, expr: &Expr, indicators: &[Facts], wrong: &mut Vec<Span>) {
        walk::each(expr, &mut |expr| {
            let of = match &expr.kind {
                ExprKind::At { of, period: Some(_), .. }
                | ExprKind::Fold { of, .. }
                | ExprKind::Change { of, .. }
                | ExprKind::YearlyGrowth { of, .. }
                | ExprKind::Doubles { of, .. }
                | ExprKind::Quantified { condition: of, .. }
                | ExprKind::Streak { condition: of, .. } => of,
                _ => return,
            };
            let facts = self.facts_of(of, indicators);
            if !facts.periodic && !facts.vague {
                wrong.push(of.span);
            }
        });
    }

    fn no_periods(&mut self, span: Span) {
        let text = self.sources.text(span).trim();
        let text = if text.chars().count() > 40 { "X" } else { text };
        self.report.error(
            &types::NO_PERIOD,
            span,
            Bi::new(
                format!("`{text}` 所依的数据没有期间，谈不上变化或别的期间"),
                format!("`{text}` rests on data without periods: it has no change and no other period"),
            ),
            Bi::new(
                "给数据集加上期间维度：`维度 年度: 年`",
                "give the dataset a dimension of periods: `dimension year: year`",
            ),
        );
    }

    /// One of the datasets that a rule rests on must have all dimensions of 对每个: the cases come from its rows.
    fn check_datasets(&mut self, id: RuleId, facts: &Facts) {
        if facts.vague || self.vague_rules.contains(&id) || self.failed_rules.contains(&id) {
            return;
        }
        let Some(rule) = self.suite.rules.get(id.0) else { return };
        let has_all =
            |dataset: &DatasetId| rule.for_each.iter().all(|dim| self.dimension_column(*dataset, *dim).is_some());
        if rule.for_each.is_empty() || facts.datasets.iter().any(has_all) {
            return;
        }
        let dims: Vec<String> = rule.for_each.iter().map(|dim: &DimId| format!("`{}`", self.dim_name(*dim))).collect();
        let used: Vec<String> =
            facts.datasets.iter().map(|dataset| format!("`{}`", self.dataset_name(*dataset))).collect();
        let span = self.names.rules.get(id.0).and_then(|rule| {
            rule.clauses.iter().find(|clause| matches!(clause.kind, crate::syntax::ast::ClauseKind::ForEach(_)))
        });
        let span = span.map_or(rule.span, |clause| clause.span);
        let help = if used.is_empty() {
            Bi::new(
                "去掉 `对每个`，或用上有这些维度的数据集",
                "take `for each` out, or use a dataset with these dimensions",
            )
        } else {
            Bi::new(
                format!("规则用到的是 {}；去掉多余的维度，或换用有这些维度的数据集", used.join("、")),
                format!("the rule rests on {}; take the dimension out, or use a dataset that has it", used.join(", ")),
            )
        };
        self.report.error(
            &codes::NO_DATASET,
            span,
            Bi::new(
                format!("规则用到的数据里，没有哪个数据集同时有维度 {}", dims.join("、")),
                format!("no dataset that the rule rests on has all of the dimensions {}", dims.join(", ")),
            ),
            help,
        );
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

fn set(state: &mut [State], at: usize, to: State) {
    if let Some(slot) = state.get_mut(at) {
        *slot = to;
    }
}

fn used_indicators(body: &Expr) -> Vec<usize> {
    let mut used = Vec::new();
    walk::each(body, &mut |expr| {
        if let ExprKind::Indicator(IndicatorId(at)) = &expr.kind {
            used.push(*at);
        }
    });
    used.sort_unstable();
    used.dedup();
    used
}
