//! Layouts in which departments publish their budgets.

use rust_xlsxwriter::{Format, Workbook};

use super::formats::xlsx;
use super::workbooks::said;
use super::*;
use crate::base::Place;

/// A sheet 表1 from lines of cells between `|`.
fn sheet(text: &str) -> Vec<u8> {
    let lines: Vec<Vec<&str>> = text.trim().lines().map(|line| line.trim().split('|').collect()).collect();
    let rows: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
    xlsx("表1", &rows)
}

fn bound(lines: &str) -> String {
    format!("name = \"t\"\n[[binding]]\ndataset = \"预算\"\n{lines}\n")
}

fn stacked(text: &str) -> (Table, Vec<Diagnostic>) {
    table("预算.xlsx", sheet(text), &bound("above = [\"{年度}年支出总表\", \"部门：{部门}\"]"))
}

/// The cells of the rows that diagnostics of a code point at.
fn cells(diagnostics: &[Diagnostic], code: &str) -> Vec<(Option<u64>, Option<String>)> {
    let of = |diagnostic: &Diagnostic| match &diagnostic.place {
        Place::Data { row, cell, .. } => (*row, cell.clone()),
        _ => (None, None),
    };
    diagnostics.iter().filter(|diagnostic| diagnostic.code.code == code).map(of).collect()
}

#[test]
fn tables_stand_one_below_the_other() {
    let (found, diagnostics) = stacked(
        "2021年支出总表
         部门：教育局||单位：万元
         科目|金额|备注
         201|1.5|
         202|2|
         注：1.本表含结转。
         2.不含专户。

         2021年支出总表
         部门：民政局　　　单位：元
         科目|金额|备注
         201|30000|
         注：同上。",
    );
    assert_eq!(
        rows(&found),
        ["教育局|201|2021|15000|", "教育局|202|2021|20000|", "民政局|201|2021|30000|"],
        "{diagnostics:?}"
    );
    assert_eq!(codes(&diagnostics), ["W0403"]);
    assert!(diagnostics[0].message.zh.contains("3 行是说明"), "{diagnostics:?}");
    assert_eq!(said(&found, 2, 0), "预算.xlsx!表1!A10", "the department stands above its table");
    assert_eq!(said(&found, 2, 2), "预算.xlsx!表1!A9");
    assert_eq!(said(&found, 2, 3), "预算.xlsx!表1!B12「金额」列");
    assert_eq!(said(&found, 1, 0), "预算.xlsx!表1!A2");
}

#[test]
fn what_the_sheet_says_once_at_its_top_holds_for_all_its_tables() {
    let (found, diagnostics) = stacked(
        "2021年支出总表
         部门：教育局
         科目|金额
         201|1

         部门：民政局
         科目|金额
         201|2",
    );
    assert_eq!(rows(&found), ["教育局|201|2021|10000|", "民政局|201|2021|20000|"]);
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
}

#[test]
fn a_table_without_its_line_belongs_to_nobody() {
    let (found, diagnostics) = stacked(
        "2021年支出总表
         部门：教育局
         科目|金额
         201|1

         2021年支出总表
         科目|金额
         201|2

         2021年支出总表
         部门：民政局
         科目|金额
         201|3",
    );
    assert_eq!(rows(&found), ["教育局|201|2021|10000|", "|201|2021|20000|", "民政局|201|2021|30000|"]);
    assert_eq!(cells(&diagnostics, "W0401"), [(Some(7), None)]);
    let (_, diagnostics) = stacked("支出总表\n科目|金额\n201|1");
    assert_eq!(errors(&diagnostics), ["E0406", "E0406"], "neither line stands anywhere");
    let (found, diagnostics) = stacked("二一年支出总表\n部门：教育局\n科目|金额\n201|1");
    assert_eq!(rows(&found), ["教育局|201|!二一|10000|"]);
    assert_eq!(cells(&diagnostics, "E0415"), [(Some(1), Some("A1".to_owned()))]);
}

#[test]
fn a_page_break_is_no_new_table() {
    let (found, diagnostics) = stacked(
        "2021年支出总表
         部门：教育局
         科目|金额|备注
         201|1|
         202||
         科目|金额|备注
         203|3|
         204||

         科目|金额|备注
         205|5|",
    );
    let read = rows(&found);
    assert_eq!(read[1], "教育局|202|2021||", "what was not filled in stays");
    assert_eq!(read[2..], ["教育局|203|2021|30000|", "教育局|204|2021||", "教育局|205|2021|50000|"]);
    assert_eq!(codes(&diagnostics), Vec::<&str>::new());
}

