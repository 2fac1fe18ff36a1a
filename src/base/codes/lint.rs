//! Codes of this area: rules that compile, held against the register, the figures already reported, and each other's names.

use super::CodeInfo;
use crate::base::Severity::{Error, Warning};

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[
    &FIGURES,
    &ACCEPTED_CODE,
    &THRESHOLD,
    &COMPARATOR,
    &UNIT,
    &KIND,
    &PERIOD,
    &INDICATOR,
    &REGRESSIVE,
    &SLOWER,
    &OFFICIAL_GROWTH,
    &CONFUSABLE,
    &ACCEPTED_NOTHING,
];

/// The line of a reported figure is no number.
pub static FIGURES: CodeInfo = CodeInfo {
    code: "E0601",
    severity: Error,
    title: ("已报告数字的行号有误", "a reported figure whose line is no number"),
    page: (
        r#"`suite.toml` 的 `figures` 指向一张与指标表同样格式的表（指标、区域、期间、数值、单位、限定），另可有一列 `报告行`，写数字在文件的
第几行，或者空着。

错误：
    指标,期间,数值,单位,限定,报告行
    新增市场主体,2020,2,万户,超,第十八行
正确：
    指标,期间,数值,单位,限定,报告行
    新增市场主体,2020,2,万户,超,18
"#,
        r#"`figures` in `suite.toml` names a table in the form of the indicator table (指标, 区域, 期间, 数值, 单位, 限定) with a further column
`报告行` or `line`: the line of the document that the figure stands in, or blank.

Wrong:
    indicator,period,value,unit,qualifier,line
    new_firms,2020,2,万户,above,eighteen
Right:
    indicator,period,value,unit,qualifier,line
    new_firms,2020,2,万户,above,18
"#,
    ),
};

/// A code that cannot be accepted.
pub static ACCEPTED_CODE: CodeInfo = CodeInfo {
    code: "E0602",
    severity: Error,
    title: ("`认可` 的不是规则的提示", "what is accepted is no remark on rules"),
    page: (
        r#"`认可 代码 "理由"` 只用于 `check` 对规则的提示（W06 开头），理由不能空。错误不能认可，只能改正。

错误：
    规则 D1
        要求 有效发明专利 ≥ 9600 件
        认可 E0301 "单位没错"
正确：
    规则 D1
        要求 有效发明专利 ≥ 9600 件
        认可 W0607 "2021年起不计境外授权，口径变了"
"#,
        r#"`accept CODE "reason"` answers a remark that `check` makes on a rule (codes that begin with W06), and the reason cannot be
empty. An error cannot be accepted; it has to be put right.

Wrong:
    rule D1
        require patents >= 9600 件
        accept E0301 "the unit is fine"
Right:
    rule D1
        require patents >= 9600 件
        accept W0607 "patents granted abroad no longer count"
"#,
    ),
};

/// The rule's number is not the register's.
pub static THRESHOLD: CodeInfo = CodeInfo {
    code: "W0601",
    severity: Warning,
    title: ("界限与登记表不同", "a threshold that differs from the register"),
    page: (
        r#"规则引用的承诺在登记表里有一个数，规则要求的是另一个数（单位已经统一）。多半有一处抄错了。

错误（登记表 D137：新增城镇就业 >= 2.8 万人）：
    规则 D137
        依据 D137
        要求 新增城镇就业 ≥ 28 万人
正确：
    规则 D137
        依据 D137
        要求 新增城镇就业 ≥ 2.8 万人
"#,
        r#"The register gives one number for the commitment that the rule cites, and the rule requires another (units unified). One
of the two was probably copied wrongly.

Wrong (D137 in the register: urban jobs >= 2.8 万人):
    rule D137
        cites D137
        require urban_jobs >= 28 万人
Right:
    rule D137
        cites D137
        require urban_jobs >= 2.8 万人
"#,
    ),
};

