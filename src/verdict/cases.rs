//! Which cases a rule has: its periods, and the members of its 对每个.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::eval::{Figures, Member};
use crate::data::Table;
use crate::engine::cube::Packed;
use crate::engine::{Groups, Key};
use crate::quantity::{Period, Scalar};
use crate::semantics::hir::{
    ColumnId, Dataset, DatasetId, DimId, Expr, ExprKind, IndicatorId, List, Nature, PeriodRef, Requirement, Rule,
    RuleId, Suite,
};

/// The members of each case, in order.
pub(super) type Drawn = Arc<[Arc<[Member]>]>;

/// What the cases of a rule depend on.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct DrawnFrom {
    dims: Vec<DimId>,
    datasets: BTreeSet<DatasetId>,
    /// `None`: any.
    periods: Option<BTreeSet<Period>>,
    /// The row rule: its members stand in its own tally. Those of a case rule stand in the groups.
    rows: Option<RuleId>,
}

impl DrawnFrom {
    /// Of a rule in one period.
    pub fn of(suite: &Suite, rule: &Rule, id: RuleId, period: Period) -> Self {
        let mut uses = Uses { suite, datasets: BTreeSet::new(), periods: BTreeSet::new(), seen: BTreeSet::new() };
        if rule.for_each.is_empty() {
            return DrawnFrom { dims: Vec::new(), datasets: uses.datasets, periods: None, rows: None };
        }
        match &rule.requirement {
            Requirement::Case(condition) => {
                for expr in rule.when.iter().chain([condition]) {
                    uses.expr(expr, Some(period));
                }
            }
            Requirement::Rows { dataset, .. } => {
                uses.datasets.insert(*dataset);
                uses.periods.insert(period);
            }
        }
        let by_rows = matches!(rule.requirement, Requirement::Rows { .. });
        DrawnFrom {
            dims: rule.for_each.clone(),
            datasets: uses.datasets,
            periods: (!by_rows || !rule.periods.is_empty()).then_some(uses.periods),
            rows: by_rows.then_some(id),
        }
    }
}

/// The periods whose figures a rule looks at in one period, and what is said of it. Rules over rows look at none.
pub(super) fn looked_at(suite: &Suite, rule: &Rule, period: Period) -> BTreeSet<Period> {
    let Requirement::Case(condition) = &rule.requirement else { return BTreeSet::new() };
    let mut uses = Uses { suite, datasets: BTreeSet::new(), periods: BTreeSet::from([period]), seen: BTreeSet::new() };
    for expr in rule.when.iter().chain([condition]) {
        uses.expr(expr, Some(period));
    }
    // The pace of a stock starts from what it was before.
    if suite.indicators.iter().any(|indicator| indicator.nature == Some(Nature::Stock)) {
        let before: Vec<Period> = uses.periods.iter().filter_map(|period| period.plus(-1)).collect();
        uses.periods.extend(before);
    }
    uses.periods
}

/// The members of a rule's 对每个 in one period: those that the data of a period it looks at name, and those of the roster.
///
/// A roster that was not submitted adds a case that stands for the members it would have named; so does a period for
/// which nothing was submitted at all.
pub(super) fn drawn(figures: &Figures<'_>, from: &DrawnFrom) -> Drawn {
    if from.dims.is_empty() {
        return Arc::from([Arc::from([])]);
    }
    let suite = figures.suite();
    // Putting them in order once is quicker than keeping them so.
    let mut cases: Vec<Vec<Member>> = Vec::new();
    for id in &from.datasets {
        let Some(dataset) = suite.datasets.get(id.0) else { continue };
        if let Some(columns) = columns(dataset, &from.dims) {
            let looked =
                Looked { dataset: *id, rows: from.rows, period: dataset.period, periods: from.periods.as_ref() };
            observed(figures, &looked, &from.dims, &columns, &mut cases);
        }
    }
    let mut cases: BTreeSet<Vec<Member>> = cases.into_iter().collect();
    for (position, dim) in from.dims.iter().enumerate() {
        for id in &from.datasets {
            let column =
                suite.datasets.get(id.0).and_then(|d| d.columns.iter().find(|column| column.dim == Some(*dim)));
            if let Some(list) = column.and_then(|column| column.codes.as_ref()) {
                enroll(figures, list, &from.dims, position, &mut cases);
            }
        }
    }
    if cases.is_empty() {
        cases.insert(from.dims.iter().map(|dim| (*dim, None)).collect());
    }
    cases.into_iter().map(Arc::from).collect()
}

/// Does a case stand for members that cannot be told? It is missing, whatever the rule says.
pub(super) fn nobody(members: &[Member]) -> bool {
    !members.is_empty() && members.iter().all(|(_, member)| member.is_none())
}

