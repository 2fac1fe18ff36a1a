//! Reports that go to files: `--report html:trace.html`, written whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;

use crate::base::Lang;

use super::exit;
use super::terminal::Terminal;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    Text,
    Json,
    Html,
}

/// A report that goes to a file.
#[derive(Clone, Debug)]
pub struct Output {
    pub shape: Shape,
    pub path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(arg: &str) -> Result<Self, String> {
        let usage = || "text:FILE, json:FILE, html:FILE".to_owned();
        let (shape, path) = arg.split_once(':').filter(|(_, path)| !path.is_empty()).ok_or_else(usage)?;
        let shape = Shape::from_str(shape, true).map_err(|_| usage())?;
        Ok(Output { shape, path: PathBuf::from(path) })
    }
}

/// Writes a report to its file; says so and gives the exit code if that cannot be done.
pub fn write(output: &Output, text: &str, terminal: &mut Terminal) -> Result<(), u8> {
    write_whole(&output.path, text.as_bytes()).map_err(|error| {
        let shown = output.path.display();
        let text = match terminal.lang() {
            Lang::Zh => format!("文件 `{shown}` 无法写入：{error}"),
            Lang::En => format!("the file `{shown}` could not be written: {error}"),
        };
        terminal.complain(&text);
        exit::USAGE
    })
}

/// Writes a file whole or not at all: beside it, to the disk, then in its place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
        // What is half written is of no use; that it could not be removed either would not help to know.
        let _ = std::fs::remove_file(&beside);
    })
}
