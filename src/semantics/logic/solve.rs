//! Can conditions hold together? Figures with which they do, or which of them exclude each other, or: cannot tell.
//!
//! A search over the alternatives of the conditions, with [`Simplex`] underneath. A contradiction that does not rest on the
//! alternative at hand ends the search of the others too. Knows formulas, not rules: each comes with a tag by which the
//! conflict names it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::formula::{Formula, Literal, Sign};
use super::linear::Linear;
use super::model::{self, Model, Prefer, Texts};
use super::simplex::{Delta, Failure, Side, Simplex};
use super::vars::{Range, Var, Vars};
use crate::quantity::Number;

/// The tag of what holds of figures as such: it is never named.
pub const ALWAYS: usize = usize::MAX;

/// How many alternatives are tried.
const NODES: usize = 2_000;

/// How many pivots are made.
const PIVOTS: usize = 4_000;

/// How many sums of several figures are reasoned about at once.
const SUMS: usize = 150;

/// A condition, and the tag of what demands it.
pub type Tagged<'f> = (usize, &'f Formula);

/// Can conditions hold together?
#[derive(Clone, Debug)]
pub enum Answer {
    /// They can.
    Possible,
    /// They cannot.
    Impossible(Proof),
    /// It cannot be told.
    Unknown,
}

/// Why conditions cannot hold together.
#[derive(Clone, Debug)]
pub struct Proof {
    /// These suffice.
    pub tags: BTreeSet<usize>,
    /// If no alternatives were involved: conditions that add up to a contradiction.
    pub shares: Option<Vec<Share>>,
}

/// A condition's share in a sum that is a contradiction.
#[derive(Clone, Debug)]
pub struct Share {
    /// What demands it.
    pub tag: usize,
    /// What is demanded: this, times `factor`, is not negative.
    pub sum: Linear,
    /// Negative only if the sum is to be 0.
    pub factor: Number,
    /// Is it even above 0?
    pub strict: bool,
}

/// What demands a bound: a tag, and how many alternatives were chosen before.
type Mark = (usize, usize);

enum Stop {
    Conflict(BTreeSet<Mark>, Option<Vec<Share>>),
    Exhausted,
}

/// A literal on its way into bounds.
#[derive(Clone, Copy)]
struct Demanded<'f> {
    mark: Mark,
    sum: Option<(&'f Linear, Sign)>,
}

/// Whether the conditions can hold together.
pub fn ask(vars: &Vars<'_>, conditions: &[Tagged<'_>]) -> Answer {
    if loose(vars, conditions) {
        return Answer::Possible;
    }
    match Search::new(vars, conditions, None).and_then(|mut search| search.all(conditions)) {
        Ok(_) => Answer::Possible,
        Err(Stop::Exhausted) => Answer::Unknown,
        Err(Stop::Conflict(marks, shares)) => {
            let tags = marks.into_iter().map(|(tag, _)| tag).filter(|tag| *tag != ALWAYS).collect();
            Answer::Impossible(Proof { tags, shares })
        }
    }
}

/// Figures with which the conditions hold together.
pub fn model(vars: &Vars<'_>, conditions: &[Tagged<'_>], prefer: Prefer) -> Option<Model> {
    Search::new(vars, conditions, Some(prefer)).and_then(|mut search| search.all(conditions)).ok().flatten()
}

/// Is each condition a comparison with a figure of its own, which may have any value?
fn loose(vars: &Vars<'_>, conditions: &[Tagged<'_>]) -> bool {
    let mut taken: BTreeSet<Var> = BTreeSet::new();
    conditions.iter().all(|(_, condition)| match condition {
        Formula::Literal(Literal::Compare(sum, _)) => {
            let free = |var: &&Var| vars.get(**var).is_some_and(|info| info.range == Range::Real);
            let own = sum.terms.keys().any(|var| free(&var) && !taken.contains(var));
            taken.extend(sum.terms.keys());
            own
        }
        condition => condition.is_true(),
    })
}

