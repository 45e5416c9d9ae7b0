//! Moments at which a jump stops, because they matter to a seat in play: messages to it, key events that concern it,
//! and falls and recoveries of its services. Also the latest tick of the next stop, as far as the script tells.
//!
//! Must not simulate.

use crate::base::{Ix, Tick};
use crate::scenario::compile::{Event, EventAction, Inject, Scenario, Seat, Service, When};
use crate::sim::World;
pub use crate::sim::messages::{is_addressed, reaches};
use crate::sim::world::Moment;

/// The reason why the clock stopped or slowed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A message (inject by index) reached a seat.
    Message(Ix<Inject>),
    /// A key event (by index) that concerns a seat.
    Event(Ix<Event>),
    /// A service (by index) fell, went outside its tolerance or recovered.
    Service(Ix<Service>, Turn),
    /// None of these stops came within the longest jump.
    Nothing,
}

/// A change of a service at which a jump stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It fell below its target level for the first time.
    Fell,
    /// It has been below its target level for longer than its impact tolerance.
    Outside,
    /// It is back at its target level after a time outside its tolerance.
    Back,
}

/// The stop for one of the seats that may come from an event or inject of the script: an inject stops the clock only if
/// it `reaches` a seat.
pub fn stop_of_moment(scenario: &Scenario, seats: &[Ix<Seat>], moment: Moment) -> Option<Stop> {
    match moment {
        Moment::Inject(inject) => {
            seats.iter().any(|&seat| is_addressed(scenario, inject, seat)).then_some(Stop::Message(inject))
        }
        Moment::Event(event) => seats.iter().any(|&seat| concerns(scenario, event, seat)).then_some(Stop::Event(event)),
    }
}

/// Does a key event concern a seat: a release, a flag that one of its orders waits for, a limit of a service that it
/// runs or needs? Other events reach the seat as messages, if at all.
fn concerns(scenario: &Scenario, event: Ix<Event>, seat: Ix<Seat>) -> bool {
    let seat = &scenario.seats[seat];
    let runs = |service: Ix<Service>| seat.organisations.contains(&scenario.services[service].organisation);
    let needs = |service: Ix<Service>| {
        let organisations = seat.organisations.iter().map(|&index| &scenario.organisations[index]);
        let mut services = organisations.flat_map(|organisation| organisation.services);
        services.any(|own| scenario.needs_of(own).iter().any(|need| need.supplier.service() == Some(service)))
    };
    let concerns = |action: &EventAction| match *action {
        EventAction::Release { .. } | EventAction::Revert { .. } => true,
        EventAction::RaiseFlag { flag } | EventAction::LowerFlag { flag } => {
            seat.mitigations.iter().any(|&index| scenario.mitigations[index].requires.contains(&flag))
        }
        EventAction::Limit { service, .. } | EventAction::Lift { service } => runs(service) || needs(service),
    };
    let actions = &scenario.events[event].actions;
    scenario.docs.events[event.position()].key_moment && actions.iter().any(concerns)
}

/// Services (by index) of the seats' organisations.
pub fn services_of_seats(scenario: &Scenario, seats: &[Ix<Seat>]) -> Vec<Ix<Service>> {
    let organisations = seats.iter().flat_map(|&seat| scenario.seats[seat].organisations.iter());
    organisations.flat_map(|&index| scenario.organisations[index].services).collect()
}

/// Minutes that services have been below their target level, from which turns are found.
pub struct Watch {
    /// Service by index; minutes in its current time below target, minutes in all.
    services: Vec<(Ix<Service>, u32, u32)>,
}

impl Watch {
    pub fn new(world: &World, services: &[Ix<Service>]) -> Self {
        let minutes = |&service: &Ix<Service>| {
            let state = world.service(service);
            (service, state.below_now_min, state.below_min)
        };
        Self { services: services.iter().map(minutes).collect() }
    }

    /// The first turn since the last call, a minute ago.
    pub fn turn(&mut self, world: &World) -> Option<Stop> {
        let mut turn = None;
        for (service, below_now_min, below_min) in &mut self.services {
            let state = world.service(*service);
            let tolerance_min = world.scenario().services[*service].tolerance_min;
            let was_outside = tolerance_min < *below_now_min;
            let found = match () {
                () if *below_min == 0 && 0 < state.below_min => Some(Turn::Fell),
                () if !was_outside && tolerance_min < state.below_now_min => Some(Turn::Outside),
                () if was_outside && state.below_now_min == 0 => Some(Turn::Back),
                () => None,
            };
            (*below_now_min, *below_min) = (state.below_now_min, state.below_min);
            turn = turn.or(found.map(|turn| Stop::Service(*service, turn)));
        }
        turn
    }
}

/// The boundary at which the script stops a jump at the latest; none if no time is known. A condition that comes true
/// can stop the jump before it.
pub fn latest(world: &World, seats: &[Ix<Seat>]) -> Option<Tick> {
    let scenario = world.scenario();
    let events = scenario
        .events
        .indices()
        .filter(|&event| world.events_fired()[event].is_none())
        .filter(|&event| seats.iter().any(|&seat| concerns(scenario, event, seat)))
        .map(|event| scenario.events[event].when);
    let injects = scenario
        .injects
        .indices()
        .filter(|&inject| world.injects_fired()[inject].is_none())
        .filter(|&inject| seats.iter().any(|&seat| reaches(world, inject, seat)))
        .map(|inject| scenario.injects[inject]);
    let known = events.chain(injects).filter_map(|when| known_tick(world, when)).filter(|&tick| world.tick() <= tick);
    known.min().map(|tick| tick.plus(1))
}

/// The tick at which a trigger is met, if it is known beforehand: a time, or some minutes after an event whose tick is
/// known.
fn known_tick(world: &World, when: When) -> Option<Tick> {
    match when {
        When::At(tick) => Some(tick),
        When::After { event, minutes } => {
            let fired = world.events_fired()[event];
            let before = fired.or_else(|| known_tick(world, world.scenario().events[event].when))?;
            Some(before.plus(minutes))
        }
        When::Above { .. } | When::Below { .. } => None,
    }
}

/// The tick of the first release that has a fixed time: the incident of the scenario.
pub fn first_release(scenario: &Scenario) -> Option<Tick> {
    let releases = scenario
        .events
        .iter()
        .filter(|event| event.actions.iter().any(|action| matches!(action, EventAction::Release { .. })));
    let ticks = releases.filter_map(|event| if let When::At(tick) = event.when { Some(tick) } else { None });
    ticks.min()
}
