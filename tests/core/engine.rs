//! The simulation as a whole: conservation, reproducibility, independence, refusals, golden runs.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use blackstart::assess::comparisons::comparison_runs;
use blackstart::assess::score::{Judgement, judge};
use blackstart::base::{Digest, Draw, Ix, Stream, Tick};
use blackstart::scenario::compile::{NeedIndex, Organisation, Scenario, Seat, Target, TargetKind};
use blackstart::scenario::observable::ObservableRef;
use blackstart::session::{Cast, Run, Setup};
use blackstart::sim::audit::audit;
use blackstart::sim::{Command, Issuer, Refusal, World, command, observe, possible};

use crate::support::{REPLAY, THIN_REPLAY, TINY, scenario};
use crate::worlds::{mitigation, organisation};

fn setup(scenario: &Arc<Scenario>, playbook: &str, seed: u64) -> Setup {
    let playbook_index = scenario.playbook_index(playbook);
    assert!(playbook_index.is_some(), "playbook {playbook}");
    Setup { scenario: scenario.clone(), seed, cast: Cast::everybody(playbook_index) }
}

/// The scenario of 19 July 2024 under a playbook with seed 1, simulated to its end.
fn played(playbook: &str) -> Run {
    let scenario = scenario(REPLAY);
    let mut run = Run::new(setup(&scenario, playbook, 1));
    run.advance_to(scenario.horizon);
    run
}

/// The reference run of 19 July 2024, simulated once for all tests that check its end.
fn reference_run() -> &'static Run {
    static REFERENCE: OnceLock<Run> = OnceLock::new();
    REFERENCE.get_or_init(|| played("reference"))
}

fn observe(world: &World, name: &str) -> f64 {
    let name = ObservableRef::parse(name).unwrap();
    observe::value(world, &world.scenario().observable(&name).unwrap())
}

/// Goal: hosts, technicians and demand are conserved. Method: recount everything, at every tick of
/// the tiny scenario and some twenty times in the replay, under each playbook.
#[test]
fn nothing_is_created_or_lost() {
    let check = |path: &str, every_min: u32| {
        let scenario = scenario(path);
        for playbook in scenario.playbooks.indices() {
            let cast = Cast::everybody(Some(playbook));
            let mut run = Run::new(Setup { scenario: scenario.clone(), seed: 7, cast });
            while !run.world.is_over() {
                run.advance_to(run.world.tick().plus(every_min));
                audit(&run.world);
            }
        }
    };
    check(TINY, 1);
    // No part of a day, so that the recounts come at all hours.
    check(THIN_REPLAY, 700);
}

#[test]
fn the_same_seed_gives_the_same_digests() {
    let scenario = scenario(TINY);
    let digests = |seed: u64| {
        let mut run = Run::new(setup(&scenario, "reference", seed));
        run.advance_to(scenario.horizon);
        run.digests
    };
    let first = digests(1);
    assert_eq!(first.len(), scenario.horizon.0 as usize + 1, "first and last boundary included");
    assert_eq!(first, digests(1));
    assert_ne!(first, digests(2));
}

/// A run whose orders come from playbooks equals the replay of its log without playbooks.
#[test]
fn a_log_replays_to_the_same_digest_at_every_tick() {
    let scenario = scenario(TINY);
    let mut run = Run::new(setup(&scenario, "reference", 3));
    run.advance_to(scenario.horizon);
    assert!(!run.log.is_empty(), "the reference playbook orders something");
    let replay = Run::replay(scenario.clone(), 3, &run.log, scenario.horizon).expect("the log is legal");
    assert_eq!(replay.digests, run.digests);
}