struct Search<'f, 's> {
    vars: &'f Vars<'s>,
    simplex: Simplex<usize>,
    columns: BTreeMap<Var, usize>,
    sums: HashMap<BTreeMap<Var, Number>, usize>,
    whole: BTreeSet<usize>,
    demanded: Vec<Demanded<'f>>,
    texts: Vec<(Mark, Var, &'f BTreeSet<Arc<str>>, bool)>,
    nodes: usize,
    prefer: Option<Prefer>,
}

impl<'f, 's> Search<'f, 's> {
    fn new(vars: &'f Vars<'s>, conditions: &[Tagged<'f>], prefer: Option<Prefer>) -> Result<Self, Stop> {
        let mut search = Search {
            vars,
            simplex: Simplex::new(PIVOTS),
            columns: BTreeMap::new(),
            sums: HashMap::new(),
            whole: BTreeSet::new(),
            demanded: Vec::new(),
            texts: Vec::new(),
            nodes: NODES,
            prefer,
        };
        let mut sums: Vec<&Linear> = Vec::new();
        for (_, condition) in conditions {
            condition.literals(&mut |literal| {
                if let Literal::Compare(sum, _) = literal {
                    sums.push(sum);
                }
            });
        }
        for sum in sums {
            search.register(sum)?;
        }
        Ok(search)
    }

    fn register(&mut self, sum: &Linear) -> Result<(), Stop> {
        for var in sum.terms.keys() {
            self.register_var(*var)?;
        }
        let Some((terms, _)) = normal(sum).filter(|(terms, _)| terms.len() > 1) else { return Ok(()) };
        if self.sums.contains_key(&terms) {
            return Ok(());
        }
        if self.sums.len() == SUMS {
            return Err(Stop::Exhausted);
        }
        let row: BTreeMap<usize, Number> = terms
            .iter()
            .filter_map(|(var, factor)| self.columns.get(var).map(|column| (*column, factor.clone())))
            .collect();
        let whole = row.iter().all(|(column, factor)| self.whole.contains(column) && factor.is_integer());
        let column = self.simplex.sum(&row);
        if whole {
            self.whole.insert(column);
        }
        self.sums.insert(terms, column);
        Ok(())
    }

    fn register_var(&mut self, var: Var) -> Result<(), Stop> {
        if self.columns.contains_key(&var) {
            return Ok(());
        }
        let column = self.simplex.column();
        self.columns.insert(var, column);
        if let Some(Range::Whole(low, high)) = self.vars.get(var).map(|info| info.range.clone()) {
            self.whole.insert(column);
            let index = self.demanded.len();
            self.demanded.push(Demanded { mark: (ALWAYS, 0), sum: None });
            for (bound, side) in [(low, Side::Lower), (high, Side::Upper)] {
                if let Some(bound) = bound {
                    self.bound(column, side, Delta::of(bound), index)?;
                }
            }
        }
        Ok(())
    }

    fn all(&mut self, conditions: &[Tagged<'f>]) -> Result<Option<Model>, Stop> {
        let pending = conditions.iter().map(|(tag, condition)| ((*tag, 0), *condition)).collect();
        self.search(pending, Vec::new(), 0)
    }

    /// Demands what is pending, then tries the alternatives of a choice that has the fewest.
    fn search(
        &mut self,
        mut pending: Vec<(Mark, &'f Formula)>,
        mut choices: Vec<(Mark, &'f [Formula])>,
        level: usize,
    ) -> Result<Option<Model>, Stop> {
        self.nodes = self.nodes.checked_sub(1).ok_or(Stop::Exhausted)?;
        while let Some((mark, condition)) = pending.pop() {
            match condition {
                Formula::All(parts) => pending.extend(parts.iter().map(|part| (mark, part))),
                Formula::Any(parts) if parts.is_empty() => {
                    return Err(Stop::Conflict(BTreeSet::from([mark]), None));
                }
                Formula::Any(parts) => choices.push((mark, parts)),
                Formula::Literal(literal) => self.demand(mark, literal)?,
            }
        }
        self.simplex.solve().map_err(|failure| self.stop(failure))?;
        let next = (0..choices.len()).min_by_key(|at| choices.get(*at).map(|(_, parts)| parts.len()));
        let Some((mark, alternatives)) = next.map(|next| choices.swap_remove(next)) else { return self.finish(level) };
        self.choose(mark, alternatives.len(), level, |search, at| {
            let pending = alternatives.get(at).map(|alternative| ((mark.0, level + 1), alternative));
            search.search(pending.into_iter().collect(), choices.clone(), level + 1)
        })
    }

    /// Tries alternatives; those excluded by what was demanded before excuse the others from being tried.
    fn choose(
        &mut self,
        mark: Mark,
        count: usize,
        level: usize,
        mut attempt: impl FnMut(&mut Self, usize) -> Result<Option<Model>, Stop>,
    ) -> Result<Option<Model>, Stop> {
        let mut core: BTreeSet<Mark> = BTreeSet::from([mark]);
        for at in 0..count {
            let state = (self.simplex.mark(), self.demanded.len(), self.texts.len());
            let outcome = attempt(self, at);
            self.simplex.back_to(state.0);
            self.demanded.truncate(state.1);
            self.texts.truncate(state.2);
            match outcome {
                Err(Stop::Conflict(marks, _)) if marks.iter().any(|(_, at)| *at == level + 1) => {
                    core.extend(marks.into_iter().filter(|(_, at)| *at <= level));
                }
                Err(Stop::Conflict(marks, _)) => return Err(Stop::Conflict(marks, None)),
                other => return other,
            }
        }
        Err(Stop::Conflict(core, None))
    }

    /// Figures that are counted must come out whole.
    fn finish(&mut self, level: usize) -> Result<Option<Model>, Stop> {
        let broken = self.columns.values().copied().find_map(|column| {
            let value = self.simplex.value(column);
            (self.whole.contains(&column) && !(value.real.is_integer() && value.steps.is_zero()))
                .then(|| (column, value.real.floor()))
        });
        let Some((column, below)) = broken else {
            return Ok(self.prefer.map(|prefer| self.model(prefer)));
        };
        self.choose((ALWAYS, level), 2, level, |search, at| {
            let index = search.demanded.len();
            search.demanded.push(Demanded { mark: (ALWAYS, level + 1), sum: None });
            let (side, bound) = match at {
                0 => (Side::Upper, below.clone()),
                _ => (Side::Lower, &below + &Number::one()),
            };
            search.bound(column, side, Delta::of(bound), index)?;
            search.search(Vec::new(), Vec::new(), level + 1)
        })
    }

    fn model(&mut self, prefer: Prefer) -> Model {
        let numbers = model::numbers(&mut self.simplex, &self.columns, self.vars, prefer);
        let mut texts: BTreeMap<Var, Texts> = BTreeMap::new();
        for (_, var, listed, yes) in &self.texts {
            texts.entry(*var).or_default().narrow(listed, *yes);
        }
        Model { numbers, texts }
    }

    fn demand(&mut self, mark: Mark, literal: &'f Literal) -> Result<(), Stop> {
        let (sum, sign) = match literal {
            Literal::Compare(sum, sign) => (sum, *sign),
            Literal::OneOf(var, listed, yes) => {
                self.texts.push((mark, *var, listed, *yes));
                return self.check_text(*var);
            }
        };
        let index = self.demanded.len();
        self.demanded.push(Demanded { mark, sum: Some((sum, sign)) });
        let Some((terms, factor)) = normal(sum) else { return Ok(()) };
        let column = match terms.keys().next() {
            Some(only) if terms.len() == 1 => self.columns.get(only),
            _ => self.sums.get(&terms),
        };
        let (Some(column), Some(value)) = (column.copied(), (-&sum.constant).div(&factor)) else {
            return Err(Stop::Exhausted);
        };
        let up = if factor.is_negative() { Side::Upper } else { Side::Lower };
        let value = match (sign, up) {
            (Sign::Zero | Sign::NotNegative, _) => Delta::of(value),
            (Sign::Positive, Side::Lower) => Delta { real: value, steps: Number::one() },
            (Sign::Positive, Side::Upper) => Delta { real: value, steps: -&Number::one() },
        };
        self.bound(column, up, value.clone(), index)?;
        if sign == Sign::Zero {
            let down = if up == Side::Upper { Side::Lower } else { Side::Upper };
            self.bound(column, down, value, index)?;
        }
        Ok(())
    }

    /// Demands a bound; that of a whole number is the next whole number within it.
    fn bound(&mut self, column: usize, side: Side, mut value: Delta, index: usize) -> Result<(), Stop> {
        if self.whole.contains(&column) {
            let inside = value.real.is_integer() && value.steps.is_zero();
            let floor = value.real.floor();
            value = Delta::of(match side {
                _ if inside => value.real,
                Side::Lower => &floor + &Number::one(),
                Side::Upper if value.real.is_integer() => &floor - &Number::one(),
                Side::Upper => floor,
            });
        }
        self.simplex.demand(column, side, value, index).map_err(|failure| self.stop(failure))
    }

    fn check_text(&self, var: Var) -> Result<(), Stop> {
        let mut texts = Texts::default();
        let mut marks = BTreeSet::new();
        for (mark, of, listed, yes) in &self.texts {
            if *of == var {
                texts.narrow(listed, *yes);
                marks.insert(*mark);
            }
        }
        if texts.none() { Err(Stop::Conflict(marks, None)) } else { Ok(()) }
    }

    fn stop(&self, failure: Failure<usize>) -> Stop {
        let Failure::Conflict(bounds) = failure else { return Stop::Exhausted };
        let demanded = |index: usize| self.demanded.get(index);
        let marks = bounds.iter().filter_map(|(index, ..)| demanded(*index)).map(|demanded| demanded.mark).collect();
        let shares = bounds.iter().map(|(index, side, times)| {
            let Demanded { mark, sum } = demanded(*index)?;
            let Some((sum, sign)) = sum else { return None };
            let (_, factor) = normal(sum)?;
            let along = factor.is_negative() == (*side == Side::Upper);
            let share = times.div(&factor.abs())?;
            Some(Share {
                tag: mark.0,
                sum: (*sum).clone(),
                factor: if along { share } else { -&share },
                strict: *sign == Sign::Positive,
            })
        });
        let shares = shares.collect::<Option<Vec<Share>>>();
        Stop::Conflict(marks, shares)
    }
}

/// A sum without its constant, with 1 as its first coefficient, and what that was.
fn normal(sum: &Linear) -> Option<(BTreeMap<Var, Number>, Number)> {
    let first = sum.terms.values().next()?;
    let terms: Option<BTreeMap<Var, Number>> =
        sum.terms.iter().map(|(var, factor)| Some((*var, factor.div(first)?))).collect();
    Some((terms?, first.clone()))
}
