//! Random expressions on the cells of a row.

use duixian::quantity::Scalar;
use duixian::semantics::hir::*;
use jiff::civil::date;
use regex::Regex;

use super::conditions::OPERATORS;
use super::suite::*;
use super::{condition, expr, number};

impl Generator<'_, '_> {
    fn cell(&self, dataset: DatasetId, column: ColumnId) -> Expr {
        expr(ExprKind::Column(column), self.suite.datasets[dataset.0].columns[column.0].ty.clone())
    }

    pub fn any_column(&mut self, dataset: DatasetId) -> Expr {
        let column = self.entropy.below(self.suite.datasets[dataset.0].columns.len());
        self.cell(dataset, ColumnId(column))
    }

    fn column_where(&mut self, dataset: DatasetId, wanted: impl Fn(&Column) -> bool) -> Option<Expr> {
        let columns = self.columns(dataset, wanted);
        if columns.is_empty() {
            return None;
        }
        let column = self.entropy.pick(&columns);
        Some(self.cell(dataset, column))
    }

    /// A number in a row.
    pub fn row_number(&mut self, dataset: DatasetId, depth: usize) -> Expr {
        let measures = self.columns(dataset, |column| matches!(column.ty, Type::Quantity(_)));
        let column = if self.entropy.chance(25) { self.entropy.pick(&measures) } else { measures[0] };
        let cell = self.cell(dataset, column);
        if depth == 0 {
            return cell;
        }
        let ty = cell.ty.clone();
        let left = Box::new(cell);
        let kind = match self.entropy.below(6) {
            0..4 => {
                let operator = self.entropy.pick(&[
                    Arithmetic::Multiply,
                    Arithmetic::Add,
                    Arithmetic::Subtract,
                    Arithmetic::Divide,
                ]);
                let right = Box::new(match self.entropy.below(4) {
                    0 => expr(ExprKind::Standard(MONEY), money()),
                    1 => self.row_number(dataset, depth - 1),
                    _ => self.literal(),
                });
                ExprKind::Arithmetic { operator, left, right }
            }
            4 => ExprKind::Negate(left),
            _ if dataset == BUDGET => {
                let left = Box::new(self.cell(dataset, ColumnId(6)));
                let right = Box::new(expr(ExprKind::Date(date(2021, 1, 1)), Type::Date));
                ExprKind::Arithmetic { operator: Arithmetic::Subtract, left, right }
            }
            _ => ExprKind::Negate(left),
        };
        expr(kind, ty)
    }

    /// A filter: half of the time only on keys, which a cube can apply to its groups.
    pub fn filter(&mut self, dataset: DatasetId, depth: usize) -> Expr {
        if !self.entropy.chance(50) {
            return self.key_condition(dataset);
        }
        self.row_condition(dataset, depth, false)
    }

    /// A condition on dimensions only.
    pub fn key_condition(&mut self, dataset: DatasetId) -> Expr {
        let dims: Vec<DimId> = self.suite.datasets[dataset.0].columns.iter().filter_map(|column| column.dim).collect();
        let dim = self.entropy.pick(&dims);
        let column = self.column_of(dataset, dim).unwrap();
        let of = Box::new(self.cell(dataset, column));
        condition(match self.entropy.below(6) {
            0..4 => {
                let right = Box::new(expr(ExprKind::Text(self.member(dim).into()), Type::Text));
                ExprKind::Compare { operator: self.equality(), left: of, right }
            }
            4 => {
                let values = [self.member(dim), self.member(dim)].map(|member| Scalar::text(&member));
                ExprKind::In { of, list: List::Values(values.to_vec()) }
            }
            _ => match self.suite.datasets[dataset.0].period {
                Some(period) => self.period_condition(dataset, period),
                None => self.filled(column),
            },
        })
    }

    fn filled(&self, column: ColumnId) -> ExprKind {
        if self.steady { ExprKind::Boolean(true) } else { ExprKind::Filled(column) }
    }

    fn period_condition(&mut self, dataset: DatasetId, period: ColumnId) -> ExprKind {
        let left = Box::new(self.cell(dataset, period));
        let right = if self.entropy.chance(30) { ExprKind::ThisPeriod } else { ExprKind::Period(self.some_period()) };
        let right = Box::new(expr(right, Type::Period(None)));
        ExprKind::Compare { operator: self.entropy.pick(&OPERATORS), left, right }
    }

    /// A condition on a row; `rule`: of a row rule, which may also look at other rows.
    pub fn row_condition(&mut self, dataset: DatasetId, depth: usize, rule: bool) -> Expr {
        if depth == 0 || self.entropy.chance(60) {
            return self.simple_row_condition(dataset, rule);
        }
        let part = |this: &mut Self| this.row_condition(dataset, depth - 1, rule);
        condition(match self.entropy.below(4) {
            0 => ExprKind::And((0..1 + self.entropy.below(3)).map(|_| part(self)).collect()),
            1 => ExprKind::Or((0..1 + self.entropy.below(3)).map(|_| part(self)).collect()),
            2 => ExprKind::Not(Box::new(part(self))),
            _ => ExprKind::Implies(Box::new(part(self)), Box::new(part(self))),
        })
    }

