//! Things in order, found by the value that each has: rows of a table, classes of rows, groups of a cube.

use foldhash::HashMap;

use crate::quantity::Scalar;

/// By value, and those whose value cannot be told.
#[derive(Clone, Debug, Default)]
pub struct ByValue {
    known: HashMap<Scalar, Vec<usize>>,
    others: Vec<usize>,
}

impl ByValue {
    /// Adds one; `None`: its value cannot be told.
    pub fn add(&mut self, at: usize, value: Option<&Scalar>) {
        let Some(value) = value else { return self.others.push(at) };
        match self.known.get_mut(value) {
            Some(all) => all.push(at),
            None => self.known.extend([(value.clone(), vec![at])]),
        }
    }

    /// Those that have one of these values, or might, in order.
    pub fn may_be(&self, values: &[Scalar]) -> Vec<usize> {
        let of_value = values.iter().filter_map(|value| self.known.get(value));
        let mut found: Vec<usize> = of_value.chain([&self.others]).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
