//! A sheet's text in, the same text with some cells in other styles out. Values, formulas and all else stay as they stand;
//! a cell that the sheet does not hold, because it is empty, is added.

use std::collections::BTreeMap;

use super::xml::{Edits, Kind, Tag, tags};
use crate::base::column_letters;

/// A row and a column, from 1 and from 0.
pub type Address = (u32, u32);

/// `C14` as an address.
pub fn address(cell: &str) -> Option<Address> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at_checked(digits)?;
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = u32::from(letter.to_ascii_uppercase().checked_sub(b'A').filter(|value| *value < 26)?) + 1;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    Some((row.parse().ok()?, column.checked_sub(1)?))
}

/// An address as `C14`.
pub fn written((row, column): Address) -> String {
    format!("{}{row}", column_letters(column as usize))
}

/// What of the sheet decides the style of cells that it does not hold.
#[derive(Default)]
struct Defaults {
    /// First column, last column, style.
    columns: Vec<(u32, u32, u32)>,
    row: Option<u32>,
}

impl Defaults {
    fn style(&self, column: u32) -> u32 {
        let of_column = || self.columns.iter().find(|(from, to, _)| (*from..=*to).contains(&(column + 1)));
        self.row.or_else(|| of_column().map(|(_, _, style)| *style)).unwrap_or(0)
    }
}

/// Elements of a sheet that come after the drawing of its comments.
const AFTER: [&str; 8] =
    ["legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"];

/// Changes a sheet. `wanted` gives a name to the looks that a cell is to have; `style` finds the style for a cell's own and
/// that name. `drawing` is the relationship of a drawing of comments to refer to, if there was none.
///
/// # Errors
/// The sheet is not well-formed.
pub fn recolour<'w>(
    text: &str,
    wanted: &BTreeMap<Address, &'w str>,
    style: &mut dyn FnMut(u32, &'w str) -> u32,
    drawing: Option<&str>,
) -> Result<String, String> {
    let mut edits = Edits::default();
    let mut todo = wanted.clone();
    let mut defaults = Defaults::default();
    let (mut row, mut column) = (0_u32, None::<u32>);
    let mut prefix = String::new();
    let mut drawn = drawing.is_none();
    tags(text, |tag| {
        let closes = tag.kind == Kind::End;
        match (tag.name, tag.depth) {
            ("worksheet", 0) => prefix = tag.prefix.to_owned(),
            ("col", 2) if !closes => {
                if let (Some(from), Some(to), Some(style)) = (tag.number("min"), tag.number("max"), tag.number("style"))
                {
                    defaults.columns.push((from, to, style));
                }
            }
            ("row", 2) if !closes => {
                row = tag.number("r").unwrap_or(row + 1);
                column = None;
                let before = rows(&mut todo, Some(row), &mut defaults, &prefix, style);
                edits.insert(tag.range.start, before);
                defaults.row = tag.number("s").filter(|_| matches!(tag.attribute("customFormat"), Some("1" | "true")));
                let here = todo.range((row, 0)..=(row, u32::MAX)).next().is_some();
                if tag.kind == Kind::Empty && here {
                    let cells = cells(&mut todo, row, None, &defaults, &prefix, style);
                    edits.replace(tag.range.clone(), format!("{}{cells}</{prefix}row>", tag.opened()));
                }
            }
            ("row", 2) => {
                let rest = cells(&mut todo, row, None, &defaults, &prefix, style);
                edits.insert(tag.range.start, rest);
            }
            ("c", 3) if !closes => {
                let stated = tag.attribute("r").and_then(address).map(|(_, column)| column);
                let at = stated.unwrap_or_else(|| column.map_or(0, |column| column + 1));
                column = Some(at);
                let before = cells(&mut todo, row, Some(at), &defaults, &prefix, style);
                edits.insert(tag.range.start, before);
                if let Some(look) = todo.remove(&(row, at)) {
                    let own = tag.number("s").unwrap_or(0);
                    edits.replace(tag.range.clone(), tag.with("s", &style(own, look).to_string()));
                }
            }
            ("sheetData", 1) if tag.kind == Kind::Empty => {
                let rows = rows(&mut todo, None, &mut defaults, &prefix, style);
                if !rows.is_empty() {
                    edits.replace(tag.range.clone(), format!("{}{rows}</{prefix}sheetData>", tag.opened()));
                }
            }
            ("sheetData", 1) if closes => {
                let rows = rows(&mut todo, None, &mut defaults, &prefix, style);
                edits.insert(tag.range.start, rows);
            }
            _ => {}
        }
        if !drawn && is_after(&tag) {
            drawn = true;
            let id = drawing.unwrap_or_default();
            edits.insert(
                tag.range.start,
                format!(
                    "<{prefix}legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
                     r:id=\"{id}\"/>"
                ),
            );
        }
    })?;
    Ok(edits.apply(text))
}

