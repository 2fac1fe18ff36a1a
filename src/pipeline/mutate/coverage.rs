//! Which rules and clauses the tests of a suite exercise: a rule that no test expects to fail is not tested at all.

use crate::base::Span;
use crate::pipeline::Checked;
use crate::semantics::hir::{Expr, ExprKind, Requirement, Rule, RuleId, Suite, Verdict};

use super::bench::Bench;

/// What the tests of a suite exercise.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// How many rules the suite has.
    pub rules: usize,
    /// Ids of rules that no test expects a verdict of.
    pub untested: Vec<String>,
    /// Ids of tested rules that no test expects to pass.
    pub never_pass: Vec<String>,
    /// Ids of tested rules that no test expects to fail.
    pub never_fail: Vec<String>,
    /// How many clauses the rules have: each 当, each condition of a 要求.
    pub clauses: usize,
    /// Of these, clauses of rules without a test.
    pub clauses_untested: usize,
    /// Clauses that the tests do not see both ways.
    pub one_sided: Vec<Clause>,
}

/// A clause of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The rule.
    pub rule: String,
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
    /// How the tests see it.
    pub seen: Seen,
}

/// How the tests see a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Neither hold nor fail.
    Never,
    /// Only hold.
    Holding,
    /// Only fail.
    Failing,
}

impl Checked {
    /// Which rules and clauses the tests exercise.
    pub fn coverage(&self) -> Coverage {
        let bench = Bench::new(self);
        let mut coverage = Coverage { rules: self.suite.rules.len(), ..Coverage::default() };
        let mut suite = self.suite.clone();
        for (at, rule) in self.suite.rules.iter().enumerate() {
            let id = RuleId(at);
            let expected: Vec<Verdict> = self
                .suite
                .tests
                .iter()
                .flat_map(|test| &test.expect)
                .filter(|expectation| expectation.rule == id)
                .map(|expectation| expectation.verdict)
                .collect();
            let clauses = clauses(rule);
            coverage.clauses += clauses.len();
            if expected.is_empty() {
                coverage.untested.push(rule.id.clone());
                coverage.clauses_untested += clauses.len();
                continue;
            }
            if !expected.contains(&Verdict::Pass) {
                coverage.never_pass.push(rule.id.clone());
            }
            if !expected.contains(&Verdict::Fail) {
                coverage.never_fail.push(rule.id.clone());
            }
            for (clause, alone) in clauses {
                if let Some(seen) = seen(&bench, &mut suite, id, alone) {
                    let text = self.sources.text(clause.span).split_whitespace().collect::<Vec<_>>().join(" ");
                    coverage.one_sided.push(Clause { rule: rule.id.clone(), text, span: clause.span, seen });
                }
            }
        }
        coverage
    }
}

/// How the tests see a rule that consists of one clause; `None` if both ways. The suite is as it was when this returns.
fn seen(bench: &Bench<'_>, suite: &mut Suite, id: RuleId, mut alone: Rule) -> Option<Seen> {
    let mut swap = |suite: &mut Suite| {
        if let Some(place) = suite.rules.get_mut(id.0) {
            std::mem::swap(place, &mut alone);
        }
    };
    swap(suite);
    let judged = bench.cases(suite, id);
    swap(suite);
    let any =
        |wanted: &[Verdict]| judged.iter().flat_map(|rule| &rule.cases).any(|case| wanted.contains(&case.verdict));
    // Before its deadline a clause that does not hold is pending; row rules pass or fail by the worst of their rows.
    match (any(&[Verdict::Pass]), any(&[Verdict::Fail, Verdict::Pending])) {
        (true, true) => None,
        (true, false) => Some(Seen::Holding),
        (false, true) => Some(Seen::Failing),
        (false, false) => Some(Seen::Never),
    }
}

/// The clauses of a rule, each with the rule that requires it alone.
fn clauses(rule: &Rule) -> Vec<(&Expr, Rule)> {
    let mut clauses = Vec::new();
    if let Some(when) = &rule.when {
        let requirement = Requirement::Case(when.clone());
        clauses.push((when, Rule { when: None, requirement, ..rule.clone() }));
    }
    match &rule.requirement {
        Requirement::Case(condition) => {
            for part in parts(condition) {
                let requirement = Requirement::Case(part.clone());
                clauses.push((part, Rule { requirement, ..rule.clone() }));
            }
        }
        Requirement::Rows { dataset, when, condition } => {
            if let Some(when) = when {
                let requirement = Requirement::Rows { dataset: *dataset, when: None, condition: when.clone() };
                clauses.push((when, Rule { requirement, ..rule.clone() }));
            }
            for part in parts(condition) {
                let requirement = Requirement::Rows { dataset: *dataset, when: when.clone(), condition: part.clone() };
                clauses.push((part, Rule { requirement, ..rule.clone() }));
            }
        }
    }
    clauses
}

/// The conditions that must all hold.
fn parts(condition: &Expr) -> Vec<&Expr> {
    match &condition.kind {
        ExprKind::And(parts) => parts.iter().flat_map(|part| self::parts(part)).collect(),
        _ => vec![condition],
    }
}
