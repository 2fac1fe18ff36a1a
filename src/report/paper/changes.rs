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

/// A comparison, with whether it has to hold, or not to.
#[derive(Clone, Copy)]
struct Wanted<'s> {
    step: &'s Step,
    holds: bool,
}

/// What goes together.
type Way<'s> = Vec<Wanted<'s>>;

/// How many ways are told.
const WAYS: usize = 12;

fn not(truth: Truth) -> Truth {
    match truth {
        Truth::Holds => Truth::Fails,
        Truth::Fails => Truth::Holds,
        other => other,
    }
}

/// How the parts of a condition go together, each with whether what it means is turned; `true`: all must hold.
fn parts(step: &Step) -> (bool, Vec<(&Step, bool)>) {
    let all = !matches!(step.kind, StepKind::Any | StepKind::Some | StepKind::Implies);
    let conditions = step.steps.iter().filter(|part| part.kind != StepKind::Value).enumerate();
    let turned = |at: usize| step.kind == StepKind::Not || (step.kind == StepKind::Implies && at == 0);
    (all, conditions.map(|(at, part)| (part, turned(at))).collect())
}

/// In which ways a condition comes out as is wanted: of each the comparisons that have to turn, or, if it `stays`, not to.
/// `None` if there are too many.
fn ways(step: &Step, holds: bool, stays: bool) -> Option<Vec<Way<'_>>> {
    if matches!(step.kind, StepKind::Comparison | StepKind::Value) {
        let this = || vec![Wanted { step, holds }];
        return Some(match step.outcome {
            Some(Truth::Holds | Truth::Fails) if (step.outcome == Some(Truth::Holds)) != holds => {
                if stays {
                    Vec::new()
                } else {
                    vec![this()]
                }
            }
            Some(Truth::Holds | Truth::Fails) => vec![if stays { this() } else { Vec::new() }],
            _ => Vec::new(),
        });
    }
    let (all, parts) = parts(step);
    let each = parts.into_iter().map(|(part, turned)| ways(part, holds != turned, stays));
    let each = each.collect::<Option<Vec<_>>>()?;
    let mut found: Vec<Way<'_>> = Vec::new();
    if all == holds {
        // Nobody can say what those that are not listed would take.
        if step.left_out > 0 {
            return Some(Vec::new());
        }
        found.push(Vec::new());
        for part in each {
            let pairs = found.iter().flat_map(|way| part.iter().map(move |more| (way, more)));
            found = pairs.map(|(way, more)| [way.as_slice(), more.as_slice()].concat()).collect();
            if found.len() > WAYS {
                return None;
            }
        }
    } else {
        found.extend(each.into_iter().flatten());
    }
    // What another way does with less is none of its own.
    if found.iter().any(Vec::is_empty) {
        found = vec![Vec::new()];
    }
    (found.len() <= WAYS).then_some(found)
}

/// The comparisons that have a say in how a condition came out, if it came out like this.
fn responsible<'s>(step: &'s Step, outcome: Truth, stays: bool, found: &mut Way<'s>) {
    if step.outcome != Some(outcome) {
        return;
    }
    if step.kind == StepKind::Comparison {
        found.push(Wanted { step, holds: (outcome == Truth::Holds) == stays });
    }
    for (part, turned) in parts(step).1 {
        responsible(part, if turned { not(outcome) } else { outcome }, stays, found);
    }
}

/// How a condition comes out if some comparisons come out as is wanted; unknown if others that these touch, or what is
/// left out, have a say.
fn otherwise(step: &Step, way: &[Wanted<'_>]) -> Truth {
    let touched = |step: &Step| step.shares.is_some() && way.iter().any(|wanted| wanted.step.shares == step.shares);
    if matches!(step.kind, StepKind::Comparison | StepKind::Value) {
        return match way.iter().find(|wanted| std::ptr::eq(wanted.step, step)) {
            Some(wanted) if wanted.holds => Truth::Holds,
            Some(_) => Truth::Fails,
            None if touched(step) => Truth::Unknown,
            None => step.outcome.unwrap_or(Truth::Unknown),
        };
    }
    let (all, parts) = parts(step);
    let open = step.left_out > 0 || (step.kind == StepKind::Rows && touched(step));
    let outcomes = parts.into_iter().map(|(part, turned)| {
        let outcome = otherwise(part, way);
        if turned { not(outcome) } else { outcome }
    });
    let outcomes: Vec<Truth> = outcomes.chain(open.then_some(Truth::Unknown)).collect();
    // One part decides if it has this outcome, else all must have the other.
    let by = if all { Truth::Fails } else { Truth::Holds };
    match outcomes.as_slice() {
        outcomes if outcomes.contains(&by) => by,
        outcomes => outcomes.iter().copied().find(|outcome| *outcome != not(by)).unwrap_or(not(by)),
    }
}

/// Other comparisons of a figure that a way moves, which are to stay as they are.
fn companions<'s>(step: &'s Step, way: &mut Way<'s>) {
    if step.kind == StepKind::Comparison {
        let figure = |step: &'s Step| step.turn.as_ref().map(|turn| &turn.figure);
        // Both ends of a range are said in the same words.
        let same = |other: &'s Step| match (figure(step), figure(other)) {
            (None, None) => !step.text.is_empty() && (&step.text, &step.period) == (&other.text, &other.period),
            (one, other) => one == other,
        };
        let moved = step.shares.is_some()
            && way.iter().any(|wanted| wanted.step.shares == step.shares && same(wanted.step))
            && !way.iter().any(|wanted| std::ptr::eq(wanted.step, step));
        match step.outcome {
            Some(outcome @ (Truth::Holds | Truth::Fails)) if moved => {
                way.push(Wanted { step, holds: outcome == Truth::Holds });
            }
            _ => {}
        }
    }
    step.steps.iter().for_each(|part| companions(part, way));
}

