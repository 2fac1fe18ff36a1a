//! A file in, the record that it holds out: of a run, or of a run on many submissions.

use std::path::Path;

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::report::record::{self, HashedFile, Record};
use crate::report::runs::{self, Runs};

/// A record, and the path it was read from as the user gave it.
pub type NamedRecord = (String, Record);

/// A record of either kind.
#[derive(Clone, Debug)]
pub enum Kept {
    /// Of one submission.
    One(Box<Record>),
    /// Of many.
    Many(Box<Runs>),
}

impl Kept {
    /// The time of the clock at which it was made, if it holds that.
    pub fn stamp(&self) -> Option<&str> {
        match self {
            Kept::One(record) => record.stamp.as_deref(),
            Kept::Many(runs) => runs.stamp.as_deref(),
        }
    }

    /// What was asked of the run: its period and day, the rules, how many findings are held, and whether passing cases are.
    pub fn asked(&self) -> Asked<'_> {
        match self {
            Kept::One(record) => Asked {
                period: &record.period,
                as_of: &record.as_of,
                select: &record.select,
                max_findings: record.max_findings,
                passes: record.passes,
                hashed: record.request_sha256.is_some(),
            },
            Kept::Many(runs) => Asked {
                period: &runs.period,
                as_of: &runs.as_of,
                select: &runs.select,
                max_findings: runs.max_findings,
                passes: false,
                hashed: runs.request_sha256.is_some(),
            },
        }
    }

    /// The files of rules, of standards and of waivers.
    pub fn files(&self) -> [&[HashedFile]; 3] {
        match self {
            Kept::One(record) => [&record.suite.files, &record.standards, &record.waivers],
            Kept::Many(runs) => [&runs.suite.files, &runs.standards, &runs.waivers],
        }
    }
}

/// What a record says was asked of its run.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'r> {
    /// The period.
    pub period: &'r str,
    /// The day that counts as today.
    pub as_of: &'r str,
    /// The rules; empty: all.
    pub select: &'r [String],
    /// How many findings are held at most: of a rule, or of a submission if there are many.
    pub max_findings: u64,
    /// Are cases that pass explained too?
    pub passes: bool,
    /// Does the record hold a hash of all this?
    pub hashed: bool,
}

/// Reads the record of a run.
///
/// # Errors
/// It cannot be opened, or is no record of one submission.
pub fn read_record(path: &Path) -> Result<NamedRecord, Box<Diagnostic>> {
    match read_kept(path)? {
        (shown, Kept::One(record)) => Ok((shown, *record)),
        (shown, Kept::Many(_)) => Err(no_record(
            path,
            Bi::new(
                format!("`{shown}` 是多份报送的汇总记录；这里要的是其中一份的记录，用 `--records 文件夹` 写出"),
                format!(
                    "`{shown}` is the record of many submissions; that of one of them is wanted: write it with `--records DIR`"
                ),
            ),
        )),
    }
}

/// Reads a record of either kind.
///
/// # Errors
/// It cannot be opened, or is no record.
pub fn read_kept(path: &Path) -> Result<(String, Kept), Box<Diagnostic>> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    kept_from(path, &bytes)
}

/// That a record's file cannot be opened.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    let shown = path.display();
    no_record(
        path,
        Bi::new(format!("打不开运行记录 `{shown}`：{error}"), format!("cannot open the record `{shown}`: {error}")),
    )
}

fn no_record(path: &Path, message: Bi) -> Box<Diagnostic> {
    Box::new(Diagnostic::at(&codes::BAD_RECORD, Place::file(shown(path)), message).help(Bi::new(
        "运行记录由 `duixian run 套件 --data … --record 文件` 写成，请不要改动",
        "records are written by `duixian run SUITE --data … --record FILE`; leave them as they are",
    )))
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The record that the content of a file is.
///
/// # Errors
/// It is no record, or of a schema that is not known.
pub fn kept_from(path: &Path, bytes: &[u8]) -> Result<(String, Kept), Box<Diagnostic>> {
    let shown = shown(path);
    let refuse = |zh: String, en: String| no_record(path, Bi::new(zh, en));
    let broken = |error: serde_json::Error| {
        refuse(format!("`{shown}` 不是运行记录：{error}"), format!("`{shown}` is no record of a run: {error}"))
    };
    let schema = serde_json::from_slice::<Schema>(bytes).map_err(broken)?.schema;
    let kept = match schema.as_str() {
        record::SCHEMA => Kept::One(serde_json::from_slice(bytes).map_err(broken)?),
        runs::SCHEMA => Kept::Many(serde_json::from_slice(bytes).map_err(broken)?),
        _ => {
            return Err(refuse(
                format!("`{shown}` 的格式是 `{schema}`，本版本读不了"),
                format!("`{shown}` is of schema `{schema}`, which this version does not read"),
            ));
        }
    };
    Ok((shown, kept))
}

/// What a file says it is.
#[derive(serde::Deserialize)]
struct Schema {
    schema: String,
}
