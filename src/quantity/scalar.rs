//! One known value.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Number, Period};

/// A value that is known: numbers in base units, levels as their index in the scale (greater is better).
///
/// The order is that of values within a kind; between kinds it only makes iteration deterministic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// In base units: 元, not 万元; 0.1, not 10%.
    Number(Number),
    /// A text, trimmed.
    Text(Arc<str>),
    /// 是, 否
    Boolean(bool),
    /// A day.
    Date(Date),
    /// A reporting period.
    Period(Period),
    /// A level.
    Level(usize),
}

impl Scalar {
    /// A text.
    pub fn text(text: &str) -> Self {
        Scalar::Text(text.into())
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<&Number> {
        match self {
            Scalar::Number(number) => Some(number),
            _ => None,
        }
    }
}
