//! Mutants: which changes of the rules in `tests/cases/mutants` their tests do not notice, and every change that is made.

use std::path::{Path, PathBuf};

use duixian::pipeline::{Mutated, NotMutated};
use duixian::report::mutation::{Mutant, Subject};

use crate::support::{Folder, check};

fn case() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mutants")
}

fn mutated(dir: &Path, select: &[&str]) -> Mutated {
    let select: Vec<String> = select.iter().map(|rule| (*rule).to_owned()).collect();
    match check(dir).mutate(&select) {
        Ok(mutated) => mutated,
        Err(why) => panic!("{why:?}"),
    }
}

fn line(mutant: &Mutant) -> String {
    let Mutant { name, place, change, kill, .. } = mutant;
    format!("{name}:{}  {} | {}\n    {} | {}", place.line, change.zh, change.en, kill.zh, kill.en)
}

/// All changes of a suite without a test that could notice any: one that expects what is missing.
fn all(rules: &str) -> Vec<String> {
    let folder = Folder::new();
    folder.write("suite/suite.toml", "name = \"all\"\nperiod = 2025\nregion = \"本区\"\n");
    folder.write("suite/rules.rule", format!("{rules}\n测试 \"空\"\n    期望 R 缺数据\n"));
    let found = mutated(&folder.path().join("suite"), &[]).mutation;
    // A rule that requires nothing lacks nothing either, unless it is its 当 that lacks a figure.
    assert!(found.killed <= 1, "{found:#?}");
    let shown = |mutant: &Mutant| format!("{}  {} | {}", mutant.name, mutant.change.zh, mutant.change.en);
    let same = found.equivalents.iter().map(|same| format!("{}  = {}", shown(&same.mutant), same.reason.zh));
    found.survivors.iter().map(shown).chain(same).collect()
}

#[test]
fn exactly_the_known_mutants_survive() {
    let Mutated { mutation, stale } = mutated(&case(), &[]);
    let mut lines: Vec<String> = mutation.survivors.iter().map(line).collect();
    lines.extend(mutation.untested.iter().map(|untested| format!("{}: {}", untested.name, untested.mutants)));
    lines.extend(mutation.equivalents.iter().map(|same| {
        let by = if same.stated { "stated" } else { "certain" };
        format!("{}  {}  {by}: {}", same.mutant.name, same.mutant.change.zh, same.reason.zh)
    }));
    lines.extend(stale.iter().map(|found| found.message.zh.clone()));
    insta::assert_snapshot!(lines.join("\n"));
    assert!(mutation.survivors.iter().all(|mutant| mutant.name != "周全"));
    assert_eq!(mutation.mutants, mutation.killed + mutation.surviving + mutation.equivalent);
}

#[test]
fn every_way_of_changing_a_rule_is_tried() {
    let changes = all(
        "指标 甲: 亿元\n指标 比重: %\n标准 市标准: %\n数据集 表\n    维度 名: 文本\n    维度 年度: 年\n    属性 日: 日期\n    属性 否决: 是否\n\
         规则 R\n    期间 2024, 2025\n    当 比重 ≠ 3%\n    要求 甲 较 2015 翻 2 番 或 甲 = 5 亿元 ± 0.5 亿元\n\
         \x20   要求 合计 甲[2021..2022] ≥ 3 亿元 且 每个 期间 2021..2022 要求 比重 在 1% 到 2% 之间\n\
         \x20   要求 连续 3 年 比重 ≤ 市标准\n    要求 甲 年均增长 2021..2022 > 1% 且 甲[区域 = \"本市\", 2020] < 9 亿元\n\
         \x20   要求 如果 甲 增长 ≥ -2% 则 非 (比重[上年] > 9%)\n    要求 10 亿元 ≥ 甲 且 甲 + 1 亿元 = 甲[上期] 左右 2.5%\n\
         测试 \"无行\"\n    期望 W 缺数据\n\
         规则 W\n    每行 表\n    当 名 属于 {\"a\", \"b\"} 且 名 匹配 \"x\" 且 名 ≠ \"c\"\n    要求 (名, 年度) 唯一 且 日 先于 2021-01-01 且 否决 = 否 且 年度 = 2021",
    );
    insta::assert_snapshot!(changes.join("\n"));
}

