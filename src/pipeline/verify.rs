//! A record and what it was made from in, what no longer agrees out: hashes first, then a run of the very same request.
//!
//! A record of many submissions is taken apart by their names ([`many`]). Records are canonical: the same rules, data, standards, waivers and request give the same bytes, so that any difference is one.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::base::{Bi, Diagnostic};
use crate::data::{DataSources, sha256};
use crate::quantity::{Period, parse_date};
use crate::report::json;
use crate::report::record::{Finding, HashedFile, Input, Record, Remark, Step};

use super::{Checked, Kept, Request, Stopped};

mod many;

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
        let request = request((&record.period, &record.as_of), &record.select, record.max_findings, &record.stamp);
        if let Some(difference) = self.not_asked(&request) {
            return Ok(Verified::new(vec![difference], Vec::new()));
        }
        let planned = self.plan(&Request { passes: record.passes, ..request })?;
        let data = self.read(sources, standards, waivers)?;
        let judged = planned.measure(data).judge();
        let told = judged.diagnostics().iter().chain(&judged.judgement.idle_waivers);
        let diagnostics = told.cloned().collect();
        let mut now = judged.record();
        now.request_sha256 = now.request_sha256.filter(|_| record.request_sha256.is_some());
        if moved {
            relocate(&mut now, record);
        }
        let mut differences = Vec::new();
        let about = |pointer: &str| about(pointer, [&Named::of(record), &Named::of(&now)]);
        compare("", &value(record), &value(&now), &mut noting(&mut differences, &about));
        if differences.is_empty() && !moved {
            differences.extend(rewritten(&now, bytes));
        }
        Ok(Verified::new(differences, diagnostics))
    }

    /// That a rule was asked for which the suite does not have.
    fn not_asked(&self, request: &Request) -> Option<Difference> {
        let unknown = |id: &&String| !self.suite.rules.iter().any(|rule| rule.id == **id);
        let id = request.select.iter().find(unknown)?;
        Some(Difference {
            pointer: "/select".to_owned(),
            what: Bi::new("所选的规则", "the rules that were asked for"),
            recorded: Some(id.clone()),
            now: None,
        })
    }
}

impl Verified {
    /// Hashes come before verdicts; of many differences, the first are kept.
    fn new(mut differences: Vec<Difference>, diagnostics: Vec<Diagnostic>) -> Verified {
        differences.sort_by_key(|difference| weight(&difference.pointer));
        let count = differences.len();
        differences.truncate(TOLD);
        Verified { differences, count, diagnostics }
    }
}

/// What a record says it was asked for.
fn request((period, as_of): (&str, &str), select: &[String], max_findings: u64, stamp: &Option<String>) -> Request {
    Request {
        period: Period::parse(period),
        as_of: parse_date(as_of),
        select: select.to_vec(),
        max_findings: Some(usize::try_from(max_findings).unwrap_or(usize::MAX)),
        passes: false,
        // The clock cannot be asked again. A change of what was stamped shows in the hash of the request; proven it is by a
        // signature alone.
        stamp: stamp.clone().filter(|stamp| is_time(stamp)),
    }
}

/// Notes what differs, named by where it stands.
fn noting<'a>(
    differences: &'a mut Vec<Difference>,
    about: &'a dyn Fn(&str) -> Bi,
) -> impl FnMut(String, Option<&Value>, Option<&Value>) + 'a {
    |pointer, recorded, now| {
        let (recorded, now) = (recorded.map(shown), now.map(shown));
        differences.push(Difference { what: about(&pointer), pointer, recorded, now });
    }
}

/// That the same record would be written in other bytes.
fn rewritten(now: &impl Serialize, bytes: &[u8]) -> Option<Difference> {
    (json::render(now).ok().as_deref().map(str::as_bytes) != Some(bytes)).then(|| Difference {
        pointer: String::new(),
        what: Bi::new("记录文件的写法被改动过", "the file of the record was written otherwise"),
        recorded: None,
        now: None,
    })
}

