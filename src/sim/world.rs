//! The state of a run in columns, and the step from one tick to the next.
//!
//! Owns every number that changes. Invariant: a fleet's counts by state sum to its hosts at every
//! tick, and the column of hosts is the only truth about a host (counts and queues follow it).
//!
//! Only what something happens to is touched: hosts through calendars, organisations when their hands
//! or hosts change, services while they move. The rest is a function of when it last changed
//! (`services::reckon`, `OrganisationState::person_min`), so that quiet entities cost nothing. The rules are
//! docs/model.md.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::phases;
use super::pool::Pool;
use super::reach::Reach;
use super::seal::Seal;
pub use super::state::*;
use crate::base::{Draw, Share, Tick};
use crate::scenario::compile::{Channel, Organisation, RingPlan, Scenario, Target};

/// The whole state of a run at a tick boundary.
#[derive(Clone, Debug)]
pub struct World {
    pub scenario: Arc<Scenario>,
    pub draw: Draw,
    pub seed: u64,
    /// The tick that `step` simulates next.
    pub tick: Tick,
    pub(super) hosts: Vec<u8>,
    pub fleets: Vec<FleetState>,
    /// Where hosts wait for hands: the lines of all fleets.
    pub(super) queues: Pool,
    /// Counts changes of flags, which decide which methods are usable.
    pub(super) methods_of: u32,
    pub(super) organisations: Vec<OrganisationState>,
    pub(super) services: Vec<ServiceState>,
    pub(super) effects: Vec<ServiceEffects>,
    /// Needs of all services, as in the scenario.
    pub(super) needs: Vec<NeedState>,
    pub channels: Vec<ChannelState>,
    pub flags: Vec<bool>,
    pub orders: Vec<Order>,
    pub(super) orders_of: BTreeMap<Target, Vec<u32>>,
    pub grants: Vec<Grant>,
    /// Technicians of each pool not lent.
    pub pools_free: Vec<u32>,
    /// Spent on preparation by seat, in cents.
    pub prepared_cents: Vec<u64>,
    pub events_fired: Vec<Option<Tick>>,
    pub injects_fired: Vec<Option<Tick>>,
    pub(super) calendars: Calendars,
    pub(super) lists: Lists,
    pub(super) seal: Seal,
    /// Set in a fork that simulates only some organisations.
    pub(super) reach: Option<Arc<Reach>>,
    /// Moments since the last `drain_moments`: what listeners have not seen, no part of the state.
    moments: Vec<(Tick, Moment)>,
    /// Services whose level changed in the last step and which others need.
    pub(super) levels_changed: Vec<u32>,
    /// Hosts moved and services stepped so far: how much replaying costs. No part of the state.
    pub(super) work: u64,
    /// Hosts that are `Up`, of all fleets: a sum that would else touch every fleet.
    hosts_up: u32,
    /// Lists are read ahead: this world does not fit the caches.
    pub(super) warms: bool,
}

impl World {
    /// The world at tick 0.
    pub fn new(scenario: Arc<Scenario>, seed: u64) -> Self {
        let draw = Draw::new(seed);
        let staged = |plan: &RingPlan| plan.is_in_use;
        let channel =
            |of: &Channel| ChannelState { is_staged: of.rings.as_ref().is_some_and(staged), ..ChannelState::default() };
        let trust = Share::from_ppm(phases::trust::TRUST_AT_START_PPM);
        let organisation = |of: &Organisation| OrganisationState::new(trust, of.week_phase_min);
        let mut world = Self {
            draw,
            seed,
            tick: Tick::ZERO,
            hosts: vec![0; scenario.hosts as usize],
            fleets: phases::hosts::fleets_at_start(&scenario, draw),
            queues: Pool::new(),
            methods_of: 1,
            organisations: scenario.organisations.iter().map(organisation).collect(),
            services: phases::services::services_at_start(&scenario),
            effects: vec![ServiceEffects::default(); scenario.services.len()],
            needs: phases::services::needs_at_start(&scenario),
            channels: scenario.channels.iter().map(channel).collect(),
            flags: scenario.docs.world.flags.iter().map(|flag| flag.initially).collect(),
            orders: Vec::new(),
            orders_of: BTreeMap::new(),
            grants: Vec::new(),
            pools_free: scenario.pools.clone(),
            prepared_cents: vec![0; scenario.seats.len()],
            events_fired: vec![None; scenario.events.len()],
            injects_fired: vec![None; scenario.injects.len()],
            calendars: Calendars::new(scenario.horizon),
            lists: Lists {
                moving: phases::services::moving_at_start(&scenario),
                events: (0..scenario.events.len() as u32).collect(),
                injects: (0..scenario.injects.len() as u32).collect(),
                ..Lists::default()
            },
            seal: Seal::new(&scenario),
            reach: None,
            moments: Vec::new(),
            levels_changed: Vec::new(),
            work: 0,
            hosts_up: scenario.hosts,
            warms: false,
            scenario,
        };
        world.warms = world.is_worth_warming();
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
        let minute = self.tick;
        self.tick = minute.plus(1);
        phases::script::run_injects(self, minute);
    }

    /// How much has been simulated so far, in hosts moved and services stepped.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Bytes that a copy of this world takes, about: columns, and what is on calendars and in queues.
    pub fn bytes(&self) -> usize {
        let down: usize = self.fleets.iter().map(|fleet| fleet.impaired() as usize).sum();
        let columns = self.hosts.len()
            + self.fleets.len() * (size_of::<FleetState>() + 8)
            + self.organisations.len() * (size_of::<OrganisationState>() + 8)
            + self.services.len() * (size_of::<ServiceState>() + size_of::<ServiceEffects>() + 8)
            + self.needs.len() * size_of::<NeedState>()
            + self.orders.len() * size_of::<Order>();
        let lines = 9 * 2 * size_of::<u32>() * (self.scenario.horizon.0 as usize + 1);
        columns + lines + down * 3 * size_of::<u32>()
    }

