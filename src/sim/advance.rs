//! Many minutes at once, for callers that do not need the world after each minute: in time slices where they are faster,
//! minute by minute elsewhere.
//!
//! Must not change any result: the choice depends on speed alone.

use super::by_partition;
use super::phases::{orders, script};
use super::world::World;
use crate::base::{Digest, Tick};

/// What `advance` reports about the minutes on its way.
#[derive(Default)]
struct Reports<'a> {
    /// The number of hosts that are up at the end of each minute.
    hosts_up: Option<&'a mut Vec<u32>>,
    /// The digest of each boundary that is a multiple of a number of minutes.
    digests: Option<(u32, &'a mut Vec<Digest>)>,
}

impl Reports<'_> {
    /// Reports a minute that was simulated alone.
    fn step(&mut self, world: &mut World) {
        if let Some(hosts_up) = &mut self.hosts_up {
            hosts_up.push(world.hosts_up());
        }
        if let Some((every_min, digests)) = &mut self.digests
            && world.state.tick.0.is_multiple_of(*every_min)
        {
            digests.push(world.seal());
        }
    }
}

/// Minimum length of a time slice that is faster than stepping, if the calendar must be sorted by partition first, and if
/// it is sorted already. In a world that does not fit the caches, every slice is faster.
const UNSORTED_SLICE_MIN: u32 = 60;
const SORTED_SLICE_MIN: u32 = 10;

impl World {
    /// Simulates up to a boundary, at most to the horizon. The world, its digest included, equals the one that
    /// [`World::step`] makes minute by minute. Commands can be applied at the boundary where it stops.
    ///
    /// Where it is faster, one partition of organisations after the other goes through a time slice, which lasts until
    /// the next tick at which orders or conditions concern several partitions.
    pub fn advance(&mut self, until: Tick) {
        self.advance_and(until, Reports::default());
    }

    /// Like `advance`, and returns the number of hosts that are up at the end of each minute.
    pub fn advance_with_curve(&mut self, until: Tick) -> Vec<u32> {
        let mut curve = Vec::new();
        self.advance_and(until, Reports { hosts_up: Some(&mut curve), digests: None });
        curve
    }

    /// Like `advance`, and adds the digest of each boundary on the way that is a multiple of some minutes, the last
    /// boundary included. Each digest equals that of [`World::seal`] at its boundary.
    ///
    /// # Panics
    /// If the number of minutes is 0.
    pub fn advance_with_digests(&mut self, until: Tick, every_min: u32, digests: &mut Vec<Digest>) {
        self.advance_and(until, Reports { hosts_up: None, digests: Some((every_min, digests)) });
    }

    /// Makes `advance` use time slices even where they are slower. No result depends on it; tests use it.
    pub fn advance_by_slices(&mut self) {
        self.scratch.always_by_slices = true;
    }

    fn advance_and(&mut self, until: Tick, mut reports: Reports) {
        let until = until.min(self.scenario.horizon);
        while self.state.tick < until {
            let moments = self.moments_count();
            script::run_events(self);
            orders::begin_and_end(self);
            let end = script::quiet_until(self, until);
            if self.is_worth_a_slice(end) {
                self.advance_slice(end, moments, &mut reports);
                continue;
            }
            self.end_minute();
            reports.step(self);
            while self.state.tick < end {
                self.step();
                reports.step(self);
            }
        }
    }

    /// Simulates a time slice after the events and orders of its first minute, before which there were some moments.
    fn advance_slice(&mut self, end: Tick, moments: usize, reports: &mut Reports) {
        let from = self.state.tick;
        let every_min = reports.digests.as_ref().map(|&(every_min, _)| every_min);
        let mut up = i64::from(self.hosts_up());
        let slice = by_partition::run(self, end, every_min);
        self.state.tick = end;
        script::run_injects(self, from, end);
        self.audit_hour(from);
        self.order_moments(moments);
        if let Some(hosts_up) = &mut reports.hosts_up {
            hosts_up.extend(slice.up_changes.iter().map(|change| {
                up += change;
                up as u32
            }));
        }
        if let (Some((_, digests)), Some(sums)) = (&mut reports.digests, slice.sums) {
            self.slice_digests(sums, digests);
        }
    }

    fn is_worth_a_slice(&self, end: Tick) -> bool {
        let slice_min = if self.state.calendars.is_by_partition() { SORTED_SLICE_MIN } else { UNSORTED_SLICE_MIN };
        self.derived.is_prefetching || self.scratch.always_by_slices || slice_min <= end.since(self.state.tick)
    }
}
