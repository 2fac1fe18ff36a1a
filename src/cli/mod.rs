//! Arguments in, an exit code out: one file for each command, and what they share.
//!
//! Thin: a command asks the pipeline and draws what comes back. No rule is read and no verdict reached here.

mod annotate;
mod check;
mod completions;
mod diff;
mod doc;
mod explain;
mod files;
mod init;
mod keygen;
mod lang;
mod many;
mod plan;
mod run;
mod terminal;
mod test;
mod trace;
mod usage;
mod verify;
mod words;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::base::{Lang, limit_memory, parse_size};
use crate::pipeline::{Reason, Stopped};
use crate::report::diagnostics;

use terminal::Terminal;

/// Exit codes, section 8 of the language.
mod exit {
    /// Everything is as it must be.
    pub const OK: u8 = 0;
    /// A rule or a test fails.
    pub const FAILED: u8 = 1;
    /// Usage or configuration.
    pub const USAGE: u8 = 2;
    /// The rules do not compile.
    pub const RULES: u8 = 3;
    /// Data cannot be read or is not there.
    pub const DATA: u8 = 4;
    /// `verify` found a difference.
    pub const DIFFERENT: u8 = 5;
    /// A fault of the program.
    pub const INTERNAL: u8 = 70;
    /// Broken off by Ctrl-C, as shells say it.
    pub const INTERRUPTED: u8 = 130;
}

#[derive(Parser)]
#[command(name = "duixian", version, disable_help_subcommand = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[arg(long, global = true, value_name = "zh|en", hide_possible_values = true)]
    lang: Option<LangArg>,
    #[arg(long, global = true, value_name = "SIZE", value_parser = size)]
    memory_limit: Option<u64>,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    Run(Box<run::Args>),
    Plan(plan::Args),
    Test(test::Args),
    Trace(trace::Args),
    Diff(diff::Args),
    Verify(verify::Args),
    Keygen(keygen::Args),
    Explain(explain::Args),
    Doc(doc::Args),
    Completions(completions::Args),
}

#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    #[value(alias = "中文")]
    Zh,
    #[value(alias = "english")]
    En,
}

/// A suite's folder, as several commands take it.
#[derive(clap::Args)]
struct SuiteArg {
    #[arg(value_name = "SUITE")]
    pub suite: PathBuf,
}

fn size(arg: &str) -> Result<u64, String> {
    parse_size(arg).ok_or_else(|| "8GB, 512MB, 1.5GiB".to_owned())
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let lang = lang::choose(&args);
    terminal::report_panics();
    let code = catch_unwind(AssertUnwindSafe(|| dispatch(&args, lang))).unwrap_or(exit::INTERNAL);
    ExitCode::from(code)
}

fn dispatch(args: &[OsString], lang: Lang) -> u8 {
    let mut terminal = Terminal::new(lang);
    let command = words::localized(lang);
    let parsed = command.try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches));
    if let Ok(Cli { memory_limit: Some(bytes), .. }) = parsed {
        limit_memory(bytes);
    }
    let code = match parsed {
        Ok(cli) => match cli.command {
            Command::Init(args) => init::run(&args, &mut terminal),
            Command::Check(args) => check::run(&args, &mut terminal),
            Command::Run(args) => run::run(&args, &mut terminal),
            Command::Plan(args) => plan::run(&args, &mut terminal),
            Command::Test(args) => test::run(&args, &mut terminal),
            Command::Trace(args) => trace::run(&args, &mut terminal),
            Command::Diff(args) => diff::run(&args, &mut terminal),
            Command::Verify(args) => verify::run(&args, &mut terminal),
            Command::Keygen(args) => keygen::run(&args, &mut terminal),
            Command::Explain(args) => explain::run(&args, &mut terminal),
            Command::Doc(args) => doc::run(&args, &mut terminal),
            Command::Completions(args) => completions::run(&args, &mut terminal),
        },
        Err(error) => usage::report(&error, &mut terminal),
    };
    terminal.finish(code)
}

/// Draws what is wrong and says which exit code it means.
fn stopped(stopped: &Stopped, folder: &std::path::Path, terminal: &mut Terminal) -> u8 {
    let drawing = terminal.drawing(folder);
    let text = diagnostics::render(&stopped.diagnostics, &stopped.sources, &drawing);
    terminal.error(&text);
    match stopped.reason {
        Reason::Configuration => exit::USAGE,
        Reason::Rules => exit::RULES,
    }
}
