//! Claims in words, each with the figures that show it.

use super::cases::{Case, conditions};
use super::conflicts::Contradiction;
use super::follows::Redundant;
use super::linear::Linear;
use super::parts::{Role, Settled};
use super::scope::stranger;
use super::solve::Share;
use super::vars::Vars;
use super::{Claim, Logic};
use crate::base::codes::logic as codes;
use crate::base::{Bi, CodeInfo, Diagnostic, Place, Span};
use crate::quantity::{Dimension, Number, Unit};
use crate::semantics::hir::{Kind, Rule, RuleId, Type, Verdict};

/// How many figures an explanation adds up.
const TERMS: usize = 4;

/// Longer parts of rules are not repeated in messages.
const LONG: usize = 60;

impl<'s> Logic<'s> {
    fn rule(&self, id: RuleId) -> Option<&'s Rule> {
        let suite = self.translator.suite;
        suite.rules.get(id.0)
    }

    fn id(&self, id: RuleId) -> &'s str {
        self.rule(id).map_or("", |rule| rule.id.as_str())
    }

    /// Several rules: `` `D1`、`D2` ``.
    fn ids(&self, ids: impl IntoIterator<Item = RuleId>) -> Bi {
        let quoted: Vec<String> = ids.into_iter().map(|id| format!("`{}`", self.id(id))).collect();
        let en = match quoted.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => quoted.join(""),
        };
        Bi::new(quoted.join("、"), en)
    }

    /// The text of a part, if it is short.
    fn text(&self, span: Span) -> Option<String> {
        let text = self.translator.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
        (text.chars().count() <= LONG && !text.is_empty()).then_some(text)
    }

    /// A part's place; the rule's, if the part stands in a function or group.
    fn place(&self, rule: &Rule, span: Span) -> Span {
        let inside = span.file == rule.span.file && span.start >= rule.span.start && span.end <= rule.span.end;
        if inside { span } else { rule.span }
    }

    /// The period and members of a case, as far as they are worth saying.
    fn notes(&self, case: &Case<'_>) -> Vec<Bi> {
        let naming = &self.translator.naming;
        let mut notes: Vec<Bi> = Vec::new();
        if case.dataset().is_none() {
            if naming.settled || case.period != naming.run {
                notes.push(naming.period(case.period));
            }
            let members = case.members.iter().filter(|(dim, member)| *stranger(naming.suite, *dim) != **member);
            notes.extend(members.map(|(_, member)| Bi::same(member.to_string())));
        }
        notes
    }

    /// `（2021，教育局）`
    fn about(&self, case: &Case<'_>) -> Bi {
        let notes = self.notes(case);
        if notes.is_empty() {
            return Bi::same("");
        }
        let join = |part: fn(&Bi) -> &str, with: &str| notes.iter().map(part).collect::<Vec<_>>().join(with);
        Bi::new(format!("（{}）", join(|note| &note.zh, "，")), format!(" ({})", join(|note| &note.en, ", ")))
    }

    /// `（设 Y > 0）`
    pub(super) fn assuming(&self, positive: &[Linear]) -> Bi {
        let names: Vec<Bi> = positive.iter().map(|sum| sum_of(&self.translator.vars, sum)).collect();
        if names.is_empty() {
            return Bi::same("");
        }
        let join = |part: fn(&Bi) -> &str, with: &str| names.iter().map(part).collect::<Vec<_>>().join(with);
        Bi::new(
            format!("（设 {} 大于 0）", join(|name| &name.zh, "、")),
            format!(" (given that {} is above 0)", join(|name| &name.en, ", ")),
        )
    }
}

