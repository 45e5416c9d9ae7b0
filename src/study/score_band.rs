//! The band of a seat's score: the same decisions in runs that differ by luck alone, and in runs whose figures differ,
//! too.

use std::sync::Arc;

use super::hindcast::unweighted_quantile;
use super::uncertain::Draws;
use super::{Played, Progress, parallel, ticks_to_simulate};
use crate::session::Sampling;
use crate::session::run::{Keeps, Setup};

/// Scores of a seat, in points. Both lists are in the order of the seeds, which begin with that of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreBand {
    /// With the written figures.
    pub luck: Vec<f64>,
    /// With drawn figures, one draw for each seed.
    pub luck_and_figures: Vec<f64>,
}

impl ScoreBand {
    /// Plays a setup with a seat as often as there are draws, with seeds from that of the setup on: once with the written
    /// figures, once with drawn ones. Every run is scored by comparison runs of its own scenario and seed.
    ///
    /// # Panics
    /// If the setup has no seat in play.
    pub fn simulate(setup: &Setup, draws: &Draws, threads: usize, progress: Progress<'_>) -> Self {
        let count = draws.count() as u64;
        let with_seed = |number: u64| Setup { seed: setup.seed.wrapping_add(number), ..setup.clone() };
        let luck = parallel::map(0..count, threads, |number| score(&with_seed(number), progress));
        let drawn = |number: u64| {
            let scenario = Arc::new(draws.scenario(number as usize));
            score(&Setup { scenario, ..with_seed(number) }, progress)
        };
        Self { luck, luck_and_figures: parallel::map(0..count, threads, drawn) }
    }

    /// Number of ticks that `simulate` takes.
    pub fn ticks(setup: &Setup, draws: &Draws) -> u64 {
        2 * draws.count() as u64 * ticks_to_simulate(setup)
    }
}

/// The 5th percentile, the median and the 95th percentile of scores.
pub fn percentiles(scores: &[f64]) -> [f64; 3] {
    [0.05, 0.5, 0.95].map(|share| unweighted_quantile(scores, share))
}

fn score(setup: &Setup, progress: Progress<'_>) -> f64 {
    // Nothing but the end of the run is read.
    let keeps = Keeps { digests_every_min: setup.scenario.horizon.0.max(1), sampling: Sampling::Ends };
    let mut played = Played::simulate(setup, keeps, None::<&mut crate::assess::tables::Sampler<Vec<u8>>>, progress);
    played.judge(progress);
    played.judgement.expect("the setup has a seat in play").score
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::compile::Scenario;
    use crate::scenario::load::{SourceFiles, load};
    use crate::study::setup_by_playbook;

    /// The first run has the seed and the figures of the run itself.
    #[test]
    fn a_band_begins_with_the_score_of_the_run_and_repeats_on_any_number_of_threads() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        let docs = load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid");
        let scenario = Arc::new(Scenario::compile(docs));
        let (seat, reference) = (scenario.seat_index("incident-lead"), scenario.playbook_index("reference"));
        let setup = setup_by_playbook(scenario.clone(), 7, seat, reference.expect("every scenario has it"));
        let draws = Draws::new(&scenario.docs, 12, 1).expect("both ends are valid");
        let band = ScoreBand::simulate(&setup, &draws, 2, &|_| {});
        assert_eq!(band, ScoreBand::simulate(&setup, &draws, 1, &|_| {}));
        assert_eq!(band.luck[0], score(&setup, &|_| {}));
        let is_score = |scores: &[f64]| scores.len() == 12 && scores.iter().all(|score| (0.0..=150.0).contains(score));
        assert!(is_score(&band.luck) && is_score(&band.luck_and_figures), "{band:?}");
    }
}
