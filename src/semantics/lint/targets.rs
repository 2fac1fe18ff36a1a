//! What a rule certainly requires: comparisons with a constant that hold wherever the rule does.
//!
//! A rule in, its [`Target`]s out. Only conjunctions are followed: what stands below 或, 非 or 如果 … 则 need not hold, and
//! nothing is said of it.

use std::borrow::Cow;

use crate::quantity::{Dimension, Number, Period, Scalar, Unit};
use crate::semantics::hir::{
    Arithmetic, Change, Comparison, DimId, Expr, ExprKind, Function, IndicatorId, PeriodRef, REGION, Requirement, Rule,
    Type,
};

/// A comparison with a constant.
#[derive(Clone, Debug)]
pub struct Target<'h> {
    /// What is compared.
    pub of: Subject,
    /// The region whose figure is meant, if not the suite's own.
    pub region: Option<&'h str>,
    /// How.
    pub operator: Comparison,
    /// An equality with a tolerance.
    pub near: bool,
    /// With what: a number in base units, or a level.
    pub threshold: Scalar,
    /// The type that the threshold is written in.
    pub ty: Type,
    /// The type of what is compared.
    pub measured: &'h Type,
    /// The periods whose figures are compared; empty if only the run tells.
    pub periods: Cow<'h, [Period]>,
    /// How the figures of several periods are put together, if they are.
    pub folded: Option<Function>,
    /// The comparison.
    pub expr: &'h Expr,
}

/// What a target is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An indicator's own figure, also the least, greatest or mean of several periods.
    Figure(IndicatorId),
    /// The sum of an indicator's figures over the target's periods.
    Total(IndicatorId),
    /// By how much an indicator grows against an earlier period, as a ratio.
    Growth {
        /// The indicator.
        of: IndicatorId,
        /// The earlier period.
        since: PeriodRef,
        /// The indicator whose figure the growth is, if the rule reads one.
        official: Option<IndicatorId>,
        /// The growth is computed as a reduction.
        reduced: bool,
    },
    /// Compound yearly growth over the target's periods.
    Yearly(IndicatorId),
    /// Anything else.
    Other,
}

impl Subject {
    /// The indicator, if there is one.
    pub fn indicator(&self) -> Option<IndicatorId> {
        match self {
            Subject::Figure(of) | Subject::Total(of) | Subject::Growth { of, .. } | Subject::Yearly(of) => Some(*of),
            Subject::Other => None,
        }
    }

    /// Is it a rate of growth or reduction?
    pub fn is_growth(&self) -> bool {
        matches!(self, Subject::Growth { .. } | Subject::Yearly(_))
    }
}

/// The targets of a rule. `periods` are those that its cases are judged in.
pub fn of_rule<'h>(rule: &'h Rule, periods: &'h [Period]) -> Vec<Target<'h>> {
    let mut targets = Vec::new();
    if let Requirement::Case(condition) = &rule.requirement {
        collect(condition, periods, &mut targets);
    }
    targets
}

fn collect<'h>(expr: &'h Expr, periods: &'h [Period], targets: &mut Vec<Target<'h>>) {
    match &expr.kind {
        ExprKind::And(parts) => parts.iter().for_each(|part| collect(part, periods, targets)),
        ExprKind::Quantified { every: true, periods, condition } => collect(condition, periods, targets),
        ExprKind::Streak { condition, .. } => collect(condition, periods, targets),
        ExprKind::Compare { operator, left, right } => {
            let target = target(expr, (left, *operator, right), periods, false)
                .or_else(|| target(expr, (right, operator.flipped(), left), periods, false))
                .or_else(|| multiple(expr, (left, *operator, right), periods))
                .or_else(|| multiple(expr, (right, operator.flipped(), left), periods));
            targets.extend(target);
        }
        ExprKind::Near { left, right, .. } => {
            targets.extend(target(expr, (left, Comparison::Equal, right), periods, true));
        }
        _ => {}
    }
}

/// How many conditions a rule requires together; as many as its targets if it requires nothing else.
pub fn conditions(rule: &Rule) -> usize {
    fn count(expr: &Expr) -> usize {
        match &expr.kind {
            ExprKind::And(parts) => parts.iter().map(count).sum(),
            ExprKind::Quantified { every: true, condition, .. } | ExprKind::Streak { condition, .. } => {
                count(condition)
            }
            _ => 1,
        }
    }
    match &rule.requirement {
        Requirement::Case(condition) => count(condition),
        Requirement::Rows { .. } => 1,
    }
}

