//! The formula of a failed condition with its figures put in, and by how much it was missed.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::super::eval::{CaseEnv, unit};
use super::super::{Finding, show};
use super::bounds;
use crate::base::{Bi, Range, plural};
use crate::plan::operators::{self, Value};
use crate::quantity::{Number, Scalar, Truth, Unit, compound_rate};
use crate::semantics::hir::{Arithmetic, Change, Comparison, Expr, ExprKind, Function, PeriodRef, Type};

/// How many failed parts of a condition are shown.
pub(super) const PARTS: usize = 5;

/// Fills in what was attained, the threshold, the shortfall and the formula of a condition that does not hold.
pub(super) fn explain<'a>(env: &CaseEnv<'a>, condition: &'a Expr, finding: &mut Finding) {
    let mut parts = Vec::new();
    responsible(env, condition, Truth::False, &mut parts);
    nearest(condition, &mut parts);
    // What makes a negated condition fail is that it holds: there is no shortfall to show.
    parts.retain(|(env, part)| operators::truth(env, part) == Truth::False);
    let shown = parts.iter().take(PARTS).filter_map(|(env, part)| part_of(env, part)).collect();
    fill(finding, shown);
}

/// Fills in what was attained, the threshold and the formula of a condition that holds.
pub(super) fn held<'a>(env: &CaseEnv<'a>, condition: &'a Expr, finding: &mut Finding) {
    let mut parts = Vec::new();
    responsible(env, condition, Truth::True, &mut parts);
    parts.retain(|(env, part)| operators::truth(env, part) == Truth::True);
    let told = |part: Part| Part { shortfall: None, advice: None, ..part };
    fill(finding, parts.iter().take(PARTS).filter_map(|(env, part)| part_of(env, part)).map(told).collect());
}

/// Puts what there is to show of the parts of a condition into the finding: of the first, where it stands to what.
pub(super) fn fill(finding: &mut Finding, parts: Vec<Part>) {
    if let Some(first) = parts.first() {
        finding.attained.clone_from(&first.attained);
        finding.attained_range.clone_from(&first.attained_range);
        finding.threshold.clone_from(&first.threshold);
        finding.threshold_range.clone_from(&first.threshold_range);
        finding.shortfall.clone_from(&first.shortfall);
    }
    finding.advice.extend(parts.iter().filter_map(|part| part.advice.clone()));
    let formulas: Vec<String> = parts.into_iter().filter_map(|part| part.formula).collect();
    if !formulas.is_empty() {
        finding.explain = Some(formulas.join("；"));
    }
}

/// The comparisons that make a condition come out as it does, each in the period it is made in.
pub(super) fn responsible<'a>(
    env: &CaseEnv<'a>,
    expr: &'a Expr,
    wanted: Truth,
    parts: &mut Vec<(CaseEnv<'a>, &'a Expr)>,
) {
    if operators::truth(env, expr) != wanted {
        return;
    }
    match &expr.kind {
        ExprKind::And(inner) | ExprKind::Or(inner) => {
            inner.iter().for_each(|part| responsible(env, part, wanted, parts));
        }
        ExprKind::Not(inner) => responsible(env, inner, wanted.not(), parts),
        ExprKind::Implies(condition, consequence) => {
            responsible(env, condition, wanted.not(), parts);
            responsible(env, consequence, wanted, parts);
        }
        ExprKind::Quantified { periods, condition, .. } => {
            periods.iter().for_each(|period| responsible(&env.at(*period), condition, wanted, parts));
        }
        ExprKind::Streak { times, condition, .. } => {
            let back = (0..*times).filter_map(|count| env.period.plus(-i32::try_from(count).ok()?));
            back.for_each(|period| responsible(&env.at(period), condition, wanted, parts));
        }
        _ => parts.push((env.clone(), expr)),
    }
}

