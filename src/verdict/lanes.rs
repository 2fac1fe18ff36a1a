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
const BLOCK: usize = 1 << 8;

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
enum Column<T> {
    /// It is the same in all.
    Same(T),
    Each(Vec<T>),
}

/// Whether a condition holds of each case; `None`: it does not fit.
type Truths = Column<Option<Truth>>;

impl<T: Copy> Column<T> {
    fn map<U>(&self, of: impl Fn(T) -> U) -> Column<U> {
        match self {
            Column::Same(one) => Column::Same(of(*one)),
            Column::Each(all) => Column::Each(all.iter().map(|one| of(*one)).collect()),
        }
    }

    fn zip<U: Copy, V>(&self, other: &Column<U>, of: impl Fn(T, U) -> V) -> Column<V> {
        match (self, other) {
            (Column::Same(left), Column::Same(right)) => Column::Same(of(*left, *right)),
            (Column::Same(left), Column::Each(all)) => {
                Column::Each(all.iter().map(|right| of(*left, *right)).collect())
            }
            (Column::Each(all), Column::Same(right)) => {
                Column::Each(all.iter().map(|left| of(*left, *right)).collect())
            }
            (Column::Each(all), Column::Each(others)) => {
                Column::Each(all.iter().zip(others).map(|(left, right)| of(*left, *right)).collect())
            }
        }
    }
}

impl<'b, 'f, 'a> Lanes<'b, 'f, 'a> {
    /// Binds the figures of a rule; `None` if one of them has no place of its own.
    pub fn new(laid: &'b Laid, bound: &'b Bound<'f, 'a>) -> Option<Self> {
        laid.leaves.iter().all(|leaf| bound.bind(*leaf)).then_some(Lanes { laid, bound })
    }

    /// How some cases come out: `Some(None)` if the rule is not about one, `None` if it must be judged apart.
    pub fn outcomes(&self, cases: Range<usize>) -> Vec<Option<Option<Truth>>> {
        let mut outcomes = Vec::with_capacity(cases.len());
        for start in cases.clone().step_by(BLOCK) {
            let block = start..cases.end.min(start + BLOCK);
            let figures = self.laid.leaves.iter().map(|leaf| self.figures(*leaf, block.clone())).collect();
            let block = Block { laid: self.laid, figures, len: block.len() };
            block.outcomes(&mut outcomes);
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
        let Some(cells) = placed.cells.as_ref().and_then(|cells| cells.get(cases.clone())) else {
            return Column::Same(sum(placed, cases.start));
        };
        // No row has a value that is the same in all cases.
        let Some(from) = placed.from else { return Column::Same(Lane::Missing) };
        let Some(singles) = &placed.singles else {
            return Column::Each(cases.map(|case| sum(placed, case)).collect());
        };
        let (numerator, denominator) = placed.factor;
        let figure = |(cell, case): (&u64, usize)| {
            let cell = match *cell {
                NO_CELL => return Lane::Missing,
                UNTOLD_CELL => return Lane::Wide,
                // There are no more cells than fit.
                cell => from + cell as usize,
            };
            match singles.get(cell) {
                Some(Some(digits)) => match times(digits.into(), numerator) {
                    Some(numerator) => Lane::Known(numerator, denominator),
                    None => Lane::Wide,
                },
                Some(None) => Lane::Missing,
                None => sum(placed, case),
            }
        };
        Column::Each(cells.iter().zip(cases).map(figure).collect())
    }
}

/// Some cases of a rule.
struct Block<'b> {
    laid: &'b Laid,
    /// By leaf of the rule.
    figures: Vec<Column<Lane>>,
    len: usize,
}

impl Block<'_> {
    fn outcomes(&self, outcomes: &mut Vec<Option<Option<Truth>>>) {
        let holds = self.truths(&self.laid.condition).map(|holds| holds.map(Some));
        let all = match &self.laid.when {
            None => holds,
            Some(when) => self.truths(when).zip(&holds, |applies, holds| match applies? {
                Truth::False => Some(None),
                Truth::True => holds,
                undecided => Some(Some(undecided)),
            }),
        };
        match all {
            Column::Same(one) => outcomes.extend(std::iter::repeat_n(one, self.len)),
            Column::Each(all) => outcomes.extend(all),
        }
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
