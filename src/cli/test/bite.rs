//! Whether a suite's tests bite: mutants that survive them, rules and clauses that they leave out.

use crate::base::{Lang, Span};
use crate::cli::exit;
use crate::cli::terminal::Terminal;
use crate::pipeline::{Checked, Clause, Coverage, Fate, Mutation, Seen};
use crate::report::diagnostics::{self, Drawing};
use crate::report::layout::{clean, pad, width, wrap};
use crate::report::words::pick;

/// Lists the mutants that survive.
pub(super) fn mutate(checked: &Checked, select: &[String], drawing: &Drawing, terminal: &mut Terminal) -> u8 {
    for wanted in select {
        if !checked.suite().rules.iter().any(|rule| rule.id == *wanted) {
            let diagnostics = [checked.no_such_rule(wanted)];
            terminal.error(&diagnostics::render(&diagnostics, checked.sources(), drawing));
            return exit::USAGE;
        }
    }
    if checked.suite().tests.is_empty() {
        terminal.result(terminal.pick("套件里没有测试。\n", "The suite has no tests.\n"));
        return exit::DATA;
    }
    let mutation = checked.mutate(select);
    terminal.error(&diagnostics::render(&mutation.stale, checked.sources(), drawing));
    terminal.result(&survivors(checked, &mutation, drawing));
    if mutation.passed() { exit::OK } else { exit::FAILED }
}

fn survivors(checked: &Checked, mutation: &Mutation, drawing: &Drawing) -> String {
    let lang = drawing.lang;
    let mut text = String::new();
    if !mutation.failing.is_empty() {
        text.push_str(pick(
            lang,
            "有测试未通过，请先改好（见 `duixian test`）：\n",
            "Some tests do not pass; mend these first (see `duixian test`):\n",
        ));
        for title in &mutation.failing {
            text.push_str(&format!("  {}\n", clean(title)));
        }
        return text;
    }
    let survived = mutation.mutants.iter().filter(|mutant| mutant.fate == Fate::Survived);
    for mutant in survived {
        let place = locate(checked, mutant.span, drawing);
        let head = format!("{}  {}", drawing.style.bold(&clean(&mutant.of)), clean(&mutant.name));
        text.push_str(&format!("{head}  {}\n", drawing.style.dim(&format!("({place})"))));
        let hint = format!("{}{}", pick(lang, "缺少", "wants "), mutant.hint.get(lang));
        wrap(&hint, drawing.width.saturating_sub(6)).iter().for_each(|line| text.push_str(&format!("      {line}\n")));
    }
    let excused = mutation.mutants.iter().filter_map(|mutant| match &mutant.fate {
        Fate::Equivalent(reason) => Some((mutant, reason)),
        Fate::Killed | Fate::Survived => None,
    });
    for (mutant, reason) in excused {
        let word = pick(lang, "等价", "equivalent");
        text.push_str(&format!("{word}  {}  {}: {}\n", clean(&mutant.of), clean(&mutant.name), clean(reason)));
    }
    let count = |fate: fn(&Fate) -> bool| mutation.count(fate);
    let (all, killed) = (mutation.mutants.len(), count(|fate| *fate == Fate::Killed));
    let survived = count(|fate| *fate == Fate::Survived);
    let equivalent = all - killed - survived;
    let line = match lang {
        Lang::Zh => format!("改动 {all} 处：测试发现 {killed}，未发现 {survived}，等价 {equivalent}。\n"),
        Lang::En => format!("{all} mutants: killed {killed}, survived {survived}, equivalent {equivalent}.\n"),
    };
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&if mutation.passed() { drawing.style.green(&line) } else { drawing.style.red(&line) });
    text
}

/// Lists the rules and clauses that the tests leave out.
pub(super) fn coverage(checked: &Checked, drawing: &Drawing, terminal: &mut Terminal) -> u8 {
    let coverage = checked.coverage();
    terminal.result(&left_out(checked, &coverage, drawing));
    exit::OK
}

fn left_out(checked: &Checked, coverage: &Coverage, drawing: &Drawing) -> String {
    let lang = drawing.lang;
    let mut text = String::new();
    let lists = [
        (("没有测试的规则", "Rules without a test"), &coverage.untested),
        (("没有“合格”测试的规则", "Rules that no test expects to pass"), &coverage.never_pass),
        (("没有“不合格”测试的规则", "Rules that no test expects to fail"), &coverage.never_fail),
    ];
    for (title, rules) in lists.iter().filter(|(_, rules)| !rules.is_empty()) {
        let title = pick(lang, title.0, title.1);
        text.push_str(&drawing.style.bold(title));
        text.push('\n');
        let names = rules.iter().map(|rule| clean(rule)).collect::<Vec<_>>().join(pick(lang, "、", ", "));
        wrap(&names, drawing.width.saturating_sub(2)).iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        text.push('\n');
    }
    if !coverage.one_sided.is_empty() {
        let title = pick(lang, "测试没有两面都试到的条件", "Clauses that the tests do not see both ways");
        text.push_str(&drawing.style.bold(title));
        text.push('\n');
        let column = coverage.one_sided.iter().map(|clause| width(&clean(&clause.rule))).max().unwrap_or(0) + 2;
        for Clause { rule, text: clause, span, seen } in &coverage.one_sided {
            let seen = match seen {
                Seen::Never => pick(lang, "从未判定", "never decided"),
                Seen::Holding => pick(lang, "只有成立", "only holds"),
                Seen::Failing => pick(lang, "只有不成立", "only fails"),
            };
            let place = locate(checked, *span, drawing);
            let clause = clean(clause);
            text.push_str(&format!("  {}{clause}  {seen}  ({place})\n", pad(&clean(rule), column)));
        }
        text.push('\n');
    }
    let tested = coverage.rules - coverage.untested.len();
    // Clauses of rules without a test are counted, but not listed one by one.
    let untested = coverage.clauses_untested;
    let both = coverage.clauses - coverage.one_sided.len() - untested;
    let (rules, clauses) = (coverage.rules, coverage.clauses);
    text.push_str(&match lang {
        Lang::Zh => format!("规则 {rules} 条，有测试 {tested} 条；条件 {clauses} 个，两面都试到 {both} 个。\n"),
        Lang::En => format!("Rules: {rules}, tested {tested}. Clauses: {clauses}, seen both ways {both}.\n"),
    });
    text
}

fn locate(checked: &Checked, span: Span, drawing: &Drawing) -> String {
    diagnostics::rule_locator(span, checked.sources(), drawing).unwrap_or_default()
}
