//! Indicators: first their heads, so that any body may use any of them, then their bodies.

use crate::base::codes::{names as codes, types};
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::quantity::Dimension;
use crate::syntax::ast;

use super::Compiler;
use super::collect::Meaning;
use super::expr::{Cx, Scope};
use super::hir::{self, DimId, Indicator, IndicatorId, REGION, Type};

impl<'a> Compiler<'a> {
    /// Names, types and parameters of all indicators, then which of them carry growth rates of others.
    pub fn declare_indicators(&mut self) {
        let indicators = self.names.indicators.clone();
        for (at, (indicator, _)) in indicators.iter().enumerate() {
            let params = self.params(indicator);
            let ty = self.type_of(&indicator.ty);
            if ty.is_none() {
                self.untyped.indicators.insert(IndicatorId(at));
            }
            let name = &indicator.name;
            self.suite.indicators.push(Indicator {
                name: name.text.clone(),
                title: indicator.title.as_ref().map_or_else(|| name.text.clone(), |title| title.text.clone()),
                params,
                ty: ty.unwrap_or(Type::Boolean),
                body: None,
                aliases: indicator.aliases.iter().map(|alias| alias.text.clone()).collect(),
                growth_from: None,
                blank_as_zero: indicator.blank_as_zero,
                nature: indicator.nature.map(|(nature, _)| nature),
                span: name.span,
            });
        }
        for (at, (indicator, _)) in indicators.iter().enumerate() {
            let growth_from = indicator.growth_from.as_ref().and_then(|from| self.growth_from(IndicatorId(at), from));
            if let Some(indicator) = self.suite.indicators.get_mut(at) {
                indicator.growth_from = growth_from;
            }
        }
    }

    fn params(&mut self, indicator: &ast::Indicator) -> Vec<DimId> {
        let mut params = Vec::new();
        for name in &indicator.params {
            let Some(dim) = self.dimension(name) else { continue };
            if params.contains(&dim) {
                self.report.error(
                    &codes::DUPLICATE,
                    name.span,
                    Bi::new(
                        format!("参数 `{}` 写了两次", name.text),
                        format!("parameter `{}` stands twice", name.text),
                    ),
                    Bi::new("删去其中一个", "take one of them out"),
                );
                continue;
            }
            if indicator.body.is_none() && dim != REGION {
                self.report.error(
                    &codes::PLAIN_PARAM,
                    name.span,
                    Bi::new(
                        format!("没有算式的指标从指标表读取，表里没有维度 `{}`", name.text),
                        format!("an indicator without a formula is read from the indicator table, which has no dimension `{}`", name.text),
                    ),
                    Bi::new(
                        format!("写出怎样从数据集计算：`= 合计 数据集.列`；指标表只能按 `区域` 分，不能按 `{}`", name.text),
                        "say how it is computed from a dataset: `= sum DATASET.COLUMN`; the indicator table is divided by `区域` only",
                    ),
                );
                continue;
            }
            params.push(dim);
        }
        params
    }

    fn growth_from(&mut self, id: IndicatorId, from: &ast::Name) -> Option<IndicatorId> {
        let meaning = self.look_up(&from.text);
        let target = match meaning {
            Some(Meaning::Indicator(target)) => target,
            None if self.is_broken(&from.text) => return None,
            None => {
                let known: Vec<&str> = self.names.indicators.iter().map(|(i, _)| i.name.text.as_str()).collect();
                let nearest = self.report.nearest(&from.text, known).map(str::to_owned);
                self.report.error(
                    &codes::UNKNOWN_NAME,
                    from.span,
                    Bi::new(format!("没有指标 `{}`", from.text), format!("there is no indicator `{}`", from.text)),
                    match nearest {
                        Some(nearest) => Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")),
                        None => Bi::new(
                            format!("先声明：`指标 {}: %`", from.text),
                            format!("declare it first: `indicator {}: %`", from.text),
                        ),
                    },
                );
                return None;
            }
            Some(_) => {
                self.not_a_growth_rate(from);
                return None;
            }
        };
        if self.untyped.indicators.contains(&target) {
            return None;
        }
        let plain = self.names.indicators.get(target.0).is_some_and(|(indicator, _)| indicator.body.is_none());
        let rate = self.suite.indicators.get(target.0)?;
        let narrower = self.suite.indicators.get(id.0)?.params.clone();
        let fits = rate.params.iter().all(|dim| narrower.contains(dim));
        if plain && fits && rate.ty.dimension() == Some(&Dimension::Ratio) {
            return Some(target);
        }
        self.not_a_growth_rate(from);
        None
    }

