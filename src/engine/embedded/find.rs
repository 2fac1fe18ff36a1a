//! The rows that figures rest on: many searches in one pass over a table, by several threads, each over rows of its own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::lookup::{Lookup, Wanted};
use super::rows::{RowIndex, Rows};
use super::{Lists, index, kernel};
use crate::data::column::{Column, Decimals};
use crate::data::{Cell, Table};
use crate::engine::{Context, Found, Order, Pick, Search};
use crate::plan::operators::{self, Value};
use crate::plan::{columns_of, demanded};
use crate::quantity::{Number, Scalar, Truth};
use crate::semantics::hir::{ColumnId, Expr, ExprKind};

/// So many rows are looked at before it is asked again which figures are large enough.
const PIECE: usize = 1 << 16;
/// Rows are chosen by their figures if this leaves less than one in so many.
const RARE: usize = 16;

/// What makes two searches the same; expressions are told apart by where they stand.
#[derive(PartialEq, Eq, Hash)]
struct Same<'s> {
    dataset: usize,
    keys: &'s [(ColumnId, Scalar)],
    filter: Option<*const Expr>,
    doubtful: Option<Option<*const Expr>>,
    order: (u8, Option<*const Expr>),
    limit: usize,
}

/// Answers searches, those that are the same once.
pub(super) fn find(context: &Context<'_>, lists: &Lists, searches: &[Search<'_>]) -> Vec<Found> {
    let mut known: HashMap<Same<'_>, usize> = HashMap::new();
    let mut distinct: Vec<&Search<'_>> = Vec::new();
    let mut place = Vec::with_capacity(searches.len());
    for search in searches {
        let at = *known.entry(Same::of(search)).or_insert_with(|| {
            distinct.push(search);
            distinct.len() - 1
        });
        place.push(at);
    }
    // Searches with the same columns are looked up together, by the values of a row.
    let mut alike: BTreeMap<(usize, Vec<ColumnId>), Vec<usize>> = BTreeMap::new();
    for (at, search) in distinct.iter().enumerate() {
        let mut columns: Vec<ColumnId> = search.keys.iter().map(|(column, _)| *column).collect();
        columns.extend(narrowed(search).map(|(column, _)| column));
        alike.entry((search.dataset.0, columns)).or_default().push(at);
    }
    let mut found = vec![Found::default(); distinct.len()];
    for ((dataset, columns), all) in &alike {
        let Some(table) = context.submission.tables.get(*dataset).and_then(Option::as_ref) else { continue };
        let asked: Vec<Asked<'_>> =
            all.iter().filter_map(|at| distinct.get(*at)).map(|search| Asked::new(search, table)).collect();
        for (at, answer) in all.iter().zip(together(context, lists, table, columns, &asked)) {
            if let Some(found) = found.get_mut(*at) {
                *found = answer;
            }
        }
    }
    place.into_iter().map(|at| found.get(at).cloned().unwrap_or_default()).collect()
}

impl<'s> Same<'s> {
    fn of(search: &'s Search<'_>) -> Self {
        let place = |expr: &Expr| std::ptr::from_ref(expr);
        Same {
            dataset: search.dataset.0,
            keys: &search.keys,
            filter: search.filter.map(place),
            doubtful: match search.pick {
                Pick::Matching => None,
                Pick::Doubtful(of) => Some(of.map(place)),
            },
            order: match search.order {
                Order::Standing => (0, None),
                Order::Largest(of) => (1, Some(place(of))),
                Order::Highest(of) => (2, Some(place(of))),
                Order::Lowest(of) => (3, Some(place(of))),
            },
            limit: search.limit,
        }
    }
}

/// A column that a search's filter demands a value of, where it is none of its keys.
fn narrowed(search: &Search<'_>) -> Option<(ColumnId, Vec<Scalar>)> {
    let (column, values) = search.filter.and_then(demanded)?;
    search.keys.iter().all(|(key, _)| *key != column).then_some((column, values))
}

/// A search on a table.
struct Asked<'a> {
    search: &'a Search<'a>,
    /// What the filter demands says all that it asks: rows that hold it need not be filtered.
    settled: bool,
    weigh: Weigh<'a>,
}

