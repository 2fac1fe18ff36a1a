//! Aggregates of figures that are known only within bounds: sums whose half-widths add up, counts of rows that the
//! rounding leaves in or out.
//!
//! What a scope's rows come to in, a value out. The exact case is not here.

use crate::engine::{Accumulator, Perhaps};
use crate::plan::operators::{Fault, Value};
use crate::quantity::{End, Interval, Number, Scalar, Spread, Truth};
use crate::semantics::hir::{Aggregate, Function};

/// The value of an aggregate; `None` if no row is there to make one of. Blanks that matter are not among the rows.
pub(super) fn evaluate(aggregate: &Aggregate, filtered: &Accumulator, all: &Accumulator) -> Option<Value> {
    let perhaps = filtered.perhaps.as_deref();
    match aggregate.function {
        Function::Count => return Some(count(aggregate, filtered, perhaps)),
        Function::Distinct => return Some(distinct(filtered, perhaps)),
        _ => {}
    }
    if filtered.rows == 0 {
        return perhaps.map(|_| Value::Borderline);
    }
    let parts = [Some(filtered), perhaps.map(|perhaps| &perhaps.all), Some(all)];
    if parts.iter().flatten().any(|part| part.borderline > 0) {
        return Some(Value::Borderline);
    }
    let quotient =
        |part: Interval, of: &Interval| part.divided(of).map_or(Value::Fault(Fault::DivisionByZero), Value::from);
    match aggregate.function {
        // What is divided by would change with the rows that count.
        Function::Mean | Function::Share if perhaps.is_some() => Some(Value::Borderline),
        Function::Mean => Some(quotient(sum(filtered), &Interval::point(&Number::from(filtered.rows)))),
        Function::Share => {
            let rest = rest(filtered, all);
            Some(Interval::share(&sum(filtered), &rest).map_or(Value::Fault(Fault::DivisionByZero), Value::from))
        }
        Function::Min | Function::Max => extreme(aggregate.function == Function::Max, filtered, perhaps),
        Function::Sum | Function::Count | Function::Distinct => {
            let sum = sum(filtered);
            Some(Value::from(perhaps.map_or(sum.clone(), |perhaps| sum.plus(&perhaps.share.sum(&Number::zero())))))
        }
    }
}

fn count(aggregate: &Aggregate, filtered: &Accumulator, perhaps: Option<&Perhaps>) -> Value {
    let counted = |part: &Accumulator| if aggregate.of.is_some() { part.rows - part.blanks } else { part.rows };
    let least = counted(filtered);
    let most = least + perhaps.map_or(0, |perhaps| counted(&perhaps.all));
    let end = |count: u64| Some(End::included(Number::from(count)));
    Value::from(Interval::between(end(least), end(most), false))
}

/// How many different values there are cannot be told of figures known only within bounds.
fn distinct(filtered: &Accumulator, perhaps: Option<&Perhaps>) -> Value {
    let parts = || [Some(filtered), perhaps.map(|perhaps| &perhaps.all)].into_iter().flatten();
    let within = || parts().filter_map(|part| part.within.as_deref());
    if within().any(Spread::has_bound) {
        return Value::from(Truth::Unknown);
    }
    let doubt = within().next().is_some() || parts().any(|part| part.borderline > 0);
    if doubt || perhaps.is_some_and(|perhaps| !perhaps.all.distinct.is_subset(&filtered.distinct)) {
        return Value::Borderline;
    }
    Value::from(Number::from(filtered.distinct.len() as u64))
}

fn sum(part: &Accumulator) -> Interval {
    let exact = part.sum.clone().unwrap_or_else(Number::zero);
    part.within.as_ref().map_or_else(|| Interval::point(&exact), |within| within.sum(&exact))
}

/// The sum of all rows but those that the filter lets through.
fn rest(filtered: &Accumulator, all: &Accumulator) -> Interval {
    let exact = |part: &Accumulator| part.sum.clone().unwrap_or_else(Number::zero);
    let exact = &exact(all) - &exact(filtered);
    let none = Spread::default();
    let within = all.within.as_deref().unwrap_or(&none);
    within.sum_without(filtered.within.as_deref().unwrap_or(&none), &exact)
}

/// The least or the greatest; a level or a day hangs on rounding if a row that may not count would change it.
fn extreme(greatest: bool, filtered: &Accumulator, perhaps: Option<&Perhaps>) -> Option<Value> {
    let best = |part: &Accumulator| {
        let blank = (part.blanks > 0).then(|| Scalar::Number(Number::zero()));
        if greatest {
            part.max.iter().chain(&blank).max().cloned()
        } else {
            part.min.iter().chain(&blank).min().cloned()
        }
    };
    let spread = |part: &Accumulator| {
        let mut spread = part.within.as_deref().cloned().unwrap_or_default();
        if let Some(number) = best(part).as_ref().and_then(Scalar::number) {
            spread.add(&Interval::point(number));
        }
        spread
    };
    let numbers = spread(filtered).extreme(greatest, perhaps.map(|perhaps| spread(&perhaps.all)).as_ref());
    if let Some(interval) = numbers {
        return Some(Value::from(interval));
    }
    let sure = best(filtered)?;
    let other = perhaps.and_then(|perhaps| best(&perhaps.all));
    let open = other.is_some_and(|other| if greatest { other > sure } else { other < sure });
    Some(if open { Value::Borderline } else { Value::Known(sure) })
}
