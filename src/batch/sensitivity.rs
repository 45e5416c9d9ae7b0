//! Which figures move a measure most: a screening by the method of Morris over the scenario's own
//! figures, each within a range that its standing allows.
//!
//! Points of one trajectory share a seed, so that an effect is the figure's and not luck; trajectories
//! have different seeds. Nothing is printed here.

mod morris;
mod parameters;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::base::{Draw, Stream};
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::documents::Documents;
use crate::scenario::validate::{self, CheckedDocuments};

pub use morris::Effect;
use morris::Trajectory;
pub use parameters::{Parameter, parameters};

/// What is measured of a scenario under a seed, from any thread.
pub type Measure<'a> = &'a (dyn Fn(Arc<Scenario>, u64) -> f64 + Sync);

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Ways through the grid; each costs a run for every parameter and one more.
    pub trajectories: u32,
    pub threads: usize,
    /// Decides the ways.
    pub seed: u64,
}

impl Plan {
    /// Runs in all.
    pub fn runs(&self, parameters: usize) -> usize {
        self.trajectories as usize * (parameters + 1)
    }
}

/// A parameter and what it does to the measure when it goes through its whole range.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    pub parameter: Parameter,
    pub effect: Effect,
}

/// Tries all parameters of checked documents, those that matter most first. `tell` hears of every run.
///
/// # Errors
/// The least or the greatest factors of all parameters bring figures out of their range.
///
/// # Panics
/// If measuring panics.
pub fn screen(
    docs: &CheckedDocuments,
    plan: Plan,
    measure: Measure<'_>,
    tell: &(dyn Fn() + Sync),
) -> Result<Vec<Ranked>, Diagnostics> {
    let parameters = parameters(docs);
    // A figure moves one way with its factor: what holds at both ends holds between them.
    for end in [0.0, 1.0] {
        validate::check(at_point(docs, &parameters, &vec![end; parameters.len()]))?;
    }
    let key = Draw::new(plan.seed).stream(Stream::Screening);
    let ways: Vec<Trajectory> =
        (0..plan.trajectories).map(|number| Trajectory::draw(key, number, parameters.len())).collect();
    let points: Vec<Vec<Vec<f64>>> = ways.iter().map(Trajectory::points).collect();
    let values = Mutex::new(vec![vec![0.0; parameters.len() + 1]; ways.len()]);
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let (way, point) = (at / (parameters.len() + 1), at % (parameters.len() + 1));
            let Some(point_of) = points.get(way).map(|points| &points[point]) else { return };
            let scaled = validate::check(at_point(docs, &parameters, point_of));
            let scenario = Arc::new(Scenario::compile(scaled.expect("the ends of the grid passed the check")));
            let value = measure(scenario, way as u64 + 1);
            values.lock().expect("nobody fails while noting down")[way][point] = value;
            tell();
        }
    };
    thread::scope(|scope| {
        for _ in 1..plan.threads.max(1) {
            scope.spawn(work);
        }
        work();
    });
    let values = values.into_inner().expect("nobody fails while noting down");
    let effects: Vec<Vec<f64>> = ways.iter().zip(&values).map(|(way, values)| way.effects(values)).collect();
    let effect = |at: usize| Effect::of(&effects.iter().map(|of| of[at]).collect::<Vec<f64>>());
    let mut ranked: Vec<Ranked> =
        parameters.into_iter().enumerate().map(|(at, parameter)| Ranked { parameter, effect: effect(at) }).collect();
    // Equal ones stay in the order of their ids.
    ranked.sort_by(|a, b| b.effect.absolute.total_cmp(&a.effect.absolute));
    Ok(ranked)
}

/// The scenario at a point of the grid: 0 is the smallest factor of a parameter, 1 the largest.
fn at_point(docs: &Documents, parameters: &[Parameter], point: &[f64]) -> Documents {
    let factor = |(of, at): (&Parameter, &f64)| libm::pow(of.spread(), 2.0 * at - 1.0);
    let factors: BTreeMap<&str, f64> =
        parameters.iter().zip(point).map(|pair| (pair.0.id.as_str(), factor(pair))).collect();
    parameters::scaled(docs, &factors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load::{SourceFiles, load};

    /// What a measure reads alone has an effect, however many threads there are.
    #[test]
    fn only_what_is_measured_matters() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        let docs = load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid");
        let measure = |scenario: Arc<Scenario>, _: u64| scenario.channels[0].receipt_mean_min;
        let screen =
            |threads| screen(&docs, Plan { trajectories: 3, threads, seed: 1 }, &measure, &|| {}).expect("in range");
        let ranked = screen(1);
        assert_eq!(ranked, screen(4));
        assert!(ranked[0].parameter.id.ends_with("receipt_mean_min"), "{:?}", ranked[0]);
        assert!(0.0 < ranked[0].effect.mean && ranked[1].effect.absolute == 0.0, "{ranked:?}");
        assert_eq!(ranked.len(), parameters(&docs).len());
    }
}
