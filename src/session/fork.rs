//! Forks: the course of a run with other commands. A change leaves commands out, adds or moves them.
//!
//! A fork simulates the organisations that the change can reach and takes all others from its parent run. Must not
//! judge the result (that is `assess`).
//!
//! Invariant: the world of a fork, its digest included, equals the world of a simulation of all organisations.

mod trunk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use thiserror::Error;

use super::log::LogEntry;
use super::looks::{Outside, is_asked_of_many};
use super::policy::{LeftOut, Policy};
use super::record::Record;
use super::run::Run;
use super::timeline::Timeline;
use crate::base::{Column, Ix, Tick};
use crate::scenario::compile::{Condition, Event, Mitigation, Observable, Organisation, Scenario, Target, When};
use crate::sim::fork::ForkWorld;
use crate::sim::reach::Reach;
use crate::sim::world::Order;
use crate::sim::{Command, Issuer, Refusal, World, command, observe};

pub use trunk::{TRUNK_BYTES, Trunk};

/// The difference between the commands of a fork and the commands of its parent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// Positions of log entries that are left out.
    drop: BTreeSet<usize>,
    add: Vec<Added>,
}

/// A command that the parent did not receive at this tick.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Added {
    tick: Tick,
    command: Command,
    /// Position of the log entry that was moved here.
    moved: Option<usize>,
}

impl Change {
    /// Adds a command. If it takes back an order, it names the order by its number in the parent.
    pub fn add(tick: Tick, command: Command) -> Self {
        Self::default().and_add(tick, command)
    }

    /// Leaves out one entry of the parent's log, by position. A command that takes back a left-out order is left
    /// out too.
    pub fn drop(entry: usize) -> Self {
        Self::default().and_drop(entry)
    }

    /// Moves an entry of the parent's log, by position, to another tick.
    ///
    /// # Panics
    /// If the log has no such entry.
    pub fn move_to(log: &[LogEntry], entry: usize, tick: Tick) -> Self {
        let mut change = Self::drop(entry);
        // A moved order of a playbook keeps its issuer, but the fork gives it as a command and not through
        // `Policy`.
        change.add.push(Added { tick, command: log[entry].command, moved: Some(entry) });
        change
    }

    /// The same change with one command more.
    #[must_use]
    pub fn and_add(mut self, tick: Tick, command: Command) -> Self {
        self.add.push(Added { tick, command, moved: None });
        self
    }

    /// The same change with one entry of the parent's log fewer.
    #[must_use]
    pub fn and_drop(mut self, entry: usize) -> Self {
        self.drop.insert(entry);
        self
    }

    /// Both changes together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.drop.extend(other.drop);
        self.add.extend(other.add);
        self
    }

    /// The first tick at which fork and parent may differ; none if nothing changes.
    fn first_tick(&self, log: &[LogEntry]) -> Option<Tick> {
        let dropped = self.drop.iter().map(|&entry| log[entry].tick);
        dropped.chain(self.add.iter().map(|added| added.tick)).min()
    }

    /// Playbook orders that are left out.
    fn left_out(&self, log: &[LogEntry]) -> Vec<LeftOut> {
        let dropped = self.drop.iter().map(|&entry| &log[entry]);
        dropped.filter_map(LeftOut::from_entry).collect()
    }
}

/// An added command that the world refuses at its tick.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("at {tick}: {refusal}")]
pub struct RefusedChange {
    pub tick: Tick,
    pub command: Command,
    pub refusal: Refusal,
}

/// A run that differs from its parent by a change.
#[derive(Clone, Debug)]
pub struct Fork {
    /// The world at the parent's last tick.
    pub world: World,
    /// Organisations that were simulated; none if all were.
    pub simulated: Option<Vec<Ix<Organisation>>>,
    /// Curves of services and of hosts down up to the last tick, if the caller asked for them; without objectives.
    pub record: Option<Record>,
}

/// The simulated part of a fork at the parent's last tick.
struct Simulated {
    world: ForkWorld,
    /// None if everything was simulated.
    reach: Option<Arc<Reach>>,
    record: Option<Record>,
}

/// Does a fork record curves beside its last world?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Curves {
    #[default]
    None,
    Recorded,
}

