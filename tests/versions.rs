//! Two suites compared: of each rule, whether it is stricter, laxer, the same, neither, or cannot be told; and what shows it.

use std::path::Path;

use duixian::base::Lang;
use duixian::pipeline::{Checked, compare_suites};
use duixian::report::text::diff::Options;
use duixian::report::versions::{Change, RuleVersions, Versions};
use duixian::report::{Style, html, json, text};

use crate::support::{Folder, check, fits};

/// What all rules here may speak of.
const BASE: &str = "单位 件\n标准 上限: 件\n\
     数据集 预算\n    维度 部门: 文本\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 万元\n    属性 备注: 文本\n\
     指标 收入: 亿元\n指标 支出: 亿元\n指标 积案: 件\n指标 失业率: %\n指标 完成: 日期\n\
     指标 公用经费(部门): 万元 = 合计 预算.金额 当 科目 = \"公用经费\"\n\
     指标 人员经费(部门): 万元 = 合计 预算.金额 当 科目 = \"人员经费\"\n\
     指标 基本支出(部门): 万元 = 合计 预算.金额\n";

fn suite(folder: &Folder, name: &str, rules: &str, more: &str) -> Checked {
    folder.write(&format!("{name}/suite.toml"), format!("name = \"v\"\nperiod = 2021\n{more}"));
    folder.write(&format!("{name}/rules.rule"), rules);
    check(&folder.path().join(name))
}

fn compare(old: (&str, &str), new: (&str, &str)) -> Versions {
    let folder = Folder::new();
    let (before, after) = (suite(&folder, "old", old.0, old.1), suite(&folder, "new", new.0, new.1));
    let versions = compare_suites((Path::new("old"), &before), (Path::new("new"), &after))
        .unwrap_or_else(|stopped| panic!("{stopped}"));
    fits(include_str!("../docs/suite-diff.schema.json"), &serde_json::to_value(&versions).unwrap());
    versions
}

/// The change of the one rule of two suites, which rest on the same declarations.
fn one(old: &str, new: &str) -> (Change, Option<RuleVersions>) {
    let rule = |body: &str| format!("{BASE}规则 R\n    {body}\n");
    let versions = compare((&rule(old), ""), (&rule(new), ""));
    let told = versions.rules.into_iter().next();
    (told.as_ref().map_or(Change::Same, |told| told.change), told)
}

