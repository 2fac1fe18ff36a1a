//! What a suite is held against besides itself: the register of commitments, and figures that were already reported.
//!
//! Plain data and one trait; the data room reads the files. Must not know files.

use crate::base::{Bi, Place};
use crate::quantity::{Period, Qualifier, Scalar};

use super::hir::{IndicatorId, Type};

/// The register of commitments that rules cite.
pub trait Register {
    /// Does it hold an entry of this id?
    fn contains(&self, id: &str) -> bool;
    /// All ids, for hints.
    fn ids(&self) -> Vec<&str>;
    /// A cell of an entry, by its heading, if it is not blank. A register of nothing but ids has none.
    fn cell(&self, _id: &str, _column: &str) -> Option<&str> {
        None
    }
    /// The line of the source document that an entry was taken from.
    fn line(&self, _id: &str) -> Option<u32> {
        None
    }
    /// Where an entry stands.
    fn place(&self, _id: &str) -> Place {
        Place::Nowhere
    }
}

/// A figure that was reported before the rules were written.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// The indicator's name: the declared one if the suite has it, else as the file writes it.
    pub name: String,
    /// The indicator, if the suite declares it.
    pub indicator: Option<IndicatorId>,
    /// The region; empty if neither the file nor the suite names one.
    pub region: String,
    /// The period.
    pub period: Period,
    /// Numbers in base units.
    pub value: Scalar,
    /// Of the indicator, or of the unit that the file states.
    pub ty: Type,
    /// Figure and unit as the file writes them: `1.06 万件`.
    pub stated: String,
    /// What the figure says of the value.
    pub qualifier: Qualifier,
    /// The line of the document that reported it.
    pub line: Option<u32>,
    /// Where it stands.
    pub place: Place,
}

impl Reported {
    /// The figure with its bound, as one says it: `超 2 万户`, `98 % 以上`.
    pub fn said(&self) -> Bi {
        let stated = &self.stated;
        match self.qualifier {
            Qualifier::Exact => Bi::same(stated),
            Qualifier::Above => Bi::new(format!("超 {stated}"), format!("above {stated}")),
            Qualifier::AtLeast => Bi::new(format!("{stated}以上"), format!("{stated} or more")),
            Qualifier::Below => Bi::new(format!("不到 {stated}"), format!("below {stated}")),
            Qualifier::AtMost => Bi::new(format!("{stated}以内"), format!("{stated} or less")),
            Qualifier::Rounded => Bi::new(format!("约 {stated}"), format!("about {stated}")),
        }
    }
}
