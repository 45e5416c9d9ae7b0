//! What must hold at every boundary, whatever was ordered: used by tests and in debug builds.

use crate::scenario::schema::Effect;
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
        assert!(state.received <= state.in_scope, "{name} received beyond its scope at {}", world.tick);
    }
    for (index, organisation) in scenario.organisations.iter().enumerate() {
        let in_repair: u32 =
            organisation.fleets.clone().map(|fleet| world.fleets[fleet as usize].count(HostState::InRepair)).sum();
        let busy = world.organisations[index].busy;
        assert_eq!(in_repair, busy, "hands and hosts in repair of organisation {index} at {}", world.tick);
    }
    audit_pools(world);
    for (index, service) in world.services.iter().enumerate() {
        let accounted = service.served_micro + service.lost_micro + service.backlog_micro + service.postponed_micro;
        assert_eq!(
            service.demand_micro,
            accounted,
            "demand of {} is served, lost or waiting at {}",
            scenario.service_key(index as u32),
            world.tick
        );
    }
}

/// Technicians of a pool are free or lent by an order that is pending or in force.
fn audit_pools(world: &World) {
    let scenario = &world.scenario;
    for (pool, &technicians) in scenario.pools.iter().enumerate() {
        let lent_by = |order: &Order| match &scenario.docs.mitigations[order.mitigation as usize].effect {
            Effect::NationalPool { technicians, .. }
                if scenario.mitigations[order.mitigation as usize].operand as usize == pool
                    && matches!(order.state, OrderState::Pending | OrderState::InForce) =>
            {
                *technicians
            }
            _ => 0,
        };
        let lent: u32 = world.orders.iter().map(lent_by).sum();
        assert_eq!(world.pools_free[pool] + lent, technicians, "technicians of pool {pool} at {}", world.tick);
    }
}
