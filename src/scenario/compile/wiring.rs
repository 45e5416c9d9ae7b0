//! Who looks at whom, and where a host is: indexes over a compiled scenario, made once.
//!
//! Holds nothing that a run could change.

use std::ops::Range;

use super::blocks::{BLOCK_BYTES, Blocks};
use super::{Fleet, Keys, Need, NeedIndex, Organisation, Service};

/// Hosts a block of the fleet index.
const BLOCK: u32 = 64;

/// Lists of indices by index. Most have one item or none: these need one look into memory, longer ones two.
#[derive(Debug, Default)]
pub struct Lists {
    /// The only item of a list; `NONE`; or `LONG` and where its length stands in `longer`, before its items.
    heads: Vec<u32>,
    longer: Vec<u32>,
}

const LONG: u32 = 1 << 31;
const NONE: u32 = u32::MAX;

impl Lists {
    /// From (list, item) pairs; items keep the order given.
    ///
    /// # Panics
    /// If an item is not below 2³¹.
    pub(super) fn new(lists: usize, pairs: &[(u32, u32)]) -> Self {
        let mut sorted = pairs.to_vec();
        sorted.sort_by_key(|&(list, _)| list);
        let mut made = Self { heads: vec![NONE; lists], longer: Vec::new() };
        for of_list in sorted.chunk_by(|a, b| a.0 == b.0) {
            let head = &mut made.heads[of_list[0].0 as usize];
            if let [(_, item)] = of_list {
                assert!(*item < LONG, "item {item} of a list");
                *head = *item;
                continue;
            }
            *head = LONG | made.longer.len() as u32;
            made.longer.push(of_list.len() as u32);
            made.longer.extend(of_list.iter().map(|(_, item)| item));
        }
        made
    }

    /// The items of a list.
    #[inline]
    pub fn of(&self, list: u32) -> &[u32] {
        let head = &self.heads[list as usize];
        match *head {
            NONE => &[],
            long if LONG <= long => {
                let at = (long - LONG) as usize;
                &self.longer[at + 1..][..self.longer[at] as usize]
            }
            _ => std::slice::from_ref(head),
        }
    }
}

/// The indexes of a scenario.
#[derive(Debug, Default)]
pub struct Wiring {
    /// First host of each fleet, then the number of hosts.
    first_hosts: Vec<u32>,
    /// Fleet of the first host of each block of hosts.
    host_blocks: Vec<u32>,
    /// Needs that look at a fleet.
    pub fleet_needs: Lists,
    /// Needs that look at a service.
    pub service_needs: Lists,
    /// The service that has a need.
    pub need_service: Vec<u32>,
    /// Fleets of an organisation in the order crews take them: by priority, then as written.
    pub repair_order: Lists,
    /// Is the fleet its organisation's key server?
    pub is_key_server: Vec<bool>,
    /// Is the service its organisation's network?
    pub is_network: Vec<bool>,
    /// Minutes of the UTC hour at which somebody's local hour begins.
    pub hour_begins: Vec<u32>,
    /// Who can be simulated apart from whom.
    pub blocks: Blocks,
}

impl Wiring {
    pub(super) fn new(
        organisations: &[Organisation],
        fleets: &[Fleet],
        services: &[Service],
        needs: &[Need],
        hosts: u32,
    ) -> Self {
        let mut need_service = vec![0; needs.len()];
        for (at, service) in services.iter().enumerate() {
            need_service[service.needs.start as usize..service.needs.end as usize].fill(at as u32);
        }
        let pairs = |of: fn(NeedIndex) -> Option<u32>| -> Vec<(u32, u32)> {
            let pair = |(at, need): (usize, &Need)| of(need.of).map(|list| (list, at as u32));
            needs.iter().enumerate().filter_map(pair).collect()
        };
        let by_fleet = pairs(|of| if let NeedIndex::Fleet(fleet) = of { Some(fleet) } else { None });
        let by_service = pairs(NeedIndex::service);
        let (mut is_key_server, mut is_network) = (vec![false; fleets.len()], vec![false; services.len()]);
        for organisation in organisations {
            if let Keys::Server(fleet) = organisation.keys {
                is_key_server[fleet as usize] = true;
            }
            if let Some(service) = organisation.network {
                is_network[service as usize] = true;
            }
        }
        let order = |(at, of): (usize, &Organisation)| {
            let mut order: Vec<(u32, u32)> = of.fleets.clone().map(|fleet| (at as u32, fleet)).collect();
            order.sort_by_key(|&(_, fleet)| (std::cmp::Reverse(fleets[fleet as usize].priority), fleet));
            order
        };
        let repair_order: Vec<(u32, u32)> = organisations.iter().enumerate().flat_map(order).collect();
        let mut hour_begins: Vec<u32> = organisations.iter().map(|of| (60 - of.week_phase_min % 60) % 60).collect();
        hour_begins.sort_unstable();
        hour_begins.dedup();
        let mut first_hosts: Vec<u32> = fleets.iter().map(|fleet| fleet.first_host).collect();
        let block_fleet = |block: u32| (first_hosts.partition_point(|&first| first <= block * BLOCK) - 1) as u32;
        let host_blocks = (0..hosts.div_ceil(BLOCK)).map(block_fleet).collect();
        first_hosts.push(hosts);
        Self {
            blocks: Blocks::new(organisations, fleets, services, needs, &need_service, BLOCK_BYTES),
            first_hosts,
            host_blocks,
            fleet_needs: Lists::new(fleets.len(), &by_fleet),
            service_needs: Lists::new(services.len(), &by_service),
            need_service,
            repair_order: Lists::new(organisations.len(), &repair_order),
            is_key_server,
            is_network,
            hour_begins,
        }
    }

    /// Hosts of a fleet.
    #[inline]
    pub fn hosts_of(&self, fleet: u32) -> Range<u32> {
        self.first_hosts[fleet as usize]..self.first_hosts[fleet as usize + 1]
    }

    /// The fleet a host belongs to.
    #[inline]
    pub fn fleet_of(&self, host: u32) -> u32 {
        let mut fleet = self.host_blocks[(host / BLOCK) as usize];
        while self.first_hosts[fleet as usize + 1] <= host {
            fleet += 1;
        }
        fleet
    }
}
