//! Who looks at whom, and where a host is: indexes over a compiled scenario, made once.
//!
//! Holds nothing that a run could change.

use super::{Fleet, Keys, Need, NeedIndex, Organisation, Service};

/// Hosts a block of the fleet index.
const BLOCK: u32 = 64;

/// Lists of indices by index, one after another.
#[derive(Debug, Default)]
pub struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// From (list, item) pairs; items keep the order given.
    fn new(lists: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0_u32; lists + 1];
        pairs.iter().for_each(|&(list, _)| starts[list as usize + 1] += 1);
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut items = vec![0; pairs.len()];
        for &(list, item) in pairs {
            items[next[list as usize] as usize] = item;
            next[list as usize] += 1;
        }
        Self { starts, items }
    }

    /// The items of a list.
    pub fn of(&self, list: u32) -> &[u32] {
        let from = self.starts[list as usize] as usize;
        &self.items[from..self.starts[list as usize + 1] as usize]
    }
}

/// The indexes of a scenario.
#[derive(Debug, Default)]
pub struct Wiring {
    /// First host of each fleet, then the number of hosts.
    first_hosts: Vec<u32>,
    /// Fleet of the first host of each block.
    blocks: Vec<u32>,
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
        let by_service = pairs(|of| if let NeedIndex::Service(service) = of { Some(service) } else { None });
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
        let blocks = (0..hosts.div_ceil(BLOCK)).map(block_fleet).collect();
        first_hosts.push(hosts);
        Self {
            first_hosts,
            blocks,
            fleet_needs: Lists::new(fleets.len(), &by_fleet),
            service_needs: Lists::new(services.len(), &by_service),
            need_service,
            repair_order: Lists::new(organisations.len(), &repair_order),
            is_key_server,
            is_network,
            hour_begins,
        }
    }

    /// The fleet a host belongs to.
    #[inline]
    pub fn fleet_of(&self, host: u32) -> u32 {
        let mut fleet = self.blocks[(host / BLOCK) as usize];
        while self.first_hosts[fleet as usize + 1] <= host {
            fleet += 1;
        }
        fleet
    }
}
