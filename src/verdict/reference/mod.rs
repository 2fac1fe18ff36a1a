//! A second judge, slow and naive, straight over rows: what the first is tested against.
//!
//! A rule, a submission and standards in, judged cases out. Every figure is found by a loop over the rows of its table;
//! nothing is planned, cached or rolled up. It shares no evaluation code with the first judge and knows no engine, so
//! that the two agree only where both are right.

mod cases;
mod eval;
mod range;
mod rows;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::data::{StandardValues, Submission};
use crate::quantity::{Period, Scalar, Truth};
use crate::semantics::hir::{Deadline, Requirement, Rule, RuleId, Suite};
use crate::verdict::{Case, Verdict, badness};
use cases::Members;
use eval::Frame;
use range::Range;

/// When a rule is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The run's period: that of rules which name none, and of standards in filters and row rules.
    pub period: Period,
    /// 时点: the day that counts as today.
    pub as_of: Date,
}

/// Judges one rule: its verdict, and its cases by period (in the rule's order) and then by members.
pub fn judge(
    suite: &Suite,
    submission: &Submission,
    standards: &StandardValues,
    run: Run,
    rule: RuleId,
) -> (Verdict, Vec<Case>) {
    let world = World { suite, submission, standards, run };
    let Some(rule) = suite.rules.get(rule.0) else { return (Verdict::Missing, Vec::new()) };
    let periods = if rule.periods.is_empty() { vec![run.period] } else { rule.periods.clone() };
    let mut cases = Vec::new();
    for period in periods {
        for members in world.members_of_cases(rule, period) {
            let verdict = world.judge_case(rule, &members, period);
            cases.push(Case { members: members.into(), period, verdict });
        }
    }
    let worst = cases.iter().map(|case| case.verdict).max_by_key(|verdict| badness(*verdict));
    (worst.unwrap_or(Verdict::Missing), cases)
}

/// Why a value is not known; what comes later outweighs what comes before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    /// It hangs on the rounding of figures, and has no bounds.
    Borderline,
    /// It was not submitted.
    Missing,
    /// It cannot be evaluated.
    Fault,
}

/// What is known of a figure or a word.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Datum {
    /// A number, or the range in which it is.
    Number(Range),
    /// Anything else.
    Other(Scalar),
}

/// A value: what is known of it, or why nothing is.
type Value<T = Datum> = Result<T, Gap>;

/// All that is known in a run.
struct World<'a> {
    suite: &'a Suite,
    submission: &'a Submission,
    standards: &'a StandardValues,
    run: Run,
}

impl World<'_> {
    fn judge_case(&self, rule: &Rule, members: &Members, period: Period) -> Verdict {
        let frame = Frame { period, members: members.iter().cloned().collect(), set: BTreeMap::new(), row: None };
        let nobody = !members.is_empty() && members.iter().all(|(_, member)| member.is_none());
        let applies = match &rule.when {
            _ if nobody => Truth::Unknown,
            Some(when) => self.truth(when, &frame),
            None => Truth::True,
        };
        let outcome = match (applies, &rule.requirement) {
            (Truth::False, _) => None,
            (Truth::Borderline | Truth::Unknown | Truth::Error, _) => Some(applies),
            (Truth::True, Requirement::Case(condition)) => Some(self.truth(condition, &frame)),
            (Truth::True, Requirement::Rows { dataset, when, condition }) => {
                self.all_rows(rule, *dataset, when.as_ref(), condition, members, period)
            }
        };
        let today = self.run.as_of;
        let on_submission = rule.deadline == Some(Deadline::Submission);
        let early = match rule.deadline {
            Some(Deadline::Submission) => false,
            Some(Deadline::On(day)) => today < day,
            None => today < period.last_day(),
        };
        match outcome {
            None => Verdict::NotApplicable,
            Some(Truth::True) => Verdict::Pass,
            Some(Truth::Error) => Verdict::Error,
            Some(Truth::False | Truth::Borderline) if early => Verdict::Pending,
            Some(Truth::False) => Verdict::Fail,
            Some(Truth::Borderline) => Verdict::Borderline,
            Some(Truth::Unknown) if !on_submission && today < period.first_day() => Verdict::Pending,
            Some(Truth::Unknown) => Verdict::Missing,
        }
    }
}
