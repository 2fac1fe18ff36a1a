//! Gathers what the selected rules need.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::demand::{demanded, told_apart};
use super::{Plan, Query, Slot, Source, Tally};
use crate::quantity::{Granularity, Period, Scalar};
use crate::semantics::expr_text;
use crate::semantics::hir::{
    Aggregate, ColumnId, ColumnRole, DatasetId, DimId, Expr, ExprKind, Function, INDICATOR_TABLE, IndicatorId, List,
    PeriodRef, Requirement, Rule, RuleId, Suite, Type, indicator_table,
};

/// The plan for some rules of a suite.
pub fn build(suite: &Suite, rules: impl IntoIterator<Item = RuleId>) -> Plan {
    let mut builder = Builder {
        suite,
        plan: Plan { aggregates: vec![None; suite.aggregates], ..Plan::default() },
        known_slots: HashMap::new(),
        known_rollups: HashMap::new(),
        seen: HashSet::new(),
        keys: HashMap::new(),
    };
    for id in rules {
        builder.rule(id);
    }
    let Builder { mut plan, mut keys, .. } = builder;
    for query in &mut plan.queries {
        let keys = keys.remove(&query.dataset).unwrap_or_default();
        query.keys = keys.keys().copied().collect();
        query.named = keys.into_iter().filter_map(|(column, named)| Some((column, named?))).collect();
    }
    plan.lists.sort_unstable();
    plan.lists.dedup();
    plan
}

/// What makes two aggregates roll up alike: query, slots, scope, whether it is a share, and the filter over keys.
type Way = (usize, usize, usize, Vec<ColumnId>, bool, Option<String>);

/// Columns, each with the values that are told apart; `None`: all of them.
type Keys = BTreeMap<ColumnId, Option<BTreeSet<Scalar>>>;

struct Builder<'a> {
    suite: &'a Suite,
    plan: Plan,
    /// Slots by query and text form, so that rules share them.
    known_slots: HashMap<(usize, String), usize>,
    /// Ways to roll up groups, so that aggregates share them.
    known_rollups: HashMap<Way, usize>,
    seen: HashSet<IndicatorId>,
    /// Of each dataset.
    keys: HashMap<DatasetId, Keys>,
}

