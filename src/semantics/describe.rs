//! Types and figures in words, for messages.

use crate::base::Bi;
use crate::quantity::{Dimension, Granularity, Unit};

use super::Compiler;
use super::hir::{ScaleId, Type};

impl Compiler<'_> {
    /// What values a type has, in words.
    pub fn describe(&self, ty: &Type) -> Bi {
        match ty {
            Type::Quantity(unit) => describe_unit(unit),
            Type::Text => Bi::new("文本", "text"),
            Type::Boolean => Bi::new("是或否", "a yes or no"),
            Type::Date => Bi::new("日期", "a date"),
            Type::Period(None) => Bi::new("期间", "a period"),
            Type::Period(Some(Granularity::Year)) => Bi::new("年度", "a year"),
            Type::Period(Some(Granularity::Half)) => Bi::new("半年", "a half-year"),
            Type::Period(Some(Granularity::Quarter)) => Bi::new("季度", "a quarter"),
            Type::Period(Some(Granularity::Month)) => Bi::new("月份", "a month"),
            Type::Level(scale) => {
                let name = self.scale_name(*scale);
                Bi::new(format!("标度 `{name}` 的级别"), format!("a level of the scale `{name}`"))
            }
        }
    }

    /// The name of a scale.
    pub fn scale_name(&self, scale: ScaleId) -> &str {
        self.suite.scales.get(scale.0).map_or("", |scale| scale.name.as_str())
    }

    /// The levels of a scale in back quotes, worst first.
    pub fn level_list(&self, scale: ScaleId) -> String {
        let levels: &[String] = self.suite.scales.get(scale.0).map_or(&[], |scale| &scale.levels);
        let quoted: Vec<String> = levels.iter().map(|level| format!("`{level}`")).collect();
        quoted.join(" < ")
    }
}

/// What a unit measures, in words.
pub fn describe_unit(unit: &Unit) -> Bi {
    let name = unit.name();
    match unit.dimension() {
        Dimension::Plain => Bi::new("不带单位的数", "a number without a unit"),
        Dimension::Count => Bi::new("行数", "a number of rows"),
        Dimension::Ratio => Bi::new(format!("比率（`{name}`）"), format!("a ratio (`{name}`)")),
        Dimension::Points => Bi::new(format!("比率之差（`{name}`）"), format!("a difference of ratios (`{name}`)")),
        Dimension::Of(_) => Bi::new(format!("以 `{name}` 计的数"), format!("a figure in `{name}`")),
    }
}
