//! `suite.toml`: what a suite is called, and where its figures stand in submitted files.
//!
//! The file in, [`SuiteConfig`] out. Names of datasets and columns are text here; [`SuiteConfig::validate`] holds them
//! against the compiled suite. Knows no rules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::pattern::HeadingPattern;
use super::toml_file::{Keys, TomlFile, texts_of, wrong};
use crate::base::codes::config as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::quantity::Period;

/// The contents of `suite.toml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SuiteConfig {
    /// The suite's folder.
    pub dir: PathBuf,
    /// The path of `suite.toml` as messages show it.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Its title; the name if none is given.
    pub title: String,
    /// Who made the commitments.
    pub issuer: Option<String>,
    /// The document they stand in.
    pub source: Option<String>,
    /// What indicators are about where the indicator table names no region.
    pub region: Option<String>,
    /// The period a run judges unless told otherwise.
    pub period: Option<Period>,
    /// Standards files, relative to the folder.
    pub standards: Vec<String>,
    /// Waivers files, relative to the folder.
    pub waivers: Vec<String>,
    /// The register of commitments, relative to the folder.
    pub register: Option<String>,
    /// Patterns of names of files and folders that may lie beside data and hold none.
    pub ignore: Vec<String>,
    /// The table of figures already reported, relative to the folder.
    pub figures: Option<String>,
    /// Where figures stand in files.
    pub bindings: Vec<Binding>,
    /// Changes of rules that no test can notice.
    pub equivalent: Vec<Equivalent>,
}

/// A change of a rule that no test can notice, since the changed rule means the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivalent {
    /// The rule's id, or an indicator's name.
    pub rule: String,
    /// The change, as `duixian test --mutate` lists it.
    pub mutant: String,
    /// Why it means the same.
    pub reason: String,
    /// The line of `suite.toml` it begins in.
    pub line: u64,
}

/// Where the figures of a dataset stand in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Binding {
    /// The dataset's name.
    pub dataset: String,
    /// A pattern of file names: `*预算*.xlsx`.
    pub file: Option<String>,
    /// Which sheet, or sheets.
    pub sheet: Option<SheetNames>,
    /// First and last heading row, from 1.
    pub header: Option<(u32, u32)>,
    /// A label of an encoding.
    pub encoding: Option<String>,
    /// What separates fields.
    pub delimiter: Option<u8>,
    /// Headings of columns.
    pub columns: Vec<(String, Vec<String>)>,
    /// Units of measures.
    pub units: Vec<(String, UnitSource)>,
    /// Columns that become rows.
    pub melt: Vec<Melt>,
    /// Lines above a table that name members of dimensions: `部门：{部门}`.
    pub above: Vec<HeadingPattern>,
    /// Texts in a dimension column that mark a row of totals.
    pub skip: Option<Vec<String>>,
    /// Further texts that mean: nothing was submitted.
    pub blank: Vec<String>,
    /// Columns in which an empty cell means: as above.
    pub fill_down: Vec<String>,
    /// Measures whose blank cells mean 0, in rows in which another measure is filled.
    pub blank_as_zero: Vec<String>,
    /// The figures are rounded to the digits that are stated.
    pub rounded: bool,
    /// The line of `suite.toml` it begins in.
    pub line: u64,
    /// Lines of its keys.
    pub lines: BTreeMap<String, u64>,
}

/// Which sheets of a workbook a dataset stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetNames {
    /// The one whose name fits a pattern.
    One(String),
    /// All whose names hold members of dimensions: `{年度}年支出`.
    Each(HeadingPattern),
}

impl SheetNames {
    /// As written.
    pub fn text(&self) -> &str {
        match self {
            SheetNames::One(pattern) => pattern,
            SheetNames::Each(pattern) => &pattern.text,
        }
    }
}

impl Binding {
    /// What it says of its dataset by one of its keys.
    fn said(&self, key: &str) -> String {
        match key {
            "dataset" => String::new(),
            "file" => format!("{:?}", self.file),
            "sheet" => format!("{:?}", self.sheet.as_ref().map(SheetNames::text)),
            "header" => format!("{:?}", self.header),
            "encoding" => format!("{:?}", self.encoding),
            "delimiter" => format!("{:?}", self.delimiter),
            "columns" => format!("{:?}", self.columns),
            "units" => format!("{:?}", self.units),
            "melt" => format!("{:?}", self.melt),
            "above" => format!("{:?}", self.above),
            "skip" => format!("{:?}", self.skip),
            "blank" => format!("{:?}", self.blank),
            "fill_down" => format!("{:?}", self.fill_down),
            "blank_as_zero" => format!("{:?}", self.blank_as_zero),
            _ => self.rounded.to_string(),
        }
    }

