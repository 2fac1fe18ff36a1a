//! Datasets: columns, the period, keys, code lists, hierarchies; and the built-in indicator table before them.

use std::collections::HashMap;

use crate::base::codes::{names as codes, types};
use crate::base::{Bi, Place, Span};
use crate::syntax::ast::{self, ListExpr, Name};

use super::Compiler;
use super::collect::{Meaning, duplicate};
use super::hir::{self, Column, ColumnId, ColumnRole, Dataset, DatasetId, DimId, Hierarchy, Type};

/// The name of the built-in indicator table; a keyword of the language.
pub const INDICATOR_TABLE_NAME: &str = "指标";

impl<'a> Compiler<'a> {
    /// Declares all datasets: first columns and their types, then what one column says about another.
    pub fn declare_datasets(&mut self) {
        self.indicator_table();
        let datasets = self.names.datasets.clone();
        for (at, (dataset, _)) in datasets.iter().enumerate() {
            self.declare_columns(DatasetId(at + 1), dataset);
        }
        for (at, (dataset, _)) in datasets.iter().enumerate() {
            self.declare_relations(DatasetId(at + 1), dataset);
        }
    }

    fn indicator_table(&mut self) {
        let region = self.dim("区域");
        let column =
            |name: &str, role, ty, dim| Column { name: name.to_owned(), role, ty, dim, codes: None, hierarchy: None };
        let indicator = self.dim("指标");
        let columns = vec![
            column("指标", ColumnRole::Dimension, Type::Text, Some(indicator)),
            column("区域", ColumnRole::Dimension, Type::Text, Some(region)),
            column("期间", ColumnRole::Dimension, Type::Period(None), None),
            column("数值", ColumnRole::Measure, Type::Text, None),
        ];
        self.columns.push(columns.iter().enumerate().map(|(at, c)| (c.name.clone(), ColumnId(at))).collect());
        self.suite.datasets.push(Dataset {
            name: INDICATOR_TABLE_NAME.to_owned(),
            title: INDICATOR_TABLE_NAME.to_owned(),
            columns,
            period: Some(hir::indicator_table::PERIOD),
            key: Vec::new(),
            span: None,
        });
    }

    /// The dimension of a name, which is the same in all datasets.
    fn dim(&mut self, name: &str) -> DimId {
        if let Some(dim) = self.dims.get(name) {
            return *dim;
        }
        let dim = DimId(self.suite.dims.len());
        self.suite.dims.push(name.to_owned());
        self.dims.insert(name.to_owned(), dim);
        dim
    }

    fn declare_columns(&mut self, id: DatasetId, dataset: &'a ast::Dataset) {
        if dataset.name.text == INDICATOR_TABLE_NAME {
            self.report.error(
                &codes::DUPLICATE,
                dataset.name.span,
                Bi::new("`指标` 是内置指标表的名称", "`指标` is the name of the built-in indicator table"),
                Bi::new("给数据集换个名称", "choose another name for the dataset"),
            );
        }
        let mut by_name: HashMap<String, ColumnId> = HashMap::new();
        let mut spans: HashMap<&str, Span> = HashMap::new();
        let mut columns = Vec::new();
        let mut period: Option<(ColumnId, Span)> = None;
        for column in &dataset.columns {
            let at = ColumnId(columns.len());
            if let Some(first) = spans.get(column.name.text.as_str()) {
                self.report.add(duplicate(&column.name.text, column.name.span, *first, ("列", "a column")));
            } else {
                spans.insert(&column.name.text, column.name.span);
                by_name.insert(column.name.text.clone(), at);
            }
            let ty = self.type_of(&column.ty);
            if ty.is_none() {
                self.untyped.columns.insert((id, at));
            }
            let mut dim = None;
            if column.role == ColumnRole::Dimension {
                match &ty {
                    None | Some(Type::Text) => dim = Some(self.dim(&column.name.text)),
                    Some(Type::Period(_)) => match period {
                        Some((_, first)) => self.two_periods(column.name.span, first),
                        None => period = Some((at, column.name.span)),
                    },
                    Some(other) => {
                        let other = self.describe(other);
                        self.dimension_type(column, &other);
                    }
                }
            }
            columns.push(Column {
                name: column.name.text.clone(),
                role: column.role,
                ty: ty.unwrap_or(Type::Text),
                dim,
                codes: None,
                hierarchy: None,
            });
        }
        self.columns.push(by_name);
        self.suite.datasets.push(Dataset {
            name: dataset.name.text.clone(),
            title: dataset.title.as_ref().map_or_else(|| dataset.name.text.clone(), |title| title.text.clone()),
            columns,
            period: period.map(|(at, _)| at),
            key: Vec::new(),
            span: Some(dataset.name.span),
        });
    }

