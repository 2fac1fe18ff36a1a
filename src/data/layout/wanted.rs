//! What is looked for in a sheet: the columns of a dataset, by the names that their headings may have.

use crate::data::config::Binding;
use crate::semantics::hir::{Column, ColumnId, Dataset, DatasetId, INDICATOR_TABLE, Suite, indicator_table};

/// What is looked for, in which suite.
#[derive(Clone, Copy)]
pub struct Wanted<'s> {
    /// The suite.
    pub suite: &'s Suite,
    /// The dataset.
    pub dataset: DatasetId,
    /// What the suite says of the file.
    pub binding: Option<&'s Binding>,
}

impl<'s> Wanted<'s> {
    /// The dataset's declaration.
    pub fn declaration(&self) -> Option<&'s Dataset> {
        self.suite.datasets.get(self.dataset.0)
    }

    /// Names that the headings of a column may have, and whether a binding gives them.
    pub(super) fn names(&self, id: ColumnId, column: &Column) -> (Vec<String>, bool) {
        let bound = self.binding.and_then(|binding| {
            let own = binding.columns.iter().find(|(name, _)| self.is_named(id, column, name));
            own.map(|(_, headings)| (headings.clone(), true))
        });
        bound.unwrap_or_else(|| {
            let mut names = vec![column.name.clone()];
            if self.dataset == INDICATOR_TABLE {
                names.extend(indicator_headings(id).iter().map(|name| (*name).to_owned()));
                names.dedup();
            }
            (names, false)
        })
    }

    /// Is it a name of the column? Those of the indicator table have a Chinese and an English one.
    pub fn is_named(&self, id: ColumnId, column: &Column, name: &str) -> bool {
        column.name == name || (self.dataset == INDICATOR_TABLE && indicator_headings(id).contains(&name))
    }

    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<ColumnId> {
        let columns = &self.declaration()?.columns;
        columns
            .iter()
            .enumerate()
            .map(|(at, column)| (ColumnId(at), column))
            .find(|(id, c)| self.is_named(*id, c, name))
            .map(|(id, _)| id)
    }
}

/// Headings of the indicator table's column of qualifiers.
pub const QUALIFIER_HEADINGS: [&str; 2] = ["限定", "qualifier"];

/// Headings of the indicator table.
pub fn indicator_headings(id: ColumnId) -> &'static [&'static str] {
    match id {
        indicator_table::INDICATOR => &["指标", "indicator"],
        indicator_table::REGION => &["区域", "region"],
        indicator_table::PERIOD => &["期间", "period"],
        indicator_table::VALUE => &["数值", "value"],
        _ => &[],
    }
}
