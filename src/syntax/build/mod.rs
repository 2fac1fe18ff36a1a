//! From the grammar's pairs to the tree.
//!
//! What comes in: the pairs of one declaration. What goes out: its [`ast::Decl`], or the one fault that only shows when
//! the pieces are read (a date that the calendar lacks, two words that contradict each other); faults of table rows
//! are gathered beside it. It must not know what a name means.

mod clause;
mod declaration;
mod expression;
mod literal;
mod table;

use pest::iterators::{Pair, Pairs};

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, FileId, Span};

use super::Rule;
use super::ast;
use super::scan::Token;

/// A fault that spoils the declaration. Boxed, since it is rare and large.
pub type Built<T> = Result<T, Box<Diagnostic>>;

/// One declaration being built.
pub struct Builder<'a> {
    file: FileId,
    /// Where the declaration starts in the file.
    base: usize,
    tokens: &'a [Token],
    /// Faults that leave the declaration standing.
    pub found: Vec<Diagnostic>,
}

/// The children of a pair, read from left to right.
struct Cursor<'i> {
    pairs: Pairs<'i, Rule>,
    parent: Span,
}

impl<'i> Cursor<'i> {
    /// The next child, if it is of this rule.
    fn take(&mut self, rule: Rule) -> Option<Pair<'i, Rule>> {
        if self.pairs.peek()?.as_rule() == rule { self.pairs.next() } else { None }
    }

    /// Passes over the next child if it is of this rule, and says whether it was.
    fn skip(&mut self, rule: Rule) -> bool {
        self.take(rule).is_some()
    }

    /// The next child, whatever it is.
    fn next(&mut self) -> Built<Pair<'i, Rule>> {
        let parent = self.parent;
        self.pairs.next().ok_or_else(|| disagreement(parent))
    }

    /// The next child, which is of this rule.
    fn need(&mut self, rule: Rule) -> Built<Pair<'i, Rule>> {
        let parent = self.parent;
        self.take(rule).ok_or_else(|| disagreement(parent))
    }

    /// The rule of the next child.
    fn peek(&self) -> Option<Rule> {
        self.pairs.peek().map(|pair| pair.as_rule())
    }
}

/// The grammar let something through that the builder does not know: our mistake, told as a syntax error.
fn disagreement(span: Span) -> Box<Diagnostic> {
    Box::new(Diagnostic::rule(
        &codes::UNEXPECTED,
        span,
        Bi::new("读不懂这一处，请换一种写法", "this cannot be read; please write it another way"),
    ))
}

impl<'a> Builder<'a> {
    /// A builder for the declaration that starts at `base` and consists of `tokens`.
    pub fn new(file: FileId, base: usize, tokens: &'a [Token]) -> Self {
        Builder { file, base, tokens, found: Vec::new() }
    }

    /// The span of a pair, without white space and comments at its end.
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        let (start, end) = (self.base + span.start(), self.base + span.end());
        let last = self.tokens.partition_point(|token| token.start < end);
        let end = match last.checked_sub(1).and_then(|last| self.tokens.get(last)) {
            Some(token) if token.end > start => end.min(token.end),
            _ => end,
        };
        Span::new(self.file, start..end)
    }

    fn cursor<'i>(&self, pair: Pair<'i, Rule>) -> Cursor<'i> {
        let parent = self.span(&pair);
        Cursor { pairs: pair.into_inner(), parent }
    }

    /// The declaration of a `chunk` pair.
    pub fn chunk(&mut self, chunk: Pair<'_, Rule>) -> Built<ast::Decl> {
        let mut cursor = self.cursor(chunk);
        let declaration = cursor.next()?;
        self.declaration(declaration)
    }
}
