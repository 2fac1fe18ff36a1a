//! Expressions. The grammar keeps comparisons apart; signs of arithmetic are put into a tree here by precedence.

use std::sync::LazyLock;

use pest::iterators::Pair;
use pest::pratt_parser::{Assoc, Op, PrattParser};

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::{Decimal, Granularity};
use crate::syntax::Rule;
use crate::syntax::ast::{
    Aggregate, Arithmetic, Change, Comparison, Expr, ExprKind, ListExpr, Name, PeriodRef, Selector, Tolerance,
};

use super::{Builder, Built, Cursor, disagreement};

static PRECEDENCE: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Op::infix(Rule::op_add, Assoc::Left) | Op::infix(Rule::op_subtract, Assoc::Left))
        .op(Op::infix(Rule::op_multiply, Assoc::Left) | Op::infix(Rule::op_divide, Assoc::Left))
        .op(Op::prefix(Rule::op_negate))
});

/// The length of period that a streak counts in; 次 and 期 leave it to the case.
fn step(counter: &str) -> Option<Granularity> {
    match counter {
        "年" | "years" => Some(Granularity::Year),
        "季" | "季度" | "个季度" | "quarters" => Some(Granularity::Quarter),
        "月" | "个月" | "months" => Some(Granularity::Month),
        _ => None,
    }
}

fn boxed(kind: ExprKind, span: Span) -> Box<Expr> {
    Box::new(Expr { kind, span })
}

