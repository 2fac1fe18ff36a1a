//! Figures, and literals whose type the place decides: list entries and given values.

use crate::base::codes::types as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::{Decimal, Dimension, Granularity, Number, Period, Scalar, Unit};
use crate::semantics::Compiler;
use crate::semantics::hir::{self, ScaleId, Type};
use crate::syntax::ast::{self, ExprKind, UnitText};

use super::{Cx, Scope, quantity, typed};

impl Compiler<'_> {
    /// A figure with or without a unit.
    pub(super) fn number(&mut self, value: &Decimal, unit: Option<&UnitText>, span: Span) -> Option<hir::Expr> {
        let unit = match unit {
            Some(text) => self.unit(text)?,
            None => Unit::plain(),
        };
        let number = unit.to_base(&value.value());
        Some(quantity(hir::ExprKind::Number(number), unit, span))
    }

    /// A literal of a known type, for lists and given values.
    pub fn scalar(&mut self, expr: &ast::Expr, ty: &Type) -> Option<Scalar> {
        let cx = Cx::new(Scope::Rule, &[]);
        if let (ExprKind::Name(name), Type::Level(scale)) = (&expr.kind, ty) {
            return self.level(cx, name, *scale, expr.span).and_then(|level| scalar_of(&level.kind));
        }
        if !is_literal(expr) {
            let text = self.sources.text(expr.span).to_owned();
            let wanted = self.describe(ty);
            let help = if *ty == Type::Text {
                Bi::new(format!("文本写在引号里：`\"{text}\"`"), format!("a text goes in quotes: `\"{text}\"`"))
            } else {
                Bi::new(
                    "这里只能写确定的值，如 `3.2%`、`\"南京市\"`、`2021-03-15`",
                    "only a value may stand here, such as `3.2%`, `\"Nanjing\"`, `2021-03-15`",
                )
            };
            self.report.error(
                &codes::LITERAL,
                expr.span,
                Bi::new(
                    format!("这里要写一个值（{}），不能写 `{text}`", wanted.zh),
                    format!("a value is wanted here ({}), not `{text}`", wanted.en),
                ),
                help,
            );
            return None;
        }
        let value = self.value(cx, expr)?;
        let fitted = self.fit(cx, value, ty)?;
        scalar_of(&fitted.kind)
    }

    /// A level of a scale by its name; reported if the scale has none.
    pub(super) fn level(&mut self, cx: Cx<'_>, name: &str, scale: ScaleId, span: Span) -> Option<hir::Expr> {
        let declared = self.suite.scales.get(scale.0)?;
        if let Some(at) = declared.levels.iter().position(|level| level == name) {
            return Some(typed(hir::ExprKind::Level(scale, at), Type::Level(scale), span));
        }
        if self.is_broken(name) {
            return None;
        }
        let (title, list) = (declared.name.clone(), self.level_list(scale));
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::LEVEL,
                span,
                Bi::new(format!("标度 `{title}` 没有级别 `{name}`"), format!("scale `{title}` has no level `{name}`")),
            )
            .help(Bi::new(format!("它的级别从差到好是：{list}"), format!("its levels, worst to best, are {list}"))),
        );
        None
    }
}

fn is_literal(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::Number { .. }
        | ExprKind::Text(_)
        | ExprKind::Boolean(_)
        | ExprKind::Date(_)
        | ExprKind::Period(_) => true,
        ExprKind::Negate(of) => matches!(of.kind, ExprKind::Number { .. }),
        _ => false,
    }
}

fn scalar_of(kind: &hir::ExprKind) -> Option<Scalar> {
    Some(match kind {
        hir::ExprKind::Number(number) => Scalar::Number(number.clone()),
        hir::ExprKind::Text(text) => Scalar::text(text.trim()),
        hir::ExprKind::Boolean(value) => Scalar::Boolean(*value),
        hir::ExprKind::Date(date) => Scalar::Date(*date),
        hir::ExprKind::Period(period) => Scalar::Period(*period),
        hir::ExprKind::Level(_, level) => Scalar::Level(*level),
        _ => return None,
    })
}

/// The number, if the expression is a figure without a unit.
pub(super) fn bare(expr: &hir::Expr) -> Option<&Number> {
    match (&expr.kind, &expr.ty) {
        (hir::ExprKind::Number(number), Type::Quantity(unit)) if *unit.dimension() == Dimension::Plain => Some(number),
        _ => None,
    }
}

/// The year, if the expression is a figure that reads as one: `2021`, `2021 年`.
pub(super) fn as_year(expr: &hir::Expr) -> Option<Period> {
    let (hir::ExprKind::Number(number), Type::Quantity(unit)) = (&expr.kind, &expr.ty) else { return None };
    let year = number.to_i64().filter(|year| (1000..=9999).contains(year))?;
    if *unit.dimension() == Dimension::Plain || unit.name() == "年" {
        return Period::new(i16::try_from(year).ok()?, Granularity::Year, 1);
    }
    None
}

/// How a figure is written in a unit, for help lines: `2 家`, `7%`.
pub fn written(number: &Number, unit: &Unit) -> String {
    let space = if unit.name().starts_with(['%', '‰']) { "" } else { " " };
    format!("{}{space}{}", number.exact(), unit.name())
}
