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
        let Some(relation) = entry.relation else { continue };
        let paired = rule.pairs.iter().filter(|pair| pair.entry == at);
        let targets: Vec<(bool, &Target<'_>)> =
            paired.filter_map(|pair| Some((pair.by_name, rule.targets.get(pair.target)?))).collect();
        // Of a range (from 95% to 105%) the end is meant that looks the way of the register's comparison.
        let several = targets.len() > 1;
        let mut meant = targets.into_iter().filter(|(_, target)| !several || faces(relation, target));
        let (Some((by_name, target)), None) = (meant.next(), meant.next()) else { continue };
        let diagnostic = match outcome(cx, entry, relation, target) {
            Outcome::Same => continue,
            Outcome::Number if is_of_another(cx, rule, at, target) || (!by_name && is_in_clause(entry, target)) => {
                continue;
            }
            Outcome::Number => number(cx, rule, entry, target),
            Outcome::Comparison => comparison(cx, rule, entry, target),
            // What is paired only for want of others may well measure the promise in another way.
            Outcome::Unit if !by_name => continue,
            Outcome::Unit => unit(rule, entry, target),
        };
        found.push(entry.label(diagnostic));
    }
}

/// Is the number that of another entry that the rule cites and does not compare with anything itself? It holds the two
/// against each other.
fn is_of_another(cx: &Cx<'_>, rule: &Look<'_>, at: usize, target: &Target<'_>) -> bool {
    let (Scalar::Number(threshold), Type::Quantity(written)) = (&target.threshold, &target.ty) else { return false };
    let alone = |other: usize| other != at && rule.pairs.iter().all(|pair| pair.entry != other);
    rule.entries.iter().enumerate().filter(|(other, _)| alone(*other)).any(|(_, other)| {
        other.number().zip(other.unit(cx)).is_some_and(|(number, unit)| {
            unit.dimension() == written.dimension() && unit.to_base(&number) == *threshold
        })
    })
}

/// Does the number stand in the words of the commitment? Then it is not copied wrongly, though it is not the register's.
fn is_in_clause(entry: &Entry<'_>, target: &Target<'_>) -> bool {
    let (Scalar::Number(threshold), Type::Quantity(written)) = (&target.threshold, &target.ty) else { return false };
    let number = written.from_base(threshold).exact();
    let figure = |c: char| c.is_ascii_digit() || c == '.';
    entry.cell("clause").is_some_and(|clause| clause.split(|c| !figure(c)).any(|part| part == number))
}

/// Does a target look the way of a comparison?
fn faces(relation: Relation, target: &Target<'_>) -> bool {
    use Comparison::{Above, AtLeast, AtMost, Below};
    match relation {
        Relation::Compared(AtLeast | Above) => matches!(target.operator, AtLeast | Above),
        Relation::Compared(AtMost | Below) => matches!(target.operator, AtMost | Below),
        _ => false,
    }
}

/// Is it a bound on the other side of the number, which is another statement?
fn faces_away(relation: Relation, operator: Comparison) -> bool {
    use Comparison::{Above, AtLeast, AtMost, Below};
    match relation {
        Relation::Compared(AtMost | Below) => matches!(operator, AtLeast | Above),
        _ => matches!(operator, AtMost | Below),
    }
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
        return if faces_away(relation, operator) { Outcome::Same } else { Outcome::Number };
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
    let required = format!("{} {value}", target.operator.sign());
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
