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
    Narrow(Narrow),
    Wide(Wide),
}

/// In 64 bits. Their parts lie side by side: written as a whole, a number is not at hand to be read at once.
#[derive(Clone)]
pub(super) struct Narrow {
    pub states: Vec<State>,
    /// What stands here of a number that is not known means nothing.
    pub numerators: Many,
    /// Above 0.
    pub denominators: Many,
}

/// A part of each number of some.
#[derive(Clone, PartialEq)]
pub(super) enum Many {
    /// It is the same in all.
    One(i64),
    Each(Vec<i64>),
}

/// In 128 bits.
#[derive(Clone)]
pub(super) struct Wide {
    states: Vec<State>,
    numerators: Vec<i128>,
    denominators: Vec<i128>,
}

fn only<T: Copy>(all: &[T], chosen: &[usize]) -> Vec<T> {
    chosen.iter().filter_map(|at| all.get(*at).copied()).collect()
}

/// A number of 128 bits, by its parts.
fn lane(state: State, numerator: i128, denominator: i128) -> Lane {
    match state {
        State::Known => Lane::Known(numerator, denominator),
        State::Missing => Lane::Missing,
        State::Fault => Lane::Fault,
        State::Wide => Lane::Wide,
    }
}

impl Many {
    fn only(&self, chosen: &[usize]) -> Self {
        match self {
            Many::One(one) => Many::One(*one),
            Many::Each(all) => Many::Each(only(all, chosen)),
        }
    }

    fn get(&self, at: usize) -> i64 {
        match self {
            Many::One(one) => *one,
            Many::Each(all) => all.get(at).copied().unwrap_or(0),
        }
    }

    fn map(&self, mut of: impl FnMut(i64) -> i64) -> Self {
        match self {
            Many::One(one) => Many::One(of(*one)),
            Many::Each(all) => Many::Each(all.iter().map(|one| of(*one)).collect()),
        }
    }

    /// What is made of two parts.
    fn zip<R: Copy>(&self, other: &Self, len: usize, mut of: impl FnMut(i64, i64) -> R) -> Vec<R> {
        match (self, other) {
            (Many::One(left), Many::One(right)) => vec![of(*left, *right); len],
            (Many::Each(left), Many::One(right)) => left.iter().map(|left| of(*left, *right)).collect(),
            (Many::One(left), Many::Each(right)) => right.iter().map(|right| of(*left, *right)).collect(),
            (Many::Each(left), Many::Each(right)) => {
                left.iter().zip(right).map(|(left, right)| of(*left, *right)).collect()
            }
        }
    }

    /// Does something to things of each number, by this part of it.
    fn for_each<T>(&self, all: &mut [T], mut of: impl FnMut(&mut T, i64)) {
        match self {
            Many::One(one) => all.iter_mut().for_each(|own| of(own, *one)),
            Many::Each(parts) => all.iter_mut().zip(parts).for_each(|(own, part)| of(own, *part)),
        }
    }
}

impl Narrow {
    fn lanes(&self) -> impl Iterator<Item = Lane> {
        self.states
            .iter()
            .enumerate()
            .map(|(at, state)| lane(*state, self.numerators.get(at).into(), self.denominators.get(at).into()))
    }

    fn only(&self, chosen: &[usize]) -> Self {
        Narrow {
            states: only(&self.states, chosen),
            numerators: self.numerators.only(chosen),
            denominators: self.denominators.only(chosen),
        }
    }

    fn joined<'p>(&'p self, other: &'p Self) -> impl Iterator<Item = State> + 'p {
        self.states.iter().zip(&other.states).map(|(own, other)| *own.max(other))
    }
}

impl Wide {
    fn lanes(&self) -> impl Iterator<Item = Lane> {
        let numbers = self.numerators.iter().zip(&self.denominators);
        self.states.iter().zip(numbers).map(|(state, (numerator, denominator))| lane(*state, *numerator, *denominator))
    }

