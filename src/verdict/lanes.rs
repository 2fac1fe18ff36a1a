//! Many cases of one rule at once, on a packed cube: plain integers as long as they fit.
//!
//! A rule is [laid out](layout) once for a period, the figures that it is about are [bound](bound) to their places in the cubes of a
//! submission, and then each case is a few integer operations. What cannot be laid out or bound, and every case whose integers do not fit,
//! is left to [`super::eval`], which says the same of every case, more slowly.

mod bound;
mod layout;

use std::cmp::Ordering;

use crate::plan::operators::Fault;
use crate::quantity::{Number, Truth};
use crate::semantics::hir::{Arithmetic, Change, Comparison, Function};
pub(super) use bound::Bound;
use bound::{At, NOT_THERE, Placed, Ready, UNTOLD, Untold};
use layout::MOST_COLUMNS;
pub(super) use layout::{Laid, Layouts, Leaf};

/// A rule that is laid out and bound.
pub(super) struct Lanes<'b, 'f, 'a> {
    laid: &'b Laid,
    bound: &'b Bound<'f, 'a>,
    /// If all that the rule is about are sums of single cells: these, and how a case comes out of which no row is there.
    empty: Option<(Vec<&'b Placed<'f>>, Option<Truth>)>,
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

impl<'b, 'f, 'a> Lanes<'b, 'f, 'a> {
    /// Binds the figures of a rule; `None` if one of them has no place of its own.
    pub fn new(laid: &'b Laid, bound: &'b Bound<'f, 'a>) -> Option<Self> {
        if !laid.leaves.iter().all(|leaf| bound.bind(*leaf)) {
            return None;
        }
        let mut lanes = Lanes { laid, bound, empty: None };
        let single = |leaf: &usize| match bound.leaf(*leaf)? {
            Ready::Constant(_) => Some(None),
            Ready::Sum(placed) if placed.is_single() => Some(Some(&**placed)),
            Ready::Sum(_) => None,
        };
        let sums = laid.leaves.iter().map(single).collect::<Option<Vec<_>>>();
        let outcome = lanes.judged(None);
        lanes.empty = sums.zip(outcome).map(|(sums, outcome)| (sums.into_iter().flatten().collect(), outcome));
        Some(lanes)
    }

    /// How a case comes out: `Some(None)` if the rule is not about it, `None` if it must be judged apart.
    pub fn outcome(&self, case: usize) -> Option<Option<Truth>> {
        match &self.empty {
            Some((sums, outcome)) if sums.iter().all(|placed| placed.is_empty(case)) => Some(*outcome),
            _ => self.judged(Some(case)),
        }
    }

    /// `case`: `None`, of one without any row.
    fn judged(&self, case: Option<usize>) -> Option<Option<Truth>> {
        match self.laid.when.as_ref().map_or(Some(Truth::True), |when| self.truth(when, case))? {
            Truth::False => Some(None),
            Truth::True => self.truth(&self.laid.condition, case).map(Some),
            undecided => Some(Some(undecided)),
        }
    }

    /// `None`: it does not fit.
    fn truth(&self, condition: &Condition, case: Option<usize>) -> Option<Truth> {
        Some(match condition {
            Condition::Constant(truth) => *truth,
            Condition::Not(of) => self.truth(of, case)?.not(),
            Condition::And(parts) => {
                let mut truth = Truth::True;
                for part in parts {
                    truth = truth.and(self.truth(part, case)?);
                }
                truth
            }
            Condition::Or(parts) => {
                let mut truth = Truth::False;
                for part in parts {
                    truth = truth.or(self.truth(part, case)?);
                }
                truth
            }
            Condition::Compare(operator, sides) => match (self.number(&sides.0, case), self.number(&sides.1, case)) {
                (Lane::Wide, _) | (_, Lane::Wide) => return None,
                (Lane::Known(a, b), Lane::Known(c, d)) => Truth::from(operator.holds(compare((a, b), (c, d))?)),
                (Lane::Fault(_), _) | (_, Lane::Fault(_)) => Truth::Error,
                _ => Truth::Unknown,
            },
        })
    }

    fn number(&self, quantity: &Quantity, case: Option<usize>) -> Lane {
        match quantity {
            Quantity::Constant(lane) => *lane,
            Quantity::Leaf(leaf) => match self.bound.leaf(*leaf) {
                Some(Ready::Constant(lane)) => *lane,
                Some(Ready::Sum(placed)) => case.map_or(Lane::Missing, |case| sum(placed, case)),
                None => Lane::Wide,
            },
            Quantity::Negate(of) => match self.number(of, case) {
                Lane::Known(a, b) => a.checked_neg().map_or(Lane::Wide, |a| Lane::Known(a, b)),
                other => other,
            },
            Quantity::Arithmetic(operator, sides) => {
                both(self.number(&sides.0, case), self.number(&sides.1, case), |a, b| arithmetic(*operator, a, b))
            }
            Quantity::Change(kind, ends) => {
                both(self.number(&ends.0, case), self.number(&ends.1, case), |old, new| change(*kind, old, new))
            }
        }
    }
}

/// The figure of a case.
fn sum(placed: &Placed<'_>, case: usize) -> Lane {
    let of = placed.of;
    let cell = match placed.cell(case) {
        Ok(Some(cell)) => cell,
        Ok(None) => return Lane::Missing,
        Err(Untold) => return Lane::Wide,
    };
    let (numerator, denominator) = placed.factor;
    if of.function == Function::Sum
        && let Some(only) = placed.rollup.only(cell)
    {
        let number = only.map(|digits| times(i128::from(digits), numerator));
        return number.map_or(Lane::Missing, |n| n.map_or(Lane::Wide, |n| Lane::Known(n, denominator)));
    }
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
    let sum = |sign: i128| {
        if b == d {
            return Some((a.checked_add(times(c, sign)?)?, b));
        }
        let (left, right) = (times(a, d)?, times(times(c, b)?, sign)?);
        Some((left.checked_add(right)?, times(b, d)?))
    };
    let found = match operator {
        Arithmetic::Add => sum(1),
        Arithmetic::Subtract => sum(-1),
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
                Lane::Known(a, b) => arithmetic(Arithmetic::Divide, (a, b), old),
                other => other,
            },
        },
    }
}

fn constant(number: &Number) -> Lane {
    number.to_parts().map_or(Lane::Wide, |(numerator, denominator)| Lane::Known(numerator, denominator))
}
