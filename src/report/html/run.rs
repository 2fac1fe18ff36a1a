//! A record in, the page out that people act on: the outcome first, then what fails, what to supply, and what it rests on.
//!
//! Reads the record and nothing else. Without scripts everything is there; with them it can be filtered and sorted.

mod chart;
mod findings;
mod overview;
mod supply;
mod waivers;

pub(super) use overview::bar;

use crate::base::Lang;
use crate::report::layout::clean;
use crate::report::record::{HashedFile, Kind, Record, Remark, Rule, Source, Verdict};
use crate::report::words::{self, pick};

use super::{escape, page, put, tag};

/// How the page is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The language of everything that is not the rules' own text.
    pub lang: Lang,
    /// The least kind whose failure fails the run.
    pub fail_on: Kind,
}

/// The page.
pub fn render(record: &Record, options: &Options) -> String {
    let lang = options.lang;
    let title = if record.suite.title.is_empty() { &record.suite.name } else { &record.suite.title };
    let mut body = String::new();
    overview::write(&mut body, record, title, options);
    let filter =
        pick(lang, "筛选下面的规则：编号、标题、部门、文件……", "filter the rules below: id, title, member, file …");
    put(
        &mut body,
        format_args!(
            "<p class=\"filter\" data-of=\"section.rule\" hidden><input type=\"search\" aria-label=\"{filter}\" \
             placeholder=\"{filter}\"></p>\n"
        ),
    );
    findings::write(&mut body, record, lang);
    supply::write(&mut body, record, lang);
    waivers::write(&mut body, record, lang);
    every_rule(&mut body, record, lang);
    basis(&mut body, record, lang);
    body.push_str(SCRIPT);
    page(lang, title, STYLE, &body)
}

/// All rules on a line each, to be filtered and sorted.
fn every_rule(body: &mut String, record: &Record, lang: Lang) {
    put(
        body,
        format_args!(
            "<h2 id=\"rules\">{}</h2>\n<p class=\"filter\" data-of=\"table.sortable tbody tr\" hidden><input type=\"search\" aria-label=\"{filter}\" \
             placeholder=\"{filter}\"></p>\n<div class=\"scroll\"><table class=\"sortable\"><thead><tr><th>{}</th><th>{}</th>\
             <th>{}</th><th class=\"n\">{}</th><th>{}</th></tr></thead><tbody>\n",
            pick(lang, "全部规则", "All rules"),
            pick(lang, "编号", "Id"),
            pick(lang, "规则", "Rule"),
            pick(lang, "性质", "Kind"),
            pick(lang, "个案", "Cases"),
            pick(lang, "结论", "Verdict"),
            filter = pick(lang, "按编号、标题、性质或结论筛选", "filter by id, title, kind or verdict"),
        ),
    );
    for rule in &record.rules {
        let id = escape(&rule.id);
        let shown = if opens(rule) { format!("<a href=\"#r-{id}\">{id}</a>") } else { id };
        put(
            body,
            format_args!(
                "<tr><td class=\"nowrap\">{shown}</td><td>{}</td><td class=\"nowrap\">{}</td><td class=\"n\">{}</td>\
                 <td data-order=\"{}\">{}</td></tr>\n",
                escape(&rule.title),
                words::kind(rule.kind, lang),
                rule.cases.total(),
                crate::report::sort_key(rule.verdict),
                tag(rule.verdict, lang),
            ),
        );
    }
    body.push_str("</tbody></table></div>\n");
}

/// Does a rule have a part of the page of its own?
fn opens(rule: &Rule) -> bool {
    !matches!(rule.verdict, Verdict::Pass | Verdict::NotApplicable) || !rule.findings.is_empty()
}

