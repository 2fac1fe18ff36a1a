//! A suite in, the changes to its rules that its tests do not notice out.
//!
//! A mutant is a rule with one small change that a reviewer could overlook: `≥` for `>`, a threshold off by one in its
//! last digit, another year, a condition left out. Where no test comes out otherwise for it, nothing would have shown if
//! the rule had been written so by mistake. Mutants are made of the compiled suite and judged as any rule is.

mod candidates;
mod edit;
mod literal;
mod same;
mod sites;
mod words;

pub(super) use edit::always_beside;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place, Span, each_with, threads};
use crate::data;
use crate::report::mutation::{self, Equivalent, Line, Mutant, Mutation, Subject, Untested};
use crate::report::record::Tool;
use crate::semantics::hir::{RuleId, Suite};

use super::bench::Bench;
use super::{Checked, Stopped};
use candidates::Candidate;

/// What was found, and what there is to say of `suite.toml`.
#[derive(Clone, Debug)]
pub struct Mutated {
    /// How the changed rules came out.
    pub mutation: Mutation,
    /// `[[equivalent]]` entries that are about no change, or about one that a test notices.
    pub stale: Vec<Diagnostic>,
}

/// Why no rule was changed.
#[derive(Clone, Debug)]
pub enum NotMutated {
    /// There is no such rule.
    Stopped(Box<Stopped>),
    /// There are no tests.
    NoTests,
    /// These tests fail on the rules as they are: with them nothing can be told.
    Failing(Vec<String>),
}

impl Mutated {
    /// Was every change noticed that makes a difference, and is nothing else said to make none?
    pub fn passed(&self) -> bool {
        self.mutation.surviving == 0 && self.stale.is_empty()
    }
}

/// What the tests made of a change. The least of several is what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// No test came out otherwise.
    Survived,
    /// No test names a rule that is concerned.
    Untested,
    /// A test came out otherwise.
    Killed,
}

impl Checked {
    /// Changes the rules (all, or those selected) and the formulas they rest on in one place at a time, and says which
    /// changes no test notices.
    ///
    /// # Errors
    /// There is no such rule, or no test, or tests fail on the rules as they are.
    pub fn mutate(&self, select: &[String]) -> Result<Mutated, NotMutated> {
        let selected = self.selected(select).map_err(|found| NotMutated::Stopped(Stopped::configuration(found)))?;
        if self.suite.tests.is_empty() {
            return Err(NotMutated::NoTests);
        }
        let bench = Bench::new(self);
        let failing = bench.failing();
        if !failing.is_empty() {
            return Err(NotMutated::Failing(failing));
        }
        let mut candidates = self.candidates();
        candidates.retain(|candidate| candidate.concerns(&selected));
        let own = || Suite { tests: Vec::new(), ..self.suite.clone() };
        let fates = each_with(&candidates, threads(candidates.len(), 1), own, |suite, candidate| {
            let undo = candidate.apply(suite);
            let noticed = bench.notices(suite, &candidate.affected);
            undo.restore(suite);
            match noticed {
                Some(true) => Fate::Killed,
                Some(false) => Fate::Survived,
                None => Fate::Untested,
            }
        });
        Ok(self.mutated(&selected, &candidates, &fates))
    }

