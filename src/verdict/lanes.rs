//! Many cases of one rule at once, on a packed cube: plain integers as long as they fit.
//!
//! A rule is [laid out](layout) once for a period, the figures that it is about are [bound](bound) to their places in the cubes of a
//! submission, and then each case is a few integer operations. What cannot be laid out or bound, and every case whose integers do not fit,
//! is left to [`super::eval`], which says the same of every case, more slowly.

mod bound;
mod layout;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use crate::plan::operators::Fault;
use crate::quantity::{Number, Truth};
use crate::semantics::hir::{Arithmetic, Change, Comparison, Function};
pub(super) use bound::Bound;
use bound::{At, NO_CELL, NOT_THERE, Placed, Ready, UNTOLD, UNTOLD_CELL};
use layout::MOST_COLUMNS;
pub(super) use layout::{Laid, Layouts, Leaf};

/// So many cases are judged together: their numbers stay in the cache.
const BLOCK: usize = 1 << 7;
/// So few are judged one by one, with nothing to be kept of each.
const FEW: usize = 1 << 3;

/// A rule that is laid out and bound.
pub(super) struct Lanes<'b, 'f, 'a> {
    laid: &'b Laid,
    bound: &'b Bound<'f, 'a>,
}

/// A number, or why there is none.
#[derive(Clone, Copy)]
enum Lane {
    /// Numerator and denominator, which is above 0.
    Known(i128, i128),
    Missing,
    Fault(Fault),
    /// It does not fit: the case is judged apart.
    Wide,
}

/// A number of a case.
enum Quantity {
    Constant(Lane),
    /// A figure or a threshold, by its index.
    Leaf(usize),
    Negate(Box<Quantity>),
    Arithmetic(Arithmetic, Box<(Quantity, Quantity)>),
    /// From the first to the second.
    Change(Change, Box<(Quantity, Quantity)>),
}

enum Condition {
    Constant(Truth),
    Compare(Comparison, Box<(Quantity, Quantity)>),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

/// Something of each case of some.
#[derive(Clone)]
enum Column<T: Kept> {
    /// It is the same in all.
    Same(T),
    Each(T::All),
}

/// What there is of each case.
trait Kept: Copy {
    /// That of all.
    type All: Clone + FromIterator<Self>;

    fn each(all: &Self::All) -> impl Iterator<Item = Self>;
}

/// Numbers of some cases. Their parts lie side by side: written as a whole, a number is not at hand to be read at once.
#[derive(Clone)]
struct Numbers {
    states: Vec<State>,
    numerators: Vec<i128>,
    denominators: Vec<i128>,
}

/// Which [`Lane`] it is.
#[derive(Clone, Copy)]
enum State {
    Known,
    Missing,
    Fault(Fault),
    Wide,
}

impl Numbers {
    fn with_capacity(many: usize) -> Self {
        let some = || Vec::with_capacity(many);
        Numbers { states: Vec::with_capacity(many), numerators: some(), denominators: some() }
    }

    fn only(&self, chosen: &[usize]) -> Self {
        fn some<T: Copy>(all: &[T], chosen: &[usize]) -> Vec<T> {
            chosen.iter().filter_map(|at| all.get(*at).copied()).collect()
        }
        Numbers {
            states: some(&self.states, chosen),
            numerators: some(&self.numerators, chosen),
            denominators: some(&self.denominators, chosen),
        }
    }

    fn push(&mut self, lane: Lane) {
        let (state, numerator, denominator) = match lane {
            Lane::Known(numerator, denominator) => (State::Known, numerator, denominator),
            Lane::Missing => (State::Missing, 0, 1),
            Lane::Fault(fault) => (State::Fault(fault), 0, 1),
            Lane::Wide => (State::Wide, 0, 1),
        };
        self.states.push(state);
        self.numerators.push(numerator);
        self.denominators.push(denominator);
    }
}

impl FromIterator<Lane> for Numbers {
    fn from_iter<I: IntoIterator<Item = Lane>>(lanes: I) -> Self {
        let lanes = lanes.into_iter();
        let mut numbers = Numbers::with_capacity(lanes.size_hint().0);
        lanes.for_each(|lane| numbers.push(lane));
        numbers
    }
}

impl Kept for Lane {
    type All = Numbers;

