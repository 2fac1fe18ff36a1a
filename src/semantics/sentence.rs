//! A condition in, a sentence out that reads without knowing the language of rules, in both languages.
//!
//! Names stay as the suite has them. A sentence says what the condition means, not how it is written.

use super::hir::{
    Aggregate, Arithmetic, Change, ColumnId, Comparison, Dataset, Expr, ExprKind, Function, List, PeriodRef, Suite,
    Type,
};
use super::lint::words;
use crate::base::{Bi, Sources, plural};
use crate::quantity::{Granularity, Period, Scalar};

/// Items of a list that are named.
const NAMED: usize = 12;

/// What sentences are made of.
#[derive(Clone, Copy)]
pub struct Sentences<'s> {
    /// The suite.
    pub suite: &'s Suite,
    /// The rule files, for what is said in their own words.
    pub sources: &'s Sources,
    /// The dataset whose rows the condition is about.
    pub rows: Option<&'s Dataset>,
}

/// So many periods of a length: `3 个月`.
pub(crate) fn counted(length: Granularity, count: u32) -> Bi {
    let (zh, en) = match length {
        Granularity::Year => ("年", "year"),
        Granularity::Half => ("个半年", "half-year"),
        Granularity::Quarter => ("个季度", "quarter"),
        Granularity::Month => ("个月", "month"),
    };
    Bi::new(format!("{count} {zh}"), plural(count.into(), en))
}

