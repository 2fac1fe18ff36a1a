//! Codes of this area: names that mean nothing, or not what is wanted; declarations that do not fit together.

use super::super::Severity;
use super::CodeInfo;

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[
    &UNKNOWN_NAME,
    &DUPLICATE,
    &MISSING_SPACE,
    &CYCLE,
    &CHAIN,
    &UNBOUND,
    &UNKNOWN_DIMENSION,
    &NO_DATASET,
    &UNUSED_PARAM,
    &UNKNOWN_CITATION,
    &WRONG_KIND,
    &DUPLICATE_CLAUSE,
    &MISSING_CLAUSE,
    &FORBIDDEN_CLAUSE,
    &COLUMN_ALONE,
    &NOT_IN_ROWS,
    &ROWS_ONLY,
    &CALL,
    &RECURSION,
    &EXPANSION,
    &DATASET,
    &UNKNOWN_COLUMN,
    &NO_DIMENSION,
    &PLAIN_PARAM,
    &GROWTH_FROM,
    &GIVEN,
    &EXPECT,
    &UNUSED,
    &DECEPTIVE,
    &LOOK_ALIKE,
    &SHADOWED,
];

/// An unknown name.
pub static UNKNOWN_NAME: CodeInfo = CodeInfo {
    code: "E0201",
    severity: Severity::Error,
    title: ("没有这个名称", "an unknown name"),
    page: (
        r#"规则里用到的指标、标准、数据集、套件和规则，都要在本套规则（或它引用的规则）的某个文件里声明，写法一字不差。筛选条件
和每行的条件里，名称首先是本数据集的列。文本要写在引号里。

错误：
    指标 城镇登记失业率: %
    规则 D1
        要求 城镇失业率 ≤ 5%
正确：
    指标 城镇登记失业率: %
    规则 D1
        要求 城镇登记失业率 ≤ 5%
"#,
        r#"Every indicator, standard, dataset, group and rule that is used is declared in some file of the suite (or of one that
it uses), spelled the same way. In filters and row rules a name is first of all a column of that dataset. Texts go in
quotes.

Wrong:
    indicator unemployment: %
    rule D1
        require unemploymnt ≤ 5%
Right:
    indicator unemployment: %
    rule D1
        require unemployment ≤ 5%
"#,
    ),
};

/// A name is declared twice.
pub static DUPLICATE: CodeInfo = CodeInfo {
    code: "E0202",
    severity: Severity::Error,
    title: ("名称重复", "a name is declared twice"),
    page: (
        r#"一套规则的所有文件共用一张名称表：标度、标准、数据集、指标（连同“又称”）、函数、套件、规则不能重名。单位、一个标度
的级别、一个数据集的列各自不能重复。

错误：
    指标 高新技术企业: 家
    指标 科技企业: 家 又称 高新技术企业
正确：
    指标 高新技术企业: 家 又称 高企
    指标 科技企业: 家
"#,
        r#"All files of a suite share one table of names: scales, standards, datasets, indicators and their aliases, functions,
groups and rules must differ. So must units among themselves, the levels of a scale, and the columns of a dataset.

Wrong:
    indicator firms: 家
    indicator companies: 家 alias firms
Right:
    indicator firms: 家 alias enterprises
    indicator companies: 家
"#,
    ),
};

/// A space is missing between a name and a keyword.
pub static MISSING_SPACE: CodeInfo = CodeInfo {
    code: "E0203",
    severity: Severity::Error,
    title: ("名称与关键字之间少了空格", "a space is missing between a name and a keyword"),
    page: (
        r#"连写的汉字是一个名称，所以名称与关键字之间要留空格。

错误：
    要求 公用经费压减 ≥ 10%
正确：
    要求 公用经费 压减 ≥ 10%
"#,
        r#"A run of Chinese characters is one name, so there is a space between a name and a keyword.

Wrong:
    require 公用经费压减 ≥ 10%
Right:
    require 公用经费 压减 ≥ 10%
"#,
    ),
};