impl Builder<'_> {
    fn rule(&mut self, id: RuleId) {
        let Some(rule) = self.suite.rules.get(id.0) else { return };
        if let Some(when) = &rule.when {
            self.expr(when);
        }
        match &rule.requirement {
            Requirement::Case(condition) => {
                self.expr(condition);
                self.cases(rule, condition);
            }
            Requirement::Rows { dataset, when, condition } => {
                let query = self.query(*dataset);
                let mut keys: Vec<ColumnId> = Vec::new();
                if let Some(declared) = self.suite.datasets.get(dataset.0) {
                    for dim in &rule.for_each {
                        keys.extend(declared.columns.iter().position(|column| column.dim == Some(*dim)).map(ColumnId));
                    }
                    if !rule.periods.is_empty() {
                        keys.extend(declared.period);
                    }
                }
                for expr in when.iter().chain([condition]) {
                    self.lists_of(expr);
                }
                let tally = Tally::new(id, keys, when.clone(), condition.clone());
                if let Some(query) = self.plan.queries.get_mut(query) {
                    query.tallies.push(tally);
                }
                self.rosters(*dataset);
            }
        }
    }

    /// A case rule finds the members of its 对每个 among the groups of the datasets that it draws on, so that they are
    /// grouped by all of these dimensions, even where no figure is. Of each it asks figures of its periods, and of those
    /// that its expressions name.
    fn cases(&mut self, rule: &Rule, condition: &Expr) {
        let mut drawn = Drawn::new(self.suite);
        match rule.periods.as_slice() {
            [] => drawn.lengths.extend([None]),
            periods => drawn.periods(periods),
        }
        rule.when.iter().chain([condition]).for_each(|expr| drawn.expr(expr));
        for id in &drawn.datasets {
            let Some(dataset) = self.suite.datasets.get(id.0) else { continue };
            let column = |dim: &DimId| dataset.columns.iter().position(|column| column.dim == Some(*dim)).map(ColumnId);
            if let Some(columns) = rule.for_each.iter().map(column).collect::<Option<Vec<ColumnId>>>() {
                self.keys.entry(*id).or_default().extend(columns.into_iter().map(|column| (column, None)));
            }
            if let Some(query) = self.plan.queries.iter_mut().find(|query| query.dataset == *id) {
                query.lengths.extend(&drawn.lengths);
            }
        }
    }

    fn query(&mut self, dataset: DatasetId) -> usize {
        match self.plan.query(dataset) {
            Some((at, _)) => at,
            None => {
                self.plan.queries.push(Query {
                    dataset,
                    keys: Vec::new(),
                    slots: Vec::new(),
                    demanded: BTreeSet::new(),
                    named: BTreeMap::new(),
                    periods: None,
                    tallies: Vec::new(),
                    lengths: BTreeSet::new(),
                });
                self.plan.queries.len() - 1
            }
        }
    }

    fn rosters(&mut self, dataset: DatasetId) {
        let columns = self.suite.datasets.get(dataset.0).map(|dataset| dataset.columns.as_slice()).unwrap_or_default();
        for column in columns.iter().filter(|column| column.role == ColumnRole::Dimension) {
            if let Some(List::Column(dataset, column)) = column.codes {
                self.plan.lists.push((dataset, column));
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Indicator(id) => self.indicator(*id),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Change { official: Some(rate), .. } | ExprKind::YearlyGrowth { official: Some(rate), .. } => {
                self.indicator(*rate);
            }
            _ => {}
        }
        self.list(expr);
        expr.for_each_child(&mut |child| self.expr(child));
    }

    fn indicator(&mut self, id: IndicatorId) {
        let suite = self.suite;
        let Some(indicator) = suite.indicators.get(id.0) else { return };
        if !self.seen.insert(id) {
            return;
        }
        match &indicator.body {
            Some(body) => self.expr(body),
            None => {
                let query = self.query(INDICATOR_TABLE);
                let value =
                    Expr { kind: ExprKind::Column(indicator_table::VALUE), ty: Type::Text, span: indicator.span };
                self.slot(query, Slot { of: Some(value), filter: None, distinct: false, extremes: true });
                let columns = [indicator_table::INDICATOR, indicator_table::REGION, indicator_table::PERIOD];
                self.keys.entry(INDICATOR_TABLE).or_default().extend(columns.map(|column| (column, None)));
            }
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        let Some(dataset) = self.suite.datasets.get(aggregate.dataset.0) else { return };
        let query = self.query(aggregate.dataset);
        let mut filter_columns = BTreeSet::new();
        if let Some(filter) = &aggregate.filter {
            columns_of(filter, &mut filter_columns);
            self.lists_of(filter);
        }
        let is_dimension =
            |id: &ColumnId| dataset.columns.get(id.0).is_some_and(|column| column.role == ColumnRole::Dimension);
        // What is in the values of a measure may hang on the rounding of each: that is left to the rows.
        let exact = !aggregate.filter.as_ref().is_some_and(|filter| self.in_a_measure(filter));
        let filter_on_keys = aggregate.filter.is_some() && filter_columns.iter().all(is_dimension) && exact;
        let keys = self.keys.entry(aggregate.dataset).or_default();
        keys.extend(
            aggregate.scope.iter().map(|(column, _)| *column).chain(dataset.period).map(|column| (column, None)),
        );
        if let Some(filter) = aggregate.filter.as_ref().filter(|_| filter_on_keys) {
            told_apart(filter, keys);
        }
        let demands = aggregate.filter.as_deref().filter(|_| filter_on_keys).and_then(demanded);
        if let (Some((column, _)), Some(planned)) = (demands, self.plan.queries.get_mut(query)) {
            planned.demanded.insert(column);
        }
        let slot = self.slot(
            query,
            Slot {
                of: aggregate.of.as_deref().cloned(),
                filter: aggregate.filter.as_deref().filter(|_| !filter_on_keys).cloned(),
                distinct: aggregate.function == Function::Distinct,
                extremes: matches!(aggregate.function, Function::Min | Function::Max),
            },
        );
        let total = match aggregate.function {
            Function::Share => self.slot(
                query,
                Slot { of: aggregate.of.as_deref().cloned(), filter: None, distinct: false, extremes: false },
            ),
            _ => slot,
        };
        let scope: Vec<ColumnId> = aggregate.scope.iter().map(|(column, _)| *column).collect();
        let filter = aggregate.filter.as_deref().filter(|_| filter_on_keys).map(expr_text);
        let way = (query, slot, total, scope, aggregate.function == Function::Share, filter);
        let next = self.known_rollups.len();
        let rollup = *self.known_rollups.entry(way).or_insert(next);
        self.plan.rollups = self.known_rollups.len();
        if let Some(entry) = self.plan.aggregates.get_mut(aggregate.id.0) {
            *entry = Some(Source { query, slot, filter_on_keys, total, rollup });
        }
        self.rosters(aggregate.dataset);
    }

    fn in_a_measure(&self, expr: &Expr) -> bool {
        let mut found = match &expr.kind {
            ExprKind::In { list: List::Column(dataset, column), .. } => {
                let column = self.suite.datasets.get(dataset.0).and_then(|dataset| dataset.columns.get(column.0));
                column.is_some_and(|column| column.role == ColumnRole::Measure)
            }
            _ => false,
        };
        expr.for_each_child(&mut |child| found |= self.in_a_measure(child));
        found
    }

    fn slot(&mut self, query: usize, slot: Slot) -> usize {
        let text = super::text::slot(&slot);
        if let Some(known) = self.known_slots.get(&(query, text.clone())) {
            let planned = self.plan.queries.get_mut(query).and_then(|planned| planned.slots.get_mut(*known));
            if let Some(planned) = planned {
                planned.extremes |= slot.extremes;
            }
            return *known;
        }
        let Some(planned) = self.plan.queries.get_mut(query) else { return 0 };
        planned.slots.push(slot);
        self.known_slots.insert((query, text), planned.slots.len() - 1);
        planned.slots.len() - 1
    }

    fn list(&mut self, expr: &Expr) {
        if let ExprKind::In { list: List::Column(dataset, column), .. } = &expr.kind {
            self.plan.lists.push((*dataset, *column));
        }
    }

    fn lists_of(&mut self, expr: &Expr) {
        self.list(expr);
        expr.for_each_child(&mut |child| self.lists_of(child));
    }
}

/// What a rule draws on, through indicators too.
struct Drawn<'a> {
    suite: &'a Suite,
    datasets: BTreeSet<DatasetId>,
    lengths: BTreeSet<Option<Granularity>>,
    seen: HashSet<IndicatorId>,
}

