//! `completions`: what a shell needs to complete the commands.

use clap_complete::{Shell, generate};

use super::terminal::Terminal;
use super::{exit, words};

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let mut command = words::localized(terminal.lang());
    let mut script = Vec::new();
    generate(args.shell, &mut command, "duixian", &mut script);
    terminal.result(&String::from_utf8_lossy(&script));
    exit::OK
}