/// Something rests on itself.
pub static CYCLE: CodeInfo = CodeInfo {
    code: "E0204",
    severity: Severity::Error,
    title: ("绕了一圈又用到自己", "something rests on itself"),
    page: (
        r#"指标的算式不能直接或间接用到指标自己，单位也不能由自己定义，否则永远算不出来。

错误：
    指标 甲: 万元 = 乙 × 2
    指标 乙: 万元 = 甲 / 2
正确：
    指标 甲: 万元 = 乙 × 2
    指标 乙: 万元
"#,
        r#"The formula of an indicator cannot use the indicator itself, directly or by way of others; nor can a unit be defined
through itself. It could never be computed.

Wrong:
    indicator a: 万元 = b × 2
    indicator b: 万元 = a / 2
Right:
    indicator a: 万元 = b × 2
    indicator b: 万元
"#,
    ),
};

/// The chain of indicators is too long.
pub static CHAIN: CodeInfo = CodeInfo {
    code: "E0205",
    severity: Severity::Error,
    title: ("指标的链条太长", "the chain of indicators is too long"),
    page: (
        r#"一个指标用到另一个，那一个又用到下一个，最多 100 层。更长的链条，人无从核对。

错误：
    指标 a101: 元 = a100 × 1
    （依次直到 a1）
正确：
    指标 a101: 元 = a1 × 1
"#,
        r#"Indicators may rest on each other up to 100 deep. Nobody could check a longer chain.

Wrong:
    indicator a101: 元 = a100 × 1
    (and so on down to a1)
Right:
    indicator a101: 元 = a1 × 1
"#,
    ),
};

/// It is not said for which member an indicator is meant.
pub static UNBOUND: CodeInfo = CodeInfo {
    code: "E0206",
    severity: Severity::Error,
    title: ("没有说指标是哪一个成员的", "it is not said for which member an indicator is meant"),
    page: (
        r#"带参数的指标每个成员各有一个数。规则要么用 `对每个` 逐个判断，要么在方括号里写明是哪一个；另一个指标用到它时，自己也
要带这个参数，或者写明成员。

错误：
    指标 公用经费(部门): 万元 = 合计 预算.金额
    规则 D1
        要求 公用经费 ≤ 100 万元
正确：
    指标 公用经费(部门): 万元 = 合计 预算.金额
    规则 D1
        对每个 部门
        要求 公用经费 ≤ 100 万元
"#,
        r#"An indicator with a parameter has one figure for each member. A rule either judges them one by one with `for each`, or
names the member in brackets; an indicator that uses it has the parameter too, or names the member.

Wrong:
    indicator running(department): 万元 = sum budget.amount
    rule D1
        require running ≤ 100 万元
Right:
    indicator running(department): 万元 = sum budget.amount
    rule D1
        for each department
        require running ≤ 100 万元
"#,
    ),
};

/// An unknown dimension.
pub static UNKNOWN_DIMENSION: CodeInfo = CodeInfo {
    code: "E0207",
    severity: Severity::Error,
    title: ("没有这个维度", "an unknown dimension"),
    page: (
        r#"`对每个`、指标的参数和方括号里写的是维度，也就是某个数据集用 `维度` 声明的文本列。期间不是这里的维度，写在 `期间` 子
句或方括号里。

错误：
    数据集 预算
        维度 部门: 文本
    规则 D1
        对每个 单位名称
        要求 …
正确：
    数据集 预算
        维度 部门: 文本
    规则 D1
        对每个 部门
        要求 …
"#,
        r#"`for each`, the parameters of indicators and brackets name dimensions: text columns that some dataset declares with
`dimension`. Periods go in a `period` clause or in brackets.

Wrong:
    dataset budget
        dimension department: text
    rule D1
        for each agency
        require …
Right:
    dataset budget
        dimension department: text
    rule D1
        for each department
        require …
"#,
    ),
};

