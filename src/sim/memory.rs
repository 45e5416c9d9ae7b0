//! How much memory a world takes, before there is one.
//!
//! Knows the sizes of columns and nothing else. What is counted here is what `World::new` allocates;
//! a run takes more, for which there is a bound.

use super::state::{FleetState, NeedState, Order, OrganisationState, ServiceEffects, ServiceState};
use super::world::World;
use crate::scenario::compile::Scenario;

/// Rows of a world's columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub hosts: usize,
    pub fleets: usize,
    pub organisations: usize,
    pub services: usize,
    pub needs: usize,
    pub orders: usize,
}

impl Rows {
    /// Bytes of the columns; a digest or a counter stands beside the larger rows.
    pub fn bytes(self) -> usize {
        const BESIDE: usize = 8;
        self.hosts
            + self.fleets * (size_of::<FleetState>() + BESIDE)
            + self.organisations * (size_of::<OrganisationState>() + BESIDE)
            + self.services * (size_of::<ServiceState>() + size_of::<ServiceEffects>() + BESIDE)
            + self.needs * size_of::<NeedState>()
            + self.orders * size_of::<Order>()
    }
}

/// Bytes of a world of this scenario at tick 0, about.
pub fn bytes_at_start(scenario: &Scenario) -> u64 {
    let rows = Rows {
        hosts: scenario.hosts as usize,
        fleets: scenario.fleets.len(),
        organisations: scenario.organisations.len(),
        services: scenario.services.len(),
        needs: scenario.needs.len(),
        orders: 0,
    };
    rows.bytes() as u64
}

/// Bytes that a world of this scenario takes at most while it runs, about: every host is on a calendar
/// and in a queue at once, and the larger of the two is being moved to a place of twice its size.
pub fn bytes_at_most(scenario: &Scenario) -> u64 {
    const PER_HOST: u64 = 4 + 4 + 8;
    bytes_at_start(scenario) + PER_HOST * u64::from(scenario.hosts)
}

impl World {
    /// Approximate size of a copy of this world in bytes: columns, calendars and queues.
    pub fn bytes(&self) -> usize {
        let rows = Rows {
            hosts: self.state.hosts.len(),
            fleets: self.state.fleets.len(),
            organisations: self.state.organisations.len(),
            services: self.state.services.len(),
            needs: self.state.needs.len(),
            orders: self.state.orders.len(),
        };
        rows.bytes() + self.state.calendars.bytes() + self.state.queue_arena.bytes()
    }
}
