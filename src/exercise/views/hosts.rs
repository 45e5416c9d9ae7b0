//! Hosts and technicians of the chair's organisations.

use super::source::Source;
use crate::exercise::view::HostsView;
use crate::sim::HostState;

pub fn hosts(source: &Source) -> HostsView {
    let world = source.world();
    let scenario = world.scenario();
    let mut hosts = HostsView::default();
    for &organisation in source.organisations() {
        for fleet in scenario.organisations[organisation].fleets {
            let state = &world.fleets()[fleet];
            hosts.total += u64::from(scenario.fleets[fleet].hosts);
            hosts.down += u64::from(state.down());
            hosts.in_repair += u64::from(state.count(HostState::InRepair));
            hosts.repaired += u64::from(state.repaired);
            hosts.self_recovered += u64::from(state.self_recovered);
        }
        let state = world.organisation(organisation);
        hosts.technicians_on_duty += state.on_duty.max(state.busy);
        hosts.technicians_busy += state.busy;
        hosts.cost_usd += state.cost_cents as f64 / 100.0;
    }
    hosts
}
