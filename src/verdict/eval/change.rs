//! Figures of several periods: changes, compound growth, doubling, and aggregates over a series.

use std::cmp::Ordering;

use super::CaseEnv;
use crate::plan::operators::{self, Fault, Value};
use crate::quantity::{Interval, Number, Period, Scalar, Spread, Truth, compare_compound};
use crate::semantics::hir::{Change, Comparison, Expr, ExprKind, Function, IndicatorId, PeriodRef};

impl<'a> CaseEnv<'a> {
    /// The values of `of` in the earlier period and in this one.
    pub(in crate::verdict) fn ends(&self, of: &'a Expr, since: PeriodRef) -> Option<(Value, Value)> {
        let earlier = self.in_period(since).filter(|earlier| self.follows(earlier.period))?;
        Some((operators::value(&earlier, of), operators::value(&self.at(self.period), of)))
    }

    /// Can this case's period be compared with that one, as a later with an earlier?
    fn follows(&self, earlier: Period) -> bool {
        earlier.granularity() == self.period.granularity() && earlier < self.period
    }

    /// Π(1 + official rate) over the years from `since` to the case's period.
    pub(in crate::verdict) fn official_factor(&self, rate: IndicatorId, since: PeriodRef) -> Value {
        let Some(years) = self.years_since(since) else { return Value::Fault(Fault::NoSuchPeriod) };
        let one = Number::one();
        years.into_iter().fold(Value::from(one.clone()), |factor, year| {
            factor.numbers(
                &self.at(year).indicator(rate),
                |factor, rate| Value::from(factor * &(&one + rate)),
                |factor, rate| Value::from(factor.times(&Interval::point(&one).plus(rate))),
            )
        })
    }

    /// The official rates over these years, earliest first, if all are known.
    pub(in crate::verdict) fn official_rates(&self, rate: IndicatorId, since: PeriodRef) -> Option<Vec<Number>> {
        let years = self.years_since(since)?;
        years.into_iter().rev().map(|year| self.at(year).indicator(rate).number().cloned()).collect()
    }

    /// The case's period and the same period of each year before it, down to the one after `since`, latest first.
    fn years_since(&self, since: PeriodRef) -> Option<Vec<Period>> {
        let earlier = since.from(self.period).filter(|earlier| self.follows(*earlier))?;
        let mut years = Vec::new();
        let mut period = self.period;
        while period > earlier {
            years.push(period);
            period = period.plus_years(-1)?;
        }
        (period == earlier).then_some(years)
    }

    pub(super) fn change(&self, kind: Change, of: &'a Expr, since: PeriodRef, official: Option<IndicatorId>) -> Value {
        if let (Some(rate), Change::Growth | Change::Reduction) = (official, kind) {
            return self.official_factor(rate, since).numbers(
                &Value::from(Number::one()),
                |factor, one| Value::from(if kind == Change::Growth { factor - one } else { one - factor }),
                |factor, one| Value::from(if kind == Change::Growth { factor.minus(one) } else { one.minus(factor) }),
            );
        }
        let Some((old, new)) = self.ends(of, since) else { return Value::Fault(Fault::NoSuchPeriod) };
        let exact = |old: &Number, new: &Number| {
            let difference = match kind {
                Change::Growth | Change::Increase => new - old,
                Change::Reduction | Change::Decrease => old - new,
            };
            match kind {
                Change::Increase | Change::Decrease => Value::from(difference),
                Change::Growth | Change::Reduction => match base_fault(old) {
                    Some(fault) => Value::Fault(fault),
                    None => difference.div(old).map_or(Value::Fault(Fault::ZeroBase), Value::from),
                },
            }
        };
        // (new − old) / old is new / old − 1: each figure stands in it once.
        let within = |old: &Interval, new: &Interval| {
            let ratio = |turned: bool| match (base_doubt(old), new.divided(old)) {
                (Some(fault), _) => Value::Fault(fault),
                (None, None) => Value::Fault(Fault::ZeroBase),
                (None, Some(ratio)) => {
                    let growth = ratio.minus(&Interval::point(&Number::one()));
                    Value::from(if turned { growth.negate() } else { growth })
                }
            };
            match kind {
                Change::Increase => Value::from(new.minus(old)),
                Change::Decrease => Value::from(old.minus(new)),
                Change::Growth => ratio(false),
                Change::Reduction => ratio(true),
            }
        };
        old.numbers(&new, exact, within)
    }