    fn two_periods(&mut self, span: Span, first: Span) {
        let diagnostic = crate::base::Diagnostic::rule(
            &codes::DATASET,
            span,
            Bi::new("一个数据集至多有一个期间维度", "a dataset has at most one dimension of periods"),
        )
        .label(Place::Rule(first), Bi::new("第一个在这里", "the first is here"))
        .help(Bi::new(
            "留下考核所依据的那一个，另一个写成 `属性`",
            "keep the one that rules are judged by, and make the other an `attribute`",
        ));
        self.report.add(diagnostic);
    }

    fn dimension_type(&mut self, column: &ast::Column, ty: &Bi) {
        let name = &column.name.text;
        self.report.error(
            &codes::DATASET,
            column.name.span,
            Bi::new(
                format!("维度 `{name}` 不能是{}：维度是文本，或者是期间", ty.zh),
                format!("dimension `{name}` cannot be {}: a dimension is text, or a period", ty.en),
            ),
            Bi::new(
                format!("写 `维度 {name}: 文本`；若是数值，写 `度量`；若只作说明，写 `属性`"),
                format!("write `dimension {name}: text`, or make it a `measure` or an `attribute`"),
            ),
        );
    }

    /// Code lists, hierarchies and keys.
    fn declare_relations(&mut self, id: DatasetId, dataset: &'a ast::Dataset) {
        for (at, column) in dataset.columns.iter().enumerate() {
            let at = ColumnId(at);
            let ty = self.column_type(id, at);
            let codes = column.codes.as_ref().and_then(|codes| match ty {
                Some(ty) => self.list(codes, &ty),
                None => None,
            });
            let hierarchy = column.hierarchy.as_ref().and_then(|hierarchy| self.hierarchy(id, column, hierarchy));
            let target = self.suite.datasets.get_mut(id.0).and_then(|dataset| dataset.columns.get_mut(at.0));
            if let Some(target) = target {
                target.codes = codes;
                target.hierarchy = hierarchy;
            }
        }
        let mut key = Vec::new();
        for name in &dataset.key {
            if let Some(column) = self.column(id, name)
                && !key.contains(&column)
            {
                key.push(column);
            }
        }
        if let Some(target) = self.suite.datasets.get_mut(id.0) {
            target.key = key;
        }
    }

    fn hierarchy(&mut self, id: DatasetId, column: &ast::Column, hierarchy: &ast::Hierarchy) -> Option<Hierarchy> {
        let misplaced = column.role != ColumnRole::Dimension;
        match hierarchy {
            ast::Hierarchy::Parent(name) if misplaced => self.hierarchy_misplaced(column, name.span),
            ast::Hierarchy::CodeLengths(_, span) if misplaced => self.hierarchy_misplaced(column, *span),
            ast::Hierarchy::Parent(name) => {
                let parent = self.column(id, name)?;
                let ty = self.column_type(id, parent)?;
                if ty == Type::Text {
                    return Some(Hierarchy::Parent(parent));
                }
                let ty = self.describe(&ty);
                self.report.error(
                    &codes::DATASET,
                    name.span,
                    Bi::new(
                        format!("上级列 `{}` 须是文本，而它是{}", name.text, ty.zh),
                        format!("the parent column `{}` must be text, and is {}", name.text, ty.en),
                    ),
                    Bi::new("上级列写的是上级的编码：`: 文本`", "it holds the code of the parent: `: text`"),
                );
            }
            ast::Hierarchy::CodeLengths(lengths, span) => {
                let ascending = lengths.iter().zip(lengths.iter().skip(1)).all(|(a, b)| a < b);
                if ascending && lengths.first().is_some_and(|first| *first > 0) {
                    return Some(Hierarchy::CodeLengths(
                        lengths.iter().filter_map(|length| usize::try_from(*length).ok()).collect(),
                    ));
                }
                self.report.error(
                    &codes::DATASET,
                    *span,
                    Bi::new("级长须从上级到下级依次变长", "the lengths of codes must grow from the top level down"),
                    Bi::new("如 `级长 3/5/7`", "for instance `levels 3/5/7`"),
                );
            }
        }
        None
    }

