//! A rule of a checked suite in, all that stands about it in the suite out: for `explain`, and for whoever reviews it.

use std::collections::BTreeSet;

use crate::base::{Diagnostic, Severity, Span};
use crate::data::{self, StandardEntry};
use crate::report::record::Clause;
use crate::report::register_clause;
use crate::semantics::hir::{
    DatasetId, Expr, ExprKind, INDICATOR_TABLE, IndicatorId, List, Requirement, Rule, RuleId, StandardId,
};

use super::Checked;

/// A rule and what it rests on.
#[derive(Debug)]
pub struct About<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its declaration as written.
    pub text: &'a str,
    /// The clauses it cites, from the register.
    pub clauses: Vec<Clause>,
    /// Indicators it reads, with those that they are computed from: name, title, declaration.
    pub indicators: Vec<(&'a str, &'a str, Span)>,
    /// Thresholds from outside: title, and the values that the suite's standards files give.
    pub standards: Vec<(&'a str, Vec<StandardEntry>)>,
    /// What is wrong with the standards files.
    pub diagnostics: Vec<Diagnostic>,
    /// Tests that expect a verdict of it.
    pub tests: Vec<(&'a str, Span)>,
}

impl Checked {
    /// All that stands about a rule; `None` if the suite has no such rule.
    pub fn about(&self, id: &str) -> Option<About<'_>> {
        let at = self.suite.rules.iter().position(|rule| rule.id == id)?;
        let rule = self.suite.rules.get(at)?;
        let uses = self.uses_of(rule);
        let (values, diagnostics) = if uses.standards.is_empty() {
            Default::default()
        } else {
            data::load_standards(&self.config.standards_paths(), &self.suite)
        };
        let standards = uses.standards.iter().filter_map(|standard| {
            let title = self.suite.standards.get(standard.0)?.title.as_str();
            Some((title, values.entries.get(standard.0).cloned().unwrap_or_default()))
        });
        let indicators = uses.indicators.iter().filter_map(|indicator| {
            let indicator = self.suite.indicators.get(indicator.0)?;
            Some((indicator.name.as_str(), indicator.title.as_str(), indicator.span))
        });
        let tests = self.suite.tests.iter().filter(|test| test.expect.iter().any(|e| e.rule == RuleId(at)));
        Some(About {
            rule,
            text: self.sources.text(rule.span),
            clauses: rule.cites.iter().filter_map(|id| register_clause(self.register.as_ref()?, id)).collect(),
            indicators: indicators.collect(),
            standards: standards.collect(),
            diagnostics: diagnostics.into_iter().filter(|found| found.severity() == Severity::Error).collect(),
            tests: tests.map(|test| (test.title.as_str(), test.span)).collect(),
        })
    }

    /// All that a rule reads.
    pub(super) fn uses_of(&self, rule: &Rule) -> Uses {
        let mut uses = Uses::default();
        if let Requirement::Rows { dataset, .. } = &rule.requirement {
            uses.datasets.insert(*dataset);
        }
        uses.datasets.extend(self.rosters(rule));
        for expr in conditions(rule) {
            self.uses(expr, &mut uses);
        }
        uses
    }

    /// The datasets that say which members a rule is judged for.
    fn rosters(&self, rule: &Rule) -> impl Iterator<Item = DatasetId> {
        let columns = self.suite.datasets.iter().flat_map(|dataset| &dataset.columns);
        let named = columns.filter(|column| column.dim.is_some_and(|dim| rule.for_each.contains(&dim)));
        named.filter_map(|column| match column.codes {
            Some(List::Column(dataset, _)) => Some(dataset),
            _ => None,
        })
    }

    fn uses(&self, expr: &Expr, uses: &mut Uses) {
        match &expr.kind {
            ExprKind::Standard(id) => {
                uses.standards.insert(*id);
            }
            ExprKind::Indicator(id) => self.indicator(*id, uses),
            ExprKind::Change { official: Some(id), .. } | ExprKind::YearlyGrowth { official: Some(id), .. } => {
                self.indicator(*id, uses);
            }
            ExprKind::In { list: List::Column(dataset, _), .. } => {
                uses.datasets.insert(*dataset);
            }
            ExprKind::Aggregate(aggregate) => {
                uses.datasets.insert(aggregate.dataset);
                let parts = [aggregate.of.as_deref(), aggregate.filter.as_deref()];
                parts.into_iter().flatten().for_each(|part| self.uses(part, uses));
            }
            _ => {}
        }
        expr.for_each_child(&mut |child| self.uses(child, uses));
    }

    fn indicator(&self, id: IndicatorId, uses: &mut Uses) {
        if uses.indicators.insert(id)
            && let Some(indicator) = self.suite.indicators.get(id.0)
        {
            match &indicator.body {
                Some(body) => self.uses(body, uses),
                None => {
                    uses.datasets.insert(INDICATOR_TABLE);
                }
            }
        }
    }
}

/// What a rule reads, by itself or through what it is computed from.
#[derive(Default)]
pub(super) struct Uses {
    pub indicators: BTreeSet<IndicatorId>,
    pub standards: BTreeSet<StandardId>,
    pub datasets: BTreeSet<DatasetId>,
}

fn conditions(rule: &Rule) -> impl Iterator<Item = &Expr> {
    let requirement: Vec<&Expr> = match &rule.requirement {
        Requirement::Case(condition) => vec![condition],
        Requirement::Rows { when, condition, .. } => when.iter().chain([condition]).collect(),
    };
    rule.when.iter().chain(requirement)
}
