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

/// A case that a record does not hold.
pub static NO_SUCH_CASE: CodeInfo = CodeInfo {
    code: "E0575",
    severity: Severity::Error,
    title: ("没有这样的个案", "there is no such case"),
    page: (
        "--case 后面写“维度=成员”，维度是规则“对每个”之后的名称；期间写“期间=2021”。可以写几个，取都符合的个案：\n\
         \n\
         \x20   duixian explain D210 --record record.json --case 部门=教育局\n\
         \n\
         运行记录详细记下没有合格的个案；合格的个案只计数，除非 run 时加了 --passes。要看合格个案的算式，也可以给出套件和数据，当场评判：\n\
         \n\
         \x20   duixian explain D210 --suite SUITE --data submission/ --case 部门=文旅局\n",
        "--case takes DIMENSION=MEMBER, the dimension as it stands behind `for each`; a period is given as period=2021. \n\
         Several may be given: the cases that fit all of them are explained.\n\
         \n\
         \x20   duixian explain D210 --record record.json --case department=education\n\
         \n\
         A record holds the cases that did not pass; those that did are only counted, unless `run` was told --passes. To\n\
         see how a passing case was calculated, give the suite and its data instead:\n\
         \n\
         \x20   duixian explain D210 --suite SUITE --data submission/ --case department=culture\n",
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

/// A suite to be traced that names no register.
pub static NO_REGISTER: CodeInfo = CodeInfo {
    code: "E0558",
    severity: Severity::Error,
    title: ("套件没有承诺登记表", "the suite has no register"),
    page: (
        "trace 逐条核对登记表里的承诺有没有规则、有没有测试。登记表是一个 CSV 文件，一行一条承诺，至少有 id 和 clause（原文）两列；\n\
         line（在文件中的行号）、group、check、kind 等列有则用之。请在 suite.toml 里写明：\n\
         \n\
         \x20   register = \"commitments.csv\"\n",
        "`trace` asks of every commitment in the register whether rules and tests cover it. A register is a CSV file\n\
         with a row for each commitment and at least the columns id and clause (its words); line (in the document),\n\
         group, check and kind are used where they are there. Name it in suite.toml:\n\
         \n\
         \x20   register = \"commitments.csv\"\n",
    ),
};

/// Suites to be traced together that have different registers.
pub static OTHER_REGISTER: CodeInfo = CodeInfo {
    code: "E0559",
    severity: Severity::Error,
    title: ("几个套件的登记表不同", "the suites have different registers"),
    page: (
        "trace 可以同时核对几个套件，前提是它们的登记表内容相同（例如“目标任务”和“已报告成效”两个套件共用一张登记表）。\n\
         登记表不同的套件，请分别核对。\n",
        "`trace` takes several suites at once if their registers are the same, such as one suite of targets and one of\n\
         reported results. Trace suites of different registers one by one.\n",
    ),
};

/// A record of a suite that is not traced.
pub static OTHER_RECORD: CodeInfo = CodeInfo {
    code: "E0560",
    severity: Severity::Error,
    title: ("运行记录属于别的套件", "a record of another suite"),
    page: (
        "--record 后面写所核对的套件的运行记录；几个套件就写几次。记录按套件名称（suite.toml 的 name）对应。\n",
        "--record takes the record of a run of a suite that is traced; give it once for each suite. Records are matched\n\
         by the suite's name (`name` in suite.toml).\n",
    ),
};

/// A file that is no record of a run.
pub static BAD_RECORD: CodeInfo = CodeInfo {
    code: "E0561",
    severity: Severity::Error,
    title: ("不是运行记录", "not a record of a run"),
    page: (
        "运行记录是 `duixian run 套件 --data … --record 文件` 写成的 JSON，schema 为 duixian.run/1。手工改动过的文件不再可靠。\n\
         多份报送的汇总记录（duixian.runs/1）只可以 verify；要看一份报送的算式，或者比较、追溯，用 --records 写出它自己的记录。\n",
        "A record is the JSON that `duixian run SUITE --data … --record FILE` writes, of schema duixian.run/1. A file that\n\
         was changed by hand cannot be relied on. The record of many submissions (duixian.runs/1) is for `verify` alone; to see\n\
         how a submission was calculated, to compare or to trace it, write its own record with --records.\n",
    ),
};

/// A source document that cannot be opened.
pub static NO_DOCUMENT: CodeInfo = CodeInfo {
    code: "E0562",
    severity: Severity::Error,
    title: ("打不开承诺所出的文件", "the source document cannot be opened"),
    page: (
        "--document 后面写承诺所出文件的纯文本，一段一行，行号与登记表的 line 列一致。Word、PDF 请先另存为纯文本。\n",
        "--document takes the plain text of the document that the commitments were taken from, a paragraph on each line,\n\
         numbered as in the register's column `line`. Save Word and PDF files as plain text first.\n",
    ),
};

/// Submissions that are not there.
pub static NO_SUBMISSION: CodeInfo = CodeInfo {
    code: "E0563",
    severity: Severity::Error,
    title: ("没有匹配到报送", "a pattern that fits no submission"),
    page: (
        "--submissions 后面写通配式，`*` 代表任意文字，`?` 代表一个字，例如 '报送/*'（加引号，免得被命令行展开）。匹配到的每个\n\
         文件夹或文件是一份报送，以它的名字命名。隐藏文件、README、~$ 开头的临时文件不算。一份也没有匹配到时不评判。\n",
        "--submissions takes a pattern, `*` for any text and `?` for one character, such as 'inbox/*' (in quotes, so that the shell\n\
         leaves it alone). Each folder or file that it fits is a submission, called like the folder or file. Hidden files,\n\
         README and the temporary files of spreadsheet programs are none. Where it fits nothing, nothing is judged.\n",
    ),
};

/// Two submissions of one name.
pub static SAME_SUBMISSION: CodeInfo = CodeInfo {
    code: "E0564",
    severity: Severity::Error,
    title: ("两份报送同名", "two submissions of one name"),
    page: (
        "汇总记录、对照表和 --records 写出的单份记录都按报送的名字区分，名字就是文件夹或文件的名字。同一个文件夹给了两次，或者不同\n\
         地方有同名的文件夹，就分不清谁是谁。请改名，或者只给一次。\n",
        "The record, its matrix and the single records that --records writes tell submissions apart by name: that of the folder or\n\
         file. A folder given twice, or two of one name in different places, could not be told apart. Rename one, or give it\n\
         once.\n",
    ),
};

/// A submission without data.
pub static EMPTY_SUBMISSION: CodeInfo = CodeInfo {
    code: "E0565",
    severity: Severity::Error,
    title: ("报送里没有数据", "a submission without data"),
    page: (
        "一份报送里没有任何文件可以读成数据集：文件夹是空的，或者文件名与数据集的名字、suite.toml 的绑定都对不上。它的规则都判为\n\
         缺数据，其他报送照常评判。单个文件作为一份报送时，按文件名、绑定或工作表的名字认数据集；套件只有一个数据集时，就是那一个。\n",
        "No file of a submission could be read as a dataset: its folder is empty, or its files are called neither like datasets nor\n\
         as a binding in suite.toml says. Its rules are missing data; other submissions are judged all the same. A single file\n\
         is assigned by its name, a binding or its sheets, and if the suite has only one dataset, to that.\n",
    ),
};

/// A submission on which the program failed.
pub static SUBMISSION_FAULT: CodeInfo = CodeInfo {
    code: "E0566",
    severity: Severity::Error,
    title: ("评判报送时程序出错", "the program failed on a submission"),
    page: (
        "这是程序的缺陷，不是规则或数据的错。出错的那份报送全部规则记为出错，其他报送不受影响。请连同这份报送一起报告。\n",
        "A fault of the program, not of rules or data. All rules of that submission are in error; no other submission is touched.\n\
         Please report it with the submission.\n",
    ),
};

/// A workbook that cannot be annotated.
pub static CANNOT_ANNOTATE: CodeInfo = CodeInfo {
    code: "E0567",
    severity: Severity::Error,
    title: ("工作簿无法批注", "a workbook cannot be annotated"),
    page: (
        "`--annotate 文件.xlsx` 复制一份提交的工作簿，把有问题的单元格涂上颜色、加上批注（规则、要求、差距），其余一概不动。\n\
         \n\
         只有 .xlsx、.xlsm 能这样做；旧格式 .xls、OpenDocument .ods、二进制 .xlsb 和加密的工作簿不行，请用表格软件另存为 .xlsx\n\
         再提交。提交了几个工作簿时，写明是哪一个：\n\
         \n\
         \x20   duixian run rules/budget --data 报送 --annotate 报送/预算.xlsx=批注.xlsx\n\
         \n\
         批注另存为新文件，不会改动提交的文件。\n",
        "`--annotate FILE.xlsx` makes a copy of the submitted workbook in which cells with a finding are coloured and carry a\n\
         comment (rule, requirement, shortfall). Nothing else is changed.\n\
         \n\
         That can be done to .xlsx and .xlsm only, not to the old .xls, to OpenDocument (.ods), to binary .xlsb or to an\n\
         encrypted workbook: save it as .xlsx in a spreadsheet program and submit that. Where several workbooks were submitted,\n\
         say which one:\n\
         \n\
         \x20   duixian run rules/budget --data submitted --annotate submitted/budget.xlsx=annotated.xlsx\n\
         \n\
         The copy is a new file; the submitted one is never changed.\n",
    ),
};

/// A file that should hold a key to sign records with, or to verify signatures.
pub static BAD_KEY: CodeInfo = CodeInfo {
    code: "E0568",
    severity: Severity::Error,
    title: ("密钥文件不能用", "the key file cannot be used"),
    page: (
        "签名用一对 ed25519 密钥：私钥签名，由评判的人保管，不外传；公钥核验，可以公开。没有密钥时这样生成：\n\
         \n\
         \x20   duixian keygen 财政局.key\n\
         \n\
         得到私钥 财政局.key 和公钥 财政局.key.pub。签名和核验：\n\
         \n\
         \x20   duixian run 套件 --data 数据 --record 记录.json --sign 财政局.key\n\
         \x20   duixian verify 记录.json --key 财政局.key.pub\n\
         \n\
         文件是通用的 PEM 格式（私钥 PKCS#8，公钥 SPKI），与 openssl 相同，`openssl genpkey -algorithm ed25519 -out 财政局.key`\n\
         生成的也能用。有口令保护的私钥、ssh 格式的密钥和 RSA 等别种密钥不能用。\n",
        "Records are signed with a pair of ed25519 keys: the secret one signs and stays with whoever judges; the public one\n\
         verifies and may be given to anybody. To make a pair:\n\
         \n\
         \x20   duixian keygen bureau.key\n\
         \n\
         gives the secret key bureau.key and the public key bureau.key.pub. To sign and to verify:\n\
         \n\
         \x20   duixian run SUITE --data DATA --record record.json --sign bureau.key\n\
         \x20   duixian verify record.json --key bureau.key.pub\n\
         \n\
         The files are PEM (PKCS#8 and SPKI), as openssl writes them: what `openssl genpkey -algorithm ed25519 -out bureau.key`\n\
         makes can be used as well. Keys behind a password, keys in the format of ssh, and keys of other kinds such as RSA\n\
         cannot.\n",
    ),
};

/// A record that was made with other rules.
pub static OLD_RECORD: CodeInfo = CodeInfo {
    code: "W0551",
    severity: Severity::Warning,
    title: ("运行记录与现在的规则不符", "a record of other rules"),
    page: (
        "记录里存有套件全部文件的哈希值。它与现在的文件不同，说明产生记录之后规则、登记表或 suite.toml 有过改动，结论可能不再成立。\n\
         请重新运行套件。\n",
        "A record holds a hash over all files of its suite. Where it differs from that of the files as they are now, rules,\n\
         register or suite.toml changed since, and the verdicts may no longer hold. Run the suite again.\n",
    ),
};

/// An `[[equivalent]]` entry that excuses no mutant.
pub static STALE_EQUIVALENT: CodeInfo = CodeInfo {
    code: "W0552",
    severity: Severity::Warning,
    title: ("等价变异的说明已经过时", "an excuse for a mutant that does not survive"),
    page: (
        "`duixian test --mutate` 把规则改动一处（例如 ≥ 改成 >），看测试能否发现。有的改动不影响结论，任何测试都发现不了，可以在\n\
         suite.toml 里说明：\n\
         \n\
         \x20   [[equivalent]]\n\
         \x20   rule = \"D052\"\n\
         \x20   mutant = \"≥ 1 个 → > 1 个\"\n\
         \x20   reason = \"…\"\n\
         \n\
         rule 写规则编号（或指标、函数的名称），mutant 照命令列出的原样写，也可以写方括号里的编号。规则改过、或有测试能\n\
         发现时，这条说明就过时了，应当删去。\n",
        "`duixian test --mutate` makes one change to a rule (say, > for ≥) and looks whether a test notices. Some changes make no\n\
         difference that a test could notice; suite.toml may say so:\n\
         \n\
         \x20   [[equivalent]]\n\
         \x20   rule = \"D052\"\n\
         \x20   mutant = \"≥ 1 个 → > 1 个\"\n\
         \x20   reason = \"…\"\n\
         \n\
         `rule` is the rule's id (or the name of an indicator or function), `mutant` the change as the command lists it, or the\n\
         id in brackets behind it. When the rule changes, or a test does notice, the entry is stale and must go.\n",
    ),
};

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[
    &NO_SUITE,
    &NO_RULES,
    &NOT_UTF8,
    &NO_USED_SUITE,
    &NO_PERIOD,
    &NO_SUCH_RULE,
    &NO_SUCH_CASE,
    &NO_SUCH_DATA,
    &NO_REGISTER,
    &OTHER_REGISTER,
    &OTHER_RECORD,
    &BAD_RECORD,
    &NO_DOCUMENT,
    &NO_SUBMISSION,
    &SAME_SUBMISSION,
    &EMPTY_SUBMISSION,
    &SUBMISSION_FAULT,
    &CANNOT_ANNOTATE,
    &BAD_KEY,
    &OLD_RECORD,
    &STALE_EQUIVALENT,
];
