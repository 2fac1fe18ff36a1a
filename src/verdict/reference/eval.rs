//! Values and conditions, evaluated one after the other as they are written.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::mem::discriminant;
use std::sync::Arc;

use super::rows::cell_value;
use super::{Datum, Gap, Range, Value, World};
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

impl From<Scalar> for Datum {
    fn from(scalar: Scalar) -> Datum {
        match scalar {
            Scalar::Number(number) => Datum::Number(Range::exactly(&number)),
            other => Datum::Other(other),
        }
    }
}

/// A number, or a fault.
pub(super) fn number(value: Datum) -> Value<Range> {
    match value {
        Datum::Number(range) => Ok(range),
        Datum::Other(_) => Err(Gap::Fault),
    }
}

/// Two values, if both are known; else the gap that outweighs.
pub(super) fn both<A, B>(a: Value<A>, b: Value<B>) -> Value<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(a.max(b)),
        (Err(gap), _) | (_, Err(gap)) => Err(gap),
    }
}

/// All values, if all are known; else the gap that outweighs.
pub(super) fn every(values: &[Value]) -> Value<Vec<Datum>> {
    match values.iter().filter_map(|value| value.as_ref().err()).max() {
        Some(gap) => Err(*gap),
        None => values.iter().cloned().collect(),
    }
}

/// What a condition comes to that some values meet and others do not.
fn open(sides: &[&Range]) -> Truth {
    if sides.iter().any(|side| side.is_bound()) { Truth::Unknown } else { Truth::Borderline }
}

