//! Goal: a restored run and a fork equal a simulation from tick 0.

use std::sync::Arc;

use blackstart::base::draw::Key;
use blackstart::base::{Draw, Ix, Stream, Tick};
use blackstart::scenario::compile::{Organisation, Scenario, Target, TargetKind};
use blackstart::scenario::load::Documents;
use blackstart::scenario::schema::{Event, EventEffect, Inject, OrderTarget, Ring, RingPlan, Tagged, Trigger};
use blackstart::session::fork::Curves;
use blackstart::session::{Cast, Change, Extent, Player, Run, Setup, Timeline};
use blackstart::sim::{Command, Issuer};

use crate::support::{REPLAY, THIN_REPLAY, TINY, compiled, documents, scenario};
use crate::worlds::assert_same;

/// A cast with a person in the first seat and playbooks for all others.
fn setup(scenario: &Arc<Scenario>, seed: u64) -> Setup {
    let reference = scenario.playbook_index("reference");
    Setup { scenario: scenario.clone(), seed, cast: Cast::one_seat(Ix::new(0), Player::Person, reference) }
}

/// A random command, which may be refused.
fn any_command(scenario: &Scenario, key: Key, turn: u32, orders: usize) -> Command {
    let pick = |what: u32, below: usize| (key.bits(turn, what) % below.max(1) as u64) as u32;
    let by = Issuer::Facilitator;
    match pick(0, 12) {
        0 => return Command::Cancel { by, order: Ix::new(pick(1, orders)) },
        1 => return Command::Inject { by, inject: Ix::new(pick(1, scenario.injects.len())) },
        2 => {
            let organisation = pick(1, scenario.organisations.len());
            return Command::Grant {
                by,
                organisation: Ix::new(organisation),
                technicians: pick(2, 9) as i32 - 3,
                hours: 5,
            };
        }
        _ => {}
    }
    let mitigation = pick(1, scenario.mitigations.len());
    let target = match scenario.mitigations[Ix::new(mitigation)].target {
        TargetKind::World => Target::World,
        TargetKind::Organisation => Target::Organisation(Ix::new(pick(2, scenario.organisations.len()))),
        TargetKind::Fleet => Target::Fleet(Ix::new(pick(2, scenario.fleets.len()))),
        TargetKind::Service => Target::Service(Ix::new(pick(2, scenario.services.len()))),
    };
    Command::Order { by, mitigation: Ix::new(mitigation), target }
}

/// A run to the horizon with a command every `every_min` minutes.
fn commanded(scenario: &Arc<Scenario>, seed: u64, every_min: u32) -> Timeline {
    let key = Draw::new(seed).stream(Stream::Swarm);
    let mut timeline = Timeline::new(setup(scenario, seed));
    let mut turn = 0;
    while !timeline.run().world.is_over() {
        let wanted = any_command(scenario, key, turn, timeline.run().world.orders().len());
        // About half of them are refused, which is part of the test.
        let _ = timeline.order(wanted);
        turn += 1;
        timeline.advance_to(timeline.run().world.tick().plus(every_min));
    }
    timeline
}

