//! Rows that a witness submits: cells that meet what figures demand of them, and something harmless everywhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::classes::{Class, Classes, of_column, parts};
use super::model::Model;
use super::translate::Translator;
use super::vars::{Atom, Var, scalar_of};
use crate::base::Span;
use crate::quantity::{Number, Period, Scalar};
use crate::semantics::hir::{
    Column, ColumnId, ColumnRole, DatasetId, DimId, Expr, ExprKind, Function, GivenFigure, GivenTable, List,
    StandardId, Suite, Type,
};

/// How many rows are written down at most.
const ROWS: i64 = 2_000;

/// What is submitted.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Rows.
    pub tables: Vec<GivenTable>,
    /// Figures of plain indicators.
    pub figures: Vec<GivenFigure>,
    /// Values of standards.
    pub standards: Vec<(StandardId, Option<Period>, Scalar)>,
}

impl Given {
    /// The first row's cell in the column of a dimension.
    pub fn cell_of(&self, suite: &Suite, dataset: DatasetId, dim: DimId) -> Option<String> {
        let columns = &suite.datasets.get(dataset.0)?.columns;
        let at = columns.iter().position(|column| column.dim == Some(dim))?;
        let table = self.tables.iter().find(|table| table.dataset == dataset)?;
        table.rows.first()?.get(at).map(|(text, _)| text.clone())
    }
}

/// A value as a cell of its type is written; `None` if its digits do not end.
pub fn written(suite: &Suite, ty: &Type, scalar: &Scalar) -> Option<String> {
    Some(match (ty, scalar) {
        (Type::Quantity(unit), Scalar::Number(number)) => {
            let figure = unit.from_base(number);
            figure.decimal_scale()?;
            figure.exact()
        }
        (Type::Level(scale), Scalar::Level(level)) => suite.scales.get(scale.0)?.levels.get(*level)?.clone(),
        (_, Scalar::Text(text)) => text.to_string(),
        (_, Scalar::Boolean(value)) => if *value { "是" } else { "否" }.to_owned(),
        (_, Scalar::Date(date)) => date.to_string(),
        (_, Scalar::Period(period)) => period.to_string(),
        _ => return None,
    })
}

/// The rows of all datasets.
pub struct Sheets<'t, 's> {
    translator: &'t Translator<'s>,
    model: &'t Model,
    rows: BTreeMap<DatasetId, Vec<Vec<String>>>,
    /// Texts that were chosen for figures.
    pub texts: BTreeMap<Var, Arc<str>>,
}

impl<'t, 's> Sheets<'t, 's> {
    /// For these figures.
    pub fn new(translator: &'t Translator<'s>, model: &'t Model) -> Self {
        Sheets { translator, model, rows: BTreeMap::new(), texts: BTreeMap::new() }
    }

