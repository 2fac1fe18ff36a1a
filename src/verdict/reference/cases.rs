//! Which cases a rule has: members found in the rows that it looks at, and members that a roster names.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::World;
use crate::data::Cell;
use crate::quantity::{Period, Scalar};
use crate::semantics::hir::{
    ColumnId, DatasetId, DimId, Expr, ExprKind, INDICATOR_TABLE, IndicatorId, List, Requirement, Rule,
};

/// The members of a case, in the order of the rule's 对每个.
pub(super) type Members = Vec<(DimId, Option<Arc<str>>)>;

/// What a rule looks at.
#[derive(Default)]
struct Looked {
    datasets: BTreeSet<DatasetId>,
    periods: BTreeSet<Period>,
}

impl World<'_> {
    /// The members of every case that a rule has in a period.
    pub(super) fn members_of_cases(&self, rule: &Rule, period: Period) -> BTreeSet<Members> {
        if rule.for_each.is_empty() {
            return BTreeSet::from([Members::new()]);
        }
        let mut looked = Looked::default();
        if let Some(when) = &rule.when {
            self.look(when, Some(period), &mut looked);
        }
        let mut any_period = false;
        match &rule.requirement {
            Requirement::Case(condition) => self.look(condition, Some(period), &mut looked),
            Requirement::Rows { dataset, .. } => {
                looked = Looked { datasets: BTreeSet::from([*dataset]), periods: BTreeSet::from([period]) };
                any_period = rule.periods.is_empty();
            }
        }
        let mut cases = BTreeSet::new();
        for dataset in &looked.datasets {
            self.members_in_rows(rule, *dataset, (!any_period).then_some(&looked.periods), &mut cases);
        }
        let seen = cases.clone();
        for (position, dim) in rule.for_each.iter().enumerate() {
            for dataset in &looked.datasets {
                self.enrol(rule, position, *dim, *dataset, &seen, &mut cases);
            }
        }
        if cases.is_empty() {
            cases.insert(rule.for_each.iter().map(|dim| (*dim, None)).collect());
        }
        cases
    }

    /// Members that stand together in a row of a dataset.
    fn members_in_rows(
        &self,
        rule: &Rule,
        dataset: DatasetId,
        periods: Option<&BTreeSet<Period>>,
        cases: &mut BTreeSet<Members>,
    ) {
        let Some(table) = self.submission.table(dataset) else { return };
        let columns: Option<Vec<ColumnId>> =
            rule.for_each.iter().map(|dim| self.column_of_dim(dataset, *dim)).collect();
        let Some(columns) = columns else { return };
        let period_column = self.suite.datasets.get(dataset.0).and_then(|dataset| dataset.period);
        for row in 0..table.len() {
            if let (Some(periods), Some(column)) = (periods, period_column)
                && let Cell::Value(Scalar::Period(period), _) = &*table.cell(row, column)
                && !periods.contains(period)
            {
                continue;
            }
            let members: Option<Members> = rule
                .for_each
                .iter()
                .zip(&columns)
                .map(|(dim, column)| match &*table.cell(row, *column) {
                    Cell::Value(Scalar::Text(text), _) => Some((*dim, Some(text.clone()))),
                    _ => None,
                })
                .collect();
            cases.extend(members);
        }
    }

    /// Members that the roster of a dimension names and no row has.
    fn enrol(
        &self,
        rule: &Rule,
        position: usize,
        dim: DimId,
        dataset: DatasetId,
        seen: &BTreeSet<Members>,
        cases: &mut BTreeSet<Members>,
    ) {
        let codes = self
            .column_of_dim(dataset, dim)
            .and_then(|column| self.suite.datasets.get(dataset.0)?.columns.get(column.0)?.codes.as_ref());
        let roster: Vec<Scalar> = match codes {
            None => return,
            Some(List::Values(values)) => values.clone(),
            Some(List::Column(of, column)) => {
                let mut values = Vec::new();
                if let Some(table) = self.submission.table(*of) {
                    for row in 0..table.len() {
                        if let Cell::Value(value, _) = &*table.cell(row, *column) {
                            values.push(value.clone());
                        }
                    }
                }
                if values.is_empty() {
                    cases.insert(rule.for_each.iter().map(|dim| (*dim, None)).collect());
                }
                values
            }
        };
        for member in roster {
            let Scalar::Text(member) = member else { continue };
            let has_rows =
                seen.iter().any(|case| case.get(position).is_some_and(|(_, known)| known.as_ref() == Some(&member)));
            if has_rows {
                continue;
            }
            let only = rule.for_each.iter().enumerate();
            cases.insert(only.map(|(at, dim)| (*dim, (at == position).then(|| member.clone()))).collect());
        }
    }

    /// The column of a dataset that holds members of a dimension.
    pub(super) fn column_of_dim(&self, dataset: DatasetId, dim: DimId) -> Option<ColumnId> {
        let columns = &self.suite.datasets.get(dataset.0)?.columns;
        columns.iter().position(|column| column.dim == Some(dim)).map(ColumnId)
    }

    /// Notes the datasets that an expression reads, and the periods it reads them in, seen from a period; `None`:
    /// from one outside the calendar.
    fn look(&self, e: &Expr, period: Option<Period>, looked: &mut Looked) {
        match &e.kind {
            ExprKind::Aggregate(aggregate) => {
                looked.datasets.insert(aggregate.dataset);
                looked.periods.extend(period);
            }
            ExprKind::Indicator(id) => self.look_at_indicator(*id, period, looked),
            ExprKind::At { of, period: moved, .. } => {
                let there = match moved {
                    Some(moved) => period.and_then(|period| moved.from(period)),
                    None => period,
                };
                self.look(of, there, looked);
            }
            ExprKind::Fold { of, periods, .. } | ExprKind::Quantified { condition: of, periods, .. } => {
                for period in periods {
                    self.look(of, Some(*period), looked);
                }
            }
            ExprKind::Streak { times, condition, .. } => {
                for back in 0..*times {
                    let back = i32::try_from(back).ok();
                    self.look(condition, back.and_then(|back| period?.plus(-back)), looked);
                }
            }
            ExprKind::Change { of, since, official, .. } => {
                let earlier = period.and_then(|period| since.from(period));
                self.look(of, period, looked);
                self.look(of, earlier, looked);
                if let Some(rate) = official {
                    self.look_at_rates(*rate, earlier, period, looked);
                }
            }
            ExprKind::Doubles { of, since, .. } => {
                self.look(of, period, looked);
                self.look(of, period.and_then(|period| since.from(period)), looked);
            }
            ExprKind::YearlyGrowth { of, periods, official } => {
                let base = periods.first().and_then(|first| first.plus(-1));
                self.look(of, base, looked);
                self.look(of, periods.last().copied(), looked);
                if let Some(rate) = official {
                    self.look_at_rates(*rate, base, periods.last().copied(), looked);
                }
            }
            _ => e.for_each_child(&mut |part| self.look(part, period, looked)),
        }
    }

    fn look_at_indicator(&self, id: IndicatorId, period: Option<Period>, looked: &mut Looked) {
        match self.suite.indicators.get(id.0).map(|indicator| &indicator.body) {
            Some(Some(body)) => self.look(body, period, looked),
            Some(None) => {
                looked.datasets.insert(INDICATOR_TABLE);
                looked.periods.extend(period);
            }
            None => {}
        }
    }

    /// Official rates are read for every year after the earlier period.
    fn look_at_rates(&self, rate: IndicatorId, earlier: Option<Period>, last: Option<Period>, looked: &mut Looked) {
        self.look_at_indicator(rate, None, looked);
        let mut period = last;
        while let (Some(year), Some(earlier)) = (period, earlier)
            && year > earlier
        {
            self.look_at_indicator(rate, Some(year), looked);
            period = year.plus_years(-1);
        }
    }
}
