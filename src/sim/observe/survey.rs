//! Every metric over all organisations and over each sector, in one pass over the entities. A table of hourly samples
//! needs hundreds of such values at once; one by one, each would visit every entity again.
//!
//! Must not define a metric: each value equals that of `observe::value`, to the last bit.

use super::{recovery_of, sensors_offline, share, units};
use crate::base::{Column, Ix, Tick};
use crate::scenario::compile::{Organisation, Scenario, Sector, Service};
use crate::scenario::observable::{METRICS, Metric};
use crate::sim::world::{FleetState, HostState, World};

/// The values of all metrics at one boundary, over all organisations and over each sector.
pub struct Survey {
    /// Demand of each service from tick 0 to the boundary, in micro-units: a survey adds what came since the last one.
    demand_micro: Column<Service, u64>,
    boundary: Tick,
    all: Sums,
    sectors: Column<Sector, Sums>,
}

/// Sums over a group of organisations, each with its weight.
#[derive(Clone, Debug)]
struct Sums {
    /// By metric, for the metrics that are plain sums over hosts, services or organisations.
    plain: [f64; METRICS.len()],
    sensors_offline: f64,
    sensors_in_scope: f64,
    level: f64,
    week_micro: f64,
    lost_usd: f64,
    weight: f64,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            plain: [0.0; METRICS.len()],
            sensors_offline: 0.0,
            sensors_in_scope: 0.0,
            level: 0.0,
            week_micro: 0.0,
            lost_usd: 0.0,
            weight: 0.0,
        }
    }
}

impl Sums {
    fn plain(&self, metric: Metric) -> f64 {
        self.plain[metric as usize]
    }

    fn value(&self, metric: Metric) -> f64 {
        match metric {
            Metric::HostsDownShare => match self.plain(Metric::HostsDown) {
                0.0 => 0.0,
                down => share(down, self.plain(Metric::HostsTotal)),
            },
            Metric::HitBackShare => 1.0 - share(self.plain(Metric::HostsDown), self.plain(Metric::HostsReceived)),
            Metric::SensorsOnlineShare => 1.0 - share(self.sensors_offline, self.sensors_in_scope),
            Metric::Level if self.week_micro <= 0.0 => 1.0,
            Metric::Level => self.level / self.week_micro,
            Metric::CostUsd => self.plain(metric) + self.lost_usd,
            Metric::Trust | Metric::TrustStaff | Metric::TrustRegulator | Metric::Fatigue => {
                self.plain(metric) / self.weight.max(1.0)
            }
            _ => self.plain(metric),
        }
    }

    fn add_fleet(&mut self, state: &FleetState, offline: u32, in_scope: u32, weight: f64) {
        let hosts = [
            (Metric::HostsTotal, state.counts.iter().sum()),
            (Metric::HostsUp, state.counts[0]),
            (Metric::HostsDown, state.down()),
            (Metric::HostsReceived, state.received),
            (Metric::HostsCrashed, state.crashed),
            (Metric::HostsSelfRecovered, state.self_recovered),
            (Metric::HostsRepaired, state.repaired),
            (Metric::HostsInRepair, state.count(HostState::InRepair)),
            (Metric::HostsRebuild, state.count(HostState::Rebuild)),
            (Metric::HostsHeld, state.count(HostState::Held)),
            (Metric::RepairsFailed, state.repairs_failed),
        ];
        hosts.iter().for_each(|&(metric, count)| self.plain[metric as usize] += f64::from(count) * weight);
        self.sensors_offline += f64::from(offline) * weight;
        self.sensors_in_scope += f64::from(in_scope) * weight;
    }

    fn add(&mut self, figures: &[(Metric, f64)], weight: f64) {
        figures.iter().for_each(|&(metric, figure)| self.plain[metric as usize] += figure * weight);
    }
}

impl Survey {
    /// A survey of no boundary yet: all values are those of an empty world.
    pub fn new(scenario: &Scenario) -> Self {
        Self {
            demand_micro: Column::filled(0, scenario.services.len()),
            boundary: Tick::ZERO,
            all: Sums::default(),
            sectors: Column::filled(Sums::default(), scenario.docs.world.sectors.len()),
        }
    }

