//! A judged run in, its record out: ids become names, figures become evidence, counts are taken.
//!
//! The only file of this room that sees the judgement; it reads types and evaluates nothing.

pub mod runs;

use std::cmp::Reverse;
use std::collections::HashMap;

use indexmap::IndexMap;

use crate::base::{self, Diagnostic, Sources};
use crate::data::{self, Register, StandardValues, Submission, Waivers};
use crate::quantity;
use crate::semantics::hir;
use crate::verdict::{self, JudgedRule, Judgement};

use super::record::{
    Accepted, Clause, Counts, Evidence, Finding, HashedFile, Head, Input, Kind, Pace, PaceKind, Record, Remark, Rows,
    Rule, SCHEMA, Source, Standing, Step, StepKind, Suite, Summary, Tool, Truth, Turn, Unknown, Verdict, Waiver,
};

/// What judging rests on that is not submitted.
#[derive(Clone)]
pub struct Basis<'a> {
    /// The suite.
    pub suite: &'a hir::Suite,
    /// Its name, title, hash and files.
    pub identity: &'a Suite,
    /// The run's period.
    pub period: String,
    /// The day on which it was judged.
    pub as_of: String,
    /// The time of the clock, if it is to be recorded.
    pub stamp: Option<&'a str>,
    /// The engine's name.
    pub engine: &'a str,
    /// Ids of the rules that were asked for; empty: all.
    pub select: &'a [String],
    /// Thresholds from outside.
    pub standards: &'a StandardValues,
    /// Cases that may fail.
    pub waivers: &'a Waivers,
    /// Clauses of the source document.
    pub register: Option<&'a Register>,
    /// The rule files.
    pub sources: &'a Sources,
}

/// What a record is made of.
pub struct Run<'a> {
    /// What it rests on besides the submission.
    pub basis: Basis<'a>,
    /// How many findings of a rule are held at most.
    pub max_findings: usize,
    /// Are cases that pass or are not applicable explained too?
    pub passes: bool,
    /// What was submitted.
    pub submission: &'a Submission,
    /// What there is to say of the data.
    pub remarks: &'a [Diagnostic],
    /// How it came out.
    pub judgement: &'a Judgement,
}

/// Fewer findings are not worth a second thread.
const FEW_FINDINGS: usize = 1 << 8;

/// The record of a run.
pub fn build(run: Run<'_>) -> Record {
    let mut summary = Summary::default();
    let texts = texts(&run);
    let judged = &run.judgement.rules;
    let findings: usize = judged.iter().map(|rule| rule.findings.len() + rule.passes.len()).sum();
    let made = base::each(judged, base::threads(findings, FEW_FINDINGS), |judged| {
        Some(rule(&run, &texts, run.basis.suite.rules.get(judged.rule.0)?, judged))
    });
    let rules: Vec<Rule> = made.into_iter().flatten().collect();
    for rule in &rules {
        summary.rules.add(rule.verdict);
        summary.cases.merge(&rule.cases);
    }
    Record {
        schema: SCHEMA.to_owned(),
        tool: Tool::own(),
        suite: run.basis.identity.clone(),
        period: run.basis.period.clone(),
        as_of: run.basis.as_of.clone(),
        stamp: run.basis.stamp.map(str::to_owned),
        engine: run.basis.engine.to_owned(),
        select: run.basis.select.to_vec(),
        max_findings: run.max_findings as u64,
        passes: run.passes,
        request_sha256: Some(request_sha256(&run.basis, run.max_findings, run.passes)),
        inputs: run.submission.inputs.iter().map(input).collect(),
        standards: hashed(&run.basis.standards.files),
        waivers: hashed(&run.basis.waivers.files),
        notice: run.submission.notice.clone(),
        remarks: run.remarks.iter().chain(&run.judgement.idle_waivers).map(remark).collect(),
        unreadable: unreadable(&run),
        summary,
        rules,
    }
}

pub(super) fn input(input: &data::Input) -> Input {
    Input { dataset: input.dataset.clone(), path: input.path.clone(), sha256: input.sha256.clone(), rows: input.rows }
}

