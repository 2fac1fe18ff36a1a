//! Two versions of a suite in, one suite out that holds the rules of both: over the same figures where these are the same,
//! and saying of each rule which are not.
//!
//! The later version stays as it is; of the earlier one, what it calls by the same name and declares alike becomes that of
//! the later one, and all else is added to it. Judges nothing and compares no conditions.

use std::collections::{BTreeMap, HashMap};

use super::values::Valued;
use crate::base::{FileId, Sources, Span};
use crate::semantics::hir::{
    ColumnId, Dataset, DatasetId, DimId, Expr, ExprKind, Indicator, IndicatorId, List, Requirement, Rule, RuleId,
    ScaleId, StandardId, Suite, Type,
};

/// What stands behind a name of the earlier version that the later one has, too, for something else.
const EARLIER: &str = "（原）";

/// The rules of two versions.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The later version, and the rules of the earlier one behind its own.
    pub suite: Suite,
    /// The files of both.
    pub sources: Sources,
    /// For each rule of the earlier version, the later rule of the same id.
    pub pairs: Vec<Pair>,
}

/// A rule of both versions.
#[derive(Clone, Debug)]
pub struct Pair {
    /// As it was.
    pub old: RuleId,
    /// As it is.
    pub new: RuleId,
    /// What the rule rests on and the two versions declare otherwise under the same name; `true`: so that figures of the one
    /// say nothing of the other.
    pub redefined: BTreeMap<String, bool>,
}

/// A version.
#[derive(Clone, Copy, Debug)]
pub struct Version<'v> {
    /// Without errors.
    pub suite: &'v Suite,
    /// Its files.
    pub sources: &'v Sources,
}

/// Puts two versions together. Standards whose value differs are replaced by it.
pub fn merge(old: Version<'_>, new: Version<'_>, values: &Valued) -> Merged {
    let mut sources = new.sources.clone();
    let files = u32::try_from(sources.iter().count()).unwrap_or(u32::MAX);
    for (_, file) in old.sources.iter() {
        sources.add(file.path.clone(), file.text.clone());
    }
    let mut suite = new.suite.clone();
    suite.tests = Vec::new();
    suite.rules.iter_mut().flat_map(parts).for_each(|part| values.put_new(part));
    let bodies = suite.indicators.iter_mut().filter_map(|indicator| indicator.body.as_mut());
    bodies.for_each(|body| values.put_new(body));
    let mut merge = Merge {
        old: old.suite,
        values,
        files,
        dims: Vec::new(),
        scales: Vec::new(),
        standards: Vec::new(),
        datasets: Vec::new(),
        indicators: HashMap::new(),
        foreign: BTreeMap::new(),
        foreign_scales: HashMap::new(),
        foreign_datasets: HashMap::new(),
        foreign_indicators: HashMap::new(),
        aggregates: new.suite.aggregates,
        spans: HashMap::new(),
        suite,
    };
    merge.declarations();
    let own = new.suite.rules.len();
    let mut pairs = Vec::new();
    for rule in &old.suite.rules {
        let Some(at) = merge.suite.rules.iter().take(own).position(|other| other.id == rule.id) else { continue };
        let added = RuleId(merge.suite.rules.len());
        merge.foreign = BTreeMap::new();
        let rule = merge.rule(rule, at);
        pairs.push(Pair { old: added, new: RuleId(at), redefined: std::mem::take(&mut merge.foreign) });
        merge.suite.rules.push(rule);
    }
    merge.suite.aggregates += old.suite.aggregates;
    Merged { suite: merge.suite, sources, pairs }
}

struct Merge<'m> {
    old: &'m Suite,
    values: &'m Valued,
    suite: Suite,
    /// How many files the later version has.
    files: u32,
    /// How many aggregates.
    aggregates: usize,
    dims: Vec<DimId>,
    scales: Vec<ScaleId>,
    standards: Vec<StandardId>,
    /// The dataset, and its columns.
    datasets: Vec<(DatasetId, Vec<ColumnId>)>,
    indicators: HashMap<IndicatorId, IndicatorId>,
    /// See [`Pair::redefined`]: what was met since this was last emptied.
    foreign: BTreeMap<String, bool>,
    foreign_scales: HashMap<ScaleId, String>,
    foreign_datasets: HashMap<DatasetId, String>,
    foreign_indicators: HashMap<IndicatorId, BTreeMap<String, bool>>,
    /// Where the later version says the same: what is not understood counts as one condition if it is written alike.
    spans: HashMap<String, Span>,
}

