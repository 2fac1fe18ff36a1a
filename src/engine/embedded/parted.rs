//! A large cube is added up part by part: rows are put in order of the part of the cube that they add to, some of them at a time, so that
//! what they add to stays in the cache.
//!
//! As one would partition by radix. Each thread takes some rows, puts them in order, and adds them to one part after the other.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::Limits;
use super::index::Index;
use super::kernel::{Odd, Share, kept, split};
use crate::base;
use crate::data::column::Decimals;
use crate::engine::cube::{Cells, Packed};

/// There are at most so many parts, so that as many places can be written to by turns.
const MOST_PARTS: usize = 1 << 10;

/// So many rows at least are put in order at a time, by each thread.
const FEWEST: usize = 1 << 19;

/// So many at most.
const MOST: usize = 1 << 21;

/// Adds all rows to a cube, of an index of so many cells.
pub(super) fn add_up(
    rows: usize,
    (index, size): (&Index<'_>, usize),
    packed: &mut Packed,
    slots: &[Option<&Decimals>],
    limits: Limits,
) {
    let cells = std::mem::replace(&mut packed.cells, Cells::All(0));
    let numbers = index.numbers(&cells, size);
    let shift = (limits.part_bits..u32::BITS).find(|shift| numbers >> shift < MOST_PARTS).unwrap_or(u32::BITS);
    let parts = (numbers >> shift) + 1;
    let ends: Vec<usize> = (1..=parts).map(|part| index.entries_before(&cells, part << shift)).collect();
    let threads = base::threads(rows, limits.few_rows);
    let together = (cells.len() / threads).clamp(FEWEST, MOST);
    let pieces: Vec<usize> = (0..rows.div_ceil(together)).collect();
    let shares: Vec<Mutex<Share<'_>>> = split(packed, slots, &ends).into_iter().map(Mutex::new).collect();
    let mut odd: Vec<Vec<Odd>> = base::each_with(
        &pieces,
        threads,
        || Sorted::new(slots),
        |sorted, piece| {
            let start = piece * together;
            let odd = sorted.take(start..rows.min(start + together), index, &cells, (shift, parts));
            // Pieces start at different parts, so that threads seldom wait for each other.
            let (last, first) = shares.split_at(piece % threads * shares.len() / threads);
            for (part, share) in (last.len()..).zip(first).chain((0..).zip(last)) {
                sorted.add_to(part, (index, &cells), &mut share.lock().unwrap_or_else(PoisonError::into_inner));
            }
            odd
        },
    );
    odd.extend(shares.into_iter().map(|share| {
        let share = share.into_inner().unwrap_or_else(PoisonError::into_inner);
        share.slots.into_iter().map(|slot| Odd::carried(slot.carries)).collect()
    }));
    packed.cells = cells;
    for odd in odd {
        odd.into_iter().zip(&mut packed.slots).for_each(|(odd, slot)| odd.add_to(slot));
    }
}

/// Some rows, in order of the parts of the cube that they add to.
struct Sorted<'t> {
    /// Of each its number, and then its entry.
    numbers: Vec<u32>,
    /// By part: where its rows end.
    ends: Vec<usize>,
    /// By row: its number, and then its place among those in order.
    places: Vec<u32>,
    slots: Vec<SortedSlot<'t>>,
}

/// Their figures in a slot.
struct SortedSlot<'t> {
    decimals: Option<&'t Decimals>,
    figures: Vec<i64>,
    stated: Vec<u8>,
}

impl<'t> Sorted<'t> {
    fn new(slots: &[Option<&'t Decimals>]) -> Self {
        let slot = |decimals: &Option<&'t Decimals>| SortedSlot {
            decimals: *decimals,
            figures: Vec::new(),
            stated: Vec::new(),
        };
        let slots = slots.iter().map(slot).collect();
        Sorted { numbers: Vec::new(), ends: Vec::new(), places: Vec::new(), slots }
    }

    /// Puts rows in order, in place of those before; what is odd about them, by slot.
    fn take(&mut self, rows: Range<usize>, index: &Index<'_>, cells: &Cells, (shift, parts): (u32, usize)) -> Vec<Odd> {
        let Sorted { numbers, ends, places, slots } = self;
        let mut odd: Vec<Odd> = slots.iter().map(|_| Odd::default()).collect();
        places.clear();
        ends.clear();
        // Behind the last part come rows that are left out.
        ends.resize(parts + 1, 0);
        let part = |number: u32| ((number >> shift) as usize).min(parts);
        index.each_block(cells, rows.clone(), |own, block| {
            for number in &*own {
                ends.get_mut(part(*number)).into_iter().for_each(|count| *count += 1);
            }
            places.extend_from_slice(own);
            for (slot, odd) in slots.iter().zip(&mut odd) {
                let Some(decimals) = slot.decimals else { continue };
                odd.note(decimals, block.clone(), own, |number| {
                    let mut entry = [number];
                    index.to_entries(cells, &mut entry);
                    let [entry] = entry;
                    kept(entry, cells)
                });
            }
        });
        let mut start = 0;
        for end in ends.iter_mut() {
            start += std::mem::replace(end, start);
        }
        numbers.resize(places.len(), 0);
        for place in places.iter_mut() {
            let Some(next) = ends.get_mut(part(*place)) else { continue };
            numbers.get_mut(*next).into_iter().for_each(|number| *number = *place);
            // There are fewer rows than fit.
            *place = u32::try_from(*next).unwrap_or(u32::MAX);
            *next += 1;
        }
        for SortedSlot { decimals, figures, stated } in slots {
            let Some(decimals) = decimals else { continue };
            put(figures, decimals.mantissas.get(rows.clone()), places);
            put(stated, decimals.stated.get(rows.clone()), places);
        }
        odd
    }

    /// Adds the rows of a part.
    fn add_to(&mut self, part: usize, (index, cells): (&Index<'_>, &Cells), share: &mut Share<'_>) {
        let start = part.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let range = start..self.ends.get(part).copied().unwrap_or(start);
        let entries = self.numbers.get_mut(range.clone()).unwrap_or_default();
        index.to_entries(cells, entries);
        share.count(entries);
        for (slot, sorted) in share.slots.iter_mut().zip(&self.slots) {
            slot.add(entries, sorted.figures.get(range.clone()), sorted.stated.get(range.clone()));
        }
    }
}

/// Puts values at their places.
fn put<T: Copy + Default>(into: &mut Vec<T>, values: Option<&[T]>, places: &[u32]) {
    let Some(values) = values.filter(|values| !values.is_empty()) else { return };
    into.resize(values.len(), T::default());
    for (value, place) in values.iter().zip(places) {
        into.get_mut(*place as usize).into_iter().for_each(|own| *own = *value);
    }
}
