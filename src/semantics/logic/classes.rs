//! How aggregates over one dataset hang together: its rows fall into classes by which of their conditions they meet.
//!
//! The sum over the rows that meet a condition is the sum over the classes that do: so it is known that the parts of
//! a whole add up to it, and which rows to write down for given sums. Nothing is assumed of the rows themselves; amounts
//! may be below 0.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::cell_is;
use super::formula::{Formula, Sign, Split};
use super::linear::Linear;
use super::model::{Model, Prefer};
use super::scope::Scope;
use super::solve::{self, Answer};
use super::translate::Translator;
use super::vars::{Atom, Rows, Var};
use crate::quantity::{Number, Period, Scalar, Unit};
use crate::semantics::hir::{Aggregate, ColumnId, DatasetId, Expr, ExprKind, Function, Type};

/// With more conditions on one dataset, nothing is said of how they hang together.
const CONDITIONS: usize = 10;

/// Among more aggregates it is not looked for those that are over the same rows.
const RELATED: usize = 60;

/// With more classes, likewise.
const CLASSES: usize = 48;

/// The classes of the rows of a dataset.
#[derive(Clone, Debug)]
pub struct Classes {
    /// The dataset.
    pub dataset: DatasetId,
    /// The aggregates that the classes are made for, each with its condition's place in [`Class::meets`].
    pub aggregates: Vec<(Var, usize)>,
    /// The conditions within which rows are counted.
    pub counted: BTreeSet<usize>,
    /// The classes that there are.
    pub list: Vec<Class>,
}

/// Rows that meet the same conditions.
#[derive(Clone, Debug)]
pub struct Class {
    /// Which conditions they meet.
    pub meets: Vec<bool>,
    /// Cells that such a row may have.
    pub row: Model,
    /// What tells the class from others, for [`Atom::Class`].
    pub id: u32,
}

/// The classes of the rows that some aggregates are over, and what holds of the aggregates whatever is submitted.
pub fn of(translator: &mut Translator<'_>, aggregates: &[Var], next: &mut u32) -> (Vec<Classes>, Vec<Formula>) {
    let mut by_dataset: BTreeMap<DatasetId, Vec<(Var, Rows)>> = BTreeMap::new();
    for var in aggregates {
        if let Some(Atom::Rows(rows)) = translator.vars.get(*var).map(|info| &info.atom) {
            by_dataset.entry(rows.dataset).or_default().push((*var, rows.clone()));
        }
    }
    let mut found = Vec::new();
    let mut axioms = Vec::new();
    for (dataset, aggregates) in by_dataset {
        axioms.extend(orders(translator, &aggregates));
        let Some(classes) = classes(translator, dataset, &aggregates, next) else { continue };
        for (var, condition) in &classes.aggregates {
            axioms.extend(total(translator, &classes, *var, *condition));
        }
        for around in &classes.counted {
            // A number of rows is 0 only where there are rows of its members and period.
            let rows = classes.list.iter().filter(|class| class.meets.get(*around) == Some(&true));
            let mut count = Linear::constant(-&Number::one());
            for class in rows {
                count = count.add(&Linear::var(part(translator, class.id, None)));
            }
            axioms.push(Formula::compare(count, Sign::NotNegative));
        }
        found.push(classes);
    }
    (found, axioms)
}

/// The least is at most the mean, and that at most the greatest.
fn orders(translator: &Translator<'_>, aggregates: &[(Var, Rows)]) -> Vec<Formula> {
    let mut found = Vec::new();
    for (var, rows) in aggregates {
        for (low, high) in
            [(Function::Min, Function::Mean), (Function::Mean, Function::Max), (Function::Min, Function::Max)]
        {
            if rows.function != low {
                continue;
            }
            if let Some(other) = translator.vars.find(&Atom::Rows(Rows { function: high, ..rows.clone() })) {
                found.push(Formula::compare(Linear::var(other).sub(&Linear::var(*var)), Sign::NotNegative));
            }
        }
    }
    found
}

