//! The text form of slots: what makes two of them the same.

use super::Slot;
use crate::semantics::expr_text;

/// The text form of a slot: equal for equal slots.
pub(super) fn slot(slot: &Slot) -> String {
    let mut text = String::from(if slot.distinct { "distinct" } else { "sums" });
    for (word, part) in [(" of ", &slot.of), (" where ", &slot.filter)] {
        if let Some(part) = part {
            text.push_str(word);
            text.push_str(&expr_text(part));
        }
    }
    text
}
