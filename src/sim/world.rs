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
use std::sync::{Arc, OnceLock};

use super::calendar::Calendars;
use super::memory::Rows;
use super::phases;
use super::pool::Pool;
use super::reach::Reach;
use super::seal::Seal;
pub use super::state::*;
use super::window::Window;
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
    pub(super) hosts_up: u32,
    /// Lists are read ahead: this world does not fit the caches.
    pub(super) warms: bool,
    /// Hosts in scope by fleet, counted when somebody asks; a function of scenario and seed.
    in_scope: Arc<OnceLock<Box<[u32]>>>,
    /// `advance` goes by windows, whether it pays or not.
    pub(super) always_by_windows: bool,
    /// Set while a block of organisations is simulated some minutes ahead of the others.
    pub(super) window: Option<Box<Window>>,
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
            fleets: phases::hosts::fleets_at_start(&scenario),
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
            always_by_windows: false,
            window: None,
            in_scope: Arc::default(),
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
        self.end_minute();
    }

    /// The minute after what the script and orders do at its begin.
    pub(super) fn end_minute(&mut self) {
        let scenario = self.scenario.clone();
        let channels = phases::hosts::begin_charts(self);
        if !channels.is_empty() {
            phases::hosts::chart(self, &channels, 0..self.fleets.len() as u32);
        }
        self.calendars.open_all(self.tick);
        self.run_minute(&scenario);
        let minute = self.tick;
        self.tick = minute.plus(1);
        phases::script::run_injects(self, minute, self.tick);
    }

    /// What a minute does to organisations that have something to do in it.
    pub(super) fn run_minute(&mut self, scenario: &Scenario) {
        phases::hosts::run(self, scenario);
        phases::hands::run(self, scenario);
        phases::services::run(self, scenario);
        phases::trust::run(self, scenario);
    }

    /// How much has been simulated so far, in hosts moved and services stepped.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Bytes that a copy of this world takes, about: columns, and what is on calendars and in queues.
    pub fn bytes(&self) -> usize {
        let rows = Rows {
            hosts: self.hosts.len(),
            fleets: self.fleets.len(),
            organisations: self.organisations.len(),
            services: self.services.len(),
            needs: self.needs.len(),
            orders: self.orders.len(),
        };
        rows.bytes() + self.calendars.bytes() + self.queues.bytes()
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

    /// Writes a host's new state into the column and its digest; the counts must follow (`count_moved`). The only place
    /// that writes the column. Gives the state before.
    #[inline]
    pub(super) fn write_host(&mut self, fleet: u32, host: u32, to: HostState) -> HostState {
        let byte = &mut self.hosts[host as usize];
        let before = *byte;
        let received = if to == HostState::Crashing { RECEIVED_BIT } else { before & RECEIVED_BIT };
        let after = received | to as u8;
        *byte = after;
        if self.seal.is_kept {
            let state = &mut self.fleets[fleet as usize];
            let (gone, come) = (host_word(host, before), host_word(host, after));
            state.column_digest = state.column_digest.wrapping_sub(gone).wrapping_add(come);
        }
        HostState::of(before)
    }

    /// Counts hosts of a fleet that were moved from one state to another. In line, since callers know the states.
    #[inline(always)]
    pub(super) fn count_moved(&mut self, fleet: u32, from: HostState, to: HostState, hosts: u32) {
        let state = &mut self.fleets[fleet as usize];
        state.counts[from as usize] -= hosts;
        state.counts[to as usize] += hosts;
        let (was_up, is_up) = (from == HostState::Up, to == HostState::Up);
        if was_up != is_up {
            if let Some(window) = &mut self.window {
                window.count_up(self.tick, if is_up { i64::from(hosts) } else { -i64::from(hosts) });
            }
            self.hosts_up = if is_up { self.hosts_up + hosts } else { self.hosts_up - hosts };
            if !state.is_touched {
                state.is_touched = true;
                self.lists.touched_fleets.push(fleet);
            }
        }
        self.unseal_fleet(fleet);
    }

    /// Hosts of a fleet that run the channel's platform and sensor: others are never hit.
    pub fn in_scope(&self, fleet: u32) -> u32 {
        self.in_scope.get_or_init(|| phases::hosts::count_in_scope(&self.scenario, self.draw))[fleet as usize]
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

    /// Moments not yet handed over.
    pub(super) fn told(&self) -> usize {
        self.moments.len()
    }

    /// Moments told from one on stand as their minutes came: events at the begin of each, injects at the end.
    pub(super) fn order_moments(&mut self, from: usize) {
        self.moments[from..].sort_by_key(|&(at, moment)| (at, matches!(moment, Moment::Inject(_))));
    }

    /// Hands over the moments since the last call.
    pub fn drain_moments(&mut self) -> Vec<(Tick, Moment)> {
        std::mem::take(&mut self.moments)
    }
}
