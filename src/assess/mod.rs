//! L4: judging runs: score against do-nothing and par, recovery times, tables.
//!
//! Everything here can be recomputed from a run; nothing here changes one.

pub mod score;
pub mod tables;
