//! What the values of a column are, and their texts: what a text file would hold in their place.

use std::borrow::Cow;
use std::fmt::Write;

use jiff::civil::Date;
use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type};
use parquet::file::metadata::ParquetMetaData;
use parquet::schema::types::ColumnDescriptor;

use crate::data::raw::RawCell;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Boolean,
    /// Whole numbers; those without a sign with the number of their bits.
    Whole(Option<u8>),
    /// Digits, of which so many stand after the point.
    Decimal(u8),
    Single,
    Double,
    /// Days since 1970.
    Day,
    /// Moments since 1970, in so many parts of a second.
    Moment(i64),
    /// Times of day, in so many parts of a second.
    Time(i64),
    Uuid,
    /// A list, a record, or several values in a row.
    Nested,
    /// Anything else.
    Other,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileColumn {
    /// Its heading.
    pub name: String,
    /// Where its values are; `None` of a nested one.
    pub leaf: Option<usize>,
    pub kind: Kind,
}

/// The columns of a file, in order.
pub fn columns(metadata: &ParquetMetaData) -> Vec<FileColumn> {
    let schema = metadata.file_metadata().schema_descr();
    let mut columns: Vec<FileColumn> = schema
        .root_schema()
        .get_fields()
        .iter()
        .map(|field| FileColumn { name: field.name().to_owned(), leaf: None, kind: Kind::Nested })
        .collect();
    for (leaf, descriptor) in schema.columns().iter().enumerate() {
        let flat = descriptor.path().parts().len() == 1
            && descriptor.max_rep_level() == 0
            && descriptor.max_def_level() <= 1
            && descriptor.self_type().get_basic_info().repetition() != Repetition::REPEATED;
        if flat && let Some(column) = columns.get_mut(schema.get_column_root_idx(leaf)) {
            column.leaf = Some(leaf);
            column.kind = kind(descriptor);
        }
    }
    columns
}

fn kind(column: &ColumnDescriptor) -> Kind {
    let parts = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    };
    let decimal = |scale: i32| u8::try_from(scale).ok().filter(|scale| *scale <= 76).map_or(Kind::Other, Kind::Decimal);
    let physical = column.physical_type();
    if physical == Type::INT96 {
        return Kind::Other;
    }
    let whole = matches!(physical, Type::INT32 | Type::INT64);
    match column.logical_type_ref() {
        Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) if physical == Type::BYTE_ARRAY => {
            return Kind::Text;
        }
        Some(LogicalType::Decimal { scale, .. }) if !matches!(physical, Type::FLOAT | Type::DOUBLE | Type::BOOLEAN) => {
            return decimal(*scale);
        }
        Some(LogicalType::Date) if physical == Type::INT32 => return Kind::Day,
        Some(LogicalType::Time { unit, .. }) if whole => return Kind::Time(parts(unit)),
        Some(LogicalType::Timestamp { unit, .. }) if physical == Type::INT64 => return Kind::Moment(parts(unit)),
        Some(LogicalType::Integer { bit_width, is_signed }) if whole => {
            return Kind::Whole(if *is_signed { None } else { u8::try_from(*bit_width).ok() });
        }
        Some(LogicalType::Uuid) if physical == Type::FIXED_LEN_BYTE_ARRAY && column.type_length() == 16 => {
            return Kind::Uuid;
        }
        // A column without any value.
        Some(LogicalType::Unknown) | None => {}
        Some(_) => return Kind::Other,
    }
    match (column.converted_type(), physical) {
        (ConvertedType::DECIMAL, _) => decimal(column.type_scale()),
        (ConvertedType::DATE, Type::INT32) => Kind::Day,
        (ConvertedType::TIME_MILLIS, Type::INT32) => Kind::Time(1_000),
        (ConvertedType::TIME_MICROS, Type::INT64) => Kind::Time(1_000_000),
        (ConvertedType::TIMESTAMP_MILLIS, Type::INT64) => Kind::Moment(1_000),
        (ConvertedType::TIMESTAMP_MICROS, Type::INT64) => Kind::Moment(1_000_000),
        (ConvertedType::UINT_8, _) => Kind::Whole(Some(8)),
        (ConvertedType::UINT_16, _) => Kind::Whole(Some(16)),
        (ConvertedType::UINT_32, _) => Kind::Whole(Some(32)),
        (ConvertedType::UINT_64, _) => Kind::Whole(Some(64)),
        (ConvertedType::BSON | ConvertedType::INTERVAL, _) => Kind::Other,
        (_, Type::INT32 | Type::INT64) => Kind::Whole(None),
        (_, Type::BOOLEAN) => Kind::Boolean,
        (_, Type::FLOAT) => Kind::Single,
        (_, Type::DOUBLE) => Kind::Double,
        // Old programs do not say that texts are texts.
        (_, Type::BYTE_ARRAY) => Kind::Text,
        (_, Type::FIXED_LEN_BYTE_ARRAY | Type::INT96) => Kind::Other,
    }
}

