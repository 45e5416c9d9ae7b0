//! Made-up commands: about half of them can be carried out, the others are late, strange or nobody's.

use super::dice::Dice;
use crate::scenario::compile::{Scenario, Target, TargetKind};
use crate::sim::{Command, Issuer, World, command};

/// Chance of commands at a boundary other than the first.
const SPOKEN: f64 = 0.03;
const COMMANDS_MAX: u32 = 3;
/// Tries for a command that can be carried out, where one is wanted.
const TRIES: u32 = 6;

/// What is said at this boundary: nothing at most of them, something at the first, where preparation
/// is possible.
pub fn commands(dice: &mut Dice, world: &World) -> Vec<Command> {
    if 0 < world.tick.0 && !dice.happens(SPOKEN) {
        return Vec::new();
    }
    let count = dice.whole(1..=COMMANDS_MAX) + if world.tick.0 == 0 { COMMANDS_MAX } else { 0 };
    (0..count).map(|_| command(dice, world)).collect()
}

fn command(dice: &mut Dice, world: &World) -> Command {
    let wants_legal = dice.happens(0.6);
    let mut last = any(dice, world);
    if !wants_legal {
        return last;
    }
    for _ in 0..TRIES {
        if command::check(world, &last).is_ok() {
            break;
        }
        last = likely(dice, world);
    }
    last
}

/// Anything that can be written, numbers of nobody and nothing included.
fn any(dice: &mut Dice, world: &World) -> Command {
    let scenario = &world.scenario;
    let by = issuer(dice, scenario, 1);
    match dice.whole(0..=9) {
        0 | 1 => Command::Cancel { by, order: dice.whole(0..=world.orders.len() as u32 + 1) },
        2 => Command::Inject { by, inject: dice.whole(0..=scenario.injects.len() as u32) },
        3 => grant(dice, scenario, by, 1),
        _ => {
            let mitigation = dice.whole(0..=scenario.mitigations.len() as u32);
            let target = match dice.whole(0..=3) {
                0 => Target::World,
                1 => Target::Organisation(dice.whole(0..=scenario.organisations.len() as u32)),
                2 => Target::Fleet(dice.whole(0..=scenario.fleets.len() as u32)),
                _ => Target::Service(dice.whole(0..=scenario.services.len() as u32)),
            };
            Command::Order { by, mitigation, target }
        }
    }
}

/// Something that names only what there is, and for an order what its effect takes.
fn likely(dice: &mut Dice, world: &World) -> Command {
    let scenario = &world.scenario;
    let by = issuer(dice, scenario, 0);
    match dice.whole(0..=9) {
        0 if !world.orders.is_empty() => Command::Cancel { by, order: dice.whole(0..=world.orders.len() as u32 - 1) },
        1 if !scenario.injects.is_empty() => {
            Command::Inject { by: Issuer::Facilitator, inject: dice.whole(0..=scenario.injects.len() as u32 - 1) }
        }
        2 => grant(dice, scenario, Issuer::Facilitator, 0),
        _ => order(dice, scenario, by),
    }
}

fn order(dice: &mut Dice, scenario: &Scenario, by: Issuer) -> Command {
    let mitigation = match by {
        Issuer::Seat(seat) => *dice.pick(&scenario.seats[seat as usize].mitigations),
        Issuer::Policy | Issuer::Facilitator => dice.whole(0..=scenario.mitigations.len() as u32 - 1),
    };
    let organisation = match by {
        Issuer::Seat(seat) => *dice.pick(&scenario.seats[seat as usize].organisations),
        Issuer::Policy | Issuer::Facilitator => dice.whole(0..=scenario.organisations.len() as u32 - 1),
    };
    let of = &scenario.organisations[organisation as usize];
    let target = match scenario.mitigations[mitigation as usize].target {
        TargetKind::World => Target::World,
        TargetKind::Fleet if !of.fleets.is_empty() => Target::Fleet(dice.whole(of.fleets.start..=of.fleets.end - 1)),
        TargetKind::Service if !of.services.is_empty() => {
            Target::Service(dice.whole(of.services.start..=of.services.end - 1))
        }
        _ => Target::Organisation(organisation),
    };
    Command::Order { by, mitigation, target }
}

/// People given or taken; `beyond` more organisations than there are.
fn grant(dice: &mut Dice, scenario: &Scenario, by: Issuer, beyond: u32) -> Command {
    let organisation = dice.whole(0..=scenario.organisations.len() as u32 - 1 + beyond);
    let technicians = dice.whole(0..=16) as i32 - 8;
    Command::Grant { by, organisation, technicians, hours: dice.whole(0..=12) }
}

/// Anybody; `beyond` more seats than there are.
fn issuer(dice: &mut Dice, scenario: &Scenario, beyond: u32) -> Issuer {
    let seats = scenario.seats.len() as u32 + beyond;
    match dice.whole(0..=5) {
        0 => Issuer::Policy,
        1 | 2 => Issuer::Facilitator,
        _ => Issuer::Seat(dice.whole(0..=seats - 1)),
    }
}
