//! A fixed world of datasets (budgets, a chart of accounts, a list of departments, districts) with random code lists,
//! hierarchies, indicators and rules.

use duixian::quantity::{Granularity, Period, Scalar, Unit, Units};
use duixian::semantics::hir::*;

use super::{Entropy, plain, span};

pub const INDICATOR: DimId = DimId(1);
pub const DEPARTMENT: DimId = DimId(2);
pub const SUBJECT: DimId = DimId(3);
pub const PARENT: DimId = DimId(4);

pub const BUDGET: DatasetId = DatasetId(1);
pub const ACCOUNTS: DatasetId = DatasetId(2);
pub const ROSTER: DatasetId = DatasetId(3);
pub const DISTRICTS: DatasetId = DatasetId(4);

pub const RATIO: StandardId = StandardId(0);
pub const MONEY: StandardId = StandardId(1);
pub const GRADE: StandardId = StandardId(2);
pub const WORD: StandardId = StandardId(3);

pub const QUALITY: ScaleId = ScaleId(0);

/// Plain indicators come first in every suite.
pub const GDP: IndicatorId = IndicatorId(0);
pub const GDP_GROWTH: IndicatorId = IndicatorId(1);
pub const JOBS: IndicatorId = IndicatorId(2);
pub const WATER: IndicatorId = IndicatorId(3);
pub const DONE: IndicatorId = IndicatorId(4);
pub const OPENED: IndicatorId = IndicatorId(5);
pub const NOTE: IndicatorId = IndicatorId(6);
pub const PLAIN: usize = 7;

/// What the members of a dimension are called.
pub fn members(dim: DimId) -> &'static [&'static str] {
    match dim {
        REGION => &["本区", "东区", "西区"],
        DEPARTMENT => &["甲", "乙", "丙"],
        SUBJECT => &["1", "11", "12", "111", "2"],
        PARENT => &["1", "11", "2"],
        _ => &["生产总值", "生产总值增速", "就业"],
    }
}

/// Draws a suite.
pub struct Generator<'e, 'b> {
    pub entropy: &'e mut Entropy<'b>,
    pub suite: Suite,
    /// The run's period.
    pub period: Period,
    /// Dimensions that are bound where an expression is being drawn.
    pub bound: Vec<DimId>,
    /// Only what cannot be decided before a gap is filled and otherwise after: nothing asks whether a cell is blank,
    /// takes it for nothing, or looks for other rows.
    pub steady: bool,
}

pub fn money() -> Type {
    Type::Quantity(Units::default().resolve("万元").unwrap())
}

pub fn ratio() -> Type {
    Type::Quantity(Unit::percent())
}

fn column(name: &str, role: ColumnRole, ty: Type, dim: Option<DimId>) -> Column {
    Column { name: name.to_owned(), role, ty, dim, codes: None, hierarchy: None }
}

fn dataset(name: &str, columns: Vec<Column>) -> Dataset {
    let period = columns
        .iter()
        .position(|column| column.role == ColumnRole::Dimension && matches!(column.ty, Type::Period(_)))
        .map(ColumnId);
    Dataset { name: name.to_owned(), title: name.to_owned(), columns, period, key: Vec::new(), span: Some(span()) }
}

impl<'e, 'b> Generator<'e, 'b> {
    pub fn new(entropy: &'e mut Entropy<'b>) -> Self {
        let grain = entropy.weighted(&[
            (16, Granularity::Year),
            (3, Granularity::Quarter),
            (1, Granularity::Half),
            (1, Granularity::Month),
        ]);
        let year = entropy.weighted(&[(40, 2021), (1, 2)]);
        let period = Period::new(year, grain, 1).unwrap();
        let period = if entropy.chance(20) { period.plus(1).unwrap() } else { period };
        let suite = skeleton(entropy);
        Generator { entropy, suite, period, bound: Vec::new(), steady: false }
    }

    /// Periods near the run's, nearest first.
    pub fn near_periods(&self) -> Vec<Period> {
        let mut periods = vec![self.period];
        periods.extend(self.period.plus_years(-1));
        for step in [-1, -2, 1, -3] {
            periods.extend(self.period.plus(step).filter(|period| !periods.contains(period)));
        }
        periods
    }

    pub fn some_period(&mut self) -> Period {
        let periods = self.near_periods();
        self.entropy.pick(&periods)
    }

    /// A series that ends with the run's period, or near it.
    pub fn series(&mut self) -> Vec<Period> {
        let back = self.entropy.weighted(&[(2, 2), (1, 1), (1, 3)]);
        let end = if self.entropy.chance(20) { self.some_period() } else { self.period };
        let start = end.plus(1 - back).unwrap_or(end);
        start.to(end).unwrap()
    }

