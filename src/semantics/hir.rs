//! The suite with every name resolved and every expression typed.
//!
//! Numbers are in base units (元, not 万元; 0.1, not 10%). What is here can be evaluated without looking up a name:
//! ids index the vectors of [`Suite`].

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use regex::Regex;

use crate::base::Span;
use crate::quantity::{Dimension, Granularity, Number, Period, Scalar, Unit, Units};
pub use crate::syntax::ast::{Arithmetic, ColumnRole, Comparison, Kind, Nature, Verdict};

macro_rules! id {
    ($(#[$doc:meta] $name:ident)*) => { $(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);
    )* };
}
id! {
    /// Index into [`Suite::scales`].
    ScaleId
    /// Index into [`Suite::standards`].
    StandardId
    /// Index into [`Suite::datasets`].
    DatasetId
    /// Index into [`Dataset::columns`].
    ColumnId
    /// Index into [`Suite::dims`]: a dimension as a concept, the same wherever a dataset has a dimension of that name.
    DimId
    /// Index into [`Suite::indicators`].
    IndicatorId
    /// Index into [`Suite::rules`].
    RuleId
    /// From 0 to [`Suite::aggregates`].
    AggregateId
}

/// A compiled suite.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Built-in and declared units.
    pub units: Units,
    /// Ordinal scales.
    pub scales: Vec<Scale>,
    /// Thresholds from outside.
    pub standards: Vec<Standard>,
    /// Datasets; the built-in indicator table is always the first, [`INDICATOR_TABLE`].
    pub datasets: Vec<Dataset>,
    /// Names of dimensions; the first is 区域, [`REGION`].
    pub dims: Vec<String>,
    /// Indicators; no cycles, and chains of at most 100.
    pub indicators: Vec<Indicator>,
    /// Rules in source order of the files sorted by path.
    pub rules: Vec<Rule>,
    /// Tests, likewise.
    pub tests: Vec<Test>,
    /// How many [`Aggregate`]s there are.
    pub aggregates: usize,
}

/// The dimension 区域 of the indicator table.
pub const REGION: DimId = DimId(0);

/// The built-in indicator table: columns [`indicator_table`].
pub const INDICATOR_TABLE: DatasetId = DatasetId(0);

/// Columns of the built-in indicator table.
pub mod indicator_table {
    use super::ColumnId;
    /// 指标: the indicator's name, aliases already replaced by the declared name when the data was read.
    pub const INDICATOR: ColumnId = ColumnId(0);
    /// 区域: a text, never blank: where the file leaves it blank the data room writes the suite's own region.
    pub const REGION: ColumnId = ColumnId(1);
    /// 期间
    pub const PERIOD: ColumnId = ColumnId(2);
    /// 数值: a number in the base units of the indicator that the row is about, or a level, text or date of its type.
    pub const VALUE: ColumnId = ColumnId(3);
    /// How many columns.
    pub const WIDTH: usize = 4;
}

/// An ordinal scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Its name.
    pub name: String,
    /// Worst first.
    pub levels: Vec<String>,
}

/// A threshold from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// Its name.
    pub name: String,
    /// Title for reports; the name if none is given.
    pub title: String,
    /// Its type.
    pub ty: Type,
    /// Its declaration.
    pub span: Span,
}

/// What values an expression or column has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A number; values are in base units, the unit here is the one to show them in.
    Quantity(Unit),
    /// Text.
    Text,
    /// 是 or 否. Also the type of conditions.
    Boolean,
    /// A calendar day.
    Date,
    /// A reporting period of one length, or of any.
    Period(Option<Granularity>),
    /// A level of an ordinal scale.
    Level(ScaleId),
}

impl Type {
    /// The dimension, if it is a number.
    pub fn dimension(&self) -> Option<&Dimension> {
        match self {
            Type::Quantity(unit) => Some(unit.dimension()),
            _ => None,
        }
    }
}

/// A dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Its name.
    pub name: String,
    /// Title for reports; the name if none is given.
    pub title: String,
    /// In declared order.
    pub columns: Vec<Column>,
    /// The one dimension whose type is a period, if there is one.
    pub period: Option<ColumnId>,
    /// 主键
    pub key: Vec<ColumnId>,
    /// Its declaration; `None` for the indicator table.
    pub span: Option<Span>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// 维度, 度量 or 属性.
    pub role: ColumnRole,
    /// Its type.
    pub ty: Type,
    /// The concept, if it is a dimension other than the period.
    pub dim: Option<DimId>,
    /// Code list: of a dimension, the roster.
    pub codes: Option<List>,
    /// Hierarchy of a dimension.
    pub hierarchy: Option<Hierarchy>,
}

