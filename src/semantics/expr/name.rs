//! What a name means where it stands, and what was probably meant by an unknown one.

use crate::base::codes::names as codes;
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::semantics::Compiler;
use crate::semantics::collect::Meaning;
use crate::semantics::hir::{self, ColumnId, DatasetId, DimId, IndicatorId, Type};
use crate::syntax::ast::Name;
use crate::syntax::keywords::KEYWORDS;

use super::{Cx, Scope, typed};

impl Compiler<'_> {
    /// Does nothing in sight go by this name, so that it may be a level?
    pub(super) fn is_free(&self, cx: Cx<'_>, name: &str) -> bool {
        !self.names.symbols.contains_key(name) && !self.is_broken(name) && !self.is_in_sight(cx, name)
    }

    /// Is it a column of the row, or a dimension of the case?
    fn is_in_sight(&self, cx: Cx<'_>, name: &str) -> bool {
        match cx.row() {
            Some(dataset) => self.columns.get(dataset.0).is_some_and(|columns| columns.contains_key(name)),
            None => self.dims.get(name).is_some_and(|dim| cx.dims.contains(dim)),
        }
    }

    /// A name that is no parameter of a function: that was looked up before.
    pub(super) fn name(&mut self, cx: Cx<'_>, name: &str, span: Span) -> Option<hir::Expr> {
        if let Some(dataset) = cx.row() {
            if let Some(column) = self.columns.get(dataset.0).and_then(|columns| columns.get(name)).copied() {
                return self.column_value(dataset, column, span);
            }
        } else if let Some(dim) = self.dims.get(name).copied()
            && cx.dims.contains(&dim)
        {
            return Some(typed(hir::ExprKind::Member(dim), Type::Text, span));
        }
        match self.look_up(name) {
            Some(Meaning::Standard(standard)) => {
                if self.untyped.standards.contains(&standard) {
                    return None;
                }
                let ty = self.suite.standards.get(standard.0)?.ty.clone();
                Some(typed(hir::ExprKind::Standard(standard), ty, span))
            }
            Some(Meaning::Indicator(indicator)) => {
                if cx.row().is_some() {
                    return self.indicator_in_row(cx, name, span);
                }
                self.indicator_value(cx, indicator, name, span)
            }
            Some(Meaning::Define(define)) => self.unfold(cx, define, &[], span),
            Some(other) => self.wrong_kind(cx, other, name, span),
            None if self.is_broken(name) => None,
            None => {
                self.unknown_name(cx, name, span, false);
                None
            }
        }
    }

    fn column_value(&mut self, dataset: DatasetId, column: ColumnId, span: Span) -> Option<hir::Expr> {
        let ty = self.column_type(dataset, column)?;
        Some(typed(hir::ExprKind::Column(column), ty, span))
    }

    fn indicator_in_row(&mut self, cx: Cx<'_>, name: &str, span: Span) -> Option<hir::Expr> {
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
                    format!("{}里只能用本行的列、标准和确定的值，不能用指标 `{name}`", place.0),
                    format!(
                        "{} sees the columns of the row, standards and plain values, not the indicator `{name}`",
                        place.1
                    ),
                ),
            )
            .help(Bi::new(
                format!("若是文本，写在引号里：`\"{name}\"`；若要按指标判断，另写一条不带 `每行` 的规则"),
                format!(
                    "a text goes in quotes: `\"{name}\"`; to judge by the indicator, write a rule without `each row of`"
                ),
            )),
        );
        None
    }

    fn indicator_value(&mut self, cx: Cx<'_>, id: IndicatorId, name: &str, span: Span) -> Option<hir::Expr> {
        let indicator = self.suite.indicators.get(id.0)?;
        let unbound: Vec<DimId> = indicator.params.iter().copied().filter(|dim| !cx.dims.contains(dim)).collect();
        let ty = indicator.ty.clone();
        let declared = indicator.span;
        if !unbound.is_empty() {
            self.unbound(cx, name, &unbound, span, declared);
            return None;
        }
        if self.untyped.indicators.contains(&id) {
            return None;
        }
        Some(typed(hir::ExprKind::Indicator(id), ty, span))
    }

    fn unbound(&mut self, cx: Cx<'_>, name: &str, dims: &[DimId], span: Span, declared: Span) {
        let names: Vec<String> = dims.iter().map(|dim| self.dim_name(*dim).to_owned()).collect();
        let list = names.join("、");
        let selectors: Vec<String> = names.iter().map(|dim| format!("{dim} = \"…\"")).collect();
        let selectors = selectors.join(", ");
        let help = if cx.scope == Scope::Indicator {
            Bi::new(
                format!("在本指标的括号里加上 `{list}`，或写明成员：`{name}[{selectors}]`"),
                format!(
                    "add `{}` to the parameters of this indicator, or name the member: `{name}[{selectors}]`",
                    names.join(", ")
                ),
            )
        } else {
            Bi::new(
                format!("加上 `对每个 {list}`，或写明成员：`{name}[{selectors}]`"),
                format!("add `for each {}`, or name the member: `{name}[{selectors}]`", names.join(", ")),
            )
        };
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::UNBOUND,
                span,
                Bi::new(
                    format!("`{name}` 按 `{list}` 计算，这里没有说是哪一个"),
                    format!("`{name}` is computed by `{}`, and it is not said for which", names.join(", ")),
                ),
            )
            .label(Place::Rule(declared), Bi::new("指标在这里声明", "the indicator is declared here"))
            .help(help),
        );
    }

    fn wrong_kind(&mut self, cx: Cx<'_>, meaning: Meaning, name: &str, span: Span) -> Option<hir::Expr> {
        let noun = meaning.noun();
        let help = match meaning {
            Meaning::Dataset(_) => Bi::new(
                format!("写它的统计，如 `合计 {name}.金额` 或 `数量 {name}`"),
                format!("write an aggregate of it, such as `sum {name}.amount` or `count {name}`"),
            ),
            _ => Bi::new("这里写指标、标准或者统计", "write an indicator, a standard or an aggregate here"),
        };
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::WRONG_KIND,
                span,
                Bi::new(
                    format!("`{name}` 是{}，没有数值", noun.0),
                    format!("`{name}` is {}, and has no value", noun.1),
                ),
            )
            .help(help),
        );
        None
    }

    /// `预算.金额` outside an aggregate.
    pub(super) fn field(&mut self, cx: Cx<'_>, dataset: &Name, column: &Name, span: Span) -> Option<hir::Expr> {
        let id = self.dataset(dataset)?;
        let at = self.column(id, column)?;
        if cx.row() == Some(id) {
            return self.column_value(id, at, span);
        }
        let (d, c) = (&dataset.text, &column.text);
        let help = if cx.row().is_some() {
            Bi::new(
                "本行只有自己数据集的列；名单用 `属于`：`部门 属于 名录.部门`",
                "a row has the columns of its own dataset; for a list use `in`: `department in roster.department`",
            )
        } else {
            Bi::new(
                format!("写出怎样统计：`合计 {d}.{c}`、`数量 {d}.{c}`；逐行检查用 `每行 {d}`"),
                format!(
                    "say how it is put together: `sum {d}.{c}`, `count {d}.{c}`; to check row by row use `each row of {d}`"
                ),
            )
        };
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::COLUMN_ALONE,
                span,
                Bi::new(format!("`{d}.{c}` 是一列，有许多行"), format!("`{d}.{c}` is a column, with many rows")),
            )
            .help(help),
        );
        None
    }

    /// Reports a name that nothing in sight goes by.
    pub(super) fn unknown_name(&mut self, cx: Cx<'_>, name: &str, span: Span, beside_text: bool) {
        if self.is_broken(name) {
            return;
        }
        if let Some(spaced) = self.missing_space(cx, name) {
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::MISSING_SPACE,
                    span,
                    Bi::new(
                        format!("没有叫 `{name}` 的名称；中间像是少了空格"),
                        format!("there is no name `{name}`; a space seems to be missing"),
                    ),
                )
                .help(Bi::new(format!("是不是 `{spaced}`？"), format!("did you mean `{spaced}`?"))),
            );
            return;
        }
        let help = if let Some(scale) = self.levels.get(name).copied() {
            let scale = self.scale_name(scale);
            Bi::new(
                format!("`{name}` 是标度 `{scale}` 的级别，只能与该标度的量比较"),
                format!("`{name}` is a level of the scale `{scale}`, and only compares with a quantity on that scale"),
            )
        } else if let Some(nearest) = self.nearest_name(cx, name) {
            Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?"))
        } else if beside_text {
            Bi::new(format!("若是文本，写在引号里：`\"{name}\"`"), format!("a text goes in quotes: `\"{name}\"`"))
        } else if let Some(dataset) = cx.row() {
            let list: Vec<String> = match self.suite.datasets.get(dataset.0) {
                Some(dataset) => dataset.columns.iter().take(12).map(|column| format!("`{}`", column.name)).collect(),
                None => Vec::new(),
            };
            Bi::new(
                format!("本行的列有：{}；文本要写在引号里", list.join("、")),
                format!("the columns of the row are {}; a text goes in quotes", list.join(", ")),
            )
        } else if self.dims.contains_key(name) {
            Bi::new(
                format!("`{name}` 是维度；要用它的成员，先写 `对每个 {name}`"),
                format!("`{name}` is a dimension; to use its members write `for each {name}` first"),
            )
        } else {
            Bi::new(
                format!("先声明：`指标 {name}: 单位`，或 `标准 {name}: 单位`"),
                format!("declare it first: `indicator {name}: UNIT`, or `standard {name}: UNIT`"),
            )
        };
        self.fault(
            cx,
            Diagnostic::rule(
                &codes::UNKNOWN_NAME,
                span,
                Bi::new(format!("没有叫 `{name}` 的名称"), format!("nothing here is called `{name}`")),
            )
            .help(help),
        );
    }

    fn nearest_name(&mut self, cx: Cx<'_>, name: &str) -> Option<String> {
        let columns = cx.row().and_then(|dataset| self.columns.get(dataset.0)).into_iter().flatten();
        let columns = columns.map(|(name, _)| name.as_str());
        let symbols = self.names.symbols.iter().filter(|(_, symbol)| match symbol.meaning {
            Meaning::Standard(_) | Meaning::Define(_) => true,
            Meaning::Indicator(_) => cx.row().is_none(),
            _ => false,
        });
        let symbols = symbols.map(|(name, _)| *name);
        let dims = cx.dims.iter().filter_map(|dim| self.suite.dims.get(dim.0)).map(String::as_str);
        self.report.nearest(name, columns.chain(symbols).chain(dims)).map(str::to_owned)
    }

    /// `公用经费压减` is `公用经费 压减` if `公用经费` is known: the same with a space.
    fn missing_space(&self, cx: Cx<'_>, name: &str) -> Option<String> {
        let known = |part: &str| self.names.symbols.contains_key(part) || self.is_in_sight(cx, part);
        let spellings =
            || KEYWORDS.iter().filter(|keyword| keyword.is_reserved()).flat_map(|keyword| keyword.spellings());
        for (at, _) in name.char_indices().skip(1) {
            let (Some(head), Some(tail)) = (name.get(..at), name.get(at..)) else { continue };
            if known(tail) && spellings().any(|word| word == head) {
                return Some(format!("{head} {tail}"));
            }
            if !known(head) {
                continue;
            }
            let Some(word) = spellings().filter(|word| tail.starts_with(word)).max_by_key(|word| word.len()) else {
                continue;
            };
            let rest = tail.strip_prefix(word).unwrap_or("");
            let space = if rest.is_empty() { "" } else { " " };
            return Some(format!("{head} {word}{space}{rest}"));
        }
        None
    }
}
