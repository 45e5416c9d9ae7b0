//! Refuses orders of a seat that answer a fault of which nothing has told the seat yet. docs/model.md, "Signs".
//!
//! Must not judge an order with a sign.

use super::{Issuer, Refusal};
use crate::base::Ix;
use crate::scenario::compile::{Inject, Mitigation, Organisation, Seat, Service, Target};
use crate::sim::messages::{answers, reaches};
use crate::sim::world::World;

/// # Errors
/// The mitigation needs a sign, and the seat has none. Orders about the whole world have flags as their signs.
pub(super) fn check(world: &World, by: Issuer, mitigation: Ix<Mitigation>, target: Target) -> Result<(), Refusal> {
    let (Issuer::Seat(seat), true) = (by, world.scenario.mitigations[mitigation].needs_sign) else { return Ok(()) };
    let Some(organisation) = world.scenario.organisation_of(target) else { return Ok(()) };
    if has_fallen(world, organisation) || is_asked(world, seat, mitigation) {
        return Ok(());
    }
    Err(Refusal::NoSign(world.scenario.organisation_name(organisation).into_owned()))
}

/// Has a service of the organisation fallen below its target level in an earlier minute?
pub fn has_fallen(world: &World, organisation: Ix<Organisation>) -> bool {
    let fell =
        |service: Ix<Service>| world.state.services[service].first_below.is_some_and(|tick| tick < world.state.tick);
    world.scenario.organisations[organisation].services.iter().any(fell)
}

/// Has a message reached the seat that names the mitigation as an answer?
fn is_asked(world: &World, seat: Ix<Seat>, mitigation: Ix<Mitigation>) -> bool {
    let scenario = &world.scenario;
    let asks = |inject: Ix<Inject>| answers(scenario, inject, seat).any(|named| named == mitigation);
    let fired = world.state.injects_fired.entries().filter(|(_, fired)| fired.is_some());
    fired.map(|(inject, _)| inject).any(|inject| asks(inject) && reaches(world, inject, seat))
}
