//! L4: headless runs: one setup to the horizon, its twins beside it, and what came of them.
//!
//! The command line and tests come through here. Must not print, and must not know of windows.

pub mod generate;
pub mod hindcast;
mod outcome;
mod playbook;
pub mod sensitivity;
pub mod swarm;
mod texts;
pub mod verify;

use std::thread;

use crate::session::Player;
use crate::session::run::{Run, Setup};
use crate::session::twins::{DO_NOTHING, PAR, REFERENCE, Twins, twin_setup};
use crate::sim::World;

pub use outcome::{Hosts, Objective, Outcome, Recovery, recoveries};
pub use playbook::add_playbook;

/// Hears of ticks simulated, from whatever thread simulates them: what a progress bar shows.
pub type Progress<'a> = &'a (dyn Fn(u32) + Sync);

/// Plays a setup to the horizon. The observer sees the world at every boundary, first and last
/// included.
pub fn play(setup: &Setup, mut observer: impl FnMut(&World)) -> Run {
    let mut run = Run::new(setup.clone());
    observer(&run.world);
    while !run.world.is_over() {
        run.step();
        observer(&run.world);
    }
    run
}

/// How many of a run's twins would be simulated by `twins_of`.
pub fn twins_to_simulate(setup: &Setup) -> u32 {
    [DO_NOTHING, REFERENCE, PAR]
        .iter()
        .filter(|name| !is_same(setup, &twin_setup(setup, setup.cast.only_seat(), name)))
        .count() as u32
}

/// The twins of a finished run, side by side on threads of their own. A twin that the run itself is
/// (it followed that playbook) is not simulated again.
pub fn twins_of(run: &Run, progress: Progress<'_>) -> Twins {
    twins(run, run.setup.cast.only_seat(), progress)
}

/// The twins of a seat of a run.
pub fn twins_for(run: &Run, seat: u32, progress: Progress<'_>) -> Twins {
    twins(run, Some(seat), progress)
}

fn twins(run: &Run, seat: Option<u32>, progress: Progress<'_>) -> Twins {
    let twin = |playbook: &str| {
        let setup = twin_setup(&run.setup, seat, playbook);
        if run.world.tick == setup.scenario.horizon && is_same(&run.setup, &setup) {
            return run.clone();
        }
        play(&setup, |_| progress(1))
    };
    thread::scope(|scope| {
        let reference = scope.spawn(|| twin(REFERENCE));
        let par = scope.spawn(|| twin(PAR));
        let do_nothing = twin(DO_NOTHING);
        let joined = |run: thread::Result<Run>| run.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Twins { do_nothing, reference: joined(reference.join()), par: joined(par.join()) }
    })
}

fn is_same(one: &Setup, other: &Setup) -> bool {
    // A person decides where there is no playbook, even if the log happens to be that of a playbook.
    let has_people = one.cast.seats().iter().any(|entry| !matches!(entry.player, Player::Playbook(_)));
    !has_people && one.seed == other.seed && one.cast == other.cast
}
