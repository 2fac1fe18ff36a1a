//! `init`: a small suite that works, to start from.

use std::path::{Path, PathBuf};

use crate::base::Lang;

use super::exit;
use super::terminal::Terminal;

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Files of the example, by the language it is in.
fn files(lang: Lang) -> [(&'static str, &'static str); 4] {
    match lang {
        Lang::Zh => [
            ("suite.toml", include_str!("init/zh/suite.toml")),
            ("公用经费.rule", include_str!("init/zh/running-costs.rule")),
            ("data/预算.csv", include_str!("init/zh/budget.csv")),
            ("data/指标.csv", include_str!("init/zh/figures.csv")),
        ],
        Lang::En => [
            ("suite.toml", include_str!("init/en/suite.toml")),
            ("running-costs.rule", include_str!("init/en/running-costs.rule")),
            ("data/budget.csv", include_str!("init/en/budget.csv")),
            ("data/indicators.csv", include_str!("init/en/figures.csv")),
        ],
    }
}

/// Runs the command.
pub fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let dir = args.dir.as_path();
    let lang = terminal.lang();
    let shown = dir.display();
    if let Some(text) = occupied(dir, lang) {
        terminal.complain(&text);
        return exit::USAGE;
    }
    for (name, text) in files(lang) {
        if let Err(error) = write(&dir.join(name), text) {
            let text = match lang {
                Lang::Zh => format!("`{shown}/{name}` 无法写入：{error}"),
                Lang::En => format!("`{shown}/{name}` could not be written: {error}"),
            };
            terminal.complain(&text);
            return exit::USAGE;
        }
    }
    let text = match lang {
        Lang::Zh => format!(
            "已在 {shown} 建好示例套件。接下来：\n\n  duixian test {shown}\n  duixian run {shown} --data {shown}/data\n\n\
             示例数据里教育局少压减了 0.01 万元，所以运行结果是不合格（退出码 1）。\n"
        ),
        Lang::En => format!(
            "Made an example suite in {shown}. Next:\n\n  duixian test {shown}\n  duixian run {shown} --data {shown}/data\n\n\
             In the example data one department cut 0.01 万元 too little, so the run fails (exit code 1).\n"
        ),
    };
    terminal.result(&text);
    exit::OK
}

/// Why nothing can be made there, if so.
fn occupied(dir: &Path, lang: Lang) -> Option<String> {
    let shown = dir.display();
    let empty = std::fs::read_dir(dir).map(|mut entries| entries.next().is_none());
    match (dir.exists(), empty, lang) {
        (false, ..) | (true, Ok(true), _) => None,
        (true, Ok(false), Lang::Zh) => Some(format!("文件夹 `{shown}` 里已有内容，没有改动；请换一个新文件夹")),
        (true, Ok(false), Lang::En) => {
            Some(format!("folder `{shown}` is not empty; nothing was changed, name a new one"))
        }
        (true, Err(_), Lang::Zh) => Some(format!("`{shown}` 不是可以写入的文件夹")),
        (true, Err(_), Lang::En) => Some(format!("`{shown}` is not a folder that can be written to")),
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}
