//! Values and conditions, evaluated one after the other as they are written.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::mem::discriminant;
use std::sync::Arc;

use super::rows::cell_value;
use super::{Gap, Value, World};
use crate::quantity::{Number, Period, Scalar, Truth};
use crate::semantics::hir::{
    Arithmetic, Change, ColumnId, Comparison, DatasetId, DimId, Expr, ExprKind, Function, IndicatorId, List, PeriodRef,
};

/// Where an expression is evaluated.
#[derive(Clone)]
pub(super) struct Frame {
    /// The current period.
    pub period: Period,
    /// Members of the case, or of the indicator's params.
    pub members: BTreeMap<DimId, Option<Arc<str>>>,
    /// Members that an enclosing [`ExprKind::At`] sets.
    pub set: BTreeMap<DimId, Arc<str>>,
    /// The row, in row expressions.
    pub row: Option<(DatasetId, usize)>,
}

impl Frame {
    /// That of a row expression.
    pub(super) fn of_row(period: Period, dataset: DatasetId, row: usize) -> Frame {
        Frame { period, members: BTreeMap::new(), set: BTreeMap::new(), row: Some((dataset, row)) }
    }

    /// The member of a dimension, if it can be told.
    pub(super) fn member(&self, dim: DimId) -> Option<Arc<str>> {
        self.set.get(&dim).cloned().or_else(|| self.members.get(&dim).cloned().flatten())
    }

    fn in_period(&self, period: Period) -> Frame {
        Frame { period, ..self.clone() }
    }
}

/// A number, or a fault.
pub(super) fn number(value: Scalar) -> Value<Number> {
    match value {
        Scalar::Number(number) => Ok(number),
        _ => Err(Gap::Fault),
    }
}

/// Two values, if both are known; a fault outweighs a gap.
pub(super) fn both<A, B>(a: Value<A>, b: Value<B>) -> Value<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(Gap::Fault), _) | (_, Err(Gap::Fault)) => Err(Gap::Fault),
        _ => Err(Gap::Missing),
    }
}

/// All values, if all are known; a fault outweighs a gap.
pub(super) fn every(values: &[Value]) -> Value<Vec<Scalar>> {
    if values.iter().any(|value| matches!(value, Err(Gap::Fault))) {
        return Err(Gap::Fault);
    }
    values.iter().cloned().collect()
}

fn truth_of(value: Value) -> Truth {
    match value {
        Ok(Scalar::Boolean(true)) => Truth::True,
        Ok(Scalar::Boolean(false)) => Truth::False,
        Ok(_) | Err(Gap::Fault) => Truth::Error,
        Err(Gap::Missing) => Truth::Unknown,
    }
}

fn value_of(truth: Truth) -> Value {
    match truth {
        Truth::True => Ok(Scalar::Boolean(true)),
        Truth::False => Ok(Scalar::Boolean(false)),
        Truth::Unknown => Err(Gap::Missing),
        Truth::Error => Err(Gap::Fault),
    }
}

fn positive(number: &Number) -> bool {
    !number.is_zero() && !number.is_negative()
}