    fn each(all: &Numbers) -> impl Iterator<Item = Lane> {
        let numbers = all.numerators.iter().zip(&all.denominators);
        all.states.iter().zip(numbers).map(|(state, (numerator, denominator))| match state {
            State::Known => Lane::Known(*numerator, *denominator),
            State::Missing => Lane::Missing,
            State::Fault(fault) => Lane::Fault(*fault),
            State::Wide => Lane::Wide,
        })
    }
}

/// Whether a condition holds of each case; `None`: it does not fit.
type Truths = Column<Option<Truth>>;

impl Kept for Option<Truth> {
    type All = Vec<Self>;

    fn each(all: &Vec<Self>) -> impl Iterator<Item = Self> {
        all.iter().copied()
    }
}

/// How a case comes out: `Some(None)` if the rule is not about it, `None` if it must be judged apart.
pub(super) type Outcome = Option<Option<Truth>>;

impl Kept for Outcome {
    type All = Vec<Self>;

    fn each(all: &Vec<Self>) -> impl Iterator<Item = Self> {
        all.iter().copied()
    }
}

impl Column<Lane> {
    fn states(&self) -> Option<&[State]> {
        match self {
            Column::Same(_) => None,
            Column::Each(numbers) => Some(&numbers.states),
        }
    }
}

impl<T: Kept> Column<T> {
    fn map<U: Kept>(&self, of: impl Fn(T) -> U) -> Column<U> {
        match self {
            Column::Same(one) => Column::Same(of(*one)),
            Column::Each(all) => Column::Each(T::each(all).map(of).collect()),
        }
    }

    fn zip<U: Kept, V: Kept>(&self, other: &Column<U>, of: impl Fn(T, U) -> V) -> Column<V> {
        match (self, other) {
            (Column::Same(left), Column::Same(right)) => Column::Same(of(*left, *right)),
            (Column::Same(left), Column::Each(all)) => {
                Column::Each(U::each(all).map(|right| of(*left, right)).collect())
            }
            (Column::Each(all), Column::Same(right)) => {
                Column::Each(T::each(all).map(|left| of(left, *right)).collect())
            }
            (Column::Each(all), Column::Each(others)) => {
                Column::Each(T::each(all).zip(U::each(others)).map(|(left, right)| of(left, right)).collect())
            }
        }
    }
}

impl<'b, 'f, 'a> Lanes<'b, 'f, 'a> {
    /// Binds the figures of a rule; `None` if one of them has no place of its own.
    pub fn new(laid: &'b Laid, bound: &'b Bound<'f, 'a>) -> Option<Self> {
        laid.leaves.iter().all(|leaf| bound.bind(*leaf)).then_some(Lanes { laid, bound })
    }

    /// How some cases come out.
    pub fn outcomes(&self, cases: Range<usize>) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(cases.len());
        let mut without = None;
        let together = if cases.len() <= FEW { 1 } else { BLOCK };
        for start in cases.clone().step_by(together) {
            let block = start..cases.end.min(start + together);
            let figures = self.laid.leaves.iter().map(|leaf| self.figures(*leaf, block.clone())).collect();
            let block = Block { laid: self.laid, figures, len: block.len() };
            // Where most cases have no figures at all, these are judged once.
            match block.with_figures() {
                Some(chosen) => {
                    let of_others = *without.get_or_insert_with(|| block.without_figures());
                    let first = outcomes.len();
                    outcomes.extend(std::iter::repeat_n(of_others, block.len));
                    let mut own = Vec::with_capacity(chosen.len());
                    block.only(&chosen).judge(&mut own);
                    for (at, outcome) in chosen.iter().zip(own) {
                        outcomes.get_mut(first + at).into_iter().for_each(|own| *own = outcome);
                    }
                }
                None => block.judge(&mut outcomes),
            }
        }
        outcomes
    }

