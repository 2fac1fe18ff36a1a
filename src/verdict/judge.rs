//! Judges every case of every rule, then says what there is to say of those that do not pass.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::cases::{Drawn, nobody};
use super::eval::{CaseEnv, Figures, Member};
use super::explain::{self, Draft};
use super::lanes::{Bound, Lanes, Outcome};
use super::prepared::{Part, PreparedRule};
use super::{Cases, JudgedRule, Judgement, Prepared, Verdict, badness, waive};
use crate::base::{each, threads};
use crate::data::{Table, Waiver};
use crate::engine::{Context, Engine, Found, Key, Measurement, RowCounts, Tallied};
use crate::plan::Tally;
use crate::plan::operators;
use crate::quantity::{Period, Scalar, Truth};
use crate::semantics::hir::{Kind, Requirement, Rule, RuleId, Suite};

/// What a judgement is made of besides the data.
#[derive(Clone, Debug)]
pub struct Options {
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
    prepared: &Prepared<'_>,
    measurement: &Measurement,
    options: &Options,
    waivers: &[Waiver],
) -> Judgement {
    let figures = Figures::new(context, prepared, measurement);
    let mut judged = Vec::new();
    let mut by_rule: Vec<Vec<Rank>> = Vec::new();
    for (of, mut cases) in prepared.rules().iter().zip(judge_all(&figures, options.as_of)) {
        let waived = waive::waive(of.id, &mut cases, waivers, options.as_of);
        let worst = cases.counts().into_iter().rfind(|(_, count)| *count > 0);
        let verdict = worst.map_or(Verdict::Missing, |(verdict, _)| verdict);
        let worst = cases.worst_cases(Verdict::Pass, options.max_findings).into_iter();
        by_rule.push(worst.map(|(verdict, at)| rank(verdict, of.rule.kind, judged.len(), at)).collect());
        judged.push(JudgedRule { rule: of.id, verdict, cases, waived, findings: Vec::new(), passes: Vec::new() });
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
                rule.cases.verdicts().enumerate().filter(|(_, verdict)| badness(*verdict) <= badness(Verdict::Pass));
            wanted.extend(good.map(|(case, _)| (at, case)).take(max_findings));
        }
    }
    let workers = threads(wanted.len(), FINDINGS);
    let drafts = each(&wanted, workers, |(at, case)| {
        let JudgedRule { rule: id, cases, .. } = judged.get(*at)?;
        let (rule, found) = (context.suite.rules.get(id.0)?, cases.get(*case)?);
        Some((*at, found.verdict, explain::draft(&figures, rule, *id, (*case, &found), options)))
    });
    let drafts: Vec<(usize, Verdict, Draft<'_>)> = drafts.into_iter().flatten().collect();
    let searches: Vec<_> = drafts.iter().flat_map(|(.., draft)| draft.searches.iter().cloned()).collect();
    let found = engine.find(context, measurement, &searches);
    let mut rest = found.as_slice();
    let answered = drafts.iter().map(|(.., draft)| {
        let (own, more) = rest.split_at_checked(draft.searches.len()).unwrap_or_default();
        rest = more;
        (draft, own)
    });
    let answered: Vec<(&Draft<'_>, &[Found])> = answered.collect();
    let looked = each(&answered, workers, |(draft, found)| explain::looked(&figures, draft, found));
    for ((rule, verdict, draft), looked) in drafts.into_iter().zip(looked) {
        if let Some(judged) = judged.get_mut(rule) {
            let good = badness(verdict) <= badness(Verdict::Pass);
            let findings = if good { &mut judged.passes } else { &mut judged.findings };
            findings.push(draft.finish(looked));
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

/// So many findings are worth a second thread.
const FINDINGS: usize = 1 << 6;
/// So many cases are judged by one thread before it takes up others.
const SHARE: usize = 1 << 14;
/// So many cases are worth a second thread.
const MANY: usize = 1 << 12;

/// The cases of all rules.
fn judge_all<'a>(figures: &'a Figures<'a>, as_of: Date) -> Vec<Cases> {
    let rules = figures.prepared.rules();
    let draws: Vec<usize> = (0..figures.prepared.draws.len()).collect();
    let rows = figures.context.submission.tables.iter().flatten().map(Table::len).sum();
    // Of each draw: does no case stand for members that cannot be told?
    let told = each(&draws, threads(rows, MANY), |draw| {
        figures.drawn(*draw).is_some_and(|drawn| drawn.iter().all(|members| !nobody(members)))
    });
    let parts: Vec<(&PreparedRule<'_>, &Part, &Drawn)> = rules
        .iter()
        .flat_map(|of| of.parts.iter().map(move |part| (of, part)))
        .filter_map(|(of, part)| Some((of, part, figures.drawn(part.draw)?)))
        .collect();
    let shares = |(at, (_, _, drawn)): (usize, &(_, _, &Drawn))| {
        let cases = drawn.len();
        (0..cases).step_by(SHARE).map(move |start| (at, start..cases.min(start + SHARE))).collect::<Vec<_>>()
    };
    let shares: Vec<(usize, Range<usize>)> = parts.iter().enumerate().flat_map(shares).collect();
    let all = parts.iter().map(|(_, _, drawn)| drawn.len()).sum();
    let bound = Bound::new(figures);
    let verdicts = each(&shares, threads(all, MANY), |(at, range)| match parts.get(*at) {
        Some((of, part, drawn)) => {
            let told = told.get(part.draw) == Some(&true);
            judge_some(figures, &bound, (of, part), (drawn, told), range.clone(), as_of)
        }
        None => Vec::new(),
    });
    let mut by_part: Vec<Vec<Verdict>> = vec![Vec::new(); parts.len()];
    for ((at, _), verdicts) in shares.iter().zip(verdicts) {
        match by_part.get_mut(*at) {
            Some(of_part) if of_part.is_empty() => *of_part = verdicts,
            Some(of_part) => of_part.extend(verdicts),
            None => {}
        }
    }
    let mut of_parts = parts.into_iter().zip(by_part).peekable();
    let of_rule = |of: &PreparedRule<'_>| {
        let mut cases = Cases::default();
        while let Some(((_, part, drawn), verdicts)) = of_parts.next_if(|((own, ..), _)| own.id == of.id) {
            cases.add(part.period, Arc::clone(drawn), verdicts);
        }
        cases
    };
    rules.iter().map(of_rule).collect()
}

/// Some of the cases of a rule in a period.
fn judge_some<'a>(
    figures: &'a Figures<'a>,
    bound: &Bound<'a, 'a>,
    (of, part): (&PreparedRule<'a>, &Part),
    (drawn, told): (&Drawn, bool),
    range: Range<usize>,
    as_of: Date,
) -> Vec<Verdict> {
    let timing = Timing::new(of.rule, part.period, as_of);
    let apart = |members: &Arc<[Member]>| {
        let (members, period) = (Arc::clone(members), part.period);
        let env = CaseEnv { figures, members, set: Vec::new(), period, trace: None, named: None, sums: None };
        timing.of(outcome(figures, of.rule, of.id, &env))
    };
    let cases = drawn.get(range.clone()).unwrap_or_default();
    let Some(lanes) = part.laid.as_ref().and_then(|laid| Lanes::new(laid, bound)) else {
        return cases.iter().map(apart).collect();
    };
    let outcomes = lanes.outcomes(range);
    let verdicts = timing.of_each(&outcomes);
    let one = |((outcome, verdict), members): ((&Outcome, Verdict), &Arc<[Member]>)| {
        if outcome.is_none() || (!told && nobody(members)) { apart(members) } else { verdict }
    };
    outcomes.iter().zip(verdicts).zip(cases).map(one).collect()
}

/// How a case comes out, whatever the day; `None`: the rule is not about it.
fn outcome<'a>(figures: &'a Figures<'a>, rule: &'a Rule, id: RuleId, env: &CaseEnv<'a>) -> Option<Truth> {
    let applies = match &rule.when {
        _ if nobody(&env.members) => Truth::Unknown,
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
        Verdict::Pending => {
            let due = Timing::new(rule, env.period, Date::MAX);
            Some(due.of(outcome(figures, rule, id, env)))
        }
        _ => None,
    }
}

/// How a day stands to a deadline and a period: what outcomes mean on it.
struct Timing {
    /// The deadline has not come.
    early: bool,
    /// The period has not begun: there can be no figures yet.
    awaits: bool,
}

impl Timing {
    fn new(rule: &Rule, period: Period, as_of: Date) -> Self {
        Timing { early: as_of < rule.due(period), awaits: rule.awaits(period, as_of) }
    }

    /// Of many outcomes. They cannot be foreseen, and looking up what each means is quicker than a wrong guess; what one means that is not
    /// known is of no use.
    fn of_each(&self, outcomes: &[Outcome]) -> impl Iterator<Item = Verdict> {
        let meant = [None, Some(Truth::True), Some(Truth::False), Some(Truth::Borderline), Some(Truth::Unknown)];
        let error = self.of(Some(Truth::Error));
        let meant = meant.map(|outcome| self.of(outcome));
        outcomes.iter().map(move |outcome| {
            let place = match outcome {
                None | Some(None) => 0,
                Some(Some(Truth::True)) => 1,
                Some(Some(Truth::False)) => 2,
                Some(Some(Truth::Borderline)) => 3,
                Some(Some(Truth::Unknown)) => 4,
                Some(Some(Truth::Error)) => 5,
            };
            meant.get(place).copied().unwrap_or(error)
        })
    }

    /// `None`: the rule is not about the case.
    fn of(&self, outcome: Option<Truth>) -> Verdict {
        match outcome {
            None => Verdict::NotApplicable,
            Some(Truth::True) => Verdict::Pass,
            Some(Truth::Error) => Verdict::Error,
            // What does not hold for certain before the deadline does not hold yet.
            Some(Truth::False | Truth::Borderline) if self.early => Verdict::Pending,
            Some(Truth::False) => Verdict::Fail,
            Some(Truth::Borderline) => Verdict::Borderline,
            Some(Truth::Unknown) if self.awaits => Verdict::Pending,
            Some(Truth::Unknown) => Verdict::Missing,
        }
    }
}

/// The row counts of a case, each with whether it is certain that the rows belong to it.
pub(super) fn counts<'a>(
    figures: &'a Figures<'_>,
    id: RuleId,
    env: &CaseEnv<'_>,
) -> Option<(&'a Tally, Vec<(&'a Tallied, bool)>)> {
    let suite = figures.suite();
    let (query, at) = *figures.prepared.tallies.get(&id)?;
    let planned = figures.plan.queries.get(query)?;
    let tally = planned.tallies.get(at)?;
    let cube = figures.measurement.cubes.get(query)?.as_ref()?;
    let dataset = suite.datasets.get(planned.dataset.0)?;
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
