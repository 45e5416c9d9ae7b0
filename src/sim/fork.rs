//! The world of a fork: it simulates the organisations that a change can reach and takes the others from its parent.
//!
//! Only a `ForkWorld` can be told levels and counts from outside, so no run can lose its own state to another one. Must
//! not decide which organisations a change reaches (`reach`) nor which commands differ (`session::fork`).

use std::sync::Arc;

use super::by_partition::partition_of;
use super::phases::{hands, services};
use super::reach::{HostCounts, Reach};
use super::world::{FleetState, HostState, World};
use crate::base::{Ix, Share};
use crate::scenario::compile::{Fleet, Service};

/// A world that simulates a part of the organisations, or all of them where it has no reach.
#[derive(Clone, Debug)]
pub struct ForkWorld {
    world: World,
}

impl ForkWorld {
    /// Takes a world at the boundary at which the fork begins. Organisations outside the reach keep their state; without
    /// a reach, everything is simulated.
    pub fn new(mut world: World, reach: Option<Arc<Reach>>) -> Self {
        if let Some(reach) = reach {
            restrict(&mut world, reach);
        }
        Self { world }
    }

    /// The world, as far as it is simulated.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world, for commands and steps.
    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// The world, where everything was simulated.
    pub fn into_world(self) -> World {
        self.world
    }

    /// Sets the level that a service outside the reach supplies from this boundary on, as in the parent.
    pub fn supply_from_outside(&mut self, service: Ix<Service>, level: Share) {
        let (scenario, tick) = (self.world.scenario.clone(), self.world.state.tick);
        services::supply(&mut self.world, &scenario, service, level, tick);
    }

    /// Sets the counts of a fleet outside the reach, as in the parent, for observables.
    pub fn count_from_outside(&mut self, fleet: Ix<Fleet>, counts: HostCounts) {
        let World { state, derived, .. } = &mut self.world;
        let state = &mut state.fleets[fleet];
        let before = state.count(HostState::Up);
        counts.write_to(state);
        derived.hosts_up = derived.hosts_up - before + state.count(HostState::Up);
    }

    /// Copies the organisations that this fork simulated into its parent at the same tick.
    ///
    /// # Panics
    /// If the fork is at another tick or simulates everything.
    pub fn splice_into(&self, parent: &mut World) {
        let fork = &self.world;
        assert_eq!(parent.state.tick, fork.state.tick, "a fork at another tick than its parent");
        let reach = fork.reach.clone().expect("a fork of some organisations");
        let scenario = parent.scenario.clone();
        for &organisation in &reach.organisations {
            let compiled = &scenario.organisations[organisation];
            parent.state.organisations[organisation] = fork.state.organisations[organisation].clone();
            parent.state.trust_lost[organisation] = fork.state.trust_lost[organisation];
            for fleet in compiled.fleets {
                parent.state.fleets[fleet].waiting.clear(&mut parent.state.queue_arena);
                let waiting =
                    fork.state.fleets[fleet].waiting.copied(&fork.state.queue_arena, &mut parent.state.queue_arena);
                parent.state.fleets[fleet] = FleetState { waiting, ..fork.state.fleets[fleet].clone() };
                let hosts = scenario.wiring.fleet_hosts(fleet);
                parent.state.hosts[hosts].copy_from_slice(&fork.state.hosts[hosts]);
            }
            for service in compiled.services {
                parent.state.services[service] = fork.state.services[service].clone();
                parent.derived.effects[service] = fork.derived.effects[service].clone();
                let needs = scenario.services[service].needs;
                parent.state.needs[needs].copy_from_slice(&fork.state.needs[needs]);
            }
        }
        parent.recount_up();
        take_common(parent, fork);
        parent.state.calendars.retain(|purpose, entity| !reach.has_due(&scenario, purpose, entity));
        parent.state.calendars.merge(&fork.state.calendars, |purpose, entity| partition_of(&scenario, purpose, entity));
        parent.derived.seal.forget();
    }
}

/// Restricts the simulation to some organisations; the others keep their state.
fn restrict(world: &mut World, reach: Arc<Reach>) {
    let scenario = world.scenario.clone();
    // Those who stand still keep cost and fatigue of this boundary.
    hands::accrue(world, world.state.tick);
    let of_service = |service: Ix<Service>| reach.has(scenario.services[service].organisation);
    world.state.calendars.retain(|purpose, entity| reach.has_due(&scenario, purpose, entity));
    let lists = &mut world.derived.lists;
    lists.moving.retain(|&service| of_service(service));
    lists.touched_fleets.retain(|&fleet| reach.has(scenario.fleets[fleet].organisation));
    for list in [&mut lists.dirty, &mut lists.waiting, &mut lists.surging, &mut lists.uneasy] {
        list.retain(|&organisation| reach.has(organisation));
    }
    lists.events.retain(|event| reach.events_of_parent.iter().all(|(followed, _)| followed != event));
    lists.injects.retain(|inject| reach.injects_of_parent.iter().all(|(followed, _)| followed != inject));
    world.reach = Some(reach);
}

/// Copies the state that belongs to no organisation; a fork simulates all of it.
fn take_common(parent: &mut World, fork: &World) {
    parent.state.orders.clone_from(&fork.state.orders);
    parent.derived.orders_of.clone_from(&fork.derived.orders_of);
    parent.state.grants.clone_from(&fork.state.grants);
    parent.state.pools_free.clone_from(&fork.state.pools_free);
    parent.state.prepared_cents.clone_from(&fork.state.prepared_cents);
    parent.state.flags.clone_from(&fork.state.flags);
    parent.state.channels.clone_from(&fork.state.channels);
    parent.state.events_fired.clone_from(&fork.state.events_fired);
    parent.state.injects_fired.clone_from(&fork.state.injects_fired);
}
