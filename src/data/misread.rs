//! What to say of a cell that cannot be read.
//!
//! The reason and the column's type in, a diagnostic with what to write instead out. Decides nothing.

use super::cell::Misread;
use super::figure::NotAFigure;
use super::workbook::UNSAVED;
use crate::base::codes::data as codes;
use crate::base::{Bi, CodeInfo, Diagnostic, Place};
use crate::quantity::Granularity;
use crate::semantics::hir::Type;

/// The code of a reason.
pub fn code(misread: &Misread) -> &'static CodeInfo {
    match misread {
        Misread::Figure(NotAFigure::NoNumber | NotAFigure::TooLong) | Misread::DateForFigure => &codes::NOT_A_NUMBER,
        Misread::Figure(NotAFigure::Separators) => &codes::SEPARATORS,
        Misread::Figure(NotAFigure::Scientific) => &codes::SCIENTIFIC,
        Misread::UnknownUnit { .. } => &codes::UNKNOWN_UNIT,
        Misread::UnitMismatch { .. } | Misread::Magnitude { .. } => &codes::UNIT_MISMATCH,
        Misread::Error(_) => &codes::ERROR_VALUE,
        Misread::Date => &codes::NOT_A_DATE,
        Misread::Period | Misread::Granularity(_) => &codes::NOT_A_PERIOD,
        Misread::Boolean => &codes::NOT_A_BOOLEAN,
        Misread::Level { .. } => &codes::NOT_A_LEVEL,
        Misread::Nested => &codes::NESTED,
        Misread::PercentUnknown => &codes::PERCENT_FORMAT,
        Misread::Scaled => &codes::SCALED_FORMAT,
        Misread::Qualifier | Misread::NothingToQualify => &codes::QUALIFIER,
    }
}

/// The diagnostic for a cell with the text `stated`.
pub fn diagnostic(misread: &Misread, stated: &str, ty: &Type, place: Place) -> Diagnostic {
    let (message, help) = texts(misread, &shortened(stated), ty);
    Diagnostic::at(code(misread), place, message).help(help)
}

