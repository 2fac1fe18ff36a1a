//! Row expressions: the cells of one row, and the few things that need to have seen all rows.

use foldhash::HashMap;

use super::{Context, Lists, Tally, Values};
use crate::data::table::other_dimensions;
use crate::data::{Cell, Table};
use crate::plan::operators::{Environment, Fault, Value};
use crate::quantity::{Number, Scalar, Truth};
use crate::semantics::hir::{ColumnId, Dataset, Expr, ExprKind, Hierarchy, List};

/// One row, as an environment for expressions.
pub(super) struct Rows<'a> {
    pub context: &'a Context<'a>,
    pub lists: &'a Lists,
    pub table: &'a Table,
    pub row: usize,
    pub index: &'a RowIndex,
}

/// What 唯一 and 下级合计 need to have seen of the whole table.
#[derive(Default)]
pub(super) struct RowIndex {
    /// How often each combination of cells occurs.
    unique: HashMap<Vec<ColumnId>, Combinations>,
    /// Sum over the children of each parent, by (measure, dimension), then by the parent's code and the other dimensions.
    children: HashMap<(ColumnId, ColumnId), Children>,
}

#[derive(Default)]
struct Combinations {
    counts: HashMap<Vec<Scalar>, u64>,
    /// What a cell that is known only within bounds leaves open: such a row may be the same as any.
    doubt: Option<Truth>,
}

struct Children {
    hierarchy: Hierarchy,
    others: Vec<ColumnId>,
    sums: Sums,
}

/// By the parent's code and the other dimensions.
type Sums = HashMap<(Scalar, Vec<Option<Scalar>>), Value>;

impl RowIndex {
    pub fn new(table: &Table, dataset: Option<&Dataset>, tallies: &[Tally]) -> Self {
        let mut index = RowIndex::default();
        for tally in tallies.iter().filter(|tally| tally.sees_other_rows) {
            for expr in tally.when.iter().chain([&tally.condition]) {
                index.prepare(table, dataset, expr);
            }
        }
        index
    }

    fn prepare(&mut self, table: &Table, dataset: Option<&Dataset>, expr: &Expr) {
        match &expr.kind {
            ExprKind::Unique(columns) if !self.unique.contains_key(columns) => {
                let mut combinations = Combinations::default();
                for row in 0..table.len() {
                    if let Some(codes) = codes(table, row, columns) {
                        *combinations.counts.entry(codes).or_insert(0) += 1;
                    }
                    if let Some(doubt) = bounds(table, row, columns) {
                        combinations.doubt = Some(combinations.doubt.unwrap_or(doubt).and(doubt));
                    }
                }
                self.unique.insert(columns.clone(), combinations);
            }
            ExprKind::ChildrenSum { measure, along } if !self.children.contains_key(&(*measure, *along)) => {
                if let Some(children) = dataset.and_then(|dataset| children(table, dataset, *measure, *along)) {
                    self.children.insert((*measure, *along), children);
                }
            }
            _ => {}
        }
        expr.for_each_child(&mut |child| self.prepare(table, dataset, child));
    }
}

/// The values of some cells; `None` if one is blank or unreadable.
fn codes(table: &Table, row: usize, columns: &[ColumnId]) -> Option<Vec<Scalar>> {
    columns
        .iter()
        .map(|column| match &*table.cell(row, *column) {
            Cell::Value(scalar, _) => Some(scalar.clone()),
            _ => None,
        })
        .collect()
}

/// What cells that are known only within bounds leave open; `None` if there are none.
fn bounds(table: &Table, row: usize, columns: &[ColumnId]) -> Option<Truth> {
    let doubts = columns.iter().filter_map(|column| match &*table.cell(row, *column) {
        Cell::Within(interval, _) => Some(Truth::undecided(interval.is_bound())),
        _ => None,
    });
    doubts.reduce(Truth::and)
}

fn code(table: &Table, row: usize, column: ColumnId) -> Option<Scalar> {
    match &*table.cell(row, column) {
        Cell::Value(scalar, _) => Some(scalar.clone()),
        _ => None,
    }
}

fn children(table: &Table, dataset: &Dataset, measure: ColumnId, along: ColumnId) -> Option<Children> {
    let hierarchy = dataset.columns.get(along.0)?.hierarchy.clone()?;
    let others = other_dimensions(dataset, along);
    let mut sums = Sums::default();
    for row in 0..table.len() {
        let Some(parent) = table.parent(row, along, &hierarchy) else { continue };
        let others = others.iter().map(|column| code(table, row, *column)).collect();
        let sum = sums.entry((parent, others)).or_insert_with(|| Value::from(Number::zero()));
        *sum = sum.numbers(
            &cell_value(&table.cell(row, measure)),
            |sum, number| Value::from(sum + number),
            |sum, number| Value::from(sum.plus(number)),
        );
    }
    // Under a code that has no row of its own stand figures that belong to the sum further up, and are not in it.
    for (row, above) in table.orphans(dataset, along) {
        let others = others.iter().map(|column| code(table, row, *column)).collect();
        sums.insert((above, others), Value::Missing);
    }
    Some(Children { hierarchy, others, sums })
}

