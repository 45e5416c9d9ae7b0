//! Calibration: free figures of a scenario are fitted to published numbers that are marked for it.
//!
//! `uncertainty.ron` names the free figures and the targets. Every evaluation of the loss plays the same seeds, so that
//! equal places have equal losses. `folds` repeats the fit with organisations left out and scores it on them. Must not
//! write files and must not print.
//!
//! Invariant: the result depends on the scenario, the playbook and `Options` alone, and not on the number of threads.

mod folds;
mod loss;
mod search;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::hindcast::{Hindcast, Row, Schedule, measure};
use super::uncertain::{check_ends, documents_at};
use super::{Progress, setup_by_playbook};
use crate::base::Ix;
use crate::scenario::compile::{Playbook, Scenario};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::figures::{Group, Groups, Held, differ_in_numbers_only};
use crate::scenario::schema::Target;
use crate::scenario::validate::CheckedDocuments;

pub use folds::{Fold, Score};
pub use search::Search;

/// The size of a calibration.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub search: Search,
    /// Each evaluation plays the seeds 1 to `seeds`.
    pub seeds: u64,
    /// Number of folds of organisations; 0 for none.
    pub folds: u64,
    pub threads: usize,
}

/// A calibration that can be carried out.
pub struct Plan {
    scenario: Arc<Scenario>,
    playbook: Ix<Playbook>,
    groups: Groups,
    /// The targets for fitting.
    targets: Vec<Target>,
    options: Options,
}

/// The result of a calibration.
pub struct Calibration {
    /// The free figures, and the place of each group in its range: 0.5 is the written value.
    pub groups: Vec<Group>,
    pub places: Vec<f64>,
    /// Mean loss of the targets for fitting, before and after.
    pub loss: (f64, f64),
    /// Number of evaluations of the loss.
    pub evaluations: usize,
    /// All targets of the scenario with the written and with the fitted figures.
    pub before: Hindcast,
    pub after: Hindcast,
    /// The documents with the fitted figures.
    pub fitted: CheckedDocuments,
    pub folds: Vec<Fold>,
}

impl Plan {
    /// Plans the calibration that the scenario describes.
    ///
    /// # Errors
    /// The scenario does not say what is fitted, ends of ranges cannot be simulated or cannot be written into the
    /// files, a target has nothing to measure, or there are fewer organisations than folds.
    pub fn new(scenario: &Arc<Scenario>, playbook: Ix<Playbook>, options: Options) -> Result<Self, Diagnostics> {
        let docs = &scenario.docs;
        let Some(fit) = &docs.uncertainty.fit else {
            let problem = Diagnostic::about("uncertainty.ron", "the scenario does not say which figures are fitted");
            return Err(problem.help("write `fit: (figures: [ … ], targets: [ … ])`; see docs/uncertainty.md").into());
        };
        let groups = Groups::new(docs, Held::Documented).only(&fit.figures);
        let has_text_change =
            |end: f64| !differ_in_numbers_only(docs, &groups.documents_at(docs, &vec![end; groups.list.len()]));
        if [0.0, 1.0].into_iter().any(has_text_change) {
            let problem = Diagnostic::about("uncertainty.ron", "a free `race_win` decides whether its kind is wired");
            return Err(problem.help("write the kind's `link` in world.ron").into());
        }
        check_ends(&groups, docs)?;
        let targets: Vec<Target> =
            docs.targets.iter().filter(|target| fit.targets.contains(&target.id)).cloned().collect();
        let plan = Self { scenario: Arc::clone(scenario), playbook, groups, targets, options };
        Schedule::from_targets(scenario, &docs.targets)?;
        plan.check_folds()?;
        Ok(plan)
    }

    /// Number of ticks that the calibration simulates at most.
    pub fn ticks_max(&self) -> u64 {
        let evaluations = self.options.search.starts * self.options.search.evaluations as u64;
        let until = |targets: &[Target]| self.schedule(&self.scenario, targets).until();
        let fits = evaluations * (1 + self.options.folds) * u64::from(until(&self.targets).0);
        (fits + 2 * u64::from(until(&self.scenario.docs.targets).0)) * self.options.seeds
    }

    /// Fits, and repeats the fit for every fold.
    ///
    /// # Panics
    /// If a run panics.
    pub fn calibrate(&self, progress: Progress<'_>) -> Calibration {
        let used: BTreeSet<&str> = self.targets.iter().map(|target| target.id.as_str()).collect();
        let best = self.fit(&used, progress);
        let all = &self.scenario.docs.targets;
        let middle = vec![0.5; best.places.len()];
        let (before, after) = (self.rows_at(&middle, all, progress), self.rows_at(&best.places, all, progress));
        let loss = |found: &Hindcast| loss::mean_loss(rows(found, &used));
        Calibration {
            groups: self.groups.list.clone(),
            loss: (loss(&before), loss(&after)),
            evaluations: best.evaluations,
            fitted: documents_at(&self.groups, &self.scenario.docs, &best.places),
            places: best.places,
            before,
            after,
            folds: self.folds(progress),
        }
    }

    /// The places with the smallest loss on some of the targets for fitting.
    fn fit(&self, used: &BTreeSet<&str>, progress: Progress<'_>) -> search::Best {
        let targets: Vec<Target> =
            self.targets.iter().filter(|target| used.contains(target.id.as_str())).cloned().collect();
        let loss = |places: &[f64]| {
            let found = self.rows_at(places, &targets, progress);
            loss::mean_loss(&found.rows) + loss::place_loss(places)
        };
        search::smallest(self.options.search, self.groups.list.len(), &loss)
    }

    /// Targets beside their values in runs with the figures at some places.
    fn rows_at(&self, places: &[f64], targets: &[Target], progress: Progress<'_>) -> Hindcast {
        let scenario = Arc::new(Scenario::compile(documents_at(&self.groups, &self.scenario.docs, places)));
        let schedule = self.schedule(&scenario, targets);
        let setup = setup_by_playbook(scenario, 1, None, self.playbook);
        Hindcast::new(targets, measure(&setup, &schedule, self.options.seeds, self.options.threads, progress))
    }

    fn schedule(&self, scenario: &Scenario, targets: &[Target]) -> Schedule {
        Schedule::from_targets(scenario, targets).expect("the plan has made this schedule for the written figures")
    }
}

/// The rows of some targets.
fn rows<'h>(found: &'h Hindcast, ids: &'h BTreeSet<&str>) -> impl Iterator<Item = &'h Row> {
    found.rows.iter().filter(|row| ids.contains(row.target.id.as_str()))
}

#[cfg(test)]
mod tests;
