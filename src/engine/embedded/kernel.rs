//! Packed columns in, a packed cube out: codes add up to the index of a cell, and cells add up exact integers.
//!
//! Of a large cube each thread passes over all rows and adds up a range of cells of its own, so that the memory is that of one
//! cube; of a small one each takes rows of its own. Knows no rules; what it cannot pack is left to the pass over single rows.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::base;
use crate::data::Cell;
use crate::data::Table;
use crate::data::column::{Coded, Codes, Column, Decimals};
use crate::engine::Key;
use crate::engine::cube::{Axis, Packed, PackedSlot, Sums};
use crate::plan::{Query, Slot};
use crate::quantity::Scalar;
use crate::semantics::hir::{ColumnId, ExprKind};

/// How many rows are looked at together.
pub(super) const BLOCK: usize = 4096;

/// So many cells are never too many.
const FEW_CELLS: usize = 1 << 16;

/// So many cells are never taken, whatever the rows.
const MOST_CELLS: usize = 1 << 28;

/// Tables with fewer rows are not worth a second thread.
const FEW_ROWS: usize = 1 << 17;

/// The cube of a query, if all that it asks for is packed and a cell for each combination of keys is not too much.
pub(super) fn cube(table: &Table, query: &Query) -> Option<Packed> {
    if query.slots.is_empty() || u32::try_from(table.len()).is_err() {
        return None;
    }
    let mut keys: Vec<(usize, Coding<'_>)> = query
        .keys
        .iter()
        .map(|column| coding(table, *column, query.named.get(column)))
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
    // What filters demand a value of stands outermost, so that the cells of one value lie together. Periods stand innermost: a case
    // often asks for several.
    let is_demanded = |at: usize| query.keys.get(at).is_some_and(|column| query.demanded.contains(column));
    let is_period = |axis: &Axis| axis.keys.iter().any(|key| matches!(key, Key::Known(Scalar::Period(_))));
    keys.sort_by_key(|(at, coding)| (is_demanded(*at), !is_period(&coding.axis)));
    let mut size = 1usize;
    for (_, coding) in &mut keys {
        coding.axis.stride = size;
        size = size.checked_mul(coding.axis.keys.len().max(1))?;
    }
    if size > MOST_CELLS || size > FEW_CELLS.max(table.len().saturating_mul(4)) {
        return None;
    }
    let codings: Vec<(&Codes, Vec<u32>)> = keys.iter().map(|(_, coding)| (coding.codes, coding.offsets())).collect();
    let make = |rows: Range<usize>| {
        let mut packed = empty(size, query, &slots);
        add_shares(rows, &codings, &mut packed, &slots, size);
        packed
    };
    // A cube that is small is added up by each thread from rows of its own; of a large one, each thread takes a range of cells.
    let threads = threads(table.len());
    let mut packed = if size.saturating_mul(threads) <= table.len() / 2 {
        let cubes = by_threads(table.len(), make).into_iter();
        cubes.reduce(merged)?
    } else {
        let mut packed = empty(size, query, &slots);
        add_shares(0..table.len(), &codings, &mut packed, &slots, size.div_ceil(threads));
        packed
    };
    for slot in &mut packed.slots {
        if let PackedSlot::Decimals(sums) = slot {
            sums.settle();
        }
    }
    keys.sort_by_key(|(at, _)| *at);
    packed.axes = keys.into_iter().map(|(_, coding)| coding.axis).collect();
    Some(packed)
}

/// A cube without rows.
fn empty(size: usize, query: &Query, slots: &[Option<&Decimals>]) -> Packed {
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
            odd: None,
        })),
    };
    Packed { axes: Vec::new(), rows: vec![0; size], slots: slots.iter().zip(&query.slots).map(slot).collect() }
}

/// Adds rows to a cube, each thread to a share of its cells.
fn add_shares(
    rows: Range<usize>,
    codings: &[(&Codes, Vec<u32>)],
    packed: &mut Packed,
    slots: &[Option<&Decimals>],
    share: usize,
) {
    let mut shares = split(packed, slots, share);
    std::thread::scope(|scope| {
        let mut own = shares.iter_mut();
        let first = own.next();
        for other in own {
            let rows = rows.clone();
            scope.spawn(move || add_up(rows, codings, other));
        }
        if let Some(first) = first {
            add_up(rows.clone(), codings, first);
        }
    });
    let odd: Vec<Vec<Odd>> =
        shares.into_iter().map(|share| share.slots.into_iter().map(|slot| slot.odd).collect()).collect();
    for odd in odd {
        for (slot, odd) in packed.slots.iter_mut().zip(odd) {
            if let PackedSlot::Decimals(sums) = slot {
                sums.carries.extend(odd.carries);
                sums.blanks.extend(odd.blanks);
                sums.faults.extend(odd.faults);
            }
        }
    }
}

