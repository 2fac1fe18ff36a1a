//! Every code the project reports, with its page for `duixian explain CODE`.
//!
//! A code is never reused for another meaning. E01 syntax, E02 names, E03 units and types, E04 data,
//! E05 configuration and the command line, E06 what `check` finds in rules that compile; W as E, for warnings.

pub mod config;
pub mod data;
pub mod lint;
pub mod logic;
pub mod names;
pub mod suite;
pub mod syntax;
pub mod types;
pub mod waivers;

use super::Severity;

/// A code, what it means, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// `E0301`
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// One line, Chinese and English.
    pub title: (&'static str, &'static str),
    /// The page that `explain` shows: why, a wrong example, a right one. Chinese and English.
    pub page: (&'static str, &'static str),
}

/// All codes, in the order of their numbers.
pub fn all() -> impl Iterator<Item = &'static CodeInfo> {
    [syntax::ALL, names::ALL, types::ALL, data::ALL, config::ALL, waivers::ALL, suite::ALL, lint::ALL, logic::ALL]
        .into_iter()
        .flatten()
        .copied()
}

/// The code with this name, in any case of letters.
pub fn find(code: &str) -> Option<&'static CodeInfo> {
    all().find(|info| info.code.eq_ignore_ascii_case(code))
}
