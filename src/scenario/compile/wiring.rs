//! Lookup tables over a compiled scenario, made once: the needs for each fleet and service, the fleet of each host,
//! the order of repair.
//!
//! This module holds nothing that a run could change.

use std::collections::BTreeSet;

use super::lists::Lists;
use super::partitions::{PARTITION_BYTES, Partitions};
use super::{Fleet, Host, Keys, Need, NeedIndex, Organisation, Service};
use crate::base::{Column, Ix, Span};

/// Hosts in a block of the index from hosts to fleets.
const BLOCK: u32 = 64;

/// The lookup tables of a scenario.
#[derive(Debug, Default)]
pub struct Wiring {
    /// First host of each fleet, then the number of hosts.
    first_hosts: Vec<Ix<Host>>,
    /// The fleet of the first host of each block of hosts.
    host_blocks: Vec<Ix<Fleet>>,
    /// The needs for a fleet.
    pub fleet_needs: Lists<Fleet, Need>,
    /// The needs for a service.
    pub service_needs: Lists<Service, Need>,
    /// The service that has a need.
    pub need_service: Column<Need, Ix<Service>>,
    /// Fleets of an organisation in the order crews take them: by priority, then as written.
    pub repair_order: Lists<Organisation, Fleet>,
    /// Is the fleet its organisation's key server?
    pub is_key_server: Column<Fleet, bool>,
    /// Is the service its organisation's network?
    pub is_network: Column<Service, bool>,
    /// Minutes of the UTC hour at which the local hour of some organisation begins.
    pub hour_begins: Vec<u32>,
    /// Groups of organisations that are simulated together.
    pub partitions: Partitions,
}

impl Wiring {
    pub(super) fn new(
        organisations: &Column<Organisation>,
        fleets: &Column<Fleet>,
        services: &Column<Service>,
        needs: &Column<Need>,
        hosts: u32,
    ) -> Self {
        let mut need_service = Column::filled(Ix::new(0), needs.len());
        for (index, service) in services.entries() {
            need_service[service.needs].fill(index);
        }
        let (mut by_fleet, mut by_service) = (Vec::new(), Vec::new());
        for (index, need) in needs.entries() {
            match need.supplier {
                NeedIndex::Fleet(fleet) => by_fleet.push((fleet, index)),
                NeedIndex::Service(service) => by_service.push((service, index)),
            }
        }
        let mut is_key_server = Column::filled(false, fleets.len());
        let mut is_network = Column::filled(false, services.len());
        for organisation in organisations {
            if let Keys::Server(fleet) = organisation.keys {
                is_key_server[fleet] = true;
            }
            if let Some(service) = organisation.network {
                is_network[service] = true;
            }
        }
        let order = |(index, organisation): (Ix<Organisation>, &Organisation)| {
            let mut order: Vec<_> = organisation.fleets.iter().map(|fleet| (index, fleet)).collect();
            order.sort_by_key(|&(_, fleet)| (std::cmp::Reverse(fleets[fleet].priority), fleet));
            order
        };
        let repair_order: Vec<_> = organisations.entries().flat_map(order).collect();
        let hour_begins = organisations.iter().map(|organisation| (60 - organisation.week_phase_min % 60) % 60);
        let hour_begins: BTreeSet<u32> = hour_begins.collect();
        let mut first_hosts: Vec<Ix<Host>> = fleets.iter().map(|fleet| fleet.first_host).collect();
        let block_fleet = |block: u32| {
            let first_host = Ix::new(block * BLOCK);
            Ix::from_usize(first_hosts.partition_point(|&first| first <= first_host) - 1)
        };
        let host_blocks = (0..hosts.div_ceil(BLOCK)).map(block_fleet).collect();
        first_hosts.push(Ix::new(hosts));
        Self {
            partitions: Partitions::new(organisations, fleets, services, needs, &need_service, PARTITION_BYTES),
            first_hosts,
            host_blocks,
            fleet_needs: Lists::new(fleets.len(), &by_fleet),
            service_needs: Lists::new(services.len(), &by_service),
            need_service,
            repair_order: Lists::new(organisations.len(), &repair_order),
            is_key_server,
            is_network,
            hour_begins: hour_begins.into_iter().collect(),
        }
    }

    /// The hosts of a fleet.
    #[inline]
    pub fn fleet_hosts(&self, fleet: Ix<Fleet>) -> Span<Host> {
        Span { start: self.first_hosts[fleet.position()], end: self.first_hosts[fleet.position() + 1] }
    }

    /// The fleet of a host.
    #[inline]
    pub fn fleet_of(&self, host: Ix<Host>) -> Ix<Fleet> {
        let mut fleet = self.host_blocks[(host.number() / BLOCK) as usize].position();
        while self.first_hosts[fleet + 1] <= host {
            fleet += 1;
        }
        Ix::from_usize(fleet)
    }
}
