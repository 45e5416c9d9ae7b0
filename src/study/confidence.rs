//! Confidence beside what came of it: a person's confidence in an order is a forecast of the event that the order helps.
//!
//! **The event**: the worth of the order is above zero, in the median of the seeds on which it was measured.
//!
//! The Brier score is the mean squared distance of forecasts (as shares) from events (0 or 1). The curve of reliability has
//! for each stated confidence the share of orders that helped, made to rise by pooling adjacent violators (PAV), so that
//! nobody chooses bins. With that curve the score divides into three parts (CORP: T. Dimitriadis, T. Gneiting,
//! A. I. Jordan, PNAS 118, 2021): reliability is the score less that of the curve's shares, resolution the score of the mean
//! share less that of the curve's shares, uncertainty the score of the mean share; score = reliability − resolution +
//! uncertainty.
//!
//! **The band**: forecasts that come true exactly as often as they say also have curves beside the diagonal. The band has
//! nine of ten of these curves at each confidence, from 1,000 draws of the events.
//!
//! Must not know runs. Invariant: scores are whole millionths, so that the parts add up exactly, and equal forecasts in any
//! order give equal results.

use super::percentiles;
use crate::base::Draw;
use crate::base::draw::Stream;

/// Fewest forecasts that have a curve.
pub const FORECASTS_MIN: usize = 5;
/// Draws of events for the band.
const DRAWS: u32 = 1000;
const SEED: u64 = 1;
const MILLION: f64 = 1e6;

/// A person's confidence in an order, and what came of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Forecast {
    /// 0..=100
    pub sure_pct: u8,
    pub has_helped: bool,
}

/// Forecasts of one person and how they came true.
#[derive(Clone, Debug, PartialEq)]
pub struct Confidence {
    pub forecasts: usize,
    /// Mean confidence, and share of orders that helped, 0..=1.
    pub sure: f64,
    pub helped: f64,
    pub habit: Habit,
    /// In millionths: 0 is best; 250,000 is always saying 50 %.
    pub brier: Brier,
    /// By confidence, rising; empty with fewer than `FORECASTS_MIN` forecasts.
    pub curve: Vec<Level>,
}

/// Is the mean confidence farther from the share of orders that helped than chance would have it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Too few forecasts to tell.
    Unknown,
    TooSure,
    TooUnsure,
    Fits,
}

impl Habit {
    /// The habit as the end of a sentence about mean confidence and share of orders that helped.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unknown => "too few orders to tell confidence from chance",
            Self::TooSure => "too sure, by more than chance explains",
            Self::TooUnsure => "too unsure, by more than chance explains",
            Self::Fits => "a difference that chance explains",
        }
    }
}

/// The Brier score and its parts, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brier {
    pub score: i64,
    /// Distance of the forecasts from the shares that came true; less is better.
    pub reliability: i64,
    /// How far the forecasts tell orders that help from others; more is better.
    pub resolution: i64,
    /// The score of somebody who always states the mean share.
    pub uncertainty: i64,
}

/// A stated confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    pub sure_pct: u8,
    /// Forecasts with this confidence, and those that came true.
    pub count: usize,
    pub helped: usize,
    /// The curve: share of orders that helped, pooled so that it rises, 0..=1.
    pub share: f64,
    /// The band of curves of forecasts that come true as often as they say, 0..=1.
    pub low: f64,
    pub high: f64,
}

impl Level {
    /// Does the curve lie within the band?
    pub fn is_within(&self) -> bool {
        self.low <= self.share && self.share <= self.high
    }
}

/// A part of a Brier score in millionths as a share: `0.0625`.
pub fn fraction(millionths: i64) -> f64 {
    millionths as f64 / MILLION
}

/// Forecasts beside what came of them; none without a forecast.
pub fn confidence(forecasts: &[Forecast]) -> Option<Confidence> {
    let mut sorted = forecasts.to_vec();
    sorted.sort_unstable();
    let count = sorted.len();
    if count == 0 {
        return None;
    }
    let sure = sorted.iter().map(|forecast| f64::from(forecast.sure_pct)).sum::<f64>() / (100.0 * count as f64);
    let events: Vec<bool> = sorted.iter().map(|forecast| forecast.has_helped).collect();
    let helped = share(&events);
    let groups = groups(&sorted);
    let shares = rising(&groups, &events);
    let brier = brier(&sorted, &groups, &shares, helped);
    let mut found = Confidence { forecasts: count, sure, helped, habit: Habit::Unknown, brier, curve: Vec::new() };
    if FORECASTS_MIN <= count {
        let (bands, mean) = drawn(&sorted, &groups);
        found.habit = habit(helped, mean);
        for ((&(from, to), &share), [low, _, high]) in groups.iter().zip(&shares).zip(bands) {
            let helped = events[from..to].iter().filter(|event| **event).count();
            found.curve.push(Level { sure_pct: sorted[from].sure_pct, count: to - from, helped, share, low, high });
        }
    }
    Some(found)
}

