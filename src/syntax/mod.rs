//! Rule text in, [`ast`] and diagnostics out. Knows spelling and shape, not what a name means.
//!
//! The way of a file: [`scan`] (tokens) → [`split`] (declarations) → `precheck` (quotes, depth) → the grammar
//! (`grammar/duixian.pest`) → `build` (tree), or `fault` (a diagnostic from what the grammar expected).

pub mod ast;
mod build;
mod expected;
mod fault;
pub mod keywords;
mod parse;
mod precheck;
pub mod scan;
pub mod split;
#[cfg(test)]
mod tests;
mod walk;

pub use parse::parse;

/// The generated parser. Its types stay in this room.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/duixian.pest"]
    pub struct Grammar;
}

use grammar::{Grammar, Rule};
