//! The register's entries that a rule cites, and which of the rule's targets each of them is about.
//!
//! An entry goes with the target on its `indicator`, by any of its names; growth of X goes with `X增速`, a total of X with
//! `X累计`. Where the suite does not know the entry's indicator, the rule's only entry goes with its only target, if the rule
//! requires nothing else. Anything else is not paired, and nothing is said of it.

use unicode_normalization::UnicodeNormalization;

use crate::base::{Bi, Diagnostic, Place, Span};
use crate::quantity::{Decimal, Dimension, Number, Unit};
use crate::semantics::hir::{Comparison, IndicatorId, Rule};
use crate::semantics::outside::Register;

use super::targets::{Subject, Target, conditions};
use super::{Cx, words};

/// Names of growth rates, behind the name of what grows.
pub const GROWTH: [&str; 5] = ["增速", "增长率", "增幅", "_growth", "_growth_rate"];
/// Names of compound yearly rates, likewise.
const YEARLY: [&str; 3] = ["年均增速", "年均增长率", "_yearly_growth"];
/// Names of rates of reduction, behind the name of what is reduced.
pub const REDUCTION: [&str; 7] = ["压减", "压减率", "降幅", "下降", "下降率", "降低率", "_reduction"];
/// Names of totals over several years.
const TOTAL: [&str; 3] = ["累计", "合计", "_total"];

/// An entry of the register that a rule cites.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    register: &'a dyn Register,
    /// Its id.
    pub id: &'a str,
    /// The indicator it names; empty if it names none.
    pub indicator: &'a str,
    /// How the figure is to stand to its number.
    pub relation: Option<Relation>,
}

/// How a figure is to stand to the register's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// In just this way.
    Compared(Comparison),
    /// 全部, 连续 N 次: that many, which may be written with ≥ or =.
    Reached,
    /// ≈: about the number.
    About,
}

impl Relation {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            ">" | "＞" => Relation::Compared(Comparison::Above),
            ">=" | "≥" => Relation::Compared(Comparison::AtLeast),
            "<" | "＜" => Relation::Compared(Comparison::Below),
            "<=" | "≤" => Relation::Compared(Comparison::AtMost),
            "==" | "=" => Relation::Compared(Comparison::Equal),
            "all" | "consecutive" | "class-at-least" => Relation::Reached,
            "≈" => Relation::About,
            _ => return None,
        })
    }
}

impl<'a> Entry<'a> {
    /// A cell that is not blank.
    pub fn cell(&self, column: &str) -> Option<&'a str> {
        self.register.cell(self.id, column).map(str::trim)
    }

    /// The line of the source document.
    pub fn line(&self) -> Option<u32> {
        self.register.line(self.id)
    }

    /// Its number, as the register writes it: `2,800`, `２８００`, `20万`.
    pub fn number(&self) -> Option<Number> {
        let text: String = self.cell("value")?.nfkc().filter(|c| *c != ',').collect();
        let (digits, times) = match text.strip_suffix('万') {
            Some(digits) => (digits, 10_000),
            None => text.strip_suffix('亿').map_or((text.as_str(), 1), |digits| (digits, 100_000_000)),
        };
        Decimal::parse(digits.trim()).map(|decimal| &decimal.value() * &Number::from(i128::from(times)))
    }

    /// Its unit, if the suite knows it; the growth of a year (`%/年`) is a ratio.
    pub fn unit(&self, cx: &Cx<'_>) -> Option<Unit> {
        let text = self.cell("unit")?;
        let text = text.strip_suffix("/年").filter(|rest| matches!(*rest, "%" | "‰")).unwrap_or(text);
        cx.suite.units.resolve(text).ok()
    }

    /// `≥ 150 件`: what it promises, as the register writes it.
    pub fn promise(&self) -> Bi {
        let how = match (self.relation, self.cell("comparator").unwrap_or("")) {
            (Some(Relation::Compared(comparison)), _) => Bi::same(comparison.sign()),
            (Some(Relation::Reached), "all") => Bi::new("全部", "all of"),
            (Some(Relation::Reached), "consecutive") => Bi::new("连续", "in a row"),
            (Some(Relation::Reached), _) => Bi::new("达到", "at least"),
            (_, other) => Bi::same(other),
        };
        let (value, unit) = (self.cell("value").unwrap_or(""), self.cell("unit").unwrap_or(""));
        let number = value.ends_with(|c: char| c.is_ascii_digit());
        let space = if unit.starts_with(['%', '‰']) || !number { "" } else { " " };
        let said = |how: &str| format!("{how} {value}{space}{unit}").trim().to_owned();
        Bi::new(said(&how.zh), said(&how.en))
    }

    /// Adds the entry as a second place.
    pub fn label(&self, diagnostic: Diagnostic) -> Diagnostic {
        let (id, line, promise) = (self.id, words::line(self.line()), self.promise());
        let what = |promise: &str| format!("{} {promise}", self.indicator).trim().to_owned();
        diagnostic.label(
            self.place(),
            Bi::new(
                format!("登记的 `{id}` 是：{}{}", what(&promise.zh), line.zh),
                format!("`{id}` is registered as: {}{}", what(&promise.en), line.en),
            ),
        )
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        self.register.place(self.id)
    }
}

