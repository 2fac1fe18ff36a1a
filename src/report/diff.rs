//! Two records in, what came out otherwise and why out, as plain data (`duixian.diff/1`). Evaluates nothing.
//!
//! A record holds hashes of all it rests on, and the figures behind every case that it lists. Where a figure, a requirement or
//! the day changed, the change is put down to what of the runs differs and can change it; else to all that differs.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::record::{Evidence, Finding, HashedFile, Record, Rule, Verdict};
use crate::base::Range;

/// The schema's name and version.
pub const SCHEMA: &str = "duixian.diff/1";

/// Two runs compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// [`SCHEMA`]
    pub schema: String,
    /// The earlier record.
    pub old: Side,
    /// The later one.
    pub new: Side,
    /// What of the runs themselves differs.
    pub causes: Vec<Cause>,
    /// Rules that came out otherwise, are new, or are gone; in the order of the later record.
    pub rules: Vec<RuleChange>,
    /// Rules that came out the same in every case that is recorded.
    pub same: u64,
}

/// A record that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// As the user gave it.
    pub path: String,
    /// The suite's name.
    pub suite: String,
    /// The run's period.
    pub period: String,
    /// The day on which it was judged.
    pub as_of: String,
}

/// Something of the runs that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What sort of thing.
    pub kind: Reason,
    /// Which: a file, or the old and the new value.
    pub what: String,
}

/// Why a verdict changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Submitted data.
    Data,
    /// Rules, register or `suite.toml`.
    Rule,
    /// Values of standards.
    Standard,
    /// Waivers.
    Waiver,
    /// The run's period.
    Period,
    /// The day that counts as today.
    AsOf,
    /// The program's version.
    Tool,
}

/// A rule that came out otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChange {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its verdict before; absent if it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Verdict>,
    /// Its verdict now; absent if it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Verdict>,
    /// Its requirement before and now, where these differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<[String; 2]>,
    /// Cases that came out otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseChange>,
    /// What the change is put down to.
    pub why: Vec<Reason>,
}

/// A case that came out otherwise. A verdict that is absent is one that the record does not list: pass or not applicable,
/// or a case beyond the run's limit of findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseChange {
    /// Members of the rule's 对每个.
    pub scope: IndexMap<String, String>,
    /// The case's period.
    pub period: String,
    /// Its verdict before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Verdict>,
    /// Its verdict now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Verdict>,
    /// Figures that differ: name, before, now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<FigureChange>,
}

/// A figure that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureChange {
    /// `公用经费[教育局, 2021]`
    pub name: String,
    /// With its unit; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// It is the value of a standard.
    pub standard: bool,
    /// What of the runs it is put down to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Reason>,
}

impl Diff {
    /// Do the two runs rest on the same and come out the same?
    pub fn is_empty(&self) -> bool {
        self.causes.is_empty() && self.rules.is_empty()
    }
}

/// Compares two records; the paths are as the user gave them.
pub fn compare(old: (&str, &Record), new: (&str, &Record)) -> Diff {
    let (before, after) = (old.1, new.1);
    let causes = causes(before, after);
    let mut rules = Vec::new();
    let mut same = 0;
    for rule in &after.rules {
        match before.rules.iter().find(|other| other.id == rule.id) {
            None => rules.push(one_sided(rule, None, Some(rule.verdict))),
            Some(other) => match changed(before, after, other, rule, &causes) {
                Some(change) => rules.push(change),
                None => same += 1,
            },
        }
    }
    let gone = before.rules.iter().filter(|rule| !after.rules.iter().any(|other| other.id == rule.id));
    rules.extend(gone.map(|rule| one_sided(rule, Some(rule.verdict), None)));
    Diff { schema: SCHEMA.to_owned(), old: side(old), new: side(new), causes, rules, same }
}

fn side((path, record): (&str, &Record)) -> Side {
    Side {
        path: path.to_owned(),
        suite: record.suite.name.clone(),
        period: record.period.clone(),
        as_of: record.as_of.clone(),
    }
}

fn one_sided(rule: &Rule, old: Option<Verdict>, new: Option<Verdict>) -> RuleChange {
    RuleChange {
        id: rule.id.clone(),
        title: rule.title.clone(),
        old,
        new,
        requirement: None,
        cases: Vec::new(),
        why: vec![Reason::Rule],
    }
}

