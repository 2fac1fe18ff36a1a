//! Warnings about declarations that nothing uses.

use std::collections::HashSet;

use crate::base::codes::names as codes;
use crate::base::{Bi, Diagnostic, Severity, Span};

use super::Compiler;
use super::collect::Meaning;
use super::hir::IndicatorId;

/// How many unused names are compared with all others.
const COMPARED: usize = 20;

/// Declarations that something uses, by kind and index.
pub type Used = HashSet<(u8, usize)>;

fn key(meaning: Meaning) -> (u8, usize) {
    match meaning {
        Meaning::Scale(id) => (0, id.0),
        Meaning::Standard(id) => (1, id.0),
        Meaning::Dataset(id) => (2, id.0),
        Meaning::Indicator(id) => (3, id.0),
        Meaning::Define(id) => (4, id),
        Meaning::Group(id) => (5, id),
        Meaning::Rule(id) => (6, id.0),
    }
}

impl Compiler<'_> {
    /// What has been used so far. An indicator counts as used under any of its names.
    pub fn used(&self) -> Used {
        self.names.symbols.values().filter(|symbol| symbol.used).map(|symbol| key(symbol.meaning)).collect()
    }

    /// Warns of the suite's own declarations that neither rules nor other declarations use; `by_rules` was taken before
    /// tests and uncalled functions were looked at, whose use does not count. Says nothing beside errors, since what is
    /// unused then may be used where the error is, nor in a suite without rules, which is there to be used by others.
    pub fn check_unused(&mut self, by_rules: &Used) {
        if self.names.incomplete || self.names.rules.is_empty() || self.report.has(Severity::Error) {
            return;
        }
        let used = self.used();
        let mut unused: Vec<(&str, Meaning, Span)> = Vec::new();
        for (name, symbol) in &self.names.symbols {
            let meaning = symbol.meaning;
            if !symbol.own || by_rules.contains(&key(meaning)) || matches!(meaning, Meaning::Rule(_)) {
                continue;
            }
            let alias = |id: IndicatorId| self.suite.indicators.get(id.0).is_some_and(|found| found.name != **name);
            if !matches!(meaning, Meaning::Indicator(id) if alias(id)) {
                unused.push((*name, meaning, symbol.span));
            }
        }
        unused.sort_by_key(|(_, _, span)| *span);
        for (at, (name, meaning, span)) in unused.into_iter().enumerate() {
            let noun = meaning.noun();
            let message = if used.contains(&key(meaning)) {
                Bi::new(
                    format!("{} `{name}` 没有规则用到，只有测试或没有调用的函数提到它", noun.0),
                    format!("`{name}` is {} that no rule uses, only tests or functions that nothing calls", noun.1),
                )
            } else {
                Bi::new(format!("{} `{name}` 没有用到", noun.0), format!("`{name}` is {} that nothing uses", noun.1))
            };
            let near = if at < COMPARED { self.meant_instead(name, meaning, by_rules) } else { None };
            let help = match near {
                Some(near) => Bi::new(
                    format!("规则用的是 `{near}`，只差一个字；若是同一个，删去 `{name}`"),
                    format!("rules use `{near}`, one character away; if the two are one, take `{name}` out"),
                ),
                None => Bi::new("用上它，或者删去", "use it, or take it out"),
            };
            self.report.add(Diagnostic::rule(&codes::UNUSED, span, message).help(help));
        }
    }

    /// A declaration of the same kind and type that rules use, and whose name is one edit away.
    fn meant_instead(&mut self, name: &str, meaning: Meaning, by_rules: &Used) -> Option<String> {
        let ty = |meaning: Meaning| match meaning {
            Meaning::Standard(id) => self.suite.standards.get(id.0).map(|standard| (false, &standard.ty)),
            Meaning::Indicator(id) => self.suite.indicators.get(id.0).map(|indicator| (true, &indicator.ty)),
            _ => None,
        };
        let own = ty(meaning)?;
        let same = self.names.symbols.iter().filter(|(_, symbol)| by_rules.contains(&key(symbol.meaning)));
        let same: Vec<&str> = same
            .filter(|(other, symbol)| {
                ty(symbol.meaning).is_some_and(|(indicator, ty)| indicator == own.0 && self.same_kind(ty, own.1))
                    && one_edit_apart(name, other)
            })
            .map(|(other, _)| *other)
            .collect();
        self.report.nearest(name, same).map(str::to_owned)
    }
}

/// Does one name become the other by a character more, less, or another?
fn one_edit_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let ends = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let longer = a.len().max(b.len());
    // Of names as short as this, one character is a good part.
    longer >= 4 && a.len().abs_diff(b.len()) <= 1 && a != b && same + ends + 1 >= longer
}

#[cfg(test)]
mod tests {
    use super::one_edit_apart;

    #[test]
    fn one_edit_is_a_character_more_less_or_another() {
        for (a, b, apart) in [
            ("公共预算收入", "公共预算收人", true),
            ("公共预算收入", "公共预算收", true),
            ("公共预算收入", "公共预收入", true),
            ("公共预算收入", "公共收入", false),
            ("公共预算收入", "公共预算收入", false),
            ("公用经费", "公务费用", false),
            ("收入", "收人", false),
            ("aaaa", "aaaaa", true),
        ] {
            assert_eq!(one_edit_apart(a, b), apart, "{a} {b}");
        }
    }
}
