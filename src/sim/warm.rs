//! Reads ahead what the entities of a list will need. Changes nothing.
//!
//! A big world does not fit the caches, and a minute's list jumps about in it: handled one by one, every
//! entity waits for memory several times over. Reading one field of each first lets memory answer many
//! requests at once, and the real work then finds its lines at hand. A chunk of a list stays in the
//! second-level cache.

use std::hint::black_box;

use super::world::{FleetState, OrganisationState, ServiceState, World};
use crate::scenario::compile::Scenario;

/// Entities that are read ahead together.
pub(super) const CHUNK: usize = 512;
/// Smaller worlds lie in the caches anyway.
const WARM_BYTES_MIN: usize = 16 << 20;

impl World {
    /// Is it worth while here?
    pub(super) fn is_worth_warming(&self) -> bool {
        let fleets = self.fleets.len() * size_of::<FleetState>();
        let services = self.services.len() * 2 * size_of::<ServiceState>();
        let organisations = self.organisations.len() * size_of::<OrganisationState>();
        WARM_BYTES_MIN < self.hosts.len() + fleets + services + organisations
    }

    /// Reads hosts and their fleets ahead.
    pub(super) fn warm_hosts(&self, scenario: &Scenario, hosts: impl Iterator<Item = u32> + Clone) {
        if !self.warms {
            return;
        }
        let seen = hosts.clone().map(|host| u32::from(self.hosts[host as usize])).fold(0, u32::wrapping_add);
        let organisation = |host: u32| self.fleets[scenario.wiring.fleet_of(host) as usize].organisation;
        black_box(hosts.map(organisation).fold(seen, u32::wrapping_add));
    }

    /// Reads the organisations of hosts ahead, their fleets being at hand.
    pub(super) fn warm_organisations(&self, scenario: &Scenario, hosts: &[u32]) {
        if self.warms {
            let organisation = |host: u32| self.fleets[scenario.wiring.fleet_of(host) as usize].organisation;
            let busy = |&host: &u32| self.organisations[organisation(host) as usize].busy;
            black_box(hosts.iter().map(busy).fold(0, u32::wrapping_add));
        }
    }

    /// Reads ahead what waits in the fleets that organisations of a list look at first, and who would be taken.
    pub(super) fn warm_queues(&self, scenario: &Scenario, organisations: &[u32]) {
        if !self.warms {
            return;
        }
        let mut found = Vec::with_capacity(organisations.len());
        for &organisation in organisations {
            let front = self.organisations[organisation as usize].front as usize;
            found.extend(scenario.wiring.repair_order.of(organisation).get(front));
        }
        let waiting = |fleet: u32| &self.fleets[fleet as usize].waiting;
        let mut seen = found.iter().map(|&fleet| waiting(fleet).lens[0]).fold(0, u32::wrapping_add);
        // Fleets become hosts before any of these is read: a host that is waited for keeps no other waiting.
        found.retain_mut(|at| {
            let waiting = waiting(*at);
            let class = waiting.lens.iter().position(|len| 0 < *len);
            let next = class.and_then(|class| waiting.first(&self.queues, class));
            *at = next.unwrap_or_default();
            next.is_some()
        });
        seen = found.iter().map(|&host| u32::from(self.hosts[host as usize])).fold(seen, u32::wrapping_add);
        black_box(seen);
    }

    /// Reads ahead the needs that look at fleets, and who has them.
    pub(super) fn warm_needs(&self, scenario: &Scenario, fleets: &[u32]) {
        if !self.warms {
            return;
        }
        let needs = || fleets.iter().flat_map(|&fleet| scenario.wiring.fleet_needs.of(fleet));
        let mut seen = fleets.iter().map(|&fleet| self.fleets[fleet as usize].counts[0]).fold(0, u32::wrapping_add);
        let service = |&need: &u32| self.needs[need as usize].service;
        seen = needs().map(service).fold(seen, u32::wrapping_add);
        for service in needs().map(service) {
            let of = &scenario.services[service as usize];
            seen = seen.wrapping_add(self.services[service as usize].as_of.0).wrapping_add(of.profile);
        }
        black_box(seen);
    }

    /// Reads services and their needs ahead.
    pub(super) fn warm_services(&self, scenario: &Scenario, services: &[u32]) {
        if !self.warms {
            return;
        }
        let mut seen = 0_u32;
        for &service in services {
            let state = &self.services[service as usize];
            let of = &scenario.services[service as usize];
            seen = seen.wrapping_add(state.as_of.0).wrapping_add(of.needs.start);
            seen = seen.wrapping_add(u32::from(of.fallback.is_some()));
        }
        for &service in services {
            let first = scenario.services[service as usize].needs.start as usize;
            seen = seen.wrapping_add(self.needs.get(first).map_or(0, |need| need.buffer_min));
        }
        black_box(seen);
    }
}
