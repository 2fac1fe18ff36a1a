//! A case of a record in, its calculation in words out, line by line, as one would write it on paper. Knows no format: the
//! lines go to a terminal or into Markdown.

mod changes;

use std::collections::BTreeSet;

use crate::base::{Lang, plural};

use super::record::{Evidence, Finding, Kind, Step, StepKind, Truth, Verdict};
use super::words::{self, pick};

pub use changes::changes;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A step, or a figure.
    Plain,
    /// Where something comes from.
    Source,
    /// How a condition comes out.
    Outcome(Truth),
}

/// A line of a calculation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How deep it stands.
    pub depth: usize,
    /// What it says.
    pub text: String,
    /// What it is.
    pub tone: Tone,
}

/// How many cells of a figure are named.
const ROWS: usize = 20;

fn line(depth: usize, text: impl Into<String>, tone: Tone) -> Line {
    Line { depth, text: text.into(), tone }
}

/// The figures that a case rests on, each with where it stands.
pub fn figures(figures: &[&Evidence], lang: Lang) -> Vec<Line> {
    figures.iter().flat_map(|evidence| figure(evidence, 0, lang)).collect()
}

fn figure(figure: &Evidence, depth: usize, lang: Lang) -> Vec<Line> {
    let mut lines = vec![line(depth, words::figure(figure, lang), Tone::Plain)];
    let Some(first) = &figure.source else { return lines };
    let cell = |source| {
        let place = words::place(source, lang);
        match (words::submitted(source, figure), lang) {
            (None, _) => place,
            (Some(text), Lang::Zh) => format!("{place}，原文“{text}”"),
            (Some(text), Lang::En) => format!("{place}, submitted as “{text}”"),
        }
    };
    let mut add = |text: String| lines.push(line(depth + 1, text, Tone::Source));
    let Some(rows) = figure.rows else {
        add(cell(first));
        // Of one row, the cells that its condition reads.
        figure.more.iter().take(ROWS).for_each(|source| add(cell(source)));
        return lines;
    };
    let cells = || std::iter::once(first).chain(&figure.more).take(ROWS);
    // Of one row, several cells may be named.
    let named = cells().map(|cell| (&cell.path, &cell.sheet, cell.row)).collect::<BTreeSet<_>>().len() as u64;
    add(match (lang, named < rows) {
        (Lang::Zh, false) => format!("取自 {rows} 行："),
        (Lang::En, false) => format!("from {}:", plural(rows, "row")),
        (Lang::Zh, true) => format!("取自 {rows} 行，下面列出其中 {named} 行："),
        (Lang::En, true) => format!("from {}; {named} of them:", plural(rows, "row")),
    });
    cells().for_each(|source| add(cell(source)));
    lines
}

/// The steps of a condition; `bare`: without the condition itself, which is said elsewhere.
pub fn steps(step: &Step, finding: &Finding, bare: bool, lang: Lang) -> Vec<Line> {
    let rows = by_row(step, finding);
    let mut writer = Writer { lang, lines: Vec::new(), rows, assumed: false, denied: false };
    writer.step(step, 0, bare);
    writer.lines
}

/// The figures of a case that its calculation does not tell itself: all but those of rows.
pub fn apart(finding: &Finding) -> Vec<&Evidence> {
    match &finding.calculation {
        Some(step) if step.kind == StepKind::Rows && !step.steps.is_empty() => Vec::new(),
        _ => finding.evidence.iter().collect(),
    }
}

/// The figures of each row of a row rule, in the order of its steps. Sums over the rows below stand behind the row's own.
fn by_row<'f>(step: &Step, finding: &'f Finding) -> Vec<Vec<&'f Evidence>> {
    let mut rows: Vec<Vec<&Evidence>> = step.steps.iter().map(|_| Vec::new()).collect();
    if step.kind != StepKind::Rows {
        return rows;
    }
    let mut current = None;
    for evidence in &finding.evidence {
        let own = step.steps.iter().position(|row| match (&row.source, &evidence.source) {
            (Some(a), Some(b)) => (&a.path, &a.sheet, a.row) == (&b.path, &b.sheet, b.row),
            _ => false,
        });
        let below = evidence.rows.is_some() || evidence.name.contains(' ');
        current = if below { current } else { own };
        if let Some(row) = current.and_then(|at| rows.get_mut(at))
            && !row.iter().any(|known| known.name == evidence.name)
        {
            row.push(evidence);
        }
    }
    rows
}

