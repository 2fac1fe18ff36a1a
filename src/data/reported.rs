//! Figures that were already reported (`figures` in `suite.toml`): a table in the form of the indicator table in,
//! [`Reported`] out, each with its place.
//!
//! Reads with the reader of submissions. One column more than the indicator table has may stand there: 报告行, the line of
//! the document that reported the figure. Knows no rules.

use std::collections::HashMap;
use std::path::Path;

use super::cell::CellReader;
use super::heading::normal;
use super::keys;
use super::layout::{Layout, Wanted};
use super::notes::Notes;
use super::raw::{RawSheet, ReadOptions, trimmed};
use super::rows::{Builder, Provenance};
use super::table::{Cell, Input, Table};
use super::{formats, submission};
use crate::base::codes::{config, data as data_codes, lint as codes};
use crate::base::{Bi, Diagnostic, Place, join};
use crate::quantity::{Period, Qualifier, Scalar, Unit};
use crate::semantics::Reported;
use crate::semantics::hir::{ColumnId, INDICATOR_TABLE, IndicatorId, Suite, Type, indicator_table};

/// Headings of the one column that the indicator table does not have.
const LINE: [&str; 2] = ["报告行", "line"];

/// A file of reported figures, opened and not yet read: its units and names are those of a compiled suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiguresFile {
    /// Its path as messages show it.
    pub path: String,
    bytes: Vec<u8>,
}

impl FiguresFile {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<FiguresFile, Box<Diagnostic>> {
        let shown = join("", &super::shown(path));
        match std::fs::read(path) {
            Ok(bytes) => Ok(FiguresFile { path: shown, bytes }),
            Err(error) => {
                let why = super::refusal(&error);
                let message = Bi::new(
                    format!("打不开已报告数字的表 `{shown}`：{}", why.zh),
                    format!("cannot open the table of reported figures `{shown}`: {}", why.en),
                );
                let help = Bi::new("请检查 `suite.toml` 里的 `figures`", "check `figures` in `suite.toml`");
                Err(Box::new(Diagnostic::at(&config::UNREADABLE, Place::file(shown), message).help(help)))
            }
        }
    }

    /// Reads the figures. Those of names that the suite does not declare are kept under these names, without remark: the
    /// file may serve several suites.
    pub fn read(&self, suite: &Suite, region: &str) -> (Vec<Reported>, Vec<Diagnostic>) {
        let mut notes = Notes::default();
        let figures = self.read_into(suite, region, &mut notes).unwrap_or_else(|faults| {
            notes.extend(faults);
            Vec::new()
        });
        let expected =
            [&data_codes::UNDECLARED, &data_codes::COMPUTED, &data_codes::UNKNOWN_KEYS].map(|code| code.code);
        let said = notes.finish().into_iter().filter(|note| !expected.contains(&note.code.code)).collect();
        (figures, said)
    }

    fn read_into(&self, suite: &Suite, region: &str, notes: &mut Notes) -> Result<Vec<Reported>, Vec<Diagnostic>> {
        let sheets = formats::read(&self.bytes, &self.path, &ReadOptions::default()).map_err(|fault| vec![*fault])?;
        let wanted = Wanted { suite, dataset: INDICATOR_TABLE, binding: None };
        let from = Provenance { input: 0, path: &self.path, binding: None };
        let Some((sheet, sections, remarks)) = submission::choose(&sheets, wanted, from)?.pop() else {
            return Ok(Vec::new());
        };
        let Some(layout) = sections.first().map(|section| &section.layout) else { return Ok(Vec::new()) };
        notes.extend(remarks);
        let Some(builder) = Builder::new(suite, INDICATOR_TABLE, region) else { return Ok(Vec::new()) };
        let mut builder = builder.with_computed();
        builder.add(sheet, &sections, from, notes);
        let input = Input { dataset: String::new(), path: self.path.clone(), sha256: String::new(), rows: 0 };
        keys::settle_figures(suite, &mut builder.table, &[input], notes);
        let mut headings = sheet.row(layout.last_heading).iter().map(|cell| normal(&cell.text()));
        let lines = headings.position(|heading| LINE.contains(&heading.as_str()));
        let reading = Reading { suite, region, path: &self.path, sheet, layout, lines };
        let mut figures = reading.declared(&builder.table, notes);
        figures.extend(reading.undeclared(&builder, notes));
        Ok(figures)
    }
}

/// One sheet of figures.
struct Reading<'r, 'd> {
    suite: &'r Suite,
    region: &'r str,
    path: &'r str,
    sheet: &'r RawSheet<'d>,
    layout: &'r Layout,
    /// The column of lines of the document.
    lines: Option<usize>,
}

impl Reading<'_, '_> {
    /// Figures of indicators that the suite declares: the rows that the reader of submissions took and found sound.
    fn declared(&self, table: &Table, notes: &mut Notes) -> Vec<Reported> {
        let ids: HashMap<&str, usize> =
            self.suite.indicators.iter().enumerate().map(|(at, indicator)| (indicator.name.as_str(), at)).collect();
        let mut figures = Vec::new();
        for row in 0..table.len() {
            let [name, region, period] = [indicator_table::INDICATOR, indicator_table::REGION, indicator_table::PERIOD]
                .map(|id| table.cell(row, id));
            let (
                Cell::Value(Scalar::Text(name), _),
                Cell::Value(Scalar::Text(region), _),
                Cell::Value(Scalar::Period(period), _),
            ) = (&*name, &*region, &*period)
            else {
                continue;
            };
            if matches!(&*table.cell(row, indicator_table::VALUE), Cell::Blank | Cell::Bad(_)) {
                continue;
            }
            let Some(at) = ids.get(&**name).copied() else { continue };
            let Some(indicator) = self.suite.indicators.get(at) else { continue };
            let Some(index) = table.origins.get(row).and_then(|origin| self.sheet.index_of(origin.row)) else {
                continue;
            };
            let of = (name.to_string(), Some(IndicatorId(at)));
            figures.extend(self.figure(index, of, region.to_string(), *period, indicator.ty.clone(), notes));
        }
        figures
    }

