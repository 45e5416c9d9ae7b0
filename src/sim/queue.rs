//! The hosts of a fleet that wait for repair, by class, by site and then in the order of their arrival.
//!
//! Must not know the states of hosts: the entry of a host that recovered by itself stays in its queue, and
//! `phases::hands` skips it.

use super::queue_arena::{Queue, QueueArena};
use crate::base::Ix;
use crate::scenario::compile::Host;

/// Classes of waiting hosts: plain, encrypted, to be rebuilt.
pub(super) const CLASSES: usize = 3;
/// The number that stands for no usable method.
pub(super) const NO_METHOD: u16 = u16::MAX;

/// The queues of a fleet and the site of its crew, in one cache line.
#[derive(Clone, Debug, Default)]
#[repr(C)]
pub(super) struct Waiting {
    /// Number of entries by class.
    pub lens: [u32; CLASSES],
    pub crew_site: u32,
    /// The queues of a fleet on one site.
    queues: [Queue; CLASSES],
    /// The queues of a fleet on several sites, class by class; none before the first host waits.
    #[expect(clippy::box_collection, reason = "eight bytes in place of twenty-four")]
    sites: Option<Box<Vec<Queue>>>,
    /// The usable method of each class, valid while `methods_version` equals that of the world.
    pub methods: [u16; CLASSES],
    /// The fleet is its organisation's key server; a copy from the scenario.
    pub is_key_server: bool,
    /// The fleet stands on several sites; a copy from the scenario.
    pub is_spread: bool,
    pub methods_version: u32,
}

impl Waiting {
    /// Empty queues.
    pub fn new(is_key_server: bool, is_spread: bool) -> Self {
        Self { is_key_server, is_spread, ..Self::default() }
    }

    /// Appends a host of a fleet on one site.
    #[inline]
    pub fn push(&mut self, arena: &mut QueueArena, class: usize, host: Ix<Host>) {
        self.lens[class] += 1;
        arena.push(&mut self.queues[class], host.number());
    }

    /// Appends a host of a fleet on several sites.
    pub fn push_at(&mut self, arena: &mut QueueArena, class: usize, host: Ix<Host>, site: u32, sites: u32) {
        self.lens[class] += 1;
        let queues = self.sites.get_or_insert_with(|| vec![Queue::default(); CLASSES * sites as usize].into());
        arena.push(&mut queues[class * sites as usize + site as usize], host.number());
    }

    /// Removes the host of a class that has waited longest at the crew's site, or else at the next site, in cyclic order,
    /// with a queue. Returns the host and its site.
    #[inline]
    pub fn pop(&mut self, arena: &mut QueueArena, class: usize) -> Option<(Ix<Host>, u32)> {
        if self.lens[class] == 0 {
            return None;
        }
        self.lens[class] -= 1;
        let Some(queues) = &mut self.sites else {
            return arena.pop(&mut self.queues[class]).map(|host| (Ix::new(host), 0));
        };
        let count = queues.len() / CLASSES;
        let queues = &mut queues[class * count..(class + 1) * count];
        let site = next_site(queues, self.crew_site)?;
        arena.pop(&mut queues[site]).map(|host| (Ix::new(host), site as u32))
    }

    /// The first entry of a class.
    pub fn first(&self, arena: &QueueArena, class: usize) -> Option<Ix<Host>> {
        let queue = self.queues_of(class).iter().find(|queue| !queue.is_empty())?;
        arena.first(*queue).map(Ix::new)
    }

    fn queues_of(&self, class: usize) -> &[Queue] {
        match &self.sites {
            None => &self.queues[class..=class],
            Some(queues) => {
                let count = queues.len() / CLASSES;
                &queues[class * count..(class + 1) * count]
            }
        }
    }

    /// A copy whose entries lie in another arena.
    pub fn copied(&self, from: &QueueArena, to: &mut QueueArena) -> Self {
        let mut copy = self.clone();
        let queues = copy.queues.iter_mut().chain(copy.sites.iter_mut().flat_map(|queues| queues.iter_mut()));
        for queue in queues {
            let entries = from.slices(std::mem::take(queue)).flatten();
            entries.for_each(|&host| to.push(queue, host));
        }
        copy
    }

    /// Removes all entries.
    pub fn clear(&mut self, arena: &mut QueueArena) {
        let queues = self.queues.iter_mut().chain(self.sites.iter_mut().flat_map(|queues| queues.iter_mut()));
        queues.for_each(|queue| arena.drain(queue, &mut Vec::new()));
        self.lens = [0; CLASSES];
    }
}

/// The first site with a queue, in cyclic order from one site on.
fn next_site(queues: &[Queue], from: u32) -> Option<usize> {
    let (before, behind) = queues.split_at(from as usize);
    let is_taken = |queue: &Queue| !queue.is_empty();
    let ahead = behind.iter().position(is_taken).map(|at| from as usize + at);
    ahead.or_else(|| before.iter().position(is_taken))
}