/// Files of the suite in `dir`, standards and waivers that are not what a record says: for where they cannot be used any more.
pub fn changed_files(dir: &Path, record: &Kept) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut look = |path: PathBuf, name: &str, recorded: &str, zh: &str, en: &str, pointer: String| {
        let now = std::fs::read(path).ok().map(|bytes| sha256(&bytes));
        if now.as_deref() != Some(recorded) {
            let what = Bi::new(format!("{zh} `{name}`"), format!("{en} `{name}`"));
            differences.push(Difference { pointer, what, recorded: Some(recorded.to_owned()), now });
        }
    };
    let [rules, standards, waivers] = record.files();
    for (at, file) in rules.iter().enumerate() {
        let pointer = format!("/suite/files/{at}/sha256");
        look(dir.join(&file.path), &file.path, &file.sha256, "规则文件", "rule file", pointer);
    }
    for (at, file) in standards.iter().enumerate() {
        let pointer = format!("/standards/{at}/sha256");
        look(PathBuf::from(&file.path), &file.path, &file.sha256, "标准文件", "standards file", pointer);
    }
    for (at, file) in waivers.iter().enumerate() {
        let pointer = format!("/waivers/{at}/sha256");
        look(PathBuf::from(&file.path), &file.path, &file.sha256, "豁免文件", "waivers file", pointer);
    }
    differences
}

/// Is it a time as `run --stamp` writes it?
fn is_time(stamp: &str) -> bool {
    stamp.parse::<Timestamp>().is_ok_and(|time| time.strftime(STAMP).to_string() == stamp)
}

