//! What operators mean on known, missing and faulty values, for row expressions and for case expressions alike.
//!
//! Leaves (cells, indicators, aggregates) come from an [`Environment`]; this module never looks anything up itself.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::quantity::{Interval, Number, Scalar, Truth};
use crate::semantics::hir::{Arithmetic, Comparison, Expr, ExprKind, List, Type};

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Known.
    Known(Scalar),
    /// A number that is known only within bounds.
    Within(Box<Interval>),
    /// It hangs on the rounding of figures, and no bounds can be given for it.
    Borderline,
    /// A figure it needs was not submitted.
    Missing,
    /// It cannot be evaluated.
    Fault(Fault),
}

/// Why a value cannot be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// A cell cannot be read.
    Unreadable,
    /// Division by zero.
    DivisionByZero,
    /// A relative change from a base of zero.
    ZeroBase,
    /// A relative change from a base below zero.
    NegativeBase,
    /// The period to compare with is outside the calendar, of another length, or not earlier.
    NoSuchPeriod,
    /// Two different figures for one thing.
    Conflict,
    /// A code that has none of the lengths of its hierarchy.
    CodeLength,
    /// A value of another type than the rule says.
    Type,
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Value::Known(Scalar::Number(number))
    }
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Value::Known(Scalar::Boolean(true)),
            Truth::False => Value::Known(Scalar::Boolean(false)),
            Truth::Borderline => Value::Borderline,
            Truth::Unknown => Value::Missing,
            Truth::Error => Value::Fault(Fault::Unreadable),
        }
    }
}

impl From<Interval> for Value {
    fn from(interval: Interval) -> Self {
        match interval.exact() {
            Some(number) => Value::from(number.clone()),
            None => Value::Within(Box::new(interval)),
        }
    }
}

impl Value {
    /// As a condition.
    pub fn truth(&self) -> Truth {
        match self {
            Value::Known(Scalar::Boolean(value)) => Truth::from(*value),
            Value::Known(_) | Value::Within(_) | Value::Fault(_) => Truth::Error,
            Value::Borderline => Truth::Borderline,
            Value::Missing => Truth::Unknown,
        }
    }

    /// The number, if it is known and one.
    pub fn number(&self) -> Option<&Number> {
        match self {
            Value::Known(scalar) => scalar.number(),
            _ => None,
        }
    }

    /// The values that it may have, if it is a number.
    pub fn interval(&self) -> Option<Cow<'_, Interval>> {
        match self {
            Value::Known(scalar) => scalar.number().map(|number| Cow::Owned(Interval::point(number))),
            Value::Within(interval) => Some(Cow::Borrowed(interval)),
            _ => None,
        }
    }

    /// Applies `exact` to two known numbers, and `within` where one of them is known only within bounds. A fault outweighs
    /// a missing figure, and this one that hangs on rounding.
    pub fn numbers(
        &self,
        other: &Value,
        exact: impl FnOnce(&Number, &Number) -> Value,
        within: impl FnOnce(&Interval, &Interval) -> Value,
    ) -> Value {
        match (self, other) {
            (Value::Known(Scalar::Number(a)), Value::Known(Scalar::Number(b))) => exact(a, b),
            (Value::Known(_), Value::Known(_)) => Value::Fault(Fault::Type),
            (Value::Fault(fault), _) | (_, Value::Fault(fault)) => Value::Fault(*fault),
            (Value::Missing, _) | (_, Value::Missing) => Value::Missing,
            (Value::Borderline, _) | (_, Value::Borderline) => Value::Borderline,
            _ => match (self.interval(), other.interval()) {
                (Some(a), Some(b)) => within(&a, &b),
                _ => Value::Fault(Fault::Type),
            },
        }
    }
}

/// Where the leaves of an expression come from. Expressions live for `'e`, so that an environment may keep references to them.
pub trait Environment<'e> {
    /// The value of an expression that is no operator: cells, indicators, aggregates, changes, other periods.
    fn leaf(&self, expr: &'e Expr) -> Value;

    /// Is a value, known or known within bounds, in a column's values?
    fn in_column(&self, list: &List, value: &Value) -> Truth;
}

