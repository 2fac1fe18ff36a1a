//! The page of a large run: small enough to be sent, light enough to be opened, made without waiting for it.

use std::fmt::Write;
use std::time::{Duration, Instant};

use duixian::base::Lang;
use duixian::pipeline::Request;
use duixian::report::html::{self, Options};
use duixian::report::record::{Kind, Record};

use crate::support::{Folder, suite};
use duixian::data::DataSources;

/// The record of made-up rules on one made-up file.
fn record(rules: &str, file: &str, data: &str) -> Record {
    let folder = Folder::new();
    let checked = suite(&folder, rules);
    folder.write(&format!("data/{file}"), data);
    let sources = DataSources { folders: vec![folder.path().join("data")], named: Vec::new() };
    let planned = checked
        .plan(&Request { max_findings: Some(100), ..Request::default() })
        .unwrap_or_else(|stopped| panic!("{stopped}"));
    let data = checked.read(&sources, &[], &[]).unwrap_or_else(|stopped| panic!("{stopped}"));
    planned.measure(data).judge().record()
}

#[expect(clippy::disallowed_methods, reason = "what a page takes is measured")]
fn page(record: &Record) -> (String, Duration) {
    let begun = Instant::now();
    let page = html::run(record, &Options { lang: Lang::Zh, fail_on: Kind::Binding });
    (page, begun.elapsed())
}

