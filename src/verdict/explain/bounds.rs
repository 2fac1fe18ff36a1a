//! What there is to say where figures are known only within bounds: where both sides of a comparison lie, which figures
//! leave it open, and what to supply.

use std::cmp::Ordering;

use super::super::eval::{CaseEnv, unit};
use super::super::trace::{Origin, Traced};
use super::super::{Finding, show};
use super::formula::{self, PARTS, Part};
use crate::base::{Bi, Lang, Range};
use crate::plan::operators::{self, Value};
use crate::quantity::{End, Interval, Number, Truth, Unit, compound_rate};
use crate::semantics::hir::{Change, Comparison, Expr, ExprKind, PeriodRef};

/// How many figures an advice names.
const NAMED: usize = 3;

/// Digits of a compound rate, as a fraction.
const RATE_DIGITS: u32 = 6;

/// Says of an undecided condition where its sides lie, and which figures to supply.
pub(super) fn explain<'a>(env: &CaseEnv<'a>, condition: &'a Expr, doubt: Truth, finding: &mut Finding) {
    let mut parts = Vec::new();
    formula::responsible(env, condition, doubt, &mut parts);
    parts.retain(|(env, part)| operators::truth(env, part) != Truth::True);
    // Of parts that lack a figure it is said which, with the figure.
    let open: Vec<(Part, &(CaseEnv<'a>, &'a Expr))> =
        parts.iter().filter_map(|part| Some((part_of(&part.0, part.1)?, part))).take(PARTS).collect();
    let mut figures: Vec<Traced<'a>> = Vec::new();
    for (_, (env, expr)) in &open {
        for figure in super::trace(env, std::iter::once(*expr)) {
            if !figures.iter().any(|known| known.name == figure.name) {
                figures.push(figure);
            }
        }
    }
    let is_bound = |figure: &&Traced<'_>| matches!(&figure.value, Value::Within(within) if within.is_bound());
    match doubt {
        Truth::Unknown => finding.advice.extend(figures.iter().filter(is_bound).filter_map(only_a_bound)),
        _ => finding.advice.extend(within_rounding(&figures)),
    }
    formula::fill(finding, open.into_iter().map(|(part, _)| part).collect());
}

/// That only a bound of a figure was submitted.
fn only_a_bound(figure: &Traced<'_>) -> Option<Bi> {
    let Traced { name, within: Some(range), origin: Origin::Plain { .. }, .. } = figure else { return None };
    let stated = |text: &String| format!("{text} {}", range.unit).trim_end().to_owned();
    let (zh, en) = match (&range.low, &range.high) {
        (Some(low), _) if range.low_excluded => (format!("超 {}", stated(low)), format!("above {}", stated(low))),
        (Some(low), _) => (format!("{}以上", stated(low)), format!("at least {}", stated(low))),
        (_, Some(high)) if range.high_excluded => (format!("不到 {}", stated(high)), format!("below {}", stated(high))),
        (_, Some(high)) => (format!("{}以内", stated(high)), format!("at most {}", stated(high))),
        (None, None) => return None,
    };
    Some(Bi::new(
        format!("{name} 只报了“{zh}”，判不了：请报确切的数"),
        format!("only “{en}” was reported for {name}, which does not decide it: supply the figure itself"),
    ))
}

