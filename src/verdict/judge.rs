//! Judges every case of every rule, then says what there is to say of those that do not pass.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::cases;
use super::eval::{CaseEnv, Figures};
use super::explain::{self, Draft};
use super::lanes::Lanes;
use super::{Case, JudgedRule, Judgement, Verdict, badness, waive};
use crate::data::Waiver;
use crate::engine::{Context, Engine, Key, Measurement, RowCounts, Tallied};
use crate::plan::operators;
use crate::plan::{Plan, Tally};
use crate::quantity::{Period, Scalar, Truth};
use crate::semantics::hir::{Kind, Requirement, Rule, RuleId, Suite};

/// What a judgement is made of besides the data.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which rules, in order.
    pub rules: Vec<RuleId>,
    /// "Today".
    pub as_of: Date,
    /// How many findings of a rule are explained.
    pub max_findings: usize,
    /// So many findings are shared fairly by all rules: where they would have more together, the limit of each is lowered, down to 1;
    /// `None`: it is not.
    pub shared: Option<usize>,
    /// How many findings of all rules together, the worst of them; `None`: no more limit than that of each rule.
    pub in_all: Option<usize>,
    /// Explain cases that pass or are not applicable too, as many of a rule.
    pub passes: bool,
    /// Write calculations step by step.
    pub steps: bool,
}

