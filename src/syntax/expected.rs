//! What the grammar expected, in words of the language.
//!
//! What comes in: the rules that pest tried in vain. What goes out: a short list in Chinese and in English. Keywords
//! speak for themselves; other rules are named here, and rules without a name are left out of the list.

use crate::base::Bi;

use super::Rule;
use super::keywords::{self, Keyword};

/// The keyword that a rule of the grammar stands for.
pub fn keyword(rule: Rule) -> Option<&'static Keyword> {
    keywords::of_role(format!("{rule:?}").strip_prefix("k_")?)
}

/// At most this many are listed.
const LISTED: usize = 5;

/// `名称`, `` `要求` ``: what a rule is called, and how much it tells (smaller first).
fn described(rule: Rule) -> Option<(u8, String, String)> {
    let named = |weight, zh: &str, en: &str| Some((weight, zh.to_owned(), en.to_owned()));
    match rule {
        Rule::EOI => named(9, "声明结束", "the end of the declaration"),
        Rule::name => named(0, "名称", "a name"),
        Rule::name_list => named(0, "名称", "a name"),
        Rule::bare => named(2, "成员", "a member"),
        Rule::case_key => named(0, "成员或期间", "a member or a period"),
        Rule::string => named(0, "引号中的文本", "a quoted text"),
        Rule::unit_text => named(3, "单位", "a unit"),
        Rule::type_text => named(0, "单位、标度或类型", "a unit, a scale or a type"),
        Rule::figure | Rule::integer | Rule::code_lengths => named(1, "数", "a number"),
        Rule::number => named(1, "数", "a number"),
        Rule::literal => named(0, "数、文本、日期或名称", "a number, a text, a date or a name"),
        Rule::date => named(1, "日期（如 `2021-03-15`）", "a date such as `2021-03-15`"),
        Rule::period | Rule::period_span | Rule::period_literal | Rule::year | Rule::case_period => {
            named(1, "期间（如 `2021`、`2021Q1`）", "a period such as `2021` or `2021Q1`")
        }
        Rule::period_ref => named(0, "期间或 `上年`", "a period or `last year`"),
        Rule::selector | Rule::selectors => named(4, "`[`", "`[`"),
        Rule::list => named(0, "`{…}` 或某列（如 `名录.部门`）", "`{…}` or a column such as `register.department`"),
        Rule::expr
        | Rule::body
        | Rule::delimited
        | Rule::arithmetic
        | Rule::operand
        | Rule::comparison
        | Rule::not_expr
        | Rule::and_expr
        | Rule::or_expr => named(0, "表达式", "an expression"),
        Rule::quantified => None,
        Rule::aggregate_operand | Rule::aggregate_paren => named(0, "要统计的列或指标", "a column or indicator"),
        Rule::comparison_tail | Rule::tail_compare | Rule::comparator => {
            named(1, "比较（如 `≥`）", "a comparison such as `≥`")
        }
        Rule::op_add | Rule::op_subtract | Rule::op_multiply | Rule::op_divide => named(5, "运算符", "an operator"),
        Rule::change | Rule::change_verb => named(6, "变化（如 `增长`）", "a change such as `grows`"),
        Rule::clause => named(1, "子句（如 `期间`、`要求`）", "a clause such as `period` or `require`"),
        Rule::dataset_clause => {
            named(5, "`维度`、`度量`、`属性` 或 `主键`", "`dimension`, `measure`, `attribute` or `key`")
        }
        Rule::indicator_clause => named(
            5,
            "`又称`、`增速取自`、`空值计零`、`时期数` 或 `时点数`",
            "`alias`, `growth from`, `blank as zero`, `flow` or `stock`",
        ),
        Rule::column_option => named(4, "`属于`、`上级` 或 `级长`", "`in`, `parent` or `levels`"),
        Rule::test_clause => named(1, "`期间`、`时点`、`给定` 或 `期望`", "`period`, `as of`, `given` or `expect`"),
        Rule::kind_word => named(0, "`约束性`、`预期性` 或 `提示`", "`binding`, `expected` or `advisory`"),
        Rule::verdict => named(
            0,
            "判定（`合格`、`不合格`、`缺数据`、`临界`、`未到期`、`不适用`、`豁免`、`出错`）",
            "a verdict (`pass`, `fail`, `missing`, `borderline`, `pending`, `not applicable`, `waived`, `error`)",
        ),
        Rule::given_value | Rule::given_table | Rule::given_waiver => named(
            0,
            "数据集及其表格，`名称 = 值`，或 `豁免 规则 至 日期`",
            "a dataset and its table, `name = value`, or `waiver RULE until DATE`",
        ),
        Rule::table_row => named(1, "用 `|` 分隔的表格", "a table with `|` between its cells"),
        Rule::open => named(4, "`(`", "`(`"),
        Rule::close => named(1, "`)`", "`)`"),
        Rule::open_bracket | Rule::case => named(4, "`[`", "`[`"),
        Rule::close_bracket => named(1, "`]`", "`]`"),
        Rule::open_brace => named(1, "`{`", "`{`"),
        Rule::close_brace => named(1, "`}`", "`}`"),
        Rule::comma => named(3, "`,`", "`,`"),
        Rule::colon => named(1, "`:`", "`:`"),
        Rule::dot => named(4, "`.`", "`.`"),
        Rule::eq => named(2, "`=`", "`=`"),
        Rule::level_order => named(1, "`<`", "`<`"),
        Rule::params => named(4, "`(`", "`(`"),
        rule => {
            let keyword = keyword(rule)?;
            let zh = keyword.zh.first().or(keyword.en.first())?;
            let en = keyword.en.first().or(keyword.zh.first())?;
            let weight = if matches!(rule, Rule::k_over | Rule::k_under | Rule::k_about) { 7 } else { 2 };
            Some((weight, format!("`{zh}`"), format!("`{en}`")))
        }
    }
}

/// What was expected, as a list; `None` if nothing that has a name.
pub fn expected(rules: &[Rule]) -> Option<Bi> {
    let mut all: Vec<(u8, String, String)> = rules.iter().copied().filter_map(described).collect();
    all.sort();
    all.dedup();
    all.truncate(LISTED);
    let (last, rest) = all.split_last()?;
    let join = |pick: fn(&(u8, String, String)) -> &str, comma: &str, or: &str| {
        let head: Vec<&str> = rest.iter().map(pick).collect();
        if head.is_empty() { pick(last).to_owned() } else { format!("{}{or}{}", head.join(comma), pick(last)) }
    };
    Some(Bi::new(join(|item| &item.1, "、", "或"), join(|item| &item.2, ", ", " or ")))
}