#[test]
fn a_word_above_a_heading_is_data_unless_something_parts_it_from_data() {
    let read = |between: &str| {
        let text = format!("部门|年度|金额|科目\n教育局|2021|1|201\n{between}\n部门|年度|金额|科目\n卫健委|2021|2|201");
        table("预算.xlsx", sheet(&text), PLAIN)
    };
    assert_eq!(rows(&read("民政局|||").0)[1], "民政局||||", "a department that was not filled in");
    assert_eq!(rows(&read("\n续表").0).len(), 2);
    assert_eq!(rows(&read("单位：万元").0).len(), 2);
}

#[test]
fn a_line_within_a_table_names_what_follows() {
    let (found, diagnostics) = stacked(
        "2021年支出总表
         科目|金额
         部门：教育局|
         201|1
         部门：民政局
         201|2
         202|3",
    );
    assert_eq!(codes(&diagnostics), ["W0405"]);
    assert_eq!(rows(&found), ["教育局|201|2021|10000|", "民政局|201|2021|20000|", "民政局|202|2021|30000|"]);
    assert_eq!(said(&found, 2, 0), "预算.xlsx!表1!A5");
}

#[test]
fn a_heading_may_come_again_with_another_unit() {
    let read = |heading: &str| {
        let text = format!("部门|科目|年度|金额（万元）\n教育局|201|2021|1\n\n{heading}\n民政局|201|2021|20000");
        table("预算.xlsx", sheet(&text), PLAIN)
    };
    assert_eq!(rows(&read("部门|科目|年度|金额（元）").0)[1], "民政局|201|2021|20000|");
    assert_eq!(rows(&read("部门|科目|年度|金额（万元）").0)[1], "民政局|201|2021|200000000|");
    // Columns may stand in another order; other headings make another table, which is not passed over in silence.
    assert_eq!(errors(&read("部门|科目|年度|决算数").1), ["E0415", "E0411"]);
    let (_, diagnostics) = read("部门|科目|年度|金额（人）");
    assert_eq!(errors(&diagnostics), ["E0410"]);
}

#[test]
fn the_lowest_row_of_a_heading_may_come_again_alone() {
    let read = |again: &str| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let merge = |sheet: &mut rust_xlsxwriter::Worksheet, area: [u32; 4], text: &str| {
            let [top, left, bottom, right] = area;
            sheet.merge_range(top, left as u16, bottom, right as u16, text, &Format::new()).expect("merged");
        };
        merge(sheet, [0, 0, 1, 0], "部门");
        merge(sheet, [0, 1, 1, 1], "科目");
        merge(sheet, [0, 2, 0, 3], "预算数");
        let lines = [
            (1, ["", "", "2020年", "2021年（万元）"]),
            (2, ["教育局", "201", "1", "2"]),
            (3, ["", "", "2020年", again]),
        ];
        for (row, line) in lines.into_iter().chain([(4, ["民政局", "201", "3", "4"])]) {
            for (column, text) in line.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                sheet.write_string(row, column as u16, text).expect("a cell");
            }
        }
        let config = bound("melt = { headings = \"预算数/{年度}年\", into = \"金额\" }");
        table("预算.xlsx", book.save_to_buffer().expect("a workbook"), &config)
    };
    let (found, diagnostics) = read("2021年（万元）");
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
    assert_eq!(rows(&found)[2..], ["民政局|201|2020|30000|", "民政局|201|2021|40000|"]);
    assert_ne!(errors(&read("2021年（元）").1), Vec::<&str>::new(), "under another unit it is not understood");
}

#[test]
fn a_unit_may_stand_in_the_upper_row_of_a_heading() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, text) in [(0, "部门"), (1, "科目")] {
        page.merge_range(0, column, 1, column, text, &Format::new()).expect("merged");
    }
    page.merge_range(0, 2, 0, 3, "预算数（元）", &Format::new()).expect("merged");
    page.write_string(1, 2, "2020年").expect("a cell");
    page.write_string(1, 3, "2021年（亿元）").expect("a cell");
    for (column, text) in ["教育局", "201", "5", "1"].into_iter().enumerate() {
        page.write_string(2, column as u16, text).expect("a cell");
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    for headings in ["{年度}年", "预算数/{年度}年"] {
        let config = bound(&format!("melt = {{ headings = \"{headings}\", into = \"金额\" }}"));
        let (found, diagnostics) = table("预算.xlsx", &bytes, &config);
        assert_eq!(errors(&diagnostics), Vec::<&str>::new());
        assert_eq!(rows(&found), ["教育局|201|2020|5|", "教育局|201|2021|100000000|"], "the lower unit is nearer");
    }
    let fixed = bound("melt = { headings = \"{年度}年\", into = \"金额\" }\nunits = { \"金额\" = \"万元\" }");
    assert_eq!(errors(&table("预算.xlsx", &bytes, &fixed).1), ["E0408", "E0408"], "and may not contradict the binding");
}

