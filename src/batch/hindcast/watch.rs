//! One run under observation: takes what the plan asks as the run goes by, and reckons the measures.
//!
//! Keeps no more of an interval than its measure needs. A number that there is not (a share of
//! nobody, a ratio to nothing) is not-a-number; what never comes about is infinite.

use super::plan::{Across, FOLD_EVERY_MIN, Fold, Formula, Keeps, Plan};
use super::statistics::statistic;
use crate::base::Tick;
use crate::scenario::schema::Bound;
use crate::sim::{World, observe};

pub(super) struct Watch<'p> {
    plan: &'p Plan,
    /// Samples taken so far, in the order of ticks.
    taken: usize,
    values: Vec<f64>,
    /// By fold: one for each observable of its block.
    kept: Vec<Vec<Kept>>,
}

/// What is kept of an interval.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    /// Greatest, least or sum so far.
    value: f64,
    count: u32,
    /// Since when the bound is passed.
    since: Option<Tick>,
    /// When it was passed to stay.
    passed: Option<Tick>,
}

impl<'p> Watch<'p> {
    pub fn new(plan: &'p Plan) -> Self {
        let kept = plan.folds.iter().map(|fold| vec![Kept::default(); plan.blocks[fold.block].len()]).collect();
        Self { plan, taken: 0, values: vec![f64::NAN; plan.slots], kept }
    }

    /// The first boundary after one at which something is asked; the end of time if nothing is.
    pub fn next(&self, now: Tick) -> Tick {
        let sample = self.plan.samples_by_tick.get(self.taken).map(|&sample| self.plan.samples[sample].tick);
        let folds = self.plan.folds.iter().filter_map(|fold| {
            let looks = now.plus(1).since(fold.from).next_multiple_of(FOLD_EVERY_MIN);
            Some(fold.from.plus(looks)).filter(|&at| at <= fold.to)
        });
        sample.into_iter().chain(folds).min().unwrap_or(Tick(u32::MAX))
    }

    /// Takes what is asked at this boundary; call it at the first and at every one that `next` names.
    pub fn observe(&mut self, world: &World) {
        while let Some(&sample) = self.plan.samples_by_tick.get(self.taken) {
            let sample = self.plan.samples[sample];
            if world.tick < sample.tick {
                break;
            }
            let block = &self.plan.blocks[sample.block];
            let slots = &mut self.values[sample.slot..sample.slot + block.len()];
            slots.iter_mut().zip(block).for_each(|(slot, observable)| *slot = observe::value(world, observable));
            self.taken += 1;
        }
        for (fold, kept) in self.plan.folds.iter().zip(&mut self.kept) {
            let is_due = fold.from <= world.tick
                && world.tick <= fold.to
                && world.tick.since(fold.from).is_multiple_of(FOLD_EVERY_MIN);
            if is_due {
                let block = &self.plan.blocks[fold.block];
                let open = kept.iter_mut().zip(block).filter(|(kept, _)| kept.passed.is_none());
                open.for_each(|(kept, observable)| {
                    kept.take(fold.keeps, world.tick, observe::value(world, observable))
                });
            }
        }
    }

    /// The measures, in their order.
    pub fn values(&self) -> Vec<f64> {
        self.plan.formulas.iter().map(|formula| self.value(formula)[0]).collect()
    }

    /// One value, or one for each organisation.
    fn value(&self, formula: &Formula) -> Vec<f64> {
        match formula {
            Formula::Sample(sample) => self.sampled(*sample).to_vec(),
            Formula::Difference(one, other) => {
                self.sampled(*one).iter().zip(self.sampled(*other)).map(|(one, other)| one - other).collect()
            }
            Formula::Fold(fold) => {
                let of = &self.plan.folds[*fold];
                self.kept[*fold].iter().map(|kept| kept.result(of)).collect()
            }
            Formula::Ratio(one, other) => {
                self.value(one).into_iter().zip(self.value(other)).map(|(one, other)| ratio(one, other)).collect()
            }
            Formula::Descending(formulas) => {
                let all: Vec<Vec<f64>> = formulas.iter().map(|formula| self.value(formula)).collect();
                let falls = |at: usize| all.windows(2).all(|pair| pair[1][at] < pair[0][at]);
                (0..all[0].len()).map(|at| if falls(at) { 1.0 } else { 0.0 }).collect()
            }
            Formula::Across(across) => vec![self.across(across)],
        }
    }

    fn sampled(&self, sample: usize) -> &[f64] {
        let sample = &self.plan.samples[sample];
        &self.values[sample.slot..sample.slot + self.plan.blocks[sample.block].len()]
    }

    fn across(&self, across: &Across) -> f64 {
        let mut pairs: Vec<(f64, f64)> =
            self.value(&across.of).into_iter().zip(across.weights.iter().copied()).collect();
        if let Some((formula, bound)) = &across.only {
            for ((_, weight), value) in pairs.iter_mut().zip(self.value(formula)) {
                let is_kept = match *bound {
                    Bound::Above(least) => least < value,
                    Bound::Below(greatest) => value < greatest,
                };
                if !is_kept {
                    *weight = 0.0;
                }
            }
        }
        pairs.retain(|&(_, weight)| 0.0 < weight);
        statistic(across.statistic, &mut pairs)
    }
}

impl Kept {
    fn take(&mut self, keeps: Keeps, tick: Tick, value: f64) {
        let is_first = self.count == 0;
        self.count += 1;
        match keeps {
            Keeps::Mean => self.value += value,
            _ if is_first && !matches!(keeps, Keeps::Passing(..)) => self.value = value,
            Keeps::Greatest => self.value = self.value.max(value),
            Keeps::Least => self.value = self.value.min(value),
            Keeps::Passing(bound, held_min) => {
                let is_past = match bound {
                    Bound::Above(least) => least <= value,
                    Bound::Below(greatest) => value <= greatest,
                };
                self.since = if is_past { self.since.or(Some(tick)) } else { None };
                self.passed = self.since.filter(|since| held_min <= tick.since(*since));
            }
        }
    }

    fn result(&self, fold: &Fold) -> f64 {
        match fold.keeps {
            Keeps::Greatest | Keeps::Least => self.value,
            Keeps::Mean => self.value / f64::from(self.count),
            // What holds to the end holds.
            Keeps::Passing(..) => {
                let passed = self.passed.or(self.since);
                passed.map_or(f64::INFINITY, |passed| f64::from(passed.since(fold.from)) / 60.0)
            }
        }
    }
}

fn ratio(one: f64, other: f64) -> f64 {
    if other == 0.0 { f64::NAN } else { one / other }
}
