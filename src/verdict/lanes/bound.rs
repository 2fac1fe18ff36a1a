//! The leaves of laid out rules, bound to the places where their figures stand in the cubes of a submission.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::layout::{Leaf, Of, Sum};
use super::numbers::{Lane, constant};
use crate::engine::cube::PackedSlot;
use crate::quantity::{Period, Scalar};
use crate::semantics::hir::{Aggregate, Function, StandardId};
use crate::verdict::eval::Figures;
use crate::verdict::rollup::packed::{Rollup, Singles};

/// The leaves of all rules, each bound when it is first asked for.
pub(in crate::verdict) struct Bound<'f, 'a> {
    figures: &'f Figures<'a>,
    leaves: Vec<OnceLock<Option<Ready<'f>>>>,
    indices: Mutex<Known>,
    cells: Mutex<Cells>,
}

/// A leaf that can be asked for the figure of a case.
pub(super) enum Ready<'f> {
    Constant(Lane),
    Sum(Box<Placed<'f>>),
}

/// An aggregate with its place in a cube.
pub(super) struct Placed<'f> {
    pub rollup: &'f Rollup<'f>,
    /// Of a sum, in the simplest case.
    pub singles: Option<Singles<'f>>,
    pub of: &'f Sum,
    /// By column of the scope.
    pub at: Vec<At>,
    /// Where the figure of each case stands; `None`: it is the same in all.
    pub cells: Option<Arc<CaseCells>>,
    /// The cell of what is the same in all cases; `None`: no row has it.
    pub from: Option<usize>,
    /// What a sum is to be taken times, and divided by.
    pub factor: (i128, i128),
}

/// Where an index along an axis comes from.
pub(super) enum At {
    /// Always the same; `None`: no row has it.
    Fixed(Option<usize>),
    /// From the case.
    Case(Arc<Indices>),
}

/// By case: the index of its member along an axis, [`NOT_THERE`] if no row has it, [`UNTOLD`] if it is not known.
pub(super) type Indices = Vec<u32>;

pub(super) const NOT_THERE: u32 = u32::MAX;
pub(super) const UNTOLD: u32 = u32::MAX - 1;

/// No row has a member of the case.
pub(super) const NO_CELL: u64 = u64::MAX;
/// A member of the case is not known.
pub(super) const UNTOLD_CELL: u64 = u64::MAX - 1;

/// By case: where its figure stands in a cube.
pub(super) struct CaseCells {
    /// Its cell, but for what is the same in all cases; [`NO_CELL`] if no row has one of its members, [`UNTOLD_CELL`] if one is not known.
    pub cells: Vec<u64>,
    /// How many cells from its own on lie side by side, those of the cases that follow.
    pub runs: Vec<u32>,
}

/// The indices that were looked up, by what the cases are drawn from, the query, the axis, and which of the case's members it is.
type Known = BTreeMap<(usize, usize, usize, usize), Arc<Indices>>;

/// The cells that were put together, by the draw, the query, and the axes, each with which of the case's members stands there.
type Cells = BTreeMap<(usize, usize, Vec<(usize, usize)>), Arc<CaseCells>>;

impl<'f, 'a> Bound<'f, 'a> {
    pub fn new(figures: &'f Figures<'a>) -> Self {
        let leaves = figures.prepared.leaves.iter().map(|_| OnceLock::new()).collect();
        Bound { figures, leaves, indices: Mutex::default(), cells: Mutex::default() }
    }

    /// Binds a leaf; `false` if its figures are not packed, or cannot all be told apart: a rule about it is judged case by case.
    pub(super) fn bind(&self, leaf: usize) -> bool {
        let ready = || match self.figures.prepared.leaves.get(leaf)? {
            Leaf::Standard(id, period) => self.standard(*id, *period).map(Ready::Constant),
            Leaf::Sum(sum, aggregate) => self.place(sum, aggregate).map(|placed| Ready::Sum(Box::new(placed))),
        };
        self.leaves.get(leaf).is_some_and(|place| place.get_or_init(ready).is_some())
    }

