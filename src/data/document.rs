//! The source document that commitments were taken from: its lines as text, where a clause stands in it, and the numbers
//! that it states.
//!
//! A text file in, places out. Knows neither rules nor the register: what a place means is for others to say.

use std::ops::Range;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::encoding::decode;
use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place};

/// A document, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its path as messages show it.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// Its lines, without their ends; line 1 is the first.
    pub lines: Vec<String>,
}

/// Where a clause stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The line, from 1.
    pub line: u32,
    /// Bytes of the line.
    pub range: Range<usize>,
}

/// A number that a document states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Bytes of the line.
    pub range: Range<usize>,
    /// What it is by its looks.
    pub sort: Sort,
}

/// What a number is by its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A figure: `1740亿元`, `10%`, `三大` (written out, before a measure word).
    Figure,
    /// A year or date: `2021年`, `2016-2020年度`.
    Date,
    /// Part of a name: `5G`, `PM2.5`, `4A`.
    Name,
}

impl Document {
    /// Reads a document: UTF-8, GB18030 or UTF-16 text.
    ///
    /// # Errors
    /// It cannot be opened, or is no text.
    pub fn load(path: &Path) -> Result<Document, Box<Diagnostic>> {
        let shown = super::shown(path);
        let bytes = std::fs::read(path).map_err(|error| {
            let why = super::refusal(&error);
            let message = Bi::new(
                format!("打不开文件 `{shown}`：{}", why.zh),
                format!("cannot open the document `{shown}`: {}", why.en),
            );
            Box::new(Diagnostic::at(&codes::NO_DOCUMENT, Place::file(&*shown), message).help(Bi::new(
                "--document 后面写承诺所出文件的纯文本（.txt）",
                "--document takes the plain text (.txt) that the commitments were taken from",
            )))
        })?;
        let text = decode(&bytes, &shown, None)?;
        let lines = text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect();
        Ok(Document { path: shown, sha256: super::sha256(&bytes), lines })
    }

    /// Where a clause stands: on the line that is stated for it, else on the nearest to it, else on the first that has
    /// it. White space, the width of characters and the shape of quotation marks do not matter.
    pub fn find(&self, clause: &str, stated: Option<u32>) -> Option<Found> {
        let wanted: Vec<char> = folded(clause).map(|(c, _)| c).collect();
        if wanted.is_empty() {
            return None;
        }
        let on = |line: u32| {
            let at = usize::try_from(line).ok()?.checked_sub(1)?;
            let range = position(self.lines.get(at)?, &wanted)?;
            Some(Found { line, range })
        };
        let mut lines: Vec<u32> = (1..).take(self.lines.len()).collect();
        lines.sort_by_key(|line| stated.map_or(0, |stated| line.abs_diff(stated)));
        lines.into_iter().find_map(on)
    }
}

/// The characters of a text that count for finding, each with the bytes it stands in.
fn folded(text: &str) -> impl Iterator<Item = (char, Range<usize>)> {
    text.char_indices().flat_map(|(at, c)| {
        let range = at..at + c.len_utf8();
        std::iter::once(c).nfkc().filter(|c| !c.is_whitespace()).map(plain).map(move |c| (c, range.clone()))
    })
}

/// One shape for all quotation marks, dashes and middle dots.
fn plain(c: char) -> char {
    match c {
        '“' | '”' | '„' | '「' | '」' | '『' | '』' => '"',
        '‘' | '’' => '\'',
        '–' | '—' | '―' | '−' => '-',
        '•' | '‧' | '・' => '·',
        c => c,
    }
}

/// The bytes of a line in which these characters stand one after the other.
fn position(line: &str, wanted: &[char]) -> Option<Range<usize>> {
    let folded: Vec<(char, Range<usize>)> = folded(line).collect();
    let window = folded.windows(wanted.len()).find(|window| window.iter().map(|(c, _)| c).eq(wanted))?;
    Some(window.first()?.1.start..window.last()?.1.end)
}

/// Digits of written-out numbers.
const DIGITS: &str = "〇零一二两三四五六七八九十百千万亿";

