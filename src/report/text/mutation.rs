//! A [`Mutation`] in, its text out: what no test notices, then what makes no difference, then the counts.

use crate::base::{Lang, plural};
use crate::report::diagnostics::Drawing;
use crate::report::layout::{clean, wrap};
use crate::report::mutation::{Mutant, Mutation, Subject, Untested};
use crate::report::words::pick;

/// The text of how changed rules came out.
pub fn render(mutation: &Mutation, drawing: &Drawing) -> String {
    let mut page = Page { text: String::new(), drawing };
    mutation.survivors.iter().for_each(|mutant| page.survivor(mutant));
    mutation.untested.iter().for_each(|untested| page.untested(untested));
    if !page.text.is_empty() {
        page.text.push('\n');
    }
    let lang = drawing.lang;
    for equivalent in &mutation.equivalents {
        let by = if equivalent.stated { pick(lang, "（suite.toml 说明）", " (suite.toml)") } else { "" };
        page.head(pick(lang, "等价", "same"), &equivalent.mutant);
        page.below(&format!("{}{by}", equivalent.reason.get(lang)));
    }
    if !mutation.equivalents.is_empty() {
        page.text.push('\n');
    }
    if !mutation.unchanged.is_empty() {
        let rules = mutation.unchanged.iter().map(|rule| clean(rule)).collect::<Vec<_>>().join(pick(lang, "、", ", "));
        page.line(&format!("{}{rules}", pick(lang, "没有可改之处的规则：", "rules with nothing to change: ")), 0);
        page.text.push('\n');
    }
    let line = counts(mutation, lang);
    page.text.push_str(&if mutation.surviving == 0 { drawing.style.green(&line) } else { drawing.style.red(&line) });
    page.text.push('\n');
    page.text
}

fn counts(mutation: &Mutation, lang: Lang) -> String {
    let Mutation { rules, tests, mutants, killed, surviving, equivalent, .. } = mutation;
    match lang {
        Lang::Zh => format!(
            "{rules} 条规则、{tests} 项测试，改动 {mutants} 处：测试发现 {killed}，未发现 {surviving}，等价 {equivalent}。"
        ),
        Lang::En => format!(
            "{}, {}, {}: {killed} killed, {surviving} surviving, {equivalent} equivalent.",
            plural(*rules, "rule"),
            plural(*tests, "test"),
            plural(*mutants, "mutant")
        ),
    }
}

struct Page<'d> {
    text: String,
    drawing: &'d Drawing,
}

impl Page<'_> {
    fn survivor(&mut self, mutant: &Mutant) {
        let lang = self.drawing.lang;
        self.head(pick(lang, "存活", "alive"), mutant);
        let kill = mutant.kill.get(lang);
        self.below(&match lang {
            Lang::Zh => format!("缺少：{kill}"),
            Lang::En => format!("wanted: {kill}"),
        });
    }

    fn head(&mut self, word: &str, mutant: &Mutant) {
        let Drawing { lang, style, folder, .. } = self.drawing;
        let name = style.bold(&named(mutant.subject, &mutant.name, *lang));
        let gloss = mutant.gloss.as_ref().map(|gloss| match lang {
            Lang::Zh => format!("（{}）", gloss.zh),
            Lang::En => format!(" ({})", gloss.en),
        });
        let change = format!("{}{}", clean(mutant.change.get(*lang)), gloss.unwrap_or_default());
        let aside = style.dim(&format!("({})  [{}]", clean(&mutant.place.shown(folder)), mutant.id));
        self.text.push_str(&format!("{word}  {name}  {change}  {aside}\n"));
    }

    fn untested(&mut self, untested: &Untested) {
        let Drawing { lang, style, folder, .. } = self.drawing;
        let name = style.bold(&named(untested.subject, &untested.name, *lang));
        let place = style.dim(&format!("({})", clean(&untested.place.shown(folder))));
        let (word, mutants) = (pick(*lang, "存活", "alive"), untested.mutants);
        let why = match (lang, untested.subject) {
            (Lang::Zh, Subject::Rule) => format!("没有测试提到它：{mutants} 处改动都发现不了"),
            (Lang::Zh, _) => format!("用到它的规则都没有测试：{mutants} 处改动都发现不了"),
            (Lang::En, Subject::Rule) => format!("no test names it: none of its changes ({mutants}) is noticed"),
            (Lang::En, _) => format!("no test names a rule that uses it: none of its changes ({mutants}) is noticed"),
        };
        self.text.push_str(&format!("{word}  {name}  {why}  {place}\n"));
    }

    /// A text wrapped below its head.
    fn below(&mut self, text: &str) {
        self.line(text, 6);
    }

    fn line(&mut self, text: &str, indent: usize) {
        for line in wrap(&clean(text), self.drawing.width.saturating_sub(indent)) {
            self.text.push_str(&format!("{}{line}\n", " ".repeat(indent)));
        }
    }
}

fn named(subject: Subject, name: &str, lang: Lang) -> String {
    let word = match subject {
        Subject::Rule => "",
        Subject::Indicator => pick(lang, "指标 ", "indicator "),
        Subject::Function => pick(lang, "函数 ", "function "),
    };
    format!("{word}{}", clean(name))
}
