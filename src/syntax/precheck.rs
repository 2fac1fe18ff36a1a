//! What can be said about a declaration before it is parsed: quotes, foreign signs, depth, and filters without parentheses.
//!
//! What comes in: the tokens of one declaration. What goes out: the first fault among them, and the first bracket
//! without a partner. The depth check is what bounds the recursion of the parser and of all later passes. It must not
//! know the grammar.

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, FileId, Span};

use super::scan::{Kind, Token};

/// The greatest height of an expression: brackets, prefixes and operators around one another.
pub const MAX_HEIGHT: usize = 200;
/// The greatest number of brackets around one another.
pub const MAX_BRACKETS: usize = 50;

/// A bracket without its partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unpaired {
    /// Opened and never closed, or closed by the wrong one: index of its token.
    Opened(usize),
    /// Closed and never opened: index of its token.
    Closed(usize),
}

/// One declaration's tokens.
#[derive(Clone, Copy)]
pub struct Chunk<'a> {
    /// The file.
    pub file: FileId,
    /// The text of the whole file.
    pub text: &'a str,
    /// The tokens of the declaration.
    pub tokens: &'a [Token],
}

impl<'a> Chunk<'a> {
    /// The text of the token at an index; empty beyond the end.
    pub fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).and_then(|token| self.text.get(token.start..token.end)).unwrap_or("")
    }

    /// The sign at an index.
    pub fn sign(&self, index: usize) -> Option<char> {
        match self.tokens.get(index)?.kind {
            Kind::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    /// Where a token stands.
    pub fn span(&self, token: &Token) -> Span {
        Span::new(self.file, token.start..token.end)
    }

    /// The token's text, cut short for messages.
    pub fn shown(&self, token: &Token) -> String {
        shorten(self.text.get(token.start..token.end).unwrap_or(""))
    }

    /// Is it a word that equals one of `spellings`?
    pub fn is_word(&self, index: usize, spellings: &[&str]) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == Kind::Word) && spellings.contains(&self.word(index))
    }
}

/// At most 24 characters of a text, for messages.
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(24) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}

/// The first fault that needs no parsing to be seen.
pub fn first_fault(chunk: Chunk<'_>) -> Option<Diagnostic> {
    let signs = (0..chunk.tokens.len()).find_map(|index| bad_token(chunk, index));
    signs.or_else(|| too_deep(chunk)).or_else(|| bare_filter(chunk))
}

fn bad_token(chunk: Chunk<'_>, index: usize) -> Option<Diagnostic> {
    let token = chunk.tokens.get(index)?;
    let span = chunk.span(token);
    let shown = chunk.shown(token);
    match token.kind {
        Kind::OpenText => Some(
            Diagnostic::rule(
                &codes::UNTERMINATED,
                span,
                Bi::new(
                    format!("文本 `{shown}` 缺少右引号"),
                    format!("the text `{shown}` has no closing quote on its line"),
                ),
            )
            .help(Bi::new(
                "在本行内补上 `\"`；文本不能跨行，文本里的引号要写两遍（`\"\"`）",
                "close it with `\"` on the same line; a text cannot span lines, and a quote within it is doubled (`\"\"`)",
            )),
        ),
        Kind::OpenQuoted => Some(
            Diagnostic::rule(
                &codes::UNTERMINATED,
                span,
                Bi::new(
                    format!("名称 `{}` 缺少右侧的反引号", shown.trim_start_matches('`')),
                    format!("the name `{}` has no closing back quote on its line", shown.trim_start_matches('`')),
                ),
            )
            .help(Bi::new("在本行内补上反引号", "close it with a back quote on the same line")),
        ),
        Kind::Sign(sign) => bad_sign(chunk, index, sign, span),
        _ => None,
    }
}

