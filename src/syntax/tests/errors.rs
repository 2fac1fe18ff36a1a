//! What is said about files with errors.

use std::path::PathBuf;

use crate::base::{Diagnostic, FileId, Place};
use crate::syntax::ast::Decl;
use crate::syntax::parse;

use super::messages;

fn found(text: &str) -> Vec<Diagnostic> {
    parse(FileId(0), text).1
}

/// The code, and the text that is underlined.
fn first(text: &str) -> (&'static str, String) {
    let found = found(text);
    let Some(diagnostic) = found.first() else { panic!("no error: {text}") };
    let Place::Rule(span) = diagnostic.place else { panic!() };
    (diagnostic.code.code, text.get(span.range()).unwrap().to_owned())
}

#[test]
fn every_case_file_has_an_error_of_its_name() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/errors/syntax"));
    let mut count = 0;
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rule")) {
        count += 1;
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with('#'), "{path:?} begins with a comment");
        let found = found(&text);
        assert!(!found.is_empty(), "{path:?}");
        let code = path.file_name().unwrap().to_string_lossy().split('-').next().unwrap().to_uppercase();
        assert!(found.iter().all(|d| d.code.code == code), "{path:?}\n{}", messages(&found));
    }
    assert!(count >= 18);
}

#[test]
fn every_code_has_a_case_file() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/errors/syntax"));
    let names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().to_uppercase())
        .collect();
    for info in crate::base::codes::syntax::ALL {
        assert!(names.iter().any(|name| name.starts_with(info.code)), "{}", info.code);
    }
}

#[test]
fn all_errors_of_a_file_come_in_order_and_the_rest_still_parses() {
    let text = "x\n规则 A 要求 ≥ 3\n规则 B 要求 x ≥ 3\n测试 \"t\"\n给定 d\na | b\n2 | 3\n1 | 2 | 3\n4 | 5 | 6\n期望 B 合格\n规则 C 要求 \"\n规则 D 要求 y";
    let (file, found) = parse(FileId(0), text);
    let codes: Vec<&str> = found.iter().map(|d| d.code.code).collect();
    assert_eq!(codes, ["E0106", "E0101", "E0107", "E0107", "E0102"], "{}", messages(&found));
    assert_eq!(file.decls.len(), 5);
    assert!(matches!(&file.decls[0], Decl::Error { name: Some(name) } if name == "A"));
    assert!(matches!(&file.decls[1], Decl::Rule(_)));
    assert!(matches!(&file.decls[4], Decl::Rule(_)));
}

#[test]
fn errors_stand_where_the_mistake_is() {
    let mut wrong = String::new();
    for (text, code, place) in [
        ("规则 R 要求 x ≥ ≥ 3", "E0101", "≥"),
        ("规则 R 要求 x ≥ 3 性值 约束性", "E0101", "性值"),
        ("规则 R 要求", "E0121", "要求"),
        ("规则 R 要求 性质 约束性", "E0101", "性质"),
        ("规则 R 说明 \"abc", "E0102", "\"abc"),
        ("规则 R 说明 “abc”", "E0103", "“"),
        ("数据集 d 度量 数量: 个", "E0105", "数量"),
        ("规则 R 要求 数量 ≥ 3", "E0105", "数量"),
        ("规则 R 对每个 单位", "E0105", "单位"),
        ("规则 R 要求 x[指标 = \"a\"] > 1", "E0105", "指标"),
        ("规則 R", "E0106", "规則"),
        ("测试 \"t\" 给定 d\na | b\n1 | 2 | 3\n", "E0107", "1 | 2 | 3"),
        ("规则 R 要求 x ≥ 1.2.3", "E0108", "1.2.3"),
        ("规则 R 要求 x ≥ 1,00 亿元", "E0108", "1,00"),
        ("测试 \"t\" 给定 d\na | b\n1\n2 | 3\n", "E0107", "1"),
        ("规则 R 期间 2021Q5", "E0109", "2021Q5"),
        ("规则 R 期间 21", "E0109", "21"),
        ("规则 R 截止 2021-02-30", "E0110", "2021-02-30"),
        ("规则 R 截止 2021", "E0110", "2021"),
        ("规则 R 期间 2016-2020", "E0111", "2016-2020"),
        ("规则 R 要求 x = 2021-3", "E0111", "2021-3"),
        ("规则 R 要求 合计 d.m 当 a = 1 ≥ 3", "E0112", "当"),
        ("rule R require sum d.m where a = 1 and b", "E0112", "where"),
        ("指标 X: % = 合计 a.b 当 c / 合计 a.b 当 d", "E0112", "当"),
        ("规则 R 要求 1 ≤ x ≤ 3", "E0113", "≤"),
        ("规则 R 要求 1 不超过 x 不超过 3", "E0113", "不超过"),
        ("规则 R 要求 x 较上年增长 ≥ 3", "E0114", "较上年增长"),
        ("规则 R 要求 x 年均增长2016..2020 ≥ 3 公用经费压减 x", "E0114", "公用经费压减"),
        ("规则 R 要求 公用经费压减 较 2015 ≥ 3", "E0101", "≥"),
        ("规则 R 要求 公用经费压减 10%", "E0121", "%"),
        ("规则 R 要求 (x ≥ 3 性质 约束性", "E0115", "("),
        ("规则 R 要求 x) ≥ 3", "E0115", ")"),
        ("规则 R 要求 x[2020 ≥ 3", "E0115", "["),
        ("单位 家 单位 户", "E0116", "单位"),
        ("规则 R 要求 x 超过 80% 以上", "E0117", "超过 80% 以上"),
        ("规则 R 要求 x ≥ 8 ± 1", "E0117", "≥ 8 ± 1"),
        ("指标 5G基站: 座", "E0118", "5G基站"),
        ("标度 s: 3A < 4A", "E0118", "3A"),
        ("规则 R 性质 强制性", "E0119", "强制性"),
        ("测试 \"t\" 期望 R 通过", "E0119", "通过"),
        ("规则 R 要求 a == 1", "E0120", "=="),
        ("规则 R 要求 a && b", "E0120", "&"),
        ("规则 R 要求 a；", "E0120", "；"),
        ("规则 R 要求 a\u{200b}b", "E0120", "\u{200b}"),
        ("规则 R 要求 a\n| b", "E0120", "| b"),
        ("测试 \"t\" 给定 d 期望 R 合格", "E0122", "期望"),
        ("规则 R 期间 2021..2020", "E0123", "2021..2020"),
        ("规则 R 要求 x + 1 唯一", "E0124", "x + 1"),
        ("测试 \"t\" 期间 2020 期间 2021", "E0125", "期间 2021"),
    ] {
        let (found_code, found_place) = first(text);
        if (found_code, found_place.as_str()) != (code, place) {
            wrong += &format!("{text}: {code} {place}\n{}\n", messages(&found(text)));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
