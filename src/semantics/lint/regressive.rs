//! W0607, W0608: targets weaker than the figure last reported for the same indicator.
//!
//! A floor below the figure, a ceiling above it; of a total over several periods, below that many times the figure. What
//! is known of the figure only as a bound counts where it decides. Growth rates have a code of their own: a target below
//! last year's growth is no step back.

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic};
use crate::quantity::{Dimension, Granularity, Number, Period, Qualifier, Scalar};
use crate::semantics::hir::{Comparison, IndicatorId, PeriodRef, REGION, Type};
use crate::semantics::outside::Reported;

use super::cited::{Entry, GROWTH, REDUCTION};
use super::targets::{Subject, Target, is_counted};
use super::{Cx, Look, words};

pub fn check(cx: &Cx<'_>, rule: &Look<'_>, found: &mut Vec<Diagnostic>) {
    if cx.figures.is_empty() {
        return;
    }
    for (at, target) in rule.targets.iter().enumerate().filter(|(_, target)| !target.near) {
        if rule.targets.iter().any(|other| is_range(target, other)) {
            continue;
        }
        let Some(first) = target.periods.iter().min().copied() else { continue };
        let mut paired =
            rule.pairs.iter().filter(|pair| pair.target == at).filter_map(|pair| rule.entries.get(pair.entry));
        let named = paired.next();
        let entry = named.or(match rule.entries.as_slice() {
            [only] => Some(only),
            _ => None,
        });
        let Some((figure, rate)) = last_reported(cx, target, named, first) else { continue };
        let count = match &target.of {
            Subject::Total(_) => target.periods.len() as u64,
            _ => 1,
        };
        if is_weaker(target, figure, count) {
            let diagnostic = diagnostic(cx, rule, target, entry, figure, count, rate);
            found.push(entry.map_or(diagnostic.clone(), |entry| entry.label(diagnostic)));
        }
    }
}

/// The latest figure that was reported for what a target is about, and whether it is a growth rate.
fn last_reported<'a>(
    cx: &Cx<'a>,
    target: &Target<'_>,
    entry: Option<&Entry<'_>>,
    first: Period,
) -> Option<(&'a Reported, bool)> {
    let name_of = |id: IndicatorId| cx.indicator(id).map(|indicator| indicator.name.clone());
    let mut names: Vec<String> = Vec::new();
    let rate = match &target.of {
        Subject::Figure(id) => {
            let indicator = cx.indicator(*id)?;
            // Of an indicator that is computed for each department there is no one figure.
            if indicator.params.iter().any(|dim| *dim != REGION) {
                return None;
            }
            names.push(indicator.name.clone());
            let ends = |endings: &[&str]| endings.iter().any(|ending| indicator.name.ends_with(ending));
            cx.rates.contains(id) || ends(&GROWTH) || ends(&REDUCTION)
        }
        Subject::Total(id) => {
            names.extend(name_of(*id));
            false
        }
        Subject::Growth { of, since: PeriodRef::YearsBack(1), official, reduced: false } => {
            names.extend(official.or_else(|| cx.official(*of)).and_then(name_of));
            names.extend(cx.rate_names(*of));
            true
        }
        Subject::Growth { .. } | Subject::Yearly(_) => true,
        Subject::Other => false,
    };
    // What the register calls the quantity is a name of it, too; but not of a total, nor of growth over several years.
    let single = !matches!(&target.of, Subject::Total(_) | Subject::Yearly(_));
    if let Some(entry) = entry.filter(|entry| single && !entry.indicator.is_empty()) {
        let declared = cx.names.get(entry.indicator).copied();
        names.push(declared.and_then(name_of).unwrap_or_else(|| entry.indicator.to_owned()));
    }
    let fits = |figure: &&Reported| match (&figure.ty, &target.ty) {
        (Type::Quantity(reported), Type::Quantity(written)) if *written.dimension() == Dimension::Plain => {
            target.measured.dimension().is_some_and(|measured| measured.comparable(reported.dimension()))
        }
        (Type::Quantity(reported), Type::Quantity(written)) => reported.dimension() == written.dimension(),
        (reported, written) => reported == written,
    };
    let figure = names.iter().filter_map(|name| cx.latest(name, target.region, first)).find(fits)?;
    Some((figure, rate))
}

/// Do two targets hold a figure between a floor and a ceiling? Such a range does not say which way is better.
fn is_range(one: &Target<'_>, other: &Target<'_>) -> bool {
    ((is_floor(one) && is_ceiling(other)) || (is_ceiling(one) && is_floor(other)))
        && one.of == other.of
        && one.of != Subject::Other
        && one.region == other.region
        && one.periods == other.periods
}

fn is_floor(target: &Target<'_>) -> bool {
    matches!(target.operator, Comparison::AtLeast | Comparison::Above)
}

