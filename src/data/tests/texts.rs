//! Text files are the same table, read column by column or row by row.

use super::*;
use crate::data::column;
use crate::data::layout::Wanted;
use crate::data::notes::Notes;
use crate::data::raw::{RawCell, ReadOptions};
use crate::data::rows::{Builder, Provenance};
use crate::data::submission::choose;
use crate::data::{config, delimited, formats};
use crate::semantics::hir::{ColumnId, DatasetId};

/// A table read in both ways.
fn read_both(csv: &str, binding: Option<&config::Binding>) -> [(Table, Vec<Diagnostic>); 2] {
    [true, false].map(|by_columns| {
        let suite = suite();
        let dataset =
            suite.datasets.iter().position(|dataset| dataset.name == "预算").map(DatasetId).expect("the budget");
        let mut sheets = formats::read(csv.as_bytes(), "a.csv", &ReadOptions::default()).expect("a text");
        // A sheet that need not be of one width is read row by row.
        sheets[0].strict_width = by_columns;
        let from = Provenance { input: 0, path: "a.csv", binding };
        let mut builder = Builder::new(&suite, dataset, "").expect("a dataset");
        let mut notes = Notes::default();
        for (sheet, sections, remarks) in choose(&sheets, Wanted { suite: &suite, dataset, binding }, from).unwrap() {
            notes.extend(remarks);
            builder.add(sheet, &sections, from, &mut notes);
        }
        (builder.table, notes.finish())
    })
}

#[test]
fn columns_give_what_rows_give() {
    let names = ["教育局", " 教育局", "卫生局", "", "合计", "全区小计：", "注：某局未报", "制表人", "公用经费", "-"];
    let years = ["2021", "2021年", "2020", "", "二〇二一", "合计"];
    let figures = [
        "90.01",
        "100",
        "-0.5",
        "007",
        "\"1,234.50\"",
        "—",
        "",
        "abc",
        "12万元",
        "1e5",
        "123456789012345678901",
        "０.5",
        "5%",
        "-0",
        "1.",
        "+.5",
        " 3 ",
        "0",
        "0.10",
        "(5)",
        "-1234567890123456.78",
        "/",
    ];
    let mut state = 1u64;
    let mut pick = |texts: &[&'static str], usual: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let random = usize::try_from(state >> 33).unwrap();
        texts[if random % 4 == 0 { random / 4 % texts.len() } else { random / 4 % usual }]
    };
    let (mut said, mut packed, mut quoted) = (0, 0, 0);
    for _ in 0..3_000 {
        let mut csv = "部门,科目,年度,金额,备注,序号\n".to_owned();
        for _ in 0..pick(&["1", "2", "5", "9", "40"], 5).parse::<usize>().unwrap() {
            if pick(&["row", "row", "row", "blank"], 3) == "blank" {
                csv += pick(&["\n", ",,,,,\n"], 2);
                continue;
            }
            let names_of = [pick(&names, 3), pick(&names, 3), pick(&years, 1), pick(&figures, 2), pick(&names, 1)];
            let cells = [names_of.as_slice(), &[pick(&["1", "2", "", "注：", "合计"], 3)]].concat();
            csv += &(cells.join(",") + "\n");
        }
        let [(table, notes), (expected, expected_notes)] = read_both(&csv, None);
        assert_eq!(table, expected, "{csv}");
        assert_eq!(notes, expected_notes, "{csv}");
        said += notes.len();
        // What is quoted from a column is what stands in the file.
        let sheet = delimited::parse(&csv, "预算.csv", None).unwrap();
        for (row, column) in (0..table.len()).flat_map(|row| (0..4).map(move |column| (row, ColumnId(column)))) {
            let Some(text) = table.stored(row, column) else { continue };
            let spot = table.spot(row, column).unwrap();
            let cells = sheet.row(sheet.index_of(spot.row).unwrap());
            let there = cells.get(spot.column).filter(|cell| **cell != RawCell::Empty).map(RawCell::text);
            assert_eq!(text.as_deref(), there.as_deref(), "{csv}");
            quoted += 1;
        }
        packed += usize::from(matches!(table.columns.get(3), Some(column::Column::Decimals(_))));
    }
    assert!(said > 1_000 && packed > 500 && quoted > 4_000, "{said} remarks, {packed} packed, {quoted} quoted");
}
