//! Comparisons: `≥`, `在 … 之间`, `±`, `左右`, `先于`.

use crate::base::codes::types as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::Dimension;
use crate::semantics::Compiler;
use crate::semantics::hir::{self, Type};
use crate::syntax::ast::{self, Comparison, ExprKind, Tolerance};

use super::literal::bare;
use super::{Cx, condition};

/// One side of a comparison.
enum Side<'e> {
    /// A value; `None` if it is wrong, which has been reported.
    Value(Option<hir::Expr>),
    /// A name that the suite does not know: perhaps a level.
    Free(Cx<'e>, &'e str, Span),
    /// `下级合计 沿 科目`
    Children(Cx<'e>, &'e ast::Name, Span),
}

impl Compiler<'_> {
    /// `a ≥ b`
    pub(super) fn compare(
        &mut self,
        cx: Cx<'_>,
        operator: Comparison,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<hir::Expr> {
        let yearly = |(_, expr): (Cx<'_>, &ast::Expr)| matches!(expr.kind, ExprKind::YearlyGrowth { .. });
        match (yearly(cx.peel(left)), yearly(cx.peel(right))) {
            (false, false) => {}
            (true, false) => return self.compare_yearly(cx, operator, left, right, span),
            (false, true) => return self.compare_yearly(cx, operator.flipped(), right, left, span),
            (true, true) => return self.yearly_twice(cx, span),
        }
        let (left, right) = self.sides(cx, left, right)?;
        self.check_order(cx, operator, &left, span)?;
        Some(condition(hir::ExprKind::Compare { operator, left: Box::new(left), right: Box::new(right) }, span))
    }

    /// Both sides of a comparison, typed and bent to each other.
    pub(super) fn sides(&mut self, cx: Cx<'_>, left: &ast::Expr, right: &ast::Expr) -> Option<(hir::Expr, hir::Expr)> {
        match (self.side(cx, left), self.side(cx, right)) {
            (Side::Value(left), Side::Value(right)) => self.unify(cx, left?, right?),
            // Beside a value that is wrong, a bare name may be a level: nothing is said of it.
            (Side::Value(value), free) => {
                let value = value.or_else(|| self.beside_unknown(&free))?;
                let other = self.beside(free, Some(&value))?;
                self.unify(cx, value, other)
            }
            (free, Side::Value(value)) => {
                let value = value.or_else(|| self.beside_unknown(&free))?;
                let other = self.beside(free, Some(&value))?;
                self.unify(cx, other, value)
            }
            (left, right) => {
                self.beside(left, None);
                self.beside(right, None);
                None
            }
        }
    }

    fn side<'e>(&mut self, cx: Cx<'e>, expr: &'e ast::Expr) -> Side<'e> {
        let (inner, peeled) = cx.peel(expr);
        match &peeled.kind {
            ExprKind::Name(name) if self.is_free(inner, name) => Side::Free(inner, name, peeled.span),
            ExprKind::ChildrenSum { along } => Side::Children(inner, along, peeled.span),
            _ => Side::Value(self.value(cx, expr)),
        }
    }

    /// Beside a parameter of a function that nothing calls, a name that nothing goes by may only be a level.
    #[cold]
    fn beside_unknown(&mut self, side: &Side<'_>) -> Option<hir::Expr> {
        if let Side::Free(cx, name, span) = side
            && self.is_uncalled()
            && !self.levels.contains_key(*name)
        {
            self.unknown_name(*cx, name, *span, false);
        }
        None
    }

    /// The value of a side that takes its meaning from the other one.
    fn beside(&mut self, side: Side<'_>, other: Option<&hir::Expr>) -> Option<hir::Expr> {
        match side {
            Side::Value(value) => value,
            Side::Children(cx, along, span) => self.children_sum(cx, along, other, span),
            Side::Free(cx, name, span) => match other.map(|other| &other.ty) {
                Some(Type::Level(scale)) => self.level(cx, name, *scale, span),
                Some(Type::Text) => {
                    self.unknown_name(cx, name, span, true);
                    None
                }
                None if self.levels.contains_key(name) => None,
                _ => {
                    self.unknown_name(cx, name, span, false);
                    None
                }
            },
        }
    }

    /// A value that is to be of a given type; a bare name may be a level.
    pub fn value_of_type(&mut self, cx: Cx<'_>, expr: &ast::Expr, ty: &Type) -> Option<hir::Expr> {
        let (inner, peeled) = cx.peel(expr);
        if let (ExprKind::Name(name), Type::Level(scale)) = (&peeled.kind, ty)
            && self.is_free(inner, name)
        {
            return self.level(inner, name, *scale, peeled.span);
        }
        let value = self.value(cx, expr)?;
        self.fit(cx, value, ty)
    }

    fn check_order(&mut self, cx: Cx<'_>, operator: Comparison, left: &hir::Expr, span: Span) -> Option<()> {
        if matches!(operator, Comparison::Equal | Comparison::NotEqual)
            || !matches!(left.ty, Type::Text | Type::Boolean)
        {
            return Some(());
        }
        let kind = self.describe(&left.ty);
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::ORDER,
                span,
                Bi::new(
                    format!("{}没有大小之分", kind.zh),
                    format!("there is no more or less here: this is {}", kind.en),
                ),
            )
            .help(Bi::new(
                "用 `=`、`≠` 或 `属于`；要分高低，先声明 `标度`",
                "use `=`, `≠` or `in`; for an order declare a `scale`",
            )),
        );
        None
    }

    /// `a 在 b 到 c 之间`: both ends included.
    pub(super) fn between(
        &mut self,
        cx: Cx<'_>,
        of: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
        span: Span,
    ) -> Option<hir::Expr> {
        let low = self.compare(cx, Comparison::AtLeast, of, low, span);
        let high = self.compare(cx, Comparison::AtMost, of, high, span);
        Some(condition(hir::ExprKind::And(vec![low?, high?]), span))
    }

    /// `a = b ± c`, `a = b 左右 2%`
    pub(super) fn near(
        &mut self,
        cx: Cx<'_>,
        left: &ast::Expr,
        right: &ast::Expr,
        tolerance: &Tolerance,
        span: Span,
    ) -> Option<hir::Expr> {
        let sides = self.sides(cx, left, right);
        let (margin, relative) = match tolerance {
            Tolerance::Absolute(margin) => (margin, false),
            Tolerance::Relative(margin) => (margin, true),
        };
        let margin = self.value(cx, margin);
        let ((left, right), mut margin) = (sides?, margin?);
        let (Type::Quantity(unit), Type::Quantity(given)) = (&left.ty, &margin.ty) else {
            let wrong = if matches!(left.ty, Type::Quantity(_)) { &margin } else { &left };
            let kind = self.describe(&wrong.ty);
            let span = wrong.span;
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::TOLERANCE,
                    span,
                    Bi::new(
                        format!("误差只用于数，这里是{}", kind.zh),
                        format!("a tolerance is for figures; this is {}", kind.en),
                    ),
                )
                .help(Bi::new("如 `金额 = 总额 ± 0.5 万元`", "for instance `amount = total ± 0.5 万元`")),
            );
            return None;
        };
        // The unit of the sides: that of the one that has a unit of its own.
        let unit = match &right.ty {
            Type::Quantity(right) if *unit.dimension() == Dimension::Count => right,
            _ => unit,
        };
        let fits = if relative {
            *given.dimension() == Dimension::Ratio
        } else {
            given.dimension().comparable(unit.dimension())
                || (*unit.dimension() == Dimension::Ratio && *given.dimension() == Dimension::Points)
        };
        if bare(&margin).is_some_and(crate::quantity::Number::is_zero) {
            margin.ty = if relative { hir::Type::Quantity(crate::quantity::Unit::percent()) } else { left.ty.clone() };
        } else if !fits {
            let text = self.quoted(margin.span).unwrap_or_else(|| "…".to_owned());
            let help = match (relative, given.dimension()) {
                (true, Dimension::Plain) => Bi::new(format!("写 `左右 {text}%`"), format!("write `about {text}%`")),
                (true, _) => Bi::new(
                    format!("`左右` 后面写百分数；若是绝对的误差，写 `± {text}`"),
                    format!("`about` takes a percentage; for an absolute margin write `± {text}`"),
                ),
                (false, Dimension::Ratio) => Bi::new(
                    format!("相对的误差写 `左右 {text}`"),
                    format!("for a relative margin write `about {text}`"),
                ),
                (false, Dimension::Plain) => {
                    let unit = unit.name();
                    Bi::new(format!("写 `± {text} {unit}`"), format!("write `± {text} {unit}`"))
                }
                (false, _) => {
                    let unit = unit.name();
                    Bi::new(
                        format!("误差与两边用同样的单位：`± … {unit}`"),
                        format!("the margin is in the unit of the two sides: `± … {unit}`"),
                    )
                }
            };
            let span = margin.span;
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::TOLERANCE,
                    span,
                    Bi::new(
                        format!("误差 `{text}` 的单位与两边不符"),
                        format!("the unit of the margin `{text}` does not fit the two sides"),
                    ),
                )
                .help(help),
            );
            return None;
        }
        Some(condition(
            hir::ExprKind::Near { left: Box::new(left), right: Box::new(right), margin: Box::new(margin), relative },
            span,
        ))
    }

    /// `A 先于 B`: two dates.
    pub(super) fn before(&mut self, cx: Cx<'_>, left: &ast::Expr, right: &ast::Expr, span: Span) -> Option<hir::Expr> {
        let left = self.value_of_type(cx, left, &Type::Date);
        let right = self.value_of_type(cx, right, &Type::Date);
        let (left, right) = (Box::new(left?), Box::new(right?));
        Some(condition(hir::ExprKind::Compare { operator: Comparison::Below, left, right }, span))
    }
}
