//! Rows that say one thing twice: primary keys, and figures of the indicator table.
//!
//! A finished table in, diagnostics with both places out; contradicting figures become bad cells. Knows no files.

use std::borrow::Cow;
use std::collections::HashMap;

use super::column::Column;
use super::notes::Notes;
use super::same::{Twin, twins};
use super::table::{Cell, Input, REPEATED_KEY, Table};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::quantity::{Number, Scalar};
use crate::semantics::hir::{ColumnId, ColumnRole, Dataset, Indicator, Suite, Type, indicator_table};

/// Checks that no two rows have the same key. Rows whose key is blank or bad are not compared. The measures of a row that
/// repeats a key become bad: which of the two rows is right, nobody can say here.
pub fn check(dataset: &Dataset, suite: &Suite, table: &mut Table, inputs: &[Input], notes: &mut Notes) {
    let repeated = repeated(dataset, suite, table, inputs, notes);
    let measures = dataset.columns.iter().zip(&mut table.columns);
    for (_, cells) in measures.filter(|(column, _)| column.role == ColumnRole::Measure) {
        for row in &repeated {
            cells.set(*row, Cell::Bad(REPEATED_KEY.into()));
        }
    }
}

/// Rows that repeat the key of an earlier one.
fn repeated(dataset: &Dataset, suite: &Suite, table: &Table, inputs: &[Input], notes: &mut Notes) -> Vec<usize> {
    let mut repeated = Vec::new();
    if dataset.key.is_empty() {
        return repeated;
    }
    let columns: Vec<&Column> = dataset.key.iter().filter_map(|id| table.columns.get(id.0)).collect();
    for Twin { row, earlier } in twins(&columns, table.len()) {
        repeated.push(row);
        let Some(key) = scalars(table, row, &dataset.key) else { continue };
        let path = table.origins.get(row).and_then(|origin| table.parts.get(origin.part as usize));
        let path = path.and_then(|part| inputs.get(part.input)).map_or("", |input| &input.path);
        notes.repeat(&codes::DUPLICATE_KEY, path, || {
            let column = own_cell(table, inputs, row, &dataset.key);
            let (here, there) = (place(table, inputs, row, column), place(table, inputs, earlier, column));
            let named = dataset.key.iter().zip(&key).filter_map(|(id, scalar)| {
                let column = dataset.columns.get(id.0)?;
                Some(format!("{} = {}", column.name, text(scalar, &column.ty, suite)))
            });
            let shown: Vec<String> = named.collect();
            let message = Bi::new(
                format!("数据集 `{}` 的主键重复：`{}`", dataset.name, shown.join("，")),
                format!("a key of `{}` occurs twice: `{}`", dataset.name, shown.join(", ")),
            );
            Diagnostic::at(&codes::DUPLICATE_KEY, here, message)
                .label(there, Bi::new("第一次在这里", "first here"))
                .help(Bi::new("删去重复的一行，或把写错的主键改正", "delete one of the two rows, or mend its key"))
        });
    }
    repeated
}

/// Leaves one row for each indicator, region and period: equal figures are used once, different ones become bad.
pub fn settle_figures(suite: &Suite, table: &mut Table, inputs: &[Input], notes: &mut Notes) {
    let columns = [indicator_table::INDICATOR, indicator_table::REGION, indicator_table::PERIOD];
    let mut first: HashMap<Vec<Scalar>, usize> = HashMap::new();
    let mut dropped = vec![false; table.len()];
    let mut bad: Vec<(usize, String)> = Vec::new();
    for row in 0..table.len() {
        let Some(key) = scalars(table, row, &columns) else { continue };
        let key: Vec<Scalar> = key.into_iter().map(Cow::into_owned).collect();
        let Some(earlier) = first.get(&key).copied() else {
            first.insert(key, row);
            continue;
        };
        let column = own_cell(table, inputs, row, &[indicator_table::VALUE]);
        let (here, there) = (place(table, inputs, row, column), place(table, inputs, earlier, column));
        let name = match key.as_slice() {
            [Scalar::Text(name), Scalar::Text(region), Scalar::Period(period)] if region.is_empty() => {
                format!("{name} {period}")
            }
            [Scalar::Text(name), Scalar::Text(region), Scalar::Period(period)] => format!("{name} {region} {period}"),
            _ => String::new(),
        };
        let (value, other) = (table.cell(row, indicator_table::VALUE), table.cell(earlier, indicator_table::VALUE));
        let same = match (&*value, &*other) {
            (Cell::Value(a, _), Cell::Value(b, _)) => a == b,
            (Cell::Within(a, _), Cell::Within(b, _)) => a == b,
            (Cell::Blank, _) => true,
            _ => false,
        };
        let path = path_of(&here);
        if same || *other == Cell::Blank {
            let drop = if *other == Cell::Blank && *value != Cell::Blank { earlier } else { row };
            if let Some(slot) = dropped.get_mut(drop) {
                *slot = true;
            }
            if drop == earlier {
                first.insert(key, row);
            }
            notes.repeat(&codes::REPEATED_FIGURE, &path, || {
                let message = Bi::new(
                    format!("`{name}` 报了两次，没有矛盾，只用一次"),
                    format!("`{name}` was submitted twice without contradiction and is used once"),
                );
                Diagnostic::at(&codes::REPEATED_FIGURE, here, message)
                    .label(there, Bi::new("第一次在这里", "first here"))
            });
        } else {
            bad.extend([earlier, row].map(|row| (row, stated(suite, table, row))));
            notes.repeat(&codes::CONTRADICTION, &path, || {
                let message = Bi::new(
                    format!("`{name}` 报了两个不同的数，两个都不用"),
                    format!("`{name}` was submitted with two different figures; neither is used"),
                );
                Diagnostic::at(&codes::CONTRADICTION, here, message)
                    .label(there, Bi::new("另一个在这里", "the other is here"))
                    .help(Bi::new("核实后只留一个", "find out which is right, and keep that one"))
            });
        }
    }
    if let Some(values) = table.columns.get_mut(indicator_table::VALUE.0) {
        for (row, stated) in bad {
            if values.get(row).is_some_and(|cell| !matches!(*cell, Cell::Bad(_))) {
                values.set(row, Cell::Bad(stated.into()));
            }
        }
    }
    if dropped.contains(&true) {
        for column in &mut table.columns {
            column.drop_rows(&dropped);
        }
        let kept = table.origins.iter().zip(&dropped).filter(|(_, dropped)| !**dropped);
        table.origins = kept.map(|(origin, _)| origin).collect();
    }
}

