//! The rows of a sheet, read by the types of their columns.
//!
//! A raw sheet and its [`Layout`] in, rows added to a [`Table`], with the place of each. Total rows, notes and blank rows
//! are kept apart and counted; what cannot be read is a bad cell with a diagnostic, and reading goes on.

use std::collections::{BTreeMap, HashMap};

use super::cell::{CellReader, Misread, bad};
use super::config::Binding;
use super::heading::normal;
use super::layout::{Layout, Says, Source, Statement};
use super::misread;
use super::notes::Notes;
use super::raw::{RawCell, RawSheet, half_width, same_unspaced, trimmed};
use super::table::{Cell, Origin, Part, Table};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place, nearest};
use crate::quantity::{Scalar, Unit};
use crate::semantics::hir::{
    ColumnId, ColumnRole, Dataset, DatasetId, INDICATOR_TABLE, Indicator, List, Suite, Type, indicator_table,
};

/// Texts in a dimension column that mark a row of totals, unless the binding names others.
const TOTALS: [&str; 3] = ["合计", "小计", "总计"];
/// How a note below a table begins.
const NOTES: [&str; 20] = [
    "注：",
    "注:",
    "注1",
    "注2",
    "备注：",
    "备注:",
    "说明：",
    "说明:",
    "附注",
    "资料来源",
    "数据来源",
    "来源：",
    "来源:",
    "填表人",
    "制表人",
    "审核人",
    "Note:",
    "Notes:",
    "Source:",
    "※",
];
/// How many texts of a column are kept to share.
const SHARED: usize = 100_000;

/// Builds the table of one dataset, from all its sheets.
pub struct Builder<'s> {
    suite: &'s Suite,
    dataset: DatasetId,
    declaration: &'s Dataset,
    region: &'s str,
    indicators: HashMap<&'s str, &'s Indicator>,
    shared: Vec<HashMap<String, Cell>>,
    /// What has been built so far.
    pub table: Table,
}

/// Where a sheet comes from.
#[derive(Clone, Copy)]
pub struct Provenance<'a> {
    /// Index into the submission's inputs.
    pub input: usize,
    /// The file, as messages show it.
    pub path: &'a str,
    /// What the suite says of it.
    pub binding: Option<&'a Binding>,
}

/// What was kept apart in a sheet.
#[derive(Default)]
struct Apart {
    totals: BTreeMap<String, usize>,
    notes: usize,
    undeclared: BTreeMap<String, usize>,
    computed: BTreeMap<String, usize>,
}

impl<'s> Builder<'s> {
    /// For a dataset; `region` stands where an indicator table names none.
    pub fn new(suite: &'s Suite, dataset: DatasetId, region: &'s str) -> Option<Self> {
        let declaration = suite.datasets.get(dataset.0)?;
        let mut indicators = HashMap::new();
        for indicator in &suite.indicators {
            for alias in &indicator.aliases {
                indicators.entry(alias.as_str()).or_insert(indicator);
            }
        }
        for indicator in &suite.indicators {
            indicators.insert(indicator.name.as_str(), indicator);
        }
        let width = declaration.columns.len();
        Some(Builder {
            suite,
            dataset,
            declaration,
            region,
            indicators,
            shared: vec![HashMap::new(); width],
            table: Table { columns: vec![Vec::new(); width], origins: Vec::new(), parts: Vec::new() },
        })
    }

    /// Adds a sheet's rows and says how many.
    pub fn add(&mut self, sheet: &RawSheet<'_>, layout: &Layout, from: Provenance<'_>, notes: &mut Notes) -> u64 {
        let before = self.table.len();
        let part = u32::try_from(self.table.parts.len()).unwrap_or(u32::MAX);
        self.table.parts.push(Part {
            input: from.input,
            sheet: sheet.name.clone(),
            headings: layout
                .columns
                .iter()
                .map(|source| source.as_ref().map(|source| source.heading.clone()))
                .collect(),
            melted: layout
                .melted
                .iter()
                .map(|melted| melted.sources.iter().map(|(_, s)| s.heading.as_str()).collect::<Vec<_>>().join("、"))
                .collect(),
        });
        let mut pass = Pass::new(self, sheet, layout, from, part, notes);
        for index in layout.last_heading + 1..sheet.len() {
            pass.row(self, index);
        }
        pass.remarks(self.declaration);
        (self.table.len() - before) as u64
    }

