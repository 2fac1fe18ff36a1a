//! What to say of a Parquet file that cannot be read.

use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};

fn place(path: &str, column: Option<&str>, row: Option<usize>) -> Place {
    Place::Data {
        path: path.to_owned(),
        sheet: None,
        row: row.map(|row| row as u64),
        column: column.map(str::to_owned),
        cell: None,
    }
}

/// That a file, or a column of it, is damaged or of a kind that is not read.
pub fn unreadable(path: &str, column: Option<&str>, why: &str) -> Diagnostic {
    let name = crate::data::name_of(path);
    let lower = why.to_lowercase();
    let place = place(path, column, None);
    if lower.contains("encrypt") {
        let message = Bi::new(
            format!("`{name}` 是加密的 Parquet 文件，读不了"),
            format!("`{name}` is encrypted and cannot be read"),
        );
        let help = Bi::new("请写成没有加密的 Parquet 文件再提交", "write it without encryption, and submit that");
        return Diagnostic::at(&codes::UNREADABLE, place, message).help(help);
    }
    if let Some(kind) = ["brotli", "lzo", "lz4"].into_iter().find(|kind| lower.contains(kind)) {
        let message = Bi::new(
            format!("`{name}` 用 {kind} 压缩，读不了"),
            format!("`{name}` is compressed with {kind}, which is not read"),
        );
        let help = Bi::new(
            "请用 zstd、snappy 或 gzip 压缩，或不压缩，重新写出再提交",
            "write it again with zstd, snappy or gzip, or without compression, and submit that",
        );
        return Diagnostic::at(&codes::UNREADABLE, place, message).help(help);
    }
    let message = match column {
        Some(column) => Bi::new(
            format!("`{name}` 的列 `{column}` 读不出来，文件可能已损坏"),
            format!("the column `{column}` of `{name}` cannot be read, the file may be damaged: {why}"),
        ),
        None => Bi::new(
            format!("`{name}` 不是能读的 Parquet 文件，可能没有写完或已损坏"),
            format!("`{name}` is no Parquet file that can be read, it may be incomplete or damaged: {why}"),
        ),
    };
    let help = Bi::new("请重新导出再提交", "export it again and submit that");
    Diagnostic::at(&codes::UNREADABLE, place, message).help(help)
}

/// That a column holds what no cell can be.
pub fn kind(path: &str, column: &str, nested: bool) -> Diagnostic {
    let name = crate::data::name_of(path);
    let message = if nested {
        Bi::new(
            format!("`{name}` 的列 `{column}` 里是列表或记录，不是单个的值"),
            format!("the column `{column}` of `{name}` holds lists or records, not single values"),
        )
    } else {
        Bi::new(
            format!("`{name}` 的列 `{column}` 是读不了的类型"),
            format!("the column `{column}` of `{name}` is of a type that is not read"),
        )
    };
    let help = Bi::new(
        "请导出成文本、整数、小数（decimal）、日期或布尔列",
        "export it as a column of text, integers, decimals, dates or booleans",
    );
    Diagnostic::at(&codes::NESTED, place(path, Some(column), None), message).help(help)
}

/// That a text is none.
pub fn text(path: &str, column: &str, row: Option<usize>) -> Diagnostic {
    let message = Bi::new(
        format!("列 `{column}` 里有一个值不是 UTF-8 文字"),
        format!("a value of the column `{column}` is no text in UTF-8"),
    );
    let help = Bi::new("请按 UTF-8 重新导出再提交", "export it again in UTF-8, and submit that");
    Diagnostic::at(&codes::ENCODING, place(path, Some(column), row), message).help(help)
}