/// See [`crate::syntax::ast::Hierarchy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hierarchy {
    /// The column that holds the parent's code.
    Parent(ColumnId),
    /// Lengths of codes from the top level down, ascending.
    CodeLengths(Vec<usize>),
}

/// An indicator.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Its name.
    pub name: String,
    /// Title for reports; the name if none is given.
    pub title: String,
    /// Dimensions it is computed for; bound from the case, or by [`ExprKind::At`]. A plain indicator has none, or 区域;
    /// without it, it is read for the suite's own region unless an [`ExprKind::At`] names another.
    pub params: Vec<DimId>,
    /// Its type.
    pub ty: Type,
    /// `None`: plain, read from the indicator table.
    pub body: Option<Expr>,
    /// Other names that submitters use.
    pub aliases: Vec<String>,
    /// The indicator that carries its official growth rate (a ratio).
    pub growth_from: Option<IndicatorId>,
    /// 空值计零: blank cells count as 0 in sums and means.
    pub blank_as_zero: bool,
    /// 时期数 or 时点数, as declared.
    pub nature: Option<Nature>,
    /// Its declaration.
    pub span: Span,
}

/// A commitment.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `D210`
    pub id: String,
    /// Title for reports; the id if none is given.
    pub title: String,
    /// Register entries.
    pub cites: Vec<String>,
    /// 约束性 unless said.
    pub kind: Kind,
    /// 负责
    pub owner: Option<String>,
    /// 说明
    pub note: Option<String>,
    /// 认可
    pub accepts: Vec<Accept>,
    /// 截止; without it a rule is due on the last day of a case's period.
    pub deadline: Option<Deadline>,
    /// 对每个
    pub for_each: Vec<DimId>,
    /// One case for each; empty: the run's period.
    pub periods: Vec<Period>,
    /// 当, over the case; of a row rule it stands in [`Requirement::Rows`].
    pub when: Option<Expr>,
    /// What must hold.
    pub requirement: Requirement,
    /// The text of the 要求 clauses as written, without the keyword, white space folded, joined by `；` if several.
    pub text: String,
    /// The declaration.
    pub span: Span,
}

/// A remark of `check` that the author of a rule has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// `W0607`
    pub code: String,
    /// Why it is as it should be.
    pub reason: String,
    /// Code and reason.
    pub span: Span,
}

/// What a rule requires.
#[derive(Clone, Debug)]
pub enum Requirement {
    /// A condition on figures of the case.
    Case(Expr),
    /// 每行: a condition on every row. Rows are those of the case's 对每个 members, and of the case's period only if the
    /// rule has 期间 clauses of its own (or from its group); else all rows of the submission, as one case.
    Rows {
        /// The dataset.
        dataset: DatasetId,
        /// Rows for which this is false are not applicable.
        when: Option<Expr>,
        /// The condition.
        condition: Expr,
    },
}

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// What values it takes.
    pub ty: Type,
    /// Where it stands; in the declaration of a function if it came from there.
    pub span: Span,
}

impl Expr {
    /// Calls `visit` with each direct part of the expression. The body of an indicator is not a part of its mention;
    /// what an aggregate is of and its filter are row expressions, and are not visited either.
    pub fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match &self.kind {
            ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Boolean(_)
            | ExprKind::Date(_)
            | ExprKind::Period(_)
            | ExprKind::ThisPeriod
            | ExprKind::Level(..)
            | ExprKind::Column(_)
            | ExprKind::Member(_)
            | ExprKind::Standard(_)
            | ExprKind::Indicator(_)
            | ExprKind::Aggregate(_)
            | ExprKind::Filled(_)
            | ExprKind::Unique(_)
            | ExprKind::ChildrenSum { .. } => {}
            ExprKind::At { of, .. }
            | ExprKind::Fold { of, .. }
            | ExprKind::Negate(of)
            | ExprKind::Change { of, .. }
            | ExprKind::YearlyGrowth { of, .. }
            | ExprKind::Doubles { of, .. }
            | ExprKind::In { of, .. }
            | ExprKind::Matches { of, .. }
            | ExprKind::Not(of)
            | ExprKind::Quantified { condition: of, .. }
            | ExprKind::Streak { condition: of, .. } => visit(of),
            ExprKind::Arithmetic { left, right, .. }
            | ExprKind::Compare { left, right, .. }
            | ExprKind::Implies(left, right) => {
                visit(left);
                visit(right);
            }
            ExprKind::Near { left, right, margin, .. } => {
                visit(left);
                visit(right);
                visit(margin);
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().for_each(visit),
        }
    }

