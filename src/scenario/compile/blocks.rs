//! Organisations in blocks that can be simulated one after the other: whoever is needed comes before or stands in
//! the same block, so that a block knows what it gets from outside for as long as it likes.
//!
//! A block's state is small enough for a processor's own cache. Holds nothing that a run could change.

use std::collections::BTreeSet;

use super::wiring::Lists;
use super::{Fleet, Need, Organisation, Service};
use crate::scenario::graph::components;

/// State of a block, in bytes; organisations that need each other stay together even if they are larger.
pub(super) const BLOCK_BYTES: usize = 256 << 10;
/// State of a fleet, an organisation, a service with its figures, and a need, about; a host is a byte.
const FLEET_BYTES: usize = 160;
const ORGANISATION_BYTES: usize = 128;
const SERVICE_BYTES: usize = 256;
const NEED_BYTES: usize = 24;

/// The blocks of a scenario, in the order in which they can be simulated.
#[derive(Debug, Default)]
pub struct Blocks {
    /// Organisations, block by block.
    order: Vec<u32>,
    /// Where each block begins in `order`, and where the last ends.
    starts: Vec<u32>,
    /// The block of each organisation.
    pub of_organisation: Vec<u32>,
    /// The block of each fleet and of each service: its organisation's.
    pub of_fleet: Vec<u32>,
    pub of_service: Vec<u32>,
    /// Needs of a block that look at services of others.
    pub imports: Lists,
    /// Some other block needs the service.
    pub is_exported: Vec<bool>,
}

impl Blocks {
    pub(super) fn new(
        organisations: &[Organisation],
        fleets: &[Fleet],
        services: &[Service],
        needs: &[Need],
        need_service: &[u32],
        bytes_max: usize,
    ) -> Self {
        let suppliers = suppliers(organisations, services, needs);
        let mut blocks = Self::cut(organisations, &suppliers, bytes_max, |organisation| {
            let hosts: u32 = fleets[range(&organisation.fleets)].iter().map(|fleet| fleet.hosts).sum();
            let needs: usize = services[range(&organisation.services)].iter().map(|service| service.needs.len()).sum();
            hosts as usize
                + ORGANISATION_BYTES
                + organisation.fleets.len() * FLEET_BYTES
                + organisation.services.len() * SERVICE_BYTES
                + needs * NEED_BYTES
        });
        let block_of = |organisation: u32| blocks.of_organisation[organisation as usize];
        blocks.of_fleet = fleets.iter().map(|fleet| block_of(fleet.organisation)).collect();
        blocks.of_service = services.iter().map(|service| block_of(service.organisation)).collect();
        let mut imports = Vec::new();
        blocks.is_exported = vec![false; services.len()];
        for (at, need) in needs.iter().enumerate() {
            let Some(of) = need.of.service() else { continue };
            let by = blocks.of_service[need_service[at] as usize];
            if by != blocks.of_service[of as usize] {
                imports.push((by, at as u32));
                blocks.is_exported[of as usize] = true;
            }
        }
        blocks.imports = Lists::new(blocks.len(), &imports);
        blocks
    }

    fn cut(
        organisations: &[Organisation],
        suppliers: &[Vec<usize>],
        bytes_max: usize,
        bytes_of: impl Fn(&Organisation) -> usize,
    ) -> Self {
        let mut blocks = Self { starts: vec![0], of_organisation: vec![0; organisations.len()], ..Blocks::default() };
        let mut bytes = 0;
        for component in components(suppliers) {
            let more: usize = component.iter().map(|&at| bytes_of(&organisations[at])).sum();
            if 0 < bytes && bytes_max < bytes + more {
                blocks.starts.push(blocks.order.len() as u32);
                bytes = 0;
            }
            bytes += more;
            for at in component {
                blocks.of_organisation[at] = blocks.starts.len() as u32 - 1;
                blocks.order.push(at as u32);
            }
        }
        blocks.starts.push(blocks.order.len() as u32);
        blocks
    }

    /// How many there are, at least one.
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Organisations of a block.
    pub fn organisations(&self, block: u32) -> &[u32] {
        let at = block as usize;
        &self.order[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// The organisations that each one needs services of, itself left out.
fn suppliers(organisations: &[Organisation], services: &[Service], needs: &[Need]) -> Vec<Vec<usize>> {
    let of = |(at, organisation): (usize, &Organisation)| -> Vec<usize> {
        let needs_of = |service: &Service| &needs[range(&service.needs)];
        let needs = services[range(&organisation.services)].iter().flat_map(needs_of);
        let others = needs.filter_map(|need| need.of.service()).map(|of| services[of as usize].organisation as usize);
        others.filter(|&other| other != at).collect::<BTreeSet<_>>().into_iter().collect()
    };
    organisations.iter().enumerate().map(of).collect()
}

fn range(of: &std::ops::Range<u32>) -> std::ops::Range<usize> {
    of.start as usize..of.end as usize
}
