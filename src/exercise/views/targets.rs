//! Targets of orders in the words of the exercise screen.

use crate::base::Ix;
use crate::scenario::compile::{Organisation, Scenario, Target};

/// A target in the words of the room: `Delta Air Lines · Flights`.
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