#[test]
fn conditions_are_held_against_each_other() {
    use Change::{Incomparable, Laxer, Same, Stricter};
    let cases = [
        // A threshold moves, and its near misses.
        ("要求 收入 增长 ≥ 10%", "要求 收入 增长 ≥ 10%", Same),
        ("要求 收入 增长 ≥ 10%", "要求 收入 增长 ≥ 0.1 倍", Same),
        ("要求 收入 增长 ≥ 10%", "要求 收入 增长 不低于 10%", Same),
        ("要求 收入 增长 ≥ 10%", "要求 收入 增长 ≥ 12%", Stricter),
        ("要求 收入 增长 ≥ 10%", "要求 收入 增长 ≥ 9.99%", Laxer),
        ("要求 收入 增长 ≥ 10%", "要求 收入 增长 > 10%", Stricter),
        ("要求 收入 增长 ≥ 10%", "要求 收入 增长 = 10%", Stricter),
        ("要求 积案 ≤ 5 件", "要求 积案 ≤ 4 件", Stricter),
        ("要求 积案 ≤ 5 件", "要求 积案 < 5 件", Stricter),
        ("要求 积案 ≤ 5 件", "要求 积案 ≥ 5 件", Incomparable),
        // Units convert, and the other way round of saying it is the same.
        ("要求 收入 ≥ 100 亿元", "要求 收入 ≥ 1000000 万元", Same),
        ("要求 收入 ≥ 100 亿元", "要求 收入 ≥ 1000001 万元", Stricter),
        ("要求 收入 ≥ 100 亿元", "要求 100 亿元 ≤ 收入", Same),
        ("要求 收入 ≥ 支出", "要求 收入 − 支出 ≥ 0 亿元", Same),
        ("要求 收入 增加 ≥ 5 亿元", "要求 收入 ≥ 收入[上年] + 5 亿元", Same),
        // Ranges and tolerances.
        ("要求 失业率 在 2% 到 4% 之间", "要求 失业率 在 2.5% 到 4% 之间", Stricter),
        ("要求 失业率 在 2% 到 4% 之间", "要求 失业率 在 3% 到 5% 之间", Incomparable),
        ("要求 收入 = 支出 ± 0.5 亿元", "要求 收入 = 支出 ± 0.6 亿元", Laxer),
        ("要求 收入 = 支出 ± 0.5 亿元", "要求 收入 = 支出", Stricter),
        // More or fewer conditions.
        ("要求 收入 ≥ 100 亿元", "要求 收入 ≥ 100 亿元 且 积案 ≤ 5 件", Stricter),
        ("要求 收入 ≥ 100 亿元", "要求 收入 ≥ 100 亿元 或 积案 ≤ 5 件", Laxer),
        ("要求 收入 ≥ 100 亿元", "要求 收入 ≥ 110 亿元 或 积案 ≤ 5 件", Incomparable),
        ("要求 收入 ≥ 100 亿元", "要求 收入 ≥ 100 亿元 且 支出 = 支出", Same),
        ("要求 收入 ≥ 100 亿元", "要求 支出 ≥ 100 亿元", Incomparable),
        // To whom it applies: a narrower scope is laxer.
        ("要求 收入 ≥ 100 亿元", "当 积案 > 0 件\n    要求 收入 ≥ 100 亿元", Laxer),
        ("当 积案 > 3 件\n    要求 收入 ≥ 100 亿元", "当 积案 > 0 件\n    要求 收入 ≥ 100 亿元", Stricter),
        ("当 积案 > 3 件\n    要求 收入 ≥ 100 亿元", "当 积案 > 0 件\n    要求 收入 ≥ 90 亿元", Incomparable),
        ("当 积案 > 0 件\n    要求 收入 ≥ 1 亿元", "要求 如果 积案 > 0 件 则 收入 ≥ 1 亿元", Same),
        // Dates.
        ("要求 完成 ≤ 2021-12-31", "要求 完成 ≤ 2021-11-30", Stricter),
        // Aggregates over rows, for each member and for named ones.
        ("对每个 部门\n    要求 公用经费 压减 ≥ 10%", "对每个 部门\n    要求 公用经费 压减 ≥ 8%", Laxer),
        (
            "对每个 部门\n    要求 公用经费 ≤ 100 万元",
            "对每个 部门\n    要求 基本支出 ≤ 100 万元 且 公用经费 ≤ 100 万元",
            Stricter,
        ),
        (
            "对每个 部门\n    要求 公用经费 ≤ 100 万元",
            "对每个 部门\n    当 部门 ≠ \"教育局\"\n    要求 公用经费 ≤ 100 万元",
            Laxer,
        ),
        // Rows.
        ("每行 预算 要求 金额 ≥ 0 万元", "每行 预算 要求 金额 > 0 万元", Stricter),
        ("每行 预算 要求 金额 ≥ 0 万元", "每行 预算 要求 金额 ≥ 0 万元 且 备注 已填", Stricter),
        ("每行 预算 要求 科目 属于 {\"甲\", \"乙\"}", "每行 预算 要求 科目 属于 {\"甲\", \"乙\", \"丙\"}", Laxer),
        ("每行 预算 要求 备注 匹配 \"^x\"", "每行 预算 要求 备注 匹配 \"^x\"", Same),
    ];
    for (old, new, expected) in cases {
        let (change, told) = one(old, new);
        assert_eq!(change, expected, "{old}  →  {new}: {told:#?}");
        // Every claim that something differs is shown, each side by figures that were judged.
        let shown = told.map_or(0, |told| told.examples.len());
        let sides = match expected {
            Same => 0,
            Incomparable => 2,
            _ => 1,
        };
        assert_eq!(shown, sides, "{old}  →  {new}");
        let back = match expected {
            Stricter => Laxer,
            Laxer => Stricter,
            other => other,
        };
        assert_eq!(one(new, old).0, back, "{new}  →  {old}");
    }
}