/// What of two runs themselves differs.
fn causes(old: &Record, new: &Record) -> Vec<Cause> {
    let mut causes = Vec::new();
    let mut differ = |kind: Reason, a: &str, b: &str| {
        if a != b {
            causes.push(Cause { kind, what: format!("{a} → {b}") });
        }
    };
    differ(Reason::Period, &old.period, &new.period);
    differ(Reason::AsOf, &old.as_of, &new.as_of);
    differ(Reason::Tool, &old.tool.version, &new.tool.version);
    differ(Reason::Rule, &old.suite.name, &new.suite.name);
    let mut files = |kind: Reason, old: Vec<(String, &str)>, new: Vec<(String, &str)>| {
        let other = |files: &[(String, &str)], name: &str| {
            files.iter().find(|(known, _)| known == name).map(|(_, sha256)| (*sha256).to_owned())
        };
        for (name, sha256) in &old {
            match other(&new, name) {
                Some(now) if now == *sha256 => {}
                Some(_) => causes.push(Cause { kind, what: name.clone() }),
                None => causes.push(Cause { kind, what: format!("− {name}") }),
            }
        }
        let added = new.iter().filter(|(name, _)| other(&old, name).is_none());
        causes.extend(added.map(|(name, _)| Cause { kind, what: format!("+ {name}") }));
    };
    files(Reason::Rule, hashes(&old.suite.files), hashes(&new.suite.files));
    files(Reason::Data, inputs(old), inputs(new));
    files(Reason::Standard, hashes(&old.standards), hashes(&new.standards));
    files(Reason::Waiver, hashes(&old.waivers), hashes(&new.waivers));
    causes
}

/// Years later the folders have other names: a submitted file is known by its own name and its dataset.
fn inputs(record: &Record) -> Vec<(String, &str)> {
    let named = |input: &'_ super::record::Input| format!("{} ({})", file_name(&input.path), input.dataset);
    record.inputs.iter().map(|input| (named(input), input.sha256.as_str())).collect()
}

fn hashes(files: &[HashedFile]) -> Vec<(String, &str)> {
    files.iter().map(|file| (file_name_of(&file.path), file.sha256.as_str())).collect()
}

/// Rule files keep their place in the suite; a standards file is known by its name.
fn file_name_of(path: &str) -> String {
    if path.starts_with('/') { file_name(path).to_owned() } else { path.to_owned() }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// How a rule came out otherwise, if it did.
fn changed(before: &Record, after: &Record, old: &Rule, new: &Rule, causes: &[Cause]) -> Option<RuleChange> {
    let same = |a: &Finding, b: &Finding| a.scope == b.scope && a.period == b.period;
    // That a record without passing cases does not list one that passes is no change.
    let told = |finding: &Finding, other: &Record| {
        other.passes || !matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable)
    };
    let mut cases: Vec<CaseChange> = Vec::new();
    for finding in listed(new) {
        let other = listed(old).find(|other| same(other, finding));
        let figures = other.map(|other| figures((before, other), (after, finding), causes)).unwrap_or_default();
        let old = other.map(|other| other.verdict);
        let differs = old != Some(finding.verdict) && (old.is_some() || told(finding, before));
        if differs || !figures.is_empty() {
            cases.push(case(finding, old, Some(finding.verdict), figures));
        }
    }
    for finding in listed(old) {
        if told(finding, after) && !listed(new).any(|other| same(other, finding)) {
            cases.push(case(finding, Some(finding.verdict), None, Vec::new()));
        }
    }
    let asked = |rule: &Rule| rule.findings.first().map(|finding| finding.requirement.clone());
    let requirement = asked(old).zip(asked(new)).filter(|(a, b)| a != b).map(|(a, b)| [a, b]);
    let kind = old.kind != new.kind;
    if old.verdict == new.verdict && cases.is_empty() && requirement.is_none() && old.cases == new.cases && !kind {
        return None;
    }
    let why = why(&cases, requirement.is_some() || kind, causes);
    let (id, title) = (new.id.clone(), new.title.clone());
    Some(RuleChange { id, title, old: Some(old.verdict), new: Some(new.verdict), requirement, cases, why })
}

/// The cases of a rule that its record tells of.
fn listed(rule: &Rule) -> impl Iterator<Item = &Finding> {
    rule.findings.iter().chain(&rule.passes)
}