    fn not_a_growth_rate(&mut self, from: &ast::Name) {
        let name = &from.text;
        self.report.error(
            &codes::GROWTH_FROM,
            from.span,
            Bi::new(
                format!("`{name}` 不能作为官方增速：增速是以 % 计、没有算式的指标，参数不多于本指标"),
                format!("`{name}` cannot carry the official growth rate: that is an indicator in %, without a formula, with no parameters that this one lacks"),
            ),
            Bi::new(format!("声明 `指标 {name}: %`"), format!("declare `indicator {name}: %`")),
        );
    }

    /// Types all bodies.
    pub fn indicator_bodies(&mut self) {
        let indicators = self.names.indicators.clone();
        for (at, (indicator, _)) in indicators.iter().enumerate() {
            let Some(body) = &indicator.body else { continue };
            let id = IndicatorId(at);
            let body = self.body(id, indicator, body);
            if let Some(indicator) = self.suite.indicators.get_mut(at) {
                indicator.body = body;
            }
        }
    }

    fn body(&mut self, id: IndicatorId, indicator: &'a ast::Indicator, body: &'a ast::Expr) -> Option<hir::Expr> {
        let params = self.suite.indicators.get(id.0)?.params.clone();
        let declared = self.suite.indicators.get(id.0)?.ty.clone();
        let cx = Cx { blank_as_zero: indicator.blank_as_zero, ..Cx::new(Scope::Indicator, &params) };
        self.expanded = 0;
        let untyped = self.untyped.indicators.contains(&id);
        let value = match declared {
            Type::Level(_) => self.value_of_type(cx, body, &declared)?,
            _ => self.value(cx, body)?,
        };
        let mut value = if untyped { value } else { self.declared(cx, value, &declared, indicator.name.span)? };
        value.ty = declared;
        let reads = self.reads(&value);
        for (name, dim) in indicator.params.iter().zip(&params) {
            // Parameters that were refused are not in `params`; then the two lists do not go side by side.
            if params.len() == indicator.params.len() && !reads.contains(dim) {
                self.unused_param(indicator, name);
            }
        }
        Some(value)
    }

    fn unused_param(&mut self, indicator: &ast::Indicator, param: &ast::Name) {
        let (name, dim) = (&indicator.name.text, &param.text);
        self.report.error(
            &codes::UNUSED_PARAM,
            param.span,
            Bi::new(
                format!("`{name}` 的算式里没有一处按 `{dim}` 计算"),
                format!("nothing in the formula of `{name}` is computed by `{dim}`"),
            ),
            Bi::new(
                format!("去掉参数 `{dim}`，或改用有维度 `{dim}` 的数据集"),
                format!("take the parameter `{dim}` out, or use a dataset that has the dimension `{dim}`"),
            ),
        );
    }

    /// A body that is to be of the declared type.
    fn declared(&mut self, cx: Cx<'_>, value: hir::Expr, declared: &Type, span: Span) -> Option<hir::Expr> {
        if self.same_kind(&value.ty, declared) || matches!(value.kind, hir::ExprKind::Number(_)) {
            return self.fit(cx, value, declared);
        }
        let (given, wanted) = (self.describe(&value.ty), self.describe(declared));
        let help = match &value.ty {
            Type::Quantity(unit) if !unit.name().is_empty() => Bi::new(
                format!("把声明的单位改成 `{unit}`，或改算式"),
                format!("declare it in `{unit}`, or change the formula"),
            ),
            Type::Boolean => {
                Bi::new("把冒号后面改成 `是否`，或改算式", "declare it as `boolean`, or change the formula")
            }
            _ => Bi::new("改冒号后面的单位，或改算式", "change the unit behind the colon, or the formula"),
        };
        self.report.add(
            Diagnostic::rule(
                &types::DECLARED,
                value.span,
                Bi::new(
                    format!("算式得出的是{}，声明的是{}", given.zh, wanted.zh),
                    format!("the formula gives {}, and {} is declared", given.en, wanted.en),
                ),
            )
            .label(Place::Rule(span), Bi::new("声明在这里", "declared here"))
            .help(help),
        );
        None
    }
}
