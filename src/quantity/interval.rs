//! Figures that are known only within bounds, because they are rounded or because only a bound was submitted, and exact
//! arithmetic on them.
//!
//! An operation on intervals gives the values that the operation takes where its operands are any values of theirs,
//! independently of each other: the narrowest interval that holds them all. Knows no rules.

use std::cmp::Ordering;

use super::{Number, Truth};

/// An end of an interval.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End {
    /// Where.
    pub at: Number,
    /// Is the value there one of the interval's?
    pub included: bool,
}

impl End {
    /// An end that belongs to the interval.
    pub fn included(at: Number) -> Self {
        End { at, included: true }
    }

    /// An end that does not.
    pub fn excluded(at: Number) -> Self {
        End { at, included: false }
    }
}

/// The values that a figure may have: all between two ends; `None` for an end: no bound there. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    low: Option<End>,
    high: Option<End>,
    bound: bool,
}

/// How values of two intervals may stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orderings {
    less: bool,
    equal: bool,
    greater: bool,
}

impl Interval {
    /// All between two ends, the lower first. `bound`: the doubt is more than that of rounding, because of some figure
    /// only a bound was submitted.
    pub fn between(low: Option<End>, high: Option<End>, bound: bool) -> Self {
        let point = matches!((&low, &high), (Some(low), Some(high)) if low.at == high.at);
        Interval { low, high, bound: bound && !point }
    }

    /// One value.
    pub fn point(at: &Number) -> Self {
        Interval::between(Some(End::included(at.clone())), Some(End::included(at.clone())), false)
    }

    /// A figure that was rounded: half a unit of its last digit to either side.
    pub fn rounded(stated: &Number, half: &Number) -> Self {
        Interval::between(Some(End::included(stated - half)), Some(End::included(stated + half)), false)
    }

    /// Not below this end.
    pub fn from(low: End) -> Self {
        Interval::between(Some(low), None, true)
    }

    /// Not above this end.
    pub fn to(high: End) -> Self {
        Interval::between(None, Some(high), true)
    }

    /// The lower end, if there is one.
    pub fn low(&self) -> Option<&End> {
        self.low.as_ref()
    }

    /// The upper end, if there is one.
    pub fn high(&self) -> Option<&End> {
        self.high.as_ref()
    }

    /// Is it wide because only a bound of some figure was submitted?
    pub fn is_bound(&self) -> bool {
        self.bound
    }

