//! The command as its users meet it: exit codes, streams, languages, files.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::Folder;

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

#[test]
fn the_record_is_json_that_fits_its_schema() {
    let (folder, suite, data) = example();
    let schema = include_str!("../docs/run-record.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let valid = |json: &str| {
        let record: serde_json::Value = serde_json::from_str(json).unwrap();
        let faults: Vec<String> =
            schema.iter_errors(&record).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        record
    };
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