/// No dataset has these dimensions.
pub static NO_DATASET: CodeInfo = CodeInfo {
    code: "E0208",
    severity: Severity::Error,
    title: ("数据集没有这些维度", "no dataset has these dimensions"),
    page: (
        r#"规则要逐个判断的成员，来自它所用数据集的行。所以 `对每个` 的各个维度，至少要有一个用到的数据集同时具备；每行的规则，
则是那个数据集自己要具备。

错误：
    数据集 预算
        维度 部门: 文本
        度量 金额: 万元
    规则 D1
        对每个 区域
        要求 (合计 预算.金额) ≥ 0
正确：
    数据集 预算
        维度 部门: 文本
        度量 金额: 万元
    规则 D1
        对每个 部门
        要求 (合计 预算.金额) ≥ 0
"#,
        r#"The members that a rule judges one by one come from the rows of a dataset that it uses. So at least one of them has
all dimensions of `for each`; for a row rule it is the dataset of the rows.

Wrong:
    dataset budget
        dimension department: text
        measure amount: 万元
    rule D1
        for each 区域
        require (sum budget.amount) ≥ 0
Right:
    dataset budget
        dimension department: text
        measure amount: 万元
    rule D1
        for each department
        require (sum budget.amount) ≥ 0
"#,
    ),
};

/// A parameter makes no difference.
pub static UNUSED_PARAM: CodeInfo = CodeInfo {
    code: "E0209",
    severity: Severity::Error,
    title: ("参数没有用到", "a parameter makes no difference"),
    page: (
        r#"指标说它按某个维度计算，而算式里用到的数据集和指标都没有这个维度，那么每个成员得到的会是同一个数，多半不是本意。

错误：
    指标 总额(科室): 万元 = 合计 预算.金额
正确：
    指标 总额(部门): 万元 = 合计 预算.金额
"#,
        r#"The indicator says that it is computed by a dimension, but no dataset and no indicator in its formula has it: every
member would get the same figure, which is hardly meant.

Wrong:
    indicator total(office): 万元 = sum budget.amount
Right:
    indicator total(department): 万元 = sum budget.amount
"#,
    ),
};

/// The register has no such entry.
pub static UNKNOWN_CITATION: CodeInfo = CodeInfo {
    code: "E0210",
    severity: Severity::Error,
    title: ("承诺清单里没有这个编号", "the register has no such entry"),
    page: (
        r#"`依据` 写的是承诺清单（`suite.toml` 里的 register）中的编号。规则与承诺对不上号，结果就说明不了承诺是否兑现。

错误：
    依据 D2l0
正确：
    依据 D210
"#,
        r#"`cites` names entries of the register of commitments (`register` in `suite.toml`). A rule without its commitment shows
nothing about the commitment.

Wrong:
    cites D2l0
Right:
    cites D210
"#,
    ),
};

/// The name means something of another kind.
pub static WRONG_KIND: CodeInfo = CodeInfo {
    code: "E0211",
    severity: Severity::Error,
    title: ("名称是另一类东西", "the name means something of another kind"),
    page: (
        r#"名称有声明，但不是这里要的那一类：数据集、套件、规则没有数值；函数带圆括号，指标带方括号。

错误：
    要求 预算 ≥ 100 万元
正确：
    要求 (合计 预算.金额) ≥ 100 万元
"#,
        r#"The name is declared, but not as what is wanted here: datasets, groups and rules have no value; functions take
parentheses, indicators brackets.

Wrong:
    require budget ≥ 100 万元
Right:
    require (sum budget.amount) ≥ 100 万元
"#,
    ),
};

/// A clause stands twice.
pub static DUPLICATE_CLAUSE: CodeInfo = CodeInfo {
    code: "E0212",
    severity: Severity::Error,
    title: ("子句重复", "a clause stands twice"),
    page: (
        r#"除 `依据` 和 `要求` 外，一条规则里每种子句只写一次；写两次，哪一个算数就说不清。

错误：
    规则 D1
        期间 2021
        期间 2022
        要求 …
正确：
    规则 D1
        期间 2021, 2022
        要求 …
"#,
        r#"But for `cites` and `require`, a rule has each kind of clause once; with two, it would not be clear which counts.

Wrong:
    rule D1
        period 2021
        period 2022
        require …
Right:
    rule D1
        period 2021, 2022
        require …
"#,
    ),
};

/// The rule has no requirement.
pub static MISSING_CLAUSE: CodeInfo = CodeInfo {
    code: "E0213",
    severity: Severity::Error,
    title: ("缺少要求", "the rule has no requirement"),
    page: (
        r#"规则要说明什么必须成立。只有依据和期间，就没有可判断的内容。

错误：
    规则 D1 "失业率"
        期间 2021
正确：
    规则 D1 "失业率"
        期间 2021
        要求 城镇登记失业率 ≤ 5%
"#,
        r#"A rule says what must hold. With a citation and a period alone there is nothing to judge.

Wrong:
    rule D1 "Unemployment"
        period 2021
Right:
    rule D1 "Unemployment"
        period 2021
        require unemployment ≤ 5%
"#,
    ),
};

