//! Aggregates, over the rows of a dataset or over a series of periods.

use crate::base::codes::types as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::{Dimension, Unit};
use crate::semantics::Compiler;
use crate::semantics::collect::Meaning;
use crate::semantics::hir::{self, AggregateId, DatasetId, Function, Type};
use crate::syntax::ast::{self, ExprKind, Name, Selector};

use super::period::{Picked, with_members};
use super::{Cx, Scope, is_number, typed};

/// What an aggregate is over.
enum Over<'e> {
    /// `预算.金额`
    Field(&'e Name, &'e Name),
    /// `数量 项目`
    Rows(DatasetId),
    /// Values in a series of periods.
    Value(Cx<'e>, &'e ast::Expr),
}

impl Compiler<'_> {
    /// `合计 预算.金额 当 …`, `最大 X[2021..2025]`
    pub(super) fn aggregate(
        &mut self,
        cx: Cx<'_>,
        function: Function,
        of: &ast::Expr,
        filter: Option<&ast::Expr>,
        span: Span,
    ) -> Option<hir::Expr> {
        self.case_only(cx, span, ("统计", "an aggregate"))?;
        let (over, selectors) = self.over(cx, of);
        let mut picked = self.pick(cx, &selectors)?;
        let dims = with_members(cx.dims, &picked);
        let inside = Cx { dims: &dims, ..cx.without_series() };
        let rows = match over {
            Over::Field(dataset, column) => {
                let id = self.dataset(dataset)?;
                let at = self.column(id, column)?;
                let ty = self.column_type(id, at)?;
                self.over_rows(
                    inside,
                    function,
                    id,
                    Some((typed(hir::ExprKind::Column(at), ty, of.span), column)),
                    filter,
                    span,
                )?
            }
            Over::Rows(dataset) => self.over_rows(inside, function, dataset, None, filter, span)?,
            Over::Value(place, base) => {
                return self.over_periods(inside, function, (place, base), picked, filter, span);
            }
        };
        let Some(series) = picked.range.take() else { return self.placed(cx, rows, picked, span) };
        if !matches!(function, Function::Sum | Function::Max | Function::Min) {
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::SERIES,
                    series.span,
                    Bi::new(
                        "几期的行合在一起怎样计算，这里说不清",
                        "it is not clear how the rows of several periods go together here",
                    ),
                )
                .help(Bi::new(
                    "先把每一期的数写成指标，再对指标求：`平均 X[2021..2025]`",
                    "make an indicator of the figure of one period, and take it from there: `mean X[2021..2025]`",
                )),
            );
            return None;
        }
        let ty = rows.ty.clone();
        let rows = self.placed(cx, rows, picked, span)?;
        let kind = hir::ExprKind::Fold { function, of: Box::new(rows), periods: series.periods };
        Some(typed(kind, ty, span))
    }

    /// What an aggregate is over, and the brackets behind it.
    fn over<'e>(&mut self, cx: Cx<'e>, of: &'e ast::Expr) -> (Over<'e>, Vec<Selector>) {
        let (mut place, mut base) = cx.peel(of);
        let mut selectors = Vec::new();
        while let ExprKind::At { of, selectors: more } = &base.kind {
            selectors.extend(more.iter().cloned());
            (place, base) = place.peel(of);
        }
        let over = match &base.kind {
            ExprKind::Field { dataset, column } => Over::Field(dataset, column),
            ExprKind::Name(name) => match self.names.symbols.get(name.as_str()).map(|symbol| symbol.meaning) {
                Some(Meaning::Dataset(dataset)) => {
                    self.look_up(name);
                    Over::Rows(dataset)
                }
                _ => Over::Value(place, base),
            },
            _ => Over::Value(place, base),
        };
        (over, selectors)
    }

    fn over_rows(
        &mut self,
        cx: Cx<'_>,
        function: Function,
        dataset: DatasetId,
        of: Option<(hir::Expr, &Name)>,
        filter: Option<&ast::Expr>,
        span: Span,
    ) -> Option<hir::Expr> {
        let row = Cx { scope: Scope::Filter(dataset), ..cx };
        let filter = match filter {
            Some(filter) => Some(Box::new(self.condition(row, filter)?)),
            None => None,
        };
        let ty = match &of {
            Some((of, column)) => self.row_type(cx, function, of, column)?,
            None if function == Function::Count => Type::Quantity(Unit::base(Dimension::Count)),
            None => {
                let name = self.dataset_name(dataset).to_owned();
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::AGGREGATE,
                        span,
                        Bi::new(
                            format!("没有说统计 `{name}` 的哪一列"),
                            format!("it is not said which column of `{name}` to take"),
                        ),
                    )
                    .help(Bi::new(
                        format!("写 `{name}.列名`；只有 `数量 {name}` 可以不写列"),
                        format!("write `{name}.COLUMN`; only `count {name}` goes without a column"),
                    )),
                );
                return None;
            }
        };
        if function == Function::Share && filter.is_none() {
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::AGGREGATE,
                    span,
                    Bi::new("没有说是哪一部分占全体的比例", "it is not said the share of what"),
                )
                .help(Bi::new(
                    "加上筛选条件：`(占比 预算.金额 当 科目 = \"公用经费\")`",
                    "add a filter: `(share budget.amount where subject = \"running\")`",
                )),
            );
            return None;
        }
        let scope = cx
            .dims
            .iter()
            .filter_map(|dim| self.dimension_column(dataset, *dim).map(|column| (column, *dim)))
            .collect();
        let id = AggregateId(self.suite.aggregates);
        self.suite.aggregates += 1;
        let aggregate = hir::Aggregate {
            id,
            function,
            dataset,
            of: of.map(|(of, _)| Box::new(of)),
            filter,
            scope,
            blank_as_zero: cx.blank_as_zero,
        };
        Some(typed(hir::ExprKind::Aggregate(aggregate), ty, span))
    }

    /// The type of an aggregate of a column.
    fn row_type(&mut self, cx: Cx<'_>, function: Function, of: &hir::Expr, column: &Name) -> Option<Type> {
        let fits = match function {
            Function::Sum | Function::Mean | Function::Share => is_number(&of.ty),
            Function::Max | Function::Min => is_number(&of.ty) || matches!(of.ty, Type::Date | Type::Level(_)),
            Function::Count | Function::Distinct => true,
        };
        if !fits {
            self.cannot_aggregate(cx, function, &of.ty, &column.text, column.span);
            return None;
        }
        Some(match function {
            Function::Count | Function::Distinct => Type::Quantity(Unit::base(Dimension::Count)),
            Function::Share => Type::Quantity(Unit::percent()),
            Function::Sum | Function::Mean | Function::Max | Function::Min => of.ty.clone(),
        })
    }

    fn cannot_aggregate(&mut self, cx: Cx<'_>, function: Function, ty: &Type, name: &str, span: Span) {
        let (word, kind) = (function_word(function), self.describe(ty));
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::AGGREGATE,
                span,
                Bi::new(
                    format!("`{name}` 是{}，不能求`{}`", kind.zh, word.0),
                    format!("`{name}` is {}, which has no `{}`", kind.en, word.1),
                ),
            )
            .help(Bi::new(
                "`合计`、`平均`、`占比` 用于数；`最大`、`最小` 也用于日期和级别；其他列用 `数量`、`不同数量`",
                "`sum`, `mean` and `share` are for figures, `max` and `min` also for dates and levels; for others use `count` or `distinct`",
            )),
        );
    }

    /// An aggregate of values in a series of periods.
    fn over_periods(
        &mut self,
        cx: Cx<'_>,
        function: Function,
        (place, base): (Cx<'_>, &ast::Expr),
        mut picked: Picked,
        filter: Option<&ast::Expr>,
        span: Span,
    ) -> Option<hir::Expr> {
        let of = self.value(Cx { dims: cx.dims, ..place.without_series() }, base)?;
        let word = function_word(function);
        let Some(series) = picked.range.take() else {
            let text = self.quoted(of.span).unwrap_or_else(|| "X".to_owned());
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::AGGREGATE,
                    span,
                    Bi::new(
                        format!("`{text}` 只有一个数，没有可以求`{}`的", word.0),
                        format!("`{text}` is one figure; there is nothing to take the `{}` of", word.1),
                    ),
                )
                .help(Bi::new(
                    format!("统计几期写 `{} {text}[2021..2025]`；统计各行写 `{} 数据集.列`", word.0, word.0),
                    format!(
                        "for several periods write `{} {text}[2021..2025]`, for rows `{} DATASET.COLUMN`",
                        word.1, word.1
                    ),
                )),
            );
            return None;
        };
        if matches!(function, Function::Distinct | Function::Share) || filter.is_some() {
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::SERIES,
                    span,
                    Bi::new(
                        "各期的数只能求合计、平均、最大、最小和数量，不加筛选条件",
                        "of figures of several periods there is a sum, mean, max, min and count, without a filter",
                    ),
                )
                .help(Bi::new("换成其中一种，并去掉 `当`", "use one of these, and take the filter away")),
            );
            return None;
        }
        let fits = match function {
            Function::Count => true,
            Function::Max | Function::Min => is_number(&of.ty) || matches!(of.ty, Type::Date | Type::Level(_)),
            _ => is_number(&of.ty),
        };
        if !fits {
            let text = self.quoted(of.span).unwrap_or_default();
            self.cannot_aggregate(cx, function, &of.ty, &text, of.span);
            return None;
        }
        let ty = match function {
            Function::Count => Type::Quantity(Unit::base(Dimension::Count)),
            _ => of.ty.clone(),
        };
        let of = self.placed(cx, of, picked, span)?;
        Some(typed(hir::ExprKind::Fold { function, of: Box::new(of), periods: series.periods }, ty, span))
    }
}

fn function_word(function: Function) -> (&'static str, &'static str) {
    match function {
        Function::Sum => ("合计", "sum"),
        Function::Count => ("数量", "count"),
        Function::Distinct => ("不同数量", "distinct"),
        Function::Mean => ("平均", "mean"),
        Function::Max => ("最大", "max"),
        Function::Min => ("最小", "min"),
        Function::Share => ("占比", "share"),
    }
}
