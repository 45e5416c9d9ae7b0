//! The same decisions on one seed: a run with snapshots, its comparison runs, and outcomes of forks of it.
//!
//! Invariant: everything is compared within one seed, so that all compared runs have their random numbers in common.

use super::decision::{Decision, is_order_of};
use super::effect::Outcome;
use crate::assess::comparisons::{ComparisonRuns, comparison_ends, comparison_runs_on};
use crate::assess::score::{judge, judge_values};
use crate::base::{Ix, Tick};
use crate::scenario::compile::Seat;
use crate::session::fork::{RefusedChange, TRUNK_BYTES, Trunk};
use crate::session::run::Setup;
use crate::session::{Change, LogEntry, Origin, Run, Timeline};
use crate::sim::{Command, World, command};

/// Minutes between snapshots at least.
const SNAPSHOTS_MIN: u32 = 30;
/// Memory for snapshots of a seed whose forks begin in a trunk, in bytes.
const BYTES_BESIDE_TRUNK: usize = 48 << 20;

/// A decision in the log of a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub position: usize,
    pub tick: Tick,
    /// The first tick before its own at which the order would not have been refused.
    pub earliest: Option<Tick>,
}

/// The comparison runs of a seed.
#[derive(Clone, Copy)]
pub(super) enum Compared<'a> {
    Known(&'a ComparisonRuns),
    /// They are to be simulated on so many threads.
    Unknown(usize),
}

/// The same decisions on one seed.
pub(super) struct SeedPlay {
    timeline: Timeline,
    /// The course of the seat's organisations; none if it may depend on any organisation.
    trunk: Option<Trunk>,
    seat: Ix<Seat>,
    comparisons: ComparisonRuns,
    /// The outcome with all decisions.
    pub base: Outcome,
    /// By decision; none if the order was not accepted on this seed.
    pub given: Vec<Option<Given>>,
}

impl SeedPlay {
    /// Plays the decisions of a run in a timeline of the same entities at tick 0, up to the tick of the run. An order that
    /// this world refuses is left out.
    pub fn new(run: &Run, seat: Ix<Seat>, decisions: &[Decision], timeline: Timeline, compared: Compared<'_>) -> Self {
        let mut replay = Replay::new(run, decisions, timeline);
        while replay.step() {}
        let given = replay.given();
        let timeline = replay.timeline;
        let comparisons = match compared {
            Compared::Known(comparisons) => comparisons.clone(),
            Compared::Unknown(threads) => comparison_ends(&timeline, seat).unwrap_or_else(|| {
                let runs = comparison_runs_on(timeline.run(), &[seat], threads, &|_| {});
                runs.into_values().next().expect("the comparison runs of one seat")
            }),
        };
        let base = Outcome::new(&judge(&timeline.run().world, seat, &comparisons));
        let starts = given.iter().flatten().flat_map(|given| [Some(given.tick), given.earliest]).flatten();
        let starts: Vec<Tick> = starts.collect();
        let organisations = timeline.run().setup.scenario.seats[seat].organisations.clone();
        let trunk = timeline.trunk(organisations, &starts, TRUNK_BYTES);
        Self { timeline, trunk, seat, comparisons, base, given }
    }

    /// The timeline at tick 0 of another seed, with no more snapshots than it is likely to need.
    pub fn timeline_like(&self, setup: Setup) -> Timeline {
        let timeline = Timeline::for_outcomes(setup);
        // Forks that begin in a trunk need no snapshot of the whole world.
        if self.trunk.is_some() { timeline.with_snapshots_within(BYTES_BESIDE_TRUNK) } else { timeline }
    }

    /// The run on this seed.
    pub fn run(&self) -> &Run {
        self.timeline.run()
    }

    /// The world at a boundary after the commands of people and programs.
    pub fn world_at(&self, tick: Tick) -> World {
        self.timeline.run_at(tick).world
    }

    /// The comparison runs of this seed.
    pub fn comparisons(&self) -> &ComparisonRuns {
        &self.comparisons
    }

    /// The outcome of the run with a change.
    ///
    /// # Errors
    /// The world refuses an added command.
    pub fn outcome(&self, change: &Change) -> Result<Outcome, RefusedChange> {
        let run = self.run();
        let scenario = &run.setup.scenario;
        let objectives = &scenario.seats[self.seat].objectives;
        let in_trunk = self.trunk.as_ref().and_then(|trunk| self.timeline.fork_values_in(trunk, change, objectives));
        let values = in_trunk.unwrap_or_else(|| self.timeline.fork_values(change, objectives))?;
        Ok(Outcome::new(&judge_values(scenario, self.seat, &values, &self.comparisons)))
    }

    /// The outcome without some decisions.
    pub fn without(&self, left_out: impl IntoIterator<Item = usize>) -> Outcome {
        let given = left_out.into_iter().filter_map(|decision| self.given[decision]);
        let change = given.fold(Change::default(), |change, given| change.and_drop(given.position));
        if change == Change::default() {
            return self.base.clone();
        }
        self.outcome(&change).expect("nothing is added that could be refused")
    }

