//! W0609: growth computed from levels, where an official rate is declared or was reported.

use std::collections::HashMap;

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::quantity::Dimension;
use crate::semantics::hir::{Change, Expr, ExprKind, IndicatorId, PeriodRef, Requirement, Suite};
use crate::semantics::outside::Reported;
use crate::semantics::walk;

use super::cited::GROWTH;
use super::targets::{figure, growth_of_levels, multiple_of};
use super::{Cx, Look, words};

impl<'a> Cx<'a> {
    /// The indicator that carries the official growth rate of another: by declaration, or evidently by its name.
    pub fn official(&self, of: IndicatorId) -> Option<IndicatorId> {
        let indicator = self.indicator(of)?;
        let by_name = || {
            self.rate_names(of).into_iter().find_map(|name| {
                let id = *self.names.get(name.as_str())?;
                let rate = self.indicator(id)?;
                (rate.body.is_none() && rate.ty.dimension() == Some(&Dimension::Ratio)).then_some(id)
            })
        };
        indicator.growth_from.or_else(by_name)
    }

    /// The latest growth rate that was reported under a name that the suite does not declare.
    fn reported_rate(&self, of: IndicatorId, region: Option<&str>) -> Option<&'a Reported> {
        let names = self.rate_names(of);
        let region = region.unwrap_or(self.input.region);
        let found = names.iter().filter_map(|name| self.figures.get(&(name.as_str(), region))?.last());
        found.copied().find(|rate| rate.indicator.is_none() && rate.ty.dimension() == Some(&Dimension::Ratio))
    }

    /// The names that the growth rate of an indicator evidently has.
    pub fn rate_names(&self, of: IndicatorId) -> Vec<String> {
        let Some(indicator) = self.indicator(of) else { return Vec::new() };
        let names = std::iter::once(&indicator.name).chain(&indicator.aliases);
        names.flat_map(|name| GROWTH.iter().map(move |ending| format!("{name}{ending}"))).collect()
    }
}

pub fn check(cx: &Cx<'_>, rule: &Look<'_>, found: &mut Vec<Diagnostic>) {
    let conditions: Vec<&Expr> = match &rule.rule.requirement {
        Requirement::Case(condition) => rule.rule.when.iter().chain([condition]).collect(),
        Requirement::Rows { .. } => return,
    };
    let mut seen: Vec<IndicatorId> = Vec::new();
    for condition in &conditions {
        walk::each(condition, &mut |expr| {
            let Some(computed) = computed_growth(expr) else { return };
            if !seen.contains(&computed.of)
                && let Some(diagnostic) = diagnostic(cx, rule.span(expr), &computed)
            {
                seen.push(computed.of);
                found.push(diagnostic);
            }
        });
    }
    if cx.growing.is_empty() {
        return;
    }
    // Growth within the formula of an indicator that the rule uses.
    for used in cx.uses(rule.rule) {
        for (computed, span) in cx.growing.get(&used).into_iter().flatten() {
            if !seen.contains(&computed.of)
                && let Some(diagnostic) = diagnostic(cx, rule.name(), computed)
            {
                seen.push(computed.of);
                found.push(diagnostic.label(Place::Rule(*span), Bi::new("在这里推算", "computed here")));
            }
        }
    }
}

/// Growth that the formulas of indicators compute from levels, and where.
pub fn in_formulas(suite: &Suite) -> HashMap<IndicatorId, Vec<(Computed<'_>, Span)>> {
    let mut growing: HashMap<IndicatorId, Vec<(Computed<'_>, Span)>> = HashMap::new();
    for (at, indicator) in suite.indicators.iter().enumerate() {
        let Some(body) = &indicator.body else { continue };
        walk::each(body, &mut |expr| {
            if let Some(computed) = computed_growth(expr) {
                growing.entry(IndicatorId(at)).or_default().push((computed, expr.span));
            }
        });
    }
    growing
}

/// Growth that is computed from levels.
pub struct Computed<'h> {
    of: IndicatorId,
    region: Option<&'h str>,
    /// Against which period; `None`: yearly, over several years.
    since: Option<PeriodRef>,
}

fn computed_growth(expr: &Expr) -> Option<Computed<'_>> {
    let computed = |(of, region), since| Some(Computed { of, region, since });
    match &expr.kind {
        ExprKind::Change { kind: Change::Growth | Change::Reduction, of, since, official: None } => {
            computed(figure(of)?, Some(*since))
        }
        ExprKind::YearlyGrowth { of, official: None, .. } => computed(figure(of)?, None),
        ExprKind::Compare { left, right, .. } => {
            let multiple = multiple_of(left, right).or_else(|| multiple_of(right, left))?;
            computed((multiple.of, multiple.region), Some(multiple.since))
        }
        _ => growth_of_levels(expr).and_then(|levels| computed((levels.of, levels.region), Some(levels.since))),
    }
}

fn diagnostic(cx: &Cx<'_>, span: Span, computed: &Computed<'_>) -> Option<Diagnostic> {
    let of = computed.of;
    let indicator = cx.indicator(of)?;
    let name = &indicator.name;
    if let Some(rate) = cx.official(of).and_then(|id| cx.indicator(id)) {
        let message = Bi::new(
            format!("`{name}` 的增长在这里由总量推算，而它有公布的增速 `{}`", rate.name),
            format!(
                "growth of `{name}` is computed from its levels here, and it has the official rate `{}`",
                rate.name
            ),
        );
        let help = if indicator.growth_from.is_some() {
            Bi::new(
                format!("写 `{name} 增长 ≥ …`，它取公布的增速"),
                format!("write `{name} grows >= …`, which reads the official rate"),
            )
        } else {
            help(name, &rate.name)
        };
        return Some(
            Diagnostic::rule(&codes::OFFICIAL_GROWTH, span, message)
                .label(Place::Rule(rate.span), Bi::new("公布的增速", "the official rate"))
                .help(help),
        );
    }
    if computed.since != Some(PeriodRef::YearsBack(1)) {
        return None;
    }
    let figure = cx.reported_rate(of, computed.region)?;
    let (rate, said) = (&figure.name, words::reported(figure));
    let message = Bi::new(
        format!("`{name}` 的增长在这里由总量推算，而它的增速是单独报告的：`{rate}`"),
        format!(
            "growth of `{name}` is computed from its levels here, and its rate was reported by itself, as `{rate}`"
        ),
    );
    let reported = Bi::new(format!("已报告：`{rate}` {}", said.zh), format!("reported: `{rate}` {}", said.en));
    Some(
        Diagnostic::rule(&codes::OFFICIAL_GROWTH, span, message)
            .label(figure.place.clone(), reported)
            .help(help(name, rate)),
    )
}

fn help(name: &str, rate: &str) -> Bi {
    Bi::new(
        format!(
            "声明 `指标 {rate}: %`，并给 `{name}` 写 `增速取自 {rate}`；本来就按总量计算的，写 `认可 W0609 \"理由\"`"
        ),
        format!(
            "declare `indicator {rate}: %` and, for `{name}`, `growth from {rate}`; if levels are meant, write `accept W0609 \"reason\"`"
        ),
    )
}
