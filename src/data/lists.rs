//! Code lists: values of a column that its list does not hold.
//!
//! Finished tables in, remarks out. A value outside its list is not changed and not left out; it is named, because a rule
//! that asks for the listed spelling passes it by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::notes::Notes;
use super::table::{Cell, Submission};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic};
use crate::quantity::Scalar;
use crate::semantics::hir::{ColumnId, DatasetId, List, Suite};

/// How many values a remark names.
const NAMED: usize = 10;

/// Names the values that stand outside their lists.
pub fn check(suite: &Suite, submission: &Submission, notes: &mut Notes) {
    for (at, dataset) in suite.datasets.iter().enumerate() {
        let id = DatasetId(at);
        let Some(table) = submission.table(id) else { continue };
        for (at, column) in dataset.columns.iter().enumerate() {
            let Some(known) = column.codes.as_ref().and_then(|list| members(list, submission)) else { continue };
            let Some(cells) = table.columns.get(at) else { continue };
            // Few columns hold anything else; of those that do, the rows are looked at for the first of each.
            if cells.distinct().all(|cell| text(&cell).is_none_or(|text| known.contains(&text))) {
                continue;
            }
            let mut outside: BTreeMap<Arc<str>, usize> = BTreeMap::new();
            for (row, cell) in cells.iter().enumerate() {
                if let Some(text) = text(&cell).filter(|text| !known.contains(text)) {
                    outside.entry(text).or_insert(row);
                }
            }
            let Some((_, first)) = outside.iter().next() else { continue };
            let names: Vec<String> = outside.keys().take(NAMED).map(|name| format!("`{name}`")).collect();
            let count = outside.len();
            let message = Bi::new(
                format!("`{}` 有 {count} 个值不在代码表里：{}", column.name, names.join("、")),
                format!("`{}` has {count} value(s) outside its code list: {}", column.name, names.join(", ")),
            );
            let help = Bi::new(
                "写法要与代码表一致（空格、全角半角也算）；确是新的，请补进代码表",
                "spell it as the list does (spaces and widths count), or add it to the list",
            );
            notes.push(
                Diagnostic::at(
                    &codes::NOT_LISTED,
                    super::keys::place(table, &submission.inputs, *first, Some(ColumnId(at))),
                    message,
                )
                .help(help),
            );
        }
    }
}

/// The texts of a list; `None` where it cannot be told.
fn members(list: &List, submission: &Submission) -> Option<BTreeSet<Arc<str>>> {
    match list {
        List::Values(values) => {
            let texts = values.iter().filter_map(|value| match value {
                Scalar::Text(text) => Some(Arc::clone(text)),
                _ => None,
            });
            Some(texts.collect())
        }
        List::Column(dataset, column) => {
            let table = submission.table(*dataset).filter(|table| !table.is_empty())?;
            let cells = table.columns.get(column.0)?;
            Some(cells.distinct().filter_map(|cell| text(&cell)).collect())
        }
    }
}

fn text(cell: &Cell) -> Option<Arc<str>> {
    match cell {
        Cell::Value(Scalar::Text(text), _) => Some(Arc::clone(text)),
        _ => None,
    }
}