fn value(record: &impl Serialize) -> Value {
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
    // Of a submission: `/submissions/3/inputs/0/sha256`.
    let own = pointer.strip_prefix("/submissions/").map(|rest| rest.find('/').and_then(|at| rest.get(at..)));
    let pointer = own.map_or(pointer, |own| own.unwrap_or("/inputs"));
    let first = pointer.split('/').nth(1).unwrap_or_default();
    match first {
        "suite" | "inputs" | "standards" | "waivers" if pointer.ends_with("/sha256") => 0,
        "tool" | "schema" | "request_sha256" | "period" | "as_of" | "engine" => 1,
        "suite" | "inputs" | "standards" | "waivers" => 2,
        "rules" if pointer.ends_with("/verdict") => 3,
        "verdicts" => 3,
        "rules" | "findings" => 4,
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

/// The names by which places of a record are told.
#[derive(Default)]
struct Named<'r> {
    suite: &'r [HashedFile],
    standards: &'r [HashedFile],
    waivers: &'r [HashedFile],
    inputs: &'r [Input],
    rules: Vec<&'r str>,
    /// The rule of each finding of a submission.
    findings: Vec<&'r str>,
}

impl<'r> Named<'r> {
    fn of(record: &'r Record) -> Self {
        Named {
            suite: &record.suite.files,
            standards: &record.standards,
            waivers: &record.waivers,
            inputs: &record.inputs,
            rules: record.rules.iter().map(|rule| rule.id.as_str()).collect(),
            findings: Vec::new(),
        }
    }
}

/// What a place of the record is about, by the names of the record and those of now.
fn about(pointer: &str, named: [&Named<'_>; 2]) -> Bi {
    let mut parts = pointer.split('/').skip(1);
    let first = parts.next().unwrap_or_default();
    let part = parts.next();
    let of = |zh: &str, en: &str, name: Option<&str>| match name {
        Some(name) => Bi::new(format!("{zh} `{name}`"), format!("{en} `{name}`")),
        None => Bi::new(zh, en),
    };
    let file = |at: Option<&str>, files: [&'_ [HashedFile]; 2]| {
        let at = at.and_then(|at| at.parse::<usize>().ok())?;
        files.iter().find_map(|files| files.get(at)).map(|file| file.path.clone())
    };
    let at = part.and_then(|part| part.parse::<usize>().ok());
    match first {
        "tool" => Bi::new("软件版本", "the program's version"),
        "schema" => Bi::new("记录格式", "the record's schema"),
        "stamp" => Bi::new("制作时间", "the time of the clock"),
        "request_sha256" => Bi::new(
            "所请求的内容（期间、时点、所选规则、个案数上限、制作时间）在出具后改动过",
            "what was asked (period, day, rules, limit of cases, time of the clock) was changed since",
        ),
        "period" | "as_of" => Bi::new("期间与评判时点", "period and day"),
        "inputs" => {
            let input = at.and_then(|at| named.iter().find_map(|named| named.inputs.get(at)));
            of("数据文件", "data file", input.map(|input| input.path.as_str()))
        }
        "suite" if part == Some("files") => {
            let name = file(parts.next(), named.map(|named| named.suite));
            of("规则文件", "rule file", name.as_deref())
        }
        "suite" => Bi::new("规则套件", "the suite"),
        "standards" => of("标准文件", "standards file", file(part, named.map(|named| named.standards)).as_deref()),
        "waivers" => of("豁免文件", "waivers file", file(part, named.map(|named| named.waivers)).as_deref()),
        "rules" | "findings" => {
            let rules = named.iter().map(|named| if first == "rules" { &named.rules } else { &named.findings });
            of("规则", "rule", at.and_then(|at| rules.into_iter().find_map(|rules| rules.get(at))).copied())
        }
        "summary" | "cases" => Bi::new("合计", "the counts"),
        "remarks" | "unreadable" | "notice" => Bi::new("数据提示", "remarks on the data"),
        "not_judged" => Bi::new("没有评判的报送", "the submissions that were not judged"),
        _ => Bi::same(first),
    }
}

/// Gives submitted files, standards and waivers the folders that the record has for files of the same name and content.
fn relocate(now: &mut Record, record: &Record) {
    let mut moves = Moves::default();
    moves.inputs(&record.inputs, &now.inputs);
    moves.files(&record.standards, &now.standards);
    moves.files(&record.waivers, &now.waivers);
    now.inputs.iter_mut().for_each(|input| moves.path(&mut input.path));
    now.standards.iter_mut().chain(&mut now.waivers).for_each(|file| moves.path(&mut file.path));
    moves.remarks(&mut now.remarks);
    let findings = now.rules.iter_mut().flat_map(|rule| rule.findings.iter_mut().chain(&mut rule.passes));
    findings.for_each(|finding| moves.finding(finding));
}

/// Paths as they are now, each with the one that the record has.
#[derive(Clone, Default)]
struct Moves(Vec<(String, String)>);

impl Moves {
    fn note(&mut self, old: &str, new: &str) {
        self.0.push((new.to_owned(), old.to_owned()));
    }

    fn inputs(&mut self, old: &[Input], new: &[Input]) {
        for (old, new) in old.iter().zip(new) {
            if old.sha256 == new.sha256 && old.dataset == new.dataset && same_name(&old.path, &new.path) {
                self.note(&old.path, &new.path);
            }
        }
    }

    fn files(&mut self, old: &[HashedFile], new: &[HashedFile]) {
        for (old, new) in old.iter().zip(new) {
            if old.sha256 == new.sha256 && same_name(&old.path, &new.path) {
                self.note(&old.path, &new.path);
            }
        }
    }

    fn path(&self, path: &mut String) {
        if let Some((_, old)) = self.0.iter().find(|(new, _)| new == path) {
            path.clone_from(old);
        }
    }

    fn remarks(&self, remarks: &mut [Remark]) {
        remarks.iter_mut().filter_map(|remark| remark.source.as_mut()).for_each(|source| self.path(&mut source.path));
    }

    fn step(&self, step: &mut Step) {
        step.source.iter_mut().for_each(|source| self.path(&mut source.path));
        step.steps.iter_mut().for_each(|part| self.step(part));
    }

    fn finding(&self, finding: &mut Finding) {
        finding.applies.iter_mut().chain(&mut finding.calculation).for_each(|step| self.step(step));
        let waiver = finding.waiver.as_mut().and_then(|waiver| waiver.source.as_mut());
        waiver.into_iter().for_each(|source| self.path(&mut source.path));
        for figure in &mut finding.evidence {
            let sources = figure.source.iter_mut().chain(&mut figure.more);
            sources.for_each(|source| self.path(&mut source.path));
        }
        // Advice names places in words.
        for advice in &mut finding.advice {
            for (new, old) in &self.0 {
                advice.zh = advice.zh.replace(new, old);
                advice.en = advice.en.replace(new, old);
            }
        }
    }
}

fn same_name(old: &str, new: &str) -> bool {
    Path::new(old).file_name() == Path::new(new).file_name()
}