impl Kind {
    /// Is it a number that can be packed?
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Whole(_) | Kind::Decimal(_) | Kind::Single | Kind::Double)
    }

    /// Do its values differ in how many digits stand after the point?
    pub fn varies(self) -> bool {
        matches!(self, Kind::Single | Kind::Double)
    }

    /// The cell of a stored value; `None`: it is no value of this kind.
    pub fn cell(self, stored: &[u8]) -> Option<RawCell<'_>> {
        let whole = || stored.first_chunk::<8>().filter(|_| stored.len() == 8).map(|bytes| i64::from_le_bytes(*bytes));
        let text = |text: String| RawCell::Text(Cow::Owned(text));
        Some(match self {
            Kind::Text => RawCell::Text(Cow::Borrowed(std::str::from_utf8(stored).ok()?)),
            Kind::Boolean => RawCell::Text(Cow::Borrowed(if whole()? == 0 { "false" } else { "true" })),
            Kind::Whole(None) => text(whole()?.to_string()),
            Kind::Whole(Some(bits)) => text(unsigned(whole()?, bits).to_string()),
            Kind::Decimal(scale) => text(decimal(stored, scale)?),
            Kind::Single => text(shortest_single(f32::from_le_bytes(*stored.first_chunk()?))),
            Kind::Double => text(shortest_double(f64::from_le_bytes(*stored.first_chunk()?))),
            Kind::Day => match day(whole()?) {
                Some(date) => RawCell::Date(date),
                None => text(whole()?.to_string()),
            },
            Kind::Moment(parts) => moment(whole()?, parts),
            Kind::Time(parts) => text(time(whole()?, parts)),
            Kind::Uuid => text(uuid(stored)),
            Kind::Nested | Kind::Other => return None,
        })
    }
}

/// A whole number without a sign, of so many bits.
pub fn unsigned(stored: i64, bits: u8) -> u64 {
    let stored = u64::from_le_bytes(stored.to_le_bytes());
    if bits >= 64 { stored } else { stored & ((1 << bits) - 1) }
}

/// The shortest decimal that gives the same stored number.
pub fn shortest_single(stored: f32) -> String {
    plain_zero(stored.to_string())
}

/// The shortest decimal that gives the same stored number.
pub fn shortest_double(stored: f64) -> String {
    plain_zero(stored.to_string())
}

fn plain_zero(text: String) -> String {
    if text == "-0" { "0".to_owned() } else { text }
}

/// The digits of a decimal: 8 bytes, the lowest first, if it was stored as a whole number; else the highest first.
fn decimal(stored: &[u8], scale: u8) -> Option<String> {
    let (tag, bytes) = stored.split_first()?;
    let digits =
        if *tag == LITTLE { i64::from_le_bytes(*bytes.first_chunk()?).to_string() } else { big_endian(bytes)? };
    Some(with_point(&digits, scale))
}

/// Marks decimals that are stored as whole numbers.
pub const LITTLE: u8 = 0;
/// Marks decimals that are stored as bytes.
pub const BIG: u8 = 1;

