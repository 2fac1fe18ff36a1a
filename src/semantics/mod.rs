//! Trees of rule files in, a resolved and typed [`hir`] and diagnostics out. Knows no data files.
//!
//! The way of a suite: [`collect`](self) (one table of names) → units, scales and types → datasets → heads of
//! indicators → bodies of indicators, rules and tests (`expr`) → facts that need the whole (cycles, periods, unused
//! names). An expression that is wrong is reported once and becomes `None`, which silences what rests on it. A suite that
//! compiles can be held against the register and the figures already reported: [`lint`].

mod collect;
mod dataset;
mod describe;
mod expr;
mod facts;
pub mod hir;
mod indicator;
pub mod lint;
pub mod logic;
mod naming;
mod nature;
mod outside;
mod report;
mod rule;
pub mod sentence;
mod test;
#[cfg(test)]
mod tests;
mod text;
mod types;
mod unused;
mod walk;

use std::collections::{HashMap, HashSet};

use crate::base::{Diagnostic, Sources};
use crate::quantity::Units;
use crate::syntax::ast;

use collect::Names;
pub use outside::{Register, Reported};
use report::Report;
pub use text::expr_text;
pub use walk::children;

/// What a suite is compiled from.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The trees of all files; `true` for files of the suite's own folder, `false` for those of a suite that it uses.
    pub files: &'a [(ast::File, bool)],
    /// The text behind the trees.
    pub sources: &'a Sources,
    /// The register, if the suite names one.
    pub register: Option<&'a dyn Register>,
}

/// Resolves every name and types every expression. Diagnostics are in source order, without repetitions.
///
/// A suite comes back in any case; it is complete only if no diagnostic is an error.
pub fn compile(input: Input<'_>) -> (hir::Suite, Vec<Diagnostic>) {
    let mut compiler = Compiler::new(input);
    compiler.collect();
    compiler.declare_units();
    compiler.declare_scales();
    compiler.declare_standards();
    compiler.declare_datasets();
    compiler.declare_indicators();
    compiler.indicator_bodies();
    compiler.rules();
    let used = compiler.used();
    compiler.tests();
    compiler.uncalled_functions();
    compiler.check_facts();
    compiler.check_natures();
    compiler.check_naming();
    compiler.check_unused(&used);
    let Compiler { suite, report, .. } = compiler;
    (suite, report.finish(input.sources))
}

/// The suite in the making, and what the passes need to know of each other.
struct Compiler<'a> {
    sources: &'a Sources,
    register: Option<&'a dyn Register>,
    files: &'a [(ast::File, bool)],
    names: Names<'a>,
    suite: hir::Suite,
    report: Report,
    /// Dimensions by name.
    dims: HashMap<String, hir::DimId>,
    /// Columns by name, for each dataset.
    columns: Vec<HashMap<String, hir::ColumnId>>,
    /// Levels by name: a scale that has one of this name.
    levels: HashMap<String, hir::ScaleId>,
    /// Declarations whose type is not known, so that what uses them says nothing.
    untyped: Untyped,
    /// Rules with a 对每个 that is not understood.
    vague_rules: HashSet<hir::RuleId>,
    /// Rules with a condition that is wrong.
    failed_rules: HashSet<hir::RuleId>,
    /// Functions that something calls.
    called: HashSet<usize>,
    /// Nodes that functions have unfolded into, in the declaration at hand.
    expanded: usize,
    /// How deep the expression at hand is nested.
    depth: usize,
}

#[derive(Default)]
struct Untyped {
    standards: HashSet<hir::StandardId>,
    indicators: HashSet<hir::IndicatorId>,
    columns: HashSet<(hir::DatasetId, hir::ColumnId)>,
}

impl<'a> Compiler<'a> {
    fn new(input: Input<'a>) -> Self {
        let suite = hir::Suite {
            units: Units::default(),
            scales: Vec::new(),
            standards: Vec::new(),
            datasets: Vec::new(),
            dims: Vec::new(),
            indicators: Vec::new(),
            rules: Vec::new(),
            tests: Vec::new(),
            aggregates: 0,
        };
        Compiler {
            sources: input.sources,
            register: input.register,
            files: input.files,
            names: Names::default(),
            suite,
            report: Report::default(),
            dims: HashMap::new(),
            columns: Vec::new(),
            levels: HashMap::new(),
            untyped: Untyped::default(),
            vague_rules: HashSet::new(),
            failed_rules: HashSet::new(),
            called: HashSet::new(),
            expanded: 0,
            depth: 0,
        }
    }
}
