//! Checked suites, records of their runs and the source document in; which commitment is covered by which rule out.
//!
//! Judges nothing: verdicts are those of the records.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::document::{self, Document, Sort};
use crate::data::{Register, RegisterEntry};
use crate::report::record::{Record, Tool, Verdict};
use crate::report::tracing::{self, Annotated, Citing, Commitment, Elsewhere, Figure, Segment, Trace};
use crate::report::{kind_of, sort_key};
use crate::semantics::hir::RuleId;

use super::{Checked, NamedRecord, Reason, Stopped};

/// What was found, and what there is to say of the records.
#[derive(Clone, Debug)]
pub struct Traced {
    /// Which commitment is covered by which rule.
    pub trace: Trace,
    /// The document with its clauses and figures, if there was one.
    pub annotated: Option<Annotated>,
    /// Records of other rules than these.
    pub warnings: Vec<Diagnostic>,
}

/// Characters of a figure's surroundings that are shown on either side.
const AROUND: usize = 8;

/// Holds the register of these suites against their rules.
///
/// # Errors
/// A suite names no register, the suites have different ones, or a record is of none of the suites.
pub fn trace(suites: &[Checked], records: &[NamedRecord], document: Option<&Document>) -> Result<Traced, Box<Stopped>> {
    let (register, mut problems) = common_register(suites);
    let mut warnings = Vec::new();
    for (path, record) in records {
        let same_name = |suite: &&Checked| suite.identity.name == record.suite.name;
        match suites.iter().find(same_name) {
            None => problems.push(foreign(path, record)),
            Some(suite) if suite.identity.sha256 != record.suite.sha256 => warnings.push(outdated(path, record)),
            Some(_) => {}
        }
    }
    let Some(register) = register.filter(|_| problems.is_empty()) else {
        return Err(Box::new(Stopped {
            reason: Reason::Configuration,
            diagnostics: problems,
            sources: Default::default(),
        }));
    };
    let mut entries: Vec<&RegisterEntry> = register.entries.values().collect();
    entries.sort_by_key(|entry| entry.row);
    let mut citing = citations(suites, records);
    let commitments: Vec<Commitment> = entries.iter().map(|entry| commitment(entry, &mut citing)).collect();
    let located = document.map(|document| Located::new(document, &commitments));
    let trace = Trace {
        schema: tracing::SCHEMA.to_owned(),
        tool: Tool::own(),
        register: tracing::Register { path: register.path.clone(), sha256: register.sha256.clone() },
        suites: suites.iter().map(suite).collect(),
        records: records.iter().map(|(path, record)| used(suites, path, record)).collect(),
        total: tracing::Row::total(&commitments),
        groups: tracing::Row::by(&commitments, |commitment| &commitment.group),
        checks: tracing::Row::by(&commitments, |commitment| &commitment.check),
        kinds: tracing::Row::by(&commitments, |commitment| &commitment.kind),
        document: located.as_ref().map(|located| located.summary(&commitments)),
        commitments,
    };
    Ok(Traced { trace, annotated: located.map(|located| located.annotated()), warnings })
}

/// The register that all suites have, or what is wrong.
fn common_register(suites: &[Checked]) -> (Option<&Register>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut common: Option<&Register> = None;
    for suite in suites {
        let shown = suite.dir.display();
        match (&suite.register, common) {
            (None, _) => problems.push(
                Diagnostic::at(
                    &codes::NO_REGISTER,
                    Place::file(suite.config.path.clone()),
                    Bi::new(
                        format!("套件 `{shown}` 没有写明承诺登记表"),
                        format!("suite `{shown}` names no register of commitments"),
                    ),
                )
                .help(Bi::new(
                    "请在 suite.toml 里写 `register = \"commitments.csv\"`",
                    "write `register = \"commitments.csv\"` in suite.toml",
                )),
            ),
            (Some(register), None) => common = Some(register),
            (Some(register), Some(other)) if register.sha256 != other.sha256 => problems.push(
                Diagnostic::at(
                    &codes::OTHER_REGISTER,
                    Place::file(suite.config.path.clone()),
                    Bi::new(
                        format!("登记表 `{}` 与前一个套件的 `{}` 内容不同", register.path, other.path),
                        format!(
                            "the register `{}` differs from `{}` of the suite before it",
                            register.path, other.path
                        ),
                    ),
                )
                .help(Bi::new("登记表不同的套件，请分别核对", "trace suites of different registers one by one")),
            ),
            (Some(_), Some(_)) => {}
        }
    }
    (common, problems)
}

