//! The rules that do not pass, worst first, each with its cases: attained against required, what would put it right, the
//! formula with its figures, the cells they stand in.

use crate::base::Lang;
use crate::quantity::Decimal;
use crate::report::html::{class, escape, put, tag};
use crate::report::record::{Evidence, Finding, Kind, Pace, Record, Rule, Standing, Verdict};
use crate::report::text::clause_text;
use crate::report::words::{self, pick};

use super::{chart, opens, place};

/// Cases of a rule that stand open; the others are folded away.
const OPEN: usize = 5;

pub(super) fn write(body: &mut String, record: &Record, lang: Lang) {
    for verdict in words::VERDICTS {
        let mut rules: Vec<&Rule> = record.rules.iter().filter(|rule| rule.verdict == verdict && opens(rule)).collect();
        // Stable: what binds comes first, else in the order of the rules.
        rules.sort_by_key(|rule| match rule.kind {
            Kind::Binding => 0,
            Kind::Expected => 1,
            Kind::Advisory => 2,
        });
        if rules.is_empty() {
            continue;
        }
        let name = words::verdict(verdict, lang);
        let heading = match lang {
            Lang::Zh => format!("{name}（{} 条）", rules.len()),
            Lang::En => format!("{name} ({})", rules.len()),
        };
        put(body, format_args!("<h2 id=\"v-{}\">{heading}</h2>\n", class(verdict)));
        if verdict == Verdict::Pending {
            schedule(body, &rules, lang);
        }
        for rule in rules {
            self::rule(body, record, rule, lang);
        }
    }
}

/// How far pending cases have come, those furthest behind first.
fn schedule(body: &mut String, rules: &[&Rule], lang: Lang) {
    let mut rows: Vec<(&Rule, &Finding, &Pace)> = Vec::new();
    for rule in rules {
        rows.extend(rule.findings.iter().filter_map(|finding| Some((*rule, finding, finding.pace.as_ref()?))));
    }
    if rows.len() < 2 {
        return;
    }
    let points = |pace: &Pace| {
        let stated = pace.difference.as_deref()?.trim_start_matches('≈').to_owned();
        Decimal::parse(&stated).map(|points| points.value())
    };
    // Furthest behind first, then those on schedule, then those ahead of it, then those whose pace is not known.
    rows.sort_by_cached_key(|(_, _, pace)| match pace.standing {
        Some(Standing::Behind) => (0, points(pace).map(|points| -&points)),
        Some(Standing::OnSchedule) => (1, None),
        Some(Standing::Ahead) => (2, points(pace)),
        None => (3, None),
    });
    let headings = [
        ("", pick(lang, "规则", "Rule")),
        ("", pick(lang, "个案", "Case")),
        (" class=\"n\"", pick(lang, "已完成或已用", "Done or used")),
        (" class=\"n\"", pick(lang, "时间已过", "Time elapsed")),
        ("", ""),
        (" class=\"n\"", pick(lang, "比时间进度（百分点）", "Against time (points)")),
    ];
    body.push_str("<div class=\"scroll\"><table class=\"schedule\"><thead><tr>");
    headings.iter().for_each(|(class, heading)| put(body, format_args!("<th{class}>{heading}</th>")));
    body.push_str("</tr></thead><tbody>\n");
    for (rule, finding, pace) in rows {
        let case: Vec<&str> = finding.scope.values().map(String::as_str).chain([finding.period.as_str()]).collect();
        let sign = match pace.standing {
            Some(Standing::Behind) => "−",
            Some(Standing::Ahead) => "+",
            Some(Standing::OnSchedule) | None => "",
        };
        put(
            body,
            format_args!(
                "<tr><td><a href=\"#r-{id}\">{id}</a> {}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td>\
                 <td class=\"n\">{}</td></tr>\n",
                escape(&rule.title),
                escape(&case.join(pick(lang, "，", ", "))),
                escape(pace.progress.as_deref().unwrap_or(&pace.attained)),
                escape(&pace.elapsed),
                chart::pace(pace, lang).unwrap_or_default(),
                pace.difference.as_deref().map_or(String::new(), |points| format!("{sign}{}", escape(points))),
                id = escape(&rule.id),
            ),
        );
    }
    body.push_str("</tbody></table></div>\n");
}

fn rule(body: &mut String, record: &Record, rule: &Rule, lang: Lang) {
    put(
        body,
        format_args!(
            "<section class=\"rule\" id=\"r-{id}\"><h3>{} <code>{id}</code> {} <span class=\"dim\">{}</span></h3>\n<dl>",
            tag(rule.verdict, lang),
            escape(&rule.title),
            kind(rule, lang),
            id = escape(&rule.id),
        ),
    );
    if let Some(first) = rule.findings.first() {
        entry(body, pick(lang, "要求", "Required"), &escape(&first.requirement));
    }
    for clause in &rule.clauses {
        entry(body, pick(lang, "依据", "Clause"), &escape(&clause_text(clause, lang)));
    }
    for (label, text) in [(pick(lang, "负责", "Owner"), &rule.owner), (pick(lang, "说明", "Note"), &rule.note)] {
        if let Some(text) = text {
            entry(body, label, &escape(text));
        }
    }
    for accepted in &rule.accepted {
        let text = format!("{}{}{}", accepted.code, pick(lang, "：", ": "), accepted.reason);
        entry(body, pick(lang, "认可", "Accepted"), &escape(&text));
    }
    body.push_str("</dl>\n");
    let alone = rule.cases.total() == 1 && rule.findings.iter().all(|finding| finding.scope.is_empty());
    for finding in rule.findings.iter().take(OPEN) {
        self::finding(body, record, rule, finding, &Shown { alone, charts: true }, lang);
    }
    let folded = rule.findings.len().saturating_sub(OPEN);
    if folded > 0 {
        let summary = match lang {
            Lang::Zh => format!("另外 {folded} 个个案"),
            Lang::En => format!("{folded} more cases"),
        };
        put(body, format_args!("<details><summary>{summary}</summary>\n"));
        for finding in rule.findings.iter().skip(OPEN) {
            self::finding(body, record, rule, finding, &Shown { alone, charts: false }, lang);
        }
        body.push_str("</details>\n");
    }
    let listed = rule.findings.len() as u64;
    let open = rule.cases.total() - rule.cases.pass - rule.cases.not_applicable;
    if open > listed {
        let more = open - listed;
        let text = match lang {
            Lang::Zh => format!("另有 {more} 个个案没有列入记录（--max-findings 可调整）"),
            Lang::En => format!("{more} more cases are not in the record (see --max-findings)"),
        };
        put(body, format_args!("<p class=\"dim\">{text}</p>\n"));
    }
    body.push_str("</section>\n");
}