/// Judges rules on what an engine measured, then applies the waivers. The engine is asked again only for the rows behind the findings.
pub fn judge(
    engine: &dyn Engine,
    context: &Context<'_>,
    plan: &Plan,
    measurement: &Measurement,
    options: &Options,
    waivers: &[Waiver],
) -> Judgement {
    let figures = Figures::new(context, plan, measurement);
    let mut judged = Vec::new();
    let mut by_rule: Vec<Vec<Rank>> = Vec::new();
    for id in &options.rules {
        let Some(rule) = context.suite.rules.get(id.0) else { continue };
        let mut cases = judge_rule(&figures, rule, *id, options.as_of);
        let waived = waive::waive(*id, &mut cases, waivers, options.as_of);
        let verdict = cases.iter().map(|case| case.verdict).max_by_key(|v| badness(*v)).unwrap_or(Verdict::Missing);
        let bad = cases.iter().enumerate().filter(|(_, case)| badness(case.verdict) > badness(Verdict::Pass));
        let mut own: Vec<Rank> = bad.map(|(at, case)| rank(case.verdict, rule.kind, judged.len(), at)).collect();
        if options.max_findings < own.len() {
            own.select_nth_unstable(options.max_findings);
            own.truncate(options.max_findings);
        }
        own.sort_unstable();
        by_rule.push(own);
        judged.push(JudgedRule { rule: *id, verdict, cases, waived, findings: Vec::new(), passes: Vec::new() });
    }
    let max_findings = limit(&by_rule, options);
    let mut open: Vec<Rank> = by_rule.into_iter().flat_map(|own| own.into_iter().take(max_findings)).collect();
    if let Some(limit) = options.in_all {
        open.sort_unstable();
        open.truncate(limit);
        open.sort_unstable_by_key(|(badness, _, rule, case)| (*rule, *badness, *case));
    }
    let mut wanted: Vec<(usize, usize)> = open.into_iter().map(|(_, _, at, case)| (at, case)).collect();
    if options.passes {
        for (at, rule) in judged.iter().enumerate() {
            let good =
                rule.cases.iter().enumerate().filter(|(_, case)| badness(case.verdict) <= badness(Verdict::Pass));
            wanted.extend(good.map(|(case, _)| (at, case)).take(max_findings));
        }
    }
    let mut drafts: Vec<(usize, Draft<'_>)> = Vec::with_capacity(wanted.len());
    for (at, case) in wanted {
        let Some(JudgedRule { rule: id, cases, .. }) = judged.get(at) else { continue };
        if let (Some(rule), Some(found)) = (context.suite.rules.get(id.0), cases.get(case)) {
            drafts.push((at, explain::draft(&figures, rule, *id, (case, found), options)));
        }
    }
    let searches: Vec<_> = drafts.iter().flat_map(|(_, draft)| draft.searches.iter().cloned()).collect();
    let mut found = engine.find(context, measurement, &searches).into_iter();
    for (rule, draft) in drafts {
        let found: Vec<_> = draft.searches.iter().map(|_| found.next().unwrap_or_default()).collect();
        if let Some(judged) = judged.get_mut(rule) {
            let finding = explain::finish(&figures, draft, &found);
            let good =
                judged.cases.get(finding.case).is_some_and(|case| badness(case.verdict) <= badness(Verdict::Pass));
            if good { judged.passes.push(finding) } else { judged.findings.push(finding) }
        }
    }
    let idle_waivers = waive::idle(context.suite, &judged, waivers, options.as_of);
    Judgement { rules: judged, idle_waivers, max_findings }
}

/// How many findings of each rule are explained.
fn limit(by_rule: &[Vec<Rank>], options: &Options) -> usize {
    let fits = |limit: usize| {
        let all: usize = by_rule.iter().map(|own| own.len().min(limit)).sum();
        options.shared.is_none_or(|shared| all <= shared)
    };
    if fits(options.max_findings) {
        return options.max_findings;
    }
    (1..options.max_findings).rev().find(|limit| fits(*limit)).unwrap_or(1)
}

/// How bad a case is, how little its rule binds, and which it is: the worst is first.
type Rank = (Reverse<u8>, u8, usize, usize);

fn rank(verdict: Verdict, kind: Kind, rule: usize, case: usize) -> Rank {
    let weight = match kind {
        Kind::Binding => 0,
        Kind::Expected => 1,
        Kind::Advisory => 2,
    };
    (Reverse(badness(verdict)), weight, rule, case)
}

/// Drops findings of a judgement but for the worst of all its rules together, as [`Options::in_all`] does.
pub fn keep_worst(judgement: &mut Judgement, suite: &Suite, limit: usize) {
    let mut ranks: Vec<Rank> = Vec::new();
    for (at, judged) in judgement.rules.iter().enumerate() {
        let Some(rule) = suite.rules.get(judged.rule.0) else { continue };
        let cases = judged.findings.iter().filter_map(|finding| Some((finding.case, judged.cases.get(finding.case)?)));
        ranks.extend(cases.map(|(case, of)| rank(of.verdict, rule.kind, at, case)));
    }
    ranks.sort_unstable();
    ranks.truncate(limit);
    let kept: BTreeSet<(usize, usize)> = ranks.into_iter().map(|(_, _, rule, case)| (rule, case)).collect();
    for (at, judged) in judgement.rules.iter_mut().enumerate() {
        judged.findings.retain(|finding| kept.contains(&(at, finding.case)));
    }
}

fn judge_rule<'a>(figures: &'a Figures<'a>, rule: &'a Rule, id: RuleId, as_of: Date) -> Vec<Case> {
    let run = [figures.context.period];
    let periods: &[Period] = if rule.periods.is_empty() { &run } else { &rule.periods };
    let mut cases = Vec::new();
    for period in periods {
        let drawn = cases::members(figures, rule, id, *period);
        let outcomes = match Lanes::new(figures, rule, *period, &drawn) {
            Some(lanes) => lanes.outcomes(drawn.len()),
            None => Vec::new(),
        };
        cases.reserve(drawn.len());
        for (at, members) in drawn.iter().enumerate() {
            let members = Arc::clone(members);
            if let Some(Some(outcome)) = outcomes.get(at).filter(|_| !cases::nobody(&members)) {
                let verdict = verdict(rule, *outcome, *period, as_of);
                cases.push(Case { members, period: *period, verdict });
                continue;
            }
            let env = CaseEnv { figures, members, set: Vec::new(), period: *period, trace: None, named: None };
            let outcome = outcome(figures, rule, id, &env);
            let verdict = verdict(rule, outcome, *period, as_of);
            cases.push(Case { members: env.members, period: *period, verdict });
        }
    }
    cases
}

/// How a case comes out, whatever the day; `None`: the rule is not about it.
fn outcome<'a>(figures: &'a Figures<'a>, rule: &'a Rule, id: RuleId, env: &CaseEnv<'a>) -> Option<Truth> {
    let applies = match &rule.when {
        _ if cases::nobody(&env.members) => Truth::Unknown,
        Some(when) => operators::truth(env, when),
        None => Truth::True,
    };
    match (&rule.requirement, applies) {
        (_, Truth::False) => None,
        (_, undecided @ (Truth::Borderline | Truth::Unknown | Truth::Error)) => Some(undecided),
        (Requirement::Case(condition), Truth::True) => Some(operators::truth(env, condition)),
        (Requirement::Rows { .. }, Truth::True) => rows(figures, id, env),
    }
}

