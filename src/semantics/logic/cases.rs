//! The cases of rules, as far as they can be told without data: one for each period, and for all members that no rule
//! names as well as for each that some rule does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::formula::{Formula, Sign, Split};
use super::linear::Linear;
use super::scope::{Scope, stranger};
use super::translate::{Notes, Translator};
use super::vars::{Atom, Var, number_as};
use crate::quantity::{Period, Scalar};
use crate::semantics::hir::{ColumnId, DatasetId, DimId, Expr, ExprKind, List, Requirement, Rule, RuleId, Suite};
use crate::semantics::walk;

/// How many cases of a rule are looked at.
pub const CASES: usize = 64;

/// How many members that rules name are looked at for each dimension.
const MEMBERS: usize = 16;

/// A case of a rule, or of a part of one.
#[derive(Clone, Debug)]
pub struct Case<'s> {
    /// The rule.
    pub rule: RuleId,
    /// The members of its 对每个; none in rows.
    pub members: Vec<(DimId, Arc<str>)>,
    /// The period.
    pub period: Period,
    /// Where its conditions are seen from.
    pub scope: Scope,
    /// What is judged.
    pub source: Source<'s>,
    /// Where it applies.
    pub when: Split,
    /// What it requires.
    pub require: Split,
    /// What else is known of the two.
    pub notes: Notes,
    /// The figures that they are about.
    pub vars: BTreeSet<Var>,
}

/// The conditions that a case is made of.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    /// 当
    pub when: Option<&'s Expr>,
    /// 要求
    pub require: &'s Expr,
    /// Of a row rule: only rows of this period.
    pub rows_of: Option<Period>,
}

/// Conditions of a rule, and the dataset if they are about rows.
pub fn conditions(rule: &Rule) -> (Option<&Expr>, &Expr, Option<DatasetId>) {
    match &rule.requirement {
        Requirement::Case(require) => (rule.when.as_ref(), require, None),
        Requirement::Rows { dataset, when, condition } => (when.as_ref(), condition, Some(*dataset)),
    }
}

/// The members that conditions name, by dimension.
pub fn named(suite: &Suite) -> BTreeMap<DimId, BTreeSet<Arc<str>>> {
    let mut found: BTreeMap<DimId, BTreeSet<Arc<str>>> = BTreeMap::new();
    let bodies = suite.indicators.iter().filter_map(|indicator| indicator.body.as_ref());
    let rules = suite.rules.iter().map(conditions).flat_map(|(when, require, _)| when.into_iter().chain([require]));
    for expr in bodies.chain(rules) {
        walk::each(expr, &mut |part| match &part.kind {
            ExprKind::At { members, .. } => {
                for (dim, member) in members {
                    found.entry(*dim).or_default().insert(member.as_str().into());
                }
            }
            ExprKind::Compare { left, right, .. } => match (&left.kind, &right.kind) {
                (ExprKind::Member(dim), ExprKind::Text(text)) | (ExprKind::Text(text), ExprKind::Member(dim)) => {
                    found.entry(*dim).or_default().insert(Arc::clone(text));
                }
                _ => {}
            },
            ExprKind::In { of, list: List::Values(values) } => {
                if let ExprKind::Member(dim) = of.kind {
                    let texts = values.iter().filter_map(|value| match value {
                        Scalar::Text(text) => Some(Arc::clone(text)),
                        _ => None,
                    });
                    found.entry(dim).or_default().extend(texts);
                }
            }
            _ => {}
        });
    }
    found
}