    /// A leaf that is bound.
    pub(super) fn leaf(&self, leaf: usize) -> Option<&Ready<'f>> {
        self.leaves.get(leaf)?.get()?.as_ref()
    }

    fn standard(&self, id: StandardId, period: Period) -> Option<Lane> {
        match self.figures.context.standards.in_force(id, period).map(|entry| &entry.value) {
            None => Some(Lane::Missing),
            Some(Scalar::Number(number)) => Some(constant(number)),
            Some(_) => None,
        }
    }

    fn place(&self, of: &'f Sum, aggregate: &Aggregate) -> Option<Placed<'f>> {
        let rollup = self.figures.rollup(aggregate)?.packed().filter(|rollup| rollup.wild.is_empty())?;
        let scope = &rollup.scope;
        if of.at.len() != scope.axes.len() {
            return None;
        }
        let mut at = Vec::with_capacity(of.at.len());
        let mut from = Some(0);
        let mut lists: Vec<(usize, Arc<Indices>)> = Vec::new();
        let mut drawn = Vec::new();
        for ((axis, _), of_column) in scope.axes.iter().zip(&of.at) {
            let axis_of = scope.cube.axes.get(*axis)?;
            let fixed = match of_column {
                Of::Period(period) => axis_of.place(&Scalar::Period(*period)),
                Of::Given(member) => axis_of.place(&Scalar::Text(Arc::clone(member))),
                Of::Case(position) => {
                    let list = self.indices(of.draw?, of.query, *axis, *position)?;
                    drawn.push((*axis, *position));
                    lists.push((axis_of.stride, Arc::clone(&list)));
                    at.push(At::Case(list));
                    continue;
                }
            };
            from = from.zip(fixed).map(|(from, index)| from + index * axis_of.stride);
            at.push(At::Fixed(fixed));
        }
        let cells = match of.draw {
            Some(draw) => {
                let mut known = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
                let cells = known.entry((draw, of.query, drawn)).or_insert_with(|| Arc::new(cells(&lists)));
                Some(Arc::clone(cells))
            }
            None => None,
        };
        let factor = match scope.cube.slots.get(rollup.slot())? {
            PackedSlot::Rows => (1, 1),
            PackedSlot::Decimals(sums) => sums.unit()?,
        };
        let singles = (of.function == Function::Sum).then(|| rollup.singles()).flatten();
        Some(Placed { rollup, singles, of, at, cells, from, factor })
    }

    /// The indices of a member of the cases along an axis.
    fn indices(&self, draw: usize, query: usize, axis: usize, position: usize) -> Option<Arc<Indices>> {
        let of = self.figures.packed(query)?.axes.get(axis)?;
        let cases = self.figures.drawn(draw)?;
        let mut known = self.indices.lock().unwrap_or_else(PoisonError::into_inner);
        let list = known.entry((draw, query, axis, position)).or_insert_with(|| {
            let index = |member: Option<&crate::verdict::eval::Member>| match member {
                Some((_, Some(member))) => match of.place(&Scalar::Text(Arc::clone(member))) {
                    Some(index) => u32::try_from(index).unwrap_or(UNTOLD),
                    None => NOT_THERE,
                },
                _ => UNTOLD,
            };
            Arc::new(cases.iter().map(|case| index(case.get(position))).collect())
        });
        Some(Arc::clone(list))
    }
}

/// The cells of cases, from the indices of their members along some axes, each with its stride.
fn cells(lists: &[(usize, Arc<Indices>)]) -> CaseCells {
    let cases = lists.first().map_or(0, |(_, list)| list.len());
    let of_case = |case: usize| {
        let mut cell = 0u64;
        for (stride, list) in lists {
            match list.get(case) {
                Some(&NOT_THERE) => return NO_CELL,
                Some(&UNTOLD) | None => return UNTOLD_CELL,
                Some(index) => cell += u64::from(*index) * *stride as u64,
            }
        }
        cell
    };
    let cells: Vec<u64> = (0..cases).map(of_case).collect();
    let mut runs = vec![1; cells.len()];
    let mut next: Option<(u64, u32)> = None;
    for (cell, run) in cells.iter().zip(&mut runs).rev() {
        if let Some((next, of_next)) = next
            && *cell < UNTOLD_CELL
            && *cell + 1 == next
        {
            *run = of_next + 1;
        }
        next = Some((*cell, *run));
    }
    CaseCells { cells, runs }
}
