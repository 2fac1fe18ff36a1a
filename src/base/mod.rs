//! The ground floor: text in two languages, places in files, diagnostics as plain data.
//!
//! Nothing here prints, reads a file, or knows what a rule is.

pub mod codes;
mod diagnostic;
mod memory;
mod range;
mod source;
mod text;
mod threads;

pub use codes::CodeInfo;
pub use diagnostic::{Diagnostic, Label, Place, Severity};
pub use memory::{TooLarge, limit_memory, parse_size, room_for};
pub use range::Range;
pub use source::{FileId, SourceFile, Sources, Span};
pub use text::{Bi, Lang, column_letters, join, nearest, plural, whereabouts};
pub use threads::{cores, each, each_with, in_ranges, threads};
