//! The calendar of one partition of organisations: which entities are due at which tick, for all purposes in one
//! allocation. The cost follows the number of entries, not ticks times entities, and a bit for each minute makes the
//! next minute with entries quick to find.
//!
//! Must not know what happens to an entity that is due. Invariant: a minute returns its entries of each purpose in the
//! order of insertion, those of a batch before those inserted one by one.

use crate::base::Tick;

/// The reason for which an entity is on a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Purpose {
    /// A host receives the release.
    Receipt,
    /// The reboot race of a host ends. The entity is twice the host, plus one if the host wins.
    Race,
    /// A host that lost the race recovers by itself.
    LateWin,
    /// A repair succeeds.
    Repair,
    /// A repair fails.
    FailingRepair,
    /// A settled service changes by itself; entries may be stale.
    Wake,
    /// A regulatory clock expires. The entity is the organisation times the number of clocks, plus the clock.
    Clock,
    /// A host that went down out of reach is in reach. The last of the digested purposes (`digests`).
    InReach,
    /// The supply of a need by a service of another partition changes. No such entry remains at the end of a time slice.
    Import,
}

/// The number of purposes.
pub(super) const PURPOSES: usize = 9;

impl Purpose {
    /// All purposes in the order of their numbers.
    pub const ALL: [Purpose; PURPOSES] = [
        Purpose::Receipt,
        Purpose::Race,
        Purpose::LateWin,
        Purpose::Repair,
        Purpose::FailingRepair,
        Purpose::Wake,
        Purpose::Clock,
        Purpose::InReach,
        Purpose::Import,
    ];
}

/// The entities due in a minute, by purpose.
pub(super) type Due = [Vec<u32>; PURPOSES];

/// The low bits of a node's link are the number of the next node, the others the purpose.
const NEXT_BITS: u32 = 28;
const NEXT: u32 = (1 << NEXT_BITS) - 1;
const _: () = assert!(PURPOSES <= 1 << (32 - NEXT_BITS));

/// An entry and a link to the next entry of the same minute; the last entry links to the first.
#[derive(Clone, Copy, Debug)]
struct Node {
    entity: u32,
    link: u32,
}

/// Entries of one purpose that were inserted together.
#[derive(Clone, Debug)]
struct Batch {
    purpose: Purpose,
    from: u32,
    /// The first minute that was not taken yet, at least `from`.
    next: u32,
    /// The end of each minute's entities, for the minutes from `from` on.
    ends: Vec<u32>,
    /// The entities of all minutes in order.
    entities: Vec<u32>,
}

impl Batch {
    fn until(&self) -> u32 {
        self.from + self.ends.len() as u32
    }

    fn entries(&self) -> impl Iterator<Item = (Tick, Purpose, u32)> + '_ {
        let in_minute =
            move |minute: u32| self.due(minute).iter().map(move |&entity| (Tick(minute), self.purpose, entity));
        (self.next..self.until()).flat_map(in_minute)
    }

    /// The entities of a minute; none of a minute that was taken.
    #[inline]
    fn due(&self, minute: u32) -> &[u32] {
        if minute < self.next || self.until() <= minute {
            return &[];
        }
        let index = (minute - self.from) as usize;
        let begin = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.entities[begin as usize..self.ends[index] as usize]
    }
}

/// The calendar of one partition.
#[derive(Clone, Debug)]
pub(super) struct Wheel {
    /// The number of minutes up to the horizon.
    minutes: u32,
    /// The last node of each minute, 0 for none; empty before the first insertion.
    tails: Vec<u32>,
    /// A bit for each minute that has entries.
    taken: Vec<u64>,
    /// Node 0 is never used, so that it can stand for no node.
    nodes: Vec<Node>,
    free: u32,
    /// The number of nodes on the lists of minutes.
    used: usize,
    batches: Vec<Batch>,
}

impl Wheel {
    /// An empty calendar up to the horizon. It allocates at the first insertion.
    pub fn new(horizon: Tick) -> Self {
        let (tails, taken, nodes, batches) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { minutes: horizon.0 + 1, tails, taken, nodes, free: 0, used: 0, batches }
    }

    /// True before the first insertion.
    pub fn is_unused(&self) -> bool {
        self.tails.is_empty()
    }

