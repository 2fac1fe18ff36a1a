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

/// Writes a file whole or not at all: beside it, to the disk, then in its place. A link stays a link, and what is no file
/// (a pipe, `/dev/null`) is written to, for nothing can be put in its place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    stage(path, bytes)?.put()
}

/// A file that is on the disk, but not yet in its place. Dropped, it is gone.
enum Staged {
    File {
        beside: PathBuf,
        place: PathBuf,
    },
    /// What is no file is written to when the rest is on the disk.
    Device(PathBuf, Vec<u8>),
}

impl Staged {
    fn put(self) -> io::Result<()> {
        match &self {
            Staged::File { beside, place } => std::fs::rename(beside, place),
            Staged::Device(path, bytes) => std::fs::OpenOptions::new().write(true).open(path)?.write_all(bytes),
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Staged::File { beside, .. } = self {
            // Of a file that was put in its place there is nothing left to remove; of one that was not, nothing is of use.
            let _ = std::fs::remove_file(beside);
        }
    }
}

fn stage(path: &Path, bytes: &[u8]) -> io::Result<Staged> {
    let place = match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => return Ok(Staged::Device(path.to_owned(), bytes.to_owned())),
        Ok(_) => std::fs::canonicalize(path)?,
        Err(_) => path.to_path_buf(),
    };
    let name = place.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = place.with_file_name(beside);
    let mut file = std::fs::File::create(&beside)?;
    let staged = Staged::File { beside, place };
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(staged)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_a_link_and_a_pipe_a_pipe() {
        use std::os::unix::fs::FileTypeExt;
        let folder = std::env::temp_dir().join(format!("duixian-files-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let [file, link, pipe] = ["record.json", "latest.json", "pipe"].map(|name| folder.join(name));
        write_whole(&file, b"old").unwrap();
        std::os::unix::fs::symlink("record.json", &link).unwrap();
        write_whole(&link, b"new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");

        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        write_whole(&pipe, b"through").unwrap();
        assert_eq!(reader.join().unwrap(), b"through");
        assert!(std::fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());

        assert_eq!(write_whole(&folder, b"").unwrap_err().kind(), io::ErrorKind::IsADirectory);
        let mut left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["latest.json", "pipe", "record.json"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
