//! From the cube of a dataset to the figures of one aggregate: groups rolled up to its scope, its filter applied.

mod bounds;
mod groups;
pub(super) mod packed;

use std::borrow::Cow;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::engine::{Accumulator, Group, Key, Measurement, Values};
use crate::plan::operators::{self, Environment, Fault, Value};
use crate::plan::{Query, Source};
use crate::quantity::{Number, Scalar, Truth};
use crate::semantics::hir::{Aggregate, ColumnId, Expr, ExprKind, Function, List};

pub(super) use groups::Groups;
use groups::Scoped;

/// The figures of an aggregate, by the members of its scope and then the period, if its dataset has one.
#[derive(Debug)]
pub(super) struct Rollup<'a>(Sums<'a>);

#[derive(Debug)]
enum Sums<'a> {
    /// Of single groups.
    Single(Box<Single>),
    /// Of a packed cube.
    Packed(packed::Rollup<'a>),
}

/// Of groups that each stand for themselves.
#[derive(Debug)]
struct Single {
    scoped: Arc<Scoped>,
    /// By the place of the members; those that the filter lets no row of through are absent.
    totals: HashMap<usize, Total>,
    /// Of members that are there and not in `totals`.
    none: Total,
    /// Groups that could belong to several members, because a key is blank or unreadable.
    wild: Vec<Vec<Key>>,
}

/// What a scope's rows add up to.
#[derive(Clone, Debug, Default)]
pub(super) struct Total {
    /// Rows that the filter lets through.
    pub filtered: Accumulator,
    /// All rows; only of a share.
    pub all: Accumulator,
}

/// Why an aggregate has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// No row of this scope and period.
    NoRows,
    /// Rows, but none that the filter lets through.
    NoMatch,
    /// A cell is blank, unreadable, or it cannot be told whether a row belongs here or counts.
    Doubtful,
}

impl<'a> Rollup<'a> {
    pub fn new(
        groups: &Groups<'a>,
        source: Source,
        aggregate: &Aggregate,
        scope: &[ColumnId],
        env: Keys<'_>,
    ) -> Option<Self> {
        let share = aggregate.function == Function::Share;
        let filter = aggregate.filter.as_deref().filter(|_| source.filter_on_keys);
        Some(Rollup(match groups.packed(scope, share.then_some(source.total)) {
            Some(found) => {
                let (scope, all) = found?;
                Sums::Packed(packed::Rollup::new(scope, source, filter, all, env))
            }
            None => Sums::Single(Box::new(Single::new(groups, source, (filter, share), scope, env))),
        }))
    }

    /// What the rows of some members come to; `None` if there are none.
    pub fn total(&self, at: &[Scalar]) -> Option<Cow<'_, Total>> {
        match &self.0 {
            Sums::Single(single) => single.total(at).map(Cow::Borrowed),
            Sums::Packed(packed) => packed.total(at).map(Cow::Owned),
        }
    }

    /// Groups that could belong to several members, because a key is blank or unreadable.
    fn wild(&self) -> &[Vec<Key>] {
        match &self.0 {
            Sums::Single(single) => &single.wild,
            Sums::Packed(packed) => &packed.wild,
        }
    }

    /// The sums of a packed cube.
    pub fn packed(&self) -> Option<&packed::Rollup<'a>> {
        match &self.0 {
            Sums::Single(_) => None,
            Sums::Packed(packed) => Some(packed),
        }
    }
}

impl Single {
    fn new(
        groups: &Groups<'_>,
        source: Source,
        (filter, share): (Option<&Expr>, bool),
        scope: &[ColumnId],
        env: Keys<'_>,
    ) -> Self {
        let (scoped, query) = (groups.scoped(scope), env.query);
        let mut rollup = Single { scoped, totals: HashMap::new(), none: Total::default(), wild: Vec::new() };
        // Of a share, all rows are added up too.
        let narrowed = filter.filter(|_| !share).and_then(|filter| groups.narrowed(query, filter));
        let mut add = |at: usize| {
            let Some((codes, group)) = groups.all.get(at) else { return };
            let env = Keys { codes, ..env };
            let passes = filter.map_or(Truth::True, |filter| operators::truth(&env, filter));
            rollup.add(at, group, source, passes, share);
        };
        match narrowed {
            Some(some) => some.into_iter().for_each(add),
            None => (0..groups.all.len()).for_each(&mut add),
        }
        rollup
    }

    fn add(&mut self, at: usize, group: &Group, source: Source, passes: Truth, share: bool) {
        let empty = Accumulator::default();
        let filtered = group.slots.get(source.slot).unwrap_or(&empty);
        let place = match self.scoped.places.get(at) {
            Some(Ok(place)) => *place,
            Some(Err(codes)) => {
                let perhaps = filtered.perhaps.is_some();
                let none = !perhaps && filtered.rows + filtered.unknown + filtered.filter_faults == 0;
                let out = passes == Truth::False || none;
                if share || !out {
                    self.wild.push(codes.clone());
                }
                return;
            }
            None => return,
        };
        if passes == Truth::False && !share {
            return;
        }
        let total = self.totals.entry(place).or_default();
        match passes {
            Truth::True => total.filtered.merge(filtered),
            Truth::False => {}
            // Keys are exact, so that no filter on them hangs on rounding.
            Truth::Borderline | Truth::Unknown => total.filtered.unknown += group.rows,
            Truth::Error => total.filtered.filter_faults += group.rows,
        }
        if share {
            total.all.merge(group.slots.get(source.total).unwrap_or(&empty));
        }
    }

