//! Values of expressions as far as they can be told exactly: sums of figures, quotients of such sums, texts, conditions.

use std::sync::Arc;

use super::formula::{Formula, Sign, Split};
use super::linear::Linear;
use super::vars::Var;
use crate::quantity::{Number, Period};
use crate::semantics::hir::Comparison;

/// A value.
#[derive(Clone, Debug)]
pub enum Term {
    /// A number, or what is counted like one: a level, a day, a period of one length.
    Number(Quotient),
    /// The least or greatest of several.
    Extreme {
        /// The greatest?
        greatest: bool,
        /// Of these.
        of: Vec<Quotient>,
    },
    /// A text.
    Text(Text),
    /// A fixed period.
    Period(Period),
    /// A condition.
    Truth(Split),
    /// It cannot be told.
    Unknown,
}

/// A sum, or a quotient of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotient {
    /// The sum above the line.
    pub above: Linear,
    /// What it is divided by.
    pub below: Option<Divisor>,
    /// Where the value can be told: elsewhere it is missing or in error.
    pub known: Formula,
}

/// What a sum is divided by; not 0 where the quotient is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divisor {
    /// It.
    pub sum: Linear,
    /// Is the quotient known only where it is above 0?
    pub positive: bool,
}

/// A text.
#[derive(Clone, Debug)]
pub enum Text {
    /// This one.
    Fixed(Arc<str>),
    /// A figure's; where it is known.
    Figure(Var, Formula),
}

impl Quotient {
    /// A sum.
    pub fn sum(sum: Linear) -> Self {
        Quotient { above: sum, below: None, known: Formula::from(true) }
    }

    /// A constant.
    pub fn constant(constant: Number) -> Self {
        Quotient::sum(Linear::constant(constant))
    }

    /// The constant, if it is one.
    pub fn as_constant(&self) -> Option<&Number> {
        if self.below.is_none() { self.above.as_constant() } else { None }
    }

    fn both_known(&self, other: &Quotient) -> Formula {
        Formula::all([self.known.clone(), other.known.clone()])
    }

    /// `self + factor × other`, if it is a quotient of sums.
    pub fn plus(&self, factor: &Number, other: &Quotient) -> Option<Quotient> {
        let known = self.both_known(other);
        let (above, below) = match (&self.below, &other.below) {
            (None, None) => (self.above.plus(factor, &other.above), None),
            (Some(a), Some(b)) if a.sum == b.sum => {
                let positive = a.positive || b.positive;
                (self.above.plus(factor, &other.above), Some(Divisor { sum: a.sum.clone(), positive }))
            }
            (Some(divisor), None) => {
                let constant = factor * other.above.as_constant()?;
                (self.above.plus(&constant, &divisor.sum), Some(divisor.clone()))
            }
            (None, Some(divisor)) => {
                let constant = self.above.as_constant()?;
                (divisor.sum.times(constant).plus(factor, &other.above), Some(divisor.clone()))
            }
            (Some(_), Some(_)) => return None,
        };
        Some(Quotient { above, below, known })
    }

    /// `factor × self`
    #[must_use]
    pub fn times(&self, factor: &Number) -> Quotient {
        Quotient { above: self.above.times(factor), ..self.clone() }
    }

    /// `self / other`, if it is a quotient of sums.
    pub fn over(&self, other: &Quotient) -> Option<Quotient> {
        if let Some(constant) = other.as_constant() {
            let known = Formula::all([self.both_known(other), Formula::from(!constant.is_zero())]);
            let inverse = Number::one().div(constant).unwrap_or_else(Number::zero);
            return Some(Quotient { known, ..self.times(&inverse) });
        }
        if self.below.is_some() || other.below.is_some() {
            return None;
        }
        let known = Formula::all([self.both_known(other), Formula::not_zero(other.above.clone())]);
        let below = Some(Divisor { sum: other.above.clone(), positive: false });
        Some(Quotient { above: self.above.clone(), below, known })
    }

    /// How it stands to 0.
    fn against_zero(&self, operator: Comparison) -> Split {
        let holds = |above: &Linear| {
            let negated = above.negated();
            match operator {
                Comparison::AtLeast => Formula::compare(above.clone(), Sign::NotNegative),
                Comparison::Above => Formula::compare(above.clone(), Sign::Positive),
                Comparison::AtMost => Formula::compare(negated, Sign::NotNegative),
                Comparison::Below => Formula::compare(negated, Sign::Positive),
                Comparison::Equal => Formula::compare(above.clone(), Sign::Zero),
                Comparison::NotEqual => Formula::not_zero(above.clone()),
            }
        };
        let split = match &self.below {
            None => {
                let yes = holds(&self.above);
                Split { no: yes.negated(), yes }
            }
            Some(Divisor { positive: true, .. }) => {
                let yes = holds(&self.above);
                Split { no: yes.negated(), yes }
            }
            Some(Divisor { sum, positive: false }) => {
                let side = |divisor: &Linear, above: &Linear| {
                    let yes = holds(above);
                    let sign = || Formula::compare(divisor.clone(), Sign::Positive);
                    (Formula::all([sign(), yes.clone()]), Formula::all([sign(), yes.negated()]))
                };
                let (up, down) = (side(sum, &self.above), side(&sum.negated(), &self.above.negated()));
                Split { yes: Formula::any([up.0, down.0]), no: Formula::any([up.1, down.1]) }
            }
        };
        // That the divisor is not 0 is said by the two sides of it.
        let known = match &self.below {
            Some(Divisor { sum, positive: false }) => without(&self.known, &Formula::not_zero(sum.clone())),
            _ => self.known.clone(),
        };
        split.known(&known)
    }

