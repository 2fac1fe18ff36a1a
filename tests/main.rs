//! All integration tests, in one binary.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it must be, and says so"
)]

mod annotate;
mod budget;
mod claims;
mod cli;
mod diagnostics;
mod differences;
mod evidence;
mod exactness;
mod explain;
mod formats;
mod gulou;
mod intervals;
mod layers;
mod logic;
mod memory;
mod mutants;
mod mutation;
mod property;
mod reading;
mod reference;
mod report;
mod scale;
mod signing;
mod submissions;
mod support;
mod trace;
mod verdicts;
mod verification;
mod versions;
mod waivers;
mod xsd;
