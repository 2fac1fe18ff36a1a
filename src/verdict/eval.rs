//! The value of an expression in a case: its members, its period, and the figures of the cube.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::rollup::{Gap, Keys, Rollup};
use super::trace::{Origin, Trace};
use crate::engine::{Context, Measurement, Values};
use crate::plan::operators::{self, Environment, Fault, Value};
use crate::plan::Plan;
use crate::quantity::{Number, Period, Scalar, Truth, compare_compound};
use crate::semantics::expr_text;
use crate::semantics::hir::{
    Aggregate, Change, ColumnId, DimId, Expr, ExprKind, Function, INDICATOR_TABLE, Indicator, IndicatorId, List,
    PeriodRef, REGION, Suite, Type, indicator_table,
};

/// A dimension's member; `None` where it cannot be told which.
pub(super) type Member = (DimId, Option<Arc<str>>);

type Memo = HashMap<(IndicatorId, Vec<Member>, Period), Value>;

/// The figures that all cases draw on.
pub(super) struct Figures<'a> {
    pub context: &'a Context<'a>,
    pub plan: &'a Plan,
    pub measurement: &'a Measurement,
    rollups: Vec<OnceCell<Option<Rc<Rollup>>>>,
    /// Aggregates that ask for the same share a rollup.
    shared: RefCell<HashMap<String, Rc<Rollup>>>,
    memo: RefCell<Memo>,
}

impl<'a> Figures<'a> {
    pub fn new(context: &'a Context<'a>, plan: &'a Plan, measurement: &'a Measurement) -> Self {
        Figures {
            context,
            plan,
            measurement,
            rollups: (0..plan.aggregates.len()).map(|_| OnceCell::new()).collect(),
            shared: RefCell::default(),
            memo: RefCell::default(),
        }
    }

    pub fn suite(&self) -> &'a Suite {
        self.context.suite
    }

    /// The figures of an aggregate; `None` if nothing was submitted for its dataset.
    pub fn rollup(&self, aggregate: &Aggregate) -> Option<&Rollup> {
        self.rollups.get(aggregate.id.0)?.get_or_init(|| self.roll_up(aggregate)).as_deref()
    }

    fn roll_up(&self, aggregate: &Aggregate) -> Option<Rc<Rollup>> {
        let source = self.plan.source(aggregate.id)?;
        let query = self.plan.queries.get(source.query)?;
        let cube = self.measurement.cubes.get(source.query)?.as_ref()?;
        let mut scope: Vec<ColumnId> = aggregate.scope.iter().map(|(column, _)| *column).collect();
        scope.extend(self.suite().datasets.get(aggregate.dataset.0).and_then(|dataset| dataset.period));
        let filter = aggregate.filter.as_deref().filter(|_| source.filter_on_keys).map(expr_text).unwrap_or_default();
        let share = aggregate.function == Function::Share;
        let name = format!("{source:?} {scope:?} {share} {filter}");
        if let Some(known) = self.shared.borrow().get(&name) {
            return Some(Rc::clone(known));
        }
        // As in a row, both are those of the run.
        let standard = |expr: &Expr| match &expr.kind {
            ExprKind::ThisPeriod => Value::Known(Scalar::Period(self.context.period)),
            ExprKind::Standard(id) => match self.context.standards.in_force(*id, self.context.period) {
                Some(entry) => Value::Known(entry.value.clone()),
                None => Value::Missing,
            },
            _ => Value::Fault(Fault::Type),
        };
        let keys = Keys { query, codes: &[], measurement: self.measurement, standard: &standard };
        let rollup = Rc::new(Rollup::new(cube, query, source, aggregate, &scope, keys));
        self.shared.borrow_mut().insert(name, Rc::clone(&rollup));
        Some(rollup)
    }

    /// Where a plain indicator's figure of a region and period stands in the cube of the indicator table.
    pub fn plain(&self, indicator: &Indicator, region: &str, period: Period) -> (Value, Option<Gap>, u8) {
        let cube = self
            .plan
            .query(INDICATOR_TABLE)
            .and_then(|(at, query)| Some((query, self.measurement.cubes.get(at)?.as_ref()?)));
        let Some((query, cube)) = cube else { return (Value::Missing, Some(Gap::NoRows), 0) };
        let codes: Vec<crate::engine::Key> = query
            .keys
            .iter()
            .map(|column| {
                crate::engine::Key::Known(match *column {
                    indicator_table::INDICATOR => Scalar::text(&indicator.name),
                    indicator_table::REGION => Scalar::text(region),
                    _ => Scalar::Period(period),
                })
            })
            .collect();
        let slot = cube.groups.get(&codes).and_then(|group| group.slots.iter().find(|slot| slot.rows > 0));
        let Some(slot) = slot else { return (Value::Missing, Some(Gap::NoRows), 0) };
        let value = match (&slot.min, &slot.max) {
            _ if slot.faults > 0 => Value::Fault(Fault::Unreadable),
            _ if slot.blanks > 0 => Value::Missing,
            (Some(min), Some(max)) if min == max => Value::Known(min.clone()),
            (Some(_), Some(_)) => Value::Fault(Fault::Conflict),
            _ => Value::Missing,
        };
        let gap = (!matches!(value, Value::Known(_))).then_some(Gap::Doubtful);
        (value, gap, slot.scale)
    }
}

