//! Columns of a file that are packed already, read by the types of the dataset's columns: each different value once.
//!
//! Columns in, the same rows out that the row pass would give, with the same remarks. What rests on several rows at once, or
//! on the order of rows, is left to the row pass.

use std::collections::{BTreeMap, HashMap};

use super::apart::{Apart, begins_note};
use super::figures::Settled;
use super::pass::Pass;
use super::{Builder, Provenance, empty};
use crate::base::codes::data as codes;
use crate::base::{CodeInfo, Place};
use crate::data::cell::{Misread, bad};
use crate::data::column::{Coded, Codes, Column, Decimals};
use crate::data::layout::{Layout, Source};
use crate::data::misread;
use crate::data::notes::{Notes, SHOWN};
use crate::data::raw::{RawCell, RawSheet, trimmed};
use crate::data::table::{Cell, Origin};
use crate::quantity::Qualifier;
use crate::semantics::hir::{ColumnId, ColumnRole, INDICATOR_TABLE, Type};

/// A column as it comes.
pub enum Packed {
    /// The different values, and which of them each row has.
    Coded(Vec<RawCell<'static>>, Codes),
    /// Numbers.
    Numbers(Numbers),
}

/// Numbers by row, without their point.
pub struct Numbers {
    /// The digits; [`Decimals::NONE`] where there is no such number.
    pub values: Vec<i64>,
    /// How many digits stand after the point; empty: `scale` of them.
    pub digits: Vec<u8>,
    /// The same of all.
    pub scale: u8,
    /// Rows with a text instead, in order.
    pub others: Vec<(usize, String)>,
}

/// Something to say of a row.
enum Remark {
    Blank,
    Misread(Misread, String),
}

/// Remarks by row and column, the first of each kind in a column; and how many more there are.
#[derive(Default)]
struct Remarks {
    first: Vec<(usize, usize, Remark)>,
    counts: BTreeMap<(usize, &'static str), usize>,
    more: BTreeMap<&'static str, (&'static CodeInfo, usize)>,
}

impl Remark {
    fn code(&self) -> &'static CodeInfo {
        match self {
            Remark::Blank => &codes::BLANK_DIMENSION,
            Remark::Misread(misread, _) => misread::code(misread),
        }
    }
}

impl Packed {
    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Packed::Coded(_, codes) => codes.len(),
            Packed::Numbers(numbers) => numbers.values.len(),
        }
    }

    /// Has every row a value?
    fn is_full(&self) -> bool {
        match self {
            Packed::Coded(values, _) => !values.iter().any(RawCell::is_blank),
            Packed::Numbers(numbers) => {
                let none = numbers.values.iter().filter(|value| **value == Decimals::NONE).count();
                none == numbers.others.len()
            }
        }
    }

    fn texts(&self) -> &[RawCell<'static>] {
        match self {
            Packed::Coded(values, _) => values,
            Packed::Numbers(_) => &[],
        }
    }
}

