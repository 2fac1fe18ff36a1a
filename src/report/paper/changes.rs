//! A case of a record in, what would change its verdict out, or what must stay for it to pass.

use crate::base::Lang;
use crate::report::record::{Evidence, Finding, Step, StepKind, Truth, Turn, Verdict};
use crate::report::words::{self, pick};

/// What would change how a case came out.
pub fn changes(finding: &Finding, lang: Lang) -> Vec<String> {
    let mut said = Vec::new();
    match finding.verdict {
        Verdict::Missing => {
            said.push(
                pick(lang, "补齐上面所缺的数据后重新评判", "supply what is missing above and judge again").to_owned(),
            );
        }
        Verdict::Borderline => {
            said.push(pick(lang, "报未舍入的数后重新评判", "supply the figures unrounded and judge again").to_owned())
        }
        Verdict::Error => {
            said.push(pick(lang, "更正上面的原因后重新评判", "mend the reason above and judge again").to_owned());
        }
        Verdict::Waived => {
            if let Some(waiver) = &finding.waiver {
                said.push(match lang {
                    Lang::Zh => format!("豁免 {} 失效，之后即为不合格", waiver.expires),
                    Lang::En => format!("the waiver ends on {}: after that day it fails", waiver.expires),
                });
            }
            said.extend(to_change(finding.calculation.as_ref(), finding, false, lang));
        }
        Verdict::Pending => {
            said.extend(finding.would_be.map(|otherwise| match lang {
                Lang::Zh => format!("到期时仍是这些数，就是{}", words::verdict(otherwise, lang)),
                Lang::En => format!("with the same figures when it is due: {}", words::verdict(otherwise, lang)),
            }));
            said.extend(to_change(finding.calculation.as_ref(), finding, false, lang));
        }
        Verdict::Fail => said.extend(to_change(finding.calculation.as_ref(), finding, false, lang)),
        Verdict::Pass => said.extend(to_change(finding.calculation.as_ref(), finding, true, lang)),
        Verdict::NotApplicable => said.extend(to_change(finding.applies.as_ref(), finding, false, lang)),
    }
    said
}

/// A comparison that decides, with whether it has to hold, or not to, for the outcome to stay or to come.
struct Decides<'s> {
    step: &'s Step,
    holds: bool,
}

/// How the comparisons that decide go together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Together {
    /// There is but one.
    One,
    /// All of them.
    All,
    /// Any of them.
    Any,
    /// Neither.
    Mixed,
}

/// The comparisons that make a condition come out as it does; those that would have to change, or that must stay.
fn decisive<'s>(step: &'s Step, outcome: Truth, together: &mut Together, found: &mut Vec<Decides<'s>>) {
    if step.outcome != Some(outcome) {
        return;
    }
    let turned = if outcome == Truth::Holds { Truth::Fails } else { Truth::Holds };
    // One part is enough to change what needs all of them, and the other way round.
    let mut combine = |all: bool, parts: usize| {
        let wanted = if all == (outcome == Truth::Fails) { Together::All } else { Together::Any };
        *together = match *together {
            _ if parts < 2 => *together,
            Together::One => wanted,
            known if known == wanted => known,
            _ => Together::Mixed,
        };
    };
    let same = step.steps.iter().filter(|part| part.outcome == Some(outcome)).count();
    match step.kind {
        StepKind::Comparison => found.push(Decides { step, holds: outcome == Truth::Fails }),
        StepKind::All | StepKind::Every => {
            combine(true, same);
            step.steps.iter().for_each(|part| decisive(part, outcome, together, found));
        }
        StepKind::Any | StepKind::Some => {
            combine(false, same);
            step.steps.iter().for_each(|part| decisive(part, outcome, together, found));
        }
        StepKind::Not => step.steps.iter().for_each(|part| decisive(part, turned, together, found)),
        StepKind::Implies => {
            if let [premise, consequence] = step.steps.as_slice() {
                let both =
                    usize::from(premise.outcome == Some(turned)) + usize::from(consequence.outcome == Some(outcome));
                combine(false, both);
                decisive(premise, turned, together, found);
                decisive(consequence, outcome, together, found);
            }
        }
        StepKind::Rows => {
            combine(true, same);
            step.steps.iter().for_each(|row| decisive(row, outcome, together, found));
        }
        StepKind::Row => step.steps.iter().for_each(|part| decisive(part, outcome, together, found)),
        StepKind::Value => {}
    }
}

