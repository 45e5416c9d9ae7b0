//! The values of observables in a world. Must not change state.

mod survey;

pub use survey::Survey;

use crate::base::{Ix, Stream, Tick};
use crate::scenario::compile::{Fleet, Host, MICRO, Observable, Organisation, Service};
use crate::scenario::observable::Metric;
use crate::sim::world::{FleetState, HostState, OrganisationView, ServiceView, World};

/// The value of an observable at this boundary, in the metric's unit.
pub fn value(world: &World, observable: &Observable) -> f64 {
    let metric = observable.metric;
    match metric {
        Metric::HostsTotal => hosts(world, observable, |fleet| fleet.counts.iter().sum()),
        Metric::HostsUp => hosts(world, observable, |fleet| fleet.counts[0]),
        Metric::HostsDown => down(world, observable),
        Metric::HostsDownShare => match down(world, observable) {
            0.0 => 0.0,
            down => share(down, hosts(world, observable, |fleet| fleet.counts.iter().sum())),
        },
        Metric::HostsReceived => hosts(world, observable, |fleet| fleet.received),
        Metric::HostsCrashed => hosts(world, observable, |fleet| fleet.crashed),
        Metric::HostsSelfRecovered => hosts(world, observable, |fleet| fleet.self_recovered),
        Metric::HostsRepaired => hosts(world, observable, |fleet| fleet.repaired),
        Metric::HostsInRepair => hosts(world, observable, |fleet| fleet.count(HostState::InRepair)),
        Metric::HostsRebuild => hosts(world, observable, |fleet| fleet.count(HostState::Rebuild)),
        Metric::HostsHeld => hosts(world, observable, |fleet| fleet.count(HostState::Held)),
        Metric::RepairsFailed => hosts(world, observable, |fleet| fleet.repairs_failed),
        Metric::HitBackShare => {
            let received = hosts(world, observable, |fleet| fleet.received);
            1.0 - share(hosts(world, observable, FleetState::down), received)
        }
        Metric::SensorsOnlineShare => {
            let offline = |&fleet: &Ix<Fleet>| {
                let organisation = world.scenario.fleets[fleet].organisation;
                f64::from(sensors_offline(world, fleet)) * weight(world, observable, organisation)
            };
            let offline: f64 = observable.fleets.iter().map(offline).sum();
            let in_scope = |&fleet: &Ix<Fleet>| {
                let organisation = world.scenario.fleets[fleet].organisation;
                f64::from(world.in_scope(fleet)) * weight(world, observable, organisation)
            };
            1.0 - share(offline, observable.fleets.iter().map(in_scope).sum())
        }
        Metric::Level => level(world, observable),
        Metric::Backlog => services(world, observable, |service| units(service.backlog_micro)),
        Metric::Demand => services(world, observable, |service| units(service.demand_micro)),
        Metric::Served => services(world, observable, |service| units(service.served_micro)),
        Metric::Lost => services(world, observable, |service| units(service.lost_micro)),
        Metric::Rework => services(world, observable, |service| service.rework_milli as f64 / 1000.0),
        Metric::OutsideToleranceMin => services(world, observable, |service| f64::from(service.outside_min)),
        Metric::BelowTargetMin => services(world, observable, |service| f64::from(service.below_min)),
        Metric::RecoveryMin => {
            let recovery = |&service: &Ix<Service>| f64::from(recovery_min(world, service));
            observable.services.iter().map(recovery).fold(0.0, f64::max)
        }
        Metric::ResilienceLossH => services(world, observable, |service| service.loss_ppm_min as f64 / 6e7),
        Metric::CostUsd => cost_usd(world, observable),
        Metric::PersonHours => organisations(world, observable, |view| view.person_min as f64 / 60.0),
        Metric::Trust => mean(world, observable, OrganisationView::trust_of_public),
        Metric::TrustStaff => mean(world, observable, |view| view.trust[0].fraction()),
        Metric::TrustRegulator => mean(world, observable, |view| view.trust[2].fraction()),
        Metric::TrustLostH => organisations(world, observable, |view| view.trust_lost_h),
        Metric::Technicians => organisations(world, observable, |view| f64::from(view.on_duty.max(view.busy))),
        Metric::TechniciansBusy => organisations(world, observable, |view| f64::from(view.busy)),
        Metric::Fatigue => mean(world, observable, |view| view.fatigue.fraction()),
        Metric::ClocksMissed => organisations(world, observable, |view| f64::from(view.clocks_missed)),
    }
}