    /// Prepares an empty calendar for reuse by another partition: it keeps its memory, and new nodes lie in the order of
    /// insertion. Returns whether the calendar was empty.
    pub fn reset_if_empty(&mut self) -> bool {
        let is_empty = self.taken.iter().all(|&minutes| minutes == 0);
        if is_empty {
            self.nodes.truncate(1);
            self.free = 0;
            self.used = 0;
            // A batch remains until its last minute is taken, even if no entries are left.
            self.batches.clear();
        }
        is_empty
    }

    /// Stores the nodes in the order of time if most of them are free: the remaining entries of a partition with many
    /// past ones share cache lines again.
    pub fn pack(&mut self) {
        if self.nodes.len() <= self.used * 2 {
            return;
        }
        let mut packed = Vec::with_capacity(self.used + 1);
        packed.push(Node { entity: 0, link: 0 });
        let mut from = Tick::ZERO;
        while let Some(minute) = self.next(from) {
            from = minute.plus(1);
            let tail = self.tails[minute.0 as usize];
            // A minute of a batch may have no nodes.
            if tail == 0 {
                continue;
            }
            let first = packed.len() as u32;
            let mut node = self.nodes[tail as usize].link & NEXT;
            loop {
                let Node { entity, link } = self.nodes[node as usize];
                let next = if node == tail { first } else { packed.len() as u32 + 1 };
                packed.push(Node { entity, link: link & !NEXT | next });
                if node == tail {
                    break;
                }
                node = link & NEXT;
            }
            self.tails[minute.0 as usize] = packed.len() as u32 - 1;
        }
        (self.nodes, self.free) = (packed, 0);
    }

    #[cold]
    fn prepare(&mut self) {
        self.tails.resize(self.minutes as usize, 0);
        self.taken.resize(self.tails.len().div_ceil(64), 0);
        self.nodes.push(Node { entity: 0, link: 0 });
    }

    /// Whether a minute lies within the horizon. Allocates before the first insertion.
    #[cold]
    fn is_within(&mut self, minute: usize) -> bool {
        if self.is_unused() {
            self.prepare();
        }
        minute < self.tails.len()
    }

    /// Inserts an entry. Returns false, without insertion, if the tick lies beyond the horizon.
    #[inline]
    pub fn put(&mut self, at: Tick, purpose: Purpose, entity: u32) -> bool {
        let minute = at.0 as usize;
        if self.tails.len() <= minute && !self.is_within(minute) {
            return false;
        }
        let node = if self.free == 0 { self.nodes.len() as u32 } else { self.free };
        let tail = std::mem::replace(&mut self.tails[minute], node);
        let first = if tail == 0 {
            self.taken[minute / 64] |= 1 << (minute % 64);
            node
        } else {
            let link = &mut self.nodes[tail as usize].link;
            let first = *link & NEXT;
            *link = *link & !NEXT | node;
            first
        };
        let entry = Node { entity, link: (purpose as u32) << NEXT_BITS | first };
        self.used += 1;
        if self.free == 0 {
            assert!(node <= NEXT, "{node} entries on a calendar");
            self.nodes.push(entry);
        } else {
            let reused = &mut self.nodes[node as usize];
            self.free = reused.link & NEXT;
            *reused = entry;
        }
        true
    }

    /// Inserts a batch of one purpose: each entry is (minutes after `from`, entity), all within `minutes`. Entries beyond
    /// the horizon are dropped.
    pub fn put_all(&mut self, purpose: Purpose, from: Tick, minutes: u32, entries: &[(u32, u32)]) {
        let minutes = minutes.min(self.minutes.saturating_sub(from.0));
        if self.is_unused() {
            self.prepare();
        }
        let is_within = |&&(after, _): &&(u32, u32)| after < minutes;
        let mut ends = vec![0_u32; minutes as usize];
        entries.iter().filter(is_within).for_each(|&(after, _)| ends[after as usize] += 1);
        let mut begin = 0;
        for (after, end) in (0..).zip(&mut ends) {
            let entries = std::mem::replace(end, begin);
            begin += entries;
            let minute = from.0 + after;
            self.taken[minute as usize / 64] |= u64::from(0 < entries) << (minute % 64);
        }
        let mut entities = vec![0; begin as usize];
        for &(after, entity) in entries.iter().filter(is_within) {
            let end = &mut ends[after as usize];
            entities[*end as usize] = entity;
            *end += 1;
        }
        if 0 < begin {
            self.batches.push(Batch { purpose, from: from.0, next: from.0, ends, entities });
        }
    }

