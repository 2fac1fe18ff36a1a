//! What rules say together, before any data is there: contradictions, rules that follow from others, conditions that decide
//! nothing.
//!
//! A compiled suite in, claims out, each with figures that show it. Rules become conditions over figures (`translate`);
//! what a figure connects is looked at together (`groups`), by intervals and exact linear reasoning (`solve`, `simplex`).
//! Whatever is not understood counts as *cannot tell*: no claim rests on a guess. Must not know the judge: who asks for the
//! claims has every witness judged, and keeps those that come out as claimed (`pipeline/analyse.rs`).

mod cases;
mod classes;
mod conflicts;
mod follows;
mod formula;
mod groups;
mod linear;
mod model;
mod parts;
mod rows;
mod say;
mod scope;
mod simplex;
mod solve;
mod term;
mod translate;
mod vars;
pub mod versions;
mod witness;

use std::collections::BTreeSet;

use cases::Case;
use scope::Naming;
use translate::Translator;

use super::hir::{RuleId, Suite};
use crate::base::{Diagnostic, Sources};
use crate::quantity::Period;

pub use witness::Witness;

/// A year that no rule names: it stands for whatever a run asks for where the suite does not say.
const OPEN: i16 = 9000;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'s> {
    /// A suite without errors.
    pub suite: &'s Suite,
    /// The text of its files.
    pub sources: &'s Sources,
    /// The suite's own region.
    pub region: &'s str,
    /// The period that a run is for unless it says otherwise.
    pub period: Option<Period>,
}

/// What is claimed of rules.
#[derive(Clone, Debug)]
pub struct Claim {
    /// In words.
    pub diagnostic: Diagnostic,
    /// Figures, and what must come out on them; at least one.
    pub witnesses: Vec<Witness>,
}

/// All claims, in source order.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    /// They.
    pub list: Vec<Claim>,
    /// How often it could not be told whether conditions can hold together.
    pub undecided: usize,
}

/// What the parts of the analysis share.
struct Logic<'s> {
    translator: Translator<'s>,
    /// The number of the next class of rows.
    next_class: u32,
    /// See [`Claims::undecided`].
    undecided: usize,
}

/// Looks at a suite.
pub fn analyse(input: Input<'_>) -> Claims {
    let Input { suite, sources, region, period } = input;
    let Some(run) = period.or_else(|| Period::year(OPEN)) else { return Claims::default() };
    let naming = Naming { suite, region, run, settled: period.is_some() };
    let mut logic = Logic { translator: Translator::new(suite, sources, naming), next_class: 0, undecided: 0 };
    let named = cases::named(suite);
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut list = Vec::new();
    // Rules that cannot pass or cannot fail: nothing more is said of them.
    let mut apart: BTreeSet<RuleId> = BTreeSet::new();
    for (at, rule) in suite.rules.iter().enumerate() {
        let id = RuleId(at);
        let own = cases::of_rule(&mut logic.translator, &named, id, rule);
        for settled in parts::look(&mut logic, id, rule, &own) {
            if settled.settles {
                apart.insert(id);
            }
            list.extend(say::settled(&logic, &settled));
        }
        cases.extend(own);
    }
    let groups = groups::of(&mut logic, &cases);
    let mut told: BTreeSet<BTreeSet<RuleId>> = BTreeSet::new();
    let mut torn: BTreeSet<RuleId> = BTreeSet::new();
    for group in &groups {
        for found in conflicts::find(&mut logic, &cases, group, &apart) {
            let rules: BTreeSet<RuleId> =
                found.cases.iter().filter_map(|at| cases.get(*at)).map(|case| case.rule).collect();
            torn.extend(&rules);
            if told.insert(rules) {
                list.extend(say::contradiction(&logic, &cases, &found));
            }
        }
    }
    for found in follows::find(&mut logic, &cases, &groups, &apart, &torn) {
        list.extend(say::redundant(&logic, &cases, &found));
    }
    list.sort_by(|a, b| a.diagnostic.place.cmp(&b.diagnostic.place));
    Claims { list, undecided: logic.undecided }
}
