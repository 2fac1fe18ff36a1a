//! Packed columns in, a packed cube out: codes add up to the number of a cell, and entries of cells add up exact integers.
//!
//! A small cube is added up by each thread from rows of its own; of a large one, rows are [parted](super::parted) by their entries first.
//! Knows no rules; what it cannot pack is left to the pass over single rows.

use std::cmp::Reverse;
use std::ops::{AddAssign, Range};
use std::sync::OnceLock;

use foldhash::{HashMap, HashMapExt};

use super::index::{Coding, Index, coding};
use super::{Limits, parted};
use crate::base::{self, TooLarge, room_for};
use crate::data::Cell;
use crate::data::Table;
use crate::data::column::{Column, Decimals};
use crate::engine::Key;
use crate::engine::cube::{Axis, Cells, Packed, PackedSlot, Sums};
use crate::plan::{Query, Slot};
use crate::quantity::Scalar;
use crate::semantics::hir::ExprKind;

/// Cells with greater numbers are not told apart.
const MOST_CELLS: usize = 1 << (usize::BITS - 2);

/// The cube of a query, if all that it asks for is packed.
///
/// # Errors
/// It does not fit into memory.
pub(super) fn cube(table: &Table, query: &Query, limits: Limits) -> Result<Option<Packed>, TooLarge> {
    let Some(Asked { mut keys, slots, size }) = asked(table, query) else { return Ok(None) };
    let Some(index) = Index::new(keys.iter().map(|(_, coding)| coding), size, limits) else { return Ok(None) };
    room_for(index.needs(size, table.len(), limits))?;
    let cells = index.cells(size, table.len(), limits);
    room_for(cells.len() as u64 * query.slots.iter().zip(&slots).map(bytes).sum::<u64>())?;
    let mut packed = if cells.len() <= limits.few_entries {
        let make = |rows: Range<usize>| {
            let mut packed = empty(cells.clone(), query, &slots);
            add_up(rows, &index, &mut packed, &slots);
            packed
        };
        let parts = base::in_ranges(table.len(), limits.few_rows, make);
        let Some(packed) = parts.into_iter().reduce(merged) else { return Ok(None) };
        packed
    } else {
        let mut packed = empty(cells, query, &slots);
        parted::add_up(table.len(), (&index, size), &mut packed, &slots, limits);
        packed
    };
    for slot in &mut packed.slots {
        if let PackedSlot::Decimals(sums) = slot {
            sums.settle();
        }
    }
    keys.sort_by_key(|(at, _)| *at);
    packed.axes = keys.into_iter().map(|(_, coding)| coding.axis).collect();
    Ok(Some(packed))
}

/// What a packed cube is made of.
struct Asked<'t> {
    /// Each with its place in the query; the innermost is first.
    keys: Vec<(usize, Coding<'t>)>,
    /// The figures of each slot; none where rows are counted.
    slots: Vec<Option<&'t Decimals>>,
    /// How many combinations of keys there are.
    size: usize,
}

/// `None`: it cannot be packed.
fn asked<'t>(table: &'t Table, query: &Query) -> Option<Asked<'t>> {
    if query.slots.is_empty() || u32::try_from(table.len()).is_err() {
        return None;
    }
    let mut keys: Vec<(usize, Coding<'t>)> = query
        .keys
        .iter()
        .map(|column| {
            let periods = query.periods.as_ref().filter(|(of, _)| of == column);
            coding(table, *column, query.named.get(column), periods.map(|(_, periods)| periods))
        })
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .enumerate()
        .collect();
    let slots: Vec<Option<&Decimals>> = query
        .slots
        .iter()
        .map(|slot| match slot.of.as_ref().map(|of| &of.kind) {
            _ if slot.filter.is_some() || slot.distinct => None,
            None => Some(None),
            Some(ExprKind::Column(column)) => match table.columns.get(column.0)? {
                Column::Decimals(decimals) if is_exact(decimals) => Some(Some(decimals)),
                _ => None,
            },
            Some(_) => None,
        })
        .collect::<Option<_>>()?;
    // A rule goes through the cells of all its cases for one value of what its filters demand, and one period: what these hold fixed stands
    // outermost, so that the cells of its cases lie together, in the order of the cases.
    let is_demanded = |at: usize| query.keys.get(at).is_some_and(|column| query.demanded.contains(column));
    let is_period = |axis: &Axis| axis.keys.iter().any(|key| matches!(key, Key::Known(Scalar::Period(_))));
    keys.sort_by_key(|(at, coding)| (is_demanded(*at), is_period(&coding.axis), Reverse(*at)));
    let mut size = 1usize;
    for (_, coding) in &mut keys {
        coding.axis.stride = size;
        size = size.checked_mul(coding.axis.keys.len().max(1)).filter(|size| *size <= MOST_CELLS)?;
    }
    Some(Asked { keys, slots, size })
}

/// About how many bytes an entry takes in a slot.
fn bytes((slot, decimals): (&Slot, &Option<&Decimals>)) -> u64 {
    let of_figures = |decimals: &&Decimals| {
        let (stated, extremes) = (!decimals.stated.is_empty(), slot.extremes);
        size_of::<i64>() * if extremes { 3 } else { 1 } + usize::from(stated)
    };
    (size_of::<u32>() + decimals.as_ref().map_or(0, of_figures)) as u64
}

