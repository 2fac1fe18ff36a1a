//! One cell: as stated in, of its column's type out.
//!
//! A pure function, the same for every file format and for the tables in rule tests. Knows units and scales, no columns,
//! no files. What cannot be read is told with its reason; nothing is guessed.

use std::borrow::Cow;
use std::sync::Arc;

use super::figure::{self, Figure, NotAFigure};
use super::raw::{RawCell, RawNumber, Shown, half_width, trimmed};
use super::table::Cell;
use crate::base::nearest;
use crate::quantity::{
    Decimal, Dimension, Granularity, Number, Period, Qualifier, Scalar, Unit, UnitError, Units, parse_date,
};
use crate::semantics::hir::{Scale, Suite, Type};

/// Why a cell cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misread {
    /// Not a number.
    Figure(NotAFigure),
    /// A day where a number is expected: spreadsheets turn `1-2` into one.
    DateForFigure,
    /// The unit behind the figure is not known.
    UnknownUnit {
        /// As written.
        unit: String,
        /// A known one that resembles it.
        nearest: Option<String>,
    },
    /// The unit behind the figure measures something else.
    UnitMismatch {
        /// As written.
        unit: String,
        /// The column's.
        expected: String,
    },
    /// 万 or 亿 behind a figure of a column that is itself in a multiple: `12万` in 万元.
    Magnitude {
        /// As written.
        unit: String,
        /// The column's.
        expected: String,
    },
    /// `#DIV/0!`
    Error(String),
    /// Not a date.
    Date,
    /// Not a period.
    Period,
    /// A period of another length.
    Granularity(Granularity),
    /// Not 是 or 否.
    Boolean,
    /// Not a level of the scale.
    Level {
        /// The scale.
        scale: String,
        /// Its levels.
        levels: Vec<String>,
        /// One that resembles it.
        nearest: Option<String>,
    },
    /// A JSON list or object.
    Nested,
    /// A small number in a ratio column of a workbook whose cell formats cannot be seen: 0.07, or 7%?
    PercentUnknown,
    /// A number whose cell shows it divided by a thousand or more.
    Scaled,
    /// Not a word of the column 限定.
    Qualifier,
    /// A word of the column 限定 beside an indicator that is not a number.
    NothingToQualify,
}

/// A figure as stated.
struct Stated<'u> {
    /// In base units.
    value: Number,
    /// How many digits stand after its point.
    digits: u32,
    unit: Cow<'u, Unit>,
}

impl Stated<'_> {
    /// Half a unit of its last digit, in base units.
    fn half(&self) -> Number {
        // 0.05 is 5 at the digit after the last one.
        self.unit.to_base(&Decimal::new(5, self.digits + 1).value())
    }
}

/// Reads cells of one suite.
#[derive(Clone, Copy, Debug)]
pub struct CellReader<'s> {
    units: &'s Units,
    scales: &'s [Scale],
    blank: &'s [String],
}

impl<'s> CellReader<'s> {
    /// A reader with the suite's units and scales.
    pub fn new(suite: &'s Suite) -> Self {
        CellReader { units: &suite.units, scales: &suite.scales, blank: &[] }
    }

    /// Further texts that mean: nothing was submitted.
    #[must_use]
    pub fn with_blank(self, blank: &'s [String]) -> Self {
        CellReader { blank, ..self }
    }

    /// The unit that a text means.
    pub fn unit(&self, text: &str) -> Result<Unit, UnitError> {
        self.units.resolve(text)
    }

    /// Reads a cell of a type; `stated` is the unit of plain numbers where it is not the declared one, and measures the
    /// same. `Ok(None)`: nothing was submitted.
    pub fn scalar(&self, raw: &RawCell<'_>, ty: &Type, stated: Option<&Unit>) -> Result<Option<(Scalar, u8)>, Misread> {
        match raw {
            raw if self.is_nothing(raw) => return Ok(None),
            RawCell::Error(text) => return Err(Misread::Error((*text).to_owned())),
            RawCell::Nested(_) => return Err(Misread::Nested),
            RawCell::Text(text) if is_error_value(trimmed(text)) => {
                return Err(Misread::Error(trimmed(text).to_owned()));
            }
            RawCell::Empty | RawCell::Text(_) | RawCell::Number(_) | RawCell::Date(_) => {}
        }
        if let Type::Quantity(declared) = ty {
            let figure = self.quantity(raw, stated.unwrap_or(declared))?;
            let digits = u8::try_from(figure.digits).unwrap_or(u8::MAX);
            return Ok(Some((Scalar::Number(figure.value), digits)));
        }
        if let (RawCell::Date(date), Type::Period(granularity)) = (raw, ty) {
            return period_of_day(*date, *granularity).map(|period| Some((Scalar::Period(period), 0)));
        }
        let text = raw.text();
        self.word(trimmed(&text), ty).map(|scalar| Some((scalar, 0)))
    }

