//! Rows in, the numbers of their cells out: the codes of each key column add up to one. And which cells have rows at all.

use std::collections::BTreeSet;
use std::ops::{AddAssign, Range};
use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::{HashMap, HashMapExt};

use super::Limits;
use crate::base;
use crate::data::Table;
use crate::data::column::{Coded, Codes, Column};
use crate::engine::Key;
use crate::engine::cube::{Axis, Cells};
use crate::quantity::{Period, Scalar};
use crate::semantics::hir::ColumnId;

/// How many rows are looked at together.
pub(super) const BLOCK: usize = 4096;

/// So many rows are looked at before it is asked whether it is known that all cells are to be kept.
const BLOCKS: usize = BLOCK << 4;

/// Tables with fewer rows are not worth a second thread.
pub(super) const FEW_ROWS: usize = 1 << 17;

/// What each thread makes of the rows of its own, in their order.
pub(super) fn by_threads<T: Send>(rows: usize, make: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    base::in_ranges(rows, FEW_ROWS, make)
}

/// A coded column as a key.
pub(super) struct Coding<'t> {
    pub codes: &'t Codes,
    /// By code: the index of its key, or [`UNASKED`].
    pub keys: Vec<usize>,
    pub axis: Axis,
}

/// In place of the index of a key: rows that have it are left out.
pub(super) const UNASKED: usize = usize::MAX;

/// A column as a key, if it is coded: entries of the dictionary that mean the same are one key, and so are all values but those
/// that are named, if only they are told apart. Keys are in order, as cases are. Of periods only those are keys that are asked for.
pub(super) fn coding<'t>(
    table: &'t Table,
    column: ColumnId,
    named: Option<&BTreeSet<Scalar>>,
    periods: Option<&BTreeSet<Period>>,
) -> Option<Coding<'t>> {
    let Column::Coded(Coded { dictionary, codes, .. }) = table.columns.get(column.0)? else { return None };
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut all = Vec::new();
    let mut rest = None;
    let mut keys = Vec::with_capacity(dictionary.len());
    for cell in dictionary {
        let key = super::key(cell);
        if let (Key::Known(Scalar::Period(period)), Some(periods)) = (&key, periods)
            && !periods.contains(period)
        {
            keys.push(UNASKED);
            continue;
        }
        let alike = matches!((&key, named), (Key::Known(value), Some(named)) if !named.contains(value));
        if let Some(rest) = rest.filter(|_| alike) {
            keys.push(rest);
            continue;
        }
        let place = *places.entry(key.clone()).or_insert_with(|| {
            all.push(key);
            all.len() - 1
        });
        if alike {
            rest = Some(place);
        }
        keys.push(place);
    }
    let mut sorted: Vec<(Key, usize)> = all.into_iter().zip(0..).collect();
    sorted.sort_unstable();
    let mut ranks = vec![0; sorted.len()];
    for (rank, (_, place)) in sorted.iter().enumerate() {
        ranks.get_mut(*place).into_iter().for_each(|own| *own = rank);
    }
    keys.iter_mut().for_each(|key| *key = ranks.get(*key).copied().unwrap_or(UNASKED));
    Some(Coding { codes, keys, axis: Axis::new(sorted.into_iter().map(|(key, _)| key).collect()) })
}

impl Coding<'_> {
    /// By code: what it adds to the number of a cell, out of so many; of rows that are left out it is above all of them.
    pub fn offsets<T: TryFrom<usize>>(&self, size: usize) -> Option<Vec<T>> {
        let offset = |key: &usize| match *key {
            UNASKED => size,
            key => key * self.axis.stride,
        };
        self.keys.iter().map(|key| T::try_from(offset(key)).ok()).collect()
    }
}

