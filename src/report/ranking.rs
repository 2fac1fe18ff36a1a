//! The record of many submissions in, what is worst in it first out: every format lists in this order, and says what it
//! leaves out.

use std::cmp::Reverse;

use crate::base::Lang;

use super::outcome::{Outcome, counts};
use super::record::{Counts, Kind, Verdict};
use super::runs::{Rule, Runs, Submission, fails, verdict};
use super::words::{self, VERDICTS, pick};

/// Rules and submissions, worst first.
pub struct Ranking<'r> {
    /// Rules that do not pass everywhere, with their place in the matrix; those that fail most often first.
    pub rules: Vec<(usize, &'r Rule)>,
    /// All submissions.
    pub submissions: Vec<Ranked<'r>>,
}

/// A submission and how it came out.
pub struct Ranked<'r> {
    /// The submission.
    pub submission: &'r Submission,
    /// Its letters, by rule.
    pub letters: Vec<char>,
    /// How it came out.
    pub outcome: Outcome,
    /// Rules of which a case fails and that count.
    pub failing: u64,
    /// Its rules by verdict.
    pub rules: Counts,
}

impl Ranked<'_> {
    /// The ids of the rules of some verdicts, in the order of the rules.
    pub fn ids<'r>(&self, runs: &'r Runs, wanted: impl Fn(char) -> bool) -> Vec<&'r str> {
        let rules = runs.rules.iter().zip(&self.letters);
        rules.filter(|(_, letter)| wanted(**letter)).map(|(rule, _)| rule.id.as_str()).collect()
    }
}

/// Puts the worst first.
pub fn rank(runs: &Runs, fail_on: Kind) -> Ranking<'_> {
    let clean = |rule: &Rule| rule.submissions.pass + rule.submissions.not_applicable == rule.submissions.total();
    let mut rules: Vec<(usize, &Rule)> = runs.rules.iter().enumerate().filter(|(_, rule)| !clean(rule)).collect();
    rules.sort_by_key(|(at, rule)| {
        let by_badness = VERDICTS.map(|verdict| rule.submissions.of(verdict));
        (Reverse(rule.failing), Reverse(by_badness), *at)
    });
    let mut submissions: Vec<Ranked<'_>> = runs.submissions.iter().map(|it| ranked(runs, it, fail_on)).collect();
    // Stable: where nothing tells them apart, by name.
    submissions.sort_by_key(|ranked| {
        let outcome = match ranked.outcome {
            Outcome::Failed => 2,
            Outcome::Open => 1,
            Outcome::Met => 0,
        };
        let by_badness = VERDICTS.map(|verdict| ranked.rules.of(verdict));
        Reverse((outcome, ranked.failing, ranked.submission.bad(), by_badness))
    });
    Ranking { rules, submissions }
}

fn ranked<'r>(runs: &Runs, submission: &'r Submission, fail_on: Kind) -> Ranked<'r> {
    let letters: Vec<char> = submission.verdicts.chars().collect();
    let mut rules = Counts::default();
    letters.iter().filter_map(|letter| verdict(*letter)).for_each(|verdict| rules.add(verdict));
    let counted = runs.rules.iter().zip(&letters).filter(|(rule, _)| counts(rule.kind, fail_on));
    let failing = counted.filter(|(_, letter)| fails(**letter)).count() as u64;
    Ranked { submission, letters, outcome: runs.outcome_of(submission, fail_on), failing, rules }
}

impl Ranking<'_> {
    /// How many submissions came out so.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.submissions.iter().filter(|ranked| ranked.outcome == outcome).count() as u64
    }

    /// Submissions of which something could not be read, or contradicts itself.
    pub fn bad(&self) -> impl Iterator<Item = &Submission> {
        self.submissions.iter().map(|ranked| ranked.submission).filter(|submission| submission.bad())
    }

    /// How many came out how: `12 份报送：3 份不通过，1 份尚无定论，8 份通过。`
    pub fn sentence(&self, runs: &Runs, lang: Lang) -> String {
        let total = self.submissions.len();
        let parts: Vec<String> = [Outcome::Failed, Outcome::Open, Outcome::Met]
            .into_iter()
            .filter(|outcome| self.count(*outcome) > 0)
            .map(|outcome| match lang {
                Lang::Zh => format!("{} 份{}", self.count(outcome), outcome_name(outcome, lang)),
                Lang::En => format!("{} {}", self.count(outcome), outcome_name(outcome, lang)),
            })
            .collect();
        let mut text = match (lang, parts.is_empty()) {
            (Lang::Zh, true) => "没有评判任何报送。".to_owned(),
            (Lang::En, true) => "No submission was judged.".to_owned(),
            (Lang::Zh, false) => format!("{total} 份报送：{}。", parts.join("，")),
            (Lang::En, false) => {
                let noun = if total == 1 { "submission" } else { "submissions" };
                format!("{total} {noun}: {}.", parts.join(", "))
            }
        };
        let bad = self.bad().count();
        match (lang, bad) {
            (_, 0) => {}
            (Lang::Zh, bad) => text.push_str(&format!("其中 {bad} 份的数据有读不出或自相矛盾之处。")),
            (Lang::En, bad) => text.push_str(&format!(" In {bad}, data could not be read or contradicts itself.")),
        }
        if runs.partial() {
            let left = runs.not_judged.len();
            let all = total + left;
            text.push_str(&match lang {
                Lang::Zh => format!("本次中途中断：{all} 份中有 {left} 份没有评判，这份结果不完整。"),
                Lang::En => {
                    format!(" The run was broken off: {left} of {all} were not judged, so this result is partial.")
                }
            });
        }
        text
    }
}

/// How a submission came out, as a word.
pub fn outcome_name(outcome: Outcome, lang: Lang) -> &'static str {
    match outcome {
        Outcome::Failed => pick(lang, "不通过", "failed"),
        Outcome::Open => pick(lang, "尚无定论", "open"),
        Outcome::Met => pick(lang, "通过", "passed"),
    }
}

/// The counts that are not zero, worst first: `不合格 3，缺数据 1`.
pub fn counted(counts: &Counts, lang: Lang) -> String {
    let parts: Vec<String> = VERDICTS
        .into_iter()
        .filter(|verdict| counts.of(*verdict) > 0)
        .map(|verdict| format!("{} {}", words::verdict(verdict, lang), counts.of(verdict)))
        .collect();
    parts.join(pick(lang, "，", ", "))
}

/// Verdicts beside passing and not being applicable that occur in some counts, worst first.
pub fn telling<'c>(counts: impl Iterator<Item = &'c Counts>) -> Vec<Verdict> {
    let mut all = Counts::default();
    counts.for_each(|counts| all.merge(counts));
    let tells = |verdict: &Verdict| !matches!(verdict, Verdict::Pass | Verdict::NotApplicable) && all.of(*verdict) > 0;
    VERDICTS.into_iter().filter(tells).collect()
}

/// Notices of the submissions, each with the number of those that bear it.
pub fn notices(runs: &Runs, lang: Lang) -> Vec<(String, usize)> {
    let mut notices: Vec<(String, usize)> = Vec::new();
    for notice in runs.submissions.iter().filter_map(|submission| submission.notice.as_ref()) {
        let text = notice.get(lang);
        match notices.iter_mut().find(|(known, _)| known == text) {
            Some((_, count)) => *count += 1,
            None => notices.push((text.to_owned(), 1)),
        }
    }
    notices
}
