//! The run that was tried before: its course, result and decisions, for the second try to stand beside.
//!
//! It holds no world. The run itself lies in its own file, which a second try never touches.

use std::sync::Arc;

use crate::base::{Digest, Ix, Tick};
use crate::scenario::compile::{Mitigation, Seat, Target};
use crate::session::runfile::Judgement;
use crate::session::{Record, Run};
use crate::study::worth::decisions_of_seat;

/// An earlier run of the same scenario and seed in the same seat, ended and judged.
#[derive(Clone, Debug)]
pub struct EarlierTry {
    pub seat: Ix<Seat>,
    seed: u64,
    /// Digest of the scenario.
    scenario: Digest,
    pub record: Arc<Record>,
    pub judgement: Judgement,
    /// In the order of the log.
    pub decisions: Vec<GivenOrder>,
    /// The minute at which the second try began.
    pub from: Tick,
}

/// A decision of a try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GivenOrder {
    pub tick: Tick,
    pub mitigation: Ix<Mitigation>,
    pub target: Target,
}

impl EarlierTry {
    /// What stays of a run that has ended when a second try begins at a minute of it.
    pub fn new(run: &Run, seat: Ix<Seat>, judgement: Judgement, from: Tick) -> Self {
        Self {
            seat,
            seed: run.setup.seed,
            scenario: run.setup.scenario.digest,
            record: Arc::new(run.record.clone()),
            judgement,
            decisions: given_orders(run, seat),
            from,
        }
    }

    /// Has a run the same scenario, seed and seat?
    pub fn is_same_world(&self, run: &Run, seat: Ix<Seat>) -> bool {
        let setup = &run.setup;
        (self.seat, self.seed, self.scenario) == (seat, setup.seed, setup.scenario.digest)
    }
}

/// The decisions of a seat in a run, in the order of the log.
pub fn given_orders(run: &Run, seat: Ix<Seat>) -> Vec<GivenOrder> {
    let given = decisions_of_seat(run, seat).into_iter();
    given
        .map(|decision| GivenOrder { tick: decision.tick, mitigation: decision.mitigation, target: decision.target })
        .collect()
}
