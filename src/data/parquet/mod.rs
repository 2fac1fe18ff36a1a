//! Parquet: columns that are packed in the file are read straight into packed columns of the table.
//!
//! A file in, rows of a dataset out: the same rows, with the same remarks, that a text file of the same values would give. Only
//! the columns that the dataset declares are read, by several threads. What the columns alone cannot say (totals, figures
//! filled down, columns that become rows) is read row by row, as any other sheet.

mod columns;
mod faults;
mod kind;
mod pages;
pub mod partitions;
mod sinks;
mod source;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;

use self::columns::{Asked, Decoded, Why, Wrong};
use self::kind::{FileColumn, Kind};
use super::column::Decimals;
use super::config::Binding;
use super::layout::{Layout, Wanted};
use super::notes::Notes;
use super::quietly::quietly;
use super::raw::{RawCell, RawSheet};
use super::rows::{Builder, Numbering, Numbers, Packed, Provenance};
use super::submission::choose;
use super::table::Spot;
use crate::base::{Diagnostic, Place, in_ranges};
use crate::semantics::hir::Type;

pub use super::source::Source;

/// The first and the last bytes of a file.
const MAGIC: &[u8] = b"PAR1";
/// The same of a file whose columns are encrypted.
const ENCRYPTED: &[u8] = b"PARE";

/// Do these bytes look like Parquet?
pub fn holds_parquet(start: &[u8]) -> bool {
    start.starts_with(MAGIC) || start.starts_with(ENCRYPTED)
}

/// Columns whose cells the names of folders give; none: unknown.
pub type Partition = Vec<(String, Option<String>)>;

/// A Parquet file, and what the folders it lies in say of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParquetFile {
    /// Where it is.
    pub source: Source,
    /// Columns that are the same in all rows: `year=2021`.
    pub partition: Partition,
}

/// A file that is open.
struct Open<'f> {
    file: &'f ParquetFile,
    path: &'f str,
    metadata: ParquetMetaData,
    columns: Vec<FileColumn>,
}

impl ParquetFile {
    /// One whose bytes are at hand.
    pub fn in_memory(bytes: Vec<u8>) -> Self {
        ParquetFile { source: Source::Memory(Bytes::from(bytes)), partition: Vec::new() }
    }

    /// Reads it for a dataset, and says how many rows it gave.
    pub fn read(
        &self,
        wanted: Wanted<'_>,
        from: Provenance<'_>,
        builder: &mut Builder<'_>,
        notes: &mut Notes,
    ) -> Result<u64, Vec<Diagnostic>> {
        // The heading is no row of the file.
        let binding = from.binding.map(|binding| Binding { header: None, ..binding.clone() });
        let from = Provenance { binding: binding.as_ref(), ..from };
        let plain = Wanted { suite: wanted.suite, dataset: wanted.dataset, binding: from.binding };
        let open = self.open(from.path).map_err(|fault| vec![*fault])?;
        if let Some(rows) = open.by_columns(plain, from, builder, notes)? {
            return Ok(rows);
        }
        let texts = open.texts(None, None).map_err(|fault| vec![*fault])?;
        let sheet = [texts.sheet()];
        let chosen = choose(&sheet, plain, from)?;
        if chosen.is_empty() {
            let name = wanted.declaration().map_or("", |dataset| dataset.name.as_str());
            notes.push(super::rows::empty(Place::file(from.path), name));
        }
        let mut rows = 0;
        for (sheet, sections, remarks) in chosen {
            notes.extend(remarks);
            rows += builder.add(sheet, &sections, from, notes);
        }
        Ok(rows)
    }

    /// All of it as a sheet.
    pub fn sheet(&self, path: &str) -> Result<RawSheet<'static>, Box<Diagnostic>> {
        Ok(self.open(path)?.texts(None, None)?.sheet().into_owned())
    }

    /// The texts of some of its cells, by row (from 1) and column (from 0).
    pub fn quote<'s>(&self, spots: impl Iterator<Item = &'s Spot>) -> Vec<(&'s Spot, String)> {
        let Ok(open) = self.open("") else { return Vec::new() };
        let mut by_group: BTreeMap<usize, Vec<(&Spot, u32)>> = BTreeMap::new();
        for spot in spots {
            if let Some((group, first)) = open.group_of(spot.row) {
                by_group.entry(group).or_default().push((spot, spot.row - 1 - first));
            }
        }
        let by_group: Vec<_> = by_group.into_iter().collect();
        in_ranges(by_group.len(), 1, |groups| open.quote(by_group.get(groups).unwrap_or(&[]))).concat()
    }

    fn open<'f>(&'f self, path: &'f str) -> Result<Open<'f>, Box<Diagnostic>> {
        let read =
            quietly(|| self.source.metadata()).unwrap_or_else(|| Err(ParquetError::General("damaged".to_owned())));
        let metadata = read.map_err(|error| Box::new(faults::unreadable(path, None, &error.to_string())))?;
        let columns = quietly(|| kind::columns(&metadata)).unwrap_or_default();
        Ok(Open { file: self, path, metadata, columns })
    }
}

