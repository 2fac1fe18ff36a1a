//! Row rules that are about the rows of one value of a column (当 科目 = "公用经费"): these rows are looked up, and the others
//! counted without a look at each.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::data::{Cell, Table};
use crate::engine::by_value::ByValue;
use crate::engine::{Tallied, Tallies};
use crate::plan::Tally;
use crate::semantics::hir::ColumnId;

/// The rows of a table by the values of its columns, of those columns that were asked for.
#[derive(Default)]
pub(super) struct Narrow {
    columns: BTreeMap<ColumnId, ByValue>,
}

impl Narrow {
    /// Is the rule about few rows, all of which count together?
    pub fn fits(tally: &Tally) -> bool {
        tally.keys.is_empty() && tally.demanded.is_some()
    }

    /// Counts the rows of a rule; `count` looks at one.
    pub fn tally(&mut self, table: &Table, tally: &Tally, mut count: impl FnMut(usize, &mut Tallied)) -> Tallies {
        let mut counts = Tallied::default();
        if table.is_empty() {
            return Vec::new();
        }
        let Some((column, wanted)) = &tally.demanded else { return Vec::new() };
        let cells = || (0..table.len()).map(|row| Some(table.cell(row, *column)));
        let rows = self.columns.entry(*column).or_insert_with(|| by_cell(cells())).may_be(wanted);
        counts.counts.not_applicable = (table.len() - rows.len()) as u64;
        rows.into_iter().for_each(|row| count(row, &mut counts));
        vec![(Vec::new(), counts)]
    }
}

/// Things by the cell that each has in a column.
pub(super) fn by_cell<'c>(cells: impl Iterator<Item = Option<Cow<'c, Cell>>>) -> ByValue {
    let mut by_value = ByValue::default();
    for (at, cell) in cells.enumerate() {
        let value = match cell.as_deref() {
            Some(Cell::Value(scalar, _)) => Some(scalar),
            _ => None,
        };
        by_value.add(at, value);
    }
    by_value
}
