//! The first rows of a sheet as text, and the headings that they make: merged cells filled, two rows joined as `上/下`.
//!
//! Raw cells in, headings out. Knows no dataset.

use std::ops::RangeInclusive;

use super::{Says, Statement, WIDEST};
use crate::data::heading::{WithUnit, compact, normal, with_unit};
use crate::data::pattern::HeadingPattern;
use crate::data::raw::{RawSheet, trimmed};
use crate::quantity::{Unit, Units};

/// A column of the sheet by its heading.
pub struct Heading {
    /// As it stands in the file.
    pub shown: String,
    /// The whole heading `上/下`, and its lowest row alone.
    pub forms: Vec<Form>,
    /// Texts in which members of dimensions may stand, with the unit that a row above them states.
    texts: Vec<(String, Option<Unit>)>,
}

/// A heading, or its lowest row, ready to be compared.
pub struct Form {
    /// Normal.
    pub text: String,
    /// The same without the unit that stands in it.
    pub bare: Option<String>,
    /// What it says of the unit.
    pub unit: Option<Statement>,
    /// If what looks like a unit is none: the text without it, and what stands there.
    pub unknown: Option<(String, String)>,
}

impl Form {
    /// From the pieces of a heading, each normal, and the unit that a row above them states.
    fn new(pieces: &[String], above: Option<&Unit>, units: &Units) -> Self {
        let whole = pieces.join("/");
        let (last, before) = pieces.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
        let mut over = above.cloned();
        let mut bare: Vec<String> = Vec::with_capacity(pieces.len());
        for piece in before {
            bare.push(match known(with_unit(piece, units)) {
                Some((stem, unit)) => {
                    over = Some(unit);
                    stem
                }
                None => piece.clone(),
            });
        }
        let apart = with_unit(&whole, units);
        let unknown = apart.as_ref().filter(|apart| apart.unit.is_none()).map(|a| (a.stem.clone(), a.text.clone()));
        let (bare, unit) = match (known(with_unit(last, units)), known(apart)) {
            (Some((stem, unit)), _) => {
                bare.push(stem);
                (bare.join("/"), Some((unit, Says::Heading)))
            }
            // The unit has the lowest row to itself.
            (None, Some((stem, unit))) => (stem, Some((unit, Says::Heading))),
            (None, None) => {
                bare.push(last.to_owned());
                (bare.join("/"), over.map(|unit| (unit, Says::Upper)))
            }
        };
        Form { bare: Some(bare).filter(|bare| *bare != whole), text: whole, unit, unknown }
    }
}

fn known(apart: Option<WithUnit>) -> Option<(String, Unit)> {
    apart.and_then(|apart| Some((apart.stem, apart.unit?)))
}

impl Heading {
    /// From its pieces, the upper ones first.
    pub fn new(pieces: &[&str], units: &Units) -> Self {
        let normals: Vec<String> = pieces.iter().map(|piece| normal(piece)).collect();
        let mut forms = vec![Form::new(&normals, None, units)];
        let mut texts = vec![(pieces.join("/"), None)];
        if let Some((lower, upper)) = pieces.split_last().filter(|(_, upper)| !upper.is_empty()) {
            let mut over = None;
            let bare: Vec<String> = upper
                .iter()
                .map(|piece| match known(with_unit(piece, units)) {
                    Some((stem, unit)) => {
                        over = Some(unit);
                        stem
                    }
                    None => (*piece).to_owned(),
                })
                .chain([(*lower).to_owned()])
                .collect();
            if over.is_some() {
                texts.insert(0, (bare.join("/"), over.clone()));
            }
            forms.extend(normals.last().map(|last| Form::new(std::slice::from_ref(last), over.as_ref(), units)));
            texts.push(((*lower).to_owned(), over));
        }
        Heading { shown: pieces.join("/"), forms, texts }
    }

    /// The texts that may stand for dimensions in it, each with what the heading says of the unit; the likelier first.
    pub fn captures(&self, pattern: &HeadingPattern, units: &Units) -> Vec<(Vec<String>, Option<Statement>)> {
        let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
        let compacted = pattern.compact();
        let mut captures = Vec::new();
        for (text, over) in &self.texts {
            for (pattern, text) in [(pattern, text.clone()), (&compacted, compact(text))] {
                if let Some((stem, unit)) = known(with_unit(&text, units))
                    && let Some(texts) = pattern.capture(&stem)
                {
                    captures.push((owned(texts), Some((unit, Says::Heading))));
                }
                if let Some(texts) = pattern.capture(&text) {
                    captures.push((owned(texts), over.clone().map(|unit| (unit, Says::Upper))));
                }
            }
        }
        captures
    }
}

/// The texts of some rows, with merged cells filled.
pub struct Grid {
    first: usize,
    rows: Vec<Vec<String>>,
    merged: bool,
}

impl Grid {
    pub fn new(sheet: &RawSheet<'_>, rows: RangeInclusive<usize>) -> Self {
        let texts = |row: usize| -> Vec<String> {
            sheet.row(row).iter().take(WIDEST).map(|cell| trimmed(&cell.text()).to_owned()).collect()
        };
        let first = *rows.start();
        let mut grid = Grid { first, rows: rows.clone().map(texts).collect(), merged: !sheet.merges.is_empty() };
        let mut fills = 1_000_000usize;
        for merge in &sheet.merges {
            let Some(top) = sheet.index_of(merge.rows.0).filter(|top| rows.contains(top)) else { continue };
            let Some(text) = grid.row(top).and_then(|row| row.get(merge.columns.0)).cloned() else { continue };
            if text.is_empty() {
                continue;
            }
            for row in (top..=*rows.end()).take_while(|row| sheet.number(*row) <= merge.rows.1) {
                let Some(cells) = grid.rows.get_mut(row - first) else { continue };
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

    /// A row by its index in the sheet.
    fn row(&self, row: usize) -> Option<&Vec<String>> {
        self.rows.get(row.checked_sub(self.first)?)
    }

    pub fn is_blank(&self, row: usize) -> bool {
        self.row(row).is_none_or(|cells| cells.iter().all(String::is_empty))
    }

    pub fn width(&self, row: usize) -> usize {
        self.row(row).map_or(0, |cells| cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1))
    }

    /// The pieces of a column's heading from above. Without merged cells (text files, old workbooks) a piece also
    /// stands over the empty cells to its right, as long as a lower row goes on below them.
    pub fn pieces(&self, first: usize, last: usize, column: usize) -> Vec<&str> {
        let cell =
            |row: usize, column: usize| self.row(row).and_then(|cells| cells.get(column)).map_or("", String::as_str);
        let mut pieces: Vec<&str> = Vec::new();
        for row in first..=last {
            let mut piece = cell(row, column);
            let goes_on = || (row + 1..=last).any(|below| !cell(below, column).is_empty());
            if piece.is_empty() && !self.merged && goes_on() {
                piece = (0..column).rev().map(|left| cell(row, left)).find(|text| !text.is_empty()).unwrap_or("");
            }
            if !piece.is_empty() && pieces.last() != Some(&piece) {
                pieces.push(piece);
            }
        }
        pieces
    }
}
