//! Refuses orders that could change nothing in the present state, so that a mistake costs nothing.
//!
//! Must not judge the right to give an order: that is `command::check`.

use super::Refusal;
use crate::base::Ix;
use crate::scenario::compile::{
    AimedEffect, Fleet, FleetEffect, Keys, Organisation, OrganisationEffect, Service, ServiceEffect, WorldEffect,
};
use crate::sim::world::{HostState, World};

/// # Errors
/// The reason why an order of the effect would be pointless.
pub(super) fn check(world: &World, effect: AimedEffect) -> Result<(), Refusal> {
    match effect {
        AimedEffect::World(effect) => check_world(world, effect),
        AimedEffect::Organisation(organisation, effect) => check_organisation(world, organisation, effect),
        AimedEffect::Fleet(fleet, effect) => check_fleet(world, fleet, effect),
        AimedEffect::Service(service, effect) => check_service(world, service, effect),
    }
}

fn refuse_if(is_pointless: bool, reason: &'static str) -> Result<(), Refusal> {
    if is_pointless { Err(Refusal::Pointless(reason)) } else { Ok(()) }
}

fn check_world(world: &World, effect: WorldEffect) -> Result<(), Refusal> {
    match effect {
        WorldEffect::StopRollout { channel } => {
            refuse_if(world.state.channels[channel].live_since.is_none(), "no release is being rolled out")
        }
        WorldEffect::StageRollout { channel } => {
            refuse_if(world.state.channels[channel].is_staged, "releases already go out in stages")?;
            refuse_if(world.scenario.channels[channel].rings.is_none(), "the channel has no ring plan")
        }
        WorldEffect::RaiseFlag { flag } => refuse_if(world.state.flags[flag], "it is done already"),
    }
}

fn check_organisation(
    world: &World,
    organisation: Ix<Organisation>,
    effect: OrganisationEffect,
) -> Result<(), Refusal> {
    match effect {
        OrganisationEffect::HoldHosts => {
            refuse_if(count_hosts(world, organisation, HostState::Up) == 0, "no host is up")
        }
        OrganisationEffect::ReleaseHosts => {
            refuse_if(count_hosts(world, organisation, HostState::Held) == 0, "no host is held back")
        }
        OrganisationEffect::UseMethod { method } => {
            refuse_if(world.modifiers(organisation).methods.first() == Some(&method), "crews already use it")
        }
        OrganisationEffect::EscrowKeys | OrganisationEffect::PrintKeys { .. } => {
            let keys = world.scenario.organisations[organisation].keys;
            refuse_if(keys == Keys::Open, "its disks need no recovery keys")
        }
        OrganisationEffect::NationalPool { pool, help } => {
            let free = world.state.pools_free[pool];
            if help.technicians <= free {
                return Ok(());
            }
            let pool = world.scenario.docs.world.pools[pool.position()].name.clone();
            Err(Refusal::PoolTooSmall { pool, free, wanted: help.technicians })
        }
        OrganisationEffect::Unattended { .. }
        | OrganisationEffect::Overtime { .. }
        | OrganisationEffect::Contractors(_)
        | OrganisationEffect::Volunteers { .. }
        | OrganisationEffect::Rest { .. }
        | OrganisationEffect::Statement { .. }
        | OrganisationEffect::VerifyTools { .. } => Ok(()),
    }
}

fn check_fleet(world: &World, fleet: Ix<Fleet>, effect: FleetEffect) -> Result<(), Refusal> {
    match effect {
        FleetEffect::RepairFirst => {
            let organisation = world.scenario.fleets[fleet].organisation;
            let first_fleet = world.state.organisations[organisation].first_fleet;
            refuse_if(first_fleet == Some(fleet), "crews already repair it first")
        }
        FleetEffect::RestoreBackup { .. } => {
            refuse_if(world.state.fleets[fleet].down() == 0, "none of its hosts is down")
        }
    }
}

fn check_service(world: &World, service: Ix<Service>, effect: ServiceEffect) -> Result<(), Refusal> {
    let fallback = world.scenario.services[service].fallback.as_ref();
    let is_open = || {
        let state = &world.state.services[service];
        let opens_by_itself = fallback.is_some_and(|fallback| fallback.is_automatic) && !state.is_fallback_barred;
        state.is_fallback_open || opens_by_itself
    };
    const NO_FALLBACK: &str = "the service has no fallback";
    match effect {
        ServiceEffect::Drill { .. } => refuse_if(fallback.is_none(), NO_FALLBACK),
        ServiceEffect::OpenFallback => {
            refuse_if(fallback.is_none(), NO_FALLBACK)?;
            refuse_if(is_open(), "the fallback is open already or opens by itself")
        }
        ServiceEffect::CloseFallback => {
            refuse_if(fallback.is_none(), NO_FALLBACK)?;
            refuse_if(!is_open(), "the fallback is closed")
        }
        ServiceEffect::ClearRework { .. } => {
            let has_rework = world.scenario.services[service].rework.is_some();
            refuse_if(!has_rework, "the service leaves no work to clear")
        }
        ServiceEffect::ShedDemand { .. }
        | ServiceEffect::CallOff { .. }
        | ServiceEffect::PostponeDemand { .. }
        | ServiceEffect::FailOver { .. }
        | ServiceEffect::ExtendHours { .. } => Ok(()),
    }
}

fn count_hosts(world: &World, organisation: Ix<Organisation>, state: HostState) -> u32 {
    let fleets = world.scenario.organisations[organisation].fleets;
    fleets.iter().map(|fleet| world.state.fleets[fleet].count(state)).sum()
}
