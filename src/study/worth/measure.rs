//! The effects of single decisions on one seed: without the decision, as early as possible, an hour later; and their
//! bands over seeds.

use super::decision::Decision;
use super::effect::{DecisionWorth, Effect, Moved, Outcome};
use super::play::SeedPlay;
use super::watch::{Cancelled, Watch};
use crate::base::Tick;

/// Minutes by which a decision is delayed.
pub const LATER_MIN: u32 = 60;
/// Steps of `Watch` for each decision on each seed.
pub(super) const STEPS: usize = 3;

/// A decision on one seed.
#[derive(Clone, Debug)]
pub(super) struct DecisionHere {
    is_given: bool,
    pub worth: Outcome,
    earliest: MovedHere,
    later: MovedHere,
}

impl DecisionHere {
    /// The earliest tick, if the decision gains by it.
    pub(super) fn sooner(&self) -> Option<Tick> {
        let gain = self.earliest.gain.as_ref()?.as_ref().ok()?;
        self.earliest.tick.filter(|_| 0 < gain.milli)
    }
}

/// A decision at another time on one seed.
#[derive(Clone, Debug)]
struct MovedHere {
    tick: Option<Tick>,
    /// Outcome at the other time less outcome as played; or the reason why it is not possible; neither if the decision
    /// was not given on this seed.
    gain: Option<Result<Outcome, String>>,
}

/// Measures one decision on one seed.
///
/// # Errors
/// The caller wants to stop.
pub(super) fn measure(play: &SeedPlay, decision: usize, watch: &Watch) -> Result<DecisionHere, Cancelled> {
    let Some(given) = play.given[decision] else {
        watch.steps(STEPS)?;
        let none = MovedHere { tick: None, gain: None };
        return Ok(DecisionHere { is_given: false, worth: play.base.zero(), earliest: none.clone(), later: none });
    };
    let gain = |tick: Tick| Some(play.moved(given, tick).map(|moved| moved.minus(&play.base)));
    let worth = play.base.minus(&play.without([decision]));
    watch.steps(1)?;
    let earliest = match given.earliest {
        Some(tick) => MovedHere { tick: Some(tick), gain: gain(tick) },
        None => MovedHere { tick: None, gain: Some(Ok(play.base.zero())) },
    };
    watch.steps(1)?;
    let tick = given.tick.plus(LATER_MIN);
    let later = MovedHere { tick: Some(tick), gain: gain(tick) };
    watch.steps(1)?;
    Ok(DecisionHere { is_given: true, worth, earliest, later })
}

/// A decision over seeds, the run's own seed first.
pub(super) fn over_seeds(decision: &Decision, by_seed: &[&DecisionHere]) -> DecisionWorth {
    let worths: Vec<Option<Outcome>> = by_seed.iter().map(|here| Some(here.worth.clone())).collect();
    DecisionWorth {
        decision: decision.clone(),
        worth: Effect::new(&worths).expect("the run's own seed has a value"),
        not_given: by_seed.iter().filter(|here| !here.is_given).count(),
        earliest: moved_over_seeds(by_seed.iter().map(|here| &here.earliest)),
        later: moved_over_seeds(by_seed.iter().map(|here| &here.later)),
    }
}

fn moved_over_seeds<'a>(by_seed: impl Iterator<Item = &'a MovedHere> + Clone) -> Moved {
    let gains: Vec<Option<Outcome>> = by_seed.clone().map(|here| here.gain.as_ref()?.as_ref().ok().cloned()).collect();
    let refused = by_seed.clone().find_map(|here| here.gain.as_ref()?.as_ref().err().cloned());
    let tick = by_seed.clone().next().and_then(|here| here.tick);
    Moved { tick, effect: Effect::new(&gains), refused }
}