/// Organisations that need something of `from`, directly or through others.
fn reached(scenario: &Scenario, from: Ix<Organisation>) -> BTreeSet<Ix<Organisation>> {
    let mut reached = BTreeSet::from([from]);
    loop {
        let before = reached.len();
        for (service, compiled) in scenario.services.entries() {
            let needs_reached = scenario.needs_of(service).iter().any(|need| match need.supplier {
                NeedIndex::Fleet(_) => false,
                NeedIndex::Service(other) => reached.contains(&scenario.services[other].organisation),
            });
            if needs_reached {
                reached.insert(compiled.organisation);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// Goal: a decision changes only what it can reach, exactly. Method: the replay with and without an
/// order for Delta; every organisation that needs nothing of Delta has the same digest all along.
#[test]
fn an_unrelated_decision_changes_nothing_elsewhere() {
    let scenario = scenario(THIN_REPLAY);
    let delta = organisation(&scenario, "delta");
    let reached = reached(&scenario, Ix::new(delta.number()));
    let mut plain = World::new(scenario.clone(), 5);
    let mut decided = plain.clone();
    let until = Tick(2 * 1440);
    while plain.tick() < until {
        if decided.tick() == Tick(470) {
            for id in ["overtime", "escrow-keys", "volunteers"] {
                let order = Command::Order {
                    by: Issuer::Facilitator,
                    mitigation: Ix::new(mitigation(&scenario, id)),
                    target: Target::Organisation(delta),
                };
                command::apply(&mut decided, &order).unwrap_or_else(|refusal| panic!("{id}: {refusal}"));
            }
        }
        plain.step();
        decided.step();
        if plain.tick().0.is_multiple_of(240) {
            for index in scenario.organisations.indices().filter(|index| !reached.contains(index)) {
                let name = scenario.organisation_name(index);
                let digests = (plain.organisation_digest(index), decided.organisation_digest(index));
                assert_eq!(digests.0, digests.1, "{name} at {}", plain.tick());
            }
        }
    }
    assert_ne!(plain.organisation_digest(delta), decided.organisation_digest(delta), "the orders do something");
}

/// Goal: an order that is cancelled before it begins changes nothing in the world but the list of orders. Method: the
/// same world with and without such an order; the digests of all organisations agree, and the digest of the world
/// shows the order.
#[test]
fn a_cancelled_order_changes_no_organisation_and_is_in_the_digest() {
    let scenario = scenario(TINY);
    let mut plain = World::new(scenario.clone(), 5);
    let mut tried = plain.clone();
    let order = Command::Order {
        by: Issuer::Facilitator,
        mitigation: Ix::new(mitigation(&scenario, "overtime")),
        target: Target::Organisation(organisation(&scenario, "tiny-air")),
    };
    command::apply(&mut tried, &order).expect("overtime can be ordered");
    let pending = tried.digest();
    command::apply(&mut tried, &Command::Cancel { by: Issuer::Facilitator, order: Ix::new(0) }).expect("it is pending");
    assert!(pending != tried.digest() && tried.digest() != plain.digest());
    for _ in 0..600 {
        for index in scenario.organisations.indices() {
            assert_eq!(
                plain.organisation_digest(index),
                tried.organisation_digest(index),
                "{index} at {}",
                plain.tick()
            );
        }
        plain.step();
        tried.step();
    }
    assert_ne!(plain.digest(), tried.digest());
}

/// A log in which the issuer of an order, of its cancellation or its tick was altered leads to another digest, also
/// if the order was cancelled in the minute in which it was given.
#[test]
fn the_digest_covers_the_issuer_of_every_command() {
    let scenario = scenario(THIN_REPLAY);
    let seat = scenario.seats.iter().position(|seat| !seat.organisations.is_empty()).expect("a seat") as u32;
    let issuers = [Issuer::Seat(Ix::new(seat)), Issuer::Policy, Issuer::Facilitator];
    let at_start = World::new(scenario.clone(), 5);
    let entry = possible(&at_start, issuers[0]);
    let (mitigation, target) = entry
        .iter()
        .filter(|entry| {
            let mitigation = &scenario.mitigations[entry.mitigation];
            0 < mitigation.lead_min && !mitigation.is_preparation
        })
        .find_map(|entry| Some((entry.mitigation, entry.open_targets().next()?)))
        .expect("an order with a lead time");
    let played = |tick: u32, by: Issuer, cancelled_by: Option<Issuer>| {
        let mut world = at_start.clone();
        while world.tick() < Tick(2) {
            if world.tick() == Tick(tick) {
                command::apply(&mut world, &Command::Order { by, mitigation, target }).expect("it is possible");
                if let Some(by) = cancelled_by {
                    command::apply(&mut world, &Command::Cancel { by, order: Ix::new(0) }).expect("it is pending");
                }
            }
            world.step();
        }
        (world.clone().seal(), world.digest())
    };
    let mut seen = BTreeSet::new();
    let mut count = 0;
    let mut check = |tick, by, cancelled_by| {
        let (sealed, reckoned) = played(tick, by, cancelled_by);
        assert_eq!(sealed, reckoned, "{by:?}, {cancelled_by:?}");
        seen.insert(sealed.0);
        count += 1;
    };
    for tick in [0, 1] {
        for by in issuers {
            check(tick, by, None);
            // A seat cancels its own orders only.
            let cancels = issuers.into_iter().filter(|other| !matches!(other, Issuer::Seat(_)) || *other == by);
            cancels.for_each(|other| check(tick, by, Some(other)));
        }
    }
    assert_eq!(seen.len(), count, "two different logs lead to one digest");
}

/// Mac and Linux hosts, and everybody without the sensor, are never hit (CS04).
#[test]
fn hosts_without_the_sensor_are_never_hit() {
    let scenario = scenario(REPLAY);
    let mut run = Run::new(setup(&scenario, "do-nothing", 1));
    run.advance_to(Tick(1440));
    let mut spared = 0;
    for (index, fleet) in scenario.fleets.iter().enumerate() {
        if fleet.in_scope <= 0.0 {
            assert_eq!(
                run.world.fleets()[Ix::from_usize(index)].received,
                0,
                "{}",
                scenario.fleet_key(Ix::new(index as u32))
            );
            spared += fleet.hosts;
        }
    }
    assert!(10_000 < spared, "the replay has hosts that cannot be hit");
    assert!(100_000.0 < observe(&run.world, "hosts_received(all)"));
}

/// Closed form: hosts that are on receive with an exponential delay, so 1 − exp(−t/m) have it at t;
/// a host wins one of k reboots with 1 − (1−p)^k. Tolerance: four standard deviations.
#[test]
fn exposure_and_race_follow_their_closed_forms() {
    let scenario = scenario(REPLAY);
    let delta = organisation(&scenario, "delta");
    let fleets = scenario.organisations[delta].fleets;
    let servers = fleets.iter().find(|&fleet| scenario.fleet_doc(fleet).id == "servers").expect("Delta has servers");
    let mut run = Run::new(setup(&scenario, "do-nothing", 11));
    let release = scenario.start.tick_of("2024-07-19T04:09Z").unwrap();
    let channel = &scenario.channels[Ix::new(0)];
    for minutes in [5_u32, 15, 40] {
        run.advance_to(release.plus(minutes + 1));
        let state = &run.world.fleets()[servers];
        let n = f64::from(run.world.in_scope(servers));
        let p = 1.0 - (-f64::from(minutes) / channel.receipt_mean_min).exp();
        let (expected, sd) = (n * p, (n * p * (1.0 - p)).sqrt());
        let received = f64::from(state.received);
        assert!((received - expected).abs() < 4.0 * sd, "{minutes} min: {received} against {expected:.0} ± {sd:.0}");
    }
    let end = scenario.start.tick_of("2024-07-19T05:27Z").unwrap();
    run.advance_to(end.plus(channel.reboot_cycle_min * channel.race_cycles_max + 1));
    let state = &run.world.fleets()[servers];
    let kind = &scenario.kinds[scenario.fleets[servers].kind];
    let n = f64::from(state.received);
    let p = (1.0 - kind.race_win).powi(channel.race_cycles_max as i32);
    let (expected, sd) = (n * p, (n * p * (1.0 - p)).sqrt());
    let crashed = f64::from(state.crashed);
    assert!((crashed - expected).abs() < 4.0 * sd, "{crashed} stayed down against {expected:.0} ± {sd:.0}");
}

/// Nothing is received outside the window, and switched-off hosts escape it.
#[test]
fn exposure_ends_with_the_revert() {
    let scenario = scenario(REPLAY);
    let mut run = Run::new(setup(&scenario, "do-nothing", 2));
    run.advance_to(scenario.start.tick_of("2024-07-19T04:09Z").unwrap());
    assert_eq!(observe(&run.world, "hosts_received(all)"), 0.0);
    run.advance_to(scenario.start.tick_of("2024-07-19T05:28Z").unwrap());
    let received = observe(&run.world, "hosts_received(all)");
    run.advance_to(Tick(2880));
    assert_eq!(observe(&run.world, "hosts_received(all)"), received);
    assert!(received < observe(&run.world, "hosts_total(all)") * 0.6);
}

/// Every refusal has its reason and leaves the state bit-identical.
#[test]
fn refusals_have_reasons_and_change_nothing() {
    let scenario = scenario(REPLAY);
    let mut world = World::new(scenario.clone(), 1);
    let seat = scenario.seat_index("airline-ops").expect("the seat exists");
    let delta = Target::Organisation(organisation(&scenario, "delta"));
    let united = Target::Organisation(organisation(&scenario, "united"));
    let order = |by: Issuer, id: &str, target: Target| Command::Order {
        by,
        mitigation: Ix::new(mitigation(&scenario, id)),
        target,
    };
    let by_seat = Issuer::Seat(seat);
    let mut check = |command: Command, expected: &str| {
        let before = world.digest();
        let refusal = command::apply(&mut world, &command).expect_err(expected);
        assert!(refusal.to_string().contains(expected), "{refusal} lacks `{expected}`");
        assert_eq!(world.digest(), before, "{refusal}");
    };
    check(order(by_seat, "overtime", united), "is not yours to direct");
    check(order(by_seat, "stop-rollout", Target::World), "your seat cannot order this");
    check(order(Issuer::Facilitator, "stop-rollout", Target::World), "first needed");
    check(order(Issuer::Facilitator, "overtime", Target::World), "wrong target: it needs an organisation");
    check(order(Issuer::Facilitator, "overtime", Target::Organisation(Ix::new(9_999))), "no such target");
    check(order(Issuer::Facilitator, "release-hosts", delta), "no host is held back");
    check(order(by_seat, "tell-customers", delta), "no sign of it yet");
    let mut services = scenario.organisations[organisation(&scenario, "delta")].services.iter();
    let crews = services.find(|&service| scenario.service_doc(service).unit == "crew changes").expect("crew tracking");
    let stop = order(Issuer::Facilitator, "ground-stop", Target::Service(crews));
    check(stop, "not available to a service that counts crew changes");
    check(Command::Cancel { by: by_seat, order: Ix::new(3) }, "no such order");
    check(Command::Order { by: by_seat, mitigation: Ix::new(9_999), target: delta }, "no such mitigation");
    let needs_tool = scenario
        .mitigations
        .indices()
        .find(|&index| {
            let mitigation = &scenario.mitigations[index];
            mitigation.target == TargetKind::Organisation
                && mitigation.sectors.is_empty()
                && !mitigation.requires.is_empty()
        })
        .expect("some mitigation has a precondition");
    let id = scenario.docs.mitigations[needs_tool.position()].id.clone();
    check(order(Issuer::Facilitator, &id, delta), "first needed");
    command::apply(&mut world, &order(Issuer::Facilitator, "overtime", delta)).expect("overtime is legal");
    let before = world.digest();
    assert_eq!(command::check(&world, &order(Issuer::Facilitator, "overtime", delta)), Err(Refusal::UnderWay));
    assert_eq!(world.digest(), before);
}

/// The scale of the scores: par is better than doing nothing on every objective of every seat, and the reference lies
/// between them.
#[test]
fn scores_run_from_do_nothing_to_par() {
    let (scenario, run) = (scenario(REPLAY), reference_run());
    let seats: Vec<Ix<Seat>> = scenario.seats.indices().collect();
    for (seat, runs) in comparison_runs(run, &seats, &|_| ()) {
        let Judgement { seat: name, score, objectives } = judge(&run.world, seat, &runs);
        for objective in &objectives {
            assert!(objective.par < objective.do_nothing, "{name}: par gains nothing on {}", objective.name);
        }
        assert!(15.0 < score && score < 85.0, "{name}: history scores {score}");
    }
}

/// The hosted records of one supplier went down, and those of the other did not (UK01, UK04).
#[test]
fn one_record_supplier_fails_and_the_other_does_not() {
    let world = &reference_run().world;
    assert!(0.0 < observe(world, "outside_tolerance_min(service:emis/records)"));
    assert_eq!(observe(world, "recovery_min(service:tpp/records)"), 0.0);
    assert_eq!(observe(world, "below_target_min(service:tpp/records)"), 0.0);
}

/// Goal: no order or cancellation at any time breaks an invariant. Method: random orders
/// and cancellations of every mitigation from a seed, an audit every half hour, a replay of the log.
#[test]
fn random_orders_break_nothing() {
    let check = |path: &str, seed: u64| {
        let scenario = scenario(path);
        let key = Draw::new(seed).stream(Stream::Locate);
        let mut run = Run::new(Setup { scenario: scenario.clone(), seed, cast: Cast::default() });
        run.advance_to(Tick(400));
        let (mut taken, mut refused) = (0, 0);
        // The digest of the current state, as the world keeps it after the first request.
        let mut known = None;
        for turn in 0..400_u32 {
            let wanted = random_order(&run.world, |what, below| (key.bits(turn, what) % below.max(1) as u64) as u32);
            if command::check(&run.world, &wanted).is_ok() {
                run.order(wanted).expect("the check has accepted it");
                (taken, known) = (taken + 1, None);
            } else {
                let before = known.unwrap_or_else(|| run.world.digest());
                let refusal = run.order(wanted).expect_err("the check has refused it");
                assert_eq!(run.world.digest(), before, "{path}, seed {seed}: {refusal} left a trace");
                (refused, known) = (refused + 1, Some(before));
            }
            if turn % 8 == 0 {
                run.advance_to(run.world.tick().plus(30));
                known = None;
                audit(&run.world);
            }
        }
        assert!(20 < taken && 20 < refused, "{path}, seed {seed}: {taken} taken, {refused} refused");
        let replay = Run::replay(scenario.clone(), seed, &run.log, run.world.tick()).expect("the log is legal");
        assert_eq!(replay.digests.last(), run.digests.last(), "{path}, seed {seed}");
        taken
    };
    for seed in 0..6 {
        check(TINY, seed);
    }
    for seed in 0..2 {
        let taken = check(THIN_REPLAY, seed);
        assert!(100 < taken, "seed {seed}: only {taken} orders were taken");
    }
}

/// A random order or cancellation; `pick` draws numbers below a limit.
fn random_order(world: &World, pick: impl Fn(u32, usize) -> u32) -> Command {
    let scenario = world.scenario();
    let mitigation = pick(0, scenario.mitigations.len());
    let target = match scenario.mitigations[Ix::new(mitigation)].target {
        TargetKind::World => Target::World,
        TargetKind::Organisation => Target::Organisation(Ix::new(pick(1, scenario.organisations.len()))),
        TargetKind::Fleet => Target::Fleet(Ix::new(pick(1, scenario.fleets.len()))),
        TargetKind::Service => Target::Service(Ix::new(pick(1, scenario.services.len()))),
    };
    let by = Issuer::Facilitator;
    match pick(2, 4) {
        0 => Command::Cancel { by, order: Ix::new(pick(3, world.orders().len())) },
        _ => Command::Order { by, mitigation: Ix::new(mitigation), target },
    }
}

/// A pool lends no more people than it has, and an order can be repeated only `times_max` times.
#[test]
fn limits_of_orders_are_kept() {
    let scenario = scenario(REPLAY);
    let mut world = World::new(scenario.clone(), 1);
    while world.tick() < Tick(900) {
        world.step();
    }
    let by = Issuer::Facilitator;
    let pool = mitigation(&scenario, "national-pool");
    let hospitals: Vec<Ix<Organisation>> = scenario.organisations.indices().collect();
    let refusals: Vec<Refusal> = hospitals
        .iter()
        .filter_map(|&organisation| {
            let target = Target::Organisation(organisation);
            command::apply(&mut world, &Command::Order { by, mitigation: Ix::new(pool), target }).err()
        })
        .collect();
    let too_small = |refusal: &&Refusal| matches!(refusal, Refusal::PoolTooSmall { .. });
    assert!(refusals.iter().any(|refusal| too_small(&refusal)), "the pool runs out: {refusals:?}");
    audit(&world);
    let delta = Target::Organisation(organisation(&scenario, "delta"));
    let escrow = Command::Order { by, mitigation: Ix::new(mitigation(&scenario, "escrow-keys")), target: delta };
    command::apply(&mut world, &escrow).expect("Delta has keys to take from escrow");
    let number = world.orders().len() as u32 - 1;
    for _ in 0..200 {
        world.step();
    }
    let cancel = Command::Cancel { by, order: Ix::new(number) };
    assert_eq!(command::check(&world, &cancel), Err(Refusal::CannotBeTakenBack));
}

/// Golden run: digests every half day and headline figures, compared with the file; `UPDATE=1`
/// rewrites it. `scripts/test` has a release build play the same runs again, digest by digest.
#[test]
fn golden_runs_are_unchanged() {
    let scenario = scenario(REPLAY);
    let mut text = String::new();
    for playbook in ["do-nothing", "reference", "par"] {
        let run = if playbook == "reference" { reference_run() } else { &played(playbook) };
        let every = |tick: usize| -> Digest { run.digests[tick] };
        for tick in (0..=scenario.horizon.0 as usize).step_by(720) {
            text += &format!("{playbook} digest {tick:05} {}\n", every(tick));
        }
        for name in ["hosts_received(all)", "hosts_crashed(all)", "hosts_repaired(all)", "hosts_self_recovered(all)"] {
            text += &format!("{playbook} {name} {}\n", observe(&run.world, name));
        }
        for name in ["recovery_min(org:emis)", "recovery_min(org:delta)", "lost(service:delta/flights)"] {
            text += &format!("{playbook} {name} {:.1}\n", observe(&run.world, name));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/2024-07-19.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).expect("golden file; UPDATE=1 writes it");
    for (was, is) in golden.lines().zip(text.lines()) {
        assert_eq!(was, is, "the golden run changed; if intended, UPDATE=1 and a line in CHANGELOG.md");
    }
    assert_eq!(golden.lines().count(), text.lines().count());
}