/// What is wrong with a part of a rule.
pub fn settled(logic: &Logic<'_>, settled: &Settled<'_>) -> Option<Claim> {
    let rule = logic.rule(settled.rule)?;
    let id = &rule.id;
    let inside = logic.place(rule, settled.part.span) == settled.part.span;
    let text = match settled.role {
        // Of a condition that stands in a function, what the rule says of it.
        Role::Whole if !inside => (rule.text.chars().count() <= LONG).then(|| rule.text.clone()),
        _ => logic.text(settled.part.span),
    };
    let quoted = text.map_or_else(|| Bi::new("这个条件", "this condition"), |text| Bi::same(format!("`{text}`")));
    let (zh, en) = (&quoted.zh, &quoted.en);
    let (code, message, help): (&'static CodeInfo, Bi, Bi) = match (settled.role, settled.holds, settled.alone) {
        (Role::Whole, false, true) => (
            &codes::NEVER,
            Bi::new(
                format!("规则 `{id}` 不可能合格：{zh} 不可能成立"),
                format!("rule `{id}` can never pass: {en} cannot hold"),
            ),
            Bi::new(
                "核对界限和方向（≥ 还是 ≤）、单位和期间",
                "check the limits and their direction (≥ or ≤), the units and the periods",
            ),
        ),
        (Role::Whole, false, false) if conditions(rule).0.is_none() => (
            &codes::NEVER,
            Bi::new(
                format!("规则 `{id}` 不可能合格：在它的期间里 {zh} 不可能成立"),
                format!("rule `{id}` can never pass: {en} cannot hold in its period"),
            ),
            Bi::new("核对 `期间` 和要求", "check `period` and what is required"),
        ),
        (Role::Whole, true, false) if conditions(rule).0.is_none() => (
            &codes::ALWAYS,
            Bi::new(
                format!("规则 `{id}` 不可能不合格：在它的期间里 {zh} 总是成立"),
                format!("rule `{id}` can never fail: {en} always holds in its period"),
            ),
            Bi::new("核对 `期间` 和要求", "check `period` and what is required"),
        ),
        (Role::Whole, false, false) => (
            &codes::NEVER,
            Bi::new(
                format!("规则 `{id}` 凡是适用就不合格：它的 `当` 与 {zh} 互相排斥"),
                format!("rule `{id}` fails wherever it applies: its `when` and {en} exclude each other"),
            ),
            Bi::new("改 `当` 或 `要求` 的界限", "change the limits in `when` or in `require`"),
        ),
        (Role::Whole, true, true) => (
            &codes::ALWAYS,
            Bi::new(
                format!("规则 `{id}` 不可能不合格：{zh} 总是成立"),
                format!("rule `{id}` can never fail: {en} always holds"),
            ),
            Bi::new(
                "核对界限和方向；如果本来就不设要求，删去这条规则",
                "check the limits and their direction; if nothing is required, take the rule out",
            ),
        ),
        (Role::Whole, true, false) => (
            &codes::ALWAYS,
            Bi::new(
                format!("规则 `{id}` 凡是适用就合格：由它的 `当` 即可推出 {zh}"),
                format!("rule `{id}` passes wherever it applies: {en} follows from its `when`"),
            ),
            Bi::new("改 `当` 或 `要求` 的界限", "change the limits in `when` or in `require`"),
        ),
        (Role::When, false, _) => (
            &codes::UNREACHABLE,
            Bi::new(
                format!("规则 `{id}` 永远不适用：`当` 的条件 {zh} 不可能成立"),
                format!("rule `{id}` never applies: its `when` {en} cannot hold"),
            ),
            Bi::new("核对 `当` 的条件", "check the condition behind `when`"),
        ),
        (Role::When, true, _) => (
            &codes::ALWAYS,
            Bi::new(
                format!("规则 `{id}` 的 `当` 总是成立，写不写都一样：{zh}"),
                format!("the `when` of rule `{id}` always holds and changes nothing: {en}"),
            ),
            Bi::new("核对 `当` 的条件，或删去", "check the condition behind `when`, or take it out"),
        ),
        (Role::If, false, _) => (
            &codes::UNREACHABLE,
            Bi::new(
                format!("`如果` 后的 {zh} 不可能成立，`则` 后的要求从不起作用"),
                format!("{en} behind `if` cannot hold, so that what stands behind `then` is never required"),
            ),
            Bi::new("核对 `如果` 后的条件", "check the condition behind `if`"),
        ),
        (Role::If, true, _) => (
            &codes::ALWAYS,
            Bi::new(
                format!("`如果` 后的 {zh} 总是成立，写不写都一样"),
                format!("{en} behind `if` always holds and changes nothing"),
            ),
            Bi::new("只写 `则` 后的要求，或核对条件", "write only what stands behind `then`, or check the condition"),
        ),
        (Role::Then, false, _) => (
            &codes::NEVER,
            Bi::new(
                format!("`如果` 的条件成立时，`则` 后的 {zh} 不可能成立"),
                format!("where the condition behind `if` holds, {en} behind `then` cannot"),
            ),
            Bi::new("核对两边的界限", "check the limits on both sides"),
        ),
        (Role::Then, true, _) => (
            &codes::ALWAYS,
            Bi::new(
                format!("`如果` 的条件成立时，`则` 后的 {zh} 必然成立"),
                format!("where the condition behind `if` holds, {en} behind `then` does anyway"),
            ),
            Bi::new("核对两边的界限", "check the limits on both sides"),
        ),
        (_, false, true) => (
            &codes::UNREACHABLE,
            Bi::new(format!("{zh} 不可能成立，写不写都一样"), format!("{en} cannot hold and changes nothing")),
            Bi::new("核对界限，或删去", "check the limits, or take it out"),
        ),
        (Role::Alternative, false, false) => (
            &codes::UNREACHABLE,
            Bi::new(
                format!("{zh} 已包含在并列的其他条件之中，写不写都一样"),
                format!("{en} is covered by the alternatives beside it and changes nothing"),
            ),
            Bi::new("核对界限，或删去", "check the limits, or take it out"),
        ),
        (_, false, false) => (
            &codes::UNREACHABLE,
            Bi::new(format!("{zh} 在这里不可能成立"), format!("{en} cannot hold here")),
            Bi::new("核对界限", "check the limits"),
        ),
        (_, true, true) => (
            &codes::ALWAYS,
            Bi::new(format!("{zh} 总是成立，写不写都一样"), format!("{en} always holds and changes nothing")),
            Bi::new("核对界限，或删去", "check the limits, or take it out"),
        ),
        (_, true, false) => (
            &codes::ALWAYS,
            Bi::new(
                format!("由并列的其他条件即可推出 {zh}，写不写都一样"),
                format!("{en} follows from what stands beside it and changes nothing"),
            ),
            Bi::new("核对界限，或删去", "check the limits, or take it out"),
        ),
    };
    let place = logic.place(rule, settled.part.span);
    let shown = examples(settled);
    let mut diagnostic = Diagnostic::rule(code, place, message).help(help);
    if let Some(shown) = shown {
        diagnostic = diagnostic.label(Place::Rule(place), shown);
    }
    claim(diagnostic, settled.witnesses.clone())
}

