//! The record of many submissions in, one HTML page out: how many came out how, submissions with faults, a map of the rules
//! that fail by the submissions that fail, and what is behind the worst.
//!
//! Of ten thousand submissions the page shows the worst and says what it leaves out; the record holds all.

use crate::base::{Lang, plural};
use crate::report::outcome::Outcome;
use crate::report::ranking::{Ranked, Ranking, notices, outcome_name, rank, telling};
use crate::report::record::Verdict;
use crate::report::runs::{RuleFinding, Runs, fails, verdict};
use crate::report::words::{self, pick};

use super::run::{Options, STYLE, bar, files, place};
use super::{class, escape, page, put, tag};

/// Rules by submissions that the map shows at the most.
const MAP: (usize, usize) = (60, 200);
/// Submissions whose findings are shown.
const OPENED: usize = 200;
/// Submissions with faults that are shown.
const BAD: usize = 200;

const MORE_STYLE: &str = "\
.map{border-collapse:separate;border-spacing:1px;width:auto;font-size:.78rem;line-height:1.2}
.map th{font-weight:400;border:0;padding:.1rem .3rem}.map thead th{writing-mode:vertical-rl;text-align:end;max-height:9rem}
.map tbody th{position:sticky;inset-inline-start:0;background:var(--paper);white-space:nowrap}
.map td{border:0;padding:0;min-width:1.15rem;height:1.15rem;text-align:center;border-radius:.15em}
.map td:empty{background:var(--soft)}
details.submission{border:1px solid var(--line);border-radius:.4em;margin:.5rem 0;padding:.2rem .8rem;\
content-visibility:auto;contain-intrinsic-size:auto 2.4rem}
.every td:nth-child(2){min-width:9em}
@media(max-width:34rem){.every th:last-child,.every td:last-child{display:none}.every td,.every th{padding-inline:.3rem}}
@media print{details.submission{content-visibility:visible}table.map{width:100%;table-layout:fixed;border-spacing:0}.map tbody th{white-space:normal}\
.map td{width:auto;min-width:0;font-size:5.5pt}.map thead td{width:7em}.map th{font-size:6pt}}
";

/// The page.
pub fn render(runs: &Runs, options: &Options) -> String {
    let lang = options.lang;
    let title = if runs.suite.title.is_empty() { &runs.suite.name } else { &runs.suite.title };
    let ranking = rank(runs, options.fail_on);
    let mut body = String::new();
    overview(&mut body, runs, &ranking, title, options);
    bad(&mut body, &ranking, lang);
    map(&mut body, runs, &ranking, lang);
    rules(&mut body, runs, &ranking, lang);
    worst(&mut body, runs, &ranking, lang);
    basis(&mut body, runs, lang);
    page(lang, title, &format!("{STYLE}{MORE_STYLE}"), &body)
}

fn overview(body: &mut String, runs: &Runs, ranking: &Ranking<'_>, title: &str, options: &Options) {
    let lang = options.lang;
    for (notice, count) in notices(runs, lang) {
        let text = match lang {
            Lang::Zh => format!("（{count} 份报送）{notice}"),
            Lang::En => format!("({count} of the submissions) {notice}"),
        };
        put(body, format_args!("<p class=\"notice\">{}</p>\n", escape(&text)));
    }
    put(body, format_args!("<h1>{}</h1>\n", escape(title)));
    let colour = match runs.outcome(options.fail_on) {
        Outcome::Met => "pass",
        Outcome::Failed => "fail",
        Outcome::Open => "missing",
    };
    put(body, format_args!("<p class=\"outcome {colour}\">{}</p>\n", escape(&ranking.sentence(runs, lang))));
    let rows: u64 = runs.submissions.iter().flat_map(|submission| &submission.inputs).map(|input| input.rows).sum();
    let made = words::made_at(runs.stamp.as_ref(), lang);
    let meta = match lang {
        Lang::Zh => [
            format!("期间 {}", runs.period),
            format!("评判时点 {}{made}", runs.as_of),
            format!("{} 条规则", runs.rules.len()),
            format!("{} 份报送，{rows} 行", runs.submissions.len()),
        ],
        Lang::En => [
            format!("Period {}", runs.period),
            format!("as of {}{made}", runs.as_of),
            words::rules(runs.rules.len() as u64, lang),
            format!("{}, {}", plural(runs.submissions.len() as u64, "submission"), plural(rows, "row")),
        ],
    };
    let meta: Vec<String> = meta.iter().map(|text| format!("<span>{}</span>", escape(text))).collect();
    put(body, format_args!("<div class=\"meta\">{}</div>\n", meta.join("")));
    put(body, format_args!("<div class=\"bar\">{}</div>\n", bar(&runs.summary.rules, lang, true)));
    let told = words::VERDICTS.into_iter().filter(|verdict| runs.summary.rules.of(*verdict) > 0);
    let tags: Vec<String> = told
        .map(|verdict| {
            format!("<span class=\"nowrap\">{}&nbsp;{}</span>", tag(verdict, lang), runs.summary.rules.of(verdict))
        })
        .collect();
    put(body, format_args!("<p>{}</p>\n", tags.join("&ensp;")));
}

