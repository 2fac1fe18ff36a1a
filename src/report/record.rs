//! The run record, schema `duixian.run/1`: what was judged, on what, and how it came out. Kept stable.
//!
//! All numbers that are figures are strings and exact; counts are JSON numbers.

mod steps;

use std::ops::Deref;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::base::{Bi, Range};

pub use steps::{Step, StepKind, Truth, Turn};

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.run/1";

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
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
    /// How many findings of a rule are held at most.
    #[serde(default = "max_findings")]
    pub max_findings: u64,
    /// Are cases that pass or are not applicable explained too?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passes: bool,
    /// SHA-256 of what the run was asked for, so that a record that was changed there is told from one of another request. It
    /// is no proof, since whoever writes the one can write the other: that is what signatures are for. `None` in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_sha256: Option<String>,
    /// The submission's files.
    pub inputs: Vec<Input>,
    /// Files of standards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<HashedFile>,
    /// Files of waivers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<HashedFile>,
    /// What a reader must know before anything else, such as that the data is made up: the submission's own notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Bi>,
    /// Remarks on the data, and on waivers that waive nothing, that stopped nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Datasets of which a file could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
    /// Counts.
    pub summary: Summary,
    /// In source order.
    pub rules: Vec<Rule>,
}

impl Record {
    /// Is a remark about a waiver, rather than about the data?
    pub fn is_about_waivers(&self, remark: &Remark) -> bool {
        let stands = |source: &Source| self.waivers.iter().any(|file| file.path == source.path);
        remark.source.as_ref().is_some_and(stands)
    }
}

fn max_findings() -> u64 {
    100
}

/// What made a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `duixian`
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This program.
    pub fn own() -> Tool {
        Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// A suite as it was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suite {
    /// From `suite.toml`.
    pub name: String,
    /// From `suite.toml`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// SHA-256 over the paths and SHA-256s of `files`.
    pub sha256: String,
    /// Every file of the suite and of the suites it uses.
    pub files: Vec<HashedFile>,
}

/// A file and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashedFile {
    /// Path.
    pub path: String,
    /// Lower-case hex.
    pub sha256: String,
}

/// A submitted file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The dataset it was read as.
    pub dataset: String,
    /// As the user gave it.
    pub path: String,
    /// Lower-case hex.
    pub sha256: String,
    /// Rows read.
    pub rows: u64,
}

/// A remark on the data, or on a waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// `W0401`
    pub code: String,
    /// What.
    pub message: Bi,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// Counts of rules and of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Rules, each by its verdict.
    pub rules: Counts,
    /// Cases of all rules.
    pub cases: Counts,
}

/// How many of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// 合格
    pub pass: u64,
    /// 不合格
    pub fail: u64,
    /// 缺数据
    pub missing: u64,
    /// 临界
    pub borderline: u64,
    /// 未到期
    pub pending: u64,
    /// 不适用
    pub not_applicable: u64,
    /// 豁免
    pub waived: u64,
    /// 出错
    pub error: u64,
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 合格
    Pass,
    /// 不合格
    Fail,
    /// 缺数据
    Missing,
    /// 临界
    Borderline,
    /// 未到期
    Pending,
    /// 不适用
    NotApplicable,
    /// 豁免
    Waived,
    /// 出错
    Error,
}

/// How much a rule binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 约束性
    Binding,
    /// 预期性
    Expected,
    /// 提示
    Advisory,
}

/// What a record of either kind says of a rule before how it came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// `D210`
    pub id: String,
    /// Title.
    pub title: String,
    /// How much it binds.
    pub kind: Kind,
    /// Register entries.
    pub cites: Vec<String>,
    /// The cited clauses, from the register.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<Clause>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its author's remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Remarks of `check` on the rule that its author has answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Accepted>,
}

/// A judged rule. Its head is read as if it were its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// What it is.
    #[serde(flatten)]
    pub head: Head,
    /// Worst of its cases.
    pub verdict: Verdict,
    /// Complete counts.
    pub cases: Counts,
    /// Cases that are neither pass nor not applicable, worst first, up to the run's limit.
    pub findings: Vec<Finding>,
    /// Cases that pass or are not applicable, if the run was asked for them, up to its limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passes: Vec<Finding>,
}

impl Deref for Rule {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

/// A remark on a rule that its author has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// `W0607`
    pub code: String,
    /// Why it is as it should be.
    pub reason: String,
}

/// A clause of the source document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Its id in the register.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Its line in the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The section of the document it stands in, as the register says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
}