/// Datasets of which a file could not be read.
pub(super) fn unreadable(run: &Run<'_>) -> Vec<String> {
    let mut unreadable = run.submission.unreadable.clone();
    unreadable.sort_unstable();
    unreadable.dedup();
    let name = |id: hir::DatasetId| run.basis.suite.datasets.get(id.0).map(|dataset| dataset.name.clone());
    unreadable.into_iter().filter_map(name).collect()
}

/// How many cases came out how.
pub(super) fn cases(judged: &JudgedRule) -> Counts {
    let mut cases = Counts::default();
    judged.cases.counts().into_iter().for_each(|(verdict, count)| cases.add_all(verdict_of(verdict), count as u64));
    cases
}

/// Of what a run was asked for, as a list in JSON.
fn request_sha256(basis: &Basis<'_>, max_findings: usize, passes: bool) -> String {
    let Basis { period, as_of, stamp, select, .. } = basis;
    data::sha256(serde_json::json!([period, as_of, stamp, select, max_findings, passes]).to_string().as_bytes())
}

pub(super) fn hashed(files: &[(String, String)]) -> Vec<HashedFile> {
    files.iter().map(|(path, sha256)| HashedFile { path: path.clone(), sha256: sha256.clone() }).collect()
}

/// A remark of a record.
pub fn remark(diagnostic: &Diagnostic) -> Remark {
    let source = stands(&diagnostic.place);
    Remark { code: diagnostic.code.code.to_owned(), message: diagnostic.message.clone(), source }
}

/// A place in a file that is not a rule file.
fn stands(place: &base::Place) -> Option<Source> {
    match place {
        base::Place::Data { path, sheet, row, column, cell } => Some(Source {
            path: path.clone(),
            sheet: sheet.clone(),
            row: *row,
            column: column.clone(),
            cell: cell.clone(),
            text: None,
        }),
        base::Place::Rule(_) | base::Place::Nowhere => None,
    }
}

fn waiver(waiver: &data::Waiver) -> Waiver {
    Waiver {
        reason: waiver.reason.clone(),
        approver: waiver.approver.clone(),
        approved: waiver.approved.to_string(),
        expires: waiver.expires.to_string(),
        document: waiver.source.clone(),
        source: stands(&waiver.place),
    }
}

/// The texts of cells as they were submitted.
type Texts<'a> = HashMap<&'a data::Spot, String>;

/// The texts of the cells that findings cite.
fn texts<'a>(run: &Run<'a>) -> Texts<'a> {
    let findings = run.judgement.rules.iter().flat_map(|rule| rule.findings.iter().chain(&rule.passes));
    let figures = findings.flat_map(|finding| &finding.evidence);
    data::quote(run.submission, figures.flat_map(|figure| &figure.cells).filter_map(|cell| cell.spot.as_ref()))
}

fn rule(run: &Run<'_>, texts: &Texts<'_>, rule: &hir::Rule, judged: &JudgedRule) -> Rule {
    let told = |findings: &[verdict::Finding]| -> Vec<Finding> {
        findings.iter().filter_map(|finding| self::finding(run, texts, rule, judged, finding)).collect()
    };
    let mut findings = told(&judged.findings);
    // Stable: within a verdict the judge's own order stands.
    findings.sort_by_key(|finding| Reverse(sort_key(finding.verdict)));
    Rule {
        head: head(&run.basis, rule),
        verdict: verdict_of(judged.verdict),
        cases: cases(judged),
        findings,
        passes: told(&judged.passes),
    }
}

/// What there is to say of a rule before how it came out.
fn head(basis: &Basis<'_>, rule: &hir::Rule) -> Head {
    let accepted = |accept: &hir::Accept| Accepted { code: accept.code.clone(), reason: accept.reason.clone() };
    Head {
        id: rule.id.clone(),
        title: rule.title.clone(),
        kind: kind_of(rule.kind),
        cites: rule.cites.clone(),
        clauses: rule.cites.iter().filter_map(|id| register_clause(basis.register?, id)).collect(),
        owner: rule.owner.clone(),
        note: rule.note.clone(),
        accepted: rule.accepts.iter().map(accepted).collect(),
    }
}

