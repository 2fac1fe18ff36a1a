//! Exact numbers, units and their algebra, periods, ordinal scales, and the values that expressions take.
//!
//! No floats; no names of rules or files.

mod interval;
mod number;
mod period;
mod qualifier;
mod scalar;
mod spread;
mod truth;
mod unit;

pub use interval::{End, Interval, Orderings};
pub use number::{Decimal, MAX_DIGITS, Number, compare_compound, compound_rate};
pub use period::{Granularity, Period, parse_date};
pub use qualifier::Qualifier;
pub use scalar::Scalar;
pub use spread::Spread;
pub use truth::Truth;
pub use unit::{Dimension, Unit, UnitError, Units};
