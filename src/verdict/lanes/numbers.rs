//! Numbers of many cases side by side: in 64 bits as long as they fit, so that the processor takes several at a time, and else in 128.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::quantity::{Number, Truth};
use crate::semantics::hir::{Arithmetic, Change, Comparison};

/// A number, or why there is none.
#[derive(Clone, Copy)]
pub(super) enum Lane {
    /// Numerator and denominator, which is above 0.
    Known(i128, i128),
    Missing,
    Fault,
    /// It does not fit: the case is judged apart.
    Wide,
}

/// Which [`Lane`] it is. What is made of two numbers is the greater of both.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Known,
    Missing,
    Fault,
    Wide,
}

/// Something of each case of some.
#[derive(Clone)]
pub(super) enum Column<T: Kept> {
    /// It is the same in all.
    Same(T),
    Each(T::All),
}

/// What there is of each case.
pub(super) trait Kept: Copy {
    /// That of all.
    type All: Clone + FromIterator<Self>;

    fn each(all: &Self::All) -> impl Iterator<Item = Self>;
}

/// Numbers of some cases.
#[derive(Clone)]
pub(super) enum Numbers {
    Narrow(Parts<i64>),
    Wide(Parts<i128>),
}

/// Their parts lie side by side: written as a whole, a number is not at hand to be read at once.
#[derive(Clone)]
pub(super) struct Parts<N> {
    pub states: Vec<State>,
    /// What stands here of a number that is not known means nothing.
    pub numerators: Vec<N>,
    /// Above 0.
    pub denominators: Vec<N>,
}

impl<N: Copy + Into<i128>> Parts<N> {
    fn lanes(&self) -> impl Iterator<Item = Lane> {
        let numbers = self.numerators.iter().zip(&self.denominators);
        self.states.iter().zip(numbers).map(|(state, (numerator, denominator))| match state {
            State::Known => Lane::Known((*numerator).into(), (*denominator).into()),
            State::Missing => Lane::Missing,
            State::Fault => Lane::Fault,
            State::Wide => Lane::Wide,
        })
    }

    fn only(&self, chosen: &[usize]) -> Self {
        fn some<T: Copy>(all: &[T], chosen: &[usize]) -> Vec<T> {
            chosen.iter().filter_map(|at| all.get(*at).copied()).collect()
        }
        Parts {
            states: some(&self.states, chosen),
            numerators: some(&self.numerators, chosen),
            denominators: some(&self.denominators, chosen),
        }
    }
}

impl Parts<i64> {
    /// Puts another number at a place.
    pub fn set(&mut self, at: usize, lane: Lane) {
        let (state, numerator, denominator) = lane.parts();
        let narrow = i64::try_from(numerator).ok().zip(i64::try_from(denominator).ok());
        let (numerator, denominator) = narrow.unwrap_or((0, 1));
        self.states.get_mut(at).into_iter().for_each(|own| *own = if narrow.is_some() { state } else { State::Wide });
        self.numerators.get_mut(at).into_iter().for_each(|own| *own = numerator);
        self.denominators.get_mut(at).into_iter().for_each(|own| *own = denominator);
    }

    fn joined<'p>(&'p self, other: &'p Self) -> impl Iterator<Item = State> + 'p {
        self.states.iter().zip(&other.states).map(|(own, other)| *own.max(other))
    }
}

impl Lane {
    fn parts(self) -> (State, i128, i128) {
        match self {
            Lane::Known(numerator, denominator) => (State::Known, numerator, denominator),
            Lane::Missing => (State::Missing, 0, 1),
            Lane::Fault => (State::Fault, 0, 1),
            Lane::Wide => (State::Wide, 0, 1),
        }
    }
}

impl Numbers {
    pub fn states(&self) -> &[State] {
        match self {
            Numbers::Narrow(parts) => &parts.states,
            Numbers::Wide(parts) => &parts.states,
        }
    }

    /// Those of some of the cases.
    pub fn only(&self, chosen: &[usize]) -> Self {
        match self {
            Numbers::Narrow(parts) => Numbers::Narrow(parts.only(chosen)),
            Numbers::Wide(parts) => Numbers::Wide(parts.only(chosen)),
        }
    }
}

impl FromIterator<Lane> for Numbers {
    fn from_iter<I: IntoIterator<Item = Lane>>(lanes: I) -> Self {
        let lanes = lanes.into_iter();
        let many = lanes.size_hint().0;
        let mut parts = Parts {
            states: Vec::with_capacity(many),
            numerators: Vec::with_capacity(many),
            denominators: Vec::with_capacity(many),
        };
        lanes.for_each(|lane| {
            let (state, numerator, denominator) = lane.parts();
            parts.states.push(state);
            parts.numerators.push(numerator);
            parts.denominators.push(denominator);
        });
        Numbers::Wide(parts)
    }
}

impl Kept for Lane {
    type All = Numbers;

    fn each(all: &Numbers) -> impl Iterator<Item = Lane> {
        let (narrow, wide) = match all {
            Numbers::Narrow(parts) => (Some(parts), None),
            Numbers::Wide(parts) => (None, Some(parts)),
        };
        narrow.into_iter().flat_map(Parts::lanes).chain(wide.into_iter().flat_map(Parts::lanes))
    }
}

