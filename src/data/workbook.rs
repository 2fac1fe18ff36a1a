//! Workbooks (XLSX, XLSM, XLSB, XLS, ODS): bytes in, sheets of raw cells out.
//!
//! Knows no columns. The one place where binary floating point occurs: a spreadsheet stores figures so, and
//! [`shortest_decimal`] turns them into digits before anything else sees them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use calamine::{CellErrorType, Data, DataRef, Dimensions, ExcelDateTime, Ods, Reader as _, Xls, Xlsb, Xlsx};
use jiff::civil::Date;

use super::quietly::quietly;
use super::raw::{Merge, RawCell, RawSheet, ReadOptions, Reader, Shown};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};

/// Reads workbooks.
#[derive(Clone, Copy, Debug)]
pub struct Workbook;

/// The most cells that a workbook is read to, blank ones between filled ones included.
const MOST_CELLS: usize = 100_000_000;
/// Stands in a cell whose formula was saved without its result.
pub const UNSAVED: &str = "=…";

impl Reader for Workbook {
    fn read<'a>(&self, bytes: &'a [u8], path: &str, _: &ReadOptions) -> Result<Vec<RawSheet<'a>>, Box<Diagnostic>> {
        let read = if is_ods(bytes) { within_limit(bytes) } else { quietly(|| sheets(bytes)) };
        read.unwrap_or_else(|| Err("damaged".to_owned())).map_err(|why| Box::new(unreadable(path, &why)))
    }
}

/// An ODS file begins with an entry that says so.
fn is_ods(bytes: &[u8]) -> bool {
    bytes.get(30..38) == Some(b"mimetype") && bytes.get(38..).is_some_and(|rest| rest.starts_with(ODS))
}

const ODS: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// How long an ODS file may take.
const LIMIT: Duration = Duration::from_secs(if cfg!(test) { 2 } else { 120 });

/// Reads an ODS file on a thread of its own, since calamine reads on for ever where the XML within ends too early (which
/// no damage to the file alone can do: its check sums would tell). Such a thread is left behind.
fn within_limit(bytes: &[u8]) -> Option<Result<Vec<RawSheet<'static>>, String>> {
    let (bytes, (sender, receiver)) = (bytes.to_vec(), mpsc::channel());
    thread::spawn(move || sender.send(quietly(|| sheets(&bytes))));
    receiver.recv_timeout(LIMIT).ok().flatten()
}

fn unreadable(path: &str, why: &str) -> Diagnostic {
    let (name, lower) = (super::name_of(path), why.to_lowercase());
    if lower.contains("password") || lower.contains("encrypt") {
        let message = Bi::new(format!("`{name}` 加了密码，打不开"), format!("`{name}` is protected by a password"));
        let help = Bi::new("请去掉打开密码后再提交", "remove the password and submit it again");
        return Diagnostic::at(&codes::UNREADABLE, Place::file(path), message).help(help);
    }
    let message = Bi::new(
        format!("`{name}` 不是能读的工作簿，可能已损坏"),
        format!("`{name}` is no workbook that can be read, it may be damaged: {why}"),
    );
    let help = Bi::new(
        "请用表格软件打开，另存为 `.xlsx` 再提交",
        "open it in a spreadsheet program, save it as `.xlsx`, and submit that",
    );
    Diagnostic::at(&codes::UNREADABLE, Place::file(path), message).help(help)
}

fn sheets(bytes: &[u8]) -> Result<Vec<RawSheet<'static>>, String> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let book = Xls::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        return dense(book, |book, name| book.merge_cells_by_sheet_name(name).unwrap_or_default());
    }
    if is_ods(bytes) {
        // calamine does not tell which cells of an ODS file are merged.
        return dense(Ods::new(Cursor::new(bytes)).map_err(|error| error.to_string())?, |_, _| Vec::new());
    }
    let mut failures = Vec::new();
    match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => return xlsx(book),
        Err(error) => failures.push(error.to_string()),
    }
    match Xlsb::new(Cursor::new(bytes)) {
        Ok(book) => return xlsb(book),
        Err(error) => failures.push(error.to_string()),
    }
    failures.dedup();
    Err(failures.join("; "))
}

/// Collects cells that come in order of rows, with blank cells between them.
struct Filler {
    sheet: RawSheet<'static>,
    row: Option<u32>,
    width: usize,
    total: usize,
}

impl Filler {
    fn new(name: &str, total: usize) -> Self {
        let mut sheet = RawSheet::new(Some(name.to_owned()));
        sheet.addressed = true;
        Filler { sheet, row: None, width: 0, total }
    }

    fn put(&mut self, row: u32, column: u32, cell: RawCell<'static>) -> Result<(), String> {
        if cell == RawCell::Empty {
            return Ok(());
        }
        if let Some(current) = self.row
            && current != row
        {
            if row < current {
                return Err("rows are out of order".to_owned());
            }
            self.sheet.end_row(current + 1);
            self.width = 0;
        }
        self.row = Some(row);
        let column = column as usize;
        if column < self.width {
            return Err("cells are out of order".to_owned());
        }
        self.total += column - self.width + 1;
        if self.total > MOST_CELLS {
            return Err("too many cells".to_owned());
        }
        for _ in self.width..column {
            self.sheet.push(RawCell::Empty);
        }
        self.sheet.push(cell);
        self.width = column + 1;
        Ok(())
    }

