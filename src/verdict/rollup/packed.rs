//! Rollups of a packed cube: sums of cells in exact integers, or the cells themselves where each is all of a scope.
//!
//! What is not packed is in [`super::groups`]; what both come to is the same.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashMapExt};

use super::{Keys, Total};
use crate::engine::Key;
use crate::engine::cube::{self, Cells, Packed, PackedSlot, Part, Run};
use crate::plan::operators;
use crate::plan::{Query, Source, all_demanded, columns_of};
use crate::quantity::{Scalar, Truth};
use crate::semantics::hir::{ColumnId, Expr};

/// So many cells of a scope are summed up each time that they are asked for.
const FEW: usize = 8;
/// So few places are never too many.
const FEW_PLACES: usize = 1 << 6;

/// The places of a scope in a packed cube.
#[derive(Debug)]
pub(in crate::verdict) struct Scope<'a> {
    pub cube: &'a Packed,
    /// By column of the scope: its axis and the stride of its places.
    pub axes: Vec<(usize, usize)>,
    /// How many places there are.
    places: usize,
    /// The places at which any row stands, once they are asked for.
    exists: OnceLock<Cells>,
}

/// What an aggregate's scopes come to.
#[derive(Debug)]
pub(in crate::verdict) struct Rollup<'a> {
    pub scope: Arc<Scope<'a>>,
    slot: usize,
    total: usize,
    sums: Sums,
    all: Option<Arc<Parts>>,
    /// Places of which a key cannot be told.
    pub wild: Vec<Vec<Key>>,
}

#[derive(Debug)]
enum Sums {
    /// A place is these cells, from its own on, each with what the filter says of it.
    Cells(Vec<(usize, Truth)>),
    /// By place; those that the filter lets no row of through are absent.
    Places(Parts),
}

/// By place.
#[derive(Debug)]
pub(in crate::verdict) enum Parts {
    /// Of all places.
    Dense(Vec<Part>),
    /// Of some.
    Sparse(HashMap<usize, Part>),
}

impl Parts {
    /// For so many entries that are added up to so many places.
    fn new(entries: usize, places: usize) -> Self {
        if places <= FEW_PLACES.max(entries / 4) {
            Parts::Dense(vec![Part::default(); places])
        } else {
            Parts::Sparse(HashMap::new())
        }
    }

    fn add(&mut self, place: usize, part: &Part) {
        match self {
            Parts::Dense(parts) => {
                if let Some(own) = parts.get_mut(place) {
                    own.merge(part);
                }
            }
            Parts::Sparse(parts) => parts.entry(place).or_default().merge(part),
        }
    }

    /// Adds cells that lie together, as far as a filter lets them through.
    fn add_run(&mut self, cube: &Packed, slot: usize, run: Run, passes: Truth) {
        let rows = |entry: usize| cube.rows.get(entry).copied().filter(|rows| *rows > 0);
        let entries = cube.cells.entries(run.cells());
        if let (Parts::Dense(parts), Truth::True, Some(PackedSlot::Decimals(sums))) =
            (&mut *self, passes, cube.slots.get(slot))
            && sums.are_plain(entries.clone())
        {
            let add = |part: &mut Part, entry: usize| {
                let Some(rows) = rows(entry) else { return };
                part.rows += u64::from(rows);
                part.sum += i128::from(sums.sums.get(entry).copied().unwrap_or(0));
                part.stated = part.stated.max(sums.stated.get(entry).copied().unwrap_or(sums.scale));
                if let Some((least, greatest)) = &sums.extremes {
                    part.min = part.min.min(least.get(entry).copied().unwrap_or(i64::MAX));
                    part.max = part.max.max(greatest.get(entry).copied().unwrap_or(i64::MIN));
                }
            };
            let is_whole = entries.len() == run.len;
            match (run.step, parts.get_mut(run.place..)) {
                (0, Some([part, ..])) if sums.stated.is_empty() && sums.extremes.is_none() => {
                    let rows = cube.rows.get(entries.clone()).unwrap_or_default();
                    let rows: u64 = rows.iter().map(|rows| u64::from(*rows)).sum();
                    let own = sums.sums.get(entries).unwrap_or_default();
                    part.merge(&Part {
                        rows,
                        sum: own.iter().map(|sum| i128::from(*sum)).sum(),
                        stated: if rows > 0 { sums.scale } else { 0 },
                        ..Part::default()
                    });
                }
                (0, Some([part, ..])) => entries.for_each(|entry| add(part, entry)),
                (1, Some(parts)) if is_whole => {
                    parts.iter_mut().zip(entries).for_each(|(part, entry)| add(part, entry))
                }
                _ => cube.cells.each(run.cells(), |cell, entry| {
                    parts.get_mut(run.place_of(cell)).into_iter().for_each(|part| add(part, entry));
                }),
            }
            return;
        }
        cube.cells.each(run.cells(), |cell, entry| {
            if rows(entry).is_some() {
                self.add(run.place_of(cell), &passed(cube, slot, entry, passes));
            }
        });
    }