#[test]
fn an_upper_unit_of_another_kind_is_not_meant() {
    let text = "项目|预算（万元）|\n|完成率|户数\na|7%|3";
    let (found, diagnostics) = table("项目.xlsx", sheet(text), PLAIN);
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
    assert_eq!(rows(&found), ["a|0.07|3|||"]);
}

#[test]
fn tables_side_by_side_need_not_be_of_one_length() {
    let text = "部门|收入||支出|
         |项目|2021年|项目|2021年
         教育局|一、拨款|1|一、基本支出|3
         |收入总计|1|二、项目支出|4
         ||||5
         |||支出总计|7";
    let side = |side: &str| {
        bound(&format!(
            "header = [1, 2]\nfill_down = [\"部门\"]\nskip = []\ncolumns = {{ \"科目\" = \"{side}/项目\" }}\n\
             melt = {{ headings = \"{side}/{{年度}}年\", into = \"金额\" }}"
        ))
    };
    let (found, _) = table("预算.xlsx", sheet(text), &side("收入"));
    assert_eq!(rows(&found), ["教育局|一、拨款|2021|10000|", "教育局|收入总计|2021|10000|"]);
    let (found, diagnostics) = table("预算.xlsx", sheet(text), &side("支出"));
    assert_eq!(rows(&found)[2], "教育局||2021|50000|", "an amount without its item is not left out");
    assert_eq!(rows(&found)[3], "教育局|支出总计|2021|70000|");
    assert_eq!(cells(&diagnostics, "W0401"), [(Some(5), Some("D5".to_owned()))]);
}

#[test]
fn blanks_are_0_where_the_suite_says_so_and_the_row_was_filled_in() {
    let text = "项目|完成率|户数\na|7%|\nb|7%|—\nc||\nd||3";
    let config = "name = \"t\"\n[[binding]]\ndataset = \"项目\"\nblank_as_zero = [\"户数\"]\n";
    let (found, _) = table("项目.xlsx", sheet(text), config);
    assert_eq!(rows(&found), ["a|0.07|0|||", "b|0.07|0|||", "c|||||", "d||3|||"]);
    let (found, _) = table("项目.xlsx", sheet(text), PLAIN);
    assert_eq!(rows(&found)[0], "a|0.07||||");
    let wide = "部门|科目|2020年|2021年\n教育局|201|—|\n民政局|201|1|";
    let config = bound("melt = { headings = \"{年度}年\", into = \"金额\" }\nblank_as_zero = [\"金额\"]");
    let (found, _) = table("预算.xlsx", sheet(wide), &config);
    assert_eq!(rows(&found)[3], "民政局|201|2021||", "a year that was not filled in is not 0");
}

#[test]
fn codes_are_indented_and_names_too() {
    let text = "部门|科目|年度|金额\n　教育局| 201|2021|1,234.50\n教育局|　　20101|2021|—\n教育局|    2010101 |2021|2";
    let (found, _) = table("预算.xlsx", sheet(text), PLAIN);
    assert_eq!(rows(&found), ["教育局|201|2021|12345000|", "教育局|20101|2021||", "教育局|2010101|2021|20000|"]);
}

#[test]
fn rows_that_say_of_which_are_data_under_their_own_names() {
    let text = "部门|科目|年度|金额\n教育局|基本支出|2021|3\n教育局|　其中：人员经费|2021|2";
    let (found, _) = table("预算.xlsx", sheet(text), PLAIN);
    assert_eq!(rows(&found), ["教育局|基本支出|2021|30000|", "教育局|其中：人员经费|2021|20000|"]);
}

