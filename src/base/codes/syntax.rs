//! Codes of this area: what is wrong with the spelling and shape of a rule file.

use super::super::Severity;
use super::CodeInfo;

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[
    &UNEXPECTED,
    &UNTERMINATED,
    &FOREIGN_QUOTE,
    &NESTING,
    &KEYWORD_AS_NAME,
    &BEFORE_FIRST,
    &ROW_WIDTH,
    &NUMBER,
    &PERIOD,
    &DATE,
    &DASHED_YEAR,
    &FILTER_PARENTHESES,
    &CHAIN,
    &RUN_TOGETHER,
    &BRACKET,
    &SAME_LINE,
    &CONTRADICTION,
    &NAME_DIGIT,
    &UNKNOWN_WORD,
    &FOREIGN_SIGN,
    &TOO_EARLY,
    &NO_TABLE,
    &RANGE,
    &UNIQUE,
    &TWICE,
];

/// Unexpected input.
pub static UNEXPECTED: CodeInfo = CodeInfo {
    code: "E0101",
    severity: Severity::Error,
    title: ("出现了不该有的内容", "unexpected input"),
    page: (
        r#"读到这里时，语法上不能接这个词、数或符号。提示中列出了此处可以写的内容。

错误：
    规则 D1 "失业率"
        要求 失业率 ≤ ≤ 5%
正确：
    规则 D1 "失业率"
        要求 失业率 ≤ 5%
"#,
        r#"The word, figure or sign cannot follow what stands before it. The message lists what may.

Wrong:
    rule D1 "Unemployment"
        require unemployment ≤ ≤ 5%
Right:
    rule D1 "Unemployment"
        require unemployment ≤ 5%
"#,
    ),
};

/// A quote is not closed.
pub static UNTERMINATED: CodeInfo = CodeInfo {
    code: "E0102",
    severity: Severity::Error,
    title: ("引号没有闭合", "a quote is not closed"),
    page: (
        r#"文本的引号、名称的反引号都要在同一行内闭合。文本里要用引号时，把它写两遍。

错误：
    说明 "按季度考核
正确：
    说明 "按季度考核"
    说明 "所谓""三公""经费"
"#,
        r#"The quotes of a text and the back quotes of a name are closed on the line where they are opened. A quote within a text
is doubled.

Wrong:
    note "judged every quarter
Right:
    note "judged every quarter"
    note "the ""three public"" outlays"
"#,
    ),
};

/// The wrong kind of quote.
pub static FOREIGN_QUOTE: CodeInfo = CodeInfo {
    code: "E0103",
    severity: Severity::Error,
    title: ("引号的种类不对", "the wrong kind of quote"),
    page: (
        r#"文本只用直引号 `"…"`（或全角 `＂…＂`）。弯引号和直角引号常常是名称的一部分，所以不用作文本的引号；名称里带有
这些引号时，整个名称写在反引号之间。

错误：
    说明 “按季度考核”
正确：
    说明 "按季度考核"
    指标 `“三公”经费`: 万元
"#,
        r#"A text stands between straight quotes, `"…"` (or full-width `＂…＂`). Curly and corner quotes are often part of a name
and so do not delimit a text; a name that contains them goes between back quotes.

Wrong:
    note “judged every quarter”
Right:
    note "judged every quarter"
    indicator `“三公”经费`: 万元
"#,
    ),
};

/// Nested too deeply.
pub static NESTING: CodeInfo = CodeInfo {
    code: "E0104",
    severity: Severity::Error,
    title: ("嵌套太深", "nested too deeply"),
    page: (
        r#"一条声明最多 50 层括号，相连的运算最多 200 个。超过这个限度的算式，人也难以核对。请把其中一部分写成指标或函数，
再引用它的名称。

错误：
    要求 a1 + a2 + a3 + …（数百项）≥ 0
正确：
    指标 总额: 万元 = 合计 预算.金额
    规则 D1
        要求 总额 ≥ 0
"#,
        r#"A declaration has at most 50 brackets in one another and 200 operators joined together. Nobody could check a formula
beyond that. Give a part of it a name with an indicator or a function, and use the name.

Wrong:
    require a1 + a2 + a3 + … (hundreds of terms) ≥ 0
Right:
    indicator total: 万元 = sum budget.amount
    rule D1
        require total ≥ 0
"#,
    ),
};

