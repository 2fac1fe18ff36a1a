//! What to supply or to mend, in both languages.

use super::super::eval::{CaseEnv, Figures};
use super::super::rollup::Gap;
use super::super::show;
use super::super::trace::{Origin, Traced};
use crate::base::{Bi, Lang, plural};
use crate::data::Place;
use crate::plan::operators::{self, Fault, Value};
use crate::quantity::Period;
use crate::semantics::hir::{DatasetId, Expr, ExprKind, INDICATOR_TABLE};
use crate::semantics::sentence::counted;

/// A roster that was not submitted, so that members may be left out.
pub(super) fn no_roster(dataset: &str) -> Bi {
    Bi::new(
        format!("名录「{dataset}」没有提交，无法确认有无遗漏：请提交名录"),
        format!("the roster {dataset} was not submitted, so nobody can tell whether one is left out: submit it"),
    )
}

/// That a period lies ahead, so that there can be no figures for it yet.
pub(super) fn not_begun(period: Period) -> Bi {
    Bi::new(format!("{period} 尚未开始，届时评判"), format!("{period} has not begun: to be judged when it has"))
}

/// `教育局` and the like, for messages.
pub(super) fn scope(env: &CaseEnv<'_>) -> String {
    let members: Vec<&str> = env.members.iter().filter_map(|(_, member)| member.as_deref()).collect();
    members.join(", ")
}

/// A dataset of which nothing can be used: not submitted, or not readable.
pub(super) fn no_table(figures: &Figures<'_>, id: DatasetId) -> Bi {
    let dataset = figures.suite().datasets.get(id.0).map_or("", |dataset| dataset.name.as_str());
    if figures.context.submission.unreadable.contains(&id) {
        return Bi::new(
            format!("数据集「{dataset}」的文件读不了，没有采用：请按提示更正后重新提交"),
            format!("the files of dataset {dataset} cannot be read and were not used: mend them and submit again"),
        );
    }
    Bi::new(
        format!("没有提交数据集「{dataset}」：请提交该文件，例如 {dataset}.csv 或 {dataset}.xlsx"),
        format!("dataset {dataset} was not submitted: supply its file, such as {dataset}.csv or {dataset}.xlsx"),
    )
}

pub(super) fn no_rows(dataset: &str, scope: &str, period: Option<Period>) -> Bi {
    let period = period.map(|period| period.to_string());
    let of: Vec<&str> = [scope, period.as_deref().unwrap_or("")].into_iter().filter(|part| !part.is_empty()).collect();
    if of.is_empty() {
        return Bi::new(
            format!("「{dataset}」中没有数据行：请补报"),
            format!("dataset {dataset} has no rows: supply them"),
        );
    }
    let of = of.join(" ");
    Bi::new(
        format!("「{dataset}」中没有 {of} 的数据行：请补报"),
        format!("dataset {dataset} has no rows for {of}: supply them"),
    )
}