    /// Calls `visit` with each direct part of the expression, to be changed in place; what an aggregate is of and its
    /// filter are parts too.
    pub fn for_each_part_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        match &mut self.kind {
            ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Boolean(_)
            | ExprKind::Date(_)
            | ExprKind::Period(_)
            | ExprKind::ThisPeriod
            | ExprKind::Level(..)
            | ExprKind::Column(_)
            | ExprKind::Member(_)
            | ExprKind::Standard(_)
            | ExprKind::Indicator(_)
            | ExprKind::Filled(_)
            | ExprKind::Unique(_)
            | ExprKind::ChildrenSum { .. } => {}
            ExprKind::Aggregate(aggregate) => {
                for part in aggregate.of.iter_mut().chain(&mut aggregate.filter) {
                    visit(part);
                }
            }
            ExprKind::At { of, .. }
            | ExprKind::Fold { of, .. }
            | ExprKind::Negate(of)
            | ExprKind::Change { of, .. }
            | ExprKind::YearlyGrowth { of, .. }
            | ExprKind::Doubles { of, .. }
            | ExprKind::In { of, .. }
            | ExprKind::Matches { of, .. }
            | ExprKind::Not(of)
            | ExprKind::Quantified { condition: of, .. }
            | ExprKind::Streak { condition: of, .. } => visit(of),
            ExprKind::Arithmetic { left, right, .. }
            | ExprKind::Compare { left, right, .. }
            | ExprKind::Implies(left, right) => {
                visit(left);
                visit(right);
            }
            ExprKind::Near { left, right, margin, .. } => {
                visit(left);
                visit(right);
                visit(margin);
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter_mut().for_each(visit),
        }
    }
}

impl Rule {
    /// The day from which on a case of this period must hold; before it, what does not is pending.
    pub fn due(&self, period: Period) -> Date {
        match self.deadline {
            None => period.last_day(),
            Some(Deadline::On(day)) => day,
            Some(Deadline::Submission) => Date::MIN,
        }
    }

    /// The day that 截止 names.
    pub fn named_day(&self) -> Option<Date> {
        match self.deadline {
            Some(Deadline::On(day)) => Some(day),
            Some(Deadline::Submission) | None => None,
        }
    }

    /// Is it too early for figures of this period? Not for a rule that is due whenever it is judged.
    pub fn awaits(&self, period: Period, as_of: Date) -> bool {
        as_of < period.first_day() && self.deadline != Some(Deadline::Submission)
    }
}

impl Comparison {
    /// Does a value that stands so to another meet the comparison?
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            Comparison::AtLeast => ordering.is_ge(),
            Comparison::AtMost => ordering.is_le(),
            Comparison::Above => ordering.is_gt(),
            Comparison::Below => ordering.is_lt(),
            Comparison::Equal => ordering.is_eq(),
            Comparison::NotEqual => ordering.is_ne(),
        }
    }

    /// `≥`
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::AtLeast => "≥",
            Comparison::AtMost => "≤",
            Comparison::Above => ">",
            Comparison::Below => "<",
            Comparison::Equal => "=",
            Comparison::NotEqual => "≠",
        }
    }

    /// The comparison seen from the other side.
    pub fn flipped(self) -> Comparison {
        match self {
            Comparison::AtLeast => Comparison::AtMost,
            Comparison::AtMost => Comparison::AtLeast,
            Comparison::Above => Comparison::Below,
            Comparison::Below => Comparison::Above,
            same => same,
        }
    }
}

