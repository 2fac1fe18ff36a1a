//! A record and what it was made from in, what no longer agrees out: hashes first, then a run of the very same request.
//!
//! Records are canonical: the same rules, data, standards, waivers and request give the same bytes, so that any difference is one.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use crate::base::{Bi, Diagnostic};
use crate::data::DataSources;
use crate::quantity::{Period, parse_date};
use crate::report::json;
use crate::report::record::{Record, Step};

use super::{Checked, Request, Stopped};

/// How the time of the clock stands in a record: in UTC.
pub const STAMP: &str = "%Y-%m-%dT%H:%M:%SZ";

/// How many differences are told.
const TOLD: usize = 20;

/// Something that differs between a record and the run of the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where in the record: `/rules/3/verdict`.
    pub pointer: String,
    /// What it is about.
    pub what: Bi,
    /// As recorded; `None` if the record does not have it.
    pub recorded: Option<String>,
    /// As it comes out now.
    pub now: Option<String>,
}

/// How a verification came out.
#[derive(Debug)]
pub struct Verified {
    /// The first differences, hashes before verdicts; empty if all agrees.
    pub differences: Vec<Difference>,
    /// How many there are.
    pub count: usize,
    /// What there is to say of the data.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Runs the request of a record again and compares. `bytes` are the record's file; with `moved`, folders of submitted
    /// files, standards and waivers may have other names than recorded.
    ///
    /// # Errors
    /// The record's request cannot be made of this suite, or a file of standards or waivers cannot be used.
    pub fn verify(
        &self,
        record: &Record,
        bytes: &[u8],
        sources: &DataSources,
        standards: &[PathBuf],
        waivers: &[PathBuf],
        moved: bool,
    ) -> Result<Verified, Box<Stopped>> {
        let unknown = |id: &&String| !self.suite.rules.iter().any(|rule| rule.id == **id);
        if let Some(id) = record.select.iter().find(unknown) {
            let difference = Difference {
                pointer: "/select".to_owned(),
                what: Bi::new("所选的规则", "the rules that were asked for"),
                recorded: Some(id.clone()),
                now: None,
            };
            return Ok(Verified { differences: vec![difference], count: 1, diagnostics: Vec::new() });
        }
        let request = Request {
            period: Period::parse(&record.period),
            as_of: parse_date(&record.as_of),
            select: record.select.clone(),
            max_findings: Some(usize::try_from(record.max_findings).unwrap_or(usize::MAX)),
            passes: record.passes,
            // The clock cannot be asked again; what was stamped is held by a signature alone.
            stamp: record.stamp.clone().filter(|stamp| is_time(stamp)),
        };
        let planned = self.plan(&request)?;
        let data = self.read(sources, standards, waivers)?;
        let judged = planned.measure(data).judge();
        let told = judged.diagnostics().iter().chain(&judged.judgement.idle_waivers);
        let diagnostics = told.cloned().collect();
        let mut now = judged.record();
        if moved {
            relocate(&mut now, record);
        }
        let (recorded, rerun) = (value(record), value(&now));
        let mut differences = Vec::new();
        compare("", &recorded, &rerun, &mut |pointer, a, b| {
            differences.push(Difference {
                what: about(&pointer, record, &now),
                pointer,
                recorded: a.map(shown),
                now: b.map(shown),
            });
        });
        if differences.is_empty() && !moved && json::render(&now).ok().as_deref().map(str::as_bytes) != Some(bytes) {
            differences.push(Difference {
                pointer: String::new(),
                what: Bi::new("记录文件的写法被改动过", "the file of the record was written otherwise"),
                recorded: None,
                now: None,
            });
        }
        differences.sort_by_key(|difference| weight(&difference.pointer));
        let count = differences.len();
        differences.truncate(TOLD);
        Ok(Verified { differences, count, diagnostics })
    }
}

