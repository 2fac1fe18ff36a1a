//! Rounded figures, and the column that says whether a figure is the value or a bound of it.

use rust_xlsxwriter::{Format, Workbook};

use super::*;
use crate::data::given;
use crate::semantics::hir::{GivenFigure, IndicatorId, Test};

const ROUNDED: &str = "name = \"t\"\n[[binding]]\ndataset = \"预算\"\nrounded = true\n";

/// The amounts of a budget, in 万元 as their rows state them, in 元.
fn amounts(cells: &[&str]) -> Vec<String> {
    let rows: Vec<String> =
        cells.iter().enumerate().map(|(at, cell)| format!("教育局,科目{at},2021,\"{cell}\"\n")).collect();
    let (found, _) = table("预算.csv", format!("部门,科目,年度,金额\n{}", rows.concat()), ROUNDED);
    found.columns[3].iter().map(|cell| text(&cell)).collect()
}

#[test]
fn a_rounded_figure_is_half_a_unit_of_its_last_digit_wide() {
    assert_eq!(
        amounts(&["14.8", "15", "1,200", "15.00", "-0.3", "0", "3.5亿元", "148000元", "1.4万元", "", "？"]),
        [
            "148000±500",
            "150000±5000",
            "12000000±5000",
            "150000±50",
            "-3000±500",
            "0±5000",
            "350000000±5000000",
            "148000±0.5",
            "14000±500",
            "",
            "!？",
        ]
    );
    let (exact, _) = table("预算.csv", "部门,科目,年度,金额\n教育局,公用经费,2021,14.8\n", PLAIN);
    assert_eq!(rows(&exact), ["教育局|公用经费|2021|148000|"]);
}

#[test]
fn digits_of_rounded_figures_stay_in_their_cells() {
    let (found, _) = table("预算.csv", "部门,科目,年度,金额\n教育局,公用经费,2021,14.80\n", ROUNDED);
    assert!(matches!(&*found.columns[3].get(0).unwrap(), Cell::Within(_, 2)), "{:?}", found.columns[3]);
    assert!(
        found.columns[..3].iter().flat_map(|column| column.iter()).all(|cell| matches!(*cell, Cell::Value(..))),
        "only measures are rounded"
    );
}

#[test]
fn percentages_and_bare_numbers_of_a_workbook_have_the_digits_they_are_stored_with() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["项目", "完成率", "户数"]).expect("a heading");
    let percent = Format::new().set_num_format("0.00%");
    for (row, (name, rate, households)) in
        (1u32..).zip([("甲", 0.985, 1200.0), ("乙", 0.07, 12.5), ("丙", 0.0725, 14.8)])
    {
        sheet.write(row, 0, name).expect("a cell");
        sheet.write_with_format(row, 1, rate, &percent).expect("a cell");
        sheet.write_with_format(row, 2, households, &Format::new().set_num_format("0.00")).expect("a cell");
    }
    let config = "name = \"t\"\n[[binding]]\ndataset = \"项目\"\nrounded = true\n";
    let (found, _) = table("项目.xlsx", book.save_to_buffer().expect("a workbook"), config);
    assert_eq!(
        rows(&found),
        ["甲|0.985±0.0005|1200±0.5|||", "乙|0.07±0.005|12.5±0.05|||", "丙|0.0725±0.00005|14.8±0.05|||"]
    );
}

#[test]
fn json_numbers_have_the_digits_that_stand_in_the_file() {
    let text = r#"[{"部门": "教育局", "科目": "a", "年度": 2021, "金额": 14.80, "备注": ""},
                   {"部门": "教育局", "科目": "b", "年度": 2021, "金额": "14.8", "备注": ""}]"#;
    let (found, _) = table("预算.json", text, ROUNDED);
    assert_eq!(rows(&found), ["教育局|a|2021|148000±50|", "教育局|b|2021|148000±500|"]);
}

#[test]
fn melted_columns_of_a_measure_are_rounded_too() {
    let config = format!("{ROUNDED}melt = {{ headings = \"{{年度}}年\", into = \"金额\" }}\n");
    let (found, _) = table("预算.csv", "部门,科目,2020年,2021年\n教育局,公用经费,14.8,15\n", &config);
    assert_eq!(rows(&found), ["教育局|公用经费|2020|148000±500|", "教育局|公用经费|2021|150000±5000|"]);
}

const QUALIFIED: &str = "指标,期间,数值,单位,限定\n\
    GDP,2016,1740,亿元,\n\
    GDP,2017,1740,亿元,超\n\
    GDP,2018,1740,亿元,以上\n\
    GDP,2019,1740,亿元,以内\n\
    GDP,2020,1740.0,亿元,不到\n\
    GDP,2021,1740,亿元, 约\u{3000}\n\
    失业率,2021,1.8,%,about\n\
    失业率,2020,1.8,%,At Most\n\
    失业率,2019,,%,超\n\
    失业率,2018,1.8,%,—\n";

