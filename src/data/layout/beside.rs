//! Columns that say something of the figure beside them: in which unit it is, and whether it is the value or a bound of it.

use super::attempt::{Attempt, Match};
use super::{QUALIFIER_HEADINGS, Source};
use crate::base::Diagnostic;
use crate::data::config::UnitSource;
use crate::data::heading::{normal, units_of};
use crate::data::raw::RawCell;
use crate::quantity::Dimension;
use crate::semantics::hir::{Column, ColumnId, INDICATOR_TABLE, indicator_table};

/// Headings of the indicator table's unit column.
const UNIT_HEADINGS: [&str; 4] = ["单位", "计量单位", "金额单位", "unit"];

/// May a column of this name hold the units of another?
pub fn is_unit_heading(name: &str) -> bool {
    UNIT_HEADINGS.iter().any(|heading| normal(heading) == normal(name))
}

impl Attempt<'_, '_, '_> {
    /// The column that names the unit of each row's figure.
    pub(super) fn unit_column(&self, id: ColumnId, column: &Column, faults: &mut Vec<Diagnostic>) -> Option<Source> {
        let named = self.wanted.binding.and_then(|binding| {
            binding.units.iter().find(|(name, _)| self.wanted.is_named(id, column, name)).map(|(_, source)| source)
        });
        let names: Vec<String> = match named {
            Some(UnitSource::Column(heading)) => vec![heading.clone()],
            Some(UnitSource::Fixed(_)) => return None,
            None if self.wanted.dataset == INDICATOR_TABLE && id == indicator_table::VALUE => {
                let bound = self.wanted.binding.and_then(|binding| {
                    binding.columns.iter().find(|(name, _)| UNIT_HEADINGS.contains(&name.as_str()))
                });
                let default = || UNIT_HEADINGS.iter().map(|name| (*name).to_owned()).collect();
                bound.map_or_else(default, |(_, headings)| headings.clone())
            }
            // A column called 单位 that holds units gives the unit of every row; one that holds names of bodies does not.
            None if matches!(column.ty.dimension(), Some(Dimension::Of(_))) && self.holds_units() => {
                UNIT_HEADINGS.iter().map(|name| (*name).to_owned()).collect()
            }
            None => return None,
        };
        match self.lookup(&names, named.is_some()) {
            Match::One(at, _) => Some(self.source(at, Vec::new())),
            Match::Several(at) => {
                faults.push(self.several(names.first().map_or("", String::as_str), &at));
                None
            }
            Match::None | Match::UnknownUnit(..) => {
                if named.is_some() {
                    faults.push(self.missing(&[names]));
                }
                None
            }
        }
    }

    /// The indicator table's column of qualifiers.
    pub(super) fn qualifiers(&self, faults: &mut Vec<Diagnostic>) -> Option<Source> {
        if self.wanted.dataset != INDICATOR_TABLE {
            return None;
        }
        let bound = self
            .wanted
            .binding
            .and_then(|binding| binding.columns.iter().find(|(name, _)| QUALIFIER_HEADINGS.contains(&name.as_str())));
        let default = || QUALIFIER_HEADINGS.iter().map(|name| (*name).to_owned()).collect();
        let names: Vec<String> = bound.map_or_else(default, |(_, headings)| headings.clone());
        match self.lookup(&names, bound.is_some()) {
            Match::One(at, _) => Some(self.source(at, Vec::new())),
            Match::Several(at) => {
                faults.push(self.several(names.first().map_or("", String::as_str), &at));
                None
            }
            Match::None | Match::UnknownUnit(..) => {
                if bound.is_some() {
                    faults.push(self.missing(&[names]));
                }
                None
            }
        }
    }

    /// Is there an undeclared column called 单位 whose first cell is a known unit?
    fn holds_units(&self) -> bool {
        let first = self.unit_cell().flatten();
        first.is_some_and(|cell| units_of(&cell.text(), &self.wanted.suite.units).is_some())
    }

    /// The first cell of an undeclared column called 单位, if there is one.
    pub(super) fn unit_cell(&self) -> Option<Option<&RawCell<'_>>> {
        let names: Vec<String> = UNIT_HEADINGS.iter().map(|name| (*name).to_owned()).collect();
        let Match::One(at, _) = self.lookup(&names, false) else { return None };
        let declared =
            self.columns().any(|(id, column)| matches!(self.looked_up(id, column), Match::One(used, _) if used == at));
        let mut below = (self.last + 1..self.sheet.len()).filter_map(|row| self.sheet.row(row).get(at));
        (!declared).then(|| below.find(|cell| !cell.is_blank()))
    }
}
