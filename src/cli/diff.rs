//! `diff`: two records of runs, which verdicts changed, and why; or two suites, which rules are stricter and which laxer.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::pipeline::{Parsed, Reason, Stopped, compare_suites, read_record};
use crate::report::diff::{Diff, compare};
use crate::report::versions::Versions;
use crate::report::{Style, html, json, text};

use super::files::{Output, write};
use super::terminal::Terminal;
use super::{exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_name = "OLD")]
    old: PathBuf,
    #[arg(value_name = "NEW")]
    new: PathBuf,
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    format: Format,
    #[arg(long = "report", value_name = "FORMAT:FILE")]
    reports: Vec<Output<Format>>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Html,
}

/// What was compared.
enum Compared {
    Runs(Box<Diff>),
    Suites(Box<Versions>),
}

impl Compared {
    fn is_empty(&self) -> bool {
        match self {
            Compared::Runs(diff) => diff.is_empty(),
            Compared::Suites(versions) => versions.is_empty(),
        }
    }
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let compared = match (args.old.is_dir(), args.new.is_dir()) {
        (true, true) => suites(args, terminal),
        (false, false) => runs(args, terminal),
        _ => {
            terminal.complain(terminal.pick(
                "diff 比较两份运行记录，或两个套件的文件夹；不能一个是记录、一个是文件夹",
                "diff compares two run records, or the folders of two suites, but not a record with a folder",
            ));
            Err(exit::USAGE)
        }
    };
    let delivered = compared.and_then(|compared| {
        let text = drawn(&compared, args.format, terminal.result_style(), terminal)?;
        terminal.result(&text);
        args.reports.iter().try_for_each(|output| {
            let text = drawn(&compared, output.format, Style::Plain, terminal)?;
            write(&output.path, text.as_bytes(), terminal)
        })?;
        Ok(compared.is_empty())
    });
    match delivered {
        Ok(true) => exit::OK,
        Ok(false) => exit::FAILED,
        Err(code) => code,
    }
}

fn runs(args: &Args, terminal: &mut Terminal) -> Result<Compared, u8> {
    match (read_record(&args.old), read_record(&args.new)) {
        (Ok(old), Ok(new)) => Ok(Compared::Runs(Box::new(compare((&old.0, &old.1), (&new.0, &new.1))))),
        (old, new) => {
            let diagnostics = [old.err(), new.err()].into_iter().flatten().map(|problem| *problem).collect();
            let reason = Stopped { reason: Reason::Configuration, diagnostics, sources: Default::default() };
            Err(stopped(&reason, &args.old, terminal))
        }
    }
}

fn suites(args: &Args, terminal: &mut Terminal) -> Result<Compared, u8> {
    let mut checked = |folder: &Path| {
        let loaded = Parsed::load(folder).and_then(Parsed::check);
        loaded.map_err(|reason| stopped(&reason, folder, terminal))
    };
    // What is wrong with both is told in one go.
    let (old, new) = match (checked(&args.old), checked(&args.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(code), _) | (_, Err(code)) => return Err(code),
    };
    compare_suites((&args.old, &old), (&args.new, &new))
        .map(|versions| Compared::Suites(Box::new(versions)))
        .map_err(|reason| stopped(&reason, &args.new, terminal))
}

fn drawn(compared: &Compared, format: Format, style: Style, terminal: &mut Terminal) -> Result<String, u8> {
    let lang = terminal.lang();
    let options = text::diff::Options { lang, width: terminal.width(), style };
    let json = match (compared, format) {
        (Compared::Runs(diff), Format::Text) => return Ok(text::diff::render(diff, &options)),
        (Compared::Suites(versions), Format::Text) => return Ok(text::versions::render(versions, &options)),
        (Compared::Runs(diff), Format::Html) => return Ok(html::diff(diff, lang)),
        (Compared::Suites(versions), Format::Html) => return Ok(html::versions(versions, lang)),
        (Compared::Runs(diff), Format::Json) => json::render(diff),
        (Compared::Suites(versions), Format::Json) => json::render(versions),
    };
    json.map_err(|error| {
        terminal.complain(&error.to_string());
        exit::INTERNAL
    })
}