/// A cube without rows.
fn empty(cells: Cells, query: &Query, slots: &[Option<&Decimals>]) -> Packed {
    let size = cells.len();
    let slot = |(decimals, slot): (&Option<&Decimals>, &Slot)| match decimals {
        None => PackedSlot::Rows,
        Some(decimals) => PackedSlot::Decimals(Box::new(Sums {
            sums: vec![0; size],
            carries: HashMap::new(),
            blanks: HashMap::new(),
            faults: HashMap::new(),
            stated: if decimals.stated.is_empty() { Vec::new() } else { vec![0; size] },
            extremes: slot.extremes.then(|| (vec![i64::MAX; size], vec![i64::MIN; size])),
            scale: decimals.scale,
            factor: decimals.factor.clone(),
            unit: OnceLock::new(),
            odd: None,
        })),
    };
    Packed { axes: Vec::new(), cells, rows: vec![0; size], slots: slots.iter().zip(&query.slots).map(slot).collect() }
}

/// Adds rows to a cube.
fn add_up(rows: Range<usize>, index: &Index<'_>, packed: &mut Packed, slots: &[Option<&Decimals>]) {
    let mut odd: Vec<Odd> = slots.iter().map(|_| Odd::default()).collect();
    let cells = std::mem::replace(&mut packed.cells, Cells::All(0));
    for mut share in split(packed, slots, &[cells.len()]) {
        index.each_block(&cells, rows.clone(), |entries, block| {
            index.to_entries(&cells, entries);
            share.count(entries);
            for ((slot, decimals), odd) in share.slots.iter_mut().zip(slots).zip(&mut odd) {
                let Some(decimals) = decimals else { continue };
                slot.add(entries, decimals.mantissas.get(block.clone()), decimals.stated.get(block.clone()));
                odd.note(decimals, block.clone(), entries, |entry| kept(entry, &cells));
            }
        });
        odd.iter_mut().zip(share.slots).for_each(|(odd, slot)| odd.carries = slot.carries);
    }
    packed.cells = cells;
    odd.into_iter().zip(&mut packed.slots).for_each(|(odd, slot)| odd.add_to(slot));
}

/// An entry that is one.
pub(super) fn kept(entry: u32, cells: &Cells) -> Option<usize> {
    Some(entry as usize).filter(|entry| *entry < cells.len())
}

/// One cube of two, of the same cells.
fn merged(mut one: Packed, other: Packed) -> Packed {
    fn each<T: Copy>(own: &mut [T], other: &[T], pick: impl Fn(T, T) -> T) {
        for (own, other) in own.iter_mut().zip(other) {
            *own = pick(*own, *other);
        }
    }
    each(&mut one.rows, &other.rows, |a, b| a + b);
    for (own, other) in one.slots.iter_mut().zip(other.slots) {
        let (PackedSlot::Decimals(own), PackedSlot::Decimals(other)) = (own, other) else { continue };
        for (entry, (sum, more)) in own.sums.iter_mut().zip(&other.sums).enumerate() {
            add(sum, *more, &mut own.carries, entry);
        }
        more(&mut own.carries, other.carries);
        more(&mut own.blanks, other.blanks);
        more(&mut own.faults, other.faults);
        each(&mut own.stated, &other.stated, u8::max);
        if let (Some((least, greatest)), Some((other_least, other_greatest))) = (&mut own.extremes, &other.extremes) {
            each(least, other_least, i64::min);
            each(greatest, other_greatest, i64::max);
        }
    }
    one
}

/// Adds counts to others.
fn more<N: Copy + AddAssign + Default>(counts: &mut HashMap<usize, N>, other: HashMap<usize, N>) {
    for (entry, count) in other {
        *counts.entry(entry).or_default() += count;
    }
}

/// Adds to a sum modulo 2^64, and notes when it went over.
fn add(sum: &mut i64, more: i64, carries: &mut HashMap<usize, i64>, entry: usize) {
    let (total, over) = sum.overflowing_add(more);
    *sum = total;
    if over {
        *carries.entry(entry).or_insert(0) += if more > 0 { 1 } else { -1 };
    }
}

/// Is no figure known only within bounds?
pub(super) fn is_exact(decimals: &Decimals) -> bool {
    decimals.others.values().all(|cell| matches!(cell, Cell::Blank | Cell::Bad(_)))
}

/// Entries that lie together.
pub(super) struct Share<'a> {
    first: usize,
    rows: &'a mut [u32],
    pub slots: Vec<SlotShare<'a>>,
}

/// What a slot accumulates in them; nothing, if it only counts rows.
#[derive(Default)]
pub(super) struct SlotShare<'a> {
    first: usize,
    sums: &'a mut [i64],
    stated: &'a mut [u8],
    least: &'a mut [i64],
    greatest: &'a mut [i64],
    pub carries: HashMap<usize, i64>,
}

