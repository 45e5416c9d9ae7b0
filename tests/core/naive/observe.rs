//! Values of observables, by the table in src/scenario/observable.rs and docs/scenario-format.md.

use blackstart::base::Ix;
use blackstart::scenario::compile::{self, Observable, Organisation};
use blackstart::scenario::observable::Metric;

use super::{Fleet, Naive, Service, State, fraction};

/// The share of a part in a whole; 1 if the whole is 0.
fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 1.0 } else { part / whole }
}

impl Naive {
    /// The current value of an observable.
    pub fn value(&self, observable: &Observable) -> f64 {
        if observable.metric.is_of_hosts() {
            self.value_of_hosts(observable)
        } else if observable.metric.is_of_services() {
            self.value_of_services(observable)
        } else {
            self.value_of_organisations(observable)
        }
    }

    /// Number of real organisations that an organisation represents: a member also counts for members that are not
    /// simulated, unless the observable names it.
    fn speaks_for(&self, observable: &Observable, organisation: Ix<Organisation>) -> f64 {
        if observable.is_weighted { self.scenario.organisations[organisation].stands_for } else { 1.0 }
    }

    fn fleet_speaks_for(&self, observable: &Observable, fleet: Ix<compile::Fleet>) -> f64 {
        self.speaks_for(observable, self.scenario.fleets[fleet].organisation)
    }

    fn value_of_hosts(&self, observable: &Observable) -> f64 {
        let in_states = |states: &[State]| {
            let of_fleet = |&fleet: &Ix<compile::Fleet>| {
                states.iter().map(|&state| self.counts(fleet.position())[state as usize]).sum::<u32>()
            };
            observable
                .fleets
                .iter()
                .map(|fleet| f64::from(of_fleet(fleet)) * self.fleet_speaks_for(observable, *fleet))
                .sum::<f64>()
        };
        let sum = |count: fn(&Fleet) -> u32| {
            let of_fleet = |&fleet: &Ix<compile::Fleet>| {
                f64::from(count(&self.fleets[fleet.position()])) * self.fleet_speaks_for(observable, fleet)
            };
            observable.fleets.iter().map(of_fleet).sum::<f64>()
        };
        let total = sum(|fleet| fleet.hosts.len() as u32);
        let down = in_states(&[State::Crashing, State::Down, State::InRepair, State::Rebuild]);
        let received = sum(|fleet| fleet.received);
        match observable.metric {
            Metric::HostsTotal => total,
            Metric::HostsUp => in_states(&[State::Up]),
            Metric::HostsDown => down,
            // With no hosts, the share is 0.
            Metric::HostsDownShare => down / total.max(1.0),
            Metric::HostsReceived => received,
            Metric::HostsCrashed => sum(|fleet| fleet.crashed),
            Metric::HostsSelfRecovered => sum(|fleet| fleet.self_recovered),
            Metric::HostsRepaired => sum(|fleet| fleet.repaired),
            Metric::HostsInRepair => in_states(&[State::InRepair]),
            Metric::HostsRebuild => in_states(&[State::Rebuild]),
            Metric::HostsHeld => in_states(&[State::Held]),
            Metric::RepairsFailed => sum(|fleet| fleet.repairs_failed),
            Metric::HitBackShare => share(received - down, received),
            Metric::SensorsOnlineShare => self.sensors_online(observable),
            metric => panic!("{} is no metric of hosts", metric.name()),
        }
    }

    fn sensors_online(&self, observable: &Observable) -> f64 {
        let (mut sensors, mut online) = (0.0, 0.0);
        for &fleet in &observable.fleets {
            for host in self.hosts[self.fleets[fleet.position()].hosts.clone()].iter().filter(|host| host.is_in_scope) {
                let many = self.fleet_speaks_for(observable, Ix::new(fleet.number()));
                sensors += many;
                online += if host.state == State::Up { many } else { 0.0 };
            }
        }
        share(online, sensors)
    }

