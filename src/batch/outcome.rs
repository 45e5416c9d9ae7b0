//! What came of a run, as numbers: the source of the summary, of `--json` and of tests.
//!
//! Equal runs make equal outcomes, word for word: nothing here reads a clock or depends on an order
//! that is not the scenario's.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::assess::score::Score;
use crate::scenario::compile::Observable;
use crate::scenario::observable::{Metric, ObservableRef, Scope};
use crate::session::run::Run;
use crate::sim::{World, observe};

/// The result of a run at its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Digest of the last boundary, 16 hexadecimal digits.
    pub digest: String,
    pub scenario: String,
    /// Digest of the scenario's text.
    pub scenario_digest: String,
    pub seed: u64,
    pub seat: Option<String>,
    pub playbook: String,
    /// Ticks of a minute simulated.
    pub ticks: u32,
    /// Points of the seat.
    pub score: Option<f64>,
    /// What the reference playbook would have scored.
    pub reference_score: Option<f64>,
    pub objectives: Vec<Objective>,
    /// Minutes from the first fall to the lasting return by `organisation/service`: 0 if it never
    /// fell below target, none if it is not back at the end. Members of populations are left out.
    pub recovery: BTreeMap<String, Option<u32>>,
    pub hosts: Hosts,
    pub person_hours: f64,
    pub cost_usd: f64,
}

/// An objective of the seat, in the metric's unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Objective {
    pub id: String,
    pub name: String,
    pub unit: String,
    pub weight: f64,
    pub yours: f64,
    pub do_nothing: f64,
    pub reference: f64,
    pub par: f64,
    pub points: f64,
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

/// One important service's recovery, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    pub service: u32,
    pub minutes: u32,
    pub is_back: bool,
}

impl Outcome {
    /// Reads off a finished run.
    pub fn of(run: &Run, playbook: &str, score: Option<&Score>) -> Self {
        let scenario = &run.setup.scenario;
        let seat = run.setup.cast.only_seat();
        let count = |metric| value(&run.world, metric) as u64;
        let recovery = recoveries(&run.world)
            .into_iter()
            .map(|of| (scenario.service_key(of.service), of.is_back.then_some(of.minutes)))
            .collect();
        Self {
            digest: run.world.digest().to_string(),
            scenario: scenario.docs.manifest.id.clone(),
            scenario_digest: scenario.digest.to_string(),
            seed: run.setup.seed,
            seat: seat.map(|seat| scenario.docs.seats[seat as usize].id.clone()),
            playbook: playbook.to_owned(),
            ticks: run.world.tick.0,
            score: score.map(|score| score.points),
            reference_score: score.map(|score| score.reference_points),
            objectives: objectives(run, score),
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

fn objectives(run: &Run, score: Option<&Score>) -> Vec<Objective> {
    let (Some(score), Some(seat)) = (score, run.setup.cast.only_seat()) else { return Vec::new() };
    let docs = &run.setup.scenario.docs.seats[seat as usize].objectives;
    let row = |(doc, of): (&crate::scenario::schema::Objective, &crate::assess::score::ObjectiveScore)| Objective {
        id: doc.id.clone(),
        name: of.name.clone(),
        unit: of.metric.unit().to_owned(),
        weight: of.weight,
        yours: of.yours,
        do_nothing: of.do_nothing,
        reference: of.reference,
        par: of.par,
        points: of.points,
    };
    docs.iter().zip(&score.objectives).map(row).collect()
}

/// A metric over everything.
pub(super) fn value(world: &World, metric: Metric) -> f64 {
    let name = ObservableRef { metric, scope: Scope::All };
    let all: Observable = world.scenario.observable(&name).expect("everything is a scope");
    observe::value(world, &all)
}

/// Recovery of every important service of organisations written out, in the scenario's order.
pub fn recoveries(world: &World) -> Vec<Recovery> {
    let written = world.scenario.services[..world.scenario.written_services() as usize].iter().enumerate();
    let services = written.filter(|(_, service)| service.is_important);
    let recovery = |service: u32| {
        let state = world.service(service);
        Recovery {
            service,
            minutes: observe::recovery_min(world, service),
            is_back: state.first_below.is_none() || state.recovered_at.is_some(),
        }
    };
    services.map(|(index, _)| recovery(index as u32)).collect()
}
