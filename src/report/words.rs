//! The field's terms in both languages: verdicts, kinds, and how counts and places are said.

use crate::base::{Lang, whereabouts};

use super::record::{Counts, Finding, Kind, Source, Verdict, Waiver};

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

/// Where something stands.
pub fn place(source: &Source, lang: Lang) -> String {
    whereabouts(&source.path, source.sheet.as_deref(), source.row, source.column.as_deref(), lang)
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
