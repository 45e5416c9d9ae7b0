//! Compares cumulative counts of two neighbouring boundaries: they must only grow.

use crate::base::{Column, Ix};
use crate::scenario::compile::{Fleet, Organisation, Service};
use crate::sim::World;

/// The cumulative counts of all fleets, organisations and services.
pub struct Counters {
    fleets: Column<Fleet, [u32; 5]>,
    /// Person-minutes, cents, clocks missed.
    organisations: Column<Organisation, [u64; 3]>,
    services: Column<Service, [u64; 6]>,
}

impl Counters {
    /// The counts at the boundary of a world.
    pub fn from_world(world: &World) -> Self {
        let scenario = world.scenario();
        let fleet = |fleet: Ix<Fleet>| {
            let fleet = &world.fleets()[fleet];
            [fleet.received, fleet.crashed, fleet.self_recovered, fleet.repaired, fleet.repairs_failed]
        };
        let organisation = |organisation: Ix<Organisation>| {
            let view = world.organisation(organisation);
            [view.person_min, view.cost_cents, u64::from(view.clocks_missed)]
        };
        let service = |service: Ix<Service>| {
            let view = world.service(service);
            let minutes = [view.below_min, view.outside_min].map(u64::from);
            [view.demand_micro, view.served_micro, view.lost_micro, view.loss_ppm_min, minutes[0], minutes[1]]
        };
        Self {
            fleets: scenario.fleets.indices().map(fleet).collect(),
            organisations: scenario.organisations.indices().map(organisation).collect(),
            services: scenario.services.indices().map(service).collect(),
        }
    }

    /// Compares with the world a minute later: no count may be smaller.
    ///
    /// # Errors
    /// The fleet, organisation or service with a count that fell, and all its counts before and now.
    pub fn only_grew(&self, world: &World) -> Result<(), String> {
        let now = Self::from_world(world);
        let scenario = world.scenario();
        fell(&self.fleets, &now.fleets, |fleet| scenario.fleet_key(fleet))?;
        fell(&self.organisations, &now.organisations, |organisation| {
            scenario.organisation_id(organisation).into_owned()
        })?;
        fell(&self.services, &now.services, |service| scenario.service_key(service))
    }
}

fn fell<K, T: Copy + PartialOrd + std::fmt::Debug, const N: usize>(
    before: &Column<K, [T; N]>,
    now: &Column<K, [T; N]>,
    name: impl Fn(Ix<K>) -> String,
) -> Result<(), String> {
    let is_less = |index: &Ix<K>| before[*index].iter().zip(&now[*index]).any(|(before, now)| now < before);
    before.indices().find(is_less).map_or(Ok(()), |index| {
        Err(format!("a cumulative count of {} fell: {:?}, then {:?}", name(index), before[index], now[index]))
    })
}
