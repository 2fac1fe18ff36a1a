//! Headings: their text without accidents of layout, and the unit that stands in them.
//!
//! Text in, comparable text and units out. Knows no sheets.

use super::raw::{half_width, trimmed};
use crate::quantity::{Unit, Units};

/// A heading without white space, in half-width characters and lower case: how headings are compared.
pub fn normal(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}'))
        .map(half_width)
        .filter(|c| *c != ' ')
        .flat_map(char::to_lowercase)
        .collect()
}

/// A heading in half-width characters, without the white space that only the layout of Chinese text puts there. Unlike
/// [`normal`], it keeps what tells two members of a dimension apart.
pub fn compact(text: &str) -> String {
    let plain: Vec<char> = trimmed(text).chars().map(half_width).collect();
    let latin = |at: Option<usize>| at.and_then(|at| plain.get(at)).is_some_and(char::is_ascii_alphanumeric);
    let keep = |at: usize, c: char| !c.is_whitespace() || (latin(at.checked_sub(1)) && latin(at.checked_add(1)));
    plain.iter().enumerate().filter(|(at, c)| keep(*at, **c)).map(|(_, c)| *c).collect()
}

/// How a heading that ends in a unit comes apart: `金额（万元）`, `金额/万元`, `金额(单位：元)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithUnit {
    /// The heading without it, as [`normal`] gives it.
    pub stem: String,
    /// The unit's text.
    pub text: String,
    /// The unit, if it is known.
    pub unit: Option<Unit>,
}

/// Takes a heading apart; `None` if nothing in it looks like a unit.
pub fn with_unit(heading: &str, units: &Units) -> Option<WithUnit> {
    for (open, close) in [('(', ')'), ('（', '）'), ('[', ']'), ('［', '］'), ('【', '】'), ('〔', '〕')] {
        if let Some((stem, inner)) = heading.strip_suffix(close).and_then(|rest| rest.rsplit_once(open)) {
            let text = stated(inner);
            if !may_be_unit(text) {
                return None;
            }
            return Some(WithUnit { stem: stem.to_owned(), unit: units.resolve(text).ok(), text: text.to_owned() });
        }
    }
    for (at, sign) in heading.match_indices(['/', '／', ',', '，', ':', '：']) {
        let (Some(stem), Some(rest)) = (heading.get(..at), heading.get(at + sign.len()..)) else { continue };
        if stem.is_empty() || !may_be_unit(stated(rest)) {
            continue;
        }
        if let Ok(unit) = units.resolve(stated(rest)) {
            return Some(WithUnit { stem: stem.to_owned(), unit: Some(unit), text: stated(rest).to_owned() });
        }
    }
    None
}

/// Cheaply: units are short and do not begin with a digit.
fn may_be_unit(text: &str) -> bool {
    !text.is_empty() && text.len() <= 60 && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// `单位:万元` is 万元; `人民币万元` too.
fn stated(text: &str) -> &str {
    let edge = |c: char| c.is_whitespace() || "()[]（）［］【】;；,，。:：".contains(c);
    let text = text.trim_matches(edge);
    let text = text.strip_prefix("单位").unwrap_or(text).trim_start_matches('为').trim_matches(edge);
    for currency in ["人民币", "RMB"] {
        if let Some(rest) =
            text.strip_prefix(currency).map(|rest| rest.trim_matches(|c: char| edge(c) || "/／".contains(c)))
            && !rest.is_empty()
        {
            return rest;
        }
    }
    text
}

/// What a cell above a table says of units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitLine {
    /// Nothing.
    None,
    /// `单位：` with the unit in the next cell.
    NextCell,
    /// The units, several if the table has figures of several kinds: `单位：万元、人`.
    Units(Vec<Unit>),
    /// Something that is no known unit.
    Unknown(String),
}

/// Words before 单位 that make it a unit of figures even if what follows is not known. Anything else (填报单位, 编制单位)
/// makes it an organisation.
const MEASURES: [&str; 8] = ["金额", "货币", "计量", "数量", "计价", "数据", "币种", "资金"];

