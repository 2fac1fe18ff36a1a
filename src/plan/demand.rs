//! Conditions that hold of few rows or groups: what they demand of a column, so that the others need not be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::columns_of;
use crate::quantity::Scalar;
use crate::semantics::hir::{ColumnId, Comparison, Expr, ExprKind, List};

/// A column that a condition is false of for certain where it holds another value than one of these: a part of it says so, and
/// what is false in one part is false.
pub fn demanded(condition: &Expr) -> Option<(ColumnId, Vec<Scalar>)> {
    all_demanded(condition).into_iter().next()
}

/// All such columns.
pub fn all_demanded(condition: &Expr) -> Vec<(ColumnId, Vec<Scalar>)> {
    match &condition.kind {
        ExprKind::And(parts) => parts.iter().flat_map(all_demanded).collect(),
        ExprKind::Compare { operator: Comparison::Equal, .. } | ExprKind::In { .. } => {
            compared(condition).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The column that a condition compares with values that stand in it, and these.
fn compared(condition: &Expr) -> Option<(ColumnId, Vec<Scalar>)> {
    match &condition.kind {
        ExprKind::Compare { left, right, .. } => match (&left.kind, &right.kind) {
            (ExprKind::Column(column), _) => Some((*column, vec![constant(right)?])),
            (_, ExprKind::Column(column)) => Some((*column, vec![constant(left)?])),
            _ => None,
        },
        ExprKind::In { of, list: List::Values(values) } => match of.kind {
            ExprKind::Column(column) => Some((column, values.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// The columns of a condition, each with the values that alone it tells apart: it asks whether a cell is one of them, or is filled;
/// `None` where it asks for more.
pub(super) fn told_apart(condition: &Expr, columns: &mut BTreeMap<ColumnId, Option<BTreeSet<Scalar>>>) {
    let named = match &condition.kind {
        ExprKind::Compare { operator: Comparison::Equal | Comparison::NotEqual, .. } | ExprKind::In { .. } => {
            compared(condition)
        }
        ExprKind::Filled(column) => Some((*column, Vec::new())),
        _ => None,
    };
    if let Some((column, values)) = named {
        if let Some(known) = columns.entry(column).or_insert_with(|| Some(BTreeSet::new())) {
            known.extend(values);
        }
        return;
    }
    if let ExprKind::Column(_) | ExprKind::Unique(_) | ExprKind::ChildrenSum { .. } = condition.kind {
        let mut whole = BTreeSet::new();
        columns_of(condition, &mut whole);
        columns.extend(whole.into_iter().map(|column| (column, None)));
        return;
    }
    condition.for_each_child(&mut |child| told_apart(child, columns));
}

/// A value that stands in a condition. Numbers are left out: they are no keys.
fn constant(expr: &Expr) -> Option<Scalar> {
    Some(match &expr.kind {
        ExprKind::Text(text) => Scalar::Text(Arc::clone(text)),
        ExprKind::Date(date) => Scalar::Date(*date),
        ExprKind::Period(period) => Scalar::Period(*period),
        ExprKind::Level(_, level) => Scalar::Level(*level),
        ExprKind::Boolean(value) => Scalar::Boolean(*value),
        _ => return None,
    })
}
