//! What a rule test submits, read as a file would be.
//!
//! A test's tables and figures in, a submission out, diagnostics placed in the rule file. Uses the same cell reader and
//! the same rows as files do; knows no verdicts.

use std::collections::HashMap;
use std::sync::Arc;

use super::config::{Binding, SuiteConfig};
use super::figure;
use super::files;
use super::heading::{normal, with_unit};
use super::keys;
use super::layout::{Layout, QUALIFIER_HEADINGS, Says, Section, Source, Wanted};
use super::notes::Notes;
use super::raw::{RawCell, RawSheet};
use super::rows::{Builder, Provenance};
use super::table::{Cell, Input, Origin, Part, StandardEntry, StandardValues, Standing, Submission, Table};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place, Span, nearest};
use crate::quantity::{Decimal, Period, Qualifier, Scalar};
use crate::semantics::hir::{
    Column, ColumnId, DatasetId, GivenTable, INDICATOR_TABLE, Suite, Test, Type, indicator_table,
};

/// Sheet, row and heading of a cell, and where it stands in the rule file.
type Spans = HashMap<(Option<String>, u64, Option<String>), Span>;

/// The submission and the standards of a test. The suite's region stands where a figure names none, `period` where it
/// names no period; figures are rounded where every binding of their dataset says so.
pub fn given(
    suite: &Suite,
    config: &SuiteConfig,
    test: &Test,
    period: Period,
) -> (Submission, StandardValues, Vec<Diagnostic>) {
    let region = config.region.as_deref().unwrap_or("");
    let rounded = |wanted: DatasetId| {
        let mut own = config.bindings.iter().filter(|b| files::dataset(suite, &b.dataset) == Some(wanted)).peekable();
        own.peek().is_some() && own.all(|binding| binding.rounded)
    };
    let path = format!("「{}」", test.title);
    let mut notes = Notes::default();
    let mut spans = Spans::new();
    let mut builders: Vec<Option<Builder<'_>>> = suite.datasets.iter().map(|_| None).collect();
    let mut submission = Submission { region: region.to_owned(), ..Submission::default() };
    // Every row that a test writes is meant, also one that is called 合计.
    for table in &test.tables {
        let Some(builder) = builders.get_mut(table.dataset.0) else { continue };
        if builder.is_none() {
            *builder = Builder::new(suite, table.dataset, region);
        }
        let (Some(builder), Some(dataset)) = (builder, suite.datasets.get(table.dataset.0)) else { continue };
        let binding = Binding { skip: Some(Vec::new()), rounded: rounded(table.dataset), ..Binding::default() };
        let before = builder.table.len();
        let sheet = sheet(table, &dataset.name, before, &mut spans);
        let layout = layout(suite, table, &binding, &mut notes);
        let from = Provenance { input: submission.inputs.len(), path: &path, binding: Some(&binding) };
        let rows = 1..sheet.len();
        let rows = builder.add(&sheet, &[Section { layout, rows }], from, &mut notes);
        submission.inputs.push(input(&dataset.name, &path, rows));
    }
    if !test.figures.is_empty()
        && let Some(slot) = builders.get_mut(INDICATOR_TABLE.0)
    {
        if slot.is_none() {
            *slot = Builder::new(suite, INDICATOR_TABLE, region);
        }
        if let Some(builder) = slot {
            let at = submission.inputs.len();
            let given = Figures { suite, region, test, period, rounded: rounded(INDICATOR_TABLE) };
            figures(given, at, &mut builder.table, &mut spans);
            let name = suite.datasets.get(INDICATOR_TABLE.0).map_or("", |dataset| dataset.name.as_str());
            submission.inputs.push(input(name, &path, test.figures.len() as u64));
        }
    }
    for (at, builder) in builders.into_iter().enumerate() {
        let table = builder.map(|mut builder| {
            if at == INDICATOR_TABLE.0 {
                keys::settle_figures(suite, &mut builder.table, &submission.inputs, &mut notes);
            } else if let Some(dataset) = suite.datasets.get(at) {
                keys::check(dataset, suite, &mut builder.table, &submission.inputs, &mut notes);
            }
            builder.table
        });
        submission.tables.push(table);
    }
    let mut diagnostics = notes.finish();
    for diagnostic in &mut diagnostics {
        replace(&mut diagnostic.place, &spans, test.span);
        for label in &mut diagnostic.labels {
            replace(&mut label.place, &spans, test.span);
        }
    }
    (submission, standards(suite, test, &path), diagnostics)
}

