//! Whether a suite's tests bite: changes of rules that they do not notice, rules and clauses that they leave out.

use serde::Serialize;

use crate::cli::exit;
use crate::cli::terminal::Terminal;
use crate::pipeline::{Checked, NotMutated};
use crate::report::diagnostics::{self, Drawing};
use crate::report::layout::clean;
use crate::report::{json, text};

use super::{Args, Format};

/// Lists the changes that no test notices.
pub(super) fn mutate(checked: &Checked, args: &Args, drawing: &Drawing, terminal: &mut Terminal) -> u8 {
    let mutated = match checked.mutate(&args.select) {
        Ok(mutated) => mutated,
        Err(NotMutated::Stopped(stopped)) => {
            terminal.error(&diagnostics::render(&stopped.diagnostics, checked.sources(), drawing));
            return exit::USAGE;
        }
        Err(NotMutated::NoTests) => {
            terminal.complain(terminal.pick("套件里没有测试。", "The suite has no tests."));
            return exit::DATA;
        }
        Err(NotMutated::Failing(titles)) => {
            let text = terminal.pick(
                "规则未改动时就有测试未通过，请先改好（见 `duixian test`）：",
                "Tests fail on the rules as they are; mend these first (see `duixian test`):",
            );
            let titles: String = titles.iter().map(|title| format!("\n  {}", clean(title))).collect();
            terminal.complain(&format!("{text}{titles}"));
            return exit::FAILED;
        }
    };
    terminal.error(&diagnostics::render(&mutated.stale, checked.sources(), drawing));
    let shown = shown(args.format, &mutated.mutation, |mutation| text::mutation::render(mutation, drawing), terminal);
    shown.unwrap_or(if mutated.passed() { exit::OK } else { exit::FAILED })
}

/// Lists the rules and clauses that the tests leave out.
pub(super) fn coverage(checked: &Checked, args: &Args, drawing: &Drawing, terminal: &mut Terminal) -> u8 {
    match checked.coverage(&args.select) {
        Ok(coverage) => {
            let text = |coverage: &_| text::coverage::render(coverage, drawing);
            shown(args.format, &coverage, text, terminal).unwrap_or(exit::OK)
        }
        Err(problems) => {
            terminal.error(&diagnostics::render(&problems, checked.sources(), drawing));
            exit::USAGE
        }
    }
}

/// Prints what was found; an exit code if that cannot be done.
fn shown<T: Serialize>(format: Format, found: &T, text: impl Fn(&T) -> String, terminal: &mut Terminal) -> Option<u8> {
    match format {
        Format::Text => terminal.result(&text(found)),
        Format::Json => match json::render(found) {
            Ok(json) => terminal.result(&json),
            Err(error) => {
                terminal.complain(&error.to_string());
                return Some(exit::INTERNAL);
            }
        },
    }
    None
}
