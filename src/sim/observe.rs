//! What an observable is worth in a world. Reads state, changes nothing.

use crate::base::{Stream, Tick};
use crate::scenario::compile::{MICRO, Observable};
use crate::scenario::observable::Metric;
use crate::sim::world::{FleetState, HostState, OrganisationView, ServiceView, World};

/// The value of an observable at this boundary, in the metric's unit.
pub fn value(world: &World, observable: &Observable) -> f64 {
    value_in(world, observable)
}

/// Everything that observables read, looked at once: for tables of many observables at one boundary.
pub struct Seen<'w> {
    world: &'w World,
    services: Vec<ServiceView>,
    organisations: Vec<OrganisationView>,
}

impl<'w> Seen<'w> {
    /// Looks at all services and organisations.
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            services: (0..world.services.len() as u32).map(|service| world.service(service)).collect(),
            organisations: (0..world.organisations.len() as u32).map(|org| world.organisation(org)).collect(),
        }
    }

    /// The value of an observable, as [`value`] has it.
    pub fn value(&self, observable: &Observable) -> f64 {
        value_in(self, observable)
    }
}

/// Where observables look.
trait Look {
    fn world(&self) -> &World;
    fn of_service<T>(&self, service: u32, of: impl FnOnce(&ServiceView) -> T) -> T;
    fn of_organisation<T>(&self, organisation: u32, of: impl FnOnce(&OrganisationView) -> T) -> T;
}

impl Look for World {
    fn world(&self) -> &World {
        self
    }

    fn of_service<T>(&self, service: u32, of: impl FnOnce(&ServiceView) -> T) -> T {
        of(&self.service(service))
    }

    fn of_organisation<T>(&self, organisation: u32, of: impl FnOnce(&OrganisationView) -> T) -> T {
        of(&self.organisation(organisation))
    }
}

impl Look for Seen<'_> {
    fn world(&self) -> &World {
        self.world
    }

    fn of_service<T>(&self, service: u32, of: impl FnOnce(&ServiceView) -> T) -> T {
        of(&self.services[service as usize])
    }

    fn of_organisation<T>(&self, organisation: u32, of: impl FnOnce(&OrganisationView) -> T) -> T {
        of(&self.organisations[organisation as usize])
    }
}

fn value_in(look: &impl Look, observable: &Observable) -> f64 {
    let world = look.world();
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
            let offline = |&fleet: &u32| {
                let organisation = world.scenario.fleets[fleet as usize].organisation;
                f64::from(sensors_offline(world, fleet)) * weight(world, observable, organisation)
            };
            let offline: f64 = observable.fleets.iter().map(offline).sum();
            let in_scope = |&fleet: &u32| {
                let organisation = world.scenario.fleets[fleet as usize].organisation;
                f64::from(world.in_scope(fleet)) * weight(world, observable, organisation)
            };
            1.0 - share(offline, observable.fleets.iter().map(in_scope).sum())
        }
        Metric::Level => level(world, observable),
        Metric::Backlog => services(look, observable, |service| units(service.backlog_micro)),
        Metric::Demand => services(look, observable, |service| units(service.demand_micro)),
        Metric::Served => services(look, observable, |service| units(service.served_micro)),
        Metric::Lost => services(look, observable, |service| units(service.lost_micro)),
        Metric::Rework => services(look, observable, |service| service.rework_milli as f64 / 1000.0),
        Metric::OutsideToleranceMin => services(look, observable, |service| f64::from(service.outside_min)),
        Metric::BelowTargetMin => services(look, observable, |service| f64::from(service.below_min)),
        Metric::RecoveryMin => {
            let of = |&service: &u32| look.of_service(service, |view| f64::from(recovery_of(view, world.tick)));
            observable.services.iter().map(of).fold(0.0, f64::max)
        }
        Metric::ResilienceLossH => services(look, observable, |service| service.loss_ppm_min as f64 / 6e7),
        Metric::CostUsd => cost_usd(look, observable),
        Metric::PersonHours => organisations(look, observable, |of| of.person_min as f64 / 60.0),
        // Customers and the press.
        Metric::Trust => mean(look, observable, |of| (of.trust[1].fraction() + of.trust[3].fraction()) / 2.0),
        Metric::TrustStaff => mean(look, observable, |of| of.trust[0].fraction()),
        Metric::TrustRegulator => mean(look, observable, |of| of.trust[2].fraction()),
        Metric::Technicians => organisations(look, observable, |of| f64::from(of.on_duty.max(of.busy))),
        Metric::TechniciansBusy => organisations(look, observable, |of| f64::from(of.busy)),
        Metric::Fatigue => mean(look, observable, |of| of.fatigue.fraction()),
        Metric::ClocksMissed => organisations(look, observable, |of| f64::from(of.clocks_missed)),
    }
}

