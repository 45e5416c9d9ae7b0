//! Compares the state of the naive engine with the state of the real one at a boundary.

use std::fmt::Debug;

use blackstart::base::Ix;
use blackstart::scenario::compile::{Observable, Scenario};
use blackstart::scenario::observable::{METRICS, Metric, ObservableRef, Roles, Scope};
use blackstart::scenario::schema::Role;
use blackstart::sim::World;
use blackstart::sim::observe::{self, Survey};
use blackstart::sim::world::HostState;

use super::{Naive, State};

/// Most differences that are reported for one boundary.
const REPORTED_MAX: usize = 12;
/// Relative tolerance of observables. They are sums of integers or quotients of such sums, so only the order of
/// additions makes a difference.
const TOLERANCE: f64 = 1e-9;

/// Differences found so far: entity, field, both values.
#[derive(Default)]
struct Differences {
    lines: Vec<String>,
}

impl Differences {
    fn check<T: PartialEq + Debug>(&mut self, entity: &dyn Fn() -> String, field: &str, naive: T, real: T) {
        if naive != real && self.lines.len() < REPORTED_MAX {
            self.lines.push(format!("{}: {field}: naive {naive:?}, engine {real:?}", entity()));
        }
    }

    fn finish(self, naive: &Naive) -> Result<(), String> {
        if self.lines.is_empty() {
            return Ok(());
        }
        Err(format!("seed {}, boundary {}\n  {}", naive.seed, naive.tick, self.lines.join("\n  ")))
    }
}

/// Compares both worlds at a boundary.
///
/// # Errors
/// Seed, tick and the first differences: entity, field, both values.
pub fn compare(naive: &Naive, world: &World) -> Result<(), String> {
    let mut found = Differences::default();
    compare_script(&mut found, naive, world);
    compare_hosts(&mut found, naive, world);
    compare_orders(&mut found, naive, world);
    (0..naive.fleets.len()).for_each(|fleet| compare_fleet(&mut found, naive, world, fleet));
    (0..naive.organisations.len())
        .for_each(|organisation| compare_organisation(&mut found, naive, world, organisation));
    (0..naive.services.len()).for_each(|service| compare_service(&mut found, naive, world, service));
    found.finish(naive)
}

fn compare_script(found: &mut Differences, naive: &Naive, world: &World) {
    let whole = || "world".to_owned();
    let ticks =
        |fired: &[Option<blackstart::base::Tick>]| fired.iter().map(|at| at.map(|tick| tick.0)).collect::<Vec<_>>();
    found.check(&whole, "tick", naive.tick, world.tick().0);
    found.check(&whole, "flags", naive.flags.clone(), world.flags().to_vec());
    found.check(&whole, "pools_free", naive.pools_free.clone(), world.pools_free().to_vec());
    found.check(&whole, "events_fired", naive.events_fired.clone(), ticks(world.events_fired()));
    found.check(&whole, "injects_fired", naive.injects_fired.clone(), ticks(world.injects_fired()));
    let live = |channel: usize| world.channels()[Ix::from_usize(channel)].live_since.map(|tick| tick.0);
    for (channel, state) in naive.channels.iter().enumerate() {
        found.check(&|| format!("channel {channel}"), "live_since", state.live_since, live(channel));
    }
}

fn compare_hosts(found: &mut Differences, naive: &Naive, world: &World) {
    for (index, host) in naive.hosts.iter().enumerate() {
        let real = match world.host(Ix::from_usize(index)) {
            HostState::Up => State::Up,
            HostState::Crashing => State::Crashing,
            HostState::Down => State::Down,
            HostState::InRepair => State::InRepair,
            HostState::Held => State::Held,
            HostState::Rebuild => State::Rebuild,
        };
        let name = || format!("host {index} of {}", naive.scenario.fleet_key(Ix::new(host.fleet)));
        found.check(&name, "state", host.state, real);
        found.check(&name, "has_received", host.has_received, world.has_received(Ix::from_usize(index)));
    }
}

