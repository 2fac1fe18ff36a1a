//! What a plan asks for ([`Listing`]) in, the text out that a person reads: what is read once, for how many rules.

use std::collections::BTreeMap;

use crate::base::Lang;
use crate::report::layout::{clean, width};
use crate::report::planning::{Check, Listing, Lookup, Query, Slot};
use crate::report::words::{self, pick};

use super::{Options, Page};

/// The text.
pub fn render(listing: &Listing, options: &Options) -> String {
    let mut page = Page { options: *options, text: String::new(), names: BTreeMap::new() };
    let lang = options.lang;
    let (rules, queries) = (listing.rules, listing.queries.len());
    let head = match lang {
        Lang::Zh => {
            format!("{}，期间 {}：{rules} 条规则，读 {queries} 个数据集，每个只读一遍", listing.suite, listing.period)
        }
        Lang::En => format!(
            "{}, period {}: {}, {queries} dataset{} to read, each of them once",
            listing.suite,
            listing.period,
            words::rules(rules as u64, lang),
            if queries == 1 { "" } else { "s" }
        ),
    };
    let head = page.style().bold(&clean(&head));
    page.line(&head);
    page.blank();
    for query in &listing.queries {
        self::query(&mut page, query);
    }
    let lists = listing.lists.join(page.pick("、", ", "));
    if !lists.is_empty() {
        let label = page.pick("名单和代码表：", "Rosters and code lists: ").to_owned();
        page.labelled(0, &label, width(&label), &lists);
        page.blank();
    }
    if !listing.without_data.is_empty() {
        let label = page.pick("不用数据的规则：", "Rules that ask for no data: ").to_owned();
        page.labelled(0, &label, width(&label), &ids(&listing.without_data, lang));
        page.blank();
    }
    page.text
}

/// `3 条规则：D1、D2、D3`
fn ids(rules: &[String], lang: Lang) -> String {
    let count = words::rules(rules.len() as u64, lang);
    match lang {
        Lang::Zh => format!("{count}：{}", rules.join("、")),
        Lang::En => format!("{count}: {}", rules.join(", ")),
    }
}

fn query(page: &mut Page, query: &Query) {
    let lang = page.lang();
    let count = words::rules(query.rules.len() as u64, lang);
    let head = match lang {
        Lang::Zh => format!("【{}】{count}共用", query.dataset),
        Lang::En => format!("{} (shared by {count})", query.dataset),
    };
    let head = page.style().bold(&clean(&head));
    page.line(&head);
    let column = match lang {
        Lang::Zh => 6,
        Lang::En => 11,
    };
    if !query.keys.is_empty() {
        page.labelled(2, page.pick("分组", "Group by"), column, &query.keys.join(page.pick("、", ", ")));
    }
    for Lookup { indicator, rules } in &query.indicators {
        page.labelled(2, page.pick("取数", "Look up"), column, indicator);
        page.labelled(2 + column, "", 2, &ids(rules, lang));
    }
    for slot in &query.slots {
        self::slot(page, slot, column);
    }
    for Check { when, condition, keys, rules } in &query.checks {
        let mut text = match (when, lang) {
            (Some(when), Lang::Zh) => format!("当 {when}：{condition}"),
            (Some(when), Lang::En) => format!("{condition} when {when}"),
            (None, _) => condition.clone(),
        };
        if !keys.is_empty() {
            let keys = keys.join(pick(lang, "、", ", "));
            text.push_str(&match lang {
                Lang::Zh => format!("（按{keys}）"),
                Lang::En => format!(" (by {keys})"),
            });
        }
        page.labelled(2, page.pick("逐行", "Each row"), column, &text);
        page.labelled(2 + column, "", 2, &ids(rules, lang));
    }
    page.blank();
}

fn slot(page: &mut Page, slot: &Slot, column: usize) {
    let lang = page.lang();
    let functions: Vec<&str> = slot.functions.iter().map(|name| function(name, lang)).collect();
    let functions = functions.join(pick(lang, "、", ", "));
    let of = slot.of.as_deref().unwrap_or(pick(lang, "行", "rows"));
    let text = match (&slot.filter, lang) {
        (Some(filter), Lang::Zh) => format!("{of} 当 {filter}（{functions}）"),
        (Some(filter), Lang::En) => format!("{of} where {filter} ({functions})"),
        (None, Lang::Zh) => format!("{of}（{functions}）"),
        (None, Lang::En) => format!("{of} ({functions})"),
    };
    page.labelled(2, page.pick("累计", "Add up"), column, &text);
    page.labelled(2 + column, "", 2, &ids(&slot.rules, lang));
    for among in &slot.among_groups {
        let label = page.pick("其中 ", "of these ").to_owned();
        page.labelled(4 + column, &label, width(&label), &among.filter);
        page.labelled(4 + column, "", width(&label) + 2, &ids(&among.rules, lang));
    }
}

/// The name of an aggregate's function.
fn function(name: &str, lang: Lang) -> &str {
    match (lang, name) {
        (Lang::Zh, "sum") => "合计",
        (Lang::Zh, "count") => "数量",
        (Lang::Zh, "distinct") => "不同数量",
        (Lang::Zh, "mean") => "平均",
        (Lang::Zh, "max") => "最大",
        (Lang::Zh, "min") => "最小",
        (Lang::Zh, "share") => "占比",
        (_, name) => name,
    }
}
