//! W0604: a rule's 性质 against the register's `modality`.

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic};
use crate::semantics::hir::Kind;
use crate::syntax::ast::ClauseKind;

use super::cited::Entry;
use super::{Cx, Look};

pub fn check(_: &Cx<'_>, rule: &Look<'_>, found: &mut Vec<Diagnostic>) {
    let opinions: Vec<(&Entry<'_>, &str, Kind)> = rule
        .entries
        .iter()
        .filter_map(|entry| {
            let modality = entry.cell("modality")?;
            Some((entry, modality, meant(modality)?))
        })
        .collect();
    // Commitments of different modality under one rule: its writer had to choose.
    let Some((entry, modality, wanted)) = opinions.first().copied() else { return };
    if opinions.len() < rule.entries.len()
        || opinions.iter().any(|(_, _, other)| *other != wanted)
        || rule.rule.kind == wanted
    {
        return;
    }
    let effort = |entry: &Entry<'_>| entry.cell("check").is_some_and(|check| check != "numeric" && check != "ordinal");
    if rule.rule.kind == Kind::Advisory && rule.entries.iter().all(effort) {
        return;
    }
    let (ours, theirs, id) = (word(rule.rule.kind), word(wanted), entry.id);
    let diagnostic = Diagnostic::rule(
        &codes::KIND,
        rule.clause(|clause| matches!(clause, ClauseKind::Kind(_))),
        Bi::new(
            format!("规则的性质是{}，`{id}` 登记的情态是“{modality}”，应为{}", ours.0, theirs.0),
            format!("the rule is {}, and `{id}` is registered as “{modality}”, which is {}", ours.1, theirs.1),
        ),
    )
    .help(Bi::new(format!("写 `性质 {}`", theirs.0), format!("write `kind {}`", theirs.1)));
    found.push(entry.label(diagnostic));
}

/// The kind that a modality stands for; of most nothing is certain.
fn meant(modality: &str) -> Option<Kind> {
    match modality {
        "确保" | "必须" => Some(Kind::Binding),
        "力争" | "争创" | "全力争创" | "推动" | "促进" | "目标" | "预期目标" => Some(Kind::Expected),
        _ => None,
    }
}

fn word(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Binding => ("约束性", "binding"),
        Kind::Expected => ("预期性", "expected"),
        Kind::Advisory => ("提示", "advisory"),
    }
}
