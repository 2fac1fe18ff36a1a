//! The one table of keywords: for each role its Chinese and its English spellings.
//!
//! What comes in: nothing. What goes out: spellings, for the grammar (a test writes its keyword section from here and
//! compares), for messages, and for whoever turns one spelling into the other. It must not know the grammar's rules
//! beyond their names: the role `require` is the grammar's rule `k_require`.

use crate::base::nearest;

/// Where a keyword stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Starts a declaration; at the start of a line it also ends the one before.
    Declaration,
    /// Starts a clause of a declaration.
    Clause,
    /// Stands within an expression.
    Expression,
    /// A keyword only in its one place (`性质 约束性`, `: 文本`); elsewhere it is an ordinary name.
    Local,
}

/// One role and how it is spelled.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    /// The role; the grammar's rule is `k_` and this.
    pub role: &'static str,
    /// Where it stands. All but [`Class::Local`] are reserved: as a name they must be back-quoted.
    pub class: Class,
    /// Chinese spellings, the preferred one first. A space stands for any white space.
    pub zh: &'static [&'static str],
    /// English spellings, the preferred one first. A space stands for any white space.
    pub en: &'static [&'static str],
    /// May a digit follow a Chinese spelling directly (`不少于5`)? If not, the two make a name (`指标1`).
    pub before_digit: bool,
}

const fn word(
    role: &'static str,
    class: Class,
    zh: &'static [&'static str],
    en: &'static [&'static str],
    before_digit: bool,
) -> Keyword {
    Keyword { role, class, zh, en, before_digit }
}

use Class::{Clause, Declaration, Expression, Local};

