//! Lines above a table, or between two tables, that name the members that the table is about: `部门：区教育局`,
//! `2021年部门支出总表`.
//!
//! Rows of a sheet in, members with their places out.

use super::{Given, Wanted};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::cell::{CellReader, bad};
use crate::data::heading::{UnitLine, compact, unit_line};
use crate::data::misread;
use crate::data::pattern::HeadingPattern;
use crate::data::raw::{RawCell, RawSheet, trimmed};
use crate::data::rows::{goes_on, is_note};
use crate::data::table::Cell;
use crate::semantics::hir::{ColumnId, Type};

/// A pattern, and the dimensions that it names.
struct Pattern<'s> {
    plain: &'s HeadingPattern,
    compact: HeadingPattern,
    columns: Vec<Option<ColumnId>>,
}

/// What lines of a sheet may say.
pub struct Lines<'a, 's, 'd> {
    sheet: &'a RawSheet<'d>,
    wanted: Wanted<'s>,
    path: &'a str,
    patterns: Vec<Pattern<'s>>,
}

/// What a row between tables is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing stands in it.
    Blank,
    /// A note to the table above it.
    Note,
    /// It names a member or a unit, or it is one merged cell, as titles are.
    Line,
    /// One cell: a title, or a row of data of which nothing else was filled in.
    Word,
    /// Anything else.
    Data,
}

impl<'a, 's, 'd> Lines<'a, 's, 'd> {
    pub fn new(sheet: &'a RawSheet<'d>, wanted: Wanted<'s>, path: &'a str) -> Self {
        let pattern = |plain: &'s HeadingPattern| Pattern {
            plain,
            compact: plain.compact(),
            columns: plain.names().map(|name| wanted.column(name)).collect(),
        };
        let patterns = wanted.binding.map_or(&[][..], |binding| &binding.above).iter().map(pattern).collect();
        Lines { sheet, wanted, path, patterns }
    }

    /// Does the binding say that lines name members?
    pub fn are_wanted(&self) -> bool {
        !self.patterns.is_empty()
    }

    /// The dimensions that lines are to name, each with its pattern.
    pub fn dimensions(&self) -> impl Iterator<Item = (ColumnId, &'s HeadingPattern)> {
        self.patterns.iter().flat_map(|pattern| pattern.columns.iter().flatten().map(|id| (*id, pattern.plain)))
    }

    pub fn kind(&self, row: usize) -> Kind {
        let cells = self.sheet.row(row);
        let mut filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()).peekable();
        let Some((at, first)) = filled.peek().copied() else { return Kind::Blank };
        if is_note(self.sheet, cells) {
            return Kind::Note;
        }
        let says_something = |cell: &RawCell<'_>| match cell {
            RawCell::Text(text) => {
                !self.captures(text).is_empty() || unit_line(text, &self.wanted.suite.units) != UnitLine::None
            }
            _ => false,
        };
        let only = filled.clone().count() == 1;
        let number = self.sheet.number(row);
        let merged = |merge: &crate::data::raw::Merge| {
            (merge.rows.0..=merge.rows.1).contains(&number)
                && (merge.columns.0..=merge.columns.1).contains(&at)
                && merge.columns.1 > merge.columns.0
        };
        let is_text = matches!(first, RawCell::Text(_));
        match filled.all(|(_, cell)| says_something(cell)) {
            true => Kind::Line,
            false if only && is_text && self.sheet.merges.iter().any(merged) => Kind::Line,
            false if only && is_text => Kind::Word,
            false => Kind::Data,
        }
    }

    /// Does a row hold the next point of a note that begins in a row above?
    pub fn goes_on(&self, row: usize, note: usize) -> bool {
        let column = self.sheet.row(note).iter().position(|cell| !cell.is_blank());
        column.is_some_and(|column| goes_on(self.sheet.row(row), column))
    }

    /// Does a row name a member, and hold no data?
    pub fn is_banner(&self, row: usize) -> bool {
        self.are_wanted()
            && self.sheet.row(row).iter().any(|cell| matches!(cell, RawCell::Text(t) if !self.captures(t).is_empty()))
            && self.kind(row) == Kind::Line
    }

    /// The members that a row names; what cannot be read is bad, and said.
    pub fn members(&self, row: usize, faults: &mut Vec<Diagnostic>) -> Vec<Given> {
        let mut given = Vec::new();
        if self.patterns.is_empty() {
            return given;
        }
        for (at, cell) in self.sheet.row(row).iter().enumerate() {
            let RawCell::Text(text) = cell else { continue };
            for (column, text) in self.captures(text) {
                let place = (self.sheet.number(row), at);
                let cell = read(self.wanted, column, &text, &self.place(place), faults);
                given.push(Given { column, cell, at: Some(place) });
            }
        }
        given
    }

    fn captures(&self, text: &str) -> Vec<(ColumnId, String)> {
        let pieces: Vec<&str> = pieces(text);
        let mut captured = Vec::new();
        for pattern in &self.patterns {
            let of = |text: &str| -> Option<Vec<String>> {
                let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
                pattern.plain.capture(text).map(owned).or_else(|| pattern.compact.capture(&compact(text)).map(owned))
            };
            if let Some(texts) = pieces.iter().copied().find_map(of) {
                captured.extend(pattern.columns.iter().zip(texts).filter_map(|(id, text)| Some(((*id)?, text))));
            }
        }
        captured
    }

    pub fn place(&self, (row, column): (u32, usize)) -> Place {
        Place::Data {
            path: self.path.to_owned(),
            sheet: self.sheet.name.clone(),
            row: Some(u64::from(row)),
            column: None,
            cell: self.sheet.letters(column).map(|letters| format!("{letters}{row}")),
        }
    }
}

