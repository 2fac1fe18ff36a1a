//! Text that is said in both languages.

use serde::{Deserialize, Serialize};

/// The language of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

/// One message in Chinese and in English; each is written in its own right, neither is a word-by-word translation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bi {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

impl Bi {
    /// A message from its two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Bi { zh: zh.into(), en: en.into() }
    }

    /// A text that reads the same in both languages: a name, a figure, a formula.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Bi { zh: text.clone(), en: text }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// The candidate that most resembles `name`, if one is near enough to be what the writer meant.
///
/// Nearness is the Damerau–Levenshtein distance in characters: at most a third of the longer of the two, and at least one.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (length.max(candidate.chars().count()) / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Where something stands. In a workbook by the cell's address, as spreadsheet programs write it:
/// `预算.xlsx!部门预算!C14「金额」列`, `预算.xlsx!部门预算!C14, column 金额`. In a text file by line and heading: `预算.csv 第 3
/// 行「金额」列`, `预算.csv, row 3, column 金额`. Of a JSON array the rows are its objects.
pub fn whereabouts(
    path: &str,
    sheet: Option<&str>,
    row: Option<u64>,
    column: Option<&str>,
    cell: Option<&str>,
    lang: Lang,
) -> String {
    let objects = path.to_lowercase().ends_with(".json");
    let mut text = path.to_owned();
    let mut add = |part: String| text.push_str(&part);
    sheet.iter().for_each(|sheet| add(format!("!{sheet}")));
    cell.iter().for_each(|cell| add(format!("!{cell}")));
    let row = row.filter(|_| cell.is_none());
    match lang {
        Lang::Zh => {
            let unit = if objects { "个对象" } else { "行" };
            row.iter().for_each(|row| add(format!(" 第 {row} {unit}")));
            let unit = if objects { "" } else { "列" };
            column.iter().for_each(|column| add(format!("「{column}」{unit}")));
        }
        Lang::En => {
            let (row_word, column_word) = if objects { ("object", "key") } else { ("row", "column") };
            row.iter().for_each(|row| add(format!(", {row_word} {row}")));
            column.iter().for_each(|column| add(format!(", {column_word} {column}")));
        }
    }
    text
}

/// `1 day`, `18 days`.
pub fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The letters of a column, counted from 0, as spreadsheet programs show them: A, B, …, Z, AA.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// A path of a path, with `/`; `a/../` is taken out. Either may be empty.
pub fn join(folder: &str, path: &str) -> String {
    let whole = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    let root = if whole.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_one_is_plural() {
        assert_eq!([0, 1, 18].map(|days| plural(days, "day")), ["0 days", "1 day", "18 days"]);
    }

    #[test]
    fn columns_have_letters() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn places_read_as_spreadsheet_programs_write_them() {
        let said = |row, column, cell, lang| whereabouts("预算.xlsx", Some("部门支出"), row, column, cell, lang);
        assert_eq!(said(Some(14), Some("合计"), Some("C14"), Lang::Zh), "预算.xlsx!部门支出!C14「合计」列");
        assert_eq!(said(Some(14), Some("合计"), Some("C14"), Lang::En), "预算.xlsx!部门支出!C14, column 合计");
        assert_eq!(said(Some(14), None, None, Lang::Zh), "预算.xlsx!部门支出 第 14 行");
        assert_eq!(said(None, None, None, Lang::En), "预算.xlsx!部门支出");
        let text = |lang| whereabouts("预算.csv", None, Some(3), Some("金额"), None, lang);
        assert_eq!(text(Lang::Zh), "预算.csv 第 3 行「金额」列");
        assert_eq!(text(Lang::En), "预算.csv, row 3, column 金额");
        let object = |lang| whereabouts("预算.json", None, Some(3), Some("金额"), None, lang);
        assert_eq!(object(Lang::Zh), "预算.json 第 3 个对象「金额」");
        assert_eq!(object(Lang::En), "预算.json, object 3, key 金额");
    }

    #[test]
    fn paths_are_joined_without_detours() {
        assert_eq!(join("", "财政.rule"), "财政.rule");
        assert_eq!(join("../common", "units.rule"), "../common/units.rule");
        assert_eq!(join("a", "../b"), "b");
        assert_eq!(join("../common", "../base/./x"), "../base/x");
        assert_eq!(join("/rules/a", "../../seeds/x.csv"), "/seeds/x.csv");
        assert_eq!(join("", "rules\\a/../b"), "rules/b");
    }
}