/// A group has no such clause.
pub static FORBIDDEN_CLAUSE: CodeInfo = CodeInfo {
    code: "E0214",
    severity: Severity::Error,
    title: ("套件里不能写这种子句", "a group has no such clause"),
    page: (
        r#"套件只放各条规则共有的期间、性质、负责、依据、截止和说明；判断什么、对谁判断，由每条规则自己写明。

错误：
    套件 民生
        要求 失业率 ≤ 5%
正确：
    套件 民生
        期间 2021
    规则 D1
        归属 民生
        要求 失业率 ≤ 5%
"#,
        r#"A group has what its rules share: period, kind, owner, citations, deadline and note. What is judged, and for whom,
every rule says itself.

Wrong:
    group welfare
        require unemployment ≤ 5%
Right:
    group welfare
        period 2021
    rule D1
        belongs to welfare
        require unemployment ≤ 5%
"#,
    ),
};

/// A column stands alone.
pub static COLUMN_ALONE: CodeInfo = CodeInfo {
    code: "E0215",
    severity: Severity::Error,
    title: ("列不能单独使用", "a column stands alone"),
    page: (
        r#"`预算.金额` 是一整列，有许多行。要先说怎样统计（合计、平均、最大……），或者用 `每行` 逐行检查。

错误：
    要求 预算.金额 ≥ 0 万元
正确：
    要求 (合计 预算.金额) ≥ 0 万元
    每行 预算 要求 金额 ≥ 0 万元
"#,
        r#"`budget.amount` is a whole column, with many rows. Say how they are put together (sum, mean, max …), or check them one
by one with `each row of`.

Wrong:
    require budget.amount ≥ 0 万元
Right:
    require (sum budget.amount) ≥ 0 万元
    each row of budget require amount ≥ 0 万元
"#,
    ),
};

/// This has no place in conditions on rows.
pub static NOT_IN_ROWS: CodeInfo = CodeInfo {
    code: "E0216",
    severity: Severity::Error,
    title: ("每行的条件和筛选条件里不能用", "this has no place in conditions on rows"),
    page: (
        r#"每行的条件和统计的筛选条件一行一行地看，只看得到本行的列、标准和确定的值。指标、统计、跨期的变化要看许多行，另写一条
规则。

错误：
    每行 预算 要求 金额 ≤ 公用经费
正确：
    每行 预算 要求 金额 ≤ 100 万元
    规则 D2
        对每个 部门
        要求 公用经费 ≤ 1000 万元
"#,
        r#"Conditions on rows and filters look at one row at a time, and see its columns, standards and plain values. Indicators,
aggregates and changes between periods look at many rows; write another rule for them.

Wrong:
    each row of budget require amount ≤ running_costs
Right:
    each row of budget require amount ≤ 100 万元
    rule D2
        for each department
        require running_costs ≤ 1000 万元
"#,
    ),
};

/// There is no row here.
pub static ROWS_ONLY: CodeInfo = CodeInfo {
    code: "E0217",
    severity: Severity::Error,
    title: ("这里没有行", "there is no row here"),
    page: (
        r#"`已填`、`唯一`、`下级合计` 说的是一行里的列，用在 `每行 数据集 要求 …` 里；`已填` 还可以用在筛选条件里。

错误：
    规则 D1
        要求 金额 已填
正确：
    规则 D1
        每行 预算
        要求 金额 已填
"#,
        r#"`is filled`, `unique` and `sum of children` speak of the columns of a row, and go in `each row of DATASET require …`;
`is filled` also in filters.

Wrong:
    rule D1
        require amount is filled
Right:
    rule D1
        each row of budget
        require amount is filled
"#,
    ),
};

