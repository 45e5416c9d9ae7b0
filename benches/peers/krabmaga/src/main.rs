//! The workload in krABMaga: hosts and technicians are agents, which are scheduled for the tick in which they are
//! due and leave the schedule when they are done. With `--repeating` they follow the library's examples: agents are
//! in the schedule in every tick from the first on, until they are done. A clock agent makes sure that one step is
//! one tick.

#[path = "../../report.rs"]
mod report;

use std::any::Any;
use std::collections::VecDeque;

use krabmaga::engine::agent::Agent;
use krabmaga::engine::agentimpl::AgentImpl;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use report::*;

/// The clock agent acts first in a tick, so that all others know the time.
const CLOCK_ORDER: i32 = 0;
const AGENT_ORDER: i32 = 1;

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "--repeating") {
        arguments.remove(0);
        measure("krABMaga, repeating", &arguments, |hosts, seed| run(hosts, seed, true));
    } else {
        measure("krABMaga", &arguments, |hosts, seed| run(hosts, seed, false));
    }
}

fn run(hosts: u32, seed: u64, repeats: bool) -> Curves {
    let mut site = Site::new(hosts, seed, repeats);
    let mut schedule = Schedule::new();
    site.init(&mut schedule);
    for _ in 0..TICKS {
        schedule.step(&mut site);
    }
    site.curves
}

#[derive(Clone)]
struct Clock;

impl Agent for Clock {
    fn step(&mut self, state: &mut dyn State) {
        let site = site(state);
        site.is_shift = is_shift(site.tick);
        if site.is_shift && site.tick % (DAY_HOURS * HOUR_MIN) == SHIFT_BEGIN_HOUR * HOUR_MIN {
            for fleet in 0..site.fleets.len() {
                site.dispatch(fleet);
            }
        }
    }
}

#[derive(Clone)]
struct Host {
    id: u32,
    fleet: u32,
    due: Due,
    has_crashed: bool,
    failed_tries: u8,
}

/// The next tick at which a repeating agent acts; it never acts again after None.
#[derive(Clone)]
struct Due(Option<usize>);

impl Due {
    /// Is the agent due now? Agents that are scheduled for their due tick are due whenever they step.
    fn is_now(&mut self, site: &Site) -> bool {
        let is_now = !site.repeats || self.0 == Some(site.tick);
        if is_now {
            self.0 = None;
        }
        is_now
    }
}

impl Host {
    fn act_again(&mut self, site: &mut Site) {
        if site.repeats {
            self.due = Due(Some(site.tick + TRY_EVERY_MIN));
        } else {
            site.call(self.id, self.clone(), TRY_EVERY_MIN);
        }
    }
}

impl Agent for Host {
    fn step(&mut self, state: &mut dyn State) {
        let site = site(state);
        if !self.due.is_now(site) {
            return;
        }
        if !self.has_crashed {
            self.has_crashed = true;
            site.curves.received += 1;
            site.down += 1;
        } else if site.random.random_bool(TRY_PROBABILITY) {
            site.down -= 1;
            return;
        } else {
            self.failed_tries += 1;
        }
        if self.failed_tries < TRIES_MAX {
            self.act_again(site);
        } else {
            let fleet = self.fleet as usize;
            site.fleets[fleet].down_hosts.push_back(self.id);
            site.dispatch(fleet);
        }
    }

    fn is_stopped(&mut self, _: &mut dyn State) -> bool {
        self.due.0.is_none()
    }
}

/// A technician in the schedule is at work; idle technicians are only counted in the fleet.
#[derive(Clone)]
struct Technician {
    fleet: u32,
    due: Due,
}

impl Agent for Technician {
    fn step(&mut self, state: &mut dyn State) {
        let site = site(state);
        if !self.due.is_now(site) {
            return;
        }
        let fleet = self.fleet as usize;
        site.down -= 1;
        site.fleets[fleet].idle_technicians += 1;
        site.dispatch(fleet);
    }

