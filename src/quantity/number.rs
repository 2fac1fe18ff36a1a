//! Exact numbers. No binary floating point stands anywhere between the digits in a file and a verdict.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use dashu_base::{Abs, DivRem, Inverse, Sign, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

/// The largest number of digits before or after the point that a figure may have.
///
/// The largest magnitude a spreadsheet can hold has 309 digits; a longer figure is refused as malformed.
pub const MAX_DIGITS: usize = 400;

/// A decimal as it was stated: its value and how many digits stood after the point.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: IBig,
    scale: u32,
}

impl Decimal {
    /// `mantissa / 10^scale`.
    pub fn new(mantissa: i128, scale: u32) -> Self {
        Decimal { mantissa: IBig::from(mantissa), scale }
    }

    /// Reads plain ASCII digits with an optional sign, point and exponent: `-12.50`, `1e3`, `.5`. No separators, no spaces.
    ///
    /// Returns `None` for anything else, and for figures of more than [`MAX_DIGITS`] digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (digits, exponent) = match rest.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all = [whole, part].concat();
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) || all.len() > MAX_DIGITS {
            return None;
        }
        let scale = i64::try_from(part.len()).ok()?.checked_sub(exponent)?;
        if scale.unsigned_abs() > MAX_DIGITS as u64 {
            return None;
        }
        let mut mantissa = UBig::from_str_radix(&all, 10).ok()?;
        if scale < 0 {
            mantissa *= power_of_ten(u32::try_from(-scale).ok()?);
        }
        let mantissa = if negative { -IBig::from(mantissa) } else { IBig::from(mantissa) };
        Some(Decimal { mantissa, scale: u32::try_from(scale.max(0)).ok()? })
    }

    /// Digits after the point, as stated: `90.10` has two.
    pub fn scale(&self) -> u32 {
        self.scale
    }

    /// The digits without their point: `mantissa / 10^scale` is the value.
    pub fn mantissa(&self) -> &IBig {
        &self.mantissa
    }

    /// The exact value.
    pub fn value(&self) -> Number {
        Number(RBig::from_parts(self.mantissa.clone(), power_of_ten(self.scale)))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_point(&self.mantissa, self.scale))
    }
}

/// An exact rational number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(RBig);

impl Number {
    /// 0
    pub fn zero() -> Self {
        Number(RBig::ZERO)
    }

    /// 1
    pub fn one() -> Self {
        Number(RBig::ONE)
    }

    /// `numerator / denominator`; `None` if the denominator is 0.
    pub fn ratio(numerator: i128, denominator: i128) -> Option<Self> {
        Number::from(numerator).div(&Number::from(denominator))
    }

    /// `mantissa / 10^scale`, from a sum of mantissas.
    pub fn from_scaled(mantissa: IBig, scale: u32) -> Self {
        Number(RBig::from_parts(mantissa, power_of_ten(scale)))
    }

    /// Quotient, or `None` when `divisor` is 0.
    pub fn div(&self, divisor: &Number) -> Option<Number> {
        if divisor.is_zero() { None } else { Some(Number(&self.0 * divisor.0.clone().inv())) }
    }

    /// `self` to a whole power.
    pub fn pow(&self, exponent: u32) -> Number {
        Number(self.0.pow(exponent as usize))
    }

    /// Absolute value.
    pub fn abs(&self) -> Number {
        Number(self.0.clone().abs())
    }

    /// Is it 0?
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Is it below 0?
    pub fn is_negative(&self) -> bool {
        self.0.sign() == Sign::Negative && !self.0.is_zero()
    }

    /// Is it a whole number?
    pub fn is_integer(&self) -> bool {
        self.0.is_int()
    }

