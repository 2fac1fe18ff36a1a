//! Changes between two periods: 增长, 压减, 增加, 减少, 翻番, 年均增长.

use crate::base::codes::types as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::{Decimal, Dimension, Granularity, Unit};
use crate::semantics::Compiler;
use crate::semantics::hir::{self, IndicatorId, PeriodRef};
use crate::semantics::types::{out_of_bounds, whole};
use crate::syntax::ast::{self, Change, Comparison, ExprKind};

use super::{Cx, condition, quantity};

/// A change of `X[2020]` is the change of X, seen from 2020: the period goes round the whole, so that the year before is
/// the one before 2020.
fn in_its_period(of: hir::Expr, change: impl FnOnce(hir::Expr) -> hir::Expr) -> hir::Expr {
    let hir::Expr { kind, ty, span } = of;
    let (inner, period, members) = match kind {
        hir::ExprKind::At { of, period: Some(period), members } => (of, period, members),
        kind => return change(hir::Expr { kind, ty, span }),
    };
    let inner = match members.is_empty() {
        true => *inner,
        false => hir::Expr { kind: hir::ExprKind::At { of: inner, period: None, members }, ty, span },
    };
    let change = change(inner);
    let (ty, span) = (change.ty.clone(), change.span);
    hir::Expr { kind: hir::ExprKind::At { of: Box::new(change), period: Some(period), members: Vec::new() }, ty, span }
}