impl Builder<'_> {
    /// `body` or `delimited`: an aggregate with the filter that it owns, or any expression.
    pub(super) fn delimited(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let inner = self.cursor(pair).next()?;
        if inner.as_rule() != Rule::filtered_aggregate {
            return self.expression(inner);
        }
        let span = self.span(&inner);
        let mut cursor = self.cursor(inner);
        let function = self.aggregate_word(&mut cursor)?;
        let of = Box::new(self.aggregate_operand(cursor.need(Rule::aggregate_operand)?)?);
        cursor.need(Rule::k_where)?;
        let filter = Some(Box::new(self.expression(cursor.need(Rule::expr)?)?));
        Ok(Expr { kind: ExprKind::Aggregate { function, of, filter }, span })
    }

    pub(super) fn expression(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut cursor = self.cursor(pair);
        match rule {
            Rule::expr => self.expression(cursor.next()?),
            Rule::or_expr => self.row(cursor, Rule::k_or, ExprKind::Or, span),
            Rule::and_expr => self.row(cursor, Rule::k_and, ExprKind::And, span),
            Rule::not_expr => {
                if cursor.skip(Rule::k_not) {
                    let inner = Box::new(self.expression(cursor.next()?)?);
                    return Ok(Expr { kind: ExprKind::Not(inner), span });
                }
                self.expression(cursor.next()?)
            }
            Rule::implies => {
                cursor.need(Rule::k_if)?;
                let condition = Box::new(self.expression(cursor.need(Rule::expr)?)?);
                cursor.need(Rule::k_then)?;
                let conclusion = Box::new(self.expression(cursor.need(Rule::expr)?)?);
                Ok(Expr { kind: ExprKind::Implies(condition, conclusion), span })
            }
            Rule::quantified => {
                let every = cursor.next()?.as_rule() != Rule::k_some;
                let over = if cursor.skip(Rule::k_period) {
                    let over = self.period_span(cursor.need(Rule::period_span)?)?;
                    cursor.need(Rule::k_require)?;
                    Some(over)
                } else {
                    None
                };
                let condition = Box::new(self.expression(cursor.next()?)?);
                Ok(Expr { kind: ExprKind::Quantified { every, over, condition }, span })
            }
            Rule::streak => {
                cursor.skip(Rule::k_streak);
                let times = self.decimal(&cursor.need(Rule::integer)?)?;
                let step = cursor.take(Rule::k_counter).and_then(|word| step(word.as_str()));
                cursor.skip(Rule::k_in_a_row);
                let condition = Box::new(self.expression(cursor.next()?)?);
                Ok(Expr { kind: ExprKind::Streak { times, step, condition }, span })
            }
            Rule::comparison => self.comparison(cursor, span),
            _ => Err(disagreement(span)),
        }
    }

    /// `a 且 b 且 c`, flat; one operand alone is itself.
    fn row(&self, mut cursor: Cursor<'_>, word: Rule, kind: fn(Vec<Expr>) -> ExprKind, span: Span) -> Built<Expr> {
        let first = self.expression(cursor.next()?)?;
        if !cursor.skip(word) {
            return Ok(first);
        }
        let mut operands = vec![first, self.expression(cursor.next()?)?];
        while cursor.skip(word) {
            operands.push(self.expression(cursor.next()?)?);
        }
        Ok(Expr { kind: kind(operands), span })
    }

    fn comparison(&self, mut cursor: Cursor<'_>, span: Span) -> Built<Expr> {
        if let Some(tuple) = cursor.take(Rule::unique_tuple) {
            let mut inner = self.cursor(tuple);
            inner.need(Rule::open)?;
            return Ok(Expr { kind: ExprKind::Unique(self.names(&mut inner)), span });
        }
        let left = self.arithmetic(cursor.need(Rule::arithmetic)?)?;
        let Some(tail) = cursor.take(Rule::comparison_tail) else { return Ok(left) };
        let tail = self.cursor(tail).next()?;
        let rule = tail.as_rule();
        let mut tail = self.cursor(tail);
        let of = Box::new(left);
        let kind = match rule {
            Rule::tail_filled => ExprKind::Filled(of),
            Rule::tail_unique => match of.kind {
                ExprKind::Name(text) => ExprKind::Unique(vec![Name { text, span: of.span }]),
                _ => return Err(unique_of_names(of.span)),
            },
            Rule::tail_in => {
                let negated = tail.next()?.as_rule() == Rule::k_not_in;
                let within = ExprKind::In { of, list: self.list(tail.need(Rule::list)?)? };
                if negated { ExprKind::Not(boxed(within, span)) } else { within }
            }
            Rule::tail_matches => {
                tail.next()?;
                ExprKind::Matches { of, pattern: self.need_text(&mut tail)? }
            }
            Rule::tail_before => {
                tail.next()?;
                ExprKind::Before(of, Box::new(self.arithmetic(tail.need(Rule::arithmetic)?)?))
            }
            Rule::tail_between => self.between(of, tail)?,
            Rule::tail_postfix => {
                let right = Box::new(self.number(tail.need(Rule::number)?)?);
                self.postfix(of, right, tail)?
            }
            _ => self.compared(of, tail)?,
        };
        Ok(Expr { kind, span })
    }

    /// `在 a 到 b 之间`, `between a and b`, `在 a 以内`, `在 a 左右 2%`.
    fn between(&self, of: Box<Expr>, mut tail: Cursor<'_>) -> Built<ExprKind> {
        tail.need(Rule::k_between)?;
        let low = Box::new(self.arithmetic(tail.need(Rule::arithmetic)?)?);
        if tail.skip(Rule::k_to) || tail.skip(Rule::k_and) {
            let high = Box::new(self.arithmetic(tail.need(Rule::arithmetic)?)?);
            return Ok(ExprKind::Between { of, low, high });
        }
        self.postfix(of, low, tail)
    }

    /// What stands behind a threshold without a comparison before it: 以上, 以内, 左右.
    fn postfix(&self, left: Box<Expr>, right: Box<Expr>, mut tail: Cursor<'_>) -> Built<ExprKind> {
        let word = tail.next()?;
        let (operator, tolerance) = match word.as_rule() {
            Rule::k_over => (Comparison::AtLeast, None),
            Rule::k_under => (Comparison::AtMost, None),
            _ => (Comparison::Equal, Some(self.about(word)?)),
        };
        Ok(ExprKind::Compare { operator, left, right, tolerance })
    }

    fn about(&self, pair: Pair<'_, Rule>) -> Built<Tolerance> {
        let mut cursor = self.cursor(pair);
        cursor.need(Rule::k_about)?;
        Ok(Tolerance::Relative(Box::new(self.number(cursor.need(Rule::number)?)?)))
    }

    fn compared(&self, left: Box<Expr>, mut tail: Cursor<'_>) -> Built<ExprKind> {
        let sign = tail.need(Rule::comparator)?;
        let (sign_span, sign_text) = (self.span(&sign), sign.as_str().trim().to_owned());
        let mut operator = match self.cursor(sign).peek() {
            Some(Rule::op_at_least | Rule::k_at_least) => Comparison::AtLeast,
            Some(Rule::op_at_most | Rule::k_at_most) => Comparison::AtMost,
            Some(Rule::op_above | Rule::k_above) => Comparison::Above,
            Some(Rule::op_below | Rule::k_below) => Comparison::Below,
            Some(Rule::op_not_equal | Rule::k_not_equal) => Comparison::NotEqual,
            _ => Comparison::Equal,
        };
        let right = Box::new(self.arithmetic(tail.need(Rule::arithmetic)?)?);
        let Ok(behind) = tail.next() else {
            return Ok(ExprKind::Compare { operator, left, right, tolerance: None });
        };
        let mut tolerance = None;
        let fits = match (behind.as_rule(), operator) {
            (Rule::k_over, Comparison::AtLeast | Comparison::Equal) => {
                operator = Comparison::AtLeast;
                true
            }
            (Rule::k_under, Comparison::AtMost | Comparison::Equal) => {
                operator = Comparison::AtMost;
                true
            }
            (Rule::plus_minus | Rule::about, Comparison::Equal) => true,
            _ => false,
        };
        if !fits {
            return Err(contradiction(&sign_text, sign_span.to(self.span(&behind)), &behind));
        }
        match behind.as_rule() {
            Rule::about => tolerance = Some(self.about(behind)?),
            Rule::plus_minus => {
                let mut inner = self.cursor(behind);
                inner.need(Rule::plus_minus_sign)?;
                tolerance = Some(Tolerance::Absolute(Box::new(self.arithmetic(inner.need(Rule::arithmetic)?)?)));
            }
            _ => {}
        }
        Ok(ExprKind::Compare { operator, left, right, tolerance })
    }

    pub(super) fn list(&self, pair: Pair<'_, Rule>) -> Built<ListExpr> {
        let span = self.span(&pair);
        let mut cursor = self.cursor(pair);
        if let Some(field) = cursor.take(Rule::field) {
            let mut field = self.cursor(field);
            let dataset = self.need_name(&mut field)?;
            field.need(Rule::dot)?;
            return Ok(ListExpr::Column { dataset, column: self.need_name(&mut field)? });
        }
        let mut values = Vec::new();
        while let Ok(item) = cursor.next() {
            if item.as_rule() == Rule::literal {
                values.push(self.literal(item)?);
            }
        }
        Ok(ListExpr::Values(values, span))
    }

    fn arithmetic(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        PRECEDENCE
            .map_primary(|operand| self.operand(operand))
            .map_prefix(|sign, operand| {
                let operand = operand?;
                let span = self.span(&sign).to(operand.span);
                Ok(Expr { kind: ExprKind::Negate(Box::new(operand)), span })
            })
            .map_infix(|left, sign, right| {
                let (left, right) = (Box::new(left?), Box::new(right?));
                let operator = match sign.as_rule() {
                    Rule::op_add => Arithmetic::Add,
                    Rule::op_subtract => Arithmetic::Subtract,
                    Rule::op_multiply => Arithmetic::Multiply,
                    _ => Arithmetic::Divide,
                };
                let span = left.span.to(right.span);
                Ok(Expr { kind: ExprKind::Arithmetic { operator, left, right }, span })
            })
            .parse(pair.into_inner())
    }

    fn operand(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let whole = self.span(&pair);
        let mut cursor = self.cursor(pair);
        let mut expr = self.primary(cursor.next()?)?;
        while let Some(selectors) = cursor.take(Rule::selectors) {
            let span = Span { end: self.span(&selectors).end, ..whole };
            expr = Expr { kind: ExprKind::At { of: Box::new(expr), selectors: self.selectors(selectors)? }, span };
        }
        match cursor.take(Rule::change) {
            Some(change) => Ok(Expr { kind: self.change(Box::new(expr), change)?, span: whole }),
            None => Ok(expr),
        }
    }

    fn primary(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::paren => {
                let mut cursor = self.cursor(pair);
                cursor.need(Rule::open)?;
                self.delimited(cursor.need(Rule::delimited)?)
            }
            Rule::children_sum => {
                let mut cursor = self.cursor(pair);
                cursor.next()?;
                Ok(Expr { kind: ExprKind::ChildrenSum { along: self.need_name(&mut cursor)? }, span })
            }
            Rule::aggregate => self.aggregate(pair),
            Rule::named => {
                let mut cursor = self.cursor(pair);
                let name = self.need_name(&mut cursor)?;
                if cursor.skip(Rule::dot) {
                    let column = self.need_name(&mut cursor)?;
                    return Ok(Expr { kind: ExprKind::Field { dataset: name, column }, span });
                }
                let Some(arguments) = cursor.take(Rule::arguments) else {
                    return Ok(Expr { kind: ExprKind::Name(name.text), span });
                };
                let mut list = Vec::new();
                let mut cursor = self.cursor(arguments);
                while let Ok(argument) = cursor.next() {
                    if argument.as_rule() == Rule::delimited {
                        list.push(self.delimited(argument)?);
                    }
                }
                Ok(Expr { kind: ExprKind::Call { function: name, arguments: list }, span })
            }
            _ => self.leaf(pair),
        }
    }

    fn aggregate(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let span = self.span(&pair);
        let mut cursor = self.cursor(pair);
        let function = self.aggregate_word(&mut cursor)?;
        let inner = cursor.next()?;
        if inner.as_rule() == Rule::aggregate_operand {
            let of = Box::new(self.aggregate_operand(inner)?);
            return Ok(Expr { kind: ExprKind::Aggregate { function, of, filter: None }, span });
        }
        let mut cursor = self.cursor(inner);
        cursor.need(Rule::open)?;
        let of = Box::new(self.aggregate_operand(cursor.need(Rule::aggregate_operand)?)?);
        let filter =
            if cursor.skip(Rule::k_where) { Some(Box::new(self.expression(cursor.need(Rule::expr)?)?)) } else { None };
        Ok(Expr { kind: ExprKind::Aggregate { function, of, filter }, span })
    }

    fn aggregate_word(&self, cursor: &mut Cursor<'_>) -> Built<Aggregate> {
        Ok(match self.cursor(cursor.need(Rule::aggregate_word)?).peek() {
            Some(Rule::k_sum) => Aggregate::Sum,
            Some(Rule::k_count) => Aggregate::Count,
            Some(Rule::k_distinct) => Aggregate::Distinct,
            Some(Rule::k_mean) => Aggregate::Mean,
            Some(Rule::k_max) => Aggregate::Max,
            Some(Rule::k_min) => Aggregate::Min,
            _ => Aggregate::Share,
        })
    }

    fn aggregate_operand(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let whole = self.span(&pair);
        let mut cursor = self.cursor(pair);
        let name = self.need_name(&mut cursor)?;
        let mut expr = if cursor.skip(Rule::dot) {
            let column = self.need_name(&mut cursor)?;
            let span = name.span.to(column.span);
            Expr { kind: ExprKind::Field { dataset: name, column }, span }
        } else {
            Expr { kind: ExprKind::Name(name.text), span: name.span }
        };
        while let Some(selectors) = cursor.take(Rule::selectors) {
            let span = Span { end: self.span(&selectors).end, ..whole };
            expr = Expr { kind: ExprKind::At { of: Box::new(expr), selectors: self.selectors(selectors)? }, span };
        }
        Ok(expr)
    }

    pub(super) fn selectors(&self, pair: Pair<'_, Rule>) -> Built<Vec<Selector>> {
        let mut found = Vec::new();
        let mut cursor = self.cursor(pair);
        while let Ok(child) = cursor.next() {
            if child.as_rule() != Rule::selector {
                continue;
            }
            let inner = self.cursor(child).next()?;
            found.push(match inner.as_rule() {
                Rule::relative => Selector::Period(self.period_ref(inner)?),
                Rule::period_span => {
                    let single = inner.clone().into_inner().count() == 1;
                    let over = self.period_span(inner)?;
                    if single {
                        let kind = crate::syntax::ast::PeriodRefKind::Absolute(over.from);
                        Selector::Period(PeriodRef { kind, span: over.span })
                    } else {
                        Selector::Range(over)
                    }
                }
                _ => {
                    let mut cursor = self.cursor(inner);
                    let name = self.need_name(&mut cursor)?;
                    cursor.need(Rule::eq)?;
                    Selector::Member(name, self.need_text(&mut cursor)?)
                }
            });
        }
        Ok(found)
    }

    fn change(&self, of: Box<Expr>, pair: Pair<'_, Rule>) -> Built<ExprKind> {
        let place = self.span(&pair);
        let mut since = None;
        let mut over = None;
        let mut verb = None;
        let mut times: Option<Decimal> = None;
        let mut cursor = self.cursor(pair);
        while let Ok(part) = cursor.next() {
            match part.as_rule() {
                Rule::since => {
                    let mut inner = self.cursor(part);
                    inner.need(Rule::k_since)?;
                    since = Some(self.period_ref(inner.need(Rule::period_ref)?)?);
                }
                Rule::change_verb => verb = self.cursor(part).peek(),
                Rule::period_span => over = Some(self.period_span(part)?),
                Rule::yearly_after => {
                    let mut inner = self.cursor(part);
                    inner.need(Rule::k_yearly)?;
                    over = Some(self.period_span(inner.need(Rule::period_span)?)?);
                }
                Rule::doubles => {
                    let mut inner = self.cursor(part);
                    times = Some(match inner.next()?.as_rule() {
                        Rule::k_doubles_once => Decimal::new(1, 0),
                        Rule::k_doubles_twice => Decimal::new(2, 0),
                        _ => self.decimal(&inner.need(Rule::integer)?)?,
                    });
                }
                _ => {}
            }
        }
        match (times, over, verb, since) {
            (Some(times), _, _, Some(since)) => Ok(ExprKind::Doubles { of, since, times }),
            (None, Some(over), ..) => Ok(ExprKind::YearlyGrowth { of, over }),
            (None, None, Some(verb), since) => {
                let kind = match verb {
                    Rule::k_growth => Change::Growth,
                    Rule::k_reduction => Change::Reduction,
                    Rule::k_increase => Change::Increase,
                    _ => Change::Decrease,
                };
                Ok(ExprKind::Change { kind, of, since })
            }
            _ => Err(disagreement(place)),
        }
    }
}

