//! Observes one run: takes the samples of the schedule during the run and computes the measures at its end.
//!
//! An observation of an interval keeps only the quantity that the measure needs. A number that does not exist (a
//! share of an empty set, a ratio to 0) is not-a-number; the time of an event that never happens is infinite.

use super::schedule::{Across, FOLD_EVERY_MIN, Fold, Formula, Join, Keeps, Schedule, Values};
use super::statistics::statistic;
use crate::base::Tick;
use crate::scenario::schema::Bound;
use crate::sim::{World, observe};

pub(super) struct Watch<'p> {
    schedule: &'p Schedule,
    /// Number of samples taken so far, in the order of ticks.
    taken: usize,
    values: Vec<f64>,
    /// For each fold one entry for each of its values.
    kept: Vec<Vec<Kept>>,
}

/// The quantity kept for an interval.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    /// Greatest value, least value or sum so far.
    value: f64,
    count: u32,
    /// The tick since which the values are beyond the bound.
    since: Option<Tick>,
    /// The tick from which the values were beyond the bound for long enough.
    passed: Option<Tick>,
}

impl<'p> Watch<'p> {
    pub fn new(schedule: &'p Schedule) -> Self {
        let kept = schedule.folds.iter().map(|fold| vec![Kept::default(); fold.width]).collect();
        Self { schedule, taken: 0, values: vec![f64::NAN; schedule.slots], kept }
    }

    /// The next boundary after `now` at which something is measured; the largest tick if there is none.
    pub fn next(&self, now: Tick) -> Tick {
        let sample = self.schedule.samples_by_tick.get(self.taken).map(|&sample| self.schedule.samples[sample].tick);
        let folds = self.schedule.folds.iter().filter_map(|fold| {
            let minutes = now.plus(1).since(fold.from).next_multiple_of(FOLD_EVERY_MIN);
            Some(fold.from.plus(minutes)).filter(|&tick| tick <= fold.to)
        });
        sample.into_iter().chain(folds).min().unwrap_or(Tick(u32::MAX))
    }

    /// Takes the samples of this boundary. To be called at the first boundary and at each boundary that `next`
    /// returns.
    pub fn observe(&mut self, world: &World) {
        while let Some(&sample) = self.schedule.samples_by_tick.get(self.taken) {
            let sample = self.schedule.samples[sample];
            if world.tick() < sample.tick {
                break;
            }
            let vector = &self.schedule.vectors[sample.vector];
            let slots = &mut self.values[sample.slot..sample.slot + vector.len()];
            slots.iter_mut().zip(vector).for_each(|(slot, observable)| *slot = observe::value(world, observable));
            self.taken += 1;
        }
        for (index, fold) in self.schedule.folds.iter().enumerate() {
            let is_due = fold.from <= world.tick()
                && world.tick() <= fold.to
                && world.tick().since(fold.from).is_multiple_of(FOLD_EVERY_MIN);
            if !is_due || self.kept[index].iter().all(|kept| kept.passed.is_some()) {
                continue;
            }
            // The formula of a fold may need folds before it that are complete.
            let of_formula = match &fold.values {
                Values::Vector(_) => Vec::new(),
                Values::Formula(formula) => self.value(formula, Some(world)),
            };
            for (at, kept) in self.kept[index].iter_mut().enumerate().filter(|(_, kept)| kept.passed.is_none()) {
                let value = match &fold.values {
                    Values::Vector(vector) => observe::value(world, &self.schedule.vectors[*vector][at]),
                    Values::Formula(_) => of_formula[at],
                };
                kept.take(fold.keeps, world.tick(), value);
            }
        }
    }

    /// The values of the measures, in the order of the measures.
    pub fn values(&self) -> Vec<f64> {
        self.schedule.formulas.iter().map(|formula| self.value(formula, None)[0]).collect()
    }