/// The value of an expression.
pub fn value<'e>(env: &dyn Environment<'e>, expr: &'e Expr) -> Value {
    match &expr.kind {
        ExprKind::Number(number) => Value::from(number.clone()),
        ExprKind::Text(text) => Value::Known(Scalar::Text(Arc::clone(text))),
        ExprKind::Boolean(value) => Value::Known(Scalar::Boolean(*value)),
        ExprKind::Date(date) => Value::Known(Scalar::Date(*date)),
        ExprKind::Period(period) => Value::Known(Scalar::Period(*period)),
        ExprKind::Level(_, level) => Value::Known(Scalar::Level(*level)),
        ExprKind::Negate(of) => match value(env, of) {
            Value::Known(Scalar::Number(number)) => Value::from(-&number),
            Value::Known(_) => Value::Fault(Fault::Type),
            Value::Within(interval) => Value::from(interval.negate()),
            other => other,
        },
        ExprKind::Arithmetic { operator, left, right } => arithmetic(*operator, &value(env, left), &value(env, right)),
        ExprKind::Compare { .. }
        | ExprKind::Near { .. }
        | ExprKind::In { .. }
        | ExprKind::Matches { .. }
        | ExprKind::Not(_)
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Implies(..) => Value::from(truth(env, expr)),
        _ => env.leaf(expr),
    }
}

/// The outcome of a condition, in Kleene's logic.
pub fn truth<'e>(env: &dyn Environment<'e>, expr: &'e Expr) -> Truth {
    match &expr.kind {
        ExprKind::Compare { left, .. } if matches!(left.kind, ExprKind::YearlyGrowth { .. }) => env.leaf(expr).truth(),
        ExprKind::Compare { operator, left, right } => compare(*operator, &value(env, left), &value(env, right)),
        ExprKind::Near { left, right, margin, relative } => {
            near(&value(env, left), &value(env, right), &value(env, margin), *relative)
        }
        ExprKind::In { of, list } => match (value(env, of), list) {
            (Value::Known(scalar), List::Values(values)) => Truth::from(values.contains(&scalar)),
            (Value::Within(interval), List::Values(values)) => {
                let may_be = values.iter().filter_map(Scalar::number).any(|number| interval.contains(number));
                if may_be { Truth::undecided(interval.is_bound()) } else { Truth::False }
            }
            (value @ (Value::Known(_) | Value::Within(_)), List::Column(..)) => env.in_column(list, &value),
            (other, _) => undecided(&other),
        },
        ExprKind::Matches { of, pattern } => match value(env, of) {
            Value::Known(Scalar::Text(text)) => Truth::from(pattern.is_match(&text)),
            other => undecided(&other),
        },
        ExprKind::Not(of) => truth(env, of).not(),
        ExprKind::And(parts) => parts.iter().fold(Truth::True, |so_far, part| match so_far {
            Truth::False => Truth::False,
            _ => so_far.and(truth(env, part)),
        }),
        ExprKind::Or(parts) => parts.iter().fold(Truth::False, |so_far, part| match so_far {
            Truth::True => Truth::True,
            _ => so_far.or(truth(env, part)),
        }),
        ExprKind::Implies(condition, consequence) => truth(env, condition).not().or(truth(env, consequence)),
        _ => value(env, expr).truth(),
    }
}

/// Why the parts of a condition cannot be evaluated.
pub fn faults<'e>(env: &dyn Environment<'e>, expr: &'e Expr, found: &mut BTreeSet<Fault>) {
    if expr.ty != Type::Boolean
        && let Value::Fault(fault) = value(env, expr)
    {
        found.insert(fault);
    }
    expr.for_each_child(&mut |child| faults(env, child, found));
}

/// A comparison of two values.
pub fn compare(operator: Comparison, left: &Value, right: &Value) -> Truth {
    match (left, right) {
        (Value::Known(a), Value::Known(b)) if std::mem::discriminant(a) == std::mem::discriminant(b) => {
            Truth::from(operator.holds(a.cmp(b)))
        }
        (Value::Known(_), Value::Known(_)) => Truth::Error,
        _ => left.numbers(right, |_, _| Value::Fault(Fault::Type), |a, b| Value::from(stand(operator, a, b))).truth(),
    }
}

