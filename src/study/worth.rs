//! The worth of the decisions of a seat: what each one changed, what all changed together, what an order not given would
//! have gained, and how much of the score is luck.
//!
//! The worth of a decision is the outcome of the run with it less the outcome of the same run without it, on the same
//! seed, so that both have their random numbers in common. The same decisions are played on several seeds, which begin
//! with that of the run; the others may have drawn figures, too. A fork simulates only what a change can reach. Must not print.
//!
//! Invariant: equal runs and options give equal results, whatever the number of threads.

mod advice;
mod decision;
mod effect;
mod joint;
mod measure;
mod play;
#[cfg(test)]
mod tests;
mod untaken;
mod watch;

pub use advice::{ADVICE_MAX, Advice, What};
pub use decision::{Decision, decisions_of_seat};
pub use effect::{Band, DecisionWorth, Effect, Moved};
pub use joint::{Joint, PAIR_POINTS, PLAYERS_MAX, Pair, Part};
pub use measure::LATER_MIN;
pub use untaken::{KnownFrom, NAMED_MAX, Search, Untaken};
pub use watch::{Arrival, Arrive, Cancelled};

use std::cmp::Ordering;
use std::sync::Arc;

use super::uncertain::Draws;
use crate::assess::comparisons::ComparisonRuns;
use crate::assess::score::{Judgement, SCORE_MIN, judge};
use crate::base::Ix;
use crate::scenario::compile::Seat;
use crate::session::run::Setup;
use crate::session::{Run, Timeline, parallel};
use crate::sim::Issuer;
use effect::{Outcome, points};
use joint::{JointHere, Players};
use measure::DecisionHere;
use play::{Compared, SeedPlay};
use watch::Watch;

/// Most decisions that are measured on every seed: those with the largest effects on the run's own seed. All others are
/// measured on the run's own seed alone.
pub const EVERY_SEED_MAX: usize = 40;
/// Worlds that each thread of a measurement has in memory at most, beside those of its snapshots.
pub const WORLDS_EACH: u64 = 3;
/// Steps for playing a seed with its comparison runs.
const STEPS_OF_PLAY: usize = 60;

/// The extent of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Number of seeds, from 1; the first is that of the run.
    pub seeds: u64,
    pub threads: usize,
    /// Figures for the second and every further seed, one draw each, in place of the written ones.
    pub figures: Option<&'a Draws>,
}

/// The score of the same decisions over seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Luck {
    /// Scores in points in the order of seeds; the first is that of the run.
    pub scores: Vec<f64>,
    pub band: Band,
    /// 1 if no other seed has a higher score.
    pub rank: usize,
}

/// Everything about the decisions of a seat.
#[derive(Clone, Debug, PartialEq)]
pub struct Worth {
    pub seat: Ix<Seat>,
    /// Whether the other seeds have drawn figures, so that bands show doubt about figures as well as luck.
    pub has_drawn_figures: bool,
    /// The judgement of the run on its own seed.
    pub judgement: Judgement,
    pub luck: Luck,
    /// In the order of the log.
    pub decisions: Vec<DecisionWorth>,
    /// Decisions (by position) that were measured on the run's own seed alone.
    pub own_seed_only: Vec<usize>,
    /// None if there is no decision.
    pub joint: Option<Joint>,
    pub untaken: Search,
    /// What to do in a second play; the gains add up.
    pub advice: Vec<Advice>,
}

/// The decision of some that won most points, if it won any.
pub fn best<'a>(decisions: impl IntoIterator<Item = &'a DecisionWorth>) -> Option<&'a DecisionWorth> {
    decisions.into_iter().max_by(|one, other| by_worth(one, other)).filter(|best| 0.0 < best.worth.score.median)
}

/// The decision of some that cost most points, if it cost any.
pub fn worst<'a>(decisions: impl IntoIterator<Item = &'a DecisionWorth>) -> Option<&'a DecisionWorth> {
    decisions.into_iter().min_by(|one, other| by_worth(one, other)).filter(|worst| worst.worth.score.median < 0.0)
}

fn by_worth(one: &DecisionWorth, other: &DecisionWorth) -> Ordering {
    one.worth.score.median.total_cmp(&other.worth.score.median)
}