/// A clause of the source document.
pub fn register_clause(register: &Register, id: &str) -> Option<Clause> {
    let entry = register.get(id)?;
    let text = entry.get("clause").unwrap_or_default().to_owned();
    let section = entry.get("section").map(str::to_owned);
    Some(Clause { id: id.to_owned(), text, line: entry.line.map(u64::from), section })
}

pub(super) fn finding(
    run: &Run<'_>,
    texts: &Texts<'_>,
    rule: &hir::Rule,
    judged: &JudgedRule,
    finding: &verdict::Finding,
) -> Option<Finding> {
    let case = judged.cases.get(finding.case)?;
    let scope: IndexMap<String, String> = case
        .members
        .iter()
        .map(|(dim, member)| {
            let name = run.basis.suite.dims.get(dim.0).cloned().unwrap_or_default();
            (name, member.as_deref().unwrap_or("?").to_owned())
        })
        .collect();
    Some(Finding {
        scope,
        period: case.period.to_string(),
        verdict: verdict_of(case.verdict),
        would_be: finding.otherwise.map(verdict_of),
        waiver: judged.waived.get(&finding.case).and_then(|at| run.basis.waivers.entries.get(*at)).map(waiver),
        requirement: rule.text.clone(),
        rows: finding.rows.map(rows),
        attained: finding.attained.clone(),
        attained_range: finding.attained_range.clone(),
        threshold: finding.threshold.clone(),
        threshold_range: finding.threshold_range.clone(),
        shortfall: finding.shortfall.clone(),
        explain: finding.explain.clone(),
        applies: finding.applies.as_ref().map(|applies| step(applies, run.basis.sources)),
        calculation: finding.calculation.as_ref().map(|calculation| step(calculation, run.basis.sources)),
        pace: finding.pace.as_ref().map(pace),
        advice: finding.advice.clone(),
        evidence: finding.evidence.iter().map(|figure| evidence(figure, texts)).collect(),
    })
}

fn rows(rows: verdict::RowCounts) -> Rows {
    let verdict::RowCounts { pass, fail, borderline, unknown, error, not_applicable } = rows;
    Rows { pass, fail, missing: unknown, borderline, not_applicable, error }
}

fn step(step: &verdict::Step, sources: &Sources) -> Step {
    let written = || step.span.map(|span| sources.text(span).split_whitespace().collect::<Vec<_>>().join(" "));
    // Of what has parts, the parts are enough.
    let told = matches!(step.kind, verdict::StepKind::Value | verdict::StepKind::Comparison | verdict::StepKind::Row);
    Step {
        kind: match step.kind {
            verdict::StepKind::Value => StepKind::Value,
            verdict::StepKind::Comparison => StepKind::Comparison,
            verdict::StepKind::All => StepKind::All,
            verdict::StepKind::Any => StepKind::Any,
            verdict::StepKind::Not => StepKind::Not,
            verdict::StepKind::Implies => StepKind::Implies,
            verdict::StepKind::Every => StepKind::Every,
            verdict::StepKind::Some => StepKind::Some,
            verdict::StepKind::Rows => StepKind::Rows,
            verdict::StepKind::Row => StepKind::Row,
        },
        text: step.name.clone().or_else(|| written().filter(|_| told)).unwrap_or_default(),
        period: step.period.map(|period| period.to_string()),
        formula: step.formula.clone(),
        outcome: step.outcome.map(|outcome| match outcome {
            quantity::Truth::True => Truth::Holds,
            quantity::Truth::False => Truth::Fails,
            quantity::Truth::Borderline => Truth::Borderline,
            quantity::Truth::Unknown => Truth::Unknown,
            quantity::Truth::Error => Truth::Error,
        }),
        margin: step.margin.clone(),
        turn: step.turn.as_ref().map(|turn| Turn {
            figure: turn.figure.clone(),
            relation: turn.relation.to_owned(),
            value: turn.value.clone(),
        }),
        shares: step.shares,
        source: step.place.as_ref().map(|place| Source {
            path: place.path.clone(),
            sheet: place.sheet.clone(),
            row: place.row,
            column: place.column.clone(),
            cell: place.cell.clone(),
            text: None,
        }),
        steps: step.steps.iter().map(|part| self::step(part, sources)).collect(),
        left_out: step.left_out,
    }
}

