//! Codes of this area: what rules say together, and conditions that decide nothing.

use super::CodeInfo;
use crate::base::Severity::Warning;

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[&CONTRADICTION, &NEVER, &ALWAYS, &UNREACHABLE, &REDUNDANT, &SAME];

/// Rules that cannot all pass.
pub static CONTRADICTION: CodeInfo = CodeInfo {
    code: "W0621",
    severity: Warning,
    title: ("规则相互矛盾", "rules contradict each other"),
    page: (
        r#"不论报来什么数，这几条规则总有一条不合格。`check` 把同一对象、同一期间的要求放在一起推算：先看每个数的上下界，再对几个数的和、
差、倍数做精确的线性推算；增长换算成与基期的倍数，占比换算成与分母的倍数（分母大于 0）。单位按换算后的数比较。

列出的规则缺一不可：去掉任何一条，其余的就能同时合格。每条后面的例子，是用评判程序核对过的：在这组数上只有它不合格。
带 `当` 的规则，只在条件能同时成立时才算矛盾。

错误：
    规则 D1 要求 公用支出 ≥ 60 万元
    规则 D2 要求 专项支出 ≥ 50 万元
    规则 D3 要求 公用支出 + 专项支出 ≤ 100 万元
正确：
    规则 D3 要求 公用支出 + 专项支出 ≤ 120 万元

看不懂的条件（两个未知数相乘、正则表达式、另一数据集的列）不作推断；没有报矛盾，不等于没有矛盾。
"#,
        r#"Whatever figures are submitted, one of these rules fails. `check` puts together what is required of the same members and
period: first the bounds of each figure, then exact linear reasoning over sums, differences and multiples of several.
Growth is read as a multiple of the base, a share as a multiple of the whole (given that it is above 0). Units are converted.

None of the rules named can be left out: without any one of them the others can pass together. The example behind each has
been judged: on these figures it alone fails. Rules with a `when` contradict each other only if their conditions can hold together.

Wrong:
    rule D1 require running >= 60 万元
    rule D2 require projects >= 50 万元
    rule D3 require running + projects <= 100 万元
Right:
    rule D3 require running + projects <= 120 万元

Nothing is concluded from conditions that are not understood (a product of two figures, a regular expression, a column of
another dataset). That no contradiction is told does not show that there is none.
"#,
    ),
};

/// A requirement that cannot be met.
pub static NEVER: CodeInfo = CodeInfo {
    code: "W0622",
    severity: Warning,
    title: ("要求不可能成立", "a requirement that cannot hold"),
    page: (
        r#"不论报来什么数，这个要求都不成立：界限写反了，上下限颠倒，或者与本规则的 `当` 互相排斥。

错误：
    规则 D1 要求 优良天数占比 在 105% 到 95% 之间
    规则 D2 当 固定资产投资 ≥ 100 亿元 要求 固定资产投资 < 90 亿元
正确：
    规则 D1 要求 优良天数占比 在 95% 到 105% 之间
    规则 D2 当 固定资产投资 ≥ 100 亿元 要求 固定资产投资 < 190 亿元
"#,
        r#"No figures meet this requirement: a limit points the wrong way, the ends of a range are exchanged, or the `when` of the
rule excludes what it requires.

Wrong:
    rule D1 require good_air_days between 105% and 95%
    rule D2 when investment >= 100 亿元 require investment < 90 亿元
Right:
    rule D1 require good_air_days between 95% and 105%
    rule D2 when investment >= 100 亿元 require investment < 190 亿元
"#,
    ),
};

/// A condition that always holds.
pub static ALWAYS: CodeInfo = CodeInfo {
    code: "W0623",
    severity: Warning,
    title: ("条件总是成立", "a condition that always holds"),
    page: (
        r#"不论报来什么数，这个条件都成立，或者由并列的其他条件即可推出：写不写都一样。常见的是界限写反了，或者 `且` 与 `或` 用错了。
（数没有报来时仍是缺数据，不算合格。）

错误：
    规则 D1 要求 水质 ≥ 劣Ⅴ类
    规则 D2 要求 高新技术企业 ≥ 500 家 且 高新技术企业 ≥ 600 家
正确：
    规则 D1 要求 水质 ≥ Ⅳ类
    规则 D2 要求 高新技术企业 ≥ 600 家
"#,
        r#"The condition holds whatever figures are submitted, or it follows from what stands beside it: it changes nothing. Often a
limit points the wrong way, or `and` and `or` are exchanged. (Where the figures are not submitted, the verdict is still missing.)

Wrong:
    rule D1 require water >= `V-`
    rule D2 require high_tech >= 500 firm and high_tech >= 600 firm
Right:
    rule D1 require water >= IV
    rule D2 require high_tech >= 600 firm
"#,
    ),
};

