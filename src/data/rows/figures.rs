//! Figures of a row, and the units they are in: stated by the cell, the row, the heading, the binding or the line above.

use super::Builder;
use super::pass::Pass;
use crate::base::codes::data as codes;
use crate::base::{Bi, CodeInfo, Diagnostic, Place};
use crate::data::cell::{Misread, bad};
use crate::data::layout::{Says, Source, Statement};
use crate::data::raw::{RawCell, trimmed};
use crate::data::table::Cell;
use crate::quantity::{Qualifier, Unit, UnitError};
use crate::semantics::hir::{Column, ColumnId, ColumnRole, INDICATOR_TABLE, Indicator, Type, indicator_table};

/// Why a unit cannot be settled.
pub enum Unsettled {
    /// It measures something else than the column.
    Mismatch(Unit),
    /// Two statements differ.
    Conflict(Box<(Statement, Statement)>),
}

impl Unsettled {
    /// Is a unit that stands above the table part of it?
    pub fn is_about(&self, unit: &Unit) -> bool {
        match self {
            Unsettled::Mismatch(_) => false,
            Unsettled::Conflict(two) => [&two.0, &two.1].into_iter().any(|(u, says)| *says == Says::Line && u == unit),
        }
    }
}

/// The unit that figures of a type are in: the one that is stated, if all statements agree; `None`: the declared one.
pub fn settle(statements: &[Statement], declared: &Unit) -> Result<Option<Unit>, Unsettled> {
    let mut settled: Option<&Statement> = None;
    for statement in statements {
        let (unit, says) = statement;
        if unit.dimension() != declared.dimension() {
            if matches!(says, Says::Line | Says::Upper) {
                continue;
            }
            return Err(Unsettled::Mismatch(unit.clone()));
        }
        match settled {
            Some(first) if first.0.factor() != unit.factor() => {
                return Err(Unsettled::Conflict(Box::new((first.clone(), statement.clone()))));
            }
            Some(_) => {}
            None => settled = Some(statement),
        }
    }
    Ok(settled.map(|(unit, _)| unit.clone()))
}

/// A column's settled unit; `Err`: its figures cannot be read, and it has been said why.
pub type Settled = Result<Option<Unit>, ()>;

