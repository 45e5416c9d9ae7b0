//! L4: judges runs: comparison runs, the score between do-nothing and par, tables of samples, verification of run
//! files.
//!
//! All results can be recomputed from a run. Must not change a run.

pub mod comparisons;
pub mod score;
pub mod tables;
pub mod verify;
