//! Whole files compiled, and what comes of them.

use std::fmt::Write;

use super::*;
use crate::base::Sources;
use crate::semantics::hir::{ExprKind, Requirement};

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
    let (mut wrong, mut all) = (String::new(), String::new());
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
        writeln!(all, "{}\n{}", path.file_name().unwrap().to_string_lossy(), shown(&diagnostics, &sources)).unwrap();
    });
    assert!(seen >= 30, "only {seen} cases");
    assert!(wrong.is_empty(), "{wrong}");
    insta::assert_snapshot!("messages", all);
}

const MANY: &str = r#"
单位 家
单位 座 = 个
单位 大公顷 = 10 公顷
标度 水质: 劣Ⅴ类 < Ⅴ类 < Ⅳ类 < Ⅲ类
标准 目标水质: 水质
标准 限额: 万元
数据集 名录
    维度 部门: 文本
    属性 街道: 文本
数据集 预算
    维度 部门: 文本 属于 名录.部门
    维度 科目: 文本 级长 3/5/7
    维度 年度: 年
    度量 金额: 万元
    度量 预算数: 万元
    属性 批复: 日期
    属性 上报: 日期
    属性 断面: 水质
    主键 部门, 科目, 年度
指标 公用经费(部门): 万元 = 合计 预算.金额 当 科目 = "公用经费" 且 年度 ≥ 2015 空值计零
指标 户均(部门): 万元/家 = 公用经费 / 企业[区域 = "南京市"]
指标 企业: 家 又称 高企
指标 项目数: 家 = 数量 预算 当 断面 ≥ Ⅳ类 且 批复 已填
指标 地区生产总值: 亿元 增速取自 地区生产总值增速
指标 地区生产总值增速: %
指标 失业率(区域): %
指标 秦淮河: 水质
指标 达标: 是否 = 秦淮河 ≥ Ⅲ类
函数 求比(x, y) = x / y
函数 够(x, 目标) = x ≥ 目标
套件 民生 "民生"
    期间 2021, 2022..2024
    性质 预期性
    负责 "财政局"
    依据 D210
规则 R01
    归属 民生
    性质 提示
    要求 地区生产总值 增长 ≥ 5.5%
    要求 秦淮河 ≥ Ⅲ类
规则 R02
    要求 全部 企业[2021..2023] ≥ 100 家
规则 R03
    要求 8% ≤ 地区生产总值 年均增长 2016..2020
规则 R04
    要求 地区生产总值 较 2015 翻 2 番
规则 R05
    要求 求比(数量 预算 当 断面 = Ⅲ类, 项目数) 在 95% 到 105% 之间
规则 R06
    每行 预算
    当 科目 属于 {"公用经费", "人员经费"}
    要求 金额 = 下级合计 沿 科目 ± 0.01 万元 且 (部门, 科目, 年度) 唯一 且 部门 匹配 "局$"
    要求 上报 先于 批复 且 金额 ≤ 限额 且 年度 = 2021
规则 R07
    对每个 区域
    要求 失业率 减少 ≥ 0 且 失业率 较 上期 增加 ≤ 1 百分点
规则 R08
    要求 够(秦淮河, 目标水质) 且 够(秦淮河, Ⅳ类)
规则 R09
    要求 连续 3 年 地区生产总值 增长 ≥ 5%
规则 R10
    要求 合计 企业[2021..2023] ≥ 3 万家 或 (合计 预算.金额[2020..2021]) ≥ 0
规则 R11
    对每个 部门
    当 部门 ≠ "教育局"
    要求 户均 ≤ 公用经费[上年] / 企业[上年]
规则 R12
    要求 公用经费[部门 = "教育局", 2020] + 0 = 100 万元 左右 2%
规则 R13
    要求 每个 期间 2021Q1..2021Q4 要求 企业 增加 ≥ 0 且 达标
规则 R14
    要求 如果 (非 达标) 则 失业率[区域 = "南京市"] ≤ 5%
规则 R15
    要求 (最大 预算.批复) - (最小 预算.上报) ≤ 30 天
规则 R16
    要求 (占比 预算.金额 当 科目 = "公用经费") ≤ 20% 且 (不同数量 预算.部门) ≥ 3 家
规则 R17
    对每个 部门
    要求 (合计 预算.金额) - (合计 预算.预算数) ≤ 0
测试 "一"
    期间 2021
    时点 2021-06-30
    给定 失业率[2020, 区域 = "南京市"] = 3.2%
    给定 秦淮河 = Ⅳ类
    给定 高企[2019] = 100 家
    给定 指标
        指标 | 区域 | 期间 | 数值 | 单位
        企业 |      | 2021 | 12   | 家
    给定 目标水质 = Ⅲ类
    期望 R07[区域 = "南京市", 2021] 合格
    期望 R11[教育局] 不适用
    期望 R02 缺数据
"#;