/// `例如 A = 5 亿元时仍不成立`
fn examples(settled: &Settled<'_>) -> Option<Bi> {
    let mut shown: Vec<&Bi> = Vec::new();
    for witness in &settled.witnesses {
        if !witness.shown.zh.is_empty() && !shown.contains(&&witness.shown) {
            shown.push(&witness.shown);
        }
    }
    shown.truncate(2);
    if shown.is_empty() {
        return None;
    }
    let join = |part: fn(&Bi) -> &str, with: &str| shown.iter().map(|bi| part(bi)).collect::<Vec<_>>().join(with);
    let (zh, en) = (join(|bi| &bi.zh, "，或 "), join(|bi| &bi.en, ", or "));
    Some(match settled.holds {
        true => Bi::new(format!("例如 {zh}，都成立"), format!("it holds with {en}, for instance")),
        false => Bi::new(format!("例如 {zh}，不成立"), format!("it does not hold with {en}, for instance")),
    })
}

/// Rules of which one must fail.
pub fn contradiction(logic: &Logic<'_>, cases: &[Case<'_>], found: &Contradiction) -> Option<Claim> {
    let members: Vec<&Case<'_>> = found.cases.iter().filter_map(|at| cases.get(*at)).collect();
    let last = members.last()?;
    let mut rules: Vec<RuleId> = members.iter().map(|case| case.rule).collect();
    rules.dedup();
    let ids = logic.ids(rules.iter().copied());
    let same = members.iter().all(|case| case.period == last.period && case.members == last.members);
    let about = if same { logic.about(last) } else { Bi::same("") };
    let assuming = logic.assuming(&found.positive);
    let sum = found.shares.as_deref().and_then(|shares| explained(logic, cases, found, shares));
    let sum = sum.unwrap_or_else(|| Bi::same(""));
    let conditional = members.iter().any(|case| case.source.when.is_some());
    let (zh_where, en_where) = if conditional { ("都适用时", " where they all apply") } else { ("", "") };
    let message = match rules.as_slice() {
        [_] => Bi::new(
            format!("规则 {} 在各期、各对象的要求不能同时成立{}{}", ids.zh, assuming.zh, sum.zh),
            format!("what rule {} requires of its cases cannot all hold{}{}", ids.en, assuming.en, sum.en),
        ),
        _ => Bi::new(
            format!("规则 {}{}{zh_where}不能同时合格{}{}", ids.zh, spaced(&about.zh), assuming.zh, sum.zh),
            format!("rules {}{} cannot all pass{en_where}{}{}", ids.en, about.en, assuming.en, sum.en),
        ),
    };
    let place = |case: &Case<'_>| logic.rule(case.rule).map(|rule| logic.place(rule, case.source.require.span));
    let mut diagnostic = Diagnostic::rule(&codes::CONTRADICTION, place(last)?, message).help(Bi::new(
        "改其中一条的界限；若各有适用的情形，用 `当`、`期间` 或 `对每个` 写明",
        "change the limit of one of them; if each is meant for cases of its own, say so with `when`, `period` or `for each`",
    ));
    for id in &rules {
        let rule = logic.rule(*id)?;
        let mut own = members.iter().zip(&found.witnesses).filter(|(case, _)| case.rule == *id);
        let (case, witness) = own.next()?;
        let more = own.count();
        let (kind_zh, kind_en) = kind(rule.kind);
        let mut notes = vec![Bi::new(kind_zh, kind_en)];
        if !same {
            notes.extend(logic.notes(case));
        }
        if more > 0 {
            notes.push(Bi::new(format!("及另外 {more} 期或对象"), format!("and {more} other cases")));
        }
        let shown = &witness.shown;
        let join = |part: fn(&Bi) -> &str, with: &str| notes.iter().map(part).collect::<Vec<_>>().join(with);
        diagnostic = diagnostic.label(
            Place::Rule(place(case)?),
            Bi::new(
                format!("{}（{}）：{} 时只有它不合格", rule.id, join(|note| &note.zh, "，"), shown.zh),
                format!("{} ({}): with {} only this one fails", rule.id, join(|note| &note.en, ", "), shown.en),
            ),
        );
    }
    claim(diagnostic, found.witnesses.clone())
}

