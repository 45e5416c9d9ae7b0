//! The script: events and injects by time, by another event or by an observable.
//! docs/model.md, "Conditions and events".

use super::{hosts, services};
use crate::base::{Column, Ix, Share, Tick};
use crate::scenario::compile::{Channel, Condition, Event, EventAction, Flag, Inject, Scenario, Service, When};
use crate::sim::observe;
use crate::sim::world::{Moment, World};

/// Conditions on observables are looked at every so many minutes.
pub const CONDITIONS_EVERY_MIN: u32 = 5;

/// Is a trigger met at this boundary? Used for events, injects and playbooks alike.
pub fn is_met(world: &World, when: When) -> bool {
    is_met_in(world, when, world.state.tick)
}

/// Is it met in the minute of a tick, with observables as they are now?
fn is_met_in(world: &World, when: When, minute: Tick) -> bool {
    match when {
        When::At(_) | When::After { .. } => has_come(&world.state.events_fired, when, minute),
        When::Above { condition, value } => looks_in(minute) && value < observe_condition(world, condition),
        When::Below { condition, value } => looks_in(minute) && observe_condition(world, condition) < value,
    }
}

/// Is the time of a trigger over, with events that fired when they did? Conditions have none.
fn has_come(fired: &Column<Event, Option<Tick>>, when: When, minute: Tick) -> bool {
    match when {
        When::At(tick) => tick <= minute,
        When::After { event, minutes } => fired[event].is_some_and(|fired| fired.plus(minutes) <= minute),
        When::Above { .. } | When::Below { .. } => false,
    }
}

/// Are conditions looked at in a minute?
pub fn looks_in(minute: Tick) -> bool {
    minute.0.is_multiple_of(CONDITIONS_EVERY_MIN)
}

fn observe_condition(world: &World, condition: Ix<Condition>) -> f64 {
    observe::value(world, &world.scenario.conditions[condition])
}

/// Halts staged releases that go wrong, then fires events that are due, each once.
pub fn run_events(world: &mut World) {
    let scenario = world.scenario.clone();
    for (channel, compiled) in scenario.channels.entries() {
        let state = &world.state.channels[channel];
        if state.live_since.is_some()
            && state.follows_rings
            && let Some((condition, value)) = compiled.rings.as_ref().and_then(|plan| plan.halt_above)
            && is_met(world, When::Above { condition, value })
        {
            end_release(world, channel);
        }
    }
    follow_parent(world);
    let tick = world.state.tick;
    if tick < world.derived.lists.event_due {
        return;
    }
    let mut open = std::mem::take(&mut world.derived.lists.events);
    open.retain(|&index| {
        let event = &scenario.events[index];
        if !is_met(world, event.when) {
            return true;
        }
        fire_event(world, index);
        false
    });
    let next = tick.plus(1);
    let due = open.iter().filter_map(|&event| earliest(world, scenario.events[event].when, next)).min();
    world.derived.lists.event_due = due.unwrap_or(scenario.horizon);
    world.derived.lists.events = open;
}

/// In a fork, events that wait for organisations outside fire as they did in its parent.
fn follow_parent(world: &mut World) {
    let Some(reach) = world.reach.clone() else { return };
    let tick = world.state.tick;
    if reach.ticks_of_parent.binary_search(&tick).is_err() {
        return;
    }
    for &(event, _) in reach.events_of_parent.iter().filter(|(_, fired)| *fired == Some(tick)) {
        fire_event(world, event);
    }
    for &(inject, _) in reach.injects_of_parent.iter().filter(|(_, fired)| *fired == Some(tick)) {
        fire_inject(world, inject, tick);
    }
}

fn fire_event(world: &mut World, event: Ix<Event>) {
    note_event(world, event, world.state.tick);
    happen_all(world, event);
}

fn note_event(world: &mut World, event: Ix<Event>, at: Tick) {
    world.state.events_fired[event] = Some(at);
    world.derived.seal.is_common_unsealed = true;
    world.push_moment(at, Moment::Event(event));
}