    fn finish(mut self) -> Filled {
        if let Some(row) = self.row {
            self.sheet.end_row(row + 1);
        }
        (self.sheet, self.total)
    }
}

fn xlsx(mut book: Xlsx<Cursor<&[u8]>>) -> Result<Vec<RawSheet<'static>>, String> {
    let mut sheets = Vec::new();
    let mut total = 0;
    for name in book.sheet_names() {
        let merges = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let Some((mut read, empty)) = xlsx_sheet(&mut book, &name, total, &BTreeSet::new())? else { continue };
        if !empty.is_empty() {
            let unsaved = formulas(&mut book, &name)?.intersection(&empty).copied().collect::<BTreeSet<_>>();
            if !unsaved.is_empty()
                && let Some((again, _)) = xlsx_sheet(&mut book, &name, total, &unsaved)?
            {
                read = again;
            }
        }
        let (mut sheet, cells) = read;
        total = cells;
        sheet.merges = merges.into_iter().map(merge).collect();
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn merge(area: Dimensions) -> Merge {
    Merge {
        rows: (area.start.0.saturating_add(1), area.end.0.saturating_add(1)),
        columns: (area.start.1 as usize, area.end.1 as usize),
    }
}

type Places = BTreeSet<(u32, u32)>;
/// A sheet, and how many cells have been read so far.
type Filled = (RawSheet<'static>, usize);

/// A sheet of an XLSX file and the places of cells without a value; `None` if it is a chart. Cells at `unsaved` hold
/// formulas whose result was not saved.
fn xlsx_sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    total: usize,
    unsaved: &Places,
) -> Result<Option<(Filled, Places)>, String> {
    let mut filler = Filler::new(name, total);
    let mut empty = Places::new();
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let format =
        |style: &calamine::Style| style.number_format.as_ref().map_or(Shown::Plainly, |f| shown(&f.format_code));
    let formats: Vec<Shown> = cells.styles().iter().map(format).collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|error| error.to_string())? {
        let at = cell.get_position();
        if *cell.get_value() == DataRef::Empty {
            if unsaved.contains(&at) {
                filler.put(at.0, at.1, RawCell::Error(UNSAVED))?;
            }
            empty.insert(at);
            continue;
        }
        let format = || formats.get(style).cloned().unwrap_or(Shown::Plainly);
        filler.put(at.0, at.1, by_reference(cell.get_value(), format))?;
    }
    Ok(Some((filler.finish(), empty)))
}

/// Where a sheet has formulas.
fn formulas(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Places, String> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
    let mut places = Places::new();
    while let Some(cell) = cells.next_formula().map_err(|error| error.to_string())? {
        if !cell.get_value().is_empty() {
            places.insert(cell.get_position());
        }
    }
    Ok(places)
}

fn xlsb(mut book: Xlsb<Cursor<&[u8]>>) -> Result<Vec<RawSheet<'static>>, String> {
    let mut sheets = Vec::new();
    let mut total = 0;
    for name in book.sheet_names() {
        let mut filler = Filler::new(&name, total);
        let mut cells = book.worksheet_cells_reader(&name).map_err(|error| error.to_string())?;
        while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
            let (row, column) = cell.get_position();
            filler.put(row, column, by_reference(cell.get_value(), || Shown::Unknown))?;
        }
        let (sheet, cells) = filler.finish();
        total = cells;
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// XLS and ODS, which are only read as whole ranges.
fn dense<'b, B>(mut book: B, merges: fn(&B, &str) -> Vec<Dimensions>) -> Result<Vec<RawSheet<'static>>, String>
where
    B: calamine::Reader<Cursor<&'b [u8]>>,
    B::Error: std::fmt::Display,
{
    let mut sheets = Vec::new();
    let mut total = 0;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|error| error.to_string())?;
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut filler = Filler::new(&name, total);
        for (row, column, data) in range.used_cells() {
            let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(top);
            let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(left);
            filler.put(row, column, by_value(data))?;
        }
        let (mut sheet, cells) = filler.finish();
        total = cells;
        sheet.merges = merges(&book, &name).into_iter().map(merge).collect();
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn by_reference(data: &DataRef<'_>, shown: impl Fn() -> Shown) -> RawCell<'static> {
    match data {
        DataRef::Empty => RawCell::Empty,
        DataRef::Int(value) => RawCell::number(value.to_string(), shown()),
        DataRef::Float(value) => number(shortest_decimal(*value), shown()),
        DataRef::String(text) => RawCell::Text(Cow::Owned(text.clone())),
        DataRef::SharedString(text) => RawCell::Text(Cow::Owned((*text).to_owned())),
        DataRef::Bool(value) => boolean(*value),
        DataRef::DateTime(time) => day(time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => RawCell::Text(Cow::Owned(text.clone())),
        DataRef::Error(error) => RawCell::Error(error_value(error)),
    }
}

fn by_value(data: &Data) -> RawCell<'static> {
    match data {
        Data::Empty => RawCell::Empty,
        Data::Int(value) => RawCell::number(value.to_string(), Shown::Unknown),
        Data::Float(value) => number(shortest_decimal(*value), Shown::Unknown),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            RawCell::Text(Cow::Owned(text.clone()))
        }
        Data::Bool(value) => boolean(*value),
        Data::DateTime(time) => day(time),
        Data::Error(error) => RawCell::Error(error_value(error)),
    }
}