/// The cases of a rule; those for all members come first.
pub fn of_rule<'s>(
    translator: &mut Translator<'s>,
    named: &BTreeMap<DimId, BTreeSet<Arc<str>>>,
    id: RuleId,
    rule: &'s Rule,
) -> Vec<Case<'s>> {
    let (when, require, dataset) = conditions(rule);
    let run = [translator.naming.run];
    let periods: &[Period] = if rule.periods.is_empty() { &run } else { &rule.periods };
    let mut members: Vec<Vec<(DimId, Arc<str>)>> = vec![Vec::new()];
    if dataset.is_none() {
        for dim in &rule.for_each {
            let known = named.get(dim).into_iter().flatten().take(MEMBERS).cloned();
            let all: Vec<Arc<str>> = [stranger(translator.suite, *dim)].into_iter().chain(known).collect();
            let with = |case: &Vec<(DimId, Arc<str>)>, member: &Arc<str>| {
                let mut case = case.clone();
                case.push((*dim, Arc::clone(member)));
                case
            };
            members = all.iter().flat_map(|member| members.iter().map(|case| with(case, member))).take(CASES).collect();
        }
    }
    let mut cases = Vec::new();
    for members in members {
        for period in periods {
            if cases.len() == CASES {
                return cases;
            }
            let scope = match dataset {
                Some(dataset) => Scope::row(dataset, translator.naming.run),
                None => Scope::case(members.clone(), *period),
            };
            let rows_of = (dataset.is_some() && !rule.periods.is_empty()).then_some(*period);
            let source = Source { when, require, rows_of };
            cases.push(case(translator, id, members.clone(), *period, scope, source));
        }
    }
    cases
}

/// A case of a rule or of a part of one.
pub fn case<'s>(
    translator: &mut Translator<'s>,
    rule: RuleId,
    members: Vec<(DimId, Arc<str>)>,
    period: Period,
    scope: Scope,
    source: Source<'s>,
) -> Case<'s> {
    translator.notes = Notes::default();
    let mut applies: Vec<Split> = source.when.map(|when| translator.condition(when, &scope)).into_iter().collect();
    if let (Some(dataset), Some(period)) = (scope.row, source.rows_of) {
        applies.extend(rows_of(translator, dataset, period));
    }
    let when = Split::all(applies);
    let require = translator.condition(source.require, &scope);
    let mut vars = BTreeSet::new();
    for formula in [&when.yes, &when.no, &require.yes, &require.no] {
        formula.vars(&mut vars);
    }
    let notes = std::mem::take(&mut translator.notes);
    Case { rule, members, period, scope, source, when, require, notes, vars }
}

/// That a row is of a period, if the dataset has periods of that length.
fn rows_of(translator: &mut Translator<'_>, dataset: DatasetId, period: Period) -> Option<Split> {
    let declared = translator.suite.datasets.get(dataset.0)?;
    let column = declared.period?;
    cell_is(translator, dataset, column, &Scalar::Period(period))
}

/// That a cell holds a value.
pub fn cell_is(translator: &mut Translator<'_>, dataset: DatasetId, column: ColumnId, value: &Scalar) -> Option<Split> {
    let ty = &translator.suite.datasets.get(dataset.0)?.columns.get(column.0)?.ty;
    let var = translator.cell_var(dataset, column, ty);
    let known = translator.filled(dataset, column);
    let yes = match value {
        Scalar::Text(text) => return Some(super::term::one_of(var, [Arc::clone(text)], &known)),
        value => {
            let number = number_as(ty, value)?;
            Formula::compare(Linear::var(var).sub(&Linear::constant(number)), Sign::Zero)
        }
    };
    Some(Split { no: yes.negated(), yes }.known(&known))
}

impl Case<'_> {
    /// Where it passes.
    pub fn passes(&self) -> Formula {
        Formula::all([self.when.yes.clone(), self.require.yes.clone()])
    }

    /// Where it fails.
    pub fn fails(&self) -> Formula {
        Formula::all([self.when.yes.clone(), self.require.no.clone()])
    }

    /// Where there is nothing to say against it: it passes, or is not applicable.
    pub fn content(&self) -> Formula {
        Formula::any([self.when.no.clone(), self.passes()])
    }

    /// The dataset, if it is about rows.
    pub fn dataset(&self) -> Option<DatasetId> {
        self.scope.row
    }
}

/// The atoms of aggregates among some figures.
pub fn rows_among(translator: &Translator<'_>, vars: &BTreeSet<Var>) -> Vec<Var> {
    let is_rows = |var: &&Var| matches!(translator.vars.get(**var).map(|info| &info.atom), Some(Atom::Rows(_)));
    vars.iter().filter(is_rows).copied().collect()
}
