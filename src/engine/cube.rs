//! A cube as arrays: a cell for each combination of keys, whether it has rows or not. It is added up in exact integers.

use std::collections::HashMap;

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
}

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
            let of = |counts: &HashMap<usize, u64>| match counts.is_empty() {
                true => 0,
                false => counts.get(&cell).copied().unwrap_or(0),
            };
            part.blanks = of(&sums.blanks);
            part.faults = of(&sums.faults);
            let carry = match sums.carries.is_empty() {
                true => 0,
                false => sums.carries.get(&cell).copied().unwrap_or(0),
            };
            let low = i128::from(sums.sums.get(cell).copied().unwrap_or(0));
            part.sum = low + (i128::from(carry) << 64);
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
        let mut strides = Vec::with_capacity(axes.len());
        let mut size = 1;
        for axis in axes {
            strides.push((*axis, size));
            size *= self.axes.get(*axis).map_or(1, |axis| axis.keys.len());
        }
        let mut found = vec![false; size];
        self.walk(&strides, |cell, place| {
            if self.rows.get(cell).is_some_and(|rows| *rows > 0)
                && let Some(found) = found.get_mut(place)
            {
                *found = true;
            }
        });
        let indices = |place: usize| {
            let index = |axis: usize, stride: usize| self.axes.get(axis).map(|of| place / stride % of.keys.len());
            strides.iter().filter_map(|(axis, stride)| index(*axis, *stride)).collect()
        };
        found.iter().enumerate().filter(|(_, found)| **found).map(|(place, _)| indices(place)).collect()
    }

    /// Every cell, in order of the arrays, with its place by some axes, each with its stride.
    pub fn walk(&self, by: &[(usize, usize)], mut visit: impl FnMut(usize, usize)) {
        let steps = self.axes.iter().enumerate().map(|(at, axis)| {
            let stride = by.iter().find(|(by, _)| *by == at).map_or(0, |(_, stride)| *stride);
            (0..axis.keys.len()).map(|key| (key * axis.stride, key * stride)).collect()
        });
        let mut steps: Vec<Vec<(usize, usize)>> = steps.collect();
        steps.sort_by_key(|steps: &Vec<(usize, usize)>| std::cmp::Reverse(steps.get(1).map_or(0, |(cell, _)| *cell)));
        walk(&steps, 0, 0, &mut visit);
    }
}

/// Every sum of one step of each, with what goes with it.
pub fn walk(steps: &[Vec<(usize, usize)>], cell: usize, place: usize, visit: &mut impl FnMut(usize, usize)) {
    match steps {
        [] => visit(cell, place),
        [last] => last.iter().for_each(|(to_cell, to_place)| visit(cell + to_cell, place + to_place)),
        [first, rest @ ..] => {
            for (to_cell, to_place) in first {
                walk(rest, cell + to_cell, place + to_place, visit);
            }
        }
    }
}

impl Sums {
    /// The number of a sum of digits, in base units.
    pub fn number(&self, sum: i128) -> Number {
        &Number::from_scaled(sum.into(), u32::from(self.scale)) * &self.factor
    }
}