/// Files of the suite in `dir`, standards and waivers that are not what a record says: for where they cannot be used any more.
pub fn changed_files(dir: &Path, record: &Record) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut look = |path: PathBuf, name: &str, recorded: &str, zh: &str, en: &str, pointer: String| {
        let now = std::fs::read(path).ok().map(|bytes| super::load::sha256(&bytes));
        if now.as_deref() != Some(recorded) {
            let what = Bi::new(format!("{zh} `{name}`"), format!("{en} `{name}`"));
            differences.push(Difference { pointer, what, recorded: Some(recorded.to_owned()), now });
        }
    };
    for (at, file) in record.suite.files.iter().enumerate() {
        let pointer = format!("/suite/files/{at}/sha256");
        look(dir.join(&file.path), &file.path, &file.sha256, "规则文件", "rule file", pointer);
    }
    for (at, file) in record.standards.iter().enumerate() {
        let pointer = format!("/standards/{at}/sha256");
        look(PathBuf::from(&file.path), &file.path, &file.sha256, "标准文件", "standards file", pointer);
    }
    for (at, file) in record.waivers.iter().enumerate() {
        let pointer = format!("/waivers/{at}/sha256");
        look(PathBuf::from(&file.path), &file.path, &file.sha256, "豁免文件", "waivers file", pointer);
    }
    differences
}

/// Is it a time as `run --stamp` writes it?
fn is_time(stamp: &str) -> bool {
    stamp.parse::<Timestamp>().is_ok_and(|time| time.strftime(STAMP).to_string() == stamp)
}

fn value(record: &Record) -> Value {
    serde_json::to_value(record).unwrap_or(Value::Null)
}

/// Takes a place in which two values differ, and the values that stand there.
type Differ<'a> = dyn FnMut(String, Option<&Value>, Option<&Value>) + 'a;

/// Calls `differ` for each place in which two values differ.
fn compare(pointer: &str, old: &Value, new: &Value, differ: &mut Differ<'_>) {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let pointer = format!("{pointer}/{key}");
                match b.get(key) {
                    Some(other) => compare(&pointer, value, other, differ),
                    None => differ(pointer, Some(value), None),
                }
            }
            for (key, value) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
                differ(format!("{pointer}/{key}"), None, Some(value));
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for at in 0..a.len().max(b.len()) {
                let pointer = format!("{pointer}/{at}");
                match (a.get(at), b.get(at)) {
                    (Some(value), Some(other)) => compare(&pointer, value, other, differ),
                    (value, other) => differ(pointer, value, other),
                }
            }
        }
        (a, b) if a != b => differ(pointer.to_owned(), Some(a), Some(b)),
        _ => {}
    }
}

