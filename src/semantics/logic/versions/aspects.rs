//! What of a rule differs besides its conditions: how much it binds, by when, for which periods and for whom.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Versions;
use crate::base::Bi;
use crate::quantity::Scalar;
use crate::semantics::hir::{Deadline, Kind, List, Requirement, Rule, Suite};

/// Something of a rule that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aspect {
    /// What.
    pub what: What,
    /// Is the rule stricter for it? `None`: it cannot be told.
    pub tighter: Option<bool>,
    /// Is it laxer for it? Likewise.
    pub looser: Option<bool>,
    /// As it was.
    pub old: Bi,
    /// As it is.
    pub new: Bi,
}

/// What can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// 性质
    Kind,
    /// 截止
    Deadline,
    /// 期间
    Periods,
    /// 对每个, or rows in place of figures.
    Cases,
    /// The members that must be there.
    Roster,
}

impl Aspect {
    /// Is the rule judged so differently that its conditions are not about the same?
    pub fn parts(&self) -> bool {
        matches!(self.what, What::Cases | What::Periods) && self.tighter.is_none()
    }
}

/// All that differs between two versions of a rule.
pub fn of(versions: Versions<'_>, rules: (&Rule, &Rule)) -> Vec<Aspect> {
    let (old, new) = rules;
    [kind(old, new), deadline(versions, old, new), periods(old, new), cases(versions, old, new), roster(versions, new)]
        .into_iter()
        .flatten()
        .collect()
}

fn kind(old: &Rule, new: &Rule) -> Option<Aspect> {
    let weight = |kind: Kind| match kind {
        Kind::Binding => 2,
        Kind::Expected => 1,
        Kind::Advisory => 0,
    };
    let name = |kind: Kind| match kind {
        Kind::Binding => Bi::new("约束性", "binding"),
        Kind::Expected => Bi::new("预期性", "expected"),
        Kind::Advisory => Bi::new("提示", "advisory"),
    };
    let (before, now) = (weight(old.kind), weight(new.kind));
    (before != now).then(|| Aspect {
        what: What::Kind,
        tighter: Some(now > before),
        looser: Some(now < before),
        old: name(old.kind),
        new: name(new.kind),
    })
}

fn deadline(versions: Versions<'_>, old: &Rule, new: &Rule) -> Option<Aspect> {
    if old.deadline == new.deadline {
        return None;
    }
    let name = |rule: &Rule| match rule.deadline {
        None => Bi::new("期末", "end of the period"),
        Some(Deadline::On(day)) => Bi::same(day.to_string()),
        Some(Deadline::Submission) => Bi::new("报送时", "on submission"),
    };
    let run = versions.period;
    let own: Vec<_> = new.periods.iter().filter(|period| old.periods.contains(period)).copied().collect();
    let looked_at = if new.periods.is_empty() && old.periods.is_empty() { run.into_iter().collect() } else { own };
    // Whether a day is before the end of a period that is not known cannot be told; whenever it is submitted, is.
    let always = |rule: &Rule| (rule.deadline == Some(Deadline::Submission)).then_some(Date::MIN);
    let dues: Vec<(Date, Date)> = match (always(old), always(new), looked_at.is_empty()) {
        (Some(before), None, true) => vec![(before, Date::MAX)],
        (None, Some(now), true) => vec![(Date::MAX, now)],
        _ => looked_at.iter().map(|period| (old.due(*period), new.due(*period))).collect(),
    };
    let days = || old.named_day().zip(new.named_day());
    let dues = if dues.is_empty() { days().into_iter().collect() } else { dues };
    let told = |holds: bool| (!dues.is_empty()).then_some(holds);
    Some(Aspect {
        what: What::Deadline,
        tighter: told(dues.iter().any(|(before, now)| now < before)),
        looser: told(dues.iter().any(|(before, now)| now > before)),
        old: name(old),
        new: name(new),
    })
}

