//! Many cases of one rule at once, on a packed cube: plain integers as long as they fit.
//!
//! A rule is laid out once for a period, with the places of its figures in the cube; then each case is a few integer
//! operations. What cannot be laid out, and every case whose integers do not fit, is left to [`super::eval`], which says
//! the same of every case, more slowly.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::cases::Cases;
use super::eval::Figures;
use super::rollup::packed::Rollup;
use crate::base::in_ranges;
use crate::engine::cube::PackedSlot;
use crate::plan::operators::Fault;
use crate::quantity::{Number, Period, Scalar, Truth};
use crate::semantics::hir::{
    Aggregate, Arithmetic, Change, Comparison, DimId, Expr, ExprKind, Function, PeriodRef, Requirement, Rule,
};

/// So many cases are worth a second thread.
const MANY: usize = 1 << 12;

/// A rule, laid out for a period.
pub(super) struct Lanes<'a> {
    when: Option<Condition<'a>>,
    condition: Condition<'a>,
    members: Vec<Arc<Indices>>,
}

/// By case: the index of its member along an axis, [`NOT_THERE`] if no row has it, [`UNTOLD`] if it is not known.
type Indices = Vec<u32>;

const NOT_THERE: u32 = u32::MAX;
const UNTOLD: u32 = u32::MAX - 1;

/// The indices that were looked up, by the list of cases (its address: lists live as long as the figures), the query, the
/// axis, and which of the case's members it is.
pub(super) type Known = HashMap<(usize, usize, usize, usize), Arc<Indices>>;

/// A number, or why there is none.
#[derive(Clone, Copy)]
enum Lane {
    /// Numerator and denominator, which is above 0.
    Known(i128, i128),
    Missing,
    Fault(Fault),
    /// It does not fit: the case is judged apart.
    Wide,
}

/// A number of a case.
enum Quantity<'a> {
    Constant(Lane),
    Sum(Box<Sum<'a>>),
    Negate(Box<Quantity<'a>>),
    Arithmetic(Arithmetic, Box<(Quantity<'a>, Quantity<'a>)>),
    /// From the first to the second.
    Change(Change, Box<(Quantity<'a>, Quantity<'a>)>),
}

/// An aggregate in one period.
struct Sum<'a> {
    rollup: &'a Rollup<'a>,
    function: Function,
    of_column: bool,
    blanks_matter: bool,
    /// By column of the scope.
    at: Vec<At>,
    /// What a sum is to be taken times, and divided by.
    factor: (i128, i128),
}

/// Where an index along an axis comes from.
enum At {
    /// Always the same; `None`: no row has it.
    Fixed(Option<usize>),
    /// From the case: the number of the list in [`Lanes::members`].
    Case(usize),
}

