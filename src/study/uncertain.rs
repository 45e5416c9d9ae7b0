//! Draws of uncertain figures: scenarios in which every figure that is not documented lies somewhere in its range.
//!
//! The draws are a Latin hypercube: each group of figures visits as many strips of equal chance as there are draws,
//! each strip once, in an order of its own. The order is keyed by seed and id of the group, so that a new figure does
//! not move the draws of others. Must not run anything.

use std::sync::Arc;

use rand::RngExt;
use rand::seq::SliceRandom;

use crate::base::draw::{KeyedRng, Triangle};
use crate::base::{DigestWriter, Draw, Stream};
use crate::scenario::compile::Scenario;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::documents::Documents;
use crate::scenario::figures::{Groups, Held};
use crate::scenario::morning::PLACES;
use crate::scenario::validate::{self, CheckedDocuments};

/// Seed of the draws for the score and the worth of a run, so that both ask the same scenarios.
pub const DRAWS_SEED: u64 = 1;

/// Scenarios with drawn figures.
#[derive(Debug)]
pub struct Draws {
    docs: Arc<CheckedDocuments>,
    groups: Groups,
    /// For each draw the place of each group in its range.
    places: Vec<Vec<f64>>,
}

impl Draws {
    /// Plans a number of draws of a scenario's figures.
    ///
    /// # Errors
    /// The least or the greatest values of all figures make a scenario that cannot be simulated.
    pub fn new(docs: &Arc<CheckedDocuments>, count: u64, seed: u64) -> Result<Self, Diagnostics> {
        let groups = Groups::new(docs, Held::Documented);
        check_ends(&groups, docs)?;
        let triangle = Triangle::new(PLACES);
        let columns: Vec<Vec<f64>> = groups.list.iter().map(|group| strips(&group.id, count, seed)).collect();
        let draw = |number: usize| columns.iter().map(|column| triangle.quantile(column[number])).collect();
        let places = (0..count as usize).map(draw).collect();
        Ok(Self { docs: Arc::clone(docs), groups, places })
    }

    /// Number of draws.
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Number of groups of figures that are drawn, and of figures in them.
    pub fn figures(&self) -> (usize, usize) {
        (self.groups.list.len(), self.groups.list.iter().map(|group| group.figures).sum())
    }

    /// The scenario of a draw, counted from 0. Its digest is not that of the written scenario.
    pub fn scenario(&self, number: usize) -> Scenario {
        Scenario::compile(documents_at(&self.groups, &self.docs, &self.places[number]))
    }
}

/// Checks that every draw of a scenario's figures can be simulated, and so every morning.
///
/// # Errors
/// The problems of the least or the greatest values of all figures.
pub fn check(docs: &Documents) -> Result<(), Diagnostics> {
    check_ends(&Groups::new(docs, Held::Documented), docs)
}

/// Checks the documents with the least and with the greatest values of all figures. Each figure is monotonic in its
/// place: figures that are valid at both ends are valid between them.
///
/// # Errors
/// The problems of the first end that cannot be simulated.
pub(super) fn check_ends(groups: &Groups, docs: &Documents) -> Result<(), Diagnostics> {
    for end in [0.0, 1.0] {
        validate::check(groups.documents_at(docs, &vec![end; groups.list.len()]))?;
    }
    Ok(())
}

/// The documents with each group of figures at a place in its range.
///
/// # Panics
/// If the documents cannot be simulated, which `check_ends` rules out.
pub(super) fn documents_at(groups: &Groups, docs: &Documents, places: &[f64]) -> CheckedDocuments {
    validate::check(groups.documents_at(docs, places)).expect("both ends of all ranges passed the check")
}

/// Uniform numbers in [0, 1), one in each of `count` strips of equal width, in an order keyed by a name.
pub(super) fn strips(name: &str, count: u64, seed: u64) -> Vec<f64> {
    let mut writer = DigestWriter::default();
    writer.word(seed);
    writer.text(name);
    let mut rng = KeyedRng::new(Draw::new(writer.finish().0).stream(Stream::Figures), 0);
    let mut strips: Vec<u64> = (0..count).collect();
    strips.shuffle(&mut rng);
    strips.into_iter().map(|strip| (strip as f64 + rng.random::<f64>()) / count as f64).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::load::{SourceFiles, load};

    fn tiny() -> Arc<CheckedDocuments> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
        Arc::new(load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid"))
    }

    proptest! {
        #[test]
        fn every_strip_is_visited_once(count in 1_u64..60, seed in any::<u64>(), name in "[a-z]{1,8}") {
            let mut found: Vec<u64> =
                strips(&name, count, seed).iter().map(|place| (place * count as f64) as u64).collect();
            found.sort_unstable();
            prop_assert_eq!(found, (0..count).collect::<Vec<u64>>());
        }

        /// Whatever the seed, a drawn scenario passes every check: `scenario` panics otherwise.
        #[test]
        fn no_draw_makes_a_scenario_invalid(seed in any::<u64>()) {
            let draws = Draws::new(&tiny(), 3, seed).expect("both ends are valid");
            for number in 0..draws.count() {
                prop_assert_ne!(draws.scenario(number).digest, Scenario::compile((*tiny()).clone()).digest);
            }
        }
    }

    #[test]
    fn equal_seeds_give_equal_draws_and_a_new_figure_moves_no_other() {
        let places = |seed| Draws::new(&tiny(), 5, seed).expect("valid").places;
        assert_eq!(places(1), places(1));
        assert_ne!(places(1), places(2));
        assert_eq!(strips("a", 9, 4), strips("a", 9, 4));
        assert_ne!(strips("a", 9, 4), strips("b", 9, 4));
    }
}
