//! The search for the places of figures with the smallest loss. Must not know scenarios.
//!
//! COBYLA needs no derivatives, stays inside bounds, draws nothing at random and takes few evaluations. It finds a
//! minimum near its starting point, so it starts from the written values and from keyed points of the ranges.

use std::cell::RefCell;

use cobyla::{RhoBeg, StopTols, minimize};

use crate::study::uncertain::strips;

/// First step, as a share of the range.
const STEP: f64 = 0.2;
/// The search ends when it moves each place by less than this share of its range.
const NEAR: f64 = 0.01;

/// The size of a search.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// Number of starting points, the written values among them.
    pub starts: u64,
    /// Most evaluations from each starting point.
    pub evaluations: usize,
    /// Seed of the other starting points.
    pub seed: u64,
}

/// Places and their loss.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Best {
    pub places: Vec<f64>,
    pub loss: f64,
    /// Number of evaluations of the whole search.
    pub evaluations: usize,
}

/// The places in 0..=1 with the smallest loss among all that were tried; equal losses keep the first.
pub(super) fn smallest(search: Search, count: usize, loss: &dyn Fn(&[f64]) -> f64) -> Best {
    let best = RefCell::new(Best { places: vec![0.5; count], loss: f64::INFINITY, evaluations: 0 });
    let evaluated = |places: &[f64], (): &mut ()| {
        let places: Vec<f64> = places.iter().map(|place| place.clamp(0.0, 1.0)).collect();
        let found = loss(&places);
        let mut best = best.borrow_mut();
        best.evaluations += 1;
        if found < best.loss {
            (best.places, best.loss) = (places, found);
        }
        found
    };
    let bounds = vec![(0.0, 1.0); count];
    let no_constraints: &[fn(&[f64], &mut ()) -> f64] = &[];
    for start in starting_points(search, count) {
        let tolerances = StopTols { xtol_abs: vec![NEAR; count], ..StopTols::default() };
        let (evaluations, step) = (search.evaluations, RhoBeg::All(STEP));
        let ended = minimize(evaluated, &start, &bounds, no_constraints, (), evaluations, step, Some(tolerances));
        // The best point is kept above, whether the search ended at it or gave up (a loss without any slope).
        drop(ended);
    }
    best.into_inner()
}

/// The written values, then points of a Latin hypercube.
fn starting_points(search: Search, count: usize) -> Vec<Vec<f64>> {
    let others = search.starts.saturating_sub(1);
    let columns: Vec<Vec<f64>> =
        (0..count).map(|place| strips(&format!("start {place}"), others, search.seed)).collect();
    let other = |number: usize| columns.iter().map(|column| column[number]).collect();
    std::iter::once(vec![0.5; count]).chain((0..others as usize).map(other)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_point_is_found_inside_and_at_the_edge() {
        let check = |least: &[f64], expected: &[f64]| {
            let search = Search { starts: 2, evaluations: 200, seed: 1 };
            let loss = |places: &[f64]| places.iter().zip(least).map(|(at, least)| (at - least) * (at - least)).sum();
            let best = smallest(search, least.len(), &loss);
            let is_near = best.places.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.03);
            assert!(is_near && best.evaluations <= 400, "{best:?} for {expected:?}");
            assert_eq!(best, smallest(search, least.len(), &loss));
        };
        check(&[0.3], &[0.3]);
        check(&[0.2, 0.9, 0.5], &[0.2, 0.9, 0.5]);
        check(&[1.4, 0.4], &[1.0, 0.4]);
    }

    /// The search from the written values ends in the shallow valley; another start finds the deep one.
    #[test]
    fn more_starts_look_elsewhere() {
        let loss = |places: &[f64]| {
            let valley = |at: f64| (places[0] - at).abs() * 4.0;
            valley(0.6).min(valley(0.05) - 0.5)
        };
        let best = |starts| smallest(Search { starts, evaluations: 60, seed: 3 }, 1, &loss);
        assert!(best(8).loss < best(1).loss, "{:?} {:?}", best(8), best(1));
    }
}