/// `约束性；26 个个案：不合格 1，缺数据 2，合格 23`
fn kind(rule: &Rule, lang: Lang) -> String {
    let kind = words::kind(rule.kind, lang);
    let total = rule.cases.total();
    if total <= 1 {
        return kind.to_owned();
    }
    let parts: Vec<String> = words::VERDICTS
        .iter()
        .filter(|verdict| rule.cases.of(**verdict) > 0)
        .map(|verdict| format!("{} {}", words::verdict(*verdict, lang), rule.cases.of(*verdict)))
        .collect();
    match lang {
        Lang::Zh => format!("{kind}；{total} 个个案：{}", parts.join("，")),
        Lang::En => format!("{kind}; {total} cases: {}", parts.join(", ")),
    }
}

fn entry(body: &mut String, label: &str, html: &str) {
    put(body, format_args!("<dt>{label}</dt><dd>{html}</dd>"));
}

/// What of a case is shown besides what it is about.
struct Shown {
    /// It is the only one of its rule.
    alone: bool,
    /// Its trend and pace are drawn. What is folded away tells its figures in words alone: drawings would make up half of a
    /// page of many cases.
    charts: bool,
}

fn finding(body: &mut String, record: &Record, rule: &Rule, finding: &Finding, shown: &Shown, lang: Lang) {
    body.push_str("<dl>");
    if !shown.alone {
        let mut parts: Vec<&str> = finding.scope.values().map(String::as_str).collect();
        if parts.is_empty() || finding.period != record.period {
            parts.push(&finding.period);
        }
        let mut name = format!("<strong>{}</strong>", escape(&parts.join(pick(lang, "，", ", "))));
        if finding.verdict != rule.verdict {
            name.push(' ');
            name.push_str(&tag(finding.verdict, lang));
        }
        entry(body, pick(lang, "个案", "Case"), &name);
    }
    if let Some(waiver) = &finding.waiver {
        let lines: Vec<String> = words::waiver(waiver, lang).iter().map(|line| escape(line)).collect();
        entry(body, pick(lang, "豁免", "Waiver"), &lines.join("<br>"));
    }
    if let Some(text) = words::would_be(finding, lang) {
        entry(body, pick(lang, "结论", "Verdict"), &escape(&text));
    }
    if let Some(attained) = words::attained(finding, lang) {
        let against = words::threshold(finding, lang).map_or(String::new(), |threshold| match lang {
            Lang::Zh => format!("，标准 {}", escape(&threshold)),
            Lang::En => format!(", against {}", escape(&threshold)),
        });
        entry(body, pick(lang, "实际", "Attained"), &format!("<strong>{}</strong>{against}", escape(&attained)));
    }
    if let Some(pace) = words::pace(finding, lang) {
        let chart = finding.pace.as_ref().filter(|_| shown.charts).and_then(|pace| chart::pace(pace, lang));
        let chart = chart.map_or(String::new(), |chart| format!("<br>{chart}"));
        entry(body, pick(lang, "进度", "Progress"), &format!("{}{chart}", escape(&pace)));
    }
    for advice in &finding.advice {
        let label = match finding.verdict {
            Verdict::Missing | Verdict::Borderline => pick(lang, "需补", "Supply"),
            Verdict::Error => pick(lang, "原因", "Reason"),
            Verdict::Pending => pick(lang, "进度", "Progress"),
            _ => pick(lang, "差距", "To do"),
        };
        entry(body, label, &escape(advice.get(lang)));
    }
    if let Some(shortfall) = finding.shortfall.as_ref().filter(|_| finding.advice.is_empty()) {
        entry(body, pick(lang, "差距", "Shortfall"), &escape(shortfall));
    }
    if let Some(explain) = &finding.explain {
        entry(body, pick(lang, "算式", "Formula"), &format!("<span class=\"formula\">{}</span>", escape(explain)));
    }
    let trends = if shown.charts { chart::trends(finding, lang) } else { Vec::new() };
    if !trends.is_empty() {
        entry(body, pick(lang, "走势", "Trend"), &trends.join("<br>"));
    }
    let cells: Vec<String> = finding.evidence.iter().map(|figure| evidence(figure, lang)).collect();
    if !cells.is_empty() {
        entry(body, pick(lang, "出处", "Source"), &cells.join("<br>"));
    }
    body.push_str("</dl>\n");
}

/// `公用经费[教育局, 2021] = 90.01 万元（budget.csv 第 3 行「金额」列）`
fn evidence(figure: &Evidence, lang: Lang) -> String {
    let mut html = escape(&words::figure(figure, lang)).to_string();
    if let Some(place) = words::cells(figure, lang, |source| self::place(source, lang), escape) {
        html.push_str(&format!(" <span class=\"dim\">{place}</span>"));
    }
    html
}
