//! The field's terms in both languages: verdicts, kinds, and how counts and places are said.

use crate::base::{Lang, Range, plural, whereabouts};
use crate::quantity::Decimal;

use super::record::{Counts, Evidence, Finding, Kind, Pace, PaceKind, Source, Standing, Unknown, Verdict, Waiver};

/// Verdicts, worst first.
pub const VERDICTS: [Verdict; 8] = [
    Verdict::Error,
    Verdict::Fail,
    Verdict::Borderline,
    Verdict::Missing,
    Verdict::Pending,
    Verdict::Waived,
    Verdict::Pass,
    Verdict::NotApplicable,
];

/// One of two texts.
pub fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A verdict's name.
pub fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    let (zh, en) = match verdict {
        Verdict::Pass => ("合格", "pass"),
        Verdict::Fail => ("不合格", "fail"),
        Verdict::Missing => ("缺数据", "missing"),
        Verdict::Borderline => ("临界", "borderline"),
        Verdict::Pending => ("未到期", "pending"),
        Verdict::NotApplicable => ("不适用", "not applicable"),
        Verdict::Waived => ("豁免", "waived"),
        Verdict::Error => ("出错", "error"),
    };
    pick(lang, zh, en)
}

/// A kind's name.
pub fn kind(kind: Kind, lang: Lang) -> &'static str {
    let (zh, en) = match kind {
        Kind::Binding => ("约束性", "binding"),
        Kind::Expected => ("预期性", "expected"),
        Kind::Advisory => ("提示", "advisory"),
    };
    pick(lang, zh, en)
}

/// What the advice on a case of this verdict is called.
pub fn advice_label(verdict: Verdict, lang: Lang) -> &'static str {
    let (zh, en) = match verdict {
        Verdict::Missing | Verdict::Borderline => ("需补", "Supply"),
        Verdict::Error => ("原因", "Reason"),
        Verdict::Pending => ("进度", "Progress"),
        _ => ("差距", "To do"),
    };
    pick(lang, zh, en)
}

/// `3 条规则`, `1 rule`.
pub fn rules(count: u64, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{count} 条规则"),
        Lang::En => plural(count, "rule"),
    }
}

/// The time of the clock at which a record was made, as people write it: `2022-01-07 08:30:00 UTC`.
pub fn stamp(stamp: &str) -> String {
    stamp.replacen('T', " ", 1).replacen('Z', " UTC", 1)
}

/// That a record was made at a time of the clock, to stand behind its day of judging; nothing if it has no time.
pub fn made_at(time: Option<&String>, lang: Lang) -> String {
    match (time, lang) {
        (None, _) => String::new(),
        (Some(time), Lang::Zh) => format!("，制作于 {}", stamp(time)),
        (Some(time), Lang::En) => format!(", made at {}", stamp(time)),
    }
}

/// Who waived a case, from when to when, why, and where that stands, one sentence each.
pub fn waiver(waiver: &Waiver, lang: Lang) -> Vec<String> {
    let Waiver { approver, approved, expires, reason, document, source } = waiver;
    let place = source.as_ref().map(|source| place(source, lang));
    let mut lines = match lang {
        Lang::Zh => vec![format!("{approver} {approved} 批准，有效至 {expires}"), format!("理由：{reason}")],
        Lang::En => {
            vec![format!("approved by {approver} on {approved}, in force until {expires}"), format!("reason: {reason}")]
        }
    };
    lines.extend(document.as_ref().map(|document| match lang {
        Lang::Zh => format!("依据：{document}"),
        Lang::En => format!("document: {document}"),
    }));
    lines.extend(place.map(|place| match lang {
        Lang::Zh => format!("见 {place}"),
        Lang::En => format!("see {place}"),
    }));
    lines
}

/// What a case would be that is set aside: `若无豁免，不合格`; nothing of any other case.
pub fn would_be(finding: &Finding, lang: Lang) -> Option<String> {
    let name = verdict(finding.would_be?, lang);
    Some(match (finding.verdict, lang) {
        (Verdict::Waived, Lang::Zh) => format!("若无豁免，{name}"),
        (Verdict::Waived, Lang::En) => format!("without the waiver: {name}"),
        (_, Lang::Zh) => format!("若已到期，{name}"),
        (_, Lang::En) => format!("if it were due: {name}"),
    })
}

