//! Standards files: thresholds that stand outside the rules, with the document they come from.
//!
//! TOML in, values by standard and period out. Knows the declared standards, no rules.

use std::path::PathBuf;

use super::cell::{CellReader, Misread};
use super::misread;
use super::raw::{RawCell, Shown, trimmed};
use super::table::{Place as TablePlace, StandardEntry, StandardValues};
use super::toml_file::{Keys, TomlFile};
use crate::base::codes::config as codes;
use crate::base::{Bi, Diagnostic, Place, nearest};
use crate::quantity::{Decimal, Period, Unit, UnitError, parse_date};
use crate::semantics::hir::{Standard, StandardId, Suite, Type};

const KEYS: [&str; 6] = ["name", "value", "unit", "period", "source", "date"];

/// Reads standards files in order. What is wrong is left out and reported; names that the suite does not declare are a
/// warning, since a file may serve several suites.
pub fn load_standards(paths: &[PathBuf], suite: &Suite) -> (StandardValues, Vec<Diagnostic>) {
    let mut values = StandardValues { entries: vec![Vec::new(); suite.standards.len()], files: Vec::new() };
    let mut faults = Vec::new();
    for path in paths {
        let shown = super::shown(path);
        let file = match TomlFile::read(path, &shown) {
            Ok(file) => file,
            Err(fault) => {
                faults.push(*fault);
                continue;
            }
        };
        values.files.push((shown, file.sha256.clone()));
        let table = match file.parse() {
            Ok(table) => table,
            Err(found) => {
                faults.extend(found);
                continue;
            }
        };
        let keys = Keys::new(&file, &table, 0..0, &["standard"], &mut faults);
        for (table, span) in keys.tables("standard", &mut faults) {
            let keys = Keys::new(&file, table, span, &KEYS, &mut faults);
            entry(suite, &keys, &mut values, &mut faults);
        }
    }
    (values, faults)
}

fn entry(suite: &Suite, keys: &Keys<'_>, values: &mut StandardValues, faults: &mut Vec<Diagnostic>) {
    let name = keys.required("name", faults);
    let source = keys.required("source", faults);
    let date = date(keys, faults);
    let period = period(keys, faults);
    let unit_text = keys.text("unit", faults);
    let stated = match keys.get("value") {
        Some(_) => keys.figure("value", faults),
        None => {
            let _ = keys.required("value", faults);
            None
        }
    };
    let Some(name) = name.map(|name| trimmed(&name).to_owned()) else { return };
    let found = suite.standards.iter().enumerate().find(|(_, standard)| standard.name == name);
    let Some((at, standard)) = found else {
        faults.push(unknown(suite, &name, keys.place("name")));
        return;
    };
    let (Some(stated), Some(source), Some(()), Ok(period)) = (stated, source, date, period) else { return };
    let Some((value, shown)) = value(suite, standard, &stated, unit_text.as_deref(), keys, faults) else { return };
    let place = keys.place("value");
    let Some(entries) = values.entries.get_mut(StandardId(at).0) else { return };
    if let Some(earlier) = entries.iter().find(|entry| entry.period == period) {
        let when =
            period.map_or_else(|| ("各期间".to_owned(), "all periods".to_owned()), |p| (p.to_string(), p.to_string()));
        let message = Bi::new(
            format!("标准 `{name}`（{}）有两个值：`{}` 和 `{shown}`", when.0, earlier.stated),
            format!("the standard `{name}` ({}) has two values: `{}` and `{shown}`", when.1, earlier.stated),
        );
        let there = earlier.place.clone().map_or(Place::Nowhere, Place::from);
        let fault = Diagnostic::at(&codes::STANDARD_TWICE, place, message)
            .label(there, Bi::new("第一个在这里", "the first is here"))
            .help(Bi::new(
                "删去作废的一条，或写上不同的 `period`",
                "delete the one that is no longer in force, or give the two different `period`s",
            ));
        faults.push(fault);
        return;
    }
    let place = match place {
        Place::Data { path, sheet, row, column, cell } => Some(TablePlace { path, sheet, row, column, cell }),
        Place::Rule(_) | Place::Nowhere => None,
    };
    entries.push(StandardEntry { period, value, stated: shown, source: trimmed(&source).to_owned(), place });
}

