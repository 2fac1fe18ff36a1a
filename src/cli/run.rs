//! `run`: judges a suite's rules on submitted data, prints the report, keeps the record.

use std::io;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::{self, ScopedJoinHandle};

use clap::ValueEnum;
use jiff::civil::Date;

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place, Severity};
use crate::data::DataSources;
use crate::pipeline::{Parsed, Reason, Request, STAMP, SecretKey, Stopped};
use crate::quantity::{Period, parse_date};
use crate::report::record::{Kind, Record};
use crate::report::{self, Style, diagnostics, html, json, junit, markdown, oscal, sarif, text, xlsx};

use super::annotate;
use super::files::{Output, keep_whole, unwritten, write};
use super::terminal::Terminal;
use super::{SuiteArg, exit, many, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub suite: SuiteArg,
    #[arg(long, value_name = "NAME=FILE|DIR", value_parser = data, conflicts_with_all = ["submission", "submissions"])]
    data: Vec<DataArg>,
    #[arg(long, value_name = "DIR|FILE")]
    pub submission: Vec<PathBuf>,
    #[arg(long, value_name = "PATTERN", num_args = 1..)]
    pub submissions: Vec<PathBuf>,
    #[arg(long = "records", value_name = "DIR")]
    pub singles: Option<PathBuf>,
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    #[arg(long, value_name = "FILE")]
    pub standards: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub waivers: Vec<PathBuf>,
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
    pub record: Option<PathBuf>,
    #[arg(long)]
    stamp: bool,
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    pub format: Format,
    #[arg(long = "report", value_name = "FORMAT:FILE")]
    pub outputs: Vec<Output<Format>>,
    #[arg(long, value_name = "FILE.xlsx", conflicts_with_all = ["submission", "submissions"])]
    pub annotate: Vec<String>,
    #[arg(long, value_name = "N")]
    pub max_findings: Option<usize>,
    #[arg(long, conflicts_with_all = ["submission", "submissions"])]
    passes: bool,
}

/// What `--data` names.
#[derive(Clone, Debug)]
pub enum DataArg {
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
pub enum Format {
    Text,
    Json,
    Html,
    #[value(alias = "markdown")]
    Md,
    Junit,
    Sarif,
    Oscal,
    Xlsx,
}

/// A folder whose name holds `=` is a folder all the same.
pub fn data(arg: &str) -> Result<DataArg, String> {
    if arg.is_empty() {
        return Err("NAME=FILE | DIR".to_owned());
    }
    Ok(match arg.split_once('=').filter(|_| !Path::new(arg).is_dir()) {
        Some((name, file)) => DataArg::Named(name.trim().to_owned(), PathBuf::from(file)),
        None => DataArg::Folder(PathBuf::from(arg)),
    })
}

pub fn period(arg: &str) -> Result<Period, String> {
    Period::parse(arg).ok_or_else(|| "2021, 2021H1, 2021Q1, 2021-03".to_owned())
}

pub fn date(arg: &str) -> Result<Date, String> {
    parse_date(arg).ok_or_else(|| "2021-12-31".to_owned())
}

impl Args {
    /// What the run is asked for.
    pub fn request(&self) -> Request {
        let stamp = self.stamp.then(|| jiff::Timestamp::now().strftime(STAMP).to_string());
        Request {
            period: self.period,
            as_of: self.as_of,
            select: self.select.clone(),
            max_findings: self.max_findings,
            passes: self.passes,
            stamp,
        }
    }

    /// The key to sign records with, if they are to be signed: read before anything is judged.
    pub fn key(&self, terminal: &mut Terminal) -> Result<Option<SecretKey>, u8> {
        let Some(path) = &self.sign else { return Ok(None) };
        let to_stdout = self.record.as_deref() == Some(Path::new("-"));
        if to_stdout || (self.record.is_none() && self.singles.is_none()) {
            terminal.complain(terminal.pick(
                "--sign 签的是写入文件的运行记录：请加上 --record 文件",
                "--sign signs the run record in its file: add --record FILE",
            ));
            return Err(exit::USAGE);
        }
        SecretKey::load(path).map(Some).map_err(|reason| stopped(&reason, path, terminal))
    }

