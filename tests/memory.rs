//! A limit of memory is told before it is passed: nothing ends without a word, and no verdict depends on it.

use std::fmt::Write;
use std::process::Command;

use serde_json::Value;

use crate::support::{Folder, suite};

const RULES: &str = "数据集 支出\n    维度 部门: 文本\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 元\n\
                     指标 支出额(部门): 元 = 合计 支出.金额 当 科目 = \"科目7\"\n\
                     规则 M1 \"支出不增加\"\n    对每个 部门\n    要求 支出额 ≤ 支出额[上年]\n\
                     规则 M2 \"支出不为负\"\n    每行 支出 要求 金额 ≥ 0\n";

/// 200,000 rows, with a cube of as many entries.
fn rows() -> String {
    let mut rows = String::from("部门,科目,年度,金额\n");
    for at in 0..200_000 {
        let (of, subject, year) = (at / 100, at % 50, 2020 + at / 50 % 2);
        let _ = writeln!(rows, "部门{of},科目{subject},{year},{}.{:02}", at % 977, at % 100);
    }
    rows
}

struct Ran {
    code: Option<i32>,
    told: String,
    record: Value,
}

fn run(folder: &Folder, file: &str, limit: &str) -> Ran {
    let record = folder.path().join("record.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
    command.args(["run", "suite", "--data", &format!("支出={file}"), "--record", "record.json", "--lang", "zh"]);
    let ran = command.args(["--memory-limit", limit]).current_dir(folder.path()).output().unwrap();
    let record = serde_json::from_slice(&std::fs::read(record).unwrap()).unwrap();
    Ran { code: ran.status.code(), told: String::from_utf8(ran.stderr).unwrap(), record }
}

#[test]
fn what_does_not_fit_into_memory_is_told_and_nothing_is_judged_on_it() {
    let folder = Folder::new();
    suite(&folder, RULES);
    let csv = rows();
    let mut lines = csv.lines();
    let heading: Vec<&str> = lines.next().unwrap().split(',').collect();
    let object = |line: &str| {
        let pairs: Vec<String> =
            heading.iter().zip(line.split(',')).map(|(key, value)| format!("{key:?}:{value:?}")).collect();
        format!("{{{}}}", pairs.join(","))
    };
    let objects: Vec<String> = lines.map(object).collect();
    folder.write("支出.csv", &csv);
    folder.write("支出.jsonl", objects.join("\n"));
    folder.write("支出.json", format!("[{}]", objects.join(",\n")));
    for file in ["支出.csv", "支出.jsonl", "支出.json"] {
        let enough = run(&folder, file, "8 GB");
        assert_eq!((enough.code, enough.told.as_str()), (Some(1), ""), "{file}");
        let mut refused = 0;
        for limit in ["1MB", "12MB", "16MB", "20MB", "24MB", "32MB", "48MB", "64MB", "128MB", "256MB", "1GiB"] {
            let Ran { code, told, record } = run(&folder, file, limit);
            if code == enough.code {
                assert_eq!(record, enough.record, "{file} {limit}");
                continue;
            }
            refused += 1;
            assert_eq!(code, Some(4), "{file} {limit}: {told}");
            assert_eq!(record["unreadable"], serde_json::json!(["支出"]), "{file} {limit}");
            let remarks = record["remarks"].as_array().unwrap();
            assert!(remarks.iter().any(|remark| remark["code"] == "E0429"), "{file} {limit}: {remarks:?}");
            assert!(told.contains("E0429") && told.contains("内存不够：至少要用"), "{file} {limit}: {told}");
            for rule in record["rules"].as_array().unwrap() {
                assert_eq!(rule["verdict"], "missing", "{file} {limit}");
            }
        }
        assert!((1..11).contains(&refused), "{file}: {refused} of 11 limits were too low");
    }
}

#[test]
fn a_size_that_is_none_is_refused() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
    let ran = command.args(["check", ".", "--memory-limit", "八吉", "--lang", "zh"]).output().unwrap();
    let told = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(told.contains("八吉") && told.contains("8GB"), "{told}");
}
