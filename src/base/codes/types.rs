//! Codes of this area: units, types and periods that do not go together.

use super::super::Severity;
use super::CodeInfo;

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[
    &MIXED_UNITS,
    &POINTS,
    &BARE_NUMBER,
    &UNKNOWN_UNIT,
    &MIXED_TYPES,
    &LEVEL,
    &ORDER,
    &NOT_A_CONDITION,
    &GROWTH_OF_RATIO,
    &NOT_NUMERIC,
    &NO_PERIOD,
    &SERIES,
    &RANGE,
    &YEARLY,
    &TOLERANCE,
    &TIMES,
    &REGEX,
    &AGGREGATE,
    &DECLARED,
    &CHILDREN,
    &LITERAL,
    &NATURE,
    &SUM_OF_STOCKS,
];

/// Quantities of different units are mixed.
pub static MIXED_UNITS: CodeInfo = CodeInfo {
    code: "E0301",
    severity: Severity::Error,
    title: ("单位不同的量混在一起", "quantities of different units are mixed"),
    page: (
        r#"元与人、户与人次是不同的量，不能比较，也不能加减。亿元、万元与元之间会自动换算。不同的量可以相乘除，得到元/人这样的
复合单位。

错误：
    指标 收入: 亿元
    规则 D1
        要求 收入 ≥ 5 万人
正确：
    规则 D1
        要求 收入 ≥ 5 亿元
"#,
        r#"元 and 人, 户 and 人次 are different things: they do not compare and do not add up. 亿元, 万元 and 元 convert by themselves.
Different quantities may be multiplied and divided, which gives units such as 元/人.

Wrong:
    indicator revenue: 亿元
    rule D1
        require revenue ≥ 5 万人
Right:
    rule D1
        require revenue ≥ 5 亿元
"#,
    ),
};

/// Percentage points and percentages are mixed.
pub static POINTS: CodeInfo = CodeInfo {
    code: "E0302",
    severity: Severity::Error,
    title: ("百分点与百分数混用", "percentage points and percentages are mixed"),
    page: (
        r#"相对变化（增长、压减）是比率，用 %。百分点是两个比率之差：失业率从 3% 到 5%，增加 2 百分点，而相对增长约 67%。两者不
能比较。

错误：
    要求 公用经费 压减 ≥ 7 百分点
    要求 失业率 减少 ≥ 1%
正确：
    要求 公用经费 压减 ≥ 7%
    要求 失业率 减少 ≥ 1 百分点
"#,
        r#"A relative change (grows, reduced) is a ratio, in %. Percentage points are a difference of two ratios: from 3% to 5%
unemployment increases by 2 百分点, and grows by about 67%. The two do not compare.

Wrong:
    require running_costs reduced ≥ 7 百分点
    require unemployment decreases ≥ 1%
Right:
    require running_costs reduced ≥ 7%
    require unemployment decreases ≥ 1 百分点
"#,
    ),
};

/// A figure has no unit.
pub static BARE_NUMBER: CodeInfo = CodeInfo {
    code: "E0303",
    severity: Severity::Error,
    title: ("数没有写单位", "a figure has no unit"),
    page: (
        r#"有单位的量只与有单位的数比较，免得把万元读成元、把 7 读成 700%。只有 0 可以不写单位。

错误：
    要求 新增企业 ≥ 2
    要求 公用经费 压减 ≥ 7
正确：
    要求 新增企业 ≥ 2 家
    要求 公用经费 压减 ≥ 7%
"#,
        r#"A quantity with a unit compares with figures that have one, lest 万元 be read as 元, or 7 as 700%. Only 0 goes without.

Wrong:
    require new_firms ≥ 2
    require running_costs reduced ≥ 7
Right:
    require new_firms ≥ 2 家
    require running_costs reduced ≥ 7%
"#,
    ),
};

/// An unknown unit.
pub static UNKNOWN_UNIT: CodeInfo = CodeInfo {
    code: "E0304",
    severity: Severity::Error,
    title: ("没有这个单位", "an unknown unit"),
    page: (
        r#"货币、人、户、面积、长度、质量、时间的常用单位是现成的，前面可以加万、亿。别的计数单位先声明，冒号后面也可以写标度的
名称。

错误：
    指标 新建基站: 做
正确：
    单位 座 = 个
    指标 新建基站: 座
"#,
        r#"Common units of money, people, households, area, length, mass and time are there, and take 万 or 亿 before them. Declare
others first; behind the colon the name of a scale may stand, too.

Wrong:
    indicator stations: 做
Right:
    unit 座 = 个
    indicator stations: 座
"#,
    ),
};

