//! Between which figures something lies, for reading.

use serde::{Deserialize, Serialize};

use super::Lang;

/// Between which figures something lies: exact, or rounded outwards where a decimal would not end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The lower end, without its unit; absent: no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// It lies above the lower end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub low_excluded: bool,
    /// The upper end, without its unit; absent: no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// It lies below the upper end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub high_excluded: bool,
    /// Their unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Of rounded figures: how far they may be off from what was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_width: Option<String>,
}

impl Range {
    /// `9.85%～10.13%`, `14.75 to 14.85 万元`, `> 2 万户`.
    pub fn said(&self, lang: Lang) -> String {
        let between = match lang {
            Lang::Zh => "～",
            Lang::En => " to ",
        };
        let tight = matches!(self.unit.as_str(), "" | "%" | "‰");
        let figure = |text: &str| if tight { format!("{text}{}", self.unit) } else { text.to_owned() };
        let ends = match (&self.low, &self.high) {
            (Some(low), Some(high)) => format!("{}{between}{}", figure(low), figure(high)),
            (Some(low), None) => format!("{} {}", if self.low_excluded { '>' } else { '≥' }, figure(low)),
            (None, Some(high)) => format!("{} {}", if self.high_excluded { '<' } else { '≤' }, figure(high)),
            (None, None) => "?".to_owned(),
        };
        if tight { ends } else { format!("{ends} {}", self.unit) }
    }

    /// How what lies in it stands to it: `∈ 14.75～14.85 万元`, `> 2 万户`.
    pub fn related(&self, lang: Lang) -> String {
        let said = self.said(lang);
        if self.low.is_some() == self.high.is_some() { format!("∈ {said}") } else { said }
    }

    /// As formulas have it: `[9.85%, 10.13%]`, `(2, ∞) 万户`.
    pub fn bracketed(&self) -> String {
        let tight = matches!(self.unit.as_str(), "" | "%" | "‰");
        let figure = |text: &String| if tight { format!("{text}{}", self.unit) } else { text.clone() };
        let open = if self.low.is_none() || self.low_excluded { '(' } else { '[' };
        let close = if self.high.is_none() || self.high_excluded { ')' } else { ']' };
        let low = self.low.as_ref().map_or_else(|| "−∞".to_owned(), figure);
        let high = self.high.as_ref().map_or_else(|| "∞".to_owned(), figure);
        let ends = format!("{open}{low}, {high}{close}");
        if tight { ends } else { format!("{ends} {}", self.unit) }
    }
}
