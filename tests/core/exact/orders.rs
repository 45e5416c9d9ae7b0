//! Who carries an order out: the incident team, technicians who leave repair, setbacks, and what a cancellation returns.

use std::sync::Arc;

use blackstart::assess::comparisons::{comparison_runs, preparations};
use blackstart::assess::score::{judge, prevented_by_preparation};
use blackstart::base::{Ix, Tick};
use blackstart::scenario::compile::{Scenario, Target};
use blackstart::scenario::schema::{Effect, Phase, Setback, TechniciansAway, Work};
use blackstart::session::{Cast, Player, Run, Setup};
use blackstart::sim::{Command, Cost, Issuer, Refusal, command};

use super::bed::{Case, figure, tiny};
use crate::support::compiled;

/// Every order takes a member of the team for an hour; hospitals have so many members.
fn with_team(name: &'static str, members: u32) -> Case {
    let mut case = Case::new(name);
    for sector in &mut case.docs.world.sectors {
        sector.incident_team = Some(figure(members));
    }
    case.can("first", 10, Effect::ReleaseHosts).can("second", 200, Effect::Volunteers { locate: 0.5, hours: 4 });
    case.can("third", 30, Effect::Rest { share: 0.2, hours: 3 });
    for mitigation in
        case.docs.mitigations.iter_mut().filter(|entry| ["first", "second", "third"].contains(&entry.id.as_str()))
    {
        mitigation.work = Some(Work { team_min: figure(60), technicians: None, setback: None });
    }
    case
}

/// One member: orders are taken up one after another, each when the order before is done; another organisation has a
/// team of its own.
#[test]
fn orders_wait_for_the_incident_team() {
    let mut case = with_team("one member", 1);
    case.order(400, "second", "st-elsewhere").order(410, "third", "st-elsewhere").order(410, "third", "tiny-air");
    case.sees("the first begins at once", |world| world.orders.len() == 3 && world.orders[0].begins == 600);
    case.sees("the second waits for it", |world| world.orders.len() == 3 && world.orders[1].begins == 460 + 30);
    case.sees("others do not wait", |world| world.orders.len() == 3 && world.orders[2].begins == 410 + 30);
    case.check();
    let mut case = with_team("two members", 2);
    case.order(400, "second", "st-elsewhere").order(410, "third", "st-elsewhere");
    case.sees("nobody waits", |world| world.orders.len() == 2 && world.orders[1].begins == 440);
    case.check();
}

/// Each order that waits takes the team's time: with one that waits a quarter more, with four or more five times as much.
#[test]
fn a_crowded_team_is_slow() {
    let mut case = with_team("crowded", 1);
    for (number, id) in ["c0", "c1", "c2", "c3", "c4", "c5"].into_iter().enumerate() {
        case.can(id, 10, Effect::Rest { share: 0.1, hours: 1 });
        let mitigation = case.docs.mitigations.last_mut().expect("just added");
        mitigation.work = Some(Work { team_min: figure(60), technicians: None, setback: None });
        case.order(400 + number as u32, id, "st-elsewhere");
    }
    let minutes = |world: &crate::naive::Naive| {
        world.orders.iter().map(|order| order.team.end - order.team.start).collect::<Vec<_>>()
    };
    case.sees("each takes longer", move |world| minutes(world) == [60, 75, 100, 150, 300, 300]);
    case.check();
}

/// A cancelled order gives its member back, and of its cost the share of the time that was left.
#[test]
fn a_cancelled_order_gives_back_what_is_left() {
    let mut case = with_team("cancelled", 1);
    case.order(400, "second", "st-elsewhere").cancel(450, 0).order(450, "third", "st-elsewhere");
    case.order(1000, "second", "tiny-air").cancel(1000, 2);
    case.sees("the member is free", |world| world.orders.len() == 2 && world.orders[1].begins == 480);
    // 12,345 cents for the second order and 150 of its 200 minutes back; all of the last one in its own minute.
    let paid = 12_345 - 12_345 * 150 / 200 + 12_345;
    case.sees("three quarters are back", move |world| world.tick == 500 && world.organisations[0].cost_cents == paid);
    case.check();
}

/// Technicians leave repair while they carry an order out.
#[test]
fn technicians_leave_repair_for_an_order() {
    let mut case = with_team("away", 3);
    let away = TechniciansAway { share: figure(1.0), minutes: figure(120) };
    let second = case.docs.mitigations.iter_mut().find(|entry| entry.id == "second").expect("just added");
    second.work = Some(Work { team_min: figure(0), technicians: Some(away), setback: None });
    case.order(500, "second", "st-elsewhere");
    case.sees("nobody repairs", |world| world.tick == 560 && world.on_duty_now(0) == 0);
    case.sees("they are back", |world| world.tick == 640 && 0 < world.on_duty_now(0));
    case.check();
}

