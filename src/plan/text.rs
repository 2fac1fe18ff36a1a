//! The text form of plans: what makes two slots the same, and what snapshots show.

use std::fmt;

use super::{Plan, Slot};
use crate::semantics::expr_text;
use crate::semantics::hir::Suite;

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

/// A plan with the names of its suite.
pub struct PlanText<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its suite.
    pub suite: &'a Suite,
}

impl fmt::Display for PlanText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for query in &self.plan.queries {
            let Some(dataset) = self.suite.datasets.get(query.dataset.0) else { continue };
            let name =
                |id: &crate::semantics::hir::ColumnId| dataset.columns.get(id.0).map_or("?", |c| c.name.as_str());
            writeln!(f, "scan {}", dataset.name)?;
            writeln!(f, "  by {}", query.keys.iter().map(name).collect::<Vec<_>>().join(", "))?;
            for slot in &query.slots {
                writeln!(f, "  {}", self::slot(slot))?;
            }
            for tally in &query.tallies {
                let rule = self.suite.rules.get(tally.rule.0).map_or("?", |rule| rule.id.as_str());
                writeln!(f, "  tally {rule} by {}", tally.keys.iter().map(name).collect::<Vec<_>>().join(", "))?;
            }
        }
        Ok(())
    }
}