/// Most steps of a measurement, for a progress bar.
pub fn steps_max(decisions: usize, options: Options<'_>) -> u64 {
    let singles = decisions.min(PLAYERS_MAX);
    let own = decisions * measure::STEPS + singles * singles.saturating_sub(1) / 2 + untaken::STEPS_MAX;
    let own = own + advice::STEPS_MAX + ADVICE_MAX * 2 * decisions;
    let other = decisions.min(EVERY_SEED_MAX) * measure::STEPS + joint::PAIRS_MAX + untaken::CONFIRMED_MAX + ADVICE_MAX;
    let every = STEPS_OF_PLAY as u64 + joint::steps(options.seeds);
    own as u64 + every + options.seeds.saturating_sub(1) * (other as u64 + every)
}

/// Measures the decisions of a seat in a run. `arrive` is called with each result on the run's own seed as soon as it is
/// known, and with every further seed.
///
/// The run is compared at its present tick: before the horizon the scores are those that the run would have if it ended
/// now.
///
/// # Errors
/// `arrive` wanted to stop.
///
/// # Panics
/// If there are fewer draws of figures than further seeds.
pub fn measure_worth(run: &Run, seat: Ix<Seat>, options: Options<'_>, arrive: Arrive<'_>) -> Result<Worth, Cancelled> {
    measured(run, seat, Compared::Unknown(options.threads), options, arrive)
}

/// The same for a run whose comparison runs are known.
///
/// # Errors
/// `arrive` wanted to stop.
///
/// # Panics
/// If the comparison runs belong to another seat, or there are fewer draws of figures than further seeds.
pub fn measure_worth_beside(
    run: &Run,
    seat: Ix<Seat>,
    comparisons: &ComparisonRuns,
    options: Options<'_>,
    arrive: Arrive<'_>,
) -> Result<Worth, Cancelled> {
    measured(run, seat, Compared::Known(comparisons), options, arrive)
}

/// The worth of some decisions of a seat, each alone, without other times, joint effects and orders not given: what a
/// judgement of confidence needs. In the order of the decisions. `seed_done` is called with each seed, from any thread.
pub fn measure_each(
    run: &Run,
    seat: Ix<Seat>,
    comparisons: &ComparisonRuns,
    decisions: &[Decision],
    (seeds, threads): (u64, usize),
    seed_done: &(dyn Fn() + Sync),
) -> Vec<Effect> {
    let worths = |number: u64| {
        let setup = Setup { seed: run.setup.seed.wrapping_add(number), ..run.setup.clone() };
        let compared = if number == 0 { Compared::Known(comparisons) } else { Compared::Unknown(1) };
        let play = SeedPlay::new(run, seat, decisions, Timeline::for_outcomes(setup), compared);
        let worth = |index: usize| Some(play.base.minus(&play.without([index])));
        let worths: Vec<Option<Outcome>> = (0..decisions.len()).map(worth).collect();
        seed_done();
        worths
    };
    let by_seed = parallel::map(0..seeds.max(1), threads, worths);
    let effect = |index: usize| {
        let worths: Vec<Option<Outcome>> = by_seed.iter().map(|worths| worths[index].clone()).collect();
        Effect::new(&worths).expect("every seed has a value")
    };
    (0..decisions.len()).map(effect).collect()
}

fn measured(
    run: &Run,
    seat: Ix<Seat>,
    compared: Compared<'_>,
    options: Options<'_>,
    arrive: Arrive<'_>,
) -> Result<Worth, Cancelled> {
    let watch = Watch::new(arrive);
    let decisions = decisions_of_seat(run, seat);
    let play = SeedPlay::new(run, seat, &decisions, Timeline::for_outcomes(run.setup.clone()), compared);
    let own = OwnSeed::measure(play, seat, &decisions, options, &watch)?;
    watch.tell(Arrival::OwnSeed(&own.worth(&[])))?;
    let others = options.seeds.max(1) - 1;
    // Threads that are left over when each seed has one.
    let each = (options.threads as u64 / others.max(1)).max(1) as usize;
    let others = parallel::map(1..1 + others, options.threads, |number| own.other_seed(run, number, each, &watch));
    let others = others.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(own.worth(&others))
}

