//! Row rules on packed columns: rows that no rule can tell apart are counted together, and one of them is judged for all.
//!
//! Two rows are alike if their codes mean the same, and if their figures stand alike to every number that a rule compares
//! them with. Packed columns and rules in, counts out; what cannot be told apart like this is left to single rows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::index::{self, BLOCK, Coding, coding};
use super::narrow::by_cell;
use super::rows::Rows;
use super::{FIRST_ROWS, key, outcome};
use crate::base::{each, threads};
use crate::data::column::{Codes, Column, Decimals};
use crate::data::{Cell, Table};
use crate::engine::by_value::ByValue;
use crate::engine::{Key, Tallied, Tallies};
use crate::plan::operators::{self, Value};
use crate::plan::{Tally, columns_of};
use crate::quantity::Number;
use crate::semantics::hir::{ColumnId, Expr, ExprKind};

/// So many classes that are judged are worth a second thread.
const MANY: usize = 1 << 14;
/// So many classes are never too many.
const MOST_CLASSES: usize = 1 << 20;

/// So few cuts are looked at one after the other.
const FEW_CUTS: usize = 4;

/// A row, as an environment for expressions.
type Row<'a> = dyn Fn(usize) -> Rows<'a> + Sync + 'a;

/// The figures of a column at which some rule may change its mind: from each on, to the next.
type Cuts = BTreeMap<ColumnId, BTreeSet<i64>>;

/// By column: what one digit of its figures is in base units, as numerator and denominator; `None` of other columns, and of those
/// whose figures do not grow with their digits.
type Units = Vec<Option<(i128, i128)>>;

/// The counts of those rules, by their index, for which rows fall into classes.
pub(super) fn count(tallies: &[Tally], env: &Row<'_>, table: &Table) -> Vec<(usize, Tallies)> {
    // Rules that look at the same columns have the same classes.
    let mut alike: BTreeMap<&BTreeSet<ColumnId>, (Cuts, Vec<usize>)> = BTreeMap::new();
    if table.is_empty() || u32::try_from(table.len()).is_err() {
        return Vec::new();
    }
    let unit = |column: &Column| match column {
        Column::Decimals(decimals) => decimals.number(1).to_parts().filter(|(numerator, _)| *numerator > 0),
        _ => None,
    };
    let (first, units) = (env(0), table.columns.iter().map(unit).collect());
    let mut cuts = Vec::new();
    for (at, tally) in tallies.iter().enumerate() {
        cuts.clear();
        let mut parts = tally.when.iter().chain([&tally.condition]);
        let fits = !tally.sees_other_rows && tally.keys.iter().all(|column| is_plain(table, *column));
        if !fits || !parts.all(|part| look(part, table, (&first, &units), &mut cuts)) {
            continue;
        }
        let (all, rules) = alike.entry(&tally.columns).or_default();
        for (column, own) in &cuts {
            all.entry(*column).or_default().extend(own.iter().flatten());
        }
        rules.push(at);
    }
    let mut counted = Vec::with_capacity(tallies.len());
    for (columns, (cuts, rules)) in alike {
        let coded: BTreeSet<ColumnId> = columns.iter().filter(|column| !cuts.contains_key(column)).copied().collect();
        if !coded.iter().all(|column| is_plain(table, *column)) {
            continue;
        }
        let Some(mut classes) = Classes::new(table, &coded, &cuts) else { continue };
        let rules: Vec<(usize, &Tally)> = rules.into_iter().filter_map(|at| Some((at, tallies.get(at)?))).collect();
        rules.iter().for_each(|(_, tally)| classes.arrange(tally, table));
        let workers = threads(rules.len() * classes.classes.len(), MANY);
        counted.extend(each(&rules, workers, |(at, tally)| (*at, classes.tally(tally, env))));
    }
    counted
}