fn kind(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Binding => ("约束性", "binding"),
        Kind::Expected => ("预期性", "expected"),
        Kind::Advisory => ("提示", "advisory"),
    }
}

/// A space where nothing in full-width parentheses stands between a name and what follows.
fn spaced(about: &str) -> &str {
    if about.is_empty() { " " } else { about }
}

/// `：D1、D2 合起来要求 A + B ≥ 110 亿元，而 D3 要求 A + B ≤ 100 亿元`
fn explained(logic: &Logic<'_>, cases: &[Case<'_>], found: &Contradiction, shares: &[Share]) -> Option<Bi> {
    let last = *found.cases.last()?;
    let last_rule = cases.get(last)?.rule;
    let mut own = Linear::constant(Number::zero());
    let mut others = own.clone();
    let (mut own_strict, mut others_strict) = (false, false);
    for share in shares {
        let is_own = cases.get(share.tag).is_some_and(|case| case.rule == last_rule);
        let (sum, strict) = if is_own { (&mut own, &mut own_strict) } else { (&mut others, &mut others_strict) };
        *sum = sum.plus(&share.factor, &share.sum);
        *strict |= share.strict && !share.factor.is_zero();
    }
    // The last requires own ≥ 0, the others together others ≥ 0; the figures in the two cancel out.
    if own.terms.is_empty() || own.terms.len() > TERMS || !own.add(&others).terms.is_empty() {
        return None;
    }
    let least = own.terms.values().min_by(|a, b| a.abs().cmp(&b.abs()))?.clone();
    let scale = Number::one().div(&least.abs())?;
    let (own, others) = (own.times(&scale), others.times(&scale));
    let upward = !least.is_negative();
    let sum = Linear { constant: Number::zero(), terms: if upward { own.terms } else { others.terms } };
    let unit = unit_of(&logic.translator.vars, &sum)?;
    let limit = |constant: &Number| {
        let figure = unit.behind(&unit.from_base(constant).read(0));
        match figure.strip_prefix('≈') {
            _ if constant.is_zero() => Bi::same("0"),
            Some(rounded) => Bi::new(format!("约 {rounded}"), format!("about {rounded}")),
            None => Bi::same(figure),
        }
    };
    let sign = |up: bool, strict: bool| match (up, strict) {
        (true, true) => ">",
        (true, false) => "≥",
        (false, true) => "<",
        (false, false) => "≤",
    };
    let (own_limit, others_limit) = if upward {
        (limit(&-&own.constant), limit(&others.constant))
    } else {
        (limit(&own.constant), limit(&-&others.constant))
    };
    let name = sum_of(&logic.translator.vars, &sum);
    let mut rules: Vec<RuleId> = found
        .cases
        .iter()
        .filter_map(|at| cases.get(*at))
        .map(|case| case.rule)
        .filter(|rule| *rule != last_rule)
        .collect();
    rules.dedup();
    if rules.is_empty() {
        return None;
    }
    let ids = logic.ids(rules.iter().copied());
    let own_id = logic.id(last_rule);
    let (own_sign, others_sign) = (sign(upward, own_strict), sign(!upward, others_strict));
    let (together, require) = if rules.len() > 1 { ("合起来", "together require") } else { ("", "requires") };
    Some(Bi::new(
        format!(
            "：{} {together}要求 {} {others_sign} {}，而 `{own_id}` 要求 {} {own_sign} {}",
            ids.zh, name.zh, others_limit.zh, name.zh, own_limit.zh
        ),
        format!(
            ": {} {require} {} {others_sign} {}, and `{own_id}` requires {} {own_sign} {}",
            ids.en, name.en, others_limit.en, name.en, own_limit.en
        ),
    ))
}

