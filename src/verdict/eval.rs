//! The value of an expression in a case: its members, its period, and the figures of the cube.

mod change;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::HashMap;

use super::cases::{self, Drawn};
use super::prepared::Prepared;
use super::rollup::{Gap, Groups, Keys, Rollup, Total};
use super::trace::{Origin, Trace};
use crate::engine::cube::Packed;
use crate::engine::{self, Accumulator, Context, Measurement, Values};
use crate::plan::operators::{self, Environment, Fault, Value};
use crate::plan::{Plan, Source};
use crate::quantity::{Number, Period, Scalar, Truth};
use crate::semantics::hir::{
    Aggregate, AggregateId, ColumnId, DimId, Expr, ExprKind, Function, INDICATOR_TABLE, Indicator, IndicatorId, List,
    PeriodRef, REGION, Suite, Type, indicator_table,
};

/// A dimension's member; `None` where it cannot be told which.
pub(super) type Member = (DimId, Option<Arc<str>>);

type Memo = HashMap<(IndicatorId, Arc<[Member]>, Period), Value>;

/// The figures that all cases draw on.
pub(super) struct Figures<'a> {
    pub context: &'a Context<'a>,
    pub prepared: &'a Prepared<'a>,
    pub plan: &'a Plan,
    pub measurement: &'a Measurement,
    /// Aggregates that ask for the same share a rollup: see [`Source::rollup`](crate::plan::Source::rollup).
    rollups: Vec<OnceLock<Option<Rollup<'a>>>>,
    /// By query: the groups of its cube; `None` if nothing was submitted for its dataset.
    groups: Vec<OnceLock<Option<Groups<'a>>>>,
    /// The members of cases, by what these are drawn from.
    drawn: Vec<OnceLock<Drawn>>,
    memo: Mutex<Memo>,
}

impl<'a> Figures<'a> {
    pub fn new(context: &'a Context<'a>, prepared: &'a Prepared<'a>, measurement: &'a Measurement) -> Self {
        let plan = prepared.plan();
        Figures {
            context,
            prepared,
            plan,
            measurement,
            rollups: (0..plan.rollups).map(|_| OnceLock::new()).collect(),
            groups: plan.queries.iter().map(|_| OnceLock::new()).collect(),
            drawn: prepared.draws.iter().map(|_| OnceLock::new()).collect(),
            memo: Mutex::default(),
        }
    }

    /// The members of the cases that are drawn from one of [`Prepared::draws`].
    pub fn drawn(&self, draw: usize) -> Option<&Drawn> {
        let from = self.prepared.draws.get(draw)?;
        Some(self.drawn.get(draw)?.get_or_init(|| cases::drawn(self, from)))
    }

    fn memo(&self) -> std::sync::MutexGuard<'_, Memo> {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The packed cube of a query, if it is one.
    pub fn packed(&self, query: usize) -> Option<&'a Packed> {
        match &self.measurement.cubes.get(query)?.as_ref()?.groups {
            engine::Groups::Packed(packed) => Some(packed),
            engine::Groups::Each(_) => None,
        }
    }

    pub fn suite(&self) -> &'a Suite {
        self.context.suite
    }

    /// The figures of an aggregate; `None` if nothing was submitted for its dataset.
    pub fn rollup(&self, aggregate: &Aggregate) -> Option<&Rollup<'a>> {
        let source = self.plan.source(aggregate.id)?;
        self.rollups.get(source.rollup)?.get_or_init(|| self.roll_up(aggregate, source)).as_ref()
    }

    fn roll_up(&self, aggregate: &Aggregate, source: Source) -> Option<Rollup<'a>> {
        let query = self.plan.queries.get(source.query)?;
        let groups = self
            .groups
            .get(source.query)?
            .get_or_init(|| Some(Groups::new(self.measurement.cubes.get(source.query)?.as_ref()?, query)));
        let groups = groups.as_ref()?;
        let mut scope: Vec<ColumnId> = aggregate.scope.iter().map(|(column, _)| *column).collect();
        scope.extend(self.suite().datasets.get(aggregate.dataset.0).and_then(|dataset| dataset.period));
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
        Rollup::new(groups, source, aggregate, &scope, keys)
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
        let group = cube.groups.get(&codes);
        let slot = group.as_ref().and_then(|group| group.slots.iter().find(|slot| slot.rows > 0));
        let Some(slot) = slot else { return (Value::Missing, Some(Gap::NoRows), 0) };
        let within = slot.within.as_ref();
        let value = match (&slot.min, &slot.max) {
            _ if slot.faults > 0 => Value::Fault(Fault::Unreadable),
            _ if slot.blanks > 0 => Value::Missing,
            (Some(min), Some(max)) if min == max && within.is_none() => Value::Known(min.clone()),
            (None, None) => match within.map(|within| within.alike()) {
                Some(Some(interval)) => Value::from(interval.clone()),
                Some(None) => Value::Fault(Fault::Conflict),
                None => Value::Missing,
            },
            _ => Value::Fault(Fault::Conflict),
        };
        let gap = (!matches!(value, Value::Known(_) | Value::Within(_))).then_some(Gap::Doubtful);
        (value, gap, slot.scale)
    }
}