fn cell_value(cell: &Cell) -> Value {
    match cell {
        Cell::Blank => Value::Missing,
        Cell::Bad(_) => Value::Fault(Fault::Unreadable),
        Cell::Value(scalar, _) => Value::Known(scalar.clone()),
        Cell::Within(interval, _) => Value::Within(Box::new((**interval).clone())),
    }
}

impl Rows<'_> {
    /// Digits after the point with which a figure was stated; 0 for a computed one.
    pub fn scale(&self, expr: &Expr) -> u8 {
        match &expr.kind {
            ExprKind::Column(column) => match &*self.table.cell(self.row, *column) {
                Cell::Value(_, scale) | Cell::Within(_, scale) => *scale,
                _ => 0,
            },
            _ => 0,
        }
    }

    /// False if the condition compares with the sum over children and this row has none: an identity along a
    /// hierarchy says nothing about its leaves.
    pub fn has_children_it_needs(&self, condition: &Expr) -> bool {
        let mut has = true;
        if let ExprKind::ChildrenSum { measure, along } = &condition.kind {
            has = self.children(*measure, *along).is_some() || !self.has_known_code(*measure, *along);
        }
        condition.for_each_child(&mut |child| has = has && self.has_children_it_needs(child));
        has
    }

    fn children(&self, measure: ColumnId, along: ColumnId) -> Option<&Value> {
        let children = self.index.children.get(&(measure, along))?;
        let others = children.others.iter().map(|column| code(self.table, self.row, *column)).collect();
        children.sums.get(&(code(self.table, self.row, along)?, others))
    }

    /// Is the row's code one whose place in the hierarchy can be told?
    fn has_known_code(&self, measure: ColumnId, along: ColumnId) -> bool {
        match (self.index.children.get(&(measure, along)), code(self.table, self.row, along)) {
            (Some(Children { hierarchy: Hierarchy::CodeLengths(lengths), .. }), Some(Scalar::Text(code))) => {
                lengths.contains(&code.chars().count())
            }
            (_, code) => code.is_some(),
        }
    }

    fn cell(&self, column: ColumnId) -> Value {
        cell_value(&self.table.cell(self.row, column))
    }
}

impl<'e> Environment<'e> for Rows<'_> {
    fn leaf(&self, expr: &'e Expr) -> Value {
        match &expr.kind {
            ExprKind::Column(column) => self.cell(*column),
            ExprKind::Filled(column) => match self.cell(*column) {
                Value::Missing => Value::from(Truth::False),
                Value::Known(_) | Value::Within(_) => Value::from(Truth::True),
                fault => fault,
            },
            ExprKind::Standard(standard) => match self.context.standards.in_force(*standard, self.context.period) {
                Some(entry) => Value::Known(entry.value.clone()),
                None => Value::Missing,
            },
            ExprKind::Unique(columns) => {
                if columns.iter().any(|column| matches!(*self.table.cell(self.row, *column), Cell::Bad(_))) {
                    return Value::Fault(Fault::Unreadable);
                }
                let combinations = self.index.unique.get(columns);
                if columns.iter().any(|column| matches!(*self.table.cell(self.row, *column), Cell::Blank)) {
                    return Value::Missing;
                }
                if let Some(doubt) = bounds(self.table, self.row, columns) {
                    return Value::from(doubt);
                }
                match codes(self.table, self.row, columns).zip(combinations) {
                    Some((codes, Combinations { counts, doubt })) => match counts.get(&codes) {
                        Some(1) => Value::from(doubt.unwrap_or(Truth::True)),
                        _ => Value::from(Truth::False),
                    },
                    None => Value::Missing,
                }
            }
            ExprKind::ChildrenSum { measure, along } => {
                if !matches!(self.cell(*along), Value::Known(_)) {
                    return self.cell(*along);
                }
                if !self.has_known_code(*measure, *along) {
                    return Value::Fault(Fault::CodeLength);
                }
                match self.children(*measure, *along) {
                    Some(sum) => sum.clone(),
                    None => Value::Missing,
                }
            }
            ExprKind::ThisPeriod => Value::Known(Scalar::Period(self.context.period)),
            _ => Value::Fault(Fault::Type),
        }
    }

    fn in_column(&self, list: &List, value: &Value) -> Truth {
        let List::Column(dataset, column) = list else { return Truth::Error };
        Values::contains(self.lists.get(&(*dataset, *column)), value)
    }
}
