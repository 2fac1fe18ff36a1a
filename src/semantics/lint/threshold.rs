//! W0601, W0602, W0603: the number, the comparison and the unit that a rule requires, against those of the register.

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic};
use crate::quantity::{Dimension, Number, Scalar};
use crate::semantics::hir::{Comparison, Type};

use super::cited::{Entry, Relation};
use super::targets::{Subject, Target};
use super::{Cx, Look, words};

/// How a target stands to an entry of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It says the same, or nothing is certain.
    Same,
    Number,
    Comparison,
    Unit,
}

pub fn check(cx: &Cx<'_>, rule: &Look<'_>, found: &mut Vec<Diagnostic>) {
    for (at, entry) in rule.entries.iter().enumerate() {
        let paired = rule.pairs.iter().filter(|(entry, _)| *entry == at);
        let targets: Vec<&Target<'_>> = paired.filter_map(|(_, target)| rule.targets.get(*target)).collect();
        let Some(relation) = entry.relation else { continue };
        // Of a range (from 95% to 105%) the end is meant that looks the way of the register's comparison.
        let [target] = (if targets.len() == 1 { targets } else { facing(relation, targets) })[..] else { continue };
        let diagnostic = match outcome(cx, entry, relation, target) {
            Outcome::Same => continue,
            Outcome::Number => number(cx, rule, entry, target),
            Outcome::Comparison => comparison(cx, rule, entry, target),
            Outcome::Unit => unit(rule, entry, target),
        };
        found.push(entry.label(diagnostic));
    }
}

/// The targets that look the way of a comparison; none if it looks no way.
fn facing<'t, 'h>(relation: Relation, targets: Vec<&'t Target<'h>>) -> Vec<&'t Target<'h>> {
    use Comparison::{Above, AtLeast, AtMost, Below};
    let ends: &[Comparison] = match relation {
        Relation::Compared(AtLeast | Above) => &[AtLeast, Above],
        Relation::Compared(AtMost | Below) => &[AtMost, Below],
        _ => &[],
    };
    targets.into_iter().filter(|target| ends.contains(&target.operator)).collect()
}

fn outcome(cx: &Cx<'_>, entry: &Entry<'_>, relation: Relation, target: &Target<'_>) -> Outcome {
    let mut operator = target.operator;
    let equal = match (&target.threshold, &target.ty) {
        (Scalar::Level(level), Type::Level(scale)) => {
            let Some(levels) = cx.suite.scales.get(scale.0).map(|scale| &scale.levels) else { return Outcome::Same };
            let (value, unit) = (entry.cell("value").unwrap_or(""), entry.cell("unit").unwrap_or(""));
            let named = |name: &String| *name == value || *name == format!("{value}{unit}");
            let Some(at) = levels.iter().position(named) else { return Outcome::Same };
            at == *level
        }
        (Scalar::Number(threshold), Type::Quantity(written)) => {
            let (Some(number), Some(unit)) = (entry.number(), entry.unit(cx)) else { return Outcome::Same };
            // A bare number is in the unit of what it is compared with.
            let own = if *written.dimension() == Dimension::Plain {
                target.measured.dimension().unwrap_or(written.dimension())
            } else {
                written.dimension()
            };
            if !own.comparable(unit.dimension()) {
                // That all of a list are done may be required of a share as well as of a number.
                let whole = relation == Relation::Reached
                    && (is_whole(threshold, own) || *unit.dimension() == Dimension::Ratio);
                return if whole { Outcome::Same } else { Outcome::Unit };
            }
            let number = unit.to_base(&number);
            // Growth of −10% or less is a reduction of 10% or more.
            let reversed = *threshold != number && target.of.is_growth() && threshold.is_negative();
            if reversed {
                operator = operator.flipped();
                -threshold == number
            } else {
                *threshold == number
            }
        }
        _ => return Outcome::Same,
    };
    if !equal {
        return Outcome::Number;
    }
    let fits = match relation {
        Relation::Compared(wanted) => operator == wanted,
        Relation::Reached => matches!(operator, Comparison::AtLeast | Comparison::Equal),
        Relation::About => true,
    };
    if fits { Outcome::Same } else { Outcome::Comparison }
}

