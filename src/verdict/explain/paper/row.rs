//! The calculation of one row of a row rule.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::super::super::eval::{self, Figures};
use super::super::super::{Step, StepKind, Turn, show};
use super::super::bounds;
use super::super::formula::relation;
use super::super::rows::Orphans;
use super::PARTS;
use crate::data::table::other_dimensions;
use crate::data::{Cell, Table};
use crate::engine::{Context, Measurement, Values};
use crate::plan::operators::{self, Environment, Fault, Value};
use crate::quantity::{Interval, Number, Scalar, Truth, Unit};
use crate::semantics::hir::{Arithmetic, ColumnId, ColumnRole, Dataset, Expr, ExprKind, List, Type};

/// Characters of a code that a row is told by.
const CODE: usize = 30;

/// The steps of a row's condition.
pub fn row<'a>(
    figures: &'a Figures<'_>,
    dataset: &'a Dataset,
    table: &'a Table,
    (row, orphans): (usize, &'a BTreeMap<ColumnId, Orphans>),
    condition: &'a Expr,
) -> Step {
    let Figures { context, measurement, .. } = *figures;
    let row = Row { context, measurement, dataset, table, row, orphans, below: RefCell::default() };
    let outcome = Some(operators::truth(&row, condition));
    let place = table.place(&context.submission.inputs, row.row, None);
    let steps = vec![row.condition(condition)];
    Step { name: row.name(), outcome, place, steps, ..Step::new(StepKind::Row) }
}

/// The cells of one row, as an environment for expressions.
struct Row<'a> {
    context: &'a Context<'a>,
    measurement: &'a Measurement,
    dataset: &'a Dataset,
    table: &'a Table,
    row: usize,
    /// Rows without one above them, by the dimension with the hierarchy.
    orphans: &'a BTreeMap<ColumnId, Orphans>,
    /// Its children, likewise.
    below: RefCell<BTreeMap<ColumnId, Rc<[usize]>>>,
}

impl<'a> Row<'a> {
    /// The row's members: `教育局, 2050201`.
    fn name(&self) -> Option<String> {
        let columns = self.dataset.columns.iter().enumerate();
        let dimensions = columns.filter(|(_, column)| column.role == ColumnRole::Dimension);
        let codes = dimensions.filter_map(|(at, column)| match &*self.table.cell(self.row, ColumnId(at)) {
            Cell::Value(scalar, _) => Some(show::scalar(self.context.suite, scalar, &column.ty)),
            _ => None,
        });
        let short = |code: String| match code.char_indices().nth(CODE) {
            Some((end, _)) => format!("{}…", code.get(..end).unwrap_or(&code)),
            None => code,
        };
        let name = codes.map(short).collect::<Vec<_>>().join(", ");
        (!name.is_empty()).then_some(name)
    }