impl<'s> Sentences<'s> {
    /// A condition, or a value.
    pub fn say(&self, expr: &'s Expr) -> Bi {
        match &expr.kind {
            ExprKind::Number(number) => Bi::same(words::value(&Scalar::Number(number.clone()), &expr.ty, self.suite)),
            ExprKind::Text(text) => Bi::same(format!("“{text}”")),
            ExprKind::Boolean(true) => Bi::new("是", "yes"),
            ExprKind::Boolean(false) => Bi::new("否", "no"),
            ExprKind::Date(date) => Bi::same(date.to_string()),
            ExprKind::Period(period) => words::periods(&[*period]),
            ExprKind::ThisPeriod => Bi::new("本期", "the period"),
            ExprKind::Level(_, level) => Bi::same(words::value(&Scalar::Level(*level), &expr.ty, self.suite)),
            ExprKind::Column(column) => Bi::same(self.column(*column)),
            ExprKind::Member(dim) => {
                let name = self.suite.dims.get(dim.0).map_or("", String::as_str);
                Bi::new(format!("本{name}"), format!("the {name}"))
            }
            ExprKind::Standard(id) => {
                Bi::same(self.suite.standards.get(id.0).map_or("", |standard| standard.name.as_str()))
            }
            ExprKind::Indicator(id) => {
                Bi::same(self.suite.indicators.get(id.0).map_or("", |indicator| indicator.name.as_str()))
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::At { of, period, members } => {
                self.elsewhere(of, *period, members.iter().map(|(_, member)| member))
            }
            ExprKind::Fold { function, of, periods } => self.fold(*function, of, periods),
            ExprKind::Negate(of) => pair("负的", "minus ", &self.say(of), "", ""),
            ExprKind::Arithmetic { operator, left, right } => self.arithmetic(*operator, left, right),
            ExprKind::Change { kind, of, since, .. } => self.change(*kind, of, *since),
            ExprKind::YearlyGrowth { of, periods, .. } => {
                let (of, years) = (self.say(of), span_of(periods));
                Bi::new(
                    format!("{years} 年{}的年均增速", of.zh),
                    format!("the average yearly growth of {} over {years}", of.en),
                )
            }
            ExprKind::Compare { operator, left, right } => {
                let (zh, en) = compared(*operator, &left.ty);
                let (left, right) = (self.say(left), self.say(right));
                Bi::new(format!("{}{zh}{}", left.zh, spaced(&right.zh)), format!("{} {en} {}", left.en, right.en))
            }
            ExprKind::Near { left, right, margin, relative } => {
                let (left, right, margin) = (self.say(left), self.say(right), self.say(margin));
                let (zh, en) =
                    if *relative { ("上下", "or so, within") } else { ("，误差不超过", ", give or take") };
                Bi::new(
                    format!("{}等于{}{zh}{}", left.zh, spaced(&right.zh), spaced(&margin.zh)),
                    format!("{} equals {}{}{en} {}", left.en, right.en, if *relative { " " } else { "" }, margin.en),
                )
            }
            ExprKind::Doubles { of, since, times } => {
                let (of, since) = (self.say(of), reference(*since));
                let fold = 1u64.checked_shl(*times).unwrap_or(0);
                Bi::new(
                    format!("{}不低于{}的 {fold} 倍", of.zh, since.zh),
                    format!("{} is at least {fold} times that of {}", of.en, since.en),
                )
            }
            ExprKind::Filled(column) => {
                let column = self.column(*column);
                Bi::new(format!("{column}已填写"), format!("{column} is filled in"))
            }
            ExprKind::Unique(columns) => {
                let names: Vec<String> = columns.iter().map(|column| self.column(*column)).collect();
                Bi::new(
                    format!("{}不与其他行重复", names.join("、")),
                    format!("no other row has the same {}", names.join(", ")),
                )
            }
            ExprKind::In { of, list } => {
                let (of, list) = (self.say(of), self.list(list, &of.ty));
                Bi::new(format!("{}在{}之中", of.zh, list.zh), format!("{} is one of {}", of.en, list.en))
            }
            ExprKind::Matches { of, pattern } => {
                let of = self.say(of);
                Bi::new(
                    format!("{}符合格式 {}", of.zh, pattern.as_str()),
                    format!("{} has the form {}", of.en, pattern.as_str()),
                )
            }
            ExprKind::ChildrenSum { measure, along } => {
                let (measure, along) = (self.column(*measure), self.column(*along));
                Bi::new(
                    format!("{along}的下一级各行{measure}之和"),
                    format!("the sum of {measure} over the rows one level below in {along}"),
                )
            }
            ExprKind::Not(of) => match &of.kind {
                ExprKind::Filled(column) => {
                    let column = self.column(*column);
                    Bi::new(format!("{column}没有填写"), format!("{column} is blank"))
                }
                _ => pair("并非（", "it is not so that (", &self.say(of), "）", ")"),
            },
            ExprKind::And(parts) => self.joined(parts, "，并且", " and "),
            ExprKind::Or(parts) => self.joined(parts, "，或者", " or "),
            ExprKind::Implies(premise, consequence) => {
                let (premise, consequence) = (self.say(premise), self.say(consequence));
                Bi::new(
                    format!("如果{}，那么{}", premise.zh, consequence.zh),
                    format!("if {}, then {}", premise.en, consequence.en),
                )
            }
            ExprKind::Quantified { every, periods, condition } => {
                let (condition, years) = (self.say(condition), span_of(periods));
                match every {
                    true => Bi::new(
                        format!("{years} 各期，{}", condition.zh),
                        format!("in each of {years}, {}", condition.en),
                    ),
                    false => Bi::new(
                        format!("{years} 之中至少有一期，{}", condition.zh),
                        format!("in at least one of {years}, {}", condition.en),
                    ),
                }
            }
            ExprKind::Streak { times, step, condition } => {
                let condition = self.say(condition);
                let periods = || Bi::new(format!("{times} 期"), plural((*times).into(), "period"));
                let row = step.map_or_else(periods, |step| counted(step, *times));
                Bi::new(
                    format!("到本期为止连续 {}，{}", row.zh, condition.zh),
                    format!("{} in a row, up to this one, {}", row.en, condition.en),
                )
            }
        }
    }

    fn column(&self, column: ColumnId) -> String {
        self.rows.and_then(|dataset| dataset.columns.get(column.0)).map_or("", |column| &column.name).to_owned()
    }

    fn joined(&self, parts: &'s [Expr], zh: &str, en: &str) -> Bi {
        let said: Vec<Bi> = parts
            .iter()
            .map(|part| match &part.kind {
                ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Implies(..) => {
                    pair("（", "(", &self.say(part), "）", ")")
                }
                _ => self.say(part),
            })
            .collect();
        let join = |text: fn(&Bi) -> &str, with: &str| said.iter().map(text).collect::<Vec<_>>().join(with);
        Bi::new(join(|bi| &bi.zh, zh), join(|bi| &bi.en, en))
    }

    fn aggregate(&self, aggregate: &'s Aggregate) -> Bi {
        let dataset = self.suite.datasets.get(aggregate.dataset.0);
        let inner = Sentences { rows: dataset, ..*self };
        let name = dataset.map_or("", |dataset| dataset.name.as_str());
        let filter = aggregate.filter.as_deref().map(|filter| inner.say(filter));
        let (zh, en) = match &filter {
            Some(filter) => {
                (format!("「{name}」里{}的各行", filter.zh), format!("the rows of {name} in which {}", filter.en))
            }
            None => (format!("「{name}」各行"), format!("the rows of {name}")),
        };
        let of = aggregate.of.as_deref().map_or_else(|| Bi::new("行", "rows"), |of| inner.say(of));
        match aggregate.function {
            Function::Sum => Bi::new(format!("{zh}{}之和", of.zh), format!("the sum of {} over {en}", of.en)),
            Function::Count if aggregate.of.is_some() => {
                Bi::new(format!("{zh}填有{}的个数", of.zh), format!("the number of {} in {en}", of.en))
            }
            Function::Count => {
                Bi::new(format!("{zh}的个数"), format!("the number of {}", en.trim_start_matches("the ")))
            }
            Function::Distinct => {
                Bi::new(format!("{zh}不同{}的个数", of.zh), format!("the number of different {} in {en}", of.en))
            }
            Function::Mean => Bi::new(format!("{zh}{}的平均", of.zh), format!("the mean of {} over {en}", of.en)),
            Function::Max => Bi::new(format!("{zh}{}的最大值", of.zh), format!("the greatest {} of {en}", of.en)),
            Function::Min => Bi::new(format!("{zh}{}的最小值", of.zh), format!("the least {} of {en}", of.en)),
            Function::Share => Bi::new(
                format!("{zh}{}占「{name}」全部的比重", of.zh),
                format!("the share of {en} in the {} of all rows", of.en),
            ),
        }
    }

    fn elsewhere<'m>(&self, of: &'s Expr, period: Option<PeriodRef>, members: impl Iterator<Item = &'m String>) -> Bi {
        let members: Vec<&str> = members.map(String::as_str).collect();
        let said = self.say(of);
        let (zh, en) = match members.as_slice() {
            [] => (said.zh, said.en),
            members => {
                (format!("{}的{}", members.join("、"), said.zh), format!("{} of {}", said.en, members.join(", ")))
            }
        };
        match period.map(reference) {
            Some(period) => Bi::new(format!("{}的{zh}", period.zh), format!("{en} in {}", period.en)),
            None => Bi::new(zh, en),
        }
    }