/// What the run rests on: files with their hashes, remarks on the data, and how to run it again.
fn basis(body: &mut String, record: &Record, lang: Lang) {
    put(body, format_args!("<h2 id=\"basis\">{}</h2>\n", pick(lang, "依据", "What it rests on")));
    let remarks: Vec<&Remark> = record.remarks.iter().filter(|remark| !record.is_about_waivers(remark)).collect();
    if !remarks.is_empty() {
        put(body, format_args!("<h3>{}</h3>\n<ul>\n", pick(lang, "数据提示", "Remarks on the data")));
        remarks.iter().for_each(|known| remark(body, known, lang));
        body.push_str("</ul>\n");
    }
    accepted(body, record, lang);
    put(
        body,
        format_args!(
            "<h3>{}</h3>\n<div class=\"scroll\"><table><thead><tr><th>{}</th><th>{}</th><th class=\"n\">{}</th><th>SHA-256</th>\
             </tr></thead><tbody>\n",
            pick(lang, "提交的数据", "Submitted data"),
            pick(lang, "数据集", "Dataset"),
            pick(lang, "文件", "File"),
            pick(lang, "行数", "Rows"),
        ),
    );
    for input in &record.inputs {
        put(
            body,
            format_args!(
                "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"hash\">{}</td></tr>\n",
                escape(&input.dataset),
                escape(&input.path),
                input.rows,
                escape(&input.sha256)
            ),
        );
    }
    for dataset in &record.unreadable {
        let text = pick(lang, "未能读取", "could not be read");
        put(body, format_args!("<tr><td>{}</td><td><em>{text}</em></td><td></td><td></td></tr>\n", escape(dataset)));
    }
    body.push_str("</tbody></table></div>\n");
    files(body, pick(lang, "标准", "Standards"), &record.standards, lang);
    files(body, pick(lang, "豁免", "Waivers"), &record.waivers, lang);
    files(body, pick(lang, "规则", "Rules"), &record.suite.files, lang);
    let tool = format!("{} {}", record.tool.name, record.tool.version);
    let text = match lang {
        Lang::Zh => format!("由 {tool} 评判，套件 {}，SHA-256 {}。", record.suite.name, record.suite.sha256),
        Lang::En => format!("Judged by {tool}, suite {}, SHA-256 {}.", record.suite.name, record.suite.sha256),
    };
    put(body, format_args!("<p class=\"dim hash\">{}</p>\n", escape(&text)));
    let how = pick(
        lang,
        "复核：用运行记录（run 的 --record 所存）和同样的数据执行下面的命令，它核对全部文件的 SHA-256，并重新评判一次；\
         有一处不符就列出来，退出码为 5。run 时另外写了 --standards、--waivers 的，这里也要写。",
        "To verify: run this on the record (what `run --record` kept) and the same data. It compares the SHA-256 of all files \
         and judges again; if anything differs it says what, with exit code 5. Name --standards and --waivers here if they \
         were named for `run`.",
    );
    let command = escape(&verification(record, lang));
    let heading = pick(lang, "如何复核", "How to verify");
    put(body, format_args!("<h3 id=\"verify\">{heading}</h3>\n<p>{how}</p>\n<pre><code>{command}</code></pre>\n"));
}

/// The command that verifies the record of this report.
fn verification(record: &Record, lang: Lang) -> String {
    let mut command = format!(
        "duixian verify {} --suite {}",
        pick(lang, "记录.json", "record.json"),
        pick(lang, "套件文件夹", "SUITE")
    );
    let mut said: Vec<String> = Vec::new();
    for input in &record.inputs {
        // A notice stands in the folder of the data, so the data was given as a folder.
        let folder = input.path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        let data = match &record.notice {
            Some(_) => folder.to_owned(),
            None => format!("{}={}", input.dataset, input.path),
        };
        if !said.contains(&data) {
            command.push_str(&format!(" --data {}", quoted(&data)));
            said.push(data);
        }
    }
    command
}

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '=' | ':' | ',' | '+');
    if argument.chars().all(plain) { argument.to_owned() } else { format!("'{}'", argument.replace('\'', "'\\''")) }
}

