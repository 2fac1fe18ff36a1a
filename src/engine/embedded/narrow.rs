//! Row rules that are about the rows of one value of a column (当 科目 = "公用经费"): these rows are looked up, and the others
//! counted without a look at each.

use std::collections::{BTreeMap, HashMap};

use crate::data::{Cell, Table};
use crate::engine::{Key, Tallied};
use crate::plan::{Tally, demanded};
use crate::quantity::Scalar;
use crate::semantics::hir::ColumnId;

/// The rows of a table by the values of its columns, of those columns that were asked for.
#[derive(Default)]
pub(super) struct Narrow {
    columns: BTreeMap<ColumnId, ByValue>,
}

/// The rows of each value, and those whose value cannot be told.
#[derive(Default)]
struct ByValue {
    known: HashMap<Scalar, Vec<usize>>,
    others: Vec<usize>,
}

impl Narrow {
    /// Is the rule about few rows, all of which count together?
    pub fn fits(tally: &Tally) -> bool {
        tally.keys.is_empty() && tally.when.as_ref().and_then(demanded).is_some()
    }

    /// Counts the rows of a rule; `count` looks at one.
    pub fn tally(
        &mut self,
        table: &Table,
        tally: &Tally,
        mut count: impl FnMut(usize, &mut Tallied),
    ) -> HashMap<Vec<Key>, Tallied> {
        let mut counts = Tallied::default();
        if table.is_empty() {
            return HashMap::new();
        }
        let Some((column, wanted)) = tally.when.as_ref().and_then(demanded) else { return HashMap::new() };
        let by_value = self.columns.entry(column).or_insert_with(|| ByValue::new(table, column));
        let of_value = wanted.iter().filter_map(|scalar| by_value.known.get(scalar));
        let mut rows: Vec<usize> = of_value.chain([&by_value.others]).flatten().copied().collect();
        rows.sort_unstable();
        rows.dedup();
        counts.counts.not_applicable = (table.len() - rows.len()) as u64;
        rows.into_iter().for_each(|row| count(row, &mut counts));
        HashMap::from([(Vec::new(), counts)])
    }
}

impl ByValue {
    fn new(table: &Table, column: ColumnId) -> Self {
        let mut by_value = ByValue::default();
        for row in 0..table.len() {
            match &*table.cell(row, column) {
                Cell::Value(scalar, _) => match by_value.known.get_mut(scalar) {
                    Some(rows) => rows.push(row),
                    None => by_value.known.extend([(scalar.clone(), vec![row])]),
                },
                _ => by_value.others.push(row),
            }
        }
        by_value
    }
}