    /// A figure or threshold of some cases.
    fn figures(&self, leaf: usize, cases: Range<usize>) -> Column<Lane> {
        let placed = match self.bound.leaf(leaf) {
            Some(Ready::Constant(lane)) => return Column::Same(*lane),
            Some(Ready::Sum(placed)) => placed,
            None => return Column::Same(Lane::Wide),
        };
        let cells = placed.cells.as_ref().and_then(|cells| cells.get(cases.clone()));
        let Some(cells) = cells.filter(|cells| cells.len() > 1) else {
            return Column::Same(sum(placed, cases.start));
        };
        // No row has a value that is the same in all cases.
        let Some(from) = placed.from else { return Column::Same(Lane::Missing) };
        let Some(singles) = &placed.singles else {
            return Column::Each(cases.map(|case| sum(placed, case)).collect());
        };
        let (numerator, denominator) = placed.factor;
        let figure = |case: usize, single: Option<Option<i64>>| match single {
            Some(Some(digits)) => {
                times(digits.into(), numerator).map_or(Lane::Wide, |numerator| Lane::Known(numerator, denominator))
            }
            Some(None) => Lane::Missing,
            None => sum(placed, case),
        };
        // There are no more cells than fit.
        let own = |cell: u64| from + cell as usize;
        if cells.iter().any(|cell| *cell >= UNTOLD_CELL) {
            let one = |(case, cell): (usize, &u64)| match *cell {
                NO_CELL => Lane::Missing,
                UNTOLD_CELL => Lane::Wide,
                cell => figure(case, singles.get(own(cell))),
            };
            return Column::Each(cases.zip(cells).map(one).collect());
        }
        let all: Vec<usize> = cells.iter().map(|cell| own(*cell)).collect();
        let mut numbers = Numbers::with_capacity(all.len());
        let mut case = cases.start;
        singles.each(&all, |single| {
            numbers.push(figure(case, single));
            case += 1;
        });
        Column::Each(numbers)
    }
}

/// Some cases of a rule.
struct Block<'b> {
    laid: &'b Laid,
    /// By leaf of the rule.
    figures: Vec<Column<Lane>>,
    len: usize,
}

impl<'b> Block<'b> {
    /// Adds how each case comes out.
    fn judge(&self, outcomes: &mut Vec<Outcome>) {
        match self.outcomes() {
            Column::Same(one) => outcomes.extend(std::iter::repeat_n(one, self.len)),
            Column::Each(all) => outcomes.extend(all),
        }
    }

    fn outcomes(&self) -> Column<Outcome> {
        let holds = self.truths(&self.laid.condition).map(|holds| holds.map(Some));
        match &self.laid.when {
            None => holds,
            Some(when) => self.truths(when).zip(&holds, |applies, holds| match applies? {
                Truth::False => Some(None),
                Truth::True => holds,
                undecided => Some(Some(undecided)),
            }),
        }
    }

    /// The cases that have any figure of their own, by their place; `None` if most have one.
    fn with_figures(&self) -> Option<Vec<usize>> {
        let has_one = |state: &State| !matches!(state, State::Missing);
        let columns: Vec<&[State]> = self.figures.iter().filter_map(Column::states).collect();
        let most = self.len / 2;
        if columns.iter().all(|states| states.iter().filter(|state| has_one(state)).count() > most) {
            return None;
        }
        let chosen = |at: &usize| columns.iter().any(|states| states.get(*at).is_some_and(has_one));
        Some((0..self.len).filter(chosen).collect()).filter(|chosen: &Vec<usize>| chosen.len() <= most)
    }

    /// How a case comes out that has no figures of its own.
    fn without_figures(&self) -> Outcome {
        let none = |column: &Column<Lane>| match column {
            Column::Same(lane) => Column::Same(*lane),
            Column::Each(_) => Column::Same(Lane::Missing),
        };
        let figures = self.figures.iter().map(none).collect();
        match (Block { laid: self.laid, figures, len: 1 }).outcomes() {
            Column::Same(one) => one,
            Column::Each(_) => None,
        }
    }

