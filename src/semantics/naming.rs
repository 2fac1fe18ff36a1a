//! Warnings about names that deceive the eye: invisible characters, look-alikes, one name for two things in one place.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::base::codes::names as codes;
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::syntax::ast::Name;

use super::Compiler;
use super::collect::Meaning;

impl<'a> Compiler<'a> {
    /// Looks at every name that the suite's own files declare.
    pub fn check_naming(&mut self) {
        let mut alike: HashMap<String, (&'a str, Span)> = HashMap::new();
        for name in self.own_names() {
            if let Some(what) = deceptive(&name.text) {
                self.report.add(
                    Diagnostic::rule(
                        &codes::DECEPTIVE,
                        name.span,
                        Bi::new(
                            format!("名称 `{}` 里有{}", visible(&name.text), what.0),
                            format!("the name `{}` has {}", visible(&name.text), what.1),
                        ),
                    )
                    .help(Bi::new("重新输入这个名称", "type the name anew")),
                );
            }
            let plain: String = name.text.nfkc().collect();
            match alike.get(&plain) {
                None => {
                    alike.insert(plain, (&name.text, name.span));
                }
                Some((first, _)) if *first == name.text => {}
                Some((first, span)) => {
                    let diagnostic = Diagnostic::rule(
                        &codes::LOOK_ALIKE,
                        name.span,
                        Bi::new(
                            format!("`{}` 与 `{first}` 看上去一样，却是两个名称", name.text),
                            format!("`{}` and `{first}` look the same, and are two names", name.text),
                        ),
                    )
                    .label(Place::Rule(*span), Bi::new("另一个在这里", "the other is here"))
                    .help(Bi::new("全角与半角只用一种", "use either full-width or half-width characters"));
                    self.report.add(diagnostic);
                }
            }
        }
        self.check_shadows();
    }

    fn own_names(&self) -> Vec<&'a Name> {
        let names = &self.names;
        let mut all: Vec<&'a Name> = Vec::new();
        for (unit, own) in &names.units {
            all.extend(own.then_some(&unit.name));
        }
        for (scale, _) in names.scales.iter().filter(|(_, own)| *own) {
            all.push(&scale.name);
            all.extend(&scale.levels);
        }
        all.extend(names.standards.iter().filter(|(_, own)| *own).map(|(standard, _)| &standard.name));
        for (dataset, _) in names.datasets.iter().filter(|(_, own)| *own) {
            all.push(&dataset.name);
            all.extend(dataset.columns.iter().map(|column| &column.name));
        }
        for (indicator, _) in names.indicators.iter().filter(|(_, own)| *own) {
            all.push(&indicator.name);
            all.extend(&indicator.aliases);
        }
        all.extend(names.defines.iter().filter(|(_, own)| *own).map(|(define, _)| &define.name));
        all.extend(names.groups.iter().filter(|(_, own)| *own).map(|(group, _)| &group.name));
        all.extend(names.rules.iter().map(|rule| &rule.name));
        all
    }

    /// A parameter of a function hides the suite's name; a column hides a standard in filters and row rules.
    fn check_shadows(&mut self) {
        let mut shadows: Vec<(&'a Name, (&str, &str))> = Vec::new();
        for (define, own) in &self.names.defines {
            shadows.extend(define.params.iter().filter(|_| *own).map(|param| (param, ("参数", "parameter"))));
        }
        for (dataset, own) in &self.names.datasets {
            shadows.extend(dataset.columns.iter().filter(|_| *own).map(|column| (&column.name, ("列", "column"))));
        }
        for (name, noun) in shadows {
            let Some(symbol) = self.names.symbols.get(name.text.as_str()).copied() else { continue };
            let hides = match symbol.meaning {
                Meaning::Standard(_) => true,
                Meaning::Indicator(_) => noun.0 == "参数",
                _ => false,
            };
            if !hides {
                continue;
            }
            let other = symbol.meaning.noun();
            let diagnostic = Diagnostic::rule(
                &codes::SHADOWED,
                name.span,
                Bi::new(
                    format!("{} `{}` 与同名的{}会混淆，这里的{}优先", noun.0, name.text, other.0, noun.0),
                    format!("the {} `{}` hides {} of the same name", noun.1, name.text, other.1),
                ),
            )
            .label(Place::Rule(symbol.span), Bi::new("同名的声明在这里", "the other is declared here"))
            .help(Bi::new("给其中一个换个名称", "give one of the two another name"));
            self.report.add(diagnostic);
        }
    }
}

/// What is deceptive about a name.
fn deceptive(name: &str) -> Option<(&'static str, &'static str)> {
    if name.chars().any(is_invisible) {
        return Some(("看不见的字符", "invisible characters"));
    }
    let latin = name.chars().any(|c| c.is_ascii_alphabetic());
    let foreign = name.chars().any(|c| matches!(c, '\u{370}'..='\u{52f}' | '\u{1d00}'..='\u{1d7f}'));
    if latin && foreign {
        return Some((
            "混用的拉丁字母与形似的希腊或西里尔字母",
            "Latin letters mixed with Greek or Cyrillic ones that look alike",
        ));
    }
    None
}

/// Zero-width characters, direction marks, soft hyphens, control characters.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{3164}' | '\u{ffa0}'
        )
}

/// A name with its invisible characters spelled out.
fn visible(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if is_invisible(c) {
            out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}
