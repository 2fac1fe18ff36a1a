//! Where one declaration ends and the next begins, so that an error in one does not hide the errors in the next.
//!
//! What comes in: the tokens of a file. What goes out: ranges of them. It must not know what a declaration contains.

use std::ops::Range;

use super::keywords::starts_declaration;
use super::scan::{Kind, Token};

/// The tokens before the first declaration, and those of each declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// What no declaration claims; empty in a correct file.
    pub before: Range<usize>,
    /// In source order; together with `before` they cover all tokens.
    pub declarations: Vec<Range<usize>>,
}

/// Cuts at declaration keywords that are first on their line. A row of a table is one token and so never a cut, and
/// neither is the `指标` of `给定 指标` when it stands on the next line.
pub fn split(text: &str, tokens: &[Token]) -> Split {
    let word = |token: &Token| text.get(token.start..token.end).unwrap_or("");
    let mut starts = Vec::new();
    let mut given = false;
    for (index, token) in tokens.iter().enumerate() {
        let is_word = token.kind == Kind::Word;
        if is_word && token.line_start && !given && starts_declaration(word(token)) {
            starts.push(index);
        }
        given = is_word && matches!(word(token), "给定" | "given");
    }
    let ends = starts.iter().skip(1).copied().chain([tokens.len()]);
    let declarations: Vec<Range<usize>> = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    Split { before: 0..starts.first().copied().unwrap_or(tokens.len()), declarations }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::scan::scan;

    #[test]
    fn cuts_at_line_starts_only() {
        let text = "规则 A \"规则\n\" x\n  单位 家 # 规则\n测试 \"t\"\n给定\n指标\n指标 | 期间\na | b\n`规则` rule B";
        let tokens = scan(text).tokens;
        let split = split(text, &tokens);
        let first = |range: &Range<usize>| text.get(tokens[range.start].start..tokens[range.start].end).unwrap();
        let firsts: Vec<&str> = split.declarations.iter().map(first).collect();
        assert_eq!(firsts, ["规则", "单位", "测试"]);
        assert_eq!(split.before, 0..0);
    }
}