    fn hierarchy_misplaced(&mut self, column: &ast::Column, span: Span) {
        let name = &column.name.text;
        self.report.error(
            &codes::DATASET,
            span,
            Bi::new(
                format!("`{name}` 不是维度，没有上下级"),
                format!("`{name}` is no dimension, and so has no hierarchy"),
            ),
            Bi::new("把上下级写在编码所在的维度上", "say it of the dimension that holds the codes"),
        );
    }

    /// The column of a dataset; reported if there is none.
    pub fn column(&mut self, dataset: DatasetId, name: &Name) -> Option<ColumnId> {
        if let Some(column) = self.columns.get(dataset.0)?.get(&name.text) {
            return Some(*column);
        }
        let title = self.dataset_name(dataset).to_owned();
        let known: Vec<String> = self.suite.datasets.get(dataset.0)?.columns.iter().map(|c| c.name.clone()).collect();
        let nearest = self.report.nearest(&name.text, known.iter().map(String::as_str)).map(str::to_owned);
        let help = match nearest {
            Some(nearest) => Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")),
            None => {
                let list: Vec<String> = known.iter().take(12).map(|name| format!("`{name}`")).collect();
                Bi::new(format!("它的列有：{}", list.join("、")), format!("its columns are {}", list.join(", ")))
            }
        };
        self.report.error(
            &codes::UNKNOWN_COLUMN,
            name.span,
            Bi::new(
                format!("数据集 `{title}` 没有列 `{}`", name.text),
                format!("dataset `{title}` has no column `{}`", name.text),
            ),
            help,
        );
        None
    }

    /// The dataset of a name; reported if there is none.
    pub fn dataset(&mut self, name: &Name) -> Option<DatasetId> {
        match self.look_up(&name.text) {
            Some(Meaning::Dataset(dataset)) => Some(dataset),
            Some(other) => {
                let noun = other.noun();
                self.report.error(
                    &codes::WRONG_KIND,
                    name.span,
                    Bi::new(
                        format!("`{}` 是{}，这里要写数据集", name.text, noun.0),
                        format!("`{}` is {}; a dataset is wanted here", name.text, noun.1),
                    ),
                    Bi::new("写一个用 `数据集` 声明的名称", "write a name declared with `dataset`"),
                );
                None
            }
            None if self.is_broken(&name.text) => None,
            None => {
                let known: Vec<&str> = self.names.datasets.iter().map(|(d, _)| d.name.text.as_str()).collect();
                let nearest = self.report.nearest(&name.text, known).map(str::to_owned);
                self.report.error(
                    &codes::UNKNOWN_NAME,
                    name.span,
                    Bi::new(format!("没有数据集 `{}`", name.text), format!("there is no dataset `{}`", name.text)),
                    match nearest {
                        Some(nearest) => Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")),
                        None => Bi::new(
                            format!("先声明：`数据集 {}`", name.text),
                            format!("declare it first: `dataset {}`", name.text),
                        ),
                    },
                );
                None
            }
        }
    }

    /// The type of a column; `None` if its declaration was wrong.
    pub fn column_type(&self, dataset: DatasetId, column: ColumnId) -> Option<Type> {
        if self.untyped.columns.contains(&(dataset, column)) {
            return None;
        }
        Some(self.suite.datasets.get(dataset.0)?.columns.get(column.0)?.ty.clone())
    }

    /// The name of a dataset.
    pub fn dataset_name(&self, dataset: DatasetId) -> &str {
        self.suite.datasets.get(dataset.0).map_or("", |dataset| dataset.name.as_str())
    }