/// An aggregate that adds up, as the sum over its classes.
fn total(translator: &mut Translator<'_>, classes: &Classes, var: Var, condition: usize) -> Option<Formula> {
    let info = translator.vars.get(var)?;
    let aggregate = info.aggregate?;
    let of = match (&info.atom, of_column(aggregate)) {
        (Atom::Rows(Rows { function: Function::Sum, .. }), Some(column)) => Some(column),
        (Atom::Rows(Rows { function: Function::Count, of, .. }), None) if of.is_empty() => None,
        _ => return None,
    };
    let mut sum = Linear::var(var).negated();
    for class in classes.list.iter().filter(|class| class.meets.get(condition) == Some(&true)) {
        sum = sum.add(&Linear::var(part(translator, class.id, of)));
    }
    Some(Formula::compare(sum, Sign::Zero))
}

/// What the rows of a class add up to, or how many there are.
pub fn part(translator: &mut Translator<'_>, class: u32, of: Option<ColumnId>) -> Var {
    translator.var(Atom::Class(class, of), "", &Type::Quantity(Unit::plain()), None)
}

/// The column that an aggregate is of, if it is of one.
pub fn of_column(aggregate: &Aggregate) -> Option<ColumnId> {
    match aggregate.of.as_deref() {
        Some(Expr { kind: ExprKind::Column(column), .. }) => Some(*column),
        _ => None,
    }
}

/// A condition on rows: a filter's text form, and the cells that the aggregate's scope demands.
type Condition = (String, Vec<(ColumnId, Scalar)>);

fn condition_of(translator: &Translator<'_>, rows: &Rows) -> Condition {
    let mut cells: Vec<(ColumnId, Scalar)> =
        rows.members.iter().map(|(column, member)| (*column, Scalar::Text(member.clone()))).collect();
    let period = translator.suite.datasets.get(rows.dataset.0).and_then(|dataset| dataset.period);
    cells.extend(period.zip(rows.period).map(|(column, period)| (column, Scalar::Period(period))));
    (rows.filter.clone(), cells)
}

fn classes(
    translator: &mut Translator<'_>,
    dataset: DatasetId,
    aggregates: &[(Var, Rows)],
    next: &mut u32,
) -> Option<Classes> {
    let scope = Scope::row(dataset, translator.naming.run);
    let mut names: Vec<Condition> = Vec::new();
    let mut conditions: Vec<Split> = Vec::new();
    let mut places: Vec<(Var, usize)> = Vec::new();
    let mut counted = BTreeSet::new();
    for (var, rows) in aggregates {
        let name = condition_of(translator, rows);
        let counts = matches!(rows.function, Function::Count | Function::Distinct);
        let filtered = !name.0.is_empty();
        let around = (counts && filtered).then(|| (String::new(), name.1.clone()));
        for (name, own) in [(name, true)].into_iter().chain(around.map(|around| (around, false))) {
            let at = match names.iter().position(|known| *known == name) {
                Some(at) => at,
                None => {
                    let split = if own {
                        meets(translator, &scope, *var, &name.1)?
                    } else {
                        let cells: Option<Vec<Split>> =
                            name.1.iter().map(|(column, value)| cell_is(translator, dataset, *column, value)).collect();
                        Split::all(cells?)
                    };
                    if !about_rows(translator, &split) {
                        return None;
                    }
                    conditions.push(split);
                    names.push(name);
                    names.len() - 1
                }
            };
            if own {
                places.push((*var, at));
            }
            if counts && own != filtered {
                counted.insert(at);
            }
        }
    }
    if conditions.len() > CONDITIONS {
        return None;
    }
    let mut list = Vec::new();
    enumerate(translator, &conditions, &mut Vec::new(), &mut list)?;
    let list = list
        .into_iter()
        .map(|(meets, row)| {
            *next += 1;
            Class { meets, row, id: *next }
        })
        .collect();
    Some(Classes { dataset, aggregates: places, counted, list })
}

/// Is a condition only about cells, so that it can be told which rows meet it?
fn about_rows(translator: &Translator<'_>, split: &Split) -> bool {
    let mut vars = BTreeSet::new();
    split.yes.vars(&mut vars);
    vars.iter()
        .all(|var| matches!(translator.vars.get(*var).map(|info| &info.atom), Some(Atom::Cell(..) | Atom::Filled(..))))
}

