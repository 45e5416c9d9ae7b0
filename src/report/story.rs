//! A run as a story: key moments, falls, the peak and returns, in the order of time.
//!
//! The story needs the finished run, because only the end shows which returns to the target level lasted.

use std::fmt::Write;

use super::summary::{First, objectives, recovery_table, service_name, worst_first};
use super::tables::{counted, thousands};
use crate::base::{Ix, Tick};
use crate::scenario::compile::{Scenario, Seat, Service};
use crate::sim::world::Moment;
use crate::study::Played;

/// Most services that a line names; further services are counted.
const NAMED_MAX: usize = 3;
/// Falls, and returns, within this many minutes share a line.
const FALLS_TOGETHER_MIN: u32 = 20;
const RETURNS_TOGETHER_MIN: u32 = 480;
/// Most recovery times that the story prints.
const RECOVERIES_MAX: usize = 12;

/// One line of the story.
pub struct Beat {
    pub tick: Tick,
    pub text: String,
}

/// The lines of the story: key moments, falls, the peak and returns in the order of time.
pub fn beats(played: &Played) -> Vec<Beat> {
    let (run, scenario) = (&played.run, &played.run.setup.scenario);
    let mut beats: Vec<Beat> = run
        .moments
        .iter()
        .filter_map(|&(tick, moment)| match moment {
            Moment::Event(event) => Some((tick, &scenario.docs.events[event.position()])),
            Moment::Inject(_) => None,
        })
        .filter(|(_, event)| event.key_moment)
        .map(|(tick, event)| Beat { tick, text: event.title.clone() })
        .collect();
    beats.extend(peak(played));
    let important = || scenario.written_services().iter().filter(|&service| scenario.services[service].is_important);
    let state = |service: Ix<Service>| run.world.service(service);
    let falls = important().filter_map(|service| Some((state(service).first_below?, service))).collect();
    let returns = important().filter_map(|service| Some((state(service).recovered_at?, service))).collect();
    beats.extend(together(scenario, falls, FALLS_TOGETHER_MIN, "fell below target"));
    beats.extend(together(scenario, returns, RETURNS_TOGETHER_MIN, "back for good"));
    beats.sort_by_key(|beat| beat.tick);
    beats
}

/// The sample with the most hosts down.
fn peak(played: &Played) -> Option<Beat> {
    let curve = played.run.record.hosts_down_curve();
    let most = curve.iter().map(|point| point[1]).fold(0.0, f64::max);
    let peak = curve.iter().find(|point| point[1] == most).filter(|_| 0.0 < most)?;
    let text = format!("Most hosts down at once: {}", thousands(most as u64));
    Some(Beat { tick: Tick(peak[0] as u32), text })
}

/// Combines services that change within some minutes in one line, which names the most important ones.
fn together(scenario: &Scenario, mut changes: Vec<(Tick, Ix<Service>)>, within_min: u32, what: &str) -> Vec<Beat> {
    changes.sort();
    let mut beats = Vec::new();
    let mut rest = changes.as_slice();
    while let Some(&(tick, _)) = rest.first() {
        let count = rest.partition_point(|&(at, _)| at.since(tick) < within_min);
        let (now, later) = rest.split_at(count);
        let mut services: Vec<Ix<Service>> = now.iter().map(|&(_, service)| service).collect();
        let weight =
            |service: Ix<Service>| scenario.organisation_doc(scenario.services[service].organisation).importance;
        services.sort_by_key(|&service| std::cmp::Reverse(weight(service)));
        let named: Vec<String> =
            services.iter().take(NAMED_MAX).map(|&service| service_name(scenario, service)).collect();
        let sign = if named.len() < count { "among them " } else { "" };
        let text = format!("{} {what}: {sign}{}", counted(count as u64, "service", "services"), named.join(", "));
        // A line about returns stands at the time at which the last of the services is back.
        let time = if within_min == RETURNS_TOGETHER_MIN { now[count - 1].0 } else { tick };
        beats.push(Beat { tick: time, text });
        rest = later;
    }
    beats
}

/// The objectives of a seat and the recovery of important services, for the end of the story.
pub fn end(played: &Played, seat: Ix<Seat>) -> String {
    let scenario = &played.run.setup.scenario;
    let mut text = String::new();
    if let Some(judgement) = &played.judgement {
        let name = &scenario.docs.seats[seat.position()].name;
        let _ = write!(text, "\nThe seat {name}: as it was, with no orders, and at par\n");
        text.push_str(&objectives(scenario, seat, judgement, First::Reference));
    }
    text.push_str("\nRecovery of important services, worst first\n");
    text + &recovery_table(scenario, &worst_first(&played.run.world), RECOVERIES_MAX)
}
