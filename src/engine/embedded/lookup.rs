//! Which rows hold some of many combinations of values: by codes, where the columns are coded, else by the values themselves.

use std::borrow::Cow;
use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::index::{self, BLOCK, Coding};
use crate::data::Table;
use crate::data::column::Codes;
use crate::engine::Key;
use crate::quantity::Scalar;
use crate::semantics::hir::ColumnId;

/// Wanted combinations of values, each with what it is wanted for.
pub(super) type Wanted<'s> = HashMap<Vec<Cow<'s, Scalar>>, Vec<usize>>;

/// Of so many rows, one may be wanted at most for each to be looked up by itself.
const FEW: usize = 3;

/// So few that a column is enough to tell most of the others: one in so many.
const RARE: usize = 10;

/// So many combinations are not looked at by two columns.
const MANY_PLACES: usize = 1 << 16;

/// Codes are looked up in a table of at most so many combinations.
const MOST: usize = 1 << 25;

/// Looks rows of a table up.
pub(super) enum Lookup<'w, 't> {
    Coded(Coded<'w, 't>),
    Each(&'t Table, Vec<ColumnId>, &'w Wanted<'w>),
}

impl<'w, 't> Lookup<'w, 't> {
    pub fn new(table: &'t Table, columns: &[ColumnId], wanted: &'w Wanted<'w>) -> Self {
        match Coded::new(table, columns, wanted) {
            Some(coded) => Lookup::Coded(coded),
            None => Lookup::Each(table, columns.to_vec(), wanted),
        }
    }

    /// Calls `visit` with every row of some, in order, that holds a wanted combination, or could hold any because one of its
    /// cells has no known value: then there is nothing that it is wanted for.
    pub fn rows(&self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<&[usize]>)) {
        match self {
            Lookup::Coded(coded) => coded.rows(rows, visit),
            Lookup::Each(..) => rows.for_each(|row| self.row(row, &mut visit)),
        }
    }

    /// The same for one row.
    pub fn row(&self, row: usize, mut visit: impl FnMut(usize, Option<&[usize]>)) {
        match self {
            Lookup::Coded(coded) => coded.row(row, visit),
            Lookup::Each(table, columns, wanted) => {
                let values: Option<Vec<Cow<'_, Scalar>>> =
                    columns.iter().map(|column| table.value(row, *column)).collect();
                match values {
                    Some(values) => {
                        if let Some(found) = wanted.get(&values) {
                            visit(row, Some(found));
                        }
                    }
                    None => visit(row, None),
                }
            }
        }
    }
}

/// A combination of codes that is not wanted.
const NOTHING: u32 = 0;
/// One in which a code has no known value.
const UNTOLD: u32 = 1;

