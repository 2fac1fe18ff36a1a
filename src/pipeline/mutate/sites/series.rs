//! Periods, members and counts of periods.

use crate::base::{Bi, Span};
use crate::pipeline::mutate::edit::Edit;
use crate::pipeline::mutate::words::{Told, becomes};
use crate::quantity::Period;
use crate::semantics::hir::{Expr, ExprKind, PeriodRef, Rule};

use super::{Site, Sites};

/// A series with one of its ends moved.
struct Moved {
    to: Vec<Period>,
    /// `2021..2025`
    was: String,
    /// `2020..2025`
    is: String,
    how: How,
}

/// What became of a series.
enum How {
    /// One more period.
    More(Period),
    /// One period less.
    Less(Period),
    /// Another one.
    Other(Period, Period),
}

impl Sites<'_> {
    pub(super) fn series(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Quantified { every, periods, .. } => {
                self.every(expr, *every, periods);
                self.ends(expr, periods);
            }
            ExprKind::Fold { periods, .. } | ExprKind::YearlyGrowth { periods, .. } => self.ends(expr, periods),
            ExprKind::Streak { times, .. } => {
                self.times(expr, *times, ("连续 ", " 期", "", " in a row"), |more, times| {
                    if more {
                        Bi::new(
                            format!("恰好连续 {times} 期成立的测试"),
                            format!("a test in which it holds {times} times in a row and no longer"),
                        )
                    } else {
                        Bi::new(
                            format!("只连续 {} 期成立的测试", times.saturating_sub(1)),
                            format!("a test in which it holds {} times in a row only", times.saturating_sub(1)),
                        )
                    }
                });
            }
            ExprKind::Doubles { times, since, .. } => {
                self.times(expr, *times, ("翻 ", " 番", "doubles ", " times"), |more, times| {
                    let times = if more { times } else { times.saturating_sub(1) };
                    Bi::new(
                        format!("恰好翻 {times} 番的测试"),
                        format!("a test in which it doubles exactly {times} times"),
                    )
                });
                self.reference(expr, *since, ("较 ", "since "), "");
            }
            ExprKind::Change { since, .. } => self.reference(expr, *since, ("较 ", "since "), ""),
            ExprKind::At { period, members, .. } => {
                if let Some(period) = period {
                    self.reference(expr, *period, ("[", "["), "]");
                }
                for (dim, member) in members {
                    let to = self.other_member(*dim, member);
                    let name = self.suite.dims.get(dim.0).map_or("", String::as_str);
                    let change = becomes(&format!("{name} = \"{member}\""), &format!("{name} = \"{to}\""));
                    let kill = Bi::new(
                        format!("`{member}` 与 `{to}` 的数不同、结论取决于取哪一个的测试"),
                        format!("a test with different figures of `{member}` and `{to}`, one of which decides"),
                    );
                    self.add(expr, Edit::Member { dim: *dim, to }, Told::new(change, kill));
                }
            }
            _ => {}
        }
    }

    fn every(&mut self, expr: &Expr, every: bool, periods: &[Period]) {
        let (all, some) = (("全部", "all"), ("存在", "some"));
        let (from, to) = if every { (all, some) } else { (some, all) };
        let change = Bi::new(format!("{} → {}", from.0, to.0), format!("{} → {}", from.1, to.1));
        let kill = Bi::new(
            "有的期成立、有的期不成立的测试",
            "a test in which it holds in some of the periods and not in others",
        );
        let same = (periods.len() == 1).then(|| Bi::new("只有一期，两者相同", "there is one period only"));
        self.add_unless(expr, Edit::Every { to: !every }, Told::new(change, kill), same);
    }

    fn ends(&mut self, expr: &Expr, periods: &[Period]) {
        for moved in moved(periods) {
            let kill = match &moved.how {
                How::More(period) => Bi::new(
                    format!("计入 {period} 结论就会不同的测试"),
                    format!("a test that would come out otherwise if {period} counted"),
                ),
                How::Less(period) => Bi::new(
                    format!("不计 {period} 结论就会不同的测试"),
                    format!("a test that would come out otherwise if {period} did not count"),
                ),
                How::Other(was, is) => other(*was, *is),
            };
            let told = Told::new(becomes(&moved.was, &moved.is), kill);
            self.add(expr, Edit::Periods { from: periods.to_vec(), to: moved.to }, told);
        }
    }

    /// 期间 of a rule.
    pub(super) fn rule_periods(&mut self, rule: &Rule, at: Span) {
        for moved in moved(&rule.periods) {
            let kill = match &moved.how {
                How::More(period) => Bi::new(
                    format!("期望整条规则合格、而 {period} 没有数或不合格的测试"),
                    format!("a test that expects the whole rule to pass, without figures of {period}"),
                ),
                How::Less(period) => Bi::new(
                    format!("只有 {period} 不合格、或写明期望 {period} 结论的测试"),
                    format!("a test in which only {period} fails, or one that expects a verdict of {period}"),
                ),
                How::Other(was, is) => judged_in(*was, *is),
            };
            let change = Bi::new(
                format!("期间 {} → 期间 {}", moved.was, moved.is),
                format!("period {} → period {}", moved.was, moved.is),
            );
            self.found.push(Site {
                at,
                clause: true,
                edit: Edit::RulePeriods(moved.to),
                told: Told::new(change, kill),
                same: None,
            });
        }
    }

    fn times(
        &mut self,
        expr: &Expr,
        times: u32,
        (zh, zh_end, en, en_end): (&str, &str, &str, &str),
        kill: impl Fn(bool, u32) -> Bi,
    ) {
        for to in [times.checked_add(1), times.checked_sub(1).filter(|to| *to > 0)].into_iter().flatten() {
            let change = Bi::new(
                format!("{zh}{times}{zh_end} → {zh}{to}{zh_end}"),
                format!("{en}{times}{en_end} → {en}{to}{en_end}"),
            );
            self.add(expr, Edit::Times { from: times, to }, Told::new(change, kill(to > times, times)));
        }
    }

    /// A period in brackets, or the one that a change is measured against, moved by one.
    fn reference(&mut self, expr: &Expr, reference: PeriodRef, (zh, en): (&str, &str), end: &str) {
        let moved: Vec<PeriodRef> = match reference {
            PeriodRef::Absolute(period) => {
                [-1, 1].into_iter().filter_map(|step| period.plus(step)).map(PeriodRef::Absolute).collect()
            }
            PeriodRef::YearsBack(0) | PeriodRef::Back(0) => Vec::new(),
            PeriodRef::YearsBack(years) => years.checked_add(1).map(PeriodRef::YearsBack).into_iter().collect(),
            PeriodRef::Back(count) => count.checked_add(1).map(PeriodRef::Back).into_iter().collect(),
        };
        let from = named(reference);
        for to in moved {
            let name = named(to);
            let change = Bi::new(
                format!("{zh}{}{end} → {zh}{}{end}", from.zh, name.zh),
                format!("{en}{}{end} → {en}{}{end}", from.en, name.en),
            );
            let kill = differ(&from, &name);
            self.add(expr, Edit::Reference { from: reference, to }, Told::new(change, kill));
        }
    }
}

