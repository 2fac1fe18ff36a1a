//! `verify`: a record against what it was made from.

use std::path::{Path, PathBuf};

use crate::base::{Lang, plural};
use crate::pipeline::{
    Asked, Difference, Kept, Parsed, PublicKey, Sealed, Stopped, Verified, beside, changed_files, find_submissions,
    kept_from, unreadable,
};
use crate::report::diagnostics;
use crate::report::layout::{clean, wrap};

use super::run::{DataArg, sources};
use super::terminal::Terminal;
use super::{exit, stopped};

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_name = "RECORD")]
    kept: PathBuf,
    #[arg(long = "suite", value_name = "DIR", required_unless_present = "key")]
    rules: Option<PathBuf>,
    #[arg(long, value_name = "NAME=FILE|DIR", value_parser = super::run::data, requires = "rules")]
    data: Vec<DataArg>,
    #[arg(id = "submitted", long = "submission", value_name = "DIR|FILE", conflicts_with = "data", requires = "rules")]
    submitted: Vec<PathBuf>,
    #[arg(long, value_name = "PATTERN", num_args = 1.., conflicts_with = "data", requires = "rules")]
    submissions: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "rules")]
    standards: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "rules")]
    waivers: Vec<PathBuf>,
    #[arg(long, requires = "rules")]
    moved: bool,
    #[arg(long, value_name = "PUBKEY")]
    key: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let bytes = match std::fs::read(&args.kept) {
        Ok(bytes) => bytes,
        Err(error) => {
            let drawing = terminal.drawing(&args.kept);
            let problem = unreadable(&args.kept, &error);
            terminal.error(&diagnostics::render(&[*problem], &Default::default(), &drawing));
            return exit::USAGE;
        }
    };
    let sealed = match &args.key {
        Some(path) => match PublicKey::load(path) {
            Ok(key) => Some(seal(&args.kept, &bytes, &key, terminal)),
            Err(reason) => return stopped(&reason, path, terminal),
        },
        None => None,
    };
    let told = match sealed.unwrap_or(Ok(String::new())) {
        Ok(told) => told,
        Err(told) => {
            terminal.result(&told);
            // That the record is not what was signed is the end of it; what differs is told all the same.
            if let Some(folder) = &args.rules {
                rerun(args, folder, &bytes, terminal);
            }
            return exit::DIFFERENT;
        }
    };
    terminal.result(&told);
    match &args.rules {
        Some(folder) => rerun(args, folder, &bytes, terminal),
        None => exit::OK,
    }
}

/// Holds a record against its signature: what there is to say, as an error if the signature does not hold.
fn seal(path: &Path, bytes: &[u8], key: &PublicKey, terminal: &Terminal) -> Result<String, String> {
    let file = beside(path);
    let signature = match std::fs::read(&file) {
        Ok(signature) => Some(signature),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        // What cannot be read does not hold.
        Err(_) => Some(Vec::new()),
    };
    let (shown, print) = (clean(&file.to_string_lossy()), key.fingerprint());
    let pick = |zh: String, en: String| terminal.pick(&zh, &en).to_owned() + "\n";
    match key.verify(bytes, signature.as_deref()) {
        Sealed::Holds => Ok(pick(
            format!("签名有效：记录自签名以来没有改动（公钥指纹 {print}）。"),
            format!("The signature holds: the record is as it was signed (fingerprint of the key: {print})."),
        )),
        Sealed::Unsigned => Err(pick(
            format!("没有签名：找不到 `{shown}`。"),
            format!("The record is not signed: there is no `{shown}`."),
        )),
        Sealed::NoSignature => Err(pick(
            format!("签名无效：`{shown}` 不是签名，或者读不出。"),
            format!("The signature does not hold: `{shown}` is no signature, or cannot be read."),
        )),
        Sealed::Broken => Err(pick(
            format!("签名无效：记录或签名 `{shown}` 改动过，或者不是用这把密钥签的（公钥指纹 {print}）。"),
            format!(
                "The signature does not hold: the record or its signature `{shown}` was changed, or it was signed with another \
                 key (fingerprint of this one: {print})."
            ),
        )),
    }
}

