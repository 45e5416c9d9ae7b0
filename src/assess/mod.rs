//! L4: judges runs: comparison runs, the score between do-nothing and par, what held services back, what a seat could know,
//! tables of samples, verification of run files.
//!
//! All results can be recomputed from a run. Must not change a run.

pub mod comparisons;
pub mod known;
pub mod score;
pub mod tables;
pub mod time;
pub mod verify;
