//! Many cases of one rule at once, on a packed cube: plain integers as long as they fit.
//!
//! A rule is [laid out](layout) once for a period, the figures that it is about are [bound](bound) to their places in the cubes of a
//! submission, and then each case is a few integer operations. What cannot be laid out or bound, and every case whose integers do not fit,
//! is left to [`super::eval`], which says the same of every case, more slowly.

mod bound;
mod layout;
mod numbers;

use std::borrow::Cow;
use std::ops::Range;

use crate::quantity::Truth;
use crate::semantics::hir::{Arithmetic, Change, Comparison, Function};
use crate::verdict::rollup::packed::{Singles, Told};
pub(super) use bound::Bound;
use bound::{At, CaseCells, NO_CELL, NOT_THERE, Placed, Ready, UNTOLD, UNTOLD_CELL};
use layout::MOST_COLUMNS;
pub(super) use layout::{Laid, Layouts, Leaf};
use numbers::{Column, Lane, Many, Narrow, Numbers, State, Truths, arithmetic, times};

/// So many cases are judged together: their numbers stay in the cache.
const BLOCK: usize = 1 << 7;
/// So few are judged one by one, with nothing to be kept of each.
const FEW: usize = 1 << 3;

/// A rule that is laid out and bound.
pub(super) struct Lanes<'b, 'f, 'a> {
    laid: &'b Laid,
    bound: &'b Bound<'f, 'a>,
}

/// A number of a case.
enum Quantity {
    Constant(Lane),
    /// A figure or a threshold, by its index.
    Leaf(usize),
    Negate(Box<Quantity>),
    Arithmetic(Arithmetic, Box<(Quantity, Quantity)>),
    /// From the first to the second.
    Change(Change, Box<(Quantity, Quantity)>),
}

enum Condition {
    Constant(Truth),
    Compare(Comparison, Box<(Quantity, Quantity)>),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

/// How a case comes out: `Some(None)` if the rule is not about it, `None` if it must be judged apart.
pub(super) type Outcome = Option<Option<Truth>>;

impl<'b, 'f, 'a> Lanes<'b, 'f, 'a> {
    /// Binds the figures of a rule; `None` if one of them has no place of its own.
    pub fn new(laid: &'b Laid, bound: &'b Bound<'f, 'a>) -> Option<Self> {
        laid.leaves.iter().all(|leaf| bound.bind(*leaf)).then_some(Lanes { laid, bound })
    }

    /// How some cases come out.
    pub fn outcomes(&self, cases: Range<usize>) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(cases.len());
        let mut without = None;
        let together = if cases.len() <= FEW { 1 } else { BLOCK };
        for start in cases.clone().step_by(together) {
            let block = start..cases.end.min(start + together);
            let figures = self.laid.leaves.iter().map(|leaf| self.figures(*leaf, block.clone())).collect();
            let block = Block { laid: self.laid, figures, len: block.len() };
            // Where most cases have no figures at all, these are judged once.
            match block.with_figures() {
                Some(chosen) => {
                    let of_others = *without.get_or_insert_with(|| block.without_figures());
                    let first = outcomes.len();
                    outcomes.extend(std::iter::repeat_n(of_others, block.len));
                    let mut own = Vec::with_capacity(chosen.len());
                    block.only(&chosen).judge(&mut own);
                    for (at, outcome) in chosen.iter().zip(own) {
                        outcomes.get_mut(first + at).into_iter().for_each(|own| *own = outcome);
                    }
                }
                None => block.judge(&mut outcomes),
            }
        }
        outcomes
    }

    /// A figure or threshold of some cases.
    fn figures(&self, leaf: usize, cases: Range<usize>) -> Column<Lane> {
        let placed = match self.bound.leaf(leaf) {
            Some(Ready::Constant(lane)) => return Column::Same(*lane),
            Some(Ready::Sum(placed)) => placed,
            None => return Column::Same(Lane::Wide),
        };
        let Some(cells) = placed.cells.as_ref().filter(|_| cases.len() > 1) else {
            return Column::Same(sum(placed, cases.start));
        };
        // No row has a value that is the same in all cases.
        let Some(from) = placed.from else { return Column::Same(Lane::Missing) };
        let narrow = placed.singles.as_ref().and_then(|singles| narrow(placed, singles, (cells, from), cases.clone()));
        match narrow {
            Some(parts) => Column::Each(Numbers::Narrow(parts)),
            None => Column::Each(cases.map(|case| sum(placed, case)).collect()),
        }
    }
}

