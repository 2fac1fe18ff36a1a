//! `run --annotate`: which submitted workbook is meant, and where its copy goes.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::pipeline::{Reason, Stopped};
use crate::report::annotate;
use crate::report::record::{Input, Record};

use super::files::write;
use super::terminal::Terminal;
use super::{exit, stopped};

/// Writes an annotated copy: `FILE.xlsx`, or `SUBMITTED=FILE.xlsx`.
pub fn run(record: &Record, arg: &str, folder: &Path, terminal: &mut Terminal) -> Result<(), u8> {
    let drawn = copy(record, arg, terminal);
    match drawn {
        Ok((path, bytes)) => write(&path, &bytes, terminal),
        Err(diagnostic) => {
            let diagnostics = vec![*diagnostic];
            let why = Stopped { reason: Reason::Configuration, diagnostics, sources: Default::default() };
            stopped(&why, folder, terminal);
            Err(exit::USAGE)
        }
    }
}

fn copy(record: &Record, arg: &str, terminal: &Terminal) -> Result<(PathBuf, Vec<u8>), Box<Diagnostic>> {
    let (input, to) = chosen(record, arg)?;
    let from = Path::new(&input.path);
    let bytes = std::fs::read(from).map_err(|error| {
        refused(
            &input.path,
            Bi::new(format!("`{}` 读不出来：{error}", input.path), format!("`{}` cannot be read: {error}", input.path)),
        )
    })?;
    let same_file = |a: &Path, b: &Path| a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b));
    if same_file(from, &to) {
        let path = &input.path;
        let text = Bi::new(
            format!("`{path}` 就是提交的文件，不能用批注的副本覆盖"),
            format!("`{path}` is the submitted file itself: the annotated copy may not take its place"),
        );
        return Err(refused(path, text).help_boxed(Bi::new("请另写一个文件名", "name another file")));
    }
    let now: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if now != input.sha256 {
        let path = &input.path;
        let text =
            Bi::new(format!("`{path}` 在评判之后被改动过"), format!("`{path}` was changed after it had been judged"));
        return Err(refused(path, text).help_boxed(Bi::new("请重新运行", "run again")));
    }
    annotate::render(record, &input.path, &bytes, terminal.lang()).map(|copy| (to, copy))
}

/// The workbook that is meant, and where its copy goes.
fn chosen<'r>(record: &'r Record, arg: &str) -> Result<(&'r Input, PathBuf), Box<Diagnostic>> {
    let named = record.inputs.iter().filter_map(|input| {
        let to = arg.strip_prefix(input.path.as_str())?.strip_prefix('=')?;
        (!to.is_empty()).then(|| (input, PathBuf::from(to)))
    });
    // Of two names that both fit, the longer one is meant.
    if let Some(found) = named.max_by_key(|(input, _)| input.path.len()) {
        return Ok(found);
    }
    let mut books: Vec<&Input> = Vec::new();
    for input in record.inputs.iter().filter(|input| is_workbook(&input.path)) {
        if !books.iter().any(|known| known.path == input.path) {
            books.push(input);
        }
    }
    match books.as_slice() {
        [only] => Ok((only, PathBuf::from(arg))),
        [] => {
            let text = Bi::new("提交的数据里没有工作簿，无从批注", "no workbook was submitted that could be annotated");
            Err(refused("", text))
        }
        several => {
            let paths: Vec<&str> = several.iter().map(|input| input.path.as_str()).collect();
            let text = Bi::new(
                format!("提交了几个工作簿，没有说明批注哪一个：{}", paths.join("、")),
                format!("several workbooks were submitted, and which to annotate is not said: {}", paths.join(", ")),
            );
            let first = paths.first().copied().unwrap_or_default();
            let help = Bi::new(format!("请写 `--annotate {first}={arg}`"), format!("write `--annotate {first}={arg}`"));
            Err(refused("", text).help_boxed(help))
        }
    }
}

fn is_workbook(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    matches!(ending.as_str(), "xlsx" | "xlsm" | "xls" | "xlsb" | "ods")
}

fn refused(path: &str, text: Bi) -> Box<Diagnostic> {
    let place = if path.is_empty() { Place::Nowhere } else { Place::file(path) };
    Box::new(Diagnostic::at(&codes::CANNOT_ANNOTATE, place, text))
}

/// Help for a diagnostic in its box.
trait Helped {
    fn help_boxed(self, help: Bi) -> Self;
}

impl Helped for Box<Diagnostic> {
    fn help_boxed(self, help: Bi) -> Self {
        Box::new((*self).help(help))
    }
}
