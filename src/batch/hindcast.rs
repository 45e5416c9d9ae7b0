//! The hindcast: published numbers beside those of many runs under one playbook.
//!
//! A measure is planned before anything is simulated (`plan`), so that a run is asked for what is
//! needed at the ticks where it is needed, and stops where nothing is needed any more. Equal setups
//! give equal numbers on any number of threads. Must not print.

mod judge;
pub mod picture;
mod plan;
mod statistics;
mod watch;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::Progress;
use crate::base::Tick;
use crate::session::run::{Setup, play_unrecorded};
use crate::sim::World;
use watch::Watch;

pub use judge::{Hindcast, Row, facts};
pub use plan::Plan;

/// Ticks between two reports of progress.
const PROGRESS_EVERY: u32 = 60;

/// The planned measures in runs with seeds 1 to `seeds`, the setup otherwise as given: for each
/// measure its values in the order of the seeds.
pub fn measure(setup: &Setup, plan: &Plan, seeds: u64, threads: usize, progress: Progress<'_>) -> Vec<Vec<f64>> {
    let next = AtomicU64::new(1);
    let runs = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seeds < seed {
                return;
            }
            let values = run(&Setup { seed, ..setup.clone() }, plan, progress);
            runs.lock().expect("nobody fails while adding up").push((seed, values));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.clamp(1, seeds.max(1) as usize) {
            scope.spawn(work);
        }
        work();
    });
    let mut runs = runs.into_inner().expect("nobody fails while adding up");
    runs.sort_unstable_by_key(|&(seed, _)| seed);
    (0..plan.measures()).map(|at| runs.iter().map(|(_, values)| values[at]).collect()).collect()
}

/// The planned measures in one run.
pub fn run(setup: &Setup, plan: &Plan, progress: Progress<'_>) -> Vec<f64> {
    let mut watch = Watch::new(plan);
    let (until, mut reported) = (plan.until(), 0);
    play_unrecorded(setup, until, |world: &World| {
        watch.observe(world);
        let minutes = world.tick.0;
        if reported + PROGRESS_EVERY <= minutes || minutes == until.0 {
            progress(minutes - reported);
            reported = minutes;
        }
        watch.next(world.tick).min(Tick(reported + PROGRESS_EVERY))
    });
    watch.values()
}

#[cfg(test)]
mod tests;