/// The value in base units, and how it is stated.
fn value(
    suite: &Suite,
    standard: &Standard,
    stated: &str,
    unit_text: Option<&str>,
    keys: &Keys<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<(crate::quantity::Scalar, String)> {
    let mut refuse = |key: &str, message: Bi, help: Bi| {
        faults.push(Diagnostic::at(&codes::STANDARD_VALUE, keys.place(key), message).help(help));
    };
    let unit = match (unit_text, &standard.ty) {
        (None, _) => None,
        (Some(text), Type::Quantity(declared)) => match unit(suite, text, declared) {
            Ok(unit) => Some(unit),
            Err((message, help)) => {
                refuse("unit", message, help);
                return None;
            }
        },
        (Some(text), _) => {
            let message = Bi::new(
                format!("标准 `{}` 不是数字，不能有单位 `{text}`", standard.name),
                format!("the standard `{}` is no number and cannot have the unit `{text}`", standard.name),
            );
            refuse("unit", message, Bi::new("去掉 `unit`", "leave out `unit`"));
            return None;
        }
    };
    let raw = match Decimal::parse(stated) {
        Some(_) if standard.ty.dimension().is_some() => RawCell::number(stated, Shown::Plainly),
        _ => RawCell::Text(stated.into()),
    };
    match CellReader::new(suite).scalar(&raw, &standard.ty, unit.as_ref()) {
        Ok(Some((scalar, _))) => {
            let behind = match (&standard.ty, &raw) {
                (Type::Quantity(declared), RawCell::Number(_)) => unit.as_ref().unwrap_or(declared).name().to_owned(),
                (Type::Quantity(declared), _) if stated.ends_with(|c: char| c.is_ascii_digit()) => {
                    unit.as_ref().unwrap_or(declared).name().to_owned()
                }
                _ => String::new(),
            };
            Some((scalar, format!("{}{behind}", trimmed(stated))))
        }
        Ok(None) => {
            let message = Bi::new(
                format!("标准 `{}` 的值是空的", standard.name),
                format!("the value of the standard `{}` is blank", standard.name),
            );
            refuse(
                "value",
                message,
                Bi::new(
                    "填上值；还没有公布就删去这一条",
                    "fill in the value, or delete the entry while none is published",
                ),
            );
            None
        }
        Err(why) => {
            let told = misread::diagnostic(&why, stated, &standard.ty, Place::Nowhere);
            let help = match (&why, told.help) {
                (Misread::Figure(_), _) | (_, None) => Bi::new(
                    "写一个数字，单位写在 `unit` 里：`value = \"4.5\"`",
                    "write one number, and its unit in `unit`: `value = \"4.5\"`",
                ),
                (_, Some(help)) => help,
            };
            refuse("value", told.message, help);
            None
        }
    }
}

fn unit(suite: &Suite, text: &str, declared: &Unit) -> Result<Unit, (Bi, Bi)> {
    match suite.units.resolve(text) {
        Ok(unit) if unit.dimension() == declared.dimension() => Ok(unit),
        Ok(_) => Err((
            Bi::new(
                format!("规则里声明的单位是 `{declared}`，`{text}` 不是同一种量"),
                format!("the rules declare `{declared}`; `{text}` measures something else"),
            ),
            Bi::new("请核对标准的单位", "check the unit of the standard"),
        )),
        Err(error) => {
            let near = match error {
                UnitError::Unknown { nearest, .. } => nearest,
                UnitError::Duplicate(_) => None,
            };
            let help = near.map_or_else(
                || Bi::new(format!("可以写 `{declared}`"), format!("`{declared}` will do")),
                |near| Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
            );
            Err((Bi::new(format!("不认识单位 `{text}`"), format!("the unit `{text}` is not known")), help))
        }
    }
}

fn date(keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Option<()> {
    if keys.get("date").is_none() {
        let _ = keys.required("date", faults);
        return None;
    }
    let text = keys.figure("date", faults)?;
    if parse_date(&text).is_some() {
        return Some(());
    }
    let message = Bi::new(format!("`{text}` 不是日期"), format!("`{text}` is not a date"));
    let help =
        Bi::new("写文件的日期：`date = \"2021-03-01\"`", "write the date of the document: `date = \"2021-03-01\"`");
    faults.push(Diagnostic::at(&codes::STANDARD_VALUE, keys.place("date"), message).help(help));
    None
}

fn period(keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Result<Option<Period>, ()> {
    if keys.get("period").is_none() {
        return Ok(None);
    }
    let text = keys.text_or_integer("period", faults).ok_or(())?;
    match Period::parse(&text) {
        Some(period) => Ok(Some(period)),
        None => {
            let message = Bi::new(format!("`{text}` 不是期间"), format!("`{text}` is not a period"));
            let help =
                Bi::new("写成 `2021`、`\"2021Q1\"` 或 `\"2021-03\"`", "write `2021`, `\"2021Q1\"` or `\"2021-03\"`");
            faults.push(Diagnostic::at(&codes::STANDARD_VALUE, keys.place("period"), message).help(help));
            Err(())
        }
    }
}

fn unknown(suite: &Suite, name: &str, place: Place) -> Diagnostic {
    let message = Bi::new(
        format!("规则里没有声明标准 `{name}`，没有用"),
        format!("no rule file declares the standard `{name}`; it is not used"),
    );
    let fault = Diagnostic::at(&codes::UNKNOWN_STANDARD, place, message);
    match nearest(name, suite.standards.iter().map(|standard| standard.name.as_str())) {
        Some(near) => fault.help(Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?"))),
        None => fault,
    }
}
