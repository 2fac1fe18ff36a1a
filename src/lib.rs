#![doc = "Duixian (兑现): checks what a government promised against the figures that follow."]

pub mod base;
pub mod quantity;
pub mod syntax;