    /// The value as a whole number, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.is_integer() { i64::try_from(self.0.numerator().clone()).ok() } else { None }
    }

    /// Numerator and denominator, which is above 0, if both fit.
    pub fn to_parts(&self) -> Option<(i128, i128)> {
        let numerator = i128::try_from(self.0.numerator().clone()).ok()?;
        Some((numerator, i128::try_from(self.0.denominator().clone()).ok()?))
    }

    /// Digits after the point that the exact decimal needs; `None` if the decimal does not end.
    pub fn decimal_scale(&self) -> Option<u32> {
        let mut rest = self.0.denominator().clone();
        let twos = rest.remove(&UBig::from(2u8)).unwrap_or(0);
        let fives = rest.remove(&UBig::from(5u8)).unwrap_or(0);
        if rest.is_one() { u32::try_from(twos.max(fives)).ok() } else { None }
    }

    /// The exact decimal if it ends (`9.99`), else the fraction in lowest terms (`1/3`).
    pub fn exact(&self) -> String {
        match self.decimal_scale() {
            Some(scale) => self.rounded(scale),
            None => self.0.to_string(),
        }
    }

    /// The decimal with `scale` digits after the point, rounded half away from zero (四舍五入).
    pub fn rounded(&self, scale: u32) -> String {
        let numerator = self.0.numerator().clone().unsigned_abs() * power_of_ten(scale);
        let denominator = self.0.denominator();
        let (quotient, remainder) = numerator.div_rem(denominator);
        let quotient = if remainder * UBig::from(2u8) >= *denominator { quotient + UBig::ONE } else { quotient };
        let mantissa = if self.is_negative() { -IBig::from(quotient) } else { IBig::from(quotient) };
        with_point(&mantissa, scale)
    }

    /// The decimal with `scale` digits after the point that is next to the value, not below it if `up`, else not above it.
    pub fn next_to(&self, scale: u32, up: bool) -> String {
        let numerator = self.0.numerator().clone().unsigned_abs() * power_of_ten(scale);
        let (quotient, remainder) = numerator.div_rem(self.0.denominator());
        let away = remainder != UBig::ZERO && up != self.is_negative();
        let quotient = if away { quotient + UBig::ONE } else { quotient };
        with_point(&if self.is_negative() { -IBig::from(quotient) } else { IBig::from(quotient) }, scale)
    }

    /// Digits after the point up to which [`Number::read`] is exact.
    pub const EXACT: u32 = 8;

    /// The value for reading: exact if that takes few digits (with up to two of the zeros of a figure stated with so many
    /// digits), else rounded with `≈` before it, to as many digits as it takes to show that it is not 0.
    pub fn read(&self, stated_scale: u8) -> String {
        let least = u32::from(stated_scale.min(2));
        if self.decimal_scale().is_some_and(|scale| scale <= Self::EXACT) {
            return self.display(least, Self::EXACT);
        }
        let mut digits = 4;
        while digits < 40 && self.rounded(digits).bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) {
            digits += 1;
        }
        self.display(least, digits)
    }

    /// The greatest whole number that is not above it.
    #[must_use]
    pub fn floor(&self) -> Number {
        Number(RBig::from(self.0.floor()))
    }

    /// The value for reading: exact with at least `min_scale` digits after the point if `max_scale` digits
    /// suffice, else rounded to `max_scale` digits with `≈` before it.
    pub fn display(&self, min_scale: u32, max_scale: u32) -> String {
        match self.decimal_scale() {
            Some(scale) if scale <= max_scale.max(min_scale) => self.rounded(scale.max(min_scale)),
            _ => format!("≈{}", self.rounded(max_scale.max(min_scale))),
        }
    }
}