/// How rows are put in order.
enum Weigh<'a> {
    /// As they stand.
    Standing,
    /// By the digits of a column.
    Digits(&'a Decimals),
    /// By the value of an expression.
    Values(&'a Expr),
}

/// What a row weighs; of the rows of one search, always the same kind.
#[derive(Clone, PartialEq, PartialOrd)]
enum Weight {
    Digits(i128),
    Value(Scalar),
}

impl<'a> Asked<'a> {
    fn new(search: &'a Search<'a>, table: &'a Table) -> Self {
        let is_one = |filter: &Expr| matches!(filter.kind, ExprKind::Compare { .. } | ExprKind::In { .. });
        let weigh = match search.order {
            Order::Standing => Weigh::Standing,
            Order::Largest(of) | Order::Highest(of) | Order::Lowest(of) => match decimals(of, table) {
                Some(decimals) => Weigh::Digits(decimals),
                None => Weigh::Values(of),
            },
        };
        let settled = search.filter.is_none_or(|filter| is_one(filter) && narrowed(search).is_some());
        Asked { search, settled, weigh }
    }

    /// Does a row for certain weigh too little to be named? Most do.
    fn is_lighter(&self, row: usize, best: &Best) -> bool {
        let (Weigh::Digits(decimals), Some(floor)) = (&self.weigh, best.floor) else { return false };
        let digits = decimals.mantissas.get(row).copied().unwrap_or(Decimals::NONE);
        digits != Decimals::NONE && u128::from(digits.unsigned_abs()) < floor
    }

    /// What a row weighs; nothing where rows are named as they stand.
    fn weight(&self, env: &Rows<'_>) -> Option<Weight> {
        let zero = || Scalar::Number(Number::zero());
        let expr = match &self.weigh {
            Weigh::Standing => return None,
            Weigh::Digits(decimals) => {
                let digits = decimals.mantissas.get(env.row).copied().filter(|digits| *digits != Decimals::NONE);
                let digits = i128::from(digits.unwrap_or(0));
                let largest = matches!(self.search.order, Order::Largest(_));
                return Some(Weight::Digits(if largest { digits.abs() } else { digits }));
            }
            Weigh::Values(expr) => *expr,
        };
        let value = operators::value(env, expr);
        Some(Weight::Value(match (self.search.order, value) {
            (Order::Largest(_), Value::Known(Scalar::Number(number))) => Scalar::Number(number.abs()),
            (Order::Largest(_), Value::Within(interval)) => {
                interval.magnitude().high().map_or_else(zero, |end| Scalar::Number(end.at.clone()))
            }
            (Order::Highest(_) | Order::Lowest(_), Value::Known(scalar)) => scalar,
            _ => zero(),
        }))
    }
}

/// A column of exact decimals, if an expression is one.
fn decimals<'t>(of: &Expr, table: &'t Table) -> Option<&'t Decimals> {
    let ExprKind::Column(column) = of.kind else { return None };
    let Column::Decimals(decimals) = table.columns.get(column.0)? else { return None };
    let grows = !decimals.factor.is_zero() && !decimals.factor.is_negative();
    Some(decimals).filter(|decimals| grows && kernel::is_exact(decimals))
}

