//! Clauses of rules and groups, and tests.

use pest::iterators::Pair;

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::syntax::Rule;
use crate::syntax::ast::{
    self, CaseKey, Clause, ClauseKind, Deadline, Decl, Expectation, Given, Kind, Selector, Text, Verdict,
};

use super::declaration::twice;
use super::literal::unquoted;
use super::{Builder, Built, Cursor, disagreement};

impl Builder<'_> {
    pub(super) fn clauses(&self, mut cursor: Cursor<'_>) -> Built<Vec<Clause>> {
        let mut clauses = Vec::new();
        while let Some(clause) = cursor.take(Rule::clause) {
            let inner = self.cursor(clause).next()?;
            let span = self.span(&inner);
            clauses.push(Clause { kind: self.clause(inner)?, span });
        }
        Ok(clauses)
    }

    fn clause(&self, pair: Pair<'_, Rule>) -> Built<ClauseKind> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut cursor = self.cursor(pair);
        if let Some(quantified) = cursor.take(Rule::quantified) {
            return Ok(ClauseKind::Require(self.expression(quantified)?));
        }
        cursor.next()?;
        Ok(match rule {
            Rule::c_cites => ClauseKind::Cites(self.names(&mut self.cursor(cursor.need(Rule::name_list)?))),
            Rule::c_for_each => ClauseKind::ForEach(self.names(&mut self.cursor(cursor.need(Rule::name_list)?))),
            Rule::c_period => {
                let mut periods = vec![self.period_span(cursor.need(Rule::period_span)?)?];
                while cursor.skip(Rule::comma) {
                    periods.push(self.period_span(cursor.need(Rule::period_span)?)?);
                }
                ClauseKind::Period(periods)
            }
            Rule::c_each_row => ClauseKind::EachRow(self.need_name(&mut cursor)?),
            Rule::c_when => ClauseKind::When(self.expression(cursor.need(Rule::expr)?)?),
            Rule::c_require => ClauseKind::Require(self.expression(cursor.need(Rule::expr)?)?),
            Rule::c_kind => ClauseKind::Kind(match self.cursor(cursor.need(Rule::kind_word)?).peek() {
                Some(Rule::k_binding) => Kind::Binding,
                Some(Rule::k_expected) => Kind::Expected,
                _ => Kind::Advisory,
            }),
            Rule::c_belongs_to => ClauseKind::BelongsTo(self.need_name(&mut cursor)?),
            Rule::c_owner => ClauseKind::Owner(self.need_text(&mut cursor)?),
            Rule::c_note => ClauseKind::Note(self.need_text(&mut cursor)?),
            Rule::c_accept => ClauseKind::Accept(self.need_name(&mut cursor)?, self.need_text(&mut cursor)?),
            Rule::c_deadline if cursor.skip(Rule::k_on_submission) => ClauseKind::Deadline(Deadline::Submission),
            Rule::c_deadline => ClauseKind::Deadline(Deadline::On(self.date(&cursor.need(Rule::date)?)?)),
            _ => return Err(disagreement(span)),
        })
    }

    pub(super) fn test(&mut self, mut cursor: Cursor<'_>, span: Span) -> Built<Decl> {
        let title = self.need_text(&mut cursor)?;
        let mut test = ast::Test { title, period: None, as_of: None, given: Vec::new(), expect: Vec::new(), span };
        while let Some(clause) = cursor.take(Rule::test_clause) {
            let inner = self.cursor(clause).next()?;
            let span = self.span(&inner);
            let rule = inner.as_rule();
            let mut cursor = self.cursor(inner);
            cursor.next()?;
            match rule {
                Rule::t_period if test.period.is_some() => return Err(twice(span, "期间", "period")),
                Rule::t_period => test.period = Some(self.period_span(cursor.need(Rule::period_span)?)?),
                Rule::t_as_of if test.as_of.is_some() => return Err(twice(span, "时点", "as of")),
                Rule::t_as_of => test.as_of = Some(self.date(&cursor.need(Rule::date)?)?),
                Rule::t_given => {
                    let given = cursor.next()?;
                    test.given.push(match given.as_rule() {
                        Rule::given_table => self.table(given)?,
                        Rule::given_waiver => self.given_waiver(given, span)?,
                        _ => self.given_value(given)?,
                    });
                }
                _ => test.expect.push(self.expectation(cursor, span)?),
            }
        }
        Ok(Decl::Test(test))
    }

    fn given_value(&self, pair: Pair<'_, Rule>) -> Built<Given> {
        let mut cursor = self.cursor(pair);
        let name = self.need_name(&mut cursor)?;
        let mut period = None;
        let mut members = Vec::new();
        if let Some(selectors) = cursor.take(Rule::selectors) {
            let place = self.span(&selectors);
            for selector in self.selectors(selectors)? {
                match selector {
                    Selector::Member(name, text) => members.push((name, text)),
                    Selector::Range(_) if period.is_some() => return Err(twice(place, "期间", "period")),
                    Selector::Range(span) => period = Some(span),
                    Selector::Period(reference) => match reference.kind {
                        _ if period.is_some() => return Err(twice(reference.span, "期间", "period")),
                        ast::PeriodRefKind::Absolute(at) => {
                            period = Some(ast::PeriodSpan { from: at, to: at, span: reference.span });
                        }
                        _ => return Err(relative_given(reference.span)),
                    },
                }
            }
        }
        cursor.need(Rule::eq)?;
        let value = self.literal(cursor.need(Rule::literal)?)?;
        Ok(Given::Value { name, period, members, value })
    }

    fn given_waiver(&self, pair: Pair<'_, Rule>, span: Span) -> Built<Given> {
        let mut cursor = self.cursor(pair);
        cursor.next()?;
        let rule = self.need_name(&mut cursor)?;
        let case = self.case(&mut cursor)?;
        let from = if cursor.skip(Rule::k_from) { Some(self.date(&cursor.need(Rule::date)?)?) } else { None };
        cursor.need(Rule::k_until)?;
        let until = self.date(&cursor.need(Rule::date)?)?;
        Ok(Given::Waiver { rule, case, from, until, span })
    }

    /// The brackets behind a rule's name, if there are any.
    fn case(&self, cursor: &mut Cursor<'_>) -> Built<Vec<CaseKey>> {
        let mut case = Vec::new();
        if let Some(keys) = cursor.take(Rule::case) {
            let mut keys = self.cursor(keys);
            while let Ok(key) = keys.next() {
                if key.as_rule() == Rule::case_key {
                    case.push(self.case_key(key)?);
                }
            }
        }
        Ok(case)
    }

    fn expectation(&self, mut cursor: Cursor<'_>, span: Span) -> Built<Expectation> {
        let rule = self.need_name(&mut cursor)?;
        let case = self.case(&mut cursor)?;
        let verdict = match self.cursor(cursor.need(Rule::verdict)?).peek() {
            Some(Rule::k_pass) => Verdict::Pass,
            Some(Rule::k_fail) => Verdict::Fail,
            Some(Rule::k_missing) => Verdict::Missing,
            Some(Rule::k_borderline) => Verdict::Borderline,
            Some(Rule::k_pending) => Verdict::Pending,
            Some(Rule::k_not_applicable) => Verdict::NotApplicable,
            Some(Rule::k_waived) => Verdict::Waived,
            _ => Verdict::Error,
        };
        Ok(Expectation { rule, case, verdict, span })
    }

    fn case_key(&self, pair: Pair<'_, Rule>) -> Built<CaseKey> {
        let inner = self.cursor(pair).next()?;
        Ok(match inner.as_rule() {
            Rule::case_member => {
                let mut cursor = self.cursor(inner);
                let dimension = Some(self.need_name(&mut cursor)?);
                cursor.need(Rule::eq)?;
                CaseKey::Member { dimension, member: self.case_text(&cursor.next()?) }
            }
            Rule::case_period => {
                let span = self.span(&inner);
                let period = self.cursor(inner).need(Rule::period)?;
                CaseKey::Period(self.period(period)?, span)
            }
            _ => CaseKey::Member { dimension: None, member: self.case_text(&inner) },
        })
    }

    fn case_text(&self, pair: &Pair<'_, Rule>) -> Text {
        match pair.as_rule() {
            Rule::string => self.text(pair),
            _ => Text { text: unquoted(pair.as_str()), span: self.span(pair) },
        }
    }
}

fn relative_given(span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::rule(
            &codes::PERIOD,
            span,
            Bi::new("给定的数值要写明期间", "a given figure needs a period of its own"),
        )
        .help(Bi::new("写具体的期间，如 `[2020]`", "write the period itself, such as `[2020]`")),
    )
}
