//! A calculation step by step, as one would write it on paper: every condition with its parts, each comparison with the values
//! that it is made of, and for which value of a figure it would come out otherwise.

mod row;

use std::collections::BTreeSet;

use super::super::eval::{CaseEnv, unit};
use super::super::{Step, StepKind, show};
use super::bearing::{self, Bearing};
use super::formula;
use super::turn::{figure, turn};
use crate::plan::operators::{self, Value};
use crate::quantity::Scalar;
use crate::semantics::hir::{Expr, ExprKind, Indicator, Type};

pub(super) use row::row;

/// How many steps of one condition are written.
const STEPS: usize = 60;
/// How many parts of a condition, or periods, are written.
const PARTS: usize = 12;

/// The steps of the conditions of a rule.
pub(super) fn conditions<'a, const N: usize>(env: &CaseEnv<'a>, exprs: [Option<&'a Expr>; N]) -> [Option<Step>; N] {
    let mut bearings = Vec::new();
    let mut steps = exprs.map(|expr| {
        let mut paper = Paper { left: STEPS, named: BTreeSet::new(), bearings: Vec::new() };
        let step = paper.condition(env, expr?);
        bearings.append(&mut paper.bearings);
        Some(step)
    });
    let mut groups = bearing::groups(&bearings, Bearing::touches).into_iter();
    steps.iter_mut().flatten().for_each(|step| bearing::note(step, &mut groups));
    steps
}

impl Step {
    /// A step without any figures yet.
    pub(super) fn new(kind: StepKind) -> Step {
        Step {
            kind,
            span: None,
            name: None,
            period: None,
            formula: None,
            outcome: None,
            margin: None,
            turn: None,
            shares: None,
            place: None,
            steps: Vec::new(),
            left_out: 0,
        }
    }
}

struct Paper<'a> {
    /// How many more steps may be written.
    left: usize,
    /// Values that were written, by name.
    named: BTreeSet<String>,
    /// What each comparison rests on.
    bearings: Vec<Bearing<'a>>,
}

