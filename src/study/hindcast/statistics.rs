//! Statistics of values with weights.
//!
//! Not-a-number sorts last, after infinity: an organisation without a value must not rank before one
//! whose event never happens.

use std::cmp::Ordering;

use crate::scenario::schema::Statistic;

/// Sums of weights that differ by less than this are equal: adding fractions has rounding errors.
const EQUAL: f64 = 1e-9;

/// A statistic of pairs of value and weight, every weight above 0; not-a-number where the statistic does
/// not exist. Reorders the pairs.
pub(super) fn statistic(statistic: Statistic, pairs: &mut [(f64, f64)]) -> f64 {
    let count = |pairs: &[(f64, f64)], has: &dyn Fn(f64) -> bool| -> f64 {
        pairs.iter().filter(|&&(value, _)| has(value)).map(|&(_, weight)| weight).sum()
    };
    let whole = count(pairs, &|_| true);
    let total = |pairs: &[(f64, f64)]| -> f64 { pairs.iter().map(|&(value, weight)| value * weight).sum() };
    match statistic {
        Statistic::Count => whole,
        Statistic::Total => total(pairs),
        Statistic::Average => over(total(pairs), whole),
        Statistic::Median => quantile(pairs, 0.5),
        Statistic::Greatest => quantile(pairs, 1.0),
        Statistic::Least => quantile(pairs, 0.0),
        Statistic::Quantile(share) => quantile(pairs, share),
        Statistic::ShareAbove(bound) => over(count(pairs, &|value| bound < value), whole),
        Statistic::ShareBelow(bound) => over(count(pairs, &|value| value < bound), whole),
        Statistic::CountAbove(bound) => count(pairs, &|value| bound < value),
        Statistic::CountBelow(bound) => count(pairs, &|value| value < bound),
    }
}

fn over(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { f64::NAN } else { part / whole }
}

/// The quantile for a share: the smallest value up to which at least that share of the weight lies, or
/// the mean of that value and the next where exactly that share lies up to it.
pub(super) fn quantile(pairs: &mut [(f64, f64)], share: f64) -> f64 {
    pairs.sort_unstable_by(|a, b| order(a.0, b.0).then(a.1.total_cmp(&b.1)));
    let wanted = share * pairs.iter().map(|&(_, weight)| weight).sum::<f64>();
    let slack = EQUAL * wanted.max(1.0);
    let mut sum = 0.0;
    for (at, &(value, weight)) in pairs.iter().enumerate() {
        sum += weight;
        if sum < wanted - slack {
            continue;
        }
        return match pairs.get(at + 1) {
            Some(&(next, _)) if sum <= wanted + slack => middle(value, next),
            _ => value,
        };
    }
    // Only rounding errors can lead here.
    pairs.last().map_or(f64::NAN, |&(value, _)| value)
}

/// A quantile of values of equal weight.
pub fn unweighted_quantile(values: &[f64], share: f64) -> f64 {
    let mut pairs: Vec<(f64, f64)> = values.iter().map(|&value| (value, 1.0)).collect();
    quantile(&mut pairs, share)
}

/// The mean of two values. Two equal values give that value, also where both are infinite.
fn middle(one: f64, other: f64) -> f64 {
    if one == other { one } else { (one + other) / 2.0 }
}

fn order(one: f64, other: f64) -> Ordering {
    one.is_nan().cmp(&other.is_nan()).then_with(|| one.total_cmp(&other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Repeats every value as often as its weight says and sorts; where the share ends between two
    /// values, the quantile is their mean.
    fn naive_quantile(pairs: &[(f64, u32)], percent: u32) -> f64 {
        let mut all: Vec<f64> = Vec::new();
        pairs.iter().for_each(|&(value, count)| (0..count).for_each(|_| all.push(value)));
        all.sort_by(f64::total_cmp);
        let hundredths = all.len() * percent as usize;
        if hundredths.is_multiple_of(100) && 0 < hundredths && hundredths / 100 < all.len() {
            let at = hundredths / 100;
            let (one, other) = (all[at - 1], all[at]);
            return if one == other { one } else { (one + other) / 2.0 };
        }
        all[hundredths.div_ceil(100).max(1) - 1]
    }

    proptest! {
        #[test]
        fn quantiles_agree_with_a_naive_sort(
            pairs in prop::collection::vec((prop_oneof![-50i32..50, Just(i32::MAX)], 1u32..6), 1..40),
            percent in 1u32..=100,
        ) {
            let value = |value: i32| if value == i32::MAX { f64::INFINITY } else { f64::from(value) / 4.0 };
            let counted: Vec<(f64, u32)> = pairs.iter().map(|&(number, count)| (value(number), count)).collect();
            let mut weighted: Vec<(f64, f64)> = counted.iter().map(|&(value, count)| (value, f64::from(count))).collect();
            let expected = naive_quantile(&counted, percent);
            prop_assert_eq!(quantile(&mut weighted, f64::from(percent) / 100.0), expected);
            // Weights count by their proportion alone.
            weighted.iter_mut().for_each(|pair| pair.1 *= 0.1);
            prop_assert_eq!(quantile(&mut weighted, f64::from(percent) / 100.0), expected);
        }

        #[test]
        fn sums_and_shares_agree_with_a_loop(
            pairs in prop::collection::vec((-50i32..50, 1u32..6), 0..40),
            bound in -50i32..50,
        ) {
            let mut weighted: Vec<(f64, f64)> =
                pairs.iter().map(|&(value, count)| (f64::from(value), f64::from(count))).collect();
            let (mut count, mut total, mut above, mut below) = (0i64, 0i64, 0i64, 0i64);
            for &(value, weight) in &pairs {
                for _ in 0..weight {
                    count += 1;
                    total += i64::from(value);
                    above += i64::from(bound < value);
                    below += i64::from(value < bound);
                }
            }
            let (all, bound) = (count as f64, f64::from(bound));
            let mut check = |wanted: Statistic, expected: f64| {
                let found = statistic(wanted, &mut weighted);
                prop_assert!(found == expected || (found.is_nan() && expected.is_nan()), "{:?}: {} {}", wanted, found, expected);
                Ok(())
            };
            check(Statistic::Count, all)?;
            check(Statistic::Total, total as f64)?;
            check(Statistic::Average, total as f64 / all)?;
            check(Statistic::ShareAbove(bound), above as f64 / all)?;
            check(Statistic::ShareBelow(bound), below as f64 / all)?;
            check(Statistic::CountAbove(bound), above as f64)?;
            check(Statistic::CountBelow(bound), below as f64)?;
        }
    }

    #[test]
    fn infinity_is_last_and_an_empty_list_has_no_quantile() {
        let check = |values: &[f64], share: f64, expected: f64| {
            let found = unweighted_quantile(values, share);
            assert!(found == expected || (found.is_nan() && expected.is_nan()), "{values:?}: {found}");
        };
        check(&[f64::INFINITY, 1.0, 2.0], 0.5, 2.0);
        check(&[f64::INFINITY, 1.0], 0.5, f64::INFINITY);
        check(&[f64::INFINITY, f64::INFINITY], 0.5, f64::INFINITY);
        check(&[-f64::NAN, 1.0, f64::INFINITY], 0.5, f64::INFINITY);
        check(&[1.0, 2.0, 3.0, 4.0], 0.5, 2.5);
        check(&[7.0], 0.05, 7.0);
        check(&[], 0.5, f64::NAN);
    }
}