    fn simple_row_condition(&mut self, dataset: DatasetId, rule: bool) -> Expr {
        if rule && !self.steady && self.entropy.chance(30) {
            return self.across_rows(dataset);
        }
        let compare = |this: &mut Self, left: Expr, right: Expr, operators: &[Comparison]| ExprKind::Compare {
            operator: this.entropy.pick(operators),
            left: Box::new(left),
            right: Box::new(right),
        };
        let column = self.entropy.below(self.suite.datasets[dataset.0].columns.len());
        condition(match self.entropy.below(16) {
            0..6 => {
                let left = self.row_number(dataset, 1);
                let right = if self.entropy.chance(75) { self.literal() } else { self.row_number(dataset, 0) };
                let operators = [Comparison::AtLeast, Comparison::AtLeast, Comparison::Below, Comparison::Equal];
                compare(self, left, right, &operators)
            }
            6 => self.filled(ColumnId(column)),
            7 | 8 => return self.key_condition(dataset),
            9 => {
                let left = Box::new(self.row_number(dataset, 0));
                let right = Box::new(self.row_number(dataset, 1));
                let margin = Box::new(self.literal());
                ExprKind::Near { left, right, margin, relative: self.entropy.chance(50) }
            }
            10 => match self.column_where(dataset, |column| column.ty == Type::Date) {
                Some(cell) => {
                    let day = expr(ExprKind::Date(date(2021, 3, 1)), Type::Date);
                    compare(self, cell, day, &OPERATORS)
                }
                None => ExprKind::Boolean(true),
            },
            11 => match self.column_where(dataset, |column| matches!(column.ty, Type::Level(_))) {
                Some(cell) => {
                    let ty = cell.ty.clone();
                    let level = match self.entropy.below(3) {
                        2 => expr(ExprKind::Standard(GRADE), ty),
                        level => expr(ExprKind::Level(QUALITY, level), ty),
                    };
                    compare(self, cell, level, &OPERATORS)
                }
                None => self.filled(ColumnId(column)),
            },
            12 => match self.column_where(dataset, |column| column.ty == Type::Boolean) {
                Some(cell) => return cell,
                None => ExprKind::Boolean(self.entropy.chance(50)),
            },
            13 | 14 => {
                let of = self.column_where(dataset, |column| column.ty == Type::Text);
                self.of_text(of)
            }
            _ => {
                let of = Box::new(self.row_number(dataset, 0));
                ExprKind::In { of, list: List::Column(ACCOUNTS, ColumnId(3)) }
            }
        })
    }

    fn of_text(&mut self, of: Option<Expr>) -> ExprKind {
        let Some(of) = of.map(Box::new) else { return ExprKind::Boolean(true) };
        match self.entropy.below(4) {
            0 => ExprKind::Matches { of, pattern: Regex::new("^[甲1]").unwrap() },
            1 => ExprKind::In { of, list: List::Column(ROSTER, ColumnId(0)) },
            2 => {
                let right = Box::new(expr(ExprKind::Standard(WORD), Type::Text));
                ExprKind::Compare { operator: self.equality(), left: of, right }
            }
            _ => ExprKind::In { of, list: List::Values(["甲", "1", "已"].map(Scalar::text).to_vec()) },
        }
    }

    /// What looks at other rows too: keys and roll-ups.
    fn across_rows(&mut self, dataset: DatasetId) -> Expr {
        if dataset == ACCOUNTS && self.entropy.chance(70) {
            let sum = expr(ExprKind::ChildrenSum { measure: ColumnId(3), along: ColumnId(0) }, money());
            let (left, right) = (Box::new(self.cell(dataset, ColumnId(3))), Box::new(sum));
            return condition(if self.entropy.chance(50) {
                let margin = number(self.entropy.pick(&["1", "0", "0.5"]));
                let margin = Box::new(expr(ExprKind::Number(margin), money()));
                ExprKind::Near { left, right, margin, relative: self.entropy.chance(50) }
            } else {
                ExprKind::Compare { operator: self.entropy.pick(&OPERATORS), left, right }
            });
        }
        let dims = self.columns(dataset, |column| column.role == ColumnRole::Dimension);
        let mut columns = self.entropy.some_of(&dims, 70);
        if columns.is_empty() {
            columns = dims;
        }
        if self.entropy.chance(20) {
            columns.push(ColumnId(3));
        }
        condition(ExprKind::Unique(columns))
    }
}
