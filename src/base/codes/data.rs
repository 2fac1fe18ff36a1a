//! Codes of this area.

use super::CodeInfo;

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[];
