//! The first screen: the outcome, counts by verdict, by kind and by section of the document, and where cases crowd.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::base::{Lang, plural};
use crate::report::html::{class, escape, put, tag};
use crate::report::outcome::{Outcome, outcome, sentences};
use crate::report::record::{Counts, Kind, Record, Rule, Verdict};
use crate::report::sort_key;
use crate::report::words::{self, pick};

use super::Options;

/// Rules by members that are drawn as a grid at the most.
const GRID: (usize, usize) = (40, 40);

pub(super) fn write(body: &mut String, record: &Record, title: &str, options: &Options) {
    let lang = options.lang;
    if let Some(notice) = &record.notice {
        put(body, format_args!("<p class=\"notice\">{}</p>\n", escape(notice.get(lang))));
    }
    put(body, format_args!("<h1>{}</h1>\n", escape(title)));
    let colour = match outcome(record, options.fail_on) {
        Outcome::Met => "pass",
        Outcome::Failed => "fail",
        Outcome::Open => "missing",
    };
    let text = sentences(record, options.fail_on, lang);
    put(body, format_args!("<p class=\"outcome {colour}\">{}</p>\n", escape(&text)));
    let rows: u64 = record.inputs.iter().map(|input| input.rows).sum();
    let files = record.inputs.len();
    let made = words::made_at(record.stamp.as_ref(), lang);
    let meta = match lang {
        Lang::Zh => [
            format!("期间 {}", record.period),
            format!("评判时点 {}{made}", record.as_of),
            format!("{} 条规则", record.rules.len()),
            format!("{files} 份数据，{rows} 行"),
        ],
        Lang::En => [
            format!("Period {}", record.period),
            format!("as of {}{made}", record.as_of),
            words::rules(record.rules.len() as u64, lang),
            format!("{}, {}", plural(files as u64, "data file"), plural(rows, "row")),
        ],
    };
    let meta: Vec<String> = meta.iter().map(|text| format!("<span>{}</span>", escape(text))).collect();
    put(body, format_args!("<div class=\"meta\">{}</div>\n", meta.join("")));
    put(body, format_args!("<div class=\"bar\">{}</div>\n", bar(&record.summary.rules, lang, true)));
    let tags: Vec<String> = shown(&record.summary.rules)
        .map(|verdict| {
            format!(
                "<span class=\"nowrap\"><a href=\"#v-{}\">{}</a>&nbsp;{}</span>",
                class(verdict),
                tag(verdict, lang),
                record.summary.rules.of(verdict)
            )
        })
        .collect();
    put(body, format_args!("<p>{}</p>\n", tags.join("&ensp;")));
    by_kind(body, record, lang);
    by_section(body, record, lang);
    grids(body, record, lang);
}

/// Verdicts that occur, worst first.
fn shown(counts: &Counts) -> impl Iterator<Item = Verdict> {
    words::VERDICTS.into_iter().filter(|verdict| counts.of(*verdict) > 0)
}

/// Shares of the verdicts, worst first; the number within where there is room for it.
pub(in crate::report::html) fn bar(counts: &Counts, lang: Lang, numbers: bool) -> String {
    let total = counts.total().max(1);
    shown(counts)
        .map(|verdict| {
            let count = counts.of(verdict);
            let text = if numbers && count * 25 >= total { count.to_string() } else { String::new() };
            let name = words::verdict(verdict, lang);
            format!("<span class=\"{}\" style=\"flex:{count}\" title=\"{name} {count}\">{text}</span>", class(verdict))
        })
        .collect()
}

/// A table of counts of rules, a row for each name.
fn table(body: &mut String, heading: &str, rows: &[(String, Counts)], all: &Counts, lang: Lang) {
    put(body, format_args!("<div class=\"scroll\"><table class=\"counts\"><thead><tr><th>{heading}</th>"));
    for verdict in shown(all) {
        put(body, format_args!("<th class=\"n\">{}</th>", words::verdict(verdict, lang)));
    }
    body.push_str("<th></th></tr></thead><tbody>\n");
    for (name, counts) in rows {
        put(body, format_args!("<tr><td>{}</td>", escape(name)));
        for verdict in shown(all) {
            let count = counts.of(verdict);
            put(
                body,
                format_args!("<td class=\"n\">{}</td>", if count == 0 { String::new() } else { count.to_string() }),
            );
        }
        put(body, format_args!("<td><div class=\"bar thin\">{}</div></td></tr>\n", bar(counts, lang, false)));
    }
    body.push_str("</tbody></table></div>\n");
}

fn by_kind(body: &mut String, record: &Record, lang: Lang) {
    let rows: Vec<(String, Counts)> = [Kind::Binding, Kind::Expected, Kind::Advisory]
        .into_iter()
        .map(|kind| {
            let mut counts = Counts::default();
            record.rules.iter().filter(|rule| rule.kind == kind).for_each(|rule| counts.add(rule.verdict));
            (words::kind(kind, lang).to_owned(), counts)
        })
        .filter(|(_, counts)| counts.total() > 0)
        .collect();
    table(body, pick(lang, "性质", "Kind"), &rows, &record.summary.rules, lang);
}

