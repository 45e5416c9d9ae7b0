//! Twins: the same scenario and seed under other playbooks, computed beside the exercise.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

use super::cast::{Cast, Player};
use super::run::{Run, Setup};
pub use crate::scenario::schema::{DO_NOTHING, PAR, REFERENCE};

/// The three finished twins of a run.
#[derive(Debug)]
pub struct Twins {
    pub do_nothing: Run,
    pub reference: Run,
    pub par: Run,
}

impl Twins {
    /// Runs all three to the horizon on this thread.
    pub fn compute(setup: &Setup, seat: Option<u32>) -> Self {
        let twin = |playbook| twin(setup, seat, playbook);
        Self { do_nothing: twin(DO_NOTHING), reference: twin(REFERENCE), par: twin(PAR) }
    }

    /// Runs them on a thread of their own.
    pub fn start(setup: &Setup, seat: Option<u32>) -> PendingTwins {
        let (sender, receiver) = channel();
        let setup = setup.clone();
        thread::spawn(move || {
            // The receiver is gone when the trainee left meanwhile: nobody waits for this result.
            let _ = sender.send(Self::compute(&setup, seat));
        });
        PendingTwins { receiver }
    }
}

/// The setup of a seat's twin: the seat's organisations follow the named playbook, and every other organisation does
/// what was done on the day. Without a seat, everybody follows the playbook.
///
/// Other seats in play are not repeated: their decisions answer to this seat's. So the score of a seat does not depend
/// on how many seats are in play, and what other seats do for its organisations counts in its own run.
pub fn twin_setup(setup: &Setup, seat: Option<u32>, playbook: &str) -> Setup {
    let index = |id: &str| setup.scenario.playbook_index(id).map(|index| index as u32);
    let cast = match (seat, index(playbook)) {
        (Some(seat), Some(playbook)) => Cast::one_seat(seat, Player::Playbook(playbook), index(REFERENCE)),
        // Nobody gives the seat's orders where the scenario has no such playbook.
        (Some(seat), None) => Cast::one_seat(seat, Player::Agent, index(REFERENCE)),
        (None, playbook) => Cast::everybody(playbook),
    };
    Setup { cast, ..setup.clone() }
}

fn twin(setup: &Setup, seat: Option<u32>, playbook: &str) -> Run {
    let mut run = Run::new(twin_setup(setup, seat, playbook));
    run.advance_to(setup.scenario.horizon);
    run
}

/// Twins under way.
#[derive(Debug)]
pub struct PendingTwins {
    receiver: Receiver<Twins>,
}

impl PendingTwins {
    /// The twins once they are done. An error means that their thread died.
    ///
    /// # Errors
    /// The computing thread ended without a result.
    pub fn poll(&self) -> Result<Option<Twins>, String> {
        match self.receiver.try_recv() {
            Ok(twins) => Ok(Some(twins)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err("the comparison runs stopped unexpectedly".to_owned()),
        }
    }
}
