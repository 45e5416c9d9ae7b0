//! The comparison runs of an exercise: for every seat in play the same scenario and seed under other playbooks.
//!
//! They are computed beside the exercise, on threads of their own. Must not judge (that is `assess`).

use std::collections::BTreeMap;

use crate::assess::score::Score;
use crate::session::twins::{PendingTwins, Twins};
use crate::session::{Run, Setup};

/// Comparison runs by seat (index).
#[derive(Debug, Default)]
pub struct Comparisons {
    seats: BTreeMap<u32, State>,
}

#[derive(Debug)]
enum State {
    Pending(PendingTwins),
    Finished(Box<Twins>),
    /// Their thread ended without a result.
    Failed,
}

impl Comparisons {
    /// Begins those of every seat in play.
    pub fn start(setup: &Setup) -> Self {
        let pending = |seat: u32| State::Pending(Twins::start(setup, Some(seat)));
        Self { seats: setup.cast.seats().iter().map(|entry| (entry.seat, pending(entry.seat))).collect() }
    }

    /// Takes over what is finished; true if anything is.
    pub fn poll(&mut self) -> bool {
        let mut has_changed = false;
        for state in self.seats.values_mut() {
            let State::Pending(pending) = state else { continue };
            match pending.poll() {
                Ok(None) => continue,
                Ok(Some(twins)) => *state = State::Finished(Box::new(twins)),
                Err(_) => *state = State::Failed,
            }
            has_changed = true;
        }
        has_changed
    }

    /// Is any of them still being computed?
    pub fn is_pending(&self) -> bool {
        self.seats.values().any(|state| matches!(state, State::Pending(_)))
    }

    /// Those of a seat, once they are there.
    pub fn finished(&self, seat: u32) -> Option<&Twins> {
        match self.seats.get(&seat)? {
            State::Finished(twins) => Some(twins),
            State::Pending(_) | State::Failed => None,
        }
    }

    /// The score of a seat against them.
    pub fn score(&self, run: &Run, seat: u32) -> Option<Score> {
        Some(Score::of(&run.world, seat, self.finished(seat)?))
    }

    /// The score so far; none before anything could be won or lost.
    pub fn score_so_far(&self, run: &Run, seat: u32) -> Option<f64> {
        Score::so_far(run, seat, self.finished(seat)?)
    }
}
