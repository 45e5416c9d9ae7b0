//! The entities that are due at each tick: hosts, services and clocks by purpose, and orders.
//!
//! A world that is stepped minute by minute takes one bucket for all organisations; a world that is simulated partition
//! by partition takes the entries from the wheel of each partition. A world stores one of the two forms and converts it
//! to the other on demand.
//!
//! Keeps the digest of its entries up to date once it was asked for. Invariant: entries of one minute and purpose are
//! returned in the order of insertion, as far as they concern the same fleet or service.

use std::collections::BTreeMap;

use super::state::Order;
use super::wheel::{Due, Purpose, Wheel};
use crate::base::draw::mix;
use crate::base::{Column, Ix, Tick};
use crate::scenario::compile::{Partition, Partitions};

/// The number of purposes whose entries remain at boundaries and are digested: all but the last.
pub(super) const DIGESTED: usize = super::wheel::PURPOSES - 1;

/// The calendars of a world.
#[derive(Clone, Debug)]
pub(super) struct Calendars {
    horizon: Tick,
    entries: Entries,
    /// A partition of the current time slice whose wheel was used and is empty: the next partition reuses its memory.
    empty_partition: Option<Ix<Partition>>,
    /// The entities due in the open minute, by purpose.
    due: Due,
    /// Sums of the mixed words of all (tick, entity), by purpose; none before the digest is kept.
    digests: Option<[u64; DIGESTED]>,
    /// Receipts of some hosts were charted twice: entries may be stale and out of order.
    pub is_recharted: bool,
    /// Orders that begin and orders that end; entries may be stale.
    pub begins: Dates,
    pub ends: Dates,
    /// Orders whose technicians leave repair or return to it, and orders of longer work whose time off ends; entries may be
    /// stale.
    pub away: Dates,
}

#[derive(Debug)]
enum Entries {
    /// By purpose, then by tick.
    ByTick([Vec<Vec<u32>>; DIGESTED]),
    /// By partition.
    ByPartition(Column<Partition, Wheel>),
    /// Like `ByTick`, with one allocation for each purpose: a new world, or a copy of a world.
    Packed([Packed; DIGESTED]),
}

impl Clone for Entries {
    /// Packs the copy of buckets: a timeline stores many copies and continues few of them.
    fn clone(&self) -> Self {
        match self {
            Entries::ByTick(buckets) => Entries::Packed(buckets.each_ref().map(|buckets| Packed::new(buckets))),
            Entries::ByPartition(wheels) => Entries::ByPartition(wheels.clone()),
            Entries::Packed(packed) => Entries::Packed(packed.clone()),
        }
    }
}

/// The entries of one purpose, bucket after bucket.
#[derive(Clone, Debug)]
struct Packed {
    /// The end of the bucket of each tick.
    ends: Vec<u32>,
    entities: Vec<u32>,
}

impl Packed {
    fn empty(horizon: Tick) -> Self {
        Self { ends: vec![0; horizon.0 as usize + 1], entities: Vec::new() }
    }

    fn new(buckets: &[Vec<u32>]) -> Self {
        let entities = buckets.concat();
        let mut end = 0;
        let ends = buckets.iter().map(|bucket| {
            end += bucket.len() as u32;
            end
        });
        Self { ends: ends.collect(), entities }
    }

    fn buckets(&self) -> impl Iterator<Item = &[u32]> {
        let mut from = 0;
        self.ends.iter().map(move |&end| &self.entities[std::mem::replace(&mut from, end as usize)..end as usize])
    }
}

impl Entries {
    fn by_tick(horizon: Tick) -> Self {
        Entries::ByTick(std::array::from_fn(|_| vec![Vec::new(); horizon.0 as usize + 1]))
    }

    /// Inserts an entry. Returns false, without insertion, if the tick lies beyond the horizon.
    #[inline]
    fn put(&mut self, partition: Ix<Partition>, purpose: Purpose, at: Tick, entity: u32) -> bool {
        match self {
            Entries::ByPartition(wheels) => wheels[partition].put(at, purpose, entity),
            Entries::ByTick(buckets) => {
                let bucket = buckets[purpose as usize].get_mut(at.0 as usize);
                bucket.map(|bucket| bucket.push(entity)).is_some()
            }
            Entries::Packed(_) => {
                self.unpack();
                self.put(partition, purpose, at, entity)
            }
        }
    }

    #[cold]
    fn unpack(&mut self) {
        if let Entries::Packed(packed) = self {
            let unpacked = |packed: &Packed| packed.buckets().map(<[u32]>::to_vec).collect();
            *self = Entries::ByTick(packed.each_ref().map(unpacked));
        }
    }

