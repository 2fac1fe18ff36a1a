//! One change to a rule or to the formula of an indicator, made in place.

use regex::Regex;

use crate::base::Span;
use crate::quantity::{Period, Scalar};
use crate::semantics::hir::{
    Arithmetic, ColumnId, Comparison, DimId, Expr, ExprKind, List, PeriodRef, Requirement, Rule, Type,
};

/// What is changed. Where two expressions have one place, the change says which of them is meant.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// Of a comparison.
    Operator { from: Comparison, to: Comparison },
    /// Of a calculation.
    Arithmetic { from: Arithmetic, to: Arithmetic },
    /// A literal gives way to another of its kind.
    Literal(ExprKind),
    /// A part of 且 or 或, by its index and how many there are.
    DropPart { index: usize, of: usize },
    /// An aggregate's filter.
    DropFilter,
    /// 全部 becomes 存在, or the other way round.
    Every { to: bool },
    /// Of a series.
    Periods { from: Vec<Period>, to: Vec<Period> },
    /// Of a streak, or of doublings.
    Times { from: u32, to: u32 },
    /// What a change is measured against, or the period in brackets.
    Reference { from: PeriodRef, to: PeriodRef },
    /// The member in brackets.
    Member { dim: DimId, to: String },
    /// 如果 … 则 … without its condition.
    Consequence,
    /// Without 非.
    Affirm,
    /// The entries of a list.
    Listed { from: Vec<Scalar>, to: Vec<Scalar> },
    /// The columns that are to be unique together.
    Unique { from: Vec<ColumnId>, to: Vec<ColumnId> },
    /// Of 匹配.
    Pattern(Regex),
    /// 期间 of the rule.
    RulePeriods(Vec<Period>),
    /// The rule's 当.
    DropWhen,
    /// All that the rule requires: it holds wherever it applies.
    DropRequirement,
}

/// What always holds, and draws on the same figures, so that the members of 对每个 stay the same.
pub(in crate::pipeline) fn always_beside(whole: &Expr) -> Expr {
    let (ty, span) = (Type::Boolean, whole.span);
    let always = Expr { kind: ExprKind::Boolean(true), ty: Type::Boolean, span };
    Expr { kind: ExprKind::Or(vec![always, whole.clone()]), ty, span }
}

/// Makes a change to a rule.
pub(super) fn in_rule(rule: &mut Rule, at: Span, edit: &Edit) {
    match edit {
        Edit::RulePeriods(periods) => rule.periods.clone_from(periods),
        Edit::DropWhen => {
            rule.when = None;
            if let Requirement::Rows { when, .. } = &mut rule.requirement {
                *when = None;
            }
        }
        Edit::DropRequirement => {
            let (Requirement::Case(condition) | Requirement::Rows { condition, .. }) = &mut rule.requirement;
            *condition = always_beside(condition);
        }
        _ => {
            let (when, condition) = match &mut rule.requirement {
                Requirement::Case(condition) => (&mut rule.when, condition),
                Requirement::Rows { when, condition, .. } => (when, condition),
            };
            for expr in when.iter_mut().chain([condition]) {
                in_expr(expr, at, edit);
            }
        }
    }
}

/// Makes a change to every expression that stands at a place.
pub(super) fn in_expr(expr: &mut Expr, at: Span, edit: &Edit) {
    if expr.span == at {
        change(expr, edit);
    }
    expr.for_each_part_mut(&mut |part| in_expr(part, at, edit));
}

fn change(expr: &mut Expr, edit: &Edit) {
    match (&mut expr.kind, edit) {
        (ExprKind::Compare { operator, .. }, Edit::Operator { from, to }) if operator == from => *operator = *to,
        (ExprKind::Arithmetic { operator, .. }, Edit::Arithmetic { from, to }) if operator == from => *operator = *to,
        (kind, Edit::Literal(to)) if std::mem::discriminant(kind) == std::mem::discriminant(to) => *kind = to.clone(),
        (ExprKind::And(parts) | ExprKind::Or(parts), Edit::DropPart { index, of }) if parts.len() == *of => {
            parts.remove(*index);
        }
        (ExprKind::Aggregate(aggregate), Edit::DropFilter) => aggregate.filter = None,
        (ExprKind::Quantified { every, .. }, Edit::Every { to }) => *every = *to,
        (
            ExprKind::Quantified { periods, .. }
            | ExprKind::Fold { periods, .. }
            | ExprKind::YearlyGrowth { periods, .. },
            Edit::Periods { from, to },
        ) if periods == from => periods.clone_from(to),
        (ExprKind::Streak { times, .. } | ExprKind::Doubles { times, .. }, Edit::Times { from, to })
            if times == from =>
        {
            *times = *to;
        }
        (ExprKind::Change { since, .. } | ExprKind::Doubles { since, .. }, Edit::Reference { from, to })
            if since == from =>
        {
            *since = *to;
        }
        (ExprKind::At { period: Some(period), .. }, Edit::Reference { from, to }) if period == from => *period = *to,
        (ExprKind::At { members, .. }, Edit::Member { dim, to }) => {
            for (of, member) in members {
                if of == dim {
                    member.clone_from(to);
                }
            }
        }
        (ExprKind::Implies(_, consequence), Edit::Consequence) => {
            let consequence = std::mem::replace(&mut consequence.kind, ExprKind::Boolean(true));
            expr.kind = consequence;
        }
        (ExprKind::Not(of), Edit::Affirm) => {
            let of = std::mem::replace(&mut of.kind, ExprKind::Boolean(true));
            expr.kind = of;
        }
        (ExprKind::In { list: List::Values(values), .. }, Edit::Listed { from, to }) if values == from => {
            values.clone_from(to);
        }
        (ExprKind::Unique(columns), Edit::Unique { from, to }) if columns == from => columns.clone_from(to),
        (ExprKind::Matches { pattern, .. }, Edit::Pattern(to)) => *pattern = to.clone(),
        _ => {}
    }
}
