//! The command as its users meet it: exit codes, streams, languages, files.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::{Folder, fits};

/// What a command line does.
struct Outcome {
    code: i32,
    out: String,
    err: String,
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
    command.args(args).env_clear().env("LC_ALL", "C.UTF-8").env("COLUMNS", "100");
    command
}

fn outcome(output: Output) -> Outcome {
    Outcome {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn duixian(args: &[&str]) -> Outcome {
    outcome(command(args).output().unwrap())
}

/// The example suite that `init` makes, in Chinese.
fn example() -> (Folder, String, String) {
    let folder = Folder::new();
    let suite = folder.path().join("suite").to_string_lossy().into_owned();
    let made = duixian(&["init", &suite, "--lang", "zh"]);
    assert_eq!((made.code, made.err.as_str()), (0, ""), "{}", made.out);
    let data = format!("{suite}/data");
    (folder, suite, data)
}

fn replace(path: impl AsRef<Path>, from: &str, to: &str) {
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(&path, text.replace(from, to)).unwrap();
}

#[test]
fn init_makes_a_suite_that_works_in_both_languages() {
    for lang in ["zh", "en"] {
        let folder = Folder::new();
        let suite = folder.path().join("new/suite").to_string_lossy().into_owned();
        assert_eq!(duixian(&["init", &suite, "--lang", lang]).code, 0);
        let checked = duixian(&["check", &suite, "--lang", lang]);
        assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{}", checked.out);
        let tested = duixian(&["test", &suite, "--lang", lang]);
        assert_eq!(tested.code, 0, "{}{}", tested.out, tested.err);
        let ran = duixian(&["run", &suite, "--data", &format!("{suite}/data"), "--lang", lang]);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{}", ran.out);
        assert!(ran.out.contains("0.01 万元"), "{}", ran.out);
        let again = duixian(&["init", &suite, "--lang", lang]);
        assert_eq!(again.code, 2, "{}", again.out);
    }
}

#[test]
fn exit_codes_say_how_it_came_out() {
    let (_folder, suite, data) = example();
    let run = |args: &[&str]| duixian(&[&["run", &suite][..], args].concat());
    let code = |args: &[&str]| run(args).code;
    assert_eq!(code(&["--data", &data]), 1);
    assert_eq!(code(&["--data", &data, "--select", "D2"]), 0, "only the rule that passes");
    assert_eq!(code(&["--data", &data, "--period", "2020"]), 4, "nothing to compare with");
    assert_eq!(code(&[]), 4, "nothing submitted");
    assert_eq!(code(&["--data", &format!("无此={data}/预算.csv")]), 2, "no such dataset");
    assert_eq!(code(&["--select", "D2"]), 0, "what is missing is of a kind that does not count");
    assert_eq!(code(&["--select", "D2", "--fail-on", "expected"]), 4);
    replace(format!("{data}/预算.csv"), "90.01", "90.00");
    assert_eq!(code(&["--data", &data]), 0);
    assert_eq!(code(&["--data", &format!("预算={data}/预算.csv")]), 0);
    replace(format!("{data}/指标.csv"), "3.2", "4.01");
    assert_eq!(code(&["--data", &data]), 0, "an expected target fails no run");
    assert_eq!(code(&["--data", &data, "--fail-on", "expected"]), 1);
    assert_eq!(code(&["--data", &data, "--fail-on", "预期性"]), 1);

    for usage in [
        &["--data", "no/such/folder"][..],
        &["--data", "预算=no-such.csv"],
        &["--select", "D9"],
        &["--period", "someday"],
        &["--as-of", "2021-02-30"],
        &["--fail-on", "anything"],
        &["--no-such-option"],
        &["--data", &format!("{data}/预算.csv")],
    ] {
        let outcome = run(usage);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{usage:?}");
        assert!(!outcome.err.is_empty(), "{usage:?}");
    }
    assert_eq!(duixian(&["run", "no/such/suite"]).code, 2);
    assert_eq!(duixian(&["check", &data]).code, 2, "a folder without suite.toml");
    assert_eq!(duixian(&[]).code, 2);

    replace(format!("{suite}/公用经费.rule"), "≤ 4%", "≤ 4 万元");
    let broken = run(&["--data", &data]);
    assert_eq!((broken.code, broken.out.as_str()), (3, ""), "{}", broken.err);
    assert!(broken.err.contains("E03"), "{}", broken.err);
    assert_eq!(duixian(&["check", &suite]).code, 3);
    assert_eq!(duixian(&["test", &suite]).code, 3);
}

#[test]
fn waivers_are_applied_or_stop_the_run() {
    let (folder, suite, data) = example();
    let run = |args: &[&str]| duixian(&[&["run", &suite, "--data", &data, "--lang", "zh"][..], args].concat());
    let head = "规则,范围,理由,批准人,批准日期,失效日期\n";
    let file = folder.write("豁免.csv", format!("{head}D1,部门=教育局,新设机构,区财政局,2021-03-01,2021-12-31\n"));
    let file = file.to_string_lossy();
    let ran = run(&["--waivers", &file]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.contains("【豁免】1 条") && ran.out.contains("若无豁免，不合格"), "{}", ran.out);
    let ran = run(&["--waivers", &file, "--as-of", "2022-01-01"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("W0503") && ran.out.contains("W0503"), "{}{}", ran.out, ran.err);
    // Such a file among the data waives nothing.
    std::fs::copy(&*file, format!("{data}/豁免.csv")).unwrap();
    assert_eq!(run(&[]).code, 1);
    std::fs::remove_file(format!("{data}/豁免.csv")).unwrap();
    replace(&*file, "2021-12-31", "长期");
    let ran = run(&["--waivers", &file]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(ran.err.contains("E0513") && ran.err.contains("豁免.csv:2:失效日期"), "{}", ran.err);
    assert_eq!(run(&["--waivers", "no/such/file.toml"]).code, 2);
    // The suite's own, and a test of the suite that does not see them.
    replace(&*file, "长期", "2021-12-31");
    std::fs::copy(&*file, format!("{suite}/豁免.csv")).unwrap();
    let toml = std::fs::read_to_string(format!("{suite}/suite.toml")).unwrap();
    std::fs::write(format!("{suite}/suite.toml"), format!("waivers = \"豁免.csv\"\n{toml}")).unwrap();
    assert_eq!(run(&[]).code, 0);
    assert_eq!(duixian(&["test", &suite]).code, 0, "tests see the waivers that they give, and no others");
}

#[test]
fn unreadable_data_is_told_and_leaves_the_run_open() {
    let (_folder, suite, data) = example();
    std::fs::write(format!("{data}/预算.csv"), "什么, 也\n不是").unwrap();
    let ran = duixian(&["run", &suite, "--data", &data]);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("E04"), "{}", ran.err);
    assert!(!ran.out.is_empty());
}

#[test]
fn the_period_comes_from_somewhere_or_is_asked_for() {
    let (_folder, suite, data) = example();
    replace(format!("{suite}/suite.toml"), "period = \"2021\"", "");
    let ran = duixian(&["run", &suite, "--data", &data]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--period"), "{}", ran.err);
    let ran = duixian(&["run", &suite, "--data", &data, "--period", "2021"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("2021-12-31"), "{}", ran.out);
}

#[test]
fn tests_say_what_was_expected_and_what_came_out() {
    let (_folder, suite, _) = example();
    replace(format!("{suite}/公用经费.rule"), "期望 D1[教育局] 不合格", "期望 D1[教育局] 合格");
    let tested = duixian(&["test", &suite, "--lang", "zh"]);
    assert_eq!(tested.code, 1, "{}", tested.err);
    assert!(tested.out.contains("D1[教育局] 期望 合格，实际 不合格"), "{}", tested.out);
    assert!(tested.out.contains("公用经费.rule:31:5"), "{}", tested.out);
    replace(format!("{suite}/公用经费.rule"), "期望 D1[教育局] 合格", "期望 D1[文旅局] 合格");
    let tested = duixian(&["test", &suite, "--lang", "zh"]);
    assert_eq!(tested.code, 1);
    assert!(tested.out.contains("没有个案 D1[文旅局]") && tested.out.contains("D1[教育局, 2021]"), "{}", tested.out);
    let text = std::fs::read_to_string(format!("{suite}/公用经费.rule")).unwrap();
    let rules = text.split("测试 ").next().unwrap();
    std::fs::write(format!("{suite}/公用经费.rule"), rules).unwrap();
    assert_eq!(duixian(&["test", &suite]).code, 4);
}

/// A record as JSON, which must fit the schema.
fn valid(json: &str) -> serde_json::Value {
    let record: serde_json::Value = serde_json::from_str(json).unwrap();
    fits(include_str!("../docs/run-record.schema.json"), &record);
    record
}

#[test]
fn a_verdict_that_hangs_on_rounding_is_open() {
    let folder = Folder::new();
    folder.write("suite/suite.toml", "name = \"t\"\nperiod = 2021\n[[binding]]\ndataset = \"指标\"\nrounded = true\n");
    let rules = "指标 投资: 亿元\n规则 A\n    要求 投资 增长 ≥ 8%\n规则 B\n    要求 投资 ≥ 351.5 亿元\n规则 C\n    要求 投资 > 351.5 亿元\n";
    folder.write("suite/a.rule", rules);
    folder.write("data/指标.csv", "指标,期间,数值,限定\n投资,2020,325,\n投资,2021,351,\n");
    let (suite, data) = (folder.path().join("suite"), folder.path().join("data"));
    let run = |more: &[&str]| {
        let paths = [suite.to_str().unwrap(), "--data", data.to_str().unwrap()];
        duixian(&[&["run"], &paths[..], more].concat())
    };
    let zh = run(&["--lang", "zh", "--select", "A"]);
    assert_eq!(zh.code, 4, "{}", zh.err);
    for said in ["【临界】1 条", "7.68%～8.33%，标准 8%", "投资[2021] = 351 亿元 ±0.5", "请报未舍入的数"]
    {
        assert!(zh.out.contains(said), "{said}: {}", zh.out);
    }
    let en = run(&["--lang", "en", "--select", "A"]);
    for said in ["BORDERLINE (1)", "7.68% to 8.33%, against 8%", "supply these"] {
        assert!(en.out.contains(said), "{said}: {}", en.out);
    }
    let all = run(&["--format", "json"]);
    assert_eq!(all.code, 1, "C cannot hold: 351 stands for 351.5 at most");
    let record = valid(&all.out);
    let verdicts: Vec<&str> =
        record["rules"].as_array().unwrap().iter().map(|r| r["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["borderline", "borderline", "fail"]);
    let finding = &record["rules"][1]["findings"][0];
    assert_eq!(finding["attained_range"], serde_json::json!({"low": "350.5", "high": "351.5", "unit": "亿元"}));
    assert_eq!(finding["evidence"][0]["within"]["half_width"], "0.5");
    folder.write("data/指标.csv", "指标,期间,数值,限定\n投资,2020,325,\n投资,2021,351.5,以上\n");
    let bound = valid(&run(&["--format", "json"]).out);
    let verdicts: Vec<&str> =
        bound["rules"].as_array().unwrap().iter().map(|r| r["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["missing", "pass", "missing"]);
}

#[test]
fn the_record_is_json_that_fits_its_schema() {
    let (folder, suite, data) = example();
    let path = folder.path().join("record.json");
    std::fs::write(&path, "an older record").unwrap();
    let ran = duixian(&["run", &suite, "--data", &data, "--record", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let written = std::fs::read_to_string(&path).unwrap();
    let record = valid(&written);
    assert_eq!(record["schema"], "duixian.run/1");
    assert_eq!(record["summary"]["rules"]["fail"], 1);
    assert_eq!(record["rules"][0]["findings"][0]["scope"]["部门"], "教育局");
    let beside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 2, "{beside:?}");

    let printed = duixian(&["run", &suite, "--data", &data, "--record", "-"]);
    assert_eq!((printed.code, printed.out.as_str()), (1, written.as_str()));
    let printed = duixian(&["run", &suite, "--data", &data, "--format", "json", "--lang", "zh"]);
    assert_eq!((printed.code, printed.out.as_str()), (1, written.as_str()), "the same in every language");
    valid(&duixian(&["run", &suite, "--format", "json", "--max-findings", "0"]).out);

    let nowhere = duixian(&["run", &suite, "--data", &data, "--record", "no/such/folder/record.json"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("record.json"), "{}", nowhere.err);
}

#[test]
fn messages_follow_the_locale_unless_told() {
    let speaks = |envs: &[(&str, &str)], args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
        let output = command.args(args).env_clear().envs(envs.iter().copied()).output().unwrap();
        if outcome(output).out.contains("用法") { "zh" } else { "en" }
    };
    assert_eq!(speaks(&[("LANG", "zh_CN.UTF-8")], &["--help"]), "zh");
    assert_eq!(speaks(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "en_US.UTF-8")], &["--help"]), "en");
    assert_eq!(speaks(&[("LANG", "de_DE.UTF-8")], &["run", "--help"]), "en");
    assert_eq!(speaks(&[], &["run", "--help", "--lang=zh"]), "zh");
    assert_eq!(speaks(&[("LANG", "zh_CN.UTF-8")], &["--lang", "en", "check", "--help"]), "en");
}

#[test]
fn nothing_is_coloured_off_a_terminal() {
    let (_folder, suite, data) = example();
    for no_color in [None, Some("1")] {
        let mut command = command(&["run", &suite, "--data", &data]);
        command.envs(no_color.map(|value| ("NO_COLOR", value)));
        let ran = outcome(command.output().unwrap());
        assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'));
    }
    assert!(!duixian(&["run", "no-such-suite"]).err.contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let (_folder, suite, data) = example();
    let mut child = command(&["run", &suite, "--data", &data, "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = outcome(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
}

#[test]
fn explain_knows_codes_and_rules() {
    let page = duixian(&["explain", "e0551", "--lang", "zh"]);
    assert_eq!(page.code, 0);
    assert!(page.out.starts_with("E0551  找不到规则套件"), "{}", page.out);
    let unknown = duixian(&["explain", "E0599"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("Did you mean `E"), "{}", unknown.err);

    let (_folder, suite, _) = example();
    let rule = duixian(&["explain", "D1", "--suite", &suite, "--lang", "zh"]);
    assert_eq!(rule.code, 0, "{}", rule.err);
    for part in ["要求 公用经费 压减 ≥ 10%", "约束性", "恰好压减10%为合格", "公用经费.rule:14:1"]
    {
        assert!(rule.out.contains(part), "{part}\n{}", rule.out);
    }
    let unknown = duixian(&["explain", "D3", "--suite", &suite]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean `D1`") || unknown.err.contains("did you mean `D2`"), "{}", unknown.err);
}

#[test]
fn shells_can_complete_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = duixian(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.out.contains("duixian") && script.out.contains("explain"), "{shell}");
    }
}

#[test]
fn used_suites_are_read_from_beside_the_suite() {
    let (folder, suite, data) = example();
    folder.write("common/units.rule", "单位 座 = 个\n引用 \"../suite\"\n");
    let rules = std::fs::read_to_string(format!("{suite}/公用经费.rule")).unwrap();
    std::fs::write(format!("{suite}/公用经费.rule"), format!("引用 \"../common\"\n{rules}")).unwrap();
    let ran = duixian(&["run", &suite, "--data", &data, "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("\"../common/units.rule\""), "{}", ran.out);
    replace(format!("{suite}/公用经费.rule"), "../common", "../commons");
    let ran = duixian(&["check", &suite]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("E0554") && ran.err.contains("公用经费.rule:1:4"), "{}", ran.err);
}

#[test]
fn a_rule_file_in_another_encoding_is_named_with_its_line() {
    let (folder, suite, _) = example();
    folder.write("suite/子目录/旧.rule", b"# ok\n# \xd6\xd0\xce\xc4\n");
    let checked = duixian(&["check", &suite, "--lang", "zh"]);
    assert_eq!(checked.code, 3, "{}", checked.err);
    assert!(checked.err.contains("子目录/旧.rule:2") && checked.err.contains("UTF-8"), "{}", checked.err);
}

/// A suite with a register and figures already reported, which its one rule falls behind.
fn weaker() -> (Folder, String) {
    let folder = Folder::new();
    folder.write("suite.toml", "name = \"w\"\nperiod = 2021\nregister = \"r.csv\"\nfigures = \"f.csv\"\n");
    folder.write("r.csv", "id,line,indicator,comparator,value,unit\nD1,48,专利,>=,9600,件\n");
    folder.write("f.csv", "指标,期间,数值,单位,报告行\n专利,2020,1.06,万件,22\n别的,2020,1,万件,22\n");
    let rules = "单位 件\n指标 专利: 件\n规则 D1\n    依据 D1\n    要求 专利 ≥ 9600 件\n测试 \"t\"\n    给定 专利 = 9600 件\n    期望 D1 合格\n";
    folder.write("w.rule", rules);
    let suite = folder.path().to_string_lossy().into_owned();
    (folder, suite)
}

#[test]
fn only_check_holds_rules_against_what_was_reported() {
    let (folder, suite) = weaker();
    let checked = duixian(&["check", &suite, "--lang", "zh"]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    let said = "`专利` 2021 年的目标（≥ 9600 件，文件第 48 行）低于已报告的数：2020 年 1.06 万件（文件第 22 行）";
    assert!(checked.err.contains("W0607") && checked.err.contains(said), "{}", checked.err);
    assert!(checked.err.contains("发现 1 个警告"), "{}", checked.err);
    let data = folder.write("data.csv", "指标,期间,数值\n专利,2021,9600\n");
    let data = format!("指标={}", data.display());
    let ran = duixian(&["run", &suite, "--data", &data, "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    let record: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let files: Vec<&str> =
        record["suite"]["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(files, ["f.csv", "r.csv", "suite.toml", "w.rule"], "what the rules are held against is hashed");
    let tested = duixian(&["test", &suite]);
    assert_eq!((tested.code, tested.err.as_str()), (0, ""), "{}", tested.out);

    replace(folder.path().join("w.rule"), "9600 件\n测试", "9600 件\n    认可 W0607 \"不再计境外授权\"\n测试");
    let checked = duixian(&["check", &suite, "--lang", "zh"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{}", checked.out);
    assert!(checked.out.contains("规则作者已认可的提示 1。"), "{}", checked.out);
    let ran = duixian(&["run", &suite, "--data", &data, "--format", "json"]);
    let record: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(record["rules"][0]["accepted"][0]["code"], "W0607");
    assert_eq!(record["rules"][0]["accepted"][0]["reason"], "不再计境外授权");
    let explained = duixian(&["explain", "D1", "--suite", &suite, "--lang", "zh"]);
    assert!(explained.out.contains("W0607：不再计境外授权"), "{}", explained.out);

    // What the rules say together is answered in the same way.
    replace(folder.path().join("w.rule"), "测试", "规则 D2\n    要求 专利 ≥ 5000 件\n测试");
    let checked = duixian(&["check", &suite]);
    assert!(checked.err.contains("W0625"), "{}", checked.err);
    replace(
        folder.path().join("w.rule"),
        "5000 件",
        "5000 件\n    认可 W0625 \"下限另行公布\"\n    认可 W0607 \"下限\"",
    );
    let checked = duixian(&["check", &suite, "--lang", "zh"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{}", checked.out);
    assert!(checked.out.contains("规则作者已认可的提示 3。"), "{}", checked.out);

    folder.write("f.csv", "指标,期间,数值,单位,限定\n专利,2020,1.06,万件,大概\n");
    let checked = duixian(&["check", &suite]);
    assert_eq!((checked.code, checked.out.as_str()), (2, ""), "{}", checked.err);
    assert!(checked.err.contains("E0428") && checked.err.contains("f.csv:2:限定"), "{}", checked.err);
    assert!(!checked.err.contains("W0611"), "what is answered cannot be seen: {}", checked.err);
    assert_eq!(duixian(&["run", &suite, "--data", &data]).code, 0, "no verdict rests on these figures");
    std::fs::remove_file(folder.path().join("f.csv")).unwrap();
    for command in ["check", "run", "test"] {
        let outcome = duixian(&[command, &suite]);
        assert_eq!(outcome.code, 2, "{command}: {}", outcome.out);
        assert!(outcome.err.contains("E0501") && outcome.err.contains("f.csv"), "{command}: {}", outcome.err);
    }
}

#[test]
fn trace_tells_what_is_covered() {
    let case = |name: &str| format!("{}/tests/cases/trace/{name}", env!("CARGO_MANIFEST_DIR"));
    let (tasks, claims) = (case("suite"), case("claims"));
    let folder = Folder::new();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (record, page, list) = (path("record.json"), path("trace.html"), path("trace.json"));
    let ran = duixian(&["run", &tasks, "--data", &format!("指标={}", case("figures.csv")), "--record", &record]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let reports = [format!("html:{page}"), format!("json:{list}")];
    let document = case("document.txt");
    let arguments = ["trace", &tasks, &claims, "--record", &record, "--document", &document, "--lang", "en"];
    let traced = duixian(&[&arguments[..], &["--report", &reports[0], "--report", &reports[1]]].concat());
    assert_eq!(traced.code, 1, "two commitments have no rule: {}{}", traced.out, traced.err);
    assert!(traced.out.contains("5 commitments: 3 covered by a rule, 1 tested."), "{}", traced.out);
    assert!(std::fs::read_to_string(&page).unwrap().starts_with("<!doctype html>"));
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&list).unwrap()).unwrap();
    assert_eq!(json["schema"], "duixian.trace/1");

    for usage in [
        &["trace"][..],
        &["trace", &tasks, "--document", "no/such.txt"],
        &["trace", &tasks, "--record", "no/such.json"],
        &["trace", &tasks, "--record", &list],
        &["trace", &claims, "--record", &record],
        &["trace", &tasks, "--report", "pdf:x"],
        &["trace", &tasks, "--report", "html:no/such/folder/x.html"],
    ] {
        let outcome = duixian(usage);
        assert_eq!(outcome.code, 2, "{usage:?} {}", outcome.err);
        assert!(!outcome.err.is_empty(), "{usage:?}");
    }
}

#[test]
fn tests_that_do_not_bite_are_told() {
    let suite = format!("{}/tests/cases/mutants", env!("CARGO_MANIFEST_DIR"));
    for lang in ["zh", "en"] {
        let mutants = duixian(&["test", &suite, "--mutate", "--lang", lang]);
        assert_eq!(mutants.code, 1);
        insta::assert_snapshot!(format!("mutants-{lang}"), mutants.out.replace(&suite, "…"));
        let coverage = duixian(&["test", &suite, "--coverage", "--lang", lang]);
        assert_eq!(coverage.code, 0);
        insta::assert_snapshot!(format!("coverage-{lang}"), coverage.out.replace(&suite, "…"));
    }
    let json = duixian(&["test", &suite, "--mutate", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["schema"], "duixian.mutation/1");
    assert_eq!(json["survivors"].as_array().unwrap().len() as u64 + 4, json["surviving"].as_u64().unwrap());
    let json = duixian(&["test", &suite, "--coverage", "--format", "json", "--select", "周全"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&json["schema"], &json["rules"]), (&"duixian.coverage/1".into(), &1.into()));
    let some = duixian(&["test", &suite, "--mutate", "--select", "周全"]);
    assert_eq!((some.code, some.err.as_str()), (0, ""), "{}", some.out);
    assert_eq!(duixian(&["test", &suite, "--mutate", "--select", "没有"]).code, 2);
    assert_eq!(duixian(&["test", &suite, "--mutate", "--coverage"]).code, 2);
    assert_eq!(duixian(&["test", &suite, "--select", "周全"]).code, 2, "of what?");
}

#[test]
fn diff_ends_in_0_only_for_the_same() {
    let (_folder, suite, data) = example();
    let path = |name: &str| format!("{suite}/{name}");
    let (old, new) = (path("old.json"), path("new.json"));
    assert_eq!(duixian(&["run", &suite, "--data", &data, "--record", &old]).code, 1);
    let same = duixian(&["diff", &old, &old, "--lang", "en"]);
    assert_eq!((same.code, same.err.as_str()), (0, ""), "{}", same.out);
    replace(format!("{data}/预算.csv"), "90.01", "90.00");
    assert_eq!(duixian(&["run", &suite, "--data", &data, "--record", &new]).code, 0);
    let changed = duixian(&["diff", &old, &new, "--lang", "zh", "--report", &format!("html:{}", path("d.html"))]);
    assert_eq!(changed.code, 1);
    assert!(changed.out.contains("不合格 → 合格") && changed.out.contains("预算.csv"), "{}", changed.out);
    assert!(std::fs::read_to_string(path("d.html")).unwrap().contains("</html>"));
    assert_eq!(duixian(&["diff", &old, "no/such.json"]).code, 2);
    assert_eq!(duixian(&["diff", &old, &format!("{data}/预算.csv")]).code, 2);
}

#[test]
fn reports_go_to_files_in_every_format() {
    let (_folder, suite, data) = example();
    let names = ["text", "json", "html", "md", "junit", "sarif", "xlsx"];
    let reports: Vec<String> = names.iter().map(|name| format!("{name}:{suite}/report.{name}")).collect();
    let mut arguments = vec!["run", &suite, "--data", &data];
    reports.iter().for_each(|report| arguments.extend(["--report", report.as_str()]));
    assert_eq!(duixian(&arguments).code, 1);
    for name in names {
        let bytes = std::fs::read(format!("{suite}/report.{name}")).unwrap();
        assert!(bytes.len() > 500, "{name}");
        assert!(name == "xlsx" || !bytes.contains(&0x1b), "{name}");
    }
    let refused = duixian(&["run", &suite, "--data", &data, "--format", "xlsx"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert_eq!(duixian(&["run", &suite, "--data", &data, "--report", "html"]).code, 2);
}

#[test]
fn a_submitted_workbook_is_annotated_and_never_overwritten() {
    let folder = Folder::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let seeds = root.join("seeds/budget/faulty");
    for entry in std::fs::read_dir(&seeds).unwrap().map(Result::unwrap) {
        folder.write(&format!("data/{}", entry.file_name().to_string_lossy()), std::fs::read(entry.path()).unwrap());
    }
    let suite = root.join("rules/budget").to_string_lossy().into_owned();
    let book = at("data/预算.xlsx");
    let before = std::fs::read(&book).unwrap();
    let run = |to: &str, lang: &str| duixian(&["run", &suite, "--data", &at("data"), "--annotate", to, "--lang", lang]);
    let ran = run(&at("copy.xlsx"), "zh");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let named = run(&format!("{book}={}", at("named.xlsx")), "zh");
    assert_eq!(named.code, 1, "{}", named.err);
    assert_eq!(std::fs::read(at("copy.xlsx")).unwrap(), std::fs::read(at("named.xlsx")).unwrap());
    for (lang, words) in [("zh", "不能用批注的副本覆盖"), ("en", "may not take its place")] {
        let refused = run(&book, lang);
        assert_eq!(refused.code, 2);
        assert!(refused.err.contains("E0567") && refused.err.contains(words), "{}", refused.err);
    }
    assert_eq!(std::fs::read(&book).unwrap(), before, "the submitted file stays as it is");
    // Data without a workbook.
    let (example, rules, data) = example();
    let refused = duixian(&["run", &rules, "--data", &data, "--annotate", &at("none.xlsx"), "--lang", "zh"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("提交的数据里没有工作簿"), "{}", refused.err);
    assert!(!Path::new(&at("none.xlsx")).exists());
    drop(example);
}

#[test]
fn cases_are_explained_from_a_record_or_from_data() {
    let (folder, suite, data) = example();
    let record = folder.path().join("record.json").to_string_lossy().into_owned();
    assert_eq!(duixian(&["run", &suite, "--data", &data, "--record", &record]).code, 1);
    let explain = |args: &[&str]| duixian(&[&["explain"], args, &["--lang", "en"]].concat());
    let told = explain(&["D1", "--record", &record, "--case", "部门=教育局"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.out);
    assert!(told.out.contains("9.99% < 10%: does not hold") && told.out.contains("it passes"), "{}", told.out);
    let judged = explain(&["D1", "--suite", &suite, "--data", &data, "--case", "部门=教育局"]);
    assert!(told.out.starts_with(&judged.out), "the record of a run tells what a run tells: {}", judged.out);
    let json = explain(&["D1", "--record", &record, "--format", "json"]);
    assert!(json.out.contains("duixian.explain/1"), "{}", json.out);
    for (usage, code) in [
        (&["D9", "--record", &record][..], "E0556"),
        (&["D9", "--suite", &suite, "--data", &data], "E0556"),
        (&["D1", "--record", &record, "--case", "部门=教育"], "E0575"),
        (&["D1", "--record", "no-such-file.json"], "E0561"),
        (&["D1", "--record", &record, "--data", &data], ""),
        (&["D1", "--suite", &suite, "--case", "部门=教育局"], "--record"),
        (&["D1", "--case", "教育局"], "--record"),
        (&["D1", "--suite", &suite, "--format", "json"], "--record"),
        (&["E0556", "--format", "md"], "--record"),
        (&["D1", "--record", &record, "--limit", "0"], "--limit"),
    ] {
        let outcome = explain(usage);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{usage:?}");
        assert!(outcome.err.contains(code), "{usage:?}: {}", outcome.err);
    }
    let book = folder.path().join("book.html");
    let made = duixian(&["doc", &suite, "-o", &book.to_string_lossy(), "--lang", "zh"]);
    assert_eq!((made.code, made.out.as_str(), made.err.as_str()), (0, "", ""));
    assert!(std::fs::read_to_string(&book).unwrap().contains("id=\"r-D1\""));
    assert!(duixian(&["doc", &suite, "--format", "md"]).out.contains("# "));
    assert_eq!(duixian(&["doc", "no/such/suite"]).code, 2);
}
