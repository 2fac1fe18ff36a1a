//! W0606: the register names an indicator that the suite declares and the rule does not use.

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::quantity::Dimension;
use crate::semantics::hir::{IndicatorId, Requirement};

use super::cited::citation;
use super::targets::Subject;
use super::{Cx, Look, mentioned, words};

pub fn check(cx: &Cx<'_>, rule: &Look<'_>, found: &mut Vec<Diagnostic>) {
    let Requirement::Case(condition) = &rule.rule.requirement else { return };
    // A rule that cites several entries holds them against each other, and may take numbers of some as they are.
    let [entry] = rule.entries.as_slice() else { return };
    // What is a state or an effort may be measured by anything.
    let soft = entry.cell("check").is_some_and(|check| matches!(check, "state" | "effort" | "fuzzy" | "vague-count"));
    let Some(named) = cx.names.get(entry.indicator).copied().filter(|_| !soft) else { return };
    let uses = cx.uses(rule.rule);
    // A rule on datasets alone may count what the indicator counts, and a share may be computed from its parts.
    if uses.is_empty() || is_used(cx, named, &uses) || (is_ratio(cx, named) && computes_ratio(rule)) {
        return;
    }
    let Some(indicator) = cx.indicator(named) else { return };
    let mut direct = Vec::new();
    mentioned(condition, &mut direct);
    direct.sort_unstable();
    direct.dedup();
    let used = words::names(direct.iter().filter_map(|id| cx.indicator(*id)).map(|used| used.name.as_str()));
    let (id, name) = (entry.id, &indicator.name);
    let message = Bi::new(
        format!("`{id}` 登记的指标是 `{}`，规则用的是 {}", entry.indicator, used.zh),
        format!("`{id}` is registered for `{}`, and the rule uses {}", entry.indicator, used.en),
    );
    let declared = Bi::new(format!("`{name}` 在这里声明"), format!("`{name}` is declared here"));
    let help = Bi::new(
        format!("改用 `{name}`；两者本是同一个指标的，写成 `又称`"),
        format!("use `{name}`; if the two are one and the same, declare an `alias`"),
    );
    let span = citation(rule.tree, entry.id).unwrap_or_else(|| rule.name());
    let diagnostic = Diagnostic::rule(&codes::INDICATOR, span, message);
    found.push(entry.label(diagnostic.label(Place::Rule(indicator.span), declared).help(help)));
}

fn is_ratio(cx: &Cx<'_>, id: IndicatorId) -> bool {
    cx.indicator(id).is_some_and(|indicator| indicator.ty.dimension() == Some(&Dimension::Ratio))
}

/// Does the rule compare a ratio that it computes itself?
fn computes_ratio(rule: &Look<'_>) -> bool {
    rule.targets
        .iter()
        .any(|target| target.of == Subject::Other && target.measured.dimension() == Some(&Dimension::Ratio))
}

/// Does a rule rest on an indicator: on itself, on what it is the growth rate of, on its growth rate, or on all that it is
/// computed from?
fn is_used(cx: &Cx<'_>, named: IndicatorId, uses: &[IndicatorId]) -> bool {
    let rate = |of: IndicatorId| cx.official(of);
    if uses.contains(&named) || uses.iter().any(|used| rate(*used) == Some(named)) {
        return true;
    }
    if rate(named).is_some_and(|rate| uses.contains(&rate)) {
        return true;
    }
    let mut parts = Vec::new();
    if let Some(body) = cx.indicator(named).and_then(|indicator| indicator.body.as_ref()) {
        mentioned(body, &mut parts);
    }
    !parts.is_empty() && parts.iter().all(|part| uses.contains(part))
}
