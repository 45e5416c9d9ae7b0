//! What a seat knew at its decisions and the worth of the decisions, measured beside the debrief on threads of its own and
//! filled in as results come.
//!
//! Results are kept in a file beside the run file, so that the next debrief of the run has them at once. Must not
//! measure by itself (that is `study::worth`).
//!
//! Invariant: a measurement that is dropped stops within one step; before the first one, the run is played again once.

mod kept;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;

use crate::assess::comparisons::ComparisonRuns;
use crate::base::Ix;
use crate::scenario::compile::Seat;
use crate::session::Run;
use crate::session::memory::Need;
use crate::session::parallel::cores;
use crate::study::known::Known;
use crate::study::worth::{
    Arrival, Decision, DecisionWorth, Options, WORLDS_EACH, Worth, decisions_of_seat, measure_worth_beside, steps_max,
};
use kept::Keeper;

/// Seeds on which the debrief weighs decisions.
pub const SEEDS: u64 = 16;

/// The state of a measurement.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    Running,
    Finished,
    /// It was not begun, or it ended early.
    Stopped(String),
}

/// A measurement with the results so far.
#[derive(Debug)]
pub struct Weighing {
    pub seat: Ix<Seat>,
    /// The decisions that are measured, in the order of the log.
    pub decisions: Vec<Decision>,
    /// By decision: the worth on the run's own seed, until all seeds are measured.
    own: Vec<Option<DecisionWorth>>,
    /// Everything on the run's own seed, and in the end on all seeds.
    worth: Option<Arc<Worth>>,
    /// What the seat could know at each decision.
    known: Option<Arc<Known>>,
    pub state: State,
    /// Other seeds that are measured.
    seeds_done: u64,
    steps_max: u64,
    /// Hundredths of the steps at the last poll.
    shown_pct: u64,
    shared: Arc<Shared>,
    receiver: Receiver<Message>,
}

/// What both threads know.
#[derive(Debug, Default)]
struct Shared {
    is_cancelled: AtomicBool,
    steps: AtomicU64,
}

#[derive(Debug)]
enum Message {
    Known(Box<Known>),
    Decision(usize, Box<DecisionWorth>),
    OwnSeed(Box<Worth>),
    Seed,
    Finished(Box<Worth>),
}

impl Weighing {
    /// Begins to measure. `file` is the run's file, beside which the results are kept.
    pub fn begin(run: &Run, seat: Ix<Seat>, comparisons: &ComparisonRuns, file: Option<&Path>) -> Self {
        // One core is left to the window.
        let threads = cores().saturating_sub(1).max(1);
        let options = Options { seeds: SEEDS, threads, figures: None };
        let decisions = decisions_of_seat(run, seat);
        let shared = Arc::new(Shared::default());
        let (sender, receiver) = channel();
        let problem = Need::new(&run.setup.scenario, WORLDS_EACH * threads as u64).problem();
        let weighing = Self {
            seat,
            own: vec![None; decisions.len()],
            steps_max: steps_max(decisions.len(), options),
            decisions,
            worth: None,
            known: None,
            state: problem.map_or(State::Running, State::Stopped),
            seeds_done: 0,
            shown_pct: 0,
            shared: shared.clone(),
            receiver,
        };
        if weighing.state == State::Running {
            let keeper = file.map(|file| Keeper::new(run, seat, SEEDS, file));
            let work = Work { run: run.clone(), seat, comparisons: comparisons.clone(), options, keeper };
            thread::spawn(move || work.measure(&shared, &sender));
        }
        weighing
    }

    /// Collects new results; true if something has changed.
    pub fn poll(&mut self) -> bool {
        let mut has_changed = false;
        while self.state == State::Running {
            match self.receiver.try_recv() {
                Ok(message) => self.take(message),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.state = State::Stopped("the measurement ended early".to_owned());
                }
            }
            has_changed = true;
        }
        let pct = (self.done() * 100.0) as u64;
        has_changed |= self.shown_pct != pct;
        self.shown_pct = pct;
        has_changed
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Known(known) => self.known = Some(Arc::from(known)),
            Message::Decision(index, worth) => self.own[index] = Some(*worth),
            Message::OwnSeed(worth) => self.worth = Some(Arc::from(worth)),
            Message::Seed => self.seeds_done += 1,
            Message::Finished(worth) => {
                self.worth = Some(Arc::from(worth));
                self.state = State::Finished;
            }
        }
    }

    /// The worth of a decision as far as it is known.
    pub fn decision(&self, index: usize) -> Option<&DecisionWorth> {
        match &self.worth {
            Some(worth) => worth.decisions.get(index),
            None => self.own.get(index)?.as_ref(),
        }
    }

    /// Everything as far as it is known: at first on the run's own seed, then on all seeds.
    pub fn worth(&self) -> Option<&Arc<Worth>> {
        self.worth.as_ref()
    }

    /// What the seat could know at each decision, once the run was played again for that.
    pub fn known(&self) -> Option<&Arc<Known>> {
        self.known.as_ref()
    }

    /// Seeds that are measured whole.
    pub fn seeds_done(&self) -> u64 {
        match self.state {
            State::Finished => self.worth.as_ref().map_or(0, |worth| worth.luck.scores.len() as u64),
            State::Running | State::Stopped(_) => u64::from(self.worth.is_some()) + self.seeds_done,
        }
    }

    /// Share of the work that is done, 0..=1.
    pub fn done(&self) -> f64 {
        if self.state == State::Finished {
            return 1.0;
        }
        let steps = self.shared.steps.load(Ordering::Relaxed);
        (steps as f64 / self.steps_max.max(1) as f64).min(1.0)
    }
}

impl Drop for Weighing {
    fn drop(&mut self) {
        self.shared.is_cancelled.store(true, Ordering::Relaxed);
    }
}

/// The work of the background thread.
struct Work {
    run: Run,
    seat: Ix<Seat>,
    comparisons: ComparisonRuns,
    options: Options<'static>,
    keeper: Option<Keeper>,
}

impl Work {
    fn measure(&self, shared: &Shared, sender: &Sender<Message>) {
        // The receiver is gone if the debrief was left; the result is dropped then.
        let send = |message: Message| drop(sender.send(message));
        send(Message::Known(Box::new(Known::new(&self.run, self.seat))));
        if let Some(worth) = self.keeper.as_ref().and_then(|keeper| keeper.read(&self.run)) {
            return send(Message::Finished(Box::new(worth)));
        }
        let arrive = |arrival: Arrival<'_>| {
            match arrival {
                Arrival::Step => drop(shared.steps.fetch_add(1, Ordering::Relaxed)),
                Arrival::Decision(index, worth) => send(Message::Decision(index, Box::new(worth.clone()))),
                Arrival::OwnSeed(worth) => send(Message::OwnSeed(Box::new(worth.clone()))),
                Arrival::Seed(_) => send(Message::Seed),
            }
            if shared.is_cancelled.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        };
        let Ok(worth) = measure_worth_beside(&self.run, self.seat, &self.comparisons, self.options, &arrive) else {
            return;
        };
        if let Some(keeper) = &self.keeper {
            // Without the file, the next debrief measures again.
            let _ = keeper.write(&worth);
        }
        send(Message::Finished(Box::new(worth)));
    }
}

/// The file in which the results for a run file are kept.
pub fn kept_file(run_file: &Path) -> PathBuf {
    run_file.with_extension("worth.json")
}

#[cfg(test)]
mod tests;
