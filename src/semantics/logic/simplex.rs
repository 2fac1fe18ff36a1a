//! Exact linear reasoning: are there numbers within all these bounds, and if not, which bounds exclude each other?
//!
//! The general simplex of Dutertre and de Moura ("A fast linear-arithmetic solver for DPLL(T)", 2006), over exact
//! rationals, with Bland's rule. A strict bound is one that an infinitely small step is added to. Knows columns and bounds,
//! not what they stand for.

use std::collections::BTreeMap;

use crate::quantity::Number;

/// A number and a multiple of an infinitely small step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delta {
    /// The number.
    pub real: Number,
    /// How many steps are added to it.
    pub steps: Number,
}

/// Which side of a column a bound is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It is at least this.
    Lower,
    /// It is at most this.
    Upper,
}

/// A bound, and what demands it.
#[derive(Clone, Debug)]
pub struct Bound<R> {
    /// How far.
    pub value: Delta,
    /// What demands it.
    pub reason: R,
}

/// Why there are no such numbers.
#[derive(Clone, Debug)]
pub enum Failure<R> {
    /// These bounds exclude each other: each times its number (above 0), added up, is a contradiction.
    Conflict(Vec<(R, Side, Number)>),
    /// It was given up.
    Exhausted,
}

/// A change that can be taken back.
#[derive(Clone, Debug)]
struct Change<R> {
    column: usize,
    side: Side,
    before: Option<Bound<R>>,
}

/// See the module. Columns that are sums of others are basic where they have a row.
#[derive(Clone, Debug)]
pub struct Simplex<R> {
    values: Vec<Delta>,
    lower: Vec<Option<Bound<R>>>,
    upper: Vec<Option<Bound<R>>>,
    rows: BTreeMap<usize, BTreeMap<usize, Number>>,
    trail: Vec<Change<R>>,
    pivots: usize,
}

impl Delta {
    /// A number as it is.
    pub fn of(real: Number) -> Self {
        Delta { real, steps: Number::zero() }
    }

    fn plus(&self, factor: &Number, other: &Delta) -> Delta {
        Delta { real: &self.real + &(factor * &other.real), steps: &self.steps + &(factor * &other.steps) }
    }

    fn minus(&self, other: &Delta) -> Delta {
        self.plus(&-&Number::one(), other)
    }
}

impl<R: Clone> Simplex<R> {
    /// Without columns; gives up after so many pivots.
    pub fn new(pivots: usize) -> Self {
        Simplex {
            values: Vec::new(),
            lower: Vec::new(),
            upper: Vec::new(),
            rows: BTreeMap::new(),
            trail: Vec::new(),
            pivots,
        }
    }

    /// A new column without bounds.
    pub fn column(&mut self) -> usize {
        self.values.push(Delta::of(Number::zero()));
        self.lower.push(None);
        self.upper.push(None);
        self.values.len() - 1
    }

    /// A new column that is a sum of others.
    pub fn sum(&mut self, terms: &BTreeMap<usize, Number>) -> usize {
        let mut row: BTreeMap<usize, Number> = BTreeMap::new();
        let mut value = Delta::of(Number::zero());
        for (column, factor) in terms {
            if let Some(of) = self.values.get(*column) {
                value = value.plus(factor, of);
            }
            match self.rows.get(column) {
                Some(inner) => inner.iter().for_each(|(column, inner)| add(&mut row, *column, &(factor * inner))),
                None => add(&mut row, *column, factor),
            }
        }
        let column = self.column();
        if let Some(slot) = self.values.get_mut(column) {
            *slot = value;
        }
        self.rows.insert(column, row);
        column
    }

    /// The bound of a column on one side.
    pub fn bound(&self, column: usize, side: Side) -> Option<&Bound<R>> {
        let bounds = match side {
            Side::Lower => &self.lower,
            Side::Upper => &self.upper,
        };
        bounds.get(column)?.as_ref()
    }

    /// The value that a column has at present.
    pub fn value(&self, column: usize) -> Delta {
        self.values.get(column).cloned().unwrap_or_else(|| Delta::of(Number::zero()))
    }

    /// How many changes of bounds there were: what [`Simplex::back_to`] goes back to.
    pub fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Takes bounds back.
    pub fn back_to(&mut self, mark: usize) {
        while self.trail.len() > mark {
            let Some(Change { column, side, before }) = self.trail.pop() else { return };
            if let Some(slot) = self.slot(column, side) {
                *slot = before;
            }
        }
    }

