//! The engine inside: one pass over each table, hashed groups, exact sums.

mod classes;
mod find;
mod index;
mod kernel;
mod lookup;
mod narrow;
mod parted;
mod rows;

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt};

use super::{
    Accumulator, Context, Cube, Engine, Found, Group, Groups, Key, Measurement, NoRoom, Perhaps, Search, Tallied,
    Tallies, Values,
};
use crate::base::{TooLarge, room_for};
use crate::data::{Cell, Table};
use crate::plan::operators::{self, Value};
use crate::plan::{Plan, Query, Slot, Tally};
use crate::quantity::{Scalar, Truth};
use crate::semantics::hir::{ColumnId, Expr};
use narrow::Narrow;
use rows::{RowIndex, Rows};

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded {
    /// How cubes are kept. What comes out does not depend on it.
    pub limits: Limits,
}

/// At which sizes a cube is kept and added up in which way.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of so many cells at most, all are kept.
    pub few_cells: usize,
    /// All are kept, too, where there are at least so many rows for each.
    pub rows_by_cell: usize,
    /// And where it turns out that one in so many has rows.
    pub cells_by_full: usize,
    /// Of more, for each row, only those are kept that have rows, in a list; of fewer, by a bit for each.
    pub cells_by_row: usize,
    /// Of more, numbers take 64 bits.
    pub narrow_cells: usize,
    /// Cubes of so many entries stay in the cache, wherever rows add to them.
    pub few_entries: usize,
    /// Larger ones are added up in parts of 2 to the power of so many entries, or of more.
    pub part_bits: u32,
    /// Tables with fewer rows are not worth a second thread.
    pub few_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            few_cells: 1 << 20,
            rows_by_cell: 1 << 2,
            cells_by_full: 4,
            cells_by_row: 1 << 6,
            narrow_cells: u32::MAX as usize,
            few_entries: 1 << 18,
            part_bits: 14,
            few_rows: index::FEW_ROWS,
        }
    }
}

/// So many rows that are looked at one by one may make as many groups, for which there has to be room.
const MANY_ROWS: usize = 1 << 16;
/// So many bytes each, about.
const ROW: u64 = 1 << 8;

/// How many rows of each outcome a tally names.
const FIRST_ROWS: usize = 20;

impl Engine for Embedded {
    fn name(&self) -> &'static str {
        "embedded"
    }

    fn measure(&self, context: &Context<'_>, plan: &Plan) -> Result<Measurement, NoRoom> {
        let mut lists = BTreeMap::new();
        for (dataset, column) in &plan.lists {
            if let Some(table) = context.submission.table(*dataset) {
                lists.insert((*dataset, *column), values(table, *column));
            }
        }
        let of = |query: &Query| {
            let no_room = |why| NoRoom { dataset: query.dataset, why };
            let cube = |table| cube(context, &lists, query, table, self.limits).map_err(no_room);
            context.submission.table(query.dataset).map(cube).transpose()
        };
        let cubes = plan.queries.iter().map(of).collect::<Result<_, _>>()?;
        Ok(Measurement { cubes, lists })
    }

    fn find(&self, context: &Context<'_>, measurement: &Measurement, searches: &[Search<'_>]) -> Vec<Found> {
        find::find(context, &measurement.lists, searches)
    }
}

fn key(cell: &Cell) -> Key {
    match cell {
        // A measure cannot be a key; what is not known exactly could belong to any group.
        Cell::Blank | Cell::Within(..) => Key::Blank,
        Cell::Bad(_) => Key::Bad,
        Cell::Value(scalar, _) => Key::Known(scalar.clone()),
    }
}

fn values(table: &Table, column: ColumnId) -> Values {
    let mut values = Values::default();
    for cell in table.columns.get(column.0).iter().flat_map(|cells| cells.distinct()) {
        match &*cell {
            Cell::Blank => values.blanks = true,
            Cell::Bad(_) => values.faults = true,
            Cell::Value(scalar, _) if !values.known.contains(scalar) => {
                values.known.insert(scalar.clone());
            }
            Cell::Value(..) => {}
            Cell::Within(interval, _) if !values.within.contains(&**interval) => {
                values.within.insert((**interval).clone());
            }
            Cell::Within(..) => {}
        }
    }
    values
}

type Lists = BTreeMap<(crate::semantics::hir::DatasetId, ColumnId), Values>;

