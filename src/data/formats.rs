//! Which reader a file needs: by what its bytes say, else by its name.
//!
//! A workbook that is called `.csv` is read as the workbook that it is.

use super::delimited::Delimited;
use super::json::Json;
use super::parquet::{self, ParquetFile};
use super::pieces::TextForm;
use super::raw::{RawSheet, ReadOptions, Reader};
use super::workbook::Workbook;
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};

/// Endings of file names that are read.
const ENDINGS: [&str; 12] =
    ["csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "json", "jsonl", "ndjson", "parquet"];

/// Is a file of this name read at all?
pub fn is_data(name: &str) -> bool {
    ENDINGS.contains(&ending(name).as_str())
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

/// Do these bytes look like a workbook?
pub fn holds_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// Reads the sheets of a workbook, which hold their own text and can serve several datasets.
pub fn read_workbook(bytes: &[u8], path: &str) -> Result<Vec<RawSheet<'static>>, Box<Diagnostic>> {
    Workbook
        .read(bytes, path, &ReadOptions::default())
        .map(|sheets| sheets.into_iter().map(RawSheet::into_owned).collect())
}

/// The form of the text in a file of this name; `None`: it is of another format, or cannot be read in pieces.
pub fn text(name: &str) -> Option<TextForm> {
    match ending(name).as_str() {
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "parquet" | "json" => None,
        "jsonl" | "ndjson" => Some(TextForm::Objects),
        "tsv" => Some(TextForm::Delimited(Delimited { delimiter: Some(b'\t') })),
        _ => Some(TextForm::Delimited(Delimited { delimiter: None })),
    }
}

/// Reads a file's sheets.
pub fn read<'a>(bytes: &'a [u8], path: &str, options: &ReadOptions) -> Result<Vec<RawSheet<'a>>, Box<Diagnostic>> {
    let ending = ending(path);
    if parquet::holds_parquet(bytes) {
        return ParquetFile::in_memory(bytes.to_vec()).sheet(path).map(|sheet| vec![sheet]);
    }
    let reader: Box<dyn Reader> = match ending.as_str() {
        _ if holds_workbook(bytes) => Box::new(Workbook),
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "parquet" => return Err(Box::new(misnamed(bytes, path, &ending))),
        _ => match text(path) {
            Some(TextForm::Delimited(delimited)) => Box::new(delimited),
            Some(TextForm::Objects) => Box::new(Json { lines: true }),
            None => Box::new(Json { lines: false }),
        },
    };
    reader.read(bytes, path, options)
}

fn misnamed(bytes: &[u8], path: &str, ending: &str) -> Diagnostic {
    let start: String = String::from_utf8_lossy(bytes.get(..512).unwrap_or(bytes)).to_lowercase();
    let (zh, en) = if bytes.is_empty() {
        ("是空文件".to_owned(), "is an empty file".to_owned())
    } else if start.contains("<html") || start.contains("<table") {
        ("其实是网页".to_owned(), "is a web page".to_owned())
    } else if start.contains("<?xml") {
        ("其实是 XML 文件".to_owned(), "is an XML file".to_owned())
    } else if ending == "parquet" {
        ("不是 Parquet，或已损坏".to_owned(), "is no Parquet, or is damaged".to_owned())
    } else {
        ("不是工作簿，或已损坏".to_owned(), "is no workbook, or is damaged".to_owned())
    };
    let name = super::name_of(path);
    let message =
        Bi::new(format!("`{name}` 后缀是 `.{ending}`，内容{zh}"), format!("`{name}` ends in `.{ending}`, but it {en}"));
    if ending == "parquet" {
        let help = Bi::new("请重新导出再提交", "export it again and submit that");
        return Diagnostic::at(&codes::UNREADABLE, Place::file(path), message).help(help);
    }
    let help = Bi::new(
        "请用表格软件打开，另存为 `.xlsx` 或 UTF-8 的 `.csv` 再提交",
        "open it in a spreadsheet program, save it as `.xlsx` or as `.csv` in UTF-8, and submit that",
    );
    Diagnostic::at(&codes::UNREADABLE, Place::file(path), message).help(help)
}
