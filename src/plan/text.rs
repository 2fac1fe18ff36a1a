//! The text form of plans and of their expressions: what makes two slots the same, and what snapshots show.

use std::fmt::{self, Write};

use super::{Plan, Slot};
use crate::quantity::Scalar;
use crate::semantics::hir::{Arithmetic, Comparison, Expr, ExprKind, List, Suite};

/// The text form of a slot: equal for equal slots.
pub(super) fn slot(slot: &Slot) -> String {
    let mut text = String::from(if slot.distinct { "distinct" } else { "sums" });
    for (word, part) in [(" of ", &slot.of), (" where ", &slot.filter)] {
        if let Some(part) = part {
            text.push_str(word);
            text.push_str(&expr_text(part));
        }
    }
    text
}

/// The text form of a row expression: equal for equal expressions.
pub(crate) fn expr_text(e: &Expr) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = expr(&mut text, e);
    text
}

/// A plan with the names of its suite.
pub struct PlanText<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its suite.
    pub suite: &'a Suite,
}

impl fmt::Display for PlanText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for query in &self.plan.queries {
            let Some(dataset) = self.suite.datasets.get(query.dataset.0) else { continue };
            let name =
                |id: &crate::semantics::hir::ColumnId| dataset.columns.get(id.0).map_or("?", |c| c.name.as_str());
            writeln!(f, "scan {}", dataset.name)?;
            writeln!(f, "  by {}", query.keys.iter().map(name).collect::<Vec<_>>().join(", "))?;
            for slot in &query.slots {
                writeln!(f, "  {}", self::slot(slot))?;
            }
            for tally in &query.tallies {
                let rule = self.suite.rules.get(tally.rule.0).map_or("?", |rule| rule.id.as_str());
                writeln!(f, "  tally {rule} by {}", tally.keys.iter().map(name).collect::<Vec<_>>().join(", "))?;
            }
        }
        Ok(())
    }
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
