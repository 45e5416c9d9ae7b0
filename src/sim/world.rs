//! The state of a run in columns, and the step from one tick to the next.
//!
//! Owns every number that changes. Invariant: a fleet's counts by state sum to its hosts at every
//! tick, and the column of hosts is the only truth about a host (counts and queues follow it).

use std::collections::VecDeque;
use std::sync::Arc;

use super::command::Issuer;
use super::phases;
use crate::base::draw::mix;
use crate::base::{Digest, DigestWriter, Draw, Share, Tick};
use crate::scenario::compile::{Scenario, Target};

/// What a host is doing. `Up` includes hosts merely switched off: that is a function of the host's
/// key and the local hour, never an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum HostState {
    Up = 0,
    /// Received the content, in the reboot race.
    Crashing = 1,
    /// Lost the race, waits for hands.
    Down = 2,
    InRepair = 3,
    /// Kept off the network on purpose.
    Held = 4,
    /// The repair failed: must be set up anew.
    Rebuild = 5,
}

impl HostState {
    /// All states in the order of counts.
    pub const ALL: [HostState; 6] =
        [HostState::Up, HostState::Crashing, HostState::Down, HostState::InRepair, HostState::Held, HostState::Rebuild];

    fn of(byte: u8) -> Self {
        HostState::ALL[(byte & STATE_BITS) as usize]
    }
}

const STATE_BITS: u8 = 0b0111;
/// Set once the host has received the bad content.
const RECEIVED_BIT: u8 = 0b1000;

/// A fleet's share of the state.
#[derive(Clone, Debug, Default)]
pub struct FleetState {
    /// Hosts by `HostState`.
    pub counts: [u32; 6],
    /// Hosts of the fleet that run the channel's platform and sensor.
    pub in_scope: u32,
    pub received: u32,
    pub crashed: u32,
    pub self_recovered: u32,
    pub repaired: u32,
    pub repairs_failed: u32,
    /// Hosts waiting for hands in the order they went down; entries may be stale (the host won late).
    pub waiting_plain: VecDeque<u32>,
    pub waiting_encrypted: VecDeque<u32>,
    pub waiting_rebuild: VecDeque<u32>,
    /// Sum of a mix of every (host, state) pair: the column's digest, kept as hosts change.
    pub column_digest: u64,
}

impl FleetState {
    /// Hosts in one state.
    pub fn count(&self, state: HostState) -> u32 {
        self.counts[state as usize]
    }

    /// Hosts that crashed and cannot be used.
    pub fn down(&self) -> u32 {
        self.counts[1] + self.counts[2] + self.counts[3] + self.counts[5]
    }

    /// Hosts that cannot be used for any reason.
    pub fn impaired(&self) -> u32 {
        self.down() + self.counts[4]
    }
}

/// What orders in force make of an organisation; recomputed whenever one begins or ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Modifiers {
    pub overtime: f64,
    pub rest: f64,
    /// People from outside, and the hands they are worth in thousandths.
    pub outside_people: u32,
    pub outside_hands_milli: u32,
    pub locate: f64,
    pub touch_with_key: f64,
    pub failure: f64,
    pub has_escrow: bool,
    /// Methods the crews were told to use, the last told first.
    pub methods: Vec<u32>,
    /// Mean minutes of unattended remediation; none if not opted in.
    pub unattended_mean_min: Option<f64>,
}

