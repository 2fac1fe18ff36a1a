#![doc = "Duixian (兑现): checks what a government promised against the figures that follow."]

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
