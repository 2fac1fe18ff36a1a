//! Text formats, and one table in all formats.

use rust_xlsxwriter::Workbook;

use super::*;

pub const CSV: &str = "部门,科目,年度,金额\n教育局,公用经费,2020,100.00\n教育局,公用经费,2021,90.01\n";

#[test]
fn a_csv_file_is_read_with_its_places() {
    let (table, diagnostics) = table("预算.csv", CSV, PLAIN);
    assert_eq!(rows(&table), ["教育局|公用经费|2020|1000000|", "教育局|公用经费|2021|900100|"]);
    assert_eq!(codes(&diagnostics), ["W0405"]);
    assert_eq!(table.columns[3].get(1).as_deref(), Some(&Cell::Value(Scalar::Number(Number::from(900_100i128)), 2)));
    let folder = Folder::new();
    folder.file("预算.csv", CSV);
    let (submission, _) = folder.read();
    let place = submission.tables[1].as_ref().and_then(|t| t.place(&submission.inputs, 1, Some(ColumnId(3))));
    let place = place.expect("a place");
    assert!(place.path.ends_with("/预算.csv"), "{place:?}");
    assert_eq!((place.row, place.column.as_deref(), place.sheet), (Some(3), Some("金额"), None));
    assert_eq!(submission.inputs[0].rows, 2);
    assert_eq!(submission.inputs[0].sha256.len(), 64);
    assert_eq!(submission.unreadable, []);
}

/// A zip file with stored entries, enough for a workbook.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
        })
    };
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, text) in entries {
        let offset = out.len() as u32;
        let size = (text.len() as u32).to_le_bytes();
        let mut common = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x58];
        common.extend(crc(text).to_le_bytes());
        common.extend(size);
        common.extend(size);
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(*text);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size) = (out.len() as u32, directory.len() as u32);
    let count = (entries.len() as u16).to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// An ODS file; cells that read as numbers are stored as such.
pub fn ods(sheet: &str, rows: &[&[&str]]) -> Vec<u8> {
    ods_of(ods_content(sheet, rows).as_bytes())
}

/// What such a file says.
pub fn ods_content(sheet: &str, rows: &[&[&str]]) -> String {
    let mut body = String::new();
    for row in rows {
        body.push_str("<table:table-row>");
        for cell in *row {
            if cell.parse::<f64>().is_ok() {
                body.push_str(&format!(
                    "<table:table-cell office:value-type=\"float\" office:value=\"{cell}\"><text:p>{cell}</text:p></table:table-cell>"
                ));
            } else {
                body.push_str(&format!(
                    "<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"
                ));
            }
        }
        body.push_str("</table:table-row>");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"{sheet}\">{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
}

/// An ODS file with this content.
pub fn ods_of(content: &[u8]) -> Vec<u8> {
    let manifest = b"<?xml version=\"1.0\"?><manifest:manifest \
        xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"></manifest:manifest>";
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    ])
}