fn is_ceiling(target: &Target<'_>) -> bool {
    matches!(target.operator, Comparison::AtMost | Comparison::Below)
}

/// Is it certain that the target admits less than what was reported?
fn is_weaker(target: &Target<'_>, figure: &Reported, count: u64) -> bool {
    let number = |scalar: &Scalar| match scalar {
        Scalar::Number(number) => Some(number.clone()),
        Scalar::Level(level) => Some(Number::from(*level as u64)),
        _ => None,
    };
    let (Some(threshold), Some(value)) = (number(&target.threshold), number(&figure.value)) else { return false };
    let value = &value * &Number::from(count);
    // Of things that are counted, more than 600 is 601 or more.
    let step = if is_counted(&figure.ty) && threshold.is_integer() { Number::one() } else { Number::zero() };
    match (target.operator, figure.qualifier) {
        (Comparison::AtLeast, Qualifier::Exact | Qualifier::AtLeast) => threshold < value,
        (Comparison::AtLeast, Qualifier::Above) => threshold <= value,
        (Comparison::Above, Qualifier::Exact | Qualifier::AtLeast) => &threshold + &step < value,
        (Comparison::Above, Qualifier::Above) => threshold < value,
        (Comparison::AtMost, Qualifier::Exact | Qualifier::AtMost) => threshold > value,
        (Comparison::AtMost, Qualifier::Below) => threshold >= value,
        (Comparison::Below, Qualifier::Exact | Qualifier::AtMost) => &threshold - &step > value,
        (Comparison::Below, Qualifier::Below) => threshold > value,
        _ => false,
    }
}

fn diagnostic(
    cx: &Cx<'_>,
    rule: &Look<'_>,
    target: &Target<'_>,
    entry: Option<&Entry<'_>>,
    figure: &Reported,
    count: u64,
    rate: bool,
) -> Diagnostic {
    let stands = if is_floor(target) { ("低于", "below") } else { ("高于", "above") };
    let name = target.of.indicator().and_then(|id| cx.indicator(id)).map_or(&figure.name, |indicator| &indicator.name);
    let required = format!("{} {}", target.operator.sign(), words::value(&target.threshold, &target.ty, cx.suite));
    let line = words::at_line(entry.and_then(Entry::line));
    let (when, reported) = (words::judged(target), words::reported(figure));
    let reduced = matches!(&target.of, Subject::Growth { reduced: true, .. })
        || REDUCTION.iter().any(|ending| figure.name.ends_with(ending));
    let (what, held) = match (rate, count) {
        (true, _) if reduced => {
            (("降幅目标", "target of reduction"), Bi::new("最近一次报告的降幅", "the reduction last reported"))
        }
        (true, _) => (("增速目标", "growth target"), Bi::new("最近一次报告的增速", "the growth last reported")),
        (false, 1) => (("目标", "target"), Bi::new("已报告的数", "the figure already reported")),
        (false, count) => {
            let total = match &figure.value {
                Scalar::Number(number) => Scalar::Number(number * &Number::from(count)),
                other => other.clone(),
            };
            let total = words::value(&total, &figure.ty, cx.suite);
            let step = if figure.period.granularity() == Granularity::Year { "年" } else { "期" };
            (
                ("目标", "target"),
                Bi::new(
                    format!("按已报告的数推算的 {count} {step}合计 {total}"),
                    format!("{total}, which is {count} times the figure already reported"),
                ),
            )
        }
    };
    let (code, help) = if rate {
        (
            &codes::SLOWER,
            Bi::new(
                "上年恢复性增长之后目标回落也属常见；核对过的写 `认可 W0608 \"理由\"`",
                "after a year of recovery that is common; once looked into, write `accept W0608 \"reason\"`",
            ),
        )
    } else {
        (
            &codes::REGRESSIVE,
            Bi::new(
                "核对数字有没有抄错、口径有没有变；有意为之的写 `认可 W0607 \"理由\"`",
                "see whether a figure is copied wrongly or a definition has changed; if it is meant, write `accept W0607 \"reason\"`",
            ),
        )
    };
    Diagnostic::rule(
        code,
        rule.span(target.expr),
        Bi::new(
            format!(
                "`{name}` {}的{}（{required}{}）{}{}：{}",
                when.zh, what.0, line.zh, stands.0, held.zh, reported.zh
            ),
            format!(
                "the {} for `{name}` in {} ({required}{}) is {} {}: {}",
                what.1, when.en, line.en, stands.1, held.en, reported.en
            ),
        ),
    )
    .label(
        figure.place.clone(),
        Bi::new(
            format!("已报告：`{}` {}", figure.name, reported.zh),
            format!("reported: `{}` {}", figure.name, reported.en),
        ),
    )
    .help(help)
}
