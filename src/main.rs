//! The `duixian` command; see [`duixian::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    duixian::cli::main()
}
