//! For which values of one figure a comparison holds, all else being as it is: what would change the verdict.

use super::super::eval::{CaseEnv, unit};
use super::super::{Turn, show};
use crate::plan::operators::{self, Value};
use crate::quantity::{Number, Scalar, Unit};
use crate::semantics::hir::{Arithmetic, Change, Comparison, Expr, ExprKind};

/// The figure of a comparison that decides it, and where. `None` if it is made of several, or if a figure is not known exactly.
pub(super) fn turn<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<Turn> {
    match &expr.kind {
        ExprKind::Compare { operator, left, right } if matches!(left.kind, ExprKind::YearlyGrowth { .. }) => {
            let ExprKind::YearlyGrowth { of, periods, official: None } = &left.kind else { return None };
            let (start, _, years) = env.compound(left)?.ok()?;
            let rate = number(env, right)?;
            let wanted = start.number()? * &(&Number::one() + &rate).pow(years);
            limit(&env.at(*periods.last()?), of, *operator, &wanted)
        }
        ExprKind::Compare { operator, left, right } => {
            let side = |of: &'a Expr, operator: Comparison, other: &'a Expr| compared(env, of, operator, other);
            side(left, *operator, right).or_else(|| side(right, operator.flipped(), left))
        }
        ExprKind::Near { left, right, margin, relative } => {
            let figure = figure(env, left)?;
            let (middle, margin) = (number(env, right)?, number(env, margin)?);
            let margin = if *relative { &middle.abs() * &margin } else { margin };
            let unit = unit(&left.ty)?;
            let end = |number: Number| unit.from_base(&number).exact();
            let (low, high) = (end(&middle - &margin), end(&middle + &margin));
            // Without any tolerance it is one value.
            let (relation, value) = if low == high { ("=", low) } else { ("∈", format!("[{low}, {high}]")) };
            Some(Turn { figure, relation, value: unit.behind(&value) })
        }
        ExprKind::Doubles { of, since, times } => {
            let (old, _) = env.ends(of, *since)?;
            let wanted = old.number()? * &Number::from(2i128).pow(*times);
            limit(env, of, Comparison::AtLeast, &wanted)
        }
        _ => None,
    }
}

fn compared<'a>(env: &CaseEnv<'a>, left: &'a Expr, operator: Comparison, right: &'a Expr) -> Option<Turn> {
    if let ExprKind::Change { kind, of, since, official: None } = &left.kind {
        let (old, _) = env.ends(of, *since)?;
        let (old, wanted) = (old.number()?.clone(), number(env, right)?);
        let relative = matches!(kind, Change::Growth | Change::Reduction);
        if relative && (old.is_zero() || old.is_negative()) {
            return None;
        }
        let step = if relative { &old * &wanted } else { wanted };
        return match kind {
            Change::Growth | Change::Increase => limit(env, of, operator, &(&old + &step)),
            Change::Reduction | Change::Decrease => limit(env, of, operator.flipped(), &(&old - &step)),
        };
    }
    if let ExprKind::Arithmetic { operator: Arithmetic::Divide, left: part, right: of } = &left.kind {
        let (of, share) = (number(env, of)?, number(env, right)?);
        return (!of.is_zero() && !of.is_negative()).then(|| limit(env, part, operator, &(&of * &share)))?;
    }
    let figure = figure(env, left)?;
    let wanted = operators::value(env, right);
    let value = match (&wanted, unit(&left.ty)) {
        (Value::Known(Scalar::Number(number)), Some(unit)) => shown(number, unit),
        (Value::Known(scalar), _) => show::scalar(env.figures.suite(), scalar, &right.ty),
        _ => return None,
    };
    Some(Turn { figure, relation: operator.sign(), value })
}

fn limit<'a>(env: &CaseEnv<'a>, of: &'a Expr, operator: Comparison, wanted: &Number) -> Option<Turn> {
    Some(Turn { figure: figure(env, of)?, relation: operator.sign(), value: shown(wanted, unit(&of.ty)?) })
}

/// A value with its unit, exact if its decimals end.
fn shown(number: &Number, unit: &Unit) -> String {
    let exact = unit.from_base(number).decimal_scale().is_some();
    if exact { unit.behind(&show::exact(number, unit, 0)) } else { show::quantity(number, unit) }
}

fn number<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<Number> {
    operators::value(env, expr).number().cloned()
}

/// What an expression is called as a figure, if it is one.
pub(super) fn figure<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<String> {
    let inner = match &expr.kind {
        ExprKind::At { of, .. } => of,
        _ => expr,
    };
    let single = matches!(inner.kind, ExprKind::Indicator(_) | ExprKind::Aggregate(_) | ExprKind::Standard(_));
    // A figure is noted after those that it is computed from.
    let noted = single.then(|| super::trace(env, std::iter::once(expr)))?;
    noted.into_iter().next_back().map(|figure| figure.name)
}
