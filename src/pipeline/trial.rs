//! A suite's tests in, how each came out out: a test is a run on given rows, with expected verdicts.
//!
//! Goes the same way as any run; knows no other way to reach a verdict.

use jiff::civil::Date;

use crate::base::codes::data;
use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Severity, Span};
use crate::engine::embedded::Embedded;
use crate::engine::{Context, Engine};
use crate::quantity::Period;
use crate::report::record::{Finding, Verdict};
use crate::report::verdict_of;
use crate::semantics::hir::{Expectation, Rule, RuleId, Suite, Test};
use crate::verdict::{self, Case, JudgedRule, Judgement, Prepared};

use super::{Checked, Data, Judged, Request};

/// How a test came out.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What it shows.
    pub title: String,
    /// Its declaration.
    pub span: Span,
    /// What is wrong with what it gives; with errors nothing was judged.
    pub diagnostics: Vec<Diagnostic>,
    /// Its expectations, in order.
    pub expected: Vec<Expected>,
}

/// How an expectation came out.
#[derive(Clone, Debug)]
pub struct Expected {
    /// `D210[教育局, 2021]`
    pub case: String,
    /// Where it stands.
    pub span: Span,
    /// What was expected.
    pub verdict: Verdict,
    /// What came out.
    pub actual: Actual,
    /// What there is to say of the cases that came out otherwise.
    pub findings: Vec<Finding>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actual {
    /// The verdict: the expected one, or that of the first case that came out otherwise.
    Verdict(Verdict),
    /// The rule has no such case; these are the cases it has.
    NoCase(Vec<String>),
}

impl Expected {
    /// Did it come out as expected?
    pub fn met(&self) -> bool {
        self.actual == Actual::Verdict(self.verdict)
    }
}

impl Trial {
    /// Did everything come out as expected?
    pub fn passed(&self) -> bool {
        !self.broken() && self.expected.iter().all(Expected::met)
    }

    /// Could it not be judged?
    pub fn broken(&self) -> bool {
        broken(&self.diagnostics)
    }
}

/// Is what a test gives so wrong that nothing can be judged on it? A key that stands twice is not: rules on keys are tested
/// with such rows, and they are judged as a file's would be.
pub(super) fn broken(diagnostics: &[Diagnostic]) -> bool {
    let twice = |diagnostic: &Diagnostic| diagnostic.code.code == data::DUPLICATE_KEY.code;
    diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error && !twice(diagnostic))
}

impl Checked {
    /// Runs all tests of the suite, in source order.
    pub fn trials(&self) -> impl Iterator<Item = Trial> {
        self.suite.tests.iter().map(|test| self.trial(test))
    }

    fn trial(&self, test: &Test) -> Trial {
        let mut trial =
            Trial { title: test.title.clone(), span: test.span, diagnostics: Vec::new(), expected: Vec::new() };
        let Some(period) = test.period.or(self.config.period) else {
            trial.diagnostics.push(
                Diagnostic::rule(
                    &codes::NO_PERIOD,
                    test.span,
                    Bi::new(
                        format!("测试 `{}` 没有期间，suite.toml 里也没有", test.title),
                        format!("test `{}` has no period, and neither has suite.toml", test.title),
                    ),
                )
                .help(Bi::new("请在测试里写 `期间 2021`", "write `period 2021` in the test")),
            );
            return trial;
        };
        let data = self.given(test, period);
        trial.diagnostics = data.diagnostics().to_vec();
        let rule_id = |expectation: &Expectation| self.suite.rules.get(expectation.rule.0).map(|rule| rule.id.clone());
        let request = Request {
            period: Some(period),
            as_of: test.as_of,
            select: test.expect.iter().filter_map(rule_id).collect(),
            max_findings: Some(usize::MAX),
            passes: false,
            stamp: None,
        };
        if trial.broken() {
            return trial;
        }
        match self.plan(&request) {
            Ok(planned) => {
                let judged = planned.measure(data).judge();
                trial.expected = test.expect.iter().filter_map(|e| self.compare(&judged, e)).collect();
            }
            Err(stopped) => trial.diagnostics.extend(stopped.diagnostics),
        }
        trial
    }

