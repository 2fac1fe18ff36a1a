//! The table of a test's `给定`: rows into cells.

use pest::iterators::Pair;

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, Place, Span, plural};
use crate::syntax::Rule;
use crate::syntax::ast::{Given, Name, TableCell};
use crate::syntax::scan::{bars, is_blank};

use super::{Builder, Built};

impl Builder<'_> {
    /// A `given_table` pair. A row whose number of cells is not that of the heading is reported and left out.
    pub(super) fn table(&mut self, pair: Pair<'_, Rule>) -> Built<Given> {
        let mut cursor = self.cursor(pair);
        let dataset = cursor.next()?;
        let dataset = match dataset.as_rule() {
            Rule::k_indicator => Name { text: "指标".to_owned(), span: self.span(&dataset) },
            _ => self.name(&dataset),
        };
        let mut lines = Vec::new();
        while let Some(row) = cursor.take(Rule::table_row) {
            let line = self.cursor(row).need(Rule::row_text)?;
            lines.push((self.cells(&line), self.span(&line)));
        }
        let mut lines = lines.into_iter();
        let (mut header, heading) = lines.next().unwrap_or((Vec::new(), dataset.span));
        let leading = header.len() > 1 && header.first().is_some_and(is_empty);
        if leading {
            header.remove(0);
        }
        let trailing = header.len() > 1 && header.last().is_some_and(is_empty);
        if trailing {
            header.pop();
        }
        let mut rows = Vec::new();
        for (cells, span) in lines {
            let count = cells.len();
            match framed(cells, header.len(), leading, trailing) {
                Some(cells) => rows.push(cells),
                None => {
                    let frame = usize::from(leading) + usize::from(trailing);
                    self.found.push(width(span, heading, count.saturating_sub(frame), header.len()));
                }
            }
        }
        Ok(Given::Table { dataset, header, rows })
    }

    fn cells(&self, line: &Pair<'_, Rule>) -> Vec<TableCell> {
        let text = line.as_str();
        let base = self.base + line.as_span().start();
        let mut cells = Vec::new();
        let mut from = 0;
        for bar in bars(text).into_iter().chain([text.len()]) {
            let cell = text.get(from..bar).unwrap_or("");
            let trimmed = cell.trim_matches(is_blank);
            let start = base + from + (cell.len() - cell.trim_start_matches(is_blank).len());
            let start = if trimmed.is_empty() { base + from } else { start };
            cells.push(TableCell { text: unquoted(trimmed), span: Span::new(self.file, start..start + trimmed.len()) });
            from = bar + text.get(bar..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
        cells
    }
}

fn is_empty(cell: &TableCell) -> bool {
    cell.text.is_empty() && cell.span.start == cell.span.end
}

/// A cell without its quotes, if the whole of it is quoted.
fn unquoted(cell: &str) -> String {
    for quote in ["\"", "＂"] {
        if let Some(inside) = cell.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inside.replace(&quote.repeat(2), quote);
        }
    }
    cell.to_owned()
}

/// The `wanted` cells of a row, without the bars that frame it. A row may be framed as the heading is, or not at all, or
/// have one bar too many at an end.
fn framed(mut cells: Vec<TableCell>, wanted: usize, leading: bool, trailing: bool) -> Option<Vec<TableCell>> {
    let as_heading = cells.len() == wanted + usize::from(leading) + usize::from(trailing)
        && (!leading || cells.first().is_some_and(is_empty))
        && (!trailing || cells.last().is_some_and(is_empty));
    if as_heading {
        if leading {
            cells.remove(0);
        }
        cells.truncate(wanted);
        return Some(cells);
    }
    if cells.len() == wanted + 2 && cells.first().is_some_and(is_empty) && cells.last().is_some_and(is_empty) {
        cells.remove(0);
        cells.pop();
    } else if cells.len() == wanted + 1 {
        if cells.last().is_some_and(is_empty) {
            cells.pop();
        } else if cells.first().is_some_and(is_empty) {
            cells.remove(0);
        }
    }
    (cells.len() == wanted).then_some(cells)
}

fn width(span: Span, heading: Span, count: usize, wanted: usize) -> Diagnostic {
    Diagnostic::rule(
        &codes::ROW_WIDTH,
        span,
        Bi::new(
            format!("这一行有 {count} 个单元格，表头有 {wanted} 个"),
            format!("this row has {}, its heading has {wanted}", plural(count as u64, "cell")),
        ),
    )
    .label(Place::Rule(heading), Bi::new("表头在这里", "the heading is here"))
    .help(Bi::new(
        "空白单元格也要用 `|` 隔开；含有 `|` 或 `#` 的内容写在引号之间",
        "a blank cell needs its `|` too; put quotes around a cell that contains `|` or `#`",
    ))
}