#[test]
fn filters_functions_and_formulas_are_changed_too() {
    let changes = all(
        "单位 家\n标度 级: 差 < 良 < 优\n指标 甲: 亿元\n指标 评级: 级\n数据集 表\n    维度 名: 文本\n    维度 年度: 年\n    度量 额: 亿元\n    属性 类: 文本\n\
         指标 占: % = 占比 表.额 当 类 = \"a\"\n指标 多: 家 = 数量 表 当 额 > 1 亿元 且 类 属于 {\"a\"}\n指标 无用: 家 = 数量 表 当 额 > 1 亿元\n\
         函数 差额(x, y) = x - y * 2\n函数 够数(x, y) = x ≥ y\n\
         规则 R\n    要求 差额(甲, 甲[2020]) > 0 且 占 ≥ 10% 且 多 ≥ 1 家 且 评级 = 优\n    要求 差额(甲[2019], 甲) < 1.50 亿元 且 多 = 0 家 且 够数(多, 2 家) 且 够数(甲, 3 亿元)\n    要求 甲 × 1 ≥ 0 亿元",
    );
    insta::assert_snapshot!(changes.join("\n"));
}

#[test]
fn formulas_are_held_to_the_tests_of_every_rule_that_uses_them() {
    let alone = mutated(&case(), &["函数甲"]).mutation;
    assert!(alone.survivors.iter().all(|mutant| mutant.subject == Subject::Rule), "{alone:#?}");
    assert_eq!(alone.rules, 1);
    let kept = mutated(&case(), &["完工数"]).mutation;
    assert!(kept.survivors.is_empty() && kept.mutants > 3, "{kept:#?}");
}

#[test]
fn entries_are_stale_only_where_their_rules_were_looked_at() {
    assert_eq!(mutated(&case(), &["周全"]).stale.len(), 0);
    assert!(mutated(&case(), &["周全"]).passed());
    assert_eq!(mutated(&case(), &["清零"]).stale.len(), 2);
    assert_eq!(mutated(&case(), &[]).stale.len(), 3);
}

#[test]
fn a_mutant_keeps_its_id_when_other_lines_change() {
    let folder = Folder::new();
    for file in ["suite.toml", "rules.rule", "series.rule"] {
        folder.write(&format!("suite/{file}"), std::fs::read_to_string(case().join(file)).unwrap());
    }
    let ids =
        |found: Mutated| -> Vec<String> { found.mutation.survivors.into_iter().map(|mutant| mutant.id).collect() };
    let before = ids(mutated(&case(), &["界限"]));
    let text = std::fs::read_to_string(case().join("rules.rule")).unwrap();
    folder.write("suite/rules.rule", text.replace("规则 周全", "\n# 又一行\n规则 周全"));
    let suite = folder.path().join("suite");
    assert_eq!(ids(mutated(&suite, &["界限"])), before);
    let toml = std::fs::read_to_string(case().join("suite.toml")).unwrap();
    let entry = format!("\n[[equivalent]]\nrule = \"界限\"\nmutant = \"{}\"\nreason = \"试用\"\n", before[0]);
    folder.write("suite/suite.toml", toml + &entry);
    let excused = mutated(&suite, &["界限"]);
    assert_eq!((ids(excused.clone()), excused.mutation.equivalent), (before[1..].to_vec(), 1));
}

#[test]
fn coverage_tells_what_the_tests_leave_out() {
    let coverage = check(&case()).coverage(&[]).unwrap();
    insta::assert_json_snapshot!((&coverage.one_sided, &coverage.untested, &coverage.never_pass, &coverage.never_fail));
    let counts = [coverage.rules, coverage.tested, coverage.passing, coverage.failing];
    assert_eq!(counts, [22, 21, 21, 19]);
    assert_eq!(coverage.clauses - coverage.both_ways, coverage.one_sided.len() as u64 + 1, "and one without a test");
}

#[test]
fn a_failing_test_stops_the_mutants() {
    let folder = Folder::new();
    folder.write("suite/suite.toml", "name = \"broken\"\nperiod = 2021\n");
    let rules = "指标 甲: 亿元\n规则 R\n    要求 甲 > 1 亿元\n";
    folder.write("suite/rules.rule", format!("{rules}测试 \"不对\"\n    给定 甲 = 1 亿元\n    期望 R 合格\n"));
    let suite = folder.path().join("suite");
    assert!(matches!(check(&suite).mutate(&[]), Err(NotMutated::Failing(titles)) if titles == ["不对"]));
    folder.write("suite/rules.rule", rules);
    assert!(matches!(check(&suite).mutate(&[]), Err(NotMutated::NoTests)));
    assert!(matches!(check(&suite).mutate(&["Q".to_owned()]), Err(NotMutated::Stopped(_))));
}
