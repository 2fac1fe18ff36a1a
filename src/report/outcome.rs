//! A record in, the run's outcome out: what the exit code and the report's last sentence say.

use crate::base::Lang;

use super::record::{Counts, Kind, Record, Rule, Verdict};
use super::words;

/// How a run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every rule that counts passes, or is waived, pending or not applicable.
    Met,
    /// A rule that counts fails.
    Failed,
    /// No rule that counts fails, but one is missing, borderline or in error, or a file could not be read.
    Open,
}

impl Outcome {
    /// The exit code of a run.
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::Met => 0,
            Outcome::Failed => 1,
            Outcome::Open => 4,
        }
    }
}

/// Verdicts that leave a run open.
pub const OPEN: [Verdict; 3] = [Verdict::Error, Verdict::Borderline, Verdict::Missing];

/// How the run came out, counting rules that bind at least as much as `fail_on`.
pub fn outcome(record: &Record, fail_on: Kind) -> Outcome {
    let counted = counted(record, fail_on);
    if counted.fail > 0 || hidden_failure(record, fail_on) {
        Outcome::Failed
    } else if doubtful(record) || OPEN.iter().any(|verdict| counted.of(*verdict) > 0) {
        Outcome::Open
    } else {
        Outcome::Met
    }
}

/// Was anything submitted that could not be read, or that contradicts itself? Then nobody can say that all is well.
fn doubtful(record: &Record) -> bool {
    !record.unreadable.is_empty() || record.remarks.iter().any(|remark| remark.code.starts_with('E'))
}

/// A rule is its worst case, and an error is worse than a failure: a failing case counts all the same.
fn hidden_failure(record: &Record, fail_on: Kind) -> bool {
    record.rules.iter().any(|rule| counts(rule.kind, fail_on) && rule.cases.fail > 0)
}

/// Does a kind count when a run fails on `fail_on`?
pub fn counts(kind: Kind, fail_on: Kind) -> bool {
    let weight = |kind| match kind {
        Kind::Binding => 2,
        Kind::Expected => 1,
        Kind::Advisory => 0,
    };
    weight(kind) >= weight(fail_on)
}

/// The rules that count, by verdict.
pub fn counted(record: &Record, fail_on: Kind) -> Counts {
    let mut total = Counts::default();
    record.rules.iter().filter(|rule| counts(rule.kind, fail_on)).for_each(|rule| total.add(rule.verdict));
    total
}

/// The outcome in words, one sentence or more.
pub fn sentences(record: &Record, fail_on: Kind, lang: Lang) -> String {
    let counted = counted(record, fail_on);
    let kinds = kinds(fail_on, lang);
    // Each rule is counted by its own verdict, as in the tables: one in error that has failing cases is in error.
    let open: Vec<String> = OPEN
        .iter()
        .filter(|verdict| counted.of(**verdict) > 0)
        .map(|verdict| {
            format!("{}{}", counted_as(counted.of(*verdict), *verdict, lang), hidden(record, fail_on, *verdict, lang))
        })
        .collect();
    let mut text = match (outcome(record, fail_on), lang) {
        (Outcome::Failed, Lang::Zh) if counted.fail == 0 => {
            return unread(format!("不通过，{kinds}规则 {}，尚待查明。", open.join("、")), record, lang);
        }
        (Outcome::Failed, Lang::En) if counted.fail == 0 => {
            return unread(format!("Failed: {kinds}rules still open: {}.", open.join(", ")), record, lang);
        }
        (Outcome::Failed, Lang::Zh) => format!("不通过，{} 条{kinds}规则不合格", counted.fail),
        (Outcome::Failed, Lang::En) => format!("Failed: {} {kinds}{} not met", counted.fail, rule_is(counted.fail)),
        (Outcome::Open, Lang::Zh) => format!("尚无定论，没有{kinds}规则不合格"),
        (Outcome::Open, Lang::En) => format!("Open: no {kinds}rule fails"),
        (Outcome::Met, Lang::Zh) if counted.total() == 0 => format!("通过，本次没有{kinds}规则"),
        (Outcome::Met, Lang::En) if counted.total() == 0 => format!("Passed: no {kinds}rule was judged"),
        (Outcome::Met, Lang::Zh) => format!("通过，{} 条{kinds}规则都没有不合格", counted.total()),
        (Outcome::Met, Lang::En) => format!("Passed: of {} {kinds}rules none fails", counted.total()),
    };
    match (open.is_empty(), lang) {
        (true, Lang::Zh) => text.push('。'),
        (true, Lang::En) => text.push('.'),
        (false, Lang::Zh) => text.push_str(&format!("；另有 {}，尚待查明。", open.join("、"))),
        (false, Lang::En) => text.push_str(&format!("; still open: {}.", open.join(", "))),
    }
    unread(text, record, lang)
}

/// `18 条出错`
fn counted_as(count: u64, verdict: Verdict, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{count} 条{}", words::verdict(verdict, lang)),
        Lang::En => format!("{count} {}", words::verdict(verdict, lang)),
    }
}

/// How many rules of a verdict have failing cases, too; empty if none has.
fn hidden(record: &Record, fail_on: Kind, verdict: Verdict, lang: Lang) -> String {
    let fails = |rule: &&Rule| counts(rule.kind, fail_on) && rule.verdict == verdict && rule.cases.fail > 0;
    match (record.rules.iter().filter(fails).count(), lang) {
        (0, _) => String::new(),
        (count, Lang::Zh) => format!("（其中 {count} 条也有不合格的个案）"),
        (1, Lang::En) => " (1 of which also has cases that fail)".to_owned(),
        (count, Lang::En) => format!(" ({count} of which also have cases that fail)"),
    }
}

/// A sentence, and after it what could not be read.
fn unread(mut text: String, record: &Record, lang: Lang) -> String {
    if !record.unreadable.is_empty() {
        match lang {
            Lang::Zh => text.push_str(&format!("有数据未能读取：{}。", record.unreadable.join("、"))),
            Lang::En => text.push_str(&format!(" Data that could not be read: {}.", record.unreadable.join(", "))),
        }
    }
    text
}

fn rule_is(count: u64) -> &'static str {
    if count == 1 { "rule is" } else { "rules are" }
}

/// Which rules count, as a word before 规则 or `rule`.
fn kinds(fail_on: Kind, lang: Lang) -> &'static str {
    match fail_on {
        Kind::Binding => words::pick(lang, "约束性", "binding "),
        Kind::Expected => words::pick(lang, "约束性或预期性", "binding or expected "),
        Kind::Advisory => "",
    }
}