/// A case, or a case seen from another period or with other members.
#[derive(Clone)]
pub(super) struct CaseEnv<'a> {
    pub figures: &'a Figures<'a>,
    /// Of the rule's 对每个, or of an indicator's params.
    pub members: Vec<Member>,
    /// Set by `X[维度 = "…"]`.
    pub set: Vec<(DimId, Arc<str>)>,
    pub period: Period,
    /// Notes the figures that were used, for a finding.
    pub trace: Option<Rc<RefCell<Trace<'a>>>>,
    /// The indicator whose whole body is being evaluated.
    pub named: Option<&'a str>,
}

impl<'a> CaseEnv<'a> {
    pub fn at(&self, period: Period) -> Self {
        CaseEnv { period, named: None, ..self.clone() }
    }

    /// The case with the period of a reference, if there is such a period.
    pub fn in_period(&self, period: PeriodRef) -> Option<Self> {
        period.from(self.period).map(|period| self.at(period))
    }

    /// The member of a dimension: `None` if the scope does not say, `Some(None)` if it cannot be told.
    pub fn member(&self, dim: DimId) -> Option<Option<Arc<str>>> {
        let set = self.set.iter().rev().find(|(set, _)| *set == dim).map(|(_, member)| Some(Arc::clone(member)));
        set.or_else(|| self.members.iter().find(|(of, _)| *of == dim).map(|(_, member)| member.clone()))
    }

    /// The keys under which an aggregate's rollup holds this case; `None` if a member cannot be told.
    pub fn keys(&self, aggregate: &Aggregate) -> Option<Vec<(ColumnId, Scalar)>> {
        let mut keys = Vec::new();
        for (column, dim) in &aggregate.scope {
            keys.push((*column, Scalar::Text(self.member(*dim).flatten()?)));
        }
        let period = self.figures.suite().datasets.get(aggregate.dataset.0).and_then(|dataset| dataset.period);
        keys.extend(period.map(|column| (column, Scalar::Period(self.period))));
        Some(keys)
    }

    fn aggregate(&self, aggregate: &'a Aggregate, expr: &'a Expr) -> Value {
        let keys = self.keys(aggregate);
        let (value, gap, scale) = match (&keys, self.figures.rollup(aggregate)) {
            (Some(keys), Some(rollup)) => {
                let at: Vec<Scalar> = keys.iter().map(|(_, value)| value.clone()).collect();
                let (value, gap) = rollup.value(aggregate, &at);
                (value, gap, rollup.total(&at).map_or(0, |total| total.filtered.scale))
            }
            _ => (Value::Missing, Some(Gap::NoRows), 0),
        };
        if let Some(trace) = &self.trace {
            let origin = Origin::Rows { aggregate, keys, gap };
            trace.borrow_mut().note(self, self.named, &expr.ty, &value, scale, origin);
        }
        value
    }

    fn indicator(&self, id: IndicatorId) -> Value {
        let Some(indicator) = self.figures.suite().indicators.get(id.0) else { return Value::Fault(Fault::Type) };
        match &indicator.body {
            None => self.plain(indicator),
            Some(body) => {
                let members: Vec<Member> =
                    indicator.params.iter().map(|dim| (*dim, self.member(*dim).flatten())).collect();
                let memo = (id, members, self.period);
                if self.trace.is_none()
                    && let Some(known) = self.figures.memo.borrow().get(&memo)
                {
                    return known.clone();
                }
                let whole = matches!(body.kind, ExprKind::Aggregate(_));
                let inner = CaseEnv {
                    members: memo.1.clone(),
                    set: Vec::new(),
                    named: whole.then_some(indicator.name.as_str()),
                    ..self.clone()
                };
                if let Some(trace) = &self.trace
                    && !trace.borrow_mut().enter(&memo)
                {
                    let quiet = CaseEnv { trace: None, ..self.clone() };
                    return quiet.indicator(id);
                }
                let value = operators::value(&inner, body);
                if let (Some(trace), false) = (&self.trace, whole) {
                    trace.borrow_mut().note(&inner, Some(&indicator.name), &indicator.ty, &value, 0, Origin::Computed);
                }
                self.figures.memo.borrow_mut().insert(memo, value.clone());
                value
            }
        }
    }

