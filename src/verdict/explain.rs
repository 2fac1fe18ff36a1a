//! What there is to say of a case: the formula with its figures, the shortfall, what to supply, the cells.

mod advice;
mod bearing;
mod bounds;
mod formula;
mod pace;
mod paper;
mod rows;
mod turn;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::eval::{CaseEnv, Figures};
use super::judge::{self, Options};
use super::rollup::Gap;
use super::trace::{Origin, Trace, Traced};
use super::{Case, Cited, Figure, Finding, Verdict, cases};
use crate::base::Bi;
use crate::data::{Cell, Place, Table};
use crate::engine::{Found, Order, Pick, Search};
use crate::plan::columns_of;
use crate::plan::operators::{self, Fault, Value};
use crate::quantity::{Scalar, Truth};
use crate::semantics::hir::{
    Aggregate, ColumnId, DatasetId, Expr, Function, INDICATOR_TABLE, Requirement, Rule, RuleId, indicator_table,
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
    options: &Options,
) -> Draft<'a> {
    let as_of = options.as_of;
    let mut finding = Finding {
        case: at,
        otherwise: None,
        rows: None,
        attained: None,
        attained_range: None,
        threshold: None,
        threshold_range: None,
        shortfall: None,
        explain: None,
        applies: None,
        calculation: None,
        pace: None,
        advice: Vec::new(),
        evidence: Vec::new(),
    };
    let env = CaseEnv {
        figures,
        members: std::sync::Arc::clone(&case.members),
        set: Vec::new(),
        period: case.period,
        trace: None,
        named: None,
        sums: Some(Rc::default()),
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
            rows::rows(figures, id, &env, options.steps, &mut finding);
            Draft { finding, figures: Vec::new(), searches: Vec::new(), of: Vec::new() }
        }
        Requirement::Case(condition) => {
            let idle = case.verdict == Verdict::NotApplicable;
            let required = || std::iter::once(condition).filter(|_| !idle);
            let mut traced = trace(&env, rule.when.iter().chain(required()));
            // What leaves it open: whether the rule is about the case at all, or whether its condition holds.
            let open = rule.when.as_ref().filter(|when| operators::truth(&env, when) != Truth::True);
            let open = open.unwrap_or(condition);
            match operators::truth(&env, open) {
                Truth::False if matches!(case.verdict, Verdict::Fail | Verdict::Waived | Verdict::Pending) => {
                    formula::explain(&env, open, &mut finding);
                }
                Truth::True if case.verdict == Verdict::Pass => formula::held(&env, open, &mut finding),
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
                finding.advice.extend(advice::faults(&env, rule.when.iter().chain(required())));
                if options.steps {
                    let steps = paper::conditions(&env, [rule.when.as_ref(), required().next()]);
                    [finding.applies, finding.calculation] = steps;
                }
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
            Origin::Rows { aggregate, keys: Some(keys), gap, rows, .. } => {
                let value = aggregate.of.as_deref();
                let pick = match gap {
                    None => Pick::Matching,
                    Some(Gap::Doubtful) => Pick::Doubtful(value),
                    Some(_) => continue,
                };
                let share = aggregate.function == Function::Share && *gap == Some(Gap::Doubtful);
                let filter = aggregate.filter.as_deref().filter(|_| !share);
                let order = order(aggregate);
                let (keys, rows) = (keys.clone(), *rows);
                Search { dataset: aggregate.dataset, keys, filter, pick, order, limit: CELLS, rows }
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
                order: Order::Standing,
                limit: CELLS,
                rows: None,
            },
            _ => continue,
        };
        searches.push(search);
        of.push(at);
    }
    (searches, of)
}

/// What the rows that were looked up add to a finding.
pub(super) struct Looked {
    advice: Vec<Bi>,
    evidence: Vec<Figure>,
}

impl Draft<'_> {
    /// The finding with its cells.
    pub fn finish(mut self, looked: Looked) -> Finding {
        self.finding.advice.extend(looked.advice);
        self.finding.evidence.extend(looked.evidence);
        self.finding
    }
}