    pub fn period_ref(&mut self) -> PeriodRef {
        match self.entropy.below(20) {
            0..9 => PeriodRef::YearsBack(1),
            9..13 => PeriodRef::Back(1),
            13..15 => PeriodRef::YearsBack(2),
            15..18 => PeriodRef::Absolute(self.some_period()),
            18 => PeriodRef::Absolute(Period::new(2020, Granularity::Quarter, 1).unwrap()),
            _ => self.entropy.pick(&[PeriodRef::YearsBack(9999), PeriodRef::YearsBack(0), PeriodRef::Back(3)]),
        }
    }

    /// Declares indicators and rules of every kind.
    pub fn declare(&mut self) {
        for _ in 0..self.entropy.below(3) {
            self.computed_indicator();
        }
        for _ in 0..3 {
            self.rule();
        }
    }

    /// Declares an indicator that is computed.
    fn computed_indicator(&mut self) {
        let dims = [DEPARTMENT, SUBJECT, REGION];
        let params = self.entropy.some_of(&dims, 35);
        let outer = std::mem::replace(&mut self.bound, params.clone());
        let body = if self.entropy.chance(12) { self.condition(1) } else { self.number(2) };
        self.bound = outer;
        let name = format!("指标{}", self.suite.indicators.len());
        let ty = body.ty.clone();
        self.suite.indicators.push(indicator(&name, params, ty, Some(body)));
    }

    /// Declares a rule.
    fn rule(&mut self) {
        let for_each = self.entropy.weighted(&[
            (4, vec![]),
            (6, vec![DEPARTMENT]),
            (2, vec![SUBJECT]),
            (2, vec![DEPARTMENT, SUBJECT]),
            (2, vec![SUBJECT, DEPARTMENT]),
            (3, vec![REGION]),
            (1, vec![REGION, DEPARTMENT]),
        ]);
        let rows = self.entropy.chance(30);
        let (requirement, when, for_each) =
            if rows { self.row_requirement(for_each) } else { self.case_requirement(for_each) };
        self.push_rule(for_each, when, requirement);
    }

    /// Declares a rule with random periods and deadline.
    pub fn push_rule(&mut self, for_each: Vec<DimId>, when: Option<Expr>, requirement: Requirement) {
        let periods = match self.entropy.below(10) {
            0..5 => vec![],
            5..8 => vec![self.period],
            8 => vec![self.some_period()],
            _ => self.series(),
        };
        let deadline = self.entropy.chance(25).then(|| {
            let days = self.entropy.pick(&[Some(40i64), Some(-40), Some(0), Some(400), None]);
            days.map_or(Deadline::Submission, |days| {
                Deadline::On(self.period.last_day().checked_add(jiff::Span::new().days(days)).unwrap())
            })
        });
        self.suite.rules.push(Rule {
            id: format!("D{}", self.suite.rules.len()),
            title: "规则".to_owned(),
            cites: vec![],
            kind: Kind::Binding,
            owner: None,
            note: None,
            accepts: Vec::new(),
            deadline,
            for_each,
            periods,
            when,
            requirement,
            text: "要求".to_owned(),
            span: span(),
        });
    }

    fn case_requirement(&mut self, for_each: Vec<DimId>) -> (Requirement, Option<Expr>, Vec<DimId>) {
        self.bound.clone_from(&for_each);
        let when = self.entropy.chance(20).then(|| self.condition(0));
        let mut condition = self.condition(2);
        // A rule that draws on no dataset with its dimensions has no cases; there need not be many of these.
        for _ in 0..4 {
            if !self.names_members(&condition, &for_each) && !self.entropy.chance(5) {
                condition = self.condition(2);
            }
        }
        (Requirement::Case(condition), when, for_each)
    }

    /// Does an expression draw on a dataset that has all these dimensions?
    fn names_members(&self, e: &Expr, dims: &[DimId]) -> bool {
        let has = |dataset| dims.iter().all(|dim| self.column_of(dataset, *dim).is_some());
        let mut found = match &e.kind {
            ExprKind::Aggregate(aggregate) => has(aggregate.dataset),
            ExprKind::Indicator(id) => match &self.suite.indicators[id.0].body {
                Some(body) => self.names_members(body, dims),
                None => has(INDICATOR_TABLE),
            },
            _ => dims.is_empty(),
        };
        e.for_each_child(&mut |part| found |= self.names_members(part, dims));
        found
    }

    fn row_requirement(&mut self, for_each: Vec<DimId>) -> (Requirement, Option<Expr>, Vec<DimId>) {
        let dataset = self.entropy.weighted(&[(4, BUDGET), (4, ACCOUNTS), (1, ROSTER), (2, DISTRICTS)]);
        let for_each: Vec<DimId> = for_each.into_iter().filter(|dim| self.column_of(dataset, *dim).is_some()).collect();
        let when = self.entropy.chance(30).then(|| self.row_condition(dataset, 1, false));
        let condition = self.row_condition(dataset, 2, true);
        (Requirement::Rows { dataset, when, condition }, None, for_each)
    }

    pub fn column_of(&self, dataset: DatasetId, dim: DimId) -> Option<ColumnId> {
        self.suite.datasets[dataset.0].columns.iter().position(|column| column.dim == Some(dim)).map(ColumnId)
    }