/// A way after which a condition surely holds, and the rule still applies; with its companions, if it takes them.
fn certain<'s>(mut way: Way<'s>, step: &'s Step, when: Option<&Step>) -> Option<Way<'s>> {
    let holds = |way: &Way<'s>| {
        otherwise(step, way) == Truth::Holds && when.is_none_or(|when| otherwise(when, way) == Truth::Holds)
    };
    if way.is_empty() {
        return None;
    }
    if !holds(&way) {
        companions(step, &mut way);
    }
    holds(&way).then_some(way)
}

/// What must come, or what must stay, of the figures of a condition.
fn to_change(step: Option<&Step>, finding: &Finding, stays: bool, lang: Lang) -> Vec<String> {
    let Some(step) = step else { return Vec::new() };
    let mut deciding = Vec::new();
    responsible(step, if stays { Truth::Holds } else { Truth::Fails }, stays, &mut deciding);
    if deciding.iter().all(|wanted| wanted.step.turn.is_none()) && is_one(step) {
        // It would say no more than that the requirement must hold.
        return Vec::new();
    }
    let applies = finding.verdict == Verdict::NotApplicable;
    let when = finding.applies.as_ref().filter(|_| !applies);
    let told = |way: &[Wanted<'_>]| {
        let mut said: Vec<String> = Vec::new();
        for wanted in way {
            let decision = decision(wanted, finding, stays, step.kind == StepKind::Rows, lang);
            if !said.contains(&decision) {
                said.push(decision);
            }
        }
        said
    };
    let ways = ways(step, true, stays).unwrap_or_else(|| vec![deciding.clone()]);
    let mut sure: Vec<Vec<String>> =
        ways.into_iter().filter_map(|way| certain(way, step, when)).map(|way| told(&way)).collect();
    sure.dedup();
    let goal = match (applies, stays, lang) {
        (true, _, Lang::Zh) => "就适用",
        (true, _, Lang::En) => "it applies",
        (_, true, Lang::Zh) => "就仍然合格",
        (_, true, Lang::En) => "it still passes",
        (_, false, Lang::Zh) => "就合格",
        (_, false, Lang::En) => "it passes",
    };
    match sure.as_slice() {
        [] => together(told(&deciding), open(applies, lang), lang),
        [one] => together(one.clone(), goal, lang),
        several => {
            let lead = match lang {
                Lang::Zh => format!("以下有一项做到，{goal}："),
                Lang::En => format!("if one of these is so, {goal}:"),
            };
            let and = pick(lang, "，并且 ", ", and ");
            numbered(lead, several.iter().map(|way| way.join(and)))
        }
    }
}

/// That parts come out as is wanted, which says nothing of the rest.
fn open(applies: bool, lang: Lang) -> &'static str {
    match (applies, lang) {
        (true, Lang::Zh) => "这部分就成立；适用与否还要看其余部分",
        (true, Lang::En) => "that part holds; the rest decides whether it applies",
        (false, Lang::Zh) => "这部分就做到了；合格与否还要看其余部分",
        (false, Lang::En) => "that part is met; the rest decides whether it passes",
    }
}

/// What has to be so all at once.
fn together(said: Vec<String>, goal: &str, lang: Lang) -> Vec<String> {
    match (said.as_slice(), lang) {
        ([], _) => Vec::new(),
        ([one], Lang::Zh) => vec![format!("只要 {one}，{goal}")],
        ([one], Lang::En) => vec![format!("if {one}, {goal}")],
        (_, Lang::Zh) => numbered(format!("以下各项都做到，{goal}："), said),
        (_, Lang::En) => numbered(format!("if all of these are so, {goal}:"), said),
    }
}

fn numbered(lead: String, said: impl IntoIterator<Item = String>) -> Vec<String> {
    let said = said.into_iter().enumerate().map(|(at, said)| format!("{}. {said}", at + 1));
    std::iter::once(lead).chain(said).collect()
}

/// Is a condition one comparison, of the case or of each row?
fn is_one(step: &Step) -> bool {
    match step.kind {
        StepKind::Comparison => true,
        StepKind::Rows | StepKind::Row => step.steps.iter().all(is_one),
        _ => false,
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
fn decision(wanted: &Wanted<'_>, finding: &Finding, stays: bool, rows: bool, lang: Lang) -> String {
    let Wanted { step, holds } = wanted;
    let text = match (&step.turn, *holds) {
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
