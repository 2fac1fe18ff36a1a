//! Names, texts, figures with units, dates and periods.

use jiff::civil::Date;
use pest::iterators::Pair;

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::{Decimal, Granularity, MAX_DIGITS, Period, parse_date};
use crate::syntax::Rule;
use crate::syntax::ast::{Expr, ExprKind, Name, PeriodRef, PeriodRefKind, PeriodSpan, Text, TypeText, UnitText};
use crate::syntax::keywords;
use crate::syntax::scan::half_width;

use super::{Builder, Built, Cursor, disagreement};

impl Builder<'_> {
    pub(super) fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { text: unquoted(pair.as_str()), span: self.span(pair) }
    }

    /// The next child as a name.
    pub(super) fn need_name(&self, cursor: &mut Cursor<'_>) -> Built<Name> {
        let pair = cursor.need(Rule::name)?;
        Ok(self.name(&pair))
    }

    /// All names among the children that are left, up to something else.
    pub(super) fn names(&self, cursor: &mut Cursor<'_>) -> Vec<Name> {
        let mut names = Vec::new();
        loop {
            if let Some(pair) = cursor.take(Rule::name) {
                names.push(self.name(&pair));
            } else if !cursor.skip(Rule::comma) {
                return names;
            }
        }
    }

    pub(super) fn text(&self, pair: &Pair<'_, Rule>) -> Text {
        let quoted = pair.as_str();
        let (quote, doubled) = if quoted.starts_with('＂') { ("＂", "＂＂") } else { ("\"", "\"\"") };
        let inside = quoted.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)).unwrap_or(quoted);
        Text { text: inside.replace(doubled, quote), span: self.span(pair) }
    }

    pub(super) fn need_text(&self, cursor: &mut Cursor<'_>) -> Built<Text> {
        let pair = cursor.need(Rule::string)?;
        Ok(self.text(&pair))
    }

    pub(super) fn unit(&self, pair: &Pair<'_, Rule>) -> UnitText {
        let text = pair.as_str().chars().filter(|c| *c != '`').map(half_width).collect();
        UnitText { text, span: self.span(pair) }
    }

    /// A figure or a whole number, thousands separators taken out.
    pub(super) fn decimal(&self, pair: &Pair<'_, Rule>) -> Built<Decimal> {
        let digits: String = pair.as_str().chars().map(half_width).filter(|c| *c != ',').collect();
        Decimal::parse(&digits).ok_or_else(|| {
            Box::new(Diagnostic::rule(
                &codes::NUMBER,
                self.span(pair),
                Bi::new(
                    format!("这个数太长：最多 {MAX_DIGITS} 位"),
                    format!("this number is too long: at most {MAX_DIGITS} digits"),
                ),
            ))
        })
    }

    /// A `number` pair: a figure and perhaps a unit.
    pub(super) fn number(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let span = self.span(&pair);
        let mut cursor = self.cursor(pair);
        let value = self.decimal(&cursor.need(Rule::figure)?)?;
        let unit = cursor.take(Rule::unit_text).map(|unit| self.unit(&unit));
        Ok(Expr { kind: ExprKind::Number { value, unit }, span })
    }

    /// A leaf that is the same in an expression, a list and a given value.
    pub(super) fn leaf(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::string => ExprKind::Text(self.text(&pair).text),
            Rule::date => ExprKind::Date(self.date(&pair)?),
            Rule::period_literal => ExprKind::Period(self.period_text(&pair)?),
            Rule::dashed_year => return Err(self.dashed(&pair)),
            Rule::number => return self.number(pair),
            Rule::boolean => ExprKind::Boolean(self.cursor(pair).peek() == Some(Rule::k_true)),
            Rule::this_period => ExprKind::ThisPeriod,
            Rule::name => ExprKind::Name(self.name(&pair).text),
            _ => return Err(disagreement(span)),
        };
        Ok(Expr { kind, span })
    }

    /// `literal`: a leaf, perhaps negated.
    pub(super) fn literal(&self, pair: Pair<'_, Rule>) -> Built<Expr> {
        let span = self.span(&pair);
        let mut cursor = self.cursor(pair);
        let negative = cursor.skip(Rule::op_negate);
        let leaf = self.leaf(cursor.next()?)?;
        if negative { Ok(Expr { kind: ExprKind::Negate(Box::new(leaf)), span }) } else { Ok(leaf) }
    }

    pub(super) fn date(&self, pair: &Pair<'_, Rule>) -> Built<Date> {
        let text = pair.as_str();
        let plain: String = text.chars().map(|c| if c == '号' { '日' } else { c }).collect();
        parse_date(&plain).ok_or_else(|| {
            Box::new(
                Diagnostic::rule(
                    &codes::DATE,
                    self.span(pair),
                    Bi::new(format!("日历上没有 `{text}` 这一天"), format!("there is no day `{text}` in the calendar")),
                )
                .help(Bi::new("日期写作 `2021-03-15` 或 `2021年3月15日`", "write a date as `2021-03-15`")),
            )
        })
    }

    fn period_text(&self, pair: &Pair<'_, Rule>) -> Built<Period> {
        let text = pair.as_str();
        Period::parse(text).ok_or_else(|| {
            Box::new(
                Diagnostic::rule(
                    &codes::PERIOD,
                    self.span(pair),
                    Bi::new(format!("没有 `{text}` 这个期间"), format!("there is no period `{text}`")),
                )
                .help(Bi::new(
                    "年度写 `2021`，半年写 `2021H1` 至 `2021H2`，季度写 `2021Q1` 至 `2021Q4`，月份写 `2021-01` 至 `2021-12`",
                    "a year is `2021`, a half-year `2021H1` or `2021H2`, a quarter `2021Q1` to `2021Q4`, a month `2021-01` to `2021-12`",
                )),
            )
        })
    }

    fn dashed(&self, pair: &Pair<'_, Rule>) -> Box<Diagnostic> {
        let text: String = pair.as_str().chars().map(half_width).collect();
        let (left, right) = text.split_once('-').unwrap_or((&text, ""));
        let mut zh = Vec::new();
        let mut en = Vec::new();
        if right.len() == 1 && right != "0" {
            zh.push(format!("月份写 `{left}-0{right}`"));
            en.push(format!("a month is `{left}-0{right}`"));
        }
        if right.len() == 4 {
            zh.push(format!("年度区间写 `{left}..{right}`"));
            en.push(format!("a range of years is `{left}..{right}`"));
        }
        zh.push(format!("减法在减号两边留空格：`{left} - {right}`"));
        en.push(format!("a subtraction has spaces around its sign: `{left} - {right}`"));
        Box::new(
            Diagnostic::rule(
                &codes::DASHED_YEAR,
                self.span(pair),
                Bi::new(
                    format!("`{text}` 有歧义：是期间、区间，还是减法？"),
                    format!("`{text}` is ambiguous: a period, a range or a subtraction?"),
                ),
            )
            .help(Bi::new(zh.join("；"), en.join("; "))),
        )
    }

    /// A `period` pair: a literal, or a bare year.
    pub(super) fn period(&self, pair: Pair<'_, Rule>) -> Built<Period> {
        let inner = self.cursor(pair).next()?;
        match inner.as_rule() {
            Rule::dashed_year => Err(self.dashed(&inner)),
            _ => self.period_text(&inner),
        }
    }

    /// A `period_span` pair: one period, or the first and last of several.
    pub(super) fn period_span(&self, pair: Pair<'_, Rule>) -> Built<PeriodSpan> {
        let span = self.span(&pair);
        let shown = pair.as_str().trim().to_owned();
        let mut cursor = self.cursor(pair);
        let from = self.period(cursor.need(Rule::period)?)?;
        let to = if cursor.skip(Rule::range_sign) { self.period(cursor.need(Rule::period)?)? } else { from };
        if from.granularity() != to.granularity() || from > to {
            return Err(self.bad_range(span, &shown, from, to));
        }
        Ok(PeriodSpan { from, to, span })
    }

    fn bad_range(&self, span: Span, shown: &str, from: Period, to: Period) -> Box<Diagnostic> {
        let diagnostic = if from.granularity() == to.granularity() {
            Diagnostic::rule(
                &codes::RANGE,
                span,
                Bi::new(format!("区间 `{shown}` 的终点早于起点"), format!("the range `{shown}` ends before it begins")),
            )
            .help(Bi::new(format!("是否想写 `{to}..{from}`？"), format!("did you mean `{to}..{from}`?")))
        } else {
            Diagnostic::rule(
                &codes::RANGE,
                span,
                Bi::new(
                    format!("区间 `{shown}` 的两端长短不一"),
                    format!("the two ends of the range `{shown}` are periods of different length"),
                ),
            )
            .help(Bi::new("两端都写年度、都写季度，或都写月份", "write two years, two quarters or two months"))
        };
        Box::new(diagnostic)
    }

    /// A `period_ref` pair, or a `relative` one.
    pub(super) fn period_ref(&self, pair: Pair<'_, Rule>) -> Built<PeriodRef> {
        let span = self.span(&pair);
        let inner = match pair.as_rule() {
            Rule::period_ref => self.cursor(pair).next()?,
            _ => pair,
        };
        let kind = match inner.as_rule() {
            Rule::period => PeriodRefKind::Absolute(self.period(inner)?),
            _ => match self.cursor(inner).peek() {
                Some(Rule::k_last_year) => PeriodRefKind::LastYear,
                Some(Rule::k_previous) => PeriodRefKind::Previous,
                _ => PeriodRefKind::This,
            },
        };
        Ok(PeriodRef { kind, span })
    }

    /// A `type_text` pair. The words of the types are no keywords elsewhere, so they are told apart here.
    pub(super) fn type_text(&self, pair: Pair<'_, Rule>) -> Built<TypeText> {
        let span = self.span(&pair);
        let inner = self.cursor(pair).next()?;
        if inner.as_rule() == Rule::k_period {
            return Ok(TypeText::Period(None, span));
        }
        let role = |role: &str| {
            keywords::of_role(role)
                .is_some_and(|keyword| keyword.spellings().any(|spelling| spelling == inner.as_str()))
        };
        Ok(match () {
            () if role("text") => TypeText::Text(span),
            () if role("boolean") => TypeText::Boolean(span),
            () if role("date") => TypeText::Date(span),
            () if role("year") => TypeText::Period(Some(Granularity::Year), span),
            () if role("half") => TypeText::Period(Some(Granularity::Half), span),
            () if role("quarter") => TypeText::Period(Some(Granularity::Quarter), span),
            () if role("month") => TypeText::Period(Some(Granularity::Month), span),
            () => TypeText::Named(self.unit(&inner)),
        })
    }
}

/// A name without its back quotes.
pub(super) fn unquoted(name: &str) -> String {
    name.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).unwrap_or(name).to_owned()
}
