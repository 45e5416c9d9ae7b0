//! What must hold at every boundary, whatever was ordered: used by tests and the swarm.

use crate::sim::world::{HostState, Order, OrderState, World};

/// Recounts the column and compares it with everything kept beside it.
///
/// # Panics
/// With the numbers, at the first thing that does not hold.
pub fn audit(world: &World) {
    let scenario = &world.scenario;
    for (index, of) in scenario.fleets.iter().enumerate() {
        let state = &world.fleets[index];
        let mut counts = [0_u32; HostState::ALL.len()];
        world.fleet_states(index as u32).for_each(|byte| counts[byte as usize] += 1);
        let name = scenario.fleet_key(index as u32);
        assert_eq!(counts, state.counts, "counts of {name} at {}", world.tick);
        assert_eq!(counts.iter().sum::<u32>(), of.hosts, "hosts of {name} at {}", world.tick);
        let crashing = state.count(HostState::Crashing);
        let ended = state.received - crashing;
        let unwell = state.down() - crashing;
        assert_eq!(
            ended,
            state.self_recovered + state.repaired + unwell,
            "received hosts of {name} are crashing, unwell or back at {}",
            world.tick
        );
        assert!(state.received <= world.in_scope(index as u32), "{name} received beyond its scope at {}", world.tick);
    }
    for (index, organisation) in scenario.organisations.iter().enumerate() {
        let count = |state: HostState| -> u32 {
            organisation.fleets.clone().map(|fleet| world.fleets[fleet as usize].count(state)).sum()
        };
        let of = &world.organisations[index];
        assert_eq!(
            count(HostState::InRepair),
            of.busy,
            "hands and hosts in repair of organisation {index} at {}",
            world.tick
        );
        let waiting = count(HostState::Down) + count(HostState::Rebuild);
        assert_eq!(waiting, of.waiting, "hosts of organisation {index} that wait at {}", world.tick);
        audit_services(world, index as u32);
    }
    audit_pools(world);
    let up: u32 = world.fleets.iter().map(|fleet| fleet.count(HostState::Up)).sum();
    assert_eq!(up, world.hosts_up(), "hosts up at {}", world.tick);
}

/// Counts that organisations keep of their services, and demand that is served, lost or waits.
fn audit_services(world: &World, organisation: u32) {
    let services = || world.scenario.organisations[organisation as usize].services.clone();
    let of = &world.organisations[organisation as usize];
    let failing = services().filter(|&service| world.services[service as usize].is_failing).count();
    assert_eq!(failing, of.failing as usize, "failing services of organisation {organisation} at {}", world.tick);
    for service in services() {
        let view = world.service(service);
        let accounted = view.lost_micro + view.backlog_micro + view.postponed_micro;
        let name = || world.scenario.service_key(service);
        assert!(accounted <= view.demand_micro, "{} lost more than was asked at {}", name(), world.tick);
        let is_outside = world.scenario.services[service as usize].tolerance_min < view.below_now_min;
        let is_important = world.scenario.services[service as usize].is_important;
        assert_eq!(is_important && is_outside, world.services[service as usize].is_failing, "{}", name());
    }
}

/// Technicians of a pool are free or lent by an order that is pending or in force.
fn audit_pools(world: &World) {
    let scenario = &world.scenario;
    for (pool, &technicians) in scenario.pools.iter().enumerate() {
        let lent_by = |order: &Order| -> u32 {
            let borrowed = scenario.mitigations[order.mitigation as usize].effect.borrowed();
            let is_lent = matches!(order.state, OrderState::Pending | OrderState::InForce);
            borrowed.filter(|&(lender, _)| is_lent && lender as usize == pool).map_or(0, |(_, technicians)| technicians)
        };
        let lent: u32 = world.orders.iter().map(lent_by).sum();
        assert_eq!(world.pools_free[pool] + lent, technicians, "technicians of pool {pool} at {}", world.tick);
    }
}
