//! The score of a seat: each objective has points on the line between do-nothing (0) and par (100) with the same
//! seed.
//!
//! Only this module rounds points, to thousandths, half away from zero: first the points of each objective, then
//! the score, which is the weighted sum of rounded points. All code that shows, writes or compares points must use
//! these values. docs/run-file.md states the rule.

use std::sync::Arc;

use super::comparisons::ComparisonRuns;
use crate::base::Ix;
use crate::scenario::compile::{Observable, Scenario, Seat};
use crate::scenario::schema::Objective;
pub use crate::session::runfile::{Judged, Judgement};
use crate::session::{Record, Run};
use crate::sim::{World, observe};

/// The least score of a run. Objectives have no least and no most points: harm counts, and so does a result better than
/// par.
pub const SCORE_MIN: f64 = -100.0;
/// Least gain of par, as a share of the loss if nobody acts, at which an objective has its whole weight.
pub const SPAN_MIN: f64 = 0.25;
/// Parts into which a point is divided.
const PARTS_OF_A_POINT: f64 = 1000.0;

/// Judges a seat's organisations in a world by finished comparison runs. Before the horizon the result is the score
/// that the run would have if it ended now.
///
/// # Panics
/// If the comparison runs belong to another seat or did not reach their horizon.
pub fn judge(world: &World, seat: Ix<Seat>, runs: &ComparisonRuns) -> Judgement {
    let objectives = &world.scenario().seats[seat].objectives;
    let values: Vec<f64> = objectives.iter().map(|observable| observe::value(world, observable)).collect();
    judge_values(world.scenario(), seat, &values, runs)
}

/// The same for the values of the seat's objectives.
///
/// # Panics
/// As `judge`; also if there is a value too few.
pub fn judge_values(scenario: &Scenario, seat: Ix<Seat>, values: &[f64], runs: &ComparisonRuns) -> Judgement {
    let docs = &scenario.docs.seats[seat.position()];
    let weights = weights(scenario, seat, runs);
    let last = |record: &Record, index: usize| {
        let values = record.objectives_at(seat, scenario.horizon);
        values.expect("comparison runs sample the objectives of their seat")[index]
    };
    let judged = |(index, (objective, observable)): (usize, (&Objective, &Observable))| {
        let yours = values[index];
        let (do_nothing, par) = (last(&runs.do_nothing, index), last(&runs.par, index));
        Judged {
            id: objective.id.clone(),
            name: objective.name.clone(),
            unit: observable.metric.unit().to_owned(),
            weight: weights[index],
            yours,
            do_nothing,
            reference: last(&runs.reference, index),
            par,
            points: points(yours, do_nothing, par),
        }
    };
    let observables = &scenario.seats[seat].objectives;
    let objectives: Vec<Judged> = docs.objectives.iter().zip(observables).enumerate().map(judged).collect();
    Judgement { seat: docs.id.clone(), score: total(&objectives, |judged| judged.yours), objectives }
}

/// Points won up to some tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoFar {
    pub points: f64,
    /// Points of the best known playbook up to the same tick.
    pub par_points: f64,
}

/// The points that a run has won up to now, and the points that the best known playbook had won by the same tick.
/// Both are on the scale of the final score: 0 at the start, and the score itself at the horizon. None before that
/// playbook has won a point.
///
/// *Rationale*: the score of the run as if it ended now would have a scale of a few minutes and would jump between
/// 0 and 100 before any important decision.
pub fn score_so_far(run: &Run, seat: Ix<Seat>, runs: &ComparisonRuns) -> Option<SoFar> {
    let (tick, horizon) = (run.world.tick(), run.world.scenario().horizon);
    let weights = weights(run.world.scenario(), seat, runs);
    let yours = run.record.objectives_at(seat, tick)?;
    let (do_nothing, par) = (runs.do_nothing.objectives_at(seat, tick)?, runs.par.objectives_at(seat, tick)?);
    let (from, to) = (runs.do_nothing.objectives_at(seat, horizon)?, runs.par.objectives_at(seat, horizon)?);
    let (mut won, mut won_by_par) = (0.0, 0.0);
    // An objective in which par gains nothing is judged at the end only.
    for (index, weight) in weights.into_iter().enumerate().filter(|(index, _)| to[*index] < from[*index]) {
        let points = |value: f64| points(from[index] - (do_nothing[index] - value), from[index], to[index]);
        won += weight * points(yours[index]);
        won_by_par += weight * points(par[index]);
    }
    let so_far = SoFar { points: rounded(won.max(SCORE_MIN)), par_points: rounded(won_by_par) };
    (1.0 <= so_far.par_points).then_some(so_far)
}