    fn for_each(&self, mut visit: impl FnMut(Purpose, Tick, u32)) {
        match self {
            Entries::ByPartition(wheels) => {
                wheels.iter().flat_map(Wheel::entries).for_each(|(at, purpose, entity)| visit(purpose, at, entity));
            }
            Entries::ByTick(buckets) => {
                for (purpose, buckets) in Purpose::ALL.into_iter().zip(buckets) {
                    for (at, bucket) in (0..).map(Tick).zip(buckets) {
                        bucket.iter().for_each(|&entity| visit(purpose, at, entity));
                    }
                }
            }
            Entries::Packed(packed) => {
                for (purpose, packed) in Purpose::ALL.into_iter().zip(packed) {
                    for (at, bucket) in (0..).map(Tick).zip(packed.buckets()) {
                        bucket.iter().for_each(|&entity| visit(purpose, at, entity));
                    }
                }
            }
        }
    }
}

impl Calendars {
    /// Empty calendars.
    pub fn new(horizon: Tick) -> Self {
        Self {
            horizon,
            entries: Entries::Packed(std::array::from_fn(|_| Packed::empty(horizon))),
            empty_partition: None,
            due: Due::default(),
            digests: None,
            is_recharted: false,
            begins: Dates::default(),
            ends: Dates::default(),
            away: Dates::default(),
        }
    }

    /// Sorts the entries by partition.
    pub fn sort_by_partition(&mut self, partitions: &Partitions, partition_of: impl Fn(Purpose, u32) -> Ix<Partition>) {
        if !self.is_by_partition() {
            let mut sorted = Entries::ByPartition(Column::filled(Wheel::new(self.horizon), partitions.len()));
            self.entries.for_each(|purpose, at, entity| {
                sorted.put(partition_of(purpose, entity), purpose, at, entity);
            });
            self.entries = sorted;
        }
        self.empty_partition = None;
    }

    fn sort_by_tick(&mut self) {
        let mut sorted = Entries::by_tick(self.horizon);
        self.entries.for_each(|purpose, at, entity| {
            sorted.put(Ix::new(0), purpose, at, entity);
        });
        self.entries = sorted;
    }

    /// Whether the entries are sorted by partition.
    #[inline]
    pub fn is_by_partition(&self) -> bool {
        matches!(self.entries, Entries::ByPartition(_))
    }

    /// Inserts an entity for a purpose. The partition is ignored while the entries are sorted by tick.
    #[inline]
    pub fn put(&mut self, partition: Ix<Partition>, purpose: Purpose, at: Tick, entity: u32) {
        if self.entries.put(partition, purpose, at, entity)
            && let Some(digests) = &mut self.digests
            && let Some(digest) = digests.get_mut(purpose as usize)
        {
            *digest = digest.wrapping_add(word(at, entity));
        }
    }

    /// Inserts a batch of entities of one partition for a purpose: (minutes after `from`, entity), all within `minutes`.
    pub fn put_all(
        &mut self,
        partition: Ix<Partition>,
        purpose: Purpose,
        from: Tick,
        minutes: u32,
        entries: &[(u32, u32)],
    ) {
        let Entries::ByPartition(wheels) = &mut self.entries else {
            return entries.iter().for_each(|&(after, entity)| self.put(partition, purpose, from.plus(after), entity));
        };
        wheels[partition].put_all(purpose, from, minutes, entries);
        if let Some(digests) = &mut self.digests
            && let Some(digest) = digests.get_mut(purpose as usize)
        {
            let is_within = |&&(after, _): &&(u32, u32)| from.plus(after) <= self.horizon;
            let words = entries.iter().filter(is_within).map(|&(after, entity)| word(from.plus(after), entity));
            *digest = words.fold(*digest, u64::wrapping_add);
        }
    }

    /// Opens a minute of all organisations.
    pub fn open_all(&mut self, at: Tick) {
        self.entries.unpack();
        if self.is_by_partition() {
            self.sort_by_tick();
        }
        if let Entries::ByTick(buckets) = &mut self.entries {
            let buckets = buckets.iter_mut().map(|buckets| &mut buckets[at.0 as usize]);
            buckets.zip(&mut self.due).for_each(|(bucket, due)| *due = std::mem::take(bucket));
        }
    }

    /// Begins the time slice of a partition: an unused wheel is swapped with an empty one of an earlier partition, whose
    /// memory is allocated and still in the cache.
    pub fn begin_partition(&mut self, partition: Ix<Partition>) {
        if let Entries::ByPartition(wheels) = &mut self.entries
            && wheels[partition].is_unused()
            && let Some(empty) = self.empty_partition.take()
        {
            wheels.swap(partition.position(), empty.position());
        }
    }

    /// Ends the time slice of a partition.
    pub fn end_partition(&mut self, partition: Ix<Partition>) {
        if let Entries::ByPartition(wheels) = &mut self.entries
            && !wheels[partition].is_unused()
        {
            match wheels[partition].reset_if_empty() {
                true => self.empty_partition = Some(partition),
                false => wheels[partition].pack(),
            }
        }
    }

    /// Opens a minute of a partition.
    #[inline]
    pub fn open(&mut self, partition: Ix<Partition>, at: Tick) {
        if let Entries::ByPartition(wheels) = &mut self.entries {
            wheels[partition].take(at, &mut self.due);
        }
    }

