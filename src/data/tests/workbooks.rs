//! Workbooks as they are really sent.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::formats::ods;
use super::*;
use crate::base::{Lang, Place};
use crate::data::Input;

fn plain() -> Format {
    Format::new()
}

/// A budget table as a finance bureau prints it: a title, a unit line, a heading of two rows, merged departments, subtotals,
/// the heading again on the second page, a note.
fn messy(sheet: &mut Worksheet) {
    let put = |sheet: &mut Worksheet, row: u32, column: u16, text: &str| {
        sheet.write_string(row, column, text).expect("a cell");
    };
    sheet.merge_range(0, 0, 0, 4, "2021年部门预算汇总表", &plain()).expect("a title");
    put(sheet, 1, 0, "填报单位：区财政局");
    put(sheet, 1, 4, "金额单位：元");
    sheet.merge_range(2, 0, 3, 0, "部 门", &plain()).expect("merged");
    sheet.merge_range(2, 1, 3, 1, "科目", &plain()).expect("merged");
    sheet.merge_range(2, 2, 3, 2, "年度", &plain()).expect("merged");
    sheet.merge_range(2, 3, 2, 4, "预算数", &plain()).expect("merged");
    put(sheet, 3, 3, "金额");
    put(sheet, 3, 4, "其中：上级补助");
    sheet.merge_range(4, 0, 6, 0, "教育局", &plain()).expect("merged");
    for (row, subject, amount) in [(4u32, "公用经费", 900_100.0), (5, "项目经费", 1_234_567.89)] {
        put(sheet, row, 1, subject);
        sheet.write_number(row, 2, 2021.0).expect("a cell");
        sheet.write_number(row, 3, amount).expect("a cell");
    }
    put(sheet, 6, 1, "小 计");
    sheet.write_number(6, 3, 2_134_667.89).expect("a cell");
    for (column, text) in [(0, "部 门"), (1, "科目"), (2, "年度"), (3, "金额"), (4, "其中：上级补助")] {
        put(sheet, 8, column, text);
    }
    put(sheet, 9, 0, "卫健委");
    put(sheet, 9, 1, "公用经费");
    put(sheet, 9, 2, "2021年");
    put(sheet, 9, 3, "(1,000.50)");
    put(sheet, 10, 0, "合　计");
    sheet.write_number(10, 3, 2_133_667.39).expect("a cell");
    put(sheet, 11, 0, "注：本表含上级专项。");
}

fn saved(mut book: Workbook) -> Vec<u8> {
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_table_as_a_finance_bureau_prints_it() {
    let mut book = Workbook::new();
    messy(book.add_worksheet().set_name("附表1").expect("a name"));
    let (found, diagnostics) = table("预算.xlsx", saved(book), PLAIN);
    assert_eq!(
        rows(&found),
        ["教育局|公用经费|2021|900100|", "教育局|项目经费|2021|1234567.89|", "卫健委|公用经费|2021|-1000.5|"]
    );
    assert_eq!(codes(&diagnostics), ["W0402", "W0403", "W0405"]);
    assert!(diagnostics[0].message.zh.starts_with("有 2 行是合计"), "{:?}", diagnostics[0].message);
    assert_eq!(found.parts[0].sheet.as_deref(), Some("附表1"));
    assert_eq!(found.parts[0].columns[3].as_ref().and_then(|column| column.heading.as_deref()), Some("金额"));
    assert_eq!(found.origins.iter().map(|origin| origin.row).collect::<Vec<_>>(), [5, 6, 10]);
}

#[test]
fn the_same_heading_twice_is_told_apart_by_the_row_above() {
    let book = || {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, text) in [(0, "部门"), (1, "科目"), (2, "年度")] {
            sheet.merge_range(0, column, 1, column, text, &plain()).expect("merged");
        }
        sheet.write_string(0, 3, "预算").expect("a cell");
        sheet.write_string(0, 4, "决算").expect("a cell");
        sheet.write_string(1, 3, "金额").expect("a cell");
        sheet.write_string(1, 4, "金额").expect("a cell");
        for (column, text) in [(0, "教育局"), (1, "公用经费"), (2, "2021"), (3, "1"), (4, "2")] {
            sheet.write_string(2, column, text).expect("a cell");
        }
        saved(book)
    };
    assert_eq!(errors(&table("预算.xlsx", book(), PLAIN).1), ["E0407"]);
    let bound = "name = \"t\"\n[[binding]]\ndataset = \"预算\"\ncolumns = { \"金额\" = \"决算/金额\" }";
    assert_eq!(rows(&table("预算.xlsx", book(), bound).0), ["教育局|公用经费|2021|20000|"]);
}

