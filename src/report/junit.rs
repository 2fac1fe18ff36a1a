//! A record in, JUnit XML out, for build servers: a test suite for each kind, a test case for each rule.
//!
//! Keeps to the schema of Apache Ant's JUnit task, which is stricter than what other programs read. What fails a run is a
//! `failure`; what leaves it open (error, borderline, missing) an `error`; pending, waived and not applicable rules are
//! `skipped`. Rules of a kind that does not count never fail: theirs is a `skipped` with its reason.

use crate::base::Lang;

use super::html::escape;
use super::outcome::counts;
use super::record::{Finding, Kind, Record, Rule, Verdict};
use super::words::{self, pick};

/// How a test case came out.
enum Status {
    Success,
    Failure,
    Error,
    Skipped,
}

/// The report of a run; `fail_on` is the least kind whose failure fails it.
pub fn render(record: &Record, fail_on: Kind, lang: Lang) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    let kinds = [Kind::Binding, Kind::Expected, Kind::Advisory];
    let of = |kind: Kind| record.rules.iter().filter(move |rule| rule.kind == kind).collect::<Vec<&Rule>>();
    let suites = kinds.into_iter().map(|kind| (kind, of(kind))).filter(|(_, rules)| !rules.is_empty());
    for (id, (kind, rules)) in suites.enumerate() {
        let count = |wanted: fn(&Status) -> bool| {
            rules.iter().filter(|rule| wanted(&status(rule, counts(kind, fail_on)))).count()
        };
        // The record knows no wall clock: the day is the one that was judged on, and nothing took time.
        text.push_str(&format!(
            "  <testsuite id=\"{id}\" name=\"{}\" package=\"{}\" timestamp=\"{}T00:00:00\" hostname=\"localhost\" \
             tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\">\n    <properties>\n",
            words::kind(kind, lang),
            escape(&record.suite.name),
            escape(&record.as_of),
            rules.len(),
            count(|status| matches!(status, Status::Failure)),
            count(|status| matches!(status, Status::Error)),
            count(|status| matches!(status, Status::Skipped)),
        ));
        let properties = [
            ("suite.sha256", &record.suite.sha256),
            ("period", &record.period),
            ("as_of", &record.as_of),
            ("tool.version", &record.tool.version),
        ];
        for (name, value) in properties {
            text.push_str(&format!("      <property name=\"{name}\" value=\"{}\"/>\n", escape(value)));
        }
        text.push_str("    </properties>\n");
        for rule in rules {
            case(&mut text, record, rule, counts(kind, fail_on), lang);
        }
        text.push_str("    <system-out/>\n    <system-err/>\n  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(text: &mut String, record: &Record, rule: &Rule, counts: bool, lang: Lang) {
    let title = if rule.title == rule.id { rule.id.clone() } else { format!("{} {}", rule.id, rule.title) };
    text.push_str(&format!(
        "    <testcase name=\"{}\" classname=\"{}.{}\" time=\"0\"",
        escape(&title),
        escape(&record.suite.name),
        words::kind(rule.kind, Lang::En)
    ));
    let status = status(rule, counts);
    let name = match status {
        Status::Success => {
            text.push_str("/>\n");
            return;
        }
        Status::Failure => "failure",
        Status::Error => "error",
        Status::Skipped => "skipped",
    };
    // A skipped case has no type.
    let kind = match status {
        Status::Skipped => String::new(),
        _ => format!(" type=\"{}\"", words::verdict(rule.verdict, Lang::En)),
    };
    let message = escape(&message(rule, lang));
    text.push_str(&format!(
        ">\n      <{name} message=\"{message}\"{kind}>{}</{name}>\n    </testcase>\n",
        told(rule, lang)
    ));
}

fn status(rule: &Rule, counts: bool) -> Status {
    let fails = rule.verdict == Verdict::Fail || rule.cases.fail > 0;
    let open = matches!(rule.verdict, Verdict::Error | Verdict::Borderline | Verdict::Missing);
    match rule.verdict {
        Verdict::Pass => Status::Success,
        _ if fails && counts => Status::Failure,
        _ if open && counts => Status::Error,
        _ => Status::Skipped,
    }
}

/// The verdict, with what is most to be said of it: `豁免：区财政局 2021-03-01 批准，有效至 2021-12-31`.
fn message(rule: &Rule, lang: Lang) -> String {
    let name = words::verdict(rule.verdict, lang);
    let finding = rule.findings.iter().find(|finding| finding.verdict == rule.verdict);
    let most = finding.and_then(|finding| {
        let waiver = finding.waiver.as_ref().and_then(|waiver| words::waiver(waiver, lang).into_iter().next());
        waiver.or_else(|| words::pace(finding, lang)).or_else(|| Some(finding.advice.first()?.get(lang).to_owned()))
    });
    most.map_or_else(|| name.to_owned(), |most| format!("{name}{}{most}", pick(lang, "：", ": ")))
}

/// What there is to say of the rule's cases, a line each.
fn told(rule: &Rule, lang: Lang) -> String {
    let lines: Vec<String> = rule.findings.iter().map(|finding| escape(&line(finding, lang))).collect();
    lines.join("\n")
}

fn line(finding: &Finding, lang: Lang) -> String {
    let scope: Vec<&str> = finding.scope.values().map(String::as_str).chain([finding.period.as_str()]).collect();
    let mut parts = vec![format!("{} {}", scope.join(", "), words::verdict(finding.verdict, lang))];
    parts.extend(finding.waiver.iter().flat_map(|waiver| words::waiver(waiver, lang)));
    parts.extend(words::would_be(finding, lang));
    parts.extend(finding.explain.clone());
    parts.extend(words::pace(finding, lang));
    parts.extend(finding.advice.iter().map(|advice| advice.get(lang).to_owned()));
    let cells = finding.evidence.iter();
    parts.extend(
        cells.filter_map(|figure| words::cells(figure, lang, |source| words::place(source, lang), str::to_owned)),
    );
    parts.join(pick(lang, "；", "; "))
}
