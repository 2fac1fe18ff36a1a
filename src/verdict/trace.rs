//! The figures that an evaluation used, in the order it came upon them.

use std::collections::HashSet;
use std::sync::Arc;

use super::eval::{CaseEnv, Member};
use super::rollup::Gap;
use super::{Unknown, show};
use crate::base::Range;
use crate::plan::operators::{Fault, Value};
use crate::quantity::{Period, Scalar};
use crate::semantics::hir::{Aggregate, ColumnId, Function, Indicator, IndicatorId, StandardId, Suite, Type};

/// The figures of one finding.
#[derive(Default)]
pub(super) struct Trace<'a> {
    pub figures: Vec<Traced<'a>>,
    entered: HashSet<(IndicatorId, Arc<[Member]>, Period)>,
}

/// A figure that was used.
pub(super) struct Traced<'a> {
    /// `公用经费[教育局, 2021]`
    pub name: String,
    pub value: Value,
    /// The figure in its declared unit, if it is known; of a rounded one, as it was stated.
    pub shown: Option<String>,
    /// Where it lies, if it is known only within bounds.
    pub within: Option<Range>,
    pub unit: String,
    pub period: Period,
    /// Members of its scope, for messages.
    pub scope: String,
    pub origin: Origin<'a>,
}

/// Where a figure comes from.
pub(super) enum Origin<'a> {
    /// Rows of a dataset; no keys if a member cannot be told.
    Rows {
        aggregate: &'a Aggregate,
        keys: Option<Vec<(ColumnId, Scalar)>>,
        gap: Option<Gap>,
        /// The middle of where it lies is what the cells state: a sum of figures that all count.
        stated: bool,
        /// How many rows they are, if nothing about them is in doubt.
        rows: Option<u64>,
    },
    /// A row of the indicator table.
    Plain { indicator: &'a Indicator, region: Arc<str>, gap: Option<Gap> },
    /// A standards file.
    Standard(StandardId),
    /// Other figures.
    Computed,
}

impl Origin<'_> {
    fn is_stated(&self) -> bool {
        match self {
            Origin::Rows { stated, .. } => *stated,
            Origin::Plain { .. } | Origin::Standard(_) => true,
            Origin::Computed => false,
        }
    }
}

impl Traced<'_> {
    /// Is there no row at all that it could come from?
    pub fn is_absent(&self) -> bool {
        let gap = match &self.origin {
            Origin::Rows { gap, .. } | Origin::Plain { gap, .. } => *gap,
            Origin::Standard(_) | Origin::Computed => None,
        };
        matches!(gap, Some(Gap::NoRows | Gap::NoMatch))
    }
}

impl Traced<'_> {
    /// Why there is no value, if something was submitted for it; `repeated`: more than once.
    pub fn unknown(&self, repeated: bool) -> Option<Unknown> {
        match &self.value {
            Value::Known(_) | Value::Within(_) => None,
            Value::Missing if self.is_absent() || matches!(self.origin, Origin::Standard(_)) => None,
            Value::Missing => Some(Unknown::Incomplete),
            Value::Borderline => Some(Unknown::Borderline),
            Value::Fault(Fault::Conflict) => Some(Unknown::Repeated),
            Value::Fault(Fault::Unreadable) if repeated => Some(Unknown::Repeated),
            Value::Fault(Fault::Unreadable) => Some(Unknown::Unreadable),
            Value::Fault(_) => Some(Unknown::Undefined),
        }
    }
}

impl<'a> Trace<'a> {
    /// False if this indicator was already entered for these members and this period.
    pub fn enter(&mut self, what: &(IndicatorId, Arc<[Member]>, Period)) -> bool {
        self.entered.insert(what.clone())
    }

    pub fn note(
        &mut self,
        env: &CaseEnv<'a>,
        named: Option<&str>,
        ty: &Type,
        value: &Value,
        scale: u8,
        origin: Origin<'a>,
    ) {
        let suite = env.figures.suite();
        let mut scope: Vec<String> = Vec::new();
        match &origin {
            Origin::Rows { aggregate, .. } => scope.extend(
                aggregate
                    .scope
                    .iter()
                    .map(|(_, dim)| env.member(*dim).flatten().map_or("?".to_owned(), |m| m.to_string())),
            ),
            _ => scope.extend(env.members.iter().filter_map(|(_, member)| member.as_deref().map(str::to_owned))),
        }
        let scope = scope.join(", ");
        let name = match (named, &origin) {
            (Some(name), _) => name.to_owned(),
            (None, Origin::Rows { aggregate, .. }) => describe(suite, aggregate),
            (None, _) => String::new(),
        };
        let inside = if scope.is_empty() { env.period.to_string() } else { format!("{scope}, {}", env.period) };
        let name = format!("{name}[{inside}]");
        if self.figures.iter().any(|known| known.name == name) {
            return;
        }
        let mut within = None;
        let (shown, unit) = match (value, super::eval::unit(ty)) {
            (Value::Within(interval), Some(unit)) => {
                let stated = show::stated(interval, unit, scale).filter(|_| origin.is_stated());
                within = Some(stated.as_ref().map_or_else(|| show::range(interval, unit), |(_, range)| range.clone()));
                (stated.map(|(figure, _)| figure), unit.name().to_owned())
            }
            (Value::Known(Scalar::Number(number)), Some(unit)) => {
                (Some(show::exact(number, unit, scale)), unit.name().to_owned())
            }
            (Value::Known(scalar), _) => (Some(show::scalar(suite, scalar, ty)), String::new()),
            (_, unit) => (None, unit.map(|unit| unit.name().to_owned()).unwrap_or_default()),
        };
        let period = env.period;
        self.figures.push(Traced { name, value: value.clone(), shown, within, unit, period, scope, origin });
    }
}

/// `合计 预算.金额`
fn describe(suite: &Suite, aggregate: &Aggregate) -> String {
    let function = match aggregate.function {
        Function::Sum => "合计",
        Function::Count => "数量",
        Function::Distinct => "不同数量",
        Function::Mean => "平均",
        Function::Max => "最大",
        Function::Min => "最小",
        Function::Share => "占比",
    };
    let dataset = suite.datasets.get(aggregate.dataset.0);
    let column = aggregate.of.as_deref().and_then(|of| match &of.kind {
        crate::semantics::hir::ExprKind::Column(column) => dataset?.columns.get(column.0),
        _ => None,
    });
    let dataset = dataset.map_or("", |dataset| dataset.name.as_str());
    match column {
        Some(column) => format!("{function} {dataset}.{}", column.name),
        None => format!("{function} {dataset}"),
    }
}
