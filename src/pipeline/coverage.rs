//! A suite in, which of its rules and clauses its tests exercise out: a rule that no test expects to fail is not tested.
//!
//! A clause is judged as a rule that consists of it alone, by the tests that name its rule.

use std::collections::BTreeSet;

use crate::base::{Bi, Diagnostic, Span, each_with, threads};
use crate::quantity::Period;
use crate::report::coverage::{self, Clause, Coverage, Seen};
use crate::report::record::Tool;
use crate::semantics::hir::{Expr, ExprKind, Requirement, Rule, RuleId, Suite, Type, Verdict};
use crate::verdict::JudgedRule;

use super::Checked;
use super::bench::Bench;
use super::mutate::always_beside;

/// What the tests may see both ways.
struct Part {
    text: Bi,
    at: Span,
    what: What,
}

/// How it is seen.
enum What {
    /// A condition: the rules that pass only where it holds, and that fail only where it does not.
    Condition { holds: Box<Rule>, fails: Box<Rule> },
    /// One of several 期间: its cases.
    Period(Period),
    /// 对每个: the members' cases.
    Members,
}

impl Checked {
    /// Which rules (all, or those selected) and which of their clauses the tests exercise.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn coverage(&self, select: &[String]) -> Result<Coverage, Vec<Diagnostic>> {
        let selected: Vec<RuleId> = self.selected(select)?.into_iter().collect();
        let bench = Bench::new(self);
        let own = || Suite { tests: Vec::new(), ..self.suite.clone() };
        let seen =
            each_with(&selected, threads(selected.len(), 1), own, |suite, id| self.parts_seen(&bench, suite, *id));
        let mut found = Coverage {
            schema: coverage::SCHEMA.to_owned(),
            tool: Tool::own(),
            suite: self.identity.name.clone(),
            rules: selected.len() as u64,
            tested: 0,
            passing: 0,
            failing: 0,
            clauses: 0,
            both_ways: 0,
            untested: Vec::new(),
            never_pass: Vec::new(),
            never_fail: Vec::new(),
            one_sided: Vec::new(),
        };
        for (id, parts) in selected.iter().zip(seen) {
            let Some(rule) = self.suite.rules.get(id.0) else { continue };
            found.clauses += parts.len() as u64;
            let expected = self.suite.tests.iter().flat_map(|test| &test.expect).filter(|e| e.rule == *id);
            let expected: Vec<Verdict> = expected.map(|expectation| expectation.verdict).collect();
            if expected.is_empty() {
                found.untested.push(rule.id.clone());
                continue;
            }
            found.tested += 1;
            for (verdict, count, never) in [
                (Verdict::Pass, &mut found.passing, &mut found.never_pass),
                (Verdict::Fail, &mut found.failing, &mut found.never_fail),
            ] {
                if expected.contains(&verdict) { *count += 1 } else { never.push(rule.id.clone()) }
            }
            for (part, seen) in parts {
                match seen {
                    None => found.both_ways += 1,
                    Some(seen) => found.one_sided.push(Clause {
                        rule: rule.id.clone(),
                        part: match part.what {
                            What::Condition { .. } => coverage::Part::Condition,
                            What::Period(_) => coverage::Part::Period,
                            What::Members => coverage::Part::Members,
                        },
                        text: part.text,
                        place: self.line(part.at),
                        seen,
                    }),
                }
            }
        }
        Ok(found)
    }

    /// The parts of a rule, each with how it is seen unless both ways.
    fn parts_seen(&self, bench: &Bench<'_>, suite: &mut Suite, id: RuleId) -> Vec<(Part, Option<Seen>)> {
        let Some(rule) = self.suite.rules.get(id.0) else { return Vec::new() };
        let as_it_is = bench.in_the_end(&self.suite, id);
        let seen = |part: Part| {
            let seen = match &part.what {
                What::Condition { holds, fails } => {
                    let any = |suite: &mut Suite, alone: &Rule, verdict: Verdict| {
                        if let Some(place) = suite.rules.get_mut(id.0) {
                            place.clone_from(alone);
                        }
                        let judged = bench.in_the_end(suite, id);
                        judged.iter().flat_map(|rule| &rule.cases).any(|case| case.verdict == verdict)
                    };
                    let held = match &rule.requirement {
                        Requirement::Case(_) => any(suite, fails, Verdict::Pass),
                        // Of rows a single one is enough.
                        Requirement::Rows { .. } => any(suite, holds, Verdict::Fail),
                    };
                    sides(held, any(suite, fails, Verdict::Fail))
                }
                What::Period(period) => {
                    let came_out = |verdict: Verdict| {
                        let cases = as_it_is.iter().flat_map(|rule| &rule.cases);
                        cases.filter(|case| case.period == *period).any(|case| case.verdict == verdict)
                    };
                    sides(came_out(Verdict::Pass), came_out(Verdict::Fail))
                }
                What::Members => (!as_it_is.iter().any(differ)).then_some(Seen::Alike),
            };
            (part, seen)
        };
        let seen = self.parts(rule).into_iter().map(seen).collect();
        if let Some(place) = suite.rules.get_mut(id.0) {
            place.clone_from(rule);
        }
        seen
    }

    fn parts(&self, rule: &Rule) -> Vec<Part> {
        let mut parts = Vec::new();
        if let Requirement::Case(_) = &rule.requirement
            && let Some(when) = &rule.when
        {
            parts.extend(self.conditions(rule, when, false));
        }
        match &rule.requirement {
            Requirement::Case(condition) => parts.extend(self.conditions(rule, condition, true)),
            Requirement::Rows { when, condition, .. } => {
                parts.extend(when.iter().flat_map(|when| self.conditions(rule, when, false)));
                parts.extend(self.conditions(rule, condition, true));
            }
        }
        if rule.periods.len() > 1 {
            let at = self.periods_at(rule);
            parts.extend(rule.periods.iter().map(|period| {
                let text = Bi::new(format!("期间 {period}"), format!("period {period}"));
                Part { text, at, what: What::Period(*period) }
            }));
        }
        if !rule.for_each.is_empty() {
            let names = |between: &str| {
                let names = rule.for_each.iter().filter_map(|dim| self.suite.dims.get(dim.0)).cloned();
                names.collect::<Vec<String>>().join(between)
            };
            let text = Bi::new(format!("对每个 {}", names("、")), format!("for each {}", names(", ")));
            parts.push(Part { text, at: rule.span, what: What::Members });
        }
        parts
    }

    /// The conditions within one that decide it: what must hold together, what suffices, and the two sides of 如果 … 则 ….
    fn conditions(&self, rule: &Rule, condition: &Expr, when_applies: bool) -> Vec<Part> {
        let mut found = Vec::new();
        leaves(condition, &mut found);
        let text = |expr: &Expr| self.sources.text(expr.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let negated =
            |expr: &Expr| Expr { kind: ExprKind::Not(Box::new(expr.clone())), ty: Type::Boolean, span: expr.span };
        let alone = |expr: Expr| {
            let mut alone = rule.clone();
            match &mut alone.requirement {
                Requirement::Case(condition) => *condition = for_the_same_members(expr, condition),
                Requirement::Rows { when, condition, .. } => {
                    *condition = expr;
                    when.take_if(|_| !when_applies);
                }
            }
            alone.when.take_if(|_| !when_applies);
            Box::new(alone)
        };
        let part = |expr: &Expr| Part {
            text: Bi::same(text(expr)),
            at: expr.span,
            what: What::Condition { holds: alone(negated(expr)), fails: alone(expr.clone()) },
        };
        found.into_iter().map(part).collect()
    }
}

