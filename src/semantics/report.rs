//! Diagnostics in the making: gathered in any order, handed out in source order and without repetitions.
//!
//! Must not know what the diagnostics are about.

use std::collections::{HashMap, HashSet};

use crate::base::{Bi, CodeInfo, Diagnostic, FileId, Place, Severity, Sources, Span, nearest};

/// How many unknown names are answered with a look-alike: finding one reads all names.
const MAX_HINTS: usize = 20;

/// See the module.
#[derive(Default)]
pub struct Report {
    list: Vec<Diagnostic>,
    hints: usize,
}

impl Report {
    /// Adds a diagnostic.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds a diagnostic with a help line.
    pub fn error(&mut self, code: &'static CodeInfo, span: Span, message: Bi, help: Bi) {
        self.list.push(Diagnostic::rule(code, span, message).help(help));
    }

    /// How many diagnostics there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Takes back all diagnostics from the `at`-th on.
    pub fn take_from(&mut self, at: usize) -> Vec<Diagnostic> {
        self.list.split_off(at.min(self.list.len()))
    }

    /// Is there a diagnostic of this weight?
    pub fn has(&self, severity: Severity) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity() == severity)
    }

    /// The candidate that most resembles `name`; nothing once many have been asked for.
    pub fn nearest<'n>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        self.hints += 1;
        if self.hints > MAX_HINTS {
            return None;
        }
        nearest(name, candidates.into_iter().filter(|candidate| alike(name, candidate)))
    }

    /// The diagnostics in source order: files by path, then by place.
    pub fn finish(self, sources: &Sources) -> Vec<Diagnostic> {
        let mut paths: Vec<(&str, FileId)> = sources.iter().map(|(id, file)| (file.path.as_str(), id)).collect();
        paths.sort_unstable();
        let rank: HashMap<FileId, usize> = paths.into_iter().enumerate().map(|(rank, (_, id))| (id, rank)).collect();
        let key = |diagnostic: &Diagnostic| match &diagnostic.place {
            Place::Rule(span) => (rank.get(&span.file).copied().unwrap_or(usize::MAX), span.start, span.end),
            _ => (usize::MAX, 0, 0),
        };
        let mut list = self.list;
        list.sort_by_key(|diagnostic| {
            (key(diagnostic), diagnostic.severity() != Severity::Error, diagnostic.code.code)
        });
        let mut seen = HashSet::new();
        list.retain(|diagnostic| {
            let place = match &diagnostic.place {
                Place::Rule(span) => Some(*span),
                _ => None,
            };
            seen.insert((diagnostic.code.code, place, diagnostic.message.zh.clone()))
        });
        list
    }
}

/// Do the two have a character in common? Of short names a look-alike may otherwise have none.
pub fn alike(a: &str, b: &str) -> bool {
    a.chars().any(|c| b.contains(c))
}
