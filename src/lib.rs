//! Duixian (兑现): checks what a government promised against the figures that follow.
//!
//! Rules in, data in, a record of verdicts out: see [`Suite`]. The rooms of the house, bottom to top, each importing
//! only from those above it in this list:
//!
//! | room | what comes in and goes out |
//! |---|---|
//! | [`base`] | places in files, diagnostics as plain data, the table of codes |
//! | [`quantity`] | exact numbers, units, periods |
//! | [`syntax`] | rule text → tree |
//! | [`semantics`] | tree → suite with every name resolved and every expression typed |
//! | [`plan`] | suite → one query per dataset |
//! | [`data`] | submitted files → typed tables |
//! | [`engine`] | plan and tables → small cubes of exact sums |
//! | [`verdict`] | cubes → judged cases |
//! | [`report`] | judged cases → the run record → text, JSON |
//! | [`pipeline`] | the stages of a run, in the only order that compiles |
//! | [`cli`] | the `duixian` command |

mod api;
pub mod base;
pub mod cli;
pub mod data;
pub mod engine;
pub mod pipeline;
pub mod plan;
pub mod quantity;
pub mod report;
pub mod semantics;
pub mod syntax;
pub mod verdict;

pub use api::{Data, Suite};
