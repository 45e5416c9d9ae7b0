//! Made-up commands. About half of them can be carried out (drawn from `sim::possible`); the others are late,
//! impossible, or name entities that do not exist.

use crate::base::Ix;
use crate::scenario::compile::{Mitigation, Scenario, Target};
use crate::sim::possible::{cancellable, injectable, possible};
use crate::sim::{Command, Issuer, World};
use crate::synth::dice::Dice;

/// Chance of commands at a boundary other than the first.
const COMMANDS_CHANCE: f64 = 0.03;
const COMMANDS_MAX: u32 = 3;
/// Chance that a command is drawn from those that can be carried out.
const LEGAL: f64 = 0.45;

/// The commands at the boundary of a world: none at most boundaries, several at the first, where
/// preparation is possible.
pub fn commands(dice: &mut Dice, world: &World) -> Vec<Command> {
    if 0 < world.tick().0 && !dice.happens(COMMANDS_CHANCE) {
        return Vec::new();
    }
    let count = dice.whole(1..=COMMANDS_MAX) + if world.tick().0 == 0 { COMMANDS_MAX } else { 0 };
    (0..count).map(|_| command(dice, world)).collect()
}

fn command(dice: &mut Dice, world: &World) -> Command {
    let legal = if dice.happens(LEGAL) { legal(dice, world) } else { None };
    legal.unwrap_or_else(|| any(dice, world))
}

/// Any command that can be written, with indices that may not exist.
fn any(dice: &mut Dice, world: &World) -> Command {
    let scenario = world.scenario();
    let by = issuer(dice, scenario, 1);
    match dice.whole(0..=9) {
        0 | 1 => Command::Cancel { by, order: Ix::new(dice.whole(0..=world.orders().len() as u32 + 1)) },
        2 => Command::Inject { by, inject: Ix::new(dice.whole(0..=scenario.injects.len() as u32)) },
        3 => grant(dice, scenario, by),
        _ => {
            let mitigation = Ix::new(dice.whole(0..=scenario.mitigations.len() as u32));
            let target = match dice.whole(0..=3) {
                0 => Target::World,
                1 => Target::Organisation(Ix::new(dice.whole(0..=scenario.organisations.len() as u32))),
                2 => Target::Fleet(Ix::new(dice.whole(0..=scenario.fleets.len() as u32))),
                _ => Target::Service(Ix::new(dice.whole(0..=scenario.services.len() as u32))),
            };
            Command::Order { by, mitigation, target }
        }
    }
}

/// A command that can be carried out now; none if the issuer can give none of the kind drawn.
fn legal(dice: &mut Dice, world: &World) -> Option<Command> {
    let by = issuer(dice, world.scenario(), 0);
    match dice.whole(0..=9) {
        0 | 1 => {
            let orders = cancellable(world, by);
            (!orders.is_empty()).then(|| Command::Cancel { by, order: *dice.pick(&orders) })
        }
        2 => {
            let by = Issuer::Facilitator;
            let injects = injectable(world, by);
            (!injects.is_empty()).then(|| Command::Inject { by, inject: *dice.pick(&injects) })
        }
        3 => {
            let organisation = Ix::new(dice.whole(0..=world.scenario().organisations.len() as u32 - 1));
            let technicians = dice.whole(1..=8) as i32 * if dice.happens(0.5) { 1 } else { -1 };
            Some(Command::Grant { by: Issuer::Facilitator, organisation, technicians, hours: dice.whole(1..=12) })
        }
        _ => order(dice, world, by),
    }
}

/// An order that can be given now. Every possible mitigation is equally likely, and then every target.
fn order(dice: &mut Dice, world: &World, by: Issuer) -> Option<Command> {
    let mut open: Vec<(Ix<Mitigation>, Vec<Target>)> =
        possible(world, by).iter().map(|entry| (entry.mitigation, entry.open_targets().collect())).collect();
    open.retain(|(_, targets)| !targets.is_empty());
    if open.is_empty() {
        return None;
    }
    let (mitigation, targets) = dice.pick(&open);
    Some(Command::Order { by, mitigation: *mitigation, target: *dice.pick(targets) })
}

/// Technicians given or taken, zero and no hours included, for any organisation or one more than there are.
fn grant(dice: &mut Dice, scenario: &Scenario, by: Issuer) -> Command {
    let organisation = Ix::new(dice.whole(0..=scenario.organisations.len() as u32));
    let technicians = dice.whole(0..=16) as i32 - 8;
    Command::Grant { by, organisation, technicians, hours: dice.whole(0..=12) }
}

/// Any issuer. The index of the seat may exceed the last one by up to `beyond`.
fn issuer(dice: &mut Dice, scenario: &Scenario, beyond: u32) -> Issuer {
    let seats = scenario.seats.len() as u32 + beyond;
    match dice.whole(0..=5) {
        0 => Issuer::Policy,
        1 | 2 => Issuer::Facilitator,
        _ => Issuer::Seat(Ix::new(dice.whole(0..=seats - 1))),
    }
}
