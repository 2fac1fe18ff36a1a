//! Which constructs a suite has.

use std::collections::BTreeMap;

use duixian::semantics::hir::*;

/// How many kinds of expressions there are.
pub const KINDS: usize = 32;

/// Counts the kinds of expressions of a rule, with those of the indicators and aggregates it uses.
pub fn count_kinds(suite: &Suite, rule: &Rule, counts: &mut BTreeMap<&'static str, usize>) {
    let mut roots: Vec<&Expr> = rule.when.iter().collect();
    match &rule.requirement {
        Requirement::Case(condition) => roots.push(condition),
        Requirement::Rows { when, condition, .. } => {
            roots.extend(when);
            roots.push(condition);
        }
    }
    for root in roots {
        count(suite, root, counts);
    }
}

fn count(suite: &Suite, e: &Expr, counts: &mut BTreeMap<&'static str, usize>) {
    *counts.entry(name(&e.kind)).or_default() += 1;
    match &e.kind {
        ExprKind::Indicator(id) => {
            if let Some(body) = &suite.indicators[id.0].body {
                count(suite, body, counts);
            }
        }
        ExprKind::Aggregate(aggregate) => {
            for part in [&aggregate.of, &aggregate.filter].into_iter().flatten() {
                count(suite, part, counts);
            }
        }
        _ => e.for_each_child(&mut |part| count(suite, part, counts)),
    }
}

fn name(kind: &ExprKind) -> &'static str {
    match kind {
        ExprKind::Number(_) => "number",
        ExprKind::Text(_) => "text",
        ExprKind::Boolean(_) => "boolean",
        ExprKind::Date(_) => "date",
        ExprKind::Period(_) => "period",
        ExprKind::ThisPeriod => "this period",
        ExprKind::Level(..) => "level",
        ExprKind::Column(_) => "column",
        ExprKind::Member(_) => "member",
        ExprKind::Standard(_) => "standard",
        ExprKind::Indicator(_) => "indicator",
        ExprKind::Aggregate(_) => "aggregate",
        ExprKind::At { .. } => "at",
        ExprKind::Fold { .. } => "fold",
        ExprKind::Negate(_) => "negate",
        ExprKind::Arithmetic { .. } => "arithmetic",
        ExprKind::Change { .. } => "change",
        ExprKind::YearlyGrowth { .. } => "yearly growth",
        ExprKind::Compare { .. } => "compare",
        ExprKind::Near { .. } => "near",
        ExprKind::Doubles { .. } => "doubles",
        ExprKind::Filled(_) => "filled",
        ExprKind::Unique(_) => "unique",
        ExprKind::In { .. } => "in",
        ExprKind::Matches { .. } => "matches",
        ExprKind::ChildrenSum { .. } => "children sum",
        ExprKind::Not(_) => "not",
        ExprKind::And(_) => "and",
        ExprKind::Or(_) => "or",
        ExprKind::Implies(..) => "implies",
        ExprKind::Quantified { .. } => "quantified",
        ExprKind::Streak { .. } => "streak",
    }
}
