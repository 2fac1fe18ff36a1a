//! What a figure says of the value it stands for: the value itself, the value rounded, or a bound of it.
//!
//! The words of the column 限定 and the `rounded` of a binding in, intervals out. Knows no cells and no files.

use super::{End, Interval, Number};

/// The words of that column, Chinese and English.
const WORDS: [(&str, &str, Qualifier); 5] = [
    ("超", "above", Qualifier::Above),
    ("以上", "at least", Qualifier::AtLeast),
    ("以内", "at most", Qualifier::AtMost),
    ("不到", "below", Qualifier::Below),
    ("约", "about", Qualifier::Rounded),
];

/// What a figure says of its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Qualifier {
    /// It is the value.
    #[default]
    Exact,
    /// It is the value, rounded to the digits stated.
    Rounded,
    /// 超: the value is above it.
    Above,
    /// 以上: the value is not below it.
    AtLeast,
    /// 以内: the value is not above it.
    AtMost,
    /// 不到: the value is below it.
    Below,
}

impl Qualifier {
    /// The meaning of a word in the column 限定.
    pub fn parse(word: &str) -> Option<Self> {
        let same = |(zh, en, _): &&(&str, &str, Qualifier)| *zh == word || en.eq_ignore_ascii_case(word);
        WORDS.iter().find(same).map(|(_, _, qualifier)| *qualifier)
    }

    /// The values that a figure with this qualifier may stand for; `half` is half a unit of its last digit.
    pub fn interval(self, stated: Number, half: &Number) -> Interval {
        match self {
            Qualifier::Exact => Interval::point(&stated),
            Qualifier::Rounded => Interval::rounded(&stated, half),
            Qualifier::Above => Interval::from(End::excluded(stated)),
            Qualifier::AtLeast => Interval::from(End::included(stated)),
            Qualifier::AtMost => Interval::to(End::included(stated)),
            Qualifier::Below => Interval::to(End::excluded(stated)),
        }
    }
}
