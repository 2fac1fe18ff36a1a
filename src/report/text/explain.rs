//! A rule's cases with their calculations, for a terminal.

use crate::base::Lang;
use crate::report::Style;
use crate::report::explaining::Explained;
use crate::report::layout::{clean, pad, wrap};
use crate::report::paper::{self, Line, Tone};
use crate::report::record::{Evidence, Finding, Truth, Verdict};
use crate::report::words::{self, pick};

use super::clause_text;

/// How it is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The language of everything that is not the rules' own text.
    pub lang: Lang,
    /// Columns of a line.
    pub width: usize,
    /// Colours.
    pub style: Style,
}

/// The cases of a rule, each as one would write it on paper.
pub fn render(explained: &Explained, options: &Options) -> String {
    let mut page = Page { options: *options, text: String::new() };
    let Options { lang, style, .. } = *options;
    let kind = words::kind(explained.kind, lang);
    let title = match lang {
        Lang::Zh => format!("{}  {}（{kind}）", explained.rule, explained.title),
        Lang::En => format!("{}  {} ({kind})", explained.rule, explained.title),
    };
    for line in wrap(&clean(&title), options.width) {
        page.line(&style.bold(&line));
    }
    page.line("");
    for (label, text) in facts(explained, lang) {
        page.labelled(label, &text);
    }
    for (at, finding) in explained.cases.iter().enumerate() {
        page.line("");
        page.case(explained, finding, at);
    }
    let after = rest(explained, lang);
    if !after.is_empty() {
        page.line("");
    }
    for text in after {
        for line in wrap(&clean(&text), options.width.saturating_sub(2)) {
            page.line(&format!("  {}", style.dim(&line)));
        }
    }
    page.text
}

/// What there is to say of the rule, whatever the case.
pub fn facts(explained: &Explained, lang: Lang) -> Vec<(&'static str, String)> {
    let mut facts = vec![(pick(lang, "套件", "Suite"), explained.suite.clone())];
    facts.extend(explained.notice.as_ref().map(|notice| (pick(lang, "注意", "Note"), notice.get(lang).to_owned())));
    facts.push((
        pick(lang, "期间", "Period"),
        match lang {
            Lang::Zh => format!("{}，评判时点 {}", explained.period, explained.as_of),
            Lang::En => format!("{}, judged as of {}", explained.period, explained.as_of),
        },
    ));
    let clause = pick(lang, "依据", "Clause");
    facts.extend(explained.clauses.iter().map(|of| (clause, clause_text(of, lang))));
    if explained.clauses.is_empty() && !explained.cites.is_empty() {
        facts.push((clause, explained.cites.join(pick(lang, "、", ", "))));
    }
    facts.extend(explained.requirement.iter().map(|text| (pick(lang, "规则", "Rule"), text.clone())));
    facts.extend(explained.owner.iter().map(|owner| (pick(lang, "负责", "Owner"), owner.clone())));
    facts.extend(explained.note.iter().map(|note| (pick(lang, "说明", "Remark"), note.clone())));
    let counts: Vec<String> = words::VERDICTS
        .iter()
        .filter(|verdict| explained.counts.of(**verdict) > 0)
        .map(|verdict| format!("{} {}", words::verdict(*verdict, lang), explained.counts.of(*verdict)))
        .collect();
    let (total, verdict) = (explained.counts.total(), words::verdict(explained.verdict, lang));
    facts.push((
        pick(lang, "结论", "Verdict"),
        match lang {
            Lang::Zh if total > 1 => format!("{verdict}（{total} 个个案：{}）", counts.join("，")),
            Lang::En if total > 1 => format!("{verdict} ({total} cases: {})", counts.join(", ")),
            _ => verdict.to_owned(),
        },
    ));
    facts
}

/// `部门 = 教育局，期间 = 2021`
pub fn case(finding: &Finding, lang: Lang) -> String {
    let members = finding.scope.iter().map(|(dimension, member)| format!("{dimension} = {member}"));
    let period = std::iter::once(format!("{} = {}", pick(lang, "期间", "period"), finding.period));
    members.chain(period).collect::<Vec<_>>().join(pick(lang, "，", ", "))
}

/// The cases that are not shown.
pub fn rest(explained: &Explained, lang: Lang) -> Vec<String> {
    let mut rest = Vec::new();
    let (more, unrecorded) = (explained.more, explained.unrecorded);
    if more > 0 {
        rest.push(match lang {
            Lang::Zh => format!("另有 {more} 个个案没有列出：用 --case 指定，或用 --limit 多列"),
            Lang::En => format!("{more} more cases are not shown: name one with --case, or raise --limit"),
        });
    }
    if unrecorded > 0 {
        rest.push(match lang {
            Lang::Zh => format!(
                "另有 {unrecorded} 个个案，记录里只有结论、没有算式：给出 --suite 和 --data 当场评判，或在 run 时加 --passes、--max-findings"
            ),
            Lang::En => format!(
                "of {unrecorded} more cases the record has the verdict but not the calculation: give --suite and --data to judge them now, or run with --passes or a higher --max-findings"
            ),
        });
    }
    rest
}

