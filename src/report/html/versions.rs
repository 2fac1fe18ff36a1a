//! Two suites compared in, one page out: how many rules changed how, and each that is not the same.

use crate::base::Lang;
use crate::report::text::versions::{change, heading, said, sentence, setting, settings_heading, side};
use crate::report::versions::{CHANGES, Change, RuleVersions, Versions};
use crate::report::words::pick;

use super::{escape, page, put};

/// The page.
pub fn render(versions: &Versions, lang: Lang) -> String {
    let name = if versions.new.title.is_empty() { &versions.new.suite } else { &versions.new.title };
    let title = match lang {
        Lang::Zh => format!("规则的变化：{name}"),
        Lang::En => format!("How the rules changed: {name}"),
    };
    let mut body = String::new();
    put(&mut body, format_args!("<h1>{}</h1>\n<ul class=\"dim\">\n", escape(&title)));
    for (label, one) in [(pick(lang, "原", "Old"), &versions.old), (pick(lang, "新", "New"), &versions.new)] {
        put(
            &mut body,
            format_args!(
                "<li>{label} {}<br><code class=\"hash\">SHA-256 {}</code></li>\n",
                escape(&side(one, lang)),
                escape(&one.sha256)
            ),
        );
    }
    put(&mut body, format_args!("</ul>\n<p class=\"big\">{}</p>\n", escape(&sentence(versions, lang))));
    if !versions.settings.is_empty() {
        put(&mut body, format_args!("<h2>{}</h2>\n<ul>\n", settings_heading(lang)));
        for one in &versions.settings {
            put(&mut body, format_args!("<li>{}</li>\n", escape(&setting(one, lang))));
        }
        body.push_str("</ul>\n");
    }
    for kind in CHANGES {
        let rules: Vec<&RuleVersions> = versions.rules.iter().filter(|rule| rule.change == kind).collect();
        if !rules.is_empty() {
            put(&mut body, format_args!("<h2>{}</h2>\n", escape(&heading(kind, rules.len(), lang))));
            rules.into_iter().for_each(|rule| row(&mut body, rule, lang));
        }
    }
    page(lang, &title, STYLE, &body)
}

fn row(body: &mut String, rule: &RuleVersions, lang: Lang) {
    put(
        body,
        format_args!(
            "<section class=\"rule\"><h3><span class=\"tag {}\">{}</span> <code>{}</code> {}</h3>\n<dl>\n",
            colour(rule.change),
            change(rule.change, lang),
            escape(&rule.id),
            escape(if rule.title == rule.id { "" } else { &rule.title }),
        ),
    );
    for (label, words) in said(rule, lang) {
        put(body, format_args!("<dt>{label}</dt><dd>{}</dd>\n", escape(&words)));
    }
    body.push_str("</dl></section>\n");
}

/// The class that gives a change its colour.
fn colour(change: Change) -> &'static str {
    match change {
        Change::Stricter => "pending",
        Change::Laxer => "missing",
        Change::Incomparable => "borderline",
        Change::Unclear => "error",
        Change::New => "pass",
        Change::Gone => "fail",
        Change::Same => "na",
    }
}

const STYLE: &str = "\
.rule{border-top:1px solid var(--line);padding:.4rem 0;break-inside:avoid}.rule h3{margin:.2rem 0;font-size:1rem}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .8rem;margin:.2rem 0}dt{color:var(--dim)}\
dd{margin:0;overflow-wrap:anywhere}.hash{font-size:.75rem;overflow-wrap:anywhere}\n";
