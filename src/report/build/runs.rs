//! Judged submissions in, the record of all of them out.
//!
//! As [`super`], it reads the judgement and evaluates nothing. A submission is read off its judgement at once, so that
//! of ten thousand no more is held than their records.

use super::{Basis, Run, cases, finding, hashed, head, input, remark, request_sha256, unreadable, verdict_of};
use crate::base::Diagnostic;
use crate::report::record::{Counts, Finding, Tool};
use crate::report::runs::{self, Rule, RuleFinding, Runs, SCHEMA, Submission, Summary};
use crate::semantics::hir::RuleId;

/// A submission's part of the record, the counts of its cases by rule, and its waivers that waive nothing.
pub struct Gathered {
    /// Its part of the record.
    pub submission: Submission,
    /// Its cases, by rule.
    pub cases: Vec<Counts>,
    /// Waivers that waive nothing in it.
    pub idle_waivers: Vec<Diagnostic>,
}

/// A judged submission; `remarks` are those on its own data.
pub fn submission(run: &Run<'_>, name: &str, path: &str, remarks: &[Diagnostic]) -> Gathered {
    let by_rule: Vec<Counts> = run.judgement.rules.iter().map(cases).collect();
    let texts = super::texts(run);
    let mut all = Counts::default();
    by_rule.iter().for_each(|counts| all.merge(counts));
    let judged = || run.judgement.rules.iter().zip(&by_rule);
    let findings = judged().filter_map(|(judged, _)| Some((run.basis.suite.rules.get(judged.rule.0)?, judged)));
    let submission = Submission {
        name: name.to_owned(),
        path: path.to_owned(),
        inputs: run.submission.inputs.iter().map(input).collect(),
        notice: run.submission.notice.clone(),
        remarks: remarks.iter().map(remark).collect(),
        unreadable: unreadable(run),
        verdicts: judged().map(|(judged, cases)| runs::letter(verdict_of(judged.verdict), cases.fail > 0)).collect(),
        cases: all,
        findings: findings
            .flat_map(|(rule, judged)| {
                judged.findings.iter().filter_map(|found| {
                    // The record of the submission alone has the steps.
                    let finding = finding(run, &texts, rule, judged, found)?;
                    let finding = Finding { applies: None, calculation: None, ..finding };
                    Some(RuleFinding { rule: rule.id.clone(), finding })
                })
            })
            .collect(),
    };
    Gathered { submission, cases: by_rule, idle_waivers: run.judgement.idle_waivers.clone() }
}

/// What the record of a run on many submissions is made of.
pub struct Many<'a> {
    /// What all are judged by.
    pub basis: Basis<'a>,
    /// The rules that were judged, in order.
    pub rules: &'a [RuleId],
    /// How many findings of a submission are held at most.
    pub max_findings: usize,
    /// What there is to say of standards and waivers.
    pub remarks: &'a [Diagnostic],
    /// Those that were judged, by name.
    pub gathered: Vec<Gathered>,
    /// Names of those that were not.
    pub not_judged: Vec<String>,
}

/// The record of a run on many submissions.
pub fn build_runs(many: Many<'_>) -> Runs {
    let Many { basis, rules, max_findings, remarks, gathered, not_judged } = many;
    let rule = |id: &RuleId| {
        let head = head(&basis, basis.suite.rules.get(id.0)?);
        Some(Rule { head, submissions: Counts::default(), failing: 0, cases: Counts::default() })
    };
    let mut rules: Vec<Rule> = rules.iter().filter_map(rule).collect();
    let mut summary = Summary::default();
    // A waiver waives nothing only if it does so in no submission.
    let mut idle: Option<Vec<Diagnostic>> = None;
    let mut submissions = Vec::with_capacity(gathered.len());
    for Gathered { submission, cases, idle_waivers } in gathered {
        summary.submissions += 1;
        summary.bad += u64::from(submission.bad());
        summary.cases.merge(&submission.cases);
        for ((rule, letter), cases) in rules.iter_mut().zip(submission.verdicts.chars()).zip(&cases) {
            if let Some(verdict) = runs::verdict(letter) {
                rule.submissions.add(verdict);
                summary.rules.add(verdict);
            }
            rule.failing += u64::from(runs::fails(letter));
            rule.cases.merge(cases);
        }
        match &mut idle {
            None => idle = Some(idle_waivers),
            Some(idle) if idle.is_empty() => {}
            Some(idle) => idle.retain(|waiver| idle_waivers.iter().any(|other| other.place == waiver.place)),
        }
        submissions.push(submission);
    }
    // Of a run that was broken off it is not known what a waiver would have waived.
    let idle = idle.filter(|_| not_judged.is_empty()).unwrap_or_default();
    let request_sha256 = Some(request_sha256(&basis, max_findings, false));
    Runs {
        schema: SCHEMA.to_owned(),
        tool: Tool::own(),
        suite: basis.identity.clone(),
        period: basis.period,
        as_of: basis.as_of,
        stamp: basis.stamp.map(str::to_owned),
        engine: basis.engine.to_owned(),
        select: basis.select.to_vec(),
        max_findings: max_findings as u64,
        request_sha256,
        standards: hashed(&basis.standards.files),
        waivers: hashed(&basis.waivers.files),
        remarks: remarks.iter().chain(&idle).map(remark).collect(),
        not_judged,
        summary,
        rules,
        submissions,
    }
}