/// Is a column coded, and its cells told apart by their keys? Those that are known only within bounds have none.
fn is_plain(table: &Table, column: ColumnId) -> bool {
    match table.columns.get(column.0) {
        Some(Column::Coded(coded)) => !coded.dictionary.iter().any(|cell| matches!(cell, Cell::Within(..))),
        _ => false,
    }
}

/// Can rows be told apart by codes and by cuts, as far as a condition goes? Notes the cuts of the columns of figures.
fn look(
    expr: &Expr,
    table: &Table,
    (env, units): (&Rows<'_>, &Units),
    cuts: &mut Vec<(ColumnId, [Option<i64>; 2])>,
) -> bool {
    let figures = |expr: &Expr| match &expr.kind {
        ExprKind::Column(column) | ExprKind::Filled(column) => {
            let is_figures = matches!(table.columns.get(column.0), Some(Column::Decimals(_)));
            is_figures.then_some(*column)
        }
        _ => None,
    };
    match &expr.kind {
        ExprKind::Filled(_) => {
            cuts.extend(figures(expr).map(|column| (column, [None; 2])));
            return true;
        }
        ExprKind::Column(_) => return figures(expr).is_none(),
        ExprKind::Compare { left, right, .. } => {
            let sides = [(left, right), (right, left)];
            for (column, other) in sides {
                if let Some(column) = figures(column) {
                    let mut columns = BTreeSet::new();
                    columns_of(other, &mut columns);
                    let value = if columns.is_empty() { operators::value(env, other) } else { Value::Missing };
                    let Value::Known(constant) = value else { return false };
                    let unit = units.get(column.0).copied().flatten();
                    let ends = constant.number().zip(unit).and_then(|(constant, unit)| cut(constant, unit));
                    return ends.map(|ends| cuts.push((column, ends))).is_some();
                }
            }
        }
        _ => {}
    }
    let mut fits = true;
    expr.for_each_child(&mut |child| fits = fits && look(child, table, (env, units), cuts));
    fits
}

/// Where figures begin that are not below a number, and where those that are above it; `None` if that does not fit.
fn cut(constant: &Number, (numerator, denominator): (i128, i128)) -> Option<[Option<i64>; 2]> {
    let (of, by) = constant.to_parts()?;
    let (of, by) = (of.checked_mul(denominator)?, by.checked_mul(numerator)?);
    let floor = i64::try_from(of.div_euclid(by)).ok()?;
    Some([(of.rem_euclid(by) == 0).then_some(floor), Some(floor.checked_add(1)?)])
}

/// Rows by class.
struct Classes {
    /// How many rows each has, and the first of them.
    classes: Vec<(u64, Vec<u32>)>,
    /// By column: the classes of each value, and those whose value cannot be told.
    by_value: BTreeMap<ColumnId, ByValue>,
    /// By the columns that rules are grouped by.
    groups: Vec<(Vec<ColumnId>, Groups)>,
}

/// Groups of classes.
struct Groups {
    /// The keys of each, in order, and how many rows it has.
    all: Vec<(Vec<Key>, u64)>,
    /// By class: which.
    of_class: Vec<usize>,
}

impl Groups {
    /// Of classes, each with its keys and how many rows it has.
    fn new(classes: impl Iterator<Item = (Vec<Key>, u64)>) -> Self {
        let mut known: HashMap<Vec<Key>, (usize, u64)> = HashMap::new();
        let mut of_class = Vec::new();
        for (keys, rows) in classes {
            let next = known.len();
            let (place, all) = known.entry(keys).or_insert((next, 0));
            *all += rows;
            of_class.push(*place);
        }
        let mut sorted: Vec<(Vec<Key>, (usize, u64))> = known.into_iter().collect();
        sorted.sort_unstable();
        let mut ranks = vec![0; sorted.len()];
        for (rank, (_, (place, _))) in sorted.iter().enumerate() {
            ranks.get_mut(*place).into_iter().for_each(|own| *own = rank);
        }
        of_class.iter_mut().for_each(|place| *place = ranks.get(*place).copied().unwrap_or_default());
        Groups { all: sorted.into_iter().map(|(keys, (_, rows))| (keys, rows)).collect(), of_class }
    }
}

/// A column of figures, with its cuts in order.
struct Figures<'t> {
    decimals: &'t Decimals,
    cuts: Vec<i64>,
    stride: u32,
}