/// Says how many of something a part of the page leaves out.
fn left_out(body: &mut String, left: usize, zh: &str, en: &str, lang: Lang) {
    if left > 0 {
        let text = match lang {
            Lang::Zh => format!("另有 {left} {zh}未列出，见运行记录。"),
            Lang::En => format!("{left} more {en} are not shown: see the run record."),
        };
        put(body, format_args!("<p class=\"dim\">{}</p>\n", escape(&text)));
    }
}

fn bad(body: &mut String, ranking: &Ranking<'_>, lang: Lang) {
    let count = ranking.bad().count();
    if count == 0 {
        return;
    }
    let heading = match lang {
        Lang::Zh => format!("有问题的报送（{count} 份）"),
        Lang::En => format!("Submissions with faults ({count})"),
    };
    put(
        body,
        format_args!(
            "<h2 id=\"bad\">{heading}</h2>\n<div class=\"scroll\"><table><thead><tr><th>{}</th><th>{}</th></tr></thead><tbody>\n",
            pick(lang, "报送", "Submission"),
            pick(lang, "问题", "What is wrong"),
        ),
    );
    for submission in ranking.bad().take(BAD) {
        let mut told: Vec<String> = submission
            .faults()
            .take(5)
            .map(|remark| {
                let source = remark.source.as_ref().map(|source| place(source, lang)).unwrap_or_default();
                let message = escape(remark.message.get(lang));
                format!("<code>{}</code> {message} <span class=\"dim\">{source}</span>", escape(&remark.code))
            })
            .collect();
        let left = submission.faults().count().saturating_sub(5);
        if left > 0 {
            told.push(match lang {
                Lang::Zh => format!("另有 {left} 处"),
                Lang::En => format!("and {left} more"),
            });
        }
        if !submission.unreadable.is_empty() {
            let datasets = submission.unreadable.join(pick(lang, "、", ", "));
            told.push(escape(&match lang {
                Lang::Zh => format!("未能读取：{datasets}"),
                Lang::En => format!("could not be read: {datasets}"),
            }));
        }
        put(body, format_args!("<tr><td>{}</td><td>{}</td></tr>\n", escape(&submission.name), told.join("<br>")));
    }
    body.push_str("</tbody></table></div>\n");
    left_out(body, count.saturating_sub(BAD), "份", "submissions", lang);
}

/// Is a submission one that the page tells more of?
fn tells(ranked: &Ranked<'_>) -> bool {
    ranked.outcome != Outcome::Met || ranked.letters.iter().any(|letter| fails(*letter))
}