/// The results on the run's own seed, and what they select for the other seeds.
struct OwnSeed<'a> {
    play: SeedPlay,
    seat: Ix<Seat>,
    decisions: &'a [Decision],
    options: Options<'a>,
    here: Vec<DecisionHere>,
    /// Decisions that are measured on every seed, by position.
    every_seed: Vec<usize>,
    players: Players,
    pairs: Vec<(usize, usize)>,
    joint: JointHere,
    found: untaken::Found,
    advice: Vec<advice::AdviceHere>,
}

/// The results on another seed.
struct OtherSeed {
    base: Outcome,
    /// In the order of `every_seed`.
    here: Vec<DecisionHere>,
    joint: JointHere,
    /// By candidate.
    gains: Vec<Option<Outcome>>,
    /// By piece of advice.
    advice: Vec<Outcome>,
}

impl<'a> OwnSeed<'a> {
    fn measure(
        play: SeedPlay,
        seat: Ix<Seat>,
        decisions: &'a [Decision],
        options: Options<'a>,
        watch: &Watch,
    ) -> Result<Self, Cancelled> {
        let threads = options.threads;
        watch.steps(STEPS_OF_PLAY)?;
        let here = parallel::map(0..decisions.len() as u64, threads, |number| {
            let index = number as usize;
            let here = measure::measure(&play, index, watch)?;
            watch.tell(Arrival::Decision(index, &measure::over_seeds(&decisions[index], &[&here])))?;
            Ok(here)
        });
        let here = here.into_iter().collect::<Result<Vec<_>, _>>()?;
        let worths: Vec<i64> = here.iter().map(|here| here.worth.milli).collect();
        let players = Players::new(&worths);
        let all_pairs = players.pairs();
        let pair_here = |number: u64| {
            let (one, other) = all_pairs[number as usize];
            let found = joint::pair_here(&play, (one, other), (worths[one], worths[other]));
            watch.steps(1)?;
            Ok(found)
        };
        let measured = parallel::map(0..all_pairs.len() as u64, threads, pair_here);
        let measured = measured.into_iter().collect::<Result<Vec<_>, _>>()?;
        let surplus: Vec<i64> = measured.iter().map(|&(_, surplus)| surplus).collect();
        let pairs = joint::striking(&all_pairs, &surplus);
        let position = |pair: &(usize, usize)| all_pairs.iter().position(|other| other == pair).expect("one of them");
        let of_pairs = pairs.iter().map(|pair| measured[position(pair)]).collect();
        let joint = joint_here(&play, &players, (0, options.seeds), of_pairs, Some(worths.iter().sum()), watch)?;
        let found = untaken::search(&play, Issuer::Seat(seat), threads, watch)?;
        let advice = advice::choose(&play, Issuer::Seat(seat), (decisions, &here), &found, threads, watch)?;
        let every_seed = most_important(&worths, EVERY_SEED_MAX);
        Ok(Self { play, seat, decisions, options, here, every_seed, players, pairs, joint, found, advice })
    }

    /// Measures what the own seed selected on the seed with a number; the comparison runs may use so many threads.
    fn other_seed(&self, run: &Run, number: u64, threads: usize, watch: &Watch) -> Result<OtherSeed, Cancelled> {
        let seed = run.setup.seed.wrapping_add(number);
        let scenario = match self.options.figures {
            Some(draws) => Arc::new(draws.scenario(number as usize - 1)),
            None => run.setup.scenario.clone(),
        };
        let setup = Setup { scenario, seed, ..run.setup.clone() };
        let timeline = self.play.timeline_like(setup);
        let play = SeedPlay::new(run, self.seat, self.decisions, timeline, Compared::Unknown(threads));
        watch.steps(STEPS_OF_PLAY)?;
        let here = self.every_seed.iter().map(|&decision| measure::measure(&play, decision, watch));
        let here = here.collect::<Result<Vec<_>, _>>()?;
        let worth = |decision: usize| {
            let at = self.every_seed.iter().position(|&other| other == decision);
            here[at.expect("the players of pairs are measured on every seed")].worth.milli
        };
        let mut pairs = Vec::with_capacity(self.pairs.len());
        for &(one, other) in &self.pairs {
            pairs.push(joint::pair_here(&play, (one, other), (worth(one), worth(other))));
            watch.steps(1)?;
        }
        let has_all = self.every_seed.len() == self.decisions.len();
        let sum = has_all.then(|| here.iter().map(|here| here.worth.milli).sum());
        let joint = joint_here(&play, &self.players, (number, self.options.seeds), pairs, sum, watch)?;
        let mut gains = Vec::with_capacity(self.found.candidates.len());
        for candidate in &self.found.candidates {
            gains.push(untaken::confirm(&play, Issuer::Seat(self.seat), candidate));
            watch.steps(1)?;
        }
        let advice = advice::confirm(&play, Issuer::Seat(self.seat), &self.advice, watch)?;
        watch.tell(Arrival::Seed(seed))?;
        Ok(OtherSeed { base: play.base, here, joint, gains, advice })
    }