pub(super) struct Coded<'w, 't> {
    columns: Vec<(&'t Codes, Vec<u32>)>,
    sieve: Option<Sieve<'t>>,
    /// By combination: the above, or from 2 on, an index into [`Coded::wanted`].
    uses: Vec<u32>,
    wanted: Vec<&'w [usize]>,
}

/// Which rows may be wanted, as far as one column or two tell.
enum Sieve<'t> {
    /// The codes of a column that are.
    One(&'t Codes, Vec<bool>),
    /// The combinations of the steps of two, a bit each.
    Two(Vec<(&'t Codes, Vec<u32>)>, Vec<u64>),
}

/// The values of a column that something is wanted for, as steps of a combination: 0 is any other value.
struct Steps<'t> {
    codes: &'t Codes,
    /// By value that is wanted.
    known: HashMap<Scalar, usize>,
    /// The step of what has no known value, if there is such.
    untold: Option<usize>,
    /// By code.
    by_code: Vec<usize>,
    stride: usize,
}

impl<'t> Steps<'t> {
    fn new<'s>(table: &'t Table, column: ColumnId, wanted: impl Iterator<Item = &'s Scalar>) -> Option<Self> {
        let Coding { codes, keys, axis } = index::coding(table, column, None, None)?;
        let mut known: HashMap<Scalar, usize> = HashMap::new();
        for value in wanted.filter(|value| axis.place(value).is_some()) {
            if !known.contains_key(value) {
                known.insert(value.clone(), known.len() + 1);
            }
        }
        let untold = (!axis.is_certain()).then_some(known.len() + 1);
        let step = |key: &Key| match key {
            Key::Known(value) => known.get(value).copied().unwrap_or(0),
            Key::Blank | Key::Bad => untold.unwrap_or(0),
        };
        let by_key: Vec<usize> = axis.keys.iter().map(step).collect();
        let by_code = keys.iter().map(|key| by_key.get(*key).copied().unwrap_or(0)).collect();
        Some(Steps { codes, known, untold, by_code, stride: 1 })
    }

    fn count(&self) -> usize {
        self.known.len() + 1 + usize::from(self.untold.is_some())
    }

    /// The step at a place.
    fn at(&self, place: usize) -> usize {
        place / self.stride % self.count()
    }

    /// By code: what its step adds, so much for each.
    fn offsets(&self, stride: usize) -> Vec<u32> {
        self.by_code.iter().map(|step| u32::try_from(step * stride).unwrap_or(u32::MAX)).collect()
    }
}

impl<'t> Sieve<'t> {
    /// By the places that something is wanted for: the column of whose codes fewest are wanted or, where these are many, the two columns
    /// of whose combinations fewest are.
    fn new(steps: &[Steps<'t>], known: &[usize]) -> Option<Self> {
        let wanted = |steps: &Steps<'_>| steps.by_code.iter().map(|step| *step != 0).collect::<Vec<bool>>();
        // Of how many one is wanted.
        let rarity = |steps: &Steps<'_>| {
            let few = steps.by_code.iter().filter(|step| **step != 0).count();
            steps.by_code.len() / few.max(1)
        };
        let narrowest = steps.iter().max_by_key(|steps| rarity(steps))?;
        let one = || Some(Sieve::One(narrowest.codes, wanted(narrowest)));
        if rarity(narrowest) >= RARE || known.len() >= MANY_PLACES {
            return one();
        }
        let mut best: Option<(usize, Self)> = None;
        for (at, first) in steps.iter().enumerate() {
            for second in steps.iter().skip(at + 1) {
                let stride = first.count();
                let mut bits = vec![0u64; (stride * second.count()).div_ceil(64)];
                for place in known {
                    let pair = first.at(*place) + second.at(*place) * stride;
                    bits.get_mut(pair / 64).into_iter().for_each(|word| *word |= 1 << (pair % 64));
                }
                let few: u32 = bits.iter().map(|word| word.count_ones()).sum();
                let rarity = first.by_code.len().saturating_mul(second.by_code.len()) / (few as usize).max(1);
                if rarity >= FEW && best.as_ref().is_none_or(|(best, _)| rarity > *best) {
                    let columns = vec![(first.codes, first.offsets(1)), (second.codes, second.offsets(stride))];
                    best = Some((rarity, Sieve::Two(columns, bits)));
                }
            }
        }
        best.map(|(_, two)| two).or_else(one)
    }

