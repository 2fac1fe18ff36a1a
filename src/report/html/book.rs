//! The rule book as a page: what is promised, in which words, and when it counts as kept. No scripts.

use super::{escape, page, put, tag};
use crate::base::{Lang, plural};
use crate::report::book::{Book, Entry, Example, Table};
use crate::report::record::Kind;
use crate::report::text::clause_text;
use crate::report::words::{self, pick};

const STYLE: &str = "\
.hash{overflow-wrap:anywhere}nav ol{columns:20rem;padding-inline-start:1.6rem}nav li{break-inside:avoid}
section.rule{border:1px solid var(--line);border-radius:.4rem;padding:.6rem 1rem .8rem;margin:1rem 0;break-inside:avoid-page}
section.rule h3{font-size:1.05rem;margin:.2rem 0 .5rem;line-height:1.45}section.rule h3 .tag{font-weight:400;font-size:.85rem}
blockquote{margin:.5rem 0;padding:.2rem .9rem;border-inline-start:3px solid var(--line);color:var(--dim)}
.says{font-size:1.05rem;background:var(--soft);border-radius:.3rem;padding:.4rem .8rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:7rem minmax(0,1fr);gap:.15rem .8rem;margin:.6rem 0;font-size:.94rem}
dt{color:var(--dim);grid-column:1}dd{margin:0;grid-column:2;overflow-wrap:anywhere}dd p{margin:0}code{font-size:.92em;overflow-wrap:anywhere}
.binding{background:var(--fail)}.expected{background:var(--pending)}.advisory{background:var(--na)}
details{margin-top:.4rem}summary{cursor:pointer;color:var(--link)}
.example{margin:.5rem 0 .8rem;padding-inline-start:1rem;border-inline-start:2px solid var(--line)}
.example table{width:auto;max-width:100%;font-size:.85rem;margin:.3rem 0}.example th,.example td{padding:.1rem .6rem}
@media (max-width:40rem){dl{grid-template-columns:minmax(0,1fr);gap:0}dd{grid-column:1}dt{margin-top:.4rem}section.rule{padding:.5rem .7rem}}
@media print{nav ol{columns:2}section.rule{break-inside:auto;padding:.3rem .6rem}section.rule h3{break-after:avoid}\
.example{break-inside:avoid}summary{display:none}details::details-content{content-visibility:visible;block-size:auto}}
";

/// The page.
pub fn render(book: &Book, lang: Lang) -> String {
    let mut body = String::new();
    put(&mut body, format_args!("<h1>{}</h1>\n", escape(&book.title)));
    overview(&mut body, book, lang);
    if book.sections.len() > 1 {
        put(&mut body, format_args!("<nav><h2>{}</h2>\n<ol>\n", pick(lang, "目录", "Contents")));
        for (at, section) in book.sections.iter().enumerate() {
            put(
                &mut body,
                format_args!(
                    "<li><a href=\"#s{at}\">{}</a> <span class=\"dim\">{}</span></li>\n",
                    escape(&title(&section.title, lang)),
                    section.rules.len()
                ),
            );
        }
        body.push_str("</ol></nav>\n");
    }
    for (at, section) in book.sections.iter().enumerate() {
        put(&mut body, format_args!("<h2 id=\"s{at}\">{}</h2>\n", escape(&title(&section.title, lang))));
        section.rules.iter().for_each(|rule| entry(&mut body, rule, lang));
    }
    page(lang, &book.title, STYLE, &body)
}

fn title(title: &str, lang: Lang) -> String {
    if title.is_empty() { pick(lang, "其他规则", "Other rules").to_owned() } else { title.replace('/', " · ") }
}