    fn slot(&mut self, column: usize, side: Side) -> Option<&mut Option<Bound<R>>> {
        match side {
            Side::Lower => self.lower.get_mut(column),
            Side::Upper => self.upper.get_mut(column),
        }
    }

    /// Demands a bound.
    ///
    /// # Errors
    /// The bound on the other side excludes it.
    pub fn demand(&mut self, column: usize, side: Side, value: Delta, reason: R) -> Result<(), Failure<R>> {
        let other = match side {
            Side::Lower => Side::Upper,
            Side::Upper => Side::Lower,
        };
        let beyond = |a: &Delta, b: &Delta| if side == Side::Lower { a > b } else { a < b };
        if self.bound(column, side).is_some_and(|known| !beyond(&value, &known.value)) {
            return Ok(());
        }
        if let Some(opposite) = self.bound(column, other)
            && beyond(&value, &opposite.value)
        {
            let one = Number::one;
            return Err(Failure::Conflict(vec![(opposite.reason.clone(), other, one()), (reason, side, one())]));
        }
        let free = !self.rows.contains_key(&column) && beyond(&value, &self.value(column));
        let bound = Some(Bound { value: value.clone(), reason });
        if let Some(slot) = self.slot(column, side) {
            let before = std::mem::replace(slot, bound);
            self.trail.push(Change { column, side, before });
        }
        if free {
            self.move_to(column, &value);
        }
        Ok(())
    }

    /// Sets a column without a row, and all that rest on it.
    fn move_to(&mut self, column: usize, value: &Delta) {
        let difference = value.minus(&self.value(column));
        for (basic, row) in &self.rows {
            if let (Some(factor), Some(slot)) = (row.get(&column), self.values.get_mut(*basic)) {
                *slot = slot.plus(factor, &difference);
            }
        }
        if let Some(slot) = self.values.get_mut(column) {
            *slot = value.clone();
        }
    }

    /// Finds values within all bounds.
    ///
    /// # Errors
    /// There are none, or it was given up.
    pub fn solve(&mut self) -> Result<(), Failure<R>> {
        while let Some((basic, side, target)) = self.violated() {
            let Some(row) = self.rows.get(&basic) else { return Err(Failure::Exhausted) };
            let helps = |(column, factor): &(&usize, &Number)| {
                let up = factor.is_negative() == (side == Side::Upper);
                let limit = self.bound(**column, if up { Side::Upper } else { Side::Lower });
                limit.is_none_or(|limit| limit.value != self.value(**column))
            };
            let Some(entering) = row.iter().find(helps).map(|(column, _)| *column) else {
                return Err(Failure::Conflict(self.conflict(basic, side)));
            };
            if self.pivots == 0 {
                return Err(Failure::Exhausted);
            }
            self.pivots -= 1;
            self.pivot(basic, entering, &target);
        }
        Ok(())
    }

    /// The first basic column outside its bounds, and where it should be.
    fn violated(&self) -> Option<(usize, Side, Delta)> {
        self.rows.keys().find_map(|column| {
            let value = self.values.get(*column)?;
            let lower = self.bound(*column, Side::Lower).filter(|bound| *value < bound.value);
            let upper = self.bound(*column, Side::Upper).filter(|bound| *value > bound.value);
            lower
                .map(|bound| (*column, Side::Lower, bound.value.clone()))
                .or_else(|| upper.map(|bound| (*column, Side::Upper, bound.value.clone())))
        })
    }

    /// The bounds that keep a basic column from where it should be.
    fn conflict(&self, basic: usize, side: Side) -> Vec<(R, Side, Number)> {
        let mut found = Vec::new();
        let mut note = |column: usize, side: Side, factor: Number| {
            found.extend(self.bound(column, side).map(|bound| (bound.reason.clone(), side, factor)));
        };
        note(basic, side, Number::one());
        for (column, factor) in self.rows.get(&basic).into_iter().flatten() {
            let up = factor.is_negative() == (side == Side::Upper);
            note(*column, if up { Side::Upper } else { Side::Lower }, factor.abs());
        }
        found
    }