    /// The members of dimensions that names of sheets hold.
    pub fn sheet_members(&self) -> Option<&HeadingPattern> {
        match &self.sheet {
            Some(SheetNames::Each(pattern)) => Some(pattern),
            Some(SheetNames::One(_)) | None => None,
        }
    }
}

/// Where a measure's unit comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitSource {
    /// The same for all rows.
    Fixed(String),
    /// The column with this heading.
    Column(String),
}

/// Columns whose headings hold a dimension's value: wide to long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Melt {
    /// `{年度}年预算数`
    pub headings: HeadingPattern,
    /// The measure that their cells belong to.
    pub into: String,
}

const SUITE_KEYS: [&str; 13] = [
    "name",
    "title",
    "issuer",
    "source",
    "region",
    "period",
    "standards",
    "waivers",
    "register",
    "ignore",
    "figures",
    "binding",
    "equivalent",
];
const BINDING_KEYS: [&str; 15] = [
    "dataset",
    "file",
    "sheet",
    "header",
    "encoding",
    "delimiter",
    "columns",
    "units",
    "melt",
    "above",
    "skip",
    "blank",
    "fill_down",
    "blank_as_zero",
    "rounded",
];

impl SuiteConfig {
    /// Reads `suite.toml` of a suite's folder; reports all that is wrong with it in one go.
    pub fn load(dir: &Path) -> Result<SuiteConfig, Vec<Diagnostic>> {
        let path = dir.join("suite.toml");
        let shown = super::shown(&path);
        if !path.is_file() {
            let message = Bi::new(
                format!("`{}` 里没有 `suite.toml`", super::shown(dir)),
                format!("there is no `suite.toml` in `{}`", super::shown(dir)),
            );
            let help = Bi::new(
                "套件是一个文件夹，里面有 `suite.toml`，至少写 `name = \"…\"`；可用 `duixian init` 新建",
                "a suite is a folder with a `suite.toml` that says at least `name = \"…\"`; `duixian init` makes one",
            );
            return Err(vec![Diagnostic::at(&codes::UNREADABLE, Place::file(shown), message).help(help)]);
        }
        let file = TomlFile::read(&path, &shown).map_err(|fault| vec![*fault])?;
        let mut config = SuiteConfig::parse(&file)?;
        config.dir = dir.to_owned();
        Ok(config)
    }

    /// Reads the text of a `suite.toml`.
    pub fn parse(file: &TomlFile) -> Result<SuiteConfig, Vec<Diagnostic>> {
        let table = file.parse()?;
        let mut faults = Vec::new();
        let keys = Keys::new(file, &table, 0..0, &SUITE_KEYS, &mut faults);
        let name = keys.required("name", &mut faults).unwrap_or_default();
        let period = keys.text_or_integer("period", &mut faults).and_then(|text| {
            let period = Period::parse(&text);
            if period.is_none() {
                let message = Bi::new(format!("`{text}` 不是期间"), format!("`{text}` is not a period"));
                let help = Bi::new(
                    "写年份、半年、季度或月份：`2021`、`\"2021H1\"`、`\"2021Q1\"`、`\"2021-03\"`",
                    "write a year, half-year, quarter or month: `2021`, `\"2021H1\"`, `\"2021Q1\"`, `\"2021-03\"`",
                );
                faults.push(Diagnostic::at(&codes::WRONG_VALUE, keys.place("period"), message).help(help));
            }
            period
        });
        let mut config = SuiteConfig {
            dir: PathBuf::new(),
            path: file.path.clone(),
            sha256: file.sha256.clone(),
            title: keys.text("title", &mut faults).unwrap_or_else(|| name.clone()),
            name,
            issuer: keys.text("issuer", &mut faults),
            source: keys.text("source", &mut faults),
            region: keys.text("region", &mut faults).map(|text| super::raw::trimmed(&text).to_owned()),
            period,
            standards: keys.texts("standards", &mut faults).unwrap_or_default(),
            waivers: keys.texts("waivers", &mut faults).unwrap_or_default(),
            register: keys.text("register", &mut faults),
            ignore: keys.texts("ignore", &mut faults).unwrap_or_default(),
            figures: keys.text("figures", &mut faults),
            bindings: Vec::new(),
            equivalent: Vec::new(),
        };
        for (table, span) in keys.tables("binding", &mut faults) {
            let keys = Keys::new(file, table, span, &BINDING_KEYS, &mut faults);
            config.bindings.push(binding(file, &keys, &mut faults));
        }
        for (table, span) in keys.tables("equivalent", &mut faults) {
            let line = line_of(file.place(span.clone(), None));
            let keys = Keys::new(file, table, span, &["rule", "mutant", "reason"], &mut faults);
            let mut text = |key| keys.required(key, &mut faults);
            if let (Some(rule), Some(mutant), Some(reason)) = (text("rule"), text("mutant"), text("reason")) {
                config.equivalent.push(Equivalent { rule, mutant, reason, line });
            }
        }
        faults.sort_by_key(|fault| match &fault.place {
            Place::Data { row, .. } => *row,
            Place::Rule(_) | Place::Nowhere => None,
        });
        if faults.is_empty() { Ok(config) } else { Err(faults) }
    }