    fn yearly(
        &self,
        of: &'a Expr,
        periods: &[Period],
        official: Option<IndicatorId>,
    ) -> Result<(Value, Value, u32), Fault> {
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return Err(Fault::NoSuchPeriod) };
        let base = first.plus(-1).ok_or(Fault::NoSuchPeriod)?;
        let years = u32::try_from(periods.len()).map_err(|_| Fault::NoSuchPeriod)?;
        Ok(match official {
            Some(rate) => {
                let factor = self.at(*last).official_factor(rate, PeriodRef::Absolute(base));
                (Value::from(Number::one()), factor, years)
            }
            None => (operators::value(&self.at(base), of), operators::value(&self.at(*last), of), years),
        })
    }

    /// Start and end of a compound growth, and the number of periods.
    pub(in crate::verdict) fn compound(&self, expr: &'a Expr) -> Option<Result<(Value, Value, u32), Fault>> {
        match &expr.kind {
            ExprKind::YearlyGrowth { of, periods, official } => Some(self.yearly(of, periods, *official)),
            _ => None,
        }
    }

    pub(super) fn compare_yearly(&self, expr: &'a Expr) -> Value {
        let ExprKind::Compare { operator, left, right } = &expr.kind else { return Value::Fault(Fault::Type) };
        let (start, end, years) = match self.compound(left) {
            Some(Ok(ends)) => ends,
            Some(Err(fault)) => return Value::Fault(fault),
            None => return Value::Fault(Fault::Type),
        };
        let rate = operators::value(self, right);
        // Growth from such a base cannot be told, whatever it is compared with.
        let sound = start.numbers(
            &end,
            |start, end| match base_fault(start) {
                Some(fault) => Value::Fault(fault),
                None if end.is_negative() => Value::Fault(Fault::NegativeBase),
                None => Value::from(end.clone()),
            },
            |start, end| match base_doubt(start) {
                Some(fault) => Value::Fault(fault),
                None if end.reaches_below_zero() => Value::Fault(Fault::NegativeBase),
                None => Value::from(end.clone()),
            },
        );
        let within = |end: &Interval, rate: &Interval| match start.interval() {
            Some(start) => compound_within(*operator, &start, end, rate, years),
            None => Value::Fault(Fault::Type),
        };
        let exact = |end: &Number, rate: &Number| match start.number() {
            Some(start) => match compare_compound(start, end, rate, years) {
                Some(ordering) => Value::from(Truth::from(operator.holds(ordering))),
                None => Value::Fault(Fault::NegativeBase),
            },
            None => within(&Interval::point(end), &Interval::point(rate)),
        };
        sound.numbers(&rate, exact, within)
    }

    pub(super) fn fold(&self, function: Function, of: &'a Expr, periods: &[Period]) -> Value {
        let values: Vec<Value> = periods.iter().map(|period| operators::value(&self.at(*period), of)).collect();
        if let Some(Value::Fault(fault)) = values.iter().find(|value| matches!(value, Value::Fault(_))) {
            return Value::Fault(*fault);
        }
        let some = |wanted: fn(&Value) -> bool| values.iter().any(wanted);
        let borderline = some(|value| matches!(value, Value::Borderline));
        let count = values.iter().filter(|value| matches!(value, Value::Known(_) | Value::Within(_))).count() as u64;
        match function {
            Function::Count if borderline => return Value::Borderline,
            Function::Count if count == 0 => return Value::Missing,
            Function::Count => return Value::from(Number::from(count)),
            Function::Distinct | Function::Share => return Value::Fault(Fault::Type),
            _ if some(|value| matches!(value, Value::Missing)) || values.is_empty() => return Value::Missing,
            _ if borderline => return Value::Borderline,
            _ => {}
        }
        let count = Number::from(count);
        if some(|value| matches!(value, Value::Within(_))) {
            let mut spread = Spread::default();
            values.iter().filter_map(Value::interval).for_each(|interval| spread.add(&interval));
            let sum = spread.sum(&Number::zero());
            return match function {
                Function::Mean => match sum.divided(&Interval::point(&count)) {
                    Some(mean) => Value::from(mean),
                    None => Value::Fault(Fault::DivisionByZero),
                },
                Function::Min | Function::Max => {
                    spread.extreme(function == Function::Max, None).map_or(Value::Missing, Value::from)
                }
                _ => Value::from(sum),
            };
        }
        let known = || values.iter().filter_map(|value| if let Value::Known(s) = value { Some(s) } else { None });
        let sum = || known().filter_map(Scalar::number).fold(Number::zero(), |sum, value| &sum + value);
        match function {
            Function::Mean => sum().div(&count).map_or(Value::Fault(Fault::DivisionByZero), Value::from),
            Function::Min => known().min().map_or(Value::Missing, |value| Value::Known(value.clone())),
            Function::Max => known().max().map_or(Value::Missing, |value| Value::Known(value.clone())),
            _ => Value::from(sum()),
        }
    }

    pub(super) fn doubles(&self, of: &'a Expr, since: PeriodRef, times: u32) -> Value {
        let Some((old, new)) = self.ends(of, since) else { return Value::Fault(Fault::NoSuchPeriod) };
        let factor = Number::from(2i128).pow(times);
        old.numbers(
            &new,
            |old, new| match base_fault(old) {
                Some(fault) => Value::Fault(fault),
                None => Value::from(Truth::from(*new >= old * &factor)),
            },
            |old, new| match base_doubt(old) {
                Some(fault) => Value::Fault(fault),
                None => {
                    let wanted = old.times(&Interval::point(&factor));
                    Value::from(operators::stand(Comparison::AtLeast, new, &wanted))
                }
            },
        )
    }
}

/// Why a relative change from this base has no meaning.
fn base_fault(base: &Number) -> Option<Fault> {
    if base.is_zero() { Some(Fault::ZeroBase) } else { base.is_negative().then_some(Fault::NegativeBase) }
}

/// The same of a base known within bounds: it has no meaning if it has none for some value of the base.
fn base_doubt(base: &Interval) -> Option<Fault> {
    match base.is_positive() {
        true => None,
        false if base.contains(&Number::zero()) => Some(Fault::ZeroBase),
        false => Some(Fault::NegativeBase),
    }
}

/// How the compound growth from `start`, above 0, to `end`, not below it, stands to a rate.
fn compound_within(operator: Comparison, start: &Interval, end: &Interval, rate: &Interval, years: u32) -> Value {
    let factor = Interval::point(&Number::one()).plus(rate);
    let growing =
        factor.above_zero(true).map(|factor| operators::stand(operator, end, &factor.raised(years).times(start)));
    // Nothing falls by more than everything.
    let falling = factor.reaches_below_zero().then(|| Truth::from(operator.holds(Ordering::Greater)));
    Value::from(match (growing, falling) {
        (Some(growing), Some(falling)) if growing != falling => {
            Truth::undecided([start, end, rate].iter().any(|side| side.is_bound()))
        }
        (growing, falling) => growing.or(falling).unwrap_or(Truth::Error),
    })
}
