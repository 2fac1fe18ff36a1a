//! Cubes in, judged cases out, in exact arithmetic and Kleene's logic.
//!
//! Verdicts are reached here and nowhere else. Knows no engine and no report format.

mod cases;
mod eval;
mod explain;
mod judge;
mod lanes;
mod prepared;
pub mod reference;
mod rollup;
mod show;
mod trace;
mod verdicts;
mod waive;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Bi, Diagnostic, Range, Span};
use crate::data::{Place, Spot};
pub use crate::engine::RowCounts;
use crate::quantity::{Period, Truth};
pub use crate::semantics::hir::Verdict;
use crate::semantics::hir::{DimId, RuleId};
pub use judge::{Options, judge, keep_worst};
pub use prepared::Prepared;
pub use verdicts::Cases;
pub use waive::waive;

/// All rules, judged.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// In source order.
    pub rules: Vec<JudgedRule>,
    /// How many findings of each rule are explained at most.
    pub max_findings: usize,
    /// Waivers that waive nothing, each at its place, and why.
    pub idle_waivers: Vec<Diagnostic>,
}

/// A rule, judged.
#[derive(Clone, Debug)]
pub struct JudgedRule {
    /// Which.
    pub rule: RuleId,
    /// The worst of its cases.
    pub verdict: Verdict,
    /// Every case, by its period and then its members.
    pub cases: Cases,
    /// Waived cases: the index of each into [`JudgedRule::cases`], and that of its waiver.
    pub waived: BTreeMap<usize, usize>,
    /// What there is to say of cases that neither pass nor are not applicable, worst first, up to the limit.
    pub findings: Vec<Finding>,
    /// The same of cases that pass or are not applicable, in order, up to the limit, if they were asked for.
    pub passes: Vec<Finding>,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Of the rule's 对每个, in its order; `None`: the case stands for members that cannot be told.
    pub members: Arc<[(DimId, Option<Arc<str>>)]>,
    /// The period.
    pub period: Period,
    /// How it came out.
    pub verdict: Verdict,
}

/// What there is to say of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Index into [`JudgedRule::cases`].
    pub case: usize,
    /// Of a waived case: what it would be without its waiver; of a pending one: if it were due.
    pub otherwise: Option<Verdict>,
    /// Of a row rule: its rows, by how they come out.
    pub rows: Option<RowCounts>,
    /// What was attained, with its unit.
    pub attained: Option<String>,
    /// The same as a range, if it is known only within bounds.
    pub attained_range: Option<Range>,
    /// The threshold, with its unit.
    pub threshold: Option<String>,
    /// The same as a range, if it is known only within bounds.
    pub threshold_range: Option<Range>,
    /// By how much it was missed.
    pub shortfall: Option<String>,
    /// The formula with its figures.
    pub explain: Option<String>,
    /// The condition of 当, step by step.
    pub applies: Option<Step>,
    /// What is required, step by step.
    pub calculation: Option<Step>,
    /// Of a pending case: how far it has come, against the time elapsed.
    pub pace: Option<Pace>,
    /// What would put it right, what to supply, or why it could not be evaluated.
    pub advice: Vec<Bi>,
    /// The figures it rests on.
    pub evidence: Vec<Figure>,
}

/// A step of a calculation, as one would write it on paper: a condition with its parts, or a value on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// Where it stands in the rules.
    pub span: Option<Span>,
    /// What it is called, of a step that stands nowhere: `人均公用经费[教育局, 2021]`, or a row's codes.
    pub name: Option<String>,
    /// Of a part of what must hold in every or some period: the period.
    pub period: Option<Period>,
    /// With its figures: `(100 − 90.01) / 100 = 9.99%`, `9.99% < 10%`.
    pub formula: Option<String>,
    /// How a condition comes out.
    pub outcome: Option<Truth>,
    /// By how much a comparison holds or does not, in the unit that a person would act on.
    pub margin: Option<String>,
    /// For which values of a figure a comparison holds, all else being as it is.
    pub turn: Option<Turn>,
    /// Comparisons with the same number rest on figures of each other: what is done about one may turn the others. Of
    /// a row rule: those that may turn other rows.
    pub shares: Option<u64>,
    /// Where the row of a row rule stands.
    pub place: Option<Place>,
    /// Its parts, and the values that it is computed from.
    pub steps: Vec<Step>,
    /// How many more of these there are.
    pub left_out: u64,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A value that is computed from others.
    Value,
    /// A comparison, or another condition without parts.
    Comparison,
    /// All of its parts must hold.
    All,
    /// One of its parts must hold.
    Any,
    /// Its part must not hold.
    Not,
    /// If the first part holds, the second must.
    Implies,
    /// Its part must hold in every period.
    Every,
    /// Its part must hold in one of the periods.
    Some,
    /// Every row must meet the condition; its parts are the first rows that do not.
    Rows,
    /// A row.
    Row,
}