/// The wrong number of arguments.
pub static CALL: CodeInfo = CodeInfo {
    code: "E0218",
    severity: Severity::Error,
    title: ("参数的个数不对", "the wrong number of arguments"),
    page: (
        r#"使用函数时，参数的个数与声明的相同，次序也相同。

错误：
    函数 人均(x, n) = x / n
    规则 D1
        要求 人均(收入) ≥ 7 万元/人
正确：
    函数 人均(x, n) = x / n
    规则 D1
        要求 人均(收入, 人口) ≥ 7 万元/人
"#,
        r#"A function is used with as many arguments as it declares, in the same order.

Wrong:
    define per_head(x, n) = x / n
    rule D1
        require per_head(income) ≥ 7 万元/人
Right:
    define per_head(x, n) = x / n
    rule D1
        require per_head(income, people) ≥ 7 万元/人
"#,
    ),
};

/// A function uses itself.
pub static RECURSION: CodeInfo = CodeInfo {
    code: "E0219",
    severity: Severity::Error,
    title: ("函数用到了自己", "a function uses itself"),
    page: (
        r#"函数只是一段算式的简写，用到时原样代入，所以不能直接或间接用到自己。

错误：
    函数 f(x) = f(x) + 1
正确：
    函数 f(x) = x + 1
"#,
        r#"A function is a shorthand for a formula and is put in as it stands, so it cannot use itself, directly or by way of
others.

Wrong:
    define f(x) = f(x) + 1
Right:
    define f(x) = x + 1
"#,
    ),
};

/// Too large once functions are put in.
pub static EXPANSION: CodeInfo = CodeInfo {
    code: "E0220",
    severity: Severity::Error,
    title: ("函数代入后太大", "too large once functions are put in"),
    page: (
        r#"一条声明里的函数全部代入后，最多一万项、套 64 层。再大的算式应当分成几个指标，每个有自己的名称和单位，便于核对。

错误：
    函数 f1(x) = x + x
    函数 f2(x) = f1(x) + f1(x)
    （依次直到 f20）
正确：
    指标 小计: 万元 = …
    指标 总计: 万元 = 小计 + …
"#,
        r#"With all functions put in, a declaration has at most ten thousand terms, 64 deep. Make indicators of the parts of a
larger formula; each has a name and a unit, and can be checked.

Wrong:
    define f1(x) = x + x
    define f2(x) = f1(x) + f1(x)
    (and so on to f20)
Right:
    indicator part: 万元 = …
    indicator whole: 万元 = part + …
"#,
    ),
};

/// The declaration of a dataset does not hold together.
pub static DATASET: CodeInfo = CodeInfo {
    code: "E0221",
    severity: Severity::Error,
    title: ("数据集的声明不成立", "the declaration of a dataset does not hold together"),
    page: (
        r#"维度是文本，或者是期间，期间至多一个；上下级只写在维度上，上级列是文本，级长从上到下依次变长。

错误：
    数据集 预算
        维度 年度: 年
        维度 月份: 月
正确：
    数据集 预算
        维度 月份: 月
        属性 年度: 年
"#,
        r#"A dimension is text or a period, and there is at most one of periods; a hierarchy belongs to a dimension, the parent
column is text, and the lengths of codes grow from the top down.

Wrong:
    dataset budget
        dimension year: year
        dimension month: month
Right:
    dataset budget
        dimension month: month
        attribute year: year
"#,
    ),
};

/// The dataset has no such column.
pub static UNKNOWN_COLUMN: CodeInfo = CodeInfo {
    code: "E0222",
    severity: Severity::Error,
    title: ("数据集没有这一列", "the dataset has no such column"),
    page: (
        r#"列名要与数据集里声明的一字不差。数据文件里的表头若不同，在 `suite.toml` 的 binding 里对应，规则里仍写声明的列名。

错误：
    数据集 预算
        度量 金额: 万元
    指标 总额: 万元 = 合计 预算.数额
正确：
    数据集 预算
        度量 金额: 万元
    指标 总额: 万元 = 合计 预算.金额
"#,
        r#"Columns are spelled as the dataset declares them. Where a file has another heading, say so in a binding of
`suite.toml`; rules keep to the declared name.

Wrong:
    dataset budget
        measure amount: 万元
    indicator total: 万元 = sum budget.sum_total
Right:
    dataset budget
        measure amount: 万元
    indicator total: 万元 = sum budget.amount
"#,
    ),
};

