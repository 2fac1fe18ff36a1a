//! What a suite asks of its data, schema `duixian.plan/1`: of each dataset what it is grouped by, what is added up, which rows
//! are checked, and the rules that share each. Conditions stand as they are written in the rules.

use serde::Serialize;

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.plan/1";

/// What a plan asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// The suite's name.
    pub suite: String,
    /// The run's period.
    pub period: String,
    /// How many rules are planned.
    pub rules: usize,
    /// Rules that ask for no data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_data: Vec<String>,
    /// A query for each dataset that is read.
    pub queries: Vec<Query>,
    /// Columns that serve as rosters or code lists: their values are read once, for all rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
}

/// What is asked of one dataset, in one reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Query {
    /// The dataset.
    pub dataset: String,
    /// Columns by which rows are grouped.
    pub keys: Vec<String>,
    /// Rules that rest on it.
    pub rules: Vec<String>,
    /// Of the table of indicators: the indicators that are looked up, each with its rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<Lookup>,
    /// What is added up in every group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<Slot>,
    /// Conditions on every row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

/// An indicator that is looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// Its name.
    pub indicator: String,
    /// Rules that rest on it.
    pub rules: Vec<String>,
}

/// Something that is added up once in every group, for all rules that ask for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Of what; absent: rows are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Rows that count; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// What is taken from it: `sum`, `count`, …
    pub functions: Vec<&'static str>,
    /// Rules that rest on it.
    pub rules: Vec<String>,
    /// Filters over the keys: they choose among the groups and cost no reading of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub among_groups: Vec<Among>,
}

/// A filter over the keys of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Among {
    /// As it is written.
    pub filter: String,
    /// Rules that ask for it.
    pub rules: Vec<String>,
}

/// A condition on every row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Rows that are judged; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What must hold.
    pub condition: String,
    /// Columns by which the rows are counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Rules that ask for it.
    pub rules: Vec<String>,
}