#[test]
fn what_stands_beside_the_conditions_counts() {
    use Change::{Incomparable, Laxer, Same, Stricter, Unclear};
    let cases = [
        ("性质 约束性\n    要求 收入 ≥ 1 亿元", "性质 预期性\n    要求 收入 ≥ 1 亿元", Laxer),
        ("性质 提示\n    要求 收入 ≥ 1 亿元", "性质 预期性\n    要求 收入 ≥ 1 亿元", Stricter),
        ("性质 约束性\n    要求 收入 ≥ 1 亿元", "性质 预期性\n    要求 收入 ≥ 2 亿元", Incomparable),
        ("要求 收入 ≥ 1 亿元\n    截止 2021-12-31", "要求 收入 ≥ 1 亿元\n    截止 2021-06-30", Stricter),
        ("要求 收入 ≥ 1 亿元\n    截止 2021-12-31", "要求 收入 ≥ 1 亿元", Same),
        ("要求 收入 ≥ 1 亿元", "要求 收入 ≥ 1 亿元\n    截止 2022-03-31", Laxer),
        ("期间 2021\n    要求 收入 ≥ 1 亿元", "期间 2021, 2022\n    要求 收入 ≥ 1 亿元", Stricter),
        ("期间 2021\n    要求 收入 ≥ 1 亿元", "期间 2022\n    要求 收入 ≥ 1 亿元", Incomparable),
        ("期间 2021\n    要求 收入 ≥ 1 亿元", "要求 收入 ≥ 1 亿元", Unclear),
        ("对每个 部门\n    要求 公用经费 ≤ 9 万元", "每行 预算 要求 金额 ≤ 9 万元", Unclear),
        ("说明 \"甲\"\n    要求 收入 ≥ 1 亿元", "说明 \"乙\"\n    负责 \"丙\"\n    要求 收入 ≥ 1 亿元", Same),
        // Patterns are beyond the reasoning: that they differ is no reason to call them incomparable.
        ("每行 预算 要求 备注 匹配 \"^x\"", "每行 预算 要求 备注 匹配 \"^xy\"", Unclear),
        ("每行 预算 要求 备注 匹配 \"^x\"", "每行 预算 要求 备注 匹配 \"^x\" 且 金额 ≥ 0 万元", Stricter),
    ];
    for (old, new, expected) in cases {
        let (change, told) = one(old, new);
        assert_eq!(change, expected, "{old}  →  {new}: {told:#?}");
        assert_eq!(told.is_some_and(|told| told.reason.is_some()), expected == Unclear, "{old}  →  {new}");
    }
}

#[test]
fn what_names_stand_for_counts() {
    let rules = "规则 R\n    对每个 部门\n    要求 公用经费 ≤ 100 万元\n";
    let change = |from: &str, to: &str| {
        let old = format!("{BASE}{rules}");
        assert!(old.contains(from), "{from}");
        let told = compare((&old, ""), (&old.replace(from, to), "")).rules.into_iter().next();
        told.map_or((Change::Same, Vec::new()), |told| (told.change, told.redefined))
    };
    let redefined = vec!["公用经费".to_owned()];
    let wider = "科目 属于 {\"公用经费\", \"人员经费\"}";
    let (changed, names) = change("当 科目 = \"公用经费\"", &format!("当 {wider}"));
    assert_eq!((changed, names), (Change::Incomparable, redefined.clone()), "amounts may be below 0");
    let sum = "合计 预算.金额 当 科目 = \"公用经费\"";
    assert_eq!(change(sum, &format!("2 × ({sum})")), (Change::Stricter, redefined));
    assert_eq!(change("指标 收入: 亿元", "指标 收入: 万元").0, Change::Same, "another indicator");
    // Columns in another order, and more of them, are the same columns.
    let columns = "    度量 金额: 万元\n    属性 备注: 文本\n";
    assert_eq!(change(columns, "    属性 备注: 文本\n    属性 来源: 文本\n    度量 金额: 万元\n").0, Change::Same);
    // What is submitted without a unit is read in the declared one.
    for (from, to) in [("    度量 金额: 万元", "    度量 金额: 元"), ("万元", "件")] {
        let (changed, names) = change(from, to);
        assert_eq!(changed, Change::Unclear, "{to}");
        assert_eq!(names, ["公用经费", "预算"], "{to}");
    }
    // What is computed has its unit only to be shown in.
    assert_eq!(change("指标 公用经费(部门): 万元", "指标 公用经费(部门): 元").0, Change::Same);
}