/// Does what holds of each of these ways hold of all, or of none?
fn settled(ways: impl IntoIterator<Item = bool>) -> Option<bool> {
    let ways: Vec<bool> = ways.into_iter().collect();
    match (ways.contains(&true), ways.contains(&false)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn one() -> Range {
    Range::exactly(&Number::one())
}

fn truth_of(value: Value) -> Truth {
    match value {
        Ok(Datum::Other(Scalar::Boolean(true))) => Truth::True,
        Ok(Datum::Other(Scalar::Boolean(false))) => Truth::False,
        Ok(_) | Err(Gap::Fault) => Truth::Error,
        Err(Gap::Missing) => Truth::Unknown,
        Err(Gap::Borderline) => Truth::Borderline,
    }
}

pub(super) fn value_of(truth: Truth) -> Value {
    match truth {
        Truth::True => Ok(Datum::Other(Scalar::Boolean(true))),
        Truth::False => Ok(Datum::Other(Scalar::Boolean(false))),
        Truth::Borderline => Err(Gap::Borderline),
        Truth::Unknown => Err(Gap::Missing),
        Truth::Error => Err(Gap::Fault),
    }
}

impl World<'_> {
    /// The value of an expression.
    pub(super) fn value(&self, e: &Expr, frame: &Frame) -> Value {
        match &e.kind {
            ExprKind::Number(number) => Ok(Datum::Number(Range::exactly(number))),
            ExprKind::Text(text) => Ok(Datum::Other(Scalar::text(text))),
            ExprKind::Boolean(value) => Ok(Datum::Other(Scalar::Boolean(*value))),
            ExprKind::Date(date) => Ok(Datum::Other(Scalar::Date(*date))),
            ExprKind::Period(period) => Ok(Datum::Other(Scalar::Period(*period))),
            ExprKind::ThisPeriod => Ok(Datum::Other(Scalar::Period(frame.period))),
            ExprKind::Level(_, level) => Ok(Datum::Other(Scalar::Level(*level))),
            ExprKind::Member(dim) => frame.member(*dim).map(|m| Datum::Other(Scalar::Text(m))).ok_or(Gap::Missing),
            ExprKind::Column(column) => self.column(*column, frame),
            ExprKind::Standard(id) => match self.standards.in_force(*id, frame.period) {
                Some(entry) => Ok(entry.value.clone().into()),
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
            ExprKind::Negate(of) => Ok(Datum::Number(number(self.value(of, frame)?)?.negated())),
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
                truth_of(self.near(left, right, margin, *relative, frame).and_then(value_of))
            }
            ExprKind::Doubles { of, since, times } => {
                truth_of(self.doubles(of, *since, *times, frame).and_then(value_of))
            }
            ExprKind::Filled(column) => match self.column(*column, frame) {
                Ok(_) => Truth::True,
                Err(Gap::Missing) => Truth::False,
                Err(Gap::Borderline | Gap::Fault) => Truth::Error,
            },
            ExprKind::Unique(columns) => match frame.row {
                Some((dataset, row)) => truth_of(self.unique(dataset, row, columns)),
                None => Truth::Error,
            },
            ExprKind::In { of, list } => match self.value(of, frame) {
                Ok(value) => self.is_in(&value, list),
                Err(gap) => truth_of(Err(gap)),
            },
            ExprKind::Matches { of, pattern } => match self.value(of, frame) {
                Ok(Datum::Other(Scalar::Text(text))) => Truth::from(pattern.is_match(&text)),
                Ok(_) => Truth::Error,
                Err(gap) => truth_of(Err(gap)),
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
        cell_value(&self.submission.table(dataset).ok_or(Gap::Missing)?.cell(row, column))
    }

    fn indicator(&self, id: IndicatorId, frame: &Frame) -> Value {
        let indicator = self.suite.indicators.get(id.0).ok_or(Gap::Fault)?;
        let Some(body) = &indicator.body else { return self.plain_indicator(indicator, frame) };
        let members = indicator.params.iter().map(|dim| (*dim, frame.member(*dim))).collect();
        self.value(body, &Frame { period: frame.period, members, set: BTreeMap::new(), row: None })
    }

    fn number_in(&self, e: &Expr, period: Period, frame: &Frame) -> Value<Range> {
        number(self.value(e, &frame.in_period(period))?)
    }

    fn change(&self, kind: Change, of: &Expr, since: PeriodRef, official: Option<IndicatorId>, frame: &Frame) -> Value {
        let earlier = earlier(since, frame.period)?;
        let growth = match (official, kind) {
            (Some(rate), Change::Growth | Change::Reduction) => {
                self.compounded(rate, earlier, frame.period, frame)?.minus(&one())
            }
            _ => {
                let (new, old) = both(self.number_in(of, frame.period, frame), self.number_in(of, earlier, frame))?;
                match kind {
                    Change::Increase | Change::Decrease => new.minus(&old),
                    Change::Growth | Change::Reduction if !old.surely_positive() => return Err(Gap::Fault),
                    Change::Growth | Change::Reduction => new.by(&old).ok_or(Gap::Fault)?.minus(&one()),
                }
            }
        };
        Ok(Datum::Number(match kind {
            Change::Growth | Change::Increase => growth,
            Change::Reduction | Change::Decrease => growth.negated(),
        }))
    }

    /// By what factor something grew from `earlier` to `last`, by its official yearly rates.
    fn compounded(&self, rate: IndicatorId, earlier: Period, last: Period, frame: &Frame) -> Value<Range> {
        let mut rates = Vec::new();
        let mut period = last;
        while period > earlier {
            rates.push(self.indicator(rate, &frame.in_period(period)));
            period = period.plus_years(-1).ok_or(Gap::Fault)?;
        }
        if period != earlier {
            return Err(Gap::Fault);
        }
        let mut factor = one();
        for rate in every(&rates)? {
            factor = factor.times(&one().plus(&number(rate)?));
        }
        Ok(factor)
    }

    fn compare(&self, operator: Comparison, left: &Expr, right: &Expr, frame: &Frame) -> Truth {
        let right = self.value(right, frame);
        let truth = match &left.kind {
            ExprKind::YearlyGrowth { of, periods, official } => {
                self.compare_yearly(operator, (of, periods, *official), right, frame)
            }
            _ => both(self.value(left, frame), right).and_then(|(left, right)| match (left, right) {
                (Datum::Number(left), Datum::Number(right)) => Ok(stand(operator, &left, &right)),
                (Datum::Other(left), Datum::Other(right)) if discriminant(&left) == discriminant(&right) => {
                    Ok(Truth::from(holds(operator, left.cmp(&right))))
                }
                _ => Err(Gap::Fault),
            }),
        };
        truth_of(truth.and_then(value_of))
    }

    fn compare_yearly(
        &self,
        operator: Comparison,
        (of, periods, official): (&Expr, &[Period], Option<IndicatorId>),
        rate: Value,
        frame: &Frame,
    ) -> Value<Truth> {
        let base = periods.first().and_then(|first| first.plus(-1)).ok_or(Gap::Fault)?;
        let last = *periods.last().ok_or(Gap::Fault)?;
        let years = u32::try_from(periods.len()).map_err(|_| Gap::Fault)?;
        let ends = match official {
            Some(indicator) => self.compounded(indicator, base, last, frame).map(|end| (one(), end)),
            None => both(self.number_in(of, base, frame), self.number_in(of, last, frame)),
        };
        // Growth from such a base cannot be told, whatever it is compared with.
        let ends = match ends {
            Ok((base, end)) if !base.surely_positive() || end.may_be_negative() => Err(Gap::Fault),
            ends => ends,
        };
        let ((base, end), rate) = both(ends, rate.and_then(number))?;
        let factor = one().plus(&rate);
        let mut ways = Vec::new();
        if factor.may_be_negative() {
            ways.push(holds(operator, Ordering::Greater));
        }
        if let Some(factor) = factor.not_negative() {
            let mut wanted = base.clone();
            for _ in 0..years {
                wanted = wanted.times(&factor);
            }
            ways.extend(end.against(&wanted).into_iter().map(|ordering| holds(operator, ordering)));
        }
        Ok(settled(ways).map_or_else(|| open(&[&base, &end, &rate]), Truth::from))
    }

    /// right − m ≤ left ≤ right + m; of a share of `right`, (1 − m) × right ≤ left ≤ (1 + m) × right where it is not
    /// below 0, and the other way about where it is not above.
    fn near(&self, left: &Expr, right: &Expr, margin: &Expr, relative: bool, frame: &Frame) -> Value<Truth> {
        let sides = both(self.value(left, frame), self.value(right, frame));
        let ((left, right), margin) = both(sides, self.value(margin, frame))?;
        let (left, right, margin) = (number(left)?, number(right)?, number(margin)?);
        let between = |left: &Range, low: &Range, high: &Range| {
            stand(Comparison::AtLeast, left, low).and(stand(Comparison::AtMost, left, high))
        };
        let mut ways: Vec<Truth> = Vec::new();
        if margin.may_be_negative() {
            let zero = Range::exactly(&Number::zero());
            let both_zero = stand(Comparison::Equal, &left, &zero).and(stand(Comparison::Equal, &right, &zero));
            ways.push(if relative { both_zero } else { Truth::False });
        }
        let share = |margin: &Range, left: &Range, right: Range| {
            between(left, &one().minus(margin).times(&right), &one().plus(margin).times(&right))
        };
        match margin.not_negative() {
            Some(margin) if relative => {
                ways.extend(right.not_negative().map(|right| share(&margin, &left, right)));
                ways.extend(right.negated().not_negative().map(|right| share(&margin, &left.negated(), right)));
            }
            Some(margin) => ways.push(between(&left, &right.minus(&margin), &right.plus(&margin))),
            None => {}
        }
        let undecided = ways.iter().any(|way| !matches!(way, Truth::True | Truth::False));
        let decided = if undecided { None } else { settled(ways.iter().map(|way| *way == Truth::True)) };
        Ok(decided.map_or_else(|| open(&[&left, &right, &margin]), Truth::from))
    }

    fn doubles(&self, of: &Expr, since: PeriodRef, times: u32, frame: &Frame) -> Value<Truth> {
        let earlier = earlier(since, frame.period)?;
        let (new, old) = both(self.number_in(of, frame.period, frame), self.number_in(of, earlier, frame))?;
        if !old.surely_positive() {
            return Err(Gap::Fault);
        }
        let mut wanted = old;
        for _ in 0..times {
            wanted = wanted.plus(&wanted);
        }
        Ok(stand(Comparison::AtLeast, &new, &wanted))
    }

    fn is_in(&self, value: &Datum, list: &List) -> Truth {
        let same = |other: &Datum| match (value, other) {
            (Datum::Number(a), Datum::Number(b)) => stand(Comparison::Equal, a, b),
            (a, b) => Truth::from(a == b),
        };
        match list {
            List::Values(values) => {
                values.iter().fold(Truth::False, |any, one| any.or(same(&Datum::from(one.clone()))))
            }
            List::Column(dataset, column) => {
                let Some(table) = self.submission.table(*dataset) else { return Truth::Unknown };
                let cells = (0..table.len()).map(|row| match cell_value(&table.cell(row, *column)) {
                    Ok(one) => same(&one),
                    Err(gap) => truth_of(Err(gap)),
                });
                if table.is_empty() { Truth::Unknown } else { cells.fold(Truth::False, Truth::or) }
            }
        }
    }
}

/// How two numbers stand to each other.
fn stand(operator: Comparison, left: &Range, right: &Range) -> Truth {
    let ways = left.against(right).into_iter().map(|ordering| holds(operator, ordering));
    settled(ways).map_or_else(|| open(&[left, right]), Truth::from)
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

fn calculate(operator: Arithmetic, operands: (Datum, Datum)) -> Value {
    match (operator, operands) {
        (Arithmetic::Subtract, (Datum::Other(Scalar::Date(later)), Datum::Other(Scalar::Date(earlier)))) => {
            let days = later.since(earlier).map_err(|_| Gap::Fault)?.get_days();
            Ok(Scalar::Number(&Number::from(i128::from(days)) * &Number::from(86_400i128)).into())
        }
        (operator, (Datum::Number(a), Datum::Number(b))) => match operator {
            Arithmetic::Add => Ok(Datum::Number(a.plus(&b))),
            Arithmetic::Subtract => Ok(Datum::Number(a.minus(&b))),
            Arithmetic::Multiply => Ok(Datum::Number(a.times(&b))),
            Arithmetic::Divide => a.by(&b).map(Datum::Number).ok_or(Gap::Fault),
        },
        _ => Err(Gap::Fault),
    }
}

fn fold(function: Function, values: &[Value]) -> Value {
    if values.contains(&Err(Gap::Fault)) {
        return Err(Gap::Fault);
    }
    if function == Function::Count {
        if values.contains(&Err(Gap::Borderline)) {
            return Err(Gap::Borderline);
        }
        let known = values.iter().filter(|value| value.is_ok()).count() as u64;
        return if known == 0 { Err(Gap::Missing) } else { Ok(Datum::Number(Range::count(known, known))) };
    }
    if values.is_empty() {
        return Err(Gap::Missing);
    }
    collect(function, every(values)?, &[])
}

/// The sum, mean, least or greatest of some values that count; of the least and the greatest also of some that may count.
pub(super) fn collect(function: Function, counted: Vec<Datum>, may_count: &[Datum]) -> Value {
    let others: Vec<Scalar> =
        counted.iter().filter_map(|d| if let Datum::Other(scalar) = d { Some(scalar.clone()) } else { None }).collect();
    if !others.is_empty() {
        let extreme = match function {
            Function::Min => others.into_iter().min(),
            Function::Max => others.into_iter().max(),
            _ => None,
        };
        let extreme = extreme.ok_or(Gap::Fault)?;
        let changes = |other: &Datum| match other {
            Datum::Other(other) if function == Function::Min => *other < extreme,
            Datum::Other(other) => *other > extreme,
            Datum::Number(_) => false,
        };
        return if may_count.iter().any(changes) { Err(Gap::Borderline) } else { Ok(Datum::Other(extreme)) };
    }
    let counted: Vec<Range> = counted.into_iter().map(number).collect::<Value<_>>()?;
    let may_count: Vec<Range> = may_count.iter().cloned().map(number).collect::<Value<_>>()?;
    let range = match function {
        Function::Min => Range::least(&counted, &may_count),
        Function::Max => Range::greatest(&counted, &may_count),
        Function::Sum => Some(sum(&counted)),
        Function::Mean => sum(&counted).by(&Range::count(counted.len() as u64, counted.len() as u64)),
        Function::Count | Function::Distinct | Function::Share => None,
    };
    range.map(Datum::Number).ok_or(Gap::Fault)
}

pub(super) fn sum(ranges: &[Range]) -> Range {
    ranges.iter().fold(Range::exactly(&Number::zero()), |sum, range| sum.plus(range))
}
