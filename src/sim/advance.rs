//! Many minutes at once, as fast as it goes, for whoever need not see each of them.

use super::phases::{orders, script};
use super::window;
use super::world::World;
use crate::base::Tick;

/// A window pays from so many minutes on, where organisations' calendars must be sorted out first and where they are
/// already. A world that does not fit the caches gains by any.
const SORTED_OUT_MIN: u32 = 60;
const SORTED_MIN: u32 = 10;

impl World {
    /// Simulates up to a boundary, not beyond the horizon: the world is the one that [`World::step`] makes, minute by
    /// minute, digest and all. Commands are given at the boundary where it stops.
    ///
    /// Where it pays, organisations are simulated in blocks, each some minutes ahead of the next, from one moment at
    /// which somebody acts on several of them (orders, looks at conditions) to the next.
    pub fn advance(&mut self, until: Tick) {
        self.advance_and(until, |_, _| {});
    }

    /// The same, and gives the hosts that are up at the end of each minute.
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

    /// From now on `advance` goes by windows even where that does not pay. No result depends on it: for tests.
    pub fn go_by_windows(&mut self) {
        self.always_by_windows = true;
    }

    /// Simulates up to a boundary; hears of hosts up, and by how many they changed in each of the last minutes.
    fn advance_and(&mut self, until: Tick, mut hear: impl FnMut(u32, &[i64])) {
        let until = until.min(self.scenario.horizon);
        while self.tick < until {
            let (from, told, before) = (self.tick, self.told(), self.hosts_up());
            script::run_events(self);
            orders::begin_and_end(self);
            // Orders hold hosts back and let them go.
            let ordered = i64::from(self.hosts_up()) - i64::from(before);
            let end = script::quiet_until(self, until);
            if self.is_worth_a_window(end) {
                let mut changes = window::run(self, end);
                changes[0] += ordered;
                self.tick = end;
                script::run_injects(self, from, end);
                self.order_moments(told);
                hear(self.hosts_up(), &changes);
                continue;
            }
            self.end_minute();
            hear(self.hosts_up(), &[i64::from(self.hosts_up()) - i64::from(before)]);
            while self.tick < end {
                let before = self.hosts_up();
                self.step();
                hear(self.hosts_up(), &[i64::from(self.hosts_up()) - i64::from(before)]);
            }
        }
    }

    fn is_worth_a_window(&self, end: Tick) -> bool {
        let pays_from = if self.calendars.is_by_block() { SORTED_MIN } else { SORTED_OUT_MIN };
        self.warms || self.always_by_windows || pays_from <= end.since(self.tick)
    }
}