    fn mutated(&self, selected: &BTreeSet<RuleId>, candidates: &[Candidate], fates: &[Fate]) -> Mutated {
        let mut found = Mutation {
            schema: mutation::SCHEMA.to_owned(),
            tool: Tool::own(),
            suite: self.identity.name.clone(),
            rules: selected.len() as u64,
            tests: self.suite.tests.len() as u64,
            mutants: candidates.len() as u64,
            killed: 0,
            surviving: 0,
            equivalent: 0,
            survivors: Vec::new(),
            unchanged: self.unchanged(selected, candidates),
            untested: Vec::new(),
            equivalents: Vec::new(),
        };
        let mut entries: Vec<Entry<'_>> =
            self.config.equivalent.iter().map(|stated| Entry { stated, fate: None }).collect();
        let mut untested: BTreeMap<(Subject, &str), Untested> = BTreeMap::new();
        for (candidate, fate) in candidates.iter().zip(fates) {
            let entry = entries.iter_mut().find(|entry| candidate.goes_by(&entry.stated.rule, &entry.stated.mutant));
            let stated = entry.map(|entry| {
                entry.fate = Some(entry.fate.map_or(*fate, |before| before.min(*fate)));
                Bi::same(entry.stated.reason.clone())
            });
            let reason = stated.clone().or_else(|| candidate.site.same.clone());
            match (fate, reason) {
                (Fate::Killed, _) => found.killed += 1,
                (_, Some(reason)) => {
                    let mutant = self.mutant(candidate);
                    found.equivalents.push(Equivalent { mutant, reason, stated: stated.is_some() });
                }
                (Fate::Survived, None) => found.survivors.push(self.mutant(candidate)),
                (Fate::Untested, None) => {
                    let key = (candidate.subject, candidate.name.as_str());
                    let known = untested.entry(key).or_insert_with(|| Untested {
                        subject: candidate.subject,
                        name: candidate.name.clone(),
                        place: self.line(candidate.declared),
                        mutants: 0,
                    });
                    known.mutants += 1;
                }
            }
        }
        found.untested = untested.into_values().collect();
        found.untested.sort_by(|a, b| a.place.cmp(&b.place));
        found.equivalent = found.equivalents.len() as u64;
        found.surviving = found.mutants - found.killed - found.equivalent;
        // An entry about a rule that was left out may well be right.
        let whole = selected.len() == self.suite.rules.len();
        let looked_at = |entry: &&Entry<'_>| {
            whole
                || selected.iter().any(|id| self.suite.rules.get(id.0).is_some_and(|rule| rule.id == entry.stated.rule))
        };
        let stale = entries.iter().filter(looked_at).filter_map(|entry| self.stale(entry)).collect();
        Mutated { mutation: found, stale }
    }

    /// The rules that no change concerns.
    fn unchanged(&self, selected: &BTreeSet<RuleId>, candidates: &[Candidate]) -> Vec<String> {
        let concerned: BTreeSet<RuleId> =
            candidates.iter().flat_map(|candidate| &candidate.affected).copied().collect();
        let rules = selected.difference(&concerned).filter_map(|id| self.suite.rules.get(id.0));
        rules.map(|rule| rule.id.clone()).collect()
    }

    fn mutant(&self, candidate: &Candidate) -> Mutant {
        let told = &candidate.site.told;
        Mutant {
            id: candidate.id.clone(),
            subject: candidate.subject,
            name: candidate.name.clone(),
            place: self.line(candidate.site.at),
            change: told.change.clone(),
            gloss: told.gloss.clone(),
            kill: told.kill.clone(),
        }
    }

    /// The line of a place in a rule file.
    pub(super) fn line(&self, at: Span) -> Line {
        let file = self.sources.get(at.file);
        let line = file.map_or(0, |file| file.line_column(at.range().start).0);
        Line { file: file.map(|file| file.path.clone()).unwrap_or_default(), line: line as u64 }
    }

    /// What is wrong with an entry of `suite.toml` that excuses no surviving change.
    fn stale(&self, entry: &Entry<'_>) -> Option<Diagnostic> {
        let data::Equivalent { rule, mutant, line, .. } = entry.stated;
        let message = match entry.fate {
            Some(Fate::Survived | Fate::Untested) => return None,
            Some(Fate::Killed) => Bi::new(
                format!("`{rule}` 的改动 `{mutant}` 写明发现不了，但有测试发现了它"),
                format!("change `{mutant}` of `{rule}` is said to make no difference, but a test notices it"),
            ),
            None => Bi::new(
                format!("`{rule}` 没有 `{mutant}` 这一改动"),
                format!("no change `{mutant}` is made to `{rule}`"),
            ),
        };
        let place =
            Place::Data { path: self.config.path.clone(), sheet: None, row: Some(*line), column: None, cell: None };
        Some(Diagnostic::at(&codes::STALE_EQUIVALENT, place, message).help(Bi::new(
            "请删去这一条，或照 `duixian test --mutate` 列出的写法更正",
            "take the entry out, or write it as `duixian test --mutate` lists it",
        )))
    }
}

/// An entry of `suite.toml`, and what became of the change that it names.
struct Entry<'a> {
    stated: &'a data::Equivalent,
    fate: Option<Fate>,
}
