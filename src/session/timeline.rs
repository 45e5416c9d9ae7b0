//! A run that can be sought backwards and forked: it keeps snapshots of the world along the way and replays from the
//! nearest one.
//!
//! Invariant: `run_at` returns the same run as a simulation from tick 0 with the same commands. A snapshot is taken
//! before any command of its boundary.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::conduct::{ConductRefusal, DeedRecord};
use super::log::{Note, Remarks};
use super::run::{Run, Setup};
use crate::base::{Digest, Tick};
use crate::sim::world::Moment;
use crate::sim::{Command, Cost, Refusal, World, command};

/// Work between snapshots, in hosts moved and services stepped. With this amount, seeking to any tick takes about
/// ten milliseconds.
const WORK_BETWEEN: u64 = 170_000;
/// Most minutes between snapshots: replaying a minute in which nothing happens takes time too.
const MINUTES_BETWEEN: u32 = 1_440;
/// Memory for snapshots in bytes, if nobody chooses another; beyond it every second one is dropped.
const BYTES_MAX: usize = 512 << 20;

/// A run with snapshots along the way.
#[derive(Clone, Debug)]
pub struct Timeline {
    run: Run,
    snapshots: Vec<Snapshot>,
    /// Factor on the distance between snapshots; it grows to save memory.
    thinned: u32,
    bytes_max: usize,
}

/// A past state of the world, and the number of log entries up to it.
#[derive(Clone, Debug)]
struct Snapshot {
    world: World,
    log_len: usize,
}

/// The commands of the last boundary that a replay gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LastBoundary {
    /// None: the world is in the state at the end of the minute before.
    Untouched,
    /// The commands of people and programs; playbooks have not given their orders yet.
    Ordered,
}

impl Timeline {
    /// A run at tick 0.
    pub fn new(setup: Setup) -> Self {
        Self::beginning_with(Run::new(setup))
    }

    fn beginning_with(run: Run) -> Self {
        let mut timeline = Self { run, snapshots: Vec::new(), thinned: 1, bytes_max: BYTES_MAX };
        timeline.take_snapshot();
        timeline
    }

    /// The same with another memory for snapshots, in bytes. With less of it, seeking takes longer.
    pub fn with_snapshots_within(self, bytes_max: usize) -> Self {
        Self { bytes_max, ..self }
    }

    /// Keeps no more snapshots than fit a memory, in bytes: every second one goes until they do.
    pub fn thin(&mut self, bytes_max: usize) {
        self.bytes_max = bytes_max;
        while self.is_too_large(self.run.world.bytes()) {
            self.drop_every_second();
        }
    }

    /// A run at tick 0 that takes no digests and no curves, for a caller that compares outcomes alone.
    pub fn for_outcomes(setup: Setup) -> Self {
        Self::beginning_with(Run::for_outcomes(setup))
    }

    /// Sets the text from which the seed was drawn. To be called before the first command.
    pub fn set_challenge(&mut self, challenge: Option<Arc<str>>) {
        self.run.challenge = challenge;
    }

    /// The run up to its present tick.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The run alone, without snapshots.
    pub fn into_run(self) -> Run {
        self.run
    }

    /// Simulates up to a tick, not beyond the horizon.
    pub fn advance_to(&mut self, tick: Tick) {
        while self.run.world.tick() < tick && !self.run.world.is_over() {
            self.step();
        }
    }

    /// Simulates towards a tick for at most a budget of wall time, so that a large world does not block a frame of
    /// the window. Stops early after a minute with a moment for which `stops` is true. True if the run arrived or
    /// stopped early.
    pub fn advance_within(&mut self, tick: Tick, budget: Duration, mut stops: impl FnMut(Moment) -> bool) -> bool {
        let from = Instant::now();
        while self.run.world.tick() < tick && !self.run.world.is_over() {
            let moments_before = self.run.moments.len();
            self.step();
            // `stops` is called for every moment of the minute, also after the first one for which it is true.
            let stopping = self.run.moments[moments_before..].iter().filter(|&&(_, moment)| stops(moment)).count();
            if 0 < stopping {
                return true;
            }
            if budget <= from.elapsed() {
                return tick <= self.run.world.tick();
            }
        }
        true
    }

    fn step(&mut self) {
        self.run.step();
        let last = self.snapshots.last();
        let (work, tick) = last.map_or((0, Tick::ZERO), |snapshot| (snapshot.world.work(), snapshot.world.tick()));
        let has_worked = WORK_BETWEEN * u64::from(self.thinned) <= self.run.world.work() - work;
        if has_worked || MINUTES_BETWEEN * self.thinned <= self.run.world.tick().since(tick) {
            self.take_snapshot();
        }
    }