/// What an event does, to those who are simulated now.
pub fn happen_all(world: &mut World, event: Ix<Event>) {
    let scenario = world.scenario.clone();
    scenario.events[event].actions.iter().for_each(|&action| act(world, action));
}

/// Notes that events fired whose effects everybody has lived through.
pub fn note_events(world: &mut World, events: &[(Tick, Ix<Event>)]) {
    events.iter().for_each(|&(at, event)| note_event(world, event, at));
    let World { state, derived, .. } = world;
    derived.lists.events.retain(|&event| state.events_fired[event].is_none());
}

fn act(world: &mut World, action: EventAction) {
    match action {
        EventAction::Release { channel } => hosts::begin_release(world, channel),
        EventAction::Revert { channel } => end_release(world, channel),
        EventAction::RaiseFlag { flag } => set_flag(world, flag, true),
        EventAction::LowerFlag { flag } => set_flag(world, flag, false),
        EventAction::Limit { service, level } => limit(world, service, level),
        EventAction::Lift { service } => limit(world, service, Share::WHOLE),
    }
}

fn limit(world: &mut World, service: Ix<Service>, level: Share) {
    let scenario = world.scenario.clone();
    if world.is_in_partition(&scenario, service) && world.is_reached(scenario.services[service].organisation) {
        services::set_limit(world, service, level);
    }
}

/// Raises or lowers a flag: other methods may be usable now.
pub fn set_flag(world: &mut World, flag: Ix<Flag>, is_up: bool) {
    world.state.flags[flag] = is_up;
    world.derived.seal.is_common_unsealed = true;
    world.reconsider_methods();
}

/// Ends a channel's live release.
pub fn end_release(world: &mut World, channel: Ix<Channel>) {
    world.state.channels[channel].live_since = None;
    world.derived.seal.is_common_unsealed = true;
}

/// Fires injects that are due in the minutes from one tick to another, the last excluded, each once, as the end of
/// its minute shows the world. The first minute is left to the briefing.
///
/// Conditions are looked at in the last of the minutes alone, so no earlier one may be a minute in which they are.
pub fn run_injects(world: &mut World, from: Tick, until: Tick) {
    let (from, last) = (from.max(Tick(1)), Tick(until.0 - 1));
    if last < from.max(world.derived.lists.inject_due) {
        return;
    }
    let scenario = world.scenario.clone();
    let mut due: Vec<(Tick, Ix<Inject>)> = Vec::new();
    let mut open = std::mem::take(&mut world.derived.lists.injects);
    open.retain(|&inject| {
        if world.state.injects_fired[inject].is_some() {
            return false;
        }
        let when = scenario.injects[inject];
        let at = if is_met_in(world, when, last) { earliest(world, when, from).map(|at| at.min(last)) } else { None };
        due.extend(at.map(|at| (at, inject)));
        at.is_none()
    });
    let next = open.iter().filter_map(|&inject| earliest(world, scenario.injects[inject], until)).min();
    world.derived.lists.inject_due = next.unwrap_or(scenario.horizon);
    world.derived.lists.injects = open;
    // Of one minute in the order written, which the list has.
    due.sort_by_key(|&(at, _)| at);
    due.into_iter().for_each(|(at, inject)| fire_inject(world, inject, at));
}

/// The earliest tick from one on at which a trigger may be met, as far as the script alone says; none if never.
pub fn earliest(world: &World, when: When, from: Tick) -> Option<Tick> {
    earliest_after(&world.scenario, &world.state.events_fired, when, from)
}

/// The first boundary after this one at which a trigger may be met, as far as the script alone says; none if never. The
/// events of this minute have not fired yet, and each of them may be one that the trigger waits for.
pub fn next_met(world: &World, when: When) -> Option<Tick> {
    let next = world.state.tick.plus(1);
    match when {
        When::After { .. } => earliest(world, when, world.state.tick).map(|at| at.max(next)),
        When::At(_) | When::Above { .. } | When::Below { .. } => earliest(world, when, next),
    }
}