    /// The keys of `[[binding]]` that another suite sets otherwise for a dataset, in the order in which they are documented.
    pub fn bindings_differ(&self, other: &SuiteConfig, dataset: &str) -> Vec<&'static str> {
        let of = |config: &'_ SuiteConfig| -> Vec<Binding> {
            config.bindings.iter().filter(|binding| binding.dataset == dataset).cloned().collect()
        };
        let (mut own, mut others) = (of(self), of(other));
        // A binding that says nothing is none.
        let count = own.len().max(others.len());
        own.resize_with(count, Binding::default);
        others.resize_with(count, Binding::default);
        let differs = |key: &&str| own.iter().zip(&others).any(|(a, b)| a.said(key) != b.said(key));
        BINDING_KEYS.into_iter().filter(differs).collect()
    }

    /// Paths of the standards files.
    pub fn standards_paths(&self) -> Vec<PathBuf> {
        self.standards.iter().map(|path| self.dir.join(path)).collect()
    }

    /// Paths of the waivers files.
    pub fn waivers_paths(&self) -> Vec<PathBuf> {
        self.waivers.iter().map(|path| self.dir.join(path)).collect()
    }

    /// Path of the register.
    pub fn register_path(&self) -> Option<PathBuf> {
        self.register.as_ref().map(|path| self.dir.join(path))
    }

    /// Path of the figures already reported.
    pub fn figures_path(&self) -> Option<PathBuf> {
        self.figures.as_ref().map(|path| self.dir.join(path))
    }
}

fn line_of(place: Place) -> u64 {
    match place {
        Place::Data { row: Some(row), .. } => row,
        _ => 1,
    }
}

fn binding(file: &TomlFile, keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Binding {
    let line = line_of(file.place(keys.span.clone(), None));
    let present = BINDING_KEYS.iter().filter(|key| keys.get(key).is_some());
    let lines = present.map(|key| ((*key).to_owned(), line_of(keys.place(key)))).collect();
    let encoding = keys.text("encoding", faults);
    if let Some(label) = &encoding
        && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
    {
        let message = Bi::new(format!("没有 `{label}` 这种编码"), format!("there is no encoding `{label}`"));
        let help = Bi::new(
            "写 `\"utf-8\"`、`\"gb18030\"` 或 `\"utf-16le\"`",
            "write `\"utf-8\"`, `\"gb18030\"` or `\"utf-16le\"`",
        );
        faults.push(Diagnostic::at(&codes::WRONG_VALUE, keys.place("encoding"), message).help(help));
    }
    Binding {
        dataset: keys.required("dataset", faults).unwrap_or_default(),
        file: keys.text("file", faults),
        sheet: sheet(keys, faults),
        header: header(keys, faults),
        encoding,
        delimiter: delimiter(keys, faults),
        columns: columns(file, keys, faults),
        units: units(file, keys, faults),
        melt: melts(file, keys, faults),
        above: above(keys, faults),
        skip: keys.texts("skip", faults),
        blank: keys.texts("blank", faults).unwrap_or_default(),
        fill_down: keys.texts("fill_down", faults).unwrap_or_default(),
        blank_as_zero: keys.texts("blank_as_zero", faults).unwrap_or_default(),
        rounded: keys.boolean("rounded", faults).unwrap_or(false),
        line,
        lines,
    }
}

fn header(keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Option<(u32, u32)> {
    let value = keys.get("header")?;
    let row = |value: &DeValue<'_>| match value {
        DeValue::Integer(integer) if integer.radix() == 10 => {
            integer.as_str().parse::<u32>().ok().filter(|row| *row > 0)
        }
        _ => None,
    };
    let rows = match value.get_ref() {
        DeValue::Array(items) => {
            let rows: Vec<Option<u32>> = items.iter().map(|item| row(item.get_ref())).collect();
            match rows.as_slice() {
                [Some(first), Some(last)] if first <= last && last - first < 10 => Some((*first, *last)),
                _ => None,
            }
        }
        single => row(single).map(|row| (row, row)),
    };
    rows.or_else(|| {
        keys.wrong(
            "header",
            value,
            (
                "表头的行号（从 1 数）：`3`，或首行与末行：`[3, 4]`",
                "the heading's row from 1: `3`, or first and last: `[3, 4]`",
            ),
            faults,
        )
    })
}

fn delimiter(keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Option<u8> {
    let text = keys.text("delimiter", faults)?;
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\n' | b'\r') => {
            Some(*byte)
        }
        _ => {
            let value = keys.get("delimiter")?;
            keys.wrong(
                "delimiter",
                value,
                ("一个半角符号：`\",\"`、`\";\"`、`\"\\t\"`", "one ASCII sign: `\",\"`, `\";\"`, `\"\\t\"`"),
                faults,
            )
        }
    }
}

