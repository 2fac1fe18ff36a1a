//! Bindings held against the compiled suite: names of datasets and columns, units.
//!
//! A [`SuiteConfig`] and a suite in, diagnostics out. Reads no files.

use super::config::{Binding, SuiteConfig, UnitSource};
use super::files;
use super::layout::{QUALIFIER_HEADINGS, Wanted};
use crate::base::codes::config as codes;
use crate::base::{Bi, Diagnostic, Place, nearest};
use crate::quantity::UnitError;
use crate::semantics::hir::{Column, ColumnRole, INDICATOR_TABLE, Suite, indicator_table};

impl SuiteConfig {
    /// What the bindings say that the suite does not know.
    pub fn validate(&self, suite: &Suite) -> Vec<Diagnostic> {
        self.bindings.iter().flat_map(|binding| check(self, binding, suite)).collect()
    }
}

fn check(config: &SuiteConfig, binding: &Binding, suite: &Suite) -> Vec<Diagnostic> {
    let place = |key: &str| Place::Data {
        path: config.path.clone(),
        sheet: None,
        row: Some(binding.lines.get(key).copied().unwrap_or(binding.line)),
        column: Some(key.to_owned()),
        cell: None,
    };
    let Some(dataset) = files::dataset(suite, &binding.dataset) else {
        let names = files::dataset_names(suite);
        let message = Bi::new(
            format!("绑定的数据集 `{}` 在规则里没有声明", binding.dataset),
            format!("no rule file declares the dataset `{}` of this binding", binding.dataset),
        );
        let help = hint(&binding.dataset, &names, ("数据集有", "the datasets are"));
        return vec![Diagnostic::at(&codes::UNKNOWN_DATASET, place("dataset"), message).help(help)];
    };
    let wanted = Wanted { suite, dataset, binding: Some(binding) };
    let columns: &[Column] = wanted.declaration().map_or(&[], |dataset| &dataset.columns);
    let mut faults = Vec::new();
    let mut named: Vec<(&str, &str)> = Vec::new();
    named.extend(binding.columns.iter().map(|(name, _)| ("columns", name.as_str())));
    named.extend(binding.units.iter().map(|(name, _)| ("units", name.as_str())));
    named.extend(binding.fill_down.iter().map(|name| ("fill_down", name.as_str())));
    named.extend(binding.blank_as_zero.iter().map(|name| ("blank_as_zero", name.as_str())));
    named.extend(binding.above.iter().flat_map(|pattern| pattern.names()).map(|name| ("above", name)));
    named.extend(binding.sheet_members().into_iter().flat_map(|pattern| pattern.names()).map(|name| ("sheet", name)));
    for melt in &binding.melt {
        named.extend(melt.headings.names().map(|name| ("melt", name)));
        named.push(("melt", melt.into.as_str()));
    }
    for (key, name) in named {
        if wanted.column(name).is_some()
            || (dataset == INDICATOR_TABLE
                && key == "columns"
                && (matches!(name, "单位" | "unit") || QUALIFIER_HEADINGS.contains(&name)))
        {
            continue;
        }
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let message = Bi::new(
            format!("数据集 `{}` 没有 `{name}` 这一列", binding.dataset),
            format!("the dataset `{}` has no column `{name}`", binding.dataset),
        );
        let help = hint(name, &names, ("列有", "the columns are"));
        faults.push(Diagnostic::at(&codes::UNKNOWN_COLUMN, place(key), message).help(help));
    }
    for melt in &binding.melt {
        let column = wanted.column(&melt.into).and_then(|id| columns.get(id.0));
        if let Some(column) = column.filter(|column| column.role != ColumnRole::Measure) {
            let message = Bi::new(
                format!("`melt` 的 `into` 要写度量，`{}` 不是", column.name),
                format!("`into` of a `melt` names a measure, which `{}` is not", column.name),
            );
            let help =
                Bi::new("写列下面的数字所属的度量", "name the measure that the figures under these headings belong to");
            faults.push(Diagnostic::at(&codes::UNKNOWN_COLUMN, place("melt"), message).help(help));
        }
    }
    for name in &binding.blank_as_zero {
        let column = wanted.column(name).and_then(|id| columns.get(id.0));
        if column.is_some_and(|column| column.role != ColumnRole::Measure) {
            let message = Bi::new(
                format!("`blank_as_zero` 要写度量，`{name}` 不是"),
                format!("`blank_as_zero` names measures, which `{name}` is not"),
            );
            let help = Bi::new("写空格表示 0 的度量", "name the measures whose blank cells mean 0");
            faults.push(Diagnostic::at(&codes::UNKNOWN_COLUMN, place("blank_as_zero"), message).help(help));
        }
    }
    for (name, source) in &binding.units {
        let (Some(id), UnitSource::Fixed(text)) = (wanted.column(name), source) else { continue };
        let Some(column) = columns.get(id.0) else { continue };
        let fault = match suite.units.resolve(text) {
            Err(error) => {
                let near = match error {
                    UnitError::Unknown { nearest, .. } => nearest,
                    UnitError::Duplicate(_) => None,
                };
                let help = near.map_or_else(
                    || {
                        Bi::new(
                            "换成认识的单位，或在规则里声明：`单位 家`",
                            "use a known unit, or declare it: `unit 家`",
                        )
                    },
                    |near| Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
                );
                (Bi::new(format!("不认识单位 `{text}`"), format!("the unit `{text}` is not known")), help)
            }
            Ok(unit) => {
                let is_value = dataset == INDICATOR_TABLE && id == indicator_table::VALUE;
                let declared = column.ty.dimension();
                if is_value || declared == Some(unit.dimension()) {
                    continue;
                }
                let shown = match &column.ty {
                    crate::semantics::hir::Type::Quantity(unit) => unit.name().to_owned(),
                    _ => String::new(),
                };
                let message = if declared.is_some() {
                    Bi::new(
                        format!("`{name}` 声明的单位是 `{shown}`，`{text}` 不是同一种量"),
                        format!("`{name}` is declared in `{shown}`; `{text}` measures something else"),
                    )
                } else {
                    Bi::new(format!("`{name}` 不是数字，没有单位"), format!("`{name}` is no number and has no unit"))
                };
                let help = Bi::new("写文件里的数字所用的单位", "write the unit that the figures of the file are in");
                (message, help)
            }
        };
        faults.push(Diagnostic::at(&codes::BINDING_UNIT, place("units"), fault.0).help(fault.1));
    }
    faults
}

fn hint(name: &str, names: &[&str], all: (&str, &str)) -> Bi {
    match nearest(name, names.iter().copied()) {
        Some(near) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => Bi::new(format!("{}：`{}`", all.0, names.join("`、`")), format!("{} `{}`", all.1, names.join("`, `"))),
    }
}
