//! The text form of row expressions: equal for equal expressions, wherever they stand.

use std::fmt::{self, Write};

use super::hir::{Arithmetic, Comparison, Expr, ExprKind, List};
use crate::quantity::Scalar;

/// The text form of a row expression: equal for equal expressions.
pub fn expr_text(e: &Expr) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = expr(&mut text, e);
    text
}

fn expr(out: &mut String, e: &Expr) -> fmt::Result {
    match &e.kind {
        ExprKind::Number(number) => write!(out, "{number}"),
        ExprKind::Text(text) => write!(out, "{text:?}"),
        ExprKind::Boolean(value) => write!(out, "{value}"),
        ExprKind::Date(date) => write!(out, "{date}"),
        ExprKind::Period(period) => write!(out, "{period}"),
        ExprKind::Level(scale, level) => write!(out, "level{}:{level}", scale.0),
        ExprKind::Column(column) => write!(out, "#{}", column.0),
        ExprKind::Standard(standard) => write!(out, "standard{}", standard.0),
        ExprKind::Filled(column) => write!(out, "filled(#{})", column.0),
        ExprKind::Compare { operator, left, right } => {
            let operator = match operator {
                Comparison::AtLeast => ">=",
                Comparison::AtMost => "<=",
                Comparison::Above => ">",
                Comparison::Below => "<",
                Comparison::Equal => "=",
                Comparison::NotEqual => "!=",
            };
            infix(out, operator, [&**left, right])
        }
        ExprKind::Arithmetic { operator, left, right } => {
            let operator = match operator {
                Arithmetic::Add => "+",
                Arithmetic::Subtract => "-",
                Arithmetic::Multiply => "*",
                Arithmetic::Divide => "/",
            };
            infix(out, operator, [&**left, right])
        }
        ExprKind::Implies(condition, consequence) => infix(out, "implies", [&**condition, consequence]),
        ExprKind::Near { left, right, margin, relative } => {
            infix(out, if *relative { "near%" } else { "near" }, [&**left, right, margin])
        }
        ExprKind::And(parts) => infix(out, "and", parts),
        ExprKind::Or(parts) => infix(out, "or", parts),
        ExprKind::Not(of) => call(out, "not", of),
        ExprKind::Negate(of) => call(out, "neg", of),
        ExprKind::Matches { of, pattern } => {
            call(out, "matches", of)?;
            write!(out, "{:?}", pattern.as_str())
        }
        ExprKind::In { of, list } => {
            call(out, "in", of)?;
            match list {
                List::Column(dataset, column) => write!(out, "{}#{}", dataset.0, column.0),
                List::Values(values) => values.iter().try_for_each(|value| write!(out, "{}", scalar(value))),
            }
        }
        // Not a row expression: never shared, so its place in the source tells it apart.
        _ => write!(out, "@{}:{}..{}", e.span.file.0, e.span.start, e.span.end),
    }
}

fn infix<'a>(out: &mut String, operator: &str, parts: impl IntoIterator<Item = &'a Expr>) -> fmt::Result {
    out.push('(');
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            write!(out, " {operator} ")?;
        }
        expr(out, part)?;
    }
    out.push(')');
    Ok(())
}

fn call(out: &mut String, name: &str, of: &Expr) -> fmt::Result {
    write!(out, "{name}(")?;
    expr(out, of)?;
    out.push(')');
    Ok(())
}

fn scalar(value: &Scalar) -> String {
    format!("{value:?} ")
}
