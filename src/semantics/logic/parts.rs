//! Conditions that decide nothing: those that always hold, never hold, or are settled by what stands beside them.
//!
//! A rule's cases in, what is wrong with its parts out. A part is told only if it is so in every case of the rule.

use super::cases::{Case, Source, case, conditions, rows_among};
use super::formula::{Formula, Split};
use super::model::Prefer;
use super::solve::{self, Answer};
use super::witness::{self, Want, Witness};
use super::{Logic, classes};
use crate::semantics::hir::{Expr, ExprKind, Requirement, Rule, RuleId};

/// What is wrong with a part of a rule.
#[derive(Clone, Debug)]
pub struct Settled<'s> {
    /// The rule.
    pub rule: RuleId,
    /// The part.
    pub part: &'s Expr,
    /// What it is in the rule.
    pub role: Role,
    /// Does it always hold, or never?
    pub holds: bool,
    /// Is that so by itself, or through what stands beside it?
    pub alone: bool,
    /// Does it settle what comes of the rule?
    pub settles: bool,
    /// Figures that show it.
    pub witnesses: Vec<Witness>,
}

/// What a part is in its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// 当
    When,
    /// All that is required.
    Whole,
    /// One of several that must all hold.
    Conjunct,
    /// One of several of which one must hold.
    Alternative,
    /// Behind 如果
    If,
    /// Behind 则
    Then,
}

/// Looks at all parts of a rule. Says too whether its 当 can hold, and whether it can pass.
pub fn look<'s>(logic: &mut Logic<'s>, id: RuleId, rule: &'s Rule, cases: &[Case<'s>]) -> Vec<Settled<'s>> {
    let mut found = Vec::new();
    let (when, require, _) = conditions(rule);
    let everywhere: Vec<Formula> = cases.iter().map(|case| logic.axioms(&case.vars)).collect();
    let mut walk = Walk { logic, id, rule, cases, found: &mut found };
    if let Some(when) = when {
        walk.part(when, Role::When, &everywhere);
    }
    let applies: Vec<Formula> = cases
        .iter()
        .zip(&everywhere)
        .map(|(case, always)| Formula::all([always.clone(), case.when.yes.clone()]))
        .collect();
    walk.part(require, Role::Whole, &applies);
    found
}

struct Walk<'w, 's> {
    logic: &'w mut Logic<'s>,
    id: RuleId,
    rule: &'s Rule,
    cases: &'w [Case<'s>],
    found: &'w mut Vec<Settled<'s>>,
}

