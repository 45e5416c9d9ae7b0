//! The organisations that a decision can reach.
//!
//! Organisations affect each other in few ways: services that need services, staff pools, flags and channels, and
//! conditions on several organisations. An organisation that a command cannot reach is bit-identical with and without
//! the command, so a fork copies it from its parent (`session::fork`). Must not decide which commands differ.

use std::collections::BTreeSet;

use super::state::FleetState;
use super::wheel::Purpose;
use crate::base::{Column, Ix, Tick};
use crate::scenario::compile::{Condition, Event, Fleet, Host, Inject, Organisation, Scenario, Service};

/// The organisations that a fork simulates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// By organisation: whether its state can differ from the parent's.
    is_affected: Column<Organisation, bool>,
    /// By organisation: whether it is simulated, because it is affected or because a condition concerns it together with
    /// an affected one.
    is_in: Column<Organisation, bool>,
    pub organisations: Vec<Ix<Organisation>>,
    /// By fleet: whether its organisation is simulated.
    is_fleet_in: Column<Fleet, bool>,
    /// Events whose conditions concern no affected organisation, with the tick at which they fire in the parent.
    pub(super) events_of_parent: Vec<(Ix<Event>, Option<Tick>)>,
    /// The same for injects.
    pub(super) injects_of_parent: Vec<(Ix<Inject>, Option<Tick>)>,
    /// The ticks of both, ascending.
    pub(super) ticks_of_parent: Vec<Tick>,
    /// By condition, once the reach is complete: what `touches` says. Empty before.
    is_touched: Column<Condition, bool>,
}

impl Reach {
    /// An organisation and all that need its services, directly or through others.
    pub fn new(scenario: &Scenario, organisation: Ix<Organisation>) -> Self {
        let mut reach = Self::nobody(scenario);
        reach.affect(scenario, organisation);
        reach
    }

    /// Organisations that nothing outside them can reach, for a fork in which everything may differ and only these
    /// organisations are read: all that their course depends on is among them. A condition is evaluated if all of its
    /// organisations are.
    pub fn closed(scenario: &Scenario, organisations: &BTreeSet<Ix<Organisation>>) -> Self {
        let mut reach = Self::nobody(scenario);
        reach.look_at(scenario, organisations.iter().copied());
        let is_inside = |condition: &Condition| condition.organisations.iter().all(|&seen| reach.is_in[seen]);
        reach.is_touched = scenario.conditions.iter().map(is_inside).collect();
        reach
    }

    fn nobody(scenario: &Scenario) -> Self {
        let none = Column::filled(false, scenario.organisations.len());
        Self {
            is_affected: none.clone(),
            is_in: none,
            organisations: Vec::new(),
            is_fleet_in: Column::filled(false, scenario.fleets.len()),
            events_of_parent: Vec::new(),
            injects_of_parent: Vec::new(),
            ticks_of_parent: Vec::new(),
            is_touched: Column::default(),
        }
    }

    /// Adds an organisation that can differ, and all that need its services. Returns false if it was affected already.
    pub fn affect(&mut self, scenario: &Scenario, organisation: Ix<Organisation>) -> bool {
        if self.is_affected[organisation] {
            return false;
        }
        let mut found = BTreeSet::from([organisation]);
        let mut open = vec![organisation];
        while let Some(next) = open.pop() {
            for service in scenario.organisations[next].services {
                for &need in scenario.wiring.service_needs.items(service) {
                    let dependent = scenario.wiring.need_service[need];
                    let organisation = scenario.services[dependent].organisation;
                    if found.insert(organisation) {
                        open.push(organisation);
                    }
                }
            }
        }
        found.iter().for_each(|&organisation| self.is_affected[organisation] = true);
        self.look_at(scenario, found);
        true
    }

    /// Adds organisations that cannot differ, because a condition concerns them together with affected ones.
    pub fn look_at(&mut self, scenario: &Scenario, organisations: impl IntoIterator<Item = Ix<Organisation>>) {
        organisations.into_iter().for_each(|organisation| self.is_in[organisation] = true);
        self.organisations = self.is_in.indices().filter(|&organisation| self.is_in[organisation]).collect();
        for &organisation in &self.organisations {
            self.is_fleet_in[scenario.organisations[organisation].fleets].fill(true);
        }
    }