impl Default for Modifiers {
    fn default() -> Self {
        Self {
            overtime: 0.0,
            rest: 0.0,
            outside_people: 0,
            outside_hands_milli: 0,
            locate: 1.0,
            touch_with_key: 1.0,
            failure: 1.0,
            has_escrow: false,
            methods: Vec::new(),
            unattended_mean_min: None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct OrganisationState {
    /// Hands on hosts now.
    pub busy: u32,
    /// Hands on duty this tick, outside help included, fallback and calls taken off.
    pub on_duty: u32,
    /// 0 (fresh) to 1,000,000 (worn out).
    pub fatigue: Share,
    /// 0 to 1,000,000.
    pub trust: Share,
    pub person_min: u64,
    pub cost_cents: u64,
    pub modifiers: Modifiers,
    /// Fleets in the order crews take them.
    pub repair_order: Vec<u32>,
    /// Fleet told to come first, and touch factor of fleets restored from backup.
    pub first_fleet: Option<u32>,
    pub backup_touch: Vec<(u32, f64)>,
}

#[derive(Clone, Debug)]
pub struct ServiceState {
    /// What customers get now.
    pub level: Share,
    /// What the needs allow after warm-up, before the fallback.
    pub technical: Share,
    pub buffers_min: Vec<u32>,
    /// Limit set by an event outside the model.
    pub limit: Share,
    pub backlog_micro: u64,
    pub demand_micro: u64,
    pub served_micro: u64,
    pub lost_micro: u64,
    pub postponed_micro: u64,
    /// Rework items in thousandths.
    pub rework_milli: u64,
    pub is_fallback_open: bool,
    /// Set by an order to close: an automatic fallback stays shut.
    pub is_fallback_barred: bool,
    /// In force this tick.
    pub is_fallback_on: bool,
    pub fallback_used_min: u32,
    /// Orders in force, recomputed when one begins or ends.
    pub shed: Share,
    pub postpone: Share,
    pub postpone_hours: u32,
    pub fail_over: Share,
    pub extra: f64,
    pub rework_factor: f64,
    // Reckoning.
    pub below_now_min: u32,
    pub below_min: u32,
    pub outside_min: u32,
    pub stable_min: u32,
    pub first_below: Option<Tick>,
    pub recovered_at: Option<Tick>,
    /// Sum of missing level, parts per million times minutes.
    pub loss_ppm_min: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Waits for its lead time.
    Pending,
    InForce,
    /// Its time ran out, or its effect was done at once.
    Done,
    Cancelled,
}

/// An accepted order and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub by: Issuer,
    pub mitigation: u32,
    pub target: Target,
    /// The organisation that pays; none for the whole world's orders by playbooks.
    pub payer: Option<u32>,
    pub ordered: Tick,
    pub effective: Tick,
    /// End of its time in force; none for effects that last.
    pub ends: Option<Tick>,
    pub state: OrderState,
}

#[derive(Clone, Debug, Default)]
pub struct ChannelState {
    pub live_since: Option<Tick>,
}

/// Due hosts by tick, a bucket a tick, one calendar a purpose so that a bucket needs no tags.
#[derive(Clone, Debug)]
pub struct Calendar {
    buckets: Vec<Vec<u32>>,
    /// Sum of a mix of every (tick, host) on it, kept as hosts come and go.
    digest: u64,
}

impl Calendar {
    fn new(horizon: Tick) -> Self {
        Self { buckets: vec![Vec::new(); horizon.0 as usize + 1], digest: 0 }
    }

    /// Puts a host on the calendar; what falls behind the horizon never happens in this run.
    pub fn put(&mut self, at: Tick, host: u32) {
        if let Some(bucket) = self.buckets.get_mut(at.0 as usize) {
            bucket.push(host);
            self.digest = self.digest.wrapping_add(Self::word(at, host));
        }
    }

    /// Takes the hosts due at a tick, in the order they were put.
    pub fn take(&mut self, at: Tick) -> Vec<u32> {
        let due = self.buckets.get_mut(at.0 as usize).map(std::mem::take).unwrap_or_default();
        for &host in &due {
            self.digest = self.digest.wrapping_sub(Self::word(at, host));
        }
        due
    }

    fn word(at: Tick, host: u32) -> u64 {
        mix((u64::from(at.0) << 32) | u64::from(host))
    }
}

/// Something worth telling: the script's moments as they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Event index.
    Event(u32),
    /// Inject index.
    Inject(u32),
}

/// The whole state of a run at a tick boundary.
#[derive(Clone, Debug)]
pub struct World {
    pub scenario: Arc<Scenario>,
    pub draw: Draw,
    pub seed: u64,
    /// The tick that `step` simulates next.
    pub tick: Tick,
    hosts: Vec<u8>,
    pub fleets: Vec<FleetState>,
    pub organisations: Vec<OrganisationState>,
    pub services: Vec<ServiceState>,
    pub channels: Vec<ChannelState>,
    pub flags: Vec<bool>,
    pub orders: Vec<Order>,
    /// Technicians of each pool not lent.
    pub pools_free: Vec<u32>,
    pub events_fired: Vec<Option<Tick>>,
    pub injects_fired: Vec<Option<Tick>>,
    pub(super) receipts: Calendar,
    pub(super) races: Calendar,
    pub(super) repairs: Calendar,
    pub(super) failing_repairs: Calendar,
    pub(super) late_wins: Calendar,
    /// Moments since the last `drain_moments`: what listeners have not seen, no part of the state.
    moments: Vec<(Tick, Moment)>,
    /// Levels at the last boundary, which needs between services read (so cycles resolve in one order).
    pub(super) levels_before: Vec<Share>,
}

impl World {
    /// The world at tick 0.
    pub fn new(scenario: Arc<Scenario>, seed: u64) -> Self {
        let draw = Draw::new(seed);
        let horizon = scenario.horizon;
        let mut world = Self {
            draw,
            seed,
            tick: Tick::ZERO,
            hosts: vec![0; scenario.hosts as usize],
            fleets: phases::hosts::fleets_at_start(&scenario, draw),
            organisations: phases::hands::organisations_at_start(&scenario),
            services: phases::services::services_at_start(&scenario),
            channels: vec![ChannelState::default(); scenario.channels.len()],
            flags: scenario.docs.world.flags.iter().map(|flag| flag.initially).collect(),
            orders: Vec::new(),
            pools_free: scenario.pools.clone(),
            events_fired: vec![None; scenario.events.len()],
            injects_fired: vec![None; scenario.injects.len()],
            receipts: Calendar::new(horizon),
            races: Calendar::new(horizon),
            repairs: Calendar::new(horizon),
            failing_repairs: Calendar::new(horizon),
            late_wins: Calendar::new(horizon),
            moments: Vec::new(),
            levels_before: vec![Share::WHOLE; scenario.services.len()],
            scenario,
        };
        world.organisations.iter_mut().enumerate().for_each(|(index, organisation)| {
            organisation.repair_order = phases::hands::repair_order(&world.scenario, index as u32, None);
        });
        world
    }

