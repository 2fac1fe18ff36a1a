//! The record of many submissions in, the report out that a person reads: how many came out how, submissions that could not
//! be read, rules by how many fail them, and the submissions, worst first.

use std::collections::BTreeMap;

use crate::base::{Lang, plural};
use crate::report::layout::{clean, pad_left, table, width, wrap};
use crate::report::outcome::Outcome;
use crate::report::ranking::{Ranked, Ranking, counted, notices, outcome_name, rank, telling};
use crate::report::record::Verdict;
use crate::report::runs::{Runs, Submission, fails, verdict};
use crate::report::words::{self, pick};

use super::{Options, Page};

/// Lines of each list; the record holds all.
const LISTED: usize = 50;
/// Rules of a submission that are named.
const NAMED: usize = 8;
/// Faults of a submission that are told.
const FAULTS: usize = 3;

/// The report of a run on many submissions.
pub fn render(runs: &Runs, options: &Options) -> String {
    let mut page = Page { options: *options, text: String::new(), names: BTreeMap::new() };
    let ranking = rank(runs, options.fail_on);
    heading(&mut page, runs);
    bad(&mut page, &ranking);
    rules(&mut page, runs, &ranking);
    submissions(&mut page, runs, &ranking);
    outcome(&mut page, runs, &ranking);
    page.text
}

fn heading(page: &mut Page, runs: &Runs) {
    let lang = page.lang();
    let title = if runs.suite.title.is_empty() { &runs.suite.name } else { &runs.suite.title };
    for line in wrap(&clean(title), page.options.width) {
        let line = page.style().bold(&line);
        page.line(&line);
    }
    page.blank();
    for (notice, count) in notices(runs, lang) {
        let text = match lang {
            Lang::Zh => format!("【注意】（{count} 份报送）{notice}"),
            Lang::En => format!("NOTE ({count} of the submissions): {notice}"),
        };
        for line in wrap(&clean(&text), page.options.width) {
            let line = page.style().yellow(&line);
            page.line(&line);
        }
        page.blank();
    }
    let column = match lang {
        Lang::Zh => 8,
        Lang::En => 13,
    };
    let made = words::made_at(runs.stamp.as_ref(), page.lang());
    let period = match lang {
        Lang::Zh => format!("{}，评判时点 {}{made}", runs.period, runs.as_of),
        Lang::En => format!("{}, judged as of {}{made}", runs.period, runs.as_of),
    };
    page.labelled(2, page.pick("期间", "Period"), column, &period);
    let files: usize = runs.submissions.iter().map(|submission| submission.inputs.len()).sum();
    let rows: u64 = runs.submissions.iter().flat_map(|submission| &submission.inputs).map(|input| input.rows).sum();
    let count = runs.submissions.len();
    let said = match lang {
        Lang::Zh => format!("{count} 份，{files} 个文件，{rows} 行"),
        Lang::En => format!("{count} ({}, {})", plural(files as u64, "file"), plural(rows, "row")),
    };
    page.labelled(2, page.pick("报送", "Submissions"), column, &said);
    for (files, name) in
        [(&runs.standards, pick(lang, "标准", "Standards")), (&runs.waivers, pick(lang, "豁免", "Waivers"))]
    {
        for (at, file) in files.iter().enumerate() {
            page.labelled(2, if at == 0 { name } else { "" }, column, &file.path);
        }
    }
    let rules = words::rules(runs.rules.len() as u64, lang);
    let counts = counted(&runs.summary.rules, lang);
    let result = match lang {
        Lang::Zh => format!("{rules} × {count} 份报送：{counts}"),
        Lang::En => format!("{rules} × {}: {counts}", plural(count as u64, "submission")),
    };
    page.labelled(2, page.pick("结果", "Result"), column, &result);
    for remark in &runs.remarks {
        page.labelled(2, &remark.code, column, remark.message.get(lang));
    }
    page.blank();
}

/// A heading with the number of what stands below it.
fn section(page: &mut Page, zh: &str, en: &str, count: usize) {
    let text = match page.lang() {
        Lang::Zh => format!("【{zh}】{count}"),
        Lang::En => format!("{en} ({count})"),
    };
    let text = page.style().bold(&text);
    page.line(&text);
    page.blank();
}

/// How many lines a list leaves out.
fn more(page: &mut Page, left: usize, zh: &str, en: &str) {
    if left > 0 {
        let text = match page.lang() {
            Lang::Zh => format!("另有 {left} {zh}，见运行记录（--record）"),
            Lang::En => format!("and {left} more {en}: see the run record (--record)"),
        };
        page.labelled(2, "", 0, &text);
    }
}

fn bad(page: &mut Page, ranking: &Ranking<'_>) {
    let bad: Vec<&Submission> = ranking.bad().collect();
    if bad.is_empty() {
        return;
    }
    section(page, "有问题的报送", "SUBMISSIONS WITH FAULTS", bad.len());
    let lang = page.lang();
    for submission in bad.iter().take(LISTED) {
        page.labelled(2, "", 0, &submission.name);
        let faults: Vec<_> = submission.faults().collect();
        for remark in faults.iter().take(FAULTS) {
            let label = format!("{} ", remark.code);
            let place = remark.source.as_ref().map(|source| words::place(source, lang));
            let message = remark.message.get(lang);
            let text = match (place, lang) {
                (Some(place), Lang::Zh) => format!("{place}：{message}"),
                (Some(place), Lang::En) => format!("{place}: {message}"),
                (None, _) => message.to_owned(),
            };
            page.labelled(4, &label, width(&label) + 1, &text);
        }
        let left = faults.len().saturating_sub(FAULTS);
        if left > 0 {
            let text = match lang {
                Lang::Zh => format!("另有 {left} 处"),
                Lang::En => format!("and {left} more"),
            };
            page.labelled(4, "", 0, &text);
        }
        if !submission.unreadable.is_empty() {
            let datasets = submission.unreadable.join(pick(lang, "、", ", "));
            let text = match lang {
                Lang::Zh => format!("未能读取：{datasets}"),
                Lang::En => format!("could not be read: {datasets}"),
            };
            page.labelled(4, "", 0, &text);
        }
    }
    more(page, bad.len().saturating_sub(LISTED), "份", "submissions");
    page.blank();
}