    /// Some of the cases.
    fn only(&self, chosen: &[usize]) -> Block<'b> {
        let only = |column: &Column<Lane>| match column {
            Column::Same(lane) => Column::Same(*lane),
            Column::Each(numbers) => Column::Each(numbers.only(chosen)),
        };
        Block { laid: self.laid, figures: self.figures.iter().map(only).collect(), len: chosen.len() }
    }

    fn truths(&self, condition: &Condition) -> Truths {
        let all = |parts: &[Condition], none: Truth, of: fn(Truth, Truth) -> Truth| {
            let both = |left: Option<Truth>, right: Option<Truth>| Some(of(left?, right?));
            parts.iter().fold(Column::Same(Some(none)), |found, part| found.zip(&self.truths(part), both))
        };
        match condition {
            Condition::Constant(truth) => Column::Same(Some(*truth)),
            Condition::Not(of) => self.truths(of).map(|truth| Some(truth?.not())),
            Condition::And(parts) => all(parts, Truth::True, Truth::and),
            Condition::Or(parts) => all(parts, Truth::False, Truth::or),
            Condition::Compare(operator, sides) => {
                let (left, right) = (self.numbers(&sides.0), self.numbers(&sides.1));
                left.zip(&right, |left, right| match (left, right) {
                    (Lane::Wide, _) | (_, Lane::Wide) => None,
                    (Lane::Known(a, b), Lane::Known(c, d)) => {
                        Some(Truth::from(operator.holds(compare((a, b), (c, d))?)))
                    }
                    (Lane::Fault(_), _) | (_, Lane::Fault(_)) => Some(Truth::Error),
                    _ => Some(Truth::Unknown),
                })
            }
        }
    }

    fn numbers(&self, quantity: &Quantity) -> Cow<'_, Column<Lane>> {
        Cow::Owned(match quantity {
            Quantity::Constant(lane) => Column::Same(*lane),
            Quantity::Leaf(leaf) => {
                let figures = self.laid.leaves.binary_search(leaf).ok().and_then(|at| self.figures.get(at));
                return figures.map_or(Cow::Owned(Column::Same(Lane::Wide)), Cow::Borrowed);
            }
            Quantity::Negate(of) => self.numbers(of).map(|lane| match lane {
                Lane::Known(a, b) => a.checked_neg().map_or(Lane::Wide, |a| Lane::Known(a, b)),
                other => other,
            }),
            Quantity::Arithmetic(operator, sides) => {
                let (left, right) = (self.numbers(&sides.0), self.numbers(&sides.1));
                left.zip(&right, |left, right| both(left, right, |a, b| arithmetic(*operator, a, b)))
            }
            Quantity::Change(kind, ends) => {
                let (old, new) = (self.numbers(&ends.0), self.numbers(&ends.1));
                old.zip(&new, |old, new| both(old, new, |old, new| change(*kind, old, new)))
            }
        })
    }
}

/// The figure of a case.
fn sum(placed: &Placed<'_>, case: usize) -> Lane {
    let (of, (numerator, denominator)) = (placed.of, placed.factor);
    let mut at = [0usize; MOST_COLUMNS];
    for (slot, from) in at.iter_mut().zip(&placed.at) {
        *slot = match from {
            At::Fixed(Some(index)) => *index,
            At::Fixed(None) => return Lane::Missing,
            At::Case(list) => match list.get(case) {
                Some(&NOT_THERE) => return Lane::Missing,
                Some(&UNTOLD) | None => return Lane::Wide,
                Some(index) => *index as usize,
            },
        };
    }
    let at = at.get(..placed.at.len()).unwrap_or_default();
    let Some((filtered, all)) = placed.rollup.parts(at) else { return Lane::Missing };
    let share = of.function == Function::Share;
    let parts = || std::iter::once(&filtered).chain(share.then_some(&all));
    if parts().any(|part| part.faults + part.filter_faults > 0) {
        return Lane::Fault(Fault::Unreadable);
    }
    if parts().any(|part| part.unknown > 0 || (of.blanks_matter && part.blanks > 0)) {
        return Lane::Missing;
    }
    if of.function == Function::Count {
        let counted = if of.of_column { filtered.rows - filtered.blanks } else { filtered.rows };
        return Lane::Known(counted.into(), 1);
    }
    if filtered.rows == 0 {
        return Lane::Missing;
    }
    let number = |sum: i128| times(sum, numerator);
    let Some(value) = number(filtered.sum) else { return Lane::Wide };
    let value = (value, denominator);
    match of.function {
        Function::Mean => arithmetic(Arithmetic::Divide, value, (filtered.rows.into(), 1)),
        Function::Share => match number(all.sum) {
            Some(all) => arithmetic(Arithmetic::Divide, value, (all, denominator)),
            None => Lane::Wide,
        },
        _ => Lane::Known(value.0, value.1),
    }
}

