//! Where the columns of a dataset stand in a sheet: heading rows, columns, units, columns that become rows.
//!
//! A raw sheet and what is wanted of it in, a [`Layout`] out, or diagnostics that say what was found instead.
//! Knows no cells below the heading.

use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::cell::CellReader;
use crate::data::config::UnitSource;
use crate::data::heading::{UnitLine, normal, unit_line, units_of, with_unit};
use crate::data::raw::{RawCell, RawSheet};
use crate::quantity::{Dimension, Scalar, Unit};
use crate::semantics::hir::{Column, ColumnId, ColumnRole, INDICATOR_TABLE, indicator_table};

mod beside;
mod faults;
mod grid;
mod wanted;

pub use wanted::Wanted;

use grid::{Grid, Heading};

/// How far down a heading is looked for.
const SEARCHED: usize = 100;
/// And through how many cells, so that a very wide sheet is not searched for minutes.
const SEARCHED_CELLS: usize = 20_000;
/// The widest heading that is looked at.
const WIDEST: usize = 16_384;

/// Who says which unit figures are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The column's heading.
    Heading,
    /// The binding.
    Binding,
    /// The line above the table.
    Line,
}

/// A statement of a unit.
pub type Statement = (Unit, Says);

/// A column of figures, and what is said of its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Column of the sheet, from 0.
    pub column: usize,
    /// Its heading as it stands in the file.
    pub heading: String,
    /// Units that are stated for it.
    pub statements: Vec<Statement>,
}

/// Columns of one value of the melted dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Melted {
    /// The values, by dimension.
    pub members: Vec<(ColumnId, Scalar)>,
    /// The measures' columns.
    pub sources: Vec<(ColumnId, Source)>,
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Index of the last heading row.
    pub last_heading: usize,
    /// By [`ColumnId`].
    pub columns: Vec<Option<Source>>,
    /// By [`ColumnId`]: the column that names the unit of each row.
    pub unit_columns: Vec<Option<Source>>,
    /// Of the indicator table: the column that says whether a figure is the value or a bound of it.
    pub qualifiers: Option<Source>,
    /// Groups of columns that become rows; empty if the table is long already.
    pub melted: Vec<Melted>,
    /// How many columns the heading has.
    pub width: usize,
    /// Headings that no column of the dataset uses.
    pub unused: Vec<String>,
    /// Attributes that have no column.
    pub absent: Vec<String>,
}

/// Finds the columns; the error says what was found instead.
pub fn find(
    sheet: &RawSheet<'_>,
    wanted: Wanted<'_>,
    path: &str,
) -> Result<(Layout, Vec<Diagnostic>), Vec<Diagnostic>> {
    if let Some((first, last)) = wanted.binding.and_then(|binding| binding.header).filter(|_| !sheet.keyed) {
        let (Some(first_index), Some(last_index)) = (sheet.index_of(first), sheet.index_of(last)) else {
            let place =
                Place::Data { path: path.to_owned(), sheet: sheet.name.clone(), row: Some(first.into()), column: None };
            let rows = sheet.len().checked_sub(1).map_or(0, |last| sheet.number(last));
            let message = Bi::new(
                format!("绑定说表头在第 {first} 行，那里没有内容（最后一行是第 {rows} 行）"),
                format!(
                    "the binding says that the heading is row {first}, but there is nothing (the last row is {rows})"
                ),
            );
            let help = Bi::new(
                "请改正 `header`，或去掉它让程序自己找",
                "mend `header`, or leave it out and let the heading be found",
            );
            return Err(vec![Diagnostic::at(&codes::HEADING_ROW, place, message).help(help)]);
        };
        let grid = Grid::new(sheet, 0..=last_index);
        return Attempt::new(sheet, wanted, path, &grid, first_index, last_index).finish();
    }
    if sheet.keyed {
        let grid = Grid::new(sheet, 0..=0);
        return Attempt::new(sheet, wanted, path, &grid, 0, 0).finish();
    }
    let mut budget = SEARCHED_CELLS;
    let within = |row: &usize| {
        budget = budget.saturating_sub(sheet.row(*row).len());
        *row == 0 || budget > 0
    };
    let searched = (0..sheet.len().min(SEARCHED)).take_while(within).count();
    let grid = Grid::new(sheet, 0..=searched.saturating_sub(1));
    let mut best: Option<(usize, usize, usize)> = None;
    for last in 0..searched {
        for depth in 0..3.min(last + 1) {
            let first = last - depth;
            if depth > 0 && grid.is_blank(first) {
                break;
            }
            let attempt = Attempt::new(sheet, wanted, path, &grid, first, last);
            if attempt.is_complete() {
                // A heading further up that lacks but one name heads data too: to start below it would lose that data.
                return match best {
                    Some((found, first, earlier))
                        if found + 1 >= attempt.found() && found > 1 && earlier + 1 < first_of(last, depth) =>
                    {
                        Attempt::new(sheet, wanted, path, &grid, first, earlier).finish()
                    }
                    _ => attempt.finish(),
                };
            }
            let found = attempt.found();
            if best.is_none_or(|(most, _, _)| found > most) && !grid.is_blank(last) {
                best = Some((found, first, last));
            }
        }
    }
    let (_, first, last) = best.unwrap_or((0, 0, 0));
    Attempt::new(sheet, wanted, path, &grid, first, last).finish()
}

