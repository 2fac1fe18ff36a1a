//! What the readers produce and the engine consumes.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::column::Column;
use super::original::Original;
use crate::base::{Bi, Lang};
use crate::quantity::{Interval, Period, Scalar};
use crate::semantics::hir::{ColumnId, ColumnRole, Dataset, DatasetId, Hierarchy, StandardId};

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

/// What stands in the bad cells of a row that has the key of another.
pub(super) const REPEATED_KEY: &str = "主键重复";

impl Cell {
    /// Is it bad because its row has the key of another?
    pub fn has_repeated_key(&self) -> bool {
        matches!(self, Cell::Bad(text) if **text == *REPEATED_KEY)
    }
}

/// The rows of a dataset, from all its files, column by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// As many as the dataset has columns, each as long as `origins`.
    pub columns: Vec<Column>,
    /// Where each row stands.
    pub origins: Origins,
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
    /// Where each column of the dataset stands; `None` where the file has no such column.
    pub columns: Vec<Option<Standing>>,
    /// Columns that were turned into rows (wide to long), by the rows that they became: the measures of each.
    pub melted: Vec<Vec<(ColumnId, Standing)>>,
    /// By column of the dataset, in order of rows: cells whose value stands in another row, such as the first of merged
    /// cells.
    pub elsewhere: Vec<Vec<Elsewhere>>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its index in the file, from 0.
    pub at: usize,
    /// Its heading.
    pub heading: Option<String>,
    /// Its letters, in a workbook: `C`.
    pub letters: Option<String>,
}

/// Where the value of a column stands that holds for several rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The first and the last row it holds for.
    pub rows: (u32, u32),
    /// The row it stands in.
    pub row: u32,
    /// The index of the column it stands in.
    pub column: usize,
    /// The letters of its cell, in a workbook.
    pub letters: Option<String>,
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

/// Where the rows of a table stand: rows that follow each other in a file are kept together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// The first row of each run, by its index in the table, and where it stands.
    runs: Vec<(usize, Origin)>,
    len: usize,
}

impl Origins {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// No rows?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where a row stands.
    pub fn get(&self, row: usize) -> Option<Origin> {
        if row >= self.len {
            return None;
        }
        let run = self.runs.partition_point(|(first, _)| *first <= row).checked_sub(1)?;
        let (first, origin) = self.runs.get(run)?;
        Some(Origin { row: origin.row.checked_add(u32::try_from(row - first).ok()?)?, ..*origin })
    }

    /// Adds a row.
    pub fn push(&mut self, origin: Origin) {
        self.push_run(origin, 1);
    }

    /// Adds rows that follow each other in a file, from the first one on.
    pub fn push_run(&mut self, origin: Origin, rows: usize) {
        if rows == 0 {
            return;
        }
        let goes_on = self.runs.last().is_some_and(|(first, last)| {
            let follows = u32::try_from(self.len - first).ok().and_then(|rows| last.row.checked_add(rows));
            follows == Some(origin.row) && (last.part, last.melted) == (origin.part, origin.melted)
        });
        if !goes_on {
            self.runs.push((self.len, origin));
        }
        self.len += rows;
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Origin> {
        (0..self.len).filter_map(|row| self.get(row))
    }
}

impl FromIterator<Origin> for Origins {
    fn from_iter<I: IntoIterator<Item = Origin>>(origins: I) -> Self {
        let mut all = Origins::default();
        origins.into_iter().for_each(|origin| all.push(origin));
        all
    }
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
    /// The cell's address in a workbook: `C14`.
    pub cell: Option<String>,
}

/// A cell of a submitted file, by which it can be looked up as it was submitted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Index into [`Submission::inputs`].
    pub input: usize,
    /// The sheet, of a workbook.
    pub sheet: Option<String>,
    /// The row, from 1.
    pub row: u32,
    /// The index of the column, from 0.
    pub column: usize,
}

impl Place {
    /// As [`crate::base::whereabouts`] says it.
    pub fn said(&self, lang: Lang) -> String {
        let Place { path, sheet, row, column, cell } = self;
        crate::base::whereabouts(path, sheet.as_deref(), *row, column.as_deref(), cell.as_deref(), lang)
    }
}