/// A case, or a case seen from another period or with other members.
#[derive(Clone)]
pub(super) struct CaseEnv<'a> {
    pub figures: &'a Figures<'a>,
    /// Of the rule's 对每个, or of an indicator's params.
    pub members: Arc<[Member]>,
    /// Set by `X[维度 = "…"]`.
    pub set: Vec<(DimId, Arc<str>)>,
    pub period: Period,
    /// Notes the figures that were used, for a finding.
    pub trace: Option<Rc<RefCell<Trace<'a>>>>,
    /// The indicator whose whole body is being evaluated.
    pub named: Option<&'a str>,
    /// Of a finding, which asks for the same sums many times: those that it has.
    pub sums: Option<Known<'a>>,
}

/// What aggregates come to, by the members and the period that they are asked for.
type Known<'a> = Rc<RefCell<HashMap<(AggregateId, Vec<Scalar>), Rc<Summed<'a>>>>>;

/// What an aggregate comes to.
pub(super) struct Summed<'a> {
    value: Value,
    /// Why it has none.
    gap: Option<Gap>,
    /// `None` if there are no rows.
    total: Option<Cow<'a, Total>>,
}

impl Summed<'_> {
    fn filtered(&self) -> Option<&Accumulator> {
        self.total.as_ref().map(|total| &total.filtered)
    }

    /// How many rows it is of, if nothing about them is in doubt.
    fn rows(&self) -> Option<u64> {
        let certain = |part: &&Accumulator| {
            let doubts = part.faults + part.borderline + part.unknown + part.filter_faults;
            doubts == 0 && part.within.is_none() && part.perhaps.is_none()
        };
        self.filtered().filter(|_| self.gap.is_none()).filter(certain).map(|part| part.rows)
    }
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

    /// The same keys without their columns.
    fn place(&self, aggregate: &Aggregate) -> Option<Vec<Scalar>> {
        let period = self.figures.suite().datasets.get(aggregate.dataset.0).and_then(|dataset| dataset.period);
        let mut place = Vec::with_capacity(aggregate.scope.len() + 1);
        for (_, dim) in &aggregate.scope {
            place.push(Scalar::Text(self.member(*dim).flatten()?));
        }
        place.extend(period.map(|_| Scalar::Period(self.period)));
        Some(place)
    }

    /// What an aggregate comes to in this case; `None` if nothing was submitted for it, or a member cannot be told.
    fn summed(&self, aggregate: &Aggregate) -> Option<Rc<Summed<'a>>> {
        let asked = (aggregate.id, self.place(aggregate)?);
        let known = self.sums.as_ref().and_then(|sums| sums.borrow().get(&asked).cloned());
        if known.is_some() {
            return known;
        }
        let rollup = self.figures.rollup(aggregate)?;
        let total = rollup.total(&asked.1);
        let (value, gap) = rollup.value(aggregate, &asked.1, total.as_deref());
        let summed = Rc::new(Summed { value, gap, total });
        if let Some(sums) = &self.sums {
            sums.borrow_mut().insert(asked, Rc::clone(&summed));
        }
        Some(summed)
    }

    fn aggregate(&self, aggregate: &'a Aggregate, expr: &'a Expr) -> Value {
        let summed = self.summed(aggregate);
        let value = summed.as_ref().map_or(Value::Missing, |summed| summed.value.clone());
        if let Some(trace) = &self.trace {
            let filtered = summed.as_ref().and_then(|summed| summed.filtered());
            let scale = filtered.map_or(0, |filtered| digits(aggregate, filtered));
            let stated = is_sum_of_all(aggregate, filtered);
            let keys = self.keys(aggregate);
            let gap = summed.as_ref().map_or(Some(Gap::NoRows), |summed| summed.gap);
            let rows = summed.as_ref().and_then(|summed| summed.rows());
            let origin = Origin::Rows { aggregate, keys, gap, stated, rows };
            trace.borrow_mut().note(self, self.named, &expr.ty, &value, scale, origin);
        }
        value
    }

    fn indicator(&self, id: IndicatorId) -> Value {
        let Some(indicator) = self.figures.suite().indicators.get(id.0) else { return Value::Fault(Fault::Type) };
        match &indicator.body {
            None => self.plain(indicator),
            Some(body) => {
                let members = self.members_of(indicator);
                let whole = matches!(body.kind, ExprKind::Aggregate(_));
                let inner = |members: Arc<[Member]>| CaseEnv {
                    figures: self.figures,
                    members,
                    set: Vec::new(),
                    period: self.period,
                    trace: self.trace.clone(),
                    named: whole.then_some(indicator.name.as_str()),
                    sums: self.sums.clone(),
                };
                if whole && self.trace.is_none() {
                    // It is looked up as fast as a note of it would be.
                    return operators::value(&inner(members), body);
                }
                let memo = (id, members, self.period);
                if self.trace.is_none()
                    && let Some(known) = self.figures.memo().get(&memo)
                {
                    return known.clone();
                }
                let inner = inner(memo.1.clone());
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
                self.figures.memo().insert(memo, value.clone());
                value
            }
        }
    }

    /// The members of an indicator's params, as this case has them.
    fn members_of(&self, indicator: &Indicator) -> Arc<[Member]> {
        let same = self.set.is_empty() && self.members.iter().map(|(dim, _)| dim).eq(&indicator.params);
        if same {
            return Arc::clone(&self.members);
        }
        indicator.params.iter().map(|dim| (*dim, self.member(*dim).flatten())).collect()
    }

    /// The case as the body of an indicator sees it.
    pub fn inside(&self, indicator: &Indicator) -> Self {
        CaseEnv { members: self.members_of(indicator), set: Vec::new(), named: None, ..self.clone() }
    }

    /// What a share or a mean is computed from, if it is known exactly: what is divided, and by what.
    pub fn quotient(&self, aggregate: &Aggregate) -> Option<(Number, Number)> {
        let summed = self.summed(aggregate)?;
        let total = summed.total.as_ref()?;
        let exact = |part: &Accumulator| part.within.is_none() && part.perhaps.is_none();
        let sum = total.filtered.sum.clone().filter(|_| exact(&total.filtered) && exact(&total.all))?;
        match aggregate.function {
            Function::Share => Some((sum, total.all.sum.clone()?)),
            Function::Mean => Some((sum, Number::from(total.filtered.rows))),
            _ => None,
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
                let summed = self.summed(aggregate);
                let filtered = summed.as_ref().and_then(|summed| summed.filtered());
                filtered.map_or(0, |filtered| digits(aggregate, filtered))
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

    /// Is the middle of where a figure lies what the cells state, so that a formula may show it?
    pub fn is_stated(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Aggregate(aggregate) => {
                let summed = self.summed(aggregate);
                is_sum_of_all(aggregate, summed.as_ref().and_then(|summed| summed.filtered()))
            }
            ExprKind::Indicator(id) => match self.figures.suite().indicators.get(id.0) {
                Some(Indicator { body: Some(body), .. }) => self.is_stated(body),
                indicator => indicator.is_some(),
            },
            ExprKind::At { of, period, members } => self.moved(*period, members).is_some_and(|env| env.is_stated(of)),
            _ => false,
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

/// Is it a sum in which every row counts, whatever figures were rounded from?
fn is_sum_of_all(aggregate: &Aggregate, filtered: Option<&Accumulator>) -> bool {
    aggregate.function == Function::Sum && filtered.is_some_and(|filtered| filtered.perhaps.is_none())
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
                    let shown = CaseEnv { members: Arc::from([]), set: Vec::new(), ..self.clone() };
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

    fn in_column(&self, list: &List, value: &Value) -> Truth {
        match list {
            List::Column(dataset, column) => {
                Values::contains(self.figures.measurement.lists.get(&(*dataset, *column)), value)
            }
            List::Values(_) => Truth::Error,
        }
    }
}

/// Digits after the point of an aggregate: none of a count, whatever it counts.
fn digits(aggregate: &Aggregate, filtered: &Accumulator) -> u8 {
    if aggregate.function == Function::Count { 0 } else { filtered.scale }
}

/// Is a type shown as a number of its unit?
pub(super) fn unit(ty: &Type) -> Option<&crate::quantity::Unit> {
    match ty {
        Type::Quantity(unit) => Some(unit),
        _ => None,
    }
}