    /// The value of a metric over a sector, or over all organisations, at the boundary of the last `take`.
    pub fn value(&self, sector: Option<Ix<Sector>>, metric: Metric) -> f64 {
        sector.map_or(&self.all, |sector| &self.sectors[sector]).value(metric)
    }

    /// Surveys a world at its boundary, which must not lie before that of the last call.
    ///
    /// # Panics
    /// If the world is not one of the scenario that the survey was made for, or is at an earlier boundary.
    pub fn take(&mut self, world: &World) {
        let scenario = world.scenario.as_ref();
        self.all = Sums::default();
        self.sectors.iter_mut().for_each(|sums| *sums = Sums::default());
        for (organisation, compiled) in scenario.organisations.entries() {
            let sums = [&mut self.all, &mut self.sectors[compiled.sector]];
            add_organisation(world, organisation, sums, &mut self.demand_micro, self.boundary);
        }
        self.boundary = world.state.tick;
    }
}

fn add_organisation(
    world: &World,
    organisation: Ix<Organisation>,
    mut sums: [&mut Sums; 2],
    demand_micro: &mut Column<Service, u64>,
    demand_until: Tick,
) {
    let compiled = &world.scenario.organisations[organisation];
    let weight = compiled.stands_for;
    for fleet in compiled.fleets {
        let (offline, in_scope) = (sensors_offline(world, fleet), world.in_scope(fleet));
        let state = &world.state.fleets[fleet];
        sums.iter_mut().for_each(|sums| sums.add_fleet(state, offline, in_scope, weight));
    }
    let mut lost_usd = 0.0;
    for service in compiled.services {
        let demand = &mut demand_micro[service];
        *demand += world.scenario.demand_between_micro(service, demand_until, world.state.tick);
        lost_usd += add_service(world, service, *demand, &mut sums, weight);
    }
    let view = world.organisation(organisation);
    let figures = [
        (Metric::CostUsd, view.cost_cents as f64 / 100.0),
        (Metric::PersonHours, view.person_min as f64 / 60.0),
        (Metric::Trust, view.trust_of_public() * 100.0),
        (Metric::TrustStaff, view.trust[0].fraction() * 100.0),
        (Metric::TrustRegulator, view.trust[2].fraction() * 100.0),
        (Metric::TrustLostH, view.trust_lost_h),
        (Metric::Technicians, f64::from(view.on_duty.max(view.busy))),
        (Metric::TechniciansBusy, f64::from(view.busy)),
        (Metric::Fatigue, view.fatigue.fraction() * 100.0),
        (Metric::ClocksMissed, f64::from(view.clocks_missed)),
    ];
    for sums in sums {
        sums.add(&figures, weight);
        sums.lost_usd += lost_usd * weight;
        sums.weight += weight;
    }
}

/// Adds the figures of a service. Returns the cost of its lost units in dollars.
fn add_service(world: &World, service: Ix<Service>, demand_micro: u64, sums: &mut [&mut Sums; 2], weight: f64) -> f64 {
    let compiled = &world.scenario.services[service];
    let (state, recovered_at) = world.service_state(service);
    let rework = [(Metric::Rework, state.rework_milli as f64 / 1000.0)];
    sums.iter_mut().for_each(|sums| sums.add(&rework, weight));
    // Sums over many services count important ones only, rework excepted.
    if compiled.is_important {
        let left = state.lost_micro - state.ahead_micro() + state.backlog_micro + state.postponed_micro;
        let figures = [
            (Metric::Backlog, units(state.backlog_micro)),
            (Metric::Demand, units(demand_micro)),
            (Metric::Served, units(demand_micro - left)),
            (Metric::Lost, units(state.lost_micro)),
            (Metric::OutsideToleranceMin, f64::from(state.outside_min)),
            (Metric::BelowTargetMin, f64::from(state.below_min)),
            (Metric::ResilienceLossH, state.loss_ppm_min as f64 / 6e7),
        ];
        let recovery = f64::from(recovery_of(state.first_below, recovered_at, world.state.tick));
        let week_micro = compiled.week_micro as f64 * weight;
        for sums in sums {
            sums.add(&figures, weight);
            sums.level += state.level.fraction() * week_micro;
            sums.week_micro += week_micro;
            let longest = &mut sums.plain[Metric::RecoveryMin as usize];
            *longest = longest.max(recovery);
        }
    }
    units(state.lost_micro) * compiled.cost_per_lost_usd
}
