//! An expression or rule in, the same with one change each out.

use std::sync::Arc;

use crate::pipeline::Checked;
use crate::quantity::{Decimal, Number, Period, Scalar};
use crate::semantics::hir::{Comparison, Expr, ExprKind, List, PeriodRef, Requirement, Rule, Type};

use super::labels::{Hint, Label, sign};

/// Added to a name or text so that it means nothing that the data has.
const OTHER: &str = "′";

/// Every rule that differs from this one in one place.
pub(super) fn of_rule(checked: &Checked, rule: &Rule) -> Vec<(Rule, Label)> {
    let mut rules = Vec::new();
    match &rule.requirement {
        Requirement::Case(condition) => {
            for (changed, label) in of_expr(checked, condition) {
                rules.push((Rule { requirement: Requirement::Case(changed), ..rule.clone() }, label));
            }
        }
        Requirement::Rows { dataset, when, condition } => {
            let rows = |when: Option<Expr>, condition: Expr| Rule {
                requirement: Requirement::Rows { dataset: *dataset, when, condition },
                ..rule.clone()
            };
            for (changed, label) in of_expr(checked, condition) {
                rules.push((rows(when.clone(), changed), label));
            }
            for (changed, label) in optional(checked, when.as_ref()) {
                rules.push((rows(changed, condition.clone()), label));
            }
        }
    }
    for (changed, label) in optional(checked, rule.when.as_ref()) {
        rules.push((Rule { when: changed, ..rule.clone() }, label));
    }
    for (at, period) in rule.periods.iter().enumerate() {
        for step in [-1, 1] {
            let Some(moved) = period.plus(step).filter(|moved| !rule.periods.contains(moved)) else { continue };
            let mut periods = rule.periods.clone();
            if let Some(place) = periods.get_mut(at) {
                *place = moved;
            }
            let label = Label::new(rule.span, period.to_string(), moved.to_string(), Hint::Period);
            rules.push((Rule { periods, ..rule.clone() }, label));
        }
    }
    rules
}

/// The changes of a condition that a rule may do without, and the rule without it.
fn optional(checked: &Checked, when: Option<&Expr>) -> Vec<(Option<Expr>, Label)> {
    let Some(when) = when else { return Vec::new() };
    let mut changed: Vec<(Option<Expr>, Label)> =
        of_expr(checked, when).into_iter().map(|(changed, label)| (Some(changed), label)).collect();
    changed.push((None, Label::dropped(when.span, checked.sources.text(when.span), Hint::When)));
    changed
}

/// Every expression that differs from this one in one place.
pub(super) fn of_expr(checked: &Checked, expr: &Expr) -> Vec<(Expr, Label)> {
    let mut changed = here(checked, expr);
    let count = children(&mut expr.clone()).len();
    for at in 0..count {
        let mut whole = expr.clone();
        let Some(child) = children(&mut whole).get(at).map(|child| (**child).clone()) else { continue };
        for (variant, label) in of_expr(checked, &child) {
            let mut whole = expr.clone();
            if let Some(place) = children(&mut whole).get_mut(at) {
                **place = variant;
            }
            changed.push((whole, label));
        }
    }
    changed
}

/// The parts of an expression, with those of rows: what an aggregate is of, and its filter.
fn children(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Number(_)
        | ExprKind::Text(_)
        | ExprKind::Boolean(_)
        | ExprKind::Date(_)
        | ExprKind::Period(_)
        | ExprKind::ThisPeriod
        | ExprKind::Level(..)
        | ExprKind::Column(_)
        | ExprKind::Member(_)
        | ExprKind::Standard(_)
        | ExprKind::Indicator(_)
        | ExprKind::Filled(_)
        | ExprKind::Unique(_)
        | ExprKind::ChildrenSum { .. } => Vec::new(),
        ExprKind::Aggregate(aggregate) => {
            aggregate.of.as_deref_mut().into_iter().chain(aggregate.filter.as_deref_mut()).collect()
        }
        ExprKind::At { of, .. }
        | ExprKind::Fold { of, .. }
        | ExprKind::Negate(of)
        | ExprKind::Change { of, .. }
        | ExprKind::YearlyGrowth { of, .. }
        | ExprKind::Doubles { of, .. }
        | ExprKind::In { of, .. }
        | ExprKind::Matches { of, .. }
        | ExprKind::Not(of)
        | ExprKind::Quantified { condition: of, .. }
        | ExprKind::Streak { condition: of, .. } => vec![of],
        ExprKind::Arithmetic { left, right, .. }
        | ExprKind::Compare { left, right, .. }
        | ExprKind::Implies(left, right) => vec![left, right],
        ExprKind::Near { left, right, margin, .. } => vec![left, right, margin],
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter_mut().collect(),
    }
}

