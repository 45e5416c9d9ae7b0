//! Goal: laws of worth on the tiny scenario. The objectives are changed so that its seat gains by some orders.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::play::SeedPlay;
use super::*;
use crate::assess::comparisons::comparison_curves;
use crate::base::Tick;
use crate::scenario::compile::Scenario;
use crate::scenario::load::{SourceFiles, load};
use crate::scenario::validate;
use crate::session::{Cast, Player, Setup, Timeline};
use crate::sim::{Command, command};
use crate::study::setup_by_playbook;

/// The tiny scenario in which the hospital's seat is judged by hosts down and cost, and may call people in.
fn scenario() -> Arc<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
    let mut docs = load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid").into_inner();
    let seat = &mut docs.seats[0];
    seat.objectives[0].observable = "hosts_down(org:st-elsewhere)".parse().expect("an observable");
    seat.objectives[1].observable = "person_hours(org:st-elsewhere)".parse().expect("an observable");
    Arc::new(Scenario::compile(validate::check(docs).unwrap_or_else(|problems| panic!("{problems}"))))
}

/// A run of a person who gives orders at these ticks; refused ones are left out.
fn played(orders: &[(u32, &str)]) -> Run {
    let scenario = scenario();
    let (seat, others) = (Ix::new(0), scenario.playbook_index("reference"));
    let cast = Cast::one_seat(seat, Player::Person, others);
    let mut timeline = Timeline::new(Setup { scenario: scenario.clone(), seed: 3, cast });
    for &(tick, id) in orders {
        timeline.advance_to(Tick(tick));
        let named = |&index: &Ix<_>| scenario.docs.mitigations[Ix::position(index)].id == id;
        let mitigation = scenario.mitigations.indices().find(named).expect("a mitigation");
        let by = Issuer::Seat(seat);
        let row = crate::sim::possible::possible_with(&timeline.run().world, by, mitigation);
        if let Some(target) = row.open_targets().next() {
            timeline.order(Command::Order { by, mitigation, target }).expect("it is possible");
        }
    }
    timeline.advance_to(scenario.horizon);
    timeline.into_run()
}

const ORDERS: [(u32, &str); 4] = [(270, "servers-first"), (300, "overtime"), (420, "paper"), (1500, "overtime")];

fn measured(run: &Run, seeds: u64, threads: usize) -> Worth {
    let options = Options { seeds, threads, figures: None };
    measure_worth(run, Ix::new(0), options, &|_| ControlFlow::Continue(())).expect("nobody stops it")
}

#[test]
fn the_number_of_threads_changes_nothing_and_parts_add_up() {
    let run = played(&ORDERS);
    let one = measured(&run, 5, 1);
    assert_eq!(one, measured(&run, 5, 3));
    assert_eq!(one.decisions.len(), 4);
    assert_eq!(one.luck.scores.len(), 5);
    let joint = one.joint.as_ref().expect("there are decisions");
    let milli = |points: f64| (points * 1000.0).round() as i64;
    let parts: i64 = joint.parts.iter().map(|part| milli(part.points)).sum();
    assert_eq!(parts, milli(joint.parts_sum));
    // With one seed the mean of the whole is the whole.
    let own = measured(&run, 1, 2).joint.expect("there are decisions");
    assert_eq!(Some(own.parts_sum), own.whole.score.own);
    assert!(one.decisions.iter().any(|found| found.worth.score.median != 0.0), "{one:#?}");
}

/// Goal: an order that changes nothing that is judged is worth exactly zero on every seed. Method: paper costs money and
/// changes the level of a service; neither is judged here.
#[test]
fn an_order_without_effect_is_worth_exactly_zero() {
    let run = played(&ORDERS);
    let worth = measured(&run, 6, 2);
    let paper = worth.decisions.iter().find(|found| found.decision.tick == Tick(420)).expect("it was given");
    for band in std::iter::once(&paper.worth.score).chain(&paper.worth.objectives) {
        assert_eq!(*band, Band { own: Some(0.0), p5: 0.0, median: 0.0, p95: 0.0 });
    }
}

/// Goal: an order is moved only to a tick at which it is possible and was not possible before. Method: each world of the
/// run is asked.
#[test]
fn an_order_is_never_moved_to_a_tick_at_which_it_is_refused() {
    let run = played(&ORDERS);
    let decisions = decisions_of_seat(&run, Ix::new(0));
    let play =
        SeedPlay::new(&run, Ix::new(0), &decisions, Timeline::for_outcomes(run.setup.clone()), Compared::Unknown(2));
    assert_eq!(play.run().world.digest(), run.world.digest(), "the same seed gives the same run");
    let mut moved = 0;
    for (decision, given) in decisions.iter().zip(&play.given) {
        let given = given.expect("the run's own seed");
        assert_eq!((given.tick, given.position), (decision.tick, decision.position));
        let Some(earliest) = given.earliest else { continue };
        moved += 1;
        assert!(earliest < given.tick);
        assert!(command::check(&play.world_at(earliest), &decision.command).is_ok(), "{decision:?} at {earliest}");
        assert!(play.moved(given, earliest).is_ok(), "{decision:?}");
        if decision.earlier_same == 0 && Tick::ZERO < earliest {
            let before = play.world_at(Tick(earliest.0 - 1));
            assert!(command::check(&before, &decision.command).is_err(), "{decision:?} before {earliest}");
        }
    }
    assert!(0 < moved);
    // The second call for people waits for the end of the first.
    let again = decisions.iter().position(|decision| decision.earlier_same == 1).expect("people were called twice");
    let earliest = play.given[again].and_then(|given| given.earliest).expect("before 1500");
    assert!(Tick(300) < earliest, "{earliest}");
}