/// The rule's comparison is not the register's.
pub static COMPARATOR: CodeInfo = CodeInfo {
    code: "W0602",
    severity: Warning,
    title: ("比较方式与登记表不同", "a comparison that differs from the register"),
    page: (
        r#"数相同，比较方式不同：登记表写 `>`（突破、超过，不含本数），规则写 `≥`（以上、达，包含本数），或者反过来。恰好等于这个数时，
两种写法的结论相反（《民法典》第一千二百五十九条）。

错误（登记表 D017：高新技术企业总量 > 600 家）：
    规则 D017
        依据 D017
        要求 高新技术企业总量 ≥ 600 家
正确：
    规则 D017
        依据 D017
        要求 高新技术企业总量 突破 600 家
"#,
        r#"The number is the same and the comparison is not: the register says `>` (突破, 超过: the number excluded) and the rule `≥`
(以上, 达: the number included), or the other way round. At exactly this number the two come out differently (Civil Code of
the PRC, art. 1259).

Wrong (D017 in the register: high-tech firms > 600 家):
    rule D017
        cites D017
        require high_tech at least 600 家
Right:
    rule D017
        cites D017
        require high_tech above 600 家
"#,
    ),
};

/// The rule's unit measures something else than the register's.
pub static UNIT: CodeInfo = CodeInfo {
    code: "W0603",
    severity: Warning,
    title: ("单位与登记表不是同一种量", "a unit that measures something else than the register's"),
    page: (
        r#"登记表和规则的单位换算不了：人与人次、户与人、% 与百分点都是不同的量。

错误（登记表 D168：文化云平台服务人次 >= 100 万人次）：
    规则 D168
        依据 D168
        要求 文化云平台服务人数 ≥ 100 万人
正确：
    规则 D168
        依据 D168
        要求 文化云平台服务人次 ≥ 100 万人次
"#,
        r#"The units of the register and of the rule do not convert: 人 and 人次, 户 and 人, % and 百分点 are different quantities.

Wrong (D168 in the register: visits to the platform >= 100 万人次):
    rule D168
        cites D168
        require platform_users >= 100 万人
Right:
    rule D168
        cites D168
        require platform_visits >= 100 万人次
"#,
    ),
};

/// The rule's kind does not go with the register's modality.
pub static KIND: CodeInfo = CodeInfo {
    code: "W0604",
    severity: Warning,
    title: ("性质与登记表的情态不符", "a kind that does not go with the register's modality"),
    page: (
        r#"登记表的 `modality` 是 确保、必须 的，规则应为约束性；是 力争、争创、推动、促进、目标、预期目标 的，应为预期性。其他情态词
（实现、完成、推进、打造、无标记……）由规则作者判断，不提示。努力方向的承诺（登记表 `check` 为 effort、fuzzy 等）可以写成提示。

错误（登记表 D017：力争）：
    规则 D017
        依据 D017
        要求 高新技术企业总量 突破 600 家
        性质 约束性
正确：
    规则 D017
        依据 D017
        要求 高新技术企业总量 突破 600 家
        性质 预期性
"#,
        r#"Where the register's `modality` is 确保 or 必须 (ensure, must), the rule is binding; where it is 力争, 争创, 推动, 促进, 目标 or
预期目标 (strive for, promote, target), it is expected. Of other words the writer of the rule decides, and nothing is said.
Commitments to an effort (`check` is effort, fuzzy …) may be advisory.

Wrong (D017 in the register: 力争):
    rule D017
        cites D017
        require high_tech above 600 家
        kind binding
Right:
    rule D017
        cites D017
        require high_tech above 600 家
        kind expected
"#,
    ),
};

/// The rule's periods are not the register's.
pub static PERIOD: CodeInfo = CodeInfo {
    code: "W0605",
    severity: Warning,
    title: ("期间与登记表不同", "a period that differs from the register"),
    page: (
        r#"登记表的 `period`（`2021`、`2025末`、`2021-2025各年`、`2021-2025累计`）与规则评判的期间不同。没有写 `期间` 的规则，按
`suite.toml` 的 `period` 看。

错误（登记表 C015：2021-2025各年）：
    规则 C015
        依据 C015
        期间 2025
        要求 优良天数占比 保持在 80% 以上
正确：
    规则 C015
        依据 C015
        期间 2021..2025
        要求 优良天数占比 保持在 80% 以上
"#,
        r#"The register's `period` (`2021`, `2025末`: at the end of, `2021-2025各年`: in every year of, `2021-2025累计`: in total over) is
not the one that the rule judges. A rule without a `period` is taken with that of `suite.toml`.

Wrong (C015 in the register: 2021-2025各年):
    rule C015
        cites C015
        period 2025
        require good_air_days at least 80%
Right:
    rule C015
        cites C015
        period 2021..2025
        require good_air_days at least 80%
"#,
    ),
};