/// Measure words behind which a written-out number is a figure. Not among them are 批, which states no number, and those
/// that mostly number or date things (届, 期, 级, 年).
const MEASURES: &str = "个项家所条场件块幢座处户支类大次位名台番只间张路片倍元人亩吨";

/// What a rank stands before: 总量全市第一，…
const STOPS: &str = "，。；、：！？）”’》,.;:!?)\"'";

/// The numbers that a line states, from left to right: digits with their decimals and sign of per cent, and written-out
/// numbers before a measure word or in a fraction (百余家, 八万元, 百分之五, 三分之二). A single 一 is mostly an article (一个,
/// 一批) and does not count, but for 一倍 and 一番. Ordinals name things (第二届, 第一时间), unless they rank: 全市第一, 第一名.
pub fn numbers(line: &str) -> Vec<Stated> {
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    let end_of = |at: usize| chars.get(at).map_or(line.len(), |(start, _)| *start);
    let at = |index: usize| chars.get(index).map(|(_, c)| *c);
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(c) = at(index) {
        let before = index.checked_sub(1).and_then(at);
        let first = index;
        if digit(c) {
            index += run(&chars, index, digit);
            while at(index).is_some_and(|c| matches!(c, '.' | ',' | '．' | '，')) && at(index + 1).is_some_and(digit)
            {
                index += 1 + run(&chars, index + 1, digit);
            }
            let digits = index - first;
            let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            let sort = if letter(before) || letter(at(index)) {
                Sort::Name
            } else if digits == 4 && date_follows(&chars, index) || date_unit(&chars, first, index) {
                Sort::Date
            } else {
                Sort::Figure
            };
            if at(index).is_some_and(|c| matches!(c, '%' | '％' | '‰')) {
                index += 1;
            }
            found.push(Stated { range: end_of(first)..end_of(index), sort });
        } else if DIGITS.contains(c) && !matches!(c, '万' | '亿') {
            index += run(&chars, index, |c| DIGITS.contains(c));
            if let Some((start, end)) = fraction(&chars, first, index) {
                index = end;
                found.push(Stated { range: end_of(start)..end_of(end), sort: Sort::Figure });
                continue;
            }
            let only_one = index - first == 1 && c == '一';
            let ordinal = before == Some('第');
            let follows = |set: &str| at(index).is_some_and(|c| set.contains(c));
            let rank = ordinal && (at(index).is_none() || follows(STOPS) || follows("名位"));
            let more = usize::from(follows("余多几"));
            let more = more + usize::from(more > 0 && at(index + more).is_some_and(|c| matches!(c, '万' | '亿')));
            let follows = |set: &str| at(index + more).is_some_and(|c| set.contains(c));
            let only_one = only_one && !follows("倍番");
            // 三大城市客厅 states a number, 十九大 numbers a congress.
            let measured = follows(MEASURES) && (index - first == 1 || at(index) != Some('大'));
            if rank || (!ordinal && !only_one && measured) {
                found.push(Stated { range: end_of(first)..end_of(index), sort: Sort::Figure });
            }
        } else {
            index += 1;
        }
    }
    found
}

/// 百分之五, 三分之二: where a fraction begins and ends, of which the written-out number is the first or the last part.
fn fraction(chars: &[(usize, char)], first: usize, end: usize) -> Option<(usize, usize)> {
    let is = |from: usize, text: &str| chars.iter().skip(from).map(|(_, c)| *c).take(2).eq(text.chars());
    if is(end, "分之") {
        let below = run(chars, end + 2, |c| DIGITS.contains(c) || digit(c));
        return (below > 0).then_some((first, end + 2 + below));
    }
    None
}

fn digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

fn run(chars: &[(usize, char)], from: usize, is: impl Fn(char) -> bool) -> usize {
    chars.iter().skip(from).take_while(|(_, c)| is(*c)).count()
}

