//! One suite on many submissions: what is bad stops nothing, nothing depends on threads, and what is broken off says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use duixian::base::Lang;
use duixian::pipeline::{Checked, Many, Parsed, Request, find_submissions};
use duixian::report::record::{Head, Kind, Record, Verdict};
use duixian::report::runs::Runs;
use duixian::report::{Outcome, Style, html, json, markdown, ranking, runs, text, xlsx};

use crate::support::{Folder, check, fits};

const RULES: &str = "数据集 预算\n    维度 部门: 文本\n    维度 年度: 年\n    度量 公用: 万元\n    主键 部门, 年度\n\
    指标 公用经费(部门): 万元 = 合计 预算.公用\n\
    规则 D1 \"公用经费压减10%\"\n    对每个 部门\n    要求 公用经费 压减 ≥ 10%\n\
    规则 D2 \"公用经费不为负\"\n    每行 预算\n    要求 公用 ≥ 0\n    性质 预期性\n\
    规则 D3 \"公用经费合计\"\n    要求 合计 预算.公用 ≤ 1000 万元\n    性质 提示\n";

const HEAD: &str = "部门,年度,公用\n";

/// A suite and some submissions: two good ones, one that fails, and three that are bad in ways of their own.
fn inbox() -> Folder {
    let folder = Folder::new();
    folder.write("suite/suite.toml", "name = \"many\"\ntitle = \"公用经费核对\"\nperiod = 2021\n");
    folder.write("suite/rules.rule", RULES);
    let rows = |name: &str, after: &str| format!("{HEAD}{name},2020,100\n{name},2021,{after}\n");
    folder.write("inbox/教育局/预算.csv", rows("教育局", "90"));
    folder.write("inbox/文旅局/预算.csv", rows("文旅局", "89.99"));
    folder.write("inbox/信访局/预算.csv", rows("信访局", "90.01"));
    folder.write("inbox/民政局/预算.csv", format!("{HEAD}民政局,2020,\"100\n"));
    folder.write("inbox/水务局/预算.csv", rows("水务局", "九十"));
    std::fs::create_dir_all(folder.path().join("inbox/空")).unwrap();
    folder
}

struct Outcomes {
    code: i32,
    out: String,
    err: String,
}