/// `X ≥ 80%`
fn target<'h>(
    expr: &'h Expr,
    (left, operator, right): (&'h Expr, Comparison, &'h Expr),
    periods: &'h [Period],
    near: bool,
) -> Option<Target<'h>> {
    let threshold = match &right.kind {
        ExprKind::Level(_, level) => Scalar::Level(*level),
        _ => Scalar::Number(constant(right)?),
    };
    if constant(left).is_some() {
        return None;
    }
    let seen = Seen::of(left);
    let (threshold, ty) = match (&seen.of, threshold) {
        // `X / X[上年] ≥ 110%` is growth by 10% or more.
        (Subject::Growth { .. }, Scalar::Number(number)) if seen.of_whole => {
            (Scalar::Number(&number - &Number::one()), Type::Quantity(Unit::percent()))
        }
        // `X / X[上年] − 100%` is in 百分点, and a rate of growth all the same.
        (Subject::Growth { .. }, threshold) if right.ty.dimension() == Some(&Dimension::Points) => {
            (threshold, Type::Quantity(Unit::percent()))
        }
        (_, threshold) => (threshold, right.ty.clone()),
    };
    let periods = seen.periods.map_or(Cow::Borrowed(periods), Cow::Borrowed);
    let periods = seen.moved.map_or(periods, |period| Cow::Owned(vec![period]));
    let Seen { of, region, folded, .. } = seen;
    Some(Target { of, region, operator, near, threshold, ty, measured: &left.ty, periods, folded, expr })
}

/// `X ≥ 110% × X[上年]`: growth by 10% or more.
fn multiple<'h>(
    expr: &'h Expr,
    (left, operator, right): (&'h Expr, Comparison, &'h Expr),
    periods: &'h [Period],
) -> Option<Target<'h>> {
    let Multiple { of, region, since, factor } = multiple_of(left, right)?;
    Some(Target {
        of: Subject::Growth { of, since, official: None, reduced: false },
        region,
        operator,
        near: false,
        threshold: Scalar::Number(&factor - &Number::one()),
        ty: Type::Quantity(Unit::percent()),
        measured: &left.ty,
        periods: Cow::Borrowed(periods),
        folded: None,
        expr,
    })
}

/// An indicator beside a multiple of what it was in an earlier period.
pub struct Multiple<'h> {
    /// The indicator.
    pub of: IndicatorId,
    /// Of which region, if not the suite's own.
    pub region: Option<&'h str>,
    /// The earlier period.
    pub since: PeriodRef,
    /// How many times what it was.
    pub factor: Number,
}

/// `X` and `110% × X[上年]`
pub fn multiple_of<'h>(new: &'h Expr, old: &Expr) -> Option<Multiple<'h>> {
    let ExprKind::Arithmetic { operator: Arithmetic::Multiply, left: a, right: b } = &old.kind else { return None };
    let (factor, base) = constant(a).map(|factor| (factor, b)).or_else(|| constant(b).map(|factor| (factor, a)))?;
    let (of, region, since) = same_before(new, base)?;
    Some(Multiple { of, region, since, factor })
}

/// What an expression is of.
struct Seen<'h> {
    of: Subject,
    region: Option<&'h str>,
    /// Periods that the expression itself names.
    periods: Option<&'h [Period]>,
    moved: Option<Period>,
    folded: Option<Function>,
    /// Of a growth: the value is new by old, not their difference by old.
    of_whole: bool,
}

impl<'h> Seen<'h> {
    fn of(expr: &'h Expr) -> Self {
        let of = Subject::Other;
        let mut seen = Seen { of, region: None, periods: None, moved: None, folded: None, of_whole: false };
        if seen.look(expr).is_none() {
            seen.of = Subject::Other;
        }
        seen
    }

    fn look(&mut self, expr: &'h Expr) -> Option<()> {
        match &expr.kind {
            ExprKind::At { of, period, members } => {
                match period {
                    None => {}
                    Some(PeriodRef::Absolute(period)) => self.moved = Some(*period),
                    Some(_) => return None,
                }
                self.region = region(members, self.region)?;
                self.look(of)
            }
            ExprKind::Fold { function, of, periods } => {
                self.periods = Some(periods);
                self.folded = Some(*function);
                let (id, region) = figure(of)?;
                self.region = self.region.or(region);
                self.of = match function {
                    Function::Sum => Subject::Total(id),
                    Function::Mean | Function::Min | Function::Max => Subject::Figure(id),
                    _ => return None,
                };
                Some(())
            }
            ExprKind::Change { kind: kind @ (Change::Growth | Change::Reduction), of, since, official } => {
                let (id, region) = figure(of)?;
                self.region = self.region.or(region);
                let reduced = *kind == Change::Reduction;
                self.of = Subject::Growth { of: id, since: *since, official: *official, reduced };
                Some(())
            }
            ExprKind::YearlyGrowth { of, periods, .. } => {
                let (id, region) = figure(of)?;
                self.region = self.region.or(region);
                self.periods = Some(periods);
                self.of = Subject::Yearly(id);
                Some(())
            }
            ExprKind::Indicator(id) => {
                self.of = Subject::Figure(*id);
                Some(())
            }
            ExprKind::Arithmetic { .. } => {
                let levels = growth_of_levels(expr)?;
                self.region = self.region.or(levels.region);
                self.of_whole = levels.form == Form::Whole;
                let reduced = levels.form == Form::Reduction;
                self.of = Subject::Growth { of: levels.of, since: levels.since, official: None, reduced };
                Some(())
            }
            _ => None,
        }
    }
}

