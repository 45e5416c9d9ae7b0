//! Records the hosts of all fleets at each evaluation of conditions, as long as injects wait for conditions on
//! hosts of several organisations. A fork that simulates only some organisations reads the counts of the others
//! from this record. A *look* is one evaluation of the conditions.
//!
//! Invariant: up to `until`, every look is on record. Must not decide what a fork simulates (that is `fork`).

use std::sync::Arc;

use crate::base::{Column, Ix, Tick};
use crate::scenario::compile::{Condition, Fleet, Inject, Scenario};
use crate::scenario::observable::Metric;
use crate::sim::World;
use crate::sim::fork::ForkWorld;
use crate::sim::phases::script::looks_in;
use crate::sim::reach::{HostCounts, Reach};
use crate::sim::world::HostState;

/// Minutes for which looks are recorded after the parent's last inject of this kind has come. In a fork a condition
/// may be met later than in the parent, but seldom by more than this.
const LATER_MIN: u32 = 60;
/// Most changes in a record (some 14 MB). A fork of a run with more changes simulates everything.
const CHANGES_MAX: usize = 1 << 18;

/// The looks of a run: host counts at each evaluation of conditions.
#[derive(Clone, Debug)]
pub struct Looks {
    /// Injects that wait for hosts of several organisations.
    injects: Vec<Ix<Inject>>,
    /// Changes at looks, in order. The list is shared with copies of the run that were cut back or continue
    /// differently; the first `count` changes belong to this run.
    changes: Arc<Vec<Change>>,
    count: usize,
    /// Looks before this tick are on record.
    until: Tick,
    /// The first look that is not recorded, once recording has ended.
    over: Option<Tick>,
    /// Hosts of each fleet at the last look.
    last: Column<Fleet, HostCounts>,
    /// The tick of the last look at which one of the injects had not fired.
    waited: Tick,
}

/// The counts of a fleet whose hosts changed between two looks.
#[derive(Clone, Copy, Debug)]
struct Change {
    look: Tick,
    fleet: Ix<Fleet>,
    counts: HostCounts,
}

impl Looks {
    /// An empty record for a world at tick 0.
    pub fn new(world: &World) -> Self {
        let scenario = world.scenario();
        let waits = |inject: &Ix<Inject>| {
            let condition = scenario.injects[*inject].condition();
            condition.is_some_and(|condition| is_asked_of_many(scenario, condition))
        };
        let injects: Vec<Ix<Inject>> = scenario.injects.indices().filter(waits).collect();
        Self {
            over: injects.is_empty().then_some(Tick::ZERO),
            injects,
            changes: Arc::default(),
            count: 0,
            until: Tick::ZERO,
            last: all_up(scenario),
            waited: Tick::ZERO,
        }
    }

    /// Records the counts of a world after a minute, if the minute evaluated conditions.
    pub fn look(&mut self, world: &World, minute: Tick) {
        if self.over.is_some() || !looks_in(minute) {
            return;
        }
        if self.injects.iter().any(|&inject| world.injects_fired()[inject].is_none()) {
            self.waited = minute;
        }
        if self.waited.plus(LATER_MIN) < minute || CHANGES_MAX < self.count + self.last.len() {
            self.over = Some(minute);
            return;
        }
        for (fleet, state) in world.fleets().entries() {
            let last = &mut self.last[fleet];
            let counts = HostCounts::from_fleet(state);
            if *last != counts {
                *last = counts;
                let changes = Arc::make_mut(&mut self.changes);
                changes.truncate(self.count);
                changes.push(Change { look: minute, fleet, counts });
                self.count += 1;
            }
        }
        self.until = minute.plus(1);
    }

    /// The record as it was at an earlier boundary.
    pub fn cut_back(&self, scenario: &Scenario, tick: Tick) -> Self {
        let count = self.before(tick);
        let mut last = all_up(scenario);
        self.changes[..count].iter().for_each(|change| last[change.fleet] = change.counts);
        Self {
            injects: self.injects.clone(),
            changes: self.changes.clone(),
            count,
            until: self.until.min(tick),
            over: self.over.filter(|&over| over < tick || self.injects.is_empty()),
            last,
            waited: self.waited.min(tick),
        }
    }

