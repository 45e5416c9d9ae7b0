//! What limits a service, and what the hosts of a fleet wait for, at a boundary, for readers. Must not judge: `assess`
//! divides the blame.
//!
//! The state of a boundary tells the minute before it, except that needs of services and orders count one minute later.

pub use super::phases::hands::Obstacle;
use super::phases::{hands, hosts, services};
use super::queue::CLASSES;
use super::state::{HostState, NO_EFFECTS};
use super::world::World;
use crate::base::{Ix, Share};
use crate::scenario::compile::{Fleet, Method, Service};

/// What limits the level of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The level for customers.
    pub level: Share,
    /// The level that needs and warm-up allow.
    pub technical: Share,
    /// What rework leaves of the technical level, before the fallback.
    pub plain: Share,
    /// The limit that an event set, or the level of a fail-over above it.
    pub limit: Share,
    /// The level that each need allows, in the order of the scenario, or the level of a fail-over above it; the whole for
    /// a need whose buffer holds.
    pub needs: Vec<Share>,
    /// The level that the fallback would hold if no order had closed it; none otherwise.
    pub closed: Option<Share>,
}

/// Minutes of a service so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceMinutes {
    /// In a row up to now, below its target level.
    pub below_now_min: u32,
    /// In all, below its target level and outside its tolerance.
    pub below_min: u32,
    pub outside_min: u32,
}

/// The hosts of a fleet that are not usable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Impaired {
    pub crashing: u32,
    pub held: u32,
    pub in_repair: u32,
    /// Down, and out of reach.
    pub away: u32,
    /// Waiting in reach: plain, encrypted, to be rebuilt.
    pub waiting: [u32; CLASSES],
    /// What stands between technicians and each of these classes; none if hands alone are missing.
    pub obstacles: [Option<Obstacle>; CLASSES],
    /// The part of a repair in which a host is found and reached, in the mean of the method in use now.
    pub reaching: Share,
}

impl Impaired {
    /// All of them.
    pub fn hosts(&self) -> u32 {
        self.crashing + self.held + self.in_repair + self.away + self.waiting.iter().sum::<u32>()
    }

    /// Those that wait in reach and are stopped by an obstacle, or by none but missing hands.
    pub fn stopped_by(&self, obstacle: Option<Obstacle>) -> u32 {
        let classes = self.waiting.iter().zip(self.obstacles);
        classes.filter(|(_, found)| *found == obstacle).map(|(hosts, _)| hosts).sum()
    }
}

impl World {
    /// What limits a service at this boundary.
    pub fn limits_of(&self, service: Ix<Service>) -> Limits {
        let compiled = &self.scenario.services[service];
        let state = services::caught_up(self, service);
        let effects = if state.is_ordered { &self.derived.effects[service] } else { &NO_EFFECTS };
        let settled_min = match state.is_moving {
            true => 0,
            false => self.state.tick.since(self.state.services[service].as_of),
        };
        let needs = self.state.needs[compiled.needs].iter().map(|need| {
            let holds = need.response == Share::WHOLE || settled_min < need.buffer_min;
            if holds { Share::WHOLE } else { need.response.max(effects.fail_over) }
        });
        let after_rework = services::after_rework(&state, compiled);
        // Without a fallback the level is what rework left in this minute; the rework itself is a minute further.
        let plain = if state.is_fallback_on { after_rework.min(state.level) } else { state.level };
        let holds = |fallback| services::fallback_holds(&state, fallback, effects);
        let closed = compiled.fallback.as_ref().filter(|_| state.is_fallback_barred).map(holds);
        Limits {
            level: state.level,
            technical: state.technical,
            plain,
            limit: state.limit.max(effects.fail_over),
            needs: needs.collect(),
            closed: closed.filter(|holds| plain < *holds),
        }
    }

    /// The minutes of a service below target and outside tolerance, up to this boundary.
    pub fn minutes_of(&self, service: Ix<Service>) -> ServiceMinutes {
        let state = services::caught_up(self, service);
        ServiceMinutes {
            below_now_min: state.below_now_min,
            below_min: state.below_min,
            outside_min: state.outside_min,
        }
    }

    /// The hosts of a fleet that are not usable at this boundary.
    pub fn impaired(&self, fleet: Ix<Fleet>) -> Impaired {
        let state = &self.state.fleets[fleet];
        if state.impaired() == 0 {
            return Impaired::default();
        }
        let methods = hands::methods_for(self, &self.scenario, state.organisation, fleet);
        let obstacles = hands::obstacles(self, fleet, &methods);
        let down = state.count(HostState::Down);
        let (away, encrypted) = self.count_down(fleet, obstacles[0] != obstacles[1]);
        Impaired {
            crashing: state.count(HostState::Crashing),
            held: state.count(HostState::Held),
            in_repair: state.count(HostState::InRepair),
            away,
            waiting: [down - away - encrypted, encrypted, state.count(HostState::Rebuild)],
            obstacles,
            reaching: methods.iter().flatten().next().map_or(Share::NONE, |&method| self.reaching(fleet, method)),
        }
    }

    /// Hosts of a fleet that are down and out of reach, and encrypted hosts that are down and in reach. Where the class
    /// makes no difference, all count as plain, since a draw for each host takes time.
    fn count_down(&self, fleet: Ix<Fleet>, by_class: bool) -> (u32, u32) {
        let kind = &self.scenario.kinds[self.state.fleets[fleet].kind()];
        let by_class = by_class && 0 < kind.encrypted_cut;
        if self.state.fleets[fleet].count(HostState::Down) == 0 || (kind.out_of_reach.is_none() && !by_class) {
            return (0, 0);
        }
        let (mut away, mut encrypted) = (0, 0);
        for host in self.scenario.wiring.fleet_hosts(fleet).iter() {
            if self.host(host) == HostState::Down {
                match hosts::is_away(self, host) {
                    true => away += 1,
                    false if by_class && hosts::is_encrypted(self, fleet, host) => encrypted += 1,
                    false => (),
                }
            }
        }
        (away, encrypted)
    }

    /// The part of a repair in which a host is found and reached, in the mean; journeys between sites are left out.
    fn reaching(&self, fleet: Ix<Fleet>, method: Ix<Method>) -> Share {
        let method = &self.scenario.methods[method];
        if method.remote {
            return Share::NONE;
        }
        let organisation = self.state.fleets[fleet].organisation;
        let mean = |[low, mode, high]: [f64; 3]| (low + mode + high) / 3.0;
        let kind = &self.scenario.kinds[self.state.fleets[fleet].kind()];
        let factor = self.scenario.organisations[organisation].locate * self.modifiers(organisation).locate;
        let locate = mean(kind.locate_min) * factor;
        let [low, _, high] = method.touch_min;
        let touch = if method.is_uniform { (low + high) / 2.0 } else { mean(method.touch_min) };
        let whole = locate + touch + method.verify_min;
        if 0.0 < whole { Share::from_fraction(locate / whole) } else { Share::NONE }
    }
}
