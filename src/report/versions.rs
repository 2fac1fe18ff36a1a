//! Two suites compared, as plain data (`duixian.suite-diff/1`): which rules are stricter, laxer, the same, neither, new or gone.

use serde::{Deserialize, Serialize};

use super::record::Verdict;
use crate::base::Bi;

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.suite-diff/1";

/// Two suites compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// [`SCHEMA`]
    pub schema: String,
    /// The earlier suite.
    pub old: Side,
    /// The later one.
    pub new: Side,
    /// What of `suite.toml` and of datasets differs and bears on all rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Setting>,
    /// How many rules changed how.
    pub summary: Summary,
    /// Rules that are not the same, in the order of the later suite; then those that are gone.
    pub rules: Vec<RuleVersions>,
}

/// A suite that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// As the user gave it.
    pub path: String,
    /// The suite's name.
    pub suite: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The period that it is for unless a run says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// SHA-256 over its files, as in records.
    pub sha256: String,
}

/// Something besides rules that differs: by which figures are found or read, or which figures a run judges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// What.
    pub what: Bi,
    /// As it was; absent: nothing was said, or it is told in `what`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// As it is, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// How a rule changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It refuses more than it did, and nothing less.
    Stricter,
    /// It refuses less than it did, and nothing more.
    Laxer,
    /// It refuses something that it did not, and no longer refuses something else.
    Incomparable,
    /// It cannot be told.
    Unclear,
    /// Only the later suite has it.
    New,
    /// Only the earlier suite has it.
    Gone,
    /// It demands the same.
    Same,
}

/// All changes, in the order in which they are told.
pub const CHANGES: [Change; 7] =
    [Change::Stricter, Change::Laxer, Change::Incomparable, Change::Unclear, Change::New, Change::Gone, Change::Same];

/// How many rules changed how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Stricter.
    pub stricter: u64,
    /// Laxer.
    pub laxer: u64,
    /// Both.
    pub incomparable: u64,
    /// It cannot be told.
    pub unclear: u64,
    /// New.
    pub new: u64,
    /// Gone.
    pub gone: u64,
    /// The same.
    pub same: u64,
}

/// A rule that is not the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVersions {
    /// Its id.
    pub id: String,
    /// Its title, of the later suite if it has it.
    pub title: String,
    /// How it changed.
    pub change: Change,
    /// What it requires: as it was and as it is, where the words differ; of a rule that is new or gone, what there is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirement: Vec<Wording>,
    /// When it applies (当), likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies: Vec<Wording>,
    /// What else of it differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aspects: Vec<Aspect>,
    /// Names of indicators, datasets, scales and standards that it rests on and that are declared otherwise now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redefined: Vec<String>,
    /// Figures on which the two versions come out differently.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// What is taken for granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assuming: Option<Bi>,
    /// Why it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Bi>,
}

/// Words of one of the two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Whose.
    pub of: Of,
    /// The words; none if that version says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One of the two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The earlier.
    Old,
    /// The later.
    New,
}

/// Something of a rule that differs besides its conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aspect {
    /// What.
    pub what: What,
    /// Which way: stricter, laxer, incomparable or unclear.
    pub change: Change,
    /// As it was.
    pub old: Bi,
    /// As it is.
    pub new: Bi,
}

/// What can differ besides conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// 性质
    Kind,
    /// 截止
    Deadline,
    /// 期间
    Periods,
    /// 对每个
    Cases,
    /// The members that must be there.
    Roster,
}

/// Figures on which two versions come out differently: both were judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// `收入 = 108 亿元、收入[2020] = 100 亿元`
    pub figures: Bi,
    /// By the earlier version.
    pub old: Verdict,
    /// By the later one.
    pub new: Verdict,
}

impl Versions {
    /// Do all rules demand the same, of figures that are found and read alike?
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.settings.is_empty()
    }
}

impl Summary {
    /// One more rule.
    pub fn add(&mut self, change: Change) {
        *self.slot(change) += 1;
    }

    /// How many.
    pub fn of(&self, change: Change) -> u64 {
        let mut counts = *self;
        *counts.slot(change)
    }

    fn slot(&mut self, change: Change) -> &mut u64 {
        match change {
            Change::Stricter => &mut self.stricter,
            Change::Laxer => &mut self.laxer,
            Change::Incomparable => &mut self.incomparable,
            Change::Unclear => &mut self.unclear,
            Change::New => &mut self.new,
            Change::Gone => &mut self.gone,
            Change::Same => &mut self.same,
        }
    }
}

impl Change {
    /// How a rule changed that is (or is not, or perhaps) stricter in one thing, and laxer in another.
    pub fn of(tighter: Option<bool>, looser: Option<bool>) -> Change {
        match (tighter, looser) {
            (Some(true), Some(true)) => Change::Incomparable,
            (Some(true), Some(false)) => Change::Stricter,
            (Some(false), Some(true)) => Change::Laxer,
            (Some(false), Some(false)) => Change::Same,
            (None, _) | (_, None) => Change::Unclear,
        }
    }
}
