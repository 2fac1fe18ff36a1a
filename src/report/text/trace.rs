//! A [`Trace`] in, its text out: what is not covered first, then the counts.

use crate::base::Lang;

use crate::report::layout::{clean, pad, pad_left, width, wrap};
use crate::report::record::Verdict;
use crate::report::style::Style;
use crate::report::tracing::{Commitment, Document, Row, Trace};
use crate::report::words::{self, pick};

/// How the text is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The language of everything that is not the register's own text.
    pub lang: Lang,
    /// Columns of a line.
    pub width: usize,
    /// Colours.
    pub style: Style,
    /// List every commitment with its rules, not only what is wrong.
    pub all: bool,
}

/// The text of a trace.
pub fn render(trace: &Trace, options: &Options) -> String {
    let mut page = Page { text: String::new(), options: *options };
    let lang = options.lang;
    let names: Vec<&str> = trace.suites.iter().map(|suite| suite.name.as_str()).collect();
    page.line(&options.style.bold(&format!("{}  {}", pick(lang, "承诺核对", "Trace"), clean(&names.join("  ")))));
    page.blank();
    heading(&mut page, trace);
    if options.all {
        commitments(&mut page, trace);
    }
    uncovered(&mut page, trace);
    if let Some(document) = &trace.document {
        self::document(&mut page, trace, document);
    }
    tables(&mut page, trace);
    page.line(&outcome(trace, options));
    page.text
}

struct Page {
    text: String,
    options: Options,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        pick(self.options.lang, zh, en)
    }

    fn title(&mut self, text: &str) {
        let text = self.options.style.bold(text);
        self.line(&text);
        self.blank();
    }

    /// A text behind a label, wrapped below itself.
    fn entry(&mut self, label: &str, column: usize, text: &str) {
        for (at, line) in wrap(&clean(text), self.options.width.saturating_sub(column + 2)).iter().enumerate() {
            let label = if at == 0 { pad(label, column) } else { " ".repeat(column) };
            self.line(&format!("  {label}{line}"));
        }
    }
}

fn heading(page: &mut Page, trace: &Trace) {
    let column = if page.options.lang == Lang::Zh { 8 } else { 10 };
    page.entry(page.pick("登记表", "Register"), column, &trace.register.path);
    for suite in &trace.suites {
        let rules = words::rules(suite.rules, page.options.lang);
        page.entry(page.pick("套件", "Suite"), column, &format!("{}  {}  {rules}", suite.name, suite.title));
    }
    for record in &trace.records {
        let note = if record.same_rules { "" } else { page.pick("（规则已有改动）", " (rules changed since)") };
        let text = match page.options.lang {
            Lang::Zh => {
                format!("{}  {}，期间 {}，评判时点 {}{note}", record.path, record.suite, record.period, record.as_of)
            }
            Lang::En => {
                format!("{}  {}, period {}, as of {}{note}", record.path, record.suite, record.period, record.as_of)
            }
        };
        page.entry(page.pick("记录", "Record"), column, &text);
    }
    if let Some(document) = &trace.document {
        page.entry(page.pick("文件", "Document"), column, &document.path);
    }
    page.blank();
}

/// Every commitment: its clause, its rules, how many tests, its verdict.
fn commitments(page: &mut Page, trace: &Trace) {
    page.title(page.pick("逐条", "Commitments"));
    let lang = page.options.lang;
    for commitment in &trace.commitments {
        page.entry(&clean(&commitment.id), 8, &clause(commitment, lang));
        for rule in &commitment.rules {
            let tests = rule.tests.len();
            let verdict = rule.verdict.map_or(String::new(), |verdict| words::verdict(verdict, lang).to_owned());
            let text = match lang {
                Lang::Zh => format!("{}（{}，测试 {tests} 项）{verdict}", rule.rule, words::kind(rule.kind, lang)),
                Lang::En => format!("{} ({}, tests: {tests}) {verdict}", rule.rule, words::kind(rule.kind, lang)),
            };
            page.entry("", 8, &format!("→ {}", text.trim_end()));
        }
    }
    page.blank();
}

fn clause(commitment: &Commitment, lang: Lang) -> String {
    match (commitment.line, lang) {
        (Some(line), Lang::Zh) => format!("{}（第 {line} 行）", commitment.clause),
        (Some(line), Lang::En) => format!("{} (line {line})", commitment.clause),
        (None, _) => commitment.clause.clone(),
    }
}

/// Commitments that no rule covers, by kind; rules without tests; rules that cite nothing.
fn uncovered(page: &mut Page, trace: &Trace) {
    let lang = page.options.lang;
    let open: Vec<&Commitment> = trace.commitments.iter().filter(|commitment| !commitment.covered()).collect();
    if !open.is_empty() {
        let count = open.len();
        let title = match lang {
            Lang::Zh => format!("没有规则的承诺 {count} 条"),
            Lang::En => format!("Commitments without a rule: {count}"),
        };
        page.title(&title);
        let mut kinds: Vec<&str> = Vec::new();
        for commitment in &open {
            if !kinds.contains(&commitment.check.as_str()) {
                kinds.push(&commitment.check);
            }
        }
        for kind in kinds {
            if !kind.is_empty() {
                let heading = page.options.style.dim(&clean(kind));
                page.line(&format!("  {heading}"));
            }
            for commitment in open.iter().filter(|commitment| commitment.check == kind) {
                page.entry(&clean(&commitment.id), 8, &clause(commitment, lang));
            }
        }
        page.blank();
    }
    let untested: Vec<&str> = trace
        .commitments
        .iter()
        .filter(|commitment| commitment.covered() && !commitment.tested())
        .map(|commitment| commitment.id.as_str())
        .collect();
    if !untested.is_empty() {
        page.title(page.pick("规则没有测试的承诺", "Commitments whose rules have no test"));
        page.entry("", 0, &untested.join(page.pick("、", ", ")));
        page.blank();
    }
    for suite in trace.suites.iter().filter(|suite| !suite.without_citation.is_empty()) {
        let title = match lang {
            Lang::Zh => format!("{}：没有写依据的规则", clean(&suite.name)),
            Lang::En => format!("{}: rules that cite no commitment", clean(&suite.name)),
        };
        page.title(&title);
        page.entry("", 0, &suite.without_citation.join(page.pick("、", ", ")));
        page.blank();
    }
}

