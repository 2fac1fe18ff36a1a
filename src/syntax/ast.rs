//! The tree of a rule file as it was written: names are text, units are text, nothing is resolved.
//!
//! Both spellings of the language give the same tree (up to spans), and so do full-width and half-width punctuation.

use jiff::civil::Date;

use crate::base::{FileId, Span};
use crate::quantity::{Decimal, Period};

/// A name, without its back quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A quoted text, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A rule file. What does not parse is left out of `decls`; its diagnostics are returned beside the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Which file.
    pub file: FileId,
    /// In source order.
    pub decls: Vec<Decl>,
}

/// A declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decl {
    /// 引用 / use
    Use(Use),
    /// 单位 / unit
    Unit(Unit),
    /// 标度 / scale
    Scale(Scale),
    /// 标准 / standard
    Standard(Standard),
    /// 数据集 / dataset
    Dataset(Dataset),
    /// 指标 / indicator
    Indicator(Indicator),
    /// 函数 / define
    Define(Define),
    /// 套件 / group
    Group(Group),
    /// 规则 / rule
    Rule(Rule),
    /// 测试 / test
    Test(Test),
    /// A declaration that did not parse, so that a name it would have declared is not reported as unknown.
    Error {
        /// The name after the keyword, when it could be read.
        name: Option<String>,
    },
}

/// `引用 "../common"`: another suite folder's declarations, relative to this suite's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The folder.
    pub path: Text,
}

/// `单位 家`, `单位 座 = 个`, `单位 公顷 = 10000 平方米`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The new unit.
    pub name: Name,
    /// How many of which other unit it is.
    pub definition: Option<(Option<Decimal>, UnitText)>,
}

/// A unit as written: `万元/人`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitText {
    /// The text, without spaces.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// `标度 水质: 劣Ⅴ类 < Ⅴ类 < …`, worst to best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The scale.
    pub name: Name,
    /// Its levels, worst first.
    pub levels: Vec<Name>,
}

/// `标准 市定失业率标准: %`, with an optional title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// The standard.
    pub name: Name,
    /// A title for reports.
    pub title: Option<Text>,
    /// A unit, a scale, or a type.
    pub ty: TypeText,
}

/// What stands behind the colon of a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeText {
    /// 文本 / text
    Text(Span),
    /// 是否 / boolean
    Boolean(Span),
    /// 日期 / date
    Date(Span),
    /// 年 / year, 半年 / half, 季 / quarter, 月 / month, 期间 / period: any reporting period of the named length
    /// (`None`: of any length).
    Period(Option<crate::quantity::Granularity>, Span),
    /// A unit, or the name of a scale: told apart when names are resolved.
    Named(UnitText),
}

/// `数据集 预算 "部门预算" 维度 … 度量 … 主键 …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// The dataset.
    pub name: Name,
    /// A title for reports.
    pub title: Option<Text>,
    /// Dimensions, measures and attributes in source order.
    pub columns: Vec<Column>,
    /// `主键 部门, 科目, 年度` / `key …`: together unique; checked when the data is read.
    pub key: Vec<Name>,
}

/// A column of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// 维度, 度量 or 属性.
    pub role: ColumnRole,
    /// The column.
    pub name: Name,
    /// Its type.
    pub ty: TypeText,
    /// `属于 名录.部门` or `属于 {"教育局", "卫健委"}`: its code list. Of a dimension it is the roster: every member has a case.
    pub codes: Option<ListExpr>,
    /// `上级 上级科目` / `parent X` or `级长 3/5/7` / `levels 3/5/7`: its hierarchy.
    pub hierarchy: Option<Hierarchy>,
}

/// SDMX's three roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    /// 维度
    Dimension,
    /// 度量
    Measure,
    /// 属性
    Attribute,
}

/// How the codes of a dimension stand over each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hierarchy {
    /// Another column names the parent's code.
    Parent(Name),
    /// A code's first n characters are its ancestor's code, for each n but the last.
    CodeLengths(Vec<u32>, Span),
}

/// `指标 公用经费(部门): 万元 = 合计 … 又称 … 增速取自 … 空值计零 时期数`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// The indicator.
    pub name: Name,
    /// A title for reports.
    pub title: Option<Text>,
    /// The dimensions it is computed for.
    pub params: Vec<Name>,
    /// Its unit or scale.
    pub ty: TypeText,
    /// How it is computed; `None`: read from the indicator table.
    pub body: Option<Expr>,
    /// 又称 / alias
    pub aliases: Vec<Name>,
    /// 增速取自 / growth from
    pub growth_from: Option<Name>,
    /// 空值计零 / blank as zero
    pub blank_as_zero: bool,
    /// 时期数 / flow, 时点数 / stock, and where that stands
    pub nature: Option<(Nature, Span)>,
}

