//! `explain`: the page of a code, all that stands about a rule, or how its cases were calculated.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use jiff::civil::Date;

use crate::base::codes::{self, CodeInfo};
use crate::base::{Diagnostic, Lang, nearest};
use crate::pipeline::{About, Checked, Kept, Parsed, Reason, Request, Stopped, explained, not_explained, read_kept};
use crate::quantity::Period;
use crate::report::diagnostics::{self, Drawing};
use crate::report::explaining::Wanted;
use crate::report::layout::{clean, pad, width, wrap};
use crate::report::record::Record;
use crate::report::text::{self, clause_text};
use crate::report::words::{self, pick};
use crate::report::{Style, json, kind_of, markdown};
use crate::semantics::hir::Deadline;

use super::run::{DataArg, sources};
use super::terminal::Terminal;
use super::{exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_name = "CODE|RULE")]
    what: String,
    #[arg(long = "suite", value_name = "DIR")]
    rules: Option<PathBuf>,
    #[arg(id = "judged", long = "record", value_name = "FILE", conflicts_with_all = ["data", "standards", "waivers", "period", "as_of"])]
    judged: Option<PathBuf>,
    #[arg(long, value_name = "NAME=FILE|DIR", value_parser = super::run::data, requires = "rules")]
    data: Vec<DataArg>,
    #[arg(long, value_name = "FILE", requires = "data")]
    standards: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "data")]
    waivers: Vec<PathBuf>,
    #[arg(long, value_name = "PERIOD", value_parser = super::run::period, requires = "data")]
    period: Option<Period>,
    #[arg(long, value_name = "DATE", value_parser = super::run::date, requires = "data")]
    as_of: Option<Date>,
    #[arg(long = "case", value_name = "DIM=MEMBER", value_parser = wanted)]
    cases: Vec<Wanted>,
    #[arg(long, value_name = "N", value_parser = count, default_value = "5", hide_default_value = true)]
    limit: NonZeroUsize,
    #[arg(
        id = "drawn",
        long = "format",
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    #[value(alias = "markdown")]
    Md,
}

/// Cases of a rule whose calculation is kept where nothing says which are wanted.
const CASES: usize = 10_000;

fn count(arg: &str) -> Result<NonZeroUsize, String> {
    arg.parse().map_err(|_| "1, 5, 100".to_owned())
}

fn wanted(arg: &str) -> Result<Wanted, String> {
    let (dimension, member) = match arg.split_once(['=', '＝']) {
        Some((dimension, member)) => (Some(dimension.trim().to_owned()), member.trim().to_owned()),
        None => (None, arg.trim().to_owned()),
    };
    let empty = member.is_empty() || dimension.as_ref().is_some_and(String::is_empty);
    if empty { Err("DIM=MEMBER".to_owned()) } else { Ok(Wanted { dimension, member }) }
}

/// Runs the command. Without a suite or a record it is about a code; else about a rule: as it was judged, if there is a record
/// or data, or as it stands in the suite.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let judged = args.judged.is_some() || !args.data.is_empty();
    if args.format != Format::Text && !judged {
        terminal.complain(terminal.pick(
            "--format 说的是评判过的个案：请加 --record 运行记录，或 --data 数据；规则本身的 JSON、Markdown 见 duixian doc",
            "--format is about judged cases: add --record FILE, or --data; for rules as JSON or Markdown, see duixian doc",
        ));
        return exit::USAGE;
    }
    let done = match (&args.rules, &args.judged) {
        (None, None) => return code(args, terminal),
        (folder, Some(record)) => {
            let done = from_record(args, record, folder.as_deref(), terminal);
            done.map_err(|reason| (reason, folder.as_deref().unwrap_or(record)))
        }
        (Some(folder), None) if !args.data.is_empty() => {
            from_data(args, folder, terminal).map_err(|reason| (reason, folder.as_path()))
        }
        (Some(folder), None) => {
            if !args.cases.is_empty() {
                terminal.complain(terminal.pick(
                    "--case 说的是评判过的个案：请加 --record 运行记录，或 --data 数据",
                    "--case is about judged cases: add --record FILE, or --data",
                ));
                return exit::USAGE;
            }
            rule(folder, &args.what, terminal).map(|()| exit::OK).map_err(|reason| (reason, folder.as_path()))
        }
    };
    done.unwrap_or_else(|(reason, folder)| stopped(&reason, folder, terminal))
}

