//! Which rules and clauses the tests of a suite exercise: what `test --coverage` found, as plain data
//! (`duixian.coverage/1`).
//!
//! Made in the pipeline, drawn by [`super::text::coverage`]. Evaluates nothing.

use serde::{Deserialize, Serialize};

use super::mutation::Line;
use super::record::Tool;
use crate::base::Bi;

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.coverage/1";

/// What the tests of a suite exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// [`SCHEMA`]
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The suite's name.
    pub suite: String,
    /// How many rules were looked at.
    pub rules: u64,
    /// Of these, rules that a test expects a verdict of.
    pub tested: u64,
    /// Rules that a test expects to pass.
    pub passing: u64,
    /// Rules that a test expects to fail.
    pub failing: u64,
    /// Clauses of these rules.
    pub clauses: u64,
    /// Of these, clauses that the tests see both ways.
    pub both_ways: u64,
    /// Rules that no test expects a verdict of.
    pub untested: Vec<String>,
    /// Tested rules that no test expects to pass.
    pub never_pass: Vec<String>,
    /// Tested rules that no test expects to fail.
    pub never_fail: Vec<String>,
    /// Clauses of tested rules that the tests do not see both ways.
    pub one_sided: Vec<Clause>,
}

/// A clause of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// The rule.
    pub rule: String,
    /// What of it.
    pub part: Part,
    /// As written.
    pub text: Bi,
    /// Where.
    pub place: Line,
    /// How the tests see it.
    pub seen: Seen,
}

/// What of a rule the tests may see both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A condition of 当 or 要求.
    Condition,
    /// One of several 期间.
    Period,
    /// 对每个.
    Members,
}

/// How the tests see a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Neither hold nor fail.
    Never,
    /// Only hold.
    Holding,
    /// Only fail.
    Failing,
    /// All members of one case after the other the same way.
    Alike,
}

/// How many of a hundred, with one digit behind the point, never rounded up to all of them.
pub fn percent(part: u64, whole: u64) -> String {
    match (part.saturating_mul(1000)).checked_div(whole) {
        Some(tenths) => format!("{}.{}%", tenths / 10, tenths % 10),
        None => "—".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!(
            [percent(2, 3), percent(9999, 10000), percent(5, 5), percent(0, 0)],
            ["66.6%", "99.9%", "100.0%", "—"]
        );
    }
}
