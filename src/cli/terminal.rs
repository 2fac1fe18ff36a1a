//! Where output goes: results on standard output, messages on standard error, colours only where they are wanted.
//!
//! The only file that writes to either. A reader that went away (`| head`) ends the writing, not the program.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::base::Lang;
use crate::report::diagnostics::Drawing;
use crate::report::words::pick;
use crate::report::{Style, layout};

use super::exit;

/// Columns of a line where nothing says how many there are.
const WIDTH: usize = 100;

/// Standard output and standard error.
pub struct Terminal {
    lang: Lang,
    lost: Option<io::Error>,
    gone: bool,
}

impl Terminal {
    /// The process's own.
    pub fn new(lang: Lang) -> Self {
        Terminal { lang, lost: None, gone: false }
    }

    /// The language to speak.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// One of two texts.
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        pick(self.lang, zh, en)
    }

    /// Writes a result.
    pub fn result(&mut self, text: &str) {
        if self.gone {
            return;
        }
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            self.gone = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.lost = Some(error);
            }
        }
    }

    /// Writes a message.
    pub fn error(&mut self, text: &str) {
        // When messages cannot be written there is nobody left to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Writes a message of one paragraph, led by 错误 or `error`.
    pub fn complain(&mut self, text: &str) {
        let label = self.message_style().red(self.pick("错误：", "error: "));
        let text = format!("{label}{}\n", layout::clean(text));
        self.error(&text);
    }

    /// How far something is, how fast, and how long it will take; nothing where standard error is no terminal.
    pub fn progress(&self, count: usize) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::stderr());
        let template = self.pick(
            "{bar:30} {pos}/{len} 份，每秒 {rate} 份，还需 {eta}",
            "{bar:30} {pos}/{len} submissions, {rate} a second, {eta} left",
        );
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.0}", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    /// How results are painted.
    pub fn result_style(&self) -> Style {
        style(io::stdout().is_terminal())
    }

    /// How messages are painted.
    pub fn message_style(&self) -> Style {
        style(io::stderr().is_terminal())
    }

    /// Columns of a line: what `COLUMNS` says, or the terminal, or 100.
    pub fn width(&self) -> usize {
        let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
        let has = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        said.or_else(has).unwrap_or(WIDTH).clamp(40, 200)
    }

    /// How diagnostics about the suite in a folder are drawn.
    pub fn drawing(&self, folder: &Path) -> Drawing {
        Drawing {
            lang: self.lang,
            width: self.width(),
            style: self.message_style(),
            folder: if folder == Path::new(".") { String::new() } else { folder.to_string_lossy().replace('\\', "/") },
        }
    }

    /// The exit code, unless results were lost.
    pub fn finish(mut self, code: u8) -> u8 {
        match self.lost.take() {
            Some(error) => {
                let text = match self.lang {
                    Lang::Zh => format!("结果无法写出：{error}"),
                    Lang::En => format!("the result could not be written: {error}"),
                };
                self.complain(&text);
                exit::USAGE
            }
            None => code,
        }
    }
}

fn style(terminal: bool) -> Style {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if terminal && !set("NO_COLOR") && !dumb { Style::Colour } else { Style::Plain }
}

/// Says that a panic is our fault, in both languages, with what helps to find it.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        let payload = panic.payload();
        let cause = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        let _ = writeln!(
            io::stderr().lock(),
            "内部错误：这是程序的缺陷，不是您的规则或数据有误。请连同下面一行和所用命令一起报告。\n\
             internal error: this is a fault of the program, not of your rules or data. Please report it with the line\n\
             below and the command that you ran.\n  duixian {version}, {place}: {cause}"
        );
    }));
}