/// Every keyword of the language.
///
/// One spelling may serve two roles: `当` starts a clause (`when`) and, behind an aggregate, a filter (`where`).
/// Three roles exist in one language only, since the other says the same with another word order.
pub static KEYWORDS: &[Keyword] = &[
    // Declarations.
    word("use", Declaration, &["引用"], &["use"], false),
    word("unit", Declaration, &["单位"], &["unit"], false),
    word("scale", Declaration, &["标度"], &["scale"], false),
    word("standard", Declaration, &["标准"], &["standard"], false),
    word("dataset", Declaration, &["数据集"], &["dataset"], false),
    word("indicator", Declaration, &["指标"], &["indicator"], false),
    word("rule", Declaration, &["规则"], &["rule"], false),
    word("group", Declaration, &["套件"], &["group"], false),
    word("test", Declaration, &["测试"], &["test"], false),
    word("define", Declaration, &["函数"], &["define"], false),
    // Clauses of a dataset and of an indicator.
    word("dimension", Clause, &["维度"], &["dimension"], false),
    word("measure", Clause, &["度量"], &["measure"], false),
    word("attribute", Clause, &["属性"], &["attribute"], false),
    word("key", Clause, &["主键"], &["key"], false),
    word("alias", Clause, &["又称"], &["alias"], false),
    word("growth_from", Clause, &["增速取自"], &["growth from"], false),
    word("blank_as_zero", Clause, &["空值计零"], &["blank as zero"], false),
    word("flow", Clause, &["时期数"], &["flow"], false),
    word("stock", Clause, &["时点数"], &["stock"], false),
    // Clauses of a rule, a group and a test.
    word("cites", Clause, &["依据"], &["cites"], false),
    word("for_each", Clause, &["对每个"], &["for each"], false),
    word("period", Clause, &["期间"], &["period"], true),
    word("each_row", Clause, &["每行"], &["each row of"], false),
    word("when", Clause, &["当"], &["when"], true),
    word("require", Clause, &["要求"], &["require"], true),
    word("kind", Clause, &["性质"], &["kind"], false),
    word("belongs_to", Clause, &["归属"], &["belongs to"], false),
    word("owner", Clause, &["负责"], &["owner"], false),
    word("note", Clause, &["说明"], &["note"], false),
    word("accept", Clause, &["认可"], &["accept"], false),
    word("deadline", Clause, &["截止"], &["deadline"], true),
    word("on_submission", Local, &["报送时"], &["on submission"], false),
    word("as_of", Clause, &["时点"], &["as of"], true),
    word("given", Clause, &["给定"], &["given"], false),
    word("expect", Clause, &["期望"], &["expect"], false),
    // Comparison.
    word(
        "at_least",
        Expression,
        &["不低于", "不少于", "不小于", "大于等于", "至少", "达到", "达"],
        &["at least", "no less than", "reaches"],
        true,
    ),
    word(
        "at_most",
        Expression,
        &["不超过", "不高于", "不多于", "不大于", "小于等于", "至多"],
        &["at most", "no more than", "within"],
        true,
    ),
    word(
        "above",
        Expression,
        &["超过", "突破", "高于", "大于", "多于"],
        &["above", "exceeds", "more than", "greater than"],
        true,
    ),
    word("below", Expression, &["低于", "不满", "小于", "少于"], &["below", "less than"], true),
    word("not_equal", Expression, &["不等于", "不为"], &["is not", "not equal to"], true),
    word("equal", Expression, &["等于", "为"], &["equals", "equal to", "is"], true),
    word("over", Expression, &["以上"], &["or more"], false),
    word("under", Expression, &["以下", "以内", "之内"], &["or less"], false),
    word("between", Expression, &["在", "控制在", "保持在", "稳定在"], &["between"], true),
    word("to", Expression, &["到", "至"], &[], true),
    word("range_end", Expression, &["之间"], &[], false),
    word("about", Expression, &["左右"], &["about"], true),
    word("filled", Expression, &["已填"], &["is filled"], false),
    word("unique", Expression, &["唯一"], &["unique", "is unique"], false),
    word("in", Expression, &["属于"], &["in"], false),
    word("not_in", Expression, &["不属于"], &["not in"], false),
    word("matches", Expression, &["匹配"], &["matches"], false),
    word("before", Expression, &["先于"], &["before"], true),
    // Change.
    word("growth", Expression, &["增长"], &["grows"], false),
    word("reduction", Expression, &["压减", "下降"], &["reduced", "falls"], false),
    word("increase", Expression, &["增加"], &["increases"], false),
    word("decrease", Expression, &["减少"], &["decreases"], false),
    word("yearly", Expression, &["年均增长"], &["grows yearly"], true),
    word("since", Expression, &["较", "比"], &["since"], true),
    word("doubles", Expression, &["翻"], &["doubles"], true),
    word("doubles_once", Expression, &["翻一番", "翻番"], &["doubles once"], false),
    word("doubles_twice", Expression, &["翻两番"], &["doubles twice"], false),
    word("last_year", Expression, &["上年", "上年同期"], &["last year"], false),
    word("previous", Expression, &["上期"], &["previous period"], false),
    word("this_period", Expression, &["本期"], &["this period"], false),
    // Aggregates.
    word("sum", Expression, &["合计"], &["sum"], false),
    word("count", Expression, &["数量"], &["count"], false),
    word("distinct", Expression, &["不同数量"], &["distinct"], false),
    word("mean", Expression, &["平均"], &["mean"], false),
    word("max", Expression, &["最大"], &["max"], false),
    word("min", Expression, &["最小"], &["min"], false),
    word("share", Expression, &["占比"], &["share"], false),
    word("children_sum", Expression, &["下级合计 沿"], &["sum of children along"], false),
    word("where", Expression, &["当"], &["where"], true),
    // Quantifiers and logic.
    word("every", Expression, &["每个"], &["every"], false),
    word("all", Expression, &["全部"], &["all"], false),
    word("some", Expression, &["存在"], &["some"], false),
    word("streak", Expression, &["连续"], &[], true),
    word("in_a_row", Expression, &[], &["in a row"], false),
    word("and", Expression, &["且", "并且"], &["and"], true),
    word("or", Expression, &["或", "或者"], &["or"], true),
    word("not", Expression, &["非"], &["not"], true),
    word("if", Expression, &["如果"], &["if"], true),
    word("then", Expression, &["则", "那么"], &["then"], true),
    word("true", Expression, &["是"], &["true"], false),
    word("false", Expression, &["否"], &["false"], false),
    // Words of one place.
    word("parent", Local, &["上级"], &["parent"], false),
    word("levels", Local, &["级长"], &["levels"], true),
    word("binding", Local, &["约束性"], &["binding"], false),
    word("expected", Local, &["预期性"], &["expected"], false),
    word("advisory", Local, &["提示"], &["advisory"], false),
    word("text", Local, &["文本"], &["text"], false),
    word("boolean", Local, &["是否"], &["boolean"], false),
    word("date", Local, &["日期"], &["date"], false),
    word("year", Local, &["年"], &["year"], false),
    word("half", Local, &["半年"], &["half"], false),
    word("quarter", Local, &["季", "季度"], &["quarter"], false),
    word("month", Local, &["月"], &["month"], false),
    word("pass", Local, &["合格"], &["pass"], false),
    word("fail", Local, &["不合格"], &["fail"], false),
    word("missing", Local, &["缺数据"], &["missing"], false),
    word("borderline", Local, &["临界"], &["borderline"], false),
    word("pending", Local, &["未到期"], &["pending"], false),
    word("not_applicable", Local, &["不适用"], &["not applicable"], false),
    word("waived", Local, &["豁免"], &["waived"], false),
    word("error", Local, &["出错"], &["error"], false),
    word("waiver", Local, &["豁免"], &["waiver"], false),
    word("from", Local, &["自"], &["from"], true),
    word("until", Local, &["至", "到"], &["until"], true),
    word("times", Local, &["番"], &["times"], false),
    word(
        "counter",
        Local,
        &["次", "年", "期", "个季度", "季度", "季", "个月", "月"],
        &["times", "years", "periods", "quarters", "months"],
        false,
    ),
];