fn case(finding: &Finding, old: Option<Verdict>, new: Option<Verdict>, figures: Vec<FigureChange>) -> CaseChange {
    CaseChange { scope: finding.scope.clone(), period: finding.period.clone(), old, new, figures }
}

/// Figures of two findings of one case that differ, each finding with its record.
fn figures(
    (before, old): (&Record, &Finding),
    (after, new): (&Record, &Finding),
    causes: &[Cause],
) -> Vec<FigureChange> {
    let shown = |figure: &Evidence| {
        let half = figure.within.as_ref().and_then(|within| within.half_width.as_ref());
        let half = half.map(|half| format!(" ±{half}")).unwrap_or_default();
        let value = figure.value.as_ref().map(|value| format!("{value} {}{half}", figure.unit).trim().to_owned());
        value.or_else(|| figure.within.as_ref().map(Range::bracketed))
    };
    let mut changes = Vec::new();
    for figure in &new.evidence {
        let Some(other) = old.evidence.iter().find(|other| other.name == figure.name && !figure.name.is_empty()) else {
            continue;
        };
        // Cells of another row are other figures.
        let row = |figure: &Evidence| figure.source.as_ref().and_then(|source| source.row);
        if new.rows.is_some() && row(other) != row(figure) {
            continue;
        }
        let (a, b) = (shown(other), shown(figure));
        if a != b && new.evidence.iter().filter(|same| same.name == figure.name).count() == 1 {
            let of = |record: &Record, path: Option<&str>| {
                path.is_some_and(|path| record.standards.iter().any(|file| file.path == path))
            };
            let path = |figure: &Evidence| figure.source.as_ref().map(|source| source.path.clone());
            let standard = of(after, path(figure).as_deref()) || of(before, path(other).as_deref());
            let why = behind(other, figure, standard, causes);
            changes.push(FigureChange { name: figure.name.clone(), old: a, new: b, standard, why });
        }
    }
    changes
}

/// What of the runs a changed figure is put down to. Rules count, too: they say which rows make up a figure, how these are
/// bound and in which unit they are read.
fn behind(old: &Evidence, new: &Evidence, standard: bool, causes: &[Cause]) -> Vec<Reason> {
    let place = |figure: &Evidence| {
        let source = figure.source.clone().filter(|_| figure.rows.is_none())?;
        Some((file_name(&source.path).to_owned(), source.sheet, source.row, source.column, source.cell))
    };
    let text = |figure: &Evidence| figure.source.as_ref().map(|source| source.text.clone());
    let own = if standard { Reason::Standard } else { Reason::Data };
    let differs = |kind: Reason| causes.iter().any(|cause| cause.kind == kind);
    let both = || [own, Reason::Rule].into_iter().filter(|kind| differs(*kind)).collect();
    if place(old).is_none() || place(old) != place(new) {
        return both();
    }
    // Another text in the same cell is a change of its own; the same text is none.
    let seen = if text(old) == text(new) { Reason::Rule } else { own };
    if differs(seen) { vec![seen] } else { both() }
}

/// What a rule's change is put down to: what is seen in its figures and words, else all that differs between the runs.
fn why(cases: &[CaseChange], reworded: bool, causes: &[Cause]) -> Vec<Reason> {
    let mut why: Vec<Reason> = Vec::new();
    why.extend(cases.iter().flat_map(|case| &case.figures).flat_map(|figure| &figure.why));
    if reworded {
        why.push(Reason::Rule);
    }
    let waived = cases.iter().any(|case| case.old == Some(Verdict::Waived) || case.new == Some(Verdict::Waived));
    let pending = cases.iter().any(|case| case.old == Some(Verdict::Pending) || case.new == Some(Verdict::Pending));
    for (seen, kind) in [(waived, Reason::Waiver), (pending, Reason::AsOf)] {
        if seen && causes.iter().any(|cause| cause.kind == kind) {
            why.push(kind);
        }
    }
    if why.is_empty() {
        // The day decides only what is pending or waived, unless nothing else differs.
        let day = |cause: &&Cause| cause.kind == Reason::AsOf;
        let others = causes.iter().filter(|cause| !day(cause)).map(|cause| cause.kind);
        why.extend(others);
        if why.is_empty() {
            why.extend(causes.iter().filter(day).map(|cause| cause.kind));
        }
    }
    why.sort_unstable();
    why.dedup();
    why
}