/// Values of different kinds are mixed.
pub static MIXED_TYPES: CodeInfo = CodeInfo {
    code: "E0305",
    severity: Severity::Error,
    title: ("不同类的值混在一起", "values of different kinds are mixed"),
    page: (
        r#"数与数、文本与文本、日期与日期、期间与期间才能比较。文本写在引号里；数、日期、期间不加引号。

错误：
    每行 项目 要求 开工日期 ≤ "2021-06-30"
正确：
    每行 项目 要求 开工日期 ≤ 2021-06-30
"#,
        r#"Figures compare with figures, texts with texts, dates with dates, periods with periods. Texts go in quotes; figures,
dates and periods do not.

Wrong:
    each row of projects require started ≤ "2021-06-30"
Right:
    each row of projects require started ≤ 2021-06-30
"#,
    ),
};

/// A level that does not fit.
pub static LEVEL: CodeInfo = CodeInfo {
    code: "E0306",
    severity: Severity::Error,
    title: ("级别用得不对", "a level that does not fit"),
    page: (
        r#"级别要是所比较的那个标度里的，照声明写，不加引号；两个标度的级别不能比较。

错误：
    标度 水质: 劣Ⅴ类 < Ⅴ类 < Ⅳ类
    指标 秦淮河水质: 水质
    规则 D1
        要求 秦淮河水质 ≥ "Ⅳ类"
正确：
    规则 D1
        要求 秦淮河水质 ≥ Ⅳ类
"#,
        r#"A level is one of the scale that it is compared with, as declared and without quotes; levels of two scales do not
compare.

Wrong:
    scale quality: bad < fair < good
    indicator river: quality
    rule D1
        require river ≥ "fair"
Right:
    rule D1
        require river ≥ fair
"#,
    ),
};

/// There is no more or less here.
pub static ORDER: CodeInfo = CodeInfo {
    code: "E0307",
    severity: Severity::Error,
    title: ("没有大小之分", "there is no more or less here"),
    page: (
        r#"文本和是否只能问是否相同（`=`、`≠`、`属于`）。要分高低，先用 `标度` 说明次序。

错误：
    每行 项目 要求 评级 ≥ "良"        # 评级: 文本
正确：
    标度 等次: 差 < 中 < 良 < 优
    每行 项目 要求 评级 ≥ 良           # 评级: 等次
"#,
        r#"Of texts and yes-or-no values one may only ask whether they are the same (`=`, `≠`, `in`). For an order, declare a
`scale`.

Wrong:
    each row of projects require grade ≥ "good"        # grade: text
Right:
    scale grades: poor < fair < good
    each row of projects require grade ≥ good            # grade: grades
"#,
    ),
};

/// A condition is wanted.
pub static NOT_A_CONDITION: CodeInfo = CodeInfo {
    code: "E0308",
    severity: Severity::Error,
    title: ("这里要写条件", "a condition is wanted"),
    page: (
        r#"`要求`、`当`、`且`、`或`、`非` 后面是成立或不成立的条件。单独一个数不是条件，要与界限比较。

错误：
    要求 公用经费
正确：
    要求 公用经费 ≤ 100 万元
"#,
        r#"What follows `require`, `when`, `and`, `or` and `not` holds or does not. A figure alone is no condition; compare it
with a limit.

Wrong:
    require running_costs
Right:
    require running_costs ≤ 100 万元
"#,
    ),
};

/// Ratios are not said to grow.
pub static GROWTH_OF_RATIO: CodeInfo = CodeInfo {
    code: "E0309",
    severity: Severity::Error,
    title: ("比率不用增长、压减", "ratios are not said to grow"),
    page: (
        r#"失业率“下降 2%”，有人读作降 2 个百分点，有人读作降到原来的 98%。所以比率的变化只用 `增加`、`减少`，以百分点计。

错误：
    要求 失业率 下降 ≥ 2%
正确：
    要求 失业率 减少 ≥ 2 百分点
"#,
        r#"That a rate "falls by 2%" is read as 2 percentage points by some, and as a fall to 98% of what it was by others. So
the change of a ratio is told with `increases` and `decreases`, in 百分点.

Wrong:
    require unemployment falls ≥ 2%
Right:
    require unemployment decreases ≥ 2 百分点
"#,
    ),
};