/// Hosts that are down. Without any, the sum over fleets is skipped: conditions evaluate it through all the hours
/// before a release.
fn down(world: &World, observable: &Observable) -> f64 {
    if world.hosts_up() == world.scenario.hosts {
        return 0.0;
    }
    hosts(world, observable, FleetState::down)
}

/// Minutes from a service's first fall below its target level since the incident to its lasting return; before the
/// return, the minutes so far; 0 if it never fell.
pub fn recovery_min(world: &World, service: Ix<Service>) -> u32 {
    let view = world.service(service);
    recovery_of(view.first_below, view.recovered_at, world.state.tick)
}

fn recovery_of(first_below: Option<Tick>, recovered_at: Option<Tick>, now: Tick) -> u32 {
    let Some(first) = first_below else { return 0 };
    // A service that has returned for a short time only has not recovered: the minutes go on.
    recovered_at.unwrap_or(now).since(first)
}

/// Hosts of a fleet with the sensor that are not usable. Only hosts with the sensor can be down, but any host can be
/// held back.
fn sensors_offline(world: &World, fleet: Ix<Fleet>) -> u32 {
    let state = &world.state.fleets[fleet];
    if state.count(HostState::Held) == 0 {
        return state.down();
    }
    let compiled = &world.scenario.fleets[fleet];
    let scope = world.draw.stream(Stream::Scope);
    let hosts = world.scenario.wiring.fleet_hosts(fleet).iter();
    let is_held = |host: &Ix<Host>| world.host(*host) == HostState::Held && scope.happens(*host, 0, compiled.in_scope);
    state.down() + hosts.filter(is_held).count() as u32
}

fn units(micro: u64) -> f64 {
    micro as f64 / MICRO as f64
}

fn share(part: f64, whole: f64) -> f64 {
    if whole <= 0.0 { 0.0 } else { part / whole }
}

/// The number of organisations that an organisation stands for.
fn weight(world: &World, observable: &Observable, organisation: Ix<Organisation>) -> f64 {
    if observable.is_weighted { world.scenario.organisations[organisation].stands_for } else { 1.0 }
}

fn hosts(world: &World, observable: &Observable, count: impl Fn(&FleetState) -> u32) -> f64 {
    let fleets = || observable.fleets.iter().copied();
    if observable.is_weighted {
        let scenario = &world.scenario;
        let each = |fleet: Ix<Fleet>| {
            f64::from(count(&world.state.fleets[fleet]))
                * weight(world, observable, scenario.fleets[fleet].organisation)
        };
        return fleets().map(each).sum();
    }
    fleets().map(|fleet| u64::from(count(&world.state.fleets[fleet]))).sum::<u64>() as f64
}

fn services(world: &World, observable: &Observable, figure: impl Fn(&ServiceView) -> f64) -> f64 {
    let each = |&service: &Ix<Service>| {
        figure(&world.service(service)) * weight(world, observable, world.scenario.services[service].organisation)
    };
    observable.services.iter().map(each).sum()
}

fn organisations(world: &World, observable: &Observable, figure: impl Fn(&OrganisationView) -> f64) -> f64 {
    let each = |&organisation: &Ix<Organisation>| {
        figure(&world.organisation(organisation)) * weight(world, observable, organisation)
    };
    observable.organisations.iter().map(each).sum()
}

/// The mean of a fraction over organisations, in per cent.
fn mean(world: &World, observable: &Observable, fraction: impl Fn(&OrganisationView) -> f64) -> f64 {
    let sum = organisations(world, observable, |view| fraction(view) * 100.0);
    let count: f64 = observable.organisations.iter().map(|&organisation| weight(world, observable, organisation)).sum();
    sum / count.max(1.0)
}

/// The mean level of services, weighted by a week's demand.
fn level(world: &World, observable: &Observable) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for &service in &observable.services {
        let compiled = &world.scenario.services[service];
        let week = compiled.week_micro as f64 * weight(world, observable, compiled.organisation);
        sum += world.level(service).fraction() * week;
        weights += week;
    }
    if weights <= 0.0 { 1.0 } else { sum / weights }
}

fn cost_usd(world: &World, observable: &Observable) -> f64 {
    let work = organisations(world, observable, |view| view.cost_cents as f64 / 100.0);
    // The losses of all services in the scope count, not only those of important ones.
    let lost_by = |organisation: Ix<Organisation>| -> f64 {
        let lost = |service: Ix<Service>| {
            units(world.service(service).lost_micro) * world.scenario.services[service].cost_per_lost_usd
        };
        world.scenario.organisations[organisation].services.iter().map(lost).sum()
    };
    let each = |&organisation: &Ix<Organisation>| lost_by(organisation) * weight(world, observable, organisation);
    work + observable.organisations.iter().map(each).sum::<f64>()
}
