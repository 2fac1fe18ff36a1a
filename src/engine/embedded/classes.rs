//! Row rules on packed columns: rows that no rule can tell apart are counted together, and one of them is judged for all.
//!
//! Two rows are alike if their codes mean the same, and if their figures stand alike to every number that a rule compares
//! them with. Packed columns and rules in, counts out; what cannot be told apart like this is left to single rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::kernel::{self, BLOCK, Coding, coding};
use super::rows::Rows;
use super::{FIRST_ROWS, key, outcome};
use crate::data::column::{Codes, Column, Decimals};
use crate::data::{Cell, Table};
use crate::engine::{Key, Tallied};
use crate::plan::operators::{self, Value};
use crate::plan::{Tally, columns_of};
use crate::quantity::Number;
use crate::semantics::hir::{ColumnId, Expr, ExprKind};

/// So many classes are never too many.
const MOST_CLASSES: usize = 1 << 20;

/// A row, as an environment for expressions.
type Row<'a> = dyn Fn(usize) -> Rows<'a> + 'a;

/// Packed columns that rules look at.
type Looks = (BTreeSet<ColumnId>, BTreeSet<ColumnId>);

/// The figures of a column at which some rule may change its mind: from each on, to the next.
type Cuts = BTreeMap<ColumnId, BTreeSet<i64>>;

