//! One sheet on its way into the table, row by row.

use super::apart::{Apart, TOTALS, unspaced};
use super::figures::{Settled, settle, unsettled};
use super::{Builder, Provenance};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::cell::{CellReader, Misread};
use crate::data::config::Binding;
use crate::data::layout::{Layout, Source, Wanted};
use crate::data::misread;
use crate::data::notes::Notes;
use crate::data::raw::{RawCell, RawSheet, trimmed};
use crate::data::table::{Cell, Elsewhere, Origin};
use crate::quantity::{Number, Scalar, Unit};
use crate::semantics::hir::{ColumnId, ColumnRole, Dataset, DatasetId, INDICATOR_TABLE, Type, indicator_table};

/// One sheet on its way into the table.
pub struct Pass<'p, 'd> {
    pub(super) sheet: &'p RawSheet<'d>,
    pub(super) layout: &'p Layout,
    pub(super) from: Provenance<'p>,
    pub(super) part: u32,
    pub(super) cells: CellReader<'p>,
    pub(super) dataset: DatasetId,
    /// Settled units by column; of the indicator table's value they depend on the row.
    pub(super) units: Vec<Settled>,
    pub(super) melted: Vec<Vec<Settled>>,
    /// Vertical merges by column: first row, last row, index of the first row.
    pub(super) merges: Vec<Vec<(u32, u32, usize)>>,
    pub(super) fill_down: Vec<bool>,
    /// By column: the last cell that was not blank, and the row it stands in.
    pub(super) above: Vec<Option<(RawCell<'d>, u32)>>,
    /// See [`Part::elsewhere`](crate::data::table::Part::elsewhere).
    pub(super) elsewhere: Vec<Vec<Elsewhere>>,
    pub(super) skip: Vec<String>,
    /// The characters that marks of totals end with.
    pub(super) skip_ends: Vec<char>,
    /// The column of the note that the row above holds.
    pub(super) note: Option<usize>,
    pub(super) zero: Vec<bool>,
    pub(super) apart: Apart,
    pub(super) notes: &'p mut Notes,
}

impl<'p, 'd> Pass<'p, 'd> {
    pub(super) fn new(
        builder: &Builder<'p>,
        sheet: &'p RawSheet<'d>,
        layout: &'p Layout,
        from: Provenance<'p>,
        part: u32,
        apart: Apart,
        notes: &'p mut Notes,
    ) -> Self {
        let columns = &builder.declaration.columns;
        let blank = from.binding.map_or(&[][..], |binding| &binding.blank);
        let skip: Vec<String> = match from.binding.and_then(|binding| binding.skip.as_ref()) {
            Some(skip) => skip.iter().map(|text| unspaced(text)).collect(),
            None => TOTALS.iter().map(|text| (*text).to_owned()).collect(),
        };
        let merges =
            layout.columns.iter().map(|source| source.as_ref().map_or_else(Vec::new, |s| vertical(sheet, s.column)));
        let wanted = Wanted { suite: builder.suite, dataset: builder.dataset, binding: from.binding };
        let is_named = |at: usize, names: fn(&Binding) -> &[String]| {
            let mut names = from.binding.map_or(&[][..], names).iter();
            names.any(|name| wanted.column(name) == Some(ColumnId(at)))
        };
        let mut pass = Pass {
            sheet,
            layout,
            from,
            part,
            cells: CellReader::new(builder.suite).with_blank(blank),
            dataset: builder.dataset,
            units: Vec::new(),
            melted: Vec::new(),
            merges: merges.collect(),
            fill_down: (0..columns.len()).map(|at| is_named(at, |binding| &binding.fill_down)).collect(),
            above: vec![None; columns.len()],
            elsewhere: elsewhere_given(sheet, layout, columns.len()),
            skip_ends: skip.iter().filter_map(|mark| mark.chars().next_back()?.to_lowercase().last()).collect(),
            skip,
            note: None,
            zero: (0..columns.len()).map(|at| is_named(at, |binding| &binding.blank_as_zero)).collect(),
            apart,
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
    pub(super) fn settled(&mut self, source: &Source, declared: &Unit) -> Settled {
        settle(&source.statements, declared).map_err(|why| {
            let row = self.sheet.number(self.layout.last_heading);
            let place = self.place(row, Some(source));
            let mut said = unsettled(&why, declared, place);
            for above in self.layout.units_above.iter().filter(|above| why.is_about(&above.unit)) {
                let letters = self.sheet.letters(above.at.1).map(|letters| format!("{letters}{}", above.at.0));
                let Place::Data { path, sheet, .. } = self.place(above.at.0, None) else { continue };
                let there = Place::Data { path, sheet, row: Some(above.at.0.into()), column: None, cell: letters };
                said = said.label(
                    there,
                    Bi::new(
                        format!("表格上方写着 `{}`", above.unit),
                        format!("above the table stands `{}`", above.unit),
                    ),
                );
            }
            self.notes.push(said);
        })
    }

    pub(super) fn is_value(&self, id: ColumnId) -> bool {
        self.dataset == INDICATOR_TABLE && id == indicator_table::VALUE
    }

    /// The place of a cell, or of a row.
    pub(super) fn place(&self, row: u32, source: Option<&Source>) -> Place {
        let letters = source.and_then(|source| self.sheet.letters(source.column));
        Place::Data {
            path: self.from.path.to_owned(),
            sheet: self.sheet.name.clone(),
            row: Some(u64::from(row)).filter(|row| *row > 0),
            column: source.map(|source| source.heading.clone()),
            cell: letters.map(|letters| format!("{letters}{row}")),
        }
    }

    pub(super) fn row(&mut self, builder: &mut Builder<'_>, index: usize) {
        let row = self.sheet.row(index);
        if row.iter().all(RawCell::is_blank) || self.is_note(row) {
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
        if let Some(mark) = self.total_beside(row) {
            *self.apart.totals.entry(mark).or_insert(0) += 1;
            return;
        }
        self.remember(builder.declaration, &raw, number);
        if self.is_bare(row) && !self.sheet.keyed {
            return;
        }
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
                    let qualifier = self.precision(column);
                    self.figure(row, raw, id, &column.ty, unit, qualifier, source, number)
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
            self.blank_as_zero(builder.declaration, &mut cells, &[]);
            builder.push(cells, Origin { part: self.part, row: number, melted: None });
            return;
        }
        for (at, group) in self.layout.melted.iter().enumerate() {
            let total = group.members.iter().find_map(|(_, member)| match member {
                Scalar::Text(text) => self.mark(text),
                _ => None,
            });
            if let Some(mark) = total {
                *self.apart.totals.entry(mark).or_insert(0) += 1;
                continue;
            }
            let mut cells = cells.clone();
            for (id, scalar) in &group.members {
                if let Some(cell) = cells.get_mut(id.0) {
                    *cell = Cell::Value(scalar.clone(), 0);
                }
            }
            for (measure, (id, source)) in group.sources.iter().enumerate() {
                let raw = row.get(source.column).unwrap_or(&RawCell::Empty);
                let settled = self.melted.get(at).and_then(|group| group.get(measure)).cloned().unwrap_or(Ok(None));
                let column = builder.declaration.columns.get(id.0);
                let ty = column.map_or(&Type::Text, |column| &column.ty);
                let qualifier = column.map(|column| self.precision(column)).unwrap_or_default();
                let cell = match ty {
                    _ if self.is_value(*id) => self.value(row, raw, indicator, source, number),
                    Type::Quantity(_) => self.figure(row, raw, *id, ty, settled, qualifier, source, number),
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
            self.blank_as_zero(builder.declaration, &mut cells, &group.sources);
            let melted = u16::try_from(at).ok();
            builder.push(cells, Origin { part: self.part, row: number, melted });
        }
    }

    /// The cells of a row by the dataset's columns, with merged and filled-down cells completed.
    pub(super) fn filled(&mut self, declaration: &Dataset, index: usize) -> Vec<RawCell<'d>> {
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
                if let Some((from, _, top)) = merge.copied()
                    && let Some(top) = self.sheet.row(top).get(source.column)
                {
                    cell = top.clone();
                    self.stands_above(at, number, from, source.column);
                }
            }
            if cell.is_blank()
                && self.fill_down.get(at) == Some(&true)
                && let Some(Some((above, from))) = self.above.get(at).cloned()
            {
                cell = above;
                self.stands_above(at, number, from, source.column);
            }
            cells.push(cell);
        }
        cells
    }

    /// Notes that the value of a column in a row stands in a row above it.
    fn stands_above(&mut self, at: usize, row: u32, from: u32, column: usize) {
        let letters = self.sheet.letters(column);
        let Some(all) = self.elsewhere.get_mut(at) else { return };
        match all.last_mut() {
            Some(last) if last.row == from && last.rows.1 < row => last.rows.1 = row,
            _ => all.push(Elsewhere { rows: (row, row), row: from, letters }),
        }
    }

    pub(super) fn remember(&mut self, declaration: &Dataset, raw: &[RawCell<'d>], row: u32) {
        for (at, cell) in raw.iter().enumerate().take(declaration.columns.len()) {
            let stands_in = self.elsewhere.get(at).and_then(|all| all.last()).filter(|last| last.rows.1 == row);
            let stands_in = stands_in.map_or(row, |elsewhere| elsewhere.row);
            if self.fill_down.get(at) == Some(&true)
                && !cell.is_blank()
                && let Some(above) = self.above.get_mut(at)
            {
                *above = Some((cell.clone(), stands_in));
            }
        }
    }

    /// Makes blank cells 0 where the binding says so, if the row holds another figure. A row without any figure was not
    /// filled in.
    fn blank_as_zero(&self, declaration: &Dataset, cells: &mut [Cell], melted: &[(ColumnId, Source)]) {
        let is_measure = |at: usize| {
            declaration.columns.get(at).is_some_and(|column| column.role == ColumnRole::Measure)
                && (self.layout.columns.get(at).is_some_and(Option::is_some)
                    || melted.iter().any(|(id, _)| *id == ColumnId(at)))
        };
        if !cells.iter().enumerate().any(|(at, cell)| is_measure(at) && *cell != Cell::Blank) {
            return;
        }
        for (at, cell) in cells.iter_mut().enumerate() {
            if *cell == Cell::Blank && is_measure(at) && self.zero.get(at) == Some(&true) {
                *cell = Cell::Value(Scalar::Number(Number::zero()), 0);
            }
        }
    }

    /// A column that the table does not have.
    pub(super) fn absent(&self, builder: &Builder<'_>, id: ColumnId) -> Cell {
        if let Some(given) = self.layout.given.iter().find(|given| given.column == id) {
            return given.cell.clone();
        }
        if self.dataset == INDICATOR_TABLE && id == indicator_table::REGION {
            return Cell::Value(Scalar::text(builder.region), 0);
        }
        Cell::Blank
    }

    /// A cell of a dimension, with a remark if it is blank.
    pub(super) fn dimension(
        &mut self,
        builder: &Builder<'_>,
        id: ColumnId,
        cell: Cell,
        source: &Source,
        row: u32,
    ) -> Cell {
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

    pub(super) fn blank(&mut self, source: &Source, row: u32) {
        let place = self.place(row, Some(source));
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

    pub(super) fn misread(&mut self, misread: &Misread, raw: &RawCell<'_>, ty: &Type, source: &Source, row: u32) {
        let place = self.place(row, Some(source));
        let stated = trimmed(&raw.text()).to_owned();
        self.notes.repeat(misread::code(misread), self.from.path, || misread::diagnostic(misread, &stated, ty, place));
    }
}

/// Where members stand that hold for a whole table.
fn elsewhere_given(sheet: &RawSheet<'_>, layout: &Layout, columns: usize) -> Vec<Vec<Elsewhere>> {
    let mut elsewhere = vec![Vec::new(); columns];
    for given in &layout.given {
        if let (Some((row, column)), Some(all)) = (given.at, elsewhere.get_mut(given.column.0)) {
            all.push(Elsewhere { rows: (0, u32::MAX), row, letters: sheet.letters(column) });
        }
    }
    elsewhere
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
