//! A record and a rule's id in, the rule with the cases that were asked for out, or why there are none. The record of many
//! submissions keeps no calculations: it says where they are to be had.

use std::collections::BTreeSet;

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Lang, Place, nearest};
use crate::report::explaining::{self, Explained, Wanted};
use crate::report::record::{Record, Rule};
use crate::report::runs::{self, Runs, Submission};
use crate::report::{sort_key, words};

/// How many members an error names.
const NAMED: usize = 8;

/// A rule of a record, with up to `limit` of the cases that fit all that is wanted.
///
/// # Errors
/// The record has no such rule, or holds no such case.
pub fn explained(record: &Record, rule: &str, wanted: &[Wanted], limit: usize) -> Result<Explained, Box<Diagnostic>> {
    let Some(found) = record.rules.iter().find(|known| known.id == rule) else {
        return Err(no_rule(rule, record.rules.iter().map(|rule| rule.id.as_str())));
    };
    let explained = explaining::explained(record, found, wanted, limit);
    if explained.cases.is_empty() && !wanted.is_empty() {
        Err(Box::new(no_case(found, wanted, &explained)))
    } else {
        Ok(explained)
    }
}

/// That the record of many submissions has no calculation of a rule: which submission is worst in it, and how its calculation
/// is to be had.
pub fn not_explained(path: &str, runs: &Runs, rule: &str) -> Box<Diagnostic> {
    let Some(at) = runs.rules.iter().position(|known| known.id == rule) else {
        return no_rule(rule, runs.rules.iter().map(|rule| rule.id.as_str()));
    };
    let message = Bi::new(
        format!("`{path}` 是多份报送的汇总记录：规则 `{rule}` 只记结论，没有记算式"),
        format!("`{path}` is the record of many submissions: of rule `{rule}` it has the verdicts, and no calculation"),
    );
    let letter = |submission: &Submission| submission.verdicts.chars().nth(at).and_then(runs::verdict);
    let judged = runs.submissions.iter().filter_map(|submission| Some((submission, letter(submission)?)));
    // The first by name of those that are worst.
    let worst = judged.rev().max_by_key(|(_, verdict)| sort_key(*verdict));
    let help = match worst {
        Some((Submission { name, path, .. }, verdict)) => Bi::new(
            format!(
                "请单独评判要看的那一份，例如结论最差的 `{name}`（{}）：`duixian run 套件 --submission {path} --records 文件夹`，再 `duixian explain {rule} --record 文件夹/{name}.json`",
                words::verdict(verdict, Lang::Zh)
            ),
            format!(
                "judge the submission in question by itself, such as `{name}`, the worst of them ({}): `duixian run SUITE --submission {path} --records DIR`, then `duixian explain {rule} --record DIR/{name}.json`",
                words::verdict(verdict, Lang::En)
            ),
        ),
        None => Bi::new("其中没有评判任何报送", "no submission was judged in it"),
    };
    Box::new(Diagnostic::at(&codes::BAD_RECORD, Place::file(path), message).help(help))
}

fn no_rule<'a>(rule: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Box<Diagnostic> {
    let message = Bi::new(format!("运行记录里没有规则 `{rule}`"), format!("the record has no rule `{rule}`"));
    Box::new(Diagnostic::at(&codes::NO_SUCH_RULE, Place::Nowhere, message).help(nearest_rule(rule, ids)))
}

/// `是不是 `D210`？`, or the first rules that there are.
pub(super) fn nearest_rule<'a>(wanted: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Bi {
    match nearest(wanted, ids.clone()) {
        Some(near) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => {
            let first: Vec<&str> = ids.take(NAMED).collect();
            let (zh, en) = (first.join("、"), first.join(", "));
            Bi::new(format!("规则有：{zh} 等"), format!("the rules are: {en} …"))
        }
    }
}

