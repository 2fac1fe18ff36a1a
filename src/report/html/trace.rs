//! A [`Trace`] and the document it was held against in, one HTML page out: the document with every clause in its verdict's
//! colour and every unregistered figure marked, then the register with its rules. No scripts, nothing from the network.

use crate::base::Lang;

use super::{class, escape, page, put, tag};
use crate::report::record::Verdict;
use crate::report::sort_key;
use crate::report::tracing::{Annotated, Commitment, Row, Segment, Trace};
use crate::report::words::{self, pick};

const STYLE: &str = "\
.doc p{margin:.7rem 0;padding-inline-start:3.2rem;position:relative}
.doc .l{position:absolute;inset-inline-start:0;width:2.4rem;text-align:end;color:var(--dim);font-size:.8rem;\
font-variant-numeric:tabular-nums}
.doc a{color:inherit;text-decoration:none;border-radius:.15em;border-bottom:2px solid rgb(128 128 128/.45)}
.doc a:hover{outline:1px solid var(--link)}
.doc a.rule{background:var(--rule)}.doc a.norule{border-bottom-style:dashed;background:none}
.doc mark{background:var(--gap);color:inherit;border-radius:.15em;outline:1px dotted var(--dim)}
.legend span,.legend mark{margin-inline-end:.6em}.legend mark{background:var(--gap);color:inherit;padding:0 .45em}
.rule{background:var(--rule)}
";

/// The page.
pub fn render(trace: &Trace, annotated: Option<&Annotated>, lang: Lang) -> String {
    let mut body = String::new();
    let titles: Vec<&str> = trace.suites.iter().map(|suite| suite.title.as_str()).collect();
    let title = format!("{}{}", pick(lang, "承诺核对：", "Trace: "), titles.join(pick(lang, "；", "; ")));
    put(&mut body, format_args!("<h1>{}</h1>\n", escape(&title)));
    summary(&mut body, trace, lang);
    open(&mut body, trace, lang);
    if let Some(annotated) = annotated {
        document(&mut body, trace, annotated, lang);
    }
    register(&mut body, trace, lang);
    page(lang, &title, STYLE, &body)
}

fn summary(body: &mut String, trace: &Trace, lang: Lang) {
    let Row { commitments, covered, tested, .. } = &trace.total;
    let line = match lang {
        Lang::Zh => format!("{commitments} 条承诺：{covered} 条有规则，{tested} 条有测试。"),
        Lang::En => format!("{commitments} commitments: {covered} covered by a rule, {tested} tested."),
    };
    put(body, format_args!("<p class=\"big\">{line}</p>\n"));
    let counted = words::VERDICTS.iter().map(|verdict| {
        let count = trace.commitments.iter().filter(|commitment| commitment.verdict == Some(*verdict)).count();
        (*verdict, count)
    });
    let tags: Vec<String> = counted
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{} {count}", tag(verdict, lang)))
        .collect();
    if !tags.is_empty() {
        put(body, format_args!("<p>{}</p>\n", tags.join(" ")));
    }
    for record in &trace.records {
        let note =
            if record.same_rules { "" } else { pick(lang, "；规则已有改动", "; the rules changed since") };
        let text = match lang {
            Lang::Zh => format!(
                "结论取自 {}（{}，期间 {}，评判时点 {}{note}）",
                record.path, record.suite, record.period, record.as_of
            ),
            Lang::En => format!(
                "Verdicts from {} ({}, period {}, as of {}{note})",
                record.path, record.suite, record.period, record.as_of
            ),
        };
        put(body, format_args!("<p class=\"dim\">{}</p>\n", escape(&text)));
    }
    for (heading, rows) in [
        (pick(lang, "按组", "Group"), &trace.groups),
        (pick(lang, "按核对方式", "What it takes to check"), &trace.checks),
    ] {
        if rows.is_empty() {
            continue;
        }
        put(
            body,
            format_args!(
                "<div class=\"scroll\"><table><thead><tr><th>{heading}</th><th class=\"n\">{}</th><th class=\"n\">{}</th>\
                 <th class=\"n\">{}</th></tr></thead><tbody>\n",
                pick(lang, "承诺", "Commitments"),
                pick(lang, "有规则", "Covered"),
                pick(lang, "有测试", "Tested")
            ),
        );
        for row in rows {
            put(
                body,
                format_args!(
                    "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                    escape(&row.name),
                    row.commitments,
                    row.covered,
                    row.tested
                ),
            );
        }
        body.push_str("</tbody></table></div>\n");
    }
}

/// What is not as it should be: commitments without a rule, clauses that are not there or elsewhere.
fn open(body: &mut String, trace: &Trace, lang: Lang) {
    let without: Vec<&str> =
        trace.commitments.iter().filter(|c| !c.covered()).map(|commitment| commitment.id.as_str()).collect();
    let mut list = |heading: &str, ids: &[&str]| {
        if !ids.is_empty() {
            put(body, format_args!("<h2>{heading}</h2>\n<p>{}</p>\n", links(ids)));
        }
    };
    list(pick(lang, "没有规则的承诺", "Commitments without a rule"), &without);
    if let Some(document) = &trace.document {
        let absent: Vec<&str> = document.absent.iter().map(String::as_str).collect();
        list(pick(lang, "文件里找不到的原文", "Clauses that do not stand in the document"), &absent);
        let elsewhere: Vec<&str> = document.elsewhere.iter().map(|moved| moved.id.as_str()).collect();
        list(pick(lang, "行号与登记不符的原文", "Clauses on another line than the register states"), &elsewhere);
    }
}

fn links(ids: &[&str]) -> String {
    let links: Vec<String> = ids.iter().map(|id| format!("<a href=\"#{0}\">{0}</a>", escape(id))).collect();
    links.join(" ")
}

