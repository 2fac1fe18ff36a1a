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

/// Writes a file whole or not at all: beside it, to the disk, then in its place. A link stays a link, and what is no file
/// (a pipe, `/dev/null`) is written to, for nothing can be put in its place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => return std::fs::OpenOptions::new().write(true).open(path)?.write_all(bytes),
        Ok(_) => std::fs::canonicalize(path)?,
        Err(_) => path.to_path_buf(),
    };
    let name = target.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = target.with_file_name(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, &target)).inspect_err(|_| {
        // What is half written is of no use; that it could not be removed either would not help to know.
        let _ = std::fs::remove_file(&beside);
    })
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