    /// The outcome with a decision at another tick.
    ///
    /// # Errors
    /// The reason why it is not possible there.
    pub fn moved(&self, given: Given, tick: Tick) -> Result<Outcome, String> {
        if self.run().world.tick() <= tick {
            return Err("the run ends before".to_owned());
        }
        let change = Change::move_to(&self.run().log, given.position, tick);
        self.outcome(&change).map_err(|refused| refused.refusal.to_string())
    }
}

/// Plays the commands of a run on another seed, minute by minute.
struct Replay<'a> {
    parent: &'a Run,
    decisions: &'a [Decision],
    timeline: Timeline,
    /// Position in the parent's log of the next entry.
    next_entry: usize,
    /// By position in the parent's log: the position in this log of a command of a person or a program.
    positions: Vec<Option<usize>>,
    /// By decision: the first tick at which the order was possible.
    possible: Vec<Option<Tick>>,
    /// By decision: the number of orders of the same mitigation and target in this log.
    same: Vec<usize>,
    /// Entries of this log that have been counted in `same`.
    counted: usize,
    last_snapshot: Option<Tick>,
}

impl<'a> Replay<'a> {
    fn new(parent: &'a Run, decisions: &'a [Decision], timeline: Timeline) -> Self {
        Self {
            parent,
            decisions,
            timeline,
            next_entry: 0,
            positions: vec![None; parent.log.len()],
            possible: vec![None; decisions.len()],
            same: vec![0; decisions.len()],
            counted: 0,
            last_snapshot: None,
        }
    }

    /// Gives the commands of a boundary and simulates a minute. False at the end of the parent.
    fn step(&mut self) -> bool {
        let tick = self.timeline.run().world.tick();
        // Most forks begin where a decision is given. Playbooks give most orders at equal ticks on all seeds.
        if self.decisions.binary_search_by_key(&tick, |decision| decision.tick).is_ok() {
            self.take_snapshot(tick);
        }
        self.give_commands(tick);
        let has_found = self.try_decisions(tick);
        if has_found && self.timeline.run().log.last().is_none_or(|entry| entry.tick < tick) {
            self.take_snapshot(tick);
        }
        if tick == self.parent.world.tick() {
            return false;
        }
        self.timeline.advance_to(tick.plus(1));
        true
    }

    /// Takes a snapshot unless there is a recent one, from which a fork is soon at its beginning.
    fn take_snapshot(&mut self, tick: Tick) {
        if self.last_snapshot.is_none_or(|last| SNAPSHOTS_MIN <= tick.since(last)) {
            self.last_snapshot = Some(tick);
            self.timeline.take_snapshot();
        }
    }

    fn give_commands(&mut self, tick: Tick) {
        let parent = self.parent;
        while let Some(entry) = parent.log.get(self.next_entry).filter(|entry| entry.tick == tick) {
            if let (Origin::Door(remarks), Some(command)) = (&entry.origin, self.renumbered(entry.command)) {
                let position = self.timeline.run().log.len();
                // A refusal is a consequence of the other seed: the decision is left out there.
                let is_accepted = self.timeline.order_with(command, remarks.clone()).is_ok();
                self.positions[self.next_entry] = is_accepted.then_some(position);
            }
            self.next_entry += 1;
        }
    }

    /// Notes the decisions whose order would be accepted now, for the first time. True if there are any.
    fn try_decisions(&mut self, tick: Tick) -> bool {
        let run = self.timeline.run();
        for entry in &run.log[self.counted..] {
            for (same, decision) in self.same.iter_mut().zip(self.decisions) {
                *same += usize::from(is_order_of(entry, decision.mitigation, decision.target));
            }
        }
        self.counted = run.log.len();
        let mut has_found = false;
        for (index, decision) in self.decisions.iter().enumerate() {
            let is_open = self.possible[index].is_none() && self.same[index] == decision.earlier_same;
            if is_open && command::check(&run.world, &decision.command).is_ok() {
                self.possible[index] = Some(tick);
                has_found = true;
            }
        }
        has_found
    }

    /// The command with the number of this run's order in place of the parent's; None if this run lacks the order.
    fn renumbered(&self, command: Command) -> Option<Command> {
        let Command::Cancel { by, order } = command else { return Some(command) };
        let is_order = |entry: &LogEntry| matches!(entry.command, Command::Order { .. });
        let orders = self.parent.log.iter().enumerate().filter(|(_, entry)| is_order(entry));
        let (parents, _) = orders.into_iter().nth(order.position())?;
        let position = self.position_here(parents)?;
        let number = self.timeline.run().log[..position].iter().filter(|entry| is_order(entry)).count();
        Some(Command::Cancel { by, order: Ix::from_usize(number) })
    }

    /// The position in this log of an entry of the parent's log.
    fn position_here(&self, position: usize) -> Option<usize> {
        let entry = &self.parent.log[position];
        if !entry.is_by_playbook() {
            return self.positions[position];
        }
        let is_same = |other: &LogEntry| other.origin == entry.origin && other.command == entry.command;
        self.timeline.run().log.iter().position(is_same)
    }

    fn given(&self) -> Vec<Option<Given>> {
        let given = |(index, decision): (usize, &Decision)| {
            let position = self.position_here(decision.position)?;
            let tick = self.timeline.run().log[position].tick;
            Some(Given { position, tick, earliest: self.possible[index].filter(|possible| *possible < tick) })
        };
        self.decisions.iter().enumerate().map(given).collect()
    }
}