#[test]
fn formats_and_types_of_cells_count() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in ["项目", "完成率", "户数", "开工", "竣工"].into_iter().enumerate() {
        sheet.write_string(0, column as u16, text).expect("a cell");
    }
    let number = |sheet: &mut Worksheet, row: u32, column: u16, value: f64, format: &str| {
        sheet.write_number_with_format(row, column, value, &Format::new().set_num_format(format)).expect("a cell");
    };
    let day = ExcelDateTime::from_ymd(2021, 3, 5).expect("a day");
    let format = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.write_string(1, 0, "a").expect("a cell");
    number(sheet, 1, 1, 0.985, "0.0%");
    number(sheet, 1, 2, 3.0, "0\"户\"");
    sheet.write_datetime_with_format(1, 3, &day, &format).expect("a cell");
    sheet.write_boolean(1, 4, true).expect("a cell");
    sheet.write_string(2, 0, "b").expect("a cell");
    number(sheet, 2, 1, 98.5, "0.00");
    number(sheet, 2, 2, 12_345_000.0, "0!.0,\"万\"");
    sheet.write_string(3, 0, "c").expect("a cell");
    number(sheet, 3, 1, 0.1 + 0.2, "General");
    sheet.write_datetime_with_format(3, 2, &day, &format).expect("a cell");
    let (found, diagnostics) = table("项目.xlsx", saved(book), PLAIN);
    assert_eq!(
        rows(&found),
        ["a|0.985|3|2021-03-05|true|", "b|0.985|!12345000|||", "c|0.0030000000000000004|!2021-03-05|||"]
    );
    assert_eq!(errors(&diagnostics), ["E0425", "E0411"]);
}

#[test]
fn percentages_of_an_ods_file_are_no_guess() {
    let rows_of: &[&[&str]] =
        &[&["项目", "完成率", "户数"], &["a", "0.985", "1"], &["b", "98.5", "2"], &["c", "7%", "0"]];
    let (found, diagnostics) = table("项目.ods", ods("项目", rows_of), PLAIN);
    assert_eq!(rows(&found), ["a|!0.985|1|||", "b|0.985|2|||", "c|0.07|0|||"]);
    assert_eq!(errors(&diagnostics), ["E0424"]);
}

fn simple(sheet: &mut Worksheet, department: &str) {
    for (row, line) in [["部门", "科目", "年度", "金额"], [department, "公用经费", "2021", "1"]].into_iter().enumerate()
    {
        for (column, text) in line.into_iter().enumerate() {
            sheet.write_string(row as u32, column as u16, text).expect("a cell");
        }
    }
}

fn book(sheets: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    for name in sheets {
        simple(book.add_worksheet().set_name(*name).expect("a name"), name);
    }
    saved(book)
}

#[test]
fn the_sheet_is_chosen_or_asked_for() {
    let read = |sheets: &[&str], config: &str| table("预算.xlsx", book(sheets), config);
    let bound = "name = \"t\"\n[[binding]]\ndataset = \"预算\"\nsheet = \"定*\"";
    assert_eq!(rows(&read(&["初稿", "定稿"], bound).0), ["定稿|公用经费|2021|10000|"]);
    assert_eq!(rows(&read(&["初稿", "预算"], PLAIN).0), ["预算|公用经费|2021|10000|"]);
    let (_, diagnostics) = read(&["初稿", "定稿"], PLAIN);
    assert_eq!(errors(&diagnostics), ["E0405"]);
    assert!(diagnostics[0].message.zh.contains("`初稿`、`定稿`"));
    assert_eq!(errors(&read(&["初稿", "修改稿"], bound).1), ["E0405"]);
    assert_eq!(errors(&read(&["定稿1", "定稿2"], bound).1), ["E0405"]);
    let mut other = Workbook::new();
    other.add_worksheet().set_name("封面").expect("a name").write_string(0, 0, "封面").expect("a cell");
    simple(other.add_worksheet().set_name("表1").expect("a name"), "教育局");
    assert_eq!(rows(&table("预算.xlsx", saved(other), PLAIN).0), ["教育局|公用经费|2021|10000|"]);
}

#[test]
fn one_workbook_serves_several_datasets() {
    let mut book = Workbook::new();
    simple(book.add_worksheet().set_name("预算").expect("a name"), "教育局");
    let figures = book.add_worksheet().set_name("指标").expect("a name");
    for (row, line) in [["指标", "期间", "数值"], ["失业率", "2021", "1.8"]].into_iter().enumerate() {
        for (column, text) in line.into_iter().enumerate() {
            figures.write_string(row as u32, column as u16, text).expect("a cell");
        }
    }
    let folder = Folder::new();
    folder.file("上报材料.xlsx", saved(book));
    let (submission, diagnostics) = folder.read();
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
    assert_eq!(submission.inputs.iter().map(|input| input.dataset.as_str()).collect::<Vec<_>>(), ["指标", "预算"]);
    assert_eq!(rows(submission.tables[0].as_ref().expect("figures")), ["失业率|鼓楼区|2021|0.018"]);
}