    fn get(&self, place: usize) -> Part {
        match self {
            Parts::Dense(parts) => parts.get(place),
            Parts::Sparse(parts) => parts.get(&place),
        }
        .copied()
        .unwrap_or_default()
    }

    /// The places of which any row counts, or might.
    fn places(&self) -> Vec<usize> {
        let counts = |part: &Part| part.rows + part.unknown + part.filter_faults > 0;
        match self {
            Parts::Dense(parts) => (0..parts.len()).filter(|at| parts.get(*at).is_some_and(counts)).collect(),
            Parts::Sparse(parts) => parts.iter().filter(|(_, part)| counts(part)).map(|(place, _)| *place).collect(),
        }
    }
}

impl<'a> Scope<'a> {
    /// `None` if the cube is not by all of these columns.
    pub fn new(cube: &'a Packed, query: &Query, scope: &[ColumnId]) -> Option<Self> {
        let axis = |column: &ColumnId| query.keys.iter().position(|key| key == column);
        let (axes, size) = cube.places(&scope.iter().map(axis).collect::<Option<Vec<usize>>>()?);
        Some(Scope { cube, axes, places: size, exists: OnceLock::new() })
    }

    /// By how much a place grows from one key of an axis to the next.
    fn stride(&self, axis: usize) -> usize {
        self.axes.iter().find(|(own, _)| *own == axis).map_or(0, |(_, stride)| *stride)
    }

    /// Does any row stand at a place?
    fn exists(&self, place: usize) -> bool {
        let exists = self.exists.get_or_init(|| self.cube.projected(&self.axes, self.places));
        exists.entry(place).is_some()
    }

    fn is_certain(&self) -> bool {
        self.axes.iter().all(|(axis, _)| self.cube.axes.get(*axis).is_some_and(|axis| axis.is_certain()))
    }

    /// The keys of a place.
    fn keys(&self, place: usize) -> Vec<Key> {
        let key = |(axis, stride): &(usize, usize)| {
            let keys = &self.cube.axes.get(*axis)?.keys;
            keys.get(place / stride % keys.len().max(1)).cloned()
        };
        self.axes.iter().filter_map(key).collect()
    }

    /// The indices of some members, by column of the scope.
    pub fn indices(&self, members: &[Scalar]) -> Option<Vec<usize>> {
        let index = |((axis, _), member): (&(usize, usize), &Scalar)| self.cube.axes.get(*axis)?.place(member);
        self.axes.iter().zip(members).map(index).collect()
    }

    fn place(&self, indices: &[usize]) -> usize {
        self.axes.iter().zip(indices).map(|((_, stride), index)| stride * index).sum()
    }

    fn cell(&self, indices: &[usize]) -> usize {
        let stride = |axis: &usize| self.cube.axes.get(*axis).map_or(0, |axis| axis.stride);
        self.axes.iter().zip(indices).map(|((axis, _), index)| stride(axis) * index).sum()
    }
}

