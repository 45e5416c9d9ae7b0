//! The hindcast: measures many runs under one playbook and compares them with published numbers.
//!
//! The `schedule` is made before anything is simulated. A run takes only the samples of the schedule and ends after
//! the last one. Equal setups give equal numbers on any number of threads. Must not print.

mod coverage;
mod judge;
mod members;
mod schedule;
mod statistics;
mod watch;

use std::sync::Arc;

use super::uncertain::Draws;
use super::{Progress, parallel};
use crate::base::Tick;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::schema::Measure;
use crate::session::run::{Setup, play_unrecorded};
use crate::sim::World;
use watch::Watch;

pub use coverage::Coverage;
pub use judge::{Drawn, Given, Hindcast, Row, facts, is_hit};
pub use schedule::Schedule;
pub use statistics::unweighted_quantile;

/// Ticks between two reports of progress.
const PROGRESS_EVERY: u32 = 60;

/// The scheduled measures in runs with the seeds 1 to `seeds`, whose setups are equal apart from the seed. The
/// result has for each measure its values in the order of the seeds.
pub fn measure(
    setup: &Setup,
    schedule: &Schedule,
    seeds: u64,
    threads: usize,
    progress: Progress<'_>,
) -> Vec<Vec<f64>> {
    let of_seed = |seed| run(&Setup { seed, ..setup.clone() }, schedule, progress);
    let runs = parallel::map(1..seeds + 1, threads, of_seed);
    by_measure(&runs, schedule.measures())
}

/// Values of each measure in the order of the runs, from values of each run in the order of the measures.
fn by_measure(runs: &[Vec<f64>], measures: usize) -> Vec<Vec<f64>> {
    (0..measures).map(|measure| runs.iter().map(|values| values[measure]).collect()).collect()
}

/// Measures in runs with drawn figures, each with the id of its target for messages. Draw number k has the seed k + 1,
/// so that luck differs as it does between the runs of `measure`. The result has for each measure its values in the
/// order of the draws.
///
/// # Errors
/// A drawn scenario has nothing to measure for a target.
pub fn measure_draws(
    draws: &Draws,
    setup: &Setup,
    measures: &[(&str, &Measure)],
    threads: usize,
    progress: Progress<'_>,
) -> Result<Vec<Vec<f64>>, Diagnostics> {
    let of_draw = |number: u64| {
        let scenario = Arc::new(draws.scenario(number as usize));
        // A drawn scenario weighs its organisations differently, so it has a schedule of its own.
        let schedule = Schedule::new(&scenario, measures.iter().copied())?;
        Ok(run(&Setup { scenario, seed: number + 1, cast: setup.cast.clone() }, &schedule, progress))
    };
    let runs = parallel::map(0..draws.count() as u64, threads, of_draw);
    let runs = runs.into_iter().collect::<Result<Vec<Vec<f64>>, Diagnostics>>()?;
    Ok(by_measure(&runs, measures.len()))
}

/// The scheduled measures in one run.
pub fn run(setup: &Setup, schedule: &Schedule, progress: Progress<'_>) -> Vec<f64> {
    let mut watch = Watch::new(schedule);
    let (until, mut reported) = (schedule.until(), 0);
    play_unrecorded(setup, until, |world: &World| {
        watch.observe(world);
        let minutes = world.tick().0;
        if reported + PROGRESS_EVERY <= minutes || minutes == until.0 {
            progress(minutes - reported);
            reported = minutes;
        }
        watch.next(world.tick()).min(Tick(reported + PROGRESS_EVERY))
    });
    watch.values()
}

#[cfg(test)]
mod tests;