#[test]
fn a_thousand_rules_make_a_page_of_less_than_two_megabytes_in_a_second() {
    let (mut rules, mut data) = (String::new(), String::from("指标,期间,数值\n"));
    for at in 0..1000 {
        let _ = write!(
            rules,
            "指标 指标{at:04}: 亿元\n规则 R{at:04} \"第{at:04}项指标比上年增长百分之十以上\"\n    说明 \"各项都要核实，不得以计划数代替\"\n    \
             要求 指标{at:04} 增长 ≥ 10%\n"
        );
        let _ = write!(data, "指标{at:04},2020,100\n指标{at:04},2021,{}\n", if at % 5 == 0 { 110 } else { 109 });
    }
    let record = record(&rules, "指标.csv", &data);
    assert_eq!((record.rules.len(), record.summary.rules.fail), (1000, 800));
    let (page, took) = page(&record);
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    // Released, it takes some hundredths; here other tests run beside it, and nothing is optimised for speed.
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn ten_thousand_findings_are_folded_away_and_not_drawn() {
    let mut rules = String::from(
        "数据集 预算\n    维度 部门: 文本\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 万元\n\
         指标 公用经费(部门): 万元 = 合计 预算.金额 当 科目 = \"公用经费\"\n",
    );
    for at in 0..100 {
        let _ = write!(rules, "规则 M{at:03}\n    对每个 部门\n    要求 公用经费 压减 ≥ {}%\n", 10 + at);
    }
    let mut data = String::from("部门,科目,年度,金额\n");
    for at in 0..100 {
        let _ = write!(data, "部门{at:03},公用经费,2020,100\n部门{at:03},公用经费,2021,95\n");
    }
    let record = record(&rules, "预算.csv", &data);
    assert_eq!(record.rules.iter().map(|rule| rule.findings.len()).sum::<usize>(), 10_000);
    let (page, took) = page(&record);
    // Five cases of each rule stand open, and are drawn; the others are text in a folded part that is laid out when opened.
    assert_eq!(page.matches("<svg").count(), 500);
    assert_eq!(page.matches("<summary>另外 95 个个案</summary>").count(), 100);
    assert!(page.contains("content-visibility:auto"), "what is not in view is not laid out");
    assert!(page.len() < 8_000_000, "{} bytes", page.len());
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn filters_over_many_values_are_asked_only_of_combinations_that_have_rows() {
    let rules = "数据集 支出\n    维度 区: 文本\n    维度 部门: 文本\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 元\n\
                 指标 其余(区): 元 = 合计 支出.金额 当 部门 ≠ \"b1\" 且 科目 ≠ \"c1\"\n\
                 指标 二者(区): 元 = 合计 支出.金额 当 部门 = \"b1\" 或 科目 = \"c4\"\n\
                 指标 各项(部门, 科目): 元 = 合计 支出.金额\n\
                 规则 R1\n    对每个 区\n    要求 其余 ≥ 10000 元\n\
                 规则 R2\n    对每个 区\n    要求 二者 ≥ 2 元\n\
                 规则 R3\n    对每个 部门, 科目\n    要求 各项 ≥ 1 元\n";
    let mut data = String::from("区,部门,科目,年度,金额\n");
    for at in 0..30_000 {
        let _ = writeln!(data, "a{},b{at},c{at},2021,1", at % 3);
    }
    let record = record(rules, "支出.csv", &data);
    let counts: Vec<_> = record.rules.iter().map(|rule| &rule.cases).collect();
    let of = |at: usize| (counts[at].pass, counts[at].fail, counts[at].missing);
    assert_eq!([of(0), of(1), of(2)], [(2, 1, 0), (1, 0, 2), (30_000, 0, 0)]);
}

#[test]
fn the_largest_of_very_many_rows_are_named_and_all_are_counted() {
    let rules = "数据集 支出\n    维度 区: 文本\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 元\n\
                 指标 总额(区): 元 = 合计 支出.金额\n\
                 指标 办公(区): 元 = 合计 支出.金额 当 科目 = \"c1\"\n\
                 规则 R1\n    对每个 区\n    要求 总额 ≥ 9000000000000 元\n\
                 规则 R2\n    对每个 区\n    要求 办公 ≥ 9000000000000 元\n";
    let mut data = String::from("区,科目,年度,金额\n");
    // By region, of all and of one subject: the figures without their signs, each with its row.
    let mut largest = vec![[Vec::new(), Vec::new()]; 4];
    let mut random = 1u64;
    for row in 2..500_002u64 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bits = random >> 33;
        let (region, subject, year) = (bits % 4, bits / 4 % 5, 2020 + bits / 20 % 2);
        // Few different ones, so that many are alike.
        let amount = (bits / 40 % 4_001) as i64 - 2_000;
        let _ = writeln!(data, "a{region},c{subject},{year},{amount}");
        let [all, some] = &mut largest[region as usize];
        if year == 2021 {
            all.push((-amount.abs(), row));
            some.extend((subject == 1).then_some((-amount.abs(), row)));
        }
    }
    let record = record(rules, "支出.csv", &data);
    for (rule, of) in record.rules.iter().zip(0..) {
        assert_eq!(rule.findings.len(), 4);
        for (finding, region) in rule.findings.iter().zip(0..) {
            let mut expected = largest[region][of].clone();
            expected.sort_unstable();
            let figure = &finding.evidence[0];
            assert_eq!(figure.rows, Some(expected.len() as u64));
            let rows: Vec<u64> = figure.source.iter().chain(&figure.more).filter_map(|source| source.row).collect();
            let first: Vec<u64> = expected.iter().take(20).map(|(_, row)| *row).collect();
            assert_eq!(rows, first);
        }
    }
}

#[test]
fn rows_of_a_year_that_no_rule_asks_for_are_in_no_sum_of_a_wide_cube() {
    let rules = "数据集 支出\n    维度 区: 文本\n    维度 部门: 文本\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 元\n\
                 指标 各项(区, 部门): 元 = 合计 支出.金额\n指标 各科(科目): 元 = 合计 支出.金额\n\
                 规则 R1\n    对每个 区, 部门\n    要求 各项 ≥ 0 元\n规则 R2\n    对每个 科目\n    要求 各科 ≤ 9999 元\n";
    // 1,101 by 551 by 2 combinations are no multiple of 64, and the first of 2019 is the next number after all of them.
    let mut data = String::from("区,部门,科目,年度,金额\na0000,b0000,c0,2019,777000000\n");
    for at in 0..20_000 {
        let _ = writeln!(data, "a{:04},b{:04},c{},2021,1", at % 1_101, at % 551, at % 2);
    }
    let record = record(rules, "支出.csv", &data);
    assert_eq!((record.rules[0].cases.pass, record.rules[0].cases.missing), (20_000, 0));
    assert_eq!(record.rules[1].cases.fail, 2);
    for finding in &record.rules[1].findings {
        let figure = &finding.evidence[0];
        assert_eq!((figure.value.as_deref(), figure.rows), (Some("10000"), Some(10_000)));
    }
}
