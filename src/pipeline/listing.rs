//! A plan in, what it asks for out, for people. Reads the plan and evaluates nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::base::{Sources, Span};
use crate::plan::{Plan, Source};
use crate::report::planning::{Among, Check, Listing, Lookup, Query, SCHEMA, Slot};
use crate::semantics::hir::{
    Aggregate, ColumnId, DatasetId, Expr, ExprKind, Function, INDICATOR_TABLE, IndicatorId, Requirement, RuleId, Suite,
};

/// A filter over keys, and the rules that ask for it.
type Filtered = (String, BTreeSet<usize>);

/// What some rules ask for, gathered from all places.
#[derive(Default)]
struct Uses<'s> {
    slots: BTreeMap<(usize, usize), BTreeSet<usize>>,
    functions: BTreeMap<(usize, usize), BTreeSet<&'static str>>,
    among: BTreeMap<(usize, usize), Vec<Filtered>>,
    indicators: BTreeMap<&'s str, BTreeSet<usize>>,
    queries: BTreeMap<usize, BTreeSet<usize>>,
}

struct Lister<'s> {
    suite: &'s Suite,
    plan: &'s Plan,
    sources: &'s Sources,
    uses: Uses<'s>,
}

/// What the plan of some rules asks for; `period` is the run's.
pub fn listing(suite: &Suite, name: &str, plan: &Plan, rules: &[RuleId], sources: &Sources, period: String) -> Listing {
    let mut lister = Lister { suite, plan, sources, uses: Uses::default() };
    for (at, id) in rules.iter().enumerate() {
        lister.rule(at, *id);
    }
    let ids = |of: &BTreeSet<usize>| -> Vec<String> {
        let rules = of.iter().filter_map(|at| suite.rules.get(rules.get(*at)?.0));
        rules.map(|rule| rule.id.clone()).collect()
    };
    let queries = (0..plan.queries.len()).filter_map(|at| lister.query(at, &ids)).collect();
    let served: BTreeSet<usize> = lister.uses.queries.values().flatten().copied().collect();
    let without: BTreeSet<usize> = (0..rules.len()).filter(|at| !served.contains(at)).collect();
    Listing {
        schema: SCHEMA,
        suite: name.to_owned(),
        period,
        rules: rules.len(),
        without_data: ids(&without),
        queries,
        lists: plan.lists.iter().map(|list| lister.list(*list)).collect(),
    }
}

impl<'s> Lister<'s> {
    fn rule(&mut self, at: usize, id: RuleId) {
        let Some(rule) = self.suite.rules.get(id.0) else { return };
        let mut seen = HashSet::new();
        rule.when.iter().for_each(|when| self.expr(at, when, &mut seen));
        match &rule.requirement {
            Requirement::Case(condition) => self.expr(at, condition, &mut seen),
            Requirement::Rows { dataset, .. } => {
                if let Some((query, _)) = self.plan.query(*dataset) {
                    self.uses.queries.entry(query).or_default().insert(at);
                }
            }
        }
    }

    fn expr(&mut self, at: usize, expr: &'s Expr, seen: &mut HashSet<IndicatorId>) {
        match &expr.kind {
            ExprKind::Indicator(id) => self.indicator(at, *id, seen),
            ExprKind::Aggregate(aggregate) => self.aggregate(at, aggregate),
            ExprKind::Change { official: Some(rate), .. } | ExprKind::YearlyGrowth { official: Some(rate), .. } => {
                self.indicator(at, *rate, seen);
            }
            _ => {}
        }
        expr.for_each_child(&mut |child| self.expr(at, child, seen));
    }

    fn indicator(&mut self, at: usize, id: IndicatorId, seen: &mut HashSet<IndicatorId>) {
        let suite = self.suite;
        let Some(indicator) = suite.indicators.get(id.0) else { return };
        if !seen.insert(id) {
            return;
        }
        match &indicator.body {
            Some(body) => self.expr(at, body, seen),
            None => {
                self.uses.indicators.entry(&indicator.name).or_default().insert(at);
                if let Some((query, _)) = self.plan.query(INDICATOR_TABLE) {
                    self.uses.queries.entry(query).or_default().insert(at);
                    self.uses.slots.entry((query, 0)).or_default().insert(at);
                }
            }
        }
    }