fn periods(old: &Rule, new: &Rule) -> Option<Aspect> {
    let (before, now): (BTreeSet<_>, BTreeSet<_>) = (old.periods.iter().collect(), new.periods.iter().collect());
    if before == now {
        return None;
    }
    let name = |rule: &Rule| match (rule.periods.first(), rule.periods.last(), rule.periods.len()) {
        (Some(first), Some(last), 3..) => Bi::new(
            format!("{first} 至 {last}（{} 期）", rule.periods.len()),
            format!("{first} to {last} ({} periods)", rule.periods.len()),
        ),
        (Some(_), ..) => {
            let all: Vec<String> = rule.periods.iter().map(ToString::to_string).collect();
            Bi::new(all.join("、"), all.join(", "))
        }
        (None, ..) => Bi::new("评判的那一期", "the period of the run"),
    };
    let open = before.is_empty() || now.is_empty();
    let told = |holds: bool| (!open).then_some(holds);
    Some(Aspect {
        what: What::Periods,
        tighter: told(now.difference(&before).next().is_some()),
        looser: told(before.difference(&now).next().is_some()),
        old: name(old),
        new: name(new),
    })
}

fn cases(versions: Versions<'_>, old: &Rule, new: &Rule) -> Option<Aspect> {
    let suite = &versions.merged.suite;
    let dims = |rule: &Rule| -> BTreeSet<usize> { rule.for_each.iter().map(|dim| dim.0).collect() };
    let rows = |rule: &Rule| matches!(rule.requirement, Requirement::Rows { .. });
    if dims(old) == dims(new) && rows(old) == rows(new) {
        return None;
    }
    let name = |rule: &Rule| {
        let names: Vec<&str> =
            rule.for_each.iter().filter_map(|dim| suite.dims.get(dim.0)).map(String::as_str).collect();
        match (names.is_empty(), rows(rule)) {
            (true, false) => Bi::new("整体", "the whole"),
            (true, true) => Bi::new("每行", "each row"),
            (false, _) => Bi::new(format!("每个{}", names.join("、")), format!("each {}", names.join(", "))),
        }
    };
    Some(Aspect { what: What::Cases, tighter: None, looser: None, old: name(old), new: name(new) })
}

/// The members that a rule is judged for even if they submit nothing.
fn roster(versions: Versions<'_>, new: &Rule) -> Option<Aspect> {
    let Versions { merged, old: before, new: now, .. } = versions;
    let mut sides = [(BTreeSet::new(), BTreeSet::new()), (BTreeSet::new(), BTreeSet::new())];
    for dim in &new.for_each {
        let name = merged.suite.dims.get(dim.0)?;
        for ((listed, columns), suite) in sides.iter_mut().zip([before, now]) {
            members(suite, name, listed, columns);
        }
    }
    let [(old_listed, old_columns), (new_listed, new_columns)] = sides;
    if old_listed == new_listed && old_columns == new_columns {
        return None;
    }
    let told = |holds: bool| (old_columns == new_columns).then_some(holds);
    let name = |listed: &BTreeSet<String>, columns: &BTreeSet<String>| {
        let count = listed.len();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        match (count, columns.is_empty()) {
            (0, true) => Bi::new("没有名单", "no roster"),
            (0, false) => {
                Bi::new(format!("名单见 {}", columns.join("、")), format!("roster in {}", columns.join(", ")))
            }
            _ => Bi::new(format!("名单 {count} 个"), format!("roster of {count}")),
        }
    };
    Some(Aspect {
        what: What::Roster,
        tighter: told(!new_listed.is_subset(&old_listed)),
        looser: told(!old_listed.is_subset(&new_listed)),
        old: name(&old_listed, &old_columns),
        new: name(&new_listed, &new_columns),
    })
}

/// Members of a dimension that code lists name, and columns of other datasets that hold them.
fn members(suite: &Suite, dim: &str, listed: &mut BTreeSet<String>, columns: &mut BTreeSet<String>) {
    let of_dim = |column: &&crate::semantics::hir::Column| {
        column.dim.and_then(|id| suite.dims.get(id.0)).is_some_and(|name| name == dim)
    };
    for codes in
        suite.datasets.iter().flat_map(|dataset| &dataset.columns).filter(of_dim).filter_map(|c| c.codes.as_ref())
    {
        match codes {
            List::Values(values) => listed.extend(values.iter().filter_map(|value| match value {
                Scalar::Text(text) => Some(text.to_string()),
                _ => None,
            })),
            List::Column(dataset, column) => {
                let dataset = suite.datasets.get(dataset.0);
                let column = dataset.and_then(|dataset| dataset.columns.get(column.0));
                columns
                    .extend(dataset.zip(column).map(|(dataset, column)| format!("{}.{}", dataset.name, column.name)));
            }
        }
    }
}