    /// The column of a dataset that is the given dimension.
    pub fn dimension_column(&self, dataset: DatasetId, dim: DimId) -> Option<ColumnId> {
        let columns = &self.suite.datasets.get(dataset.0)?.columns;
        columns.iter().position(|column| column.dim == Some(dim)).map(ColumnId)
    }

    /// The dimension of a name; reported if no dataset has one.
    pub fn dimension(&mut self, name: &Name) -> Option<DimId> {
        if let Some(dim) = self.dims.get(&name.text).copied() {
            return Some(dim);
        }
        if self.names.incomplete {
            return None;
        }
        let periodic = self.suite.datasets.iter().any(|dataset| {
            dataset
                .period
                .and_then(|period| dataset.columns.get(period.0))
                .is_some_and(|column| column.name == name.text)
        });
        if periodic {
            self.report.error(
                &codes::UNKNOWN_DIMENSION,
                name.span,
                Bi::new(
                    format!("`{}` 是期间，不作为分组的维度", name.text),
                    format!("`{}` is a period, not a dimension to divide by", name.text),
                ),
                Bi::new(
                    "期间写在 `期间` 子句或方括号里：`期间 2021`，`X[2020]`",
                    "periods go in a `period` clause or in brackets: `period 2021`, `X[2020]`",
                ),
            );
            return None;
        }
        let known = self.suite.dims.clone();
        let nearest = self.report.nearest(&name.text, known.iter().map(String::as_str)).map(str::to_owned);
        self.report.error(
            &codes::UNKNOWN_DIMENSION,
            name.span,
            Bi::new(
                format!("没有哪个数据集有维度 `{}`", name.text),
                format!("no dataset has a dimension `{}`", name.text),
            ),
            match nearest {
                Some(nearest) => Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")),
                None => Bi::new(
                    format!("在数据集里声明：`维度 {}: 文本`", name.text),
                    format!("declare it in a dataset: `dimension {}: text`", name.text),
                ),
            },
        );
        None
    }

    /// The name of a dimension.
    pub fn dim_name(&self, dim: DimId) -> &str {
        self.suite.dims.get(dim.0).map_or("", String::as_str)
    }

    /// A list of admissible values of a type.
    pub fn list(&mut self, list: &ListExpr, ty: &Type) -> Option<hir::List> {
        match list {
            ListExpr::Values(values, span) => {
                if values.is_empty() {
                    self.report.error(
                        &types::LITERAL,
                        *span,
                        Bi::new("列表是空的", "the list is empty"),
                        Bi::new("至少写一个值：`{\"教育局\"}`", "write at least one value: `{\"教育局\"}`"),
                    );
                    return None;
                }
                let scalars: Vec<_> = values.iter().map(|value| self.scalar(value, ty)).collect();
                scalars.into_iter().collect::<Option<Vec<_>>>().map(hir::List::Values)
            }
            ListExpr::Column { dataset, column } => {
                let id = self.dataset(dataset)?;
                let at = self.column(id, column)?;
                let listed = self.column_type(id, at)?;
                if self.same_kind(&listed, ty) {
                    return Some(hir::List::Column(id, at));
                }
                let (listed, wanted) = (self.describe(&listed), self.describe(ty));
                self.report.error(
                    &types::MIXED_TYPES,
                    dataset.span.to(column.span),
                    Bi::new(
                        format!("列表是{}，而要找的是{}", listed.zh, wanted.zh),
                        format!("the list holds {}, and {} is looked for", listed.en, wanted.en),
                    ),
                    Bi::new("两边要是同一类值", "both must be of one kind"),
                );
                None
            }
        }
    }

    /// Are the two types of one kind, so that their values can be equal?
    pub fn same_kind(&self, a: &Type, b: &Type) -> bool {
        match (a, b) {
            (Type::Quantity(a), Type::Quantity(b)) => a.dimension().comparable(b.dimension()),
            (Type::Period(a), Type::Period(b)) => a.is_none() || b.is_none() || a == b,
            (a, b) => a == b,
        }
    }
}