/// The changes of an expression itself, its parts as they are.
fn here(checked: &Checked, expr: &Expr) -> Vec<(Expr, Label)> {
    let source = |span| checked.sources.text(span);
    let with = |kind: ExprKind| Expr { kind, ..expr.clone() };
    let mut changed: Vec<(Expr, Label)> = Vec::new();
    let mut add = |kind: ExprKind, from: String, to: String, hint: Hint| {
        changed.push((with(kind), Label::new(expr.span, from, to, hint)));
    };
    match &expr.kind {
        ExprKind::Compare { operator, left, right } => {
            for other in neighbours(*operator, &left.ty) {
                let kind = ExprKind::Compare { operator: other, left: left.clone(), right: right.clone() };
                let shown = source(right.span);
                let hint = if *operator == Comparison::Equal { Hint::Beyond } else { Hint::Equal };
                add(kind, format!("{} {shown}", sign(*operator)), format!("{} {shown}", sign(other)), hint);
            }
        }
        ExprKind::Number(number) => {
            if let Some((step, stated)) = last_digit(expr, source(expr.span)) {
                for moved in [number - &step, number + &step] {
                    let to = figure(&moved, &expr.ty, &stated);
                    add(ExprKind::Number(moved), source(expr.span).to_owned(), to, Hint::Between);
                }
            }
        }
        ExprKind::Level(scale, level) => {
            let levels = checked.suite.scales.get(scale.0).map(|scale| scale.levels.as_slice()).unwrap_or_default();
            let others = [level.checked_sub(1), level.checked_add(1)].into_iter().flatten();
            for other in others {
                if let (Some(from), Some(to)) = (levels.get(*level), levels.get(other)) {
                    add(ExprKind::Level(*scale, other), from.clone(), to.clone(), Hint::Between);
                }
            }
        }
        ExprKind::Text(text) => {
            let other = format!("{text}{OTHER}");
            add(ExprKind::Text(other.clone()), format!("\"{text}\""), format!("\"{other}\""), Hint::Text);
        }
        ExprKind::Boolean(value) => {
            let shown = |value: bool| if value { "是" } else { "否" }.to_owned();
            add(ExprKind::Boolean(!value), shown(*value), shown(!value), Hint::Text);
        }
        ExprKind::Date(date) => {
            for moved in [date.yesterday(), date.tomorrow()].into_iter().flatten() {
                add(ExprKind::Date(moved), date.to_string(), moved.to_string(), Hint::Between);
            }
        }
        ExprKind::Period(period) => {
            for moved in beside(*period) {
                add(ExprKind::Period(moved), period.to_string(), moved.to_string(), Hint::Period);
            }
        }
        ExprKind::At { of, period, members } => {
            for moved in period.iter().flat_map(|period| elsewhere(*period)) {
                let kind = ExprKind::At { of: of.clone(), period: Some(moved), members: members.clone() };
                add(kind, shown(*period), shown(Some(moved)), Hint::Period);
            }
            for (at, (_, member)) in members.iter().enumerate() {
                let other = format!("{member}{OTHER}");
                let mut members = members.clone();
                if let Some((_, place)) = members.get_mut(at) {
                    place.clone_from(&other);
                }
                let kind = ExprKind::At { of: of.clone(), period: *period, members };
                add(kind, format!("\"{member}\""), format!("\"{other}\""), Hint::Text);
            }
        }
        ExprKind::Change { kind, of, since, official } => {
            for moved in elsewhere(*since) {
                let change = ExprKind::Change { kind: *kind, of: of.clone(), since: moved, official: *official };
                add(change, shown(Some(*since)), shown(Some(moved)), Hint::Period);
            }
        }
        ExprKind::Doubles { of, since, times } => {
            for moved in elsewhere(*since) {
                let kind = ExprKind::Doubles { of: of.clone(), since: moved, times: *times };
                add(kind, shown(Some(*since)), shown(Some(moved)), Hint::Period);
            }
            for other in steps(*times, 1) {
                let kind = ExprKind::Doubles { of: of.clone(), since: *since, times: other };
                add(kind, format!("翻 {times} 番"), format!("翻 {other} 番"), Hint::Between);
            }
        }
        ExprKind::Streak { times, step, condition } => {
            for other in steps(*times, 1) {
                let kind = ExprKind::Streak { times: other, step: *step, condition: condition.clone() };
                add(kind, format!("连续 {times}"), format!("连续 {other}"), Hint::Between);
            }
        }
        ExprKind::Fold { function, of, periods } => {
            for other in ranges(periods) {
                let (from, to) = (span(periods), span(&other));
                add(ExprKind::Fold { function: *function, of: of.clone(), periods: other }, from, to, Hint::Period);
            }
        }
        ExprKind::YearlyGrowth { of, periods, official } => {
            for other in ranges(periods) {
                let (from, to) = (span(periods), span(&other));
                let kind = ExprKind::YearlyGrowth { of: of.clone(), periods: other, official: *official };
                add(kind, from, to, Hint::Period);
            }
        }
        ExprKind::Quantified { every, periods, condition } => {
            let word = |every: bool| if every { "每个" } else { "存在" }.to_owned();
            if periods.len() > 1 {
                let (periods, condition) = (periods.clone(), condition.clone());
                let kind = ExprKind::Quantified { every: !every, periods, condition };
                add(kind, word(*every), word(!every), Hint::Some);
            }
            for other in ranges(periods) {
                let (from, to) = (span(periods), span(&other));
                let kind = ExprKind::Quantified { every: *every, periods: other, condition: condition.clone() };
                add(kind, from, to, Hint::Period);
            }
        }
        ExprKind::Aggregate(aggregate) => {
            if let Some(filter) = aggregate.filter.as_deref().filter(|f| !matches!(f.kind, ExprKind::And(_))) {
                let mut whole = aggregate.clone();
                whole.filter = None;
                let label = Label::dropped(filter.span, source(filter.span), Hint::Filter);
                changed.push((with(ExprKind::Aggregate(whole)), label));
            }
        }
        ExprKind::In { of, list: List::Values(values) } if values.len() > 1 => {
            for (at, value) in values.iter().enumerate() {
                let mut rest = values.clone();
                rest.remove(at);
                let kind = ExprKind::In { of: of.clone(), list: List::Values(rest) };
                let name = match value {
                    Scalar::Text(text) => Arc::clone(text),
                    other => format!("{other:?}").into(),
                };
                add(kind, format!("{{…, {name}}}"), "{…}".to_owned(), Hint::Listed);
            }
        }
        ExprKind::Unique(columns) if columns.len() > 1 => {
            for at in 0..columns.len() {
                let mut rest = columns.clone();
                rest.remove(at);
                let (from, to) =
                    (format!("({} 列) 唯一", columns.len()), format!("({} 列) 唯一：去掉第 {} 列", rest.len(), at + 1));
                add(ExprKind::Unique(rest), from, to, Hint::Unique);
            }
        }
        ExprKind::Not(of) => {
            changed.push(((**of).clone(), Label::dropped(expr.span, "非", Hint::Some)));
        }
        ExprKind::Implies(_, consequence) => {
            let label = Label::dropped(expr.span, "如果 … 则", Hint::When);
            changed.push(((**consequence).clone(), label));
        }
        ExprKind::And(parts) => {
            without_each(parts, &|kind| with(kind), &ExprKind::And, Hint::Conjunct, &source, &mut changed)
        }
        ExprKind::Or(parts) => {
            without_each(parts, &|kind| with(kind), &ExprKind::Or, Hint::Disjunct, &source, &mut changed)
        }
        _ => {}
    }
    changed
}