/// Whether a condition holds of each case; `None`: it does not fit.
pub(super) type Truths = Column<Option<Truth>>;

impl Kept for Option<Truth> {
    type All = Vec<Self>;

    fn each(all: &Vec<Self>) -> impl Iterator<Item = Self> {
        all.iter().copied()
    }
}

impl Kept for Option<Option<Truth>> {
    type All = Vec<Self>;

    fn each(all: &Vec<Self>) -> impl Iterator<Item = Self> {
        all.iter().copied()
    }
}

impl<T: Kept> Column<T> {
    pub fn map<U: Kept>(&self, of: impl Fn(T) -> U) -> Column<U> {
        match self {
            Column::Same(one) => Column::Same(of(*one)),
            Column::Each(all) => Column::Each(T::each(all).map(of).collect()),
        }
    }

    pub fn zip<U: Kept, V: Kept>(&self, other: &Column<U>, of: impl Fn(T, U) -> V) -> Column<V> {
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

impl Column<Lane> {
    /// `None`: it is the same in all.
    pub fn states(&self) -> Option<&[State]> {
        match self {
            Column::Same(_) => None,
            Column::Each(numbers) => Some(numbers.states()),
        }
    }

    /// Negated.
    pub fn negated(&self) -> Self {
        self.map(|lane| match lane {
            Lane::Known(a, b) => a.checked_neg().map_or(Lane::Wide, |a| Lane::Known(a, b)),
            other => other,
        })
    }

    /// What an operation makes of two numbers.
    pub fn arithmetic(&self, operator: Arithmetic, right: &Self) -> Self {
        let narrow = self.narrow_with(right, |left, right| match operator {
            Arithmetic::Add => combined(left, right, |left, right| left.overflowing_add(right)),
            Arithmetic::Subtract => difference(left, right),
            Arithmetic::Divide => divided(left, right),
            Arithmetic::Multiply => None,
        });
        narrow.map_or_else(
            || self.zip(right, |left, right| both(left, right, |a, b| arithmetic(operator, a, b))),
            |parts| Column::Each(Numbers::Narrow(parts)),
        )
    }

    /// How a number changed to a new one.
    pub fn change(&self, kind: Change, new: &Self) -> Self {
        self.narrow_with(new, |old, new| narrow_change(kind, old, new)).map_or_else(
            || self.zip(new, |old, new| both(old, new, |old, new| change(kind, old, new))),
            |parts| Column::Each(Numbers::Narrow(parts)),
        )
    }

    /// Whether a comparison holds of two numbers.
    pub fn compared(&self, operator: Comparison, right: &Self) -> Truths {
        let narrow = self.narrow_with(right, |left, right| Some(narrow_compared(operator, left, right)));
        narrow.map_or_else(
            || {
                self.zip(right, |left, right| match (left, right) {
                    (Lane::Wide, _) | (_, Lane::Wide) => None,
                    (Lane::Known(a, b), Lane::Known(c, d)) => {
                        Some(Truth::from(operator.holds(compare((a, b), (c, d))?)))
                    }
                    (Lane::Fault, _) | (_, Lane::Fault) => Some(Truth::Error),
                    _ => Some(Truth::Unknown),
                })
            },
            Column::Each,
        )
    }

    /// Does something with two numbers in 64 bits, if they fit and are not the same in all cases.
    fn narrow_with<R>(&self, other: &Self, of: impl FnOnce(&Parts<i64>, &Parts<i64>) -> Option<R>) -> Option<R> {
        let len = self.states().or_else(|| other.states())?.len();
        of(&*self.narrow(len)?, &*other.narrow(len)?)
    }

    fn narrow(&self, len: usize) -> Option<Cow<'_, Parts<i64>>> {
        match self {
            Column::Same(Lane::Known(numerator, denominator)) => Some(Cow::Owned(Parts {
                states: vec![State::Known; len],
                numerators: vec![i64::try_from(*numerator).ok()?; len],
                denominators: vec![i64::try_from(*denominator).ok()?; len],
            })),
            Column::Each(Numbers::Narrow(parts)) => Some(Cow::Borrowed(parts)),
            Column::Same(_) | Column::Each(Numbers::Wide(_)) => None,
        }
    }
}

/// The sum or difference of numbers with the same denominators, if it fits.
fn combined(left: &Parts<i64>, right: &Parts<i64>, of: impl Fn(i64, i64) -> (i64, bool)) -> Option<Parts<i64>> {
    if left.denominators != right.denominators {
        return None;
    }
    let mut over = false;
    let one = |(left, right): (&i64, &i64)| {
        let (number, is_over) = of(*left, *right);
        over |= is_over;
        number
    };
    let numerators = left.numerators.iter().zip(&right.numerators).map(one).collect();
    let states = left.joined(right).collect();
    (!over).then(|| Parts { states, numerators, denominators: left.denominators.clone() })
}

fn difference(left: &Parts<i64>, right: &Parts<i64>) -> Option<Parts<i64>> {
    combined(left, right, |left, right| left.overflowing_sub(right))
}

/// The quotient of numbers with the same denominators, if it fits.
fn divided(left: &Parts<i64>, right: &Parts<i64>) -> Option<Parts<i64>> {
    if left.denominators != right.denominators || right.numerators.contains(&i64::MIN) {
        return None;
    }
    let mut over = false;
    let one = |(number, by): (&i64, &i64)| {
        over |= *number == i64::MIN;
        if *by < 0 { number.wrapping_neg() } else { *number }
    };
    let numerators = left.numerators.iter().zip(&right.numerators).map(one).collect();
    let denominators = right.numerators.iter().map(|by| by.abs().max(1)).collect();
    let by_zero = |(state, by): (State, &i64)| if state == State::Known && *by == 0 { State::Fault } else { state };
    let states = left.joined(right).zip(&right.numerators).map(by_zero).collect();
    (!over).then_some(Parts { states, numerators, denominators })
}

fn narrow_change(kind: Change, old: &Parts<i64>, new: &Parts<i64>) -> Option<Parts<i64>> {
    let difference = match kind {
        Change::Growth | Change::Increase => difference(new, old)?,
        Change::Reduction | Change::Decrease => difference(old, new)?,
    };
    match kind {
        Change::Increase | Change::Decrease => Some(difference),
        Change::Growth | Change::Reduction => {
            let mut rate = divided(&difference, old)?;
            for (state, base) in rate.states.iter_mut().zip(&old.numerators) {
                if *state == State::Known && *base < 0 {
                    *state = State::Fault;
                }
            }
            Some(rate)
        }
    }
}

fn narrow_compared(operator: Comparison, left: &Parts<i64>, right: &Parts<i64>) -> Vec<Option<Truth>> {
    // Told apart here and not for each number, so that the processor has nothing to guess.
    match operator {
        Comparison::AtLeast => ordered(left, right, |ordering| Comparison::AtLeast.holds(ordering)),
        Comparison::AtMost => ordered(left, right, |ordering| Comparison::AtMost.holds(ordering)),
        Comparison::Above => ordered(left, right, |ordering| Comparison::Above.holds(ordering)),
        Comparison::Below => ordered(left, right, |ordering| Comparison::Below.holds(ordering)),
        Comparison::Equal => ordered(left, right, |ordering| Comparison::Equal.holds(ordering)),
        Comparison::NotEqual => ordered(left, right, |ordering| Comparison::NotEqual.holds(ordering)),
    }
}

#[inline]
fn ordered(left: &Parts<i64>, right: &Parts<i64>, holds: impl Fn(Ordering) -> bool) -> Vec<Option<Truth>> {
    // By state; of a number that is known, it stands in the numbers.
    const MEANT: [Option<Truth>; 4] = [None, Some(Truth::Unknown), Some(Truth::Error), None];
    let one = |((a, b), (c, d)): ((&i64, &i64), (&i64, &i64))| {
        let (left, right) = (i128::from(*a) * i128::from(*d), i128::from(*c) * i128::from(*b));
        Some(Truth::from(holds(left.cmp(&right))))
    };
    let lefts = left.numerators.iter().zip(&left.denominators);
    let rights = right.numerators.iter().zip(&right.denominators);
    let mut truths: Vec<Option<Truth>> = lefts.zip(rights).map(one).collect();
    for (truth, state) in truths.iter_mut().zip(left.joined(right)) {
        let meant = MEANT.get(state as usize).copied().flatten();
        *truth = if state == State::Known { *truth } else { meant };
    }
    truths
}

/// Applies an operation to two numbers; a fault outweighs a missing figure.
fn both(left: Lane, right: Lane, exact: impl FnOnce((i128, i128), (i128, i128)) -> Lane) -> Lane {
    match (left, right) {
        (Lane::Wide, _) | (_, Lane::Wide) => Lane::Wide,
        (Lane::Known(a, b), Lane::Known(c, d)) => exact((a, b), (c, d)),
        (Lane::Fault, _) | (_, Lane::Fault) => Lane::Fault,
        _ => Lane::Missing,
    }
}

/// A product, if it fits. Most are of numbers of 64 bits, for which that is certain.
pub(super) fn times(a: i128, b: i128) -> Option<i128> {
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

pub(super) fn arithmetic(operator: Arithmetic, (a, b): (i128, i128), (c, d): (i128, i128)) -> Lane {
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
        Arithmetic::Divide if c == 0 => return Lane::Fault,
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
        // A base of 0 or below is none.
        Change::Growth | Change::Reduction if old.0 <= 0 => Lane::Fault,
        Change::Growth | Change::Reduction => match difference {
            Lane::Known(a, b) if b == old.1 => Lane::Known(a, old.0),
            Lane::Known(a, b) => arithmetic(Arithmetic::Divide, (a, b), old),
            other => other,
        },
    }
}

pub(super) fn constant(number: &Number) -> Lane {
    number.to_parts().map_or(Lane::Wide, |(numerator, denominator)| Lane::Known(numerator, denominator))
}