/// Answers searches that look at the same columns of a table.
fn together(
    context: &Context<'_>,
    lists: &Lists,
    table: &Table,
    columns: &[ColumnId],
    asked: &[Asked<'_>],
) -> Vec<Found> {
    let mut wanted: Wanted<'_> = HashMap::new();
    for (at, Asked { search, .. }) in asked.iter().enumerate() {
        let mut add = |last: Option<Scalar>| {
            let keys = search.keys.iter().map(|(_, value)| Cow::Borrowed(value));
            wanted.entry(keys.chain(last.map(Cow::Owned)).collect()).or_default().push(at);
        };
        match narrowed(search) {
            Some((_, values)) => BTreeSet::from_iter(values).into_iter().for_each(|value| add(Some(value))),
            None => add(None),
        }
    }
    // A row of which a key cannot be told could belong to each of them.
    let in_doubt: Vec<usize> = (0..asked.len())
        .filter(|at| asked.get(*at).is_some_and(|asked| matches!(asked.search.pick, Pick::Doubtful(_))))
        .collect();
    let index = RowIndex::default();
    let lookup = Lookup::new(table, columns, &wanted);
    let heaviest = Heaviest::of(asked);
    let part = |rows: Range<usize>| {
        let mut best: Vec<Best> = vec![Best::default(); asked.len()];
        let visit = |best: &mut [Best], row: usize, for_these: Option<&[usize]>| {
            let env = Rows { context, lists, table, row, index: &index };
            for at in for_these.unwrap_or(&in_doubt) {
                let (Some(asked), Some(best)) = (asked.get(*at), best.get_mut(*at)) else { continue };
                if let Pick::Doubtful(of) = asked.search.pick {
                    if let Some(blame) = doubtful(&env, asked.search, of) {
                        best.note(asked.search, row, Some(blame), None);
                    }
                    continue;
                }
                let filter = asked.search.filter.filter(|_| !asked.settled);
                if filter.is_none() && asked.is_lighter(row, best) {
                    best.found.total += 1;
                } else if filter.is_none_or(|filter| operators::truth(&env, filter) == Truth::True) {
                    best.note(asked.search, row, None, asked.weight(&env));
                }
            }
        };
        let (mut chosen, mut again) = (Vec::new(), rows.start);
        for start in rows.clone().step_by(PIECE) {
            let piece = start..rows.end.min(start + PIECE);
            let floor = heaviest.as_ref().filter(|_| start >= again).and_then(|heaviest| heaviest.floor(&best));
            if let Some((heaviest, floor)) = heaviest.as_ref().zip(floor) {
                heaviest.choose(piece.clone(), floor, &mut chosen);
                if chosen.len() < PIECE / RARE {
                    chosen.iter().for_each(|row| lookup.row(*row, |row, these| visit(&mut best, row, these)));
                    continue;
                }
                // When as many rows again have been seen, there may be fewer.
                again = start + (start - rows.start);
            }
            lookup.rows(piece, |row, these| visit(&mut best, row, these));
        }
        best
    };
    let mut parts = index::by_threads(table.len(), part).into_iter();
    let mut best = parts.next().unwrap_or_default();
    for more in parts {
        for ((best, more), asked) in best.iter_mut().zip(more).zip(asked) {
            best.merge(asked.search, more);
        }
    }
    let answer = |(best, asked): (Best, &Asked<'_>)| {
        let total = asked.search.rows.unwrap_or(best.found.total);
        debug_assert!(table.len() > PIECE || total == best.found.total, "all rows were seen");
        Found { total, ..best.found }
    };
    best.into_iter().zip(asked).map(answer).collect()
}

/// Where only the rows that weigh most are wanted, and not how many there are: their figures tell which these may be.
struct Heaviest<'t>(&'t Decimals);

impl<'t> Heaviest<'t> {
    /// For searches that are all after the largest figures of one column.
    fn of(asked: &[Asked<'t>]) -> Option<Self> {
        let decimals = |asked: &Asked<'t>| match (&asked.weigh, asked.search.order, asked.search.pick) {
            (Weigh::Digits(decimals), Order::Largest(_), Pick::Matching) => {
                (asked.settled && asked.search.rows.is_some()).then_some(*decimals)
            }
            _ => None,
        };
        let first = decimals(asked.first()?)?;
        let alike = |asked| decimals(asked).is_some_and(|decimals| std::ptr::eq(decimals, first));
        asked.iter().all(alike).then_some(Heaviest(first))
    }

    /// What a figure must come to, without its sign, for any search to want it; `None` as long as one of them wants every row.
    fn floor(&self, best: &[Best]) -> Option<u64> {
        let floors = best.iter().map(|best| best.floor).collect::<Option<Vec<u128>>>()?;
        u64::try_from(floors.into_iter().min()?).ok()
    }

