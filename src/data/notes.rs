//! Diagnostics about data, collected: the first of a kind in full, then how many more there are.
//!
//! A file with a hundred thousand bad cells gets twenty messages and a count.

use std::collections::BTreeMap;

use crate::base::{Bi, CodeInfo, Diagnostic, Place};

/// How many diagnostics of one code a file gets in full.
pub const SHOWN: usize = 20;

/// Collects diagnostics.
#[derive(Debug, Default)]
pub struct Notes {
    diagnostics: Vec<Diagnostic>,
    counts: BTreeMap<(String, &'static str), (usize, &'static CodeInfo)>,
}

impl Notes {
    /// One that stands for itself; said once, though several datasets may be read from one sheet.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Several of that kind.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// One of a kind that may repeat for many rows; made only if it will be shown.
    pub fn repeat(&mut self, code: &'static CodeInfo, path: &str, make: impl FnOnce() -> Diagnostic) {
        let entry = self.counts.entry((path.to_owned(), code.code)).or_insert((0, code));
        entry.0 += 1;
        if entry.0 <= SHOWN {
            self.diagnostics.push(make());
        }
    }

    /// That there are more of that kind, which will not be shown.
    pub fn more(&mut self, code: &'static CodeInfo, path: &str, count: usize) {
        self.counts.entry((path.to_owned(), code.code)).or_insert((0, code)).0 += count;
    }

    /// All of them, with the counts of what is not shown behind them.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        for ((path, _), (count, code)) in self.counts {
            if let Some(more) = count.checked_sub(SHOWN).filter(|more| *more > 0) {
                let message = Bi::new(
                    format!("“{}”还有 {more} 处，没有一一列出", code.title.0),
                    format!("{more} more of the same: {}", code.title.1),
                );
                self.diagnostics.push(Diagnostic::at(code, Place::file(path), message));
            }
        }
        self.diagnostics
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::codes::data::BLANK_DIMENSION;

    #[test]
    fn repeated_diagnostics_are_counted() {
        let mut notes = Notes::default();
        for row in 1..=25 {
            notes.repeat(&BLANK_DIMENSION, "a.csv", || {
                Diagnostic::at(&BLANK_DIMENSION, Place::file("a.csv"), Bi::same(row.to_string()))
            });
        }
        let all = notes.finish();
        assert_eq!(all.len(), 21);
        assert!(all.last().is_some_and(|last| last.message.en.starts_with("5 more")));
    }
}
