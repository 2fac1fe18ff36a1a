//! All integration tests, in one binary.

mod cli;
mod diagnostics;
mod exactness;
mod layers;
mod mutation;
mod property;
mod reference;
mod support;
mod verdicts;