fn bad_sign(chunk: Chunk<'_>, index: usize, sign: char, span: Span) -> Option<Diagnostic> {
    let adjacent = |next: usize| {
        let first = chunk.tokens.get(index)?;
        let second = chunk.tokens.get(next)?;
        (first.end == second.start).then(|| chunk.sign(next)).flatten()
    };
    if matches!(sign, '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '«' | '»' | '\'') {
        return Some(
            Diagnostic::rule(
                &codes::FOREIGN_QUOTE,
                span,
                Bi::new(format!("`{sign}` 不能用作文本的引号"), format!("`{sign}` does not quote a text")),
            )
            .help(Bi::new(
                "文本写在 `\"…\"` 或 `＂…＂` 之间；名称里带引号时，整个名称写在反引号之间：`` `“三公”经费` ``",
                "put a text between `\"…\"` (or `＂…＂`); a name that contains quotes goes between back quotes: `` `“三公”经费` ``",
            )),
        );
    }
    let next = adjacent(index + 1);
    let (wrong, zh, en): (String, &str, &str) = match (sign, next) {
        ('!', Some('=')) | ('~', _) => return None,
        ('=', Some('=')) => ("==".into(), "相等写一个 `=`", "write a single `=`"),
        ('&', _) => ("&".into(), "“并且”写 `且`（或 `and`）", "write `and` (or `且`)"),
        ('|', _) => (
            "|".into(),
            "`|` 只分隔测试给定表的单元格；“或者”写 `或`（或 `or`）",
            "`|` only separates the cells of a test's given table; write `or` (or `或`)",
        ),
        ('!', _) => {
            ("!".into(), "“并非”写 `非`（或 `not`），不等于写 `≠`", "write `not` (or `非`); for unequal write `≠`")
        }
        (';' | '。', _) => {
            (sign.into(), "子句之间不需要标点，删去即可", "clauses need no punctuation between them; take it out")
        }
        ('^', _) => (
            "^".into(),
            "没有乘方运算；年均增速请写 `X 年均增长 2016..2020`",
            "there are no powers; for a compound rate write `X grows yearly 2016..2020`",
        ),
        ('\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{ad}', _) => (
            format!("U+{:04X}", u32::from(sign)),
            "这是一个看不见的字符，请删去",
            "this is an invisible character; take it out",
        ),
        (c, _) if c.is_control() => (
            format!("U+{:04X}", u32::from(c)),
            "这是一个看不见的字符，请删去",
            "this is an invisible character; take it out",
        ),
        _ if is_known_sign(sign) => return None,
        _ => (
            sign.into(),
            "规则语言里没有这个符号；若它是名称的一部分，请把整个名称写在反引号之间",
            "the rule language has no such sign; if it is part of a name, put the whole name between back quotes",
        ),
    };
    let span = if wrong == "==" { Span { end: span.end + (span.end - span.start), ..span } } else { span };
    Some(
        Diagnostic::rule(
            &codes::FOREIGN_SIGN,
            span,
            Bi::new(format!("规则语言没有符号 `{wrong}`"), format!("`{wrong}` is not a sign of the rule language")),
        )
        .help(Bi::new(zh, en)),
    )
}

fn is_known_sign(sign: char) -> bool {
    matches!(
        sign,
        '(' | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | ','
            | ':'
            | '.'
            | '='
            | '<'
            | '>'
            | '+'
            | '-'
            | '*'
            | '/'
            | '%'
            | '×'
            | '÷'
            | '±'
            | '‰'
            | '℃'
            | '≥'
            | '≤'
            | '≠'
            | '≧'
            | '≦'
            | '～'
            | '\u{3371}'..='\u{33df}'
    )
}

const PREFIXES: &[&str] = &[
    "非",
    "not",
    "如果",
    "if",
    "每个",
    "every",
    "全部",
    "all",
    "存在",
    "some",
    "连续",
    "row",
    "合计",
    "sum",
    "数量",
    "count",
    "不同数量",
    "distinct",
    "平均",
    "mean",
    "最大",
    "max",
    "最小",
    "min",
    "占比",
    "share",
];
const RESETS: &[&str] = &[
    "期望",
    "expect",
    "给定",
    "given",
    "依据",
    "cites",
    "维度",
    "dimension",
    "度量",
    "measure",
    "属性",
    "attribute",
    "说明",
    "note",
    "认可",
    "accept",
];
const QUANTIFIERS: &[&str] = &["每个", "every", "全部", "all", "存在", "some"];
const REQUIRE: &[&str] = &["要求", "require"];

/// What is known of one bracket's inside: operators and prefixes since the last comma, the highest bracket within them,
/// and the highest stretch before that comma.
#[derive(Default)]
struct Level {
    operators: usize,
    inner: usize,
    before: usize,
    quantified: bool,
}

impl Level {
    fn height(&self) -> usize {
        self.before.max(self.operators + self.inner)
    }

    fn next_stretch(&mut self) {
        *self = Level { before: self.height(), ..Level::default() };
    }
}

fn too_deep(chunk: Chunk<'_>) -> Option<Diagnostic> {
    let mut levels = vec![Level::default()];
    for (index, token) in chunk.tokens.iter().enumerate() {
        let outermost = levels.len() == 1;
        let nested = !outermost;
        let Some(level) = levels.last_mut() else { break };
        match token.kind {
            Kind::Word => {
                let word = chunk.word(index);
                if PREFIXES.contains(&word) {
                    level.operators += 1;
                    level.quantified |= QUANTIFIERS.contains(&word);
                } else if outermost && (RESETS.contains(&word) || (REQUIRE.contains(&word) && !level.quantified)) {
                    level.next_stretch();
                }
            }
            Kind::Sign('(' | '{') => levels.push(Level::default()),
            Kind::Sign('[') => {
                level.operators += 1;
                levels.push(Level::default());
            }
            Kind::Sign(')' | ']' | '}') if nested => {
                let height = levels.pop().map_or(0, |level| level.height()) + 1;
                if let Some(outer) = levels.last_mut() {
                    outer.inner = outer.inner.max(height);
                }
            }
            Kind::Sign(',') => level.next_stretch(),
            Kind::Sign('+' | '-' | '*' | '/' | '×' | '÷') => level.operators += 1,
            _ => {}
        }
        let own: usize = levels.last().map_or(0, Level::height);
        if levels.len() > MAX_BRACKETS || own > MAX_HEIGHT {
            return Some(nesting(chunk.span(token)));
        }
    }
    let height = levels.iter().fold(0, |sum, level| sum + level.height());
    match chunk.tokens.first() {
        Some(token) if height > MAX_HEIGHT => Some(nesting(chunk.span(token))),
        _ => None,
    }
}