fn code(args: &Args, terminal: &mut Terminal) -> u8 {
    match codes::find(&args.what) {
        Some(code) => {
            let page = code_page(code, terminal);
            terminal.result(&page);
            exit::OK
        }
        None => {
            let text = unknown(&args.what, terminal.lang());
            terminal.complain(&text);
            exit::USAGE
        }
    }
}

fn from_record(args: &Args, path: &Path, folder: Option<&Path>, terminal: &mut Terminal) -> Result<u8, Box<Stopped>> {
    let record = match read_kept(path).map_err(refused)? {
        (_, Kept::One(record)) => *record,
        (shown, Kept::Many(runs)) => return Err(refused(not_explained(&shown, &runs, &args.what))),
    };
    if let Some(folder) = folder {
        let checked = Parsed::load(folder)?.check()?;
        if checked.identity().sha256 != record.suite.sha256 {
            terminal.complain(terminal.pick(
                "套件与记录里的不同：下面按记录说明，规则可能已经改动",
                "the suite is not that of the record: what follows is the record's, and the rules may have changed since",
            ));
        }
    }
    explain(args, &record, terminal)
}

fn from_data(args: &Args, folder: &Path, terminal: &mut Terminal) -> Result<u8, Box<Stopped>> {
    let checked = Parsed::load(folder)?.check()?;
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(checked.warnings(), checked.sources(), &drawing));
    let request = Request {
        period: args.period,
        as_of: args.as_of,
        select: vec![args.what.clone()],
        max_findings: Some(CASES),
        passes: true,
        stamp: None,
    };
    let planned = checked.plan(&request)?;
    let data = checked.read(&sources(&args.data)?, &args.standards, &args.waivers)?;
    terminal.error(&diagnostics::render(data.diagnostics(), checked.sources(), &drawing));
    let record = planned.measure(data).judge().record();
    explain(args, &record, terminal)
}

fn explain(args: &Args, record: &Record, terminal: &mut Terminal) -> Result<u8, Box<Stopped>> {
    let explained = explained(record, &args.what, &args.cases, args.limit.get()).map_err(refused)?;
    let lang = terminal.lang();
    let text = match args.format {
        Format::Text => {
            let (width, style) = (terminal.width(), terminal.result_style());
            text::explain::render(&explained, &text::explain::Options { lang, width, style })
        }
        Format::Md => markdown::explain(&explained, lang),
        Format::Json => match json::render(&explained) {
            Ok(text) => text,
            Err(error) => return Ok(super::run::fault(&error, terminal)),
        },
    };
    terminal.result(&text);
    Ok(exit::OK)
}

fn refused(diagnostic: Box<Diagnostic>) -> Box<Stopped> {
    Box::new(Stopped { reason: Reason::Configuration, diagnostics: vec![*diagnostic], sources: Default::default() })
}

fn unknown(what: &str, lang: Lang) -> String {
    let near = nearest(&what.to_ascii_uppercase(), codes::all().map(|info| info.code));
    match (near, lang) {
        (Some(near), Lang::Zh) => {
            format!("没有代码 `{what}`。是不是 `{near}`？要看规则，请加 `--suite 文件夹` 或 `--record 运行记录`")
        }
        (Some(near), Lang::En) => {
            format!(
                "there is no code `{what}`. Did you mean `{near}`? For a rule, add `--suite FOLDER` or `--record FILE`"
            )
        }
        (None, Lang::Zh) => {
            format!("没有代码 `{what}`。要看规则，请加 `--suite 文件夹` 或 `--record 运行记录`")
        }
        (None, Lang::En) => {
            format!("there is no code `{what}`. For a rule, add `--suite FOLDER` or `--record FILE`")
        }
    }
}

fn code_page(code: &CodeInfo, terminal: &Terminal) -> String {
    let lang = terminal.lang();
    let heading = format!("{}  {}", code.code, pick(lang, code.title.0, code.title.1));
    let page = pick(lang, code.page.0, code.page.1);
    format!("{}\n\n{}\n", terminal.result_style().bold(&heading), page.trim_end())
}