fn region<'h>(members: &'h [(DimId, String)], outer: Option<&'h str>) -> Option<Option<&'h str>> {
    match members {
        [] => Some(outer),
        [(REGION, region)] => Some(outer.or(Some(region))),
        _ => None,
    }
}

/// An indicator, perhaps of another region.
pub fn figure(expr: &Expr) -> Option<(IndicatorId, Option<&str>)> {
    match &expr.kind {
        ExprKind::Indicator(id) => Some((*id, None)),
        ExprKind::At { of, period: None, members } => {
            let (id, inner) = figure(of)?;
            Some((id, region(members, inner)?))
        }
        _ => None,
    }
}

/// Growth that is computed from the levels of two periods.
pub struct Levels<'h> {
    /// Of what.
    pub of: IndicatorId,
    /// Of which region, if not the suite's own.
    pub region: Option<&'h str>,
    /// Against which period.
    pub since: PeriodRef,
    /// What the value is.
    pub form: Form,
}

/// What growth computed from levels gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// new / old
    Whole,
    /// (new − old) / old
    Growth,
    /// (old − new) / old
    Reduction,
}

/// `X / X[上年]`, `X / X[上年] − 1`, `(X − X[上年]) / X[上年]`, `X 增加 / X[上年]`
pub fn growth_of_levels(expr: &Expr) -> Option<Levels<'_>> {
    let ExprKind::Arithmetic { operator, left, right } = &expr.kind else { return None };
    let levels = |(of, region, since), form| Some(Levels { of, region, since, form });
    match operator {
        Arithmetic::Subtract if constant(right)? == Number::one() => {
            let whole = growth_of_levels(left).filter(|levels| levels.form == Form::Whole)?;
            Some(Levels { form: Form::Growth, ..whole })
        }
        Arithmetic::Divide => match &left.kind {
            ExprKind::Arithmetic { operator: Arithmetic::Subtract, left: a, right: b } => {
                if same(b, right) {
                    levels(same_before(a, right)?, Form::Growth)
                } else if same(a, right) {
                    levels(same_before(b, right)?, Form::Reduction)
                } else {
                    None
                }
            }
            ExprKind::Change { kind: kind @ (Change::Increase | Change::Decrease), of, since, .. } => {
                let found = same_before(of, right).filter(|(_, _, before)| before == since)?;
                levels(found, if *kind == Change::Increase { Form::Growth } else { Form::Reduction })
            }
            _ => levels(same_before(left, right)?, Form::Whole),
        },
        _ => None,
    }
}

/// `new` is an indicator and `old` the same one in an earlier period.
fn same_before<'h>(new: &'h Expr, old: &Expr) -> Option<(IndicatorId, Option<&'h str>, PeriodRef)> {
    let (id, region) = figure(new)?;
    let (other, other_region, since) = earlier(old)?;
    (id == other && region == other_region).then_some((id, region, since))
}

fn earlier(expr: &Expr) -> Option<(IndicatorId, Option<&str>, PeriodRef)> {
    let ExprKind::At { of, period: Some(since), members } = &expr.kind else {
        let ExprKind::At { of, period: None, members } = &expr.kind else { return None };
        let (id, inner, since) = earlier(of)?;
        return Some((id, region(members, inner)?, since));
    };
    let (id, inner) = figure(of)?;
    Some((id, region(members, inner)?, *since))
}

fn same(a: &Expr, b: &Expr) -> bool {
    earlier(a).is_some_and(|a| earlier(b) == Some(a))
}

/// The number, if an expression is one whatever the data.
pub fn constant(expr: &Expr) -> Option<Number> {
    match &expr.kind {
        ExprKind::Number(number) => Some(number.clone()),
        ExprKind::Negate(of) => Some(-&constant(of)?),
        ExprKind::Arithmetic { operator, left, right } => {
            let (left, right) = (constant(left)?, constant(right)?);
            match operator {
                Arithmetic::Add => Some(&left + &right),
                Arithmetic::Subtract => Some(&left - &right),
                Arithmetic::Multiply => Some(&left * &right),
                Arithmetic::Divide => left.div(&right),
            }
        }
        _ => None,
    }
}

/// Is a quantity counted in whole things?
pub fn is_counted(ty: &Type) -> bool {
    match ty {
        Type::Level(_) => true,
        ty => ty.dimension().is_some_and(|dimension| *dimension == Dimension::Count || dimension.is_counting()),
    }
}
