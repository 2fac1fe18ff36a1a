//! W0606: the register names an indicator that the suite declares and the rule does not use.

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::semantics::hir::{IndicatorId, Requirement};

use super::cited::citation;
use super::{Cx, Look, mentioned, words};

pub fn check(cx: &Cx<'_>, rule: &Look<'_>, found: &mut Vec<Diagnostic>) {
    if matches!(rule.rule.requirement, Requirement::Rows { .. }) {
        return;
    }
    let mut uses: Option<Vec<IndicatorId>> = None;
    for entry in &rule.entries {
        let Some(named) = cx.names.get(entry.indicator).copied() else { continue };
        let uses = uses.get_or_insert_with(|| cx.uses(rule.rule));
        // A rule on datasets alone may count what the indicator counts.
        if uses.is_empty() || is_used(cx, named, uses) {
            continue;
        }
        let Some(indicator) = cx.indicator(named) else { continue };
        let mut direct = Vec::new();
        let conditions = match &rule.rule.requirement {
            Requirement::Case(condition) => Some(condition),
            Requirement::Rows { .. } => None,
        };
        conditions.into_iter().for_each(|condition| mentioned(condition, &mut direct));
        direct.dedup();
        let used = words::names(direct.iter().filter_map(|id| cx.indicator(*id)).map(|used| used.name.as_str()));
        let (id, name) = (entry.id, &indicator.name);
        let diagnostic = Diagnostic::rule(
            &codes::INDICATOR,
            citation(rule.tree, entry.id).unwrap_or_else(|| rule.name()),
            Bi::new(
                format!("`{id}` 登记的指标是 `{}`，规则用的是 {}", entry.indicator, used.zh),
                format!("`{id}` is registered for `{}`, and the rule uses {}", entry.indicator, used.en),
            ),
        )
        .label(
            Place::Rule(indicator.span),
            Bi::new(format!("`{name}` 在这里声明"), format!("`{name}` is declared here")),
        )
        .help(Bi::new(
            format!("改用 `{name}`；两者本是同一个指标的，写成 `又称`"),
            format!("use `{name}`; if the two are one and the same, declare an `alias`"),
        ));
        found.push(entry.label(diagnostic));
    }
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