/// A condition that cannot hold, so that what rests on it is never asked.
pub static UNREACHABLE: CodeInfo = CodeInfo {
    code: "W0624",
    severity: Warning,
    title: ("规则或条件从不起作用", "a rule or condition that is never reached"),
    page: (
        r#"`当` 或 `如果` 的条件不可能成立，后面的要求就从不起作用；`或` 的一项不可能成立，或者已包含在其他项之中，写不写都一样。

错误：
    规则 D1 当 固定资产投资 > 100 亿元 且 固定资产投资 < 90 亿元 要求 高新技术企业 ≥ 600 家
    规则 D2 要求 高新技术企业 ≥ 500 家 或 高新技术企业 ≥ 600 家
正确：
    规则 D1 当 固定资产投资 > 90 亿元 且 固定资产投资 < 100 亿元 要求 高新技术企业 ≥ 600 家
    规则 D2 要求 高新技术企业 ≥ 500 家
"#,
        r#"The condition behind `when` or `if` cannot hold, so that what follows is never required; or one side of an `or` cannot
hold, or is covered by another, and changes nothing.

Wrong:
    rule D1 when investment > 100 亿元 and investment < 90 亿元 require high_tech >= 600 firm
    rule D2 require high_tech >= 500 firm or high_tech >= 600 firm
Right:
    rule D1 when investment > 90 亿元 and investment < 100 亿元 require high_tech >= 600 firm
    rule D2 require high_tech >= 500 firm
"#,
    ),
};

/// A rule that follows from others.
pub static REDUNDANT: CodeInfo = CodeInfo {
    code: "W0625",
    severity: Warning,
    title: ("规则由其他规则即可推出", "a rule that follows from others"),
    page: (
        r#"只要列出的规则都合格，这条规则必然合格：它不会多查出什么。对象、期间相同，约束力不高于、期限不早于那些规则的，才这样说；
约束性的规则不因预期性的规则而多余。依据另一条承诺的，可以保留：它照样说明那条承诺兑现了没有。

错误：
    规则 D1 要求 高新技术企业 ≥ 600 家
    规则 D2 要求 高新技术企业 ≥ 500 家
正确：
    规则 D1 要求 高新技术企业 ≥ 600 家
"#,
        r#"The rule passes wherever those named pass: it finds nothing that they do not. This is said only of the same members and
periods, and of rules that bind no more and are due no earlier than those: an expected target does not make a binding one
redundant. A rule that cites a commitment of its own may stay: it still shows whether that one is kept.

Wrong:
    rule D1 require high_tech >= 600 firm
    rule D2 require high_tech >= 500 firm
Right:
    rule D1 require high_tech >= 600 firm
"#,
    ),
};

/// Two rules that require the same.
pub static SAME: CodeInfo = CodeInfo {
    code: "W0626",
    severity: Warning,
    title: ("两条规则的要求相同", "two rules that require the same"),
    page: (
        r#"两条规则在同样的数上总是同时合格、同时不合格，写法可以不同。多半是重复登记，或者复制后忘了改。

错误：
    规则 D1 要求 固定资产投资 ≥ 1 亿元
    规则 D2 要求 固定资产投资 ≥ 10000 万元
正确：
    规则 D1 要求 固定资产投资 ≥ 1 亿元
"#,
        r#"The two rules pass and fail on the same figures, whatever they are, though they may be written differently. Mostly one
commitment was entered twice, or a copy was not changed.

Wrong:
    rule D1 require investment >= 1 亿元
    rule D2 require investment >= 10000 万元
Right:
    rule D1 require investment >= 1 亿元
"#,
    ),
};
