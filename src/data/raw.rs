//! Cells as a file states them, before anything is known about columns: what every reader hands over.
//!
//! Bytes in, sheets of raw cells with their positions out. Knows no datasets and no types.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::pieces::Field;
use crate::base::{Diagnostic, column_letters};

/// A cell as stated.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum RawCell<'a> {
    /// Nothing.
    #[default]
    Empty,
    /// Text, also of numbers in text files, and of booleans.
    Text(Cow<'a, str>),
    /// A number that the format itself marks as one.
    Number(Box<RawNumber>),
    /// A calendar day that the format itself marks as one.
    Date(Date),
    /// A spreadsheet's error value: `#DIV/0!`.
    Error(&'static str),
    /// A JSON list or object where a value is expected, shortened.
    Nested(Box<str>),
}

/// A number as stated.
#[derive(Clone, Debug, PartialEq)]
pub struct RawNumber {
    /// Its decimal digits.
    pub digits: String,
    /// How it is shown.
    pub shown: Shown,
}

/// How the cell of a number shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it is stored.
    Plainly,
    /// As a percentage: stored as 0.07, shown as 7%.
    Percent,
    /// With a text behind it, often a unit: stored as 12.5, shown as 12.5万元.
    With(Arc<str>),
    /// Divided by a thousand: stored as 123456, shown as 123.
    Scaled,
    /// The format of the cell cannot be seen.
    Unknown,
}

impl RawCell<'static> {
    /// A number that is shown in some way.
    pub fn number(digits: impl Into<String>, shown: Shown) -> Self {
        RawCell::Number(Box::new(RawNumber { digits: digits.into(), shown }))
    }
}

impl RawCell<'_> {
    /// The cell as text, for headings, messages and text columns.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            RawCell::Empty => Cow::Borrowed(""),
            RawCell::Text(text) => Cow::Borrowed(text),
            RawCell::Number(number) if number.shown == Shown::Percent => {
                Cow::Owned(format!("{}%", times_hundred(&number.digits)))
            }
            RawCell::Number(number) => Cow::Borrowed(&number.digits),
            RawCell::Date(date) => Cow::Owned(date.to_string()),
            RawCell::Error(text) => Cow::Borrowed(text),
            RawCell::Nested(text) => Cow::Borrowed(text),
        }
    }

    /// Nothing but white space?
    pub fn is_blank(&self) -> bool {
        match self {
            RawCell::Empty => true,
            RawCell::Text(text) => trimmed(text).is_empty(),
            _ => false,
        }
    }

    /// The same cell, holding its own text.
    pub fn into_owned(self) -> RawCell<'static> {
        match self {
            RawCell::Empty => RawCell::Empty,
            RawCell::Text(text) => RawCell::Text(Cow::Owned(text.into_owned())),
            RawCell::Number(number) => RawCell::Number(number),
            RawCell::Date(date) => RawCell::Date(date),
            RawCell::Error(text) => RawCell::Error(text),
            RawCell::Nested(text) => RawCell::Nested(text),
        }
    }
}

/// Decimal digits with the point moved two places to the right: `0.07` is `7`.
fn times_hundred(digits: &str) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    if rest.contains(['e', 'E']) {
        return crate::quantity::Decimal::parse(digits)
            .map_or_else(|| digits.to_owned(), |d| (&d.value() * &crate::quantity::Number::from(100u64)).exact());
    }
    let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
    let padded = format!("{part:0<2}");
    let (two, more) = padded.split_at_checked(2).unwrap_or((&padded, ""));
    let whole = format!("{whole}{two}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if more.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{more}") }
}

/// A row of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RawRow {
    number: u32,
    start: usize,
    end: usize,
}

/// A rectangle of merged cells; rows from 1 as the user's program counts them, columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First and last row.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (usize, usize),
}

/// A table of raw cells: a text file, a sheet of a workbook, a JSON array.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawSheet<'a> {
    /// The sheet's name, of a workbook.
    pub name: Option<String>,
    /// Its merged cells.
    pub merges: Vec<Merge>,
    /// A row has just as many cells as the heading, or it is broken: true of delimited text.
    pub strict_width: bool,
    /// Its cells have addresses (`C14`), as those of a workbook have.
    pub addressed: bool,
    /// The first row holds the keys of records (JSON), so it is the heading and nothing else can be.
    pub keyed: bool,
    cells: Vec<RawCell<'a>>,
    rows: Vec<RawRow>,
}