/// Does a fork evaluate the conditions of messages? No order and no organisation depends on a message, so that a fork
/// whose messages nobody reads takes those of its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Messages {
    Evaluated,
    AsInParent,
}

/// The part of the world that a fork simulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The organisations that the change can reach.
    Reached,
    /// All organisations, for comparison.
    Everything,
}

impl Timeline {
    /// The same run with other commands, simulated to the tick that the run has reached.
    ///
    /// Every other command of the run is given again at its tick. If the world now refuses one, it is left out.
    ///
    /// # Errors
    /// The first added command that the world refuses.
    ///
    /// # Panics
    /// If a tick of the change lies after the run's tick, or the log lacks an entry that the change leaves out.
    pub fn fork(&self, change: &Change, extent: Extent, curves: Curves) -> Result<Fork, RefusedChange> {
        let parent = self.run();
        let Some(simulated) = self.simulate(change, extent, curves, Messages::Evaluated)? else {
            let record = (curves == Curves::Recorded).then(|| parent.record.clone().without_judged());
            return Ok(Fork { world: parent.world.clone(), simulated: Some(Vec::new()), record });
        };
        let Simulated { world: simulated, reach, record } = simulated;
        let Some(reach) = reach else { return Ok(Fork { world: simulated.into_world(), simulated: None, record }) };
        let mut world = parent.world.clone();
        simulated.splice_into(&mut world);
        Ok(Fork { world, simulated: Some(reach.organisations.clone()), record })
    }

    /// Values of observables in the world of a fork. If they concern only organisations that the fork simulates, the
    /// world of the fork is not put together, which takes a good part of the time.
    ///
    /// # Errors
    /// As `fork`.
    ///
    /// # Panics
    /// As `fork`.
    pub fn fork_values(&self, change: &Change, observables: &[Observable]) -> Result<Vec<f64>, RefusedChange> {
        let values = |world: &World| observables.iter().map(|observable| observe::value(world, observable)).collect();
        let Some(simulated) = self.simulate(change, Extent::Reached, Curves::None, Messages::AsInParent)? else {
            return Ok(values(&self.run().world));
        };
        let Simulated { world: simulated, reach, .. } = simulated;
        let mut organisations = observables.iter().flat_map(|observable| observable.organisations.iter());
        if reach.is_none_or(|reach| organisations.all(|&organisation| reach.has(organisation))) {
            return Ok(values(simulated.world()));
        }
        let mut world = self.run().world.clone();
        simulated.splice_into(&mut world);
        Ok(values(&world))
    }

    /// Simulates what a change can reach up to the run's tick; None if nothing changes.
    fn simulate(
        &self,
        change: &Change,
        extent: Extent,
        curves: Curves,
        messages: Messages,
    ) -> Result<Option<Simulated>, RefusedChange> {
        let parent = self.run();
        let Some(start) = change.first_tick(&parent.log) else { return Ok(None) };
        let mut run = self.run_before_commands(start);
        run.policy_mut().leave_out(change.left_out(&parent.log));
        let reach = match extent {
            Extent::Reached => self.reach(&run, change, messages).map(Arc::new),
            Extent::Everything => None,
        };
        let mut record = (curves == Curves::Recorded).then(|| run.record.clone().without_judged());
        // A sum over all organisations is the parent's sum, less the share of the simulated organisations in the
        // parent, plus their share in the fork.
        let mut mirror = match (&record, &reach) {
            (Some(_), Some(reach)) => {
                let mut run = run.clone();
                run.policy_mut().leave_out(Vec::new());
                Some(Replay::new(run, parent, Some(reach.clone()), messages))
            }
            _ => None,
        };
        let mut fork = Replay::new(run, parent, reach.clone(), messages);
        loop {
            fork.give_commands(change)?;
            if fork.world().tick() == parent.world.tick() {
                break;
            }
            if reach.is_none() && record.is_none() && messages == Messages::AsInParent {
                fork.simulate_stretch(change);
                continue;
            }
            let is_known = match &mut mirror {
                Some(mirror) => {
                    mirror.give_commands(&Change::default())?;
                    mirror.simulate_minute() && fork.simulate_minute()
                }
                None => fork.simulate_minute(),
            };
            if !is_known {
                return self.simulate(change, Extent::Everything, curves, messages);
            }
            match (&mut record, &mirror, &reach) {
                (Some(record), Some(mirror), Some(reach)) => {
                    record.observe_fork(fork.world(), mirror.world(), reach, &parent.record);
                }
                (Some(record), _, _) => record.observe(fork.world()),
                (None, ..) => {}
            }
        }
        Ok(Some(Simulated { world: fork.place.world, reach, record }))
    }