#[test]
fn qualifiers_say_what_a_figure_stands_for() {
    let (found, diagnostics) = table("指标.csv", QUALIFIED, PLAIN);
    let values: Vec<String> = found.columns[3].iter().map(|cell| text(&cell)).collect();
    assert_eq!(
        values,
        [
            "174000000000",
            ">174000000000",
            "≥174000000000",
            "≤174000000000",
            "<174000000000",
            "174000000000±50000000",
            "0.018±0.0005",
            "≤0.018",
            "",
            "0.018",
        ]
    );
    assert_eq!(codes(&diagnostics), Vec::<&str>::new());
    let rounded = "name = \"t\"\n[[binding]]\ndataset = \"指标\"\nrounded = true\n";
    let (found, _) = table("指标.csv", QUALIFIED, rounded);
    let values: Vec<String> = found.columns[3].iter().map(|cell| text(&cell)).collect();
    assert_eq!(values[..2], ["174000000000±50000000", ">174000000000"], "a bound is stated as such, not rounded");
    assert_eq!(values[9], "0.018±0.0005");
}

#[test]
fn a_word_that_is_no_qualifier_makes_the_figure_unreadable() {
    let text = "指标,期间,数值,限定\nGDP,2021,5,超过\n断面水质,2021,Ⅲ类,以上\n断面水质,2020,Ⅲ类,\n失业率,2021,1.8,2\n失业率,2020,,余\n";
    let (found, diagnostics) = table("指标.csv", text, PLAIN);
    let values: Vec<String> = found.columns[3].iter().map(|cell| super::text(&cell)).collect();
    assert_eq!(values, ["!5", "!Ⅲ类", "#3", "!1.8", ""]);
    assert_eq!(codes(&diagnostics), ["E0428"; 4]);
    let columns: Vec<_> = diagnostics
        .iter()
        .map(|found| match &found.place {
            crate::base::Place::Data { row, column, .. } => (*row, column.clone()),
            _ => (None, None),
        })
        .collect();
    assert_eq!(columns[0], (Some(2), Some("限定".to_owned())));
}

#[test]
fn the_column_of_qualifiers_may_have_another_heading() {
    let config = "name = \"t\"\n[[binding]]\ndataset = \"指标\"\ncolumns = { \"限定\" = \"口径\" }\n";
    let (found, diagnostics) = table("指标.csv", "指标,期间,数值,口径\nGDP,2021,5,超\n", config);
    assert_eq!(found.columns[3].iter().map(|cell| text(&cell)).collect::<Vec<_>>(), [">500000000"]);
    assert_eq!(super::config(config).validate(&suite()), []);
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
    let (_, diagnostics) = table("指标.csv", "指标,期间,数值,限定\nGDP,2021,5,超\n", config);
    assert_eq!(errors(&diagnostics), ["E0406"], "a heading that the binding names must be there");
    let (_, diagnostics) = table("指标.csv", "指标,期间,数值,限定,qualifier\nGDP,2021,5,超,\n", PLAIN);
    assert_eq!(errors(&diagnostics), ["E0407"]);
}

#[test]
fn one_thing_stated_twice() {
    let text = "指标,期间,数值,限定\nGDP,2021,5,超\nGDP,2021,5,above\nGDP,2020,5,超\nGDP,2020,5,\nGDP,2019,5,约\nGDP,2019,5,超\n";
    let (found, diagnostics) = table("指标.csv", text, PLAIN);
    let values: Vec<String> = found.columns[3].iter().map(|cell| super::text(&cell)).collect();
    assert_eq!(values, [">500000000", "!>5亿元", "!5亿元", "!5±0.5亿元", "!>5亿元"]);
    assert_eq!(codes(&diagnostics), ["W0408", "E0419", "E0419"]);
}

#[test]
fn figures_of_a_test_are_rounded_where_every_binding_says_so() {
    let value = Scalar::Number(Number::ratio(9, 500).expect("1.8%"));
    let figure = GivenFigure {
        indicator: IndicatorId(0),
        region: None,
        period: None,
        value,
        text: "1.80%".to_owned(),
        span: span(),
    };
    let test = Test {
        title: "t".to_owned(),
        period: None,
        as_of: None,
        tables: Vec::new(),
        figures: vec![figure],
        standards: Vec::new(),
        waivers: Vec::new(),
        expect: Vec::new(),
        span: span(),
    };
    let read = |bindings: &str| {
        let config = config(&format!("name = \"t\"\n{bindings}"));
        let (submission, _, diagnostics) = given(&suite(), &config, &test, period("2021"));
        assert_eq!(diagnostics, []);
        rows(submission.tables[0].as_ref().expect("figures")).concat()
    };
    let rounded = "[[binding]]\ndataset = \"指标\"\nrounded = true\n";
    let other = "[[binding]]\ndataset = \"指标\"\nfile = \"*精确*\"\n";
    assert_eq!(read(""), "失业率||2021|0.018");
    assert_eq!(read(rounded), "失业率||2021|0.018±0.00005");
    assert_eq!(read(&format!("{rounded}{other}")), "失业率||2021|0.018");
}
