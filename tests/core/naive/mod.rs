//! A second engine, written from docs/model.md alone and compared with the real one.
//!
//! It is naive on purpose: it visits every host, crew and service at every tick, recounts everything, and sorts a
//! list whenever it needs a queue. It must not use code of `sim`; the two engines share only the scenario, the
//! draws and the accepted commands.

mod compare;
mod hands;
mod observe;
mod orders;
mod rollout;
mod script;
mod services;
mod trust;

use std::ops::Range;
use std::sync::Arc;

use blackstart::base::{Draw, Ix};
use blackstart::scenario::compile::Scenario;
use blackstart::sim::Command;
pub use compare::{Views, compare};
pub use orders::{Grant, Order};

/// The whole, in parts per million.
pub const WHOLE: u64 = 1_000_000;

/// "Hosts": the states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Up,
    Crashing,
    Down,
    InRepair,
    Held,
    Rebuild,
}

/// A host: its draws, its part in the release, and its state.
#[derive(Clone, Debug)]
pub struct Host {
    pub fleet: u32,
    pub state: State,
    pub has_received: bool,
    pub is_in_scope: bool,
    /// Place among the hosts that are switched on, and its lag in minutes.
    pub place: f64,
    pub lag_min: u32,
    pub is_encrypted: bool,
    /// For the live release: first tick of exposure, ticks of exposure needed, and ticks of exposure so far.
    pub exposed_from: Option<u32>,
    pub exposed_needed: u32,
    pub exposed: u32,
    /// End of the reboot race, and whether it is won.
    pub race_ends: u32,
    pub wins_race: bool,
    /// Ticks at which it recovers by itself if it is still down.
    pub late_win: Option<u32>,
    pub unattended: Option<u32>,
    /// Can a technician reach it? And the tick from which one can, of a host that went down out of reach.
    pub is_in_reach: bool,
    pub in_reach_at: Option<u32>,
    /// Tick at which it joined its queue.
    pub waits_since: u32,
    /// Its current repair, or the last one that failed: number in the order of beginning, end, outcome.
    pub repair: u64,
    pub repair_ends: u32,
    pub repair_fails: bool,
}

/// Cumulative counts of a fleet, and the site of its crew.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    pub hosts: Range<usize>,
    pub received: u32,
    pub crashed: u32,
    pub self_recovered: u32,
    pub repaired: u32,
    pub repairs_failed: u32,
    pub crew_site: u32,
}

/// A release channel.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    pub live_since: Option<u32>,
    /// Releases so far.
    pub releases: u32,
    /// Is the ring plan in use for later releases? And for the live one?
    pub stages_releases: bool,
    pub is_staged: bool,
}

/// Crew, cost and trust of an organisation.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    /// Fleet that crews take before all others.
    pub first_fleet: Option<u32>,
    pub fatigue_ppm: u64,
    /// Staff, customers, regulator, press.
    pub trust_ppm: [u64; 4],
    pub person_min: u64,
    pub cost_cents: u64,
    pub clocks_missed: u32,
    pub trust_lost: u64,
    /// First tick in which a service failed.
    pub failing_since: Option<u32>,
    /// In the last tick: technicians that were free before hosts were taken, and hosts taken.
    pub free: u32,
    pub taken: u32,
}

/// A service at a boundary; sums are cumulative from tick 0.
#[derive(Clone, Debug, Default)]
pub struct Service {
    pub level: u64,
    pub technical: u64,
    /// Limit set by events.
    pub limit: Option<u64>,
    pub buffers_min: Vec<u32>,
    pub is_opened: bool,
    pub is_barred: bool,
    pub is_in_force: bool,
    pub used_min: u32,
    pub backlog_micro: u64,
    pub postponed_micro: u64,
    /// Hours over which postponed demand returns.
    pub return_hours: u64,
    pub demand_micro: u64,
    pub served_micro: u64,
    pub lost_micro: u64,
    pub rework_milli: u64,
    /// "Calling off": share in ppm by local hour counted from the week of tick 0, and the demand called off whose minute
    /// has not come.
    pub cuts: std::collections::BTreeMap<u32, u64>,
    pub ahead_micro: u64,
    pub below_now_min: u32,
    pub below_min: u32,
    pub outside_min: u32,
    pub at_target_min: u32,
    pub first_below: Option<u32>,
    pub recovered_at: Option<u32>,
    pub loss_ppm_min: u64,
}

/// The world at a boundary.
#[derive(Clone, Debug)]
pub struct Naive {
    pub scenario: Arc<Scenario>,
    pub seed: u64,
    pub tick: u32,
    pub flags: Vec<bool>,
    pub pools_free: Vec<u32>,
    pub events_fired: Vec<Option<u32>>,
    pub injects_fired: Vec<Option<u32>>,
    pub channels: Vec<Channel>,
    pub orders: Vec<Order>,
    pub grants: Vec<Grant>,
    pub organisations: Vec<Organisation>,
    pub fleets: Vec<Fleet>,
    pub hosts: Vec<Host>,
    pub services: Vec<Service>,
    /// Repairs begun so far, in all organisations.
    pub repairs_begun: u64,
}