impl<'s> Walk<'_, 's> {
    /// Looks at a part, where (in each case) something else holds; then at its parts.
    fn part(&mut self, part: &'s Expr, role: Role, context: &[Formula]) {
        let open: Vec<usize> = (0..self.cases.len())
            .filter(|at| context.get(*at).is_some_and(|context| self.possible(&[context])))
            .collect();
        let splits: Vec<(usize, Split)> = open
            .iter()
            .filter_map(|at| {
                let scope = self.cases.get(*at)?.scope.clone();
                Some((*at, self.logic.translator.condition(part, &scope)))
            })
            .collect();
        let Some(at) = open.first().copied() else { return };
        for holds in [false, true] {
            let mut alone = true;
            let settled = splits.iter().all(|(at, split)| {
                let Some(context) = context.get(*at) else { return false };
                let against = if holds { &split.no } else { &split.yes };
                match self.ask(&[context, against]) {
                    Answer::Impossible(_) => {
                        let always = self.cases.get(*at).map(|case| self.logic.axioms(&case.vars));
                        let always = always.unwrap_or_else(|| Formula::from(true));
                        alone &= matches!(self.ask(&[&always, against]), Answer::Impossible(_));
                        true
                    }
                    Answer::Unknown => {
                        self.logic.undecided += 1;
                        false
                    }
                    Answer::Possible => false,
                }
            });
            if settled {
                let settles = role == Role::Whole || (role == Role::When && !holds);
                let (part, role, holds) = self.cause(part, role, holds, context);
                self.settled(
                    Settled { rule: self.id, part, role, holds, alone, settles, witnesses: Vec::new() },
                    at,
                    context,
                );
                return;
            }
        }
        self.inside(part, context);
    }

    /// The smallest part that makes a part hold always, or never.
    fn cause(&mut self, part: &'s Expr, role: Role, holds: bool, context: &[Formula]) -> (&'s Expr, Role, bool) {
        let parts: &'s [Expr] = match (&part.kind, holds) {
            (ExprKind::And(parts), false) | (ExprKind::Or(parts), true) => parts,
            (ExprKind::Implies(condition, consequence), true) => {
                if self.always(condition, context, false) {
                    return (condition, Role::If, false);
                }
                if self.always(consequence, context, true) {
                    return (consequence, Role::Then, true);
                }
                return (part, role, holds);
            }
            _ => return (part, role, holds),
        };
        match parts.iter().find(|part| self.always(part, context, holds)) {
            Some(inner) => self.cause(inner, role, holds, context),
            None => (part, role, holds),
        }
    }

    /// Does a part always hold (or never), wherever something else does?
    fn always(&mut self, part: &'s Expr, context: &[Formula], holds: bool) -> bool {
        context.iter().zip(self.cases).all(|(context, case)| {
            let split = self.logic.translator.condition(part, &case.scope);
            matches!(self.ask(&[context, if holds { &split.no } else { &split.yes }]), Answer::Impossible(_))
        })
    }

    /// Looks at the parts of a part. Each counts only where the others of an *and* hold, and those of an *or* do not.
    fn inside(&mut self, part: &'s Expr, context: &[Formula]) {
        match &part.kind {
            ExprKind::And(parts) => self.beside(parts, context, Role::Conjunct),
            ExprKind::Or(parts) => self.beside(parts, context, Role::Alternative),
            ExprKind::Implies(condition, consequence) => {
                self.part(condition, Role::If, context);
                let holds = self.narrowed(context, condition, true);
                self.part(consequence, Role::Then, &holds);
            }
            ExprKind::Not(of) => self.inside(of, context),
            _ => {}
        }
    }

    fn beside(&mut self, parts: &'s [Expr], context: &[Formula], role: Role) {
        let mut idle: Vec<usize> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let mut narrowed = context.to_vec();
            for (other, beside) in parts.iter().enumerate() {
                if other != at && !idle.contains(&other) {
                    narrowed = self.narrowed(&narrowed, beside, role == Role::Conjunct);
                }
            }
            let before = self.found.len();
            self.part(part, role, &narrowed);
            // What has been told to be of no use is no reason to tell the same of another part.
            if self.found.get(before).is_some_and(|settled| settled.role == role) {
                idle.push(at);
            }
        }
    }

    /// Where a condition holds too, or does not.
    fn narrowed(&mut self, context: &[Formula], condition: &'s Expr, holds: bool) -> Vec<Formula> {
        context
            .iter()
            .zip(self.cases)
            .map(|(context, case)| {
                let split = self.logic.translator.condition(condition, &case.scope);
                let also = if holds { split.yes } else { split.yes.negated() };
                Formula::all([context.clone(), also])
            })
            .collect()
    }

    fn ask(&self, formulas: &[&Formula]) -> Answer {
        let tagged: Vec<(usize, &Formula)> = formulas.iter().enumerate().map(|(at, formula)| (at, *formula)).collect();
        solve::ask(&self.logic.translator.vars, &tagged)
    }

    fn possible(&self, formulas: &[&Formula]) -> bool {
        matches!(self.ask(formulas), Answer::Possible)
    }

    /// Notes what is wrong with a part, and figures that show it in a case.
    fn settled(&mut self, mut settled: Settled<'s>, at: usize, context: &[Formula]) {
        let Settled { part, role, holds, .. } = settled;
        let (Some(case_of), Some(context)) = (self.cases.get(at), context.get(at)) else { return };
        let whole = role == Role::Whole;
        // The rule itself where it is all that is required, else a rule that requires no more than the part.
        let mut subject = if whole {
            case_of.clone()
        } else {
            let source = Source { when: None, require: part, ..case_of.source };
            let (members, scope) = (case_of.members.clone(), case_of.scope.clone());
            case(&mut self.logic.translator, self.id, members, case_of.period, scope, source)
        };
        // Figures that show it are such as occur there.
        subject.require.yes = Formula::all([subject.require.yes, context.clone()]);
        subject.require.no = Formula::all([subject.require.no, context.clone()]);
        context.vars(&mut subject.vars);
        let want = if holds { Want::Pass } else { Want::Fail };
        let preferences: &[Prefer] =
            if holds { &[Prefer::Plain, Prefer::High, Prefer::Low] } else { &[Prefer::Plain, Prefer::High] };
        for prefer in preferences {
            let Logic { translator, next_class, .. } = &mut *self.logic;
            let witness = witness::find(translator, next_class, &[(&subject, want)], &[], *prefer);
            settled
                .witnesses
                .extend(witness.map(|witness| if whole { witness } else { probing(witness, self.rule, part) }));
        }
        if role == Role::When && !holds {
            let Logic { translator, next_class, .. } = &mut *self.logic;
            let witness = witness::find(translator, next_class, &[(case_of, Want::Idle)], &[], Prefer::Plain);
            settled.witnesses.extend(witness);
        }
        self.found.push(settled);
    }
}

/// The witness for a rule that requires only a part of what the rule does.
fn probing(mut witness: Witness, rule: &Rule, part: &Expr) -> Witness {
    let mut probe = Rule { when: None, ..rule.clone() };
    match &mut probe.requirement {
        Requirement::Case(condition) => *condition = part.clone(),
        Requirement::Rows { when, condition, .. } => {
            *when = None;
            *condition = part.clone();
        }
    }
    for expectation in &mut witness.test.expect {
        expectation.rule = RuleId(0);
    }
    witness.probe = Some(Box::new(probe));
    witness
}

impl Logic<'_> {
    /// What holds of these figures whatever is submitted.
    pub fn axioms(&mut self, vars: &std::collections::BTreeSet<super::vars::Var>) -> Formula {
        let rows = rows_among(&self.translator, vars);
        if rows.len() < 2 {
            return Formula::from(true);
        }
        let (_, axioms) = classes::of(&mut self.translator, &rows, &mut self.next_class);
        Formula::all(axioms)
    }
}