/// All combinations of conditions that a row can meet and fail, but for failing all of them.
fn enumerate(
    translator: &Translator<'_>,
    conditions: &[Split],
    chosen: &mut Vec<bool>,
    found: &mut Vec<(Vec<bool>, Model)>,
) -> Option<()> {
    let formulas: Vec<(usize, &Formula)> = conditions
        .iter()
        .zip(chosen.iter())
        .map(|(split, meets)| (0, if *meets { &split.yes } else { &split.no }))
        .collect();
    match solve::ask(&translator.vars, &formulas) {
        Answer::Impossible(_) => return Some(()),
        Answer::Unknown => return None,
        Answer::Possible => {}
    }
    if chosen.len() == conditions.len() {
        if chosen.contains(&true) {
            if found.len() == CLASSES {
                return None;
            }
            let row = solve::model(&translator.vars, &formulas, Prefer::Plain)?;
            found.push((chosen.clone(), row));
        }
        return Some(());
    }
    for meets in [true, false] {
        chosen.push(meets);
        enumerate(translator, conditions, chosen, found)?;
        chosen.pop();
    }
    Some(())
}

/// What rows are added up: of which dataset, what of them, in which period.
type Added = (DatasetId, String, Option<Period>);

/// Aggregates of which one says something of the other: over rows of which some are the same, if that adds up.
pub fn related(translator: &mut Translator<'_>, aggregates: &[Var]) -> Vec<(Var, Var)> {
    let mut found = Vec::new();
    let mut equal: BTreeMap<(DatasetId, String, Condition), Var> = BTreeMap::new();
    let mut adding: BTreeMap<Added, Vec<(Var, Condition)>> = BTreeMap::new();
    for var in aggregates {
        let Some(Atom::Rows(rows)) = translator.vars.get(*var).map(|info| &info.atom) else { continue };
        let condition = condition_of(translator, rows);
        match rows.function {
            Function::Sum | Function::Count => {
                let what = format!("{:?} {}", rows.function, rows.of);
                adding.entry((rows.dataset, what, rows.period)).or_default().push((*var, condition));
            }
            _ => {
                let first = *equal.entry((rows.dataset, rows.of.clone(), condition)).or_insert(*var);
                found.push((first, *var));
            }
        }
    }
    for ((dataset, _, _), group) in adding {
        if group.len() > RELATED {
            continue;
        }
        let scope = Scope::row(dataset, translator.naming.run);
        let meets: Vec<(Var, Formula)> = group
            .iter()
            .filter_map(|(var, (_, cells))| Some((*var, meets(translator, &scope, *var, cells)?.yes)))
            .collect();
        for (at, (one, first)) in meets.iter().enumerate() {
            for (other, second) in meets.iter().skip(at + 1) {
                let both = [(0, first), (1, second)];
                if !matches!(solve::ask(&translator.vars, &both), Answer::Impossible(_)) {
                    found.push((*one, *other));
                }
            }
        }
    }
    found
}

/// That a row is one of those that an aggregate is over.
fn meets(translator: &mut Translator<'_>, scope: &Scope, of: Var, cells: &[(ColumnId, Scalar)]) -> Option<Split> {
    let info = translator.vars.get(of)?;
    let (aggregate, filtered) = match &info.atom {
        Atom::Rows(rows) => (info.aggregate?, !rows.filter.is_empty()),
        _ => return None,
    };
    let filter = aggregate.filter.as_deref().filter(|_| filtered);
    let mut parts: Vec<Split> = filter.map(|filter| translator.condition(filter, scope)).into_iter().collect();
    for (column, value) in cells {
        parts.push(cell_is(translator, aggregate.dataset, *column, value)?);
    }
    Some(Split::all(parts))
}

/// How many rows of a class, and what they add up to in a column, according to figures.
pub fn parts(translator: &Translator<'_>, class: &Class, of: Option<ColumnId>, model: &Model) -> Option<Number> {
    let var = translator.vars.find(&Atom::Class(class.id, of))?;
    model.numbers.get(&var).cloned()
}
