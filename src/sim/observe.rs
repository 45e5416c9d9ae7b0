//! What an observable is worth in a world. Reads state, changes nothing.

use crate::scenario::compile::{MICRO, Observable};
use crate::scenario::observable::Metric;
use crate::sim::world::{FleetState, ServiceState, World};

/// The value of an observable at this boundary, in the metric's unit.
pub fn value(world: &World, observable: &Observable) -> f64 {
    let metric = observable.metric;
    match metric {
        Metric::HostsTotal => hosts(world, observable, |fleet| fleet.counts.iter().sum()),
        Metric::HostsUp => hosts(world, observable, |fleet| fleet.counts[0]),
        Metric::HostsDown => hosts(world, observable, FleetState::down),
        Metric::HostsDownShare => share(
            hosts(world, observable, FleetState::down),
            hosts(world, observable, |fleet| fleet.counts.iter().sum()),
        ),
        Metric::HostsReceived => hosts(world, observable, |fleet| fleet.received),
        Metric::HostsCrashed => hosts(world, observable, |fleet| fleet.crashed),
        Metric::HostsSelfRecovered => hosts(world, observable, |fleet| fleet.self_recovered),
        Metric::HostsRepaired => hosts(world, observable, |fleet| fleet.repaired),
        // Only hosts with the sensor can be hit, so those impaired are all among them.
        Metric::SensorsOnlineShare => {
            1.0 - share(
                hosts(world, observable, |fleet| fleet.impaired().min(fleet.in_scope)),
                hosts(world, observable, |fleet| fleet.in_scope),
            )
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
            observable.services.iter().map(|&service| f64::from(recovery_min(world, service))).fold(0.0, f64::max)
        }
        Metric::ResilienceLossH => services(world, observable, |service| service.loss_ppm_min as f64 / 6e7),
        Metric::CostUsd => cost_usd(world, observable),
        Metric::PersonHours => organisations(observable, |at| world.organisations[at].person_min as f64 / 60.0),
        Metric::Trust => {
            let sum = organisations(observable, |at| world.organisations[at].trust.fraction() * 100.0);
            sum / observable.organisations.len().max(1) as f64
        }
    }
}

/// Minutes from a service's first fall below target since the incident to its lasting return; until
/// then, the minutes so far; 0 if it never fell.
pub fn recovery_min(world: &World, service: u32) -> u32 {
    let state = &world.services[service as usize];
    let Some(first) = state.first_below else { return 0 };
    // A service that is back but not yet for long enough has not recovered: its clock runs on.
    state.recovered_at.unwrap_or(world.tick).since(first)
}

fn units(micro: u64) -> f64 {
    micro as f64 / MICRO as f64
}

fn share(part: f64, whole: f64) -> f64 {
    if whole <= 0.0 { 0.0 } else { part / whole }
}

fn hosts(world: &World, observable: &Observable, of: impl Fn(&FleetState) -> u32) -> f64 {
    observable.fleets.iter().map(|&fleet| u64::from(of(&world.fleets[fleet as usize]))).sum::<u64>() as f64
}

fn services(world: &World, observable: &Observable, of: impl Fn(&ServiceState) -> f64) -> f64 {
    observable.services.iter().map(|&service| of(&world.services[service as usize])).sum()
}

fn organisations(observable: &Observable, of: impl Fn(usize) -> f64) -> f64 {
    observable.organisations.iter().map(|&organisation| of(organisation as usize)).sum()
}

/// Levels weighted by a week's demand, so that a big service counts for more.
fn level(world: &World, observable: &Observable) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for &service in &observable.services {
        let week: u64 = world.scenario.services[service as usize].demand_micro.iter().sum();
        sum += world.services[service as usize].level.fraction() * week as f64;
        weight += week as f64;
    }
    if weight <= 0.0 { 1.0 } else { sum / weight }
}

fn cost_usd(world: &World, observable: &Observable) -> f64 {
    let work = organisations(observable, |at| world.organisations[at].cost_cents as f64 / 100.0);
    // Losses of every service of the scope count, not only of the important ones.
    let lost: f64 = observable
        .organisations
        .iter()
        .flat_map(|&organisation| world.scenario.organisations[organisation as usize].services.clone())
        .map(|service| {
            let lost = units(world.services[service as usize].lost_micro);
            lost * world.scenario.services[service as usize].cost_per_lost_usd
        })
        .sum();
    work + lost
}