/// The statistical terms for how a total stands to time: 时期指标 and 时点指标.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nature {
    /// 时期数: it adds up over a period, such as revenue. Figures of several periods add up.
    Flow,
    /// 时点数: the state at the end of a period, such as a population. Figures of several periods do not add up.
    Stock,
}

/// `函数 人均(x, n) = x / n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Define {
    /// The function.
    pub name: Name,
    /// Its parameters.
    pub params: Vec<Name>,
    /// Its body.
    pub body: Expr,
}

/// `套件 民生 "…" 期间 2021 性质 约束性 负责 "…"`: clauses for the rules that say `归属 民生`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The group.
    pub name: Name,
    /// A title for reports.
    pub title: Option<Text>,
    /// Only period, kind, owner, cites, deadline and note may stand here; others are reported by semantics.
    pub clauses: Vec<Clause>,
}

/// A commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id: `D210`.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// In source order.
    pub clauses: Vec<Clause>,
    /// The whole declaration.
    pub span: Span,
}

/// A clause of a rule or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// Where it stands, keyword included.
    pub span: Span,
}

/// What a clause says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClauseKind {
    /// 依据 D210, D211 / cites
    Cites(Vec<Name>),
    /// 对每个 部门, 科目 / for each
    ForEach(Vec<Name>),
    /// 期间 2021 · 期间 2021..2025 · 期间 2021Q1, 2021Q2 / period
    Period(Vec<PeriodSpan>),
    /// 每行 预算 / each row of budget
    EachRow(Name),
    /// 当 … / when
    When(Expr),
    /// 要求 … / require
    Require(Expr),
    /// 性质 约束性 / kind binding
    Kind(Kind),
    /// 归属 民生 / belongs to
    BelongsTo(Name),
    /// 负责 "财政局" / owner
    Owner(Text),
    /// 说明 "…" / note
    Note(Text),
    /// 认可 W0607 "…" / accept: a remark of `check`, and why it is as it should be
    Accept(Name, Text),
    /// 截止 2021-12-31, 截止 报送时 / deadline
    Deadline(Deadline),
}

/// The day from which on a requirement must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// This day.
    On(Date),
    /// 报送时 / on submission: whenever something is judged; never pending.
    Submission,
}

/// A period, or the periods from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodSpan {
    /// First.
    pub from: Period,
    /// Last; the same as `from` for a single period.
    pub to: Period,
    /// Where it stands.
    pub span: Span,
}

/// The planning system's terms for how much a target binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 约束性: only these fail a run.
    Binding,
    /// 预期性
    Expected,
    /// 提示
    Advisory,
}

/// `测试 "…" 期间 2021 给定 … 期望 …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// What it shows.
    pub title: Text,
    /// 期间
    pub period: Option<PeriodSpan>,
    /// 时点 2021-06-30 / as of
    pub as_of: Option<Date>,
    /// 给定 …
    pub given: Vec<Given>,
    /// 期望 …
    pub expect: Vec<Expectation>,
    /// The whole declaration.
    pub span: Span,
}

/// What a test submits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// `给定 预算` with a table; `给定 指标` (the keyword) is the built-in indicator table, its name then being `指标`.
    Table {
        /// The dataset.
        dataset: Name,
        /// The heading row.
        header: Vec<TableCell>,
        /// The rows below; each has as many cells as the heading (else it did not parse).
        rows: Vec<Vec<TableCell>>,
    },
    /// `给定 城镇登记失业率[2021] = 3.2%`, `给定 市定失业率标准 = 4%`: a plain indicator's figure or a standard's value.
    /// Also `给定 水质评价 = Ⅳ类` and `给定 X = "text"`.
    Value {
        /// The indicator or standard.
        name: Name,
        /// The period, if not the test's.
        period: Option<PeriodSpan>,
        /// `区域 = "南京市"` and the like.
        members: Vec<(Name, Text)>,
        /// A literal.
        value: Expr,
    },
    /// `给定 豁免 D210[信访局] 自 2021-03-01 至 2021-12-31` / `given waiver D210[…] from … until …`
    Waiver {
        /// The rule.
        rule: Name,
        /// Which of its cases; empty: all.
        case: Vec<CaseKey>,
        /// The day it was approved, when it is said.
        from: Option<Date>,
        /// The last day it is in force.
        until: Date,
        /// The whole clause.
        span: Span,
    },
}