struct Writer<'f> {
    lang: Lang,
    lines: Vec<Line>,
    rows: Vec<Vec<&'f Evidence>>,
    /// Is what is written not required, but a premise, or what must not be?
    assumed: bool,
    /// Is it what must not be?
    denied: bool,
}

impl Writer<'_> {
    fn add(&mut self, depth: usize, text: impl Into<String>, tone: Tone) {
        self.lines.push(line(depth, text, tone));
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        pick(self.lang, zh, en)
    }

    fn step(&mut self, step: &Step, depth: usize, whole: bool) {
        match step.kind {
            StepKind::Value => {
                self.add(depth, format!("{} = {}", step.text, step.formula.as_deref().unwrap_or("?")), Tone::Plain);
            }
            StepKind::Comparison => self.comparison(step, depth, whole),
            StepKind::All if said_once(step).is_some() => self.range(step, depth, whole),
            StepKind::All | StepKind::Any | StepKind::Every | StepKind::Some => {
                self.add(depth, self.heading(step), Tone::Plain);
                self.numbered(step, depth);
                self.verdict(step, depth);
            }
            StepKind::Not => {
                self.add(depth, self.pick("以下不得成立：", "this must not hold:"), Tone::Plain);
                let (assumed, denied) = (self.assumed, self.denied);
                (self.assumed, self.denied) = (true, !denied);
                step.steps.iter().for_each(|part| self.step(part, depth + 1, false));
                (self.assumed, self.denied) = (assumed, denied);
                let outcome = step.outcome.unwrap_or(Truth::Unknown);
                let text = match outcome {
                    Truth::Holds => self.pick("上面的情形没有出现：成立", "it is not so: holds"),
                    Truth::Fails => self.pick("上面的情形出现了：不成立", "it is so: does not hold"),
                    _ => self::outcome(outcome, self.lang),
                };
                self.add(depth, text, Tone::Outcome(outcome));
            }
            StepKind::Implies => {
                let assumed = self.assumed;
                for (part, (zh, en)) in step.steps.iter().zip([("如果", "if"), ("则须", "then it must be that")]) {
                    self.add(depth, format!("{}{}", self.pick(zh, en), self.pick("：", ":")), Tone::Plain);
                    self.assumed = assumed || zh == "如果";
                    self.step(part, depth + 1, false);
                }
                self.assumed = assumed;
                let idle = step.steps.first().is_some_and(|premise| premise.outcome == Some(Truth::Fails));
                if idle {
                    let text = self.pick(
                        "前提不成立，不再要求后者：成立",
                        "the premise does not hold, so nothing more is required: holds",
                    );
                    self.add(depth, text, Tone::Outcome(Truth::Holds));
                } else {
                    self.verdict(step, depth);
                }
            }
            StepKind::Rows => self.rows(step, depth),
            StepKind::Row => step.steps.iter().for_each(|part| self.step(part, depth, true)),
        }
    }

    /// What the parts of a condition are to it; what all of them say is said here.
    fn heading(&self, step: &Step) -> String {
        let count = step.steps.len() as u64 + step.left_out;
        let said = said_once(step);
        match self.lang {
            Lang::Zh => {
                let heading = match (step.kind, self.assumed) {
                    (StepKind::All, false) => format!("以下 {count} 项须全部成立："),
                    (StepKind::All, true) => format!("以下 {count} 项全部成立："),
                    (StepKind::Any, false) => format!("以下 {count} 项有一项成立即可："),
                    (StepKind::Any, true) => format!("以下 {count} 项至少有一项成立："),
                    (StepKind::Every, false) => format!("{count} 期都须成立："),
                    (StepKind::Every, true) => format!("{count} 期都成立："),
                    (_, false) => format!("{count} 期中有一期成立即可："),
                    (_, true) => format!("{count} 期中至少有一期成立："),
                };
                said.map(|said| format!("{said}，{heading}")).unwrap_or(heading)
            }
            Lang::En => {
                let verb = if self.assumed { "holds" } else { "must hold" };
                let said = said.unwrap_or("it");
                match step.kind {
                    StepKind::All => format!("all of these {count} {}:", if self.assumed { "hold" } else { verb }),
                    StepKind::Any => format!("one of these {count} {verb}:"),
                    StepKind::Every => format!("{said} {verb} in each of {count} periods:"),
                    _ => format!("{said} {verb} in one of {count} periods:"),
                }
            }
        }
    }

    /// A condition with two ends, which are written as one.
    fn range(&mut self, step: &Step, depth: usize, whole: bool) {
        let inner = if whole { depth } else { depth + 1 };
        if !whole {
            self.add(depth, said_once(step).unwrap_or_default(), Tone::Plain);
        }
        let start = self.lines.len();
        for part in &step.steps {
            let from = self.lines.len();
            self.step(part, inner, true);
            for line in self.lines.split_off(from) {
                if !self.lines.iter().skip(start).any(|known| *known == line) {
                    self.lines.push(line);
                }
            }
        }
        if self.lines.iter().skip(start).filter(|line| matches!(line.tone, Tone::Outcome(_))).count() > 1 {
            self.verdict(step, inner);
        }
    }

    /// The parts of a condition, each with its number, and which of them are left out.
    fn numbered(&mut self, step: &Step, depth: usize) {
        let once = said_once(step).is_some();
        for (at, part) in step.steps.iter().enumerate() {
            let start = self.lines.len();
            let apart = once && !part.steps.is_empty();
            if apart {
                self.add(depth + 1, "", Tone::Plain);
            }
            self.step(part, depth + if apart { 2 } else { 1 }, once);
            if let Some(first) = self.lines.get_mut(start) {
                let period = part.period.as_ref().map(|period| format!("{period}  ")).unwrap_or_default();
                first.text = format!("{}. {period}{}", at + 1, first.text).trim_end().to_owned();
            }
        }
        if step.left_out > 0 {
            let more = step.left_out;
            let text = match self.lang {
                Lang::Zh => format!("另有 {more} 项没有列出"),
                Lang::En => format!("{more} more are not listed"),
            };
            self.add(depth + 1, text, Tone::Source);
        }
    }

    fn comparison(&mut self, step: &Step, depth: usize, whole: bool) {
        let inner = if whole { depth } else { depth + 1 };
        if !whole {
            self.add(depth, step.text.clone(), Tone::Plain);
        }
        step.steps.iter().for_each(|part| self.step(part, inner, false));
        let outcome = step.outcome.unwrap_or(Truth::Unknown);
        let said = self::outcome(outcome, self.lang);
        let text = match (&step.formula, self.lang) {
            (Some(formula), Lang::Zh) => format!("{formula}，{said}"),
            (Some(formula), Lang::En) => format!("{formula}: {said}"),
            (None, _) => said.to_owned(),
        };
        let met = match outcome {
            Truth::Holds => Some(!self.denied),
            Truth::Fails => Some(self.denied),
            _ => None,
        };
        let margin = match (&step.margin, met, self.lang) {
            (Some(margin), Some(false), Lang::Zh) => format!("（差 {margin}）"),
            (Some(margin), Some(false), Lang::En) => format!(" ({margin} off)"),
            (Some(margin), Some(true), Lang::Zh) => format!("（余 {margin}）"),
            (Some(margin), Some(true), Lang::En) => format!(" ({margin} to spare)"),
            _ => String::new(),
        };
        self.add(inner, format!("{text}{margin}"), Tone::Outcome(outcome));
    }

    /// How a condition with parts comes out, and because of which.
    fn verdict(&mut self, step: &Step, depth: usize) {
        let outcome = step.outcome.unwrap_or(Truth::Unknown);
        let said = self::outcome(outcome, self.lang);
        let all = matches!(step.kind, StepKind::All | StepKind::Every);
        let by_one = matches!((all, outcome), (true, Truth::Fails) | (false, Truth::Holds));
        let listed = match step.kind {
            StepKind::All => said_once(step).is_none(),
            StepKind::Any | StepKind::Every | StepKind::Some => true,
            _ => false,
        };
        let decisive = listed && by_one;
        let parts: Vec<String> = step
            .steps
            .iter()
            .enumerate()
            .filter(|(_, part)| decisive && part.outcome == Some(outcome))
            .map(|(at, _)| (at + 1).to_string())
            .collect();
        let text = match (parts.is_empty(), self.lang) {
            (true, Lang::Zh) => format!("合起来：{said}"),
            (true, Lang::En) => format!("together: {said}"),
            (false, Lang::Zh) => format!("合起来：第 {} 项{said}，因此{said}", parts.join("、")),
            (false, Lang::En) => format!("together: {said}, because of {}", parts.join(", ")),
        };
        self.add(depth, text, Tone::Outcome(outcome));
    }

    fn rows(&mut self, step: &Step, depth: usize) {
        let text = match step.outcome {
            Some(Truth::Holds) => self.pick("每一行都须成立：全部成立", "every row must meet it: all do"),
            _ => self.pick("每一行都须成立。没有做到的行：", "every row must meet it. Those that do not:"),
        };
        self.add(depth, text, Tone::Plain);
        for (at, row) in step.steps.iter().enumerate() {
            let place = row.source.as_ref().map(|source| words::place(source, self.lang)).unwrap_or_default();
            let name = match (row.text.is_empty(), self.lang) {
                (true, _) => String::new(),
                (false, Lang::Zh) => format!("（{}）", row.text),
                (false, Lang::En) => format!(" ({})", row.text),
            };
            self.add(depth + 1, format!("{}. {place}{name}", at + 1), Tone::Plain);
            let figures = self.rows.get(at).cloned().unwrap_or_default();
            for evidence in figures {
                let lang = self.lang;
                self.lines.extend(figure(evidence, depth + 2, lang));
            }
            self.step(row, depth + 2, false);
        }
        if step.left_out > 0 {
            let more = step.left_out;
            let text = match self.lang {
                Lang::Zh => format!("另有 {more} 行没有列出"),
                Lang::En => format!("{more} more rows are not listed"),
            };
            self.add(depth + 1, text, Tone::Source);
        }
    }
}

