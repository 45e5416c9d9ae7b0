//! The organisations that a decision can reach, and worlds that simulate these alone.
//!
//! Organisations affect each other in few ways: services that need services, staff pools, flags and channels, and
//! conditions on several organisations. An organisation that a command cannot reach is bit-identical with and without
//! the command, so a fork copies it from its parent (`session::fork`). Must not decide which commands differ.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::phases::services;
use super::slice::partition_of;
use super::wheel::Purpose;
use super::world::{FleetState, HostState, World};
use crate::base::{Column, Ix, Share, Tick};
use crate::scenario::compile::{Condition, Event, Fleet, Host, Inject, Organisation, Scenario, Service};

/// The organisations that a fork simulates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// By organisation: whether its state can differ from the parent's.
    is_affected: Column<Organisation, bool>,
    /// By organisation: whether it is simulated, because it is affected or because a condition concerns it together with
    /// an affected one.
    is_in: Column<Organisation, bool>,
    pub organisations: Vec<Ix<Organisation>>,
    /// By fleet: whether its organisation is simulated.
    is_fleet_in: Column<Fleet, bool>,
    /// Events whose conditions concern no affected organisation, with the tick at which they fire in the parent.
    pub(super) events_of_parent: Vec<(Ix<Event>, Option<Tick>)>,
    /// The same for injects.
    pub(super) injects_of_parent: Vec<(Ix<Inject>, Option<Tick>)>,
}

impl Reach {
    /// An organisation and all that need its services, directly or through others.
    pub fn of(scenario: &Scenario, organisation: Ix<Organisation>) -> Self {
        let none = Column::filled(false, scenario.organisations.len());
        let mut reach = Self {
            is_affected: none.clone(),
            is_in: none,
            organisations: Vec::new(),
            is_fleet_in: Column::filled(false, scenario.fleets.len()),
            events_of_parent: Vec::new(),
            injects_of_parent: Vec::new(),
        };
        reach.affect(scenario, organisation);
        reach
    }

    /// Adds an organisation that can differ, and all that need its services. Returns false if it was affected already.
    pub fn affect(&mut self, scenario: &Scenario, organisation: Ix<Organisation>) -> bool {
        if self.is_affected[organisation] {
            return false;
        }
        let mut found = BTreeSet::from([organisation]);
        let mut open = vec![organisation];
        while let Some(next) = open.pop() {
            for service in scenario.organisations[next].services {
                for &need in scenario.wiring.service_needs.items(service) {
                    let dependent = scenario.wiring.need_service[need];
                    let organisation = scenario.services[dependent].organisation;
                    if found.insert(organisation) {
                        open.push(organisation);
                    }
                }
            }
        }
        found.iter().for_each(|&organisation| self.is_affected[organisation] = true);
        self.look_at(scenario, found);
        true
    }

    /// Adds organisations that cannot differ, because a condition concerns them together with affected ones.
    pub fn look_at(&mut self, scenario: &Scenario, organisations: impl IntoIterator<Item = Ix<Organisation>>) {
        organisations.into_iter().for_each(|organisation| self.is_in[organisation] = true);
        self.organisations = self.is_in.indices().filter(|&organisation| self.is_in[organisation]).collect();
        for &organisation in &self.organisations {
            self.is_fleet_in[scenario.organisations[organisation].fleets].fill(true);
        }
    }

    /// Whether an organisation is simulated.
    pub fn has(&self, organisation: Ix<Organisation>) -> bool {
        self.is_in[organisation]
    }

    /// Whether the entity that is on a calendar for a purpose is simulated.
    fn has_due(&self, scenario: &Scenario, purpose: Purpose, entity: u32) -> bool {
        match due(scenario, purpose, entity) {
            Due::Host(host) => self.is_fleet_in[scenario.wiring.fleet_of(host)],
            Due::Organisation(organisation) => self.has(organisation),
        }
    }

    /// Whether a condition can hold at other ticks than in the parent.
    pub fn touches(&self, scenario: &Scenario, condition: Ix<Condition>) -> bool {
        let seen = &scenario.conditions[condition].organisations;
        seen.iter().any(|&organisation| self.is_affected[organisation])
    }

    /// Makes events and injects fire at the ticks of the parent.
    pub fn follow(&mut self, events: Vec<(Ix<Event>, Option<Tick>)>, injects: Vec<(Ix<Inject>, Option<Tick>)>) {
        (self.events_of_parent, self.injects_of_parent) = (events, injects);
    }
}

/// The counts of a fleet that observables read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostCounts {
    by_state: [u32; 6],
    received: u32,
    crashed: u32,
    self_recovered: u32,
    repaired: u32,
    repairs_failed: u32,
}

impl HostCounts {
    /// The counts of a fleet now.
    pub fn of(fleet: &FleetState) -> Self {
        Self {
            by_state: fleet.counts,
            received: fleet.received,
            crashed: fleet.crashed,
            self_recovered: fleet.self_recovered,
            repaired: fleet.repaired,
            repairs_failed: fleet.repairs_failed,
        }
    }

    /// The counts of a fleet with all hosts up.
    pub fn all_up(hosts: u32) -> Self {
        let by_state = [hosts, 0, 0, 0, 0, 0];
        Self { by_state, received: 0, crashed: 0, self_recovered: 0, repaired: 0, repairs_failed: 0 }
    }
}

/// Whether another organisation needs a service.
pub fn supplies_others(scenario: &Scenario, service: Ix<Service>) -> bool {
    let own = scenario.services[service].organisation;
    scenario
        .wiring
        .service_needs
        .items(service)
        .iter()
        .any(|&need| scenario.services[scenario.wiring.need_service[need]].organisation != own)
}

/// The owner of a calendar entry.
enum Due {
    Host(Ix<Host>),
    Organisation(Ix<Organisation>),
}

