//! Random conditions on figures of a case.

use duixian::quantity::Scalar;
use duixian::semantics::hir::*;
use jiff::civil::date;
use regex::Regex;

use super::suite::*;
use super::{condition, expr, number, plain};

pub const OPERATORS: [Comparison; 6] = [
    Comparison::AtLeast,
    Comparison::AtMost,
    Comparison::Above,
    Comparison::Below,
    Comparison::Equal,
    Comparison::NotEqual,
];

impl Generator<'_, '_> {
    /// A condition; deeper ones are made of others.
    pub fn condition(&mut self, depth: usize) -> Expr {
        if depth == 0 || self.entropy.chance(50) {
            return self.simple_condition();
        }
        let part = |this: &mut Self| this.condition(depth - 1);
        condition(match self.entropy.below(12) {
            0..2 => ExprKind::And(self.parts(part)),
            2..4 => ExprKind::Or(self.parts(part)),
            4..6 => ExprKind::Not(Box::new(part(self))),
            6..8 => ExprKind::Implies(Box::new(part(self)), Box::new(part(self))),
            8..10 => {
                let (every, periods) = (self.entropy.chance(50), self.series());
                ExprKind::Quantified { every, periods, condition: Box::new(part(self)) }
            }
            10 => {
                let times = 1 + u32::try_from(self.entropy.below(3)).unwrap();
                ExprKind::Streak { times, step: None, condition: Box::new(part(self)) }
            }
            _ => return self.elsewhere(part),
        })
    }

    fn parts(&mut self, part: impl Fn(&mut Self) -> Expr) -> Vec<Expr> {
        (0..1 + self.entropy.below(3)).map(|_| part(self)).collect()
    }

    fn simple_condition(&mut self) -> Expr {
        condition(match self.entropy.below(24) {
            0..11 => {
                let left = Box::new(self.number(2));
                let right = Box::new(match self.entropy.below(10) {
                    0..5 => self.literal(),
                    5..7 => {
                        let (period, ty) = (Some(self.period_ref()), left.ty.clone());
                        expr(ExprKind::At { of: left.clone(), period, members: vec![] }, ty)
                    }
                    _ => self.number(1),
                });
                ExprKind::Compare { operator: self.entropy.pick(&OPERATORS), left, right }
            }
            11 | 12 => self.near(),
            13 => {
                let of = Box::new(self.number(1));
                let times = u32::try_from(self.entropy.below(3)).unwrap();
                ExprKind::Doubles { of, since: self.period_ref(), times }
            }
            14 | 15 => self.yearly(),
            16 => self.in_a_list(),
            17 => {
                let of = Box::new(self.text());
                ExprKind::Matches { of, pattern: Regex::new(self.entropy.pick(&["甲|乙", "^.$", "已"])).unwrap() }
            }
            18..20 => self.compare_levels(),
            20 => {
                let (left, right) = (Box::new(self.date()), Box::new(self.date()));
                ExprKind::Compare { operator: self.entropy.pick(&OPERATORS), left, right }
            }
            21 => {
                let (left, right) = (Box::new(self.text()), Box::new(self.text()));
                ExprKind::Compare { operator: self.equality(), left, right }
            }
            22 => {
                let left = Box::new(expr(ExprKind::ThisPeriod, Type::Period(None)));
                let right = Box::new(expr(ExprKind::Period(self.some_period()), Type::Period(None)));
                ExprKind::Compare { operator: self.entropy.pick(&OPERATORS), left, right }
            }
            _ => return self.boolean(),
        })
    }

    pub fn equality(&mut self) -> Comparison {
        self.entropy.pick(&[Comparison::Equal, Comparison::NotEqual])
    }

    fn near(&mut self) -> ExprKind {
        let (left, right) = (Box::new(self.number(1)), Box::new(self.number(1)));
        let relative = self.entropy.chance(50);
        let margin = number(self.entropy.pick(&["0", "0.1", "1", "3"]));
        ExprKind::Near { left, right, margin: Box::new(expr(ExprKind::Number(margin), plain())), relative }
    }

