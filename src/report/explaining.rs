//! One rule of a record: its cases, or those that were asked for, with all that the record says of them.

use serde::Serialize;

use super::record::{Clause, Counts, Finding, Kind, Record, Rule, Verdict};
use crate::base::Bi;

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.explain/1";

/// A rule and some of its cases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// [`SCHEMA`]
    pub schema: String,
    /// The suite's title, or its name.
    pub suite: String,
    /// The run's period.
    pub period: String,
    /// The day on which it was judged.
    pub as_of: String,
    /// The submission's own notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Bi>,
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// How much it binds.
    pub kind: Kind,
    /// Register entries.
    pub cites: Vec<String>,
    /// The cited clauses.
    pub clauses: Vec<Clause>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its author's remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it requires, in its own words, if the record holds a case of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// The worst of its cases.
    pub verdict: Verdict,
    /// How its cases came out, all of them.
    pub counts: Counts,
    /// The cases that were asked for, worst first.
    pub cases: Vec<Finding>,
    /// How many more cases fit what was asked for.
    pub more: u64,
    /// How many cases of the rule the record says nothing of but their verdict.
    pub unrecorded: u64,
}

/// A case that is asked for: of a dimension a member, or only a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The dimension; `期间` or `period` for the period.
    pub dimension: Option<String>,
    /// The member.
    pub member: String,
}

impl Wanted {
    /// Is a case of it?
    pub fn fits(&self, finding: &Finding) -> bool {
        match self.dimension.as_deref() {
            Some("期间" | "period") => finding.period == self.member,
            Some(dimension) => finding.scope.get(dimension) == Some(&self.member),
            None => finding.period == self.member || finding.scope.values().any(|member| *member == self.member),
        }
    }
}

/// The cases of a rule that the record holds: what is open first.
pub fn held(rule: &Rule) -> impl Iterator<Item = &Finding> {
    rule.findings.iter().chain(&rule.passes)
}

/// The cases of a rule that fit all that is asked for, up to a limit.
pub fn explained(record: &Record, rule: &Rule, wanted: &[Wanted], limit: usize) -> Explained {
    let fits = |finding: &&Finding| wanted.iter().all(|wanted| wanted.fits(finding));
    let count = held(rule).filter(fits).count();
    let cases: Vec<Finding> = held(rule).filter(fits).take(limit).cloned().collect();
    let title = if record.suite.title.is_empty() { &record.suite.name } else { &record.suite.title };
    Explained {
        schema: SCHEMA.to_owned(),
        suite: title.clone(),
        period: record.period.clone(),
        as_of: record.as_of.clone(),
        notice: record.notice.clone(),
        rule: rule.id.clone(),
        title: rule.title.clone(),
        kind: rule.kind,
        cites: rule.cites.clone(),
        clauses: rule.clauses.clone(),
        owner: rule.owner.clone(),
        note: rule.note.clone(),
        requirement: held(rule).next().map(|finding| finding.requirement.clone()),
        verdict: rule.verdict,
        counts: rule.cases,
        more: (count - cases.len()) as u64,
        cases,
        unrecorded: rule.cases.total().saturating_sub(held(rule).count() as u64),
    }
}
