//! Waivers files: cases that may fail, who said so, why, and until when.
//!
//! TOML or CSV in, waivers out, in the order of the files. Knows ids of rules and the dimensions of their cases, nothing
//! of what a rule requires. Every fault is an error: a waiver that is not understood is never passed over.

mod keyed;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::base::codes::{config, waivers as codes};
use crate::base::{Bi, Diagnostic, Place, nearest};
use crate::quantity::{Period, parse_date};
use crate::semantics::hir::{self, DimId, RuleId, Suite, Test};

/// What is said of each waiver: the key of TOML, and the headings of CSV in Chinese and English.
const FIELDS: [(&str, &[&str]); 8] = [
    ("rule", &["规则", "rule"]),
    ("scope", &["范围", "scope"]),
    ("period", &["期间", "period"]),
    ("reason", &["理由", "reason"]),
    ("approver", &["批准人", "approver"]),
    ("approved", &["批准日期", "approved"]),
    ("expires", &["失效日期", "expires"]),
    ("source", &["依据", "source"]),
];

/// What every waiver must say.
const REQUIRED: [&str; 5] = ["rule", "reason", "approver", "approved", "expires"];

/// The waivers of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waivers {
    /// In the order of the files.
    pub entries: Vec<Waiver>,
    /// The files they come from, with their SHA-256.
    pub files: Vec<(String, String)>,
}

/// A waiver: cases of a rule that may fail while it is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiver {
    /// The rule.
    pub rule: RuleId,
    /// Members of the cases that it covers, of some of the rule's 对每个.
    pub scope: Vec<(DimId, Arc<str>)>,
    /// The period that the cases lie in; `None`: any.
    pub period: Option<Period>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub approver: String,
    /// The day of the decision, from which it is in force.
    pub approved: Date,
    /// The last day on which it is in force.
    pub expires: Date,
    /// The document of the decision.
    pub source: Option<String>,
    /// Where it stands.
    pub place: Place,
}

impl Waivers {
    /// Reads waivers files in order.
    ///
    /// # Errors
    /// All that is wrong with them: then there are no waivers at all.
    pub fn load(paths: &[PathBuf], suite: &Suite) -> Result<Waivers, Vec<Diagnostic>> {
        let mut waivers = Waivers::default();
        let mut faults = Vec::new();
        for path in paths {
            let shown = super::shown(path);
            let drafts = if has_ending(path, &["toml"]) {
                keyed::read(path, &shown, &mut waivers.files, &mut faults)
            } else {
                sheet::read(path, &shown, &mut waivers.files, &mut faults)
            };
            for draft in drafts {
                if let Some(waiver) = waiver(suite, &draft, &mut faults) {
                    waivers.add(suite, waiver, &mut faults);
                }
            }
        }
        if faults.is_empty() { Ok(waivers) } else { Err(faults) }
    }

    /// The waivers that a test gives, which is judged as of a day.
    pub fn given(test: &Test, as_of: Date) -> Waivers {
        let title = format!("「{}」", test.title);
        let entry = |given: &hir::GivenWaiver| Waiver {
            rule: given.rule,
            scope: given.members.iter().map(|(dim, member)| (*dim, Arc::from(member.as_str()))).collect(),
            period: given.period,
            reason: title.clone(),
            approver: title.clone(),
            approved: given.from.unwrap_or_else(|| as_of.min(given.until)),
            expires: given.until,
            source: None,
            place: Place::Rule(given.span),
        };
        Waivers { entries: test.waivers.iter().map(entry).collect(), files: Vec::new() }
    }

    /// A waiver of the same cases, decided on the same day, would leave it open which of the two is meant.
    fn add(&mut self, suite: &Suite, waiver: Waiver, faults: &mut Vec<Diagnostic>) {
        let same = |other: &&Waiver| {
            (other.rule, &other.scope, other.period, other.approved)
                == (waiver.rule, &waiver.scope, waiver.period, waiver.approved)
        };
        let Some(earlier) = self.entries.iter().find(same) else {
            self.entries.push(waiver);
            return;
        };
        let name = waiver.name(suite);
        let day = waiver.approved;
        let message = Bi::new(
            format!("{name} 的豁免在 {day} 批准了两次"),
            format!("there are two waivers of {name} that were approved on {day}"),
        );
        let fault = Diagnostic::at(&codes::TWICE, waiver.place.clone(), message)
            .label(earlier.place.clone(), Bi::new("第一次在这里", "the first is here"))
            .help(Bi::new(
                "删去重复的一条；续期的，写续批的日期",
                "delete one of the two; of an extension, state the day on which it was decided",
            ));
        faults.push(fault);
    }
}

