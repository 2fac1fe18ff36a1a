//! What is to be supplied or mended, as a list to send back to whoever submitted the data: each cause once, with the rules
//! that it blocks.

use std::collections::HashMap;

use crate::base::{Bi, Lang};
use crate::report::html::{escape, put};
use crate::report::record::{Record, Verdict};
use crate::report::words::pick;

pub(super) fn write(body: &mut String, record: &Record, lang: Lang) {
    let mut causes: Vec<(&Bi, Vec<&str>, u64)> = Vec::new();
    let mut known: HashMap<(&str, &str), usize> = HashMap::new();
    for rule in &record.rules {
        for finding in rule.findings.iter().filter(|f| blocked(f.verdict)) {
            for advice in &finding.advice {
                let at = *known.entry((&advice.zh, &advice.en)).or_insert(causes.len());
                if at == causes.len() {
                    causes.push((advice, Vec::new(), 0));
                }
                let Some((_, rules, cases)) = causes.get_mut(at) else { continue };
                *cases += 1;
                if rules.last() != Some(&rule.id.as_str()) {
                    rules.push(&rule.id);
                }
            }
        }
    }
    if causes.is_empty() {
        return;
    }
    // Stable: what blocks as many rules stays in the order of the rules.
    causes.sort_by_key(|(_, rules, _)| std::cmp::Reverse(rules.len()));
    put(
        body,
        format_args!(
            "<h2 id=\"supply\">{}</h2>\n<div class=\"scroll\"><table class=\"todo\"><thead><tr><th class=\"n\"></th><th>{}</th>\
             <th>{}</th></tr></thead><tbody>\n",
            match lang {
                Lang::Zh => format!("需补报、更正的数据（{} 项）", causes.len()),
                Lang::En => format!("To supply or to mend ({})", causes.len()),
            },
            pick(lang, "事项", "What"),
            pick(lang, "影响的规则", "Rules it blocks"),
        ),
    );
    for (at, (advice, rules, _)) in (1..).zip(&causes) {
        let links: Vec<String> = rules.iter().map(|id| format!("<a href=\"#r-{0}\">{0}</a>", escape(id))).collect();
        put(
            body,
            format_args!(
                "<tr><td class=\"n\">{at}</td><td>{}</td><td>{}</td></tr>\n",
                escape(advice.get(lang)),
                links.join(" ")
            ),
        );
    }
    body.push_str("</tbody></table></div>\n");
}

/// Does a case wait for data?
fn blocked(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Missing | Verdict::Error | Verdict::Borderline)
}