fn document(body: &mut String, trace: &Trace, annotated: &Annotated, lang: Lang) {
    put(body, format_args!("<h2>{}</h2>\n", pick(lang, "文件原文", "The document")));
    legend(body, trace, lang);
    body.push_str("<div class=\"doc\">\n");
    for (line, segments) in (1..).zip(&annotated.lines) {
        if segments.iter().all(|segment| segment.text.trim().is_empty()) {
            continue;
        }
        put(body, format_args!("<p id=\"L{line}\"><span class=\"l\">{line}</span>"));
        for part in segments {
            segment(body, trace, part, lang);
        }
        body.push_str("</p>\n");
    }
    body.push_str("</div>\n");
}

fn legend(body: &mut String, trace: &Trace, lang: Lang) {
    let mut used: Vec<Verdict> = trace.commitments.iter().filter_map(|commitment| commitment.verdict).collect();
    used.sort_by_key(|verdict| std::cmp::Reverse(sort_key(*verdict)));
    used.dedup();
    let mut tags: Vec<String> = used.into_iter().map(|verdict| tag(verdict, lang)).collect();
    if trace.commitments.iter().any(|commitment| commitment.covered() && commitment.verdict.is_none()) {
        let text = pick(lang, "有规则，未评判", "covered, not judged");
        tags.push(format!("<span class=\"tag rule\">{text}</span>"));
    }
    if let Some(document) = trace.document.as_ref().filter(|document| !document.figures_uncovered.is_empty()) {
        let text = match lang {
            Lang::Zh => format!("未登记的数字（{} 处）", document.figures_uncovered.len()),
            Lang::En => format!("figures in no clause ({})", document.figures_uncovered.len()),
        };
        tags.push(format!("<mark>{text}</mark>"));
    }
    put(body, format_args!("<p class=\"legend\">{}</p>\n", tags.join(" ")));
}

fn segment(body: &mut String, trace: &Trace, segment: &Segment, lang: Lang) {
    let text = escape(&segment.text);
    let commitments: Vec<&Commitment> =
        segment.commitments.iter().filter_map(|at| trace.commitments.get(*at)).collect();
    let Some(first) = worst(&commitments) else {
        let text = if segment.uncovered { format!("<mark>{text}</mark>") } else { text };
        body.push_str(&text);
        return;
    };
    let class = match first.verdict {
        Some(verdict) => class(verdict),
        None if first.covered() => "rule",
        None => "norule",
    };
    let told: Vec<String> = commitments
        .iter()
        .map(|commitment| {
            let verdict = commitment.verdict.map(|verdict| words::verdict(verdict, lang));
            let uncovered = pick(lang, "没有规则", "no rule");
            let state = verdict.unwrap_or(if commitment.covered() { "" } else { uncovered });
            format!("{} {state}", commitment.id).trim_end().to_owned()
        })
        .collect();
    put(
        body,
        format_args!(
            "<a class=\"{class}\" href=\"#{}\" title=\"{}\">{text}</a>",
            escape(&first.id),
            escape(&told.join(pick(lang, "；", "; ")))
        ),
    );
}

/// The commitment that gives a stretch its colour: without a rule, else of the worst verdict, else not judged.
fn worst<'a>(commitments: &[&'a Commitment]) -> Option<&'a Commitment> {
    let weight = |commitment: &Commitment| match commitment.verdict {
        _ if !commitment.covered() => u8::MAX,
        Some(verdict) => sort_key(verdict) + 1,
        None => 0,
    };
    commitments.iter().rev().max_by_key(|commitment| weight(commitment)).copied()
}

fn register(body: &mut String, trace: &Trace, lang: Lang) {
    put(
        body,
        format_args!(
            "<h2>{}</h2>\n<div class=\"scroll\"><table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th class=\"n\">{}</th>\
             <th>{}</th></tr></thead><tbody>\n",
            pick(lang, "登记表", "The register"),
            pick(lang, "编号", "Id"),
            pick(lang, "原文", "Clause"),
            pick(lang, "规则", "Rules"),
            pick(lang, "测试", "Tests"),
            pick(lang, "结论", "Verdict")
        ),
    );
    for commitment in &trace.commitments {
        let line = commitment.line.map_or(String::new(), |line| {
            let text = match lang {
                Lang::Zh => format!("第 {line} 行"),
                Lang::En => format!("line {line}"),
            };
            let text = match trace.document {
                Some(_) => format!("<a href=\"#L{line}\">{text}</a>"),
                None => text,
            };
            format!(" <span class=\"dim nowrap\">{text}</span>")
        });
        let rules: Vec<String> = commitment
            .rules
            .iter()
            .map(|rule| {
                let kind = words::kind(rule.kind, lang);
                let title = if rule.title == rule.rule { String::new() } else { format!(" {}", escape(&rule.title)) };
                format!("{}{title} <span class=\"dim\">{kind}</span>", escape(&rule.rule))
            })
            .collect();
        let without = pick(lang, "没有规则", "no rule");
        let rules = if rules.is_empty() { format!("<em>{without}</em>") } else { rules.join("<br>") };
        let tests: usize = commitment.rules.iter().map(|rule| rule.tests.len()).sum();
        put(
            body,
            format_args!(
                "<tr id=\"{id}\"><td class=\"nowrap\">{id}</td><td>{}{line}</td><td>{rules}</td><td class=\"n\">{tests}</td>\
                 <td>{}</td></tr>\n",
                escape(&commitment.clause),
                commitment.verdict.map_or(String::new(), |verdict| tag(verdict, lang)),
                id = escape(&commitment.id),
            ),
        );
    }
    body.push_str("</tbody></table></div>\n");
}