/// How far a pending case has come: `序时进度：完成 42.9%，时间已过 49.6%，落后 6.7 个百分点`.
pub fn pace(finding: &Finding, lang: Lang) -> Option<String> {
    let pace = finding.pace.as_ref()?;
    let Pace { attained, required, elapsed, .. } = pace;
    let time = match lang {
        Lang::Zh => format!("时间已过 {elapsed}"),
        Lang::En => format!("{elapsed} of the time elapsed"),
    };
    let text = match (&pace.progress, pace.kind, lang) {
        (Some(progress), PaceKind::Target, Lang::Zh) => format!("完成 {progress}{}", details(finding, pace, lang)),
        (Some(progress), PaceKind::Target, Lang::En) => format!("{progress} attained{}", details(finding, pace, lang)),
        (Some(progress), _, Lang::Zh) => format!("已用 {progress}{}", details(finding, pace, lang)),
        (Some(progress), _, Lang::En) => format!("{progress} used{}", details(finding, pace, lang)),
        (None, _, _) => {
            let step = |step: &Option<String>| step.clone().unwrap_or_default();
            let (at, of, wanted) = (step(&pace.step), step(&pace.steps), step(&pace.required_step));
            match lang {
                Lang::Zh => {
                    format!("已到「{attained}」（第 {at} 级，共 {of} 级），要求「{required}」（第 {wanted} 级）")
                }
                Lang::En => format!("at {attained} (level {at} of {of}), {required} required (level {wanted})"),
            }
        }
    };
    let standing = pace.standing.map(|standing| {
        let points = pace.difference.as_deref().unwrap_or_default();
        match (standing, pace.kind, lang) {
            (Standing::OnSchedule, _, Lang::Zh) => "，与时间进度持平".to_owned(),
            (Standing::OnSchedule, _, Lang::En) => ", on schedule".to_owned(),
            (Standing::Behind, PaceKind::Limit, Lang::Zh) => format!("，低于时间进度 {points} 个百分点"),
            (Standing::Ahead, PaceKind::Limit, Lang::Zh) => format!("，超前于时间进度 {points} 个百分点"),
            (Standing::Behind, _, Lang::Zh) => format!("，落后 {points} 个百分点"),
            (Standing::Ahead, _, Lang::Zh) => format!("，超前 {points} 个百分点"),
            (Standing::Behind, _, Lang::En) => format!(", {points} percentage points behind"),
            (Standing::Ahead, PaceKind::Limit, Lang::En) => format!(", {points} percentage points ahead of time"),
            (Standing::Ahead, _, Lang::En) => format!(", {points} percentage points ahead"),
        }
    });
    let standing = standing.unwrap_or_default();
    Some(match lang {
        Lang::Zh => format!("序时进度：{text}，{time}{standing}"),
        Lang::En => format!("pace: {text}, {time}{standing}"),
    })
}

/// What the progress is of, where the finding does not say it: `（已报至 2022，610 亿元，应达 1600 亿元）`.
fn details(finding: &Finding, pace: &Pace, lang: Lang) -> String {
    let Pace { attained, required, base, through, .. } = pace;
    let mut parts = Vec::new();
    parts.extend(base.as_ref().map(|base| match lang {
        Lang::Zh => format!("上期末 {base}"),
        Lang::En => format!("from {base}"),
    }));
    parts.extend(through.as_ref().map(|period| match lang {
        Lang::Zh => format!("已报至 {period}"),
        Lang::En => format!("reported up to {period}"),
    }));
    let said = finding.attained.as_ref() == Some(attained) && finding.threshold.as_ref() == Some(required);
    if !said {
        parts.push(match (pace.kind, lang) {
            (PaceKind::Limit, Lang::Zh) => format!("{attained}，上限 {required}"),
            (PaceKind::Limit, Lang::En) => format!("{attained} of at most {required}"),
            (_, Lang::Zh) => format!("{attained}，应达 {required}"),
            (_, Lang::En) => format!("{attained} of {required}"),
        });
    }
    match (parts.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{}）", parts.join("，")),
        (false, Lang::En) => format!(" ({})", parts.join(", ")),
    }
}

/// What was attained, with its unit, or the range in which it lies.
pub fn attained(finding: &Finding, lang: Lang) -> Option<String> {
    said(&finding.attained, &finding.attained_range, lang)
}

/// The threshold, with its unit, or the range in which it lies.
pub fn threshold(finding: &Finding, lang: Lang) -> Option<String> {
    said(&finding.threshold, &finding.threshold_range, lang)
}

fn said(figure: &Option<String>, range: &Option<Range>, lang: Lang) -> Option<String> {
    range.as_ref().map(|range| range.said(lang)).or_else(|| figure.clone())
}

/// A figure with its value: `公用经费[教育局, 2021] = 90.01 万元`, `… = 14.8 万元 ±0.05`, `… ∈ 14.75～14.85 万元`,
/// `… > 2 万户`.
pub fn figure(figure: &Evidence, lang: Lang) -> String {
    let name = &figure.name;
    match (&figure.value, &figure.within) {
        (Some(value), within) => {
            let rounded = rounded(value);
            let (sign, value) = rounded.as_ref().map_or(("=", value), |rounded| ("≈", rounded));
            let value = match figure.unit.as_str() {
                "" | "%" | "‰" => format!("{value}{}", figure.unit),
                unit => format!("{value} {unit}"),
            };
            let half = within.as_ref().and_then(|within| within.half_width.as_ref());
            format!("{name} {sign} {value}{}", half.map(|half| format!(" ±{half}")).unwrap_or_default())
        }
        (None, Some(within)) => format!("{name} {}", within.related(lang)),
        (None, None) => format!("{name} = {}", no_value(figure, lang)),
    }
}

/// A figure whose decimals do not end, for reading: `101.3077` of `1317/13`.
fn rounded(value: &str) -> Option<String> {
    let (part, of) = value.split_once('/')?;
    let read = Decimal::parse(part)?.value().div(&Decimal::parse(of)?.value())?.read(0);
    Some(read.trim_start_matches('≈').to_owned())
}

