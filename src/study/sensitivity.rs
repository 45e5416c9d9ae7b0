//! Ranks the figures of a scenario by their effect on a measure. The screening (method of Morris) varies each
//! figure within a range that depends on its standing.
//!
//! All points of one trajectory share a seed, so that an effect comes from the figure and not from
//! chance; each trajectory has a seed of its own. Must not print.

mod measure;
mod morris;

use std::sync::Arc;

use super::parallel;
use super::uncertain::{check_ends, documents_at};
use crate::base::{Draw, Stream};
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::figures::{Group, Groups, Held};
use crate::scenario::validate::CheckedDocuments;

pub use measure::{HOSTS, MeasureError, RecoveryMeasure, SERVICES};
pub use morris::Effect;
use morris::Trajectory;

/// Measures a scenario with a seed. It is called from several threads.
pub type Measure<'a> = &'a (dyn Fn(Arc<Scenario>, u64) -> f64 + Sync);

/// The size of a screening.
#[derive(Clone, Copy, Debug)]
pub struct Screening {
    /// Number of trajectories through the grid. Each needs one run for every group of figures, and one more.
    pub trajectories: u32,
    pub threads: usize,
    /// Seed of the trajectories.
    pub seed: u64,
}

impl Screening {
    /// Number of runs in the whole screening.
    pub fn runs(&self, groups: usize) -> usize {
        self.trajectories as usize * (groups + 1)
    }
}

/// Figures that move together, and their effect on the measure over their whole range.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    pub group: Group,
    pub effect: Effect,
}

/// The figures that a screening varies, in groups. Costs, demand and tolerances are left out: they cannot change the
/// time at which a service is back.
pub fn groups(docs: &CheckedDocuments) -> Groups {
    let all = Groups::new(docs, Held::Nothing);
    let ids: Vec<String> = all.list.iter().map(|group| group.id.clone()).filter(|id| moves_recovery(id)).collect();
    all.only(&ids)
}

fn moves_recovery(id: &str) -> bool {
    let field = id.rsplit('/').next().unwrap_or_default();
    !field.ends_with("_usd")
        && !matches!(field, "demand_per_day" | "tolerance_min" | "comprises" | "notify_within_hours")
}

/// Ranks all groups of figures of checked documents, the largest effect first. `on_run` is called after every run.
///
/// # Errors
/// The least or the greatest values of all figures make a scenario that cannot be simulated.
///
/// # Panics
/// If measuring panics.
pub fn screen(
    docs: &CheckedDocuments,
    screening: Screening,
    measure: Measure<'_>,
    on_run: &(dyn Fn() + Sync),
) -> Result<Vec<Ranked>, Diagnostics> {
    let groups = groups(docs);
    let count = groups.list.len();
    check_ends(&groups, docs)?;
    let key = Draw::new(screening.seed).stream(Stream::Screening);
    let trajectories: Vec<Trajectory> =
        (0..screening.trajectories).map(|number| Trajectory::draw(key, number, count)).collect();
    let points: Vec<Vec<Vec<f64>>> = trajectories.iter().map(Trajectory::points).collect();
    let points_each = count + 1;
    let value = |number: u64| {
        let (trajectory, point) = (number as usize / points_each, number as usize % points_each);
        let scenario = Arc::new(Scenario::compile(documents_at(&groups, docs, &points[trajectory][point])));
        let value = measure(scenario, trajectory as u64 + 1);
        on_run();
        value
    };
    let values = parallel::map(0..screening.runs(count) as u64, screening.threads, value);
    let effects: Vec<Vec<f64>> =
        trajectories.iter().zip(values.chunks(points_each)).map(|(one, values)| one.effects(values)).collect();
    let effect = |group: usize| {
        let values: Vec<f64> = effects.iter().map(|effects| effects[group]).collect();
        Effect::from_trajectories(&values)
    };
    let mut ranked: Vec<Ranked> =
        groups.list.into_iter().enumerate().map(|(index, group)| Ranked { group, effect: effect(index) }).collect();
    // The sort is stable: groups of equal effect stay in the order of their ids.
    ranked.sort_by(|a, b| b.effect.absolute.total_cmp(&a.effect.absolute));
    Ok(ranked)
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
        assert!(ranked[0].group.id.ends_with("receipt_mean_min"), "{:?}", ranked[0]);
        assert!(0.0 < ranked[0].effect.mean && ranked[1].effect.absolute == 0.0, "{ranked:?}");
        assert_eq!(ranked.len(), groups(&docs).list.len());
    }
}
