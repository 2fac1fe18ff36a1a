//! Expressions: from the tree to the resolved and typed [`hir::Expr`].
//!
//! What comes in: an expression and the place where it stands ([`Cx`]). What goes out: the typed expression, or `None`
//! when something is wrong with it, which has been reported. Functions are unfolded here: a parameter is read in the
//! place of its argument, so that everything is typed with the arguments put in.

mod aggregate;
mod arithmetic;
mod call;
mod change;
mod compare;
mod literal;
mod logic;
mod name;
mod period;
mod row;
mod unify;

use std::cell::RefCell;

use crate::base::codes::names as codes;
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::quantity::{Period, Unit};
use crate::syntax::ast::{self, ExprKind};

use super::Compiler;
use super::hir::{self, DatasetId, DimId, Type};
use call::Env;
pub use literal::written;
pub use period::MAX_PERIODS;

/// Nesting of one expression, functions unfolded. The parser bounds what is written; this bounds what it unfolds to.
const MAX_DEPTH: usize = 400;

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In a rule, over the case.
    Rule,
    /// In the body of an indicator.
    Indicator,
    /// In the condition of a row rule.
    Row(DatasetId),
    /// In the `当` of a row rule.
    RowWhen(DatasetId),
    /// In the filter of an aggregate.
    Filter(DatasetId),
}

/// A series of periods found in a condition: which, and where.
pub struct Series {
    pub periods: Vec<Period>,
    pub span: Span,
}

/// What an expression can see.
#[derive(Clone, Copy)]
pub struct Cx<'c> {
    /// Where it stands.
    pub scope: Scope,
    /// Dimensions whose member is known: 对每个, parameters of the indicator, members in brackets.
    pub dims: &'c [DimId],
    /// The function that is being unfolded.
    pub env: Option<&'c Env<'c>>,
    /// Where a series of periods is handed to; without it a series is an error.
    pub series: Option<&'c RefCell<Option<Series>>>,
    /// The enclosing indicator says 空值计零.
    pub blank_as_zero: bool,
}

impl<'c> Cx<'c> {
    /// The place of a rule's own expressions.
    pub fn new(scope: Scope, dims: &'c [DimId]) -> Self {
        Cx { scope, dims, env: None, series: None, blank_as_zero: false }
    }

    /// The dataset whose columns are in sight.
    pub fn row(self) -> Option<DatasetId> {
        match self.scope {
            Scope::Row(dataset) | Scope::RowWhen(dataset) | Scope::Filter(dataset) => Some(dataset),
            Scope::Rule | Scope::Indicator => None,
        }
    }

    /// The same place, where no series may stand.
    fn without_series(self) -> Self {
        Cx { series: None, ..self }
    }

    /// The expression that a parameter stands for, and the place where it is read; any other expression is itself.
    fn peel<'e>(self, expr: &'e ast::Expr) -> (Cx<'e>, &'e ast::Expr)
    where
        'c: 'e,
    {
        let (mut cx, mut expr): (Cx<'e>, &'e ast::Expr) = (self, expr);
        while let (ExprKind::Name(name), Some(env)) = (&expr.kind, cx.env) {
            let Some(argument) = env.argument(name) else { break };
            (cx.env, expr) = (env.outer, argument);
        }
        (cx, expr)
    }
}