fn foreign(path: &str, record: &Record) -> Diagnostic {
    let name = &record.suite.name;
    Diagnostic::at(
        &codes::OTHER_RECORD,
        Place::file(path),
        Bi::new(
            format!("这份运行记录属于套件 `{name}`，不在所核对的套件之列"),
            format!("this is the record of a run of suite `{name}`, which is not among those given"),
        ),
    )
    .help(Bi::new(
        "请给出用这些套件运行所得的记录：`duixian run 套件 --data … --record 文件`",
        "give records of these suites: `duixian run SUITE --data … --record FILE`",
    ))
}

fn outdated(path: &str, record: &Record) -> Diagnostic {
    let name = &record.suite.name;
    Diagnostic::at(
        &codes::OLD_RECORD,
        Place::file(path),
        Bi::new(
            format!("这份记录产生之后，套件 `{name}` 的文件有改动；结论可能已经过时"),
            format!(
                "files of suite `{name}` changed since this record was made, so that its verdicts may be out of date"
            ),
        ),
    )
    .help(Bi::new("请重新运行，得到新的记录", "run the suite again for a new record"))
}

fn suite(checked: &Checked) -> tracing::Suite {
    let rules = &checked.suite.rules;
    tracing::Suite {
        name: checked.identity.name.clone(),
        title: checked.identity.title.clone(),
        sha256: checked.identity.sha256.clone(),
        rules: rules.len() as u64,
        without_citation: rules.iter().filter(|rule| rule.cites.is_empty()).map(|rule| rule.id.clone()).collect(),
    }
}

fn used(suites: &[Checked], path: &str, record: &Record) -> tracing::RecordUsed {
    tracing::RecordUsed {
        path: path.to_owned(),
        suite: record.suite.name.clone(),
        period: record.period.clone(),
        as_of: record.as_of.clone(),
        same_rules: suites.iter().any(|suite| suite.identity.sha256 == record.suite.sha256),
    }
}

/// The rules that cite each entry, in the order of the suites.
fn citations(suites: &[Checked], records: &[NamedRecord]) -> BTreeMap<String, Vec<Citing>> {
    let mut citing: BTreeMap<String, Vec<Citing>> = BTreeMap::new();
    for checked in suites {
        let verdicts = verdicts(checked, records);
        let mut tests: BTreeMap<RuleId, Vec<&str>> = BTreeMap::new();
        for test in &checked.suite.tests {
            let rules: BTreeSet<RuleId> = test.expect.iter().map(|expectation| expectation.rule).collect();
            rules.into_iter().for_each(|rule| tests.entry(rule).or_default().push(&test.title));
        }
        for (at, rule) in checked.suite.rules.iter().enumerate() {
            let tests = tests.get(&RuleId(at)).map(Vec::as_slice).unwrap_or_default();
            for id in &rule.cites {
                citing.entry(id.clone()).or_default().push(Citing {
                    suite: checked.identity.name.clone(),
                    rule: rule.id.clone(),
                    title: rule.title.clone(),
                    kind: kind_of(rule.kind),
                    tests: tests.iter().map(|title| (*title).to_owned()).collect(),
                    verdict: verdicts.get(rule.id.as_str()).copied(),
                });
            }
        }
    }
    citing
}

/// The worst verdict of each rule in the records of a suite.
fn verdicts<'a>(checked: &Checked, records: &'a [NamedRecord]) -> BTreeMap<&'a str, Verdict> {
    let mut worst: BTreeMap<&str, Verdict> = BTreeMap::new();
    for (_, record) in records.iter().filter(|(_, record)| record.suite.name == checked.identity.name) {
        for rule in &record.rules {
            let known = worst.entry(&rule.id).or_insert(rule.verdict);
            if sort_key(rule.verdict) > sort_key(*known) {
                *known = rule.verdict;
            }
        }
    }
    worst
}

fn commitment(entry: &RegisterEntry, citing: &mut BTreeMap<String, Vec<Citing>>) -> Commitment {
    let cell = |column: &str| entry.get(column).unwrap_or_default().to_owned();
    let rules = citing.remove(&entry.id).unwrap_or_default();
    Commitment {
        id: entry.id.clone(),
        clause: cell("clause"),
        line: entry.line.map(u64::from),
        group: cell("group"),
        section: cell("section"),
        check: cell("check"),
        kind: cell("kind"),
        verdict: rules.iter().filter_map(|rule| rule.verdict).max_by_key(|verdict| sort_key(*verdict)),
        rules,
    }
}

/// Where the clauses of a register stand in a document.
struct Located<'a> {
    document: &'a Document,
    /// By commitment.
    places: Vec<Option<document::Found>>,
    /// By line: the figures, and whether a clause covers each.
    figures: Vec<Vec<(Range<usize>, bool)>>,
}