impl Merge<'_> {
    /// What stands behind names: dimensions, scales, standards and datasets. Indicators come as they are met.
    fn declarations(&mut self) {
        for name in &self.old.dims {
            let at = self.suite.dims.iter().position(|other| other == name);
            let at = at.unwrap_or_else(|| {
                self.suite.dims.push(name.clone());
                self.suite.dims.len() - 1
            });
            self.dims.push(DimId(at));
        }
        for (at, scale) in self.old.scales.iter().enumerate() {
            let known = self.suite.scales.iter().position(|other| other.name == scale.name);
            let same = known.filter(|known| self.suite.scales.get(*known).is_some_and(|known| known == scale));
            if let (Some(_), None) = (known, same) {
                self.foreign_scales.insert(ScaleId(at), scale.name.clone());
            }
            self.scales.push(ScaleId(same.unwrap_or_else(|| {
                self.suite.scales.push(scale.clone());
                self.suite.scales.len() - 1
            })));
        }
        for standard in &self.old.standards {
            let mut standard = standard.clone();
            standard.ty = self.ty(&standard.ty);
            let alike =
                |other: &crate::semantics::hir::Standard| other.name == standard.name && alike(&other.ty, &standard.ty);
            let at = self.suite.standards.iter().position(alike).unwrap_or_else(|| {
                self.suite.standards.push(standard);
                self.suite.standards.len() - 1
            });
            self.standards.push(StandardId(at));
        }
        for (at, dataset) in self.old.datasets.iter().enumerate() {
            let mut moved = dataset.clone();
            for column in &mut moved.columns {
                column.ty = self.ty(&column.ty);
                column.dim = column.dim.and_then(|dim| self.dims.get(dim.0).copied());
            }
            moved.span = moved.span.map(|span| self.span(span));
            let known = self.suite.datasets.iter().position(|other| other.name == moved.name);
            let columns = known.and_then(|known| self.suite.datasets.get(known)).and_then(|known| fits(&moved, known));
            let entry = match (known, columns) {
                (Some(known), Some(columns)) => (DatasetId(known), columns),
                _ => {
                    if known.is_some() {
                        self.foreign_datasets.insert(DatasetId(at), moved.name.clone());
                        moved.name.push_str(EARLIER);
                    }
                    let columns = (0..moved.columns.len()).map(ColumnId).collect();
                    self.suite.datasets.push(moved);
                    (DatasetId(self.suite.datasets.len() - 1), columns)
                }
            };
            self.datasets.push(entry);
        }
    }

    fn span(&self, span: Span) -> Span {
        Span { file: FileId(span.file.0.saturating_add(self.files)), ..span }
    }

    fn ty(&mut self, ty: &Type) -> Type {
        match ty {
            Type::Level(scale) => {
                self.foreign.extend(self.foreign_scales.get(scale).map(|name| (name.clone(), true)));
                Type::Level(self.scales.get(scale.0).copied().unwrap_or(*scale))
            }
            other => other.clone(),
        }
    }

    /// A rule of the earlier version; `at` is the later rule of the same id.
    fn rule(&mut self, rule: &Rule, at: usize) -> Rule {
        self.spans = self.suite.rules.get(at).map(|rule| places(parts_of(rule))).unwrap_or_default();
        let mut moved = rule.clone();
        moved.id.push_str(EARLIER);
        moved.span = self.span(rule.span);
        moved.for_each = rule.for_each.iter().filter_map(|dim| self.dims.get(dim.0).copied()).collect();
        let row = match &mut moved.requirement {
            Requirement::Rows { dataset, .. } => {
                let own = *dataset;
                *dataset = self.dataset(own);
                Some(own)
            }
            Requirement::Case(_) => None,
        };
        for part in parts(&mut moved) {
            self.expr(part, row);
        }
        moved
    }

    fn dataset(&mut self, dataset: DatasetId) -> DatasetId {
        self.foreign.extend(self.foreign_datasets.get(&dataset).map(|name| (name.clone(), true)));
        self.datasets.get(dataset.0).map_or(dataset, |(at, _)| *at)
    }

    fn column(&self, dataset: Option<DatasetId>, column: ColumnId) -> ColumnId {
        let columns = dataset.and_then(|dataset| self.datasets.get(dataset.0)).map(|(_, columns)| columns);
        columns.and_then(|columns| columns.get(column.0)).copied().unwrap_or(column)
    }

    fn dim(&self, dim: DimId) -> DimId {
        self.dims.get(dim.0).copied().unwrap_or(dim)
    }

    /// Makes an expression of the earlier version one of the merged suite; `row` is the dataset of row expressions.
    fn expr(&mut self, expr: &mut Expr, row: Option<DatasetId>) {
        if let ExprKind::Standard(id) = expr.kind {
            let name = self.old.standards.get(id.0).map(|standard| standard.name.clone()).unwrap_or_default();
            self.foreign.extend(self.values.differs(&name).map(|untold| (name, untold)));
            self.values.put_old(expr);
        }
        let mut inner = row;
        match &mut expr.kind {
            ExprKind::Level(scale, _) => {
                if let Type::Level(moved) = self.ty(&Type::Level(*scale)) {
                    *scale = moved;
                }
            }
            ExprKind::Column(column) | ExprKind::Filled(column) => *column = self.column(row, *column),
            ExprKind::Unique(columns) => columns.iter_mut().for_each(|column| *column = self.column(row, *column)),
            ExprKind::ChildrenSum { measure, along } => {
                *measure = self.column(row, *measure);
                *along = self.column(row, *along);
            }
            ExprKind::Member(dim) => *dim = self.dim(*dim),
            ExprKind::Standard(id) => *id = self.standards.get(id.0).copied().unwrap_or(*id),
            ExprKind::Indicator(id) => *id = self.indicator(*id),
            ExprKind::Aggregate(aggregate) => {
                inner = Some(aggregate.dataset);
                let own = aggregate.dataset;
                aggregate.id.0 += self.aggregates;
                aggregate.dataset = self.dataset(own);
                for (column, dim) in &mut aggregate.scope {
                    *column = self.column(Some(own), *column);
                    *dim = self.dim(*dim);
                }
            }
            ExprKind::At { members, .. } => members.iter_mut().for_each(|(dim, _)| *dim = self.dim(*dim)),
            ExprKind::Change { official: Some(id), .. } | ExprKind::YearlyGrowth { official: Some(id), .. } => {
                *id = self.indicator(*id);
            }
            ExprKind::In { list: List::Column(dataset, column), .. } => {
                *column = self.column(Some(*dataset), *column);
                *dataset = self.dataset(*dataset);
            }
            _ => {}
        }
        expr.ty = self.ty(&expr.ty);
        expr.for_each_part_mut(&mut |part| self.expr(part, inner));
        expr.span = self.spans.get(&shape(expr)).copied().unwrap_or_else(|| self.span(expr.span));
    }

    /// An indicator of the earlier version: the later one of its name if that is the same figure.
    fn indicator(&mut self, id: IndicatorId) -> IndicatorId {
        if let Some(known) = self.indicators.get(&id) {
            self.foreign.extend(self.foreign_indicators.get(&id).cloned().unwrap_or_default());
            return *known;
        }
        let Some(indicator) = self.old.indicators.get(id.0) else { return id };
        let mut moved = indicator.clone();
        let outer = std::mem::take(&mut self.foreign);
        moved.ty = self.ty(&indicator.ty);
        moved.params = indicator.params.iter().map(|dim| self.dim(*dim)).collect();
        moved.span = self.span(indicator.span);
        let called = |other: &Indicator| {
            other.name == indicator.name
                || (other.body.is_none() && indicator.body.is_none() && other.aliases.contains(&indicator.name))
        };
        let known = self.suite.indicators.iter().position(called);
        let later = known.and_then(|known| self.suite.indicators.get(known)).cloned();
        if let Some(body) = &mut moved.body {
            let spans = later.as_ref().and_then(|later| later.body.as_ref()).map(|body| places([body]));
            let spans = std::mem::replace(&mut self.spans, spans.unwrap_or_default());
            self.expr(body, None);
            self.spans = spans;
        }
        let suite = &self.suite;
        let alike = |at: usize, later: &Indicator| {
            later.params == moved.params
                && later.blank_as_zero == moved.blank_as_zero
                && match (&later.body, &moved.body) {
                    (None, None) => {
                        read_alike(&later.ty, &moved.ty) && named_alike((self.old, id.0, indicator), (suite, at, later))
                    }
                    (Some(a), Some(b)) => alike(&later.ty, &moved.ty) && shape(a) == shape(b),
                    _ => false,
                }
        };
        // What is computed in both versions is compared by what it is computed from.
        let computed = later.as_ref().is_none_or(|later| later.body.is_some() && moved.body.is_some());
        let at = match (known, &later) {
            (Some(known), Some(later)) if alike(known, later) => IndicatorId(known),
            (known, _) => {
                if known.is_some() {
                    self.foreign.insert(moved.name.clone(), !computed);
                    moved.name.push_str(EARLIER);
                }
                moved.growth_from = None;
                self.suite.indicators.push(moved);
                IndicatorId(self.suite.indicators.len() - 1)
            }
        };
        self.indicators.insert(id, at);
        self.foreign_indicators.insert(id, self.foreign.clone());
        self.foreign.extend(outer);
        at
    }
}