impl<'a> Rollup<'a> {
    /// `all`: of a share, the sums over all rows.
    pub fn new(
        scope: Arc<Scope<'a>>,
        source: Source,
        filter: Option<&Expr>,
        all: Option<Arc<Parts>>,
        env: Keys<'_>,
    ) -> Self {
        let cube = scope.cube;
        let mut filtered = BTreeSet::new();
        filter.iter().for_each(|filter| columns_of(filter, &mut filtered));
        let filtered: Vec<usize> = (0..cube.axes.len())
            .filter(|at| env.query.keys.get(*at).is_some_and(|key| filtered.contains(key)))
            .collect();
        let others = (0..cube.axes.len()).filter(|axis| !filtered.contains(axis));
        let of_each = others.clone().filter_map(|axis| cube.axes.get(axis)).map(|axis| axis.keys.len());
        let of_each = of_each.fold(1, usize::saturating_mul);
        let choices = choices(&scope, &filtered, filter, env);
        let chosen = choices.iter().fold(1, |chosen: usize, (_, keys)| chosen.saturating_mul(keys.len()));
        // Of very many combinations few have rows, and only these are looked at.
        let one_by_one = chosen > FEW && chosen.saturating_mul(of_each) > cube.rows.len();
        let combinations = if one_by_one { Vec::new() } else { combinations(&scope, &choices, filter, env) };
        let in_scope = |axis: &usize| scope.axes.iter().any(|(own, _)| own == axis);
        let direct = !one_by_one
            && scope.is_certain()
            && all.is_none()
            && combinations.len() <= FEW
            && others.clone().all(|axis| in_scope(&axis))
            && !filtered.iter().any(in_scope);
        let mut rollup = Rollup {
            slot: source.slot,
            total: source.total,
            sums: Sums::Cells(Vec::new()),
            all,
            wild: Vec::new(),
            scope,
        };
        if direct {
            rollup.sums = Sums::Cells(combinations.into_iter().map(|(cell, _, passes)| (cell, passes)).collect());
            return rollup;
        }
        let scope = Arc::clone(&rollup.scope);
        let parts = if one_by_one {
            one_by_one_parts(&scope, source.slot, &filtered, filter, env)
        } else {
            let entries = cube.rows.len().min(combinations.len().saturating_mul(of_each));
            let mut parts = Parts::new(entries, scope.places);
            for (cell, place, passes) in combinations {
                cube.runs(&scope.axes, &filtered, (cell, place), &mut |run| {
                    parts.add_run(cube, source.slot, run, passes);
                });
            }
            parts
        };
        if !scope.is_certain() {
            let could_be = |place: &usize| scope.keys(*place).iter().any(|key| !matches!(key, Key::Known(_)));
            let mut wild: BTreeSet<usize> = parts.places().into_iter().filter(could_be).collect();
            // Of a share, all rows count.
            wild.extend(rollup.all.iter().flat_map(|all| all.places()).filter(could_be));
            rollup.wild = wild.iter().map(|place| scope.keys(*place)).collect();
        }
        rollup.sums = Sums::Places(parts);
        rollup
    }

    /// The sums of a slot over all rows.
    pub fn all(scope: &Scope<'_>, slot: usize) -> Parts {
        let cube = scope.cube;
        let mut parts = Parts::new(cube.rows.len(), scope.places);
        cube.runs(&scope.axes, &[], (0, 0), &mut |run| parts.add_run(cube, slot, run, Truth::True));
        parts
    }

    /// What the rows of some members come to, and all of them for a share; `None` if none stand there.
    pub fn parts(&self, indices: &[usize]) -> Option<(Part, Part)> {
        let place = self.scope.place(indices);
        if !self.scope.exists(place) {
            return None;
        }
        let all = self.all.as_ref().map(|all| all.get(place)).unwrap_or_default();
        let filtered = match &self.sums {
            Sums::Places(parts) => parts.get(place),
            Sums::Cells(cells) => {
                let own = self.scope.cell(indices);
                let mut part = Part::default();
                for (cell, passes) in cells {
                    if let Some(entry) = self.scope.cube.cells.entry(own + cell) {
                        part.merge(&passed(self.scope.cube, self.slot, entry, *passes));
                    }
                }
                part
            }
        };
        Some((filtered, all))
    }

    /// Its sums in the simplest case, where the rows of some members stand in single cells.
    pub fn singles(&self) -> Option<Singles<'_>> {
        let (Sums::Cells(of_each), None) = (&self.sums, &self.all) else { return None };
        let cube = self.scope.cube;
        let PackedSlot::Decimals(sums) = cube.slots.get(self.slot)? else { return None };
        Some(Singles { of_each, cells: &cube.cells, rows: &cube.rows, sums })
    }

    /// The same as accumulators.
    pub fn total(&self, members: &[Scalar]) -> Option<Total> {
        let (filtered, all) = self.parts(&self.scope.indices(members)?)?;
        let cube = self.scope.cube;
        Some(Total { filtered: cube.accumulator(self.slot, &filtered), all: cube.accumulator(self.total, &all) })
    }

    /// The slot that it adds up.
    pub fn slot(&self) -> usize {
        self.slot
    }
}

