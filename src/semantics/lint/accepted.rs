//! `认可 W0607 "理由"`: what the author of a rule has looked into and answered. Such remarks are taken out of the list; an
//! answer to nothing is a remark itself.

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::semantics::hir::{Rule, Suite};

/// Remarks, and how many of them were answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Those that nobody has answered.
    pub open: Vec<Diagnostic>,
    /// How many were.
    pub accepted: usize,
}

/// Takes the remarks out that the rules accept. A remark is about a rule if it, or one of its labels, stands in the
/// rule's declaration.
pub fn accept(suite: &Suite, found: Vec<Diagnostic>) -> Accepted {
    let mut rules: Vec<&Rule> = suite.rules.iter().collect();
    rules.sort_by_key(|rule| rule.span);
    let mut answered = vec![Vec::new(); rules.len()];
    for (slot, rule) in answered.iter_mut().zip(&rules) {
        slot.resize(rule.accepts.len(), false);
    }
    let mut sorted = Accepted::default();
    for diagnostic in found {
        let places = std::iter::once(&diagnostic.place).chain(diagnostic.labels.iter().map(|label| &label.place));
        let mut accepted = false;
        for place in places {
            let Place::Rule(span) = place else { continue };
            let Some((rule, answered)) = at(&rules, *span).and_then(|at| Some((rules.get(at)?, answered.get_mut(at)?)))
            else {
                continue;
            };
            for (accept, answered) in rule.accepts.iter().zip(answered) {
                if accept.code == diagnostic.code.code {
                    (*answered, accepted) = (true, true);
                }
            }
        }
        if accepted {
            sorted.accepted += 1;
        } else {
            sorted.open.push(diagnostic);
        }
    }
    for (rule, answered) in rules.iter().zip(answered) {
        for (accept, _) in rule.accepts.iter().zip(answered).filter(|(_, answered)| !answered) {
            let (id, code) = (&rule.id, &accept.code);
            let message = Bi::new(
                format!("规则 `{id}` 认可了 {code}，而它没有这样的提示"),
                format!("rule `{id}` accepts {code}, and there is no such remark on it"),
            );
            let help = Bi::new(
                "删去这条 `认可`；代码写错了的，改正代码",
                "take the `accept` out, or mend the code if it is mistyped",
            );
            sorted.open.push(Diagnostic::rule(&codes::ACCEPTED_NOTHING, accept.span, message).help(help));
        }
    }
    sorted
}

/// The rule whose declaration a place lies in.
fn at(rules: &[&Rule], span: Span) -> Option<usize> {
    let next = rules.partition_point(|rule| (rule.span.file, rule.span.start) <= (span.file, span.start));
    let at = next.checked_sub(1)?;
    let rule = rules.get(at)?;
    (rule.span.file == span.file && span.end <= rule.span.end).then_some(at)
}