    /// Figures of names that the suite does not declare, as far as they are numbers in units that it knows.
    fn undeclared(&self, builder: &Builder<'_>, notes: &mut Notes) -> Vec<Reported> {
        let figure = |index: usize| {
            let name = self.cell(index, indicator_table::INDICATOR)?;
            if builder.knows(&name) {
                return None;
            }
            let region = self.cell(index, indicator_table::REGION).unwrap_or_else(|| self.region.to_owned());
            let period = Period::parse(&self.cell(index, indicator_table::PERIOD)?)?;
            let unit = self.suite.units.resolve(&self.unit(index)?).ok()?;
            self.figure(index, (name, None), region, period, Type::Quantity(unit), notes)
        };
        (self.layout.last_heading + 1..self.sheet.len()).filter_map(figure).collect()
    }

    /// The figure of a row.
    fn figure(
        &self,
        index: usize,
        (name, indicator): (String, Option<IndicatorId>),
        region: String,
        period: Period,
        ty: Type,
        notes: &mut Notes,
    ) -> Option<Reported> {
        let raw = self.sheet.row(index).get(self.column(indicator_table::VALUE)?)?;
        let unit = self.unit(index).and_then(|unit| self.suite.units.resolve(&unit).ok());
        let (value, _) = CellReader::new(self.suite).scalar(raw, &ty, unit.as_ref()).ok()??;
        let (qualifier, line) = (self.qualifier(index)?, self.line(index, notes).ok()?);
        let stated = self.stated(index, &ty);
        Some(Reported {
            name,
            indicator,
            region,
            period,
            value,
            ty,
            stated,
            qualifier,
            line,
            place: self.place(index, None),
        })
    }

    /// The column of the sheet that holds one of the indicator table.
    fn column(&self, id: ColumnId) -> Option<usize> {
        self.layout.columns.get(id.0)?.as_ref().map(|source| source.column)
    }

    /// The text of a cell that is not blank.
    fn cell(&self, index: usize, id: ColumnId) -> Option<String> {
        Some(self.text(index, self.column(id)?)).filter(|text| !text.is_empty())
    }

    fn text(&self, index: usize, column: usize) -> String {
        self.sheet.row(index).get(column).map(|cell| trimmed(&cell.text()).to_owned()).unwrap_or_default()
    }

    /// The unit that the row or the heading states.
    fn unit(&self, index: usize) -> Option<String> {
        let by_row = self.layout.unit_columns.get(indicator_table::VALUE.0)?.as_ref();
        let stated = by_row.map(|source| self.text(index, source.column)).filter(|text| !text.is_empty());
        stated.or_else(|| {
            let value = self.layout.columns.get(indicator_table::VALUE.0)?.as_ref()?;
            value.statements.first().map(|(unit, _)| Unit::name(unit).to_owned())
        })
    }

    /// The figure and its unit as the file writes them.
    fn stated(&self, index: usize, ty: &Type) -> String {
        let figure = self.cell(index, indicator_table::VALUE).unwrap_or_default();
        match ty {
            Type::Quantity(declared) if figure.ends_with(|c: char| c.is_numeric()) => {
                let unit = self.unit(index).unwrap_or_else(|| declared.name().to_owned());
                let space = if unit.starts_with(['%', '％', '‰']) { "" } else { " " };
                format!("{figure}{space}{unit}")
            }
            _ => figure,
        }
    }

    /// What the row's 限定 says; `None` if it says nothing that is known, which has been told of rows that are used.
    fn qualifier(&self, index: usize) -> Option<Qualifier> {
        let column = self.layout.qualifiers.as_ref().map(|source| source.column);
        match column.map(|at| self.text(index, at)).filter(|text| !text.is_empty()) {
            None => Some(Qualifier::Exact),
            Some(word) => Qualifier::parse(&word),
        }
    }

    /// The row's 报告行; `Err` if it is no number, which is told.
    fn line(&self, index: usize, notes: &mut Notes) -> Result<Option<u32>, ()> {
        let Some(text) = self.lines.map(|at| self.text(index, at)).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            let place = self.place(index, self.lines);
            let message = Bi::new(format!("`{text}` 不是行号"), format!("`{text}` is not the number of a line"));
            let help = Bi::new(
                "写文件的行号，如 `22`，或空着",
                "write the line of the document, as in `22`, or leave it blank",
            );
            notes.push(Diagnostic::at(&codes::FIGURES, place, message).help(help));
        })
    }

    fn place(&self, index: usize, column: Option<usize>) -> Place {
        let number = self.sheet.number(index);
        let heading = column.and_then(|at| self.sheet.row(self.layout.last_heading).get(at));
        Place::Data {
            path: self.path.to_owned(),
            sheet: self.sheet.name.clone(),
            row: Some(number.into()),
            column: heading.map(|cell| cell.text().into_owned()),
            cell: column.and_then(|at| self.sheet.letters(at)).map(|letters| format!("{letters}{number}")),
        }
    }
}