fn document(page: &mut Page, trace: &Trace, document: &Document) {
    let lang = page.options.lang;
    if !document.absent.is_empty() {
        page.title(page.pick("文件里找不到的原文", "Clauses that do not stand in the document"));
        for id in &document.absent {
            let found = trace.commitments.iter().find(|commitment| commitment.id == *id);
            page.entry(&clean(id), 8, &found.map_or(String::new(), |commitment| clause(commitment, lang)));
        }
        page.blank();
    }
    if !document.elsewhere.is_empty() {
        page.title(page.pick("行号与登记不符的原文", "Clauses on another line than the register states"));
        for moved in &document.elsewhere {
            let text = match lang {
                Lang::Zh => format!("登记为第 {} 行，实际在第 {} 行", moved.stated, moved.found),
                Lang::En => format!("the register says line {}, it stands on line {}", moved.stated, moved.found),
            };
            page.entry(&clean(&moved.id), 8, &text);
        }
        page.blank();
    }
    if !document.figures_uncovered.is_empty() {
        let count = document.figures_uncovered.len();
        let title = match lang {
            Lang::Zh => format!("文件中未登记的数字 {count} 处"),
            Lang::En => format!("Figures of the document in no clause of the register: {count}"),
        };
        page.title(&title);
        for figure in &document.figures_uncovered {
            let place = format!("{}:{}", figure.line, figure.column);
            page.entry(&place, 8, &format!("…{}…", figure.text));
        }
        page.blank();
    }
}

fn tables(page: &mut Page, trace: &Trace) {
    let lang = page.options.lang;
    let groups = [
        (page.pick("按组", "By group"), &trace.groups),
        (page.pick("按核对方式", "By what it takes to check"), &trace.checks),
        (page.pick("按类型", "By kind"), &trace.kinds),
    ];
    let head = [pick(lang, "承诺", "Commitments"), pick(lang, "有规则", "Covered"), pick(lang, "有测试", "Tested")];
    for (title, rows) in groups.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        let first = rows.iter().map(|row| width(&clean(&row.name))).chain([width(title)]).max().unwrap_or(0) + 2;
        let columns = head.map(|word| width(word) + 3);
        let words: String = head.iter().zip(columns).map(|(word, column)| pad_left(word, column)).collect();
        let line = format!("{}{words}", pad(title, first));
        page.line(&format!("  {}", page.options.style.dim(&line)));
        for row in rows {
            let Row { name, commitments, covered, tested } = row;
            let figures: String = [commitments, covered, tested]
                .iter()
                .zip(columns)
                .map(|(count, column)| pad_left(&count.to_string(), column))
                .collect();
            page.line(&format!("  {}{figures}", pad(&clean(name), first)));
        }
        page.blank();
    }
    let judged: Vec<(Verdict, usize)> = words::VERDICTS
        .iter()
        .map(|verdict| (*verdict, trace.commitments.iter().filter(|c| c.verdict == Some(*verdict)).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    if !judged.is_empty() {
        let parts: Vec<String> =
            judged.iter().map(|(verdict, count)| format!("{} {count}", words::verdict(*verdict, lang))).collect();
        let label = page.pick("结论", "Verdicts");
        let column = width(label) + 2;
        page.entry(label, column, &parts.join(page.pick("，", ", ")));
        page.blank();
    }
}

/// `458 条承诺，458 条有规则，458 条有测试。`
fn outcome(trace: &Trace, options: &Options) -> String {
    let Row { commitments, covered, tested, .. } = &trace.total;
    let text = match options.lang {
        Lang::Zh => format!("{commitments} 条承诺：{covered} 条有规则，{tested} 条有测试。"),
        Lang::En => format!("{commitments} commitments: {covered} covered by a rule, {tested} tested."),
    };
    let found = trace.document.as_ref().map_or(String::new(), |document| {
        let figures = document.figures_covered + document.figures_uncovered.len() as u64;
        match options.lang {
            Lang::Zh => format!(
                "原文在文件中找到 {} 条，行号不符 {} 条，找不到 {} 条；文件共有数字 {figures} 处，{} 处已登记。",
                document.found,
                document.elsewhere.len(),
                document.absent.len(),
                document.figures_covered
            ),
            Lang::En => format!(
                " Clauses found in the document: {}, on another line: {}, not there: {}; of its {figures} figures {} are registered.",
                document.found,
                document.elsewhere.len(),
                document.absent.len(),
                document.figures_covered
            ),
        }
    });
    let lines = wrap(&format!("{text}{found}"), options.width);
    let paint = |line: &String| if trace.complete() { options.style.green(line) } else { options.style.yellow(line) };
    lines.iter().map(paint).collect::<Vec<String>>().join("\n")
}