/// That the doubt lies within the rounding of figures.
fn within_rounding(figures: &[Traced<'_>]) -> Option<Bi> {
    let rounded: Vec<&Traced<'_>> =
        figures.iter().filter(|figure| figure.within.is_some() && !matches!(figure.origin, Origin::Computed)).collect();
    let named = |lang: Lang| -> Vec<String> {
        rounded.iter().take(NAMED).filter_map(|figure| Some(stated(figure, figure.within.as_ref()?, lang))).collect()
    };
    let (zh, en) = (named(Lang::Zh), named(Lang::En));
    if zh.is_empty() {
        return None;
    }
    let (zh_more, en_more) = if rounded.len() > NAMED { ("等", " and others") } else { ("", "") };
    Some(Bi::new(
        format!("合格与否取决于四舍五入：请报未舍入的数，或多报一位小数（{}{zh_more}）", zh.join("；")),
        format!(
            "it hangs on the rounding of figures: supply these unrounded, or with one more digit ({}{en_more})",
            en.join("; ")
        ),
    ))
}

/// `公用经费[2021] 现报 14.8 万元，误差 ±0.05`
fn stated(figure: &Traced<'_>, range: &Range, lang: Lang) -> String {
    let name = &figure.name;
    match (&figure.shown, &range.half_width, lang) {
        (Some(shown), Some(half), Lang::Zh) => {
            format!("{name} 现报 {}，误差 ±{}", with_unit(shown, range), with_unit(half, range))
        }
        (Some(shown), Some(half), Lang::En) => {
            format!("{name}, stated {}, off by up to {}", with_unit(shown, range), with_unit(half, range))
        }
        (_, _, Lang::Zh) => format!("{name} 在 {} 之间", range.said(lang)),
        (_, _, Lang::En) => format!("{name} is {}", range.said(lang)),
    }
}

fn with_unit(figure: &str, range: &Range) -> String {
    match range.unit.as_str() {
        unit @ ("" | "%" | "‰") => format!("{figure}{unit}"),
        unit => format!("{figure} {unit}"),
    }
}

/// Where one side of a comparison lies.
struct Side {
    said: Bi,
    /// If it is known only within bounds.
    range: Option<Range>,
}

impl Side {
    fn new(interval: &Interval, unit: &Unit, scale: u8) -> Side {
        match interval.exact() {
            Some(number) => {
                let figure = unit.behind(&show::number(number, unit, scale));
                Side { said: Bi::same(figure), range: None }
            }
            None => {
                let range = show::range(interval, unit);
                Side { said: Bi::new(range.said(Lang::Zh), range.said(Lang::En)), range: Some(range) }
            }
        }
    }

    /// `(100.0 − 90.0) / 100.0 ∈ [9.91%, 10.09%]`
    fn formula(&self, computed: Option<String>) -> String {
        match (&self.range, computed) {
            (Some(range), Some(computed)) => format!("{computed} ∈ {}", range.bracketed()),
            (Some(range), None) => range.bracketed(),
            (None, Some(computed)) => format!("{computed} {}", show::equals(&self.said.zh)),
            (None, None) => self.said.zh.clone(),
        }
    }
}

/// What there is to show of a comparison of which a side is known only within bounds; `None` of any other.
pub(super) fn part_of<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<Part> {
    let failed = operators::truth(env, expr) == Truth::False;
    match &expr.kind {
        ExprKind::Compare { operator, left, right } => match env.compound(left) {
            Some(ends) => compound(env, *operator, right, ends.ok()?, failed),
            None => compare(env, *operator, left, right, failed),
        },
        ExprKind::Near { left, right, margin, relative } => near(env, (left, right, margin), *relative, failed),
        ExprKind::Doubles { of, since, times } => doubles(env, of, *since, *times, failed),
        _ => None,
    }
}

/// Two values, if both are numbers and one is known only within bounds.
fn both(a: &Value, b: &Value) -> Option<(Interval, Interval)> {
    if a.number().is_some() && b.number().is_some() {
        return None;
    }
    Some((a.interval()?.into_owned(), b.interval()?.into_owned()))
}

fn compare<'a>(env: &CaseEnv<'a>, operator: Comparison, left: &'a Expr, right: &'a Expr, failed: bool) -> Option<Part> {
    let (a, b) = both(&operators::value(env, left), &operators::value(env, right))?;
    let common = show::common_unit(&left.ty, &right.ty)?;
    let (attained, threshold) = (Side::new(&a, common, env.scale(left)), Side::new(&b, common, env.scale(right)));
    let formula = format!(
        "{} {} {}",
        attained.formula(formula::substituted(env, left)),
        relation(&a, &b),
        threshold.formula(formula::substituted(env, right)),
    );
    let outcome = sides(&a, &b, common, (env.scale(left), env.scale(right)));
    let (short, unit) = short_of(env, left, &a, &b, common);
    let missed = match operator {
        Comparison::AtLeast | Comparison::Above => short,
        Comparison::AtMost | Comparison::Below => short.negate(),
        Comparison::Equal | Comparison::NotEqual => short.magnitude(),
    };
    let shortfall = failed.then(|| Side::new(&missed, &unit, 0).said);
    let advice = shortfall.and_then(|shortfall| formula::act(left, operator, &shortfall, false));
    Some(Part { outcome: Some(outcome), ..part(attained, threshold, formula, advice) })
}