/// Goal: seeking restores the state of a tick. Method: ticks are sought in any order; from each, the run continues with
/// its old digests, record, log and moments.
#[test]
fn a_sought_run_continues_as_before() {
    let check = |path: &str, seed: u64, every_min: u32, seeks: u32| {
        let scenario = scenario(path);
        let mut timeline = commanded(&scenario, seed, every_min);
        let whole = timeline.run().clone();
        let key = Draw::new(seed).stream(Stream::Swarm);
        for seek in 0..seeks {
            let tick = Tick((key.bits(seek, 77) % u64::from(scenario.horizon.0)) as u32);
            let run = timeline.run_at(tick);
            assert_eq!(run.world.tick(), tick);
            assert_eq!(run.world.digest(), *run.digests.last().unwrap(), "{path}: kept and reckoned digests at {tick}");
            let mut on = run.clone();
            while on.world.tick() < whole.world.tick() {
                let given = whole.log[on.log.len()..].iter();
                let by_hand: Vec<_> = given
                    .take_while(|entry| entry.tick == on.world.tick())
                    .filter(|entry| !entry.is_by_playbook())
                    .collect();
                by_hand.into_iter().for_each(|entry| drop(on.order(entry.command)));
                on.step();
            }
            assert_eq!(on.digests, whole.digests, "{path}: from {tick}");
            assert_eq!((on.log, on.moments), (whole.log.clone(), whole.moments.clone()), "{path}: from {tick}");
            assert_eq!(on.record.ticks, whole.record.ticks);
        }
        timeline.seek(Tick(scenario.horizon.0 / 3));
        assert_eq!(timeline.run().world.tick(), Tick(scenario.horizon.0 / 3), "what came after is forgotten");
    };
    for seed in 0..6 {
        check(TINY, seed, 67, 3);
    }
    check(THIN_REPLAY, 1, 501, 2);
}

/// Goal: a restored state equals a replay from tick 0. Method: the tiny scenario, each tick.
#[test]
fn every_tick_can_be_restored() {
    let scenario = scenario(TINY);
    let timeline = commanded(&scenario, 3, 40);
    let replayed = Run::replay(scenario.clone(), 3, &timeline.run().log, scenario.horizon).expect("a legal log");
    assert_eq!(replayed.digests, timeline.run().digests);
    for tick in (0..scenario.horizon.0).step_by(23) {
        let again = timeline.run_at(Tick(tick));
        let mut on = Timeline::new(setup(&scenario, 3)).run_at(Tick::ZERO);
        for entry in timeline.run().log.iter().filter(|entry| entry.tick <= Tick(tick)) {
            if !entry.is_by_playbook() {
                on.advance_to(entry.tick);
                on.order(entry.command).expect("it was legal");
            }
        }
        on.advance_to(Tick(tick));
        assert_eq!(again.world.digest(), on.world.digest(), "at {tick}");
    }
}

/// Goal: a fork that simulates only the reach of its command equals a fork that simulates everything. Method: random
/// commands at random ticks of runs full of commands; states are compared by digests that are computed from the start.
#[test]
fn a_fork_equals_the_whole() {
    let check = |path: &str, seeds: std::ops::Range<u64>, every_min: u32, forks: u32, few_min: u32| {
        let scenario = scenario(path);
        let (mut compared, mut few) = (0, 0);
        for seed in seeds {
            let timeline = commanded(&scenario, seed, every_min);
            let key = Draw::new(seed).stream(Stream::Swarm);
            // In a world with thousands of targets, most random commands are refused.
            let mut left = forks;
            for fork in 0..forks * 20 {
                if left == 0 {
                    break;
                }
                let tick = Tick((key.bits(fork, 99) % u64::from(scenario.horizon.0)) as u32);
                let wanted = any_command(&scenario, key, 10_000 + fork, 40);
                let Ok(reached) = timeline.fork(&Change::add(tick, wanted), Extent::Reached, Curves::None) else {
                    continue;
                };
                let whole =
                    timeline.fork(&Change::add(tick, wanted), Extent::Everything, Curves::None).expect("it was legal");
                let at = || format!("{path} seed {seed} {wanted:?} at {}", tick.0);
                assert_same(&reached.world, &whole.world, at);
                compared += 1;
                left -= 1;
                few += u32::from(
                    reached
                        .simulated
                        .is_some_and(|organisations| organisations.len() * 2 < scenario.organisations.len()),
                );
            }
        }
        assert!(few_min <= few, "{path}: only {few} of {compared} forks simulated less than half of the world");
    };
    check(TINY, 0..12, 97, 6, 3);
    check(THIN_REPLAY, 1..2, 700, 5, 3);
}

