//! The script: events and injects by time, by another event or by an observable.
//! docs/model.md, "Conditions and events".

use super::hosts;
use super::services;
use crate::base::{Share, Tick};
use crate::scenario::compile::{Happening, When};
use crate::sim::observe;
use crate::sim::world::{Moment, World};

/// Conditions on observables are looked at every so many minutes.
pub const CONDITIONS_EVERY_MIN: u32 = 5;

/// Is a trigger met at this boundary? Used for events, injects and playbooks alike.
pub fn is_met(world: &World, when: When) -> bool {
    is_met_in(world, when, world.tick)
}

/// Is it met in the minute of a tick, with observables as they are now?
fn is_met_in(world: &World, when: When, minute: Tick) -> bool {
    match when {
        When::At(tick) => tick <= minute,
        When::After { event, minutes } => {
            world.events_fired[event as usize].is_some_and(|fired| fired.plus(minutes) <= minute)
        }
        When::Above { condition, value } => looks(minute) && value < observe_condition(world, condition),
        When::Below { condition, value } => looks(minute) && observe_condition(world, condition) < value,
    }
}

fn looks(minute: Tick) -> bool {
    minute.0.is_multiple_of(CONDITIONS_EVERY_MIN)
}

fn observe_condition(world: &World, condition: u32) -> f64 {
    observe::value(world, &world.scenario.conditions[condition as usize])
}

/// Halts staged releases that go wrong, then fires events that are due, each once.
pub fn run_events(world: &mut World) {
    let scenario = world.scenario.clone();
    for (channel, of) in scenario.channels.iter().enumerate() {
        let state = &world.channels[channel];
        if state.live_since.is_some()
            && state.follows_rings
            && let Some((condition, value)) = of.rings.as_ref().and_then(|plan| plan.halt_above)
            && is_met(world, When::Above { condition, value })
        {
            end_release(world, channel as u32);
        }
    }
    follow_parent(world);
    let mut open = std::mem::take(&mut world.lists.events);
    open.retain(|&index| {
        let event = &scenario.events[index as usize];
        if !is_met(world, event.when) {
            return true;
        }
        fire_event(world, index);
        false
    });
    world.lists.events = open;
}

/// In a fork, events that wait for organisations outside fire as they did in its parent.
fn follow_parent(world: &mut World) {
    let Some(reach) = world.reach.clone() else { return };
    let tick = world.tick;
    for &(event, _) in reach.events_of_parent.iter().filter(|(_, fired)| *fired == Some(tick)) {
        fire_event(world, event);
    }
    for &(inject, _) in reach.injects_of_parent.iter().filter(|(_, fired)| *fired == Some(tick)) {
        fire_inject(world, inject, tick);
    }
}

fn fire_event(world: &mut World, event: u32) {
    let scenario = world.scenario.clone();
    world.events_fired[event as usize] = Some(world.tick);
    world.seal.is_common_unsealed = true;
    world.tell(world.tick, Moment::Event(event));
    scenario.events[event as usize].effects.iter().for_each(|&effect| happen(world, effect));
}

fn happen(world: &mut World, effect: Happening) {
    match effect {
        Happening::Release(channel) => hosts::begin_release(world, channel),
        Happening::Revert(channel) => end_release(world, channel),
        Happening::RaiseFlag(flag) => set_flag(world, flag, true),
        Happening::LowerFlag(flag) => set_flag(world, flag, false),
        Happening::Limit(service, level) => limit(world, service, level),
        Happening::Lift(service) => limit(world, service, Share::WHOLE),
    }
}

fn limit(world: &mut World, service: u32, level: Share) {
    if world.is_reached(world.scenario.services[service as usize].organisation) {
        services::set_limit(world, service, level);
    }
}

/// Raises or lowers a flag: other methods may be usable now.
pub fn set_flag(world: &mut World, flag: u32, is_up: bool) {
    world.flags[flag as usize] = is_up;
    world.seal.is_common_unsealed = true;
    world.reconsider_methods();
}

/// Ends a channel's live release.
pub fn end_release(world: &mut World, channel: u32) {
    world.channels[channel as usize].live_since = None;
    world.seal.is_common_unsealed = true;
}

/// Fires injects that are due in a minute, each once, as its end shows the world. The first minute is left to
/// the briefing.
pub fn run_injects(world: &mut World, minute: Tick) {
    if minute == Tick::ZERO {
        return;
    }
    let scenario = world.scenario.clone();
    let mut open = std::mem::take(&mut world.lists.injects);
    open.retain(|&index| {
        let has_fired = world.injects_fired[index as usize].is_some();
        if !has_fired && is_met_in(world, scenario.injects[index as usize], minute) {
            fire_inject(world, index, minute);
            return false;
        }
        !has_fired
    });
    world.lists.injects = open;
}

/// An inject reaches its seats.
pub fn fire_inject(world: &mut World, inject: u32, minute: Tick) {
    world.injects_fired[inject as usize] = Some(minute);
    world.seal.is_common_unsealed = true;
    world.tell(minute, Moment::Inject(inject));
}
