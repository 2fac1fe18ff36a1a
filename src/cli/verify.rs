//! `verify`: a record against what it was made from.

use std::path::PathBuf;

use crate::base::Lang;
use crate::data::DataSources;
use crate::pipeline::{Difference, Parsed, Stopped, Verified, changed_files, find_submissions, read_record};
use crate::report::diagnostics;
use crate::report::layout::{clean, wrap};

use super::run::{DataArg, sources};
use super::terminal::Terminal;
use super::{exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_name = "RECORD")]
    kept: PathBuf,
    #[arg(long = "suite", value_name = "DIR", required = true)]
    rules: PathBuf,
    #[arg(long, value_name = "NAME=FILE|DIR", value_parser = super::run::data)]
    data: Vec<DataArg>,
    #[arg(id = "submitted", long = "submission", value_name = "DIR|FILE", conflicts_with = "data")]
    submitted: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    standards: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    waivers: Vec<PathBuf>,
    #[arg(long)]
    moved: bool,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let folder = args.rules.as_path();
    let (_, record) = match read_record(&args.kept) {
        Ok(record) => record,
        Err(problem) => {
            // A record that is there and cannot be read is not what it was.
            let there = args.kept.is_file();
            let drawing = terminal.drawing(folder);
            terminal.error(&diagnostics::render(&[*problem], &Default::default(), &drawing));
            return if there { exit::DIFFERENT } else { exit::USAGE };
        }
    };
    match verified(args, &record, terminal) {
        Ok(verified) => tell(&verified, terminal),
        Err(reason) => {
            let code = stopped(&reason, folder, terminal);
            // What cannot be used any more may be so because it is not what it was.
            let differences = changed_files(folder, &record);
            if differences.is_empty() {
                return code;
            }
            let count = differences.len();
            tell(&Verified { differences, count, diagnostics: Vec::new() }, terminal)
        }
    }
}

fn verified(
    args: &Args,
    record: &crate::report::record::Record,
    terminal: &mut Terminal,
) -> Result<Verified, Box<Stopped>> {
    let checked = Parsed::load(&args.rules)?.check()?;
    let sources = match &args.submitted {
        Some(path) => {
            let found = find_submissions(std::slice::from_ref(path), &[])?;
            DataSources { folders: found.into_iter().map(|submitted| submitted.path).collect(), named: Vec::new() }
        }
        None => sources(&args.data)?,
    };
    let text = std::fs::read_to_string(&args.kept).unwrap_or_default();
    let verified = checked.verify(record, &text, &sources, &args.standards, &args.waivers, args.moved)?;
    let drawing = terminal.drawing(&args.rules);
    terminal.error(&diagnostics::render(&verified.diagnostics, checked.sources(), &drawing));
    Ok(verified)
}

fn tell(verified: &Verified, terminal: &mut Terminal) -> u8 {
    let lang = terminal.lang();
    if verified.differences.is_empty() {
        terminal.result(terminal.pick(
            "一致：规则、数据、标准、豁免的哈希值与记录相同，重新评判的结果也相同。\n",
            "The record holds: rules, data, standards and waivers have the recorded hashes, and judging them again gives the \
             same.\n",
        ));
        return exit::OK;
    }
    let mut text = match lang {
        Lang::Zh => format!("不一致，共 {} 处：\n", verified.count),
        Lang::En => format!("The record does not hold; differences: {}\n", verified.count),
    };
    for Difference { pointer, what, recorded, now } in &verified.differences {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        let line = match lang {
            Lang::Zh => format!("{}：记录为 {}，现在是 {}（{pointer}）", what.zh, value(recorded), value(now)),
            Lang::En => format!("{}: recorded {}, now {} ({pointer})", what.en, value(recorded), value(now)),
        };
        for line in wrap(&clean(&line), terminal.width().saturating_sub(2)) {
            text.push_str(&format!("  {line}\n"));
        }
    }
    terminal.result(&text);
    exit::DIFFERENT
}