fn overview(body: &mut String, book: &Book, lang: Lang) {
    let count = book.rules().count() as u64;
    let kinds: Vec<String> = [Kind::Binding, Kind::Expected, Kind::Advisory]
        .into_iter()
        .map(|kind| (kind, book.rules().filter(|rule| rule.kind == kind).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("<span class=\"tag {}\">{}</span> {count}", class(kind), words::kind(kind, lang)))
        .collect();
    let rules = match lang {
        Lang::Zh => format!("规则手册：{}", words::rules(count, lang)),
        Lang::En => format!("Rule book: {}", words::rules(count, lang)),
    };
    put(body, format_args!("<p class=\"big\">{rules}</p>\n<p>{}</p>\n", kinds.join(" ")));
    let colon = pick(lang, "：", ": ");
    let facts = [
        (pick(lang, "发布", "Issued by"), &book.issuer),
        (pick(lang, "出处", "Source"), &book.source),
        (pick(lang, "期间", "Period"), &book.period),
    ];
    let told: Vec<String> = facts
        .into_iter()
        .filter_map(|(label, text)| Some(format!("{label}{colon}{}", escape(text.as_ref()?))))
        .collect();
    put(body, format_args!("<p class=\"dim\">{}</p>\n", told.join(pick(lang, "；", "; "))));
    let how = pick(
        lang,
        "约束性规则必须做到，有一条不合格就不能通过；预期性规则说的是预期达到的目标；提示只供参考。没有数据不能算合格：缺的数据会列出来，要求补报。\
         “示例”是每条规则的测试：给出这些数，就应当得出所写的结论。",
        "A binding rule must be kept: if one is not, the whole does not pass. An expected one states a target; an advisory one \
         is for information. Nothing never passes: what is missing is listed, to be supplied. The examples are the tests of \
         each rule: with these figures, it must come out as stated.",
    );
    put(body, format_args!("<p>{how}</p>\n<p class=\"dim hash\">SHA-256 {}</p>\n", escape(&book.sha256)));
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Binding => "binding",
        Kind::Expected => "expected",
        Kind::Advisory => "advisory",
    }
}

fn entry(body: &mut String, rule: &Entry, lang: Lang) {
    let id = escape(&rule.id);
    put(
        body,
        format_args!(
            "<section class=\"rule\" id=\"r-{id}\"><h3>{id}　{} <span class=\"tag {}\">{}</span></h3>\n",
            escape(&rule.title),
            class(rule.kind),
            words::kind(rule.kind, lang)
        ),
    );
    for clause in &rule.clauses {
        put(body, format_args!("<blockquote>{}</blockquote>\n", escape(&clause_text(clause, lang))));
    }
    put(body, format_args!("<p class=\"says\">{}</p>\n<dl>\n", escape(&sentence(rule, lang))));
    let mut last = "";
    for (label, text) in facts(rule, lang) {
        // A label that repeats is said once.
        let term = if label == last { String::new() } else { format!("<dt>{label}</dt>") };
        put(body, format_args!("{term}<dd>{}</dd>\n", escape(&text)));
        last = label;
    }
    put(
        body,
        format_args!(
            "<dt>{}</dt><dd><code>{}</code> <span class=\"dim\">{}</span></dd>\n</dl>\n",
            pick(lang, "规则写法", "As written"),
            escape(&rule.written),
            escape(&rule.place)
        ),
    );
    examples(body, rule, lang);
    body.push_str("</section>\n");
}

/// What is required, of whom, and when it applies, in one sentence.
pub fn sentence(rule: &Entry, lang: Lang) -> String {
    let says = rule.sentence.get(lang);
    match (&rule.applies, lang) {
        (Some(applies), Lang::Zh) => format!("{}：凡{}的，{says}。", rule.scope.zh, applies.zh),
        (Some(applies), Lang::En) => format!("For {}, where {}: {says}.", rule.scope.en, applies.en),
        (None, Lang::Zh) => format!("{}：{says}。", rule.scope.zh),
        (None, Lang::En) => format!("For {}: {says}.", rule.scope.en),
    }
}

