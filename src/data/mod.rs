//! Submitted files in, typed tables out: every figure exact, in base units, with the place it came from.
//!
//! Knows datasets, indicators and standards (from `semantics::hir`); of rules only their ids and dimensions, for waivers.
//!
//! ```text
//! bytes ─encoding─▶ text ─delimited│json│workbook─▶ raw sheets ─layout─▶ columns found ─rows+cell─▶ Table ─keys─▶ Submission
//! ```

mod cell;
pub mod column;
mod config;
mod delimited;
pub mod document;
mod encoding;
mod figure;
mod files;
mod formats;
mod given;
mod heading;
mod json;
mod keys;
mod layout;
mod lists;
mod misread;
mod notes;
mod original;
mod parquet;
mod pattern;
mod pieces;
mod quietly;
mod raw;
mod register;
mod reported;
mod rows;
mod same;
mod source;
mod standards;
mod submission;
pub mod table;
mod toml_file;
mod validate;
mod waivers;
mod workbook;

use std::path::Path;

use crate::base::Bi;

pub use cell::{CellReader, Misread};
pub use config::{Binding, Equivalent, Melt, SheetNames, SuiteConfig, UnitSource};
pub use files::{is_ignored as lies_beside_data, unknown_names};
pub use given::given;
pub use original::{Original, quote};
pub use pattern::glob as fits;
pub use raw::{RawCell, RawSheet, ReadOptions, Reader, Shown};
pub use register::{Register, RegisterEntry};
pub use reported::FiguresFile;
pub use standards::load_standards;
pub use submission::{DataSources, read_submission};
pub use table::{
    Cell, Elsewhere, Input, Origin, Origins, Part, Place, Spot, StandardEntry, StandardValues, Standing, Submission,
    Table,
};
pub use waivers::{Waiver, Waivers};

/// A path as messages show it: as it was given, with `/`.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Why the system refused a file.
fn refusal(error: &std::io::Error) -> Bi {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => Bi::new("文件不存在", "it does not exist"),
        ErrorKind::PermissionDenied => Bi::new("没有读取权限", "you may not read it"),
        ErrorKind::IsADirectory => Bi::new("它是文件夹", "it is a folder"),
        _ => Bi::same(error.to_string()),
    }
}

/// The last part of a path: messages name the file, their place says where it lies.
fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Bytes in lower-case hex.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    hex(&sha2::Sha256::digest(bytes))
}

#[cfg(test)]
mod tests;
