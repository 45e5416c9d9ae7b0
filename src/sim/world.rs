//! The world of a run: its state in columns.
//!
//! Owns every number that changes during a run, in three types. `State` is what digests cover, `Derived` is what follows
//! from the state or from the way the run reached it, `Scratch` is what steps leave for their callers. The state's
//! columns also hold copies of the scenario and marks of work lists where those share a cache line with digested fields;
//! docs/determinism.md lists what digests cover.
//!
//! Must not visit entities to which nothing happens: hosts come up through calendars, organisations when their hands or
//! hosts change, services while they move. Everything else is a function of the tick of its last change
//! (`services::view`, `OrganisationState::person_min`). docs/model.md states the rules. Invariant: at every boundary the
//! counts of a fleet by state sum to its hosts, and the column of hosts is the only record of a host's state (counts and
//! queues follow it).

use std::sync::{Arc, OnceLock};

use super::calendar::Calendars;
use super::queue_arena::QueueArena;
use super::reach::Reach;
use super::seal::Seal;
use super::slice::Slice;
pub use super::state::*;
use crate::base::{Column, Draw, Ix, Share, Tick};
use crate::scenario::compile::{
    Channel, Event, Flag, Fleet, Host, Inject, Need, Organisation, Scenario, Seat, Service, StaffPool, Target,
};

/// A run at a tick boundary.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) scenario: Arc<Scenario>,
    pub(super) draw: Draw,
    pub(super) seed: u64,
    pub(super) state: State,
    pub(super) derived: Derived,
    pub(super) scratch: Scratch,
    /// The organisations that a fork simulates; none for all.
    pub(super) reach: Option<Arc<Reach>>,
}

/// The digested state.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The tick that `step` simulates next.
    pub(super) tick: Tick,
    /// One byte for each host: its state, and whether it has received the content.
    pub(super) hosts: Column<Host, u8>,
    pub(super) fleets: Column<Fleet, FleetState>,
    /// The queues of waiting hosts of all fleets.
    pub(super) queue_arena: QueueArena,
    pub(super) organisations: Column<Organisation, OrganisationState>,
    /// Trust of customers and press below that before the incident, in ppm, summed over both and over updates of trust.
    /// It follows from the course of trust and is not digested.
    pub(super) trust_lost: Column<Organisation, u64>,
    pub(super) services: Column<Service, ServiceState>,
    /// Needs of all services, by index as in the scenario.
    pub(super) needs: Column<Need, NeedState>,
    pub(super) channels: Column<Channel, ChannelState>,
    pub(super) flags: Column<Flag, bool>,
    pub(super) orders: Column<Order>,
    pub(super) grants: Vec<Grant>,
    /// Technicians of each staff pool that are not lent.
    pub(super) pools_free: Column<StaffPool, u32>,
    /// Money spent on preparation by each seat, in cents.
    pub(super) prepared_cents: Column<Seat, u64>,
    pub(super) events_fired: Column<Event, Option<Tick>>,
    pub(super) injects_fired: Column<Inject, Option<Tick>>,
    /// Hosts, services and clocks by the tick at which they are due, and the begins and ends of orders, which follow from
    /// `orders` and are not digested.
    pub(super) calendars: Calendars,
}

/// Caches and indices: no digest covers them.
#[derive(Clone, Debug)]
pub(super) struct Derived {
    /// Number of changes of flags: fleets cache their usable methods together with it.
    pub methods_version: u32,
    /// What orders make of each service.
    pub effects: Column<Service, ServiceEffects>,
    /// Orders by the organisation of their target, in the order given; last those about the whole world.
    pub orders_of: Vec<Vec<Ix<Order>>>,
    pub lists: Lists,
    /// The number of hosts that are up, over all fleets.
    pub hosts_up: u32,
    /// Hosts in scope by fleet, counted at the first use; a function of scenario and seed.
    pub in_scope: Arc<OnceLock<Column<Fleet, u32>>>,
    pub seal: Seal,
    /// Work lists are prefetched: the world does not fit the caches.
    pub is_prefetching: bool,
}

/// Results of past steps for their callers, and the working memory of a step.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    /// Moments since the last `drain_moments`.
    pub moments: Vec<(Tick, Moment)>,
    /// Services with dependent services whose level changed in the last step.
    pub levels_changed: Vec<Ix<Service>>,
    /// The number of hosts moved and services stepped so far: a measure for the cost of a replay.
    pub work: u64,
    /// `advance` uses time slices even where they are slower.
    pub always_by_slices: bool,
    /// The time slice that is being simulated.
    pub slice: Option<Box<Slice>>,
}

impl World {
    /// Whether this world simulates an organisation.
    pub(super) fn is_reached(&self, organisation: Ix<Organisation>) -> bool {
        self.reach.as_ref().is_none_or(|reach| reach.has(organisation))
    }

