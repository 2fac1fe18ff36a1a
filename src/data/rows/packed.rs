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
use crate::data::column::{Coded, Codes, Column, Decimals, written};
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
#[derive(Default)]
pub struct Numbers {
    /// The digits; [`Decimals::NONE`] where there is no such number.
    pub values: Vec<i64>,
    /// How many digits stand after the point; empty: `scale` of them.
    pub digits: Vec<u8>,
    /// The same of all.
    pub scale: u8,
    /// Rows with something else instead, in order.
    pub others: Vec<(usize, RawCell<'static>)>,
}

/// The rows of a table, as the user's program counts them.
#[derive(Clone, Copy)]
pub struct Numbering<'n> {
    /// How many there are.
    pub rows: usize,
    /// The number of each.
    pub number: &'n dyn Fn(usize) -> u32,
}

/// Which rows of a file are data.
struct Kept {
    /// By row; empty: all are.
    dropped: Vec<bool>,
    apart: Apart,
}

/// Something to say of a row.
enum Remark {
    Blank,
    Misread(Misread, String),
}

/// Remarks by row and column, the first of each kind in a column; and how many more there are.
#[derive(Default)]
struct Remarks {
    /// Rows of which nothing is said.
    dropped: Vec<bool>,
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
                none == numbers.others.iter().filter(|(_, cell)| !cell.is_blank()).count()
            }
        }
    }

    /// Marks rows with a value.
    fn fill(&self, bare: &mut [bool]) {
        match self {
            Packed::Coded(values, codes) => {
                let filled: Vec<bool> = values.iter().map(|value| !value.is_blank()).collect();
                for row in codes.rows_of(&filled) {
                    bare.get_mut(row).into_iter().for_each(|bare| *bare = false);
                }
            }
            Packed::Numbers(numbers) => {
                for (bare, value) in bare.iter_mut().zip(&numbers.values) {
                    *bare &= *value == Decimals::NONE;
                }
                for (row, _) in numbers.others.iter().filter(|(_, cell)| !cell.is_blank()) {
                    bare.get_mut(*row).into_iter().for_each(|bare| *bare = false);
                }
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
        (rows, beside): (Numbering<'_>, &[RawCell<'_>]),
        from: Provenance<'_>,
        notes: &mut Notes,
    ) -> Option<u64> {
        let Numbering { rows, number } = rows;
        let Kept { dropped, apart } = self.sorted_out(heading, layout, &columns, (rows, beside), from)?;
        let part = self.open(heading, layout, from);
        let mut pass = Pass::new(self, heading, layout, from, part, apart, notes);
        let mut remarks = Remarks { dropped, ..Remarks::default() };
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
        let dropped = remarks.say(&mut pass, self, number);
        let apart = pass.apart;
        for (column, mut more) in self.table.columns.iter_mut().zip(read) {
            if !dropped.is_empty() {
                more.drop_rows(&dropped);
            }
            column.append(more);
        }
        let before = self.table.origins.len();
        let mut run: Option<(u32, usize)> = None;
        let mut each = 0..rows;
        // Numbers grow from row to row, so that between the first and the last there is room for one run only.
        if dropped.is_empty() && rows > 0 && (number(rows - 1) - number(0)) as usize == rows - 1 {
            run = Some((number(0), rows));
            each = rows..rows;
        }
        for row in each {
            let number = (dropped.get(row) != Some(&true)).then(|| number(row));
            match (&mut run, number) {
                (Some((first, count)), Some(number)) if *first as usize + *count == number as usize => *count += 1,
                (run, number) => {
                    if let Some((row, count)) = std::mem::replace(run, number.map(|number| (number, 1))) {
                        self.table.origins.push_run(Origin { part, row, melted: None }, count);
                    }
                }
            }
        }
        if let Some((row, count)) = run {
            self.table.origins.push_run(Origin { part, row, melted: None }, count);
        }
        let place = Place::file(from.path);
        apart.remarks(self.suite, layout, heading.keyed, &place, notes);
        if rows == 0 {
            notes.push(empty(place, &self.declaration.name));
        }
        Some((self.table.origins.len() - before) as u64)
    }

    /// Which rows are data: not totals, and not blank. `None`: some may be notes, or totals of columns that are not read.
    fn sorted_out(
        &self,
        heading: &RawSheet<'_>,
        layout: &Layout,
        columns: &[Option<Packed>],
        (rows, beside): (usize, &[RawCell<'_>]),
        from: Provenance<'_>,
    ) -> Option<Kept> {
        let mut silent = Notes::default();
        let pass = Pass::new(self, heading, layout, from, 0, Apart::default(), &mut silent);
        let marked = |cell: &RawCell<'_>| matches!(cell, RawCell::Text(text) if pass.mark(text).is_some());
        // A number is no mark of a total, but here it comes as a text.
        let numeric = |mark: &String| mark.is_empty() || mark.bytes().any(|byte| byte.is_ascii_digit());
        if beside.iter().any(marked) || (heading.keyed && pass.skip.iter().any(numeric)) {
            return None;
        }
        let mut kept = Kept { dropped: Vec::new(), apart: Apart::default() };
        let full: Vec<bool> = columns.iter().flatten().map(Packed::is_full).collect();
        let note = |cell: &RawCell<'_>| begins_note(&cell.text());
        let alone = |at: usize| !full.iter().enumerate().any(|(other, full)| *full && other != at);
        let mut own = columns.iter().flatten().enumerate();
        if !heading.keyed && own.any(|(at, column)| alone(at) && column.texts().iter().any(note)) {
            return None;
        }
        if !full.contains(&true) {
            let mut bare = vec![true; rows];
            columns.iter().flatten().for_each(|column| column.fill(&mut bare));
            if bare.contains(&true) {
                // An object is a row if anything stands in it.
                if beside.iter().any(|cell| if heading.keyed { !cell.is_blank() } else { note(cell) }) {
                    return None;
                }
                kept.dropped = bare;
            }
        }
        for (at, column) in columns.iter().enumerate() {
            let Some(Packed::Coded(values, codes)) = column else { continue };
            let marks: Vec<Option<String>> =
                values.iter().map(|text| pass.total_mark(self.declaration, at, text)).collect();
            if marks.iter().all(Option::is_none) {
                continue;
            }
            kept.dropped.resize(rows, false);
            let marked: Vec<bool> = marks.iter().map(Option::is_some).collect();
            for row in codes.rows_of(&marked) {
                let mark = codes.get(row).and_then(|code| marks.get(code)?.as_ref());
                if let (Some(mark), Some(dropped @ false)) = (mark, kept.dropped.get_mut(row)) {
                    *kept.apart.totals.entry(mark.clone()).or_insert(0) += 1;
                    *dropped = true;
                }
            }
        }
        Some(kept)
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
            let speaks: Vec<bool> = (0..cells.len()).map(|code| said.contains_key(&code)).collect();
            for row in codes.rows_of(&speaks) {
                if let Some(remark) = codes.get(row).and_then(|code| said.get(&code)) {
                    remarks.add(row, at, remark.code(), || match remark {
                        Remark::Blank => Remark::Blank,
                        Remark::Misread(misread, text) => Remark::Misread(misread.clone(), text.clone()),
                    });
                }
            }
        }
        let plain = values.iter().zip(&cells).all(|(raw, cell)| match cell {
            Cell::Value(value, _) => written(value).as_deref() == Some(&*raw.text()),
            Cell::Blank => *raw == RawCell::Empty,
            _ => true,
        });
        Column::Coded(Coded { plain, ..Coded::new(cells, codes) })
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
    for (row, raw) in others {
        let (cell, misread) = match &unit {
            Ok(unit) => pass.cells.figure(&raw, ty, unit.as_ref(), Qualifier::Exact),
            Err(()) => (bad(&raw), None),
        };
        if let Some(misread) = misread {
            remarks.add(row, at, misread::code(&misread), || Remark::Misread(misread, raw.text().into_owned()));
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
    let mut decimals = Decimals { mantissas: values, scale, stated: digits, factor, others: cells, plain: true };
    if !decimals.stated.is_empty() {
        decimals.level();
    }
    Column::Decimals(decimals)
}

/// A column with the same cell in all rows.
fn same(cell: Cell, rows: usize) -> Column {
    Column::Coded(Coded { dictionary: vec![cell], codes: Codes::U8(vec![0; rows]), plain: false })
}

impl Remarks {
    fn add(&mut self, row: usize, column: usize, code: &'static CodeInfo, make: impl FnOnce() -> Remark) {
        if self.dropped.get(row) == Some(&true) {
            return;
        }
        let count = self.counts.entry((column, code.code)).or_insert(0);
        *count += 1;
        if *count <= SHOWN {
            self.first.push((row, column, make()));
        } else {
            self.more.entry(code.code).or_insert((code, 0)).1 += 1;
        }
    }

    /// Says them in order of rows, and gives back the rows of which nothing was said.
    fn say(mut self, pass: &mut Pass<'_, '_>, builder: &Builder<'_>, number: &dyn Fn(usize) -> u32) -> Vec<bool> {
        self.first.sort_by_key(|(row, column, _)| (*row, *column));
        let layout = pass.layout;
        for (row, column, remark) in self.first {
            let source: Option<&Source> = layout.columns.get(column).and_then(Option::as_ref);
            let (Some(source), row) = (source, number(row)) else { continue };
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
        self.dropped
    }
}
