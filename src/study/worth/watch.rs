//! The caller's view of a measurement while it runs: results that have arrived, and the caller's wish to stop.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Worth;
use super::effect::DecisionWorth;

/// A part of the result that has just been computed.
#[derive(Clone, Copy, Debug)]
pub enum Arrival<'a> {
    /// One step of `steps_max`.
    Step,
    /// A decision (by its position among the decisions) on the run's own seed: its bands have one value.
    Decision(usize, &'a DecisionWorth),
    /// Everything on the run's own seed: all bands have one value.
    OwnSeed(&'a Worth),
    /// Everything about one more seed.
    Seed(u64),
}

/// Called from any thread, in any order, with what has arrived. `Break` stops the measurement.
pub type Arrive<'a> = &'a (dyn Fn(Arrival<'_>) -> ControlFlow<()> + Sync);

/// The caller stopped the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// Passes arrivals on and remembers that the caller wants to stop.
pub(super) struct Watch<'a> {
    arrive: Arrive<'a>,
    is_stopped: AtomicBool,
}

impl<'a> Watch<'a> {
    pub fn new(arrive: Arrive<'a>) -> Self {
        Self { arrive, is_stopped: AtomicBool::new(false) }
    }

    /// # Errors
    /// The caller wants to stop, now or since an earlier arrival.
    pub fn tell(&self, arrival: Arrival<'_>) -> Result<(), Cancelled> {
        if self.is_stopped.load(Ordering::Relaxed) || (self.arrive)(arrival).is_break() {
            self.is_stopped.store(true, Ordering::Relaxed);
            return Err(Cancelled);
        }
        Ok(())
    }

    /// # Errors
    /// As `tell`.
    pub fn steps(&self, count: usize) -> Result<(), Cancelled> {
        (0..count).try_for_each(|_| self.tell(Arrival::Step))
    }
}
