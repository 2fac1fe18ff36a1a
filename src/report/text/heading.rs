//! What was judged, on what, as of when; and, before anything else, what a reader must know of the data.

use crate::base::Lang;
use crate::report::layout::{clean, pad, pad_left, table, width, wrap};
use crate::report::record::{Record, Remark};
use crate::report::words;

use super::Page;

/// Remarks on the data that are shown; the record holds all of them.
const REMARKS: usize = 5;

pub(super) fn write(page: &mut Page, record: &Record) {
    let title = if record.suite.title.is_empty() { &record.suite.name } else { &record.suite.title };
    for line in wrap(&clean(title), page.options.width) {
        let line = page.style().bold(&line);
        page.line(&line);
    }
    page.blank();
    if let Some(notice) = &record.notice {
        let label = page.pick("【注意】", "NOTE: ");
        let text = format!("{label}{}", clean(notice.get(page.lang())));
        for line in wrap(&text, page.options.width) {
            let line = page.style().yellow(&line);
            page.line(&line);
        }
        page.blank();
    }
    facts(page, record);
    page.blank();
    let (waivers, data): (Vec<&Remark>, Vec<&Remark>) =
        record.remarks.iter().partition(|remark| record.is_about_waivers(remark));
    for (remarks, zh, en, limit) in
        [(waivers, "豁免提示", "Remarks on waivers", usize::MAX), (data, "数据提示", "Remarks on the data", REMARKS)]
    {
        if !remarks.is_empty() {
            self::remarks(page, &remarks, (zh, en), limit);
            page.blank();
        }
    }
}

fn facts(page: &mut Page, record: &Record) {
    let column = match page.lang() {
        Lang::Zh => 8,
        Lang::En => 11,
    };
    let made = words::made_at(record.stamp.as_ref(), page.lang());
    let period = match page.lang() {
        Lang::Zh => format!("{}，评判时点 {}{made}", record.period, record.as_of),
        Lang::En => format!("{}, judged as of {}{made}", record.period, record.as_of),
    };
    page.labelled(2, page.pick("期间", "Period"), column, &period);
    inputs(page, record, column);
    let named = [(&record.standards, page.pick("标准", "Standards")), (&record.waivers, page.pick("豁免", "Waivers"))];
    for (files, name) in named {
        for (at, file) in files.iter().enumerate() {
            page.labelled(2, if at == 0 { name } else { "" }, column, &file.path);
        }
    }
    let counts: Vec<String> = words::VERDICTS
        .iter()
        .filter(|verdict| record.summary.rules.of(**verdict) > 0)
        .map(|verdict| format!("{} {}", words::verdict(*verdict, page.lang()), record.summary.rules.of(*verdict)))
        .collect();
    let rules = words::rules(record.summary.rules.total(), page.lang());
    let result = match page.lang() {
        Lang::Zh if counts.is_empty() => rules,
        Lang::Zh => format!("{rules}：{}", counts.join("，")),
        Lang::En if counts.is_empty() => rules,
        Lang::En => format!("{rules}: {}", counts.join(", ")),
    };
    page.labelled(2, page.pick("结果", "Result"), column, &result);
}

fn inputs(page: &mut Page, record: &Record, column: usize) {
    let label = page.pick("数据", "Data");
    if record.inputs.is_empty() && record.unreadable.is_empty() {
        page.labelled(2, label, column, page.pick("没有提交任何数据文件", "no file was submitted"));
        return;
    }
    let digits = record.inputs.iter().map(|input| input.rows.to_string().len()).max().unwrap_or(1);
    let mut rows: Vec<Vec<String>> = record
        .inputs
        .iter()
        .map(|input| {
            let count = pad_left(&input.rows.to_string(), digits);
            let count = match page.lang() {
                Lang::Zh => format!("{count} 行"),
                Lang::En => format!("{count} row{}", if input.rows == 1 { "" } else { "s" }),
            };
            vec![clean(&input.dataset), clean(&input.path), count]
        })
        .collect();
    let unread = page.pick("未能读取", "could not be read");
    rows.extend(record.unreadable.iter().map(|dataset| vec![clean(dataset), unread.to_owned(), String::new()]));
    let start = 2 + column;
    for (at, line) in table(&rows, page.options.width.saturating_sub(start), 2).iter().enumerate() {
        let label = if at == 0 { pad(label, column) } else { " ".repeat(column) };
        let label = if at == 0 { page.style().dim(&label) } else { label };
        page.line(&format!("  {label}{line}"));
    }
}

fn remarks(page: &mut Page, remarks: &[&Remark], (zh, en): (&str, &str), limit: usize) {
    let heading = match page.lang() {
        Lang::Zh => format!("{zh} {} 处", remarks.len()),
        Lang::En => format!("{en}: {}", remarks.len()),
    };
    page.line(&format!("  {heading}"));
    for remark in remarks.iter().take(limit) {
        let message = remark.message.get(page.lang());
        let place = remark.source.as_ref().map(|source| page.place(source));
        let text = match (place, page.lang()) {
            (Some(place), Lang::Zh) => format!("{place}：{message}"),
            (Some(place), Lang::En) => format!("{place}: {message}"),
            (None, _) => message.to_owned(),
        };
        let label = format!("{} ", remark.code);
        page.labelled(4, &label, width(&label) + 1, &text);
    }
    if remarks.len() > limit {
        let more = remarks.len() - limit;
        let more = match page.lang() {
            Lang::Zh => format!("另有 {more} 处，见运行记录（--record）"),
            Lang::En => format!("and {more} more: see the run record (--record)"),
        };
        page.labelled(4, "", 0, &more);
    }
}
