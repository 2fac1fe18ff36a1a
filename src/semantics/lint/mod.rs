//! What `check` finds in rules that compile: rules held against the register, against figures already reported, and names
//! against names. One file per lint.
//!
//! A compiled suite, its trees, the register and the figures in; warnings out, each placed in the rule it is about. A lint
//! speaks only of what is certain: where an expression is not understood, it says nothing. Every lint is linear in rules.
//! Must not know files, and changes nothing of the suite.

mod accepted;
mod cited;
mod confusable;
mod indicator;
mod kind;
mod official;
mod period;
mod regressive;
mod targets;
mod threshold;
pub(super) mod words;

use std::collections::{HashMap, HashSet};

use crate::base::{Diagnostic, Sources, Span};
use crate::quantity::Period;
use crate::syntax::ast::{self, ClauseKind, Decl};

use super::hir::{self, Indicator, IndicatorId, Rule, Suite};
use super::outside::{Register, Reported};
use super::walk;

pub use accepted::{Remarks, accept};
use cited::{Entry, Pair};
use targets::Target;

/// What the lints look at.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The compiled suite, without errors.
    pub suite: &'a Suite,
    /// The trees it was compiled from; `true` for the suite's own files.
    pub files: &'a [(ast::File, bool)],
    /// The text behind them.
    pub sources: &'a Sources,
    /// The register, if the suite names one.
    pub register: Option<&'a dyn Register>,
    /// Figures already reported.
    pub figures: &'a [Reported],
    /// The suite's own region; empty if it names none.
    pub region: &'a str,
    /// The period of rules that name none.
    pub period: Option<&'a Period>,
}

/// Everything that the lints find, in source order.
pub fn check(input: Input<'_>) -> Vec<Diagnostic> {
    let cx = Cx::new(input);
    let mut found = Vec::new();
    for rule in &input.suite.rules {
        let rule = cx.look(rule);
        threshold::check(&cx, &rule, &mut found);
        kind::check(&cx, &rule, &mut found);
        period::check(&cx, &rule, &mut found);
        indicator::check(&cx, &rule, &mut found);
        regressive::check(&cx, &rule, &mut found);
        official::check(&cx, &rule, &mut found);
    }
    confusable::check(&input, &mut found);
    found
}

/// What several lints ask of a suite.
struct Cx<'a> {
    input: Input<'a>,
    suite: &'a Suite,
    /// Indicators by name and alias.
    names: HashMap<&'a str, IndicatorId>,
    /// Reported figures by the name of the indicator (the declared one if there is one) and region, oldest first.
    figures: HashMap<(&'a str, &'a str), Vec<&'a Reported>>,
    /// Indicators that carry the growth rate of another.
    rates: HashSet<IndicatorId>,
    /// Growth that the formulas of indicators compute from levels.
    growing: HashMap<IndicatorId, Vec<(official::Computed<'a>, Span)>>,
    /// Declarations of rules by id.
    trees: HashMap<&'a str, &'a ast::Rule>,
}

/// A rule and what several lints ask of it.
struct Look<'a> {
    rule: &'a Rule,
    tree: Option<&'a ast::Rule>,
    /// The periods its cases are judged in; empty if only the run tells.
    periods: &'a [Period],
    targets: Vec<Target<'a>>,
    /// The register's entries that it cites.
    entries: Vec<Entry<'a>>,
    /// Entries and targets that are about the same thing.
    pairs: Vec<Pair>,
}