impl From<Place> for crate::base::Place {
    fn from(Place { path, sheet, row, column, cell }: Place) -> Self {
        crate::base::Place::Data { path, sheet, row, column, cell }
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
    /// By input: what was submitted, to be quoted from; none of tables that are no files.
    pub originals: Vec<Original>,
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

    /// Drops a table that cannot be used: what rests on it is missing.
    pub fn forget(&mut self, dataset: DatasetId) {
        self.tables.get_mut(dataset.0).into_iter().for_each(|table| *table = None);
        self.unreadable.push(dataset);
        self.unreadable.sort();
        self.unreadable.dedup();
    }
}

/// The values of some cells of a row.
type Others<'t> = Vec<Option<Cow<'t, Scalar>>>;

/// Tables with more rows are packed.
const FEW_ROWS: usize = 1 << 12;

impl Table {
    /// Packs columns whose cells were read one by one, where there are many: packed columns are added up as they are.
    pub fn pack(&mut self) {
        if self.len() <= FEW_ROWS {
            return;
        }
        for column in &mut self.columns {
            if matches!(column, Column::Cells(_)) {
                *column = column.packed();
            }
        }
    }

    /// A cell; blank outside the table.
    pub fn cell(&self, row: usize, column: ColumnId) -> Cow<'_, Cell> {
        self.columns.get(column.0).and_then(|cells| cells.get(row)).unwrap_or(Cow::Borrowed(&Cell::Blank))
    }