/// The place of a cell, as reports say it.
pub fn said(found: &Table, row: usize, column: usize) -> String {
    let input = Input { dataset: String::new(), path: "预算.xlsx".into(), sha256: String::new(), rows: 0 };
    found.place(&[input], row, Some(ColumnId(column))).expect("a place").said(Lang::Zh)
}

#[test]
fn cells_have_addresses() {
    let mut book = Workbook::new();
    messy(book.add_worksheet().set_name("附表1").expect("a name"));
    let (found, _) = table("预算.xlsx", saved(book), PLAIN);
    assert_eq!(said(&found, 1, 3), "预算.xlsx!附表1!D6「金额」列");
    assert_eq!(said(&found, 1, 0), "预算.xlsx!附表1!A5「部 门」列", "merged cells stand in their first");
    assert_eq!(said(&found, 2, 0), "预算.xlsx!附表1!A10「部 门」列");
    assert_eq!(said(&found, 2, 4), "预算.xlsx!附表1 第 10 行", "no such column");
}

#[test]
fn cells_of_melted_and_filled_down_columns_have_addresses() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let lines = [
        ["部门", "科目", "2020年预算数", "2021年预算数"],
        ["教育局", "公用经费", "1", "2"],
        ["", "人员经费", "3", "4"],
        ["", "差旅费", "5", "x"],
    ];
    for (row, line) in lines.into_iter().enumerate() {
        for (column, text) in line.into_iter().enumerate() {
            sheet.write_string(row as u32, column as u16, text).expect("a cell");
        }
    }
    let config = "name = \"t\"\n[[binding]]\ndataset = \"预算\"\nfill_down = [\"部门\"]\n\
                  melt = { headings = \"{年度}年预算数\", into = \"金额\" }";
    let (found, diagnostics) = table("预算.xlsx", saved(book), config);
    assert_eq!(rows(&found)[3], "教育局|人员经费|2021|40000|");
    assert_eq!(said(&found, 3, 3), "预算.xlsx!Sheet1!D3「2021年预算数」列");
    assert_eq!(said(&found, 2, 3), "预算.xlsx!Sheet1!C3「2020年预算数」列");
    assert_eq!(said(&found, 3, 2), "预算.xlsx!Sheet1!D3「2021年预算数」列", "the year stands in the heading");
    assert_eq!(said(&found, 5, 0), "预算.xlsx!Sheet1!A2「部门」列");
    assert_eq!(said(&found, 5, 1), "预算.xlsx!Sheet1!B4「科目」列");
    let bad = diagnostics.iter().find(|said| said.code.code == "E0411").expect("x is no number");
    assert!(matches!(&bad.place, Place::Data { cell: Some(cell), row: Some(4), .. } if cell == "D4"), "{bad:?}");
}

#[test]
fn what_stands_twice_is_named_by_its_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(1, 0, 3, 0, "教育局", &plain()).expect("merged");
    let lines = [["部门", "科目", "年度", "金额"], ["", "公用经费", "2021", "1"], ["", "公用经费", "2021", "2"]];
    for (row, line) in lines.into_iter().enumerate() {
        for (column, text) in line.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row as u32, column as u16, text).expect("a cell");
        }
    }
    let (_, diagnostics) = table("预算.xlsx", saved(book), PLAIN);
    let twice = diagnostics.iter().find(|said| said.code.code == "E0418").expect("twice");
    let cells: Vec<_> = [&twice.place, &twice.labels[0].place]
        .map(|place| match place {
            Place::Data { cell, .. } => cell.clone(),
            _ => None,
        })
        .into();
    assert_eq!(cells, [Some("B3".to_owned()), Some("B2".to_owned())]);
}

/// The table of [`messy`], saved as `.xls` by LibreOffice.
const OLD: &[u8] = include_bytes!("merged.xls");

#[test]
fn merged_cells_of_old_workbooks_are_filled() {
    let mut book = Workbook::new();
    messy(book.add_worksheet().set_name("附表1").expect("a name"));
    let (new, _) = table("预算.xlsx", saved(book), PLAIN);
    let (old, diagnostics) = table("预算.xls", OLD, PLAIN);
    assert_eq!(rows(&old), rows(&new));
    assert_eq!(codes(&diagnostics), ["W0402", "W0403", "W0405"]);
    assert_eq!(said(&old, 1, 0), "预算.xlsx!附表1!A5「部 门」列");
}
