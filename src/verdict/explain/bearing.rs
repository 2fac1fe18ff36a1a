//! Which comparisons of a rule bear on figures of each other: what is done about one may turn another.

use std::collections::BTreeSet;

use super::super::trace::{Origin, Traced};
use super::super::{Step, StepKind};
use crate::plan::{all_demanded, columns_of};
use crate::quantity::Scalar;
use crate::semantics::hir::{Aggregate, ColumnId, Expr, ExprKind, Function, INDICATOR_TABLE};

/// What a comparison is made of, and what of it would be moved to turn it, if that is not any of it.
pub(super) struct Bearing<'a> {
    pub figures: Vec<Traced<'a>>,
    pub moved: Option<Vec<Traced<'a>>>,
}

impl Bearing<'_> {
    /// Does what is done about one of two comparisons touch figures of the other?
    pub fn touches(&self, other: &Self) -> bool {
        let moves = |one: &Self, other: &Self| bear_on(one.moved.as_ref().unwrap_or(&one.figures), &other.figures);
        moves(self, other) || moves(other, self)
    }
}

/// Numbers of the groups of things that touch each other, directly or by others; none of what touches no other.
pub(super) fn groups<T>(things: &[T], touches: impl Fn(&T, &T) -> bool) -> Vec<Option<u64>> {
    let mut of: Vec<usize> = (0..things.len()).collect();
    for (a, one) in things.iter().enumerate() {
        for (b, _) in things.iter().enumerate().skip(a + 1).filter(|(_, other)| touches(one, other)) {
            let (from, to) = (of.get(b).copied(), of.get(a).copied());
            of.iter_mut().filter(|group| Some(**group) == from).for_each(|group| *group = to.unwrap_or(*group));
        }
    }
    let alone = |group: usize| of.iter().filter(|other| **other == group).count() < 2;
    of.iter().map(|group| (!alone(*group)).then_some(*group as u64 + 1)).collect()
}

/// Notes the groups of comparisons, in the order in which they stand.
pub(super) fn note(step: &mut Step, groups: &mut impl Iterator<Item = Option<u64>>) {
    if step.kind == StepKind::Comparison {
        step.shares = groups.next().flatten();
        return;
    }
    step.steps.iter_mut().for_each(|part| note(part, groups));
}

/// The columns that each comparison of a row condition reads, in the order in which they stand.
pub(super) fn columns(condition: &Expr, found: &mut Vec<BTreeSet<ColumnId>>) {
    match &condition.kind {
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) | ExprKind::Implies(..) => {
            condition.for_each_child(&mut |part| columns(part, found));
        }
        _ => {
            let mut read = BTreeSet::new();
            columns_of(condition, &mut read);
            found.push(read);
        }
    }
}

/// The columns by which one row has a say in how another comes out.
pub(super) fn across(condition: &Expr, found: &mut BTreeSet<ColumnId>) {
    match &condition.kind {
        ExprKind::ChildrenSum { measure, along } => found.extend([*measure, *along]),
        ExprKind::Unique(columns) => found.extend(columns),
        _ => condition.for_each_child(&mut |part| across(part, found)),
    }
}

/// Is something among the first that, if it is moved, moves something of the others?
pub(super) fn bear_on(moved: &[Traced<'_>], others: &[Traced<'_>]) -> bool {
    moved.iter().any(|one| others.iter().any(|other| same_source(one, other)))
}

/// May two figures rest on the same cells?
fn same_source(one: &Traced<'_>, other: &Traced<'_>) -> bool {
    match (&one.origin, &other.origin) {
        // What these are computed from was noted too.
        (Origin::Computed, _) | (_, Origin::Computed) => false,
        (Origin::Standard(a), Origin::Standard(b)) => a == b,
        (Origin::Plain { indicator: a, region: here, .. }, Origin::Plain { indicator: b, region: there, .. }) => {
            (&a.name, here, one.period) == (&b.name, there, other.period)
        }
        (Origin::Rows { aggregate, .. }, Origin::Plain { .. })
        | (Origin::Plain { .. }, Origin::Rows { aggregate, .. }) => aggregate.dataset == INDICATOR_TABLE,
        (Origin::Rows { aggregate: a, keys: first, .. }, Origin::Rows { aggregate: b, keys: second, .. }) => {
            a.dataset == b.dataset && reads(a, b) && !apart(&pinned(a, first.as_deref()), &pinned(b, second.as_deref()))
        }
        _ => false,
    }
}

/// Does one of two aggregates read a column that the other adds up? Of counts, any.
fn reads(a: &Aggregate, b: &Aggregate) -> bool {
    let columns = |expr: &Option<Box<Expr>>| {
        let mut found = BTreeSet::new();
        expr.iter().for_each(|expr| columns_of(expr, &mut found));
        found
    };
    let (of_a, of_b) = (columns(&a.of), columns(&b.of));
    let touched = |of: &BTreeSet<ColumnId>, other: &Aggregate| {
        let (of_other, filter) = (columns(&other.of), columns(&other.filter));
        of.iter().any(|column| of_other.contains(column) || filter.contains(column))
    };
    of_a.is_empty() || of_b.is_empty() || touched(&of_a, b) || touched(&of_b, a)
}

/// The values that columns of an aggregate's rows have.
type Pins = Vec<(ColumnId, Vec<Scalar>)>;

fn pinned(aggregate: &Aggregate, keys: Option<&[(ColumnId, Scalar)]>) -> Pins {
    let keys = keys.into_iter().flatten();
    let mut pins: Pins = keys.map(|(column, member)| (*column, vec![member.clone()])).collect();
    if aggregate.function != Function::Share {
        pins.extend(aggregate.filter.iter().flat_map(|filter| all_demanded(filter)));
    }
    pins
}

/// Have no two rows the same values of some column?
fn apart(a: &Pins, b: &Pins) -> bool {
    a.iter().any(|(column, values)| {
        let others = b.iter().filter(|(other, _)| other == column);
        others.into_iter().any(|(_, others)| !values.iter().any(|value| others.contains(value)))
    })
}
