//! A rule with its findings: attained against required, what would put it right, where it stands, and its clause.

use crate::base::Lang;
use crate::report::layout::{clean, table, width};
use crate::report::record::{Clause, Evidence, Finding, Record, Rule, Verdict};
use crate::report::words;

use super::Page;

/// Findings that are shown in full; more of them become a table.
const IN_FULL: usize = 3;
/// Figures of a finding that are shown.
const FIGURES: usize = 6;
/// Where a rule's details start.
const INDENT: usize = 4;

/// A rule on one line.
pub(super) fn compact(page: &mut Page, rule: &Rule) {
    let cases = rule.cases.total();
    let note = match page.lang() {
        _ if cases <= 1 => String::new(),
        Lang::Zh => format!("（{cases} 个个案）"),
        Lang::En => format!(" ({cases} cases)"),
    };
    let id = format!("{} ", clean(&rule.id));
    let column = (width(&id) + 1).max(6);
    page.labelled(2, &id, column, &format!("{}{note}", rule.title));
}

/// A rule with all there is to say.
pub(super) fn full(page: &mut Page, record: &Record, rule: &Rule) {
    title(page, rule);
    let column = label_column(page.lang());
    let failing = matches!(rule.verdict, Verdict::Fail | Verdict::Error | Verdict::Borderline | Verdict::Waived);
    if let Some(first) = rule.findings.first().filter(|_| failing) {
        page.labelled(INDENT, page.pick("要求", "Required"), column, &first.requirement);
    }
    if rule.findings.len() <= IN_FULL {
        for finding in &rule.findings {
            block(page, record, rule, finding);
        }
    } else {
        cases(page, record, rule);
    }
    let shown = rule.findings.len() as u64;
    let open = rule.cases.total() - rule.cases.pass - rule.cases.not_applicable;
    if open > shown {
        let more = open - shown;
        let text = match page.lang() {
            Lang::Zh => format!("另有 {more} 个个案没有列出（--max-findings 可调整）"),
            Lang::En => format!("{more} more cases are not listed (see --max-findings)"),
        };
        page.labelled(INDENT, "", 0, &text);
    }
    if let Some(owner) = &rule.owner {
        page.labelled(INDENT, page.pick("负责", "Owner"), column, owner);
    }
    if let Some(note) = &rule.note {
        page.labelled(INDENT, page.pick("说明", "Note"), column, note);
    }
    for accepted in &rule.accepted {
        let text = format!("{}{}{}", accepted.code, page.pick("：", ": "), accepted.reason);
        page.labelled(INDENT, page.pick("认可", "Accepted"), column, &text);
    }
    clauses(page, rule, column);
    page.blank();
}

fn label_column(lang: Lang) -> usize {
    match lang {
        Lang::Zh => 8,
        Lang::En => 10,
    }
}

/// `D210  部门预算公用经费统一压减10%（约束性；21 个个案中 2 个不合格）`
fn title(page: &mut Page, rule: &Rule) {
    let mut note = words::kind(rule.kind, page.lang()).to_owned();
    let total = rule.cases.total();
    if total > 1 {
        let parts: Vec<String> = words::VERDICTS
            .iter()
            .filter(|verdict| **verdict != Verdict::Pass && **verdict != Verdict::NotApplicable)
            .filter(|verdict| rule.cases.of(**verdict) > 0)
            .map(|verdict| match page.lang() {
                Lang::Zh => format!("{} 个{}", rule.cases.of(*verdict), words::verdict(*verdict, Lang::Zh)),
                Lang::En => format!("{} {}", rule.cases.of(*verdict), words::verdict(*verdict, Lang::En)),
            })
            .collect();
        note.push_str(&match page.lang() {
            Lang::Zh => format!("；{total} 个个案中 {}", parts.join("、")),
            Lang::En => format!("; of {total} cases {}", parts.join(", ")),
        });
    }
    let text = match page.lang() {
        Lang::Zh => format!("{}（{note}）", rule.title),
        Lang::En => format!("{} ({note})", rule.title),
    };
    let id = clean(&rule.id);
    let column = (width(&id) + 2).max(6);
    let indent = page.options.width.saturating_sub(2 + column);
    for (at, line) in crate::report::layout::wrap(&clean(&text), indent).iter().enumerate() {
        let head = if at == 0 { crate::report::layout::pad(&id, column) } else { " ".repeat(column) };
        let line = page.style().bold(&format!("{head}{line}"));
        page.line(&format!("  {line}"));
    }
}

