//! The one test binary.

mod property;