    fn push(&mut self, cells: Vec<Cell>, origin: Origin) {
        for (column, cell) in self.table.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.table.origins.push(origin);
    }

    /// A cell that is no figure; equal texts share their memory.
    fn word(&mut self, id: ColumnId, raw: &RawCell<'_>, ty: &Type, cells: CellReader<'_>) -> (Cell, Option<Misread>) {
        let RawCell::Text(text) = raw else { return cells.cell(raw, ty, None) };
        let Some(shared) = self.shared.get_mut(id.0) else { return cells.cell(raw, ty, None) };
        if let Some(cell) = shared.get(text.as_ref()) {
            return (cell.clone(), None);
        }
        let (cell, misread) = cells.cell(raw, ty, None);
        if misread.is_none() && shared.len() < SHARED {
            shared.insert(text.to_string(), cell.clone());
        }
        (cell, misread)
    }
}

/// Why a unit cannot be settled.
enum Unsettled {
    /// It measures something else than the column.
    Mismatch(Unit),
    /// Two statements differ.
    Conflict(Box<(Statement, Statement)>),
}

/// The unit that figures of a type are in: the one that is stated, if all statements agree; `None`: the declared one.
fn settle(statements: &[Statement], declared: &Unit) -> Result<Option<Unit>, Unsettled> {
    let mut settled: Option<&Statement> = None;
    for statement in statements {
        let (unit, says) = statement;
        if unit.dimension() != declared.dimension() {
            if *says == Says::Line {
                continue;
            }
            return Err(Unsettled::Mismatch(unit.clone()));
        }
        match settled {
            Some(first) if first.0.factor() != unit.factor() => {
                return Err(Unsettled::Conflict(Box::new((first.clone(), statement.clone()))));
            }
            Some(_) => {}
            None => settled = Some(statement),
        }
    }
    Ok(settled.map(|(unit, _)| unit.clone()))
}

/// A column's settled unit; `Err`: its figures cannot be read, and it has been said why.
type Settled = Result<Option<Unit>, ()>;

/// One sheet on its way into the table.
struct Pass<'p, 's, 'd> {
    sheet: &'p RawSheet<'d>,
    layout: &'p Layout,
    from: Provenance<'p>,
    part: u32,
    cells: CellReader<'p>,
    suite: &'s Suite,
    dataset: DatasetId,
    /// Settled units by column; of the indicator table's value they depend on the row.
    units: Vec<Settled>,
    melted: Vec<Vec<Settled>>,
    /// Vertical merges by column: first row, last row, index of the first row.
    merges: Vec<Vec<(u32, u32, usize)>>,
    fill_down: Vec<bool>,
    above: Vec<Option<RawCell<'d>>>,
    skip: Vec<String>,
    /// Columns with their lowest and their whole heading, normal.
    headings: Vec<(usize, String, String)>,
    apart: Apart,
    notes: &'p mut Notes,
}

