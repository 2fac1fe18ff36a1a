//! 序时进度: how far a pending case has come, against the time elapsed.
//!
//! A condition that does not hold yet in, its pace out, or none: for a figure that is neither a flow nor a stock (as
//! declared, or as its formula shows) nothing is guessed. Exact rationals until they are shown; no verdict rests on them.

use jiff::civil::Date;

use super::super::eval::{CaseEnv, unit};
use super::super::{Pace, PaceKind, Standing, Steps, show};
use super::formula::responsible;
use crate::plan::operators::{self, Value};
use crate::quantity::{Number, Period, Scalar, Truth, Unit};
use crate::semantics::hir::{Change, Comparison, Expr, ExprKind, Function, Nature, Type};

/// When a case is judged, and when it is due.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub as_of: Date,
    /// The deadline, if the rule names one.
    pub deadline: Option<Date>,
}

/// The pace of the first part of a pending condition that has one.
pub(super) fn pace<'a>(env: &CaseEnv<'a>, condition: &'a Expr, times: Times) -> Option<Pace> {
    let mut parts = Vec::new();
    match operators::truth(env, condition) {
        Truth::False => responsible(env, condition, Truth::False, &mut parts),
        // Of a series only a part may be there; what hangs on rounding may be short of it.
        _ => every(env, condition, &mut parts),
    }
    let open =
        |(at, part): &&(CaseEnv<'a>, &'a Expr)| at.period == env.period && operators::truth(at, part) != Truth::True;
    parts.iter().filter(open).find_map(|(env, part)| part_of(env, part, times))
}

/// The comparisons that must all hold.
fn every<'a>(env: &CaseEnv<'a>, expr: &'a Expr, parts: &mut Vec<(CaseEnv<'a>, &'a Expr)>) {
    match &expr.kind {
        ExprKind::And(inner) => inner.iter().for_each(|part| every(env, part, parts)),
        _ => parts.push((env.clone(), expr)),
    }
}

fn part_of<'a>(env: &CaseEnv<'a>, expr: &'a Expr, times: Times) -> Option<Pace> {
    match &expr.kind {
        ExprKind::Compare { operator, left, right } if matches!(left.ty, Type::Level(_)) => {
            level(env, *operator, left, right, times)
        }
        ExprKind::Compare { operator, left, right } => {
            let (subject, operator, bound) = if settled(env, right, times.as_of) {
                (left, *operator, right)
            } else if settled(env, left, times.as_of) {
                (right, mirrored(*operator), left)
            } else {
                return None;
            };
            let bound = Figure::of(&operators::value(env, bound))?;
            let common = show::common_unit(&left.ty, &right.ty)?;
            wanted(env, subject, operator, bound, common)?.pace(env, times)
        }
        ExprKind::Doubles { of, since, times: doublings } => {
            let base = Figure::of(&operators::value(&env.in_period(*since)?, of))?;
            let required = Figure { number: &base.number * &Number::from(2i128).pow(*doublings), ..base };
            let wanted = Wanted { figure: of, least: true, required, unit: unit(&of.ty)? };
            wanted.pace(env, times)
        }
        _ => None,
    }
}

fn mirrored(operator: Comparison) -> Comparison {
    match operator {
        Comparison::AtLeast => Comparison::AtMost,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Above => Comparison::Below,
        Comparison::Below => Comparison::Above,
        other => other,
    }
}

/// Will no further day change the value of an expression?
fn settled<'a>(env: &CaseEnv<'a>, expr: &'a Expr, as_of: Date) -> bool {
    let suite = env.figures.suite();
    let is_over = |period: Period| period.last_day() <= as_of;
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Standard(_) => true,
        ExprKind::Indicator(id) => match suite.indicators.get(id.0).and_then(|indicator| indicator.body.as_ref()) {
            Some(body) => settled(env, body, as_of),
            None => is_over(env.period),
        },
        ExprKind::Aggregate(aggregate) => {
            let periodic = suite.datasets.get(aggregate.dataset.0).is_some_and(|dataset| dataset.period.is_some());
            !periodic || is_over(env.period)
        }
        ExprKind::At { of, period, members } => env.moved(*period, members).is_some_and(|env| settled(&env, of, as_of)),
        ExprKind::Fold { of, periods, .. } => periods.iter().all(|period| settled(&env.at(*period), of, as_of)),
        ExprKind::Change { .. } => is_over(env.period),
        ExprKind::Negate(of) => settled(env, of, as_of),
        ExprKind::Arithmetic { left, right, .. } => settled(env, left, as_of) && settled(env, right, as_of),
        _ => false,
    }
}