impl Waiver {
    /// What it is of, as rules name their cases: `D210[信访局, 2021]`.
    pub fn name(&self, suite: &Suite) -> String {
        let rule = suite.rules.get(self.rule.0);
        let mut parts: Vec<String> = self
            .scope
            .iter()
            .map(|(dim, member)| match rule.map_or(0, |rule| rule.for_each.len()) {
                0 | 1 => member.to_string(),
                _ => format!("{} = {member}", suite.dims.get(dim.0).map_or("", String::as_str)),
            })
            .collect();
        parts.extend(self.period.map(|period| period.to_string()));
        let id = rule.map_or("", |rule| rule.id.as_str());
        if parts.is_empty() { id.to_owned() } else { format!("{id}[{}]", parts.join(", ")) }
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    endings.contains(&ending.as_str())
}

/// A waiver as its file states it, nothing of it understood yet.
struct Draft {
    /// Texts by field, each with the name that the file gives the field, and its place.
    fields: BTreeMap<&'static str, Stated>,
    /// Names of dimensions and members.
    scope: Vec<(String, String, Place)>,
    /// How the file names each field, for what is missing.
    names: BTreeMap<&'static str, String>,
    /// The entry.
    place: Place,
    /// Fields that could not be read, and were reported.
    refused: BTreeSet<&'static str>,
}

struct Stated {
    text: String,
    place: Place,
}

/// A waiver, if nothing is wrong with it.
fn waiver(suite: &Suite, draft: &Draft, faults: &mut Vec<Diagnostic>) -> Option<Waiver> {
    let before = faults.len();
    let mut required = |field: &'static str| -> Option<&Stated> {
        match draft.fields.get(field) {
            Some(stated) if !stated.text.is_empty() => Some(stated),
            stated => {
                if !draft.refused.contains(field) {
                    faults.push(missing(draft, field, stated));
                }
                None
            }
        }
    };
    let stated = REQUIRED.map(&mut required);
    let [rule, reason, approver, approved, expires] = stated;
    let rule = rule.and_then(|rule| self::rule(suite, rule, faults));
    let scope = rule.map(|rule| scope(suite, rule, draft, faults));
    let approved = approved.and_then(|stated| date(draft, "approved", stated, faults));
    let last = expires.and_then(|stated| date(draft, "expires", stated, faults));
    if let (Some(approved), Some(last), Some(stated)) = (approved, last, expires)
        && last < approved
    {
        let message = Bi::new(
            format!("失效日期 {last} 早于批准日期 {approved}"),
            format!("it expires on {last}, before it was approved on {approved}"),
        );
        let help = Bi::new("请核对这两个日期", "check the two dates");
        faults.push(Diagnostic::at(&codes::WRONG, stated.place.clone(), message).help(help));
    }
    let period = match draft.fields.get("period").filter(|stated| !stated.text.is_empty()) {
        None => None,
        Some(stated) => match Period::parse(&stated.text) {
            Some(period) => Some(period),
            None => {
                faults.push(bad_period(stated));
                None
            }
        },
    };
    if faults.len() > before || !draft.refused.is_empty() {
        return None;
    }
    Some(Waiver {
        rule: rule?,
        scope: scope?,
        period,
        reason: reason?.text.clone(),
        approver: approver?.text.clone(),
        approved: approved?,
        expires: last?,
        source: draft.fields.get("source").map(|stated| stated.text.clone()).filter(|text| !text.is_empty()),
        place: draft.place.clone(),
    })
}

fn missing(draft: &Draft, field: &'static str, stated: Option<&Stated>) -> Diagnostic {
    let name = draft.names.get(field).map_or(field, String::as_str);
    let mut place = draft.place.clone();
    if let Place::Data { column, .. } = &mut place {
        *column = Some(name.to_owned());
    }
    let message = Bi::new(format!("豁免没有写 `{name}`"), format!("a waiver does not say its `{name}`"));
    let help = match field {
        "rule" => Bi::new("写明豁免哪一条规则", "say which rule is waived"),
        "reason" => Bi::new("写明为什么准予豁免", "say why it is waived"),
        "approver" => {
            Bi::new("写明谁批准的：没有批准人的豁免不起作用", "say who approved it: nothing is waived by nobody")
        }
        "approved" => Bi::new("写批准的日期：`2021-03-01`", "write the day of approval: `2021-03-01`"),
        _ => Bi::new(
            "写有效的最后一天：`2021-12-31`；没有期限的豁免等于改了规则",
            "write the last day it is in force: `2021-12-31`; a waiver without an end changes the rule",
        ),
    };
    let place = stated.map_or(place, |stated| stated.place.clone());
    Diagnostic::at(&config::MISSING_KEY, place, message).help(help)
}