#[test]
fn figures_that_are_read_otherwise_are_told() {
    let one = |from: &str, to: &str| {
        let old = format!("{BASE}规则 R\n    要求 收入 ≥ 1 亿元\n");
        let told = compare((&old, ""), (&old.replace(from, to), "")).rules.into_iter().next();
        told.map_or((Change::Same, Vec::new()), |told| (told.change, told.redefined))
    };
    let redefined = (Change::Unclear, vec!["收入".to_owned()]);
    assert_eq!(one("收入: 亿元", "收入: 万元"), redefined);
    assert_eq!(one("收入: 亿元", "收入: 亿元 又称 总收入").0, Change::Same, "one more name");
    let bare = |text: &str| text.replace("支出: 亿元", "支出: 亿元 又称 总收");
    let (own, other) = ("收入: 亿元 又称 总收\n指标 支出: 亿元", bare("收入: 亿元\n指标 支出: 亿元"));
    let old = format!("{BASE}规则 R\n    要求 收入 ≥ 1 亿元\n").replace("收入: 亿元\n指标 支出: 亿元", own);
    let told = compare((&old, ""), (&old.replace(own, &other), "")).rules.into_iter().next().unwrap();
    assert_eq!((told.change, told.redefined), redefined, "a name of its own now is another's");
}

#[test]
fn settings_that_bear_on_all_rules_are_told() {
    let rules = format!("{BASE}规则 R\n    要求 收入 ≥ 1 亿元\n");
    let keyed = rules.replace("    属性 备注: 文本\n", "    属性 备注: 文本\n    主键 部门, 科目, 年度\n");
    let binding = "region = \"乙\"\n[[binding]]\ndataset = \"预算\"\nblank_as_zero = [\"金额\"]\nrounded = true\n";
    let mut versions = compare((&rules, "region = \"甲\"\n"), (&keyed, binding));
    assert!(!versions.is_empty());
    assert_eq!((versions.rules.len(), versions.summary.same), (0, 1));
    for side in [&mut versions.old, &mut versions.new] {
        side.sha256 = "0".repeat(64);
    }
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let options = Options { lang, width: 100, style: Style::Plain };
        insta::assert_snapshot!(format!("settings-{name}"), text::versions::render(&versions, &options));
        let page = html::versions(&versions, lang);
        insta::assert_snapshot!(format!("settings-html-{name}"), page.split_once("</style>").unwrap().1);
    }
    let again = compare((&keyed, binding), (&keyed, binding));
    assert!(again.is_empty());
    // A binding that says nothing is none.
    let nothing = "[[binding]]\ndataset = \"预算\"\n";
    assert!(compare((&rules, ""), (&rules, nothing)).is_empty());
}

#[test]
fn standards_of_the_suites_count_with_their_values() {
    let rules = format!("{BASE}规则 R\n    要求 积案 ≤ 上限\n");
    let with = |old: Option<&str>, new: Option<&str>| {
        let folder = Folder::new();
        let mut checked = [("old", old), ("new", new)].map(|(name, value)| {
            let more = value.map(|value| {
                let text = format!(
                    "[[standard]]\nname = \"上限\"\nvalue = \"{value}\"\nunit = \"件\"\nsource = \"示例\"\ndate = \"2021-01-01\"\n"
                );
                folder.write(&format!("{name}/standards.toml"), text);
                "standards = \"standards.toml\"\n"
            });
            Some(suite(&folder, name, &rules, more.unwrap_or_default()))
        });
        let [old, new] = [0, 1].map(|at| checked[at].take().unwrap());
        let versions = compare_suites((Path::new("old"), &old), (Path::new("new"), &new));
        let versions = versions.unwrap_or_else(|stopped| panic!("{stopped}"));
        versions.rules.first().map_or(Change::Same, |rule| rule.change)
    };
    assert_eq!(with(Some("5"), Some("4")), Change::Stricter);
    assert_eq!(with(Some("4"), Some("5")), Change::Laxer);
    assert_eq!(with(Some("4"), Some("4.0")), Change::Same);
    assert_eq!(with(Some("4"), None), Change::Same, "the value comes with the run");
}

