//! Rules that say nothing more than others do: whatever passes those passes them too, and what fails them fails one of those.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::Logic;
use super::cases::Case;
use super::formula::{Formula, Literal, Split};
use super::groups::Group;
use super::linear::Linear;
use super::model::Prefer;
use super::solve::Tagged;
use super::vars::Var;
use super::witness::{self, Want, Wanted, Witness};
use crate::semantics::hir::{ExprKind, Kind, Requirement, Rule, RuleId};

/// A rule that follows from others.
#[derive(Clone, Debug)]
pub struct Redundant {
    /// The rule.
    pub rule: RuleId,
    /// The rules that it follows from.
    pub from: BTreeSet<RuleId>,
    /// Does that one follow from it, too?
    pub same: bool,
    /// The first case for which it was shown: index.
    pub case: usize,
    /// Divisors that are taken to be above 0.
    pub positive: Vec<Linear>,
    /// Figures that show it.
    pub witnesses: Vec<Witness>,
}

/// All rules that follow from others; of rules that follow from each other, the later ones.
pub fn find<'s>(
    logic: &mut Logic<'s>,
    cases: &[Case<'s>],
    groups: &[Group],
    apart: &BTreeSet<RuleId>,
    torn: &BTreeSet<RuleId>,
) -> Vec<Redundant> {
    let mut home: HashMap<usize, usize> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        home.extend(group.cases.iter().map(|case| (*case, at)));
    }
    let mut twins: HashMap<(&Split, &Split), Vec<usize>> = HashMap::new();
    let mut own: BTreeMap<RuleId, Vec<usize>> = BTreeMap::new();
    for (at, case) in cases.iter().enumerate() {
        twins.entry((&case.when, &case.require)).or_default().push(at);
        own.entry(case.rule).or_default().push(at);
    }
    let mut search = Search { logic, cases, groups, home, twins, own, apart, torn, told: BTreeSet::new() };
    let mut found = Vec::new();
    let rules: Vec<RuleId> = search.own.keys().rev().copied().collect();
    for rule in rules {
        if let Some(redundant) = search.rule(rule) {
            search.told.insert(rule);
            found.push(redundant);
        }
    }
    found.reverse();
    found
}

struct Search<'w, 's, 'c> {
    logic: &'w mut Logic<'s>,
    cases: &'c [Case<'s>],
    groups: &'c [Group],
    /// The group of each case that is in one.
    home: HashMap<usize, usize>,
    /// Equal cases.
    twins: HashMap<(&'c Split, &'c Split), Vec<usize>>,
    /// The cases of each rule.
    own: BTreeMap<RuleId, Vec<usize>>,
    /// Rules that something else is wrong with: nothing is concluded from them, and nothing more is said of them.
    apart: &'c BTreeSet<RuleId>,
    /// Rules that are part of a contradiction.
    torn: &'c BTreeSet<RuleId>,
    /// Rules that are known to follow from others: none follows from them.
    told: BTreeSet<RuleId>,
}

/// What a case follows from: indices of cases.
struct Grounds {
    from: Vec<usize>,
    positive: Vec<Linear>,
}