fn rule(suite: &Suite, stated: &Stated, faults: &mut Vec<Diagnostic>) -> Option<RuleId> {
    let name = &stated.text;
    if let Some(at) = suite.rules.iter().position(|rule| rule.id == *name) {
        return Some(RuleId(at));
    }
    let message = Bi::new(format!("套件里没有规则 `{name}`"), format!("the suite has no rule `{name}`"));
    let ids = || suite.rules.iter().map(|rule| rule.id.as_str());
    let help = match nearest(name, ids()) {
        Some(near) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => Bi::new(
            "写规则的编号；规则已经取消的，删去这条豁免",
            "write a rule's id; if the rule is gone, delete the waiver",
        ),
    };
    faults.push(Diagnostic::at(&codes::UNKNOWN_RULE, stated.place.clone(), message).help(help));
    None
}

fn scope(suite: &Suite, rule: RuleId, draft: &Draft, faults: &mut Vec<Diagnostic>) -> Vec<(DimId, Arc<str>)> {
    let Some(rule) = suite.rules.get(rule.0) else { return Vec::new() };
    let dims: Vec<(DimId, &str)> =
        rule.for_each.iter().filter_map(|dim| Some((*dim, suite.dims.get(dim.0)?.as_str()))).collect();
    let mut scope: Vec<(DimId, Arc<str>)> = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, member, place) in &draft.scope {
        let dim = dims.iter().find(|(_, known)| known == name).map(|(dim, _)| *dim);
        let (message, help) = match dim {
            Some(dim) if !member.is_empty() && seen.insert(dim) => {
                scope.push((dim, Arc::from(member.as_str())));
                continue;
            }
            Some(_) if member.is_empty() => (
                Bi::new(format!("没有写是哪一个 `{name}`"), format!("it is not said which `{name}`")),
                Bi::new(
                    "写成员的名称；不限的，去掉这个维度",
                    "name the member, or take the dimension out to cover all",
                ),
            ),
            Some(_) => (
                Bi::new(format!("范围里 `{name}` 写了两次"), format!("the scope says `{name}` twice")),
                Bi::new("几个成员各写一条豁免", "write a waiver for each member"),
            ),
            None => (
                Bi::new(
                    format!("规则 `{}` 不按 `{name}` 分个案", rule.id),
                    format!("the rule `{}` has no cases by `{name}`", rule.id),
                ),
                dimension_help(name, &dims),
            ),
        };
        faults.push(Diagnostic::at(&codes::SCOPE, place.clone(), message).help(help));
    }
    scope.sort_unstable();
    scope
}

fn dimension_help(name: &str, dims: &[(DimId, &str)]) -> Bi {
    let names: Vec<&str> = dims.iter().map(|(_, name)| *name).collect();
    match (nearest(name, names.iter().copied()), names.is_empty()) {
        (Some(near), _) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        (None, true) => Bi::new(
            "规则没有 `对每个`，去掉范围即豁免整条规则",
            "the rule has no `for each`: without a scope the whole rule is waived",
        ),
        (None, false) => Bi::new(
            format!("它对每个 `{}` 有个案", names.join("`、`")),
            format!("it has a case for each `{}`", names.join("`, `")),
        ),
    }
}

fn date(draft: &Draft, field: &'static str, stated: &Stated, faults: &mut Vec<Diagnostic>) -> Option<Date> {
    let date = parse_date(&stated.text);
    if date.is_none() {
        let name = draft.names.get(field).map_or(field, String::as_str);
        let text = &stated.text;
        let message = Bi::new(format!("`{name}` 的 `{text}` 不是日期"), format!("`{text}` of `{name}` is not a date"));
        let help = Bi::new("写成 `2021-03-01`", "write `2021-03-01`");
        faults.push(Diagnostic::at(&codes::WRONG, stated.place.clone(), message).help(help));
    }
    date
}

fn bad_period(stated: &Stated) -> Diagnostic {
    let text = &stated.text;
    let message = Bi::new(format!("`{text}` 不是期间"), format!("`{text}` is not a period"));
    let help = Bi::new("写成 `2021`、`2021Q1` 或 `2021-03`", "write `2021`, `2021Q1` or `2021-03`");
    Diagnostic::at(&codes::WRONG, stated.place.clone(), message).help(help)
}