/// The roster of a rule that was not submitted, if there is one: its dataset.
pub(super) fn roster<'a>(figures: &Figures<'a>, rule: &Rule) -> Option<&'a str> {
    let suite = figures.suite();
    let of = |dim: &DimId| {
        let columns = suite.datasets.iter().flat_map(|dataset| &dataset.columns);
        columns.filter(|column| column.dim == Some(*dim)).find_map(|column| match column.codes {
            Some(List::Column(dataset, _)) if figures.context.submission.table(dataset).is_none_or(Table::is_empty) => {
                suite.datasets.get(dataset.0).map(|dataset| dataset.name.as_str())
            }
            _ => None,
        })
    };
    rule.for_each.iter().find_map(of)
}

/// The columns of all these dimensions; `None` if the dataset lacks one.
fn columns(dataset: &Dataset, dims: &[DimId]) -> Option<Vec<ColumnId>> {
    dims.iter().map(|dim| dataset.columns.iter().position(|column| column.dim == Some(*dim)).map(ColumnId)).collect()
}

/// Where members are looked for.
struct Looked<'a> {
    dataset: DatasetId,
    /// The row rule: its members stand in its own tally. Those of a case rule stand in the groups.
    rows: Option<RuleId>,
    period: Option<ColumnId>,
    /// `None`: any.
    periods: Option<&'a BTreeSet<Period>>,
}

fn observed(
    figures: &Figures<'_>,
    looked: &Looked<'_>,
    dims: &[DimId],
    columns: &[ColumnId],
    cases: &mut Vec<Vec<Member>>,
) {
    let Some((at, query)) = figures.plan.query(looked.dataset) else { return };
    let Some(Some(cube)) = figures.measurement.cubes.get(at) else { return };
    let mut add = |keys: &[ColumnId], codes: &[Key]| {
        let code = |column: &ColumnId| keys.iter().position(|key| key == column).and_then(|at| codes.get(at));
        if looked.period.as_ref().and_then(code).is_some_and(outside_period(looked)) {
            return;
        }
        let members: Option<Vec<Member>> = dims
            .iter()
            .zip(columns)
            .map(|(dim, column)| match code(column) {
                Some(Key::Known(Scalar::Text(member))) => Some((*dim, Some(Arc::clone(member)))),
                _ => None,
            })
            .collect();
        cases.extend(members);
    };
    let Some(rule) = looked.rows else {
        if let Groups::Packed(packed) = &cube.groups {
            let axis = |column: &ColumnId| query.keys.iter().position(|key| key == column);
            let by: Option<Vec<usize>> = columns.iter().map(axis).collect();
            if let Some(by) = by.filter(|by| !by.is_empty()) {
                ranked(packed, dims, &by, looked.period.as_ref().and_then(axis), &outside_period(looked), cases);
            }
            return;
        }
        let asked = |column: &ColumnId| columns.contains(column) || looked.period == Some(*column);
        let positions: Vec<usize> = (0..query.keys.len()).filter(|at| query.keys.get(*at).is_some_and(asked)).collect();
        let keys: Vec<ColumnId> = positions.iter().filter_map(|at| query.keys.get(*at)).copied().collect();
        cube.groups.present(&positions).iter().for_each(|codes| add(&keys, codes));
        return;
    };
    for (tally, counts) in query.tallies.iter().zip(&cube.tallies) {
        if tally.rule == rule {
            counts.iter().for_each(|(codes, _)| add(&tally.keys, codes));
        }
    }
}

/// Is a key a period that is not looked at?
fn outside_period<'l>(looked: &'l Looked<'_>) -> impl Fn(&Key) -> bool + 'l {
    |key| match (key, looked.periods) {
        (Key::Known(Scalar::Period(found)), Some(periods)) => !periods.contains(found),
        _ => false,
    }
}

/// The names along an axis.
struct Ranked {
    /// In order.
    names: Vec<Arc<str>>,
    /// By key: the place of its name among them.
    ranks: Vec<Option<usize>>,
}

/// Adds the members that stand in the groups of a packed cube, in order: by the ranks of their names, since texts are slow to compare.
fn ranked(
    cube: &Packed,
    dims: &[DimId],
    by: &[usize],
    period: Option<usize>,
    outside: &impl Fn(&Key) -> bool,
    cases: &mut Vec<Vec<Member>>,
) {
    let text = |key: &Key| match key {
        Key::Known(Scalar::Text(member)) => Some(Arc::clone(member)),
        _ => None,
    };
    let names_along = |axis: &usize| {
        let keys = &cube.axes.get(*axis)?.keys;
        let mut names: Vec<Arc<str>> = keys.iter().filter_map(text).collect();
        names.sort_unstable();
        let rank = |key: &Key| text(key).and_then(|name| names.binary_search(&name).ok());
        let ranks = keys.iter().map(rank).collect();
        Some(Ranked { names, ranks })
    };
    let named: Vec<Ranked> = by.iter().filter_map(names_along).collect();
    let is_outside: Vec<bool> = match period.and_then(|axis| cube.axes.get(axis)) {
        Some(axis) => axis.keys.iter().map(outside).collect(),
        None => Vec::new(),
    };
    let axes: Vec<usize> = by.iter().copied().chain(period.filter(|axis| !by.contains(axis))).collect();
    let of_period = period.and_then(|period| axes.iter().position(|axis| *axis == period));
    let mut found: Vec<usize> = Vec::new();
    cube.each_present(&axes, |indices| {
        let key = of_period.and_then(|at| indices.get(at));
        if key.is_some_and(|key| is_outside.get(*key) == Some(&true)) {
            return;
        }
        // Combinations of some keys of a cube are fewer than its cells, so that their numbers fit.
        let mut pairs = named.iter().zip(indices);
        let number = pairs.try_fold(0, |number, (of, key)| Some(number * of.names.len() + (*of.ranks.get(*key)?)?));
        found.extend(number);
    });
    found.sort_unstable();
    found.dedup();
    cases.reserve(found.len());
    for mut number in found {
        let mut members: Vec<Member> = Vec::with_capacity(dims.len());
        for (Ranked { names, .. }, dim) in named.iter().zip(dims).rev() {
            members.push((*dim, names.get(number % names.len().max(1)).cloned()));
            number /= names.len().max(1);
        }
        members.reverse();
        cases.push(members);
    }
}

