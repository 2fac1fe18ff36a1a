//! A sheet as it is printed: cells with their looks, merged areas, column widths; and the workbook that they make.

use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use super::model::Cents;

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Title,
    /// Above a table, at the left or the right.
    Line,
    LineRight,
    Heading,
    /// A name, at the left.
    Name,
    /// A department, in the middle of its merged cells.
    Centred,
    Amount,
    Total,
    TotalAmount,
    Note,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Amount(Cents),
}

#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub name: String,
    pub cells: BTreeMap<(u32, u16), (Value, Option<Look>)>,
    blanks: Vec<(u32, u16)>,
    merges: Vec<(u32, u16, u32, u16)>,
    /// Rows of headings that take two lines.
    pub high: Vec<u32>,
    widths: Vec<f64>,
    landscape: bool,
}

/// `C14` as row and column from 0.
pub fn address(cell: &str) -> (u32, u16) {
    let letters = cell.bytes().take_while(u8::is_ascii_uppercase).count();
    let column = cell[..letters].bytes().fold(0, |column, letter| column * 26 + u16::from(letter - b'A') + 1) - 1;
    (cell[letters..].parse::<u32>().unwrap() - 1, column)
}

impl Grid {
    pub fn new(name: &str, widths: &[f64]) -> Self {
        Grid { name: name.to_owned(), widths: widths.to_vec(), landscape: widths.len() > 6, ..Grid::default() }
    }

    pub fn text(&mut self, row: u32, column: u16, text: impl Into<String>, look: Look) {
        self.cells.insert((row, column), (Value::Text(text.into()), Some(look)));
    }

    /// An amount; nothing is printed as a dash where the table has no such thing.
    pub fn amount(&mut self, row: u32, column: u16, amount: Cents, look: Look) {
        let value = if amount == 0 { Value::Text("—".to_owned()) } else { Value::Amount(amount) };
        self.cells.insert((row, column), (value, Some(look)));
    }

    /// A cell in which nothing stands.
    pub fn blank(&mut self, row: u32, column: u16) {
        self.blanks.push((row, column));
    }

    pub fn merged(&mut self, area: (u32, u16, u32, u16), text: impl Into<String>, look: Look) {
        self.text(area.0, area.1, text, look);
        if (area.0, area.1) != (area.2, area.3) {
            self.merges.push(area);
        }
    }

    /// Changes a cell, which must hold what is said.
    pub fn change(&mut self, cell: &str, old: &Value, new: Value) {
        let (value, _) = self.cells.get_mut(&address(cell)).unwrap_or_else(|| panic!("{}!{cell} is empty", self.name));
        assert_eq!(value, old, "{}!{cell}", self.name);
        *value = new;
    }

    fn write(&self, sheet: &mut Worksheet) {
        sheet.set_name(&self.name).unwrap();
        for (column, width) in (0u16..).zip(&self.widths) {
            sheet.set_column_width(column, *width).unwrap();
        }
        for (top, left, bottom, right) in &self.merges {
            let look = self.cells.get(&(*top, *left)).and_then(|(_, look)| *look);
            sheet.merge_range(*top, *left, *bottom, *right, "", &format(look)).unwrap();
        }
        for ((row, column), (value, look)) in &self.cells {
            let format = format(*look);
            match value {
                Value::Text(text) => sheet.write_string_with_format(*row, *column, text, &format).unwrap(),
                // Parsed from its digits, as a spreadsheet program does it.
                Value::Amount(cents) => {
                    let sign = if *cents < 0 { "-" } else { "" };
                    let digits = format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100);
                    let number: f64 = digits.parse().unwrap();
                    sheet.write_number_with_format(*row, *column, number, &format).unwrap()
                }
            };
            if *look == Some(Look::Title) {
                sheet.set_row_height(*row, 26).unwrap();
            }
        }
        for (row, column) in &self.blanks {
            sheet.write_blank(*row, *column, &format(Some(Look::Name))).unwrap();
        }
        for row in &self.high {
            sheet.set_row_height(*row, 28).unwrap();
        }
        if self.landscape {
            sheet.set_landscape();
        }
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    }
}

fn format(look: Option<Look>) -> Format {
    let plain = Format::new().set_font_name("宋体").set_font_size(10.5).set_align(FormatAlign::VerticalCenter);
    let boxed = || plain.clone().set_border(FormatBorder::Thin);
    match look {
        None => plain,
        Some(Look::Title) => plain.set_font_name("黑体").set_font_size(16).set_align(FormatAlign::Center),
        Some(Look::Line | Look::Note) => plain,
        Some(Look::LineRight) => plain.set_align(FormatAlign::Right),
        Some(Look::Heading) => boxed().set_bold().set_align(FormatAlign::Center).set_text_wrap(),
        Some(Look::Name) => boxed().set_indent(1),
        Some(Look::Centred) => boxed().set_align(FormatAlign::Center).set_text_wrap(),
        Some(Look::Amount) => boxed().set_num_format("#,##0.00").set_align(FormatAlign::Right).set_indent(1),
        Some(Look::Total) => boxed().set_bold().set_align(FormatAlign::Center),
        Some(Look::TotalAmount) => {
            boxed().set_bold().set_num_format("#,##0.00").set_align(FormatAlign::Right).set_indent(1)
        }
    }
}

/// The workbook of some sheets, the same bytes whenever it is made.
pub fn workbook(sheets: &[Grid]) -> Vec<u8> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2021, 2, 1).unwrap();
    book.set_properties(&DocProperties::new().set_title("虚构示例数据").set_creation_datetime(&made));
    for sheet in sheets {
        sheet.write(book.add_worksheet());
    }
    book.save_to_buffer().unwrap()
}
