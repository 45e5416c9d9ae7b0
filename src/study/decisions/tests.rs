//! Goal: laws of the study on the tiny scenario. The objectives are changed so that some orders move the score and one
//! does not.

use std::path::Path;
use std::sync::Arc;

use super::ground::points;
use super::ground::{Ground, all_orders, thousandths};
use super::plan::{Plan, Wish, play};
use super::*;
use crate::assess::comparisons::comparison_setup;
use crate::assess::score::judge;
use crate::scenario::load::{SourceFiles, load};
use crate::scenario::schema::{DO_NOTHING, PAR, REFERENCE};
use crate::scenario::validate;
use crate::session::{Cast, Setup, Timeline};
use crate::sim::Command;

/// The tiny scenario in which the hospital's seat is judged by hosts down and by hours worked.
fn scenario() -> Arc<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny");
    let mut docs = load(&SourceFiles::read(&folder).expect("the folder is there")).expect("valid").into_inner();
    let seat = &mut docs.seats[0];
    seat.objectives[0].observable = "hosts_down(org:st-elsewhere)".parse().expect("an observable");
    seat.objectives[1].observable = "person_hours(org:st-elsewhere)".parse().expect("an observable");
    Arc::new(Scenario::compile(validate::check(docs).unwrap_or_else(|problems| panic!("{problems}"))))
}

fn measured(part: Part, seeds: u64, threads: usize) -> Decisions {
    let scenario = scenario();
    let seats = scenario.seats.indices().collect();
    measure(&scenario, &Options { seats, seeds, threads, part }, &|| ())
}

fn pair<'a>(scenario: &Scenario, seat: &'a SeatDecisions, id: &str) -> &'a Pair {
    let named = |pair: &&Pair| scenario.docs.mitigations[pair.mitigation.position()].id == id;
    seat.pairs.iter().find(named).expect("the seat has the mitigation")
}

/// Goal: an order that changes nothing that is judged is worth exactly zero everywhere. Method: paper changes the level of a
/// service and costs money; neither is judged here.
#[test]
fn an_order_without_effect_is_idle() {
    let found = measured(Part::Pairs, 2, 2);
    let paper = pair(&scenario(), &found.seats[0], "paper");
    assert_eq!(paper.class, Class::Idle);
    assert!(!paper.cells.is_empty());
    let worths: Vec<f64> = paper.cells.iter().flat_map(|cell| cell.worth.iter().flatten().copied()).collect();
    assert!(worths.iter().all(|&worth| worth == 0.0), "{worths:?}");
    assert!(found.seats[0].players.is_empty());
}

/// Goal: an order is worth as much as by the scores of two whole runs, bit for bit. Method: every cell of every seat and
/// situation is played again without forks.
#[test]
fn a_cell_is_the_difference_of_two_whole_runs() {
    let (scenario, found) = (scenario(), measured(Part::Pairs, 2, 2));
    let mut moved = 0;
    for seat in &found.seats {
        let orders = all_orders(&scenario, seat.seat);
        for (seed, situation) in
            [(1, Situation::Alone), (2, Situation::Alone), (2, Situation::History), (1, Situation::Par)]
        {
            let basis = Basis::new(&scenario, seat.seat, seed);
            let first = Ground::new(&basis, situation, &orders, &HOURS).first;
            let playbook = match situation {
                Situation::Alone => DO_NOTHING,
                Situation::History => REFERENCE,
                Situation::Par => PAR,
            };
            let scenario = scenario.on_morning(seed).expect("the figures are valid");
            let setup = Setup { scenario: scenario.clone(), seed, cast: Cast::default() };
            let score = |order: Option<(Tick, Order)>| {
                let mut timeline = Timeline::new(comparison_setup(&setup, &[seat.seat], playbook));
                if let Some((tick, (mitigation, target))) = order {
                    timeline.advance_to(tick);
                    timeline.order(Command::Order { by: basis.by(), mitigation, target }).expect("it was possible");
                }
                timeline.advance_to(setup.scenario.horizon);
                judge(&timeline.run().world, seat.seat, &basis.comparisons).score
            };
            let without = score(None);
            for cell in seat.pairs.iter().flat_map(|pair| &pair.cells).filter(|cell| cell.situation == situation) {
                let Some(worth) = cell.worth[seed as usize - 1] else { continue };
                let tick = match cell.given {
                    Given::AtStart => Tick::ZERO,
                    Given::Later(hours) => first[&cell.order].plus(60 * hours),
                };
                let by_runs = points(thousandths(score(Some((tick, cell.order)))) - thousandths(without));
                assert_eq!(worth, by_runs, "{cell:?} on seed {seed}");
                moved += usize::from(worth != 0.0);
            }
        }
    }
    assert!(5 < moved, "{moved} cells are worth something");
}

#[test]
fn the_number_of_threads_changes_nothing_and_players_repeat() {
    let one = measured(Part::All, 2, 1);
    assert_eq!(one, measured(Part::All, 2, 3));
    assert_eq!(one.seats.len(), 2);
    let players = measured(Part::Players, 2, 2);
    for (all, without_pairs) in one.seats.iter().zip(&players.seats) {
        for found in &without_pairs.players {
            assert!(all.players.contains(found), "{found:?}");
        }
        assert!(without_pairs.pairs.is_empty() && without_pairs.players.len() < all.players.len());
    }
}

/// Goal: a player's orders go through the door of trainees. Method: a player that gives the orders of par at the ticks of par
/// scores as par, and of all orders at once each is given or refused.
#[test]
fn a_plan_is_played_as_people_play() {
    let scenario = scenario();
    for seat in scenario.seats.indices() {
        let basis = Basis::new(&scenario, seat, 3);
        assert!(!basis.par.is_empty());
        let plan = Plan::new(basis.par.iter().map(|&(tick, order)| Wish::once(order, tick)));
        let played = play(&basis, &plan);
        assert_eq!(played.milli, basis.score_of_record(&basis.comparisons.par));
        assert_eq!((played.given, played.refused), (basis.par.len(), 0));
        let orders = all_orders(&scenario, seat);
        let at_once =
            |orders: &[Order]| play(&basis, &Plan::new(orders.iter().map(|&order| Wish::once(order, basis.alert))));
        let played = at_once(&orders);
        assert_eq!(played.given + played.refused, orders.len());
        assert_eq!(at_once(&[]).milli, basis.score_of_record(&basis.comparisons.do_nothing));
        // The same orders twice: the second time each is refused.
        let twice = at_once(&[&orders[..], &orders[..]].concat());
        assert_eq!((twice.milli, twice.given), (played.milli, played.given));
        let only_one = Plan { given_max: 1, ..Plan::new(orders.iter().map(|&order| Wish::once(order, basis.alert))) };
        assert_eq!(play(&basis, &only_one).given, 1);
    }
}

#[test]
fn the_first_urgent_message_is_the_first_alert() {
    let scenario = scenario();
    let basis = Basis::new(&scenario, Ix::new(0), 1);
    let [first] = scenario.docs.injects.iter().filter(|inject| inject.urgent).collect::<Vec<_>>()[..] else {
        panic!("the tiny scenario has one urgent message");
    };
    let other = Basis::new(&scenario, Ix::new(1), 1);
    assert_eq!(basis.alert, other.alert, "{} goes to everybody", first.id);
    assert!(scenario.incident < basis.alert && basis.alert < scenario.horizon);
}
