//! A [`Diff`] in, one page out: what differs between the runs, and each rule that came out otherwise.

use crate::base::Lang;
use crate::report::diff::Diff;
use crate::report::record::Verdict;
use crate::report::text::diff::reason;
use crate::report::words::pick;

use super::{escape, page, put, tag};

/// The page.
pub fn render(diff: &Diff, lang: Lang) -> String {
    let title = match lang {
        Lang::Zh => format!("两次运行的比较：{}", diff.new.suite),
        Lang::En => format!("Two runs compared: {}", diff.new.suite),
    };
    let mut body = String::new();
    put(&mut body, format_args!("<h1>{}</h1>\n<ul class=\"dim\">\n", escape(&title)));
    for (label, side) in [(pick(lang, "原", "Old"), &diff.old), (pick(lang, "新", "New"), &diff.new)] {
        let text = match lang {
            Lang::Zh => format!("{label}：{}，期间 {}，评判时点 {}", side.path, side.period, side.as_of),
            Lang::En => format!("{label}: {}, period {}, as of {}", side.path, side.period, side.as_of),
        };
        put(&mut body, format_args!("<li>{}</li>\n", escape(&text)));
    }
    body.push_str("</ul>\n");
    let summary = match lang {
        _ if diff.is_empty() => {
            pick(lang, "两次运行依据相同，结论相同。", "The two runs rest on the same and come out the same.")
                .to_owned()
        }
        Lang::Zh => format!("{} 条规则有变化，{} 条没有。", diff.rules.len(), diff.same),
        Lang::En => format!("{} rules came out otherwise, {} the same.", diff.rules.len(), diff.same),
    };
    put(&mut body, format_args!("<p class=\"big\">{summary}</p>\n"));
    if !diff.causes.is_empty() {
        put(
            &mut body,
            format_args!(
                "<h2>{}</h2>\n<table><tbody>\n",
                pick(lang, "两次运行的不同", "What differs between the runs")
            ),
        );
        for cause in &diff.causes {
            put(
                &mut body,
                format_args!(
                    "<tr><td class=\"nowrap\">{}</td><td>{}</td></tr>\n",
                    reason(cause.kind, lang),
                    escape(&cause.what)
                ),
            );
        }
        body.push_str("</tbody></table>\n");
    }
    if !diff.rules.is_empty() {
        rules(&mut body, diff, lang);
    }
    page(lang, &title, "", &body)
}

fn rules(body: &mut String, diff: &Diff, lang: Lang) {
    put(
        body,
        format_args!(
            "<h2>{}</h2>\n<div class=\"scroll\"><table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>\n",
            pick(lang, "有变化的规则", "Rules that came out otherwise"),
            pick(lang, "规则", "Rule"),
            pick(lang, "结论", "Verdict"),
            pick(lang, "原因", "Why"),
            pick(lang, "个案", "Cases"),
        ),
    );
    let shown =
        |verdict: Option<Verdict>, absent: &str| verdict.map_or(absent.to_owned(), |verdict| tag(verdict, lang));
    for rule in &diff.rules {
        let (new, gone) = (pick(lang, "新增", "new"), pick(lang, "已删去", "gone"));
        let why: Vec<&str> = rule.why.iter().map(|kind| reason(*kind, lang)).collect();
        let mut cases: Vec<String> = Vec::new();
        if let Some([old, new]) = &rule.requirement {
            cases.push(format!("{} → {}", escape(old), escape(new)));
        }
        for case in &rule.cases {
            let mut scope: Vec<&str> = case.scope.values().map(String::as_str).collect();
            scope.push(&case.period);
            let unlisted = pick(lang, "未列出", "not listed");
            let mut text = format!(
                "{} {} → {}",
                escape(&scope.join(pick(lang, "，", ", "))),
                shown(case.old, unlisted),
                shown(case.new, unlisted)
            );
            for figure in &case.figures {
                let value = |value: &Option<String>| escape(value.as_deref().unwrap_or("–"));
                text.push_str(&format!(
                    "<br><span class=\"dim\">{} {} → {}</span>",
                    escape(&figure.name),
                    value(&figure.old),
                    value(&figure.new)
                ));
            }
            cases.push(text);
        }
        put(
            body,
            format_args!(
                "<tr><td><code>{}</code> {}</td><td class=\"nowrap\">{} → {}</td><td>{}</td><td>{}</td></tr>\n",
                escape(&rule.id),
                escape(&rule.title),
                shown(rule.old, new),
                shown(rule.new, gone),
                why.join(pick(lang, "、", ", ")),
                cases.join("<br>"),
            ),
        );
    }
    body.push_str("</tbody></table></div>\n");
}