fn first_of(last: usize, depth: usize) -> usize {
    last.saturating_sub(depth)
}

fn unit_line_help() -> Bi {
    Bi::new(
        "写成“单位：万元”这样的单位；如果这里是机构名称，请写“填报单位：……”",
        "write a known unit: “单位：万元”; if it is an organisation, write “填报单位：…”",
    )
}

/// The columns of one choice of heading rows.
struct Attempt<'a, 's, 'd> {
    sheet: &'a RawSheet<'d>,
    wanted: Wanted<'s>,
    path: &'a str,
    first: usize,
    last: usize,
    headings: Vec<Heading>,
}

/// What was found for a wanted name.
enum Match {
    None,
    One(usize, Option<Unit>),
    UnknownUnit(usize, String),
    Several(Vec<usize>),
}

impl<'a, 's, 'd> Attempt<'a, 's, 'd> {
    fn new(sheet: &'a RawSheet<'d>, wanted: Wanted<'s>, path: &'a str, grid: &Grid, first: usize, last: usize) -> Self {
        let width = (first..=last).map(|row| grid.width(row)).max().unwrap_or(0);
        let headings = (0..width)
            .map(|column| {
                let pieces = grid.pieces(first, last, column);
                let shown = pieces.join("/");
                let lower = pieces.last().copied().unwrap_or("");
                let mut forms = vec![normal(&shown)];
                if pieces.len() > 1 {
                    forms.push(normal(lower));
                }
                let forms = forms
                    .into_iter()
                    .map(|form| {
                        let apart = with_unit(&form, &wanted.suite.units);
                        (form, apart)
                    })
                    .collect();
                Heading { lower: lower.to_owned(), shown, forms }
            })
            .collect();
        Attempt { sheet, wanted, path, first, last, headings }
    }

