//! Bytes in, suites and submissions out: every choice is drawn from a string of bytes, so that a shorter or smaller
//! string is a simpler suite, and shrinking the bytes shrinks the suite.

mod conditions;
mod numbers;
pub mod relative;
mod rows;
mod show;
pub mod suite;
pub mod tables;
pub mod walk;
mod written;

use duixian::base::{FileId, Span};
use duixian::data::{StandardValues, Submission};
use duixian::quantity::{Decimal, Granularity, Number, Period, Unit};
use duixian::semantics::hir::{Expr, ExprKind, Suite, Type};
use jiff::civil::Date;

pub use show::show;
use suite::Generator;
use tables::Tables;

/// A suite, what is submitted to it, and when it is judged.
#[derive(Clone, Debug)]
pub struct World {
    pub suite: Suite,
    pub submission: Submission,
    pub standards: StandardValues,
    pub period: Period,
    pub as_of: Date,
}

/// Where choices come from; when the bytes run out, every choice is the first.
pub struct Entropy<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Entropy<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Entropy { bytes, at: 0 }
    }

    fn byte(&mut self) -> usize {
        self.at += 1;
        self.bytes.get(self.at - 1).copied().unwrap_or(0).into()
    }

    /// A number from 0 to `n - 1`.
    pub fn below(&mut self, n: usize) -> usize {
        self.byte() * n / 256
    }

    /// True in so many of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.byte() * 100 / 256 >= 100 - percent
    }

    /// One of them.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// One of them, by weight.
    pub fn weighted<T: Clone>(&mut self, from: &[(usize, T)]) -> T {
        let total: usize = from.iter().map(|(weight, _)| weight).sum();
        let mut at = self.byte() * total / 256;
        for (weight, choice) in from {
            if at < *weight {
                return choice.clone();
            }
            at -= weight;
        }
        unreachable!("the weights add up to the total")
    }

    /// Some of them, each with the same chance.
    pub fn some_of<T: Clone>(&mut self, from: &[T], percent: usize) -> Vec<T> {
        from.iter().filter(|_| self.chance(percent)).cloned().collect()
    }
}

pub fn number(text: &str) -> Number {
    Decimal::parse(text).unwrap().value()
}

pub fn span() -> Span {
    Span { file: FileId(0), start: 0, end: 0 }
}

pub fn expr(kind: ExprKind, ty: Type) -> Expr {
    Expr { kind, ty, span: span() }
}

pub fn condition(kind: ExprKind) -> Expr {
    expr(kind, Type::Boolean)
}

pub fn plain() -> Type {
    Type::Quantity(Unit::plain())
}

impl World {
    /// The world that two strings of bytes stand for, its rules drawn by `rules`.
    pub fn draw(suite: &[u8], data: &[u8], rules: impl FnOnce(&mut Generator<'_, '_>)) -> World {
        let mut entropy = Entropy::new(suite);
        let mut generator = Generator::new(&mut entropy);
        rules(&mut generator);
        let (period, periods) = (generator.period, generator.near_periods());
        World::submitted(generator.suite, period, periods, data)
    }

    /// The same with a suite that is compiled from a rule file; an error if it does not compile.
    pub fn write(suite: &[u8], data: &[u8], rules: usize) -> Result<(String, World), String> {
        let (text, period) = written::write(&mut Entropy::new(suite), rules);
        let suite = written::compile(&text)?;
        let periods = [0, -1, -2, 1, -3].iter().filter_map(|step| period.plus(*step));
        let periods = periods.chain(period.plus_years(-1).filter(|_| period.granularity() != Granularity::Year));
        Ok((text, World::submitted(suite, period, periods.collect(), data)))
    }

    fn submitted(suite: Suite, period: Period, periods: Vec<Period>, data: &[u8]) -> World {
        let mut entropy = Entropy::new(data);
        let from = if entropy.chance(15) {
            (period.first_day(), [-1, -100, 0])
        } else {
            (period.last_day(), entropy.weighted(&[(6, [0, 1, 200]), (1, [-1, -20, 1000])]))
        };
        let as_of = from.0.saturating_add(jiff::Span::new().days(i64::from(entropy.pick(&from.1))));
        let some: Vec<Period> = periods.into_iter().take(6 - entropy.below(4)).collect();
        let mut tables = Tables::new(&mut entropy, some);
        let submission = tables.submission(&suite);
        let standards = tables.standards(&suite);
        World { suite, submission, standards, period, as_of }
    }
}
