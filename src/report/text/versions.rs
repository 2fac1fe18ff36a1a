//! Two suites compared in, their text out: how many rules changed how, then each rule that is not the same, and what shows it.

use crate::base::Lang;
use crate::report::layout::{hang, pad};
use crate::report::text::diff::Options;
use crate::report::versions::{CHANGES, Change, Example, Of, RuleVersions, Setting, Side, Versions, What, Wording};
use crate::report::words::{self, pick};

/// The text of a comparison.
pub fn render(versions: &Versions, options: &Options) -> String {
    let lang = options.lang;
    let mut text = String::new();
    let mut line = |indent: usize, words: &str| hang(&mut text, indent, words, options.width);
    for (label, one) in [(pick(lang, "原", "Old"), &versions.old), (pick(lang, "新", "New"), &versions.new)] {
        line(0, &format!("{label}  {}", side(one, lang)));
    }
    line(0, "");
    if !versions.settings.is_empty() {
        line(0, settings_heading(lang));
        versions.settings.iter().for_each(|one| line(2, &setting(one, lang)));
        line(0, "");
    }
    for kind in CHANGES {
        let rules: Vec<&RuleVersions> = versions.rules.iter().filter(|rule| rule.change == kind).collect();
        if rules.is_empty() {
            continue;
        }
        line(0, &heading(kind, rules.len(), lang));
        for rule in rules {
            let title = if rule.title == rule.id { String::new() } else { format!("  {}", rule.title) };
            line(2, &format!("{}{title}", rule.id));
            for (label, words) in said(rule, lang) {
                let label = format!("{label}{}", pick(lang, "：", ": "));
                let column = match lang {
                    Lang::Zh => 10,
                    Lang::En => 12,
                };
                line(6, &format!("{}{words}", pad(&label, column)));
            }
        }
        line(0, "");
    }
    line(0, &sentence(versions, lang));
    text
}

/// `rules/2022：部门预算（期间 2022）`
pub fn side(side: &Side, lang: Lang) -> String {
    let name = if side.title.is_empty() { &side.suite } else { &side.title };
    match (&side.period, lang) {
        (Some(period), Lang::Zh) => format!("{}：{name}，期间 {period}", side.path),
        (Some(period), Lang::En) => format!("{}: {name}, period {period}", side.path),
        (None, Lang::Zh) => format!("{}：{name}", side.path),
        (None, Lang::En) => format!("{}: {name}", side.path),
    }
}

/// What stands above the settings that differ.
pub fn settings_heading(lang: Lang) -> &'static str {
    pick(lang, "数据的读法和默认值不同", "Figures are read otherwise, or defaults differ")
}

/// `期间：2021 → 2022`
pub fn setting(setting: &Setting, lang: Lang) -> String {
    let what = setting.what.get(lang);
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| pick(lang, "没有写", "none").to_owned());
    match (&setting.old, &setting.new) {
        (None, None) => what.to_owned(),
        (old, new) => format!("{what}{}{} → {}", pick(lang, "：", ": "), value(old), value(new)),
    }
}

/// A change in a word.
pub fn change(change: Change, lang: Lang) -> &'static str {
    let (zh, en) = match change {
        Change::Stricter => ("更严", "stricter"),
        Change::Laxer => ("更宽", "laxer"),
        Change::Incomparable => ("有严有宽", "incomparable"),
        Change::Unclear => ("不能判定", "cannot tell"),
        Change::New => ("新增", "new"),
        Change::Gone => ("删去", "gone"),
        Change::Same => ("相同", "the same"),
    };
    pick(lang, zh, en)
}

/// A change and how many rules it is of.
pub fn heading(kind: Change, count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}（{count} 条）", change(kind, lang)),
        Lang::En => {
            let name = match kind {
                Change::Stricter => "Stricter",
                Change::Laxer => "Laxer",
                Change::Incomparable => "Stricter in one thing, laxer in another",
                Change::Unclear => "Cannot tell",
                Change::New => "New",
                Change::Gone => "Gone",
                Change::Same => "The same",
            };
            format!("{name} ({count})")
        }
    }
}

