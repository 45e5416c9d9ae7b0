//! Twins: the same scenario and seed under other playbooks, computed beside the exercise.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

use super::policy::Voices;
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
    pub fn compute(setup: &Setup) -> Self {
        Self { do_nothing: twin(setup, DO_NOTHING), reference: twin(setup, REFERENCE), par: twin(setup, PAR) }
    }

    /// Runs them on a thread of their own.
    pub fn start(setup: &Setup) -> PendingTwins {
        let (sender, receiver) = channel();
        let setup = setup.clone();
        thread::spawn(move || {
            // The receiver is gone when the trainee left meanwhile: nobody waits for this result.
            let _ = sender.send(Self::compute(&setup));
        });
        PendingTwins { receiver }
    }
}

/// The setup of a twin: the seat's organisations follow the named playbook, others what was done.
pub fn twin_setup(setup: &Setup, playbook: &str) -> Setup {
    let index = |id: &str| setup.scenario.playbook_index(id).map(|index| index as u32);
    let own = index(playbook);
    let others = match setup.voices.seat {
        Some(_) => index(REFERENCE),
        None => own,
    };
    Setup { voices: Voices { seat: setup.voices.seat, own, others }, ..setup.clone() }
}

fn twin(setup: &Setup, playbook: &str) -> Run {
    let mut run = Run::new(twin_setup(setup, playbook));
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