impl Figures<'_> {
    /// Adds the classes of some rows to their numbers.
    fn add_to(&self, cells: &mut [u32], mantissas: &[i64], rows: Range<usize>) {
        let is_whole = !mantissas.iter().fold(false, |any, mantissa| any | (*mantissa == Decimals::NONE));
        if is_whole && self.cuts.len() <= FEW_CUTS {
            // Cut by cut, the processor looks at several rows at once.
            for cut in &self.cuts {
                let add = |(cell, mantissa): (&mut u32, &i64)| *cell += u32::from(mantissa >= cut) * self.stride;
                cells.iter_mut().zip(mantissas).for_each(add);
            }
            return;
        }
        for ((cell, mantissa), row) in cells.iter_mut().zip(mantissas).zip(rows) {
            *cell += u32::try_from(self.class(*mantissa, row)).unwrap_or(0) * self.stride;
        }
    }

    /// Between the cuts, blank, or unreadable.
    fn class(&self, mantissa: i64, row: usize) -> usize {
        if mantissa == Decimals::NONE {
            let bad = matches!(self.decimals.others.get(&row), Some(Cell::Bad(_)));
            return self.cuts.len() + 1 + usize::from(bad);
        }
        match self.cuts.last() {
            Some(last) if mantissa < *last => self.cuts.partition_point(|cut| *cut <= mantissa),
            _ => self.cuts.len(),
        }
    }
}

impl Classes {
    fn new(table: &Table, coded: &BTreeSet<ColumnId>, cuts: &Cuts) -> Option<Self> {
        let mut size = 1usize;
        let mut figures = Vec::new();
        for (column, cuts) in cuts {
            let Some(Column::Decimals(decimals)) = table.columns.get(column.0) else { return None };
            if decimals.others.values().any(|cell| !matches!(cell, Cell::Blank | Cell::Bad(_))) {
                return None;
            }
            figures.push(Figures { decimals, cuts: cuts.iter().copied().collect(), stride: u32::try_from(size).ok()? });
            size = size.checked_mul(cuts.len() + 3)?;
        }
        let mut codings: Vec<Coding<'_>> =
            coded.iter().map(|column| coding(table, *column, None, None)).collect::<Option<_>>()?;
        for coding in &mut codings {
            coding.axis.stride = size;
            size = size.checked_mul(coding.axis.keys.len().max(1))?;
        }
        if size > MOST_CLASSES {
            return None;
        }
        let codings: Vec<(&Codes, Vec<u32>)> =
            codings.iter().map(|coding| Some((coding.codes, coding.offsets(size)?))).collect::<Option<_>>()?;
        let mut shares = index::by_threads(table.len(), |rows| sort(rows, size, &figures, &codings)).into_iter();
        let mut classes = shares.next().unwrap_or_default();
        for share in shares {
            for (class, (more, rows)) in share {
                let (count, first) = classes.entry(class).or_default();
                *count += more;
                first.extend(rows);
                first.truncate(FIRST_ROWS);
            }
        }
        let classes = classes.into_values().collect();
        Some(Classes { classes, by_value: BTreeMap::new(), groups: Vec::new() })
    }

    /// The row that stands for a class.
    fn row((_, first): &(u64, Vec<u32>)) -> Option<usize> {
        first.first().and_then(|row| usize::try_from(*row).ok())
    }

