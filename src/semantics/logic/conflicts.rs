//! Rules that cannot all pass: the smallest sets of them, each with figures on which all but one of them do.
//!
//! A rule that does not apply is in nobody's way: what is told is that certain rules cannot pass where all of them apply,
//! and that it is not the others that keep one of them from applying.

use std::collections::{BTreeSet, VecDeque};

use super::Logic;
use super::cases::Case;
use super::formula::Formula;
use super::groups::{Conflict, Group};
use super::linear::Linear;
use super::model::Prefer;
use super::solve::{Share, Tagged};
use super::witness::{self, Want, Wanted, Witness};
use crate::semantics::hir::RuleId;

/// How many sets are looked for in one group.
const SETS: usize = 24;

/// Rules of which one must fail.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// The cases, in the order of their rules: indices.
    pub cases: Vec<usize>,
    /// Divisors that are taken to be above 0.
    pub positive: Vec<Linear>,
    /// How the requirements add up to a contradiction, if it is a matter of adding up.
    pub shares: Option<Vec<Share>>,
    /// For each of the cases, figures on which only it fails.
    pub witnesses: Vec<Witness>,
}

/// The contradictions in a group. Cases that cannot pass at all are not asked about.
pub fn find<'s>(
    logic: &mut Logic<'s>,
    cases: &[Case<'s>],
    group: &Group,
    hopeless: &BTreeSet<RuleId>,
) -> Vec<Contradiction> {
    let case = |at: &usize| cases.get(*at);
    let usable: Vec<usize> =
        group.cases.iter().copied().filter(|at| case(at).is_some_and(|case| !hopeless.contains(&case.rule))).collect();
    let passes: Vec<(usize, Formula)> = usable.iter().filter_map(|at| Some((*at, case(at)?.passes()))).collect();
    let (always, sometimes): (Vec<usize>, Vec<usize>) =
        usable.iter().partition(|at| case(at).is_some_and(|case| case.when.yes.is_true()));
    let mut search = Search { logic, cases, group, passes, found: Vec::new(), known: BTreeSet::new() };
    search.among(always.iter().copied().collect());
    for first in &sometimes {
        let mut together = vec![*first];
        for other in &sometimes {
            if other != first && search.can_apply(&together, *other) {
                together.push(*other);
            }
        }
        search.among(always.iter().chain(&together).copied().collect());
    }
    search.found
}

struct Search<'w, 's, 'c> {
    logic: &'w mut Logic<'s>,
    cases: &'c [Case<'s>],
    group: &'c Group,
    passes: Vec<(usize, Formula)>,
    found: Vec<Contradiction>,
    /// Sets of rules that have been told.
    known: BTreeSet<BTreeSet<RuleId>>,
}

impl Search<'_, '_, '_> {
    /// Can a case apply where all of these do?
    fn can_apply(&mut self, together: &[usize], other: usize) -> bool {
        let applies: Vec<Tagged<'_>> = together
            .iter()
            .chain([&other])
            .filter_map(|at| self.cases.get(*at).map(|case| (*at, &case.when.yes)))
            .collect();
        self.group.conflict(self.logic, &applies).is_none()
    }

    /// Finds contradictions among some cases: a smallest one, then those that are left without each of its cases in turn.
    fn among(&mut self, cases: BTreeSet<usize>) {
        let mut waiting: VecDeque<BTreeSet<usize>> = VecDeque::from([cases]);
        let mut seen: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
        while let Some(cases) = waiting.pop_front() {
            if !seen.insert(cases.clone()) {
                continue;
            }
            if seen.len() > SETS {
                return;
            }
            let passes = std::mem::take(&mut self.passes);
            let conditions: Vec<Tagged<'_>> =
                passes.iter().filter(|(at, _)| cases.contains(at)).map(|(at, formula)| (*at, formula)).collect();
            let conflict = self
                .group
                .conflict(self.logic, &conditions)
                .map(|conflict| self.group.smallest(self.logic, &conditions, conflict));
            self.passes = passes;
            let Some(conflict) = conflict else { continue };
            for at in &conflict.tags {
                let mut without = cases.clone();
                without.remove(at);
                waiting.push_back(without);
            }
            self.tell(conflict);
        }
    }

    fn tell(&mut self, conflict: Conflict) {
        let Conflict { tags, positive, shares } = conflict;
        let mut cases: Vec<usize> = tags.into_iter().collect();
        cases.sort_by_key(|at| self.cases.get(*at).map(|case| (case.rule, case.period)));
        let rules: BTreeSet<RuleId> = cases.iter().filter_map(|at| self.cases.get(*at)).map(|case| case.rule).collect();
        if cases.len() < 2 || self.known.contains(&rules) {
            return;
        }
        let mut witnesses = Vec::new();
        for failing in &cases {
            let wanted: Vec<Wanted<'_, '_>> = cases
                .iter()
                .filter_map(|at| {
                    let want = if at == failing { Want::Fail } else { Want::Pass };
                    self.cases.get(*at).map(|case| (case, want))
                })
                .collect();
            let Logic { translator, next_class, .. } = &mut *self.logic;
            let Some(witness) = witness::find(translator, next_class, &wanted, &positive, Prefer::Plain) else {
                return;
            };
            witnesses.push(witness);
        }
        self.known.insert(rules);
        self.found.push(Contradiction { cases, positive, shares, witnesses });
    }
}