    /// Those of some rows that come to as much, or have no figure.
    fn choose(&self, rows: Range<usize>, floor: u64, chosen: &mut Vec<usize>) {
        let digits = self.0.mantissas.get(rows.clone()).unwrap_or_default();
        // As in choosing by codes: there is no guessing which are. That there is none is the least of all numbers.
        chosen.resize(digits.len() + 1, 0);
        let mut count = 0;
        for (row, digits) in rows.zip(digits) {
            chosen.get_mut(count).into_iter().for_each(|place| *place = row);
            count += usize::from(digits.unsigned_abs() >= floor);
        }
        chosen.truncate(count);
    }
}

/// The first rows of a search in its order.
#[derive(Clone, Default)]
struct Best {
    found: Found,
    /// Of the rows that are named.
    weights: Vec<Weight>,
    /// When there are as many as are wanted: what a number must come to, without its sign, to be among the largest.
    floor: Option<u128>,
}

impl Best {
    fn note(&mut self, search: &Search<'_>, row: usize, blame: Option<ColumnId>, weight: Option<Weight>) {
        self.found.total += 1;
        if let Ok(row) = u32::try_from(row) {
            self.name(search, (row, blame), weight);
        }
    }

    /// Names a row at its place among those that weigh more; rows that are alike stay in their order.
    fn name(&mut self, search: &Search<'_>, row: (u32, Option<ColumnId>), weight: Option<Weight>) {
        let Some(weight) = weight else {
            if self.found.rows.len() < search.limit {
                self.found.rows.push(row);
            }
            return;
        };
        let before = |other: &Weight| match search.order {
            Order::Lowest(_) => *other <= weight,
            Order::Standing | Order::Largest(_) | Order::Highest(_) => *other >= weight,
        };
        if self.weights.len() >= search.limit && self.weights.last().is_none_or(before) {
            return;
        }
        let at = self.weights.partition_point(before);
        self.found.rows.insert(at, row);
        self.found.rows.truncate(search.limit);
        self.weights.insert(at, weight);
        self.weights.truncate(search.limit);
        if let (Order::Largest(_), Some(Weight::Digits(least))) = (search.order, self.weights.last()) {
            self.floor = Some(least.unsigned_abs()).filter(|_| self.weights.len() == search.limit);
        }
    }

    /// Adds what was found among later rows.
    fn merge(&mut self, search: &Search<'_>, later: Best) {
        self.found.total += later.found.total;
        let mut weights = later.weights.into_iter();
        for row in later.found.rows {
            self.name(search, row, weights.next());
        }
    }
}

/// The column because of which it cannot be told whether a row counts, or what it adds.
fn doubtful(env: &Rows<'_>, search: &Search<'_>, of: Option<&Expr>) -> Option<ColumnId> {
    let mut to_blame = None;
    for (column, wanted) in &search.keys {
        match &*env.table.cell(env.row, *column) {
            Cell::Value(scalar, _) if scalar == wanted => {}
            Cell::Value(..) => return None,
            Cell::Blank | Cell::Bad(_) | Cell::Within(..) => to_blame = Some(*column),
        }
    }
    // What is blank or cannot be read comes before what is known only within bounds.
    let unsure = |expr: &Expr| {
        let mut columns = BTreeSet::new();
        columns_of(expr, &mut columns);
        let cell = |column: &ColumnId| env.table.cell(env.row, *column);
        let unreadable = columns.iter().find(|column| matches!(*cell(column), Cell::Blank | Cell::Bad(_)));
        unreadable.or_else(|| columns.iter().find(|column| matches!(*cell(column), Cell::Within(..)))).copied()
    };
    match search.filter.map(|filter| (filter, operators::truth(env, filter))) {
        Some((_, Truth::False)) => return None,
        Some((filter, Truth::Borderline | Truth::Unknown | Truth::Error)) => {
            to_blame = to_blame.or_else(|| unsure(filter));
        }
        _ => {}
    }
    to_blame.or_else(|| match of.map(|of| (of, operators::value(env, of))) {
        Some((of, Value::Borderline | Value::Missing | Value::Fault(_))) => unsure(of),
        _ => None,
    })
}
