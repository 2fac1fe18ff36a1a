//! `run --submission`, `run --submissions`: one suite on many submissions. Progress while they are judged, one record at the
//! end; Ctrl-C ends the judging, and what was judged until then is still recorded and reported.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::pipeline::{Many, Parsed, SecretKey, Stopped, Submitted, find_submissions};
use crate::report::record::{Kind, Record};
use crate::report::runs::Runs;
use crate::report::{Style, diagnostics, html, json, markdown, text, xlsx};

use super::files::{keep, keep_whole, unwritten, write};
use super::run::{Args, Format, fault};
use super::terminal::Terminal;
use super::{exit, stopped};

/// Findings of a submission that the record holds unless said otherwise.
const FINDINGS: usize = 10;

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    if let Some(format) = args.formats().find(|format| matches!(format, Format::Junit | Format::Sarif | Format::Oscal))
    {
        let name = match format {
            Format::Junit => "junit",
            Format::Oscal => "oscal",
            _ => "sarif",
        };
        let text = match terminal.lang() {
            crate::base::Lang::Zh => format!("多份报送没有 {name} 报告；可以用 --records 写出单份记录"),
            crate::base::Lang::En => {
                format!("there is no {name} report of many submissions; --records writes single records")
            }
        };
        terminal.complain(&text);
        return exit::USAGE;
    }
    if args.format == Format::Xlsx {
        terminal.complain(
            terminal.pick("xlsx 只能写入文件：--report xlsx:文件", "xlsx goes to a file: --report xlsx:FILE"),
        );
        return exit::USAGE;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let noticed = Arc::clone(&stop);
    // A second Ctrl-C ends the program at once: nothing is lost but what was not yet written.
    let handled = ctrlc::set_handler(move || {
        if noticed.swap(true, Ordering::Relaxed) {
            std::process::exit(exit::INTERRUPTED.into());
        }
    });
    if let Err(error) = handled {
        return fault(&error, terminal);
    }
    let key = match args.key(terminal) {
        Ok(key) => key,
        Err(code) => return code,
    };
    match judged(args, key.as_ref(), &stop, terminal) {
        Ok(Ok(runs)) => deliver(&runs, args, key.as_ref(), terminal),
        Ok(Err(code)) => code,
        Err(reason) => stopped(&reason, &args.suite.suite, terminal),
    }
}

impl Args {
    fn formats(&self) -> impl Iterator<Item = Format> {
        std::iter::once(self.format).chain(self.outputs.iter().map(|output| output.format))
    }
}

/// Compiles, finds the submissions and judges them. The inner error is the exit code of single records that could not be
/// written.
fn judged(
    args: &Args,
    key: Option<&SecretKey>,
    stop: &AtomicBool,
    terminal: &mut Terminal,
) -> Result<Result<Runs, u8>, Box<Stopped>> {
    let folder = args.suite.suite.as_path();
    let checked = Parsed::load(folder)?.check()?;
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(checked.warnings(), checked.sources(), &drawing));
    let planned = checked.plan(&args.request())?;
    let outside = checked.outside(&args.standards, &args.waivers)?;
    terminal.error(&diagnostics::render(outside.diagnostics(), checked.sources(), &drawing));
    let submissions = find_submissions(&args.submission, &args.submissions)?;
    let lost: Mutex<Option<(PathBuf, std::io::Error)>> = Mutex::new(None);
    let keep = args.singles.as_deref().map(|folder| {
        let (lost, stop) = (&lost, stop);
        move |submitted: &Submitted, record: &Record| {
            let path = folder.join(format!("{}.json", submitted.name));
            let written = json::render(record).map_err(|error| (path.clone(), std::io::Error::other(error)));
            let written = written.and_then(|text| keep_whole(&path, text.as_bytes(), key));
            if let (Err(error), Ok(mut lost)) = (written, lost.lock()) {
                stop.store(true, Ordering::Relaxed);
                lost.get_or_insert(error);
            }
        }
    });
    if let Some(folder) = &args.singles
        && let Err(error) = std::fs::create_dir_all(folder)
    {
        return Ok(Err(unwritten(folder, &error, terminal)));
    }
    let many = Many {
        threads: args.threads.map_or_else(crate::base::cores, usize::from),
        max_findings: args.max_findings.unwrap_or(FINDINGS),
        stop,
        keep: keep.as_ref().map(|keep| keep as _),
    };
    let bar = terminal.progress(submissions.len());
    let runs = planned.judge_many(&submissions, &outside, &many, &mut |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    let lost = lost.into_inner().ok().flatten();
    Ok(match lost {
        Some((path, error)) => Err(unwritten(&path, &error, terminal)),
        None => Ok(runs),
    })
}

/// Prints the report, writes the record, and says how it came out.
fn deliver(runs: &Runs, args: &Args, key: Option<&SecretKey>, terminal: &mut Terminal) -> u8 {
    let fail_on = args.fail_on();
    let to_stdout = args.record.as_deref() == Some(Path::new("-"));
    let format = if to_stdout { Format::Json } else { args.format };
    let to_record = args.record.as_deref().filter(|_| !to_stdout);
    let files = args.outputs.iter().map(|output| (output.format, output.path.as_path()));
    let delivered = drawn(runs, format, fail_on, terminal.result_style(), terminal).and_then(|text| {
        // The record first: a report that nobody reads to its end must not keep it from being written.
        if let Some(path) = to_record {
            let text = drawn(runs, Format::Json, fail_on, Style::Plain, terminal)?;
            keep(path, &text, key, terminal)?;
        }
        for (format, path) in files {
            let text = drawn(runs, format, fail_on, Style::Plain, terminal)?;
            write(path, &text, terminal)?;
        }
        terminal.result(&String::from_utf8_lossy(&text));
        Ok(())
    });
    match delivered {
        Ok(()) if runs.partial() => exit::INTERRUPTED,
        Ok(()) => runs.outcome(fail_on).exit_code(),
        Err(code) => code,
    }
}

/// A record in one of the formats: UTF-8 text, but for workbooks.
fn drawn(runs: &Runs, format: Format, fail_on: Kind, style: Style, terminal: &mut Terminal) -> Result<Vec<u8>, u8> {
    let lang = terminal.lang();
    match format {
        Format::Text => {
            let options = text::Options { lang, width: terminal.width(), style, fail_on };
            Ok(text::runs::render(runs, &options).into_bytes())
        }
        Format::Html => Ok(html::runs(runs, &html::Options { lang, fail_on }).into_bytes()),
        Format::Md => Ok(markdown::runs(runs, fail_on, lang).into_bytes()),
        Format::Json => json::render(runs).map(String::into_bytes).map_err(|error| fault(&error, terminal)),
        Format::Xlsx => xlsx::runs(runs, fail_on, lang).map_err(|error| fault(&error, terminal)),
        // Refused before anything was judged.
        Format::Junit | Format::Sarif | Format::Oscal => Err(exit::USAGE),
    }
}
