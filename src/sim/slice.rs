//! The time slice that is being simulated, if any. Must not simulate (`by_partition`).

use std::collections::BTreeMap;

use super::calendar::DIGESTED;
use super::state::{ChannelState, Order, OrderState};
use crate::base::{Column, Ix, Share, Tick};
use crate::scenario::compile::{Channel, Flag, Need, Partition, Service};

/// The slice that is being simulated: its current partition, and the levels that partitions pass to each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Slice {
    pub from: Tick,
    pub partition: Ix<Partition>,
    /// The change of the number of hosts that are up, by minute.
    pub up_changes: Vec<i64>,
    /// Needs of the current partition with their supply, one entry for each change of level in an earlier partition.
    pub imports: Vec<(Ix<Need>, Share)>,
    /// Changes of level of the services that other partitions need, with the minute of each change.
    pub exports: BTreeMap<Ix<Service>, Vec<(Tick, Share)>>,
    /// The sums of digests within the slice; none if no digests are wanted.
    pub sums: Option<SliceSums>,
}

/// The sums that a digest folds: words of entities, and entries of calendars by purpose. DigestSums wrap around.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DigestSums {
    pub entities: u64,
    pub calendars: [u64; DIGESTED],
}

impl DigestSums {
    fn plus(self, other: DigestSums) -> DigestSums {
        let calendars = std::array::from_fn(|purpose| self.calendars[purpose].wrapping_add(other.calendars[purpose]));
        DigestSums { entities: self.entities.wrapping_add(other.entities), calendars }
    }

    fn minus(self, other: DigestSums) -> DigestSums {
        let calendars = std::array::from_fn(|purpose| self.calendars[purpose].wrapping_sub(other.calendars[purpose]));
        DigestSums { entities: self.entities.wrapping_sub(other.entities), calendars }
    }
}

/// Channels and flags after the events and orders of a minute.
#[derive(Clone, Debug)]
pub(super) struct CommonAt {
    pub minute: Tick,
    pub channels: Column<Channel, ChannelState>,
    pub flags: Column<Flag, bool>,
}

/// The change of the state of an order in a minute.
#[derive(Clone, Copy, Debug)]
pub(super) struct OrderChange {
    pub minute: Tick,
    pub order: Ix<Order>,
    pub before: OrderState,
    pub after: OrderState,
}

/// The changes of sums by the boundary whose digest is the first to include them. DigestSums are additive, so each partition
/// adds its own changes, and the digest of a boundary is known once the last partition has passed it.
#[derive(Clone, Debug)]
pub(super) struct SliceSums {
    /// Minutes between digests.
    every_min: u32,
    /// The number of the slice's first boundary with a digest, in units of `every_min`.
    first: u32,
    /// The sums at the begin of the slice, after its orders.
    start: DigestSums,
    /// The sums that are assigned to boundaries already.
    assigned: DigestSums,
    changes: Vec<DigestSums>,
    /// Changes of the states of orders after the first minute, by partition.
    pub orders: Vec<OrderChange>,
    /// Channels and flags at the begin of the slice and after each change by the script.
    pub common: Vec<CommonAt>,
}

impl SliceSums {
    /// No changes yet, for a slice between two boundaries.
    pub fn new(every_min: u32, until: Tick, start: DigestSums, common: CommonAt) -> Self {
        let first = common.minute.0 / every_min + 1;
        let count = (until.0 / every_min + 1).saturating_sub(first);
        Self {
            every_min,
            first,
            start,
            assigned: start,
            changes: vec![DigestSums::default(); count as usize],
            orders: Vec::new(),
            common: vec![common],
        }
    }

    /// The number of the first digest that includes a minute, counted within the slice.
    #[inline]
    pub fn place(&self, minute: Tick) -> usize {
        (minute.0 / self.every_min + 1 - self.first) as usize
    }

    /// The last minute, from a given one on, that the next digest includes.
    #[inline]
    pub fn last_minute(&self, from: Tick) -> Tick {
        Tick(from.0 / self.every_min * self.every_min + self.every_min - 1)
    }

    /// Assigns all changes of the sums since the last call to a digest. Changes after the last digest of the slice are
    /// dropped: the next slice begins with them.
    pub fn assign(&mut self, place: usize, sums: DigestSums) {
        if let Some(change) = self.changes.get_mut(place) {
            *change = change.plus(sums.minus(self.assigned));
        }
        self.assigned = sums;
    }

    /// The sums of each digest, with its boundary.
    pub fn boundaries(&self) -> impl Iterator<Item = (Tick, DigestSums)> + '_ {
        let mut sums = self.start;
        (self.first..).zip(&self.changes).map(move |(number, &change)| {
            sums = sums.plus(change);
            (Tick(number * self.every_min), sums)
        })
    }
}

impl Slice {
    /// Counts hosts that came up in a minute, or went down (negative).
    #[inline]
    pub fn count_up(&mut self, at: Tick, change: i64) {
        self.up_changes[at.since(self.from) as usize] += change;
    }
}
