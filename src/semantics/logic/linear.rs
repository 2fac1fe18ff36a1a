//! Sums of figures, each times a constant: what conditions on figures come down to wherever they can be told exactly.

use std::collections::BTreeMap;

use super::vars::Var;
use crate::quantity::Number;

/// `Σ coefficient × figure + constant`, in base units.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Linear {
    /// No coefficient is 0.
    pub terms: BTreeMap<Var, Number>,
    /// What is added.
    pub constant: Number,
}

impl Linear {
    /// A constant.
    pub fn constant(constant: Number) -> Self {
        Linear { terms: BTreeMap::new(), constant }
    }

    /// A figure by itself.
    pub fn var(var: Var) -> Self {
        Linear { terms: BTreeMap::from([(var, Number::one())]), constant: Number::zero() }
    }

    /// The constant, if it is one.
    pub fn as_constant(&self) -> Option<&Number> {
        self.terms.is_empty().then_some(&self.constant)
    }

    /// `self + factor × other`
    #[must_use]
    pub fn plus(&self, factor: &Number, other: &Linear) -> Self {
        let mut sum = self.clone();
        sum.constant = &sum.constant + &(factor * &other.constant);
        for (var, coefficient) in &other.terms {
            let more = factor * coefficient;
            let total = match sum.terms.get(var) {
                Some(known) => known + &more,
                None => more,
            };
            if total.is_zero() {
                sum.terms.remove(var);
            } else {
                sum.terms.insert(*var, total);
            }
        }
        sum
    }

    /// `self + other`
    #[must_use]
    pub fn add(&self, other: &Linear) -> Self {
        self.plus(&Number::one(), other)
    }

    /// `self − other`
    #[must_use]
    pub fn sub(&self, other: &Linear) -> Self {
        self.plus(&-&Number::one(), other)
    }

    /// `factor × self`
    #[must_use]
    pub fn times(&self, factor: &Number) -> Self {
        Linear::constant(Number::zero()).plus(factor, self)
    }

    /// `−self`
    #[must_use]
    pub fn negated(&self) -> Self {
        self.times(&-&Number::one())
    }
}