    /// All seeds together.
    fn worth(&self, others: &[OtherSeed]) -> Worth {
        let decision = |(index, decision): (usize, &Decision)| {
            let own = std::iter::once(&self.here[index]);
            match self.every_seed.iter().position(|&other| other == index) {
                Some(at) => {
                    let by_seed: Vec<_> = own.chain(others.iter().map(|seed| &seed.here[at])).collect();
                    measure::over_seeds(decision, &by_seed)
                }
                None => measure::over_seeds(decision, &own.collect::<Vec<_>>()),
            }
        };
        let decisions = self.decisions.iter().enumerate().map(decision).collect();
        let own_seed_only =
            (0..self.decisions.len()).filter(|index| !others.is_empty() && !self.every_seed.contains(index)).collect();
        let scores: Vec<f64> = std::iter::once(&self.play.base)
            .chain(others.iter().map(|seed| &seed.base))
            .map(|base| points(base.milli).max(SCORE_MIN))
            .collect();
        let run = self.play.run();
        let judgement = judge(&run.world, self.seat, self.play.comparisons());
        let joints = others.iter().map(|seed| seed.joint.clone());
        let joints: Vec<JointHere> = std::iter::once(self.joint.clone()).chain(joints).collect();
        let gains: Vec<_> = others.iter().map(|seed| seed.gains.clone()).collect();
        let joint = (!self.decisions.is_empty())
            .then(|| joint::over_seeds(&self.players, &self.pairs, &joints, self.options.seeds));
        let untaken = untaken::over_seeds(&self.found, &gains);
        Worth {
            seat: self.seat,
            has_drawn_figures: self.options.figures.is_some(),
            judgement,
            luck: Luck::new(scores),
            decisions,
            own_seed_only,
            joint,
            untaken,
            advice: advice::over_seeds(
                &self.advice,
                &others.iter().map(|seed| seed.advice.clone()).collect::<Vec<_>>(),
            ),
        }
    }
}

/// The joint effects on the seed with a number of so many seeds.
fn joint_here(
    play: &SeedPlay,
    players: &Players,
    (number, seeds): (u64, u64),
    pairs: Vec<(i64, i64)>,
    sum_milli: Option<i64>,
    watch: &Watch,
) -> Result<JointHere, Cancelled> {
    let without = play.without(0..play.given.len());
    let count = joint::permutations_of_seed(seeds);
    let numbers = number * count..(number + 1) * count;
    let contributions = joint::contributions(play, players, without.milli, numbers, watch)?;
    Ok(JointHere { whole: play.base.minus(&without), sum_milli, contributions, pairs })
}

/// The positions of the largest effects, in order of position.
fn most_important(worths_milli: &[i64], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..worths_milli.len()).collect();
    order.sort_by_key(|&decision| std::cmp::Reverse(worths_milli[decision].abs()));
    order.truncate(count);
    order.sort_unstable();
    order
}

impl Luck {
    /// The luck of scores in the order of seeds.
    ///
    /// # Panics
    /// If there is no score.
    pub fn new(scores: Vec<f64>) -> Self {
        let own = scores[0];
        let rank = 1 + scores.iter().filter(|score| own < **score).count();
        Self { band: Band::new(Some(own), &scores), rank, scores }
    }
}
