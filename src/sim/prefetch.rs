//! Prefetching: reads one field of each entity of a work list before the list is processed.
//!
//! A big world does not fit the caches, and the entities of a work list are spread over it. Processed one by one, each
//! entity causes several cache misses in a row; reads that do not depend on each other overlap, so prefetching a chunk
//! of the list takes a fraction of that time. A chunk is small enough for the second-level cache. Must not change the
//! world.

use std::hint::black_box;

use super::world::{FleetState, OrganisationState, ServiceState, World};
use crate::base::Ix;
use crate::scenario::compile::{Fleet, Host, Need, Organisation, Scenario, Service};

/// The number of entities that are prefetched together.
pub(super) const CHUNK: usize = 512;
/// Smaller worlds fit the caches.
const PREFETCH_BYTES_MIN: usize = 16 << 20;

impl World {
    /// Whether the world is too big for the caches.
    pub(super) fn is_worth_prefetching(&self) -> bool {
        let fleets = self.state.fleets.len() * size_of::<FleetState>();
        let services = self.state.services.len() * 2 * size_of::<ServiceState>();
        let organisations = self.state.organisations.len() * size_of::<OrganisationState>();
        PREFETCH_BYTES_MIN < self.state.hosts.len() + fleets + services + organisations
    }

    /// Prefetches hosts and their fleets.
    pub(super) fn prefetch_hosts(&self, scenario: &Scenario, hosts: impl Iterator<Item = Ix<Host>> + Clone) {
        if !self.derived.is_prefetching {
            return;
        }
        let seen = hosts.clone().map(|host| u32::from(self.state.hosts[host])).fold(0, u32::wrapping_add);
        let organisation = |host: Ix<Host>| self.state.fleets[scenario.wiring.fleet_of(host)].organisation;
        black_box(hosts.map(organisation).map(Ix::number).fold(seen, u32::wrapping_add));
    }

    /// Prefetches the organisations of hosts whose fleets are in the cache.
    pub(super) fn prefetch_organisations(&self, scenario: &Scenario, hosts: impl Iterator<Item = Ix<Host>>) {
        if self.derived.is_prefetching {
            let organisation = |host: Ix<Host>| self.state.fleets[scenario.wiring.fleet_of(host)].organisation;
            let busy = |host: Ix<Host>| self.state.organisations[organisation(host)].busy;
            black_box(hosts.map(busy).fold(0, u32::wrapping_add));
        }
    }

    /// Prefetches, for each organisation, the queues of the fleet that it repairs next and the first host in them.
    pub(super) fn prefetch_queues(&self, scenario: &Scenario, organisations: &[Ix<Organisation>]) {
        if !self.derived.is_prefetching {
            return;
        }
        let mut found = Vec::with_capacity(organisations.len());
        for &organisation in organisations {
            let front = self.state.organisations[organisation].front as usize;
            found.extend(scenario.wiring.repair_order.items(organisation).get(front));
        }
        let waiting = |fleet: Ix<Fleet>| &self.state.fleets[fleet].waiting;
        let mut seen = found.iter().map(|&fleet| waiting(fleet).lens[0]).fold(0, u32::wrapping_add);
        // All queues are read before any host, so that the reads of hosts overlap.
        let first = |&fleet: &Ix<Fleet>| {
            let waiting = waiting(fleet);
            let class = waiting.lens.iter().position(|len| 0 < *len)?;
            waiting.first(&self.state.queue_arena, class)
        };
        let hosts: Vec<Ix<Host>> = found.iter().filter_map(first).collect();
        seen = hosts.iter().map(|&host| u32::from(self.state.hosts[host])).fold(seen, u32::wrapping_add);
        black_box(seen);
    }

    /// Prefetches the needs that depend on fleets, and the services that have these needs.
    pub(super) fn prefetch_needs(&self, scenario: &Scenario, fleets: &[Ix<Fleet>]) {
        if !self.derived.is_prefetching {
            return;
        }
        let needs = || fleets.iter().flat_map(|&fleet| scenario.wiring.fleet_needs.items(fleet));
        let mut seen = fleets.iter().map(|&fleet| self.state.fleets[fleet].counts[0]).fold(0, u32::wrapping_add);
        let service = |&need: &Ix<Need>| self.state.needs[need].service;
        seen = needs().map(service).map(Ix::number).fold(seen, u32::wrapping_add);
        for service in needs().map(service) {
            let profile = scenario.services[service].profile;
            seen = seen.wrapping_add(self.state.services[service].as_of.0).wrapping_add(profile.number());
        }
        black_box(seen);
    }

    /// Prefetches services and their needs.
    pub(super) fn prefetch_services(&self, scenario: &Scenario, services: &[Ix<Service>]) {
        if !self.derived.is_prefetching {
            return;
        }
        let mut seen = 0_u32;
        for &service in services {
            let state = &self.state.services[service];
            let compiled = &scenario.services[service];
            seen = seen.wrapping_add(state.as_of.0).wrapping_add(compiled.needs.start.number());
            seen = seen.wrapping_add(u32::from(compiled.fallback.is_some()));
        }
        for &service in services {
            let first = scenario.services[service].needs.start;
            seen = seen.wrapping_add(self.state.needs.get(first).map_or(0, |need| need.buffer_min));
        }
        black_box(seen);
    }
}