/// Sums of single cells.
pub(in crate::verdict) struct Singles<'a> {
    /// The cells of some members, from their first on.
    of_each: &'a [(usize, Truth)],
    cells: &'a Cells,
    rows: &'a [u32],
    sums: &'a cube::Sums,
}

/// What is known of a sum.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::verdict) enum Told {
    /// The sum of its digits.
    Sum,
    /// No row counts.
    NoRows,
    /// [`Rollup::parts`] has to say it.
    Other,
}

/// So few members are looked at one by one.
const FEW_MEMBERS: usize = 1 << 2;

impl Singles<'_> {
    /// The sums of members whose cells lie side by side, by the first of their cells: those whose rows stand in one cell, all of them with
    /// a figure, and fit. Of members without rows nothing is written.
    pub fn read(&self, first: usize, told: &mut [Told], sums: &mut [i64]) {
        fn write(sum: Result<i64, Told>, (told, own): (&mut Told, &mut i64)) {
            match sum {
                Ok(sum) => (*told, *own) = (Told::Sum, sum),
                Err(other) => *told = other,
            }
        }
        let own = first..first + told.len();
        let cells = |from: usize| own.start + from..own.end + from;
        let from = match self.of_each {
            _ if told.len() <= FEW_MEMBERS => None,
            [(from, Truth::True)] => Some(*from),
            _ => self.only(|from| self.cells.entries(cells(from)).any(|entry| self.has_rows(entry))),
        };
        let Some(from) = from else {
            for (own, into) in own.zip(told.iter_mut().zip(sums)) {
                write(self.get(own), into);
            }
            return;
        };
        let entries = self.cells.entries(cells(from));
        let are_plain = self.sums.are_plain(entries.clone());
        if are_plain && entries.len() == own.len() {
            for (told, rows) in told.iter_mut().zip(self.rows.get(entries.clone()).unwrap_or_default()) {
                *told = if *rows > 0 { Told::Sum } else { Told::NoRows };
            }
            if let Some(all) = self.sums.sums.get(entries) {
                sums.copy_from_slice(all);
            }
            return;
        }
        let start = cells(from).start;
        self.cells.each(cells(from), |cell, entry| {
            let into = told.get_mut(cell - start).zip(sums.get_mut(cell - start));
            into.into_iter().for_each(|into| write(self.of_entry(entry, are_plain), into));
        });
    }

    /// The sum of members whose rows stand in one cell, or what else is known; `is_plain`: it is known to be no more than a sum.
    fn of_entry(&self, entry: usize, is_plain: bool) -> Result<i64, Told> {
        if !self.has_rows(entry) {
            return Err(Told::NoRows);
        }
        if !is_plain && !self.sums.are_plain(entry..entry + 1) {
            return Err(Told::Other);
        }
        self.sums.sums.get(entry).copied().ok_or(Told::Other)
    }

    /// Of the cells of some members, from their first on, the only one in which any row stands.
    fn only(&self, has_rows: impl Fn(usize) -> bool) -> Option<usize> {
        let mut with_rows = self.of_each.iter().filter(|(from, _)| has_rows(*from));
        let (from, passes) = with_rows.next().or(self.of_each.first())?;
        (*passes == Truth::True && with_rows.next().is_none()).then_some(*from)
    }

    /// The same of some members, wherever their rows stand.
    fn get(&self, own: usize) -> Result<i64, Told> {
        let mut with_rows =
            self.of_each.iter().filter_map(|(from, passes)| Some((self.with_rows(own + from)?, *passes)));
        match (with_rows.next(), with_rows.next()) {
            (None, _) => Err(Told::NoRows),
            (Some((entry, Truth::True)), None) => self.of_entry(entry, false),
            _ => Err(Told::Other),
        }
    }

    /// The entry of a cell in which any row stands.
    fn with_rows(&self, cell: usize) -> Option<usize> {
        self.cells.entry(cell).filter(|entry| self.has_rows(*entry))
    }

    fn has_rows(&self, entry: usize) -> bool {
        self.rows.get(entry).is_some_and(|rows| *rows > 0)
    }
}

