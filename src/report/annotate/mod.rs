//! A record and a workbook that it was made on in, a copy of the workbook out in which the cells that decide findings are
//! coloured and carry a comment: rule, requirement, shortfall. All else stays as it was submitted.
//!
//! Renders from the record: what is wrong with a cell is said there, where it stands too. Knows the parts of a workbook
//! (ECMA-376), not what its cells mean.

mod comments;
mod deciding;
mod package;
mod sheet;
mod styles;
mod xml;

use std::collections::BTreeMap;

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Lang, Place};

use super::layout::clean;
use super::record::{Evidence, Finding, Record, Rule, Source, Verdict};
use super::sort_key;
use super::words::{self, pick};
use package::Package;
use sheet::Address;
use styles::Styles;

/// Findings that are told of one cell.
const TOLD: usize = 5;
/// Characters of a comment.
const LONGEST: usize = 8_000;

/// What is said of a cell.
struct Note {
    verdict: Verdict,
    told: Vec<String>,
    /// Findings that are not told.
    more: usize,
}

/// A copy of a submitted workbook; `path` is the workbook's, as the record has it.
///
/// # Errors
/// It is no workbook whose cells can be coloured, and why.
pub fn render(record: &Record, path: &str, bytes: &[u8], lang: Lang) -> Result<Vec<u8>, Box<Diagnostic>> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let package = open(name, bytes).map_err(|(what, help)| refused(path, name, &what, help))?;
    annotated(package, &notes(record, path, lang), lang).map_err(|why| {
        let what = Bi::new(format!("的内部结构不合规范（{why}）"), format!("is not built as a workbook is ({why})"));
        let help = Bi::new(
            "请用表格软件打开，另存为 .xlsx，重新运行",
            "open it in a spreadsheet program, save it as .xlsx and run again",
        );
        refused(path, name, &what, help)
    })
}

/// Opens a workbook; what it is instead, and what to do, where its cells cannot be coloured without rewriting all of it.
fn open<'b>(name: &str, bytes: &'b [u8]) -> Result<Package<'b>, (Bi, Bi)> {
    let resave = || {
        Bi::new(
            "只有 .xlsx、.xlsm 能批注：请另存为 .xlsx 再提交",
            "only .xlsx and .xlsm can be annotated: save it as .xlsx and submit that",
        )
    };
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        // Names within such a file are UTF-16.
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
            let help = Bi::new("请去掉打开密码再提交", "remove the password and submit it again");
            return Err((Bi::new("是加密的工作簿", "is an encrypted workbook"), help));
        }
        return Err((Bi::new("是旧格式的工作簿（.xls）", "is a workbook of the old format (.xls)"), resave()));
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Err((Bi::new("不是工作簿", "is no workbook"), resave()));
    }
    let package = Package::open(bytes).map_err(|why| {
        let what = Bi::new(format!("已损坏（{why}）"), format!("is damaged ({why})"));
        let help = format!("请用表格软件打开 `{name}`，另存为 .xlsx，重新运行");
        (what, Bi::new(help, format!("open `{name}` in a spreadsheet program, save it as .xlsx and run again")))
    })?;
    if package.has("content.xml") {
        return Err((Bi::new("是 OpenDocument 表格（.ods）", "is an OpenDocument spreadsheet (.ods)"), resave()));
    }
    if package.has("xl/workbook.bin") {
        return Err((Bi::new("是二进制工作簿（.xlsb）", "is a binary workbook (.xlsb)"), resave()));
    }
    Ok(package)
}

fn refused(path: &str, name: &str, what: &Bi, help: Bi) -> Box<Diagnostic> {
    let message =
        Bi::new(format!("`{name}` 无法批注：它{}", what.zh), format!("`{name}` cannot be annotated: it {}", what.en));
    Box::new(Diagnostic::at(&codes::CANNOT_ANNOTATE, Place::file(path), message).help(help))
}