/// How many rows of a row rule did not pass.
pub(super) fn row_counts(judged: u64, [fail, borderline, unknown, error]: [u64; 4]) -> Vec<Bi> {
    let line = |count: u64, zh: &str, [one, more]: [&str; 2]| {
        let en = if count == 1 { one } else { more };
        let of = plural(judged, "row");
        (count > 0).then(|| Bi::new(format!("{judged} 行中有 {count} 行{zh}"), format!("{count} of {of} {en}")))
    };
    [
        line(fail, "不合格", ["fails", "fail"]),
        line(
            borderline,
            "临界，合格与否取决于四舍五入：请报未舍入的数，或多报一位小数",
            [
                "hangs on the rounding of figures: supply these unrounded, or with one more digit",
                "hang on the rounding of figures: supply these unrounded, or with one more digit",
            ],
        ),
        line(unknown, "缺数据", ["lacks a figure", "lack a figure"]),
        line(error, "无法判定", ["cannot be evaluated"; 2]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A code without a row of its own, above one that has a row.
pub(super) fn no_parent(parent: &str, code: &str) -> Bi {
    Bi::new(
        format!("没有 {parent} 的行（其下级 {code} 有），上级的合计无从核对：请补上"),
        format!("there is no row for {parent}, though there is one for {code} below it: supply it"),
    )
}

/// What a figure that has no value lacks; `repeated`: it was submitted more than once.
pub(super) fn gap(
    figures: &Figures<'_>,
    figure: &Traced<'_>,
    (places, rows): (&[Place], u64),
    repeated: bool,
) -> Vec<Bi> {
    let suite = figures.suite();
    let Traced { scope, period, value, .. } = figure;
    match &figure.origin {
        _ if matches!(value, Value::Known(_) | Value::Within(_)) => Vec::new(),
        Origin::Computed => Vec::new(),
        Origin::Standard(id) => {
            let Some(standard) = suite.standards.get(id.0) else { return Vec::new() };
            let name = &standard.name;
            vec![Bi::new(
                format!("没有标准「{name}」{period} 年度的数值：请在标准文件中写明数值、单位和出处")
                    .replace(" 年度", " 期"),
                format!(
                    "standard {name} has no value for {period}: state it in a standards file, with unit and source"
                ),
            )]
        }
        Origin::Plain { indicator, region, gap } => {
            let name = &indicator.name;
            let region =
                if **region == *figures.context.submission.region { String::new() } else { format!("{region} ") };
            let unit = show::unit_note(&indicator.ty);
            match (gap, value, figures.context.submission.table(INDICATOR_TABLE)) {
                (_, Value::Fault(_), _) if repeated => vec![with_places(
                    &format!("「{name}」{region}{period} 报了不止一次，互相矛盾：请核实后只留一个"),
                    &format!(
                        "{name} was submitted more than once for {region}{period}, with contradictory figures: find out which is right, and keep that one"
                    ),
                    places,
                    rows,
                )],
                (Some(Gap::Doubtful), Value::Fault(_), _) => vec![unreadable(places, rows)],
                (Some(Gap::Doubtful), ..) => vec![blank(places, rows)],
                (_, _, None) => vec![Bi::new(
                    format!("没有提交指标表：请提交「{name}」{region}{period} 的数值{}", unit.zh),
                    format!("no indicator table was submitted: supply {name} for {region}{period}{}", unit.en),
                )],
                _ => vec![Bi::new(
                    format!("指标表中没有「{name}」{region}{period} 的数值：请补报{}", unit.zh),
                    format!("the indicator table has no {name} for {region}{period}: supply it{}", unit.en),
                )],
            }
        }
        Origin::Rows { aggregate, gap, .. } => {
            let Some(dataset) = suite.datasets.get(aggregate.dataset.0) else { return Vec::new() };
            let name = &dataset.name;
            match gap {
                _ if figures.context.submission.table(aggregate.dataset).is_none() => {
                    vec![no_table(figures, aggregate.dataset)]
                }
                Some(Gap::NoMatch) => {
                    let of = if scope.is_empty() { String::new() } else { format!("{scope} ") };
                    vec![Bi::new(
                        format!("「{name}」有 {of}{period} 的数据行，但没有一行符合「{}」的口径：请补报", figure.name),
                        format!(
                            "dataset {name} has rows for {of}{period}, but none that {} counts: supply them",
                            figure.name
                        ),
                    )]
                }
                Some(Gap::Doubtful) if repeated => vec![with_places(
                    &format!("「{name}」有主键相同的行，无从取舍：请删去重复的行，或改正主键"),
                    &format!(
                        "dataset {name} has rows with the same key, and nobody can say which is right: delete one, or mend its key"
                    ),
                    places,
                    rows,
                )],
                Some(Gap::Doubtful) if matches!(value, Value::Fault(_)) => vec![unreadable(places, rows)],
                Some(Gap::Doubtful) if *value == Value::Borderline => vec![with_places(
                    &format!("「{}」算多少取决于四舍五入：请报未舍入的数，或多报一位小数", figure.name),
                    &format!(
                        "what {} comes to hangs on the rounding of figures: supply these unrounded, or with one more digit",
                        figure.name
                    ),
                    places,
                    rows,
                )],
                Some(Gap::Doubtful) => vec![blank(places, rows)],
                _ => vec![no_rows(name, scope, dataset.period.map(|_| *period))],
            }
        }
    }
}

fn blank(places: &[Place], rows: u64) -> Bi {
    with_places("单元格为空：请填写", "a cell is blank: fill it in", places, rows)
}

fn unreadable(places: &[Place], rows: u64) -> Bi {
    with_places(
        "单元格不能采用：请按读取数据时的提示更正",
        "a cell cannot be used: correct it as the messages on the data say",
        places,
        rows,
    )
}

/// A message with its first places: `… （预算.csv 第 7 行「金额」）`.
fn with_places(zh: &str, en: &str, places: &[Place], rows: u64) -> Bi {
    let named = || places.iter().take(3);
    let zh_places: Vec<String> = named().map(|place| place.said(Lang::Zh)).collect();
    let en_places: Vec<String> = named().map(|place| place.said(Lang::En)).collect();
    if places.is_empty() {
        return Bi::new(zh, en);
    }
    let more = rows > zh_places.len() as u64;
    let (zh_more, en_more) = if more {
        (format!("等 {rows} 处"), format!(" and others, {rows} in all"))
    } else {
        (String::new(), String::new())
    };
    Bi::new(format!("{zh}（{}{zh_more}）", zh_places.join("、")), format!("{en} ({}{en_more})", en_places.join("; ")))
}

/// Why conditions of a case could not be evaluated, other than for a cell; and figures that only one of two periods has.
pub(super) fn faults<'a>(env: &CaseEnv<'a>, conditions: impl Iterator<Item = &'a Expr>) -> Vec<Bi> {
    let mut said = Vec::new();
    for condition in conditions {
        look(env, condition, &mut said);
    }
    said.dedup();
    said
}

fn look<'a>(env: &CaseEnv<'a>, expr: &'a Expr, said: &mut Vec<Bi>) {
    match &expr.kind {
        ExprKind::At { of, period, members } => match env.moved(*period, members) {
            Some(moved) => look(&moved, of, said),
            None => said.extend(message(Fault::NoSuchPeriod)),
        },
        ExprKind::Change { of, since, official: None, .. } => match env.ends(of, *since) {
            Some((old, new)) => {
                let earlier = env.in_period(*since);
                let absent =
                    |env: &CaseEnv<'a>| super::trace(env, std::iter::once(&**of)).iter().any(Traced::is_absent);
                match (&old, &new, earlier) {
                    (Value::Known(_) | Value::Within(_), Value::Missing, Some(earlier)) if absent(env) => {
                        said.push(one_period(earlier.period, env.period));
                    }
                    (Value::Missing, Value::Known(_) | Value::Within(_), Some(earlier)) if absent(&earlier) => {
                        said.push(one_period(env.period, earlier.period));
                    }
                    _ if is_figure(&old) && is_figure(&new) => {
                        if let Value::Fault(fault) = operators::value(env, expr) {
                            said.extend(reason(fault, &old));
                        }
                    }
                    _ => {}
                }
            }
            None => said.extend(message(Fault::NoSuchPeriod)),
        },
        ExprKind::Arithmetic { left, right, .. } => {
            let below = operators::value(env, right);
            if let Value::Fault(fault) = operators::value(env, expr)
                && is_figure(&operators::value(env, left))
                && is_figure(&below)
            {
                said.extend(reason(fault, &below));
            }
            look(env, left, said);
            look(env, right, said);
        }
        ExprKind::Indicator(id) => {
            let body = env.figures.suite().indicators.get(id.0).and_then(|indicator| indicator.body.as_ref());
            if let (Some(body), Value::Fault(_)) = (body, operators::value(env, expr)) {
                look(env, body, said);
            }
        }
        ExprKind::Streak { step: Some(step), times, .. } if *step != env.period.granularity() => {
            let (wanted, own) = (counted(*step, *times), counted(env.period.granularity(), 1));
            said.push(Bi::new(
                format!("要求的是连续 {}，而评判的期间 {} 是 {}，无法计算", wanted.zh, env.period, own.zh),
                format!(
                    "{} in a row are required, but {}, the period that is judged, is {}",
                    wanted.en, env.period, own.en
                ),
            ));
        }
        ExprKind::Aggregate(_) | ExprKind::Change { .. } | ExprKind::Doubles { .. } => {
            if let Value::Fault(fault) = operators::value(env, expr) {
                said.extend(message(fault));
            }
        }
        ExprKind::Compare { left, right, .. } if matches!(left.kind, ExprKind::YearlyGrowth { .. }) => {
            if let Value::Fault(fault) = crate::plan::operators::Environment::leaf(env, expr) {
                said.extend(message(fault));
            }
            look(env, right, said);
        }
        ExprKind::Quantified { periods, condition, .. } => {
            for period in periods {
                look(&env.at(*period), condition, said);
            }
        }
        _ => expr.for_each_child(&mut |child| look(env, child, said)),
    }
}

fn is_figure(value: &Value) -> bool {
    matches!(value, Value::Known(_) | Value::Within(_))
}

fn one_period(has: Period, lacks: Period) -> Bi {
    Bi::new(
        format!("只有 {has} 的数据，没有 {lacks} 的数据，两期无法比较（机构是否新设、撤并？）"),
        format!(
            "there are figures for {has} but none for {lacks}, so the two cannot be compared (a new or merged body?)"
        ),
    )
}

/// Why something could not be evaluated, with `base` as what it was divided by or compared with.
fn reason(fault: Fault, base: &Value) -> Option<Bi> {
    match (fault, base) {
        (Fault::DivisionByZero, Value::Within(_)) => Some(Bi::new(
            "除数只知道范围，其中有 0，无法计算：请报确切的数",
            "what is divided by is known only within bounds, and may be 0: supply the figure itself",
        )),
        (Fault::ZeroBase | Fault::NegativeBase, Value::Within(_)) => Some(Bi::new(
            "基期只知道范围，其中有 0 或负数，无法计算相对变化：请报确切的数",
            "the base is known only within bounds and may be 0 or below it, so there is no relative change: supply the figure itself",
        )),
        _ => message(fault),
    }
}

pub(super) fn message(fault: Fault) -> Option<Bi> {
    Some(match fault {
        // Said with the cell.
        Fault::Unreadable | Fault::Conflict => return None,
        Fault::DivisionByZero => Bi::new("除数为 0，无法计算", "a division by 0"),
        Fault::ZeroBase => Bi::new("基期为 0，无法计算相对变化", "the base is 0, so there is no relative change"),
        Fault::NegativeBase => {
            Bi::new("基期为负数，相对变化没有意义", "the base is below 0, so a relative change has no meaning")
        }
        Fault::NoSuchPeriod => Bi::new(
            "比较的期间必须更早，且与本期长度相同",
            "the period to compare with must be earlier, and as long as this one",
        ),
        Fault::CodeLength => {
            Bi::new("编码的长度不在层级规定之内", "a code has none of the lengths that its hierarchy has")
        }
        Fault::Type => Bi::new("数值的类型与规则不符", "a value is of another type than the rule says"),
    })
}