    /// The least kind whose failure fails the run.
    pub fn fail_on(&self) -> Kind {
        match self.fail_on {
            KindArg::Binding => Kind::Binding,
            KindArg::Expected => Kind::Expected,
            KindArg::Advisory => Kind::Advisory,
        }
    }
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let folder = args.suite.suite.as_path();
    if !args.submission.is_empty() || !args.submissions.is_empty() {
        return many::run(args, terminal);
    }
    if args.singles.is_some() || args.threads.is_some() {
        terminal.complain(terminal.pick(
            "--records 和 --threads 只用于多份报送：--submission 或 --submissions",
            "--records and --threads are for many submissions: --submission or --submissions",
        ));
        return exit::USAGE;
    }
    let key = match args.key(terminal) {
        Ok(key) => key,
        Err(code) => return code,
    };
    match judged(args, terminal) {
        Ok(record) => {
            let code = deliver(&record, args, key.as_ref(), terminal);
            // As with what was judged: the process ends now.
            std::mem::forget(record);
            code
        }
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
    let planned = checked.plan(&args.request())?;
    let data = checked.read(&sources, &args.standards, &args.waivers)?;
    terminal.error(&diagnostics::render(data.diagnostics(), checked.sources(), &drawing));
    let told = data.diagnostics().len();
    let judged = planned.measure(data).judge();
    let more = judged.diagnostics().get(told..).unwrap_or_default();
    let more: Vec<_> = more.iter().filter(|more| more.severity() == Severity::Error).cloned().collect();
    terminal.error(&diagnostics::render(&more, checked.sources(), &drawing));
    terminal.error(&diagnostics::render(&judged.judgement().idle_waivers, checked.sources(), &drawing));
    let record = judged.record();
    // The process ends soon; freeing millions of cells and cases one by one would only keep it.
    std::mem::forget(judged);
    Ok(record)
}

/// What `--data` names; all of it must be there.
pub fn sources(args: &[DataArg]) -> Result<DataSources, Box<Stopped>> {
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

/// Why there is no record.
enum Unkept {
    Unrendered(serde_json::Error),
    Unwritten(PathBuf, io::Error),
}

/// Prints the report, writes the record, and says how it came out.
fn deliver(record: &Record, args: &Args, key: Option<&SecretKey>, terminal: &mut Terminal) -> u8 {
    let fail_on = args.fail_on();
    // `--record -` puts the record where the report would stand.
    let to_stdout = args.record.as_deref() == Some(Path::new("-"));
    let format = if to_stdout { Format::Json } else { args.format };
    let to_record = args.record.as_deref().filter(|_| !to_stdout);
    let files = args.outputs.iter().map(|output| (output.format, output.path.as_path()));
    if format == Format::Xlsx {
        terminal.complain(
            terminal.pick("xlsx 只能写入文件：--report xlsx:文件", "xlsx goes to a file: --report xlsx:FILE"),
        );
        return exit::USAGE;
    }
    let style = terminal.result_style();
    let (text, kept) = thread::scope(|scope| {
        let kept = to_record.map(|path| {
            scope.spawn(move || {
                let json = json::render(record).map_err(Unkept::Unrendered)?;
                keep_whole(path, json.as_bytes(), key).map_err(|(path, error)| Unkept::Unwritten(path, error))
            })
        });
        let text = drawn(record, format, fail_on, style, terminal);
        let joined = |kept: ScopedJoinHandle<'_, _>| kept.join().unwrap_or_else(|panic| resume_unwind(panic));
        (text, kept.map_or(Ok(()), joined))
    });
    let delivered = text.and_then(|text| {
        terminal.result(&String::from_utf8_lossy(&text));
        kept.map_err(|why| match why {
            Unkept::Unrendered(error) => fault(&error, terminal),
            Unkept::Unwritten(path, error) => unwritten(&path, &error, terminal),
        })?;
        for (format, path) in files {
            let text = drawn(record, format, fail_on, Style::Plain, terminal)?;
            write(path, &text, terminal)?;
        }
        args.annotate.iter().try_for_each(|arg| annotate::run(record, arg, args.suite.suite.as_path(), terminal))
    });
    match delivered {
        Ok(()) => report::outcome(record, fail_on).exit_code(),
        Err(code) => code,
    }
}

/// A record in one of the formats: UTF-8 text, but for workbooks.
fn drawn(record: &Record, format: Format, fail_on: Kind, style: Style, terminal: &mut Terminal) -> Result<Vec<u8>, u8> {
    let lang = terminal.lang();
    match format {
        Format::Text => {
            let options = text::Options { lang, width: terminal.width(), style, fail_on };
            Ok(text::render(record, &options).into_bytes())
        }
        Format::Html => Ok(html::run(record, &html::Options { lang, fail_on }).into_bytes()),
        Format::Md => Ok(markdown::render(record, fail_on, lang).into_bytes()),
        Format::Json => json::render(record).map(String::into_bytes).map_err(|error| fault(&error, terminal)),
        Format::Junit => Ok(junit::render(record, fail_on, lang).into_bytes()),
        Format::Sarif => {
            json::render(&sarif::render(record, lang)).map(String::into_bytes).map_err(|error| fault(&error, terminal))
        }
        Format::Oscal => oscal::render(record, fail_on, lang)
            .and_then(|report| json::render(&report))
            .map(String::into_bytes)
            .map_err(|error| fault(&error, terminal)),
        Format::Xlsx => xlsx::render(record, fail_on, lang).map_err(|error| fault(&error, terminal)),
    }
}

/// A report that could not be made, which no record should bring about.
pub fn fault(error: &dyn std::error::Error, terminal: &mut Terminal) -> u8 {
    terminal.complain(&error.to_string());
    exit::INTERNAL
}
