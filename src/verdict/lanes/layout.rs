//! How a rule is laid out for integers in a period: no data yet, so that one layout is good for any number of submissions.

use std::collections::HashMap;
use std::sync::Arc;

use super::numbers::{Lane, constant};
use super::{Condition, Quantity};
use crate::plan::Plan;
use crate::quantity::Period;
use crate::semantics::hir::{
    Aggregate, DimId, Expr, ExprKind, Function, PeriodRef, Requirement, Rule, StandardId, Suite,
};

/// A rule, laid out for a period.
pub(in crate::verdict) struct Laid {
    pub(super) when: Option<Condition>,
    pub(super) condition: Condition,
    /// The leaves that it is about.
    pub(super) leaves: Vec<usize>,
}

/// A figure or threshold.
pub(in crate::verdict) enum Leaf<'s> {
    /// A threshold from outside, in force in a period.
    Standard(StandardId, Period),
    /// A sum, count, mean or share.
    Sum(Sum, &'s Aggregate),
}

/// What makes two aggregates come to the same in every case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::verdict) struct Sum {
    /// The query that it is answered by.
    pub query: usize,
    pub rollup: usize,
    pub function: Function,
    pub of_column: bool,
    pub blanks_matter: bool,
    /// What the cases are drawn from; `None` if it is the same in all of them.
    pub draw: Option<usize>,
    /// By column of its scope.
    pub at: Vec<Of>,
}

/// Which value of a column.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::verdict) enum Of {
    Period(Period),
    Given(Arc<str>),
    /// A member of the case, by its place in the rule's 对每个.
    Case(usize),
}

/// Figures of more columns than this are not laid out.
pub(super) const MOST_COLUMNS: usize = 8;

/// Indicators are not nested deeper than this; a suite is not cyclic, but a layout unfolds what it shares.
const DEEPEST: usize = 8;

/// Lays out rules.
pub(in crate::verdict) struct Layouts<'p, 's> {
    suite: &'s Suite,
    plan: &'p Plan,
    leaves: Vec<Leaf<'s>>,
    standards: HashMap<(StandardId, Period), usize>,
    sums: HashMap<Sum, usize>,
    /// What the cases of the rule are drawn from.
    draw: usize,
    /// The leaves of the rule.
    own: Vec<usize>,
    /// How deep indicators are nested.
    depth: usize,
}

/// Where an expression is seen from.
#[derive(Clone)]
struct Frame {
    period: Period,
    members: Vec<(DimId, Of)>,
}

impl<'p, 's> Layouts<'p, 's> {
    pub fn new(suite: &'s Suite, plan: &'p Plan) -> Self {
        let (standards, sums) = (HashMap::new(), HashMap::new());
        Layouts { suite, plan, leaves: Vec::new(), standards, sums, draw: 0, own: Vec::new(), depth: 0 }
    }

