//! Conditions that hold of few rows or groups: what they demand of a column, so that the others need not be looked at.

use crate::quantity::Scalar;
use crate::semantics::hir::{ColumnId, Comparison, Expr, ExprKind, List};

/// A column that a condition is false of for certain where it holds another value than one of these: a part of it says so, and
/// what is false in one part is false.
pub fn demanded(condition: &Expr) -> Option<(ColumnId, Vec<Scalar>)> {
    match &condition.kind {
        ExprKind::Compare { operator: Comparison::Equal, left, right } => match (&left.kind, &right.kind) {
            (ExprKind::Column(column), _) => Some((*column, vec![constant(right)?])),
            (_, ExprKind::Column(column)) => Some((*column, vec![constant(left)?])),
            _ => None,
        },
        ExprKind::In { of, list: List::Values(values) } => match of.kind {
            ExprKind::Column(column) => Some((column, values.clone())),
            _ => None,
        },
        ExprKind::And(parts) => parts.iter().find_map(demanded),
        _ => None,
    }
}

/// A value that stands in a condition. Numbers are left out: they are no keys.
fn constant(expr: &Expr) -> Option<Scalar> {
    Some(match &expr.kind {
        ExprKind::Text(text) => Scalar::text(text),
        ExprKind::Date(date) => Scalar::Date(*date),
        ExprKind::Period(period) => Scalar::Period(*period),
        ExprKind::Level(_, level) => Scalar::Level(*level),
        ExprKind::Boolean(value) => Scalar::Boolean(*value),
        _ => return None,
    })
}