/// A finding in full.
fn block(page: &mut Page, record: &Record, rule: &Rule, finding: &Finding) {
    let column = label_column(page.lang());
    if let Some(case) = case_name(record, rule, finding, page.lang()) {
        page.labelled(INDENT, page.pick("个案", "Case"), column, &case);
    }
    if let Some(waiver) = &finding.waiver {
        for (at, line) in words::waiver(waiver, page.lang()).iter().enumerate() {
            page.labelled(INDENT, if at == 0 { page.pick("豁免", "Waiver") } else { "" }, column, line);
        }
    }
    if let Some(text) = words::would_be(finding, page.lang()) {
        page.labelled(INDENT, page.pick("结论", "Verdict"), column, &text);
    }
    let advised = finding.shortfall.as_ref().is_some_and(|shortfall| {
        finding.advice.iter().any(|advice| advice.get(page.lang()).contains(shortfall.as_str()))
    });
    let against = page.pick("标准", "Against");
    let (attained, threshold) = (words::attained(finding, page.lang()), words::threshold(finding, page.lang()));
    match (&attained, &threshold) {
        (Some(attained), threshold) => {
            let mut text = attained.clone();
            if let Some(threshold) = threshold {
                text.push_str(&match page.lang() {
                    Lang::Zh => format!("，{against} {threshold}"),
                    Lang::En => format!(", against {threshold}"),
                });
            }
            if let Some(shortfall) = finding.shortfall.as_ref().filter(|_| !advised && finding.advice.is_empty()) {
                text.push_str(&match page.lang() {
                    Lang::Zh => format!("，相差 {shortfall}"),
                    Lang::En => format!(", short by {shortfall}"),
                });
            }
            page.labelled(INDENT, page.pick("实际", "Attained"), column, &text);
        }
        (None, Some(threshold)) => page.labelled(INDENT, against, column, threshold),
        (None, None) => {}
    }
    let pace = words::pace(finding, page.lang());
    if let Some(pace) = &pace {
        page.labelled(INDENT, words::advice_label(finding.verdict, page.lang()), column, pace);
    }
    for (at, advice) in finding.advice.iter().enumerate() {
        let label = if at == 0 && pace.is_none() { words::advice_label(finding.verdict, page.lang()) } else { "" };
        let text = advice.get(page.lang()).to_owned();
        page.labelled(INDENT, label, column, &text);
    }
    if finding.verdict == Verdict::Missing {
        return;
    }
    if let Some(explain) = &finding.explain {
        page.labelled(INDENT, page.pick("算式", "Formula"), column, explain);
    }
    for (at, figure) in finding.evidence.iter().take(FIGURES).enumerate() {
        let label = if at == 0 { page.pick("出处", "Source") } else { "" };
        let text = figure_text(page, figure);
        page.labelled(INDENT, label, column, &text);
    }
    if finding.evidence.len() > FIGURES {
        let more = finding.evidence.len() - FIGURES;
        let text = match page.lang() {
            Lang::Zh => format!("另有 {more} 个数值，见运行记录（--record）"),
            Lang::En => format!("and {more} more figures: see the run record (--record)"),
        };
        page.labelled(INDENT, "", column, &text);
    }
}

/// `教育局，2021`; nothing if the rule has but one case, in the run's period.
fn case_name(record: &Record, rule: &Rule, finding: &Finding, lang: Lang) -> Option<String> {
    let own_period = finding.period != record.period;
    if finding.scope.is_empty() && !own_period && rule.findings.len() == 1 && rule.cases.total() == 1 {
        return None;
    }
    let mut parts: Vec<&str> = finding.scope.values().map(String::as_str).collect();
    if own_period || parts.is_empty() {
        parts.push(&finding.period);
    }
    let name = parts.join(words::pick(lang, "，", ", "));
    let verdict = words::verdict(finding.verdict, lang);
    Some(match lang {
        Lang::Zh if finding.verdict != rule.verdict => format!("{name}（{verdict}）"),
        Lang::En if finding.verdict != rule.verdict => format!("{name} ({verdict})"),
        _ => name,
    })
}

/// `公用经费[教育局, 2021] = 90.01 万元（budget.csv 第 3 行「金额」列）`
fn figure_text(page: &Page, figure: &Evidence) -> String {
    let lang = page.lang();
    let mut text = words::figure(figure, lang);
    if let Some(place) = words::cells(figure, lang, |source| page.place(source), str::to_owned) {
        text.push_str(&match lang {
            Lang::Zh => format!("（{place}）"),
            Lang::En => format!(" ({place})"),
        });
    }
    text
}