    fn total(&self, at: &[Scalar]) -> Option<&Total> {
        self.scoped.members.get(at).map(|place| self.totals.get(place).unwrap_or(&self.none))
    }
}

impl Rollup<'_> {
    /// The aggregate's value for some members, whose total is given, and why there is none.
    pub fn value(&self, aggregate: &Aggregate, at: &[Scalar], total: Option<&Total>) -> (Value, Option<Gap>) {
        let could_be = |codes: &&Vec<Key>| {
            codes.iter().zip(at).all(|(key, wanted)| !matches!(key, Key::Known(scalar) if scalar != wanted))
        };
        let doubtful =
            |fault: bool| (if fault { Value::Fault(Fault::Unreadable) } else { Value::Missing }, Some(Gap::Doubtful));
        let mut wild = self.wild().iter().filter(could_be).peekable();
        let none = Total::default();
        let Total { filtered, all } = total.unwrap_or(&none);
        let share = aggregate.function == Function::Share;
        let parts = [Some(filtered), share.then_some(all), filtered.perhaps.as_ref().map(|perhaps| &perhaps.all)];
        let parts = || parts.iter().copied().flatten();
        // What cannot be read outweighs what is missing.
        let faults = parts().any(|part| part.faults + part.filter_faults > 0);
        let is_wild = wild.peek().is_some();
        if faults || wild.any(|codes| codes.contains(&Key::Bad)) {
            return doubtful(true);
        }
        if is_wild {
            return doubtful(false);
        }
        let Some(total) = total else { return (Value::Missing, Some(Gap::NoRows)) };
        let blanks_matter = match aggregate.function {
            Function::Count | Function::Distinct => false,
            _ => !aggregate.blank_as_zero,
        };
        if parts().any(|part| part.unknown > 0 || (blanks_matter && part.blanks > 0)) {
            return doubtful(false);
        }
        match evaluate(aggregate, total) {
            Some(value @ (Value::Missing | Value::Borderline)) => (value, Some(Gap::Doubtful)),
            // The rows to look at are those that count or not.
            Some(value @ Value::Within(_)) if filtered.perhaps.is_some() => (value, Some(Gap::Doubtful)),
            Some(value) => (value, None),
            None => (Value::Missing, Some(Gap::NoMatch)),
        }
    }
}

/// `None` if no row is there to make a value of.
fn evaluate(aggregate: &Aggregate, total: &Total) -> Option<Value> {
    let Total { filtered, all, .. } = total;
    let exact =
        [filtered, all].iter().all(|part| part.within.is_none() && part.perhaps.is_none() && part.borderline == 0);
    if !exact {
        return bounds::evaluate(aggregate, filtered, all);
    }
    let zero = Number::zero();
    let sum = |part: &Accumulator| part.sum.clone().unwrap_or_else(Number::zero);
    match aggregate.function {
        Function::Count => {
            let counted = if aggregate.of.is_some() { filtered.rows - filtered.blanks } else { filtered.rows };
            return Some(Value::from(Number::from(counted)));
        }
        Function::Distinct => return Some(Value::from(Number::from(filtered.distinct.len() as u64))),
        _ => {}
    }
    if filtered.rows == 0 {
        return None;
    }
    // With 空值计零, a blank is one more 0 among the values.
    let blank = (filtered.blanks > 0).then(|| Scalar::Number(zero));
    let quotient = |part: &Number, of: &Number| part.div(of).map_or(Value::Fault(Fault::DivisionByZero), Value::from);
    Some(match aggregate.function {
        Function::Sum | Function::Count | Function::Distinct => Value::from(sum(filtered)),
        Function::Mean => quotient(&sum(filtered), &Number::from(filtered.rows)),
        Function::Share => quotient(&sum(filtered), &sum(all)),
        Function::Min => Value::Known(filtered.min.iter().chain(&blank).min()?.clone()),
        Function::Max => Value::Known(filtered.max.iter().chain(&blank).max()?.clone()),
    })
}

/// The keys of a group, as an environment for filters.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a> {
    pub query: &'a Query,
    pub codes: &'a [Key],
    pub measurement: &'a Measurement,
    /// The run's period, and values of standards in force in it.
    pub standard: &'a dyn Fn(&Expr) -> Value,
}

impl<'e> Environment<'e> for Keys<'_> {
    fn leaf(&self, expr: &'e Expr) -> Value {
        let cell = |column: &ColumnId| {
            let position = self.query.keys.iter().position(|key| key == column);
            position.and_then(|position| self.codes.get(position)).unwrap_or(&Key::Bad)
        };
        match &expr.kind {
            ExprKind::Column(column) => match cell(column) {
                Key::Known(scalar) => Value::Known(scalar.clone()),
                Key::Blank => Value::Missing,
                Key::Bad => Value::Fault(Fault::Unreadable),
            },
            ExprKind::Filled(column) => match cell(column) {
                Key::Known(_) => Value::from(Truth::True),
                Key::Blank => Value::from(Truth::False),
                Key::Bad => Value::Fault(Fault::Unreadable),
            },
            _ => (self.standard)(expr),
        }
    }

    fn in_column(&self, list: &List, value: &Value) -> Truth {
        match list {
            List::Column(dataset, column) => Values::contains(self.measurement.lists.get(&(*dataset, *column)), value),
            List::Values(_) => Truth::Error,
        }
    }
}