    fn fold(&self, function: Function, of: &'s Expr, periods: &[Period]) -> Bi {
        let (of, years) = (self.say(of), span_of(periods));
        let (zh, en) = match function {
            Function::Sum => ("合计", "total"),
            Function::Mean => ("平均", "mean"),
            Function::Max => ("最高值", "greatest value"),
            Function::Min => ("最低值", "least value"),
            Function::Count | Function::Distinct | Function::Share => ("有数的期数", "number of periods with a figure"),
        };
        Bi::new(format!("{years} 各期{}的{zh}", of.zh), format!("the {en} of {} over {years}", of.en))
    }

    fn arithmetic(&self, operator: Arithmetic, left: &'s Expr, right: &'s Expr) -> Bi {
        let sum = |expr: &Expr| {
            matches!(expr.kind, ExprKind::Arithmetic { operator: Arithmetic::Add | Arithmetic::Subtract, .. })
        };
        let product = matches!(operator, Arithmetic::Multiply | Arithmetic::Divide);
        let grouped = |expr: &'s Expr, group: bool| match group {
            true => pair("（", "(", &self.say(expr), "）", ")"),
            false => self.say(expr),
        };
        let sign = match operator {
            Arithmetic::Add => "＋",
            Arithmetic::Subtract => "－",
            Arithmetic::Multiply => "×",
            Arithmetic::Divide => "÷",
        };
        let english = match operator {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "−",
            _ => sign,
        };
        let nested = matches!(right.kind, ExprKind::Arithmetic { .. }) && operator != Arithmetic::Add;
        let (left, right) = (grouped(left, product && sum(left)), grouped(right, nested));
        Bi::new(format!("{} {sign} {}", left.zh, right.zh), format!("{} {english} {}", left.en, right.en))
    }

    fn change(&self, kind: Change, of: &'s Expr, since: PeriodRef) -> Bi {
        let (of, since) = (self.say(of), reference(since));
        let (zh, en) = match kind {
            Change::Growth => ("的增幅", "growth of"),
            Change::Reduction => ("的降幅", "reduction of"),
            Change::Increase => ("的增加额", "increase of"),
            Change::Decrease => ("的减少额", "decrease of"),
        };
        Bi::new(format!("{}较{}{zh}", of.zh, since.zh), format!("the {en} {} against {}", of.en, since.en))
    }

    fn list(&self, list: &List, ty: &Type) -> Bi {
        match list {
            List::Values(values) => {
                let shown: Vec<String> = values
                    .iter()
                    .take(NAMED)
                    .map(|value| match value {
                        Scalar::Text(text) => text.to_string(),
                        Scalar::Date(date) => date.to_string(),
                        Scalar::Period(period) => period.to_string(),
                        other => words::value(other, ty, self.suite),
                    })
                    .collect();
                let more = if values.len() > NAMED { (" 等", " …") } else { ("", "") };
                Bi::new(format!("{}{}", shown.join("、"), more.0), format!("{}{}", shown.join(", "), more.1))
            }
            List::Column(dataset, column) => {
                let dataset = self.suite.datasets.get(dataset.0);
                let column =
                    dataset.and_then(|dataset| dataset.columns.get(column.0)).map_or("", |column| &column.name);
                let dataset = dataset.map_or("", |dataset| dataset.name.as_str());
                Bi::new(format!("「{dataset}」的{column}"), format!("the {column} of {dataset}"))
            }
        }
    }
}

