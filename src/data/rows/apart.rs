//! Rows that are no data: totals, notes, the heading again, rows of the wrong width. Kept apart, and counted.

use std::collections::BTreeMap;

use super::Builder;
use super::pass::Pass;
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place, nearest};
use crate::data::cell::bad;
use crate::data::layout::Layout;
use crate::data::misread;
use crate::data::notes::Notes;
use crate::data::raw::{RawCell, RawSheet, half_width, same_unspaced, trimmed};
use crate::data::table::{Cell, Origin};
use crate::quantity::Scalar;
use crate::semantics::hir::{ColumnRole, Dataset, List, Suite};

/// Texts in a dimension column that mark a row of totals, unless the binding names others.
pub const TOTALS: [&str; 10] =
    ["合计", "小计", "总计", "共计", "合計", "小計", "總計", "total", "subtotal", "grandtotal"];
/// How a note below a table begins.
const NOTES: [&str; 27] = [
    "*",
    "＊",
    "单位负责人",
    "负责人：",
    "制表日期",
    "填表日期",
    "填报日期",
    "注：",
    "注:",
    "注1",
    "注2",
    "备注：",
    "备注:",
    "说明：",
    "说明:",
    "附注",
    "资料来源",
    "数据来源",
    "来源：",
    "来源:",
    "填表人",
    "制表人",
    "审核人",
    "Note:",
    "Notes:",
    "Source:",
    "※",
];
/// What was kept apart in a sheet.
#[derive(Default)]
pub struct Apart {
    pub totals: BTreeMap<String, usize>,
    pub notes: usize,
    pub undeclared: BTreeMap<String, usize>,
    pub computed: BTreeMap<String, usize>,
}