/// The figures of some cases, of each its cell, in 64 bits; `None` if one does not fit.
fn narrow(
    placed: &Placed<'_>,
    singles: &Singles<'_>,
    (cells, from): (&CaseCells, usize),
    cases: Range<usize>,
) -> Option<Narrow> {
    let numerator = i64::try_from(placed.factor.0).ok()?;
    let denominator = i64::try_from(placed.factor.1).ok()?;
    let mut told = vec![Told::NoRows; cases.len()];
    let mut numerators = vec![0; cases.len()];
    let mut case = cases.start;
    while case < cases.end {
        let (first, run) = (*cells.cells.get(case)?, *cells.runs.get(case)?);
        let end = cases.end.min(case + run as usize);
        let at = case - cases.start..end - cases.start;
        match first {
            NO_CELL => {}
            UNTOLD_CELL => told.get_mut(at)?.fill(Told::Other),
            // There are no more cells than fit.
            first => singles.read(from + first as usize, told.get_mut(at.clone())?, numerators.get_mut(at)?),
        }
        case = end;
    }
    let mut fits = true;
    if numerator != 1 {
        for number in &mut numerators {
            let (product, is_over) = number.overflowing_mul(numerator);
            *number = product;
            fits &= !is_over;
        }
    }
    let state = |told: &Told| match told {
        Told::Sum => State::Known,
        Told::NoRows => State::Missing,
        Told::Other => State::Wide,
    };
    let mut states: Vec<State> = told.iter().map(state).collect();
    if told.contains(&Told::Other) {
        for (((told, case), state), number) in told.iter().zip(cases).zip(&mut states).zip(&mut numerators) {
            if *told != Told::Other {
                continue;
            }
            *state = match sum(placed, case) {
                Lane::Known(own, by) => {
                    *number = i64::try_from(own).ok().filter(|_| by == placed.factor.1)?;
                    State::Known
                }
                Lane::Missing => State::Missing,
                Lane::Fault => State::Fault,
                Lane::Wide => State::Wide,
            };
        }
    }
    let (numerators, denominators) = (Many::Each(numerators), Many::One(denominator));
    fits.then_some(Narrow { states, numerators, denominators })
}

/// Some cases of a rule.
struct Block<'b> {
    laid: &'b Laid,
    /// By leaf of the rule.
    figures: Vec<Column<Lane>>,
    len: usize,
}

impl<'b> Block<'b> {
    /// Adds how each case comes out.
    fn judge(&self, outcomes: &mut Vec<Outcome>) {
        match self.outcomes() {
            Column::Same(one) => outcomes.extend(std::iter::repeat_n(one, self.len)),
            Column::Each(all) => outcomes.extend(all),
        }
    }

    fn outcomes(&self) -> Column<Outcome> {
        let holds = self.truths(&self.laid.condition).map(|holds| holds.map(Some));
        match &self.laid.when {
            None => holds,
            Some(when) => self.truths(when).zip(&holds, |applies, holds| {
                let otherwise = match applies {
                    None => None,
                    Some(Truth::False) => Some(None),
                    undecided => Some(undecided),
                };
                if applies == Some(Truth::True) { holds } else { otherwise }
            }),
        }
    }

    /// The cases that have any figure of their own, by their place; `None` if most have one.
    fn with_figures(&self) -> Option<Vec<usize>> {
        let has_one = |state: &State| *state != State::Missing;
        let columns: Vec<&[State]> = self.figures.iter().filter_map(Column::states).collect();
        let most = self.len / 2;
        if columns.iter().all(|states| states.iter().filter(|state| has_one(state)).count() > most) {
            return None;
        }
        let chosen = |at: &usize| columns.iter().any(|states| states.get(*at).is_some_and(has_one));
        Some((0..self.len).filter(chosen).collect()).filter(|chosen: &Vec<usize>| chosen.len() <= most)
    }

