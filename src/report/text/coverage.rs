//! A [`Coverage`] in, its text out: what no test exercises, then the counts.

use crate::base::Lang;
use crate::report::coverage::{Coverage, Seen, percent};
use crate::report::diagnostics::Drawing;
use crate::report::layout::{clean, pad, width, wrap};
use crate::report::words::pick;

/// How many like clauses are named.
const SHOWN: usize = 5;

/// The text of what the tests of a suite leave out.
pub fn render(coverage: &Coverage, drawing: &Drawing) -> String {
    let lang = drawing.lang;
    let mut text = String::new();
    let lists = [
        (("没有测试的规则", "Rules without a test"), &coverage.untested),
        (("没有“合格”测试的规则", "Rules that no test expects to pass"), &coverage.never_pass),
        (("没有“不合格”测试的规则", "Rules that no test expects to fail"), &coverage.never_fail),
    ];
    for (title, rules) in lists.iter().filter(|(_, rules)| !rules.is_empty()) {
        text.push_str(&drawing.style.bold(pick(lang, title.0, title.1)));
        text.push('\n');
        let names = rules.iter().map(|rule| clean(rule)).collect::<Vec<_>>().join(pick(lang, "、", ", "));
        wrap(&names, drawing.width.saturating_sub(2)).iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        text.push('\n');
    }
    if !coverage.one_sided.is_empty() {
        let title = pick(lang, "测试没有两面都试到的条文", "Clauses that the tests do not see both ways");
        text.push_str(&drawing.style.bold(title));
        text.push('\n');
        let column = coverage.one_sided.iter().map(|clause| width(&clean(&clause.rule))).max().unwrap_or(0) + 2;
        // The years of one rule that are seen alike stand on one line.
        for alike in coverage.one_sided.chunk_by(|a, b| (&a.rule, &a.place, a.seen) == (&b.rule, &b.place, b.seen)) {
            let Some(first) = alike.first() else { continue };
            let rule = pad(&clean(&first.rule), column);
            let shown: Vec<String> = alike.iter().take(SHOWN).map(|clause| clean(clause.text.get(lang))).collect();
            let more = match (alike.len().saturating_sub(SHOWN), lang) {
                (0, _) => String::new(),
                (more, Lang::Zh) => format!("等 {} 个", SHOWN + more),
                (more, Lang::En) => format!(" and {more} more"),
            };
            let what = format!("{}{more}", shown.join(pick(lang, "、", ", ")));
            let place = drawing.style.dim(&format!("({})", clean(&first.place.shown(&drawing.folder))));
            text.push_str(&format!("  {rule}{what}  {}  {place}\n", seen(first.seen, lang)));
        }
        text.push('\n');
    }
    text.push_str(&counts(coverage, lang));
    text
}

fn seen(seen: Seen, lang: Lang) -> &'static str {
    match seen {
        Seen::Never => pick(lang, "从未判定", "never decided"),
        Seen::Holding => pick(lang, "只有成立", "only holds"),
        Seen::Failing => pick(lang, "只有不成立", "only fails"),
        Seen::Alike => pick(lang, "各成员的结论总是相同", "all members come out alike"),
    }
}

fn counts(coverage: &Coverage, lang: Lang) -> String {
    let Coverage { rules, tested, passing, failing, clauses, both_ways, .. } = coverage;
    let share = |part: &u64| percent(*part, *rules);
    let both = percent(*both_ways, *clauses);
    match lang {
        Lang::Zh => format!(
            "规则 {rules} 条：有测试 {tested} 条（{}），有“合格”测试 {passing} 条（{}），有“不合格”测试 {failing} 条（{}）。\n\
             条文 {clauses} 个：两面都试到 {both_ways} 个（{both}）。\n",
            share(tested),
            share(passing),
            share(failing),
        ),
        Lang::En => format!(
            "Rules: {rules}; tested {tested} ({}), expected to pass {passing} ({}), expected to fail {failing} ({}).\n\
             Clauses: {clauses}; seen both ways {both_ways} ({both}).\n",
            share(tested),
            share(passing),
            share(failing),
        ),
    }
}