/// Of a series one of whose periods is enough, the one that comes closest.
fn nearest<'a>(condition: &'a Expr, parts: &mut Vec<(CaseEnv<'a>, &'a Expr)>) {
    if !matches!(condition.kind, ExprKind::Quantified { every: false, .. }) {
        return;
    }
    let off = |(env, part): &(CaseEnv<'a>, &'a Expr)| match &part.kind {
        ExprKind::Compare { left, right, .. } => {
            let (a, b) = (operators::value(env, left), operators::value(env, right));
            Some((a.number()? - b.number()?).abs())
        }
        _ => None,
    };
    let offs: Option<Vec<Number>> = parts.iter().map(off).collect();
    let least = offs.and_then(|offs| offs.into_iter().enumerate().min_by(|(_, a), (_, b)| a.cmp(b)));
    if let Some((at, _)) = least {
        *parts = vec![parts.swap_remove(at)];
    }
}

/// What there is to show of one comparison.
#[derive(Default)]
pub(super) struct Part {
    pub attained: Option<String>,
    pub attained_range: Option<Range>,
    pub threshold: Option<String>,
    pub threshold_range: Option<Range>,
    pub shortfall: Option<String>,
    pub formula: Option<String>,
    /// The formula with both sides as they come out, if the comparison is of two values.
    pub outcome: Option<String>,
    /// By how much it holds or does not, if that can be acted on.
    pub margin: Option<String>,
    pub advice: Option<Bi>,
}

pub(super) fn part_of<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<Part> {
    if let Some(part) = bounds::part_of(env, expr) {
        return Some(part);
    }
    match &expr.kind {
        ExprKind::Compare { operator, left, right } => match env.compound(left) {
            Some(ends) => compound(env, *operator, left, right, ends.ok()?),
            None => compare(env, *operator, left, right),
        },
        ExprKind::Near { left, right, margin, relative } => near(env, left, right, margin, *relative),
        ExprKind::Doubles { of, since, times } => doubles(env, of, *since, *times),
        ExprKind::In { of, .. } | ExprKind::Matches { of, .. } => Some(Part {
            attained: show::value(env.figures.suite(), &operators::value(env, of), &of.ty),
            ..Part::default()
        }),
        _ => None,
    }
}

fn compare<'a>(env: &CaseEnv<'a>, operator: Comparison, left: &'a Expr, right: &'a Expr) -> Option<Part> {
    let suite = env.figures.suite();
    let (a, b) = (operators::value(env, left), operators::value(env, right));
    let (Value::Known(a), Value::Known(b)) = (&a, &b) else { return None };
    let (attained, threshold, shortfall, advice) = match (a, b, show::common_unit(&left.ty, &right.ty)) {
        (Scalar::Number(a), Scalar::Number(b), Some(common)) => {
            let (attained, threshold) = show::pair(a, b, common, (env.scale(left), env.scale(right)));
            let (missed, unit) = missed(env, left, a, b, common);
            let shortfall = show::quantity(&missed, &unit);
            let advice = act(left, operator, &Bi::same(shortfall.clone()), missed.is_zero());
            (attained, threshold, Some(shortfall), advice)
        }
        (Scalar::Level(a_level), Scalar::Level(b_level), _) => {
            let steps = a_level.abs_diff(*b_level);
            let shortfall = Bi::new(format!("{steps} 级"), plural(steps as u64, "level"));
            let advice = act(left, operator, &shortfall, steps == 0);
            (show::scalar(suite, a, &left.ty), show::scalar(suite, b, &right.ty), Some(shortfall.zh), advice)
        }
        (Scalar::Date(a_date), Scalar::Date(b_date), _) => {
            let days = a_date.until(*b_date).map_or(0, |span| span.get_days().unsigned_abs());
            let advice = match days {
                0 => act(left, operator, &Bi::same(""), true),
                _ => Some(Bi::new(format!("相差 {days} 天"), format!("{} apart", plural(days.into(), "day")))),
            };
            (a_date.to_string(), b_date.to_string(), Some(format!("{days} 天")), advice)
        }
        _ => (show::scalar(suite, a, &left.ty), show::scalar(suite, b, &right.ty), None, None),
    };
    // Nothing is short of being another value.
    let shortfall = shortfall.filter(|_| operator != Comparison::NotEqual);
    let margin = shortfall.clone().filter(|_| matches!(a, Scalar::Number(_)) && a != b);
    let relation = relation(a.cmp(b));
    let side = |expr: &'a Expr, shown: &str| match substituted(env, expr) {
        Some(formula) => format!("{formula} {}", show::equals(shown)),
        None => shown.to_owned(),
    };
    let right_side = match substituted(env, right) {
        Some(formula) => match threshold.strip_prefix('≈') {
            Some(rounded) => format!("{rounded} ≈ {formula}"),
            None => format!("{threshold} = {formula}"),
        },
        None => threshold.clone(),
    };
    let formula = format!("{} {relation} {right_side}", side(left, &attained));
    let outcome = Some(format!("{attained} {relation} {threshold}"));
    let (attained, threshold, formula) = (Some(attained), Some(threshold), Some(formula));
    Some(Part { attained, threshold, shortfall, formula, outcome, margin, advice, ..Part::default() })
}

