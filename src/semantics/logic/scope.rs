//! Where an expression is seen from: the members and the period of a case, or a row of a dataset.

use std::sync::Arc;

use super::vars::{Atom, Rows};
use crate::base::Bi;
use crate::quantity::Period;
use crate::semantics::hir::{ColumnId, DatasetId, DimId, PeriodRef, REGION, Suite};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Of the rule's 对每个, or of an indicator's parameters.
    pub members: Vec<(DimId, Arc<str>)>,
    /// Set by `X[维度 = "…"]`.
    pub set: Vec<(DimId, Arc<str>)>,
    /// The period.
    pub period: Period,
    /// The dataset, in row conditions.
    pub row: Option<DatasetId>,
}

impl Scope {
    /// A case.
    pub fn case(members: Vec<(DimId, Arc<str>)>, period: Period) -> Self {
        Scope { members, set: Vec::new(), period, row: None }
    }

    /// A row.
    pub fn row(dataset: DatasetId, run: Period) -> Self {
        Scope { members: Vec::new(), set: Vec::new(), period: run, row: Some(dataset) }
    }

    /// The member of a dimension, if the scope says it.
    pub fn member(&self, dim: DimId) -> Option<Arc<str>> {
        let set = self.set.iter().rev().find(|(set, _)| *set == dim);
        set.or_else(|| self.members.iter().find(|(of, _)| *of == dim)).map(|(_, member)| Arc::clone(member))
    }

    /// From another period.
    pub fn at(&self, period: Period) -> Self {
        Scope { period, ..self.clone() }
    }

    /// From another period, or with other members.
    pub fn moved(&self, period: Option<PeriodRef>, members: &[(DimId, String)]) -> Option<Self> {
        let mut scope = match period {
            Some(period) => self.at(period.from(self.period)?),
            None => self.clone(),
        };
        scope.set.extend(members.iter().map(|(dim, member)| (*dim, Arc::from(member.as_str()))));
        Some(scope)
    }

    /// The earlier period of a comparison, if the two can be compared.
    pub fn earlier(&self, since: PeriodRef) -> Option<Period> {
        let earlier = since.from(self.period)?;
        (earlier.granularity() == self.period.granularity() && earlier < self.period).then_some(earlier)
    }

    /// The case's period and the same period of each year before it, down to the one after `since`.
    pub fn years_since(&self, since: PeriodRef) -> Option<Vec<Period>> {
        let earlier = self.earlier(since)?;
        let mut years = Vec::new();
        let mut period = self.period;
        while period > earlier {
            years.push(period);
            period = period.plus_years(-1)?;
        }
        (period == earlier).then_some(years)
    }
}

/// The member that stands for all that no rule names.
pub fn stranger(suite: &Suite, dim: DimId) -> Arc<str> {
    format!("某{}", suite.dims.get(dim.0).map_or("", String::as_str)).into()
}

/// How figures are called: `公用经费[教育局, 2020]`. The run's period and members that stand for all are left out.
pub struct Naming<'s> {
    /// The suite.
    pub suite: &'s Suite,
    /// The suite's own region.
    pub region: &'s str,
    /// The run's period.
    pub run: Period,
    /// Is it what the suite says, or does it stand for whatever a run asks for?
    pub settled: bool,
}

impl Naming<'_> {
    /// A figure's name.
    pub fn of(&self, name: &str, atom: &Atom) -> Bi {
        let mut parts: Vec<Bi> = Vec::new();
        let mut member = |member: &str, dim: Option<DimId>| {
            if dim.is_none_or(|dim| *stranger(self.suite, dim) != *member) {
                parts.push(Bi::same(member));
            }
        };
        let period = match atom {
            Atom::Figure(_, region, period) => {
                if **region != *self.region {
                    member(region, Some(REGION));
                }
                Some(*period)
            }
            Atom::Rows(Rows { dataset, members, period, .. }) => {
                members.iter().for_each(|(column, text)| member(text, self.dim(*dataset, *column)));
                *period
            }
            Atom::Standard(_, period) => Some(*period),
            _ => None,
        };
        parts.extend(period.filter(|period| *period != self.run).map(|period| self.period(period)));
        if parts.is_empty() {
            return Bi::same(name);
        }
        let join = |part: fn(&Bi) -> &str| parts.iter().map(part).collect::<Vec<_>>().join(", ");
        Bi::new(format!("{name}[{}]", join(|part| &part.zh)), format!("{name}[{}]", join(|part| &part.en)))
    }

    fn dim(&self, dataset: DatasetId, column: ColumnId) -> Option<DimId> {
        self.suite.datasets.get(dataset.0)?.columns.get(column.0)?.dim
    }

    /// A period's name: told from the run's if that is open.
    pub fn period(&self, period: Period) -> Bi {
        let years = i32::from(self.run.calendar_year()) - i32::from(period.calendar_year());
        if self.settled || period.plus_years(years) != Some(self.run) || !(0..=50).contains(&years) {
            return Bi::same(period.to_string());
        }
        match years {
            0 => Bi::new("本期", "this period"),
            1 => Bi::new("上年", "last year"),
            _ => Bi::new(format!("{years} 年前"), format!("{years} years before")),
        }
    }
}