    /// How a case comes out that has no figures of its own.
    fn without_figures(&self) -> Outcome {
        let none = |column: &Column<Lane>| match column {
            Column::Same(lane) => Column::Same(*lane),
            Column::Each(_) => Column::Same(Lane::Missing),
        };
        let figures = self.figures.iter().map(none).collect();
        match (Block { laid: self.laid, figures, len: 1 }).outcomes() {
            Column::Same(one) => one,
            Column::Each(_) => None,
        }
    }

    /// Some of the cases.
    fn only(&self, chosen: &[usize]) -> Block<'b> {
        let only = |column: &Column<Lane>| match column {
            Column::Same(lane) => Column::Same(*lane),
            Column::Each(numbers) => Column::Each(numbers.only(chosen)),
        };
        Block { laid: self.laid, figures: self.figures.iter().map(only).collect(), len: chosen.len() }
    }

    fn truths(&self, condition: &Condition) -> Truths {
        let all = |parts: &[Condition], none: Truth, of: fn(Truth, Truth) -> Truth| {
            let both = |left: Option<Truth>, right: Option<Truth>| Some(of(left?, right?));
            parts.iter().fold(Column::Same(Some(none)), |found, part| found.zip(&self.truths(part), both))
        };
        match condition {
            Condition::Constant(truth) => Column::Same(Some(*truth)),
            Condition::Not(of) => self.truths(of).map(|truth| Some(truth?.not())),
            Condition::And(parts) => all(parts, Truth::True, Truth::and),
            Condition::Or(parts) => all(parts, Truth::False, Truth::or),
            Condition::Compare(operator, sides) => self.numbers(&sides.0).compared(*operator, &self.numbers(&sides.1)),
        }
    }

    fn numbers(&self, quantity: &Quantity) -> Cow<'_, Column<Lane>> {
        Cow::Owned(match quantity {
            Quantity::Constant(lane) => Column::Same(*lane),
            Quantity::Leaf(leaf) => {
                let figures = self.laid.leaves.binary_search(leaf).ok().and_then(|at| self.figures.get(at));
                return figures.map_or(Cow::Owned(Column::Same(Lane::Wide)), Cow::Borrowed);
            }
            Quantity::Negate(of) => self.numbers(of).negated(),
            Quantity::Arithmetic(operator, sides) => {
                self.numbers(&sides.0).arithmetic(*operator, &self.numbers(&sides.1))
            }
            Quantity::Change(kind, ends) => self.numbers(&ends.0).change(*kind, &self.numbers(&ends.1)),
        })
    }
}

/// The figure of a case.
fn sum(placed: &Placed<'_>, case: usize) -> Lane {
    let (of, (numerator, denominator)) = (placed.of, placed.factor);
    let mut at = [0usize; MOST_COLUMNS];
    for (slot, from) in at.iter_mut().zip(&placed.at) {
        *slot = match from {
            At::Fixed(Some(index)) => *index,
            At::Fixed(None) => return Lane::Missing,
            At::Case(list) => match list.get(case) {
                Some(&NOT_THERE) => return Lane::Missing,
                Some(&UNTOLD) | None => return Lane::Wide,
                Some(index) => *index as usize,
            },
        };
    }
    let at = at.get(..placed.at.len()).unwrap_or_default();
    let Some((filtered, all)) = placed.rollup.parts(at) else { return Lane::Missing };
    let share = of.function == Function::Share;
    let parts = || std::iter::once(&filtered).chain(share.then_some(&all));
    if parts().any(|part| part.faults + part.filter_faults > 0) {
        return Lane::Fault;
    }
    if parts().any(|part| part.unknown > 0 || (of.blanks_matter && part.blanks > 0)) {
        return Lane::Missing;
    }
    if of.function == Function::Count {
        let counted = if of.of_column { filtered.rows - filtered.blanks } else { filtered.rows };
        return Lane::Known(counted.into(), 1);
    }
    if filtered.rows == 0 {
        return Lane::Missing;
    }
    let number = |sum: i128| times(sum, numerator);
    let Some(value) = number(filtered.sum) else { return Lane::Wide };
    let value = (value, denominator);
    match of.function {
        Function::Mean => arithmetic(Arithmetic::Divide, value, (filtered.rows.into(), 1)),
        Function::Share => match number(all.sum) {
            Some(all) => arithmetic(Arithmetic::Divide, value, (all, denominator)),
            None => Lane::Wide,
        },
        _ => Lane::Known(value.0, value.1),
    }
}
