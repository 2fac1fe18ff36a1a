//! The rule book of a suite, schema `duixian.doc/1`: every rule as those read it who do not read code. Made in the pipeline,
//! drawn by [`super::html::book`] and [`super::markdown::book`].

use serde::Serialize;

use super::record::{Accepted, Clause, Kind, Verdict};
use crate::base::Bi;

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.doc/1";

/// The rules of a suite, by section of the document that they come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Book {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// The suite's title, or its name.
    pub title: String,
    /// Who issued the commitments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The document they stand in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The period that is judged unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The suite's hash, as in records.
    pub sha256: String,
    /// In the order of the document, or of the rules.
    pub sections: Vec<Section>,
}

impl Book {
    /// All rules.
    pub fn rules(&self) -> impl Iterator<Item = &Entry> {
        self.sections.iter().flat_map(|section| &section.rules)
    }
}

/// Rules that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What they are about; empty if nothing says it.
    pub title: String,
    /// In source order.
    pub rules: Vec<Entry>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// `D210`
    pub id: String,
    /// Its title.
    pub title: String,
    /// How much it binds.
    pub kind: Kind,
    /// The clauses it is made from.
    pub clauses: Vec<Clause>,
    /// Register entries that the register does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<String>,
    /// What is required, as a sentence.
    pub sentence: Bi,
    /// When it applies, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies: Option<Bi>,
    /// What is required, as the rule is written.
    pub written: String,
    /// Whom it applies to.
    pub scope: Bi,
    /// The periods that are judged.
    pub period: Bi,
    /// From when on it must hold.
    pub deadline: Bi,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its author's remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Remarks of `check` that its author has answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Accepted>,
    /// Thresholds from outside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<Standard>,
    /// What must be submitted.
    pub data: Vec<Need>,
    /// Its tests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// Where the rule stands: `04-约束.rule:12`.
    pub place: String,
}

/// A threshold from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standard {
    /// Its title.
    pub title: String,
    /// The values that standards files give: the period, the value with its unit, the document.
    pub values: Vec<(Option<String>, String, String)>,
}

/// Something that must be submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    /// The dataset.
    pub dataset: String,
    /// The indicator, of the table of indicators, or that is computed from the dataset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// Its unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Other names that submitters use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// How it is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed: Option<Bi>,
}

/// A test, as far as it is about the rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// The day that counts as today, if it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Single figures: `城镇登记失业率[2021] = 3.2%`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<String>,
    /// Tables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// The cases and their verdicts: `教育局`.
    pub expected: Vec<(String, Verdict)>,
}

/// A table that is given in a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The dataset.
    pub dataset: String,
    /// The heading.
    pub header: Vec<String>,
    /// Rows, first of all those that the fewest examples of the rule have; in their order.
    pub rows: Vec<Vec<String>>,
    /// How many more there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}