impl<'a> Located<'a> {
    fn new(document: &'a Document, commitments: &[Commitment]) -> Self {
        let stated = |commitment: &Commitment| commitment.line.and_then(|line| u32::try_from(line).ok());
        let found: Vec<Option<document::Found>> =
            commitments.iter().map(|commitment| document.find(&commitment.clause, stated(commitment))).collect();
        // The words of another clause, at its place, are not this one's: what was taken out of a text may still stand in it
        // as a result of another year.
        let distance = |at: usize, found: &document::Found| {
            commitments.get(at).and_then(stated).map_or(0, |line| line.abs_diff(found.line))
        };
        let others = |at: usize, mine: &document::Found| {
            found.iter().enumerate().any(|(other, its)| {
                its.as_ref().is_some_and(|its| {
                    let overlap =
                        its.line == mine.line && its.range.start < mine.range.end && mine.range.start < its.range.end;
                    overlap && distance(other, its) < distance(at, mine)
                })
            })
        };
        let places: Vec<Option<document::Found>> =
            found.iter().enumerate().map(|(at, place)| place.clone().filter(|place| !others(at, place))).collect();
        let mut clauses: BTreeMap<u32, Vec<&Range<usize>>> = BTreeMap::new();
        for found in places.iter().flatten() {
            clauses.entry(found.line).or_default().push(&found.range);
        }
        let figures = (1_u32..).zip(&document.lines).map(|(line, text)| {
            let clauses = clauses.get(&line).map(Vec::as_slice).unwrap_or_default();
            let within = |figure: &Range<usize>| clauses.iter().any(|c| c.start <= figure.start && figure.end <= c.end);
            let stated = document::numbers(text).into_iter().filter(|number| number.sort == Sort::Figure);
            stated.map(|number| (number.range.clone(), within(&number.range))).collect()
        });
        Located { document, figures: figures.collect(), places }
    }

    fn summary(&self, commitments: &[Commitment]) -> tracing::Document {
        let mut summary = tracing::Document {
            path: self.document.path.clone(),
            sha256: self.document.sha256.clone(),
            found: 0,
            elsewhere: Vec::new(),
            absent: Vec::new(),
            figures_covered: self.figures.iter().flatten().filter(|(_, covered)| *covered).count() as u64,
            figures_uncovered: Vec::new(),
        };
        for (commitment, place) in commitments.iter().zip(&self.places) {
            match (place, commitment.line) {
                (None, _) => summary.absent.push(commitment.id.clone()),
                (Some(found), Some(stated)) if u64::from(found.line) != stated => summary.elsewhere.push(Elsewhere {
                    id: commitment.id.clone(),
                    stated,
                    found: u64::from(found.line),
                }),
                (Some(_), _) => summary.found += 1,
            }
        }
        for ((line, text), figures) in (1_u64..).zip(&self.document.lines).zip(&self.figures) {
            let uncovered = figures.iter().filter(|(_, covered)| !covered);
            summary.figures_uncovered.extend(uncovered.map(|(range, _)| figure(line, text, range)));
        }
        summary
    }

    /// The lines, cut where a clause or an uncovered figure begins or ends.
    fn annotated(&self) -> Annotated {
        let lines = (1_u32..).zip(&self.document.lines).zip(&self.figures).map(|((line, text), figures)| {
            let clauses: Vec<(usize, &Range<usize>)> = self
                .places
                .iter()
                .enumerate()
                .filter_map(|(at, place)| Some((at, place.as_ref().filter(|found| found.line == line)?)))
                .map(|(at, found)| (at, &found.range))
                .collect();
            let uncovered: Vec<&Range<usize>> =
                figures.iter().filter(|(_, covered)| !covered).map(|(range, _)| range).collect();
            let mut cuts: BTreeSet<usize> = [0, text.len()].into();
            for range in clauses.iter().map(|(_, range)| *range).chain(uncovered.iter().copied()) {
                cuts.extend([range.start, range.end]);
            }
            let cuts: Vec<usize> = cuts.into_iter().collect();
            let pieces = cuts.iter().zip(cuts.iter().skip(1)).map(|(start, end)| {
                let within = |range: &Range<usize>| range.start <= *start && *end <= range.end;
                Segment {
                    text: text.get(*start..*end).unwrap_or_default().to_owned(),
                    commitments: clauses.iter().filter(|(_, range)| within(range)).map(|(at, _)| *at).collect(),
                    uncovered: uncovered.iter().any(|range| within(range)),
                }
            });
            pieces.collect()
        });
        Annotated { lines: lines.collect() }
    }
}

/// A figure with a few characters around it.
fn figure(line: u64, text: &str, range: &Range<usize>) -> Figure {
    let (before, after) = (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default());
    let skipped = before.chars().count().saturating_sub(AROUND);
    let mut shown: String = before.chars().skip(skipped).collect();
    shown.push_str(text.get(range.clone()).unwrap_or_default());
    shown.extend(after.chars().take(AROUND));
    Figure { line, column: before.chars().count() as u64 + 1, text: shown }
}
