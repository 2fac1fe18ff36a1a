//! `trace`: the register of commitments against the rules, the records of their runs and the source document.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::data::document::Document;
use crate::pipeline::{self, Checked, NamedRecord, Parsed, Reason, Stopped, Traced};
use crate::report::{Style, diagnostics, html, json, text};

use super::files::{Output, write};
use super::terminal::Terminal;
use super::{exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_name = "SUITE", required = true)]
    suites: Vec<PathBuf>,
    #[arg(long = "record", value_name = "FILE")]
    records: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    #[arg(long = "report", value_name = "FORMAT:FILE")]
    reports: Vec<Output<Format>>,
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    format: Format,
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Html,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let mut suites: Vec<Checked> = Vec::new();
    for folder in &args.suites {
        match Parsed::load(folder).and_then(Parsed::check) {
            Ok(checked) => {
                let drawing = terminal.drawing(folder);
                terminal.error(&diagnostics::render(checked.warnings(), checked.sources(), &drawing));
                suites.push(checked);
            }
            Err(reason) => return stopped(&reason, folder, terminal),
        }
    }
    let folder = args.suites.first().map(PathBuf::as_path).unwrap_or_else(|| std::path::Path::new(""));
    let traced = match traced(args, &suites) {
        Ok(traced) => traced,
        Err(reason) => return stopped(&reason, folder, terminal),
    };
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(&traced.warnings, &Default::default(), &drawing));
    let text = match drawn(&traced, args.format, args.all, terminal.result_style(), terminal) {
        Ok(text) => text,
        Err(code) => return code,
    };
    terminal.result(&text);
    for output in &args.reports {
        let written = match drawn(&traced, output.format, args.all, Style::Plain, terminal) {
            Ok(text) => write(&output.path, text.as_bytes(), terminal),
            Err(code) => Err(code),
        };
        if let Err(code) = written {
            return code;
        }
    }
    if traced.trace.complete() { exit::OK } else { exit::FAILED }
}

/// Reads the records and the document, all that is wrong with them in one go.
fn traced(args: &Args, suites: &[Checked]) -> Result<Traced, Box<Stopped>> {
    let mut problems = Vec::new();
    let mut records: Vec<NamedRecord> = Vec::new();
    for path in &args.records {
        match pipeline::read_record(path) {
            Ok(record) => records.push(record),
            Err(problem) => problems.push(*problem),
        }
    }
    let document = args.document.as_ref().and_then(|path| match Document::load(path) {
        Ok(document) => Some(document),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    });
    if !problems.is_empty() {
        let reason = Reason::Configuration;
        return Err(Box::new(Stopped { reason, diagnostics: problems, sources: Default::default() }));
    }
    pipeline::trace(suites, &records, document.as_ref())
}

fn drawn(traced: &Traced, format: Format, all: bool, style: Style, terminal: &mut Terminal) -> Result<String, u8> {
    let lang = terminal.lang();
    match format {
        Format::Text => {
            let options = text::trace::Options { lang, width: terminal.width(), style, all };
            Ok(text::trace::render(&traced.trace, &options))
        }
        Format::Html => Ok(html::trace(&traced.trace, traced.annotated.as_ref(), lang)),
        Format::Json => json::render(&traced.trace).map_err(|error| {
            terminal.complain(&error.to_string());
            exit::INTERNAL
        }),
    }
}