impl<'s, 'c> Search<'_, 's, 'c> {
    fn rule(&mut self, rule: RuleId) -> Option<Redundant> {
        if self.apart.contains(&rule) {
            return None;
        }
        let own = self.own.get(&rule)?.clone();
        let mut all: Vec<(usize, Grounds)> = Vec::new();
        let mut preferred: Option<RuleId> = None;
        for at in own {
            let grounds = self.case(at, preferred)?;
            preferred = preferred.or_else(|| self.cases.get(*grounds.from.first()?).map(|case| case.rule));
            all.push((at, grounds));
        }
        let from: BTreeSet<RuleId> = all
            .iter()
            .flat_map(|(_, grounds)| &grounds.from)
            .filter_map(|at| self.cases.get(*at))
            .map(|case| case.rule)
            .collect();
        let same = self.same(rule, &from);
        let (case, grounds) = all.first()?;
        let witnesses = self.witnesses(*case, grounds, same)?;
        let positive = all.iter().flat_map(|(_, grounds)| grounds.positive.clone()).collect::<BTreeSet<_>>();
        Some(Redundant { rule, from, same, case: *case, positive: positive.into_iter().collect(), witnesses })
    }

    /// May a case follow from another? That one must bind no less, no later, and in whatever period it does.
    fn may(&self, case: &Case<'_>, from: &Case<'_>) -> bool {
        let rule = |case: &Case<'_>| -> Option<&'s Rule> { self.logic.translator.suite.rules.get(case.rule.0) };
        let (Some(one), Some(other)) = (rule(case), rule(from)) else { return false };
        let weight = |kind: Kind| match kind {
            Kind::Binding => 2,
            Kind::Expected => 1,
            Kind::Advisory => 0,
        };
        let due = |rule: &Rule, case: &Case<'_>| -> Date { rule.due(case.period) };
        let rows = |rule: &Rule| matches!(rule.requirement, Requirement::Rows { .. });
        case.rule != from.rule
            && weight(other.kind) >= weight(one.kind)
            && due(other, from) <= due(one, case)
            && (one.periods.is_empty() == other.periods.is_empty() || rows(one))
            && !(rows(one) && other.for_each.iter().any(|dim| !one.for_each.contains(dim)))
            && !self.apart.contains(&from.rule)
            && !self.told.contains(&from.rule)
    }

    fn case(&mut self, at: usize, preferred: Option<RuleId>) -> Option<Grounds> {
        let case = self.cases.get(at)?;
        let twins = self.twins.get(&(&case.when, &case.require)).into_iter().flatten().copied();
        let twins: Vec<usize> =
            twins.filter(|twin| self.cases.get(*twin).is_some_and(|twin| self.may(case, twin))).collect();
        let is_preferred = |at: &&usize| self.cases.get(**at).is_some_and(|case| Some(case.rule) == preferred);
        if let Some(twin) = twins.iter().find(is_preferred).or(twins.first()) {
            return Some(Grounds { from: vec![*twin], positive: Vec::new() });
        }
        // The group holds the first of equal cases.
        let first = self.twins.get(&(&case.when, &case.require)).and_then(|twins| twins.first())?;
        let group = self.groups.get(*self.home.get(first)?)?;
        let others: Vec<usize> = group
            .cases
            .iter()
            .filter_map(|other| {
                let of = self.cases.get(*other)?;
                let equal = self.twins.get(&(&of.when, &of.require))?;
                equal.iter().copied().find(|twin| self.cases.get(*twin).is_some_and(|twin| self.may(case, twin)))
            })
            .collect();
        let against = against(case);
        let content: Vec<(usize, Formula)> =
            others.iter().filter_map(|at| Some((*at, self.cases.get(*at)?.content()))).collect();
        self.conflict(group, &content, &others, &against)?;
        let mut single = Vec::new();
        for other in &others {
            if let Some(grounds) = self.conflict(group, &content, &[*other], &against) {
                single.push((*other, grounds));
            }
        }
        let grounds = match self.strongest(group, &content, single, preferred) {
            Some(grounds) => grounds,
            None => {
                // From rules that contradict each other anything follows.
                let sound = |at: &usize| self.cases.get(*at).is_some_and(|case| !self.torn.contains(&case.rule));
                let mut conditions: Vec<Tagged<'_>> =
                    content.iter().filter(|(at, _)| sound(at)).map(|(at, formula)| (*at, formula)).collect();
                conditions.push((AGAINST, &against));
                let conflict = group.conflict(self.logic, &conditions)?;
                let smallest = group.smallest(self.logic, &conditions, conflict);
                let from: Vec<usize> = smallest.tags.into_iter().filter(|tag| *tag != AGAINST).collect();
                Grounds { from, positive: smallest.positive }
            }
        };
        let follows = !grounds.from.is_empty()
            && self.can_matter(group, &content, case, &grounds.from)
            && self.needs_nothing_else(group, case, &grounds);
        let Grounds { from, mut positive } = grounds;
        let fails = self.fails_only_with(group, case, &from).filter(|_| follows)?;
        positive.extend(fails.positive);
        Some(Grounds { from, positive })
    }

    fn conflict(
        &mut self,
        group: &Group,
        content: &[(usize, Formula)],
        from: &[usize],
        against: &Formula,
    ) -> Option<Grounds> {
        let mut conditions: Vec<Tagged<'_>> =
            content.iter().filter(|(at, _)| from.contains(at)).map(|(at, formula)| (*at, formula)).collect();
        conditions.push((AGAINST, against));
        let conflict = group.conflict(self.logic, &conditions)?;
        let from = conflict.tags.into_iter().filter(|tag| *tag != AGAINST).collect();
        Some(Grounds { from, positive: conflict.positive })
    }

    /// Of single rules that suffice, one that follows from none of the others.
    fn strongest(
        &mut self,
        group: &Group,
        content: &[(usize, Formula)],
        single: Vec<(usize, Grounds)>,
        preferred: Option<RuleId>,
    ) -> Option<Grounds> {
        let places: Vec<usize> =
            single.iter().filter(|(_, grounds)| !grounds.from.is_empty()).map(|(at, _)| *at).collect();
        let is_preferred = |at: &&usize| self.cases.get(**at).is_some_and(|case| Some(case.rule) == preferred);
        let mut chosen = places.iter().find(is_preferred).copied();
        for at in &places {
            if chosen.is_some() {
                break;
            }
            let against = against(self.cases.get(*at)?);
            let others: Vec<usize> = places.iter().copied().filter(|other| other != at).collect();
            if others.iter().all(|other| self.conflict(group, content, &[*other], &against).is_none()) {
                chosen = Some(*at);
            }
        }
        let chosen = chosen.or(places.first().copied())?;
        single.into_iter().find(|(at, _)| *at == chosen).map(|(_, grounds)| grounds)
    }

    /// Can the condition behind 如果 hold where the others pass? What is required for when they do not, says something of
    /// its own.
    fn can_matter(&mut self, group: &Group, content: &[(usize, Formula)], case: &Case<'s>, from: &[usize]) -> bool {
        let ExprKind::Implies(condition, _) = &case.source.require.kind else { return true };
        let holds = self.logic.translator.condition(condition, &case.scope).yes;
        self.conflict(group, content, from, &holds).is_none()
    }

    /// Does one of the others fail wherever the case does? One that is only missing or in error there finds less.
    fn fails_only_with(&mut self, group: &Group, case: &Case<'_>, from: &[usize]) -> Option<Grounds> {
        let not_failed: Vec<(usize, Formula)> =
            from.iter().filter_map(|at| Some((*at, self.cases.get(*at)?.fails().negated()))).collect();
        self.conflict(group, &not_failed, from, &case.fails())
    }

    /// Does the rule pass where the others do, even if figures were not submitted that only it asks for?
    fn needs_nothing_else(&mut self, group: &Group, case: &Case<'_>, grounds: &Grounds) -> bool {
        let known: BTreeSet<Var> = grounds
            .from
            .iter()
            .filter_map(|at| self.cases.get(*at))
            .flat_map(|case| case.vars.iter().copied())
            .chain(when_vars(case))
            .collect();
        if case.vars.is_subset(&known) {
            return true;
        }
        let told = |literal: &Literal| match literal {
            Literal::Compare(sum, _) => sum.terms.keys().all(|var| known.contains(var)),
            Literal::OneOf(var, ..) => known.contains(var),
        };
        let shown = |literal: &Literal| {
            if told(literal) { Formula::Literal(literal.clone()) } else { Formula::from(false) }
        };
        let shown = Formula::all([case.when.yes.clone(), case.require.yes.map(&shown)]);
        let against = Formula::any([case.when.no.clone(), shown]).negated();
        let content: Vec<(usize, Formula)> =
            grounds.from.iter().filter_map(|at| Some((*at, self.cases.get(*at)?.content()))).collect();
        self.conflict(group, &content, &grounds.from, &against).is_some()
    }

    /// Does each case of the one rule that it follows from follow from it?
    fn same(&mut self, rule: RuleId, from: &BTreeSet<RuleId>) -> bool {
        let [other] = from.iter().copied().collect::<Vec<_>>()[..] else { return false };
        let (Some(own), Some(others)) = (self.own.get(&rule).cloned(), self.own.get(&other).cloned()) else {
            return false;
        };
        others.iter().all(|at| {
            let Some(case) = self.cases.get(*at) else { return false };
            let equal = |twin: &usize| {
                self.cases.get(*twin).is_some_and(|twin| twin.when == case.when && twin.require == case.require)
            };
            if own.iter().any(equal) {
                return true;
            }
            let first = self.twins.get(&(&case.when, &case.require)).and_then(|twins| twins.first());
            let group = first.and_then(|first| self.home.get(first)).and_then(|home| self.groups.get(*home));
            let Some(group) = group else { return false };
            let content: Vec<(usize, Formula)> =
                own.iter().filter_map(|at| Some((*at, self.cases.get(*at)?.content()))).collect();
            self.conflict(group, &content, &own, &against(case)).is_some()
                && self.fails_only_with(group, case, &own).is_some()
        })
    }

    /// Figures on which all pass; and for each rule that it follows from, figures that show it is needed (or, of rules
    /// that require the same, figures on which both fail).
    fn witnesses(&mut self, at: usize, grounds: &Grounds, same: bool) -> Option<Vec<Witness>> {
        let case = self.cases.get(at)?;
        let from: Vec<&Case<'s>> = grounds.from.iter().filter_map(|at| self.cases.get(*at)).collect();
        // Of each line, the first that there are figures for.
        let mut wanted: Vec<Vec<Vec<Wanted<'_, 's>>>> = Vec::new();
        wanted.push(vec![[case].into_iter().chain(from.iter().copied()).map(|case| (case, Want::Pass)).collect()]);
        match from.as_slice() {
            [only] if same => wanted.push(vec![vec![(case, Want::Fail), (*only, Want::Fail)]]),
            [only] => {
                wanted.push([Want::Pass, Want::Idle].map(|want| vec![(case, want), (*only, Want::Fail)]).to_vec())
            }
            several => {
                for (at, _) in several.iter().enumerate() {
                    let others = several.iter().enumerate().filter(|(other, _)| *other != at);
                    let mut these: Vec<Wanted<'_, 's>> = others.map(|(_, case)| (*case, Want::Pass)).collect();
                    these.push((case, Want::Fail));
                    wanted.push(vec![these]);
                }
            }
        }
        let Logic { translator, next_class, .. } = &mut *self.logic;
        wanted
            .iter()
            .map(|attempts| {
                attempts
                    .iter()
                    .find_map(|wanted| witness::find(translator, next_class, wanted, &grounds.positive, Prefer::Plain))
            })
            .collect()
    }
}

/// The tag of what is shown to be impossible.
const AGAINST: usize = usize::MAX / 4;

/// That a case neither passes nor is not applicable.
fn against(case: &Case<'_>) -> Formula {
    case.content().negated()
}

fn when_vars(case: &Case<'_>) -> BTreeSet<Var> {
    let mut vars = BTreeSet::new();
    case.when.yes.vars(&mut vars);
    vars
}
