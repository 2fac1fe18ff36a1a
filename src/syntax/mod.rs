//! Rule text in, [`ast`] and diagnostics out. Knows spelling and shape, not what a name means.

pub mod ast;
pub mod keywords;
