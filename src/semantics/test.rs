//! Tests: what they submit and what must come out.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;

use crate::base::codes::names as codes;
use crate::base::{Bi, Span};
use crate::quantity::{Period, Scalar};
use crate::syntax::ast::{self, CaseKey, Given, Name, PeriodSpan, TableCell, Text};

use super::Compiler;
use super::collect::Meaning;
use super::dataset::INDICATOR_TABLE_NAME;
use super::hir::{
    DatasetId, DimId, Expectation, GivenFigure, GivenTable, GivenWaiver, INDICATOR_TABLE, REGION, RuleId, Test,
};

/// Headings of the indicator table beside its columns' own names.
const INDICATOR_HEADINGS: [&str; 8] = ["单位", "限定", "indicator", "region", "period", "value", "unit", "qualifier"];

impl<'a> Compiler<'a> {
    /// Compiles all tests.
    pub fn tests(&mut self) {
        let tests = self.names.tests.clone();
        for test in tests {
            let compiled = self.test(test);
            self.suite.tests.push(compiled);
        }
    }

    fn test(&mut self, test: &'a ast::Test) -> Test {
        let mut compiled = Test {
            title: test.title.text.clone(),
            period: test.period.as_ref().and_then(|period| self.single(period)),
            as_of: test.as_of,
            tables: Vec::new(),
            figures: Vec::new(),
            standards: Vec::new(),
            waivers: Vec::new(),
            expect: Vec::new(),
            span: test.span,
        };
        for given in &test.given {
            match given {
                Given::Table { dataset, header, rows } => {
                    let table = self.given_table(dataset, header, rows);
                    compiled.tables.extend(table);
                }
                Given::Value { name, period, members, value } => {
                    self.given_value(&mut compiled, name, period.as_ref(), members, value);
                }
                Given::Waiver { rule, case, from, until, span } => {
                    let waiver = self.given_waiver(rule, case, (*from, *until), *span);
                    compiled.waivers.extend(waiver);
                }
            }
        }
        if test.expect.is_empty() {
            self.report.error(
                &codes::EXPECT,
                test.title.span,
                Bi::new(
                    format!("测试 `{}` 没有写 `期望`，什么也没有检验", test.title.text),
                    format!("test `{}` has no `expect`, and so tests nothing", test.title.text),
                ),
                Bi::new("加上 `期望 规则名 合格` 之类的期望", "add what should come out: `expect RULE pass`"),
            );
        }
        for expectation in &test.expect {
            let expectation = self.expectation(expectation);
            compiled.expect.extend(expectation);
        }
        compiled
    }

    /// A period where a range has no place.
    fn single(&mut self, span: &PeriodSpan) -> Option<Period> {
        if span.from == span.to {
            return Some(span.from);
        }
        self.report.error(
            &codes::GIVEN,
            span.span,
            Bi::new("这里只能写一个期间", "only one period may stand here"),
            Bi::new(format!("写 `{}`", span.to), format!("write `{}`", span.to)),
        );
        None
    }

    fn given_table(&mut self, name: &Name, header: &[TableCell], rows: &[Vec<TableCell>]) -> Option<GivenTable> {
        let dataset = if name.text == INDICATOR_TABLE_NAME { INDICATOR_TABLE } else { self.dataset(name)? };
        let mut seen = HashSet::new();
        for cell in header {
            if !seen.insert(cell.text.as_str()) {
                self.report.error(
                    &codes::GIVEN,
                    cell.span,
                    Bi::new(format!("表头里有两个 `{}`", cell.text), format!("the heading has `{}` twice", cell.text)),
                    Bi::new("删去其中一列", "take one of the columns out"),
                );
            } else if !(dataset == INDICATOR_TABLE && INDICATOR_HEADINGS.contains(&cell.text.as_str())) {
                self.heading(dataset, cell);
            }
        }
        let cells = |row: &[TableCell]| row.iter().map(|cell| (cell.text.clone(), cell.span)).collect::<Vec<_>>();
        Some(GivenTable { dataset, header: cells(header), rows: rows.iter().map(|row| cells(row)).collect() })
    }

    fn heading(&mut self, dataset: DatasetId, cell: &TableCell) {
        let name = Name { text: cell.text.clone(), span: cell.span };
        self.column(dataset, &name);
    }

