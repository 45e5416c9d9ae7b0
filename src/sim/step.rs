//! The step of a world from one tick to the next: the phases of a minute in their order. docs/model.md.

use super::audit;
use super::phases::{hands, hosts, orders, script, services, trust};
use super::world::World;
use crate::base::Tick;
use crate::scenario::compile::Scenario;

impl World {
    /// Simulates one minute. Commands are applied before it, at the boundary.
    ///
    /// # Panics
    /// At the horizon.
    pub fn step(&mut self) {
        assert!(!self.is_over(), "a step at {} beyond the horizon {}", self.state.tick, self.scenario.horizon);
        script::run_events(self);
        orders::begin_and_end(self);
        self.end_minute();
    }

    /// The rest of a minute after its events and orders.
    pub(super) fn end_minute(&mut self) {
        let scenario = self.scenario.clone();
        let channels = hosts::begin_charts(self);
        if !channels.is_empty() {
            hosts::chart(self, &channels, self.state.fleets.indices());
        }
        self.state.calendars.open_all(self.state.tick);
        self.run_minute(&scenario);
        let minute = self.state.tick;
        self.state.tick = minute.plus(1);
        script::run_injects(self, minute, self.state.tick);
        self.audit_hour(minute);
    }

    /// Audits the counts if an hour has ended since a tick, in builds with debug assertions.
    pub(super) fn audit_hour(&self, from: Tick) {
        if cfg!(debug_assertions) && from.0 / 60 < self.state.tick.0 / 60 {
            audit::audit_counts(self);
        }
    }

    /// The phases of a minute that concern organisations.
    pub(super) fn run_minute(&mut self, scenario: &Scenario) {
        hosts::run(self, scenario);
        hands::run(self, scenario);
        services::run(self, scenario);
        trust::run(self, scenario);
    }
}
