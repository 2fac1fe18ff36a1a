//! Columns that become rows: their headings hold members of dimensions.

use super::Melted;
use super::attempt::Attempt;
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic};
use crate::data::cell::CellReader;
use crate::data::config::Melt;
use crate::data::raw::RawCell;
use crate::quantity::Scalar;
use crate::semantics::hir::ColumnId;

impl Attempt<'_, '_, '_> {
    /// Columns that become rows, by the members that their headings name.
    pub(super) fn melts(&self, remarks: &mut Vec<Diagnostic>) -> Vec<Melted> {
        let mut groups: Vec<Melted> = Vec::new();
        let (Some(binding), Some(dataset)) = (self.wanted.binding, self.wanted.declaration()) else { return groups };
        let cells = CellReader::new(self.wanted.suite);
        for melt in &binding.melt {
            let Some(into) = self.wanted.column(&melt.into) else { continue };
            let ids: Vec<Option<ColumnId>> = melt.headings.names().map(|name| self.wanted.column(name)).collect();
            for (at, heading) in self.headings.iter().enumerate() {
                let read = |texts: &[String]| -> Option<Vec<(ColumnId, Scalar)>> {
                    let members = ids.iter().zip(texts).map(|(id, text)| {
                        let id = (*id)?;
                        let raw = RawCell::Text(text.as_str().into());
                        let (scalar, _) = cells.scalar(&raw, &dataset.columns.get(id.0)?.ty, None).ok()??;
                        Some((id, scalar))
                    });
                    members.collect()
                };
                let captures = heading.captures(&melt.headings, &self.wanted.suite.units);
                let Some((texts, _)) = captures.first() else { continue };
                let readable = captures.iter().find_map(|(texts, unit)| Some((read(texts)?, unit.clone())));
                let Some((mut members, unit)) = readable else {
                    let message = Bi::new(
                        format!(
                            "列名 `{}` 符合 `{}`，但 `{}` 读不出来，这一列没有用",
                            heading.shown,
                            melt.headings.text,
                            texts.join("`、`")
                        ),
                        format!(
                            "the heading `{}` fits `{}`, but `{}` cannot be read; the column is not used",
                            heading.shown,
                            melt.headings.text,
                            texts.join("`, `")
                        ),
                    );
                    remarks.push(Diagnostic::at(&codes::MELT_HEADING, self.place(self.last, Some(at)), message));
                    continue;
                };
                members.sort();
                let statement = unit.into_iter().collect();
                let source = (into, self.source(at, statement));
                match groups.iter_mut().find(|group| group.members == members) {
                    Some(group) => group.sources.push(source),
                    None => groups.push(Melted { members, sources: vec![source] }),
                }
            }
        }
        groups
    }

    /// The melts of measures for which no column was found.
    pub(super) fn unmelted(&self, groups: &[Melted]) -> Vec<&Melt> {
        let melts = self.wanted.binding.map_or(&[][..], |binding| &binding.melt);
        let found = |melt: &&Melt| {
            let into = self.wanted.column(&melt.into);
            groups.iter().flat_map(|group| &group.sources).any(|(id, _)| Some(*id) == into)
        };
        melts.iter().filter(|melt| !found(melt)).collect()
    }

    pub(super) fn melted_twice(&self, groups: &[Melted]) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for group in groups {
            for (at, (id, source)) in group.sources.iter().enumerate() {
                if let Some((_, other)) = group.sources.iter().skip(at + 1).find(|(other, _)| other == id) {
                    faults.push(self.several(&source.heading, &[source.column, other.column]));
                }
            }
        }
        faults
    }
}
