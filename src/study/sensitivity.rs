//! Ranks the figures of a scenario by their effect on a measure. The screening (method of Morris) varies each
//! figure within a range that depends on its standing.
//!
//! All points of one trajectory share a seed, so that an effect comes from the figure and not from
//! chance; each trajectory has a seed of its own. Must not print.

mod measure;
mod morris;
mod parameters;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::parallel;
use crate::base::{Draw, Stream};
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::documents::Documents;
use crate::scenario::validate::{self, CheckedDocuments};

pub use measure::{HOSTS, MeasureError, RecoveryMeasure, SERVICES};
pub use morris::Effect;
use morris::Trajectory;
pub use parameters::{Parameter, parameters};

/// Measures a scenario with a seed. It is called from several threads.
pub type Measure<'a> = &'a (dyn Fn(Arc<Scenario>, u64) -> f64 + Sync);

/// The size of a screening.
#[derive(Clone, Copy, Debug)]
pub struct Screening {
    /// Number of trajectories through the grid. Each needs one run for every parameter, and one more.
    pub trajectories: u32,
    pub threads: usize,
    /// Seed of the trajectories.
    pub seed: u64,
}

impl Screening {
    /// Number of runs in the whole screening.
    pub fn runs(&self, parameters: usize) -> usize {
        self.trajectories as usize * (parameters + 1)
    }
}

/// A parameter and its effect on the measure over its whole range.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    pub parameter: Parameter,
    pub effect: Effect,
}

/// Ranks all parameters of checked documents, the largest effect first. `on_run` is called after every run.
///
/// # Errors
/// The smallest or the largest factors of all parameters bring figures out of their range.
///
/// # Panics
/// If measuring panics.
pub fn screen(
    docs: &CheckedDocuments,
    screening: Screening,
    measure: Measure<'_>,
    on_run: &(dyn Fn() + Sync),
) -> Result<Vec<Ranked>, Diagnostics> {
    let parameters = parameters(docs);
    // Each figure is monotonic in its factor: figures that are valid at both ends are valid between them.
    for end in [0.0, 1.0] {
        validate::check(documents_at_point(docs, &parameters, &vec![end; parameters.len()]))?;
    }
    let key = Draw::new(screening.seed).stream(Stream::Screening);
    let trajectories: Vec<Trajectory> =
        (0..screening.trajectories).map(|number| Trajectory::draw(key, number, parameters.len())).collect();
    let points: Vec<Vec<Vec<f64>>> = trajectories.iter().map(Trajectory::points).collect();
    let points_each = parameters.len() + 1;
    let value = |number: u64| {
        let (trajectory, point) = (number as usize / points_each, number as usize % points_each);
        let scaled = validate::check(documents_at_point(docs, &parameters, &points[trajectory][point]));
        let scenario = Arc::new(Scenario::compile(scaled.expect("both ends of the grid passed the check")));
        let value = measure(scenario, trajectory as u64 + 1);
        on_run();
        value
    };
    let values = parallel::map(0..screening.runs(parameters.len()) as u64, screening.threads, value);
    let effects: Vec<Vec<f64>> =
        trajectories.iter().zip(values.chunks(points_each)).map(|(one, values)| one.effects(values)).collect();
    let effect = |parameter: usize| {
        let values: Vec<f64> = effects.iter().map(|effects| effects[parameter]).collect();
        Effect::from_trajectories(&values)
    };
    let mut ranked: Vec<Ranked> = parameters
        .into_iter()
        .enumerate()
        .map(|(index, parameter)| Ranked { parameter, effect: effect(index) })
        .collect();
    // The sort is stable: parameters of equal effect stay in the order of their ids.
    ranked.sort_by(|a, b| b.effect.absolute.total_cmp(&a.effect.absolute));
    Ok(ranked)
}

/// The documents at a point of the grid: 0 is the smallest factor of a parameter, 1 the largest.
fn documents_at_point(docs: &Documents, parameters: &[Parameter], point: &[f64]) -> Documents {
    let factor = |(parameter, place): (&Parameter, &f64)| libm::pow(parameter.spread(), 2.0 * place - 1.0);
    let factors: BTreeMap<&str, f64> =
        parameters.iter().zip(point).map(|pair| (pair.0.id.as_str(), factor(pair))).collect();
    parameters::scaled(docs, &factors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Ix;
    use crate::scenario::load::{SourceFiles, load};

    /// Only the figure that the measure reads has an effect, on any number of threads.
    #[test]
    fn only_measured_figures_have_an_effect() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        let docs = load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid");
        let measure = |scenario: Arc<Scenario>, _: u64| scenario.channels[Ix::default()].receipt_mean_min;
        let screen = |threads| {
            screen(&docs, Screening { trajectories: 3, threads, seed: 1 }, &measure, &|| {}).expect("figures in range")
        };
        let ranked = screen(1);
        assert_eq!(ranked, screen(4));
        assert!(ranked[0].parameter.id.ends_with("receipt_mean_min"), "{:?}", ranked[0]);
        assert!(0.0 < ranked[0].effect.mean && ranked[1].effect.absolute == 0.0, "{ranked:?}");
        assert_eq!(ranked.len(), parameters(&docs).len());
    }
}
