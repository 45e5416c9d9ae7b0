//! The cause that holds a service below its target level, and the root behind it, in the words of the board.
//!
//! Must not guess: every cause is read from the state from which the level is computed.

use crate::base::words as format;
use crate::base::{Ix, Share};
use crate::scenario::compile::{EventAction, Need, NeedIndex, Service};
use crate::session::held_back::{Cause, Holds, Link};
use crate::sim::World;
use crate::sim::held::Obstacle;
use crate::sim::phases::services;

/// The cause that holds a service's level down; none at its target level or above.
pub fn held_by(world: &World, service: Ix<Service>) -> Option<String> {
    let scenario = world.scenario();
    let compiled = &scenario.services[service];
    if compiled.target <= world.level(service) {
        return None;
    }
    let state = world.service(service);
    // Rework lowers the level below the one that the hosts allow.
    if compiled.target <= state.technical {
        return Some(left_over(world, service));
    }
    let needs = scenario.needs_of(service).iter().zip(&state.buffers_min);
    let limits = needs.filter(|(_, buffer_min)| **buffer_min == 0).map(|(need, _)| (allowed(world, need), need));
    let tightest = limits.min_by_key(|(allowed, _)| *allowed);
    let has_left_over = compiled.rework.is_some() && 0 < state.rework_milli && state.level < state.technical;
    let also = if has_left_over { format!("; {}", left_over(world, service)) } else { String::new() };
    Some(match tightest {
        Some((allowed, need)) if allowed < compiled.target => format!("{}{also}", need_words(world, service, need)),
        _ if has_left_over => left_over(world, service),
        _ if is_limited(world, service) => "A fault outside its own systems".to_owned(),
        _ => "Its systems are up and it is starting again".to_owned(),
    })
}

/// The root of what holds a service below its target level, behind all services that it needs: `recovery keys: 412
/// machines in Ward PCs`. None at its target level or above, and if nothing lies behind its own trouble.
pub fn root_of(world: &World, holds: &mut Holds, service: Ix<Service>) -> Option<String> {
    let held = holds.held_back(service)?;
    let scenario = world.scenario();
    let words = held.root.words();
    let home = scenario.services[service].organisation;
    Some(match *held.path.last()? {
        Link::Service(root) => {
            let words = if held.root == Cause::Rework { left_over(world, root) } else { words.to_owned() };
            let (name, organisation) = (&scenario.service_doc(root).name, scenario.services[root].organisation);
            if organisation == home {
                format!("{words} in {name}")
            } else {
                format!("{words} in {name} of {}", scenario.organisation_name(organisation))
            }
        }
        Link::Fleet(fleet) => {
            let impaired = world.impaired(fleet);
            let hosts = match held.root {
                Cause::Unknown | Cause::NoCure => impaired.stopped_by(Some(Obstacle::Cure)),
                Cause::Hands => impaired.stopped_by(None),
                Cause::Keys => impaired.stopped_by(Some(Obstacle::Keys)),
                Cause::Travel | Cause::Repair => impaired.in_repair,
                Cause::OutOfReach => impaired.away,
                Cause::Race => impaired.crashing,
                Cause::Decision => impaired.held,
                _ => impaired.hosts(),
            };
            // Nobody knows of hosts that restart either, as long as nobody knew.
            let hosts = if hosts == 0 { impaired.hosts() } else { hosts };
            let machines = format::counted(hosts.into(), "machine", "machines");
            format!("{words}: {machines} in {}", scenario.fleet_doc(fleet).name)
        }
    })
}

/// Does an event of the script hold the service down?
fn is_limited(world: &World, service: Ix<Service>) -> bool {
    let scenario = world.scenario();
    let fired = scenario.events.entries().filter_map(|(index, event)| Some((world.events_fired()[index]?, event)));
    let turns = fired.filter_map(|(tick, event)| {
        let turn = event.actions.iter().rev().find_map(|action| match *action {
            EventAction::Limit { service: limited, .. } if limited == service => Some(true),
            EventAction::Lift { service: lifted } if lifted == service => Some(false),
            _ => None,
        });
        turn.map(|is_limited| (tick, is_limited))
    });
    turns.max_by_key(|&(tick, _)| tick).is_some_and(|(_, is_limited)| is_limited)
}

/// The level that a need allows at the current supply.
fn allowed(world: &World, need: &Need) -> Share {
    let supply = match need.supplier {
        NeedIndex::Service(service) => world.level(service),
        NeedIndex::Fleet(fleet) => {
            let state = &world.fleets()[fleet];
            let hosts: u32 = state.counts.iter().sum();
            Share::from_parts(u64::from(hosts - state.impaired()), u64::from(hosts))
        }
    };
    services::respond(&need.response, supply)
}

fn need_words(world: &World, dependent: Ix<Service>, need: &Need) -> String {
    let scenario = world.scenario();
    match need.supplier {
        NeedIndex::Service(service) => {
            let organisation = scenario.services[service].organisation;
            let name = &scenario.service_doc(service).name;
            let level = format::percent(world.level(service).fraction());
            if organisation == scenario.services[dependent].organisation {
                format!("{name} at {level}")
            } else {
                format!("{name} of {} at {level}", scenario.organisation_name(organisation))
            }
        }
        NeedIndex::Fleet(fleet) => {
            let state = &world.fleets()[fleet];
            let hosts: u32 = state.counts.iter().sum();
            let (down, all) = (format::thousands(state.impaired().into()), format::thousands(hosts.into()));
            format!("{down} of {all} hosts not working in {}", scenario.fleet_doc(fleet).name)
        }
    }
}

/// `Crew changes to piece together: 1,712 left`
fn left_over(world: &World, service: Ix<Service>) -> String {
    let state = world.service(service);
    let rework = world.scenario().service_doc(service).rework.as_ref();
    match rework {
        Some(rework) => format!("{}: {} left", rework.name, format::amount(state.rework_milli as f64 / 1000.0)),
        None => "Work left over".to_owned(),
    }
}
