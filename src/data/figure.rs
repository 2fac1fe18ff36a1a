//! The text of a figure, taken apart: sign, digits, and the unit written behind them.
//!
//! `１，２３４．５０ 万元`, `¥1,234.50`, `(12.5%)` in; digits that [`Decimal`] reads and a unit's text out, or the reason
//! why not. Never repairs: what is not plainly one figure is refused.

use super::raw::{half_width, trimmed};
use crate::quantity::Decimal;

/// A figure's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number, digits after the point as stated.
    pub decimal: Decimal,
    /// What stood behind it: `万元`, `%`; empty if nothing.
    pub unit: String,
    /// It carried the sign ¥.
    pub yuan: bool,
}

/// Why a text is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAFigure {
    /// It does not begin with digits.
    NoNumber,
    /// Its separators do not stand between groups of three digits.
    Separators,
    /// `1.2E+05`: written by a program that had already dropped digits.
    Scientific,
    /// More digits than any figure has.
    TooLong,
}

/// Takes a figure apart.
pub fn parse(text: &str) -> Result<Figure, NotAFigure> {
    let plain = plain_number(text);
    if let Some(decimal) = plain {
        return Ok(Figure { decimal, unit: String::new(), yuan: false });
    }
    let text: String = trimmed(text).chars().map(half_width).map(ascii_sign).collect();
    let (negative, inner) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (true, inner.trim()),
        None => (false, text.as_str()),
    };
    let (minus, signed, rest) = leading_sign(inner);
    let (yuan_before, rest) = strip_yuan(rest);
    let (minus_after, signed_after, rest) = if yuan_before { leading_sign(rest) } else { (false, false, rest) };
    if (negative && (signed || signed_after)) || (signed && signed_after) {
        return Err(NotAFigure::NoNumber);
    }
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(rest.len());
    let (number, behind) = rest.split_at_checked(end).ok_or(NotAFigure::NoNumber)?;
    if !number.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(NotAFigure::NoNumber);
    }
    if is_exponent(behind) {
        return Err(NotAFigure::Scientific);
    }
    let digits = ungrouped(number)?;
    let digits = if negative || minus || minus_after { format!("-{digits}") } else { digits };
    let decimal = match Decimal::parse(&digits) {
        Some(decimal) => decimal,
        None if digits.len() > crate::quantity::MAX_DIGITS => return Err(NotAFigure::TooLong),
        None => return Err(NotAFigure::NoNumber),
    };
    let behind = behind.trim();
    let (yuan_after, unit) = match behind.strip_prefix('\u{a5}') {
        Some(rest) => (true, rest.trim()),
        None => (false, behind),
    };
    Ok(Figure { decimal, unit: unit.to_owned(), yuan: yuan_before || yuan_after })
}

/// The plain ASCII numbers that most cells hold, without copying them. An exponent is not plain.
fn plain_number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) { Decimal::parse(text) } else { None }
}

fn ascii_sign(c: char) -> char {
    if matches!(c, '\u{2212}' | '\u{fe63}') { '-' } else { c }
}

fn leading_sign(text: &str) -> (bool, bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, true, rest.trim_start()),
        None => match text.strip_prefix('+') {
            Some(rest) => (false, true, rest.trim_start()),
            None => (false, false, text),
        },
    }
}

fn strip_yuan(text: &str) -> (bool, &str) {
    match text.strip_prefix('\u{a5}') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    }
}

fn is_exponent(behind: &str) -> bool {
    let Some(rest) = behind.strip_prefix(['e', 'E']) else { return false };
    rest.strip_prefix(['+', '-']).unwrap_or(rest).starts_with(|c: char| c.is_ascii_digit())
}

/// Digits without separators, which must stand between groups of three.
fn ungrouped(number: &str) -> Result<String, NotAFigure> {
    if !number.contains(',') {
        return Ok(number.to_owned());
    }
    let (whole, part) = match number.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (number, None),
    };
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let well_formed = (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3)
        && !part.is_some_and(|part| part.contains(','));
    if !well_formed {
        return Err(NotAFigure::Separators);
    }
    let whole = whole.replace(',', "");
    Ok(part.map_or_else(|| whole.clone(), |part| format!("{whole}.{part}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        parse(text).ok().map(|figure| (figure.decimal.to_string(), figure.unit))
    }

    #[test]
    fn figures_as_people_write_them() {
        for (text, digits, unit) in [
            ("1234.50", "1234.50", ""),
            (" 1,234.50 ", "1234.50", ""),
            ("１，２３４．５０", "1234.50", ""),
            ("1,234,567", "1234567", ""),
            ("¥1,234.50", "1234.50", ""),
            ("￥ -12", "-12", ""),
            ("-¥12", "-12", ""),
            ("12¥", "12", ""),
            ("(1,234.50)", "-1234.50", ""),
            ("（1,234.50）", "-1234.50", ""),
            ("(12.5%)", "-12.5", "%"),
            ("12.5万元", "12.5", "万元"),
            ("98.5％", "98.5", "%"),
            ("7 %", "7", "%"),
            ("－0.01", "-0.01", ""),
            ("−0.01", "-0.01", ""),
            ("+5.2", "5.2", ""),
            ("1.2 元/人", "1.2", "元/人"),
            ("3,000户", "3000", "户"),
            (".5", "0.5", ""),
        ] {
            assert_eq!(read(text), Some((digits.to_owned(), unit.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_not_plainly_one_figure_is_refused() {
        for (text, why) in [
            ("1,23", NotAFigure::Separators),
            ("1234,567", NotAFigure::Separators),
            ("1,2345", NotAFigure::Separators),
            ("1,234.5,6", NotAFigure::Separators),
            ("12,", NotAFigure::Separators),
            ("1.2.3", NotAFigure::NoNumber),
            ("-(5)", NotAFigure::NoNumber),
            ("(-5)", NotAFigure::NoNumber),
            ("--5", NotAFigure::NoNumber),
            ("约5", NotAFigure::NoNumber),
            ("", NotAFigure::NoNumber),
            (".", NotAFigure::NoNumber),
            ("1.23457E+11", NotAFigure::Scientific),
            ("2e5", NotAFigure::Scientific),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
        }
        assert_eq!(read("1 234").map(|(_, unit)| unit).as_deref(), Some("234"));
        assert_eq!(read("5-").map(|(_, unit)| unit).as_deref(), Some("-"));
        assert_eq!(parse(&"9".repeat(500)), Err(NotAFigure::TooLong));
    }
}
