//! The cases of a judged rule, millions of them in a byte each: members are shared by all rules that are for each of the same.

use std::sync::Arc;

use super::cases::Drawn;
use super::{Case, Verdict, badness};
use crate::quantity::Period;

/// The cases of a rule, by their period and then their members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    parts: Vec<Part>,
    /// How many have each verdict, by badness.
    counts: [usize; 8],
}

/// The cases of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    period: Period,
    members: Drawn,
    /// By case.
    verdicts: Vec<Verdict>,
}

/// All verdicts, by [`badness`].
const FROM_BEST: [Verdict; 8] = [
    Verdict::NotApplicable,
    Verdict::Pass,
    Verdict::Waived,
    Verdict::Pending,
    Verdict::Missing,
    Verdict::Borderline,
    Verdict::Fail,
    Verdict::Error,
];

impl Cases {
    /// Adds those of a period.
    pub(super) fn add(&mut self, period: Period, members: Drawn, verdicts: Vec<Verdict>) {
        for verdict in &verdicts {
            self.count(*verdict);
        }
        self.parts.push(Part { period, members, verdicts });
    }

    fn count(&mut self, verdict: Verdict) {
        self.counts.get_mut(usize::from(badness(verdict))).into_iter().for_each(|count| *count += 1);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.verdicts.len()).sum()
    }

    /// None?
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.verdicts.is_empty())
    }

    /// The verdicts, in order.
    pub fn verdicts(&self) -> impl Iterator<Item = Verdict> + '_ {
        self.parts.iter().flat_map(|part| part.verdicts.iter().copied())
    }

    /// How many cases have each verdict, the best first.
    pub fn counts(&self) -> [(Verdict, usize); 8] {
        FROM_BEST.map(|verdict| (verdict, self.counts.get(usize::from(badness(verdict))).copied().unwrap_or(0)))
    }

    /// The worst of the cases that are worse than this, so many at most: by badness, then in order.
    pub(super) fn worst_cases(&self, than: Verdict, most: usize) -> Vec<(Verdict, usize)> {
        let mut found = Vec::new();
        let worse = self.counts().into_iter().filter(|(verdict, _)| badness(*verdict) > badness(than));
        for (wanted, count) in worse.rev() {
            let enough = found.len() + count.min(most - found.len());
            let mut before = 0;
            for part in &self.parts {
                let own = part.verdicts.iter().enumerate().filter(|(_, verdict)| **verdict == wanted);
                found.extend(own.map(|(at, _)| (wanted, before + at)).take(enough - found.len()));
                before += part.verdicts.len();
            }
        }
        found
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = Case> + '_ {
        self.parts.iter().flat_map(|part| (0..part.verdicts.len()).filter_map(|at| part.case(at)))
    }

    /// One of them.
    pub fn get(&self, mut at: usize) -> Option<Case> {
        for part in &self.parts {
            if let Some(case) = part.case(at) {
                return Some(case);
            }
            at = at.checked_sub(part.verdicts.len())?;
        }
        None
    }

    /// Gives some cases another verdict.
    pub(super) fn change(&mut self, which: impl Fn(usize) -> bool, verdict: Verdict) {
        let Cases { parts, counts } = self;
        for (_, own) in parts.iter_mut().flat_map(|part| &mut part.verdicts).enumerate().filter(|(at, _)| which(*at)) {
            let [old, new] = [*own, verdict].map(|verdict| usize::from(badness(verdict)));
            counts.get_mut(old).into_iter().for_each(|count| *count -= 1);
            counts.get_mut(new).into_iter().for_each(|count| *count += 1);
            *own = verdict;
        }
    }
}

impl Part {
    fn case(&self, at: usize) -> Option<Case> {
        let verdict = *self.verdicts.get(at)?;
        Some(Case { members: Arc::clone(self.members.get(at)?), period: self.period, verdict })
    }
}

impl<'c> IntoIterator for &'c Cases {
    type Item = Case;
    type IntoIter = Box<dyn Iterator<Item = Case> + 'c>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// Cases of one period that follow each other stand together.
impl FromIterator<Case> for Cases {
    fn from_iter<I: IntoIterator<Item = Case>>(cases: I) -> Self {
        let mut parts: Vec<(Period, Vec<_>, Vec<Verdict>)> = Vec::new();
        for Case { members, period, verdict } in cases {
            match parts.last_mut().filter(|(of, ..)| *of == period) {
                Some((_, all, verdicts)) => {
                    all.push(members);
                    verdicts.push(verdict);
                }
                None => parts.push((period, vec![members], vec![verdict])),
            }
        }
        let mut cases = Cases::default();
        parts.into_iter().for_each(|(period, all, verdicts)| cases.add(period, all.into(), verdicts));
        cases
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_cases_are_first_and_no_more_than_asked_for() {
        use Verdict::{Fail, Missing, NotApplicable, Pass};
        let periods = ["2020", "2021"].map(|text| Period::parse(text).unwrap());
        let of_each = [vec![Pass, Missing, Fail], vec![Fail, NotApplicable, Fail, Missing]];
        let mut cases = Cases::default();
        for (period, verdicts) in periods.into_iter().zip(of_each) {
            cases.add(period, verdicts.iter().map(|_| Arc::from([])).collect(), verdicts);
        }
        let all = [(Fail, 2), (Fail, 3), (Fail, 5), (Missing, 1), (Missing, 6)];
        for most in 0..8 {
            assert_eq!(cases.worst_cases(Pass, most), all[..most.min(5)], "{most}");
        }
        let count = |wanted| cases.counts().into_iter().find(|(verdict, _)| *verdict == wanted).unwrap().1;
        assert_eq!([Pass, Fail, Missing, NotApplicable, Verdict::Error].map(count), [1, 3, 2, 1, 0]);
        assert!(cases.counts().is_sorted_by_key(|(verdict, _)| badness(*verdict)));
        for (at, case) in cases.iter().enumerate() {
            assert_eq!(cases.get(at), Some(case));
        }
        assert_eq!((cases.len(), cases.get(7)), (7, None));
        cases.change(|at| at == 2 || at == 3, Verdict::Waived);
        assert_eq!([Fail, Verdict::Waived].map(|wanted| cases.verdicts().filter(|own| *own == wanted).count()), [1, 2]);
        let again: Cases = cases.iter().collect();
        assert_eq!(again, cases, "counts are kept");
    }
}
