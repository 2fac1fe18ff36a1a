//! `test`: runs a suite's 测试 and says which expectations were not met, and why; with `--mutate`, which changes of rules
//! they would not notice; with `--coverage`, which rules and clauses they leave out.

mod bite;

use clap::ValueEnum;

use crate::base::Lang;
use crate::pipeline::{Actual, Expected, Parsed, Trial};
use crate::report::diagnostics::{self, Drawing};
use crate::report::layout::clean;
use crate::report::record::Finding;
use crate::report::words;

use super::terminal::Terminal;
use super::{SuiteArg, exit, stopped};

/// Findings that are shown of an expectation that was not met.
const FINDINGS: usize = 3;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    suite: SuiteArg,
    #[arg(long, group = "bite")]
    mutate: bool,
    #[arg(long, group = "bite")]
    coverage: bool,
    /// Of `--mutate` and `--coverage`.
    #[arg(long, value_name = "RULE", num_args = 1.., value_delimiter = ',', requires = "bite")]
    select: Vec<String>,
    /// Likewise.
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true,
        requires = "bite"
    )]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let folder = args.suite.suite.as_path();
    let checked = match Parsed::load(folder).and_then(Parsed::check) {
        Ok(checked) => checked,
        Err(reason) => return stopped(&reason, folder, terminal),
    };
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(checked.warnings(), checked.sources(), &drawing));
    if args.mutate {
        return bite::mutate(&checked, args, &drawing, terminal);
    }
    if args.coverage {
        return bite::coverage(&checked, args, &drawing, terminal);
    }
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for trial in checked.trials() {
        terminal.error(&diagnostics::render(&trial.diagnostics, checked.sources(), &drawing));
        let count = if trial.passed() { &mut passed } else { &mut failed };
        *count += 1;
        let place = diagnostics::rule_locator(trial.span, checked.sources(), &drawing).unwrap_or_default();
        terminal.result(&heading(&trial, &place, terminal));
        for expected in trial.expected.iter().filter(|expected| !expected.met()) {
            let place = diagnostics::rule_locator(expected.span, checked.sources(), &drawing).unwrap_or_default();
            terminal.result(&unmet(expected, &place, &drawing));
        }
    }
    let total = passed + failed;
    let lang = terminal.lang();
    let line = match (lang, total) {
        (Lang::Zh, 0) => "套件里没有测试。\n".to_owned(),
        (Lang::En, 0) => "The suite has no tests.\n".to_owned(),
        (Lang::Zh, _) => format!("\n{total} 项测试：{passed} 项通过，{failed} 项未通过。\n"),
        (Lang::En, _) => {
            format!("\n{total} test{}: {passed} passed, {failed} failed.\n", if total == 1 { "" } else { "s" })
        }
    };
    terminal.result(&line);
    match (total, failed) {
        (0, _) => exit::DATA,
        (_, 0) => exit::OK,
        _ => exit::FAILED,
    }
}

fn heading(trial: &Trial, place: &str, terminal: &Terminal) -> String {
    let style = terminal.result_style();
    let title = clean(&trial.title);
    if trial.passed() {
        return format!("{}  {title}\n", style.green(terminal.pick("通过", "ok  ")));
    }
    let word = style.red(terminal.pick("未过", "FAIL"));
    format!("{word}  {title}  {}\n", style.dim(&format!("({place})")))
}

fn unmet(expected: &Expected, place: &str, drawing: &Drawing) -> String {
    let lang = drawing.lang;
    let case = clean(&expected.case);
    let wanted = words::verdict(expected.verdict, lang);
    let mut text = match (&expected.actual, lang) {
        (Actual::Verdict(actual), Lang::Zh) => {
            format!("      {case} 期望 {wanted}，实际 {}（{place}）\n", words::verdict(*actual, lang))
        }
        (Actual::Verdict(actual), Lang::En) => {
            format!("      {case} expected {wanted}, came out {} ({place})\n", words::verdict(*actual, lang))
        }
        (Actual::NoCase(cases), _) => no_case(&case, cases, place, lang),
    };
    for finding in expected.findings.iter().take(FINDINGS) {
        text.push_str(&explanation(finding, lang));
    }
    text
}

fn no_case(case: &str, cases: &[String], place: &str, lang: Lang) -> String {
    let some: Vec<String> = cases.iter().take(8).map(|case| clean(case)).collect();
    let more = if cases.len() > some.len() { " …" } else { "" };
    match lang {
        Lang::Zh => format!("      没有个案 {case}（{place}）；有的是：{}{more}\n", some.join("，")),
        Lang::En => format!("      there is no case {case} ({place}); there are: {}{more}\n", some.join(", ")),
    }
}

fn explanation(finding: &Finding, lang: Lang) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(finding.explain.iter().map(|explain| clean(explain)));
    lines.extend(finding.advice.iter().map(|advice| clean(advice.get(lang))));
    lines.iter().map(|line| format!("        {line}\n")).collect()
}