/// A comparison of two numbers known within bounds: decided where all their values stand to each other in one way.
pub fn stand(operator: Comparison, a: &Interval, b: &Interval) -> Truth {
    let decided = a.orderings(b).all(|ordering| operator.holds(ordering));
    decided.map_or_else(|| Truth::undecided(a.is_bound() || b.is_bound()), Truth::from)
}

/// Is `left` no further from `right` than the margin?
fn near(left: &Value, right: &Value, margin: &Value, relative: bool) -> Truth {
    let exact = |left: &Number, right: &Number, margin: &Number| {
        let margin = if relative { &right.abs() * margin } else { margin.clone() };
        Truth::from((left - right).abs() <= margin)
    };
    if let (Some(left), Some(right), Some(margin)) = (left.number(), right.number(), margin.number()) {
        return exact(left, right, margin);
    }
    let sides = left.numbers(right, |left, _| Value::from(left.clone()), |left, _| Value::from(left.clone()));
    let all = sides.numbers(margin, |left, _| Value::from(left.clone()), |left, _| Value::from(left.clone()));
    let (Some(left), Some(right), Some(margin)) = (left.interval(), right.interval(), margin.interval()) else {
        return undecided(&all);
    };
    let at_most = |distance: &Interval, margin: &Interval| {
        distance.orderings(margin).all(|ordering| Comparison::AtMost.holds(ordering))
    };
    let decided = if relative {
        // |left / right − 1| ≤ m, where right is not 0: each figure stands in it once. Where it is 0, only 0 is near it.
        let near = |left: &Interval, right: Option<Interval>| {
            let ratio = left.divided(&right?)?;
            Some(at_most(&ratio.minus(&Interval::point(&Number::one())).magnitude(), &margin))
        };
        let zero = Interval::point(&Number::zero());
        let ways = [
            near(&left, right.above_zero(false)),
            near(&left.negate(), right.negate().above_zero(false)),
            right.contains(&Number::zero()).then(|| at_most(&left.magnitude(), &zero)),
        ];
        let mut ways = ways.into_iter().flatten();
        let first = ways.next().flatten();
        if ways.all(|way| way == first) { first } else { None }
    } else {
        at_most(&left.minus(&right).magnitude(), &margin)
    };
    let bound = [&left, &right, &margin].iter().any(|side| side.is_bound());
    decided.map_or_else(|| Truth::undecided(bound), Truth::from)
}

fn undecided(value: &Value) -> Truth {
    match value {
        Value::Missing => Truth::Unknown,
        Value::Borderline => Truth::Borderline,
        _ => Truth::Error,
    }
}

fn arithmetic(operator: Arithmetic, left: &Value, right: &Value) -> Value {
    if let (Value::Known(Scalar::Date(later)), Value::Known(Scalar::Date(earlier)), Arithmetic::Subtract) =
        (left, right, operator)
    {
        return Value::from(seconds_between(*earlier, *later));
    }
    let exact = |a: &Number, b: &Number| match operator {
        Arithmetic::Add => Value::from(a + b),
        Arithmetic::Subtract => Value::from(a - b),
        Arithmetic::Multiply => Value::from(a * b),
        Arithmetic::Divide => a.div(b).map_or(Value::Fault(Fault::DivisionByZero), Value::from),
    };
    let within = |a: &Interval, b: &Interval| match operator {
        Arithmetic::Add => Value::from(a.plus(b)),
        Arithmetic::Subtract => Value::from(a.minus(b)),
        Arithmetic::Multiply => Value::from(a.times(b)),
        Arithmetic::Divide => a.divided(b).map_or(Value::Fault(Fault::DivisionByZero), Value::from),
    };
    left.numbers(right, exact, within)
}

/// The time between two days in base units of time (seconds).
pub fn seconds_between(earlier: jiff::civil::Date, later: jiff::civil::Date) -> Number {
    let days = earlier.until(later).map_or(0, |span| span.get_days());
    Number::from(i128::from(days) * 86_400)
}
