//! Counts that only grow: read at a boundary and held against the next.

use crate::sim::World;

/// Cumulative counts of everybody, each list one after the other.
pub struct Counters {
    fleets: Vec<[u32; 5]>,
    /// Minutes of hands, cents, clocks missed.
    organisations: Vec<[u64; 3]>,
    services: Vec<[u64; 6]>,
}

impl Counters {
    /// The counts at this boundary.
    pub fn of(world: &World) -> Self {
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

    /// Compares with the world a minute later: between the two nothing may be taken back.
    ///
    /// # Errors
    /// Whose count fell, and all of its counts before and now.
    pub fn only_grew(&self, world: &World) -> Result<(), String> {
        let now = Self::of(world);
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
