//! What there is to say of a case: the formula with its figures, the shortfall, what to supply, the cells.

mod advice;
mod bounds;
mod formula;
mod pace;
mod rows;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;

use super::eval::{CaseEnv, Figures};
use super::judge;
use super::rollup::Gap;
use super::trace::{Origin, Trace, Traced};
use super::{Case, Figure, Finding, Verdict, cases};
use crate::base::Bi;
use crate::data::Place;
use crate::engine::{Found, Pick, Search};
use crate::plan::operators::{self, Value};
use crate::quantity::{Scalar, Truth};
use crate::semantics::hir::{
    ColumnId, DatasetId, Expr, ExprKind, Function, INDICATOR_TABLE, Requirement, Rule, RuleId, indicator_table,
};

/// How many cells of a figure are named.
const CELLS: usize = 20;

/// A finding whose cells have not been looked up yet.
pub(super) struct Draft<'a> {
    finding: Finding,
    figures: Vec<Traced<'a>>,
    /// What to look up; the answers come back in this order.
    pub searches: Vec<Search<'a>>,
    /// Which figure each search is for.
    of: Vec<usize>,
}

/// Evaluates a case once more, noting what it rests on.
pub(super) fn draft<'a>(
    figures: &'a Figures<'a>,
    rule: &'a Rule,
    id: RuleId,
    (at, case): (usize, &Case),
    as_of: Date,
) -> Draft<'a> {
    let mut finding = Finding {
        case: at,
        otherwise: None,
        attained: None,
        attained_range: None,
        threshold: None,
        threshold_range: None,
        shortfall: None,
        explain: None,
        pace: None,
        advice: Vec::new(),
        evidence: Vec::new(),
    };
    let env = CaseEnv {
        figures,
        members: case.members.as_slice().into(),
        set: Vec::new(),
        period: case.period,
        trace: None,
        named: None,
    };
    finding.otherwise = judge::otherwise(figures, rule, id, &env, case.verdict);
    if cases::nobody(&case.members) {
        if rule.awaits(case.period, as_of) {
            finding.advice.push(advice::not_begun(case.period));
        } else {
            finding.advice.extend(nobody(figures, rule, &env));
        }
        return Draft { finding, figures: Vec::new(), searches: Vec::new(), of: Vec::new() };
    }
    match &rule.requirement {
        Requirement::Rows { .. } => {
            rows::rows(figures, id, &env, &mut finding);
            Draft { finding, figures: Vec::new(), searches: Vec::new(), of: Vec::new() }
        }
        Requirement::Case(condition) => {
            let mut traced = trace(&env, rule.when.iter().chain([condition]));
            // What leaves it open: whether the rule is about the case at all, or whether its condition holds.
            let open = rule.when.as_ref().filter(|when| operators::truth(&env, when) != Truth::True);
            let open = open.unwrap_or(condition);
            match operators::truth(&env, open) {
                Truth::False if matches!(case.verdict, Verdict::Fail | Verdict::Waived | Verdict::Pending) => {
                    formula::explain(&env, open, &mut finding);
                }
                doubt @ (Truth::Borderline | Truth::Unknown) => bounds::explain(&env, open, doubt, &mut finding),
                _ => {}
            }
            if case.verdict == Verdict::Pending {
                let times = pace::Times { as_of, deadline: rule.named_day() };
                let (pace, rests_on) = watched(&env, |env| pace::pace(env, condition, times));
                // What a stock was before is no part of the condition.
                let known = |figure: &Traced<'_>| traced.iter().any(|other| other.name == figure.name);
                let more: Vec<Traced<'_>> = rests_on
                    .into_iter()
                    .filter(|figure| pace.is_some() && matches!(figure.value, Value::Known(_)) && !known(figure))
                    .collect();
                traced.extend(more);
                finding.pace = pace;
            }
            if rule.awaits(case.period, as_of) {
                finding.advice.push(advice::not_begun(case.period));
                traced.retain(|figure| matches!(figure.value, Value::Known(_) | Value::Within(_)));
            } else {
                finding.advice.extend(advice::faults(&env, rule.when.iter().chain([condition])));
            }
            let (searches, of) = searches(&traced);
            Draft { finding, figures: traced, searches, of }
        }
    }
}

/// What to supply for a case that stands for members that cannot be told.
fn nobody<'a>(figures: &Figures<'a>, rule: &'a Rule, env: &CaseEnv<'a>) -> Vec<Bi> {
    if let Some(roster) = cases::roster(figures, rule) {
        return vec![advice::no_roster(roster)];
    }
    let mut absent: Vec<DatasetId> = match &rule.requirement {
        Requirement::Rows { dataset, .. } => vec![*dataset],
        Requirement::Case(condition) => trace(env, rule.when.iter().chain([condition]))
            .iter()
            .filter_map(|figure| match &figure.origin {
                Origin::Rows { aggregate, .. } => Some(aggregate.dataset),
                _ => None,
            })
            .collect(),
    };
    absent.sort_unstable();
    absent.dedup();
    let suite = figures.suite();
    let datasets = absent.into_iter().filter_map(|id| Some((id, suite.datasets.get(id.0)?)));
    datasets
        .map(|(id, dataset)| match figures.context.submission.table(id) {
            None => advice::no_table(figures, id),
            Some(_) => advice::no_rows(&dataset.name, "", Some(env.period)),
        })
        .collect()
}