/// What there is to say of the cells of a workbook, by sheet.
fn notes(record: &Record, path: &str, lang: Lang) -> BTreeMap<String, BTreeMap<Address, Note>> {
    let mut notes: BTreeMap<String, BTreeMap<Address, Note>> = BTreeMap::new();
    for rule in &record.rules {
        for finding in rule.findings.iter().filter(|finding| marked(finding.verdict)) {
            let deciding = |figure: &&Evidence| deciding::decides(finding, figure);
            for figure in finding.evidence.iter().filter(deciding) {
                let cells = figure.source.iter().chain(&figure.more).filter(|source| source.path == path);
                for (sheet, at) in cells.filter_map(|source| Some((source.sheet.clone()?, address(source)?))) {
                    let notes = notes.entry(sheet).or_default();
                    let note = notes.entry(at).or_insert(Note { verdict: finding.verdict, told: Vec::new(), more: 0 });
                    if sort_key(finding.verdict) > sort_key(note.verdict) {
                        note.verdict = finding.verdict;
                    }
                    let text = told(rule, finding, figure, lang);
                    if note.told.contains(&text) {
                        continue;
                    }
                    if note.told.len() < TOLD {
                        note.told.push(text);
                    } else {
                        note.more += 1;
                    }
                }
            }
        }
    }
    notes
}

fn address(source: &Source) -> Option<Address> {
    sheet::address(source.cell.as_deref()?)
}

/// Is a case marked in the workbook? Waived and pending ones need nothing done.
fn marked(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Error | Verdict::Borderline | Verdict::Missing)
}

/// The fill of a cell.
fn colour(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "FFFF9C94",
        Verdict::Error => "FFE8A6E0",
        Verdict::Borderline => "FFFFC566",
        _ => "FFFFE58A",
    }
}

/// What a finding says of a cell that it rests on.
fn told(rule: &Rule, finding: &Finding, figure: &Evidence, lang: Lang) -> String {
    let colon = pick(lang, "：", ": ");
    let scope: Vec<&str> = finding.scope.values().map(String::as_str).chain([finding.period.as_str()]).collect();
    let verdict = words::verdict(finding.verdict, lang);
    let scope = scope.join(pick(lang, "，", ", "));
    let title = if rule.title == rule.id { String::new() } else { format!(" {}", rule.title) };
    let mut lines = vec![format!("【{verdict}】{}{title} [{scope}]", rule.id)];
    lines.push(format!("{}{colon}{}", pick(lang, "要求", "Required"), finding.requirement));
    if let Some(attained) = words::attained(finding, lang) {
        let against = words::threshold(finding, lang).map_or(String::new(), |threshold| match lang {
            Lang::Zh => format!("，标准 {threshold}"),
            Lang::En => format!(", against {threshold}"),
        });
        lines.push(format!("{}{colon}{attained}{against}", pick(lang, "实际", "Attained")));
    }
    let advice: Vec<&str> = finding.advice.iter().map(|advice| advice.get(lang)).collect();
    match (&finding.shortfall, advice.is_empty()) {
        (_, false) => {
            lines.push(format!("{}{colon}{}", pick(lang, "差距", "To do"), advice.join(pick(lang, "；", "; "))))
        }
        (Some(shortfall), true) => lines.push(format!("{}{colon}{shortfall}", pick(lang, "差距", "Shortfall"))),
        (None, true) => {}
    }
    if let Some(rows) = figure.rows {
        let named = 1 + figure.more.len();
        lines.push(match lang {
            Lang::Zh => format!("数值「{}」合计自 {rows} 行，标出其中 {named} 行", figure.name),
            Lang::En => format!("{} comes from {rows} rows, {named} of which are marked", figure.name),
        });
    }
    lines.iter().map(|line| clean(line)).collect::<Vec<_>>().join("\n")
}

/// A cell's comment.
fn comment(note: &Note, lang: Lang) -> String {
    let mut text = note.told.join("\n\n");
    if note.more > 0 {
        text.push_str(&match lang {
            Lang::Zh => format!("\n\n另有 {} 个个案也用到这个单元格", note.more),
            Lang::En => format!("\n\n{} more cases rest on this cell", note.more),
        });
    }
    text.chars().take(LONGEST).collect()
}

