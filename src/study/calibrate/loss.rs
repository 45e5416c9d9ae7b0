//! The loss of a calibration: the distance of simulated medians from published numbers, in units of tolerance.
//!
//! A target that is far off counts in proportion to its distance and not to its square, so that one target that the
//! model cannot meet does not decide every figure.

use crate::study::hindcast::Row;

/// Distances are cut here: an event that never happens is as bad as ten tolerances.
const UNITS_MAX: f64 = 10.0;
/// Loss of a figure at the end of its range. Without it, figures on which no target depends would wander.
const END_OF_RANGE: f64 = 0.05;

/// The loss of one target by its distance in units of tolerance: 0 on the published number, 0.41 at the end of the
/// tolerance (pseudo-Huber loss).
pub(super) fn distance_loss(units: f64) -> f64 {
    let units = if units.is_nan() { UNITS_MAX } else { units.abs().min(UNITS_MAX) };
    (1.0 + units * units).sqrt() - 1.0
}

/// The mean loss of targets; 0 without targets.
pub(super) fn mean_loss<'r>(rows: impl IntoIterator<Item = &'r Row>) -> f64 {
    let losses: Vec<f64> = rows.into_iter().map(|row| distance_loss(row.misfit(row.median))).collect();
    losses.iter().sum::<f64>() / losses.len().max(1) as f64
}

/// The loss for moving figures away from their written values, by their places.
pub(super) fn place_loss(places: &[f64]) -> f64 {
    let square = |place: &f64| (2.0 * place - 1.0) * (2.0 * place - 1.0);
    END_OF_RANGE * places.iter().map(square).sum::<f64>() / places.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loss_grows_with_the_distance_and_is_bounded() {
        let check = |units: f64, expected: f64| {
            let found = distance_loss(units);
            assert!((found - expected).abs() < 1e-3, "{units}: {found}");
        };
        check(0.0, 0.0);
        check(1.0, 0.414);
        check(-1.0, 0.414);
        check(3.0, 2.162);
        check(f64::INFINITY, 9.050);
        check(f64::NAN, 9.050);
        assert!(place_loss(&[0.5, 0.5]) == 0.0 && (place_loss(&[0.0, 1.0]) - END_OF_RANGE).abs() < 1e-12);
    }
}
