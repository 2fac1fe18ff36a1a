//! The figures that conditions are about: each gets a number, and what is known of it wherever it stands.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::linear::Linear;
use crate::base::{Bi, Span};
use crate::quantity::{Granularity, Number, Period, Scalar};
use crate::semantics::hir::{Aggregate, ColumnId, DatasetId, Function, IndicatorId, StandardId, Suite, Type};

/// A figure: an index into [`Vars`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(usize);

/// What a figure is. Equal atoms are one figure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Atom {
    /// A plain indicator's figure of a region and period.
    Figure(IndicatorId, Arc<str>, Period),
    /// An aggregate over the rows of some members and a period.
    Rows(Rows),
    /// A standard's value in a period.
    Standard(StandardId, Period),
    /// A cell of a row.
    Cell(DatasetId, ColumnId),
    /// 1: the cell is not blank.
    Filled(DatasetId, ColumnId),
    /// A product of two sums, of which neither is constant.
    Product(Linear, Linear),
    /// A number that cannot be told: what is written there, in a case or row.
    Number(Unknown),
    /// 1: a condition holds of which nothing else can be told.
    Condition(Unknown),
    /// What the rows of one class add up to in a column (see [`super::classes`]).
    Class(u32, Option<ColumnId>),
}

/// An aggregate, and which rows it is over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rows {
    /// The dataset.
    pub dataset: DatasetId,
    /// Never Share.
    pub function: Function,
    /// Text form of what it is of; empty for a count of rows.
    pub of: String,
    /// Text form of its filter; empty without one.
    pub filter: String,
    /// Blank cells count as 0.
    pub blank_as_zero: bool,
    /// Cells that the rows have.
    pub members: Vec<(ColumnId, Arc<str>)>,
    /// The period, if the dataset has one.
    pub period: Option<Period>,
}

/// What makes two places that cannot be understood the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unknown {
    /// Its text form in a row condition, which tells equal ones; else its place.
    pub text: Result<(DatasetId, String), Span>,
    /// The members it is seen with.
    pub members: Vec<Arc<str>>,
    /// The period it is seen from.
    pub period: Option<Period>,
}

/// Which values a figure may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// Any number.
    Real,
    /// Whole numbers between two bounds, as far as there are bounds.
    Whole(Option<Number>, Option<Number>),
    /// Any text.
    Text,
}

/// What is known of a figure.
#[derive(Clone, Debug)]
pub struct Info<'s> {
    /// What it is.
    pub atom: Atom,
    /// Which values it has.
    pub range: Range,
    /// Its type, which says how its values are written.
    pub ty: Type,
    /// The aggregate, of [`Atom::Rows`].
    pub aggregate: Option<&'s Aggregate>,
    /// What it is called; empty if it cannot be shown.
    pub name: Bi,
}

/// All figures of an analysis.
#[derive(Debug, Default)]
pub struct Vars<'s> {
    list: Vec<Info<'s>>,
    known: HashMap<Atom, Var>,
}

impl<'s> Vars<'s> {
    /// The figure of an atom; `info` describes it if it is new.
    pub fn intern(&mut self, atom: Atom, info: impl FnOnce(Atom) -> Info<'s>) -> Var {
        if let Some(var) = self.known.get(&atom) {
            return *var;
        }
        let var = Var(self.list.len());
        self.known.insert(atom.clone(), var);
        self.list.push(info(atom));
        var
    }

    /// What is known of a figure.
    pub fn get(&self, var: Var) -> Option<&Info<'s>> {
        self.list.get(var.0)
    }

    /// The figure of an atom, if any condition is about it.
    pub fn find(&self, atom: &Atom) -> Option<Var> {
        self.known.get(atom).copied()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }
}

impl Var {
    /// Its number.
    pub fn index(self) -> usize {
        self.0
    }
}

/// 1 or 0.
pub fn flag() -> Range {
    Range::Whole(Some(Number::zero()), Some(Number::one()))
}

/// Which values a type has. Levels, days, periods and yes or no are counted through.
pub fn range_of(suite: &Suite, ty: &Type) -> Range {
    match ty {
        Type::Quantity(_) | Type::Period(None) => Range::Real,
        Type::Text => Range::Text,
        Type::Boolean => flag(),
        Type::Level(scale) => {
            let levels = suite.scales.get(scale.0).map_or(0, |scale| scale.levels.len());
            Range::Whole(Some(Number::zero()), Some(Number::from(levels.saturating_sub(1) as u64)))
        }
        Type::Date => {
            Range::Whole(Some(day_number(Date::constant(1, 1, 1))), Some(day_number(Date::constant(9999, 12, 31))))
        }
        Type::Period(Some(granularity)) => {
            let bound =
                |year: i16, part: u8| Period::new(year, *granularity, part).map(|period| period_number(&period));
            Range::Whole(bound(1, 1), bound(9999, granularity.per_year()))
        }
    }
}

