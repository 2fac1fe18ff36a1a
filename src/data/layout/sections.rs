//! Tables that stand one below the other in a sheet: each with its heading again, or each under a line that names it.
//!
//! A raw sheet in, its tables out. A member that a line names holds for its own table, and for the next only across a
//! page break; what the sheet says once, above its first table, holds for all. Where a table lacks a line that others have,
//! its member is blank, never that of its neighbour.

use super::attempt::Attempt;
use super::grid::Grid;
use super::lines::{self, Kind, Lines};
use super::{Given, Layout, Section, Wanted, find};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, in_ranges};
use crate::data::heading::{normal, with_unit};
use crate::data::raw::{RawCell, RawSheet, half_width};
use crate::data::table::Cell;
use crate::quantity::Units;

/// Sheets of fewer rows are not worth a second thread.
const FEW_ROWS: usize = 1 << 15;
/// How far below a line its heading may stand.
const LOOK_AHEAD: usize = 12;

/// The tables of a sheet, and remarks; the error says what was found instead of a heading.
pub fn sections(
    sheet: &RawSheet<'_>,
    wanted: Wanted<'_>,
    path: &str,
) -> Result<(Vec<Section>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (layout, remarks) = find(sheet, wanted, path)?;
    let lines = Lines::new(sheet, wanted, path);
    let heading = (layout.first_heading, layout.last_heading);
    let mut search = Search {
        sheet,
        wanted,
        path,
        probes: probes(sheet, &layout, &wanted.suite.units),
        heading,
        lines,
        sections: Vec::new(),
        starts: Vec::new(),
        remarks,
        faults: Vec::new(),
    };
    search.open(layout, heading, 0, Start::Top);
    if !sheet.keyed {
        search.further();
    }
    search.finish()
}

/// How a table begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// It is the first.
    Top,
    /// With the heading again and nothing else, as on a new page.
    Page,
    /// With lines of its own and the heading again.
    Lines,
    /// With a line, under the heading that it shares with the table above it.
    Banner,
}

/// A used column of the heading's lowest row: its text there and its whole text, without units.
pub struct Probe {
    /// Of the sheet, from 0.
    pub column: usize,
    lower: String,
    whole: String,
}

impl Probe {
    /// Does a text read as the heading of the column?
    pub fn fits(&self, text: &str, units: &Units) -> bool {
        let first = text.chars().find(|c| !c.is_whitespace()).map(half_width);
        let may_be = |heading: &str| first.is_some_and(|c| heading.starts_with(|h: char| c.to_lowercase().eq([h])));
        (may_be(&self.lower) || may_be(&self.whole)) && {
            let bare = bare(text, units);
            bare == self.lower || bare == self.whole
        }
    }

    /// Is the heading itself a text of some kind?
    pub fn is(&self, kind: impl Fn(&str) -> bool) -> bool {
        kind(&self.lower) || kind(&self.whole)
    }
}

struct Search<'a, 's, 'd> {
    sheet: &'a RawSheet<'d>,
    wanted: Wanted<'s>,
    path: &'a str,
    lines: Lines<'a, 's, 'd>,
    /// First and last row of the heading that was last seen in full.
    heading: (usize, usize),
    probes: Vec<Probe>,
    sections: Vec<Section>,
    /// Of each table: how it begins, and the members that its own lines name.
    starts: Vec<(Start, Vec<Given>)>,
    remarks: Vec<Diagnostic>,
    faults: Vec<Diagnostic>,
}

