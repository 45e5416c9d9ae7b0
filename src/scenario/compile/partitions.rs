//! Divides organisations into partitions that can be simulated one after the other. A supplier is in an earlier
//! partition than its customers or in the same one, so the levels that a partition reads from outside are known for
//! a whole time slice.
//!
//! The state of a partition fits the cache of a processor core. This module holds nothing that a run could change.

use std::collections::BTreeSet;

use super::lists::Lists;
use super::{Fleet, Need, Organisation, Partition, Service};
use crate::base::{Column, Ix};
use crate::scenario::graph::components;

/// State of a partition, in bytes; organisations that need each other stay together even if they are larger.
pub(super) const PARTITION_BYTES: usize = 256 << 10;
/// Approximate state of a fleet, an organisation, a service with its figures, and a need, in bytes; a host takes
/// one byte.
const FLEET_BYTES: usize = 160;
const ORGANISATION_BYTES: usize = 128;
const SERVICE_BYTES: usize = 256;
const NEED_BYTES: usize = 24;

/// The partitions of a scenario, in the order in which they can be simulated.
#[derive(Debug, Default)]
pub struct Partitions {
    /// Organisations, partition by partition.
    order: Vec<Ix<Organisation>>,
    /// The positions in `order` at which each partition begins and at which the last one ends.
    starts: Vec<u32>,
    /// The partition of each organisation.
    pub of_organisation: Column<Organisation, Ix<Partition>>,
    /// The partition of each fleet and of each service: its organisation's.
    pub of_fleet: Column<Fleet, Ix<Partition>>,
    pub of_service: Column<Service, Ix<Partition>>,
    /// The needs of a partition for services of other partitions.
    pub imports: Lists<Partition, Need>,
    /// Does another partition need the service?
    pub is_exported: Column<Service, bool>,
}

impl Partitions {
    pub(super) fn new(
        organisations: &Column<Organisation>,
        fleets: &Column<Fleet>,
        services: &Column<Service>,
        needs: &Column<Need>,
        need_service: &Column<Need, Ix<Service>>,
        bytes_max: usize,
    ) -> Self {
        let suppliers = suppliers(organisations, services, needs);
        let mut partitions = Self::cut(organisations, &suppliers, bytes_max, |organisation| {
            let hosts: u32 = fleets[organisation.fleets].iter().map(|fleet| fleet.hosts).sum();
            let needs: usize = services[organisation.services].iter().map(|service| service.needs.len() as usize).sum();
            hosts as usize
                + ORGANISATION_BYTES
                + organisation.fleets.len() as usize * FLEET_BYTES
                + organisation.services.len() as usize * SERVICE_BYTES
                + needs * NEED_BYTES
        });
        let partition_of = |organisation: Ix<Organisation>| partitions.of_organisation[organisation];
        partitions.of_fleet = fleets.iter().map(|fleet| partition_of(fleet.organisation)).collect();
        partitions.of_service = services.iter().map(|service| partition_of(service.organisation)).collect();
        let mut imports = Vec::new();
        partitions.is_exported = Column::filled(false, services.len());
        for (index, need) in needs.entries() {
            let Some(supplier) = need.supplier.service() else { continue };
            let partition = partitions.of_service[need_service[index]];
            if partition != partitions.of_service[supplier] {
                imports.push((partition, index));
                partitions.is_exported[supplier] = true;
            }
        }
        partitions.imports = Lists::new(partitions.len(), &imports);
        partitions
    }

    fn cut(
        organisations: &Column<Organisation>,
        suppliers: &[Vec<usize>],
        bytes_max: usize,
        bytes_of: impl Fn(&Organisation) -> usize,
    ) -> Self {
        let mut partitions = Self {
            starts: vec![0],
            of_organisation: Column::filled(Ix::new(0), organisations.len()),
            ..Partitions::default()
        };
        let mut bytes = 0;
        for component in components(suppliers) {
            let component = component.into_iter().map(Ix::from_usize);
            let more: usize = component.clone().map(|organisation| bytes_of(&organisations[organisation])).sum();
            if 0 < bytes && bytes_max < bytes + more {
                partitions.starts.push(partitions.order.len() as u32);
                bytes = 0;
            }
            bytes += more;
            for organisation in component {
                partitions.of_organisation[organisation] = Ix::new(partitions.starts.len() as u32 - 1);
                partitions.order.push(organisation);
            }
        }
        partitions.starts.push(partitions.order.len() as u32);
        partitions
    }

    /// Number of partitions, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Organisations of a partition.
    pub fn organisations(&self, partition: Ix<Partition>) -> &[Ix<Organisation>] {
        let place = partition.position();
        &self.order[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    /// All partitions, in the order in which they can be simulated.
    pub fn indices(&self) -> impl Iterator<Item = Ix<Partition>> + use<> {
        (0..self.len() as u32).map(Ix::new)
    }
}

/// For each organisation the positions of its suppliers, without itself.
fn suppliers(
    organisations: &Column<Organisation>,
    services: &Column<Service>,
    needs: &Column<Need>,
) -> Vec<Vec<usize>> {
    let suppliers = |(customer, organisation): (Ix<Organisation>, &Organisation)| -> Vec<usize> {
        let needs = services[organisation.services].iter().flat_map(|service| &needs[service.needs]);
        let suppliers = needs.filter_map(|need| need.supplier.service()).map(|service| services[service].organisation);
        let others: BTreeSet<_> = suppliers.filter(|&supplier| supplier != customer).collect();
        others.into_iter().map(Ix::position).collect()
    };
    organisations.entries().map(suppliers).collect()
}
