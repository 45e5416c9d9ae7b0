//! The simulation as a whole: conservation, reproducibility, independence, refusals, golden runs.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use blackstart::base::{Digest, Tick};
use blackstart::scenario::compile::{NeedIndex, Scenario, Target, TargetKind};
use blackstart::scenario::observable::ObservableRef;
use blackstart::scenario::{library, load};
use blackstart::session::policy::Voices;
use blackstart::session::twins::{Twins, twin_setup};
use blackstart::session::{Run, Setup};
use blackstart::sim::audit::audit;
use blackstart::sim::{Command, Issuer, Refusal, World, command, observe};

const REPLAY: &str = "scenarios/2024-07-19";
const TINY: &str = "tests/data/tiny";

fn scenario(path: &str) -> Arc<Scenario> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let files = library::find(&root.display().to_string()).unwrap_or_else(|problems| panic!("{problems}"));
    let docs = load::load(&files).unwrap_or_else(|problems| panic!("{problems}"));
    Arc::new(Scenario::compile(docs))
}

fn setup(scenario: &Arc<Scenario>, playbook: &str, seed: u64) -> Setup {
    let own = scenario.playbook_index(playbook).map(|index| index as u32);
    assert!(own.is_some(), "playbook {playbook}");
    Setup { scenario: scenario.clone(), seed, voices: Voices { seat: None, own, others: own } }
}

fn observe(world: &World, name: &str) -> f64 {
    let name = ObservableRef::parse(name).unwrap();
    observe::value(world, &world.scenario.observable(&name).unwrap())
}

fn organisation(scenario: &Scenario, id: &str) -> u32 {
    scenario.docs.organisations.iter().position(|org| org.id == id).unwrap_or_else(|| panic!("organisation {id}"))
        as u32
}

fn mitigation(scenario: &Scenario, id: &str) -> u32 {
    scenario.docs.mitigations.iter().position(|entry| entry.id == id).unwrap_or_else(|| panic!("mitigation {id}"))
        as u32
}

fn service(scenario: &Scenario, key: &str) -> u32 {
    (0..scenario.services.len() as u32)
        .find(|&index| scenario.service_key(index) == key)
        .unwrap_or_else(|| panic!("{key}"))
}

