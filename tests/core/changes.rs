//! Goal: a fork with commands left out, added or moved equals a simulation of all organisations, and a fork without
//! changes equals the run.

use blackstart::base::draw::{Draw, Stream};
use blackstart::base::{Ix, Tick};
use blackstart::scenario::compile::{Organisation, Seat, Target};
use blackstart::session::fork::{Curves, TRUNK_BYTES};
use blackstart::session::{Cast, Change, Extent, LogEntry, Player, Run, Setup, Timeline};
use blackstart::sim::possible::possible;
use blackstart::sim::{Command, Issuer, observe};

use crate::support::{REPLAY, THIN_REPLAY, TINY, scenario};

/// A run of a seat with orders of a person, cancellations among them, and playbooks everywhere else.
fn played(folder: &str, seed: u64) -> Timeline {
    let scenario = scenario(folder);
    let others = scenario.playbook_index("reference");
    let seat = Ix::new(seed as u32 % scenario.seats.len() as u32);
    let cast = Cast::one_seat(seat, Player::Person, others);
    let mut timeline = Timeline::new(Setup { scenario: scenario.clone(), seed, cast });
    let key = Draw::new(seed).stream(Stream::Swarm);
    let by = Issuer::Seat(seat);
    for try_number in 0..30_u32 {
        let tick = timeline.run().world.tick().0 + key.bits(try_number, 1) as u32 % (scenario.horizon.0 / 30);
        timeline.advance_to(Tick(tick));
        let world = &timeline.run().world;
        let legal: Vec<Command> = possible(world, by)
            .iter()
            .flat_map(|row| row.open_targets().map(|target| Command::Order { by, mitigation: row.mitigation, target }))
            .collect();
        if !legal.is_empty() {
            let wanted = legal[key.bits(try_number, 2) as usize % legal.len()];
            timeline.order(wanted).expect("it was checked");
        }
        let orders = timeline.run().world.orders().len() as u32;
        if 0 < orders && try_number % 4 == 3 {
            // Most of these are refused: the order belongs to a playbook or has ended.
            let _ = timeline.order(Command::Cancel { by, order: Ix::new(key.bits(try_number, 3) as u32 % orders) });
        }
    }
    timeline.advance_to(scenario.horizon);
    timeline
}

/// A change of one to three commands, drawn from a seed.
fn any_change(log: &[LogEntry], horizon: Tick, seed: u64) -> Change {
    let key = Draw::new(seed).stream(Stream::Swarm);
    let mut change = Change::default();
    for part in 0..=(key.bits(0_u32, 0) % 3) as u32 {
        let entry = key.bits(part, 1) as usize % log.len();
        change = match key.bits(part, 2) % 3 {
            0 => change.and_drop(entry),
            1 => {
                let later = log[entry].tick.0 + key.bits(part, 3) as u32 % 240;
                change.and(Change::move_to(log, entry, Tick(later.min(horizon.0))))
            }
            _ => {
                let earlier = log[entry].tick.0.saturating_sub(key.bits(part, 3) as u32 % 240);
                change.and(Change::move_to(log, entry, Tick(earlier)))
            }
        };
    }
    change
}

/// Goal: a fork by any change equals a simulation of everything. Method: random changes of runs with many commands;
/// the worlds are compared by digests that are computed from the start.
#[test]
fn a_change_equals_the_whole() {
    let check = |folder: &str, seeds: std::ops::Range<u64>, changes: u64, partial_min: u32| {
        let (mut compared, mut partial) = (0, 0);
        for seed in seeds {
            let timeline = played(folder, seed);
            let run = timeline.run();
            assert!(5 < run.log.len(), "{folder} seed {seed}: hardly any command");
            for number in 0..changes {
                let change = any_change(&run.log, run.setup.scenario.horizon, seed * 1000 + number);
                let whole = timeline.fork(&change, Extent::Everything, Curves::None);
                let reached = timeline.fork(&change, Extent::Reached, Curves::None);
                let (whole, reached) = match (whole, reached) {
                    (Ok(whole), Ok(reached)) => (whole, reached),
                    (Err(whole), Err(reached)) => {
                        assert_eq!(whole, reached, "{folder} seed {seed} {change:?}");
                        continue;
                    }
                    (whole, reached) => {
                        let outcomes = (whole.map(drop), reached.map(drop));
                        panic!("{folder} seed {seed} {change:?}: {outcomes:?}");
                    }
                };
                let digests = (whole.world.digest(), reached.world.digest());
                assert_eq!(digests.0, digests.1, "{folder} seed {seed} {change:?}");
                compared += 1;
                let organisations = run.setup.scenario.organisations.len();
                partial += u32::from(reached.simulated.is_some_and(|simulated| simulated.len() < organisations));
            }
        }
        assert!(0 < compared, "{folder}: every change was refused");
        assert!(partial_min <= partial, "{folder}: only {partial} of {compared} forks simulated a part of the world");
    };
    check(TINY, 0..12, 12, 20);
    check(THIN_REPLAY, 1..3, 4, 1);
}

