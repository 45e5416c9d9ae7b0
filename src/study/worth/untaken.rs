//! The decisions not taken: orders that the seat could have given and that would have gained most, found by a search on
//! the run's own seed and confirmed on all seeds.
//!
//! The search tries every open order at one time, the best ones at further times, and the best of these between the
//! times. It tries one order at a time: gains of several orders do not add up.

use super::effect::{Effect, Outcome};
use super::play::SeedPlay;
use super::watch::{Cancelled, Watch};
use crate::assess::known::{FirstSign, Sign, asked_by, first_sign, messages_to};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Inject, Mitigation, Target};
use crate::session::{Change, parallel};
use crate::sim::possible::{possible, possible_with};
use crate::sim::{Command, Issuer};

/// Decisions not taken that a measurement names at most.
pub const NAMED_MAX: usize = 5;
/// Orders that are confirmed on all seeds.
pub(super) const CONFIRMED_MAX: usize = 8;
/// Times at which the search looks for open orders.
const TIMES_MAX: usize = 20;
/// Orders that the first round tries; those that a message asks for come first.
const TRIED_MAX: usize = 160;
/// The same for orders that can reach every organisation, because each takes as long as a whole run.
const TRIED_EVERYWHERE_MAX: usize = 8;
/// Orders from which advice is chosen: the best of the first round.
pub(super) const POOL_MAX: usize = 24;
/// Orders that the second round tries, each at this many further times.
const SECOND_MAX: usize = 10;
const SECOND_TIMES_MAX: usize = 6;
/// The same for orders that can reach every organisation.
const EVERYWHERE_TIMES_MAX: usize = 2;
/// Most steps of `Watch` of a search.
pub(super) const STEPS_MAX: usize =
    TIMES_MAX + TRIED_MAX + TRIED_EVERYWHERE_MAX + SECOND_MAX * SECOND_TIMES_MAX + 2 * CONFIRMED_MAX;

/// The moment from which the trainee could have known of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFrom {
    pub tick: Tick,
    /// The first sign of the order; none if the order was possible at this tick, after the first message to the seat,
    /// without a sign.
    pub sign: Option<Sign>,
}

/// An order that was open to the seat and was not given at this time.
#[derive(Clone, Debug, PartialEq)]
pub struct Untaken {
    pub tick: Tick,
    pub mitigation: Ix<Mitigation>,
    pub target: Target,
    /// Outcome with the order less outcome without it, over the seeds on which it was open.
    pub gain: Effect,
    /// Number of seeds on which the order would have been refused.
    pub refused: usize,
    pub known_from: KnownFrom,
}

/// The search for decisions not taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// The orders that gain most by the median over seeds; all gain something.
    pub best: Vec<Untaken>,
    /// Number of orders (mitigation and target) that were open at some time.
    pub open: usize,
    /// Number of these that were tried.
    pub tried: usize,
}

/// An order of the search with its best time so far.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub tick: Tick,
    pub mitigation: Ix<Mitigation>,
    pub target: Target,
    /// Times at which it is open.
    times: Vec<Tick>,
    asked_by: Option<(Tick, Ix<Inject>)>,
    gain: Outcome,
}

impl Candidate {
    fn command(&self, by: Issuer) -> Command {
        Command::Order { by, mitigation: self.mitigation, target: self.target }
    }

    /// The outcome on a seed with the order; None if the world refuses it.
    fn gain_at(&self, play: &SeedPlay, by: Issuer, tick: Tick) -> Option<Outcome> {
        let outcome = play.outcome(&Change::add(tick, self.command(by)));
        outcome.ok().map(|outcome| outcome.minus(&play.base))
    }
}

/// The best candidates on the run's own seed, and the numbers of open and of tried orders.
pub(super) struct Found {
    pub candidates: Vec<Candidate>,
    /// By candidate.
    known_from: Vec<KnownFrom>,
    /// The best of the first round, with the best times found later.
    pool: Vec<Candidate>,
    open: usize,
    tried: usize,
}