fn earliest_after(scenario: &Scenario, fired: &Column<Event, Option<Tick>>, when: When, from: Tick) -> Option<Tick> {
    match when {
        When::At(tick) => Some(tick.max(from)),
        When::After { event, minutes } => {
            let fired = fired[event].or_else(|| earliest_after(scenario, fired, scenario.events[event].when, from))?;
            Some(fired.plus(minutes).max(from))
        }
        When::Above { .. } | When::Below { .. } => Some(Tick(from.0.next_multiple_of(CONDITIONS_EVERY_MIN))),
    }
}

/// The first boundary after this one, at most another, at which something happens to several organisations that the
/// script alone does not say: orders about several organisations, looks at conditions, releases that may be halted.
pub fn quiet_until(world: &World, until: Tick) -> Tick {
    let next = world.state.tick.plus(1);
    let scenario = &world.scenario;
    let has_halt =
        |channel: Ix<Channel>| scenario.channels[channel].rings.as_ref().is_some_and(|plan| plan.halt_above.is_some());
    let may_halt = |action: &EventAction| action.released_channel().is_some_and(has_halt);
    let event = |&event: &Ix<Event>| {
        let compiled = &scenario.events[event];
        let is_open = compiled.when.condition().is_some() || compiled.actions.iter().any(may_halt);
        earliest(world, compiled.when, next).filter(|_| is_open)
    };
    let events = world.derived.lists.events.iter().filter_map(event);
    let look = Tick(next.0.next_multiple_of(CONDITIONS_EVERY_MIN));
    let halts = world
        .state
        .channels
        .entries()
        .filter(|(channel, state)| state.live_since.is_some() && state.follows_rings && has_halt(*channel));
    // An inject's condition sees the end of its minute.
    let inject = |&inject: &Ix<Inject>| {
        let when = scenario.injects[inject];
        earliest(world, when, world.state.tick.max(Tick(1)))
            .filter(|_| when.condition().is_some())
            .map(|look| look.plus(1))
    };
    let injects = world.derived.lists.injects.iter().filter_map(inject);
    let is_common = |order| !world.is_local(order);
    let dates = [&world.state.calendars.begins, &world.state.calendars.ends];
    let orders = dates.map(|dates| dates.next_where(next, until, is_common));
    let grants = world.state.grants.iter().flat_map(|grant| [grant.begins, grant.ends]);
    let parents = world.reach.iter().flat_map(|reach| {
        let events = reach.events_of_parent.iter().filter_map(|&(_, fired)| fired);
        events.chain(reach.injects_of_parent.iter().filter_map(|&(_, fired)| fired))
    });
    let fixed = orders.into_iter().flatten().chain(grants).chain(parents);
    let all = events.chain(halts.map(|_| look)).chain(injects).chain(fixed.filter(|&tick| next <= tick));
    all.fold(until, Tick::min).max(next)
}

/// Events that fire after this minute and before a boundary up to which it is quiet, in the order in which they do.
pub fn known_events(world: &World, until: Tick) -> Vec<(Tick, Ix<Event>)> {
    let scenario = &world.scenario;
    let (mut fired, mut open) = (world.state.events_fired.clone(), world.derived.lists.events.clone());
    let (mut known, mut from) = (Vec::new(), world.state.tick.plus(1));
    let when = |event: Ix<Event>| scenario.events[event].when;
    while let Some(at) = open.iter().filter_map(|&event| earliest_after(scenario, &fired, when(event), from)).min()
        && at < until
    {
        // One by one: an event sees those of its minute that are written before it.
        open.retain(|&event| {
            let is_met = has_come(&fired, when(event), at);
            if is_met {
                fired[event] = Some(at);
                known.push((at, event));
            }
            !is_met
        });
        from = at.plus(1);
    }
    known
}

/// An inject reaches its seats.
pub fn fire_inject(world: &mut World, inject: Ix<Inject>, minute: Tick) {
    world.state.injects_fired[inject] = Some(minute);
    world.derived.seal.is_common_unsealed = true;
    world.push_moment(minute, Moment::Inject(inject));
}
