//! A case of a record in, its calculation in words out, line by line, as one would write it on paper. Knows no format: the
//! lines go to a terminal or into Markdown.

use crate::base::Lang;

use super::record::{Evidence, Finding, Kind, Step, StepKind, Truth, Turn, Verdict};
use super::words::{self, pick};

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

/// The largest rows of a sum that are named.
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
    let named = (1 + figure.more.len()).min(ROWS) as u64;
    add(match (lang, named < rows) {
        (Lang::Zh, false) => format!("取自 {rows} 行："),
        (Lang::En, false) => format!("from {rows} rows:"),
        (Lang::Zh, true) => format!("取自 {rows} 行，下面列出占比最大的 {named} 行："),
        (Lang::En, true) => format!("from {rows} rows; the {named} that contribute most:"),
    });
    std::iter::once(first).chain(&figure.more).take(ROWS).for_each(|source| add(cell(source)));
    lines
}

/// The steps of a condition; `bare`: without the condition itself, which is said elsewhere.
pub fn steps(step: &Step, finding: &Finding, bare: bool, lang: Lang) -> Vec<Line> {
    let mut writer = Writer { lang, lines: Vec::new(), rows: by_row(step, finding) };
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
}

impl Writer<'_> {
    fn add(&mut self, depth: usize, text: impl Into<String>, tone: Tone) {
        self.lines.push(line(depth, text, tone));
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        pick(self.lang, zh, en)
    }

    fn step(&mut self, step: &Step, depth: usize, whole: bool) {
        let count = step.steps.len() as u64 + step.left_out;
        match step.kind {
            StepKind::Value => {
                self.add(depth, format!("{} = {}", step.text, step.formula.as_deref().unwrap_or("?")), Tone::Plain);
            }
            StepKind::Comparison => self.comparison(step, depth, whole),
            StepKind::All | StepKind::Any => {
                let all = step.kind == StepKind::All;
                self.add(
                    depth,
                    match (self.lang, all) {
                        (Lang::Zh, true) => format!("以下 {count} 项须全部成立："),
                        (Lang::Zh, false) => format!("以下 {count} 项有一项成立即可："),
                        (Lang::En, true) => format!("all of these {count} must hold:"),
                        (Lang::En, false) => format!("one of these {count} must hold:"),
                    },
                    Tone::Plain,
                );
                self.numbered(step, depth);
                self.verdict(step, depth);
            }
            StepKind::Not => {
                self.add(depth, self.pick("以下不得成立：", "this must not hold:"), Tone::Plain);
                step.steps.iter().for_each(|part| self.step(part, depth + 1, false));
                self.verdict(step, depth);
            }
            StepKind::Implies => {
                for (part, (zh, en)) in step.steps.iter().zip([("如果", "if"), ("则须", "then it must be that")]) {
                    self.add(depth, format!("{}{}", self.pick(zh, en), self.pick("：", ":")), Tone::Plain);
                    self.step(part, depth + 1, false);
                }
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
            StepKind::Every | StepKind::Some => {
                let every = step.kind == StepKind::Every;
                self.add(
                    depth,
                    match (self.lang, every) {
                        (Lang::Zh, true) => format!("{count} 期都须成立："),
                        (Lang::Zh, false) => format!("{count} 期中有一期成立即可："),
                        (Lang::En, true) => format!("it must hold in each of {count} periods:"),
                        (Lang::En, false) => format!("it must hold in one of {count} periods:"),
                    },
                    Tone::Plain,
                );
                self.numbered(step, depth);
                self.verdict(step, depth);
            }
            StepKind::Rows => self.rows(step, depth),
            StepKind::Row => step.steps.iter().for_each(|part| self.step(part, depth, true)),
        }
    }

    /// The parts of a condition, each with its number, and which of them are left out.
    fn numbered(&mut self, step: &Step, depth: usize) {
        for (at, part) in step.steps.iter().enumerate() {
            let start = self.lines.len();
            self.step(part, depth + 1, false);
            if let Some(first) = self.lines.get_mut(start) {
                let period = part.period.as_ref().map(|period| format!("{period}  ")).unwrap_or_default();
                first.text = format!("{}. {period}{}", at + 1, first.text);
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
        let margin = match (&step.margin, outcome, self.lang) {
            (Some(margin), Truth::Fails, Lang::Zh) => format!("（差 {margin}）"),
            (Some(margin), Truth::Fails, Lang::En) => format!(" ({margin} off)"),
            (Some(margin), Truth::Holds, Lang::Zh) => format!("（余 {margin}）"),
            (Some(margin), Truth::Holds, Lang::En) => format!(" ({margin} to spare)"),
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
        let decisive = matches!(step.kind, StepKind::All | StepKind::Any | StepKind::Every | StepKind::Some) && by_one;
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

/// What would change how a case came out.
pub fn changes(finding: &Finding, lang: Lang) -> Vec<String> {
    let mut said = Vec::new();
    match finding.verdict {
        Verdict::Missing => {
            said.push(
                pick(lang, "补齐上面所缺的数据后重新评判", "supply what is missing above and judge again").to_owned(),
            );
        }
        Verdict::Borderline => {
            said.push(pick(lang, "报未舍入的数后重新评判", "supply the figures unrounded and judge again").to_owned())
        }
        Verdict::Error => {
            said.push(pick(lang, "更正上面的原因后重新评判", "mend the reason above and judge again").to_owned());
        }
        Verdict::Waived => {
            if let Some(waiver) = &finding.waiver {
                said.push(match lang {
                    Lang::Zh => format!("豁免 {} 失效，之后即为不合格", waiver.expires),
                    Lang::En => format!("the waiver ends on {}: after that day it fails", waiver.expires),
                });
            }
            said.extend(to_change(finding.calculation.as_ref(), finding, false, lang));
        }
        Verdict::Pending => {
            said.extend(finding.would_be.map(|otherwise| match lang {
                Lang::Zh => format!("到期时仍是这些数，就是{}", words::verdict(otherwise, lang)),
                Lang::En => format!("with the same figures when it is due: {}", words::verdict(otherwise, lang)),
            }));
            said.extend(to_change(finding.calculation.as_ref(), finding, false, lang));
        }
        Verdict::Fail => said.extend(to_change(finding.calculation.as_ref(), finding, false, lang)),
        Verdict::Pass => said.extend(to_change(finding.calculation.as_ref(), finding, true, lang)),
        Verdict::NotApplicable => said.extend(to_change(finding.applies.as_ref(), finding, false, lang)),
    }
    said
}

/// A comparison that decides, with whether it has to hold, or not to, for the outcome to stay or to come.
struct Decides<'s> {
    step: &'s Step,
    holds: bool,
}

/// How the comparisons that decide go together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Together {
    /// There is but one.
    One,
    /// All of them.
    All,
    /// Any of them.
    Any,
    /// Neither.
    Mixed,
}

/// The comparisons that make a condition come out as it does; those that would have to change, or that must stay.
fn decisive<'s>(step: &'s Step, outcome: Truth, together: &mut Together, found: &mut Vec<Decides<'s>>) {
    if step.outcome != Some(outcome) {
        return;
    }
    let turned = if outcome == Truth::Holds { Truth::Fails } else { Truth::Holds };
    // One part is enough to change what needs all of them, and the other way round.
    let mut combine = |all: bool, parts: usize| {
        let wanted = if all == (outcome == Truth::Fails) { Together::All } else { Together::Any };
        *together = match *together {
            _ if parts < 2 => *together,
            Together::One => wanted,
            known if known == wanted => known,
            _ => Together::Mixed,
        };
    };
    let same = step.steps.iter().filter(|part| part.outcome == Some(outcome)).count();
    match step.kind {
        StepKind::Comparison => found.push(Decides { step, holds: outcome == Truth::Fails }),
        StepKind::All | StepKind::Every => {
            combine(true, same);
            step.steps.iter().for_each(|part| decisive(part, outcome, together, found));
        }
        StepKind::Any | StepKind::Some => {
            combine(false, same);
            step.steps.iter().for_each(|part| decisive(part, outcome, together, found));
        }
        StepKind::Not => step.steps.iter().for_each(|part| decisive(part, turned, together, found)),
        StepKind::Implies => {
            if let [premise, consequence] = step.steps.as_slice() {
                let both =
                    usize::from(premise.outcome == Some(turned)) + usize::from(consequence.outcome == Some(outcome));
                combine(false, both);
                decisive(premise, turned, together, found);
                decisive(consequence, outcome, together, found);
            }
        }
        StepKind::Rows => {
            combine(true, same);
            step.steps.iter().for_each(|row| decisive(row, outcome, together, found));
        }
        StepKind::Row => step.steps.iter().for_each(|part| decisive(part, outcome, together, found)),
        StepKind::Value => {}
    }
}

/// What must come, or what must stay, of the figures of a condition.
fn to_change(step: Option<&Step>, finding: &Finding, stays: bool, lang: Lang) -> Vec<String> {
    let Some(step) = step else { return Vec::new() };
    let outcome = if stays { Truth::Holds } else { Truth::Fails };
    let (mut together, mut found) = (Together::One, Vec::new());
    decisive(step, outcome, &mut together, &mut found);
    let applies = finding.verdict == Verdict::NotApplicable;
    let goal = match (applies, stays, lang) {
        (true, _, Lang::Zh) => "就适用",
        (true, _, Lang::En) => "it applies",
        (_, true, Lang::Zh) => "就仍然合格",
        (_, true, Lang::En) => "it still passes",
        (_, false, Lang::Zh) => "就合格",
        (_, false, Lang::En) => "it passes",
    };
    let rows = step.kind == StepKind::Rows;
    let mut said: Vec<String> = Vec::new();
    for decides in &found {
        let decision = decision(decides, finding, stays, rows, lang);
        if !said.contains(&decision) {
            said.push(decision);
        }
    }
    let partial = step.left_out > 0;
    match (said.as_slice(), together, lang) {
        ([], ..) => Vec::new(),
        ([one], _, Lang::Zh) if !partial => vec![format!("只要 {one}，{goal}")],
        ([one], _, Lang::En) if !partial => vec![format!("if {one}, {goal}")],
        _ => {
            // Where one is enough to change the outcome, it stays only if all stay.
            let all = (together == Together::All) != stays || partial;
            let lead = match (together, all, lang) {
                (Together::Mixed, _, Lang::Zh) => format!("与结论有关的各项（合起来{goal}）："),
                (Together::Mixed, _, Lang::En) => format!("what decides it (so that {goal}):"),
                (_, true, Lang::Zh) => format!("以下各项都做到，{goal}："),
                (_, true, Lang::En) => format!("if all of these are so, {goal}:"),
                (_, false, Lang::Zh) => format!("以下有一项做到，{goal}："),
                (_, false, Lang::En) => format!("if one of these is so, {goal}:"),
            };
            std::iter::once(lead)
                .chain(said.into_iter().enumerate().map(|(at, said)| format!("{}. {said}", at + 1)))
                .collect()
        }
    }
}

/// `公用经费[教育局, 2021] ≤ 90 万元（现为 90.01 万元）`
fn decision(decides: &Decides<'_>, finding: &Finding, stays: bool, rows: bool, lang: Lang) -> String {
    let Decides { step, holds } = decides;
    let holds = *holds != stays;
    let text = match (&step.turn, holds) {
        (Some(Turn { figure, relation, value }), true) => format!("{figure} {relation} {value}"),
        (Some(Turn { figure, relation, value }), false) => match lang {
            Lang::Zh => format!("并非 {figure} {relation} {value}"),
            Lang::En => format!("it is not so that {figure} {relation} {value}"),
        },
        (None, true) => match (lang, stays) {
            (Lang::Zh, true) => format!("「{}」仍然成立", step.text),
            (Lang::Zh, false) => format!("「{}」成立", step.text),
            (Lang::En, true) => format!("“{}” still holds", step.text),
            (Lang::En, false) => format!("“{}” holds", step.text),
        },
        (None, false) => match lang {
            Lang::Zh => format!("「{}」不成立", step.text),
            Lang::En => format!("“{}” does not hold", step.text),
        },
    };
    let own = step.turn.as_ref().and_then(|turn| {
        finding.evidence.iter().find(|evidence| !rows && evidence.name == turn.figure && evidence.value.is_some())
    });
    // A fraction tells a reader nothing that its rounded decimals in the steps do not.
    let read = |evidence: &&Evidence| evidence.value.as_ref().is_some_and(|value| !value.contains('/'));
    let now = own.filter(read).map(|evidence| {
        let value = words::figure(evidence, lang);
        value.strip_prefix(&format!("{} = ", evidence.name)).unwrap_or(&value).to_owned()
    });
    match (now, lang) {
        (Some(now), Lang::Zh) => format!("{text}（现为 {now}）"),
        (Some(now), Lang::En) => format!("{text} (now {now})"),
        (None, _) => text,
    }
}
