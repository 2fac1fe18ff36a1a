//! Tests of the whole room.

mod bilingual;
mod errors;
mod robust;
mod trees;

use regex::Regex;

use crate::base::{Diagnostic, FileId};

use super::ast::{Clause, ClauseKind, Decl, Expr, File};
use super::parse;

/// The tree of a text without errors.
fn tree(text: &str) -> File {
    let (file, found) = parse(FileId(0), text);
    assert!(found.is_empty(), "{text}\n{}", messages(&found));
    file
}

/// The tree without its spans.
fn shape(text: &str) -> String {
    let spans = Regex::new(r"Span \{ file: FileId\(0\), start: \d+, end: \d+ \}").unwrap();
    spans.replace_all(&format!("{:?}", tree(text).decls), "@").into_owned()
}

fn messages(found: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| {
        let help = d.help.as_ref().map(|help| format!("\n    {}\n    {}", help.zh, help.en)).unwrap_or_default();
        format!("{} {:?}\n  {}\n  {}{help}", d.code.code, d.place, d.message.zh, d.message.en)
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The expression of the only `要求` of a rule.
fn required(expression: &str) -> Expr {
    let text = format!("规则 R 要求 {expression}");
    match tree(&text).decls.as_slice() {
        [Decl::Rule(rule)] => match rule.clauses.as_slice() {
            [Clause { kind: ClauseKind::Require(expr), .. }] => expr.clone(),
            other => panic!("{expression}: {other:?}"),
        },
        other => panic!("{expression}: {other:?}"),
    }
}
