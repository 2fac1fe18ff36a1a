//! The help texts of all commands and options, in both languages.

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command, CommandFactory};

use crate::base::Lang;
use crate::report::words::pick;

use super::Cli;

/// What the program is.
const ABOUT: (&str, &str) = (
    "兑现：按规则核对政府承诺与实际数据",
    "Duixian (兑现): checks what a government promised against the figures that follow",
);

/// A command: name, and what it does.
const COMMANDS: &[(&str, &str, &str)] = &[
    ("init", "新建一个可以运行的示例套件", "Make a small suite that works"),
    ("check", "编译套件，列出全部错误和警告", "Compile a suite and list all errors and warnings"),
    ("run", "用提交的数据评判套件中的规则", "Judge a suite's rules on submitted data"),
    (
        "plan",
        "列出套件要从各数据集取哪些数，每次读取供多少条规则用",
        "List what a suite asks of each dataset, and how many rules share each reading",
    ),
    ("test", "运行套件里的测试", "Run a suite's tests"),
    (
        "trace",
        "核对登记表里的承诺有没有规则、测试和结论",
        "Hold the register of commitments against rules, tests and verdicts",
    ),
    (
        "diff",
        "比较两份运行记录（哪些结论变了，为什么），或两个套件（哪些规则更严、更宽、相同）",
        "Compare two run records (which verdicts changed, and why) or two suites (which rules are stricter, laxer, the same)",
    ),
    ("verify", "核验运行记录：哈希值和重新评判的结果是否一致", "Verify a run record: its hashes, and judging again"),
    (
        "keygen",
        "生成一对密钥：run --sign 用私钥给运行记录签名，verify --key 用公钥核验",
        "Make a pair of keys, to sign run records (run --sign) and to verify them (verify --key)",
    ),
    (
        "explain",
        "说明一个代码（如 E0301）、一条规则，或规则的个案是怎样算出来的",
        "Explain a code (such as E0301), a rule, or step by step how its cases were calculated",
    ),
    (
        "doc",
        "把套件写成给不编程的人看的规则手册：HTML 或 Markdown",
        "Write the suite as a rule book for those who do not program: HTML or Markdown",
    ),
    ("completions", "输出命令行补全脚本", "Print a script that completes commands in a shell"),
];

