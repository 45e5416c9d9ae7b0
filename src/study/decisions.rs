//! Are decisions decisions? What each mitigation of each seat is worth by time and situation, what scripted players score,
//! how far chance moves a fixed plan, and the table of what a scenario shall reach.
//!
//! The score is that of `assess`, and the door is that of trainees: this module states neither a rule of the model nor of
//! the score. Must not print.
//!
//! Invariant: equal scenarios and options give equal results, whatever the number of threads.

mod ground;
mod pairs;
mod plan;
mod players;
mod reach;
mod search;
#[cfg(test)]
mod tests;

pub use ground::{Order, Situation};
pub use pairs::{Cell, Class, Given, HOURS, Pair, SLIGHT_POINTS, TARGETS_MAX, WEIGHTY_POINTS};
pub use players::{CANDIDATES_MAX, Performance, Player, READING_MIN};
pub use reach::{Bound, Row, Unit, rows, share_of_class};
pub use search::{SearchOptions, Searched, search};

use std::sync::Arc;

use super::percentiles;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Scenario, Seat};
use crate::session::parallel;
use ground::{Basis, score_of_history};
use pairs::Trial;
use plan::Played;
use players::Known;

/// Seeds over which the spread of par is measured.
pub const SPREAD_SEEDS: u64 = 16;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Pairs of seat and mitigation.
    Pairs,
    /// Scripted players that need no measurement of pairs, and the spread of par.
    Players,
    All,
}

/// The extent of a measurement.
#[derive(Clone, Debug)]
pub struct Options {
    pub seats: Vec<Ix<Seat>>,
    /// Seeds from 1 on.
    pub seeds: u64,
    pub threads: usize,
    pub part: Part,
}

/// Everything that was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Decisions {
    pub seeds: u64,
    pub seats: Vec<SeatDecisions>,
}

/// What was measured of a seat.
#[derive(Clone, Debug, PartialEq)]
pub struct SeatDecisions {
    pub seat: Ix<Seat>,
    /// The first alert on the first seed.
    pub alert: Tick,
    /// In the order of the seat's list; empty if pairs were not measured.
    pub pairs: Vec<Pair>,
    /// Players that had something to order.
    pub players: Vec<Performance>,
    /// Scores of history on the mornings of some seeds, each on its own scale; empty if players were not measured.
    pub history_scores: Vec<f64>,
    /// The orders of the player *any three orders*, with their ticks on the first seed.
    pub three: Vec<(Tick, Order)>,
}

impl SeatDecisions {
    /// Points from the 5th to the 95th percentile of the scores of history over mornings.
    pub fn spread(&self) -> Option<f64> {
        if self.history_scores.is_empty() {
            return None;
        }
        let [low, _, high] = percentiles(&self.history_scores);
        Some(high - low)
    }
}

impl Part {
    fn has_pairs(self) -> bool {
        self != Self::Players
    }

    fn has_players(self) -> bool {
        self != Self::Pairs
    }

    fn players(self) -> Vec<Player> {
        let is_in = |player: &Player| self.has_players() && (self.has_pairs() || !player.needs_pairs());
        Player::ALL.into_iter().filter(is_in).collect()
    }
}

/// Number of calls of `done`, for a progress bar.
pub fn steps(options: &Options) -> u64 {
    let seats = options.seats.len() as u64;
    let pairs = if options.part.has_pairs() { pairs::jobs(seats, options.seeds) } else { 0 };
    let three = if options.part == Part::All { seats } else { 0 };
    let spread = if options.part.has_players() { seats * SPREAD_SEEDS } else { 0 };
    seats * options.seeds * (1 + options.part.players().len() as u64) + pairs + three + spread
}

/// Measures the decisions of some seats. `done` is called after each step, from any thread.
pub fn measure(scenario: &Arc<Scenario>, options: &Options, done: &(dyn Fn() + Sync)) -> Decisions {
    let (seats, seeds, threads) = (&options.seats, options.seeds.max(1) as usize, options.threads);
    let bases = parallel::map(0..(seats.len() * seeds) as u64, threads, |number| {
        let basis = Basis::new(scenario, seats[number as usize / seeds], 1 + number % seeds as u64);
        done();
        basis
    });
    let firsts: Vec<&Basis> = bases.iter().step_by(seeds).collect();
    let (mut trials, mut pairs) = (vec![None; seats.len()], vec![Vec::new(); seats.len()]);
    if options.part.has_pairs() {
        let found: Vec<Trial> = pairs::trials(&firsts, threads, done);
        pairs = pairs::measure(&bases, seeds, &found, threads, done);
        trials = found.into_iter().map(Some).collect();
    }
    let mut three = vec![Vec::new(); seats.len()];
    if options.part == Part::All {
        three = parallel::map(0..seats.len() as u64, threads, |number| {
            let three = players::three_orders(firsts[number as usize], &pairs[number as usize]);
            done();
            three
        });
    }
    let known = |at: usize| Known { trial: trials[at].as_ref(), pairs: &pairs[at], three: &three[at] };
    let performances = performances(&bases, seeds, options, &known, done);
    let history_scores = history_scores(scenario, options, done);
    let seat = |(at, performances): (usize, Vec<Performance>)| SeatDecisions {
        seat: seats[at],
        alert: firsts[at].alert,
        pairs: pairs[at].clone(),
        players: performances,
        history_scores: history_scores[at].clone(),
        three: three[at].clone(),
    };
    Decisions { seeds: seeds as u64, seats: performances.into_iter().enumerate().map(seat).collect() }
}

/// The players of each seat.
fn performances<'a>(
    bases: &[Basis],
    seeds: usize,
    options: &Options,
    known: &(dyn Fn(usize) -> Known<'a> + Sync),
    done: &(dyn Fn() + Sync),
) -> Vec<Vec<Performance>> {
    let all = options.part.players();
    let ends = parallel::map(0..(bases.len() * all.len()) as u64, options.threads, |number| {
        let (at, player) = (number as usize / all.len(), all[number as usize % all.len()]);
        let ends = players::ends(player, &bases[at], at % seeds, &known(at / seeds));
        done();
        ends
    });
    let of_seat = |at: usize| {
        let of_player = |(index, &player): (usize, &Player)| {
            let by_seed: Vec<Vec<Played>> =
                (0..seeds).map(|seed| ends[(at * seeds + seed) * all.len() + index].clone()).collect();
            players::performance(player, &by_seed)
        };
        all.iter().enumerate().filter_map(of_player).collect()
    };
    (0..options.seats.len()).map(of_seat).collect()
}

/// The scores of history on each morning, for each seat.
fn history_scores(scenario: &Arc<Scenario>, options: &Options, done: &(dyn Fn() + Sync)) -> Vec<Vec<f64>> {
    if !options.part.has_players() {
        return vec![Vec::new(); options.seats.len()];
    }
    let scores = parallel::map(0..options.seats.len() as u64 * SPREAD_SEEDS, options.threads, |number| {
        let score =
            score_of_history(scenario, options.seats[(number / SPREAD_SEEDS) as usize], 1 + number % SPREAD_SEEDS);
        done();
        score
    });
    scores.chunks(SPREAD_SEEDS as usize).map(<[f64]>::to_vec).collect()
}