    /// Organisations that a change can reach in the rest of a run; None if it may reach any organisation.
    fn reach(&self, run: &Run, change: &Change, messages: Messages) -> Option<Reach> {
        let scenario = &run.setup.scenario;
        let mut reach: Option<Reach> = None;
        for organisation in self.changed_organisations(change)? {
            match &mut reach {
                None => reach = Some(Reach::new(scenario, organisation)),
                Some(reach) => drop(reach.affect(scenario, organisation)),
            }
        }
        let mut reach = reach?;
        while spreads(run, &self.run().world, &mut reach)? {}
        let world = &run.world;
        let events = open(world.events_fired(), scenario.events.iter().map(|event| event.when));
        let injects = open(world.injects_fired(), scenario.injects.iter().copied());
        let entries = run.policy().open_entries(scenario).filter_map(|(_, order)| order.when.condition());
        // Conditions of injects on the hosts of many organisations are evaluated with counts from outside (`looks`);
        // no order depends on them.
        let own_injects = injects
            .iter()
            .map(|&(_, condition)| condition)
            .filter(|&condition| messages == Messages::Evaluated && !is_asked_of_many(scenario, condition));
        let conditions = events.iter().map(|&(_, condition)| condition).chain(own_injects).chain(entries);
        let touched = conditions.filter(|&condition| reach.touches(scenario, condition));
        // The change cannot move a halt, but the fork must evaluate it at the same tick.
        let evaluated: Vec<Ix<Condition>> = touched.chain(halts(scenario, &self.run().world)).collect();
        for condition in evaluated {
            reach.look_at(scenario, scenario.conditions[condition].organisations.iter().copied());
        }
        if reach.organisations.len() == scenario.organisations.len() {
            return None;
        }
        let parent = &self.run().world;
        let events = untouched(scenario, &reach, &events, parent.events_fired());
        let injects = match messages {
            Messages::Evaluated => untouched(scenario, &reach, &injects, parent.injects_fired()),
            Messages::AsInParent => {
                let fired = parent.injects_fired();
                let waiting = world.injects_fired().entries().filter(|(_, at)| at.is_none());
                waiting.map(|(inject, _)| (inject, fired[inject])).collect()
            }
        };
        reach.follow(scenario, events, injects);
        Some(reach)
    }

    /// Organisations that are targets of the changed commands; None if the target of a command is no organisation.
    fn changed_organisations(&self, change: &Change) -> Option<BTreeSet<Ix<Organisation>>> {
        let parent = self.run();
        let scenario = &parent.setup.scenario;
        let mut organisations = BTreeSet::new();
        let dropped = change.drop.iter().map(|&entry| parent.log[entry].command);
        for changed in dropped.chain(change.add.iter().map(|added| added.command)) {
            let organisation = match changed {
                Command::Grant { organisation, .. } => organisation,
                Command::Order { by, mitigation, target } => {
                    if scenario.mitigations[mitigation].is_preparation {
                        // Preparations of a seat share a budget: another one may now be refused or granted.
                        organisations.extend(prepared_organisations(parent, by)?);
                    }
                    organisation_of_order(scenario, mitigation, target)?
                }
                Command::Cancel { order, .. } => {
                    let order = parent.world.orders().get(order)?;
                    organisation_of_order(scenario, order.mitigation, order.target)?
                }
                Command::Inject { .. } => return None,
            };
            organisations.insert(organisation);
        }
        Some(organisations)
    }
}

