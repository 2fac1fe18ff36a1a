//! Warnings about declarations that nothing uses.

use std::collections::HashSet;

use crate::base::codes::names as codes;
use crate::base::{Bi, Diagnostic, Severity};

use super::Compiler;
use super::collect::Meaning;

impl Compiler<'_> {
    /// Warns of the suite's own declarations that nothing uses. Says nothing beside errors, since what is unused then may
    /// be used where the error is, nor in a suite without rules, which is there to be used by others.
    pub fn check_unused(&mut self) {
        if self.names.incomplete || self.names.rules.is_empty() || self.report.has(Severity::Error) {
            return;
        }
        let key = |meaning: Meaning| match meaning {
            Meaning::Scale(id) => (0, id.0),
            Meaning::Standard(id) => (1, id.0),
            Meaning::Dataset(id) => (2, id.0),
            Meaning::Indicator(id) => (3, id.0),
            Meaning::Define(id) => (4, id),
            Meaning::Group(id) => (5, id),
            Meaning::Rule(id) => (6, id.0),
        };
        // An indicator counts as used under any of its names.
        let used: HashSet<(u8, usize)> =
            self.names.symbols.values().filter(|symbol| symbol.used).map(|symbol| key(symbol.meaning)).collect();
        for (name, symbol) in &self.names.symbols {
            let meaning = symbol.meaning;
            if !symbol.own || used.contains(&key(meaning)) || matches!(meaning, Meaning::Rule(_)) {
                continue;
            }
            if let Meaning::Indicator(id) = meaning
                && self.suite.indicators.get(id.0).is_some_and(|indicator| indicator.name != *name)
            {
                continue;
            }
            let noun = meaning.noun();
            self.report.add(
                Diagnostic::rule(
                    &codes::UNUSED,
                    symbol.span,
                    Bi::new(
                        format!("{} `{name}` 没有用到", noun.0),
                        format!("`{name}` is {} that nothing uses", noun.1),
                    ),
                )
                .help(Bi::new("用上它，或者删去", "use it, or take it out")),
            );
        }
    }
}