#[test]
fn a_sheet_for_each_year() {
    let mut book = Workbook::new();
    for (name, amount) in [("2020年支出", "1"), ("2021年支出", "2"), ("说明", "3")] {
        let page = book.add_worksheet().set_name(name).expect("a name");
        for (row, line) in [["部门", "科目", "金额"], ["教育局", "201", amount]].into_iter().enumerate() {
            for (column, text) in line.into_iter().enumerate() {
                page.write_string(row as u32, column as u16, text).expect("a cell");
            }
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    let (found, diagnostics) = table("预算.xlsx", &bytes, &bound("sheet = \"{年度}年支出\""));
    assert_eq!(rows(&found), ["教育局|201|2020|10000|", "教育局|201|2021|20000|"]);
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
    assert_eq!(said(&found, 1, 3), "预算.xlsx!2021年支出!C2「金额」列");
    assert_eq!(said(&found, 1, 2), "预算.xlsx!2021年支出 第 2 行");
    assert_eq!(errors(&table("预算.xlsx", &bytes, &bound("sheet = \"{年度}年收入\"")).1), ["E0405"]);
}

#[test]
fn notes_go_on_in_the_rows_below_them() {
    let read = |below: &str| {
        let text = format!("部门|科目|年度|金额\n教育局|201|2021|1\n说明：本表\n{below}");
        rows(&table("预算.xlsx", sheet(&text), PLAIN).0).len() - 1
    };
    assert_eq!(read("2.数据来自决算。"), 0);
    assert_eq!(read("（2）数据来自决算。"), 0);
    assert_eq!(read("2、同上\n3、同上"), 0);
    assert_eq!(read("2010101"), 1, "a code is no point of a note");
    assert_eq!(read("民政局"), 1);
    assert_eq!(read("2.5"), 1);
    assert_eq!(read("2.同上|x"), 1);
}

#[test]
fn the_unit_above_is_named_by_its_cell_where_it_contradicts() {
    let (found, diagnostics) = table(
        "预算.xlsx",
        sheet("支出表||单位：元\n部门|科目|年度|金额\n教育局|201|2021|1"),
        &bound("units = { \"金额\" = \"万元\" }"),
    );
    assert_eq!(rows(&found), ["教育局|201|2021|!1|"]);
    assert_eq!(cells(&diagnostics, "E0408"), [(Some(2), Some("D2".to_owned()))]);
    assert!(matches!(&diagnostics[0].labels[0].place, Place::Data { cell: Some(cell), .. } if cell == "C1"));
}

#[test]
fn every_measure_of_a_melt_is_found_or_missed() {
    let config = |second: &str| {
        format!(
            "name = \"t\"\n[[binding]]\ndataset = \"项目\"\nmelt = [{{ headings = \"{{项目}}/完成率\", into = \"完成率\" }}, \
             {{ headings = \"{second}\", into = \"户数\" }}]"
        )
    };
    let text = "开工|a||b|\n|完成率|户数|完成率|户数\n2021-01-01|7%|3|8%|4";
    let (found, _) = table("项目.xlsx", sheet(text), &config("{项目}/户数"));
    assert_eq!(rows(&found), ["a|0.07|3|2021-01-01||", "b|0.08|4|2021-01-01||"]);
    let (_, diagnostics) = table("项目.xlsx", sheet(text), &config("{项目}/人数"));
    assert_eq!(errors(&diagnostics), ["E0406"]);
    assert!(diagnostics.iter().any(|said| said.message.zh.contains("没有符合 `{项目}/人数` 的列名")));
}

#[test]
fn a_heading_is_as_deep_as_all_its_melts_need() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (area, text) in [
        ([0, 0, 2, 0], "开工"),
        ([0, 1, 0, 2], "a"),
        ([1, 1, 2, 1], "完成率"),
        ([0, 3, 0, 4], "b"),
        ([1, 3, 2, 3], "完成率"),
    ] {
        page.merge_range(area[0], area[1] as u16, area[2], area[3] as u16, text, &Format::new()).expect("merged");
    }
    for (row, column, text) in [(1, 2, "规模"), (1, 4, "规模"), (2, 2, "户数"), (2, 4, "户数")] {
        page.write_string(row, column, text).expect("a cell");
    }
    for (column, text) in (0..).zip(["2021-01-01", "7%", "3", "8%", "4"]) {
        page.write_string(3, column, text).expect("a cell");
    }
    // The first two rows would do for the first melt; the third row is no data.
    let config = "name = \"t\"\n[[binding]]\ndataset = \"项目\"\nmelt = [{ headings = \"{项目}/完成率\", into = \"完成率\" }, \
                  { headings = \"{项目}/规模/户数\", into = \"户数\" }]";
    let (found, diagnostics) = table("项目.xlsx", book.save_to_buffer().expect("a workbook"), config);
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
    assert_eq!(rows(&found), ["a|0.07|3|2021-01-01||", "b|0.08|4|2021-01-01||"]);
    assert_eq!(said(&found, 1, 2), "预算.xlsx!Sheet1!E4「b/规模/户数」列");
}

#[test]
fn a_heading_of_three_rows_needs_no_merged_cells() {
    let text = "开工,a,,,b,,
,完成率,规模,,完成率,规模,
,,户数,人数,,户数,人数
2021-01-01,7%,3,8,9%,4,5
";
    let config = "name = \"t\"\n[[binding]]\ndataset = \"项目\"\nmelt = [{ headings = \"{项目}/完成率\", into = \"完成率\" }, \
                  { headings = \"{项目}/规模/户数\", into = \"户数\" }]";
    let (found, diagnostics) = table("项目.csv", text, config);
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
    assert_eq!(rows(&found), ["a|0.07|3|2021-01-01||", "b|0.09|4|2021-01-01||"]);
}