/// The rule uses other indicators than the register names.
pub static INDICATOR: CodeInfo = CodeInfo {
    code: "W0606",
    severity: Warning,
    title: ("登记表写的指标，规则没有用到", "the register's indicator is not used by the rule"),
    page: (
        r#"登记表给这条承诺写的 `indicator` 在套件里有声明（别名算同一个），规则用的却是别的指标。

错误（登记表 D165：新增养老机构床位）：
    指标 新增养老机构床位: 张
    指标 机构养老床位: 张
    规则 D165
        依据 D165
        要求 机构养老床位 ≥ 400 张
正确：
    规则 D165
        依据 D165
        要求 新增养老机构床位 ≥ 400 张
"#,
        r#"The `indicator` that the register names for the commitment is declared in the suite (aliases count as the same), and the
rule uses others.

Wrong (D165 in the register: new_beds):
    indicator new_beds: 张
    indicator beds: 张
    rule D165
        cites D165
        require beds >= 400 张
Right:
    rule D165
        cites D165
        require new_beds >= 400 张
"#,
    ),
};

/// A target weaker than what was already reported.
pub static REGRESSIVE: CodeInfo = CodeInfo {
    code: "W0607",
    severity: Warning,
    title: ("目标低于已报告的数", "a target weaker than the figure already reported"),
    page: (
        r#"规则对某一指标的要求，弱于期间之前最近一次报告的同一指标的数（区域相同，别名和单位已统一）：要求“不低于”的界限比它低，要求
“不高于”的界限比它高。几年累计的目标与最近一年的数乘以年数相比。已报告的数只是界限（超、以上、以内、不到）的，能断定才提示；
“约”数不比。增长率不在其列（见 W0608）。

目标低于现状不一定错：可能口径变了，可能上年有一次性因素，也可能现状不稳、“保持”本身就不易。核对以后，有意为之的写
`认可 W0607 "理由"`。

提示（已报告：2020 年有效发明专利拥有量 1.06 万件）：
    规则 D023
        期间 2021
        要求 有效发明专利拥有量 ≥ 9600 件
不提示：
    规则 D023
        期间 2021
        要求 有效发明专利拥有量 ≥ 1.1 万件
"#,
        r#"The rule requires less of an indicator than the latest figure reported for it before the rule's period (same region,
aliases and units unified): a floor below it, a ceiling above it. A total over several years is held against the latest
year's figure times their number. Where the figure is only a bound (above, at least, at most, below) it is said only if it
is certain; of a figure marked `about` nothing is said. Growth rates are not meant here (see W0608).

A target below what there is need not be wrong: definitions change, last year may have been exceptional, and keeping a
level may be hard enough. Once it has been looked into, answer with `accept W0607 "reason"`.

Warned of (reported: 1.06 万件 patents in 2020):
    rule D023
        period 2021
        require patents >= 9600 件
Not warned of:
    rule D023
        period 2021
        require patents >= 1.1 万件
"#,
    ),
};

/// A growth target below the last growth.
pub static SLOWER: CodeInfo = CodeInfo {
    code: "W0608",
    severity: Warning,
    title: ("增速目标低于上次报告的增速", "a growth target below the growth last reported"),
    page: (
        r#"要求的增速低于最近一次报告的增速。总量仍在增长，不是倒退；上年恢复性高增长之后，增速目标回落也属常见。所以与 W0607 分开，
只请核对一次。

提示（已报告：2020 年软件信息业收入增速 34%）：
    规则 D035
        期间 2021
        要求 软件信息业收入 增长 ≥ 13%
"#,
        r#"The growth that is required is below the growth last reported. The total still grows, so this is no step back, and after a
year of recovery a lower target is common. That is why it is apart from W0607, and only asks for a look.

Warned of (reported: software revenue grew by 34% in 2020):
    rule D035
        period 2021
        require software_revenue grows >= 13%
"#,
    ),
};

