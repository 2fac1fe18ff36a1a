//! Waivers in CSV: a heading, and a waiver in each row.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Draft, FIELDS, REQUIRED, Stated, has_ending};
use crate::base::codes::{config, waivers as codes};
use crate::base::{Bi, Diagnostic, Place, nearest};
use crate::data::heading::normal;
use crate::data::raw::{RawCell, RawSheet, trimmed};
use crate::data::{delimited, encoding};

/// The waivers of a file; what is wrong with it is reported.
pub(super) fn read(
    path: &Path,
    shown: &str,
    files: &mut Vec<(String, String)>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Draft> {
    let name = crate::data::name_of(shown);
    let bytes = match std::fs::read(path) {
        Ok(bytes) if has_ending(path, &["csv", "tsv", "txt"]) => bytes,
        Ok(_) => {
            let message = Bi::new(
                format!("`{name}` 不是豁免文件：豁免写在 .toml 或 .csv 文件里"),
                format!("`{name}` is no waivers file: waivers stand in a .toml or a .csv file"),
            );
            let help = Bi::new("电子表格请另存为 CSV", "save a spreadsheet as CSV");
            faults.push(Diagnostic::at(&codes::WRONG, Place::file(shown), message).help(help));
            return Vec::new();
        }
        Err(error) => {
            let why = crate::data::refusal(&error);
            let message = Bi::new(
                format!("打不开豁免文件 `{shown}`：{}", why.zh),
                format!("cannot open the waivers file `{shown}`: {}", why.en),
            );
            let help = Bi::new(
                "请检查 `suite.toml` 里的 `waivers` 或 `--waivers` 后面的路径",
                "check the path in `waivers` of `suite.toml`, or behind `--waivers`",
            );
            faults.push(Diagnostic::at(&config::UNREADABLE, Place::file(shown), message).help(help));
            return Vec::new();
        }
    };
    files.push((shown.to_owned(), crate::data::sha256(&bytes)));
    let text = match encoding::decode(&bytes, shown, None) {
        Ok(text) => text,
        Err(fault) => {
            faults.push(*fault);
            return Vec::new();
        }
    };
    match delimited::parse(&text, shown, None) {
        Ok(sheet) => Sheet { sheet, shown }.drafts(faults),
        Err(fault) => {
            faults.push(*fault);
            Vec::new()
        }
    }
}

/// A waivers file in CSV.
struct Sheet<'a> {
    sheet: RawSheet<'a>,
    shown: &'a str,
}

impl Sheet<'_> {
    fn place(&self, index: usize, heading: Option<&str>) -> Place {
        let mut place = Place::file(self.shown);
        if let Place::Data { row, column, .. } = &mut place {
            *row = Some(u64::from(self.sheet.number(index)));
            *column = heading.map(str::to_owned);
        }
        place
    }

    fn drafts(&self, faults: &mut Vec<Diagnostic>) -> Vec<Draft> {
        let filled = |index: &usize| !self.sheet.row(*index).iter().all(RawCell::is_blank);
        let mut rows = (0..self.sheet.len()).filter(filled);
        let Some((columns, headings)) = rows.next().and_then(|heading| self.columns(heading, faults)) else {
            if faults.is_empty() {
                faults.push(no_headings(Place::file(self.shown)));
            }
            return Vec::new();
        };
        let names: BTreeMap<&'static str, String> = FIELDS
            .iter()
            .map(|(field, own)| {
                let at = columns.iter().position(|column| column == field);
                let heading = at.and_then(|at| headings.get(at)).cloned();
                (*field, heading.unwrap_or_else(|| own.first().map_or("", |own| *own).to_owned()))
            })
            .collect();
        rows.filter_map(|index| self.draft(index, &columns, &headings, &names, faults)).collect()
    }

    /// Which field each column holds, and its heading; `None` if that cannot be told.
    fn columns(&self, index: usize, faults: &mut Vec<Diagnostic>) -> Option<(Vec<&'static str>, Vec<String>)> {
        let headings: Vec<String> = self.sheet.row(index).iter().map(|cell| trimmed(&cell.text()).to_owned()).collect();
        let before = faults.len();
        let mut columns: Vec<&'static str> = Vec::new();
        for heading in &headings {
            let plain = normal(heading);
            let field = FIELDS.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(field, _)| *field);
            match field {
                Some(field) if columns.contains(&field) => {
                    let message =
                        Bi::new(format!("`{heading}` 这一列有两个"), format!("there are two columns `{heading}`"));
                    let help = Bi::new("删去其中一列", "delete one of the two");
                    faults.push(Diagnostic::at(&codes::WRONG, self.place(index, Some(heading)), message).help(help));
                }
                Some(field) => columns.push(field),
                None => faults.push(unknown_heading(heading, self.place(index, Some(heading)))),
            }
        }
        for field in REQUIRED.into_iter().filter(|field| !columns.contains(field)) {
            let names = FIELDS.iter().find(|(known, _)| *known == field).map_or(&[][..], |(_, names)| names);
            let zh = names.first().copied().unwrap_or(field);
            let message = Bi::new(format!("没有 `{zh}` 这一列"), format!("there is no column `{field}`"));
            let help = Bi::new(
                format!("请加上 `{zh}` 列：每条豁免都要写明"),
                format!("add a column `{field}`: every waiver must say it"),
            );
            faults.push(Diagnostic::at(&config::MISSING_KEY, self.place(index, None), message).help(help));
        }
        (faults.len() == before).then_some((columns, headings))
    }

    fn draft(
        &self,
        index: usize,
        columns: &[&'static str],
        headings: &[String],
        names: &BTreeMap<&'static str, String>,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Draft> {
        let row = self.sheet.row(index);
        let width = row.iter().rposition(|cell| !cell.is_blank()).map_or(0, |at| at + 1);
        if width > columns.len() {
            let message = Bi::new(
                format!("表头有 {} 格，这一行有 {width} 格", columns.len()),
                format!("the heading has {} cells, this row has {width}", columns.len()),
            );
            let help = Bi::new("给带逗号的内容加上引号", "put text that holds a comma in quotes");
            faults.push(Diagnostic::at(&codes::WRONG, self.place(index, None), message).help(help));
            return None;
        }
        let mut draft = Draft {
            fields: BTreeMap::new(),
            scope: Vec::new(),
            names: names.clone(),
            place: self.place(index, names.get("rule").map(String::as_str)),
            refused: BTreeSet::new(),
        };
        for ((cell, field), heading) in row.iter().zip(columns).zip(headings) {
            let text = trimmed(&cell.text()).to_owned();
            let place = self.place(index, Some(heading));
            match *field {
                _ if text.is_empty() => {}
                "scope" => match scope_of_text(&text) {
                    Some(pairs) => {
                        draft.scope = pairs.into_iter().map(|(dim, member)| (dim, member, place.clone())).collect();
                    }
                    None => {
                        faults.push(bad_scope(&text, place));
                        draft.refused.insert("scope");
                    }
                },
                field => {
                    draft.fields.insert(field, Stated { text, place });
                }
            }
        }
        Some(draft)
    }
}