/// The counts of those rules, by their index, for which rows fall into classes.
pub(super) fn count(tallies: &[Tally], env: &Row<'_>, table: &Table) -> BTreeMap<usize, HashMap<Vec<Key>, Tallied>> {
    let mut alike: BTreeMap<Looks, (Cuts, Vec<usize>)> = BTreeMap::new();
    if table.is_empty() || u32::try_from(table.len()).is_err() {
        return BTreeMap::new();
    }
    for (at, tally) in tallies.iter().enumerate() {
        let mut cuts = Cuts::new();
        let parts = || tally.when.iter().chain([&tally.condition]);
        if !parts().all(|part| look(part, table, &env(0), &mut cuts)) {
            continue;
        }
        let mut columns: BTreeSet<ColumnId> = tally.keys.iter().copied().collect();
        parts().for_each(|part| columns_of(part, &mut columns));
        let coded: BTreeSet<ColumnId> = columns.iter().filter(|column| !cuts.contains_key(column)).copied().collect();
        if !coded.iter().all(|column| is_plain(table, *column)) {
            continue;
        }
        let looks = (coded, cuts.keys().copied().collect());
        let (all, rules) = alike.entry(looks).or_default();
        for (column, own) in cuts {
            all.entry(column).or_default().extend(own);
        }
        rules.push(at);
    }
    let mut counted = BTreeMap::new();
    for ((coded, _), (cuts, rules)) in alike {
        let Some(classes) = Classes::new(table, &coded, &cuts) else { continue };
        for at in rules {
            if let Some(tally) = tallies.get(at) {
                counted.insert(at, classes.tally(tally, env, table));
            }
        }
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
fn look(expr: &Expr, table: &Table, env: &Rows<'_>, cuts: &mut Cuts) -> bool {
    let figures = |expr: &Expr| match &expr.kind {
        ExprKind::Column(column) | ExprKind::Filled(column) => match table.columns.get(column.0) {
            Some(Column::Decimals(decimals)) => Some((*column, decimals)),
            _ => None,
        },
        _ => None,
    };
    match &expr.kind {
        ExprKind::Unique(_) | ExprKind::ChildrenSum { .. } => return false,
        ExprKind::Filled(_) => {
            cuts.extend(
                figures(expr).map(|(column, _)| (column, BTreeSet::new())).filter(|(c, _)| !cuts.contains_key(c)),
            );
            return true;
        }
        ExprKind::Column(_) => return figures(expr).is_none(),
        ExprKind::Compare { left, right, .. } => {
            let sides = [(left, right), (right, left)];
            for (column, other) in sides {
                if let Some((column, decimals)) = figures(column) {
                    let mut columns = BTreeSet::new();
                    columns_of(other, &mut columns);
                    let value = if columns.is_empty() { operators::value(env, other) } else { Value::Missing };
                    let Value::Known(constant) = value else { return false };
                    let Some(constant) = constant.number() else { return false };
                    let own = cuts.entry(column).or_default();
                    return cut(constant, decimals).map(|ends| own.extend(ends)).is_some();
                }
            }
        }
        _ => {}
    }
    let mut fits = true;
    expr.for_each_child(&mut |child| fits = fits && look(child, table, env, cuts));
    fits
}

/// Where figures begin that are not below a number, and where those that are above it.
fn cut(constant: &Number, decimals: &Decimals) -> Option<Vec<i64>> {
    if decimals.factor.is_zero() || decimals.factor.is_negative() {
        return None;
    }
    let digits = constant.div(&decimals.number(1))?;
    let floor = digits.floor().to_i64()?;
    let above = floor.checked_add(1)?;
    Some(if digits.is_integer() { vec![floor, above] } else { vec![above] })
}

/// Rows by class.
struct Classes {
    /// By class: how many rows, and the first of them.
    classes: Vec<(u64, Vec<u32>)>,
}

/// A column of figures, with its cuts in order.
struct Figures<'t> {
    decimals: &'t Decimals,
    cuts: Vec<i64>,
    stride: u32,
}

impl Figures<'_> {
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
            coded.iter().map(|column| coding(table, *column, None)).collect::<Option<_>>()?;
        for coding in &mut codings {
            coding.axis.stride = size;
            size = size.checked_mul(coding.axis.keys.len().max(1))?;
        }
        if size > MOST_CLASSES {
            return None;
        }
        let codings: Vec<(&Codes, Vec<u32>)> = codings.iter().map(|coding| (coding.codes, coding.offsets())).collect();
        let shares = kernel::by_threads(table.len(), |rows| sort(rows, size, &figures, &codings));
        let mut classes: Vec<(u64, Vec<u32>)> = vec![(0, Vec::new()); size];
        for share in shares {
            for ((count, first), (more, rows)) in classes.iter_mut().zip(share) {
                *count += more;
                first.extend(rows);
                first.truncate(FIRST_ROWS);
            }
        }
        classes.retain(|(count, _)| *count > 0);
        Some(Classes { classes })
    }

    fn tally(&self, tally: &Tally, env: &Row<'_>, table: &Table) -> HashMap<Vec<Key>, Tallied> {
        let mut counts: HashMap<Vec<Key>, Tallied> = HashMap::new();
        for (count, first) in &self.classes {
            let Some(row) = first.first().and_then(|row| usize::try_from(*row).ok()) else { continue };
            let codes: Vec<Key> = tally.keys.iter().map(|column| key(&table.cell(row, *column))).collect();
            let into = counts.entry(codes).or_default();
            outcome(&env(row), tally, into, *count, first);
        }
        for counts in counts.values_mut() {
            for first in &mut counts.first {
                first.sort_unstable();
                first.truncate(FIRST_ROWS);
            }
        }
        counts
    }
}

fn sort(
    rows: std::ops::Range<usize>,
    size: usize,
    figures: &[Figures<'_>],
    codings: &[(&Codes, Vec<u32>)],
) -> Vec<(u64, Vec<u32>)> {
    let mut classes: Vec<(u64, Vec<u32>)> = vec![(0, Vec::new()); size];
    let mut cells = Vec::with_capacity(BLOCK);
    for start in rows.clone().step_by(BLOCK) {
        let block = start..rows.end.min(start + BLOCK);
        kernel::index(codings, block.clone(), &mut cells);
        for figures in figures {
            let mantissas = figures.decimals.mantissas.get(block.clone()).unwrap_or_default();
            for ((cell, mantissa), row) in cells.iter_mut().zip(mantissas).zip(block.clone()) {
                *cell += u32::try_from(figures.class(*mantissa, row)).unwrap_or(0) * figures.stride;
            }
        }
        for (cell, row) in cells.iter().zip(block) {
            if let Some((count, first)) = classes.get_mut(*cell as usize) {
                *count += 1;
                if first.len() < FIRST_ROWS {
                    first.extend(u32::try_from(row));
                }
            }
        }
    }
    classes
}
