//! Random figures of a case.

use duixian::quantity::{Number, Unit};
use duixian::semantics::hir::*;

use super::suite::*;
use super::{expr, number, plain};

const LITERALS: [&str; 12] = ["0", "1", "2", "0.1", "-0.1", "3", "5", "10", "-1", "0.5", "100", "6.5"];

impl Generator<'_, '_> {
    pub fn literal(&mut self) -> Expr {
        let value: Number = number(self.entropy.pick(&LITERALS));
        expr(ExprKind::Number(value), plain())
    }

    /// A figure; deeper ones are made of others.
    pub fn number(&mut self, depth: usize) -> Expr {
        if depth == 0 || self.entropy.chance(35) {
            return self.simple_number();
        }
        let of = |this: &mut Self| Box::new(this.number(depth - 1));
        match self.entropy.below(20) {
            0..5 => self.change(depth),
            5..10 => {
                let operator = self.entropy.pick(&[
                    Arithmetic::Add,
                    Arithmetic::Subtract,
                    Arithmetic::Multiply,
                    Arithmetic::Divide,
                ]);
                let (left, right) = (of(self), of(self));
                expr(ExprKind::Arithmetic { operator, left, right }, plain())
            }
            10..13 => self.elsewhere(|this| this.number(depth - 1)),
            13..16 => {
                let counting = if self.steady { Function::Mean } else { Function::Count };
                let function =
                    self.entropy.pick(&[Function::Sum, Function::Mean, counting, Function::Max, Function::Min]);
                let periods = self.series();
                let of = if self.entropy.chance(40) {
                    let plain = self.entropy.pick(&[GDP, JOBS]);
                    Box::new(self.indicator(plain))
                } else {
                    of(self)
                };
                expr(ExprKind::Fold { function, of, periods }, plain())
            }
            16..18 => expr(ExprKind::Negate(of(self)), plain()),
            18 => {
                let (left, right) = (Box::new(self.date()), Box::new(self.date()));
                expr(ExprKind::Arithmetic { operator: Arithmetic::Subtract, left, right }, plain())
            }
            _ => self.simple_number(),
        }
    }

    fn simple_number(&mut self) -> Expr {
        // Where members are bound, mostly what they have a part in.
        let choices = if self.bound.is_empty() || self.entropy.chance(30) { 20 } else { 9 };
        match self.entropy.below(choices) {
            0..8 => {
                let function = self.entropy.weighted(&[
                    (8, Function::Sum),
                    (3, Function::Count),
                    (if self.steady { 0 } else { 2 }, Function::Distinct),
                    (2, Function::Mean),
                    (2, Function::Max),
                    (2, Function::Min),
                    (3, Function::Share),
                ]);
                self.aggregate_of_numbers(function)
            }
            8..12 => {
                let plain = self.entropy.pick(&[GDP, JOBS, GDP_GROWTH]);
                self.indicator(plain)
            }
            12..16 => {
                let numbers: Vec<IndicatorId> = (PLAIN..self.suite.indicators.len())
                    .filter(|at| matches!(self.suite.indicators[*at].ty, Type::Quantity(_)))
                    .map(IndicatorId)
                    .collect();
                let id = if numbers.is_empty() { GDP } else { self.entropy.pick(&numbers) };
                self.indicator(id)
            }
            16 | 17 => {
                let (standard, ty) = self.entropy.pick(&[(RATIO, ratio()), (MONEY, money())]);
                expr(ExprKind::Standard(standard), ty)
            }
            _ => self.literal(),
        }
    }

    /// An indicator; mostly with members for those of its params that are not bound here.
    pub fn indicator(&mut self, id: IndicatorId) -> Expr {
        let (params, ty) = {
            let indicator = &self.suite.indicators[id.0];
            (indicator.params.clone(), indicator.ty.clone())
        };
        let unbound: Vec<DimId> = params.into_iter().filter(|dim| !self.bound.contains(dim)).collect();
        let mention = expr(ExprKind::Indicator(id), ty.clone());
        if unbound.is_empty() || self.entropy.chance(8) {
            return mention;
        }
        let members = unbound.into_iter().map(|dim| (dim, self.member(dim))).collect();
        expr(ExprKind::At { of: Box::new(mention), period: None, members }, ty)
    }

    pub fn member(&mut self, dim: DimId) -> String {
        if self.entropy.chance(5) { "无".to_owned() } else { self.entropy.pick(members(dim)).to_owned() }
    }

