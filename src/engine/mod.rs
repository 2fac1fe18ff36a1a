//! A plan and a submission in, small cubes of exact sums out.
//!
//! An engine adds up and counts; it knows no rules and reaches no verdicts, so that verdicts cannot differ between engines.

pub mod by_value;
pub mod cube;
pub mod embedded;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::TooLarge;
use crate::data::{StandardValues, Submission};
use crate::plan::Plan;
use crate::plan::operators::{Fault, Value};
use crate::quantity::{Interval, Number, Period, Scalar, Spread, Truth};
use crate::semantics::hir::{ColumnId, DatasetId, Expr, Suite};

/// What a cell of a key column holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Nothing: the row could belong to any group.
    Blank,
    /// Something unreadable: likewise, and it must be mended.
    Bad,
    /// A code.
    Known(Scalar),
}

/// What a slot accumulated in a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accumulator {
    /// Rows that the filter lets through.
    pub rows: u64,
    /// Of these, blank ones.
    pub blanks: u64,
    /// Of these, ones that could not be evaluated.
    pub faults: u64,
    /// Of these, ones that hang on the rounding of figures and have no bounds.
    pub borderline: u64,
    /// Rows for which the filter is unknown because a cell is blank.
    pub unknown: u64,
    /// Rows for which the filter could not be evaluated.
    pub filter_faults: u64,
    /// Sum of the numbers that are known exactly.
    pub sum: Option<Number>,
    /// Least value.
    pub min: Option<Scalar>,
    /// Greatest value.
    pub max: Option<Scalar>,
    /// Most digits after the point that a figure was stated with.
    pub scale: u8,
    /// The different values, if they were asked for.
    pub distinct: BTreeSet<Scalar>,
    /// Numbers that are known only within bounds; `None` in exact data.
    pub within: Option<Box<Spread>>,
    /// Rows that the filter lets through or not, depending on the rounding of figures; `None` in exact data.
    pub perhaps: Option<Box<Perhaps>>,
}

/// Rows of which only the rounding of figures leaves it open whether they count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Perhaps {
    /// What they come to if all of them count.
    pub all: Accumulator,
    /// What each may add to a sum: all from nothing to its value.
    pub share: Spread,
}

impl Accumulator {
    /// Adds what another group accumulated.
    pub fn merge(&mut self, other: &Accumulator) {
        self.rows += other.rows;
        self.blanks += other.blanks;
        self.faults += other.faults;
        self.unknown += other.unknown;
        self.filter_faults += other.filter_faults;
        self.scale = self.scale.max(other.scale);
        self.sum = match (&self.sum, &other.sum) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        self.min = self.min.iter().chain(&other.min).min().cloned();
        self.max = self.max.iter().chain(&other.max).max().cloned();
        self.distinct.extend(other.distinct.iter().cloned());
        self.borderline += other.borderline;
        if let Some(within) = &other.within {
            self.within.get_or_insert_default().merge(within);
        }
        if let Some(perhaps) = &other.perhaps {
            let own = self.perhaps.get_or_insert_default();
            own.all.merge(&perhaps.all);
            own.share.merge(&perhaps.share);
        }
    }
}

/// A group of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// All rows, whatever the filters say.
    pub rows: u64,
    /// By slot.
    pub slots: Vec<Accumulator>,
}

/// The rows of a group under a condition, with the first rows (indices into the table) of each outcome that is not a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// How many there are.
    pub counts: RowCounts,
    /// First rows that fail, are borderline, are unknown, or are in error.
    pub first: [Vec<u32>; 4],
    /// Why rows could not be evaluated.
    pub faults: BTreeSet<Fault>,
}

/// How many rows meet a condition, and how many come out otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows that meet it.
    pub pass: u64,
    /// Rows that do not.
    pub fail: u64,
    /// Rows for which the rounding of figures decides.
    pub borderline: u64,
    /// Rows for which a blank cell, or one with a mere bound, decides.
    pub unknown: u64,
    /// Rows that could not be evaluated.
    pub error: u64,
    /// Rows that the rule is not about.
    pub not_applicable: u64,
}

impl RowCounts {
    /// All but those that the condition is not about.
    pub fn judged(&self) -> u64 {
        self.pass + self.fail + self.borderline + self.unknown + self.error
    }
}

impl std::iter::Sum for RowCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(RowCounts::default(), |a, b| RowCounts {
            pass: a.pass + b.pass,
            fail: a.fail + b.fail,
            borderline: a.borderline + b.borderline,
            unknown: a.unknown + b.unknown,
            error: a.error + b.error,
            not_applicable: a.not_applicable + b.not_applicable,
        })
    }
}

/// The groups of a cube.
#[derive(Clone, Debug, PartialEq)]
pub enum Groups {
    /// Each with its keys.
    Each(BTreeMap<Vec<Key>, Group>),
    /// In arrays.
    Packed(cube::Packed),
}

impl Default for Groups {
    fn default() -> Self {
        Groups::Each(BTreeMap::new())
    }
}

