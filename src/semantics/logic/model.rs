//! Figures with which conditions hold together: of all that do, ones that read well.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::simplex::{Delta, Side, Simplex};
use super::vars::{Atom, Range, Var, Vars};
use crate::quantity::Number;
use crate::semantics::hir::Type;

/// Figures with which conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Numbers, in base units; days, levels and the like as their number.
    pub numbers: BTreeMap<Var, Number>,
    /// What is demanded of texts.
    pub texts: BTreeMap<Var, Texts>,
}

/// Which texts are left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// One of these; `None`: any.
    pub among: Option<BTreeSet<Arc<str>>>,
    /// None of these.
    pub not: BTreeSet<Arc<str>>,
}

/// Which figures are to be preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefer {
    /// Those at the bounds that are set, in few digits.
    Plain,
    /// Large ones.
    High,
    /// Small ones, far below 0.
    Low,
}

impl Texts {
    /// Demands that it is (or is not) one of these.
    pub fn narrow(&mut self, listed: &BTreeSet<Arc<str>>, yes: bool) {
        match (&mut self.among, yes) {
            (Some(among), true) => among.retain(|text| listed.contains(text)),
            (None, true) => self.among = Some(listed.clone()),
            (_, false) => self.not.extend(listed.iter().cloned()),
        }
    }

    /// Is none left?
    pub fn none(&self) -> bool {
        self.among.as_ref().is_some_and(|among| among.iter().all(|text| self.not.contains(text)))
    }

    /// The first text that is left, of those listed or else of these.
    pub fn pick(&self, candidates: impl IntoIterator<Item = Arc<str>>) -> Option<Arc<str>> {
        let left = |text: &Arc<str>| !self.not.contains(text);
        match &self.among {
            Some(among) => among.iter().find(|text| left(text)).cloned(),
            None => candidates.into_iter().find(left),
        }
    }
}

/// Chooses a value for every column, one after the other: the first of some candidates with which the rest can still be.
pub fn numbers(
    simplex: &mut Simplex<usize>,
    columns: &BTreeMap<Var, usize>,
    vars: &Vars<'_>,
    prefer: Prefer,
) -> BTreeMap<Var, Number> {
    for (var, column) in columns {
        let Some(info) = vars.get(*var) else { continue };
        let unit = match &info.ty {
            Type::Quantity(unit) => unit.factor().clone(),
            _ => Number::one(),
        };
        let found = match &info.range {
            Range::Whole(low, high) => {
                let filled = matches!(info.atom, Atom::Filled(..));
                whole_candidates(simplex, *column, [low, high], filled || prefer == Prefer::High)
            }
            _ => candidates(simplex, *column, &unit, prefer),
        };
        for candidate in found {
            let mark = simplex.mark();
            let held = [Side::Lower, Side::Upper]
                .into_iter()
                .all(|side| simplex.demand(*column, side, Delta::of(candidate.clone()), usize::MAX).is_ok());
            if held && simplex.solve().is_ok() {
                break;
            }
            simplex.back_to(mark);
        }
    }
    // After an attempt that failed, the values are those of the attempt.
    let _ = simplex.solve();
    let step = simplex.step();
    let value = |column: &usize| {
        let Delta { real, steps } = simplex.value(*column);
        &real + &(&steps * &step)
    };
    columns.iter().map(|(var, column)| (*var, value(column))).collect()
}

/// Values for a column of whole numbers, the best first: bounds that are set, rather than those that all such values have.
fn whole_candidates(simplex: &Simplex<usize>, column: usize, range: [&Option<Number>; 2], high: bool) -> Vec<Number> {
    let bounds = [Side::Lower, Side::Upper].map(|side| simplex.bound(column, side).map(|bound| &bound.value.real));
    let set =
        bounds.into_iter().zip(range).filter(|(bound, own)| *bound != own.as_ref()).filter_map(|(bound, _)| bound);
    let mut found: Vec<Number> = set.cloned().collect();
    found.extend(range[1].clone().filter(|_| high));
    let Delta { real, steps } = simplex.value(column);
    found.extend((real.is_integer() && steps.is_zero()).then_some(real));
    found
}

/// Values for a column, the best first.
fn candidates(simplex: &Simplex<usize>, column: usize, unit: &Number, prefer: Prefer) -> Vec<Number> {
    let in_unit = |value: &Number| value.div(unit).unwrap_or_else(Number::zero);
    let far = &Number::from(10_000i128) * unit;
    let mut found = match prefer {
        Prefer::Plain => Vec::new(),
        Prefer::High => vec![far],
        Prefer::Low => vec![-&far],
    };
    let bounds = [Side::Lower, Side::Upper].map(|side| simplex.bound(column, side).map(|bound| &bound.value));
    found.extend(bounds.iter().flatten().filter(|bound| bound.steps.is_zero()).map(|bound| bound.real.clone()));
    if prefer == Prefer::Plain {
        // Just beside a bound that is not reached.
        for bound in bounds.iter().flatten().filter(|bound| !bound.steps.is_zero()) {
            let side = if bound.steps.is_negative() { -1 } else { 1 };
            let beside = (0..3u32).filter_map(|digits| Number::ratio(side, 10i128.pow(digits)));
            found.extend(beside.map(|beside| &(&in_unit(&bound.real) + &beside) * unit));
        }
    }
    let Delta { real, steps } = simplex.value(column);
    for digits in 0..5u32 {
        let Some(scale) = Number::ratio(10i128.pow(digits), 1) else { continue };
        let figure = &in_unit(&real) * &scale;
        let floor = figure.floor();
        let (below, above) = (&floor - &Number::one(), &floor + &Number::one());
        let tried = match (figure == floor, steps.is_negative(), steps.is_zero()) {
            (_, _, true) => [floor, above],
            (true, true, _) => [below, floor],
            (false, true, _) => [floor, above],
            (_, false, _) => [above, floor],
        };
        found.extend(tried.iter().filter_map(|figure| figure.div(&scale)).map(|figure| &figure * unit));
    }
    found
}
