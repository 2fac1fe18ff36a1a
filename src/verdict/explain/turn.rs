//! For which values of one figure a comparison holds, all else being as it is: what would change the verdict.

use super::super::eval::{CaseEnv, unit};
use super::super::trace::Traced;
use super::super::{Turn, show};
use super::bearing::bear_on;
use crate::plan::operators::{self, Value};
use crate::quantity::{Number, Scalar, Unit};
use crate::semantics::hir::{Arithmetic, Change, Comparison, Expr, ExprKind};

/// The figure of a comparison that decides it, and where, and what is moved with it. `None` if it is made of several, if
/// the rest of the comparison rests on the same cells, or if a figure is not known exactly.
pub(super) fn turn<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<(Turn, Vec<Traced<'a>>)> {
    match &expr.kind {
        ExprKind::Compare { operator, left, right } if matches!(left.kind, ExprKind::YearlyGrowth { .. }) => {
            let ExprKind::YearlyGrowth { of, periods, official: None } = &left.kind else { return None };
            let (start, _, years) = env.compound(left)?.ok()?;
            let rate = number(env, right)?;
            let wanted = start.number()? * &(&Number::one() + &rate).pow(years);
            let first = env.at(periods.first()?.plus(-1)?);
            let moved = moved(&env.at(*periods.last()?), of, &[(&first, of), (env, right)])?;
            limit(moved, of, *operator, &wanted)
        }
        ExprKind::Compare { operator, left, right } => {
            let side = |of: &'a Expr, operator: Comparison, other: &'a Expr| compared(env, of, operator, other);
            side(left, *operator, right).or_else(|| side(right, operator.flipped(), left))
        }
        ExprKind::Near { left, right, margin, relative } => {
            let moved = moved(env, left, &[(env, right), (env, margin)])?;
            let (middle, margin) = (number(env, right)?, number(env, margin)?);
            let margin = if *relative { &middle.abs() * &margin } else { margin };
            let unit = unit(&left.ty)?;
            let end = |number: Number| unit.from_base(&number).exact();
            let (low, high) = (end(&middle - &margin), end(&middle + &margin));
            // Without any tolerance it is one value.
            let (relation, value) = if low == high { ("=", low) } else { ("∈", format!("[{low}, {high}]")) };
            named(moved, relation, unit.behind(&value))
        }
        ExprKind::Doubles { of, since, times } => {
            let (old, _) = env.ends(of, *since)?;
            let wanted = old.number()? * &Number::from(2i128).pow(*times);
            limit(moved(env, of, &[(&env.in_period(*since)?, of)])?, of, Comparison::AtLeast, &wanted)
        }
        _ => None,
    }
}

fn compared<'a>(
    env: &CaseEnv<'a>,
    left: &'a Expr,
    operator: Comparison,
    right: &'a Expr,
) -> Option<(Turn, Vec<Traced<'a>>)> {
    if let ExprKind::Change { kind, of, since, official: None } = &left.kind {
        let (old, _) = env.ends(of, *since)?;
        let (old, wanted) = (old.number()?.clone(), number(env, right)?);
        let relative = matches!(kind, Change::Growth | Change::Reduction);
        if relative && (old.is_zero() || old.is_negative()) {
            return None;
        }
        let step = if relative { &old * &wanted } else { wanted };
        let moved = moved(env, of, &[(&env.in_period(*since)?, of), (env, right)])?;
        return match kind {
            Change::Growth | Change::Increase => limit(moved, of, operator, &(&old + &step)),
            Change::Reduction | Change::Decrease => limit(moved, of, operator.flipped(), &(&old - &step)),
        };
    }
    if let ExprKind::Arithmetic { operator: Arithmetic::Divide, left: part, right: of } = &left.kind {
        let moved = moved(env, part, &[(env, of), (env, right)])?;
        let (of, share) = (number(env, of)?, number(env, right)?);
        return (!of.is_zero() && !of.is_negative()).then(|| limit(moved, part, operator, &(&of * &share)))?;
    }
    let moved = moved(env, left, &[(env, right)])?;
    let wanted = operators::value(env, right);
    let value = match (&wanted, unit(&left.ty)) {
        (Value::Known(Scalar::Number(number)), Some(unit)) => shown(number, unit),
        (Value::Known(scalar), _) => show::scalar(env.figures.suite(), scalar, &right.ty),
        _ => return None,
    };
    named(moved, operator.sign(), value)
}

fn limit<'a>(
    moved: Vec<Traced<'a>>,
    of: &Expr,
    operator: Comparison,
    wanted: &Number,
) -> Option<(Turn, Vec<Traced<'a>>)> {
    let value = shown(wanted, unit(&of.ty)?);
    named(moved, operator.sign(), value)
}

/// The last of what is moved is the figure itself.
fn named<'a>(moved: Vec<Traced<'a>>, relation: &'static str, value: String) -> Option<(Turn, Vec<Traced<'a>>)> {
    let figure = moved.last()?.name.clone();
    Some((Turn { figure, relation, value }, moved))
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
    noted(env, expr)?.pop().map(|figure| figure.name)
}

/// A figure after those that it is computed from, if an expression is one.
fn noted<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<Vec<Traced<'a>>> {
    let inner = match &expr.kind {
        ExprKind::At { of, .. } => of,
        _ => expr,
    };
    let single = matches!(inner.kind, ExprKind::Indicator(_) | ExprKind::Aggregate(_) | ExprKind::Standard(_));
    single.then(|| super::trace(env, std::iter::once(expr)))
}

/// What is moved with a figure that is known exactly, if nothing else in the comparison is.
fn moved<'a>(env: &CaseEnv<'a>, figure: &'a Expr, rest: &[(&CaseEnv<'a>, &'a Expr)]) -> Option<Vec<Traced<'a>>> {
    let moved = noted(env, figure)?;
    let exact = matches!(moved.last()?.value, Value::Known(_));
    let rests = |(env, expr): &(&CaseEnv<'a>, &'a Expr)| super::trace(env, std::iter::once(*expr));
    (exact && !rest.iter().any(|other| bear_on(&moved, &rests(other)))).then_some(moved)
}