/// How the two sides really stand, which is not how the rule wants them to.
pub(super) fn relation(ordering: Ordering) -> &'static str {
    match ordering {
        Ordering::Less => "<",
        Ordering::Greater => ">",
        Ordering::Equal => "=",
    }
}

/// By how much a comparison is missed, and in which unit: for a relative change, in the unit of what changes.
fn missed<'a>(env: &CaseEnv<'a>, left: &'a Expr, a: &Number, b: &Number, common: &Unit) -> (Number, Unit) {
    if let ExprKind::Change { kind: kind @ (Change::Growth | Change::Reduction), of, since, official: None } =
        &left.kind
        && let (Some((Value::Known(Scalar::Number(old)), Value::Known(Scalar::Number(new)))), Some(unit)) =
            (env.ends(of, *since), unit(&of.ty))
    {
        let factor = if *kind == Change::Growth { &Number::one() + b } else { &Number::one() - b };
        return ((&new - &(&old * &factor)).abs(), unit.clone());
    }
    ((a - b).abs(), show::difference_unit(common))
}

/// What would put it right, as a person would say it.
pub(super) fn act(left: &Expr, operator: Comparison, shortfall: &Bi, equal: bool) -> Option<Bi> {
    let change = match &left.kind {
        ExprKind::Change { kind, .. } => Some(*kind),
        _ => None,
    };
    if equal {
        return match operator {
            Comparison::Above | Comparison::Below => {
                Some(Bi::new("正好等于界限，而规则不含本数", "it equals the limit, which the rule excludes"))
            }
            _ => None,
        };
    }
    let Bi { zh, en } = shortfall;
    Some(match (operator, change) {
        (Comparison::AtLeast | Comparison::Above, Some(Change::Reduction | Change::Decrease)) => {
            Bi::new(format!("还需压减 {zh}"), format!("cut a further {en}"))
        }
        (Comparison::AtLeast | Comparison::Above, Some(_)) => {
            Bi::new(format!("还需增加 {zh}"), format!("raise it by a further {en}"))
        }
        (Comparison::AtLeast | Comparison::Above, None) => Bi::new(format!("还差 {zh}"), format!("{en} short")),
        (Comparison::AtMost | Comparison::Below, _) => Bi::new(format!("超出 {zh}"), format!("{en} over the limit")),
        (Comparison::Equal, _) => Bi::new(format!("相差 {zh}"), format!("off by {en}")),
        (Comparison::NotEqual, _) => return None,
    })
}

fn near<'a>(env: &CaseEnv<'a>, left: &'a Expr, right: &'a Expr, margin: &'a Expr, relative: bool) -> Option<Part> {
    let number = |expr: &'a Expr| operators::value(env, expr).number().cloned();
    let (a, b, allowed) = (number(left)?, number(right)?, number(margin)?);
    let common = show::common_unit(&left.ty, &right.ty)?;
    let (attained, threshold) = show::pair(&a, &b, common, (env.scale(left), env.scale(right)));
    let (shown, allowed) = match (relative, unit(&margin.ty)) {
        (true, Some(unit)) => (show::quantity(&allowed, unit), &b.abs() * &allowed),
        (_, Some(unit)) => (show::quantity(&allowed, unit), allowed),
        (_, None) => return None,
    };
    let threshold = if relative { format!("{threshold} 左右 {shown}") } else { format!("{threshold} ± {shown}") };
    let difference = show::difference_unit(common);
    let off = (&a - &b).abs();
    let beyond = (off > allowed).then(|| show::quantity(&(&off - &allowed), &difference));
    let relation = relation(off.cmp(&allowed));
    let (off, allowed) = show::pair(&off, &allowed, &difference, (0, 0));
    let (left, right) = (grouped(env, left, false)?, grouped(env, right, false)?);
    Some(Part {
        attained: Some(attained),
        threshold: Some(threshold),
        formula: Some(format!("|{left} − {right}| {} {relation} {allowed}", show::equals(&off))),
        advice: beyond.as_ref().map(|by| Bi::new(format!("超出容差 {by}"), format!("{by} beyond the tolerance"))),
        shortfall: beyond,
        ..Part::default()
    })
}

