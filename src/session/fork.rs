//! What would have become of a run, had one more command been given: as much of it as that command reaches
//! is simulated, the rest is the run's own.
//!
//! Invariant: the world it gives equals, digest and all, the one of a simulation of everything.

use super::looks::{Outside, is_asked_of_many};
use super::run::Run;
use super::timeline::Timeline;
use crate::base::Tick;
use crate::scenario::compile::{Scenario, Target, When};
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
        if !self.play_on(&mut run, reach.as_ref()) {
            return self.differ(tick, command, Extent::Everything);
        }
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
            Command::Order { mitigation, target, .. } => Reach::of(scenario, own(scenario, mitigation, target)?),
            Command::Cancel { order, .. } => {
                let order = &run.world.orders[order as usize];
                Reach::of(scenario, own(scenario, order.mitigation, order.target)?)
            }
            Command::Inject { .. } => return None,
        };
        while spreads(run, &self.run().world, &mut reach)? {}
        let world = &run.world;
        let events = open(&world.events_fired, scenario.events.iter().map(|event| event.when));
        let injects = open(&world.injects_fired, scenario.injects.iter().copied());
        let lines = run.policy().open_lines(scenario).filter_map(|line| line.when.condition());
        // What injects ask of many hosts is told from outside (`looks`); nobody acts on it.
        let asked = injects.iter().map(|&(_, condition)| condition).filter(|&of| !is_asked_of_many(scenario, of));
        let conditions = events.iter().map(|&(_, condition)| condition).chain(asked).chain(lines);
        let touched = conditions.filter(|&condition| reach.touches(scenario, condition));
        // Nobody affected is asked for a halt, but it must come when it came.
        let seen: Vec<u32> = touched.chain(halts(scenario, &self.run().world)).collect();
        for condition in seen {
            reach.look_at(scenario, scenario.conditions[condition as usize].organisations.iter().copied());
        }
        if reach.organisations.len() == scenario.organisations.len() {
            return None;
        }
        let parent = &self.run().world;
        let follow = |open: &[(u32, u32)], fired: &[Option<Tick>]| -> Vec<(u32, Option<Tick>)> {
            let untouched = open.iter().filter(|(_, condition)| !reach.touches(scenario, *condition));
            untouched.map(|&(at, _)| (at, fired[at as usize])).collect()
        };
        let (events, injects) = (follow(&events, &parent.events_fired), follow(&injects, &parent.injects_fired));
        reach.follow(events, injects);
        Some(reach)
    }

    /// Plays the rest of the parent's commands and its playbooks up to where the parent is. False if what is not
    /// simulated would have to be known and is not.
    #[must_use]
    fn play_on(&self, run: &mut Run, reach: Option<&Reach>) -> bool {
        let parent = self.run();
        let mut outside = reach.map(|reach| Outside::new(parent.looks(), reach, &parent.setup.scenario));
        let from = run.log.len();
        let mut later = parent.log[from..].iter().filter(|entry| !entry.is_by_playbook).peekable();
        let supplies_from = parent.supplies.partition_point(|supply| supply.tick < run.world.tick);
        let mut supplies = parent.supplies[supplies_from..].iter().peekable();
        while run.world.tick < parent.world.tick {
            let tick = run.world.tick;
            while let Some(entry) = later.next_if(|entry| entry.tick == tick) {
                give_again(run, parent, &entry.command, reach);
            }
            if outside.as_mut().is_some_and(|outside| !outside.tell(&mut run.world)) {
                return false;
            }
            run.step_unrecorded(reach.map(|reach| parent.as_parent(reach, tick)));
            while let Some(supply) = supplies.next_if(|supply| supply.tick == tick) {
                let organisation = run.setup.scenario.services[supply.service as usize].organisation;
                if reach.is_some_and(|reach| !reach.has(organisation)) {
                    run.world.supply_from_outside(supply.service, supply.level);
                }
            }
        }
        true
    }
}

/// The organisation that an order is about. None for what belongs to everybody: the world's flags and releases,
/// and shared pools, where one may get what the other then does not.
fn own(scenario: &Scenario, mitigation: u32, target: Target) -> Option<u32> {
    let is_shared = scenario.mitigations[mitigation as usize].effect.borrowed().is_some();
    scenario.organisation_of(target).filter(|_| !is_shared)
}

/// Events or injects that have not fired and wait for a condition, with the condition.
fn open(fired: &[Option<Tick>], whens: impl Iterator<Item = When>) -> Vec<(u32, u32)> {
    let waits = whens.enumerate().filter(|(at, _)| fired[*at].is_none());
    waits.filter_map(|(at, when)| Some((at as u32, when.condition()?))).collect()
}

/// Conditions that halt releases. A plan that is not in use in the parent is not in use in the fork: who stages or not
/// acts on the whole world.
fn halts(scenario: &Scenario, parent: &World) -> impl Iterator<Item = u32> {
    let channels = scenario.channels.iter().zip(&parent.channels);
    let staged = channels.filter(|(_, state)| state.is_staged || state.follows_rings);
    staged.filter_map(|(of, _)| of.rings.as_ref()?.halt_above).map(|(condition, _)| condition)
}

/// Takes in whom events and playbooks touch that wait for somebody affected. True if that was somebody new; none
/// if it is the whole world.
fn spreads(run: &Run, parent: &World, reach: &mut Reach) -> Option<bool> {
    let scenario = &run.setup.scenario;
    if halts(scenario, parent).any(|condition| reach.touches(scenario, condition)) {
        return None;
    }
    let events = touched_events(run, reach);
    let mut is_news = false;
    for event in events.iter().enumerate().filter(|(_, is_touched)| **is_touched).map(|(at, _)| &scenario.events[at]) {
        for action in &event.actions {
            is_news |= reach.affect(scenario, scenario.services[action.service()? as usize].organisation);
        }
    }
    for line in run.policy().open_lines(scenario) {
        let is_touched = match line.when {
            When::Above { condition, .. } | When::Below { condition, .. } => reach.touches(scenario, condition),
            When::After { event, .. } => events[event as usize],
            When::At(_) => false,
        };
        for &target in line.targets.iter().filter(|_| is_touched) {
            is_news |= reach.affect(scenario, own(scenario, line.mitigation, target)?);
        }
    }
    Some(is_news)
}

/// Events that may fire at another time than in the parent: their condition is touched, or they come after one
/// whose is.
fn touched_events(run: &Run, reach: &Reach) -> Vec<bool> {
    let scenario = &run.setup.scenario;
    let mut is_touched = vec![false; scenario.events.len()];
    loop {
        let before = is_touched.clone();
        for (at, event) in scenario.events.iter().enumerate().filter(|(at, _)| run.world.events_fired[*at].is_none()) {
            is_touched[at] = match event.when {
                When::Above { condition, .. } | When::Below { condition, .. } => reach.touches(scenario, condition),
                When::After { event, .. } => is_touched[event as usize],
                When::At(_) => false,
            };
        }
        if is_touched == before {
            return is_touched;
        }
    }
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
