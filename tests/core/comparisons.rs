//! Comparison runs: equal ones are shared, and their samples equal the samples of a run.

use std::sync::atomic::{AtomicU32, Ordering};

use blackstart::assess::comparisons::{PendingRuns, comparison_runs, comparison_setup, runs_to_simulate};
use blackstart::assess::score::{Judged, judge, total};
use blackstart::base::{Ix, Span};
use blackstart::scenario::compile::{Seat, Service};
use blackstart::session::{Cast, CastSeat, Player, Record, Run, Setup};

use crate::support::{TINY, scenario};

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

/// Everything a record holds of a seat: samples, levels, hosts and the seat's objectives.
fn samples(record: &Record, seat: Ix<Seat>, services: Span<Service>) -> String {
    let objectives: Vec<_> = record.ticks.iter().map(|&tick| record.objectives_at(seat, tick)).collect();
    let levels: Vec<_> = services.iter().map(|service| record.level_curve(service)).collect();
    format!("{:?} {:?} {levels:?} {objectives:?}", record.ticks, record.hosts_down_curve())
}

/// Goal: the shared runs without log and digests are those of each seat alone. Method: every one beside a whole run.
#[test]
fn samples_equal_those_of_a_run_of_the_seat_alone() {
    let setup = team();
    let services = setup.scenario.written_services();
    let all = comparison_runs(&played(&setup), &[Ix::new(0), Ix::new(1)], &|_| ());
    for (seat, runs) in &all {
        for (playbook, record) in PLAYBOOKS.into_iter().zip([&runs.do_nothing, &runs.reference, &runs.par]) {
            let alone = played(&comparison_setup(&setup, &[*seat], playbook)).record;
            assert_eq!(samples(record, *seat, services), samples(&alone, *seat, services), "{playbook}, seat {seat}");
        }
    }
    assert_eq!(all.len(), 2);
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

/// A run under a playbook is its own comparison run, and its score is that of the column.
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

#[test]
fn an_exercise_gets_the_same_runs_seat_by_seat() {
    let setup = team();
    let waited = comparison_runs(&played(&setup), &[Ix::new(0), Ix::new(1)], &|_| ());
    let pending = PendingRuns::start(&setup);
    let mut seats = Vec::new();
    loop {
        match pending.poll() {
            Ok(None) => std::thread::yield_now(),
            Ok(Some((seat, runs))) => {
                assert_eq!(runs.par, waited[&seat].par);
                assert_eq!(runs.reference, waited[&seat].reference);
                seats.push(seat);
            }
            Err(_) => break,
        }
    }
    assert_eq!(seats, [Ix::new(0), Ix::new(1)]);
}