/// The habit behind a share of orders that helped, beside the percentiles of that share by chance.
fn habit(helped: f64, [low, _, high]: [f64; 3]) -> Habit {
    match helped {
        helped if helped < low => Habit::TooSure,
        helped if high < helped => Habit::TooUnsure,
        _ => Habit::Fits,
    }
}

/// Ranges of forecasts with equal confidence.
fn groups(sorted: &[Forecast]) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (index, forecast) in sorted.iter().enumerate() {
        match groups.last_mut() {
            Some((from, to)) if sorted[*from].sure_pct == forecast.sure_pct => *to = index + 1,
            _ => groups.push((index, index + 1)),
        }
    }
    groups
}

fn share(events: &[bool]) -> f64 {
    events.iter().filter(|event| **event).count() as f64 / events.len() as f64
}

/// The rising curve that is nearest to the events, by group: neighbours whose shares fall are pooled.
fn rising(groups: &[(usize, usize)], events: &[bool]) -> Vec<f64> {
    // Of each pool: events that came true, all events, groups.
    let mut pools: Vec<(usize, usize, usize)> = Vec::new();
    for &(from, to) in groups {
        let mut pool = (events[from..to].iter().filter(|event| **event).count(), to - from, 1);
        // Cross products compare shares without rounding.
        while let Some(before) = pools.pop_if(|before| pool.0 * before.1 <= before.0 * pool.1) {
            pool = (pool.0 + before.0, pool.1 + before.1, pool.2 + before.2);
        }
        pools.push(pool);
    }
    let share =
        |&(helped, all, groups): &(usize, usize, usize)| std::iter::repeat_n(helped as f64 / all as f64, groups);
    pools.iter().flat_map(share).collect()
}

fn brier(sorted: &[Forecast], groups: &[(usize, usize)], shares: &[f64], helped: f64) -> Brier {
    let score = |stated: &dyn Fn(usize, usize) -> f64| {
        let mut sum = 0.0;
        for (group, &(from, to)) in groups.iter().enumerate() {
            for (index, forecast) in sorted.iter().enumerate().take(to).skip(from) {
                let distance = stated(group, index) - f64::from(u8::from(forecast.has_helped));
                sum += distance * distance;
            }
        }
        (MILLION * sum / sorted.len() as f64).round() as i64
    };
    let stated = score(&|_, index| f64::from(sorted[index].sure_pct) / 100.0);
    let (of_curve, of_mean) = (score(&|group, _| shares[group]), score(&|_, _| helped));
    Brier { score: stated, reliability: stated - of_curve, resolution: of_mean - of_curve, uncertainty: of_mean }
}

