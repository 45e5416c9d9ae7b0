//! Tolerance, recovery and curves of single services.

use super::*;
use crate::scenario::{compile::Scenario, library, load};

/// The first service of the tiny scenario after some minutes at each level.
fn judged(levels: &[(u32, u32)]) -> (ServiceState, u32, Option<Tick>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tiny");
    let docs = load::load(&library::find(path).expect("a folder")).expect("valid");
    let scenario = Scenario::compile(docs);
    let first = Ix::default();
    let service = &scenario.services[first];
    let mut state = services_at_start(&scenario)[first].clone();
    let mut tick = 0;
    for &(minutes, ppm) in levels {
        for _ in 0..minutes {
            state.level = Share::from_ppm(ppm);
            count_below_target(&mut state, service, true, Tick(tick));
            tick += 1;
        }
    }
    let recovered = recovered_at(&state, Tick(tick));
    (state, service.tolerance_min, recovered)
}

#[test]
fn tolerance_begins_to_hurt_a_minute_after_it_ends() {
    let (_, tolerance, _) = judged(&[]);
    assert_eq!(judged(&[(tolerance, 0)]).0.outside_min, 0);
    assert_eq!(judged(&[(tolerance + 1, 0)]).0.outside_min, 1);
    let twice = [(tolerance, 0), (1, 1_000_000), (tolerance, 0)];
    assert_eq!(judged(&twice).0.outside_min, 0, "each disruption has its own tolerance");
}

#[test]
fn a_recovery_counts_when_it_lasts() {
    let back = |minutes: u32| judged(&[(30, 1_000_000), (60, 0), (minutes, 1_000_000)]);
    assert_eq!(back(STABLE_MIN - 1).2, None);
    assert_eq!(back(STABLE_MIN).2, Some(Tick(90)));
    assert_eq!(back(STABLE_MIN).0.first_below, Some(Tick(30)));
    let relapsed = judged(&[(60, 0), (STABLE_MIN, 1_000_000), (1, 0)]).2;
    assert_eq!(relapsed, None, "a relapse takes the recovery back");
}

#[test]
fn responses_are_straight_between_points() {
    let check = |points: &[(u32, u32)], supply: u32, expected: u32| {
        assert_eq!(respond(points, Share::from_ppm(supply)).ppm(), expected, "{points:?} at {supply}");
    };
    check(&[(0, 0), (1_000_000, 1_000_000)], 250_000, 250_000);
    check(&[(0, 0), (500_000, 1_000_000)], 250_000, 500_000);
    check(&[(0, 0), (500_000, 1_000_000)], 800_000, 1_000_000);
    check(&[(0, 200_000), (1_000_000, 1_000_000)], 0, 200_000);
    check(&[(600_000, 0), (900_000, 900_000)], 100_000, 0);
    check(&[(600_000, 0), (900_000, 900_000)], 700_000, 300_000);
}
