//! A judged run in, reports out: every format renders from the run [`record`], none evaluates anything again.
//!
//! [`build`] alone sees the judgement; what comes after it knows the record and nothing else.

pub mod annotate;
pub mod book;
mod build;
pub mod coverage;
pub mod diagnostics;
pub mod diff;
pub mod explaining;
pub mod html;
pub mod json;
pub mod junit;
pub mod layout;
pub mod markdown;
pub mod mutation;
pub mod oscal;
mod outcome;
pub mod paper;
pub mod planning;
pub mod ranking;
pub mod record;
pub mod runs;
pub mod sarif;
mod style;
pub mod text;
pub mod tracing;
pub mod versions;
pub mod words;
pub mod xlsx;

pub use build::runs::{Gathered, Many, build_runs, submission};
pub use build::{Basis, Run, build, kind_of, register_clause, remark, sort_key, verdict_of};
pub use outcome::{Outcome, outcome};
pub use style::Style;