/// Conditions of a rule.
fn parts(rule: &mut Rule) -> Vec<&mut Expr> {
    let mut found: Vec<&mut Expr> = rule.when.iter_mut().collect();
    match &mut rule.requirement {
        Requirement::Case(condition) => found.push(condition),
        Requirement::Rows { when, condition, .. } => {
            found.extend(when);
            found.push(condition);
        }
    }
    found
}

fn parts_of(rule: &Rule) -> Vec<&Expr> {
    let mut found: Vec<&Expr> = rule.when.iter().collect();
    match &rule.requirement {
        Requirement::Case(condition) => found.push(condition),
        Requirement::Rows { when, condition, .. } => {
            found.extend(when);
            found.push(condition);
        }
    }
    found
}

/// Are values of two types the same? Units of one dimension convert.
fn alike(a: &Type, b: &Type) -> bool {
    match (a.dimension(), b.dimension()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// Does a figure that is submitted without a unit mean the same by both types? It is read in the declared one.
fn read_alike(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Quantity(a), Type::Quantity(b)) => a.dimension() == b.dimension() && a.factor() == b.factor(),
        _ => a == b,
    }
}

/// Is a plain indicator known by no name that the other version gives to another one? Each with its suite and its place there.
fn named_alike(old: (&Suite, usize, &Indicator), new: (&Suite, usize, &Indicator)) -> bool {
    let owned = |indicator: &Indicator, (suite, at, _): (&Suite, usize, &Indicator)| {
        let goes_by = |other: &Indicator, name: &String| other.name == *name || other.aliases.contains(name);
        let mut names = std::iter::once(&indicator.name).chain(&indicator.aliases);
        !names.any(|name| suite.indicators.iter().position(|other| goes_by(other, name)).is_some_and(|own| own != at))
    };
    owned(old.2, new) && owned(new.2, old)
}