/// Organisations for which an issuer ordered preparations; None if a preparation is for the whole world.
fn prepared_organisations(parent: &Run, issuer: Issuer) -> Option<BTreeSet<Ix<Organisation>>> {
    let scenario = &parent.setup.scenario;
    let preparations = parent
        .world
        .orders()
        .iter()
        .filter(|order| order.by == issuer && scenario.mitigations[order.mitigation].is_preparation);
    preparations.map(|order| organisation_of_order(scenario, order.mitigation, order.target)).collect()
}

/// A boundary of a fork, before the commands of that boundary.
#[derive(Clone, Debug)]
struct Place {
    world: ForkWorld,
    policy: Policy,
    /// Position in the parent's log of the next entry to give.
    next_entry: usize,
    /// Position of the next entry in the parent's supplies.
    next_supply: usize,
    /// The first boundary at which an entry of a playbook may be due.
    next_due: Tick,
    /// Orders of the parent and the corresponding orders of the fork, by number.
    orders: BTreeMap<Ix<Order>, Ix<Order>>,
}

/// Plays a parent's run again with a change, minute by minute.
struct Replay<'a> {
    place: Place,
    parent: &'a Run,
    reach: Option<Arc<Reach>>,
    outside: Option<Outside<'a>>,
    /// For each position of the parent's log, the number of its order.
    order_numbers: Vec<Option<Ix<Order>>>,
}

impl<'a> Replay<'a> {
    /// Begins at a boundary of the parent, before any command of that boundary.
    fn new(run: Run, parent: &'a Run, reach: Option<Arc<Reach>>, messages: Messages) -> Self {
        let place = Place {
            next_entry: run.log.len(),
            next_supply: parent.supplies.partition_point(|supply| supply.tick < run.world.tick()),
            next_due: run.world.tick(),
            orders: run.world.orders().indices().map(|order| (order, order)).collect(),
            policy: run.policy().clone(),
            world: ForkWorld::new(run.world, reach.clone()),
        };
        let looks = reach.as_ref().filter(|_| messages == Messages::Evaluated);
        let outside = looks.map(|reach| Outside::new(parent.looks(), reach, &parent.setup.scenario));
        Self { outside, ..Self::resume(place, parent, reach) }
    }

    /// Continues from a place, with the messages of the parent.
    fn resume(place: Place, parent: &'a Run, reach: Option<Arc<Reach>>) -> Self {
        // The n-th order in the log is the n-th order of the world.
        let mut count = 0;
        let number = |entry: &LogEntry| {
            let is_order = matches!(entry.command, Command::Order { .. });
            is_order.then(|| {
                count += 1;
                Ix::new(count - 1)
            })
        };
        Self { place, parent, reach, outside: None, order_numbers: parent.log.iter().map(number).collect() }
    }

    fn world(&self) -> &World {
        self.place.world.world()
    }

    /// Gives the parent's commands of this boundary that are not left out, then the added ones.
    ///
    /// # Errors
    /// An added command that the world refuses.
    fn give_commands(&mut self, change: &Change) -> Result<(), RefusedChange> {
        let (parent, tick) = (self.parent, self.world().tick());
        while let Some(entry) = parent.log.get(self.place.next_entry).filter(|entry| entry.tick == tick) {
            let position = self.place.next_entry;
            if !entry.is_by_playbook() && !change.drop.contains(&position) {
                self.give_again(position, &entry.command);
            }
            self.place.next_entry += 1;
        }
        change.add.iter().filter(|added| added.tick == tick).try_for_each(|added| self.give_added(added))
    }

    /// Simulates a minute, playbooks included. False if the minute depends on data of organisations outside the
    /// reach that the parent did not record.
    #[must_use]
    fn simulate_minute(&mut self) -> bool {
        let (parent, tick) = (self.parent, self.world().tick());
        if self.outside.as_mut().is_some_and(|outside| !outside.tell(&mut self.place.world)) {
            return false;
        }
        let world = self.place.world.world_mut();
        if self.place.next_due <= tick {
            self.place.next_due = match self.reach.as_deref().map(|reach| parent.minute_for_fork(reach, tick)) {
                Some(minute) => {
                    self.place.policy.act_like(world, minute);
                    self.place.policy.next_due_like(world)
                }
                None => {
                    self.place.policy.act(world);
                    self.place.policy.next_due()
                }
            };
        }
        world.step();
        world.drain_moments();
        while let Some(supply) = parent.supplies.get(self.place.next_supply).filter(|supply| supply.tick == tick) {
            let organisation = parent.setup.scenario.services[supply.service].organisation;
            if !self.is_simulated(organisation) {
                self.place.world.supply_from_outside(supply.service, supply.level);
            }
            self.place.next_supply += 1;
        }
        true
    }