/// The cells of a draft, from the answers to its searches.
pub(super) fn looked(figures: &Figures<'_>, draft: &Draft<'_>, found: &[Found]) -> Looked {
    let Draft { finding, figures: traced, of, .. } = draft;
    let mut looked = Looked { advice: Vec::new(), evidence: Vec::new() };
    for (at, figure) in traced.iter().enumerate() {
        let found = of.iter().position(|of| *of == at).and_then(|search| found.get(search));
        let (cells, rows): (Vec<Cited>, u64) = match (&figure.origin, found) {
            (Origin::Standard(id), _) => {
                let entry = figures.context.standards.in_force(*id, figure.period);
                let cell = entry.and_then(|entry| {
                    Some(Cited { place: entry.place.clone()?, spot: None, stated: Some(entry.stated.clone()) })
                });
                (cell.into_iter().collect(), 0)
            }
            (_, Some(found)) => (cells(figures, figure, found), contributing(figure, found)),
            (_, None) => (Vec::new(), 0),
        };
        let places: Vec<Place> = cells.iter().map(|cell| cell.place.clone()).collect();
        let repeated = found.is_some_and(|found| repeated(figures, figure, found));
        for advised in advice::gap(figures, figure, (&places, rows), repeated) {
            // A cause is told once, however many figures it leaves open.
            if !finding.advice.contains(&advised) && !looked.advice.contains(&advised) {
                looked.advice.push(advised);
            }
        }
        looked.evidence.push(Figure {
            name: figure.name.clone(),
            value: figure.shown.clone(),
            within: figure.within.clone(),
            unknown: figure.unknown(repeated),
            unit: figure.unit.clone(),
            period: Some(figure.period),
            cells,
            rows,
        });
    }
    looked
}

/// From how many rows a figure comes: of a count of cells, those that are filled.
fn contributing(figure: &Traced<'_>, found: &Found) -> u64 {
    let counted = match (&figure.origin, &figure.value) {
        (Origin::Rows { aggregate, .. }, Value::Known(Scalar::Number(count))) if counts_cells(aggregate) => {
            count.to_i64().and_then(|count| count.try_into().ok())
        }
        _ => None,
    };
    counted.unwrap_or(found.total)
}

/// Does an aggregate count the cells of a column, and not rows?
fn counts_cells(aggregate: &Aggregate) -> bool {
    aggregate.function == Function::Count && aggregate.of.is_some()
}

/// Was what cannot be used submitted more than once: an indicator twice, or rows with the same key?
fn repeated(figures: &Figures<'_>, figure: &Traced<'_>, found: &Found) -> bool {
    if !matches!(figure.value, Value::Fault(Fault::Unreadable | Fault::Conflict)) {
        return false;
    }
    let Origin::Rows { aggregate, .. } = &figure.origin else { return found.total > 1 };
    let Some(table) = figures.context.submission.table(aggregate.dataset) else { return false };
    let same_key = |row: u32, column: ColumnId| table.cell(row as usize, column).has_repeated_key();
    !found.rows.is_empty() && found.rows.iter().all(|(row, blame)| blame.is_some_and(|column| same_key(*row, column)))
}

/// The cells of the rows that a figure comes from, up to a limit: those that are to blame, else those of its value, else of
/// its condition.
fn cells(figures: &Figures<'_>, figure: &Traced<'_>, found: &Found) -> Vec<Cited> {
    let mut columns: BTreeSet<ColumnId> = BTreeSet::new();
    let dataset = match &figure.origin {
        Origin::Rows { aggregate, .. } => {
            match (&aggregate.of, &aggregate.filter) {
                (Some(of), _) => columns_of(of, &mut columns),
                (None, Some(filter)) => columns_of(filter, &mut columns),
                (None, None) => {}
            }
            aggregate.dataset
        }
        _ => {
            columns.insert(indicator_table::VALUE);
            INDICATOR_TABLE
        }
    };
    let Some(table) = figures.context.submission.table(dataset) else { return Vec::new() };
    let of_row = |(row, blame): &(u32, Option<ColumnId>)| -> Vec<Cited> {
        let of = |column: Option<ColumnId>| cited(figures, table, *row as usize, column);
        match blame {
            Some(_) => of(*blame).into_iter().collect(),
            None if columns.is_empty() => of(None).into_iter().collect(),
            None => columns.iter().filter_map(|column| of(Some(*column))).collect(),
        }
    };
    // A blank cell is not counted.
    let filled = matches!(&figure.origin, Origin::Rows { aggregate, gap: None, .. } if counts_cells(aggregate));
    let blank = |row: u32| columns.iter().any(|column| matches!(*table.cell(row as usize, *column), Cell::Blank));
    found.rows.iter().filter(|(row, _)| !(filled && blank(*row))).flat_map(of_row).take(CELLS).collect()
}

/// A cell of a table, or a row of it.
fn cited(figures: &Figures<'_>, table: &Table, row: usize, column: Option<ColumnId>) -> Option<Cited> {
    let place = table.place(&figures.context.submission.inputs, row, column)?;
    let stated = column.and_then(|column| table.stored(row, column));
    let spot = column.filter(|_| stated.is_none()).and_then(|column| table.spot(row, column));
    Some(Cited { place, spot, stated: stated.flatten() })
}

/// Which rows of an aggregate are named first.
fn order(aggregate: &Aggregate) -> Order<'_> {
    match (aggregate.function, aggregate.of.as_deref()) {
        (Function::Sum | Function::Mean, Some(of)) => Order::Largest(of),
        (Function::Max, Some(of)) => Order::Highest(of),
        (Function::Min, Some(of)) => Order::Lowest(of),
        _ => Order::Standing,
    }
}
