//! A finding and one of its figures in, whether the figure can have decided it out: one that only conditions read which hold
//! has not, and its cells are right as far as the finding knows.
//!
//! Figures are known in steps by their names. One that no step names is taken to decide.

use crate::report::record::{Evidence, Finding, Step, StepKind, Truth};

/// Conditions of a finding: those that decide it, and those that do not.
#[derive(Default)]
struct Parts<'f> {
    deciding: Vec<&'f Step>,
    idle: Vec<&'f Step>,
    /// There are parts that are not listed.
    more: bool,
}

/// Can a figure have decided a finding?
pub(super) fn decides(finding: &Finding, figure: &Evidence) -> bool {
    let mut parts = Parts::default();
    for step in finding.applies.iter().chain(&finding.calculation) {
        parts.add(step, figure);
    }
    let name = figure.name.split('[').next().unwrap_or_default().trim();
    let named = |steps: &[&Step]| steps.iter().any(|step| mentions(step, name));
    parts.more || name.is_empty() || named(&parts.deciding) || !named(&parts.idle)
}

impl<'f> Parts<'f> {
    fn add(&mut self, step: &'f Step, figure: &Evidence) {
        if step.outcome == Some(Truth::Holds) {
            self.idle.push(step);
            return;
        }
        match step.kind {
            StepKind::All | StepKind::Any | StepKind::Every | StepKind::Some | StepKind::Implies | StepKind::Row => {
                self.more |= step.left_out > 0;
                step.steps.iter().for_each(|part| self.add(part, figure));
            }
            StepKind::Rows => match step.steps.iter().find(|row| is_of(row, figure)) {
                Some(row) => self.add(row, figure),
                None => self.more = true,
            },
            StepKind::Value | StepKind::Comparison | StepKind::Not => self.deciding.push(step),
        }
    }
}

/// Is a figure one of a row's?
fn is_of(row: &Step, figure: &Evidence) -> bool {
    row.source.as_ref().zip(figure.source.as_ref()).is_some_and(|(row, cell)| {
        (&row.path, &row.sheet, row.row) == (&cell.path, &cell.sheet, cell.row) && row.row.is_some()
    })
}

/// Does a step, or a part of it, name a figure? A name within a longer one is another.
fn mentions(step: &Step, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let here = step.text.match_indices(name).any(|(at, _)| {
        let before = step.text.get(..at).and_then(|text| text.chars().next_back());
        let after = step.text.get(at + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(word) && !after.is_some_and(word)
    });
    here || step.steps.iter().any(|part| mentions(part, name))
}
