//! Where the columns of a dataset stand in a sheet: heading rows, columns, units, columns that become rows; and the tables
//! that stand one below the other.
//!
//! A raw sheet and what is wanted of it in, [`Section`]s out, or diagnostics that say what was found instead. Reads no cells
//! of data.

mod attempt;
mod beside;
mod faults;
mod grid;
mod lines;
mod melts;
mod sections;
mod units;
mod wanted;

use std::ops::Range;

use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::raw::RawSheet;
use crate::data::table::Cell;
use crate::quantity::{Scalar, Unit};
use crate::semantics::hir::ColumnId;

use attempt::Attempt;
use grid::Grid;

pub use beside::is_unit_heading;
pub use sections::{Probe, probes, sections};
pub use wanted::{QUALIFIER_HEADINGS, Wanted};

/// How far down a heading is looked for.
pub const SEARCHED: usize = 100;
/// And through how many cells, so that a very wide sheet is not searched for minutes.
const SEARCHED_CELLS: usize = 20_000;
/// How many rows a heading has at most.
const DEEPEST: usize = 3;
/// The widest heading that is looked at.
const WIDEST: usize = 16_384;

/// Who says which unit figures are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The column's heading.
    Heading,
    /// A row of the heading that stands over several columns.
    Upper,
    /// The binding.
    Binding,
    /// The line above the table.
    Line,
}

/// A statement of a unit.
pub type Statement = (Unit, Says);

/// A column of figures, and what is said of its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Column of the sheet, from 0.
    pub column: usize,
    /// Its heading as it stands in the file.
    pub heading: String,
    /// Units that are stated for it.
    pub statements: Vec<Statement>,
}

/// Columns of one value of the melted dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Melted {
    /// The values, by dimension.
    pub members: Vec<(ColumnId, Scalar)>,
    /// The measures' columns.
    pub sources: Vec<(ColumnId, Source)>,
}

/// A member of a dimension that holds for a whole table: it stands above the table, or the sheet is called by it.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The dimension.
    pub column: ColumnId,
    /// The member; blank where a table lacks it.
    pub cell: Cell,
    /// Its row, from 1, and its column.
    pub at: Option<(u32, usize)>,
}

/// A unit that stands above a table, in a row (from 1) and a column.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitAbove {
    /// The unit.
    pub unit: Unit,
    /// Where.
    pub at: (u32, usize),
}

/// A table of a sheet: where its columns stand, and which rows of the sheet are below its heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Where everything stands.
    pub layout: Layout,
    /// Indices of its rows.
    pub rows: Range<usize>,
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Index of the first heading row.
    pub first_heading: usize,
    /// Index of the last heading row.
    pub last_heading: usize,
    /// By [`ColumnId`].
    pub columns: Vec<Option<Source>>,
    /// By [`ColumnId`]: the column that names the unit of each row.
    pub unit_columns: Vec<Option<Source>>,
    /// Of the indicator table: the column that says whether a figure is the value or a bound of it.
    pub qualifiers: Option<Source>,
    /// Groups of columns that become rows; empty if the table is long already.
    pub melted: Vec<Melted>,
    /// Members that hold for all rows.
    pub given: Vec<Given>,
    /// Units that stand above.
    pub units_above: Vec<UnitAbove>,
    /// How many columns the heading has.
    pub width: usize,
    /// Headings that no column of the dataset uses.
    pub unused: Vec<String>,
    /// Attributes that have no column.
    pub absent: Vec<String>,
    /// A column may hold units, but nothing stands in it as far as the sheet goes.
    pub undecided: bool,
}

/// Finds the columns of the first table; the error says what was found instead.
fn find(sheet: &RawSheet<'_>, wanted: Wanted<'_>, path: &str) -> Result<(Layout, Vec<Diagnostic>), Vec<Diagnostic>> {
    if let Some((first, last)) = wanted.binding.and_then(|binding| binding.header).filter(|_| !sheet.keyed) {
        let (Some(first_index), Some(last_index)) = (sheet.index_of(first), sheet.index_of(last)) else {
            let place = Place::Data {
                path: path.to_owned(),
                sheet: sheet.name.clone(),
                row: Some(first.into()),
                column: None,
                cell: None,
            };
            let rows = sheet.len().checked_sub(1).map_or(0, |last| sheet.number(last));
            let message = Bi::new(
                format!("绑定说表头在第 {first} 行，那里没有内容（最后一行是第 {rows} 行）"),
                format!(
                    "the binding says that the heading is row {first}, but there is nothing (the last row is {rows})"
                ),
            );
            let help = Bi::new(
                "请改正 `header`，或去掉它让程序自己找",
                "mend `header`, or leave it out and let the heading be found",
            );
            return Err(vec![Diagnostic::at(&codes::HEADING_ROW, place, message).help(help)]);
        };
        let grid = Grid::new(sheet, 0..=last_index);
        return Attempt::new(sheet, wanted, path, &grid, first_index, last_index).with_units_over(&grid).finish();
    }
    if sheet.keyed {
        let grid = Grid::new(sheet, 0..=0);
        return Attempt::new(sheet, wanted, path, &grid, 0, 0).finish();
    }
    let mut budget = SEARCHED_CELLS;
    let within = |row: &usize| {
        budget = budget.saturating_sub(sheet.row(*row).len());
        *row == 0 || budget > 0
    };
    let searched = (0..sheet.len().min(SEARCHED)).take_while(within).count();
    let grid = Grid::new(sheet, 0..=searched.saturating_sub(1));
    let mut best: Option<(usize, usize, usize)> = None;
    for last in 0..searched {
        for depth in 0..DEEPEST.min(last + 1) {
            let first = last - depth;
            if depth > 0 && grid.is_blank(first) {
                break;
            }
            let attempt = Attempt::new(sheet, wanted, path, &grid, first, last);
            if attempt.is_complete() {
                let attempt = attempt.with_units_over(&grid);
                // A heading further up that lacks but one name heads data too: to start below it would lose that data.
                return match best {
                    Some((found, first, earlier))
                        if found + 1 >= attempt.found() && found > 1 && earlier + 1 < first_of(last, depth) =>
                    {
                        Attempt::new(sheet, wanted, path, &grid, first, earlier).finish()
                    }
                    _ => attempt.finish(),
                };
            }
            let found = attempt.found();
            if best.is_none_or(|(most, _, _)| found > most) && !grid.is_blank(last) {
                best = Some((found, first, last));
            }
        }
    }
    let (_, first, last) = best.unwrap_or((0, 0, 0));
    Attempt::new(sheet, wanted, path, &grid, first, last).finish()
}

fn first_of(last: usize, depth: usize) -> usize {
    last.saturating_sub(depth)
}
