//! The whole way of a file, from text to tree.

use pest::Parser;

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, FileId, Place};

use super::ast::{Decl, File};
use super::build::Builder;
use super::keywords::{self, Class, KEYWORDS, Keyword};
use super::precheck::{self, Chunk};
use super::scan::{Kind, scan};
use super::split::split;
use super::{Grammar, Rule, fault};

/// Reads a rule file. The tree holds every declaration in source order, those that did not parse as [`Decl::Error`];
/// the diagnostics are all of the file's syntax errors in source order. Never panics, whatever the text.
pub fn parse(file: FileId, text: &str) -> (File, Vec<Diagnostic>) {
    let scan = scan(text);
    let parts = split(text, &scan.tokens);
    let mut found = Vec::new();
    if let Some(tokens) = scan.tokens.get(parts.before).filter(|tokens| !tokens.is_empty()) {
        found.push(before_first(Chunk { file, text, tokens }));
    }
    let mut decls = Vec::with_capacity(parts.declarations.len());
    for range in parts.declarations {
        if let Some(tokens) = scan.tokens.get(range) {
            decls.push(declaration(Chunk { file, text, tokens }, &mut found));
        }
    }
    found.sort_by_key(|diagnostic| match &diagnostic.place {
        Place::Rule(span) => span.start,
        _ => 0,
    });
    (File { file, decls }, found)
}

fn declaration(chunk: Chunk<'_>, found: &mut Vec<Diagnostic>) -> Decl {
    let failed = |chunk: Chunk<'_>| {
        let name = chunk.tokens.get(1).filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
        Decl::Error { name: name.map(|_| chunk.word(1).trim_matches('`').to_owned()) }
    };
    if let Some(diagnostic) = precheck::first_fault(chunk) {
        found.push(diagnostic);
        return failed(chunk);
    }
    let (Some(first), Some(last)) = (chunk.tokens.first(), chunk.tokens.last()) else { return failed(chunk) };
    let source = chunk.text.get(first.start..last.end).unwrap_or("");
    let pairs = match Grammar::parse(Rule::chunk, source) {
        Ok(pairs) => pairs,
        Err(error) => {
            found.push(fault::diagnose(chunk, first.start, &error));
            return failed(chunk);
        }
    };
    let mut builder = Builder::new(chunk.file, first.start, chunk.tokens);
    let mut pairs = pairs;
    let decl = match pairs.next().map(|pair| builder.chunk(pair)) {
        Some(Ok(decl)) => decl,
        Some(Err(diagnostic)) => {
            builder.found.push(*diagnostic);
            failed(chunk)
        }
        None => failed(chunk),
    };
    found.append(&mut builder.found);
    decl
}

/// Text that no declaration claims.
fn before_first(chunk: Chunk<'_>) -> Diagnostic {
    let keywords = || KEYWORDS.iter().filter(|keyword| keyword.class == Class::Declaration);
    let span = chunk.tokens.first().map(|token| chunk.span(token));
    let span = span.unwrap_or_else(|| crate::base::Span::new(chunk.file, 0..0));
    let shown = chunk.tokens.first().map(|token| chunk.shown(token)).unwrap_or_default();
    let close = keywords::close(chunk.word(0), keywords().flat_map(Keyword::spellings));
    let help = match close {
        Some(keyword) => Bi::new(format!("是否想写 `{keyword}`？"), format!("did you mean `{keyword}`?")),
        None => {
            let list = |pick: fn(&Keyword) -> Option<&'static str>, comma: &str| {
                keywords().filter_map(pick).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(comma)
            };
            Bi::new(
                format!("每条声明以这些关键字之一开头：{}；注释以 `#` 开头", list(|k| k.zh.first().copied(), "、")),
                format!(
                    "a declaration begins with one of {}; a comment begins with `#`",
                    list(|k| k.en.first().copied(), ", ")
                ),
            )
        }
    };
    Diagnostic::rule(
        &codes::BEFORE_FIRST,
        span,
        Bi::new(format!("`{shown}` 不属于任何声明"), format!("`{shown}` belongs to no declaration")),
    )
    .help(help)
}
