//! Services, organisations and fleets at a boundary, for readers: a settled entity is brought up to date in a copy.

use super::phases::{hands, hosts, services, trust};
use super::state::{OrganisationView, ServiceState, ServiceView};
use super::world::World;
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Fleet, Organisation, Service};

impl World {
    /// A service at this boundary.
    pub fn service(&self, service: Ix<Service>) -> ServiceView {
        services::view(self, service)
    }

    /// The state of a service at this boundary, without its buffers, and the tick of its recovery.
    pub(super) fn service_state(&self, service: Ix<Service>) -> (ServiceState, Option<Tick>) {
        let state = services::caught_up(self, service);
        let recovered_at = services::recovered_at(&state, self.state.tick);
        (state, recovered_at)
    }

    /// An organisation at this boundary.
    pub fn organisation(&self, organisation: Ix<Organisation>) -> OrganisationView {
        let state = &self.state.organisations[organisation];
        let (cost_cents, fatigue) = hands::accrued(self, organisation);
        OrganisationView {
            busy: state.busy,
            on_duty: hands::on_duty(self, organisation),
            fatigue,
            trust: state.trust,
            person_min: state.person_min(self.state.tick),
            cost_cents,
            clocks_missed: state.clocks_missed,
            trust_lost_h: trust::lost_h(self.state.trust_lost[organisation]),
        }
    }

    /// The number of hosts of a fleet that run the channel's platform and sensor; other hosts never receive a release.
    pub fn in_scope(&self, fleet: Ix<Fleet>) -> u32 {
        self.derived.in_scope.get_or_init(|| hosts::count_in_scope(&self.scenario, self.draw))[fleet]
    }
}