    /// The value, if there is only one.
    pub fn exact(&self) -> Option<&Number> {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) if low.at == high.at => Some(&low.at),
            _ => None,
        }
    }

    /// Half the way between the ends and half the distance between them: of a rounded figure, what was stated and how far
    /// it may be off. `None` if an end is missing.
    pub fn middle(&self) -> Option<(Number, Number)> {
        let (low, high) = (&self.low.as_ref()?.at, &self.high.as_ref()?.at);
        let two = Number::from(2i128);
        Some(((low + high).div(&two)?, (high - low).div(&two)?))
    }

    /// As a figure is stated: `14.8±0.05`, `>2`, `≤10`, with the numbers written by `figure`.
    pub fn written(&self, figure: impl Fn(&Number) -> String) -> String {
        match (self.middle(), &self.low, &self.high) {
            (Some((middle, half)), ..) if half.is_zero() => figure(&middle),
            (Some((middle, half)), ..) => format!("{}±{}", figure(&middle), figure(&half)),
            (None, Some(low), _) => format!("{}{}", if low.included { '≥' } else { '>' }, figure(&low.at)),
            (None, None, Some(high)) => format!("{}{}", if high.included { '≤' } else { '<' }, figure(&high.at)),
            (None, None, None) => "?".to_owned(),
        }
    }

    /// Is a value one of its values?
    pub fn contains(&self, value: &Number) -> bool {
        self.orderings(&Interval::point(value)).may_be_equal()
    }

    /// Are all its values above 0?
    pub fn is_positive(&self) -> bool {
        self.low.as_ref().is_some_and(|low| !low.at.is_negative() && (!low.at.is_zero() || !low.included))
    }

    /// Is one of its values below 0?
    pub fn reaches_below_zero(&self) -> bool {
        self.low.as_ref().is_none_or(|low| low.at.is_negative())
    }

    /// How its values may stand to those of another interval.
    pub fn orderings(&self, other: &Interval) -> Orderings {
        let reaches = |low: &Option<End>, high: &Option<End>| match (low, high) {
            (Some(low), Some(high)) => low.at.cmp(&high.at),
            _ => Ordering::Less,
        };
        let meets = |low: &Option<End>, high: &Option<End>| match reaches(low, high) {
            Ordering::Less => true,
            Ordering::Equal => [low, high].into_iter().flatten().all(|end| end.included),
            Ordering::Greater => false,
        };
        Orderings {
            less: reaches(&self.low, &other.high).is_lt(),
            equal: meets(&self.low, &other.high) && meets(&other.low, &self.high),
            greater: reaches(&other.low, &self.high).is_lt(),
        }
    }

    /// −x
    #[must_use]
    pub fn negate(&self) -> Self {
        let turned = |end: &Option<End>| end.as_ref().map(|end| End { at: -&end.at, included: end.included });
        Interval { low: turned(&self.high), high: turned(&self.low), bound: self.bound }
    }

    /// x + y
    #[must_use]
    pub fn plus(&self, other: &Interval) -> Self {
        let sum = |a: &Option<End>, b: &Option<End>| {
            let (a, b) = (a.as_ref()?, b.as_ref()?);
            Some(End { at: &a.at + &b.at, included: a.included && b.included })
        };
        Interval::between(sum(&self.low, &other.low), sum(&self.high, &other.high), self.bound || other.bound)
    }

    /// x − y
    #[must_use]
    pub fn minus(&self, other: &Interval) -> Self {
        self.plus(&other.negate())
    }

    /// x × y
    #[must_use]
    pub fn times(&self, other: &Interval) -> Self {
        let sides = |interval: &Interval| [Side::of(&interval.low, false), Side::of(&interval.high, true)];
        let corners = sides(self).into_iter().flat_map(|a| sides(other).map(|b| a.times(&b)));
        Side::hull(corners, self.bound || other.bound)
    }

    /// x ÷ y; `None` if a value of y is 0.
    pub fn divided(&self, other: &Interval) -> Option<Self> {
        let one = Number::one();
        if !other.is_positive() {
            let turned = other.negate();
            return if turned.is_positive() { self.negate().divided(&turned) } else { None };
        }
        let low = match &other.high {
            Some(high) => Some(End { at: one.div(&high.at)?, included: high.included }),
            None => Some(End::excluded(Number::zero())),
        };
        let high = other.low.as_ref().and_then(|low| Some(End { at: one.div(&low.at)?, included: low.included }));
        Some(self.times(&Interval::between(low, high, other.bound)))
    }

    /// A power of values that are not below 0.
    #[must_use]
    pub fn raised(&self, exponent: u32) -> Self {
        let raised =
            |end: &Option<End>| end.as_ref().map(|end| End { at: end.at.pow(exponent), included: end.included });
        Interval::between(raised(&self.low), raised(&self.high), self.bound)
    }

    /// All from it to 0: what a figure adds to a sum that it may or may not belong to.
    #[must_use]
    pub fn or_zero(&self) -> Self {
        let zero = || Some(End::included(Number::zero()));
        let low = self.low.clone().filter(|low| !low.at.is_negative());
        let low = if low.is_some() { zero() } else { self.low.clone() };
        let high = self.high.clone().filter(|high| high.at.is_zero() || high.at.is_negative());
        let high = if high.is_some() { zero() } else { self.high.clone() };
        Interval::between(low, high, self.bound)
    }

    /// |x|
    #[must_use]
    pub fn magnitude(&self) -> Self {
        let (above, below) = (self.above_zero(true), self.negate().above_zero(true));
        match (above, below) {
            (Some(above), Some(below)) => {
                let high = match (above.high, below.high) {
                    (Some(a), Some(b)) => Some(higher(a, &b)),
                    _ => None,
                };
                Interval::between(Some(End::included(Number::zero())), high, self.bound)
            }
            (above, below) => above.or(below).unwrap_or_else(|| self.clone()),
        }
    }

    /// Those of the values that are above 0, or not below it; `None` if none is.
    pub fn above_zero(&self, with_zero: bool) -> Option<Self> {
        let zero = End { at: Number::zero(), included: with_zero };
        let low = match &self.low {
            Some(low) if !(low.at.is_negative() || low.at.is_zero() && low.included) => low.clone(),
            _ => zero,
        };
        let none = match &self.high {
            Some(high) if high.at.is_zero() => !high.included || !with_zero,
            Some(high) => high.at.is_negative(),
            None => false,
        };
        (!none).then(|| Interval::between(Some(low), self.high.clone(), self.bound))
    }

    /// part ÷ (part + rest), where the part is in the whole; `None` if a value of the whole is 0.
    pub fn share(part: &Interval, rest: &Interval) -> Option<Self> {
        if part.plus(rest).contains(&Number::zero()) {
            return None;
        }
        // At a fixed rest the share runs one way with the part, and at a fixed part one way with the rest: its least and
        // greatest values are at ends of both, or where it runs to.
        let below = part.plus(rest).reaches_below_zero();
        let finite = |at: Number, included: bool| Some(Side::Finite(End { at, included }));
        let fixed = |end: &End| end.included && end.at.is_zero();
        let corner = |(a, b): (&Option<End>, &Option<End>)| match (a, b) {
            (None, None) => None,
            (None, Some(b)) => finite(Number::one(), fixed(b)),
            (Some(a), None) => finite(Number::zero(), fixed(a)),
            (Some(a), Some(b)) => match a.at.div(&(&a.at + &b.at)) {
                Some(at) => finite(at, (a.included && b.included) || fixed(a) || fixed(b)),
                None if a.at.is_zero() => None,
                // The whole comes as near to 0 as it likes.
                None => Some(Side::Infinite { above: a.at.is_negative() == below }),
            },
        };
        let ends = [&part.low, &part.high].into_iter().flat_map(|a| [&rest.low, &rest.high].map(|b| (a, b)));
        Some(Side::hull(ends.filter_map(corner), part.bound || rest.bound))
    }
}