/// Percentiles of the curve at each group and of the share of all events, if each forecast comes true as often as it says.
fn drawn(sorted: &[Forecast], groups: &[(usize, usize)]) -> (Vec<[f64; 3]>, [f64; 3]) {
    let key = Draw::new(SEED).stream(Stream::Outcomes);
    let mut curves: Vec<Vec<f64>> = vec![Vec::new(); groups.len()];
    let mut means = Vec::new();
    for draw in 0..DRAWS {
        let event = |(index, forecast): (usize, &Forecast)| {
            key.happens(draw, index as u32, f64::from(forecast.sure_pct) / 100.0)
        };
        let events: Vec<bool> = sorted.iter().enumerate().map(event).collect();
        means.push(share(&events));
        for (curve, share) in curves.iter_mut().zip(rising(groups, &events)) {
            curve.push(share);
        }
    }
    (curves.iter().map(|curve| percentiles(curve)).collect(), percentiles(&means))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forecasts from pairs: confidence, orders, orders that helped.
    fn forecasts(groups: &[(u8, usize, usize)]) -> Vec<Forecast> {
        let of_group = |&(sure_pct, count, helped): &(u8, usize, usize)| {
            (0..count).map(move |index| Forecast { sure_pct, has_helped: index < helped })
        };
        groups.iter().flat_map(of_group).collect()
    }

    fn judged(groups: &[(u8, usize, usize)]) -> Confidence {
        confidence(&forecasts(groups)).expect("there are forecasts")
    }

    #[test]
    fn scores_are_those_of_closed_forms() {
        let check = |groups: &[(u8, usize, usize)], score: i64, [reliability, resolution, uncertainty]: [i64; 3]| {
            assert_eq!(judged(groups).brier, Brier { score, reliability, resolution, uncertainty }, "{groups:?}");
        };
        // Somebody who knows: nothing is left but what the events leave open, and the forecasts resolve all of it.
        check(&[(0, 5, 0), (100, 5, 5)], 0, [0, 250_000, 250_000]);
        check(&[(50, 10, 5)], 250_000, [0, 0, 250_000]);
        check(&[(100, 4, 0)], 1_000_000, [1_000_000, 0, 0]);
        // The other way round: the rising curve is flat.
        check(&[(0, 5, 5), (100, 5, 0)], 1_000_000, [750_000, 0, 250_000]);
        check(&[(80, 1, 1)], 40_000, [40_000, 0, 0]);
        // 80 % came true half the time: (0.2² + 0.8²) ÷ 2, of which 0.3² is a lack of reliability.
        check(&[(80, 10, 5)], 340_000, [90_000, 0, 250_000]);
    }

    /// Goal: the parts add up for any forecasts, to the last digit. Method: forecasts and events drawn by key.
    #[test]
    fn parts_add_up_exactly() {
        let key = Draw::new(7).stream(Stream::Outcomes);
        for set in 0..200_u32 {
            let count = 1 + key.bits(set, 0) % 60;
            let forecast = |index: u64| {
                let bits = key.bits(set, 1 + index as u32);
                Forecast { sure_pct: (bits % 101) as u8, has_helped: bits >> 32 & 1 == 1 }
            };
            let found: Vec<Forecast> = (0..count).map(forecast).collect();
            let Confidence { brier, curve, .. } = confidence(&found).expect("there are forecasts");
            assert_eq!(brier.score, brier.reliability - brier.resolution + brier.uncertainty, "set {set}");
            assert!(0 <= brier.reliability && 0 <= brier.resolution && 0 <= brier.uncertainty, "set {set}: {brier:?}");
            assert!(curve.is_sorted_by(|one, other| one.share <= other.share), "set {set}: {curve:?}");
            let reversed: Vec<Forecast> = found.iter().rev().copied().collect();
            assert_eq!(confidence(&reversed), confidence(&found), "the order of forecasts changes nothing");
        }
    }

    #[test]
    fn somebody_who_is_right_as_often_as_said_lies_inside_the_band() {
        let found = judged(&[(10, 20, 2), (30, 20, 6), (50, 20, 10), (70, 20, 14), (90, 20, 18)]);
        assert_eq!(found.curve.len(), 5);
        for level in &found.curve {
            assert!(level.is_within() && level.low < level.high, "{level:?}");
            assert_eq!(level.share, f64::from(level.sure_pct) / 100.0);
        }
        assert_eq!((found.habit, found.brier.reliability), (Habit::Fits, 0));
    }

    #[test]
    fn habits_are_told_from_chance() {
        let check = |groups: &[(u8, usize, usize)], habit: Habit, is_within: bool| {
            let found = judged(groups);
            assert_eq!(found.habit, habit, "{groups:?}");
            assert_eq!(found.curve.iter().all(Level::is_within), is_within, "{:?}", found.curve);
        };
        check(&[(90, 20, 8)], Habit::TooSure, false);
        check(&[(20, 20, 16)], Habit::TooUnsure, false);
        check(&[(80, 5, 3)], Habit::Fits, true);
        // Sure of what fails and unsure of what helps: the mean fits, the curve does not.
        check(&[(10, 20, 18), (90, 20, 2)], Habit::Fits, false);
    }

    #[test]
    fn few_forecasts_have_a_score_and_no_curve() {
        assert_eq!(confidence(&[]), None);
        for count in 1..FORECASTS_MIN {
            let found = judged(&[(60, count, 1)]);
            assert!(found.curve.is_empty() && found.habit == Habit::Unknown, "{count}");
            assert_eq!((found.forecasts, found.sure), (count, 0.6));
        }
        assert_eq!(judged(&[(60, FORECASTS_MIN, 1)]).curve.len(), 1);
    }
}