    pub fn columns(&self, dataset: DatasetId, wanted: impl Fn(&Column) -> bool) -> Vec<ColumnId> {
        let columns = self.suite.datasets[dataset.0].columns.iter().enumerate();
        columns.filter(|(_, column)| wanted(column)).map(|(at, _)| ColumnId(at)).collect()
    }
}

fn indicator(name: &str, params: Vec<DimId>, ty: Type, body: Option<Expr>) -> Indicator {
    Indicator {
        name: name.to_owned(),
        title: name.to_owned(),
        params,
        ty,
        body,
        aliases: vec![],
        growth_from: None,
        blank_as_zero: false,
        nature: None,
        span: span(),
    }
}

fn skeleton(entropy: &mut Entropy<'_>) -> Suite {
    use ColumnRole::{Attribute, Dimension, Measure};
    let year = || Type::Period(None);
    let mut department = column("部门", Dimension, Type::Text, Some(DEPARTMENT));
    department.codes = match entropy.below(10) {
        0..5 => None,
        5..7 => Some(List::Values(vec![Scalar::text("甲"), Scalar::text("丁")])),
        _ => Some(List::Column(ROSTER, ColumnId(0))),
    };
    let mut subject = column("科目", Dimension, Type::Text, Some(SUBJECT));
    subject.codes = entropy.chance(25).then(|| List::Values(vec![Scalar::text("1"), Scalar::text("9")]));
    let mut code = column("科目", Dimension, Type::Text, Some(SUBJECT));
    code.hierarchy = Some(match entropy.below(4) {
        0 | 1 => Hierarchy::CodeLengths(vec![1, 2, 3]),
        2 => Hierarchy::CodeLengths(vec![1, 3]),
        _ => Hierarchy::Parent(ColumnId(4)),
    });
    code.codes = entropy.chance(15).then(|| List::Column(BUDGET, ColumnId(1)));
    let parent = if entropy.chance(30) {
        column("上级", Dimension, Type::Text, Some(PARENT))
    } else {
        column("上级", Attribute, Type::Text, None)
    };
    let mut region = column("区域", Dimension, Type::Text, Some(REGION));
    region.codes = match entropy.below(10) {
        0..6 => None,
        6..8 => Some(List::Values(vec![Scalar::text("东区"), Scalar::text("南区")])),
        _ => Some(List::Column(ROSTER, ColumnId(1))),
    };
    let table = dataset(
        "指标",
        vec![
            column("指标", Dimension, Type::Text, Some(INDICATOR)),
            column("区域", Dimension, Type::Text, Some(REGION)),
            column("期间", Dimension, year(), None),
            column("数值", Measure, Type::Text, None),
        ],
    );
    let budget = dataset(
        "预算",
        vec![
            department,
            subject,
            column("年度", Dimension, year(), None),
            column("金额", Measure, money(), None),
            column("人数", Measure, plain(), None),
            column("达标", Attribute, Type::Boolean, None),
            column("日期", Attribute, Type::Date, None),
            column("等级", Attribute, Type::Level(QUALITY), None),
            column("备注", Attribute, Type::Text, None),
        ],
    );
    let accounts = dataset(
        "科目表",
        vec![
            code,
            column("部门", Dimension, Type::Text, Some(DEPARTMENT)),
            column("年度", Dimension, year(), None),
            column("金额", Measure, money(), None),
            parent,
        ],
    );
    let roster = dataset(
        "名录",
        vec![
            column("部门", Dimension, Type::Text, Some(DEPARTMENT)),
            column("简称", Attribute, Type::Text, None),
            column("编制", Measure, plain(), None),
        ],
    );
    let districts =
        dataset("区县", vec![region, column("年度", Dimension, year(), None), column("数值", Measure, money(), None)]);
    let standard = |name: &str, ty: Type| Standard { name: name.to_owned(), title: name.to_owned(), ty, span: span() };
    let region_params = if entropy.chance(50) { vec![REGION] } else { vec![] };
    Suite {
        units: Units::default(),
        scales: vec![Scale { name: "水质".to_owned(), levels: ["劣", "中", "优"].map(str::to_owned).to_vec() }],
        standards: vec![
            standard("比例", ratio()),
            standard("限额", money()),
            standard("等级要求", Type::Level(QUALITY)),
            standard("字样", Type::Text),
        ],
        datasets: vec![table, budget, accounts, roster, districts],
        dims: ["区域", "指标", "部门", "科目", "上级"].map(str::to_owned).to_vec(),
        indicators: vec![
            indicator("生产总值", vec![], money(), None),
            indicator("生产总值增速", region_params.clone(), ratio(), None),
            indicator("就业", region_params, plain(), None),
            indicator("水质", vec![], Type::Level(QUALITY), None),
            indicator("完成", vec![REGION], Type::Boolean, None),
            indicator("开工", vec![], Type::Date, None),
            indicator("说明", vec![], Type::Text, None),
        ],
        rules: vec![],
        tests: vec![],
        aggregates: 0,
    }
}