/// One cube of two, of the same cells.
fn merged(mut one: Packed, other: Packed) -> Packed {
    fn more<N: Copy + std::ops::AddAssign + Default>(counts: &mut HashMap<usize, N>, other: HashMap<usize, N>) {
        for (cell, count) in other {
            *counts.entry(cell).or_default() += count;
        }
    }
    fn each<T: Copy>(own: &mut [T], other: &[T], pick: impl Fn(T, T) -> T) {
        for (own, other) in own.iter_mut().zip(other) {
            *own = pick(*own, *other);
        }
    }
    each(&mut one.rows, &other.rows, |a, b| a + b);
    for (own, other) in one.slots.iter_mut().zip(other.slots) {
        let (PackedSlot::Decimals(own), PackedSlot::Decimals(other)) = (own, other) else { continue };
        for (cell, (sum, more)) in own.sums.iter_mut().zip(&other.sums).enumerate() {
            add(sum, *more, &mut own.carries, cell);
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

/// Adds to a sum modulo 2^64, and notes when it went over.
fn add(sum: &mut i64, more: i64, carries: &mut HashMap<usize, i64>, cell: usize) {
    let (total, over) = sum.overflowing_add(more);
    *sum = total;
    if over {
        *carries.entry(cell).or_insert(0) += if more > 0 { 1 } else { -1 };
    }
}

/// How many threads a table is worth.
pub(super) fn threads(rows: usize) -> usize {
    base::threads(rows, FEW_ROWS)
}

/// What each thread makes of the rows of its own, in their order.
pub(super) fn by_threads<T: Send>(rows: usize, make: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    base::in_ranges(rows, FEW_ROWS, make)
}

/// Is no figure known only within bounds?
pub(super) fn is_exact(decimals: &Decimals) -> bool {
    decimals.others.values().all(|cell| matches!(cell, Cell::Blank | Cell::Bad(_)))
}

/// A coded column as a key.
pub(super) struct Coding<'t> {
    pub codes: &'t Codes,
    /// By code: the index of its key.
    pub keys: Vec<usize>,
    pub axis: Axis,
}

/// A column as a key, if it is coded: entries of the dictionary that mean the same are one key, and so are all values but those
/// that are named, if only they are told apart.
pub(super) fn coding<'t>(table: &'t Table, column: ColumnId, named: Option<&BTreeSet<Scalar>>) -> Option<Coding<'t>> {
    let Column::Coded(Coded { dictionary, codes, .. }) = table.columns.get(column.0)? else { return None };
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut all = Vec::new();
    let mut rest = None;
    let mut keys = Vec::with_capacity(dictionary.len());
    for cell in dictionary {
        let key = super::key(cell);
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
    Some(Coding { codes, keys, axis: Axis::new(all) })
}

impl Coding<'_> {
    /// By code: what it adds to the index of a cell.
    pub fn offsets(&self) -> Vec<u32> {
        self.keys.iter().map(|key| u32::try_from(key * self.axis.stride).unwrap_or(u32::MAX)).collect()
    }
}

/// Sums the offsets of the codes of some rows.
pub(super) fn index(codings: &[(&Codes, Vec<u32>)], rows: Range<usize>, cells: &mut Vec<u32>) {
    fn add<C: Copy + Into<u32>>(codes: Option<&[C]>, offsets: &[u32], cells: &mut [u32]) {
        for (cell, code) in cells.iter_mut().zip(codes.unwrap_or_default()) {
            let code: u32 = (*code).into();
            *cell += offsets.get(code as usize).copied().unwrap_or(0);
        }
    }
    cells.clear();
    cells.resize(rows.len(), 0);
    for (codes, offsets) in codings {
        match codes {
            Codes::U8(codes) => add(codes.get(rows.clone()), offsets, cells),
            Codes::U16(codes) => add(codes.get(rows.clone()), offsets, cells),
            Codes::U32(codes) => add(codes.get(rows.clone()), offsets, cells),
        }
    }
}