impl Found {
    /// The orders from which advice is chosen, with their best times.
    pub fn pool(&self) -> &[Candidate] {
        &self.pool
    }
}

/// Searches on the run's own seed.
///
/// # Errors
/// The caller wants to stop.
pub(super) fn search(play: &SeedPlay, by: Issuer, threads: usize, watch: &Watch) -> Result<Found, Cancelled> {
    let messages = messages(play, by);
    let all = open_orders(play, by, &times(&messages, play.run().world.tick()), &messages, threads, watch)?;
    let open = all.len();
    let first = chosen(play, all);
    let tried = first.len();
    let first_try = |candidate: Candidate| {
        let asked = candidate.asked_by.map_or(Tick::ZERO, |(tick, _)| tick);
        let tick = candidate.times.iter().copied().find(|tick| asked <= *tick).unwrap_or(candidate.times[0]);
        best_of(play, by, candidate, &[tick], watch)
    };
    let mut found = each(first, threads, first_try)?;
    let further_max = |candidate: &Candidate| match reaches_all(play, candidate) {
        true => EVERYWHERE_TIMES_MAX,
        false => SECOND_TIMES_MAX,
    };
    let second_try = |candidate: Candidate| {
        let others: Vec<Tick> = candidate.times.iter().copied().filter(|tick| *tick != candidate.tick).collect();
        let ticks = thinned(&others, further_max(&candidate));
        best_of(play, by, candidate, &ticks, watch)
    };
    // An order that can reach every organisation takes as long as a whole run in each round.
    let near = found.iter().filter(|candidate| !reaches_all(play, candidate)).cloned().collect();
    let mut pool = best(near, POOL_MAX);
    found = best(found, SECOND_MAX);
    found = best(each(found, threads, second_try)?, CONFIRMED_MAX);
    let third_try = |candidate: Candidate| {
        let between = between(&candidate);
        best_of(play, by, candidate, &between, watch)
    };
    found = best(each(found, threads, third_try)?, CONFIRMED_MAX);
    for better in &found {
        let is_same = |other: &&mut Candidate| (other.mitigation, other.target) == (better.mitigation, better.target);
        pool.iter_mut().filter(is_same).for_each(|candidate| candidate.tick = better.tick);
    }
    found.retain(|candidate| 0 < candidate.gain.milli);
    let known_from =
        parallel::map(0..found.len() as u64, threads, |number| known_from(play, by, &found[number as usize]));
    Ok(Found { candidates: found, known_from, pool, open, tried })
}

/// The gain of a candidate on another seed; None if the order would be refused there.
pub(super) fn confirm(play: &SeedPlay, by: Issuer, candidate: &Candidate) -> Option<Outcome> {
    candidate.gain_at(play, by, candidate.tick)
}

/// The best candidates over all seeds. `gains` has one row for each seed after the run's own, with the gain of each
/// candidate.
pub(super) fn over_seeds(found: &Found, gains: &[Vec<Option<Outcome>>]) -> Search {
    let untaken = |(index, candidate): (usize, &Candidate)| {
        let others = gains.iter().map(|row| row[index].clone());
        let by_seed: Vec<Option<Outcome>> = std::iter::once(Some(candidate.gain.clone())).chain(others).collect();
        Untaken {
            tick: candidate.tick,
            mitigation: candidate.mitigation,
            target: candidate.target,
            gain: Effect::new(&by_seed).expect("the run's own seed has a value"),
            refused: by_seed.iter().filter(|gain| gain.is_none()).count(),
            known_from: found.known_from[index],
        }
    };
    let mut best: Vec<Untaken> = found.candidates.iter().enumerate().map(untaken).collect();
    best.retain(|untaken| 0.0 < untaken.gain.score.median);
    best.sort_by(|one, other| other.gain.score.median.total_cmp(&one.gain.score.median));
    best.truncate(NAMED_MAX);
    Search { best, open: found.open, tried: found.tried }
}

