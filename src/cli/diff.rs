//! `diff`: two records of runs, which verdicts changed, and why.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::pipeline::{Reason, Stopped, read_record};
use crate::report::diff::{Diff, compare};
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

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let (old, new) = (read_record(&args.old), read_record(&args.new));
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let diagnostics = [old.err(), new.err()].into_iter().flatten().map(|problem| *problem).collect();
            let reason = Stopped { reason: Reason::Configuration, diagnostics, sources: Default::default() };
            return stopped(&reason, &args.old, terminal);
        }
    };
    let diff = compare((&old.0, &old.1), (&new.0, &new.1));
    let delivered = drawn(&diff, args.format, terminal.result_style(), terminal).and_then(|text| {
        terminal.result(&text);
        args.reports.iter().try_for_each(|output| {
            let text = drawn(&diff, output.format, Style::Plain, terminal)?;
            write(&output.path, text.as_bytes(), terminal)
        })
    });
    match delivered {
        Ok(()) if diff.is_empty() => exit::OK,
        Ok(()) => exit::FAILED,
        Err(code) => code,
    }
}

fn drawn(diff: &Diff, format: Format, style: Style, terminal: &mut Terminal) -> Result<String, u8> {
    let lang = terminal.lang();
    match format {
        Format::Text => Ok(text::diff::render(diff, &text::diff::Options { lang, width: terminal.width(), style })),
        Format::Html => Ok(html::diff(diff, lang)),
        Format::Json => json::render(diff).map_err(|error| {
            terminal.complain(&error.to_string());
            exit::INTERNAL
        }),
    }
}