fn unique_of_names(span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::rule(
            &codes::UNIQUE,
            span,
            Bi::new("`唯一` 只说明列，不说明算式", "`unique` speaks of columns, not of a formula"),
        )
        .help(Bi::new(
            "写列名：`代码 唯一`，或 `(部门, 科目) 唯一`",
            "write columns: `code unique`, or `(department, subject) unique`",
        )),
    )
}

fn contradiction(sign: &str, span: Span, behind: &Pair<'_, Rule>) -> Box<Diagnostic> {
    let word = behind.as_str().split_whitespace().next().unwrap_or("");
    let help = match behind.as_rule() {
        Rule::k_over | Rule::k_under => Bi::new(
            "只留其中一个：`以上`、`以下`、`以内` 含本数，与 `达`、`不低于`、`不超过` 同义；`超过`、`低于` 不含本数",
            "keep one of the two: `or more` and `or less` include the figure, `above` and `below` exclude it",
        ),
        _ => Bi::new(
            "允许的误差只与 `=` 同用：`a = b ± 0.5 万元`；其他比较请直接写界限",
            "a tolerance goes with `=` only: `a = b ± 0.5 万元`; for other comparisons write the limit itself",
        ),
    };
    Box::new(
        Diagnostic::rule(
            &codes::CONTRADICTION,
            span,
            Bi::new(format!("`{sign}` 与 `{word}` 不能同用"), format!("`{sign}` and `{word}` do not go together")),
        )
        .help(help),
    )
}
