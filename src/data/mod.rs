//! Submitted files in, typed tables out: every figure exact, in base units, with the place it came from.
//!
//! Knows datasets, indicators and standards (from `semantics::hir`), never rules.

pub mod table;

pub use table::{Cell, Input, Origin, Part, Place, StandardEntry, StandardValues, Submission, Table};