fn rule(folder: &Path, id: &str, terminal: &mut Terminal) -> Result<(), Box<Stopped>> {
    let checked = Parsed::load(folder)?.check()?;
    let Some(about) = checked.about(id) else {
        return Err(refused(Box::new(checked.no_such_rule(id))));
    };
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(&about.diagnostics, checked.sources(), &drawing));
    let page = rule_page(&checked, &about, &drawing, terminal.result_style());
    terminal.result(&page);
    Ok(())
}

fn rule_page(checked: &Checked, about: &About<'_>, drawing: &Drawing, style: Style) -> String {
    let lang = drawing.lang;
    let rule = about.rule;
    let place = |span| diagnostics::rule_locator(span, checked.sources(), drawing).unwrap_or_default();
    let mut entries: Vec<(&str, String)> = Vec::new();
    let mut add = |zh: &'static str, en: &'static str, text: String| entries.push((pick(lang, zh, en), text));
    for clause in &about.clauses {
        add("依据", "Clause", clause_text(clause, lang));
    }
    if about.clauses.is_empty() && !rule.cites.is_empty() {
        add("依据", "Cites", rule.cites.join(pick(lang, "、", ", ")));
    }
    add("性质", "Kind", words::kind(kind_of(rule.kind), lang).to_owned());
    add("要求", "Required", rule.text.clone());
    if !rule.for_each.is_empty() {
        let dims: Vec<&str> =
            rule.for_each.iter().filter_map(|dim| checked.suite().dims.get(dim.0)).map(String::as_str).collect();
        add("对每个", "For each", dims.join(pick(lang, "、", ", ")));
    }
    if !rule.periods.is_empty() {
        let periods: Vec<String> = rule.periods.iter().map(ToString::to_string).collect();
        add("期间", "Period", periods.join(pick(lang, "、", ", ")));
    }
    if let Some(deadline) = rule.deadline {
        let said = match deadline {
            Deadline::On(day) => day.to_string(),
            Deadline::Submission => pick(lang, "报送时", "on submission").to_owned(),
        };
        add("截止", "Deadline", said);
    }
    if let Some(owner) = &rule.owner {
        add("负责", "Owner", owner.clone());
    }
    if let Some(note) = &rule.note {
        add("说明", "Note", note.clone());
    }
    for accept in &rule.accepts {
        add("认可", "Accepted", format!("{}{}{}", accept.code, pick(lang, "：", ": "), accept.reason));
    }
    for (name, title, span) in &about.indicators {
        let title = if title == name { String::new() } else { format!(" {title}") };
        add("指标", "Indicator", format!("{name}{title} ({})", place(*span)));
    }
    for (title, values) in &about.standards {
        for value in values {
            let period = value.period.map_or(String::new(), |period| format!(" [{period}]"));
            add("标准", "Standard", format!("{title}{period} = {} ({})", value.stated, value.source));
        }
        if values.is_empty() {
            add(
                "标准",
                "Standard",
                format!("{title}{}", pick(lang, "：标准文件里没有数值", ": no standards file gives a value")),
            );
        }
    }
    for (title, span) in &about.tests {
        add("测试", "Test", format!("{title} ({})", place(*span)));
    }
    if about.tests.is_empty() {
        add("测试", "Test", pick(lang, "没有测试用到它", "no test is about it").to_owned());
    }
    let mut text = format!("{}\n\n", style.bold(&format!("{}  {}", clean(&rule.id), clean(&rule.title))));
    text.push_str(&format!("  {}\n", style.dim(&place(rule.span))));
    for line in about.text.trim_end().lines() {
        // Tabs and wide characters stay; what could steer a terminal does not.
        text.push_str(&format!("  {}\n", line.split('\t').map(clean).collect::<Vec<_>>().join("    ").trim_end()));
    }
    text.push('\n');
    text.push_str(&laid_out(&entries, drawing.width, style));
    text
}

/// Labels and texts in two columns; a label that repeats is said once.
fn laid_out(entries: &[(&str, String)], columns: usize, style: Style) -> String {
    let column = entries.iter().map(|(label, _)| width(label)).max().unwrap_or(0) + 2;
    let mut text = String::new();
    let mut last = "";
    for (label, value) in entries {
        for (at, line) in wrap(&clean(value), columns.saturating_sub(column + 2)).iter().enumerate() {
            let shown = if at == 0 && *label != last { *label } else { "" };
            text.push_str(&format!("  {}{line}\n", style.dim(&pad(shown, column))));
        }
        last = label;
    }
    text
}
