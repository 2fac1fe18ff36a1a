//! Rows that are the same in some columns.
//!
//! Columns in, the later of each two rows out. A row becomes one number, made of the indices of its values among the different
//! values of each column, so that millions of rows take a bitmap or a sorted list, not a table of values.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use super::column::{Codes, Column};
use super::table::Cell;
use crate::quantity::Scalar;

/// A row that is the same as one before it, and the first such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twin {
    /// The later row.
    pub row: usize,
    /// The first one.
    pub earlier: usize,
}

/// The mark of a row without a value.
const NONE: u32 = u32::MAX;
/// The largest bitmap, in bits; a row may always have 64.
const BITMAP: u64 = 1 << 27;

/// The values of a column as indices among the different ones.
struct Indices<'t> {
    /// By row.
    codes: Cow<'t, Codes>,
    /// By code; empty: the codes are the indices.
    places: Vec<u32>,
    /// How many different values.
    size: u64,
}

/// Finds them, in order of rows. Rows without a value in one of the columns are left out.
pub fn twins(columns: &[&Column], rows: usize) -> Vec<Twin> {
    if columns.is_empty() {
        return Vec::new();
    }
    let columns: Vec<Indices<'_>> = columns.iter().map(|column| Indices::of(column)).collect();
    let size = columns.iter().try_fold(1u128, |size, column| size.checked_mul(column.size.max(1).into()));
    match size {
        Some(size) if size <= u128::from(BITMAP.max(64 * rows as u64)) => {
            let key = |row| number(&columns, row).and_then(|key| usize::try_from(key).ok());
            in_bitmap(usize::try_from(size).unwrap_or(usize::MAX), rows, key)
        }
        Some(size) if size <= u128::from(u64::MAX) => {
            sorted(rows, |row| number(&columns, row).and_then(|key| u64::try_from(key).ok()))
        }
        Some(_) => sorted(rows, |row| number(&columns, row)),
        None => sorted(rows, |row| columns.iter().map(|column| column.get(row)).collect::<Option<Vec<u32>>>()),
    }
}

fn number(columns: &[Indices<'_>], row: usize) -> Option<u128> {
    columns
        .iter()
        .try_fold(0u128, |number, column| Some(number * u128::from(column.size) + u128::from(column.get(row)?)))
}

impl<'t> Indices<'t> {
    fn of(column: &'t Column) -> Self {
        let mut known: HashMap<Scalar, u32> = HashMap::new();
        let mut place = |cell: &Cell| match cell {
            Cell::Value(scalar, _) => match known.get(scalar) {
                Some(place) => *place,
                None => {
                    let place = u32::try_from(known.len()).unwrap_or(NONE);
                    known.insert(scalar.clone(), place);
                    place
                }
            },
            _ => NONE,
        };
        match column {
            Column::Coded(coded) => {
                let places = coded.dictionary.iter().map(place).collect();
                Indices { codes: Cow::Borrowed(&coded.codes), places, size: known.len() as u64 }
            }
            Column::Cells(_) | Column::Decimals(_) => {
                let codes = column.iter().map(|cell| place(&cell)).collect();
                Indices { codes: Cow::Owned(Codes::U32(codes)), places: Vec::new(), size: known.len() as u64 }
            }
        }
    }

    fn get(&self, row: usize) -> Option<u32> {
        let code = self.codes.get(row)?;
        let place = if self.places.is_empty() { u32::try_from(code).ok()? } else { *self.places.get(code)? };
        (place != NONE).then_some(place)
    }
}

fn in_bitmap(size: usize, rows: usize, key: impl Fn(usize) -> Option<usize>) -> Vec<Twin> {
    let mut seen = vec![0u64; size.div_ceil(64)];
    let mut repeated = Vec::new();
    for row in 0..rows {
        let Some(key) = key(row) else { continue };
        let Some(word) = seen.get_mut(key / 64) else { continue };
        let bit = 1 << (key % 64);
        if *word & bit != 0 {
            repeated.push(key);
        }
        *word |= bit;
    }
    found(repeated, rows, key)
}

fn sorted<K: Ord + Hash + Clone>(rows: usize, key: impl Fn(usize) -> Option<K>) -> Vec<Twin> {
    let mut keys: Vec<K> = (0..rows).filter_map(&key).collect();
    keys.sort_unstable();
    let repeated = keys.windows(2).filter_map(|pair| match pair {
        [one, other] if one == other => Some(one.clone()),
        _ => None,
    });
    let repeated = repeated.collect();
    drop(keys);
    found(repeated, rows, key)
}

/// The rows of keys that occur more than once.
fn found<K: Eq + Hash>(repeated: Vec<K>, rows: usize, key: impl Fn(usize) -> Option<K>) -> Vec<Twin> {
    let mut first: HashMap<K, Option<usize>> = repeated.into_iter().map(|key| (key, None)).collect();
    if first.is_empty() {
        return Vec::new();
    }
    let twin = |row| match first.get_mut(&key(row)?)? {
        Some(earlier) => Some(Twin { row, earlier: *earlier }),
        slot => {
            *slot = Some(row);
            None
        }
    };
    (0..rows).filter_map(twin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::column::Coded;

    fn value(text: &str) -> Cell {
        Cell::Value(Scalar::text(text), 0)
    }

    fn pairs(columns: &[&Column], rows: usize) -> Vec<(usize, usize)> {
        twins(columns, rows).into_iter().map(|twin| (twin.row, twin.earlier)).collect()
    }

    #[test]
    fn the_same_rows_are_found_however_columns_are_kept() {
        let coded = Column::Coded(Coded {
            dictionary: vec![value("b"), Cell::Blank, value("a")],
            codes: Codes::U8(vec![2, 0, 2, 1, 2, 0, 1]),
            plain: false,
        });
        let plain = Column::Cells(coded.iter().map(Cow::into_owned).collect());
        let other = Column::Cells(["x", "x", "y", "x", "x", "x", "x"].map(value).to_vec());
        for column in [&coded, &plain] {
            assert_eq!(pairs(&[column], 7), [(2, 0), (4, 0), (5, 1)]);
            assert_eq!(pairs(&[column, &other], 7), [(4, 0), (5, 1)]);
        }
        assert_eq!(pairs(&[], 7), []);
        let many: Vec<&Column> = (0..5).map(|_| &other).collect();
        assert_eq!(pairs(&many, 7).len(), 5);
    }

    #[test]
    fn keys_of_any_size_are_compared() {
        let keys = |count: usize| move |row: usize| Some(row % count);
        for count in [1, 3, 10] {
            assert_eq!(in_bitmap(10, 10, keys(count)), sorted(10, keys(count)));
            assert_eq!(sorted(10, keys(count)).len(), 10 - count);
        }
    }
}