/// Hosts that are down: conditions ask for it all through the quiet hours before a release.
fn down(world: &World, observable: &Observable) -> f64 {
    if world.hosts_up() == world.scenario.hosts {
        return 0.0;
    }
    hosts(world, observable, FleetState::down)
}

/// Minutes from a service's first fall below target since the incident to its lasting return; until
/// then, the minutes so far; 0 if it never fell.
pub fn recovery_min(world: &World, service: u32) -> u32 {
    recovery_of(&world.service(service), world.tick)
}

fn recovery_of(state: &ServiceView, now: Tick) -> u32 {
    let Some(first) = state.first_below else { return 0 };
    // A service that is back but not yet for long enough has not recovered: its clock runs on.
    state.recovered_at.unwrap_or(now).since(first)
}

/// Hosts of a fleet with the sensor that cannot be used. Only they can be hit; any host can be held back.
fn sensors_offline(world: &World, fleet: u32) -> u32 {
    let state = &world.fleets[fleet as usize];
    if state.count(HostState::Held) == 0 {
        return state.down();
    }
    let of = &world.scenario.fleets[fleet as usize];
    let scope = world.draw.stream(Stream::Scope);
    let hosts = of.first_host..of.first_host + of.hosts;
    let is_held = |host: &u32| world.host(*host) == HostState::Held && scope.happens(*host, 0, of.in_scope);
    state.down() + hosts.filter(is_held).count() as u32
}

fn units(micro: u64) -> f64 {
    micro as f64 / MICRO as f64
}

fn share(part: f64, whole: f64) -> f64 {
    if whole <= 0.0 { 0.0 } else { part / whole }
}

/// Organisations that this one counts for.
fn weight(world: &World, observable: &Observable, organisation: u32) -> f64 {
    if observable.is_weighted { world.scenario.organisations[organisation as usize].stands_for } else { 1.0 }
}

fn hosts(world: &World, observable: &Observable, of: impl Fn(&FleetState) -> u32) -> f64 {
    let fleets = || observable.fleets.iter().map(|&fleet| fleet as usize);
    if observable.is_weighted {
        let scenario = &world.scenario;
        let each = |fleet: usize| {
            f64::from(of(&world.fleets[fleet])) * weight(world, observable, scenario.fleets[fleet].organisation)
        };
        return fleets().map(each).sum();
    }
    fleets().map(|fleet| u64::from(of(&world.fleets[fleet]))).sum::<u64>() as f64
}

fn services(look: &impl Look, observable: &Observable, of: impl Fn(&ServiceView) -> f64) -> f64 {
    let world = look.world();
    let each = |&service: &u32| {
        look.of_service(service, &of)
            * weight(world, observable, world.scenario.services[service as usize].organisation)
    };
    observable.services.iter().map(each).sum()
}

fn organisations(look: &impl Look, observable: &Observable, of: impl Fn(&OrganisationView) -> f64) -> f64 {
    let world = look.world();
    let each = |&organisation: &u32| look.of_organisation(organisation, &of) * weight(world, observable, organisation);
    observable.organisations.iter().map(each).sum()
}

/// Mean of a fraction over organisations, of 100.
fn mean(look: &impl Look, observable: &Observable, of: impl Fn(&OrganisationView) -> f64) -> f64 {
    let world = look.world();
    let sum = organisations(look, observable, |organisation| of(organisation) * 100.0);
    let count: f64 = observable.organisations.iter().map(|&organisation| weight(world, observable, organisation)).sum();
    sum / count.max(1.0)
}

/// Levels weighted by a week's demand, so that a big service counts for more.
fn level(world: &World, observable: &Observable) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for &service in &observable.services {
        let of = &world.scenario.services[service as usize];
        let week = of.week_micro as f64 * weight(world, observable, of.organisation);
        sum += world.level(service).fraction() * week;
        weights += week;
    }
    if weights <= 0.0 { 1.0 } else { sum / weights }
}

fn cost_usd(look: &impl Look, observable: &Observable) -> f64 {
    let world = look.world();
    let work = organisations(look, observable, |of| of.cost_cents as f64 / 100.0);
    // Losses of every service of the scope count, not only of the important ones.
    let lost_by = |organisation: u32| -> f64 {
        let lost = |service: u32| {
            units(look.of_service(service, |view| view.lost_micro))
                * world.scenario.services[service as usize].cost_per_lost_usd
        };
        world.scenario.organisations[organisation as usize].services.clone().map(lost).sum()
    };
    let each = |&organisation: &u32| lost_by(organisation) * weight(world, observable, organisation);
    work + observable.organisations.iter().map(each).sum::<f64>()
}