impl<'f> Open<'f> {
    /// The texts of cells of some row groups; of each cell its spot, and its row in the group.
    fn quote<'s>(&self, groups: &[(usize, Vec<(&'s Spot, u32)>)]) -> Vec<(&'s Spot, String)> {
        let mut quoted = Vec::new();
        for (group, spots) in groups {
            // Only the columns that are quoted are read, and figures as numbers: most of them are different texts.
            let columns = spots.iter().map(|(spot, _)| spot.column).collect();
            let Ok(texts) = self.texts(Some(*group), Some(&columns)) else { continue };
            for (spot, row) in spots {
                let cell = texts.cell(spot.column, *row as usize).filter(|cell| *cell != RawCell::Empty);
                quoted.extend(cell.map(|cell| (*spot, cell.text().into_owned())));
            }
        }
        quoted
    }

    /// The headings: the file's, and those of its folders that it does not have itself.
    fn headings(&self) -> impl Iterator<Item = &str> {
        let own = self.columns.iter().map(|column| column.name.as_str());
        own.chain(self.partition().map(|(name, _)| name))
    }

    fn partition(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let own = |name: &str| self.columns.iter().any(|column| column.name == name);
        let all = self.file.partition.iter().map(|(name, text)| (name.as_str(), text.as_deref()));
        all.filter(move |(name, _)| !own(name))
    }

    fn heading(&self) -> RawSheet<'_> {
        let mut sheet = RawSheet::new(None);
        for heading in self.headings() {
            sheet.push(RawCell::Text(Cow::Borrowed(heading)));
        }
        sheet.end_row(0);
        sheet
    }

    fn rows(&self) -> usize {
        self.metadata.row_groups().iter().filter_map(|group| usize::try_from(group.num_rows()).ok()).sum()
    }

    /// The row group of a row, and how many rows are before it.
    fn group_of(&self, row: u32) -> Option<(usize, u32)> {
        let mut first = 0u32;
        for (at, group) in self.metadata.row_groups().iter().enumerate() {
            let next = first.checked_add(u32::try_from(group.num_rows()).ok()?)?;
            if row > first && row <= next {
                return Some((at, first));
            }
            first = next;
        }
        None
    }

    fn wrong(&self, asked: &[Asked], (column, why): Wrong) -> Box<Diagnostic> {
        let why = match why {
            Why::Damaged(why) => why,
            Why::TooLarge(why) => return Box::new(why.diagnostic(Place::file(self.path))),
        };
        let leaf = column.and_then(|column| asked.get(column)).map(|asked| asked.leaf);
        let name =
            self.columns.iter().find(|column| leaf.is_some() && column.leaf == leaf).map(|column| column.name.as_str());
        Box::new(faults::unreadable(self.path, name, &why))
    }

    fn groups(&self) -> Vec<usize> {
        (0..self.metadata.num_row_groups()).collect()
    }

    /// Adds its columns to the table; `None`: it has to be read row by row.
    fn by_columns(
        &self,
        wanted: Wanted<'_>,
        from: Provenance<'_>,
        builder: &mut Builder<'_>,
        notes: &mut Notes,
    ) -> Result<Option<u64>, Vec<Diagnostic>> {
        let sheets = [self.heading()];
        let mut chosen = choose(&sheets, wanted, from)?;
        let Some((heading, sections, remarks)) = chosen.pop() else { return Ok(None) };
        let [section] = sections.as_slice() else { return Ok(None) };
        let layout = &section.layout;
        let unit_heading = |name: &str| super::layout::is_unit_heading(name);
        if !builder.takes_columns(layout, from) || self.headings().any(unit_heading) {
            return Ok(None);
        }
        self.check_kinds(layout)?;
        let declared = wanted.declaration().map_or(&[][..], |dataset| &dataset.columns);
        let mut asked = Vec::new();
        for (source, column) in layout.columns.iter().zip(declared) {
            let Some(at) = source.as_ref().map(|source| source.column) else { continue };
            if let Some((leaf, kind)) = self.columns.get(at).and_then(|column| Some((column.leaf?, column.kind))) {
                asked.push(Asked { leaf, kind, numbers: kind.is_number() && matches!(column.ty, Type::Quantity(_)) });
            }
        }
        let used = |at: usize| layout.columns.iter().flatten().any(|source| source.column == at);
        let beside = self.beside(used).map_err(|fault| vec![*fault])?;
        let rows = self.rows();
        let decoded = columns::read(&self.file.source, &self.metadata, &asked, &self.groups());
        let mut decoded = decoded.map_err(|wrong| vec![*self.wrong(&asked, wrong)])?.into_iter();
        let mut packed = Vec::new();
        for source in &layout.columns {
            let Some(source) = source else {
                packed.push(None);
                continue;
            };
            packed.push(Some(match self.columns.get(source.column) {
                Some(column) => {
                    let decoded = decoded.next().ok_or_else(Vec::new)?;
                    self.packed(column, decoded).map_err(|fault| vec![*fault])?
                }
                None => {
                    let text = self.partition().nth(source.column - self.columns.len()).and_then(|(_, text)| text);
                    let codes = super::column::Codes::U8(vec![0; rows]);
                    Packed::Coded(
                        vec![text.map_or(RawCell::Empty, |text| RawCell::Text(Cow::Owned(text.to_owned())))],
                        codes,
                    )
                }
            }));
        }
        notes.extend(remarks);
        let number = |row: usize| u32::try_from(row + 1).unwrap_or(u32::MAX);
        let rows = Numbering { rows, number: &number };
        Ok(builder.add_columns(heading, layout, packed, (rows, &beside), from, notes))
    }

    /// Columns that the dataset needs, of kinds that no cell has.
    fn check_kinds(&self, layout: &Layout) -> Result<(), Vec<Diagnostic>> {
        let sources = layout.columns.iter().flatten();
        let columns = sources.filter_map(|source| self.columns.get(source.column));
        let faults: Vec<Diagnostic> = columns
            .filter(|column| matches!(column.kind, Kind::Nested | Kind::Other))
            .map(|column| faults::kind(self.path, &column.name, column.kind == Kind::Nested))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// The different texts of columns that are not used: a total may stand there.
    fn beside(&self, used: impl Fn(usize) -> bool) -> Result<Vec<RawCell<'static>>, Box<Diagnostic>> {
        let mut cells = Vec::new();
        for (_, column) in
            self.columns.iter().enumerate().filter(|(at, column)| !used(*at) && column.kind == Kind::Text)
        {
            let Some(leaf) = column.leaf else { continue };
            let asked = [Asked { leaf, kind: column.kind, numbers: false }];
            let decoded = columns::texts(&self.file.source, &self.metadata, asked[0]);
            let values = decoded.map_err(|why| self.wrong(&asked, (Some(0), why.into())))?;
            let texts = values.iter().flatten().filter_map(|value| column.kind.cell(value));
            cells.extend(texts.map(|cell| RawCell::Text(Cow::Owned(cell.text().into_owned()))));
        }
        Ok(cells)
    }

    fn packed(&self, column: &FileColumn, decoded: Decoded) -> Result<Packed, Box<Diagnostic>> {
        Ok(match decoded {
            Decoded::Numbers(numbers) => Packed::Numbers(numbers),
            Decoded::Coded(values, codes) => {
                let mut cells = Vec::with_capacity(values.len());
                for (code, value) in values.iter().enumerate() {
                    let cell = self.cell(column, value.as_deref(), || {
                        (0..codes.len()).find(|row| codes.get(*row) == Some(code))
                    })?;
                    cells.push(owned(cell));
                }
                Packed::Coded(cells, codes)
            }
        })
    }

    fn cell<'v>(
        &self,
        column: &FileColumn,
        value: Option<&'v [u8]>,
        row: impl FnOnce() -> Option<usize>,
    ) -> Result<RawCell<'v>, Box<Diagnostic>> {
        match value {
            None => Ok(RawCell::Empty),
            Some(value) => column
                .kind
                .cell(value)
                .ok_or_else(|| Box::new(faults::text(self.path, &column.name, row().map(|row| row + 1)))),
        }
    }

    /// Columns as texts, or some of them, with their figures as numbers; of one row group, or of all.
    fn texts(&self, group: Option<usize>, only: Option<&BTreeSet<usize>>) -> Result<Texts, Box<Diagnostic>> {
        let groups = group.map_or_else(|| self.groups(), |group| vec![group]);
        let ask = |(at, column): (usize, &FileColumn)| {
            let wanted = column.kind != Kind::Other && only.is_none_or(|only| only.contains(&at));
            let numbers = only.is_some() && column.kind.is_number();
            Some(Asked { leaf: column.leaf.filter(|_| wanted)?, kind: column.kind, numbers })
        };
        let asked: Vec<Asked> = self.columns.iter().enumerate().filter_map(ask).collect();
        let decoded = columns::read(&self.file.source, &self.metadata, &asked, &groups);
        let mut decoded = decoded.map_err(|wrong| self.wrong(&asked, wrong))?.into_iter();
        let mut read = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let next = if ask((at, column)).is_some() { decoded.next() } else { None };
            read.push(match next {
                Some(decoded) => Some(self.packed(column, decoded)?),
                None => None,
            });
        }
        let of = |group: &usize| {
            self.metadata.row_groups().get(*group).and_then(|group| usize::try_from(group.num_rows()).ok())
        };
        Ok(Texts {
            headings: self.headings().map(str::to_owned).collect(),
            columns: read,
            partition: self.partition().map(|(_, text)| text.map(str::to_owned)).collect(),
            rows: groups.iter().filter_map(of).sum(),
        })
    }
}

