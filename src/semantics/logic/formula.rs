//! Conditions over figures: linear comparisons and memberships, joined by and, or.
//!
//! There is no *not*: the negation of a literal is a literal. A condition of the language becomes two formulas, where it
//! holds and where it fails ([`Split`]): where it cannot be evaluated, neither of the two holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::linear::Linear;
use super::vars::Var;
use crate::quantity::Number;

/// How a sum stands to 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// > 0
    Positive,
    /// ≥ 0
    NotNegative,
    /// = 0
    Zero,
}

/// A condition without parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// A sum and how it stands to 0; it is no constant.
    Compare(Linear, Sign),
    /// A text is (or is not) one of these.
    OneOf(Var, BTreeSet<Arc<str>>, bool),
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Formula {
    /// Without parts.
    Literal(Literal),
    /// All of them; none: true.
    All(Vec<Formula>),
    /// At least one; none: false.
    Any(Vec<Formula>),
}

/// Where a condition holds, and where it fails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Split {
    /// Holds.
    pub yes: Formula,
    /// Fails.
    pub no: Formula,
}

impl Sign {
    /// Does a number stand so to 0?
    pub fn holds(self, number: &Number) -> bool {
        match self {
            Sign::Positive => !number.is_negative() && !number.is_zero(),
            Sign::NotNegative => !number.is_negative(),
            Sign::Zero => number.is_zero(),
        }
    }
}

impl From<bool> for Formula {
    fn from(holds: bool) -> Self {
        if holds { Formula::All(Vec::new()) } else { Formula::Any(Vec::new()) }
    }
}

impl Formula {
    /// `sum ⋚ 0`
    pub fn compare(sum: Linear, sign: Sign) -> Self {
        match sum.as_constant() {
            Some(constant) => Formula::from(sign.holds(constant)),
            None => Formula::Literal(Literal::Compare(sum, sign)),
        }
    }

    /// `sum ≠ 0`
    pub fn not_zero(sum: Linear) -> Self {
        let negated = sum.negated();
        Formula::any([Formula::compare(sum, Sign::Positive), Formula::compare(negated, Sign::Positive)])
    }

    /// All of them.
    pub fn all(parts: impl IntoIterator<Item = Formula>) -> Self {
        let mut all = Vec::new();
        for part in parts {
            match part {
                Formula::All(more) => all.extend(more),
                never if never.is_false() => return never,
                part => all.push(part),
            }
        }
        single(all, Formula::All)
    }

    /// At least one of them.
    pub fn any(parts: impl IntoIterator<Item = Formula>) -> Self {
        let mut any = Vec::new();
        for part in parts {
            match part {
                Formula::Any(more) => any.extend(more),
                always if always.is_true() => return always,
                part => any.push(part),
            }
        }
        single(any, Formula::Any)
    }

    /// Is it plainly true?
    pub fn is_true(&self) -> bool {
        matches!(self, Formula::All(parts) if parts.is_empty())
    }

    /// Is it plainly false?
    pub fn is_false(&self) -> bool {
        matches!(self, Formula::Any(parts) if parts.is_empty())
    }

    /// Where it does not hold.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self {
            Formula::Literal(Literal::Compare(sum, sign)) => match sign {
                Sign::Positive => Formula::compare(sum.negated(), Sign::NotNegative),
                Sign::NotNegative => Formula::compare(sum.negated(), Sign::Positive),
                Sign::Zero => Formula::not_zero(sum.clone()),
            },
            Formula::Literal(Literal::OneOf(var, texts, yes)) => {
                Formula::Literal(Literal::OneOf(*var, texts.clone(), !yes))
            }
            Formula::All(parts) => Formula::any(parts.iter().map(Formula::negated)),
            Formula::Any(parts) => Formula::all(parts.iter().map(Formula::negated)),
        }
    }

    /// How many literals, up to about `limit`.
    pub fn size(&self, limit: usize) -> usize {
        match self {
            Formula::Literal(_) => 1,
            Formula::All(parts) | Formula::Any(parts) => {
                let mut total = 1;
                for part in parts {
                    if total > limit {
                        break;
                    }
                    total += part.size(limit);
                }
                total
            }
        }
    }

    /// Calls `visit` with every literal.
    pub fn literals<'f>(&'f self, visit: &mut dyn FnMut(&'f Literal)) {
        match self {
            Formula::Literal(literal) => visit(literal),
            Formula::All(parts) | Formula::Any(parts) => parts.iter().for_each(|part| part.literals(visit)),
        }
    }

    /// Adds the figures that it is about.
    pub fn vars(&self, found: &mut BTreeSet<Var>) {
        self.literals(&mut |literal| match literal {
            Literal::Compare(sum, _) => found.extend(sum.terms.keys()),
            Literal::OneOf(var, ..) => {
                found.insert(*var);
            }
        });
    }

    /// The formula where some figures have these values.
    #[must_use]
    pub fn with(&self, fixed: &BTreeMap<Var, Number>) -> Self {
        self.map(&|literal| match literal {
            Literal::Compare(sum, sign) => {
                let mut left = sum.clone();
                for (var, value) in fixed {
                    if let Some(factor) = left.terms.remove(var) {
                        left.constant = &left.constant + &(&factor * value);
                    }
                }
                Formula::compare(left, *sign)
            }
            other => Formula::Literal(other.clone()),
        })
    }

    /// The formula with every literal put through `change`.
    #[must_use]
    pub fn map(&self, change: &dyn Fn(&Literal) -> Formula) -> Self {
        match self {
            Formula::Literal(literal) => change(literal),
            Formula::All(parts) => Formula::all(parts.iter().map(|part| part.map(change))),
            Formula::Any(parts) => Formula::any(parts.iter().map(|part| part.map(change))),
        }
    }
}

fn single(mut parts: Vec<Formula>, join: impl FnOnce(Vec<Formula>) -> Formula) -> Formula {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            join(parts)
        }
    }
}

impl From<bool> for Split {
    fn from(holds: bool) -> Self {
        Split { yes: Formula::from(holds), no: Formula::from(!holds) }
    }
}

impl Split {
    /// 非
    #[must_use]
    pub fn negated(self) -> Self {
        Split { yes: self.no, no: self.yes }
    }

    /// 且, in Kleene's logic: one that fails decides.
    pub fn all(parts: Vec<Split>) -> Self {
        let (yes, no): (Vec<Formula>, Vec<Formula>) = parts.into_iter().map(|part| (part.yes, part.no)).unzip();
        Split { yes: Formula::all(yes), no: Formula::any(no) }
    }

    /// 或, likewise.
    pub fn any(parts: Vec<Split>) -> Self {
        Split::all(parts.into_iter().map(Split::negated).collect()).negated()
    }

    /// The same where `known` holds, and nothing elsewhere.
    #[must_use]
    pub fn known(self, known: &Formula) -> Self {
        Split { yes: Formula::all([known.clone(), self.yes]), no: Formula::all([known.clone(), self.no]) }
    }
}