fn texts(misread: &Misread, stated: &str, ty: &Type) -> (Bi, Bi) {
    let unit = match ty {
        Type::Quantity(unit) => unit.name(),
        _ => "",
    };
    match misread {
        Misread::Figure(NotAFigure::NoNumber) if stated.starts_with(['△', '▲', '▽', '▼']) => (
            Bi::new(format!("`{stated}` 不是数字"), format!("`{stated}` is not a number")),
            Bi::new(
                "三角号有的表示负数，有的表示增减方向，这里不猜；负数请写 `-3.20` 或 `(3.20)`",
                "a triangle means minus in some tables and a direction in others, and is not guessed at: write a negative figure as `-3.20` or `(3.20)`",
            ),
        ),
        Misread::Figure(NotAFigure::NoNumber) => (
            Bi::new(format!("`{stated}` 不是数字"), format!("`{stated}` is not a number")),
            Bi::new(
                "填一个数字；没有数就留空或写“—”；要把这样的文字当作空值，请在绑定的 `blank` 里写明",
                "enter a number, or leave the cell empty or put a dash; if this text means blank, say so in the binding's `blank`",
            ),
        ),
        Misread::Figure(NotAFigure::TooLong) => (
            Bi::new(format!("`{stated}` 的位数太多"), format!("`{stated}` has too many digits")),
            Bi::new("请核对这个数字", "check the figure"),
        ),
        Misread::Figure(NotAFigure::Separators) => (
            Bi::new(
                format!("`{stated}` 里逗号的位置不对"),
                format!("the commas in `{stated}` are in the wrong places"),
            ),
            Bi::new(
                "千分位逗号每三位一个：`1,234,567.89`；小数点用 `.`",
                "commas stand between groups of three digits: `1,234,567.89`; the decimal point is `.`",
            ),
        ),
        Misread::Figure(NotAFigure::Scientific) => (
            Bi::new(
                format!("`{stated}` 是科学记数法，导出时已经丢了数位"),
                format!("`{stated}` is in scientific notation and has lost digits on export"),
            ),
            Bi::new(
                "把这一列设为数值格式后重新导出，或直接提交 `.xlsx`",
                "format the column as a number and export again, or submit the `.xlsx`",
            ),
        ),
        Misread::DateForFigure => (
            Bi::new(
                format!("这里要数字，格子里是日期 `{stated}`"),
                format!("a number is needed here, the cell holds the date `{stated}`"),
            ),
            Bi::new(
                "表格软件把输入的内容变成了日期；把格子设为数值格式后重新填写",
                "the spreadsheet program took the entry for a date: format the cell as a number and enter it again",
            ),
        ),
        Misread::UnknownUnit { unit, nearest } => (
            Bi::new(
                format!("`{stated}` 里的单位 `{unit}` 不认识"),
                format!("the unit `{unit}` in `{stated}` is not known"),
            ),
            match nearest {
                Some(near) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
                None => Bi::new(
                    "格子里只写一个数字，后面可以跟单位；不认识的单位要在规则里声明",
                    "a cell holds one figure, and a unit may follow it; other units are declared in the rules",
                ),
            },
        ),
        Misread::UnitMismatch { unit: found, expected } => (
            Bi::new(
                format!("`{stated}` 的单位是 `{found}`，这里要 `{}`，不是同一种量", named(expected, "纯数")),
                format!(
                    "`{stated}` is in `{found}`, but `{}` is needed here: they measure different things",
                    named(expected, "bare number")
                ),
            ),
            Bi::new("请核对数字和单位", "check the figure and its unit"),
        ),
        Misread::Magnitude { unit: found, expected } => (
            Bi::new(
                format!("`{stated}`：这一列的单位是 `{expected}`，不清楚 `{found}` 是不是再乘一次"),
                format!(
                    "`{stated}`: the column is in `{expected}`, and it is unclear whether `{found}` multiplies once more"
                ),
            ),
            Bi::new(
                "写全单位，例如 `12.5万元`，或只写数字",
                "write the whole unit, such as `12.5万元`, or the number alone",
            ),
        ),
        Misread::Error(error) if error == UNSAVED => (
            Bi::new(
                "格子里有公式，但文件没有保存计算结果",
                "the cell holds a formula, but the file does not hold its result",
            ),
            Bi::new(
                "请用表格软件打开这个文件，保存后再提交",
                "open the file in a spreadsheet program, save it, and submit it again",
            ),
        ),
        Misread::Error(error) => (
            Bi::new(format!("格子里是公式错误 `{error}`"), format!("the cell holds the formula error `{error}`")),
            Bi::new(
                "修好公式，或填入数字；确实没有就留空",
                "mend the formula or enter the figure; leave the cell empty if there is none",
            ),
        ),
        Misread::Date => (
            Bi::new(format!("`{stated}` 不是日期"), format!("`{stated}` is not a date")),
            Bi::new(
                "写成 `2021-03-05` 或 `2021年3月5日`，并且日历上要有这一天",
                "write `2021-03-05`, a day that the calendar has",
            ),
        ),
        Misread::Period => (
            Bi::new(format!("`{stated}` 不是期间"), format!("`{stated}` is not a period")),
            Bi::new(
                "写成 `2021`、`2021H1`、`2021Q1`、`2021-03` 或 `2021年3月`",
                "write `2021`, `2021H1`, `2021Q1` or `2021-03`",
            ),
        ),
        Misread::Granularity(wanted) => {
            let (zh, en, example) = match wanted {
                Granularity::Year => ("年份", "a year", "2021"),
                Granularity::Half => ("半年", "a half-year", "2021H1"),
                Granularity::Quarter => ("季度", "a quarter", "2021Q1"),
                Granularity::Month => ("月份", "a month", "2021-03"),
            };
            (
                Bi::new(format!("这里要{zh}，不是 `{stated}`"), format!("{en} is needed here, not `{stated}`")),
                Bi::new(format!("写成 `{example}` 这样"), format!("write it like `{example}`")),
            )
        }
        Misread::Boolean => (
            Bi::new(format!("`{stated}` 不是“是”或“否”"), format!("`{stated}` is neither yes nor no")),
            Bi::new("写“是”或“否”（也可以写 true、false、√、×）", "write `true` or `false` (是, 否, √ and × will do)"),
        ),
        Misread::Level { scale, levels, nearest } => (
            Bi::new(
                format!("标度 `{scale}` 没有 `{stated}` 这一级"),
                format!("`{stated}` is not a level of the scale `{scale}`"),
            ),
            match nearest {
                Some(near) => Bi::new(
                    format!("是不是 `{near}`？各级是：{}", levels.join("、")),
                    format!("did you mean `{near}`? The levels are {}", levels.join(", ")),
                ),
                None => {
                    Bi::new(format!("各级是：{}", levels.join("、")), format!("the levels are {}", levels.join(", ")))
                }
            },
        ),
        Misread::Nested => (
            Bi::new(
                format!("这里要一个值，不是列表或对象：`{stated}`"),
                format!("one value is needed here, not a list or an object: `{stated}`"),
            ),
            Bi::new("把里面的每个数写成单独的一行", "give every figure a row of its own"),
        ),
        Misread::Scaled => (
            Bi::new(
                format!("格子存的是 `{stated}`，单元格格式让它显示成除以一千或一万以后的数"),
                format!("the cell stores `{stated}`, but its format shows it divided by a thousand or more"),
            ),
            Bi::new(
                "看到的和存的不是一个数：把单元格格式改成普通数值，核对单位后再提交",
                "what is seen is not what is stored: give the cell a plain number format, check the unit, and submit it again",
            ),
        ),
        Misread::Qualifier => (
            Bi::new(
                format!("“限定”列里的 `{stated}` 不认识，这个数不予采用"),
                format!("`{stated}` in the column of qualifiers is not known; the figure is not used"),
            ),
            Bi::new(
                "写“超”“以上”“以内”“不到”或“约”；数字就是确切值的，留空",
                "write `above`, `at least`, `at most`, `below` or `about`; leave it empty if the figure is the value itself",
            ),
        ),
        Misread::NothingToQualify => (
            Bi::new(
                format!("这个指标不是数字，“限定”列里不能写 `{stated}`"),
                format!("the indicator is not a number: `{stated}` in the column of qualifiers does not go with it"),
            ),
            Bi::new("把这一格留空", "leave the cell empty"),
        ),
        Misread::PercentUnknown => (
            Bi::new(
                format!("看不出 `{stated}` 是 {stated}{unit}，还是按百分比格式显示的数"),
                format!("it cannot be seen whether `{stated}` is {stated}{unit}, or is shown as a percentage"),
            ),
            Bi::new(
                "请另存为 `.xlsx` 再提交，或在格子里写带 % 的文字，如 `7%`",
                "save the workbook as `.xlsx`, or write the text with its sign: `7%`",
            ),
        ),
    }
}

fn named<'a>(unit: &'a str, bare: &'a str) -> &'a str {
    if unit.is_empty() { bare } else { unit }
}

/// A cell's text, short enough for one line.
pub fn shortened(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() <= 60 { line } else { line.chars().take(59).chain(['…']).collect() }
}
