//! Figures that are found in rows: aggregates, plain indicators, roll-ups, keys; and the rules on rows.

use std::sync::Arc;

use super::cases::Members;
use super::eval::{Frame, both, collect, every, number, sum};
use super::{Datum, Gap, Range, Value, World, range};
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
        Cell::Value(value, _) => Ok(value.clone().into()),
        Cell::Within(interval, _) => Ok(Datum::Number(Range::of(interval))),
        Cell::Blank => Err(Gap::Missing),
        Cell::Bad(_) => Err(Gap::Fault),
    }
}

fn belongs(table: &Table, row: usize, keys: &[(ColumnId, Scalar)]) -> Belongs {
    let (mut blank, mut bad) = (false, false);
    for (column, wanted) in keys {
        match &*table.cell(row, *column) {
            Cell::Value(value, _) if value == wanted => {}
            Cell::Value(..) => return Belongs::No,
            Cell::Blank | Cell::Within(..) => blank = true,
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
        let mut may_count: Vec<Value> = Vec::new();
        let mut others: Vec<Value> = Vec::new();
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
                    Ok(Scalar::Number(Number::zero()).into())
                }
                other => other,
            });
            let of = of.unwrap_or(Ok(Datum::Other(Scalar::Boolean(true))));
            match passes {
                Truth::True => counted.push(of),
                Truth::Borderline => may_count.push(of),
                Truth::False => others.push(of),
                Truth::Unknown | Truth::Error => {
                    missing |= passes == Truth::Unknown;
                    fault |= passes == Truth::Error;
                    others.push(of);
                }
            }
        }
        let rest = others.iter().filter(|_| share);
        fault |= counted.iter().chain(&may_count).chain(rest).any(|value| *value == Err(Gap::Fault));
        missing |= matching == 0;
        // What cannot be read outweighs what is missing; a division by zero does not, for what is missing may undo it.
        match (fault, missing) {
            (true, _) => Err(Gap::Fault),
            (false, true) => Err(Gap::Missing),
            (false, false) => combine(aggregate.function, &counted, &may_count, &others),
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
                values.push(cell_value(&table.cell(row, indicator_table::VALUE)));
            }
        }
        let values = every(&values)?;
        let first = values.first().ok_or(Gap::Missing)?;
        if values.iter().all(|value| value == first) { Ok(first.clone()) } else { Err(Gap::Fault) }
    }

    /// Has no other row the same cells?
    pub(super) fn unique(&self, dataset: DatasetId, row: usize, columns: &[ColumnId]) -> Value {
        let table = self.submission.table(dataset).ok_or(Gap::Missing)?;
        let cells: Vec<Value> = columns.iter().map(|column| cell_value(&table.cell(row, *column))).collect();
        every(&cells)?;
        // A figure known only within bounds may be the same as any other.
        let ranges = |row: usize| columns.iter().filter_map(move |column| range::of_cell(&table.cell(row, *column)));
        let gap = |range: Range| if range.is_bound() { Gap::Missing } else { Gap::Borderline };
        let doubt = |row: usize| ranges(row).map(gap).max();
        if let Some(doubt) = doubt(row) {
            return Err(doubt);
        }
        let mut keys: Vec<(ColumnId, Scalar)> = Vec::new();
        for column in columns {
            if let Cell::Value(value, _) = &*table.cell(row, *column) {
                keys.push((*column, value.clone()));
            }
        }
        let same = (0..table.len()).filter(|other| belongs(table, *other, &keys) == Belongs::Surely).count();
        match (0..table.len()).filter_map(doubt).max() {
            Some(doubt) if same == 1 => Err(doubt),
            _ => Ok(Datum::Other(Scalar::Boolean(same == 1))),
        }
    }

    /// The sum of a measure over the children of a row.
    pub(super) fn children_sum(&self, dataset: DatasetId, row: usize, measure: ColumnId, along: ColumnId) -> Value {
        let table = self.submission.table(dataset).ok_or(Gap::Missing)?;
        let children = self.children(dataset, row, along)?;
        if self.has_orphans(dataset, row, along) {
            return Err(Gap::Missing);
        }
        let measures: Vec<Value> = children.iter().map(|child| cell_value(&table.cell(*child, measure))).collect();
        let measures = every(&measures)?;
        if measures.is_empty() {
            return Err(Gap::Missing);
        }
        let measures: Vec<Range> = measures.into_iter().map(number).collect::<Value<_>>()?;
        Ok(Datum::Number(sum(&measures)))
    }

    /// The children of a row: missing or at fault if its code is blank, unreadable or of no level.
    fn children(&self, dataset: DatasetId, row: usize, along: ColumnId) -> Value<Vec<usize>> {
        let table = self.submission.table(dataset).ok_or(Gap::Missing)?;
        let columns = &self.suite.datasets.get(dataset.0).ok_or(Gap::Fault)?.columns;
        let hierarchy = columns.get(along.0).and_then(|column| column.hierarchy.as_ref()).ok_or(Gap::Fault)?;
        let code = cell_value(&table.cell(row, along))?;
        if let Hierarchy::CodeLengths(lengths) = hierarchy {
            let Datum::Other(Scalar::Text(code)) = &code else { return Err(Gap::Fault) };
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
                    cell_value(&table.cell(*child, *other)).ok() == cell_value(&table.cell(row, *other)).ok()
                })
        });
        Ok(children.collect())
    }

    /// Does a row further down have no row above it until this one? Then what is below this one is incomplete.
    fn has_orphans(&self, dataset: DatasetId, row: usize, along: ColumnId) -> bool {
        let Some(table) = self.submission.table(dataset) else { return false };
        let Some(declared) = self.suite.datasets.get(dataset.0) else { return false };
        let Some(Hierarchy::CodeLengths(lengths)) =
            declared.columns.get(along.0).and_then(|column| column.hierarchy.as_ref())
        else {
            return false;
        };
        let code = |row: usize| match &*table.cell(row, along) {
            Cell::Value(Scalar::Text(code), _) if lengths.contains(&code.chars().count()) => Some(code.to_string()),
            _ => None,
        };
        let alike = |a: usize, b: usize| {
            declared.columns.iter().enumerate().all(|(at, column)| {
                column.role != ColumnRole::Dimension
                    || ColumnId(at) == along
                    || cell_value(&table.cell(a, ColumnId(at))).ok() == cell_value(&table.cell(b, ColumnId(at))).ok()
            })
        };
        let Some(own) = code(row) else { return false };
        let family: Vec<String> = (0..table.len())
            .filter(|other| alike(*other, row))
            .filter_map(code)
            .filter(|c| c.starts_with(&own))
            .collect();
        family.iter().any(|below| {
            let between = |above: &String| below.starts_with(above.as_str()) && above.len() < below.len();
            let nearest = family.iter().filter(|above| between(above)).max_by_key(|above| above.len());
            let step = |length: usize| lengths.iter().position(|known| *known == length);
            let levels = |code: &str| step(code.chars().count()).unwrap_or_default();
            nearest == Some(&own) && levels(below) > levels(&own) + 1
        })
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
        let mut outcomes = Vec::new();
        for row in 0..table.len() {
            let standing = belongs(table, row, &keys);
            if standing == Belongs::No {
                continue;
            }
            sure |= standing == Belongs::Surely;
            let Some(truth) = self.row_outcome(dataset, row, when, condition) else { continue };
            let open = matches!(truth, Truth::False | Truth::Borderline) && standing != Belongs::Surely;
            outcomes.push(if open { Truth::Unknown } else { truth });
        }
        if !sure {
            outcomes.push(Truth::Unknown);
        }
        let weight = |truth: &Truth| match truth {
            Truth::True => 0,
            Truth::Unknown => 1,
            Truth::Borderline => 2,
            Truth::Error => 3,
            Truth::False => 4,
        };
        outcomes.into_iter().max_by_key(weight)
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
            ExprKind::ChildrenSum { along, .. } => {
                self.children(dataset, row, *along).is_ok_and(|all| all.is_empty())
                    && !self.has_orphans(dataset, row, *along)
            }
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
fn parent_of(table: &Table, row: usize, along: ColumnId, hierarchy: &Hierarchy) -> Option<Datum> {
    match hierarchy {
        Hierarchy::Parent(column) => cell_value(&table.cell(row, *column)).ok(),
        Hierarchy::CodeLengths(lengths) => {
            let Cell::Value(Scalar::Text(code), _) = &*table.cell(row, along) else { return None };
            let length = code.chars().count();
            if !lengths.contains(&length) {
                return None;
            }
            let above = lengths.iter().copied().filter(|shorter| *shorter < length).max()?;
            let prefix: String = code.chars().take(above).collect();
            Some(Datum::Other(Scalar::text(&prefix)))
        }
    }
}

fn counts(function: Function) -> bool {
    matches!(function, Function::Count | Function::Distinct)
}

/// An aggregate of the rows that the filter lets through, and of those that it lets through or not, depending on how
/// figures were rounded; of a share also of the others.
fn combine(function: Function, counted: &[Value], may_count: &[Value], others: &[Value]) -> Value {
    let filled = |values: &[Value]| values.iter().filter(|value| !matches!(value, Err(Gap::Missing))).count() as u64;
    match function {
        Function::Count => {
            let least = filled(counted);
            return Ok(Datum::Number(Range::count(least, least + filled(may_count))));
        }
        Function::Distinct => return distinct(counted, may_count),
        _ => {}
    }
    let in_doubt = every(may_count);
    let rest = if function == Function::Share { every(others) } else { Ok(Vec::new()) };
    let known = every(counted);
    let missing = [&known, &in_doubt, &rest].iter().any(|values| matches!(values, Err(Gap::Missing)));
    if missing || (counted.is_empty() && may_count.is_empty()) {
        return Err(Gap::Missing);
    }
    if counted.is_empty() {
        return Err(Gap::Borderline);
    }
    let ((known, in_doubt), rest) = both(both(known, in_doubt), rest)?;
    match function {
        Function::Mean | Function::Share if !in_doubt.is_empty() => Err(Gap::Borderline),
        Function::Share => {
            let part = collect(Function::Sum, known, &[]).and_then(number)?;
            let rest: Vec<Range> = rest.into_iter().map(number).collect::<Value<_>>()?;
            Range::share(&part, &sum(&rest)).map(Datum::Number).ok_or(Gap::Fault)
        }
        Function::Sum => {
            let mut total = collect(Function::Sum, known, &[]).and_then(number)?;
            for range in in_doubt {
                total = total.plus(&number(range)?.with_zero());
            }
            Ok(Datum::Number(total))
        }
        _ => collect(function, known, &in_doubt),
    }
}

/// How many different values there are: it cannot be told of figures known only within bounds.
fn distinct(counted: &[Value], may_count: &[Value]) -> Value {
    let mut known: Vec<&Datum> = Vec::new();
    let mut doubt = None;
    for (value, counts) in counted.iter().map(|v| (v, true)).chain(may_count.iter().map(|v| (v, false))) {
        let open = match value {
            Ok(Datum::Number(range)) if range.is_bound() => Some(Gap::Missing),
            Ok(Datum::Number(range)) if !range.is_exact() => Some(Gap::Borderline),
            Ok(value) if known.contains(&value) => None,
            Ok(value) if counts => {
                known.push(value);
                None
            }
            Ok(_) | Err(Gap::Borderline) => Some(Gap::Borderline),
            Err(_) => None,
        };
        doubt = doubt.max(open);
    }
    match doubt {
        Some(gap) => Err(gap),
        None => Ok(Datum::Number(Range::count(known.len() as u64, known.len() as u64))),
    }
}