    fn only(&self, chosen: &[usize]) -> Self {
        Wide {
            states: only(&self.states, chosen),
            numerators: only(&self.numerators, chosen),
            denominators: only(&self.denominators, chosen),
        }
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
        let mut parts = Wide {
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
        narrow.into_iter().flat_map(Narrow::lanes).chain(wide.into_iter().flat_map(Wide::lanes))
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
    fn narrow_with<R>(&self, other: &Self, of: impl FnOnce(&Narrow, &Narrow) -> Option<R>) -> Option<R> {
        let len = self.states().or_else(|| other.states())?.len();
        of(&*self.narrow(len)?, &*other.narrow(len)?)
    }

    fn narrow(&self, len: usize) -> Option<Cow<'_, Narrow>> {
        match self {
            Column::Same(Lane::Known(numerator, denominator)) => Some(Cow::Owned(Narrow {
                states: vec![State::Known; len],
                numerators: Many::One(i64::try_from(*numerator).ok()?),
                denominators: Many::One(i64::try_from(*denominator).ok()?),
            })),
            Column::Each(Numbers::Narrow(parts)) => Some(Cow::Borrowed(parts)),
            Column::Same(_) | Column::Each(Numbers::Wide(_)) => None,
        }
    }
}

/// The sum or difference of numbers with the same denominators, if it fits.
fn combined(left: &Narrow, right: &Narrow, of: impl Fn(i64, i64) -> (i64, bool)) -> Option<Narrow> {
    if left.denominators != right.denominators {
        return None;
    }
    let mut over = false;
    let numerators = left.numerators.zip(&right.numerators, left.states.len(), |left, right| {
        let (number, is_over) = of(left, right);
        over |= is_over;
        number
    });
    let (states, denominators) = (left.joined(right).collect(), left.denominators.clone());
    (!over).then_some(Narrow { states, numerators: Many::Each(numerators), denominators })
}

fn difference(left: &Narrow, right: &Narrow) -> Option<Narrow> {
    combined(left, right, |left, right| left.overflowing_sub(right))
}

/// The quotient of numbers with the same denominators, if it fits.
fn divided(left: &Narrow, right: &Narrow) -> Option<Narrow> {
    if left.denominators != right.denominators {
        return None;
    }
    let mut over = false;
    let numerators = left.numerators.zip(&right.numerators, left.states.len(), |number, by| {
        over |= number == i64::MIN || by == i64::MIN;
        if by < 0 { number.wrapping_neg() } else { number }
    });
    let denominators = right.numerators.map(|by| by.wrapping_abs().max(1));
    let mut states: Vec<State> = left.joined(right).collect();
    right.numerators.for_each(&mut states, |state, by| {
        *state = if *state == State::Known && by == 0 { State::Fault } else { *state };
    });
    (!over).then_some(Narrow { states, numerators: Many::Each(numerators), denominators })
}

fn narrow_change(kind: Change, old: &Narrow, new: &Narrow) -> Option<Narrow> {
    let difference = match kind {
        Change::Growth | Change::Increase => difference(new, old)?,
        Change::Reduction | Change::Decrease => difference(old, new)?,
    };
    match kind {
        Change::Increase | Change::Decrease => Some(difference),
        Change::Growth | Change::Reduction => {
            let mut rate = divided(&difference, old)?;
            old.numerators.for_each(&mut rate.states, |state, base| {
                *state = if *state == State::Known && base < 0 { State::Fault } else { *state };
            });
            Some(rate)
        }
    }
}

fn narrow_compared(operator: Comparison, left: &Narrow, right: &Narrow) -> Vec<Option<Truth>> {
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
fn ordered(left: &Narrow, right: &Narrow, holds: impl Fn(Ordering) -> bool) -> Vec<Option<Truth>> {
    // By state; of a number that is known, it stands in the numbers.
    const MEANT: [Option<Truth>; 4] = [None, Some(Truth::Unknown), Some(Truth::Error), None];
    let len = left.states.len();
    let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
    let truth = |left: &i128, right: &i128| Some(Truth::from(holds(left.cmp(right))));
    let lefts = left.numerators.zip(&right.denominators, len, product);
    let mut truths: Vec<Option<Truth>> = match (&right.numerators, &left.denominators) {
        (Many::One(numerator), Many::One(denominator)) => {
            let right = product(*numerator, *denominator);
            lefts.iter().map(|left| truth(left, &right)).collect()
        }
        (numerators, denominators) => {
            let rights = numerators.zip(denominators, len, product);
            lefts.iter().zip(&rights).map(|(left, right)| truth(left, right)).collect()
        }
    };
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
