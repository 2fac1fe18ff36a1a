//! The indicator table, standards, and what rule tests submit.

use super::*;
use crate::data::{given, load_standards};
use crate::semantics::hir::{DatasetId, GivenFigure, GivenTable, IndicatorId, StandardId, Test};

fn figures(text: &str) -> (Vec<String>, Vec<&'static str>) {
    let (found, diagnostics) = table("指标.csv", text, "name = \"t\"\nregion = \"鼓楼区\"");
    (rows(&found), codes(&diagnostics))
}

#[test]
fn indicators_are_read_by_their_own_type_and_unit() {
    let text = "指标,区域,期间,数值,单位\n\
                城镇登记失业率,,2021,1.8,%\n\
                失业率,南京市,2021年,2.1,\n\
                GDP,,2021,17400000,万元\n\
                地区生产总值,,2020,1740亿元,\n\
                断面水质,,2021-03,Ⅲ类,\n\
                GDP,,2019,5,人\n\
                GDP,,2018,5,个屁\n";
    assert_eq!(
        figures(text),
        (
            [
                "失业率|鼓楼区|2021|0.018",
                "失业率|南京市|2021|0.021",
                "地区生产总值|鼓楼区|2021|174000000000",
                "地区生产总值|鼓楼区|2020|174000000000",
                "断面水质|鼓楼区|2021-03|#3",
                "地区生产总值|鼓楼区|2019|!5",
                "地区生产总值|鼓楼区|2018|!5",
            ]
            .map(str::to_owned)
            .to_vec(),
            vec!["E0410", "E0409"]
        )
    );
    let english = "indicator,period,value\n失业率,2021,1.8%\n";
    assert_eq!(figures(english).0, ["失业率|鼓楼区|2021|0.018"]);
    let above = "单位：万元,,\n指标,期间,数值\nGDP,2021,5\n失业率,2021,1.8\n";
    assert_eq!(figures(above).0, ["地区生产总值|鼓楼区|2021|50000", "失业率|鼓楼区|2021|0.018"]);
}

#[test]
fn figures_that_no_rule_reads_are_named() {
    let text = "指标,期间,数值\n失业律,2021,1\n公用经费,2021,2\n,2021,3\n失业率,,4\n";
    let (found, codes) = figures(text);
    assert_eq!(found, ["失业率|鼓楼区||0.04"]);
    assert_eq!(codes, ["W0401", "W0401", "W0407", "W0412"]);
}

#[test]
fn two_figures_for_one_thing() {
    let text = "指标,期间,数值\nGDP,2021,5\n地区生产总值,2021,5.0\n失业率,2021,1.8\n失业率,2021,1.9%\n失业率,2020,—\n失业率,2020,2\n";
    let (found, codes) = figures(text);
    assert_eq!(
        found,
        [
            "地区生产总值|鼓楼区|2021|500000000",
            "失业率|鼓楼区|2021|!1.8%",
            "失业率|鼓楼区|2021|!1.9%",
            "失业率|鼓楼区|2020|0.02"
        ]
    );
    assert_eq!(codes, ["W0408", "E0419", "W0408"]);
}

#[test]
fn a_wide_indicator_table() {
    let text = "指标,2020年,2021年\nGDP（亿元）,1,2\nGDP,1700,1740亿元\n失业率,1.8,\n";
    let config = "name = \"t\"\n[[binding]]\ndataset = \"指标\"\nmelt = { headings = \"{期间}年\", into = \"数值\" }";
    let (found, diagnostics) = table("指标.csv", text, config);
    assert_eq!(
        rows(&found),
        ["地区生产总值||2020|170000000000", "地区生产总值||2021|174000000000", "失业率||2020|0.018", "失业率||2021|"]
    );
    assert_eq!(codes(&diagnostics), ["W0407"]);
}

fn standards(text: &str) -> (Vec<String>, Vec<&'static str>) {
    let folder = Folder::new();
    folder.file("s.toml", text);
    let (values, diagnostics) = load_standards(&[folder.path().join("s.toml")], &suite());
    let shown = values.entries[0].iter().map(|entry| {
        let number = entry.value.number().map(Number::exact).unwrap_or_default();
        format!("{:?} {number} {} {}", entry.period.map(|p| p.to_string()), entry.stated, entry.source)
    });
    (shown.collect(), codes(&diagnostics))
}

