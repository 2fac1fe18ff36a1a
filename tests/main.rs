//! All integration tests, in one binary.

mod cli;
mod diagnostics;
mod exactness;
mod layers;
mod mutation;
mod reference;
mod report;
mod support;
mod verdicts;
