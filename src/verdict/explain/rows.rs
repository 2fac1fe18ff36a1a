//! What there is to say of a row rule: how many rows do not meet it, which, and the cells that they rest on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::eval::{CaseEnv, Figures};
use super::super::judge::counts;
use super::super::{Figure, Finding, Step, StepKind, Unknown, show};
use super::{CELLS, advice, bearing, cited, paper};
use crate::base::Range;
use crate::data::table::other_dimensions;
use crate::data::{Cell, Table};
use crate::engine::RowCounts;
use crate::plan::columns_of;
use crate::plan::operators::Fault;
use crate::quantity::{Interval, Number, Scalar, Truth};
use crate::semantics::hir::{ColumnId, Dataset, Expr, ExprKind, Requirement, RuleId, Type};

/// Rows whose calculation is written.
const ROWS: usize = 5;

/// Of a row rule: how many rows, and which.
pub(super) fn rows(figures: &Figures<'_>, id: RuleId, env: &CaseEnv<'_>, steps: bool, finding: &mut Finding) {
    let submission = figures.context.submission;
    let Some(rule) = figures.suite().rules.get(id.0) else { return };
    let Requirement::Rows { dataset, condition, when } = &rule.requirement else { return };
    let Some(declared) = figures.suite().datasets.get(dataset.0) else { return };
    let Some(table) = submission.table(*dataset) else {
        finding.advice.push(advice::no_table(figures, *dataset));
        return;
    };
    let groups = counts(figures, id, env).map(|(_, groups)| groups).unwrap_or_default();
    if groups.is_empty() {
        // A rule without periods of its own is about all rows.
        let period = (!rule.periods.is_empty() && declared.period.is_some()).then_some(env.period);
        finding.advice.push(advice::no_rows(&declared.name, &advice::scope(env), period));
    }
    let (mut columns, mut sums) = (BTreeSet::new(), BTreeSet::new());
    for expr in when.iter().chain([condition]) {
        columns_of(expr, &mut columns);
        sums_of(expr, &mut sums);
    }
    let rows: RowCounts = groups.iter().map(|(tallied, _)| tallied.counts).sum();
    finding.rows = Some(rows);
    let (judged, outcomes) = (rows.judged(), [rows.fail, rows.borderline, rows.unknown, rows.error]);
    finding.advice.extend(advice::row_counts(judged, outcomes));
    let faults: BTreeSet<Fault> = groups.iter().flat_map(|(counts, _)| counts.faults.iter().copied()).collect();
    finding.advice.extend(faults.into_iter().filter_map(advice::message));
    let alongs: BTreeSet<ColumnId> = sums.iter().map(|(_, along)| *along).collect();
    let orphans: BTreeMap<ColumnId, Orphans> =
        alongs.into_iter().map(|along| (along, table.orphans(declared, along))).collect();
    let mut named: Vec<u32> = (0..outcomes.len())
        .flat_map(|outcome| groups.iter().filter_map(move |(counts, _)| counts.first.get(outcome)).flatten().copied())
        .collect();
    named.truncate(CELLS);
    if steps {
        let truths = [Truth::False, Truth::Borderline, Truth::Unknown, Truth::Error];
        let worst = truths.into_iter().zip(outcomes).find(|(_, count)| *count > 0).map(|(truth, _)| truth);
        let shown = named.iter().take(ROWS);
        let calculated = shown.map(|row| paper::row(figures, declared, table, (*row as usize, &orphans), condition));
        let mut steps: Vec<Step> = calculated.collect();
        let shares = shared(condition, &mut steps);
        let open = outcomes.iter().sum::<u64>();
        let outcome = worst.or((judged > 0).then_some(Truth::True));
        let left_out = open.saturating_sub(steps.len() as u64);
        finding.calculation =
            Some(Step { span: Some(condition.span), outcome, shares, steps, left_out, ..Step::new(StepKind::Rows) });
    }
    let mut lacking = BTreeSet::new();
    for row in named {
        let row = row as usize;
        for column in &columns {
            finding.evidence.extend(cell(figures, declared, table, row, *column));
            for (measure, along) in sums.iter().filter(|(measure, _)| measure == column) {
                let orphans = below_nothing(declared, table, row, *along, orphans.get(along));
                lacking.extend(orphans.iter().filter_map(|orphan| absent_parent(declared, table, *orphan, *along)));
                finding.evidence.extend(below(figures, declared, table, row, (*measure, *along), orphans));
            }
        }
    }
    finding.advice.extend(lacking.iter().take(CELLS).map(|(parent, code)| advice::no_parent(parent, code)));
}

/// Notes which comparisons of each row rest on cells of each other, and says which of these rest on cells of other rows.
fn shared(condition: &Expr, rows: &mut [Step]) -> Option<u64> {
    let (mut read, mut across) = (Vec::new(), BTreeSet::new());
    bearing::columns(condition, &mut read);
    bearing::across(condition, &mut across);
    // The last stands for the other rows.
    read.push(across);
    let mut groups = bearing::groups(&read, |one, other| !one.is_disjoint(other));
    let others = groups.pop().flatten();
    rows.iter_mut().for_each(|row| bearing::note(row, &mut groups.iter().copied()));
    others
}