    /// The services with dependent services whose level changed in the last step.
    pub fn levels_changed(&self) -> impl Iterator<Item = (Ix<Service>, Share)> + '_ {
        self.scratch.levels_changed.iter().map(|&service| (service, self.level(service)))
    }

    /// The scenario of the run.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// The tick that `step` simulates next.
    pub fn tick(&self) -> Tick {
        self.state.tick
    }

    /// The counts of each fleet.
    pub fn fleets(&self) -> &Column<Fleet, FleetState> {
        &self.state.fleets
    }

    /// Whether an order changes one organisation alone, so that it can begin and end within a time slice.
    pub(super) fn is_local(&self, order: Ix<Order>) -> bool {
        let order = &self.state.orders[order];
        order.target != Target::World && self.scenario.mitigations[order.mitigation].effect.borrowed().is_none()
    }

    /// Orders for a target, in the order given.
    pub(super) fn orders_for(&self, target: Target) -> impl Iterator<Item = (Ix<Order>, &Order)> {
        let orders = self.derived.orders_of[self.orders_place(target)].iter();
        orders.map(|&index| (index, &self.state.orders[index])).filter(move |(_, order)| order.target == target)
    }

    /// The place of a target's orders in `orders_of`.
    pub(super) fn orders_place(&self, target: Target) -> usize {
        self.scenario.organisation_of(target).map_or(self.state.organisations.len(), Ix::position)
    }

    /// The releases of each channel.
    pub fn channels(&self) -> &Column<Channel, ChannelState> {
        &self.state.channels
    }

    /// Whether each flag is up.
    pub fn flags(&self) -> &Column<Flag, bool> {
        &self.state.flags
    }

    /// Accepted orders, in the order given.
    pub fn orders(&self) -> &Column<Order> {
        &self.state.orders
    }

    /// Technicians of each staff pool that are not lent.
    pub fn pools_free(&self) -> &Column<StaffPool, u32> {
        &self.state.pools_free
    }

    /// The tick at which each event fired; none for events to come.
    pub fn events_fired(&self) -> &Column<Event, Option<Tick>> {
        &self.state.events_fired
    }

    /// The tick at which each inject reached its seats; none for injects to come.
    pub fn injects_fired(&self) -> &Column<Inject, Option<Tick>> {
        &self.state.injects_fired
    }

    /// True at the horizon, where nothing is left to simulate.
    pub fn is_over(&self) -> bool {
        self.scenario.horizon <= self.state.tick
    }

    /// The amount of simulation so far, in hosts moved and services stepped.
    pub fn work(&self) -> u64 {
        self.scratch.work
    }

    /// The number of hosts that are up, those that are switched off included.
    pub fn hosts_up(&self) -> u32 {
        self.derived.hosts_up
    }

    /// The state of a host.
    pub fn host(&self, host: Ix<Host>) -> HostState {
        HostState::from_byte(self.state.hosts[host])
    }

    /// Whether the host has received the bad content.
    pub fn has_received(&self, host: Ix<Host>) -> bool {
        self.state.hosts[host] & RECEIVED_BIT != 0
    }

    /// Writes a host's new state into the column and its digest, and returns the previous state. The caller must update
    /// the counts (`count_moved`). No other function writes the column.
    #[inline]
    pub(super) fn write_host(&mut self, fleet: Ix<Fleet>, host: Ix<Host>, to: HostState) -> HostState {
        let byte = &mut self.state.hosts[host];
        let before = *byte;
        let received = if to == HostState::Crashing { RECEIVED_BIT } else { before & RECEIVED_BIT };
        let after = received | to as u8;
        *byte = after;
        self.digest_byte(fleet, host, before, after);
        HostState::from_byte(before)
    }

    /// Marks a host that is down as out of reach, or as in reach again. A change of its state takes the mark away.
    pub(super) fn mark_away(&mut self, fleet: Ix<Fleet>, host: Ix<Host>, is_away: bool) {
        let byte = &mut self.state.hosts[host];
        let before = *byte;
        let after = if is_away { before | AWAY_BIT } else { before & !AWAY_BIT };
        *byte = after;
        self.digest_byte(fleet, host, before, after);
    }

    /// Puts a change of a host's byte into the digest of its fleet.
    #[inline(always)]
    fn digest_byte(&mut self, fleet: Ix<Fleet>, host: Ix<Host>, before: u8, after: u8) {
        if self.derived.seal.is_kept {
            let state = &mut self.state.fleets[fleet];
            let (gone, come) = (host_word(host, before), host_word(host, after));
            state.column_digest = state.column_digest.wrapping_sub(gone).wrapping_add(come);
        }
    }

    /// Updates the counts of a fleet after hosts changed from one state to another. Inlined, since most callers pass
    /// constant states.
    #[inline(always)]
    pub(super) fn count_moved(&mut self, fleet: Ix<Fleet>, from: HostState, to: HostState, hosts: u32) {
        let state = &mut self.state.fleets[fleet];
        state.counts[from as usize] -= hosts;
        state.counts[to as usize] += hosts;
        let (was_up, is_up) = (from == HostState::Up, to == HostState::Up);
        if was_up != is_up {
            if let Some(slice) = &mut self.scratch.slice {
                slice.count_up(self.state.tick, if is_up { i64::from(hosts) } else { -i64::from(hosts) });
            }
            self.derived.hosts_up = if is_up { self.derived.hosts_up + hosts } else { self.derived.hosts_up - hosts };
            if !state.is_touched {
                state.is_touched = true;
                self.derived.lists.touched_fleets.push(fleet);
            }
        }
        self.unseal_fleet(fleet);
    }

    /// The digest of a fleet's part of the host column.
    pub(super) fn column_digest(&self, fleet: Ix<Fleet>) -> u64 {
        if self.derived.seal.is_kept {
            return self.state.fleets[fleet].column_digest;
        }
        let hosts = self.scenario.wiring.fleet_hosts(fleet).iter();
        hosts.map(|host| host_word(host, self.state.hosts[host])).fold(0, u64::wrapping_add)
    }

    /// Recounts the hosts that are up, after hosts were copied from another world.
    pub(super) fn recount_up(&mut self) {
        self.derived.hosts_up = self.state.fleets.iter().map(|fleet| fleet.count(HostState::Up)).sum();
    }

    /// The states of a fleet's hosts, each `HostState` as a number.
    pub fn fleet_states(&self, fleet: Ix<Fleet>) -> impl Iterator<Item = u8> + '_ {
        self.state.hosts[self.scenario.wiring.fleet_hosts(fleet)].iter().map(|byte| byte & STATE_BITS)
    }

    /// The level of a service for its customers now.
    pub fn level(&self, service: Ix<Service>) -> Share {
        self.state.services[service].level
    }

    /// The level that a service's needs allow now, before its fallback.
    pub fn technical(&self, service: Ix<Service>) -> Share {
        self.state.services[service].technical
    }

    /// The combined effects of the orders in force on an organisation.
    pub fn modifiers(&self, organisation: Ix<Organisation>) -> &Modifiers {
        self.state.organisations[organisation].modifiers()
    }

    /// Drops cached duty and methods of an organisation, and marks it dirty: one of the two may have changed.
    pub(super) fn reconsider(&mut self, organisation: Ix<Organisation>) {
        self.state.organisations[organisation].duty_hour = NO_HOUR;
        for fleet in self.scenario.organisations[organisation].fleets {
            self.state.fleets[fleet].waiting.methods_version = 0;
        }
        self.mark_dirty(organisation);
    }

    /// Marks an organisation whose hands or hosts changed: the hands phase of this minute evaluates it, or that of the
    /// next minute if this one is over.
    #[inline]
    pub(super) fn mark_dirty(&mut self, organisation: Ix<Organisation>) {
        let lists = &mut self.state.organisations[organisation].lists;
        if !lists.is_dirty {
            lists.is_dirty = true;
            self.derived.lists.dirty.push(organisation);
        }
    }

    /// Marks the word of an organisation as outdated.
    #[inline]
    pub(super) fn unseal(&mut self, organisation: Ix<Organisation>) {
        let lists = &mut self.state.organisations[organisation].lists;
        if self.derived.seal.is_kept && !lists.is_unsealed {
            lists.is_unsealed = true;
            self.derived.seal.organisations.push(organisation);
        }
    }

    /// Marks the word of a fleet as outdated.
    #[inline]
    pub(super) fn unseal_fleet(&mut self, fleet: Ix<Fleet>) {
        let state = &mut self.state.fleets[fleet];
        if self.derived.seal.is_kept && !state.is_unsealed {
            state.is_unsealed = true;
            self.derived.seal.fleets.push(fleet);
        }
    }

    /// Marks all organisations with waiting hosts: a flag changed, and flags decide which methods are usable.
    pub(super) fn reconsider_methods(&mut self) {
        self.derived.methods_version += 1;
        for index in 0..self.derived.lists.waiting.len() {
            self.mark_dirty(self.derived.lists.waiting[index]);
        }
    }

    pub(super) fn push_moment(&mut self, minute: Tick, moment: Moment) {
        self.scratch.moments.push((minute, moment));
    }

    /// The number of moments that were not drained yet.
    pub(super) fn moments_count(&self) -> usize {
        self.scratch.moments.len()
    }

    /// Sorts the moments from one index on by their minutes; within a minute events come before injects.
    pub(super) fn order_moments(&mut self, from: usize) {
        self.scratch.moments[from..].sort_by_key(|&(minute, moment)| (minute, matches!(moment, Moment::Inject(_))));
    }

    /// Returns the moments since the last call.
    pub fn drain_moments(&mut self) -> Vec<(Tick, Moment)> {
        std::mem::take(&mut self.scratch.moments)
    }
}
