//! Ways through a typed expression.

use super::hir::{Expr, ExprKind};

/// The expressions directly below one, on the level of the case: what stands in the rows of an aggregate is left out.
pub fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Number(_)
        | ExprKind::Text(_)
        | ExprKind::Boolean(_)
        | ExprKind::Date(_)
        | ExprKind::Period(_)
        | ExprKind::ThisPeriod
        | ExprKind::Level(..)
        | ExprKind::Column(_)
        | ExprKind::Member(_)
        | ExprKind::Standard(_)
        | ExprKind::Indicator(_)
        | ExprKind::Aggregate(_)
        | ExprKind::Filled(_)
        | ExprKind::Unique(_)
        | ExprKind::ChildrenSum { .. } => Vec::new(),
        ExprKind::At { of, .. }
        | ExprKind::Fold { of, .. }
        | ExprKind::Change { of, .. }
        | ExprKind::YearlyGrowth { of, .. }
        | ExprKind::Doubles { of, .. }
        | ExprKind::In { of, .. }
        | ExprKind::Matches { of, .. }
        | ExprKind::Negate(of)
        | ExprKind::Not(of)
        | ExprKind::Quantified { condition: of, .. }
        | ExprKind::Streak { condition: of, .. } => vec![of],
        ExprKind::Arithmetic { left, right, .. } | ExprKind::Compare { left, right, .. } => vec![left, right],
        ExprKind::Near { left, right, margin, .. } => vec![left, right, margin],
        ExprKind::And(all) | ExprKind::Or(all) => all.iter().collect(),
        ExprKind::Implies(left, right) => vec![left, right],
    }
}

/// Calls `visit` on an expression and everything below it, as far as [`children`] goes.
pub fn each<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(expr);
    for child in children(expr) {
        each(child, visit);
    }
}