    fn yearly(&mut self) -> ExprKind {
        let official = self.entropy.chance(30).then_some(GDP_GROWTH);
        let of = Box::new(if official.is_some() { self.indicator(GDP) } else { self.number(1) });
        let periods = self.series();
        let left = Box::new(expr(ExprKind::YearlyGrowth { of, periods, official }, ratio()));
        let right = match self.entropy.below(7) {
            6 => self.number(1),
            0 => expr(ExprKind::Standard(RATIO), ratio()),
            1 => expr(ExprKind::Number(number("-2")), ratio()),
            _ => self.literal(),
        };
        let operator = self.entropy.pick(&OPERATORS[..4]);
        ExprKind::Compare { operator, left, right: Box::new(right) }
    }

    fn in_a_list(&mut self) -> ExprKind {
        match self.entropy.below(4) {
            0 => {
                let of = Box::new(self.text());
                ExprKind::In { of, list: List::Column(ROSTER, ColumnId(0)) }
            }
            1 => {
                let of = Box::new(self.text());
                ExprKind::In { of, list: List::Values(vec![Scalar::text("甲"), Scalar::text("已")]) }
            }
            2 => {
                let of = Box::new(self.number(1));
                ExprKind::In { of, list: List::Column(BUDGET, ColumnId(3)) }
            }
            _ => {
                let of = Box::new(self.number(1));
                let values = ["1", "2", "10"].map(|text| Scalar::Number(number(text)));
                ExprKind::In { of, list: List::Values(values.to_vec()) }
            }
        }
    }

    fn compare_levels(&mut self) -> ExprKind {
        let ty = Type::Level(QUALITY);
        let left = match self.entropy.below(3) {
            0 => self.aggregate_of(ColumnId(7), ty.clone()),
            1 => self.indicator(WATER),
            _ => self.elsewhere(|this| this.indicator(WATER)),
        };
        let right = match self.entropy.below(3) {
            0 | 1 => expr(ExprKind::Level(QUALITY, self.entropy.below(3)), ty),
            _ => expr(ExprKind::Standard(GRADE), ty),
        };
        ExprKind::Compare { operator: self.entropy.pick(&OPERATORS), left: Box::new(left), right: Box::new(right) }
    }

    /// 是 or 否, from anywhere.
    fn boolean(&mut self) -> Expr {
        let computed: Vec<IndicatorId> = (PLAIN..self.suite.indicators.len())
            .filter(|at| self.suite.indicators[*at].ty == Type::Boolean)
            .map(IndicatorId)
            .collect();
        match self.entropy.below(4) {
            0 if !computed.is_empty() => {
                let id = self.entropy.pick(&computed);
                self.indicator(id)
            }
            1 => {
                let left = Box::new(self.indicator(DONE));
                let right = Box::new(condition(ExprKind::Boolean(self.entropy.chance(70))));
                condition(ExprKind::Compare { operator: self.equality(), left, right })
            }
            2 => condition(ExprKind::Boolean(self.entropy.chance(70))),
            _ => self.indicator(DONE),
        }
    }

    fn text(&mut self) -> Expr {
        let kind = match self.entropy.below(6) {
            0..3 if !self.bound.is_empty() => {
                let bound = self.bound.clone();
                ExprKind::Member(self.entropy.pick(&bound))
            }
            3 => ExprKind::Text(self.entropy.pick(&["甲", "已", "东区"]).into()),
            4 => ExprKind::Standard(WORD),
            _ => return self.indicator(NOTE),
        };
        expr(kind, Type::Text)
    }

    pub fn date(&mut self) -> Expr {
        match self.entropy.below(4) {
            0 => self.aggregate_of(ColumnId(6), Type::Date),
            1 | 2 => self.indicator(OPENED),
            _ => expr(ExprKind::Date(self.entropy.pick(&[date(2021, 3, 1), date(2020, 2, 29)])), Type::Date),
        }
    }
}