fn duixian(folder: &Folder, args: &[&str]) -> Outcomes {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
    command.args(args).current_dir(folder.path()).env_clear().env("LC_ALL", "C.UTF-8").env("COLUMNS", "100");
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Outcomes { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A record as JSON, which must fit the schema.
fn valid(json: &str) -> Runs {
    let record: serde_json::Value = serde_json::from_str(json).unwrap();
    fits(include_str!("../docs/runs-record.schema.json"), &record);
    let runs: Runs = serde_json::from_value(record).unwrap();
    assert_eq!(json::render(&runs).unwrap(), json, "nothing is lost in reading");
    runs
}

fn judged(checked: &Checked, patterns: &[PathBuf], many: &Many<'_>) -> Runs {
    let planned = checked.plan(&Request::default()).unwrap();
    let outside = checked.outside(&[], &[]).unwrap();
    let found = find_submissions(&[], patterns).unwrap();
    planned.judge_many(&found, &outside, many, &mut |_| {})
}

fn many(threads: usize, stop: &AtomicBool) -> Many<'_> {
    Many { threads, max_findings: 10, stop, keep: None }
}

/// The record of `inbox`, by way of the command.
fn recorded(folder: &Folder) -> Runs {
    let ran = duixian(folder, &["run", "suite", "--submissions", "inbox/*", "--record", "-"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    valid(&ran.out)
}

#[test]
fn a_bad_submission_is_told_and_stops_no_other() {
    let runs = recorded(&inbox());
    let of = |name: &str| runs.submissions.iter().find(|submission| submission.name == name).unwrap();
    let names: Vec<&str> = runs.submissions.iter().map(|submission| submission.name.as_str()).collect();
    assert_eq!(names, ["信访局", "教育局", "文旅局", "民政局", "水务局", "空"], "by name");
    let told = |name: &str| {
        let codes: Vec<&str> = of(name).faults().map(|fault| fault.code.as_str()).collect();
        (of(name).verdicts.as_str(), codes)
    };
    assert_eq!(told("教育局"), ("PPP", vec![]));
    assert_eq!(told("文旅局"), ("PPP", vec![]));
    assert_eq!(told("信访局"), ("FPP", vec![]));
    assert_eq!(told("民政局"), ("MMM", vec!["E0403"]), "an open quote");
    assert_eq!(told("水务局"), ("EEE", vec!["E0411"]), "no number");
    assert_eq!(told("空"), ("MMM", vec!["E0565"]), "an empty folder");
    assert_eq!(of("民政局").unreadable, ["预算"]);
    assert_eq!(runs.summary.bad, 3);
    assert_eq!(runs.summary.rules.total(), 18);
    let rule = &runs.rules[0];
    assert_eq!((rule.submissions.pass, rule.submissions.fail, rule.submissions.missing, rule.failing), (2, 1, 2, 1));
    let finding = &of("信访局").findings[0];
    assert_eq!((finding.rule.as_str(), finding.finding.shortfall.as_deref()), ("D1", Some("0.01 万元")));
    assert_eq!(of("信访局").inputs[0].sha256.len(), 64);
    assert!(!runs.partial());
}

#[test]
fn one_thread_or_four_give_the_same_bytes() {
    let folder = inbox();
    for at in 0..60 {
        let after = 80 + at % 15;
        folder.write(
            &format!("inbox/单位{at:02}/预算.csv"),
            format!("{HEAD}甲{at},2020,100\n甲{at},2021,{after}\n乙,2021,5\n"),
        );
    }
    let args = |threads: &'static str, file: &'static str| {
        ["run", "suite", "--submissions", "inbox/*", "--threads", threads, "--record", file]
    };
    let mut bytes = Vec::new();
    for (threads, file) in [("1", "1.json"), ("2", "2.json"), ("4", "4.json")] {
        let ran = duixian(&folder, &args(threads, file));
        assert_eq!(ran.code, 1, "{}", ran.err);
        bytes.push((std::fs::read_to_string(folder.path().join(file)).unwrap(), ran.out));
    }
    assert_eq!(bytes[0], bytes[1]);
    assert_eq!(bytes[0], bytes[2]);
    assert_eq!(valid(&bytes[0].0).submissions.len(), 66);
    // What single records are written beside it changes nothing in it.
    let with = [&args("2", "with.json")[..], &["--records", "singles"]].concat();
    assert_eq!(duixian(&folder, &with).code, 1);
    assert_eq!(std::fs::read_to_string(folder.path().join("with.json")).unwrap(), bytes[0].0);
}

#[test]
fn a_submissions_own_record_is_that_of_a_run_on_it() {
    let folder = inbox();
    let ran = duixian(&folder, &["run", "suite", "--submissions", "inbox/*", "--records", "singles", "--record", "-"]);
    let runs = valid(&ran.out);
    for submission in &runs.submissions {
        let single = std::fs::read_to_string(folder.path().join(format!("singles/{}.json", submission.name))).unwrap();
        let alone =
            duixian(&folder, &["run", "suite", "--data", &format!("inbox/{}", submission.name), "--record", "-"]);
        assert_eq!(alone.out, single, "{}", submission.name);
        fits(include_str!("../docs/run-record.schema.json"), &serde_json::from_str(&single).unwrap());
        let record: Record = serde_json::from_str(&single).unwrap();
        let letters: String = record.rules.iter().map(|rule| runs::letter(rule.verdict, rule.cases.fail > 0)).collect();
        assert_eq!(letters, submission.verdicts);
        assert_eq!(record.summary.cases, submission.cases);
        for kind in [Kind::Binding, Kind::Expected, Kind::Advisory] {
            assert_eq!(
                runs.outcome_of(submission, kind),
                duixian::report::outcome(&record, kind),
                "{}",
                submission.name
            );
        }
        let file = format!("singles/{}.json", submission.name);
        let verify = |what: [&str; 2]| duixian(&folder, &["verify", &file, "--suite", "suite", what[0], what[1]]);
        let path = format!("inbox/{}", submission.name);
        assert_eq!(verify(["--data", &path]).code, 0, "{}", submission.name);
        assert_eq!(verify(["--submission", &path]).code, 0, "{}", submission.name);
    }
    folder.write("all.json", &ran.out);
    let all = duixian(&folder, &["verify", "all.json", "--suite", "suite", "--data", "inbox/教育局"]);
    assert!(all.code == 2 && all.err.contains("--submissions 'inbox/*'"), "{} {}", all.code, all.err);
    let all = duixian(&folder, &["verify", "all.json", "--suite", "suite", "--submissions", "inbox/*"]);
    assert_eq!(all.code, 0, "{}", all.out);
    let all = duixian(&folder, &["diff", "all.json", "all.json"]);
    assert!(all.code == 2 && all.err.contains("--records DIR"), "{} {}", all.code, all.err);
    let old = "singles/教育局.json";
    assert_eq!(duixian(&folder, &["diff", old, "singles/信访局.json"]).code, 1, "records compare");
}

#[test]
fn exit_codes_are_those_of_the_worst_submission() {
    let folder = inbox();
    let run = |args: &[&str]| duixian(&folder, &[&["run", "suite"], args].concat());
    let code = |args: &[&str]| run(args).code;
    assert_eq!(code(&["--submission", "inbox/教育局", "--submission", "inbox/文旅局"]), 0);
    assert_eq!(code(&["--submission", "inbox/教育局", "--submission", "inbox/信访局"]), 1);
    assert_eq!(code(&["--submission", "inbox/教育局", "--submission", "inbox/民政局"]), 4);
    assert_eq!(code(&["--submission", "inbox/教育局", "--submission", "inbox/空"]), 4);
    assert_eq!(code(&["--submissions", "inbox/*"]), 1, "a failure that was established counts");
    assert_eq!(code(&["--submissions", "inbox/*", "--select", "D2", "--fail-on", "expected"]), 4);
    for usage in [
        &["--submission", "inbox/没有"][..],
        &["--submissions", "inbox/没有*"],
        &["--submissions", "没有/*"],
        &["--submission", "inbox/教育局", "--data", "inbox/教育局"],
        &["--submission", "inbox/教育局", "--report", "junit:x.xml"],
        &["--submission", "inbox/教育局", "--format", "sarif"],
        &["--submission", "inbox/教育局", "--format", "xlsx"],
        &["--submission", "inbox/教育局", "--threads", "0"],
        &["--submission", "inbox/教育局", "--records", "suite/rules.rule"],
        &["--data", "inbox/教育局", "--records", "x"],
        &["--submission", "inbox/教育局", "--record", "no/such/folder/r.json"],
    ] {
        let ran = run(usage);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{usage:?}");
        assert!(!ran.err.is_empty(), "{usage:?}");
    }
    let none = run(&["--submissions", "inbox/没有*", "--lang", "zh"]);
    assert!(none.err.contains("E0563") && none.err.contains("inbox/没有*"), "{}", none.err);
}

#[test]
fn names_tell_submissions_apart() {
    let folder = inbox();
    folder.write("late/教育局/预算.csv", format!("{HEAD}教育局,2021,1\n"));
    let run = |args: &[&str]| duixian(&folder, &[&["run", "suite", "--lang", "zh"], args].concat());
    for twice in [
        &["--submissions", "inbox/*", "late/*"][..],
        &["--submission", "inbox/教育局", "--submission", "late/教育局"],
        &["--submission", "inbox/教育局", "--submissions", "inbox/教*"],
    ] {
        let ran = run(twice);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{twice:?}");
        assert!(ran.err.contains("E0564") && ran.err.contains("教育局"), "{}", ran.err);
    }
    // Files are submissions too: by name, and of the only dataset there is. What lies beside data is none.
    folder.write("files/a b'\"*.csv", format!("{HEAD}甲,2020,100\n甲,2021,90\n"));
    folder.write("files/=1+1.csv", format!("{HEAD}乙,2020,100\n乙,2021,95\n"));
    folder.write("files/README.md", "nothing");
    folder.write("files/.hidden.csv", HEAD);
    folder.write("files/~$预算.xlsx", "locked");
    let ran = run(&["--submissions", "files/*", "--record", "-", "--records", "singles"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let runs = valid(&ran.out);
    let names: Vec<(&str, &str)> =
        runs.submissions.iter().map(|submission| (submission.name.as_str(), submission.verdicts.as_str())).collect();
    assert_eq!(names, [("=1+1.csv", "FPP"), ("a b'\"*.csv", "PPP")]);
    assert!(folder.path().join("singles/a b'\"*.csv.json").is_file());
    let literal = run(&["--submissions", "files/a b'\"*.csv", "--record", "-"]);
    assert_eq!(valid(&literal.out).submissions.len(), 1, "a path that is there fits itself");
    let single = run(&["--submission", "files/=1+1.csv"]);
    assert_eq!(single.code, 1, "{}", single.err);
    let verified =
        duixian(&folder, &["verify", "singles/=1+1.csv.json", "--suite", "suite", "--submission", "files/=1+1.csv"]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
    // A file of which it cannot be told what it is of.
    folder.write("suite/more.rule", "单位 件\n指标 积案: 件\n规则 D9\n    要求 积案 ≤ 1 件\n    性质 提示\n");
    let runs = valid(&run(&["--submissions", "files/*", "--record", "-"]).out);
    let codes: Vec<&str> = runs.submissions[0].remarks.iter().map(|remark| remark.code.as_str()).collect();
    assert!(codes.contains(&"E0565") && codes.contains(&"W0409"), "{codes:?}");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_unicode_is_a_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = inbox();
    let odd = folder.path().join("odd").join(OsStr::from_bytes(b"\xb9\xab\xd3\xc3"));
    std::fs::create_dir_all(&odd).unwrap();
    std::fs::write(odd.join("预算.csv"), format!("{HEAD}甲,2020,100\n甲,2021,90\n")).unwrap();
    let ran = duixian(&folder, &["run", "suite", "--submissions", "odd/*", "--record", "-", "--records", "singles"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let runs = valid(&ran.out);
    assert_eq!(
        (runs.submissions[0].name.as_str(), runs.submissions[0].verdicts.as_str()),
        ("\u{fffd}\u{fffd}\u{fffd}\u{fffd}", "PPP")
    );
    // Two that look the same could not be told apart.
    std::fs::create_dir_all(folder.path().join("odd").join(OsStr::from_bytes(b"\xb9\xab\xd3\xc4"))).unwrap();
    let ran = duixian(&folder, &["run", "suite", "--submissions", "odd/*"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("E0564"), "{}", ran.err);
}

#[test]
fn a_run_that_is_broken_off_says_so() {
    let folder = inbox();
    let checked = check(&folder.path().join("suite"));
    let patterns = [folder.path().join("inbox/*")];
    let stop = AtomicBool::new(true);
    let none = judged(&checked, &patterns, &many(2, &stop));
    assert_eq!((none.submissions.len(), none.not_judged.len()), (0, 6));
    let stop = AtomicBool::new(false);
    let seen = AtomicUsize::new(0);
    let keep = |_: &duixian::pipeline::Submitted, _: &Record| {
        if seen.fetch_add(1, Ordering::Relaxed) == 2 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let broken = judged(&checked, &patterns, &Many { keep: Some(&keep), ..many(1, &stop) });
    let names: Vec<&str> = broken.submissions.iter().map(|submission| submission.name.as_str()).collect();
    assert_eq!(names, ["信访局", "教育局", "文旅局"], "one that was begun is finished");
    assert_eq!(broken.not_judged, ["民政局", "水务局", "空"]);
    for runs in [&none, &broken] {
        let again = valid(&json::render(runs).unwrap());
        assert!(again.partial());
        let options = text::Options { lang: Lang::Zh, width: 100, style: Style::Plain, fail_on: Kind::Binding };
        assert!(text::runs::render(runs, &options).contains("中途中断"));
        let page = html::runs(runs, &html::Options { lang: Lang::En, fail_on: Kind::Binding });
        assert!(page.contains("so this result is partial"));
        assert!(markdown::runs(runs, Kind::Binding, Lang::Zh).contains("中途中断"));
        assert!(!xlsx::runs(runs, Kind::Binding, Lang::Zh).unwrap().is_empty());
    }
    assert_eq!(none.outcome(Kind::Binding), Outcome::Open, "what was not judged does not pass");
}

#[test]
fn a_fault_of_the_program_is_told_of_one_submission() {
    let folder = inbox();
    let checked = check(&folder.path().join("suite"));
    let stop = AtomicBool::new(false);
    let keep = |submitted: &duixian::pipeline::Submitted, _: &Record| assert_ne!(submitted.name, "教育局");
    let patterns = [folder.path().join("inbox/*")];
    let runs = judged(&checked, &patterns, &Many { keep: Some(&keep), ..many(2, &stop) });
    valid(&json::render(&runs).unwrap());
    let of = |name: &str| runs.submissions.iter().find(|submission| submission.name == name).unwrap();
    assert_eq!(of("教育局").verdicts, "EEE");
    assert_eq!(of("教育局").remarks[0].code, "E0566");
    assert_eq!(of("文旅局").verdicts, "PPP");
    assert_eq!((runs.submissions.len(), runs.not_judged.len()), (6, 0));
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_valid_record_that_is_partial() {
    let folder = inbox();
    for at in 0..3000 {
        let rows: String = (0..40).map(|row| format!("单位{row},2020,100\n单位{row},2021,95\n")).collect();
        folder.write(&format!("inbox/单位{at:04}/预算.csv"), format!("{HEAD}{rows}"));
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_duixian"))
        .args([
            "run",
            "suite",
            "--submissions",
            "inbox/*",
            "--records",
            "singles",
            "--record",
            "r.json",
            "--lang",
            "zh",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = || std::fs::read_dir(folder.path().join("singles")).is_ok_and(|entries| entries.count() > 3);
    while !begun() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be interrupted");
        std::thread::yield_now();
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(130), "{out}");
    assert!(out.contains("中途中断"), "{out}");
    let runs = valid(&std::fs::read_to_string(folder.path().join("r.json")).unwrap());
    assert!(runs.partial() && !runs.submissions.is_empty());
    assert_eq!(runs.submissions.len() + runs.not_judged.len(), 3006);
    let singles = std::fs::read_dir(folder.path().join("singles")).unwrap().count();
    assert_eq!(singles, runs.submissions.len(), "a record of each that was judged, and nothing half written");
}

#[test]
fn findings_of_a_submission_are_capped_and_the_worst_kept() {
    let folder = inbox();
    let rows: String = (0..30).map(|row| format!("单位{row},2020,100\n单位{row},2021,{}\n", 85 + row)).collect();
    folder.write("inbox/多/预算.csv", format!("{HEAD}{rows}坏,2020,1\n坏,2021,?\n"));
    let run = |limit: &str| {
        let args = ["run", "suite", "--submission", "inbox/多", "--max-findings", limit, "--record", "-"];
        valid(&duixian(&folder, &args).out)
    };
    let verdicts = |runs: &Runs| -> Vec<Verdict> {
        runs.submissions[0].findings.iter().map(|finding| finding.finding.verdict).collect()
    };
    let all = run("1000");
    assert_eq!(all.submissions[0].cases.fail, 24);
    assert_eq!(verdicts(&all).iter().filter(|verdict| **verdict == Verdict::Fail).count(), 24);
    let four = run("4");
    assert_eq!(verdicts(&four), [Verdict::Error, Verdict::Fail, Verdict::Error, Verdict::Error]);
    assert_eq!(four.submissions[0].cases, all.submissions[0].cases, "counts are complete");
    assert_eq!(run("0").submissions[0].findings.len(), 0);
}

#[test]
fn a_waiver_is_idle_only_if_it_waives_nothing_anywhere() {
    let folder = inbox();
    let head = "规则,范围,理由,批准人,批准日期,失效日期\n";
    let row = |department: &str| format!("D1,部门={department},新设机构,区财政局,2021-03-01,2021-12-31\n");
    folder.write("豁免.csv", format!("{head}{}{}", row("信访局"), row("无此局")));
    let ran = duixian(&folder, &["run", "suite", "--submissions", "inbox/*", "--waivers", "豁免.csv", "--record", "-"]);
    let runs = valid(&ran.out);
    assert_eq!(runs.submissions[0].verdicts, "WPP");
    let idle: Vec<Option<u64>> = runs.remarks.iter().map(|remark| remark.source.as_ref().unwrap().row).collect();
    assert_eq!(idle, [Some(3)], "{:?}", runs.remarks);
    assert_eq!(runs.waivers.len(), 1);
}

#[test]
fn reports_of_many_submissions_read_well_in_both_languages() {
    let runs = recorded(&inbox());
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let options = text::Options { lang, width: 100, style: Style::Plain, fail_on: Kind::Binding };
        insta::assert_snapshot!(format!("{name}.txt"), text::runs::render(&runs, &options));
        insta::assert_snapshot!(format!("{name}.md"), markdown::runs(&runs, Kind::Binding, lang));
        let page = html::runs(&runs, &html::Options { lang, fail_on: Kind::Binding });
        let body = page.split_once("</style>").unwrap().1.to_owned();
        insta::assert_snapshot!(format!("{name}.html"), body);
    }
}

/// A record of so many rules and submissions, of which one in `fails` fails each rule.
fn large(rules: usize, submissions: usize, fails: usize) -> Runs {
    let mut runs = recorded(&inbox());
    let (rule, submission) = (runs.rules[0].clone(), runs.submissions[0].clone());
    let head = |at: usize| Head { id: format!("R{at}"), ..rule.head.clone() };
    runs.rules = (0..rules).map(|at| runs::Rule { head: head(at), failing: 1, ..rule.clone() }).collect();
    runs.submissions = (0..submissions)
        .map(|at| {
            let letter = |rule: usize| if (at * 31 + rule).is_multiple_of(fails) { 'F' } else { 'P' };
            runs::Submission {
                name: format!("单位{at}"),
                verdicts: (0..rules).map(letter).collect(),
                ..submission.clone()
            }
        })
        .collect();
    runs
}

#[test]
fn the_page_of_ten_thousand_submissions_stays_usable() {
    let runs = large(300, 10_000, 40);
    for lang in [Lang::Zh, Lang::En] {
        let page = html::runs(&runs, &html::Options { lang, fail_on: Kind::Binding });
        assert!(page.len() < 2_500_000, "{} bytes", page.len());
        let left = match lang {
            Lang::Zh => "未列出：9800 份报送也有不合格或尚无定论",
            Lang::En => "Not shown: 9800 submissions fail or are open as well",
        };
        assert!(page.contains(left), "what the page leaves out is said");
        let options = text::Options { lang, width: 100, style: Style::Plain, fail_on: Kind::Binding };
        let text = text::runs::render(&runs, &options);
        assert!(text.lines().count() < 400, "{}", text.lines().count());
        assert!(text.contains("9950"), "what the report leaves out is said");
        for line in text.lines() {
            assert!(duixian::report::layout::width(line) <= 102, "{line}");
        }
    }
    let best = ranking::rank(&runs, Kind::Binding);
    assert!(best.submissions[0].failing >= best.submissions[9_999].failing, "worst first");
}

/// A text that would be markup or a formula if a format let it.
const HOSTILE: &str = "<script>alert(1)</script>|`x`*_[a](b)\"'&]]>\u{1b}[31m\u{0}\u{202e}=HYPERLINK(\"http://x\")";

#[test]
fn text_from_submissions_cannot_become_markup() {
    let mut runs = recorded(&inbox());
    runs.suite.title = HOSTILE.to_owned();
    for submission in &mut runs.submissions {
        submission.name.push_str(HOSTILE);
        submission.unreadable = vec![HOSTILE.to_owned()];
        for remark in &mut submission.remarks {
            remark.message = duixian::base::Bi::same(HOSTILE);
        }
        for found in &mut submission.findings {
            found.finding.explain = Some(HOSTILE.to_owned());
            found.rule = HOSTILE.to_owned();
        }
    }
    for rule in &mut runs.rules {
        rule.head.title = HOSTILE.to_owned();
        rule.head.id.push_str(HOSTILE);
    }
    for lang in [Lang::Zh, Lang::En] {
        let page = html::runs(&runs, &html::Options { lang, fail_on: Kind::Binding });
        assert!(!page.contains("<script"));
        let table = markdown::runs(&runs, Kind::Binding, lang);
        assert!(!table.contains("<script>") && !table.contains("[a](b)"), "{table}");
        let options = text::Options { lang, width: 100, style: Style::Plain, fail_on: Kind::Binding };
        for output in [page, table, text::runs::render(&runs, &options)] {
            assert!(!output.contains(['\u{1b}', '\u{0}', '\u{202e}']));
        }
        use calamine::Reader;
        let bytes = xlsx::runs(&runs, Kind::Binding, lang).unwrap();
        assert_eq!(bytes, xlsx::runs(&runs, Kind::Binding, lang).unwrap(), "the same bytes");
        let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        for name in book.sheet_names() {
            let formulas = book.worksheet_formula(&name).unwrap();
            assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
        }
    }
}

#[test]
fn a_workbook_has_a_line_for_every_submission_and_rule() {
    use calamine::Reader;
    let runs = recorded(&inbox());
    let bytes = xlsx::runs(&runs, Kind::Binding, Lang::Zh).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let shown: Vec<String> = book
        .sheet_names()
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(&name).unwrap();
            let rows = range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "));
            format!("== {name}\n{}", rows.collect::<Vec<_>>().join("\n"))
        })
        .collect();
    insta::assert_snapshot!("xlsx", shown.join("\n\n"));
}

#[test]
fn schemas_say_the_same_of_what_they_share() {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let one = read(include_str!("../docs/run-record.schema.json"));
    let many = read(include_str!("../docs/runs-record.schema.json"));
    for shared in ["bi", "file", "verdict", "counts", "range", "source", "pace", "waiver", "evidence"] {
        assert_eq!(one["$defs"][shared], many["$defs"][shared], "{shared}");
    }
    let book = read(include_str!("../docs/rule-book.schema.json"));
    let versions = read(include_str!("../docs/suite-diff.schema.json"));
    for shared in ["bi", "verdict"] {
        assert_eq!(one["$defs"][shared], book["$defs"][shared], "{shared}");
        assert_eq!(one["$defs"][shared], versions["$defs"][shared], "{shared}");
    }
    let mut finding = many["$defs"]["rule_finding"]["properties"].clone();
    finding.as_object_mut().unwrap().remove("rule");
    // Steps of calculations stand in the record of the submission alone.
    let mut own = one["$defs"]["finding"]["properties"].clone();
    assert!(["applies", "calculation"].iter().all(|steps| own.as_object_mut().unwrap().remove(*steps).is_some()));
    assert_eq!(own, finding);
}

#[test]
fn a_plan_says_what_is_read_once_for_how_many_rules() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/plan");
    let checked = Parsed::load(&suite).and_then(Parsed::check).unwrap_or_else(|stopped| panic!("{stopped}"));
    let planned = checked.plan(&Request::default()).unwrap();
    let listing = planned.listing();
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let options = text::Options { lang, width: 100, style: Style::Plain, fail_on: Kind::Binding };
        insta::assert_snapshot!(format!("plan.{name}"), text::plan::render(&listing, &options));
    }
    insta::assert_snapshot!("plan.json", json::render(&listing).unwrap());
    let folder = Folder::new();
    let path = suite.to_string_lossy().into_owned();
    let some = duixian(&folder, &["plan", &path, "--select", "D1", "--period", "2020", "--format", "json"]);
    assert_eq!((some.code, some.err.as_str()), (0, ""));
    let some: serde_json::Value = serde_json::from_str(&some.out).unwrap();
    assert_eq!((&some["rules"], &some["period"]), (&serde_json::json!(1), &serde_json::json!("2020")));
    assert_eq!(some["queries"].as_array().unwrap().len(), 1);
    let zh = duixian(&folder, &["plan", &path, "--lang", "zh"]);
    assert_eq!(zh.code, 0);
    assert!(zh.out.contains("每个只读一遍"), "{}", zh.out);
    assert_eq!(duixian(&folder, &["plan", &path, "--select", "D99"]).code, 2);
    assert_eq!(duixian(&folder, &["plan", "none"]).code, 2);
}
