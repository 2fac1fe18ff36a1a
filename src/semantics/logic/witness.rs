//! Figures that show what is claimed: made up to fit, written down as a test, with the verdicts that must come out.
//!
//! Nothing here is believed: the pipeline judges every witness, and a claim whose witness comes out otherwise is dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::cases::{Case, case, rows_among};
use super::classes;
use super::formula::{Formula, Sign};
use super::linear::Linear;
use super::model::{Model, Prefer};
use super::rows::{Given, Sheets, written};
use super::solve::{self, ALWAYS, Tagged};
use super::translate::Translator;
use super::vars::{Atom, Range, Var, scalar_of};
use crate::base::Bi;
use crate::quantity::{Number, Scalar};
use crate::semantics::hir::{DimId, Expectation, GivenFigure, Rule, Test, Type, Verdict};

/// How many figures of a witness are shown.
const SHOWN: usize = 6;

/// What is to come out of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// It passes.
    Pass,
    /// It fails.
    Fail,
    /// It is not applicable.
    Idle,
}

/// Figures, and what must come out on them.
#[derive(Clone, Debug)]
pub struct Witness {
    /// As a test of the suite.
    pub test: Test,
    /// Another rule that is judged in place of the suite's: a part of one of them. The test's [`RuleId`] is 0.
    pub probe: Option<Box<Rule>>,
    /// The figures for reading: `A = 60 亿元、B = 50 亿元`.
    pub shown: Bi,
}

/// Cases and what is to come out of them.
pub type Wanted<'c, 's> = (&'c Case<'s>, Want);

impl Want {
    fn formula(self, case: &Case<'_>) -> Formula {
        match self {
            Want::Pass => case.passes(),
            Want::Fail => case.fails(),
            Want::Idle => case.when.no.clone(),
        }
    }

    fn verdict(self) -> Verdict {
        match self {
            Want::Pass => Verdict::Pass,
            Want::Fail => Verdict::Fail,
            Want::Idle => Verdict::NotApplicable,
        }
    }
}

/// Figures on which all of this comes out, with these sums above 0; `None` if none are found.
pub fn find<'s>(
    translator: &mut Translator<'s>,
    next_class: &mut u32,
    wanted: &[Wanted<'_, 's>],
    positive: &[Linear],
    prefer: Prefer,
) -> Option<Witness> {
    let mut vars: BTreeSet<Var> = wanted.iter().flat_map(|(case, _)| case.vars.iter().copied()).collect();
    vars.extend(wanted.iter().flat_map(|(case, _)| &case.notes.mentioned));
    vars.extend(positive.iter().flat_map(|sum| sum.terms.keys().copied()));
    let (classes, mut axioms) = classes::of(translator, &rows_among(translator, &vars), next_class);
    axioms.extend(positive.iter().map(|sum| Formula::compare(sum.clone(), Sign::Positive)));
    let nonlinear: BTreeSet<Var> = wanted.iter().flat_map(|(case, _)| case.notes.nonlinear.iter().copied()).collect();
    let first = model(translator, wanted, &axioms, prefer)?;
    let mut model =
        if nonlinear.is_empty() { first } else { linearised(translator, wanted, &axioms, &nonlinear, &first)? };
    for var in &vars {
        // Figures that cancel out may have any value.
        if let Some(Range::Real | Range::Whole(..)) = translator.vars.get(*var).map(|info| &info.range) {
            model.numbers.entry(*var).or_insert_with(Number::zero);
        }
    }
    write(translator, wanted, &vars, &classes, &model)
}

fn model(translator: &Translator<'_>, wanted: &[Wanted<'_, '_>], axioms: &[Formula], prefer: Prefer) -> Option<Model> {
    let formulas: Vec<Formula> = wanted.iter().map(|(case, want)| want.formula(case)).collect();
    let tagged: Vec<Tagged<'_>> = formulas.iter().chain(axioms).map(|formula| (ALWAYS, formula)).collect();
    solve::model(&translator.vars, &tagged, prefer)
}