/// Sums over children: the measure, and the dimension with the hierarchy.
fn sums_of(expr: &Expr, sums: &mut BTreeSet<(ColumnId, ColumnId)>) {
    if let ExprKind::ChildrenSum { measure, along } = &expr.kind {
        sums.insert((*measure, *along));
    }
    expr.for_each_child(&mut |child| sums_of(child, sums));
}

fn cell(figures: &Figures<'_>, dataset: &Dataset, table: &Table, row: usize, column: ColumnId) -> Option<Figure> {
    let declared = dataset.columns.get(column.0)?;
    let mut within = None;
    let (value, unit) = match (&*table.cell(row, column), &declared.ty) {
        (Cell::Value(Scalar::Number(number), scale), Type::Quantity(unit)) => {
            (Some(show::exact(number, unit, *scale)), unit.name().to_owned())
        }
        (Cell::Value(value, _), ty) => (Some(show::scalar(figures.suite(), value, ty)), String::new()),
        (Cell::Within(interval, scale), Type::Quantity(unit)) => {
            let stated = show::stated(interval, unit, *scale);
            let range = |(_, range): &(String, Range)| range.clone();
            within = Some(stated.as_ref().map_or_else(|| show::range(interval, unit), range));
            (stated.map(|(figure, _)| figure), unit.name().to_owned())
        }
        (Cell::Bad(text), _) => (Some(text.to_string()), String::new()),
        (Cell::Blank | Cell::Within(..), _) => (None, String::new()),
    };
    let cells = cited(figures, table, row, Some(column)).into_iter().collect();
    Some(Figure { name: declared.name.clone(), value, within, unknown: None, unit, period: None, cells, rows: 1 })
}

/// Rows without one above them, each with the nearest code further up.
pub(super) type Orphans = Vec<(usize, Scalar)>;

/// Those further down from a row whose codes lack the row in between.
fn below_nothing(
    dataset: &Dataset,
    table: &Table,
    row: usize,
    along: ColumnId,
    orphans: Option<&Orphans>,
) -> Vec<usize> {
    let Cell::Value(code, _) = &*table.cell(row, along) else { return Vec::new() };
    let others = other_dimensions(dataset, along);
    let same = |orphan: usize| others.iter().all(|other| table.cell(orphan, *other) == table.cell(row, *other));
    let found = orphans.into_iter().flatten().filter(|(orphan, above)| above == code && same(*orphan));
    found.map(|(orphan, _)| *orphan).collect()
}

/// The code that should stand above a row, and the row's own.
fn absent_parent(dataset: &Dataset, table: &Table, row: usize, along: ColumnId) -> Option<(String, String)> {
    let hierarchy = dataset.columns.get(along.0)?.hierarchy.as_ref()?;
    match (table.parent(row, along, hierarchy)?, &*table.cell(row, along)) {
        (Scalar::Text(parent), Cell::Value(Scalar::Text(code), _)) => Some((parent.to_string(), code.to_string())),
        _ => None,
    }
}

/// The sum over a row's children, with their cells; of a sum that is not known, with the cells that are to blame.
fn below(
    figures: &Figures<'_>,
    dataset: &Dataset,
    table: &Table,
    row: usize,
    (measure, along): (ColumnId, ColumnId),
    orphans: Vec<usize>,
) -> Option<Figure> {
    let declared = dataset.columns.get(measure.0)?;
    let Type::Quantity(unit) = &declared.ty else { return None };
    let mut children = table.children(dataset, row, along);
    let mut sum = Interval::point(&Number::zero());
    let mut digits = 0;
    let mut blamed = orphans;
    for child in &children {
        match &*table.cell(*child, measure) {
            Cell::Value(Scalar::Number(number), scale) => {
                sum = sum.plus(&Interval::point(number));
                digits = digits.max(*scale);
            }
            Cell::Within(interval, _) => sum = sum.plus(interval),
            Cell::Value(..) | Cell::Blank | Cell::Bad(_) => blamed.push(*child),
        }
    }
    let weight = |child: &usize| match &*table.cell(*child, measure) {
        Cell::Value(Scalar::Number(number), _) => number.abs(),
        Cell::Within(interval, _) => interval.magnitude().high().map_or_else(Number::zero, |end| end.at.clone()),
        Cell::Value(..) | Cell::Blank | Cell::Bad(_) => Number::zero(),
    };
    let cell = |child: &usize| cited(figures, table, *child, Some(measure));
    let figure = |value: Option<String>, within: Option<Range>, unit: &str, rows: &[usize]| Figure {
        name: format!("下级合计 {}", declared.name),
        unknown: (value.is_none() && within.is_none()).then_some(Unknown::Incomplete),
        value,
        within,
        unit: unit.to_owned(),
        period: None,
        cells: rows.iter().take(CELLS).filter_map(cell).collect(),
        rows: rows.len() as u64,
    };
    if let Some(first) = blamed.first() {
        let text = match &*table.cell(*first, measure) {
            Cell::Bad(text) => Some(text.to_string()),
            _ => None,
        };
        return Some(figure(text, None, "", &blamed));
    }
    // Stable: what contributes alike stays in the order of the rows.
    children.sort_by_cached_key(|child| Reverse(weight(child)));
    let within = || show::range(&sum, unit);
    Some(match sum.exact() {
        _ if children.is_empty() => return None,
        Some(sum) => figure(Some(show::exact(sum, unit, digits)), None, unit.name(), &children),
        None => figure(None, Some(within()), unit.name(), &children),
    })
}
