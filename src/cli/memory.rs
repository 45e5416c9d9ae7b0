//! Refuses runs that do not fit the memory of this machine.

use super::failure::Failure;
use crate::scenario::compile::Scenario;
use crate::session::memory::{ADVICE, Need};

/// Refuses so many worlds at once where they do not fit.
///
/// # Errors
/// The numbers, and what can be done.
pub fn check(scenario: &Scenario, worlds: u64) -> Result<(), Failure> {
    Need::new(scenario, worlds).problem().map_or(Ok(()), |problem| Err(Failure::with_help(problem, ADVICE)))
}
