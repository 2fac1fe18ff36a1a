//! Two comparisons in; whether they can be told apart by any value at all.
//!
//! Only of values whose range is known for certain: a number of rows is 0, 1, 2 …, a level is one of its scale.

use std::collections::BTreeSet;

use crate::base::Bi;
use crate::quantity::{Number, Scalar};
use crate::semantics::hir::{Comparison, Expr, ExprKind, Function, Suite, Type};

/// Why no value tells the two comparisons of `of` apart, if none does.
pub(super) fn indistinguishable(
    suite: &Suite,
    of: &Expr,
    (a, at): (Comparison, &ExprKind),
    (b, bt): (Comparison, &ExprKind),
) -> Option<Bi> {
    let (values, reason) = match (at, bt, &of.ty) {
        (ExprKind::Number(at), ExprKind::Number(bt), _) if counts(suite, of) => (
            around([at, bt]),
            Bi::new(
                "行数只会是 0、1、2……，两种写法没有差别",
                "a number of rows is 0, 1, 2 …, and meets either or neither",
            ),
        ),
        (ExprKind::Level(..), ExprKind::Level(..), Type::Level(scale)) => (
            (0..suite.scales.get(scale.0)?.levels.len()).map(Scalar::Level).collect(),
            Bi::new("标度的每一个级别，两种写法的结果都相同", "every level of the scale meets both or neither"),
        ),
        _ => return None,
    };
    let (at, bt) = (scalar(at)?, scalar(bt)?);
    values.iter().all(|value| a.holds(value.cmp(&at)) == b.holds(value.cmp(&bt))).then_some(reason)
}

fn scalar(literal: &ExprKind) -> Option<Scalar> {
    match literal {
        ExprKind::Number(number) => Some(Scalar::Number(number.clone())),
        ExprKind::Level(_, level) => Some(Scalar::Level(*level)),
        _ => None,
    }
}

/// Is it a number of rows, or of different values?
fn counts(suite: &Suite, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Aggregate(aggregate) => matches!(aggregate.function, Function::Count | Function::Distinct),
        ExprKind::Fold { function: Function::Count, .. } => true,
        ExprKind::Fold { function: Function::Sum | Function::Min | Function::Max, of, .. }
        | ExprKind::At { of, .. } => counts(suite, of),
        ExprKind::Indicator(id) => {
            suite.indicators.get(id.0).and_then(|indicator| indicator.body.as_ref()).is_some_and(|body| {
                // A body may rest on further indicators, without end only where the suite does not compile.
                counts(suite, body)
            })
        }
        _ => false,
    }
}

/// Whole numbers from 0 on, one of every stretch that these thresholds mark off.
fn around(thresholds: [&Number; 2]) -> Vec<Scalar> {
    let mut values = BTreeSet::from([0_i64, i64::MAX]);
    for threshold in thresholds {
        let whole = floor(threshold);
        values.extend((-1..=1).filter_map(|step| whole.checked_add(step)).filter(|value| *value >= 0));
    }
    values.into_iter().map(|value| Scalar::Number(Number::from(i128::from(value)))).collect()
}

/// The greatest whole number that is not above a threshold, within bounds.
fn floor(threshold: &Number) -> i64 {
    let below = |value: i64| Number::from(i128::from(value)) <= *threshold;
    let (mut low, mut high) = (-1_i64, i64::MAX - 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if below(middle) { low = middle } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_rounded_down() {
        for (numerator, denominator, whole) in [(7, 2, 3), (3, 1, 3), (0, 1, 0), (1, 3, 0), (-1, 2, -1), (-9, 1, -1)] {
            assert_eq!(Number::ratio(numerator, denominator).map(|n| floor(&n)), Some(whole));
        }
    }
}
