//! The first rows of a sheet as text, and the headings that they make: merged cells filled, two rows joined as `上/下`.
//!
//! Raw cells in, headings out. Knows no dataset.

use std::ops::RangeInclusive;

use super::WIDEST;
use crate::data::heading::{WithUnit, compact, with_unit};
use crate::data::pattern::HeadingPattern;
use crate::data::raw::{RawSheet, trimmed};
use crate::quantity::{Unit, Units};

/// A column of the sheet by its heading.
pub struct Heading {
    /// As it stands in the file.
    pub shown: String,
    /// Its lowest row as it stands in the file.
    pub lower: String,
    /// `上/下` and the lower one alone, normal.
    pub forms: Vec<(String, Option<WithUnit>)>,
}

impl Heading {
    /// The texts that stand for dimensions in it, and the unit behind them.
    pub fn capture(&self, pattern: &HeadingPattern, units: &Units) -> Option<(Vec<String>, Option<Unit>)> {
        let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
        let compacted = pattern.compact();
        for text in [&self.shown, &self.lower] {
            for (pattern, text) in [(pattern, text.clone()), (&compacted, compact(text))] {
                if let Some(WithUnit { stem, unit: Some(unit), .. }) = with_unit(&text, units)
                    && let Some(texts) = pattern.capture(&stem)
                {
                    return Some((owned(texts), Some(unit)));
                }
                if let Some(texts) = pattern.capture(&text) {
                    return Some((owned(texts), None));
                }
            }
        }
        None
    }
}

/// The texts of the first rows, with merged cells filled.
pub struct Grid {
    rows: Vec<Vec<String>>,
    merged: bool,
}

impl Grid {
    pub fn new(sheet: &RawSheet<'_>, rows: RangeInclusive<usize>) -> Self {
        let texts = |row: usize| -> Vec<String> {
            sheet.row(row).iter().take(WIDEST).map(|cell| trimmed(&cell.text()).to_owned()).collect()
        };
        let mut grid = Grid { rows: rows.clone().map(texts).collect(), merged: !sheet.merges.is_empty() };
        let mut fills = 1_000_000usize;
        for merge in &sheet.merges {
            let Some(top) = sheet.index_of(merge.rows.0) else { continue };
            let Some(text) = grid.rows.get(top).and_then(|row| row.get(merge.columns.0)).cloned() else { continue };
            if text.is_empty() {
                continue;
            }
            for row in (top..grid.rows.len()).take_while(|row| sheet.number(*row) <= merge.rows.1) {
                let Some(cells) = grid.rows.get_mut(row) else { continue };
                for column in merge.columns.0..=merge.columns.1.min(WIDEST - 1) {
                    if fills == 0 {
                        return grid;
                    }
                    fills -= 1;
                    if cells.len() <= column {
                        cells.resize(column + 1, String::new());
                    }
                    if let Some(cell) = cells.get_mut(column)
                        && cell.is_empty()
                    {
                        cell.clone_from(&text);
                    }
                }
            }
        }
        grid
    }

    pub fn is_blank(&self, row: usize) -> bool {
        self.rows.get(row).is_none_or(|cells| cells.iter().all(String::is_empty))
    }

    pub fn width(&self, row: usize) -> usize {
        self.rows.get(row).map_or(0, |cells| cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1))
    }

    /// The pieces of a column's heading from above. Without merged cells (text files, old workbooks) a piece also
    /// stands over the empty cells to its right, as long as the last row goes on below them.
    pub fn pieces(&self, first: usize, last: usize, column: usize) -> Vec<&str> {
        let cell = |row: usize, column: usize| {
            self.rows.get(row).and_then(|cells| cells.get(column)).map_or("", String::as_str)
        };
        let mut pieces: Vec<&str> = Vec::new();
        for row in first..=last {
            let mut piece = cell(row, column);
            if piece.is_empty() && row < last && !self.merged && !cell(last, column).is_empty() {
                piece = (0..column).rev().map(|left| cell(row, left)).find(|text| !text.is_empty()).unwrap_or("");
            }
            if !piece.is_empty() && pieces.last() != Some(&piece) {
                pieces.push(piece);
            }
        }
        pieces
    }
}