pub fn xlsx(sheet: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet().set_name(sheet).expect("a name");
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (r, c) = (r as u32, c as u16);
            match cell.parse::<f64>() {
                Ok(number) => page.write_number(r, c, number).expect("a cell"),
                Err(_) => page.write_string(r, c, *cell).expect("a cell"),
            };
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn one_table_in_every_format() {
    let lines: Vec<Vec<&str>> = vec![
        vec!["部门", "科目", "年度", "金额", "备注"],
        vec!["教育局", "公用经费", "2020", "100.25", "含“三公”"],
        vec!["卫健委", "公用经费", "2021", "-90.01", ""],
        vec!["卫健委", "项目经费", "2021", "123456789.12", "一, 二"],
    ];
    let slices: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
    let csv: String = lines
        .iter()
        .map(|row| row.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",") + "\r\n")
        .collect();
    let tsv: String = lines.iter().map(|row| row.join("\t") + "\n").collect();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(csv.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let objects: Vec<String> = lines
        .iter()
        .skip(1)
        .map(|row| {
            format!(
                r#"{{"部门": "{}", "科目": "{}", "年度": {}, "金额": {}, "备注": {}}}"#,
                row[0],
                row[1],
                row[2],
                row[3],
                if row[4].is_empty() { "null".to_owned() } else { format!("\"{}\"", row[4]) }
            )
        })
        .collect();
    let gb = encoding_rs::GB18030.encode(&csv).0.into_owned();
    let (expected, diagnostics) = table("预算.csv", &csv, PLAIN);
    assert_eq!(codes(&diagnostics), Vec::<&str>::new());
    assert_eq!(
        rows(&expected),
        [
            "教育局|公用经费|2020|1002500|含“三公”",
            "卫健委|公用经费|2021|-900100|",
            "卫健委|项目经费|2021|1234567891200|一, 二"
        ]
    );
    let all: [(&str, Vec<u8>); 9] = [
        ("预算.csv", [b"\xef\xbb\xbf", csv.as_bytes()].concat()),
        ("预算.csv", gb),
        ("预算.txt", utf16),
        ("预算.tsv", tsv.into_bytes()),
        ("预算.json", format!("[{}]", objects.join(",")).into_bytes()),
        ("预算.jsonl", objects.join("\n").into_bytes()),
        ("预算.xlsx", xlsx("Sheet1", &slices)),
        ("预算.csv", xlsx("a workbook by another name", &slices)),
        ("预算.ods", ods("预算", &slices)),
    ];
    for (name, bytes) in all {
        let (found, diagnostics) = table(name, bytes, PLAIN);
        assert_eq!(codes(&diagnostics), Vec::<&str>::new(), "{name} {diagnostics:?}");
        assert_eq!(found.columns, expected.columns, "{name}");
    }
}

#[test]
fn one_figure_in_every_unit() {
    let money = |heading: &str, figure: &str| format!("部门,科目,年度,{heading}\n教育局,公用经费,2020,\"{figure}\"\n");
    for (heading, figure) in [
        ("金额", "100.25"),
        ("金额（万元）", "100.25"),
        ("金额(元)", "1,002,500"),
        ("金额/亿元", "0.010025"),
        ("金额", "1,002,500元"),
        ("金额（元）", "100.25万元"),
        ("金 额【元】", "1002500"),
    ] {
        let (found, diagnostics) = table("预算.csv", money(heading, figure), PLAIN);
        assert_eq!(rows(&found), ["教育局|公用经费|2020|1002500|"], "{heading} {figure} {diagnostics:?}");
    }
    let above = format!("2021年预算表,,,\n,,,单位：元\n{}", money("金额", "1002500"));
    assert_eq!(rows(&table("预算.csv", above, PLAIN).0), ["教育局|公用经费|2020|1002500|"]);
    let bound = "name = \"t\"\n[[binding]]\ndataset = \"预算\"\nunits = { \"金额\" = \"元\" }";
    assert_eq!(rows(&table("预算.csv", money("金额", "1002500"), bound).0), ["教育局|公用经费|2020|1002500|"]);
    let column = "name = \"t\"\n[[binding]]\ndataset = \"预算\"\nunits = { \"金额\" = { column = \"单位\" } }";
    let text = "部门,科目,年度,金额,单位\n教育局,公用经费,2020,1002500,元\n教育局,公用经费,2021,100.25,\n";
    assert_eq!(
        rows(&table("预算.csv", text, column).0),
        ["教育局|公用经费|2020|1002500|", "教育局|公用经费|2021|1002500|"]
    );
}

#[test]
fn contradicting_units_are_an_error_and_no_guess() {
    let text = "单位：元,,,\n部门,科目,年度,金额（万元）\n教育局,公用经费,2020,100\n";
    let (found, diagnostics) = table("预算.csv", text, PLAIN);
    assert_eq!(rows(&found), ["教育局|公用经费|2020|!100|"]);
    assert_eq!(errors(&diagnostics), ["E0408"]);
    let text = "部门,科目,年度,金额（人）\n教育局,公用经费,2020,100\n";
    let (found, diagnostics) = table("预算.csv", text, PLAIN);
    assert_eq!(rows(&found), ["教育局|公用经费|2020|!100|"]);
    assert_eq!(errors(&diagnostics), ["E0410"]);
    let text = "部门,科目,年度,金额（万圆整）\n教育局,公用经费,2020,100\n";
    assert_eq!(errors(&table("预算.csv", text, PLAIN).1), ["E0409"]);
}

#[test]
fn broken_rows_are_bad_cells_with_a_place() {
    let text =
        "部门,科目,年度,金额\n教育局,公用经费,2020,1,234.50\n教育局,2021,90\n\n,,,\n教育局,公用经费,2021,约90,,\n";
    let (found, diagnostics) = table("预算.csv", text, PLAIN);
    assert_eq!(rows(&found), ["!教育局|!公用经费|!2020|!1|!", "!教育局|!2021|!90|!|!", "教育局|公用经费|2021|!约90|"]);
    assert_eq!(errors(&diagnostics), ["E0404", "E0404", "E0411"]);
    let places: Vec<_> = diagnostics
        .iter()
        .filter_map(|d| match &d.place {
            crate::base::Place::Data { row, column, .. } => Some((*row, column.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(places[..3], [(Some(2), None), (Some(3), None), (Some(6), Some("金额".to_owned()))]);
}

#[test]
fn a_figure_that_a_comma_has_split_is_seen() {
    let text = "部门,科目,年度,金额,备注\n教育局,公用经费,2021,1,234.50,\n教育局,项目经费,2021,90,,\n";
    let (found, diagnostics) = table("预算.csv", text, PLAIN);
    assert_eq!(rows(&found), ["!教育局|!公用经费|!2021|!1|!234.50", "教育局|项目经费|2021|900000|"]);
    assert_eq!(errors(&diagnostics), ["E0404"]);
}

#[test]
fn what_cannot_be_opened_is_named() {
    let folder = Folder::new();
    folder.file("预算.xls", "<html><table></table></html>").file("项目.csv", b"\xff\xff\xff").file("指标.json", "{");
    let (submission, diagnostics) = folder.read();
    let mut found = errors(&diagnostics);
    found.sort_unstable();
    assert_eq!(found, ["E0401", "E0402", "E0420"]);
    assert_eq!(submission.unreadable.len(), 3);
}

#[test]
fn nothing_is_an_empty_table() {
    for (name, text) in [
        ("预算.csv", ""),
        ("预算.csv", "\n\n"),
        ("预算.csv", "部门,科目,年度,金额\n"),
        ("预算.json", "[]"),
        ("预算.jsonl", ""),
    ] {
        let folder = Folder::new();
        folder.file(name, text);
        let (submission, diagnostics) = folder.read();
        assert!(submission.tables[1].as_ref().is_some_and(Table::is_empty), "{name} {text}");
        assert!(codes(&diagnostics).contains(&"W0404"), "{name} {text} {diagnostics:?}");
        assert_eq!(errors(&diagnostics), Vec::<&str>::new());
    }
}

#[test]
fn missing_and_repeated_columns_are_errors() {
    let (_, diagnostics) = table("预算.csv", "部门,科目,年分,金额\n教育局,公用经费,2020,1\n", PLAIN);
    assert_eq!(errors(&diagnostics), ["E0406"]);
    assert!(diagnostics[0].message.zh.contains("`年度`") && diagnostics[0].message.zh.contains("`年分`"));
    assert!(diagnostics[0].help.as_ref().is_some_and(|help| help.en.contains("`年分`")));
    let (_, diagnostics) = table("预算.csv", "部门,科目,年度,金额,金额\n教育局,公用经费,2020,1,2\n", PLAIN);
    assert_eq!(errors(&diagnostics), ["E0407"]);
    let (_, diagnostics) = table("预算.csv", "部门,科目,年度,金额,金额（元）\n教育局,公用经费,2020,1,2\n", PLAIN);
    assert_eq!(errors(&diagnostics), ["E0407"]);
}

#[test]
fn json_says_what_it_does_not_use() {
    let text = r#"[{"部门": "教育局", "科目": "公用经费", "年度": 2021, "金额": 90.01, "多余": 1},
                   {"部门": "卫健委", "科目": "公用经费", "年度": 2021}, {"部门": ["x"], "科目": "y", "年度": 2021, "金额": {"a": 1}}]"#;
    let (found, diagnostics) = table("预算.json", text, PLAIN);
    assert_eq!(rows(&found)[..2], ["教育局|公用经费|2021|900100|", "卫健委|公用经费|2021||"]);
    assert_eq!(errors(&diagnostics), ["E0421", "E0421"]);
    assert!(codes(&diagnostics).contains(&"W0406"));
}

#[test]
fn keys_are_unique() {
    let folder = Folder::new();
    folder.file("预算.csv", CSV).file("b.csv", format!("{CSV}\n"));
    let (_, diagnostics) = folder.read_with("name = \"t\"\n[[binding]]\ndataset = \"预算\"\nfile = \"*.csv\"");
    assert_eq!(errors(&diagnostics), ["E0418", "E0418"]);
    assert_eq!(diagnostics.iter().filter(|d| d.code.code == "E0418").map(|d| d.labels.len()).sum::<usize>(), 2);
}

#[test]
fn bad_cells_of_every_kind_have_a_code() {
    let text = "项目,完成率,户数,开工,竣工,水质\n\
                a,98.5%,1,2021-03-05,是,Ⅳ类\n\
                b,待定,1.5E+03,3月5日,有,IV类\n\
                c,0.3个百分点,\"1,23\",2021/3/5,×,Ⅲ类\n\
                d,7,3元,—,,\n\
                e,#DIV/0!,3 fu,20210305,TRUE,Ⅴ类\n";
    let (found, diagnostics) = table("项目.csv", text, PLAIN);
    assert_eq!(
        rows(&found),
        [
            "a|0.985|1|2021-03-05|true|#2",
            "b|!待定|!1.5E+03|!3月5日|!有|!IV类",
            "c|!0.3个百分点|!1,23|2021-03-05|false|#3",
            "d|0.07|!3元|||",
            "e|!#DIV/0!|!3 fu|2021-03-05|true|#1",
        ]
    );
    assert_eq!(
        errors(&diagnostics),
        ["E0411", "E0422", "E0414", "E0416", "E0417", "E0410", "E0412", "E0410", "E0413", "E0409"]
    );
}

#[test]
fn a_million_rows_are_read() {
    let count = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let mut text = String::from("部门,科目,年度,金额\n");
    for row in 0..count {
        use std::fmt::Write;
        let _ = writeln!(text, "部门{},科目{row},{},{}.{:02}", row % 97, 2000 + row % 20, row * 7, row % 100);
    }
    let (found, diagnostics) = table("预算.csv", text, PLAIN);
    assert_eq!(found.len(), count);
    assert_eq!(errors(&diagnostics), Vec::<&str>::new());
}
