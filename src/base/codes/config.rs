//! Codes of configuration: `suite.toml`, standards, the register, and what the command line names.

use super::CodeInfo;
use crate::base::Severity::{Error, Warning};

/// The suite's folder or one of its files cannot be opened.
pub static UNREADABLE: CodeInfo = CodeInfo {
    code: "E0501",
    severity: Error,
    title: ("打不开套件的文件", "a file of the suite cannot be opened"),
    page: (
        "套件是一个文件夹，`suite.toml` 在它的最上层；`standards`、`waivers`、`register` 里的路径从这个文件夹算起，文件用 UTF-8 保存。

不对：
    standards = \"D:\\标准.toml\"      # 别人的机器上没有这个盘
对：
    standards = \"标准.toml\"          # 与 suite.toml 放在一起
",
        "A suite is a folder with `suite.toml` at its top. Paths in `standards`, `waivers` and `register` start from there, and
all these files are saved as UTF-8.

Wrong:
    standards = \"D:\\standards.toml\"  # nobody else has this drive
Right:
    standards = \"standards.toml\"      # beside suite.toml
",
    ),
};

/// A TOML file is not well formed.
pub static TOML_SYNTAX: CodeInfo = CodeInfo {
    code: "E0502",
    severity: Error,
    title: ("TOML 写法有误", "not well-formed TOML"),
    page: (
        "文件要符合 TOML：文字加引号，一行一个键，同一个键只写一次。键名含有中文时，键名也要加引号，这是 TOML 的规定。

不对：
    name = 鼓楼区2021
    部门 = \"部门名称\"
对：
    name = \"鼓楼区2021\"
    \"部门\" = \"部门名称\"
",
        "The file must be TOML: texts in quotes, one key a line, each key once. TOML wants quotes round a key in Chinese too.

Wrong:
    name = gulou 2021
    部门 = \"部门名称\"
Right:
    name = \"gulou-2021\"
    \"部门\" = \"部门名称\"
",
    ),
};

/// A key that the file does not have.
pub static UNKNOWN_KEY: CodeInfo = CodeInfo {
    code: "E0503",
    severity: Error,
    title: ("没有这个键", "unknown key"),
    page: (
        "写错的键如果悄悄放过，绑定就不起作用，数字会读错；所以不认识的键一律报错。

不对：
    [[binding]]
    datset = \"预算\"
对：
    [[binding]]
    dataset = \"预算\"
",
        "A misspelt key that is passed over would leave a binding without effect, and figures would be misread. So every
unknown key is an error.

Wrong:
    [[binding]]
    datset = \"budget\"
Right:
    [[binding]]
    dataset = \"budget\"
",
    ),
};

/// A value that a key cannot have.
pub static WRONG_VALUE: CodeInfo = CodeInfo {
    code: "E0504",
    severity: Error,
    title: ("值不合要求", "a key cannot have this value"),
    page: (
        "键的值类型不对，或者内容不在允许的范围里；说明里写了应当怎样写。

不对：
    header = \"第三行\"
对：
    header = 3            # 表头在第 3 行
    header = [3, 4]       # 表头占第 3、4 两行
",
        "The value is of the wrong kind, or not one that the key can have; the message says what to write.

Wrong:
    header = \"third row\"
Right:
    header = 3            # the heading is row 3
    header = [3, 4]       # the heading is rows 3 and 4
",
    ),
};