/// Goal: events and playbook entries fire in a fork if their condition is inside the reach and their effect outside.
/// Method: the tiny scenario with such conditions on the airline, and a fork that makes the airline quicker.
#[test]
fn indirect_effects_of_a_change_are_simulated() {
    let check = |name: &str, change: &dyn Fn(&mut Documents)| {
        let mut docs = documents(TINY);
        change(&mut docs);
        let scenario = Arc::new(compiled(docs));
        let mut timeline = Timeline::new(setup(&scenario, 1));
        timeline.advance_to(scenario.horizon);
        let airline = scenario.organisation_index("tiny-air").expect("the airline");
        let grant = Command::Grant { by: Issuer::Facilitator, organisation: airline, technicians: 20, hours: 24 };
        let reached = timeline.fork(&Change::add(Tick(300), grant), Extent::Reached, Curves::None).expect("legal");
        let whole = timeline.fork(&Change::add(Tick(300), grant), Extent::Everything, Curves::None).expect("legal");
        assert_eq!(reached.world.digest(), whole.world.digest(), "{name}");
        assert_ne!(whole.world.events_fired(), timeline.run().world.events_fired(), "{name}: the event moves");
    };
    let event = |id: &str, when: Trigger, effect: EventEffect| Event {
        id: id.to_owned(),
        title: id.to_owned(),
        when,
        effects: vec![effect],
        key_moment: false,
        provenance: Tagged::Invented((), "a test".to_owned()),
    };
    let repaired = || Trigger::Above("hosts_repaired(org:tiny-air)".to_owned(), 5.0);
    let limit = || EventEffect::Limit { service: "tiny-cloud/hosting".to_owned(), level: 0.5 };
    check("a limit", &|docs| docs.events.push(event("e", repaired(), limit())));
    check("a flag", &|docs| docs.events.push(event("e", repaired(), EventEffect::RaiseFlag("stick-ready".to_owned()))));
    check("a release", &|docs| docs.events.push(event("e", repaired(), EventEffect::Release("sensor".to_owned()))));
    check("a chain", &|docs| {
        docs.events.push(event("e", repaired(), EventEffect::Lift { service: "tiny-air/flights".to_owned() }));
        docs.events.push(event("f", Trigger::After("e".to_owned(), 30), limit()));
    });
    check("a line", &|docs| {
        docs.events.push(event("e", repaired(), EventEffect::Lift { service: "tiny-air/flights".to_owned() }));
        let mut line = docs.playbooks[1].orders[1].clone();
        (line.when, line.target) = (repaired(), OrderTarget::Organisation("tiny-cloud".to_owned()));
        docs.playbooks[1].orders.push(line);
    });
}

/// Goal: a fork evaluates the conditions of injects on all hosts without simulating all organisations. Method: the tiny
/// scenario with injects at many values, which fire at other times in some forks; also forks of a run that holds hosts.
#[test]
fn injects_on_hosts_of_many_organisations_read_outside_counts() {
    let mut docs = documents(TINY);
    let first = docs.injects[0].clone();
    let mut inject = |when: Trigger| {
        docs.injects.push(Inject { id: format!("many-{}", docs.injects.len()), when, ..first.clone() });
    };
    for hosts in [0.0, 3.0, 10.0, 40.0, 100.0, 200.0, 1_000_000.0] {
        for metric in ["hosts_received", "hosts_repaired", "hosts_down", "hosts_self_recovered"] {
            inject(Trigger::Above(format!("{metric}(all)"), hosts));
        }
    }
    for share in [0.99, 0.9, 0.8, 0.5] {
        inject(Trigger::Below("sensors_online_share(all)".to_owned(), share));
        inject(Trigger::Below("hosts_up(all)".to_owned(), share * 300.0));
    }
    let scenario = Arc::new(compiled(docs));
    let (mut few, mut moved) = (0, 0);
    for seed in 0..8 {
        let timeline = commanded(&scenario, seed, 111);
        let key = Draw::new(seed).stream(Stream::Swarm);
        for fork in 0..40 {
            let tick = Tick((key.bits(fork, 99) % u64::from(scenario.horizon.0 / 2)) as u32);
            let wanted = any_command(&scenario, key, 10_000 + fork, 40);
            let Ok(reached) = timeline.fork(&Change::add(tick, wanted), Extent::Reached, Curves::None) else {
                continue;
            };
            let whole =
                timeline.fork(&Change::add(tick, wanted), Extent::Everything, Curves::None).expect("it was legal");
            assert_eq!(reached.world.injects_fired(), whole.world.injects_fired(), "seed {seed} {wanted:?} at {tick}");
            assert_eq!(reached.world.digest(), whole.world.digest(), "seed {seed} {wanted:?} at {tick}");
            few += u32::from(reached.simulated.is_some());
            let is_moved = whole.world.injects_fired() != timeline.run().world.injects_fired();
            moved += u32::from(is_moved && reached.simulated.is_some());
        }
    }
    assert!(10 < few && 3 < moved, "{few} forks of some organisations, in {moved} of them injects moved");
}