/// A remark with its place.
fn remark(body: &mut String, remark: &Remark, lang: Lang) {
    let place = remark
        .source
        .as_ref()
        .map_or(String::new(), |source| format!(" <span class=\"dim\">{}</span>", escape(&words::place(source, lang))));
    put(
        body,
        format_args!("<li><code>{}</code> {}{place}</li>\n", escape(&remark.code), escape(remark.message.get(lang))),
    );
}

/// Remarks of `check` that authors of rules have answered, of all rules.
fn accepted(body: &mut String, record: &Record, lang: Lang) {
    let all = || record.rules.iter().flat_map(|rule| rule.accepted.iter().map(move |accepted| (rule, accepted)));
    let count = all().count();
    if count == 0 {
        return;
    }
    let summary = match lang {
        Lang::Zh => format!("已认可的规则提示（{count} 条）"),
        Lang::En => format!("Remarks on rules that their authors have answered ({count})"),
    };
    put(
        body,
        format_args!(
            "<details><summary>{summary}</summary><div class=\"scroll\"><table><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr>\
             </thead><tbody>\n",
            pick(lang, "规则", "Rule"),
            pick(lang, "提示", "Remark"),
            pick(lang, "认可的理由", "Why it is as it should be"),
        ),
    );
    for (rule, accepted) in all() {
        put(
            body,
            format_args!(
                "<tr><td>{}</td><td><code>{}</code></td><td>{}</td></tr>\n",
                escape(&rule.id),
                escape(&accepted.code),
                escape(&accepted.reason)
            ),
        );
    }
    body.push_str("</tbody></table></div></details>\n");
}

pub(super) fn files(body: &mut String, title: &str, files: &[HashedFile], lang: Lang) {
    if files.is_empty() {
        return;
    }
    put(
        body,
        format_args!(
            "<details><summary>{}</summary><div class=\"scroll\"><table><thead><tr><th>{}</th><th>SHA-256</th></tr></thead><tbody>\n",
            match lang {
                Lang::Zh => format!("{title}（{} 个文件）", files.len()),
                Lang::En => format!("{title} ({} file{})", files.len(), if files.len() == 1 { "" } else { "s" }),
            },
            pick(lang, "文件", "File")
        ),
    );
    for file in files {
        put(
            body,
            format_args!("<tr><td>{}</td><td class=\"hash\">{}</td></tr>\n", escape(&file.path), escape(&file.sha256)),
        );
    }
    body.push_str("</tbody></table></div></details>\n");
}

/// Where something stands: the file's name, with its whole path on hover.
pub(super) fn place(source: &Source, lang: Lang) -> String {
    let name = source.path.rsplit('/').next().unwrap_or(&source.path).to_owned();
    let short = words::place(&Source { path: name, ..source.clone() }, lang);
    if short == words::place(source, lang) {
        return escape(&short);
    }
    format!("<span title=\"{}\">{}</span>", escape(&clean(&source.path)), escape(&short))
}

