//! Judged cases and waivers in, waived cases out: the one place where a waiver changes a verdict.
//!
//! A fail that a waiver in force covers becomes waived; nothing else ever changes. What a waiver did not change, and why,
//! is told beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::{Case, Cases, JudgedRule, Verdict};
use crate::base::codes::waivers as codes;
use crate::base::{Bi, Diagnostic, nearest};
use crate::data::Waiver;
use crate::quantity::Period;
use crate::semantics::hir::{RuleId, Suite};

/// Waives the cases of a rule that fail and that a waiver in force covers: of several, the one approved last. Which
/// waiver each waived case rests on, by indices.
pub fn waive(rule: RuleId, cases: &mut Cases, waivers: &[Waiver], as_of: Date) -> BTreeMap<usize, usize> {
    let in_force: Vec<(usize, &Waiver)> =
        waivers.iter().enumerate().filter(|(_, waiver)| waiver.rule == rule && is_in_force(waiver, as_of)).collect();
    if in_force.is_empty() {
        return BTreeMap::new();
    }
    let mut waived = BTreeMap::new();
    for (at, case) in cases.iter().enumerate().filter(|(_, case)| case.verdict == Verdict::Fail) {
        let covering = in_force.iter().filter(|(_, waiver)| covers(waiver, &case));
        if let Some((waiver, _)) = covering.max_by_key(|(_, waiver)| waiver.approved) {
            waived.insert(at, *waiver);
        }
    }
    if !waived.is_empty() {
        cases.change(|at| waived.contains_key(&at), Verdict::Waived);
    }
    waived
}

/// From the day of approval to the day of expiry, both included.
fn is_in_force(waiver: &Waiver, as_of: Date) -> bool {
    waiver.approved <= as_of && as_of <= waiver.expires
}

/// Is a case of the waiver's rule one that the waiver is about? A waiver for a year covers its quarters and months.
fn covers(waiver: &Waiver, case: &Case) -> bool {
    let within =
        |period: Period| period.first_day() <= case.period.first_day() && case.period.last_day() <= period.last_day();
    waiver.period.is_none_or(within)
        && waiver.scope.iter().all(|(dim, member)| {
            case.members.iter().any(|(has, known)| has == dim && known.as_deref() == Some(&**member))
        })
}

/// Waivers of judged rules that waive nothing: expired, not in force yet, not needed, or of no case.
pub(super) fn idle(suite: &Suite, judged: &[JudgedRule], waivers: &[Waiver], as_of: Date) -> Vec<Diagnostic> {
    let told = |waiver: &Waiver| {
        let rule = judged.iter().find(|rule| rule.rule == waiver.rule)?;
        let name = waiver.name(suite);
        let (code, message, help) = if waiver.expires < as_of {
            let day = waiver.expires;
            (
                &codes::EXPIRED,
                Bi::new(
                    format!("{name} 的豁免已于 {day} 失效，不再起作用"),
                    format!("the waiver of {name} expired on {day} and waives nothing"),
                ),
                Bi::new(
                    "仍需豁免的，重新批准，另写一条；不再需要的，删去",
                    "if it is still needed, have it approved anew and add an entry; if not, delete it",
                ),
            )
        } else if as_of < waiver.approved {
            let day = waiver.approved;
            (
                &codes::TOO_EARLY,
                Bi::new(
                    format!("{name} 的豁免 {day} 才批准，评判时点 {as_of} 尚未生效"),
                    format!("the waiver of {name} was approved on {day}: as of {as_of} it is not in force"),
                ),
                Bi::new(
                    "核对批准日期，或用批准以后的时点评判（--as-of）",
                    "check the day of approval, or judge as of a later day (--as-of)",
                ),
            )
        } else {
            let covered: Vec<Case> = rule.cases.iter().filter(|case| covers(waiver, case)).collect();
            match covered.is_empty() {
                true => unmatched(suite, &name, waiver, rule),
                false if covered.iter().any(|case| case.verdict == Verdict::Waived) => return None,
                false => unneeded(&name, &covered),
            }
        };
        Some(Diagnostic::at(code, waiver.place.clone(), message).help(help))
    };
    waivers.iter().filter_map(told).collect()
}

type Told = (&'static crate::base::CodeInfo, Bi, Bi);

fn unneeded(name: &str, covered: &[Case]) -> Told {
    const VERDICTS: [(Verdict, &str, &str); 6] = [
        (Verdict::Pass, "合格", "pass"),
        (Verdict::NotApplicable, "不适用", "not applicable"),
        (Verdict::Pending, "未到期", "pending"),
        (Verdict::Missing, "缺数据", "missing"),
        (Verdict::Borderline, "临界", "borderline"),
        (Verdict::Error, "出错", "error"),
    ];
    let counted = VERDICTS.iter().filter_map(|(verdict, zh, en)| {
        let count = covered.iter().filter(|case| case.verdict == *verdict).count();
        (count > 0).then(|| (format!("{zh} {count}"), format!("{en} {count}")))
    });
    let (zh, en): (Vec<String>, Vec<String>) = counted.unzip();
    (
        &codes::UNNEEDED,
        Bi::new(
            format!("{name} 的豁免没有用上：所指的个案没有不合格（{}）", zh.join("，")),
            format!("the waiver of {name} waives nothing: none of its cases fails ({})", en.join(", ")),
        ),
        Bi::new(
            "已经合格的，删去豁免；豁免不改变“不合格”以外的结论",
            "delete it if the cases pass; a waiver changes no verdict but a fail",
        ),
    )
}

fn unmatched(suite: &Suite, name: &str, waiver: &Waiver, rule: &JudgedRule) -> Told {
    let id = suite.rules.get(waiver.rule.0).map_or("", |rule| rule.id.as_str());
    let message = Bi::new(
        format!("{name} 的豁免没有对上：规则 {id} 没有这样的个案"),
        format!("the waiver of {name} waives nothing: rule {id} has no such case"),
    );
    let near = waiver.scope.iter().find_map(|(dim, member)| {
        let of_case = |case: Case| case.members.iter().find(|(has, _)| has == dim).and_then(|(_, known)| known.clone());
        let known: BTreeSet<Arc<str>> = rule.cases.iter().filter_map(of_case).collect();
        let near = || nearest(member, known.iter().map(|known| &**known)).map(str::to_owned);
        if known.contains(member) { None } else { near() }
    });
    let help = match near {
        Some(near) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => Bi::new(
            "核对成员的写法和期间；机构撤并或不再评判的，删去豁免",
            "check the spelling of the members, and the period; delete it if the body is no more",
        ),
    };
    (&codes::UNMATCHED, message, help)
}
