//! Playbooks at work: which orders they give at this boundary, through the same door as everybody.
//!
//! Organisations of the seat in play follow one playbook (or none, where a trainee decides), all
//! others another. What a playbook cannot get is passed over: policies make no second attempt.

use crate::base::Tick;
use crate::scenario::compile::{Scenario, Target};
use crate::sim::phases::script;
use crate::sim::{Command, Issuer, Refusal, World, command};

/// Which playbook (by index) speaks for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voices {
    /// Seat (by index) whose organisations follow `own`.
    pub seat: Option<u32>,
    /// Playbook of the seat's organisations; of everybody where no seat is in play.
    pub own: Option<u32>,
    /// Playbook of everybody else.
    pub others: Option<u32>,
}

/// An order that a playbook wanted and did not get.
#[derive(Clone, Debug, PartialEq)]
pub struct PassedOver {
    pub tick: Tick,
    pub mitigation: u32,
    pub target: Target,
    pub refusal: Refusal,
}

/// Lines of the playbooks still to come.
#[derive(Clone, Debug)]
pub struct Policy {
    voices: Voices,
    /// (playbook, line) not yet given.
    open: Vec<(u32, u32)>,
    pub passed_over: Vec<PassedOver>,
}

impl Policy {
    /// All lines of both playbooks, in the order written.
    pub fn new(scenario: &Scenario, voices: Voices) -> Self {
        let lines = |playbook: u32| {
            let count = scenario.playbooks[playbook as usize].orders.len() as u32;
            (0..count).map(move |line| (playbook, line))
        };
        let mut open: Vec<(u32, u32)> = voices.own.into_iter().flat_map(lines).collect();
        if voices.others != voices.own {
            open.extend(voices.others.into_iter().flat_map(lines));
        }
        Self { voices, open, passed_over: Vec::new() }
    }

    /// Gives the orders that are due at this boundary; returns those that were accepted.
    pub fn act(&mut self, world: &mut World) -> Vec<Command> {
        let scenario = world.scenario.clone();
        let mut given = Vec::new();
        let mut still_open = Vec::with_capacity(self.open.len());
        for &(playbook, line) in &self.open {
            let order = &scenario.playbooks[playbook as usize].orders[line as usize];
            if !script::is_met(world, order.when) {
                still_open.push((playbook, line));
                continue;
            }
            for &target in &order.targets {
                if !self.speaks_for(&scenario, playbook, order.mitigation, target) {
                    continue;
                }
                let wanted = Command::Order { by: Issuer::Policy, mitigation: order.mitigation, target };
                match command::apply(world, &wanted) {
                    Ok(_) => given.push(wanted),
                    Err(refusal) => self.passed_over.push(PassedOver {
                        tick: world.tick,
                        mitigation: order.mitigation,
                        target,
                        refusal,
                    }),
                }
            }
        }
        self.open = still_open;
        given
    }

    fn speaks_for(&self, scenario: &Scenario, playbook: u32, mitigation: u32, target: Target) -> bool {
        let Some(seat) = self.voices.seat else { return true };
        let seat = &scenario.seats[seat as usize];
        if target == Target::World {
            // The world belongs to nobody: the seat's playbook may do what the seat may.
            let is_for_seat = self.voices.own == Some(playbook) && seat.mitigations.contains(&mitigation);
            return is_for_seat || self.voices.others == Some(playbook);
        }
        let is_own = scenario.organisation_of(target).is_some_and(|org| seat.organisations.contains(&org));
        let voice = if is_own { self.voices.own } else { self.voices.others };
        voice == Some(playbook)
    }
}