fn rules(page: &mut Page, runs: &Runs, ranking: &Ranking<'_>) {
    if ranking.rules.is_empty() {
        return;
    }
    let lang = page.lang();
    section(page, "没有全部合格的规则", "RULES THAT DO NOT PASS EVERYWHERE", ranking.rules.len());
    let verdicts = telling(ranking.rules.iter().map(|(_, rule)| &rule.submissions));
    let mut head = vec![pick(lang, "编号", "Id").to_owned()];
    head.extend(verdicts.iter().map(|verdict| words::verdict(*verdict, lang).to_owned()));
    head.push(pick(lang, "规则（性质）", "Rule (kind)").to_owned());
    let mut rows = vec![head.clone()];
    for (_, rule) in ranking.rules.iter().take(LISTED) {
        let mut row = vec![clean(&rule.id)];
        row.extend(verdicts.iter().zip(head.iter().skip(1)).map(|(verdict, name)| {
            let count = rule.submissions.of(*verdict);
            pad_left(&if count == 0 { "·".to_owned() } else { count.to_string() }, width(name))
        }));
        let kind = words::kind(rule.kind, lang);
        row.push(match lang {
            Lang::Zh => format!("{}（{kind}）", clean(&rule.title)),
            Lang::En => format!("{} ({kind})", clean(&rule.title)),
        });
        rows.push(row);
    }
    listed(page, &rows);
    more(page, ranking.rules.len().saturating_sub(LISTED), "条规则", "rules");
    let clean = runs.rules.len() - ranking.rules.len();
    if clean > 0 {
        let text = match lang {
            Lang::Zh => format!("其余 {clean} 条规则在全部报送中合格或不适用。"),
            Lang::En => {
                format!("The other {} pass, or do not apply, in every submission.", words::rules(clean as u64, lang))
            }
        };
        page.labelled(2, "", 0, &text);
    }
    page.blank();
}

fn submissions(page: &mut Page, runs: &Runs, ranking: &Ranking<'_>) {
    let lang = page.lang();
    let shown: Vec<&Ranked<'_>> =
        ranking.submissions.iter().filter(|ranked| ranked.outcome != Outcome::Met || ranked.rules.fail > 0).collect();
    if shown.is_empty() {
        return;
    }
    section(page, "不通过和尚无定论的报送", "SUBMISSIONS THAT FAIL OR ARE OPEN", shown.len());
    let mut rows = vec![vec![
        pick(lang, "报送", "Submission").to_owned(),
        pick(lang, "结论", "Outcome").to_owned(),
        pick(lang, "规则", "Rules").to_owned(),
    ]];
    for ranked in shown.iter().take(LISTED) {
        let open = |wanted: Verdict| ranked.ids(runs, |letter| verdict(letter) == Some(wanted) && !fails(letter));
        let groups: Vec<String> = [
            (pick(lang, "不合格", "fail"), ranked.ids(runs, fails)),
            (pick(lang, "出错", "error"), open(Verdict::Error)),
            (pick(lang, "临界", "borderline"), open(Verdict::Borderline)),
            (pick(lang, "缺数据", "missing"), open(Verdict::Missing)),
        ]
        .into_iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(name, ids)| {
            let some: Vec<&str> = ids.iter().take(NAMED).copied().collect();
            let dots = if ids.len() > NAMED { pick(lang, "等", " …") } else { "" };
            match lang {
                Lang::Zh => format!("{name} {}：{}{dots}", ids.len(), some.join("、")),
                Lang::En => format!("{name} {}: {}{dots}", ids.len(), some.join(", ")),
            }
        })
        .collect();
        rows.push(vec![
            clean(&ranked.submission.name),
            outcome_name(ranked.outcome, lang).to_owned(),
            clean(&groups.join(pick(lang, "；", "; "))),
        ]);
    }
    listed(page, &rows);
    more(page, shown.len().saturating_sub(LISTED), "份", "submissions");
    page.blank();
}

/// A table below a heading in dim letters.
fn listed(page: &mut Page, rows: &[Vec<String>]) {
    let lines = table(rows, page.options.width.saturating_sub(2), 2);
    for (at, line) in lines.iter().enumerate() {
        let line = if at == 0 { page.style().dim(line) } else { line.clone() };
        page.line(&format!("  {line}"));
    }
}

fn outcome(page: &mut Page, runs: &Runs, ranking: &Ranking<'_>) {
    let text = format!("{}{}", page.pick("结论：", "Outcome: "), ranking.sentence(runs, page.lang()));
    for line in wrap(&clean(&text), page.options.width) {
        let line = match runs.outcome(page.options.fail_on) {
            Outcome::Met => page.style().green(&line),
            Outcome::Failed => page.style().red(&line),
            Outcome::Open => page.style().yellow(&line),
        };
        page.line(&line);
    }
}