/// A keyword stands as a name.
pub static KEYWORD_AS_NAME: CodeInfo = CodeInfo {
    code: "E0105",
    severity: Severity::Error,
    title: ("关键字用作了名称", "a keyword stands as a name"),
    page: (
        r#"中英文关键字都不能直接用作名称，否则同一行就可能有两种读法。数据里恰好有这样的列名时，把它写在反引号之间。

错误：
    数据集 项目
        度量 数量: 个
正确：
    数据集 项目
        度量 `数量`: 个
"#,
        r#"The keywords of both spellings are not names, since a line could then be read in two ways. When a column of the data
has such a name, put it between back quotes.

Wrong:
    dataset projects
        measure count: 个
Right:
    dataset projects
        measure `count`: 个
"#,
    ),
};

/// Text outside any declaration.
pub static BEFORE_FIRST: CodeInfo = CodeInfo {
    code: "E0106",
    severity: Severity::Error,
    title: ("内容不属于任何声明", "text outside any declaration"),
    page: (
        r#"规则文件由声明组成，每条声明另起一行，以 `引用`、`单位`、`标度`、`标准`、`数据集`、`指标`、`规则`、`套件`、`测试`、`函数`
之一开头。第一条声明之前只能有注释。

错误：
    2021 年部门预算规则
    规则 D1 "…"
正确：
    # 2021 年部门预算规则
    规则 D1 "…"
"#,
        r#"A rule file consists of declarations, each on a line of its own and beginning with `use`, `unit`, `scale`, `standard`,
`dataset`, `indicator`, `rule`, `group`, `test` or `define`. Only comments may stand before the first.

Wrong:
    Budget rules for 2021
    rule D1 "…"
Right:
    # Budget rules for 2021
    rule D1 "…"
"#,
    ),
};

/// A row does not fit its heading.
pub static ROW_WIDTH: CodeInfo = CodeInfo {
    code: "E0107",
    severity: Severity::Error,
    title: ("单元格的个数与表头不符", "a row does not fit its heading"),
    page: (
        r#"给定表每一行的单元格与表头一样多。空白单元格也要用 `|` 隔开；内容含有 `|` 或 `#` 时写在引号之间。

错误：
    给定 预算
        部门   | 科目     | 金额
        教育局 | 公用经费
正确：
    给定 预算
        部门   | 科目     | 金额
        教育局 | 公用经费 |
"#,
        r#"Every row of a given table has as many cells as its heading. A blank cell needs its `|` too; a cell that contains `|`
or `#` goes between quotes.

Wrong:
    given budget
        department | subject | amount
        Education  | Running
Right:
    given budget
        department | subject | amount
        Education  | Running |
"#,
    ),
};

/// A malformed number.
pub static NUMBER: CodeInfo = CodeInfo {
    code: "E0108",
    severity: Severity::Error,
    title: ("数写得不对", "a malformed number"),
    page: (
        r#"数由数字组成，至多一个小数点；千位分隔符可写可不写，写则每三位一个，紧挨着数字。全角数字与半角相同。

错误：
    要求 产值 ≥ 1,00 亿元
    要求 产值 ≥ 1.2.3 亿元
正确：
    要求 产值 ≥ 1,000 亿元
    要求 产值 ≥ 1.23 亿元
"#,
        r#"A number has digits and at most one point. Separators of thousands are optional; where they stand, there is one for
every three digits, directly beside them. Full-width digits are digits.

Wrong:
    require output ≥ 1,00 亿元
    require output ≥ 1.2.3 亿元
Right:
    require output ≥ 1,000 亿元
    require output ≥ 1.23 亿元
"#,
    ),
};

/// A malformed period.
pub static PERIOD: CodeInfo = CodeInfo {
    code: "E0109",
    severity: Severity::Error,
    title: ("期间写得不对", "a malformed period"),
    page: (
        r#"期间有四种：年度 `2021`（或 `2021年`），半年 `2021H1`（`2021年上半年`），季度 `2021Q1`（`2021年第1季度`），
月份 `2021-03`（`2021年3月`）。期间中间不留空格。

错误：
    期间 21
    期间 2021Q5
正确：
    期间 2021
    期间 2021Q4
"#,
        r#"There are four kinds of period: a year `2021`, a half-year `2021H1`, a quarter `2021Q1` and a month `2021-03`, without
spaces within.

Wrong:
    period 21
    period 2021Q5
Right:
    period 2021
    period 2021Q4
"#,
    ),
};