pub(super) const STYLE: &str = "\
.notice{border:2px solid #c77700;border-radius:.4em;padding:.5rem .8rem;background:var(--missing)}
.outcome{font-size:1.25rem;font-weight:600;padding:.5rem .8rem;border-radius:.4em;margin:.8rem 0}
.bar{display:flex;height:1.9rem;border-radius:.3em;overflow:hidden;margin:.5rem 0;font-size:.85rem;line-height:1.9rem}
.bar>span{overflow:hidden;white-space:nowrap;text-align:center;min-width:2px;border-inline-end:1px solid var(--paper)}
.bar.thin{height:.8rem;margin:.35rem 0;min-width:8rem}
.meta{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;color:var(--dim);font-size:.92rem}
section.rule{border:1px solid var(--line);border-radius:.4em;margin:1rem 0;padding:.6rem .9rem .8rem;background:none;\
content-visibility:auto;contain-intrinsic-size:auto 14rem}
section.rule h3{margin:.1rem 0 .3rem;font-size:1.02rem;line-height:1.5}
section.rule dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .9rem;margin:.3rem 0}
dt{color:var(--dim)}dd{margin:0}
code,.formula{font-family:ui-monospace,\"Cascadia Mono\",Menlo,Consolas,\"Noto Sans Mono CJK SC\",monospace;font-size:.92em}
.hash{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.75rem;word-break:break-all}
.todo td:last-child{white-space:normal}h3{font-size:1rem;margin:1.2rem 0 .4rem}
details>summary{cursor:pointer;margin:.5rem 0}
details dl{content-visibility:auto;contain-intrinsic-size:auto 9rem}
svg{vertical-align:middle;overflow:visible}.pace .whole{fill:var(--na)}.pace .behind{fill:#d9534f}.pace .ahead,.pace .even{fill:#3a8f5c}\
.pace .now{stroke:var(--ink);stroke-width:1.5;fill:none}.spark path{fill:none;stroke:var(--link);stroke-width:1.5}\
.spark circle{fill:var(--link)}pre{background:var(--soft);padding:.6rem .8rem;border-radius:.3em;white-space:pre-wrap;\
overflow-wrap:anywhere;margin:.5rem 0}
.grid{border-collapse:separate;border-spacing:2px;width:auto}.grid th{font-weight:400;border:0;padding:.15rem .4rem}.grid tbody th{min-width:9em}
.grid td{border:0;width:2.2rem;height:1.5rem;padding:0;text-align:center;border-radius:.2em;font-size:.8rem}
.grid td:empty{background:var(--soft)}.grid .down{vertical-align:bottom}.grid .down span{writing-mode:vertical-rl;\
max-height:10rem}
input[type=search]{width:100%;max-width:26rem;padding:.35rem .6rem;font:inherit;border:1px solid var(--line);\
border-radius:.3em;background:var(--paper);color:var(--ink)}
.sortable th{cursor:pointer}
@page{size:A4;margin:14mm 12mm}
@media print{.filter{display:none}section.rule,details dl{content-visibility:visible}section.rule h3{break-after:avoid}\
section.rule dl{break-inside:avoid}.scroll{overflow:visible}details{display:block}}
@media(max-width:34rem){section.rule dl{grid-template-columns:1fr}dt{margin-top:.3rem}.counts th:last-child,\
.counts td:last-child{display:none}.counts td:first-child{min-width:6em}.counts td,.counts th{padding-inline:.3rem}}
";

/// Filters the findings and the table of rules by what is typed, sorts the table by the heading that is clicked, opens
/// details before printing. Texts are gathered when a filter is first used: a page of many findings opens at once.
const SCRIPT: &str = "<script>
(()=>{for(const box of document.querySelectorAll('.filter')){const items=[...document.querySelectorAll(box.dataset.of)];
if(items.length<2)continue;box.hidden=false;let texts=null,wait=0;const input=box.firstElementChild;
input.addEventListener('input',()=>{clearTimeout(wait);wait=setTimeout(()=>{
texts??=items.map(item=>item.textContent.toLowerCase());const q=input.value.trim().toLowerCase();
items.forEach((item,i)=>{item.hidden=q!==''&&!texts[i].includes(q)})},120)})}
const table=document.querySelector('table.sortable');if(table){const body=table.tBodies[0];
[...table.tHead.rows[0].cells].forEach((h,c)=>{let up=true;const sort=()=>{
const key=r=>r.cells[c].dataset.order??r.cells[c].textContent;
const order=[...body.rows].sort((a,b)=>key(a).localeCompare(key(b),document.documentElement.lang,{numeric:true}));
if(!up)order.reverse();up=!up;body.append(...order)};h.tabIndex=0;h.addEventListener('click',sort);
h.addEventListener('keydown',e=>{if(e.key==='Enter')sort()})})}
addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(d=>{d.open=true}))})()
</script>
";