    fn given_value(
        &mut self,
        test: &mut Test,
        name: &Name,
        period: Option<&PeriodSpan>,
        members: &[(Name, Text)],
        value: &ast::Expr,
    ) -> Option<()> {
        let period = match period {
            Some(period) => Some(self.single(period)?),
            None => None,
        };
        match self.look_up(&name.text) {
            Some(Meaning::Standard(standard)) => {
                if let Some((dimension, _)) = members.first() {
                    self.no_members(&name.text, dimension, false);
                    return None;
                }
                if self.untyped.standards.contains(&standard) {
                    return None;
                }
                let ty = self.suite.standards.get(standard.0)?.ty.clone();
                let value = self.scalar(value, &ty)?;
                test.standards.push((standard, period, value));
            }
            Some(Meaning::Indicator(indicator)) => {
                let plain = self.names.indicators.get(indicator.0).is_some_and(|(i, _)| i.body.is_none());
                if !plain {
                    self.report.error(
                        &codes::GIVEN,
                        name.span,
                        Bi::new(
                            format!("`{}` 是算出来的，不能直接给数", name.text),
                            format!("`{}` is computed, and cannot be given", name.text),
                        ),
                        Bi::new(
                            "给出它所用的数据集的行：`给定 数据集` 加表格",
                            "give the rows that it is computed from: `given DATASET` with a table",
                        ),
                    );
                    return None;
                }
                if self.untyped.indicators.contains(&indicator) {
                    return None;
                }
                let region = self.region(&name.text, members)?;
                let ty = self.suite.indicators.get(indicator.0)?.ty.clone();
                let scalar: Scalar = self.scalar(value, &ty)?;
                test.figures.push(GivenFigure {
                    indicator,
                    region,
                    period,
                    value: scalar,
                    text: self.sources.text(value.span).trim().to_owned(),
                    span: value.span,
                });
            }
            None if self.is_broken(&name.text) => {}
            other => {
                let known = self
                    .names
                    .symbols
                    .iter()
                    .filter(|(_, symbol)| matches!(symbol.meaning, Meaning::Standard(_) | Meaning::Indicator(_)));
                let nearest = self.report.nearest(&name.text, known.map(|(name, _)| *name)).map(str::to_owned);
                let help = match (nearest, other) {
                    (_, Some(Meaning::Dataset(_))) => Bi::new(
                        "数据集用表格给出：换一行写表头和各行",
                        "a dataset is given as a table: heading and rows on the lines below",
                    ),
                    (Some(nearest), _) => {
                        Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?"))
                    }
                    (None, _) => Bi::new("写已声明的指标或标准", "write an indicator or standard that is declared"),
                };
                let code = if other.is_some() { &codes::WRONG_KIND } else { &codes::UNKNOWN_NAME };
                self.report.error(
                    code,
                    name.span,
                    Bi::new(
                        format!("没有叫 `{}` 的指标或标准", name.text),
                        format!("there is no indicator or standard `{}`", name.text),
                    ),
                    help,
                );
            }
        }
        Some(())
    }

    /// The region that a figure is given for.
    fn region(&mut self, name: &str, members: &[(Name, Text)]) -> Option<Option<String>> {
        let mut region = None;
        for (dimension, member) in members {
            let dim = self.dimension(dimension)?;
            if dim != REGION || region.is_some() {
                self.no_members(name, dimension, true);
                return None;
            }
            region = Some(member.text.trim().to_owned());
        }
        Some(region)
    }

    fn no_members(&mut self, name: &str, dimension: &Name, region: bool) {
        let help = if region {
            Bi::new(
                "没有算式的指标只按 `区域` 分，写一个区域",
                "an indicator without a formula is divided by `区域` only; name one region",
            )
        } else {
            Bi::new("标准只可带期间：`给定 X[2021] = 4%`", "a standard may have a period only: `given X[2021] = 4%`")
        };
        self.report.error(
            &codes::NO_DIMENSION,
            dimension.span,
            Bi::new(
                format!("`{name}` 不按 `{}` 给出", dimension.text),
                format!("`{name}` is not given by `{}`", dimension.text),
            ),
            help,
        );
    }

    fn expectation(&mut self, expectation: &ast::Expectation) -> Option<Expectation> {
        let rule = self.expected_rule(&expectation.rule)?;
        if self.vague_rules.contains(&rule) {
            return None;
        }
        let name = &expectation.rule.text;
        let (members, period) = self.case(rule, name, &expectation.case)?;
        let dims = self.suite.rules.get(rule.0)?.for_each.clone();
        if let (Some(dim), false) = (dims.iter().find(|dim| !members.contains_key(dim)), expectation.case.is_empty()) {
            let missing = self.dim_name(*dim).to_owned();
            let what = (format!("没有写 `{missing}` 是哪一个"), format!("it is not said which `{missing}`"));
            self.bad_case(expectation.span, name, &dims, (&what.0, &what.1));
            return None;
        }
        Some(Expectation { rule, members, period, verdict: expectation.verdict, span: expectation.span })
    }

