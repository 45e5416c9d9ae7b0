//! The seats that a message reaches, and the orders that its author named as answers.
//!
//! Must not judge whether an answer is a good one.

use super::issuer::Issuer;
use super::world::{Order, OrderState, World};
use crate::base::Ix;
use crate::scenario::compile::{Inject, Mitigation, Scenario, Seat};

/// Does an inject reach a seat, or will it, after the orders given so far? An order that the message would ask for, given
/// before it arrives, keeps it away.
pub fn reaches(world: &World, inject: Ix<Inject>, seat: Ix<Seat>) -> bool {
    let scenario = world.scenario();
    let unless = &scenario.inject_unless[inject];
    let arrives = world.injects_fired()[inject].unwrap_or(world.tick());
    let is_for_seat = |order: &Order| {
        let organisation = scenario.organisation_of(order.target);
        order.by == Issuer::Seat(seat)
            || organisation.is_some_and(|index| scenario.seats[seat].organisations.contains(&index))
    };
    let keeps_away = |order: &Order| {
        unless.contains(&order.mitigation)
            && order.ordered <= arrives
            && order.state != OrderState::Cancelled
            && is_for_seat(order)
    };
    is_addressed(scenario, inject, seat) && (unless.is_empty() || !world.orders().iter().any(keeps_away))
}

/// Is a seat among those that an inject is written to?
pub fn is_addressed(scenario: &Scenario, inject: Ix<Inject>, seat: Ix<Seat>) -> bool {
    let to = &scenario.docs.injects[inject.position()].to;
    to.is_empty() || to.contains(&scenario.docs.seats[seat.position()].id)
}

/// Mitigations (by index) that answer an inject and that a seat may order, in the order of the author.
pub fn answers(scenario: &Scenario, inject: Ix<Inject>, seat: Ix<Seat>) -> impl Iterator<Item = Ix<Mitigation>> {
    let ids = &scenario.docs.injects[inject.position()].answers;
    let mitigations = &scenario.seats[seat].mitigations;
    let named =
        |id: &String| mitigations.iter().copied().find(|&index| scenario.docs.mitigations[index.position()].id == *id);
    ids.iter().filter_map(named)
}
