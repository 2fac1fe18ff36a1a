//! The first look at a file: words, figures, quoted texts, signs, comments, and which line is a row of a table.
//!
//! What comes in: text. What goes out: tokens in source order, and the comments beside them. It serves the splitter, the
//! checks before parsing and the messages; it must not know the grammar, which reads the text itself.

use std::ops::Range;

use pest::unicode::{XID_CONTINUE, XID_START};

use super::keywords;

/// A run of characters that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Is it the first on its line?
    pub line_start: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// Digits, with separators and a point between them.
    Figure,
    /// A quoted text.
    Text,
    /// A quoted text whose closing quote is missing on its line.
    OpenText,
    /// A back-quoted name.
    Quoted,
    /// A back-quoted name whose closing quote is missing on its line.
    OpenQuoted,
    /// A whole line with a `|` outside quotes and comments.
    Row,
    /// Any other character, full-width ones as their half-width equals.
    Sign(char),
}

/// What a file consists of.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// In source order.
    pub tokens: Vec<Token>,
    /// Byte ranges of the comments, `#` included, line end excluded.
    pub comments: Vec<Range<usize>>,
}

/// The half-width equal of a full-width character.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{feff}' => ' ',
        '、' => ',',
        '【' => '[',
        '】' => ']',
        '−' => '-',
        c => c,
    }
}

/// Is it white space of the language, line ends included?
pub fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{3000}' | '\u{feff}' | '\u{a0}')
}

/// Is it a digit, full-width or not?
pub fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// Looks at a whole file.
pub fn scan(text: &str) -> Scan {
    let mut out = Scan::default();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        if line.contains(['|', '｜']) && !bars(line).is_empty() {
            row(line, at, &mut out);
        } else {
            words(line, at, &mut out);
        }
        at += line.len();
    }
    out
}

/// Byte offsets of the bars of a line that stand outside quotes and before a comment. A quote without its partner on
/// the line is an ordinary character.
pub fn bars(line: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match half_width(c) {
            '"' => {
                if let Some(length) = quoted_length(chars.as_str(), c) {
                    let rest = chars.as_str().len() - length;
                    while chars.as_str().len() > rest {
                        chars.next();
                    }
                }
            }
            '#' => break,
            '|' => found.push(at),
            _ => {}
        }
    }
    found
}

/// How many bytes of `rest` up to and including the closing quote.
fn quoted_length(rest: &str, quote: char) -> Option<usize> {
    let line = rest.split(['\n', '\r']).next().unwrap_or("");
    line.find(quote).map(|at| at + quote.len_utf8())
}

/// Where the comment of a line begins, quotes being read as [`bars`] reads them.
pub fn comment_start(line: &str) -> Option<usize> {
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match half_width(c) {
            '"' => {
                if let Some(length) = quoted_length(chars.as_str(), c) {
                    let rest = chars.as_str().len() - length;
                    while chars.as_str().len() > rest {
                        chars.next();
                    }
                }
            }
            '#' => return Some(at),
            _ => {}
        }
    }
    None
}

fn row(line: &str, base: usize, out: &mut Scan) {
    let content = match comment_start(line) {
        Some(at) => {
            let end = line.trim_end_matches(['\n', '\r']).len();
            out.comments.push(base + at..base + end);
            line.get(..at).unwrap_or("")
        }
        None => line,
    };
    let start = base + content.len() - content.trim_start_matches(is_blank).len();
    let end = base + content.trim_end_matches(is_blank).len();
    out.tokens.push(Token { kind: Kind::Row, start, end, line_start: true });
}

fn words(line: &str, base: usize, out: &mut Scan) {
    let mut rest = line;
    let mut line_start = true;
    while let Some(c) = rest.chars().next() {
        let at = line.len() - rest.len();
        if is_blank(c) {
            rest = rest.get(c.len_utf8()..).unwrap_or("");
            continue;
        }
        if half_width(c) == '#' {
            let end = line.trim_end_matches(['\n', '\r']).len();
            out.comments.push(base + at..base + end);
            return;
        }
        let (kind, length) = token(rest, c);
        out.tokens.push(Token { kind, start: base + at, end: base + at + length, line_start });
        line_start = false;
        rest = rest.get(length..).unwrap_or("");
    }
}

fn token(rest: &str, c: char) -> (Kind, usize) {
    let run = |good: fn(char) -> bool| rest.find(|c| !good(c)).unwrap_or(rest.len());
    if is_digit(c) {
        return (Kind::Figure, figure_length(rest));
    }
    if c == '_' || XID_START(c) {
        let length = run(XID_CONTINUE);
        let word = rest.get(..length).unwrap_or(rest);
        return (
            Kind::Word,
            match word.find(is_digit) {
                Some(lead) if word.get(..lead).is_some_and(keywords::may_touch_digit) => lead,
                _ => length,
            },
        );
    }
    let line = rest.trim_end_matches(['\n', '\r']);
    let inside = line.get(c.len_utf8()..).unwrap_or("");
    match half_width(c) {
        '"' => match text_length(inside, c) {
            Some(length) => (Kind::Text, c.len_utf8() + length),
            None => (Kind::OpenText, line.trim_end_matches(is_blank).len()),
        },
        '`' if c == '`' => match inside.find('`') {
            Some(at) => (Kind::Quoted, at + 2),
            None => (Kind::OpenQuoted, line.trim_end_matches(is_blank).len()),
        },
        sign => (Kind::Sign(sign), c.len_utf8()),
    }
}

/// How many bytes up to and including the closing quote, doubled quotes being part of the text.
fn text_length(inside: &str, quote: char) -> Option<usize> {
    let mut chars = inside.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            match chars.peek() {
                Some((_, next)) if *next == quote => {
                    chars.next();
                }
                _ => return Some(at + c.len_utf8()),
            }
        }
    }
    None
}

/// Digits, and points or commas between digits.
fn figure_length(rest: &str) -> usize {
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let digit = is_digit(c);
        let joint = matches!(c, '.' | '．' | ',' | '，') && chars.peek().is_some_and(|(_, next)| is_digit(*next));
        if !digit && !joint {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        scan(text).tokens.iter().map(|token| (token.kind, text.get(token.start..token.end).unwrap())).collect()
    }

    #[test]
    fn tells_words_figures_texts_and_rows_apart() {
        use Kind::{Figure, OpenText, Quoted, Row, Sign, Text, Word};
        assert_eq!(kinds("要求 达95.5%"), [(Word, "要求"), (Word, "达"), (Figure, "95.5"), (Sign('%'), "%")]);
        assert_eq!(kinds("a＝1，000 # x"), [(Word, "a"), (Sign('='), "＝"), (Figure, "1，000")]);
        assert_eq!(kinds("说明 \"a|\"\"b\" `x y`"), [(Word, "说明"), (Text, "\"a|\"\"b\""), (Quoted, "`x y`")]);
        assert_eq!(kinds("指标 | \"a # b\" # c\n"), [(Row, "指标 | \"a # b\"")]);
        assert_eq!(kinds("5\" | 3"), [(Row, "5\" | 3")]);
        assert_eq!(kinds("note \"ab \n x"), [(Word, "note"), (OpenText, "\"ab"), (Word, "x")]);
    }
}