    pub fn into_leaves(self) -> Vec<Leaf<'s>> {
        self.leaves
    }

    /// Lays out a rule; `None` if it has anything that is not for integers.
    pub fn rule(&mut self, rule: &'s Rule, period: Period, draw: usize) -> Option<Laid> {
        let Requirement::Case(condition) = &rule.requirement else { return None };
        self.draw = draw;
        self.own.clear();
        let members = rule.for_each.iter().enumerate().map(|(at, dim)| (*dim, Of::Case(at))).collect();
        let frame = Frame { period, members };
        let when = match &rule.when {
            Some(when) => Some(self.condition(when, &frame)?),
            None => None,
        };
        let condition = self.condition(condition, &frame)?;
        self.own.sort_unstable();
        self.own.dedup();
        Some(Laid { when, condition, leaves: self.own.clone() })
    }

    fn condition(&mut self, expr: &'s Expr, frame: &Frame) -> Option<Condition> {
        Some(match &expr.kind {
            ExprKind::Boolean(value) => Condition::Constant((*value).into()),
            ExprKind::Compare { operator, left, right } => {
                let (left, right) = (self.quantity(left, frame)?, self.quantity(right, frame)?);
                Condition::Compare(*operator, Box::new((left, right)))
            }
            ExprKind::Not(of) => Condition::Not(Box::new(self.condition(of, frame)?)),
            ExprKind::And(parts) => Condition::And(self.conditions(parts, frame)?),
            ExprKind::Or(parts) => Condition::Or(self.conditions(parts, frame)?),
            ExprKind::Implies(condition, consequence) => Condition::Or(vec![
                Condition::Not(Box::new(self.condition(condition, frame)?)),
                self.condition(consequence, frame)?,
            ]),
            ExprKind::At { of, period, members } => {
                let frame = frame.moved(*period, members)?;
                self.condition(of, &frame)?
            }
            _ => return None,
        })
    }

    fn conditions(&mut self, parts: &'s [Expr], frame: &Frame) -> Option<Vec<Condition>> {
        parts.iter().map(|part| self.condition(part, frame)).collect()
    }

    fn quantity(&mut self, expr: &'s Expr, frame: &Frame) -> Option<Quantity> {
        Some(match &expr.kind {
            ExprKind::Number(number) => Quantity::Constant(constant(number)),
            ExprKind::Standard(id) => Quantity::Leaf(self.standard(*id, frame.period)),
            ExprKind::Negate(of) => Quantity::Negate(Box::new(self.quantity(of, frame)?)),
            ExprKind::Arithmetic { operator, left, right } => {
                let (left, right) = (self.quantity(left, frame)?, self.quantity(right, frame)?);
                Quantity::Arithmetic(*operator, Box::new((left, right)))
            }
            ExprKind::Change { kind, of, since, official: None } => {
                let earlier = since
                    .from(frame.period)
                    .filter(|earlier| earlier.granularity() == frame.period.granularity() && *earlier < frame.period);
                match earlier {
                    None => Quantity::Constant(Lane::Fault),
                    Some(period) => {
                        let old = self.quantity(of, &Frame { period, ..frame.clone() })?;
                        Quantity::Change(*kind, Box::new((old, self.quantity(of, frame)?)))
                    }
                }
            }
            ExprKind::At { of, period, members } => {
                let frame = frame.moved(*period, members)?;
                self.quantity(of, &frame)?
            }
            ExprKind::Indicator(id) => {
                let indicator = self.suite.indicators.get(id.0)?;
                let body = indicator.body.as_ref()?;
                let members = indicator.params.iter().map(|dim| Some((*dim, frame.member(*dim)?)));
                let inner = Frame { period: frame.period, members: members.collect::<Option<_>>()? };
                self.depth += 1;
                let found = if self.depth > DEEPEST { None } else { self.quantity(body, &inner) };
                self.depth -= 1;
                found?
            }
            ExprKind::Aggregate(aggregate) => Quantity::Leaf(self.sum(aggregate, frame)?),
            _ => return None,
        })
    }

    fn standard(&mut self, id: StandardId, period: Period) -> usize {
        let next = self.leaves.len();
        let at = *self.standards.entry((id, period)).or_insert(next);
        if at == next {
            self.leaves.push(Leaf::Standard(id, period));
        }
        self.own.push(at);
        at
    }

    fn sum(&mut self, aggregate: &'s Aggregate, frame: &Frame) -> Option<usize> {
        if matches!(aggregate.function, Function::Min | Function::Max | Function::Distinct) {
            return None;
        }
        let source = self.plan.source(aggregate.id)?;
        let mut at = Vec::new();
        for (_, dim) in &aggregate.scope {
            at.push(frame.member(*dim)?);
        }
        at.extend(self.suite.datasets.get(aggregate.dataset.0)?.period.map(|_| Of::Period(frame.period)));
        if at.len() > MOST_COLUMNS {
            return None;
        }
        let sum = Sum {
            query: source.query,
            rollup: source.rollup,
            function: aggregate.function,
            of_column: aggregate.of.is_some(),
            blanks_matter: aggregate.function != Function::Count && !aggregate.blank_as_zero,
            draw: at.iter().any(|of| matches!(of, Of::Case(_))).then_some(self.draw),
            at,
        };
        let next = self.leaves.len();
        let at = *self.sums.entry(sum.clone()).or_insert(next);
        if at == next {
            self.leaves.push(Leaf::Sum(sum, aggregate));
        }
        self.own.push(at);
        Some(at)
    }
}

impl Frame {
    fn member(&self, dim: DimId) -> Option<Of> {
        self.members.iter().rev().find(|(of, _)| *of == dim).map(|(_, member)| member.clone())
    }

    fn moved(&self, period: Option<PeriodRef>, members: &[(DimId, String)]) -> Option<Frame> {
        let mut frame = self.clone();
        if let Some(period) = period {
            frame.period = period.from(self.period)?;
        }
        frame.members.extend(members.iter().map(|(dim, member)| (*dim, Of::Given(Arc::from(member.as_str())))));
        Some(frame)
    }
}
