//! What is doubtful about a file makes what rests on it missing or in error: it is never left out, and never counted twice.

use std::path::Path;

use duixian::base::Severity;
use duixian::data::DataSources;
use duixian::pipeline::Checked;
use duixian::report::outcome;
use duixian::report::record::{Kind, Record, Verdict};

use crate::support::{Folder, run, run_on, suite};

/// Two rules between which every amount passes one: a wrong sum shows as a wrong pass.
const RULES: &str = r#"
数据集 预算
    维度 部门: 文本
    维度 科目: 文本
    维度 年度: 年
    度量 金额: 万元
    主键 部门, 科目, 年度
规则 上限
    要求 合计 预算.金额 ≤ 150 万元
规则 下限
    要求 合计 预算.金额 ≥ 150 万元
"#;

fn verdicts(record: &Record) -> [Verdict; 2] {
    [record.rules[0].verdict, record.rules[1].verdict]
}

fn judged(folder: &Folder, suite: &Checked, text: &str) -> Record {
    run(suite, &[("预算", &folder.write("预算.csv", text))])
}

#[test]
fn a_unit_above_the_table_is_used_or_the_table_is_not() {
    let folder = Folder::new();
    let suite = suite(&folder, RULES);
    let table =
        |line: &str| format!("预算表\n,,,{line}\n部门,科目,年度,金额\n教育局,办公费,2021,100\n民政局,办公费,2021,60\n");
    for line in
        ["单位：元", "单　位：元", "（元）", "单位（元）", "金额：元", "计量单位为元", "单位：人民币（元）", "Unit: 元"]
    {
        let record = judged(&folder, &suite, &table(line));
        assert_eq!(verdicts(&record), [Verdict::Pass, Verdict::Fail], "{line}: 160 元 is 0.016 万元");
    }
    for line in ["单位：万", "单位：万美元", "单位：户", "单位：百万圆币"] {
        let record = judged(&folder, &suite, &table(line));
        assert_eq!(verdicts(&record), [Verdict::Missing; 2], "{line}");
        assert!(!record.unreadable.is_empty());
    }
}

#[test]
fn a_column_of_units_counts() {
    let folder = Folder::new();
    let suite = suite(&folder, RULES);
    let record = judged(&folder, &suite, "部门,科目,年度,金额,单位\n教育局,办公费,2021,1600000,元\n");
    assert_eq!(verdicts(&record), [Verdict::Fail, Verdict::Pass]);
    let record = judged(&folder, &suite, "部门,科目,年度,金额,单位\n教育局,办公费,2021,160,教育局机关\n");
    assert_eq!(verdicts(&record), [Verdict::Fail, Verdict::Pass], "a body's name is no unit");
}

#[test]
fn totals_are_no_data_wherever_they_are_marked() {
    let folder = Folder::new();
    let suite = suite(&folder, RULES);
    let total = |number: &str, label: &str| {
        format!(
            "序号,部门,科目,年度,金额\n1,教育局,办公费,2021,90\n2,民政局,办公费,2021,10\n{number},{label},,2021,100\n"
        )
    };
    for (number, label) in [("", "合计"), ("", "全区合计："), ("", "Total"), ("", "小計"), ("合计", "")] {
        let record = judged(&folder, &suite, &total(number, label));
        assert_eq!(verdicts(&record), [Verdict::Pass, Verdict::Fail], "{number}{label}");
    }
    folder.write(
        "suite/suite.toml",
        "name = \"test\"\nperiod = 2021\n[[binding]]\ndataset = \"预算\"\nmelt = { headings = \"{科目}（万元）\", into = \"金额\" }\n",
    );
    let wide = crate::support::check(&folder.path().join("suite"));
    let record =
        judged(&folder, &wide, "部门,年度,办公费（万元）,差旅费（万元）,合计（万元）\n教育局,2021,60,40,100\n");
    assert_eq!(verdicts(&record), [Verdict::Pass, Verdict::Fail]);
}

#[test]
fn nothing_counts_twice() {
    let folder = Folder::new();
    let suite = suite(&folder, RULES);
    let row = "教育局,办公费,2021,100\n";
    let record = judged(&folder, &suite, &format!("部门,科目,年度,金额\n{row}{row}"));
    assert_eq!(verdicts(&record), [Verdict::Error; 2], "a key that occurs twice");
    let files = ["甲.csv", "乙.csv"].map(|name| folder.write(name, format!("部门,科目,年度,金额\n{row}")));
    let record = run(&suite, &[("预算", &files[0]), ("预算", &files[1])]);
    assert_eq!(verdicts(&record), [Verdict::Missing; 2], "one file under two names");
}

