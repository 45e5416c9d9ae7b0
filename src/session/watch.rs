//! Hosts of all fleets at each look at conditions, as long as injects wait for hosts of several organisations: what a
//! fork that simulates few of them must know of the others.
//!
//! Invariant: up to `until`, every look is on record. Must not decide what a fork simulates (that is `fork`).

use crate::base::Tick;
use crate::scenario::compile::Scenario;
use crate::sim::World;
use crate::sim::phases::script::looks;
use crate::sim::reach::{HostCounts, Reach};

/// A fork may see a condition met later than its parent did, but seldom by more.
const LATER_MIN: u32 = 60;
/// So many changes at most are kept (some 14 MB): a fork of a longer run simulates everything.
const CHANGES_MAX: usize = 1 << 18;

/// What looks at conditions found of a run.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Injects that wait for hosts of several organisations.
    injects: Vec<u32>,
    changes: Vec<Change>,
    /// Looks before this tick are on record.
    until: Tick,
    is_over: bool,
    /// Hosts of each fleet at the last look.
    last: Vec<HostCounts>,
    /// The last look at which one of the injects still waited.
    waited: Tick,
}

/// A fleet's hosts are others at a look than at the one before.
#[derive(Clone, Copy, Debug)]
struct Change {
    look: Tick,
    fleet: u32,
    counts: HostCounts,
}

impl Watch {
    /// Of a world at tick 0.
    pub fn new(world: &World) -> Self {
        let scenario = &world.scenario;
        let waits = |inject: &u32| {
            let condition = scenario.injects[*inject as usize].condition();
            condition.is_some_and(|condition| is_watched(scenario, condition))
        };
        let injects: Vec<u32> = (0..scenario.injects.len() as u32).filter(waits).collect();
        Self {
            is_over: injects.is_empty(),
            injects,
            changes: Vec::new(),
            until: Tick::ZERO,
            last: all_counts(world),
            waited: Tick::ZERO,
        }
    }

    /// Looks at a world after a minute, if conditions were looked at in it.
    pub fn look(&mut self, world: &World, minute: Tick) {
        if self.is_over || !looks(minute) {
            return;
        }
        if self.injects.iter().any(|&inject| world.injects_fired[inject as usize].is_none()) {
            self.waited = minute;
        }
        let now = all_counts(world);
        // Who of the hosts that are held back has the sensor, counts do not tell.
        let is_held = now.iter().any(HostCounts::has_held);
        if is_held || self.waited.plus(LATER_MIN) < minute || CHANGES_MAX < self.changes.len() {
            self.is_over = true;
            return;
        }
        let fleets = (0..).zip(&self.last).zip(&now);
        let changed = fleets.filter(|((_, last), now)| last != now);
        self.changes.extend(changed.map(|((fleet, _), &counts)| Change { look: minute, fleet, counts }));
        self.last = now;
        self.until = minute.plus(1);
    }

    /// What was on record at an earlier boundary.
    pub fn cut_back(&self, scenario: &Scenario, tick: Tick) -> Self {
        let changes = self.changes[..self.changes.partition_point(|change| change.look < tick)].to_vec();
        let mut last: Vec<HostCounts> = scenario.fleets.iter().map(|fleet| HostCounts::all_up(fleet.hosts)).collect();
        changes.iter().for_each(|change| last[change.fleet as usize] = change.counts);
        Self {
            injects: self.injects.clone(),
            changes,
            until: self.until.min(tick),
            is_over: self.is_over && self.until < tick,
            last,
            waited: self.waited.min(tick),
        }
    }
}

/// Is a condition of an inject seen from afar: one that asks for hosts of several organisations?
pub fn is_watched(scenario: &Scenario, condition: u32) -> bool {
    let of = &scenario.conditions[condition as usize];
    of.metric.is_of_hosts() && 1 < of.organisations.len()
}

fn all_counts(world: &World) -> Vec<HostCounts> {
    world.fleets.iter().map(HostCounts::of).collect()
}

/// A fork's eye on those it does not simulate.
#[derive(Debug)]
pub struct Outside<'a> {
    watch: &'a Watch,
    reach: &'a Reach,
    /// Injects that may come at another time than in the parent.
    injects: Vec<u32>,
    /// The next change to be told.
    next: usize,
}

impl<'a> Outside<'a> {
    pub fn new(watch: &'a Watch, reach: &'a Reach, scenario: &Scenario) -> Self {
        let is_touched = |inject: &u32| {
            let condition = scenario.injects[*inject as usize].condition();
            condition.is_some_and(|condition| reach.touches(scenario, condition))
        };
        Self { watch, reach, injects: watch.injects.iter().copied().filter(is_touched).collect(), next: 0 }
    }

    /// Tells the fork what the look in its next minute will find outside. False if that is not on record.
    #[must_use]
    pub fn tell(&mut self, world: &mut World) -> bool {
        let tick = world.tick;
        if !looks(tick) || self.injects.iter().all(|&inject| world.injects_fired[inject as usize].is_some()) {
            return true;
        }
        if self.watch.until <= tick {
            return false;
        }
        let scenario = world.scenario.clone();
        // Hosts may have moved between the last look and the fork.
        if self.next == 0 {
            for (fleet, of) in (0..).zip(&scenario.fleets).filter(|(_, of)| !self.reach.has(of.organisation)) {
                world.count_from_outside(fleet, HostCounts::all_up(of.hosts));
            }
        }
        let until = self.watch.changes.partition_point(|change| change.look <= tick);
        for change in &self.watch.changes[self.next..until] {
            if !self.reach.has(scenario.fleets[change.fleet as usize].organisation) {
                world.count_from_outside(change.fleet, change.counts);
            }
        }
        self.next = until;
        true
    }
}