/// Columns of codes, each with what a code adds to the number of a cell.
pub(super) enum Index<'t> {
    Narrow(Vec<(&'t Codes, Vec<u32>)>),
    Wide(Vec<(&'t Codes, Vec<u64>)>),
}

impl<'t> Index<'t> {
    /// Of so many cells.
    pub fn new<'c>(codings: impl Iterator<Item = &'c Coding<'t>> + Clone, size: usize, limits: Limits) -> Option<Self>
    where
        't: 'c,
    {
        // What lies above all cells has to fit too.
        if size.checked_mul(2)? <= limits.narrow_cells {
            let offsets = |coding: &Coding<'t>| Some((coding.codes, coding.offsets(size)?));
            codings.map(offsets).collect::<Option<_>>().map(Index::Narrow)
        } else {
            let offsets = |coding: &Coding<'t>| Some((coding.codes, coding.offsets(size)?));
            codings.map(offsets).collect::<Option<_>>().map(Index::Wide)
        }
    }

    /// About how many bytes it takes to find the cells to keep.
    pub fn needs(&self, size: usize, rows: usize, limits: Limits) -> u64 {
        let each = if self.by_bits(size, rows, limits) { size / 8 } else { rows.saturating_mul(size_of::<u64>()) };
        (each as u64).saturating_mul(base::threads(rows, limits.few_rows) as u64)
    }

    fn by_bits(&self, size: usize, rows: usize, limits: Limits) -> bool {
        matches!(self, Index::Narrow(_)) && size <= rows.saturating_mul(limits.cells_by_row).max(limits.few_cells)
    }

    /// Which cells to keep, out of so many: all, if many of them have rows.
    pub fn cells(&self, size: usize, rows: usize, limits: Limits) -> Cells {
        if size <= limits.few_cells.max(rows / limits.rows_by_cell) {
            return Cells::All(size);
        }
        match self {
            Index::Narrow(codings) if self.by_bits(size, rows, limits) => {
                let words = size.div_ceil(64);
                let is_full = AtomicBool::new(false);
                let parts = base::in_ranges(rows, limits.few_rows, |rows| {
                    // Rows that are left out go to a word of their own: that is quicker than to ask of each.
                    let mut bits = vec![0u64; words + 1];
                    let mut found = 0;
                    for start in rows.clone().step_by(BLOCKS) {
                        if is_full.load(Ordering::Relaxed) {
                            break;
                        }
                        each_block(codings, start..rows.end.min(start + BLOCKS), |cells, _| {
                            for cell in &*cells {
                                let Some(word) = bits.get_mut(((cell / 64) as usize).min(words)) else { continue };
                                let bit = 1 << (cell % 64);
                                found += usize::from(*word & bit == 0);
                                *word |= bit;
                            }
                        });
                        // As many as make it so, were all bits of the last word among them.
                        if found >= size / limits.cells_by_full + 64 {
                            is_full.store(true, Ordering::Relaxed);
                        }
                    }
                    bits.truncate(words);
                    bits
                });
                if is_full.into_inner() {
                    return Cells::All(size);
                }
                let bits = parts.into_iter().reduce(|mut bits, more| {
                    bits.iter_mut().zip(more).for_each(|(bits, more)| *bits |= more);
                    bits
                });
                let mut bits = bits.unwrap_or_default();
                // The last word may have room for rows that are left out.
                let room = bits.len() * 64 - size.min(bits.len() * 64);
                bits.last_mut().into_iter().for_each(|last| *last &= u64::MAX >> room);
                let cells = Cells::of_bits(bits);
                if cells.len() >= size / limits.cells_by_full { Cells::All(size) } else { cells }
            }
            Index::Narrow(codings) => Cells::listed(different(codings, size, rows, limits)),
            Index::Wide(codings) => Cells::listed(different(codings, size, rows, limits)),
        }
    }

    /// The numbers of some rows, block by block: those of their cells, or, where these are too wide, their entries. Entries are in the
    /// order of numbers.
    pub fn each_block(&self, cells: &Cells, rows: Range<usize>, mut visit: impl FnMut(&mut [u32], Range<usize>)) {
        match self {
            Index::Narrow(codings) => each_block(codings, rows, visit),
            Index::Wide(codings) => {
                // Every row that is not left out has an entry, and there are no more of them than fit.
                let entry = |cell: &u64| usize::try_from(*cell).ok().and_then(|cell| cells.entry(cell));
                let mut entries = Vec::with_capacity(BLOCK);
                each_block(codings, rows, |own, block| {
                    entries.clear();
                    entries.extend(own.iter().map(|cell| entry(cell).map_or(u32::MAX, |entry| entry as u32)));
                    visit(&mut entries, block);
                });
            }
        }
    }

    /// How many different numbers there are, of so many cells.
    pub fn numbers(&self, cells: &Cells, size: usize) -> usize {
        match self {
            Index::Narrow(_) => size,
            Index::Wide(_) => cells.len(),
        }
    }

    /// Entries in place of the numbers of rows; of rows that are left out, no entry.
    pub fn to_entries(&self, cells: &Cells, numbers: &mut [u32]) {
        if let Index::Narrow(_) = self {
            cells.to_entries(numbers);
        }
    }

    /// The entries of all numbers before one, counted.
    pub fn entries_before(&self, cells: &Cells, number: usize) -> usize {
        match self {
            Index::Narrow(_) => cells.entries(0..number).end,
            Index::Wide(_) => number.min(cells.len()),
        }
    }
}

/// The numbers of the cells of some rows, block by block.
fn each_block<T: Copy + Default + AddAssign>(
    codings: &[(&Codes, Vec<T>)],
    rows: Range<usize>,
    mut visit: impl FnMut(&mut [T], Range<usize>),
) {
    let mut cells = Vec::with_capacity(BLOCK);
    for start in rows.clone().step_by(BLOCK) {
        let block = start..rows.end.min(start + BLOCK);
        index(codings, block.clone(), &mut cells);
        visit(&mut cells, block);
    }
}

/// The different cells of all rows, in order.
fn different<T: Copy + Default + AddAssign + Into<u64> + Sync>(
    codings: &[(&Codes, Vec<T>)],
    size: usize,
    rows: usize,
    limits: Limits,
) -> Vec<u64> {
    let parts = base::in_ranges(rows, limits.few_rows, |rows| {
        let (mut known, mut more) = (Vec::new(), Vec::new());
        each_block(codings, rows, |cells, _| {
            more.extend(cells.iter().map(|cell| -> u64 { (*cell).into() }).filter(|cell| *cell < size as u64));
            // What comes is merged into what is known each time that it is as much.
            if more.len() >= known.len().max(limits.few_rows) {
                known = union(&known, &mut more);
            }
        });
        union(&known, &mut more)
    });
    parts.into_iter().reduce(|known, mut more| union(&known, &mut more)).unwrap_or_default()
}

/// What is in one list, which is in order, or in the other, which is emptied.
fn union(known: &[u64], more: &mut Vec<u64>) -> Vec<u64> {
    more.sort_unstable();
    more.dedup();
    let mut all = Vec::with_capacity(known.len() + more.len());
    let mut known = known.iter().copied().peekable();
    for cell in more.drain(..) {
        while let Some(before) = known.next_if(|known| *known < cell) {
            all.push(before);
        }
        known.next_if_eq(&cell);
        all.push(cell);
    }
    all.extend(known);
    all
}

/// Sums the offsets of the codes of some rows.
pub(super) fn index<T: Copy + Default + AddAssign>(
    codings: &[(&Codes, Vec<T>)],
    rows: Range<usize>,
    cells: &mut Vec<T>,
) {
    /// The first column is written down, the others are added to it.
    fn add<T: Copy + Default + AddAssign, C: Copy + Into<u32>>(codes: Option<&[C]>, offsets: &[T], cells: &mut Vec<T>) {
        let offset = |code: &C| {
            let code: u32 = (*code).into();
            offsets.get(code as usize).copied().unwrap_or_default()
        };
        let codes = codes.unwrap_or_default();
        if cells.is_empty() {
            cells.extend(codes.iter().map(offset));
        } else {
            cells.iter_mut().zip(codes).for_each(|(cell, code)| *cell += offset(code));
        }
    }
    cells.clear();
    for (codes, offsets) in codings {
        match codes {
            Codes::U8(codes) => add(codes.get(rows.clone()), offsets, cells),
            Codes::U16(codes) => add(codes.get(rows.clone()), offsets, cells),
            Codes::U32(codes) => add(codes.get(rows.clone()), offsets, cells),
        }
    }
    // Without columns, all rows are of one cell.
    cells.resize(rows.len(), T::default());
}