/// Only figures are computed with.
pub static NOT_NUMERIC: CodeInfo = CodeInfo {
    code: "E0310",
    severity: Severity::Error,
    title: ("不是数，不能计算", "only figures are computed with"),
    page: (
        r#"加减乘除、增减变化、翻番只用于数。两个日期可以相减，得到天数。

错误：
    要求 秦淮河水质 增加 ≥ 1
正确：
    要求 秦淮河水质 ≥ Ⅲ类
"#,
        r#"Only figures are added, multiplied, or said to grow. A date may be subtracted from another, which gives days.

Wrong:
    require river_quality increases ≥ 1
Right:
    require river_quality ≥ fair
"#,
    ),
};

/// The data has no periods.
pub static NO_PERIOD: CodeInfo = CodeInfo {
    code: "E0311",
    severity: Severity::Error,
    title: ("数据没有期间", "the data has no periods"),
    page: (
        r#"变化、别的期间、连续几期，都要数据里有期间。所用的数据集没有期间维度，就无从比较。

错误：
    数据集 名录
        维度 部门: 文本
    指标 部门数: 个 = 数量 名录
    规则 D1
        要求 部门数 增长 ≤ 5%
正确：
    数据集 名录
        维度 部门: 文本
        维度 年度: 年
"#,
        r#"A change, another period, several periods in a row: all need periods in the data. A dataset without a dimension of
periods has nothing to compare with.

Wrong:
    dataset roster
        dimension department: text
    indicator departments: 个 = count roster
    rule D1
        require departments grows ≤ 5%
Right:
    dataset roster
        dimension department: text
        dimension year: year
"#,
    ),
};

/// A series of periods in the wrong place.
pub static SERIES: CodeInfo = CodeInfo {
    code: "E0312",
    severity: Severity::Error,
    title: ("一串期间用错了地方", "a series of periods in the wrong place"),
    page: (
        r#"`X[2021..2025]` 是五个数。要说明怎样用：每一期都要（`全部`）、至少一期（`存在`），或者合计、平均、最大、最小。一个条
件里的各段期间要相同。

错误：
    要求 覆盖率[2021..2025] ≥ 80%
正确：
    要求 全部 覆盖率[2021..2025] ≥ 80%
"#,
        r#"`X[2021..2025]` is five figures. Say what is to be done with them: every one (`all`), at least one (`some`), or their
sum, mean, max or min. All ranges of one condition are the same.

Wrong:
    require coverage[2021..2025] ≥ 80%
Right:
    require all coverage[2021..2025] ≥ 80%
"#,
    ),
};

/// Periods that do not fit.
pub static RANGE: CodeInfo = CodeInfo {
    code: "E0313",
    severity: Severity::Error,
    title: ("期间写得不对", "periods that do not fit"),
    page: (
        r#"一段期间的两端长短相同，先早后晚，最多 1000 期；年均增长按年度；方括号里期间和每个维度各写一次。

错误：
    期间 2025..2021
    期间 2021Q1..2025
正确：
    期间 2021..2025
    期间 2021Q1..2025Q4
"#,
        r#"Both ends of a range are of one length, the earlier first, with at most 1000 periods between them; yearly growth is
over years; brackets name one period, and one member of a dimension.

Wrong:
    period 2025..2021
    period 2021Q1..2025
Right:
    period 2021..2025
    period 2021Q1..2025Q4
"#,
    ),
};

/// A yearly rate in the wrong place.
pub static YEARLY: CodeInfo = CodeInfo {
    code: "E0314",
    severity: Severity::Error,
    title: ("年均增长用错了地方", "a yearly rate in the wrong place"),
    page: (
        r#"年均增长率要开方，一般不是有限小数；为了准确，只拿它与界限比大小，不开方。所以它只能直接作 `≥ ≤ > <` 的一边。

错误：
    要求 产值 年均增长 2016..2020 = 8%
    要求 (产值 年均增长 2016..2020) + 1% ≥ 8%
正确：
    要求 产值 年均增长 2016..2020 ≥ 8%
    要求 产值 年均增长 2016..2020 ≥ 7%
"#,
        r#"A compound rate is a root, and seldom a finite decimal. To stay exact it is compared with a limit without taking the
root; so it stands only as one side of `≥ ≤ > <`.

Wrong:
    require output grows yearly 2016..2020 = 8%
    require (output grows yearly 2016..2020) + 1% ≥ 8%
Right:
    require output grows yearly 2016..2020 ≥ 8%
    require output grows yearly 2016..2020 ≥ 7%
"#,
    ),
};

