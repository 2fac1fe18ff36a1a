//! Reports that go to files: `--report html:trace.html`, written whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;

use crate::base::Lang;
use crate::pipeline::{SecretKey, beside};

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
    write_whole(path, text).map_err(|error| unwritten(path, &error, terminal))
}

/// Writes a record to its file and, with a key, its signature beside it; says so and gives the exit code if that cannot be
/// done.
pub fn keep(path: &Path, record: &[u8], key: Option<&SecretKey>, terminal: &mut Terminal) -> Result<(), u8> {
    keep_whole(path, record, key).map_err(|(path, error)| unwritten(&path, &error, terminal))
}

/// Writes a record and, with a key, its signature. Neither takes its place before both are on the disk, so that a full disk
/// leaves the record that was there with the signature that it had. Broken off between the two, they do not fit each other,
/// which `verify` tells.
pub fn keep_whole(path: &Path, record: &[u8], key: Option<&SecretKey>) -> Result<(), (PathBuf, io::Error)> {
    let Some(key) = key else {
        return write_whole(path, record).map_err(|error| (path.to_owned(), error));
    };
    let signature = beside(path);
    let written = stage(path, record).map_err(|error| (path.to_owned(), error))?;
    match stage(&signature, &key.sign(record)) {
        Ok(signed) => {
            signed.put().map_err(|error| (signature, error))?;
            written.put().map_err(|error| (path.to_owned(), error))
        }
        Err(error) => Err((signature, error)),
    }
}

/// That a file could not be written, and the exit code for it.
pub fn unwritten(path: &Path, error: &io::Error, terminal: &mut Terminal) -> u8 {
    let shown = path.display();
    let text = match terminal.lang() {
        Lang::Zh => format!("文件 `{shown}` 无法写入：{error}"),
        Lang::En => format!("the file `{shown}` could not be written: {error}"),
    };
    terminal.complain(&text);
    exit::USAGE
}

/// Writes a file whole or not at all: beside it, to the disk, then in its place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    stage(path, bytes)?.put()
}

/// A file that is on the disk, but not yet in its place. Dropped, it is gone.
struct Staged {
    beside: PathBuf,
    place: PathBuf,
}

impl Staged {
    fn put(self) -> io::Result<()> {
        std::fs::rename(&self.beside, &self.place)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Of a file that was put in its place there is nothing left to remove; of one that was not, nothing is of use.
        let _ = std::fs::remove_file(&self.beside);
    }
}

fn stage(path: &Path, bytes: &[u8]) -> io::Result<Staged> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.tmp", std::process::id()));
    let staged = Staged { beside: path.with_file_name(beside), place: path.to_owned() };
    let mut file = std::fs::File::create(&staged.beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(staged)
}
