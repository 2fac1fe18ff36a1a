//! Rules that compare money only with money: in whatever unit the amounts are stated, they come out the same.

use duixian::data::{Cell, Submission};
use duixian::quantity::{Interval, Number, Scalar};
use duixian::semantics::hir::*;

use super::conditions::OPERATORS;
use super::suite::*;
use super::tables::cells;
use super::{condition, expr, number};

/// Columns that hold money, of datasets that relative rules use.
const MONEY_COLUMNS: [(DatasetId, ColumnId); 2] = [(BUDGET, ColumnId(3)), (ACCOUNTS, ColumnId(3))];

/// The same submission with every amount in another unit.
pub fn scaled(submission: &Submission, factor: &Number) -> Submission {
    let mut submission = submission.clone();
    for (dataset, column) in MONEY_COLUMNS {
        let Some(table) = &mut submission.tables[dataset.0] else { continue };
        for cell in cells(&mut table.columns[column.0]) {
            match cell {
                Cell::Value(Scalar::Number(amount), _) => *amount = &*amount * factor,
                Cell::Within(interval, _) => *interval = interval.times(&Interval::point(factor)).into(),
                _ => {}
            }
        }
    }
    submission
}

impl Generator<'_, '_> {
    /// Declares a relative rule.
    pub fn relative_rule(&mut self) {
        let for_each = self.entropy.weighted(&[(1, vec![]), (3, vec![DEPARTMENT]), (1, vec![DEPARTMENT, SUBJECT])]);
        self.bound.clone_from(&for_each);
        if self.entropy.chance(20) {
            let sum = expr(ExprKind::ChildrenSum { measure: ColumnId(3), along: ColumnId(0) }, money());
            let (left, right) = (Box::new(expr(ExprKind::Column(ColumnId(3)), money())), Box::new(sum));
            let margin = Box::new(self.literal());
            let condition = condition(ExprKind::Near { left, right, margin, relative: true });
            let rows = Requirement::Rows { dataset: ACCOUNTS, when: None, condition };
            self.push_rule(for_each, None, rows);
            return;
        }
        let requirement = self.relative_condition(1);
        self.push_rule(for_each, None, Requirement::Case(requirement));
    }

    fn relative_condition(&mut self, depth: usize) -> Expr {
        if depth > 0 && self.entropy.chance(25) {
            let parts = vec![self.relative_condition(depth - 1), self.relative_condition(depth - 1)];
            return condition(if self.entropy.chance(50) { ExprKind::And(parts) } else { ExprKind::Or(parts) });
        }
        let of = Box::new(self.amount());
        let operator = self.entropy.pick(&OPERATORS);
        condition(match self.entropy.below(7) {
            0 | 1 => {
                let kind = self.entropy.pick(&[Change::Growth, Change::Reduction]);
                let since = self.period_ref();
                let left = Box::new(expr(ExprKind::Change { kind, of, since, official: None }, ratio()));
                ExprKind::Compare { operator, left, right: Box::new(self.literal()) }
            }
            2 => ExprKind::Compare { operator, left: of, right: Box::new(self.amount()) },
            3 => {
                let right = Box::new(self.amount());
                let operands = ExprKind::Arithmetic { operator: Arithmetic::Divide, left: of, right };
                ExprKind::Compare { operator, left: Box::new(expr(operands, ratio())), right: Box::new(self.literal()) }
            }
            4 => {
                let margin = Box::new(expr(ExprKind::Number(number("0.1")), ratio()));
                ExprKind::Near { left: of, right: Box::new(self.amount()), margin, relative: true }
            }
            5 => ExprKind::Doubles { of, since: self.period_ref(), times: 1 },
            _ => {
                let periods = self.series();
                let left = Box::new(expr(ExprKind::YearlyGrowth { of, periods, official: None }, ratio()));
                let operator = self.entropy.pick(&OPERATORS[..4]);
                ExprKind::Compare { operator, left, right: Box::new(self.literal()) }
            }
        })
    }

    fn amount(&mut self) -> Expr {
        let function = self.entropy.pick(&[Function::Sum, Function::Mean, Function::Max, Function::Min]);
        let (dataset, column) = self.entropy.pick(&MONEY_COLUMNS);
        let filter = self.entropy.chance(30).then(|| self.key_condition(dataset));
        self.aggregate_where(function, dataset, Some(expr(ExprKind::Column(column), money())), money(), filter)
    }
}