fn annotated(
    mut package: Package<'_>,
    notes: &BTreeMap<String, BTreeMap<Address, Note>>,
    lang: Lang,
) -> Result<Vec<u8>, String> {
    let of_kind = |relationships: Vec<package::Relationship>, kind: &str| {
        relationships.into_iter().find(|relationship| relationship.kind == kind).map(|found| found.target)
    };
    let workbook = of_kind(package.relationships("")?, "officeDocument").ok_or("no workbook part")?;
    let parts = package.relationships(&workbook)?;
    let styles_part = of_kind(parts.clone(), "styles").ok_or("no style sheet")?;
    let mut styles = Styles::read(package.text(&styles_part)?)?;
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let book = package.text(&workbook)?;
    xml::tags(&book, |tag| {
        if tag.name == "sheet" && tag.kind != xml::Kind::End {
            let id = ["r:id", "id"].into_iter().find_map(|name| tag.attribute(name));
            if let (Some(name), Some(id)) = (tag.attribute("name"), id) {
                ids.insert(xml::unescape(name), xml::unescape(id));
            }
        }
    })?;
    for (sheet, notes) in notes {
        let id = ids.get(sheet).ok_or_else(|| format!("no sheet {sheet}"))?;
        let part = parts.iter().find(|part| part.id == *id).ok_or_else(|| format!("no part of sheet {sheet}"))?;
        annotate_sheet(&mut package, &part.target, notes, &mut styles, lang)?;
    }
    if !notes.is_empty() {
        package.put(&styles_part, styles.finish());
    }
    package.finish()
}

fn annotate_sheet(
    package: &mut Package<'_>,
    part: &str,
    notes: &BTreeMap<Address, Note>,
    styles: &mut Styles,
    lang: Lang,
) -> Result<(), String> {
    let relationships = package.relationships(part)?;
    let target = |kind: &str| relationships.iter().find(|found| found.kind == kind).map(|found| found.target.clone());
    let texts = notes.iter().map(|(at, note)| (*at, comment(note, lang))).collect();
    let (known, drawing) = (target("comments"), target("vmlDrawing"));
    let before = match &known {
        Some(name) => package.text(name)?,
        None => comments::NONE.to_owned(),
    };
    let (after, fresh) = comments::add(&before, &texts)?;
    let name = known.clone().unwrap_or_else(|| package.free("xl/comments", ".xml"));
    package.put(&name, after);
    if known.is_none() {
        package.declare(&name, "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml")?;
        package.relate(part, "comments", &name)?;
    }
    let text = package.text(part)?;
    // A drawing that the sheet shows only in its headers is none of comments.
    let shown = drawn(&text)?;
    let drawing = relationships
        .iter()
        .find(|found| Some(&found.id) == shown.as_ref())
        .map(|found| found.target.clone())
        .or(drawing.filter(|_| shown.is_some()));
    let mut reference = None;
    match drawing {
        Some(name) => {
            let text = package.text(&name)?;
            package.put(&name, comments::draw(&text, &fresh)?);
        }
        None => {
            let name = package.free("xl/drawings/vmlDrawing", ".vml");
            package.put(&name, comments::draw(comments::BLANK, &fresh)?);
            package.declare(&name, "application/vnd.openxmlformats-officedocument.vmlDrawing")?;
            reference = Some(package.relate(part, "vmlDrawing", &name)?);
        }
    }
    let wanted = notes.iter().map(|(at, note)| (*at, colour(note.verdict))).collect();
    let text = sheet::recolour(&text, &wanted, &mut |own, colour| styles.filled(own, colour), reference.as_deref())?;
    package.put(part, text);
    Ok(())
}

/// The relationship of the drawing that a sheet shows its comments by.
fn drawn(sheet: &str) -> Result<Option<String>, String> {
    let mut id = None;
    xml::tags(sheet, |tag| {
        if tag.name == "legacyDrawing" && tag.depth == 1 {
            id = id.take().or_else(|| tag.attribute("r:id").or_else(|| tag.attribute("id")).map(xml::unescape));
        }
    })?;
    Ok(id)
}