/// All in one sentence.
pub fn sentence(versions: &Versions, lang: Lang) -> String {
    let summary = &versions.summary;
    let otherwise = match (versions.settings.is_empty(), lang) {
        (true, _) => "",
        (false, Lang::Zh) => "数据的读法或默认值不同，同样的要求评判的可能不是同样的数。",
        (false, Lang::En) => {
            " Figures are read otherwise or defaults differ, so that the same demands may be made of other figures."
        }
    };
    if versions.rules.is_empty() {
        return match lang {
            Lang::Zh => format!("{} 条规则的要求都相同。{otherwise}", summary.same),
            Lang::En => format!("All {} rules demand the same.{otherwise}", summary.same),
        };
    }
    let parts: Vec<String> = CHANGES
        .into_iter()
        .filter(|kind| summary.of(*kind) > 0)
        .map(|kind| match lang {
            Lang::Zh => format!("{} {} 条", change(kind, lang), summary.of(kind)),
            Lang::En => format!("{} {}", summary.of(kind), change(kind, lang)),
        })
        .collect();
    match lang {
        Lang::Zh => format!("{}。{otherwise}", parts.join("，")),
        Lang::En => format!("Rules: {}.{otherwise}", parts.join(", ")),
    }
}

/// What there is to say of a rule: labels and words.
pub fn said(rule: &RuleVersions, lang: Lang) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    let wordings =
        [(pick(lang, "要求", "requires"), &rule.requirement), (pick(lang, "适用", "applies"), &rule.applies)];
    for (label, wordings) in wordings {
        if !wordings.is_empty() {
            lines.push((label, wording(wordings, lang)));
        }
    }
    for aspect in &rule.aspects {
        let label = match aspect.what {
            What::Kind => pick(lang, "性质", "kind"),
            What::Deadline => pick(lang, "截止", "due"),
            What::Periods => pick(lang, "期间", "period"),
            What::Cases => pick(lang, "个案", "cases"),
            What::Roster => pick(lang, "名单", "roster"),
        };
        let (old, new) = (aspect.old.get(lang), aspect.new.get(lang));
        let way = change(aspect.change, lang);
        lines.push((
            label,
            match lang {
                Lang::Zh => format!("{old} → {new}（{way}）"),
                Lang::En => format!("{old} → {new} ({way})"),
            },
        ));
    }
    if !rule.redefined.is_empty() {
        lines.push((pick(lang, "定义变了", "redefined"), rule.redefined.join(pick(lang, "、", ", "))));
    }
    lines.extend(rule.examples.iter().map(|example| (pick(lang, "例如", "with"), shown(example, lang))));
    lines.extend(rule.assuming.iter().map(|words| {
        (pick(lang, "前提", "given"), words.get(lang).trim_matches(['（', '）', '(', ')', ' ']).to_owned())
    }));
    lines.extend(rule.reason.iter().map(|words| (pick(lang, "说明", "note"), words.get(lang).to_owned())));
    lines
}

fn wording(wordings: &[Wording], lang: Lang) -> String {
    let words = |of: Of| wordings.iter().find(|wording| wording.of == of);
    let text = |wording: &Wording| wording.text.clone().unwrap_or_else(|| pick(lang, "总是", "always").to_owned());
    match (words(Of::Old), words(Of::New)) {
        (Some(old), Some(new)) => format!("{} → {}", text(old), text(new)),
        (old, new) => old.or(new).map(text).unwrap_or_default(),
    }
}

/// `收入 = 108 亿元：原来合格，现在不合格`
fn shown(example: &Example, lang: Lang) -> String {
    let (old, new) = (words::verdict(example.old, lang), words::verdict(example.new, lang));
    let figures = example.figures.get(lang);
    match (figures.is_empty(), lang) {
        (true, Lang::Zh) => format!("原来{old}，现在{new}"),
        (false, Lang::Zh) => format!("{figures}：原来{old}，现在{new}"),
        (true, Lang::En) => format!("{old} before, {new} now"),
        (false, Lang::En) => format!("{figures}: {old} before, {new} now"),
    }
}
