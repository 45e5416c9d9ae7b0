//! A run: the world, the commands that made it, its digests and its record.
//!
//! Invariant: the world at any tick equals the world that `replay` makes from the same setup and log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::cast::Cast;
use super::conduct::Conduct;
use super::log::{LogEntry, Note, Origin, Remarks};
use super::looks::Looks;
use super::policy::{ParentMinute, Policy, RefusedOrder};
use super::record::{Record, Sampling, next_multiple};
use crate::base::{Digest, Ix, Share, Tick};
use crate::scenario::compile::{Inject, Scenario, Service};
use crate::sim::reach::{Reach, supplies_others};
use crate::sim::world::Moment;
use crate::sim::{Command, Cost, Refusal, World, command, observe};

/// The inputs of a run: scenario, seed and cast.
#[derive(Clone, Debug)]
pub struct Setup {
    pub scenario: Arc<Scenario>,
    pub seed: u64,
    pub cast: Cast,
}

/// The seed that a challenge gives: 64 bits of its BLAKE3 hash.
pub fn seed_from_challenge(challenge: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"blackstart challenge\n").update(challenge.as_bytes());
    u64::from_le_bytes(hasher.finalize().as_bytes()[..8].try_into().expect("a hash has 32 bytes"))
}

/// A run in progress or at its end.
#[derive(Clone, Debug)]
pub struct Run {
    pub setup: Setup,
    /// Text from which the seed was drawn; none if the seed was not drawn from a text.
    pub challenge: Option<Arc<str>>,
    pub world: World,
    pub log: Vec<LogEntry>,
    /// Notes of people, in the order of writing.
    pub notes: Vec<Note>,
    /// The deeds of people in a facilitated exercise; empty in every other run.
    pub conduct: Conduct,
    /// Digests of the boundaries so far that are multiples of `digests_every_min`, the first at tick 0.
    pub digests: Vec<Digest>,
    pub digests_every_min: u32,
    pub record: Record,
    /// Events and injects with the ticks at which they happened.
    pub moments: Vec<(Tick, Moment)>,
    /// The figures in the texts of injects that have arrived, as they were then.
    pub inject_figures: BTreeMap<Ix<Inject>, Vec<f64>>,
    /// Changes to the levels of services that other organisations need.
    pub supplies: Vec<Supply>,
    policy: Policy,
    looks: Looks,
}

/// The new level of a service from the end of a tick on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    pub tick: Tick,
    pub service: Ix<Service>,
    pub level: Share,
}

impl Run {
    /// A run at tick 0.
    pub fn new(setup: Setup) -> Self {
        let mut world = World::new(setup.scenario.clone(), setup.seed);
        let policy = Policy::new(&setup.scenario, setup.cast.clone());
        let record = Record::new(&world, &setup.cast, Sampling::Curves);
        Self {
            digests: vec![world.seal()],
            digests_every_min: 1,
            looks: Looks::new(&world),
            challenge: None,
            world,
            log: Vec::new(),
            notes: Vec::new(),
            conduct: Conduct::default(),
            record,
            moments: Vec::new(),
            inject_figures: BTreeMap::new(),
            supplies: Vec::new(),
            policy,
            setup,
        }
    }

    /// A run at tick 0 that takes no digests and no curves, for a caller that compares outcomes alone.
    pub fn for_outcomes(setup: Setup) -> Self {
        let mut run = Self::new(setup);
        run.digests_every_min = run.setup.scenario.horizon.0.max(1);
        run.record = Record::new(&run.world, &run.setup.cast, Sampling::Ends);
        run
    }

