//! Which combinations of keys a cube keeps: its arrays have an entry for each of those, in order.
//!
//! A cube that is mostly full keeps all; one that is not, those that have rows. So its arrays are never longer than its table, however
//! many keys there are. Numbers of cells in, entries out; knows no keys.

use std::ops::Range;

/// The cells that are kept, out of all combinations.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// All of so many.
    All(usize),
    /// Those whose bits are set.
    Bits(Vec<Word>),
    /// Few of very many.
    Listed(Listed),
}

/// 64 cells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Word {
    bits: u64,
    /// How many are kept before them.
    before: u32,
}

/// Cells in order, with a directory of where those of each range begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    cells: Vec<u64>,
    /// Cells of a range are alike but for so many of their lowest bits.
    shift: u32,
    /// By range: how many are kept before it; and behind the last, how many there are.
    starts: Vec<u32>,
}

impl Cells {
    /// Those whose bits are set, of which there are fewer than 2^32.
    pub fn of_bits(bits: impl IntoIterator<Item = u64>) -> Self {
        let mut before = 0;
        let mut word = |bits: u64| {
            let word = Word { bits, before };
            before += bits.count_ones();
            word
        };
        Cells::Bits(bits.into_iter().map(&mut word).collect())
    }

    /// These, which are in order, all different, and fewer than 2^32.
    pub fn listed(cells: Vec<u64>) -> Self {
        // About two cells fall to a range, if they lie evenly.
        let most = cells.last().copied().unwrap_or(0);
        let wide = (u64::BITS - most.leading_zeros()).saturating_sub(cells.len().max(1).ilog2());
        let shift = wide.min(u64::BITS - 1);
        let ranges = usize::try_from((most >> shift) + 1).unwrap_or(0);
        let mut starts = Vec::with_capacity(ranges + 1);
        for (at, cell) in cells.iter().enumerate() {
            while (starts.len() as u64) <= cell >> shift {
                starts.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        starts.push(u32::try_from(cells.len()).unwrap_or(u32::MAX));
        Cells::Listed(Listed { cells, shift, starts })
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        match self {
            Cells::All(size) => *size,
            Cells::Bits(words) => words.last().map_or(0, |last| (last.before + last.bits.count_ones()) as usize),
            Cells::Listed(listed) => listed.cells.len(),
        }
    }

    /// None?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of a cell, if it is kept.
    #[inline]
    pub fn entry(&self, cell: usize) -> Option<usize> {
        match self {
            Cells::All(size) => (cell < *size).then_some(cell),
            Cells::Bits(words) => kept(words, cell),
            Cells::Listed(listed) => listed.search(cell as u64).ok(),
        }
    }

    /// The entries of cells that are all kept, in their place; of a number above those of all cells, no entry.
    pub fn to_entries(&self, cells: &mut [u32]) {
        match self {
            Cells::All(_) => {}
            Cells::Bits(words) => {
                for cell in cells {
                    let entry = |word: &Word| word.before + (word.bits & ((1 << (*cell % 64)) - 1)).count_ones();
                    *cell = words.get((*cell / 64) as usize).map_or(u32::MAX, entry);
                }
            }
            Cells::Listed(listed) => {
                for cell in cells {
                    let entry = listed.search((*cell).into()).unwrap_or_else(|before| before);
                    *cell = u32::try_from(entry).unwrap_or(u32::MAX);
                }
            }
        }
    }

    /// The entries of the cells that are kept out of some that lie together.
    pub fn entries(&self, cells: Range<usize>) -> Range<usize> {
        self.before(cells.start)..self.before(cells.end)
    }

    /// How many are kept before a cell.
    fn before(&self, cell: usize) -> usize {
        match self {
            Cells::All(size) => cell.min(*size),
            Cells::Bits(words) => words.get(cell / 64).map_or_else(|| self.len(), |word| word.until(1 << (cell % 64))),
            Cells::Listed(listed) => listed.search(cell as u64).unwrap_or_else(|before| before),
        }
    }

    /// Visits those of some cells that are kept, each with its entry, in order.
    pub fn each(&self, cells: Range<usize>, mut visit: impl FnMut(usize, usize)) {
        match self {
            Cells::All(size) => (cells.start..cells.end.min(*size)).for_each(|cell| visit(cell, cell)),
            Cells::Bits(words) => {
                let mut entry = self.before(cells.start);
                let mut at = cells.start;
                while at < cells.end {
                    let Some(word) = words.get(at / 64) else { return };
                    let first = at / 64 * 64;
                    let mut bits = word.bits >> (at % 64) << (at % 64);
                    at = first + 64;
                    if at > cells.end {
                        bits &= (1 << (cells.end - first)) - 1;
                    }
                    while bits != 0 {
                        visit(first + bits.trailing_zeros() as usize, entry);
                        entry += 1;
                        bits &= bits - 1;
                    }
                }
            }
            Cells::Listed(listed) => {
                let entries = self.entries(cells);
                for (cell, entry) in listed.cells.get(entries.clone()).unwrap_or_default().iter().zip(entries) {
                    visit(usize::try_from(*cell).unwrap_or(usize::MAX), entry);
                }
            }
        }
    }
}

/// The entry of a cell whose bit is set.
#[inline]
fn kept(words: &[Word], cell: usize) -> Option<usize> {
    let word = words.get(cell / 64)?;
    let bit = 1 << (cell % 64);
    (word.bits & bit != 0).then(|| word.until(bit))
}

impl Word {
    /// The entry of one of its cells, told by its bit; of one that is not kept, that of the next which is.
    fn until(self, bit: u64) -> usize {
        (self.before + (self.bits & (bit - 1)).count_ones()) as usize
    }
}

impl Listed {
    fn search(&self, cell: u64) -> Result<usize, usize> {
        let range = usize::try_from(cell >> self.shift).unwrap_or(usize::MAX);
        let start = |range: usize| self.starts.get(range).map(|start| *start as usize);
        let (Some(from), Some(to)) = (start(range), range.checked_add(1).and_then(start)) else {
            return Err(self.cells.len());
        };
        let found = self.cells.get(from..to).unwrap_or_default().binary_search(&cell);
        found.map(|at| from + at).map_err(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept(cells: &Cells, range: Range<usize>) -> Vec<(usize, usize)> {
        let mut kept = Vec::new();
        cells.each(range, |cell, entry| kept.push((cell, entry)));
        kept
    }

    proptest! {
        #[test]
        fn cells_are_kept_alike_in_bits_and_lists(
            set in proptest::collection::btree_set(0u64..400, 0..60),
            (from, to) in (0usize..420, 0usize..420),
        ) {
            let mut bits = [0u64; 7];
            set.iter().for_each(|cell| bits[*cell as usize / 64] |= 1 << (cell % 64));
            let forms = [Cells::of_bits(bits), Cells::listed(set.iter().copied().collect())];
            for cells in forms {
                prop_assert_eq!(cells.len(), set.len());
                let mut all: Vec<u32> = set.iter().map(|cell| *cell as u32).collect();
                cells.to_entries(&mut all);
                prop_assert!(all.iter().map(|entry| *entry as usize).eq(0..set.len()));
                for cell in 0..450 {
                    let before = set.range(..cell).count();
                    prop_assert_eq!(cells.entry(cell as usize), set.contains(&cell).then_some(before));
                }
                let expected: Vec<(usize, usize)> = set.iter().enumerate()
                    .filter(|(_, cell)| (from..to).contains(&(**cell as usize)))
                    .map(|(entry, cell)| (*cell as usize, entry))
                    .collect();
                if from <= to {
                    prop_assert_eq!(kept(&cells, from..to), expected.clone());
                    prop_assert_eq!(cells.entries(from..to).len(), expected.len());
                }
            }
        }

        #[test]
        fn lists_find_their_own_wherever_they_lie(set in proptest::collection::btree_set(any::<u64>(), 1..200)) {
            let cells = Cells::listed(set.iter().copied().collect());
            for (entry, cell) in set.iter().enumerate() {
                prop_assert_eq!(cells.entry(*cell as usize), Some(entry));
                prop_assert_eq!(cells.entry(cell.wrapping_add(1) as usize).is_some(), set.contains(&cell.wrapping_add(1)));
            }
        }
    }

    #[test]
    fn all_are_kept_as_they_are() {
        let cells = Cells::All(5);
        assert_eq!((cells.entry(4), cells.entry(5), cells.entries(3..9)), (Some(4), None, 3..5));
        assert_eq!(kept(&cells, 3..9), [(3, 3), (4, 4)]);
        assert!(Cells::of_bits([]).is_empty() && Cells::listed(Vec::new()).is_empty());
        assert_eq!(Cells::listed(Vec::new()).entry(0), None);
    }
}
