//! `plan`: what a suite asks of its data, and how many rules share each reading. Reads no data.

use clap::ValueEnum;

use crate::pipeline::{Parsed, Request, Stopped};
use crate::quantity::Period;
use crate::report::planning::Listing;
use crate::report::record::Kind;
use crate::report::{diagnostics, json, text};

use super::run::{fault, period};
use super::terminal::Terminal;
use super::{SuiteArg, exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    suite: SuiteArg,
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Option<Period>,
    #[arg(long, value_name = "RULE", num_args = 1.., value_delimiter = ',')]
    select: Vec<String>,
    #[arg(
        id = "shown",
        long = "format",
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    shown: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let listing = match listed(args, terminal) {
        Ok(listing) => listing,
        Err(reason) => return stopped(&reason, &args.suite.suite, terminal),
    };
    let text = match args.shown {
        Format::Text => {
            let (lang, width, style) = (terminal.lang(), terminal.width(), terminal.result_style());
            text::plan::render(&listing, &text::Options { lang, width, style, fail_on: Kind::Binding })
        }
        Format::Json => match json::render(&listing) {
            Ok(text) => text,
            Err(error) => return fault(&error, terminal),
        },
    };
    terminal.result(&text);
    exit::OK
}

fn listed(args: &Args, terminal: &mut Terminal) -> Result<Listing, Box<Stopped>> {
    let folder = args.suite.suite.as_path();
    let checked = Parsed::load(folder)?.check()?;
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(checked.warnings(), checked.sources(), &drawing));
    let request = Request { period: args.period, select: args.select.clone(), ..Request::default() };
    Ok(checked.plan(&request)?.listing())
}