/// Puts the point into digits.
pub fn with_point(digits: &str, scale: u8) -> String {
    let scale = usize::from(scale);
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = padded.split_at_checked(padded.len() - scale).unwrap_or((&padded, ""));
    format!("{sign}{whole}.{part}")
}

/// The digits of a number of any length, the highest byte first.
fn big_endian(bytes: &[u8]) -> Option<String> {
    if let Some(value) = small(bytes) {
        return Some(value.to_string());
    }
    if bytes.len() > 64 {
        return None;
    }
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let mut carry = negative;
    let mut magnitude: Vec<u8> = bytes
        .iter()
        .rev()
        .map(|byte| {
            let byte = if negative { !byte } else { *byte };
            let (sum, over) = byte.overflowing_add(u8::from(carry));
            carry = over;
            sum
        })
        .collect();
    magnitude.reverse();
    let mut digits = Vec::new();
    while magnitude.iter().any(|byte| *byte != 0) {
        let mut rest = 0u32;
        for byte in &mut magnitude {
            let value = rest << 8 | u32::from(*byte);
            *byte = u8::try_from(value / 10).unwrap_or(u8::MAX);
            rest = value % 10;
        }
        digits.extend(char::from_digit(rest, 10));
    }
    Some(digits.into_iter().chain(negative.then_some('-')).rev().collect())
}

/// A number of up to 16 bytes, the highest first.
pub fn small(bytes: &[u8]) -> Option<i128> {
    if bytes.len() > 16 {
        return None;
    }
    let first = if bytes.first().is_some_and(|first| first & 0x80 != 0) { -1 } else { 0 };
    Some(bytes.iter().fold(first, |value, byte| value << 8 | i128::from(*byte)))
}

fn day(days: i64) -> Option<Date> {
    let days = i32::try_from(days).ok()?;
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn moment(stored: i64, parts: i64) -> RawCell<'static> {
    let a_day = parts * 86_400;
    let (days, rest) = (stored.div_euclid(a_day), stored.rem_euclid(a_day));
    match day(days) {
        Some(date) if rest == 0 => RawCell::Date(date),
        Some(date) => RawCell::Text(Cow::Owned(format!("{date} {}", time(rest, parts)))),
        None => RawCell::Text(Cow::Owned(stored.to_string())),
    }
}

fn time(stored: i64, parts: i64) -> String {
    let (seconds, rest) = (stored.div_euclid(parts), stored.rem_euclid(parts));
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 {
        return text;
    }
    let digits = parts.to_string().len() - 1;
    let rest = format!("{rest:0digits$}");
    format!("{text}.{}", rest.trim_end_matches('0'))
}

fn uuid(stored: &[u8]) -> String {
    let mut text = String::new();
    for (at, byte) in stored.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_any_length_keep_their_digits() {
        for (bytes, digits) in [
            (vec![0x00], "0"),
            (vec![0xff], "-1"),
            (vec![0x01, 0x00], "256"),
            ([vec![0x80], vec![0; 15]].concat(), "-170141183460469231731687303715884105728"),
            ([vec![0x01], vec![0; 16]].concat(), "340282366920938463463374607431768211456"),
            (vec![0xff; 17], "-1"),
        ] {
            assert_eq!(big_endian(&bytes).as_deref(), Some(digits));
        }
        for (digits, scale, text) in [("9010", 2, "90.10"), ("-5", 2, "-0.05"), ("7", 0, "7"), ("0", 3, "0.000")] {
            assert_eq!(with_point(digits, scale), text);
        }
    }

    #[test]
    fn days_and_times_are_written_out() {
        assert_eq!(day(18_628).map(|day| day.to_string()).as_deref(), Some("2021-01-01"));
        assert_eq!(day(-1).map(|day| day.to_string()).as_deref(), Some("1969-12-31"));
        assert_eq!(moment(1_609_459_200_000, 1_000).text(), "2021-01-01");
        assert_eq!(moment(1_609_459_201_500, 1_000).text(), "2021-01-01 00:00:01.5");
        assert_eq!(moment(i64::MIN, 1_000).text(), i64::MIN.to_string());
        assert_eq!(time(45_296, 1), "12:34:56");
    }
}
