//! Numbers of the second judge: every one is a range, an exact one a range of one value.
//!
//! An end of a range is a cut in the line of numbers: at a number, just above it, or just below it. All arithmetic is
//! done on cuts, so that nothing here is shared with the intervals of the first judge.

use std::cmp::Ordering;

use crate::data::Cell;
use crate::quantity::{Interval, Number};

/// A place on the line of numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Below,
    Number(Number),
    Beyond,
}

/// A place, or just above (1) or just below it (−1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut(At, i8);

/// What a number may be: everything from one cut to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    low: Cut,
    high: Cut,
    /// Only a bound of some figure was submitted.
    bound: bool,
}

fn sign(number: &Number) -> i8 {
    if number.is_zero() {
        0
    } else if number.is_negative() {
        -1
    } else {
        1
    }
}

impl Cut {
    fn to(number: Number) -> Cut {
        Cut(At::Number(number), 0)
    }

    fn negated(&self) -> Cut {
        let at = match &self.0 {
            At::Below => At::Beyond,
            At::Beyond => At::Below,
            At::Number(number) => At::Number(-number),
        };
        Cut(at, -self.1)
    }

    fn plus(&self, other: &Cut) -> Cut {
        match (&self.0, &other.0) {
            (At::Number(a), At::Number(b)) => Cut(At::Number(a + b), (self.1 + other.1).signum()),
            (At::Number(_), far) | (far, _) => Cut(far.clone(), 0),
        }
    }

    /// On which side of 0 it is.
    fn side(&self) -> i8 {
        match &self.0 {
            At::Below => -1,
            At::Beyond => 1,
            At::Number(number) if number.is_zero() => self.1,
            At::Number(number) => sign(number),
        }
    }

    /// The product; nothing where what is near 0 meets what has no end, for that may come to anything on that side.
    fn times(&self, other: &Cut) -> Option<Cut> {
        match (&self.0, &other.0) {
            (At::Number(a), At::Number(b)) => {
                // (a + αε)(b + βε) = ab + (aβ + bα)ε + αβε²
                let first = &(a * &Number::from(i128::from(other.1))) + &(b * &Number::from(i128::from(self.1)));
                let nudge = if first.is_zero() { self.1 * other.1 } else { sign(&first) };
                Some(Cut(At::Number(a * b), nudge))
            }
            (At::Number(a), _) | (_, At::Number(a)) if a.is_zero() => {
                let exact = if matches!(self.0, At::Number(_)) { self.1 == 0 } else { other.1 == 0 };
                exact.then(|| Cut::to(Number::zero()))
            }
            _ if self.side() == other.side() => Some(Cut(At::Beyond, 0)),
            _ => Some(Cut(At::Below, 0)),
        }
    }

    /// One by it, where it is not 0 itself.
    fn inverted(&self) -> Cut {
        match &self.0 {
            At::Below => Cut(At::Number(Number::zero()), -1),
            At::Beyond => Cut(At::Number(Number::zero()), 1),
            At::Number(number) => match Number::one().div(number) {
                Some(inverse) => Cut(At::Number(inverse), -self.1),
                None if self.1 < 0 => Cut(At::Below, 0),
                None => Cut(At::Beyond, 0),
            },
        }
    }
}

impl Range {
    fn new(low: Cut, high: Cut, bound: bool) -> Range {
        let bound = bound && low != high;
        Range { low, high, bound }
    }

    pub(super) fn exactly(number: &Number) -> Range {
        Range::new(Cut::to(number.clone()), Cut::to(number.clone()), false)
    }

    /// Whole numbers from one to another.
    pub(super) fn count(least: u64, most: u64) -> Range {
        Range::new(Cut::to(Number::from(least)), Cut::to(Number::from(most)), false)
    }

    /// What a cell says that is known only within bounds.
    pub(super) fn of(interval: &Interval) -> Range {
        let low =
            interval.low().map_or(Cut(At::Below, 0), |end| Cut(At::Number(end.at.clone()), i8::from(!end.included)));
        let high =
            interval.high().map_or(Cut(At::Beyond, 0), |end| Cut(At::Number(end.at.clone()), -i8::from(!end.included)));
        Range::new(low, high, interval.is_bound())
    }

    pub(super) fn is_bound(&self) -> bool {
        self.bound
    }

    pub(super) fn is_exact(&self) -> bool {
        self.low == self.high
    }

