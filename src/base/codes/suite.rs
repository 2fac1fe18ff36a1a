//! Codes of suites as folders, and of what a run is asked for.

use super::CodeInfo;
use crate::base::Severity;

/// There is no such suite.
pub static NO_SUITE: CodeInfo = CodeInfo {
    code: "E0551",
    severity: Severity::Error,
    title: ("找不到规则套件", "no suite there"),
    page: (
        "规则套件是一个文件夹，里面有 suite.toml 和一个以上的 .rule 文件（可放在子文件夹里）。\n\
         \n\
         命令后面写文件夹的路径，不写 .rule 文件的路径：\n\
         \n\
         \x20   duixian check rules/gulou-2021\n\
         \n\
         新建一个可以运行的套件：\n\
         \n\
         \x20   duixian init my-rules\n",
        "A suite is a folder with a suite.toml and at least one .rule file, in the folder or below it.\n\
         \n\
         Commands take the path of the folder, not of a .rule file:\n\
         \n\
         \x20   duixian check rules/gulou-2021\n\
         \n\
         To make a new suite that works:\n\
         \n\
         \x20   duixian init my-rules\n",
    ),
};

/// A suite without rule files.
pub static NO_RULES: CodeInfo = CodeInfo {
    code: "E0552",
    severity: Severity::Error,
    title: ("套件里没有规则文件", "the suite has no rule files"),
    page: (
        "套件文件夹及其子文件夹里没有扩展名为 .rule 的文件，没有可以检查的内容。\n\
         \n\
         请确认文件名以 .rule 结尾（不是 .rule.txt），且不在名称以“.”开头的文件夹里；\n\
         另有 suite.toml 的子文件夹是另一个套件，要用“引用”才会读入。\n",
        "Neither the suite's folder nor a folder below it has a file that ends in .rule, so there is nothing to check.\n\
         \n\
         Make sure that the names end in .rule (not .rule.txt) and that no folder's name begins with a dot. A folder\n\
         below with a suite.toml of its own is another suite, and is read only where a rule file says `use`.\n",
    ),
};

/// A rule file that cannot be read as UTF-8.
pub static NOT_UTF8: CodeInfo = CodeInfo {
    code: "E0553",
    severity: Severity::Error,
    title: ("规则文件无法读取", "a rule file cannot be read"),
    page: (
        "规则文件必须是 UTF-8 编码的文本。以 GBK 或 GB18030 保存的文件，请在编辑器里“另存为”，编码选 UTF-8。\n\
         \n\
         （数据文件不受此限，可以是 GB18030。）\n",
        "Rule files are UTF-8 text. Save a file that is in GBK or GB18030 again, with the encoding UTF-8.\n\
         \n\
         (Data files may be in GB18030.)\n",
    ),
};

/// A `use` of something that is no suite.
pub static NO_USED_SUITE: CodeInfo = CodeInfo {
    code: "E0554",
    severity: Severity::Error,
    title: ("找不到引用的套件", "a used suite is not there"),
    page: (
        "“引用”后面写另一个套件文件夹的路径，从本套件的文件夹算起：\n\
         \n\
         \x20   引用 \"../common\"\n\
         \n\
         该文件夹必须存在，并且含有 .rule 文件。\n",
        "`use` takes the path of another suite's folder, seen from the folder of this suite:\n\
         \n\
         \x20   use \"../common\"\n\
         \n\
         The folder must exist and hold .rule files.\n",
    ),
};

/// A run without a period.
pub static NO_PERIOD: CodeInfo = CodeInfo {
    code: "E0555",
    severity: Severity::Error,
    title: ("没有说明期间", "no period is given"),
    page: (
        "运行规则要先知道评判哪一期。在命令行写明：\n\
         \n\
         \x20   duixian run SUITE --period 2021\n\
         \n\
         或在 suite.toml 里写明默认期间：\n\
         \n\
         \x20   period = \"2021\"\n\
         \n\
         测试也可以自己写“期间 2021”。期间可以是年（2021）、半年（2021H1）、季（2021Q1）或月（2021-03）。\n",
        "A run judges one period. Name it on the command line:\n\
         \n\
         \x20   duixian run SUITE --period 2021\n\
         \n\
         or give suite.toml a default:\n\
         \n\
         \x20   period = \"2021\"\n\
         \n\
         A test may also say `period 2021`. Periods are years (2021), half-years (2021H1), quarters (2021Q1) and\n\
         months (2021-03).\n",
    ),
};

/// A rule that the suite does not have.
pub static NO_SUCH_RULE: CodeInfo = CodeInfo {
    code: "E0556",
    severity: Severity::Error,
    title: ("套件里没有这条规则", "the suite has no such rule"),
    page: (
        "--select 后面写规则的编号，即“规则”之后的名称：\n\
         \n\
         \x20   duixian run SUITE --select D210 D007\n",
        "--select takes the names that stand behind `rule`:\n\
         \n\
         \x20   duixian run SUITE --select D210 D007\n",
    ),
};

/// A folder or file that the command line names and that is not there.
pub static NO_SUCH_DATA: CodeInfo = CodeInfo {
    code: "E0557",
    severity: Severity::Error,
    title: ("--data 指向的文件或文件夹不存在", "--data names something that is not there"),
    page: (
        "--data 后面写一个文件夹，里面的文件按数据集名称或 suite.toml 的约定读入；或者写“数据集=文件”：\n\
         \n\
         \x20   duixian run SUITE --data submission/\n\
         \x20   duixian run SUITE --data 预算=budget.xlsx --data 指标=figures.csv\n",
        "--data takes a folder, whose files are read by the names of the datasets or as suite.toml says; or\n\
         DATASET=FILE:\n\
         \n\
         \x20   duixian run SUITE --data submission/\n\
         \x20   duixian run SUITE --data budget=budget.xlsx --data indicators=figures.csv\n",
    ),
};

/// All of them, in order.
pub static ALL: &[&CodeInfo] =
    &[&NO_SUITE, &NO_RULES, &NOT_UTF8, &NO_USED_SUITE, &NO_PERIOD, &NO_SUCH_RULE, &NO_SUCH_DATA];