/// A cell of a given table: its text as written, trimmed, without quotes if it was quoted. Empty: blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCell {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// `期望 D210[教育局, 2021] 不合格`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The rule.
    pub rule: Name,
    /// Which case: members (bare or quoted), and periods; empty: the rule's own verdict.
    pub case: Vec<CaseKey>,
    /// The verdict.
    pub verdict: Verdict,
    /// The whole clause.
    pub span: Span,
}

/// Part of a case's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseKey {
    /// `教育局`, `"教育局"`, or `部门 = "教育局"`.
    Member {
        /// The dimension, when it is said.
        dimension: Option<Name>,
        /// The member.
        member: Text,
    },
    /// `2021`
    Period(Period, Span),
}

/// The verdicts of section 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// 合格
    Pass,
    /// 不合格
    Fail,
    /// 缺数据
    Missing,
    /// 临界
    Borderline,
    /// 未到期
    Pending,
    /// 不适用
    NotApplicable,
    /// 豁免
    Waived,
    /// 出错
    Error,
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// `10%`, `2.8 万人`, `2,200 亿元`, `7`
    Number {
        /// The figure before its unit.
        value: Decimal,
        /// The unit behind it.
        unit: Option<UnitText>,
    },
    /// `"公用经费"`
    Text(String),
    /// 是 / true, 否 / false
    Boolean(bool),
    /// `2021-03-15`
    Date(Date),
    /// `2021Q1`, `2021-03`, `2021年`. A bare `2021` is a number, and becomes a year where a period is wanted.
    Period(Period),
    /// 本期 / this period: the case's period
    ThisPeriod,
    /// An indicator, dimension, column, standard, level or parameter.
    Name(String),
    /// `预算.金额`
    Field {
        /// The dataset.
        dataset: Name,
        /// The column.
        column: Name,
    },
    /// `人均(a, b)`
    Call {
        /// A function.
        function: Name,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `X[2020]`, `X[上年]`, `X[部门 = "教育局"]`, `X[2021..2025]`, `X[区域 = "南京市", 2020]`
    At {
        /// X
        of: Box<Expr>,
        /// In the brackets.
        selectors: Vec<Selector>,
    },
    /// `合计 预算.金额 当 科目 = "公用经费"`, `数量 项目 当 …`, `最大 X[2021..2025]`
    Aggregate {
        /// Which.
        function: Aggregate,
        /// What of: a field, a dataset's name (for 数量), or a series of periods.
        of: Box<Expr>,
        /// 当 …
        filter: Option<Box<Expr>>,
    },
    /// `下级合计 沿 科目` / `sum of children along subject`, in a row rule: of the measure it is compared with.
    ChildrenSum {
        /// The dimension with a hierarchy.
        along: Name,
    },
    /// `-x`
    Negate(Box<Expr>),
    /// `a + b`
    Arithmetic {
        /// + − × ÷
        operator: Arithmetic,
        /// a
        left: Box<Expr>,
        /// b
        right: Box<Expr>,
    },
    /// `X 增长`, `X 较 2015 压减`, `X 增加`: a value. The base is last year's same period unless said.
    Change {
        /// Which.
        kind: Change,
        /// X
        of: Box<Expr>,
        /// 较 …
        since: Option<PeriodRef>,
    },
    /// `X 年均增长 2016..2020`: a rate, compounded over the periods of the range, the base being the period before the first.
    YearlyGrowth {
        /// X
        of: Box<Expr>,
        /// The range.
        over: PeriodSpan,
    },
    /// `X 较 2015 翻 2 番`: a condition, X ≥ 2² × X\[2015\].
    Doubles {
        /// X
        of: Box<Expr>,
        /// 较 …
        since: PeriodRef,
        /// How many times; a whole number.
        times: Decimal,
    },
    /// `a ≥ b`, `a 达 b`, `a 在 b 以内`, `金额 = 总额 ± 0.5 万元`, `a = b 左右 2%`
    Compare {
        /// Which.
        operator: Comparison,
        /// a
        left: Box<Expr>,
        /// b
        right: Box<Expr>,
        /// ± or 左右; only with `=`.
        tolerance: Option<Tolerance>,
    },
    /// `a 在 95% 到 105% 之间`, both ends included
    Between {
        /// a
        of: Box<Expr>,
        /// Lower end.
        low: Box<Expr>,
        /// Upper end.
        high: Box<Expr>,
    },
    /// `a 已填` / `a is filled`
    Filled(Box<Expr>),
    /// `代码 唯一`, `(部门, 科目, 年度) 唯一` / unique
    Unique(Vec<Name>),
    /// `科目 属于 {"a", "b"}`, `部门 属于 名录.部门` / in
    In {
        /// The tested value.
        of: Box<Expr>,
        /// The list.
        list: ListExpr,
    },
    /// `代码 匹配 "^[0-9]+$"` / matches
    Matches {
        /// The tested value.
        of: Box<Expr>,
        /// A regular expression.
        pattern: Text,
    },
    /// `A 先于 B` / before
    Before(Box<Expr>, Box<Expr>),
    /// `非 a` / not
    Not(Box<Expr>),
    /// `a 且 b 且 c` / and: flat, at least two
    And(Vec<Expr>),
    /// `a 或 b` / or: flat, at least two
    Or(Vec<Expr>),
    /// `如果 a 则 b` / if a then b
    Implies(Box<Expr>, Box<Expr>),
    /// `每个 期间 2021..2025 要求 …` / every period … require …; `存在 期间 2021..2025 要求 …` / some period …;
    /// `全部 X[2021..2025] ≥ 80%` / all, `存在 X[2021..2025] ≥ 80%` / some.
    Quantified {
        /// Every, or some.
        every: bool,
        /// The periods, when they are said; else they stand in the condition as a series.
        over: Option<PeriodSpan>,
        /// The condition.
        condition: Box<Expr>,
    },
    /// `连续 3 年 …` / 3 in a row …: holds in this period and the ones before it.
    Streak {
        /// How many periods; a whole number.
        times: Decimal,
        /// 年, 季 or 月, when it is said; 次 and 期 say nothing.
        step: Option<crate::quantity::Granularity>,
        /// The condition.
        condition: Box<Expr>,
    },
}