fn doubles<'a>(env: &CaseEnv<'a>, of: &'a Expr, since: PeriodRef, times: u32) -> Option<Part> {
    let (old, new) = env.ends(of, since)?;
    let (old, new, unit) = (old.number()?.clone(), new.number()?.clone(), unit(&of.ty)?);
    let factor = Number::from(2i128).pow(times);
    let wanted = &old * &factor;
    let (attained, threshold) = show::pair(&new, &wanted, unit, (env.scale(of), 0));
    let short = (wanted > new).then(|| show::quantity(&(&wanted - &new), unit));
    let (old, relation) = (show::number(&old, unit, 0), relation(wanted.cmp(&new)));
    let formula = format!("{old} × {factor} {} {relation} {attained}", show::equals(&threshold));
    Some(Part {
        attained: Some(attained),
        threshold: Some(threshold),
        formula: Some(formula),
        advice: short.as_ref().map(|short| Bi::new(format!("还差 {short}"), format!("{short} short"))),
        shortfall: short,
        ..Part::default()
    })
}

fn compound<'a>(
    env: &CaseEnv<'a>,
    operator: Comparison,
    left: &'a Expr,
    right: &'a Expr,
    (start, end, years): (Value, Value, u32),
) -> Option<Part> {
    let ExprKind::YearlyGrowth { of, official, .. } = &left.kind else { return None };
    let (start, end) = (start.number()?.clone(), end.number()?.clone());
    let rate = operators::value(env, right).number()?.clone();
    let percent = Unit::percent();
    let attained = compound_rate(&start, &end, years, 6)?;
    let threshold = show::quantity(&rate, &percent);
    let wanted = &start * &(&Number::one() + &rate).pow(years);
    let unit = match official {
        Some(_) => Unit::plain(),
        None => unit(&of.ty)?.clone(),
    };
    let (shown_end, shown_wanted) = show::pair(&end, &wanted, &unit, (0, 0));
    let formula = format!(
        "{} × (1 + {threshold})^{years} {} {} {shown_end}",
        show::number(&start, &unit, 0),
        show::equals(&shown_wanted),
        relation(wanted.cmp(&end)),
    );
    let shortfall = show::quantity(&(&wanted - &end).abs(), &unit);
    Some(Part {
        attained: Some(format!("≈{}%", percent.from_base(&attained).rounded(4))),
        threshold: Some(threshold),
        advice: act(of, operator, &Bi::same(shortfall.clone()), wanted == end),
        margin: Some(shortfall.clone()).filter(|_| wanted != end),
        shortfall: Some(shortfall),
        formula: Some(formula),
        ..Part::default()
    })
}

