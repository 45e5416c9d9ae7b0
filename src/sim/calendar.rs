//! What is due at which tick: hosts, services and clocks by purpose, and orders.
//!
//! Who steps minute by minute takes a bucket for all organisations; who goes ahead block by block takes it from the
//! block's own wheel. A world keeps one of the two and turns it into the other when it is asked for.
//!
//! Keeps the digest of what is on it, once somebody asked. Invariant: what is due in a minute for a purpose comes in
//! the order in which it was put, as far as it is about the same fleet or service.

use std::collections::BTreeMap;

use super::wheel::{Due, Purpose, Wheel};
use crate::base::Tick;
use crate::base::draw::mix;
use crate::scenario::compile::Blocks;

/// Purposes whose entries stand at boundaries, and so in digests: all but the last.
const DIGESTED: usize = super::wheel::PURPOSES - 1;

/// Due entities by purpose.
#[derive(Clone, Debug)]
pub(super) struct Calendars {
    horizon: Tick,
    entries: Entries,
    /// A block whose wheel was used and is empty, in the window at work.
    empty_block: Option<u32>,
    /// What is due in the minute at work, by purpose.
    due: Due,
    /// Sums of a mix of every (tick, entity), by purpose, kept as they come and go.
    digests: Option<[u64; DIGESTED]>,
    /// Some hosts were charted twice: entries may be stale and out of order.
    pub is_recharted: bool,
    /// Orders that begin and end; entries may be stale.
    pub begins: Dates,
    pub ends: Dates,
}

#[derive(Debug)]
enum Entries {
    /// By purpose, then by tick.
    ByTick([Vec<Vec<u32>>; DIGESTED]),
    ByBlock(Vec<Wheel>),
    /// As by tick, in one piece a purpose: a world at its begin, or a copy.
    Packed([Packed; DIGESTED]),
}

impl Clone for Entries {
    /// A copy of many buckets is packed, since many copies are put by and few go on.
    fn clone(&self) -> Self {
        match self {
            Entries::ByTick(buckets) => Entries::Packed(buckets.each_ref().map(|buckets| Packed::new(buckets))),
            Entries::ByBlock(wheels) => Entries::ByBlock(wheels.clone()),
            Entries::Packed(packed) => Entries::Packed(packed.clone()),
        }
    }
}

/// Entries of a purpose, bucket after bucket.
#[derive(Clone, Debug)]
struct Packed {
    /// Where the bucket of each tick ends.
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

    /// Adds an entry. False if it falls behind the horizon: it never happens in this run.
    #[inline]
    fn put(&mut self, block: u32, purpose: Purpose, at: Tick, entity: u32) -> bool {
        match self {
            Entries::ByBlock(wheels) => wheels[block as usize].put(at, purpose, entity),
            Entries::ByTick(buckets) => {
                let bucket = buckets[purpose as usize].get_mut(at.0 as usize);
                bucket.map(|bucket| bucket.push(entity)).is_some()
            }
            Entries::Packed(_) => {
                self.unpack();
                self.put(block, purpose, at, entity)
            }
        }
    }

    #[cold]
    fn unpack(&mut self) {
        if let Entries::Packed(packed) = self {
            let unpacked = |of: &Packed| of.buckets().map(<[u32]>::to_vec).collect();
            *self = Entries::ByTick(packed.each_ref().map(unpacked));
        }
    }

