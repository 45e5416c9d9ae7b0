//! The method of Morris: one factor at a time is moved, from several starting points, so that few runs
//! rank many parameters. Works on numbers between 0 and 1 and must not know scenarios.
//!
//! M. D. Morris, "Factorial sampling plans for preliminary computational experiments", Technometrics
//! 33 (1991); the mean of absolute effects is that of F. Campolongo, J. Cariboni, A. Saltelli, "An
//! effective screening design for sensitivity analysis of large models", Environmental Modelling &
//! Software 22 (2007).

use crate::base::draw::Key;

/// Number of levels of the grid, an even number.
const LEVELS: u32 = 4;
/// The step of one factor, as a share of its whole range.
const STEP: f64 = LEVELS as f64 / (2.0 * (LEVELS - 1) as f64);

/// One trajectory through the grid: one point more than there are factors. Each point differs from the
/// point before it in one factor, by `STEP`.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// The first point, each value in 0..=1.
    pub base: Vec<f64>,
    /// The factors in the order in which they are moved, each with its change.
    pub moves: Vec<(usize, f64)>,
}

impl Trajectory {
    /// Draws a trajectory through a number of factors; each `number` gives another trajectory.
    pub fn draw(key: Key, number: u32, factors: usize) -> Self {
        let mut counter = 0;
        let mut uniform = || {
            counter += 1;
            key.uniform(number, counter)
        };
        // From the lower half of the grid a step up stays on it, from the upper half a step down.
        let lower = LEVELS / 2;
        let mut start = || f64::from((uniform() * f64::from(lower)) as u32) / f64::from(LEVELS - 1);
        let lows: Vec<f64> = (0..factors).map(|_| start()).collect();
        let ups: Vec<bool> = (0..factors).map(|_| uniform() < 0.5).collect();
        let mut order: Vec<usize> = (0..factors).collect();
        for last in (1..factors).rev() {
            order.swap(last, (uniform() * (last + 1) as f64) as usize);
        }
        let base = lows.iter().zip(&ups).map(|(low, &is_up)| if is_up { *low } else { low + STEP }).collect();
        let moves = order.into_iter().map(|factor| (factor, if ups[factor] { STEP } else { -STEP })).collect();
        Self { base, moves }
    }

    /// All points, in order.
    pub fn points(&self) -> Vec<Vec<f64>> {
        let mut points = vec![self.base.clone()];
        for &(factor, change) in &self.moves {
            let mut next = points[points.len() - 1].clone();
            next[factor] += change;
            points.push(next);
        }
        points
    }

    /// The effect of each factor over its whole range, from the values at the points.
    pub fn effects(&self, values: &[f64]) -> Vec<f64> {
        let mut effects = vec![0.0; self.moves.len()];
        for (step, &(factor, change)) in self.moves.iter().enumerate() {
            effects[factor] = (values[step + 1] - values[step]) / change;
        }
        effects
    }
}

/// The effect of one factor over all trajectories, in the unit of the measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Mean of the absolute effects: the importance of the factor.
    pub absolute: f64,
    /// Mean of the effects: the direction in which the factor moves the measure.
    pub mean: f64,
    /// Standard deviation of the effects: large where the effect depends on other factors or is not linear.
    pub deviation: f64,
}

impl Effect {
    /// The summary of the effects on each trajectory.
    pub fn from_trajectories(effects: &[f64]) -> Self {
        let count = effects.len().max(1) as f64;
        let mean = effects.iter().sum::<f64>() / count;
        let absolute = effects.iter().map(|effect| effect.abs()).sum::<f64>() / count;
        let squares = effects.iter().map(|effect| (effect - mean) * (effect - mean)).sum::<f64>();
        let deviation = if effects.len() < 2 { 0.0 } else { (squares / (count - 1.0)).sqrt() };
        Self { absolute, mean, deviation }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Draw, Stream};

    fn screened(factors: usize, trajectories: u32, function: impl Fn(&[f64]) -> f64) -> Vec<Effect> {
        let key = Draw::new(7).stream(Stream::Screening);
        let mut effects = vec![Vec::new(); factors];
        for number in 0..trajectories {
            let trajectory = Trajectory::draw(key, number, factors);
            let values: Vec<f64> = trajectory.points().iter().map(|point| function(point)).collect();
            for (factor, effect) in trajectory.effects(&values).into_iter().enumerate() {
                effects[factor].push(effect);
            }
        }
        effects.iter().map(|effects| Effect::from_trajectories(effects)).collect()
    }

    #[test]
    fn every_point_lies_on_the_grid_and_every_factor_moves_once() {
        let key = Draw::new(3).stream(Stream::Screening);
        for number in 0..50 {
            let trajectory = Trajectory::draw(key, number, 9);
            let mut moved: Vec<usize> = trajectory.moves.iter().map(|(factor, _)| *factor).collect();
            moved.sort_unstable();
            assert_eq!(moved, (0..9).collect::<Vec<_>>());
            for value in trajectory.points().into_iter().flatten() {
                let level = value * 3.0;
                assert!((level - level.round()).abs() < 1e-9 && (-1e-9..=3.0 + 1e-9).contains(&level), "{value}");
            }
        }
    }

    #[test]
    fn linear_functions_give_their_slopes() {
        let effects = screened(3, 10, |x| 4.0 * x[0] - 2.0 * x[1]);
        for (effect, slope) in effects.iter().zip([4.0, -2.0, 0.0]) {
            assert!((effect.mean - slope).abs() < 1e-9 && effect.deviation < 1e-9, "{effect:?}, {slope}");
            assert!((effect.absolute - slope.abs()) < 1e-9);
        }
    }

    #[test]
    fn factors_that_work_together_show_a_deviation() {
        let effects = screened(3, 60, |x| x[0] * x[1] + 0.1 * x[2]);
        assert!(0.2 < effects[0].deviation && 0.2 < effects[1].deviation, "{effects:?}");
        assert!(effects[2].deviation < 1e-9 && effects[2].absolute < effects[0].absolute);
        // A function that falls and rises has a mean effect near 0, and its absolute effect shows that it matters.
        let bent = screened(1, 200, |x| (x[0] - 0.5) * (x[0] - 0.5));
        assert!(bent[0].mean.abs() < 0.1 && 0.1 < bent[0].absolute, "{bent:?}");
    }
}
