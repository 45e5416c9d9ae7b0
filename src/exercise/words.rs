//! Times and targets in the words that every screen uses. Must not know a view or an exercise.

use crate::base::{Ix, Tick};
use crate::scenario::compile::{Organisation, Scenario, Target};

/// The time of a tick as the screens print it, in a zone that is some minutes ahead of UTC: `Fri 19 Jul 04:09`.
pub fn clock_text(scenario: &Scenario, tick: Tick, utc_offset_min: i32) -> String {
    scenario.start.format(tick, utc_offset_min, "%a %-d %b %H:%M")
}

/// A tick in UTC for a place beside a local time, with the weekday if it differs: `21:00 UTC`, `Thu 21:00 UTC`.
pub fn utc_text(scenario: &Scenario, tick: Tick, utc_offset_min: i32) -> String {
    let day = |offset_min: i32| scenario.start.format(tick, offset_min, "%a");
    let pattern = if day(0) == day(utc_offset_min) { "%H:%M UTC" } else { "%a %H:%M UTC" };
    scenario.start.format(tick, 0, pattern)
}

/// A target as the screens print it: `Delta Air Lines · Flights`.
pub fn target_label(scenario: &Scenario, target: Target) -> String {
    let organisation = |index: Ix<Organisation>| scenario.organisation_name(index).into_owned();
    match target {
        Target::World => "Everywhere".to_owned(),
        Target::Organisation(index) => organisation(index),
        Target::Fleet(index) => {
            format!("{} · {}", organisation(scenario.fleets[index].organisation), scenario.fleet_doc(index).name)
        }
        Target::Service(index) => {
            format!("{} · {}", organisation(scenario.services[index].organisation), scenario.service_doc(index).name)
        }
    }
}