    /// What the brackets behind a rule's name say; bare members go with the rule's dimensions in order.
    fn case(
        &mut self,
        rule: RuleId,
        name: &str,
        keys: &[CaseKey],
    ) -> Option<(BTreeMap<DimId, String>, Option<Period>)> {
        let dims = self.suite.rules.get(rule.0)?.for_each.clone();
        let mut members: BTreeMap<DimId, String> = BTreeMap::new();
        let mut period = None;
        let mut bare: Vec<&Text> = Vec::new();
        for key in keys {
            match key {
                CaseKey::Period(given, span) => {
                    if period.is_some() {
                        self.bad_case(*span, name, &dims, ("期间写了两次", "the period stands twice"));
                        return None;
                    }
                    period = Some(*given);
                }
                CaseKey::Member { dimension: None, member } => bare.push(member),
                CaseKey::Member { dimension: Some(named), member } => {
                    let dim = self.dimension(named)?;
                    if !dims.contains(&dim) || members.insert(dim, member.text.trim().to_owned()).is_some() {
                        let what = (
                            format!("`{}` 不是这条规则的维度，或写了两次", named.text),
                            format!("`{}` is not a dimension of the rule, or stands twice", named.text),
                        );
                        self.bad_case(named.span, name, &dims, (&what.0, &what.1));
                        return None;
                    }
                }
            }
        }
        let mut free = dims.iter().filter(|dim| !members.contains_key(dim)).copied().collect::<Vec<_>>().into_iter();
        for member in bare {
            let Some(dim) = free.next() else {
                let what = (
                    format!("`{}` 对不上任何维度：成员写多了", member.text),
                    format!("`{}` goes with no dimension: there are too many members", member.text),
                );
                self.bad_case(member.span, name, &dims, (&what.0, &what.1));
                return None;
            };
            members.insert(dim, member.text.trim().to_owned());
        }
        Some((members, period))
    }

    fn given_waiver(
        &mut self,
        rule: &Name,
        case: &[CaseKey],
        (from, until): (Option<Date>, Date),
        span: Span,
    ) -> Option<GivenWaiver> {
        let id = self.expected_rule(rule)?;
        if let Some(from) = from.filter(|from| *from > until) {
            self.report.error(
                &codes::GIVEN,
                span,
                Bi::new(
                    format!("豁免在批准之前就已失效：自 {from} 至 {until}"),
                    format!("the waiver ends before it begins: from {from} until {until}"),
                ),
                Bi::new("先写批准的日期，再写有效的最后一天", "write the day of approval first, then the last day"),
            );
            return None;
        }
        if self.vague_rules.contains(&id) {
            return None;
        }
        let (members, period) = self.case(id, &rule.text, case)?;
        Some(GivenWaiver { rule: id, members, period, from, until, span })
    }

    fn expected_rule(&mut self, name: &Name) -> Option<RuleId> {
        let meaning = self.look_up(&name.text);
        if let Some(Meaning::Rule(rule)) = meaning {
            return Some(rule);
        }
        if meaning.is_none() && self.is_broken(&name.text) {
            return None;
        }
        let known: Vec<&str> = self.names.rules.iter().map(|rule| rule.name.text.as_str()).collect();
        let nearest = self.report.nearest(&name.text, known).map(str::to_owned);
        let help = match nearest {
            Some(nearest) => Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")),
            None => Bi::new("写本套规则里的一条", "write a rule of this suite"),
        };
        let code = if meaning.is_some() { &codes::WRONG_KIND } else { &codes::UNKNOWN_NAME };
        self.report.error(
            code,
            name.span,
            Bi::new(format!("没有规则 `{}`", name.text), format!("there is no rule `{}`", name.text)),
            help,
        );
        None
    }

    fn bad_case(&mut self, span: Span, rule: &str, dims: &[DimId], what: (&str, &str)) {
        let list: Vec<String> = dims.iter().map(|dim| format!("{} = \"…\"", self.dim_name(*dim))).collect();
        let help = if list.is_empty() {
            Bi::new(
                format!("这条规则没有 `对每个`，只写 `{rule}`，可加期间：`{rule}[2021]`"),
                format!("the rule has no `for each`: write `{rule}`, perhaps with a period: `{rule}[2021]`"),
            )
        } else {
            let list = list.join(", ");
            Bi::new(format!("写 `{rule}[{list}]`，可加期间"), format!("write `{rule}[{list}]`, perhaps with a period"))
        };
        self.report.error(&codes::EXPECT, span, Bi::new(what.0, what.1), help);
    }
}
