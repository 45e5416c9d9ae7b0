//! What to do in a second play: at most three changes of the first play that gain most together.
//!
//! The changes are chosen one after another on the run's own seed, each beside those before, so that their gains add up;
//! an order that only helps beside another one is found after it. Must not put anything into sentences.

use super::decision::Decision;
use super::effect::{Effect, Outcome};
use super::measure::DecisionHere;
use super::play::SeedPlay;
use super::untaken::{Candidate, Found, KnownFrom, POOL_MAX, known_from};
use super::watch::{Cancelled, Watch};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, Target};
use crate::session::{Change, parallel};
use crate::sim::{Command, Issuer};

/// Pieces of advice at most: what a person keeps in mind.
pub const ADVICE_MAX: usize = 3;
/// Fewer thousandths of a point are not worth a piece of advice.
const GAIN_MILLI: i64 = 100;
/// Most steps of `Watch` on the run's own seed, beside one for each decision in each round.
pub(super) const STEPS_MAX: usize = ADVICE_MAX * POOL_MAX;

/// A piece of advice.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    pub what: What,
    /// Outcome with this piece and those before it less outcome with those before it.
    pub gain: Effect,
}

/// What to do otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// Give an order that was not given.
    Give { tick: Tick, mitigation: Ix<Mitigation>, target: Target, known_from: KnownFrom },
    /// Give the order of a decision (by position) at an earlier tick.
    Sooner { decision: usize, tick: Tick },
    /// Leave the order of a decision (by position) out.
    Leave { decision: usize },
}

impl What {
    /// Mitigation and target of the order.
    pub fn order(&self, decisions: &[Decision]) -> (Ix<Mitigation>, Target) {
        match *self {
            Self::Give { mitigation, target, .. } => (mitigation, target),
            Self::Sooner { decision, .. } | Self::Leave { decision } => {
                (decisions[decision].mitigation, decisions[decision].target)
            }
        }
    }

    /// The change on a seed; none if the decision was not given there.
    fn change(&self, play: &SeedPlay, by: Issuer) -> Option<Change> {
        Some(match *self {
            Self::Give { tick, mitigation, target, .. } => Change::add(tick, Command::Order { by, mitigation, target }),
            Self::Sooner { decision, tick } => Change::move_to(&play.run().log, play.given[decision]?.position, tick),
            Self::Leave { decision } => Change::drop(play.given[decision]?.position),
        })
    }
}

/// A piece of advice on the run's own seed.
pub(super) struct AdviceHere {
    pub what: What,
    pub gain: Outcome,
}

/// Chooses the advice on the run's own seed.
///
/// # Errors
/// The caller wants to stop.
pub(super) fn choose(
    play: &SeedPlay,
    by: Issuer,
    (decisions, here): (&[Decision], &[DecisionHere]),
    found: &Found,
    threads: usize,
    watch: &Watch,
) -> Result<Vec<AdviceHere>, Cancelled> {
    let give = |candidate: &Candidate| What::Give {
        tick: candidate.tick,
        mitigation: candidate.mitigation,
        target: candidate.target,
        // Found for the chosen ones alone, because each takes several replays.
        known_from: KnownFrom { tick: candidate.tick, sign: None },
    };
    let mut pool: Vec<What> = found.pool().iter().map(give).collect();
    for (decision, here) in here.iter().enumerate() {
        pool.extend(here.sooner().map(|tick| What::Sooner { decision, tick }));
        if here.worth.milli < 0 {
            pool.push(What::Leave { decision });
        }
    }
    let (mut chosen, mut so_far, mut before) = (Vec::<AdviceHere>::new(), Change::default(), play.base.clone());
    while chosen.len() < ADVICE_MAX {
        let is_taken = |what: &What| chosen.iter().any(|other| other.what.order(decisions) == what.order(decisions));
        let open: Vec<What> = pool.iter().copied().filter(|what| !is_taken(what)).collect();
        let tried = parallel::map(0..open.len() as u64, threads, |at| {
            watch.steps(1)?;
            let change = open[at as usize].change(play, by);
            Ok(change.and_then(|change| play.outcome(&so_far.clone().and(change)).ok()))
        });
        let tried = tried.into_iter().collect::<Result<Vec<_>, Cancelled>>()?;
        let outcomes = open.iter().zip(tried).filter_map(|(what, outcome)| Some((what, outcome?)));
        // Of equal ones the first.
        let best = outcomes.reduce(|best, next| if best.1.milli < next.1.milli { next } else { best });
        let Some((what, outcome)) = best.filter(|(_, outcome)| before.milli + GAIN_MILLI <= outcome.milli) else {
            break;
        };
        chosen.push(AdviceHere { what: *what, gain: outcome.minus(&before) });
        so_far = so_far.and(what.change(play, by).expect("it was tried"));
        before = outcome;
    }
    for piece in &mut chosen {
        if let What::Give { tick, mitigation, target, known_from: known } = &mut piece.what {
            let is_it = |candidate: &&Candidate| {
                (candidate.tick, candidate.mitigation, candidate.target) == (*tick, *mitigation, *target)
            };
            let candidate = found.pool().iter().find(is_it).expect("it was chosen from the pool");
            *known = known_from(play, by, candidate);
        }
    }
    Ok(chosen)
}

/// The gain of each piece on another seed; zero where the change is not possible.
///
/// # Errors
/// The caller wants to stop.
pub(super) fn confirm(
    play: &SeedPlay,
    by: Issuer,
    chosen: &[AdviceHere],
    watch: &Watch,
) -> Result<Vec<Outcome>, Cancelled> {
    let (mut so_far, mut before) = (Change::default(), play.base.clone());
    let mut gains = Vec::with_capacity(chosen.len());
    for piece in chosen {
        watch.steps(1)?;
        let next = piece.what.change(play, by).map(|change| so_far.clone().and(change));
        let outcome = next.as_ref().and_then(|next| play.outcome(next).ok());
        gains.push(outcome.as_ref().map_or_else(|| before.zero(), |outcome| outcome.minus(&before)));
        if let (Some(next), Some(outcome)) = (next, outcome) {
            (so_far, before) = (next, outcome);
        }
    }
    Ok(gains)
}

/// The advice over seeds. `gains` has one row for each seed after the run's own.
pub(super) fn over_seeds(chosen: &[AdviceHere], gains: &[Vec<Outcome>]) -> Vec<Advice> {
    let piece = |(index, piece): (usize, &AdviceHere)| {
        let others = gains.iter().map(|row| Some(row[index].clone()));
        let by_seed: Vec<Option<Outcome>> = std::iter::once(Some(piece.gain.clone())).chain(others).collect();
        Advice { what: piece.what, gain: Effect::new(&by_seed).expect("the run's own seed has a value") }
    };
    chosen.iter().enumerate().map(piece).collect()
}
