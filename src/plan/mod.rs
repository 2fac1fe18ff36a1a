//! A resolved suite in, one engine-neutral query per dataset out.
//!
//! Rules do not each scan the data: the plan gathers every cell that any rule needs and asks for it once. A query
//! groups by the union of the columns that scopes, periods and filters use. Knows no file formats and no engine.

mod build;
mod demand;
pub mod operators;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::quantity::{Granularity, Period, Scalar};
use crate::semantics::hir::{AggregateId, ColumnId, DatasetId, Expr, RuleId};

pub use build::build;
pub(crate) use build::columns_of;
pub use demand::{all_demanded, demanded};

/// All that a run asks of its data.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// At most one for each dataset.
    pub queries: Vec<Query>,
    /// By [`AggregateId`]: where its figures come from; `None` for aggregates that no selected rule uses.
    pub aggregates: Vec<Option<Source>>,
    /// How many different ways there are to roll up groups.
    pub rollups: usize,
    /// Columns whose values serve as code lists or rosters.
    pub lists: Vec<(DatasetId, ColumnId)>,
}

/// Where an aggregate's figures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Index into [`Plan::queries`].
    pub query: usize,
    /// Index into [`Query::slots`].
    pub slot: usize,
    /// The filter is over key columns only and is applied to the cube's groups, not to rows.
    pub filter_on_keys: bool,
    /// Of a share: the slot of the sum over all rows.
    pub total: usize,
    /// Aggregates with the same number roll up the same groups in the same way: below [`Plan::rollups`].
    pub rollup: usize,
}

/// What is asked of one dataset, in one scan.
#[derive(Clone, Debug)]
pub struct Query {
    /// The dataset.
    pub dataset: DatasetId,
    /// Group by these, in ascending order.
    pub keys: Vec<ColumnId>,
    /// Accumulate these in every group.
    pub slots: Vec<Slot>,
    /// Keys that filters demand a value of.
    pub demanded: BTreeSet<ColumnId>,
    /// Keys of which only these values are told apart: filters name them, and nothing else looks at the key. All others may be
    /// one group.
    pub named: BTreeMap<ColumnId, BTreeSet<Scalar>>,
    /// The column of periods, and those whose figures are asked for: rows of others are not accumulated. `None`: any.
    pub periods: Option<(ColumnId, BTreeSet<Period>)>,
    /// Judge these conditions on every row.
    pub tallies: Vec<Tally>,
    /// How long the periods are whose figures the rules ask for; `None`: as long as the run's.
    pub lengths: BTreeSet<Option<Granularity>>,
}

/// One thing to accumulate: sum, count, blanks, minimum, maximum of a row expression.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Of what; `None`: only rows are counted.
    pub of: Option<Expr>,
    /// Rows that count; those for which it is unknown are counted apart.
    pub filter: Option<Expr>,
    /// Collect the different values too.
    pub distinct: bool,
    /// The least and the greatest are asked for.
    pub extremes: bool,
}

/// A row rule: how many rows meet a condition, by the members of its scope.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The rule.
    pub rule: RuleId,
    /// Group by these: the rule's 对每个, then the period if the rule names its own.
    pub keys: Vec<ColumnId>,
    /// Rows that are judged.
    pub when: Option<Expr>,
    /// The condition.
    pub condition: Expr,
    /// All columns that it looks at, its keys too.
    pub columns: BTreeSet<ColumnId>,
    /// A column of which `when` demands one of these values.
    pub demanded: Option<(ColumnId, Vec<Scalar>)>,
    /// Is a row judged by what other rows hold (唯一, 下级合计)?
    pub sees_other_rows: bool,
}

impl Tally {
    /// Of a rule that is grouped by some columns.
    pub fn new(rule: RuleId, keys: Vec<ColumnId>, when: Option<Expr>, condition: Expr) -> Self {
        let mut columns: BTreeSet<ColumnId> = keys.iter().copied().collect();
        let parts = || when.iter().chain([&condition]);
        parts().for_each(|part| columns_of(part, &mut columns));
        let sees_other_rows = parts().any(build::sees_other_rows);
        let demanded = when.as_ref().and_then(demanded);
        Tally { rule, keys, columns, demanded, sees_other_rows, when, condition }
    }
}

impl Plan {
    /// Where an aggregate's figures come from.
    pub fn source(&self, aggregate: AggregateId) -> Option<Source> {
        self.aggregates.get(aggregate.0).copied().flatten()
    }

    /// The query of a dataset, with its index.
    pub fn query(&self, dataset: DatasetId) -> Option<(usize, &Query)> {
        self.queries.iter().enumerate().find(|(_, query)| query.dataset == dataset)
    }
}
