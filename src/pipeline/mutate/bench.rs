//! Where mutants are tried: the suite's tests with what they submit, read once.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::pipeline::trial;
use crate::pipeline::{Checked, Data};
use crate::quantity::Period;
use crate::semantics::hir::{Expectation, RuleId, Suite, Test};
use crate::verdict::JudgedRule;

use super::{Candidate, Change, Fate};

/// A suite's tests, ready to be run on changed rules.
pub(super) struct Bench<'a> {
    checked: &'a Checked,
    tests: Vec<Ready<'a>>,
    /// Which tests name a rule: indices into `tests`.
    by_rule: BTreeMap<RuleId, Vec<usize>>,
    /// Tests that could not be made ready.
    broken: Vec<String>,
}

struct Ready<'a> {
    test: &'a Test,
    data: Data,
    period: Period,
    as_of: Date,
}

impl<'a> Bench<'a> {
    pub fn new(checked: &'a Checked) -> Self {
        let mut bench = Bench { checked, tests: Vec::new(), by_rule: BTreeMap::new(), broken: Vec::new() };
        for test in &checked.suite.tests {
            let Some(period) = test.period.or(checked.config.period) else {
                bench.broken.push(test.title.clone());
                continue;
            };
            let data = checked.given(test, period);
            if trial::broken(data.diagnostics()) {
                bench.broken.push(test.title.clone());
                continue;
            }
            let at = bench.tests.len();
            for expectation in &test.expect {
                let tests = bench.by_rule.entry(expectation.rule).or_default();
                if tests.last() != Some(&at) {
                    tests.push(at);
                }
            }
            bench.tests.push(Ready { test, data, period, as_of: test.as_of.unwrap_or_else(|| period.last_day()) });
        }
        bench
    }

    /// Titles of tests that do not come out as expected.
    pub fn failing(&self) -> Vec<String> {
        let mut failing = self.broken.clone();
        for ready in &self.tests {
            let mut rules: Vec<RuleId> = ready.test.expect.iter().map(|expectation| expectation.rule).collect();
            rules.sort_unstable();
            rules.dedup();
            if !self.as_expected(&self.checked.suite, ready, &rules) {
                failing.push(ready.test.title.clone());
            }
        }
        failing
    }

    /// Do all expectations of a test about these rules come out as expected?
    fn as_expected(&self, suite: &Suite, ready: &Ready<'_>, rules: &[RuleId]) -> bool {
        let judged = self.judge(suite, ready, rules);
        let about = |expectation: &&Expectation| rules.contains(&expectation.rule);
        ready.test.expect.iter().filter(about).all(|expectation| {
            let outcome = judged.iter().find(|outcome| outcome.rule == expectation.rule);
            outcome.is_some_and(|outcome| trial::meets(outcome, expectation))
        })
    }

    fn judge(&self, suite: &Suite, ready: &Ready<'_>, rules: &[RuleId]) -> Vec<JudgedRule> {
        self.checked.judge_some(suite, &ready.data, ready.period, ready.as_of, rules).rules
    }

    /// Tries every candidate, on as many threads as there are processors.
    pub fn run(&self, candidates: &mut [Candidate]) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = candidates.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            for some in candidates.chunks_mut(share) {
                scope.spawn(|| {
                    let mut suite = self.checked.suite.clone();
                    for candidate in some {
                        if self.kills(&mut suite, candidate) {
                            candidate.mutant.fate = Fate::Killed;
                        }
                    }
                });
            }
        });
    }

    /// Does a test come out otherwise for a candidate? The suite is as it was when this returns.
    fn kills(&self, suite: &mut Suite, candidate: &mut Candidate) -> bool {
        candidate.change.swap(suite);
        let killed = candidate.rules.iter().any(|rule| {
            let tests = self.by_rule.get(rule).map(Vec::as_slice).unwrap_or_default();
            let mut ready = tests.iter().filter_map(|at| self.tests.get(*at));
            ready.any(|ready| !self.as_expected(suite, ready, &[*rule]))
        });
        candidate.change.swap(suite);
        killed
    }

    /// Every case that the tests have of a rule, judged with `suite`.
    pub fn cases(&self, suite: &Suite, rule: RuleId) -> Vec<JudgedRule> {
        let tests = self.by_rule.get(&rule).map(Vec::as_slice).unwrap_or_default();
        let ready = tests.iter().filter_map(|at| self.tests.get(*at));
        ready.flat_map(|ready| self.judge(suite, ready, &[rule])).collect()
    }
}

impl Change {
    /// Puts the change in its place, and what stood there in the change.
    pub(super) fn swap(&mut self, suite: &mut Suite) {
        match self {
            Change::Rule(id, rule) => {
                if let Some(place) = suite.rules.get_mut(id.0) {
                    std::mem::swap(place, rule);
                }
            }
            Change::Body(id, body) => {
                if let Some(place) = suite.indicators.get_mut(id.0).and_then(|indicator| indicator.body.as_mut()) {
                    std::mem::swap(place, body);
                }
            }
        }
    }
}