/// Applies an operation to two numbers; a fault outweighs a missing figure, and the left side comes first.
fn both(left: Lane, right: Lane, exact: impl FnOnce((i128, i128), (i128, i128)) -> Lane) -> Lane {
    match (left, right) {
        (Lane::Wide, _) | (_, Lane::Wide) => Lane::Wide,
        (Lane::Known(a, b), Lane::Known(c, d)) => exact((a, b), (c, d)),
        (Lane::Fault(fault), _) | (_, Lane::Fault(fault)) => Lane::Fault(fault),
        _ => Lane::Missing,
    }
}

/// A product, if it fits. Most are of numbers of 64 bits, for which that is certain.
fn times(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

fn compare((a, b): (i128, i128), (c, d): (i128, i128)) -> Option<Ordering> {
    if b == d {
        return Some(a.cmp(&c));
    }
    Some(times(a, d)?.cmp(&times(c, b)?))
}

fn arithmetic(operator: Arithmetic, (a, b): (i128, i128), (c, d): (i128, i128)) -> Lane {
    let sum = |of: fn(i128, i128) -> Option<i128>| {
        if b == d {
            return Some((of(a, c)?, b));
        }
        Some((of(times(a, d)?, times(c, b)?)?, times(b, d)?))
    };
    let found = match operator {
        Arithmetic::Add => sum(i128::checked_add),
        Arithmetic::Subtract => sum(i128::checked_sub),
        Arithmetic::Multiply => times(a, c).zip(times(b, d)),
        Arithmetic::Divide if c == 0 => return Lane::Fault(Fault::DivisionByZero),
        Arithmetic::Divide => {
            // The denominator stays above 0.
            let sign = c.signum();
            let magnitude = times(c, sign);
            let same = b == d;
            let numerator = if same { times(a, sign) } else { times(a, d).and_then(|n| times(n, sign)) };
            let denominator = if same { magnitude } else { magnitude.and_then(|c| times(b, c)) };
            numerator.zip(denominator)
        }
    };
    found.map_or(Lane::Wide, |(numerator, denominator)| Lane::Known(numerator, denominator))
}

fn change(kind: Change, old: (i128, i128), new: (i128, i128)) -> Lane {
    let difference = match kind {
        Change::Growth | Change::Increase => arithmetic(Arithmetic::Subtract, new, old),
        Change::Reduction | Change::Decrease => arithmetic(Arithmetic::Subtract, old, new),
    };
    match kind {
        Change::Increase | Change::Decrease => difference,
        Change::Growth | Change::Reduction => match old.0.cmp(&0) {
            Ordering::Equal => Lane::Fault(Fault::ZeroBase),
            Ordering::Less => Lane::Fault(Fault::NegativeBase),
            Ordering::Greater => match difference {
                Lane::Known(a, b) if b == old.1 => Lane::Known(a, old.0),
                Lane::Known(a, b) => arithmetic(Arithmetic::Divide, (a, b), old),
                other => other,
            },
        },
    }
}

fn constant(number: &Number) -> Lane {
    number.to_parts().map_or(Lane::Wide, |(numerator, denominator)| Lane::Known(numerator, denominator))
}
