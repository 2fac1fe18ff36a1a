//! TOML files with places: `suite.toml`, `submission.toml`, standards.
//!
//! Text in, keys and values with their lines out, every fault of a file in one go. Knows no key by name.
//!
//! Numbers come as their source text, so that 0.1 stays 0.1.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::codes::config as codes;
use crate::base::{Bi, Diagnostic, Place, nearest};

/// The text of a TOML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlFile {
    /// As messages show it.
    pub path: String,
    /// Without a byte order mark.
    pub text: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
}

impl TomlFile {
    /// Reads a file; `shown` is its path in messages.
    pub fn read(path: &Path, shown: &str) -> Result<Self, Box<Diagnostic>> {
        let unreadable =
            |zh: String, en: String| {
                Box::new(Diagnostic::at(&codes::UNREADABLE, Place::file(shown), Bi::new(zh, en)).help(Bi::new(
                    "请检查路径是否正确，并以 UTF-8 编码保存",
                    "check the path, and save the file as UTF-8",
                )))
            };
        let bytes = std::fs::read(path).map_err(|error| {
            let why = super::refusal(&error);
            unreadable(format!("打不开 `{shown}`：{}", why.zh), format!("cannot open `{shown}`: {}", why.en))
        })?;
        let sha256 = super::sha256(&bytes);
        let text = String::from_utf8(bytes).map_err(|error| {
            let line =
                error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|b| **b == b'\n').count() + 1;
            unreadable(
                format!("`{shown}` 第 {line} 行不是 UTF-8 文本"),
                format!("line {line} of `{shown}` is not UTF-8 text"),
            )
        })?;
        Ok(TomlFile { path: shown.to_owned(), text: text.trim_start_matches('\u{feff}').to_owned(), sha256 })
    }

    /// The document's table.
    pub fn parse(&self) -> Result<DeTable<'_>, Vec<Diagnostic>> {
        let (table, errors) = DeTable::parse_recoverable(&self.text);
        if errors.is_empty() {
            return Ok(table.into_inner());
        }
        Err(errors
            .into_iter()
            .map(|error| {
                let span = error.span().unwrap_or(0..0);
                let line = self.text.get(..span.start).unwrap_or("").matches('\n').count();
                let line = self.text.lines().nth(line).unwrap_or("").trim();
                let place = self.place(span, None);
                let message = Bi::new(
                    format!("`{line}` 不符合 TOML 的写法，或者这个键已经写过"),
                    format!("`{line}` is not well-formed TOML: {}", error.message()),
                );
                Diagnostic::at(&codes::TOML_SYNTAX, place, message).help(Bi::new(
                    "文字要加引号：`name = \"鼓楼区\"`；键名含有中文时也要加：`\"部门\" = \"部门名称\"`；列表写作 `[\"甲\", \"乙\"]`",
                    "put texts in quotes: `name = \"Gulou\"`, and a key in Chinese too: `\"部门\" = …`; write lists as `[\"a\", \"b\"]`",
                ))
            })
            .collect())
    }

    /// The place of a stretch of the file: its line, and the key (or else the character's position in the line).
    pub fn place(&self, span: Range<usize>, key: Option<&str>) -> Place {
        let before = self.text.get(..span.start.min(self.text.len())).unwrap_or("");
        let row = before.matches('\n').count() + 1;
        let position = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Place::Data {
            path: self.path.clone(),
            sheet: None,
            row: Some(row as u64),
            column: Some(key.map_or_else(|| position.to_string(), str::to_owned)),
            cell: None,
        }
    }
}

/// A table of a file that is being read; collects what is wrong with it.
pub struct Keys<'a> {
    file: &'a TomlFile,
    table: &'a DeTable<'a>,
    /// Where the table stands.
    pub span: Range<usize>,
}