    /// [`CellReader::scalar`] as a table's cell, with the reason if it is bad.
    pub fn cell(&self, raw: &RawCell<'_>, ty: &Type, stated: Option<&Unit>) -> (Cell, Option<Misread>) {
        match self.scalar(raw, ty, stated) {
            Ok(None) => (Cell::Blank, None),
            Ok(Some((scalar, scale))) => (Cell::Value(scalar, scale), None),
            Err(misread) => (bad(raw), Some(misread)),
        }
    }

    /// A figure in a unit, which says of its value what `qualifier` says.
    pub fn figure(
        &self,
        raw: &RawCell<'_>,
        ty: &Type,
        stated: Option<&Unit>,
        qualifier: Qualifier,
    ) -> (Cell, Option<Misread>) {
        let (cell, misread) = self.cell(raw, ty, stated);
        let (Cell::Value(Scalar::Number(_), digits), Type::Quantity(declared)) = (&cell, ty) else {
            return (cell, misread);
        };
        if qualifier == Qualifier::Exact {
            return (cell, misread);
        }
        match self.quantity(raw, stated.unwrap_or(declared)) {
            Ok(figure) => {
                (Cell::Within(Arc::new(qualifier.interval(figure.value.clone(), &figure.half())), *digits), misread)
            }
            Err(misread) => (bad(raw), Some(misread)),
        }
    }

    /// Does a cell hold nothing?
    pub fn is_nothing(&self, raw: &RawCell<'_>) -> bool {
        match raw {
            RawCell::Empty => true,
            RawCell::Text(text) => self.is_blank(text),
            _ => false,
        }
    }

    /// Does a text mean that nothing was submitted? Empty, dashes, dots, and what the binding adds.
    pub fn is_blank(&self, text: &str) -> bool {
        let text = trimmed(text);
        text.chars().all(|c| matches!(half_width(c), '-' | '—' | '–' | '―' | '─' | '−' | '…' | '⋯'))
            || text == "..."
            || text == "......"
            || self.blank.iter().any(|blank| trimmed(blank) == text)
    }

    fn quantity<'u>(&self, raw: &RawCell<'_>, unit: &'u Unit) -> Result<Stated<'u>, Misread> {
        let figure = match raw {
            RawCell::Number(number) if number.shown == Shown::Scaled => return Err(Misread::Scaled),
            RawCell::Number(number) if number.shown != Shown::Percent => {
                let RawNumber { digits, shown } = &**number;
                let decimal = Decimal::parse(digits).ok_or(Misread::Figure(NotAFigure::TooLong))?;
                if *shown == Shown::Unknown && may_be_percentage(&decimal) && *unit.dimension() == Dimension::Ratio {
                    return Err(Misread::PercentUnknown);
                }
                // A text in the cell's format counts if it is a unit; 年, 约 and the like do not.
                let behind = match shown {
                    Shown::With(text) if self.units.resolve(text).is_ok() => text.to_string(),
                    _ => String::new(),
                };
                Figure { decimal, unit: behind, yuan: false }
            }
            RawCell::Date(_) => return Err(Misread::DateForFigure),
            other => figure::parse(&other.text()).map_err(Misread::Figure)?,
        };
        let unit = self.unit_of(&figure, unit)?;
        Ok(Stated { value: unit.to_base(&figure.decimal.value()), digits: figure.decimal.scale(), unit })
    }

