//! The course of a run restricted to some organisations and everything that their own course depends on, with copies on
//! the way. A fork that begins at such a copy simulates no other organisation, whatever the change, and neither plays the
//! run up to its first change nor copies the whole world.
//!
//! Must not evaluate conditions of messages: a fork of a trunk has the messages of the parent, and gives only values.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Messages, Place, RefusedChange, Replay, halts};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{
    Event, EventAction, Mitigation, MitigationEffect, Need, NeedIndex, Observable, Organisation, Scenario, StaffPool,
    When, WorldEffect,
};
use crate::session::cast::Cast;
use crate::session::policy::Policy;
use crate::session::run::Run;
use crate::session::timeline::Timeline;
use crate::sim::reach::Reach;
use crate::sim::{Command, Issuer, command, observe};

/// Bytes in the worlds of a trunk, where there is no reason for less.
pub const TRUNK_BYTES: usize = 256 << 20;
/// Minutes that a fork plays again at most before its first change, unless the copies need too much memory.
const BETWEEN_MIN: u32 = 120;

/// The restricted course of a run.
#[derive(Clone, Debug)]
pub struct Trunk {
    reach: Arc<Reach>,
    /// Staff pools from which nobody else borrows.
    pools: Vec<Ix<StaffPool>>,
    /// Copies in the order of time; the first is at tick 0.
    places: Vec<Place>,
}

impl Timeline {
    /// The course of some organisations in this run, for changes that begin at some ticks, in worlds of so many bytes
    /// together at most. None if it may depend on any organisation.
    pub fn trunk(
        &self,
        organisations: impl IntoIterator<Item = Ix<Organisation>>,
        starts: &[Tick],
        bytes_max: usize,
    ) -> Option<Trunk> {
        let run = self.run_before_commands(Tick::ZERO);
        let scenario = run.setup.scenario.clone();
        let reach = self.closed_reach(&run, organisations)?;
        let is_of_inside =
            |pool: &Ix<StaffPool>| borrowers(&run, self.run(), *pool).iter().all(|borrower| reach.has(*borrower));
        let pools = scenario.pools.indices().filter(is_of_inside).collect();
        let reach = Arc::new(reach);
        let end = starts.iter().copied().max().unwrap_or_default();
        let mut replay = Replay::new(run, self.run(), Some(reach.clone()), Messages::AsInParent);
        let places_max = (bytes_max / replay.world().bytes().max(1)).max(1);
        let mut places = vec![replay.place.clone()];
        while replay.world().tick() < end && places.len() < places_max {
            let tick = replay.world().tick();
            let last = places.last().map_or(Tick::ZERO, |place| place.world.world().tick());
            if starts.contains(&tick) && BETWEEN_MIN <= tick.since(last) {
                places.push(replay.place.clone());
            }
            replay.give_commands(&Change::default()).expect("nothing is added that could be refused");
            assert!(replay.simulate_minute(), "a fork without messages needs no looks");
        }
        Some(Trunk { reach, pools, places })
    }

