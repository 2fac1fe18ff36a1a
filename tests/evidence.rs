//! From a finding to the cells it rests on: file, sheet, row, column, and what stood there before anything was converted.

use std::path::{Path, PathBuf};

use duixian::report::record::{Evidence, Record, Source};

use crate::support::{Folder, run, suite, suite_with};

const RULES: &str = "数据集 预算\n    维度 部门: 文本\n    度量 金额: 万元\n\
    规则 合计不超 \"合计不超过 1 万元\"\n    要求 (合计 预算.金额) ≤ 1 万元\n\
    规则 最大不超 \"最大不超过 1 万元\"\n    要求 (最大 预算.金额) ≤ 1 万元\n\
    规则 最小不低 \"最小不低于 99999 万元\"\n    要求 (最小 预算.金额) ≥ 99999 万元\n\
    规则 各部门不超\n    对每个 部门\n    要求 (合计 预算.金额) ≤ 1 万元\n\
    规则 逐行 \"每行不超过 1 万元\"\n    每行 预算\n    要求 金额 ≤ 1 万元\n";

/// What the departments submitted, as they wrote it.
const ROWS: [(&str, &str); 5] =
    [("教育局", "1,234.5"), ("信访局", "９０"), ("司法局", " 8000.00 "), ("民政局", "-9,000"), ("审计局", "2亿元")];

fn evidence<'r>(record: &'r Record, rule: &str, at: usize) -> &'r Evidence {
    let rule = record.rules.iter().find(|known| known.id == rule).unwrap();
    &rule.findings[at].evidence[0]
}

fn cells(figure: &Evidence) -> Vec<&Source> {
    figure.source.iter().chain(&figure.more).collect()
}

fn texts(figure: &Evidence) -> Vec<&str> {
    cells(figure).iter().map(|source| source.text.as_deref().unwrap_or("∅")).collect()
}

fn csv(folder: &Folder) -> PathBuf {
    let rows: String = ROWS.iter().map(|(name, amount)| format!("{name},\"{amount}\"\n")).collect();
    folder.write("预算.csv", format!("部门,金额\n{rows}"))
}

fn xlsx(folder: &Folder) -> PathBuf {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("预算").unwrap();
    for (row, (name, amount)) in (0..).zip([("部门", "金额")].into_iter().chain(ROWS)) {
        sheet.write_string(row, 0, name).unwrap();
        sheet.write_string(row, 1, amount).unwrap();
    }
    folder.write("预算.xlsx", book.save_to_buffer().unwrap())
}

fn json(folder: &Folder) -> PathBuf {
    let rows: Vec<_> = ROWS.iter().map(|(name, amount)| serde_json::json!({"部门": name, "金额": amount})).collect();
    folder.write("预算.json", serde_json::Value::Array(rows).to_string())
}

fn record(folder: &Folder, file: &Path) -> Record {
    run(&suite(folder, RULES), &[("预算", file)])
}

#[test]
fn every_figure_quotes_its_cell_in_every_format() {
    let folder = Folder::new();
    for file in [csv(&folder), xlsx(&folder), json(&folder)] {
        let record = record(&folder, &file);
        let shown = file.display().to_string();
        // What adds most, or takes most away, comes first; and the number of rows.
        let sum = evidence(&record, "合计不超", 0);
        assert_eq!(sum.rows, Some(5), "{shown}");
        assert_eq!(texts(sum), ["2亿元", "-9,000", " 8000.00 ", "1,234.5", "９０"], "{shown}");
        assert_eq!(texts(evidence(&record, "最大不超", 0))[0], "2亿元", "{shown}");
        assert_eq!(texts(evidence(&record, "最小不低", 0))[0], "-9,000", "{shown}");
        for source in cells(sum) {
            assert_eq!(source.path, shown);
            assert!(source.row.is_some() && source.column.as_deref() == Some("金额"), "{source:?}");
            assert_eq!(source.cell.is_some() && source.sheet.as_deref() == Some("预算"), shown.ends_with("xlsx"));
        }
        // A single cell, of a department and of a row.
        let departments = record.rules.iter().find(|rule| rule.id == "各部门不超").unwrap();
        let own = departments.findings.iter().find(|finding| finding.scope["部门"] == "教育局").unwrap();
        let own = &own.evidence[0];
        assert_eq!((own.rows, own.value.as_deref()), (None, Some("1234.5")), "{shown}");
        assert_eq!(texts(own), ["1,234.5"], "{shown}");
        let rows = record.rules.iter().find(|rule| rule.id == "逐行").unwrap();
        let quoted: Vec<&str> = rows.findings[0].evidence.iter().flat_map(texts).collect();
        assert_eq!(quoted, ["1,234.5", "９０", " 8000.00 ", "2亿元"], "{shown}");
    }
}

#[test]
fn sums_list_twenty_rows_at_the_most() {
    let folder = Folder::new();
    let rows: String = (1..=500).map(|at| format!("部门{at},{at}\n")).collect();
    let file = folder.write("预算.csv", format!("部门,金额\n{rows}"));
    let record = record(&folder, &file);
    let sum = evidence(&record, "合计不超", 0);
    let expected: Vec<String> = (481..=500).rev().map(|at: u32| at.to_string()).collect();
    assert_eq!(sum.rows, Some(500));
    assert_eq!(texts(sum), expected);
    assert_eq!(cells(sum)[0].row, Some(501));
}

#[test]
fn text_that_is_encoded_or_set_apart_is_quoted_too() {
    let folder = Folder::new();
    let rules = "数据集 预算\n    维度 部门: 文本\n    度量 金额: 万元\n规则 R1\n    要求 (合计 预算.金额) ≤ 1 万元\n";
    let table = "部门;金额\n教育局;1234,50\n信访局;90\n".replace("1234,50", "￥1234.50万元");
    let file = folder.write("a.csv", encoding_rs::GB18030.encode(&table).0);
    let suite =
        suite_with(&folder, rules, "[[binding]]\ndataset = \"预算\"\nencoding = \"gb18030\"\ndelimiter = \";\"\n");
    let record = run(&suite, &[("预算", &file)]);
    assert_eq!(texts(evidence(&record, "R1", 0)), ["￥1234.50万元", "90"]);
}

#[test]
fn a_standard_is_quoted_as_its_file_states_it() {
    let folder = Folder::new();
    let rules = "数据集 预算\n    维度 部门: 文本\n    度量 金额: 万元\n标准 上限: 万元\n\
                 规则 R1\n    要求 (合计 预算.金额) ≤ 上限\n";
    folder.write(
        "suite/standards.toml",
        "[[standard]]\nname = \"上限\"\nperiod = \"2021\"\nvalue = \"1,000\"\nunit = \"元\"\nsource = \"文件\"\ndate = \"2021-01-01\"\n",
    );
    let file = folder.write("预算.csv", "部门,金额\n教育局,90\n");
    let suite = suite_with(&folder, rules, "standards = \"standards.toml\"\n");
    let record = run(&suite, &[("预算", &file)]);
    let limit = &record.rules[0].findings[0].evidence[1];
    assert!(limit.source.as_ref().unwrap().text.as_deref().unwrap().contains("1,000"), "{limit:?}");
}
