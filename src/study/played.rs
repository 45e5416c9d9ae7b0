//! Plays one run from its setup to the horizon and measures its results.

use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use super::{Progress, RunResult};
use crate::assess::comparisons::{comparison_runs, runs_to_simulate};
use crate::assess::score::{Judgement, judge};
use crate::assess::tables::Sampler;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Playbook, Scenario, Seat};
use crate::scenario::schema::REFERENCE;
use crate::session::run::{Keeps, Run, Setup, play};
use crate::session::{Cast, Player};

/// Minutes between two reports of progress if no table needs an earlier boundary. Each report stops the run, which takes
/// the state of a large world through the caches once more.
const PROGRESS_MIN: u32 = 1440;

/// A finished run with its measurements.
#[derive(Debug)]
pub struct Played {
    pub run: Run,
    /// The score of the seat in play; none before `judge`, and none without a seat.
    pub judgement: Option<Judgement>,
    /// Seconds of wall time for the run itself, without comparison runs and files.
    pub sim_s: f64,
}

impl Played {
    /// Plays a setup to the horizon. `table` receives the samples if there is one.
    pub fn simulate<W: Write>(
        setup: &Setup,
        keeps: Keeps,
        table: Option<&mut Sampler<W>>,
        progress: Progress<'_>,
    ) -> Self {
        let (mut table, mut seen) = (table, Tick::ZERO);
        let begun = Instant::now();
        let run = play(setup, keeps, |world| {
            progress(world.tick().since(seen));
            seen = world.tick();
            match &mut table {
                Some(table) => table.observe(world),
                None => Tick(world.tick().0.saturating_add(PROGRESS_MIN)),
            }
        });
        Self { run, judgement: None, sim_s: begun.elapsed().as_secs_f64() }
    }

    /// Makes the comparison runs and scores the seat in play, if there is one.
    pub fn judge(&mut self, progress: Progress<'_>) {
        self.judgement = self.run.setup.cast.only_seat().map(|seat| {
            let runs = comparison_runs(&self.run, &[seat], progress);
            judge(&self.run.world, seat, &runs[&seat])
        });
    }

    /// The run's result as numbers.
    pub fn result(&self) -> RunResult {
        RunResult::new(&self.run, self.judgement.as_ref())
    }
}

/// Ticks that `simulate` and `judge` take together.
pub fn ticks_to_simulate(setup: &Setup) -> u64 {
    let compared = setup.cast.only_seat().map_or(0, |seat| runs_to_simulate(setup, &[seat]));
    u64::from(setup.scenario.horizon.0) * (1 + u64::from(compared))
}

/// The setup in which a seat's organisations follow a playbook and all others the reference; without a
/// seat, everybody follows the playbook.
pub fn setup_by_playbook(scenario: Arc<Scenario>, seed: u64, seat: Option<Ix<Seat>>, playbook: Ix<Playbook>) -> Setup {
    let reference = scenario.playbook_index(REFERENCE);
    let cast = match seat {
        Some(seat) => Cast::one_seat(seat, Player::Playbook(playbook), reference),
        None => Cast::everybody(Some(playbook)),
    };
    Setup { scenario, seed, cast }
}