    fn value_of_services(&self, observable: &Observable) -> f64 {
        let many =
            |service: Ix<compile::Service>| self.speaks_for(observable, self.scenario.services[service].organisation);
        let sum = |count: fn(&Service) -> u64| {
            let of_service =
                |&service: &Ix<compile::Service>| count(&self.services[service.position()]) as f64 * many(service);
            observable.services.iter().map(of_service).sum::<f64>()
        };
        match observable.metric {
            Metric::Level => self.level(observable),
            Metric::Backlog => sum(|service| service.backlog_micro) / 1e6,
            Metric::Demand => sum(|service| service.demand_micro) / 1e6,
            Metric::Served => sum(|service| service.served_micro) / 1e6,
            Metric::Lost => sum(|service| service.lost_micro) / 1e6,
            Metric::Rework => sum(|service| service.rework_milli) / 1e3,
            Metric::OutsideToleranceMin => sum(|service| u64::from(service.outside_min)),
            Metric::BelowTargetMin => sum(|service| u64::from(service.below_min)),
            Metric::RecoveryMin => {
                let times =
                    observable.services.iter().map(|&service| self.recovery_min(&self.services[service.position()]));
                f64::from(times.max().unwrap_or(0))
            }
            Metric::ResilienceLossH => sum(|service| service.loss_ppm_min) / 1e6 / 60.0,
            metric => panic!("{} is no metric of services", metric.name()),
        }
    }

    /// The level over the services of an observable, weighted by a week of demand.
    fn level(&self, observable: &Observable) -> f64 {
        let (mut levels, mut weights) = (0.0, 0.0);
        for &service in &observable.services {
            let compiled = &self.scenario.services[service];
            let weight =
                compiled.week_micro as f64 * self.speaks_for(observable, Ix::new(compiled.organisation.number()));
            levels += fraction(self.services[service.position()].level) * weight;
            weights += weight;
        }
        share(levels, weights)
    }

    fn recovery_min(&self, service: &Service) -> u32 {
        let until = service.recovered_at.unwrap_or(self.tick);
        service.first_below.map_or(0, |from| until.saturating_sub(from))
    }

    fn value_of_organisations(&self, observable: &Observable) -> f64 {
        let here = |organisation: usize| &self.organisations[organisation];
        let sum = |value: &dyn Fn(usize) -> f64| {
            observable
                .organisations
                .iter()
                .map(|&organisation| {
                    value(organisation.position()) * self.speaks_for(observable, Ix::new(organisation.number()))
                })
                .sum::<f64>()
        };
        let mean = |value: &dyn Fn(usize) -> f64| sum(value) / sum(&|_| 1.0).max(1.0) * 100.0;
        match observable.metric {
            Metric::CostUsd => sum(&|organisation| self.cost_usd(organisation)),
            Metric::PersonHours => sum(&|organisation| here(organisation).person_min as f64 / 60.0),
            Metric::Trust => {
                mean(&|organisation| fraction(here(organisation).trust_ppm[1] + here(organisation).trust_ppm[3]) / 2.0)
            }
            Metric::TrustStaff => mean(&|organisation| fraction(here(organisation).trust_ppm[0])),
            Metric::TrustRegulator => mean(&|organisation| fraction(here(organisation).trust_ppm[2])),
            Metric::TrustLostH => sum(&|organisation| here(organisation).trust_lost as f64 * 30.0 / (60.0 * 2e6)),
            Metric::Technicians => sum(&|organisation| {
                f64::from(self.on_duty(organisation, &self.figures(organisation)).max(self.busy(organisation)))
            }),
            Metric::TechniciansBusy => sum(&|organisation| f64::from(self.busy(organisation))),
            Metric::Fatigue => mean(&|organisation| fraction(here(organisation).fatigue_ppm)),
            Metric::ClocksMissed => sum(&|organisation| f64::from(here(organisation).clocks_missed)),
            metric => panic!("{} is no metric of organisations", metric.name()),
        }
    }

    /// Cost of orders, overtime, outside help, penalties, and lost units of all services.
    fn cost_usd(&self, organisation: usize) -> f64 {
        let lost = |service: usize| {
            self.services[service].lost_micro as f64 / 1e6
                * self.scenario.services[Ix::from_usize(service)].cost_per_lost_usd
        };
        self.organisations[organisation].cost_cents as f64 / 100.0
            + self.services_of(organisation).map(lost).sum::<f64>()
    }
}