#[test]
fn half_a_dataset_is_not_the_dataset() {
    let folder = Folder::new();
    let suite = suite(&folder, RULES);
    let good = folder.write("甲.csv", "部门,科目,年度,金额\n教育局,办公费,2021,100\n");
    let bad = folder.write("乙.csv", "部门,科目,年度,金而\n民政局,办公费,2021,500\n");
    let record = run(&suite, &[("预算", &good), ("预算", &bad)]);
    assert_eq!(verdicts(&record), [Verdict::Missing; 2]);
    assert_eq!(outcome(&record, Kind::Binding).exit_code(), 4);
}

#[test]
fn an_error_in_the_data_never_ends_in_0() {
    let folder = Folder::new();
    let suite = suite(
        &folder,
        "数据集 甲\n    维度 年度: 年\n    度量 金额: 元\n    度量 人数: 人\n规则 A\n    要求 合计 甲.金额 ≥ 1 元\n",
    );
    let file = folder.write("甲.csv", "年度,金额,人数\n2021,5,若干\n");
    let record = run(&suite, &[("甲", &file)]);
    assert_eq!(record.rules[0].verdict, Verdict::Pass);
    assert_eq!(outcome(&record, Kind::Binding).exit_code(), 4);
}

#[test]
fn values_outside_a_code_list_are_named() {
    let folder = Folder::new();
    let suite = suite(
        &folder,
        "数据集 甲\n    维度 科目: 文本 属于 {\"公用经费\", \"人员经费\"}\n    维度 年度: 年\n    度量 金额: 元\n规则 A\n    要求 (合计 甲.金额 当 科目 = \"公用经费\") ≤ 10 元\n",
    );
    let file = folder.write("甲.csv", "科目,年度,金额\n公用经费,2021,5\n公用 经费,2021,9000\n");
    let sources = DataSources { folders: Vec::new(), named: vec![("甲".to_owned(), file.clone())] };
    let data = suite.read(&sources, &[], &[]).unwrap_or_else(|stopped| panic!("{stopped}"));
    let said: Vec<_> = data.diagnostics().iter().filter(|said| said.code.code == "W0413").collect();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].severity(), Severity::Warning);
    assert!(said[0].message.zh.contains("`公用 经费`"), "{:?}", said[0].message);
    assert!(!run_on(&suite, &sources).remarks.is_empty());
    assert!(Path::new(&file).exists());
}

#[test]
fn a_sheet_that_goes_on_elsewhere_is_said() {
    let folder = Folder::new();
    let suite = suite(&folder, RULES);
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, department) in [("预算", "教育局"), ("预算（续）", "民政局")] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (column, heading) in (0u16..).zip(["部门", "科目", "年度", "金额"]) {
            sheet.write(0, column, heading).unwrap();
        }
        sheet.write(1, 0, department).unwrap();
        sheet.write(1, 1, "办公费").unwrap();
        sheet.write(1, 2, 2021).unwrap();
        sheet.write(1, 3, 100).unwrap();
    }
    let record = run(&suite, &[("预算", &folder.write("预算.xlsx", book.save_to_buffer().unwrap()))]);
    assert!(record.remarks.iter().any(|remark| remark.code == "W0414"), "{:?}", record.remarks);
}

#[test]
fn months_where_years_are_judged_are_named() {
    let folder = Folder::new();
    let rules = "指标 税收收入: 亿元\n数据集 断面\n    维度 断面: 文本\n    维度 月份: 期间\n    度量 罚款: 万元\n\
                 规则 年度\n    要求 税收收入 ≥ 10 亿元\n规则 逐月\n    期间 2021-01..2021-02\n    要求 合计 断面.罚款 ≤ 9 万元\n";
    let suite = suite(&folder, rules);
    let river = folder.write("断面.csv", "断面,月份,罚款\n甲,2021-01,1\n甲,2021-02,1\n");
    let judged = |rows: &str| {
        let figures = folder.write("指标.csv", format!("指标,期间,数值,单位\n税收收入,2020,9,亿元\n{rows}"));
        let record = run(&suite, &[("指标", &figures), ("断面", &river)]);
        let remarks: Vec<_> = record.remarks.into_iter().filter(|remark| remark.code == "W0415").collect();
        (record.rules[0].verdict, remarks)
    };
    let (verdict, remarks) = judged("税收收入,2021-01,5,亿元\n税收收入,2021-02,6,亿元\n税收收入,2021Q1,17,亿元\n");
    assert_eq!(verdict, Verdict::Missing, "a year is not made up of its months");
    let said: Vec<String> = remarks
        .iter()
        .map(|remark| {
            let source = remark.source.as_ref().unwrap();
            format!("{:?} {:?}\n{}\n{}", source.row, source.column, remark.message.zh, remark.message.en)
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"));
    // The months of the other dataset are asked for; other years are history.
    assert_eq!(judged("税收收入,2021,12,亿元\n"), (Verdict::Pass, Vec::new()));
}