/// What must come, or what must stay, of the figures of a condition.
fn to_change(step: Option<&Step>, finding: &Finding, stays: bool, lang: Lang) -> Vec<String> {
    let Some(step) = step else { return Vec::new() };
    let outcome = if stays { Truth::Holds } else { Truth::Fails };
    let (mut together, mut found) = (Together::One, Vec::new());
    decisive(step, outcome, &mut together, &mut found);
    if found.iter().all(|decides| decides.step.turn.is_none()) && is_one(step) {
        // It would say no more than that the requirement must hold.
        return Vec::new();
    }
    let applies = finding.verdict == Verdict::NotApplicable;
    let certain = stays || otherwise(step, &found) == Truth::Holds;
    let goal = match (applies, stays, certain, lang) {
        (true, _, true, Lang::Zh) => "就适用",
        (true, _, true, Lang::En) => "it applies",
        (true, _, false, Lang::Zh) => "适用与否再看其余部分",
        (true, _, false, Lang::En) => "the rest decides whether it applies",
        (_, true, _, Lang::Zh) => "就仍然合格",
        (_, true, _, Lang::En) => "it still passes",
        (_, false, true, Lang::Zh) => "就合格",
        (_, false, true, Lang::En) => "it passes",
        (_, false, false, Lang::Zh) => "合格与否再看其余部分",
        (_, false, false, Lang::En) => "the rest decides whether it passes",
    };
    let rows = step.kind == StepKind::Rows;
    let mut said: Vec<String> = Vec::new();
    for decides in &found {
        let decision = decision(decides, finding, stays, rows, lang);
        if !said.contains(&decision) {
            said.push(decision);
        }
    }
    let partial = step.left_out > 0;
    match (said.as_slice(), together, lang) {
        ([], ..) => Vec::new(),
        ([one], _, Lang::Zh) if !partial => vec![format!("只要 {one}，{goal}")],
        ([one], _, Lang::En) if !partial => vec![format!("if {one}, {goal}")],
        _ => {
            // Where one is enough to change the outcome, it stays only if all stay.
            let all = (together == Together::All) != stays || partial;
            let lead = match (together, all, lang) {
                (Together::Mixed, _, Lang::Zh) => format!("与结论有关的各项（合起来{goal}）："),
                (Together::Mixed, _, Lang::En) => format!("what decides it (so that {goal}):"),
                (_, true, Lang::Zh) => format!("以下各项都做到，{goal}："),
                (_, true, Lang::En) => format!("if all of these are so, {goal}:"),
                (_, false, Lang::Zh) => format!("以下有一项做到，{goal}："),
                (_, false, Lang::En) => format!("if one of these is so, {goal}:"),
            };
            std::iter::once(lead)
                .chain(said.into_iter().enumerate().map(|(at, said)| format!("{}. {said}", at + 1)))
                .collect()
        }
    }
}

/// Is a condition one comparison, of the case or of each row?
fn is_one(step: &Step) -> bool {
    match step.kind {
        StepKind::Comparison => true,
        StepKind::Rows | StepKind::Row => step.steps.iter().all(is_one),
        _ => false,
    }
}

/// How a condition comes out if all comparisons that decide it come out otherwise; unknown if what is left out has a say.
fn otherwise(step: &Step, found: &[Decides<'_>]) -> Truth {
    let parts = || {
        let left_out = (step.left_out > 0).then_some(Truth::Unknown);
        step.steps.iter().filter(|part| part.kind != StepKind::Value).map(|part| otherwise(part, found)).chain(left_out)
    };
    let turned = |truth: Truth| match truth {
        Truth::Holds => Truth::Fails,
        Truth::Fails => Truth::Holds,
        other => other,
    };
    // One part decides if it has this outcome, else all must have the other.
    let decided = |by: Truth, parts: &[Truth]| match parts {
        _ if parts.contains(&by) => by,
        _ => parts.iter().copied().find(|part| *part != turned(by)).unwrap_or(turned(by)),
    };
    let outcome = step.outcome.unwrap_or(Truth::Unknown);
    match step.kind {
        StepKind::Comparison | StepKind::Value => {
            let decides = found.iter().any(|decides| std::ptr::eq(decides.step, step));
            if decides { turned(outcome) } else { outcome }
        }
        StepKind::All | StepKind::Every | StepKind::Rows | StepKind::Row => {
            decided(Truth::Fails, &parts().collect::<Vec<_>>())
        }
        StepKind::Any | StepKind::Some => decided(Truth::Holds, &parts().collect::<Vec<_>>()),
        StepKind::Not => parts().map(turned).next().unwrap_or(outcome),
        StepKind::Implies => {
            let parts: Vec<Truth> =
                parts().enumerate().map(|(at, part)| if at == 0 { turned(part) } else { part }).collect();
            decided(Truth::Holds, &parts)
        }
    }
}

/// The relation of all values that a relation does not hold for.
fn opposite(relation: &str) -> &str {
    match relation {
        "≥" => "<",
        "≤" => ">",
        ">" => "≤",
        "<" => "≥",
        "=" => "≠",
        "≠" => "=",
        "∈" => "∉",
        other => other,
    }
}

/// `公用经费[教育局, 2021] ≤ 90 万元（现为 90.01 万元）`
fn decision(decides: &Decides<'_>, finding: &Finding, stays: bool, rows: bool, lang: Lang) -> String {
    let Decides { step, holds } = decides;
    let holds = *holds != stays;
    let text = match (&step.turn, holds) {
        (Some(Turn { figure, relation, value }), true) => format!("{figure} {relation} {value}"),
        (Some(Turn { figure, relation, value }), false) => format!("{figure} {} {value}", opposite(relation)),
        (None, true) => match (lang, stays) {
            (Lang::Zh, true) => format!("「{}」仍然成立", step.text),
            (Lang::Zh, false) => format!("「{}」成立", step.text),
            (Lang::En, true) => format!("“{}” still holds", step.text),
            (Lang::En, false) => format!("“{}” holds", step.text),
        },
        (None, false) => match lang {
            Lang::Zh => format!("「{}」不成立", step.text),
            Lang::En => format!("“{}” does not hold", step.text),
        },
    };
    let own = step.turn.as_ref().and_then(|turn| {
        finding.evidence.iter().find(|evidence| !rows && evidence.name == turn.figure && evidence.value.is_some())
    });
    // A fraction tells a reader nothing that its rounded decimals in the steps do not.
    let read = |evidence: &&Evidence| evidence.value.as_ref().is_some_and(|value| !value.contains('/'));
    let now = own.filter(read).map(|evidence| {
        let value = words::figure(evidence, lang);
        value.strip_prefix(&format!("{} = ", evidence.name)).unwrap_or(&value).to_owned()
    });
    match (now, lang) {
        (Some(now), Lang::Zh) => format!("{text}（现为 {now}）"),
        (Some(now), Lang::En) => format!("{text} (now {now})"),
        (None, _) => text,
    }
}
