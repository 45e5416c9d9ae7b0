//! Many minutes at once, for callers that do not need the world after each minute: in time slices where they are faster,
//! minute by minute elsewhere.
//!
//! Must not change any result: the choice depends on speed alone.

use super::by_partition;
use super::phases::{orders, script};
use super::world::World;
use crate::base::Tick;

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
        self.advance_and(until, |_, _| {});
    }

    /// Like `advance`, and returns the number of hosts that are up at the end of each minute.
    pub fn advance_with_curve(&mut self, until: Tick) -> Vec<u32> {
        let mut curve = Vec::new();
        self.advance_and(until, |hosts_up, changes| {
            let mut up = i64::from(hosts_up) - changes.iter().sum::<i64>();
            curve.extend(changes.iter().map(|change| {
                up += change;
                up as u32
            }));
        });
        curve
    }

    /// Makes `advance` use time slices even where they are slower. No result depends on it; tests use it.
    pub fn advance_by_slices(&mut self) {
        self.scratch.always_by_slices = true;
    }

    /// Simulates up to a boundary. `report` receives the number of hosts that are up after some minutes, and its change in
    /// each of these minutes.
    fn advance_and(&mut self, until: Tick, mut report: impl FnMut(u32, &[i64])) {
        let until = until.min(self.scenario.horizon);
        while self.state.tick < until {
            let (from, moments, before) = (self.state.tick, self.moments_count(), self.hosts_up());
            script::run_events(self);
            orders::begin_and_end(self);
            // Orders hold hosts back and release them.
            let ordered = i64::from(self.hosts_up()) - i64::from(before);
            let end = script::quiet_until(self, until);
            if self.is_worth_a_slice(end) {
                let mut changes = by_partition::run(self, end);
                changes[0] += ordered;
                self.state.tick = end;
                script::run_injects(self, from, end);
                self.audit_hour(from);
                self.order_moments(moments);
                report(self.hosts_up(), &changes);
                continue;
            }
            self.end_minute();
            report(self.hosts_up(), &[i64::from(self.hosts_up()) - i64::from(before)]);
            while self.state.tick < end {
                let before = self.hosts_up();
                self.step();
                report(self.hosts_up(), &[i64::from(self.hosts_up()) - i64::from(before)]);
            }
        }
    }

    fn is_worth_a_slice(&self, end: Tick) -> bool {
        let slice_min = if self.state.calendars.is_by_partition() { SORTED_SLICE_MIN } else { UNSORTED_SLICE_MIN };
        self.derived.is_prefetching || self.scratch.always_by_slices || slice_min <= end.since(self.state.tick)
    }
}
