//! Ways through the tree of an expression.

use super::ast::{Expr, ExprKind, ListExpr};

impl Expr {
    /// Calls `visit` on the expression and everything below it, filters and lists included.
    pub fn for_each<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        visit(self);
        match &self.kind {
            ExprKind::Number { .. }
            | ExprKind::Text(_)
            | ExprKind::Boolean(_)
            | ExprKind::Date(_)
            | ExprKind::Period(_)
            | ExprKind::ThisPeriod
            | ExprKind::Name(_)
            | ExprKind::Field { .. }
            | ExprKind::ChildrenSum { .. }
            | ExprKind::Unique(_) => {}
            ExprKind::Call { arguments: parts, .. } | ExprKind::And(parts) | ExprKind::Or(parts) => {
                parts.iter().for_each(|part| part.for_each(visit));
            }
            ExprKind::Aggregate { of, filter, .. } => {
                of.for_each(visit);
                filter.iter().for_each(|filter| filter.for_each(visit));
            }
            ExprKind::At { of, .. }
            | ExprKind::Negate(of)
            | ExprKind::Change { of, .. }
            | ExprKind::YearlyGrowth { of, .. }
            | ExprKind::Doubles { of, .. }
            | ExprKind::Filled(of)
            | ExprKind::Matches { of, .. }
            | ExprKind::Not(of)
            | ExprKind::Quantified { condition: of, .. }
            | ExprKind::Streak { condition: of, .. } => of.for_each(visit),
            ExprKind::In { of, list } => {
                of.for_each(visit);
                if let ListExpr::Values(values, _) = list {
                    values.iter().for_each(|value| value.for_each(visit));
                }
            }
            ExprKind::Arithmetic { left, right, .. }
            | ExprKind::Compare { left, right, .. }
            | ExprKind::Before(left, right)
            | ExprKind::Implies(left, right) => {
                left.for_each(visit);
                right.for_each(visit);
            }
            ExprKind::Between { of, low, high } => {
                [of, low, high].into_iter().for_each(|part| part.for_each(visit));
            }
        }
    }
}