fn input(dataset: &str, path: &str, rows: u64) -> Input {
    Input { dataset: dataset.to_owned(), path: path.to_owned(), sha256: String::new(), rows }
}

/// Places in the test's tables become places in the rule file.
fn replace(place: &mut Place, spans: &Spans, test: Span) {
    let Place::Data { sheet, row, column, .. } = place else { return };
    let row = row.unwrap_or(0);
    let cell = spans.get(&(sheet.clone(), row, column.clone())).or_else(|| spans.get(&(sheet.clone(), row, None)));
    *place = Place::Rule(cell.copied().unwrap_or(test));
}

fn sheet<'t>(table: &'t GivenTable, name: &str, before: usize, spans: &mut Spans) -> RawSheet<'t> {
    let mut sheet = RawSheet::new(Some(name.to_owned()));
    let text = |text: &'t str| RawCell::Text(text.into());
    for (heading, span) in &table.header {
        spans.insert((Some(name.to_owned()), 0, Some(heading.clone())), *span);
        sheet.push(text(heading));
    }
    sheet.end_row(0);
    for (at, cells) in table.rows.iter().enumerate() {
        let number = u32::try_from(before + at + 1).unwrap_or(u32::MAX);
        for ((cell, span), (heading, _)) in cells.iter().zip(&table.header) {
            spans.insert((Some(name.to_owned()), u64::from(number), Some(heading.clone())), *span);
            sheet.push(text(cell));
        }
        if let (Some((_, first)), Some((_, last))) = (cells.first(), cells.last()) {
            spans.insert((Some(name.to_owned()), u64::from(number), None), first.to(*last));
        }
        sheet.end_row(number);
    }
    sheet
}

/// Columns by their names; columns that the test does not write are blank.
fn layout(suite: &Suite, table: &GivenTable, binding: &Binding, notes: &mut Notes) -> Layout {
    let wanted = Wanted { suite, dataset: table.dataset, binding: Some(binding) };
    let columns = wanted.declaration().map_or(&[][..], |dataset| &dataset.columns);
    let mut layout = Layout {
        first_heading: 0,
        last_heading: 0,
        columns: vec![None; columns.len()],
        unit_columns: vec![None; columns.len()],
        qualifiers: None,
        melted: Vec::new(),
        given: Vec::new(),
        units_above: Vec::new(),
        width: table.header.len(),
        unused: Vec::new(),
        absent: Vec::new(),
        undecided: false,
    };
    for (at, (heading, span)) in table.header.iter().enumerate() {
        let plain = normal(heading);
        let apart = with_unit(&plain, &suite.units);
        let by = |name: &str| {
            let all = columns.iter().enumerate().map(|(at, column)| (ColumnId(at), column));
            all.into_iter().find(|(id, c)| normal(&c.name) == *name || wanted.is_named(*id, c, name)).map(|(id, _)| id)
        };
        let (id, unit) = match (by(&plain), &apart) {
            (Some(id), _) => (Some(id), None),
            (None, Some(apart)) => (by(&apart.stem).filter(|_| apart.unit.is_some()), apart.unit.clone()),
            (None, None) => (None, None),
        };
        let statements = unit.map(|unit| (unit, Says::Heading)).into_iter().collect();
        let source = Source { column: at, heading: heading.clone(), statements };
        let is_qualifier = table.dataset == INDICATOR_TABLE && QUALIFIER_HEADINGS.contains(&plain.as_str());
        let is_unit = table.dataset == INDICATOR_TABLE && matches!(plain.as_str(), "单位" | "unit");
        let slot = match id {
            Some(id) => layout.columns.get_mut(id.0),
            None if is_qualifier => Some(&mut layout.qualifiers),
            None if is_unit => layout.unit_columns.get_mut(indicator_table::VALUE.0),
            None => {
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                notes.push(no_column(heading, &names, *span));
                continue;
            }
        };
        match slot {
            Some(slot) if slot.is_some() => {
                let message =
                    Bi::new(format!("列 `{heading}` 写了两次"), format!("the column `{heading}` stands twice"));
                let help = Bi::new("删去其中一列", "delete one of the two");
                notes.push(Diagnostic::rule(&codes::REPEATED_HEADING, *span, message).help(help));
            }
            Some(slot) => *slot = Some(source),
            None => {}
        }
    }
    layout
}