/// The columns of a dataset in another of its name, if rules mean the same by both.
fn fits(old: &Dataset, new: &Dataset) -> Option<Vec<ColumnId>> {
    let place = |name: &str| new.columns.iter().position(|column| column.name == name);
    let columns: Vec<ColumnId> =
        old.columns.iter().map(|column| place(&column.name).map(ColumnId)).collect::<Option<_>>()?;
    let at = |column: ColumnId| columns.get(column.0).copied();
    let same = old.columns.iter().zip(&columns).all(|(column, place)| {
        let Some(other) = new.columns.get(place.0) else { return false };
        let hierarchy = match (&column.hierarchy, &other.hierarchy) {
            (Some(crate::semantics::hir::Hierarchy::Parent(a)), Some(crate::semantics::hir::Hierarchy::Parent(b))) => {
                at(*a) == Some(*b)
            }
            (a, b) => a == b,
        };
        read_alike(&column.ty, &other.ty) && column.role == other.role && column.dim == other.dim && hierarchy
    });
    (same && old.period.and_then(at) == new.period).then_some(columns)
}

/// An expression's form, whatever its place: equal for expressions that say the same in the same words.
pub fn shape(expr: &Expr) -> String {
    let mut plain = expr.clone();
    blank(&mut plain);
    format!("{plain:?}")
}

fn blank(expr: &mut Expr) {
    expr.span = Span { file: FileId(0), start: 0, end: 0 };
    if let ExprKind::Aggregate(aggregate) = &mut expr.kind {
        aggregate.id.0 = 0;
    }
    expr.for_each_part_mut(&mut blank);
}

/// Where each part of some expressions stands, by its form.
fn places<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> HashMap<String, Span> {
    let mut found = HashMap::new();
    for expr in exprs {
        let mut whole = expr.clone();
        note(&mut whole, &mut found);
    }
    found
}

fn note(expr: &mut Expr, found: &mut HashMap<String, Span>) {
    found.entry(shape(expr)).or_insert(expr.span);
    expr.for_each_part_mut(&mut |part| note(part, found));
}
