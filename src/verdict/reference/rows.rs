//! Figures that are found in rows: aggregates, plain indicators, roll-ups, keys; and the rules on rows.

use std::sync::Arc;

use super::cases::Members;
use super::eval::{Frame, both, every, number};
use super::{Gap, Value, World};
use crate::data::{Cell, Table};
use crate::quantity::{Number, Period, Scalar, Truth};
use crate::semantics::hir::{
    Aggregate, ColumnId, ColumnRole, DatasetId, Expr, ExprKind, Function, Hierarchy, INDICATOR_TABLE, Indicator,
    REGION, Rule, indicator_table,
};

/// How a row stands to the keys that are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Belongs {
    Surely,
    /// A key is blank: it might.
    Perhaps,
    /// A key is unreadable: it might.
    Unreadable,
    No,
}

/// The value of a cell.
pub(super) fn cell_value(cell: &Cell) -> Value {
    match cell {
        Cell::Value(value, _) => Ok(value.clone()),
        Cell::Blank => Err(Gap::Missing),
        Cell::Bad(_) => Err(Gap::Fault),
    }
}

fn belongs(table: &Table, row: usize, keys: &[(ColumnId, Scalar)]) -> Belongs {
    let (mut blank, mut bad) = (false, false);
    for (column, wanted) in keys {
        match table.cell(row, *column) {
            Cell::Value(value, _) if value == wanted => {}
            Cell::Value(..) => return Belongs::No,
            Cell::Blank => blank = true,
            Cell::Bad(_) => bad = true,
        }
    }
    match (bad, blank) {
        (true, _) => Belongs::Unreadable,
        (false, true) => Belongs::Perhaps,
        (false, false) => Belongs::Surely,
    }
}