impl Compiler<'_> {
    /// `X 增长`, `X 较 2015 减少`
    pub(super) fn change(
        &mut self,
        cx: Cx<'_>,
        kind: Change,
        of: &ast::Expr,
        since: Option<&ast::PeriodRef>,
        span: Span,
    ) -> Option<hir::Expr> {
        self.case_only(cx, span, ("增减变化", "a change between periods"))?;
        let of = self.value(cx, of)?;
        let unit = self.numeric(cx, &of)?;
        let since = match since {
            Some(since) => self.since(cx, since)?,
            None => PeriodRef::YearsBack(1),
        };
        let (unit, official) = match kind {
            Change::Growth | Change::Reduction => {
                self.no_ratio(cx, kind, &of, &unit, span)?;
                (Unit::percent(), self.official(&of))
            }
            Change::Increase | Change::Decrease => match unit.dimension() {
                Dimension::Ratio => (Unit::points(), None),
                _ => (unit, None),
            },
        };
        Some(in_its_period(of, |of| {
            quantity(hir::ExprKind::Change { kind, of: Box::new(of), since, official }, unit, span)
        }))
    }

    fn since(&mut self, cx: Cx<'_>, since: &ast::PeriodRef) -> Option<PeriodRef> {
        match period_ref(since) {
            PeriodRef::Back(0) => {
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::RANGE,
                        since.span,
                        Bi::new("与本期自己相比，没有变化可言", "a period does not change against itself"),
                    )
                    .help(Bi::new(
                        "写 `较 上年`、`较 上期` 或 `较 2015`",
                        "write `since last year`, `since previous period` or `since 2015`",
                    )),
                );
                None
            }
            other => Some(other),
        }
    }

    /// Growth of a ratio is refused: it would be read as percentage points by one and as a relative change by another.
    fn no_ratio(&mut self, cx: Cx<'_>, kind: Change, of: &hir::Expr, unit: &Unit, span: Span) -> Option<()> {
        if !matches!(unit.dimension(), Dimension::Ratio | Dimension::Points) {
            return Some(());
        }
        let name = self.quoted(of.span).unwrap_or_else(|| "X".to_owned());
        let absolute = match kind {
            Change::Growth | Change::Increase => ("增加", "increases"),
            Change::Reduction | Change::Decrease => ("减少", "decreases"),
        };
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::GROWTH_OF_RATIO,
                span,
                Bi::new(
                    format!("`{name}` 本身是比率，说它增长或下降，分不清是百分点还是百分数"),
                    format!("`{name}` is a ratio: that it grows or falls could mean percentage points or per cent"),
                ),
            )
            .help(Bi::new(
                format!("写 `{name} {} ≥ 2 百分点`", absolute.0),
                format!("write `{name} {} ≥ 2 百分点`", absolute.1),
            )),
        );
        None
    }

    /// The indicator that carries the official growth rate of what an expression reads.
    fn official(&self, of: &hir::Expr) -> Option<IndicatorId> {
        match &of.kind {
            hir::ExprKind::Indicator(id) => self.suite.indicators.get(id.0)?.growth_from,
            hir::ExprKind::At { of, .. } => self.official(of),
            _ => None,
        }
    }

    /// `X 较 2015 翻 2 番`
    pub(super) fn doubles(
        &mut self,
        cx: Cx<'_>,
        of: &ast::Expr,
        since: &ast::PeriodRef,
        times: &Decimal,
        span: Span,
    ) -> Option<hir::Expr> {
        self.case_only(cx, span, ("`翻番`", "`doubles`"))?;
        let of = self.value(cx, of)?;
        self.numeric(cx, &of)?;
        let since = self.since(cx, since)?;
        let Some(times) = whole(&times.value(), 1, 64) else {
            self.fault(cx, out_of_bounds(span, ("翻番的次数", "the number of doublings"), 1, 64));
            return None;
        };
        Some(in_its_period(of, |of| condition(hir::ExprKind::Doubles { of: Box::new(of), since, times }, span)))
    }

    /// `X 年均增长 2016..2020 ≥ 8%`
    pub(super) fn compare_yearly(
        &mut self,
        cx: Cx<'_>,
        operator: Comparison,
        yearly: &ast::Expr,
        other: &ast::Expr,
        span: Span,
    ) -> Option<hir::Expr> {
        let (inner, peeled) = cx.peel(yearly);
        let ExprKind::YearlyGrowth { of, over } = &peeled.kind else { return None };
        self.case_only(cx, peeled.span, ("增减变化", "a change between periods"))?;
        if matches!(operator, Comparison::Equal | Comparison::NotEqual) {
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::YEARLY,
                    span,
                    Bi::new(
                        "年均增长率一般不是有限小数，不能问它是否正好等于某数",
                        "a compound yearly rate seldom is a finite decimal, and is never asked to equal a figure",
                    ),
                )
                .help(Bi::new("写 `≥`、`≤`，或 `在 5% 到 6% 之间`", "write `≥` or `≤`, or `between 5% and 6%`")),
            );
            return None;
        }
        let of = self.value(inner.without_series(), of);
        let periods = self.periods(over);
        let other = self.value(cx, other);
        let (of, periods, other) = (of?, periods?, other?);
        let unit = self.numeric(cx, &of)?;
        self.no_ratio(cx, Change::Growth, &of, &unit, peeled.span)?;
        if periods.iter().any(|period| period.granularity() != Granularity::Year) {
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::RANGE,
                    over.span,
                    Bi::new("年均增长按年度计算", "a yearly rate is taken over years"),
                )
                .help(Bi::new("写 `年均增长 2016..2020`", "write `grows yearly 2016..2020`")),
            );
            return None;
        }
        let official = self.official(&of);
        let left =
            quantity(hir::ExprKind::YearlyGrowth { of: Box::new(of), periods, official }, Unit::percent(), peeled.span);
        let (left, right) = self.unify(cx, left, other)?;
        Some(condition(hir::ExprKind::Compare { operator, left: Box::new(left), right: Box::new(right) }, span))
    }

    pub(super) fn yearly_twice(&mut self, cx: Cx<'_>, span: Span) -> Option<hir::Expr> {
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::YEARLY,
                span,
                Bi::new("两个年均增长率不能直接比较", "two compound yearly rates do not compare directly"),
            )
            .help(Bi::new("把其中一个换成确定的百分数", "make one of them a percentage")),
        );
        None
    }

    pub(super) fn yearly_alone(&mut self, cx: Cx<'_>, span: Span) -> Option<hir::Expr> {
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::YEARLY,
                span,
                Bi::new("年均增长只能直接作比较的一边", "a compound yearly rate stands as one side of a comparison"),
            )
            .help(Bi::new("写 `X 年均增长 2016..2020 ≥ 8%`", "write `X grows yearly 2016..2020 ≥ 8%`")),
        );
        None
    }
}

/// A period as the tree tells it.
pub(super) fn period_ref(period: &ast::PeriodRef) -> PeriodRef {
    match period.kind {
        ast::PeriodRefKind::Absolute(period) => PeriodRef::Absolute(period),
        ast::PeriodRefKind::LastYear => PeriodRef::YearsBack(1),
        ast::PeriodRefKind::Previous => PeriodRef::Back(1),
        ast::PeriodRefKind::This => PeriodRef::Back(0),
    }
}