impl<'p, 's, 'd> Pass<'p, 's, 'd> {
    fn new(
        builder: &Builder<'s>,
        sheet: &'p RawSheet<'d>,
        layout: &'p Layout,
        from: Provenance<'p>,
        part: u32,
        notes: &'p mut Notes,
    ) -> Self
    where
        's: 'p,
    {
        let columns = &builder.declaration.columns;
        let blank = from.binding.map_or(&[][..], |binding| &binding.blank);
        let skip: Vec<String> = match from.binding.and_then(|binding| binding.skip.as_ref()) {
            Some(skip) => skip.iter().map(|text| unspaced(text)).collect(),
            None => TOTALS.iter().map(|text| (*text).to_owned()).collect(),
        };
        let merges =
            layout.columns.iter().map(|source| source.as_ref().map_or_else(Vec::new, |s| vertical(sheet, s.column)));
        let wanted = super::layout::Wanted { suite: builder.suite, dataset: builder.dataset, binding: from.binding };
        let fill_down = (0..columns.len()).map(|at| {
            from.binding
                .is_some_and(|binding| binding.fill_down.iter().any(|name| wanted.column(name) == Some(ColumnId(at))))
        });
        let mut pass = Pass {
            sheet,
            layout,
            from,
            part,
            cells: CellReader::new(builder.suite).with_blank(blank),
            suite: builder.suite,
            dataset: builder.dataset,
            units: Vec::new(),
            melted: Vec::new(),
            merges: merges.collect(),
            fill_down: fill_down.collect(),
            above: vec![None; columns.len()],
            skip,
            headings: layout
                .columns
                .iter()
                .flatten()
                .map(|source| {
                    let lower = sheet.row(layout.last_heading).get(source.column).map(RawCell::text);
                    (source.column, normal(&lower.unwrap_or_default()), normal(&source.heading))
                })
                .collect(),
            apart: Apart::default(),
            notes,
        };
        pass.units = layout
            .columns
            .iter()
            .zip(columns)
            .map(|(source, column)| match (source, &column.ty) {
                (Some(source), Type::Quantity(declared)) => pass.settled(source, declared),
                _ => Ok(None),
            })
            .collect();
        pass.melted = layout
            .melted
            .iter()
            .map(|group| {
                let measure = |(id, source): &'p (ColumnId, Source)| match columns.get(id.0).map(|column| &column.ty) {
                    Some(Type::Quantity(declared)) if !pass.is_value(*id) => pass.settled(source, declared),
                    _ => Ok(None),
                };
                group.sources.iter().map(measure).collect()
            })
            .collect();
        pass
    }

    /// Settles the unit of a whole column, and says if it cannot be.
    fn settled(&mut self, source: &Source, declared: &Unit) -> Settled {
        settle(&source.statements, declared).map_err(|why| {
            let row = self.sheet.number(self.layout.last_heading);
            let place = self.place(row, Some(source.heading.clone()));
            self.notes.push(unsettled(&why, declared, place));
        })
    }

    fn is_value(&self, id: ColumnId) -> bool {
        self.dataset == INDICATOR_TABLE && id == indicator_table::VALUE
    }

    fn place(&self, row: u32, column: Option<String>) -> Place {
        Place::Data {
            path: self.from.path.to_owned(),
            sheet: self.sheet.name.clone(),
            row: Some(u64::from(row)).filter(|row| *row > 0),
            column,
        }
    }

    fn row(&mut self, builder: &mut Builder<'s>, index: usize) {
        let row = self.sheet.row(index);
        if row.iter().all(RawCell::is_blank) || self.is_note(row) || self.is_heading(row) {
            return;
        }
        if self.sheet.strict_width && !self.is_total(builder, row) && self.is_ragged(builder, index) {
            return;
        }
        let number = self.sheet.number(index);
        let raw = self.filled(builder.declaration, index);
        if self.count_total(builder.declaration, &raw) {
            return;
        }
        self.remember(builder.declaration, &raw);
        let indicator = match self.indicator(builder, &raw, number) {
            Ok(indicator) => indicator,
            Err(()) => return,
        };
        let mut cells = Vec::with_capacity(raw.len());
        for (at, (column, raw)) in builder.declaration.columns.iter().zip(&raw).enumerate() {
            let id = ColumnId(at);
            let source = self.layout.columns.get(at).and_then(Option::as_ref);
            let cell = match (source, &column.ty) {
                (None, _) => self.absent(builder, id),
                (Some(source), _) if self.is_value(id) => self.value(row, raw, indicator, source, number),
                (Some(source), Type::Quantity(_)) => {
                    let unit = self.units.get(at).cloned().unwrap_or(Ok(None));
                    self.figure(row, raw, id, &column.ty, unit, source, number)
                }
                (Some(source), ty) => {
                    let (cell, misread) = builder.word(id, raw, ty, self.cells);
                    if let Some(misread) = misread {
                        self.misread(&misread, raw, ty, source, number);
                    }
                    self.dimension(builder, id, cell, source, number)
                }
            };
            cells.push(match cell {
                Cell::Value(..) if self.dataset == INDICATOR_TABLE && id == indicator_table::INDICATOR => {
                    indicator.map_or(cell, |indicator| self.indicator_name(builder, indicator))
                }
                cell => cell,
            });
        }
        if self.melted.is_empty() {
            builder.push(cells, Origin { part: self.part, row: number, melted: None });
            return;
        }
        for (at, group) in self.layout.melted.iter().enumerate() {
            let mut cells = cells.clone();
            for (id, scalar) in &group.members {
                if let Some(cell) = cells.get_mut(id.0) {
                    *cell = Cell::Value(scalar.clone(), 0);
                }
            }
            for (measure, (id, source)) in group.sources.iter().enumerate() {
                let raw = row.get(source.column).unwrap_or(&RawCell::Empty);
                let settled = self.melted.get(at).and_then(|group| group.get(measure)).cloned().unwrap_or(Ok(None));
                let ty = builder.declaration.columns.get(id.0).map_or(&Type::Text, |column| &column.ty);
                let cell = match ty {
                    _ if self.is_value(*id) => self.value(row, raw, indicator, source, number),
                    Type::Quantity(_) => self.figure(row, raw, *id, ty, settled, source, number),
                    ty => {
                        let (cell, misread) = self.cells.cell(raw, ty, None);
                        if let Some(misread) = misread {
                            self.misread(&misread, raw, ty, source, number);
                        }
                        cell
                    }
                };
                if let Some(slot) = cells.get_mut(id.0) {
                    *slot = cell;
                }
            }
            let melted = u16::try_from(at).ok();
            builder.push(cells, Origin { part: self.part, row: number, melted });
        }
    }

    /// The cells of a row by the dataset's columns, with merged and filled-down cells completed.
    fn filled(&self, declaration: &Dataset, index: usize) -> Vec<RawCell<'d>> {
        let row = self.sheet.row(index);
        let number = self.sheet.number(index);
        let mut cells = Vec::with_capacity(declaration.columns.len());
        for (at, column) in declaration.columns.iter().enumerate() {
            let Some(source) = self.layout.columns.get(at).and_then(Option::as_ref) else {
                cells.push(RawCell::Empty);
                continue;
            };
            let mut cell = row.get(source.column).cloned().unwrap_or(RawCell::Empty);
            if cell.is_blank() && column.role != ColumnRole::Measure {
                let merge = self.merges.get(at).and_then(|merges| {
                    let next = merges.partition_point(|(first, _, _)| *first <= number);
                    merges.get(next.checked_sub(1)?).filter(|(_, last, _)| number <= *last)
                });
                if let Some(top) = merge.and_then(|(_, _, top)| self.sheet.row(*top).get(source.column)) {
                    cell = top.clone();
                }
            }
            if cell.is_blank()
                && self.fill_down.get(at) == Some(&true)
                && let Some(Some(above)) = self.above.get(at)
            {
                cell = above.clone();
            }
            cells.push(cell);
        }
        cells
    }

    fn remember(&mut self, declaration: &Dataset, raw: &[RawCell<'d>]) {
        for (at, cell) in raw.iter().enumerate().take(declaration.columns.len()) {
            if self.fill_down.get(at) == Some(&true)
                && !cell.is_blank()
                && let Some(above) = self.above.get_mut(at)
            {
                *above = Some(cell.clone());
            }
        }
    }

    /// A row below the table that says something about it.
    fn is_note(&mut self, row: &[RawCell<'_>]) -> bool {
        let mut filled = row.iter().filter(|cell| !cell.is_blank());
        let (Some(first), None) = (filled.next(), filled.next()) else { return false };
        if self.sheet.keyed {
            return false;
        }
        let text = first.text();
        let note = NOTES.iter().any(|mark| trimmed(&text).starts_with(mark)) || matches!(trimmed(&text), "注" | "备注");
        self.apart.notes += usize::from(note);
        note
    }

    /// The heading again, as printed tables have it on every page.
    fn is_heading(&self, row: &[RawCell<'_>]) -> bool {
        let same = |(column, lower, whole): &(usize, String, String)| {
            let Some(RawCell::Text(text)) = row.get(*column) else { return false };
            let first = text.chars().find(|c| !c.is_whitespace()).map(half_width);
            let may_be = |heading: &str| first.is_some_and(|c| heading.starts_with(|h: char| c.to_lowercase().eq([h])));
            (may_be(lower) || may_be(whole)) && [lower, whole].contains(&&normal(text))
        };
        !self.sheet.keyed && !self.headings.is_empty() && self.headings.iter().all(same)
    }

    fn total_mark(&self, declaration: &Dataset, at: usize, cell: &RawCell<'_>) -> Option<String> {
        let column = declaration.columns.get(at).filter(|column| column.role == ColumnRole::Dimension)?;
        let RawCell::Text(text) = cell else { return None };
        let mark = self.skip.iter().find(|mark| same_unspaced(text, mark))?;
        let code = Scalar::text(trimmed(text));
        let is_member = matches!(&column.codes, Some(List::Values(codes)) if codes.contains(&code));
        (!is_member).then(|| mark.clone())
    }

    fn is_total(&self, builder: &Builder<'_>, row: &[RawCell<'_>]) -> bool {
        self.layout.columns.iter().enumerate().any(|(at, source)| {
            let cell = source.as_ref().and_then(|source| row.get(source.column));
            cell.is_some_and(|cell| self.total_mark(builder.declaration, at, cell).is_some())
        })
    }

    fn count_total(&mut self, declaration: &Dataset, raw: &[RawCell<'_>]) -> bool {
        let mark = raw.iter().enumerate().find_map(|(at, cell)| self.total_mark(declaration, at, cell));
        match mark {
            Some(mark) => {
                *self.apart.totals.entry(mark).or_insert(0) += 1;
                true
            }
            None => false,
        }
    }

    /// A row that has not as many cells as the heading: all its cells are bad.
    fn is_ragged(&mut self, builder: &mut Builder<'s>, index: usize) -> bool {
        let row = self.sheet.row(index);
        let filled = row.iter().rposition(|cell| !cell.is_blank()).map_or(0, |at| at + 1);
        let width = self.layout.width;
        let heading = self.sheet.row(self.layout.last_heading).len().max(width);
        if row.len() >= width && filled <= width && !(row.len() > heading && has_split_figure(row)) {
            return false;
        }
        let (number, count) = (self.sheet.number(index), row.len());
        let place = self.place(number, None);
        let line: Vec<String> = row.iter().map(|cell| cell.text().into_owned()).collect();
        let line = misread::shortened(&line.join(","));
        self.notes.repeat(&codes::RAGGED, self.from.path, || {
            let message = Bi::new(
                format!("表头有 {width} 格，这一行有 {count} 格：`{line}`"),
                format!("the heading has {width} cells, this row has {count}: `{line}`"),
            );
            let help = Bi::new(
                "补上缺的分隔符，或给带逗号的内容加上引号：`\"1,234.50\"`",
                "add the missing delimiter, or put text that holds a comma in quotes: `\"1,234.50\"`",
            );
            Diagnostic::at(&codes::RAGGED, place, message).help(help)
        });
        let cells: Vec<Cell> = (0..builder.declaration.columns.len())
            .map(|at| {
                let source = self.layout.columns.get(at).and_then(Option::as_ref);
                bad(source.and_then(|source| row.get(source.column)).unwrap_or(&RawCell::Empty))
            })
            .collect();
        builder.push(cells, Origin { part: self.part, row: number, melted: None });
        true
    }

    /// A column that the file does not have.
    fn absent(&self, builder: &Builder<'_>, id: ColumnId) -> Cell {
        if self.dataset == INDICATOR_TABLE && id == indicator_table::REGION {
            return Cell::Value(Scalar::text(builder.region), 0);
        }
        Cell::Blank
    }

    /// A cell of a dimension, with a remark if it is blank.
    fn dimension(&mut self, builder: &Builder<'_>, id: ColumnId, cell: Cell, source: &Source, row: u32) -> Cell {
        let is_dimension = builder.declaration.columns.get(id.0).is_some_and(|c| c.role == ColumnRole::Dimension);
        if cell != Cell::Blank || !is_dimension {
            return cell;
        }
        if self.dataset == INDICATOR_TABLE && id == indicator_table::REGION {
            return Cell::Value(Scalar::text(builder.region), 0);
        }
        self.blank(source, row);
        Cell::Blank
    }

    fn blank(&mut self, source: &Source, row: u32) {
        let place = self.place(row, Some(source.heading.clone()));
        self.notes.repeat(&codes::BLANK_DIMENSION, self.from.path, || {
            let message = Bi::new(
                format!("维度 `{}` 是空的，不知道这一行属于谁", source.heading),
                format!("the dimension `{}` is blank: it is unknown what this row belongs to", source.heading),
            );
            let help = Bi::new(
                "请填上；如果空格表示“同上”，在绑定里写 `fill_down`",
                "fill it in; if an empty cell means “as above”, say so with `fill_down` in the binding",
            );
            Diagnostic::at(&codes::BLANK_DIMENSION, place, message).help(help)
        });
    }

    fn misread(&mut self, misread: &Misread, raw: &RawCell<'_>, ty: &Type, source: &Source, row: u32) {
        let place = self.place(row, Some(source.heading.clone()));
        let stated = trimmed(&raw.text()).to_owned();
        self.notes.repeat(misread::code(misread), self.from.path, || misread::diagnostic(misread, &stated, ty, place));
    }

    #[expect(clippy::too_many_arguments, reason = "a figure rests on its cell, its column, its unit and its place")]
    fn figure(
        &mut self,
        row: &[RawCell<'_>],
        raw: &RawCell<'_>,
        id: ColumnId,
        ty: &Type,
        settled: Settled,
        source: &Source,
        number: u32,
    ) -> Cell {
        if self.cells.is_nothing(raw) {
            return Cell::Blank;
        }
        let stated = match self.row_unit(row, id, ty, number) {
            Ok(Some(unit)) => Ok(Some(unit)),
            Ok(None) => settled,
            Err(()) => Err(()),
        };
        let Ok(stated) = stated else { return bad(raw) };
        let (cell, misread) = self.cells.cell(raw, ty, stated.as_ref());
        if let Some(misread) = misread {
            self.misread(&misread, raw, ty, source, number);
        }
        cell
    }

    /// The unit that the row's own unit column names.
    fn row_unit(&mut self, row: &[RawCell<'_>], id: ColumnId, ty: &Type, number: u32) -> Settled {
        let Type::Quantity(declared) = ty else { return Ok(None) };
        let Some(source) = self.layout.unit_columns.get(id.0).and_then(Option::as_ref) else { return Ok(None) };
        let raw = row.get(source.column).unwrap_or(&RawCell::Empty);
        let text = raw.text();
        let text = trimmed(&text);
        if raw.is_blank() || self.cells.is_blank(text) {
            return Ok(None);
        }
        let misread = match self.cells.unit(text) {
            Ok(unit) if unit.dimension() == declared.dimension() => return Ok(Some(unit)),
            Ok(_) => Misread::UnitMismatch { unit: text.to_owned(), expected: declared.name().to_owned() },
            Err(crate::quantity::UnitError::Unknown { nearest, .. }) => {
                Misread::UnknownUnit { unit: text.to_owned(), nearest }
            }
            Err(crate::quantity::UnitError::Duplicate(_)) => {
                Misread::UnknownUnit { unit: text.to_owned(), nearest: None }
            }
        };
        self.misread(&misread, raw, ty, source, number);
        Err(())
    }

    /// The value of an indicator: of the indicator's own type.
    fn value(
        &mut self,
        row: &[RawCell<'_>],
        raw: &RawCell<'_>,
        indicator: Option<&Indicator>,
        source: &Source,
        number: u32,
    ) -> Cell {
        let Some(indicator) = indicator else { return if raw.is_blank() { Cell::Blank } else { bad(raw) } };
        let Type::Quantity(declared) = &indicator.ty else {
            let (cell, misread) = self.cells.cell(raw, &indicator.ty, None);
            if let Some(misread) = misread {
                self.misread(&misread, raw, &indicator.ty, source, number);
            }
            return cell;
        };
        let by_row = self.layout.unit_columns.get(indicator_table::VALUE.0).and_then(Option::as_ref);
        let has_own =
            by_row.and_then(|unit| row.get(unit.column)).is_some_and(|cell| !self.cells.is_blank(&cell.text()));
        let settled = if has_own {
            Ok(None)
        } else {
            settle(&source.statements, declared).map_err(|why| {
                let place = self.place(number, Some(source.heading.clone()));
                let code = unsettled_code(&why);
                self.notes.repeat(code, self.from.path, || unsettled(&why, declared, place));
            })
        };
        self.figure(row, raw, indicator_table::VALUE, &indicator.ty, settled, source, number)
    }

    /// The indicator that a row of the indicator table is about. `Err`: the row is kept apart.
    fn indicator(
        &mut self,
        builder: &Builder<'s>,
        raw: &[RawCell<'_>],
        number: u32,
    ) -> Result<Option<&'s Indicator>, ()> {
        if self.dataset != INDICATOR_TABLE {
            return Ok(None);
        }
        let Some(cell) = raw.get(indicator_table::INDICATOR.0) else { return Ok(None) };
        let text = cell.text();
        let name = trimmed(&text);
        if self.cells.is_blank(name) {
            if let Some(source) = self.layout.columns.get(indicator_table::INDICATOR.0).and_then(Option::as_ref) {
                self.blank(source, number);
            }
            return Err(());
        }
        match builder.indicators.get(name) {
            Some(indicator) if indicator.body.is_none() => Ok(Some(indicator)),
            Some(_) => {
                *self.apart.computed.entry(name.to_owned()).or_insert(0) += 1;
                Err(())
            }
            None => {
                *self.apart.undeclared.entry(name.to_owned()).or_insert(0) += 1;
                Err(())
            }
        }
    }

    fn indicator_name(&self, builder: &mut Builder<'_>, indicator: &Indicator) -> Cell {
        let raw = RawCell::Text(indicator.name.as_str().into());
        builder.word(indicator_table::INDICATOR, &raw, &Type::Text, self.cells).0
    }

    /// What was kept apart, counted.
    fn remarks(&mut self, declaration: &Dataset) {
        let place =
            Place::Data { path: self.from.path.to_owned(), sheet: self.sheet.name.clone(), row: None, column: None };
        let apart = std::mem::take(&mut self.apart);
        if !apart.totals.is_empty() {
            let (count, marks) = listed(&apart.totals);
            let message = Bi::new(
                format!("有 {count} 行是合计（{}），不算数据行", marks.0),
                format!("kept apart as totals: {} ({})", rows_en(count), marks.1),
            );
            let help = Bi::new(
                "如果它们是数据，在绑定里写 `skip = []`；别的合计字样也用 `skip` 说明",
                "if they are data, write `skip = []` in the binding; `skip` also names other marks of totals",
            );
            self.notes.push(Diagnostic::at(&codes::TOTALS, place.clone(), message).help(help));
        }
        if apart.notes > 0 {
            let message = Bi::new(
                format!("有 {} 行是说明，不算数据行", apart.notes),
                format!("kept apart as notes: {}", rows_en(apart.notes)),
            );
            self.notes.push(Diagnostic::at(&codes::NOTES, place.clone(), message));
        }
        if !self.layout.absent.is_empty() {
            let message = Bi::new(
                format!("没有属性列 `{}`，按空值处理", self.layout.absent.join("`、`")),
                format!("there is no column for the attribute `{}`; it is blank", self.layout.absent.join("`, `")),
            );
            let help = Bi::new("规则用到它时请补上这一列", "add the column if a rule needs it");
            self.notes.push(Diagnostic::at(&codes::NO_ATTRIBUTE, place.clone(), message).help(help));
        }
        if self.sheet.keyed && !self.layout.unused.is_empty() {
            let shown: Vec<&str> = self.layout.unused.iter().take(20).map(String::as_str).collect();
            let message = Bi::new(
                format!("没有用到的键：`{}`", shown.join("`、`")),
                format!("keys that are not used: `{}`", shown.join("`, `")),
            );
            self.notes.push(Diagnostic::at(&codes::UNKNOWN_KEYS, place.clone(), message));
        }
        if !apart.undeclared.is_empty() {
            let (count, names) = listed(&apart.undeclared);
            let message = Bi::new(
                format!("有 {count} 行的指标没有声明，没有用：{}", names.0),
                format!("not used, since the indicators are not declared: {} ({})", rows_en(count), names.1),
            );
            let near = apart.undeclared.keys().find_map(|name| {
                let plain = self.suite.indicators.iter().filter(|indicator| indicator.body.is_none());
                nearest(name, plain.map(|indicator| indicator.name.as_str())).map(|near| (name, near))
            });
            let mut remark = Diagnostic::at(&codes::UNDECLARED, place.clone(), message);
            if let Some((name, near)) = near {
                remark = remark.help(Bi::new(
                    format!("`{name}` 是不是 `{near}`？是的话改名，或在规则里写 `又称 {name}`"),
                    format!("is `{name}` meant for `{near}`? Rename it, or declare `alias {name}`"),
                ));
            }
            self.notes.push(remark);
        }
        if !apart.computed.is_empty() {
            let (count, names) = listed(&apart.computed);
            let message = Bi::new(
                format!("有 {count} 行的指标由规则计算，表里的数没有用：{}", names.0),
                format!("not used, since the rules compute the indicators: {} ({})", rows_en(count), names.1),
            );
            self.notes.push(Diagnostic::at(&codes::COMPUTED, place.clone(), message));
        }
        if self.sheet.len() <= self.layout.last_heading + 1 {
            self.notes.push(empty(place, &declaration.name));
        }
    }
}

/// A file or sheet without rows.
pub fn empty(place: Place, dataset: &str) -> Diagnostic {
    let message = Bi::new(format!("没有数据行（数据集 `{dataset}`）"), format!("no rows (dataset `{dataset}`)"));
    let help =
        Bi::new("没有数据不会判为合格；请填好再提交", "nothing never passes: fill in the table and submit it again");
    Diagnostic::at(&codes::EMPTY, place, message).help(help)
}

fn unsettled_code(why: &Unsettled) -> &'static crate::base::CodeInfo {
    match why {
        Unsettled::Mismatch(_) => &codes::UNIT_MISMATCH,
        Unsettled::Conflict(..) => &codes::UNIT_CONFLICT,
    }
}

fn unsettled(why: &Unsettled, declared: &Unit, place: Place) -> Diagnostic {
    match why {
        Unsettled::Mismatch(unit) => {
            let message = Bi::new(
                format!("文件里说单位是 `{unit}`，规则里声明的是 `{declared}`，不是同一种量"),
                format!(
                    "the file says that the unit is `{unit}`, the rules declare `{declared}`: they measure different things"
                ),
            );
            let help =
                Bi::new("请核对列名、绑定或规则里的单位", "check the unit in the heading, the binding or the rules");
            Diagnostic::at(&codes::UNIT_MISMATCH, place, message).help(help)
        }
        Unsettled::Conflict(statements) => {
            let ((one, first), (other, second)) = &**statements;
            let says = |says: &Says| match says {
                Says::Heading => ("列名", "the heading"),
                Says::Binding => ("绑定", "the binding"),
                Says::Line => ("表格上方", "the line above the table"),
            };
            let (first, second) = (says(first), says(second));
            let message = Bi::new(
                format!("单位前后矛盾：{}说是 `{one}`，{}说是 `{other}`", first.0, second.0),
                format!("units contradict each other: {} says `{one}`, {} says `{other}`", first.1, second.1),
            );
            let help = Bi::new(
                "请核对数字用的是哪个单位，把另一处改成一样的",
                "find out which unit the figures are in, and mend the other place",
            );
            Diagnostic::at(&codes::UNIT_CONFLICT, place, message).help(help)
        }
    }
}

/// Do two neighbouring cells look like one figure whose thousands separator was taken for a delimiter (`1,234.50`)? Then
/// an empty cell too many at the end of the row is no accident.
fn has_split_figure(row: &[RawCell<'_>]) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = |cell: &RawCell<'_>| trimmed(&cell.text()).to_owned();
    row.windows(2).any(|pair| {
        let [head, tail] = pair else { return false };
        let (head, tail) = (text(head), text(tail));
        let head = head.trim_start_matches(['-', '+', '¥', '￥', '(', '（', ' ']);
        let whole = tail.split_once('.').map_or(tail.as_str(), |(whole, _)| whole);
        let whole = whole.trim_end_matches(|c: char| !c.is_ascii_digit());
        digits(head) && head.len() <= 3 && digits(whole) && whole.len() == 3
    })
}

/// The sum of counts, and the names in both languages, at most ten.
fn listed(counts: &BTreeMap<String, usize>) -> (usize, (String, String)) {
    let names: Vec<String> = counts.keys().take(10).map(|name| format!("`{}`", misread::shortened(name))).collect();
    let more = counts.len().saturating_sub(10);
    let zh = if more > 0 { format!("{} 等 {} 种", names.join("、"), counts.len()) } else { names.join("、") };
    let en = if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") };
    (counts.values().sum(), (zh, en))
}

fn rows_en(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

fn unspaced(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Cells of a column that are merged downwards: first row, last row, index of the first row; by first row.
fn vertical(sheet: &RawSheet<'_>, column: usize) -> Vec<(u32, u32, usize)> {
    let mut merges: Vec<(u32, u32, usize)> = sheet
        .merges
        .iter()
        .filter(|merge| merge.columns.0 == column && merge.rows.1 > merge.rows.0)
        .filter_map(|merge| Some((merge.rows.0, merge.rows.1, sheet.index_of(merge.rows.0)?)))
        .collect();
    merges.sort_unstable();
    merges
}