    fn columns(&self, dataset: DatasetId) -> &'s [Column] {
        let suite: &'s Suite = self.translator.suite;
        suite.datasets.get(dataset.0).map_or(&[], |dataset| &dataset.columns)
    }

    /// The row that row conditions are about; once for each dataset.
    pub fn row_of(&mut self, dataset: DatasetId) -> Option<()> {
        if !self.rows.contains_key(&dataset) {
            self.push(dataset, self.model, &BTreeMap::new())?;
        }
        Some(())
    }

    /// Rows that add up to what the figures say of aggregates.
    pub fn rows_of(&mut self, classes: &Classes) -> Option<()> {
        let mut placed: BTreeSet<Var> = BTreeSet::new();
        for class in &classes.list {
            for values in self.class(classes, class, &mut placed)? {
                self.push(classes.dataset, &class.row, &values)?;
            }
        }
        Some(())
    }

    /// The amounts of each row of a class.
    fn class(
        &self,
        classes: &Classes,
        class: &Class,
        placed: &mut BTreeSet<Var>,
    ) -> Option<Vec<BTreeMap<ColumnId, Number>>> {
        let mut columns: BTreeMap<ColumnId, Wanted> = BTreeMap::new();
        let counted = classes.counted.iter().any(|around| class.meets.get(*around) == Some(&true));
        let mut count = if counted { parts(self.translator, class, None, self.model) } else { None };
        for (var, condition) in &classes.aggregates {
            if class.meets.get(*condition) != Some(&true) {
                continue;
            }
            let info = self.translator.vars.get(*var)?;
            let (Atom::Rows(rows), Some(aggregate)) = (&info.atom, info.aggregate) else { return None };
            let value = self.model.numbers.get(var);
            match (rows.function, of_column(aggregate)) {
                (Function::Count, None) if rows.of.is_empty() => {}
                (Function::Sum, Some(column)) => {
                    let sum = parts(self.translator, class, Some(column), self.model)?;
                    columns.entry(column).or_default().sum = Some(sum);
                }
                (function @ (Function::Min | Function::Max | Function::Mean), Some(column)) => {
                    // What the least is of goes into one class; the others stay empty.
                    if placed.insert(*var) {
                        columns.entry(column).or_default().set(function, value?.clone());
                    }
                }
                // Dimensions that are texts differ from row to row.
                (Function::Count | Function::Distinct, Some(column)) => {
                    let declared = self.columns(classes.dataset).get(column.0)?;
                    if declared.role != ColumnRole::Dimension || declared.ty != Type::Text {
                        return None;
                    }
                    if placed.insert(*var) {
                        count = Some(value?.clone());
                    }
                }
                _ => return None,
            }
        }
        let count = match count {
            Some(count) => Some(count.to_i64().filter(|count| *count <= ROWS)?),
            None => None,
        };
        let mut rows: Vec<BTreeMap<ColumnId, Number>> = Vec::new();
        for (column, wanted) in &columns {
            for (at, value) in wanted.spread(count)?.into_iter().enumerate() {
                while rows.len() <= at {
                    rows.push(BTreeMap::new());
                }
                rows.get_mut(at)?.insert(*column, value);
            }
        }
        if let Some(count) = count {
            rows.resize(usize::try_from(count).ok()?, BTreeMap::new());
        }
        // Columns that take fewer rows than others are 0 in the rest: blank cells would make their sums missing.
        for row in &mut rows {
            for column in columns.keys() {
                row.entry(*column).or_insert_with(Number::zero);
            }
        }
        Some(rows)
    }

    /// Adds a row.
    fn push(&mut self, dataset: DatasetId, model: &Model, amounts: &BTreeMap<ColumnId, Number>) -> Option<()> {
        let serial = self.rows.values().map(Vec::len).sum::<usize>() + 1;
        let mut cells = Vec::new();
        for (at, column) in self.columns(dataset).iter().enumerate() {
            cells.push(self.cell(dataset, ColumnId(at), column, model, amounts, serial)?);
        }
        self.rows.entry(dataset).or_default().push(cells);
        Some(())
    }

    fn cell(
        &mut self,
        dataset: DatasetId,
        id: ColumnId,
        column: &Column,
        model: &Model,
        amounts: &BTreeMap<ColumnId, Number>,
        serial: usize,
    ) -> Option<String> {
        let suite = self.translator.suite;
        let filled = self.translator.vars.find(&Atom::Filled(dataset, id)).and_then(|var| model.numbers.get(&var));
        if filled.is_some_and(Number::is_zero) {
            return Some(String::new());
        }
        if let Some(amount) = amounts.get(&id) {
            return written(suite, &column.ty, &scalar_of(&column.ty, amount)?);
        }
        let var = self.translator.vars.find(&Atom::Cell(dataset, id));
        if let Some(number) = var.and_then(|var| model.numbers.get(&var)) {
            return written(suite, &column.ty, &scalar_of(&column.ty, number)?);
        }
        let demanded = var.is_some_and(|var| model.texts.contains_key(&var)) || filled.is_some();
        match &column.ty {
            Type::Text if column.role == ColumnRole::Dimension || demanded => {
                let text = self.text(id, column, var, model, serial)?;
                if let Some(var) = var {
                    self.texts.insert(var, Arc::clone(&text));
                }
                Some(text.to_string())
            }
            ty if demanded || column.role == ColumnRole::Dimension => {
                let scalar = match ty {
                    Type::Period(granularity) => {
                        let run = self.translator.naming.run;
                        granularity.is_none_or(|length| length == run.granularity()).then_some(Scalar::Period(run))?
                    }
                    Type::Boolean => Scalar::Boolean(true),
                    ty => scalar_of(ty, &Number::zero())?,
                };
                written(suite, ty, &scalar)
            }
            _ => Some(String::new()),
        }
    }

    /// A text that meets what is demanded of it.
    fn text(
        &mut self,
        id: ColumnId,
        column: &Column,
        var: Option<Var>,
        model: &Model,
        serial: usize,
    ) -> Option<Arc<str>> {
        let demands: Vec<(&ExprKind, bool)> = model
            .numbers
            .iter()
            .filter_map(|(var, number)| Some((&self.translator.opaque.get(var)?.kind, !number.is_zero())))
            .collect();
        let about = |of: &Expr| matches!(of.kind, ExprKind::Column(column) if column == id);
        let fits = |text: &Arc<str>| {
            demands.iter().all(|(demand, wanted)| match demand {
                ExprKind::Matches { of, pattern } if about(of) => pattern.is_match(text) == *wanted,
                _ => true,
            })
        };
        let texts = var.and_then(|var| model.texts.get(&var)).cloned().unwrap_or_default();
        let listed = match &column.codes {
            Some(List::Values(values)) => values.as_slice(),
            _ => &[],
        };
        let listed =
            listed.iter().filter_map(|value| if let Scalar::Text(text) = value { Some(text.clone()) } else { None });
        let samples = demands.iter().flat_map(|(demand, _)| match demand {
            ExprKind::Matches { of, pattern } if about(of) => samples(pattern.as_str()),
            _ => Vec::new(),
        });
        let fillers = [Arc::from(format!("甲{serial}")), Arc::from("甲"), Arc::from("乙")];
        let chosen = match &texts.among {
            Some(among) => among.iter().filter(|text| !texts.not.contains(*text)).find(|text| fits(text)).cloned(),
            None => listed.chain(fillers).chain(samples).filter(|text| !texts.not.contains(text)).find(fits),
        }?;
        for (demand, wanted) in demands {
            if let ExprKind::In { of, list: List::Column(dataset, column) } = demand
                && about(of)
            {
                let text = if wanted { Arc::clone(&chosen) } else { Arc::from(format!("{chosen}之外")) };
                self.list(*dataset, *column, &text)?;
            }
        }
        Some(chosen)
    }

    /// A row of a list that another column draws on.
    fn list(&mut self, dataset: DatasetId, column: ColumnId, text: &str) -> Option<()> {
        let empty = Model::default();
        self.push(dataset, &empty, &BTreeMap::new())?;
        let cell = self.rows.get_mut(&dataset)?.last_mut()?.get_mut(column.0)?;
        text.clone_into(cell);
        Some(())
    }

    /// The tables of a test.
    pub fn finish(&mut self, span: Span) -> Option<Vec<GivenTable>> {
        let mut tables = Vec::new();
        for (dataset, rows) in std::mem::take(&mut self.rows) {
            let header = self.columns(dataset).iter().map(|column| (column.name.clone(), span)).collect();
            let rows = rows.into_iter().map(|row| row.into_iter().map(|cell| (cell, span)).collect()).collect();
            tables.push(GivenTable { dataset, header, rows });
        }
        Some(tables)
    }
}

