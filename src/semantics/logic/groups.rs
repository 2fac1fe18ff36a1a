//! Which cases are looked at together: those that a figure connects, and no others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cases::{Case, rows_among};
use super::formula::{Formula, Literal, Sign, Split};
use super::linear::Linear;
use super::solve::{self, ALWAYS, Answer, Tagged};
use super::vars::Var;
use super::{Logic, classes};

/// How many different cases are looked at together. Where more hang together, only those about the same figures are.
const TOGETHER: usize = 80;

/// Cases that hang together.
#[derive(Clone, Debug)]
pub struct Group {
    /// Indices of cases that differ from each other, in order.
    pub cases: Vec<usize>,
    /// What holds of their figures whatever is submitted.
    pub axioms: Formula,
    /// What is divided by: taken to be above 0 where that decides, which is then said.
    pub divisors: Vec<Linear>,
}

/// The groups; of equal cases only the first is in one.
pub fn of(logic: &mut Logic<'_>, cases: &[Case<'_>]) -> Vec<Group> {
    let mut seen: HashMap<(&Split, &Split), usize> = HashMap::new();
    let different: Vec<usize> = (0..cases.len())
        .filter(|at| cases.get(*at).is_some_and(|case| *seen.entry((&case.when, &case.require)).or_insert(*at) == *at))
        .collect();
    let mut union = Union::new(logic.translator.vars.len());
    for case in different.iter().filter_map(|at| cases.get(*at)) {
        let mut vars = case.vars.iter();
        if let Some(first) = vars.next() {
            vars.for_each(|var| union.join(first.index(), var.index()));
        }
    }
    let rows = rows_among(
        &logic.translator,
        &different.iter().filter_map(|at| cases.get(*at)).flat_map(|case| &case.vars).copied().collect(),
    );
    for (one, other) in classes::related(&mut logic.translator, &rows) {
        union.join(one.index(), other.index());
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in different {
        if let Some(first) = cases.get(at).and_then(|case| case.vars.first()) {
            groups.entry(union.root(first.index())).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    for members in groups.into_values() {
        if members.len() <= TOGETHER {
            found.push(group(logic, cases, members));
            continue;
        }
        logic.undecided += 1;
        let mut same: BTreeMap<&BTreeSet<Var>, Vec<usize>> = BTreeMap::new();
        for at in members {
            if let Some(case) = cases.get(at) {
                same.entry(&case.vars).or_default().push(at);
            }
        }
        for mut members in same.into_values() {
            members.truncate(TOGETHER);
            found.push(group(logic, cases, members));
        }
    }
    found.retain(|group| group.cases.len() > 1);
    found
}

/// Two cases by themselves, whether anything connects them or not.
pub fn pair<'s>(logic: &mut Logic<'s>, cases: &[Case<'s>; 2]) -> Group {
    group(logic, cases, vec![0, 1])
}

fn group(logic: &mut Logic<'_>, cases: &[Case<'_>], members: Vec<usize>) -> Group {
    let mut vars: BTreeSet<Var> = BTreeSet::new();
    let mut divisors: BTreeSet<Linear> = BTreeSet::new();
    if members.len() > 1 {
        for case in members.iter().filter_map(|at| cases.get(*at)) {
            vars.extend(&case.vars);
            divisors.extend(case.notes.divisors.iter().cloned());
        }
    }
    let rows = rows_among(&logic.translator, &vars);
    let axioms = if rows.len() > 1 {
        Formula::all(classes::of(&mut logic.translator, &rows, &mut logic.next_class).1)
    } else {
        Formula::from(true)
    };
    Group { cases: members, axioms, divisors: divisors.into_iter().collect() }
}

/// The tag by which a conflict names the assumption that a divisor is above 0.
const ASSUMED: usize = usize::MAX / 2;

/// A conflict between conditions: which of them, and which divisors must be above 0 for it.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Tags of the conditions.
    pub tags: BTreeSet<usize>,
    /// Divisors.
    pub positive: Vec<Linear>,
    /// See [`solve::Proof::shares`].
    pub shares: Option<Vec<solve::Share>>,
}

impl Group {
    /// Why conditions cannot hold together; `None` if they can, or if it cannot be told.
    pub fn conflict(&self, logic: &mut Logic<'_>, conditions: &[Tagged<'_>]) -> Option<Conflict> {
        let all: Vec<usize> = (0..self.divisors.len()).collect();
        self.conflict_with(logic, conditions, &all)
    }

    fn conflict_with(&self, logic: &mut Logic<'_>, conditions: &[Tagged<'_>], divisors: &[usize]) -> Option<Conflict> {
        let positive: Vec<Formula> =
            self.divisors.iter().map(|sum| Formula::compare(sum.clone(), Sign::Positive)).collect();
        let mut tagged: Vec<Tagged<'_>> = vec![(ALWAYS, &self.axioms)];
        tagged.extend(conditions);
        tagged.extend(divisors.iter().filter_map(|at| Some((ASSUMED + at, positive.get(*at)?))));
        match solve::ask(&logic.translator.vars, &tagged) {
            Answer::Possible => None,
            Answer::Unknown => {
                logic.undecided += 1;
                None
            }
            Answer::Impossible(proof) => {
                let (tags, assumed): (BTreeSet<usize>, BTreeSet<usize>) =
                    proof.tags.into_iter().partition(|tag| *tag < ASSUMED);
                let positive = assumed.iter().filter_map(|tag| self.divisors.get(tag - ASSUMED).cloned()).collect();
                Some(Conflict { tags, positive, shares: proof.shares })
            }
        }
    }

    /// A conflict that is none if any one of its conditions, or of what it assumes, is left out.
    pub fn smallest(&self, logic: &mut Logic<'_>, conditions: &[Tagged<'_>], conflict: Conflict) -> Conflict {
        let mut smallest = conflict;
        let at = |sum: &Linear| self.divisors.iter().position(|divisor| divisor == sum);
        let mut assumed: Vec<usize> = smallest.positive.iter().filter_map(at).collect();
        for divisor in assumed.clone() {
            let without: Vec<usize> = assumed.iter().copied().filter(|other| *other != divisor).collect();
            let kept = kept(conditions, &smallest.tags);
            if let Some(less) = self.conflict_with(logic, &kept, &without) {
                assumed = less.positive.iter().filter_map(at).collect();
                smallest = less;
            }
        }
        for tag in smallest.tags.clone() {
            let mut without = smallest.tags.clone();
            if !without.remove(&tag) {
                continue;
            }
            let kept = kept(conditions, &without);
            if let Some(less) = self.conflict_with(logic, &kept, &assumed) {
                assumed = less.positive.iter().filter_map(at).collect();
                smallest = less;
            }
        }
        // Once more, so that what it adds up from is only what is left.
        let kept = kept(conditions, &smallest.tags);
        let smallest = self.conflict_with(logic, &kept, &assumed).unwrap_or(smallest);
        if smallest.shares.is_some() {
            return smallest;
        }
        // How it adds up is told for divisors above 0, if that is all that makes it a matter of alternatives.
        let upright: Vec<(usize, Formula)> = kept.iter().map(|(tag, formula)| (*tag, self.upright(formula))).collect();
        let upright: Vec<Tagged<'_>> = upright.iter().map(|(tag, formula)| (*tag, formula)).collect();
        let shares = self.conflict_with(logic, &upright, &assumed).and_then(|conflict| conflict.shares);
        Conflict { shares, ..smallest }
    }

    /// A formula without the alternatives in which a divisor is below 0.
    fn upright(&self, formula: &Formula) -> Formula {
        formula.map(&|literal| match literal {
            Literal::Compare(sum, Sign::Positive) if self.divisors.contains(&sum.negated()) => Formula::from(false),
            other => Formula::Literal(other.clone()),
        })
    }
}

fn kept<'f>(conditions: &[Tagged<'f>], tags: &BTreeSet<usize>) -> Vec<Tagged<'f>> {
    conditions.iter().filter(|(tag, _)| tags.contains(tag)).copied().collect()
}

/// Sets that are joined when something connects them.
struct Union {
    parents: Vec<usize>,
}

impl Union {
    fn new(count: usize) -> Self {
        Union { parents: (0..count).collect() }
    }

    fn root(&mut self, of: usize) -> usize {
        let mut root = of;
        while let Some(parent) = self.parents.get(root).copied().filter(|parent| *parent != root) {
            root = parent;
        }
        let mut at = of;
        while let Some(slot) = self.parents.get_mut(at).filter(|slot| **slot != root) {
            at = std::mem::replace(slot, root);
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.parents.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}
