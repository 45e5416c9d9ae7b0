//! The score of a seat: each objective on the line between do-nothing (0) and par (100), same seed.

use crate::scenario::compile::Observable;
use crate::scenario::observable::Metric;
use crate::scenario::schema;
use crate::session::Run;
use crate::session::runfile::{Judgement, ObjectiveRecord};
use crate::session::twins::Twins;
use crate::sim::{World, observe};

/// More than par is possible and welcome, up to here.
pub const POINTS_MAX: f64 = 150.0;

/// One objective's values in the run and its twins, in the metric's unit, and its points.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveScore {
    pub name: String,
    pub metric: Metric,
    /// Share of the score, 0..=1.
    pub weight: f64,
    pub yours: f64,
    pub do_nothing: f64,
    pub reference: f64,
    pub par: f64,
    pub points: f64,
    /// What history (the reference playbook) would have scored.
    pub reference_points: f64,
}

/// A seat's score.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    pub points: f64,
    pub reference_points: f64,
    pub objectives: Vec<ObjectiveScore>,
}

impl Score {
    /// Judges a seat's organisations in a world against the finished twins. Before the horizon it is
    /// the score if the run ended now.
    pub fn of(world: &World, seat: u32, twins: &Twins) -> Self {
        let docs = &world.scenario.docs.seats[seat as usize];
        let weights: f64 = docs.objectives.iter().map(|objective| objective.weight).sum();
        let judge = |(objective, observable): (&schema::Objective, &Observable)| {
            let at = |world: &World| observe::value(world, observable);
            let (do_nothing, par) = (at(&twins.do_nothing.world), at(&twins.par.world));
            let (yours, reference) = (at(world), at(&twins.reference.world));
            ObjectiveScore {
                name: objective.name.clone(),
                metric: observable.metric,
                weight: objective.weight / weights,
                yours,
                do_nothing,
                reference,
                par,
                points: points(yours, do_nothing, par),
                reference_points: points(reference, do_nothing, par),
            }
        };
        let resolved = &world.scenario.seats[seat as usize].objectives;
        let objectives: Vec<ObjectiveScore> = docs.objectives.iter().zip(resolved).map(judge).collect();
        Self {
            points: objectives.iter().map(|objective| objective.points * objective.weight).sum(),
            reference_points: objectives.iter().map(|objective| objective.reference_points * objective.weight).sum(),
            objectives,
        }
    }
}

impl Score {
    /// The score so far: a run against its twins at the same tick, over the objectives on which they
    /// differ by then. None before anything could be won or lost.
    pub fn so_far(run: &Run, seat: u32, twins: &Twins) -> Option<f64> {
        let tick = run.world.tick;
        let yours = run.record.objectives_at(seat, tick)?;
        let do_nothing = twins.do_nothing.record.objectives_at(seat, tick)?;
        let par = twins.par.record.objectives_at(seat, tick)?;
        let docs = &run.world.scenario.docs.seats[seat as usize].objectives;
        let (mut sum, mut weights) = (0.0, 0.0);
        for (at, objective) in docs.iter().enumerate() {
            // Early costs of a good plan are no failure: only what par has already gained is judged.
            if par[at] < do_nothing[at] {
                sum += objective.weight * points(yours[at], do_nothing[at], par[at]).min(100.0);
                weights += objective.weight;
            }
        }
        (0.0 < weights).then(|| sum / weights)
    }

    /// What a run file says of this score.
    pub fn judgement(&self, world: &World, seat: u32) -> Judgement {
        let docs = &world.scenario.docs.seats[seat as usize].objectives;
        let record = |(doc, of): (&schema::Objective, &ObjectiveScore)| ObjectiveRecord {
            id: doc.id.clone(),
            name: of.name.clone(),
            unit: of.metric.unit().to_owned(),
            yours: of.yours,
            do_nothing: of.do_nothing,
            reference: of.reference,
            par: of.par,
            points: of.points,
        };
        Judgement {
            seat: world.scenario.docs.seats[seat as usize].id.clone(),
            score: self.points,
            objectives: docs.iter().zip(&self.objectives).map(record).collect(),
        }
    }
}

/// Where a value lies between do-nothing (0) and par (100); smaller values are better.
pub fn points(value: f64, do_nothing: f64, par: f64) -> f64 {
    let span = do_nothing - par;
    if span <= 0.0 {
        // Nothing could be gained: whoever is no worse has full points.
        return if value <= par { 100.0 } else { 0.0 };
    }
    (100.0 * (do_nothing - value) / span).clamp(0.0, POINTS_MAX)
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn points_lie_on_the_line() {
        let check = |value, do_nothing, par, expected: f64| {
            assert!((points(value, do_nothing, par) - expected).abs() < 1e-9, "{value} {do_nothing} {par}");
        };
        check(100.0, 100.0, 50.0, 0.0);
        check(75.0, 100.0, 50.0, 50.0);
        check(50.0, 100.0, 50.0, 100.0);
        check(40.0, 100.0, 50.0, 120.0);
        check(0.0, 100.0, 50.0, 150.0);
        check(200.0, 100.0, 50.0, 0.0);
        check(10.0, 10.0, 10.0, 100.0);
        check(11.0, 10.0, 10.0, 0.0);
    }
}