/// Messages that reached the seat before the end, with the boundaries from which it had them.
fn messages(play: &SeedPlay, by: Issuer) -> Vec<(Tick, Ix<Inject>)> {
    let Issuer::Seat(seat) = by else { return Vec::new() };
    let mut messages = messages_to(play.run(), seat);
    messages.retain(|&(tick, _)| tick < play.run().world.tick());
    messages
}

/// Tick 0, for preparations, and the boundaries at which messages had arrived.
fn times(messages: &[(Tick, Ix<Inject>)], end: Tick) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = messages.iter().map(|&(tick, _)| tick).filter(|tick| Tick::ZERO < *tick).collect();
    ticks.dedup();
    let mut times = thinned(&ticks, TIMES_MAX - 1);
    if Tick::ZERO < end {
        times.insert(0, Tick::ZERO);
    }
    times
}

/// At most `count` ticks, evenly from the first to the last.
fn thinned(ticks: &[Tick], count: usize) -> Vec<Tick> {
    if ticks.len() <= count {
        return ticks.to_vec();
    }
    (0..count).map(|at| ticks[at * (ticks.len() - 1) / (count - 1).max(1)]).collect()
}

/// Every order that is open at one of the times. At tick 0 nothing has happened yet: only preparations count there.
fn open_orders(
    play: &SeedPlay,
    by: Issuer,
    times: &[Tick],
    messages: &[(Tick, Ix<Inject>)],
    threads: usize,
    watch: &Watch,
) -> Result<Vec<Candidate>, Cancelled> {
    let scenario = &play.run().setup.scenario;
    let open_at = |tick: Tick| -> Result<Vec<(Ix<Mitigation>, Target)>, Cancelled> {
        let rows = possible(&play.world_at(tick), by);
        watch.steps(1)?;
        // Preparation changes the start and not the score, so it is no decision of the exercise.
        let counts = |mitigation: Ix<Mitigation>| Tick::ZERO < tick && !scenario.mitigations[mitigation].is_preparation;
        let rows = rows.iter().filter(|row| counts(row.mitigation));
        let open = rows.flat_map(|row| row.open_targets().map(|target| (row.mitigation, target)));
        Ok(open.filter(|&order| !is_given_later(play, by, tick, order)).collect())
    };
    let mut all: Vec<Candidate> = Vec::new();
    let open = parallel::map(0..times.len() as u64, threads, |at| open_at(times[at as usize]));
    for (&tick, open) in times.iter().zip(open) {
        for (mitigation, target) in open? {
            let is_same = |other: &&mut Candidate| other.mitigation == mitigation && other.target == target;
            match all.iter_mut().find(is_same) {
                Some(known) => known.times.push(tick),
                None => all.push(Candidate {
                    tick,
                    mitigation,
                    target,
                    times: vec![tick],
                    asked_by: asked(play, by, messages, mitigation),
                    gain: play.base.zero(),
                }),
            }
        }
    }
    Ok(all)
}

/// Did the seat give an order at some tick or later? Then it was late at most: what an earlier one is worth is told with
/// the decision itself.
fn is_given_later(play: &SeedPlay, by: Issuer, tick: Tick, (mitigation, target): (Ix<Mitigation>, Target)) -> bool {
    let mut orders = play.run().world.orders().iter();
    orders.any(|order| {
        order.by == by && (order.mitigation, order.target) == (mitigation, target) && tick <= order.ordered
    })
}

/// The first message to the seat that names a mitigation as an answer.
fn asked(
    play: &SeedPlay,
    by: Issuer,
    messages: &[(Tick, Ix<Inject>)],
    mitigation: Ix<Mitigation>,
) -> Option<(Tick, Ix<Inject>)> {
    let Issuer::Seat(seat) = by else { return None };
    asked_by(play.run(), seat, messages, mitigation)
}