/// Is this where a reference to the drawing of comments must stand at the latest?
fn is_after(tag: &Tag<'_>) -> bool {
    match tag.kind {
        Kind::End => tag.name == "worksheet" && tag.depth == 0,
        Kind::Start | Kind::Empty => tag.depth == 1 && AFTER.contains(&tag.name),
    }
}

/// Cells of a row that the sheet does not hold, up to a column.
fn cells<'w>(
    todo: &mut BTreeMap<Address, &'w str>,
    row: u32,
    before: Option<u32>,
    defaults: &Defaults,
    prefix: &str,
    style: &mut dyn FnMut(u32, &'w str) -> u32,
) -> String {
    let mut text = String::new();
    while let Some((at, look)) = todo.range((row, 0)..=(row, u32::MAX)).next().map(|(at, look)| (*at, *look)) {
        if before.is_some_and(|before| at.1 >= before) {
            break;
        }
        todo.remove(&at);
        text.push_str(&format!("<{prefix}c r=\"{}\" s=\"{}\"/>", written(at), style(defaults.style(at.1), look)));
    }
    text
}

/// Rows that the sheet does not hold, up to a row.
fn rows<'w>(
    todo: &mut BTreeMap<Address, &'w str>,
    before: Option<u32>,
    defaults: &mut Defaults,
    prefix: &str,
    style: &mut dyn FnMut(u32, &'w str) -> u32,
) -> String {
    let mut text = String::new();
    defaults.row = None;
    while let Some(row) = todo.keys().next().map(|(row, _)| *row) {
        if before.is_some_and(|before| row >= before) {
            break;
        }
        let cells = cells(todo, row, None, defaults, prefix, style);
        text.push_str(&format!("<{prefix}row r=\"{row}\">{cells}</{prefix}row>"));
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn coloured(text: &str, cells: &[&str]) -> String {
        let wanted = cells.iter().map(|cell| (address(cell).unwrap(), "red")).collect();
        recolour(text, &wanted, &mut |own, _| own + 100, Some("rId9")).unwrap()
    }

    const DRAWING: &str = "<legacyDrawing xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
                           r:id=\"rId9\"/>";

    #[test]
    fn addresses_are_read_as_they_are_written() {
        for cell in ["A1", "Z9", "AA10", "XFD1048576"] {
            assert_eq!(written(address(cell).unwrap()), cell);
        }
        assert_eq!(address("C14"), Some((14, 2)));
        assert!(address("14").is_none() && address("C").is_none() && address("").is_none());
    }

    #[test]
    fn a_cell_changes_its_style_and_nothing_else() {
        let text = "<worksheet><sheetData><row r=\"2\"><c r=\"A2\" s=\"3\" t=\"s\"><v>0</v></c><c r=\"B2\"><f>A1</f></c>\
                    </row></sheetData><tableParts/></worksheet>";
        let expected = text
            .replace("s=\"3\"", "s=\"103\"")
            .replace("<c r=\"B2\">", "<c r=\"B2\" s=\"100\">")
            .replace("<tableParts/>", &format!("{DRAWING}<tableParts/>"));
        assert_eq!(coloured(text, &["A2", "B2"]), expected);
    }

    #[test]
    fn empty_cells_are_added_in_their_places() {
        let text = "<worksheet><cols><col min=\"2\" max=\"3\" style=\"7\"/></cols><sheetData><row r=\"2\"><c r=\"B2\"/></row>\
                    <row r=\"5\" s=\"4\" customFormat=\"1\"/></sheetData></worksheet>";
        let expected = format!(
            "<worksheet><cols><col min=\"2\" max=\"3\" style=\"7\"/></cols><sheetData><row r=\"1\"><c r=\"C1\" s=\"107\"/></row>\
             <row r=\"2\"><c r=\"A2\" s=\"100\"/><c r=\"B2\"/><c r=\"C2\" s=\"107\"/></row><row r=\"3\"><c r=\"D3\" s=\"100\"/>\
             </row><row r=\"5\" s=\"4\" customFormat=\"1\"><c r=\"C5\" s=\"104\"/></row><row r=\"9\"><c r=\"A9\" s=\"100\"/>\
             </row></sheetData>{DRAWING}</worksheet>"
        );
        assert_eq!(coloured(text, &["C1", "A2", "C2", "D3", "C5", "A9"]), expected);
        let text = "<x:worksheet><x:sheetData/></x:worksheet>";
        let expected = format!(
            "<x:worksheet><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" s=\"100\"/></x:row></x:sheetData>{}</x:worksheet>",
            DRAWING.replace("<legacy", "<x:legacy")
        );
        assert_eq!(coloured(text, &["A1"]), expected);
    }

    #[test]
    fn positions_that_are_not_stated_are_counted() {
        let text = "<worksheet><sheetData><row><c/><c><v>1</v></c></row></sheetData></worksheet>";
        assert!(coloured(text, &["B1"]).contains("<row><c/><c s=\"100\"><v>1</v></c></row>"));
    }
}
