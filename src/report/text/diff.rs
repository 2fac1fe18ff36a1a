//! A [`Diff`] in, its text out: what differs between the runs, then each rule that came out otherwise, and why.

use crate::base::Lang;
use crate::report::diff::{CaseChange, Diff, Reason, RuleChange};
use crate::report::layout::{hang, pad};
use crate::report::record::Verdict;
use crate::report::style::Style;
use crate::report::words::{self, pick};

/// Cases of a rule that are listed.
const CASES: usize = 10;

/// How the text is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The language of everything that is not the rules' own text.
    pub lang: Lang,
    /// Columns of a line.
    pub width: usize,
    /// Colours.
    pub style: Style,
}

/// The text of a comparison.
pub fn render(diff: &Diff, options: &Options) -> String {
    let lang = options.lang;
    let mut text = String::new();
    let mut line = |indent: usize, words: &str| hang(&mut text, indent, words, options.width);
    for (label, side) in [(pick(lang, "原", "Old"), &diff.old), (pick(lang, "新", "New"), &diff.new)] {
        let words = match lang {
            Lang::Zh => {
                format!("{label}  {}：{}，期间 {}，评判时点 {}", side.path, side.suite, side.period, side.as_of)
            }
            Lang::En => format!("{label}  {}: {}, period {}, as of {}", side.path, side.suite, side.period, side.as_of),
        };
        line(0, &words);
    }
    line(0, "");
    if !diff.causes.is_empty() {
        line(0, pick(lang, "两次运行的不同", "What differs between the runs"));
        for cause in &diff.causes {
            line(2, &format!("{}{}", pad(reason(cause.kind, lang), 10), cause.what));
        }
        line(0, "");
    }
    for rule in &diff.rules {
        let title = if rule.title == rule.id { String::new() } else { format!(" {}", rule.title) };
        line(0, &format!("{}{title}  {}", rule.id, change(rule.old, rule.new, lang)));
        let why: Vec<&str> = rule.why.iter().map(|kind| reason(*kind, lang)).collect();
        if !why.is_empty() && (rule.old.is_some() && rule.new.is_some()) {
            line(4, &format!("{}{}", pick(lang, "原因：", "why: "), why.join(pick(lang, "、", ", "))));
        }
        if let Some([old, new]) = &rule.requirement {
            line(4, &format!("{}{old} → {new}", pick(lang, "要求：", "required: ")));
        }
        for case in rule.cases.iter().take(CASES) {
            line(4, &told(case, rule, lang));
        }
        let more = rule.cases.len().saturating_sub(CASES);
        if more > 0 {
            line(
                4,
                &match lang {
                    Lang::Zh => format!("另有 {more} 个个案"),
                    Lang::En => format!("{more} more cases"),
                },
            );
        }
    }
    let (changed, same) = (diff.rules.len(), diff.same);
    let words = match lang {
        _ if diff.is_empty() => {
            pick(lang, "两次运行依据相同，结论相同。", "The two runs rest on the same and come out the same.")
                .to_owned()
        }
        Lang::Zh => format!("{changed} 条规则有变化，{same} 条没有。"),
        Lang::En => format!("{changed} rules came out otherwise, {same} the same."),
    };
    if !diff.rules.is_empty() {
        line(0, "");
    }
    line(0, &words);
    text
}

/// What a change is put down to, in a word.
pub fn reason(reason: Reason, lang: Lang) -> &'static str {
    let (zh, en) = match reason {
        Reason::Data => ("数据", "data"),
        Reason::Rule => ("规则", "rules"),
        Reason::Standard => ("标准", "standards"),
        Reason::Waiver => ("豁免", "waivers"),
        Reason::Period => ("期间", "period"),
        Reason::AsOf => ("评判时点", "as of"),
        Reason::Tool => ("软件版本", "version"),
    };
    pick(lang, zh, en)
}

/// `不合格 → 合格`
fn change(old: Option<Verdict>, new: Option<Verdict>, lang: Lang) -> String {
    match (old, new) {
        (None, Some(new)) => format!("{} {}", pick(lang, "新增", "new:"), words::verdict(new, lang)),
        (Some(_), None) => pick(lang, "已删去", "gone").to_owned(),
        (Some(old), Some(new)) if old == new => words::verdict(new, lang).to_owned(),
        (old, new) => {
            let name = |verdict: Option<Verdict>| verdict.map_or("?", |verdict| words::verdict(verdict, lang));
            format!("{} → {}", name(old), name(new))
        }
    }
}

/// `教育局，2021：不合格 → 未列出；公用经费[教育局, 2021] 90.01 万元 → 90.00 万元`
fn told(case: &CaseChange, rule: &RuleChange, lang: Lang) -> String {
    let mut scope: Vec<&str> = case.scope.values().map(String::as_str).collect();
    scope.push(&case.period);
    // What a record does not list passes, is not applicable, or is beyond its limit.
    let unlisted = pick(lang, "未列出", "not listed");
    let name = |verdict: Option<Verdict>| verdict.map_or(unlisted, |verdict| words::verdict(verdict, lang));
    let mut parts = Vec::new();
    if case.old != case.new {
        parts.push(format!("{} → {}", name(case.old), name(case.new)));
    } else if rule.old != case.old {
        parts.push(name(case.old).to_owned());
    }
    for figure in &case.figures {
        let absent = pick(lang, "没有数值", "no value");
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| absent.to_owned());
        parts.push(format!("{} {} → {}", figure.name, shown(&figure.old), shown(&figure.new)));
    }
    format!("{}{}{}", scope.join(pick(lang, "，", ", ")), pick(lang, "：", ": "), parts.join(pick(lang, "；", "; ")))
}
