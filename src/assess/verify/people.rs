//! Finds runs of a playbook that are passed off as the run of a person: the person's orders equal those of a
//! playbook, each in the same minute.
//!
//! No digest can reveal this, because a forger can compute the digests anew. It is very unlikely that a person
//! gives every order of a playbook in exactly the minute in which its conditions are met.

use crate::base::{Ix, Tick};
use crate::scenario::compile::{Mitigation, Playbook, Scenario, Seat, Target};
use crate::session::run::{Run, Setup};
use crate::session::runfile::{PlayerRecord, RunFile};
use crate::session::{Cast, LogEntry, Origin, Player};
use crate::sim::{Command, Issuer};

/// Least number of orders for a refusal: a single order may fall in the same minute by chance.
const ORDERS_MIN: usize = 2;

/// An order that a seat gave.
type Given = (Tick, Ix<Mitigation>, Target);

/// Refuses a file whose person gave exactly the orders of a playbook.
///
/// # Errors
/// A clause with the seat and the playbook.
pub fn check(file: &RunFile, run: &Run) -> Result<(), String> {
    let scenario = &run.setup.scenario;
    // A playbook from a file of its own is no part of the scenario, so the check cannot play it.
    let Ok(cast) = file.header.cast(scenario) else { return Ok(()) };
    for record in file.header.seats.iter().filter(|seat| seat.player == PlayerRecord::Person) {
        let Some(seat) = scenario.seat_index(&record.seat) else { continue };
        let given: Vec<Given> = run.log.iter().filter_map(|entry| order_by_seat(entry, seat)).collect();
        if given.len() < ORDERS_MIN {
            continue;
        }
        let mut playbooks = scenario.playbooks.indices();
        if let Some(playbook) = playbooks.find(|&playbook| gives_the_same(run, &cast, seat, playbook, &given)) {
            let id = &scenario.docs.playbooks[playbook.position()].id;
            return Err(format!(
                "the {} orders of the seat `{}` are those of the playbook `{id}`, each in the same minute; \
                 the file says that a person gave them",
                given.len(),
                record.seat
            ));
        }
    }
    Ok(())
}

fn order_by_seat(entry: &LogEntry, seat: Ix<Seat>) -> Option<Given> {
    match entry.command {
        Command::Order { by: Issuer::Seat(by), mitigation, target } if by == seat => {
            Some((entry.tick, mitigation, target))
        }
        _ => None,
    }
}

/// Does the playbook in this seat give exactly these orders? Simulates until the first difference.
fn gives_the_same(run: &Run, cast: &Cast, seat: Ix<Seat>, playbook: Ix<Playbook>, given: &[Given]) -> bool {
    let mut cast = cast.clone();
    cast.set(seat, Player::Playbook(playbook));
    let scenario = &run.setup.scenario;
    let is_seat = |target: Target| is_directed(scenario, &cast, seat, playbook, target);
    let mut played = Run::new(Setup { cast: cast.clone(), scenario: scenario.clone(), seed: run.setup.seed });
    let mut rest = given;
    while played.world.tick() < run.world.tick() {
        let tick = played.world.tick();
        for entry in run.log.iter().filter(|entry| entry.tick == tick && is_of_others(entry, seat)) {
            if played.order(entry.command).is_err() {
                return false;
            }
        }
        let known = played.log.len();
        played.step();
        for entry in &played.log[known..] {
            let Command::Order { mitigation, target, .. } = entry.command else { continue };
            let is_here = matches!(&entry.origin, Origin::Playbook(id) if id.playbook == playbook) && is_seat(target);
            match rest.split_first() {
                _ if !is_here => {}
                Some((&next, later)) if next == (tick, mitigation, target) => rest = later,
                _ => return false,
            }
        }
        if rest.first().is_some_and(|&(due, ..)| due <= tick) {
            return false;
        }
    }
    rest.is_empty()
}

/// Is this a command of another person, which the check gives again?
fn is_of_others(entry: &LogEntry, seat: Ix<Seat>) -> bool {
    let (Command::Order { by, .. }
    | Command::Cancel { by, .. }
    | Command::Inject { by, .. }
    | Command::Grant { by, .. }) = entry.command;
    !entry.is_by_playbook() && by != Issuer::Policy && by != Issuer::Seat(seat)
}

fn is_directed(scenario: &Scenario, cast: &Cast, seat: Ix<Seat>, playbook: Ix<Playbook>, target: Target) -> bool {
    match scenario.organisation_of(target) {
        Some(organisation) => scenario.seats[seat].organisations.contains(&organisation),
        None => cast.others() != Some(playbook),
    }
}
