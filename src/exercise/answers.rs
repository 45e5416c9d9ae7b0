//! Orders that answer a message, as its author named them, and the check that a seat can give one of them now.
//!
//! Must not judge whether an answer is a good one.

use crate::base::Ix;
use crate::scenario::compile::{Inject, Mitigation, Seat};
pub use crate::sim::messages::answers;
use crate::sim::possible::possible_with;
use crate::sim::{Issuer, World};

/// Can a seat order a mitigation for at least one target now?
pub fn is_open(world: &World, seat: Ix<Seat>, mitigation: Ix<Mitigation>) -> bool {
    possible_with(world, Issuer::Seat(seat), mitigation).open_targets().next().is_some()
}

/// Does an inject ask a seat for an order that the seat can give now?
pub fn asks(world: &World, inject: Ix<Inject>, seat: Ix<Seat>) -> bool {
    answers(world.scenario(), inject, seat).any(|mitigation| is_open(world, seat, mitigation))
}