    fn aggregate(&mut self, at: usize, aggregate: &'s Aggregate) {
        let Some(Source { query, slot, filter_on_keys, total, .. }) = self.plan.source(aggregate.id) else { return };
        self.uses.queries.entry(query).or_default().insert(at);
        for slot in [slot, total] {
            self.uses.slots.entry((query, slot)).or_default().insert(at);
            self.uses.functions.entry((query, slot)).or_default().insert(function(aggregate.function));
        }
        if let Some(filter) = aggregate.filter.as_ref().filter(|_| filter_on_keys) {
            let text = self.text(filter.span);
            let among = self.uses.among.entry((query, slot)).or_default();
            match among.iter_mut().find(|(known, _)| *known == text) {
                Some((_, rules)) => {
                    rules.insert(at);
                }
                None => among.push((text, BTreeSet::from([at]))),
            }
        }
    }

    /// A part of a rule as it is written, on one line.
    fn text(&self, span: Span) -> String {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn query(&self, at: usize, ids: &dyn Fn(&BTreeSet<usize>) -> Vec<String>) -> Option<Query> {
        let query = self.plan.queries.get(at)?;
        let dataset = self.suite.datasets.get(query.dataset.0)?;
        let name = |id: &ColumnId| dataset.columns.get(id.0).map(|column| column.name.clone()).unwrap_or_default();
        let names = |columns: &[ColumnId]| columns.iter().map(name).collect::<Vec<String>>();
        let is_table = query.dataset == INDICATOR_TABLE;
        let slots = query.slots.iter().enumerate().map(|(slot, planned)| {
            let key = (at, slot);
            let among = self.uses.among.get(&key).map(Vec::as_slice).unwrap_or_default();
            Slot {
                of: planned.of.as_ref().map(|of| match of.kind {
                    ExprKind::Column(column) => name(&column),
                    _ => self.text(of.span),
                }),
                filter: planned.filter.as_ref().map(|filter| self.text(filter.span)),
                functions: match self.uses.functions.get(&key) {
                    Some(functions) => functions.iter().copied().collect(),
                    None => Vec::new(),
                },
                rules: self.uses.slots.get(&key).map(ids).unwrap_or_default(),
                among_groups: among
                    .iter()
                    .map(|(filter, rules)| Among { filter: filter.clone(), rules: ids(rules) })
                    .collect(),
            }
        });
        let mut checks: Vec<Check> = Vec::new();
        for tally in &query.tallies {
            let id = self.suite.rules.get(tally.rule.0).map(|rule| rule.id.clone()).unwrap_or_default();
            let (when, condition) =
                (tally.when.as_ref().map(|when| self.text(when.span)), self.text(tally.condition.span));
            let keys = names(&tally.keys);
            match checks
                .iter_mut()
                .find(|known| (&known.when, &known.condition, &known.keys) == (&when, &condition, &keys))
            {
                Some(known) => known.rules.push(id),
                None => checks.push(Check { when, condition, keys, rules: vec![id] }),
            }
        }
        let none = BTreeSet::new();
        let lookups = self.uses.indicators.iter().filter(|_| is_table);
        Some(Query {
            dataset: dataset.name.clone(),
            keys: names(&query.keys),
            rules: ids(self.uses.queries.get(&at).unwrap_or(&none)),
            indicators: lookups
                .map(|(name, rules)| Lookup { indicator: (*name).to_owned(), rules: ids(rules) })
                .collect(),
            // Figures of indicators are looked up, not added up.
            slots: slots.filter(|slot| !is_table || !slot.functions.is_empty()).collect(),
            checks,
        })
    }

    /// `名录.部门`
    fn list(&self, (dataset, column): (DatasetId, ColumnId)) -> String {
        let dataset = self.suite.datasets.get(dataset.0);
        let column = dataset.and_then(|dataset| dataset.columns.get(column.0));
        let name = |name: Option<&String>| name.cloned().unwrap_or_default();
        format!("{}.{}", name(dataset.map(|it| &it.name)), name(column.map(|it| &it.name)))
    }
}

/// An aggregate's function, as the language spells it in English.
fn function(function: Function) -> &'static str {
    match function {
        Function::Sum => "sum",
        Function::Count => "count",
        Function::Distinct => "distinct",
        Function::Mean => "mean",
        Function::Max => "max",
        Function::Min => "min",
        Function::Share => "share",
    }
}