/// `上年`, `last year`
fn named(period: PeriodRef) -> Bi {
    match period {
        PeriodRef::Absolute(period) => Bi::same(period.to_string()),
        PeriodRef::YearsBack(1) => Bi::new("上年", "last year"),
        PeriodRef::YearsBack(years) => Bi::new(format!("{years} 年前"), format!("{years} years back")),
        PeriodRef::Back(1) => Bi::new("上期", "previous"),
        PeriodRef::Back(count) => Bi::new(format!("{count} 期前"), format!("{count} periods back")),
    }
}

fn other(was: Period, is: Period) -> Bi {
    differ(&Bi::same(was.to_string()), &Bi::same(is.to_string()))
}

/// Of the case's period: what is pending rests on it too.
fn judged_in(was: Period, is: Period) -> Bi {
    let figures = other(was, is);
    Bi::new(
        format!("{}；或时点在 {was} 与 {is} 期末之间、期望“未到期”的测试", figures.zh),
        format!("{}; or one with a day between the ends of {was} and {is} that expects `pending`", figures.en),
    )
}

fn differ(was: &Bi, is: &Bi) -> Bi {
    Bi::new(
        format!("{} 与 {} 的数不同、结论取决于取哪一期的测试", was.zh, is.zh),
        format!("a test with different figures of {} and {}, one of which decides", was.en, is.en),
    )
}

/// A series with each end of each of its ranges moved by one, either way.
fn moved(periods: &[Period]) -> Vec<Moved> {
    let mut all = Vec::new();
    for (start, end) in ranges(periods) {
        let (Some(first), Some(last)) = (periods.get(start).copied(), periods.get(end).copied()) else { continue };
        for step in [-1, 1] {
            let how = |more: bool, end: Period| if more { end.plus(step).map(How::More) } else { Some(How::Less(end)) };
            let ends = if first == last {
                let to = first.plus(step);
                vec![(to, to, to.map(|to| How::Other(first, to)))]
            } else {
                vec![
                    (first.plus(step), Some(last), how(step < 0, first)),
                    (Some(first), last.plus(step), how(step > 0, last)),
                ]
            };
            for (from, until, how) in ends {
                let (Some(from), Some(until), Some(how)) = (from, until, how) else { continue };
                let Some(range) = from.to(until) else { continue };
                let mut to: Vec<Period> = periods.iter().take(start).copied().collect();
                to.extend(range);
                to.extend(periods.iter().skip(end + 1));
                let mut seen = std::collections::BTreeSet::new();
                to.retain(|period| seen.insert(*period));
                if to != periods {
                    all.push(Moved { to, was: written(first, last), is: written(from, until), how });
                }
            }
        }
    }
    all
}

/// The indices of the first and last period of each unbroken range.
fn ranges(periods: &[Period]) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (at, period) in periods.iter().enumerate() {
        let follows = at.checked_sub(1).and_then(|before| periods.get(before)?.plus(1)) == Some(*period);
        match ranges.last_mut() {
            Some((_, end)) if follows => *end = at,
            _ => ranges.push((at, at)),
        }
    }
    ranges
}

fn written(from: Period, to: Period) -> String {
    if from == to { from.to_string() } else { format!("{from}..{to}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(texts: &[&str]) -> Vec<String> {
        let periods: Vec<Period> = texts.iter().filter_map(|text| Period::parse(text)).collect();
        moved(&periods).iter().map(|moved| format!("{} → {}", moved.was, moved.is)).collect()
    }

    #[test]
    fn each_end_of_each_range_moves_both_ways() {
        assert_eq!(changes(&["2021"]), ["2021 → 2020", "2021 → 2022"]);
        assert_eq!(
            changes(&["2021", "2022", "2023"]),
            [
                "2021..2023 → 2020..2023",
                "2021..2023 → 2021..2022",
                "2021..2023 → 2022..2023",
                "2021..2023 → 2021..2024"
            ]
        );
        assert_eq!(
            changes(&["2021Q1", "2021Q3"]),
            ["2021Q1 → 2020Q4", "2021Q1 → 2021Q2", "2021Q3 → 2021Q2", "2021Q3 → 2021Q4"]
        );
        assert!(changes(&[]).is_empty());
    }
}