    /// Gives a command at this boundary.
    ///
    /// # Errors
    /// The reason of the refusal; nothing is logged then.
    pub fn order(&mut self, command: Command) -> Result<Cost, Refusal> {
        self.run.order(command)
    }

    /// Gives a command at this boundary, with the remarks of the person who gives it.
    ///
    /// # Errors
    /// The reason of the refusal; nothing is logged then.
    pub fn order_with(&mut self, command: Command, remarks: Remarks) -> Result<Cost, Refusal> {
        self.run.order_with(command, remarks)
    }

    /// Writes a note down; the world does not change.
    pub fn note(&mut self, note: Note) {
        self.run.notes.push(note);
    }

    /// Takes a deed of a facilitated exercise; the world does not change.
    ///
    /// # Errors
    /// The reason why the deed is refused; nothing is logged then.
    pub fn take_deed(&mut self, record: DeedRecord) -> Result<(), ConductRefusal> {
        self.run.conduct.take(&self.run.setup.scenario, record)
    }

    /// The run at an earlier boundary, for a continuation with other commands. Commands of people and programs at
    /// that boundary have been given; orders of playbooks have not.
    ///
    /// # Panics
    /// If the tick lies ahead of the run.
    pub fn run_at(&self, tick: Tick) -> Run {
        self.replayed(tick, LastBoundary::Ordered)
    }

    /// The run at an earlier boundary, before any command of that boundary.
    ///
    /// # Panics
    /// If the tick lies ahead of the run.
    pub(super) fn run_before_commands(&self, tick: Tick) -> Run {
        self.replayed(tick, LastBoundary::Untouched)
    }

    fn replayed(&self, tick: Tick, last: LastBoundary) -> Run {
        assert!(tick <= self.run.world.tick(), "{tick} lies ahead of the run at {}", self.run.world.tick());
        let after = self.snapshots.partition_point(|snapshot| snapshot.world.tick() <= tick);
        let snapshot = &self.snapshots[after - 1];
        let (mut world, mut log_len) = (snapshot.world.clone(), snapshot.log_len);
        let mut entries = self.run.log[log_len..].iter().peekable();
        loop {
            let is_past = world.tick() < tick;
            if !is_past && last == LastBoundary::Untouched {
                break;
            }
            // The log holds the orders of playbooks too; in the last minute they have not been given yet.
            while let Some(entry) =
                entries.next_if(|entry| entry.tick == world.tick() && (is_past || !entry.is_by_playbook()))
            {
                let answer = command::apply(&mut world, &entry.command);
                assert!(answer.is_ok(), "a command of the log is refused on replay at {}", entry.tick);
                log_len += 1;
            }
            if !is_past {
                break;
            }
            world.step();
        }
        // The run has its digests, record and moments already.
        world.drain_moments();
        self.run.cut_back(world, log_len)
    }

    /// The digest of this boundary in the form of run files of version 1, computed from the scenario's digest in
    /// that form.
    pub(super) fn seal_of_version_1(&mut self, scenario_digest: Digest) -> Digest {
        self.run.world.seal_of_version_1(scenario_digest)
    }

    /// Goes back to an earlier boundary and drops everything after it.
    ///
    /// # Panics
    /// If the tick lies ahead of the run.
    pub fn seek(&mut self, tick: Tick) {
        self.run = self.run_at(tick);
        self.snapshots.retain(|snapshot| snapshot.world.tick() <= tick);
    }

    /// Goes back to an earlier boundary, before any command of that boundary, and drops everything after it.
    ///
    /// # Panics
    /// If the tick lies ahead of the run.
    pub fn seek_before_commands(&mut self, tick: Tick) {
        self.run = self.run_before_commands(tick);
        self.snapshots.retain(|snapshot| snapshot.world.tick() <= tick);
    }

    /// Takes a snapshot at this boundary, so that many forks can start here without a replay. To be called before the
    /// first command of the boundary.
    pub fn take_snapshot(&mut self) {
        let world = self.run.world.clone();
        let bytes = world.bytes();
        self.snapshots.push(Snapshot { world, log_len: self.run.log.len() });
        if self.is_too_large(bytes) {
            self.drop_every_second();
        }
    }

    /// Do snapshots of worlds of some size need more than the memory for them?
    fn is_too_large(&self, bytes_each: usize) -> bool {
        self.bytes_max < bytes_each * self.snapshots.len() && 2 < self.snapshots.len()
    }

    fn drop_every_second(&mut self) {
        let mut position = 0;
        self.snapshots.retain(|_| {
            position += 1;
            position % 2 == 1
        });
        self.thinned *= 2;
    }
}
