//! Ways through a typed expression.

use super::hir::Expr;

/// The expressions directly below one, as [`Expr::for_each_child`] visits them.
pub fn children(expr: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    expr.for_each_child(&mut |child| found.push(child));
    found
}

/// Calls `visit` on an expression and everything below it, as far as [`children`] goes.
pub fn each<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(expr);
    expr.for_each_child(&mut |child| each(child, visit));
}
