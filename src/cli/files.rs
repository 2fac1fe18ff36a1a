//! Reports that go to files: `--report html:trace.html`, written whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;

use crate::base::Lang;

use super::exit;
use super::terminal::Terminal;

/// A report that goes to a file: `FORMAT:FILE`, in one of the formats that a command has.
#[derive(Clone, Debug)]
pub struct Output<F> {
    pub format: F,
    pub path: PathBuf,
}

impl<F: ValueEnum> FromStr for Output<F> {
    type Err = String;

    fn from_str(arg: &str) -> Result<Self, String> {
        let name =
            |format: &F| format.to_possible_value().map_or(String::new(), |value| format!("{}:FILE", value.get_name()));
        let usage = || F::value_variants().iter().map(name).collect::<Vec<_>>().join(", ");
        let (format, path) = arg.split_once(':').filter(|(_, path)| !path.is_empty()).ok_or_else(usage)?;
        let format = F::from_str(format, true).map_err(|_| usage())?;
        Ok(Output { format, path: PathBuf::from(path) })
    }
}

/// Writes a report to its file; says so and gives the exit code if that cannot be done.
pub fn write(path: &Path, text: &[u8], terminal: &mut Terminal) -> Result<(), u8> {
    write_whole(path, text).map_err(|error| {
        let shown = path.display();
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