/// The rest of what there is to say of a rule, but for its text and its examples.
pub fn facts(rule: &Entry, lang: Lang) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let mut add = |zh: &'static str, en: &'static str, text: String| facts.push((pick(lang, zh, en), text));
    let comma = pick(lang, "、", ", ");
    if !rule.cites.is_empty() {
        add("依据", "Cites", rule.cites.join(comma));
    }
    add("期间", "Period", rule.period.get(lang).to_owned());
    add("须做到的时间", "Due", rule.deadline.get(lang).to_owned());
    for standard in &rule.standards {
        let values: Vec<String> = standard
            .values
            .iter()
            .map(|(period, value, source)| {
                let period = period.as_ref().map(|period| format!("{period} ")).unwrap_or_default();
                match lang {
                    Lang::Zh => format!("{period}{value}（{source}）"),
                    Lang::En => format!("{period}{value} ({source})"),
                }
            })
            .collect();
        let values = if values.is_empty() {
            pick(lang, "数值由标准文件给出", "its value comes from a standards file").to_owned()
        } else {
            values.join(pick(lang, "；", "; "))
        };
        add("标准", "Standard", format!("{}{}{values}", standard.title, pick(lang, "：", ": ")));
    }
    for need in &rule.data {
        let mut text = match (&need.indicator, &need.computed, lang) {
            (Some(name), None, Lang::Zh) => format!("「{}」里的{name}", need.dataset),
            (Some(name), None, Lang::En) => format!("{name}, in {}", need.dataset),
            (Some(name), Some(computed), Lang::Zh) => format!("{name}：{}", computed.zh),
            (Some(name), Some(computed), Lang::En) => format!("{name}: {}", computed.en),
            (None, _, Lang::Zh) => format!("「{}」", need.dataset),
            (None, _, Lang::En) => need.dataset.clone(),
        };
        if !need.unit.is_empty() {
            text.push_str(&match lang {
                Lang::Zh => format!("（{}）", need.unit),
                Lang::En => format!(" ({})", need.unit),
            });
        }
        if !need.aliases.is_empty() {
            let names = need.aliases.join(comma);
            text.push_str(&match lang {
                Lang::Zh => format!("，也可以写作{names}"),
                Lang::En => format!("; also called {names}"),
            });
        }
        add("需要的数据", "Data", text);
    }
    rule.owner.iter().for_each(|owner| add("负责", "Owner", owner.clone()));
    rule.note.iter().for_each(|note| add("说明", "Note", note.clone()));
    for accepted in &rule.accepted {
        add("认可", "Accepted", format!("{}{}{}", accepted.code, pick(lang, "：", ": "), accepted.reason));
    }
    facts
}

fn examples(body: &mut String, rule: &Entry, lang: Lang) {
    let count = rule.examples.len();
    if count == 0 {
        let none = pick(lang, "没有示例", "no example");
        put(body, format_args!("<p class=\"dim\">{none}</p>\n"));
        return;
    }
    let heading = match lang {
        Lang::Zh => format!("{count} 个示例"),
        Lang::En => plural(count as u64, "example"),
    };
    put(body, format_args!("<details><summary>{heading}</summary>\n"));
    rule.examples.iter().for_each(|known| example(body, known, lang));
    body.push_str("</details>\n");
}

fn example(body: &mut String, example: &Example, lang: Lang) {
    put(body, format_args!("<div class=\"example\"><strong>{}</strong>", escape(&example.title)));
    if let Some(day) = &example.as_of {
        let day = escape(day);
        let text = match lang {
            Lang::Zh => format!("评判时点 {day}"),
            Lang::En => format!("as of {day}"),
        };
        put(body, format_args!(" <span class=\"dim\">{text}</span>"));
    }
    for figure in &example.figures {
        put(body, format_args!("<div>{}</div>", escape(figure)));
    }
    example.tables.iter().for_each(|known| table(body, known, lang));
    let verdicts: Vec<String> = example
        .expected
        .iter()
        .map(|(case, verdict)| format!("{} {}", escape(case), tag(*verdict, lang)).trim_start().to_owned())
        .collect();
    put(body, format_args!("<div>→ {}</div></div>\n", verdicts.join(pick(lang, "，", ", "))));
}

fn table(body: &mut String, table: &Table, lang: Lang) {
    let cells = |row: &[String], name: &str| -> String {
        row.iter().map(|cell| format!("<{name}>{}</{name}>", escape(cell))).collect()
    };
    put(
        body,
        format_args!(
            "<div class=\"scroll\"><span class=\"dim\">{}</span><table><thead><tr>{}</tr></thead><tbody>",
            escape(&table.dataset),
            cells(&table.header, "th")
        ),
    );
    for row in &table.rows {
        put(body, format_args!("<tr>{}</tr>", cells(row, "td")));
    }
    body.push_str("</tbody></table>");
    if table.more > 0 {
        let more = table.more;
        let text = match lang {
            Lang::Zh => format!("另有 {more} 行"),
            Lang::En => format!("{more} more rows"),
        };
        put(body, format_args!("<span class=\"dim\">{text}</span>"));
    }
    body.push_str("</div>");
}
