//! HTML reports: one self-contained page each, nothing from the network. Here is what they share: text that stays text,
//! the style sheet, the frame.

mod book;
mod diff;
mod run;
mod runs;
mod trace;
mod versions;

use std::fmt::Write;

use crate::base::Lang;

use super::layout::clean;
use super::record::Verdict;
use super::words;

pub use book::{facts, render as book, sentence};
pub use diff::render as diff;
pub use run::{Options, render as run};
pub use runs::render as runs;
pub use trace::render as trace;
pub use versions::render as versions;

/// Text as HTML shows it, in an element or a quoted attribute: no part of it can become markup.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The class that gives a verdict its colour.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Missing => "missing",
        Verdict::Borderline => "borderline",
        Verdict::Pending => "pending",
        Verdict::NotApplicable => "na",
        Verdict::Waived => "waived",
        Verdict::Error => "error",
    }
}

/// Writes to the end of a page.
fn put(body: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = body.write_fmt(text);
}

/// A verdict in its colour.
fn tag(verdict: Verdict, lang: Lang) -> String {
    format!("<span class=\"tag {}\">{}</span>", class(verdict), words::verdict(verdict, lang))
}

/// A whole page. The title is text, the body HTML.
fn page(lang: Lang, title: &str, style: &str, body: &str) -> String {
    let code = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>\n{BASE}{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(title)
    )
}

/// Type, colours (light and dark), tables, and what paper needs.
const BASE: &str = "\
:root{color-scheme:light dark;--ink:#1c1f23;--dim:#5c6570;--paper:#fff;--line:#d9dde2;--soft:#f4f6f8;--link:#1a5fb4;\
--pass:#d8f0dc;--fail:#fbd5d3;--error:#f3c6ef;--missing:#fdebc2;--borderline:#fbe0b0;--pending:#dbe7f8;--waived:#e6dcf5;\
--na:#e8eaed;--rule:#e3eef9;--gap:#fff0a8}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--dim:#9aa4af;--paper:#16191d;--line:#363c44;--soft:#1f2429;\
--link:#8ab8f0;--pass:#1f4a2a;--fail:#642523;--error:#55284f;--missing:#574314;--borderline:#5c3f10;--pending:#253a58;\
--waived:#3d2f5a;--na:#33383f;--rule:#22374d;--gap:#665a00}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.7 system-ui,-apple-system,\"PingFang SC\",\
\"Microsoft YaHei\",\"Noto Sans CJK SC\",\"Source Han Sans SC\",sans-serif;text-autospace:normal}
main{max-width:68rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.5rem;line-height:1.35;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .6rem;border-bottom:1px solid \
var(--line);padding-bottom:.25rem}p{margin:.5rem 0}a{color:var(--link)}
.dim{color:var(--dim)}.big{font-size:1.25rem;font-weight:600}.nowrap{white-space:nowrap}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.5}
th,td{text-align:start;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
th{color:var(--dim);font-weight:600}td.n,th.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow-x:auto}
.tag{display:inline-block;padding:0 .45em;border-radius:.25em;background:var(--na);white-space:nowrap}
.pass{background:var(--pass)}.fail{background:var(--fail)}.error{background:var(--error)}.missing{background:var(--missing)}\
.borderline{background:var(--borderline)}.pending{background:var(--pending)}.waived{background:var(--waived)}\
.na{background:var(--na)}
:target{outline:2px solid var(--link)}
@media print{main{max-width:none;padding:0}body{font-size:10.5pt}h2{break-after:avoid}tr{break-inside:avoid}\
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escape("<script>&\"'\u{1b}\u{202e}"), "&lt;script&gt;&amp;&quot;&#39;\u{fffd}\u{fffd}");
    }
}
