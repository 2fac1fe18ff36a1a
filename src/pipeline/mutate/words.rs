//! How changes are told, and the tests that would notice them, in both languages.

use crate::base::Bi;
use crate::semantics::hir::{Arithmetic, Comparison, Type};

/// What is said of a change.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// `≥ 10% → > 10%`
    pub change: Bi,
    /// 不低于 → 高于, where signs have names.
    pub gloss: Option<Bi>,
    /// The test that would notice it.
    pub kill: Bi,
}

impl Told {
    pub fn new(change: Bi, kill: Bi) -> Self {
        Told { change, gloss: None, kill }
    }
}

/// The words for a comparison of values of a type.
fn name(operator: Comparison, ty: &Type) -> (&'static str, &'static str) {
    let dated = matches!(ty, Type::Date | Type::Period(_));
    match (operator, dated) {
        (Comparison::AtLeast, false) => ("不低于", "at least"),
        (Comparison::AtMost, false) => ("不超过", "at most"),
        (Comparison::Above, false) => ("高于", "above"),
        (Comparison::Below, false) => ("低于", "below"),
        (Comparison::AtLeast, true) => ("不早于", "not before"),
        (Comparison::AtMost, true) => ("不晚于", "not after"),
        (Comparison::Above, true) => ("晚于", "after"),
        (Comparison::Below, true) => ("先于", "before"),
        (Comparison::Equal, _) => ("等于", "equals"),
        (Comparison::NotEqual, _) => ("不等于", "is not"),
    }
}

/// The sign of a calculation.
pub(super) fn arithmetic(operator: Arithmetic) -> &'static str {
    match operator {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "*",
        Arithmetic::Divide => "/",
    }
}

/// a → b
pub(super) fn becomes(from: &str, to: &str) -> Bi {
    Bi::same(format!("{from} → {to}"))
}

/// Without a part.
pub(super) fn without(part: &str) -> Bi {
    Bi::new(format!("去掉 {part}"), format!("without {part}"))
}

/// 不低于 → 高于
pub(super) fn gloss(from: Comparison, to: Comparison, ty: &Type) -> Bi {
    let (from, to) = (name(from, ty), name(to, ty));
    Bi::new(format!("{} → {}", from.0, to.0), format!("{} → {}", from.1, to.1))
}

/// The comparisons that a comparison may be taken for.
pub(super) fn mistaken(operator: Comparison, ordered: bool, yearly: bool) -> &'static [Comparison] {
    match operator {
        Comparison::AtLeast => &[Comparison::Above],
        Comparison::Above => &[Comparison::AtLeast],
        Comparison::AtMost => &[Comparison::Below],
        Comparison::Below => &[Comparison::AtMost],
        Comparison::Equal if yearly => &[],
        Comparison::Equal if ordered => &[Comparison::AtLeast, Comparison::AtMost],
        Comparison::Equal => &[Comparison::NotEqual],
        Comparison::NotEqual => &[Comparison::Equal],
    }
}

/// The test that tells two comparisons with one threshold apart.
pub(super) fn at_threshold(from: Comparison, to: Comparison, threshold: Option<&str>, rows: bool) -> Bi {
    match (from, to, threshold) {
        (Comparison::Equal, Comparison::AtLeast, Some(threshold)) => {
            figure(rows, (&format!("大于 `{threshold}`"), &format!("greater than `{threshold}`")))
        }
        (Comparison::Equal, Comparison::AtMost, Some(threshold)) => {
            figure(rows, (&format!("小于 `{threshold}`"), &format!("less than `{threshold}`")))
        }
        (Comparison::Equal, Comparison::AtLeast, None) => {
            Bi::new("左边大于右边的测试", "a test in which the left side is the greater one")
        }
        (Comparison::Equal, Comparison::AtMost, None) => {
            Bi::new("左边小于右边的测试", "a test in which the left side is the lesser one")
        }
        (_, _, Some(threshold)) => exactly(threshold, rows),
        (_, _, None) => Bi::new("两边恰好相等的测试", "a test in which both sides are equal"),
    }
}

/// The test with this very figure.
pub(super) fn exactly(figure_text: &str, rows: bool) -> Bi {
    figure(rows, (&format!("恰为 `{figure_text}`"), &format!("exactly `{figure_text}`")))
}

fn figure(rows: bool, (zh, en): (&str, &str)) -> Bi {
    if rows {
        Bi::new(format!("有一行{zh}、结论取决于这一行的测试"), format!("a test decided by a row in which it is {en}"))
    } else {
        Bi::new(format!("数值{zh}的测试"), format!("a test in which the figure is {en}"))
    }
}

/// The test that tells two thresholds of a comparison apart. `greater`: the changed one is the greater.
pub(super) fn between(operator: Comparison, from: &str, to: &str, greater: bool, rows: bool) -> Bi {
    let old = match operator {
        Comparison::AtLeast | Comparison::Below => greater,
        Comparison::AtMost | Comparison::Above => !greater,
        Comparison::Equal | Comparison::NotEqual => true,
    };
    exactly(if old { from } else { to }, rows)
}
