//! W0610: indicators, datasets and standards whose names are easily taken for each other.
//!
//! Two names are alike if they have the same skeleton: without white space, punctuation and 的, in lower case, with Chinese
//! numerals as digits and letters of other scripts as the Latin letters they look like. Names that differ in nothing but
//! full-width and half-width characters are W0203's.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::base::codes::lint as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::syntax::ast::{Decl, Name};

use super::Input;

const INDICATOR: (&str, &str) = ("指标", "the indicator");

/// A name, the declaration it belongs to, and whether that is the suite's own.
struct Declared<'a> {
    name: &'a Name,
    of: usize,
    own: bool,
    noun: (&'static str, &'static str),
}

pub fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<String, Vec<Declared<'_>>> = HashMap::new();
    let decls = input.files.iter().flat_map(|(file, own)| file.decls.iter().map(move |decl| (decl, *own)));
    for (of, (decl, own)) in decls.enumerate() {
        let (names, noun): (Vec<&Name>, _) = match decl {
            Decl::Standard(standard) => (vec![&standard.name], ("标准", "the standard")),
            Decl::Dataset(dataset) => (vec![&dataset.name], ("数据集", "the dataset")),
            Decl::Indicator(indicator) => {
                (std::iter::once(&indicator.name).chain(&indicator.aliases).collect(), INDICATOR)
            }
            _ => continue,
        };
        for name in names {
            first.entry(skeleton(&name.text)).or_default().push(Declared { name, of, own, noun });
        }
    }
    let mut alike: Vec<&Vec<Declared<'_>>> = first.values().filter(|names| names.len() > 1).collect();
    alike.sort_by_key(|names| names.first().map(|declared| declared.name.span));
    for names in alike {
        let Some((one, others)) = names.split_first() else { continue };
        for other in others {
            // Another name of the same thing may well look like it; so may names that are one and the same.
            if other.of != one.of && (one.own || other.own) && !same_width(&one.name.text, &other.name.text) {
                found.push(diagnostic(one, other));
            }
        }
    }
}

fn diagnostic(one: &Declared<'_>, other: &Declared<'_>) -> Diagnostic {
    // The remark stands in the suite's own files.
    let (one, other) = if other.own { (one, other) } else { (other, one) };
    let (a, b) = (&other.name.text, &one.name.text);
    let (noun, of) = (other.noun, one.noun);
    Diagnostic::rule(
        &codes::CONFUSABLE,
        other.name.span,
        Bi::new(
            format!("{} `{a}` 与{} `{b}` 的名称容易混淆", noun.0, of.0),
            format!("{} `{a}` and {} `{b}` are easily taken for each other", noun.1, of.1),
        ),
    )
    .label(Place::Rule(one.name.span), Bi::new("另一个在这里", "the other is here"))
    .help(if noun == INDICATOR && of == INDICATOR {
        Bi::new(
            "本是一个的，合并后把另一个写进 `又称`；不是一个的，换一个看得出区别的名称",
            "if they are one, keep one and declare the other as its `alias`; if not, choose names that can be told apart",
        )
    } else {
        Bi::new("换一个看得出区别的名称", "choose names that can be told apart")
    })
}

fn same_width(a: &str, b: &str) -> bool {
    a == b || a.nfkc().eq(b.nfkc())
}

/// What is left of a name when everything is taken away that the eye passes over.
fn skeleton(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut numerals: Vec<u64> = Vec::new();
    for c in name.nfkc() {
        if let Some(value) = numeral(c) {
            numerals.push(value);
            continue;
        }
        if !numerals.is_empty() {
            out.push_str(&written_out(&numerals).to_string());
            numerals.clear();
        }
        if c != '的' && c.is_alphanumeric() {
            out.extend(latin(c).to_lowercase());
        }
    }
    if !numerals.is_empty() {
        out.push_str(&written_out(&numerals).to_string());
    }
    out
}

/// 二〇二一 is 2021, 二十三 is 23, 十 is 10.
fn written_out(numerals: &[u64]) -> u64 {
    let (mut total, mut digits) = (0_u64, 0_u64);
    for value in numerals {
        match value {
            10 | 100 => {
                total = total.saturating_add(digits.max(1).saturating_mul(*value));
                digits = 0;
            }
            digit => digits = digits.saturating_mul(10).saturating_add(*digit),
        }
    }
    total.saturating_add(digits)
}

fn numeral(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        _ => return None,
    })
}

/// The Latin letter that a Greek or Cyrillic one looks like.
fn latin(c: char) -> char {
    match c {
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'Ϲ' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'У' | 'Υ' | 'Ү' => 'Y',
        'Ζ' => 'Z',
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'е' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'ν' => 'v',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_eye_mixes_up_have_one_skeleton() {
        for (a, b) in [
            ("五亿元楼宇", "5亿元楼宇"),
            ("十二大应用场景", "12大应用场景"),
            ("二〇二一年目标", "2021年目标"),
            ("“三公”经费", "三公经费"),
            ("新增的床位", "新增床位"),
            ("high_tech", "HighTech"),
            ("GDР", "GDP"),
            ("公用 经费", "公用经费"),
        ] {
            assert_eq!(skeleton(a), skeleton(b), "{a} {b}");
        }
    }

    #[test]
    fn names_that_differ_in_a_word_do_not() {
        for (a, b) in [
            ("新增床位", "新建床位"),
            ("一季度收入", "二季度收入"),
            ("二十项", "二百项"),
            ("公用经费", "公务经费"),
            ("GDP", "GNP"),
            ("PM2_5浓度", "PM10浓度"),
        ] {
            assert_ne!(skeleton(a), skeleton(b), "{a} {b}");
        }
    }
}