#[test]
fn standards_are_read_exactly() {
    let entry =
        |lines: &str| format!("[[standard]]\nname = \"市定失业率标准\"\nsource = \"文\"\ndate = 2021-03-01\n{lines}\n");
    assert_eq!(standards(&entry("value = 0.1")).0, ["None 0.001 0.1% 文"]);
    assert_eq!(standards(&entry("value = 4")).0, ["None 0.04 4% 文"]);
    assert_eq!(standards(&entry("value = \"4.50\"\nunit = \"‰\"")).0, ["None 0.0045 4.50‰ 文"]);
    assert_eq!(standards(&entry("value = \"4.5%\"\nperiod = 2021")).0, ["Some(\"2021\") 0.045 4.5% 文"]);
    let both = entry("value = 4\nperiod = 2021") + &entry("value = 5");
    assert_eq!(standards(&both).0.len(), 2);
    for (lines, code) in [
        ("value = \"约4\"", "E0509"),
        ("value = 4\nunit = \"人\"", "E0509"),
        ("value = 4\nunit = \"bps\"", "E0509"),
        ("value = 4\nperiod = \"明年\"", "E0509"),
        ("value = \"—\"", "E0509"),
        ("value = true", "E0504"),
        ("unit = \"%\"", "E0505"),
        ("value = 4\nnote = \"x\"", "E0503"),
    ] {
        assert_eq!(standards(&entry(lines)).1, [code], "{lines}");
    }
    assert_eq!(standards(&(entry("value = 4") + &entry("value = 5"))).1, ["E0510"]);
    assert_eq!(standards("[[standard]]\nname = \"市定失业率标准\"\nvalue = 4\nsource = \" \"\n").1, ["E0505", "E0505"]);
    assert_eq!(
        standards("[[standard]]\nname = \"市定失业标准\"\nvalue = 4\nsource = \"文\"\ndate = 2021-03-01\n").1,
        ["W0501"]
    );
    assert_eq!(load_standards(&["none.toml".into()], &suite()).1[0].code.code, "E0501");
}

#[test]
fn what_a_test_submits_is_read_as_a_file_is() {
    let at = |start: usize| Span::new(FileId(3), start..start + 1);
    let cells = |texts: &[&str], from: usize| -> Vec<(String, Span)> {
        texts.iter().enumerate().map(|(i, text)| ((*text).to_owned(), at(from + i))).collect()
    };
    let test = Test {
        title: "少一分".to_owned(),
        period: None,
        as_of: None,
        tables: vec![GivenTable {
            dataset: DatasetId(1),
            header: cells(&["部门", "年度", "金额（元）", "金钱"], 10),
            rows: vec![cells(&["教育局", "2021", "900,100", ""], 20), cells(&["合计", "2021", "约5", ""], 30)],
        }],
        figures: vec![
            GivenFigure {
                indicator: IndicatorId(0),
                region: None,
                period: None,
                value: Scalar::Number(Number::one()),
                text: "100.00%".to_owned(),
                span: at(40),
            },
            GivenFigure {
                indicator: IndicatorId(0),
                region: None,
                period: Some(period("2021")),
                value: Scalar::Number(Number::zero()),
                text: "0%".to_owned(),
                span: at(50),
            },
        ],
        standards: vec![(StandardId(0), None, Scalar::Number(Number::ratio(9, 200).expect("4.5%")))],
        waivers: Vec::new(),
        expect: Vec::new(),
        span: at(0),
    };
    let config = SuiteConfig { region: Some("鼓楼区".to_owned()), ..SuiteConfig::default() };
    let (submission, standards, diagnostics) = given(&suite(), &config, &test, period("2021"));
    let budget = submission.tables[1].as_ref().expect("a table");
    assert_eq!(rows(budget), ["教育局||2021|900100|", "合计||2021|!约5|"]);
    assert_eq!(
        rows(submission.tables[0].as_ref().expect("figures")),
        ["失业率|鼓楼区|2021|!100%", "失业率|鼓楼区|2021|!0%"]
    );
    let place = budget.place(&submission.inputs, 1, Some(ColumnId(3))).expect("a place");
    assert_eq!((place.path.as_str(), place.row, place.column.as_deref()), ("「少一分」", Some(2), Some("金额（元）")));
    let places: Vec<_> = diagnostics.iter().map(|d| (d.code.code, d.place.clone())).collect();
    let rule = |start| crate::base::Place::Rule(at(start));
    assert_eq!(places, [("E0406", rule(13)), ("E0411", rule(32)), ("E0419", rule(50))]);
    assert_eq!(diagnostics[2].labels[0].place, rule(40));
    assert_eq!(standards.entries[0][0].stated, "4.5%");
    assert!(submission.tables[2].is_none());
}
