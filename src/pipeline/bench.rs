//! Where changed rules are tried: the suite's tests, with what they submit read once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::{each, threads};
use crate::quantity::Period;
use crate::semantics::hir::{Expectation, RuleId, Suite, Test};
use crate::verdict::JudgedRule;

use super::{Checked, Data, trial};

/// A suite's tests, ready to be run on changed rules.
pub(super) struct Bench<'a> {
    checked: &'a Checked,
    tests: Vec<Ready<'a>>,
    /// Which tests name a rule: indices into `tests`.
    by_rule: BTreeMap<RuleId, Vec<usize>>,
    /// Titles of tests that could not be made ready.
    broken: Vec<String>,
}

struct Ready<'a> {
    test: &'a Test,
    data: Data,
    period: Period,
    as_of: Date,
}

impl Ready<'_> {
    fn rules(&self) -> BTreeSet<RuleId> {
        self.test.expect.iter().map(|expectation| expectation.rule).collect()
    }
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
            let as_of = test.as_of.unwrap_or_else(|| period.last_day());
            let ready = Ready { test, data, period, as_of };
            for rule in ready.rules() {
                bench.by_rule.entry(rule).or_default().push(bench.tests.len());
            }
            bench.tests.push(ready);
        }
        bench
    }

    /// Titles of tests that do not come out as expected.
    pub fn failing(&self) -> Vec<String> {
        let expected = each(&self.tests, threads(self.tests.len(), 1), |ready| {
            self.as_expected(&self.checked.suite, ready, &ready.rules())
        });
        let failing = self.tests.iter().zip(expected).filter(|(_, expected)| !expected);
        self.broken.iter().cloned().chain(failing.map(|(ready, _)| ready.test.title.clone())).collect()
    }

    /// Does a test that names one of these rules come out otherwise with this suite? `None` if no test names one.
    pub fn notices(&self, suite: &Suite, rules: &BTreeSet<RuleId>) -> Option<bool> {
        let naming: BTreeSet<usize> =
            rules.iter().filter_map(|rule| self.by_rule.get(rule)).flatten().copied().collect();
        let mut ready = naming.iter().filter_map(|at| self.tests.get(*at));
        let otherwise = |ready: &Ready<'_>| {
            let named = ready.rules().intersection(rules).copied().collect();
            !self.as_expected(suite, ready, &named)
        };
        (!naming.is_empty()).then(|| ready.any(otherwise))
    }

    /// Do all expectations of a test about these rules come out as expected?
    fn as_expected(&self, suite: &Suite, ready: &Ready<'_>, rules: &BTreeSet<RuleId>) -> bool {
        let judged = self.judge(suite, ready, rules, ready.as_of);
        let about = |expectation: &&Expectation| rules.contains(&expectation.rule);
        ready.test.expect.iter().filter(about).all(|expectation| {
            let outcome = judged.iter().find(|outcome| outcome.rule == expectation.rule);
            outcome.is_some_and(|outcome| trial::meets(outcome, expectation))
        })
    }

    fn judge(&self, suite: &Suite, ready: &Ready<'_>, rules: &BTreeSet<RuleId>, as_of: Date) -> Vec<JudgedRule> {
        let rules: Vec<RuleId> = rules.iter().copied().collect();
        self.checked.judge_some(suite, &ready.data, ready.period, as_of, &rules).rules
    }

    /// How a rule of this suite comes out in every test that names it, on a day when nothing is pending any more.
    pub fn in_the_end(&self, suite: &Suite, rule: RuleId) -> Vec<JudgedRule> {
        let tests = self.by_rule.get(&rule).map(Vec::as_slice).unwrap_or_default();
        let ready = tests.iter().filter_map(|at| self.tests.get(*at));
        ready.flat_map(|ready| self.judge(suite, ready, &BTreeSet::from([rule]), Date::MAX)).collect()
    }
}