    /// True at the horizon: there is nothing left to simulate.
    pub fn is_over(&self) -> bool {
        self.scenario.horizon <= self.tick
    }

    /// Simulates one minute. Commands are applied before, at the boundary.
    ///
    /// # Panics
    /// At the horizon.
    pub fn step(&mut self) {
        assert!(!self.is_over(), "a step at {} behind the horizon {}", self.tick, self.scenario.horizon);
        phases::script::run_events(self);
        phases::orders::begin_and_end(self);
        phases::hosts::run(self);
        phases::hands::run(self);
        phases::services::run(self);
        phases::trust::run(self);
        phases::script::run_injects(self);
        self.tick = self.tick.plus(1);
    }

    /// What a host is doing.
    pub fn host(&self, host: u32) -> HostState {
        HostState::of(self.hosts[host as usize])
    }

    /// Has the host received the bad content?
    pub fn has_received(&self, host: u32) -> bool {
        self.hosts[host as usize] & RECEIVED_BIT != 0
    }

    /// Moves a host to a state: the only place that writes the column, the counts and the digest.
    pub(super) fn set_host(&mut self, fleet: u32, host: u32, state: HostState) {
        let byte = &mut self.hosts[host as usize];
        let before = *byte;
        *byte = (before & !STATE_BITS) | state as u8;
        if state == HostState::Crashing {
            *byte |= RECEIVED_BIT;
        }
        let after = *byte;
        let fleet = &mut self.fleets[fleet as usize];
        fleet.counts[(before & STATE_BITS) as usize] -= 1;
        fleet.counts[state as usize] += 1;
        let word = |byte: u8| mix((u64::from(host) << 8) | u64::from(byte));
        fleet.column_digest = fleet.column_digest.wrapping_sub(word(before)).wrapping_add(word(after));
    }

    /// The fleet a host belongs to.
    pub fn fleet_of(&self, host: u32) -> u32 {
        let after = self.scenario.fleets.partition_point(|fleet| fleet.first_host <= host);
        (after - 1) as u32
    }