/// A malformed date.
pub static DATE: CodeInfo = CodeInfo {
    code: "E0110",
    severity: Severity::Error,
    title: ("日期写得不对", "a malformed date"),
    page: (
        r#"日期写作 `2021-03-15` 或 `2021年3月15日`，并且日历上要有这一天。

错误：
    截止 2021-02-30
    截止 2021
正确：
    截止 2021-02-28
    截止 2021-12-31
"#,
        r#"A date is written `2021-03-15` (or `2021年3月15日`), and is a day of the calendar.

Wrong:
    deadline 2021-02-30
    deadline 2021
Right:
    deadline 2021-02-28
    deadline 2021-12-31
"#,
    ),
};

/// An ambiguous year with a dash.
pub static DASHED_YEAR: CodeInfo = CodeInfo {
    code: "E0111",
    severity: Severity::Error,
    title: ("带横线的年份有歧义", "an ambiguous year with a dash"),
    page: (
        r#"`2021-3` 可能是月份，`2016-2020` 可能是区间，也都可能是减法。月份写两位数，区间用 `..`，减号两边留空格。

错误：
    X 年均增长 2016-2020
正确：
    X 年均增长 2016..2020
    期间 2021-03
    要求 2021 - 3 = 2018
"#,
        r#"`2021-3` may be a month, `2016-2020` a range, and both a subtraction. A month has two digits, a range has `..`, and a
subtraction has spaces around its sign.

Wrong:
    X grows yearly 2016-2020
Right:
    X grows yearly 2016..2020
    period 2021-03
    require 2021 - 3 = 2018
"#,
    ),
};

/// A filter needs parentheses.
pub static FILTER_PARENTHESES: CodeInfo = CodeInfo {
    code: "E0112",
    severity: Severity::Error,
    title: ("统计的筛选条件要加括号", "a filter needs parentheses"),
    page: (
        r#"`合计 … 当 …` 的筛选条件会一直读到所在括号（或指标、函数）的末尾。写在比较里时，条件和界限就分不清了，所以要用
括号把统计连同筛选括起来。若本意是规则的适用条件，就把 `当` 子句写在 `要求` 之前。

错误：
    要求 合计 预算.金额 当 科目 = "公用经费" ≥ 3 万元
正确：
    要求 (合计 预算.金额 当 科目 = "公用经费") ≥ 3 万元
"#,
        r#"The filter of `sum … where …` reaches to the end of its parentheses, or of the indicator or function whose body it is.
Within a comparison it could not be told from the limit, so the aggregate and its filter go in parentheses. If it is
meant as the condition of the whole rule, write a `when` clause before `require`.

Wrong:
    require sum budget.amount where subject = "running" ≥ 3 万元
Right:
    require (sum budget.amount where subject = "running") ≥ 3 万元
"#,
    ),
};

/// Comparisons are chained.
pub static CHAIN: CodeInfo = CodeInfo {
    code: "E0113",
    severity: Severity::Error,
    title: ("比较不能连写", "comparisons are chained"),
    page: (
        r#"`a ≤ x ≤ b` 在不同人眼里有不同的读法，所以一个比较只有两边。区间写“在 … 到 … 之间”，两端都包含在内。

错误：
    要求 95% ≤ 执行率 ≤ 105%
正确：
    要求 执行率 在 95% 到 105% 之间
    要求 执行率 > 95% 且 执行率 ≤ 105%
"#,
        r#"`a ≤ x ≤ b` is read differently by different people, so a comparison has two sides. For a range write
`between … and …`; both ends are included.

Wrong:
    require 95% ≤ execution ≤ 105%
Right:
    require execution between 95% and 105%
    require execution > 95% and execution ≤ 105%
"#,
    ),
};

/// Words without spaces between them.
pub static RUN_TOGETHER: CodeInfo = CodeInfo {
    code: "E0114",
    severity: Severity::Error,
    title: ("词与词连在了一起", "words without spaces between them"),
    page: (
        r#"汉字之间没有天然的词界，所以连写的一串字就是一个名称。关键字与名称之间要留空格；关键字与数字之间可以不留。

错误：
    要求 公用经费 较上年压减 ≥ 10%
正确：
    要求 公用经费 较 上年 压减 ≥ 10%
"#,
        r#"A run of Chinese characters is one name, since nothing else marks where a word ends. Put spaces between keywords and
names; between a keyword and a digit they may be left out.

Wrong:
    require 公用经费 较上年压减 ≥ 10%
Right:
    require 公用经费 较 上年 压减 ≥ 10%
"#,
    ),
};