    /// The region that a plain indicator is read for; `None`: the suite's own; `Some(None)`: it cannot be told which.
    fn region_of(&self, indicator: &Indicator) -> Option<Option<Arc<str>>> {
        let set = self.set.iter().rev().find(|(dim, _)| *dim == REGION).map(|(_, member)| Some(Arc::clone(member)));
        set.or_else(|| indicator.params.contains(&REGION).then(|| self.member(REGION).flatten()))
    }

    fn plain(&self, indicator: &'a Indicator) -> Value {
        let named = self.region_of(indicator);
        let region = match &named {
            None => self.figures.context.submission.region.as_str().into(),
            Some(named) => named.clone().unwrap_or_else(|| "?".into()),
        };
        let (value, gap, scale) = match named {
            Some(None) => (Value::Missing, Some(Gap::NoRows), 0),
            _ => self.figures.plain(indicator, &region, self.period),
        };
        if let Some(trace) = &self.trace {
            let shown = CaseEnv {
                members: named.iter().map(|_| (REGION, Some(Arc::clone(&region)))).collect(),
                ..self.clone()
            };
            let origin = Origin::Plain { indicator, region, gap };
            trace.borrow_mut().note(&shown, Some(&indicator.name), &indicator.ty, &value, scale, origin);
        }
        value
    }

    /// Digits after the point with which a figure was stated.
    pub fn scale(&self, expr: &Expr) -> u8 {
        match &expr.kind {
            ExprKind::Aggregate(aggregate) => {
                let at: Option<Vec<Scalar>> =
                    self.keys(aggregate).map(|keys| keys.into_iter().map(|(_, value)| value).collect());
                let total = self.figures.rollup(aggregate).zip(at).and_then(|(rollup, at)| rollup.total(&at));
                total.map_or(0, |total| total.filtered.scale)
            }
            ExprKind::Indicator(id) => match self.figures.suite().indicators.get(id.0) {
                Some(Indicator { body: Some(body), .. }) => self.scale(body),
                Some(indicator) => {
                    let region = self.region_of(indicator).flatten();
                    let region = region.as_deref().unwrap_or(&self.figures.context.submission.region);
                    self.figures.plain(indicator, region, self.period).2
                }
                None => 0,
            },
            ExprKind::At { of, period, members } => self.moved(*period, members).map_or(0, |env| env.scale(of)),
            _ => 0,
        }
    }

    /// The case from another period or with other members.
    pub fn moved(&self, period: Option<PeriodRef>, members: &[(DimId, String)]) -> Option<Self> {
        let mut env = match period {
            Some(period) => self.in_period(period)?,
            None => self.clone(),
        };
        env.set.extend(members.iter().map(|(dim, member)| (*dim, Arc::from(member.as_str()))));
        env.named = None;
        Some(env)
    }

    /// The values of `of` in the earlier period and in this one.
    pub fn ends(&self, of: &'a Expr, since: PeriodRef) -> Option<(Value, Value)> {
        let earlier = self.in_period(since).filter(|earlier| self.follows(earlier.period))?;
        Some((operators::value(&earlier, of), operators::value(&self.at(self.period), of)))
    }

    /// Can this case's period be compared with that one, as a later with an earlier?
    fn follows(&self, earlier: Period) -> bool {
        earlier.granularity() == self.period.granularity() && earlier < self.period
    }

    /// Π(1 + official rate) over the years from `since` to the case's period.
    pub fn official_factor(&self, rate: IndicatorId, since: PeriodRef) -> Value {
        let Some(years) = self.years_since(since) else { return Value::Fault(Fault::NoSuchPeriod) };
        years.into_iter().fold(Value::from(Number::one()), |factor, year| {
            factor
                .numbers(&self.at(year).indicator(rate), |factor, rate| Value::from(factor * &(&Number::one() + rate)))
        })
    }

    /// The official rates over these years, earliest first, if all are known.
    pub fn official_rates(&self, rate: IndicatorId, since: PeriodRef) -> Option<Vec<Number>> {
        let years = self.years_since(since)?;
        years.into_iter().rev().map(|year| self.at(year).indicator(rate).number().cloned()).collect()
    }

