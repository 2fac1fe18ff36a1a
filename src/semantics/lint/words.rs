//! Comparisons, figures, periods and lines in words, for messages in both languages.

use crate::base::Bi;
use crate::quantity::{Granularity, Period, Scalar};
use crate::semantics::expr::written;
use crate::semantics::hir::{Function, Suite, Type};
use crate::semantics::outside::Reported;

use super::targets::{Subject, Target};

/// `9600 件`, `Ⅳ类`: a value as its type is written.
pub fn value(scalar: &Scalar, ty: &Type, suite: &Suite) -> String {
    match (scalar, ty) {
        (Scalar::Number(number), Type::Quantity(unit)) => written(&unit.from_base(number), unit).trim_end().to_owned(),
        (Scalar::Level(level), Type::Level(scale)) => {
            suite.scales.get(scale.0).and_then(|scale| scale.levels.get(*level)).cloned().unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// `2021 年`, `2021—2025 年各年`
pub fn periods(periods: &[Period]) -> Bi {
    let one = |period: Period| match period.granularity() {
        Granularity::Year => Bi::new(format!("{period} 年"), period.to_string()),
        _ => Bi::same(period.to_string()),
    };
    match periods {
        [] => Bi::same(""),
        [only] => one(*only),
        [first, .., last] => match first.granularity() {
            Granularity::Year => Bi::new(format!("{first}—{last} 年各年"), format!("each of {first}..{last}")),
            _ => Bi::new(format!("{first}..{last} 各期"), format!("each of {first}..{last}")),
        },
    }
}

/// The periods that a target is about: `2021 年`, `2021—2025 年合计`, `2021—2025 年各年`.
pub fn judged(target: &Target<'_>) -> Bi {
    let together = match (&target.of, target.folded) {
        (Subject::Yearly(_), _) => ("年均", "on average"),
        (_, Some(Function::Sum)) => ("合计", "in total"),
        (_, Some(Function::Mean)) => ("平均", "on average"),
        (_, Some(Function::Min)) => ("最低", "at the lowest"),
        (_, Some(Function::Max)) => ("最高", "at the highest"),
        _ => return periods(&target.periods),
    };
    let [first, .., last] = &*target.periods else { return periods(&target.periods) };
    let year = if first.granularity() == Granularity::Year { " 年" } else { "" };
    Bi::new(format!("{first}—{last}{year}{}", together.0), format!("{first}..{last} {}", together.1))
}

/// `2020 年 1.06 万件（文件第 22 行）`
pub fn reported(figure: &Reported) -> Bi {
    let (when, said, line) = (periods(&[figure.period]), figure.said(), line(figure.line));
    let space = if said.zh.starts_with(|c: char| c.is_ascii()) { " " } else { "" };
    Bi::new(format!("{}{space}{}{}", when.zh, said.zh, line.zh), format!("{} in {}{}", said.en, when.en, line.en))
}

/// `，文件第 48 行`, to be put behind a figure in parentheses; empty if the line is not known.
pub fn at_line(line: Option<u32>) -> Bi {
    line.map_or_else(
        || Bi::same(""),
        |line| Bi::new(format!("，文件第 {line} 行"), format!(", line {line} of the document")),
    )
}

/// `（文件第 48 行）`; empty if the line is not known.
pub fn line(line: Option<u32>) -> Bi {
    line.map_or_else(
        || Bi::same(""),
        |line| Bi::new(format!("（文件第 {line} 行）"), format!(" (line {line} of the document)")),
    )
}

/// Names in back quotes.
pub fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> Bi {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    Bi::new(quoted.join("、"), quoted.join(", "))
}