enum Condition<'a> {
    Constant(Truth),
    Compare(Comparison, Box<(Quantity<'a>, Quantity<'a>)>),
    Not(Box<Condition<'a>>),
    And(Vec<Condition<'a>>),
    Or(Vec<Condition<'a>>),
}

/// What a dimension is while an expression is laid out.
#[derive(Clone)]
enum Member {
    /// The case's, by its place in the rule's 对每个.
    Case(usize),
    /// A given one.
    Given(Arc<str>),
}

struct Layout<'l, 'a> {
    figures: &'a Figures<'a>,
    cases: &'l Cases,
    members: Vec<Arc<Indices>>,
    /// How deep indicators are nested.
    depth: usize,
}

/// Indicators are not nested deeper than this; a suite is not cyclic, but a layout unfolds what it shares.
const DEEPEST: usize = 8;

#[derive(Clone)]
struct Frame {
    period: Period,
    members: Vec<(DimId, Member)>,
}

impl<'a> Lanes<'a> {
    /// Lays out a rule; `None` if it has anything that is not for integers.
    pub fn new(figures: &'a Figures<'a>, rule: &'a Rule, period: Period, cases: &Cases) -> Option<Self> {
        let Requirement::Case(condition) = &rule.requirement else { return None };
        let mut layout = Layout { figures, cases, members: Vec::new(), depth: 0 };
        let members = rule.for_each.iter().enumerate().map(|(at, dim)| (*dim, Member::Case(at))).collect();
        let frame = Frame { period, members };
        let when = match &rule.when {
            Some(when) => Some(layout.condition(when, &frame)?),
            None => None,
        };
        let condition = layout.condition(condition, &frame)?;
        Some(Lanes { when, condition, members: layout.members })
    }

    /// How each case comes out: `Some(None)` if the rule is not about it, `None` if it must be judged apart.
    pub fn outcomes(&self, cases: usize) -> Vec<Option<Option<Truth>>> {
        let of = |range: Range<usize>| range.map(|case| self.outcome(case)).collect::<Vec<_>>();
        in_ranges(cases, MANY, of).concat()
    }

    fn outcome(&self, case: usize) -> Option<Option<Truth>> {
        match self.when.as_ref().map_or(Some(Truth::True), |when| self.truth(when, case))? {
            Truth::False => Some(None),
            Truth::True => self.truth(&self.condition, case).map(Some),
            undecided => Some(Some(undecided)),
        }
    }

    /// `None`: it does not fit.
    fn truth(&self, condition: &Condition<'_>, case: usize) -> Option<Truth> {
        Some(match condition {
            Condition::Constant(truth) => *truth,
            Condition::Not(of) => self.truth(of, case)?.not(),
            Condition::And(parts) => {
                let mut truth = Truth::True;
                for part in parts {
                    truth = truth.and(self.truth(part, case)?);
                }
                truth
            }
            Condition::Or(parts) => {
                let mut truth = Truth::False;
                for part in parts {
                    truth = truth.or(self.truth(part, case)?);
                }
                truth
            }
            Condition::Compare(operator, sides) => match (self.number(&sides.0, case), self.number(&sides.1, case)) {
                (Lane::Wide, _) | (_, Lane::Wide) => return None,
                (Lane::Known(a, b), Lane::Known(c, d)) => Truth::from(operator.holds(compare((a, b), (c, d))?)),
                (Lane::Fault(_), _) | (_, Lane::Fault(_)) => Truth::Error,
                _ => Truth::Unknown,
            },
        })
    }

    fn number(&self, quantity: &Quantity<'_>, case: usize) -> Lane {
        match quantity {
            Quantity::Constant(lane) => *lane,
            Quantity::Sum(sum) => self.sum(sum, case),
            Quantity::Negate(of) => match self.number(of, case) {
                Lane::Known(a, b) => a.checked_neg().map_or(Lane::Wide, |a| Lane::Known(a, b)),
                other => other,
            },
            Quantity::Arithmetic(operator, sides) => {
                both(self.number(&sides.0, case), self.number(&sides.1, case), |a, b| arithmetic(*operator, a, b))
            }
            Quantity::Change(kind, ends) => {
                both(self.number(&ends.0, case), self.number(&ends.1, case), |old, new| change(*kind, old, new))
            }
        }
    }

    fn sum(&self, sum: &Sum<'_>, case: usize) -> Lane {
        let mut at = [0usize; 8];
        for (slot, from) in at.iter_mut().zip(&sum.at) {
            *slot = match from {
                At::Fixed(Some(index)) => *index,
                At::Fixed(None) => return Lane::Missing,
                At::Case(list) => match self.members.get(*list).and_then(|list| list.get(case)) {
                    Some(&NOT_THERE) => return Lane::Missing,
                    Some(&UNTOLD) | None => return Lane::Wide,
                    Some(index) => *index as usize,
                },
            };
        }
        let at = at.get(..sum.at.len()).unwrap_or_default();
        let (numerator, denominator) = sum.factor;
        if sum.function == Function::Sum
            && let Some(only) = sum.rollup.only(at)
        {
            let number = only.map(|digits| i128::from(digits).checked_mul(numerator));
            return number.map_or(Lane::Missing, |n| n.map_or(Lane::Wide, |n| Lane::Known(n, denominator)));
        }
        let Some((filtered, all)) = sum.rollup.parts(at) else { return Lane::Missing };
        let share = sum.function == Function::Share;
        let parts = || std::iter::once(&filtered).chain(share.then_some(&all));
        if parts().any(|part| part.faults + part.filter_faults > 0) {
            return Lane::Fault(Fault::Unreadable);
        }
        if parts().any(|part| part.unknown > 0 || (sum.blanks_matter && part.blanks > 0)) {
            return Lane::Missing;
        }
        if sum.function == Function::Count {
            let counted = if sum.of_column { filtered.rows - filtered.blanks } else { filtered.rows };
            return Lane::Known(counted.into(), 1);
        }
        if filtered.rows == 0 {
            return Lane::Missing;
        }
        let number = |sum: i128| sum.checked_mul(numerator);
        let Some(value) = number(filtered.sum) else { return Lane::Wide };
        let value = (value, denominator);
        match sum.function {
            Function::Mean => arithmetic(Arithmetic::Divide, value, (filtered.rows.into(), 1)),
            Function::Share => match number(all.sum) {
                Some(all) => arithmetic(Arithmetic::Divide, value, (all, denominator)),
                None => Lane::Wide,
            },
            _ => Lane::Known(value.0, value.1),
        }
    }
}

/// Applies an operation to two numbers; a fault outweighs a missing figure, and the left side comes first.
fn both(left: Lane, right: Lane, exact: impl FnOnce((i128, i128), (i128, i128)) -> Lane) -> Lane {
    match (left, right) {
        (Lane::Wide, _) | (_, Lane::Wide) => Lane::Wide,
        (Lane::Known(a, b), Lane::Known(c, d)) => exact((a, b), (c, d)),
        (Lane::Fault(fault), _) | (_, Lane::Fault(fault)) => Lane::Fault(fault),
        _ => Lane::Missing,
    }
}

fn compare((a, b): (i128, i128), (c, d): (i128, i128)) -> Option<Ordering> {
    if b == d {
        return Some(a.cmp(&c));
    }
    Some(a.checked_mul(d)?.cmp(&c.checked_mul(b)?))
}

fn arithmetic(operator: Arithmetic, (a, b): (i128, i128), (c, d): (i128, i128)) -> Lane {
    let sum = |sign: i128| {
        if b == d {
            return Some((a.checked_add(c.checked_mul(sign)?)?, b));
        }
        let (left, right) = (a.checked_mul(d)?, c.checked_mul(b)?.checked_mul(sign)?);
        Some((left.checked_add(right)?, b.checked_mul(d)?))
    };
    let found = match operator {
        Arithmetic::Add => sum(1),
        Arithmetic::Subtract => sum(-1),
        Arithmetic::Multiply => a.checked_mul(c).zip(b.checked_mul(d)),
        Arithmetic::Divide if c == 0 => return Lane::Fault(Fault::DivisionByZero),
        Arithmetic::Divide => {
            // The denominator stays above 0.
            let sign = c.signum();
            let magnitude = c.checked_mul(sign);
            let same = b == d;
            let numerator = if same { a.checked_mul(sign) } else { a.checked_mul(d).and_then(|n| n.checked_mul(sign)) };
            let denominator = if same { magnitude } else { magnitude.and_then(|c| b.checked_mul(c)) };
            numerator.zip(denominator)
        }
    };
    found.map_or(Lane::Wide, |(numerator, denominator)| Lane::Known(numerator, denominator))
}

fn change(kind: Change, old: (i128, i128), new: (i128, i128)) -> Lane {
    let difference = match kind {
        Change::Growth | Change::Increase => arithmetic(Arithmetic::Subtract, new, old),
        Change::Reduction | Change::Decrease => arithmetic(Arithmetic::Subtract, old, new),
    };
    match kind {
        Change::Increase | Change::Decrease => difference,
        Change::Growth | Change::Reduction => match old.0.cmp(&0) {
            Ordering::Equal => Lane::Fault(Fault::ZeroBase),
            Ordering::Less => Lane::Fault(Fault::NegativeBase),
            Ordering::Greater => match difference {
                Lane::Known(a, b) => arithmetic(Arithmetic::Divide, (a, b), old),
                other => other,
            },
        },
    }
}

fn constant(number: &Number) -> Lane {
    number.to_parts().map_or(Lane::Wide, |(numerator, denominator)| Lane::Known(numerator, denominator))
}

impl<'a> Layout<'_, 'a> {
    fn condition(&mut self, expr: &'a Expr, frame: &Frame) -> Option<Condition<'a>> {
        Some(match &expr.kind {
            ExprKind::Boolean(value) => Condition::Constant(Truth::from(*value)),
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

    fn conditions(&mut self, parts: &'a [Expr], frame: &Frame) -> Option<Vec<Condition<'a>>> {
        parts.iter().map(|part| self.condition(part, frame)).collect()
    }

    fn quantity(&mut self, expr: &'a Expr, frame: &Frame) -> Option<Quantity<'a>> {
        Some(match &expr.kind {
            ExprKind::Number(number) => Quantity::Constant(constant(number)),
            ExprKind::Standard(id) => {
                let entry = self.figures.context.standards.in_force(*id, frame.period);
                match entry.map(|entry| &entry.value) {
                    None => Quantity::Constant(Lane::Missing),
                    Some(Scalar::Number(number)) => Quantity::Constant(constant(number)),
                    Some(_) => return None,
                }
            }
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
                    None => Quantity::Constant(Lane::Fault(Fault::NoSuchPeriod)),
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
                let indicator = self.figures.suite().indicators.get(id.0)?;
                let body = indicator.body.as_ref()?;
                let members = indicator.params.iter().map(|dim| Some((*dim, frame.member(*dim)?)));
                let inner = Frame { period: frame.period, members: members.collect::<Option<_>>()? };
                self.depth += 1;
                let found = if self.depth > DEEPEST { None } else { self.quantity(body, &inner) };
                self.depth -= 1;
                found?
            }
            ExprKind::Aggregate(aggregate) => Quantity::Sum(Box::new(self.sum(aggregate, frame)?)),
            _ => return None,
        })
    }

    fn sum(&mut self, aggregate: &'a Aggregate, frame: &Frame) -> Option<Sum<'a>> {
        if matches!(aggregate.function, Function::Min | Function::Max | Function::Distinct) {
            return None;
        }
        let figures = self.figures;
        let rollup = figures.rollup(aggregate)?.packed().filter(|rollup| rollup.wild.is_empty())?;
        let scope = &rollup.scope;
        let source = figures.plan.source(aggregate.id)?;
        let mut at = Vec::new();
        let period = figures.suite().datasets.get(aggregate.dataset.0)?.period;
        let dims = aggregate.scope.iter().map(|(_, dim)| Some(*dim)).chain(period.map(|_| None));
        for ((axis, _), dim) in scope.axes.iter().zip(dims) {
            let of = scope.cube.axes.get(*axis)?;
            at.push(match dim.map(|dim| frame.member(dim)) {
                None => At::Fixed(of.place(&Scalar::Period(frame.period))),
                Some(Some(Member::Given(member))) => At::Fixed(of.place(&Scalar::Text(member))),
                Some(Some(Member::Case(position))) => At::Case(self.indices(source.query, *axis, position)?),
                Some(None) => return None,
            });
        }
        // More columns than this are judged apart.
        if at.len() > 8 || at.len() != scope.axes.len() {
            return None;
        }
        let factor = match scope.cube.slots.get(rollup.slot())? {
            PackedSlot::Rows => (1, 1),
            PackedSlot::Decimals(sums) => sums.number(1).to_parts()?,
        };
        Some(Sum {
            rollup,
            function: aggregate.function,
            of_column: aggregate.of.is_some(),
            blanks_matter: aggregate.function != Function::Count && !aggregate.blank_as_zero,
            at,
            factor,
        })
    }

    /// The number of the list of indices of a member of the cases along an axis.
    fn indices(&mut self, query: usize, axis: usize, position: usize) -> Option<usize> {
        let figures = self.figures;
        let of = figures.packed(query)?.axes.get(axis)?;
        let name = (self.cases.as_ptr() as usize, query, axis, position);
        let mut known = figures.indices.borrow_mut();
        let list = known.entry(name).or_insert_with(|| {
            let index = |member: Option<&super::eval::Member>| match member {
                Some((_, Some(member))) => match of.place(&Scalar::Text(Arc::clone(member))) {
                    Some(index) => u32::try_from(index).unwrap_or(UNTOLD),
                    None => NOT_THERE,
                },
                _ => UNTOLD,
            };
            Arc::new(self.cases.iter().map(|case| index(case.get(position))).collect())
        });
        let list = Arc::clone(list);
        let same = self.members.iter().position(|own| Arc::ptr_eq(own, &list));
        Some(same.unwrap_or_else(|| {
            self.members.push(list);
            self.members.len() - 1
        }))
    }
}

impl Frame {
    fn member(&self, dim: DimId) -> Option<Member> {
        self.members.iter().rev().find(|(of, _)| *of == dim).map(|(_, member)| member.clone())
    }

    fn moved(&self, period: Option<PeriodRef>, members: &[(DimId, String)]) -> Option<Frame> {
        let mut frame = self.clone();
        if let Some(period) = period {
            frame.period = period.from(self.period)?;
        }
        frame.members.extend(members.iter().map(|(dim, member)| (*dim, Member::Given(Arc::from(member.as_str())))));
        Some(frame)
    }
}