    fn columns(&self) -> impl Iterator<Item = (ColumnId, &'s Column)> + use<'s> {
        let columns = self.wanted.declaration().map_or(&[][..], |dataset| &dataset.columns);
        columns.iter().enumerate().map(|(at, column)| (ColumnId(at), column))
    }

    /// Is the column filled from headings (a melted dimension), or from the columns under them (a melted measure)?
    fn is_melted(&self, id: ColumnId, column: &Column) -> bool {
        self.wanted.binding.is_some_and(|binding| {
            binding.melt.iter().any(|melt| {
                self.wanted.is_named(id, column, &melt.into)
                    || melt.headings.names().any(|name| self.wanted.is_named(id, column, name))
            })
        })
    }

    fn is_required(&self, id: ColumnId, column: &Column) -> bool {
        let optional = column.role == ColumnRole::Attribute
            || (self.wanted.dataset == INDICATOR_TABLE && id == indicator_table::REGION);
        !optional
    }

    /// Looks a name up: the whole heading first, then its lowest row; a unit behind the name is set aside. A heading that a
    /// binding spells out with its unit (or without) is that one and no other.
    fn lookup(&self, names: &[String], bound: bool) -> Match {
        let names: Vec<String> = names.iter().map(|name| normal(name)).collect();
        let mut unknown = None;
        for level in 0..2 {
            let mut exact: Vec<(usize, Option<Unit>)> = Vec::new();
            let mut with: Vec<(usize, Option<Unit>)> = Vec::new();
            for (at, heading) in self.headings.iter().enumerate() {
                let Some((form, apart)) = heading.forms.get(level) else { continue };
                if names.contains(form) {
                    exact.push((at, apart.as_ref().and_then(|apart| apart.unit.clone())));
                } else if let Some(apart) = apart.as_ref().filter(|apart| names.contains(&apart.stem)) {
                    match &apart.unit {
                        Some(unit) => with.push((at, Some(unit.clone()))),
                        None => unknown = unknown.or(Some((at, apart.text.clone()))),
                    }
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

    fn looked_up(&self, id: ColumnId, column: &Column) -> Match {
        let (names, bound) = self.wanted.names(id, column);
        self.lookup(&names, bound)
    }

    fn found(&self) -> usize {
        self.columns()
            .filter(|(id, column)| !self.is_melted(*id, column))
            .filter(|(id, column)| !matches!(self.looked_up(*id, column), Match::None))
            .count()
            + usize::from(!self.melts(&mut Vec::new()).is_empty())
    }

    fn is_complete(&self) -> bool {
        let melts = self.wanted.binding.is_some_and(|binding| !binding.melt.is_empty());
        self.columns()
            .filter(|(id, column)| !self.is_melted(*id, column) && self.is_required(*id, column))
            .all(|(id, column)| matches!(self.looked_up(id, column), Match::One(..)))
            && (!melts || !self.melts(&mut Vec::new()).is_empty())
    }

    fn place(&self, row: usize, column: Option<String>) -> Place {
        let row = Some(u64::from(self.sheet.number(row))).filter(|row| *row > 0);
        Place::Data { path: self.path.to_owned(), sheet: self.sheet.name.clone(), row, column }
    }

    fn finish(self) -> Result<(Layout, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut remarks = Vec::new();
        let mut unknown = Vec::new();
        let line = self.unit_lines(&mut unknown);
        if line.is_empty() && self.needs_unit_line() {
            faults.append(&mut unknown);
        }
        remarks.append(&mut unknown.into_iter().map(|fault| Diagnostic { code: &codes::UNIT_LINE, ..fault }).collect());
        if !line.is_empty() && self.needs_unit_line() && !line.iter().any(|unit| self.has_measure_in(unit)) {
            faults.push(self.unfit_unit_line(&line));
        }
        let mut layout = Layout {
            last_heading: self.last,
            columns: Vec::new(),
            unit_columns: Vec::new(),
            qualifiers: self.qualifiers(&mut faults),
            melted: self.melts(&mut remarks),
            width: self.headings.len(),
            unused: Vec::new(),
            absent: Vec::new(),
        };
        let mut missing = Vec::new();
        for (id, column) in self.columns() {
            layout.unit_columns.push(self.unit_column(id, column, &mut faults));
            if self.is_melted(id, column) {
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
                    let heading = source.statements.pop().map(|(unit, _)| unit);
                    source.statements = self.statements(*id, column, heading, &line);
                }
            }
        }
        if !missing.is_empty() {
            faults.push(self.missing(&missing));
        }
        if let Some(binding) =
            self.wanted.binding.filter(|binding| !binding.melt.is_empty() && layout.melted.is_empty())
        {
            faults.push(self.unmelted(binding));
        }
        faults.extend(self.melted_twice(&layout.melted));
        let used = |at: usize| {
            layout
                .columns
                .iter()
                .chain(&layout.unit_columns)
                .chain([&layout.qualifiers])
                .flatten()
                .any(|source| source.column == at)
                || layout.melted.iter().any(|melted| melted.sources.iter().any(|(_, source)| source.column == at))
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

    fn source(&self, at: usize, statements: Vec<Statement>) -> Source {
        let heading = self.headings.get(at).map(|heading| heading.shown.clone()).unwrap_or_default();
        Source { column: at, heading, statements }
    }

    /// The units that heading, binding and line state for a column.
    fn statements(&self, id: ColumnId, column: &Column, heading: Option<Unit>, line: &[Unit]) -> Vec<Statement> {
        let value = self.wanted.dataset == INDICATOR_TABLE && id == indicator_table::VALUE;
        if column.ty.dimension().is_none() && !value {
            return Vec::new();
        }
        let mut statements: Vec<Statement> = heading.map(|unit| (unit, Says::Heading)).into_iter().collect();
        let bound = self.wanted.binding.and_then(|binding| {
            binding.units.iter().find_map(|(name, source)| match source {
                UnitSource::Fixed(unit) if self.wanted.is_named(id, column, name) => {
                    self.wanted.suite.units.resolve(unit).ok()
                }
                _ => None,
            })
        });
        statements.extend(bound.map(|unit| (unit, Says::Binding)));
        let fits = |unit: &&Unit| value || column.ty.dimension() == Some(unit.dimension());
        statements.extend(line.iter().filter(fits).map(|unit| (unit.clone(), Says::Line)));
        statements
    }

    /// Does a measure need the unit that stands above the table, having none from its heading or the binding?
    fn needs_unit_line(&self) -> bool {
        self.columns().any(|(id, column)| {
            let counted = column.ty.dimension().is_some_and(|d| matches!(d, Dimension::Of(_)));
            let heading = || match self.looked_up(id, column) {
                Match::One(_, unit) => unit,
                _ => None,
            };
            counted && self.statements(id, column, heading(), &[]).is_empty()
        })
    }

    fn has_measure_in(&self, unit: &Unit) -> bool {
        self.columns().any(|(_, column)| column.ty.dimension() == Some(unit.dimension()))
    }

    fn unfit_unit_line(&self, line: &[Unit]) -> Diagnostic {
        let names: Vec<&str> = line.iter().map(Unit::name).collect();
        let message = Bi::new(
            format!("表格上方写着单位 `{}`，与这张表的度量都不相容", names.join("、")),
            format!("above the table stands the unit `{}`, which fits none of its measures", names.join(", ")),
        );
        Diagnostic::at(&codes::UNKNOWN_UNIT_LINE, self.place(0, None), message).help(unit_line_help())
    }

    /// Units that the rows above the table state.
    fn unit_lines(&self, remarks: &mut Vec<Diagnostic>) -> Vec<Unit> {
        let mut stated: Vec<Unit> = Vec::new();
        let units = &self.wanted.suite.units;
        for row in 0..self.first {
            let cells = self.sheet.row(row);
            for (at, cell) in cells.iter().enumerate() {
                let RawCell::Text(text) = cell else { continue };
                let found = match unit_line(text, units) {
                    UnitLine::NextCell => {
                        let next = cells.get(at + 1..).and_then(|rest| rest.iter().find(|cell| !cell.is_blank()));
                        match next.map(|cell| cell.text()) {
                            Some(text) => units_of(&text, units)
                                .map_or_else(|| UnitLine::Unknown(text.into_owned()), UnitLine::Units),
                            None => UnitLine::None,
                        }
                    }
                    other => other,
                };
                match found {
                    UnitLine::Units(found) => {
                        stated.extend(found.into_iter().filter(|unit| !stated.contains(unit)).collect::<Vec<_>>())
                    }
                    UnitLine::Unknown(text) => {
                        let message = Bi::new(
                            format!("表格上方写着单位 `{text}`，不是认识的单位，没有采用"),
                            format!("above the table stands the unit `{text}`, which is not known and was not used"),
                        );
                        remarks.push(
                            Diagnostic::at(&codes::UNKNOWN_UNIT_LINE, self.place(row, None), message)
                                .help(unit_line_help()),
                        );
                    }
                    UnitLine::NextCell | UnitLine::None => {}
                }
            }
        }
        stated
    }

    /// Columns that become rows, by the members that their headings name.
    fn melts(&self, remarks: &mut Vec<Diagnostic>) -> Vec<Melted> {
        let mut groups: Vec<Melted> = Vec::new();
        let (Some(binding), Some(dataset)) = (self.wanted.binding, self.wanted.declaration()) else { return groups };
        let cells = CellReader::new(self.wanted.suite);
        for melt in &binding.melt {
            let Some(into) = self.wanted.column(&melt.into) else { continue };
            let ids: Vec<Option<ColumnId>> = melt.headings.names().map(|name| self.wanted.column(name)).collect();
            for (at, heading) in self.headings.iter().enumerate() {
                let captured = heading.capture(&melt.headings, &self.wanted.suite.units);
                let Some((texts, unit)) = captured else { continue };
                let members: Option<Vec<(ColumnId, Scalar)>> = ids
                    .iter()
                    .zip(&texts)
                    .map(|(id, text)| {
                        let id = (*id)?;
                        let raw = RawCell::Text(text.as_str().into());
                        let (scalar, _) = cells.scalar(&raw, &dataset.columns.get(id.0)?.ty, None).ok()??;
                        Some((id, scalar))
                    })
                    .collect();
                let Some(mut members) = members else {
                    let message = Bi::new(
                        format!(
                            "列名 `{}` 符合 `{}`，但 `{}` 读不出来，这一列没有用",
                            heading.shown,
                            melt.headings.text,
                            texts.join("`、`")
                        ),
                        format!(
                            "the heading `{}` fits `{}`, but `{}` cannot be read; the column is not used",
                            heading.shown,
                            melt.headings.text,
                            texts.join("`, `")
                        ),
                    );
                    remarks.push(Diagnostic::at(
                        &codes::MELT_HEADING,
                        self.place(self.last, Some(heading.shown.clone())),
                        message,
                    ));
                    continue;
                };
                members.sort();
                let statement = unit.map(|unit| (unit, Says::Heading)).into_iter().collect();
                let source = (into, self.source(at, statement));
                match groups.iter_mut().find(|group| group.members == members) {
                    Some(group) => group.sources.push(source),
                    None => groups.push(Melted { members, sources: vec![source] }),
                }
            }
        }
        groups
    }

    fn melted_twice(&self, groups: &[Melted]) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for group in groups {
            for (at, (id, source)) in group.sources.iter().enumerate() {
                if let Some((_, other)) = group.sources.iter().skip(at + 1).find(|(other, _)| other == id) {
                    faults.push(self.several(&source.heading, &[source.column, other.column]));
                }
            }
        }
        faults
    }
}