impl Numbers {
    /// A number as it was stored; `None`: nothing.
    fn text(&self, row: usize) -> Option<Cow<'_, str>> {
        match *self.values.get(row)? {
            Decimals::NONE => {
                let at = self.others.binary_search_by_key(&row, |(row, _)| *row).ok()?;
                self.others.get(at).map(|(_, cell)| cell.text())
            }
            value => {
                let digits = self.digits.get(row).copied().unwrap_or(self.scale);
                Some(Cow::Owned(kind::with_point(&value.to_string(), digits)))
            }
        }
    }
}

/// The columns of a file as texts.
struct Texts {
    headings: Vec<String>,
    /// None where values are no texts, or were not asked for.
    columns: Vec<Option<Packed>>,
    partition: Vec<Option<String>>,
    rows: usize,
}

impl Texts {
    fn cell(&self, column: usize, row: usize) -> Option<RawCell<'_>> {
        match self.columns.get(column) {
            Some(Some(Packed::Coded(values, codes))) => values.get(codes.get(row)?).cloned(),
            Some(Some(Packed::Numbers(numbers))) => Some(numbers.text(row).map_or(RawCell::Empty, RawCell::Text)),
            Some(None) => Some(RawCell::Nested("…".into())),
            None => {
                let text = self.partition.get(column - self.columns.len())?;
                Some(text.as_ref().map_or(RawCell::Empty, |text| RawCell::Text(Cow::Borrowed(text))))
            }
        }
    }

    fn sheet(&self) -> RawSheet<'_> {
        let mut sheet = RawSheet::new(None);
        for heading in &self.headings {
            sheet.push(RawCell::Text(Cow::Borrowed(heading)));
        }
        sheet.end_row(0);
        for row in 0..self.rows {
            for column in 0..self.headings.len() {
                sheet.push(match self.columns.get(column) {
                    // The text itself stays where it is.
                    Some(Some(Packed::Coded(values, codes))) => {
                        match codes.get(row).and_then(|code| values.get(code)) {
                            Some(RawCell::Text(text)) => RawCell::Text(Cow::Borrowed(text)),
                            Some(cell) => cell.clone(),
                            None => RawCell::Empty,
                        }
                    }
                    _ => self.cell(column, row).unwrap_or_default(),
                });
            }
            sheet.end_row(u32::try_from(row + 1).unwrap_or(u32::MAX));
        }
        sheet
    }
}

fn owned(cell: RawCell<'_>) -> RawCell<'static> {
    match cell {
        RawCell::Empty => RawCell::Empty,
        RawCell::Text(text) => RawCell::Text(Cow::Owned(text.into_owned())),
        RawCell::Date(date) => RawCell::Date(date),
        other => RawCell::Text(Cow::Owned(other.text().into_owned())),
    }
}
