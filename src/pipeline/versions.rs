//! Two compiled suites in, how each rule changed out. What the analysis proves stands; what it shows by figures is judged by
//! both versions first, and counts only if it comes out as shown.

use std::path::Path;

use super::analyse::replay;
use super::{Checked, Stopped};
use crate::base::Bi;
use crate::data::{self, SuiteConfig};
use crate::report::record::Verdict;
use crate::report::verdict_of;
use crate::report::versions::{
    Aspect, Change, Example, Of, RuleVersions, SCHEMA, Setting, Side, Summary, Versions, What, Wording,
};
use crate::semantics::hir::{Dataset, Rule, RuleId, StandardId};
use crate::semantics::logic::versions as logic;
use crate::semantics::logic::versions::{Compared, Merged, Pair, Refuses, Valued, Version, merge};

/// Compares two suites; the paths are as the user gave them.
///
/// # Errors
/// A file of standards that a suite names cannot be used.
pub fn compare_suites(old: (&Path, &Checked), new: (&Path, &Checked)) -> Result<Versions, Box<Stopped>> {
    let (before, after) = (old.1, new.1);
    let values = valued(before, after)?;
    let version = |suite, sources| Version { suite, sources };
    let merged = merge(version(&before.suite, &before.sources), version(&after.suite, &after.sources), &values);
    let region = after.config.region.as_deref().unwrap_or("");
    let compared = logic::compare(logic::Versions {
        merged: &merged,
        old: &before.suite,
        new: &after.suite,
        region,
        period: after.config.period.or(before.config.period),
    });
    // Witnesses are exact, however the bindings round what is submitted.
    let exact = SuiteConfig { region: after.config.region.clone(), ..SuiteConfig::default() };
    let mut summary = Summary::default();
    let mut rules = Vec::new();
    for (at, rule) in after.suite.rules.iter().enumerate() {
        let found = merged.pairs.iter().zip(&compared).find(|(pair, _)| pair.new == RuleId(at));
        let told = match found {
            Some((pair, compared)) => changed(&merged, &exact, pair, compared, (before, after)),
            None => Some(alone(after, rule, Of::New)),
        };
        summary.add(told.as_ref().map_or(Change::Same, |told| told.change));
        rules.extend(told);
    }
    let gone = before.suite.rules.iter().filter(|rule| !after.suite.rules.iter().any(|other| other.id == rule.id));
    for rule in gone {
        summary.add(Change::Gone);
        rules.push(alone(before, rule, Of::Old));
    }
    let settings = settings(before, after);
    Ok(Versions { schema: SCHEMA.to_owned(), old: side(old), new: side(new), settings, summary, rules })
}

/// What besides rules differs, so that the same conditions may judge other figures.
fn settings(old: &Checked, new: &Checked) -> Vec<Setting> {
    let mut settings = Vec::new();
    let differ = |settings: &mut Vec<Setting>, what: Bi, old: Option<String>, new: Option<String>| {
        if old != new {
            settings.push(Setting { what, old, new });
        }
    };
    let period = |config: &SuiteConfig| config.period.map(|period| period.to_string());
    let (a, b) = (&old.config, &new.config);
    differ(&mut settings, Bi::new("默认期间", "default period"), period(a), period(b));
    differ(&mut settings, Bi::new("区域", "region"), a.region.clone(), b.region.clone());
    for dataset in &old.suite.datasets {
        let Some(other) = new.suite.datasets.iter().find(|other| other.name == dataset.name) else { continue };
        let what = Bi::new(format!("数据集「{}」的主键", dataset.name), format!("key of dataset {}", dataset.name));
        differ(&mut settings, what, key(dataset), key(other));
        let keys = a.bindings_differ(b, &dataset.name);
        if !keys.is_empty() {
            let keys = keys.join(", ");
            let what = Bi::new(
                format!("数据集「{}」的绑定（{keys}）", dataset.name),
                format!("binding of dataset {} ({keys})", dataset.name),
            );
            settings.push(Setting { what, old: None, new: None });
        }
    }
    settings
}

