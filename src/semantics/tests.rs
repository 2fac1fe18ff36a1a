//! Whole files compiled, and what comes of them.

use std::fmt::Write;

use super::*;
use crate::base::{Severity, Sources};
use crate::semantics::hir::{ExprKind, Requirement, Type};

struct Ids(Vec<&'static str>);

impl Register for Ids {
    fn contains(&self, id: &str) -> bool {
        self.0.contains(&id)
    }
    fn ids(&self) -> Vec<&str> {
        self.0.clone()
    }
}

fn compiled(files: &[(&str, bool)]) -> (hir::Suite, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let mut trees = Vec::new();
    let mut found = Vec::new();
    for (at, (text, own)) in files.iter().enumerate() {
        let id = sources.add(format!("{at}.rule"), *text);
        let (tree, diagnostics) = crate::syntax::parse(id, text);
        found.extend(diagnostics);
        trees.push((tree, *own));
    }
    assert!(found.is_empty(), "does not parse: {found:#?}");
    let register = Ids(vec!["D210", "D211", "D007"]);
    let (suite, diagnostics) = compile(Input { files: &trees, sources: &sources, register: Some(&register) });
    (suite, diagnostics, sources)
}

fn suite(text: &str) -> hir::Suite {
    let (suite, diagnostics, sources) = compiled(&[(text, true)]);
    assert!(diagnostics.is_empty(), "{}", shown(&diagnostics, &sources));
    suite
}

fn codes(text: &str) -> Vec<&'static str> {
    compiled(&[(text, true)]).1.iter().map(|diagnostic| diagnostic.code.code).collect()
}

fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let crate::base::Place::Rule(span) = diagnostic.place else { continue };
        let file = sources.get(span.file).unwrap();
        let (line, column) = file.line_column(span.range().start);
        let code = diagnostic.code.code;
        writeln!(out, "{code} {line}:{column} {} | {}", diagnostic.message.zh, diagnostic.message.en).unwrap();
        if let Some(help) = &diagnostic.help {
            writeln!(out, "    {} | {}", help.zh, help.en).unwrap();
        }
    }
    out
}

const FINANCE: &str = r#"
标准 市定失业率标准: %
数据集 预算 "部门预算"
    维度 部门: 文本
    维度 科目: 文本
    维度 年度: 年
    度量 金额: 万元
指标 公用经费(部门): 万元 =
    合计 预算.金额 当 科目 = "公用经费"
指标 城镇登记失业率: %
规则 D210 "部门预算公用经费统一压减10%"
    依据 D210
    对每个 部门
    期间 2021
    要求 公用经费 压减 ≥ 10%   # 比上年
    性质 约束性
规则 D007 "失业率控制在市定标准以内"
    依据 D007
    要求 城镇登记失业率 ≤ 市定失业率标准
测试 "少压一分也不合格"
    期间 2021
    给定 预算
        部门   | 科目     | 年度 | 金额
        教育局 | 公用经费 | 2020 | 100.00
        教育局 | 公用经费 | 2021 | 90.01
    给定 城镇登记失业率 = 3.2%
    给定 市定失业率标准 = 4%
    期望 D210[教育局] 不合格
    期望 D007 合格
"#;

#[test]
fn the_example_of_the_contract_compiles() {
    let suite = suite(FINANCE);
    assert_eq!(suite.dims, ["区域", "指标", "部门", "科目"]);
    assert_eq!((suite.rules.len(), suite.tests.len(), suite.aggregates), (2, 1, 1));
    let rule = &suite.rules[0];
    assert_eq!(rule.text, "公用经费 压减 ≥ 10%");
    let Requirement::Case(condition) = &rule.requirement else { panic!() };
    let ExprKind::Compare { left, right, .. } = &condition.kind else { panic!() };
    assert!(matches!(left.kind, ExprKind::Change { since: hir::PeriodRef::YearsBack(1), .. }));
    assert!(matches!(&right.kind, ExprKind::Number(n) if n.exact() == "0.1"));
    let ExprKind::Aggregate(aggregate) = &suite.indicators[0].body.as_ref().unwrap().kind else { panic!() };
    assert_eq!(aggregate.scope, [(hir::ColumnId(0), hir::DimId(2))]);
    assert_eq!(suite.tests[0].figures[0].text, "3.2%");
    assert_eq!(suite.tests[0].expect[0].members.values().collect::<Vec<_>>(), ["教育局"]);
}

#[test]
fn error_cases_yield_exactly_their_codes() {
    let mut seen = 0;
    let mut wrong = String::new();
    insta::glob!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/errors/semantics"), "*.rule", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let first = text.lines().next().unwrap_or("");
        let mut expected: Vec<&str> =
            first.split_whitespace().filter(|word| crate::base::codes::find(word).is_some()).collect();
        let (_, diagnostics, sources) = compiled(&[(&text, true)]);
        let mut found: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.code).collect();
        expected.sort_unstable();
        found.sort_unstable();
        seen += 1;
        if expected != found || expected.is_empty() || diagnostics.iter().any(|diagnostic| diagnostic.help.is_none()) {
            writeln!(wrong, "{}\n{first}\n{}", path.display(), shown(&diagnostics, &sources)).unwrap();
        }
        if std::env::var_os("SHOW").is_some() {
            eprintln!("{}\n{}", path.file_name().unwrap().to_string_lossy(), shown(&diagnostics, &sources));
        }
    });
    assert!(seen >= 30, "only {seen} cases");
    assert!(wrong.is_empty(), "{wrong}");
}