/// Two sides as they come out: `[5.95, 6.05] 万元 > 5 万元`.
pub(super) fn sides(a: &Interval, b: &Interval, unit: &Unit, scales: (u8, u8)) -> String {
    let (left, right) = (Side::new(a, unit, scales.0), Side::new(b, unit, scales.1));
    format!("{} {} {}", left.formula(None), relation(a, b), right.formula(None))
}

/// How far two sides are apart and how far they may be: `[0, 0.2] 万元 ∋ 0.1 万元`; relative: in per cent.
pub(super) fn distance(
    (a, b, unit): (&Interval, &Interval, &Unit),
    (allowed, margin): (&Interval, &Unit),
    relative: bool,
) -> Option<(Bi, String)> {
    let off = if relative { a.divided(b)?.minus(&Interval::point(&Number::one())) } else { a.minus(b) }.magnitude();
    let distance = Side::new(&off, &if relative { Unit::percent() } else { show::difference_unit(unit) }, 0);
    let around = Side::new(allowed, margin, 0);
    let formula = format!("{} {} {}", distance.formula(None), relation(&off, allowed), around.formula(None));
    Some((distance.said, formula))
}

/// By how much a value falls short of another, and in which unit: of a relative change, in the unit of what changes.
fn short_of<'a>(env: &CaseEnv<'a>, left: &'a Expr, a: &Interval, b: &Interval, common: &Unit) -> (Interval, Unit) {
    if let ExprKind::Change { kind: kind @ (Change::Growth | Change::Reduction), of, since, official: None } =
        &left.kind
        && let (Some((old, new)), Some(unit)) = (env.ends(of, *since), unit(&of.ty))
        && let (Some(old), Some(new)) = (old.interval(), new.interval())
    {
        let one = Interval::point(&Number::one());
        let short = match kind {
            Change::Growth => old.times(&one.plus(b)).minus(&new),
            _ => new.minus(&old.times(&one.minus(b))),
        };
        return (short, unit.clone());
    }
    (b.minus(a), show::difference_unit(common))
}

/// How two sides stand to each other, as far as it can be told.
fn relation(a: &Interval, b: &Interval) -> &'static str {
    let always = |holds: fn(Ordering) -> bool| a.orderings(b).all(holds) == Some(true);
    match b.exact() {
        _ if always(Ordering::is_lt) => "<",
        _ if always(Ordering::is_gt) => ">",
        _ if always(Ordering::is_le) => "≤",
        _ if always(Ordering::is_ge) => "≥",
        Some(_) => "∋",
        None => "≷",
    }
}

fn part(attained: Side, threshold: Side, formula: String, advice: Option<Bi>) -> Part {
    Part {
        attained: Some(attained.said.zh),
        attained_range: attained.range,
        threshold: Some(threshold.said.zh),
        threshold_range: threshold.range,
        shortfall: None,
        formula: Some(formula),
        advice,
        ..Part::default()
    }
}