/// What an expression is. Conditions have the type [`Type::Boolean`] and are evaluated in Kleene's logic.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// In base units.
    Number(Number),
    /// A text.
    Text(Arc<str>),
    /// 是, 否
    Boolean(bool),
    /// A day.
    Date(Date),
    /// A fixed period.
    Period(Period),
    /// The case's period.
    ThisPeriod,
    /// A level, as its index in the scale: greater is better.
    Level(ScaleId, usize),
    /// A cell of the row; only in row expressions: filters, [`Requirement::Rows`].
    Column(ColumnId),
    /// The case's member of a dimension, a text.
    Member(DimId),
    /// The value in force in the case's period.
    Standard(StandardId),
    /// An indicator's value for the case's members of its params and the case's period.
    Indicator(IndicatorId),
    /// Over the rows of a dataset in the case's period (if the dataset has periods), of the case's members of `scope`.
    Aggregate(Aggregate),
    /// Evaluates `of` in another period, or with other members.
    At {
        /// What.
        of: Box<Expr>,
        /// The period, if it changes.
        period: Option<PeriodRef>,
        /// Members that change, or are set.
        members: Vec<(DimId, String)>,
    },
    /// An aggregate over the values in a series of periods: Sum, Mean, Min, Max, or Count (periods with a value).
    Fold {
        /// Which; never Distinct or Share.
        function: Function,
        /// Evaluated in each period.
        of: Box<Expr>,
        /// The periods.
        periods: Vec<Period>,
    },
    /// −x
    Negate(Box<Expr>),
    /// On numbers; also date − date (in days).
    Arithmetic {
        /// + − × ÷
        operator: Arithmetic,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// A change against an earlier period. `(new − old) / old` is an error with a reason when old is 0 or negative.
    Change {
        /// Which.
        kind: Change,
        /// Of what; evaluated in both periods, unless `official` is set.
        of: Box<Expr>,
        /// The earlier period.
        since: PeriodRef,
        /// For growth and reduction: the plain indicator whose value in a period *is* the growth rate against the
        /// year before. Over several years the rates compound: Π(1 + rate) − 1.
        official: Option<IndicatorId>,
    },
    /// Compound yearly rate over the periods; the base is the period before the first. Stands only as the left side of a
    /// [`ExprKind::Compare`] (never with = or ≠), and is compared without taking roots.
    YearlyGrowth {
        /// Of what.
        of: Box<Expr>,
        /// The periods, at least one.
        periods: Vec<Period>,
        /// As in [`ExprKind::Change`].
        official: Option<IndicatorId>,
    },
    /// A comparison of two values of one type: comparable numbers, levels of one scale, dates, periods; = and ≠ also
    /// of texts and booleans.
    Compare {
        /// Which.
        operator: Comparison,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// |left − right| ≤ margin, or ≤ margin × |right| if relative.
    Near {
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
        /// In the sides' base units, or a ratio.
        margin: Box<Expr>,
        /// Which of the two.
        relative: bool,
    },
    /// `of ≥ 2^times × of[since]`
    Doubles {
        /// Of what.
        of: Box<Expr>,
        /// The earlier period.
        since: PeriodRef,
        /// How many times.
        times: u32,
    },
    /// The cell is not blank. Only on columns.
    Filled(ColumnId),
    /// No other row of the dataset has the same cells. Only as (part of) a row rule's condition.
    Unique(Vec<ColumnId>),
    /// Is one of a list.
    In {
        /// The value.
        of: Box<Expr>,
        /// The list.
        list: List,
    },
    /// Has a match anywhere in the text.
    Matches {
        /// The text.
        of: Box<Expr>,
        /// The pattern.
        pattern: Regex,
    },
    /// Only in row rules: the sum of `measure` over the rows that are children of this row along the hierarchy of
    /// `along`, and equal to it in all other dimensions.
    ChildrenSum {
        /// The measure.
        measure: ColumnId,
        /// The dimension with the hierarchy.
        along: ColumnId,
    },
    /// 非
    Not(Box<Expr>),
    /// 且; at least one.
    And(Vec<Expr>),
    /// 或; at least one.
    Or(Vec<Expr>),
    /// 如果 … 则 …: ¬a ∨ b
    Implies(Box<Expr>, Box<Expr>),
    /// The condition in every (or some) of the periods.
    Quantified {
        /// Every, or some.
        every: bool,
        /// The periods, at least one.
        periods: Vec<Period>,
        /// The condition.
        condition: Box<Expr>,
    },
    /// The condition in this period and the `times − 1` before it, of the same length.
    Streak {
        /// How many, at least 1 and at most 1000.
        times: u32,
        /// The length that the case's period must have, or the streak cannot be evaluated.
        step: Option<Granularity>,
        /// The condition.
        condition: Box<Expr>,
    },
}

/// A period, told absolutely or from the case's period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodRef {
    /// This one.
    Absolute(Period),
    /// Years back: 1 is 上年 (同期).
    YearsBack(u16),
    /// Periods back, of the same length: 1 is 上期.
    Back(u16),
}

