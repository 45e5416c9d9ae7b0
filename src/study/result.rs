//! The result of a run as numbers, for the summary, for `--json` and for tests.
//!
//! Equal runs give equal results, byte for byte: this module reads no clock, and every list has the scenario's
//! order.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::assess::score::{Judged, Judgement, reference_score};
use crate::base::Ix;
use crate::scenario::compile::{Observable, Playbook, Service};
use crate::scenario::observable::{Metric, ObservableRef, Scope};
use crate::session::Player;
use crate::session::run::Run;
use crate::sim::{World, observe};

/// The result of a run at its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunResult {
    /// Digest of the last boundary, 16 hexadecimal digits.
    pub digest: String,
    pub scenario: String,
    /// Digest of the scenario.
    pub scenario_digest: String,
    pub seed: u64,
    pub seat: Option<String>,
    /// Id of the playbook that was followed; empty if a person decided.
    pub playbook: String,
    /// Number of simulated ticks.
    pub ticks: u32,
    /// Points of the seat; none without a seat.
    pub score: Option<f64>,
    /// Points of the reference playbook.
    pub reference_score: Option<f64>,
    pub objectives: Vec<Judged>,
    /// For each `organisation/service` the minutes from the first fall to the lasting return: 0 if the
    /// service never fell below its target level, none if it is not back at the end. Members of
    /// populations are left out.
    pub recovery: BTreeMap<String, Option<u32>>,
    pub hosts: Hosts,
    pub person_hours: f64,
    pub cost_usd: f64,
}

/// Hosts of the whole scenario at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hosts {
    pub total: u64,
    pub received: u64,
    pub crashed: u64,
    pub self_recovered: u64,
    pub repaired: u64,
    pub still_down: u64,
}

/// The recovery of one important service, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    pub service: Ix<Service>,
    pub minutes: u32,
    pub is_back: bool,
}

impl RunResult {
    /// The result of a finished run.
    pub fn new(run: &Run, judgement: Option<&Judgement>) -> Self {
        let scenario = &run.setup.scenario;
        let seat = run.setup.cast.only_seat();
        let count = |metric| value(&run.world, metric) as u64;
        let recovery = recoveries(&run.world)
            .into_iter()
            .map(|recovery| (scenario.service_key(recovery.service), recovery.is_back.then_some(recovery.minutes)))
            .collect();
        Self {
            digest: run.world.digest().to_string(),
            scenario: scenario.docs.manifest.id.clone(),
            scenario_digest: scenario.digest.to_string(),
            seed: run.setup.seed,
            seat: seat.map(|seat| scenario.docs.seats[seat.position()].id.clone()),
            playbook: playbook_of_run(run)
                .map_or_else(String::new, |index| scenario.docs.playbooks[index.position()].id.clone()),
            ticks: run.world.tick().0,
            score: judgement.map(|judgement| judgement.score),
            reference_score: judgement.map(reference_score),
            objectives: judgement.map_or_else(Vec::new, |judgement| judgement.objectives.clone()),
            recovery,
            hosts: Hosts {
                total: count(Metric::HostsTotal),
                received: count(Metric::HostsReceived),
                crashed: count(Metric::HostsCrashed),
                self_recovered: count(Metric::HostsSelfRecovered),
                repaired: count(Metric::HostsRepaired),
                still_down: count(Metric::HostsDown),
            },
            person_hours: value(&run.world, Metric::PersonHours),
            cost_usd: value(&run.world, Metric::CostUsd),
        }
    }
}

/// The playbook that the seat in play followed, or that everybody followed where there is no seat.
fn playbook_of_run(run: &Run) -> Option<Ix<Playbook>> {
    let cast = &run.setup.cast;
    match cast.only_seat().map(|seat| cast.player(seat)) {
        Some(Some(Player::Playbook(playbook))) => Some(playbook),
        Some(_) => None,
        None => cast.others(),
    }
}

/// A metric over all organisations.
pub(super) fn value(world: &World, metric: Metric) -> f64 {
    let name = ObservableRef { metric, scope: Scope::All };
    let all: Observable = world.scenario().observable(&name).expect("everything is a scope");
    observe::value(world, &all)
}

/// The recovery of every important service of organisations that are written out (not members of
/// populations), in the scenario's order.
pub fn recoveries(world: &World) -> Vec<Recovery> {
    let written = world.scenario().written_services().iter();
    let services = written.filter(|&service| world.scenario().services[service].is_important);
    let recovery = |service: Ix<Service>| {
        let state = world.service(service);
        Recovery {
            service,
            minutes: observe::recovery_min(world, service),
            is_back: state.first_below.is_none() || state.recovered_at.is_some(),
        }
    };
    services.map(recovery).collect()
}
