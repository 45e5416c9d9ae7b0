//! Open hindcast targets: those whose published number nobody used while figures were chosen.
//!
//! A target is open if no figure of the scenario cites any of its facts and no fit used it: `uncertainty.ron` does not name it. Figures are those of all
//! files but `targets.ron`, provenances included: the time of an event is a choice, too.

use std::collections::{BTreeMap, BTreeSet};

use super::documents::{Documents, Part};
use super::figures;
use super::schema::Target;

/// The facts that figures of a scenario cite.
#[derive(Debug)]
pub struct Citations<'d> {
    /// Ids of targets that `uncertainty.ron` names, for a fit or to weight draws.
    named: BTreeSet<&'d str>,
    /// Paths of the citing figures by fact id.
    figures: BTreeMap<&'d str, Vec<String>>,
}

impl<'d> Citations<'d> {
    /// Visits all figures of the documents.
    pub fn new(docs: &'d Documents) -> Self {
        let mut paths: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for figure in figures::all(docs).iter().filter(|figure| figure.file != Part::Targets.file()) {
            for fact in &figure.facts {
                paths.entry(&docs.sources[*fact].id).or_default().push(figure.path());
            }
        }
        let fit = docs.uncertainty.fit.iter().flat_map(|fit| &fit.targets);
        let named = fit.chain(&docs.uncertainty.headlines).map(String::as_str).collect();
        Self { named, figures: paths }
    }

    /// Paths of the figures that cite a fact of the target, in the order of the facts and of the files.
    pub fn of_target(&self, target: &Target) -> Vec<&str> {
        let mut paths: Vec<&str> = Vec::new();
        for word in target.source().split(|c: char| !c.is_ascii_alphanumeric()) {
            for path in self.figures.get(word).into_iter().flatten() {
                if !paths.contains(&path.as_str()) {
                    paths.push(path);
                }
            }
        }
        paths
    }

    /// Does `uncertainty.ron` name the target, for a fit or to weight draws?
    pub fn is_named(&self, target: &Target) -> bool {
        self.named.contains(target.id.as_str())
    }

    /// Did nobody use the target's number while figures were chosen?
    pub fn is_open(&self, target: &Target) -> bool {
        target.calibrated != Some(true) && !self.is_named(target) && self.of_target(target).is_empty()
    }
}
