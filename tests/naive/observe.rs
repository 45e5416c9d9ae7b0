//! Values of observables, by the table in src/scenario/observable.rs and docs/scenario-format.md.

use blackstart::scenario::compile::Observable;
use blackstart::scenario::observable::Metric;

use super::{Fleet, Naive, Service, State, fraction};

/// A share of nothing is whole.
fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 1.0 } else { part / whole }
}

impl Naive {
    /// What an observable is worth now.
    pub fn value(&self, of: &Observable) -> f64 {
        if of.metric.is_of_hosts() {
            self.value_of_hosts(of)
        } else if of.metric.is_of_services() {
            self.value_of_services(of)
        } else {
            self.value_of_organisations(of)
        }
    }

    fn value_of_hosts(&self, of: &Observable) -> f64 {
        let in_states = |states: &[State]| {
            let of_fleet =
                |&fleet: &u32| states.iter().map(|&state| self.counts(fleet as usize)[state as usize]).sum::<u32>();
            of.fleets.iter().map(of_fleet).sum::<u32>()
        };
        let sum = |count: fn(&Fleet) -> u32| {
            f64::from(of.fleets.iter().map(|&fleet| count(&self.fleets[fleet as usize])).sum::<u32>())
        };
        let total = sum(|fleet| fleet.hosts.len() as u32);
        let down = f64::from(in_states(&[State::Crashing, State::Down, State::InRepair, State::Rebuild]));
        let received = sum(|fleet| fleet.received);
        match of.metric {
            Metric::HostsTotal => total,
            Metric::HostsUp => f64::from(in_states(&[State::Up])),
            Metric::HostsDown => down,
            // Where there are no hosts, none are down.
            Metric::HostsDownShare => down / total.max(1.0),
            Metric::HostsReceived => received,
            Metric::HostsCrashed => sum(|fleet| fleet.crashed),
            Metric::HostsSelfRecovered => sum(|fleet| fleet.self_recovered),
            Metric::HostsRepaired => sum(|fleet| fleet.repaired),
            Metric::HostsInRepair => f64::from(in_states(&[State::InRepair])),
            Metric::HostsRebuild => f64::from(in_states(&[State::Rebuild])),
            Metric::HostsHeld => f64::from(in_states(&[State::Held])),
            Metric::RepairsFailed => sum(|fleet| fleet.repairs_failed),
            Metric::HitBackShare => share(received - down, received),
            Metric::SensorsOnlineShare => self.sensors_online(&of.fleets),
            metric => panic!("{} is no metric of hosts", metric.name()),
        }
    }

    fn sensors_online(&self, fleets: &[u32]) -> f64 {
        let hosts = || fleets.iter().flat_map(|&fleet| &self.hosts[self.fleets[fleet as usize].hosts.clone()]);
        let sensors = hosts().filter(|host| host.is_in_scope).count();
        let online = hosts().filter(|host| host.is_in_scope && host.state == State::Up).count();
        share(online as f64, sensors as f64)
    }

    fn value_of_services(&self, of: &Observable) -> f64 {
        let sum = |count: fn(&Service) -> u64| {
            of.services.iter().map(|&service| count(&self.services[service as usize])).sum::<u64>() as f64
        };
        match of.metric {
            Metric::Level => self.level(&of.services),
            Metric::Backlog => sum(|service| service.backlog_micro) / 1e6,
            Metric::Demand => sum(|service| service.demand_micro) / 1e6,
            Metric::Served => sum(|service| service.served_micro) / 1e6,
            Metric::Lost => sum(|service| service.lost_micro) / 1e6,
            Metric::Rework => sum(|service| service.rework_milli) / 1e3,
            Metric::OutsideToleranceMin => sum(|service| u64::from(service.outside_min)),
            Metric::BelowTargetMin => sum(|service| u64::from(service.below_min)),
            Metric::RecoveryMin => {
                let times = of.services.iter().map(|&service| self.recovery_min(&self.services[service as usize]));
                f64::from(times.max().unwrap_or(0))
            }
            Metric::ResilienceLossH => sum(|service| service.loss_ppm_min) / 1e6 / 60.0,
            metric => panic!("{} is no metric of services", metric.name()),
        }
    }

    /// Weighted by a week of demand.
    fn level(&self, services: &[u32]) -> f64 {
        let (mut levels, mut weights) = (0.0, 0.0);
        for &service in services {
            let weight = self.scenario.services[service as usize].week_micro as f64;
            levels += fraction(self.services[service as usize].level) * weight;
            weights += weight;
        }
        share(levels, weights)
    }

    fn recovery_min(&self, service: &Service) -> u32 {
        let until = service.recovered_at.unwrap_or(self.tick);
        service.first_below.map_or(0, |from| until.saturating_sub(from))
    }

    fn value_of_organisations(&self, of: &Observable) -> f64 {
        let organisations = || of.organisations.iter().map(|&organisation| organisation as usize);
        let here = |organisation: usize| &self.organisations[organisation];
        let mean = |value: &dyn Fn(usize) -> f64| {
            organisations().map(value).sum::<f64>() / (of.organisations.len() as f64).max(1.0)
        };
        match of.metric {
            Metric::CostUsd => organisations().map(|at| self.cost_usd(at)).sum(),
            Metric::PersonHours => organisations().map(|at| here(at).person_min).sum::<u64>() as f64 / 60.0,
            Metric::Trust => mean(&|at| fraction(here(at).trust_ppm[1] + here(at).trust_ppm[3]) / 2.0) * 100.0,
            Metric::TrustStaff => mean(&|at| fraction(here(at).trust_ppm[0])) * 100.0,
            Metric::TrustRegulator => mean(&|at| fraction(here(at).trust_ppm[2])) * 100.0,
            Metric::Technicians => {
                organisations().map(|at| f64::from(self.on_duty(at, &self.figures(at)).max(self.busy(at)))).sum()
            }
            Metric::TechniciansBusy => organisations().map(|at| f64::from(self.busy(at))).sum(),
            Metric::Fatigue => mean(&|at| fraction(here(at).fatigue_ppm)) * 100.0,
            Metric::ClocksMissed => organisations().map(|at| f64::from(here(at).clocks_missed)).sum(),
            metric => panic!("{} is no metric of organisations", metric.name()),
        }
    }

    /// Orders, overtime, outside help, penalties, and units lost of every service.
    fn cost_usd(&self, organisation: usize) -> f64 {
        let lost = |service: usize| {
            self.services[service].lost_micro as f64 / 1e6 * self.scenario.services[service].cost_per_lost_usd
        };
        self.organisations[organisation].cost_cents as f64 / 100.0
            + self.services_of(organisation).map(lost).sum::<f64>()
    }
}