/// An end, or the lack of one.
enum Side {
    Infinite { above: bool },
    Finite(End),
}

impl Side {
    fn of(end: &Option<End>, above: bool) -> Side {
        end.clone().map_or(Side::Infinite { above }, Side::Finite)
    }

    fn times(&self, other: &Side) -> Side {
        match (self, other) {
            (Side::Finite(a), Side::Finite(b)) => {
                let fixed = |end: &End| end.included && end.at.is_zero();
                let included = (a.included && b.included) || fixed(a) || fixed(b);
                Side::Finite(End { at: &a.at * &b.at, included })
            }
            (Side::Infinite { above }, Side::Finite(end)) | (Side::Finite(end), Side::Infinite { above }) => {
                if end.at.is_zero() {
                    Side::Finite(end.clone())
                } else {
                    Side::Infinite { above: *above != end.at.is_negative() }
                }
            }
            (Side::Infinite { above: a }, Side::Infinite { above: b }) => Side::Infinite { above: a == b },
        }
    }

    /// The narrowest interval that holds what is near these.
    fn hull(sides: impl Iterator<Item = Side>, bound: bool) -> Interval {
        let (mut low, mut high): (Option<End>, Option<End>) = (None, None);
        let (mut no_low, mut no_high) = (false, false);
        for side in sides {
            match side {
                Side::Infinite { above } => {
                    no_low |= !above;
                    no_high |= above;
                }
                Side::Finite(end) => {
                    low = Some(low.map_or(end.clone(), |low| lower(low, &end)));
                    high = Some(high.map_or(end.clone(), |high| higher(high, &end)));
                }
            }
        }
        Interval::between(low.filter(|_| !no_low), high.filter(|_| !no_high), bound)
    }
}

/// The one of two lower ends that leaves more in.
fn lower(a: End, b: &End) -> End {
    match a.at.cmp(&b.at) {
        Ordering::Less => a,
        Ordering::Greater => b.clone(),
        Ordering::Equal => End { included: a.included || b.included, ..a },
    }
}

/// The one of two upper ends that leaves more in.
fn higher(a: End, b: &End) -> End {
    match a.at.cmp(&b.at) {
        Ordering::Less => b.clone(),
        Ordering::Greater => a,
        Ordering::Equal => End { included: a.included || b.included, ..a },
    }
}

impl Orderings {
    /// May they be the same?
    pub fn may_be_equal(self) -> bool {
        self.equal
    }

    /// Does a condition on how they stand hold for all of them, for none, or for some?
    pub fn all(self, holds: impl Fn(Ordering) -> bool) -> Option<bool> {
        let possible = [(self.less, Ordering::Less), (self.equal, Ordering::Equal), (self.greater, Ordering::Greater)];
        let mut outcomes = possible.into_iter().filter(|(possible, _)| *possible).map(|(_, ordering)| holds(ordering));
        let first = outcomes.next()?;
        outcomes.all(|other| other == first).then_some(first)
    }
}

impl Truth {
    /// Neither true nor false for certain, of figures known within bounds: borderline, unless `bound`.
    pub fn undecided(bound: bool) -> Truth {
        if bound { Truth::Unknown } else { Truth::Borderline }
    }
}
