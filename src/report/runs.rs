//! The record of one suite judged on many submissions, schema `duixian.runs/1`: what they were judged by once, and of each
//! submission its files, its verdicts, and the worst of its findings. Kept stable, like [`super::record`].
//!
//! The single record of a submission (`duixian.run/1`) is what `run --data` makes of it; this one holds no second kind of it.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::outcome::{OPEN, Outcome, counts};
use super::record::{Counts, Finding, HashedFile, Head, Input, Kind, Remark, Suite, Tool, Verdict};
use crate::base::Bi;

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.runs/1";

/// A run on many submissions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Runs {
    /// [`SCHEMA`]
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The rules.
    pub suite: Suite,
    /// The run's period.
    pub period: String,
    /// The day on which it is judged, `2021-12-31`.
    pub as_of: String,
    /// The time of the clock at which it was made, `2022-01-07T08:30:00Z`: only if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<String>,
    /// `embedded`
    pub engine: String,
    /// The rules that were asked for; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<String>,
    /// How many findings of a submission are held at most.
    pub max_findings: u64,
    /// SHA-256 of what the run was asked for, so that a record that was changed there is told from one of another request. It
    /// is no proof, since whoever writes the one can write the other: that is what signatures are for. `None` in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_sha256: Option<String>,
    /// Files of standards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<HashedFile>,
    /// Files of waivers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<HashedFile>,
    /// Remarks on standards and waivers, such as that a waiver waives nothing in any submission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Of a run that was broken off: the submissions that were not judged. A record that has any is partial.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_judged: Vec<String>,
    /// Counts.
    pub summary: Summary,
    /// In source order.
    pub rules: Vec<Rule>,
    /// The submissions that were judged, by name.
    pub submissions: Vec<Submission>,
}

/// Counts over all submissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Submissions that were judged.
    pub submissions: u64,
    /// Of these, ones of which something could not be read, or contradicts itself.
    pub bad: u64,
    /// Rules of all submissions, each by its verdict.
    pub rules: Counts,
    /// Cases of all rules of all submissions.
    pub cases: Counts,
}

/// A rule, and how it came out. Its head is read as if it were its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// What it is.
    #[serde(flatten)]
    pub head: Head,
    /// Submissions by their verdict on this rule.
    pub submissions: Counts,
    /// Submissions in which a case fails, whatever the verdict on the whole.
    pub failing: u64,
    /// Cases of all submissions.
    pub cases: Counts,
}

impl Deref for Rule {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

/// A submission, and how it came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// The file name of its folder or file.
    pub name: String,
    /// As the user gave it.
    pub path: String,
    /// Its files.
    pub inputs: Vec<Input>,
    /// Its own notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Bi>,
    /// Remarks on its data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Datasets of which a file could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
    /// A row of the matrix: a letter ([`letter`]) for each rule.
    pub verdicts: String,
    /// Its cases.
    pub cases: Counts,
    /// The worst of its cases that are neither pass nor not applicable, by rule, up to the run's limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<RuleFinding>,
}

/// A finding with its rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleFinding {
    /// The rule's id.
    pub rule: String,
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
}

/// The letter of a rule's verdict in a row of the matrix; an error beside which a case fails has one of its own, since both
/// count.
pub fn letter(verdict: Verdict, case_fails: bool) -> char {
    match verdict {
        Verdict::Pass => 'P',
        Verdict::Fail => 'F',
        Verdict::Missing => 'M',
        Verdict::Borderline => 'B',
        Verdict::Pending => 'D',
        Verdict::NotApplicable => 'N',
        Verdict::Waived => 'W',
        Verdict::Error if case_fails => 'X',
        Verdict::Error => 'E',
    }
}

/// The verdict that a letter stands for; `None`: it stands for none.
pub fn verdict(letter: char) -> Option<Verdict> {
    Some(match letter {
        'P' => Verdict::Pass,
        'F' => Verdict::Fail,
        'M' => Verdict::Missing,
        'B' => Verdict::Borderline,
        'D' => Verdict::Pending,
        'N' => Verdict::NotApplicable,
        'W' => Verdict::Waived,
        'E' | 'X' => Verdict::Error,
        _ => return None,
    })
}

/// Does a case of the rule fail that a letter is of?
pub fn fails(letter: char) -> bool {
    matches!(letter, 'F' | 'X')
}

impl Runs {
    /// Was the run broken off?
    pub fn partial(&self) -> bool {
        !self.not_judged.is_empty()
    }

    /// How a submission came out, counting rules that bind at least as much as `fail_on`: as its single record would.
    pub fn outcome_of(&self, submission: &Submission, fail_on: Kind) -> Outcome {
        let counted = || self.counted(submission, fail_on);
        let open = |letter: char| verdict(letter).is_none_or(|verdict| OPEN.contains(&verdict));
        if counted().any(fails) {
            Outcome::Failed
        } else if submission.bad() || counted().any(open) {
            Outcome::Open
        } else {
            Outcome::Met
        }
    }

    /// The letters of the rules that count.
    pub fn counted<'r>(&'r self, submission: &'r Submission, fail_on: Kind) -> impl Iterator<Item = char> + 'r {
        let letters = self.rules.iter().zip(submission.verdicts.chars());
        letters.filter(move |(rule, _)| counts(rule.kind, fail_on)).map(|(_, letter)| letter)
    }

    /// How the run came out: as the worst of its submissions. A run that was broken off, or had none, is not met.
    pub fn outcome(&self, fail_on: Kind) -> Outcome {
        let outcomes = || self.submissions.iter().map(|submission| self.outcome_of(submission, fail_on));
        if outcomes().any(|outcome| outcome == Outcome::Failed) {
            Outcome::Failed
        } else if self.partial() || self.submissions.is_empty() || outcomes().any(|outcome| outcome == Outcome::Open) {
            Outcome::Open
        } else {
            Outcome::Met
        }
    }
}

impl Submission {
    /// Was anything submitted that could not be read, or that contradicts itself?
    pub fn bad(&self) -> bool {
        !self.unreadable.is_empty() || self.faults().next().is_some()
    }

    /// What is wrong with it.
    pub fn faults(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|remark| remark.code.starts_with('E'))
    }
}