impl World<'_> {
    /// The value of an aggregate.
    pub(super) fn aggregate(&self, aggregate: &Aggregate, frame: &Frame) -> Value {
        let table = self.submission.table(aggregate.dataset).ok_or(Gap::Missing)?;
        let mut keys = Vec::new();
        for (column, dim) in &aggregate.scope {
            keys.push((*column, Scalar::Text(frame.member(*dim).ok_or(Gap::Missing)?)));
        }
        let dataset = self.suite.datasets.get(aggregate.dataset.0).ok_or(Gap::Fault)?;
        if let Some(column) = dataset.period {
            keys.push((column, Scalar::Period(frame.period)));
        }
        let share = aggregate.function == Function::Share;
        let (mut missing, mut fault) = (false, false);
        let mut matching = 0u64;
        let mut counted: Vec<Value> = Vec::new();
        let mut in_scope: Vec<Value> = Vec::new();
        for row in 0..table.len() {
            let standing = belongs(table, row, &keys);
            if standing == Belongs::No {
                continue;
            }
            let here = self.row_frame(aggregate.dataset, row);
            let passes = aggregate.filter.as_ref().map_or(Truth::True, |filter| self.truth(filter, &here));
            if standing != Belongs::Surely {
                if share || passes != Truth::False {
                    fault |= standing == Belongs::Unreadable;
                    missing = true;
                }
                continue;
            }
            matching += 1;
            let of = aggregate.of.as_ref().map(|of| match self.value(of, &here) {
                Err(Gap::Missing) if aggregate.blank_as_zero && !counts(aggregate.function) => {
                    Ok(Scalar::Number(Number::zero()))
                }
                other => other,
            });
            let of = of.unwrap_or(Ok(Scalar::Boolean(true)));
            in_scope.push(of.clone());
            match passes {
                Truth::True => counted.push(of),
                Truth::Unknown => missing = true,
                Truth::Error => fault = true,
                Truth::False => {}
            }
        }
        let read = if share { &in_scope } else { &counted };
        fault |= read.contains(&Err(Gap::Fault));
        missing |= matching == 0;
        // What cannot be read outweighs what is missing; a division by zero does not, for what is missing may undo it.
        match (fault, missing) {
            (true, _) => Err(Gap::Fault),
            (false, true) => Err(Gap::Missing),
            (false, false) => combine(aggregate.function, &counted, &in_scope),
        }
    }

    /// The value of a plain indicator: what the indicator table says for its region and period.
    pub(super) fn plain_indicator(&self, indicator: &Indicator, frame: &Frame) -> Value {
        let region: Arc<str> = if let Some(region) = frame.set.get(&REGION) {
            region.clone()
        } else if indicator.params.contains(&REGION) {
            frame.member(REGION).ok_or(Gap::Missing)?
        } else {
            self.submission.region.as_str().into()
        };
        let table = self.submission.table(INDICATOR_TABLE).ok_or(Gap::Missing)?;
        let keys = [
            (indicator_table::INDICATOR, Scalar::text(&indicator.name)),
            (indicator_table::REGION, Scalar::Text(region)),
            (indicator_table::PERIOD, Scalar::Period(frame.period)),
        ];
        let mut values = Vec::new();
        for row in 0..table.len() {
            if belongs(table, row, &keys) == Belongs::Surely {
                values.push(cell_value(table.cell(row, indicator_table::VALUE)));
            }
        }
        let values = every(&values)?;
        let first = values.first().ok_or(Gap::Missing)?;
        if values.iter().all(|value| value == first) { Ok(first.clone()) } else { Err(Gap::Fault) }
    }

    /// Has no other row the same cells?
    pub(super) fn unique(&self, dataset: DatasetId, row: usize, columns: &[ColumnId]) -> Value {
        let table = self.submission.table(dataset).ok_or(Gap::Missing)?;
        let cells: Vec<Value> = columns.iter().map(|column| cell_value(table.cell(row, *column))).collect();
        let keys: Vec<(ColumnId, Scalar)> = columns.iter().copied().zip(every(&cells)?).collect();
        let same = (0..table.len()).filter(|other| belongs(table, *other, &keys) == Belongs::Surely).count();
        Ok(Scalar::Boolean(same == 1))
    }

    /// The sum of a measure over the children of a row.
    pub(super) fn children_sum(&self, dataset: DatasetId, row: usize, measure: ColumnId, along: ColumnId) -> Value {
        let table = self.submission.table(dataset).ok_or(Gap::Missing)?;
        let children = self.children(dataset, row, along)?;
        let measures: Vec<Value> = children.iter().map(|child| cell_value(table.cell(*child, measure))).collect();
        let mut sum = Number::zero();
        let measures = every(&measures)?;
        if measures.is_empty() {
            return Err(Gap::Missing);
        }
        for measure in measures {
            sum = &sum + &number(measure)?;
        }
        Ok(Scalar::Number(sum))
    }

    /// The children of a row: missing or at fault if its code is blank, unreadable or of no level.
    fn children(&self, dataset: DatasetId, row: usize, along: ColumnId) -> Value<Vec<usize>> {
        let table = self.submission.table(dataset).ok_or(Gap::Missing)?;
        let columns = &self.suite.datasets.get(dataset.0).ok_or(Gap::Fault)?.columns;
        let hierarchy = columns.get(along.0).and_then(|column| column.hierarchy.as_ref()).ok_or(Gap::Fault)?;
        let code = cell_value(table.cell(row, along))?;
        if let Hierarchy::CodeLengths(lengths) = hierarchy {
            let Scalar::Text(code) = &code else { return Err(Gap::Fault) };
            if !lengths.contains(&code.chars().count()) {
                return Err(Gap::Fault);
            }
        }
        let parent_column = match hierarchy {
            Hierarchy::Parent(column) => Some(*column),
            Hierarchy::CodeLengths(_) => None,
        };
        let others: Vec<ColumnId> = (0..columns.len())
            .map(ColumnId)
            .filter(|id| *id != along && Some(*id) != parent_column)
            .filter(|id| columns.get(id.0).is_some_and(|column| column.role == ColumnRole::Dimension))
            .collect();
        let children = (0..table.len()).filter(|child| {
            parent_of(table, *child, along, hierarchy).as_ref() == Some(&code)
                && others.iter().all(|other| {
                    cell_value(table.cell(*child, *other)).ok() == cell_value(table.cell(row, *other)).ok()
                })
        });
        Ok(children.collect())
    }

    /// How the rows of a case meet a condition; `None` if the rule is about none of them.
    pub(super) fn all_rows(
        &self,
        rule: &Rule,
        dataset: DatasetId,
        when: Option<&Expr>,
        condition: &Expr,
        members: &Members,
        period: Period,
    ) -> Option<Truth> {
        let Some(table) = self.submission.table(dataset) else { return Some(Truth::Unknown) };
        let mut keys = Vec::new();
        for (dim, member) in members {
            match (self.column_of_dim(dataset, *dim), member) {
                (Some(column), Some(member)) => keys.push((column, Scalar::Text(member.clone()))),
                _ => return Some(Truth::Unknown),
            }
        }
        let period_column = self.suite.datasets.get(dataset.0).and_then(|dataset| dataset.period);
        if let Some(column) = period_column.filter(|_| !rule.periods.is_empty()) {
            keys.push((column, Scalar::Period(period)));
        }
        // A row that might belong elsewhere cannot show alone that the case holds: nothing never passes.
        let mut sure = false;
        let mut outcome = None;
        for row in 0..table.len() {
            let standing = belongs(table, row, &keys);
            if standing == Belongs::No {
                continue;
            }
            sure |= standing == Belongs::Surely;
            let Some(truth) = self.row_outcome(dataset, row, when, condition) else { continue };
            let truth = if standing != Belongs::Surely && truth == Truth::False { Truth::Unknown } else { truth };
            outcome = Some(outcome.unwrap_or(Truth::True).and(truth));
        }
        if sure { outcome } else { Some(outcome.unwrap_or(Truth::True).and(Truth::Unknown)) }
    }

    /// How a row meets a condition; `None` if the condition is not about it.
    fn row_outcome(&self, dataset: DatasetId, row: usize, when: Option<&Expr>, condition: &Expr) -> Option<Truth> {
        let here = self.row_frame(dataset, row);
        match when.map_or(Truth::True, |when| self.truth(when, &here)) {
            Truth::False => None,
            Truth::True if self.has_no_children(dataset, row, condition) => None,
            Truth::True => Some(self.truth(condition, &here)),
            other => Some(other),
        }
    }

    /// Does a condition speak of children of a row that has none?
    fn has_no_children(&self, dataset: DatasetId, row: usize, e: &Expr) -> bool {
        let mut none = match &e.kind {
            ExprKind::ChildrenSum { along, .. } => self.children(dataset, row, *along).is_ok_and(|all| all.is_empty()),
            _ => false,
        };
        e.for_each_child(&mut |part| none |= self.has_no_children(dataset, row, part));
        none
    }

    fn row_frame(&self, dataset: DatasetId, row: usize) -> Frame {
        Frame::of_row(self.run.period, dataset, row)
    }
}