/// In the brackets behind an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `2020`, `上年`
    Period(PeriodRef),
    /// `2021..2025`
    Range(PeriodSpan),
    /// `部门 = "教育局"`
    Member(Name, Text),
}

/// A period, told absolutely or from the case's period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodRef {
    /// Which.
    pub kind: PeriodRefKind,
    /// Where it stands.
    pub span: Span,
}

/// See [`PeriodRef`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodRefKind {
    /// `2020`
    Absolute(Period),
    /// 上年 / last year (also 上年同期): the same period of the year before
    LastYear,
    /// 上期 / previous period: the period before, of the same length
    Previous,
    /// 本期 / this period
    This,
}

/// Over rows, or over a series of periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// 合计 / sum
    Sum,
    /// 数量 / count
    Count,
    /// 不同数量 / distinct
    Distinct,
    /// 平均 / mean
    Mean,
    /// 最大 / max
    Max,
    /// 最小 / min
    Min,
    /// 占比 / share: the sum over the filtered rows by the sum over all
    Share,
}

/// + − × ÷
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-` `−`
    Subtract,
    /// `*` `×`
    Multiply,
    /// `/` `÷`
    Divide,
}

/// Changes between two periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// 增长 / grows: (new − old) / old
    Growth,
    /// 压减, 下降 / reduced: (old − new) / old
    Reduction,
    /// 增加 / increases: new − old
    Increase,
    /// 减少 / decreases: old − new
    Decrease,
}

/// Comparisons. Words carry the meaning of Civil Code art. 1259: 以上, 以下, 以内, 达 include the number; 超过, 突破, 不满 exclude it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// ≥ 不低于 不少于 达 达到 以上
    AtLeast,
    /// ≤ 不超过 不高于 不多于 以下 以内
    AtMost,
    /// > 超过 突破 高于 多于 大于
    Above,
    /// < 低于 不满 少于 小于
    Below,
    /// = 等于 为
    Equal,
    /// ≠ 不等于
    NotEqual,
}

/// How far an equality may be off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// `± 0.5 万元`
    Absolute(Box<Expr>),
    /// `左右 2%`: of the right side's absolute value
    Relative(Box<Expr>),
}

/// A list of admissible values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListExpr {
    /// `{"a", "b"}`: literals
    Values(Vec<Expr>, Span),
    /// `名录.部门`
    Column {
        /// The dataset.
        dataset: Name,
        /// The column.
        column: Name,
    },
}