/// An unpaired bracket.
pub static BRACKET: CodeInfo = CodeInfo {
    code: "E0115",
    severity: Severity::Error,
    title: ("括号不成对", "an unpaired bracket"),
    page: (
        r#"圆括号、方括号、花括号都要成对，并且不能交叉。

错误：
    要求 (收入 - 支出 ≥ 0
正确：
    要求 (收入 - 支出) ≥ 0
"#,
        r#"Parentheses, brackets and braces come in pairs and do not cross.

Wrong:
    require (income - outlay ≥ 0
Right:
    require (income - outlay) ≥ 0
"#,
    ),
};

/// A declaration within a line.
pub static SAME_LINE: CodeInfo = CodeInfo {
    code: "E0116",
    severity: Severity::Error,
    title: ("声明没有另起一行", "a declaration within a line"),
    page: (
        r#"每条声明从新的一行开始，这样一条写错了也不影响读下一条。

错误：
    单位 家 单位 座 = 个
正确：
    单位 家
    单位 座 = 个
"#,
        r#"Every declaration starts a line, so that a mistake in one does not spoil the next.

Wrong:
    unit 家 unit 座 = 个
Right:
    unit 家
    unit 座 = 个
"#,
    ),
};

/// Two words that do not go together.
pub static CONTRADICTION: CodeInfo = CodeInfo {
    code: "E0117",
    severity: Severity::Error,
    title: ("两个词不能同用", "two words that do not go together"),
    page: (
        r#"按照《民法典》第一千二百五十九条，“以上”“以下”“以内”包括本数，“超过”“不满”不包括本数，所以“超过 80% 以上”自相矛盾。
允许的误差（`±`、`左右`）只与 `=` 同用。

错误：
    要求 覆盖率 超过 80% 以上
    要求 支出 ≥ 预算 ± 5 万元
正确：
    要求 覆盖率 达 80% 以上
    要求 支出 = 预算 ± 5 万元
"#,
        r#"By art. 1259 of the Civil Code 以上, 以下 and 以内 (`or more`, `or less`) include the figure while 超过 and 不满 (`above`,
`below`) exclude it, so that `above 80% or more` contradicts itself. A tolerance (`±`, `about`) goes with `=` only.

Wrong:
    require coverage above 80% or more
    require outlay ≥ budget ± 5 万元
Right:
    require coverage at least 80%
    require outlay = budget ± 5 万元
"#,
    ),
};

/// A name begins with a digit.
pub static NAME_DIGIT: CodeInfo = CodeInfo {
    code: "E0118",
    severity: Severity::Error,
    title: ("名称以数字开头", "a name begins with a digit"),
    page: (
        r#"以数字开头的一串字会被读作数和单位，例如 `5G` 是五个单位“G”。这样的名称写在反引号之间。

错误：
    指标 5G基站: 座
正确：
    指标 `5G基站`: 座
"#,
        r#"What begins with a digit reads as a figure and its unit: `5G` is five of the unit G. Put such a name between back
quotes.

Wrong:
    indicator 5G_stations: 座
Right:
    indicator `5G_stations`: 座
"#,
    ),
};

/// Only certain words may stand here.
pub static UNKNOWN_WORD: CodeInfo = CodeInfo {
    code: "E0119",
    severity: Severity::Error,
    title: ("此处只能写指定的词", "only certain words may stand here"),
    page: (
        r#"性质只有约束性、预期性、提示三种；判定只有合格、不合格、缺数据、临界、未到期、不适用、豁免、出错八种。

错误：
    性质 强制性
    期望 D1 通过
正确：
    性质 约束性
    期望 D1 合格
"#,
        r#"A kind is binding, expected or advisory; a verdict is pass, fail, missing, borderline, pending, not applicable, waived
or error.

Wrong:
    kind mandatory
    expect D1 passed
Right:
    kind binding
    expect D1 pass
"#,
    ),
};

/// A sign from another language.
pub static FOREIGN_SIGN: CodeInfo = CodeInfo {
    code: "E0120",
    severity: Severity::Error,
    title: ("不认识的符号", "a sign from another language"),
    page: (
        r#"规则语言没有程序语言里的 `&&`、`||`、`==`、`!`，也不用分号、句号分隔子句。逻辑用词写：且、或、非。看不见的字符往往是
从网页或文档里复制来的，请删去。

错误：
    要求 a == 1 && b ≥ 2;
正确：
    要求 a = 1 且 b ≥ 2
"#,
        r#"The rule language has none of `&&`, `||`, `==` and `!`, and no semicolons between clauses. Logic is written in words:
and, or, not. Invisible characters usually come along when text is copied from a web page; take them out.

Wrong:
    require a == 1 && b ≥ 2;
Right:
    require a = 1 and b ≥ 2
"#,
    ),
};

/// A declaration ends too early.
pub static TOO_EARLY: CodeInfo = CodeInfo {
    code: "E0121",
    severity: Severity::Error,
    title: ("声明没有写完", "a declaration ends too early"),
    page: (
        r#"声明在还缺内容的地方就结束了：下一条声明已经开始，或文件已经到头。

错误：
    规则 D1 "失业率"
        要求 失业率 ≤
正确：
    规则 D1 "失业率"
        要求 失业率 ≤ 5%
"#,
        r#"The declaration ends where something is still missing: the next one begins, or the file is at its end.

Wrong:
    rule D1 "Unemployment"
        require unemployment ≤
Right:
    rule D1 "Unemployment"
        require unemployment ≤ 5%
"#,
    ),
};

/// A given without its table.
pub static NO_TABLE: CodeInfo = CodeInfo {
    code: "E0122",
    severity: Severity::Error,
    title: ("给定之后缺少表格", "a given without its table"),
    page: (
        r#"`给定` 后面要么是数据集的名称，另起一行接用 `|` 分隔的表格；要么是一个指标或标准及其数值。只有一列的表格，各行也要有一个
`|`。

错误：
    给定 预算
    期望 D1 合格
正确：
    给定 预算
        部门   | 金额
        教育局 | 100
    给定 失业率[2021] = 3.2%
    期望 D1 合格
"#,
        r#"`given` is followed either by a dataset's name and, on the next line, a table with `|` between its cells, or by an
indicator or standard and its figure. The rows of a table with one column need a `|` as well.

Wrong:
    given budget
    expect D1 pass
Right:
    given budget
        department | amount
        Education  | 100
    given unemployment[2021] = 3.2%
    expect D1 pass
"#,
    ),
};

/// A range of periods whose ends do not match.
pub static RANGE: CodeInfo = CodeInfo {
    code: "E0123",
    severity: Severity::Error,
    title: ("期间区间的两端不相配", "a range of periods whose ends do not match"),
    page: (
        r#"区间从早到晚，两端是同样长短的期间。

错误：
    期间 2025..2021
    期间 2021..2021Q4
正确：
    期间 2021..2025
    期间 2021Q1..2021Q4
"#,
        r#"A range runs from the earlier to the later period, and both are of one length.

Wrong:
    period 2025..2021
    period 2021..2021Q4
Right:
    period 2021..2025
    period 2021Q1..2021Q4
"#,
    ),
};

/// Unique takes columns.
pub static UNIQUE: CodeInfo = CodeInfo {
    code: "E0124",
    severity: Severity::Error,
    title: ("唯一只用于列名", "unique takes columns"),
    page: (
        r#"`唯一` 说明一列或几列的值不重复，前面写列名；几列合在一起时写在括号里。

错误：
    要求 金额 + 1 唯一
正确：
    要求 代码 唯一
    要求 (部门, 科目) 唯一
"#,
        r#"`unique` says that the values of a column, or of several together, do not repeat. Before it stand column names, several
of them in parentheses.

Wrong:
    require amount + 1 unique
Right:
    require code unique
    require (department, subject) unique
"#,
    ),
};

/// A clause stands twice.
pub static TWICE: CodeInfo = CodeInfo {
    code: "E0125",
    severity: Severity::Error,
    title: ("子句重复", "a clause stands twice"),
    page: (
        r#"这样的子句只能写一次；写了两次就不知道以哪一个为准。

错误：
    测试 "…"
        期间 2020
        期间 2021
正确：
    测试 "…"
        期间 2021
"#,
        r#"This clause may stand only once; of two, nobody could tell which is meant.

Wrong:
    test "…"
        period 2020
        period 2021
Right:
    test "…"
        period 2021
"#,
    ),
};