/// Four digits that 年, a dash and more digits, or a list of further years follow: a year.
fn date_follows(chars: &[(usize, char)], from: usize) -> bool {
    let rest: String = chars.iter().skip(from).take(6).map(|(_, c)| *c).collect();
    let after_years = |rest: &str| rest.starts_with('年') || rest.is_empty();
    if after_years(&rest) {
        return true;
    }
    let Some(next) = rest.strip_prefix(['-', '—', '–', '、', '~', '～', '至']) else { return false };
    let years = next.chars().take_while(|c| digit(*c)).count();
    years == 4
}

/// Digits between 年 and 月, or 月 and 日.
fn date_unit(chars: &[(usize, char)], first: usize, end: usize) -> bool {
    let before = first.checked_sub(1).and_then(|at| chars.get(at)).map(|(_, c)| *c);
    let after = chars.get(end).map(|(_, c)| *c);
    matches!((before, after), (Some('年'), Some('月')) | (Some('月'), Some('日' | '号')))
        // The second of `2018、2019连续`, `2016-2020年度`.
        || (end - first == 4
            && matches!(before, Some('-' | '—' | '–' | '、' | '~' | '～' | '至'))
            && first >= 5
            && chars.iter().skip(first - 5).take(4).all(|(_, c)| digit(*c)))
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test stops where a range is not as it must be")]
mod tests {
    use super::*;

    fn document(lines: &[&str]) -> Document {
        Document {
            path: "d.txt".into(),
            sha256: String::new(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    fn shown(line: &str) -> Vec<(&str, Sort)> {
        numbers(line).into_iter().map(|stated| (&line[stated.range], stated.sort)).collect()
    }

    #[test]
    fn clauses_are_found_whatever_their_quotes_and_widths() {
        let document = document(&["前言", "深入实施“小升高”计划，增长 １０％ 以上。", "增长10%以上"]);
        let found = document.find("增长10%以上", Some(2)).expect("found");
        assert_eq!((found.line, &document.lines[1][found.range]), (2, "增长 １０％ 以上"));
        let found = document.find("\"小升高\"计划", None).expect("found");
        assert_eq!((found.line, &document.lines[1][found.range]), (2, "“小升高”计划"));
        assert_eq!(document.find("增长10%以上", Some(1)).map(|found| found.line), Some(2), "elsewhere");
        assert_eq!(document.find("增长11%以上", Some(2)), None);
        assert_eq!(document.find("增长10%以上", Some(9)).map(|found| found.line), Some(3), "the nearest");
        assert_eq!(document.find("", Some(2)), None);
        assert_eq!(document.find("前言", Some(99)).map(|found| found.line), Some(1));
    }

    #[test]
    fn numbers_are_told_from_dates_and_names() {
        use Sort::{Date, Figure, Name};
        assert_eq!(
            shown("2021年完成1,740.5亿元、增长5.5%，5G基站690座，PM2.5下降"),
            [("2021", Date), ("1,740.5", Figure), ("5.5%", Figure), ("5", Name), ("690", Figure), ("2.5", Name)]
        );
        assert_eq!(
            shown("2018、2019连续两次，2016-2020年度"),
            [("2018", Date), ("2019", Date), ("两", Figure), ("2016", Date), ("2020", Date)]
        );
        assert_eq!(
            shown("三大城市客厅，一批项目，第一方阵，一个中心，第二届，十九大，总量第一"),
            [("三", Figure), ("一", Figure)]
        );
        assert_eq!(shown("2021年1月5日"), [("2021", Date), ("1", Date), ("5", Date)]);
        assert_eq!(shown("4838张"), [("4838", Figure)]);
        for (line, figure) in [
            ("八万元", "八万"),
            ("控制在百分之五以内", "百分之五"),
            ("完成三分之二", "三分之二"),
            ("全市第一名", "一"),
            ("增长一倍，一个中心", "一"),
            ("百余家企业", "百"),
            ("两万余人", "两万"),
            ("三千多万元", "三千"),
            ("十几个", "十"),
        ] {
            assert_eq!(shown(line), [(figure, Figure)], "{line}");
        }
        assert_eq!(shown("到二〇二五年，千方百计"), []);
    }
}