    fn is_stopped(&mut self, _: &mut dyn State) -> bool {
        self.due.0.is_none()
    }
}

struct Fleet {
    down_hosts: VecDeque<u32>,
    idle_technicians: u8,
}

struct Site {
    hosts: u32,
    /// Agents are in the schedule in every tick until they are done.
    repeats: bool,
    random: SmallRng,
    tick: usize,
    is_shift: bool,
    fleets: Vec<Fleet>,
    down: u32,
    /// Agents that the present step adds to the schedule, with their ticks.
    calls: Vec<(AgentImpl, usize)>,
    curves: Curves,
}

/// The state behind the interface that krABMaga hands to agents.
fn site(state: &mut dyn State) -> &mut Site {
    state.as_any_mut().downcast_mut().expect("the only state of this program")
}

impl Site {
    fn new(hosts: u32, seed: u64, repeats: bool) -> Self {
        let fleets = (0..hosts.div_ceil(FLEET_HOSTS as u32))
            .map(|_| Fleet { down_hosts: VecDeque::new(), idle_technicians: FLEET_TECHNICIANS })
            .collect();
        let random = SmallRng::seed_from_u64(seed);
        let curves = Curves { up: vec![0; TICKS], back: vec![0; TICKS], received: 0 };
        Self { hosts, repeats, random, tick: 0, is_shift: false, fleets, down: 0, calls: Vec::new(), curves }
    }

    /// Schedules an agent. The schedule identifies agents by number, so no two agents in it may have the same
    /// number.
    fn call(&mut self, id: u32, agent: impl Agent, wait_min: usize) {
        let mut agent = AgentImpl::new(Box::new(agent), id);
        agent.repeating = self.repeats;
        self.calls.push((agent, self.tick + wait_min));
    }

    fn schedule_calls(&mut self, schedule: &mut Schedule) {
        for (agent, tick) in self.calls.drain(..) {
            schedule.schedule_once(agent, tick as f32, AGENT_ORDER);
        }
    }

    /// A host in repair has no agent in the schedule, so its technician uses the host's number.
    fn dispatch(&mut self, fleet: usize) {
        while self.is_shift && 0 < self.fleets[fleet].idle_technicians {
            let Some(host) = self.fleets[fleet].down_hosts.pop_front() else { return };
            self.fleets[fleet].idle_technicians -= 1;
            let repair_min = self.random.random_range(REPAIR_MIN_LOW..=REPAIR_MIN_HIGH);
            let technician = Technician { fleet: fleet as u32, due: Due(Some(self.tick + repair_min)) };
            self.call(host, technician, if self.repeats { 1 } else { repair_min });
        }
    }
}

impl State for Site {
    fn init(&mut self, schedule: &mut Schedule) {
        let mut clock = AgentImpl::new(Box::new(Clock), self.hosts);
        clock.repeating = true;
        schedule.schedule_once(clock, 0.0, CLOCK_ORDER);
        // One draw replaces the draws of all minutes up to the receipt.
        let wait_scale = 1.0 / (1.0 - RECEIPT_PROBABILITY).ln();
        for id in 0..self.hosts {
            // A host that is off never does anything, so it needs no agent.
            if self.random.random_bool(ON_PROBABILITY) {
                let tick = ((1.0 - self.random.random::<f64>()).ln() * wait_scale) as usize;
                if tick < LIVE_TICKS {
                    let fleet = id / FLEET_HOSTS as u32;
                    let host = Host { id, fleet, due: Due(Some(tick)), has_crashed: false, failed_tries: 0 };
                    self.call(id, host, if self.repeats { 0 } else { tick });
                }
            }
        }
        self.schedule_calls(schedule);
    }

    fn after_step(&mut self, schedule: &mut Schedule) {
        self.schedule_calls(schedule);
        self.curves.up[self.tick] = self.hosts - self.down;
        self.curves.back[self.tick] = self.curves.received - self.down;
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }

    fn reset(&mut self) {}

    fn update(&mut self, step: u64) {
        self.tick = step as usize;
    }
}