/// The keyword of a role.
pub fn of_role(role: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.role == role)
}

/// The first keyword that is spelled like this, in either language; spaces between words count as one.
pub fn of_spelling(spelling: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.spellings().any(|candidate| candidate == spelling))
}

/// Is the text a keyword that no name may equal unless it is back-quoted?
pub fn is_reserved(text: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.is_reserved() && keyword.spellings().any(|spelling| spelling == text))
}

/// Is the text a Chinese keyword that a digit may follow directly?
pub fn may_touch_digit(text: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.before_digit && keyword.zh.contains(&text))
}

/// Does the text start a declaration?
pub fn starts_declaration(text: &str) -> bool {
    KEYWORDS
        .iter()
        .take_while(|keyword| keyword.class == Class::Declaration)
        .any(|keyword| keyword.spellings().any(|spelling| spelling == text))
}

/// Longer words (in bytes) are not compared with the keywords: nobody mistyped them, and it would take long.
const LONGEST_WORD: usize = 120;

/// The candidate that the writer of `word` may have meant.
pub fn close<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_WORD { None } else { nearest(word, candidates) }
}

/// `公用经费压减` as `公用经费 压减`: a word with spaces beside the Chinese keywords at its ends; `None` if there are none.
///
/// A keyword of one character counts only at the beginning, and where `single` allows it. For hints only: a name may
/// well end with a keyword.
pub fn apart(word: &str, single: bool) -> Option<String> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let spellings = || {
        KEYWORDS
            .iter()
            .filter(|keyword| keyword.is_reserved())
            .flat_map(|keyword| keyword.zh.iter().copied())
            .filter(|spelling| !spelling.contains(' '))
    };
    let prefix = spellings()
        .filter(|spelling| word.len() > spelling.len() && word.starts_with(spelling))
        .filter(|spelling| single || spelling.chars().count() > 1)
        .max_by_key(|spelling| spelling.len());
    if let Some(prefix) = prefix {
        let rest = word.strip_prefix(prefix)?;
        return Some(format!("{prefix} {}", apart(rest, false).unwrap_or_else(|| rest.to_owned())));
    }
    let suffix = spellings()
        .filter(|spelling| spelling.chars().count() > 1 && word.len() > spelling.len() && word.ends_with(spelling))
        .max_by_key(|spelling| spelling.len())?;
    let rest = word.strip_suffix(suffix)?;
    Some(format!("{} {suffix}", apart(rest, false).unwrap_or_else(|| rest.to_owned())))
}

