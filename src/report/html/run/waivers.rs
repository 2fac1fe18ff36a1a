//! The waivers in force: what they waive, why, by whom and until when; then those that waive nothing, and why.

use crate::base::Lang;
use crate::quantity::parse_date;
use crate::report::html::{escape, put, tag};
use crate::report::record::{Finding, Record, Remark, Rule, Verdict, Waiver};
use crate::report::words::{self, pick};

use super::place;

/// Cases that are named of one waiver.
const CASES: usize = 8;

pub(super) fn write(body: &mut String, record: &Record, lang: Lang) {
    let idle: Vec<&Remark> = record.remarks.iter().filter(|remark| record.is_about_waivers(remark)).collect();
    let mut waivers: Vec<(&Rule, &Waiver, Vec<&Finding>)> = Vec::new();
    for rule in &record.rules {
        for finding in &rule.findings {
            let Some(waiver) = &finding.waiver else { continue };
            match waivers.iter_mut().find(|(known, other, _)| known.id == rule.id && *other == waiver) {
                Some((_, _, cases)) => cases.push(finding),
                None => waivers.push((rule, waiver, vec![finding])),
            }
        }
    }
    let waived = record.summary.cases.waived;
    if waivers.is_empty() && idle.is_empty() && waived == 0 {
        return;
    }
    let heading = match lang {
        Lang::Zh => format!("有效的豁免（{} 项）", waivers.len()),
        Lang::En => format!("Waivers in force ({})", waivers.len()),
    };
    put(body, format_args!("<h2 id=\"waivers\">{heading}</h2>\n"));
    if !waivers.is_empty() {
        table(body, record, &waivers, lang);
    }
    let listed: u64 = waivers.iter().map(|(_, _, cases)| cases.len() as u64).sum();
    if waived > listed {
        let text = match lang {
            Lang::Zh => format!("另有 {} 个豁免的个案没有列入记录（--max-findings 可调整）", waived - listed),
            Lang::En => format!("{} more waived cases are not in the record (see --max-findings)", waived - listed),
        };
        put(body, format_args!("<p class=\"dim\">{text}</p>\n"));
    }
    if !idle.is_empty() {
        let heading = pick(lang, "没有起作用的豁免", "Waivers that waive nothing");
        put(body, format_args!("<h3>{heading}</h3>\n<ul>\n"));
        idle.iter().for_each(|remark| super::remark(body, remark, lang));
        body.push_str("</ul>\n");
    }
}

fn table(body: &mut String, record: &Record, waivers: &[(&Rule, &Waiver, Vec<&Finding>)], lang: Lang) {
    body.push_str("<div class=\"scroll\"><table><thead><tr>");
    let headings = [
        pick(lang, "规则", "Rule"),
        pick(lang, "范围", "Scope"),
        pick(lang, "若无豁免", "Without it"),
        pick(lang, "理由", "Reason"),
        pick(lang, "批准", "Approved"),
        pick(lang, "失效", "Expires"),
        pick(lang, "依据", "Document"),
    ];
    headings.iter().for_each(|heading| put(body, format_args!("<th>{heading}</th>")));
    body.push_str("</tr></thead><tbody>\n");
    for (rule, waiver, cases) in waivers {
        let mut scopes: Vec<String> = cases.iter().take(CASES).map(|case| escape(&scope(case, lang))).collect();
        if cases.len() > CASES {
            scopes.push(match lang {
                Lang::Zh => format!("等 {} 个个案", cases.len()),
                Lang::En => format!("and others, {} cases in all", cases.len()),
            });
        }
        let without = cases.first().and_then(|case| case.would_be).unwrap_or(Verdict::Fail);
        let document = waiver.document.as_ref().map(|document| escape(document));
        let stands = waiver.source.as_ref().map(|source| format!("<span class=\"dim\">{}</span>", place(source, lang)));
        let id = escape(&rule.id);
        put(
            body,
            format_args!(
                "<tr><td><a href=\"#r-{id}\">{id}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}<br>{}</td><td>{}<br>\
                 <span class=\"dim\">{}</span></td><td>{}</td></tr>\n",
                scopes.join("<br>"),
                tag(without, lang),
                escape(&waiver.reason),
                escape(&waiver.approver),
                escape(&waiver.approved),
                escape(&waiver.expires),
                left(waiver, &record.as_of, lang),
                document.into_iter().chain(stands).collect::<Vec<_>>().join("<br>"),
            ),
        );
    }
    body.push_str("</tbody></table></div>\n");
}

/// `湖南路街道，2021`
fn scope(case: &Finding, lang: Lang) -> String {
    let parts: Vec<&str> = case.scope.values().map(String::as_str).chain([case.period.as_str()]).collect();
    parts.join(pick(lang, "，", ", "))
}

/// For how long it is still in force, on the day of judging.
fn left(waiver: &Waiver, as_of: &str, lang: Lang) -> String {
    let days = parse_date(as_of).zip(parse_date(&waiver.expires)).and_then(|(from, to)| from.until(to).ok());
    match (days.map(|days| days.get_days()), lang) {
        (Some(days), Lang::Zh) if days >= 0 => format!("尚余 {days} 天"),
        (Some(days), Lang::En) if days >= 0 => format!("{days} days left"),
        _ => escape(words::verdict(Verdict::Waived, lang)),
    }
}
