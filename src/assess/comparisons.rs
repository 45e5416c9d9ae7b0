//! Comparison runs of a finished run: the same scenario and seed under do-nothing, reference and par.
//!
//! The one way to make them where a caller waits for them; an exercise makes its own in the background.

use std::thread;

use crate::session::Player;
use crate::session::run::{Run, Setup, play};
use crate::session::twins::{DO_NOTHING, PAR, REFERENCE, Twins, twin_setup};

/// Is called with numbers of simulated ticks, from whatever thread simulates them: a progress bar.
pub type Progress<'a> = &'a (dyn Fn(u32) + Sync);

/// How many comparison runs `comparisons` would simulate for a run of this setup.
pub fn comparisons_to_simulate(setup: &Setup) -> u32 {
    let is_new = |playbook: &&str| !is_same(setup, &twin_setup(setup, setup.cast.only_seat(), playbook));
    [DO_NOTHING, REFERENCE, PAR].into_iter().filter(is_new).count() as u32
}

/// The comparison runs of a finished run with one seat in play, or with none.
pub fn comparisons(run: &Run, progress: Progress<'_>) -> Twins {
    comparisons_of_seat(run, run.setup.cast.only_seat(), progress)
}

/// The comparison runs of a seat of a finished run, each on a thread of its own. Where the run itself
/// followed the playbook of a comparison run, that run is not simulated again.
pub fn comparisons_of_seat(run: &Run, seat: Option<u32>, progress: Progress<'_>) -> Twins {
    let compared = |playbook: &str| {
        let setup = twin_setup(&run.setup, seat, playbook);
        if run.world.tick == setup.scenario.horizon && is_same(&run.setup, &setup) {
            return run.clone();
        }
        play(&setup, |world| progress(u32::from(world.tick.0 != 0)))
    };
    thread::scope(|scope| {
        let reference = scope.spawn(|| compared(REFERENCE));
        let par = scope.spawn(|| compared(PAR));
        let do_nothing = compared(DO_NOTHING);
        let joined = |run: thread::Result<Run>| run.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Twins { do_nothing, reference: joined(reference.join()), par: joined(par.join()) }
    })
}

fn is_same(one: &Setup, other: &Setup) -> bool {
    // A person decides where there is no playbook, even if the log happens to be that of a playbook.
    let has_people = one.cast.seats().iter().any(|entry| !matches!(entry.player, Player::Playbook(_)));
    !has_people && one.seed == other.seed && one.cast == other.cast
}
