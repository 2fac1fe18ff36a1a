//! What can be said of rules before there are data: the plan, what the cases of each are drawn from, and how they are laid out for integers.
//!
//! Made once, and good for any number of submissions.

use std::collections::{BTreeSet, HashMap};

use super::cases::{self, DrawnFrom};
use super::lanes::{Laid, Layouts, Leaf};
use crate::plan::{self, Plan};
use crate::quantity::Period;
use crate::semantics::hir::{Rule, RuleId, Suite};

/// See the module.
pub struct Prepared<'s> {
    plan: Plan,
    ids: Vec<RuleId>,
    rules: Vec<PreparedRule<'s>>,
    /// By row rule: the query that it is counted with, and its place there.
    pub(super) tallies: HashMap<RuleId, (usize, usize)>,
    /// What cases are drawn from: for many rules this is the same.
    pub(super) draws: Vec<DrawnFrom>,
    /// The figures and thresholds that laid out rules are about; equal ones are one.
    pub(super) leaves: Vec<Leaf<'s>>,
}

/// A rule.
pub(super) struct PreparedRule<'s> {
    pub id: RuleId,
    pub rule: &'s Rule,
    /// By period: the rule's own, or the run's.
    pub parts: Vec<Part>,
}

/// A rule in a period.
pub(super) struct Part {
    pub period: Period,
    /// Index into [`Prepared::draws`].
    pub draw: usize,
    /// `None` if it has anything that is not for integers.
    pub laid: Option<Laid>,
}

impl<'s> Prepared<'s> {
    /// Of some rules, in order, for a run's period.
    pub fn new(suite: &'s Suite, rules: &[RuleId], period: Period) -> Self {
        let mut plan = plan::build(suite, rules.iter().copied());
        let run = [period];
        let periods = |rule: &'s Rule| if rule.periods.is_empty() { run.to_vec() } else { rule.periods.clone() };
        let of_suite = || rules.iter().filter_map(|id| Some((*id, suite.rules.get(id.0)?)));
        let looked_at = of_suite().flat_map(|(_, rule)| {
            periods(rule).into_iter().flat_map(|period| cases::looked_at(suite, rule, period)).collect::<Vec<_>>()
        });
        let looked_at: BTreeSet<Period> = looked_at.collect();
        for query in &mut plan.queries {
            let column = suite.datasets.get(query.dataset.0).and_then(|dataset| dataset.period);
            query.periods = column.map(|column| (column, looked_at.clone()));
        }
        let mut known: HashMap<DrawnFrom, usize> = HashMap::new();
        let mut layouts = Layouts::new(suite, &plan);
        let prepared = of_suite().map(|(id, rule)| {
            let parts = periods(rule).into_iter().map(|period| {
                let next = known.len();
                let draw = *known.entry(DrawnFrom::of(suite, rule, id, period)).or_insert(next);
                Part { period, draw, laid: layouts.rule(rule, period, draw) }
            });
            PreparedRule { id, rule, parts: parts.collect() }
        });
        let rules: Vec<PreparedRule<'_>> = prepared.collect();
        let ids = rules.iter().map(|rule| rule.id).collect();
        let leaves = layouts.into_leaves();
        let mut draws: Vec<(usize, DrawnFrom)> = known.into_iter().map(|(from, at)| (at, from)).collect();
        draws.sort_unstable_by_key(|(at, _)| *at);
        let mut tallies = HashMap::new();
        for (query, planned) in plan.queries.iter().enumerate() {
            tallies.extend(planned.tallies.iter().enumerate().map(|(at, tally)| (tally.rule, (query, at))));
        }
        Prepared { plan, ids, rules, tallies, draws: draws.into_iter().map(|(_, from)| from).collect(), leaves }
    }

    /// What the rules ask of their data.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Which rules, in order.
    pub fn ids(&self) -> &[RuleId] {
        &self.ids
    }

    pub(super) fn rules(&self) -> &[PreparedRule<'s>] {
        &self.rules
    }
}
