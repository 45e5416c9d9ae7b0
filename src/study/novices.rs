//! Scripted novices play a seat, read the debrief's advice, and play again.
//!
//! A novice answers each urgent message that asks for an order, with the first of the orders that its author named, some
//! minutes later, and does nothing else. In the second play the novice answers in the same way and follows the advice of
//! the first play's measurement: at most three orders to give, to give sooner or to leave out. Both plays have the same
//! seed and the same comparison runs.
//!
//! Must not know how advice is found (that is `worth`).

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::assess::comparisons::{ComparisonRuns, comparison_runs_on};
use crate::assess::score::judge;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Inject, Mitigation, Scenario, Seat, Target};
use crate::scenario::schema::REFERENCE;
use crate::session::{Cast, Player, Run, Setup, Timeline, parallel};
use crate::sim::messages::{answers, is_addressed, reaches};
use crate::sim::possible::possible_with;
use crate::sim::world::Moment;
use crate::sim::{Command, Issuer};
use crate::study::percentiles;
use crate::study::worth::{Advice, Options, What, decisions_of_seat, measure_worth_beside};

/// Minutes from the arrival of a message to the novice's order.
pub const DELAY_MIN: u32 = 20;

/// What a novice won by the advice, on one seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    pub seat: Ix<Seat>,
    pub seed: u64,
    /// Scores in points.
    pub first: f64,
    pub second: f64,
    /// The advice that the second play followed, the piece that gains most first.
    pub followed: Vec<Followed>,
}

/// A piece of advice for an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Followed {
    pub mitigation: Ix<Mitigation>,
    pub target: Target,
    /// The tick at which to give the order; none to leave it out.
    pub give_at: Option<Tick>,
    /// Points that it would have gained in the first play.
    pub gain: f64,
}

impl Lesson {
    pub fn gain(&self) -> f64 {
        self.second - self.first
    }
}

/// The median of the gains.
pub fn median_gain<'a>(lessons: impl IntoIterator<Item = &'a Lesson>) -> f64 {
    let gains: Vec<f64> = lessons.into_iter().map(Lesson::gain).collect();
    let [_, median, _] = percentiles(&gains);
    median
}

/// Lets a novice play every given seat on seeds from 1 on, twice each, on some threads. `worth_seeds` are the seeds on
/// which the first play is measured. `done` is called after each lesson. The result is in the order of seats and seeds.
pub fn lessons(
    scenario: &Arc<Scenario>,
    seats: &[Ix<Seat>],
    (seeds, worth_seeds): (u64, u64),
    threads: usize,
    done: &(dyn Fn() + Sync),
) -> Vec<Lesson> {
    parallel::map(0..seats.len() as u64 * seeds, threads, |number| {
        let lesson = lesson(scenario, seats[(number / seeds) as usize], 1 + number % seeds, worth_seeds);
        done();
        lesson
    })
}

fn lesson(scenario: &Arc<Scenario>, seat: Ix<Seat>, seed: u64, worth_seeds: u64) -> Lesson {
    let others = scenario.playbook_index(REFERENCE);
    let scenario = scenario.on_morning(seed).expect("both ends of all ranges passed the check");
    let setup = Setup { scenario, seed, cast: Cast::one_seat(seat, Player::Person, others) };
    let first = play(&setup, seat, &[]);
    let comparisons = comparison_runs_on(&first, &[seat], 1, &|_| ()).remove(&seat).expect("the seat is in play");
    let options = Options { seeds: worth_seeds, threads: 1, figures: None };
    let worth = measure_worth_beside(&first, seat, &comparisons, options, &|_| ControlFlow::Continue(()));
    let worth = worth.expect("nobody stops the measurement");
    let decisions = decisions_of_seat(&first, seat);
    let followed = |advice: &Advice| {
        let (mitigation, target) = advice.what.order(&decisions);
        let give_at = match advice.what {
            What::Give { tick, .. } | What::Sooner { tick, .. } => Some(tick),
            What::Leave { .. } => None,
        };
        Followed { mitigation, target, give_at, gain: advice.gain.score.median }
    };
    let followed: Vec<Followed> = worth.advice.iter().map(followed).collect();
    let second = play(&setup, seat, &followed);
    let score = |run: &Run, runs: &ComparisonRuns| judge(&run.world, seat, runs).score;
    Lesson { seat, seed, first: score(&first, &comparisons), second: score(&second, &comparisons), followed }
}

/// The run of a novice who follows some advice.
pub fn play(setup: &Setup, seat: Ix<Seat>, followed: &[Followed]) -> Run {
    let scenario = &setup.scenario;
    let by = Issuer::Seat(seat);
    let mut timeline = Timeline::for_outcomes(setup.clone());
    let mut waiting: Vec<(Tick, Ix<Inject>)> = Vec::new();
    let mut seen = 0;
    // Orders that the novice has given, or was told to leave out.
    let mut settled: BTreeSet<(Ix<Mitigation>, Target)> =
        followed.iter().filter(|piece| piece.give_at.is_none()).map(|piece| (piece.mitigation, piece.target)).collect();
    while !timeline.run().world.is_over() {
        let now = timeline.run().world.tick();
        let told = followed.iter().filter(|piece| piece.give_at == Some(now));
        for &Followed { mitigation, target, .. } in told {
            if timeline.order(Command::Order { by, mitigation, target }).is_ok() {
                settled.insert((mitigation, target));
            }
        }
        let run = timeline.run();
        for &(_, moment) in &run.moments[seen..] {
            if let Moment::Inject(inject) = moment
                && scenario.docs.injects[inject.position()].urgent
                && is_addressed(scenario, inject, seat)
                && reaches(&run.world, inject, seat)
            {
                waiting.push((now.plus(DELAY_MIN), inject));
            }
        }
        seen = run.moments.len();
        let (due, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(tick, _)| *tick <= now);
        waiting = later;
        for (_, inject) in due {
            if let Some((mitigation, target)) = answer(timeline.run(), seat, inject, &settled) {
                timeline.order(Command::Order { by, mitigation, target }).expect("the order is possible");
                settled.insert((mitigation, target));
            }
        }
        timeline.advance_to(now.plus(1));
    }
    timeline.into_run()
}

/// The first order that the author of a message named and that is possible now; none if there is none, or if it is
/// settled already.
fn answer(
    run: &Run,
    seat: Ix<Seat>,
    inject: Ix<Inject>,
    settled: &BTreeSet<(Ix<Mitigation>, Target)>,
) -> Option<(Ix<Mitigation>, Target)> {
    let world = &run.world;
    let orders = answers(&run.setup.scenario, inject, seat).filter_map(|mitigation| {
        let target = possible_with(world, Issuer::Seat(seat), mitigation).open_targets().next()?;
        Some((mitigation, target))
    });
    orders.into_iter().next().filter(|order| !settled.contains(order))
}
