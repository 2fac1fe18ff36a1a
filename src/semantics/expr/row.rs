//! What speaks of the cells of a row: 已填, 唯一, 属于, 匹配, 下级合计.

use regex::RegexBuilder;

use crate::base::codes::{names as codes, types};
use crate::base::{Bi, Diagnostic, Span};
use crate::semantics::Compiler;
use crate::semantics::hir::{self, ColumnRole, Type};
use crate::syntax::ast::{self, ListExpr, Name, Text};

use super::{Cx, Scope, condition, quantity};

/// The largest compiled regular expression, in bytes.
const MAX_REGEX: usize = 1 << 20;

impl Compiler<'_> {
    /// Reports what needs the figures of a case and stands in a condition on rows.
    pub(super) fn case_only(&mut self, cx: Cx<'_>, span: Span, what: (&str, &str)) -> Option<()> {
        if cx.row().is_none() {
            return Some(());
        }
        let place = if matches!(cx.scope, Scope::Filter(_)) {
            ("筛选条件", "a filter")
        } else {
            ("每行的条件", "a condition on rows")
        };
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::NOT_IN_ROWS,
                span,
                Bi::new(
                    format!("{}里只能用本行的列、标准和确定的值，不能用{}", place.0, what.0),
                    format!("{} sees the columns of the row, standards and plain values, not {}", place.1, what.1),
                ),
            )
            .help(Bi::new(
                "跨行、跨期的判断另写一条不带 `每行` 的规则",
                "to judge across rows or periods write a rule without `each row of`",
            )),
        );
        None
    }

    /// Reports what speaks of columns and stands where there are none.
    fn rows_only(&mut self, cx: Cx<'_>, span: Span, word: (&str, &str), in_filters: bool) -> bool {
        let fits = match cx.scope {
            Scope::Row(_) => true,
            Scope::RowWhen(_) | Scope::Filter(_) => in_filters,
            Scope::Rule | Scope::Indicator => false,
        };
        if !fits {
            let help = if in_filters {
                Bi::new(
                    "写在 `每行 数据集 要求 …` 或统计的筛选条件里",
                    "write it in `each row of DATASET require …`, or in the filter of an aggregate",
                )
            } else {
                Bi::new("写在 `每行 数据集 要求 …` 里", "write it in `each row of DATASET require …`")
            };
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::ROWS_ONLY,
                    span,
                    Bi::new(
                        format!("`{}` 说的是一行里的列，这里没有行", word.0),
                        format!("`{}` speaks of the columns of a row, and there is no row here", word.1),
                    ),
                )
                .help(help),
            );
        }
        fits
    }

    /// `金额 已填`
    pub(super) fn filled(&mut self, cx: Cx<'_>, of: &ast::Expr, span: Span) -> Option<hir::Expr> {
        if !self.rows_only(cx, span, ("已填", "is filled"), true) {
            return None;
        }
        let of = self.value(cx, of)?;
        if let hir::ExprKind::Column(column) = of.kind {
            return Some(condition(hir::ExprKind::Filled(column), span));
        }
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::ROWS_ONLY,
                of.span,
                Bi::new("`已填` 前面要写列名", "`is filled` follows the name of a column"),
            )
            .help(Bi::new("如 `金额 已填`", "for instance `amount is filled`")),
        );
        None
    }

    /// `(部门, 科目) 唯一`
    pub(super) fn unique(&mut self, cx: Cx<'_>, names: &[Name], span: Span) -> Option<hir::Expr> {
        if !self.rows_only(cx, span, ("唯一", "is unique"), false) {
            return None;
        }
        let dataset = cx.row()?;
        let columns: Vec<_> = names.iter().map(|name| self.column(dataset, name)).collect();
        Some(condition(hir::ExprKind::Unique(columns.into_iter().collect::<Option<Vec<_>>>()?), span))
    }

    /// `科目 属于 {"a", "b"}`
    pub(super) fn member_of(&mut self, cx: Cx<'_>, of: &ast::Expr, list: &ListExpr, span: Span) -> Option<hir::Expr> {
        let of = self.value(cx, of)?;
        let list = self.list(list, &of.ty)?;
        Some(condition(hir::ExprKind::In { of: Box::new(of), list }, span))
    }

    /// `代码 匹配 "^[0-9]+$"`
    pub(super) fn matches(&mut self, cx: Cx<'_>, of: &ast::Expr, pattern: &Text, span: Span) -> Option<hir::Expr> {
        let of = self.value(cx, of);
        let compiled = RegexBuilder::new(&pattern.text).size_limit(MAX_REGEX).build();
        let compiled = match compiled {
            Ok(compiled) => compiled,
            Err(error) => {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or("").trim().trim_start_matches("error: ").to_owned();
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &types::REGEX,
                        pattern.span,
                        Bi::new(
                            format!("正则表达式不对：{reason}"),
                            format!("this is no regular expression: {reason}"),
                        ),
                    )
                    .help(Bi::new(
                        "如 `\"^[0-9]{6}$\"`；要匹配符号本身，在它前面加 `\\`",
                        "for instance `\"^[0-9]{6}$\"`; put `\\` before a sign that is meant as itself",
                    )),
                );
                return None;
            }
        };
        let of = of?;
        if of.ty != Type::Text {
            let kind = self.describe(&of.ty);
            self.fault(
                cx,
                Diagnostic::rule(
                    &types::MIXED_TYPES,
                    of.span,
                    Bi::new(
                        format!("`匹配` 只用于文本，这是{}", kind.zh),
                        format!("`matches` is for text; this is {}", kind.en),
                    ),
                )
                .help(Bi::new(
                    "数与日期用比较；代码一类的列声明为 `文本`",
                    "compare figures and dates; declare columns of codes as `text`",
                )),
            );
            return None;
        }
        Some(condition(hir::ExprKind::Matches { of: Box::new(of), pattern: compiled }, span))
    }

    /// `金额 = 下级合计 沿 科目`: of the measure on the other side of the comparison.
    pub(super) fn children_sum(
        &mut self,
        cx: Cx<'_>,
        along: &Name,
        other: Option<&hir::Expr>,
        span: Span,
    ) -> Option<hir::Expr> {
        if !self.rows_only(cx, span, ("下级合计", "sum of children"), false) {
            return None;
        }
        let dataset = cx.row()?;
        let column = self.column(dataset, along)?;
        let declared = self.suite.datasets.get(dataset.0)?.columns.get(column.0)?;
        if declared.hierarchy.is_none() {
            let name = &along.text;
            self.fault(
                cx,
                Diagnostic::rule(
                    &types::CHILDREN,
                    along.span,
                    Bi::new(format!("`{name}` 没有声明上下级"), format!("`{name}` has no hierarchy")),
                )
                .help(Bi::new(
                    format!("在数据集里写 `维度 {name}: 文本 级长 3/5/7`，或 `上级 上级{name}`"),
                    format!("declare it in the dataset: `dimension {name}: text levels 3/5/7`, or `parent COLUMN`"),
                )),
            );
            return None;
        }
        let other = other?;
        if let (hir::ExprKind::Column(measure), Type::Quantity(unit)) = (&other.kind, &other.ty) {
            let measure = *measure;
            let role = self.suite.datasets.get(dataset.0)?.columns.get(measure.0)?.role;
            if role == ColumnRole::Measure {
                let kind = hir::ExprKind::ChildrenSum { measure, along: column };
                return Some(quantity(kind, unit.clone(), span));
            }
        }
        self.children_sum_alone(cx, along)
    }

    pub(super) fn children_sum_alone(&mut self, cx: Cx<'_>, along: &Name) -> Option<hir::Expr> {
        if !self.rows_only(cx, along.span, ("下级合计", "sum of children"), false) {
            return None;
        }
        let name = &along.text;
        self.fault(
            cx,
            Diagnostic::rule(
                &types::CHILDREN,
                along.span,
                Bi::new(
                    "`下级合计` 要与一个度量直接比较，才知道合计什么",
                    "`sum of children` is compared with a measure directly, which says what to add up",
                ),
            )
            .help(Bi::new(
                format!("写 `金额 = 下级合计 沿 {name} ± 0.01 万元`"),
                format!("write `amount = sum of children along {name} ± 0.01 万元`"),
            )),
        );
        None
    }
}