/// Rows of a row rule, by how they come out. Together they are all rows of the case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// They meet it.
    pub pass: u64,
    /// They do not.
    pub fail: u64,
    /// A figure is missing that decides.
    pub missing: u64,
    /// The rounding of figures decides.
    pub borderline: u64,
    /// The rule is not about them.
    pub not_applicable: u64,
    /// They cannot be evaluated.
    pub error: u64,
}

/// A case that is neither pass nor not applicable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Members of the rule's 对每个, in its order.
    pub scope: IndexMap<String, String>,
    /// The case's period.
    pub period: String,
    /// How it came out.
    pub verdict: Verdict,
    /// Of a waived case: what it would be without its waiver; of a pending one: if it were due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would_be: Option<Verdict>,
    /// The waiver of a waived case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waiver>,
    /// What was required, in the rule's words.
    pub requirement: String,
    /// Of a row rule: its rows, by how they come out; none if nothing was submitted for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
    /// What was attained, with its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attained: Option<String>,
    /// The same as a range, if it is known only within bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attained_range: Option<Range>,
    /// The threshold, with its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<String>,
    /// The same as a range, if it is known only within bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_range: Option<Range>,
    /// By how much it was missed, in the unit that a person would act on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<String>,
    /// The formula with its figures put in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<String>,
    /// The condition of 当, step by step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies: Option<Step>,
    /// What is required, step by step; none of a case that it does not apply to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calculation: Option<Step>,
    /// Of a pending case: how far it has come, against the time elapsed (序时进度).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
    /// What would put it right: `还需压减 0.01 万元`; what to supply; why it could not be evaluated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Bi>,
    /// The cells it rests on.
    pub evidence: Vec<Evidence>,
}

/// 序时进度: how far something has come, against the time elapsed. Shares are rounded to a tenth of a per cent; the
/// figures and the days that they are of stand beside them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Towards what.
    pub kind: PaceKind,
    /// The figure so far with its unit, or the level reached.
    pub attained: String,
    /// What it must come to, or must not exceed.
    pub required: String,
    /// Of a stock: what it was at the end of the period before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Of a series of which only a part was reported: the last period of that part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// The place on the scale of the level reached, from 1, the worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The place on the scale of the level required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_step: Option<String>,
    /// How many levels the scale has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<String>,
    /// `42.9%`; none of a level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<String>,
    /// `49.6%`
    pub elapsed: String,
    /// How the progress stands to the time elapsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// By how many percentage points, without sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
    /// From the first day to the day of judging, both included.
    pub days: String,
    /// From the first day to the deadline, both included.
    pub of_days: String,
}

/// What a pace is towards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaceKind {
    /// A figure that is to be reached.
    Target,
    /// A figure that is not to be exceeded.
    Limit,
    /// A level of an ordinal scale.
    Level,
}

/// How progress stands to the time elapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 落后
    Behind,
    /// 持平
    OnSchedule,
    /// 超前
    Ahead,
}

/// A waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// Who decided.
    pub approver: String,
    /// The day of the decision, `2021-03-01`.
    pub approved: String,
    /// The last day on which it is in force.
    pub expires: String,
    /// The document of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Where it stands in the waivers file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A figure that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// `公用经费[教育局, 2021]`
    pub name: String,
    /// The figure in its declared unit, exact; of a rounded figure, as it was stated; absent if it was not submitted, or is
    /// known only within bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where it lies, if it is known only within bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Range>,
    /// Why there is no value, if something was submitted for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Unknown>,
    /// Its unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Its period, if it is a figure of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Where it stands; of a sum over several rows, the cell that contributes most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Of a sum over several rows: how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Of a sum over several rows: those that contribute most after it, up to a limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<Source>,
}

/// Why a figure has no value although something was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unknown {
    /// A cell is blank, or it cannot be told whether a row counts, or a figure that it is computed from is missing.
    Incomplete,
    /// A cell cannot be used: it cannot be read, or what is said of its unit is contradictory.
    Unreadable,
    /// It was submitted more than once, and nobody can say which is right.
    Repeated,
    /// It is computed from other figures, which do not allow it.
    Undefined,
    /// It hangs on the rounding of figures.
    Borderline,
}

/// A place in a submitted file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// As the user gave it.
    pub path: String,
    /// Sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The cell's address in a workbook: `C14`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The text of the cell as it was submitted, before any conversion: `1,234.5`; none of an empty cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