    /// Makes `entering` basic in place of `leaving`, which gets the value `target`.
    fn pivot(&mut self, leaving: usize, entering: usize, target: &Delta) {
        let Some(mut row) = self.rows.remove(&leaving) else { return };
        let Some(factor) = row.remove(&entering) else { return };
        let Some(inverse) = Number::one().div(&factor) else { return };
        let step = target.minus(&self.value(leaving));
        let moved = self.value(entering).plus(&inverse, &step);
        // entering = (leaving − rest) / factor
        let mut solved: BTreeMap<usize, Number> =
            row.iter().map(|(column, rest)| (*column, -&(rest * &inverse))).collect();
        solved.insert(leaving, inverse);
        let difference = moved.minus(&self.value(entering));
        for (basic, row) in &mut self.rows {
            let Some(factor) = row.remove(&entering) else { continue };
            if let Some(slot) = self.values.get_mut(*basic) {
                *slot = slot.plus(&factor, &difference);
            }
            for (column, part) in &solved {
                add(row, *column, &(&factor * part));
            }
        }
        self.rows.insert(entering, solved);
        for (column, value) in [(leaving, target.clone()), (entering, moved)] {
            if let Some(slot) = self.values.get_mut(column) {
                *slot = value;
            }
        }
    }

    /// A size of the step with which all columns are within their bounds: at most 1.
    pub fn step(&self) -> Number {
        let mut step = Number::one();
        for column in 0..self.values.len() {
            let value = self.value(column);
            for side in [Side::Lower, Side::Upper] {
                let Some(bound) = self.bound(column, side) else { continue };
                let (low, high) = if side == Side::Lower { (&bound.value, &value) } else { (&value, &bound.value) };
                // low.real + low.steps·s ≤ high.real + high.steps·s
                let room = &high.real - &low.real;
                let loss = &low.steps - &high.steps;
                if !loss.is_negative()
                    && let Some(limit) = room.div(&loss)
                    && limit < step
                {
                    step = limit;
                }
            }
        }
        step
    }
}

fn add(row: &mut BTreeMap<usize, Number>, column: usize, more: &Number) {
    let total = row.get(&column).map_or_else(|| more.clone(), |known| known + more);
    if total.is_zero() {
        row.remove(&column);
    } else {
        row.insert(column, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: i128) -> Number {
        Number::from(value)
    }

    fn strict(value: i128, steps: i128) -> Delta {
        Delta { real: number(value), steps: number(steps) }
    }

    #[test]
    fn bounds_on_a_sum_are_kept_or_named() {
        let mut simplex: Simplex<&str> = Simplex::new(100);
        let (a, b) = (simplex.column(), simplex.column());
        let sum = simplex.sum(&BTreeMap::from([(a, number(1)), (b, number(1))]));
        simplex.demand(a, Side::Lower, strict(60, 0), "a").unwrap();
        simplex.demand(b, Side::Lower, strict(50, 0), "b").unwrap();
        let mark = simplex.mark();
        simplex.demand(sum, Side::Upper, strict(110, 0), "110").unwrap();
        assert!(simplex.solve().is_ok());
        simplex.demand(sum, Side::Upper, strict(110, -1), "110").unwrap();
        let Err(Failure::Conflict(conflict)) = simplex.solve() else { panic!("there are none") };
        let mut names: Vec<&str> = conflict.iter().map(|(name, ..)| *name).collect();
        names.sort_unstable();
        assert_eq!(names, ["110", "a", "b"]);
        simplex.back_to(mark);
        simplex.demand(sum, Side::Upper, strict(200, 0), "200").unwrap();
        assert!(simplex.solve().is_ok());
    }

    #[test]
    fn a_step_is_small_enough_for_all_strict_bounds() {
        let mut simplex: Simplex<()> = Simplex::new(100);
        let (a, b) = (simplex.column(), simplex.column());
        let difference = simplex.sum(&BTreeMap::from([(a, number(1)), (b, number(-1))]));
        simplex.demand(a, Side::Lower, strict(0, 1), ()).unwrap();
        simplex.demand(difference, Side::Upper, strict(0, -1), ()).unwrap();
        let tenth = Number::ratio(1, 10).unwrap();
        simplex.demand(b, Side::Upper, Delta { real: tenth.clone(), steps: number(-1) }, ()).unwrap();
        simplex.solve().unwrap();
        let step = simplex.step();
        let at = |column| {
            let value: Delta = simplex.value(column);
            &value.real + &(&value.steps * &step)
        };
        assert!(at(a) > Number::zero() && at(b) > at(a) && at(b) < tenth);
    }
}