const OLD: &str = "规则 T1 \"收入增长\"\n    要求 收入 增长 ≥ 8%\n规则 T2 \"公用经费压减\"\n    对每个 部门\n    要求 公用经费 压减 ≥ 10%\n\
    规则 T3 \"收支平衡\"\n    要求 收入 = 支出 ± 1 亿元\n规则 T4\n    要求 积案 ≤ 5 件\n规则 T5\n    每行 预算 要求 备注 匹配 \"^x\"\n\
    规则 T6\n    要求 支出 > 0 亿元\n";
const NEW: &str = "规则 T1 \"收入增长\"\n    要求 收入 增长 ≥ 10%\n规则 T2 \"公用经费压减\"\n    对每个 部门\n    当 部门 ≠ \"教育局\"\n    \
    性质 预期性\n    要求 公用经费 压减 ≥ 10%\n规则 T3 \"收支平衡\"\n    要求 收入 ≥ 支出\n规则 T4\n    要求 5 件 ≥ 积案\n规则 T5\n    \
    每行 预算 要求 备注 匹配 \"^y\"\n规则 T7\n    当 积案 > 0 件\n    要求 支出 > 1 亿元\n";

#[test]
fn comparisons_read_well_in_every_format() {
    let mut versions = compare((&format!("{BASE}{OLD}"), ""), (&format!("{BASE}{NEW}"), "title = \"新版\"\n"));
    for side in [&mut versions.old, &mut versions.new] {
        side.sha256 = "0".repeat(64);
    }
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let options = Options { lang, width: 100, style: Style::Plain };
        insta::assert_snapshot!(format!("text-{name}"), text::versions::render(&versions, &options));
        insta::assert_snapshot!(format!("html-{name}"), html::versions(&versions, lang));
    }
    insta::assert_snapshot!("json", json::render(&versions).unwrap());
    let again: Versions = serde_json::from_str(&json::render(&versions).unwrap()).unwrap();
    assert_eq!(again, versions);
    let same = compare((&format!("{BASE}{OLD}"), ""), (&format!("{BASE}{OLD}"), ""));
    assert!(same.is_empty());
    let options = Options { lang: Lang::Zh, width: 100, style: Style::Plain };
    insta::assert_snapshot!("same", text::versions::render(&same, &options));
}

#[test]
fn the_rules_of_a_district_are_the_same_as_themselves() {
    for suite in ["rules/gulou-2021", "rules/gulou-2021-claims", "rules/budget"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let checked = check(&root.join(suite));
        let path = Path::new(suite);
        let versions = compare_suites((path, &checked), (path, &checked)).unwrap_or_else(|stopped| panic!("{stopped}"));
        assert!(versions.is_empty(), "{suite}: {:#?}", versions.rules.first());
        assert_eq!(versions.summary.same, checked.suite().rules.len() as u64);
    }
}

#[test]
fn the_command_ends_in_0_only_for_the_same() {
    let folder = Folder::new();
    let shown = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    suite(&folder, "old", &format!("{BASE}{OLD}"), "");
    suite(&folder, "new", &format!("{BASE}{NEW}"), "");
    folder.write("broken/suite.toml", "name = \"b\"\n");
    folder.write("broken/rules.rule", "规则 R\n    要求 无此名 > 1\n");
    let code = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_duixian"));
        let output = command.arg("diff").args(args).args(["--lang", "en"]).env_clear().output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (old, new) = (shown("old"), shown("new"));
    assert_eq!(code(&[&old, &old]).0, 0);
    assert_eq!(code(&[&old, &new]).0, 1);
    let (ended, json) = code(&[&old, &new, "--format", "json", "--report", &format!("html:{}", shown("d.html"))]);
    assert_eq!(ended, 1);
    let told: Versions = serde_json::from_str(&json).unwrap();
    assert_eq!(told.summary.stricter, 1);
    assert!(std::fs::read_to_string(shown("d.html")).unwrap().contains("</html>"));
    assert_eq!(code(&[&old, &shown("broken")]).0, 3);
    assert_eq!(code(&[&old, &shown("d.html")]).0, 2, "a suite with a file");
    assert_eq!(code(&[&old, &shown("none")]).0, 2);
}