    /// The run cut back to one of its earlier worlds.
    pub(super) fn cut_back(&self, mut world: World, log_len: usize) -> Self {
        let tick = world.tick();
        let every_min = self.digests_every_min;
        let mut digests = self.digests[..tick.0.div_ceil(every_min) as usize].to_vec();
        if tick.0.is_multiple_of(every_min) {
            digests.push(world.seal());
        }
        let moments = self.moments[..self.moments.partition_point(|&(at, _)| at < tick)].to_vec();
        let supplies = self.supplies[..self.supplies.partition_point(|supply| supply.tick < tick)].to_vec();
        Self {
            setup: self.setup.clone(),
            challenge: self.challenge.clone(),
            world,
            log: self.log[..log_len].to_vec(),
            notes: self.notes.iter().filter(|note| note.tick <= tick).cloned().collect(),
            conduct: self.conduct.cut_back(tick.0),
            digests,
            digests_every_min: self.digests_every_min,
            record: self.record.cut_back(tick),
            inject_figures: self.figures_of(&moments),
            moments,
            supplies,
            policy: self.policy.cut_back(&self.setup.scenario, tick),
            looks: self.looks.cut_back(&self.setup.scenario, tick),
        }
    }

    /// The record of looks (evaluations of conditions).
    pub(super) fn looks(&self) -> &Looks {
        &self.looks
    }

    /// The playbooks of the cast with their open entries.
    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(super) fn policy_mut(&mut self) -> &mut Policy {
        &mut self.policy
    }

    /// The data that a fork takes from this run for one minute.
    pub(super) fn minute_for_fork<'a>(&'a self, reach: &'a Reach, tick: Tick) -> ParentMinute<'a> {
        let from = self.log.partition_point(|entry| entry.tick < tick);
        let until = self.log.partition_point(|entry| entry.tick <= tick);
        ParentMinute { reach, fired: self.policy.fired(), given: &self.log[from..until] }
    }

    /// Simulates a minute: playbooks give orders, the world advances, then the record is sampled and the digest
    /// taken.
    pub fn step(&mut self) {
        let tick = self.world.tick();
        let given = self.policy.act(&mut self.world);
        if !given.is_empty() {
            let entry = |(id, command)| LogEntry { tick, command, origin: Origin::Playbook(id) };
            self.log.extend(given.into_iter().map(entry));
            self.seal_boundary();
        }
        self.world.step();
        self.take_moments();
        let supplies =
            self.world.levels_changed().filter(|&(service, _)| supplies_others(&self.setup.scenario, service));
        self.supplies.extend(supplies.map(|(service, level)| Supply { tick, service, level }));
        self.looks.look(&self.world, tick);
        self.record.observe(&self.world);
        if self.world.tick().0.is_multiple_of(self.digests_every_min) {
            self.digests.push(self.world.seal());
        }
    }

    /// Takes the moments of the last minute, and the figures of the injects among them.
    fn take_moments(&mut self) {
        for (tick, moment) in self.world.drain_moments() {
            self.moments.push((tick, moment));
            let Moment::Inject(inject) = moment else { continue };
            let observables = &self.setup.scenario.inject_figures[inject];
            if !observables.is_empty() {
                let figures = observables.iter().map(|observable| observe::value(&self.world, observable)).collect();
                self.inject_figures.insert(inject, figures);
            }
        }
    }

    /// The figures of the injects among some moments.
    fn figures_of(&self, moments: &[(Tick, Moment)]) -> BTreeMap<Ix<Inject>, Vec<f64>> {
        let figures = moments.iter().filter_map(|&(_, moment)| {
            let Moment::Inject(inject) = moment else { return None };
            Some((inject, self.inject_figures.get(&inject)?.clone()))
        });
        figures.collect()
    }

    /// Simulates up to a tick, not beyond the horizon.
    pub fn advance_to(&mut self, tick: Tick) {
        while self.world.tick() < tick && !self.world.is_over() {
            self.step();
        }
    }

    /// Simulates towards a tick for at most a budget of wall time, so that a large world does not block a frame of
    /// the window. Stops early after a moment for which `stops` is true. True if the run arrived or stopped early.
    pub fn advance_within(&mut self, tick: Tick, budget: Duration, mut stops: impl FnMut(Moment) -> bool) -> bool {
        let from = Instant::now();
        while self.world.tick() < tick && !self.world.is_over() {
            let moments_before = self.moments.len();
            self.step();
            if self.moments[moments_before..].iter().any(|&(_, moment)| stops(moment)) {
                return true;
            }
            if budget <= from.elapsed() {
                return tick <= self.world.tick();
            }
        }
        true
    }

