//! What a change is called, and which test would notice it.

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::data::Equivalent;
use crate::semantics::hir::Comparison;

use super::{Fate, Mutant};

/// A change in words.
#[derive(Clone, Debug)]
pub(super) struct Label {
    span: Span,
    name: String,
    hint: Hint,
}

/// Which test would notice a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// The two sides are equal.
    Equal,
    /// One side is beyond the other.
    Beyond,
    /// The figure lies between the two thresholds.
    Between,
    /// The neighbouring period's figures differ.
    Period,
    /// Another text stands in the rows.
    Text,
    /// Rows that the filter leaves out.
    Filter,
    /// The rule is not about the case.
    When,
    /// Only this condition fails.
    Conjunct,
    /// Only this condition holds.
    Disjunct,
    /// Some, but not all of them.
    Some,
    /// The value that was taken out.
    Listed,
    /// Rows that differ in this column alone.
    Unique,
}

impl Label {
    pub fn new(span: Span, from: String, to: String, hint: Hint) -> Self {
        Label { span, name: format!("{} → {}", folded(&from), folded(&to)), hint }
    }

    /// A part that is left out.
    pub fn dropped(span: Span, text: &str, hint: Hint) -> Self {
        Label { span, name: format!("{} → ∅", folded(text)), hint }
    }

    pub fn mutant(self, of: String) -> Mutant {
        Mutant { of, name: self.name, span: self.span, hint: self.hint.said(), fate: Fate::Survived }
    }
}

/// On one line.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A comparison's sign.
pub(super) fn sign(operator: Comparison) -> &'static str {
    match operator {
        Comparison::AtLeast => "≥",
        Comparison::AtMost => "≤",
        Comparison::Above => ">",
        Comparison::Below => "<",
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
    }
}

impl Hint {
    fn said(self) -> Bi {
        let (zh, en) = match self {
            Hint::Equal => ("数值恰好等于界限的测试", "a test in which the two sides are equal"),
            Hint::Beyond => (
                "数值偏大和偏小的测试各一",
                "a test in which the figure is too great, and one in which it is too small",
            ),
            Hint::Between => {
                ("数值恰好达到、只差一点的测试各一", "a test just at the threshold, and one just short of it")
            }
            Hint::Period => (
                "相邻一期也给出数值而结论不同的测试",
                "a test that gives the neighbouring period too, with another outcome",
            ),
            Hint::Text => {
                ("这一项有数据、结论分明的测试", "a test whose data has this very text and decides the outcome")
            }
            Hint::Filter => {
                ("含有应当排除在外的行、且结论因此不同的测试", "a test with rows that the filter must leave out")
            }
            Hint::When => ("条件不成立、应为“不适用”的测试", "a test in which the condition is false"),
            Hint::Conjunct => ("只有这一个条件不成立的测试", "a test in which only this condition fails"),
            Hint::Disjunct => ("只有这一个条件成立的测试", "a test in which only this condition holds"),
            Hint::Some => ("有的成立、有的不成立的测试", "a test in which it holds for some and not for others"),
            Hint::Listed => ("取这个值的测试", "a test with the value that was taken out"),
            Hint::Unique => ("只有这一列不同的两行", "a test with two rows that differ in this column alone"),
        };
        Bi::new(zh, en)
    }
}

/// An entry of `[[equivalent]]` that excuses nothing.
pub(super) fn stale(entry: &Equivalent, place: Place) -> Diagnostic {
    let Equivalent { rule, mutant, .. } = entry;
    Diagnostic::at(
        &codes::STALE_EQUIVALENT,
        place,
        Bi::new(
            format!("`{rule}` 没有这样一个未被发现的变异：`{mutant}`"),
            format!("no mutant `{mutant}` of `{rule}` survives"),
        ),
    )
    .help(Bi::new(
        "规则改过，或者已有测试能发现它：请删去这一条，或照 `duixian test --mutate` 列出的写法更正",
        "the rule changed, or a test kills it now: take the entry out, or write it as `duixian test --mutate` lists it",
    ))
}