    /// Arranges the classes by what a rule asks of them.
    fn arrange(&mut self, tally: &Tally, table: &Table) {
        let Classes { classes, by_value, groups } = self;
        if !groups.iter().any(|(by, _)| *by == tally.keys) {
            let of_class = classes.iter().filter_map(|class| Some((codes(tally, table, Self::row(class)?), class.0)));
            groups.push((tally.keys.clone(), Groups::new(of_class)));
        }
        if let Some((column, _)) = &tally.demanded {
            let cells = classes.iter().map(|class| Self::row(class).map(|row| table.cell(row, *column)));
            by_value.entry(*column).or_insert_with(|| by_cell(cells));
        }
    }

    fn tally(&self, tally: &Tally, env: &Row<'_>) -> Tallies {
        let Classes { classes, by_value, groups } = self;
        let Some((_, groups)) = groups.iter().find(|(by, _)| *by == tally.keys) else { return Tallies::new() };
        // Until they are judged, the rule is about none of them.
        let none = |(codes, rows): &(Vec<Key>, u64)| {
            let mut tallied = Tallied::default();
            tallied.counts.not_applicable = *rows;
            (codes.clone(), tallied)
        };
        let mut counts: Tallies = groups.all.iter().map(none).collect();
        let demanded = tally.demanded.as_ref().and_then(|(column, wanted)| Some((by_value.get(column)?, wanted)));
        let chosen = demanded
            .map_or_else(|| (0..classes.len()).collect(), |(by_value, wanted): (&ByValue, _)| by_value.may_be(wanted));
        for (class, group) in chosen.into_iter().filter_map(|at| classes.get(at).zip(groups.of_class.get(at))) {
            let (Some(row), (count, first)) = (Self::row(class), class) else { continue };
            let Some((_, into)) = counts.get_mut(*group) else { continue };
            into.counts.not_applicable -= count;
            outcome(&env(row), tally, into, *count, first);
        }
        for (_, counts) in &mut counts {
            for first in &mut counts.first {
                first.sort_unstable();
                first.truncate(FIRST_ROWS);
            }
        }
        counts
    }
}

/// What a row holds in the columns that a rule is grouped by.
fn codes(tally: &Tally, table: &Table, row: usize) -> Vec<Key> {
    tally.keys.iter().map(|column| key(&table.cell(row, *column))).collect()
}

/// Rows by the number of their class.
fn sort(
    rows: Range<usize>,
    size: usize,
    figures: &[Figures<'_>],
    codings: &[(&Codes, Vec<u32>)],
) -> BTreeMap<usize, (u64, Vec<u32>)> {
    // Of few rows only those classes are kept that occur.
    let kept = if rows.len() < size { 0 } else { size };
    let (mut counts, mut firsts): (Vec<u32>, Vec<Vec<u32>>) = (vec![0; kept], vec![Vec::new(); kept]);
    let mut sparse: BTreeMap<usize, (u64, Vec<u32>)> = BTreeMap::new();
    let mut cells = Vec::with_capacity(BLOCK);
    for start in rows.clone().step_by(BLOCK) {
        let block = start..rows.end.min(start + BLOCK);
        index::index(codings, block.clone(), &mut cells);
        for figures in figures {
            let mantissas = figures.decimals.mantissas.get(block.clone()).unwrap_or_default();
            figures.add_to(&mut cells, mantissas, block.clone());
        }
        for (cell, row) in cells.iter().zip(block) {
            let cell = *cell as usize;
            if let Some(count) = counts.get_mut(cell) {
                // Most rows are not among the first: then there is nothing to do but to count.
                if (*count as usize) < FIRST_ROWS {
                    firsts.get_mut(cell).into_iter().for_each(|first| first.extend(u32::try_from(row)));
                }
                *count += 1;
                continue;
            }
            let (count, first) = sparse.entry(cell).or_default();
            *count += 1;
            if first.len() < FIRST_ROWS {
                first.extend(u32::try_from(row));
            }
        }
    }
    let dense = counts.into_iter().map(u64::from).zip(firsts).enumerate();
    sparse.extend(dense.filter(|(_, (count, _))| *count > 0));
    sparse
}
