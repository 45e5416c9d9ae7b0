//! The clock of the exercise screen: the chair's local time, UTC, exercise time and wall time, the end of a jump, and
//! the reason why the clock last stopped by itself.

use super::source::Source;
use crate::base::words as format;
use crate::exercise::answers;
use crate::exercise::stops::{Stop, Turn};
use crate::exercise::view::{ClockView, DecisionView};
use crate::exercise::words::utc_text;
use crate::sim::OrderState;

/// An exercise offers its end once all services of the seat have been at their target levels for this time.
const SETTLED_MIN: u32 = 12 * 60;

pub fn clock(source: &Source) -> ClockView {
    let world = source.world();
    let scenario = world.scenario();
    let offset_min = source.utc_offset_min();
    let zone = match source.home() {
        Some(home) if offset_min != 0 => {
            let region = scenario.organisations[home].region;
            scenario.docs.world.regions[region.position()].name.clone()
        }
        _ => "UTC".to_owned(),
    };
    let pace = &source.clock().pace;
    let played = pace.played().as_secs();
    ClockView {
        time: source.time(world.tick()),
        utc: if zone == "UTC" { String::new() } else { utc_text(scenario, world.tick(), offset_min) },
        zone,
        exercise: world.tick().to_string(),
        wall: format!("{:02}:{:02}", played / 60, played % 60),
        speed: pace.speed(),
        is_paused: pace.is_paused(),
        is_ending: source.clock().is_ending(),
        is_ended: world.is_over(),
        next_stop: next_stop(source),
        stopped: source.stop().map(|stop| stop_words(source, stop)),
        decision: decision(source),
        is_settled: is_settled(source),
    }
}

/// The latest time at which a jump stops; the trainee must not see more of the future. A message or a turn that waits
/// for a condition can come before it.
fn next_stop(source: &Source) -> String {
    match source.next_known_stop() {
        Some(tick) => format!("within {}", format::span(tick.since(source.world().tick()))),
        None => "within a day".to_owned(),
    }
}

fn stop_words(source: &Source, stop: Stop) -> String {
    let scenario = source.scenario();
    match stop {
        Stop::Message(inject) => format!("Message: {}", scenario.docs.injects[inject.position()].title),
        Stop::Event(event) => scenario.docs.events[event.position()].title.clone(),
        Stop::Service(service, turn) => {
            let organisation = scenario.services[service].organisation;
            let name =
                format!("{} of {}", scenario.service_doc(service).name, scenario.organisation_name(organisation));
            match turn {
                Turn::Fell => format!("{name} fell below its target level"),
                Turn::Outside => format!("{name} is outside its impact tolerance"),
                Turn::Back => format!("{name} is back at its target level"),
            }
        }
        Stop::Nothing => "Nothing happened in this time".to_owned(),
    }
}

/// The message at which the clock stopped or slowed, as long as the seat can give an order that answers it.
fn decision(source: &Source) -> Option<DecisionView> {
    let Some(Stop::Message(inject)) = source.stop() else { return None };
    let seat = source.chair.seat()?;
    let is_asked = source.reaches(inject) && answers::asks(source.world(), inject, seat);
    let title = || source.scenario().docs.injects[inject.position()].title.clone();
    is_asked.then(|| DecisionView { inject, title: title(), has_slowed: source.clock().pace.is_slowed() })
}

/// Are all services of the seat back for good, with no order pending?
fn is_settled(source: &Source) -> bool {
    let world = source.world();
    let scenario = source.scenario();
    let services =
        source.organisations().iter().flat_map(|&organisation| scenario.organisations[organisation].services);
    let mut has_fallen = false;
    for service in services {
        let state = world.service(service);
        if state.first_below.is_none() {
            continue;
        }
        has_fallen = true;
        if state.recovered_at.is_none_or(|since| world.tick().since(since) < SETTLED_MIN) {
            return false;
        }
    }
    has_fallen && source.seat_orders().all(|(_, _, order)| order.state != OrderState::Pending)
}