/// The code of a row's parent, if it can be told.
fn parent_of(table: &Table, row: usize, along: ColumnId, hierarchy: &Hierarchy) -> Option<Scalar> {
    match hierarchy {
        Hierarchy::Parent(column) => cell_value(table.cell(row, *column)).ok(),
        Hierarchy::CodeLengths(lengths) => {
            let Ok(Scalar::Text(code)) = cell_value(table.cell(row, along)) else { return None };
            let length = code.chars().count();
            if !lengths.contains(&length) {
                return None;
            }
            let above = lengths.iter().copied().filter(|shorter| *shorter < length).max()?;
            let prefix: String = code.chars().take(above).collect();
            Some(Scalar::text(&prefix))
        }
    }
}

fn counts(function: Function) -> bool {
    matches!(function, Function::Count | Function::Distinct)
}

/// An aggregate of the rows that the filter lets through; of a share also of all rows.
fn combine(function: Function, counted: &[Value], in_scope: &[Value]) -> Value {
    if counts(function) {
        let mut known: Vec<Scalar> = Vec::new();
        for value in counted {
            match value {
                Ok(value) if function == Function::Distinct && known.contains(value) => {}
                Ok(value) => known.push(value.clone()),
                Err(Gap::Missing) => {}
                Err(Gap::Fault) => return Err(Gap::Fault),
            }
        }
        return Ok(Scalar::Number(Number::from(known.len() as u64)));
    }
    let (counted, all) = match function {
        Function::Share => both(every(counted), every(in_scope))?,
        _ => (every(counted)?, Vec::new()),
    };
    let first = counted.first().ok_or(Gap::Missing)?;
    match function {
        Function::Min | Function::Max => {
            let mut best = first.clone();
            for value in &counted {
                if (function == Function::Min && *value < best) || (function == Function::Max && *value > best) {
                    best = value.clone();
                }
            }
            Ok(best)
        }
        Function::Sum => Ok(Scalar::Number(sum(&counted)?)),
        Function::Mean => {
            let divisor = Number::from(counted.len() as u64);
            Ok(Scalar::Number(sum(&counted)?.div(&divisor).ok_or(Gap::Fault)?))
        }
        Function::Share => Ok(Scalar::Number(sum(&counted)?.div(&sum(&all)?).ok_or(Gap::Fault)?)),
        Function::Count | Function::Distinct => Err(Gap::Fault),
    }
}

fn sum(values: &[Scalar]) -> Value<Number> {
    let mut sum = Number::zero();
    for value in values {
        sum = &sum + &number(value.clone())?;
    }
    Ok(sum)
}
