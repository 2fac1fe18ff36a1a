//! The record of many submissions in, Markdown out: how many came out how, and what is worst.

use super::plain;
use crate::base::Lang;
use crate::report::outcome::Outcome;
use crate::report::ranking::{counted, notices, outcome_name, rank, telling};
use crate::report::record::Kind;
use crate::report::runs::{Runs, fails};
use crate::report::words::{self, pick};

/// Lines of each table.
const LISTED: usize = 100;

/// The report of a run on many submissions; `fail_on` is the least kind whose failure fails it.
pub fn render(runs: &Runs, fail_on: Kind, lang: Lang) -> String {
    let ranking = rank(runs, fail_on);
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(words.trim_end_matches(' '));
        text.push('\n');
    };
    let title = if runs.suite.title.is_empty() { &runs.suite.name } else { &runs.suite.title };
    line(format!("# {}\n", plain(title)));
    for (notice, count) in notices(runs, lang) {
        line(format!("> **{}** ({count})\n", plain(&notice)));
    }
    line(format!("**{}**\n", plain(&ranking.sentence(runs, lang))));
    let made = words::made_at(runs.stamp.as_ref(), lang);
    line(match lang {
        Lang::Zh => {
            format!("期间 {}，评判时点 {}{made}。{}。\n", runs.period, runs.as_of, counted(&runs.summary.rules, lang))
        }
        Lang::En => {
            format!("Period {}, as of {}{made}. {}.\n", runs.period, runs.as_of, counted(&runs.summary.rules, lang))
        }
    });
    let left = |count: usize| match lang {
        Lang::Zh => format!("\n另有 {count} 条未列出，见运行记录。\n"),
        Lang::En => format!("\n{count} more are not listed: see the run record.\n"),
    };
    let bad: Vec<_> = ranking.bad().collect();
    if !bad.is_empty() {
        line(format!("## {}\n", pick(lang, "有问题的报送", "Submissions with faults")));
        line(format!("| {} | {} |\n|---|---|", pick(lang, "报送", "Submission"), pick(lang, "问题", "What is wrong")));
        for submission in bad.iter().take(LISTED) {
            let faults: Vec<String> = submission
                .faults()
                .take(3)
                .map(|remark| {
                    let place = remark.source.as_ref().map(|source| format!(" ({})", words::place(source, lang)));
                    format!("{} {}{}", remark.code, remark.message.get(lang), place.unwrap_or_default())
                })
                .chain((!submission.unreadable.is_empty()).then(|| {
                    let datasets = submission.unreadable.join(pick(lang, "、", ", "));
                    format!("{}{datasets}", pick(lang, "未能读取：", "could not be read: "))
                }))
                .collect();
            line(format!("| {} | {} |", plain(&submission.name), plain(&faults.join(pick(lang, "；", "; ")))));
        }
        line(if bad.len() > LISTED { left(bad.len() - LISTED) } else { String::new() });
    }
    if !ranking.rules.is_empty() {
        let verdicts = telling(ranking.rules.iter().map(|(_, rule)| &rule.submissions));
        line(format!("## {}\n", pick(lang, "没有全部合格的规则", "Rules that do not pass everywhere")));
        let names: Vec<&str> = verdicts.iter().map(|verdict| words::verdict(*verdict, lang)).collect();
        line(format!(
            "| {} | {} | {} |\n|---|---|{}",
            pick(lang, "编号", "Id"),
            pick(lang, "规则", "Rule"),
            names.join(" | "),
            "---:|".repeat(names.len())
        ));
        for (_, rule) in ranking.rules.iter().take(LISTED) {
            let numbers: Vec<String> =
                verdicts.iter().map(|verdict| rule.submissions.of(*verdict).to_string()).collect();
            line(format!("| {} | {} | {} |", plain(&rule.id), plain(&rule.title), numbers.join(" | ")));
        }
        line(if ranking.rules.len() > LISTED { left(ranking.rules.len() - LISTED) } else { String::new() });
    }
    let shown: Vec<_> = ranking
        .submissions
        .iter()
        .filter(|ranked| ranked.outcome != Outcome::Met || ranked.letters.iter().any(|letter| fails(*letter)))
        .collect();
    if !shown.is_empty() {
        line(format!("## {}\n", pick(lang, "不通过和尚无定论的报送", "Submissions that fail or are open")));
        line(format!(
            "| {} | {} | {} | {} |\n|---|---|---|---|",
            pick(lang, "报送", "Submission"),
            pick(lang, "结论", "Outcome"),
            pick(lang, "规则", "Rules"),
            pick(lang, "不合格的规则", "Rules that fail")
        ));
        for ranked in shown.iter().take(LISTED) {
            let failing = ranked.ids(runs, fails);
            let some: Vec<&str> = failing.iter().take(10).copied().collect();
            let dots = if failing.len() > some.len() { " …" } else { "" };
            line(format!(
                "| {} | {} | {} | {}{dots} |",
                plain(&ranked.submission.name),
                outcome_name(ranked.outcome, lang),
                plain(&counted(&ranked.rules, lang)),
                plain(&some.join(pick(lang, "、", ", ")))
            ));
        }
        line(if shown.len() > LISTED { left(shown.len() - LISTED) } else { String::new() });
    }
    for remark in &runs.remarks {
        line(format!("- {} {}", remark.code, plain(remark.message.get(lang))));
    }
    text
}
