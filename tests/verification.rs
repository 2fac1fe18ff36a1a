//! A digit flipped anywhere in a record or in what it was made from is found, and named.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Folder;

/// Files that stand outside the suite.
const OUTSIDE: [&str; 4] = ["--standards", "standards.toml", "--waivers", "waivers.csv"];

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
        command.args(args).args(["--lang", "en"]).current_dir(self.folder.path()).env_clear();
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
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
    assert_eq!(kept.verify().0, 0);
    let text = std::fs::read_to_string(kept.path("r.json")).unwrap();
    std::fs::write(kept.path("r.json"), text.replace("  \"engine\"", " \"engine\"")).unwrap();
    assert_eq!(kept.verify().0, 5, "written otherwise");
}