    fn condition(&self, expr: &'a Expr) -> Step {
        let kind = match &expr.kind {
            ExprKind::And(_) => StepKind::All,
            ExprKind::Or(_) => StepKind::Any,
            ExprKind::Not(_) => StepKind::Not,
            ExprKind::Implies(..) => StepKind::Implies,
            _ => StepKind::Comparison,
        };
        let mut step = Step { span: Some(expr.span), outcome: Some(operators::truth(self, expr)), ..Step::new(kind) };
        match &expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                step.steps.extend(parts.iter().take(PARTS).map(|part| self.condition(part)));
                step.left_out = parts.len().saturating_sub(PARTS) as u64;
            }
            ExprKind::Not(inner) => step.steps.push(self.condition(inner)),
            ExprKind::Implies(premise, consequence) => {
                step.steps.extend([premise, consequence].map(|part| self.condition(part)));
            }
            ExprKind::Compare { operator, left, right } => {
                step.steps.extend([left, right].into_iter().filter_map(|side| self.side(side)));
                step.formula = self.compared(left, right);
                let threshold = self.shown(right, self.unit(left, right));
                step.turn = self.moved(left, &[right]).zip(threshold).map(|(figure, value)| Turn {
                    figure,
                    relation: operator.sign(),
                    value,
                });
            }
            ExprKind::Near { left, right, margin, relative } => {
                step.steps.extend([left, right].into_iter().filter_map(|side| self.side(side)));
                self.near((left, right, margin), *relative, &mut step);
            }
            ExprKind::In { of, .. } | ExprKind::Matches { of, .. } => step.formula = self.shown(of, None),
            ExprKind::Unique(columns) => {
                let shown = |column: &ColumnId| match &*self.table.cell(self.row, *column) {
                    Cell::Value(scalar, _) => {
                        Some(show::scalar(self.context.suite, scalar, &self.dataset.columns.get(column.0)?.ty))
                    }
                    _ => None,
                };
                step.formula = columns.iter().map(shown).collect::<Option<Vec<_>>>().map(|codes| codes.join(", "));
            }
            ExprKind::Filled(column) => {
                step.formula = self.dataset.columns.get(column.0).map(|column| column.name.clone());
            }
            _ => {}
        }
        step
    }

    /// `80.2 万元 ≠`, as both sides come out.
    fn compared(&self, left: &'a Expr, right: &'a Expr) -> Option<String> {
        let (a, b) = (operators::value(self, left), operators::value(self, right));
        let (Value::Known(a), Value::Known(b)) = (&a, &b) else {
            let (a, b, unit) = (a.interval()?, b.interval()?, self.unit(left, right)?);
            return Some(bounds::sides(&a, &b, unit, (self.scale(left), self.scale(right))));
        };
        let shown = match (a, b, show::common_unit(&left.ty, &right.ty)) {
            (Scalar::Number(a), Scalar::Number(b), Some(unit)) => {
                show::pair(a, b, unit, (self.scale(left), self.scale(right)))
            }
            _ => (show::scalar(self.context.suite, a, &left.ty), show::scalar(self.context.suite, b, &right.ty)),
        };
        Some(format!("{} {} {}", shown.0, relation(a.cmp(b)), shown.1))
    }

    fn near(&self, (left, right, margin): (&'a Expr, &'a Expr, &'a Expr), relative: bool, step: &mut Step) {
        let Some(common) = show::common_unit(&left.ty, &right.ty) else { return };
        let [a, b, allowed] = [left, right, margin].map(|expr| operators::value(self, expr));
        let (Some(a), Some(b), Some(margin_value)) = (a.number(), b.number(), allowed.number()) else {
            let sides = (a.interval(), b.interval(), allowed.interval(), eval::unit(&margin.ty));
            if let (Some(a), Some(b), Some(allowed), Some(unit)) = sides {
                let apart = bounds::distance((&a, &b, common), (&allowed, unit), relative);
                step.formula = apart.map(|(_, formula)| formula);
            }
            return;
        };
        let allowed = if relative { &b.abs() * margin_value } else { margin_value.clone() };
        let off = (a - b).abs();
        let difference = show::difference_unit(common);
        let (shown, limit) = show::pair(&off, &allowed, &difference, (0, 0));
        let figure = |number: &Number, expr: &Expr| show::number(number, common, self.scale(expr));
        let (a, c) = (figure(a, left), figure(b, right));
        step.formula = Some(format!("|{a} − {c}| {} {} {limit}", show::equals(&shown), relation(off.cmp(&allowed))));
        let end = |number: Number| common.from_base(&number).exact();
        let (low, high) = (end(b - &allowed), end(b + &allowed));
        let (relation, value) = if low == high { ("=", low) } else { ("∈", format!("[{low}, {high}]")) };
        step.turn =
            self.moved(left, &[right, margin]).map(|figure| Turn { figure, relation, value: common.behind(&value) });
    }

    /// The column that a side is, if its cell is known exactly and nothing else in the comparison rests on it.
    fn moved(&self, side: &Expr, rest: &[&Expr]) -> Option<String> {
        let ExprKind::Column(column) = &side.kind else { return None };
        let mut others = BTreeSet::new();
        rest.iter().for_each(|other| cells_of(other, &mut others));
        let exact = matches!(&*self.table.cell(self.row, *column), Cell::Value(..)) && !others.contains(column);
        self.dataset.columns.get(column.0).filter(|_| exact).map(|column| column.name.clone())
    }

    fn unit(&self, left: &'a Expr, right: &'a Expr) -> Option<&'a Unit> {
        show::common_unit(&left.ty, &right.ty)
    }

    fn shown(&self, expr: &'a Expr, unit: Option<&Unit>) -> Option<String> {
        match (operators::value(self, expr), unit) {
            (Value::Known(Scalar::Number(number)), Some(unit)) => Some(show::quantity(&number, unit)),
            (value, _) => show::value(self.context.suite, &value, &expr.ty),
        }
    }

    /// A side that is computed from cells: `50 + 27 = 77 万元`.
    fn side(&self, side: &'a Expr) -> Option<Step> {
        let computed =
            matches!(side.kind, ExprKind::Arithmetic { .. } | ExprKind::Negate(_) | ExprKind::ChildrenSum { .. });
        if !computed {
            return None;
        }
        let Type::Quantity(unit) = &side.ty else { return None };
        let shown = match operators::value(self, side) {
            Value::Within(within) => format!("∈ {}", show::range(&within, unit).bracketed()),
            value => show::equals(&show::quantity(value.number()?, unit)),
        };
        let formula = format!("{} {shown}", self.term(side)?);
        Some(Step { span: Some(side.span), formula: Some(formula), ..Step::new(StepKind::Value) })
    }

    /// An expression with its figures.
    fn term(&self, expr: &'a Expr) -> Option<String> {
        let grouped = |part: &'a Expr| {
            let text = self.term(part)?;
            let compound = matches!(part.kind, ExprKind::Arithmetic { .. } | ExprKind::ChildrenSum { .. });
            Some(if compound || text.starts_with('-') { format!("({text})") } else { text })
        };
        match &expr.kind {
            ExprKind::Arithmetic { operator, left, right } => {
                let sum =
                    matches!(left.kind, ExprKind::Arithmetic { operator: Arithmetic::Add | Arithmetic::Subtract, .. });
                let (sign, plain) = match operator {
                    Arithmetic::Add => ("+", sum),
                    Arithmetic::Subtract => ("−", sum),
                    Arithmetic::Multiply => ("×", false),
                    Arithmetic::Divide => ("/", false),
                };
                let left = if plain { self.term(left)? } else { grouped(left)? };
                Some(format!("{left} {sign} {}", grouped(right)?))
            }
            ExprKind::Negate(of) => Some(format!("−{}", grouped(of)?)),
            ExprKind::ChildrenSum { measure, along } => {
                let children = self.below(*along);
                let Type::Quantity(unit) = &expr.ty else { return None };
                let figure = |row: &usize| match &*self.table.cell(*row, *measure) {
                    Cell::Value(Scalar::Number(number), scale) => Some(show::number(number, unit, *scale)),
                    Cell::Within(interval, scale) => Some(within(interval, unit, *scale)),
                    _ => None,
                };
                let more = if children.len() > PARTS { " + …" } else { "" };
                let terms: Vec<String> = children.iter().take(PARTS).map(figure).collect::<Option<_>>()?;
                Some(format!("{}{more}", terms.join(" + ")))
            }
            _ => match (operators::value(self, expr), &expr.ty) {
                (Value::Known(Scalar::Number(number)), Type::Quantity(unit)) => {
                    let figure = show::number(&number, unit, self.scale(expr));
                    let with_unit = matches!(expr.kind, ExprKind::Number(_)) || unit.name() == "%";
                    Some(if with_unit { unit.behind(&figure) } else { figure })
                }
                (Value::Known(scalar), ty) => Some(show::scalar(self.context.suite, &scalar, ty)),
                (Value::Within(interval), Type::Quantity(unit)) => {
                    let figure = within(&interval, unit, self.scale(expr));
                    Some(if unit.name() == "%" { unit.behind(&figure) } else { figure })
                }
                _ => None,
            },
        }
    }

    fn scale(&self, expr: &Expr) -> u8 {
        match &expr.kind {
            ExprKind::Column(column) => match &*self.table.cell(self.row, *column) {
                Cell::Value(_, scale) | Cell::Within(_, scale) => *scale,
                _ => 0,
            },
            _ => 0,
        }
    }

    fn below(&self, along: ColumnId) -> Rc<[usize]> {
        let find = || self.table.children(self.dataset, self.row, along).into();
        Rc::clone(self.below.borrow_mut().entry(along).or_insert_with(find))
    }

    fn children(&self, measure: ColumnId, along: ColumnId) -> Value {
        let mut orphans = self.orphans.get(&along).into_iter().flatten();
        let others = other_dimensions(self.dataset, along);
        let code = self.table.cell(self.row, along);
        let lacks = |(row, above): &(usize, Scalar)| {
            matches!(&*code, Cell::Value(code, _) if code == above)
                && others.iter().all(|other| self.table.cell(*row, *other) == self.table.cell(self.row, *other))
        };
        let children = self.below(along);
        if children.is_empty() || orphans.any(lacks) {
            return Value::Missing;
        }
        children.iter().fold(Value::from(Number::zero()), |sum, child| {
            sum.numbers(
                &value(&self.table.cell(*child, measure)),
                |sum, number| Value::from(sum + number),
                |sum, number| Value::from(sum.plus(number)),
            )
        })
    }

    fn unique(&self, columns: &[ColumnId]) -> Value {
        let blank = |column: &ColumnId| !matches!(*self.table.cell(self.row, *column), Cell::Value(..));
        if columns.iter().any(blank) {
            return Value::Missing;
        }
        let value = |row: usize, column: ColumnId| self.table.value(row, column);
        let same = |row: &usize| columns.iter().all(|column| value(*row, *column) == value(self.row, *column));
        Value::from(Truth::from((0..self.table.len()).filter(same).nth(1).is_none()))
    }
}

