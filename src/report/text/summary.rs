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
        let heading = page.style().bold(page.pick("合计（规则条数）", "Totals (rules)"));
        page.line(&heading);
        page.blank();
        let kinds: Vec<_> = kinds.into_iter().filter(|(_, counts)| counts.total() > 0).collect();
        let first = shown.iter().map(|verdict| width(words::verdict(*verdict, lang))).max().unwrap_or(0);
        let columns: Vec<usize> = kinds.iter().map(|(kind, _)| width(words::kind(*kind, lang)).max(4) + 3).collect();
        let head: String =
            kinds.iter().zip(&columns).map(|((kind, _), column)| pad_left(words::kind(*kind, lang), *column)).collect();
        let head = page.style().dim(&format!("{}{head}", pad("", first)));
        page.line(&format!("  {head}"));
        for verdict in shown {
            let figures: String = kinds
                .iter()
                .zip(&columns)
                .map(|((_, counts), column)| pad_left(&counts.of(verdict).to_string(), *column))
                .collect();
            page.line(&format!("  {}{figures}", pad(words::verdict(verdict, lang), first)));
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
            crate::base::Lang::Zh => format!("另有 {}不合格，其性质不计入结论。", words::rules(others, lang)),
            crate::base::Lang::En => {
                format!("Besides, {} not met, of a kind that does not count here.", words::rules(others, lang))
            }
        };
        page.line(&text);
    }
}