fn compare_fleet(found: &mut Differences, naive: &Naive, world: &World, index: usize) {
    let (fleet, real) = (&naive.fleets[index], &world.fleets()[Ix::from_usize(index)]);
    let name = || format!("fleet {}", naive.scenario.fleet_key(Ix::from_usize(index)));
    let in_scope = naive.hosts[fleet.hosts.clone()].iter().filter(|host| host.is_in_scope).count();
    found.check(&name, "counts", naive.counts(index), real.counts);
    found.check(&name, "in_scope", in_scope as u32, world.in_scope(Ix::from_usize(index)));
    found.check(&name, "received", fleet.received, real.received);
    found.check(&name, "crashed", fleet.crashed, real.crashed);
    found.check(&name, "self_recovered", fleet.self_recovered, real.self_recovered);
    found.check(&name, "repaired", fleet.repaired, real.repaired);
    found.check(&name, "repairs_failed", fleet.repairs_failed, real.repairs_failed);
}

fn compare_orders(found: &mut Differences, naive: &Naive, world: &World) {
    for (index, (order, real)) in naive.orders.iter().zip(world.orders().iter()).enumerate() {
        found.check(&|| format!("order {index}"), "is_kept", order.is_kept, real.is_kept);
    }
}

fn compare_organisation(found: &mut Differences, naive: &Naive, world: &World, index: usize) {
    let (organisation, real) = (&naive.organisations[index], world.organisation(Ix::from_usize(index)));
    let name = || format!("organisation {}", naive.scenario.organisation_id(Ix::from_usize(index)));
    let trust = real.trust.map(|trust| u64::from(trust.ppm()));
    found.check(&name, "busy", naive.busy(index), real.busy);
    found.check(&name, "on_duty", naive.on_duty_now(index), real.on_duty);
    found.check(&name, "fatigue", organisation.fatigue_ppm, u64::from(real.fatigue.ppm()));
    found.check(&name, "trust", organisation.trust_ppm, trust);
    found.check(&name, "person_min", organisation.person_min, real.person_min);
    found.check(&name, "cost_cents", organisation.cost_cents, real.cost_cents);
    found.check(&name, "clocks_missed", organisation.clocks_missed, real.clocks_missed);
    found.check(&name, "trust_lost_h", organisation.trust_lost as f64 * 30.0 / (60.0 * 2e6), real.trust_lost_h);
}

fn compare_service(found: &mut Differences, naive: &Naive, world: &World, index: usize) {
    let (service, real) = (&naive.services[index], world.service(Ix::from_usize(index)));
    let name = || format!("service {}", naive.scenario.service_key(Ix::from_usize(index)));
    let ticks = |tick: Option<blackstart::base::Tick>| tick.map(|tick| tick.0);
    found.check(&name, "buffers_min", service.buffers_min.clone(), real.buffers_min.to_vec());
    found.check(&name, "technical", service.technical, u64::from(real.technical.ppm()));
    found.check(&name, "level", service.level, u64::from(real.level.ppm()));
    found.check(&name, "is_fallback_on", service.is_in_force, real.is_fallback_on);
    found.check(&name, "fallback_used_min", service.used_min, real.fallback_used_min);
    found.check(&name, "backlog_micro", service.backlog_micro, real.backlog_micro);
    found.check(&name, "ahead_micro", service.ahead_micro, real.ahead_micro);
    found.check(&name, "postponed_micro", service.postponed_micro, real.postponed_micro);
    found.check(&name, "demand_micro", service.demand_micro, real.demand_micro);
    found.check(&name, "served_micro", service.served_micro, real.served_micro);
    found.check(&name, "lost_micro", service.lost_micro, real.lost_micro);
    found.check(&name, "rework_milli", service.rework_milli, real.rework_milli);
    found.check(&name, "below_now_min", service.below_now_min, real.below_now_min);
    found.check(&name, "below_min", service.below_min, real.below_min);
    found.check(&name, "outside_min", service.outside_min, real.outside_min);
    found.check(&name, "first_below", service.first_below, ticks(real.first_below));
    found.check(&name, "recovered_at", service.recovered_at, ticks(real.recovered_at));
    found.check(&name, "loss_ppm_min", service.loss_ppm_min, real.loss_ppm_min);
}

