//! `doc`: the rule book of a suite.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::pipeline::Parsed;
use crate::report::{diagnostics, html, json, markdown};

use super::files::write;
use super::terminal::Terminal;
use super::{SuiteArg, exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    suite: SuiteArg,
    #[arg(
        id = "form",
        long = "format",
        value_name = "FORMAT",
        default_value = "html",
        hide_default_value = true,
        hide_possible_values = true
    )]
    format: Format,
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Html,
    #[value(alias = "markdown")]
    Md,
    Json,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let folder = args.suite.suite.as_path();
    let checked = match Parsed::load(folder).and_then(Parsed::check) {
        Ok(checked) => checked,
        Err(reason) => return stopped(&reason, folder, terminal),
    };
    let (book, faults) = checked.book();
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(checked.warnings(), checked.sources(), &drawing));
    terminal.error(&diagnostics::render(&faults, checked.sources(), &drawing));
    let lang = terminal.lang();
    let text = match args.format {
        Format::Html => html::book(&book, lang),
        Format::Md => markdown::book(&book, lang),
        Format::Json => match json::render(&book) {
            Ok(text) => text,
            Err(error) => return super::run::fault(&error, terminal),
        },
    };
    match args.output.as_deref().filter(|path| *path != Path::new("-")) {
        None => terminal.result(&text),
        Some(path) => {
            if let Err(code) = write(path, text.as_bytes(), terminal) {
                return code;
            }
        }
    }
    if faults.is_empty() { exit::OK } else { exit::USAGE }
}
