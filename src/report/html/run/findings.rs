//! The rules that do not pass, worst first, each with its cases: attained against required, what would put it right, the
//! formula with its figures, the cells they stand in.

use crate::base::Lang;
use crate::report::html::{class, escape, put, tag};
use crate::report::record::{Evidence, Finding, Kind, Record, Rule, Verdict};
use crate::report::text::clause_text;
use crate::report::words::{self, pick};

use super::{opens, place};

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
        for rule in rules {
            self::rule(body, record, rule, lang);
        }
    }
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
        self::finding(body, record, rule, finding, alone, lang);
    }
    let folded = rule.findings.len().saturating_sub(OPEN);
    if folded > 0 {
        let summary = match lang {
            Lang::Zh => format!("另外 {folded} 个个案"),
            Lang::En => format!("{folded} more cases"),
        };
        put(body, format_args!("<details><summary>{summary}</summary>\n"));
        for finding in rule.findings.iter().skip(OPEN) {
            self::finding(body, record, rule, finding, alone, lang);
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

fn finding(body: &mut String, record: &Record, rule: &Rule, finding: &Finding, alone: bool, lang: Lang) {
    body.push_str("<dl>");
    if !alone {
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
        entry(body, pick(lang, "进度", "Progress"), &escape(&pace));
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