fn number(digits: Option<String>, shown: Shown) -> RawCell<'static> {
    digits.map_or(RawCell::Error("#NUM!"), |digits| RawCell::number(digits, shown))
}

fn boolean(value: bool) -> RawCell<'static> {
    RawCell::Text(Cow::Borrowed(if value { "TRUE" } else { "FALSE" }))
}

/// A spreadsheet's figure as its shortest decimal: the fewest digits that give the same stored number, which is what the
/// spreadsheet program itself shows. Here, and nowhere else, binary floating point is touched. `None`: not a number.
fn shortest_decimal(stored: f64) -> Option<String> {
    let text = stored.to_string();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    match text.as_str() {
        "-0" => Some("0".to_owned()),
        _ => plain.then_some(text),
    }
}

/// A day; with a time of day, its text.
fn day(time: &ExcelDateTime) -> RawCell<'static> {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if time.is_duration() {
        return RawCell::Text(Cow::Owned(format!("{hour}:{minute:02}:{second:02}")));
    }
    if (hour, minute, second) == (0, 0, 0)
        && let (Ok(year), Ok(month), Ok(day)) = (i16::try_from(year), i8::try_from(month), i8::try_from(day))
        && let Ok(date) = Date::new(year, month, day)
    {
        return RawCell::Date(date);
    }
    RawCell::Text(Cow::Owned(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")))
}

fn error_value(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

/// What a number format makes of a number. Only the first section counts, that of positive numbers.
fn shown(format: &str) -> Shown {
    let mut behind = String::new();
    let mut digits = false;
    let mut comma = false;
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        let literal = match c {
            ';' => break,
            '0' | '#' | '?' => {
                // A point that is a literal between digits shows 900000 as 90.0000.
                if digits && behind.contains('.') {
                    return Shown::Scaled;
                }
                (digits, comma) = (true, false);
                behind.clear();
                continue;
            }
            'G' if format.starts_with("General") && !digits => {
                chars.by_ref().take("eneral".len()).for_each(drop);
                digits = true;
                continue;
            }
            '.' if digits && behind.is_empty() => continue,
            ',' => {
                comma = digits;
                continue;
            }
            '%' => return Shown::Percent,
            '[' => {
                chars.by_ref().take_while(|c| *c != ']').for_each(drop);
                continue;
            }
            '_' | '*' => {
                chars.next();
                continue;
            }
            '"' => chars.by_ref().take_while(|c| *c != '"').collect::<String>(),
            '\\' | '!' => chars.next().map(String::from).unwrap_or_default(),
            c => c.to_string(),
        };
        if comma {
            return Shown::Scaled;
        }
        if digits {
            behind.push_str(&literal);
        }
    }
    match behind.trim() {
        _ if comma => Shown::Scaled,
        "" => Shown::Plainly,
        text => Shown::With(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_figures_become_their_shortest_decimal() {
        for (stored, digits) in [
            (0.1 + 0.2, "0.30000000000000004"),
            (90.01, "90.01"),
            (1e21, "1000000000000000000000"),
            (-0.0, "0"),
            (1.5e-7, "0.00000015"),
        ] {
            assert_eq!(shortest_decimal(stored).as_deref(), Some(digits));
        }
        assert_eq!(shortest_decimal(f64::NAN), None);
        assert_eq!(shortest_decimal(f64::INFINITY), None);
    }

    #[test]
    fn number_formats_say_what_is_seen() {
        for format in ["0.00%", "#,##0.0%;[Red]-0.0%", "0%"] {
            assert_eq!(shown(format), Shown::Percent, "{format}");
        }
        for format in
            ["General", "0.00", "#,##0.00", "_ * #,##0.00_ ;_ * -#,##0.00_ ", "\"¥\"#,##0.00", "[$￥-804]#,##0", "@"]
        {
            assert_eq!(shown(format), Shown::Plainly, "{format}");
        }
        for format in ["0!.0,", "0\\.0,\"万\"", "#,##0,", "#,##0.00,,", "0.0,\"千\""] {
            assert_eq!(shown(format), Shown::Scaled, "{format}");
        }
        assert_eq!(shown("0.00\"万元\""), Shown::With("万元".into()));
        assert_eq!(shown("0.00\"%\""), Shown::With("%".into()));
        assert_eq!(shown("0\\%"), Shown::With("%".into()));
        assert_eq!(shown("0.0\"亿元\";-0.0\"亿元\""), Shown::With("亿元".into()));
    }
}