    fn for_each(&self, mut visit: impl FnMut(Purpose, Tick, u32)) {
        match self {
            Entries::ByBlock(wheels) => {
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
    /// Nothing is due.
    pub fn new(horizon: Tick) -> Self {
        Self {
            horizon,
            entries: Entries::Packed(std::array::from_fn(|_| Packed::empty(horizon))),
            empty_block: None,
            due: Due::default(),
            digests: None,
            is_recharted: false,
            begins: Dates::default(),
            ends: Dates::default(),
        }
    }

    /// Entries stand by block from now on.
    pub fn sort_by_block(&mut self, blocks: &Blocks, block_of: impl Fn(Purpose, u32) -> u32) {
        if !self.is_by_block() {
            let mut sorted = Entries::ByBlock(vec![Wheel::new(self.horizon); blocks.len()]);
            self.entries.for_each(|purpose, at, entity| {
                sorted.put(block_of(purpose, entity), purpose, at, entity);
            });
            self.entries = sorted;
        }
        self.empty_block = None;
    }

    fn sort_by_tick(&mut self) {
        let mut sorted = Entries::by_tick(self.horizon);
        self.entries.for_each(|purpose, at, entity| {
            sorted.put(0, purpose, at, entity);
        });
        self.entries = sorted;
    }

    /// Do entries stand by block?
    #[inline]
    pub fn is_by_block(&self) -> bool {
        matches!(self.entries, Entries::ByBlock(_))
    }

    /// Puts an entity on the calendar of a purpose; its block matters where entries stand by block.
    #[inline]
    pub fn put(&mut self, block: u32, purpose: Purpose, at: Tick, entity: u32) {
        if self.entries.put(block, purpose, at, entity)
            && let Some(digests) = &mut self.digests
            && let Some(digest) = digests.get_mut(purpose as usize)
        {
            *digest = digest.wrapping_add(word(at, entity));
        }
    }

    /// Puts entities of one block on the calendar of a purpose, each so many minutes after the first, all within some
    /// minutes.
    pub fn put_all(&mut self, block: u32, purpose: Purpose, from: Tick, minutes: u32, entries: &[(u32, u32)]) {
        let Entries::ByBlock(wheels) = &mut self.entries else {
            return entries.iter().for_each(|&(after, entity)| self.put(block, purpose, from.plus(after), entity));
        };
        wheels[block as usize].put_all(purpose, from, minutes, entries);
        if let Some(digests) = &mut self.digests
            && let Some(digest) = digests.get_mut(purpose as usize)
        {
            let is_within = |&&(after, _): &&(u32, u32)| from.plus(after) <= self.horizon;
            let words = entries.iter().filter(is_within).map(|&(after, entity)| word(from.plus(after), entity));
            *digest = words.fold(*digest, u64::wrapping_add);
        }
    }

    /// Opens a minute of everybody.
    pub fn open_all(&mut self, at: Tick) {
        self.entries.unpack();
        if self.is_by_block() {
            self.sort_by_tick();
        }
        if let Entries::ByTick(buckets) = &mut self.entries {
            let buckets = buckets.iter_mut().map(|buckets| &mut buckets[at.0 as usize]);
            buckets.zip(&mut self.due).for_each(|(bucket, due)| *due = std::mem::take(bucket));
        }
    }

    /// A block is at work: it takes over the wheel of one before it on which nothing is left.
    pub fn begin_block(&mut self, block: u32) {
        if let Entries::ByBlock(wheels) = &mut self.entries
            && wheels[block as usize].is_unused()
            && let Some(empty) = self.empty_block.take()
        {
            wheels.swap(block as usize, empty as usize);
        }
    }

    /// A block's work is done.
    pub fn end_block(&mut self, block: u32) {
        if let Entries::ByBlock(wheels) = &mut self.entries
            && !wheels[block as usize].is_unused()
            && wheels[block as usize].reset_if_empty()
        {
            self.empty_block = Some(block);
        }
    }

    /// Opens a minute of a block.
    #[inline]
    pub fn open(&mut self, block: u32, at: Tick) {
        if let Entries::ByBlock(wheels) = &mut self.entries {
            wheels[block as usize].take(at, &mut self.due);
        }
    }

    /// The first minute from one on in which something is due for a block.
    #[inline]
    pub fn next(&self, block: u32, from: Tick) -> Option<Tick> {
        if let Entries::ByBlock(wheels) = &self.entries { wheels[block as usize].next(from) } else { None }
    }

    /// Takes what is due for a purpose in the minute that is open.
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

    /// Gives back a list that `take` gave, so that its memory is used again.
    #[inline]
    pub fn give_back(&mut self, purpose: Purpose, mut list: Vec<u32>) {
        if !list.is_empty() {
            list.clear();
            self.due[purpose as usize] = list;
        }
    }

    /// Digests by purpose.
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

    /// From now on the digests are kept up to date.
    pub fn keep_digests(&mut self) {
        self.digests = Some(self.digests());
    }

    /// Keeps entries that a test passes; orders stay.
    pub fn retain(&mut self, is_kept: impl Fn(Purpose, u32) -> bool) {
        self.digests = None;
        match &mut self.entries {
            // Most of a packed copy is often dropped: the rest is unpacked alone.
            Entries::Packed(_) => {
                let mut kept = Entries::by_tick(self.horizon);
                self.entries.for_each(|purpose, at, entity| {
                    if is_kept(purpose, entity) {
                        kept.put(0, purpose, at, entity);
                    }
                });
                self.entries = kept;
            }
            Entries::ByBlock(wheels) => wheels.iter_mut().for_each(|wheel| wheel.retain(&is_kept)),
            Entries::ByTick(buckets) => {
                for (purpose, buckets) in Purpose::ALL.into_iter().zip(buckets) {
                    buckets.iter_mut().for_each(|bucket| bucket.retain(|&entity| is_kept(purpose, entity)));
                }
            }
        }
    }

    /// Adds what another world has to do; orders are common to both.
    pub fn merge(&mut self, other: &Calendars, block_of: impl Fn(Purpose, u32) -> u32) {
        other.entries.for_each(|purpose, at, entity| self.put(block_of(purpose, entity), purpose, at, entity));
    }

    /// Bytes that a copy takes, about.
    pub fn bytes(&self) -> usize {
        match &self.entries {
            Entries::ByBlock(wheels) => wheels.iter().map(Wheel::bytes).sum(),
            Entries::ByTick(buckets) => {
                buckets.iter().flatten().map(|bucket| (1 + bucket.len()) * size_of::<u32>()).sum()
            }
            Entries::Packed(packed) => {
                packed.iter().map(|of| size_of_val(&of.ends[..]) + size_of_val(&of.entities[..])).sum()
            }
        }
    }
}

#[inline]
fn word(at: Tick, entity: u32) -> u64 {
    mix((u64::from(at.0) << 32) | u64::from(entity))
}

/// Orders by tick: few, and about more than one block.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates(BTreeMap<Tick, Vec<u32>>);

impl Dates {
    /// Puts an order on a tick.
    pub fn put(&mut self, at: Tick, order: u32) {
        self.0.entry(at).or_default().push(order);
    }

    /// Takes the orders of a tick, in the order in which they were put.
    pub fn take(&mut self, at: Tick) -> Vec<u32> {
        self.0.remove(&at).unwrap_or_default()
    }

    /// The first tick from one on that has orders.
    pub fn next(&self, from: Tick) -> Option<Tick> {
        self.0.range(from..).next().map(|(&at, _)| at)
    }
}
