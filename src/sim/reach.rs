//! How far a decision reaches, and a world that simulates no more than that.
//!
//! Organisations touch each other in few ways: services that need services, pools, the world's flags and
//! channels, and conditions that look at several of them. What a command cannot reach through these is
//! bit-identical with and without it, so a fork takes it from its parent (`session::fork`).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::phases::services;
use super::wheel::Purpose;
use super::window::block_of;
use super::world::{FleetState, HostState, World};
use crate::base::{Share, Tick};
use crate::scenario::compile::Scenario;

/// Organisations that a fork simulates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// By organisation: what becomes of it may differ from the parent.
    is_affected: Vec<bool>,
    /// By organisation: it is simulated, because it is affected or looked at together with one that is.
    is_in: Vec<bool>,
    pub organisations: Vec<u32>,
    /// By fleet: its organisation is simulated.
    is_fleet_in: Vec<bool>,
    /// Events that wait for nobody affected, with the tick at which they fire in the parent.
    pub(super) events_of_parent: Vec<(u32, Option<Tick>)>,
    /// The same for injects.
    pub(super) injects_of_parent: Vec<(u32, Option<Tick>)>,
}

impl Reach {
    /// An organisation and everybody who needs a service of it, directly or through others.
    pub fn of(scenario: &Scenario, organisation: u32) -> Self {
        let nobody = vec![false; scenario.organisations.len()];
        let mut reach = Self {
            is_affected: nobody.clone(),
            is_in: nobody,
            organisations: Vec::new(),
            is_fleet_in: vec![false; scenario.fleets.len()],
            events_of_parent: Vec::new(),
            injects_of_parent: Vec::new(),
        };
        reach.affect(scenario, organisation);
        reach
    }

    /// Takes in an organisation that may differ, and everybody who needs a service of it. True if that is news.
    pub fn affect(&mut self, scenario: &Scenario, organisation: u32) -> bool {
        if self.is_affected[organisation as usize] {
            return false;
        }
        let mut found = BTreeSet::from([organisation]);
        let mut open = vec![organisation];
        while let Some(next) = open.pop() {
            for service in scenario.organisations[next as usize].services.clone() {
                for &need in scenario.wiring.service_needs.of(service) {
                    let by = scenario.services[scenario.wiring.need_service[need as usize] as usize].organisation;
                    if found.insert(by) {
                        open.push(by);
                    }
                }
            }
        }
        found.iter().for_each(|&organisation| self.is_affected[organisation as usize] = true);
        self.look_at(scenario, found);
        true
    }

    /// Simulates more than differs, because somebody looks at them together.
    pub fn look_at(&mut self, scenario: &Scenario, organisations: impl IntoIterator<Item = u32>) {
        organisations.into_iter().for_each(|organisation| self.is_in[organisation as usize] = true);
        self.organisations = (0..self.is_in.len() as u32).filter(|&at| self.is_in[at as usize]).collect();
        for &organisation in &self.organisations {
            let fleets = &scenario.organisations[organisation as usize].fleets;
            self.is_fleet_in[fleets.start as usize..fleets.end as usize].fill(true);
        }
    }

    /// Is an organisation simulated?
    pub fn has(&self, organisation: u32) -> bool {
        self.is_in[organisation as usize]
    }

    /// Is whoever is on a calendar for a purpose simulated?
    fn has_due(&self, scenario: &Scenario, purpose: Purpose, entity: u32) -> bool {
        match due(scenario, purpose, entity) {
            Due::Host(host) => self.is_fleet_in[scenario.wiring.fleet_of(host) as usize],
            Due::Organisation(organisation) => self.has(organisation),
        }
    }

    /// May a condition be met at another time than in the parent?
    pub fn touches(&self, scenario: &Scenario, condition: u32) -> bool {
        let seen = &scenario.conditions[condition as usize].organisations;
        seen.iter().any(|&organisation| self.is_affected[organisation as usize])
    }

    /// Events and injects that wait for nobody affected fire as they did in the parent.
    pub fn follow(&mut self, events: Vec<(u32, Option<Tick>)>, injects: Vec<(u32, Option<Tick>)>) {
        (self.events_of_parent, self.injects_of_parent) = (events, injects);
    }
}

/// Hosts of a fleet as observables see them.
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
    /// Of a fleet now.
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

    /// Of a fleet to which nothing has happened.
    pub fn all_up(hosts: u32) -> Self {
        let by_state = [hosts, 0, 0, 0, 0, 0];
        Self { by_state, received: 0, crashed: 0, self_recovered: 0, repaired: 0, repairs_failed: 0 }
    }
}

/// Does a service supply another organisation?
pub fn supplies_others(scenario: &Scenario, service: u32) -> bool {
    let own = scenario.services[service as usize].organisation;
    scenario
        .wiring
        .service_needs
        .of(service)
        .iter()
        .any(|&need| scenario.services[scenario.wiring.need_service[need as usize] as usize].organisation != own)
}

/// Whoever is on a calendar.
enum Due {
    Host(u32),
    Organisation(u32),
}

