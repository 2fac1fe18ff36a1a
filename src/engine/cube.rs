//! A cube as arrays: an entry for each combination of keys that has rows, or for all of them. It is added up in exact integers.

mod cells;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use foldhash::HashMap;

use super::{Accumulator, Group, Key};
use crate::quantity::{Number, Scalar};
pub use cells::Cells;

/// A cube whose cells stand in arrays.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    /// In the order of the query's keys.
    pub axes: Vec<Axis>,
    /// Which cells have an entry.
    pub cells: Cells,
    /// By entry: how many rows it has; 0 where there is no group.
    pub rows: Vec<u32>,
    /// By slot.
    pub slots: Vec<PackedSlot>,
}

/// The values of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The different ones.
    pub keys: Vec<Key>,
    /// By how much the index of a cell grows from one key to the next.
    pub stride: usize,
    places: HashMap<Scalar, usize>,
}

/// What a slot accumulated.
#[derive(Clone, Debug, PartialEq)]
pub enum PackedSlot {
    /// Rows only.
    Rows,
    /// Decimals.
    Decimals(Box<Sums>),
}

/// Sums of decimals, by entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    /// Of the digits without their point, modulo 2^64.
    pub sums: Vec<i64>,
    /// How often a sum went over the top, less how often under the bottom.
    pub carries: HashMap<usize, i64>,
    /// Blank cells.
    pub blanks: HashMap<usize, u64>,
    /// Unreadable cells.
    pub faults: HashMap<usize, u64>,
    /// Most digits after the point that were stated; empty: as many as `scale` in every entry.
    pub stated: Vec<u8>,
    /// Least and greatest, where they were asked for; of an entry without figures, the greatest and least of all numbers.
    pub extremes: Option<(Vec<i64>, Vec<i64>)>,
    /// A figure is `sum / 10^scale × factor`.
    pub scale: u8,
    /// What 1 is in base units.
    pub factor: Number,
    /// See [`Sums::unit`].
    pub unit: OnceLock<Option<(i128, i128)>>,
    /// By block of entries: is any of them more than a sum? `None`: not known yet.
    pub odd: Option<Vec<bool>>,
}

/// So many entries are a block.
const BLOCK: usize = 1 << 10;

/// What some cells of a slot come to together.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Rows that the filter lets through.
    pub rows: u64,
    /// Of these, blank ones.
    pub blanks: u64,
    /// Of these, unreadable ones.
    pub faults: u64,
    /// Rows for which the filter is unknown.
    pub unknown: u64,
    /// Rows for which the filter could not be evaluated.
    pub filter_faults: u64,
    /// Of the digits without their point: fewer than 2^32 rows of 64 bits always fit.
    pub sum: i128,
    /// Most digits after the point that were stated.
    pub stated: u8,
    /// The least figure, without its point.
    pub min: i64,
    /// The greatest.
    pub max: i64,
}

impl Default for Part {
    fn default() -> Self {
        Part {
            rows: 0,
            blanks: 0,
            faults: 0,
            unknown: 0,
            filter_faults: 0,
            sum: 0,
            stated: 0,
            min: i64::MAX,
            max: i64::MIN,
        }
    }
}

