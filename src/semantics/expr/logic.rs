//! Conditions: and, or, in every period, in a row.

use std::cell::RefCell;

use crate::base::codes::types as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::{Decimal, Granularity};
use crate::semantics::Compiler;
use crate::semantics::hir::{self, Type};
use crate::semantics::types::{out_of_bounds, whole};
use crate::syntax::ast::{self, PeriodSpan};

use super::{Cx, Series, condition};

impl Compiler<'_> {
    /// An expression that holds or does not.
    pub fn condition(&mut self, cx: Cx<'_>, expr: &ast::Expr) -> Option<hir::Expr> {
        let value = self.value(cx, expr)?;
        if value.ty == Type::Boolean {
            return Some(value);
        }
        let kind = self.describe(&value.ty);
        let text = self.quoted(expr.span).unwrap_or_else(|| "…".to_owned());
        let help = match &value.ty {
            Type::Quantity(unit) => {
                let comparison = format!("{text} ≥ … {unit}");
                let comparison = comparison.trim_end();
                Bi::new(format!("写成比较，如 `{comparison}`"), format!("make it a comparison, such as `{comparison}`"))
            }
            _ => Bi::new(format!("写成比较，如 `{text} = …`"), format!("make it a comparison, such as `{text} = …`")),
        };
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::NOT_A_CONDITION,
                expr.span,
                Bi::new(
                    format!("这里要写条件，而 `{text}` 是{}", kind.zh),
                    format!("a condition is wanted here, and `{text}` is {}", kind.en),
                ),
            )
            .help(help),
        );
        None
    }

    pub(super) fn conditions(&mut self, cx: Cx<'_>, all: &[ast::Expr]) -> Option<Vec<hir::Expr>> {
        let all: Vec<Option<hir::Expr>> = all.iter().map(|expr| self.condition(cx, expr)).collect();
        all.into_iter().collect()
    }

    /// `每个 期间 2021..2025 要求 …`, `全部 X[2021..2025] ≥ 80%`
    pub(super) fn quantified(
        &mut self,
        cx: Cx<'_>,
        every: bool,
        over: Option<&PeriodSpan>,
        of: &ast::Expr,
        span: Span,
    ) -> Option<hir::Expr> {
        self.case_only(cx, span, ("逐期的条件", "a condition over periods"))?;
        if let Some(over) = over {
            let periods = self.periods(over);
            let of = self.condition(cx.without_series(), of);
            let kind = hir::ExprKind::Quantified { every, periods: periods?, condition: Box::new(of?) };
            return Some(condition(kind, span));
        }
        let slot: RefCell<Option<Series>> = RefCell::new(None);
        let of = self.condition(Cx { series: Some(&slot), ..cx }, of)?;
        let Some(series) = slot.into_inner() else {
            self.fault(
                cx,
                Diagnostic::rule(&codes::SERIES, span, Bi::new("没有写明是哪些期间", "it is not said which periods"))
                    .help(Bi::new(
                        "写 `全部 X[2021..2025] ≥ 80%`，或 `每个 期间 2021..2025 要求 X ≥ 80%`",
                        "write `all X[2021..2025] ≥ 80%`, or `every period 2021..2025 require X ≥ 80%`",
                    )),
            );
            return None;
        };
        Some(condition(hir::ExprKind::Quantified { every, periods: series.periods, condition: Box::new(of) }, span))
    }

    /// `连续 3 年 …`
    pub(super) fn streak(
        &mut self,
        cx: Cx<'_>,
        (times, step): (&Decimal, Option<Granularity>),
        of: &ast::Expr,
        span: Span,
    ) -> Option<hir::Expr> {
        self.case_only(cx, span, ("`连续`", "`in a row`"))?;
        let of = self.condition(cx.without_series(), of);
        let Some(times) = whole(&times.value(), 1, 1000) else {
            self.fault(cx, out_of_bounds(span, ("连续的次数", "the number in a row"), 1, 1000));
            return None;
        };
        Some(condition(hir::ExprKind::Streak { times, step, condition: Box::new(of?) }, span))
    }
}
