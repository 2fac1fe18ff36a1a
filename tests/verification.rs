//! A digit flipped anywhere in a record or in what it was made from is found, and named.

use std::path::{Path, PathBuf};
use std::process::Command;

use duixian::report::json;
use duixian::report::runs::Runs;

use crate::support::Folder;

/// Files that stand outside the suite.
const OUTSIDE: [&str; 4] = ["--standards", "standards.toml", "--waivers", "waivers.csv"];

const INBOX: [&str; 2] = ["--submissions", "inbox/*"];

/// A suite with a register, standards and waivers, its data, and the record of a run.
struct Kept {
    folder: Folder,
}

impl Kept {
    fn new() -> Self {
        let folder = Folder::new();
        folder.write(
            "suite/suite.toml",
            "name = \"kept\"\nperiod = 2021\nregister = \"register.csv\"\nregion = \"1区\"\n",
        );
        folder.write("suite/register.csv", "id,clause,line\nD1,收入增长10%,7\n");
        folder.write(
            "suite/rules.rule",
            "单位 件\n标准 上限: 件\n指标 收入: 亿元\n指标 积案: 件\n规则 D1\n    依据 D1\n    要求 收入 增长 ≥ 10%\n\
             规则 D2\n    要求 积案 ≤ 上限\n测试 \"1\"\n    给定 收入 = 110 亿元\n    给定 收入[2020] = 100 亿元\n    期望 D1 合格\n",
        );
        folder.write("data/指标.csv", "指标,期间,数值\n收入,2020,100\n收入,2021,109\n积案,2021,5\n");
        folder.write(
            "standards.toml",
            "[[standard]]\nname = \"上限\"\nvalue = \"4\"\nunit = \"件\"\nsource = \"示例〔2021〕1号\"\ndate = \"2021-01-01\"\n",
        );
        folder.write(
            "waivers.csv",
            "rule,reason,approver,approved,expires\nD2,新增1件积案,区政府,2021-03-01,2021-12-31\n",
        );
        let kept = Kept { folder };
        let run = kept.duixian(&[&["run", "suite", "--data", "data", "--record", "r.json"], &OUTSIDE[..]].concat());
        assert_eq!(run.0, 1, "{}", run.1);
        kept
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn duixian(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
        command.args(args).args(["--lang", "en"]).current_dir(self.folder.path()).env_clear().env("COLUMNS", "1000");
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
    }

    /// Three submissions of the same suite, and the record of a run on them.
    fn many() -> Self {
        let kept = Kept::new();
        for (name, figure) in [("教育局", "109"), ("文旅局", "110"), ("水务局", "8")] {
            let figures = format!("指标,期间,数值\n收入,2020,100\n收入,2021,{figure}\n积案,2021,5\n");
            kept.folder.write(&format!("inbox/{name}/指标.csv"), figures);
        }
        let run = kept.duixian(&[&["run", "suite", "--record", "all.json"], &INBOX[..], &OUTSIDE].concat());
        assert_eq!(run.0, 1, "{}", run.1);
        kept
    }

    fn verify_many(&self, more: &[&str]) -> (i32, String) {
        self.duixian(&[&["verify", "all.json", "--suite", "suite"], &OUTSIDE[..], more].concat())
    }

    fn verify(&self) -> (i32, String) {
        self.duixian(&[&["verify", "r.json", "--suite", "suite", "--data", "data"], &OUTSIDE[..]].concat())
    }
}

fn flip(path: &Path, at: usize) -> Vec<u8> {
    let original = std::fs::read(path).unwrap();
    let mut bytes = original.clone();
    bytes[at] = if bytes[at] == b'9' { b'0' } else { bytes[at] + 1 };
    std::fs::write(path, bytes).unwrap();
    original
}

#[test]
fn a_record_holds_until_a_digit_is_flipped() {
    let kept = Kept::new();
    let held = kept.verify();
    assert_eq!(held.0, 0, "{}", held.1);
    let files = [
        ("suite/suite.toml", "suite.toml"),
        ("suite/register.csv", "register.csv"),
        ("suite/rules.rule", "rules.rule"),
        ("data/指标.csv", "指标.csv"),
        ("standards.toml", "standards.toml"),
        ("waivers.csv", "waivers.csv"),
        ("r.json", ""),
    ];
    for (file, named) in files {
        let path = kept.path(file);
        let bytes = std::fs::read(&path).unwrap();
        let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
        // All digits of small files, every few of large ones; which ones changes with the file.
        let step = digits.len().div_ceil(25);
        for at in digits.into_iter().step_by(step) {
            let original = flip(&path, at);
            let (code, said) = kept.verify();
            std::fs::write(&path, original).unwrap();
            assert_eq!(code, 5, "{file}, byte {at}: {said}");
            assert!(said.contains(named), "{file}, byte {at}: {said}");
        }
    }
    assert_eq!(kept.verify().0, 0);
}

#[test]
fn folders_may_move_if_that_is_said() {
    let kept = Kept::new();
    std::fs::rename(kept.path("data"), kept.path("archive")).unwrap();
    std::fs::rename(kept.path("suite"), kept.path("rules-2021")).unwrap();
    std::fs::create_dir(kept.path("decisions")).unwrap();
    std::fs::rename(kept.path("waivers.csv"), kept.path("decisions/waivers.csv")).unwrap();
    let verify = |more: &[&str]| {
        let arguments = ["verify", "r.json", "--suite", "rules-2021", "--data", "archive"];
        let outside = ["--standards", "standards.toml", "--waivers", "decisions/waivers.csv"];
        kept.duixian(&[&arguments[..], &outside, more].concat())
    };
    assert_eq!(verify(&[]).0, 5);
    let moved = verify(&["--moved"]);
    assert_eq!(moved.0, 0, "{}", moved.1);
    let original = flip(&kept.path("archive/指标.csv"), "指标,期间,数值\n收入,2020,1".len());
    assert_eq!(verify(&["--moved"]).0, 5);
    std::fs::write(kept.path("archive/指标.csv"), original).unwrap();
    assert_eq!(kept.duixian(&["verify", "none.json", "--suite", "rules-2021"]).0, 2);
    assert_eq!(kept.duixian(&["verify", "r.json", "--suite", "none"]).0, 5, "the rules are gone");
}

#[test]
fn the_request_of_a_record_is_run_again() {
    let kept = Kept::new();
    let run = [&["run", "suite", "--data", "data", "--record", "r.json"], &OUTSIDE[..]].concat();
    let some = ["--select", "D2", "--as-of", "2021-06-30", "--max-findings", "1"];
    assert_eq!(kept.duixian(&[&run[..], &some].concat()).0, 0);
    let held = kept.verify();
    assert_eq!(held.0, 0);
    // What was asked is the record's own word, and is told.
    let asked = "period 2021, as of 2021-06-30, rules D2, at most 1 case of each rule, without those that pass";
    assert!(held.1.contains(asked), "{}", held.1);
    let text = std::fs::read_to_string(kept.path("r.json")).unwrap();
    for (from, to) in [("\"max_findings\": 1", "\"max_findings\": 7"), ("2021-06-30", "2021-06-29")] {
        std::fs::write(kept.path("r.json"), text.replace(from, to)).unwrap();
        let other = kept.verify();
        assert_eq!(other.0, 5, "{}", other.1);
        assert!(other.1.contains("what was asked"), "{}", other.1);
    }
    // A record of an earlier version, without that hash, holds.
    let hash = text.lines().find(|line| line.contains("request_sha256")).unwrap();
    std::fs::write(kept.path("r.json"), text.replace(&format!("{hash}\n"), "")).unwrap();
    let older = kept.verify();
    assert_eq!(older.0, 0);
    assert!(older.1.contains("holds no hash of this") && !held.1.contains("holds no hash"), "{}", older.1);
    std::fs::write(kept.path("r.json"), text.replace("  \"engine\"", " \"engine\"")).unwrap();
    assert_eq!(kept.verify().0, 5, "written otherwise");
}

#[test]
fn a_record_of_many_submissions_holds_until_a_digit_is_flipped() {
    let kept = Kept::many();
    let held = kept.verify_many(&INBOX);
    assert_eq!(held.0, 0, "{}", held.1);
    let files = [
        ("suite/suite.toml", "rule file `suite.toml`"),
        ("suite/register.csv", "rule file `register.csv`"),
        ("suite/rules.rule", "rule file `rules.rule`"),
        ("inbox/教育局/指标.csv", "submission `教育局`, data file `inbox/教育局/指标.csv`"),
        ("inbox/水务局/指标.csv", "submission `水务局`, data file `inbox/水务局/指标.csv`"),
        ("standards.toml", "standards file `standards.toml`"),
        ("waivers.csv", "waivers file `waivers.csv`"),
        ("all.json", ""),
    ];
    for (file, named) in files {
        let path = kept.path(file);
        let bytes = std::fs::read(&path).unwrap();
        let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
        let step = digits.len().div_ceil(20);
        for at in digits.into_iter().step_by(step) {
            let original = flip(&path, at);
            let (code, said) = kept.verify_many(&INBOX);
            std::fs::write(&path, original).unwrap();
            assert_eq!(code, 5, "{file}, byte {at}: {said}");
            assert!(said.contains(named), "{file}, byte {at}: {said}");
        }
    }
    assert_eq!(kept.verify_many(&INBOX).0, 0);
}

#[test]
fn what_differs_among_many_submissions_is_named() {
    let kept = Kept::many();
    let text = std::fs::read_to_string(kept.path("all.json")).unwrap();
    let altered = |from: &str, to: &str, more: &[&str]| {
        assert!(text.contains(from), "{from}");
        std::fs::write(kept.path("all.json"), text.replacen(from, to, 1)).unwrap();
        let verified = kept.verify_many(&[&INBOX[..], more].concat());
        std::fs::write(kept.path("all.json"), &text).unwrap();
        verified.1
    };
    let row = altered("\"verdicts\": \"FW\"", "\"verdicts\": \"PW\"", &[]);
    assert!(
        row.contains("submission `教育局`, rule `D1`: recorded pass (P), now fail (F) (/submissions/0/verdicts)"),
        "{row}"
    );
    let name = altered("\"name\": \"水务局\"", "\"name\": \"水利局\"", &[]);
    assert!(name.contains("submission `水利局`: recorded inbox/水务局, now –"), "{name}");
    assert!(name.contains("submission `水务局`: recorded –, now inbox/水务局"), "{name}");
    let found = altered("\"shortfall\": \"1 亿元\"", "\"shortfall\": \"0.1 亿元\"", &[]);
    assert!(found.contains("submission `教育局`, rule `D1`: recorded 0.1 亿元, now 1 亿元"), "{found}");
    // Submissions that went, or came.
    let some = kept.verify_many(&["--submission", "inbox/教育局", "--submission", "inbox/文旅局"]);
    assert_eq!(some.0, 5);
    assert!(some.1.contains("submission `水务局`: recorded inbox/水务局, now –"), "{}", some.1);
    kept.folder.write("inbox/财政局/指标.csv", "指标,期间,数值\n收入,2021,1\n");
    let more = kept.verify_many(&INBOX);
    assert_eq!(more.0, 5);
    assert!(more.1.contains("submission `财政局`: recorded –, now inbox/财政局"), "{}", more.1);
    std::fs::remove_dir_all(kept.path("inbox/财政局")).unwrap();
    assert_eq!(kept.verify_many(&["--data", "data"]).0, 2, "of which submission?");
}

#[test]
fn the_inbox_may_move_if_that_is_said() {
    let kept = Kept::many();
    std::fs::rename(kept.path("inbox"), kept.path("archive")).unwrap();
    let moved = ["--submissions", "archive/*"];
    assert_eq!(kept.verify_many(&moved).0, 5);
    let held = kept.verify_many(&[&moved[..], &["--moved"]].concat());
    assert_eq!(held.0, 0, "{}", held.1);
}

#[test]
fn what_a_run_that_was_broken_off_has_not_judged_is_not_judged_again() {
    let kept = Kept::many();
    let read = || -> Runs { serde_json::from_str(&std::fs::read_to_string(kept.path("all.json")).unwrap()).unwrap() };
    let two = ["--submission", "inbox/教育局", "--submission", "inbox/文旅局", "--record", "all.json"];
    assert_eq!(kept.duixian(&[&["run", "suite"], &two[..], &OUTSIDE].concat()).0, 1);
    let broken_off = Runs { not_judged: vec!["水务局".to_owned()], ..read() };
    std::fs::write(kept.path("all.json"), json::render(&broken_off).unwrap()).unwrap();
    let held = kept.verify_many(&INBOX);
    assert_eq!(held.0, 0, "{}", held.1);
    let gone = kept.verify_many(&["--submission", "inbox/教育局", "--submission", "inbox/文旅局"]);
    assert_eq!(gone.0, 5);
    assert!(gone.1.contains("the submissions that were not judged"), "{}", gone.1);
}