/// What the rows of a class are to come to in a column.
#[derive(Clone, Debug, Default)]
struct Wanted {
    sum: Option<Number>,
    least: Option<Number>,
    greatest: Option<Number>,
    mean: Option<Number>,
}

impl Wanted {
    fn set(&mut self, function: Function, value: Number) {
        match function {
            Function::Min => self.least = Some(value),
            Function::Max => self.greatest = Some(value),
            _ => self.mean = Some(value),
        }
    }

    /// Amounts of so many rows, or of a few.
    fn spread(&self, count: Option<i64>) -> Option<Vec<Number>> {
        match count {
            Some(count) => self.spread_over(count),
            None => (1..=6).find_map(|count| self.spread_over(count)),
        }
    }

    fn spread_over(&self, count: i64) -> Option<Vec<Number>> {
        let rows = Number::from(i128::from(count));
        let total = match (&self.sum, &self.mean) {
            (Some(sum), Some(mean)) if *sum != mean * &rows => return None,
            (Some(sum), _) => Some(sum.clone()),
            (None, Some(mean)) => Some(mean * &rows),
            (None, None) => None,
        };
        if count == 0 {
            return total.is_none_or(|total| total.is_zero()).then(Vec::new);
        }
        let zero = Number::zero;
        if self.least.is_none() && self.greatest.is_none() {
            // All in the first row, or evenly if that is what the mean asks for.
            let mut values = vec![total.unwrap_or_else(zero)];
            values.resize(usize::try_from(count).ok()?, zero());
            return Some(values);
        }
        let one_value = self.least.as_ref().or(self.greatest.as_ref())?.clone();
        if count == 1 {
            let same = |value: &Option<Number>| value.as_ref().is_none_or(|value| *value == one_value);
            return (same(&self.least) && same(&self.greatest) && total.is_none_or(|total| total == one_value))
                .then(|| vec![one_value]);
        }
        let least = self.least.clone().unwrap_or_else(|| match &total {
            Some(total) => total - &one_value,
            None => one_value.clone(),
        });
        let greatest = self.greatest.clone().unwrap_or_else(|| match &total {
            Some(total) => total - &least,
            None => one_value.clone(),
        });
        let ends = &least + &greatest;
        let mut values = vec![least.clone(), greatest.clone()];
        let rest = count - 2;
        if rest > 0 {
            let left = total.as_ref().map_or_else(|| &least * &Number::from(i128::from(rest)), |total| total - &ends);
            let each = left.div(&Number::from(i128::from(rest)))?;
            values.resize(usize::try_from(count).ok()?, each);
        } else if total.is_some_and(|total| total != ends) {
            return None;
        }
        values.iter().all(|value| *value >= least && *value <= greatest).then_some(values)
    }
}

/// Texts of which a pattern may match one.
fn samples(pattern: &str) -> Vec<Arc<str>> {
    let literal: String = pattern.chars().filter(|c| !matches!(c, '^' | '$' | '\\' | '(' | ')' | '?')).collect();
    let mut found = vec![literal];
    for length in 1..=20 {
        found.extend(["1", "0", "A", "a", "甲"].map(|sign| sign.repeat(length)));
    }
    found.extend(["2021", "2021-01-01", "2021/1/1", "a@b.cn", "1.5", "-1", "A1", "A-1", "1-1"].map(str::to_owned));
    found.into_iter().map(Arc::from).collect()
}