impl From<i128> for Number {
    fn from(value: i128) -> Self {
        Number(RBig::from(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Number(RBig::from(value))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.exact())
    }
}

impl Add for &Number {
    type Output = Number;
    fn add(self, other: &Number) -> Number {
        Number(&self.0 + &other.0)
    }
}

impl Sub for &Number {
    type Output = Number;
    fn sub(self, other: &Number) -> Number {
        Number(&self.0 - &other.0)
    }
}

impl Mul for &Number {
    type Output = Number;
    fn mul(self, other: &Number) -> Number {
        if other.0.is_one() { self.clone() } else { Number(&self.0 * &other.0) }
    }
}

impl Neg for &Number {
    type Output = Number;
    fn neg(self) -> Number {
        Number(-self.0.clone())
    }
}

/// Compares `(1 + rate)^years · start` with `end` for `start > 0`, without taking a root: how the actual
/// compound growth from `start` to `end` stands to `rate`. `None` if `start` is not positive or `end` is negative.
pub fn compare_compound(start: &Number, end: &Number, rate: &Number, years: u32) -> Option<Ordering> {
    if start.is_zero() || start.is_negative() || end.is_negative() {
        return None;
    }
    let factor = &Number::one() + rate;
    if factor.is_negative() {
        return Some(Ordering::Greater);
    }
    Some(end.cmp(&(&factor.pow(years) * start)))
}

/// The compound yearly rate from `start` to `end`, to `scale` decimal digits (of the fraction, not the percentage),
/// rounded towards zero; for display only, since verdicts take no roots.
pub fn compound_rate(start: &Number, end: &Number, years: u32, scale: u32) -> Option<Number> {
    let quotient = end.div(start)?;
    if quotient.is_negative() || years == 0 {
        return None;
    }
    // floor(q^(1/n) · 10^scale) = floor((q · 10^(scale·n))^(1/n))
    let lifted = quotient.0.numerator().clone().unsigned_abs() * power_of_ten(scale.checked_mul(years)?);
    let whole = lifted.div_rem(quotient.0.denominator()).0;
    let root = whole.nth_root(years as usize);
    Some(&Number::from_scaled(IBig::from(root), scale) - &Number::one())
}

fn power_of_ten(exponent: u32) -> UBig {
    UBig::from(10u8).pow(exponent as usize)
}

fn with_point(mantissa: &IBig, scale: u32) -> String {
    let digits = mantissa.clone().unsigned_abs().to_string();
    let sign = if mantissa.sign() == Sign::Negative && *mantissa != IBig::ZERO { "-" } else { "" };
    let scale = scale as usize;
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = padded.split_at(padded.len() - scale);
    format!("{sign}{whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Decimal::parse(text).map(|d| d.value()).unwrap_or_else(Number::zero)
    }

    #[test]
    fn decimals_keep_their_digits() {
        for text in ["0", "90.10", "-0.01", "123456789012345678901234567890.5"] {
            assert_eq!(Decimal::parse(text).map(|d| d.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Decimal::parse("1.5e3").map(|d| d.value()), Some(Number::from(1500i128)));
        assert_eq!(Decimal::parse("5E-3").map(|d| d.to_string()).as_deref(), Some("0.005"));
        for text in ["", "-", ".", "1,000", "1e999999999", "０", "1.2.3", "NaN", "inf"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(&number("0.1") + &number("0.2"), number("0.3"));
        assert_eq!(number("1").div(&number("3")).map(|n| n.exact()).as_deref(), Some("1/3"));
        assert_eq!(number("1").div(&Number::zero()), None);
        assert_eq!(number("2").div(&number("3")).map(|n| n.display(0, 4)).as_deref(), Some("≈0.6667"));
        assert_eq!(number("-0.005").rounded(2), "-0.01");
        assert_eq!(number("0.125").exact(), "0.125");
    }

    #[test]
    fn decimals_next_to_a_value_lie_on_the_side_asked_for() {
        let third = number("1").div(&number("3")).unwrap_or_else(Number::zero);
        assert_eq!((third.next_to(2, false).as_str(), third.next_to(2, true).as_str()), ("0.33", "0.34"));
        assert_eq!(((-&third).next_to(2, false).as_str(), (-&third).next_to(2, true).as_str()), ("-0.34", "-0.33"));
        assert_eq!(
            (number("0.25").next_to(2, false).as_str(), number("-0.25").next_to(2, true).as_str()),
            ("0.25", "-0.25")
        );
    }

    #[test]
    fn compound_growth_takes_no_roots() {
        assert_eq!(compare_compound(&number("100"), &number("121"), &number("0.1"), 2), Some(Ordering::Equal));
        assert_eq!(compare_compound(&number("100"), &number("120.99"), &number("0.1"), 2), Some(Ordering::Less));
        assert_eq!(compare_compound(&number("0"), &number("1"), &number("0.1"), 2), None);
        assert_eq!(compound_rate(&number("100"), &number("121"), 2, 6), Some(number("0.1")));
    }
}