pub use super::lint::words::value;

/// The words for a comparison of values of a type: of days and periods they are others.
pub fn compared(operator: Comparison, ty: &Type) -> (&'static str, &'static str) {
    let dated = matches!(ty, Type::Date | Type::Period(_));
    let level = matches!(ty, Type::Level(_));
    match operator {
        Comparison::AtLeast if dated => ("不早于", "is not before"),
        Comparison::AtMost if dated => ("不晚于", "is not after"),
        Comparison::Above if dated => ("晚于", "is after"),
        Comparison::Below if dated => ("早于", "is before"),
        Comparison::AtLeast if level => ("达到或好于", "is at or above"),
        Comparison::AtLeast => ("不低于", "is at least"),
        Comparison::AtMost => ("不超过", "is at most"),
        Comparison::Above => ("高于", "is above"),
        Comparison::Below => ("低于", "is below"),
        Comparison::Equal => ("等于", "equals"),
        Comparison::NotEqual => ("不等于", "is not"),
    }
}

/// `上年`, `2020 年`
fn reference(period: PeriodRef) -> Bi {
    match period {
        PeriodRef::Absolute(period) => words::periods(&[period]),
        PeriodRef::YearsBack(1) => Bi::new("上年", "the year before"),
        PeriodRef::YearsBack(years) => Bi::new(format!(" {years} 年前"), format!("{years} years before")),
        PeriodRef::Back(1) => Bi::new("上期", "the period before"),
        PeriodRef::Back(count) => Bi::new(format!(" {count} 期前"), format!("{count} periods before")),
    }
}

/// `2021—2025`
fn span_of(periods: &[Period]) -> String {
    match periods {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first}—{last}"),
    }
}

fn pair(zh: &str, en: &str, of: &Bi, zh_end: &str, en_end: &str) -> Bi {
    Bi::new(format!("{zh}{}{zh_end}", of.zh), format!("{en}{}{en_end}", of.en))
}

/// A figure stands apart from the words before it.
fn spaced(text: &str) -> String {
    if text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-') { format!(" {text}") } else { text.to_owned() }
}
