//! Joint effects of decisions: the whole, its Shapley values, and pairs that need each other or stand in for each other.
//!
//! Invariant: the Shapley values add up to the whole, to the thousandth of a point.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::effect::{Band, Effect, Outcome, points};
use super::play::SeedPlay;
use super::watch::{Cancelled, Watch};
use crate::base::draw::{Draw, Stream};

/// Most decisions with a Shapley value of their own; all others have one together.
pub const PLAYERS_MAX: usize = 12;
/// A pair is named if its joint effect differs from the sum of both effects by more than this, in points.
pub const PAIR_POINTS: f64 = 1.0;
const PAIR_MILLI: i64 = 1000;
/// Most pairs that are measured on all seeds.
pub(super) const PAIRS_MAX: usize = 6;
/// Least number of permutations over all seeds.
const PERMUTATIONS_MIN: u64 = 32;

/// The points of the whole that belong to a decision, as the mean over permutations and seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The decision by position; none for all decisions that have no value of their own.
    pub decision: Option<usize>,
    pub points: f64,
}

/// Two decisions whose joint effect is not the sum of both effects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    pub one: usize,
    pub other: usize,
    /// Points lost if both are left out.
    pub both: Band,
    /// Points of `both` less the points lost if each is left out alone. Negative: one is worth little without the
    /// other, they need each other. Positive: one stands in for the other.
    pub surplus: Band,
}

/// The joint effects of all decisions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joint {
    /// Outcome with all decisions less outcome without any.
    pub whole: Effect,
    /// Sum of the worths of all decisions, in points; over the run's own seed alone if some decisions were measured on
    /// it alone.
    pub sum: Band,
    /// The largest parts by their size on the run's own seed first, the part of all others last.
    pub parts: Vec<Part>,
    /// Sum of the parts: the mean of the whole over the seeds, in points.
    pub parts_sum: f64,
    /// Permutations over all seeds.
    pub permutations: u64,
    /// Decisions without a part of their own, by position.
    pub without_part: Vec<usize>,
    pub pairs: Vec<Pair>,
}

/// Decisions that are left out together: the most important ones each alone, then all others as one.
#[derive(Clone, Debug)]
pub(super) struct Players {
    groups: Vec<Vec<usize>>,
    /// Number of groups with a decision of its own.
    singles: usize,
}

impl Players {
    /// Groups by the worths of decisions on the run's own seed.
    pub fn new(worths_milli: &[i64]) -> Self {
        let mut order: Vec<usize> = (0..worths_milli.len()).collect();
        order.sort_by_key(|&decision| std::cmp::Reverse(worths_milli[decision].abs()));
        let mut others = order.split_off(order.len().min(PLAYERS_MAX));
        others.sort_unstable();
        let singles = order.len();
        let groups = order.into_iter().map(|decision| vec![decision]);
        let others = Some(others).filter(|others| !others.is_empty());
        Self { groups: groups.chain(others).collect(), singles }
    }

    /// Pairs of decisions that are left out alone.
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let singles: Vec<usize> = self.groups[..self.singles].iter().map(|group| group[0]).collect();
        let pair = |(at, &one): (usize, &usize)| singles[at + 1..].iter().map(move |&other| (one, other));
        singles.iter().enumerate().flat_map(|(at, one)| pair((at, one)).collect::<Vec<_>>()).collect()
    }

    fn without_part(&self) -> Vec<usize> {
        self.groups[self.singles..].concat()
    }
}

/// Permutations of each seed: an even number where there are several, because each is used backwards too. With many seeds,
/// the next seed uses it backwards.
pub(super) fn permutations_of_seed(seeds: u64) -> u64 {
    if PERMUTATIONS_MIN <= seeds { 1 } else { 2 * PERMUTATIONS_MIN.div_ceil(2 * seeds.max(1)) }
}

/// Steps of `Watch` for each seed.
pub(super) fn steps(seeds: u64) -> u64 {
    permutations_of_seed(seeds)
}

/// The permutation with a number. Each odd one is the one before it backwards, which cancels a part of the error.
fn permutation(players: usize, number: u64) -> Vec<usize> {
    let key = Draw::new(number / 2).stream(Stream::LeavingOut);
    let mut order: Vec<usize> = (0..players).collect();
    for last in (1..players).rev() {
        let other = key.bits(last as u32, 0) % (last as u64 + 1);
        order.swap(last, other as usize);
    }
    if number % 2 == 1 {
        order.reverse();
    }
    order
}

/// The points of each player, in thousandths: for each permutation, the points lost when the player is left out after
/// all before it have been left out. Their sum is the whole times the number of permutations.
///
/// # Errors
/// The caller wants to stop.
pub(super) fn contributions(
    play: &SeedPlay,
    players: &Players,
    whole_left_out: i64,
    numbers: Range<u64>,
    watch: &Watch,
) -> Result<Vec<i64>, Cancelled> {
    let count = players.groups.len();
    let all = (1_u32 << count) - 1;
    // Scores by the set of players that are left out.
    let mut scores = BTreeMap::from([(0, play.base.milli), (all, whole_left_out)]);
    let mut sums = vec![0; count];
    for number in numbers {
        let (mut left_out, mut before) = (0_u32, play.base.milli);
        for player in permutation(count, number) {
            left_out |= 1 << player;
            let after = *scores.entry(left_out).or_insert_with(|| {
                let is_out = |group: &usize| left_out & (1 << group) != 0;
                let decisions = (0..count).filter(is_out).flat_map(|group| players.groups[group].iter().copied());
                play.without(decisions).milli
            });
            sums[player] += before - after;
            before = after;
        }
        watch.steps(1)?;
    }
    Ok(sums)
}

