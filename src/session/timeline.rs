//! A run that can be sought backwards and forked: it keeps worlds along the way and replays from the
//! nearest.
//!
//! Invariant: what `at` gives is what a run from tick 0 with the same commands gives.

use super::run::{Run, Setup};
use crate::base::Tick;
use crate::sim::{Command, Cost, Refusal, World, command};

/// A world is kept when so much has happened since the last, so that replaying takes about ten
/// milliseconds wherever one seeks.
const WORK_BETWEEN: u64 = 170_000;
/// And so many minutes, since a minute in which nothing happens costs something too.
const MINUTES_BETWEEN: u32 = 1_440;
/// Kept worlds may take so much memory; beyond, every second one is given up.
const BYTES_MAX: usize = 512 << 20;

/// A run with worlds kept along the way.
#[derive(Clone, Debug)]
pub struct Timeline {
    run: Run,
    kept: Vec<Kept>,
    /// Worlds are kept so many times further apart, to save memory.
    thinned: u32,
}

/// What a run cannot be cut back to.
#[derive(Clone, Debug)]
struct Kept {
    world: World,
    log_len: usize,
}

impl Timeline {
    /// A run at tick 0.
    pub fn new(setup: Setup) -> Self {
        let mut timeline = Self { run: Run::new(setup), kept: Vec::new(), thinned: 1 };
        timeline.keep();
        timeline
    }

    /// The run as far as it has come.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Simulates up to a tick, not beyond the horizon.
    pub fn advance_to(&mut self, tick: Tick) {
        while self.run.world.tick < tick && !self.run.world.is_over() {
            self.run.step();
            let (work, tick) = self.kept.last().map_or((0, Tick::ZERO), |kept| (kept.world.work(), kept.world.tick));
            let has_worked = WORK_BETWEEN * u64::from(self.thinned) <= self.run.world.work() - work;
            if has_worked || MINUTES_BETWEEN * self.thinned <= self.run.world.tick.since(tick) {
                self.keep();
            }
        }
    }

    /// Gives a command at this boundary.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn order(&mut self, command: Command, confidence_pct: Option<u8>) -> Result<Cost, Refusal> {
        let cost = self.run.order(command, confidence_pct)?;
        // A world kept at this boundary must know the command.
        if self.kept.last().is_some_and(|kept| kept.world.tick == self.run.world.tick) {
            self.kept.pop();
            self.keep();
        }
        Ok(cost)
    }

    /// The run as it was at an earlier boundary, ready to go on otherwise: with the commands given at it, before
    /// playbooks speak.
    ///
    /// # Panics
    /// If the tick lies ahead of the run.
    pub fn at(&self, tick: Tick) -> Run {
        assert!(tick <= self.run.world.tick, "{tick} lies ahead of the run at {}", self.run.world.tick);
        let after = self.kept.partition_point(|kept| kept.world.tick <= tick);
        let kept = &self.kept[after - 1];
        let (mut world, mut log_len) = (kept.world.clone(), kept.log_len);
        let mut given = self.run.log[log_len..].iter().peekable();
        loop {
            // The log has what playbooks ordered; in the last minute they have not spoken yet.
            let is_past = world.tick < tick;
            while let Some(entry) =
                given.next_if(|entry| entry.tick == world.tick && (is_past || !entry.is_by_playbook))
            {
                let again = command::apply(&mut world, &entry.command);
                assert!(again.is_ok(), "a command of the log is refused on replay at {}", entry.tick);
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

    /// Goes back to an earlier boundary; what came after is forgotten.
    ///
    /// # Panics
    /// If the tick lies ahead of the run.
    pub fn seek(&mut self, tick: Tick) {
        self.run = self.at(tick);
        self.kept.retain(|kept| kept.world.tick <= tick);
    }

    fn keep(&mut self) {
        let world = self.run.world.clone();
        let bytes = world.bytes();
        self.kept.push(Kept { world, log_len: self.run.log.len() });
        if BYTES_MAX < bytes * self.kept.len() && 2 < self.kept.len() {
            let mut at = 0;
            self.kept.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.thinned *= 2;
        }
    }
}