    /// Moves the entries of a minute into the lists of their purposes.
    #[inline]
    pub fn take(&mut self, at: Tick, due: &mut Due) {
        if self.is_unused() {
            return;
        }
        let minute = at.0 as usize;
        for batch in &mut self.batches {
            due[batch.purpose as usize].extend_from_slice(batch.due(at.0));
            batch.next = batch.next.max(at.0 + 1);
        }
        self.batches.retain(|batch| at.0 + 1 < batch.until());
        self.taken[minute / 64] &= !(1 << (minute % 64));
        let tail = std::mem::replace(&mut self.tails[minute], 0);
        if tail == 0 {
            return;
        }
        let first = self.nodes[tail as usize].link & NEXT;
        let mut node = first;
        loop {
            let taken = &mut self.nodes[node as usize];
            due[(taken.link >> NEXT_BITS) as usize].push(taken.entity);
            self.used -= 1;
            if node == tail {
                taken.link = self.free;
                break;
            }
            node = taken.link & NEXT;
        }
        self.free = first;
    }

    /// The first minute with entries, from a given minute on.
    #[inline]
    pub fn next(&self, from: Tick) -> Option<Tick> {
        let minute = from.0 as usize;
        let mut word = minute / 64;
        let mut bits = self.taken.get(word)? & u64::MAX << (minute % 64);
        while bits == 0 {
            word += 1;
            bits = *self.taken.get(word)?;
        }
        Some(Tick(word as u32 * 64 + bits.trailing_zeros()))
    }