/// Reads a cell above a table.
pub fn unit_line(cell: &str, units: &Units) -> UnitLine {
    let text: String = cell.chars().map(half_width).collect();
    // Typesetters spread the word out: `单　位：万元`.
    let text = if text.contains("单位") { text } else { text.split_whitespace().collect::<String>() };
    let Some((before, after)) = text.rsplit_once("单位") else { return without_the_word(&text, units) };
    let about_figures = before.is_empty()
        || MEASURES.iter().any(|word| before.ends_with(word))
        || before.ends_with(|c: char| !c.is_alphanumeric());
    let after = after.trim_start();
    let (colon, rest) = match after.strip_prefix(':') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, after),
    };
    let rest = rest.trim_start_matches(['(', '[', '【', '为']);
    let end = rest.find(|c: char| c.is_whitespace() || "()[]【】;".contains(c)).unwrap_or(rest.len());
    let stated_text = stated(rest.get(..end).unwrap_or(rest));
    if stated_text.is_empty() {
        return if colon && about_figures { UnitLine::NextCell } else { UnitLine::None };
    }
    match units_of(stated_text, units) {
        Some(units) if colon || about_figures => UnitLine::Units(units),
        None if colon && about_figures => UnitLine::Unknown(stated_text.to_owned()),
        _ => UnitLine::None,
    }
}

/// `（元）`, `金额：万元`, `Unit: 元`: a unit without the word 单位.
fn without_the_word(text: &str, units: &Units) -> UnitLine {
    let text = text.trim();
    let named = MEASURES.iter().find_map(|word| text.strip_prefix(word)).or_else(|| {
        let head = text.get(..4).filter(|head| head.eq_ignore_ascii_case("unit"))?;
        text.strip_prefix(head)
    });
    let rest = match named.and_then(|rest| rest.trim_start().strip_prefix(':')) {
        Some(rest) => rest,
        None if text.starts_with('(') && text.ends_with(')') => text,
        None => return UnitLine::None,
    };
    units_of(stated(rest), units).map_or(UnitLine::None, UnitLine::Units)
}

/// Units listed in a text.
pub fn units_of(text: &str, units: &Units) -> Option<Vec<Unit>> {
    let text = trimmed(text);
    if let Ok(unit) = units.resolve(stated(text)) {
        return Some(vec![unit]);
    }
    let parts: Vec<&str> = text.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|p| !p.is_empty()).collect();
    if parts.len() < 2 {
        return None;
    }
    parts.iter().map(|part| units.resolve(stated(part)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lose_accidents_of_layout() {
        assert_eq!(normal(" 部　门\n"), "部门");
        assert_eq!(normal("金额（万元）"), "金额(万元)");
        assert_eq!(normal("Amount"), "amount");
    }

    #[test]
    fn units_stand_in_headings() {
        let units = Units::default();
        for (heading, stem, unit) in [
            ("金额(万元)", "金额", Some("万元")),
            ("金额(单位:元)", "金额", Some("元")),
            ("金额/万元", "金额", Some("万元")),
            ("人均收入/元/人", "人均收入", Some("元/人")),
            ("增速(%)", "增速", Some("%")),
            ("金额,元", "金额", Some("元")),
            ("金额[亿元]", "金额", Some("亿元")),
            ("金额(人民币万元)", "金额", Some("万元")),
            ("部门(全称)", "部门", None),
        ] {
            let found = with_unit(heading, &units).expect(heading);
            assert_eq!((found.stem.as_str(), found.unit.as_ref().map(Unit::name)), (stem, unit), "{heading}");
        }
        assert_eq!(with_unit("金额", &units), None);
        assert_eq!(with_unit("2021年/金额", &units), None);
    }

    #[test]
    fn unit_lines() {
        let units = Units::default();
        let named = |text: &str| match unit_line(text, &units) {
            UnitLine::Units(units) => units.iter().map(|unit| unit.name().to_owned()).collect::<Vec<_>>().join("+"),
            other => format!("{other:?}"),
        };
        for text in [
            "单位：万元",
            "单位:万元",
            "金额单位：万元",
            "2021年预算表（单位：万元）",
            "单位：人民币万元",
            "单位万元",
            "2021年  单位：万元",
        ] {
            assert_eq!(named(text), "万元", "{text}");
        }
        assert_eq!(named("单位：万元、人"), "万元+人");
        assert_eq!(unit_line("单位：", &units), UnitLine::NextCell);
        assert_eq!(unit_line("填报单位：教育局", &units), UnitLine::None);
        assert_eq!(unit_line("各部门单位人数", &units), UnitLine::None);
        assert_eq!(unit_line("单位负责人", &units), UnitLine::None);
        assert_eq!(unit_line("单位：万圆整", &units), UnitLine::Unknown("万圆整".to_owned()));
    }
}
