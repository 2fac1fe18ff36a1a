//! What the tests of a suite notice of changed rules: what `test --mutate` found, as plain data (`duixian.mutation/1`).
//!
//! Made in the pipeline, drawn by [`super::text::mutation`]. Evaluates nothing.

use serde::{Deserialize, Serialize};

use super::record::Tool;
use crate::base::Bi;

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.mutation/1";

/// How the changed rules came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mutation {
    /// [`SCHEMA`]
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The suite's name.
    pub suite: String,
    /// How many rules were changed, one change at a time.
    pub rules: u64,
    /// How many tests there are.
    pub tests: u64,
    /// All changes.
    pub mutants: u64,
    /// Those that a test noticed.
    pub killed: u64,
    /// Those that no test noticed.
    pub surviving: u64,
    /// Those that no data can tell from the original, as is certain or as `suite.toml` says.
    pub equivalent: u64,
    /// Changes that no test noticed, though there are tests.
    pub survivors: Vec<Mutant>,
    /// Rules in which there is nothing to change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unchanged: Vec<String>,
    /// What no test names, so that nothing could be noticed.
    pub untested: Vec<Untested>,
    /// Changes that make no difference, each with the reason.
    pub equivalents: Vec<Equivalent>,
}

/// What a change is made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A rule.
    Rule,
    /// The formula of an indicator; noticed by the tests of all rules that use it.
    Indicator,
    /// A function, wherever it is put in.
    Function,
}

impl Line {
    /// `财政.rule:12`, below a folder.
    pub fn shown(&self, folder: &str) -> String {
        match folder.trim_end_matches('/') {
            "" => format!("{}:{}", self.file, self.line),
            folder => format!("{folder}/{}:{}", self.file, self.line),
        }
    }
}

/// A line of a rule file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    /// The file, relative to the suite's folder.
    pub file: String,
    /// From 1.
    pub line: u64,
}

/// A changed rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mutant {
    /// Names the change, the same as long as the rule says the same there.
    pub id: String,
    /// What is changed.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Where.
    pub place: Line,
    /// `≥ 10% → > 10%`; what `[[equivalent]]` calls it by
    pub change: Bi,
    /// 不低于 → 高于
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gloss: Option<Bi>,
    /// The test that would notice it.
    pub kill: Bi,
}

/// A rule, or what rules rest on, that no test names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untested {
    /// What it is.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Line,
    /// How many changes to it therefore went unnoticed.
    pub mutants: u64,
}

/// A change that makes no difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equivalent {
    /// The change.
    #[serde(flatten)]
    pub mutant: Mutant,
    /// Why no data can tell it from the original.
    pub reason: Bi,
    /// Does `suite.toml` say so? Otherwise it is certain from the rule alone.
    pub stated: bool,
}
