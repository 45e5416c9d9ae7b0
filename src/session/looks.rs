//! Hosts of all fleets at each look at conditions, as long as injects wait for hosts of several organisations: what a
//! fork that simulates few of them must know of the others.
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

/// A fork may see a condition met later than its parent did, but seldom by more.
const LATER_MIN: u32 = 60;
/// So many changes at most are kept (some 14 MB): a fork of a longer run simulates everything.
const CHANGES_MAX: usize = 1 << 18;

/// What looks at conditions found of a run.
#[derive(Clone, Debug)]
pub struct Looks {
    /// Injects that wait for hosts of several organisations.
    injects: Vec<Ix<Inject>>,
    /// Shared with runs that were cut back or go on otherwise; this run's are the first `count`.
    changes: Arc<Vec<Change>>,
    count: usize,
    /// Looks before this tick are on record.
    until: Tick,
    /// The look from which on none is.
    over: Option<Tick>,
    /// Hosts of each fleet at the last look.
    last: Column<Fleet, HostCounts>,
    /// The last look at which one of the injects still waited.
    waited: Tick,
}

/// A fleet's hosts are others at a look than at the one before.
#[derive(Clone, Copy, Debug)]
struct Change {
    look: Tick,
    fleet: Ix<Fleet>,
    counts: HostCounts,
}

impl Looks {
    /// Of a world at tick 0.
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

    /// Looks at a world after a minute, if conditions were looked at in it.
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

    /// What was on record at an earlier boundary.
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

    /// How many changes looks before a tick found.
    fn before(&self, tick: Tick) -> usize {
        self.changes[..self.count].partition_point(|change| change.look < tick)
    }
}

fn all_up(scenario: &Scenario) -> Column<Fleet, HostCounts> {
    scenario.fleets.iter().map(|fleet| HostCounts::all_up(fleet.hosts)).collect()
}

/// Is a condition of an inject seen from afar: one that asks for hosts of several organisations?
pub fn is_asked_of_many(scenario: &Scenario, condition: Ix<Condition>) -> bool {
    let condition = &scenario.conditions[condition];
    condition.metric.is_of_hosts() && 1 < condition.organisations.len()
}

/// A fork's eye on those it does not simulate.
#[derive(Debug)]
pub struct Outside<'a> {
    looks: &'a Looks,
    /// Fleets of organisations that are not simulated.
    is_outside: Column<Fleet, bool>,
    /// Injects that may come at another time than in the parent, and wait for somebody outside, too.
    injects: Vec<Ix<Inject>>,
    /// The next change to be told; none before the first look.
    next: Option<usize>,
}

impl<'a> Outside<'a> {
    pub fn new(looks: &'a Looks, reach: &Reach, scenario: &Scenario) -> Self {
        let is_asked = |inject: &Ix<Inject>| {
            let condition = scenario.injects[*inject].condition();
            condition.is_some_and(|condition| {
                let seen = &scenario.conditions[condition].organisations;
                reach.touches(scenario, condition) && seen.iter().any(|&organisation| !reach.has(organisation))
            })
        };
        Self {
            looks,
            is_outside: scenario.fleets.iter().map(|fleet| !reach.has(fleet.organisation)).collect(),
            injects: looks.injects.iter().copied().filter(is_asked).collect(),
            next: None,
        }
    }

    /// Tells the fork what the look in its next minute will find outside. False if that is not on record.
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

    /// Who of the hosts that are held back outside has the sensor, counts do not tell.
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
