//! The columns of a dataset, looked for in one choice of heading rows.
//!
//! Headings in, the [`Layout`] that they give out, or all that is wrong with them.

use std::ops::Range;

use super::grid::{Grid, Heading};
use super::{DEEPEST, Layout, Source, Statement, UnitAbove, Wanted};
use crate::base::codes::data as codes;
use crate::base::{Diagnostic, Place};
use crate::data::heading::normal;
use crate::data::raw::RawSheet;
use crate::quantity::Unit;
use crate::semantics::hir::{Column, ColumnId, ColumnRole, INDICATOR_TABLE, indicator_table};

/// The columns of one choice of heading rows.
pub(super) struct Attempt<'a, 's, 'd> {
    pub(super) sheet: &'a RawSheet<'d>,
    pub(super) wanted: Wanted<'s>,
    pub(super) path: &'a str,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) headings: Vec<Heading>,
    /// The rows above the heading that say something of the table.
    above: Range<usize>,
    /// Units that hold where those rows state none.
    inherited: Vec<UnitAbove>,
}

/// What was found for a wanted name.
pub(super) enum Match {
    None,
    One(usize, Option<Statement>),
    UnknownUnit(usize, String),
    Several(Vec<usize>),
}

impl<'a, 's, 'd> Attempt<'a, 's, 'd> {
    pub(super) fn new(
        sheet: &'a RawSheet<'d>,
        wanted: Wanted<'s>,
        path: &'a str,
        grid: &Grid,
        first: usize,
        last: usize,
    ) -> Self {
        let width = (first..=last).map(|row| grid.width(row)).max().unwrap_or(0);
        let units = &wanted.suite.units;
        let headings = (0..width).map(|column| Heading::new(&grid.pieces(first, last, column), units)).collect();
        Attempt { sheet, wanted, path, first, last, headings, above: 0..first, inherited: Vec::new() }
    }

    /// The same heading with the rows over it, if they state units that it does not: `2021年预算数（万元）` over 合计.
    pub(super) fn with_units_over(self, grid: &Grid) -> Self {
        for first in (self.first.saturating_sub(2)..self.first).rev() {
            if grid.is_blank(first) || self.last - first >= DEEPEST || self.states_unit(first) {
                break;
            }
            let deeper = Attempt::new(self.sheet, self.wanted, self.path, grid, first, self.last);
            if deeper.is_complete() && deeper.has_upper_unit() {
                return deeper;
            }
        }
        self
    }