fn columns(file: &TomlFile, keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Vec<(String, Vec<String>)> {
    let Some((table, _)) = keys.table("columns", faults) else { return Vec::new() };
    let mut columns = Vec::new();
    for (key, value) in entries(table) {
        match texts_of(value).filter(|headings| !headings.is_empty()) {
            Some(headings) => columns.push((key.to_owned(), headings)),
            None => faults.push(wrong(
                file,
                key,
                value.span(),
                ("列名，或几个列名的列表", "a heading, or a list of headings"),
            )),
        }
    }
    columns
}

fn units(file: &TomlFile, keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Vec<(String, UnitSource)> {
    let Some((table, _)) = keys.table("units", faults) else { return Vec::new() };
    let mut units = Vec::new();
    for (key, value) in entries(table) {
        let source = match value.get_ref() {
            DeValue::String(unit) => Some(UnitSource::Fixed(unit.to_string())),
            DeValue::Table(table) => {
                let inner = Keys::new(file, table, value.span(), &["column"], faults);
                match inner.required("column", faults) {
                    Some(heading) => Some(UnitSource::Column(heading)),
                    None => continue,
                }
            }
            _ => None,
        };
        match source {
            Some(source) => units.push((key.to_owned(), source)),
            None => faults.push(wrong(
                file,
                key,
                value.span(),
                (
                    "单位：`\"万元\"`，或单位所在的列：`{ column = \"单位\" }`",
                    "a unit: `\"万元\"`, or the column that says it: `{ column = \"unit\" }`",
                ),
            )),
        }
    }
    units
}

fn melts(file: &TomlFile, keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Vec<Melt> {
    let mut melts = Vec::new();
    for (table, span) in keys.tables("melt", faults) {
        let inner = Keys::new(file, table, span, &["headings", "into"], faults);
        let (Some(headings), Some(into)) = (inner.required("headings", faults), inner.required("into", faults)) else {
            continue;
        };
        melts.extend(pattern(&headings, inner.place("headings"), faults).map(|headings| Melt { headings, into }));
    }
    melts
}

/// A text that holds members of dimensions in braces.
fn pattern(text: &str, place: Place, faults: &mut Vec<Diagnostic>) -> Option<HeadingPattern> {
    let pattern = HeadingPattern::parse(text);
    if pattern.is_none() {
        let message = Bi::new(
            format!("`{text}` 里没有写明哪一段是维度"),
            format!("`{text}` does not say which part of it is a dimension"),
        );
        let help = Bi::new(
            "用花括号括出维度名，两个花括号之间要有别的字：`{年度}年预算数`",
            "put the dimension's name in braces, with other text between two of them: `{year} budget`",
        );
        faults.push(Diagnostic::at(&codes::WRONG_VALUE, place, message).help(help));
    }
    pattern
}

fn above(keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Vec<HeadingPattern> {
    let texts = keys.texts("above", faults).unwrap_or_default();
    texts.iter().filter_map(|text| pattern(text, keys.place("above"), faults)).collect()
}

fn sheet(keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Option<SheetNames> {
    let text = keys.text("sheet", faults)?;
    if !text.contains('{') {
        return Some(SheetNames::One(text));
    }
    pattern(&text, keys.place("sheet"), faults).map(SheetNames::Each)
}

fn entries<'a>(table: &'a DeTable<'a>) -> impl Iterator<Item = (&'a str, &'a toml::Spanned<DeValue<'a>>)> {
    table.iter().map(|(key, value)| (key.get_ref().as_ref(), value))
}
