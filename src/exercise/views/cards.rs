//! Views of the screens before the exercise: start, seats, briefing.

use std::sync::Arc;

use crate::base::{Ix, Tick};
use crate::exercise::runs::Runs;
use crate::exercise::view::{
    BriefingObjective, BriefingService, BriefingView, ScenarioCard, SeatCard, SeatsView, StartView,
};
use crate::scenario::compile::{Organisation, Scenario, Seat};
use crate::scenario::schema::Difficulty;

pub fn start(scenarios: &[Arc<Scenario>], runs: Runs, notice: Option<String>) -> StartView {
    let cards = scenarios.iter().map(|scenario| card(scenario)).collect();
    StartView { cards, unfinished: runs.unfinished, finished: runs.finished, notice }
}

fn card(scenario: &Scenario) -> ScenarioCard {
    let manifest = &scenario.docs.manifest;
    let (organisations, hosts) = scenario.stands_for();
    ScenarioCard {
        id: manifest.id.clone(),
        title: manifest.title.clone(),
        subtitle: manifest.subtitle.clone(),
        place: manifest.place.clone(),
        summary: manifest.summary.clone(),
        difficulty: match manifest.difficulty {
            Difficulty::Introductory => "Introductory",
            Difficulty::Intermediate => "Intermediate",
            Difficulty::Advanced => "Advanced",
        }
        .to_owned(),
        play_min: manifest.play_min,
        length_days: f64::from(manifest.horizon_min) / 1440.0,
        organisations,
        hosts,
        seats: scenario.seats.len(),
        figures: scenario.figures,
        sources: scenario.docs.sources.len(),
    }
}

pub fn seats(scenario: &Scenario) -> SeatsView {
    let seat_card = |(index, seat): (usize, &Seat)| {
        let docs = &scenario.docs.seats[index];
        let compiled = |organisation: &Ix<Organisation>| &scenario.organisations[*organisation];
        SeatCard {
            id: docs.id.clone(),
            name: docs.name.clone(),
            summary: docs.summary.clone(),
            organisations: seat.organisations.len(),
            hosts: seat
                .organisations
                .iter()
                .flat_map(|organisation| compiled(organisation).fleets)
                .map(|fleet| u64::from(scenario.fleets[fleet].hosts))
                .sum(),
            technicians: seat.organisations.iter().map(|organisation| compiled(organisation).staff[0]).sum(),
            objectives: docs.objectives.iter().map(|objective| objective.name.clone()).collect(),
        }
    };
    SeatsView {
        scenario: scenario.docs.manifest.title.clone(),
        seats: scenario.seats.iter().enumerate().map(seat_card).collect(),
    }
}

pub fn briefing(scenario: &Scenario, seat: Ix<Seat>) -> BriefingView {
    let docs = &scenario.docs.seats[seat.position()];
    let weights: f64 = docs.objectives.iter().map(|objective| objective.weight).sum();
    let services = scenario.seats[seat]
        .organisations
        .iter()
        .flat_map(|&organisation| scenario.organisations[organisation].services)
        .filter(|&service| scenario.services[service].is_important)
        .map(|service| BriefingService {
            name: scenario.service_doc(service).name.clone(),
            organisation: scenario.organisation_name(scenario.services[service].organisation).into_owned(),
            tolerance_min: scenario.services[service].tolerance_min,
        })
        .collect();
    BriefingView {
        scenario: scenario.docs.manifest.title.clone(),
        seat: docs.name.clone(),
        starts: scenario.start.format(Tick::ZERO, 0, "%A %-d %B %Y, %H:%M UTC"),
        situation: docs.briefing.situation.clone(),
        people: docs.briefing.people.clone(),
        advice: docs.briefing.advice.clone(),
        assumptions: scenario.docs.manifest.assumptions.clone(),
        objectives: docs
            .objectives
            .iter()
            .map(|objective| BriefingObjective {
                name: objective.name.clone(),
                weight_pct: objective.weight / weights * 100.0,
            })
            .collect(),
        services,
        mitigations: scenario.seats[seat]
            .mitigations
            .iter()
            .filter(|&&index| !scenario.mitigations[index].is_preparation)
            .count(),
        preparation: None,
    }
}