/// An order with a sure setback takes its longer time, one without a chance of it the usual one.
#[test]
fn a_setback_takes_longer() {
    let mut case = with_team("setback", 3);
    for (id, chance) in [("second", 1.0), ("third", 0.0)] {
        let mitigation = case.docs.mitigations.iter_mut().find(|entry| entry.id == id).expect("just added");
        let setback = Setback { chance: figure(chance), factor: figure(1.5) };
        mitigation.work = Some(Work { team_min: figure(0), technicians: None, setback: Some(setback) });
    }
    case.order(400, "second", "st-elsewhere").order(400, "third", "st-elsewhere");
    case.sees("the first is late", |world| world.orders.len() == 2 && world.orders[0].begins == 700);
    case.sees("the second is not", |world| world.orders.len() == 2 && world.orders[1].begins == 430);
    case.check();
}

/// The tiny scenario in which paper needs a sign and keys can be prepared.
fn with_signs() -> Arc<Scenario> {
    let mut docs = tiny();
    let paper = docs.mitigations.iter_mut().find(|entry| entry.id == "paper").expect("there");
    paper.needs_sign = true;
    let mut keys = paper.clone();
    keys.id = "keep-keys".to_owned();
    (keys.phase, keys.effect, keys.needs_sign) = (Phase::Preparation, Effect::Drill { endurance: 2.0 }, false);
    docs.seats[0].mitigations.push(keys.id.clone());
    docs.seats[0].preparation_usd = Some(figure(1e6));
    docs.mitigations.push(keys);
    Arc::new(compiled(docs))
}

fn person(scenario: &Arc<Scenario>) -> Run {
    let others = scenario.playbook_index("reference");
    let cast = Cast::one_seat(Ix::new(0), Player::Person, others);
    Run::new(Setup { scenario: scenario.clone(), seed: 1, cast })
}

fn order_of(run: &Run, by: Issuer, id: &str) -> Command {
    let scenario = &run.setup.scenario;
    let mitigation = scenario.docs.mitigations.iter().position(|entry| entry.id == id).expect("there");
    let rows =
        blackstart::sim::possible::possible_with(&run.world, Issuer::Seat(Ix::new(0)), Ix::from_usize(mitigation));
    let has_point = |entry: &&(Target, Result<Cost, Refusal>)| !matches!(entry.1, Err(Refusal::Pointless(_)));
    let target = rows.targets.iter().find(has_point).expect("a target for which it has a point").0;
    Command::Order { by, mitigation: rows.mitigation, target }
}

/// A seat can order what needs a sign only after a service of the organisation has fallen; playbooks are not bound.
#[test]
fn what_answers_a_fault_needs_a_sign() {
    let scenario = with_signs();
    let mut run = person(&scenario);
    let paper = order_of(&run, Issuer::Seat(Ix::new(0)), "paper");
    let by_playbook = order_of(&run, Issuer::Policy, "paper");
    assert!(matches!(command::check(&run.world, &paper), Err(Refusal::NoSign(_))));
    assert!(command::check(&run.world, &by_playbook).is_ok());
    let services = scenario.organisations[scenario.seats[Ix::new(0)].organisations[0]].services;
    while !run.world.is_over() {
        let has_fallen = services
            .iter()
            .any(|service| run.world.service(service).first_below.is_some_and(|tick| tick < run.world.tick()));
        let is_refused = matches!(command::check(&run.world, &paper), Err(Refusal::NoSign(_)));
        assert_eq!(is_refused, !has_fallen, "at {}", run.world.tick());
        if has_fallen {
            return;
        }
        run.advance_to(run.world.tick().plus(1));
    }
    panic!("no service fell");
}

/// Preparation alone wins no points: do-nothing and par have the same preparation.
#[test]
fn preparation_changes_the_start_and_not_the_score() {
    let scenario = with_signs();
    let mut run = person(&scenario);
    let prepare = order_of(&run, Issuer::Seat(Ix::new(0)), "keep-keys");
    run.order(prepare).expect("the budget pays for it");
    run.advance_to(Tick(scenario.horizon.0));
    let seat = Ix::new(0);
    assert_eq!(preparations(&run, seat), [prepare]);
    let runs = &comparison_runs(&run, &[seat], &|_| ())[&seat];
    let judgement = judge(&run.world, seat, runs);
    for objective in &judgement.objectives {
        assert_eq!(objective.yours, objective.do_nothing, "{}", objective.id);
    }
    let unprepared = runs.unprepared.objectives_at(seat, scenario.horizon).expect("sampled");
    let prepared = runs.do_nothing.objectives_at(seat, scenario.horizon).expect("sampled");
    assert_ne!(unprepared, prepared, "the preparation costs something");
    // What it prevents is told apart, as the part of the harm by the weights as written.
    let objectives = &scenario.docs.seats[0].objectives;
    let weights: f64 = objectives.iter().map(|objective| objective.weight).sum();
    let parts = objectives.iter().zip(unprepared.iter().zip(prepared));
    let expected: f64 = parts.map(|(objective, (from, to))| objective.weight / weights * (from - to) / from).sum();
    let prevented = prevented_by_preparation(&scenario, seat, runs).expect("the seat is prepared");
    assert!((prevented - expected).abs() < 1e-12, "{prevented} is not {expected}");
    let mut bare = person(&scenario);
    bare.advance_to(Tick(scenario.horizon.0));
    let runs = &comparison_runs(&bare, &[seat], &|_| ())[&seat];
    assert_eq!(prevented_by_preparation(&scenario, seat, runs), None);
}
