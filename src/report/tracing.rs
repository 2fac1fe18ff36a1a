//! How a register of commitments is covered by rules: what `trace` found, as plain data (`duixian.trace/1`).
//!
//! Made in the pipeline, drawn by [`super::text::trace`] and [`super::html::trace`]. Evaluates nothing.

use serde::{Deserialize, Serialize};

use super::record::{Kind, Tool, Verdict};

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.trace/1";

/// A register against the rules of one or several suites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// [`SCHEMA`]
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The register.
    pub register: Register,
    /// The suites.
    pub suites: Vec<Suite>,
    /// The run records that verdicts were taken from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordUsed>,
    /// All commitments together.
    pub total: Row,
    /// By the register's column `group`, in the register's order.
    pub groups: Vec<Row>,
    /// By its column `check` (what it takes to check the commitment), likewise.
    pub checks: Vec<Row>,
    /// By its column `kind`, likewise.
    pub kinds: Vec<Row>,
    /// In the register's order.
    pub commitments: Vec<Commitment>,
    /// The document that the clauses were looked for in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A register of commitments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// As messages show it.
    pub path: String,
    /// Lower-case hex.
    pub sha256: String,
}

/// A suite whose rules were looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suite {
    /// From `suite.toml`.
    pub name: String,
    /// From `suite.toml`.
    pub title: String,
    /// That of the run record.
    pub sha256: String,
    /// How many rules it has.
    pub rules: u64,
    /// Rules that cite no entry of the register.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_citation: Vec<String>,
}

/// A run record that verdicts were taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordUsed {
    /// As the user gave it.
    pub path: String,
    /// The suite it is of.
    pub suite: String,
    /// The run's period.
    pub period: String,
    /// The day on which it was judged.
    pub as_of: String,
    /// Was it made with the very files of the suite as they are now?
    pub same_rules: bool,
}

/// Counts of commitments that have something in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What: the cell of the register; empty for the total.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many commitments.
    pub commitments: u64,
    /// Of these, cited by at least one rule.
    pub covered: u64,
    /// Of these, with a rule that a test expects a verdict of.
    pub tested: u64,
}

/// An entry of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// Its id in the register.
    pub id: String,
    /// Its words.
    pub clause: String,
    /// Its line in the document, as the register says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The register's `group`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The register's `section`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// The register's `check`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub check: String,
    /// The register's `kind`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The rules that cite it.
    pub rules: Vec<Citing>,
    /// The worst verdict of these rules in the records, if one was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// A rule that cites a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citing {
    /// The suite's name.
    pub suite: String,
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// How much it binds.
    pub kind: Kind,
    /// Titles of the tests that expect a verdict of it.
    pub tests: Vec<String>,
    /// Its verdict in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// How the register and the document agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// As the user gave it.
    pub path: String,
    /// Lower-case hex.
    pub sha256: String,
    /// Clauses that stand on the line that the register states (or on any, where it states none).
    pub found: u64,
    /// Clauses that stand on another line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Elsewhere>,
    /// Ids of commitments whose clause does not stand in the document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// Figures of the document that lie in a clause of the register.
    pub figures_covered: u64,
    /// Figures that lie in none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures_uncovered: Vec<Figure>,
}

/// A clause that stands on another line than the register states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The commitment.
    pub id: String,
    /// The line that the register states.
    pub stated: u64,
    /// The line it stands on.
    pub found: u64,
}

/// A figure of the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Its line.
    pub line: u64,
    /// Its first character on the line, from 1.
    pub column: u64,
    /// The figure, with a few characters around it.
    pub text: String,
}

/// The document cut where a clause or a figure begins or ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotated {
    /// Its lines.
    pub lines: Vec<Vec<Segment>>,
}

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its text.
    pub text: String,
    /// Indices into [`Trace::commitments`] of the clauses it lies in.
    pub commitments: Vec<usize>,
    /// It is (part of) a figure that lies in no clause.
    pub uncovered: bool,
}

impl Row {
    fn add(&mut self, commitment: &Commitment) {
        self.commitments += 1;
        self.covered += u64::from(commitment.covered());
        self.tested += u64::from(commitment.tested());
    }

    /// Counts of commitments by a cell of theirs, in the order in which the cells occur; none if the register has no such
    /// column.
    pub fn by<'a>(commitments: &'a [Commitment], cell: impl Fn(&'a Commitment) -> &'a str) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for commitment in commitments {
            let name = cell(commitment);
            let at = rows.iter().position(|row| row.name == name).unwrap_or(rows.len());
            if at == rows.len() {
                rows.push(Row { name: name.to_owned(), ..Row::default() });
            }
            if let Some(row) = rows.get_mut(at) {
                row.add(commitment);
            }
        }
        rows.retain(|row| !row.name.is_empty());
        rows
    }

    /// Counts of all commitments.
    pub fn total(commitments: &[Commitment]) -> Row {
        let mut row = Row::default();
        commitments.iter().for_each(|commitment| row.add(commitment));
        row
    }
}

impl Commitment {
    /// Does a rule cite it?
    pub fn covered(&self) -> bool {
        !self.rules.is_empty()
    }

    /// Does a test expect a verdict of such a rule?
    pub fn tested(&self) -> bool {
        self.rules.iter().any(|rule| !rule.tests.is_empty())
    }
}

impl Trace {
    /// Is every commitment cited by a rule, and does every clause stand in the document where the register says?
    pub fn complete(&self) -> bool {
        let document = self.document.as_ref();
        self.total.covered == self.total.commitments
            && document.is_none_or(|document| document.absent.is_empty() && document.elsewhere.is_empty())
    }
}