    /// How it stands to another, if that can be told.
    pub fn compare(&self, operator: Comparison, other: &Quotient) -> Option<Split> {
        let difference = self.plus(&-&Number::one(), other)?;
        Some(difference.against_zero(operator))
    }
}

/// A conjunction without one of its parts.
fn without(formula: &Formula, part: &Formula) -> Formula {
    match formula {
        formula if formula == part => Formula::from(true),
        Formula::All(parts) => Formula::all(parts.iter().filter(|other| *other != part).cloned()),
        other => other.clone(),
    }
}

impl Term {
    /// A sum of figures.
    pub fn sum(sum: Linear) -> Self {
        Term::Number(Quotient::sum(sum))
    }

    /// A number made of two, if both are numbers and `make` can tell it.
    pub fn with(&self, other: &Term, make: impl FnOnce(&Quotient, &Quotient) -> Option<Quotient>) -> Term {
        match (self, other) {
            (Term::Number(a), Term::Number(b)) => make(a, b).map_or(Term::Unknown, Term::Number),
            _ => Term::Unknown,
        }
    }

    /// How it stands to another, if that can be told.
    pub fn compare(&self, operator: Comparison, other: &Term) -> Option<Split> {
        match (self, other) {
            (Term::Number(a), Term::Number(b)) => a.compare(operator, b),
            (Term::Extreme { greatest, of }, Term::Number(b)) => extreme(*greatest, of, operator, b),
            (Term::Number(a), Term::Extreme { greatest, of }) => extreme(*greatest, of, operator.flipped(), a),
            (Term::Period(a), Term::Period(b)) => Some(Split::from(operator.holds(a.cmp(b)))),
            (Term::Text(Text::Fixed(a)), Term::Text(Text::Fixed(b))) => Some(Split::from(operator.holds(a.cmp(b)))),
            (Term::Text(Text::Figure(var, known)), Term::Text(Text::Fixed(text)))
            | (Term::Text(Text::Fixed(text)), Term::Text(Text::Figure(var, known))) => {
                let listed = one_of(*var, [Arc::clone(text)], known);
                Some(if operator == Comparison::NotEqual { listed.negated() } else { listed })
            }
            (Term::Truth(a), Term::Truth(b)) => {
                let equal = Split::any(vec![
                    Split::all(vec![a.clone(), b.clone()]),
                    Split::all(vec![a.clone().negated(), b.clone().negated()]),
                ]);
                Some(if operator == Comparison::NotEqual { equal.negated() } else { equal })
            }
            _ => None,
        }
    }
}

/// A text is one of these.
pub fn one_of(var: Var, listed: impl IntoIterator<Item = Arc<str>>, known: &Formula) -> Split {
    let literal = super::formula::Literal::OneOf(var, listed.into_iter().collect(), true);
    let yes = Formula::Literal(literal);
    Split { no: yes.negated(), yes }.known(known)
}

fn extreme(greatest: bool, of: &[Quotient], operator: Comparison, other: &Quotient) -> Option<Split> {
    // All values must be known, whichever of them decides.
    let known = Formula::all(of.iter().map(|value| value.known.clone()));
    let each = |operator| of.iter().map(|value| value.compare(operator, other)).collect::<Option<Vec<Split>>>();
    let split = match operator {
        Comparison::AtLeast | Comparison::Above if greatest => Split::any(each(operator)?),
        Comparison::AtLeast | Comparison::Above => Split::all(each(operator)?),
        Comparison::AtMost | Comparison::Below if greatest => Split::all(each(operator)?),
        Comparison::AtMost | Comparison::Below => Split::any(each(operator)?),
        Comparison::Equal | Comparison::NotEqual => {
            let sides = [Comparison::AtLeast, Comparison::AtMost];
            let sides = sides.into_iter().map(|side| extreme(greatest, of, side, other)).collect::<Option<_>>()?;
            let equal = Split::all(sides);
            if operator == Comparison::NotEqual { equal.negated() } else { equal }
        }
    };
    Some(split.known(&known))
}