#[test]
fn every_construct_compiles() {
    let suite = suite(MANY);
    assert_eq!(suite.rules.len(), 17);
    let rule = |id: &str| suite.rules.iter().find(|rule| rule.id == id).unwrap();
    let case = |id: &str| match &rule(id).requirement {
        Requirement::Case(condition) => condition,
        Requirement::Rows { condition, .. } => condition,
    };
    let first = rule("R01");
    assert_eq!((first.periods.len(), first.kind, first.owner.as_deref()), (4, hir::Kind::Advisory, Some("财政局")));
    assert_eq!(first.text, "地区生产总值 增长 ≥ 5.5%；秦淮河 ≥ Ⅲ类");
    let ExprKind::And(both) = &case("R01").kind else { panic!() };
    let ExprKind::Compare { left, .. } = &both[0].kind else { panic!() };
    assert!(matches!(left.kind, ExprKind::Change { official: Some(_), .. }));
    let ExprKind::Compare { right, .. } = &both[1].kind else { panic!() };
    assert!(matches!(right.kind, ExprKind::Level(_, 3)));
    assert!(matches!(&case("R02").kind, ExprKind::Quantified { every: true, periods, .. } if periods.len() == 3));
    let ExprKind::Compare { operator, left, .. } = &case("R03").kind else { panic!() };
    assert!(*operator == hir::Comparison::AtLeast && matches!(left.kind, ExprKind::YearlyGrowth { .. }));
    assert!(matches!(case("R04").kind, ExprKind::Doubles { times: 2, .. }));
    assert!(matches!(&case("R05").kind, ExprKind::And(both) if both.len() == 2));
    assert!(matches!(&rule("R06").requirement, Requirement::Rows { when: Some(_), .. }));
    let ExprKind::Or(both) = &case("R10").kind else { panic!() };
    for one in both {
        let ExprKind::Compare { left, .. } = &one.kind else { panic!() };
        assert!(matches!(left.kind, ExprKind::Fold { .. }), "{left:?}");
    }
    let ExprKind::Near { left, relative, .. } = &case("R12").kind else { panic!() };
    assert!(*relative && matches!(left.kind, ExprKind::Arithmetic { .. }));
    let hir::Type::Quantity(unit) = &suite.indicators[3].ty else { panic!() };
    assert_eq!(unit.name(), "家");
    assert_eq!(suite.indicators[3].body.as_ref().unwrap().ty, suite.indicators[3].ty);
    let test = &suite.tests[0];
    assert_eq!((test.figures.len(), test.standards.len(), test.expect.len()), (3, 1, 3));
    assert_eq!(test.figures[0].region.as_deref(), Some("南京市"));
}

#[test]
fn aggregates_have_ids_of_their_own() {
    let suite = suite(MANY);
    let mut ids = Vec::new();
    let bodies = suite.indicators.iter().filter_map(|indicator| indicator.body.as_ref());
    let rules = suite.rules.iter().flat_map(|rule| match &rule.requirement {
        Requirement::Case(condition) => rule.when.iter().chain([condition]).collect::<Vec<_>>(),
        Requirement::Rows { .. } => Vec::new(),
    });
    for expr in bodies.chain(rules) {
        walk::each(expr, &mut |expr| {
            if let ExprKind::Aggregate(aggregate) = &expr.kind {
                ids.push(aggregate.id.0);
            }
        });
    }
    ids.sort_unstable();
    assert_eq!(ids, (0..suite.aggregates).collect::<Vec<_>>());
}

#[test]
fn used_suites_lend_declarations_but_not_rules() {
    let common = "单位 家\n指标 企业: 家\n标准 没用到: %\n规则 D1\n    要求 企业 ≥ 这里有错\n";
    let own = "规则 D1\n    要求 企业 ≥ 1 家\n";
    let (suite, diagnostics, sources) = compiled(&[(own, true), (common, false)]);
    assert!(diagnostics.is_empty(), "{}", shown(&diagnostics, &sources));
    assert_eq!(suite.rules.len(), 1);
    let clash = "指标 企业: 个\n规则 D2\n    要求 企业 ≥ 1 个\n";
    let (_, diagnostics, _) = compiled(&[(clash, true), (common, false)]);
    let duplicate = diagnostics.iter().find(|diagnostic| diagnostic.code.code == "E0202").unwrap();
    assert!(matches!(duplicate.place, crate::base::Place::Rule(span) if span.file.0 == 0));
}