/// It is not computed by this dimension.
pub static NO_DIMENSION: CodeInfo = CodeInfo {
    code: "E0223",
    severity: Severity::Error,
    title: ("它不按这个维度计算", "it is not computed by this dimension"),
    page: (
        r#"方括号里的成员，只能属于前面那个量所按的维度：统计是数据集的维度，指标是它的参数，没有算式的指标是 `区域`。

错误：
    指标 总额: 万元 = 合计 预算.金额
    规则 D1
        要求 总额[部门 = "教育局"] ≥ 0
正确：
    指标 总额(部门): 万元 = 合计 预算.金额
    规则 D1
        要求 总额[部门 = "教育局"] ≥ 0
"#,
        r#"Members in brackets are of a dimension that what stands before them is computed by: the dimensions of the dataset for
an aggregate, its parameters for an indicator, and `区域` for an indicator without a formula.

Wrong:
    indicator total: 万元 = sum budget.amount
    rule D1
        require total[department = "Education"] ≥ 0
Right:
    indicator total(department): 万元 = sum budget.amount
    rule D1
        require total[department = "Education"] ≥ 0
"#,
    ),
};

/// An indicator without a formula cannot have this parameter.
pub static PLAIN_PARAM: CodeInfo = CodeInfo {
    code: "E0224",
    severity: Severity::Error,
    title: ("没有算式的指标不能带这个参数", "an indicator without a formula cannot have this parameter"),
    page: (
        r#"没有算式的指标从内置的指标表读取，那张表只有区域和期间，所以参数只能是 `区域`。

错误：
    指标 在校学生(学校): 人
正确：
    指标 在校学生(学校): 人 = 合计 学籍.人数
"#,
        r#"An indicator without a formula is read from the built-in indicator table, which has regions and periods only; so its
one possible parameter is `区域`.

Wrong:
    indicator pupils(school): 人
Right:
    indicator pupils(school): 人 = sum enrolment.pupils
"#,
    ),
};

/// This cannot carry an official growth rate.
pub static GROWTH_FROM: CodeInfo = CodeInfo {
    code: "E0225",
    severity: Severity::Error,
    title: ("不能作为官方增速", "this cannot carry an official growth rate"),
    page: (
        r#"`增速取自` 后面是公布官方增速的指标：单位是 %，没有算式，参数不多于本指标。

错误：
    指标 增加值: 亿元
    指标 地区生产总值: 亿元 增速取自 增加值
正确：
    指标 地区生产总值增速: %
    指标 地区生产总值: 亿元 增速取自 地区生产总值增速
"#,
        r#"`growth from` names the indicator that publishes the official rate: in %, without a formula, and with no parameters
that this one lacks.

Wrong:
    indicator added_value: 亿元
    indicator gdp: 亿元 growth from added_value
Right:
    indicator gdp_growth: %
    indicator gdp: 亿元 growth from gdp_growth
"#,
    ),
};