    /// Hosts that are up or merely switched off.
    pub fn hosts_up(&self) -> u32 {
        self.hosts_up
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
    /// Always in line: half of it falls away where `to` is known.
    #[inline(always)]
    pub(super) fn set_host(&mut self, fleet: u32, host: u32, to: HostState) {
        let byte = &mut self.hosts[host as usize];
        let before = *byte;
        let received = if to == HostState::Crashing { RECEIVED_BIT } else { before & RECEIVED_BIT };
        let after = received | to as u8;
        *byte = after;
        let state = &mut self.fleets[fleet as usize];
        state.counts[(before & STATE_BITS) as usize] -= 1;
        state.counts[to as usize] += 1;
        if self.seal.is_kept {
            let (gone, come) = (host_word(host, before), host_word(host, after));
            state.column_digest = state.column_digest.wrapping_sub(gone).wrapping_add(come);
        }
        let was_up = before & STATE_BITS == HostState::Up as u8;
        let is_up = to == HostState::Up;
        self.hosts_up = self.hosts_up - u32::from(was_up) + u32::from(is_up);
        if was_up != is_up && !state.is_touched {
            state.is_touched = true;
            self.lists.touched_fleets.push(fleet);
        }
        self.unseal_fleet(fleet);
    }

    /// The column's digest of a fleet.
    pub(super) fn column_digest(&self, fleet: u32) -> u64 {
        if self.seal.is_kept {
            return self.fleets[fleet as usize].column_digest;
        }
        let of = &self.scenario.fleets[fleet as usize];
        let hosts = of.first_host..of.first_host + of.hosts;
        hosts.map(|host| host_word(host, self.hosts[host as usize])).fold(0, u64::wrapping_add)
    }

    /// After hosts were taken over from another world.
    pub(super) fn recount_up(&mut self) {
        self.hosts_up = self.fleets.iter().map(|fleet| fleet.count(HostState::Up)).sum();
    }

    /// States of a fleet's hosts, one byte each (`HostState` as a number): what a mosaic draws.
    pub fn fleet_states(&self, fleet: u32) -> impl Iterator<Item = u8> + '_ {
        let fleet = &self.scenario.fleets[fleet as usize];
        let from = fleet.first_host as usize;
        self.hosts[from..from + fleet.hosts as usize].iter().map(|byte| byte & STATE_BITS)
    }

    /// What customers get of a service now.
    pub fn level(&self, service: u32) -> Share {
        self.services[service as usize].level
    }

    /// What a service's needs allow now, before its fallback.
    pub fn technical(&self, service: u32) -> Share {
        self.services[service as usize].technical
    }

    /// A service at this boundary.
    pub fn service(&self, service: u32) -> ServiceView {
        phases::services::view(self, service)
    }

    /// An organisation at this boundary.
    pub fn organisation(&self, organisation: u32) -> OrganisationView {
        let state = &self.organisations[organisation as usize];
        OrganisationView {
            busy: state.busy,
            on_duty: phases::hands::on_duty(self, organisation),
            fatigue: state.fatigue,
            trust: state.trust,
            person_min: state.person_min(self.tick),
            cost_cents: state.cost_cents,
            clocks_missed: state.clocks_missed,
        }
    }

    /// What orders in force make of an organisation.
    pub fn modifiers(&self, organisation: u32) -> &Modifiers {
        self.organisations[organisation as usize].modifiers()
    }

    /// Who is on duty, or which methods are at hand, may have changed.
    pub(super) fn reconsider(&mut self, organisation: u32) {
        self.organisations[organisation as usize].duty_hour = NO_HOUR;
        for fleet in self.scenario.organisations[organisation as usize].fleets.clone() {
            self.fleets[fleet as usize].waiting.methods_of = 0;
        }
        self.mark_dirty(organisation);
    }

    /// Its hands or hosts changed: they are looked at in this minute, or the next if that is past.
    #[inline]
    pub(super) fn mark_dirty(&mut self, organisation: u32) {
        let lists = &mut self.organisations[organisation as usize].lists;
        if !lists.is_dirty {
            lists.is_dirty = true;
            self.lists.dirty.push(organisation);
        }
    }

    /// Its digest must be made anew.
    #[inline]
    pub(super) fn unseal(&mut self, organisation: u32) {
        let lists = &mut self.organisations[organisation as usize].lists;
        if self.seal.is_kept && !lists.is_unsealed {
            lists.is_unsealed = true;
            self.seal.organisations.push(organisation);
        }
    }

    /// The fleet's digest must be made anew.
    #[inline]
    pub(super) fn unseal_fleet(&mut self, fleet: u32) {
        let state = &mut self.fleets[fleet as usize];
        if self.seal.is_kept && !state.is_unsealed {
            state.is_unsealed = true;
            self.seal.fleets.push(fleet);
        }
    }

    /// Flags decide which methods are usable: everybody with waiting hosts looks again.
    pub(super) fn reconsider_methods(&mut self) {
        self.methods_of += 1;
        for at in 0..self.lists.waiting.len() {
            self.mark_dirty(self.lists.waiting[at]);
        }
    }

    pub(super) fn tell(&mut self, minute: Tick, moment: Moment) {
        self.moments.push((minute, moment));
    }

    /// Hands over the moments since the last call.
    pub fn drain_moments(&mut self) -> Vec<(Tick, Moment)> {
        std::mem::take(&mut self.moments)
    }
}
