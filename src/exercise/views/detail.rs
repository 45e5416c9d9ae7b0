//! The card of one organisation.

use super::board::service_row;
use super::source::Source;
use crate::base::Ix;
use crate::exercise::view::{FleetRow, OrganisationDetail};
use crate::scenario::compile::{Fleet, Organisation};
use crate::scenario::schema::Keys;
use crate::session::held_back::Holds;
use crate::sim::World;
use crate::sim::phases::hands;

/// Cells of a fleet's mosaic.
const MOSAIC_MAX: usize = 400;

pub fn detail(source: &Source, organisation: Ix<Organisation>) -> OrganisationDetail {
    let world = source.world();
    let scenario = world.scenario();
    let docs = scenario.organisation_doc(organisation);
    let compiled = &scenario.organisations[organisation];
    let state = world.organisation(organisation);
    let has_keys = hands::has_recovery_keys(world, organisation);
    let mut holds = Holds::new(world);
    OrganisationDetail {
        organisation,
        name: scenario.organisation_name(organisation).into_owned(),
        sector: scenario.docs.world.sectors[compiled.sector.position()].name.clone(),
        local_time: scenario.start.format(world.tick(), compiled.utc_offset_min, "%a %H:%M"),
        // The note tells how the incident ended for the organisation, so it appears only after the end.
        note: if world.is_over() { docs.note.clone() } else { String::new() },
        technicians_on_duty: state.on_duty.max(state.busy),
        technicians_busy: state.busy,
        fatigue: state.fatigue.fraction(),
        trust: state.trust_of_public(),
        keys: match (&docs.keys, world.modifiers(organisation).has_escrow, has_keys) {
            (Keys::Open, ..) => "Not needed",
            (_, true, _) => "In escrow, at hand",
            (Keys::Escrow, ..) => "In escrow, at hand",
            (_, _, true) => "Key server up",
            (_, _, false) => "Key server down: encrypted hosts cannot be repaired",
        }
        .to_owned(),
        fleets: compiled.fleets.iter().map(|fleet| fleet_row(world, fleet)).collect(),
        services: compiled.services.iter().map(|service| service_row(source, &mut holds, service)).collect(),
    }
}

pub fn fleet_row(world: &World, fleet: Ix<Fleet>) -> FleetRow {
    let scenario = world.scenario();
    let compiled = &scenario.fleets[fleet];
    let step = (compiled.hosts as usize).div_ceil(MOSAIC_MAX).max(1);
    FleetRow {
        fleet,
        name: scenario.fleet_doc(fleet).name.clone(),
        kind: scenario.docs.world.fleet_kinds[compiled.kind.position()].name.clone(),
        hosts: compiled.hosts,
        counts: world.fleets()[fleet].counts,
        mosaic: world.fleet_states(fleet).step_by(step).collect(),
    }
}
