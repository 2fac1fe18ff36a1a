//! Codes of waivers: what is wrong with their files, and those that waive nothing.

use super::CodeInfo;
use crate::base::Severity::{Error, Warning};

/// A waiver that cannot be read.
pub static WRONG: CodeInfo = CodeInfo {
    code: "E0513",
    severity: Error,
    title: ("豁免写得不对", "a waiver cannot be read"),
    page: (
        "豁免文件里有看不懂的内容，运行就停止：悄悄略过一条豁免，或者把它当成别的意思，都会使结论出错。日期写全，失效日期不早于
批准日期；CSV 的范围写成 `部门=信访局`，几个维度用分号隔开。

不对：
    approved = \"2021年上半年\"
    expires  = \"2020-12-31\"
对：
    approved = \"2021-03-01\"
    expires  = \"2021-12-31\"
",
        "A waivers file that cannot be understood stops the run: a waiver that is passed over, or read as something else, makes
the outcome wrong. Dates are whole days, and a waiver does not expire before it is approved; in CSV a scope is written
`department=Petitions`, with semicolons between dimensions.

Wrong:
    approved = \"early 2021\"
    expires  = \"2020-12-31\"
Right:
    approved = \"2021-03-01\"
    expires  = \"2021-12-31\"
",
    ),
};

/// A waiver of a rule that the suite does not have.
pub static UNKNOWN_RULE: CodeInfo = CodeInfo {
    code: "E0514",
    severity: Error,
    title: ("豁免的规则不存在", "a waiver of an unknown rule"),
    page: (
        "豁免要写规则的编号，一字不差。规则改了编号或者取消了，豁免也要跟着改或者删去。

不对：
    rule = \"公用经费压减\"          # 编号是 D210
对：
    rule = \"D210\"
",
        "A waiver names the id of a rule, to the letter. When a rule is renamed or goes, its waivers are mended or go too.

Wrong:
    rule = \"running costs\"         # the id is D210
Right:
    rule = \"D210\"
",
    ),
};

