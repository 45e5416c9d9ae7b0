//! The swarm plays made-up scenarios with made-up commands and checks every law of the simulation at every
//! boundary.
//!
//! Each seed is tried separately. A seed gives the same trial on every machine and in every thread, and the failure
//! of one seed does not stop the others.

mod laws;
mod trial;

pub use trial::{Beside, Trial, summary_digest, trial, trial_beside, trials};