/// By the part of the document that the first cited clause stands in: its section, down to the first `/`.
fn by_section(body: &mut String, record: &Record, lang: Lang) {
    let section = |rule: &Rule| {
        let section = rule.clauses.first()?.section.as_deref()?;
        Some(section.split('/').next().unwrap_or(section).trim().to_owned())
    };
    let mut rows: Vec<(String, Counts)> = Vec::new();
    for rule in &record.rules {
        let Some(name) = section(rule) else { continue };
        let at = rows.iter().position(|(known, _)| *known == name).unwrap_or(rows.len());
        if at == rows.len() {
            rows.push((name, Counts::default()));
        }
        if let Some((_, counts)) = rows.get_mut(at) {
            counts.add(rule.verdict);
        }
    }
    if rows.len() > 1 {
        table(body, pick(lang, "章节", "Section"), &rows, &record.summary.rules, lang);
    }
}

/// Where several rules are about the same members: which members they do not pass for.
fn grids(body: &mut String, record: &Record, lang: Lang) {
    let mut dimensions: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in &record.rules {
        let mut scopes = rule.findings.iter().map(|finding| &finding.scope);
        if let Some(first) = scopes.next()
            && let (Some((dimension, _)), 1) = (first.first(), first.len())
            && rule.cases.total() > 1
        {
            dimensions.entry(dimension).or_default().push(rule);
        }
    }
    for (dimension, rules) in dimensions {
        let mut members: BTreeMap<&str, BTreeMap<usize, Verdict>> = BTreeMap::new();
        for (at, rule) in rules.iter().enumerate() {
            for finding in &rule.findings {
                let Some(member) = finding.scope.get(dimension) else { continue };
                let worst = members.entry(member).or_default().entry(at).or_insert(finding.verdict);
                if sort_key(finding.verdict) > sort_key(*worst) {
                    *worst = finding.verdict;
                }
            }
        }
        if rules.len() < 2 || members.len() < 2 {
            continue;
        }
        // Of more than there is room for, those where most does not pass; they stay in their order.
        let all = (rules.len(), members.len());
        let mut shown: Vec<usize> = (0..rules.len()).collect();
        shown.sort_by_key(|at| Reverse(members.values().filter(|verdicts| verdicts.contains_key(at)).count()));
        shown.truncate(GRID.0);
        shown.sort_unstable();
        let mut crowded: Vec<(&str, BTreeMap<usize, Verdict>)> = members.into_iter().collect();
        crowded.sort_by_key(|(_, verdicts)| Reverse(verdicts.len()));
        crowded.truncate(GRID.1);
        crowded.sort_by_key(|(member, _)| *member);
        let title = match lang {
            Lang::Zh => format!("规则 × {dimension}（空白：合格或不适用）"),
            Lang::En => format!("Rules × {dimension} (empty: pass or not applicable)"),
        };
        let rest = all.0 > shown.len() || all.1 > crowded.len();
        let note = match (rest, lang) {
            (false, _) => String::new(),
            (true, Lang::Zh) => format!(
                "<p class=\"dim\">共 {} 条规则、{} 个成员有未合格的个案，这里是其中最多的 {} 条、{} 个。</p>\n",
                all.0,
                all.1,
                shown.len(),
                crowded.len()
            ),
            (true, Lang::En) => format!(
                "<p class=\"dim\">{} rules and {} members have cases that do not pass; shown are the {} and {} with most of \
                 them.</p>\n",
                all.0,
                all.1,
                shown.len(),
                crowded.len()
            ),
        };
        put(
            body,
            format_args!(
                "<h3>{}</h3>\n{note}<div class=\"scroll\"><table class=\"grid\"><thead><tr><th></th>",
                escape(&title)
            ),
        );
        let shown: Vec<(usize, &Rule)> = shown.iter().filter_map(|at| Some((*at, *rules.get(*at)?))).collect();
        // What there is more of stands below each other: a page is higher than it is wide.
        if shown.len() > crowded.len() {
            for (member, _) in &crowded {
                put(body, format_args!("<th class=\"down\"><span>{}</span></th>", escape(member)));
            }
            body.push_str("</tr></thead><tbody>\n");
            for (at, rule) in &shown {
                let (id, title) = (escape(&rule.id), escape(&rule.title));
                put(body, format_args!("<tr><th><a href=\"#r-{id}\">{id}</a> {title}</th>"));
                crowded.iter().for_each(|(_, verdicts)| square(body, verdicts.get(at), lang));
                body.push_str("</tr>\n");
            }
        } else {
            for (_, rule) in &shown {
                let (id, title) = (escape(&rule.id), escape(&rule.title));
                put(body, format_args!("<th title=\"{title}\"><a href=\"#r-{id}\">{id}</a></th>"));
            }
            body.push_str("</tr></thead><tbody>\n");
            for (member, verdicts) in &crowded {
                put(body, format_args!("<tr><th class=\"nowrap\">{}</th>", escape(member)));
                shown.iter().for_each(|(at, _)| square(body, verdicts.get(at), lang));
                body.push_str("</tr>\n");
            }
        }
        body.push_str("</tbody></table></div>\n");
    }
}

/// A square of a grid.
fn square(body: &mut String, verdict: Option<&Verdict>, lang: Lang) {
    match verdict {
        Some(verdict) => {
            let name = words::verdict(*verdict, lang);
            let sign: String = name.chars().take(1).collect();
            put(body, format_args!("<td class=\"{}\" title=\"{name}\">{sign}</td>", class(*verdict)));
        }
        None => body.push_str("<td></td>"),
    }
}
