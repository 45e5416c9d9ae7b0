//! Playbooks at work: which orders they give at this boundary, through the same door as everybody.
//!
//! Organisations of the seat in play follow one playbook (or none, where a trainee decides), all
//! others another. What a playbook cannot get is passed over: policies make no second attempt.

use super::run::LogEntry;
use crate::base::Tick;
use crate::scenario::compile::{PlaybookOrder, Scenario, Target, When};
use crate::sim::phases::script;
use crate::sim::reach::Reach;
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

/// A line of a playbook that was spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFired {
    pub playbook: u32,
    pub line: u32,
    pub tick: Tick,
}

/// What a fork takes from its parent: what was ordered in this minute outside its reach.
#[derive(Clone, Copy, Debug)]
pub struct Parent<'a> {
    pub reach: &'a Reach,
    pub fired: &'a [LineFired],
    /// Orders that playbooks gave in this minute and got.
    pub given: &'a [LogEntry],
}

/// Lines of the playbooks still to come, and those spoken.
#[derive(Clone, Debug)]
pub struct Policy {
    voices: Voices,
    /// (playbook, line) not yet given.
    open: Vec<(u32, u32)>,
    fired: Vec<LineFired>,
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
        Self { voices, open, fired: Vec::new(), passed_over: Vec::new() }
    }

    /// The playbooks as they were at an earlier boundary, before they spoke at it.
    pub(super) fn cut_back(&self, scenario: &Scenario, tick: Tick) -> Self {
        let mut past = Self::new(scenario, self.voices);
        past.fired = self.fired.iter().filter(|line| line.tick < tick).copied().collect();
        let has_fired = |of: &(u32, u32)| past.fired.iter().any(|line| (line.playbook, line.line) == *of);
        past.open.retain(|of| !has_fired(of));
        past.passed_over = self.passed_over.iter().filter(|order| order.tick < tick).cloned().collect();
        past
    }

    /// Gives the orders that are due at this boundary; returns those that were accepted.
    pub fn act(&mut self, world: &mut World) -> Vec<Command> {
        self.speak(world, None)
    }

    /// The same in a fork: outside its reach, as its parent did.
    pub fn act_like(&mut self, world: &mut World, parent: Parent) {
        self.speak(world, Some(parent));
    }

    /// The first boundary after this one at which a line may be due; none if none is to come.
    pub fn next_look(&self, world: &World) -> Option<Tick> {
        let next = world.tick.plus(1);
        let open = self.open_lines(&world.scenario);
        open.filter_map(|line| script::earliest(world, line.when, next)).min()
    }

    /// Lines spoken so far.
    pub fn fired(&self) -> &[LineFired] {
        &self.fired
    }

    /// Lines still to come: when they are due, what they order, for whom.
    pub fn open_lines<'a>(&'a self, scenario: &'a Scenario) -> impl Iterator<Item = &'a PlaybookOrder> + 'a {
        self.open.iter().map(|&(playbook, line)| &scenario.playbooks[playbook as usize].orders[line as usize])
    }

    fn speak(&mut self, world: &mut World, parent: Option<Parent>) -> Vec<Command> {
        let scenario = world.scenario.clone();
        let mut given = Vec::new();
        let mut of_parent: Vec<Command> = parent
            .iter()
            .flat_map(|of| of.given)
            .filter(|entry| entry.is_by_playbook)
            .map(|entry| entry.command)
            .collect();
        let open = std::mem::take(&mut self.open);
        for (playbook, line) in open {
            let order = &scenario.playbooks[playbook as usize].orders[line as usize];
            let fired = LineFired { playbook, line, tick: world.tick };
            if !is_due(world, order.when, parent, fired) {
                self.open.push((playbook, line));
                continue;
            }
            self.fired.push(fired);
            for &target in &order.targets {
                if !self.speaks_for(&scenario, playbook, order.mitigation, target) {
                    continue;
                }
                let wanted = Command::Order { by: Issuer::Policy, mitigation: order.mitigation, target };
                let is_outside = parent.is_some_and(|of| {
                    !scenario.organisation_of(target).is_some_and(|organisation| of.reach.has(organisation))
                });
                if is_outside {
                    if let Some(at) = of_parent.iter().position(|command| *command == wanted) {
                        of_parent.swap_remove(at);
                        command::apply_as_before(world, &wanted);
                    }
                    continue;
                }
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

/// A line that waits for nobody affected is due when it was in the parent.
fn is_due(world: &World, when: When, parent: Option<Parent>, line: LineFired) -> bool {
    if let (Some(parent), Some(condition)) = (parent, when.condition())
        && !parent.reach.touches(&world.scenario, condition)
    {
        return parent.fired.contains(&line);
    }
    script::is_met(world, when)
}