    /// Something in another period or with other members.
    pub fn elsewhere(&mut self, of: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let period = self.entropy.chance(60).then(|| self.period_ref());
        let dims = self.entropy.some_of(&[DEPARTMENT, REGION, SUBJECT], if period.is_some() { 15 } else { 50 });
        let members: Vec<(DimId, String)> = dims.into_iter().map(|dim| (dim, self.member(dim))).collect();
        let outer = self.bound.clone();
        self.bound.extend(members.iter().map(|(dim, _)| *dim));
        let of = of(self);
        self.bound = outer;
        let ty = of.ty.clone();
        expr(ExprKind::At { of: Box::new(of), period, members }, ty)
    }

    fn change(&mut self, depth: usize) -> Expr {
        let kind = self.entropy.pick(&[Change::Growth, Change::Reduction, Change::Increase, Change::Decrease]);
        let ratio = matches!(kind, Change::Growth | Change::Reduction);
        let official = self.entropy.chance(if ratio { 25 } else { 5 }).then_some(GDP_GROWTH);
        let of = match official {
            Some(_) => self.indicator(GDP),
            None => self.number(depth - 1),
        };
        let since = self.period_ref();
        let ty = if ratio { Type::Quantity(Unit::percent()) } else { of.ty.clone() };
        expr(ExprKind::Change { kind, of: Box::new(of), since, official }, ty)
    }

    /// An aggregate that gives a number.
    pub fn aggregate_of_numbers(&mut self, function: Function) -> Expr {
        let dataset = self.some_dataset();
        let of = match function {
            Function::Count if self.steady || self.entropy.chance(50) => None,
            Function::Count | Function::Distinct => Some(self.any_column(dataset)),
            _ => {
                let depth = usize::from(self.entropy.chance(12));
                Some(self.row_number(dataset, depth))
            }
        };
        let ty = match (function, &of) {
            (Function::Sum | Function::Mean | Function::Min | Function::Max, Some(of)) => of.ty.clone(),
            (Function::Share, _) => ratio(),
            _ => plain(),
        };
        self.aggregate(function, dataset, of, ty)
    }

    pub fn some_dataset(&mut self) -> DatasetId {
        let (money, districts) = if self.bound.contains(&REGION) { (2, 12) } else { (10, 1) };
        let roster = if self.bound.contains(&SUBJECT) { 0 } else { 1 };
        self.entropy.weighted(&[(money, BUDGET), (3, ACCOUNTS), (roster, ROSTER), (districts, DISTRICTS)])
    }

    /// An aggregate over the greatest or least level or day.
    pub fn aggregate_of(&mut self, column: ColumnId, ty: Type) -> Expr {
        let function = self.entropy.pick(&[Function::Min, Function::Max]);
        self.aggregate(function, BUDGET, Some(expr(ExprKind::Column(column), ty.clone())), ty)
    }

    fn aggregate(&mut self, function: Function, dataset: DatasetId, of: Option<Expr>, ty: Type) -> Expr {
        let filtered = if function == Function::Share { 85 } else { 40 };
        let filter = self.entropy.chance(filtered).then(|| {
            let depth = usize::from(self.entropy.chance(40));
            self.filter(dataset, depth)
        });
        self.aggregate_where(function, dataset, of, ty, filter)
    }

    /// An aggregate with a filter.
    pub fn aggregate_where(
        &mut self,
        function: Function,
        dataset: DatasetId,
        of: Option<Expr>,
        ty: Type,
        filter: Option<Expr>,
    ) -> Expr {
        let mut scope = Vec::new();
        for column in self.columns(dataset, |column| column.dim.is_some()) {
            let dim = self.suite.datasets[dataset.0].columns[column.0].dim.unwrap();
            if self.bound.contains(&dim) {
                scope.push((column, dim));
            }
        }
        let id = AggregateId(self.suite.aggregates);
        self.suite.aggregates += 1;
        let number = of.as_ref().is_none_or(|of| matches!(of.ty, Type::Quantity(_)));
        let blank_as_zero = number && !self.steady && self.entropy.chance(15);
        let (of, filter) = (of.map(Box::new), filter.map(Box::new));
        expr(ExprKind::Aggregate(Aggregate { id, function, dataset, of, filter, scope, blank_as_zero }), ty)
    }
}
