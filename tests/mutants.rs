//! Mutants: which changes of the rules in `tests/cases/mutants` their tests do not notice, and that the shipped suites' do.

use std::path::{Path, PathBuf};

use duixian::pipeline::Fate;

use crate::support::{Folder, check};

fn case() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mutants")
}

#[test]
fn exactly_the_known_mutants_survive() {
    let mutation = check(&case()).mutate(&[]);
    assert!(mutation.failing.is_empty(), "{:?}", mutation.failing);
    let survivors: Vec<String> = mutation
        .mutants
        .iter()
        .filter(|mutant| mutant.fate != Fate::Killed)
        .map(|mutant| format!("{}  {}  {:?}  {}", mutant.of, mutant.name, mutant.fate, mutant.hint.zh))
        .collect();
    insta::assert_snapshot!(survivors.join("\n"));
    assert!(mutation.mutants.iter().all(|mutant| mutant.of != "周全" || mutant.fate == Fate::Killed));
    let stale: Vec<&str> = mutation.stale.iter().map(|found| found.message.zh.as_str()).collect();
    assert_eq!(stale, ["`清零` 没有这样一个未被发现的变异：`= 0 件 → > 0 件`"]);
    assert!(!mutation.passed());
}

#[test]
fn every_way_of_changing_a_rule_is_tried() {
    let folder = Folder::new();
    folder.write("suite/suite.toml", "name = \"all\"\nperiod = 2025\nregion = \"本区\"\n");
    folder.write(
        "suite/rules.rule",
        "指标 甲: 亿元\n指标 比重: %\n标准 市标准: %\n数据集 表\n    维度 名: 文本\n    维度 年度: 年\n    属性 日: 日期\n    属性 否决: 是否\n\
         规则 R\n    期间 2024, 2025\n    当 比重 ≠ 3%\n    要求 甲 较 2015 翻 2 番 或 甲 = 5 亿元 ± 0.5 亿元\n\
         \x20   要求 合计 甲[2021..2022] ≥ 3 亿元 且 每个 期间 2021..2022 要求 比重 在 1% 到 2% 之间\n\
         \x20   要求 连续 3 年 比重 ≤ 市标准\n    要求 甲 年均增长 2021..2022 > 1% 且 甲[区域 = \"本市\", 2020] < 9 亿元\n\
         \x20   要求 如果 甲 增长 ≥ 0% 则 非 (比重[上年] > 9%)\n\
         规则 W\n    每行 表\n    当 名 属于 {\"a\", \"b\"}\n    要求 (名, 年度) 唯一 且 日 先于 2021-01-01 且 否决 = 否\n",
    );
    let checked = check(&folder.path().join("suite"));
    let names: Vec<String> =
        checked.mutate(&[]).mutants.iter().map(|mutant| format!("{}  {}", mutant.of, mutant.name)).collect();
    insta::assert_snapshot!(names.join("\n"));
}

#[test]
fn coverage_tells_what_the_tests_leave_out() {
    let coverage = check(&case()).coverage();
    insta::assert_snapshot!(format!("{coverage:#?}"));
}

#[test]
fn a_failing_test_stops_the_mutants() {
    let folder = Folder::new();
    folder.write("suite/suite.toml", "name = \"broken\"\nperiod = 2021\n");
    folder.write(
        "suite/rules.rule",
        "指标 甲: 亿元\n规则 R\n    要求 甲 > 1 亿元\n测试 \"不对\"\n    给定 甲 = 1 亿元\n    期望 R 合格\n",
    );
    let mutation = check(&folder.path().join("suite")).mutate(&[]);
    assert_eq!((mutation.failing, mutation.mutants.len()), (vec!["不对".to_owned()], 0));
}