/// 100%
fn is_whole(threshold: &Number, dimension: &Dimension) -> bool {
    *dimension == Dimension::Ratio && *threshold == Number::one()
}

fn required(cx: &Cx<'_>, target: &Target<'_>) -> Bi {
    let growth = match &target.of {
        Subject::Growth { reduced: false, .. } => ("增长 ", "growth "),
        Subject::Growth { reduced: true, .. } => ("压减 ", "reduction "),
        Subject::Yearly(_) => ("年均增长 ", "yearly growth "),
        _ => ("", ""),
    };
    let value = words::value(&target.threshold, &target.ty, cx.suite);
    let required = format!("{} {value}", words::sign(target.operator));
    Bi::new(format!("{}{required}", growth.0), format!("{}{required}", growth.1))
}

fn number(cx: &Cx<'_>, rule: &Look<'_>, entry: &Entry<'_>, target: &Target<'_>) -> Diagnostic {
    let (id, promised, required) = (entry.id, entry.promise(), required(cx, target));
    Diagnostic::rule(
        &codes::THRESHOLD,
        rule.span(target.expr),
        Bi::new(
            format!("规则要求的是 {}，`{id}` 登记的是 {}", required.zh, promised.zh),
            format!("the rule requires {}, and `{id}` is registered as {}", required.en, promised.en),
        ),
    )
    .help(Bi::new("核对原文，改正抄错的一处", "look at the source document, and mend the one that is copied wrongly"))
}

fn comparison(cx: &Cx<'_>, rule: &Look<'_>, entry: &Entry<'_>, target: &Target<'_>) -> Diagnostic {
    let (id, promised, required) = (entry.id, entry.promise(), required(cx, target));
    let includes = |operator| match operator {
        Comparison::Above | Comparison::Below => Some(("不含本数", "the number excluded")),
        Comparison::AtLeast | Comparison::AtMost => Some(("包含本数", "the number included")),
        _ => None,
    };
    let theirs = match entry.relation {
        Some(Relation::Compared(wanted)) => includes(wanted),
        _ => None,
    };
    let note = |said: Option<(&str, &str)>| {
        said.map_or_else(|| Bi::same(""), |(zh, en)| Bi::new(format!("（{zh}）"), format!(" ({en})")))
    };
    let (ours, theirs) = (note(includes(target.operator)), note(theirs));
    Diagnostic::rule(
        &codes::COMPARATOR,
        rule.span(target.expr),
        Bi::new(
            format!("规则要求的是 {}{}，`{id}` 登记的是 {}{}", required.zh, ours.zh, promised.zh, theirs.zh),
            format!(
                "the rule requires {}{}, and `{id}` is registered as {}{}",
                required.en, ours.en, promised.en, theirs.en
            ),
        ),
    )
    .help(Bi::new(
        "按原文用词选：`突破`、`超过` 不含本数，`以上`、`达` 包含本数",
        "follow the words of the source: 突破 and 超过 (`above`) exclude the number, 以上 and 达 (`at least`) include it",
    ))
}

fn unit(rule: &Look<'_>, entry: &Entry<'_>, target: &Target<'_>) -> Diagnostic {
    let ours = match (&target.ty, target.measured) {
        (Type::Quantity(written), Type::Quantity(measured)) if written.name().is_empty() => measured.name(),
        (Type::Quantity(written), _) => written.name(),
        _ => "",
    };
    let (id, theirs) = (entry.id, entry.cell("unit").unwrap_or(""));
    let ours = if ours.is_empty() {
        Bi::new("不带单位的数", "a bare number")
    } else {
        Bi::new(format!(" `{ours}`"), format!("`{ours}`"))
    };
    Diagnostic::rule(
        &codes::UNIT,
        rule.span(target.expr),
        Bi::new(
            format!("规则用的是{}，`{id}` 登记的单位是 `{theirs}`，换算不了", ours.zh),
            format!("the rule is in {}, and `{id}` is registered in `{theirs}`: the two do not convert", ours.en),
        ),
    )
    .help(Bi::new(
        "核对原文说的是哪一种量：人还是人次，% 还是百分点",
        "look in the source which quantity is meant: 人 or 人次, % or 百分点",
    ))
}
