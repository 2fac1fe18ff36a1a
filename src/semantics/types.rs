//! Units, scales and standards, and what stands behind the colon of a declaration.

use std::collections::HashMap;

use crate::base::codes::{names, types as codes};
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::{Number, Unit, UnitError};
use crate::syntax::ast::{self, TypeText, UnitText};

use super::Compiler;
use super::collect::{Meaning, duplicate};
use super::hir::{Scale, ScaleId, Standard, StandardId, Type};
use super::report::alike;

impl Compiler<'_> {
    /// Declares units in the order in which they rest on each other, whatever their order in the files.
    pub fn declare_units(&mut self) {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut waiting: Vec<&ast::Unit> = Vec::new();
        for (unit, _) in &self.names.units {
            if let Some(first) = first.insert(unit.name.text.as_str(), unit.name.span) {
                self.report.add(duplicate(&unit.name.text, unit.name.span, first, ("单位", "a unit")));
            } else {
                waiting.push(*unit);
            }
        }
        loop {
            let before = waiting.len();
            waiting.retain(|unit| !self.declare_unit(unit));
            if waiting.len() == before {
                break;
            }
        }
        let circular: Vec<&str> = waiting.iter().map(|unit| unit.name.text.as_str()).collect();
        for unit in &waiting {
            let Some((_, of)) = &unit.definition else { continue };
            if circular.iter().any(|name| of.text.contains(name)) {
                self.report.error(
                    &names::CYCLE,
                    of.span,
                    Bi::new(
                        format!("单位 `{}` 绕了一圈又由自己定义", unit.name.text),
                        format!("unit `{}` is defined through itself", unit.name.text),
                    ),
                    Bi::new(
                        "让其中一个单位不依赖别的单位：写 `单位 名称`",
                        "let one of them rest on no other: write `unit NAME`",
                    ),
                );
                continue;
            }
            self.unit(of);
        }
    }

    /// Declares a unit, or says `false` if the unit that it rests on is not known (yet).
    fn declare_unit(&mut self, unit: &ast::Unit) -> bool {
        let name = unit.name.text.as_str();
        let outcome = match &unit.definition {
            None => self.suite.units.declare(name),
            Some((factor, of)) => match self.suite.units.resolve(&of.text) {
                Err(_) => return false,
                Ok(of_unit) => {
                    let factor = factor.as_ref().map_or_else(Number::one, |factor| factor.value());
                    if factor.is_zero() || factor.is_negative() {
                        self.report.error(
                            &codes::UNKNOWN_UNIT,
                            unit.name.span,
                            Bi::new(
                                format!("单位 `{name}` 的倍数必须大于 0"),
                                format!("the factor of unit `{name}` must be above 0"),
                            ),
                            Bi::new("如 `单位 公顷 = 10000 平方米`", "for instance `unit 公顷 = 10000 平方米`"),
                        );
                    }
                    self.suite.units.declare_as(name, &factor, &of_unit)
                }
            },
        };
        if outcome.is_err() {
            self.report.error(
                &names::DUPLICATE,
                unit.name.span,
                Bi::new(format!("单位 `{name}` 是现成的，不必声明"), format!("unit `{name}` is there already")),
                Bi::new(
                    "直接使用它；若意思不同，就换个名称",
                    "use it as it is; if something else is meant, choose another name",
                ),
            );
        }
        true
    }

    /// The unit that a text means; reported if there is none.
    pub fn unit(&mut self, text: &UnitText) -> Option<Unit> {
        match self.suite.units.resolve(&text.text) {
            Ok(unit) => Some(unit),
            Err(UnitError::Duplicate(_)) => None,
            Err(UnitError::Unknown { part, nearest }) => {
                self.unknown_unit(text, &part, nearest, false);
                None
            }
        }
    }

    fn unknown_unit(&mut self, text: &UnitText, part: &str, nearest: Option<String>, or_scale: bool) {
        if text.text.split('/').any(|part| self.names.broken.iter().any(|broken| part.ends_with(broken))) {
            return;
        }
        let message = if or_scale {
            Bi::new(format!("`{part}` 既不是单位，也不是标度"), format!("`{part}` is neither a unit nor a scale"))
        } else {
            Bi::new(format!("没有单位 `{part}`"), format!("there is no unit `{part}`"))
        };
        let help = match nearest.filter(|nearest| alike(part, nearest)) {
            Some(nearest) => Bi::new(
                format!("是不是 `{nearest}`？若是新的计数单位，先声明 `单位 {part}`"),
                format!("did you mean `{nearest}`? A new counting unit is declared first: `unit {part}`"),
            ),
            None => Bi::new(
                format!("先声明：`单位 {part}`（计数单位），或 `单位 {part} = 100 个`"),
                format!("declare it first: `unit {part}` (a counting unit), or `unit {part} = 100 个`"),
            ),
        };
        self.report.error(&codes::UNKNOWN_UNIT, text.span, message, help);
    }

    /// What stands behind a colon; reported if it means nothing.
    pub fn type_of(&mut self, text: &TypeText) -> Option<Type> {
        let named = match text {
            TypeText::Text(_) => return Some(Type::Text),
            TypeText::Boolean(_) => return Some(Type::Boolean),
            TypeText::Date(_) => return Some(Type::Date),
            TypeText::Period(granularity, _) => return Some(Type::Period(*granularity)),
            TypeText::Named(named) => named,
        };
        if let Some(Meaning::Scale(scale)) = self.names.symbols.get(named.text.as_str()).map(|symbol| symbol.meaning) {
            self.look_up(&named.text);
            return Some(Type::Level(scale));
        }
        match self.suite.units.resolve(&named.text) {
            Ok(unit) => Some(Type::Quantity(unit)),
            Err(UnitError::Duplicate(_)) => None,
            Err(UnitError::Unknown { part, nearest }) => {
                let scales: Vec<&str> = self.names.scales.iter().map(|(scale, _)| scale.name.text.as_str()).collect();
                let nearest = nearest.or_else(|| self.report.nearest(&part, scales).map(str::to_owned));
                self.unknown_unit(named, &part, nearest, true);
                None
            }
        }
    }

    /// Declares scales: levels are unique within a scale.
    pub fn declare_scales(&mut self) {
        for (at, (scale, _)) in self.names.scales.iter().enumerate() {
            let mut seen: HashMap<&str, Span> = HashMap::new();
            for level in &scale.levels {
                if let Some(first) = seen.insert(&level.text, level.span) {
                    self.report.add(duplicate(&level.text, level.span, first, ("级别", "a level")));
                }
                self.levels.entry(level.text.clone()).or_insert(ScaleId(at));
            }
            let levels = scale.levels.iter().map(|level| level.text.clone()).collect();
            self.suite.scales.push(Scale { name: scale.name.text.clone(), levels });
        }
    }

    /// Declares standards.
    pub fn declare_standards(&mut self) {
        for at in 0..self.names.standards.len() {
            let Some((standard, _)) = self.names.standards.get(at).copied() else { continue };
            let ty = self.type_of(&standard.ty);
            if ty.is_none() {
                self.untyped.standards.insert(StandardId(at));
            }
            self.suite.standards.push(Standard {
                name: standard.name.text.clone(),
                title: standard.title.as_ref().map_or_else(|| standard.name.text.clone(), |title| title.text.clone()),
                ty: ty.unwrap_or(Type::Boolean),
                span: standard.name.span,
            });
        }
    }
}

/// Something that must be a whole number within bounds.
pub fn whole(value: &Number, low: i64, high: i64) -> Option<u32> {
    let value = value.to_i64().filter(|value| (low..=high).contains(value))?;
    u32::try_from(value).ok()
}

/// A whole number is out of bounds.
pub fn out_of_bounds(span: Span, what: (&str, &str), low: i64, high: i64) -> Diagnostic {
    Diagnostic::rule(
        &codes::TIMES,
        span,
        Bi::new(
            format!("{}须是 {low} 到 {high} 的整数", what.0),
            format!("{} must be a whole number from {low} to {high}", what.1),
        ),
    )
    .help(Bi::new("请换一个在此范围内的整数", "choose a whole number in that range"))
}
