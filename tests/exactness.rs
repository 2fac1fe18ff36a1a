//! Figures are exact, in every format and every unit.

use std::fmt::Write;
use std::path::PathBuf;

use duixian::report::record::{Finding, Verdict};

use crate::support::{Folder, run, suite};

const CUT: &str = r#"
数据集 预算
    维度 部门: 文本
    维度 科目: 文本
    维度 年度: 年
    度量 金额: 万元
指标 公用经费(部门): 万元 = 合计 预算.金额 当 科目 = "公用经费"
规则 D210
    对每个 部门
    要求 公用经费 压减 ≥ 10%
"#;

const HEADER: [&str; 4] = ["部门", "科目", "年度", "金额"];

/// Two departments: one cuts by a tenth, the other by 0.01 万元 less.
fn rows(unit: &str) -> Vec<[String; 4]> {
    let amounts = match unit {
        "元" => ["1000000", "900100", "1000000", "900000"],
        "万元" => ["100.00", "90.01", "100.00", "90.00"],
        _ => ["0.0100", "0.009001", "0.0100", "0.009"],
    };
    let keys = [("教育局", "2020"), ("教育局", "2021"), ("民政局", "2020"), ("民政局", "2021")];
    let row = |((department, year), amount): (&(&str, &str), &str)| {
        [*department, "公用经费", *year, amount].map(str::to_owned)
    };
    keys.iter().zip(amounts).map(row).collect()
}

fn csv(rows: &[[String; 4]], heading: &str) -> String {
    let mut text = format!("部门,科目,年度,{heading}\n");
    for row in rows {
        writeln!(text, "{}", row.join(",")).unwrap();
    }
    text
}

/// The same rows in each format.
fn files(folder: &Folder, unit: &str) -> Vec<PathBuf> {
    let rows = rows(unit);
    let heading = format!("金额（{unit}）");
    let text = csv(&rows, &heading);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("预算").unwrap();
    sheet.write(0, 0, "部门预算表").unwrap();
    sheet.write(1, 3, format!("单位：{unit}")).unwrap();
    for (column, heading) in (0u16..).zip(HEADER) {
        sheet.write(2, column, heading).unwrap();
    }
    for (row, cells) in (3u32..).zip(&rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell.parse::<f64>() {
                Ok(number) if column > 1 => sheet.write(row, column, number).unwrap(),
                _ => sheet.write(row, column, cell).unwrap(),
            };
        }
    }
    let json: Vec<serde_json::Value> = rows
        .iter()
        .map(|[department, subject, year, amount]| {
            let amount: serde_json::Value = serde_json::from_str(amount).unwrap();
            serde_json::json!({"部门": department, "科目": subject, "年度": year, heading.as_str(): amount})
        })
        .collect();
    vec![
        folder.write(&format!("{unit}.csv"), &text),
        folder.write(&format!("{unit}-gb18030.csv"), encoding_rs::GB18030.encode(&text).0),
        folder.write(&format!("{unit}.xlsx"), book.save_to_buffer().unwrap()),
        folder.write(&format!("{unit}.json"), serde_json::to_string(&json).unwrap()),
    ]
}

#[test]
fn a_cut_missed_by_a_hundred_yuan_is_missed_in_every_format_and_unit() {
    let folder = Folder::new();
    let suite = suite(&folder, CUT);
    let mut seen = 0;
    for unit in ["元", "万元", "亿元"] {
        for file in files(&folder, unit) {
            let record = run(&suite, &[("预算", &file)]);
            let rule = &record.rules[0];
            assert_eq!((rule.cases.pass, rule.cases.fail), (1, 1), "{}", file.display());
            let Finding { scope, verdict, attained, threshold, shortfall, evidence, .. } = &rule.findings[0];
            assert_eq!(scope["部门"], "教育局");
            assert_eq!(*verdict, Verdict::Fail);
            assert_eq!(attained.as_deref(), Some("9.99%"));
            assert_eq!(threshold.as_deref(), Some("10%"));
            assert_eq!(shortfall.as_deref(), Some("0.01 万元"));
            let source = evidence[0].source.as_ref().unwrap();
            assert!(source.row.is_some() && source.column.is_some(), "{source:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 12);
}

#[test]
fn a_million_hundredths_are_ten_thousand() {
    let folder = Folder::new();
    let suite = suite(
        &folder,
        "数据集 流水\n    度量 金额: 元\n规则 总额\n    要求 合计 流水.金额 = 10000 元\n规则 多一分\n    要求 合计 流水.金额 ≥ 10000.01 元\n",
    );
    let file = folder.write("流水.csv", format!("金额\n{}", "0.01\n".repeat(1_000_000)));
    let record = run(&suite, &[("流水", &file)]);
    assert_eq!(record.inputs[0].rows, 1_000_000);
    assert_eq!(record.rules[0].verdict, Verdict::Pass);
    assert_eq!(record.rules[1].verdict, Verdict::Fail);
    assert_eq!(record.rules[1].findings[0].shortfall.as_deref(), Some("0.01 元"));
}

#[test]
fn nothing_never_passes() {
    let folder = Folder::new();
    let rules = CUT.replace("维度 部门: 文本", "维度 部门: 文本 属于 名录.部门").replace(
        "指标 公用经费",
        "数据集 名录\n    维度 部门: 文本\n标准 上限: %\n指标 失业率: %\n规则 D007\n    要求 失业率 ≤ 上限\n指标 公用经费",
    );
    let suite = suite(&folder, &rules);
    let roster = folder.write("名录.csv", "部门\n教育局\n民政局\n");
    let figures = folder.write("指标.csv", "指标,期间,数值,单位\n失业率,2021,2,%\n");
    let some = folder.write("预算.csv", "部门,科目,年度,金额\n教育局,公用经费,2020,100\n教育局,公用经费,2021,\n");
    let empty = folder.write("空.csv", "");
    for budget in [&some, &empty] {
        let record = run(&suite, &[("名录", &roster), ("指标", &figures), ("预算", budget)]);
        let verdicts: Vec<(&str, Verdict)> = record.rules.iter().map(|rule| (rule.id.as_str(), rule.verdict)).collect();
        assert_eq!(verdicts, [("D007", Verdict::Missing), ("D210", Verdict::Missing)]);
        assert_eq!(record.rules[1].cases.missing, 2);
        assert_eq!(record.summary.cases.pass, 0);
        for finding in record.rules.iter().flat_map(|rule| &rule.findings) {
            assert!(!finding.advice.is_empty(), "{finding:?}");
        }
    }
    let record = run(&suite, &[]);
    assert_eq!((record.summary.cases.pass, record.summary.rules.missing), (0, 2));
}