/// For which values of a figure a comparison holds: `公用经费[教育局, 2021] ≤ 90 万元`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Its name, as in the evidence.
    pub figure: String,
    /// `≥`, `≤`, `>`, `<`, `=`, `≠`, or `∈` a range.
    pub relation: &'static str,
    /// The value, with its unit.
    pub value: String,
}

/// 序时进度: how far something has come, against the time elapsed. For reading; exact are its days and its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Towards what.
    pub kind: PaceKind,
    /// The figure so far with its unit, or the level reached.
    pub attained: String,
    /// What it must come to, or must not exceed.
    pub required: String,
    /// Of a stock: what it was at the end of the period before.
    pub base: Option<String>,
    /// Of a series of which only a part was reported: the last period of that part.
    pub through: Option<String>,
    /// Of a level: its place on the scale.
    pub steps: Option<Steps>,
    /// `42.9%`; none of a level.
    pub progress: Option<String>,
    /// How the progress stands to the time elapsed.
    pub standing: Option<Standing>,
    /// By how many percentage points, without sign.
    pub difference: Option<String>,
    /// `49.6%`
    pub elapsed: String,
    /// From the first day to the day of judging, both included.
    pub days: i64,
    /// From the first day to the deadline, both included.
    pub of_days: i64,
}

/// What a pace is towards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaceKind {
    /// A figure that is to be reached.
    Target,
    /// A figure that is not to be exceeded.
    Limit,
    /// A level of an ordinal scale.
    Level,
}

/// How progress stands to the time elapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Less progress than time.
    Behind,
    /// As much.
    OnSchedule,
    /// More progress than time: of a limit, too fast.
    Ahead,
}

/// The place of a level on its scale, from 1, the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Of the level reached.
    pub attained: usize,
    /// Of the level required.
    pub required: usize,
    /// How many levels the scale has.
    pub of: usize,
}

/// A figure that a finding rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// `公用经费[教育局, 2021]`
    pub name: String,
    /// Exact, in its declared unit; of a rounded figure, as it was stated. `None` if it was not submitted, or is known only
    /// within bounds.
    pub value: Option<String>,
    /// Where it lies, if it is known only within bounds.
    pub within: Option<Range>,
    /// Why there is no value, if something was submitted for it.
    pub unknown: Option<Unknown>,
    /// Its unit.
    pub unit: String,
    /// Its period, if it is a figure of one.
    pub period: Option<Period>,
    /// Cells it comes from, up to a limit: of a sum, those that contribute most.
    pub cells: Vec<Cited>,
    /// How many rows it comes from.
    pub rows: u64,
}

/// A cell that a figure comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Cited {
    /// Where it stands.
    pub place: Place,
    /// By which it can be looked up as it was submitted.
    pub spot: Option<Spot>,
    /// What stands there, where that is known already: of a standard, or where its column tells.
    pub stated: Option<String>,
}

/// Why a figure has no value although something was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// A cell is blank, or it cannot be told whether a row counts, or a figure that it is computed from is missing.
    Incomplete,
    /// A cell cannot be used: it cannot be read, or what is said of its unit is contradictory.
    Unreadable,
    /// It was submitted more than once, and nobody can say which is right.
    Repeated,
    /// It is computed from other figures, which do not allow it.
    Undefined,
    /// It hangs on the rounding of figures.
    Borderline,
}

/// The order of badness of section 5: error, fail, borderline, missing, pending, waived, pass, not applicable.
pub fn badness(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Error => 7,
        Verdict::Fail => 6,
        Verdict::Borderline => 5,
        Verdict::Missing => 4,
        Verdict::Pending => 3,
        Verdict::Waived => 2,
        Verdict::Pass => 1,
        Verdict::NotApplicable => 0,
    }
}