impl Pass<'_, '_> {
    #[expect(clippy::too_many_arguments, reason = "a figure rests on its cell, its column, its unit and its place")]
    pub(super) fn figure(
        &mut self,
        row: &[RawCell<'_>],
        raw: &RawCell<'_>,
        id: ColumnId,
        ty: &Type,
        settled: Settled,
        qualifier: Qualifier,
        source: &Source,
        number: u32,
    ) -> Cell {
        if self.cells.is_nothing(raw) {
            return Cell::Blank;
        }
        let stated = match self.row_unit(row, id, ty, number) {
            Ok(Some(unit)) => Ok(Some(unit)),
            Ok(None) => settled,
            Err(()) => Err(()),
        };
        let Ok(stated) = stated else { return bad(raw) };
        let (cell, misread) = self.cells.figure(raw, ty, stated.as_ref(), qualifier);
        if let Some(misread) = misread {
            self.misread(&misread, raw, ty, source, number);
        }
        cell
    }

    /// What the figures of a column say of their values.
    pub(super) fn precision(&self, column: &Column) -> Qualifier {
        if column.role == ColumnRole::Measure { self.stated() } else { Qualifier::Exact }
    }

    /// What figures say of their values unless a qualifier says more.
    fn stated(&self) -> Qualifier {
        let rounded = self.from.binding.is_some_and(|binding| binding.rounded);
        if rounded { Qualifier::Rounded } else { Qualifier::Exact }
    }

    /// What the row's qualifier says of its figure; `None`: there is none. `Err`: it cannot be told, and it has been said why.
    fn qualifier(&mut self, row: &[RawCell<'_>], ty: &Type, number: u32) -> Result<Option<Qualifier>, ()> {
        let Some(source) = &self.layout.qualifiers else { return Ok(None) };
        let raw = row.get(source.column).unwrap_or(&RawCell::Empty);
        let text = raw.text();
        let word = trimmed(&text);
        if self.cells.is_blank(word) {
            return Ok(None);
        }
        let misread = match (Qualifier::parse(word), ty) {
            (Some(qualifier), Type::Quantity(_)) => return Ok(Some(qualifier)),
            (Some(_), _) => Misread::NothingToQualify,
            (None, _) => Misread::Qualifier,
        };
        self.misread(&misread, raw, ty, source, number);
        Err(())
    }

    /// The unit that the row's own unit column names.
    pub(super) fn row_unit(&mut self, row: &[RawCell<'_>], id: ColumnId, ty: &Type, number: u32) -> Settled {
        let Type::Quantity(declared) = ty else { return Ok(None) };
        let Some(source) = self.layout.unit_columns.get(id.0).and_then(Option::as_ref) else { return Ok(None) };
        let raw = row.get(source.column).unwrap_or(&RawCell::Empty);
        let text = raw.text();
        let text = trimmed(&text);
        if raw.is_blank() || self.cells.is_blank(text) {
            return Ok(None);
        }
        let misread = match self.cells.unit(text) {
            Ok(unit) if unit.dimension() == declared.dimension() => return Ok(Some(unit)),
            Ok(_) => Misread::UnitMismatch { unit: text.to_owned(), expected: declared.name().to_owned() },
            Err(UnitError::Unknown { nearest, .. }) => Misread::UnknownUnit { unit: text.to_owned(), nearest },
            Err(UnitError::Duplicate(_)) => Misread::UnknownUnit { unit: text.to_owned(), nearest: None },
        };
        self.misread(&misread, raw, ty, source, number);
        Err(())
    }

    /// The value of an indicator: of the indicator's own type.
    pub(super) fn value(
        &mut self,
        row: &[RawCell<'_>],
        raw: &RawCell<'_>,
        indicator: Option<&Indicator>,
        source: &Source,
        number: u32,
    ) -> Cell {
        let Some(indicator) = indicator else { return if raw.is_blank() { Cell::Blank } else { bad(raw) } };
        let qualifier = match self.qualifier(row, &indicator.ty, number) {
            Ok(qualifier) => qualifier,
            Err(()) if self.cells.is_nothing(raw) => return Cell::Blank,
            Err(()) => return bad(raw),
        };
        let Type::Quantity(declared) = &indicator.ty else {
            let (cell, misread) = self.cells.cell(raw, &indicator.ty, None);
            if let Some(misread) = misread {
                self.misread(&misread, raw, &indicator.ty, source, number);
            }
            return cell;
        };
        let by_row = self.layout.unit_columns.get(indicator_table::VALUE.0).and_then(Option::as_ref);
        let has_own =
            by_row.and_then(|unit| row.get(unit.column)).is_some_and(|cell| !self.cells.is_blank(&cell.text()));
        let settled = if has_own {
            Ok(None)
        } else {
            settle(&source.statements, declared).map_err(|why| {
                let place = self.place(number, Some(source));
                let code = unsettled_code(&why);
                self.notes.repeat(code, self.from.path, || unsettled(&why, declared, place));
            })
        };
        let qualifier = qualifier.unwrap_or_else(|| self.stated());
        self.figure(row, raw, indicator_table::VALUE, &indicator.ty, settled, qualifier, source, number)
    }

    /// The indicator that a row of the indicator table is about. `Err`: the row is kept apart.
    pub(super) fn indicator<'s>(
        &mut self,
        builder: &Builder<'s>,
        raw: &[RawCell<'_>],
        number: u32,
    ) -> Result<Option<&'s Indicator>, ()> {
        if self.dataset != INDICATOR_TABLE {
            return Ok(None);
        }
        let Some(cell) = raw.get(indicator_table::INDICATOR.0) else { return Ok(None) };
        let text = cell.text();
        let name = trimmed(&text);
        if self.cells.is_blank(name) {
            if let Some(source) = self.layout.columns.get(indicator_table::INDICATOR.0).and_then(Option::as_ref) {
                self.blank(source, number);
            }
            return Err(());
        }
        match builder.indicators.get(name) {
            Some(indicator) if indicator.body.is_none() || builder.computed => Ok(Some(indicator)),
            Some(_) => {
                *self.apart.computed.entry(name.to_owned()).or_insert(0) += 1;
                Err(())
            }
            None => {
                *self.apart.undeclared.entry(name.to_owned()).or_insert(0) += 1;
                Err(())
            }
        }
    }

    pub(super) fn indicator_name(&self, builder: &mut Builder<'_>, indicator: &Indicator) -> Cell {
        let raw = RawCell::Text(indicator.name.as_str().into());
        builder.word(indicator_table::INDICATOR, &raw, &Type::Text, self.cells).0
    }
}

fn unsettled_code(why: &Unsettled) -> &'static CodeInfo {
    match why {
        Unsettled::Mismatch(_) => &codes::UNIT_MISMATCH,
        Unsettled::Conflict(..) => &codes::UNIT_CONFLICT,
    }
}

pub fn unsettled(why: &Unsettled, declared: &Unit, place: Place) -> Diagnostic {
    match why {
        Unsettled::Mismatch(unit) => {
            let message = Bi::new(
                format!("文件里说单位是 `{unit}`，规则里声明的是 `{declared}`，不是同一种量"),
                format!(
                    "the file says that the unit is `{unit}`, the rules declare `{declared}`: they measure different things"
                ),
            );
            let help =
                Bi::new("请核对列名、绑定或规则里的单位", "check the unit in the heading, the binding or the rules");
            Diagnostic::at(&codes::UNIT_MISMATCH, place, message).help(help)
        }
        Unsettled::Conflict(statements) => {
            let ((one, first), (other, second)) = &**statements;
            let says = |says: &Says| match says {
                Says::Heading => ("列名", "the heading"),
                Says::Upper => ("上层列名", "the upper row of the heading"),
                Says::Binding => ("绑定", "the binding"),
                Says::Line => ("表格上方", "the line above the table"),
            };
            let (first, second) = (says(first), says(second));
            let message = Bi::new(
                format!("单位前后矛盾：{}说是 `{one}`，{}说是 `{other}`", first.0, second.0),
                format!("units contradict each other: {} says `{one}`, {} says `{other}`", first.1, second.1),
            );
            let help = Bi::new(
                "请核对数字用的是哪个单位，把另一处改成一样的",
                "find out which unit the figures are in, and mend the other place",
            );
            Diagnostic::at(&codes::UNIT_CONFLICT, place, message).help(help)
        }
    }
}