#[test]
fn one_mistake_is_told_once() {
    for (text, expected) in [
        // An unknown unit says nothing of the rules that use the indicator.
        ("指标 甲: 囗囗\n规则 D1\n    要求 甲 ≥ 5 且 甲 增长 ≥ 5 百分点\n", vec!["E0304"]),
        // Nor does a function that is wrong, used twice.
        ("指标 甲: 万元\n函数 f(x) = x + 5 人\n规则 D1\n    要求 f(甲) ≥ 0 且 f(甲) ≤ 3\n", vec!["E0301"]),
        ("规则 D1\n    要求 无 ≥ 5 且 无 + 1 ≤ 3 人\n", vec!["E0201", "E0201"]),
        ("指标 甲: %\n指标 乙: % = 没有\n规则 D1\n    要求 乙 ≥ 5% 且 甲 ≥ 0\n", vec!["E0201"]),
    ] {
        assert_eq!(codes(text), expected, "{text}");
    }
    // Nor is a level beside something whose scale is not known.
    assert_eq!(codes("指标 甲: 囗囗\n规则 D1\n    要求 甲 ≥ Ⅳ类\n"), ["E0304"]);
    // A declaration that does not parse leaves its name known.
    let text = "指标 甲: % = = 3\n规则 D1\n    要求 甲 ≥ 5\n";
    let mut sources = Sources::default();
    let id = sources.add("a.rule", text);
    let (tree, found) = crate::syntax::parse(id, text);
    assert!(!found.is_empty());
    let files = [(tree, true)];
    let (_, diagnostics) = compile(Input { files: &files, sources: &sources, register: None });
    assert!(diagnostics.is_empty(), "{}", shown(&diagnostics, &sources));
}

#[test]
fn what_functions_unfold_to_is_bounded() {
    // Arguments within arguments, each in a body that is nested itself.
    let mut nested = "甲".to_owned();
    for _ in 0..45 {
        nested = format!("f({nested})");
    }
    let body = format!("{}x{}", "(".repeat(40), " + x)".repeat(40));
    let text = format!("指标 甲: 万元\n函数 f(x) = {body}\n规则 D1\n    要求 {nested} ≥ 0\n");
    assert!(codes(&text).iter().all(|code| *code == "E0220"));
    assert!(!codes(&text).is_empty());
}

#[test]
fn names_are_looked_up_in_linear_time() {
    let mut text = String::from("数据集 预算\n    维度 部门: 文本\n    维度 年度: 年\n    度量 金额: 万元\n");
    for at in 0..2000 {
        writeln!(text, "指标 指标{at}(部门): 万元 = 合计 预算.金额 当 部门 ≠ \"{at}\"").unwrap();
    }
    for at in 0..2000 {
        writeln!(text, "规则 R{at}\n    对每个 部门\n    要求 指标{at} 压减 ≥ 10% 且 指标{at} ≥ 0").unwrap();
    }
    assert_eq!(suite(&text).rules.len(), 2000);
    let wrong = text.replace("要求 指标", "要求 指标坏");
    assert_eq!(codes(&wrong).len(), 2000);
}

#[test]
fn no_mixture_of_words_breaks_the_compiler() {
    let words: Vec<&str> = MANY.split_inclusive(char::is_whitespace).collect();
    let mut state = 20210315u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut reported = 0;
    for _ in 0..400 {
        let mut mixed = words.clone();
        for _ in 0..=random(12) {
            let (to, from) = (random(mixed.len()), random(words.len()));
            match random(3) {
                0 => mixed[to] = words[from],
                1 => mixed.insert(to, words[from]),
                _ => drop(mixed.remove(to)),
            }
        }
        let text = mixed.concat();
        let mut sources = Sources::default();
        let id = sources.add("a.rule", text.clone());
        let files = [(crate::syntax::parse(id, &text).0, true)];
        let (_, diagnostics) = compile(Input { files: &files, sources: &sources, register: None });
        for diagnostic in &diagnostics {
            assert!(diagnostic.help.is_some(), "{}", shown(&diagnostics, &sources));
        }
        reported += diagnostics.len();
    }
    assert!(reported > 100);
}

#[test]
fn both_spellings_compile_to_the_same() {
    let english = "standard limit: %\ndataset budget\n    dimension department: text\n    dimension year: year\n    \
        measure amount: 万元\nindicator running(department): 万元 =\n    sum budget.amount where department != \"x\"\n\
        rule D210 \"cut\"\n    cites D210\n    for each department\n    period 2021\n    require running reduced ≥ limit\n    \
        kind binding\ntest \"t\"\n    period 2021\n    given budget\n        department | year | amount\n        \
        a | 2021 | 90.01\n    given limit = 4%\n    expect D210[a] fail\n";
    let chinese = "标准 limit: %\n数据集 budget\n    维度 department: 文本\n    维度 year: 年\n    \
        度量 amount: 万元\n指标 running(department): 万元 =\n    合计 budget.amount 当 department ≠ \"x\"\n\
        规则 D210 \"cut\"\n    依据 D210\n    对每个 department\n    期间 2021\n    要求 running 压减 不低于 limit\n    \
        性质 约束性\n测试 \"t\"\n    期间 2021\n    给定 budget\n        department | year | amount\n        \
        a | 2021 | 90.01\n    给定 limit = 4%\n    期望 D210[a] 不合格\n";
    let plain = |suite: &hir::Suite| {
        let text = format!("{:?} {:?} {:?}", suite.indicators, suite.rules, suite.tests);
        let text = regex::Regex::new(r"Span \{[^}]*\}").unwrap().replace_all(&text, "").into_owned();
        regex::Regex::new(r#", text: "running[^"]*""#).unwrap().replace_all(&text, "").into_owned()
    };
    assert_eq!(plain(&suite(english)), plain(&suite(chinese)));
}
