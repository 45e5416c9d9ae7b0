//! Closed forms of docs/model.md, which the results of both engines must match.

use std::cell::Cell;

use blackstart::scenario::schema::{Backlog, Effect, EventEffect, OutOfReach, Trigger};

use super::bed::{Case, figure};
use crate::naive::{Naive, State, WHOLE};

/// One fleet of equal gates, all in scope and switched on; nobody repairs.
fn uniform_fleet(name: &'static str, hosts: u32) -> Case {
    let mut case = Case::new(name);
    case.docs.manifest.horizon_min = 480;
    for event in &mut case.docs.events[1..3] {
        event.when = never();
    }
    case.fleet("tiny-air", "gates").hosts = figure(hosts);
    let kind = case.kind("office-pc");
    (kind.in_scope, kind.switched_on) = (figure(1.0), "always".to_owned());
    case.docs.world.channels[0].late_win_per_hour = figure(0.0);
    case.seeds = vec![11];
    case
}

/// A condition that cannot hold.
fn never() -> Trigger {
    Trigger::Below("hosts_down(all)".to_owned(), -1.0)
}

fn gates(world: &Naive) -> &crate::naive::Fleet {
    &world.fleets[world.fleet_at("tiny-air/gates")]
}

/// Four standard deviations of a share of `hosts` hosts.
fn is_near(share: f64, expected: f64, hosts: f64) -> bool {
    (share - expected).abs() <= 4.0 * (expected * (1.0 - expected) / hosts).sqrt()
}

/// `1 − e^(−t/mean)` of hosts that are on has received `t` minutes after the release.
#[test]
fn receipt_is_exponential() {
    let mut case = uniform_fleet("receipt", 4_000);
    for after in [1, 5, 10, 20, 40] {
        case.sees("the share of the formula", move |world| {
            // After the tick `release + after` hosts have been exposed for `after` minutes.
            let expected = 1.0 - (-f64::from(after) / 10.0).exp();
            world.tick == 249 + after + 1 && is_near(f64::from(gates(world).received) / 4_000.0, expected, 4_000.0)
        });
    }
    case.check();
}

/// `(1 − p)^cycles` of the hosts that were hit stays down.
#[test]
fn the_race_is_geometric() {
    let mut case = uniform_fleet("race", 4_000);
    case.kind("office-pc").race_win = figure(0.13);
    for end in case.check() {
        let (received, crashed) = (f64::from(gates(&end).received), f64::from(gates(&end).crashed));
        assert_eq!(received, 4_000.0);
        assert!(is_near(crashed / received, 0.87_f64.powi(5), received), "{crashed} of {received}");
        assert_eq!(end.hosts_in("tiny-air/gates", State::Down), gates(&end).crashed);
    }
}

/// A repair queue at full load: technicians over mean minutes.
#[test]
fn a_full_queue_moves_at_its_pace() {
    let mut case = uniform_fleet("full load", 3_000);
    case.docs.manifest.horizon_min = 1_000;
    case.docs.events[2].when = Trigger::At("2024-07-19T06:00Z".to_owned());
    case.kind("office-pc").encrypted = figure(0.0);
    case.kind("office-pc").methods = vec!["by-hand".to_owned()];
    case.method("by-hand").failure = figure(0.0);
    let staff = &mut case.organisation("tiny-air").staff;
    (staff.day, staff.evening, staff.night) = (figure(40), figure(40), figure(40));
    case.docs.manifest.trust = false;
    case.fleet("tiny-air", "crew").in_scope = Some(figure(0.0));
    for end in case.check() {
        // Triangular means, and half a minute for rounding up.
        let mean = (2.0 + 5.0 + 15.0) / 3.0 + (5.0 + 10.0 + 20.0) / 3.0 + 0.5;
        let expected = 40.0 / mean * (1_000.0 - 360.0 - mean);
        let repaired = f64::from(gates(&end).repaired);
        assert!((repaired - expected).abs() < 0.02 * expected, "{repaired} repaired, {expected} expected");
        assert_eq!(end.busy(1), 40);
    }
}

/// Where hands abound, repair is a queue with infinitely many servers: hosts are back as they come in reach, by the
/// lognormal distribution of the time.
#[test]
fn hosts_out_of_reach_come_back_as_they_come_in_reach() {
    let mut case = uniform_fleet("out of reach", 4_000);
    case.docs.manifest.horizon_min = 1_200;
    case.docs.events[2].when = Trigger::At("2024-07-19T06:00Z".to_owned());
    case.docs.manifest.trust = false;
    let kind = case.kind("office-pc");
    (kind.race_win, kind.encrypted, kind.methods) = (figure(0.0), figure(0.0), vec!["by-hand".to_owned()]);
    kind.out_of_reach = Some(OutOfReach { share: figure(0.4), median_hours: figure(3.0), spread: figure(0.9) });
    case.kind("office-pc").locate_min = figure((1.0, 1.0, 1.0));
    let hand = case.method("by-hand");
    (hand.touch_min, hand.failure) = (figure((1.0, 1.0, 1.0)), figure(0.0));
    // No receipts spread over time: all crash in the first minutes.
    case.docs.world.channels[0].receipt_mean_min = figure(0.01);
    let staff = &mut case.organisation("tiny-air").staff;
    (staff.day, staff.evening, staff.night) = (figure(5_000), figure(5_000), figure(5_000));
    case.fleet("tiny-air", "crew").in_scope = Some(figure(0.0));
    for hours in [3, 6, 12] {
        case.sees("the share of the formula", move |world| {
            // Lost after five cycles of four minutes, from the release at 249 on; a repair takes two minutes.
            let down_at = 249 + 1 + 20;
            let normal = |z: f64| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
            let expected = 0.6 + 0.4 * normal((f64::from(hours) / 3.0).ln() / 0.9);
            let repaired = f64::from(gates(world).repaired) / 4_000.0;
            world.tick == down_at + 60 * hours + 2 && is_near(repaired, expected, 4_000.0)
        });
    }
    case.check();
}