/// Growth computed from levels where there is an official rate.
pub static OFFICIAL_GROWTH: CodeInfo = CodeInfo {
    code: "W0609",
    severity: Warning,
    title: ("有公布的增速，却由总量推算增长", "growth computed from levels, beside an official rate"),
    page: (
        r#"指标有公布的增速（`增速取自` 写明的，或套件、已报告数字里名为“某某增速”的），规则却用两年的总量相除。公布的增速多按可比价、
可比口径计算，与总量推算的不一样。给指标写上 `增速取自`，`增长` 就取公布数；本来就按自然口径计算的，写 `认可 W0609 "理由"`。

错误：
    指标 社会消费品零售总额: 亿元
    指标 社会消费品零售总额增速: %
    规则 D005
        要求 社会消费品零售总额 增长 ≥ 8%
正确：
    指标 社会消费品零售总额: 亿元 增速取自 社会消费品零售总额增速
    指标 社会消费品零售总额增速: %
    规则 D005
        要求 社会消费品零售总额 增长 ≥ 8%
"#,
        r#"The indicator has an official growth rate (named by `growth from`, or in the suite or the reported figures under the name
of the indicator with 增速 or `_growth` behind it), and the rule divides the levels of two years. Official rates are mostly at
comparable prices and differ from what levels give. Declare `growth from`, and `grows` reads the official rate; where
growth in nominal terms is meant, answer with `accept W0609 "reason"`.

Wrong:
    indicator retail: 亿元
    indicator retail_growth: %
    rule D005
        require retail grows >= 8%
Right:
    indicator retail: 亿元 growth from retail_growth
    indicator retail_growth: %
    rule D005
        require retail grows >= 8%
"#,
    ),
};

/// Two names that are easily taken for each other.
pub static CONFUSABLE: CodeInfo = CodeInfo {
    code: "W0610",
    severity: Warning,
    title: ("两个名称容易混淆", "two names that are easily taken for each other"),
    page: (
        r#"两个指标、数据集或标准的名称只差在空格、标点、“的”字、大小写、汉字数字与阿拉伯数字，或者形似的拉丁、希腊、西里尔字母上。填报
的人和读报告的人分不清；多半本来就是同一个，应当合并，另一个名称写进 `又称`。

错误：
    指标 五亿元楼宇: 幢
    指标 5亿元楼宇: 幢        # 名称以数字开头时要加反引号
正确：
    指标 五亿元楼宇: 幢 又称 `5亿元楼宇`
"#,
        r#"The names of two indicators, datasets or standards differ only in white space, punctuation, 的, the case of letters,
Chinese or Arabic numerals, or Latin, Greek and Cyrillic letters that look alike. Whoever fills in the figures, and whoever
reads the report, will mix them up; mostly they are one and the same, and the other name belongs in `alias`.

Wrong:
    indicator high_tech: 家
    indicator hightech: 家
Right:
    indicator high_tech: 家 alias hightech
"#,
    ),
};

/// An acceptance without anything to accept.
pub static ACCEPTED_NOTHING: CodeInfo = CodeInfo {
    code: "W0611",
    severity: Warning,
    title: ("`认可` 没有对应的提示", "an acceptance of nothing"),
    page: (
        r#"规则写了 `认可`，而 `check` 对它并没有这个代码的提示：可能规则或数字已经改过，也可能代码写错了。删去它，免得以后真有提示时被
悄悄放过。

错误（没有 W0607 的提示）：
    规则 D1
        要求 有效发明专利 ≥ 2 万件
        认可 W0607 "口径变了"
正确：
    规则 D1
        要求 有效发明专利 ≥ 2 万件
"#,
        r#"The rule accepts a remark that `check` does not make: the rule or the figures may have changed since, or the code is
mistyped. Take it out, lest it silence a remark that comes later.

Wrong (there is no W0607):
    rule D1
        require patents >= 2 万件
        accept W0607 "definitions changed"
Right:
    rule D1
        require patents >= 2 万件
"#,
    ),
};