fn due(scenario: &Scenario, purpose: Purpose, entity: u32) -> Due {
    match purpose {
        Purpose::Race => Due::Host(Ix::new(entity >> 1)),
        Purpose::Wake => Due::Organisation(scenario.services[Ix::new(entity)].organisation),
        Purpose::Clock => Due::Organisation(Ix::new(entity / scenario.clocks.len() as u32)),
        _ => Due::Host(Ix::new(entity)),
    }
}

/// The organisation of the entity that is on a calendar for a purpose.
pub(super) fn organisation_due(scenario: &Scenario, purpose: Purpose, entity: u32) -> Ix<Organisation> {
    match due(scenario, purpose, entity) {
        Due::Host(host) => scenario.fleets[scenario.wiring.fleet_of(host)].organisation,
        Due::Organisation(organisation) => organisation,
    }
}

impl World {
    /// Whether this world simulates an organisation.
    pub(super) fn is_reached(&self, organisation: Ix<Organisation>) -> bool {
        self.reach.as_ref().is_none_or(|reach| reach.has(organisation))
    }

    /// Restricts the simulation to some organisations; the others keep their state.
    pub fn restrict(&mut self, reach: Reach) {
        let scenario = self.scenario.clone();
        let of_service = |service: Ix<Service>| reach.has(scenario.services[service].organisation);
        self.state.calendars.retain(|purpose, entity| reach.has_due(&scenario, purpose, entity));
        let lists = &mut self.derived.lists;
        lists.moving.retain(|&service| of_service(service));
        lists.touched_fleets.retain(|&fleet| reach.has(scenario.fleets[fleet].organisation));
        for list in [&mut lists.dirty, &mut lists.waiting, &mut lists.surging, &mut lists.uneasy] {
            list.retain(|&organisation| reach.has(organisation));
        }
        lists.events.retain(|event| reach.events_of_parent.iter().all(|(followed, _)| followed != event));
        lists.injects.retain(|inject| reach.injects_of_parent.iter().all(|(followed, _)| followed != inject));
        self.reach = Some(Arc::new(reach));
    }

    /// Sets the level that a service outside the reach supplies from this boundary on, as in the parent.
    pub fn supply_from_outside(&mut self, service: Ix<Service>, level: Share) {
        let scenario = self.scenario.clone();
        services::supply(self, &scenario, service, level, self.state.tick);
    }

    /// Sets the counts of a fleet outside the reach, as in the parent, for observables.
    pub fn count_from_outside(&mut self, fleet: Ix<Fleet>, counts: HostCounts) {
        let state = &mut self.state.fleets[fleet];
        let up = HostState::Up as usize;
        self.derived.hosts_up = self.derived.hosts_up - state.counts[up] + counts.by_state[up];
        state.counts = counts.by_state;
        state.received = counts.received;
        state.crashed = counts.crashed;
        state.self_recovered = counts.self_recovered;
        state.repaired = counts.repaired;
        state.repairs_failed = counts.repairs_failed;
    }

    /// The services with dependent services whose level changed in the last step.
    pub fn levels_changed(&self) -> impl Iterator<Item = (Ix<Service>, Share)> + '_ {
        self.scratch.levels_changed.iter().map(|&service| (service, self.level(service)))
    }

    /// Copies the organisations that a fork simulated into this world, which is the fork's parent at the same tick.
    ///
    /// # Panics
    /// If the fork is at another tick or simulates everything.
    pub fn splice(&mut self, fork: &World) {
        assert_eq!(self.state.tick, fork.state.tick, "a fork at another tick than its parent");
        let reach = fork.reach.clone().expect("a fork of some organisations");
        let scenario = self.scenario.clone();
        for &organisation in &reach.organisations {
            let compiled = &scenario.organisations[organisation];
            self.state.organisations[organisation] = fork.state.organisations[organisation].clone();
            for fleet in compiled.fleets {
                self.state.fleets[fleet].waiting.clear(&mut self.state.queue_arena);
                let waiting =
                    fork.state.fleets[fleet].waiting.copied(&fork.state.queue_arena, &mut self.state.queue_arena);
                self.state.fleets[fleet] = FleetState { waiting, ..fork.state.fleets[fleet].clone() };
                let hosts = scenario.wiring.fleet_hosts(fleet);
                self.state.hosts[hosts].copy_from_slice(&fork.state.hosts[hosts]);
            }
            for service in compiled.services {
                self.state.services[service] = fork.state.services[service].clone();
                self.derived.effects[service] = fork.derived.effects[service].clone();
                let needs = scenario.services[service].needs;
                self.state.needs[needs].copy_from_slice(&fork.state.needs[needs]);
            }
        }
        self.recount_up();
        self.take_common(fork);
        self.state.calendars.retain(|purpose, entity| !reach.has_due(&scenario, purpose, entity));
        self.state.calendars.merge(&fork.state.calendars, |purpose, entity| partition_of(&scenario, purpose, entity));
        self.derived.seal.forget();
    }

    /// Copies the state that belongs to no organisation; a fork simulates all of it.
    fn take_common(&mut self, fork: &World) {
        self.state.orders.clone_from(&fork.state.orders);
        self.derived.orders_of.clone_from(&fork.derived.orders_of);
        self.state.grants.clone_from(&fork.state.grants);
        self.state.pools_free.clone_from(&fork.state.pools_free);
        self.state.prepared_cents.clone_from(&fork.state.prepared_cents);
        self.state.flags.clone_from(&fork.state.flags);
        self.state.channels.clone_from(&fork.state.channels);
        self.state.events_fired.clone_from(&fork.state.events_fired);
        self.state.injects_fired.clone_from(&fork.state.injects_fired);
    }
}
