//! A record in, Markdown out, for mails, wikis and pull requests: the outcome, what fails, what to supply, all rules.

use crate::base::Lang;

use super::layout::clean;
use super::outcome::sentences;
use super::record::{Kind, Record, Rule, Verdict};
use super::text::clause_text;
use super::words::{self, pick};

mod book;
mod explain;
mod runs;

pub use book::render as book;
pub use explain::render as explain;
pub use runs::render as runs;

/// Findings of a rule that are listed.
const FINDINGS: usize = 20;

/// The report of a run; `fail_on` is the least kind whose failure fails it.
pub fn render(record: &Record, fail_on: Kind, lang: Lang) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(words.trim_end_matches(' '));
        text.push('\n');
    };
    let title = if record.suite.title.is_empty() { &record.suite.name } else { &record.suite.title };
    line(format!("# {}\n", plain(title)));
    if let Some(notice) = &record.notice {
        line(format!("> **{}**\n", plain(notice.get(lang))));
    }
    line(format!("**{}**\n", plain(&sentences(record, fail_on, lang))));
    let made = words::made_at(record.stamp.as_ref(), lang);
    line(match lang {
        Lang::Zh => format!("期间 {}，评判时点 {}{made}。\n", record.period, record.as_of),
        Lang::En => format!("Period {}, as of {}{made}.\n", record.period, record.as_of),
    });
    for verdict in words::VERDICTS {
        let rules: Vec<&Rule> = record.rules.iter().filter(|rule| rule.verdict == verdict).collect();
        if rules.is_empty() || matches!(verdict, Verdict::Pass | Verdict::NotApplicable) {
            continue;
        }
        let name = words::verdict(verdict, lang);
        line(match lang {
            Lang::Zh => format!("## {name}（{} 条）\n", rules.len()),
            Lang::En => format!("## {name} ({})\n", rules.len()),
        });
        for rule in rules {
            self::rule(&mut line, record, rule, lang);
        }
    }
    line(format!("## {}\n", pick(lang, "全部规则", "All rules")));
    line(format!(
        "| {} | {} | {} | {} |\n|---|---|---|---|",
        pick(lang, "编号", "Id"),
        pick(lang, "规则", "Rule"),
        pick(lang, "性质", "Kind"),
        pick(lang, "结论", "Verdict")
    ));
    for rule in &record.rules {
        line(format!(
            "| {} | {} | {} | {} |",
            plain(&rule.id),
            plain(&rule.title),
            words::kind(rule.kind, lang),
            words::verdict(rule.verdict, lang)
        ));
    }
    line(String::new());
    line(format!("## {}\n", pick(lang, "数据", "Data")));
    line(format!("| {} | {} | SHA-256 |\n|---|---|---|", pick(lang, "数据集", "Dataset"), pick(lang, "文件", "File")));
    for input in &record.inputs {
        line(format!("| {} | {} | `{}` |", plain(&input.dataset), plain(&input.path), plain(&input.sha256)));
    }
    for file in &record.waivers {
        line(format!("| {} | {} | `{}` |", pick(lang, "豁免", "Waivers"), plain(&file.path), plain(&file.sha256)));
    }
    let mut waivers = record.remarks.iter().filter(|remark| record.is_about_waivers(remark)).peekable();
    if waivers.peek().is_some() {
        line(format!("\n## {}\n", pick(lang, "豁免提示", "Remarks on waivers")));
    }
    for remark in waivers {
        let place = remark.source.as_ref().map_or(String::new(), |source| format!(" — {}", words::place(source, lang)));
        line(format!("- {} {}{}", remark.code, plain(remark.message.get(lang)), plain(&place)));
    }
    text
}

fn rule(line: &mut impl FnMut(String), record: &Record, rule: &Rule, lang: Lang) {
    line(format!("### {} {}\n", plain(&rule.id), plain(&rule.title)));
    let mut entries: Vec<(&str, String)> = vec![(pick(lang, "性质", "Kind"), words::kind(rule.kind, lang).to_owned())];
    if let Some(first) = rule.findings.first() {
        entries.push((pick(lang, "要求", "Required"), first.requirement.clone()));
    }
    let clauses = rule.clauses.iter().map(|clause| (pick(lang, "依据", "Clause"), clause_text(clause, lang)));
    entries.extend(clauses);
    for (label, text) in entries {
        line(format!("- {label}{}{}", pick(lang, "：", ": "), plain(&text)));
    }
    line(String::new());
    for finding in rule.findings.iter().take(FINDINGS) {
        let mut parts: Vec<&str> = finding.scope.values().map(String::as_str).collect();
        if parts.is_empty() || finding.period != record.period {
            parts.push(&finding.period);
        }
        line(format!("- **{}** {}", plain(&parts.join(pick(lang, "，", ", "))), words::verdict(finding.verdict, lang)));
        let mut told: Vec<String> = finding
            .waiver
            .iter()
            .flat_map(|waiver| words::waiver(waiver, lang))
            .chain(words::would_be(finding, lang))
            .collect();
        if let (Some(attained), Some(threshold)) = (words::attained(finding, lang), words::threshold(finding, lang)) {
            told.push(match lang {
                Lang::Zh => format!("实际 {attained}，标准 {threshold}"),
                Lang::En => format!("attained {attained}, against {threshold}"),
            });
        }
        told.extend(finding.explain.clone());
        told.extend(words::pace(finding, lang));
        told.extend(finding.advice.iter().map(|advice| advice.get(lang).to_owned()));
        for figure in &finding.evidence {
            let place = words::cells(figure, lang, |source| words::place(source, lang), str::to_owned);
            let place = place.map_or(String::new(), |place| format!(" — {place}"));
            told.push(format!("{}{place}", words::figure(figure, lang)));
        }
        told.iter().for_each(|told| line(format!("  - {}", plain(told))));
    }
    let more = rule.findings.len().saturating_sub(FINDINGS);
    if more > 0 {
        line(match lang {
            Lang::Zh => format!("- 另有 {more} 个个案，见运行记录"),
            Lang::En => format!("- {more} more cases: see the run record"),
        });
    }
    line(String::new());
}

/// Text as Markdown shows it: no part of it can become markup, a table cell or HTML.
pub(super) fn plain(text: &str) -> String {
    let text = clean(text);
    let mut escaped = String::with_capacity(text.len());
    // At the start of a line, `- x`, `+ x`, `1. x` are lists and `===` makes a heading of what stands above.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits).unwrap_or(("", &text));
    let after = rest.chars().nth(1);
    let opens = match rest.chars().next() {
        Some('-' | '+' | '=') if number.is_empty() => after.is_none_or(|c| c == ' ' || rest.starts_with(c)),
        Some('.' | ')') if !number.is_empty() => after.is_none_or(|c| c == ' '),
        _ => false,
    };
    if opens {
        escaped.push_str(number);
        escaped.push('\\');
    }
    for c in if opens { rest.chars() } else { text.chars() } {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(plain("a|b <script> *x* [y](z) `c`\n#d"), "a\\|b &lt;script&gt; \\*x\\* \\[y\\](z) \\`c\\` \\#d");
        for (text, shown) in [("- a", "\\- a"), ("+", "\\+"), ("---", "\\---"), ("12. a", "12\\. a"), ("==", "\\==")] {
            assert_eq!(plain(text), shown);
        }
        for text in ["-3%", "1.5 a", "12", "a - b", "=5"] {
            assert_eq!(plain(text), text);
        }
    }
}
