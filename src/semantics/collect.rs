//! The one table of names of a suite: every declaration of every file, before any of them is understood.
//!
//! What comes in: the trees. What goes out: [`Names`], and ids given out in order, so that the vectors of the suite can
//! be filled in the same order later. Must not know types.

use std::collections::{HashMap, HashSet};

use crate::base::codes::names as codes;
use crate::base::{Bi, Diagnostic, FileId, Place, Span};
use crate::syntax::ast::{self, Decl, Name};

use super::Compiler;
use super::hir::{DatasetId, IndicatorId, RuleId, ScaleId, StandardId};

/// What a name of the suite means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Scale(ScaleId),
    Standard(StandardId),
    Dataset(DatasetId),
    Indicator(IndicatorId),
    /// Index into [`Names::defines`].
    Define(usize),
    /// Index into [`Names::groups`].
    Group(usize),
    Rule(RuleId),
}

impl Meaning {
    /// What it is, in words.
    pub fn noun(self) -> (&'static str, &'static str) {
        match self {
            Meaning::Scale(_) => ("标度", "a scale"),
            Meaning::Standard(_) => ("标准", "a standard"),
            Meaning::Dataset(_) => ("数据集", "a dataset"),
            Meaning::Indicator(_) => ("指标", "an indicator"),
            Meaning::Define(_) => ("函数", "a function"),
            Meaning::Group(_) => ("套件", "a group"),
            Meaning::Rule(_) => ("规则", "a rule"),
        }
    }
}

/// A name of the suite.
#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    pub meaning: Meaning,
    pub span: Span,
    /// Declared in the suite's own folder.
    pub own: bool,
    pub used: bool,
}

/// A declaration, and whether it stands in the suite's own folder.
pub type Own<'a, T> = (&'a T, bool);

/// All declarations by kind, in the order of their ids, and the table of names.
#[derive(Default)]
pub struct Names<'a> {
    pub symbols: HashMap<&'a str, Symbol>,
    /// Names of declarations that did not parse.
    pub broken: HashSet<&'a str>,
    /// Some declaration did not parse, perhaps one whose name could not be read.
    pub incomplete: bool,
    pub units: Vec<Own<'a, ast::Unit>>,
    pub scales: Vec<Own<'a, ast::Scale>>,
    pub standards: Vec<Own<'a, ast::Standard>>,
    /// Without the indicator table: the dataset of index `n` here has the id `n + 1`.
    pub datasets: Vec<Own<'a, ast::Dataset>>,
    pub indicators: Vec<Own<'a, ast::Indicator>>,
    pub defines: Vec<Own<'a, ast::Define>>,
    pub groups: Vec<Own<'a, ast::Group>>,
    pub rules: Vec<&'a ast::Rule>,
    pub tests: Vec<&'a ast::Test>,
}

impl<'a> Compiler<'a> {
    /// Gathers all declarations: files of used suites first, so that a clash is reported in the suite's own files.
    pub fn collect(&mut self) {
        let mut files: Vec<&'a (ast::File, bool)> = self.files.iter().collect();
        let path = |file: FileId| self.sources.get(file).map_or("", |file| file.path.as_str());
        files.sort_by(|(a, a_own), (b, b_own)| (*a_own, path(a.file), a.file).cmp(&(*b_own, path(b.file), b.file)));
        for (file, own) in files {
            for decl in &file.decls {
                self.collect_decl(decl, *own);
            }
        }
    }

    fn collect_decl(&mut self, decl: &'a Decl, own: bool) {
        let names = &mut self.names;
        let (name, meaning) = match decl {
            Decl::Use(_) => return,
            Decl::Unit(unit) => return names.units.push((unit, own)),
            Decl::Test(test) => {
                if own {
                    names.tests.push(test);
                }
                return;
            }
            Decl::Error { name } => {
                names.incomplete = true;
                names.broken.extend(name.as_deref());
                return;
            }
            Decl::Rule(_) if !own => return,
            Decl::Rule(rule) => {
                names.rules.push(rule);
                (&rule.name, Meaning::Rule(RuleId(names.rules.len() - 1)))
            }
            Decl::Scale(scale) => {
                names.scales.push((scale, own));
                (&scale.name, Meaning::Scale(ScaleId(names.scales.len() - 1)))
            }
            Decl::Standard(standard) => {
                names.standards.push((standard, own));
                (&standard.name, Meaning::Standard(StandardId(names.standards.len() - 1)))
            }
            Decl::Dataset(dataset) => {
                names.datasets.push((dataset, own));
                (&dataset.name, Meaning::Dataset(DatasetId(names.datasets.len())))
            }
            Decl::Indicator(indicator) => {
                names.indicators.push((indicator, own));
                let meaning = Meaning::Indicator(IndicatorId(names.indicators.len() - 1));
                for alias in &indicator.aliases {
                    self.declare(alias, meaning, own);
                }
                (&indicator.name, meaning)
            }
            Decl::Define(define) => {
                names.defines.push((define, own));
                (&define.name, Meaning::Define(names.defines.len() - 1))
            }
            Decl::Group(group) => {
                names.groups.push((group, own));
                (&group.name, Meaning::Group(names.groups.len() - 1))
            }
        };
        self.declare(name, meaning, own);
    }

    fn declare(&mut self, name: &'a Name, meaning: Meaning, own: bool) {
        if let Some(first) = self.names.symbols.get(name.text.as_str()).copied() {
            let noun = first.meaning.noun();
            self.report.add(duplicate(&name.text, name.span, first.span, noun));
            return;
        }
        self.names.symbols.insert(&name.text, Symbol { meaning, span: name.span, own, used: false });
    }

    /// What a name of the suite means, and marks it as used.
    pub fn look_up(&mut self, name: &str) -> Option<Meaning> {
        let symbol = self.names.symbols.get_mut(name)?;
        symbol.used = true;
        Some(symbol.meaning)
    }

    /// Does a declaration that did not parse go by this name?
    pub fn is_broken(&self, name: &str) -> bool {
        self.names.broken.contains(name)
    }
}

/// A name is declared twice.
pub fn duplicate(name: &str, span: Span, first: Span, noun: (&str, &str)) -> Diagnostic {
    Diagnostic::rule(
        &codes::DUPLICATE,
        span,
        Bi::new(format!("`{name}` 已经声明过"), format!("`{name}` is declared already")),
    )
    .label(
        Place::Rule(first),
        Bi::new(format!("第一次声明在这里，是{}", noun.0), format!("declared here first, as {}", noun.1)),
    )
    .help(Bi::new("给其中一个换个名称，或删去重复的声明", "give one of the two another name, or take it out"))
}