    /// Values of observables at the run's tick if the playbooks of another cast had given the orders, after some commands
    /// of tick 0, and people none. Only the organisations and what they depend on are simulated. None if that may be any
    /// organisation, if an observable concerns others, or if the run has commands of a facilitator.
    ///
    /// Organisations whose player is the same in both casts must have the same playbook.
    pub fn values_of_cast(
        &self,
        cast: &Cast,
        first: &[Command],
        organisations: &[Ix<Organisation>],
        observables: &[Observable],
    ) -> Option<Vec<f64>> {
        let parent = self.run();
        let is_of_seat = |command: &Command| {
            matches!(command, Command::Order { by: Issuer::Seat(_), .. } | Command::Cancel { by: Issuer::Seat(_), .. })
        };
        let people: Vec<usize> = (0..parent.log.len()).filter(|&entry| !parent.log[entry].is_by_playbook()).collect();
        if !people.iter().all(|&entry| is_of_seat(&parent.log[entry].command)) {
            return None;
        }
        let mut run = self.run_before_commands(Tick::ZERO);
        let scenario = run.setup.scenario.clone();
        *run.policy_mut() = Policy::new(&scenario, cast.clone());
        let reach = self.closed_reach(&run, organisations.iter().copied())?;
        if !observables.iter().flat_map(|observable| observable.organisations.iter()).all(|&it| reach.has(it)) {
            return None;
        }
        let left_out = people.into_iter().fold(Change::default(), Change::and_drop);
        let mut replay = Replay::new(run, parent, Some(Arc::new(reach)), Messages::AsInParent);
        for command in first {
            // A playbook may have prepared the same; the refusal of the second order is no error.
            let _ = command::apply(replay.place.world.world_mut(), command);
        }
        while replay.world().tick() < parent.world.tick() {
            replay.give_commands(&left_out).expect("nothing is added that could be refused");
            assert!(replay.simulate_minute(), "a fork without messages needs no looks");
        }
        Some(observables.iter().map(|observable| observe::value(replay.world(), observable)).collect())
    }

    /// Some organisations with everything that their own course depends on, under the playbooks of a run at tick 0. None
    /// if that may be any organisation.
    fn closed_reach(&self, run: &Run, organisations: impl IntoIterator<Item = Ix<Organisation>>) -> Option<Reach> {
        let scenario = &run.setup.scenario;
        let closed = closed(run, self.run(), organisations.into_iter().collect());
        if closed.len() == scenario.organisations.len() {
            return None;
        }
        let mut reach = Reach::closed(scenario, &closed);
        let parent = &self.run().world;
        let waits = |event: &Ix<Event>| {
            let condition = scenario.events[*event].when.condition();
            condition.is_some_and(|condition| !reach.touches(scenario, condition))
        };
        let events =
            scenario.events.indices().filter(waits).map(|event| (event, parent.events_fired()[event])).collect();
        let injects = scenario.injects.indices().map(|inject| (inject, parent.injects_fired()[inject])).collect();
        reach.follow(scenario, events, injects);
        Some(reach)
    }

    /// Values of observables in the world of a fork that begins in a trunk of this run. None if the change or an
    /// observable concerns organisations that the trunk lacks.
    ///
    /// # Errors
    /// As `fork`.
    ///
    /// # Panics
    /// As `fork`, and if the trunk is that of another run.
    pub fn fork_values_in(
        &self,
        trunk: &Trunk,
        change: &Change,
        observables: &[Observable],
    ) -> Option<Result<Vec<f64>, RefusedChange>> {
        let parent = self.run();
        let start = change.first_tick(&parent.log)?;
        let mut read = observables.iter().flat_map(|observable| observable.organisations.iter());
        if !trunk.covers(parent, change) || !read.all(|&organisation| trunk.reach.has(organisation)) {
            return None;
        }
        let after = trunk.places.partition_point(|place| place.world.world().tick() <= start);
        let mut place = trunk.places[after - 1].clone();
        place.policy.leave_out(change.left_out(&parent.log));
        let mut fork = Replay::resume(place, parent, Some(trunk.reach.clone()));
        loop {
            if let Err(refused) = fork.give_commands(change) {
                return Some(Err(refused));
            }
            if fork.world().tick() == parent.world.tick() {
                break;
            }
            assert!(fork.simulate_minute(), "a fork without messages needs no looks");
        }
        Some(Ok(observables.iter().map(|observable| observe::value(fork.world(), observable)).collect()))
    }
}

impl Trunk {
    /// Are all changed commands about organisations of the trunk, or about the whole world?
    fn covers(&self, parent: &Run, change: &Change) -> bool {
        let dropped = change.drop.iter().map(|&entry| parent.log[entry].command);
        dropped.chain(change.add.iter().map(|added| added.command)).all(|command| self.covers_command(parent, command))
    }