impl Naive {
    /// The world at tick 0.
    pub fn new(scenario: Arc<Scenario>, seed: u64) -> Self {
        let channel = |compiled: &blackstart::scenario::compile::Channel| Channel {
            stages_releases: compiled.rings.as_ref().is_some_and(|plan| plan.is_in_use),
            ..Channel::default()
        };
        let fleet = |compiled: &blackstart::scenario::compile::Fleet| Fleet {
            hosts: compiled.first_host.position()..compiled.first_host.position() + compiled.hosts as usize,
            ..Fleet::default()
        };
        Self {
            seed,
            tick: 0,
            flags: scenario.docs.world.flags.iter().map(|flag| flag.initially).collect(),
            pools_free: scenario.pools.to_vec(),
            events_fired: vec![None; scenario.events.len()],
            injects_fired: vec![None; scenario.injects.len()],
            channels: scenario.channels.iter().map(channel).collect(),
            orders: Vec::new(),
            grants: Vec::new(),
            organisations: vec![trust::organisation_at_start(); scenario.organisations.len()],
            fleets: scenario.fleets.iter().map(fleet).collect(),
            hosts: rollout::hosts_at_start(&scenario, Draw::new(seed)),
            services: services::services_at_start(&scenario),
            repairs_begun: 0,
            scenario,
        }
    }

    /// "A minute": the phases of a tick, in order.
    pub fn step(&mut self) {
        self.halt_releases();
        self.fire_events();
        self.end_orders();
        self.begin_orders();
        self.move_technicians();
        self.receive_content();
        self.end_races();
        self.recover_by_themselves();
        self.come_in_reach();
        self.end_repairs();
        self.work();
        self.serve();
        self.judge_trust();
        self.judge_clocks();
        self.fire_injects();
        self.tick += 1;
    }

    /// Applies a command that the real engine has accepted, at this boundary.
    pub fn apply(&mut self, command: &Command) {
        match *command {
            Command::Order { by, mitigation, target } => self.accept(by, mitigation.number(), target),
            Command::Cancel { order, .. } => self.take_back(order.position()),
            Command::Inject { inject, .. } => self.injects_fired[inject.position()] = Some(self.tick),
            Command::Grant { organisation, technicians, hours, .. } => {
                let (begins, ends) = (self.tick, self.tick + 60 * hours);
                self.grants.push(Grant {
                    organisation: organisation.number(),
                    technicians,
                    begins,
                    ends,
                    is_in_force: false,
                });
            }
        }
    }

    /// Draws of this run.
    fn draw(&self) -> Draw {
        Draw::new(self.seed)
    }

    /// "Time": minute of the local week of an organisation now.
    fn minute_of_week(&self, organisation: usize) -> u32 {
        self.minute_of_week_at(organisation, self.tick)
    }

    fn minute_of_week_at(&self, organisation: usize, tick: u32) -> u32 {
        let offset = i64::from(self.scenario.organisations[Ix::from_usize(organisation)].utc_offset_min);
        let minute = i64::from(self.scenario.start_minute_of_week) + i64::from(tick) + offset;
        minute.rem_euclid(10_080) as u32
    }

    fn hour(&self, organisation: usize) -> usize {
        (self.minute_of_week(organisation) / 60) as usize
    }

    /// The hour of the local week at a tick.
    fn hour_at(&self, organisation: usize, tick: u32) -> usize {
        (self.minute_of_week_at(organisation, tick) / 60) as usize
    }

    fn fleets_of(&self, organisation: usize) -> Range<usize> {
        let fleets = &self.scenario.organisations[Ix::from_usize(organisation)].fleets;
        fleets.start.position()..fleets.end.position()
    }

    fn services_of(&self, organisation: usize) -> Range<usize> {
        let services = &self.scenario.organisations[Ix::from_usize(organisation)].services;
        services.start.position()..services.end.position()
    }

    fn organisation_of(&self, host: usize) -> usize {
        (self.scenario.fleets[Ix::new(self.hosts[host].fleet)].organisation).position()
    }

    /// Hosts of a fleet by state, counted.
    pub fn counts(&self, fleet: usize) -> [u32; 6] {
        let mut counts = [0; 6];
        for host in &self.hosts[self.fleets[fleet].hosts.clone()] {
            counts[host.state as usize] += 1;
        }
        counts
    }

    /// Hosts of an organisation in repair, which equal its busy technicians.
    pub fn busy(&self, organisation: usize) -> u32 {
        self.fleets_of(organisation).map(|fleet| self.counts(fleet)[State::InRepair as usize]).sum()
    }
}

/// "Numbers": `round(x) = ⌊x + 0.5⌋` for numbers that are not negative.
fn round(x: f64) -> u64 {
    (x + 0.5).floor() as u64
}

/// A fraction as parts per million, rounded to the nearest.
fn ppm(fraction: f64) -> u64 {
    round(fraction.clamp(0.0, 1.0) * 1e6)
}

/// Parts per million as a fraction.
fn fraction(ppm: u64) -> f64 {
    ppm as f64 / 1e6
}

/// An amount times a share, rounded down.
fn scale(amount: u64, ppm: u64) -> u64 {
    (u128::from(amount) * u128::from(ppm) / u128::from(WHOLE)) as u64
}