/// Sums divided by a count in whole thousandths, so that the parts add up to the rounded quotient of the sum of sums:
/// every part is rounded down, then those with the largest remainders get a thousandth more.
fn divided(sums: &[i64], count: i64) -> Vec<i64> {
    let mut parts: Vec<i64> = sums.iter().map(|sum| sum.div_euclid(count)).collect();
    let total: i64 = sums.iter().sum();
    let wanted = (2 * total + count).div_euclid(2 * count);
    let missing = wanted - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..sums.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(sums[index].rem_euclid(count)));
    for &index in order.iter().take(missing as usize) {
        parts[index] += 1;
    }
    parts
}

/// What one seed adds to the joint effects.
#[derive(Clone, Debug)]
pub(super) struct JointHere {
    /// Outcome with all decisions less outcome without any.
    pub whole: Outcome,
    /// Sum of the worths, in thousandths; none if some decisions were not measured here.
    pub sum_milli: Option<i64>,
    pub contributions: Vec<i64>,
    /// For each pair: points lost if both are left out, and the surplus, in thousandths.
    pub pairs: Vec<(i64, i64)>,
}

/// Points lost without both decisions of a pair, and the surplus over the sum of both worths, in thousandths.
pub(super) fn pair_here(play: &SeedPlay, pair: (usize, usize), worths: (i64, i64)) -> (i64, i64) {
    let both = play.base.milli - play.without([pair.0, pair.1]).milli;
    (both, both - worths.0 - worths.1)
}

/// The pairs with the largest surplus on the run's own seed, above the threshold.
pub(super) fn striking(pairs: &[(usize, usize)], surplus_milli: &[i64]) -> Vec<(usize, usize)> {
    let mut found: Vec<usize> = (0..pairs.len()).filter(|&at| PAIR_MILLI < surplus_milli[at].abs()).collect();
    found.sort_by_key(|&at| std::cmp::Reverse(surplus_milli[at].abs()));
    found.into_iter().take(PAIRS_MAX).map(|at| pairs[at]).collect()
}

/// The joint effects over seeds, the run's own seed first; `planned` is the number of seeds of the whole measurement.
pub(super) fn over_seeds(players: &Players, pairs: &[(usize, usize)], by_seed: &[JointHere], planned: u64) -> Joint {
    let permutations = permutations_of_seed(planned) * by_seed.len() as u64;
    let sums: Vec<i64> =
        (0..players.groups.len()).map(|player| by_seed.iter().map(|here| here.contributions[player]).sum()).collect();
    let parts = divided(&sums, permutations as i64);
    let part = |(player, &milli): (usize, &i64)| Part {
        decision: (player < players.singles).then(|| players.groups[player][0]),
        points: points(milli),
    };
    let band = |values: &[i64]| {
        let values: Vec<f64> = values.iter().copied().map(points).collect();
        Band::new(values.first().copied(), &values)
    };
    let pair = |(at, &(one, other)): (usize, &(usize, usize))| {
        let column = |value: fn(&(i64, i64)) -> i64| {
            band(&by_seed.iter().map(|here| value(&here.pairs[at])).collect::<Vec<_>>())
        };
        Pair { one, other, both: column(|pair| pair.0), surplus: column(|pair| pair.1) }
    };
    let pairs = pairs.iter().enumerate().map(pair);
    let wholes: Vec<Option<Outcome>> = by_seed.iter().map(|here| Some(here.whole.clone())).collect();
    Joint {
        whole: Effect::new(&wholes).expect("the run's own seed has a value"),
        sum: band(&by_seed.iter().filter_map(|here| here.sum_milli).collect::<Vec<_>>()),
        parts: parts.iter().enumerate().map(part).collect(),
        parts_sum: points(parts.iter().sum()),
        permutations,
        without_part: players.without_part(),
        pairs: pairs.filter(|pair| PAIR_POINTS < pair.surplus.median.abs()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let check = |sums: &[i64], count: i64, expected: &[i64]| {
            let parts = divided(sums, count);
            assert_eq!(parts, expected, "{sums:?} by {count}");
        };
        check(&[10, 10, 10], 3, &[4, 3, 3]);
        check(&[-10, 10], 3, &[-3, 3]);
        check(&[-10, -10, -10], 4, &[-2, -2, -3]);
        check(&[1, 1, 1, 1], 8, &[1, 0, 0, 0]);
        check(&[0, 0], 32, &[0, 0]);
        check(&[], 2, &[]);
    }

    #[test]
    fn permutations_come_in_pairs_and_name_every_player_once() {
        for number in 0..40 {
            let order = permutation(13, number);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..13).collect::<Vec<_>>());
            let mut back = permutation(13, number ^ 1);
            back.reverse();
            assert_eq!(order, back);
        }
        assert_eq!([1, 2, 3, 16, 31, 32, 1000].map(permutations_of_seed), [32, 16, 12, 2, 2, 1, 1]);
    }

    #[test]
    fn the_most_important_decisions_have_parts_of_their_own() {
        let worths: Vec<i64> = (0..20).map(|number| if number % 2 == 0 { number } else { -number }).collect();
        let players = Players::new(&worths);
        assert_eq!(players.groups.len(), 13);
        assert_eq!(players.groups[0], [19]);
        assert_eq!(players.without_part(), (0..8).collect::<Vec<_>>());
        assert_eq!(players.pairs().len(), 66);
        assert_eq!(Players::new(&[0]).pairs(), []);
    }
}