/// The unit in which a sum is shown, if all its figures measure the same.
fn unit_of(vars: &Vars<'_>, sum: &Linear) -> Option<Unit> {
    let units: Vec<&Unit> = sum
        .terms
        .keys()
        .map(|var| match &vars.get(*var)?.ty {
            Type::Quantity(unit) => Some(unit),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let first = *units.first()?;
    if units.iter().any(|unit| unit.dimension() != first.dimension()) {
        return None;
    }
    let readable = |factor: &Number| factor.decimal_scale().is_some_and(|scale| scale <= 4);
    if !sum.terms.values().all(readable)
        || sum.terms.keys().any(|var| vars.get(*var).is_none_or(|info| info.name.zh.is_empty()))
    {
        return None;
    }
    let weight = sum.terms.values().fold(Number::zero(), |sum, factor| &sum + factor);
    let difference = *first.dimension() == Dimension::Ratio && weight.is_zero();
    Some(if difference { Unit::points() } else { first.clone() })
}

/// `A + 1.1 × B`
fn sum_of(vars: &Vars<'_>, sum: &Linear) -> Bi {
    let text = |part: fn(&Bi) -> &str| {
        let mut text = String::new();
        let (below, above): (Vec<_>, Vec<_>) = sum.terms.iter().partition(|(_, factor)| factor.is_negative());
        for (var, factor) in above.into_iter().chain(below) {
            let Some(info) = vars.get(*var) else { continue };
            let sign = match (text.is_empty(), factor.is_negative()) {
                (true, false) => "",
                (true, true) => "−",
                (false, false) => " + ",
                (false, true) => " − ",
            };
            text.push_str(sign);
            if factor.abs() != Number::one() {
                text.push_str(&format!("{} × ", factor.abs().read(0)));
            }
            text.push_str(part(&info.name));
        }
        text
    };
    Bi::new(text(|name| &name.zh), text(|name| &name.en))
}

/// A rule that follows from others.
pub fn redundant(logic: &Logic<'_>, cases: &[Case<'_>], found: &Redundant) -> Option<Claim> {
    let rule = logic.rule(found.rule)?;
    let id = &rule.id;
    let from = logic.ids(found.from.iter().copied());
    let assuming = logic.assuming(&found.positive);
    let cited =
        |cite: &String| found.from.iter().filter_map(|id| logic.rule(*id)).any(|rule| rule.cites.contains(cite));
    let own_source = rule.cites.iter().any(|cite| !cited(cite));
    let passes = if found.from.len() == 1 { "passes" } else { "pass" };
    let (code, message) = if found.same {
        (
            &codes::SAME,
            Bi::new(
                format!("规则 `{id}` 与 {} 的要求相同{}", from.zh, assuming.zh),
                format!("rule `{id}` requires the same as {}{}", from.en, assuming.en),
            ),
        )
    } else {
        (
            &codes::REDUNDANT,
            Bi::new(
                format!("规则 `{id}` 由 {} 即可推出：只要 {} 合格，它必然合格{}", from.zh, from.zh, assuming.zh),
                format!("rule `{id}` follows from {}: it passes wherever {} {passes}{}", from.en, from.en, assuming.en),
            ),
        )
    };
    let help = match (own_source, found.same) {
        (true, _) => Bi::new(
            "它依据的是另一条承诺，可以保留；只是不会比前者多查出什么",
            "it cites a commitment of its own and may stay, though it finds nothing that the other does not",
        ),
        (false, true) => Bi::new(
            "删去其中一条；如果所指不同，写明不同在哪里",
            "take one of them out; if they mean different things, say what differs",
        ),
        (false, false) => Bi::new("删去它，或核对它的界限", "take it out, or check its limit"),
    };
    let (_, require, _) = conditions(rule);
    let place = logic.place(rule, require.span);
    let mut diagnostic = Diagnostic::rule(code, place, message).help(help);
    if let Some(witness) = found.witnesses.get(1).filter(|witness| !witness.shown.zh.is_empty()) {
        let shown = &witness.shown;
        let idle = witness.test.expect.iter().any(|expected| expected.verdict == Verdict::NotApplicable);
        let about = cases.get(found.case).map_or_else(|| Bi::same(""), |case| logic.about(case));
        let (zh, en) = match (found.same, found.from.len()) {
            (true, _) => ("两条都不合格", "both fail"),
            (false, 1) if idle => ("它不适用，另一条不合格", "this one does not apply and the other fails"),
            (false, 1) => ("它合格，另一条不合格", "this one passes and the other fails"),
            (false, _) => ("缺了其中一条就推不出", "it does not follow without one of them"),
        };
        diagnostic = diagnostic.label(
            Place::Rule(place),
            Bi::new(format!("例如 {}{}，{zh}", shown.zh, about.zh), format!("with {}{}, {en}", shown.en, about.en)),
        );
    }
    for other in &found.from {
        let rule = logic.rule(*other)?;
        let (_, require, _) = conditions(rule);
        let (kind_zh, kind_en) = kind(rule.kind);
        diagnostic = diagnostic.label(
            Place::Rule(logic.place(rule, require.span)),
            Bi::new(format!("{}（{kind_zh}）", rule.id), format!("{} ({kind_en})", rule.id)),
        );
    }
    claim(diagnostic, found.witnesses.clone())
}

/// A claim that nothing shows is none.
fn claim(diagnostic: Diagnostic, witnesses: Vec<super::Witness>) -> Option<Claim> {
    (!witnesses.is_empty()).then_some(Claim { diagnostic, witnesses })
}
