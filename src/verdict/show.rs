//! Figures as people read them. Nothing here decides anything; a rounded figure says so with `≈`.

use crate::base::{Bi, Range};
use crate::plan::operators::Value;
use crate::quantity::{Dimension, End, Interval, Number, Scalar, Unit};
use crate::semantics::hir::{Suite, Type};

/// Digits after the point to which figures are rounded, if that tells them apart.
const DIGITS: u32 = 4;

/// A number in a unit, exact, with up to two of the zeros that it was stated with.
pub(super) fn exact(number: &Number, unit: &Unit, stated_scale: u8) -> String {
    let figure = unit.from_base(number);
    match figure.decimal_scale() {
        Some(scale) => figure.rounded(scale.max(u32::from(stated_scale.min(2)))),
        None => figure.exact(),
    }
}

/// A number in a unit, for reading.
pub(super) fn number(number: &Number, unit: &Unit, stated_scale: u8) -> String {
    unit.from_base(number).read(stated_scale)
}

/// A number with its unit, for reading.
pub(super) fn quantity(value: &Number, unit: &Unit) -> String {
    unit.behind(&number(value, unit, 0))
}

/// What something comes to: `= 9.99%`, `≈ 14.5299%`.
pub(super) fn equals(figure: &str) -> String {
    match figure.strip_prefix('≈') {
        Some(rounded) => format!("≈ {rounded}"),
        None => format!("= {figure}"),
    }
}

/// A share as a percentage to a tenth, and to more digits where a tenth would make 0 or 100 of what is neither.
pub(super) fn share(share: &Number) -> String {
    let hundred = Number::from(100i128);
    let percent = share * &hundred;
    format!("{}%", apart(&percent, &[Number::zero(), hundred]))
}

/// A difference of two shares in percentage points, likewise.
pub(super) fn points(difference: &Number) -> String {
    apart(&(difference * &Number::from(100i128)), &[Number::zero()])
}

/// A figure to a tenth, and to more digits where a tenth would make it one of these, which it is not.
fn apart(figure: &Number, from: &[Number]) -> String {
    let alike =
        |digits: u32| from.iter().any(|other| other != figure && other.rounded(digits) == figure.rounded(digits));
    let digits = (1..DIGITS * 10).find(|digits| !alike(*digits)).unwrap_or(1);
    figure.rounded(digits)
}

/// Digits after the point that ends of a range have, if they do not end sooner, and how many there may be.
const RANGE_DIGITS: u32 = 2;
const MOST_DIGITS: u32 = 40;

/// Between which figures a value lies, in a unit. Ends that take many digits are rounded outwards, by less than a tenth of
/// the distance between them.
pub(super) fn range(interval: &Interval, unit: &Unit) -> Range {
    let end = |end: Option<&End>| end.map(|end| unit.from_base(&end.at));
    let (low, high) = (end(interval.low()), end(interval.high()));
    let mut digits = RANGE_DIGITS;
    let fine = |digits: u32| match (&low, &high) {
        (Some(low), Some(high)) => {
            let step = Number::from(10i128).pow(digits + 1);
            &(high - low) * &step > Number::from(100i128) || digits >= MOST_DIGITS
        }
        _ => digits >= DIGITS,
    };
    while !fine(digits) {
        digits += 1;
    }
    let shown = |figure: &Number, up: bool| match figure.decimal_scale() {
        Some(scale) if scale <= DIGITS.max(digits) => figure.rounded(scale),
        _ => figure.next_to(digits, up),
    };
    let excluded = |end: Option<&End>| end.is_some_and(|end| !end.included);
    Range {
        low_excluded: excluded(interval.low()),
        high_excluded: excluded(interval.high()),
        low: low.as_ref().map(|low| shown(low, false)),
        high: high.as_ref().map(|high| shown(high, true)),
        unit: unit.name().to_owned(),
        half_width: None,
    }
}

/// A rounded figure as it was stated, with where it lies and how far it may be off; `None` of a mere bound.
pub(super) fn stated(interval: &Interval, unit: &Unit, scale: u8) -> Option<(String, Range)> {
    let (middle, half) = interval.middle()?;
    let half_width = Some(unit.from_base(&half).exact());
    Some((exact(&middle, unit, scale), Range { half_width, ..range(interval, unit) }))
}

/// Two figures in one unit, with as many digits as it takes to tell them apart.
pub(super) fn pair(a: &Number, b: &Number, unit: &Unit, scales: (u8, u8)) -> (String, String) {
    let (first, second) = (unit.from_base(a), unit.from_base(b));
    let mut digits = DIGITS;
    while first != second && digits < 40 && first.rounded(digits) == second.rounded(digits) {
        digits += 1;
    }
    let shown = |figure: &Number, stated: u8| {
        let few = figure.decimal_scale().is_some_and(|scale| scale <= Number::EXACT.max(digits));
        let figure = if few { figure.read(stated) } else { figure.display(u32::from(stated.min(2)), digits) };
        unit.behind(&figure)
    };
    (shown(&first, scales.0), shown(&second, scales.1))
}

/// The unit in which the two sides of a comparison are shown: that of the right side, as the rule states it, unless
/// that is a bare number.
pub(super) fn common_unit<'a>(left: &'a Type, right: &'a Type) -> Option<&'a Unit> {
    let (left, right) = (super::eval::unit(left)?, super::eval::unit(right)?);
    let bare = matches!(right.dimension(), Dimension::Plain | Dimension::Count);
    Some(if bare { left } else { right })
}

/// The unit of a difference of two figures: of ratios it is 百分点, unless they are told in 倍.
pub(super) fn difference_unit(unit: &Unit) -> Unit {
    match unit.dimension() {
        Dimension::Ratio if unit.name() != "倍" => Unit::points(),
        _ => unit.clone(),
    }
}

/// A known value that is not a number in a unit.
pub(super) fn scalar(suite: &Suite, scalar: &Scalar, ty: &Type) -> String {
    match (scalar, ty) {
        (Scalar::Number(value), Type::Quantity(unit)) => quantity(value, unit),
        (Scalar::Number(value), _) => value.read(0),
        (Scalar::Text(text), _) => text.to_string(),
        (Scalar::Boolean(value), _) => if *value { "是" } else { "否" }.to_owned(),
        (Scalar::Date(date), _) => date.to_string(),
        (Scalar::Period(period), _) => period.to_string(),
        (Scalar::Level(level), Type::Level(scale)) => {
            let scale = suite.scales.get(scale.0);
            scale.and_then(|scale| scale.levels.get(*level)).cloned().unwrap_or_default()
        }
        (Scalar::Level(level), _) => level.to_string(),
    }
}

/// A value of a type, if it is known.
pub(super) fn value(suite: &Suite, value: &Value, ty: &Type) -> Option<String> {
    match value {
        Value::Known(known) => Some(scalar(suite, known, ty)),
        _ => None,
    }
}

/// `（单位：%）`, for a figure that is to be supplied.
pub(super) fn unit_note(ty: &Type) -> Bi {
    match super::eval::unit(ty).map(Unit::name) {
        Some(name) if !name.is_empty() => Bi::new(format!("（单位：{name}）"), format!(" (in {name})")),
        _ => Bi::same(""),
    }
}
