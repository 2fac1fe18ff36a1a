//! Counts by verdict and kind, and the outcome in words.

use crate::report::layout::{clean, pad, pad_left, width, wrap};
use crate::report::outcome::{self, Outcome, counts};
use crate::report::record::{Counts, Kind, Record, Verdict};
use crate::report::words;

use super::Page;

pub(super) fn write(page: &mut Page, record: &Record) {
    let lang = page.lang();
    let kinds = [Kind::Binding, Kind::Expected, Kind::Advisory].map(|kind| {
        let mut counts = Counts::default();
        record.rules.iter().filter(|rule| rule.kind == kind).for_each(|rule| counts.add(rule.verdict));
        (kind, counts)
    });
    let shown: Vec<Verdict> =
        words::VERDICTS.into_iter().filter(|verdict| kinds.iter().any(|(_, counts)| counts.of(*verdict) > 0)).collect();
    if !shown.is_empty() {
        let heading = page.style().bold(page.pick("合计（按规则）", "Total (rules)"));
        page.line(&heading);
        page.blank();
        let first = kinds.iter().map(|(kind, _)| width(words::kind(*kind, lang))).max().unwrap_or(0);
        let cell = |text: &str, verdict: Verdict| pad_left(text, width(words::verdict(verdict, lang)).max(6) + 2);
        let head: String = shown.iter().map(|verdict| cell(words::verdict(*verdict, lang), *verdict)).collect();
        let head = page.style().dim(&format!("{}{head}", pad("", first)));
        page.line(&format!("  {head}"));
        for (kind, counts) in kinds.iter().filter(|(_, counts)| counts.total() > 0) {
            let figures: String =
                shown.iter().map(|verdict| cell(&counts.of(*verdict).to_string(), *verdict)).collect();
            page.line(&format!("  {}{figures}", pad(words::kind(*kind, lang), first)));
        }
        page.blank();
    }
    let fail_on = page.options.fail_on;
    let outcome = outcome::outcome(record, fail_on);
    let text = format!("{}{}", page.pick("结论：", "Outcome: "), outcome::sentences(record, fail_on, lang));
    for line in wrap(&clean(&text), page.options.width) {
        let line = match outcome {
            Outcome::Met => page.style().green(&line),
            Outcome::Failed => page.style().red(&line),
            Outcome::Open => page.style().yellow(&line),
        };
        page.line(&line);
    }
    let others = record.rules.iter().filter(|rule| !counts(rule.kind, fail_on) && rule.cases.fail > 0).count() as u64;
    if others > 0 {
        let text = match lang {
            crate::base::Lang::Zh => format!("另有 {} 不合格，性质不计入结论。", words::rules(others, lang)),
            crate::base::Lang::En => {
                format!("Besides, {} not met, of a kind that does not count here.", words::rules(others, lang))
            }
        };
        page.line(&text);
    }
}