/// Adds the members of a roster that no case has yet.
fn enroll(figures: &Figures<'_>, list: &List, dims: &[DimId], position: usize, cases: &mut BTreeSet<Vec<Member>>) {
    let known: BTreeSet<Arc<str>> =
        cases.iter().filter_map(|case| case.get(position).and_then(|(_, member)| member.clone())).collect();
    let enrolled: Option<Vec<Arc<str>>> = match list {
        List::Values(values) => Some(values.iter().filter_map(text).collect()),
        List::Column(dataset, column) => {
            let values = figures.measurement.lists.get(&(*dataset, *column));
            values
                .filter(|values| !values.known.is_empty())
                .map(|values| values.known.iter().filter_map(text).collect())
        }
    };
    let case = |member: Option<Arc<str>>| -> Vec<Member> {
        dims.iter().enumerate().map(|(at, dim)| (*dim, member.clone().filter(|_| at == position))).collect()
    };
    match enrolled {
        Some(members) => {
            cases.extend(members.into_iter().filter(|member| !known.contains(member)).map(|m| case(Some(m))))
        }
        None => {
            cases.insert(case(None));
        }
    }
}

fn text(scalar: &Scalar) -> Option<Arc<str>> {
    match scalar {
        Scalar::Text(text) => Some(Arc::clone(text)),
        _ => None,
    }
}

/// The datasets an expression draws on, and the periods in which it does.
struct Uses<'a> {
    suite: &'a Suite,
    datasets: BTreeSet<DatasetId>,
    periods: BTreeSet<Period>,
    seen: BTreeSet<(IndicatorId, Option<Period>)>,
}

impl Uses<'_> {
    fn expr(&mut self, expr: &Expr, period: Option<Period>) {
        let from = |reference: PeriodRef| period.and_then(|period| reference.from(period));
        match &expr.kind {
            ExprKind::Aggregate(aggregate) => {
                self.datasets.insert(aggregate.dataset);
                self.periods.extend(period);
            }
            ExprKind::Indicator(id) => self.indicator(*id, period),
            ExprKind::At { of, period: moved, .. } => self.expr(of, moved.map_or(period, from)),
            ExprKind::Change { of, since, official, .. } => {
                self.expr(of, from(*since));
                self.expr(of, period);
                self.rates(*official, from(*since), period);
            }
            ExprKind::Doubles { of, since, .. } => {
                self.expr(of, from(*since));
                self.expr(of, period);
            }
            ExprKind::YearlyGrowth { of, periods, official } => {
                let (base, last) = (periods.first().and_then(|first| first.plus(-1)), periods.last().copied());
                self.expr(of, base);
                self.expr(of, last);
                self.rates(*official, base, last);
            }
            ExprKind::Fold { of, periods, .. } | ExprKind::Quantified { condition: of, periods, .. } => {
                for period in periods {
                    self.expr(of, Some(*period));
                }
            }
            ExprKind::Streak { times, condition, .. } => {
                for back in 0..*times {
                    let back = i32::try_from(back).ok().and_then(|back| period?.plus(-back));
                    self.expr(condition, back);
                }
            }
            _ => expr.for_each_child(&mut |child| self.expr(child, period)),
        }
    }

    fn indicator(&mut self, id: IndicatorId, period: Option<Period>) {
        if !self.seen.insert((id, period)) {
            return;
        }
        match self.suite.indicators.get(id.0).map(|indicator| &indicator.body) {
            Some(Some(body)) => self.expr(body, period),
            _ => {
                self.datasets.insert(crate::semantics::hir::INDICATOR_TABLE);
                self.periods.extend(period);
            }
        }
    }

    /// Official yearly rates, of the years after `earlier` up to `last`.
    fn rates(&mut self, official: Option<IndicatorId>, earlier: Option<Period>, last: Option<Period>) {
        let Some(rate) = official else { return };
        self.indicator(rate, None);
        let mut period = last;
        while let (Some(year), Some(earlier)) = (period, earlier)
            && year > earlier
        {
            self.indicator(rate, Some(year));
            period = year.plus_years(-1);
        }
    }
}