/// A key that must be there.
pub static MISSING_KEY: CodeInfo = CodeInfo {
    code: "E0505",
    severity: Error,
    title: ("缺少必填的键", "a required key is missing"),
    page: (
        "`suite.toml` 必须有 `name`；每个 `[[binding]]` 必须有 `dataset`；每个 `[[standard]]` 必须有 `name`、`value`、`source`、
`date`：没有出处和日期的标准不能作为判定依据；每条豁免必须有规则、理由、批准人、批准日期和失效日期（TOML 里是 `rule`、`reason`、
`approver`、`approved`、`expires`）：说不清谁准许、为什么、到哪天为止的，不能豁免。

不对：
    [[standard]]
    name = \"市定失业率标准\"
    value = 4.5
对：
    [[standard]]
    name = \"市定失业率标准\"
    value = \"4.5\"
    unit = \"%\"
    source = \"南京市就业工作领导小组 2021 年 3 号文\"
    date = \"2021-03-01\"
",
        "`suite.toml` needs `name`; each `[[binding]]` needs `dataset`; each `[[standard]]` needs `name`, `value`, `source` and
`date`: a threshold without a document and a date cannot carry a verdict. Each waiver needs `rule`, `reason`, `approver`,
`approved` and `expires`: nothing is waived unless it is known who allowed it, why, and until when.

Wrong:
    [[standard]]
    name = \"city_unemployment\"
    value = 4.5
Right:
    [[standard]]
    name = \"city_unemployment\"
    value = \"4.5\"
    unit = \"%\"
    source = \"City employment office, document 3 of 2021\"
    date = \"2021-03-01\"
",
    ),
};

/// A binding of a dataset that no rule file declares.
pub static UNKNOWN_DATASET: CodeInfo = CodeInfo {
    code: "E0506",
    severity: Error,
    title: ("没有这个数据集", "unknown dataset"),
    page: (
        "`[[binding]]` 的 `dataset` 和 `--data 数据集=文件` 里的名字，要与规则文件里 `数据集` 的名字一致；内置的指标表叫 `指标`。

不对：
    --data 部门预算=budget.csv       # 规则里叫“预算”
对：
    --data 预算=budget.csv
",
        "The name in a binding's `dataset` and in `--data DATASET=FILE` must be one that a rule file declares; the built-in
indicator table is called `indicators`.

Wrong:
    --data budgets=budget.csv        # the rules say budget
Right:
    --data budget=budget.csv
",
    ),
};

