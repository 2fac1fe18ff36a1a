//! What the readers produce and the engine consumes.

use std::sync::Arc;

use crate::base::{Bi, Lang};
use crate::quantity::{Interval, Period, Scalar};
use crate::semantics::hir::{ColumnId, DatasetId, StandardId};

/// A cell, read by the type of its column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing was submitted: empty, `—`, `-`, `…`.
    Blank,
    /// Of the column's type; numbers in base units. With it, how many digits stood after the point.
    Value(Scalar, u8),
    /// A number that is known only within bounds, in base units: it is rounded, or only a bound was submitted. With it,
    /// how many digits stood after the point.
    Within(Arc<Interval>, u8),
    /// Something that cannot be read as the column's type, as submitted. Whatever rests on it is in error.
    Bad(Arc<str>),
}

/// The rows of a dataset, from all its files, column by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// As many as the dataset has columns, each as long as `origins`.
    pub columns: Vec<Vec<Cell>>,
    /// Where each row stands.
    pub origins: Vec<Origin>,
    /// The files and sheets that rows come from.
    pub parts: Vec<Part>,
}

/// A file, or a sheet of one, that rows come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Index into [`Submission::inputs`].
    pub input: usize,
    /// The sheet, of a workbook.
    pub sheet: Option<String>,
    /// The heading of each column as it stands in the file; `None` where the file has no such column.
    pub headings: Vec<Option<String>>,
    /// Headings of columns that were turned into rows (wide to long).
    pub melted: Vec<String>,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Index into [`Table::parts`].
    pub part: u32,
    /// From 1: the line of a text file, the row of a sheet, the element of a JSON array.
    pub row: u32,
    /// Index into [`Part::melted`]: the column that this row was made from.
    pub melted: Option<u16>,
}

/// A place in the submitted files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// As the user gave it.
    pub path: String,
    /// The sheet, of a workbook.
    pub sheet: Option<String>,
    /// The row, from 1.
    pub row: Option<u64>,
    /// The column's heading.
    pub column: Option<String>,
}

impl Place {
    /// `预算.xlsx《部门预算》第 3 行「金额」列`, `预算.xlsx, sheet 部门预算, row 3, column 金额`. Of a JSON array the rows are
    /// its objects.
    pub fn said(&self, lang: Lang) -> String {
        crate::base::whereabouts(&self.path, self.sheet.as_deref(), self.row, self.column.as_deref(), lang)
    }
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The dataset's name.
    pub dataset: String,
    /// As the user gave it.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// Rows that were read from it, after wide tables became long.
    pub rows: u64,
}

/// Everything that was submitted for a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Submission {
    /// By [`DatasetId`]; `None`: no file was submitted for it.
    pub tables: Vec<Option<Table>>,
    /// The files.
    pub inputs: Vec<Input>,
    /// The suite's own region: what an indicator is read for unless a rule names another. Empty if the suite names none.
    pub region: String,
    /// Datasets of which a file could not be read, in order: what rests on them cannot be judged.
    pub unreadable: Vec<DatasetId>,
    /// What every report must say of this data, such as that it is made up (`notice` in `submission.toml`).
    pub notice: Option<Bi>,
}

impl Submission {
    /// The table of a dataset.
    pub fn table(&self, dataset: DatasetId) -> Option<&Table> {
        self.tables.get(dataset.0)?.as_ref()
    }
}

impl Table {
    /// A cell; blank outside the table.
    pub fn cell(&self, row: usize, column: ColumnId) -> &Cell {
        self.columns.get(column.0).and_then(|cells| cells.get(row)).unwrap_or(&Cell::Blank)
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// No rows?
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Where a cell stands.
    pub fn place(&self, inputs: &[Input], row: usize, column: Option<ColumnId>) -> Option<Place> {
        let origin = self.origins.get(row)?;
        let part = self.parts.get(origin.part as usize)?;
        let heading = |column: ColumnId| match part.headings.get(column.0) {
            Some(Some(heading)) => Some(heading.clone()),
            _ => origin.melted.and_then(|melted| part.melted.get(usize::from(melted)).cloned()),
        };
        Some(Place {
            path: inputs.get(part.input)?.path.clone(),
            sheet: part.sheet.clone(),
            row: Some(u64::from(origin.row)),
            column: column.and_then(heading),
        })
    }
}

/// Values of the suite's standards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StandardValues {
    /// By [`StandardId`].
    pub entries: Vec<Vec<StandardEntry>>,
    /// The files they come from, with their SHA-256.
    pub files: Vec<(String, String)>,
}

/// A standard's value.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardEntry {
    /// The period it is in force in; `None`: any.
    pub period: Option<Period>,
    /// Of the standard's type; numbers in base units.
    pub value: Scalar,
    /// Figure and unit as the file states them.
    pub stated: String,
    /// The document it was taken from.
    pub source: String,
    /// Where it stands.
    pub place: Option<Place>,
}

impl StandardValues {
    /// The value in force in a period: stated for it, or for the year it lies in, or for all periods.
    pub fn in_force(&self, standard: StandardId, period: Period) -> Option<&StandardEntry> {
        let entries = self.entries.get(standard.0)?;
        let year = Period::year(period.calendar_year());
        let stated_for = |wanted: Option<Period>| entries.iter().find(|entry| entry.period == wanted);
        stated_for(Some(period)).or_else(|| year.and_then(|year| stated_for(Some(year)))).or_else(|| stated_for(None))
    }
}
