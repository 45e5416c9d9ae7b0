//! The comparison runs of an exercise: for every seat in play the same scenario and seed under other playbooks.
//!
//! They are computed beside the exercise, on a thread of their own. Must not judge (that is `assess`).

use std::collections::BTreeMap;

use crate::assess::comparisons::{ComparisonRuns, PendingRuns, preparations};
use crate::assess::score::{Judgement, SoFar, judge, score_so_far};
use crate::base::{Ix, Tick};
use crate::scenario::compile::Seat;
use crate::session::Run;
use crate::sim::Command;

/// Comparison runs by seat (index).
#[derive(Debug)]
pub struct Comparisons {
    seats: BTreeMap<Ix<Seat>, State>,
    /// What each seat had prepared when the runs were started.
    prepared: BTreeMap<Ix<Seat>, Vec<Command>>,
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
    pub fn start(run: &Run) -> Self {
        let setup = &run.setup;
        let seats = setup.cast.seats().iter().map(|entry| (entry.seat, State::Pending)).collect();
        let prepared = prepared(run);
        let runs = PendingRuns::start(setup, &prepared);
        Self { seats, prepared, runs }
    }

    /// Starts the runs again if preparations have changed since, and collects finished ones; true if there is news.
    pub fn poll(&mut self, run: &Run) -> bool {
        let is_before_the_clock = run.world.tick() == Tick::ZERO;
        let mut has_changed = !is_before_the_clock && self.prepared != prepared(run);
        if has_changed {
            *self = Self::start(run);
        }
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

fn prepared(run: &Run) -> BTreeMap<Ix<Seat>, Vec<Command>> {
    run.setup.cast.seats().iter().map(|entry| (entry.seat, preparations(run, entry.seat))).collect()
}

impl State {
    fn is_pending(&self) -> bool {
        matches!(self, State::Pending)
    }

    fn fail(&mut self) {
        *self = State::Failed;
    }
}
