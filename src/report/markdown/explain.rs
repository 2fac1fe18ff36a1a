//! A rule's cases with their calculations, as Markdown.

use super::plain;
use crate::base::Lang;
use crate::report::explaining::Explained;
use crate::report::text::explain::{case, facts, parts, rest};
use crate::report::words::{self, pick};

/// The cases of a rule, each as one would write it on paper.
pub fn render(explained: &Explained, lang: Lang) -> String {
    let kind = words::kind(explained.kind, lang);
    let kind = pick(lang, "（", " (").to_owned() + kind + pick(lang, "）", ")");
    let mut lines = vec![format!("# {} {}{kind}", plain(&explained.rule), plain(&explained.title)), String::new()];
    let colon = pick(lang, "：", ": ");
    lines.extend(facts(explained, lang).into_iter().map(|(label, text)| format!("- {label}{colon}{}", plain(&text))));
    for finding in &explained.cases {
        lines.extend([
            String::new(),
            format!("## {} — {}", plain(&case(finding, lang)), words::verdict(finding.verdict, lang)),
            String::new(),
        ]);
        for (label, part) in parts(explained, finding, lang) {
            lines.push(format!("- **{label}**"));
            lines.extend(part.iter().map(|line| format!("{}- {}", "  ".repeat(line.depth + 1), plain(&line.text))));
        }
    }
    let rest = rest(explained, lang);
    if !rest.is_empty() {
        lines.push(String::new());
    }
    lines.extend(rest.iter().map(|text| plain(text)));
    lines.push(String::new());
    lines.join("\n")
}