    /// All entries: those of batches, then the others, each by minute in the order of insertion.
    pub fn entries(&self) -> impl Iterator<Item = (Tick, Purpose, u32)> + '_ {
        let batches = self.batches.iter().flat_map(Batch::entries);
        let minutes = (0..self.tails.len() as u32).filter(|&minute| self.tails[minute as usize] != 0);
        let nodes = minutes.flat_map(move |minute| {
            let tail = self.tails[minute as usize];
            let mut next = Some(self.nodes[tail as usize].link & NEXT);
            std::iter::from_fn(move || {
                let node = next?;
                let Node { entity, link } = self.nodes[node as usize];
                next = (node != tail).then_some(link & NEXT);
                Some((Tick(minute), Purpose::ALL[(link >> NEXT_BITS) as usize], entity))
            })
        });
        batches.chain(nodes)
    }

    /// Keeps the entries for which `keep` is true.
    pub fn retain(&mut self, keep: impl Fn(Purpose, u32) -> bool) {
        let mut kept = Wheel::new(Tick(self.minutes - 1));
        for (at, purpose, entity) in self.entries().filter(|&(_, purpose, entity)| keep(purpose, entity)) {
            kept.put(at, purpose, entity);
        }
        *self = kept;
    }

    /// Size of a copy in bytes.
    pub fn bytes(&self) -> usize {
        let bytes = |batch: &Batch| size_of_val(&batch.ends[..]) + size_of_val(&batch.entities[..]);
        size_of_val(&self.tails[..])
            + size_of_val(&self.taken[..])
            + size_of_val(&self.nodes[..])
            + self.batches.iter().map(bytes).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::draw::mix;
    use std::collections::BTreeMap;

    /// Goal: a minute returns its entries in the order of insertion. Method: random insertions and takes, beside lists by
    /// minute and purpose.
    #[test]
    fn minutes_return_entries_in_the_order_of_insertion() {
        let horizon = Tick(777);
        let mut wheel = Wheel::new(horizon);
        let mut lists: BTreeMap<Tick, Due> = BTreeMap::new();
        let (mut now, mut puts, mut batches) = (Tick::ZERO, 0_u32, 0);
        loop {
            for _ in 0..3 {
                puts += 1;
                let dice = mix(u64::from(puts));
                if dice >> 59 == 0 {
                    batches += 1;
                    // A batch over an hour: its entries come before those inserted one by one earlier.
                    let entries: Vec<(u32, u32)> = (0..40).map(|entry| (mix(dice ^ entry) as u32 % 60, puts)).collect();
                    let from = now.plus(1);
                    wheel.put_all(Purpose::Clock, from, 60, &entries);
                    for &(after, entity) in entries.iter().filter(|&&(after, _)| from.plus(after) <= horizon) {
                        lists.entry(from.plus(after)).or_default()[Purpose::Clock as usize].push(entity);
                    }
                    continue;
                }
                let at = now.plus(1 + (dice % 60) as u32);
                if dice >> 40 & 3 != 0 {
                    // Clocks come in batches, the other purposes one by one.
                    let purpose = Purpose::ALL[(dice >> 20) as usize % (Purpose::Clock as usize)];
                    assert_eq!(wheel.put(at, purpose, puts), at <= horizon);
                    if at <= horizon {
                        lists.entry(at).or_default()[purpose as usize].push(puts);
                    }
                }
            }
            let listed = |(&at, due): (&Tick, &Due)| {
                let entries = |purpose: Purpose| due[purpose as usize].iter().map(move |&entity| (at, purpose, entity));
                Purpose::ALL.into_iter().flat_map(entries).collect::<Vec<_>>()
            };
            let mut entries: Vec<_> = wheel.entries().collect();
            entries.sort_by_key(|&(at, purpose, _)| (at, purpose as u8));
            assert_eq!(entries, lists.iter().flat_map(listed).collect::<Vec<_>>());
            assert_eq!(wheel.next(now.plus(1)).as_ref(), lists.keys().next(), "the next minute");
            let Some(next) = wheel.next(now.plus(1)) else { break };
            let mut due = Due::default();
            wheel.take(next, &mut due);
            assert_eq!(Some(due), lists.remove(&next), "in {next}");
            now = next;
            if now.0.is_multiple_of(7) {
                wheel.pack();
            }
        }
        assert!(1_000 < puts && 20 < batches, "{puts} puts, {batches} of them batches");
        assert!(wheel.nodes.len() < 200, "nodes are not reused: {}", wheel.nodes.len());
        let mut kept = Wheel::new(horizon);
        (0..90).for_each(|at| assert!(kept.put(Tick(at / 3), Purpose::Repair, at)));
        kept.retain(|_, entity| entity % 2 == 0);
        assert!(kept.entries().map(|(.., entity)| entity).eq((0..90).step_by(2)));
    }

    /// A calendar that was reset serves a partition that begins at an earlier minute.
    #[test]
    fn a_reset_calendar_has_no_entries() {
        let mut wheel = Wheel::new(Tick(500));
        let mut due = Due::default();
        wheel.put_all(Purpose::Receipt, Tick(100), 120, &[(95, 7)]);
        assert!(wheel.put(Tick(30), Purpose::Race, 8));
        assert!(!wheel.reset_if_empty(), "two entries are on it");
        wheel.take(Tick(30), &mut due);
        wheel.take(Tick(195), &mut due);
        assert!(wheel.reset_if_empty());
        due.iter_mut().for_each(Vec::clear);
        for minute in [0, 50, 100, 178] {
            assert!(wheel.put(Tick(minute), Purpose::Wake, minute));
            wheel.take(Tick(minute), &mut due);
        }
        assert_eq!(due[Purpose::Wake as usize], [0, 50, 100, 178]);
        assert!(due[Purpose::Receipt as usize].is_empty() && wheel.entries().next().is_none());
    }

    /// Minutes before a batch can be taken; each entry of the batch comes in its own minute.
    #[test]
    fn a_batch_of_later_minutes_waits() {
        let mut wheel = Wheel::new(Tick(500));
        let mut due = Due::default();
        wheel.put_all(Purpose::Receipt, Tick(100), 120, &[(0, 7), (400, 8), (119, 9)]);
        (0..100).for_each(|minute| wheel.take(Tick(minute), &mut due));
        assert!(due.iter().all(Vec::is_empty));
        assert!(wheel.entries().eq([(Tick(100), Purpose::Receipt, 7), (Tick(219), Purpose::Receipt, 9)]));
        wheel.take(Tick(100), &mut due);
        assert_eq!(due[Purpose::Receipt as usize], [7]);
        assert_eq!(wheel.next(Tick(101)), Some(Tick(219)));
    }
}
