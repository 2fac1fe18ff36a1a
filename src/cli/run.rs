//! `run`: judges a suite's rules on submitted data, prints the report, keeps the record.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use jiff::civil::Date;

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Lang, Place};
use crate::data::DataSources;
use crate::pipeline::{Parsed, Reason, Request, Stopped};
use crate::quantity::{Period, parse_date};
use crate::report::record::{Kind, Record};
use crate::report::{self, diagnostics, json, text};

use super::files::write_whole;
use super::terminal::Terminal;
use super::{SuiteArg, exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    suite: SuiteArg,
    #[arg(long, value_name = "NAME=FILE|DIR", value_parser = data)]
    data: Vec<DataArg>,
    #[arg(long, value_name = "FILE")]
    standards: Vec<PathBuf>,
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Option<Period>,
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[arg(long, value_name = "RULE", num_args = 1.., value_delimiter = ',')]
    select: Vec<String>,
    #[arg(
        long,
        value_name = "KIND",
        default_value = "binding",
        hide_default_value = true,
        hide_possible_values = true
    )]
    fail_on: KindArg,
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    format: Format,
    #[arg(long, value_name = "N", default_value_t = 100, hide_default_value = true)]
    max_findings: usize,
}

#[derive(Clone, Debug)]
enum DataArg {
    Named(String, PathBuf),
    Folder(PathBuf),
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    #[value(alias = "约束性")]
    Binding,
    #[value(alias = "预期性")]
    Expected,
    #[value(alias = "提示")]
    Advisory,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A folder whose name holds `=` is a folder all the same.
fn data(arg: &str) -> Result<DataArg, String> {
    if arg.is_empty() {
        return Err("NAME=FILE | DIR".to_owned());
    }
    Ok(match arg.split_once('=').filter(|_| !Path::new(arg).is_dir()) {
        Some((name, file)) => DataArg::Named(name.trim().to_owned(), PathBuf::from(file)),
        None => DataArg::Folder(PathBuf::from(arg)),
    })
}

fn period(arg: &str) -> Result<Period, String> {
    Period::parse(arg).ok_or_else(|| "2021, 2021H1, 2021Q1, 2021-03".to_owned())
}

fn date(arg: &str) -> Result<Date, String> {
    parse_date(arg).ok_or_else(|| "2021-12-31".to_owned())
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let folder = args.suite.suite.as_path();
    match judged(args, terminal) {
        Ok(record) => deliver(&record, args, terminal),
        Err(reason) => stopped(&reason, folder, terminal),
    }
}

/// Compiles, reads, measures and judges; draws what there is to say on the way.
fn judged(args: &Args, terminal: &mut Terminal) -> Result<Record, Box<Stopped>> {
    let folder = args.suite.suite.as_path();
    let checked = Parsed::load(folder)?.check()?;
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(checked.warnings(), checked.sources(), &drawing));
    let sources = sources(&args.data)?;
    let request = Request {
        period: args.period,
        as_of: args.as_of,
        select: args.select.clone(),
        max_findings: args.max_findings,
    };
    let planned = checked.plan(&request)?;
    let data = checked.read(&sources, &args.standards)?;
    terminal.error(&diagnostics::render(data.diagnostics(), checked.sources(), &drawing));
    Ok(planned.measure(data).judge().record())
}

/// What `--data` names; all of it must be there.
fn sources(args: &[DataArg]) -> Result<DataSources, Box<Stopped>> {
    let mut sources = DataSources::default();
    let mut missing = Vec::new();
    for arg in args {
        match arg {
            DataArg::Folder(folder) if folder.is_dir() => sources.folders.push(folder.clone()),
            DataArg::Folder(path) if path.is_file() => missing.push(unnamed(path)),
            DataArg::Folder(path) => missing.push(absent(path)),
            DataArg::Named(_, path) if !path.exists() && path != Path::new("-") => missing.push(absent(path)),
            DataArg::Named(name, path) => sources.named.push((name.clone(), path.clone())),
        }
    }
    if missing.is_empty() {
        return Ok(sources);
    }
    Err(Box::new(Stopped { reason: Reason::Configuration, diagnostics: missing, sources: Default::default() }))
}

fn absent(path: &Path) -> Diagnostic {
    let shown = path.display();
    let message = Bi::new(format!("没有 `{shown}` 这个文件或文件夹"), format!("there is no file or folder `{shown}`"));
    Diagnostic::at(&codes::NO_SUCH_DATA, Place::Nowhere, message).help(Bi::new(
        "写文件夹 `--data 文件夹`，或写 `--data 数据集=文件`",
        "name a folder, `--data FOLDER`, or a dataset's file, `--data DATASET=FILE`",
    ))
}

fn unnamed(path: &Path) -> Diagnostic {
    let shown = path.display();
    let message = Bi::new(
        format!("`{shown}` 是文件，但没有写明是哪个数据集的"),
        format!("`{shown}` is a file, but of which dataset is not said"),
    );
    Diagnostic::at(&codes::NO_SUCH_DATA, Place::Nowhere, message)
        .help(Bi::new(format!("请写 `--data 数据集={shown}`"), format!("write `--data DATASET={shown}`")))
}

/// Prints the report, writes the record, and says how it came out.
fn deliver(record: &Record, args: &Args, terminal: &mut Terminal) -> u8 {
    let fail_on = match args.fail_on {
        KindArg::Binding => Kind::Binding,
        KindArg::Expected => Kind::Expected,
        KindArg::Advisory => Kind::Advisory,
    };
    let json = match json::render(record) {
        Ok(json) => json,
        Err(error) => {
            terminal.complain(&error.to_string());
            return exit::INTERNAL;
        }
    };
    // `--record -` puts the record where the report would stand.
    let to_stdout = args.record.as_deref() == Some(Path::new("-"));
    if args.format == Format::Json || to_stdout {
        terminal.result(&json);
    } else {
        let options =
            text::Options { lang: terminal.lang(), width: terminal.width(), style: terminal.result_style(), fail_on };
        terminal.result(&text::render(record, &options));
    }
    if let Some(path) = args.record.as_deref().filter(|_| !to_stdout)
        && let Err(error) = write_whole(path, json.as_bytes())
    {
        let shown = path.display();
        let text = match terminal.lang() {
            Lang::Zh => format!("运行记录 `{shown}` 无法写入：{error}"),
            Lang::En => format!("the run record `{shown}` could not be written: {error}"),
        };
        terminal.complain(&text);
        return exit::USAGE;
    }
    report::outcome(record, fail_on).exit_code()
}
