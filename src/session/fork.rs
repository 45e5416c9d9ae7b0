//! What would have become of a run, had one more command been given: as much of it as that command reaches
//! is simulated, the rest is the run's own.
//!
//! Invariant: the world it gives equals, digest and all, the one of a simulation of everything.

use super::run::Run;
use super::timeline::Timeline;
use crate::base::Tick;
use crate::scenario::compile::{Scenario, Target, When};
use crate::scenario::schema::Effect;
use crate::sim::reach::Reach;
use crate::sim::world::Order;
use crate::sim::{Command, Refusal, World, command};

/// A run that differs from its parent by one command.
#[derive(Clone, Debug)]
pub struct Fork {
    /// The world at the parent's last tick.
    pub world: World,
    /// Organisations that were simulated; none if all were.
    pub simulated: Option<Vec<u32>>,
}

/// How much of the world a fork simulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What the command can reach.
    Reached,
    /// Everything, for comparison.
    Everything,
}

impl Timeline {
    /// The same run with one more command at a tick, up to where the run is now.
    ///
    /// Later commands of the run are given again; those that are refused now are passed over.
    ///
    /// # Errors
    /// Why the command is refused at that tick.
    ///
    /// # Panics
    /// If the tick lies ahead of the run.
    pub fn differ(&self, tick: Tick, command: &Command, extent: Extent) -> Result<Fork, Refusal> {
        let mut run = self.at(tick);
        command::apply(&mut run.world, command)?;
        let reach = match extent {
            Extent::Reached => self.reach(&run, command),
            Extent::Everything => None,
        };
        let simulated = reach.as_ref().map(|reach| reach.organisations.clone());
        if let Some(reach) = &reach {
            run.world.restrict(reach.clone());
        }
        self.play_on(&mut run, reach.as_ref());
        let world = match reach {
            None => run.world,
            Some(_) => {
                let mut world = self.run().world.clone();
                world.splice(&run.world);
                world
            }
        };
        Ok(Fork { world, simulated })
    }

    /// Whom a command can reach in the rest of a run; none if it may be anybody.
    fn reach(&self, run: &Run, command: &Command) -> Option<Reach> {
        let scenario = &run.setup.scenario;
        let mut reach = match *command {
            Command::Grant { organisation, .. } => Reach::of(scenario, organisation),
            Command::Order { mitigation, target, .. } => of_order(scenario, mitigation, target)?,
            Command::Cancel { order, .. } => {
                let order = &run.world.orders[order as usize];
                of_order(scenario, order.mitigation, order.target)?
            }
            Command::Inject { .. } => return None,
        };
        // Whoever shares a pool with somebody inside may get what the other does not.
        if self.run().log.iter().any(|entry| tick_after(run, entry.tick) && is_of_pool(scenario, &entry.command)) {
            return None;
        }
        self.close(run, &mut reach)?;
        Some(reach)
    }

    /// Takes in whoever is looked at together with somebody inside. None if that is everybody.
    fn close(&self, run: &Run, reach: &mut Reach) -> Option<()> {
        let scenario = &run.setup.scenario;
        let world = &run.world;
        let open = |fired: &[Option<Tick>], whens: &mut dyn Iterator<Item = When>| -> Vec<(u32, u32)> {
            let conditional = |(at, when): (usize, When)| when.condition().map(|condition| (at as u32, condition));
            whens.enumerate().filter_map(conditional).filter(|(at, _)| fired[*at as usize].is_none()).collect()
        };
        let events = open(&world.events_fired, &mut scenario.events.iter().map(|event| event.when));
        let injects = open(&world.injects_fired, &mut scenario.injects.iter().copied());
        let lines = run.policy().open_conditions(scenario);
        let halts = scenario.channels.iter().filter_map(|of| of.rings.as_ref()?.halt_above).map(|(at, _)| at);
        let all: Vec<u32> =
            events.iter().chain(&injects).map(|(_, condition)| *condition).chain(lines).chain(halts).collect();
        loop {
            let before = reach.organisations.len();
            for &condition in &all {
                let seen = &scenario.conditions[condition as usize].organisations;
                if seen.iter().any(|&organisation| reach.has(organisation)) {
                    reach.add(seen.iter().copied());
                }
            }
            if reach.organisations.len() == before {
                break;
            }
        }
        if reach.organisations.len() == scenario.organisations.len() {
            return None;
        }
        let is_outside = |condition: u32| {
            let seen = &scenario.conditions[condition as usize].organisations;
            !seen.iter().any(|&organisation| reach.has(organisation))
        };
        let parent = &self.run().world;
        let follow = |open: &[(u32, u32)], fired: &[Option<Tick>]| -> Vec<(u32, Option<Tick>)> {
            let outside = open.iter().filter(|(_, condition)| is_outside(*condition));
            outside.map(|&(at, _)| (at, fired[at as usize])).collect()
        };
        let (events, injects) = (follow(&events, &parent.events_fired), follow(&injects, &parent.injects_fired));
        reach.follow(events, injects);
        Some(())
    }