impl<'a> Drawn<'a> {
    fn new(suite: &'a Suite) -> Self {
        Drawn { suite, datasets: BTreeSet::new(), lengths: BTreeSet::new(), seen: HashSet::new() }
    }

    fn periods(&mut self, periods: &[Period]) {
        self.lengths.extend(periods.iter().map(|period| Some(period.granularity())));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Aggregate(aggregate) => {
                self.datasets.insert(aggregate.dataset);
                aggregate.filter.iter().chain(&aggregate.of).for_each(|part| self.expr(part));
            }
            ExprKind::Indicator(id) => self.indicator(*id),
            ExprKind::Period(period) => self.periods(&[*period]),
            ExprKind::Fold { periods, .. } | ExprKind::Quantified { periods, .. } => self.periods(periods),
            ExprKind::YearlyGrowth { periods, official, .. } => {
                self.periods(periods);
                official.iter().for_each(|rate| self.indicator(*rate));
            }
            ExprKind::Change { since, official, .. } => {
                self.reference(*since);
                official.iter().for_each(|rate| self.indicator(*rate));
            }
            ExprKind::At { period: Some(period), .. } | ExprKind::Doubles { since: period, .. } => {
                self.reference(*period);
            }
            _ => {}
        }
        expr.for_each_child(&mut |child| self.expr(child));
    }

    fn reference(&mut self, period: PeriodRef) {
        if let PeriodRef::Absolute(period) = period {
            self.periods(&[period]);
        }
    }

    fn indicator(&mut self, id: IndicatorId) {
        if self.seen.insert(id) {
            let indicator = self.suite.indicators.get(id.0);
            match indicator.and_then(|indicator| indicator.body.as_ref()) {
                Some(body) => self.expr(body),
                None => {
                    self.datasets.insert(INDICATOR_TABLE);
                }
            }
        }
    }
}

/// Does a row expression hang on what other rows hold?
pub(super) fn sees_other_rows(expr: &Expr) -> bool {
    let mut sees = matches!(expr.kind, ExprKind::Unique(_) | ExprKind::ChildrenSum { .. });
    expr.for_each_child(&mut |child| sees = sees || sees_other_rows(child));
    sees
}

/// The columns that a row expression reads.
pub(crate) fn columns_of(expr: &Expr, columns: &mut BTreeSet<ColumnId>) {
    match &expr.kind {
        ExprKind::Column(column) | ExprKind::Filled(column) => {
            columns.insert(*column);
        }
        ExprKind::Unique(unique) => columns.extend(unique),
        ExprKind::ChildrenSum { measure, along } => columns.extend([*measure, *along]),
        _ => {}
    }
    expr.for_each_child(&mut |child| columns_of(child, columns));
}