impl<'a> Cx<'a> {
    /// The entries that a rule cites.
    pub fn entries(&self, rule: &'a Rule) -> Vec<Entry<'a>> {
        let Some(register) = self.input.register else { return Vec::new() };
        let cited = rule.cites.iter().filter(|id| register.contains(id));
        cited
            .map(|id| Entry {
                register,
                id,
                indicator: register.cell(id, "indicator").unwrap_or("").trim(),
                relation: register.cell(id, "comparator").and_then(|text| Relation::parse(text.trim())),
            })
            .collect()
    }

    /// The indicator that a name with one of these endings is about.
    fn stem(&self, name: &str, endings: &[&str]) -> Option<IndicatorId> {
        let stems = endings.iter().filter_map(|ending| name.strip_suffix(ending));
        stems.filter(|stem| !stem.is_empty()).find_map(|stem| self.names.get(stem).copied())
    }

    /// Is the target on the indicator that an entry of the register names?
    fn is_about(&self, target: &Target<'_>, entry: &Entry<'_>) -> bool {
        let name = entry.indicator;
        let known = self.names.get(name).copied();
        // The growth of a level may go by the name of the level; then it is in %.
        let grows = entry.unit(self).is_some_and(|unit| *unit.dimension() == Dimension::Ratio);
        let grows_to = |of: IndicatorId| self.indicator(of).and_then(|indicator| indicator.growth_from);
        let rate_of = || known.and_then(|id| self.indicator(id)).and_then(|rate| self.stem(&rate.name, &GROWTH));
        match &target.of {
            Subject::Figure(of) => known == Some(*of),
            Subject::Total(of) => known == Some(*of) || self.stem(name, &TOTAL) == Some(*of),
            Subject::Growth { of, official, .. } => {
                let stem = self.stem(name, &GROWTH).or_else(|| self.stem(name, &REDUCTION));
                stem == Some(*of)
                    || rate_of() == Some(*of)
                    || known.is_some_and(|known| {
                        (known == *of && grows) || Some(known) == *official || Some(known) == grows_to(*of)
                    })
            }
            Subject::Yearly(of) => {
                let stem = self.stem(name, &YEARLY).or_else(|| self.stem(name, &GROWTH));
                stem == Some(*of) || rate_of() == Some(*of) || (known == Some(*of) && grows)
            }
            Subject::Other => false,
        }
    }
}

/// An entry and a target that are about the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Index of the entry.
    pub entry: usize,
    /// Index of the target.
    pub target: usize,
    /// By the indicator, not only for want of others.
    pub by_name: bool,
}

/// Which entries and which targets are about the same thing.
pub fn pairs(cx: &Cx<'_>, rule: &Rule, targets: &[Target<'_>], entries: &[Entry<'_>]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.relation.is_some()) {
        let about = |target: &Target<'_>| !entry.indicator.is_empty() && cx.is_about(target, entry);
        let about = targets.iter().enumerate().filter(|(_, target)| about(target));
        pairs.extend(about.map(|(target, _)| Pair { entry: at, target, by_name: true }));
    }
    if let ([entry], [_], []) = (entries, targets, pairs.as_slice())
        && entry.relation.is_some()
        && conditions(rule) == 1
        && !cx.names.contains_key(entry.indicator)
    {
        pairs.push(Pair { entry: 0, target: 0, by_name: false });
    }
    pairs
}

/// The places of a rule's citation, for labels.
pub fn citation(tree: Option<&crate::syntax::ast::Rule>, id: &str) -> Option<Span> {
    use crate::syntax::ast::ClauseKind;
    tree?.clauses.iter().find_map(|clause| match &clause.kind {
        ClauseKind::Cites(names) => names.iter().find(|name| name.text == id).map(|name| name.span),
        _ => None,
    })
}
