//! `+ − × ÷`: units follow the algebra of dimensions.

use crate::base::codes::types as codes;
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::quantity::{Dimension, Unit};
use crate::semantics::Compiler;
use crate::semantics::hir::{self, Type};
use crate::syntax::ast::{self, Arithmetic};

use super::literal::{bare, written};
use super::{Cx, quantity};

impl Compiler<'_> {
    /// −x; of a figure, the negative figure.
    pub(super) fn negate(&mut self, cx: Cx<'_>, of: &ast::Expr, span: Span) -> Option<hir::Expr> {
        let of = self.value(cx, of)?;
        let unit = self.numeric(cx, &of)?;
        if let hir::ExprKind::Number(number) = &of.kind {
            return Some(quantity(hir::ExprKind::Number(-number), unit, span));
        }
        Some(quantity(hir::ExprKind::Negate(Box::new(of)), unit, span))
    }

    /// The unit of a number; reported if it is something else.
    pub(super) fn numeric(&mut self, cx: Cx<'_>, of: &hir::Expr) -> Option<Unit> {
        if let Type::Quantity(unit) = &of.ty {
            return Some(unit.clone());
        }
        let kind = self.describe(&of.ty);
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::NOT_NUMERIC,
                of.span,
                Bi::new(
                    format!("这里要用数来计算，而这是{}", kind.zh),
                    format!("a figure is wanted here; this is {}", kind.en),
                ),
            )
            .help(Bi::new(
                "只有数能加减乘除、求增减；文本、日期、级别用比较",
                "only figures are added, divided or said to grow; compare texts, dates and levels instead",
            )),
        );
        None
    }

    /// `a + b`
    pub(super) fn arithmetic(
        &mut self,
        cx: Cx<'_>,
        operator: Arithmetic,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<hir::Expr> {
        let (left, right) = (self.value(cx, left), self.value(cx, right));
        let (mut left, mut right) = (left?, right?);
        if let (Type::Date, Arithmetic::Subtract, Type::Date) = (&left.ty, operator, &right.ty) {
            let days = self.suite.units.resolve("天").unwrap_or_else(|_| Unit::plain());
            let kind = hir::ExprKind::Arithmetic { operator, left: Box::new(left), right: Box::new(right) };
            return Some(quantity(kind, days, span));
        }
        let (a, b) = (self.numeric(cx, &left), self.numeric(cx, &right));
        let (a, b) = (a?, b?);
        let additive = matches!(operator, Arithmetic::Add | Arithmetic::Subtract);
        let (mut a, mut b) = (a, b);
        if additive {
            // A bare 0 goes with every unit.
            if bare(&left).is_some_and(crate::quantity::Number::is_zero) {
                a = b.clone();
                left.ty = right.ty.clone();
            } else if bare(&right).is_some_and(crate::quantity::Number::is_zero) {
                b = a.clone();
                right.ty = left.ty.clone();
            }
        }
        let unit = match operator {
            Arithmetic::Add => a.dimension().add(b.dimension()),
            Arithmetic::Subtract => a.dimension().sub(b.dimension()),
            Arithmetic::Multiply => a.dimension().mul(b.dimension()),
            // A number of rows is in whatever counting unit it is divided by.
            Arithmetic::Divide if *a.dimension() == Dimension::Count && b.dimension().is_counting() => {
                Some(Dimension::Ratio)
            }
            Arithmetic::Divide => a.dimension().div(b.dimension()),
        };
        let Some(dimension) = unit else {
            self.does_not_add_up(cx, operator, (&left, &a), (&right, &b), span);
            return None;
        };
        // Shown in the unit of an operand that has the same dimension, else in base units.
        let unit = match [&a, &b].into_iter().find(|unit| *unit.dimension() == dimension) {
            Some(unit) => unit.clone(),
            None => Unit::base(dimension),
        };
        let kind = hir::ExprKind::Arithmetic { operator, left: Box::new(left), right: Box::new(right) };
        Some(quantity(kind, unit, span))
    }

    fn does_not_add_up(
        &mut self,
        cx: Cx<'_>,
        operator: Arithmetic,
        (left, a): (&hir::Expr, &Unit),
        (right, b): (&hir::Expr, &Unit),
        span: Span,
    ) {
        let (ka, kb) = (self.describe(&left.ty), self.describe(&right.ty));
        let verb = match operator {
            Arithmetic::Add => ("相加", "be added up"),
            Arithmetic::Subtract => ("相减", "be subtracted"),
            Arithmetic::Multiply => ("相乘", "be multiplied"),
            Arithmetic::Divide => ("相除", "be divided"),
        };
        let bare_side = [(left, b), (right, a)].into_iter().find(|(side, _)| bare(side).is_some());
        let diagnostic = match bare_side {
            Some((side, unit)) => {
                let text = self.quoted(side.span).unwrap_or_default();
                let shown = match (bare(side), unit.dimension()) {
                    (Some(number), Dimension::Ratio) => written(&unit.from_base(number), unit),
                    _ => format!("{text} {}", unit.name()),
                };
                Diagnostic::rule(
                    &codes::BARE_NUMBER,
                    side.span,
                    Bi::new(
                        format!(
                            "`{text}` 没有单位，不能与{}{}",
                            if side.span == left.span { &kb.zh } else { &ka.zh },
                            verb.0
                        ),
                        format!("`{text}` has no unit, and cannot {} with the other side", verb.1),
                    ),
                )
                .help(Bi::new(format!("写 `{shown}`"), format!("write `{shown}`")))
            }
            None => Diagnostic::rule(
                &codes::MIXED_UNITS,
                span,
                Bi::new(
                    format!("{}与{}不能{}", ka.zh, kb.zh, verb.0),
                    format!("{} and {} cannot {}", ka.en, kb.en, verb.1),
                ),
            )
            .help(Bi::new(
                "两边要是同一种量；人、户、人次各是各的，不能合并",
                "both sides must be one kind of quantity; 人, 户 and 人次 are different things",
            )),
        };
        let diagnostic = diagnostic
            .label(Place::Rule(right.span), Bi::new(format!("这一边是{}", kb.zh), format!("this side is {}", kb.en)));
        self.fault(cx, diagnostic);
    }
}