impl<'a> Cx<'a> {
    fn new(input: Input<'a>) -> Self {
        let mut names: HashMap<&str, IndicatorId> = HashMap::new();
        for (at, indicator) in input.suite.indicators.iter().enumerate() {
            names.insert(&indicator.name, IndicatorId(at));
            for alias in &indicator.aliases {
                names.entry(alias).or_insert(IndicatorId(at));
            }
        }
        let mut figures: HashMap<(&str, &str), Vec<&Reported>> = HashMap::new();
        for figure in input.figures {
            figures.entry((&figure.name, &figure.region)).or_default().push(figure);
        }
        figures.values_mut().for_each(|list| list.sort_by_key(|figure| figure.period));
        let decls = input.files.iter().flat_map(|(file, _)| &file.decls);
        let trees = decls
            .filter_map(|decl| match decl {
                Decl::Rule(rule) => Some((rule.name.text.as_str(), rule)),
                _ => None,
            })
            .collect();
        let rates = input.suite.indicators.iter().filter_map(|indicator| indicator.growth_from).collect();
        Cx { input, suite: input.suite, names, figures, rates, growing: official::in_formulas(input.suite), trees }
    }

    fn look(&self, rule: &'a Rule) -> Look<'a> {
        let rows = matches!(rule.requirement, hir::Requirement::Rows { .. });
        let periods: &'a [Period] = match self.input.period {
            Some(own) if rule.periods.is_empty() && !rows => std::slice::from_ref(own),
            _ => &rule.periods,
        };
        let targets = targets::of_rule(rule, periods);
        let entries = self.entries(rule);
        let pairs = cited::pairs(self, rule, &targets, &entries);
        Look { rule, tree: self.trees.get(rule.id.as_str()).copied(), periods, targets, entries, pairs }
    }

    fn indicator(&self, id: IndicatorId) -> Option<&'a Indicator> {
        self.suite.indicators.get(id.0)
    }

    /// The latest figure reported for a name before a period of the same length.
    fn latest(&self, name: &str, region: Option<&str>, before: Period) -> Option<&'a Reported> {
        let list = self.figures.get(&(name, region.unwrap_or(self.input.region)))?;
        let earlier =
            |figure: &&&Reported| figure.period.granularity() == before.granularity() && figure.period < before;
        list.iter().rev().find(earlier).copied()
    }

    /// The indicators that a rule rests on, those within the formulas of others included.
    fn uses(&self, rule: &Rule) -> Vec<IndicatorId> {
        let mut open: Vec<IndicatorId> = Vec::new();
        let conditions: Vec<&hir::Expr> = match &rule.requirement {
            hir::Requirement::Case(condition) => rule.when.iter().chain([condition]).collect(),
            hir::Requirement::Rows { .. } => Vec::new(),
        };
        conditions.into_iter().for_each(|condition| mentioned(condition, &mut open));
        let mut used: Vec<IndicatorId> = Vec::new();
        while let Some(id) = open.pop() {
            if used.contains(&id) {
                continue;
            }
            used.push(id);
            if let Some(body) = self.indicator(id).and_then(|indicator| indicator.body.as_ref()) {
                mentioned(body, &mut open);
            }
        }
        used
    }
}

impl Look<'_> {
    /// Where a remark on a comparison stands: there, or at the rule's name if it came from a function.
    fn span(&self, expr: &hir::Expr) -> Span {
        let within =
            |outer: Span, inner: Span| outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end;
        if within(self.rule.span, expr.span) { expr.span } else { self.name() }
    }

    /// The rule's name.
    fn name(&self) -> Span {
        self.tree.map_or(self.rule.span, |tree| tree.name.span)
    }

    /// A clause of the rule itself, or its name.
    fn clause(&self, wanted: impl Fn(&ClauseKind) -> bool) -> Span {
        let clause = self.tree.and_then(|tree| tree.clauses.iter().find(|clause| wanted(&clause.kind)));
        clause.map_or_else(|| self.name(), |clause| clause.span)
    }
}

/// The indicators that an expression mentions, official growth rates included.
fn mentioned(expr: &hir::Expr, found: &mut Vec<IndicatorId>) {
    walk::each(expr, &mut |expr| match &expr.kind {
        hir::ExprKind::Indicator(id) => found.push(*id),
        hir::ExprKind::Change { official: Some(id), .. } | hir::ExprKind::YearlyGrowth { official: Some(id), .. } => {
            found.push(*id);
        }
        _ => {}
    });
}