/// Judges what a record was made from again, and compares.
fn rerun(args: &Args, folder: &Path, bytes: &[u8], terminal: &mut Terminal) -> u8 {
    let kept = match kept_from(&args.kept, bytes) {
        Ok((_, kept)) => kept,
        Err(problem) => {
            // A record that is there and cannot be read is not what it was.
            let drawing = terminal.drawing(folder);
            terminal.error(&diagnostics::render(&[*problem], &Default::default(), &drawing));
            return exit::DIFFERENT;
        }
    };
    if matches!(kept, Kept::Many(_)) && !args.data.is_empty() {
        terminal.complain(terminal.pick(
            "这是多份报送的汇总记录：用 --submissions '报送/*' 写明是哪些报送",
            "this is the record of many submissions: name them with --submissions 'inbox/*'",
        ));
        return exit::USAGE;
    }
    match verified(args, folder, (&kept, bytes), terminal) {
        Ok(verified) => {
            let code = tell(&verified, terminal);
            terminal.result(&asked(&kept, terminal.lang()));
            if code == exit::OK && kept.stamp().is_some() && args.key.is_none() {
                terminal.result(terminal.pick(
                    "记录里的制作时间不能重算，只有签名（--key）能够核验。\n",
                    "The time of the clock in the record cannot be had again: only a signature (--key) vouches for it.\n",
                ));
            }
            code
        }
        Err(reason) => {
            let code = stopped(&reason, folder, terminal);
            // What cannot be used any more may be so because it is not what it was.
            let differences = changed_files(folder, &kept);
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
    folder: &Path,
    (kept, bytes): (&Kept, &[u8]),
    terminal: &mut Terminal,
) -> Result<Verified, Box<Stopped>> {
    let checked = Parsed::load(folder)?.check()?;
    let submissions = find_submissions(&args.submitted, &args.submissions)?;
    let verified = match kept {
        Kept::One(record) => {
            let mut sources = sources(&args.data)?;
            sources.folders.extend(submissions.into_iter().map(|submitted| submitted.path));
            checked.verify(record, bytes, &sources, &args.standards, &args.waivers, args.moved)?
        }
        Kept::Many(runs) => {
            let outside = checked.outside(&args.standards, &args.waivers)?;
            let bar = terminal.progress(submissions.len());
            let progress = &mut |done| bar.set_position(done as u64);
            let kept = (&**runs, bytes);
            let verified =
                checked.verify_many(kept, &submissions, &outside, args.moved, crate::base::cores(), progress);
            bar.finish_and_clear();
            verified?
        }
    };
    let drawing = terminal.drawing(folder);
    terminal.error(&diagnostics::render(&verified.diagnostics, checked.sources(), &drawing));
    Ok(verified)
}

/// What the run was asked for, which is the record's own word: its hash tells changes, and only a signature vouches for it.
fn asked(kept: &Kept, lang: Lang) -> String {
    let Asked { period, as_of, select, max_findings, passes, hashed } = kept.asked();
    let rules = match (select.is_empty(), lang) {
        (true, Lang::Zh) => "全部规则".to_owned(),
        (true, Lang::En) => "all rules".to_owned(),
        (false, Lang::Zh) => format!("规则 {}", select.join("、")),
        (false, Lang::En) => format!("rules {}", select.join(", ")),
    };
    let many = matches!(kept, Kept::Many(_));
    let said = match lang {
        Lang::Zh => format!(
            "运行的要求，以记录自己所写为准：期间 {period}，评判时点 {as_of}，{rules}，每{}最多列出 {max_findings} 个个案，{}合格和不适用的。",
            if many { "份报送" } else { "条规则" },
            if passes { "另列" } else { "不列" },
        ),
        Lang::En => format!(
            "What was asked of the run, by the record's own word: period {period}, as of {as_of}, {rules}, at most {} \
             of each {}, {} that pass or are not applicable.",
            plural(max_findings, "case"),
            if many { "submission" } else { "rule" },
            if passes { "and besides those" } else { "without those" },
        ),
    };
    let unheld = match lang {
        Lang::Zh => "\n这份记录没有这些要求的校验值（旧版本的记录，或者被删去）：要求改动过也看不出来。",
        Lang::En => {
            "\nThe record holds no hash of this (it is of an older version, or the hash was deleted): a change of it would not show."
        }
    };
    clean(&said) + if hashed { "" } else { unheld } + "\n"
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
            _ if recorded.is_none() && now.is_none() => what.get(lang).to_owned(),
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