impl Search<'_, '_, '_> {
    /// Begins a table; its lines are those from `above` to its heading (or to its banner).
    fn open(&mut self, layout: Layout, (first, last): (usize, usize), above: usize, start: Start) {
        if let Some(before) = self.sections.last_mut() {
            before.rows.end = above.max(before.rows.start);
        }
        let lines = if start == Start::Banner { above..last + 1 } else { above..first };
        let mut given = Vec::new();
        for row in lines {
            for member in self.lines.members(row, &mut self.remarks) {
                given.retain(|known: &Given| known.column != member.column);
                given.push(member);
            }
        }
        self.sections.push(Section { layout, rows: last + 1..self.sheet.len() });
        self.starts.push((start, given));
    }

    fn further(&mut self) {
        let mut row = self.heading.1 + 1;
        // Most large tables stand alone; of these the rows can be gone through by threads.
        let (search, below) = (&*self, self.sheet.len().saturating_sub(row));
        let begins = |at: usize| search.repeats(at).is_some() || search.lines.is_banner(at);
        let alone = in_ranges(below, FEW_ROWS, |range| !range.into_iter().any(|at| begins(row + at)));
        if !alone.contains(&false) {
            return;
        }
        while row < self.sheet.len() {
            if let Some(first) = self.repeats(row) {
                self.heading_again(first, row);
            } else if self.lines.is_banner(row)
                && !self.heads(row)
                && let Some(layout) = self.sections.last().map(|section| section.layout.clone())
            {
                self.open(layout, (row, row), row, Start::Banner);
            }
            row += 1;
        }
    }

    /// The first row of the heading, if it stands again with its lowest row here.
    fn repeats(&self, row: usize) -> Option<usize> {
        let cells = self.sheet.row(row);
        let units = &self.wanted.suite.units;
        let same =
            |probe: &Probe| matches!(cells.get(probe.column), Some(RawCell::Text(text)) if probe.fits(text, units));
        if self.probes.is_empty() || !self.probes.iter().all(same) {
            return None;
        }
        let depth = self.heading.1 - self.heading.0;
        let start = self.sections.last().map_or(0, |section| section.rows.start);
        if let Some(first) = row.checked_sub(depth).filter(|first| *first >= start)
            && (0..depth).all(|at| self.reads_as(first + at, self.heading.0 + at))
        {
            return Some(first);
        }
        // The lowest row alone, as some programs repeat it. Under another unit it is no heading that can be understood.
        let exactly = |probe: &Probe| {
            let text = |row: usize| self.sheet.row(row).get(probe.column).map(|cell| normal(&cell.text()));
            text(row) == text(self.heading.1)
        };
        self.probes.iter().all(exactly).then_some(row)
    }

    /// Do two rows read the same, but for units?
    fn reads_as(&self, row: usize, other: usize) -> bool {
        let texts = |row: usize| {
            let cells = self.sheet.row(row).iter().map(|cell| bare(&cell.text(), &self.wanted.suite.units));
            let mut texts: Vec<String> = cells.collect();
            while texts.last().is_some_and(String::is_empty) {
                texts.pop();
            }
            texts
        };
        texts(row) == texts(other)
    }

    /// Does a heading follow below a line?
    fn heads(&self, row: usize) -> bool {
        let below = row + 1..self.sheet.len().min(row + LOOK_AHEAD);
        let first = below.clone().find_map(|last| self.repeats(last));
        first.is_some_and(|first| (row + 1..first).all(|line| self.lines.kind(line) != Kind::Data))
    }

    /// Where the lines above a heading begin. A row with one word may be a title, or data of which nothing else was filled
    /// in: it is a title only where nothing but lines, or a blank row, parts it from the data above.
    fn lines_above(&self, first: usize) -> usize {
        let end = self.sections.last().map_or(0, |section| section.rows.start);
        let (mut row, mut sure) = (first, first);
        while let Some(above) = row.checked_sub(1).filter(|above| *above >= end) {
            // Workbooks do not hold blank rows: the rows on both sides of one differ by more than 1.
            if self.sheet.number(row) > self.sheet.number(above) + 1 {
                sure = row;
            }
            match self.lines.kind(above) {
                Kind::Blank | Kind::Line => {
                    row = above;
                    sure = above;
                }
                Kind::Word => row = above,
                Kind::Note => {
                    sure = sure.min((row..first).find(|line| !self.lines.goes_on(*line, above)).unwrap_or(first));
                    break;
                }
                Kind::Data => break,
            }
        }
        sure
    }

    fn heading_again(&mut self, first: usize, last: usize) {
        let above = self.lines_above(first);
        let units = self.sections.last().map(|section| section.layout.units_above.clone()).unwrap_or_default();
        let alone = last - first < self.heading.1 - self.heading.0;
        // The lowest row alone means what the whole heading said.
        let (top, bottom) = if alone { self.heading } else { (first, last) };
        let grid = Grid::new(self.sheet, top..=bottom);
        let attempt = Attempt::new(self.sheet, self.wanted, self.path, &grid, top, bottom).below(above..first, units);
        match attempt.finish() {
            Ok((layout, remarks)) => {
                let new = |remark: &Diagnostic| self.remarks.iter().all(|known| known.message != remark.message);
                let remarks: Vec<Diagnostic> = remarks.into_iter().filter(new).collect();
                self.remarks.extend(remarks);
                if !alone {
                    self.heading = (first, last);
                    self.probes = probes(self.sheet, &layout, &self.wanted.suite.units);
                }
                let layout = Layout { first_heading: first, last_heading: last, ..layout };
                let lines = (above..first).any(|row| self.lines.kind(row) != Kind::Blank);
                self.open(layout, (first, last), above, if lines { Start::Lines } else { Start::Page });
            }
            Err(faults) => self.faults.extend(faults),
        }
    }

    fn finish(mut self) -> Result<(Vec<Section>, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut seen = Vec::new();
        for (column, pattern) in self.lines.dimensions().collect::<Vec<_>>() {
            if !seen.contains(&column) {
                seen.push(column);
                self.give(column, pattern);
            }
        }
        for member in lines::of_sheet(self.sheet, self.wanted, self.path, &mut self.remarks) {
            for section in &mut self.sections {
                section.layout.given.push(member.clone());
            }
        }
        if self.faults.is_empty() { Ok((self.sections, self.remarks)) } else { Err(self.faults) }
    }

    /// Gives every table its member of a dimension.
    fn give(&mut self, column: super::ColumnId, pattern: &crate::data::pattern::HeadingPattern) {
        let own = |(_, given): &(Start, Vec<Given>)| given.iter().find(|member| member.column == column).cloned();
        let named: Vec<Option<Given>> = self.starts.iter().map(own).collect();
        let place = |row: usize| self.lines.place((self.sheet.number(row), 0)).without_cell();
        let Some(first) = named.iter().flatten().next() else {
            let row = self.sections.first().map_or(0, |section| section.layout.first_heading);
            self.faults.push(lines::unnamed(pattern, place(row)));
            return;
        };
        let once = named.iter().flatten().count() == 1 && matches!(named.first(), Some(Some(_)));
        let for_all = once.then(|| first.clone());
        let mut before: Option<Given> = None;
        let mut lacking = Vec::new();
        for ((section, (start, _)), own) in self.sections.iter_mut().zip(&self.starts).zip(named) {
            let carried = matches!(start, Start::Page | Start::Banner).then(|| before.clone()).flatten();
            let member = own.or_else(|| for_all.clone()).or(carried).unwrap_or_else(|| {
                if !section.rows.is_empty() {
                    lacking.push(section.layout.first_heading);
                }
                Given { column, cell: Cell::Blank, at: None }
            });
            section.layout.given.push(member.clone());
            before = Some(member);
        }
        for row in lacking {
            let message = Bi::new(
                format!("这张表上方没有一行符合 `{}`，不知道表里各行属于谁", pattern.text),
                format!("no line above this table fits `{}`: it is unknown what its rows belong to", pattern.text),
            );
            let help = Bi::new("请在这张表的上方写上这一行", "write that line above the table");
            self.remarks.push(Diagnostic::at(&codes::BLANK_DIMENSION, place(row), message).help(help));
        }
    }
}

/// The columns by whose headings a heading is known again: those that are used, by their cells in its lowest row.
pub fn probes(sheet: &RawSheet<'_>, layout: &Layout, units: &Units) -> Vec<Probe> {
    let own = layout.columns.iter().chain(&layout.unit_columns).chain([&layout.qualifiers]).flatten();
    let melted = layout.melted.iter().flat_map(|melted| melted.sources.iter().map(|(_, source)| source));
    let lowest = sheet.row(layout.last_heading);
    own.chain(melted)
        .filter_map(|source| {
            let cell = lowest.get(source.column).filter(|cell| !cell.is_blank())?;
            let (lower, whole) = (bare(&cell.text(), units), bare(&source.heading, units));
            Some(Probe { column: source.column, lower, whole })
        })
        .collect()
}

/// A heading as it is compared, without the unit in it.
fn bare(text: &str, units: &Units) -> String {
    let text = normal(text);
    match with_unit(&text, units) {
        Some(apart) if apart.unit.is_some() => apart.stem,
        _ => text,
    }
}