impl<'a> Keys<'a> {
    /// A table, whose keys are all among `known`; others are reported.
    pub fn new(
        file: &'a TomlFile,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        known: &[&str],
        faults: &mut Vec<Diagnostic>,
    ) -> Self {
        for (key, _) in table.iter() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => Bi::new(format!("是不是要写 `{near}`？"), format!("did you mean `{near}`?")),
                None => Bi::new(
                    format!("这里可以写：{}", known.join("、")),
                    format!("keys that can stand here: {}", known.join(", ")),
                ),
            };
            let message = Bi::new(format!("没有 `{name}` 这个键"), format!("there is no key `{name}`"));
            faults.push(Diagnostic::at(&codes::UNKNOWN_KEY, file.place(key.span(), Some(name)), message).help(help));
        }
        Keys { file, table, span }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    /// Where a key's value stands; where the table stands if it has none.
    pub fn place(&self, key: &str) -> Place {
        self.file.place(self.get(key).map_or_else(|| self.span.clone(), Spanned::span), Some(key))
    }

    /// A text.
    pub fn text(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<String> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => self.wrong(key, value, ("一段带引号的文字", "a text in quotes"), faults),
        }
    }

    /// A text that must be there and not be empty.
    pub fn required(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<String> {
        if self.get(key).is_none() {
            let message = Bi::new(format!("缺少 `{key}`"), format!("`{key}` is missing"));
            let help = Bi::new(format!("请补上：`{key} = \"…\"`"), format!("add `{key} = \"…\"`"));
            let place = self.file.place(self.span.clone(), Some(key));
            faults.push(Diagnostic::at(&codes::MISSING_KEY, place, message).help(help));
            return None;
        }
        let text = self.text(key, faults)?;
        if text.trim().is_empty() {
            let message = Bi::new(format!("`{key}` 是空的"), format!("`{key}` is empty"));
            let help = Bi::new(format!("请填上 `{key}` 的内容"), format!("say what the `{key}` is"));
            faults.push(Diagnostic::at(&codes::MISSING_KEY, self.place(key), message).help(help));
            return None;
        }
        Some(text)
    }

    /// A text, or a whole number as its text.
    pub fn text_or_integer(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<String> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str().replace('_', "")),
            _ => self.wrong(key, value, ("文字或整数", "a text or a whole number"), faults),
        }
    }

    /// A text or a number, as its source text.
    pub fn figure(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<String> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str().replace('_', "")),
            DeValue::Float(float) => Some(float.as_str().replace('_', "")),
            DeValue::Datetime(date) => Some(date.to_string()),
            _ => self.wrong(key, value, ("数字或文字", "a number or a text"), faults),
        }
    }

    /// One text or a list of texts; none if the key is not there.
    pub fn texts(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
        let value = self.get(key)?;
        texts_of(value).or_else(|| self.wrong(key, value, ("文字，或文字的列表", "a text or a list of texts"), faults))
    }

    /// 是 or 否 as TOML says it.
    pub fn boolean(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => self.wrong(key, value, ("`true` 或 `false`", "`true` or `false`"), faults),
        }
    }

    /// A table of any keys.
    pub fn table(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Option<(&'a DeTable<'a>, Range<usize>)> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some((table, value.span())),
            _ => self.wrong(key, value, ("一张表：`{ … }`", "a table: `{ … }`"), faults),
        }
    }

    /// One table, or a list of tables; empty if the key is not there.
    pub fn tables(&self, key: &str, faults: &mut Vec<Diagnostic>) -> Vec<(&'a DeTable<'a>, Range<usize>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let expected = ("一张表，或若干张表的列表", "a table, or a list of tables");
        match value.get_ref() {
            DeValue::Table(table) => vec![(table, value.span())],
            DeValue::Array(items) => {
                let mut tables = Vec::new();
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::Table(table) => tables.push((table, item.span())),
                        _ => {
                            let _: Option<()> = self.wrong(key, item, expected, faults);
                        }
                    }
                }
                tables
            }
            _ => {
                let _: Option<()> = self.wrong(key, value, expected, faults);
                Vec::new()
            }
        }
    }

    /// Reports that a value is of the wrong kind.
    pub fn wrong<T>(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        expected: (&str, &str),
        faults: &mut Vec<Diagnostic>,
    ) -> Option<T> {
        faults.push(wrong(self.file, key, value.span(), expected));
        None
    }
}

/// A value of the wrong kind.
pub fn wrong(file: &TomlFile, key: &str, span: Range<usize>, expected: (&str, &str)) -> Diagnostic {
    let found = file.text.get(span.clone()).unwrap_or("").lines().next().unwrap_or("");
    let message = Bi::new(format!("`{key}` 的值 `{found}` 不合要求"), format!("`{key}` cannot be `{found}`"));
    let help = Bi::new(format!("这里要写{}", expected.0), format!("write here: {}", expected.1));
    Diagnostic::at(&codes::WRONG_VALUE, file.place(span, Some(key)), message).help(help)
}

/// One text or a list of texts.
pub fn texts_of(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    match value.get_ref() {
        DeValue::String(text) => Some(vec![text.to_string()]),
        DeValue::Array(items) => items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}