fn pace(pace: &verdict::Pace) -> Pace {
    let step = |of: fn(&verdict::Steps) -> usize| pace.steps.as_ref().map(|steps| of(steps).to_string());
    Pace {
        kind: match pace.kind {
            verdict::PaceKind::Target => PaceKind::Target,
            verdict::PaceKind::Limit => PaceKind::Limit,
            verdict::PaceKind::Level => PaceKind::Level,
        },
        attained: pace.attained.clone(),
        required: pace.required.clone(),
        base: pace.base.clone(),
        through: pace.through.clone(),
        step: step(|steps| steps.attained),
        required_step: step(|steps| steps.required),
        steps: step(|steps| steps.of),
        progress: pace.progress.clone(),
        elapsed: pace.elapsed.clone(),
        standing: pace.standing.map(|standing| match standing {
            verdict::Standing::Behind => Standing::Behind,
            verdict::Standing::OnSchedule => Standing::OnSchedule,
            verdict::Standing::Ahead => Standing::Ahead,
        }),
        difference: pace.difference.clone(),
        days: pace.days.to_string(),
        of_days: pace.of_days.to_string(),
    }
}

fn evidence(figure: &verdict::Figure, texts: &Texts<'_>) -> Evidence {
    let mut places = figure.cells.iter().map(|cell| source(cell, texts));
    Evidence {
        name: figure.name.clone(),
        value: figure.value.clone(),
        within: figure.within.clone(),
        unknown: figure.unknown.map(|unknown| match unknown {
            verdict::Unknown::Incomplete => Unknown::Incomplete,
            verdict::Unknown::Unreadable => Unknown::Unreadable,
            verdict::Unknown::Repeated => Unknown::Repeated,
            verdict::Unknown::Undefined => Unknown::Undefined,
            verdict::Unknown::Borderline => Unknown::Borderline,
        }),
        unit: figure.unit.clone(),
        period: figure.period.map(|period| period.to_string()),
        source: places.next(),
        rows: (figure.rows > 1).then_some(figure.rows),
        more: places.collect(),
    }
}

fn source(cell: &verdict::Cited, texts: &Texts<'_>) -> Source {
    let place = &cell.place;
    let quoted = cell.spot.as_ref().and_then(|spot| texts.get(spot)).or(cell.stated.as_ref());
    Source {
        text: quoted.cloned(),
        path: place.path.clone(),
        sheet: place.sheet.clone(),
        row: place.row,
        column: place.column.clone(),
        cell: place.cell.clone(),
    }
}

/// The order of badness, as in [`verdict::badness`].
pub fn sort_key(verdict: Verdict) -> u8 {
    let verdict = match verdict {
        Verdict::Pass => verdict::Verdict::Pass,
        Verdict::Fail => verdict::Verdict::Fail,
        Verdict::Missing => verdict::Verdict::Missing,
        Verdict::Borderline => verdict::Verdict::Borderline,
        Verdict::Pending => verdict::Verdict::Pending,
        Verdict::NotApplicable => verdict::Verdict::NotApplicable,
        Verdict::Waived => verdict::Verdict::Waived,
        Verdict::Error => verdict::Verdict::Error,
    };
    verdict::badness(verdict)
}

/// A verdict in the record's words.
pub fn verdict_of(verdict: verdict::Verdict) -> Verdict {
    match verdict {
        verdict::Verdict::Pass => Verdict::Pass,
        verdict::Verdict::Fail => Verdict::Fail,
        verdict::Verdict::Missing => Verdict::Missing,
        verdict::Verdict::Borderline => Verdict::Borderline,
        verdict::Verdict::Pending => Verdict::Pending,
        verdict::Verdict::NotApplicable => Verdict::NotApplicable,
        verdict::Verdict::Waived => Verdict::Waived,
        verdict::Verdict::Error => Verdict::Error,
    }
}

/// A kind in the record's words.
pub fn kind_of(kind: hir::Kind) -> Kind {
    match kind {
        hir::Kind::Binding => Kind::Binding,
        hir::Kind::Expected => Kind::Expected,
        hir::Kind::Advisory => Kind::Advisory,
    }
}
