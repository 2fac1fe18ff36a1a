//! A large cube is added up part by part: rows are put in order of the part of the cube that they add to, some of them at a time, so that
//! what they add to stays in the cache.
//!
//! As one would partition by radix. Threads put rows of their own in order, and then add up parts of their own.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::Limits;
use super::index::Index;
use super::kernel::{Odd, Share, split};
use crate::base;
use crate::data::column::Decimals;
use crate::engine::cube::{Cells, Packed};

/// There are at most so many parts, so that as many places can be written to by turns.
const MOST_PARTS: usize = 1 << 9;

/// So many rows at least are put in order at a time, by all threads.
const FEWEST: usize = 1 << 20;

/// So many at most.
const MOST: usize = 1 << 22;

/// Adds all rows to a cube.
pub(super) fn add_up(rows: usize, index: &Index<'_>, packed: &mut Packed, slots: &[Option<&Decimals>], limits: Limits) {
    let cells = std::mem::replace(&mut packed.cells, Cells::All(0));
    let shift = (limits.part_bits..u32::BITS).find(|shift| cells.len() >> shift < MOST_PARTS).unwrap_or(u32::BITS);
    let parts = (cells.len() >> shift) + 1;
    let threads = base::threads(rows, limits.few_rows);
    let together = cells.len().clamp(FEWEST, MOST);
    let mut sorted: Vec<Sorted<'_>> = (0..threads).map(|_| Sorted::new(slots)).collect();
    let mut shares: Vec<Share<'_>> = split(packed, slots, 1 << shift);
    for start in (0..rows).step_by(together) {
        let end = rows.min(start + together);
        let own = (end - start).div_ceil(threads);
        thread::scope(|scope| {
            for (at, sorted) in sorted.iter_mut().enumerate() {
                let rows = end.min(start + at * own)..end.min(start + (at + 1) * own);
                let cells = &cells;
                scope.spawn(move || sorted.take(rows, index, cells, (shift, parts)));
            }
        });
        let queue = Mutex::new(shares.iter_mut().enumerate());
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                        let Some((part, share)) = next else { return };
                        sorted.iter().for_each(|sorted| sorted.add_to(part, share));
                    }
                });
            }
        });
    }
    let mut odd: Vec<Odd> = slots.iter().map(|_| Odd::default()).collect();
    for share in shares {
        odd.iter_mut().zip(share.slots).for_each(|(odd, slot)| odd.carries.extend(slot.carries));
    }
    packed.cells = cells;
    let of_rows = sorted.into_iter().flat_map(|sorted| sorted.slots.into_iter().map(|slot| slot.odd).enumerate());
    for (at, odd) in odd.into_iter().enumerate().chain(of_rows) {
        if let Some(slot) = packed.slots.get_mut(at) {
            odd.add_to(slot);
        }
    }
}

/// Rows of one thread, in order of the parts of the cube that they add to.
struct Sorted<'t> {
    entries: Vec<u32>,
    /// By part: where its rows end.
    ends: Vec<usize>,
    /// By row: its entry, and then its place among those in order.
    places: Vec<u32>,
    slots: Vec<SortedSlot<'t>>,
}

/// Their figures in a slot.
struct SortedSlot<'t> {
    decimals: Option<&'t Decimals>,
    figures: Vec<i64>,
    stated: Vec<u8>,
    odd: Odd,
}

impl<'t> Sorted<'t> {
    fn new(slots: &[Option<&'t Decimals>]) -> Self {
        let slot = |decimals: &Option<&'t Decimals>| SortedSlot {
            decimals: *decimals,
            figures: Vec::new(),
            stated: Vec::new(),
            odd: Odd::default(),
        };
        let slots = slots.iter().map(slot).collect();
        Sorted { entries: Vec::new(), ends: Vec::new(), places: Vec::new(), slots }
    }

    /// Puts rows in order, in place of those before.
    fn take(&mut self, rows: Range<usize>, index: &Index<'_>, cells: &Cells, (shift, parts): (u32, usize)) {
        let Sorted { entries, ends, places, slots } = self;
        places.clear();
        ends.clear();
        ends.resize(parts, 0);
        index.each_block(cells, rows.clone(), |own, block| {
            for entry in &*own {
                ends.get_mut((entry >> shift) as usize).into_iter().for_each(|count| *count += 1);
            }
            places.extend_from_slice(own);
            for SortedSlot { decimals, odd, .. } in slots.iter_mut() {
                decimals.iter().for_each(|decimals| odd.note(decimals, own, block.clone()));
            }
        });
        let mut start = 0;
        for end in ends.iter_mut() {
            start += std::mem::replace(end, start);
        }
        entries.resize(places.len(), 0);
        for place in places.iter_mut() {
            let Some(next) = ends.get_mut((*place >> shift) as usize) else { continue };
            entries.get_mut(*next).into_iter().for_each(|entry| *entry = *place);
            // There are fewer rows than fit.
            *place = u32::try_from(*next).unwrap_or(u32::MAX);
            *next += 1;
        }
        for SortedSlot { decimals, figures, stated, .. } in slots {
            let Some(decimals) = decimals else { continue };
            put(figures, decimals.mantissas.get(rows.clone()), places);
            put(stated, decimals.stated.get(rows.clone()), places);
        }
    }

    /// Adds the rows of a part.
    fn add_to(&self, part: usize, share: &mut Share<'_>) {
        let start = part.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let range = start..self.ends.get(part).copied().unwrap_or(start);
        let entries = self.entries.get(range.clone()).unwrap_or_default();
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