    /// The rows of a block that may be wanted, in order; `false` if these are so many that all may be looked at.
    fn choose(&self, block: Range<usize>, pairs: &mut Vec<u32>, chosen: &mut Vec<usize>) -> bool {
        chosen.clear();
        match self {
            Sieve::One(codes, wanted) => {
                codes.choose(block.clone(), wanted, chosen);
                chosen.len() < block.len() / FEW
            }
            Sieve::Two(columns, bits) => {
                index::index(columns, block.clone(), pairs);
                let is_wanted =
                    |pair: u32| bits.get(pair as usize / 64).is_some_and(|word| word >> (pair % 64) & 1 == 1);
                // As in choosing by codes: there is no guessing which are.
                chosen.resize(block.len() + 1, 0);
                let mut count = 0;
                for (row, pair) in block.zip(pairs.iter()) {
                    chosen.get_mut(count).into_iter().for_each(|place| *place = row);
                    count += usize::from(is_wanted(*pair));
                }
                chosen.truncate(count);
                true
            }
        }
    }
}

/// Visits the combinations that could be wanted, some step of which has no known value.
fn in_doubt(steps: &[Steps<'_>], place: usize, is_untold: bool, visit: &mut impl FnMut(usize)) {
    let Some((own, rest)) = steps.split_first() else {
        if is_untold {
            visit(place);
        }
        return;
    };
    let may_be_known = is_untold || rest.iter().any(|steps| steps.untold.is_some());
    if may_be_known {
        (1..=own.known.len()).for_each(|step| in_doubt(rest, place + step * own.stride, is_untold, visit));
    }
    own.untold.iter().for_each(|step| in_doubt(rest, place + step * own.stride, true, visit));
}

impl<'w, 't> Coded<'w, 't> {
    fn new(table: &'t Table, columns: &[ColumnId], wanted: &'w Wanted<'w>) -> Option<Self> {
        let mut steps = Vec::with_capacity(columns.len());
        let mut size = 1usize;
        for (at, column) in columns.iter().enumerate() {
            let values = wanted.keys().filter_map(|values| values.get(at)).map(Cow::as_ref);
            let mut own = Steps::new(table, *column, values)?;
            own.stride = size;
            size = size.checked_mul(own.count()).filter(|size| *size <= MOST)?;
            steps.push(own);
        }
        let mut uses = vec![NOTHING; size];
        let mut known = Vec::with_capacity(wanted.len());
        in_doubt(&steps, 0, false, &mut |place| {
            uses.get_mut(place).into_iter().for_each(|seen| *seen = UNTOLD);
            if known.len() < MANY_PLACES {
                known.push(place);
            }
        });
        let mut all = Vec::with_capacity(wanted.len());
        for (values, what) in wanted {
            let mut pairs = steps.iter().zip(values);
            let place = pairs
                .try_fold(0, |place, (steps, value)| Some(place + steps.known.get(value.as_ref())? * steps.stride));
            if let Some((place, seen)) = place.and_then(|place| Some((place, uses.get_mut(place)?))) {
                *seen = u32::try_from(all.len()).ok()?.checked_add(UNTOLD + 1)?;
                all.push(what.as_slice());
                known.push(place);
            }
        }
        let offsets = |steps: &Steps<'t>| (steps.codes, steps.offsets(steps.stride));
        let columns = steps.iter().map(offsets).collect();
        Some(Coded { columns, sieve: Sieve::new(&steps, &known), uses, wanted: all })
    }

    /// Visits a row whose combination is known, if it is wanted.
    fn at(&self, row: usize, place: u32, visit: &mut impl FnMut(usize, Option<&[usize]>)) {
        match self.uses.get(place as usize).copied().unwrap_or(NOTHING) {
            NOTHING => {}
            UNTOLD => visit(row, None),
            wanted => visit(row, self.wanted.get((wanted - UNTOLD - 1) as usize).copied()),
        }
    }

    fn row(&self, row: usize, mut visit: impl FnMut(usize, Option<&[usize]>)) {
        let offset = |(codes, offsets): &(&Codes, Vec<u32>)| {
            codes.get(row).and_then(|code| offsets.get(code)).copied().unwrap_or(0)
        };
        self.at(row, self.columns.iter().map(offset).sum(), &mut visit);
    }

    fn rows(&self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<&[usize]>)) {
        let (mut places, mut chosen) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
        for start in rows.clone().step_by(BLOCK) {
            let block = start..rows.end.min(start + BLOCK);
            let sieve = self.sieve.as_ref();
            let few = sieve.is_some_and(|sieve| sieve.choose(block.clone(), &mut places, &mut chosen));
            // Where few rows may be wanted, the other columns are looked at of these alone.
            if few {
                chosen.iter().for_each(|row| self.row(*row, &mut visit));
                continue;
            }
            index::index(&self.columns, block.clone(), &mut places);
            block.zip(&places).for_each(|(row, place)| self.at(row, *place, &mut visit));
        }
    }
}
