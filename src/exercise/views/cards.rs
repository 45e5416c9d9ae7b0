//! Views of the screens before the exercise: start, seats, briefing.

use std::sync::Arc;

use crate::base::{Ix, Tick};
use crate::exercise::runs::Runs;
use crate::exercise::stops;
use crate::exercise::view::{
    BriefingObjective, BriefingService, BriefingView, LateStart, ScenarioCard, SeatCard, SeatsView, StartView,
};
use crate::exercise::words::{clock_text, utc_text};
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

/// Time between the late begin of an exercise and the first release.
const LATE_START_MIN: u32 = 10;

pub fn briefing(scenario: &Scenario, seat: Ix<Seat>, seed: u64) -> BriefingView {
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
        starts: starts(scenario, seat),
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
        seed,
        late_start: late_start(scenario, seat),
    }
}

/// The region of a seat's first organisation and its minutes ahead of UTC.
fn home(scenario: &Scenario, seat: Ix<Seat>) -> (&str, i32) {
    let home = scenario.seats[seat].organisations.first();
    home.map_or(("UTC", 0), |&home| {
        let organisation = &scenario.organisations[home];
        (scenario.docs.world.regions[organisation.region.position()].name.as_str(), organisation.utc_offset_min)
    })
}

/// `Thursday 18 July 2024, 22:00 in England, 21:00 UTC`
fn starts(scenario: &Scenario, seat: Ix<Seat>) -> String {
    let (region, offset_min) = home(scenario, seat);
    if offset_min == 0 {
        return scenario.start.format(Tick::ZERO, 0, "%A %-d %B %Y, %H:%M UTC");
    }
    let local = scenario.start.format(Tick::ZERO, offset_min, "%A %-d %B %Y, %H:%M");
    format!("{local} ({region}), {}", utc_text(scenario, Tick::ZERO, offset_min))
}

/// The minute right before the first release, if that is more than an hour after the start.
fn late_start(scenario: &Scenario, seat: Ix<Seat>) -> Option<LateStart> {
    let release = stops::first_release(scenario)?;
    let minute = release.0.checked_sub(LATE_START_MIN).filter(|&minute| 60 <= minute)?;
    let (region, offset_min) = home(scenario, seat);
    let zone = if offset_min == 0 { "UTC" } else { region };
    Some(LateStart { minute, time: format!("{} ({zone})", clock_text(scenario, Tick(minute), offset_min)) })
}