/// The cells that one thread adds up.
struct Share<'a> {
    first: usize,
    rows: &'a mut [u32],
    slots: Vec<SlotShare<'a>>,
}

struct SlotShare<'a> {
    decimals: Option<&'a Decimals>,
    sums: &'a mut [i64],
    stated: &'a mut [u8],
    least: &'a mut [i64],
    greatest: &'a mut [i64],
    odd: Odd,
}

/// What few cells have, by cell.
#[derive(Default)]
struct Odd {
    carries: HashMap<usize, i64>,
    blanks: HashMap<usize, u64>,
    faults: HashMap<usize, u64>,
}

fn split<'a>(packed: &'a mut Packed, slots: &[Option<&'a Decimals>], share: usize) -> Vec<Share<'a>> {
    let share = share.max(1);
    let chunks = packed.rows.chunks_mut(share).enumerate();
    let mut shares: Vec<Share<'a>> =
        chunks.map(|(at, rows)| Share { first: at * share, rows, slots: Vec::new() }).collect();
    for (slot, decimals) in packed.slots.iter_mut().zip(slots) {
        let PackedSlot::Decimals(sums) = slot else {
            for share in &mut shares {
                share.slots.push(SlotShare::none());
            }
            continue;
        };
        let (mut sum, mut stated) = (sums.sums.chunks_mut(share), sums.stated.chunks_mut(share));
        let (least, greatest) = match &mut sums.extremes {
            Some((least, greatest)) => (least.as_mut_slice(), greatest.as_mut_slice()),
            None => Default::default(),
        };
        let (mut least, mut greatest) = (least.chunks_mut(share), greatest.chunks_mut(share));
        for share in &mut shares {
            share.slots.push(SlotShare {
                decimals: *decimals,
                sums: sum.next().unwrap_or_default(),
                stated: stated.next().unwrap_or_default(),
                least: least.next().unwrap_or_default(),
                greatest: greatest.next().unwrap_or_default(),
                odd: Odd::default(),
            });
        }
    }
    shares
}

impl SlotShare<'_> {
    fn none() -> Self {
        SlotShare {
            decimals: None,
            sums: Default::default(),
            stated: Default::default(),
            least: Default::default(),
            greatest: Default::default(),
            odd: Odd::default(),
        }
    }
}

fn add_up(rows: Range<usize>, codings: &[(&Codes, Vec<u32>)], share: &mut Share<'_>) {
    let mut cells = Vec::with_capacity(BLOCK);
    for start in rows.clone().step_by(BLOCK) {
        let block = start..rows.end.min(start + BLOCK);
        index(codings, block.clone(), &mut cells);
        for cell in &cells {
            // Cells of other shares lie outside.
            if let Some(rows) = share.rows.get_mut((*cell as usize).wrapping_sub(share.first)) {
                *rows += 1;
            }
        }
        for slot in &mut share.slots {
            slot.add(share.first, &cells, block.clone());
        }
    }
}

impl SlotShare<'_> {
    fn add(&mut self, first: usize, cells: &[u32], block: Range<usize>) {
        let Some(decimals) = self.decimals else { return };
        let mantissas = decimals.mantissas.get(block.clone()).unwrap_or_default();
        let plain = self.stated.is_empty() && self.least.is_empty();
        for ((cell, mantissa), row) in cells.iter().zip(mantissas).zip(block) {
            let own = (*cell as usize).wrapping_sub(first);
            let Some(sum) = self.sums.get_mut(own) else { continue };
            if *mantissa == Decimals::NONE {
                let odd = match decimals.others.get(&row) {
                    Some(Cell::Bad(_)) => &mut self.odd.faults,
                    _ => &mut self.odd.blanks,
                };
                *odd.entry(*cell as usize).or_insert(0) += 1;
                continue;
            }
            add(sum, *mantissa, &mut self.odd.carries, *cell as usize);
            if plain {
                continue;
            }
            if let Some(stated) = self.stated.get_mut(own) {
                *stated = (*stated).max(decimals.stated(row));
            }
            if let Some(least) = self.least.get_mut(own) {
                *least = (*least).min(*mantissa);
            }
            if let Some(greatest) = self.greatest.get_mut(own) {
                *greatest = (*greatest).max(*mantissa);
            }
        }
    }
}