fn cube(context: &Context<'_>, lists: &Lists, query: &Query, table: &Table, limits: Limits) -> Result<Cube, TooLarge> {
    let index = RowIndex::new(table, context.suite.datasets.get(query.dataset.0), &query.tallies);
    let mut groups: HashMap<Vec<Key>, Group> = HashMap::new();
    let mut tallies: Vec<Option<Tallies>> = vec![None; query.tallies.len()];
    let mut codes = Vec::with_capacity(query.keys.len());
    let env = |row: usize| Rows { context, lists, table, row, index: &index };
    for (at, counted) in classes::count(&query.tallies, &env, table) {
        if let Some(counts) = tallies.get_mut(at) {
            *counts = Some(counted);
        }
    }
    let others = query.tallies.iter().zip(&mut tallies).filter(|(_, counts)| counts.is_none());
    let (some, each): (Vec<_>, Vec<_>) = others.partition(|(tally, _)| Narrow::fits(tally));
    let mut each: Vec<_> = each.into_iter().map(|(tally, counts)| (tally, counts, HashMap::new())).collect();
    let packed = kernel::cube(table, query, limits)?;
    let row_by_row = packed.is_none() && !query.slots.is_empty();
    let rows = if row_by_row || !each.is_empty() { table.len() } else { 0 };
    for row in 0..rows {
        if row % MANY_ROWS == 0 {
            room_for(MANY_ROWS as u64 * ROW)?;
        }
        let env = env(row);
        if row_by_row {
            codes.clear();
            codes.extend(query.keys.iter().map(|column| key(&table.cell(row, *column))));
            let group = match groups.get_mut(&codes) {
                Some(group) => group,
                None => groups
                    .entry(codes.clone())
                    .or_insert_with(|| Group { rows: 0, slots: vec![Accumulator::default(); query.slots.len()] }),
            };
            group.rows += 1;
            for (slot, accumulator) in query.slots.iter().zip(&mut group.slots) {
                accumulate(&env, slot, accumulator);
            }
        }
        for (tally, _, counts) in &mut each {
            let codes: Vec<Key> = tally.keys.iter().map(|column| key(&table.cell(row, *column))).collect();
            count(&env, tally, counts.entry(codes).or_default());
        }
    }
    for (_, counts, counted) in each {
        let mut sorted: Tallies = counted.into_iter().collect();
        sorted.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        *counts = Some(sorted);
    }
    let mut narrow = Narrow::default();
    for (tally, counts) in some {
        *counts = Some(narrow.tally(table, tally, |row, counts| count(&env(row), tally, counts)));
    }
    Ok(Cube {
        groups: packed.map_or_else(|| Groups::Each(groups.into_iter().collect()), Groups::Packed),
        tallies: tallies.into_iter().map(Option::unwrap_or_default).collect(),
    })
}

fn accumulate(env: &Rows<'_>, slot: &Slot, into: &mut Accumulator) {
    match slot.filter.as_ref().map_or(Truth::True, |filter| operators::truth(env, filter)) {
        Truth::True => {}
        Truth::False => return,
        Truth::Borderline => {
            perhaps(env, slot, into.perhaps.get_or_insert_default());
            return;
        }
        Truth::Unknown => {
            into.unknown += 1;
            return;
        }
        Truth::Error => {
            into.filter_faults += 1;
            return;
        }
    }
    into.rows += 1;
    let Some(of) = &slot.of else { return };
    add(env, slot, of, operators::value(env, of), into);
}

/// A row that counts or not, depending on the rounding of figures.
fn perhaps(env: &Rows<'_>, slot: &Slot, into: &mut Perhaps) {
    into.all.rows += 1;
    let Some(of) = &slot.of else { return };
    let value = operators::value(env, of);
    if let Some(interval) = value.interval() {
        into.share.add(&interval.or_zero());
    }
    add(env, slot, of, value, &mut into.all);
}

fn add(env: &Rows<'_>, slot: &Slot, of: &Expr, value: Value, into: &mut Accumulator) {
    match value {
        Value::Missing => into.blanks += 1,
        Value::Fault(_) => into.faults += 1,
        Value::Borderline => into.borderline += 1,
        Value::Within(interval) => {
            into.scale = into.scale.max(env.scale(of));
            into.within.get_or_insert_default().add(&interval);
        }
        Value::Known(scalar) => {
            into.scale = into.scale.max(env.scale(of));
            if let Scalar::Number(number) = &scalar {
                into.sum = Some(match &into.sum {
                    Some(sum) => sum + number,
                    None => number.clone(),
                });
            }
            if slot.distinct && !into.distinct.contains(&scalar) {
                into.distinct.insert(scalar.clone());
            }
            if into.min.as_ref().is_none_or(|min| scalar < *min) {
                into.min = Some(scalar.clone());
            }
            if into.max.as_ref().is_none_or(|max| scalar > *max) {
                into.max = Some(scalar);
            }
        }
    }
}

fn count(env: &Rows<'_>, tally: &Tally, into: &mut Tallied) {
    let row = u32::try_from(env.row).ok();
    outcome(env, tally, into, 1, row.as_slice());
}

/// Judges a row, and counts it for so many that are like it, of which the first are named.
fn outcome(env: &Rows<'_>, tally: &Tally, into: &mut Tallied, rows: u64, named: &[u32]) {
    let applies = tally.when.as_ref().map_or(Truth::True, |when| operators::truth(env, when));
    let outcome = match applies {
        Truth::True if env.has_children_it_needs(&tally.condition) => operators::truth(env, &tally.condition),
        Truth::True | Truth::False => {
            into.counts.not_applicable += rows;
            return;
        }
        undecided => undecided,
    };
    if outcome == Truth::Error {
        for expr in tally.when.iter().chain([&tally.condition]) {
            operators::faults(env, expr, &mut into.faults);
        }
    }
    let [fail, borderline, unknown, error] = &mut into.first;
    let (counter, first) = match outcome {
        Truth::True => {
            into.counts.pass += rows;
            return;
        }
        Truth::False => (&mut into.counts.fail, fail),
        Truth::Borderline => (&mut into.counts.borderline, borderline),
        Truth::Unknown => (&mut into.counts.unknown, unknown),
        Truth::Error => (&mut into.counts.error, error),
    };
    *counter += rows;
    // Rows come in order, but for those that are counted together.
    if first.len() < FIRST_ROWS || first.iter().max() > named.first() {
        first.extend(named);
    }
}
