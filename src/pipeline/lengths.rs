//! Figures of periods whose length no rule asks for: months where years are judged.
//!
//! A plan and the submitted tables in; remarks out. Such rows take part in no figure, which would
//! otherwise go unsaid: a year is never made up of its months.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place, plural};
use crate::data::column::Column;
use crate::data::{Cell, Submission};
use crate::plan::{Plan, Query};
use crate::quantity::{Granularity, Period, Scalar};
use crate::semantics::hir::{ColumnId, Suite};

/// A remark for each dataset and length that goes unused.
pub(super) fn unused(suite: &Suite, plan: &Plan, run: Period, submission: &Submission) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for query in &plan.queries {
        let Some(dataset) = suite.datasets.get(query.dataset.0) else { continue };
        let Some((column, table)) = dataset.period.zip(submission.table(query.dataset)) else { continue };
        if !query.keys.contains(&column) {
            continue;
        }
        let asked: BTreeSet<Granularity> =
            query.lengths.iter().map(|length| length.unwrap_or_else(|| run.granularity())).collect();
        let length = |cell: Cow<'_, Cell>| match &*cell {
            Cell::Value(Scalar::Period(period), _) => Some(period.granularity()),
            _ => None,
        };
        let cells = table.columns.get(column.0).into_iter().flat_map(Column::candidates);
        let present: BTreeSet<Granularity> = cells.filter_map(length).collect();
        if asked.is_empty() {
            continue;
        }
        found.extend(
            present
                .difference(&asked)
                .filter_map(|length| remark(&dataset.name, query, column, *length, &asked, submission)),
        );
    }
    found
}

fn remark(
    name: &str,
    query: &Query,
    column: ColumnId,
    length: Granularity,
    asked: &BTreeSet<Granularity>,
    submission: &Submission,
) -> Option<Diagnostic> {
    let table = submission.table(query.dataset)?;
    let mut rows = (0..table.len()).filter_map(|row| match &*table.cell(row, column) {
        Cell::Value(Scalar::Period(period), _) if period.granularity() == length => Some((row, *period)),
        _ => None,
    });
    let (first, period) = rows.next()?;
    let count = rows.count() + 1;
    let asked = |of: fn(Granularity) -> &'static str, between: &str| {
        asked.iter().map(|length| of(*length)).collect::<Vec<_>>().join(between)
    };
    let message = Bi::new(
        format!(
            "`{name}` 有 {count} 行是{}数（如 {period}），规则只取{}数：这些行没有用来计算指标",
            zh(length),
            asked(zh, "、")
        ),
        format!(
            "`{name}` has {} of {} figures (such as {period}), and the rules ask for {} figures only: no figure rests on \
             these",
            plural(count as u64, "row"),
            en(length),
            asked(en, " and ")
        ),
    );
    let help = Bi::new(
        format!("请另报{}数；不会用{}数去推算", asked(zh, "、"), zh(length)),
        format!("supply {} figures as well; they are never derived from {} ones", asked(en, " and "), en(length)),
    );
    let place = table.place(&submission.inputs, first, Some(column)).map_or(Place::Nowhere, Place::from);
    Some(Diagnostic::at(&codes::OTHER_LENGTH, place, message).help(help))
}

fn zh(length: Granularity) -> &'static str {
    match length {
        Granularity::Year => "年度",
        Granularity::Half => "半年",
        Granularity::Quarter => "季度",
        Granularity::Month => "月度",
    }
}

fn en(length: Granularity) -> &'static str {
    match length {
        Granularity::Year => "yearly",
        Granularity::Half => "half-yearly",
        Granularity::Quarter => "quarterly",
        Granularity::Month => "monthly",
    }
}