/// What a case consists of, part by part.
pub fn parts(explained: &Explained, finding: &Finding, lang: Lang) -> Vec<(&'static str, Vec<Line>)> {
    let plain = |text: String| Line { depth: 0, text, tone: Tone::Plain };
    let mut parts: Vec<(&str, Vec<Line>)> = Vec::new();
    let own: Vec<&Evidence> = paper::apart(finding);
    parts.push((pick(lang, "数据", "Figures"), paper::figures(&own, lang)));
    let (applies, steps) = (pick(lang, "适用", "Applies"), pick(lang, "计算", "Steps"));
    for (label, step, bare) in [(applies, &finding.applies, false), (steps, &finding.calculation, true)] {
        parts.extend(step.iter().map(|step| (label, paper::steps(step, finding, bare, lang))));
    }
    if finding.applies.is_none() && finding.calculation.is_none() {
        parts.extend(finding.explain.iter().map(|formula| (pick(lang, "计算", "Steps"), vec![plain(formula.clone())])));
    }
    let tone = match finding.verdict {
        Verdict::Pass => Tone::Outcome(Truth::Holds),
        Verdict::Fail | Verdict::Error => Tone::Outcome(Truth::Fails),
        Verdict::Missing | Verdict::Borderline => Tone::Outcome(Truth::Unknown),
        Verdict::Pending | Verdict::Waived | Verdict::NotApplicable => Tone::Plain,
    };
    let text = paper::conclusion(finding, explained.kind, &explained.as_of, lang);
    parts.push((pick(lang, "结论", "Verdict"), vec![Line { tone, ..plain(text) }]));
    if let Some(waiver) = &finding.waiver {
        parts.push((pick(lang, "豁免", "Waiver"), words::waiver(waiver, lang).into_iter().map(plain).collect()));
    }
    let mut advice: Vec<String> = words::pace(finding, lang).into_iter().collect();
    advice.extend(finding.advice.iter().map(|advice| advice.get(lang).to_owned()));
    if advice.is_empty() {
        advice.extend(finding.shortfall.clone());
    }
    parts.push((words::advice_label(finding.verdict, lang), advice.into_iter().map(plain).collect()));
    let changes = paper::changes(finding, lang).into_iter().map(plain).collect();
    parts.push((pick(lang, "变化", "Change"), changes));
    parts.retain(|(_, lines)| !lines.is_empty());
    parts
}

struct Page {
    options: Options,
    text: String,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn column(&self) -> usize {
        match self.options.lang {
            Lang::Zh => 6,
            Lang::En => 9,
        }
    }

    fn labelled(&mut self, label: &str, text: &str) {
        let column = self.column();
        for (at, line) in wrap(&clean(text), self.options.width.saturating_sub(2 + column)).iter().enumerate() {
            let label = pad(if at == 0 { label } else { "" }, column);
            let label = if at == 0 { self.options.style.dim(&label) } else { label };
            self.line(&format!("  {label}{line}"));
        }
    }

    fn case(&mut self, explained: &Explained, finding: &Finding, at: usize) {
        let Options { lang, style, .. } = self.options;
        let verdict = words::verdict(finding.verdict, lang);
        let name = case(finding, lang);
        let heading = match (explained.cases.len(), lang) {
            (1, Lang::Zh) => format!("个案：{name}　【{verdict}】"),
            (1, Lang::En) => format!("Case: {name}  [{verdict}]"),
            (_, Lang::Zh) => format!("个案 {}：{name}　【{verdict}】", at + 1),
            (_, Lang::En) => format!("Case {}: {name}  [{verdict}]", at + 1),
        };
        for line in wrap(&clean(&heading), self.options.width) {
            self.line(&style.bold(&line));
        }
        for (label, lines) in parts(explained, finding, lang) {
            self.part(label, &lines);
        }
    }

    fn part(&mut self, label: &str, lines: &[Line]) {
        let column = self.column();
        let style = self.options.style;
        let mut first = true;
        for Line { depth, text, tone } in lines {
            let indent = 2 + column + 2 * depth;
            let hanging = if matches!(tone, Tone::Source) { 2 } else { 0 };
            let room = self.options.width.saturating_sub(indent + hanging);
            for (at, line) in wrap(&clean(text), room).iter().enumerate() {
                let painted = match tone {
                    Tone::Outcome(Truth::Holds) => style.green(line),
                    Tone::Outcome(Truth::Fails | Truth::Error) => style.red(line),
                    Tone::Outcome(_) => style.yellow(line),
                    Tone::Source => style.dim(line),
                    Tone::Plain => line.clone(),
                };
                let head = pad(if first { label } else { "" }, column);
                let head = if first { style.dim(&head) } else { head };
                first = false;
                let pad = if at > 0 { hanging } else { 0 };
                self.line(&format!("  {head}{}{painted}", " ".repeat(2 * depth + pad)));
            }
        }
    }
}