    /// The case's period and the same period of each year before it, down to the one after `since`, latest first.
    fn years_since(&self, since: PeriodRef) -> Option<Vec<Period>> {
        let earlier = since.from(self.period).filter(|earlier| self.follows(*earlier))?;
        let mut years = Vec::new();
        let mut period = self.period;
        while period > earlier {
            years.push(period);
            period = period.plus_years(-1)?;
        }
        (period == earlier).then_some(years)
    }

    fn change(&self, kind: Change, of: &'a Expr, since: PeriodRef, official: Option<IndicatorId>) -> Value {
        if let (Some(rate), Change::Growth | Change::Reduction) = (official, kind) {
            let one = Value::from(Number::one());
            let growth = self.official_factor(rate, since).numbers(&one, |factor, one| Value::from(factor - one));
            return match kind {
                Change::Reduction => growth.numbers(&one, |growth, _| Value::from(-growth)),
                _ => growth,
            };
        }
        let Some((old, new)) = self.ends(of, since) else { return Value::Fault(Fault::NoSuchPeriod) };
        old.numbers(&new, |old, new| {
            let difference = match kind {
                Change::Growth | Change::Increase => new - old,
                Change::Reduction | Change::Decrease => old - new,
            };
            match kind {
                Change::Increase | Change::Decrease => Value::from(difference),
                Change::Growth | Change::Reduction => match base_fault(old) {
                    Some(fault) => Value::Fault(fault),
                    None => difference.div(old).map_or(Value::Fault(Fault::ZeroBase), Value::from),
                },
            }
        })
    }

    fn yearly(
        &self,
        of: &'a Expr,
        periods: &[Period],
        official: Option<IndicatorId>,
    ) -> Result<(Value, Value, u32), Fault> {
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return Err(Fault::NoSuchPeriod) };
        let base = first.plus(-1).ok_or(Fault::NoSuchPeriod)?;
        let years = u32::try_from(periods.len()).map_err(|_| Fault::NoSuchPeriod)?;
        Ok(match official {
            Some(rate) => {
                let factor = self.at(*last).official_factor(rate, PeriodRef::Absolute(base));
                (Value::from(Number::one()), factor, years)
            }
            None => (operators::value(&self.at(base), of), operators::value(&self.at(*last), of), years),
        })
    }

    /// Start and end of a compound growth, and the number of periods.
    pub fn compound(&self, expr: &'a Expr) -> Option<Result<(Value, Value, u32), Fault>> {
        match &expr.kind {
            ExprKind::YearlyGrowth { of, periods, official } => Some(self.yearly(of, periods, *official)),
            _ => None,
        }
    }

    fn compare_yearly(&self, expr: &'a Expr) -> Value {
        let ExprKind::Compare { operator, left, right } = &expr.kind else { return Value::Fault(Fault::Type) };
        let (start, end, years) = match self.compound(left) {
            Some(Ok(ends)) => ends,
            Some(Err(fault)) => return Value::Fault(fault),
            None => return Value::Fault(Fault::Type),
        };
        let rate = operators::value(self, right);
        // Growth from such a base cannot be told, whatever it is compared with.
        let sound = start.numbers(&end, |start, end| match base_fault(start) {
            Some(fault) => Value::Fault(fault),
            None if end.is_negative() => Value::Fault(Fault::NegativeBase),
            None => Value::from(end.clone()),
        });
        sound.numbers(&rate, |end, rate| {
            let ordering = start.number().and_then(|start| compare_compound(start, end, rate, years));
            ordering.map_or(Value::Fault(Fault::NegativeBase), |ordering| {
                Value::from(Truth::from(operator.holds(ordering)))
            })
        })
    }

    fn fold(&self, function: Function, of: &'a Expr, periods: &[Period]) -> Value {
        let values: Vec<Value> = periods.iter().map(|period| operators::value(&self.at(*period), of)).collect();
        if let Some(Value::Fault(fault)) = values.iter().find(|value| matches!(value, Value::Fault(_))) {
            return Value::Fault(*fault);
        }
        let known: Vec<&Scalar> =
            values.iter().filter_map(|value| if let Value::Known(s) = value { Some(s) } else { None }).collect();
        if known.is_empty() || (function != Function::Count && known.len() < values.len()) {
            return Value::Missing;
        }
        let count = Number::from(known.len() as u64);
        let sum = || known.iter().filter_map(|value| value.number()).fold(Number::zero(), |sum, value| &sum + value);
        match function {
            Function::Count => Value::from(count),
            Function::Sum => Value::from(sum()),
            Function::Mean => sum().div(&count).map_or(Value::Fault(Fault::DivisionByZero), Value::from),
            Function::Min => known.iter().min().map_or(Value::Missing, |value| Value::Known((*value).clone())),
            Function::Max => known.iter().max().map_or(Value::Missing, |value| Value::Known((*value).clone())),
            Function::Distinct | Function::Share => Value::Fault(Fault::Type),
        }
    }

    fn doubles(&self, of: &'a Expr, since: PeriodRef, times: u32) -> Value {
        let Some((old, new)) = self.ends(of, since) else { return Value::Fault(Fault::NoSuchPeriod) };
        old.numbers(&new, |old, new| match base_fault(old) {
            Some(fault) => Value::Fault(fault),
            None => Value::from(Truth::from(*new >= old * &Number::from(2i128).pow(times))),
        })
    }

    fn over(&self, periods: impl Iterator<Item = Option<Period>>, every: bool, condition: &'a Expr) -> Truth {
        periods.fold(Truth::from(every), |so_far, period| {
            let holds = match period {
                Some(period) => operators::truth(&self.at(period), condition),
                None => Truth::Error,
            };
            if every { so_far.and(holds) } else { so_far.or(holds) }
        })
    }
}

