//! A cube as arrays: a cell for each combination of keys, whether it has rows or not. It is added up in exact integers.

use std::collections::HashMap;
use std::ops::Range;

use super::{Accumulator, Group, Key};
use crate::quantity::{Number, Scalar};

/// A cube whose cells stand in arrays.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    /// In the order of the query's keys.
    pub axes: Vec<Axis>,
    /// By cell: how many rows it has; 0 where there is no group.
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

/// Sums of decimals, by cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    /// Of the digits without their point, modulo 2^64.
    pub sums: Vec<i64>,
    /// How often the sum of a cell went over the top, less how often under the bottom.
    pub carries: HashMap<usize, i64>,
    /// Blank cells.
    pub blanks: HashMap<usize, u64>,
    /// Unreadable cells.
    pub faults: HashMap<usize, u64>,
    /// Most digits after the point that were stated; empty: as many as `scale` in every cell.
    pub stated: Vec<u8>,
    /// Least and greatest, where they were asked for; of a cell without figures, the greatest and least of all numbers.
    pub extremes: Option<(Vec<i64>, Vec<i64>)>,
    /// A figure is `sum / 10^scale × factor`.
    pub scale: u8,
    /// What 1 is in base units.
    pub factor: Number,
    /// By block of cells: is any of them more than a sum? `None`: not known yet.
    pub odd: Option<Vec<bool>>,
}

/// So many cells are a block.
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
    /// What a slot accumulated in a cell.
    pub fn part(&self, slot: usize, cell: usize) -> Part {
        let rows = u64::from(self.rows.get(cell).copied().unwrap_or(0));
        let mut part = Part { rows, ..Part::default() };
        if let (Some(PackedSlot::Decimals(sums)), true) = (self.slots.get(slot), rows > 0) {
            part.sum = i128::from(sums.sums.get(cell).copied().unwrap_or(0));
            if !sums.are_plain(cell..cell + 1) {
                part.blanks = sums.blanks.get(&cell).copied().unwrap_or(0);
                part.faults = sums.faults.get(&cell).copied().unwrap_or(0);
                part.sum += i128::from(sums.carries.get(&cell).copied().unwrap_or(0)) << 64;
            }
            if part.blanks + part.faults < rows {
                part.stated = sums.stated.get(cell).copied().unwrap_or(sums.scale);
            }
            if let Some((least, greatest)) = &sums.extremes {
                part.min = least.get(cell).copied().unwrap_or(i64::MAX);
                part.max = greatest.get(cell).copied().unwrap_or(i64::MIN);
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
        let rows = self.rows.get(cell).filter(|rows| **rows > 0)?;
        let slots = (0..self.slots.len()).map(|slot| self.accumulator(slot, &self.part(slot, cell)));
        Some(Group { rows: u64::from(*rows), slots: slots.collect() })
    }

    /// The combinations of keys of some axes that have a group, as their indices.
    pub fn present(&self, axes: &[usize]) -> Vec<Vec<usize>> {
        let (strides, size) = self.places(axes);
        let found = self.projected(&strides, size);
        let indices = |place: usize| {
            let index = |axis: usize, stride: usize| self.axes.get(axis).map(|of| place / stride % of.keys.len());
            strides.iter().filter_map(|(axis, stride)| index(*axis, *stride)).collect()
        };
        found.iter().enumerate().filter(|(_, found)| **found).map(|(place, _)| indices(place)).collect()
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

    /// By place of some axes, each with its stride: does any row stand there?
    pub fn projected(&self, by: &[(usize, usize)], places: usize) -> Vec<bool> {
        let mut found = vec![false; places];
        self.runs(by, &[], (0, 0), &mut |run| {
            let rows = self.rows.get(run.cells()).unwrap_or_default();
            match run.step {
                0 => {
                    if let Some(found) = found.get_mut(run.place).filter(|found| !**found) {
                        *found = rows.iter().any(|rows| *rows > 0);
                    }
                }
                1 => {
                    for (found, rows) in found.get_mut(run.place..).unwrap_or_default().iter_mut().zip(rows) {
                        *found |= *rows > 0;
                    }
                }
                step => {
                    for (at, _) in rows.iter().enumerate().filter(|(_, rows)| **rows > 0) {
                        found.get_mut(run.place + at * step).into_iter().for_each(|found| *found = true);
                    }
                }
            }
        });
        found
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
        let free = self.axes.iter().enumerate().filter(|(at, axis)| !held.contains(at) && axis.keys.len() != 1);
        let step = |(at, axis): (usize, &Axis)| {
            let step = by.iter().find(|(by, _)| *by == at).map_or(0, |(_, stride)| *stride);
            (axis.stride, step, axis.keys.len())
        };
        let mut steps: Vec<(usize, usize, usize)> = free.map(step).collect();
        steps.sort_unstable_by_key(|(stride, ..)| std::cmp::Reverse(*stride));
        // Two axes of which one goes on where the other ends are one.
        steps.dedup_by(|inner, outer| {
            let goes_on = outer.0 == inner.0 * inner.2 && outer.1 == inner.1 * inner.2;
            if goes_on {
                *outer = (inner.0, inner.1, inner.2 * outer.2);
            }
            goes_on
        });
        runs(&steps, cell, place, visit);
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
}

/// The runs of axes, each with its stride, the step of its places, and how many keys it has.
fn runs(axes: &[(usize, usize, usize)], cell: usize, place: usize, visit: &mut impl FnMut(Run)) {
    match axes {
        [] => visit(Run { cell, place, len: 1, step: 0 }),
        [(1, step, len)] => visit(Run { cell, place, len: *len, step: *step }),
        [(stride, step, len), rest @ ..] => {
            for key in 0..*len {
                runs(rest, cell + key * stride, place + key * step, visit);
            }
        }
    }
}

impl Sums {
    /// Notes which cells are more than a sum: to be done when all is added up.
    pub fn settle(&mut self) {
        let mut odd = vec![false; self.sums.len().div_ceil(BLOCK)];
        for cell in self.carries.keys().chain(self.blanks.keys()).chain(self.faults.keys()) {
            odd.get_mut(cell / BLOCK).into_iter().for_each(|odd| *odd = true);
        }
        self.odd = Some(odd);
    }

    /// Have some cells, for certain, no blank and no unreadable figure, and sums that never went over?
    pub fn are_plain(&self, cells: Range<usize>) -> bool {
        let blocks = cells.start / BLOCK..cells.end.div_ceil(BLOCK);
        let odd = self.odd.as_ref().and_then(|odd| odd.get(blocks));
        odd.is_some_and(|odd| !odd.contains(&true))
    }

    /// The number of a sum of digits, in base units.
    pub fn number(&self, sum: i128) -> Number {
        &Number::from_scaled(sum.into(), u32::from(self.scale)) * &self.factor
    }
}