/// The figures that conditions of a case use.
fn trace<'a>(env: &CaseEnv<'a>, conditions: impl Iterator<Item = &'a Expr>) -> Vec<Traced<'a>> {
    let evaluate = |env: &CaseEnv<'a>| {
        for condition in conditions {
            operators::value(env, condition);
        }
    };
    watched(env, evaluate).1
}

/// The outcome of an evaluation, and the figures that it uses.
fn watched<'a, T>(env: &CaseEnv<'a>, evaluate: impl FnOnce(&CaseEnv<'a>) -> T) -> (T, Vec<Traced<'a>>) {
    let trace = Rc::new(RefCell::new(Trace::default()));
    let outcome = evaluate(&CaseEnv { trace: Some(Rc::clone(&trace)), ..env.clone() });
    let figures = std::mem::take(&mut trace.borrow_mut().figures);
    (outcome, figures)
}

/// The rows to look up for each figure, and which figure each search is for.
fn searches<'a>(traced: &[Traced<'a>]) -> (Vec<Search<'a>>, Vec<usize>) {
    let mut searches = Vec::new();
    let mut of = Vec::new();
    for (at, figure) in traced.iter().enumerate() {
        let search = match &figure.origin {
            Origin::Rows { aggregate, keys: Some(keys), gap, .. } => {
                let value = aggregate.of.as_deref();
                let pick = match gap {
                    None => Pick::Matching,
                    Some(Gap::Doubtful) => Pick::Doubtful(value),
                    Some(_) => continue,
                };
                let share = aggregate.function == Function::Share && *gap == Some(Gap::Doubtful);
                let filter = aggregate.filter.as_deref().filter(|_| !share);
                Search { dataset: aggregate.dataset, keys: keys.clone(), filter, pick, limit: CELLS }
            }
            Origin::Plain { indicator, region, gap: None | Some(Gap::Doubtful) } => Search {
                dataset: INDICATOR_TABLE,
                keys: vec![
                    (indicator_table::INDICATOR, Scalar::text(&indicator.name)),
                    (indicator_table::REGION, Scalar::Text(Arc::clone(region))),
                    (indicator_table::PERIOD, Scalar::Period(figure.period)),
                ],
                filter: None,
                pick: Pick::Matching,
                limit: CELLS,
            },
            _ => continue,
        };
        searches.push(search);
        of.push(at);
    }
    (searches, of)
}

/// A finding with its cells.
pub(super) fn finish(figures: &Figures<'_>, draft: Draft<'_>, found: &[Found]) -> Finding {
    let Draft { mut finding, figures: traced, of, .. } = draft;
    for (at, figure) in traced.iter().enumerate() {
        let found = of.iter().position(|of| *of == at).and_then(|search| found.get(search));
        let (places, rows) = match (&figure.origin, found) {
            (Origin::Standard(id), _) => {
                let entry = figures.context.standards.in_force(*id, figure.period);
                (entry.and_then(|entry| entry.place.clone()).into_iter().collect(), 0)
            }
            (_, Some(found)) => (places(figures, figure, found), found.total),
            (_, None) => (Vec::new(), 0),
        };
        finding.advice.extend(advice::gap(figures, figure, &places, rows));
        finding.evidence.push(Figure {
            name: figure.name.clone(),
            value: figure.shown.clone(),
            within: figure.within.clone(),
            unknown: figure.unknown(),
            unit: figure.unit.clone(),
            places,
            rows,
        });
    }
    finding
}

fn places(figures: &Figures<'_>, figure: &Traced<'_>, found: &Found) -> Vec<Place> {
    let (dataset, column) = match &figure.origin {
        Origin::Rows { aggregate, .. } => (
            aggregate.dataset,
            aggregate.of.as_deref().and_then(|of| match &of.kind {
                ExprKind::Column(column) => Some(*column),
                _ => None,
            }),
        ),
        _ => (INDICATOR_TABLE, Some(indicator_table::VALUE)),
    };
    let submission = figures.context.submission;
    let Some(table) = submission.table(dataset) else { return Vec::new() };
    let place =
        |(row, blame): &(u32, Option<ColumnId>)| table.place(&submission.inputs, *row as usize, blame.or(column));
    found.rows.iter().filter_map(place).collect()
}
