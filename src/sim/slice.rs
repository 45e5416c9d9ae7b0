//! The time slice that is being simulated, if any. Must not simulate (`by_partition`).

use std::collections::BTreeMap;

use crate::base::{Ix, Share, Tick};
use crate::scenario::compile::{Need, Partition, Service};

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
}

impl Slice {
    /// Counts hosts that came up in a minute, or went down (negative).
    #[inline]
    pub fn count_up(&mut self, at: Tick, change: i64) {
        self.up_changes[at.since(self.from) as usize] += change;
    }
}