impl Pass<'_, '_> {
    /// A row below the table that says something about it, or goes on with what the row above says.
    pub(super) fn is_note(&mut self, row: &[RawCell<'_>]) -> bool {
        let note = is_note(self.sheet, row) || self.note.is_some_and(|column| goes_on(row, column));
        self.apart.notes += usize::from(note);
        self.note = note.then(|| row.iter().position(|cell| !cell.is_blank())).flatten();
        note
    }

    /// Does the dataset find nothing in a row but what stands in rows above? Tables that stand side by side are not of one
    /// length.
    pub(super) fn is_bare(&self, row: &[RawCell<'_>]) -> bool {
        let own =
            self.layout.columns.iter().chain(&self.layout.unit_columns).chain([&self.layout.qualifiers]).flatten();
        let melted = self.layout.melted.iter().flat_map(|melted| melted.sources.iter().map(|(_, source)| source));
        own.chain(melted).all(|source| row.get(source.column).is_none_or(RawCell::is_blank))
    }

    pub(super) fn total_mark(&self, declaration: &Dataset, at: usize, cell: &RawCell<'_>) -> Option<String> {
        let column = declaration.columns.get(at).filter(|column| column.role == ColumnRole::Dimension)?;
        let RawCell::Text(text) = cell else { return None };
        let mark = self.mark(text)?;
        let code = Scalar::text(trimmed(text));
        let is_member = matches!(&column.codes, Some(List::Values(codes)) if codes.contains(&code));
        (!is_member).then_some(mark)
    }

    /// The mark of a total that a text is: the word itself, or (of the usual words) what ends with it: `全区合计：`.
    pub(super) fn mark(&self, text: &str) -> Option<String> {
        let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：'));
        // Of the many texts that are no mark, most end otherwise than any.
        let caseless = |c: &char| c.to_lowercase().eq([*c]) && c.to_uppercase().eq([*c]);
        let last = text.chars().next_back().filter(caseless);
        if last.is_some_and(|last| !self.skip_ends.contains(&last)) {
            return None;
        }
        let own = self.from.binding.is_some_and(|binding| binding.skip.is_some());
        let lower = text.to_lowercase();
        let fits = |mark: &&String| {
            same_unspaced(&lower, &mark.to_lowercase()) || (!own && !mark.is_ascii() && text.ends_with(mark.as_str()))
        };
        self.skip.iter().find(fits).cloned()
    }

    /// The mark of a total in a column that the dataset does not have, such as the row's number.
    pub(super) fn total_beside(&self, row: &[RawCell<'_>]) -> Option<String> {
        let used = |at: usize| self.layout.columns.iter().flatten().any(|source| source.column == at);
        row.iter().enumerate().filter(|(at, _)| !used(*at)).find_map(|(_, cell)| match cell {
            RawCell::Text(text) => self.mark(text),
            _ => None,
        })
    }

    pub(super) fn is_total(&self, builder: &Builder<'_>, row: &[RawCell<'_>]) -> bool {
        self.layout.columns.iter().enumerate().any(|(at, source)| {
            let cell = source.as_ref().and_then(|source| row.get(source.column));
            cell.is_some_and(|cell| self.total_mark(builder.declaration, at, cell).is_some())
        })
    }

    pub(super) fn count_total(&mut self, declaration: &Dataset, raw: &[RawCell<'_>]) -> bool {
        let mark = raw.iter().enumerate().find_map(|(at, cell)| self.total_mark(declaration, at, cell));
        match mark {
            Some(mark) => {
                *self.apart.totals.entry(mark).or_insert(0) += 1;
                true
            }
            None => false,
        }
    }

    /// A row that has not as many cells as the heading: all its cells are bad.
    pub(super) fn is_ragged(&mut self, builder: &mut Builder<'_>, index: usize) -> bool {
        let row = self.sheet.row(index);
        let filled = row.iter().rposition(|cell| !cell.is_blank()).map_or(0, |at| at + 1);
        let width = self.layout.width;
        let heading = self.sheet.row(self.layout.last_heading).len().max(width);
        if row.len() >= width && filled <= width && !(row.len() > heading && has_split_figure(row)) {
            return false;
        }
        let (number, count) = (self.sheet.number(index), row.len());
        let place = self.place(number, None);
        let line: Vec<String> = row.iter().map(|cell| cell.text().into_owned()).collect();
        let line = misread::shortened(&line.join(","));
        self.notes.repeat(&codes::RAGGED, self.from.path, || {
            let message = Bi::new(
                format!("表头有 {width} 格，这一行有 {count} 格：`{line}`"),
                format!("the heading has {width} cells, this row has {count}: `{line}`"),
            );
            let help = Bi::new(
                "补上缺的分隔符，或给带逗号的内容加上引号：`\"1,234.50\"`",
                "add the missing delimiter, or put text that holds a comma in quotes: `\"1,234.50\"`",
            );
            Diagnostic::at(&codes::RAGGED, place, message).help(help)
        });
        let cells: Vec<Cell> = (0..builder.declaration.columns.len())
            .map(|at| {
                let source = self.layout.columns.get(at).and_then(Option::as_ref);
                bad(source.and_then(|source| row.get(source.column)).unwrap_or(&RawCell::Empty))
            })
            .collect();
        builder.push(cells, Origin { part: self.part, row: number, melted: None });
        true
    }
}

impl Apart {
    /// What was kept apart, counted.
    pub(super) fn remarks(self, suite: &Suite, layout: &Layout, keyed: bool, place: &Place, notes: &mut Notes) {
        let apart = self;
        if !apart.totals.is_empty() {
            let (count, marks) = listed(&apart.totals);
            let message = Bi::new(
                format!("有 {count} 行是合计（{}），不算数据行", marks.0),
                format!("kept apart as totals: {} ({})", rows_en(count), marks.1),
            );
            let help = Bi::new(
                "如果它们是数据，在绑定里写 `skip = []`；别的合计字样也用 `skip` 说明",
                "if they are data, write `skip = []` in the binding; `skip` also names other marks of totals",
            );
            notes.push(Diagnostic::at(&codes::TOTALS, place.clone(), message).help(help));
        }
        if apart.notes > 0 {
            let message = Bi::new(
                format!("有 {} 行是说明，不算数据行", apart.notes),
                format!("kept apart as notes: {}", rows_en(apart.notes)),
            );
            notes.push(Diagnostic::at(&codes::NOTES, place.clone(), message));
        }
        if !layout.absent.is_empty() {
            let message = Bi::new(
                format!("没有属性列 `{}`，按空值处理", layout.absent.join("`、`")),
                format!("there is no column for the attribute `{}`; it is blank", layout.absent.join("`, `")),
            );
            let help = Bi::new("规则用到它时请补上这一列", "add the column if a rule needs it");
            notes.push(Diagnostic::at(&codes::NO_ATTRIBUTE, place.clone(), message).help(help));
        }
        if keyed && !layout.unused.is_empty() {
            let shown: Vec<&str> = layout.unused.iter().take(20).map(String::as_str).collect();
            let message = Bi::new(
                format!("没有用到的键：`{}`", shown.join("`、`")),
                format!("keys that are not used: `{}`", shown.join("`, `")),
            );
            notes.push(Diagnostic::at(&codes::UNKNOWN_KEYS, place.clone(), message));
        }
        if !apart.undeclared.is_empty() {
            let (count, names) = listed(&apart.undeclared);
            let message = Bi::new(
                format!("有 {count} 行的指标没有声明，没有用：{}", names.0),
                format!("not used, since the indicators are not declared: {} ({})", rows_en(count), names.1),
            );
            let near = apart.undeclared.keys().find_map(|name| {
                let plain = suite.indicators.iter().filter(|indicator| indicator.body.is_none());
                nearest(name, plain.map(|indicator| indicator.name.as_str())).map(|near| (name, near))
            });
            let mut remark = Diagnostic::at(&codes::UNDECLARED, place.clone(), message);
            if let Some((name, near)) = near {
                remark = remark.help(Bi::new(
                    format!("`{name}` 是不是 `{near}`？是的话改名，或在规则里写 `又称 {name}`"),
                    format!("is `{name}` meant for `{near}`? Rename it, or declare `alias {name}`"),
                ));
            }
            notes.push(remark);
        }
        if !apart.computed.is_empty() {
            let (count, names) = listed(&apart.computed);
            let message = Bi::new(
                format!("有 {count} 行的指标由规则计算，表里的数没有用：{}", names.0),
                format!("not used, since the rules compute the indicators: {} ({})", rows_en(count), names.1),
            );
            notes.push(Diagnostic::at(&codes::COMPUTED, place.clone(), message));
        }
    }
}

/// A row that holds nothing but a note.
pub fn is_note(sheet: &RawSheet<'_>, row: &[RawCell<'_>]) -> bool {
    let mut filled = row.iter().filter(|cell| !cell.is_blank());
    let (Some(first), None) = (filled.next(), filled.next()) else { return false };
    if sheet.keyed {
        return false;
    }
    begins_note(&first.text())
}

/// Does a text read as a note, if it stands alone in its row?
pub fn begins_note(text: &str) -> bool {
    NOTES.iter().any(|mark| trimmed(text).starts_with(mark)) || matches!(trimmed(text), "注" | "备注")
}

/// The next point of a note, in its column and alone in its row: `2.本表……`, `（2）……`.
pub fn goes_on(row: &[RawCell<'_>], column: usize) -> bool {
    let mut filled = row.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    let (Some((at, cell)), None) = (filled.next(), filled.next()) else { return false };
    let text = cell.text();
    let text: String = trimmed(&text).chars().map(half_width).collect();
    let point = text.trim_start_matches('(');
    let rest = point.trim_start_matches(|c: char| c.is_ascii_digit());
    let behind = rest.strip_prefix(['.', '、', ')']).map(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    at == column && rest.len() < point.len() && behind == Some(true)
}

/// Do two neighbouring cells look like one figure whose thousands separator was taken for a delimiter (`1,234.50`)? Then
/// an empty cell too many at the end of the row is no accident.
fn has_split_figure(row: &[RawCell<'_>]) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = |cell: &RawCell<'_>| trimmed(&cell.text()).to_owned();
    row.windows(2).any(|pair| {
        let [head, tail] = pair else { return false };
        let (head, tail) = (text(head), text(tail));
        let head = head.trim_start_matches(['-', '+', '¥', '￥', '(', '（', ' ']);
        let whole = tail.split_once('.').map_or(tail.as_str(), |(whole, _)| whole);
        let whole = whole.trim_end_matches(|c: char| !c.is_ascii_digit());
        digits(head) && head.len() <= 3 && digits(whole) && whole.len() == 3
    })
}

/// The sum of counts, and the names in both languages, at most ten.
fn listed(counts: &BTreeMap<String, usize>) -> (usize, (String, String)) {
    let names: Vec<String> = counts.keys().take(10).map(|name| format!("`{}`", misread::shortened(name))).collect();
    let more = counts.len().saturating_sub(10);
    let zh = if more > 0 { format!("{} 等 {} 种", names.join("、"), counts.len()) } else { names.join("、") };
    let en = if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") };
    (counts.values().sum(), (zh, en))
}

fn rows_en(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

pub fn unspaced(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