/// Why a relative change from this base has no meaning.
pub(super) fn base_fault(base: &Number) -> Option<Fault> {
    if base.is_zero() { Some(Fault::ZeroBase) } else { base.is_negative().then_some(Fault::NegativeBase) }
}

impl<'a> CaseEnv<'a> {
    fn look_up(&self, expr: &'a Expr) -> Value {
        match &expr.kind {
            ExprKind::ThisPeriod => Value::Known(Scalar::Period(self.period)),
            ExprKind::Member(dim) => match self.member(*dim).flatten() {
                Some(member) => Value::Known(Scalar::Text(member)),
                None => Value::Missing,
            },
            ExprKind::Standard(id) => {
                let entry = self.figures.context.standards.in_force(*id, self.period);
                let value = entry.map_or(Value::Missing, |entry| Value::Known(entry.value.clone()));
                if let (Some(trace), Some(standard)) = (&self.trace, self.figures.suite().standards.get(id.0)) {
                    let shown = CaseEnv { members: Vec::new(), set: Vec::new(), ..self.clone() };
                    trace.borrow_mut().note(
                        &shown,
                        Some(&standard.name),
                        &standard.ty,
                        &value,
                        0,
                        Origin::Standard(*id),
                    );
                }
                value
            }
            ExprKind::Indicator(id) => self.indicator(*id),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, expr),
            ExprKind::At { of, period, members } => match self.moved(*period, members) {
                Some(env) => operators::value(&env, of),
                None => Value::Fault(Fault::NoSuchPeriod),
            },
            ExprKind::Fold { function, of, periods } => self.fold(*function, of, periods),
            ExprKind::Change { kind, of, since, official } => self.change(*kind, of, *since, *official),
            ExprKind::Compare { .. } => self.compare_yearly(expr),
            ExprKind::Doubles { of, since, times } => self.doubles(of, *since, *times),
            ExprKind::Quantified { every, periods, condition } => {
                Value::from(self.over(periods.iter().copied().map(Some), *every, condition))
            }
            ExprKind::Streak { step: Some(step), .. } if *step != self.period.granularity() => {
                Value::Fault(Fault::NoSuchPeriod)
            }
            ExprKind::Streak { times, condition, .. } => {
                let back = (0..*times).map(|count| self.period.plus(-i32::try_from(count).ok()?));
                Value::from(self.over(back, true, condition))
            }
            _ => Value::Fault(Fault::Type),
        }
    }
}

impl<'a> Environment<'a> for CaseEnv<'a> {
    fn leaf(&self, expr: &'a Expr) -> Value {
        self.look_up(expr)
    }

    fn in_column(&self, list: &List, value: &Scalar) -> Truth {
        match list {
            List::Column(dataset, column) => {
                Values::contains(self.figures.measurement.lists.get(&(*dataset, *column)), value)
            }
            List::Values(_) => Truth::Error,
        }
    }
}

/// Is a type shown as a number of its unit?
pub(super) fn unit(ty: &Type) -> Option<&crate::quantity::Unit> {
    match ty {
        Type::Quantity(unit) => Some(unit),
        _ => None,
    }
}
