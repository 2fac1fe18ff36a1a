//! Annotated copies of submitted workbooks: what is coloured and said, and that nothing else is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;

use calamine::Reader;
use duixian::base::Lang;
use duixian::report::annotate::render;
use duixian::report::record::Record;
use rust_xlsxwriter::{Color, Format, Note, Workbook};

use crate::support::{Folder, run, suite};

const RULES: &str = "数据集 预算\n    维度 部门: 文本\n    维度 科目: 文本\n    度量 金额: 万元\n\
    数据集 人员\n    维度 部门: 文本\n    度量 人数: 人\n\
    规则 D1 \"公用经费不超过 100 万元\"\n    对每个 部门\n    要求 (合计 预算.金额 当 科目 = \"公用经费\") ≤ 100 万元\n\
    规则 D2 \"编制内\"\n    每行 人员\n    要求 人数 ≤ 50 人\n\
    规则 D3 \"填报完整\"\n    对每个 部门\n    要求 (合计 预算.金额 当 科目 = \"项目\") ≥ 1 万元\n";

/// A workbook with merged cells, shared styles, comments, a chart sheet's worth of looks, formulas, and a sheet that no rule
/// reads.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold().set_background_color(Color::RGB(0xdd_eeff));
    let money = Format::new().set_num_format("#,##0.00").set_italic();
    let sheet = book.add_worksheet();
    sheet.set_name("预算").unwrap();
    for (column, heading) in ["部门", "科目", "金额"].iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, *heading, &bold).unwrap();
    }
    sheet.merge_range(1, 0, 2, 0, "教育局", &bold).unwrap();
    sheet.merge_range(3, 0, 4, 0, "信访局", &bold).unwrap();
    let rows = [("公用经费", Some(120.5)), ("项目", None), ("公用经费", Some(80.0)), ("项目", Some(3.0))];
    for (row, (subject, amount)) in (1..).zip(rows) {
        sheet.write_string(row, 1, subject).unwrap();
        if let Some(amount) = amount {
            sheet.write_number_with_format(row, 2, amount, &money).unwrap();
        }
    }
    sheet.insert_note(1, 2, &Note::new("已与区财政局核对").set_author("张三")).unwrap();
    sheet.insert_note(4, 2, &Note::new("另一条批注").set_author("李四")).unwrap();
    sheet.write_formula(6, 4, "=SUM(C2:C5)").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("人员").unwrap();
    sheet.write_string(0, 0, "部门").unwrap();
    sheet.write_string(0, 1, "人数").unwrap();
    sheet.write_string(1, 0, "教育局").unwrap();
    sheet.write_number_with_format(1, 1, 51, &money).unwrap();
    sheet.add_table(9, 0, 11, 1, &rust_xlsxwriter::Table::new()).unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("其他").unwrap();
    sheet.write_string(0, 0, "=1+1 & <b>").unwrap();
    book.save_to_buffer().unwrap()
}

/// The workbook's path and bytes, and the record of a run on it.
fn submitted(folder: &Folder) -> (String, Vec<u8>, Record) {
    let bytes = workbook();
    let path: PathBuf = folder.write("报送.xlsx", &bytes);
    let record = run(&suite(folder, RULES), &[("预算", &path), ("人员", &path)]);
    (path.to_string_lossy().into_owned(), bytes, record)
}