impl Keyword {
    /// All its spellings.
    pub fn spellings(&self) -> impl Iterator<Item = &'static str> {
        self.zh.iter().chain(self.en).copied()
    }

    /// Must it be back-quoted as a name?
    pub fn is_reserved(&self) -> bool {
        self.class != Class::Local
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const BEGIN: &str = "// ---- keywords: written from src/syntax/keywords.rs ----\n";

    fn literal(spelling: &str) -> String {
        let words: Vec<String> = spelling.split(' ').map(|word| format!("\"{word}\"")).collect();
        words.join(" ~ GAP ~ ")
    }

    fn longest_first<'a>(spellings: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        let mut spellings: Vec<&str> = spellings.into_iter().collect();
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
        spellings
    }

    fn alternatives(spellings: &[&str], end: &str) -> String {
        let all: Vec<String> = longest_first(spellings.iter().copied()).into_iter().map(literal).collect();
        format!("({}) ~ {end}", all.join(" | "))
    }

    /// The keyword section of the grammar. The reserved words are grouped by their first character, and those by
    /// ranges, so that a name costs a few comparisons and not one for each word.
    fn section() -> String {
        let mut out = String::from(BEGIN);
        for keyword in KEYWORDS {
            let end = if keyword.before_digit { "END_OR_DIGIT" } else { "END" };
            let zh = (!keyword.zh.is_empty()).then(|| alternatives(keyword.zh, end));
            let en = (!keyword.en.is_empty()).then(|| alternatives(keyword.en, "END"));
            let both: Vec<String> = zh.into_iter().chain(en).collect();
            out += &format!("k_{} = @{{ {} }}\n", keyword.role, both.join(" | "));
        }
        let mut groups: BTreeMap<char, BTreeMap<&str, bool>> = BTreeMap::new();
        for keyword in KEYWORDS.iter().filter(|keyword| keyword.is_reserved()) {
            for spelling in keyword.spellings() {
                let digit = keyword.before_digit && !spelling.is_ascii();
                let first = spelling.chars().next().unwrap();
                *groups.entry(first).or_default().entry(spelling).or_default() |= digit;
            }
        }
        let group = |first: char| {
            let words: Vec<String> = longest_first(groups[&first].keys().copied())
                .into_iter()
                .map(|word| {
                    format!("{} ~ {}", literal(word), if groups[&first][word] { "END_OR_DIGIT" } else { "END" })
                })
                .collect();
            words.join(" | ")
        };
        let (en, zh): (Vec<char>, Vec<char>) = groups.keys().partition(|first| first.is_ascii());
        out += "reserved_en = _{\n";
        for (index, first) in en.iter().enumerate() {
            out += &format!("  {} &\"{first}\" ~ ({})\n", if index == 0 { " " } else { "|" }, group(*first));
        }
        out += "}\nreserved_zh = _{\n";
        for (index, bucket) in zh.chunks(12).enumerate() {
            let firsts: Vec<String> = bucket.iter().map(|first| format!("\"{first}\"")).collect();
            let words: Vec<String> = bucket.iter().map(|first| group(*first)).collect();
            out += &format!(
                "  {} &('{}'..'{}') ~ &({}) ~ (\n        {}\n    )\n",
                if index == 0 { " " } else { "|" },
                bucket.first().unwrap(),
                bucket.last().unwrap(),
                firsts.join(" | "),
                words.join("\n      | ")
            );
        }
        out += "}\n";
        out
    }

    #[test]
    fn the_grammar_and_the_table_agree() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/duixian.pest");
        let grammar = std::fs::read_to_string(path).unwrap();
        let at = grammar.find(BEGIN).expect("the grammar has a keyword section");
        let expected = section();
        if std::env::var_os("UPDATE_GRAMMAR").is_some() {
            std::fs::write(path, format!("{}{expected}", grammar.split_at(at).0)).unwrap();
            return;
        }
        assert_eq!(grammar.split_at(at).1, expected, "run the tests with UPDATE_GRAMMAR=1 to write the section anew");
    }

    #[test]
    fn no_role_is_listed_twice_and_each_has_a_spelling() {
        let mut roles: Vec<&str> = KEYWORDS.iter().map(|keyword| keyword.role).collect();
        roles.sort_unstable();
        let count = roles.len();
        roles.dedup();
        assert_eq!(roles.len(), count);
        assert!(KEYWORDS.iter().all(|keyword| keyword.spellings().next().is_some()));
    }
}
