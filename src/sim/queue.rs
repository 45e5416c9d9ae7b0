//! Hosts of a fleet that wait for hands, by site and then in the order they came.
//!
//! Entries of hosts that came back by themselves stay behind; whoever takes from a queue skips them.

use std::collections::VecDeque;

/// Waiting hosts of one class of a fleet.
#[derive(Clone, Debug, Default)]
pub(super) enum Queue {
    /// Nobody has waited yet.
    #[default]
    Unused,
    /// All on one site.
    One(VecDeque<u32>),
    /// A queue a site.
    Sites(Box<[VecDeque<u32>]>),
}

impl Queue {
    /// Adds a host at its site.
    pub fn push(&mut self, host: u32, site: u32, sites: u32) {
        match self {
            Queue::One(queue) => queue.push_back(host),
            Queue::Sites(queues) => queues[site as usize].push_back(host),
            Queue::Unused => {
                *self = match sites {
                    1 => Queue::One(VecDeque::new()),
                    _ => Queue::Sites((0..sites).map(|_| VecDeque::new()).collect()),
                };
                self.push(host, site, sites);
            }
        }
    }

    /// Takes the host that has waited longest at a site, or else at the next site around where one
    /// waits; gives its site too.
    pub fn pop(&mut self, from_site: u32) -> Option<(u32, u32)> {
        match self {
            Queue::Unused => None,
            Queue::One(queue) => queue.pop_front().map(|host| (host, 0)),
            Queue::Sites(queues) => {
                let count = queues.len();
                let around = (0..count).map(|ahead| (from_site as usize + ahead) % count);
                around.into_iter().find_map(|site| queues[site].pop_front().map(|host| (host, site as u32)))
            }
        }
    }

    /// The first entry, for digests.
    pub fn first(&self) -> Option<u32> {
        match self {
            Queue::Unused => None,
            Queue::One(queue) => queue.front().copied(),
            Queue::Sites(queues) => queues.iter().find_map(|queue| queue.front().copied()),
        }
    }
}