#[test]
fn only_cells_of_failing_parts_are_marked() {
    let folder = Folder::new();
    let mut book = Workbook::new();
    for (name, rows) in
        [("部门收入", &[("教育局", [10, 8, 2]), ("信访局", [5, 4, 1])][..]), ("全区收入", &[("全区", [15, 12, 4])])]
    {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (column, heading) in ["名称", "合计数", "本年收入", "其他收入"].iter().enumerate() {
            sheet.write_string(0, column as u16, *heading).unwrap();
        }
        for (row, (name, amounts)) in (1..).zip(rows) {
            sheet.write_string(row, 0, *name).unwrap();
            for (column, amount) in (1..).zip(amounts) {
                sheet.write_number(row, column, *amount).unwrap();
            }
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let path = folder.write("收入.xlsx", &bytes);
    let total = |column: &str| format!("(合计 全区收入.{column}) = (合计 部门收入.{column}) ± 0.1 万元");
    let columns = "    维度 名称: 文本\n    度量 合计数: 万元\n    度量 本年收入: 万元\n    度量 其他收入: 万元\n";
    let rules = format!(
        "数据集 部门收入\n{columns}数据集 全区收入\n{columns}规则 T1 \"全区与各部门相符\"\n    \
         当 (数量 部门收入) ≥ 1\n    要求 {} 且 {} 且 {}\n规则 T2 \"每行\"\n    每行 全区收入\n    \
         要求 合计数 ≥ 1 万元 且 其他收入 ≤ 3 万元\n",
        total("合计数"),
        total("本年收入"),
        total("其他收入"),
    );
    let record = run(&suite(&folder, &rules), &[("部门收入", &path), ("全区收入", &path)]);
    let parts = parts(&render(&record, &path.to_string_lossy(), &bytes, Lang::Zh).unwrap());
    let marked = |name: &str| -> Vec<String> {
        let pattern = regex::Regex::new("<comment ref=\"([A-Z]+[0-9]+)\"").unwrap();
        pattern.captures_iter(&text(&parts, name)).map(|found| found[1].to_owned()).collect()
    };
    let sheets = ["xl/comments1.xml", "xl/comments2.xml"].map(marked);
    assert!(sheets.contains(&vec!["D2".to_owned()]), "全区收入: {sheets:?}");
    assert!(sheets.contains(&vec!["D2".to_owned(), "D3".to_owned()]), "部门收入: {sheets:?}");
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).unwrap()
}

fn without(text: &str, pattern: &str) -> String {
    regex::Regex::new(pattern).unwrap().replace_all(text, "").into_owned()
}

/// Cells and their values and formulas, by sheet.
fn values(bytes: &[u8]) -> Vec<(String, Vec<String>)> {
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let names = book.sheet_names();
    let of = |name: String| {
        let range = book.worksheet_range(&name).unwrap();
        let filled = range.used_cells().filter(|(_, _, value)| **value != calamine::Data::Empty);
        let mut cells: Vec<String> = filled.map(|(row, column, value)| format!("{row},{column} {value:?}")).collect();
        let formulas = book.worksheet_formula(&name).unwrap();
        cells.extend(formulas.used_cells().map(|(row, column, formula)| format!("{row},{column} ={formula}")));
        (name, cells)
    };
    names.into_iter().map(of).collect()
}

#[test]
fn a_copy_differs_in_styles_and_comments_only() {
    let folder = Folder::new();
    let (path, bytes, record) = submitted(&folder);
    let copy = render(&record, &path, &bytes, Lang::Zh).unwrap();
    assert_eq!(copy, render(&record, &path, &bytes, Lang::Zh).unwrap(), "the same bytes");
    assert_eq!(values(&bytes), values(&copy));
    let (before, after) = (parts(&bytes), parts(&copy));
    let changed: BTreeSet<&str> =
        before.iter().filter(|(name, part)| after.get(*name) != Some(part)).map(|(name, _)| name.as_str()).collect();
    let expected = [
        "[Content_Types].xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/styles.xml",
        "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    ];
    assert_eq!(changed, expected.into_iter().collect());
    let new: BTreeSet<&str> = after.keys().filter(|name| !before.contains_key(*name)).map(String::as_str).collect();
    assert_eq!(new, ["xl/comments2.xml", "xl/drawings/vmlDrawing2.vml"].into_iter().collect());
    // Without styles, and without the cells that only have one, the sheets are the same.
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let bare = |parts| {
            let text = without(&text(parts, sheet), "<legacyDrawing[^>]*/>| s=\"[0-9]+\"");
            without(&text, "<c r=\"[A-Z]+[0-9]+\"/>")
        };
        assert_eq!(bare(&before), bare(&after));
    }
    // What was said before stands in its place: styles, comments, types and relationships are only added to.
    for part in ["xl/comments1.xml", "xl/styles.xml", "[Content_Types].xml", "xl/worksheets/_rels/sheet2.xml.rels"] {
        let (old, new) = (text(&before, part), text(&after, part));
        let old = without(&old, "count=\"[0-9]+\"");
        let new = without(&new, "count=\"[0-9]+\"");
        let mut rest = new.as_str();
        for piece in old.split_inclusive('>') {
            let Some((_, after)) = rest.split_once(piece) else { panic!("{part}: {piece} is gone") };
            rest = after;
        }
    }
    let drawing = text(&before, "xl/drawings/vmlDrawing1.vml");
    assert!(
        text(&after, "xl/drawings/vmlDrawing1.vml").starts_with(drawing.trim_end().strip_suffix("</xml>").unwrap())
    );
}

/// The look of a cell: its style's formats but the fill, and the fill's colour.
fn look(parts: &BTreeMap<String, Vec<u8>>, sheet: &str, cell: &str) -> (String, Option<String>) {
    let sheet = text(parts, sheet);
    let style = regex::Regex::new(&format!("<c r=\"{cell}\"[^>]* s=\"([0-9]+)\"")).unwrap();
    let style: usize = style.captures(&sheet).map_or(0, |found| found[1].parse().unwrap());
    let styles = text(parts, "xl/styles.xml");
    let formats = styles.split_once("<cellXfs").unwrap().1.split_once("</cellXfs>").unwrap().0;
    let xf = regex::Regex::new("<xf [^>]*>").unwrap().find_iter(formats).nth(style).unwrap().as_str().to_owned();
    let fill: usize = regex::Regex::new("fillId=\"([0-9]+)\"").unwrap().captures(&xf).unwrap()[1].parse().unwrap();
    let fills = styles.split_once("<fills").unwrap().1.split_once("</fills>").unwrap().0;
    let fill = fills.split("<fill>").nth(fill + 1).unwrap().to_owned();
    let colour =
        regex::Regex::new("fgColor rgb=\"([0-9A-F]+)\"").unwrap().captures(&fill).map(|found| found[1].to_owned());
    (without(&xf, " fillId=\"[0-9]+\"| applyFill=\"1\""), colour)
}

/// The comment of a cell.
fn comment(parts: &BTreeMap<String, Vec<u8>>, part: &str, cell: &str) -> Option<String> {
    let text = text(parts, part);
    let own = text.split("<comment ").find(|comment| comment.starts_with(&format!("ref=\"{cell}\"")))?.to_owned();
    Some(without(own.split_once("</comment>").unwrap().0.split_once("<text>").unwrap().1, "<[^>]*>"))
}

#[test]
fn cells_are_coloured_by_verdict_and_keep_the_rest_of_their_look() {
    let folder = Folder::new();
    let (path, bytes, record) = submitted(&folder);
    let (before, after) = (parts(&bytes), parts(&render(&record, &path, &bytes, Lang::Zh).unwrap()));
    let (first, second) = ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml");
    // C2 fails; C3 is blank and the sheet does not hold it; B2 of 人员 fails.
    for (sheet, cell, colour) in [(first, "C2", "FFFF9C94"), (first, "C3", "FFFFE58A"), (second, "B2", "FFFF9C94")] {
        let ((old, _), (new, fill)) = (look(&before, sheet, cell), look(&after, sheet, cell));
        assert_eq!((old, Some(colour)), (new, fill.as_deref()), "{cell}");
    }
    for (sheet, cell) in [(first, "A1"), (first, "A2"), (first, "C4"), (first, "C5"), (second, "A2")] {
        assert_eq!(look(&before, sheet, cell), look(&after, sheet, cell), "{cell}");
    }
    let of = |cell| comment(&after, "xl/comments1.xml", cell);
    assert!(of("C2").unwrap().starts_with("张三:\n已与区财政局核对\n\n"), "an older comment stays: {:?}", of("C2"));
    assert_eq!(of("C5").as_deref(), Some("李四:\n另一条批注"));
    assert!(of("C4").is_none());
    let said = [of("C2"), of("C3"), comment(&after, "xl/comments2.xml", "B2")].map(Option::unwrap);
    let place = format!("{}/", folder.path().display());
    insta::assert_snapshot!(said.join("\n=====\n").replace(&place, "").replace("&quot;", "\""));
    // Each comment has its shape.
    let shapes = |part: &str| text(&after, part).matches("<v:shape ").count();
    let comments = |part: &str| text(&after, part).matches("<comment ").count();
    assert_eq!(shapes("xl/drawings/vmlDrawing1.vml"), comments("xl/comments1.xml"));
    assert_eq!(shapes("xl/drawings/vmlDrawing2.vml"), comments("xl/comments2.xml"));
    let english = parts(&render(&record, &path, &bytes, Lang::En).unwrap());
    assert!(comment(&english, "xl/comments1.xml", "C3").unwrap().contains("Required: "));
}

#[test]
fn a_workbook_without_findings_stays_as_it_is() {
    let folder = Folder::new();
    let (path, bytes, mut record) = submitted(&folder);
    record.rules.iter_mut().for_each(|rule| rule.findings.clear());
    assert_eq!(parts(&bytes), parts(&render(&record, &path, &bytes, Lang::Zh).unwrap()));
}

#[test]
fn hostile_text_stays_text_in_comments() {
    let folder = Folder::new();
    let (path, bytes, mut record) = submitted(&folder);
    let hostile = "</t></text><evil/>]]>\u{1b}\u{0}\u{202e}=HYPERLINK(\"http://x\")<script>";
    for rule in &mut record.rules {
        rule.head.title = hostile.to_owned();
        for finding in &mut rule.findings {
            finding.requirement = hostile.to_owned();
            finding.attained = Some(hostile.to_owned());
            finding.advice.iter_mut().for_each(|advice| advice.zh = hostile.to_owned());
        }
    }
    let copy = render(&record, &path, &bytes, Lang::Zh).unwrap();
    assert_eq!(values(&bytes), values(&copy));
    for name in ["xl/comments1.xml", "xl/comments2.xml"] {
        let part = text(&parts(&copy), name);
        assert!(
            !part.contains("<evil") && !part.contains("<script") && !part.contains(['\u{1b}', '\u{0}', '\u{202e}'])
        );
        assert!(crate::xsd::parse(&part).is_ok());
    }
}

/// A zip file of the given parts.
fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn what_cannot_be_annotated_is_refused_with_its_reason() {
    let folder = Folder::new();
    let (path, _, record) = submitted(&folder);
    let mut encrypted = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let files: [(&str, Vec<u8>); 7] = [
        ("old", vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
        ("encrypted", encrypted),
        ("ods", zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<a/>")])),
        ("xlsb", zipped(&[("xl/workbook.bin", ""), ("_rels/.rels", "<Relationships/>")])),
        ("csv", b"a,b\n1,2\n".to_vec()),
        ("damaged", b"PK\x03\x04 and no more".to_vec()),
        ("no workbook", zipped(&[("a.txt", "a")])),
    ];
    let mut said = Vec::new();
    for (name, bytes) in files {
        let refused = render(&record, &path, &bytes, Lang::Zh).unwrap_err();
        let help = refused.help.as_ref().unwrap();
        let (zh, en) = (format!("{}；{}", refused.message.zh, help.zh), format!("{}; {}", refused.message.en, help.en));
        said.push(format!("{name}: {}\n  {zh}\n  {en}", refused.code.code));
    }
    insta::assert_snapshot!(said.join("\n"));
}