fn map(body: &mut String, runs: &Runs, ranking: &Ranking<'_>, lang: Lang) {
    let submissions: Vec<&Ranked<'_>> = ranking.submissions.iter().filter(|ranked| tells(ranked)).collect();
    if ranking.rules.is_empty() || submissions.is_empty() {
        return;
    }
    put(
        body,
        format_args!(
            "<h2 id=\"map\">{}</h2>\n",
            pick(lang, "规则 × 报送（空白：合格或不适用）", "Rules × submissions (empty: pass or not applicable)")
        ),
    );
    let (rules, rest) = (ranking.rules.len(), runs.rules.len() - ranking.rules.len());
    let (shown_rules, shown) = (rules.min(MAP.0), submissions.len().min(MAP.1));
    let others = ranking.submissions.len() - submissions.len();
    let mut text = match lang {
        Lang::Zh => format!("列出 {shown_rules} 条规则、{shown} 份报送，最差的在前。"),
        Lang::En => format!("{shown_rules} rules and {shown} submissions, the worst first."),
    };
    for (left, zh, en) in [
        (rules - shown_rules, "条规则也没有全部合格", "rules do not pass everywhere either"),
        (rest, "条规则全部合格或不适用", "rules pass everywhere or do not apply"),
        (submissions.len() - shown, "份报送也有不合格或尚无定论", "submissions fail or are open as well"),
        (others, "份报送通过", "submissions pass"),
    ] {
        if left > 0 {
            text.push_str(&match lang {
                Lang::Zh => format!("未列出：{left} {zh}。"),
                Lang::En => format!(" Not shown: {left} {en}."),
            });
        }
    }
    put(
        body,
        format_args!("<p class=\"dim\">{text}</p>\n<div class=\"scroll\"><table class=\"map\"><thead><tr><td></td>"),
    );
    for (_, rule) in ranking.rules.iter().take(MAP.0) {
        put(body, format_args!("<th title=\"{}\">{}</th>", escape(&rule.title), escape(&rule.id)));
    }
    body.push_str("</tr></thead><tbody>\n");
    for ranked in submissions.iter().take(MAP.1) {
        put(body, format_args!("<tr><th>{}</th>", escape(&ranked.submission.name)));
        for (at, _) in ranking.rules.iter().take(MAP.0) {
            match ranked.letters.get(*at).copied().and_then(verdict) {
                None | Some(Verdict::Pass | Verdict::NotApplicable) => body.push_str("<td></td>"),
                Some(verdict) => {
                    let name = words::verdict(verdict, lang);
                    let sign: String = name.chars().take(1).collect();
                    put(body, format_args!("<td class=\"{}\" title=\"{name}\">{sign}</td>", class(verdict)));
                }
            }
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody></table></div>\n");
}

fn rules(body: &mut String, runs: &Runs, ranking: &Ranking<'_>, lang: Lang) {
    let verdicts = telling(runs.rules.iter().map(|rule| &rule.submissions));
    put(
        body,
        format_args!(
            "<h2 id=\"rules\">{}</h2>\n<div class=\"scroll\"><table class=\"every\"><thead><tr><th>{}</th><th>{}</th><th>{}</th>",
            pick(lang, "全部规则，按不合格的报送数", "All rules, by how many submissions fail them"),
            pick(lang, "编号", "Id"),
            pick(lang, "规则", "Rule"),
            pick(lang, "性质", "Kind"),
        ),
    );
    for verdict in &verdicts {
        put(body, format_args!("<th class=\"n\">{}</th>", words::verdict(*verdict, lang)));
    }
    body.push_str("<th></th></tr></thead><tbody>\n");
    let listed: Vec<usize> = ranking.rules.iter().map(|(at, _)| *at).collect();
    let clean = runs.rules.iter().enumerate().filter(|(at, _)| !listed.contains(at));
    for (_, rule) in ranking.rules.iter().copied().chain(clean) {
        put(
            body,
            format_args!(
                "<tr><td class=\"nowrap\">{}</td><td>{}</td><td class=\"nowrap\">{}</td>",
                escape(&rule.id),
                escape(&rule.title),
                words::kind(rule.kind, lang)
            ),
        );
        for verdict in &verdicts {
            let count = rule.submissions.of(*verdict);
            let shown = if count == 0 { String::new() } else { count.to_string() };
            put(body, format_args!("<td class=\"n\">{shown}</td>"));
        }
        put(
            body,
            format_args!("<td><div class=\"bar thin\">{}</div></td></tr>\n", bar(&rule.submissions, lang, false)),
        );
    }
    body.push_str("</tbody></table></div>\n");
}

/// What is behind the worst submissions.
fn worst(body: &mut String, runs: &Runs, ranking: &Ranking<'_>, lang: Lang) {
    let shown: Vec<&Ranked<'_>> = ranking.submissions.iter().filter(|ranked| tells(ranked)).collect();
    if shown.is_empty() {
        return;
    }
    put(
        body,
        format_args!(
            "<h2 id=\"submissions\">{}</h2>\n",
            pick(lang, "不通过和尚无定论的报送", "Submissions that fail or are open")
        ),
    );
    for ranked in shown.iter().take(OPENED) {
        let counts = crate::report::ranking::counted(&ranked.rules, lang);
        put(
            body,
            format_args!(
                "<details class=\"submission\"><summary>{} <span class=\"dim\">{}{}{}</span></summary>\n",
                escape(&ranked.submission.name),
                outcome_name(ranked.outcome, lang),
                pick(lang, "：", ": "),
                escape(&counts)
            ),
        );
        findings(body, runs, &ranked.submission.findings, lang);
        let files: Vec<String> = ranked
            .submission
            .inputs
            .iter()
            .map(|input| format!("{} <span class=\"hash\">{}</span>", escape(&input.path), escape(&input.sha256)))
            .collect();
        put(body, format_args!("<p class=\"dim\">{}</p>\n</details>\n", files.join("<br>")));
    }
    left_out(body, shown.len().saturating_sub(OPENED), "份", "submissions", lang);
}

fn findings(body: &mut String, runs: &Runs, findings: &[RuleFinding], lang: Lang) {
    if findings.is_empty() {
        return;
    }
    put(
        body,
        format_args!(
            "<div class=\"scroll\"><table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>\n",
            pick(lang, "规则", "Rule"),
            pick(lang, "个案", "Case"),
            pick(lang, "结论", "Verdict"),
            pick(lang, "算式、需补", "Formula, what to do"),
            pick(lang, "出处", "Place"),
        ),
    );
    for RuleFinding { rule, finding } in findings {
        let title = runs.rules.iter().find(|known| known.id == *rule).map_or("", |rule| rule.title.as_str());
        let mut scope: Vec<&str> = finding.scope.values().map(String::as_str).collect();
        if scope.is_empty() || finding.period != runs.period {
            scope.push(&finding.period);
        }
        let told = finding.explain.iter().cloned();
        let told: Vec<String> = told
            .chain(words::would_be(finding, lang))
            .chain(finding.advice.iter().map(|advice| advice.get(lang).to_owned()))
            .map(|text| escape(&text))
            .collect();
        let places = finding.evidence.iter().filter_map(|figure| figure.source.as_ref()).take(3);
        let places: Vec<String> = places.map(|source| place(source, lang)).collect();
        put(
            body,
            format_args!(
                "<tr><td title=\"{}\">{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"dim\">{}</td></tr>\n",
                escape(title),
                escape(rule),
                escape(&scope.join(pick(lang, "，", ", "))),
                tag(finding.verdict, lang),
                told.join("<br>"),
                places.join("<br>"),
            ),
        );
    }
    body.push_str("</tbody></table></div>\n");
}

fn basis(body: &mut String, runs: &Runs, lang: Lang) {
    put(body, format_args!("<h2 id=\"basis\">{}</h2>\n", pick(lang, "依据", "What it rests on")));
    if !runs.remarks.is_empty() {
        body.push_str("<ul>\n");
        for remark in &runs.remarks {
            let text = escape(remark.message.get(lang));
            put(body, format_args!("<li><code>{}</code> {text}</li>\n", escape(&remark.code)));
        }
        body.push_str("</ul>\n");
    }
    files(body, pick(lang, "标准", "Standards"), &runs.standards, lang);
    files(body, pick(lang, "豁免", "Waivers"), &runs.waivers, lang);
    files(body, pick(lang, "规则", "Rules"), &runs.suite.files, lang);
    let tool = format!("{} {}", runs.tool.name, runs.tool.version);
    let text = match lang {
        Lang::Zh => format!(
            "由 {tool} 评判，套件 {}，SHA-256 {}。各份报送的文件及其哈希值见运行记录。",
            runs.suite.name, runs.suite.sha256
        ),
        Lang::En => format!(
            "Judged by {tool}, suite {}, SHA-256 {}. The run record holds the files of every submission with their hashes.",
            runs.suite.name, runs.suite.sha256
        ),
    };
    put(body, format_args!("<p class=\"dim hash\">{}</p>\n", escape(&text)));
}