/// The columns of a dataset's key.
fn key(dataset: &Dataset) -> Option<String> {
    let names: Vec<&str> = dataset
        .key
        .iter()
        .filter_map(|column| dataset.columns.get(column.0))
        .map(|column| column.name.as_str())
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn side((path, checked): (&Path, &Checked)) -> Side {
    Side {
        path: path.to_string_lossy().replace('\\', "/"),
        suite: checked.identity.name.clone(),
        title: checked.identity.title.clone(),
        period: checked.config.period.map(|period| period.to_string()),
        sha256: checked.identity.sha256.clone(),
    }
}

/// Standards of both suites whose values, from the suites' own files, differ.
fn valued(old: &Checked, new: &Checked) -> Result<Valued, Box<Stopped>> {
    let load = |checked: &Checked| {
        let (values, diagnostics) = data::load_standards(&checked.config.standards_paths(), &checked.suite);
        if diagnostics.iter().any(|diagnostic| diagnostic.severity() == crate::base::Severity::Error) {
            return Err(Stopped::configuration(diagnostics));
        }
        Ok(values)
    };
    let (before, after) = (load(old)?, load(new)?);
    let mut valued = Valued::default();
    for (at, standard) in old.suite.standards.iter().enumerate() {
        let Some(other) = new.suite.standards.iter().position(|other| other.name == standard.name) else { continue };
        let (a, b) = (before.entries.get(at), after.entries.get(other));
        let entries = |entries: Option<&Vec<data::StandardEntry>>| {
            entries.into_iter().flatten().map(|entry| (entry.period, entry.value.clone())).collect::<Vec<_>>()
        };
        let (a, b) = (entries(a), entries(b));
        // A value that only one of the suites brings comes with each run for the other: they can be the same.
        if a == b || a.is_empty() || b.is_empty() {
            continue;
        }
        let single = |entries: &[(Option<crate::quantity::Period>, crate::quantity::Scalar)]| match entries {
            [(None, value)] => Some(value.clone()),
            _ => None,
        };
        valued.note(&standard.name, (StandardId(at), single(&a)), (StandardId(other), single(&b)));
    }
    Ok(valued)
}

/// A rule that only one of the suites has.
fn alone(checked: &Checked, rule: &Rule, of: Of) -> RuleVersions {
    RuleVersions {
        id: rule.id.clone(),
        title: rule.title.clone(),
        change: if of == Of::New { Change::New } else { Change::Gone },
        requirement: vec![Wording { of, text: Some(rule.text.clone()) }],
        applies: applies(checked, rule).map(|text| Wording { of, text: Some(text) }).into_iter().collect(),
        aspects: Vec::new(),
        redefined: Vec::new(),
        examples: Vec::new(),
        assuming: None,
        reason: None,
    }
}

/// How a rule of both changed; `None`: it demands the same.
fn changed(
    merged: &Merged,
    exact: &SuiteConfig,
    pair: &Pair,
    compared: &Compared,
    (old, new): (&Checked, &Checked),
) -> Option<RuleVersions> {
    let rule = new.suite.rules.get(pair.new.0)?;
    let before = old.suite.rules.iter().find(|other| other.id == rule.id)?;
    let mut examples = Vec::new();
    let mut shown = |refuses: &Refuses| match refuses {
        Refuses::Never => Some(false),
        Refuses::Perhaps(witnesses) => {
            let held = witnesses.iter().find(|witness| replay(&merged.suite, exact, &witness.test))?;
            let came = |id: RuleId| -> Option<Verdict> {
                let expected = held.test.expect.iter().find(|expected| expected.rule == id)?;
                Some(verdict_of(expected.verdict))
            };
            examples.extend(came(pair.old).zip(came(pair.new)).map(|(old, new)| Example {
                figures: held.shown.clone(),
                old,
                new,
            }));
            Some(true)
        }
    };
    let (tighter, looser) = (shown(&compared.tighter), shown(&compared.looser));
    let both = |conditions: Option<bool>, aspect: fn(&logic::Aspect) -> Option<bool>| {
        let all = || std::iter::once(conditions).chain(compared.aspects.iter().map(aspect));
        if all().any(|told| told == Some(true)) {
            Some(true)
        } else if all().any(|told| told.is_none()) {
            None
        } else {
            Some(false)
        }
    };
    let change = Change::of(both(tighter, |aspect| aspect.tighter), both(looser, |aspect| aspect.looser));
    if change == Change::Same {
        return None;
    }
    let reworded = |a: Option<String>, b: Option<String>| {
        if a == b { Vec::new() } else { vec![Wording { of: Of::Old, text: a }, Wording { of: Of::New, text: b }] }
    };
    let assuming = Some(compared.assuming.clone()).filter(|words| !words.zh.is_empty());
    Some(RuleVersions {
        id: rule.id.clone(),
        title: rule.title.clone(),
        change,
        requirement: reworded(Some(before.text.clone()), Some(rule.text.clone())),
        applies: reworded(applies(old, before), applies(new, rule)),
        aspects: compared.aspects.iter().map(aspect).collect(),
        redefined: pair.redefined.keys().cloned().collect(),
        examples,
        assuming,
        reason: (change == Change::Unclear).then(|| reason(pair, compared, tighter, looser)),
    })
}

/// When a rule applies, in its own words.
fn applies(checked: &Checked, rule: &Rule) -> Option<String> {
    let (when, _) = logic::conditions_of(rule);
    when.map(|when| checked.sources.text(when.span).split_whitespace().collect::<Vec<_>>().join(" "))
}

fn aspect(aspect: &logic::Aspect) -> Aspect {
    Aspect {
        what: match aspect.what {
            logic::What::Kind => What::Kind,
            logic::What::Deadline => What::Deadline,
            logic::What::Periods => What::Periods,
            logic::What::Cases => What::Cases,
            logic::What::Roster => What::Roster,
        },
        change: Change::of(aspect.tighter, aspect.looser),
        old: aspect.old.clone(),
        new: aspect.new.clone(),
    }
}

/// Why it cannot be told how a rule changed.
fn reason(pair: &Pair, compared: &Compared, tighter: Option<bool>, looser: Option<bool>) -> Bi {
    let foreign: Vec<&str> =
        pair.redefined.iter().filter(|(_, foreign)| **foreign).map(|(name, _)| name.as_str()).collect();
    if !foreign.is_empty() {
        return Bi::new(
            format!("{} 的定义或类型变了，前后的数不是一回事", foreign.join("、")),
            format!(
                "{} is declared otherwise, so that its figures then and now are not the same thing",
                foreign.join(", ")
            ),
        );
    }
    if compared.aspects.iter().any(logic::Aspect::parts) {
        return Bi::new(
            "评判的个案或期间不同，不能逐一对应",
            "other cases or periods are judged, which do not correspond",
        );
    }
    match (tighter, looser) {
        (Some(true), None) => Bi::new(
            "有更严的地方；有没有放宽的地方不能判定",
            "it is stricter in something; whether it is laxer in something else cannot be told",
        ),
        (None, Some(true)) => Bi::new(
            "有更宽的地方；有没有收紧的地方不能判定",
            "it is laxer in something; whether it is stricter in something else cannot be told",
        ),
        (Some(false), None) => {
            Bi::new("没有收紧；有没有放宽不能判定", "it is not stricter; whether it is laxer cannot be told")
        }
        (None, Some(false)) => {
            Bi::new("没有放宽；有没有收紧不能判定", "it is not laxer; whether it is stricter cannot be told")
        }
        (Some(_), Some(_)) => {
            Bi::new("条件之外的变化不能判定宽严", "what differs besides the conditions does not tell")
        }
        (None, None) => Bi::new("这样的条件超出了推理的范围", "such conditions are beyond what is reasoned about"),
    }
}