/// A tolerance that does not fit.
pub static TOLERANCE: CodeInfo = CodeInfo {
    code: "E0315",
    severity: Severity::Error,
    title: ("误差的单位不对", "a tolerance that does not fit"),
    page: (
        r#"`±` 后面的误差与两边同单位（比率用百分点）；`左右` 后面是百分数，按右边的值计算。

错误：
    要求 支出 = 总额 ± 0.5
    要求 支出 = 总额 ± 2%
正确：
    要求 支出 = 总额 ± 0.5 万元
    要求 支出 = 总额 左右 2%
"#,
        r#"The margin behind `±` is in the unit of the two sides (in 百分点 for ratios); the one behind `about` is a percentage of
the right side.

Wrong:
    require spent = total ± 0.5
    require spent = total ± 2%
Right:
    require spent = total ± 0.5 万元
    require spent = total about 2%
"#,
    ),
};

/// A count out of bounds.
pub static TIMES: CodeInfo = CodeInfo {
    code: "E0316",
    severity: Severity::Error,
    title: ("次数超出范围", "a count out of bounds"),
    page: (
        r#"翻番的次数是 1 到 64 的整数，连续的次数是 1 到 1000 的整数。

错误：
    要求 产值 较 2015 翻 100 番
正确：
    要求 产值 较 2015 翻 2 番
"#,
        r#"The number of doublings is a whole number from 1 to 64, and the number in a row one from 1 to 1000.

Wrong:
    require output since 2015 doubles 100 times
Right:
    require output since 2015 doubles 2 times
"#,
    ),
};

/// Not a regular expression.
pub static REGEX: CodeInfo = CodeInfo {
    code: "E0317",
    severity: Severity::Error,
    title: ("正则表达式不对", "not a regular expression"),
    page: (
        r#"`匹配` 后面是正则表达式：括号要成对，符号本身前面加 `\`，展开后不能太大。要匹配整个值，用 `^` 和 `$` 括起来。

错误：
    每行 项目 要求 代码 匹配 "[0-9"
正确：
    每行 项目 要求 代码 匹配 "^[0-9]{6}$"
"#,
        r#"What follows `matches` is a regular expression: brackets come in pairs, a sign meant as itself has `\` before it, and
it must not be too large. Put `^` and `$` around it to match the whole value.

Wrong:
    each row of projects require code matches "[0-9"
Right:
    each row of projects require code matches "^[0-9]{6}$"
"#,
    ),
};

/// This cannot be aggregated so.
pub static AGGREGATE: CodeInfo = CodeInfo {
    code: "E0318",
    severity: Severity::Error,
    title: ("不能这样统计", "this cannot be aggregated so"),
    page: (
        r#"合计、平均、占比用于数；最大、最小也用于日期和级别；数量、不同数量用于任何列。占比要有筛选条件。指标只有一个数，要统
计几期时写 `[2021..2025]`。

错误：
    指标 甲: 万元 = 合计 预算.部门
    指标 乙: % = 占比 预算.金额
正确：
    指标 甲: 个 = 不同数量 预算.部门
    指标 乙: % = 占比 预算.金额 当 科目 = "公用经费"
"#,
        r#"Sum, mean and share are for figures, max and min also for dates and levels, count and distinct for any column. A share
has a filter. An indicator is one figure; for several periods write `[2021..2025]`.

Wrong:
    indicator a: 万元 = sum budget.department
    indicator b: % = share budget.amount
Right:
    indicator a: 个 = distinct budget.department
    indicator b: % = share budget.amount where subject = "running"
"#,
    ),
};

/// The formula does not fit the declared unit.
pub static DECLARED: CodeInfo = CodeInfo {
    code: "E0319",
    severity: Severity::Error,
    title: ("算式与声明的单位不符", "the formula does not fit the declared unit"),
    page: (
        r#"冒号后面声明的单位，要与算式得出的同属一种量。数量可以声明为任何计数单位（家、人、件）。

错误：
    指标 人均收入: 万元 = 收入 / 人口
正确：
    指标 人均收入: 万元/人 = 收入 / 人口
"#,
        r#"The unit behind the colon is of the kind that the formula gives. A count may be declared in any counting unit (家, 人,
件).

Wrong:
    indicator per_head: 万元 = income / people
Right:
    indicator per_head: 万元/人 = income / people
"#,
    ),
};