/// Person-hours are conserved: in a working day each person works eight hours, and with overtime `o` eight hours times
/// `o` more; on a day off, the overtime alone.
#[test]
fn nobody_works_in_two_shifts() {
    for (overtime, is_friday) in [(0.0, true), (0.25, true), (0.5, true), (1.0, true), (0.5, false), (1.0, false)] {
        let mut case = Case::new("person-hours");
        case.docs.manifest.horizon_min = 2_880;
        case.docs.manifest.trust = false;
        case.docs.events.clear();
        case.docs.injects.clear();
        case.docs.playbooks.iter_mut().for_each(|playbook| playbook.orders.clear());
        case.docs.world.regions.iter_mut().for_each(|region| region.utc_offset_min = 0);
        let organisation = case.organisation("st-elsewhere");
        let staff = &mut organisation.staff;
        (staff.day, staff.evening, staff.night) = (figure(60), figure(24), figure(12));
        staff.weekend = figure(0.25);
        organisation.services.iter_mut().for_each(|service| service.fallback = None);
        if 0.0 < overtime {
            case.can("longer", 0, Effect::Overtime { share: overtime, hours: 48 }).order(0, "longer", "st-elsewhere");
        }
        let (friday, saturday) = if is_friday { (1.0, 0.0) } else { (0.0, 1.0) };
        let expected = 96.0 * 8.0 * (friday * (1.0 + overtime) + saturday * (0.25 + overtime));
        case.seeds = vec![1];
        let hours = Cell::new(0.0);
        let phase = blackstart::base::Ix::new(0);
        case.sees("the hours of the formula", move |world| {
            let week_minute = (world.scenario.organisations[phase].week_phase_min + world.tick) % 10_080;
            let day = if is_friday { 4 } else { 5 };
            if week_minute / 1_440 == day && week_minute % 60 == 30 {
                hours.set(hours.get() + f64::from(world.on_duty_now(0)));
            }
            world.tick == 2_880 - 1 && hours.get() == expected
        });
        case.check();
    }
}

/// With fixed minutes of repair the throughput is exact, late hours included.
#[test]
fn fixed_minutes_make_an_exact_queue() {
    let mut case = uniform_fleet("exact queue", 300);
    case.docs.events[2].when = Trigger::At("2024-07-19T06:00Z".to_owned());
    case.kind("office-pc").encrypted = figure(0.0);
    case.kind("office-pc").methods = vec!["by-hand".to_owned()];
    case.kind("office-pc").locate_min = figure((4.0, 4.0, 4.0));
    case.method("by-hand").touch_min = figure((6.0, 6.0, 6.0));
    case.method("by-hand").failure = figure(0.0);
    let staff = &mut case.organisation("tiny-air").staff;
    (staff.day, staff.evening, staff.night) = (figure(10), figure(10), figure(10));
    case.docs.manifest.trust = false;
    case.fleet("tiny-air", "crew").in_scope = Some(figure(0.0));
    for end in case.check() {
        // Ten technicians need ten minutes for each host from tick 360 on, so repairs end at 370, 380, … 470.
        assert_eq!(gates(&end).repaired, 10 * 11);
    }
}

/// A rested crew is exhausted after 2,500 minutes of double shifts.
#[test]
fn double_shifts_wear_out_in_42_hours() {
    let mut case = uniform_fleet("worn out", 10);
    case.docs.manifest.horizon_min = 2_700;
    case.can("double", 0, Effect::Overtime { share: 1.0, hours: 60 }).order(100, "double", "tiny-air");
    case.sees("not yet", |world| world.tick == 2_599 && world.org("tiny-air").fatigue_ppm == 999_600);
    case.sees("worn out", |world| world.tick == 2_600 && world.org("tiny-air").fatigue_ppm == WHOLE);
    case.check();
}

/// A backlog of `b` with headroom `h` and flat demand `d` is cleared after `b / (d · (h − 1))` minutes.
#[test]
fn a_backlog_clears_by_its_headroom() {
    let mut case = Case::new("backlog");
    case.docs.events.clear();
    case.docs.injects.clear();
    case.docs.playbooks.iter_mut().for_each(|playbook| playbook.orders.clear());
    let hosting = case.service("tiny-cloud", "hosting");
    (hosting.backlog, hosting.headroom, hosting.warm_up_min) = (Backlog::Waits, figure(1.25), figure(0));
    let service = || "tiny-cloud/hosting".to_owned();
    let at = |time: &str| Trigger::At(time.to_owned());
    case.event("down", at("2024-07-19T05:00Z"), vec![EventEffect::Limit { service: service(), level: 0.0 }]);
    case.event("up", at("2024-07-19T06:40Z"), vec![EventEffect::Lift { service: service() }]);
    // A hundred minutes of demand, cleared at a quarter of the demand: 400 minutes, and one for roundings.
    case.sees("not yet", |world| world.tick == 799 && 0 < world.svc("tiny-cloud/hosting").backlog_micro);
    case.sees("cleared", |world| world.tick == 801 && world.svc("tiny-cloud/hosting").backlog_micro == 0);
    case.check();
}