/// A member as a cell of its dimension.
fn read(wanted: Wanted<'_>, column: ColumnId, text: &str, place: &Place, faults: &mut Vec<Diagnostic>) -> Cell {
    let text_type = Type::Text;
    let declared = wanted.declaration().and_then(|dataset| dataset.columns.get(column.0));
    let ty = declared.map_or(&text_type, |column| &column.ty);
    let raw = RawCell::Text(trimmed(text).to_owned().into());
    match CellReader::new(wanted.suite).cell(&raw, ty, None) {
        (cell, None) => cell,
        (_, Some(why)) => {
            faults.push(misread::diagnostic(&why, trimmed(text), ty, place.clone()));
            bad(&raw)
        }
    }
}

/// The members that the name of a sheet gives.
pub fn of_sheet(sheet: &RawSheet<'_>, wanted: Wanted<'_>, path: &str, faults: &mut Vec<Diagnostic>) -> Vec<Given> {
    let pattern = wanted.binding.and_then(|binding| binding.sheet_members());
    let (Some(pattern), Some(name)) = (pattern, &sheet.name) else { return Vec::new() };
    let Some(texts) = pattern.capture(trimmed(name)) else { return Vec::new() };
    let place = Place::Data { path: path.to_owned(), sheet: sheet.name.clone(), row: None, column: None, cell: None };
    let columns = pattern.names().map(|name| wanted.column(name)).zip(texts);
    let mut given = Vec::new();
    for (column, text) in columns.filter_map(|(column, text)| Some((column?, text))) {
        given.push(Given { column, cell: read(wanted, column, text, &place, faults), at: None });
    }
    given
}

/// A cell's text in the pieces that wide gaps make of it: `部门：区教育局　　　单位：万元` are two.
fn pieces(text: &str) -> Vec<&str> {
    let text = trimmed(text);
    let mut pieces = Vec::new();
    let (mut start, mut gap) = (0, None::<(usize, usize)>);
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            // A wide space and a tab are gaps by themselves.
            let wide = if matches!(c, '\u{3000}' | '\t' | '\n') { 2 } else { 1 };
            gap = Some(gap.map_or((at, wide), |(from, width)| (from, width + wide)));
            continue;
        }
        if let Some((from, _)) = gap.take().filter(|(_, width)| *width >= 2) {
            pieces.extend(text.get(start..from));
            start = at;
        }
    }
    pieces.extend(text.get(start..));
    // Typesetters spread words out, too: the whole comes last.
    if pieces.len() > 1 {
        pieces.push(text);
    }
    pieces
}

/// That no line names a dimension.
pub fn unnamed(pattern: &HeadingPattern, place: Place) -> Diagnostic {
    let message = Bi::new(
        format!("表格上方没有一行符合 `{}`", pattern.text),
        format!("no line above the table fits `{}`", pattern.text),
    );
    let help = Bi::new(
        "请在表格上方写上这一行；或按文件里的写法改绑定的 `above`",
        "write that line above the table, or mend `above` in the binding to fit the file",
    );
    Diagnostic::at(&codes::MISSING_COLUMN, place, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn wide_gaps_part_a_line() {
        assert_eq!(pieces(" 部门：教育局 "), ["部门：教育局"]);
        assert_eq!(pieces("部门：a b　　单位：万元"), ["部门：a b", "单位：万元", "部门：a b　　单位：万元"]);
        assert_eq!(pieces("部门：a\t单位：元   表1"), ["部门：a", "单位：元", "表1", "部门：a\t单位：元   表1"]);
    }
}