    /// Gives a command at this boundary.
    ///
    /// # Errors
    /// The reason of the refusal; nothing is logged then.
    pub fn order(&mut self, command: Command) -> Result<Cost, Refusal> {
        self.order_with(command, Remarks::default())
    }

    /// Gives a command at this boundary, with the remarks of the person who gives it.
    ///
    /// # Errors
    /// The reason of the refusal; nothing is logged then.
    pub fn order_with(&mut self, command: Command, remarks: Remarks) -> Result<Cost, Refusal> {
        let cost = command::apply(&mut self.world, &command)?;
        self.log.push(LogEntry { tick: self.world.tick(), command, origin: Origin::Door(remarks) });
        self.seal_boundary();
        Ok(cost)
    }

    /// Takes the digest of the boundary anew: it includes the commands given at the boundary.
    fn seal_boundary(&mut self) {
        let has_digest = self.world.tick().0.is_multiple_of(self.digests_every_min);
        if let Some(last) = self.digests.last_mut().filter(|_| has_digest) {
            *last = self.world.seal();
        }
    }

    /// Orders of playbooks that the world refused.
    pub fn refused_orders(&self) -> &[RefusedOrder] {
        &self.policy.refused
    }

    /// Simulates a log from tick 0 up to a tick. No playbook acts, since the log holds the orders of playbooks too.
    ///
    /// # Errors
    /// The entry that the world refuses. A log of this scenario and seed has no such entry.
    pub fn replay(
        scenario: Arc<Scenario>,
        seed: u64,
        log: &[LogEntry],
        until: Tick,
    ) -> Result<Self, (LogEntry, Refusal)> {
        let mut run = Run::new(Setup { scenario, seed, cast: Cast::default() });
        for entry in log {
            run.advance_to(entry.tick.min(until));
            if until < entry.tick {
                break;
            }
            let remarks = entry.remarks().cloned().unwrap_or_default();
            run.order_with(entry.command, remarks).map_err(|refusal| (entry.clone(), refusal))?;
        }
        run.advance_to(until);
        Ok(run)
    }
}

/// Plays a setup up to a tick, not beyond the horizon, without log, record and digests; the world is that of a
/// `Run`. The observer is called at tick 0, at each boundary that it asked for at the call before, and at the last
/// boundary.
pub fn play_unrecorded(setup: &Setup, until: Tick, observer: impl FnMut(&World) -> Tick) {
    play_after(setup, &[], until, observer);
}

fn play_after(setup: &Setup, first: &[Command], until: Tick, mut observer: impl FnMut(&World) -> Tick) {
    let until = until.min(setup.scenario.horizon);
    let mut world = World::new(setup.scenario.clone(), setup.seed);
    for given in first {
        // A playbook may have prepared the same; the refusal of the second order is no error.
        let _ = command::apply(&mut world, given);
    }
    let mut policy = Policy::new(&setup.scenario, setup.cast.clone());
    let mut wanted = observer(&world);
    while world.tick() < until {
        policy.act(&mut world);
        let due = policy.next_due();
        world.advance(due.min(wanted).max(world.tick().plus(1)).min(until));
        world.drain_moments();
        if wanted <= world.tick() || world.tick() == until {
            wanted = observer(&world);
        }
    }
}

