//! Trees of rule files in, a resolved and typed [`hir`] and diagnostics out. Knows no data files.

pub mod hir;