/// What few entries have, by entry.
#[derive(Default)]
pub(super) struct Odd {
    carries: HashMap<usize, i64>,
    blanks: HashMap<usize, u64>,
    faults: HashMap<usize, u64>,
}

/// The entries of a cube, cut after each of some.
pub(super) fn split<'a>(packed: &'a mut Packed, slots: &[Option<&Decimals>], ends: &'a [usize]) -> Vec<Share<'a>> {
    fn cut<'a, T>(mut all: &'a mut [T], ends: &'a [usize]) -> impl Iterator<Item = &'a mut [T]> {
        let mut start = 0;
        ends.iter().map(move |end| {
            let len = (end - std::mem::replace(&mut start, *end)).min(all.len());
            let (part, rest) = std::mem::take(&mut all).split_at_mut(len);
            all = rest;
            part
        })
    }
    let firsts = std::iter::once(0).chain(ends.iter().copied());
    let mut shares: Vec<Share<'a>> = firsts
        .zip(cut(&mut packed.rows, ends))
        .map(|(first, rows)| Share { first, rows, slots: Vec::with_capacity(slots.len()) })
        .collect();
    for slot in &mut packed.slots {
        let PackedSlot::Decimals(sums) = slot else {
            shares.iter_mut().for_each(|share| share.slots.push(SlotShare::default()));
            continue;
        };
        let (mut sum, mut stated) = (cut(&mut sums.sums, ends), cut(&mut sums.stated, ends));
        let (least, greatest) = match &mut sums.extremes {
            Some((least, greatest)) => (least.as_mut_slice(), greatest.as_mut_slice()),
            None => Default::default(),
        };
        let (mut least, mut greatest) = (cut(least, ends), cut(greatest, ends));
        for share in &mut shares {
            share.slots.push(SlotShare {
                first: share.first,
                sums: sum.next().unwrap_or_default(),
                stated: stated.next().unwrap_or_default(),
                least: least.next().unwrap_or_default(),
                greatest: greatest.next().unwrap_or_default(),
                carries: HashMap::new(),
            });
        }
    }
    shares
}

impl Share<'_> {
    /// Counts rows, of each its entry.
    pub fn count(&mut self, entries: &[u32]) {
        for entry in entries {
            if let Some(rows) = self.rows.get_mut((*entry as usize).wrapping_sub(self.first)) {
                *rows += 1;
            }
        }
    }
}

impl SlotShare<'_> {
    /// Adds figures, of each its entry; `stated`: how many digits after the point each was stated with, if they differ.
    pub fn add(&mut self, entries: &[u32], figures: Option<&[i64]>, stated: Option<&[u8]>) {
        let figures = figures.unwrap_or_default();
        let own = |entry: &u32| (*entry as usize).wrapping_sub(self.first);
        for (entry, figure) in entries.iter().zip(figures).filter(|(_, figure)| **figure != Decimals::NONE) {
            if let Some(sum) = self.sums.get_mut(own(entry)) {
                add(sum, *figure, &mut self.carries, *entry as usize);
            }
        }
        if !self.stated.is_empty() {
            let stated = entries.iter().zip(figures).zip(stated.unwrap_or_default());
            for ((entry, _), digits) in stated.filter(|((_, figure), _)| **figure != Decimals::NONE) {
                self.stated.get_mut(own(entry)).into_iter().for_each(|stated| *stated = (*stated).max(*digits));
            }
        }
        if !self.least.is_empty() {
            for (entry, figure) in entries.iter().zip(figures).filter(|(_, figure)| **figure != Decimals::NONE) {
                self.least.get_mut(own(entry)).into_iter().for_each(|least| *least = (*least).min(*figure));
                self.greatest.get_mut(own(entry)).into_iter().for_each(|most| *most = (*most).max(*figure));
            }
        }
    }
}

impl Odd {
    /// Sums that went over.
    pub fn carried(carries: HashMap<usize, i64>) -> Self {
        Odd { carries, ..Odd::default() }
    }

    /// Counts the rows without a figure, of each its number, from which its entry is told.
    pub fn note(
        &mut self,
        decimals: &Decimals,
        rows: Range<usize>,
        numbers: &[u32],
        entry: impl Fn(u32) -> Option<usize>,
    ) {
        let figures = decimals.mantissas.get(rows.clone()).unwrap_or_default();
        if !figures.contains(&Decimals::NONE) {
            return;
        }
        let none = figures.iter().zip(numbers).zip(rows).filter(|((figure, _), _)| **figure == Decimals::NONE);
        for ((_, number), row) in none {
            let Some(entry) = entry(*number) else { continue };
            let counts = match decimals.others.get(&row) {
                Some(Cell::Bad(_)) => &mut self.faults,
                _ => &mut self.blanks,
            };
            *counts.entry(entry).or_insert(0) += 1;
        }
    }

    /// Adds it to what the slot of a cube has.
    pub fn add_to(self, slot: &mut PackedSlot) {
        if let PackedSlot::Decimals(sums) = slot {
            more(&mut sums.carries, self.carries);
            more(&mut sums.blanks, self.blanks);
            more(&mut sums.faults, self.faults);
        }
    }
}