    /// One value, or within an `Across` one value for each member. A formula of a step needs the world of the step.
    fn value(&self, formula: &Formula, world: Option<&World>) -> Vec<f64> {
        match formula {
            Formula::Sample(sample) => self.sampled(*sample).to_vec(),
            Formula::Step(vector) => {
                let world = world.expect("only the formula of a fold has steps");
                self.schedule.vectors[*vector].iter().map(|observable| observe::value(world, observable)).collect()
            }
            Formula::Fold(fold) => {
                let kept = self.kept[*fold].iter();
                kept.map(|kept| kept.result(&self.schedule.folds[*fold])).collect()
            }
            Formula::Number(value, width) => vec![*value; *width],
            Formula::Joined(join, formulas) => {
                let all: Vec<Vec<f64>> = formulas.iter().map(|formula| self.value(formula, world)).collect();
                let of_member = |at: usize| all.iter().map(|values| values[at]).collect::<Vec<f64>>();
                (0..all[0].len()).map(|at| join.of_values(&of_member(at))).collect()
            }
            Formula::Across(across) => vec![self.across(across, world)],
        }
    }

    fn sampled(&self, sample: usize) -> &[f64] {
        let sample = &self.schedule.samples[sample];
        &self.values[sample.slot..sample.slot + self.schedule.vectors[sample.vector].len()]
    }

    fn across(&self, across: &Across, world: Option<&World>) -> f64 {
        let mut pairs: Vec<(f64, f64)> =
            self.value(&across.formula, world).into_iter().zip(across.weights.iter().copied()).collect();
        if let Some((formula, bound)) = &across.only {
            for ((_, weight), value) in pairs.iter_mut().zip(self.value(formula, world)) {
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
            // A bound that stays passed to the end of the run counts as passed for good.
            Keeps::Passing(..) => {
                let passed = self.passed.or(self.since);
                passed.map_or(f64::INFINITY, |passed| f64::from(passed.since(fold.from)) / 60.0)
            }
        }
    }
}

impl Join {
    fn of_values(self, values: &[f64]) -> f64 {
        match self {
            Join::Sum => values.iter().sum(),
            Join::Difference => values[0] - values[1],
            Join::Product => values.iter().product(),
            Join::Ratio => ratio(values[0], values[1]),
            Join::Max => {
                values.iter().copied().reduce(|one, other| known(one, other, one.max(other))).unwrap_or(f64::NAN)
            }
            Join::Min => {
                values.iter().copied().reduce(|one, other| known(one, other, one.min(other))).unwrap_or(f64::NAN)
            }
            Join::Descending => {
                let falls = values.windows(2).all(|pair| pair[1] < pair[0]);
                if falls { 1.0 } else { 0.0 }
            }
            Join::Rate(hours) => (values[1] - values[0]) / hours,
            Join::Decay(hours) => decay(values[0], values[1], hours),
            Join::HalfLife(hours) => half_life(values[0], values[1], hours),
        }
    }
}

/// A number that exists only if both of its parts do.
fn known(one: f64, other: f64, joined: f64) -> f64 {
    if one.is_nan() || other.is_nan() { f64::NAN } else { joined }
}

/// The share of the rest that goes in an hour; none if there was nothing, or nothing is left.
fn decay(from: f64, to: f64, hours: f64) -> f64 {
    if from <= 0.0 || to <= 0.0 { f64::NAN } else { libm::log(from / to) / hours }
}

/// Hours in which the half goes: 0 if nothing is left, never if it does not fall, none if there was nothing.
fn half_life(from: f64, to: f64, hours: f64) -> f64 {
    if from <= 0.0 {
        f64::NAN
    } else if to <= 0.0 {
        0.0
    } else if from <= to {
        f64::INFINITY
    } else {
        std::f64::consts::LN_2 * hours / libm::log(from / to)
    }
}

fn ratio(one: f64, other: f64) -> f64 {
    if other == 0.0 { f64::NAN } else { one / other }
}
