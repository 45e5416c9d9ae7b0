//! The results of a measurement as a file beside the run file.
//!
//! The file is a store of computed numbers and proves nothing. It counts only for the same run, scenario, number of
//! seeds and version of the program; every other file is ignored, and what this program did not write is never replaced.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::kept_file;
use crate::base::{Ix, Tick};
use crate::exercise::view::TargetKey;
use crate::files::{FileError, Overwrite, read_regular, write_atomic};
use crate::scenario::compile::{Inject, Mitigation, Scenario, Seat, Service};
use crate::session::Run;
use crate::session::runfile::{Judgement, log_digest};
use crate::study::Sign;
use crate::study::worth::{
    Advice, Decision, DecisionWorth, Effect, Joint, KnownFrom, Luck, Moved, Search, Untaken, What, Worth,
    decisions_of_seat,
};

/// The first letters of every file of this kind.
const BEGINNING: &str = "{\"blackstart_worth\":";
const VERSION: u32 = 3;
/// A measurement of 500 decisions has less than a megabyte.
const BYTES_MAX: u64 = 16 << 20;

/// Reads and writes the results of one run.
#[derive(Debug)]
pub struct Keeper {
    path: PathBuf,
    seat: Ix<Seat>,
    key: Key,
}

/// The measurement that the numbers belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    program: String,
    scenario: String,
    /// Digest of the world at the end of the run.
    digest: String,
    log_digest: String,
    seat: String,
    seeds: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    blackstart_worth: u32,
    key: Key,
    judgement: Judgement,
    /// In the order of seeds.
    scores: Vec<f64>,
    decisions: Vec<KeptDecision>,
    own_seed_only: Vec<usize>,
    joint: Option<Joint>,
    untaken: Vec<KeptUntaken>,
    open: usize,
    tried: usize,
    advice: Vec<KeptAdvice>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptDecision {
    worth: Effect,
    not_given: usize,
    earliest: KeptMoved,
    later: KeptMoved,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptMoved {
    tick: Option<u32>,
    effect: Option<Effect>,
    refused: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptUntaken {
    tick: u32,
    mitigation: Ix<Mitigation>,
    target: TargetKey,
    gain: Effect,
    refused: usize,
    known_from: u32,
    sign: Option<KeptSign>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptAdvice {
    what: KeptWhat,
    gain: Effect,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptWhat {
    Give { tick: u32, mitigation: Ix<Mitigation>, target: TargetKey, known_from: u32, sign: Option<KeptSign> },
    Sooner { decision: usize, tick: u32 },
    Leave { decision: usize },
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptSign {
    Message(Ix<Inject>),
    Board(Ix<Service>),
}

impl Keeper {
    pub fn new(run: &Run, seat: Ix<Seat>, seeds: u64, run_file: &Path) -> Self {
        let scenario = &run.setup.scenario;
        let key = Key {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: scenario.digest.to_string(),
            digest: run.world.digest().to_string(),
            log_digest: log_digest(run),
            seat: scenario.docs.seats[seat.position()].id.clone(),
            seeds,
        };
        Self { path: kept_file(run_file), seat, key }
    }

    /// The kept results; none if there are none for this measurement.
    pub fn read(&self, run: &Run) -> Option<Worth> {
        let bytes = read_regular(&self.path, BYTES_MAX).ok()?;
        let kept: Kept = serde_json::from_slice(&bytes).ok()?;
        let decisions = decisions_of_seat(run, self.seat);
        let is_this = kept.blackstart_worth == VERSION && kept.key == self.key;
        (is_this && kept.fits(&run.setup.scenario, self.seat, decisions.len()))
            .then(|| kept.worth(self.seat, decisions))
    }

    /// Keeps results. A file of another kind with this name stays as it is.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, worth: &Worth) -> Result<(), FileError> {
        let is_ours = || read_regular(&self.path, BYTES_MAX).is_ok_and(|bytes| bytes.starts_with(BEGINNING.as_bytes()));
        let overwrite = if is_ours() { Overwrite::Allowed } else { Overwrite::Never };
        let kept = Kept::new(self.key.clone(), worth);
        write_atomic(&self.path, &serde_json::to_vec(&kept).expect("plain numbers and texts"), overwrite)
    }
}

impl Kept {
    fn new(key: Key, worth: &Worth) -> Self {
        let moved = |moved: &Moved| KeptMoved {
            tick: moved.tick.map(|tick| tick.0),
            effect: moved.effect.clone(),
            refused: moved.refused.clone(),
        };
        let decision = |decision: &DecisionWorth| KeptDecision {
            worth: decision.worth.clone(),
            not_given: decision.not_given,
            earliest: moved(&decision.earliest),
            later: moved(&decision.later),
        };
        let untaken = |untaken: &Untaken| KeptUntaken {
            tick: untaken.tick.0,
            mitigation: untaken.mitigation,
            target: untaken.target.into(),
            gain: untaken.gain.clone(),
            refused: untaken.refused,
            known_from: untaken.known_from.tick.0,
            sign: untaken.known_from.sign.map(KeptSign::from),
        };
        let advice = |advice: &Advice| KeptAdvice { what: advice.what.into(), gain: advice.gain.clone() };
        Self {
            blackstart_worth: VERSION,
            key,
            judgement: worth.judgement.clone(),
            scores: worth.luck.scores.clone(),
            decisions: worth.decisions.iter().map(decision).collect(),
            own_seed_only: worth.own_seed_only.clone(),
            joint: worth.joint.clone(),
            untaken: worth.untaken.best.iter().map(untaken).collect(),
            open: worth.untaken.open,
            tried: worth.untaken.tried,
            advice: worth.advice.iter().map(advice).collect(),
        }
    }

    /// Do all positions and lengths belong to the run? A file that somebody edited must not end the program.
    fn fits(&self, scenario: &Scenario, seat: Ix<Seat>, decisions: usize) -> bool {
        let objectives = scenario.seats[seat].objectives.len();
        let fits = |effect: &Effect| effect.objectives.len() == objectives;
        let moved_fits = |moved: &KeptMoved| moved.effect.as_ref().is_none_or(fits);
        let decision_fits =
            |kept: &KeptDecision| fits(&kept.worth) && moved_fits(&kept.earliest) && moved_fits(&kept.later);
        let is_sign = |sign: Option<KeptSign>| {
            sign.is_none_or(|sign| match sign {
                KeptSign::Message(inject) => inject.position() < scenario.docs.injects.len(),
                KeptSign::Board(service) => service.position() < scenario.services.len(),
            })
        };
        let is_order = |mitigation: Ix<Mitigation>, target: TargetKey| {
            mitigation.position() < scenario.mitigations.len() && is_target(scenario, target)
        };
        let advice_fits = |kept: &KeptAdvice| {
            fits(&kept.gain)
                && match kept.what {
                    KeptWhat::Give { mitigation, target, sign, .. } => is_order(mitigation, target) && is_sign(sign),
                    KeptWhat::Sooner { decision, .. } | KeptWhat::Leave { decision } => decision < decisions,
                }
        };
        let untaken_fits =
            |kept: &KeptUntaken| is_order(kept.mitigation, kept.target) && is_sign(kept.sign) && fits(&kept.gain);
        let joint_fits = |joint: &Joint| {
            let parts = joint.parts.iter().filter_map(|part| part.decision);
            let pairs = joint.pairs.iter().flat_map(|pair| [pair.one, pair.other]);
            let mut positions = parts.chain(pairs).chain(joint.without_part.iter().copied());
            fits(&joint.whole) && positions.all(|position| position < decisions)
        };
        !self.scores.is_empty()
            && self.judgement.objectives.len() == objectives
            && self.decisions.len() == decisions
            && self.decisions.iter().all(decision_fits)
            && self.own_seed_only.iter().all(|position| *position < decisions)
            && self.joint.as_ref().is_none_or(joint_fits)
            && self.untaken.iter().all(untaken_fits)
            && self.advice.iter().all(advice_fits)
    }

    fn worth(self, seat: Ix<Seat>, decisions: Vec<Decision>) -> Worth {
        let moved = |kept: KeptMoved| Moved { tick: kept.tick.map(Tick), effect: kept.effect, refused: kept.refused };
        let decision = |(kept, decision): (KeptDecision, Decision)| DecisionWorth {
            decision,
            worth: kept.worth,
            not_given: kept.not_given,
            earliest: moved(kept.earliest),
            later: moved(kept.later),
        };
        let untaken = |kept: KeptUntaken| Untaken {
            tick: Tick(kept.tick),
            mitigation: kept.mitigation,
            target: kept.target.into(),
            gain: kept.gain,
            refused: kept.refused,
            known_from: KnownFrom { tick: Tick(kept.known_from), sign: kept.sign.map(Sign::from) },
        };
        Worth {
            seat,
            has_drawn_figures: false,
            judgement: self.judgement,
            luck: Luck::new(self.scores),
            decisions: self.decisions.into_iter().zip(decisions).map(decision).collect(),
            own_seed_only: self.own_seed_only,
            joint: self.joint,
            untaken: Search {
                best: self.untaken.into_iter().map(untaken).collect(),
                open: self.open,
                tried: self.tried,
            },
            advice: self.advice.into_iter().map(|kept| Advice { what: kept.what.into(), gain: kept.gain }).collect(),
        }
    }
}

impl From<Sign> for KeptSign {
    fn from(sign: Sign) -> Self {
        match sign {
            Sign::Message(inject) => Self::Message(inject),
            Sign::Board(service) => Self::Board(service),
        }
    }
}

impl From<KeptSign> for Sign {
    fn from(kept: KeptSign) -> Self {
        match kept {
            KeptSign::Message(inject) => Self::Message(inject),
            KeptSign::Board(service) => Self::Board(service),
        }
    }
}

impl From<What> for KeptWhat {
    fn from(what: What) -> Self {
        match what {
            What::Give { tick, mitigation, target, known_from } => Self::Give {
                tick: tick.0,
                mitigation,
                target: target.into(),
                known_from: known_from.tick.0,
                sign: known_from.sign.map(KeptSign::from),
            },
            What::Sooner { decision, tick } => Self::Sooner { decision, tick: tick.0 },
            What::Leave { decision } => Self::Leave { decision },
        }
    }
}

impl From<KeptWhat> for What {
    fn from(kept: KeptWhat) -> Self {
        match kept {
            KeptWhat::Give { tick, mitigation, target, known_from, sign } => Self::Give {
                tick: Tick(tick),
                mitigation,
                target: target.into(),
                known_from: KnownFrom { tick: Tick(known_from), sign: sign.map(Sign::from) },
            },
            KeptWhat::Sooner { decision, tick } => Self::Sooner { decision, tick: Tick(tick) },
            KeptWhat::Leave { decision } => Self::Leave { decision },
        }
    }
}

fn is_target(scenario: &Scenario, target: TargetKey) -> bool {
    match target {
        TargetKey::World => true,
        TargetKey::Organisation(index) => index.position() < scenario.organisations.len(),
        TargetKey::Fleet(index) => index.position() < scenario.fleets.len(),
        TargetKey::Service(index) => index.position() < scenario.services.len(),
    }
}