/// What a test gives does not fit.
pub static GIVEN: CodeInfo = CodeInfo {
    code: "E0226",
    severity: Severity::Error,
    title: ("测试给定的内容不对", "what a test gives does not fit"),
    page: (
        r#"测试给出的是数据：没有算式的指标、标准，或一张数据集的表；也可以给豁免：`给定 豁免 D210[教育局] 至 2021-12-31`。有算式的指
标由所用的行算出，不能直接给数；期间只写一个；表头各列不重复；豁免先批准，后失效。

错误：
    指标 公用经费: 万元 = 合计 预算.金额
    测试 "…"
        给定 公用经费 = 90 万元
正确：
    测试 "…"
        给定 预算
            部门   | 年度 | 金额
            教育局 | 2021 | 90
"#,
        r#"A test gives data: indicators without a formula, standards, or the table of a dataset; and waivers, as `given waiver
D210[Education] until 2021-12-31`. Computed indicators come from their rows and are not given; a period is one period;
headings do not repeat; a waiver is approved before it ends.

Wrong:
    indicator running: 万元 = sum budget.amount
    test "…"
        given running = 90 万元
Right:
    test "…"
        given budget
            department | year | amount
            Education  | 2021 | 90
"#,
    ),
};

/// The expected case does not fit the rule.
pub static EXPECT: CodeInfo = CodeInfo {
    code: "E0227",
    severity: Severity::Error,
    title: ("期望的情形对不上规则", "the expected case does not fit the rule"),
    page: (
        r#"方括号里写规则 `对每个` 的各个成员，次序相同（或写明维度），可以再加一个期间。不写方括号，说的是整条规则的结论。

错误：
    规则 D1
        对每个 部门
        要求 …
    测试 "…"
        期望 D1[教育局, 公用经费] 合格
正确：
    测试 "…"
        期望 D1[教育局] 合格
"#,
        r#"The brackets name the members of the rule's `for each` in the same order (or with their dimensions), and perhaps a
period. Without brackets the verdict of the whole rule is meant.

Wrong:
    rule D1
        for each department
        require …
    test "…"
        expect D1[Education, Running] pass
Right:
    test "…"
        expect D1[Education] pass
"#,
    ),
};

/// A declaration that nothing uses.
pub static UNUSED: CodeInfo = CodeInfo {
    code: "W0201",
    severity: Severity::Warning,
    title: ("没有用到的声明", "a declaration that nothing uses"),
    page: (
        r#"本套规则里没有一处用到它：可能是忘了写规则，也可能是名称写错后剩下的。供别的规则引用、自身没有规则的套件不提示。

错误：
    标准 市定失业率标准: %
    规则 D1
        要求 失业率 ≤ 5%
正确：
    标准 市定失业率标准: %
    规则 D1
        要求 失业率 ≤ 市定失业率标准
"#,
        r#"Nothing in the suite uses it: a rule may have been forgotten, or a name mistyped. A suite without rules, which is
there for others, is not warned of.

Wrong:
    standard limit: %
    rule D1
        require unemployment ≤ 5%
Right:
    standard limit: %
    rule D1
        require unemployment ≤ limit
"#,
    ),
};

/// A name with invisible or look-alike characters.
pub static DECEPTIVE: CodeInfo = CodeInfo {
    code: "W0202",
    severity: Severity::Warning,
    title: ("名称里有看不见或形似的字符", "a name with invisible or look-alike characters"),
    page: (
        r#"名称里混进了零宽字符、方向控制符，或与拉丁字母形似的希腊、西里尔字母。看上去相同的两个名称其实不同，往往来自网页或表
格的复制粘贴。

错误：
    指标 GDР: 亿元        # 第三个字母是西里尔字母
正确：
    指标 GDP: 亿元
"#,
        r#"The name has zero-width characters, direction marks, or Greek or Cyrillic letters among Latin ones. It will differ
from a name that looks the same; such characters often come with text copied from elsewhere.

Wrong:
    indicator GDР: 亿元        # the third letter is Cyrillic
Right:
    indicator GDP: 亿元
"#,
    ),
};

/// Two names look the same.
pub static LOOK_ALIKE: CodeInfo = CodeInfo {
    code: "W0203",
    severity: Severity::Warning,
    title: ("两个名称看上去一样", "two names look the same"),
    page: (
        r#"两个名称只差在全角与半角，或同一个字的不同编码上，读的人分辨不出来。

错误：
    规则 D210 …
    规则 D２１０ …
正确：
    规则 D210 …
    规则 D211 …
"#,
        r#"Two names differ only in full-width and half-width characters, or in the encoding of a character; a reader cannot tell
them apart.

Wrong:
    rule D210 …
    rule D２１０ …
Right:
    rule D210 …
    rule D211 …
"#,
    ),
};

/// A name hides another.
pub static SHADOWED: CodeInfo = CodeInfo {
    code: "W0204",
    severity: Severity::Warning,
    title: ("名称被同名的遮住", "a name hides another"),
    page: (
        r#"函数的参数与指标或标准同名，或数据集的列与标准同名：在函数里、在筛选条件和每行的条件里，前者优先，容易误读。

错误：
    标准 限额: 万元
    数据集 预算
        度量 限额: 万元
正确：
    标准 市定限额: 万元
    数据集 预算
        度量 限额: 万元
"#,
        r#"A parameter of a function has the name of an indicator or standard, or a column that of a standard: within the
function, and in filters and row rules, the former is meant, which is easily misread.

Wrong:
    standard limit: 万元
    dataset budget
        measure limit: 万元
Right:
    standard city_limit: 万元
    dataset budget
        measure limit: 万元
"#,
    ),
};