    /// Judges some rules on what a test submits, with the suite as it is or with a changed one; no findings.
    pub(super) fn judge_some(
        &self,
        suite: &Suite,
        data: &Data,
        period: Period,
        as_of: Date,
        rules: &[RuleId],
    ) -> Judgement {
        let prepared = Prepared::new(suite, rules, period);
        let context = Context { suite, submission: &data.submission, standards: &data.outside.standards, period };
        // What a test gives is never too much.
        let measurement = Embedded::default().measure(&context, prepared.plan()).unwrap_or_default();
        let options =
            verdict::Options { as_of, max_findings: 0, shared: None, in_all: None, passes: false, steps: false };
        verdict::judge(&Embedded::default(), &context, &prepared, &measurement, &options, &data.outside.waivers.entries)
    }

    fn compare(&self, judged: &Judged<'_>, expectation: &Expectation) -> Option<Expected> {
        let rule = self.suite.rules.get(expectation.rule.0)?;
        let outcome = judged.judgement.rules.iter().find(|outcome| outcome.rule == expectation.rule)?;
        let verdict = verdict_of(expectation.verdict);
        let Met { whole, cases, otherwise } = Met::new(outcome, expectation);
        let actual = match (whole, otherwise.first(), cases.is_empty()) {
            (true, ..) => Actual::Verdict(verdict_of(outcome.verdict)),
            (false, _, true) => Actual::NoCase(outcome.cases.iter().map(|case| case_name(rule, &case)).collect()),
            (false, Some(case), false) => Actual::Verdict(verdict_of(case.verdict)),
            (false, None, false) => Actual::Verdict(verdict),
        };
        let mut expected = Expected {
            case: self.expected_name(rule, expectation),
            span: expectation.span,
            verdict,
            actual,
            findings: Vec::new(),
        };
        if !expected.met() {
            expected.findings = findings(judged, rule, &otherwise);
        }
        Some(expected)
    }

    fn expected_name(&self, rule: &Rule, expectation: &Expectation) -> String {
        let members = rule.for_each.iter().filter_map(|dim| expectation.members.get(dim).cloned());
        name(rule, members.chain(expectation.period.as_ref().map(Period::to_string)).collect())
    }
}

/// The cases that an expectation is about.
struct Met {
    /// It is about the rule as a whole.
    whole: bool,
    cases: Vec<Case>,
    /// Cases to speak of if it is not met.
    otherwise: Vec<Case>,
}

impl Met {
    fn new(outcome: &JudgedRule, expectation: &Expectation) -> Self {
        let whole = expectation.members.is_empty() && expectation.period.is_none();
        let cases: Vec<Case> = outcome.cases.iter().filter(|case| matches(case, expectation)).collect();
        let otherwise = cases.iter().filter(|case| whole || case.verdict != expectation.verdict).cloned().collect();
        Met { whole, cases, otherwise }
    }
}

/// Did a rule come out as expected?
pub(super) fn meets(outcome: &JudgedRule, expectation: &Expectation) -> bool {
    let Met { whole, cases, otherwise } = Met::new(outcome, expectation);
    if whole { outcome.verdict == expectation.verdict } else { !cases.is_empty() && otherwise.is_empty() }
}

/// Is it the case, or one of the cases, that is meant?
fn matches(case: &Case, expectation: &Expectation) -> bool {
    expectation.period.is_none_or(|period| period == case.period)
        && expectation.members.iter().all(|(dim, wanted)| {
            case.members.iter().any(|(has, member)| has == dim && member.as_deref() == Some(wanted.as_str()))
        })
}

fn findings(judged: &Judged<'_>, rule: &Rule, cases: &[Case]) -> Vec<Finding> {
    let record = judged.record();
    let Some(found) = record.rules.iter().find(|found| found.id == rule.id) else { return Vec::new() };
    // The record's findings are those of the judgement in another order: they are told apart by case.
    let same = |finding: &&Finding, case: &Case| {
        finding.period == case.period.to_string()
            && finding.scope.len() == case.members.len()
            && finding
                .scope
                .values()
                .zip(&*case.members)
                .all(|(shown, (_, member))| Some(shown.as_str()) == member.as_deref())
    };
    found.findings.iter().filter(|finding| cases.iter().any(|case| same(finding, case))).cloned().collect()
}

fn case_name(rule: &Rule, case: &Case) -> String {
    let members = case.members.iter().map(|(_, member)| member.as_deref().unwrap_or("?").to_owned());
    name(rule, members.chain([case.period.to_string()]).collect())
}

fn name(rule: &Rule, parts: Vec<String>) -> String {
    if parts.is_empty() { rule.id.clone() } else { format!("{}[{}]", rule.id, parts.join(", ")) }
}
