//! Many figures known within bounds, put together: their sum, the least and the greatest of them.
//!
//! [`Interval`]s in, one [`Interval`] out. Two spreads merge into that of all their figures, in any order.

use std::cmp::Ordering;

use super::{End, Interval, Number};

/// What figures known within bounds come to together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    low: Ends,
    high: Ends,
    /// Of how many only a bound was submitted.
    bounds: u64,
    least: Extreme,
    greatest: Extreme,
    /// The figure, if all are the same.
    alike: Option<Interval>,
    differ: bool,
}

/// Ends of one side, added up.
#[derive(Clone, Debug, PartialEq)]
struct Ends {
    sum: Number,
    unbounded: u64,
    excluded: u64,
}

/// The least of some figures, or (of the negated figures) the greatest.
#[derive(Clone, Debug, Default, PartialEq)]
struct Extreme {
    /// The least lower end and the least upper end, `None` within: unbounded.
    ends: Option<(Option<End>, Option<End>)>,
    /// The least lower end of figures of which only a bound was submitted.
    bound: Option<Option<End>>,
}

impl Default for Ends {
    fn default() -> Self {
        Ends { sum: Number::zero(), unbounded: 0, excluded: 0 }
    }
}

impl Ends {
    fn add(&mut self, end: Option<&End>) {
        match end {
            Some(end) => {
                self.sum = &self.sum + &end.at;
                self.excluded += u64::from(!end.included);
            }
            None => self.unbounded += 1,
        }
    }

    fn merge(&mut self, other: &Ends) {
        self.sum = &self.sum + &other.sum;
        self.unbounded += other.unbounded;
        self.excluded += other.excluded;
    }

    fn less(&self, part: &Ends) -> Ends {
        Ends {
            sum: &self.sum - &part.sum,
            unbounded: self.unbounded.saturating_sub(part.unbounded),
            excluded: self.excluded.saturating_sub(part.excluded),
        }
    }

    fn end(&self, others: &Number) -> Option<End> {
        (self.unbounded == 0).then(|| End { at: &self.sum + others, included: self.excluded == 0 })
    }
}

impl Extreme {
    fn add(&mut self, figure: &Interval) {
        let (low, high) = (figure.low().cloned(), figure.high().cloned());
        let bound = figure.is_bound().then(|| low.clone());
        self.merge(&Extreme { ends: Some((low, high)), bound });
    }

    fn merge(&mut self, other: &Extreme) {
        self.ends = match (self.ends.take(), other.ends.clone()) {
            (Some((low, high)), Some((other_low, other_high))) => {
                Some((least_low(low, other_low), least_high(high, other_high)))
            }
            (one, other) => one.or(other),
        };
        self.bound = match (self.bound.take(), other.bound.clone()) {
            (Some(one), Some(other)) => Some(least_low(one, other)),
            (one, other) => one.or(other),
        };
    }

    /// A figure of which only a bound was submitted matters if it may be less than all others are.
    fn interval(&self) -> Option<Interval> {
        let (low, high) = self.ends.clone()?;
        let below = |low: &Option<End>| match (low, &high) {
            (Some(low), Some(high)) => low.at < high.at,
            _ => true,
        };
        let bound = self.bound.as_ref().is_some_and(below);
        Some(Interval::between(low, high, bound))
    }
}

fn least_low(a: Option<End>, b: Option<End>) -> Option<End> {
    let (a, b) = (a?, b?);
    Some(match a.at.cmp(&b.at) {
        Ordering::Less => a,
        Ordering::Greater => b,
        Ordering::Equal => End { included: a.included || b.included, ..a },
    })
}

fn least_high(a: Option<End>, b: Option<End>) -> Option<End> {
    match (a, b) {
        (Some(a), Some(b)) => Some(match a.at.cmp(&b.at) {
            Ordering::Less => a,
            Ordering::Greater => b,
            Ordering::Equal => End { included: a.included && b.included, ..a },
        }),
        (a, b) => a.or(b),
    }
}

impl Spread {
    /// Adds a figure.
    pub fn add(&mut self, figure: &Interval) {
        self.low.add(figure.low());
        self.high.add(figure.high());
        self.bounds += u64::from(figure.is_bound());
        self.least.add(figure);
        self.greatest.add(&figure.negate());
        self.same(Some(figure), false);
    }

    /// Adds all figures of another.
    pub fn merge(&mut self, other: &Spread) {
        self.low.merge(&other.low);
        self.high.merge(&other.high);
        self.bounds += other.bounds;
        self.least.merge(&other.least);
        self.greatest.merge(&other.greatest);
        self.same(other.alike.as_ref(), other.differ);
    }

    fn same(&mut self, figure: Option<&Interval>, differ: bool) {
        self.differ |= differ || matches!((&self.alike, figure), (Some(one), Some(other)) if one != other);
        self.alike = self.alike.take().or_else(|| figure.cloned());
    }

    /// The figure that all of them are, if they are all the same.
    pub fn alike(&self) -> Option<&Interval> {
        self.alike.as_ref().filter(|_| !self.differ)
    }

    /// Of some of them was only a bound submitted?
    pub fn has_bound(&self) -> bool {
        self.bounds > 0
    }

    /// The sum, with what exact figures add to it.
    pub fn sum(&self, exact: &Number) -> Interval {
        Interval::between(self.low.end(exact), self.high.end(exact), self.bounds > 0)
    }

    /// The sum of these without some of them, with what exact figures add to it.
    pub fn sum_without(&self, part: &Spread, exact: &Number) -> Interval {
        let (low, high) = (self.low.less(&part.low), self.high.less(&part.high));
        Interval::between(low.end(exact), high.end(exact), self.bounds > part.bounds)
    }

    /// The least of them, or the greatest, where each of `perhaps` may count too or not; `None` if there are none.
    pub fn extreme(&self, greatest: bool, perhaps: Option<&Spread>) -> Option<Interval> {
        let of = |spread: &Spread| if greatest { spread.greatest.clone() } else { spread.least.clone() };
        let mut found = of(self);
        let (_, high) = found.ends.clone()?;
        if let Some(perhaps) = perhaps {
            found.merge(&of(perhaps));
        }
        found.ends = found.ends.map(|(low, _)| (low, high));
        let found = found.interval()?;
        Some(if greatest { found.negate() } else { found })
    }
}