/// What a filter leaves of an entry.
fn passed(cube: &Packed, slot: usize, entry: usize, passes: Truth) -> Part {
    let rows = || u64::from(cube.rows.get(entry).copied().unwrap_or(0));
    match passes {
        Truth::True => cube.part(slot, entry),
        Truth::False => Part::default(),
        Truth::Borderline | Truth::Unknown => Part { unknown: rows(), ..Part::default() },
        Truth::Error => Part { filter_faults: rows(), ..Part::default() },
    }
}

/// By axis that a filter looks at: the keys that it may let through.
fn choices(scope: &Scope<'_>, filtered: &[usize], filter: Option<&Expr>, env: Keys<'_>) -> Vec<(usize, Vec<usize>)> {
    let demanded = filter.map(all_demanded).unwrap_or_default();
    let keys = |axis: &usize| {
        let (of, column) = (scope.cube.axes.get(*axis)?, env.query.keys.get(*axis)?);
        let wanted = demanded.iter().find(|(own, _)| own == column).map(|(_, wanted)| wanted.as_slice());
        Some((*axis, wanted.map_or_else(|| (0..of.keys.len()).collect(), |wanted| of.may_be(wanted))))
    };
    filtered.iter().filter_map(keys).collect()
}

/// Where the combinations of keys lie that a filter does not leave out, and what it says of each.
fn combinations(
    scope: &Scope<'_>,
    choices: &[(usize, Vec<usize>)],
    filter: Option<&Expr>,
    env: Keys<'_>,
) -> Vec<(usize, usize, Truth)> {
    let Some(filter) = filter else { return vec![(0, 0, Truth::True)] };
    let mut codes: Vec<Key> = vec![Key::Bad; scope.cube.axes.len()];
    let mut found = Vec::new();
    choose(scope, choices, &mut codes, (0, 0), &mut |codes, (cell, place)| {
        let passes = operators::truth(&Keys { codes, ..env }, filter);
        if passes != Truth::False {
            found.push((cell, place, passes));
        }
    });
    found
}

/// The sums of what a filter lets through, from one look at each entry: the filter is asked once for each combination that has one.
fn one_by_one_parts(scope: &Scope<'_>, slot: usize, filtered: &[usize], filter: Option<&Expr>, env: Keys<'_>) -> Parts {
    let cube = scope.cube;
    let mut parts = Parts::new(cube.rows.len(), scope.places);
    let mut known: HashMap<usize, Truth> = HashMap::new();
    let mut codes: Vec<Key> = vec![Key::Bad; cube.axes.len()];
    let (strides, _) = cube.places(filtered);
    let number = |cell: usize, by: &[(usize, usize)]| {
        let step = |(axis, stride): &(usize, usize)| cube.axes.get(*axis).map_or(0, |axis| axis.key(cell) * stride);
        by.iter().map(step).sum::<usize>()
    };
    cube.cells.each(0..usize::MAX, |cell, entry| {
        if cube.rows.get(entry).is_none_or(|rows| *rows == 0) {
            return;
        }
        let passes = *known.entry(number(cell, &strides)).or_insert_with(|| {
            for axis in filtered {
                let key = cube.axes.get(*axis).and_then(|of| of.keys.get(of.key(cell)));
                if let (Some(code), Some(key)) = (codes.get_mut(*axis), key) {
                    code.clone_from(key);
                }
            }
            filter.map_or(Truth::True, |filter| operators::truth(&Keys { codes: &codes, ..env }, filter))
        });
        if passes != Truth::False {
            parts.add(number(cell, &scope.axes), &passed(cube, slot, entry, passes));
        }
    });
    parts
}

/// What is done with some keys, at their cell and place.
type Visit<'v> = dyn FnMut(&[Key], (usize, usize)) + 'v;

/// Goes through the combinations of some axes, of each the keys that are to be looked at.
fn choose(
    scope: &Scope<'_>,
    choices: &[(usize, Vec<usize>)],
    codes: &mut [Key],
    (cell, place): (usize, usize),
    visit: &mut Visit<'_>,
) {
    let Some(((axis, keys), rest)) = choices.split_first() else { return visit(codes, (cell, place)) };
    let Some(of) = scope.cube.axes.get(*axis) else { return };
    let stride = scope.stride(*axis);
    for at in keys {
        if let (Some(code), Some(key)) = (codes.get_mut(*axis), of.keys.get(*at)) {
            code.clone_from(key);
        }
        choose(scope, rest, codes, (cell + at * of.stride, place + at * stride), visit);
    }
}