fn no_column(heading: &str, names: &[&str], span: Span) -> Diagnostic {
    let message = Bi::new(format!("数据集没有 `{heading}` 这一列"), format!("the dataset has no column `{heading}`"));
    let help = match nearest(heading, names.iter().copied()) {
        Some(near) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => Bi::new(format!("列有：`{}`", names.join("`、`")), format!("the columns are `{}`", names.join("`, `"))),
    };
    Diagnostic::rule(&codes::MISSING_COLUMN, span, message).help(help)
}

/// The figures that a test gives.
struct Figures<'a> {
    suite: &'a Suite,
    region: &'a str,
    test: &'a Test,
    period: Period,
    rounded: bool,
}

/// Figures of indicators, as rows of the indicator table.
fn figures(given: Figures<'_>, input: usize, table: &mut Table, spans: &mut Spans) {
    let Figures { suite, region, test, period, rounded } = given;
    let part = u32::try_from(table.parts.len()).unwrap_or(u32::MAX);
    let declared = suite.datasets.get(INDICATOR_TABLE.0).map_or(&[][..], |dataset| &dataset.columns);
    let standing = |(at, column): (usize, &Column)| Standing { at, heading: Some(column.name.clone()), letters: None };
    let columns = declared.iter().enumerate().map(|column| Some(standing(column)));
    let columns = columns.collect();
    table.parts.push(Part { input, sheet: None, columns, melted: Vec::new(), elsewhere: Vec::new() });
    for (at, figure) in test.figures.iter().enumerate() {
        let Some(indicator) = suite.indicators.get(figure.indicator.0) else { continue };
        let row = u32::try_from(at + 1).unwrap_or(u32::MAX);
        spans.insert((None, u64::from(row), None), figure.span);
        let stated = figure::parse(&figure.text).ok();
        let scale = match figure.value {
            Scalar::Number(_) => stated.as_ref().map_or(0, |stated| stated.decimal.scale()),
            _ => 0,
        };
        let mut cells = [
            Scalar::text(&indicator.name),
            Scalar::text(figure.region.as_deref().unwrap_or(region)),
            Scalar::Period(figure.period.unwrap_or(period)),
            figure.value.clone(),
        ]
        .map(|scalar| Cell::Value(scalar, 0));
        if let Some(cell) = cells.last_mut() {
            let digits = u8::try_from(scale).unwrap_or(u8::MAX);
            *cell = match (&figure.value, &indicator.ty) {
                (Scalar::Number(number), Type::Quantity(declared)) if rounded => {
                    let named = stated.and_then(|stated| suite.units.resolve(&stated.unit).ok());
                    let unit = named.as_ref().unwrap_or(declared);
                    let half = unit.to_base(&Decimal::new(5, scale + 1).value());
                    Cell::Within(Arc::new(Qualifier::Rounded.interval(number.clone(), &half)), digits)
                }
                (value, _) => Cell::Value(value.clone(), digits),
            };
        }
        for (column, cell) in table.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        table.origins.push(Origin { part, row, melted: None });
    }
}

fn standards(suite: &Suite, test: &Test, path: &str) -> StandardValues {
    let mut values = StandardValues { entries: vec![Vec::new(); suite.standards.len()], files: Vec::new() };
    for (id, period, value) in &test.standards {
        let stated = match (suite.standards.get(id.0).map(|standard| &standard.ty), value) {
            (Some(Type::Quantity(unit)), Scalar::Number(number)) => format!("{}{unit}", unit.from_base(number)),
            (ty, value) => keys::text(value, ty.unwrap_or(&Type::Text), suite),
        };
        if let Some(entries) = values.entries.get_mut(id.0) {
            let entry =
                StandardEntry { period: *period, value: value.clone(), stated, source: path.to_owned(), place: None };
            entries.push(entry);
        }
    }
    values
}