/// A figure as it is stated. Rounding is passed over, and told: a pace decides nothing.
struct Figure {
    number: Number,
    rounded: bool,
}

impl Figure {
    fn of(value: &Value) -> Option<Figure> {
        match value {
            Value::Within(interval) if !interval.is_bound() => {
                interval.middle().map(|(number, _)| Figure { number, rounded: true })
            }
            value => value.number().map(|number| Figure { number: number.clone(), rounded: false }),
        }
    }

    /// What is made of this figure and another.
    fn with(&self, other: &Figure, make: impl FnOnce(&Number, &Number) -> Number) -> Figure {
        Figure { number: make(&self.number, &other.number), rounded: self.rounded || other.rounded }
    }
}

/// A level that a figure is to reach, or not to exceed.
struct Wanted<'a> {
    figure: &'a Expr,
    least: bool,
    required: Figure,
    unit: &'a Unit,
}

/// What a comparison wants of a figure: of a change, what the figure itself must come to.
fn wanted<'a>(
    env: &CaseEnv<'a>,
    subject: &'a Expr,
    operator: Comparison,
    bound: Figure,
    common: &'a Unit,
) -> Option<Wanted<'a>> {
    let least = match operator {
        Comparison::AtLeast | Comparison::Above => true,
        Comparison::AtMost | Comparison::Below => false,
        Comparison::Equal | Comparison::NotEqual => return None,
    };
    let one = Number::one();
    match &subject.kind {
        ExprKind::Change { kind, of, since, official: None } => {
            let base = Figure::of(&operators::value(&env.in_period(*since)?, of))?;
            let relative = matches!(kind, Change::Growth | Change::Reduction);
            if relative && (base.number.is_zero() || base.number.is_negative()) {
                return None;
            }
            let required = base.with(&bound, |base, bound| match kind {
                Change::Growth => base * &(&one + bound),
                Change::Reduction => base * &(&one - bound),
                Change::Increase => base + bound,
                Change::Decrease => base - bound,
            });
            let rising = matches!(kind, Change::Growth | Change::Increase);
            Some(Wanted { figure: of, least: least == rising, required, unit: unit(&of.ty)? })
        }
        ExprKind::YearlyGrowth { of, periods, official: None } if periods.last() == Some(&env.period) => {
            let (start, _, years) = env.compound(subject)?.ok()?;
            let required = Figure::of(&start)?.with(&bound, |start, rate| start * &(&one + rate).pow(years));
            Some(Wanted { figure: of, least, required, unit: unit(&of.ty)? })
        }
        ExprKind::Change { .. } | ExprKind::YearlyGrowth { .. } => None,
        _ => Some(Wanted { figure: subject, least, required: bound, unit: common }),
    }
}

impl<'a> Wanted<'a> {
    fn pace(&self, env: &CaseEnv<'a>, times: Times) -> Option<Pace> {
        if let ExprKind::Fold { function: Function::Sum, of, periods } = &self.figure.kind {
            let (first, last) = (periods.first()?, periods.last()?);
            let end = env.period.last_day().max(last.last_day());
            let days = Days::new(first.first_day(), times.deadline.unwrap_or(end), times.as_of)?;
            let (so_far, through) = so_far(env, of, periods)?;
            return self.of_flow(env, &so_far, through, days);
        }
        let days = Days::new(env.period.first_day(), times.deadline.unwrap_or(env.period.last_day()), times.as_of)?;
        let nature = env.figures.suite().nature(self.figure)?;
        let value = Figure::of(&operators::value(env, self.figure))?;
        match nature {
            Nature::Flow => self.of_flow(env, &value, None, days),
            Nature::Stock => self.of_stock(env, &value, days),
        }
    }

    fn of_flow(&self, env: &CaseEnv<'a>, value: &Figure, through: Option<Period>, days: Days) -> Option<Pace> {
        if self.required.number.is_negative() {
            return None;
        }
        let number = value.number.div(&self.required.number)?;
        let share = Figure { number, rounded: value.rounded || self.required.rounded };
        let (attained, required) = self.shown(env, value);
        let kind = if self.least { PaceKind::Target } else { PaceKind::Limit };
        let through = through.map(|period| period.to_string());
        Some(Pace { through, ..days.figure(kind, attained, required, &share) })
    }

    fn shown(&self, env: &CaseEnv<'a>, value: &Figure) -> (String, String) {
        show::pair(&value.number, &self.required.number, self.unit, (env.scale(self.figure), 0))
    }