/// Why a figure has no value.
pub fn no_value(figure: &Evidence, lang: Lang) -> &'static str {
    match figure.unknown {
        None => pick(lang, "未提交", "not submitted"),
        Some(Unknown::Incomplete) => pick(lang, "数据不全", "incomplete"),
        Some(Unknown::Unreadable) => pick(lang, "单元格不能采用", "a cell cannot be used"),
        Some(Unknown::Repeated) => pick(lang, "报了不止一次", "submitted more than once"),
        Some(Unknown::Undefined) => pick(lang, "无法计算", "cannot be computed"),
        Some(Unknown::Borderline) => pick(lang, "取决于四舍五入", "depends on rounding"),
    }
}

/// Rows of a sum that are named.
const LARGEST: usize = 3;
/// Characters of a cell's text that are quoted.
const QUOTED: usize = 60;

/// The text of a cell as it was submitted, if it says more than the figure does: `1,234.5` of 1234.5 万元.
pub fn submitted(source: &Source, figure: &Evidence) -> Option<String> {
    let text = source.text.as_ref()?.trim();
    let value = figure.value.as_deref().unwrap_or_default();
    let bare = text.strip_suffix(figure.unit.as_str()).unwrap_or(text).trim_end();
    (figure.rows.is_some() || bare != value).then(|| shortened(text))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// The cells that a figure comes from, with what stands there: `预算.csv 第 3 行「金额」列，原文“1,234.5”`; of several rows the
/// first, and how many rows there are. `place` writes a place, `text` a text from the cell.
pub fn cells(
    figure: &Evidence,
    lang: Lang,
    place: impl Fn(&Source) -> String,
    text: impl Fn(&str) -> String,
) -> Option<String> {
    let first = figure.source.as_ref()?;
    let whole = place(first);
    let Some(rows) = figure.rows else {
        return Some(match (submitted(first, figure).map(|submitted| text(&submitted)), lang) {
            (None, _) => whole,
            (Some(submitted), Lang::Zh) => format!("{whole}，原文“{submitted}”"),
            (Some(submitted), Lang::En) => format!("{whole}, submitted as “{submitted}”"),
        });
    };
    let mut parts = Vec::new();
    for source in std::iter::once(first).chain(&figure.more).take(LARGEST) {
        // What stands in the same table is told by its row alone.
        let same = (&source.path, &source.sheet, &source.column) == (&first.path, &first.sheet, &first.column);
        let short = match (&source.cell, source.row, lang) {
            _ if !same || parts.is_empty() => place(source),
            (Some(cell), ..) => cell.clone(),
            (None, Some(row), Lang::Zh) => format!("第 {row} 行"),
            (None, Some(row), Lang::En) => format!("row {row}"),
            (None, None, _) => place(source),
        };
        let submitted = submitted(source, figure).map(|submitted| format!("“{}”", text(&submitted)));
        parts.push(match (submitted, lang) {
            (None, _) => short,
            (Some(submitted), Lang::Zh) => format!("{short}{submitted}"),
            (Some(submitted), Lang::En) => format!("{short} {submitted}"),
        });
    }
    Some(match (lang, rows > parts.len() as u64) {
        (Lang::Zh, true) => format!("{}等，共 {rows} 行", parts.join("、")),
        (Lang::Zh, false) => format!("{}，共 {rows} 行", parts.join("、")),
        (Lang::En, true) => format!("{} and others, {rows} rows in all", parts.join("; ")),
        (Lang::En, false) => format!("{}, {rows} rows in all", parts.join("; ")),
    })
}

/// Where something stands.
pub fn place(source: &Source, lang: Lang) -> String {
    let Source { path, sheet, row, column, cell, .. } = source;
    whereabouts(path, sheet.as_deref(), *row, column.as_deref(), cell.as_deref(), lang)
}

impl Counts {
    /// The count of a verdict.
    pub fn of(&self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Pass => self.pass,
            Verdict::Fail => self.fail,
            Verdict::Missing => self.missing,
            Verdict::Borderline => self.borderline,
            Verdict::Pending => self.pending,
            Verdict::NotApplicable => self.not_applicable,
            Verdict::Waived => self.waived,
            Verdict::Error => self.error,
        }
    }

    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        self.add_all(verdict, 1);
    }

    /// Counts so many more.
    pub fn add_all(&mut self, verdict: Verdict, cases: u64) {
        let count = match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Missing => &mut self.missing,
            Verdict::Borderline => &mut self.borderline,
            Verdict::Pending => &mut self.pending,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Waived => &mut self.waived,
            Verdict::Error => &mut self.error,
        };
        *count += cases;
    }

    /// Adds other counts to these.
    pub fn merge(&mut self, other: &Counts) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.missing += other.missing;
        self.borderline += other.borderline;
        self.pending += other.pending;
        self.not_applicable += other.not_applicable;
        self.waived += other.waived;
        self.error += other.error;
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        VERDICTS.iter().map(|verdict| self.of(*verdict)).sum()
    }
}