impl<'a> Paper<'a> {
    fn condition(&mut self, env: &CaseEnv<'a>, expr: &'a Expr) -> Step {
        self.left = self.left.saturating_sub(1);
        let kind = match &expr.kind {
            ExprKind::And(_) => StepKind::All,
            ExprKind::Or(_) => StepKind::Any,
            ExprKind::Not(_) => StepKind::Not,
            ExprKind::Implies(..) => StepKind::Implies,
            // Periods of another length are none of those that are meant.
            ExprKind::Streak { step: Some(length), .. } if *length != env.period.granularity() => StepKind::Comparison,
            ExprKind::Quantified { every: true, .. } | ExprKind::Streak { .. } => StepKind::Every,
            ExprKind::Quantified { every: false, .. } => StepKind::Some,
            _ => StepKind::Comparison,
        };
        let mut step = Step { span: Some(expr.span), outcome: Some(operators::truth(env, expr)), ..Step::new(kind) };
        match &expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                self.parts(&mut step, parts.iter().map(|part| (env.clone(), part)).collect());
            }
            ExprKind::Not(inner) => step.steps.push(self.condition(env, inner)),
            ExprKind::Implies(premise, consequence) => {
                step.steps.push(self.condition(env, premise));
                step.steps.push(self.condition(env, consequence));
            }
            ExprKind::Quantified { periods, condition, .. } => {
                self.parts(&mut step, periods.iter().map(|period| (env.at(*period), &**condition)).collect());
            }
            ExprKind::Streak { times, condition, .. } if step.kind == StepKind::Every => {
                let back = (0..*times).rev().filter_map(|count| env.period.plus(-i32::try_from(count).ok()?));
                self.parts(&mut step, back.map(|period| (env.at(period), &**condition)).collect());
            }
            _ => self.comparison(env, expr, &mut step),
        }
        if !matches!(step.kind, StepKind::Every | StepKind::Some) {
            step.steps.iter_mut().for_each(|part| part.period = None);
        }
        step
    }

    /// The parts of a condition; of many, first those that make it come out as it does.
    fn parts(&mut self, step: &mut Step, parts: Vec<(CaseEnv<'a>, &'a Expr)>) {
        let room = PARTS.min(self.left.max(1));
        let mut chosen: Vec<usize> = (0..parts.len()).collect();
        if parts.len() > room {
            let decides = |at: &usize| parts.get(*at).map(|(env, part)| operators::truth(env, part)) == step.outcome;
            chosen.sort_by_key(|at| !decides(at));
            chosen.truncate(room);
            chosen.sort_unstable();
        }
        step.left_out = (parts.len() - chosen.len()) as u64;
        for (env, part) in chosen.into_iter().filter_map(|at| parts.get(at)) {
            let written = self.condition(env, part);
            step.steps.push(Step { period: Some(env.period), ..written });
        }
    }

    fn comparison(&mut self, env: &CaseEnv<'a>, expr: &'a Expr, step: &mut Step) {
        self.values(env, expr, &mut step.steps);
        let part = formula::part_of(env, expr).unwrap_or_default();
        if let (ExprKind::Compare { left, right, .. }, true) = (&expr.kind, part.outcome.is_some()) {
            for (side, shown) in [
                (left, side_shown(&part.attained, &part.attained_range)),
                (right, side_shown(&part.threshold, &part.threshold_range)),
            ] {
                step.steps.extend(self.side(env, side, shown));
            }
        }
        step.formula = part.outcome.or(part.formula).or_else(|| match &expr.kind {
            ExprKind::In { .. } | ExprKind::Matches { .. } => part.attained,
            ExprKind::Compare { .. } | ExprKind::Near { .. } | ExprKind::Doubles { .. } => None,
            _ => show::value(env.figures.suite(), &operators::value(env, expr), &expr.ty),
        });
        step.margin = part.margin;
        let figures = super::trace(env, std::iter::once(expr));
        let (turn, moved) = turn(env, expr).unzip();
        step.turn = turn;
        self.bearings.push(Bearing { figures, moved });
    }

    /// A side of a comparison that is computed from figures.
    fn side(&mut self, env: &CaseEnv<'a>, side: &'a Expr, shown: Option<String>) -> Option<Step> {
        let mut inner = side;
        while let ExprKind::At { of, .. } = &inner.kind {
            inner = of;
        }
        if matches!(inner.kind, ExprKind::Indicator(_)) {
            return None;
        }
        let formula = format!("{} {}", formula::substituted(env, side)?, shown?);
        self.left = self.left.saturating_sub(1);
        Some(Step { span: Some(side.span), formula: Some(formula), ..Step::new(StepKind::Value) })
    }

    /// The values that an expression is computed from, each after those that it is computed from itself.
    fn values(&mut self, env: &CaseEnv<'a>, expr: &'a Expr, steps: &mut Vec<Step>) {
        match &expr.kind {
            ExprKind::At { of, period, members } => {
                if let Some(env) = env.moved(*period, members) {
                    self.values(&env, of, steps);
                }
            }
            ExprKind::Change { of, since, official: None, .. } | ExprKind::Doubles { of, since, .. } => {
                if let Some(earlier) = env.in_period(*since) {
                    self.values(&earlier, of, steps);
                }
                self.values(&env.at(env.period), of, steps);
            }
            ExprKind::Fold { of, periods, .. } => {
                periods.iter().for_each(|period| self.values(&env.at(*period), of, steps));
            }
            ExprKind::YearlyGrowth { of, periods, official: None } => {
                let ends = [periods.first().and_then(|first| first.plus(-1)), periods.last().copied()];
                ends.into_iter().flatten().for_each(|period| self.values(&env.at(period), of, steps));
            }
            ExprKind::Change { .. } | ExprKind::YearlyGrowth { .. } => {}
            ExprKind::Indicator(id) => {
                let Some(indicator) = env.figures.suite().indicators.get(id.0) else { return };
                if let Indicator { body: Some(body), .. } = indicator {
                    let inside = env.inside(indicator);
                    match &body.kind {
                        ExprKind::Aggregate(_) => {}
                        _ => self.values(&inside, body, steps),
                    }
                    let formula = quotient(&inside, body).or_else(|| formula::substituted(&inside, body));
                    self.value(env, expr, formula, steps);
                }
            }
            ExprKind::Aggregate(_) => self.value(env, expr, quotient(env, expr), steps),
            _ => expr.for_each_child(&mut |child| self.values(env, child, steps)),
        }
    }

    fn value(&mut self, env: &CaseEnv<'a>, expr: &'a Expr, formula: Option<String>, steps: &mut Vec<Step>) {
        let (Some(formula), Some(name)) = (formula, figure(env, expr)) else { return };
        if self.left == 0 || !self.named.insert(name.clone()) {
            return;
        }
        self.left -= 1;
        let value = match (operators::value(env, expr), unit(&expr.ty)) {
            (Value::Known(Scalar::Number(number)), Some(unit)) => show::equals(&show::quantity(&number, unit)),
            (Value::Known(scalar), _) => format!("= {}", show::scalar(env.figures.suite(), &scalar, &expr.ty)),
            (Value::Within(interval), Some(unit)) => format!("∈ {}", show::range(&interval, unit).bracketed()),
            _ => return,
        };
        let formula = Some(format!("{formula} {value}"));
        steps.push(Step { name: Some(name), formula, ..Step::new(StepKind::Value) });
    }
}

/// `= 9.99%`, `∈ [9.91%, 10.09%]`
fn side_shown(figure: &Option<String>, range: &Option<crate::base::Range>) -> Option<String> {
    match (range, figure) {
        (Some(range), _) => Some(format!("∈ {}", range.bracketed())),
        (None, Some(figure)) => Some(show::equals(figure)),
        (None, None) => None,
    }
}

/// What a share or a mean is computed from: `150 / 1000`.
fn quotient<'a>(env: &CaseEnv<'a>, expr: &'a Expr) -> Option<String> {
    let ExprKind::Aggregate(aggregate) = &expr.kind else { return None };
    let (part, of) = env.quotient(aggregate)?;
    let Type::Quantity(unit) = &aggregate.of.as_deref()?.ty else { return None };
    let share = aggregate.function == crate::semantics::hir::Function::Share;
    let below = if share { show::number(&of, unit, 0) } else { of.read(0) };
    Some(format!("{} / {below}", show::number(&part, unit, 0)))
}