/// The weights of a seat's objectives, which sum to 1.
///
/// An objective has its written weight if par gains at least a quarter of what would be lost if nobody acted and nobody
/// had prepared; below that, its weight falls with par's gain. *Rationale*: where little can be won, chance would decide
/// on many points.
fn weights(scenario: &Scenario, seat: Ix<Seat>, runs: &ComparisonRuns) -> Vec<f64> {
    let docs = &scenario.docs.seats[seat.position()].objectives;
    let last = |record: &Record| {
        let values = record.objectives_at(seat, scenario.horizon);
        values.expect("comparison runs sample the objectives of their seat").to_vec()
    };
    let (unprepared, do_nothing, par) = (last(&runs.unprepared), last(&runs.do_nothing), last(&runs.par));
    let by_gain = |(index, objective): (usize, &Objective)| {
        let enough = SPAN_MIN * unprepared[index];
        let gain = (do_nothing[index] - par[index]).max(0.0);
        objective.weight * if gain < enough { gain / enough } else { f64::from(u8::from(0.0 < gain)) }
    };
    let counted: Vec<f64> = docs.iter().enumerate().map(by_gain).collect();
    let written = docs.iter().map(|objective| objective.weight).collect();
    // If par gains nothing anywhere, all objectives count as written.
    let weights: Vec<f64> = if counted.iter().all(|&weight| weight == 0.0) { written } else { counted };
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// The share of the harm if nobody acts that a seat's preparation prevents by itself, by the weights of its objectives as
/// written; none without preparation. It is no part of the score, because do-nothing and par have the same preparation.
pub fn prevented_by_preparation(scenario: &Scenario, seat: Ix<Seat>, runs: &ComparisonRuns) -> Option<f64> {
    if Arc::ptr_eq(&runs.unprepared, &runs.do_nothing) {
        return None;
    }
    let unprepared = runs.unprepared.objectives_at(seat, scenario.horizon)?;
    let prepared = runs.do_nothing.objectives_at(seat, scenario.horizon)?;
    let left = |values: &[f64]| harm_left(scenario, seat, values, unprepared);
    Some(left(unprepared) - left(prepared))
}

/// The share of some harm that values of a seat's objectives leave, by the weights as written: the harm is in the values
/// if nobody acts.
pub fn harm_left(scenario: &Scenario, seat: Ix<Seat>, values: &[f64], do_nothing: &[f64]) -> f64 {
    let objectives = &scenario.docs.seats[seat.position()].objectives;
    let weights: f64 = objectives.iter().map(|objective| objective.weight).sum();
    let part = |(objective, (value, nothing)): (&Objective, (&f64, &f64))| {
        objective.weight / weights * value / nothing.max(f64::MIN_POSITIVE)
    };
    objectives.iter().zip(values.iter().zip(do_nothing)).map(part).sum()
}

/// The score that the seat would have had with other values: those of do-nothing, reference or par.
pub fn total(objectives: &[Judged], value: fn(&Judged) -> f64) -> f64 {
    sum_of_points(objectives, value).max(SCORE_MIN)
}

/// The points of a run without the lower limit of a score. A decision is weighed with them: below the limit every
/// decision would seem to be worth nothing.
pub fn points_without_limit(judgement: &Judgement) -> f64 {
    sum_of_points(&judgement.objectives, |judged| judged.yours)
}

fn sum_of_points(objectives: &[Judged], value: fn(&Judged) -> f64) -> f64 {
    let weighted = |judged: &Judged| points(value(judged), judged.do_nothing, judged.par) * judged.weight;
    rounded(objectives.iter().map(weighted).sum())
}

/// The score of history, which is the reference playbook.
pub fn reference_score(judgement: &Judgement) -> f64 {
    total(&judgement.objectives, |judged| judged.reference)
}

/// The points of a value on the line between do-nothing (0) and par (100), rounded; smaller values are better.
pub fn points(value: f64, do_nothing: f64, par: f64) -> f64 {
    let span = do_nothing - par;
    if span <= 0.0 {
        // Par gains nothing over do-nothing, so a value no worse than par has full points.
        return if value <= par { 100.0 } else { 0.0 };
    }
    rounded(100.0 * (do_nothing - value) / span)
}

/// Points in whole thousandths, half away from zero.
pub fn rounded(points: f64) -> f64 {
    (points * PARTS_OF_A_POINT).round() / PARTS_OF_A_POINT
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn points_lie_on_the_line() {
        let check = |value, do_nothing, par, expected: f64| {
            assert_eq!(points(value, do_nothing, par), expected, "{value} {do_nothing} {par}");
        };
        check(100.0, 100.0, 50.0, 0.0);
        check(75.0, 100.0, 50.0, 50.0);
        check(50.0, 100.0, 50.0, 100.0);
        check(40.0, 100.0, 50.0, 120.0);
        check(0.0, 100.0, 50.0, 200.0);
        check(200.0, 100.0, 50.0, -200.0);
        check(10.0, 10.0, 10.0, 100.0);
        check(11.0, 10.0, 10.0, 0.0);
        check(2.0, 3.0, 0.0, 33.333);
        check(1.0, 3.0, 0.0, 66.667);
        // 0.0125 points lie half-way between two thousandths.
        check(7999.0, 8000.0, 0.0, 0.013);
    }

    fn judged(weight: f64, yours: f64, do_nothing: f64, par: f64) -> Judged {
        Judged {
            id: String::new(),
            name: String::new(),
            unit: String::new(),
            weight,
            yours,
            do_nothing,
            reference: do_nothing,
            par,
            points: points(yours, do_nothing, par),
        }
    }

    proptest! {
        /// Points written as a decimal with at most three places read back as the same number, in every program,
        /// and a run that equals par has exactly 100 points with any weights.
        #[test]
        fn points_are_decimals_that_read_back(
            values in prop::collection::vec((0.0..1e9_f64, 0.0..1e9_f64, 0.0..1e9_f64, 0.001..10.0_f64), 1..6),
        ) {
            let weights: f64 = values.iter().map(|value| value.3).sum();
            let objectives: Vec<Judged> =
                values.iter().map(|&(yours, do_nothing, par, weight)| judged(weight / weights, yours, do_nothing, par)).collect();
            let par = objectives.iter().map(|judged| judged.par);
            let at_par: Vec<Judged> =
                objectives.iter().zip(par).map(|(objective, par)| Judged { yours: par, ..objective.clone() }).collect();
            prop_assert_eq!(total(&at_par, |judged| judged.yours), 100.0);
            let score = total(&objectives, |judged| judged.yours);
            for points in objectives.iter().map(|judged| judged.points).chain([score]) {
                let text = serde_json::to_string(&points).unwrap();
                let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                prop_assert!(decimals <= 3, "{}", text);
                prop_assert_eq!(serde_json::from_str::<f64>(&text).unwrap(), points);
                prop_assert_eq!(text.parse::<f64>().unwrap(), points);
                prop_assert_eq!(rounded(points), points);
                prop_assert!(SCORE_MIN <= score);
            }
        }
    }
}
