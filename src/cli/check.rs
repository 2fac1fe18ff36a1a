//! `check`: compiles a suite and says all that is wrong with it.

use crate::base::{Diagnostic, Lang, Severity};
use crate::pipeline::Parsed;
use crate::report::diagnostics;

use super::terminal::Terminal;
use super::{SuiteArg, exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    suite: SuiteArg,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let folder = args.suite.suite.as_path();
    match Parsed::load(folder).and_then(Parsed::check) {
        Ok(checked) => {
            let lints = checked.lints();
            let analysis = checked.analyse();
            let found = lints.open.iter().chain(&analysis.findings);
            let said: Vec<Diagnostic> = checked.warnings().iter().chain(found).cloned().collect();
            let text = diagnostics::render(&said, checked.sources(), &terminal.drawing(folder));
            terminal.error(&text);
            if said.iter().any(|diagnostic| diagnostic.severity() == Severity::Error) {
                return exit::USAGE;
            }
            let suite = checked.suite();
            let (rules, tests) = (suite.rules.len(), suite.tests.len());
            // The indicator table is built in.
            let datasets = suite.datasets.len().saturating_sub(1);
            let indicators = suite.indicators.len();
            let name = &checked.config().name;
            let line = match terminal.lang() {
                Lang::Zh => {
                    format!("{name}：没有错误。规则 {rules}，指标 {indicators}，数据集 {datasets}，测试 {tests}。\n")
                }
                Lang::En => format!(
                    "{name}: no errors. Rules {rules}, indicators {indicators}, datasets {datasets}, tests {tests}.\n"
                ),
            };
            terminal.result(&line);
            if lints.accepted > 0 {
                let line = match terminal.lang() {
                    Lang::Zh => format!("规则作者已认可的提示 {}。\n", lints.accepted),
                    Lang::En => format!("Remarks that their rules accept: {}.\n", lints.accepted),
                };
                terminal.result(&line);
            }
            exit::OK
        }
        Err(reason) => stopped(&reason, folder, terminal),
    }
}
