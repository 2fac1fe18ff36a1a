//! `explain`: the page of a code, or all that stands about a rule.

use std::path::{Path, PathBuf};

use crate::base::codes::{self, CodeInfo};
use crate::base::{Lang, nearest};
use crate::pipeline::{About, Checked, Parsed, Stopped};
use crate::report::diagnostics::{self, Drawing};
use crate::report::layout::{clean, pad, width, wrap};
use crate::report::text::clause_text;
use crate::report::words::{self, pick};
use crate::report::{Style, kind_of};
use crate::semantics::hir::Deadline;

use super::terminal::Terminal;
use super::{exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_name = "CODE|RULE")]
    what: String,
    #[arg(long = "suite", value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    match (&args.rules, codes::find(&args.what)) {
        (None, Some(code)) => {
            let page = code_page(code, terminal);
            terminal.result(&page);
            exit::OK
        }
        (None, None) => {
            let text = unknown(&args.what, terminal.lang());
            terminal.complain(&text);
            exit::USAGE
        }
        (Some(folder), _) => match rule(folder, &args.what, terminal) {
            Ok(()) => exit::OK,
            Err(reason) => stopped(&reason, folder, terminal),
        },
    }
}

fn unknown(what: &str, lang: Lang) -> String {
    let near = nearest(&what.to_ascii_uppercase(), codes::all().map(|info| info.code));
    match (near, lang) {
        (Some(near), Lang::Zh) => format!("没有代码 `{what}`。是不是 `{near}`？要看规则，请加 `--suite 文件夹`"),
        (Some(near), Lang::En) => {
            format!("there is no code `{what}`. Did you mean `{near}`? For a rule, add `--suite FOLDER`")
        }
        (None, Lang::Zh) => format!("没有代码 `{what}`。要看规则，请加 `--suite 文件夹`"),
        (None, Lang::En) => format!("there is no code `{what}`. For a rule, add `--suite FOLDER`"),
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
        return Err(Box::new(Stopped {
            reason: crate::pipeline::Reason::Configuration,
            diagnostics: vec![checked.no_such_rule(id)],
            sources: Default::default(),
        }));
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