    /// Of the way from the end of the period before to the level that is required.
    fn of_stock(&self, env: &CaseEnv<'a>, value: &Figure, days: Days) -> Option<Pace> {
        let before = env.at(env.period.plus(-1)?);
        let base = Figure::of(&operators::value(&before, self.figure))?;
        let way = self.required.with(&base, |required, base| required - base);
        if !self.least || way.number.is_zero() || way.number.is_negative() {
            return None;
        }
        let made = value.with(&base, |value, base| value - base);
        let share = Figure { number: made.number.div(&way.number)?, rounded: made.rounded || way.rounded };
        let (attained, required) = self.shown(env, value);
        let base = Some(show::quantity(&base.number, self.unit));
        Some(Pace { base, ..days.figure(PaceKind::Target, attained, required, &share) })
    }
}

/// What of a series was reported, and up to which period if not all: its beginning, without a gap.
fn so_far<'a>(env: &CaseEnv<'a>, of: &'a Expr, periods: &[Period]) -> Option<(Figure, Option<Period>)> {
    let values: Vec<Value> = periods.iter().map(|period| operators::value(&env.at(*period), of)).collect();
    let figures: Vec<Figure> = values.iter().map_while(Figure::of).collect();
    let known = figures.len();
    if known == 0 || values.iter().skip(known).any(|value| !matches!(value, Value::Missing)) {
        return None;
    }
    let zero = Figure { number: Number::zero(), rounded: false };
    let sum = figures.iter().fold(zero, |sum, figure| sum.with(figure, |sum, figure| sum + figure));
    let through = if known < periods.len() { periods.get(known - 1).copied() } else { None };
    Some((sum, through))
}

/// A milestone: the level reached and the one required. Levels are no quantities, so that there is no percentage.
fn level<'a>(env: &CaseEnv<'a>, operator: Comparison, left: &'a Expr, right: &'a Expr, times: Times) -> Option<Pace> {
    if !matches!(operator, Comparison::AtLeast | Comparison::Above | Comparison::Equal) {
        return None;
    }
    let days = Days::new(env.period.first_day(), times.deadline.unwrap_or(env.period.last_day()), times.as_of)?;
    let suite = env.figures.suite();
    let Type::Level(scale) = &left.ty else { return None };
    let steps = suite.scales.get(scale.0)?.levels.len();
    let (reached, required) = (operators::value(env, left), operators::value(env, right));
    let (Value::Known(Scalar::Level(at)), Value::Known(Scalar::Level(wanted))) = (&reached, &required) else {
        return None;
    };
    Some(Pace {
        kind: PaceKind::Level,
        attained: show::value(suite, &reached, &left.ty)?,
        required: show::value(suite, &required, &right.ty)?,
        steps: Some(Steps { attained: at + 1, required: wanted + 1, of: steps }),
        ..days.elapsed()
    })
}

/// Days from the first day to the day of judging, and to the last, both ends included.
#[derive(Clone, Copy)]
struct Days {
    elapsed: i64,
    all: i64,
}

impl Days {
    /// `None` before the first day, and after the last.
    fn new(first: Date, last: Date, as_of: Date) -> Option<Days> {
        let days = |to: Date| Some(i64::from(first.until(to).ok()?.get_days()) + 1);
        let (elapsed, all) = (days(as_of)?, days(last)?);
        (0 < elapsed && elapsed <= all).then_some(Days { elapsed, all })
    }

    fn share(self) -> Number {
        Number::ratio(i128::from(self.elapsed), i128::from(self.all)).unwrap_or_else(Number::one)
    }

    fn elapsed(self) -> Pace {
        Pace {
            kind: PaceKind::Level,
            attained: String::new(),
            required: String::new(),
            base: None,
            through: None,
            steps: None,
            progress: None,
            standing: None,
            difference: None,
            elapsed: show::share(&self.share()),
            days: self.elapsed,
            of_days: self.all,
        }
    }

    fn figure(self, kind: PaceKind, attained: String, required: String, progress: &Figure) -> Pace {
        let about = if progress.rounded { "≈" } else { "" };
        let ahead = &progress.number - &self.share();
        let standing = match (ahead.is_zero(), ahead.is_negative()) {
            (true, _) => Standing::OnSchedule,
            (false, true) => Standing::Behind,
            (false, false) => Standing::Ahead,
        };
        Pace {
            kind,
            attained,
            required,
            progress: Some(format!("{about}{}", show::share(&progress.number))),
            standing: Some(standing),
            difference: Some(format!("{about}{}", show::points(&ahead.abs()))),
            ..self.elapsed()
        }
    }
}