/// Hashes tell most, then what was asked, then verdicts, then what is said of them.
fn weight(pointer: &str) -> u8 {
    let first = pointer.split('/').nth(1).unwrap_or_default();
    match first {
        "suite" | "inputs" | "standards" | "waivers" if pointer.ends_with("/sha256") => 0,
        "tool" | "schema" | "period" | "as_of" | "engine" => 1,
        "suite" | "inputs" | "standards" | "waivers" => 2,
        "rules" if pointer.ends_with("/verdict") => 3,
        "rules" => 4,
        _ => 5,
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() > 120 { format!("{}…", text.chars().take(120).collect::<String>()) } else { text }
}

/// What a place of the record is about.
fn about(pointer: &str, record: &Record, now: &Record) -> Bi {
    let mut parts = pointer.split('/').skip(1);
    let first = parts.next().unwrap_or_default();
    let at = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok());
    let of = |zh: &str, en: &str, name: Option<&str>| match name {
        Some(name) => Bi::new(format!("{zh} `{name}`"), format!("{en} `{name}`")),
        None => Bi::new(zh, en),
    };
    match first {
        "tool" => Bi::new("软件版本", "the program's version"),
        "schema" => Bi::new("记录格式", "the record's schema"),
        "stamp" => Bi::new("制作时间", "the time of the clock"),
        "period" | "as_of" => Bi::new("期间与评判时点", "period and day"),
        "inputs" => {
            let at = at(parts.next());
            let input = at.and_then(|at| record.inputs.get(at).or_else(|| now.inputs.get(at)));
            of("数据文件", "data file", input.map(|input| input.path.as_str()))
        }
        "suite" if parts.next() == Some("files") => {
            let at = at(parts.next());
            let file = at.and_then(|at| record.suite.files.get(at).or_else(|| now.suite.files.get(at)));
            of("规则文件", "rule file", file.map(|file| file.path.as_str()))
        }
        "suite" => Bi::new("规则套件", "the suite"),
        "standards" => {
            let at = at(parts.next());
            let file = at.and_then(|at| record.standards.get(at).or_else(|| now.standards.get(at)));
            of("标准文件", "standards file", file.map(|file| file.path.as_str()))
        }
        "waivers" => {
            let at = at(parts.next());
            let file = at.and_then(|at| record.waivers.get(at).or_else(|| now.waivers.get(at)));
            of("豁免文件", "waivers file", file.map(|file| file.path.as_str()))
        }
        "rules" => {
            let at = at(parts.next());
            let rule = at.and_then(|at| record.rules.get(at).or_else(|| now.rules.get(at)));
            of("规则", "rule", rule.map(|rule| rule.id.as_str()))
        }
        "summary" => Bi::new("合计", "the counts"),
        "remarks" | "unreadable" | "notice" => Bi::new("数据提示", "remarks on the data"),
        _ => Bi::same(first),
    }
}

/// Gives submitted files, standards and waivers the folders that the record has for files of the same name and content.
fn relocate(now: &mut Record, record: &Record) {
    let name = |path: &str| Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    let mut moves: Vec<(String, String)> = Vec::new();
    for (old, new) in record.inputs.iter().zip(&now.inputs) {
        if old.sha256 == new.sha256 && old.dataset == new.dataset && name(&old.path) == name(&new.path) {
            moves.push((new.path.clone(), old.path.clone()));
        }
    }
    let outside = record.standards.iter().zip(&now.standards).chain(record.waivers.iter().zip(&now.waivers));
    for (old, new) in outside {
        if old.sha256 == new.sha256 && name(&old.path) == name(&new.path) {
            moves.push((new.path.clone(), old.path.clone()));
        }
    }
    let moved = |path: &mut String| {
        if let Some((_, old)) = moves.iter().find(|(new, _)| new == path) {
            path.clone_from(old);
        }
    };
    now.inputs.iter_mut().for_each(|input| moved(&mut input.path));
    now.standards.iter_mut().chain(&mut now.waivers).for_each(|file| moved(&mut file.path));
    now.remarks.iter_mut().filter_map(|remark| remark.source.as_mut()).for_each(|source| moved(&mut source.path));
    fn steps(step: &mut Step, moved: &dyn Fn(&mut String)) {
        step.source.iter_mut().for_each(|source| moved(&mut source.path));
        step.steps.iter_mut().for_each(|part| steps(part, moved));
    }
    let findings = now.rules.iter_mut().flat_map(|rule| rule.findings.iter_mut().chain(&mut rule.passes));
    for finding in findings {
        for step in finding.applies.iter_mut().chain(&mut finding.calculation) {
            steps(step, &moved);
        }
        let waiver = finding.waiver.as_mut().and_then(|waiver| waiver.source.as_mut());
        waiver.into_iter().for_each(|source| moved(&mut source.path));
        for figure in &mut finding.evidence {
            let sources = figure.source.iter_mut().chain(&mut figure.more);
            sources.for_each(|source| moved(&mut source.path));
        }
        // Advice names places in words.
        for advice in &mut finding.advice {
            for (new, old) in &moves {
                advice.zh = advice.zh.replace(new, old);
                advice.en = advice.en.replace(new, old);
            }
        }
    }
}