/// `部门=信访局；科目=公用经费`
fn scope_of_text(text: &str) -> Option<Vec<(String, String)>> {
    let parts = text.split([';', '；', '\n']).map(trimmed).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (dim, member) = part.split_once(['=', '＝'])?;
            let (dim, member) = (trimmed(dim), trimmed(member).trim_matches(['"', '“', '”', '＂']));
            let sound = !dim.is_empty() && !member.is_empty() && !member.contains(['=', '＝']);
            sound.then(|| (dim.to_owned(), member.to_owned()))
        })
        .collect()
}

fn bad_scope(text: &str, place: Place) -> Diagnostic {
    let message = Bi::new(format!("范围 `{text}` 读不懂"), format!("the scope `{text}` cannot be read"));
    let help = Bi::new(
        "写成 `部门=信访局`，几个维度用分号隔开；豁免整条规则的，这一格空着",
        "write `department=Petitions`, with semicolons between dimensions; leave it blank to waive the whole rule",
    );
    Diagnostic::at(&codes::WRONG, place, message).help(help)
}

fn no_headings(place: Place) -> Diagnostic {
    let message = Bi::new("豁免文件是空的，没有表头", "the waivers file is empty: it has no headings");
    let help = Bi::new(
        "第一行写列名：规则、范围、期间、理由、批准人、批准日期、失效日期",
        "the first line names the columns: rule, scope, period, reason, approver, approved, expires",
    );
    Diagnostic::at(&codes::WRONG, place, message).help(help)
}

/// A heading that is passed over might be a scope, and the waiver would cover every case of its rule.
fn unknown_heading(heading: &str, place: Place) -> Diagnostic {
    let message = if heading.is_empty() {
        Bi::new("有一列没有列名", "a column has no heading")
    } else {
        Bi::new(format!("豁免文件没有 `{heading}` 这一列"), format!("waivers have no column `{heading}`"))
    };
    let known = || FIELDS.iter().flat_map(|(_, names)| names.iter().copied());
    let help = match nearest(heading, known()) {
        Some(near) => Bi::new(format!("是不是要写 `{near}`？"), format!("did you mean `{near}`?")),
        None => Bi::new(
            "列名可以是：规则、范围、期间、理由、批准人、批准日期、失效日期、依据；备注请并入理由",
            "the columns are rule, scope, period, reason, approver, approved, expires and source; put remarks in the reason",
        ),
    };
    Diagnostic::at(&config::UNKNOWN_KEY, place, message).help(help)
}
