//! Damaged files: an error or a bad cell, never a panic and never a hang.

use super::formats::{CSV, ods, ods_content, ods_of, xlsx, zip};
use super::*;

/// The same numbers on every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }

    /// Flips, drops, repeats or inserts a few bytes.
    pub fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.next(3) {
            let at = self.next(bytes.len());
            let telling = *b"\",\n\r;\t.-%()<>/&[]{}0\x00\xff\xe4";
            match self.next(5) {
                0 if at < bytes.len() => bytes[at] = self.next(256) as u8,
                1 if at < bytes.len() => bytes[at] = telling[self.next(telling.len())],
                2 => bytes.truncate(at),
                3 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.insert(at, telling[self.next(telling.len())]),
            }
        }
        bytes
    }
}

/// Reads damaged copies of a file, all from one folder.
fn damage(name: &str, times: usize, mut make: impl FnMut(&mut Random) -> Vec<u8>) {
    let folder = Folder::new();
    let (suite, config) = (suite(), config(PLAIN));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..times {
        folder.file(name, make(&mut random));
        let (submission, diagnostics) = read_submission(&suite, &config, &folder.sources());
        let read = submission.tables.iter().flatten().any(|table| !table.is_empty());
        assert!(read || !diagnostics.is_empty(), "nothing was read, and nothing was said");
        for table in submission.tables.iter().flatten() {
            assert!(table.columns.iter().all(|column| column.len() == table.len()));
        }
    }
}

#[test]
fn damaged_text_files() {
    let quoted = "部门,科目,年度,\"金额（万元）\"\n\"教育局\",公用经费,2020,\"1,100.00\"\n合计,,,5\n注：x,,,\n";
    damage("预算.csv", 1500, |random| random.damage(quoted.as_bytes()));
    let gb = encoding_rs::GB18030.encode(CSV).0;
    damage("预算.csv", 1000, |random| random.damage(&gb));
    let json = r#"[{"部门": "教育局", "科目": "公用经费", "年度": 2020, "金额": 100.5}, {"部门": null, "金额": 1e5}]"#;
    damage("预算.json", 1500, |random| random.damage(json.as_bytes()));
    damage("预算.jsonl", 500, |random| random.damage(b"{\"a\": 1}\n{\"a\": \"x\"}\n"));
    let lines = json.trim_matches(['[', ']']).replace("}, {", "}\n{");
    damage("预算.jsonl", 1000, |random| random.damage(lines.as_bytes()));
}

/// An XLSX file whose sheet is this XML, uncompressed so that damage reaches the XML.
fn xlsx_of(sheet: &[u8]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let types = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let root = format!(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!(
        "<?xml version=\"1.0\"?><workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"预算\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let links = format!(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn sheet_xml() -> String {
    let text = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
         <row r=\"1\">{}{}{}{}</row><row r=\"2\">{}{}<c r=\"C2\"><v>2020</v></c><c r=\"D2\"><f>50*2</f><v>100.5</v></c></row>\
         <row r=\"3\">{}{}<c r=\"C3\"><v>2021</v></c><c r=\"D3\"><f>1+1</f></c></row></sheetData>\
         <mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells></worksheet>",
        text("A1", "部门"),
        text("B1", "科目"),
        text("C1", "年度"),
        text("D1", "金额"),
        text("A2", "教育局"),
        text("B2", "公用经费"),
        text("A3", ""),
        text("B3", "公用经费"),
    )
}

#[test]
fn damaged_workbooks() {
    let rows: &[&[&str]] = &[&["部门", "科目", "年度", "金额"], &["教育局", "公用经费", "2020", "100.5"]];
    let whole = xlsx("预算", rows);
    damage("预算.xlsx", 1000, |random| random.damage(&whole));
    let sheet = sheet_xml();
    damage("预算.xlsx", 1500, |random| xlsx_of(&random.damage(sheet.as_bytes())));
    let whole = ods("预算", rows);
    damage("预算.ods", 500, |random| random.damage(&whole));
}

#[test]
fn a_formula_without_a_result_is_no_blank() {
    let (found, diagnostics) = table("预算.xlsx", xlsx_of(sheet_xml().as_bytes()), PLAIN);
    assert_eq!(rows(&found), ["教育局|公用经费|2020|1005000|", "教育局|公用经费|2021|!=…|"]);
    assert_eq!(errors(&diagnostics), ["E0413"]);
}

#[test]
fn a_far_away_cell_takes_no_room() {
    let far = sheet_xml().replace("r=\"D3\"", "r=\"XFD3\"").replace("r=\"3\"", "r=\"1048576\"");
    let far = ["A3", "B3", "C3", "XFD3"].iter().fold(far, |xml, at| xml.replace(at, &at.replace('3', "1048576")));
    let (found, _) = table("预算.xlsx", xlsx_of(far.as_bytes()), PLAIN);
    assert_eq!(found.origins.iter().last().map(|origin| origin.row), Some(1_048_576));
}

#[test]
fn truncated_workbooks_end() {
    let content = ods_content("预算", &[&["部门", "金额"], &["a", "1"]]);
    let cut = content.replace("</table:table></office:spreadsheet></office:body></office:document-content>", "");
    assert_eq!(errors(&table("预算.ods", ods_of(cut.as_bytes()), PLAIN).1), ["E0401"]);
    let sheet = sheet_xml();
    for at in (0..sheet.len()).step_by(7) {
        let _ = table("预算.xlsx", xlsx_of(&sheet.as_bytes()[..at]), PLAIN);
    }
}