/// The figures of an expression in its formula; `None` if it is a single figure.
pub(super) fn substituted<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Arithmetic { .. } | ExprKind::Negate(_) => term(env, expr, mixed(expr)),
        ExprKind::Change { kind, of, since, official: None } => {
            let earlier = env.in_period(*since)?;
            let named = mixed(of);
            let (new, old) = (grouped(env, of, named)?, grouped(&earlier, of, named)?);
            Some(match kind {
                Change::Growth => format!("({new} − {old}) / {old}"),
                Change::Reduction => format!("({old} − {new}) / {old}"),
                Change::Increase => format!("{new} − {old}"),
                Change::Decrease => format!("{old} − {new}"),
            })
        }
        ExprKind::Change { since, official: Some(rate), kind: Change::Growth, .. } => {
            let rates = env.official_rates(*rate, *since)?;
            let percent = Unit::percent();
            let factor = |rate: &Number| format!("(1 + {})", show::quantity(rate, &percent));
            let factors: Vec<String> = rates.iter().map(factor).collect();
            (factors.len() > 1).then(|| format!("{} − 1", factors.join(" × ")))
        }
        ExprKind::Fold { function, of, periods } => {
            let terms: Option<Vec<String>> =
                periods.iter().map(|period| grouped(&env.at(*period), of, mixed(of))).collect();
            let terms = terms?;
            Some(match function {
                Function::Sum => terms.join(" + "),
                Function::Mean => format!("({}) / {}", terms.join(" + "), terms.len()),
                Function::Max => format!("max({})", terms.join(", ")),
                Function::Min => format!("min({})", terms.join(", ")),
                Function::Count | Function::Distinct | Function::Share => return None,
            })
        }
        ExprKind::At { of, period, members } => substituted(&env.moved(*period, members)?, of),
        ExprKind::Indicator(id) => {
            let body = env.figures.suite().indicators.get(id.0)?.body.as_ref()?;
            matches!(body.kind, ExprKind::Arithmetic { .. }).then(|| term(env, body, mixed(body))).flatten()
        }
        _ => None,
    }
}

/// Do the figures of an expression have different units?
fn mixed(expr: &Expr) -> bool {
    fn units<'a>(expr: &'a Expr, found: &mut BTreeSet<&'a str>) {
        match &expr.kind {
            ExprKind::Arithmetic { left, right, .. } => {
                units(left, found);
                units(right, found);
            }
            ExprKind::Negate(of) | ExprKind::At { of, .. } => units(of, found),
            _ => found.extend(unit(&expr.ty).map(Unit::name)),
        }
    }
    let mut found = BTreeSet::new();
    units(expr, &mut found);
    found.len() > 1
}

/// A term in parentheses, unless it is a single figure.
fn grouped<'a>(env: &CaseEnv<'a>, expr: &'a Expr, named: bool) -> Option<String> {
    let text = term(env, expr, named)?;
    let inner = match &expr.kind {
        ExprKind::At { of, .. } => of,
        _ => expr,
    };
    let single = !matches!(inner.kind, ExprKind::Arithmetic { .. } | ExprKind::Negate(_)) && !text.starts_with('-');
    Some(if single { text } else { format!("({text})") })
}

/// An expression with its figures: with their units if these are `named`, else only where they are per cent or stand in
/// the rule; where all have one unit, the reader sees it behind the result.
fn term<'a>(env: &CaseEnv<'a>, expr: &'a Expr, named: bool) -> Option<String> {
    match &expr.kind {
        ExprKind::Arithmetic { operator, left, right } => {
            let (sign, tight) = match operator {
                Arithmetic::Add => ("+", false),
                Arithmetic::Subtract => ("−", false),
                Arithmetic::Multiply => ("×", true),
                Arithmetic::Divide => ("/", true),
            };
            let left = if tight { grouped(env, left, named)? } else { term(env, left, named)? };
            Some(format!("{left} {sign} {}", grouped(env, right, named)?))
        }
        ExprKind::Negate(of) => Some(format!("−{}", grouped(env, of, named)?)),
        ExprKind::At { of, period, members } => term(&env.moved(*period, members)?, of, named),
        _ => {
            let value = operators::value(env, expr);
            match (&value, &expr.ty) {
                (Value::Known(Scalar::Number(number)), Type::Quantity(unit)) => {
                    let figure = show::number(number, unit, env.scale(expr));
                    let literal = matches!(expr.kind, ExprKind::Number(_));
                    let with_unit = named || literal || unit.name() == "%";
                    Some(if with_unit { unit.behind(&figure) } else { figure })
                }
                (Value::Known(scalar), ty) => Some(show::scalar(env.figures.suite(), scalar, ty)),
                (Value::Within(interval), Type::Quantity(unit)) => {
                    let stated = show::stated(interval, unit, env.scale(expr)).filter(|_| env.is_stated(expr));
                    let with_unit = named || unit.name() == "%";
                    Some(match stated {
                        Some((figure, _)) if with_unit => unit.behind(&figure),
                        Some((figure, _)) => figure,
                        None => show::range(interval, unit).bracketed(),
                    })
                }
                _ => None,
            }
        }
    }
}
