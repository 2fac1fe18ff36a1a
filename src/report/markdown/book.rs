//! The rule book as Markdown.

use super::plain;
use crate::base::Lang;
use crate::report::book::{Book, Entry, Example};
use crate::report::html::{facts, sentence};
use crate::report::text::clause_text;
use crate::report::words::{self, pick};

/// The book.
pub fn render(book: &Book, lang: Lang) -> String {
    let mut lines = vec![format!("# {}", plain(&book.title)), String::new()];
    let colon = pick(lang, "：", ": ");
    for (label, text) in [
        (pick(lang, "发布", "Issued by"), &book.issuer),
        (pick(lang, "出处", "Source"), &book.source),
        (pick(lang, "期间", "Period"), &book.period),
    ] {
        lines.extend(text.iter().map(|text| format!("- {label}{colon}{}", plain(text))));
    }
    lines.push(format!("- {}", words::rules(book.rules().count() as u64, lang)));
    for section in &book.sections {
        let title = if section.title.is_empty() { pick(lang, "其他规则", "Other rules") } else { &section.title };
        lines.extend([String::new(), format!("## {}", plain(title))]);
        section.rules.iter().for_each(|rule| entry(&mut lines, rule, lang));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn entry(lines: &mut Vec<String>, rule: &Entry, lang: Lang) {
    let colon = pick(lang, "：", ": ");
    let kind = words::kind(rule.kind, lang);
    let kind = format!("{}{kind}{}", pick(lang, "（", " ("), pick(lang, "）", ")"));
    lines.extend([String::new(), format!("### {} {}{kind}", plain(&rule.id), plain(&rule.title)), String::new()]);
    for clause in &rule.clauses {
        lines.extend([format!("> {}", plain(&clause_text(clause, lang))), String::new()]);
    }
    lines.extend([plain(&sentence(rule, lang)), String::new()]);
    lines.extend(facts(rule, lang).into_iter().map(|(label, text)| format!("- {label}{colon}{}", plain(&text))));
    let written = pick(lang, "规则写法", "As written");
    lines.push(format!("- {written}{colon}{} ({})", plain(&rule.written), plain(&rule.place)));
    rule.examples.iter().for_each(|known| example(lines, known, lang));
}

fn example(lines: &mut Vec<String>, example: &Example, lang: Lang) {
    let colon = pick(lang, "：", ": ");
    let mut given: Vec<String> = example.figures.clone();
    for table in &example.tables {
        let rows = table.rows.iter().map(|row| row.join(" | ")).collect::<Vec<_>>().join("；");
        given.push(format!(
            "{}（{}）{rows}{}",
            table.dataset,
            table.header.join(" | "),
            if table.more > 0 { "…" } else { "" }
        ));
    }
    let expected: Vec<String> = example
        .expected
        .iter()
        .map(|(case, verdict)| format!("{case} {}", words::verdict(*verdict, lang)).trim_start().to_owned())
        .collect();
    let label = pick(lang, "示例", "Example");
    lines.push(format!("- {label}{colon}{}", plain(&example.title)));
    given.iter().for_each(|text| lines.push(format!("  - {}", plain(text))));
    lines.push(format!("  - → {}", plain(&expected.join(pick(lang, "，", ", ")))));
}
