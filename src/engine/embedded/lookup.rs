//! Which rows hold some of many combinations of values: by codes, where the columns are coded, else by the values themselves.

use std::borrow::Cow;
use std::collections::HashMap;

use super::kernel::{self, BLOCK, Coding};
use crate::data::Table;
use crate::data::column::Codes;
use crate::quantity::Scalar;
use crate::semantics::hir::ColumnId;

/// Wanted combinations of values, each with what it is wanted for.
pub(super) type Wanted<'s> = HashMap<Vec<Cow<'s, Scalar>>, Vec<usize>>;

/// Codes are looked up in a table of at most so many combinations.
const MOST: usize = 1 << 26;

/// Calls `visit` with every row, in order, that holds a wanted combination, or could hold any because one of its cells has no
/// known value: then there is nothing that it is wanted for.
pub(super) fn rows(
    table: &Table,
    columns: &[ColumnId],
    wanted: &Wanted<'_>,
    mut visit: impl FnMut(usize, Option<&[usize]>),
) {
    match Coded::new(table, columns, wanted) {
        Some(coded) => coded.rows(table.len(), visit),
        None => {
            for row in 0..table.len() {
                let values: Option<Vec<Cow<'_, Scalar>>> =
                    columns.iter().map(|column| table.value(row, *column)).collect();
                match values {
                    Some(values) => {
                        if let Some(found) = wanted.get(&values) {
                            visit(row, Some(found));
                        }
                    }
                    None => visit(row, None),
                }
            }
        }
    }
}

/// What a combination of codes is wanted for.
#[derive(Clone, Copy)]
enum Use {
    Nothing,
    /// One of the codes has no known value.
    Untold,
    /// Index into [`Coded::wanted`].
    Wanted(u32),
}

struct Coded<'w, 't> {
    columns: Vec<(&'t Codes, Vec<u32>)>,
    uses: Vec<Use>,
    wanted: Vec<&'w [usize]>,
}

impl<'w, 't> Coded<'w, 't> {
    fn new(table: &'t Table, columns: &[ColumnId], wanted: &'w Wanted<'_>) -> Option<Self> {
        let mut codings: Vec<Coding<'t>> =
            columns.iter().map(|column| kernel::coding(table, *column)).collect::<Option<_>>()?;
        let mut size = 1usize;
        for coding in &mut codings {
            coding.axis.stride = size;
            size = size.checked_mul(coding.axis.keys.len().max(1)).filter(|size| *size <= MOST)?;
        }
        let mut uses = vec![Use::Nothing; size];
        for coding in codings.iter().filter(|coding| !coding.axis.is_certain()) {
            for (place, seen) in uses.iter_mut().enumerate() {
                let key = place / coding.axis.stride % coding.axis.keys.len().max(1);
                if coding.axis.is_untold(key) {
                    *seen = Use::Untold;
                }
            }
        }
        let mut all = Vec::with_capacity(wanted.len());
        for (values, what) in wanted {
            let place = codings
                .iter()
                .zip(values)
                .try_fold(0, |place, (coding, value)| Some(place + coding.axis.place(value)? * coding.axis.stride));
            if let Some(seen) = place.and_then(|place| uses.get_mut(place)) {
                *seen = Use::Wanted(u32::try_from(all.len()).ok()?);
                all.push(what.as_slice());
            }
        }
        let columns = codings.iter().map(|coding| (coding.codes, coding.offsets())).collect();
        Some(Coded { columns, uses, wanted: all })
    }

    fn rows(&self, rows: usize, mut visit: impl FnMut(usize, Option<&[usize]>)) {
        let mut places = Vec::with_capacity(BLOCK);
        for start in (0..rows).step_by(BLOCK) {
            let block = start..rows.min(start + BLOCK);
            kernel::index(&self.columns, block.clone(), &mut places);
            for (row, place) in block.zip(&places) {
                match self.uses.get(*place as usize) {
                    Some(Use::Wanted(at)) => visit(row, self.wanted.get(*at as usize).copied()),
                    Some(Use::Untold) => visit(row, None),
                    Some(Use::Nothing) | None => {}
                }
            }
        }
    }
}