/// A conjunction or disjunction without each of its parts.
fn without_each<'a>(
    parts: &[Expr],
    with: &dyn Fn(ExprKind) -> Expr,
    join: &dyn Fn(Vec<Expr>) -> ExprKind,
    hint: Hint,
    source: &dyn Fn(crate::base::Span) -> &'a str,
    changed: &mut Vec<(Expr, Label)>,
) {
    if parts.len() < 2 {
        return;
    }
    for (at, part) in parts.iter().enumerate() {
        let mut rest = parts.to_vec();
        rest.remove(at);
        let whole = match (rest.len(), rest.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                rest.extend(last);
                with(join(rest))
            }
        };
        changed.push((whole, Label::dropped(part.span, source(part.span), hint)));
    }
}

/// The comparisons that are easily taken for another.
fn neighbours(operator: Comparison, ty: &Type) -> Vec<Comparison> {
    let ordered = !matches!(ty, Type::Text | Type::Boolean);
    match operator {
        Comparison::AtLeast => vec![Comparison::Above],
        Comparison::Above => vec![Comparison::AtLeast],
        Comparison::AtMost => vec![Comparison::Below],
        Comparison::Below => vec![Comparison::AtMost],
        Comparison::Equal if ordered => vec![Comparison::AtLeast, Comparison::AtMost],
        Comparison::Equal => vec![Comparison::NotEqual],
        Comparison::NotEqual => vec![Comparison::Equal],
    }
}