/// Goal: orders that end others do so in a fork that simulates other organisations, too. Method: hosts of one organisation are
/// held and released, a promise of it is corrected, and the change concerns an organisation that does not depend on it.
#[test]
fn orders_outside_a_fork_end_others_as_in_the_run() {
    let scenario = scenario(REPLAY);
    let target = |id: &str| {
        let found = scenario.organisations.indices().find(|&index| scenario.organisation_id(index) == id);
        Target::Organisation(found.expect("the organisation exists"))
    };
    let order = |id: &str, target: Target| {
        let found = scenario.docs.mitigations.iter().position(|mitigation| mitigation.id == id);
        Command::Order { by: Issuer::Facilitator, mitigation: Ix::from_usize(found.expect("the mitigation")), target }
    };
    let others = scenario.playbook_index("do-nothing");
    let cast = Cast::everybody(others);
    let mut timeline = Timeline::new(Setup { scenario: scenario.clone(), seed: 1, cast });
    let (outside, inside) = (target("providence"), target("commbank"));
    for (tick, commands) in [
        (600, vec![order("overtime", inside), order("hold-hosts", outside), order("tell-customers", outside)]),
        (700, vec![order("release-hosts", outside), order("tell-customers", outside)]),
        (800, vec![]),
    ] {
        timeline.advance_to(Tick(tick));
        for command in commands {
            timeline.order(command).expect("the facilitator may order it");
        }
    }
    let overtime = timeline.run().log.iter().position(|entry| entry.command == order("overtime", inside));
    let change = Change::drop(overtime.expect("it was given"));
    let whole = timeline.fork(&change, Extent::Everything, Curves::None).expect("nothing is added");
    let reached = timeline.fork(&change, Extent::Reached, Curves::None).expect("nothing is added");
    assert!(reached.simulated.is_some_and(|simulated| simulated.len() < scenario.organisations.len()));
    assert_eq!(whole.world.digest(), reached.world.digest());
}

/// Goal: values of a fork equal those of a simulation of everything, whether the fork begins in a trunk or in the run.
/// Method: random changes, and one order of the person left out; objectives of the person's seat.
#[test]
fn values_of_a_fork_are_those_of_the_whole() {
    let check = |folder: &str, seeds: std::ops::Range<u64>, changes: u64, in_trunk_min: u32| {
        let mut in_trunk = 0;
        for seed in seeds {
            let timeline = played(folder, seed);
            let run = timeline.run();
            let scenario = &run.setup.scenario;
            let seat = &scenario.seats[Ix::new(seed as u32 % scenario.seats.len() as u32)];
            let by_person: Vec<usize> = (0..run.log.len()).filter(|&at| !run.log[at].is_by_playbook()).collect();
            for number in 0..changes {
                let change = match number % 2 {
                    0 => any_change(&run.log, scenario.horizon, seed * 500 + number),
                    _ => Change::drop(by_person[number as usize % by_person.len()]),
                };
                let starts: Vec<Tick> = run.log.iter().map(|entry| entry.tick).collect();
                let trunk = timeline.trunk(seat.organisations.iter().copied(), &starts, TRUNK_BYTES);
                let whole = timeline.fork(&change, Extent::Everything, Curves::None);
                let values = whole.map(|fork| {
                    let value = |objective| observe::value(&fork.world, objective);
                    seat.objectives.iter().map(value).collect::<Vec<f64>>()
                });
                let reached = timeline.fork_values(&change, &seat.objectives);
                assert_eq!(reached, values, "{folder} seed {seed} {change:?}");
                let begun = trunk.and_then(|trunk| timeline.fork_values_in(&trunk, &change, &seat.objectives));
                if let Some(begun) = begun {
                    assert_eq!(begun, values, "{folder} seed {seed} {change:?} in a trunk");
                    in_trunk += 1;
                }
            }
        }
        assert!(in_trunk_min <= in_trunk, "{folder}: only {in_trunk} forks began in a trunk");
    };
    check(TINY, 0..12, 16, 100);
    check(THIN_REPLAY, 0..6, 6, 12);
}

/// Goal: a fork without a command equals a run in which it was never given. Method: both are simulated.
#[test]
fn leaving_an_order_out_is_never_having_given_it() {
    let timeline = played(TINY, 4);
    let run = timeline.run();
    let entry = run.log.iter().position(|entry| !entry.is_by_playbook()).expect("an order of the seat");
    let order_number = run.log[..entry].iter().filter(|entry| matches!(entry.command, Command::Order { .. })).count();
    let fork = timeline.fork(&Change::drop(entry), Extent::Reached, Curves::None).expect("nothing is added");
    let mut without = Run::new(run.setup.clone());
    for (position, logged) in run.log.iter().enumerate().filter(|(_, logged)| !logged.is_by_playbook()) {
        without.advance_to(logged.tick);
        let command = match logged.command {
            _ if position == entry => continue,
            Command::Cancel { order, .. } if order.position() == order_number => continue,
            Command::Cancel { by, order } if order_number < order.position() => {
                Command::Cancel { by, order: Ix::from_usize(order.position() - 1) }
            }
            other => other,
        };
        // An order may be refused because the removed one is missing.
        let _ = without.order(command);
    }
    without.advance_to(run.world.tick());
    assert_eq!(fork.world.digest(), without.world.digest());
    assert_ne!(fork.world.digest(), run.world.digest(), "the order did something");
}

