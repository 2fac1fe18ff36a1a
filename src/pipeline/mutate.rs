//! A suite's tests in, the mutants of its rules that no test notices out.
//!
//! A mutant is a rule with one small change that a reviewer could overlook: `≥` for `>`, a threshold off by one in its
//! last digit, another year, a condition left out. Where no test comes out otherwise for it, nothing would have shown if
//! the rule had been written so by mistake. Mutants are made of compiled rules and judged as any rule is.

mod bench;
mod coverage;
mod labels;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Bi, Diagnostic, Place, Span};
use crate::data::Equivalent;
use crate::semantics::hir::{Expr, ExprKind, IndicatorId, Requirement, Rule, RuleId, Suite};

use super::Checked;
use bench::Bench;
pub use coverage::{Clause, Coverage, Seen};

/// A rule, or the formula of an indicator, with one change.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The rule's id, or the indicator's name.
    pub of: String,
    /// What the suite calls the mutant by in `[[equivalent]]`: `≥ 10% → > 10%`, with `#2` if the change can be made twice.
    pub name: String,
    /// Where the change is made.
    pub span: Span,
    /// A test that would notice it.
    pub hint: Bi,
    /// How it came out.
    pub fate: Fate,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A test came out otherwise.
    Killed,
    /// None did.
    Survived,
    /// None did, and the suite says why none can.
    Equivalent(String),
}

/// How the mutants of a suite came out.
#[derive(Clone, Debug, Default)]
pub struct Mutation {
    /// In source order of what they are made of.
    pub mutants: Vec<Mutant>,
    /// Tests that do not come out as expected even without mutants: with these nothing can be told.
    pub failing: Vec<String>,
    /// `[[equivalent]]` entries that fit no surviving mutant.
    pub stale: Vec<Diagnostic>,
}

impl Mutation {
    /// How many came out so.
    pub fn count(&self, fate: impl Fn(&Fate) -> bool) -> usize {
        self.mutants.iter().filter(|mutant| fate(&mutant.fate)).count()
    }

    /// Is every mutant killed or known to be equivalent?
    pub fn passed(&self) -> bool {
        self.failing.is_empty() && self.stale.is_empty() && self.count(|fate| *fate == Fate::Survived) == 0
    }
}

/// What a mutant puts in place of what stands there.
#[derive(Clone, Debug)]
enum Change {
    Rule(RuleId, Box<Rule>),
    Body(IndicatorId, Box<Expr>),
}

/// A change, and the rules that it could make come out otherwise.
#[derive(Clone, Debug)]
struct Candidate {
    mutant: Mutant,
    change: Change,
    rules: Vec<RuleId>,
}

impl Checked {
    /// Makes every mutant of the selected rules (of all, if none is named) and of the indicators they use, and runs the
    /// tests that name these rules.
    pub fn mutate(&self, select: &[String]) -> Mutation {
        let suite = &self.suite;
        let selected = |rule: &Rule| select.is_empty() || select.contains(&rule.id);
        let rules: Vec<RuleId> =
            suite.rules.iter().enumerate().filter(|(_, rule)| selected(rule)).map(|(at, _)| RuleId(at)).collect();
        let bench = Bench::new(self);
        let failing = bench.failing();
        if !failing.is_empty() {
            return Mutation { failing, ..Mutation::default() };
        }
        let mut candidates = self.candidates(&rules);
        bench.run(&mut candidates);
        let mut mutants: Vec<Mutant> = candidates.into_iter().map(|candidate| candidate.mutant).collect();
        let stale = self.excuse(&mut mutants, select.is_empty());
        Mutation { mutants, failing, stale }
    }

    fn candidates(&self, rules: &[RuleId]) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let mut users: BTreeMap<IndicatorId, Vec<RuleId>> = BTreeMap::new();
        for id in rules {
            let Some(rule) = self.suite.rules.get(id.0) else { continue };
            for (changed, label) in variants::of_rule(self, rule) {
                candidates.push(Candidate {
                    mutant: label.mutant(rule.id.clone()),
                    change: Change::Rule(*id, Box::new(changed)),
                    rules: vec![*id],
                });
            }
            let mut used = BTreeSet::new();
            conditions(rule).for_each(|expr| indicators(&self.suite, expr, &mut used));
            used.into_iter().for_each(|indicator| users.entry(indicator).or_default().push(*id));
        }
        for (id, rules) in users {
            let Some(indicator) = self.suite.indicators.get(id.0) else { continue };
            let own = self.own.contains(&indicator.span.file);
            let Some(body) = indicator.body.as_ref().filter(|_| own) else { continue };
            for (changed, label) in variants::of_expr(self, body) {
                candidates.push(Candidate {
                    mutant: label.mutant(indicator.name.clone()),
                    change: Change::Body(id, Box::new(changed)),
                    rules: rules.clone(),
                });
            }
        }
        // A change that can be made in several places of one rule is told apart by its number.
        let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
        for Candidate { mutant, .. } in &mut candidates {
            let count = seen.entry((mutant.of.clone(), mutant.name.clone())).or_default();
            *count += 1;
            if *count > 1 {
                mutant.name = format!("{} #{count}", mutant.name);
            }
        }
        candidates.sort_by_key(|candidate| candidate.mutant.span);
        candidates
    }

    /// Takes the suite's word for mutants that cannot be told from the rule; says which entries fit none that survived.
    fn excuse(&self, mutants: &mut [Mutant], whole: bool) -> Vec<Diagnostic> {
        let mut stale = Vec::new();
        for entry in &self.config.equivalent {
            let fits = |mutant: &&mut Mutant| {
                mutant.of == entry.rule && mutant.name == entry.mutant && mutant.fate == Fate::Survived
            };
            match mutants.iter_mut().find(fits) {
                Some(mutant) => mutant.fate = Fate::Equivalent(entry.reason.clone()),
                None if whole => stale.push(labels::stale(entry, self.place_of(entry))),
                None => {}
            }
        }
        stale
    }

    fn place_of(&self, entry: &Equivalent) -> Place {
        Place::Data { path: self.config.path.clone(), sheet: None, row: Some(entry.line), column: None, cell: None }
    }
}

/// The conditions of a rule, over its cases or its rows.
fn conditions(rule: &Rule) -> impl Iterator<Item = &Expr> {
    let requirement: Vec<&Expr> = match &rule.requirement {
        Requirement::Case(condition) => vec![condition],
        Requirement::Rows { when, condition, .. } => when.iter().chain([condition]).collect(),
    };
    rule.when.iter().chain(requirement)
}

/// The computed indicators that an expression rests on, through others too.
fn indicators(suite: &Suite, expr: &Expr, used: &mut BTreeSet<IndicatorId>) {
    let id = match &expr.kind {
        ExprKind::Indicator(id) => Some(*id),
        ExprKind::Change { official, .. } | ExprKind::YearlyGrowth { official, .. } => *official,
        _ => None,
    };
    if let Some(body) = id.and_then(|id| suite.indicators.get(id.0)).and_then(|indicator| indicator.body.as_ref())
        && id.is_some_and(|id| used.insert(id))
    {
        indicators(suite, body, used);
    }
    expr.for_each_child(&mut |child| indicators(suite, child, used));
}
