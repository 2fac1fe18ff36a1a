//! The field's terms in both languages: verdicts, kinds, and how counts and places are said.

use crate::base::{Lang, Range, whereabouts};

use super::record::{Counts, Evidence, Finding, Kind, Source, Verdict};

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

/// `3 条规则`, `1 rule`.
pub fn rules(count: u64, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{count} 条规则"),
        Lang::En => format!("{count} rule{}", if count == 1 { "" } else { "s" }),
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

/// A figure with its value: `公用经费[教育局, 2021] = 90.01 万元`, `… = 14.8 万元 ±0.05`, `… ∈ 14.75～14.85 万元`.
pub fn figure(figure: &Evidence, lang: Lang) -> String {
    let name = &figure.name;
    match (&figure.value, &figure.within) {
        (Some(value), within) => {
            let value = match figure.unit.as_str() {
                "" | "%" | "‰" => format!("{value}{}", figure.unit),
                unit => format!("{value} {unit}"),
            };
            let half = within.as_ref().and_then(|within| within.half_width.as_ref());
            format!("{name} = {value}{}", half.map(|half| format!(" ±{half}")).unwrap_or_default())
        }
        (None, Some(within)) => format!("{name} ∈ {}", within.said(lang)),
        (None, None) => format!("{name} = {}", pick(lang, "未提交", "not submitted")),
    }
}

/// Where something stands.
pub fn place(source: &Source, lang: Lang) -> String {
    let Source { path, sheet, row, column, cell } = source;
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
        *count += 1;
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