    /// Whether an organisation is simulated.
    pub fn has(&self, organisation: Ix<Organisation>) -> bool {
        self.is_in[organisation]
    }

    /// Whether the entity that is on a calendar for a purpose is simulated.
    pub(super) fn has_due(&self, scenario: &Scenario, purpose: Purpose, entity: u32) -> bool {
        match due(scenario, purpose, entity) {
            Due::Host(host) => self.is_fleet_in[scenario.wiring.fleet_of(host)],
            Due::Organisation(organisation) => self.has(organisation),
        }
    }

    /// Whether a condition can hold at other ticks than in the parent.
    pub fn touches(&self, scenario: &Scenario, condition: Ix<Condition>) -> bool {
        if let Some(&is_touched) = self.is_touched.get(condition) {
            return is_touched;
        }
        let seen = &scenario.conditions[condition].organisations;
        seen.iter().any(|&organisation| self.is_affected[organisation])
    }

    /// Makes events and injects fire at the ticks of the parent. The reach is complete then.
    pub fn follow(
        &mut self,
        scenario: &Scenario,
        events: Vec<(Ix<Event>, Option<Tick>)>,
        injects: Vec<(Ix<Inject>, Option<Tick>)>,
    ) {
        let ticks = events.iter().map(|&(_, fired)| fired).chain(injects.iter().map(|&(_, fired)| fired));
        self.ticks_of_parent = ticks.flatten().collect();
        self.ticks_of_parent.sort_unstable();
        (self.events_of_parent, self.injects_of_parent) = (events, injects);
        self.is_touched = scenario.conditions.indices().map(|condition| self.touches(scenario, condition)).collect();
    }
}

/// The counts of a fleet that observables read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostCounts {
    by_state: [u32; 6],
    received: u32,
    crashed: u32,
    self_recovered: u32,
    repaired: u32,
    repairs_failed: u32,
}

impl HostCounts {
    /// The counts of a fleet now.
    pub fn from_fleet(fleet: &FleetState) -> Self {
        Self {
            by_state: fleet.counts,
            received: fleet.received,
            crashed: fleet.crashed,
            self_recovered: fleet.self_recovered,
            repaired: fleet.repaired,
            repairs_failed: fleet.repairs_failed,
        }
    }

    /// Sets the counts of a fleet.
    pub(super) fn write_to(self, fleet: &mut FleetState) {
        fleet.counts = self.by_state;
        fleet.received = self.received;
        fleet.crashed = self.crashed;
        fleet.self_recovered = self.self_recovered;
        fleet.repaired = self.repaired;
        fleet.repairs_failed = self.repairs_failed;
    }

    /// The counts of a fleet with all hosts up.
    pub fn all_up(hosts: u32) -> Self {
        let by_state = [hosts, 0, 0, 0, 0, 0];
        Self { by_state, received: 0, crashed: 0, self_recovered: 0, repaired: 0, repairs_failed: 0 }
    }
}

/// Whether another organisation needs a service.
pub fn supplies_others(scenario: &Scenario, service: Ix<Service>) -> bool {
    let own = scenario.services[service].organisation;
    scenario
        .wiring
        .service_needs
        .items(service)
        .iter()
        .any(|&need| scenario.services[scenario.wiring.need_service[need]].organisation != own)
}

/// The owner of a calendar entry.
enum Due {
    Host(Ix<Host>),
    Organisation(Ix<Organisation>),
}

fn due(scenario: &Scenario, purpose: Purpose, entity: u32) -> Due {
    match purpose {
        Purpose::Race => Due::Host(Ix::new(entity >> 1)),
        Purpose::Wake => Due::Organisation(scenario.services[Ix::new(entity)].organisation),
        Purpose::Clock => Due::Organisation(Ix::new(entity / scenario.clocks.len() as u32)),
        _ => Due::Host(Ix::new(entity)),
    }
}

/// The organisation of the entity that is on a calendar for a purpose.
pub(super) fn organisation_due(scenario: &Scenario, purpose: Purpose, entity: u32) -> Ix<Organisation> {
    match due(scenario, purpose, entity) {
        Due::Host(host) => scenario.fleets[scenario.wiring.fleet_of(host)].organisation,
        Due::Organisation(organisation) => organisation,
    }
}