/// A fork without changes equals the run, and so does one that drops an entry and adds it at the same place.
#[test]
fn a_change_of_nothing_is_the_run() {
    let timeline = played(TINY, 7);
    let run = timeline.run();
    let same = timeline.fork(&Change::default(), Extent::Reached, Curves::None).expect("nothing is added");
    assert_eq!(same.world.digest(), run.world.digest());
    assert_eq!(same.simulated, Some(Vec::new()), "nothing was simulated");
    let last = run.log.iter().rposition(|entry| !entry.is_by_playbook()).expect("an order of the seat");
    let alone = run.log.iter().filter(|entry| entry.tick == run.log[last].tick && !entry.is_by_playbook()).count() == 1;
    if alone {
        let moved = Change::move_to(&run.log, last, run.log[last].tick);
        let fork = timeline.fork(&moved, Extent::Reached, Curves::None).expect("it was accepted there before");
        assert_eq!(fork.world.digest(), run.world.digest());
    }
}

/// The curves of a fork that simulates a part of the world are those of one that simulates everything.
#[test]
fn curves_of_a_fork_are_those_of_the_whole() {
    let mut partial = 0;
    for seed in 0..6 {
        let timeline = played(TINY, seed);
        let run = timeline.run();
        for number in 0..4 {
            let change = any_change(&run.log, run.setup.scenario.horizon, seed * 77 + number);
            let Ok(whole) = timeline.fork(&change, Extent::Everything, Curves::Recorded) else { continue };
            let reached = timeline.fork(&change, Extent::Reached, Curves::Recorded).expect("it was legal");
            partial += u32::from(reached.simulated.is_some());
            let (whole, reached) = (whole.record.expect("recorded"), reached.record.expect("recorded"));
            assert_eq!(whole.ticks, reached.ticks);
            for service in run.setup.scenario.written_services() {
                assert_eq!(whole.level_curve(service), reached.level_curve(service), "seed {seed} {change:?}");
            }
            for (one, other) in whole.hosts_down_curve().iter().zip(reached.hosts_down_curve()) {
                assert!((one[1] - other[1]).abs() < 1e-6, "seed {seed} {change:?}: {one:?} {other:?}");
            }
        }
    }
    assert!(0 < partial, "no fork simulated a part of the world");
}

/// Several seats in play: an organisation that seats share follows the rule of the model, and a run with the same cast
/// is the same run.
#[test]
fn seats_that_share_organisations_follow_the_rule() {
    let scenario = scenario(REPLAY);
    let seat = |id: &str| scenario.seat_index(id).unwrap_or_else(|| panic!("no seat {id}"));
    let playbook = |id: &str| scenario.playbook_index(id);
    let shared = |a: Ix<Seat>, b: Ix<Seat>| -> Vec<Ix<Organisation>> {
        let of_b = &scenario.seats[b].organisations;
        scenario.seats[a].organisations.iter().copied().filter(|organisation| of_b.contains(organisation)).collect()
    };
    let ids: Vec<&str> = scenario.docs.seats.iter().map(|seat| seat.id.as_str()).collect();
    let pairs = || ids.iter().enumerate().flat_map(|(index, a)| ids[index + 1..].iter().map(move |b| (*a, *b)));
    let (one, other) = pairs().find(|(a, b)| !shared(seat(a), seat(b)).is_empty()).expect("seats that share");
    let (one, other) = (seat(one), seat(other));
    let common = shared(one, other)[0];
    let reference = playbook("reference");
    let (par, do_nothing) = (playbook("par").expect("par"), playbook("do-nothing").expect("do-nothing"));
    // Of two playbooks, that of the first seat decides.
    let mut cast = Cast::one_seat(other, Player::Playbook(do_nothing), reference);
    assert_eq!(cast.playbook_for(&scenario, common), Some(do_nothing));
    cast.set(one, Player::Playbook(par));
    assert_eq!(cast.playbook_for(&scenario, common), Some(par));
    // A person has priority over every playbook.
    cast.set(other, Player::Person);
    assert_eq!(cast.playbook_for(&scenario, common), None);
    // An organisation without a seat in play follows the playbook of the others.
    let outside = scenario
        .organisations
        .indices()
        .find(|organisation| {
            [one, other].iter().all(|&seat| !scenario.seats[seat].organisations.contains(organisation))
        })
        .expect("an organisation outside");
    assert_eq!(cast.playbook_for(&scenario, outside), reference);
}