impl Builder<'_> {
    /// Can a table be read column by column? Not if a cell rests on other columns or on the rows above it.
    pub fn takes_columns(&self, layout: &Layout, from: Provenance<'_>) -> bool {
        let plain = |text: &String| text.bytes().any(|byte| byte.is_ascii_digit());
        let free = from.binding.is_none_or(|binding| {
            !binding.rounded
                && binding.fill_down.is_empty()
                && binding.blank_as_zero.is_empty()
                && !binding.blank.iter().any(plain)
        });
        free && self.dataset != INDICATOR_TABLE
            && layout.melted.is_empty()
            && layout.unit_columns.iter().all(Option::is_none)
            && layout.qualifiers.is_none()
    }

    /// Adds the rows of a table that comes in columns, and says how many; `None`: some of its rows may be no data, which the
    /// row pass has to find out. `beside` are the texts of columns that the dataset does not have.
    pub fn add_columns(
        &mut self,
        heading: &RawSheet<'_>,
        layout: &Layout,
        columns: Vec<Option<Packed>>,
        (rows, beside): (usize, &[RawCell<'_>]),
        from: Provenance<'_>,
        notes: &mut Notes,
    ) -> Option<u64> {
        if self.may_hold_others(heading, layout, &columns, beside, from) {
            return None;
        }
        let part = self.open(heading, layout, from);
        let mut pass = Pass::new(self, heading, layout, from, part, Apart::default(), notes);
        let mut remarks = Remarks::default();
        let mut read = Vec::with_capacity(columns.len());
        for (at, (declared, packed)) in self.declaration.columns.iter().zip(columns).enumerate() {
            let column = match (packed, &declared.ty) {
                (None, _) => same(pass.absent(self, ColumnId(at)), rows),
                (Some(Packed::Coded(values, codes)), ty) => self.coded(&pass, at, ty, (values, codes), &mut remarks),
                (Some(Packed::Numbers(numbers)), Type::Quantity(unit)) => {
                    let settled = pass.units.get(at).cloned().unwrap_or(Ok(None));
                    let factor = settled.map(|stated| stated.as_ref().unwrap_or(unit).factor().clone());
                    numbers_column(&pass, at, &declared.ty, numbers, factor, &mut remarks)
                }
                (Some(Packed::Numbers(_)), _) => same(Cell::Blank, rows),
            };
            read.push(column);
        }
        remarks.say(&mut pass, self);
        let apart = pass.apart;
        for (column, more) in self.table.columns.iter_mut().zip(read) {
            column.append(more);
        }
        self.table.origins.push_run(Origin { part, row: 1, melted: None }, rows);
        let place = Place::file(from.path);
        apart.remarks(self.suite, layout, heading.keyed, &place, notes);
        if rows == 0 {
            notes.push(empty(place, &self.declaration.name));
        }
        Some(rows as u64)
    }

    /// May some rows be totals, notes or blank?
    fn may_hold_others(
        &self,
        heading: &RawSheet<'_>,
        layout: &Layout,
        columns: &[Option<Packed>],
        beside: &[RawCell<'_>],
        from: Provenance<'_>,
    ) -> bool {
        let mut silent = Notes::default();
        let pass = Pass::new(self, heading, layout, from, 0, Apart::default(), &mut silent);
        let is_total = |(at, column): (usize, &Option<Packed>)| {
            let mut texts = column.iter().flat_map(|column| column.texts());
            texts.any(|text| pass.total_mark(self.declaration, at, text).is_some())
        };
        let marks = |cell: &RawCell<'_>| matches!(cell, RawCell::Text(text) if pass.mark(text).is_some());
        if columns.iter().enumerate().any(is_total) || beside.iter().any(marks) {
            return true;
        }
        let full: Vec<bool> = columns.iter().flatten().map(Packed::is_full).collect();
        let notes = |cell: &RawCell<'_>| begins_note(&cell.text());
        let alone = |at: usize| !full.iter().enumerate().any(|(other, full)| *full && other != at);
        let mut own = columns.iter().flatten().enumerate();
        !full.contains(&true) || own.any(|(at, column)| alone(at) && column.texts().iter().any(notes))
    }

    fn coded(
        &mut self,
        pass: &Pass<'_, '_>,
        at: usize,
        ty: &Type,
        (values, codes): (Vec<RawCell<'static>>, Codes),
        remarks: &mut Remarks,
    ) -> Column {
        let is_dimension = self.declaration.columns.get(at).is_some_and(|c| c.role == ColumnRole::Dimension);
        let mut said: HashMap<usize, Remark> = HashMap::new();
        let mut cells = Vec::with_capacity(values.len());
        for (code, raw) in values.iter().enumerate() {
            let (cell, misread) = match ty {
                Type::Quantity(_) if pass.cells.is_nothing(raw) => (Cell::Blank, None),
                Type::Quantity(_) => match pass.units.get(at).cloned().unwrap_or(Ok(None)) {
                    Ok(unit) => pass.cells.figure(raw, ty, unit.as_ref(), Qualifier::Exact),
                    Err(()) => (bad(raw), None),
                },
                ty => self.word(ColumnId(at), raw, ty, pass.cells),
            };
            if let Some(misread) = misread {
                said.insert(code, Remark::Misread(misread, trimmed(&raw.text()).to_owned()));
            } else if cell == Cell::Blank && is_dimension {
                said.insert(code, Remark::Blank);
            }
            cells.push(cell);
        }
        if !said.is_empty() {
            for row in 0..codes.len() {
                if let Some(remark) = codes.get(row).and_then(|code| said.get(&code)) {
                    remarks.add(row, at, remark.code(), || match remark {
                        Remark::Blank => Remark::Blank,
                        Remark::Misread(misread, text) => Remark::Misread(misread.clone(), text.clone()),
                    });
                }
            }
        }
        Column::Coded(Coded::new(cells, codes))
    }
}

fn numbers_column(
    pass: &Pass<'_, '_>,
    at: usize,
    ty: &Type,
    numbers: Numbers,
    factor: Result<crate::quantity::Number, ()>,
    remarks: &mut Remarks,
) -> Column {
    let Numbers { values, digits, scale, others } = numbers;
    let unit: Settled = pass.units.get(at).cloned().unwrap_or(Ok(None));
    let mut cells = BTreeMap::new();
    for (row, text) in others {
        let raw = RawCell::Text(text.as_str().into());
        let (cell, misread) = match &unit {
            Ok(unit) => pass.cells.figure(&raw, ty, unit.as_ref(), Qualifier::Exact),
            Err(()) => (bad(&raw), None),
        };
        if let Some(misread) = misread {
            remarks.add(row, at, misread::code(&misread), || Remark::Misread(misread, text.clone()));
        }
        cells.insert(row, cell);
    }
    let Ok(factor) = factor else {
        // The unit is not known, so no figure is; it has been said.
        let stated = |row: usize| digits.get(row).copied().unwrap_or(scale);
        let cell = |(row, value): (usize, &i64)| match *value {
            Decimals::NONE => cells.get(&row).cloned().unwrap_or(Cell::Blank),
            value => Cell::Bad(crate::quantity::Decimal::new(value.into(), u32::from(stated(row))).to_string().into()),
        };
        return Column::Cells(values.iter().enumerate().map(cell).collect());
    };
    let mut decimals = Decimals { mantissas: values, scale, stated: digits, factor, others: cells };
    if !decimals.stated.is_empty() {
        decimals.level();
    }
    Column::Decimals(decimals)
}

/// A column with the same cell in all rows.
fn same(cell: Cell, rows: usize) -> Column {
    Column::Coded(Coded { dictionary: vec![cell], codes: Codes::U8(vec![0; rows]) })
}

impl Remarks {
    fn add(&mut self, row: usize, column: usize, code: &'static CodeInfo, make: impl FnOnce() -> Remark) {
        let count = self.counts.entry((column, code.code)).or_insert(0);
        *count += 1;
        if *count <= SHOWN {
            self.first.push((row, column, make()));
        } else {
            self.more.entry(code.code).or_insert((code, 0)).1 += 1;
        }
    }

    /// Says them in order of rows.
    fn say(mut self, pass: &mut Pass<'_, '_>, builder: &Builder<'_>) {
        self.first.sort_by_key(|(row, column, _)| (*row, *column));
        let layout = pass.layout;
        for (row, column, remark) in self.first {
            let source: Option<&Source> = layout.columns.get(column).and_then(Option::as_ref);
            let (Some(source), Ok(row)) = (source, u32::try_from(row + 1)) else { continue };
            match remark {
                Remark::Blank => pass.blank(source, row),
                Remark::Misread(why, text) => {
                    if let Some(declared) = builder.declaration.columns.get(column) {
                        pass.misread(&why, &RawCell::Text(text.into()), &declared.ty, source, row);
                    }
                }
            }
        }
        for (code, count) in self.more.into_values() {
            pass.notes.more(code, pass.from.path, count);
        }
    }
}
