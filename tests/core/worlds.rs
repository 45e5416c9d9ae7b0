//! Helpers that compare worlds and find entities by name.

use blackstart::base::Ix;
use blackstart::scenario::compile::{Organisation, Scenario};
use blackstart::sim::World;

/// Fails if two worlds differ, and names the first organisation whose part differs.
///
/// The digest of a world covers those of its organisations, which are computed only when it differs.
#[track_caller]
pub fn assert_same(one: &World, other: &World, place: impl Fn() -> String) {
    if one.digest() == other.digest() {
        return;
    }
    let scenario = &one.scenario();
    let differs = |&index: &Ix<Organisation>| one.organisation_digest(index) != other.organisation_digest(index);
    let first = scenario.organisations.indices().find(differs);
    let name = first.map_or("outside organisations".into(), |index| scenario.organisation_name(index));
    panic!("{}: the worlds differ, first in: {name}", place());
}

pub fn organisation(scenario: &Scenario, id: &str) -> Ix<Organisation> {
    Ix::new(scenario.organisation_index(id).unwrap_or_else(|| panic!("organisation {id}")).number())
}

pub fn mitigation(scenario: &Scenario, id: &str) -> u32 {
    let index = scenario.docs.mitigations.iter().position(|entry| entry.id == id);
    index.unwrap_or_else(|| panic!("mitigation {id}")) as u32
}