impl World<'_> {
    /// The value of an expression.
    pub(super) fn value(&self, e: &Expr, frame: &Frame) -> Value {
        match &e.kind {
            ExprKind::Number(number) => Ok(Scalar::Number(number.clone())),
            ExprKind::Text(text) => Ok(Scalar::text(text)),
            ExprKind::Boolean(value) => Ok(Scalar::Boolean(*value)),
            ExprKind::Date(date) => Ok(Scalar::Date(*date)),
            ExprKind::Period(period) => Ok(Scalar::Period(*period)),
            ExprKind::ThisPeriod => Ok(Scalar::Period(frame.period)),
            ExprKind::Level(_, level) => Ok(Scalar::Level(*level)),
            ExprKind::Member(dim) => frame.member(*dim).map(Scalar::Text).ok_or(Gap::Missing),
            ExprKind::Column(column) => self.column(*column, frame),
            ExprKind::Standard(id) => match self.standards.in_force(*id, frame.period) {
                Some(entry) => Ok(entry.value.clone()),
                None => Err(Gap::Missing),
            },
            ExprKind::Indicator(id) => self.indicator(*id, frame),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, frame),
            ExprKind::At { of, period, members } => {
                let mut there = frame.clone();
                if let Some(period) = period {
                    there.period = period.from(frame.period).ok_or(Gap::Fault)?;
                }
                for (dim, member) in members {
                    there.set.insert(*dim, member.as_str().into());
                }
                self.value(of, &there)
            }
            ExprKind::Fold { function, of, periods } => {
                let values = periods.iter().map(|period| self.value(of, &frame.in_period(*period)));
                fold(*function, &values.collect::<Vec<Value>>())
            }
            ExprKind::Negate(of) => Ok(Scalar::Number(-&number(self.value(of, frame)?)?)),
            ExprKind::Arithmetic { operator, left, right } => {
                calculate(*operator, both(self.value(left, frame), self.value(right, frame))?)
            }
            ExprKind::Change { kind, of, since, official } => self.change(*kind, of, *since, *official, frame),
            ExprKind::ChildrenSum { measure, along } => match frame.row {
                Some((dataset, row)) => self.children_sum(dataset, row, *measure, *along),
                None => Err(Gap::Fault),
            },
            // Has a meaning only on the left of a comparison.
            ExprKind::YearlyGrowth { .. } => Err(Gap::Fault),
            ExprKind::Compare { .. }
            | ExprKind::Near { .. }
            | ExprKind::Doubles { .. }
            | ExprKind::Filled(_)
            | ExprKind::Unique(_)
            | ExprKind::In { .. }
            | ExprKind::Matches { .. }
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Implies(..)
            | ExprKind::Quantified { .. }
            | ExprKind::Streak { .. } => value_of(self.truth(e, frame)),
        }
    }

    /// The outcome of a condition.
    pub(super) fn truth(&self, e: &Expr, frame: &Frame) -> Truth {
        match &e.kind {
            ExprKind::Compare { operator, left, right } => self.compare(*operator, left, right, frame),
            ExprKind::Near { left, right, margin, relative } => {
                truth_of(self.near(left, right, margin, *relative, frame))
            }
            ExprKind::Doubles { of, since, times } => truth_of(self.doubles(of, *since, *times, frame)),
            ExprKind::Filled(column) => match self.column(*column, frame) {
                Ok(_) => Truth::True,
                Err(Gap::Missing) => Truth::False,
                Err(Gap::Fault) => Truth::Error,
            },
            ExprKind::Unique(columns) => match frame.row {
                Some((dataset, row)) => truth_of(self.unique(dataset, row, columns)),
                None => Truth::Error,
            },
            ExprKind::In { of, list } => match self.value(of, frame) {
                Ok(value) => self.is_in(&value, list),
                Err(Gap::Missing) => Truth::Unknown,
                Err(Gap::Fault) => Truth::Error,
            },
            ExprKind::Matches { of, pattern } => match self.value(of, frame) {
                Ok(Scalar::Text(text)) => Truth::from(pattern.is_match(&text)),
                Err(Gap::Missing) => Truth::Unknown,
                Ok(_) | Err(Gap::Fault) => Truth::Error,
            },
            ExprKind::Not(of) => self.truth(of, frame).not(),
            ExprKind::And(parts) => parts.iter().fold(Truth::True, |all, part| all.and(self.truth(part, frame))),
            ExprKind::Or(parts) => parts.iter().fold(Truth::False, |any, part| any.or(self.truth(part, frame))),
            ExprKind::Implies(condition, then) => self.truth(condition, frame).not().or(self.truth(then, frame)),
            ExprKind::Quantified { every: true, periods, condition } => periods
                .iter()
                .fold(Truth::True, |all, period| all.and(self.truth(condition, &frame.in_period(*period)))),
            ExprKind::Quantified { every: false, periods, condition } => periods
                .iter()
                .fold(Truth::False, |any, period| any.or(self.truth(condition, &frame.in_period(*period)))),
            ExprKind::Streak { times, step, condition } => {
                if step.is_some_and(|step| step != frame.period.granularity()) {
                    return Truth::Error;
                }
                let mut all = Truth::True;
                for back in 0..*times {
                    let period = i32::try_from(back).ok().and_then(|back| frame.period.plus(-back));
                    let here = period.map_or(Truth::Error, |period| self.truth(condition, &frame.in_period(period)));
                    all = all.and(here);
                }
                all
            }
            _ => truth_of(self.value(e, frame)),
        }
    }

    fn column(&self, column: ColumnId, frame: &Frame) -> Value {
        let (dataset, row) = frame.row.ok_or(Gap::Fault)?;
        cell_value(self.submission.table(dataset).ok_or(Gap::Missing)?.cell(row, column))
    }

    fn indicator(&self, id: IndicatorId, frame: &Frame) -> Value {
        let indicator = self.suite.indicators.get(id.0).ok_or(Gap::Fault)?;
        let Some(body) = &indicator.body else { return self.plain_indicator(indicator, frame) };
        let members = indicator.params.iter().map(|dim| (*dim, frame.member(*dim))).collect();
        self.value(body, &Frame { period: frame.period, members, set: BTreeMap::new(), row: None })
    }

    fn number_in(&self, e: &Expr, period: Period, frame: &Frame) -> Value<Number> {
        number(self.value(e, &frame.in_period(period))?)
    }

    fn change(&self, kind: Change, of: &Expr, since: PeriodRef, official: Option<IndicatorId>, frame: &Frame) -> Value {
        let earlier = earlier(since, frame.period)?;
        if let (Some(rate), Change::Growth | Change::Reduction) = (official, kind) {
            let growth = &self.compounded(rate, earlier, frame.period, frame)? - &Number::one();
            return Ok(Scalar::Number(if kind == Change::Growth { growth } else { -&growth }));
        }
        let (new, old) = both(self.number_in(of, frame.period, frame), self.number_in(of, earlier, frame))?;
        let difference = match kind {
            Change::Growth | Change::Increase => &new - &old,
            Change::Reduction | Change::Decrease => &old - &new,
        };
        match kind {
            Change::Increase | Change::Decrease => Ok(Scalar::Number(difference)),
            Change::Growth | Change::Reduction if !positive(&old) => Err(Gap::Fault),
            Change::Growth | Change::Reduction => difference.div(&old).map(Scalar::Number).ok_or(Gap::Fault),
        }
    }

    /// By what factor something grew from `earlier` to `last`, by its official yearly rates.
    fn compounded(&self, rate: IndicatorId, earlier: Period, last: Period, frame: &Frame) -> Value<Number> {
        let mut rates = Vec::new();
        let mut period = last;
        while period > earlier {
            rates.push(self.indicator(rate, &frame.in_period(period)));
            period = period.plus_years(-1).ok_or(Gap::Fault)?;
        }
        if period != earlier {
            return Err(Gap::Fault);
        }
        let mut factor = Number::one();
        for rate in every(&rates)? {
            factor = &factor * &(&Number::one() + &number(rate)?);
        }
        Ok(factor)
    }

    fn compare(&self, operator: Comparison, left: &Expr, right: &Expr, frame: &Frame) -> Truth {
        let right = self.value(right, frame);
        let ordering = match &left.kind {
            ExprKind::YearlyGrowth { of, periods, official } => {
                self.compare_yearly(of, periods, *official, right, frame)
            }
            _ => match both(self.value(left, frame), right) {
                Ok((left, right)) if discriminant(&left) == discriminant(&right) => Ok(left.cmp(&right)),
                Ok(_) => Err(Gap::Fault),
                Err(gap) => Err(gap),
            },
        };
        truth_of(ordering.map(|ordering| Scalar::Boolean(holds(operator, ordering))))
    }

    fn compare_yearly(
        &self,
        of: &Expr,
        periods: &[Period],
        official: Option<IndicatorId>,
        rate: Value,
        frame: &Frame,
    ) -> Value<Ordering> {
        let base = periods.first().and_then(|first| first.plus(-1)).ok_or(Gap::Fault)?;
        let last = *periods.last().ok_or(Gap::Fault)?;
        let years = u32::try_from(periods.len()).map_err(|_| Gap::Fault)?;
        let ends = match official {
            Some(indicator) => self.compounded(indicator, base, last, frame).map(|end| (Number::one(), end)),
            None => both(self.number_in(of, base, frame), self.number_in(of, last, frame)),
        };
        // Growth from such a base cannot be told, whatever it is compared with.
        let ends = match ends {
            Ok((base, end)) if !positive(&base) || end.is_negative() => Err(Gap::Fault),
            ends => ends,
        };
        let ((base, end), rate) = both(ends, rate.and_then(number))?;
        let factor = &Number::one() + &rate;
        if factor.is_negative() {
            return Ok(Ordering::Greater);
        }
        let mut wanted = base;
        for _ in 0..years {
            wanted = &wanted * &factor;
        }
        Ok(end.cmp(&wanted))
    }

    fn near(&self, left: &Expr, right: &Expr, margin: &Expr, relative: bool, frame: &Frame) -> Value {
        let sides = both(self.value(left, frame), self.value(right, frame));
        let ((left, right), margin) = both(sides, self.value(margin, frame))?;
        let (left, right, margin) = (number(left)?, number(right)?, number(margin)?);
        let distance = (&left - &right).abs();
        let allowed = if relative { &margin * &right.abs() } else { margin };
        Ok(Scalar::Boolean(distance <= allowed))
    }

    fn doubles(&self, of: &Expr, since: PeriodRef, times: u32, frame: &Frame) -> Value {
        let earlier = earlier(since, frame.period)?;
        let (new, old) = both(self.number_in(of, frame.period, frame), self.number_in(of, earlier, frame))?;
        if !positive(&old) {
            return Err(Gap::Fault);
        }
        Ok(Scalar::Boolean(new >= &Number::from(2i128).pow(times) * &old))
    }

    fn is_in(&self, value: &Scalar, list: &List) -> Truth {
        match list {
            List::Values(values) => Truth::from(values.contains(value)),
            List::Column(dataset, column) => {
                let Some(table) = self.submission.table(*dataset) else { return Truth::Unknown };
                let cells: Vec<Value> = (0..table.len()).map(|row| cell_value(table.cell(row, *column))).collect();
                if cells.iter().any(|cell| cell.as_ref() == Ok(value)) {
                    Truth::True
                } else if cells.contains(&Err(Gap::Fault)) {
                    Truth::Error
                } else if cells.contains(&Err(Gap::Missing)) || cells.is_empty() {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
        }
    }
}

/// The period that a change is told from: of the same length, and before this one.
fn earlier(since: PeriodRef, period: Period) -> Value<Period> {
    let earlier = since.from(period).ok_or(Gap::Fault)?;
    if earlier.granularity() == period.granularity() && earlier < period { Ok(earlier) } else { Err(Gap::Fault) }
}

fn holds(operator: Comparison, ordering: Ordering) -> bool {
    match operator {
        Comparison::AtLeast => ordering != Ordering::Less,
        Comparison::AtMost => ordering != Ordering::Greater,
        Comparison::Above => ordering == Ordering::Greater,
        Comparison::Below => ordering == Ordering::Less,
        Comparison::Equal => ordering == Ordering::Equal,
        Comparison::NotEqual => ordering != Ordering::Equal,
    }
}

fn calculate(operator: Arithmetic, operands: (Scalar, Scalar)) -> Value {
    match (operator, operands) {
        (Arithmetic::Subtract, (Scalar::Date(later), Scalar::Date(earlier))) => {
            let days = later.since(earlier).map_err(|_| Gap::Fault)?.get_days();
            Ok(Scalar::Number(&Number::from(i128::from(days)) * &Number::from(86_400i128)))
        }
        (operator, (Scalar::Number(a), Scalar::Number(b))) => match operator {
            Arithmetic::Add => Ok(Scalar::Number(&a + &b)),
            Arithmetic::Subtract => Ok(Scalar::Number(&a - &b)),
            Arithmetic::Multiply => Ok(Scalar::Number(&a * &b)),
            Arithmetic::Divide => a.div(&b).map(Scalar::Number).ok_or(Gap::Fault),
        },
        _ => Err(Gap::Fault),
    }
}

fn fold(function: Function, values: &[Value]) -> Value {
    if values.contains(&Err(Gap::Fault)) {
        return Err(Gap::Fault);
    }
    if function == Function::Count {
        let known = values.iter().filter(|value| value.is_ok()).count();
        return if known == 0 { Err(Gap::Missing) } else { Ok(Scalar::Number(Number::from(known as u64))) };
    }
    let known = every(values)?;
    match function {
        Function::Min => known.into_iter().min().ok_or(Gap::Missing),
        Function::Max => known.into_iter().max().ok_or(Gap::Missing),
        Function::Sum | Function::Mean => {
            let count = Number::from(known.len() as u64);
            let mut sum = Number::zero();
            for value in known {
                sum = &sum + &number(value)?;
            }
            if count.is_zero() {
                return Err(Gap::Missing);
            }
            let divisor = if function == Function::Mean { count } else { Number::one() };
            sum.div(&divisor).map(Scalar::Number).ok_or(Gap::Fault)
        }
        Function::Count | Function::Distinct | Function::Share => Err(Gap::Fault),
    }
}