    /// The unit that a figure is in: the one behind it, or the column's.
    fn unit_of<'u>(&self, figure: &Figure, column: &'u Unit) -> Result<Cow<'u, Unit>, Misread> {
        let mismatch = |unit: &str| Misread::UnitMismatch { unit: unit.to_owned(), expected: name_of(column) };
        if figure.yuan {
            let yuan = self.units.resolve("元").map_err(|_| mismatch("¥"))?;
            if yuan.dimension() != column.dimension() {
                return Err(mismatch("¥"));
            }
        }
        if figure.unit.is_empty() {
            return Ok(Cow::Borrowed(column));
        }
        let unit = self.units.resolve(&figure.unit).map_err(|error| Misread::UnknownUnit {
            unit: figure.unit.clone(),
            nearest: match error {
                UnitError::Unknown { nearest, .. } => nearest,
                UnitError::Duplicate(_) => None,
            },
        })?;
        if unit.dimension() == column.dimension() {
            return Ok(Cow::Owned(unit));
        }
        // 万 and 亿 alone are magnitudes: `12.5万` in a column of 元 or 人, but not `12.5万` in one of 万元 or %.
        if *unit.dimension() == Dimension::Plain && matches!(column.dimension(), Dimension::Of(_) | Dimension::Count) {
            let base = Unit::base(column.dimension().clone());
            if base.factor() != column.factor() {
                return Err(Misread::Magnitude { unit: figure.unit.clone(), expected: name_of(column) });
            }
            return self
                .units
                .resolve(&format!("{}{}", figure.unit, column.name()))
                .map(Cow::Owned)
                .map_err(|_| Misread::Magnitude { unit: figure.unit.clone(), expected: name_of(column) });
        }
        Err(mismatch(&figure.unit))
    }

    fn word(&self, text: &str, ty: &Type) -> Result<Scalar, Misread> {
        match ty {
            Type::Text => Ok(Scalar::Text(spread(text).map_or_else(|| Arc::from(text), Arc::from))),
            Type::Boolean => boolean(text).map(Scalar::Boolean).ok_or(Misread::Boolean),
            Type::Date => date(text).map(Scalar::Date).ok_or(Misread::Date),
            Type::Period(granularity) => {
                let period = Period::parse(text).ok_or(Misread::Period)?;
                match granularity {
                    Some(wanted) if *wanted != period.granularity() => Err(Misread::Granularity(*wanted)),
                    _ => Ok(Scalar::Period(period)),
                }
            }
            Type::Level(scale) => {
                let Some(scale) = self.scales.get(scale.0) else {
                    return Err(Misread::Level { scale: String::new(), levels: Vec::new(), nearest: None });
                };
                match scale.levels.iter().position(|level| level == text) {
                    Some(level) => Ok(Scalar::Level(level)),
                    None => Err(Misread::Level {
                        scale: scale.name.clone(),
                        levels: scale.levels.clone(),
                        nearest: nearest(text, scale.levels.iter().map(String::as_str)).map(str::to_owned),
                    }),
                }
            }
            Type::Quantity(unit) => {
                self.quantity(&RawCell::Text(text.into()), unit).map(|figure| Scalar::Number(figure.value))
            }
        }
    }
}

/// A word that typesetters spread out (`合　计`), together again; `None` if the text is none.
fn spread(text: &str) -> Option<String> {
    let words = text.split_whitespace();
    let is_character = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next();
        first.is_some_and(|c| ('\u{3400}'..='\u{9fff}').contains(&c)) && chars.next().is_none()
    };
    (words.clone().nth(1).is_some() && words.clone().all(is_character)).then(|| words.collect())
}

/// A cell that cannot be read, as submitted.
pub fn bad(raw: &RawCell<'_>) -> Cell {
    Cell::Bad(Arc::from(trimmed(&raw.text())))
}

/// Growth rates and completion rates that are stored as fractions lie here: −200% to 200%.
fn may_be_percentage(decimal: &Decimal) -> bool {
    let value = decimal.value().abs();
    !value.is_zero() && value < Number::from(2u64)
}

fn name_of(unit: &Unit) -> String {
    unit.name().to_owned()
}

/// The error values of spreadsheets, as text files carry them on.
fn is_error_value(text: &str) -> bool {
    matches!(
        text,
        "#DIV/0!"
            | "#N/A"
            | "#NAME?"
            | "#NULL!"
            | "#NUM!"
            | "#REF!"
            | "#VALUE!"
            | "#SPILL!"
            | "#CALC!"
            | "#GETTING_DATA"
    ) || (text.len() > 2 && text.starts_with('#') && text.chars().skip(1).all(|c| c == '#'))
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "是" | "√" | "✓" | "✔" => Some(true),
        "否" | "×" | "✗" | "✘" => Some(false),
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A day, also one that a program wrote with midnight behind it.
fn date(text: &str) -> Option<jiff::civil::Date> {
    let day = [" 00:00:00", "T00:00:00", " 00:00", " 0:00:00", " 0:00", "T00:00:00Z", "T00:00:00.000Z"]
        .into_iter()
        .find_map(|midnight| text.strip_suffix(midnight))
        .unwrap_or(text);
    parse_date(day)
}

/// The period that a spreadsheet stores as its first day: `2021年3月` typed into a cell becomes 1 March 2021.
fn period_of_day(day: jiff::civil::Date, granularity: Option<Granularity>) -> Result<Period, Misread> {
    let granularity = granularity.unwrap_or(Granularity::Month);
    let month = u8::try_from(day.month()).unwrap_or(1);
    let length = 12 / granularity.per_year();
    let period = Period::new(day.year(), granularity, (month - 1) / length + 1).ok_or(Misread::Period)?;
    if period.first_day() == day { Ok(period) } else { Err(Misread::Period) }
}
