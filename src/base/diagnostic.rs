//! What is wrong, where, and what to do about it: plain data that the faces draw.

use super::{Bi, CodeInfo, Span};

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The rules do not compile, or the file cannot be used.
    Error,
    /// Worth a look; nothing is stopped.
    Warning,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A stretch of a rule file.
    Rule(Span),
    /// A place in a data, standards, register or configuration file.
    Data {
        /// Path as the user gave it.
        path: String,
        /// Sheet of a workbook.
        sheet: Option<String>,
        /// Row (or line, or element of a JSON array) from 1, as the user's own program counts it.
        row: Option<u64>,
        /// The column's heading, or the key.
        column: Option<String>,
        /// The cell's address in a workbook: `C14`.
        cell: Option<String>,
    },
    /// Nowhere in particular: the command line, a missing file.
    Nowhere,
}

impl Place {
    /// The row or file of a cell.
    #[must_use]
    pub fn without_cell(self) -> Self {
        match self {
            Place::Data { path, sheet, row, .. } => Place::Data { path, sheet, row, column: None, cell: None },
            other => other,
        }
    }

    /// A whole data file.
    pub fn file(path: impl Into<String>) -> Self {
        Place::Data { path: path.into(), sheet: None, row: None, column: None, cell: None }
    }
}

/// A second place that helps to understand the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there.
    pub text: Bi,
}

/// One finding about rules or data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code and its page.
    pub code: &'static CodeInfo,
    /// Where it stands.
    pub place: Place,
    /// What is wrong; user input in backticks, no names of program types.
    pub message: Bi,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What to write or supply instead.
    pub help: Option<Bi>,
}

impl Diagnostic {
    /// A diagnostic in a rule file.
    pub fn rule(code: &'static CodeInfo, span: Span, message: Bi) -> Self {
        Diagnostic { code, place: Place::Rule(span), message, labels: Vec::new(), help: None }
    }

    /// A diagnostic at any place.
    pub fn at(code: &'static CodeInfo, place: Place, message: Bi) -> Self {
        Diagnostic { code, place, message, labels: Vec::new(), help: None }
    }

    /// Adds what to write or supply instead.
    #[must_use]
    pub fn help(mut self, help: Bi) -> Self {
        self.help = Some(help);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, place: Place, text: Bi) -> Self {
        self.labels.push(Label { place, text });
        self
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.code.severity
    }
}
