//! A record in, the report out that a person reads: what failed first, what to do about it, and where it stands.
//!
//! Plain lines without boxes, so that it reads as well in a mail as on a terminal. Knows the record and nothing else.

pub mod coverage;
pub mod diff;
pub mod explain;
mod finding;
mod heading;
pub mod mutation;
pub mod plan;
pub mod runs;
mod summary;
pub mod trace;
pub mod versions;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Lang;

use super::layout::{clean, wrap};
use super::record::{Kind, Record, Rule, Source, Verdict};
use super::style::Style;
use super::words::{self, pick};

pub use finding::clause_text;

/// How the report is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The language of everything that is not the rules' own text.
    pub lang: Lang,
    /// Columns of a line.
    pub width: usize,
    /// Colours.
    pub style: Style,
    /// The least kind whose failure fails the run.
    pub fail_on: Kind,
}

/// The report of a run.
pub fn render(record: &Record, options: &Options) -> String {
    let mut page = Page { options: *options, text: String::new(), names: short_names(record) };
    heading::write(&mut page, record);
    for verdict in words::VERDICTS {
        let rules: Vec<&Rule> = record.rules.iter().filter(|rule| rule.verdict == verdict).collect();
        if rules.is_empty() {
            continue;
        }
        page.group(verdict, rules.len() as u64);
        for rule in rules {
            match verdict {
                Verdict::Pass | Verdict::NotApplicable => finding::compact(&mut page, rule),
                _ => finding::full(&mut page, record, rule),
            }
        }
        if matches!(verdict, Verdict::Pass | Verdict::NotApplicable) {
            page.blank();
        }
    }
    summary::write(&mut page, record);
    page.text
}

/// The report as far as it is written.
pub(super) struct Page {
    options: Options,
    text: String,
    /// Submitted files by their paths, where the name alone tells them apart.
    names: BTreeMap<String, String>,
}

/// Names of the submitted files, which stand in full at the top: without their folders, unless two would be the same.
fn short_names(record: &Record) -> BTreeMap<String, String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let paths: BTreeSet<&str> = record.inputs.iter().map(|input| input.path.as_str()).collect();
    let alone = |path: &&&str| paths.iter().filter(|other| name(other) == name(path)).count() == 1;
    paths.iter().filter(alone).map(|path| ((*path).to_owned(), name(path))).collect()
}

impl Page {
    fn lang(&self) -> Lang {
        self.options.lang
    }

    fn style(&self) -> Style {
        self.options.style
    }

    /// One of two texts, by the report's language.
    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        pick(self.options.lang, zh, en)
    }

    /// Where something stands; see [`words::place`].
    fn place(&self, source: &Source) -> String {
        let path = self.names.get(&source.path).unwrap_or(&source.path).clone();
        words::place(&Source { path, ..source.clone() }, self.lang())
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A line that is already laid out.
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// A text behind a label; further lines stand below its first. The text is cleaned, the label is ours.
    fn labelled(&mut self, indent: usize, label: &str, column: usize, text: &str) {
        let start = indent + column;
        for (at, line) in wrap(&clean(text), self.options.width.saturating_sub(start)).iter().enumerate() {
            let label = if at == 0 { super::layout::pad(label, column) } else { " ".repeat(column) };
            let label = if label.trim().is_empty() { label } else { self.style().dim(&label) };
            self.text.push_str(&" ".repeat(indent));
            self.line_end(&format!("{label}{line}"));
        }
    }

    fn line_end(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// The heading of the rules of one verdict.
    fn group(&mut self, verdict: Verdict, count: u64) {
        let name = words::verdict(verdict, self.lang());
        let heading = match self.lang() {
            Lang::Zh => format!("【{name}】{count} 条"),
            Lang::En => format!("{} ({count})", name.to_uppercase()),
        };
        let heading = paint(self.style(), verdict, &heading);
        self.line(&heading);
        self.blank();
    }
}

/// A text in its verdict's colour.
fn paint(style: Style, verdict: Verdict, text: &str) -> String {
    match verdict {
        Verdict::Error | Verdict::Fail => style.red(text),
        Verdict::Borderline | Verdict::Missing => style.yellow(text),
        Verdict::Pass => style.green(text),
        Verdict::Pending | Verdict::Waived | Verdict::NotApplicable => style.bold(text),
    }
}