impl Compiler<'_> {
    /// Reports an error within an expression, with the place where the function it came from was used.
    fn fault(&mut self, cx: Cx<'_>, diagnostic: Diagnostic) {
        let mut outermost = None;
        let mut env = cx.env;
        while let Some(inner) = env {
            // A function that nothing calls is looked at where it stands.
            let called = inner.call != inner.define.name.span;
            outermost = called.then_some((inner.call, inner.define.name.text.as_str())).or(outermost);
            env = inner.outer;
        }
        self.report.add(match outermost {
            Some((call, name)) => diagnostic.label(
                Place::Rule(call),
                Bi::new(format!("在这里代入函数 `{name}` 时"), format!("when function `{name}` is put in here")),
            ),
            None => diagnostic,
        });
    }

    /// The value of an expression.
    pub fn value(&mut self, cx: Cx<'_>, expr: &ast::Expr) -> Option<hir::Expr> {
        self.depth += 1;
        let outcome = if self.depth > MAX_DEPTH { self.too_deep(expr.span) } else { self.value_inside(cx, expr) };
        self.depth -= 1;
        outcome
    }

    #[cold]
    fn too_deep(&mut self, span: Span) -> Option<hir::Expr> {
        self.report.error(
            &codes::EXPANSION,
            span,
            Bi::new("函数代入后嵌套太深", "nested too deeply once functions are put in"),
            Bi::new("把其中一部分写成指标", "make an indicator of a part of it"),
        );
        None
    }

    fn value_inside(&mut self, cx: Cx<'_>, expr: &ast::Expr) -> Option<hir::Expr> {
        let (cx, expr) = cx.peel(expr);
        if cx.env.is_some() && !self.count_expanded(cx) {
            return None;
        }
        let span = expr.span;
        match &expr.kind {
            ExprKind::Number { value, unit } => self.number(value, unit.as_ref(), span),
            ExprKind::Text(text) => Some(typed(hir::ExprKind::Text(text.as_str().into()), Type::Text, span)),
            ExprKind::Boolean(value) => Some(typed(hir::ExprKind::Boolean(*value), Type::Boolean, span)),
            ExprKind::Date(date) => Some(typed(hir::ExprKind::Date(*date), Type::Date, span)),
            ExprKind::Period(period) => {
                Some(typed(hir::ExprKind::Period(*period), Type::Period(Some(period.granularity())), span))
            }
            ExprKind::ThisPeriod => Some(typed(hir::ExprKind::ThisPeriod, Type::Period(None), span)),
            ExprKind::Name(name) => self.name(cx, name, span),
            ExprKind::Field { dataset, column } => self.field(cx, dataset, column, span),
            ExprKind::Call { function, arguments } => self.call(cx, function, arguments, span),
            ExprKind::At { of, selectors } => self.at(cx, of, selectors, span),
            ExprKind::Aggregate { function, of, filter } => self.aggregate(cx, *function, of, filter.as_deref(), span),
            ExprKind::ChildrenSum { along } => self.children_sum_alone(cx, along),
            ExprKind::Negate(of) => self.negate(cx, of, span),
            ExprKind::Arithmetic { operator, left, right } => self.arithmetic(cx, *operator, left, right, span),
            ExprKind::Change { kind, of, since } => self.change(cx, *kind, of, since.as_ref(), span),
            ExprKind::YearlyGrowth { .. } => self.yearly_alone(cx, span),
            ExprKind::Doubles { of, since, times } => self.doubles(cx, of, since, times, span),
            ExprKind::Compare { operator, left, right, tolerance: None } => {
                self.compare(cx, *operator, left, right, span)
            }
            ExprKind::Compare { left, right, tolerance: Some(tolerance), .. } => {
                self.near(cx, left, right, tolerance, span)
            }
            ExprKind::Between { of, low, high } => self.between(cx, of, low, high, span),
            ExprKind::Filled(of) => self.filled(cx, of, span),
            ExprKind::Unique(columns) => self.unique(cx, columns, span),
            ExprKind::In { of, list } => self.member_of(cx, of, list, span),
            ExprKind::Matches { of, pattern } => self.matches(cx, of, pattern, span),
            ExprKind::Before(left, right) => self.before(cx, left, right, span),
            ExprKind::Not(of) => {
                let of = self.condition(cx, of)?;
                Some(condition(hir::ExprKind::Not(Box::new(of)), span))
            }
            ExprKind::And(all) => Some(condition(hir::ExprKind::And(self.conditions(cx, all)?), span)),
            ExprKind::Or(all) => Some(condition(hir::ExprKind::Or(self.conditions(cx, all)?), span)),
            ExprKind::Implies(left, right) => {
                let (left, right) = (self.condition(cx, left), self.condition(cx, right));
                Some(condition(hir::ExprKind::Implies(Box::new(left?), Box::new(right?)), span))
            }
            ExprKind::Quantified { every, over, condition } => {
                self.quantified(cx, *every, over.as_ref(), condition, span)
            }
            ExprKind::Streak { times, step, condition } => self.streak(cx, (times, *step), condition, span),
        }
    }
}

/// A typed expression.
fn typed(kind: hir::ExprKind, ty: Type, span: Span) -> hir::Expr {
    hir::Expr { kind, ty, span }
}

/// A condition.
fn condition(kind: hir::ExprKind, span: Span) -> hir::Expr {
    typed(kind, Type::Boolean, span)
}

/// A number that is shown in the given unit.
fn quantity(kind: hir::ExprKind, unit: Unit, span: Span) -> hir::Expr {
    typed(kind, Type::Quantity(unit), span)
}

/// Is it a number?
fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Quantity(_))
}
