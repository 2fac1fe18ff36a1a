//! The rows of a sheet, read by the types of their columns.
//!
//! A raw sheet and its [`Section`]s in, rows added to a [`Table`], with the place of each. Total rows, notes and blank rows
//! are kept apart and counted; what cannot be read is a bad cell with a diagnostic, and reading goes on.

mod apart;
mod figures;
mod packed;
mod pass;
mod texts;

use std::collections::HashMap;

use apart::Apart;
use pass::Pass;

pub use apart::{goes_on, is_note};
pub use packed::{Numbering, Numbers, Packed};
pub use texts::{Columns, Refused, Share, Use, plain};

use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::cell::{CellReader, Misread};
use crate::data::column::Column;
use crate::data::config::Binding;
use crate::data::layout::{Layout, Section, Source};
use crate::data::notes::Notes;
use crate::data::raw::{RawCell, RawSheet};
use crate::data::table::{Cell, Origin, Part, Standing, Table};
use crate::semantics::hir::{ColumnId, Dataset, DatasetId, INDICATOR_TABLE, Indicator, Suite, Type};

/// How many texts of a column are kept to share.
const SHARED: usize = 100_000;

/// Builds the table of one dataset, from all its sheets.
pub struct Builder<'s> {
    suite: &'s Suite,
    dataset: DatasetId,
    declaration: &'s Dataset,
    region: &'s str,
    indicators: HashMap<&'s str, &'s Indicator>,
    /// Figures of indicators that have a formula are taken too.
    computed: bool,
    shared: Vec<HashMap<String, Cell>>,
    /// What has been built so far.
    pub table: Table,
}

/// Where a sheet comes from.
#[derive(Clone, Copy)]
pub struct Provenance<'a> {
    /// Index into the submission's inputs.
    pub input: usize,
    /// The file, as messages show it.
    pub path: &'a str,
    /// What the suite says of it.
    pub binding: Option<&'a Binding>,
}

impl<'s> Builder<'s> {
    /// For a dataset; `region` stands where an indicator table names none.
    pub fn new(suite: &'s Suite, dataset: DatasetId, region: &'s str) -> Option<Self> {
        let declaration = suite.datasets.get(dataset.0)?;
        let mut indicators = HashMap::new();
        // Only the table of indicators names any.
        let named = || suite.indicators.iter().filter(|_| dataset == INDICATOR_TABLE);
        for indicator in named() {
            for alias in &indicator.aliases {
                indicators.entry(alias.as_str()).or_insert(indicator);
            }
        }
        for indicator in named() {
            indicators.insert(indicator.name.as_str(), indicator);
        }
        let width = declaration.columns.len();
        Some(Builder {
            suite,
            dataset,
            declaration,
            region,
            indicators,
            computed: false,
            shared: vec![HashMap::new(); width],
            table: Table { columns: vec![Column::default(); width], ..Table::default() },
        })
    }

    /// Takes figures of indicators that have a formula too: what was reported, beside what the rules would compute.
    #[must_use]
    pub fn with_computed(self) -> Self {
        Builder { computed: true, ..self }
    }

    /// Does an indicator of the suite go by this name?
    pub fn knows(&self, name: &str) -> bool {
        self.indicators.contains_key(name)
    }

    /// Adds the rows of a sheet's tables and says how many.
    pub fn add(&mut self, sheet: &RawSheet<'_>, sections: &[Section], from: Provenance<'_>, notes: &mut Notes) -> u64 {
        let before = self.table.len();
        let mut apart = Apart::default();
        for Section { layout, rows } in sections {
            let part = self.open(sheet, layout, from);
            let mut pass = Pass::new(self, sheet, layout, from, part, apart, notes);
            for index in rows.clone() {
                pass.row(self, index);
            }
            let elsewhere = pass.elsewhere;
            apart = pass.apart;
            if let Some(part) = self.table.parts.last_mut().filter(|_| elsewhere.iter().any(|all| !all.is_empty())) {
                part.elsewhere = elsewhere;
            }
        }
        if let Some(Section { layout, .. }) = sections.first() {
            let place = Place::Data {
                path: from.path.to_owned(),
                sheet: sheet.name.clone(),
                row: None,
                column: None,
                cell: None,
            };
            apart.remarks(self.suite, layout, sheet.keyed, &place, notes);
            if sections.iter().all(|section| section.rows.is_empty()) {
                notes.push(empty(place, &self.declaration.name));
            }
        }
        (self.table.len() - before) as u64
    }

    /// Begins a part of the table.
    fn open(&mut self, sheet: &RawSheet<'_>, layout: &Layout, from: Provenance<'_>) -> u32 {
        let part = u32::try_from(self.table.parts.len()).unwrap_or(u32::MAX);
        let standing = |source: &Source| Standing {
            at: source.column,
            heading: Some(source.heading.clone()),
            letters: sheet.letters(source.column),
        };
        self.table.parts.push(Part {
            input: from.input,
            sheet: sheet.name.clone(),
            columns: layout.columns.iter().map(|source| source.as_ref().map(standing)).collect(),
            melted: layout
                .melted
                .iter()
                .map(|melted| melted.sources.iter().map(|(id, source)| (*id, standing(source))).collect())
                .collect(),
            elsewhere: Vec::new(),
        });
        part
    }

    fn push(&mut self, cells: Vec<Cell>, origin: Origin) {
        for (column, cell) in self.table.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.table.origins.push(origin);
    }

    /// A cell that is no figure; equal texts share their memory.
    fn word(&mut self, id: ColumnId, raw: &RawCell<'_>, ty: &Type, cells: CellReader<'_>) -> (Cell, Option<Misread>) {
        let RawCell::Text(text) = raw else { return cells.cell(raw, ty, None) };
        let Some(shared) = self.shared.get_mut(id.0) else { return cells.cell(raw, ty, None) };
        if let Some(cell) = shared.get(text.as_ref()) {
            return (cell.clone(), None);
        }
        let (cell, misread) = cells.cell(raw, ty, None);
        if misread.is_none() && shared.len() < SHARED {
            shared.insert(text.to_string(), cell.clone());
        }
        (cell, misread)
    }
}

/// A file or sheet without rows.
pub fn empty(place: Place, dataset: &str) -> Diagnostic {
    let message = Bi::new(format!("没有数据行（数据集 `{dataset}`）"), format!("no rows (dataset `{dataset}`)"));
    let help =
        Bi::new("没有数据不会判为合格；请填好再提交", "nothing never passes: fill in the table and submit it again");
    Diagnostic::at(&codes::EMPTY, place, message).help(help)
}
