//! K-fold over organisations: fits with the targets of some organisations left out, scored on these.
//!
//! Organisations are dealt into folds in an order keyed by the seed. A target that names several organisations is left
//! out with any of them, and it is scored once, with the first. A target of no organisation in particular (everything, a
//! sector) is in every fit.

use std::collections::BTreeSet;

use super::{Plan, loss, rows};
use crate::base::DigestWriter;
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::schema::Target;
use crate::scenario::subjects::subjects;
use crate::study::Progress;
use crate::study::hindcast::Hindcast;

/// A fit without some organisations.
#[derive(Clone, Debug, PartialEq)]
pub struct Fold {
    /// Ids of the organisations and populations left out.
    pub left_out: Vec<String>,
    /// Place of each free group.
    pub places: Vec<f64>,
    /// Targets of the fit.
    pub used: Score,
    /// Targets of the organisations left out.
    pub unused: Score,
}

/// The agreement with some targets, with the written and with the fitted figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    pub targets: usize,
    pub hits: (usize, usize),
    /// Mean loss of the targets.
    pub loss: (f64, f64),
}

impl Score {
    fn new(ids: &BTreeSet<&str>, before: &Hindcast, after: &Hindcast) -> Self {
        let hits = |found: &Hindcast| rows(found, ids).filter(|row| row.is_hit).count();
        let loss = |found: &Hindcast| loss::mean_loss(rows(found, ids));
        Self { targets: ids.len(), hits: (hits(before), hits(after)), loss: (loss(before), loss(after)) }
    }

    /// The score of several folds together.
    pub fn sum(scores: impl IntoIterator<Item = Score>) -> Self {
        let mut sum = Self { targets: 0, hits: (0, 0), loss: (0.0, 0.0) };
        for score in scores {
            let weight = score.targets as f64;
            sum.targets += score.targets;
            sum.hits = (sum.hits.0 + score.hits.0, sum.hits.1 + score.hits.1);
            sum.loss = (sum.loss.0 + weight * score.loss.0, sum.loss.1 + weight * score.loss.1);
        }
        let all = sum.targets.max(1) as f64;
        Self { loss: (sum.loss.0 / all, sum.loss.1 / all), ..sum }
    }
}

impl Plan {
    /// Reports that there are too few organisations for the folds.
    pub(super) fn check_folds(&self) -> Result<(), Diagnostics> {
        let count = self.organisations().len() as u64;
        if count < self.options.folds {
            let message = format!("{} folds need as many organisations, and targets name {count}", self.options.folds);
            let help = "ask for fewer folds, or mark targets of more organisations for fitting";
            return Err(Diagnostic::about("uncertainty.ron", message).help(help).into());
        }
        Ok(())
    }

    /// The fits with organisations left out.
    pub(super) fn folds(&self, progress: Progress<'_>) -> Vec<Fold> {
        let before = self.rows_at(&vec![0.5; self.groups.list.len()], &self.targets, progress);
        let dealt = self.organisations();
        let fold = |number: u64| {
            let left_out: BTreeSet<&str> = dealt
                .iter()
                .zip((0..self.options.folds).cycle())
                .filter(|(_, fold)| *fold == number)
                .map(|(organisation, _)| organisation.as_str())
                .collect();
            self.fold(&left_out, &before, progress)
        };
        (0..self.options.folds).map(fold).collect()
    }

    fn fold(&self, left_out: &BTreeSet<&str>, before: &Hindcast, progress: Progress<'_>) -> Fold {
        let names = |target: &Target| subjects(&target.measure);
        let is_used = |target: &&Target| names(target).iter().all(|name| !left_out.contains(name.as_str()));
        let is_scored = |target: &&Target| names(target).first().is_some_and(|name| left_out.contains(name.as_str()));
        let id = |target: &'_ Target| -> String { target.id.clone() };
        let used: Vec<String> = self.targets.iter().filter(is_used).map(id).collect();
        let unused: Vec<String> = self.targets.iter().filter(is_scored).map(id).collect();
        let [used, unused] = [&used, &unused].map(|ids| ids.iter().map(String::as_str).collect::<BTreeSet<&str>>());
        let best = self.fit(&used, progress);
        let after = self.rows_at(&best.places, &self.targets, progress);
        Fold {
            left_out: left_out.iter().map(|&id| id.to_owned()).collect(),
            places: best.places,
            used: Score::new(&used, before, &after),
            unused: Score::new(&unused, before, &after),
        }
    }

    /// The organisations and populations that targets for fitting name, in an order keyed by the seed.
    fn organisations(&self) -> Vec<String> {
        let named: BTreeSet<String> = self.targets.iter().flat_map(|target| subjects(&target.measure)).collect();
        let mut dealt: Vec<String> = named.into_iter().collect();
        dealt.sort_by_cached_key(|id| {
            let mut writer = DigestWriter::default();
            writer.word(self.options.search.seed);
            writer.text(id);
            writer.finish().0
        });
        dealt
    }
}
