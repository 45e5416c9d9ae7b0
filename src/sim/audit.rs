//! Invariants of a world at every boundary. Must not change the world.
//!
//! `audit` recounts every host and belongs to tests and the swarm. `audit_counts` compares counts with each other; in
//! builds with debug assertions, the simulation calls it at every hour.

use crate::base::Ix;
use crate::scenario::compile::{Fleet, Host, Organisation, Service};
use crate::sim::phases::hosts;
use crate::sim::world::{HostState, Order, OrderState, World};

/// Recounts the host column and compares it with the counts, then audits the counts and the demand of services.
///
/// # Panics
/// With the numbers, at the first invariant that does not hold.
pub fn audit(world: &World) {
    let scenario = &world.scenario;
    for fleet in scenario.fleets.indices() {
        let mut counts = [0_u32; HostState::ALL.len()];
        world.fleet_states(fleet).for_each(|byte| counts[byte as usize] += 1);
        let name = scenario.fleet_key(fleet);
        let state = &world.state.fleets[fleet];
        assert_eq!(counts, state.counts, "counts of {name} at {}", world.state.tick);
        assert!(state.received <= world.in_scope(fleet), "{name} received beyond its scope at {}", world.state.tick);
    }
    audit_counts(world);
    scenario.organisations.indices().for_each(|organisation| audit_waiting(world, organisation));
    scenario.services.indices().for_each(|service| audit_demand(world, service));
}

/// Compares the counts of fleets, organisations, staff pools and the world with each other, without a visit to hosts.
/// A fork is audited as far as it simulates.
///
/// # Panics
/// With the numbers, at the first invariant that does not hold.
pub fn audit_counts(world: &World) {
    let organisations = world.scenario.organisations.indices();
    organisations.filter(|&organisation| world.is_reached(organisation)).for_each(|organisation| {
        let fleets = world.scenario.organisations[organisation].fleets;
        fleets.iter().for_each(|fleet| audit_fleet(world, fleet));
        audit_organisation(world, organisation);
    });
    audit_pools(world);
    let up: u32 = world.state.fleets.iter().map(|fleet| fleet.count(HostState::Up)).sum();
    assert_eq!(up, world.hosts_up(), "hosts up at {}", world.state.tick);
}

/// The counts of a fleet sum to its hosts, and each host that received the release is crashing, down or back.
fn audit_fleet(world: &World, fleet: Ix<Fleet>) {
    let name = || world.scenario.fleet_key(fleet);
    let (state, tick) = (&world.state.fleets[fleet], world.state.tick);
    let hosts = world.scenario.fleets[fleet].hosts;
    assert_eq!(state.counts.iter().sum::<u32>(), hosts, "hosts of {} at {tick}", name());
    let crashing = state.count(HostState::Crashing);
    let down = state.down() - crashing;
    assert_eq!(
        state.received - crashing,
        state.self_recovered + state.repaired + down,
        "received hosts of {} are crashing, down or back at {tick}",
        name()
    );
}

/// The counts that an organisation keeps of its hosts and services.
fn audit_organisation(world: &World, organisation: Ix<Organisation>) {
    let compiled = &world.scenario.organisations[organisation];
    let (state, tick) = (&world.state.organisations[organisation], world.state.tick);
    let count = |host_state: HostState| -> u32 {
        compiled.fleets.iter().map(|fleet| world.state.fleets[fleet].count(host_state)).sum()
    };
    let repaired = count(HostState::InRepair);
    assert_eq!(repaired, state.busy, "technicians and hosts in repair of organisation {organisation} at {tick}");
    let down = count(HostState::Down) + count(HostState::Rebuild);
    assert!(state.waiting <= down, "waiting hosts of organisation {organisation} at {tick}: more than {down}");
    let is_failing = |service: &Ix<Service>| world.state.services[*service].is_failing;
    let failing = compiled.services.iter().filter(is_failing).count();
    assert_eq!(failing, state.failing as usize, "failing services of organisation {organisation} at {tick}");
}

/// An organisation counts the hosts that wait: those that are down and in reach, and those to be set up anew.
fn audit_waiting(world: &World, organisation: Ix<Organisation>) {
    let waits = |&host: &Ix<Host>| match world.host(host) {
        HostState::Down => !hosts::is_away(world, host),
        HostState::Rebuild => true,
        HostState::Up | HostState::Crashing | HostState::InRepair | HostState::Held => false,
    };
    let fleets = world.scenario.organisations[organisation].fleets.iter();
    let counts = fleets.map(|fleet| world.scenario.wiring.fleet_hosts(fleet).iter().filter(waits).count());
    let (waiting, tick) = (counts.sum::<usize>() as u32, world.state.tick);
    let counted = world.state.organisations[organisation].waiting;
    assert_eq!(waiting, counted, "waiting hosts of organisation {organisation} at {tick}");
}

/// Demand of a service is served, waits or is lost; the service fails if it is important and outside its tolerance.
fn audit_demand(world: &World, service: Ix<Service>) {
    let (view, tick) = (world.service(service), world.state.tick);
    let accounted = view.lost_micro - view.ahead_micro + view.backlog_micro + view.postponed_micro;
    let name = || world.scenario.service_key(service);
    assert!(accounted <= view.demand_micro, "{} lost more than its demand at {tick}", name());
    let compiled = &world.scenario.services[service];
    let is_failing = compiled.is_important && compiled.tolerance_min < view.below_now_min;
    assert_eq!(is_failing, world.state.services[service].is_failing, "{} at {tick}", name());
}

/// Each technician of a staff pool is free or lent by an order that is pending or in force.
fn audit_pools(world: &World) {
    let scenario = &world.scenario;
    for (pool, &technicians) in scenario.pools.entries() {
        let lent_by = |order: &Order| -> u32 {
            let borrowed = scenario.mitigations[order.mitigation].effect.borrowed();
            let is_lent = matches!(order.state, OrderState::Pending | OrderState::InForce);
            borrowed.filter(|&(lender, _)| is_lent && lender == pool).map_or(0, |(_, technicians)| technicians)
        };
        let lent: u32 = world.state.orders.iter().map(lent_by).sum();
        assert_eq!(
            world.state.pools_free[pool] + lent,
            technicians,
            "technicians of pool {pool} at {}",
            world.state.tick
        );
    }
}
