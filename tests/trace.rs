//! The register of `tests/cases/trace` against its suites, records and document.

use std::path::{Path, PathBuf};

use duixian::base::Lang;
use duixian::data::document::Document;
use duixian::pipeline::{Checked, NamedRecord, Reason, Traced, trace};
use duixian::report::text::trace as trace_text;
use duixian::report::{Style, html, json};

use crate::support::{check, run};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/trace").join(name)
}

/// Both suites, with a record of each, and the document.
fn traced() -> Traced {
    let suites = [check(&case("suite")), check(&case("claims"))];
    let record = |suite: &Checked| -> NamedRecord {
        let record = run(suite, &[("指标", &case("figures.csv"))]);
        (format!("{}.json", record.suite.name), record)
    };
    let records = [record(&suites[0]), record(&suites[1])];
    let mut document = Document::load(&case("document.txt")).unwrap();
    document.path = "document.txt".to_owned();
    let mut traced = trace(&suites, &records, Some(&document)).unwrap_or_else(|stopped| panic!("{stopped}"));
    traced.trace.register.path = "register.csv".to_owned();
    // Hashes and version change with every edit; what they are of is tested elsewhere.
    traced.trace.tool.version = "0.0.0".to_owned();
    traced.trace.register.sha256 = "…".to_owned();
    traced.trace.suites.iter_mut().for_each(|suite| suite.sha256 = "…".to_owned());
    traced.trace.document.iter_mut().for_each(|document| document.sha256 = "…".to_owned());
    traced
}

#[test]
fn a_trace_reads_well_in_both_languages() {
    let traced = traced();
    assert!(!traced.trace.complete());
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let options = trace_text::Options { lang, width: 90, style: Style::Plain, all: true };
        insta::assert_snapshot!(name, trace_text::render(&traced.trace, &options));
    }
}

#[test]
fn a_trace_is_a_stable_json() {
    let traced = traced();
    let text = json::render(&traced.trace).unwrap();
    insta::assert_snapshot!(text);
    assert_eq!(serde_json::from_str::<duixian::report::tracing::Trace>(&text).unwrap(), traced.trace);
}

#[test]
fn the_document_is_annotated_and_stays_text() {
    let traced = traced();
    let page = html::trace(&traced.trace, traced.annotated.as_ref(), Lang::Zh);
    insta::assert_snapshot!(page.split_once("</style>").unwrap().1);
    assert!(page.contains("推进&lt;创新&gt;街区建设") && !page.contains("<创新>"));
    // Nothing of the document is lost or added by cutting it.
    let annotated = traced.annotated.unwrap();
    let document = std::fs::read_to_string(case("document.txt")).unwrap();
    let lines: Vec<String> =
        annotated.lines.iter().map(|line| line.iter().map(|segment| segment.text.as_str()).collect()).collect();
    assert_eq!(lines, document.lines().collect::<Vec<_>>());
}

#[test]
fn records_and_registers_must_belong_to_the_suites() {
    let tasks = check(&case("suite"));
    let claims = check(&case("claims"));
    let record = run(&claims, &[("指标", &case("figures.csv"))]);
    let stopped = trace(&[check(&case("suite"))], &[("r.json".to_owned(), record.clone())], None).unwrap_err();
    assert_eq!((stopped.reason, stopped.diagnostics[0].code.code), (Reason::Configuration, "E0560"));
    let mut old = run(&tasks, &[("指标", &case("figures.csv"))]);
    old.suite.sha256 = "0".repeat(64);
    let traced = trace(&[tasks], &[("r.json".to_owned(), old)], None).unwrap_or_else(|stopped| panic!("{stopped}"));
    assert_eq!(traced.warnings.iter().map(|warning| warning.code.code).collect::<Vec<_>>(), ["W0551"]);
    assert!(!traced.trace.records[0].same_rules);

    let folder = crate::support::Folder::new();
    folder.write("other/suite.toml", "name = \"other\"\nregister = \"register.csv\"\n");
    folder.write("other/register.csv", "id,clause\nA1,别的\n");
    folder.write("other/rules.rule", "指标 收入: 亿元\n规则 A1\n    依据 A1\n    要求 收入 > 0 亿元\n");
    let stopped = trace(&[claims, check(&folder.path().join("other"))], &[], None).unwrap_err();
    assert_eq!(stopped.diagnostics[0].code.code, "E0559");
    folder.write("none/suite.toml", "name = \"none\"\n");
    folder.write("none/rules.rule", "指标 收入: 亿元\n规则 A1\n    要求 收入 > 0 亿元\n");
    let stopped = trace(&[check(&folder.path().join("none"))], &[], None).unwrap_err();
    assert_eq!(stopped.diagnostics[0].code.code, "E0558");
}

#[test]
fn what_was_taken_out_is_not_found_among_other_results() {
    let folder = crate::support::Folder::new();
    folder.write("suite/承诺.csv", "id,clause,line\nA1,新增楼宇2幢,1\nD1,楼宇2幢,3\nD2,绿地1处,3\n");
    let rules = "规则 R\n    依据 A1, D1, D2\n    要求 合计 预算.金额 ≥ 1 万元\n数据集 预算\n    维度 年度: 年\n    度量 金额: 万元\n";
    let absent = |text: &str| {
        let suite = crate::support::suite_with(&folder, rules, "register = \"承诺.csv\"\n");
        let document = Document::load(&folder.write("原文.txt", text)).unwrap();
        let traced = trace(&[suite], &[], Some(&document)).unwrap_or_else(|stopped| panic!("{stopped}"));
        let document = traced.trace.document.unwrap();
        (document.found, document.elsewhere.len(), document.absent)
    };
    assert_eq!(absent("新增楼宇2幢\n\n建成楼宇2幢、绿地1处\n"), (3, 0, vec![]));
    assert_eq!(absent("新增楼宇2幢\n\n建成绿地1处\n"), (2, 0, vec!["D1".to_owned()]), "only the old result is left");
    assert_eq!(absent("新增楼宇2幢\n建成楼宇2幢、绿地1处\n"), (1, 2, vec![]), "a line further up");
}
