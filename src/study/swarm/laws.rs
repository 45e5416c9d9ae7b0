//! Counts that only grow: read at a boundary and compared with those at the next.

use crate::sim::World;

/// The cumulative counts of all fleets, organisations and services.
pub struct Counters {
    fleets: Vec<[u32; 5]>,
    /// Person-minutes, cents, clocks missed.
    organisations: Vec<[u64; 3]>,
    services: Vec<[u64; 6]>,
}

impl Counters {
    /// The counts at the boundary of a world.
    pub fn from_world(world: &World) -> Self {
        let scenario = &world.scenario;
        let fleet = |at: usize| {
            let fleet = &world.fleets[at];
            [fleet.received, fleet.crashed, fleet.self_recovered, fleet.repaired, fleet.repairs_failed]
        };
        let organisation = |at: usize| {
            let view = world.organisation(at as u32);
            [view.person_min, view.cost_cents, u64::from(view.clocks_missed)]
        };
        let service = |at: usize| {
            let view = world.service(at as u32);
            let minutes = [view.below_min, view.outside_min].map(u64::from);
            [view.demand_micro, view.served_micro, view.lost_micro, view.loss_ppm_min, minutes[0], minutes[1]]
        };
        Self {
            fleets: (0..scenario.fleets.len()).map(fleet).collect(),
            organisations: (0..scenario.organisations.len()).map(organisation).collect(),
            services: (0..scenario.services.len()).map(service).collect(),
        }
    }

    /// Compares with the world a minute later: no count may be smaller.
    ///
    /// # Errors
    /// The fleet, organisation or service with a count that fell, and all its counts before and now.
    pub fn only_grew(&self, world: &World) -> Result<(), String> {
        let now = Self::from_world(world);
        let scenario = &world.scenario;
        fell(&self.fleets, &now.fleets, |at| scenario.fleet_key(at))?;
        fell(&self.organisations, &now.organisations, |at| scenario.organisation_id(at).into_owned())?;
        fell(&self.services, &now.services, |at| scenario.service_key(at))
    }
}

fn fell<T: Copy + PartialOrd + std::fmt::Debug, const N: usize>(
    before: &[[T; N]],
    now: &[[T; N]],
    name: impl Fn(u32) -> String,
) -> Result<(), String> {
    let is_less = |(before, now): (&[T; N], &[T; N])| before.iter().zip(now).any(|(before, now)| now < before);
    let found = before.iter().zip(now).position(is_less);
    found.map_or(Ok(()), |at| {
        Err(format!("a cumulative count of {} fell: {:?}, then {:?}", name(at as u32), before[at], now[at]))
    })
}