impl<'a> RawSheet<'a> {
    /// An empty sheet.
    pub fn new(name: Option<String>) -> Self {
        RawSheet { name, ..RawSheet::default() }
    }

    /// Adds a cell to the row that [`RawSheet::end_row`] will end.
    pub fn push(&mut self, cell: RawCell<'a>) {
        self.cells.push(cell);
    }

    /// Ends a row: its cells are those pushed since the last one ended.
    pub fn end_row(&mut self, number: u32) {
        let start = self.rows.last().map_or(0, |row| row.end);
        self.rows.push(RawRow { number, start, end: self.cells.len() });
    }

    /// Adds a row of text; `None`: it is not UTF-8.
    pub fn add(&mut self, fields: &[Field<'a>], number: u32) -> Option<()> {
        for field in fields {
            self.push(field.cell()?);
        }
        self.end_row(number);
        Some(())
    }

    /// Counts its rows from another number on than 1.
    pub fn number_from(&mut self, first: u32) {
        for row in &mut self.rows {
            row.number = row.number.saturating_add(first - 1);
        }
    }

    /// Adds the rows of another sheet.
    pub fn append(&mut self, other: RawSheet<'a>) {
        let before = self.cells.len();
        self.cells.extend(other.cells);
        let rows = other.rows.into_iter();
        self.rows.extend(rows.map(|row| RawRow { start: row.start + before, end: row.end + before, ..row }));
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// No rows?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The cells of a row; none outside the sheet.
    pub fn row(&self, index: usize) -> &[RawCell<'a>] {
        self.rows.get(index).and_then(|row| self.cells.get(row.start..row.end)).unwrap_or(&[])
    }

    /// The number of a row as the user's program counts it, from 1.
    pub fn number(&self, index: usize) -> u32 {
        self.rows.get(index).map_or(0, |row| row.number)
    }

    /// The index of the row with a number.
    pub fn index_of(&self, number: u32) -> Option<usize> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok()
    }

    /// The letters of a column, if its cells have addresses.
    pub fn letters(&self, column: usize) -> Option<String> {
        self.addressed.then(|| column_letters(column))
    }

    /// How many cells there are in all.
    pub fn cell_count(&self) -> usize {
        self.cells.len()
    }

    /// The same sheet, holding its own text.
    pub fn into_owned(self) -> RawSheet<'static> {
        RawSheet {
            name: self.name,
            merges: self.merges,
            strict_width: self.strict_width,
            addressed: self.addressed,
            keyed: self.keyed,
            cells: self.cells.into_iter().map(RawCell::into_owned).collect(),
            rows: self.rows,
        }
    }
}

/// What a binding says about a file's outward form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// A label of the WHATWG Encoding Standard: `gb18030`, `utf-8`, `big5`.
    pub encoding: Option<String>,
    /// What separates the fields of delimited text.
    pub delimiter: Option<u8>,
    /// Of delimited text, only the rows with these numbers.
    pub only: Option<BTreeSet<u32>>,
}

/// A file format: bytes to sheets of raw cells.
pub trait Reader {
    /// Reads a whole file; `path` is only for messages. An error means that nothing of the file can be used.
    fn read<'a>(
        &self,
        bytes: &'a [u8],
        path: &str,
        options: &ReadOptions,
    ) -> Result<Vec<RawSheet<'a>>, Box<Diagnostic>>;
}

/// Text without the white space around it (U+3000 included) and without invisible marks at its ends.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// Are two texts the same but for white space?
pub fn same_unspaced(text: &str, unspaced: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).eq(unspaced.chars())
}

/// The half-width form of a full-width character.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ffe5}' => '\u{a5}',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_millions_are_small() {
        assert_eq!(size_of::<RawCell<'_>>(), size_of::<Cow<'_, str>>());
    }

    #[test]
    fn percentages_move_the_point() {
        for (stored, shown) in
            [("0.07", "7"), ("0.985", "98.5"), ("-0.001", "-0.1"), ("1", "100"), ("0", "0"), ("12.3456", "1234.56")]
        {
            assert_eq!(times_hundred(stored), shown);
        }
        assert_eq!(times_hundred("7e-3"), "0.7");
    }
}