    fn covers_command(&self, parent: &Run, command: Command) -> bool {
        let scenario = &parent.setup.scenario;
        match command {
            Command::Order { mitigation, target, .. } => match scenario.mitigations[mitigation].effect {
                // The halt of a staged release may depend on hosts anywhere.
                MitigationEffect::World(WorldEffect::StageRollout { .. }) => false,
                effect => {
                    // Whoever borrows from a pool may leave others without people.
                    effect.borrowed().is_none_or(|(pool, _)| self.pools.contains(&pool))
                        && scenario.organisation_of(target).is_none_or(|organisation| self.reach.has(organisation))
                }
            },
            Command::Cancel { order, .. } => parent.world.orders().get(order).is_some_and(|order| {
                let again = Command::Order { by: order.by, mitigation: order.mitigation, target: order.target };
                self.covers_command(parent, again)
            }),
            Command::Grant { organisation, .. } => self.reach.has(organisation),
            Command::Inject { .. } => false,
        }
    }
}

/// Adds to some organisations all that their course depends on: suppliers of their services, and organisations in
/// conditions of events and playbook entries that act on them.
fn closed(run: &Run, parent: &Run, mut inside: BTreeSet<Ix<Organisation>>) -> BTreeSet<Ix<Organisation>> {
    let scenario = &run.setup.scenario;
    loop {
        let mut found = inside.clone();
        for &organisation in &inside {
            let compiled = &scenario.organisations[organisation];
            let needs = compiled.services.iter().flat_map(|service| scenario.services[service].needs);
            let supplier = |need: Ix<Need>| match scenario.needs[need].supplier {
                NeedIndex::Fleet(fleet) => scenario.fleets[fleet].organisation,
                NeedIndex::Service(service) => scenario.services[service].organisation,
            };
            found.extend(needs.map(supplier));
            found.extend(compiled.network.map(|service| scenario.services[service].organisation));
        }
        let acts_inside = |organisation: Option<Ix<Organisation>>| organisation.is_none_or(|it| inside.contains(&it));
        for event in &scenario.events {
            let target = |action: &EventAction| action.service().map(|service| scenario.services[service].organisation);
            if event.actions.iter().any(|action| acts_inside(target(action))) {
                found.extend(asked_by(scenario, event.when));
            }
        }
        for (_, order) in run.policy().open_entries(scenario) {
            if order.targets.iter().any(|&target| acts_inside(scenario.organisation_of(target))) {
                found.extend(asked_by(scenario, order.when));
                // Others who borrow from the same pool may leave it empty.
                if let Some((pool, _)) = scenario.mitigations[order.mitigation].effect.borrowed() {
                    found.extend(borrowers(run, parent, pool));
                }
            }
        }
        for condition in halts(scenario, &parent.world) {
            found.extend(scenario.conditions[condition].organisations.iter().copied());
        }
        if found.len() == inside.len() {
            return found;
        }
        inside = found;
    }
}

/// Organisations in the condition of a trigger, or of the event that it comes after.
fn asked_by(scenario: &Scenario, when: When) -> Vec<Ix<Organisation>> {
    match when {
        When::At(_) => Vec::new(),
        When::After { event, .. } => asked_by(scenario, scenario.events[event].when),
        When::Above { condition, .. } | When::Below { condition, .. } => {
            scenario.conditions[condition].organisations.to_vec()
        }
    }
}

/// Organisations for which a playbook or an order of the parent borrows from a pool.
fn borrowers(run: &Run, parent: &Run, pool: Ix<StaffPool>) -> Vec<Ix<Organisation>> {
    let scenario = &run.setup.scenario;
    let borrows = |mitigation: Ix<Mitigation>| {
        scenario.mitigations[mitigation].effect.borrowed().is_some_and(|(borrowed, _)| borrowed == pool)
    };
    let entries = run.policy().open_entries(scenario).filter(|(_, order)| borrows(order.mitigation));
    let planned = entries.flat_map(|(_, order)| order.targets.iter().copied());
    let ordered = parent.world.orders().iter().filter(|order| borrows(order.mitigation)).map(|order| order.target);
    planned.chain(ordered).filter_map(|target| scenario.organisation_of(target)).collect()
}