/// Conditions that are not linear become so where some of their figures are taken for constants.
fn linearised<'s>(
    translator: &mut Translator<'s>,
    wanted: &[Wanted<'_, 's>],
    axioms: &[Formula],
    nonlinear: &BTreeSet<Var>,
    first: &Model,
) -> Option<Model> {
    let unit = |var: &Var| match translator.vars.get(*var).map(|info| &info.ty) {
        Some(Type::Quantity(unit)) => unit.factor().clone(),
        _ => Number::one(),
    };
    let units: BTreeMap<Var, Number> = nonlinear.iter().map(|var| (*var, unit(var))).collect();
    let times = |factor: i128| units.iter().map(|(var, unit)| (*var, unit * &Number::from(factor))).collect();
    let found = nonlinear.iter().filter_map(|var| first.numbers.get(var).map(|value| (*var, value.clone()))).collect();
    let attempts: [BTreeMap<Var, Number>; 4] = [found, times(100), times(1), times(10_000)];
    let mut result = None;
    for fixed in attempts {
        translator.fix(fixed.clone());
        let cases: Vec<(Case<'s>, Want)> = wanted
            .iter()
            .map(|(old, want)| {
                let again = case(translator, old.rule, old.members.clone(), old.period, old.scope.clone(), old.source);
                (again, *want)
            })
            .collect();
        let borrowed: Vec<Wanted<'_, 's>> = cases.iter().map(|(case, want)| (case, *want)).collect();
        let axioms: Vec<Formula> = axioms.iter().map(|axiom| axiom.with(&fixed)).collect();
        if let Some(mut model) = model(translator, &borrowed, &axioms, Prefer::Plain) {
            model.numbers.extend(fixed);
            result = Some(model);
            break;
        }
    }
    translator.fix(BTreeMap::new());
    result
}

/// The figures as a test.
fn write(
    translator: &mut Translator<'_>,
    wanted: &[Wanted<'_, '_>],
    vars: &BTreeSet<Var>,
    classes: &[classes::Classes],
    model: &Model,
) -> Option<Witness> {
    let span = wanted.first().map(|(case, _)| case.source.require.span)?;
    let mut given = Given::default();
    let mut sheets = Sheets::new(translator, model);
    for (case, _) in wanted {
        if let Some(dataset) = case.dataset() {
            sheets.row_of(dataset)?;
        }
    }
    for classes in classes {
        sheets.rows_of(classes)?;
    }
    given.tables = sheets.finish(span)?;
    let texts = sheets.texts;
    let naming = &translator.naming;
    for var in vars {
        let Some(info) = translator.vars.get(*var) else { continue };
        let value = || match info.range {
            Range::Text => model.texts.get(var).cloned().unwrap_or_default().pick(["甲".into()]).map(Scalar::Text),
            _ => scalar_of(&info.ty, model.numbers.get(var)?),
        };
        match &info.atom {
            Atom::Figure(indicator, region, period) => {
                let value = value()?;
                let text = written(translator.suite, &info.ty, &value).unwrap_or_default();
                let region = (**region != *naming.region).then(|| region.to_string());
                let period = Some(*period);
                given.figures.push(GivenFigure { indicator: *indicator, region, period, value, text, span });
            }
            Atom::Standard(standard, period) => {
                given.standards.push((*standard, Some(*period), value()?));
            }
            _ => {}
        }
    }
    let mut expect = Vec::new();
    for (case, want) in wanted {
        let members: BTreeMap<DimId, String> = match case.dataset() {
            None => case.members.iter().map(|(dim, member)| (*dim, member.to_string())).collect(),
            Some(dataset) => {
                let rule = translator.suite.rules.get(case.rule.0)?;
                rule.for_each
                    .iter()
                    .map(|dim| Some((*dim, given.cell_of(translator.suite, dataset, *dim)?)))
                    .collect::<Option<_>>()?
            }
        };
        expect.push(Expectation { rule: case.rule, members, period: Some(case.period), verdict: want.verdict(), span });
    }
    let test = Test {
        waivers: Vec::new(),
        title: String::new(),
        period: Some(naming.run),
        as_of: Some(Date::constant(9999, 12, 31)),
        tables: given.tables,
        figures: given.figures,
        standards: given.standards,
        expect,
        span,
    };
    let shown = shown(translator, vars, model, &texts);
    Some(Witness { test, probe: None, shown })
}

/// `A = 60 亿元、B = 50 亿元`
fn shown(translator: &Translator<'_>, vars: &BTreeSet<Var>, model: &Model, texts: &BTreeMap<Var, Arc<str>>) -> Bi {
    let mut parts: Vec<Bi> = Vec::new();
    for var in vars {
        let Some(info) = translator.vars.get(*var).filter(|info| !info.name.zh.is_empty()) else { continue };
        let number = model.numbers.get(var);
        if let Atom::Filled(..) = info.atom {
            if number.is_some_and(Number::is_zero) {
                let Bi { zh, en } = &info.name;
                parts.push(Bi::new(format!("{zh} 空着"), format!("{en} left blank")));
            }
            continue;
        }
        if let Atom::Cell(dataset, column) = info.atom {
            let filled = translator.vars.find(&Atom::Filled(dataset, column));
            if filled.and_then(|filled| model.numbers.get(&filled)).is_some_and(Number::is_zero) {
                continue;
            }
        }
        let value = match info.range {
            Range::Text => texts.get(var).map(|text| Bi::same(format!("\"{text}\""))),
            _ => {
                number.and_then(|number| scalar_of(&info.ty, number)).map(|scalar| said(translator, &info.ty, &scalar))
            }
        };
        if let Some(value) = value {
            let Bi { zh, en } = &info.name;
            parts.push(Bi::new(format!("{zh} = {}", value.zh), format!("{en} = {}", value.en)));
        }
    }
    if parts.len() > SHOWN {
        parts.truncate(SHOWN);
        parts.push(Bi::same("…"));
    }
    let join = |part: fn(&Bi) -> &str, comma: &str| parts.iter().map(part).collect::<Vec<_>>().join(comma);
    Bi::new(join(|part| &part.zh, "、"), join(|part| &part.en, ", "))
}

/// A value for reading.
pub fn said(translator: &Translator<'_>, ty: &Type, scalar: &Scalar) -> Bi {
    match (ty, scalar) {
        (Type::Quantity(unit), Scalar::Number(number)) => Bi::same(unit.behind(&unit.from_base(number).read(0))),
        (_, Scalar::Boolean(value)) => {
            if *value {
                Bi::new("是", "true")
            } else {
                Bi::new("否", "false")
            }
        }
        _ => Bi::same(written(translator.suite, ty, scalar).unwrap_or_default()),
    }
}
