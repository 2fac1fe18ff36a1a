//! Two versions of a suite in; of each rule that both have, whether it is stricter or laxer now out.
//!
//! One version is stricter where it refuses what the other accepts. That it never does is proved, by the same reasoning that
//! finds contradictions; that it does is shown by figures, which whoever asks has judged by both (`pipeline/versions.rs`).
//! What is neither proved nor shown is *cannot tell*, and is no verdict on the rules.

mod aspects;
mod merge;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cases::{self, CASES, Case, conditions};
use super::linear::Linear;
use super::model::Prefer;
use super::scope::Naming;
use super::translate::Translator;
use super::witness::{self, Want, Witness};
use super::{Logic, OPEN, groups};
use crate::base::Bi;
use crate::quantity::Period;
use crate::semantics::hir::{DimId, Expr, Rule, Suite};

pub use aspects::{Aspect, What};
pub use merge::{Merged, Pair, Version, merge};
pub use values::Valued;

/// Figures that are tried for each side.
const TRIED: usize = 6;

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Versions<'v> {
    /// Both versions in one.
    pub merged: &'v Merged,
    /// The earlier version by itself.
    pub old: &'v Suite,
    /// The later version by itself.
    pub new: &'v Suite,
    /// The later suite's own region.
    pub region: &'v str,
    /// The period that runs are for.
    pub period: Option<Period>,
}

/// Does a version refuse what the other accepts?
#[derive(Clone, Debug)]
pub enum Refuses {
    /// Never: that is proved.
    Never,
    /// Perhaps: if any of these comes out as it expects, then it does; else it cannot be told.
    Perhaps(Vec<Witness>),
}

/// A rule of both versions, compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The later version refuses what the earlier one accepts.
    pub tighter: Refuses,
    /// The earlier version refuses what the later one accepts.
    pub looser: Refuses,
    /// What is taken to be above 0 for that, in words; empty if nothing is.
    pub assuming: Bi,
    /// What else of the rule differs.
    pub aspects: Vec<Aspect>,
}

/// Compares the rules of two versions, in the order of [`Merged::pairs`].
pub fn compare(versions: Versions<'_>) -> Vec<Compared> {
    let Versions { merged, region, period, .. } = versions;
    let Merged { suite, sources, pairs } = merged;
    let Some(run) = period.or_else(|| Period::year(OPEN)) else { return Vec::new() };
    let naming = Naming { suite, region, run, settled: period.is_some() };
    let mut logic = Logic { translator: Translator::new(suite, sources, naming), next_class: 0, undecided: 0 };
    let named = cases::named(suite);
    pairs.iter().filter_map(|pair| one(&mut logic, &named, versions, pair)).collect()
}

type Named = BTreeMap<DimId, BTreeSet<Arc<str>>>;

fn one<'s>(logic: &mut Logic<'s>, named: &Named, versions: Versions<'_>, pair: &Pair) -> Option<Compared> {
    let suite: &'s Suite = logic.translator.suite;
    let (old, new) = (suite.rules.get(pair.old.0)?, suite.rules.get(pair.new.0)?);
    let aspects = aspects::of(versions, (old, new));
    let mut compared = Compared { tighter: Refuses::Never, looser: Refuses::Never, assuming: Bi::same(""), aspects };
    let shapes = |rule| {
        let (when, require, dataset) = conditions(rule);
        (when.map(merge::shape), merge::shape(require), dataset)
    };
    if shapes(old) == shapes(new) {
        return Some(compared);
    }
    let untold = || Refuses::Perhaps(Vec::new());
    let foreign = pair.redefined.values().any(|foreign| *foreign);
    if foreign || conditions(old).2 != conditions(new).2 || compared.aspects.iter().any(Aspect::parts) {
        (compared.tighter, compared.looser) = (untold(), untold());
        return Some(compared);
    }
    let mut sides = [Refuses::Never, Refuses::Never];
    let mut positive: BTreeSet<Linear> = BTreeSet::new();
    let earlier = cases::of_rule(&mut logic.translator, named, pair.old, old);
    let later = cases::of_rule(&mut logic.translator, named, pair.new, new);
    let many = earlier.len().max(later.len()) >= CASES;
    for case in later {
        let Some(before) = earlier.iter().find(|other| key(other) == key(&case)) else { continue };
        if before.when == case.when && before.require == case.require {
            continue;
        }
        let both = [before.clone(), case];
        for (side, refusing) in sides.iter_mut().zip([1, 0]) {
            look(logic, &both, refusing, side, &mut positive);
        }
    }
    if many {
        // Cases beyond the limit were not looked at.
        for side in sides.iter_mut().filter(|side| matches!(side, Refuses::Never)) {
            *side = untold();
        }
    }
    [compared.tighter, compared.looser] = sides;
    compared.assuming = logic.assuming(&positive.into_iter().collect::<Vec<_>>());
    Some(compared)
}

/// Does one of two cases (its index) refuse what the other accepts?
fn look<'s>(
    logic: &mut Logic<'s>,
    both: &[Case<'s>; 2],
    refusing: usize,
    side: &mut Refuses,
    positive: &mut BTreeSet<Linear>,
) {
    let (strict, mild) = if refusing == 1 { (&both[1], &both[0]) } else { (&both[0], &both[1]) };
    let group = groups::pair(logic, both);
    let (accepted, refused) = (mild.content(), strict.content().negated());
    if let Some(conflict) = group.conflict(logic, &[(0, &accepted), (1, &refused)]) {
        positive.extend(conflict.positive);
        return;
    }
    let mut found = match std::mem::replace(side, Refuses::Never) {
        Refuses::Never => Vec::new(),
        Refuses::Perhaps(found) => found,
    };
    for (want, prefer) in [
        (Want::Pass, Prefer::Plain),
        (Want::Idle, Prefer::Plain),
        (Want::Pass, Prefer::High),
        (Want::Pass, Prefer::Low),
    ] {
        if found.len() >= TRIED {
            break;
        }
        let Logic { translator, next_class, .. } = &mut *logic;
        found.extend(witness::find(translator, next_class, &[(strict, Want::Fail), (mild, want)], &[], prefer));
    }
    *side = Refuses::Perhaps(found);
}

/// What tells a case from others of its rule.
fn key(case: &Case<'_>) -> (Vec<(DimId, Arc<str>)>, Period) {
    let mut members = case.members.clone();
    members.sort();
    (members, case.period)
}

/// When a rule applies (当), and what it requires.
pub fn conditions_of(rule: &Rule) -> (Option<&Expr>, &Expr) {
    let (when, require, _) = conditions(rule);
    (when, require)
}
