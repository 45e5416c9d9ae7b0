//! Refuses runs that do not fit the memory of this machine.

use super::failure::Failure;
use crate::scenario::compile::Scenario;
use crate::session::memory::{ADVICE, Need};

/// Refuses a number of worlds at once if they do not fit the memory.
///
/// # Errors
/// The needed and the free memory, with advice.
pub fn check(scenario: &Scenario, worlds: u64) -> Result<(), Failure> {
    Need::new(scenario, worlds).problem().map_or(Ok(()), |problem| Err(Failure::with_help(problem, ADVICE)))
}