/// The comparison that all parts of a condition are: of a range its two ends, of a series its periods.
fn said_once(step: &Step) -> Option<&str> {
    let said = step.steps.first().map(|part| part.text.as_str()).filter(|text| !text.is_empty())?;
    let same = step.steps.iter().all(|part| part.kind == StepKind::Comparison && part.text == said);
    let fits = match step.kind {
        StepKind::All => step.steps.len() > 1 && step.left_out == 0,
        StepKind::Every | StepKind::Some => true,
        _ => false,
    };
    (same && fits).then_some(said)
}

fn outcome(outcome: Truth, lang: Lang) -> &'static str {
    match outcome {
        Truth::Holds => pick(lang, "成立", "holds"),
        Truth::Fails => pick(lang, "不成立", "does not hold"),
        Truth::Borderline => pick(lang, "取决于四舍五入", "hangs on rounding"),
        Truth::Unknown => pick(lang, "缺数据，不能判断", "cannot be told, for want of data"),
        Truth::Error => pick(lang, "无法计算", "cannot be evaluated"),
    }
}

/// How a case came out, in a sentence, and why.
pub fn conclusion(finding: &Finding, kind: Kind, as_of: &str, lang: Lang) -> String {
    let name = words::verdict(finding.verdict, lang);
    let why = match finding.verdict {
        Verdict::Pass => pick(lang, "要求成立", "what is required holds"),
        Verdict::Fail => pick(lang, "要求不成立", "what is required does not hold"),
        Verdict::Missing => pick(
            lang,
            "缺的数据决定结论，没有数据不能判为合格",
            "the verdict depends on what is missing, and nothing never passes",
        ),
        Verdict::Borderline => {
            pick(lang, "合格与不合格都在四舍五入的误差之内", "both outcomes lie within the rounding of the figures")
        }
        Verdict::Pending => {
            let otherwise = words::would_be(finding, lang).unwrap_or_default();
            return match lang {
                Lang::Zh => format!("{name}：评判时点 {as_of} 还没有到期；{otherwise}"),
                Lang::En => format!("{name}: it is not due on {as_of}; {otherwise}"),
            };
        }
        Verdict::Waived => {
            let otherwise = words::would_be(finding, lang).unwrap_or_default();
            return match lang {
                Lang::Zh => format!("{name}：有一项豁免在 {as_of} 有效；{otherwise}"),
                Lang::En => format!("{name}: a waiver is in force on {as_of}; {otherwise}"),
            };
        }
        Verdict::NotApplicable => {
            pick(lang, "适用的条件不成立", "the condition under which the rule applies does not hold")
        }
        Verdict::Error => pick(lang, "无法计算，原因见下", "it cannot be evaluated, for the reason below"),
    };
    let counts = match (finding.verdict, kind) {
        (Verdict::Fail, Kind::Expected) => pick(
            lang,
            "。预期性指标，不计入约束性的结论",
            ". An expected target: it does not count with the binding ones",
        ),
        (Verdict::Fail, Kind::Advisory) => {
            pick(lang, "。只作提示，不计入约束性的结论", ". Advisory only: it does not count with the binding ones")
        }
        _ => "",
    };
    match lang {
        Lang::Zh => format!("{name}：{why}{counts}"),
        Lang::En => format!("{name}: {why}{counts}"),
    }
}