/// A waiver whose scope is not one of its rule's cases.
pub static SCOPE: CodeInfo = CodeInfo {
    code: "E0515",
    severity: Error,
    title: ("豁免的范围与规则不符", "a waiver's scope does not fit its rule"),
    page: (
        "范围里的维度必须是规则 `对每个` 的维度，每个维度写一个成员；不写的维度不限。完全不写范围，豁免的是整条规则。

规则：
    规则 D210
        对每个 部门
        要求 …
不对：
    scope = { \"科目\" = \"公用经费\" }
对：
    scope = { \"部门\" = \"信访局\" }
",
        "The dimensions of a scope are those of the rule's `for each`, with one member of each; a dimension that is left out is
not restricted. Without a scope the whole rule is waived.

The rule:
    rule D210
        for each department
        require …
Wrong:
    scope = { subject = \"running\" }
Right:
    scope = { department = \"Petitions\" }
",
    ),
};

/// Two waivers of the same cases, decided on one day.
pub static TWICE: CodeInfo = CodeInfo {
    code: "E0516",
    severity: Error,
    title: ("同一天批准了两条相同的豁免", "a waiver stands twice"),
    page: (
        "规则、范围、期间、批准日期都相同的豁免只能有一条，否则以哪一条的理由和期限为准说不清。续期是另一次批准，写续批的日期；几条豁免
同时有效时，以最后批准的为准。

不对：两条 `D210` 的豁免，都是 2021-03-01 批准
对：
    第一条 approved = \"2021-03-01\"，expires = \"2021-06-30\"
    第二条 approved = \"2021-06-20\"，expires = \"2021-12-31\"
",
        "There is one waiver of a rule, scope and period that was approved on a day, or it would be unclear whose reason and end
count. An extension is a decision of its own, with the day on which it was made; where several are in force, the one
approved last counts.

Wrong: two waivers of `D210`, both approved on 2021-03-01
Right:
    the first   approved = \"2021-03-01\", expires = \"2021-06-30\"
    the second  approved = \"2021-06-20\", expires = \"2021-12-31\"
",
    ),
};

/// A waiver that is no longer in force.
pub static EXPIRED: CodeInfo = CodeInfo {
    code: "W0503",
    severity: Warning,
    title: ("豁免已经失效", "a waiver has expired"),
    page: (
        "评判时点在失效日期之后，这条豁免不再起作用，它所指的个案照常评判。仍需豁免的，要重新批准，另写一条；不再需要的，删去。

例：评判时点 2021-12-31
    expires = \"2021-06-30\"        # 已失效
    expires = \"2021-12-31\"        # 当天仍有效
",
        "The day of judging is past the waiver's last day: it waives nothing, and its cases are judged like any other. If it is
still needed it must be approved anew, as an entry of its own; if not, delete it.

Example, judged as of 2021-12-31:
    expires = \"2021-06-30\"        # has expired
    expires = \"2021-12-31\"        # still in force on that day
",
    ),
};

/// A waiver that is not in force yet.
pub static TOO_EARLY: CodeInfo = CodeInfo {
    code: "W0504",
    severity: Warning,
    title: ("豁免尚未生效", "a waiver is not in force yet"),
    page: (
        "批准日期在评判时点之后。豁免从批准之日起有效，不追溯到批准之前：按当时的时点评判，它还不存在。

例：评判时点 2021-12-31
    approved = \"2022-01-10\"       # 尚未生效
用批准以后的时点评判：`--as-of 2022-01-10`
",
        "The waiver was approved after the day of judging. It is in force from the day of approval and does not reach back:
seen from the day of judging it does not exist.

Example, judged as of 2021-12-31:
    approved = \"2022-01-10\"       # not in force yet
To judge as of a day on which it is: `--as-of 2022-01-10`
",
    ),
};

/// A waiver whose cases do not fail.
pub static UNNEEDED: CodeInfo = CodeInfo {
    code: "W0505",
    severity: Warning,
    title: ("豁免没有用上", "a waiver that nothing needs"),
    page: (
        "豁免所指的个案存在，但没有一个不合格，所以没有什么可以豁免。豁免只改变“不合格”：缺数据、出错、临界、未到期都不因豁免而改变。
已经合格的，可以把豁免删去。

例：D210[信访局] 合格，豁免文件里还写着
    rule = \"D210\"
    scope = { \"部门\" = \"信访局\" }
",
        "The cases that the waiver covers exist, and none of them fails, so there is nothing to waive. A waiver changes a fail
and nothing else: missing, error, borderline and pending stay what they are. If the cases pass, delete the waiver.

Example: D210[Petitions] passes, and the waivers file still says
    rule = \"D210\"
    scope = { department = \"Petitions\" }
",
    ),
};

/// A waiver of cases that there are not.
pub static UNMATCHED: CodeInfo = CodeInfo {
    code: "W0506",
    severity: Warning,
    title: ("没有豁免所指的个案", "a waiver of no case"),
    page: (
        "规则在本次评判中没有这条豁免所指的个案：成员的名称写得与数据不一致，期间不在评判之列，或者机构已经撤并。名称要与数据里的写法
一字不差。

不对：
    scope = { \"部门\" = \"区信访局\" }   # 数据里是“信访局”
对：
    scope = { \"部门\" = \"信访局\" }
",
        "In this run the rule has no case that the waiver covers: a member is spelled otherwise than in the data, the period is
not judged, or the body is no more. Names must equal those in the data.

Wrong:
    scope = { department = \"Petition\" }   # the data says Petitions
Right:
    scope = { department = \"Petitions\" }
",
    ),
};

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[&WRONG, &UNKNOWN_RULE, &SCOPE, &TWICE, &EXPIRED, &TOO_EARLY, &UNNEEDED, &UNMATCHED];