/// The members of 对每个 are those that a rule's figures name: `部门 属于 名录.部门` alone would have none.
fn for_the_same_members(part: Expr, whole: &Expr) -> Expr {
    let span = part.span;
    Expr { kind: ExprKind::And(vec![part, always_beside(whole)]), ty: Type::Boolean, span }
}

fn leaves<'e>(condition: &'e Expr, found: &mut Vec<&'e Expr>) {
    match &condition.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().for_each(|part| leaves(part, found)),
        ExprKind::Implies(left, right) => [left, right].into_iter().for_each(|part| leaves(part, found)),
        _ => found.push(condition),
    }
}

fn sides(held: bool, failed: bool) -> Option<Seen> {
    match (held, failed) {
        (true, true) => None,
        (true, false) => Some(Seen::Holding),
        (false, true) => Some(Seen::Failing),
        (false, false) => Some(Seen::Never),
    }
}

/// Do two members of one period come out differently?
fn differ(judged: &JudgedRule) -> bool {
    let decided = |wanted: Verdict| -> BTreeSet<Period> {
        let cases = judged.cases.iter().filter(|case| case.verdict == wanted);
        cases.map(|case| case.period).collect()
    };
    !decided(Verdict::Pass).is_disjoint(&decided(Verdict::Fail))
}
