//! Tables that replace the functions of `base::draw` in draws made for every host. A table gives the same values as
//! its function.
//!
//! A waiting time or a number of tries is a step function of one uniform draw. The table holds the draws at which
//! the function steps. Bisection finds them by calling the function itself, so that the two cannot round
//! differently.

use crate::base::draw::{Key, exponential_of, geometric_of};

/// Longest table. A function with more steps is called itself.
const STEPS_MAX: u32 = 4_096;
/// Bits of a uniform draw.
const BITS: u32 = 53;
/// First bits of a draw that select the step at which the search starts.
const START_BITS: u32 = 10;

/// The draws at which a step function of a uniform draw steps.
#[derive(Clone, Debug)]
struct Steps {
    /// The least draw (53 bits) at which the value exceeds `1 + index`.
    cuts: Vec<u64>,
    /// First step to compare, by the first bits of the draw.
    starts: Box<[u16; 1 << START_BITS]>,
}

impl Steps {
    /// The table of a function that is at least 1 and never falls; none if the function has more than `STEPS_MAX`
    /// steps.
    fn new(last: u64, value: impl Fn(u64) -> u32) -> Option<Self> {
        let highest = value(last);
        if STEPS_MAX < highest {
            return None;
        }
        let cuts: Vec<u64> = (1..highest).map(|step| cut(last, step, &value)).collect();
        let start = |first: usize| cuts.partition_point(|&cut| cut <= (first as u64) << (BITS - START_BITS)) as u16;
        Some(Self { starts: Box::new(std::array::from_fn(start)), cuts })
    }

    #[inline]
    fn value(&self, draw: u64) -> u32 {
        let mut step: usize = self.starts[(draw >> (BITS - START_BITS)) as usize % (1 << START_BITS)].into();
        while self.cuts.get(step).is_some_and(|&cut| cut <= draw) {
            step += 1;
        }
        step as u32 + 1
    }
}

/// Waiting times with one mean, in whole minutes.
#[derive(Clone, Debug)]
pub struct Waits {
    mean_min: f64,
    steps: Option<Steps>,
    /// The least draw whose waiting time is longer than any run.
    never_from: u64,
}

impl Waits {
    /// Waiting times with a mean, for runs of at most `run_min` minutes.
    pub(super) fn new(mean_min: f64, run_min: u32) -> Self {
        let last = (1 << BITS) - 1;
        let value = |draw: u64| exponential_of(fraction(draw), mean_min);
        Self { mean_min, steps: Steps::new(last, value), never_from: cut(last, run_min, value) }
    }

    /// The value of `Key::exponential_min` if it lies within a run; otherwise some waiting time beyond the run's
    /// end.
    #[inline]
    pub fn draw(&self, key: Key, entity: impl Into<u32>, counter: u32) -> u32 {
        let draw = key.part(entity, counter);
        match &self.steps {
            Some(steps) => steps.value(draw),
            None => self.reckon(draw),
        }
    }

    #[inline(never)]
    fn reckon(&self, draw: u64) -> u32 {
        if self.never_from <= draw { u32::MAX } else { exponential_of(fraction(draw), self.mean_min) }
    }
}

/// The least draw, up to `last`, at which a function that never falls exceeds a value.
fn cut(last: u64, exceeded: u32, value: impl Fn(u64) -> u32) -> u64 {
    let (mut low, mut high) = (0, last + 1);
    while low < high {
        let middle = u64::midpoint(low, high);
        if exceeded < value(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// Numbers of tries until success at one chance, exact up to `tries_max`.
#[derive(Clone, Debug)]
pub struct Tries {
    chance: f64,
    tries_max: u32,
    steps: Option<Steps>,
}

impl Tries {
    pub(super) fn new(chance: f64, tries_max: u32) -> Self {
        let tries = |draw: u64| geometric_of(fraction(draw), chance).min(tries_max.saturating_add(1));
        let steps = (tries_max < STEPS_MAX).then(|| Steps::new((1 << BITS) - 1, tries)).flatten();
        Self { chance, tries_max, steps }
    }

    /// The value of `Key::geometric`; one number above `tries_max` stands for all numbers above it.
    #[inline]
    pub fn draw(&self, key: Key, entity: impl Into<u32>, counter: u32) -> u32 {
        match &self.steps {
            Some(steps) => steps.value(key.part(entity, counter)),
            None => self.draw_scaled(key, entity, counter, 1.0),
        }
    }

    /// The value of `draw` for the chance times a factor, at most 1.
    pub fn draw_scaled(&self, key: Key, entity: impl Into<u32>, counter: u32, factor: f64) -> u32 {
        key.geometric(entity, counter, (self.chance * factor).min(1.0)).min(self.tries_max.saturating_add(1))
    }
}

fn fraction(draw: u64) -> f64 {
    draw as f64 * (1.0 / 9_007_199_254_740_992.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Draw, Stream};

    #[test]
    fn tables_give_the_values_of_the_functions() {
        let key = Draw::new(7).stream(Stream::Receipt);
        const RUN_MIN: u32 = 14_400;
        for mean_min in [0.2, 1.0, 9.5, 60.0, 30_000.0] {
            let waits = Waits::new(mean_min, RUN_MIN);
            for entity in 0..20_000_u32 {
                let (looked_up, computed) = (waits.draw(key, entity, 1), key.exponential_min(entity, 1, mean_min));
                let is_beyond = RUN_MIN < looked_up && RUN_MIN < computed;
                assert!(looked_up == computed || is_beyond, "mean {mean_min}: {looked_up}, not {computed}");
            }
        }
        for (chance, tries_max) in [(0.0, 5), (0.002, 5), (0.15, 6), (0.9, 300), (1.0, 5), (0.3, 10_000)] {
            let tries = Tries::new(chance, tries_max);
            for entity in 0..20_000_u32 {
                let expected = key.geometric(entity, 2, chance).min(tries_max + 1);
                assert_eq!(tries.draw(key, entity, 2), expected, "chance {chance}");
            }
        }
    }
}