/// An argument: its id, and what it is.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("suite", "套件的文件夹（含 suite.toml）", "Folder of the suite (with a suite.toml)"),
    ("lang", "语言：zh 或 en；默认随系统区域设置", "Language, zh or en; the locale's unless said"),
    (
        "data",
        "提交的数据：一个文件夹，或“数据集=文件”；可以多次",
        "Submitted data: a folder, or DATASET=FILE; may be repeated",
    ),
    (
        "submission",
        "一份报送的文件夹或文件；可以多次，一次评判多份",
        "Folder or file of one submission; repeated, to judge many in one run",
    ),
    (
        "submissions",
        "多份报送的通配式，如 '报送/*'：其中每个文件夹或文件是一份",
        "Pattern of submissions such as 'inbox/*': each folder or file that it fits is one",
    ),
    (
        "singles",
        "为每份报送另写一份运行记录：文件夹/报送名.json，可用于 verify、diff",
        "Also write the run record of each submission, DIR/NAME.json, for verify and diff",
    ),
    (
        "submitted",
        "记录所评判的那份报送：文件夹或文件；汇总记录可以写几次",
        "The submission that the record is of: a folder or a file; of a record of many, repeated",
    ),
    (
        "threads",
        "同时评判几份报送，默认为处理器核数",
        "How many submissions are judged at a time; the number of cores unless said",
    ),
    ("shown", "标准输出的格式：text（默认）或 json", "What standard output holds: text (unless said) or json"),
    (
        "standards",
        "标准文件（TOML），代替 suite.toml 里写的；可以多次",
        "Standards file (TOML), in place of those in suite.toml; may be repeated",
    ),
    (
        "waivers",
        "豁免文件（TOML 或 CSV），代替 suite.toml 里写的；可以多次",
        "Waivers file (TOML or CSV), in place of those in suite.toml; may be repeated",
    ),
    (
        "period",
        "评判的期间：2021、2021H1、2021Q1、2021-03；默认见 suite.toml",
        "Period to judge: 2021, 2021H1, 2021Q1, 2021-03; suite.toml's unless said",
    ),
    (
        "as_of",
        "评判时点（相当于“今天”），默认为期间的最后一天",
        "The day that counts as today; the period's last day unless said",
    ),
    ("select", "只评判（或只改动）这些规则", "Judge (or change) only these rules"),
    (
        "mutate",
        "逐处改动规则（≥ 改 >，数字加减末位……），列出测试发现不了的改动",
        "Change each rule in one place (> for ≥, a last digit …) and list the changes that no test notices",
    ),
    (
        "coverage",
        "列出没有测试的规则，和测试没有两面都试到的条文",
        "List rules without tests, and clauses that the tests do not see both ways",
    ),
    (
        "fail_on",
        "哪些规则不合格算运行不通过：binding 约束性（默认）、expected 预期性以上、advisory 全部",
        "Which rules fail the run: binding (unless said), expected and above, advisory for all",
    ),
    (
        "record",
        "把运行记录（JSON）写入文件；“-”表示标准输出，代替报告",
        "Write the run record (JSON) to a file; - is standard output, in place of the report",
    ),
    (
        "stamp",
        "把制作时间写进运行记录；不加则记录不含时钟时间，同样的输入得到同样的字节",
        "Put the time of the clock into the record; without it a record has none, and the same inputs give the same bytes",
    ),
    (
        "sign",
        "用这把私钥给运行记录签名，签名另存为 记录.sig；密钥用 keygen 生成",
        "Sign the run record with this secret key (see keygen); the signature goes to RECORD.sig",
    ),
    (
        "format",
        "标准输出的格式：text（默认）、json 或 html",
        "What standard output holds: text (unless said), json or html",
    ),
    (
        "outputs",
        "另存报告：text:文件、json:文件、html:文件、xlsx:文件、md:文件、junit:文件、sarif:文件、oscal:文件；可以多次",
        "Also write text:FILE, json:FILE, html:FILE, xlsx:FILE, md:FILE, junit:FILE, sarif:FILE or oscal:FILE; may be repeated",
    ),
    (
        "annotate",
        "复制提交的工作簿，把有问题的单元格涂色、加批注，其余不动；提交了几个时写 提交的文件=副本；可以多次",
        "Copy the submitted workbook with cells that have a finding coloured and commented, and nothing else changed; of several, SUBMITTED=COPY; may be repeated",
    ),
    (
        "max_findings",
        "每条规则最多列出多少个个案；不写则为 100 个，全部规则合计超过 2000 个时各条相应少列。多份报送时为每份报送，默认 10",
        "How many cases of a rule are listed at most: 100 unless said, or fewer where all rules together would have more than 2,000. With many submissions, of a submission, 10 unless said",
    ),
    (
        "memory_limit",
        "最多使用多少内存，如 8GB、512MB；默认为本机内存的一半。装不下时说明原因，不会中途崩溃",
        "How much memory may be taken (8GB, 512MB); half of the machine's unless said. What does not fit is told",
    ),
    (
        "passes",
        "运行记录里也写明合格和不适用的个案是怎样算出来的",
        "Also keep in the record how cases that pass, or do not apply, were calculated",
    ),
    ("judged", "运行记录（JSON）：说明其中的个案", "Run record (JSON) whose cases are explained"),
    (
        "cases",
        "只说明这些个案：部门=教育局、期间=2021，或只写成员；可以多次，取都符合的",
        "Explain only these cases: DIMENSION=MEMBER, period=2021, or the member alone; repeated, those that fit all",
    ),
    ("form", "手册的格式：html（默认）、md 或 json", "What the book is written in: html (unless said), md or json"),
    ("output", "写入这个文件；默认写到标准输出", "File to write; standard output unless said"),
    ("limit", "最多说明多少个个案，默认 5", "How many cases are explained at most, 5 unless said"),
    ("drawn", "标准输出的格式：text（默认）、json 或 md", "What standard output holds: text (unless said), json or md"),
    ("suites", "套件的文件夹；共用一张登记表的可以写几个", "Folders of suites; several if they share a register"),
    (
        "records",
        "套件的运行记录（JSON），给出每条承诺的结论；可以多次",
        "Record of a run of a suite (JSON), for the verdict of each commitment; may be repeated",
    ),
    (
        "document",
        "承诺所出文件的纯文本：逐条查找原文，标出未登记的数字",
        "Plain text of the source document: find each clause in it, and figures that no clause covers",
    ),
    (
        "reports",
        "另存报告：text:文件、json:文件、html:文件；可以多次",
        "Also write text:FILE, json:FILE or html:FILE; may be repeated",
    ),
    (
        "shape",
        "标准输出的格式：text（默认）、json 或 html",
        "What standard output holds: text (unless said), json or html",
    ),
    ("all", "逐条列出全部承诺及其规则", "List every commitment with its rules"),
    (
        "old",
        "原来的运行记录（JSON），或原来的套件的文件夹",
        "The earlier run record (JSON), or the folder of the earlier suite",
    ),
    (
        "new",
        "后来的运行记录（JSON），或后来的套件的文件夹",
        "The later run record (JSON), or the folder of the later suite",
    ),
    ("kept", "要核验的运行记录（JSON）", "The run record to verify (JSON)"),
    (
        "key",
        "用这把公钥核验记录的签名（记录.sig）；只核验签名时不必写 --suite",
        "Verify the record's signature (RECORD.sig) with this public key; for the signature alone, --suite may be left out",
    ),
    ("secret", "私钥的文件名；公钥另存为 文件名.pub", "File of the secret key; the public one goes to FILE.pub"),
    (
        "moved",
        "数据和标准所在的文件夹改了名称：只比文件名和内容",
        "Folders of data, standards and waivers have other names now: compare file names and content only",
    ),
    ("dir", "新建的文件夹；已有内容时不覆盖", "Folder to make; nothing in it is overwritten"),
    ("what", "代码（E0301、W0401）或规则编号", "A code (E0301, W0401) or a rule's id"),
    ("rules", "规则所在套件的文件夹", "Folder of the suite that the rule is in"),
    ("shell", "bash、zsh、fish、powershell 或 elvish", "bash, zsh, fish, powershell or elvish"),
    ("help", "显示帮助", "Print help"),
    ("version", "显示版本", "Print version"),
];