/// Goal: a fork from before the release is as quick as one from after it. Method: the full scenario, whose first
/// injects wait for hosts all over the world.
#[test]
fn a_fork_before_the_release_simulates_few() {
    let scenario = scenario(REPLAY);
    let mut timeline = Timeline::new(setup(&scenario, 1));
    timeline.advance_to(Tick(900));
    let organisation = scenario.organisation_index("delta").expect("the airline");
    let grant = Command::Grant { by: Issuer::Facilitator, organisation, technicians: 50, hours: 24 };
    for tick in [0, 17, 200] {
        let reached = timeline.fork(&Change::add(Tick(tick), grant), Extent::Reached, Curves::None).expect("legal");
        let whole = timeline.fork(&Change::add(Tick(tick), grant), Extent::Everything, Curves::None).expect("legal");
        assert_eq!(reached.world.digest(), whole.world.digest(), "at {tick}");
        let simulated = reached.simulated.expect("some organisations").len();
        assert!(simulated * 10 < scenario.organisations.len(), "{simulated} organisations at {tick}");
    }
}

/// Goal: a release halts in a fork even if the halt depends on an organisation outside the reach.
/// Method: the tiny scenario with a slow rollout that the airline's hosts halt, and a fork about another organisation.
#[test]
fn a_fork_halts_a_release_at_the_same_tick() {
    let mut docs = documents(TINY);
    let figure = |minutes: u32| Tagged::Invented(minutes, "a test".to_owned());
    docs.world.channels[0].rings = Some(RingPlan {
        rings: vec![Ring {
            share: Tagged::Invented(1.0, "a test".to_owned()),
            delay_min: figure(0),
            spread_min: figure(120),
        }],
        halt_above: Some(("hosts_down(org:tiny-air)".to_owned(), 3.0)),
        in_use: true,
    });
    let scenario = Arc::new(compiled(docs));
    let mut timeline = Timeline::new(setup(&scenario, 1));
    timeline.advance_to(scenario.horizon);
    let is_other = |organisation: &Ix<Organisation>| scenario.organisation_index("tiny-air") != Some(*organisation);
    for organisation in scenario.organisations.indices().filter(is_other) {
        let grant = Command::Grant { by: Issuer::Facilitator, organisation, technicians: 20, hours: 24 };
        let reached = timeline.fork(&Change::add(Tick(1), grant), Extent::Reached, Curves::None).expect("legal");
        let whole = timeline.fork(&Change::add(Tick(1), grant), Extent::Everything, Curves::None).expect("legal");
        assert_eq!(reached.world.digest(), whole.world.digest(), "{}", scenario.organisation_name(organisation));
    }
    let received: u32 = timeline.run().world.fleets().iter().map(|fleet| fleet.received).sum();
    assert!(0 < received && received < scenario.hosts / 2, "{received} received before the halt");
}
