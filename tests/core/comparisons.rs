//! Comparison runs: equal ones are shared, and their samples equal the samples of a run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use blackstart::assess::comparisons::{
    ComparisonRuns, PendingRuns, Stopped, comparison_ends, comparison_runs, comparison_setup, runs_to_simulate,
};
use blackstart::assess::score::{Judged, judge, total};
use blackstart::base::{Ix, Span, Tick};
use blackstart::scenario::compile::{Seat, Service};
use blackstart::scenario::load::Documents;
use blackstart::scenario::schema::{Event, PlaybookOrder, Trigger};
use blackstart::session::run::{Keeps, play};
use blackstart::session::{Cast, CastSeat, Player, Record, Run, Sampling, Setup, Timeline};
use blackstart::sim::possible::possible_with;
use blackstart::sim::{Command, Issuer};

use crate::support::{TINY, compiled, documents, scenario, thin_replay};

const PLAYBOOKS: [&str; 3] = ["do-nothing", "reference", "par"];

fn played(setup: &Setup) -> Run {
    let mut run = Run::new(setup.clone());
    run.advance_to(setup.scenario.horizon);
    run
}

/// Both seats of the tiny scenario, played by people who order nothing.
fn team() -> Setup {
    let scenario = scenario(TINY);
    let reference = scenario.playbook_index("reference");
    let seats = [0, 1].map(|seat| CastSeat { seat: Ix::new(seat), player: Player::Person });
    Setup { scenario, seed: 3, cast: Cast::new(seats, reference) }
}

/// The content of a record for a seat: samples, levels, hosts and the seat's objectives.
fn samples(record: &Record, seat: Ix<Seat>, services: Span<Service>) -> String {
    let objectives: Vec<_> = record.ticks.iter().map(|&tick| record.objectives_at(seat, tick)).collect();
    let levels: Vec<_> = services.iter().map(|service| record.level_curve(service)).collect();
    format!("{:?} {:?} {levels:?} {objectives:?}", record.ticks, record.hosts_down_curve())
}

/// Goal: shared comparison runs, which have no log and no digests, equal those of each seat alone. Method: each is
/// compared with a full run, in the ends that a judgement reads and in the curves that an exercise draws.
#[test]
fn samples_equal_those_of_a_run_of_the_seat_alone() {
    let setup = team();
    let (services, last) = (setup.scenario.written_services(), setup.scenario.horizon);
    let waited = comparison_runs(&played(&setup), &[Ix::new(0), Ix::new(1)], &|_| ());
    let mut seats = Vec::new();
    for (seat, curves) in pending(&setup) {
        let ends = &waited[&seat];
        let runs = [&curves.do_nothing, &curves.reference, &curves.par];
        for ((playbook, curves), ends) in
            PLAYBOOKS.into_iter().zip(runs).zip([&ends.do_nothing, &ends.reference, &ends.par])
        {
            let alone = played(&comparison_setup(&setup, &[seat], playbook)).record;
            assert_eq!(samples(curves, seat, services), samples(&alone, seat, services), "{playbook}, seat {seat}");
            assert_eq!(ends.objectives_at(seat, last), alone.objectives_at(seat, last), "{playbook}, seat {seat}");
        }
        seats.push(seat);
    }
    assert_eq!(seats, [Ix::new(0), Ix::new(1)], "an exercise gets them seat by seat");
}

/// The comparison runs that an exercise gets, in the order in which they come.
fn pending(setup: &Setup) -> Vec<(Ix<Seat>, ComparisonRuns)> {
    let pending = PendingRuns::start(setup, &BTreeMap::new());
    let mut found = Vec::new();
    loop {
        match pending.poll() {
            Ok(None) => std::thread::yield_now(),
            Ok(Some(finished)) => found.push(finished),
            Err(Stopped) => return found,
        }
    }
}

#[test]
fn the_reference_run_is_simulated_once_for_all_seats() {
    let setup = team();
    let ticks = AtomicU32::new(0);
    comparison_runs(&played(&setup), &[Ix::new(0), Ix::new(1)], &|count| {
        ticks.fetch_add(count, Ordering::Relaxed);
    });
    assert_eq!(runs_to_simulate(&setup, &[Ix::new(0), Ix::new(1)]), 5);
    assert_eq!(ticks.into_inner(), 5 * setup.scenario.horizon.0);
}

/// A run under a playbook is its own comparison run, and its score is the value of its column.
#[test]
fn a_run_is_not_compared_with_a_copy_of_itself() {
    let columns: [fn(&Judged) -> f64; 3] = [|judged| judged.do_nothing, |judged| judged.reference, |judged| judged.par];
    for (playbook, column) in PLAYBOOKS.into_iter().zip(columns) {
        let run = played(&comparison_setup(&team(), &[Ix::new(0)], playbook));
        assert_eq!(runs_to_simulate(&run.setup, &[Ix::new(0)]), 2, "{playbook}");
        let judgement = judge(&run.world, Ix::new(0), &comparison_runs(&run, &[Ix::new(0)], &|_| ())[&Ix::new(0)]);
        for judged in &judgement.objectives {
            assert_eq!(judged.yours, column(judged), "{playbook}: {}", judged.id);
        }
        assert_eq!(judgement.score, total(&judgement.objectives, column), "{playbook}");
    }
}