/// Goal: hosts, technicians and demand are conserved. Method: recount everything, at every tick of
/// the tiny scenario and hourly in the replay, under each playbook.
#[test]
fn nothing_is_created_or_lost() {
    let check = |path: &str, every_min: u32| {
        let scenario = scenario(path);
        for playbook in 0..scenario.playbooks.len() as u32 {
            let voices = Voices { seat: None, own: Some(playbook), others: Some(playbook) };
            let mut run = Run::new(Setup { scenario: scenario.clone(), seed: 7, voices });
            while !run.world.is_over() {
                run.advance_to(run.world.tick.plus(every_min));
                audit(&run.world);
            }
        }
    };
    check(TINY, 1);
    check(REPLAY, 180);
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

/// A run played in pieces, by policies, equals its log replayed without them.
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
fn reached(scenario: &Scenario, from: u32) -> BTreeSet<u32> {
    let mut reached = BTreeSet::from([from]);
    loop {
        let before = reached.len();
        for of in &scenario.services {
            let needs_reached = of.needs.iter().any(|need| match need.of {
                NeedIndex::Fleet(_) => false,
                NeedIndex::Service(other) => reached.contains(&scenario.services[other as usize].organisation),
            });
            if needs_reached {
                reached.insert(of.organisation);
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
    let scenario = scenario(REPLAY);
    let delta = organisation(&scenario, "delta");
    let mut plain = World::new(scenario.clone(), 5);
    let mut decided = plain.clone();
    let until = Tick(2 * 1440);
    while plain.tick < until {
        if decided.tick == Tick(470) {
            for id in ["overtime", "escrow-keys", "volunteers"] {
                let order = Command::Order {
                    by: Issuer::Facilitator,
                    mitigation: mitigation(&scenario, id),
                    target: Target::Organisation(delta),
                };
                command::apply(&mut decided, &order).unwrap_or_else(|refusal| panic!("{id}: {refusal}"));
            }
        }
        plain.step();
        decided.step();
    }
    assert_ne!(plain.organisation_digest(delta), decided.organisation_digest(delta), "the orders do something");
    let reached = reached(&scenario, delta);
    for index in (0..scenario.organisations.len() as u32).filter(|index| !reached.contains(index)) {
        let name = &scenario.organisation_doc(index).name;
        assert_eq!(plain.organisation_digest(index), decided.organisation_digest(index), "{name}");
    }
}

#[test]
fn an_order_taken_back_leaves_no_trace() {
    let scenario = scenario(REPLAY);
    let mut plain = World::new(scenario.clone(), 5);
    let mut tried = plain.clone();
    let order = Command::Order {
        by: Issuer::Facilitator,
        mitigation: mitigation(&scenario, "overtime"),
        target: Target::Organisation(organisation(&scenario, "delta")),
    };
    command::apply(&mut tried, &order).expect("overtime can be ordered");
    assert_ne!(plain.digest(), tried.digest());
    command::apply(&mut tried, &Command::Cancel { by: Issuer::Facilitator, order: 0 }).expect("it is pending");
    for _ in 0..600 {
        assert_eq!(plain.digest(), tried.digest(), "at {}", plain.tick);
        plain.step();
        tried.step();
    }
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
            assert_eq!(run.world.fleets[index].received, 0, "{}", scenario.fleet_key(index as u32));
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
    let fleets = scenario.organisations[delta as usize].fleets.clone();
    let servers = fleets.clone().find(|&fleet| scenario.fleet_doc(fleet).id == "servers").expect("Delta has servers");
    let mut run = Run::new(setup(&scenario, "do-nothing", 11));
    let release = scenario.start.tick_of("2024-07-19T04:09Z").unwrap();
    let channel = &scenario.channels[0];
    for minutes in [5_u32, 15, 40] {
        run.advance_to(release.plus(minutes + 1));
        let state = &run.world.fleets[servers as usize];
        let n = f64::from(state.in_scope);
        let p = 1.0 - (-f64::from(minutes) / channel.receipt_mean_min).exp();
        let (expected, sd) = (n * p, (n * p * (1.0 - p)).sqrt());
        let received = f64::from(state.received);
        assert!((received - expected).abs() < 4.0 * sd, "{minutes} min: {received} against {expected:.0} ± {sd:.0}");
    }
    let end = scenario.start.tick_of("2024-07-19T05:27Z").unwrap();
    run.advance_to(end.plus(channel.reboot_cycle_min * channel.race_cycles_max + 1));
    let state = &run.world.fleets[servers as usize];
    let kind = &scenario.kinds[scenario.fleets[servers as usize].kind as usize];
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

/// Every refusal says why and leaves the state bit-identical.
#[test]
fn refusals_have_reasons_and_change_nothing() {
    let scenario = scenario(REPLAY);
    let mut world = World::new(scenario.clone(), 1);
    let seat = scenario.seat_index("airline-ops").expect("the seat exists") as u32;
    let delta = Target::Organisation(organisation(&scenario, "delta"));
    let united = Target::Organisation(organisation(&scenario, "united"));
    let order =
        |by: Issuer, id: &str, target: Target| Command::Order { by, mitigation: mitigation(&scenario, id), target };
    let by_seat = Issuer::Seat(seat);
    let mut check = |command: Command, expected: &str| {
        let before = world.digest();
        let refusal = command::apply(&mut world, &command).expect_err(expected);
        assert!(refusal.to_string().contains(expected), "{refusal} lacks `{expected}`");
        assert_eq!(world.digest(), before, "{refusal}");
    };
    check(order(by_seat, "overtime", united), "is not yours to direct");
    check(order(by_seat, "stop-rollout", Target::World), "your seat cannot order this");
    check(order(Issuer::Facilitator, "stop-rollout", Target::World), "no release is live");
    check(order(Issuer::Facilitator, "overtime", Target::World), "it takes an organisation");
    check(order(Issuer::Facilitator, "overtime", Target::Organisation(9_999)), "no such target");
    check(order(Issuer::Facilitator, "release-hosts", delta), "no host is held");
    check(Command::Cancel { by: by_seat, order: 3 }, "no such order");
    check(Command::Order { by: by_seat, mitigation: 9_999, target: delta }, "no such mitigation");
    let needs_tool = (0..scenario.mitigations.len() as u32)
        .find(|&index| {
            let of = &scenario.mitigations[index as usize];
            of.target == TargetKind::Organisation && of.sectors.is_empty() && !of.requires.is_empty()
        })
        .expect("some mitigation has a precondition");
    let id = scenario.docs.mitigations[needs_tool as usize].id.clone();
    check(order(Issuer::Facilitator, &id, delta), "not possible yet");
    command::apply(&mut world, &order(by_seat, "overtime", delta)).expect("overtime is legal");
    let before = world.digest();
    assert_eq!(command::check(&world, &order(by_seat, "overtime", delta)), Err(Refusal::UnderWay));
    assert_eq!(world.digest(), before);
}

/// Do-nothing scores nothing and par full points for every seat: the line that scores are read on.
#[test]
fn scores_run_from_do_nothing_to_par() {
    let scenario = scenario(REPLAY);
    for seat in 0..scenario.seats.len() as u32 {
        let voices = Voices { seat: Some(seat), own: None, others: None };
        let setup = twin_setup(&Setup { scenario: scenario.clone(), seed: 1, voices }, "do-nothing");
        let twins = Twins::compute(&setup);
        let points = |world: &World| blackstart::assess::score::Score::of(world, seat, &twins).points;
        let name = &scenario.docs.seats[seat as usize].id;
        assert!(points(&twins.do_nothing.world) < 15.0, "{name}: {}", points(&twins.do_nothing.world));
        assert!((points(&twins.par.world) - 100.0).abs() < 1e-6, "{name}");
        let reference = points(&twins.reference.world);
        assert!(15.0 < reference && reference < 100.0, "{name}: history scores {reference}");
    }
}

#[test]
fn a_tolerated_disruption_is_not_counted_against_tolerance() {
    let scenario = scenario(REPLAY);
    let mut run = Run::new(setup(&scenario, "reference", 1));
    run.advance_to(scenario.horizon);
    for (index, state) in run.world.services.iter().enumerate() {
        let key = scenario.service_key(index as u32);
        assert!(state.outside_min <= state.below_min, "{key}");
        assert!(state.below_min == 0 || 0 < state.loss_ppm_min, "{key}");
    }
    let records = service(&scenario, "emis/records");
    assert!(0 < run.world.services[records as usize].outside_min, "the hosted records were out beyond tolerance");
    let tpp = observe(&run.world, "recovery_min(service:tpp/records)");
    assert_eq!(tpp, 0.0, "the other supplier never failed (UK04)");
}

/// Golden run: digests every half day and headline figures, compared with the file; `UPDATE=1`
/// rewrites it. Runs in debug and release alike, so a difference between them shows here.
#[test]
fn golden_runs_are_unchanged() {
    let scenario = scenario(REPLAY);
    let mut text = String::new();
    for playbook in ["do-nothing", "reference", "par"] {
        let mut run = Run::new(setup(&scenario, playbook, 1));
        run.advance_to(scenario.horizon);
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