/// That no case fits, with the nearest member, or those that there are.
fn no_case(rule: &Rule, wanted: &[Wanted], explained: &Explained) -> Diagnostic {
    let asked: Vec<String> = wanted
        .iter()
        .map(|wanted| match &wanted.dimension {
            Some(dimension) => format!("{dimension}={}", wanted.member),
            None => wanted.member.clone(),
        })
        .collect();
    let (zh, en) = (asked.join("，"), asked.join(", "));
    let id = &rule.id;
    let message = Bi::new(
        format!("规则 `{id}` 没有符合 `{zh}` 的个案可以说明"),
        format!("rule `{id}` has no case to explain that fits `{en}`"),
    );
    let diagnostic = Diagnostic::at(&codes::NO_SUCH_CASE, Place::Nowhere, message);
    let mut helps: Vec<Bi> = Vec::new();
    for wanted in wanted {
        helps.extend(unknown(rule, wanted));
    }
    let unrecorded = explained.unrecorded;
    if unrecorded > 0 {
        helps.push(Bi::new(
            format!("另有 {unrecorded} 个个案合格或不适用，这份记录没有记下；可以给出 --suite 和 --data 当场评判，或在 run 时加 --passes"),
            format!(
                "{unrecorded} more cases passed or did not apply, which this record does not hold: give --suite and --data to judge them now, or run with --passes"
            ),
        ));
    }
    let join = |part: fn(&Bi) -> &str, with: &str| helps.iter().map(part).collect::<Vec<_>>().join(with);
    if helps.is_empty() {
        return diagnostic.help(Bi::new(
            "每一项单独都有，但没有同时符合的个案",
            "each of these is there, but no case fits them all",
        ));
    }
    diagnostic.help(Bi::new(join(|help| &help.zh, "；"), join(|help| &help.en, "; ")))
}

/// What there is instead of something that no case has.
fn unknown(rule: &Rule, wanted: &Wanted) -> Option<Bi> {
    let none = explaining::held(rule).next().is_none();
    if none || explaining::held(rule).any(|finding| wanted.fits(finding)) {
        return None;
    }
    let dimensions: BTreeSet<&str> =
        explaining::held(rule).flat_map(|finding| finding.scope.keys()).map(String::as_str).collect();
    let listed = |names: &BTreeSet<&str>| {
        let first: Vec<&str> = names.iter().copied().take(NAMED).collect();
        let more = names.len() > NAMED;
        Bi::new(
            format!("{}{}", first.join("、"), if more { " 等" } else { "" }),
            format!("{}{}", first.join(", "), if more { " …" } else { "" }),
        )
    };
    if let Some(dimension) = wanted.dimension.as_deref().filter(|name| !matches!(*name, "期间" | "period"))
        && !dimensions.contains(dimension)
    {
        let names = listed(&dimensions);
        return Some(match (nearest(dimension, dimensions.iter().copied()), dimensions.is_empty()) {
            (Some(near), _) => Bi::new(
                format!("没有维度 `{dimension}`，是不是 `{near}`？"),
                format!("there is no dimension `{dimension}`; did you mean `{near}`?"),
            ),
            (None, true) => {
                Bi::new("记录里这条规则的个案都不分维度", "no case of this rule in the record is of a dimension")
            }
            (None, false) => Bi::new(
                format!("没有维度 `{dimension}`；有：{}", names.zh),
                format!("there is no dimension `{dimension}`; there are: {}", names.en),
            ),
        });
    }
    let of = |dimension: &str| wanted.dimension.as_deref().is_none_or(|wanted| wanted == dimension);
    let mut members: BTreeSet<&str> = explaining::held(rule)
        .flat_map(|finding| finding.scope.iter().filter(|(dimension, _)| of(dimension)))
        .map(|(_, member)| member.as_str())
        .collect();
    if wanted.dimension.as_deref().is_none_or(|name| matches!(name, "期间" | "period")) {
        members.extend(explaining::held(rule).map(|finding| finding.period.as_str()));
    }
    let member = &wanted.member;
    match nearest(member, members.iter().copied()) {
        Some(near) => Some(Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?"))),
        None if members.is_empty() => None,
        None => {
            let names = listed(&members);
            Some(Bi::new(format!("有：{}", names.zh), format!("there are: {}", names.en)))
        }
    }
}