impl PeriodRef {
    /// The period, seen from `period`; `None` outside the calendar.
    pub fn from(self, period: Period) -> Option<Period> {
        match self {
            PeriodRef::Absolute(absolute) => Some(absolute),
            PeriodRef::YearsBack(years) => period.plus_years(-i32::from(years)),
            PeriodRef::Back(count) => period.plus(-i32::from(count)),
        }
    }
}

pub use crate::syntax::ast::{Aggregate as Function, Change, Deadline};

/// An aggregate over the rows of a dataset.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// Unique in the suite: what a plan calls it by.
    pub id: AggregateId,
    /// Which. Share is the Sum over the filtered rows by the Sum over all rows of the same scope.
    pub function: Function,
    /// The dataset.
    pub dataset: DatasetId,
    /// A row expression; `None` for Count of rows.
    pub of: Option<Box<Expr>>,
    /// A row condition.
    pub filter: Option<Box<Expr>>,
    /// Columns that must equal the case's member of a dimension.
    pub scope: Vec<(ColumnId, DimId)>,
    /// Blank cells count as 0.
    pub blank_as_zero: bool,
}

/// Admissible values.
#[derive(Clone, Debug, PartialEq)]
pub enum List {
    /// Scalars.
    Values(Vec<Scalar>),
    /// The values of a column of a dataset, over all its rows.
    Column(DatasetId, ColumnId),
}

/// A test.
#[derive(Clone, Debug)]
pub struct Test {
    /// What it shows.
    pub title: String,
    /// The period its rules are judged in, if they name none.
    pub period: Option<Period>,
    /// 时点
    pub as_of: Option<Date>,
    /// What is submitted. Cells stay text here: the data room reads them as it reads a file's.
    pub tables: Vec<GivenTable>,
    /// Figures of plain indicators.
    pub figures: Vec<GivenFigure>,
    /// Values of standards, in base units, with the period they are in force in (`None`: all).
    pub standards: Vec<(StandardId, Option<Period>, Scalar)>,
    /// Waivers, of rules of the suite.
    pub waivers: Vec<GivenWaiver>,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// The declaration.
    pub span: Span,
}

/// A table that a test submits.
#[derive(Clone, Debug)]
pub struct GivenTable {
    /// The dataset.
    pub dataset: DatasetId,
    /// Heading and rows, as written.
    pub header: Vec<(String, Span)>,
    /// As wide as the heading.
    pub rows: Vec<Vec<(String, Span)>>,
}

/// A figure that a test submits.
#[derive(Clone, Debug)]
pub struct GivenFigure {
    /// A plain indicator.
    pub indicator: IndicatorId,
    /// `None`: the suite's own.
    pub region: Option<String>,
    /// `None`: the test's.
    pub period: Option<Period>,
    /// In base units.
    pub value: Scalar,
    /// As written, for evidence.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A waiver that a test gives.
#[derive(Clone, Debug)]
pub struct GivenWaiver {
    /// The rule.
    pub rule: RuleId,
    /// Members of the cases that it covers, of some of the rule's 对每个.
    pub members: BTreeMap<DimId, String>,
    /// The period of the cases that it covers; `None`: any.
    pub period: Option<Period>,
    /// The day it was approved; `None`: in force on the day of judging if not past `until`.
    pub from: Option<Date>,
    /// The last day it is in force.
    pub until: Date,
    /// Where it stands.
    pub span: Span,
}

/// An expected verdict.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The rule.
    pub rule: RuleId,
    /// Members that the case has (by the rule's 对每个), empty with no period: the rule's own verdict.
    pub members: BTreeMap<DimId, String>,
    /// The case's period.
    pub period: Option<Period>,
    /// The verdict.
    pub verdict: Verdict,
    /// Where it stands.
    pub span: Span,
}