/// The diagnostic of a declaration that is too deep.
pub fn nesting(span: Span) -> Diagnostic {
    Diagnostic::rule(
        &codes::NESTING,
        span,
        Bi::new(
            format!("这条声明嵌套太深：最多 {MAX_BRACKETS} 层括号、{MAX_HEIGHT} 个相连的运算"),
            format!("this declaration is nested too deeply: at most {MAX_BRACKETS} brackets and {MAX_HEIGHT} operators in one another"),
        ),
    )
    .help(Bi::new(
        "把其中一部分写成单独的 `指标` 或 `函数`，在这里引用它的名称",
        "give a part of it a name with `indicator` or `define`, and use the name here",
    ))
}

const AGGREGATES: &[&str] = &[
    "合计",
    "sum",
    "数量",
    "count",
    "不同数量",
    "distinct",
    "平均",
    "mean",
    "最大",
    "max",
    "最小",
    "min",
    "占比",
    "share",
];
const BODIED: &[&str] = &["指标", "indicator", "函数", "define"];

/// An aggregate with a filter that is not delimited; see the head of the grammar.
fn bare_filter(chunk: Chunk<'_>) -> Option<Diagnostic> {
    let bodied = chunk.is_word(0, BODIED);
    let mut depth = 0usize;
    let mut body = None;
    for index in 0..chunk.tokens.len() {
        match chunk.sign(index) {
            Some('(' | '[' | '{') => depth += 1,
            Some(')' | ']' | '}') => depth = depth.saturating_sub(1),
            Some('=') if bodied && depth == 0 && body.is_none() => body = Some(index),
            _ => {}
        }
        if !chunk.is_word(index, AGGREGATES) {
            continue;
        }
        let filter = after_operand(chunk, index + 1)?;
        if !chunk.is_word(filter, &["当", "where"]) {
            continue;
        }
        let before = index.checked_sub(1);
        let delimited = match before.and_then(|before| chunk.sign(before)) {
            Some('(' | ',') => true,
            Some('=') => body.is_some() && body == before,
            _ => false,
        };
        if !delimited {
            let token = chunk.tokens.get(filter)?;
            return Some(filter_needs_parentheses(chunk, index, filter, chunk.span(token)));
        }
    }
    None
}

/// The index behind a name, a field, and its brackets.
fn after_operand(chunk: Chunk<'_>, mut index: usize) -> Option<usize> {
    let name = |index: usize| chunk.tokens.get(index).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Quoted));
    if !name(index) {
        return Some(index);
    }
    index += 1;
    if chunk.sign(index) == Some('.') && name(index + 1) {
        index += 2;
    }
    while chunk.sign(index) == Some('[') {
        while chunk.sign(index) != Some(']') {
            index += 1;
            chunk.tokens.get(index)?;
        }
        index += 1;
    }
    Some(index)
}

fn filter_needs_parentheses(chunk: Chunk<'_>, aggregate: usize, filter: usize, span: Span) -> Diagnostic {
    let from = chunk.tokens.get(aggregate).map_or(0, |token| token.start);
    let to = chunk.tokens.get(filter).map_or(0, |token| token.end);
    let shown = chunk.text.get(from..to).unwrap_or("");
    let word = chunk.word(filter);
    Diagnostic::rule(
        &codes::FILTER_PARENTHESES,
        span,
        Bi::new(
            format!("看不出 `{word}` 后面的筛选条件到哪里为止"),
            format!("it is not clear how far the filter after `{word}` reaches"),
        ),
    )
    .help(if chunk.is_word(0, BODIED) {
        Bi::new(
            format!("把统计连同筛选写在括号里：`({shown} …)`"),
            format!("put the aggregate and its filter in parentheses: `({shown} …)`"),
        )
    } else {
        Bi::new(
            format!("把统计连同筛选写在括号里：`({shown} …)`；若这是规则的适用条件，请把 `{word}` 子句移到 `要求` 之前"),
            format!("put the aggregate and its filter in parentheses: `({shown} …)`; if it is the condition of the whole rule, write it as a `when` clause before `require`"),
        )
    })
}

/// The first bracket without its partner.
pub fn unpaired(chunk: Chunk<'_>) -> Option<Unpaired> {
    let mut open: Vec<(char, usize)> = Vec::new();
    for index in 0..chunk.tokens.len() {
        match chunk.sign(index) {
            Some(sign @ ('(' | '[' | '{')) => open.push((sign, index)),
            Some(sign @ (')' | ']' | '}')) => match open.pop() {
                None => return Some(Unpaired::Closed(index)),
                Some((opened, _)) if matches!((opened, sign), ('(', ')') | ('[', ']') | ('{', '}')) => {}
                Some((_, at)) => return Some(Unpaired::Opened(at)),
            },
            _ => {}
        }
    }
    open.pop().map(|(_, at)| Unpaired::Opened(at))
}
