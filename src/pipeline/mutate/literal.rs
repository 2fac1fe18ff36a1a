//! A literal in, its nearest neighbours out: a figure by one unit in its last stated digit, a day, a period, a level.

use crate::quantity::{Decimal, Number, Unit};
use crate::semantics::hir::{Expr, ExprKind, Suite, Type};

/// A literal that stands in the place of another.
pub(super) struct Neighbour {
    pub kind: ExprKind,
    /// As the user would write it.
    pub text: String,
    /// Is it the greater of the two?
    pub greater: bool,
}

/// The neighbours of a literal that is written `text`; none of what is no literal, or has none.
pub(super) fn neighbours(suite: &Suite, literal: &Expr, text: &str) -> Vec<Neighbour> {
    let beside = |greater: bool| -> Option<Neighbour> {
        let step = if greater { 1 } else { -1 };
        let (kind, text) = match (&literal.kind, &literal.ty) {
            (ExprKind::Number(number), Type::Quantity(unit)) => figure(number, unit, text, step)?,
            (ExprKind::Date(date), _) => {
                let day = if greater { date.tomorrow() } else { date.yesterday() }.ok()?;
                (ExprKind::Date(day), day.to_string())
            }
            (ExprKind::Period(period), _) => {
                let period = period.plus(step)?;
                (ExprKind::Period(period), period.to_string())
            }
            (ExprKind::Level(scale, level), _) => {
                let level = if greater { level.checked_add(1) } else { level.checked_sub(1) }?;
                (ExprKind::Level(*scale, level), suite.scales.get(scale.0)?.levels.get(level)?.clone())
            }
            _ => return None,
        };
        Some(Neighbour { kind, text, greater })
    };
    [beside(true), beside(false)].into_iter().flatten().collect()
}

/// A figure one unit up or down in the last digit that its text states.
fn figure(number: &Number, unit: &Unit, text: &str, step: i32) -> Option<(ExprKind, String)> {
    let (stated, rest) = split(text);
    let value = unit.from_base(number);
    // What a function or a bare 0 stands for may not be written as what it is worth here.
    let scale = stated.filter(|stated| stated.value() == value).map(|stated| stated.scale());
    let rest = if scale.is_some() && !rest.is_empty() { rest } else { with_space(unit) };
    let scale = scale.or_else(|| value.decimal_scale())?;
    let moved = &value + &Decimal::new(i128::from(step), scale).value();
    let text = format!("{}{rest}", moved.rounded(scale));
    Some((ExprKind::Number(unit.to_base(&moved)), text))
}

fn with_space(unit: &Unit) -> String {
    let space = if unit.name().is_empty() || unit.name().starts_with(['%', '‰']) { "" } else { " " };
    format!("{space}{}", unit.name())
}

/// The figure at the head of a text, and what follows it.
fn split(text: &str) -> (Option<Decimal>, String) {
    let mut digits = String::new();
    let mut rest = String::new();
    for c in text.chars() {
        let plain = match c {
            '\u{ff0b}'..='\u{ff5a}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '−' => '-',
            c => c,
        };
        if rest.is_empty() && (plain.is_ascii_digit() || matches!(plain, '.' | ',' | '+' | '-')) {
            digits.extend((plain != ',').then_some(plain));
        } else if digits.len() == 1 && digits.starts_with(['+', '-']) && c.is_whitespace() {
            // `- 5`
        } else {
            rest.push(c);
        }
    }
    (Decimal::parse(&digits), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Units;

    fn beside(text: &str, unit: &str, step: i32) -> Option<String> {
        let unit = if unit.is_empty() { Unit::plain() } else { Units::default().resolve(unit).ok()? };
        let value = split(text).0?.value();
        figure(&unit.to_base(&value), &unit, text, step).map(|(_, text)| text)
    }

    #[test]
    fn figures_move_by_one_in_their_last_stated_digit() {
        for (text, unit, up, down) in [
            ("2.8 万人", "万人", "2.9 万人", "2.7 万人"),
            ("10%", "%", "11%", "9%"),
            ("10.0%", "%", "10.1%", "9.9%"),
            ("2,200 亿元", "亿元", "2201 亿元", "2199 亿元"),
            ("９９％", "%", "100％", "98％"),
            ("-5%", "%", "-4%", "-6%"),
            ("0", "", "1", "-1"),
        ] {
            assert_eq!(beside(text, unit, 1).as_deref(), Some(up), "{text}");
            assert_eq!(beside(text, unit, -1).as_deref(), Some(down), "{text}");
        }
    }

    #[test]
    fn a_bare_zero_takes_the_unit_it_is_compared_in() {
        let unit = Units::default().resolve("万元").ok();
        let text = unit.and_then(|unit| figure(&Number::zero(), &unit, "0", 1)).map(|(_, text)| text);
        assert_eq!(text.as_deref(), Some("1 万元"));
    }
}
