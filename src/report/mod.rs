//! A judged run in, reports out: every format renders from the run [`record`], none evaluates anything again.

pub mod record;