    /// Plays the rest of the parent's commands and its playbooks up to where the parent is.
    fn play_on(&self, run: &mut Run, reach: Option<&Reach>) {
        let parent = self.run();
        let from = run.log.len();
        let mut later = parent.log[from..].iter().filter(|entry| !is_by_policy(&entry.command)).peekable();
        let supplies_from = parent.supplies.partition_point(|supply| supply.tick < run.world.tick);
        let mut supplies = parent.supplies[supplies_from..].iter().peekable();
        while run.world.tick < parent.world.tick {
            let tick = run.world.tick;
            while let Some(entry) = later.next_if(|entry| entry.tick == tick) {
                give_again(run, parent, &entry.command, reach);
            }
            run.step_unrecorded(reach.map(|reach| parent.as_parent(reach, tick)));
            while let Some(supply) = supplies.next_if(|supply| supply.tick == tick) {
                let organisation = run.setup.scenario.services[supply.service as usize].organisation;
                if reach.is_some_and(|reach| !reach.has(organisation)) {
                    run.world.supply_from_outside(supply.service, supply.level);
                }
            }
        }
    }
}

fn tick_after(run: &Run, tick: Tick) -> bool {
    run.world.tick <= tick
}

fn is_by_policy(command: &Command) -> bool {
    matches!(command, Command::Order { by: crate::sim::Issuer::Policy, .. })
}

fn is_of_pool(scenario: &Scenario, command: &Command) -> bool {
    match *command {
        Command::Order { mitigation, .. } => {
            matches!(scenario.docs.mitigations[mitigation as usize].effect, Effect::NationalPool { .. })
        }
        _ => false,
    }
}

/// None for what belongs to everybody: the world's flags and releases, and shared pools.
fn of_order(scenario: &Scenario, mitigation: u32, target: Target) -> Option<Reach> {
    let is_shared = matches!(scenario.docs.mitigations[mitigation as usize].effect, Effect::NationalPool { .. });
    let organisation = scenario.organisation_of(target).filter(|_| !is_shared)?;
    Some(Reach::of(scenario, organisation))
}

/// Gives a command of the parent again: judged where it is simulated, as it was where it is not.
fn give_again(run: &mut Run, parent: &Run, command: &Command, reach: Option<&Reach>) {
    let scenario = run.setup.scenario.clone();
    let (command, organisation) = match *command {
        Command::Order { target, .. } => (*command, scenario.organisation_of(target)),
        Command::Grant { organisation, .. } => (*command, Some(organisation)),
        Command::Inject { .. } => (*command, None),
        Command::Cancel { by, order } => {
            let given = &parent.world.orders[order as usize];
            let Some(order) = same_order(&run.world.orders, &parent.world.orders, order) else { return };
            (Command::Cancel { by, order }, scenario.organisation_of(given.target))
        }
    };
    let is_inside = organisation.is_none_or(|organisation| reach.is_none_or(|reach| reach.has(organisation)));
    if is_inside {
        // A refusal now is part of what differs.
        let _ = command::apply(&mut run.world, &command);
    } else {
        command::apply_as_before(&mut run.world, &command);
    }
}

/// The order that stands for one of the parent's: given at the same tick, of the same mitigation, for the same
/// target, the same one of several.
fn same_order(orders: &[Order], parents: &[Order], index: u32) -> Option<u32> {
    let given = &parents[index as usize];
    let is_same =
        |of: &Order| of.ordered == given.ordered && of.mitigation == given.mitigation && of.target == given.target;
    let earlier = parents[..index as usize].iter().filter(|of| is_same(of)).count();
    let mut same = orders.iter().enumerate().filter(|(_, of)| is_same(of));
    same.nth(earlier).map(|(at, _)| at as u32)
}