/// Every metric over every scope of a scenario.
pub struct Views {
    views: Vec<(String, Scope, Observable)>,
}

impl Views {
    /// All observables, resolved once.
    pub fn new(scenario: &Scenario) -> Self {
        let mut views = Vec::new();
        for (metric, ..) in METRICS {
            for scope in scopes(scenario, metric) {
                let name = ObservableRef { metric, scope };
                let observable = scenario.observable(&name).unwrap_or_else(|problem| panic!("{problem}"));
                views.push((name.to_string(), name.scope, observable));
            }
        }
        Self { views }
    }

    /// Compares the values of all observables.
    ///
    /// # Errors
    /// Seed, tick and the first differences.
    pub fn compare(&self, naive: &Naive, world: &World) -> Result<(), String> {
        let mut found = Differences::default();
        let mut survey = Survey::new(world.scenario());
        survey.take(world);
        for (name, scope, observable) in &self.views {
            let (ours, real) = (naive.value(observable), observe::value(world, observable));
            let surveyed = match scope {
                Scope::All => Some(survey.value(None, observable.metric)),
                Scope::Sector(id) => {
                    let sectors = &world.scenario().docs.world.sectors;
                    let position = sectors.iter().position(|sector| sector.id == *id).map(Ix::from_usize);
                    position.map(|sector| survey.value(Some(sector), observable.metric))
                }
                _ => None,
            };
            if let Some(surveyed) = surveyed {
                found.check(&|| name.clone(), "value of a survey", surveyed, real);
            }
            let is_near = (ours - real).abs() <= TOLERANCE * real.abs().max(1.0);
            if !is_near {
                found.check(&|| name.clone(), "value", ours, real);
            }
        }
        found.finish(naive)
    }
}

fn scopes(scenario: &Scenario, metric: Metric) -> Vec<Scope> {
    let docs = &scenario.docs;
    let mut scopes = vec![Scope::All];
    scopes.extend(docs.world.sectors.iter().map(|sector| Scope::Sector(sector.id.clone())));
    scopes.extend(docs.world.regions.iter().map(|region| Scope::Region(region.id.clone())));
    scopes.extend(docs.seats.iter().map(|seat| Scope::Seat(seat.id.clone())));
    scopes.extend(docs.populations.iter().map(|population| Scope::Population(population.id.clone())));
    scopes.extend(docs.world.groups.iter().map(|group| Scope::Group(group.id.clone())));
    if metric.is_of_hosts() {
        scopes.extend([Roles::Pcs, Roles::Servers, Roles::One(Role::Kiosk)].map(Scope::Role));
        scopes.extend(docs.world.fleet_kinds.iter().map(|kind| Scope::Kind(kind.id.clone())));
        let sector = docs.world.sectors[0].id.clone();
        scopes.push(Scope::Both(vec![Scope::Role(Roles::Pcs), Scope::Sector(sector)]));
    }
    let pair = |key: String| {
        let (organisation, part) = key.split_once('/').expect("a key has two parts");
        (organisation.to_owned(), part.to_owned())
    };
    for organisation in 0..scenario.organisations.len() as u32 {
        scopes.push(Scope::Organisation(scenario.organisation_id(Ix::new(organisation)).into_owned()));
    }
    if metric.is_of_hosts() {
        let fleets = (0..scenario.fleets.len() as u32).map(|fleet| pair(scenario.fleet_key(Ix::new(fleet))));
        scopes.extend(fleets.map(|(organisation, id)| Scope::Fleet(organisation, id)));
    }
    if metric.is_of_services() {
        let services = (0..scenario.services.len() as u32).map(|service| pair(scenario.service_key(Ix::new(service))));
        scopes.extend(services.map(|(organisation, id)| Scope::Service(organisation, id)));
    }
    scopes
}