    /// For a table further down: what stands between the table before it and its own heading.
    #[must_use]
    pub(super) fn below(self, above: Range<usize>, inherited: Vec<UnitAbove>) -> Self {
        Attempt { above, inherited, ..self }
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = (ColumnId, &'s Column)> + use<'s> {
        let columns = self.wanted.declaration().map_or(&[][..], |dataset| &dataset.columns);
        columns.iter().enumerate().map(|(at, column)| (ColumnId(at), column))
    }

    /// Has the column no heading of its own? It is filled from headings (a melted dimension), from the columns under them (a
    /// melted measure), from the lines above the table or the name of the sheet.
    fn is_supplied(&self, id: ColumnId, column: &Column) -> bool {
        let named = |name: &str| self.wanted.is_named(id, column, name);
        self.wanted.binding.is_some_and(|binding| {
            let melted = binding.melt.iter().any(|melt| named(&melt.into) || melt.headings.names().any(named));
            melted || binding.above.iter().chain(binding.sheet_members()).any(|pattern| pattern.names().any(named))
        })
    }

    pub(super) fn is_required(&self, id: ColumnId, column: &Column) -> bool {
        let optional = column.role == ColumnRole::Attribute
            || (self.wanted.dataset == INDICATOR_TABLE && id == indicator_table::REGION);
        !optional
    }

    /// Looks a name up: the whole heading first, then its lowest row; a unit behind the name is set aside. A heading that a
    /// binding spells out with its unit (or without) is that one and no other.
    pub(super) fn lookup(&self, names: &[String], bound: bool) -> Match {
        let names: Vec<String> = names.iter().map(|name| normal(name)).collect();
        let mut unknown = None;
        for level in 0..2 {
            let mut exact: Vec<(usize, Option<Statement>)> = Vec::new();
            let mut with: Vec<(usize, Option<Statement>)> = Vec::new();
            for (at, heading) in self.headings.iter().enumerate() {
                let Some(form) = heading.forms.get(level) else { continue };
                if names.contains(&form.text) {
                    exact.push((at, form.unit.clone()));
                } else if form.bare.as_ref().is_some_and(|bare| names.contains(bare)) {
                    with.push((at, form.unit.clone()));
                } else if let Some((_, text)) = form.unknown.as_ref().filter(|(stem, _)| names.contains(stem)) {
                    unknown = unknown.or(Some((at, text.clone())));
                }
            }
            let found = if bound && exact.len() == 1 { exact } else { [exact, with].concat() };
            match found.as_slice() {
                [] => {}
                [(at, unit)] => return Match::One(*at, unit.clone()),
                _ => return Match::Several(found.into_iter().map(|(at, _)| at).collect()),
            }
        }
        unknown.map_or(Match::None, |(at, text)| Match::UnknownUnit(at, text))
    }

    pub(super) fn looked_up(&self, id: ColumnId, column: &Column) -> Match {
        let (names, bound) = self.wanted.names(id, column);
        self.lookup(&names, bound)
    }

    pub(super) fn found(&self) -> usize {
        self.columns()
            .filter(|(id, column)| !self.is_supplied(*id, column))
            .filter(|(id, column)| !matches!(self.looked_up(*id, column), Match::None))
            .count()
            + usize::from(!self.melts(&mut Vec::new()).is_empty())
    }

    pub(super) fn is_complete(&self) -> bool {
        self.columns()
            .filter(|(id, column)| !self.is_supplied(*id, column) && self.is_required(*id, column))
            .all(|(id, column)| matches!(self.looked_up(id, column), Match::One(..)))
            && self.unmelted(&self.melts(&mut Vec::new())).is_empty()
    }

    /// The place of a row, or of a cell in it; of a heading with its text.
    pub(super) fn place(&self, row: usize, column: Option<usize>) -> Place {
        let number = self.sheet.number(row);
        let heading = column.filter(|_| (self.first..=self.last).contains(&row)).and_then(|at| self.headings.get(at));
        Place::Data {
            path: self.path.to_owned(),
            sheet: self.sheet.name.clone(),
            row: Some(u64::from(number)).filter(|row| *row > 0),
            column: heading.map(|heading| heading.shown.clone()),
            cell: column.and_then(|at| self.sheet.letters(at)).map(|letters| format!("{letters}{number}")),
        }
    }

    pub(super) fn finish(self) -> Result<(Layout, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut remarks = Vec::new();
        let mut unknown = Vec::new();
        let mut units_above = self.unit_lines(self.above.clone(), &mut unknown);
        if units_above.is_empty() {
            units_above = self.inherited.clone();
        }
        let line: Vec<Unit> = units_above.iter().map(|above| above.unit.clone()).collect();
        if line.is_empty() && self.needs_unit_line() {
            faults.append(&mut unknown);
        }
        remarks.append(&mut unknown.into_iter().map(|fault| Diagnostic { code: &codes::UNIT_LINE, ..fault }).collect());
        if !line.is_empty() && self.needs_unit_line() && !line.iter().any(|unit| self.has_measure_in(unit)) {
            faults.push(self.unfit_unit_line(&units_above));
        }
        let mut layout = Layout {
            first_heading: self.first,
            last_heading: self.last,
            columns: Vec::new(),
            unit_columns: Vec::new(),
            qualifiers: self.qualifiers(&mut faults),
            melted: self.melts(&mut remarks),
            given: Vec::new(),
            units_above,
            width: self.headings.len(),
            unused: Vec::new(),
            absent: Vec::new(),
            undecided: self.unit_cell() == Some(None),
        };
        let mut missing = Vec::new();
        for (id, column) in self.columns() {
            layout.unit_columns.push(self.unit_column(id, column, &mut faults));
            if self.is_supplied(id, column) {
                layout.columns.push(None);
                continue;
            }
            let (names, bound) = self.wanted.names(id, column);
            let source = match self.lookup(&names, bound) {
                Match::One(at, unit) => Some(self.source(at, self.statements(id, column, unit, &line))),
                Match::UnknownUnit(at, text) if column.ty.dimension().is_some() && self.is_required(id, column) => {
                    faults.push(self.unknown_unit(at, &text));
                    None
                }
                Match::None | Match::UnknownUnit(..) if self.is_required(id, column) => {
                    missing.push(names);
                    None
                }
                Match::None | Match::UnknownUnit(..) => {
                    if column.role == ColumnRole::Attribute {
                        layout.absent.push(column.name.clone());
                    }
                    None
                }
                Match::Several(at) => {
                    faults.push(self.several(&column.name, &at));
                    None
                }
            };
            layout.columns.push(source);
        }
        for melted in &mut layout.melted {
            for (id, source) in &mut melted.sources {
                if let Some(column) = self.wanted.declaration().and_then(|dataset| dataset.columns.get(id.0)) {
                    let heading = source.statements.pop();
                    source.statements = self.statements(*id, column, heading, &line);
                }
            }
        }
        if !missing.is_empty() {
            faults.push(self.missing(&missing));
        }
        let unmelted = self.unmelted(&layout.melted);
        if !unmelted.is_empty() {
            faults.push(self.without_melt(&unmelted));
        }
        faults.extend(self.melted_twice(&layout.melted));
        let used = |at: usize| {
            let own = layout.columns.iter().chain(&layout.unit_columns).chain([&layout.qualifiers]).flatten();
            let melted = layout.melted.iter().flat_map(|melted| melted.sources.iter().map(|(_, source)| source));
            own.chain(melted).any(|source| source.column == at)
        };
        layout.unused = self
            .headings
            .iter()
            .enumerate()
            .filter(|(at, heading)| !heading.shown.is_empty() && !used(*at))
            .map(|(_, heading)| heading.shown.clone())
            .collect();
        if faults.is_empty() { Ok((layout, remarks)) } else { Err(faults) }
    }

    pub(super) fn source(&self, at: usize, statements: Vec<Statement>) -> Source {
        let heading = self.headings.get(at).map(|heading| heading.shown.clone()).unwrap_or_default();
        Source { column: at, heading, statements }
    }
}