fn near<'a>(
    env: &CaseEnv<'a>,
    (left, right, margin): (&'a Expr, &'a Expr, &'a Expr),
    relative: bool,
    failed: bool,
) -> Option<Part> {
    let (a, b) = (operators::value(env, left), operators::value(env, right));
    let margin_value = operators::value(env, margin);
    let allowed = margin_value.interval()?;
    if [&a, &b, &margin_value].iter().all(|value| value.number().is_some()) {
        return None;
    }
    let (a, b) = (a.interval()?, b.interval()?);
    let common = show::common_unit(&left.ty, &right.ty)?;
    let attained = Side::new(&a, common, env.scale(left));
    let middle = Side::new(&b, common, env.scale(right));
    let around = Side::new(&allowed, unit(&margin.ty)?, 0);
    let (off, formula) = distance((&a, &b, common), (&allowed, unit(&margin.ty)?), relative)?;
    let word = if relative { "左右" } else { "±" };
    let advice = failed
        .then(|| Bi::new(format!("相差 {}，超出容差", off.zh), format!("off by {}, beyond the tolerance", off.en)));
    let said = format!("{} {word} {}", middle.said.zh, around.said.zh);
    Some(part(attained, Side { said: Bi::same(said), range: None }, formula, advice))
}

fn doubles<'a>(env: &CaseEnv<'a>, of: &'a Expr, since: PeriodRef, times: u32, failed: bool) -> Option<Part> {
    let (old, new) = env.ends(of, since)?;
    let (old, new) = both(&old, &new)?;
    let unit = unit(&of.ty)?;
    let factor = Number::from(2i128).pow(times);
    let wanted = old.times(&Interval::point(&factor));
    let (attained, threshold) = (Side::new(&new, unit, env.scale(of)), Side::new(&wanted, unit, 0));
    let old = Side::new(&old, unit, 0);
    let formula = format!("{} {} {} × {factor}", attained.formula(None), relation(&new, &wanted), old.formula(None));
    let missed = failed.then(|| Side::new(&wanted.minus(&new), unit, 0).said);
    let advice = missed.map(|missed| Bi::new(format!("还差 {}", missed.zh), format!("{} short", missed.en)));
    Some(part(attained, threshold, formula, advice))
}

fn compound<'a>(
    env: &CaseEnv<'a>,
    operator: Comparison,
    right: &'a Expr,
    (start, end, years): (Value, Value, u32),
    failed: bool,
) -> Option<Part> {
    let rate = operators::value(env, right);
    if [&start, &end, &rate].iter().all(|value| value.number().is_some()) {
        return None;
    }
    let (start, end, rate) = (start.interval()?, end.interval()?, rate.interval()?);
    let percent = Unit::percent();
    // No roots are taken for the verdict; for reading, the rate's decimals are cut off below and rounded up above.
    let step = Number::from(10i128).pow(RATE_DIGITS);
    let attained_rate = |end: Option<&End>, start: Option<&End>, up: bool| {
        let (end, start) = (end?, start?);
        let rate = compound_rate(&start.at, &end.at, years, RATE_DIGITS)?;
        let rate = if up { &rate + &Number::one().div(&step)? } else { rate };
        Some(End::included(rate))
    };
    let (low, high) = (attained_rate(end.low(), start.high(), false), attained_rate(end.high(), start.low(), true));
    let attained_rates = Interval::between(low, high, false);
    let attained = Side::new(&attained_rates, &percent, 0);
    let threshold = Side::new(&rate, &percent, 0);
    let formula =
        format!("{} {} {}", attained.formula(None), relation(&attained_rates, &rate), threshold.formula(None));
    let (zh, en) = match operator {
        Comparison::AtLeast | Comparison::Above => ("年均增速不够", "the yearly growth falls short"),
        _ => ("年均增速超出", "the yearly growth is over the limit"),
    };
    Some(part(attained, threshold, formula, failed.then(|| Bi::new(zh, en))))
}