/// Simulates the log of a run up to a tick, not beyond the horizon, without log, record and digests; the world is that of
/// the run. No playbook acts, since the log holds the orders of playbooks too. The observer is called as by
/// `play_unrecorded`, before the commands of its boundary.
///
/// # Panics
/// If the world refuses a command of the log. A log of this scenario and seed has no such command.
pub fn replay_unrecorded(
    (scenario, seed): (&Arc<Scenario>, u64),
    log: &[LogEntry],
    until: Tick,
    mut observer: impl FnMut(&World) -> Tick,
) {
    let until = until.min(scenario.horizon);
    let mut world = World::new(scenario.clone(), seed);
    let mut entries = log.iter().peekable();
    let mut wanted = observer(&world);
    while world.tick() < until {
        while let Some(entry) = entries.next_if(|entry| entry.tick <= world.tick()) {
            let answer = command::apply(&mut world, &entry.command);
            assert!(answer.is_ok(), "a command of the log is refused on replay at {}", entry.tick);
        }
        let due = entries.peek().map_or(until, |entry| entry.tick);
        world.advance(due.min(wanted).max(world.tick().plus(1)).min(until));
        world.drain_moments();
        if wanted <= world.tick() || world.tick() == until {
            wanted = observer(&world);
        }
    }
}

/// Plays a setup to the horizon without log and digests and gives its samples, which equal those of a `Run` in which the
/// commands of `first` are given at tick 0, before the playbooks act. Commands that the world refuses are left out.
/// `progress` is called with numbers of simulated ticks.
pub fn play_sampled(setup: &Setup, first: &[Command], sampling: Sampling, progress: impl Fn(u32)) -> Record {
    let (mut record, mut seen) = (None::<Record>, Tick::ZERO);
    play_after(setup, first, setup.scenario.horizon, |world| {
        let record = match &mut record {
            None => record.insert(Record::new(world, &setup.cast, sampling)),
            Some(record) => {
                record.observe(world);
                record
            }
        };
        progress(world.tick().since(seen));
        seen = world.tick();
        record.next_due(world.tick()).unwrap_or_else(|| next_multiple(world.tick(), PROGRESS_MIN))
    });
    record.expect("the observer sees tick 0")
}

/// Minutes between two reports of progress if the observer asks for no earlier boundary.
const PROGRESS_MIN: u32 = 1440;

/// The data that a run without a window keeps beside its log and its last world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeps {
    /// Minutes between digests, from 1.
    pub digests_every_min: u32,
    pub sampling: Sampling,
}

/// Plays a setup to the horizon. The observer is called at tick 0, at each boundary that it asked for at the call
/// before, and at the last boundary. World, log, digests and record equal those of a `Run` that steps. Data that
/// only a fork needs is not kept, so the run must not become a timeline.
pub fn play(setup: &Setup, keeps: Keeps, mut observer: impl FnMut(&World) -> Tick) -> Run {
    let mut run = Run::new(setup.clone());
    run.digests_every_min = keeps.digests_every_min;
    run.record = Record::new(&run.world, &setup.cast, keeps.sampling);
    let mut wanted = observer(&run.world);
    while !run.world.is_over() {
        let tick = run.world.tick();
        let sample = run.record.next_due(tick).unwrap_or(setup.scenario.horizon);
        run.play_on(sample.min(wanted.max(tick.plus(1))));
        run.record.observe(&run.world);
        if wanted <= run.world.tick() || run.world.is_over() {
            wanted = observer(&run.world);
        }
    }
    run
}

impl Run {
    /// Simulates up to a tick, not beyond the horizon. Playbooks give their orders, and nothing but these orders and
    /// digests is recorded.
    fn play_on(&mut self, until: Tick) {
        let until = until.min(self.setup.scenario.horizon);
        while self.world.tick() < until {
            let tick = self.world.tick();
            let given = self.policy.act(&mut self.world);
            if !given.is_empty() {
                let entry = |(id, command)| LogEntry { tick, command, origin: Origin::Playbook(id) };
                self.log.extend(given.into_iter().map(entry));
                self.seal_boundary();
            }
            let due = self.policy.next_due().max(tick.plus(1)).min(until);
            self.world.advance_with_digests(due, self.digests_every_min, &mut self.digests);
            self.moments.extend(self.world.drain_moments());
        }
    }
}