/// Can an order reach every organisation?
fn reaches_all(play: &SeedPlay, candidate: &Candidate) -> bool {
    let scenario = &play.run().setup.scenario;
    let is_shared = scenario.mitigations[candidate.mitigation].effect.borrowed().is_some();
    is_shared || scenario.organisation_of(candidate.target).is_none()
}

/// The orders that the first round tries: those that a message asks for come first.
fn chosen(play: &SeedPlay, mut all: Vec<Candidate>) -> Vec<Candidate> {
    all.sort_by_key(|candidate| candidate.asked_by.is_none());
    let (everywhere, near): (Vec<Candidate>, Vec<Candidate>) =
        all.into_iter().partition(|candidate| reaches_all(play, candidate));
    near.into_iter().take(TRIED_MAX).chain(everywhere.into_iter().take(TRIED_EVERYWHERE_MAX)).collect()
}

/// Calls `work` for every candidate in parallel.
fn each(
    candidates: Vec<Candidate>,
    threads: usize,
    work: impl Fn(Candidate) -> Result<Candidate, Cancelled> + Sync,
) -> Result<Vec<Candidate>, Cancelled> {
    let count = candidates.len() as u64;
    parallel::map(0..count, threads, |at| work(candidates[at as usize].clone())).into_iter().collect()
}

/// A candidate with its best time among those tried so far and these.
fn best_of(
    play: &SeedPlay,
    by: Issuer,
    mut candidate: Candidate,
    times: &[Tick],
    watch: &Watch,
) -> Result<Candidate, Cancelled> {
    for &tick in times {
        if let Some(gain) = candidate.gain_at(play, by, tick)
            && candidate.gain.milli < gain.milli
        {
            (candidate.tick, candidate.gain) = (tick, gain);
        }
        watch.steps(1)?;
    }
    Ok(candidate)
}

/// The candidates with the largest gains.
fn best(mut candidates: Vec<Candidate>, count: usize) -> Vec<Candidate> {
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.gain.milli));
    candidates.truncate(count);
    candidates
}

/// The ticks half-way between a candidate's best time and its neighbours among the times at which it is open.
fn between(candidate: &Candidate) -> Vec<Tick> {
    let at = candidate.times.iter().position(|tick| *tick == candidate.tick);
    let Some(at) = at else { return Vec::new() };
    let before = at.checked_sub(1).map(|before| candidate.times[before]).filter(|before| Tick::ZERO < *before);
    let neighbours = before.into_iter().chain(candidate.times.get(at + 1).copied());
    let middle = |other: Tick| Tick(u32::midpoint(other.0, candidate.tick.0));
    neighbours.map(middle).filter(|tick| *tick != candidate.tick).collect()
}

/// The moment from which the trainee could have known of a candidate. If there is no sign of it at its time, the order was
/// possible at this tick and not a minute before, or at the first message.
pub(super) fn known_from(play: &SeedPlay, by: Issuer, candidate: &Candidate) -> KnownFrom {
    let messages = messages(play, by);
    if let Issuer::Seat(seat) = by
        && let order = (candidate.mitigation, candidate.target)
        && let Some(FirstSign { tick, sign }) = first_sign(play.run(), seat, &messages, order, candidate.tick)
    {
        return KnownFrom { tick, sign: Some(sign) };
    }
    let first_open = candidate.times[0];
    let is_open = |tick: Tick| {
        possible_with(&play.world_at(tick), by, candidate.mitigation)
            .open_targets()
            .any(|open| open == candidate.target)
    };
    let before = messages.into_iter().map(|(tick, _)| tick).filter(|tick| *tick < first_open).max();
    let (Some(mut shut), mut open) = (before, first_open) else { return KnownFrom { tick: first_open, sign: None } };
    if first_open == Tick::ZERO || is_open(shut) {
        return KnownFrom { tick: shut.min(first_open), sign: None };
    }
    while 1 < open.since(shut) {
        let middle = Tick(u32::midpoint(shut.0, open.0));
        if is_open(middle) {
            open = middle;
        } else {
            shut = middle;
        }
    }
    KnownFrom { tick: open, sign: None }
}