/// A sum of children that does not fit.
pub static CHILDREN: CodeInfo = CodeInfo {
    code: "E0320",
    severity: Severity::Error,
    title: ("下级合计用得不对", "a sum of children that does not fit"),
    page: (
        r#"`下级合计 沿 科目` 与一个度量直接比较，科目要声明上下级（`上级 列` 或 `级长 3/5/7`）。

错误：
    每行 预算 要求 (下级合计 沿 科目) × 2 ≥ 金额
正确：
    每行 预算 要求 金额 = 下级合计 沿 科目 ± 0.01 万元
"#,
        r#"`sum of children along subject` is compared with a measure directly, and the subject declares its hierarchy (`parent
COLUMN` or `levels 3/5/7`).

Wrong:
    each row of budget require (sum of children along subject) × 2 ≥ amount
Right:
    each row of budget require amount = sum of children along subject ± 0.01 万元
"#,
    ),
};

/// A plain value is wanted.
pub static LITERAL: CodeInfo = CodeInfo {
    code: "E0321",
    severity: Severity::Error,
    title: ("这里要写确定的值", "a plain value is wanted"),
    page: (
        r#"列表里、测试给定的值里，只写确定的值：数、文本、日期、期间、级别。列表不能是空的。

错误：
    每行 预算 要求 科目 属于 {公用经费, 人员经费}
正确：
    每行 预算 要求 科目 属于 {"公用经费", "人员经费"}
"#,
        r#"Lists and given values hold plain values: figures, texts, dates, periods, levels. A list is not empty.

Wrong:
    each row of budget require subject in {running, staff}
Right:
    each row of budget require subject in {"running", "staff"}
"#,
    ),
};

/// A flow or a stock that cannot be one.
pub static NATURE: CodeInfo = CodeInfo {
    code: "E0322",
    severity: Severity::Error,
    title: ("这个指标不能是时期数或时点数", "an indicator that cannot be a flow or a stock"),
    page: (
        r#"时期数是一段时间里累计的总量（收入、投资额、新增就业），各期可以相加；时点数是期末的状态（人口、企业户数、绿化覆盖率），
各期不能相加。比率不会累计，不能是时期数；级别、文本、日期两者都不是。

错误：
    指标 优良天数占比: % 时期数
正确：
    指标 优良天数: 天 时期数
    指标 绿化覆盖率: % 时点数
"#,
        r#"A flow adds up over a period (revenue, investment, new jobs), and figures of several periods add up. A stock is the
state at the end of a period (population, firms, green coverage), and they do not. A ratio does not add up and cannot be a
flow; levels, texts and dates are neither.

Wrong:
    indicator good_air_days: % flow
Right:
    indicator good_days: 天 flow
    indicator green_coverage: % stock
"#,
    ),
};

/// Stocks of several periods are added up.
pub static SUM_OF_STOCKS: CodeInfo = CodeInfo {
    code: "E0323",
    severity: Severity::Error,
    title: ("时点数不能跨期相加", "stocks of several periods do not add up"),
    page: (
        r#"时点数是期末的状态，把几个期末的数加起来没有意义：五年的年末人口相加，不是任何人口。要的是期末数，写最后一期；要的是各期
的平均、最高、最低，写 `平均`、`最大`、`最小`；要的是增加了多少，写 `增加`。指标如果其实是一段时间里的累计，声明为 `时期数`。

错误：
    指标 人口: 万人 时点数
    规则 R
        要求 合计 人口[2021..2025] ≥ 500 万人
正确：
    规则 R
        要求 人口[2025] ≥ 100 万人
"#,
        r#"A stock is the state at the end of a period, and the sum of several of them means nothing: the populations of five
years do not add up to any population. For the last state name the last period; for the mean, highest or lowest write
`mean`, `max` or `min`; for the change write `increases`. If the figure does add up over a period, declare it a `flow`.

Wrong:
    indicator population: 万人 stock
    rule R
        require sum population[2021..2025] >= 500 万人
Right:
    rule R
        require population[2025] >= 100 万人
"#,
    ),
};
