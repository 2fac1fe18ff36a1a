//! The record of many submissions against these submissions: each is held against the one of its name.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::Value;

use super::{Difference, Moves, Named, Verified, about, compare, noting, request, rewritten, same_name, value};
use crate::base::Bi;
use crate::pipeline::many::{Many, Progress, Submitted};
use crate::pipeline::{Checked, Outside, Stopped};
use crate::report::runs::{self, Runs, Submission};

impl Checked {
    /// Judges submissions by the request of a record of many again and compares, as [`Checked::verify`] does. Those that the
    /// record names as not judged are not judged now either.
    ///
    /// # Errors
    /// The record's request cannot be made of this suite.
    pub fn verify_many(
        &self,
        (runs, bytes): (&Runs, &[u8]),
        submissions: &[Submitted],
        outside: &Arc<Outside>,
        moved: bool,
        threads: usize,
        progress: Progress<'_>,
    ) -> Result<Verified, Box<Stopped>> {
        let request = request((&runs.period, &runs.as_of), &runs.select, runs.max_findings, &runs.stamp);
        if let Some(difference) = self.not_asked(&request) {
            return Ok(Verified::new(vec![difference], Vec::new()));
        }
        let planned = self.plan(&request)?;
        let max_findings = usize::try_from(runs.max_findings).unwrap_or(usize::MAX);
        let many = Many { threads, max_findings, stop: &AtomicBool::new(false), keep: None };
        let mut now = planned.judge_but(&runs.not_judged, submissions, outside, &many, progress);
        now.request_sha256 = now.request_sha256.filter(|_| runs.request_sha256.is_some());
        if moved {
            relocate(&mut now, runs);
        }
        let mut differences = differences(runs, &now);
        if differences.is_empty() && !moved {
            differences.extend(rewritten(&now, bytes));
        }
        Ok(Verified::new(differences, outside.diagnostics().to_vec()))
    }
}

/// What differs between two records, submissions by name.
fn differences(runs: &Runs, now: &Runs) -> Vec<Difference> {
    let mut differences = Vec::new();
    let (mut old, mut new) = (value(runs), value(now));
    let (old_each, new_each) = (take(&mut old), take(&mut new));
    let whole = |pointer: &str| about(pointer, [&Named::of_many(runs), &Named::of_many(now)]);
    compare("", &old, &new, &mut noting(&mut differences, &whole));
    let mut left: BTreeMap<&str, (&Submission, &Value)> = BTreeMap::new();
    for (submission, value) in now.submissions.iter().zip(&new_each) {
        left.insert(&submission.name, (submission, value));
    }
    for (at, (submission, value)) in runs.submissions.iter().zip(&old_each).enumerate() {
        let pointer = format!("/submissions/{at}");
        let Some((other, other_value)) = left.remove(submission.name.as_str()) else {
            differences.push(alone(pointer, submission, true));
            continue;
        };
        let named = [&Named::of_submission(submission), &Named::of_submission(other)];
        let of =
            |place: &str| of_submission(&submission.name, about(place.strip_prefix(&pointer).unwrap_or(place), named));
        let row = format!("{pointer}/verdicts");
        let mut rest = Vec::new();
        compare(&pointer, value, other_value, &mut noting(&mut rest, &of));
        rest.retain(|difference| difference.pointer != row);
        differences.extend(verdicts(&row, (runs, submission), (now, other)));
        differences.extend(rest);
    }
    let end = runs.submissions.len();
    differences.extend(left.values().map(|(submission, _)| alone(format!("/submissions/{end}"), submission, false)));
    differences
}

/// The submissions of a record as JSON, taken out of it.
fn take(record: &mut Value) -> Vec<Value> {
    match record.as_object_mut().and_then(|record| record.remove("submissions")) {
        Some(Value::Array(submissions)) => submissions,
        _ => Vec::new(),
    }
}

/// That only one of two records has a submission.
fn alone(pointer: String, submission: &Submission, recorded: bool) -> Difference {
    let path = || submission.path.clone();
    Difference { pointer, what: named(&submission.name), recorded: recorded.then(path), now: (!recorded).then(path) }
}

fn named(name: &str) -> Bi {
    Bi::new(format!("报送 `{name}`"), format!("submission `{name}`"))
}

/// Something of a submission.
fn of_submission(name: &str, what: Bi) -> Bi {
    let of = named(name);
    Bi::new(format!("{}的{}", of.zh, what.zh), format!("{}, {}", of.en, what.en))
}

/// The rules of a submission whose verdicts differ, by their letters in its row.
fn verdicts(row: &str, (runs, old): (&Runs, &Submission), (now, new): (&Runs, &Submission)) -> Vec<Difference> {
    let (mut a, mut b) = (old.verdicts.chars(), new.verdicts.chars());
    let mut differences = Vec::new();
    for at in 0.. {
        let (recorded, now_is) = (a.next(), b.next());
        if recorded.is_none() && now_is.is_none() {
            break;
        }
        if recorded == now_is {
            continue;
        }
        let rule = runs.rules.get(at).or_else(|| now.rules.get(at)).map_or("?", |rule| rule.id.as_str());
        let what = of_submission(&old.name, Bi::new(format!("规则 `{rule}`"), format!("rule `{rule}`")));
        let (recorded, now) = (recorded.map(word), now_is.map(word));
        differences.push(Difference { pointer: row.to_owned(), what, recorded, now });
    }
    differences
}

/// The verdict of a letter, as single records have it, with the letter.
fn word(letter: char) -> String {
    match runs::verdict(letter).and_then(|verdict| serde_json::to_value(verdict).ok()) {
        Some(Value::String(verdict)) => format!("{verdict} ({letter})"),
        _ => letter.to_string(),
    }
}

impl<'r> Named<'r> {
    fn of_many(runs: &'r Runs) -> Self {
        Named {
            suite: &runs.suite.files,
            standards: &runs.standards,
            waivers: &runs.waivers,
            rules: runs.rules.iter().map(|rule| rule.id.as_str()).collect(),
            ..Named::default()
        }
    }

    fn of_submission(submission: &'r Submission) -> Self {
        Named {
            inputs: &submission.inputs,
            findings: submission.findings.iter().map(|finding| finding.rule.as_str()).collect(),
            ..Named::default()
        }
    }
}

/// Gives submissions, standards and waivers the folders that the record has for those of the same name and content.
fn relocate(now: &mut Runs, runs: &Runs) {
    let mut outside = Moves::default();
    outside.files(&runs.standards, &now.standards);
    outside.files(&runs.waivers, &now.waivers);
    now.standards.iter_mut().chain(&mut now.waivers).for_each(|file| outside.path(&mut file.path));
    outside.remarks(&mut now.remarks);
    let recorded: BTreeMap<&str, &Submission> =
        runs.submissions.iter().map(|submission| (submission.name.as_str(), submission)).collect();
    for submission in &mut now.submissions {
        let Some(old) = recorded.get(submission.name.as_str()) else { continue };
        let mut moves = outside.clone();
        moves.inputs(&old.inputs, &submission.inputs);
        if same_name(&old.path, &submission.path) {
            moves.note(&old.path, &submission.path);
        }
        moves.path(&mut submission.path);
        submission.inputs.iter_mut().for_each(|input| moves.path(&mut input.path));
        moves.remarks(&mut submission.remarks);
        submission.findings.iter_mut().for_each(|found| moves.finding(&mut found.finding));
    }
}