impl Part {
    /// Adds what other cells come to.
    pub fn merge(&mut self, other: &Part) {
        self.rows += other.rows;
        self.blanks += other.blanks;
        self.faults += other.faults;
        self.unknown += other.unknown;
        self.filter_faults += other.filter_faults;
        self.sum += other.sum;
        self.stated = self.stated.max(other.stated);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

impl Axis {
    /// Of these keys; the stride is set by the cube.
    pub fn new(keys: Vec<Key>) -> Self {
        let known = keys.iter().enumerate().filter_map(|(at, key)| match key {
            Key::Known(scalar) => Some((scalar.clone(), at)),
            Key::Blank | Key::Bad => None,
        });
        let places = known.collect();
        Axis { keys, stride: 0, places }
    }

    /// The index of a value.
    pub fn place(&self, value: &Scalar) -> Option<usize> {
        self.places.get(value).copied()
    }

    /// The index of the key of a cell.
    pub fn key(&self, cell: usize) -> usize {
        cell / self.stride.max(1) % self.keys.len().max(1)
    }

    /// The indices of some values, and of keys whose value cannot be told, in order.
    pub fn may_be(&self, values: &[Scalar]) -> Vec<usize> {
        let mut found: Vec<usize> = values.iter().filter_map(|value| self.place(value)).collect();
        if !self.is_certain() {
            found.extend((0..self.keys.len()).filter(|index| self.is_untold(*index)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Has the key of an index no known value?
    pub fn is_untold(&self, index: usize) -> bool {
        !matches!(self.keys.get(index), Some(Key::Known(_)))
    }

    /// Can all its keys be told?
    pub fn is_certain(&self) -> bool {
        self.places.len() == self.keys.len()
    }
}

impl Packed {
    /// What a slot accumulated in an entry.
    pub fn part(&self, slot: usize, entry: usize) -> Part {
        let rows = u64::from(self.rows.get(entry).copied().unwrap_or(0));
        let mut part = Part { rows, ..Part::default() };
        if let (Some(PackedSlot::Decimals(sums)), true) = (self.slots.get(slot), rows > 0) {
            part.sum = i128::from(sums.sums.get(entry).copied().unwrap_or(0));
            if !sums.are_plain(entry..entry + 1) {
                part.blanks = sums.blanks.get(&entry).copied().unwrap_or(0);
                part.faults = sums.faults.get(&entry).copied().unwrap_or(0);
                part.sum += i128::from(sums.carries.get(&entry).copied().unwrap_or(0)) << 64;
            }
            if part.blanks + part.faults < rows {
                part.stated = sums.stated.get(entry).copied().unwrap_or(sums.scale);
            }
            if let Some((least, greatest)) = &sums.extremes {
                part.min = least.get(entry).copied().unwrap_or(i64::MAX);
                part.max = greatest.get(entry).copied().unwrap_or(i64::MIN);
            }
        }
        part
    }

    /// A part as an accumulator.
    pub fn accumulator(&self, slot: usize, part: &Part) -> Accumulator {
        let mut accumulator = Accumulator {
            rows: part.rows,
            blanks: part.blanks,
            faults: part.faults,
            unknown: part.unknown,
            filter_faults: part.filter_faults,
            scale: part.stated,
            ..Accumulator::default()
        };
        if let Some(PackedSlot::Decimals(sums)) = self.slots.get(slot)
            && part.blanks + part.faults < part.rows
        {
            accumulator.sum = Some(sums.number(part.sum));
            if sums.extremes.is_some() && part.min <= part.max {
                accumulator.min = Some(Scalar::Number(sums.number(part.min.into())));
                accumulator.max = Some(Scalar::Number(sums.number(part.max.into())));
                if sums.factor.is_negative() {
                    std::mem::swap(&mut accumulator.min, &mut accumulator.max);
                }
            }
        }
        accumulator
    }

    /// The group of some keys.
    pub fn group(&self, keys: &[Key]) -> Option<Group> {
        let mut cell = 0;
        for (axis, key) in self.axes.iter().zip(keys) {
            cell += axis.keys.iter().position(|known| known == key)? * axis.stride;
        }
        let entry = self.cells.entry(cell)?;
        let rows = self.rows.get(entry).filter(|rows| **rows > 0)?;
        let slots = (0..self.slots.len()).map(|slot| self.accumulator(slot, &self.part(slot, entry)));
        Some(Group { rows: u64::from(*rows), slots: slots.collect() })
    }

    /// Visits the combinations of keys of some axes that have a group, as their indices.
    pub fn each_present(&self, axes: &[usize], mut visit: impl FnMut(&[usize])) {
        let (strides, size) = self.places(axes);
        let mut indices = vec![0; strides.len()];
        self.projected(&strides, size).each(0..size, |place, _| {
            for (index, (axis, stride)) in indices.iter_mut().zip(&strides) {
                *index = self.axes.get(*axis).map_or(0, |of| place / stride % of.keys.len());
            }
            visit(&indices);
        });
    }

    /// Places for all combinations of some axes, in the order of the cells: the stride of each axis, and how many places there are.
    pub fn places(&self, axes: &[usize]) -> (Vec<(usize, usize)>, usize) {
        let mut size = 1;
        let mut strides: Vec<(usize, usize)> = axes.iter().map(|axis| (*axis, 0)).collect();
        let mut inner_first: Vec<(&Axis, &mut usize)> =
            strides.iter_mut().filter_map(|(axis, stride)| Some((self.axes.get(*axis)?, stride))).collect();
        inner_first.sort_by_key(|(axis, _)| axis.stride);
        for (axis, stride) in inner_first {
            *stride = size;
            size *= axis.keys.len();
        }
        (strides, size)
    }

    /// The places of some axes, each with its stride, at which any row stands.
    pub fn projected(&self, by: &[(usize, usize)], places: usize) -> Cells {
        let mut found = Present::new(places, self.cells.len());
        self.runs(by, &[], (0, 0), &mut |run| {
            if found.is_full() {
                return;
            }
            let has_rows = |entry: usize| self.rows.get(entry).is_some_and(|rows| *rows > 0);
            if run.step == 0 {
                if !found.has(run.place) && self.cells.entries(run.cells()).any(has_rows) {
                    found.add(run.place);
                }
                return;
            }
            self.cells.each(run.cells(), |cell, entry| {
                if has_rows(entry) {
                    found.add(run.place_of(cell));
                }
            });
        });
        found.into_cells()
    }

    /// Every cell, in runs of cells that lie together, with their places by some axes, each with its stride. Some axes are held
    /// at a key, from whose cell and place all others are counted.
    pub fn runs(
        &self,
        by: &[(usize, usize)],
        held: &[usize],
        (cell, place): (usize, usize),
        visit: &mut impl FnMut(Run),
    ) {
        let step = |(at, axis): (usize, &Axis)| {
            let step = by.iter().find(|(by, _)| *by == at).map_or(0, |(_, stride)| *stride);
            Steps { stride: axis.stride, step, len: axis.keys.len(), held: held.contains(&at) }
        };
        let mut all: Vec<Steps> = self.axes.iter().enumerate().map(step).filter(|axis| axis.len != 1).collect();
        all.sort_unstable_by_key(|axis| std::cmp::Reverse(axis.stride));
        let mut free: Vec<Steps> = all.iter().filter(|axis| !axis.held).copied().collect();
        // Two axes of which one goes on where the other ends are one.
        free.dedup_by(|inner, outer| {
            let goes_on = outer.stride == inner.stride * inner.len && outer.step == inner.step * inner.len;
            if goes_on {
                *outer = Steps { len: inner.len * outer.len, ..*inner };
            }
            goes_on
        });
        let outer = free.split_last().map_or(&[][..], |(last, outer)| if last.stride == 1 { outer } else { &free });
        let count = outer.iter().fold(1usize, |count, axis| count.saturating_mul(axis.len));
        if count <= self.cells.len() {
            return runs(&free, cell, place, visit);
        }
        // Of very many combinations few have rows: they are gone through one by one.
        let above: Vec<Steps> = all.iter().take_while(|axis| axis.held).copied().collect();
        let start: usize = above.iter().map(|axis| axis.key(cell) * axis.stride).sum();
        let end = above.last().map_or(usize::MAX, |axis| start + axis.stride);
        self.cells.each(start..end, |own, _| {
            if all.iter().all(|axis| !axis.held || axis.key(own) == axis.key(cell)) {
                let place = place + free.iter().map(|axis| axis.key(own) * axis.step).sum::<usize>();
                visit(Run { cell: own, place, len: 1, step: 0 });
            }
        });
    }
}

/// Cells and places along an axis.
#[derive(Clone, Copy)]
struct Steps {
    stride: usize,
    step: usize,
    len: usize,
    held: bool,
}

impl Steps {
    /// The key of a cell.
    fn key(&self, cell: usize) -> usize {
        cell / self.stride % self.len
    }
}

/// Places at which rows stand, while they are gathered.
enum Present {
    /// And how many more there could be.
    Bits(Vec<u64>, usize),
    Few(BTreeSet<u64>),
}

impl Present {
    /// Out of so many places, for so many cells.
    fn new(places: usize, cells: usize) -> Self {
        if places / 64 <= cells.max(BLOCK) {
            Present::Bits(vec![0; places.div_ceil(64)], places)
        } else {
            Present::Few(BTreeSet::new())
        }
    }

    fn has(&self, place: usize) -> bool {
        match self {
            Present::Bits(bits, _) => bits.get(place / 64).is_some_and(|bits| bits & 1 << (place % 64) != 0),
            Present::Few(places) => places.contains(&(place as u64)),
        }
    }

    fn is_full(&self) -> bool {
        matches!(self, Present::Bits(_, 0))
    }

    fn add(&mut self, place: usize) {
        match self {
            Present::Bits(bits, more) => {
                if let Some(bits) = bits.get_mut(place / 64).filter(|bits| **bits & 1 << (place % 64) == 0) {
                    *bits |= 1 << (place % 64);
                    *more -= 1;
                }
            }
            Present::Few(places) => {
                places.insert(place as u64);
            }
        }
    }

    fn into_cells(self) -> Cells {
        match self {
            Present::Bits(bits, _) => Cells::of_bits(bits),
            Present::Few(places) => Cells::listed(places.into_iter().collect()),
        }
    }
}

/// Cells that lie together.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The first.
    pub cell: usize,
    /// Its place.
    pub place: usize,
    /// How many there are.
    pub len: usize,
    /// By how much the place grows from one to the next.
    pub step: usize,
}

impl Run {
    /// Which.
    pub fn cells(&self) -> Range<usize> {
        self.cell..self.cell + self.len
    }

    /// The place of one of them.
    pub fn place_of(&self, cell: usize) -> usize {
        self.place + (cell - self.cell) * self.step
    }
}

/// The runs of axes.
fn runs(axes: &[Steps], cell: usize, place: usize, visit: &mut impl FnMut(Run)) {
    match axes {
        [] => visit(Run { cell, place, len: 1, step: 0 }),
        [Steps { stride: 1, step, len, .. }] => visit(Run { cell, place, len: *len, step: *step }),
        [axis, rest @ ..] => {
            for key in 0..axis.len {
                runs(rest, cell + key * axis.stride, place + key * axis.step, visit);
            }
        }
    }
}

impl Sums {
    /// Notes which entries are more than a sum: to be done when all is added up.
    pub fn settle(&mut self) {
        let mut odd = vec![false; self.sums.len().div_ceil(BLOCK)];
        for entry in self.carries.keys().chain(self.blanks.keys()).chain(self.faults.keys()) {
            odd.get_mut(entry / BLOCK).into_iter().for_each(|odd| *odd = true);
        }
        self.odd = Some(odd);
    }

    /// Have some entries, for certain, no blank and no unreadable figure, and sums that never went over?
    #[inline]
    pub fn are_plain(&self, entries: Range<usize>) -> bool {
        let blocks = entries.start / BLOCK..entries.end.div_ceil(BLOCK);
        match self.odd.as_ref().and_then(|odd| odd.get(blocks)) {
            Some([one]) => !one,
            Some(odd) => !odd.contains(&true),
            None => false,
        }
    }

    /// What one digit is in base units, as numerator and denominator, if they fit.
    pub fn unit(&self) -> Option<(i128, i128)> {
        *self.unit.get_or_init(|| self.number(1).to_parts())
    }

    /// The number of a sum of digits, in base units.
    pub fn number(&self, sum: i128) -> Number {
        &Number::from_scaled(sum.into(), u32::from(self.scale)) * &self.factor
    }
}