    /// Simulates up to the next command or playbook entry, where everything is simulated.
    fn simulate_stretch(&mut self, change: &Change) {
        let (parent, tick) = (self.parent, self.world().tick());
        let world = self.place.world.world_mut();
        self.place.policy.act(world);
        let added = change.add.iter().map(|added| added.tick).filter(|&added| tick < added);
        let given = parent.log.get(self.place.next_entry).map(|entry| entry.tick);
        let stops = added.chain(given).chain([self.place.policy.next_due()]);
        let stop = stops.fold(parent.world.tick(), Tick::min);
        world.advance(stop.max(tick.plus(1)));
        world.drain_moments();
    }

    /// Gives a command of the parent again. It is checked if its organisation is simulated; otherwise it is
    /// accepted as in the parent.
    fn give_again(&mut self, position: usize, command: &Command) {
        let Some(command) = self.renumbered(*command) else { return };
        let organisation = organisation_of_command(self.world(), &command);
        if organisation.is_none_or(|organisation| self.is_simulated(organisation)) {
            // A refusal here is a consequence of the change and no error.
            if command::apply(self.place.world.world_mut(), &command).is_err() {
                return;
            }
        } else {
            command::apply_as_before(self.place.world.world_mut(), &command);
        }
        self.map_order(position, &command);
    }

    fn give_added(&mut self, added: &Added) -> Result<(), RefusedChange> {
        let refused = |refusal| RefusedChange { tick: added.tick, command: added.command, refusal };
        let command = self.renumbered(added.command).ok_or_else(|| match added.command {
            Command::Cancel { order, .. } => refused(Refusal::UnknownOrder(order)),
            _ => unreachable!("only a cancellation names an order"),
        })?;
        command::apply(self.place.world.world_mut(), &command).map_err(refused)?;
        if let Some(position) = added.moved {
            self.map_order(position, &command);
        }
        Ok(())
    }

    /// Records that the last order corresponds to the parent's order at a position of its log.
    fn map_order(&mut self, position: usize, command: &Command) {
        if let (Command::Order { .. }, Some(number)) = (command, self.order_numbers[position]) {
            self.place.orders.insert(number, Ix::from_usize(self.world().orders().len() - 1));
        }
    }

    /// The command with order numbers of the fork in place of numbers of the parent; None if the fork lacks the
    /// order.
    fn renumbered(&self, command: Command) -> Option<Command> {
        let Command::Cancel { by, order } = command else { return Some(command) };
        let mapped = self.place.orders.get(&order).copied();
        let same = || same_playbook_order(self.world().orders(), self.parent.world.orders(), order);
        Some(Command::Cancel { by, order: mapped.or_else(same)? })
    }

    fn is_simulated(&self, organisation: Ix<Organisation>) -> bool {
        self.reach.as_ref().is_none_or(|reach| reach.has(organisation))
    }
}

/// The organisation that is the target of a command of this run; None for the whole world.
fn organisation_of_command(world: &World, command: &Command) -> Option<Ix<Organisation>> {
    let scenario = world.scenario();
    match *command {
        Command::Order { target, .. } => scenario.organisation_of(target),
        Command::Grant { organisation, .. } => Some(organisation),
        Command::Inject { .. } => None,
        Command::Cancel { order, .. } => scenario.organisation_of(world.orders()[order].target),
    }
}

/// The organisation that is the target of an order. None for an order that can affect every organisation: orders
/// about flags and releases, and orders that use a staff pool, because people of a pool who work for one
/// organisation are missing for another.
fn organisation_of_order(scenario: &Scenario, mitigation: Ix<Mitigation>, target: Target) -> Option<Ix<Organisation>> {
    let is_shared = scenario.mitigations[mitigation].effect.borrowed().is_some();
    scenario.organisation_of(target).filter(|_| !is_shared)
}