/// One unit of the last digit of a literal, in base units, and its text without the figure.
fn last_digit(expr: &Expr, text: &str) -> Option<(Number, String)> {
    let Type::Quantity(unit) = &expr.ty else { return None };
    let plain: String = text.chars().map(half_width).collect();
    let length = plain.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(plain.len());
    let (figure, rest) = plain.split_at_checked(length)?;
    let stated = Decimal::parse(&figure.replace(',', ""))?;
    let step = Decimal::new(1, stated.scale()).value();
    // The literal says in which unit it is stated, unless it is 0: then any does.
    let step = match expr_number(expr)?.div(&stated.value()) {
        Some(factor) if !factor.is_zero() => &step * &factor,
        _ => unit.to_base(&step),
    };
    Some((step, rest.to_owned()))
}

fn expr_number(expr: &Expr) -> Option<&Number> {
    match &expr.kind {
        ExprKind::Number(number) => Some(number),
        _ => None,
    }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// A literal with another figure, as the writer would have written it.
fn figure(moved: &Number, ty: &Type, rest: &str) -> String {
    match ty {
        Type::Quantity(unit) => {
            let shown = unit.from_base(moved);
            match shown.decimal_scale() {
                Some(scale) => format!("{}{rest}", shown.rounded(scale)),
                None => format!("{}{rest}", shown.exact()),
            }
        }
        _ => moved.exact(),
    }
}

fn beside(period: Period) -> Vec<Period> {
    [-1, 1].into_iter().filter_map(|step| period.plus(step)).collect()
}

fn elsewhere(period: PeriodRef) -> Vec<PeriodRef> {
    match period {
        PeriodRef::Absolute(period) => beside(period).into_iter().map(PeriodRef::Absolute).collect(),
        PeriodRef::YearsBack(0) | PeriodRef::Back(0) => Vec::new(),
        PeriodRef::YearsBack(years) => vec![PeriodRef::YearsBack(years.saturating_add(1))],
        PeriodRef::Back(count) => vec![PeriodRef::Back(count.saturating_add(1))],
    }
}

fn shown(period: Option<PeriodRef>) -> String {
    match period {
        None => String::new(),
        Some(PeriodRef::Absolute(period)) => period.to_string(),
        Some(PeriodRef::YearsBack(1)) => "上年".to_owned(),
        Some(PeriodRef::YearsBack(years)) => format!("{years} 年前"),
        Some(PeriodRef::Back(1)) => "上期".to_owned(),
        Some(PeriodRef::Back(count)) => format!("{count} 期前"),
    }
}

fn steps(count: u32, least: u32) -> impl Iterator<Item = u32> {
    [count.checked_sub(1), count.checked_add(1)].into_iter().flatten().filter(move |other| *other >= least)
}

/// A series of periods with one less or one more at either end.
fn ranges(periods: &[Period]) -> Vec<Vec<Period>> {
    let mut ranges = Vec::new();
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return ranges };
    if periods.len() > 1 {
        ranges.push(periods.iter().copied().skip(1).collect());
        ranges.push(periods.iter().copied().take(periods.len() - 1).collect());
    }
    if let Some(before) = first.plus(-1) {
        ranges.push(std::iter::once(before).chain(periods.iter().copied()).collect());
    }
    if let Some(after) = last.plus(1) {
        ranges.push(periods.iter().copied().chain([after]).collect());
    }
    ranges
}

fn span(periods: &[Period]) -> String {
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) if first == last => first.to_string(),
        (Some(first), Some(last)) => format!("{first}..{last}"),
        _ => String::new(),
    }
}