/// A binding of a column that the dataset does not have.
pub static UNKNOWN_COLUMN: CodeInfo = CodeInfo {
    code: "E0507",
    severity: Error,
    title: ("数据集没有这一列", "unknown column"),
    page: (
        "`columns`、`units`、`melt`、`fill_down` 左边写规则里声明的维度、度量或属性的名字，右边写文件里的列名。

不对：
    columns = { \"预算数\" = \"金额\" }    # 左右写反了
对：
    columns = { \"金额\" = \"预算数\" }
",
        "In `columns`, `units`, `melt` and `fill_down`, the left side is a dimension, measure or attribute that the rules
declare; the right side is the heading in the file.

Wrong:
    columns = { \"Budget (k)\" = \"amount\" }   # the wrong way round
Right:
    columns = { \"amount\" = \"Budget (k)\" }
",
    ),
};

/// A unit in a binding that is unknown or measures something else.
pub static BINDING_UNIT: CodeInfo = CodeInfo {
    code: "E0508",
    severity: Error,
    title: ("绑定里的单位不合适", "a unit in a binding does not fit"),
    page: (
        "`units` 说明文件里的数字用什么单位，必须是认识的单位，并且与规则里声明的单位是同一种量。

不对：
    units = { \"金额\" = \"人\" }        # 金额声明为万元
对：
    units = { \"金额\" = \"元\" }        # 自动换算成万元
",
        "`units` says which unit the figures of the file are in. It must be a known unit, of the same kind as the declared one.

Wrong:
    units = { \"amount\" = \"人\" }      # amount is declared in 万元
Right:
    units = { \"amount\" = \"元\" }      # converted
",
    ),
};

/// A standard's value that cannot be read.
pub static STANDARD_VALUE: CodeInfo = CodeInfo {
    code: "E0509",
    severity: Error,
    title: ("标准的值读不出来", "a standard's value cannot be read"),
    page: (
        "标准的值要与规则里声明的类型一致；单位要是同一种量；期间、日期要写完整。

不对：
    value = \"约 4.5\"
    unit = \"%\"
对：
    value = \"4.5\"
    unit = \"%\"
",
        "A standard's value must be of the type that the rules declare, its unit of the same kind, its period and date complete.

Wrong:
    value = \"about 4.5\"
    unit = \"%\"
Right:
    value = \"4.5\"
    unit = \"%\"
",
    ),
};

/// Two values of a standard for one period.
pub static STANDARD_TWICE: CodeInfo = CodeInfo {
    code: "E0510",
    severity: Error,
    title: ("同一标准在同一期间有两个值", "a standard has two values for one period"),
    page: (
        "同一标准、同一期间只能有一个值，否则用哪一个来判定说不清。把作废的一条删掉，或者给两条写上不同的 `period`。

不对：两条 `市定失业率标准`，都没有 `period`
对：
    [[standard]]
    name = \"市定失业率标准\"
    period = 2021
",
        "A standard has one value for a period, or it would be unclear which one a verdict rests on. Delete the one that is no
longer in force, or give the two different `period`s.

Wrong: two entries for `city_unemployment`, both without a `period`
Right:
    [[standard]]
    name = \"city_unemployment\"
    period = 2021
",
    ),
};

/// A register that cannot be used.
pub static REGISTER: CodeInfo = CodeInfo {
    code: "E0511",
    severity: Error,
    title: ("承诺登记表有误", "the register of commitments is not in order"),
    page: (
        "登记表是一份 CSV，第一行是列名，至少有 `id` 一列；每条承诺的 `id` 不能空、不能重复。

不对：
    id,clause
    D210,公用经费压减10%
    D210,失业率控制在4%以内
对：
    id,clause
    D210,公用经费压减10%
    D211,失业率控制在4%以内
",
        "The register is a CSV file whose first line names its columns, `id` among them; each commitment has an `id` of its own.

Wrong:
    id,clause
    D210,cut running costs by 10%
    D210,unemployment within 4%
Right:
    id,clause
    D210,cut running costs by 10%
    D211,unemployment within 4%
",
    ),
};

/// A data path on the command line that does not exist.
pub static NO_SUCH_PATH: CodeInfo = CodeInfo {
    code: "E0512",
    severity: Error,
    title: ("没有这个文件或文件夹", "no such file or folder"),
    page: (
        "命令行里给的数据文件或文件夹不存在，或者标准输入 `-` 用了两次。

不对：
    --data 预算=2021/预算.csv         # 文件其实叫 部门预算.csv
对：
    --data 预算=2021/部门预算.csv
",
        "A data file or folder named on the command line does not exist, or standard input `-` is used twice.

Wrong:
    --data budget=2021/budget.csv     # the file is called budgets.csv
Right:
    --data budget=2021/budgets.csv
",
    ),
};

/// A value of a standard that the suite does not declare.
pub static UNKNOWN_STANDARD: CodeInfo = CodeInfo {
    code: "W0501",
    severity: Warning,
    title: ("规则里没有声明这个标准", "no rule file declares this standard"),
    page: (
        "一份标准文件可以供几个套件用，所以这只是提醒。如果名字写错了，规则会因为缺少标准而判为“缺数据”。

不对：
    name = \"市定失业标准\"          # 规则里叫“市定失业率标准”
对：
    name = \"市定失业率标准\"
",
        "A standards file may serve several suites, so this is only a warning. If the name is misspelt, the rules that need the
standard come out as missing.

Wrong:
    name = \"city_unemployed\"       # the rules say city_unemployment
Right:
    name = \"city_unemployment\"
",
    ),
};

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[
    &UNREADABLE,
    &TOML_SYNTAX,
    &UNKNOWN_KEY,
    &WRONG_VALUE,
    &MISSING_KEY,
    &UNKNOWN_DATASET,
    &UNKNOWN_COLUMN,
    &BINDING_UNIT,
    &STANDARD_VALUE,
    &STANDARD_TWICE,
    &REGISTER,
    &NO_SUCH_PATH,
    &UNKNOWN_STANDARD,
];
