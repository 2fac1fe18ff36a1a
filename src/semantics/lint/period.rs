//! W0605: the periods that a rule judges against the register's `period`.

use std::collections::BTreeSet;

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic};
use crate::quantity::Period;
use crate::semantics::hir::{ExprKind, Function, PeriodRef, Requirement};
use crate::semantics::walk;
use crate::syntax::ast::ClauseKind;

use super::cited::Entry;
use super::targets::{Subject, Target, conditions};
use super::{Cx, Look, words};

/// The register's period, as far as it is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// `2021`, `2021末`
    Year(i16),
    /// `2021-2025各年`
    Each(i16, i16),
    /// `2021-2025累计`
    Total(i16, i16),
}

impl Wanted {
    fn parse(text: &str) -> Option<Self> {
        let year = |text: &str| {
            let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        let range = |text: &str| {
            let (first, last) = text.split_once(['-', '—', '–', '~'])?;
            year(first).zip(year(last)).filter(|(first, last)| first < last)
        };
        let text = text.trim();
        if let Some(rest) = text.strip_suffix("各年").or_else(|| text.strip_suffix("每年")) {
            return range(rest).map(|(first, last)| Wanted::Each(first, last));
        }
        if let Some(rest) = text.strip_suffix("累计") {
            return range(rest).map(|(first, last)| Wanted::Total(first, last));
        }
        let rest = text.strip_suffix('末').or_else(|| text.strip_suffix('年')).unwrap_or(text);
        year(rest).map(Wanted::Year)
    }
}

/// The years that something is judged in, and whether it is one figure over all of them.
struct Judged {
    years: BTreeSet<i16>,
    total: bool,
    /// Every one of the years counts by itself.
    each: bool,
}

pub fn check(_: &Cx<'_>, rule: &Look<'_>, found: &mut Vec<Diagnostic>) {
    // A condition that is not understood may be the one about the register's period, if it names a period of its own.
    if rule.targets.len() < conditions(rule.rule) && names_periods(rule) {
        return;
    }
    let wanted: Vec<Option<(&Entry<'_>, &str, Wanted)>> = rule
        .entries
        .iter()
        .map(|entry| {
            // Judged year by year up to the period that the register names: its own words for each of them.
            let text = entry.cell("period").filter(|_| entry.cell("baseline") != Some("逐年"))?;
            Some((entry, text, Wanted::parse(text)?))
        })
        .collect();
    let judged = judged(rule);
    let fits = |wanted: Wanted| judged.iter().any(|judged| judged.years.is_empty() || fits(judged, wanted));
    // One entry that fits, or that is not understood, is enough: the rule may be about that one.
    if wanted.iter().any(|entry| entry.is_none_or(|(_, _, wanted)| fits(wanted))) {
        return;
    }
    let Some(Some((entry, text, _))) = wanted.first() else { return };
    let Some(said) = said(rule) else { return };
    let id = entry.id;
    let diagnostic = Diagnostic::rule(
        &codes::PERIOD,
        rule.clause(|clause| matches!(clause, ClauseKind::Period(_))),
        Bi::new(
            format!("规则评判的是 {}，`{id}` 登记的期间是 `{text}`", said.zh),
            format!("the rule judges {}, and `{id}` is registered for `{text}`", said.en),
        ),
    )
    .help(Bi::new("核对原文的期间，改 `期间` 或登记表", "look at the source, and mend `period` or the register"));
    found.push(entry.label(diagnostic));
}

fn names_periods(rule: &Look<'_>) -> bool {
    let Requirement::Case(condition) = &rule.rule.requirement else { return false };
    let mut names = false;
    walk::each(condition, &mut |expr| {
        names |= matches!(
            &expr.kind,
            ExprKind::At { period: Some(PeriodRef::Absolute(_)), .. }
                | ExprKind::Fold { .. }
                | ExprKind::Quantified { .. }
        );
    });
    names
}

/// What the rule judges: each of its targets, or the rule as a whole if it has none.
fn judged(rule: &Look<'_>) -> Vec<Judged> {
    let years = |periods: &[Period]| periods.iter().map(|period| period.calendar_year()).collect();
    let of_target = |target: &Target<'_>| Judged {
        years: years(&target.periods),
        total: matches!(target.of, Subject::Total(_) | Subject::Yearly(_)),
        each: matches!(target.folded, None | Some(Function::Min | Function::Max)),
    };
    if rule.targets.is_empty() {
        return vec![Judged { years: years(rule.periods), total: false, each: true }];
    }
    rule.targets.iter().map(of_target).collect()
}

fn fits(judged: &Judged, wanted: Wanted) -> bool {
    let last = judged.years.last().copied();
    let all = |first: i16, last: i16| (first..=last).all(|year| judged.years.contains(&year));
    let only = |first: i16, last: i16| judged.years.iter().all(|year| (first..=last).contains(year));
    match wanted {
        // What adds up over several years is judged in the last of them.
        Wanted::Year(year) if judged.total => last == Some(year),
        Wanted::Year(year) => only(year, year),
        Wanted::Each(from, to) => judged.each && all(from, to) && only(from, to),
        // An indicator may be a running total itself, read at the end.
        Wanted::Total(from, to) => {
            if judged.total {
                all(from, to) && only(from, to)
            } else {
                only(to, to)
            }
        }
    }
}

fn said(rule: &Look<'_>) -> Option<Bi> {
    match rule.targets.first() {
        Some(target) if !target.periods.is_empty() => Some(words::judged(target)),
        None if !rule.periods.is_empty() => Some(words::periods(rule.periods)),
        _ => None,
    }
}