    /// The value of a cell, if it is known exactly.
    pub fn value(&self, row: usize, column: ColumnId) -> Option<Cow<'_, Scalar>> {
        match self.cell(row, column) {
            Cow::Borrowed(Cell::Value(scalar, _)) => Some(Cow::Borrowed(scalar)),
            Cow::Owned(Cell::Value(scalar, _)) => Some(Cow::Owned(scalar)),
            _ => None,
        }
    }

    /// The text of a cell, if it is one.
    fn text(&self, row: usize, column: ColumnId) -> Option<Arc<str>> {
        match &*self.value(row, column)? {
            Scalar::Text(text) => Some(Arc::clone(text)),
            _ => None,
        }
    }

    /// The code of the row above in a hierarchy, if this row has one.
    pub fn parent(&self, row: usize, along: ColumnId, hierarchy: &Hierarchy) -> Option<Scalar> {
        match hierarchy {
            Hierarchy::Parent(column) => self.value(row, *column).map(Cow::into_owned),
            Hierarchy::CodeLengths(lengths) => {
                let code = self.text(row, along)?;
                let level = lengths.iter().position(|length| *length == code.chars().count())?;
                let above = lengths.get(level.checked_sub(1)?)?;
                Some(Scalar::text(&code.chars().take(*above).collect::<String>()))
            }
        }
    }

    /// The rows below a row in a hierarchy: those of its code that are the same in all other dimensions.
    pub fn children(&self, dataset: &Dataset, row: usize, along: ColumnId) -> Vec<usize> {
        let column = dataset.columns.get(along.0);
        let Some(hierarchy) = column.and_then(|column| column.hierarchy.as_ref()) else { return Vec::new() };
        let Some(code) = self.value(row, along) else { return Vec::new() };
        let others = other_dimensions(dataset, along);
        let same = |child: usize| others.iter().all(|other| self.value(child, *other) == self.value(row, *other));
        (0..self.len())
            .filter(|child| same(*child) && self.parent(*child, along, hierarchy).as_ref() == Some(&*code))
            .collect()
    }

    /// Rows whose code lacks the row above it in a hierarchy of code lengths, each with the nearest code further up that
    /// has a row: what is below that one is incomplete.
    pub fn orphans(&self, dataset: &Dataset, along: ColumnId) -> Vec<(usize, Scalar)> {
        let hierarchy = dataset.columns.get(along.0).and_then(|column| column.hierarchy.as_ref());
        let Some(Hierarchy::CodeLengths(lengths)) = hierarchy else { return Vec::new() };
        let columns = other_dimensions(dataset, along);
        let others = |row: usize| -> Others<'_> { columns.iter().map(|at| self.value(row, *at)).collect() };
        let present: HashSet<(Arc<str>, Others<'_>)> =
            (0..self.len()).filter_map(|row| Some((self.text(row, along)?, others(row)))).collect();
        let mut found = Vec::new();
        for row in 0..self.len() {
            let Some(code) = self.text(row, along) else { continue };
            let Some(level) = lengths.iter().position(|length| *length == code.chars().count()) else { continue };
            let has_row = |length: &usize| {
                let above = code.char_indices().nth(*length).and_then(|(end, _)| code.get(..end))?;
                present.contains(&(Arc::from(above), others(row))).then_some(above)
            };
            let above = lengths.iter().take(level).rev().enumerate();
            let nearest = above.filter_map(|(steps, length)| Some((steps, has_row(length)?))).next();
            found.extend(nearest.filter(|(steps, _)| *steps > 0).map(|(_, above)| (row, Scalar::text(above))));
        }
        found
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// No rows?
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Which cell of a file holds the value of a cell; none of a member that stands in a heading.
    pub fn spot(&self, row: usize, column: ColumnId) -> Option<Spot> {
        let origin = self.origins.get(row)?;
        let part = self.parts.get(origin.part as usize)?;
        let (row, column) = match part.elsewhere(column, origin.row) {
            Some(elsewhere) => (elsewhere.row, elsewhere.column),
            None => (origin.row, part.own(column, origin.melted)?.at),
        };
        Some(Spot { input: part.input, sheet: part.sheet.clone(), row, column })
    }

    /// A cell as its file has it, if anything stands there; where that is certain, the file need not be read again to quote it.
    pub fn stored(&self, row: usize, column: ColumnId) -> Option<Option<String>> {
        self.columns.get(column.0)?.stored(row)
    }

    /// Where a cell stands.
    pub fn place(&self, inputs: &[Input], row: usize, column: Option<ColumnId>) -> Option<Place> {
        let origin = self.origins.get(row)?;
        let part = self.parts.get(origin.part as usize)?;
        let standing = column.and_then(|column| part.standing(column, origin.melted));
        let elsewhere = column.and_then(|column| part.elsewhere(column, origin.row));
        let row = elsewhere.map_or(origin.row, |elsewhere| elsewhere.row);
        let letters = match elsewhere {
            Some(elsewhere) => elsewhere.letters.as_ref(),
            None => standing.and_then(|standing| standing.letters.as_ref()),
        };
        Some(Place {
            path: inputs.get(part.input)?.path.clone(),
            sheet: part.sheet.clone(),
            row: Some(u64::from(row)),
            column: standing.and_then(|standing| standing.heading.clone()),
            cell: letters.map(|letters| format!("{letters}{row}")),
        })
    }
}

/// The dimensions that a hierarchy along one of them leaves as they are: all but that one, and but the parent's code.
pub fn other_dimensions(dataset: &Dataset, along: ColumnId) -> Vec<ColumnId> {
    let parent = match dataset.columns.get(along.0).and_then(|column| column.hierarchy.as_ref()) {
        Some(Hierarchy::Parent(column)) => Some(*column),
        Some(Hierarchy::CodeLengths(_)) | None => None,
    };
    let dimensions = dataset.columns.iter().enumerate().filter(|(_, column)| column.role == ColumnRole::Dimension);
    dimensions.map(|(at, _)| ColumnId(at)).filter(|at| *at != along && Some(*at) != parent).collect()
}

impl Part {
    /// The column of the file that a cell stands in. A dimension whose members are headings stands in the first of their
    /// columns.
    fn standing(&self, column: ColumnId, melted: Option<u16>) -> Option<&Standing> {
        self.own(column, melted).or_else(|| {
            let group = self.melted.get(usize::from(melted?))?;
            let first = group.first().filter(|_| self.elsewhere.get(column.0).is_none_or(Vec::is_empty));
            first.map(|(_, standing)| standing)
        })
    }

    /// The column of the file whose cells hold the values of a column.
    fn own(&self, column: ColumnId, melted: Option<u16>) -> Option<&Standing> {
        if let Some(Some(standing)) = self.columns.get(column.0) {
            return Some(standing);
        }
        let group = self.melted.get(usize::from(melted?))?;
        group.iter().find(|(id, _)| *id == column).map(|(_, standing)| standing)
    }

    fn elsewhere(&self, column: ColumnId, row: u32) -> Option<&Elsewhere> {
        let all = self.elsewhere.get(column.0)?;
        let next = all.partition_point(|elsewhere| elsewhere.rows.0 <= row);
        all.get(next.checked_sub(1)?).filter(|elsewhere| row <= elsewhere.rows.1)
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