#[test]
fn all_runs_of_a_comparison_have_the_same_seed() {
    let run = played(&ORDERS);
    let decisions = decisions_of_seat(&run, Ix::new(0));
    let timeline = Timeline::for_outcomes(Setup { seed: 77, ..run.setup.clone() });
    let other = SeedPlay::new(&run, Ix::new(0), &decisions, timeline, Compared::Unknown(1));
    assert_eq!(other.run().setup.seed, 77);
    assert_eq!(other.without([]), other.base, "nothing left out is the run itself");
    let commands = |run: &Run| run.log.iter().map(|entry| (entry.tick, entry.command)).collect::<Vec<_>>();
    assert_eq!(commands(other.run()).iter().filter(|(_, command)| is_by_person(command)).count(), 4);
    assert_ne!(other.run().world.digest(), run.world.digest());
}

fn is_by_person(command: &Command) -> bool {
    matches!(command, Command::Order { by: Issuer::Seat(_), .. })
}

#[test]
fn orders_of_a_playbook_in_the_seat_are_decisions() {
    let scenario = scenario();
    let par = scenario.playbook_index("par").expect("every scenario has it");
    let mut timeline = Timeline::new(setup_by_playbook(scenario.clone(), 1, Some(Ix::new(0)), par));
    timeline.advance_to(scenario.horizon);
    let found = decisions_of_seat(timeline.run(), Ix::new(0));
    assert!(!found.is_empty() && found.iter().all(|decision| decision.entry.is_some()), "{found:?}");
    let others = timeline.run().log.len() - found.len();
    assert!(0 < others, "orders of the other organisations are not the seat's decisions");
}

#[test]
fn a_run_without_decisions_has_no_joint_effects_and_lacks_only_orders_that_gain() {
    let worth = measured(&played(&[]), 3, 2);
    assert!(worth.decisions.is_empty() && worth.joint.is_none());
    assert!(0 < worth.untaken.tried && worth.untaken.tried <= worth.untaken.open);
    for untaken in &worth.untaken.best {
        assert!(0.0 < untaken.gain.score.median);
        assert!(Tick::ZERO < untaken.known_from.tick);
    }
}

/// Known comparison runs change nothing, and the run's own seed is told whole before any other seed.
#[test]
fn known_comparison_runs_are_used_and_the_own_seed_is_told_first() {
    let run = played(&ORDERS);
    let seat = Ix::new(0);
    let runs = comparison_curves(&run, &[seat], &|_| ()).remove(&seat).expect("the seat");
    let told = Mutex::new(Vec::new());
    let options = Options { seeds: 3, threads: 2, figures: None };
    let beside = measure_worth_beside(&run, seat, &runs, options, &|arrival| {
        match arrival {
            Arrival::OwnSeed(worth) => told.lock().expect("no panic").push(Some(worth.clone())),
            Arrival::Seed(_) => told.lock().expect("no panic").push(None),
            Arrival::Step | Arrival::Decision(..) => {}
        }
        ControlFlow::Continue(())
    });
    let all = measured(&run, 3, 1);
    assert_eq!(beside.as_ref(), Ok(&all));
    let told = told.into_inner().expect("no panic");
    let [Some(own), None, None] = &told[..] else { panic!("{} arrivals", told.len()) };
    assert_eq!(own.luck.scores, all.luck.scores[..1]);
    assert_eq!(own.joint.as_ref().map(|joint| joint.whole.score.own), all.joint.map(|joint| joint.whole.score.own));
    let parts: f64 = own.joint.iter().flat_map(|joint| &joint.parts).map(|part| part.points).sum();
    let whole = own.joint.as_ref().map_or(0.0, |joint| joint.whole.score.median);
    assert!((parts - whole).abs() < 1e-9, "the parts of one seed add up to its whole: {parts} {whole}");
}

#[test]
fn results_arrive_decision_by_decision_and_the_caller_can_stop() {
    let run = played(&ORDERS);
    let (steps, decisions) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let options = Options { seeds: 3, threads: 2, figures: None };
    let all = measure_worth(&run, Ix::new(0), options, &|arrival| {
        match arrival {
            Arrival::Step => steps.fetch_add(1, Ordering::Relaxed),
            Arrival::Decision(..) => decisions.fetch_add(1, Ordering::Relaxed),
            Arrival::OwnSeed(_) | Arrival::Seed(_) => 0,
        };
        ControlFlow::Continue(())
    });
    assert!(all.is_ok());
    assert_eq!(decisions.into_inner(), 4);
    assert!(steps.into_inner() as u64 <= steps_max(4, options));
    let stopped = measure_worth(&run, Ix::new(0), options, &|arrival| match arrival {
        Arrival::Decision(..) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    assert_eq!(stopped, Err(Cancelled));
}