    /// Number of changes at looks before a tick.
    fn before(&self, tick: Tick) -> usize {
        self.changes[..self.count].partition_point(|change| change.look < tick)
    }
}

fn all_up(scenario: &Scenario) -> Column<Fleet, HostCounts> {
    scenario.fleets.iter().map(|fleet| HostCounts::all_up(fleet.hosts)).collect()
}

/// Does a condition count hosts of several organisations?
pub fn is_asked_of_many(scenario: &Scenario, condition: Ix<Condition>) -> bool {
    let condition = &scenario.conditions[condition];
    condition.metric.is_of_hosts() && 1 < condition.organisations.len()
}

/// Reads the record for a fork: supplies the counts of organisations that the fork does not simulate.
#[derive(Debug)]
pub struct Outside<'a> {
    looks: &'a Looks,
    /// Fleets of organisations that are not simulated.
    is_outside: Column<Fleet, bool>,
    /// Injects that may come at another time than in the parent and whose condition also counts hosts of
    /// organisations that are not simulated.
    injects: Vec<Ix<Inject>>,
    /// Position of the next change to supply; none before the first look.
    next: Option<usize>,
}

impl<'a> Outside<'a> {
    pub fn new(looks: &'a Looks, reach: &Reach, scenario: &Scenario) -> Self {
        let is_asked = |inject: &Ix<Inject>| {
            let condition = scenario.injects[*inject].condition();
            condition.is_some_and(|condition| {
                let counted = &scenario.conditions[condition].organisations;
                reach.touches(scenario, condition) && counted.iter().any(|&organisation| !reach.has(organisation))
            })
        };
        Self {
            looks,
            is_outside: scenario.fleets.iter().map(|fleet| !reach.has(fleet.organisation)).collect(),
            injects: looks.injects.iter().copied().filter(is_asked).collect(),
            next: None,
        }
    }

    /// Supplies the fork's world with the outside counts for the look in its next minute. False if that look is not
    /// recorded.
    #[must_use]
    pub fn tell(&mut self, fork: &mut ForkWorld) -> bool {
        let world = fork.world();
        let tick = world.tick();
        if !looks_in(tick) {
            return true;
        }
        self.injects.retain(|&inject| world.injects_fired()[inject].is_none());
        if self.injects.is_empty() {
            return true;
        }
        if self.looks.until <= tick {
            return false;
        }
        // Hosts may have moved between the last look and the fork.
        if self.next.is_none() {
            for (fleet, &counts) in all_up(world.scenario()).entries() {
                self.count(fork, fleet, counts);
            }
        }
        let (from, until) = (self.next.unwrap_or(0), self.looks.before(tick.plus(1)));
        for change in &self.looks.changes[from..until] {
            self.count(fork, change.fleet, change.counts);
        }
        self.next = Some(until);
        !self.asks_who_is_held(fork.world())
    }

    fn count(&self, fork: &mut ForkWorld, fleet: Ix<Fleet>, counts: HostCounts) {
        if self.is_outside[fleet] {
            fork.count_from_outside(fleet, counts);
        }
    }

    /// Does a waiting inject read the share of sensors online while organisations outside hold hosts? The counts do
    /// not tell which held hosts have the sensor, so the fork must then simulate everything.
    fn asks_who_is_held(&self, world: &World) -> bool {
        let asks_for_sensors = |&inject: &Ix<Inject>| {
            let condition = world.scenario().injects[inject].condition();
            condition
                .is_some_and(|condition| world.scenario().conditions[condition].metric == Metric::SensorsOnlineShare)
        };
        let mut fleets = self.is_outside.iter().zip(world.fleets());
        self.injects.iter().any(asks_for_sensors)
            && fleets.any(|(is_outside, state)| *is_outside && 0 < state.count(HostState::Held))
    }
}
