//! Units of measures: in headings, in a column of their own, in the binding, above the table.

use std::ops::Range;

use super::attempt::{Attempt, Match};
use super::{Says, Statement, UnitAbove};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic};
use crate::data::config::UnitSource;
use crate::data::heading::{UnitLine, unit_line, units_of};
use crate::data::raw::RawCell;
use crate::quantity::{Dimension, Unit};
use crate::semantics::hir::{Column, ColumnId, INDICATOR_TABLE, indicator_table};

fn unit_line_help() -> Bi {
    Bi::new(
        "写成“单位：万元”这样的单位；如果这里是机构名称，请写“填报单位：……”",
        "write a known unit: “单位：万元”; if it is an organisation, write “填报单位：…”",
    )
}

impl Attempt<'_, '_, '_> {
    /// The units that heading, binding and line state for a column.
    pub(super) fn statements(
        &self,
        id: ColumnId,
        column: &Column,
        heading: Option<Statement>,
        line: &[Unit],
    ) -> Vec<Statement> {
        let value = self.wanted.dataset == INDICATOR_TABLE && id == indicator_table::VALUE;
        if column.ty.dimension().is_none() && !value {
            return Vec::new();
        }
        let fits = |unit: &Unit| value || column.ty.dimension() == Some(unit.dimension());
        // What stands over several columns need not be meant for each of them: a number of people under 万元.
        let own = heading.filter(|(unit, says)| *says != Says::Upper || fits(unit));
        let mut statements: Vec<Statement> = own.into_iter().collect();
        let bound = self.wanted.binding.and_then(|binding| {
            binding.units.iter().find_map(|(name, source)| match source {
                UnitSource::Fixed(unit) if self.wanted.is_named(id, column, name) => {
                    self.wanted.suite.units.resolve(unit).ok()
                }
                _ => None,
            })
        });
        statements.extend(bound.map(|unit| (unit, Says::Binding)));
        statements.extend(line.iter().filter(|unit| fits(unit)).map(|unit| (unit.clone(), Says::Line)));
        statements
    }

    /// Does a measure need the unit that stands above the table, having none from its heading or the binding?
    pub(super) fn needs_unit_line(&self) -> bool {
        self.columns().any(|(id, column)| {
            let counted = column.ty.dimension().is_some_and(|d| matches!(d, Dimension::Of(_)));
            let heading = || match self.looked_up(id, column) {
                Match::One(_, unit) => unit,
                _ => None,
            };
            counted && self.statements(id, column, heading(), &[]).is_empty()
        })
    }

    /// Does a row hold a unit for the whole table (`单位：万元`)?
    pub(super) fn states_unit(&self, row: usize) -> bool {
        let states = |cell: &RawCell<'_>| match cell {
            RawCell::Text(text) => unit_line(text, &self.wanted.suite.units) != UnitLine::None,
            _ => false,
        };
        self.sheet.row(row).iter().any(states)
    }

    /// Does a row over others state the unit of a measure?
    pub(super) fn has_upper_unit(&self) -> bool {
        let upper = |unit: &Option<Statement>, column: &Column| {
            let unit = unit.as_ref().filter(|(_, says)| *says == Says::Upper).map(|(unit, _)| unit.dimension());
            unit.is_some() && unit == column.ty.dimension()
        };
        let own = self
            .columns()
            .any(|(id, column)| matches!(self.looked_up(id, column), Match::One(_, unit) if upper(&unit, column)));
        let dataset = self.wanted.declaration();
        own || self.melts(&mut Vec::new()).iter().flat_map(|melted| &melted.sources).any(|(id, source)| {
            let column = dataset.and_then(|dataset| dataset.columns.get(id.0));
            column.is_some_and(|column| upper(&source.statements.first().cloned(), column))
        })
    }

    pub(super) fn has_measure_in(&self, unit: &Unit) -> bool {
        self.columns().any(|(_, column)| column.ty.dimension() == Some(unit.dimension()))
    }

    pub(super) fn unfit_unit_line(&self, above: &[UnitAbove]) -> Diagnostic {
        let names: Vec<&str> = above.iter().map(|above| above.unit.name()).collect();
        let at =
            above.first().map_or((0, None), |above| (self.sheet.index_of(above.at.0).unwrap_or(0), Some(above.at.1)));
        let message = Bi::new(
            format!("表格上方写着单位 `{}`，与这张表的度量都不相容", names.join("、")),
            format!("above the table stands the unit `{}`, which fits none of its measures", names.join(", ")),
        );
        Diagnostic::at(&codes::UNKNOWN_UNIT_LINE, self.place(at.0, at.1), message).help(unit_line_help())
    }

    /// Units that rows above the table state.
    pub(super) fn unit_lines(&self, rows: Range<usize>, remarks: &mut Vec<Diagnostic>) -> Vec<UnitAbove> {
        let mut stated: Vec<UnitAbove> = Vec::new();
        let units = &self.wanted.suite.units;
        for row in rows {
            let cells = self.sheet.row(row);
            for (at, cell) in cells.iter().enumerate() {
                let RawCell::Text(text) = cell else { continue };
                let found = match unit_line(text, units) {
                    UnitLine::NextCell => {
                        let next = cells.get(at + 1..).and_then(|rest| rest.iter().find(|cell| !cell.is_blank()));
                        match next.map(|cell| cell.text()) {
                            Some(text) => units_of(&text, units)
                                .map_or_else(|| UnitLine::Unknown(text.into_owned()), UnitLine::Units),
                            None => UnitLine::None,
                        }
                    }
                    other => other,
                };
                match found {
                    UnitLine::Units(found) => {
                        for unit in found {
                            if stated.iter().all(|known| known.unit != unit) {
                                stated.push(UnitAbove { unit, at: (self.sheet.number(row), at) });
                            }
                        }
                    }
                    UnitLine::Unknown(text) => {
                        let message = Bi::new(
                            format!("表格上方写着单位 `{text}`，不是认识的单位，没有采用"),
                            format!("above the table stands the unit `{text}`, which is not known and was not used"),
                        );
                        remarks.push(
                            Diagnostic::at(&codes::UNKNOWN_UNIT_LINE, self.place(row, Some(at)), message)
                                .help(unit_line_help()),
                        );
                    }
                    UnitLine::NextCell | UnitLine::None => {}
                }
            }
        }
        stated
    }
}
