//! L4: judging runs: comparison runs, score against do-nothing and par, tables, checking of run files.
//!
//! Everything here can be recomputed from a run; nothing here changes one.

pub mod comparisons;
pub mod score;
pub mod tables;
pub mod verify;