/// Goal: a run that advances to its end at once equals a run that steps. Method: world, log, moments, digests and
/// samples are compared, with digests of every minute and of every hour.
#[test]
fn a_run_played_at_once_is_the_run_that_steps() {
    for playbook in PLAYBOOKS {
        let setup = comparison_setup(&team(), &[Ix::new(0)], playbook);
        let stepped = played(&setup);
        for (digests_every_min, sampling) in
            [(1, Sampling::Curves), (60, Sampling::Curves), (60, Sampling::Ends), (7, Sampling::Ends)]
        {
            let mut seen = Vec::new();
            let keeps = Keeps { digests_every_min, sampling };
            let run = play(&setup, keeps, |world| {
                seen.push(world.tick().0);
                world.tick().plus(100)
            });
            let name = format!("{playbook}, {keeps:?}");
            assert_eq!(run.world.digest(), stepped.world.digest(), "{name}");
            assert_eq!(run.log, stepped.log, "{name}");
            assert_eq!(format!("{:?}", run.moments), format!("{:?}", stepped.moments), "{name}");
            let digests: Vec<_> = stepped.digests.iter().step_by(digests_every_min as usize).collect();
            assert_eq!(run.digests.iter().collect::<Vec<_>>(), digests, "{name}");
            assert_eq!(seen, (0..=2800).step_by(100).chain([2880]).collect::<Vec<u32>>(), "{name}");
            match sampling {
                Sampling::Curves => assert_eq!(run.record, stepped.record, "{name}"),
                Sampling::Ends => {
                    assert_eq!(run.record.ticks, [Tick(0), Tick(2880)], "{name}");
                    let last = |run: &Run| run.record.objectives_at(Ix::new(0), Tick(2880)).map(<[f64]>::to_vec);
                    assert_eq!(last(&run), last(&stepped), "{name}");
                }
            }
        }
    }
}

/// Goal: a run that advances to the next possible entry of its playbooks misses none. Method: entries wait for events at
/// a known time and for events that wait for hosts, by every delay up to two looks; ticks of orders, refused ones
/// included, and digests are those of the run in which playbooks act in every minute.
#[test]
fn no_entry_of_a_playbook_is_missed() {
    let check = |name: &str, docs: Documents, playbook: &str| {
        let scenario = Arc::new(compiled(docs));
        let cast = Cast::everybody(scenario.playbook_index(playbook));
        let setup = Setup { scenario, seed: 1, cast };
        let stepped = played(&setup);
        for digests_every_min in [1, 60] {
            let keeps = Keeps { digests_every_min, sampling: Sampling::Ends };
            let run = play(&setup, keeps, |world| world.tick().plus(1_000));
            assert_eq!(run.refused_orders(), stepped.refused_orders(), "{name}");
            assert_eq!(run.log, stepped.log, "{name}");
            let digests: Vec<_> = stepped.digests.iter().step_by(digests_every_min as usize).copied().collect();
            assert!(run.digests == digests, "digests every {digests_every_min} minutes, {name}");
        }
    };
    for minutes in 0..=10 {
        check(&format!("tiny, {minutes} minutes"), with_waiting_entries(minutes), "reference");
    }
    check("2024-07-19, thin", thin_replay(), "par");
}

/// The tiny scenario with events that wait for hosts, and an entry of the reference after each of its events. All entries
/// wait for the same time: another entry would bring the run to a stop at which the missed one is found.
fn with_waiting_entries(minutes: u32) -> Documents {
    let mut docs = documents(TINY);
    for hosts in [5.0, 40.0, 80.0] {
        let event = Event {
            id: format!("crowd-{hosts}"),
            when: Trigger::Above("hosts_down(all)".to_owned(), hosts),
            effects: Vec::new(),
            ..docs.events[0].clone()
        };
        docs.events.push(event);
    }
    let reference = docs.playbooks.iter_mut().find(|playbook| playbook.id == "reference").expect("a playbook");
    let order = reference.orders[0].clone();
    let entry = |event: &Event| PlaybookOrder { when: Trigger::After(event.id.clone(), minutes), ..order.clone() };
    reference.orders = docs.events.iter().map(entry).collect();
    docs
}

/// Goal: comparison runs of which only the seat's organisations and their suppliers are simulated end like those of the
/// whole world. Method: people in the seats of two scenarios prepare, and both kinds of runs are compared.
#[test]
fn ends_of_few_organisations_equal_those_of_all() {
    let mut few = 0;
    for (scenario, seed) in [(scenario(TINY), 3), (Arc::new(compiled(thin_replay())), 5)] {
        let (others, last) = (scenario.playbook_index("reference"), scenario.horizon);
        for seat in scenario.seats.indices() {
            // A person, because the run of a playbook without orders of people is a comparison run itself.
            let cast = Cast::one_seat(seat, Player::Person, others);
            let mut timeline = Timeline::for_outcomes(Setup { scenario: scenario.clone(), seed, cast });
            let by = Issuer::Seat(seat);
            for &mitigation in &scenario.seats[seat].mitigations {
                if let Some(target) = possible_with(&timeline.run().world, by, mitigation).open_targets().next() {
                    // A budget that is spent refuses the next preparation.
                    let _ = timeline.order(Command::Order { by, mitigation, target });
                }
            }
            timeline.advance_to(last);
            let Some(found) = comparison_ends(&timeline, seat) else { continue };
            few += 1;
            let whole = comparison_runs(timeline.run(), &[seat], &|_| ()).remove(&seat).expect("the seat");
            let pairs = [
                (&found.unprepared, &whole.unprepared),
                (&found.do_nothing, &whole.do_nothing),
                (&found.reference, &whole.reference),
                (&found.par, &whole.par),
            ];
            for (number, (found, whole)) in pairs.into_iter().enumerate() {
                let values = |record: &Record| record.objectives_at(seat, last).map(<[f64]>::to_vec);
                assert_eq!(
                    values(found),
                    values(whole),
                    "run {number} of seat {seat} of {}",
                    scenario.docs.manifest.id
                );
            }
        }
    }
    assert!(3 <= few, "{few} seats depend on few organisations");
}
