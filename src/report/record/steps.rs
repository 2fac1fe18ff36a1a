//! The calculation of a finding in its record, step by step.

use serde::{Deserialize, Serialize};

use super::Source;

/// A step of a calculation, as one would write it on paper: a condition with its parts, or a value on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// What is calculated: a part of the rule in its own words, the name of a figure, or the codes of a row.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Of a part of what must hold in every or some period: the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// With its figures: `(100 − 90.01) / 100 = 9.99%`, `9.99% < 10%`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// How a condition comes out; none of a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Truth>,
    /// By how much a comparison holds or does not, in the unit that a person would act on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<String>,
    /// For which values of a figure a comparison holds, all else being as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<Turn>,
    /// Comparisons with the same number rest on figures of each other: what is done about one may turn the others. Of
    /// a row rule: those that may turn other rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shares: Option<u64>,
    /// Where the row of a row rule stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Its parts, and the values that it is computed from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// How many more of these there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A value that is computed from others.
    Value,
    /// A comparison, or another condition without parts.
    Comparison,
    /// All of its parts must hold.
    All,
    /// One of its parts must hold.
    Any,
    /// Its part must not hold.
    Not,
    /// If the first part holds, the second must.
    Implies,
    /// Its part must hold in every period.
    Every,
    /// Its part must hold in one of the periods.
    Some,
    /// Every row must meet the condition; its parts are the first rows that do not.
    Rows,
    /// A row.
    Row,
}

/// How a condition comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It hangs on the rounding of figures.
    Borderline,
    /// A figure it needs is missing.
    Unknown,
    /// It cannot be evaluated.
    Error,
}

/// For which values of a figure a comparison holds: `公用经费[教育局, 2021] ≤ 90 万元`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Its name, as in the evidence.
    pub figure: String,
    /// `≥`, `≤`, `>`, `<`, `=`, `≠`, or `∈` a range.
    pub relation: String,
    /// The value, with its unit.
    pub value: String,
}