    pub(super) fn negated(&self) -> Range {
        Range::new(self.high.negated(), self.low.negated(), self.bound)
    }

    pub(super) fn plus(&self, other: &Range) -> Range {
        Range::new(self.low.plus(&other.low), self.high.plus(&other.high), self.bound || other.bound)
    }

    pub(super) fn minus(&self, other: &Range) -> Range {
        self.plus(&other.negated())
    }

    pub(super) fn times(&self, other: &Range) -> Range {
        let mut corners: Vec<Cut> = Vec::new();
        for a in [&self.low, &self.high] {
            for b in [&other.low, &other.high] {
                corners.extend(a.times(b));
            }
        }
        let low = corners.iter().min().cloned().unwrap_or(Cut(At::Below, 0));
        let high = corners.into_iter().max().unwrap_or(Cut(At::Beyond, 0));
        Range::new(low, high, self.bound || other.bound)
    }

    /// The quotient, unless what it is divided by may be 0.
    pub(super) fn by(&self, other: &Range) -> Option<Range> {
        if other.may_be(&Number::zero()) {
            return None;
        }
        Some(self.times(&Range::new(other.high.inverted(), other.low.inverted(), other.bound)))
    }

    /// Can it be this number?
    pub(super) fn may_be(&self, number: &Number) -> bool {
        let cut = Cut::to(number.clone());
        self.low <= cut && cut <= self.high
    }

    /// Is it above 0, whatever it is?
    pub(super) fn surely_positive(&self) -> bool {
        self.low.side() > 0
    }

    /// Can it be below 0?
    pub(super) fn may_be_negative(&self) -> bool {
        self.low < Cut::to(Number::zero())
    }

    /// What of it is not below 0, if anything is.
    pub(super) fn not_negative(&self) -> Option<Range> {
        let zero = Cut::to(Number::zero());
        let low = self.low.clone().max(zero);
        (low <= self.high).then(|| Range::new(low, self.high.clone(), self.bound))
    }

    /// All between it and 0.
    pub(super) fn with_zero(&self) -> Range {
        let zero = Cut::to(Number::zero());
        Range::new(self.low.clone().min(zero.clone()), self.high.clone().max(zero), self.bound)
    }

    /// How the two may stand to each other.
    pub(super) fn against(&self, other: &Range) -> Vec<Ordering> {
        let mut possible = Vec::new();
        let apart = |a: &Cut, b: &Cut| a.0 < b.0;
        if apart(&self.low, &other.high) {
            possible.push(Ordering::Less);
        }
        if (&self.low).max(&other.low) <= (&self.high).min(&other.high) {
            possible.push(Ordering::Equal);
        }
        if apart(&other.low, &self.high) {
            possible.push(Ordering::Greater);
        }
        possible
    }

    /// The greatest of some that count and of some that may count: it is none of these that are surely less.
    pub(super) fn greatest(count: &[Range], may_count: &[Range]) -> Option<Range> {
        let low = count.iter().map(|range| range.low.clone()).max()?;
        let high = count.iter().chain(may_count).map(|range| range.high.clone()).max()?;
        let matters = |range: &&Range| range.bound && range.high.0 > low.0;
        let bound = count.iter().chain(may_count).any(|range| matters(&range));
        Some(Range::new(low, high, bound))
    }

    /// The least of them.
    pub(super) fn least(count: &[Range], may_count: &[Range]) -> Option<Range> {
        let turned = |ranges: &[Range]| ranges.iter().map(Range::negated).collect::<Vec<_>>();
        Range::greatest(&turned(count), &turned(may_count)).map(|greatest| greatest.negated())
    }

    /// part / (part + rest), each figure once in the formula.
    pub(super) fn share(part: &Range, rest: &Range) -> Option<Range> {
        let one = Range::exactly(&Number::one());
        if part.plus(rest).may_be(&Number::zero()) {
            return None;
        }
        match rest.by(part) {
            Some(ratio) => one.by(&one.plus(&ratio)),
            None => Some(one.minus(&one.by(&one.plus(&part.by(rest)?))?)),
        }
    }
}

/// The range of a cell, if it is a number known within bounds.
pub(super) fn of_cell(cell: &Cell) -> Option<Range> {
    match cell {
        Cell::Within(interval, _) => Some(Range::of(interval)),
        _ => None,
    }
}