/// Many findings, as a table.
fn cases(page: &mut Page, record: &Record, rule: &Rule) {
    let lang = page.lang();
    let findings = &rule.findings;
    let periods = findings.iter().any(|finding| finding.period != record.period || finding.scope.is_empty());
    let verdicts = findings.iter().any(|finding| finding.verdict != rule.verdict);
    let attained = findings.iter().any(|finding| finding.attained.is_some());
    let threshold = findings.iter().any(|finding| finding.threshold.is_some());
    let mut rows = Vec::new();
    let mut head: Vec<String> =
        findings.first().map(|finding| finding.scope.keys().map(|key| clean(key)).collect()).unwrap_or_default();
    let columns = [
        (periods, "期间", "period"),
        (verdicts, "结论", "verdict"),
        (attained, "实际", "attained"),
        (threshold, "标准", "against"),
        (true, "差距", "to do"),
    ];
    head.extend(columns.iter().filter(|column| column.0).map(|(_, zh, en)| words::pick(lang, zh, en).to_owned()));
    rows.push(head);
    // Cases that lack the same thing are said once, at the first of them.
    let alike = |a: &Finding, b: &Finding| {
        let told = |finding: &Finding| (finding.verdict, finding.advice.clone(), finding.waiver.clone());
        a.attained.is_none() && b.attained.is_none() && told(a) == told(b)
    };
    for (at, finding) in findings.iter().enumerate() {
        if findings.iter().take(at).any(|before| alike(before, finding)) {
            continue;
        }
        let same = findings.iter().filter(|other| alike(finding, other)).count();
        let mut row: Vec<String> = finding.scope.values().map(|member| clean(member)).collect();
        let text = |text: Option<&str>| clean(text.unwrap_or(""));
        let waived = finding.waiver.iter().flat_map(|waiver| words::waiver(waiver, lang).into_iter().take(1));
        let advice: Vec<String> = waived
            .map(|waiver| clean(&waiver))
            .chain(words::pace(finding, lang).map(|pace| clean(&pace)))
            .chain(finding.advice.iter().map(|advice| clean(advice.get(lang))))
            .collect();
        let advice = if advice.is_empty() {
            text(finding.shortfall.as_deref())
        } else {
            advice.join(words::pick(lang, "；", "; "))
        };
        let advice = match (same, lang) {
            (0 | 1, _) => advice,
            (_, Lang::Zh) => format!("{advice}（这样的个案共 {same} 个）"),
            (_, Lang::En) => format!("{advice} ({same} such cases)"),
        };
        let cells = [
            finding.period.clone(),
            words::verdict(finding.verdict, lang).to_owned(),
            text(words::attained(finding, lang).as_deref()),
            text(words::threshold(finding, lang).as_deref()),
            advice,
        ];
        row.extend(columns.iter().zip(cells).filter(|(column, _)| column.0).map(|(_, cell)| cell));
        rows.push(row);
    }
    for (at, line) in table(&rows, page.options.width.saturating_sub(INDENT), 2).iter().enumerate() {
        let line = if at == 0 { page.style().dim(line) } else { line.clone() };
        page.line(&format!("{}{line}", " ".repeat(INDENT)));
    }
}

fn clauses(page: &mut Page, rule: &Rule, column: usize) {
    let label = page.pick("依据", "Clause");
    let unknown: Vec<&str> = rule
        .cites
        .iter()
        .filter(|id| !rule.clauses.iter().any(|clause| clause.id == **id))
        .map(String::as_str)
        .collect();
    let mut texts: Vec<String> = rule.clauses.iter().map(|clause| clause_text(clause, page.lang())).collect();
    if !unknown.is_empty() {
        texts.push(unknown.join(page.pick("、", ", ")));
    }
    for (at, text) in texts.iter().enumerate() {
        page.labelled(INDENT, if at == 0 { label } else { "" }, column, text);
    }
}

/// `D210（文件第 57 行）：部门预算公用经费统一压减10%`
pub fn clause_text(clause: &Clause, lang: Lang) -> String {
    match (clause.line, lang) {
        (Some(line), Lang::Zh) => format!("{}（文件第 {line} 行）：{}", clause.id, clause.text),
        (Some(line), Lang::En) => format!("{} (line {line} of the document): {}", clause.id, clause.text),
        (None, Lang::Zh) => format!("{}：{}", clause.id, clause.text),
        (None, Lang::En) => format!("{}: {}", clause.id, clause.text),
    }
}