/// A figure of the indicator table in its indicator's unit.
fn stated(suite: &Suite, table: &Table, row: usize) -> String {
    let cell = &*table.cell(row, indicator_table::VALUE);
    let indicator = match &*table.cell(row, indicator_table::INDICATOR) {
        Cell::Value(Scalar::Text(name), _) => suite.indicators.iter().find(|indicator| *indicator.name == **name),
        _ => None,
    };
    match (cell, indicator) {
        (Cell::Value(scalar, _), Some(indicator)) => {
            let figure = text(scalar, &indicator.ty, suite);
            match &indicator.ty {
                Type::Quantity(unit) => format!("{figure}{unit}"),
                _ => figure,
            }
        }
        (Cell::Within(interval, _), Some(Indicator { ty: Type::Quantity(unit), .. })) => {
            format!("{}{unit}", interval.written(|number| unit.from_base(number).exact()))
        }
        (cell, _) => plain(cell),
    }
}

/// A cell without a type.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Value(Scalar::Number(number), _) => number.to_string(),
        Cell::Value(Scalar::Text(text), _) => text.to_string(),
        Cell::Value(Scalar::Date(date), _) => date.to_string(),
        Cell::Value(Scalar::Period(period), _) => period.to_string(),
        Cell::Value(Scalar::Boolean(true), _) => "是".to_owned(),
        Cell::Value(Scalar::Boolean(false), _) => "否".to_owned(),
        Cell::Value(Scalar::Level(level), _) => level.to_string(),
        Cell::Within(interval, _) => interval.written(Number::exact),
        Cell::Bad(text) => text.to_string(),
        Cell::Blank => String::new(),
    }
}

fn scalars<'t>(table: &'t Table, row: usize, columns: &[ColumnId]) -> Option<Vec<Cow<'t, Scalar>>> {
    columns.iter().map(|id| table.value(row, *id)).collect()
}

/// The first of the columns that has a cell of its own in the row, in a workbook: by it the row is named.
fn own_cell(table: &Table, inputs: &[Input], row: usize, columns: &[ColumnId]) -> Option<ColumnId> {
    let number = table.origins.get(row).map(|origin| u64::from(origin.row));
    let is_own = |column: &&ColumnId| {
        let place = table.place(inputs, row, Some(**column));
        place.is_some_and(|place| place.cell.is_some() && place.row == number)
    };
    columns.iter().find(is_own).copied()
}

/// Where a row stands, or one of its cells.
pub(super) fn place(table: &Table, inputs: &[Input], row: usize, column: Option<ColumnId>) -> Place {
    table.place(inputs, row, column).map_or(Place::Nowhere, Place::from)
}

fn path_of(place: &Place) -> String {
    match place {
        Place::Data { path, .. } => path.clone(),
        Place::Rule(_) | Place::Nowhere => String::new(),
    }
}

/// A value as its column shows it, without the unit.
pub fn text(scalar: &Scalar, ty: &Type, suite: &Suite) -> String {
    match (scalar, ty) {
        (Scalar::Number(number), Type::Quantity(unit)) => unit.from_base(number).exact(),
        (Scalar::Level(level), Type::Level(scale)) => {
            suite.scales.get(scale.0).and_then(|scale| scale.levels.get(*level)).cloned().unwrap_or_default()
        }
        (scalar, _) => plain(&Cell::Value(scalar.clone(), 0)),
    }
}
