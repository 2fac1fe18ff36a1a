//! Kleene's three-valued logic, with two kinds of unknown and a further value for what could not be evaluated.

/// The outcome of a condition.
///
/// A false decides an *and* and a true decides an *or*, whatever is undecided beside it. Of what is undecided, an error
/// outweighs an unknown, and an unknown outweighs what only the rounding of figures leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Holds.
    True,
    /// Does not hold.
    False,
    /// Holds for some of the values that the stated, rounded figures may stand for, and not for others.
    Borderline,
    /// Depends on a figure that was not submitted, or of which only a bound was.
    Unknown,
    /// Could not be evaluated.
    Error,
}

impl Truth {
    /// Conjunction.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::Error, _) | (_, Truth::Error) => Truth::Error,
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            (Truth::Borderline, _) | (_, Truth::Borderline) => Truth::Borderline,
            (Truth::True, Truth::True) => Truth::True,
        }
    }

    /// Disjunction.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.not().and(other.not()).not()
    }

    /// Negation.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "read as a logical connective beside `and` and `or`")]
    pub fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            other => other,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::True } else { Truth::False }
    }
}