/// Events or injects that have not fired and wait for a condition, with the condition.
fn open<K>(fired: &Column<K, Option<Tick>>, whens: impl Iterator<Item = When>) -> Vec<(Ix<K>, Ix<Condition>)> {
    let waits = fired.indices().zip(whens).filter(|(index, _)| fired[*index].is_none());
    waits.filter_map(|(index, when)| Some((index, when.condition()?))).collect()
}

/// Events or injects whose condition a change cannot reach, with the tick at which they fired in the parent.
fn untouched<K>(
    scenario: &Scenario,
    reach: &Reach,
    open: &[(Ix<K>, Ix<Condition>)],
    fired: &Column<K, Option<Tick>>,
) -> Vec<(Ix<K>, Option<Tick>)> {
    let untouched = open.iter().filter(|(_, condition)| !reach.touches(scenario, *condition));
    untouched.map(|&(index, _)| (index, fired[index])).collect()
}

/// Conditions that halt releases. Only ring plans in use in the parent matter: an order that puts one into use acts
/// on the whole world, and for such a change a fork simulates everything.
fn halts(scenario: &Scenario, parent: &World) -> impl Iterator<Item = Ix<Condition>> {
    let channels = scenario.channels.iter().zip(parent.channels());
    let staged = channels.filter(|(_, state)| state.is_staged || state.follows_rings);
    staged.filter_map(|(channel, _)| channel.rings.as_ref()?.halt_above).map(|(condition, _)| condition)
}

/// Adds the organisations that touched events and playbook entries act on. True if the reach grew; None if one of
/// them acts on the whole world.
fn spreads(run: &Run, parent: &World, reach: &mut Reach) -> Option<bool> {
    let scenario = &run.setup.scenario;
    if halts(scenario, parent).any(|condition| reach.touches(scenario, condition)) {
        return None;
    }
    let events = touched_events(run, reach);
    let mut has_grown = false;
    for (event, _) in scenario.events.iter().zip(&events).filter(|(_, is_touched)| **is_touched) {
        for action in &event.actions {
            has_grown |= reach.affect(scenario, scenario.services[action.service()?].organisation);
        }
    }
    for (_, order) in run.policy().open_entries(scenario) {
        let is_touched = match order.when {
            When::Above { condition, .. } | When::Below { condition, .. } => reach.touches(scenario, condition),
            When::After { event, .. } => events[event],
            When::At(_) => false,
        };
        for &target in order.targets.iter().filter(|_| is_touched) {
            has_grown |= reach.affect(scenario, organisation_of_order(scenario, order.mitigation, target)?);
        }
    }
    Some(has_grown)
}

/// Events that may fire at another time than in the parent: the change touches their condition, or they come after
/// such an event.
fn touched_events(run: &Run, reach: &Reach) -> Column<Event, bool> {
    let scenario = &run.setup.scenario;
    let mut is_touched = Column::filled(false, scenario.events.len());
    loop {
        let before = is_touched.clone();
        for (index, event) in scenario.events.entries().filter(|(index, _)| run.world.events_fired()[*index].is_none())
        {
            is_touched[index] = match event.when {
                When::Above { condition, .. } | When::Below { condition, .. } => reach.touches(scenario, condition),
                When::After { event, .. } => is_touched[event],
                When::At(_) => false,
            };
        }
        if is_touched == before {
            return is_touched;
        }
    }
}

/// The fork's playbook order that corresponds to the parent's order `number`: the order of the same tick,
/// mitigation and target, and of several such orders the one with the same rank. Orders of people are mapped when
/// they are given.
fn same_playbook_order(orders: &Column<Order>, parents: &Column<Order>, number: Ix<Order>) -> Option<Ix<Order>> {
    let given = parents.get(number).filter(|order| order.by == Issuer::Policy)?;
    let is_same = |order: &Order| {
        order.by == given.by
            && order.ordered == given.ordered
            && order.mitigation == given.mitigation
            && order.target == given.target
    };
    let earlier = parents.iter().take(number.position()).filter(|order| is_same(order)).count();
    let mut same = orders.entries().filter(|(_, order)| is_same(order));
    same.nth(earlier).map(|(index, _)| index)
}
