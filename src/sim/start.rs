//! The world at tick 0.

use std::sync::Arc;

use super::calendar::Calendars;
use super::phases::{hosts, services, trust};
use super::queue_arena::QueueArena;
use super::seal::Seal;
use super::state::{ChannelState, Lists, OrganisationState, ServiceEffects};
use super::world::{Derived, Scratch, State, World};
use crate::base::{Column, Draw, Share, Tick};
use crate::scenario::compile::{Channel, Organisation, RingPlan, Scenario};

impl World {
    /// The world at tick 0.
    pub fn new(scenario: Arc<Scenario>, seed: u64) -> Self {
        let mut world = Self {
            draw: Draw::new(seed),
            seed,
            state: State::new(&scenario),
            derived: Derived::new(&scenario),
            scratch: Scratch::default(),
            reach: None,
            scenario,
        };
        world.derived.is_prefetching = world.is_worth_prefetching();
        world
    }
}

impl State {
    /// The state at tick 0.
    fn new(scenario: &Scenario) -> Self {
        let is_staged = |rings: &RingPlan| rings.is_in_use;
        let channel = |channel: &Channel| ChannelState {
            is_staged: channel.rings.as_ref().is_some_and(is_staged),
            ..ChannelState::default()
        };
        let trust = Share::from_ppm(trust::TRUST_AT_START_PPM);
        let organisation = |organisation: &Organisation| OrganisationState::new(trust, organisation.week_phase_min);
        Self {
            tick: Tick::ZERO,
            hosts: Column::filled(0, scenario.hosts as usize),
            fleets: hosts::fleets_at_start(scenario),
            queue_arena: QueueArena::new(),
            organisations: scenario.organisations.iter().map(organisation).collect(),
            trust_lost: Column::filled(0, scenario.organisations.len()),
            services: services::services_at_start(scenario),
            needs: services::needs_at_start(scenario),
            channels: scenario.channels.iter().map(channel).collect(),
            flags: scenario.docs.world.flags.iter().map(|flag| flag.initially).collect(),
            orders: Column::new(),
            grants: Vec::new(),
            pools_free: scenario.pools.clone(),
            prepared_cents: Column::filled(0, scenario.seats.len()),
            events_fired: Column::filled(None, scenario.events.len()),
            injects_fired: Column::filled(None, scenario.injects.len()),
            calendars: Calendars::new(scenario.horizon),
        }
    }
}

impl Derived {
    /// The caches of the state at tick 0.
    fn new(scenario: &Scenario) -> Self {
        Self {
            methods_version: 1,
            effects: Column::filled(ServiceEffects::default(), scenario.services.len()),
            orders_of: vec![Vec::new(); scenario.organisations.len() + 1],
            lists: Lists {
                moving: services::moving_at_start(scenario),
                events: scenario.events.indices().collect(),
                injects: scenario.injects.indices().collect(),
                ..Lists::default()
            },
            hosts_up: scenario.hosts,
            in_scope: Arc::default(),
            seal: Seal::new(scenario),
            is_prefetching: false,
        }
    }
}
