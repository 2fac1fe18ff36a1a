//! A record in, JUnit XML out, for build servers: a test suite for each kind, a test case for each rule.
//!
//! What fails a run is a `failure`; what leaves it open (error, borderline, missing) an `error`; pending, waived and not
//! applicable rules are `skipped`. Rules of a kind that does not count never fail: theirs is a `skipped` with its reason.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::base::Lang;

use super::layout::clean;
use super::outcome::counts;
use super::record::{Kind, Record, Rule, Verdict};
use super::words::{self, pick};

/// The report of a run; `fail_on` is the least kind whose failure fails it.
///
/// # Errors
/// Never in practice: the texts are cleaned of what XML cannot hold.
pub fn render(record: &Record, fail_on: Kind, lang: Lang) -> Result<String, SerializeError> {
    let mut report = Report::new(clean(&record.suite.name));
    for kind in [Kind::Binding, Kind::Expected, Kind::Advisory] {
        let rules: Vec<&Rule> = record.rules.iter().filter(|rule| rule.kind == kind).collect();
        if rules.is_empty() {
            continue;
        }
        let mut suite = TestSuite::new(words::kind(kind, lang));
        for rule in rules {
            let mut case = TestCase::new(
                format!("{} {}", clean(&rule.id), clean(&rule.title)),
                status(rule, counts(kind, fail_on), lang),
            );
            case.set_classname(format!("{}.{}", clean(&record.suite.name), words::kind(kind, Lang::En)));
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn status(rule: &Rule, counts: bool, lang: Lang) -> TestCaseStatus {
    let name = words::verdict(rule.verdict, lang);
    let fails = rule.verdict == Verdict::Fail || rule.cases.fail > 0;
    let open = matches!(rule.verdict, Verdict::Error | Verdict::Borderline | Verdict::Missing);
    let mut status = match rule.verdict {
        Verdict::Pass => return TestCaseStatus::success(),
        _ if fails && counts => TestCaseStatus::non_success(NonSuccessKind::Failure),
        _ if open && counts => TestCaseStatus::non_success(NonSuccessKind::Error),
        _ => TestCaseStatus::skipped(),
    };
    status.set_message(name).set_type(words::verdict(rule.verdict, Lang::En));
    if !matches!(status, TestCaseStatus::Skipped { .. }) {
        status.set_description(told(rule, lang));
    }
    status
}

/// What there is to say of the rule's cases, a line each.
fn told(rule: &Rule, lang: Lang) -> String {
    let mut lines: Vec<String> = Vec::new();
    for finding in &rule.findings {
        let scope: Vec<&str> = finding.scope.values().map(String::as_str).chain([finding.period.as_str()]).collect();
        let mut parts = vec![format!("{} {}", scope.join(", "), words::verdict(finding.verdict, lang))];
        parts.extend(finding.waiver.iter().flat_map(|waiver| words::waiver(waiver, lang)));
        parts.extend(finding.explain.clone());
        parts.extend(finding.advice.iter().map(|advice| advice.get(lang).to_owned()));
        let places = finding.evidence.iter().filter_map(|figure| figure.source.as_ref());
        parts.extend(places.map(|source| words::place(source, lang)));
        lines.push(clean(&parts.join(pick(lang, "；", "; "))));
    }
    lines.join("\n")
}
