//! Times and targets as reports print them. Screens have their own (`exercise::words`).

use crate::base::Tick;
use crate::scenario::compile::{Scenario, Target};

/// A tick in UTC: `Fri 19 Jul 04:09`.
pub(super) fn time(scenario: &Scenario, tick: Tick) -> String {
    scenario.start.format(tick, 0, "%a %-d %b %H:%M")
}

/// The target of an order: `Delta, Crew servers`; none for the whole world.
pub(super) fn target(scenario: &Scenario, target: Target) -> Option<String> {
    let organisation = scenario.organisation_name(scenario.organisation_of(target)?);
    Some(match target {
        Target::Fleet(fleet) => format!("{organisation}, {}", scenario.fleet_doc(fleet).name),
        Target::Service(service) => format!("{organisation}, {}", scenario.service_doc(service).name),
        Target::Organisation(_) | Target::World => organisation.into_owned(),
    })
}