/// A value as a number; `None` for texts.
pub fn number_of(scalar: &Scalar) -> Option<Number> {
    Some(match scalar {
        Scalar::Number(number) => number.clone(),
        Scalar::Boolean(value) => Number::from(u64::from(*value)),
        Scalar::Level(level) => Number::from(*level as u64),
        Scalar::Date(date) => day_number(*date),
        Scalar::Period(period) => period_number(period),
        Scalar::Text(_) => return None,
    })
}

/// The value of a type that a number stands for.
pub fn scalar_of(ty: &Type, number: &Number) -> Option<Scalar> {
    let whole = number.to_i64();
    Some(match ty {
        Type::Quantity(_) => Scalar::Number(number.clone()),
        Type::Boolean => Scalar::Boolean(whole? == 1),
        Type::Level(_) => Scalar::Level(usize::try_from(whole?).ok()?),
        Type::Date => {
            let days = jiff::Span::new().try_days(whole?).ok()?;
            Scalar::Date(Date::ZERO.checked_add(days).ok()?)
        }
        Type::Period(Some(granularity)) => Scalar::Period(period_of(*granularity, whole?)?),
        Type::Period(None) => Scalar::Period(period_of_code(whole?)?),
        Type::Text => return None,
    })
}

/// The value of a cell of a type as a number: that of a period tells its length too where the type leaves it open.
pub fn number_as(ty: &Type, scalar: &Scalar) -> Option<Number> {
    match (ty, scalar) {
        (Type::Period(None), Scalar::Period(period)) => Some(period_code(period)),
        (Type::Period(Some(granularity)), Scalar::Period(period)) if *granularity != period.granularity() => None,
        _ => number_of(scalar),
    }
}

const LENGTHS: [Granularity; 4] = [Granularity::Year, Granularity::Half, Granularity::Quarter, Granularity::Month];

fn period_code(period: &Period) -> Number {
    let length = LENGTHS.iter().position(|length| *length == period.granularity()).unwrap_or(0);
    &(&period_number(period) * &Number::from(10u64)) + &Number::from(length as u64)
}

fn period_of_code(code: i64) -> Option<Period> {
    let length = LENGTHS.get(usize::try_from(code.rem_euclid(10)).ok()?)?;
    period_of(*length, code.div_euclid(10))
}

fn day_number(date: Date) -> Number {
    let days = Date::ZERO.until(date).map_or(0, |span| span.get_days());
    Number::from(i128::from(days))
}

fn period_number(period: &Period) -> Number {
    let per_year = i128::from(period.granularity().per_year());
    let months = i128::from(period.first_day().month()) - 1;
    Number::from(i128::from(period.calendar_year()) * per_year + months * per_year / 12)
}

fn period_of(granularity: Granularity, number: i64) -> Option<Period> {
    let per_year = i64::from(granularity.per_year());
    let year = i16::try_from(number.div_euclid(per_year)).ok()?;
    Period::new(year, granularity, u8::try_from(number.rem_euclid(per_year) + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_their_numbers_go_round() {
        for (ty, scalar) in [
            (Type::Date, Scalar::Date(Date::constant(2021, 3, 15))),
            (Type::Boolean, Scalar::Boolean(true)),
            (Type::Period(Some(Granularity::Quarter)), Scalar::Period(Period::parse("2021Q3").unwrap())),
            (Type::Period(Some(Granularity::Month)), Scalar::Period(Period::parse("2021-12").unwrap())),
            (Type::Period(Some(Granularity::Half)), Scalar::Period(Period::parse("2021H2").unwrap())),
            (Type::Period(None), Scalar::Period(Period::parse("2021H2").unwrap())),
            (Type::Period(None), Scalar::Period(Period::parse("2021").unwrap())),
            (Type::Period(Some(Granularity::Year)), Scalar::Period(Period::parse("2021").unwrap())),
        ] {
            let number = number_as(&ty, &scalar).unwrap();
            assert_eq!(scalar_of(&ty, &number), Some(scalar));
        }
    }
}
