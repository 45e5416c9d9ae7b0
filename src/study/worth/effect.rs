//! Outcomes of runs, their differences, and the bands of differences over seeds.
//!
//! Invariant: points are whole thousandths, as the score has them, so that equal outcomes differ by exactly zero and
//! sums are exact.

use serde::{Deserialize, Serialize};

use super::decision::Decision;
use crate::assess::score::{Judgement, points_without_limit};
use crate::base::Tick;
use crate::study::percentiles;

/// Thousandths in a point.
const MILLI: f64 = 1000.0;

/// The outcome of a run for its seat, or the difference of two outcomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Points in thousandths, without the lower limit of a score.
    pub milli: i64,
    /// Values of the objectives, each in its unit; smaller values are better.
    pub objectives: Vec<f64>,
}

impl Outcome {
    pub(super) fn new(judgement: &Judgement) -> Self {
        let milli = (points_without_limit(judgement) * MILLI).round() as i64;
        Self { milli, objectives: judgement.objectives.iter().map(|judged| judged.yours).collect() }
    }

    /// This outcome less another one.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let pairs = self.objectives.iter().zip(&other.objectives);
        Self { milli: self.milli - other.milli, objectives: pairs.map(|(one, other)| one - other).collect() }
    }

    /// No difference.
    pub(super) fn zero(&self) -> Self {
        self.minus(self)
    }
}

/// Thousandths as points.
pub(super) fn points(milli: i64) -> f64 {
    milli as f64 / MILLI
}

/// A number on the run's own seed, and its percentiles over all seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// On the run's own seed; none if the comparison was not possible there.
    pub own: Option<f64>,
    pub p5: f64,
    pub median: f64,
    pub p95: f64,
}

impl Band {
    /// The band of some values.
    pub(super) fn new(own: Option<f64>, values: &[f64]) -> Self {
        let [p5, median, p95] = percentiles(values);
        Self { own, p5, median, p95 }
    }
}

/// The effect of a change on the score in points and on each objective in its unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    pub score: Band,
    pub objectives: Vec<Band>,
    /// Number of seeds with a value.
    pub seeds: usize,
}

impl Effect {
    /// The effect over differences by seed, the run's own seed first; None if no seed has a value.
    pub(super) fn new(by_seed: &[Option<Outcome>]) -> Option<Self> {
        let own = by_seed.first()?.as_ref();
        let known: Vec<&Outcome> = by_seed.iter().flatten().collect();
        let first = *known.first()?;
        let band = |value: &dyn Fn(&Outcome) -> f64| {
            let values: Vec<f64> = known.iter().map(|outcome| value(outcome)).collect();
            Band::new(own.map(value), &values)
        };
        let objectives = (0..first.objectives.len()).map(|index| band(&|outcome| outcome.objectives[index]));
        let objectives = objectives.collect();
        Some(Self { score: band(&|outcome| points(outcome.milli)), objectives, seeds: known.len() })
    }
}

/// The same decision at another time.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The other time on the run's own seed; none if there is none.
    pub tick: Option<Tick>,
    /// Outcome at the other time less outcome as played, over the seeds on which the move was possible; none if it
    /// was possible on no seed.
    pub effect: Option<Effect>,
    /// The reason why the move was not possible on the first seed with such a reason.
    pub refused: Option<String>,
}

/// A decision with its worth.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionWorth {
    pub decision: Decision,
    /// Outcome with the decision less outcome without it. On a seed on which the order was not accepted, it is zero.
    pub worth: Effect,
    /// Number of seeds on which the order was not accepted.
    pub not_given: usize,
    /// As early as it was possible; without effect, and without a tick, if it was given as early as possible.
    pub earliest: Moved,
    /// An hour later.
    pub later: Moved,
}