    /// The first minute with entries of a partition, from a given minute on.
    #[inline]
    pub fn next(&self, partition: Ix<Partition>, from: Tick) -> Option<Tick> {
        if let Entries::ByPartition(wheels) = &self.entries { wheels[partition].next(from) } else { None }
    }

    /// Takes the entities due for a purpose in the open minute.
    #[inline]
    pub fn take(&mut self, purpose: Purpose, at: Tick) -> Vec<u32> {
        let due = &mut self.due[purpose as usize];
        if due.is_empty() {
            return Vec::new();
        }
        let due = std::mem::take(due);
        if let Some(digests) = &mut self.digests
            && let Some(digest) = digests.get_mut(purpose as usize)
        {
            let sum = due.iter().map(|&entity| word(at, entity)).fold(0, u64::wrapping_add);
            *digest = digest.wrapping_sub(sum);
        }
        due
    }

    /// Takes back a list that `take` returned, so that its memory is reused.
    #[inline]
    pub fn give_back(&mut self, purpose: Purpose, mut list: Vec<u32>) {
        if !list.is_empty() {
            list.clear();
            self.due[purpose as usize] = list;
        }
    }

    /// The digests by purpose.
    pub fn digests(&self) -> [u64; DIGESTED] {
        self.digests.unwrap_or_else(|| {
            let mut digests = [0_u64; DIGESTED];
            self.entries.for_each(|purpose, at, entity| {
                let digest = &mut digests[purpose as usize];
                *digest = digest.wrapping_add(word(at, entity));
            });
            digests
        })
    }

    /// Keeps the digests up to date from now on.
    pub fn keep_digests(&mut self) {
        self.digests = Some(self.digests());
    }

    /// Keeps the entries for which `is_kept` is true, and all orders.
    pub fn retain(&mut self, is_kept: impl Fn(Purpose, u32) -> bool) {
        self.digests = None;
        match &mut self.entries {
            // A fork drops most entries of a packed copy, so only the kept ones are unpacked.
            Entries::Packed(_) => {
                let mut kept = Entries::by_tick(self.horizon);
                self.entries.for_each(|purpose, at, entity| {
                    if is_kept(purpose, entity) {
                        kept.put(Ix::new(0), purpose, at, entity);
                    }
                });
                self.entries = kept;
            }
            Entries::ByPartition(wheels) => wheels.iter_mut().for_each(|wheel| wheel.retain(&is_kept)),
            Entries::ByTick(buckets) => {
                for (purpose, buckets) in Purpose::ALL.into_iter().zip(buckets) {
                    buckets.iter_mut().for_each(|bucket| bucket.retain(|&entity| is_kept(purpose, entity)));
                }
            }
        }
    }

    /// Inserts the entries of another world, orders excepted.
    pub fn merge(&mut self, other: &Calendars, partition_of: impl Fn(Purpose, u32) -> Ix<Partition>) {
        other.entries.for_each(|purpose, at, entity| self.put(partition_of(purpose, entity), purpose, at, entity));
    }

    /// Approximate size of a copy in bytes.
    pub fn bytes(&self) -> usize {
        match &self.entries {
            Entries::ByPartition(wheels) => wheels.iter().map(Wheel::bytes).sum(),
            Entries::ByTick(buckets) => {
                buckets.iter().flatten().map(|bucket| (1 + bucket.len()) * size_of::<u32>()).sum()
            }
            Entries::Packed(packed) => {
                let bytes = |packed: &Packed| size_of_val(&packed.ends[..]) + size_of_val(&packed.entities[..]);
                packed.iter().map(bytes).sum()
            }
        }
    }
}

#[inline]
fn word(at: Tick, entity: u32) -> u64 {
    mix((u64::from(at.0) << 32) | u64::from(entity))
}

/// Orders by tick. They are few, and they can concern several partitions.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates(BTreeMap<Tick, Vec<Ix<Order>>>);

impl Dates {
    /// Inserts an order at a tick.
    pub fn put(&mut self, at: Tick, order: Ix<Order>) {
        self.0.entry(at).or_default().push(order);
    }

    /// Takes the orders of a tick in the order of insertion.
    pub fn take(&mut self, at: Tick) -> Vec<Ix<Order>> {
        self.0.remove(&at).unwrap_or_default()
    }

    /// The first tick with an order for which `is_it` is true, from a given tick on and before another.
    pub fn next_where(&self, from: Tick, until: Tick, is_it: impl Fn(Ix<Order>) -> bool) -> Option<Tick> {
        let mut dates = self.0.range(from..until);
        dates.find(|(_, orders)| orders.iter().any(|&order| is_it(order))).map(|(&at, _)| at)
    }

    /// Takes the orders of all ticks from one on, before another, with their ticks.
    pub fn take_range(&mut self, from: Tick, until: Tick) -> Vec<(Tick, Ix<Order>)> {
        let mut later = self.0.split_off(&from);
        let mut rest = later.split_off(&until);
        self.0.append(&mut rest);
        let orders = |(at, orders): (Tick, Vec<Ix<Order>>)| orders.into_iter().map(move |order| (at, order));
        later.into_iter().flat_map(orders).collect()
    }
}