/// The columns whose cells of the row itself an expression reads.
fn cells_of(expr: &Expr, columns: &mut BTreeSet<ColumnId>) {
    match &expr.kind {
        ExprKind::Column(column) => {
            columns.insert(*column);
        }
        ExprKind::ChildrenSum { along, .. } => {
            columns.insert(*along);
        }
        _ => expr.for_each_child(&mut |part| cells_of(part, columns)),
    }
}

/// A figure known only within bounds, as it was stated, or the bounds.
fn within(interval: &Interval, unit: &Unit, scale: u8) -> String {
    show::stated(interval, unit, scale).map_or_else(|| show::range(interval, unit).bracketed(), |(figure, _)| figure)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Blank => Value::Missing,
        Cell::Bad(_) => Value::Fault(Fault::Unreadable),
        Cell::Value(scalar, _) => Value::Known(scalar.clone()),
        Cell::Within(interval, _) => Value::Within(Box::new((**interval).clone())),
    }
}

impl<'e> Environment<'e> for Row<'_> {
    fn leaf(&self, expr: &'e Expr) -> Value {
        let context = self.context;
        match &expr.kind {
            ExprKind::Column(column) => value(&self.table.cell(self.row, *column)),
            ExprKind::Filled(column) => match value(&self.table.cell(self.row, *column)) {
                Value::Missing => Value::from(Truth::False),
                Value::Known(_) | Value::Within(_) => Value::from(Truth::True),
                fault => fault,
            },
            ExprKind::Standard(standard) => match context.standards.in_force(*standard, context.period) {
                Some(entry) => Value::Known(entry.value.clone()),
                None => Value::Missing,
            },
            ExprKind::Unique(columns) => self.unique(columns),
            ExprKind::ChildrenSum { measure, along } => self.children(*measure, *along),
            ExprKind::ThisPeriod => Value::Known(Scalar::Period(context.period)),
            _ => Value::Fault(Fault::Type),
        }
    }

    fn in_column(&self, list: &List, value: &Value) -> Truth {
        match list {
            List::Column(dataset, column) => Values::contains(self.measurement.lists.get(&(*dataset, *column)), value),
            List::Values(_) => Truth::Error,
        }
    }
}
