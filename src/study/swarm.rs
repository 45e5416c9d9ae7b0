//! The swarm: made-up scenarios played with made-up commands, and everything that must hold checked at
//! every boundary.
//!
//! A seed is a unit: the same seed tries the same on every machine and in every thread, and a failure of
//! one seed does not end the others.

mod laws;
mod trial;

pub use trial::{Beside, Trial, summary_digest, trial, trial_beside, trials};