fn due(scenario: &Scenario, purpose: Purpose, entity: u32) -> Due {
    match purpose {
        Purpose::Race => Due::Host(entity >> 1),
        Purpose::Wake => Due::Organisation(scenario.services[entity as usize].organisation),
        Purpose::Clock => Due::Organisation(entity / scenario.clocks.len() as u32),
        _ => Due::Host(entity),
    }
}

/// The organisation of whoever is on a calendar for a purpose.
pub(super) fn organisation_due(scenario: &Scenario, purpose: Purpose, entity: u32) -> u32 {
    match due(scenario, purpose, entity) {
        Due::Host(host) => scenario.fleets[scenario.wiring.fleet_of(host) as usize].organisation,
        Due::Organisation(organisation) => organisation,
    }
}

impl World {
    /// Is an organisation simulated here?
    pub(super) fn is_reached(&self, organisation: u32) -> bool {
        self.reach.as_ref().is_none_or(|reach| reach.has(organisation))
    }

    /// Goes on with some organisations alone; the others stand still.
    pub fn restrict(&mut self, reach: Reach) {
        let scenario = self.scenario.clone();
        let of_service = |service: u32| reach.has(scenario.services[service as usize].organisation);
        self.calendars.retain(|purpose, entity| reach.has_due(&scenario, purpose, entity));
        let lists = &mut self.lists;
        lists.moving.retain(|&service| of_service(service));
        lists.touched_fleets.retain(|&fleet| reach.has(scenario.fleets[fleet as usize].organisation));
        for list in [&mut lists.dirty, &mut lists.waiting, &mut lists.surging, &mut lists.uneasy] {
            list.retain(|&organisation| reach.has(organisation));
        }
        lists.events.retain(|event| reach.events_of_parent.iter().all(|(of, _)| of != event));
        lists.injects.retain(|inject| reach.injects_of_parent.iter().all(|(of, _)| of != inject));
        self.reach = Some(Arc::new(reach));
    }

    /// What a service outside supplies from this boundary on, as it did in the parent.
    pub fn supply_from_outside(&mut self, service: u32, level: Share) {
        let scenario = self.scenario.clone();
        services::supply(self, &scenario, service, level, self.tick);
    }

    /// How many hosts of a fleet outside are what, as in the parent: for observables.
    pub fn count_from_outside(&mut self, fleet: u32, counts: HostCounts) {
        let state = &mut self.fleets[fleet as usize];
        let up = HostState::Up as usize;
        self.hosts_up = self.hosts_up - state.counts[up] + counts.by_state[up];
        state.counts = counts.by_state;
        state.received = counts.received;
        state.crashed = counts.crashed;
        state.self_recovered = counts.self_recovered;
        state.repaired = counts.repaired;
        state.repairs_failed = counts.repairs_failed;
    }

    /// Services whose level changed in the last step and which others need.
    pub fn levels_changed(&self) -> impl Iterator<Item = (u32, Share)> + '_ {
        self.levels_changed.iter().map(|&service| (service, self.level(service)))
    }

    /// Takes what a fork simulated into this world, which is its parent at the same tick.
    ///
    /// # Panics
    /// If the fork is at another tick or simulates everything.
    pub fn splice(&mut self, fork: &World) {
        assert_eq!(self.tick, fork.tick, "a fork at another tick than its parent");
        let reach = fork.reach.clone().expect("a fork of some organisations");
        let scenario = self.scenario.clone();
        for &organisation in &reach.organisations {
            let of = &scenario.organisations[organisation as usize];
            self.organisations[organisation as usize] = fork.organisations[organisation as usize].clone();
            for fleet in of.fleets.clone() {
                let at = fleet as usize;
                self.fleets[at].waiting.clear(&mut self.queues);
                let waiting = fork.fleets[at].waiting.moved(&fork.queues, &mut self.queues);
                self.fleets[at] = FleetState { waiting, ..fork.fleets[at].clone() };
                let first = scenario.fleets[at].first_host as usize;
                let hosts = first..first + scenario.fleets[at].hosts as usize;
                self.hosts[hosts.clone()].copy_from_slice(&fork.hosts[hosts]);
            }
            for service in of.services.clone() {
                self.services[service as usize] = fork.services[service as usize].clone();
                self.effects[service as usize] = fork.effects[service as usize].clone();
                let needs = &scenario.services[service as usize].needs;
                let needs = needs.start as usize..needs.end as usize;
                self.needs[needs.clone()].copy_from_slice(&fork.needs[needs]);
            }
        }
        self.recount_up();
        self.take_common(fork);
        self.calendars.retain(|purpose, entity| !reach.has_due(&scenario, purpose, entity));
        self.calendars.merge(&fork.calendars, |purpose, entity| block_of(&scenario, purpose, entity));
        self.seal.forget();
    }

    /// What belongs to nobody: the fork knows all of it.
    fn take_common(&mut self, fork: &World) {
        self.orders.clone_from(&fork.orders);
        self.orders_of.clone_from(&fork.orders_of);
        self.grants.clone_from(&fork.grants);
        self.pools_free.clone_from(&fork.pools_free);
        self.prepared_cents.clone_from(&fork.prepared_cents);
        self.flags.clone_from(&fork.flags);
        self.channels.clone_from(&fork.channels);
        self.events_fired.clone_from(&fork.events_fired);
        self.injects_fired.clone_from(&fork.injects_fired);
    }
}
