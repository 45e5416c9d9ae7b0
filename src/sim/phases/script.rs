//! The script: events and injects that are due by time, by another event or by an observable.

use super::hosts;
use crate::base::{Share, Tick};
use crate::scenario::compile::{Happening, When};
use crate::sim::observe;
use crate::sim::world::{Moment, World};

/// Conditions on observables are looked at every so many minutes.
pub const CONDITIONS_EVERY_MIN: u32 = 5;

/// Is a trigger met at this boundary? Used for events, injects and playbooks alike.
pub fn is_met(world: &World, when: When) -> bool {
    let looks = world.tick.0.is_multiple_of(CONDITIONS_EVERY_MIN);
    match when {
        When::At(tick) => tick <= world.tick,
        When::After { event, minutes } => {
            world.events_fired[event as usize].is_some_and(|fired| fired.plus(minutes) <= world.tick)
        }
        When::Above { condition, value } => looks && value < observe_condition(world, condition),
        When::Below { condition, value } => looks && observe_condition(world, condition) < value,
    }
}

fn observe_condition(world: &World, condition: u32) -> f64 {
    observe::value(world, &world.scenario.conditions[condition as usize])
}

/// Fires events that are due, each once.
pub fn run_events(world: &mut World) {
    let scenario = world.scenario.clone();
    for (index, event) in scenario.events.iter().enumerate() {
        if world.events_fired[index].is_some() || !is_met(world, event.when) {
            continue;
        }
        world.events_fired[index] = Some(world.tick);
        world.tell(Moment::Event(index as u32));
        for &effect in &event.effects {
            happen(world, effect);
        }
    }
}

fn happen(world: &mut World, effect: Happening) {
    match effect {
        Happening::Release(channel) => {
            world.channels[channel as usize].live_since = Some(world.tick);
            hosts::expose_all(world, channel);
        }
        Happening::Revert(channel) => world.channels[channel as usize].live_since = None,
        Happening::RaiseFlag(flag) => world.flags[flag as usize] = true,
        Happening::LowerFlag(flag) => world.flags[flag as usize] = false,
        Happening::Limit(service, level) => world.services[service as usize].limit = level,
        Happening::Lift(service) => world.services[service as usize].limit = Share::WHOLE,
    }
}

/// Fires injects that are due, each once. The first tick is left to the briefing.
pub fn run_injects(world: &mut World) {
    if world.tick == Tick::ZERO {
        return;
    }
    let scenario = world.scenario.clone();
    for (index, &when) in scenario.injects.iter().enumerate() {
        if world.injects_fired[index].is_none() && is_met(world, when) {
            world.injects_fired[index] = Some(world.tick);
            world.tell(Moment::Inject(index as u32));
        }
    }
}