impl Groups {
    /// The group of some keys.
    pub fn get(&self, keys: &[Key]) -> Option<Cow<'_, Group>> {
        match self {
            Groups::Each(groups) => groups.get(keys).map(Cow::Borrowed),
            Groups::Packed(packed) => packed.group(keys).map(Cow::Owned),
        }
    }

    /// The combinations of some of the keys that have a group, told by their positions in the query.
    pub fn present(&self, keys: &[usize]) -> Vec<Vec<Key>> {
        let pick = |codes: &Vec<Key>| keys.iter().filter_map(|at| codes.get(*at).cloned()).collect::<Vec<Key>>();
        match self {
            Groups::Each(groups) => groups.keys().map(pick).collect::<BTreeSet<_>>().into_iter().collect(),
            Groups::Packed(packed) => {
                let key = |(axis, key): (&usize, &usize)| packed.axes.get(*axis)?.keys.get(*key).cloned();
                let mut present = Vec::new();
                packed.each_present(keys, |at| present.push(keys.iter().zip(at).filter_map(key).collect()));
                present
            }
        }
    }
}

/// What a tally counted, by the values of its keys, in order.
pub type Tallies = Vec<(Vec<Key>, Tallied)>;

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cube {
    /// By the values of the query's keys.
    pub groups: Groups,
    /// By tally.
    pub tallies: Vec<Tallies>,
}

/// The values of a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// The different values.
    pub known: BTreeSet<Scalar>,
    /// Numbers that are known only within bounds.
    pub within: BTreeSet<Interval>,
    /// A cell is blank.
    pub blanks: bool,
    /// A cell is unreadable.
    pub faults: bool,
}

impl Values {
    /// Is a value among them? Unknown if nothing was submitted, or if a blank cell could be it.
    pub fn contains(values: Option<&Values>, value: &Value) -> Truth {
        let Some(values) = values else { return Truth::Unknown };
        match value {
            Value::Known(scalar) if values.known.contains(scalar) => return Truth::True,
            _ if values.faults => return Truth::Error,
            _ if values.blanks || (values.known.is_empty() && values.within.is_empty()) => return Truth::Unknown,
            _ => {}
        }
        let exact = match value {
            Value::Within(wanted) if values.known.iter().filter_map(Scalar::number).any(|n| wanted.contains(n)) => {
                Truth::undecided(wanted.is_bound())
            }
            _ => Truth::False,
        };
        let Some(wanted) = value.interval().filter(|_| !values.within.is_empty()) else { return exact };
        let same = values.within.iter().filter(|within| within.orderings(&wanted).may_be_equal());
        same.fold(exact, |so_far, same| so_far.or(Truth::undecided(same.is_bound() || wanted.is_bound())))
    }
}

/// All answers to a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measurement {
    /// By query; `None` where nothing was submitted for the dataset.
    pub cubes: Vec<Option<Cube>>,
    /// By list; absent where nothing was submitted for the dataset.
    pub lists: BTreeMap<(DatasetId, ColumnId), Values>,
}

/// Which rows to find: those that a figure rests on.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// The dataset.
    pub dataset: DatasetId,
    /// Columns that must hold these values; a blank or unreadable cell there counts as a match when `loose`.
    pub keys: Vec<(ColumnId, Scalar)>,
    /// Rows for which this is not false.
    pub filter: Option<&'a Expr>,
    /// Which of these rows.
    pub pick: Pick<'a>,
    /// Which of them are named first.
    pub order: Order<'a>,
    /// At most so many rows are named; all are counted.
    pub limit: usize,
    /// How many rows there are, if it is known: then they need not be counted.
    pub rows: Option<u64>,
}

/// Which rows a search is for.
#[derive(Clone, Copy, Debug)]
pub enum Pick<'a> {
    /// All that certainly match.
    Matching,
    /// Those where the value is blank or cannot be evaluated, or where it is unknown whether they match.
    Doubtful(Option<&'a Expr>),
}

/// Which of the rows that match are named first; rows that are alike stay in their order.
#[derive(Clone, Copy, Debug)]
pub enum Order<'a> {
    /// As they stand.
    Standing,
    /// Those that add most to a sum, or take most from it.
    Largest(&'a Expr),
    /// The greatest value.
    Highest(&'a Expr),
    /// The least value.
    Lowest(&'a Expr),
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many rows.
    pub total: u64,
    /// The first of them in the search's order, as indices into the table, each with the column that is to blame (of a doubtful row).
    pub rows: Vec<(u32, Option<ColumnId>)>,
}

/// What a dataset adds up to does not fit into memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom {
    /// Which.
    pub dataset: DatasetId,
    /// How much it would take.
    pub why: TooLarge,
}

/// Adds up what a plan asks for.
pub trait Engine {
    /// Its name in records.
    fn name(&self) -> &'static str;

    /// Answers all queries of a plan in one scan of each dataset. Standards in row conditions are those in force in `period`.
    ///
    /// # Errors
    /// What a dataset adds up to does not fit into memory.
    fn measure(&self, context: &Context<'_>, plan: &Plan) -> Result<Measurement, NoRoom>;

    /// Finds the rows that figures rest on, one answer for each search, in one pass over each dataset.
    fn find(&self, context: &Context<'_>, measurement: &Measurement, searches: &[Search<'_>]) -> Vec<Found>;
}

/// What a measurement is made on.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// The submitted tables.
    pub submission: &'a Submission,
    /// Thresholds from outside.
    pub standards: &'a StandardValues,
    /// The run's period.
    pub period: Period,
}