/// The command line with its texts in one language.
pub fn localized(lang: Lang) -> Command {
    let command = Cli::command()
        .about(pick(lang, ABOUT.0, ABOUT.1))
        .disable_version_flag(true)
        .arg(flag("version", lang).short('V').action(ArgAction::Version))
        .subcommand_help_heading(pick(lang, "命令", "Commands"))
        .after_help(pick(
            lang,
            "退出码：0 通过；1 有规则（或测试）不合格；2 用法或配置有误；3 规则不能编译；4 数据读不出或不足以定论；5 核验不一致；70 内部错误；130 中途中断",
            "Exit codes: 0 passed; 1 a rule (or test) fails; 2 usage or configuration; 3 the rules do not compile; \
             4 data cannot be read or does not suffice; 5 a record does not hold; 70 internal error; 130 interrupted",
        ));
    localize(command, lang)
}

fn localize(command: Command, lang: Lang) -> Command {
    let template = pick(
        lang,
        "{about}\n\n用法：{usage}\n\n{all-args}{after-help}\n",
        "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}\n",
    );
    let heading = |arg: &Arg| {
        if arg.is_positional() { pick(lang, "参数", "Arguments") } else { pick(lang, "选项", "Options") }
    };
    let command = command
        .disable_help_flag(true)
        .arg(flag("help", lang).short('h').action(ArgAction::Help))
        .help_template(template)
        .mut_args(|arg| {
            let heading = heading(&arg);
            let text = argument(arg.get_id().as_str(), lang);
            arg.help_heading(heading).help(text)
        });
    let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    names.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |inner| {
            let about = COMMANDS.iter().find(|entry| entry.0 == name).map_or("", |entry| pick(lang, entry.1, entry.2));
            localize(inner.about(about), lang)
        })
    })
}

fn flag(name: &'static str, lang: Lang) -> Arg {
    Arg::new(name).long(name).help(argument(name, lang))
}

fn argument(id: &str, lang: Lang) -> StyledStr {
    ARGUMENTS.iter().find(|entry| entry.0 == id).map_or("", |entry| pick(lang, entry.1, entry.2)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_is_told_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            let command = localized(lang);
            let commands = std::iter::once(&command).chain(command.get_subcommands());
            for inner in commands {
                assert!(inner.get_about().is_some_and(|about| !about.to_string().is_empty()), "{}", inner.get_name());
                for arg in inner.get_arguments() {
                    assert!(arg.get_help().is_some_and(|help| !help.to_string().is_empty()), "{}", arg.get_id());
                }
            }
            command.debug_assert();
        }
    }
}
