//! What operators mean on known, missing and faulty values, for row expressions and for case expressions alike.
//!
//! Leaves (cells, indicators, aggregates) come from an [`Environment`]; this module never looks anything up itself.

use std::collections::BTreeSet;

use crate::quantity::{Number, Scalar, Truth};
use crate::semantics::hir::{Arithmetic, Comparison, Expr, ExprKind, List, Type};

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Known.
    Known(Scalar),
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
            Truth::Unknown => Value::Missing,
            Truth::Error => Value::Fault(Fault::Unreadable),
        }
    }
}

impl Value {
    /// As a condition.
    pub fn truth(&self) -> Truth {
        match self {
            Value::Known(Scalar::Boolean(value)) => Truth::from(*value),
            Value::Known(_) | Value::Fault(_) => Truth::Error,
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

    /// Applies `f` to two known numbers; a fault outweighs a missing figure.
    pub fn numbers(&self, other: &Value, f: impl FnOnce(&Number, &Number) -> Value) -> Value {
        match (self, other) {
            (Value::Known(Scalar::Number(a)), Value::Known(Scalar::Number(b))) => f(a, b),
            (Value::Known(_), Value::Known(_)) => Value::Fault(Fault::Type),
            (Value::Fault(fault), _) | (_, Value::Fault(fault)) => Value::Fault(*fault),
            _ => Value::Missing,
        }
    }
}

/// Where the leaves of an expression come from. Expressions live for `'e`, so that an environment may keep references to them.
pub trait Environment<'e> {
    /// The value of an expression that is no operator: cells, indicators, aggregates, changes, other periods.
    fn leaf(&self, expr: &'e Expr) -> Value;

    /// Is a value in a column's values?
    fn in_column(&self, list: &List, value: &Scalar) -> Truth;
}

/// The value of an expression.
pub fn value<'e>(env: &dyn Environment<'e>, expr: &'e Expr) -> Value {
    match &expr.kind {
        ExprKind::Number(number) => Value::from(number.clone()),
        ExprKind::Text(text) => Value::Known(Scalar::text(text)),
        ExprKind::Boolean(value) => Value::Known(Scalar::Boolean(*value)),
        ExprKind::Date(date) => Value::Known(Scalar::Date(*date)),
        ExprKind::Period(period) => Value::Known(Scalar::Period(*period)),
        ExprKind::Level(_, level) => Value::Known(Scalar::Level(*level)),
        ExprKind::Negate(of) => match value(env, of) {
            Value::Known(Scalar::Number(number)) => Value::from(-&number),
            Value::Known(_) => Value::Fault(Fault::Type),
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
            let (right, margin) = (value(env, right), value(env, margin));
            let margin = if *relative {
                right.numbers(&margin, |right, share| Value::from(&right.abs() * share))
            } else {
                margin
            };
            let distance = value(env, left).numbers(&right, |left, right| Value::from((left - right).abs()));
            compare(Comparison::AtMost, &distance, &margin)
        }
        ExprKind::In { of, list } => match (value(env, of), list) {
            (Value::Known(scalar), List::Values(values)) => Truth::from(values.contains(&scalar)),
            (Value::Known(scalar), List::Column(..)) => env.in_column(list, &scalar),
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
        (Value::Known(_), Value::Known(_)) | (Value::Fault(_), _) | (_, Value::Fault(_)) => Truth::Error,
        _ => Truth::Unknown,
    }
}

fn undecided(value: &Value) -> Truth {
    match value {
        Value::Missing => Truth::Unknown,
        _ => Truth::Error,
    }
}

fn arithmetic(operator: Arithmetic, left: &Value, right: &Value) -> Value {
    if let (Value::Known(Scalar::Date(later)), Value::Known(Scalar::Date(earlier)), Arithmetic::Subtract) =
        (left, right, operator)
    {
        return Value::from(seconds_between(*earlier, *later));
    }
    left.numbers(right, |a, b| match operator {
        Arithmetic::Add => Value::from(a + b),
        Arithmetic::Subtract => Value::from(a - b),
        Arithmetic::Multiply => Value::from(a * b),
        Arithmetic::Divide => a.div(b).map_or(Value::Fault(Fault::DivisionByZero), Value::from),
    })
}

/// The time between two days in base units of time (seconds).
pub fn seconds_between(earlier: jiff::civil::Date, later: jiff::civil::Date) -> Number {
    let days = earlier.until(later).map_or(0, |span| span.get_days());
    Number::from(i128::from(days) * 86_400)
}
