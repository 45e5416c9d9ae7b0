//! The comparison runs of an exercise: for every seat in play the same scenario and seed under other playbooks.
//!
//! They are computed beside the exercise, on a thread of their own. Must not judge (that is `assess`).

use std::collections::BTreeMap;

use crate::assess::comparisons::{ComparisonRuns, PendingRuns};
use crate::assess::score::{Judgement, SoFar, judge, score_so_far};
use crate::base::Ix;
use crate::scenario::compile::Seat;
use crate::session::{Run, Setup};

/// Comparison runs by seat (index).
#[derive(Debug)]
pub struct Comparisons {
    seats: BTreeMap<Ix<Seat>, State>,
    runs: PendingRuns,
}

#[derive(Debug)]
enum State {
    Pending,
    Finished(ComparisonRuns),
    /// The thread of the comparison runs ended without a result.
    Failed,
}

impl Comparisons {
    /// Starts the comparison runs of every seat in play.
    pub fn start(setup: &Setup) -> Self {
        let seats = setup.cast.seats().iter().map(|entry| (entry.seat, State::Pending)).collect();
        Self { seats, runs: PendingRuns::start(setup) }
    }

    /// Collects finished comparison runs; true if there were any.
    pub fn poll(&mut self) -> bool {
        let mut has_changed = false;
        while self.is_pending() {
            match self.runs.poll() {
                Ok(None) => break,
                Ok(Some((seat, runs))) => drop(self.seats.insert(seat, State::Finished(runs))),
                Err(_) => self.seats.values_mut().filter(|state| state.is_pending()).for_each(State::fail),
            }
            has_changed = true;
        }
        has_changed
    }

    /// Is a comparison run still being computed?
    pub fn is_pending(&self) -> bool {
        self.seats.values().any(State::is_pending)
    }

    /// The comparison runs of a seat; none until they are finished.
    pub fn finished(&self, seat: Ix<Seat>) -> Option<&ComparisonRuns> {
        match self.seats.get(&seat)? {
            State::Finished(runs) => Some(runs),
            State::Pending | State::Failed => None,
        }
    }

    /// The judgement of a seat against its comparison runs.
    pub fn judgement(&self, run: &Run, seat: Ix<Seat>) -> Option<Judgement> {
        Some(judge(&run.world, seat, self.finished(seat)?))
    }

    /// The score so far; none before any point could be won.
    pub fn score_so_far(&self, run: &Run, seat: Ix<Seat>) -> Option<SoFar> {
        score_so_far(run, seat, self.finished(seat)?)
    }
}

impl State {
    fn is_pending(&self) -> bool {
        matches!(self, State::Pending)
    }

    fn fail(&mut self) {
        *self = State::Failed;
    }
}