    /// States of a fleet's hosts, one byte each (`HostState` as a number): what a mosaic draws.
    pub fn fleet_states(&self, fleet: u32) -> impl Iterator<Item = u8> + '_ {
        let fleet = &self.scenario.fleets[fleet as usize];
        let from = fleet.first_host as usize;
        self.hosts[from..from + fleet.hosts as usize].iter().map(|byte| byte & STATE_BITS)
    }

    pub(super) fn tell(&mut self, moment: Moment) {
        self.moments.push((self.tick, moment));
    }

    /// Hands over the moments since the last call.
    pub fn drain_moments(&mut self) -> Vec<(Tick, Moment)> {
        std::mem::take(&mut self.moments)
    }

    /// Digest of the whole state at this boundary: equal states give equal digests everywhere.
    pub fn digest(&self) -> Digest {
        let mut writer = DigestWriter::default();
        writer.word(self.scenario.digest.0);
        writer.word(self.seed);
        writer.word(u64::from(self.tick.0));
        for index in 0..self.organisations.len() as u32 {
            self.write_organisation(&mut writer, index);
        }
        let fired = self.events_fired.iter().chain(&self.injects_fired);
        fired.for_each(|at| writer.word(at.map_or(u64::MAX, |tick| u64::from(tick.0))));
        for calendar in [&self.receipts, &self.races, &self.repairs, &self.failing_repairs, &self.late_wins] {
            writer.word(calendar.digest);
        }
        for channel in &self.channels {
            writer.word(channel.live_since.map_or(u64::MAX, |tick| u64::from(tick.0)));
        }
        self.flags.iter().for_each(|&flag| writer.word(u64::from(flag)));
        self.pools_free.iter().for_each(|&free| writer.word(u64::from(free)));
        // An order taken back in time leaves no trace: the run is as if it had not been given.
        for order in self.orders.iter().filter(|order| order.state != OrderState::Cancelled) {
            writer.pair(order.mitigation, order.effective.0);
            writer.word(order.target.word());
            writer.pair(order.ends.map_or(u32::MAX, |tick| tick.0), order.state as u32);
        }
        writer.finish()
    }

    /// Digest of one organisation's part: what a decision elsewhere must leave untouched.
    pub fn organisation_digest(&self, organisation: u32) -> Digest {
        let mut writer = DigestWriter::default();
        self.write_organisation(&mut writer, organisation);
        writer.finish()
    }

    fn write_organisation(&self, writer: &mut DigestWriter, index: u32) {
        let state = &self.organisations[index as usize];
        writer.pair(state.busy, state.on_duty);
        writer.pair(state.fatigue.ppm(), state.trust.ppm());
        writer.word(state.person_min);
        writer.word(state.cost_cents);
        let organisation = &self.scenario.organisations[index as usize];
        for fleet in &self.fleets[organisation.fleets.start as usize..organisation.fleets.end as usize] {
            fleet.counts.chunks(2).for_each(|pair| writer.pair(pair[0], pair[1]));
            writer.pair(fleet.received, fleet.crashed);
            writer.pair(fleet.self_recovered, fleet.repaired);
            writer.word(fleet.column_digest);
            for queue in [&fleet.waiting_plain, &fleet.waiting_encrypted, &fleet.waiting_rebuild] {
                writer.pair(queue.len() as u32, queue.front().copied().unwrap_or(u32::MAX));
            }
        }
        for service in &self.services[organisation.services.start as usize..organisation.services.end as usize] {
            writer.pair(service.level.ppm(), service.technical.ppm());
            writer.word(service.backlog_micro);
            writer.word(service.demand_micro);
            writer.word(service.served_micro);
            writer.word(service.lost_micro);
            writer.word(service.postponed_micro);
            writer.word(service.rework_milli);
            writer.pair(service.fallback_used_min, service.below_min);
            writer.pair(service.limit.ppm(), service.below_now_min);
            writer.pair(service.first_below.map_or(u32::MAX, |tick| tick.0), service.stable_min);
            service.buffers_min.iter().for_each(|&left| writer.word(u64::from(left)));
            writer.word(service.loss_ppm_min);
            writer.pair(service.outside_min, service.recovered_at.map_or(u32::MAX, |tick| tick.0));
        }
    }
}