/// What a waived case would be without its waiver, and a pending one if it were due.
pub(super) fn otherwise<'a>(
    figures: &'a Figures<'a>,
    rule: &'a Rule,
    id: RuleId,
    env: &CaseEnv<'a>,
    reached: Verdict,
) -> Option<Verdict> {
    match reached {
        Verdict::Waived => Some(Verdict::Fail),
        Verdict::Pending => Some(verdict(rule, outcome(figures, rule, id, env), env.period, Date::MAX)),
        _ => None,
    }
}

/// The verdict of an outcome; `None`: the rule is not about the case.
fn verdict(rule: &Rule, outcome: Option<Truth>, period: Period, as_of: Date) -> Verdict {
    let due = rule.due(period);
    match outcome {
        None => Verdict::NotApplicable,
        Some(Truth::True) => Verdict::Pass,
        Some(Truth::Error) => Verdict::Error,
        // What does not hold for certain before the deadline does not hold yet.
        Some(Truth::False | Truth::Borderline) if as_of < due => Verdict::Pending,
        Some(Truth::False) => Verdict::Fail,
        Some(Truth::Borderline) => Verdict::Borderline,
        // Of a period that has not begun there can be no figures yet.
        Some(Truth::Unknown) if rule.awaits(period, as_of) => Verdict::Pending,
        Some(Truth::Unknown) => Verdict::Missing,
    }
}

/// The row counts of a case, each with whether it is certain that the rows belong to it.
pub(super) fn counts<'a>(
    figures: &'a Figures<'_>,
    id: RuleId,
    env: &CaseEnv<'_>,
) -> Option<(&'a Tally, Vec<(&'a Tallied, bool)>)> {
    let suite = figures.suite();
    let (query, at, tally) = figures.plan.queries.iter().enumerate().find_map(|(query, planned)| {
        let at = planned.tallies.iter().position(|tally| tally.rule == id)?;
        Some((query, at, planned.tallies.get(at)?))
    })?;
    let cube = figures.measurement.cubes.get(query)?.as_ref()?;
    let dataset = suite.datasets.get(figures.plan.queries.get(query)?.dataset.0)?;
    let mut wanted = Vec::new();
    for column in &tally.keys {
        wanted.push(match dataset.columns.get(column.0)?.dim {
            Some(dim) => Scalar::Text(env.member(dim).flatten()?),
            None => Scalar::Period(env.period),
        });
    }
    let groups = cube.tallies.get(at)?.iter().filter_map(|(codes, counts)| {
        let fits =
            codes.iter().zip(&wanted).all(|(code, wanted)| !matches!(code, Key::Known(known) if known != wanted));
        fits.then(|| (counts, codes.iter().all(|code| matches!(code, Key::Known(_)))))
    });
    Some((tally, groups.collect()))
}

/// How the rows of a case come out together; `None` if the rule is about none of them, unknown if there are none.
fn rows(figures: &Figures<'_>, id: RuleId, env: &CaseEnv<'_>) -> Option<Truth> {
    let groups = counts(figures, id, env).map(|(_, groups)| groups).unwrap_or_default();
    // Rows that might belong elsewhere cannot show alone that the case holds: nothing never passes.
    let none_for_sure = !groups.iter().any(|(_, certain)| *certain);
    let mut outcomes: Vec<Truth> = none_for_sure.then_some(Truth::Unknown).into_iter().collect();
    for (Tallied { counts, .. }, certain) in &groups {
        let RowCounts { pass, fail, borderline, unknown, error, .. } = counts;
        let undecided = |truth| if *certain { truth } else { Truth::Unknown };
        let counted = [
            (fail, undecided(Truth::False)),
            (error, Truth::Error),
            (borderline, undecided(Truth::Borderline)),
            (unknown, Truth::Unknown),
            (pass, Truth::True),
        ];
        outcomes.extend(counted.into_iter().filter(|(count, _)| **count > 0).map(|(_, truth)| truth));
    }
    // Among rows, as among cases, what is borderline comes before what is missing.
    [Truth::False, Truth::Error, Truth::Borderline, Truth::Unknown, Truth::True]
        .into_iter()
        .find(|outcome| outcomes.contains(outcome))
}
